"""Logarithms.

In: terms of f64. Out: the formula. The one idea: x = 2**k (1 + f) with 1 + f between sqrt(1/2) and
sqrt(2), and log(1 + f) = 2 atanh(f / (2 + f)), a polynomial.
"""

from __future__ import annotations

import math

from fleet.codegen.math import coefficients as table
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.pieces import (
    FORMATS,
    LN2_HIGH,
    LN2_LOW,
    any_two_sum,
    in_f64,
    two_product,
    two_sum,
)
from fleet.dialects import arith
from fleet.ir.types import f64, i64


def log_parts(x: Term, offset: int = 0) -> tuple[Term, Term, Term]:
    """log(x) = k log(2) + f - rest for finite positive x, as (k, f, rest); offset is added to k."""
    format = FORMATS[f64]
    is_tiny = x.compare("olt", 2.0**-1022)
    bits = is_tiny.choose(x * 2.0**54, x).bits(i64)
    # Take the exponent that brings the mantissa between sqrt(1/2) and sqrt(2).
    shifted = bits - 0x3FE6A09E667F3BCD
    exponent = shifted >> format.mantissa
    mantissa = (bits - (exponent << format.mantissa)).bits(f64)
    lowered = is_tiny.choose(exponent - (54 - offset), exponent + offset if offset else exponent)
    k = lowered.cast(arith.sitofp, f64)
    f = mantissa - 1.0
    s = f / (f + 2.0)
    z = s * s
    half_square = f * f * 0.5
    tail = z * z.polynomial(table.LOG_F64)
    rest = half_square - s * (half_square + tail)
    return k, f, rest


def log_ends(x: Term, inside: Term, negative: Term) -> Term:
    """`inside` for positive finite x, and the logarithm's values elsewhere."""
    result = x.compare("olt", math.inf).choose(inside, x)
    return x.compare("ogt", 0.0).choose(result, x.compare("oeq", 0.0).choose(-math.inf, negative))


def no_logarithm(x: Term) -> Term:
    """No number where x is negative or zero, and the exception is raised."""
    return x.fma(math.inf, math.inf)


@in_f64
def log(x: Term) -> Term:
    k, f, rest = log_parts(x)
    low = k.fma(-LN2_LOW[f64], rest)
    return log_ends(x, k.fma(LN2_HIGH[f64], f - low), no_logarithm(x))


def scaled_difference(f: Term, rest: Term, factor: float, factor_low: float) -> tuple[Term, Term]:
    """(f - rest) * (factor + factor_low) as a sum of two, the second small."""
    high = f - rest
    low = (f - high) - rest
    product = high * factor
    lost = high.fma(factor, -product)
    return product, lost + high.fma(factor_low, low * factor)


@in_f64
def log2(x: Term) -> Term:
    k, f, rest = log_parts(x)
    high, low = scaled_difference(f, rest, 1.4426950408889634, 2.0355273740931033e-17)
    return log_ends(x, (high + k) + (((k - (high + k)) + high) + low), no_logarithm(x))


@in_f64
def log10(x: Term) -> Term:
    k, f, rest = log_parts(x)
    high, low = scaled_difference(f, rest, 0.4342944819032518, 1.098319650216765e-17)
    low = k.fma(3.69423907715893078616e-13, low)
    total = k.fma(3.01029995663611771306e-01, high)
    lost = k.fma(3.01029995663611771306e-01, high - total)
    return log_ends(x, total + (lost + low), no_logarithm(x))


@in_f64
def log1p(x: Term) -> Term:
    """log(u) plus what 1 + x lost when it was rounded to u."""
    u = x + 1.0
    lost = x - (u - 1.0)
    logarithm = log(u)
    tiny = x.abs().compare("olt", 2.0**-54)
    special = u.compare("oeq", math.inf) | x.compare("ole", -1.0)
    return tiny.choose(x, special.choose(logarithm, logarithm + lost / u))


def log1p_of(t: Term, lost: Term) -> Term:
    """log(1 + t + lost) for t >= 0 and a small `lost`."""
    u, rest = any_two_sum(t.constant(1.0), t)
    return log_of(u, rest + lost)


def log_of(u: Term, lost: Term, offset: int = 0) -> Term:
    """log(u + lost) + offset * log(2) for finite u > 0 and a small `lost`."""
    k, f, rest = log_parts(u, offset)
    low = k.fma(-LN2_LOW[f64], rest) - lost / u
    return k.fma(LN2_HIGH[f64], f - low)


def log_of_two_parts(x: Term) -> tuple[Term, Term]:
    """log(x) = k log(2) + 2 atanh(s) for finite x > 0, as a sum of two good to 2**-64 or so."""
    k, f, _ = log_parts(x)
    bottom, bottom_lost = two_sum(f.constant(2.0), f)
    inverse = 1.0 / bottom
    s = f * inverse
    s_lost = (-s).fma(bottom_lost, (-s).fma(bottom, f)) * inverse
    z, z_lost = two_product(s, s)
    z_lost = (s * 2.0).fma(s_lost, z_lost)
    # atanh(s) = s (1 + z (1/3 + z tail))
    third, third_lost = two_sum(z.constant(1 / 3), z * z.polynomial(table.LOG_TAIL))
    third_lost = third_lost + 1.850371707708594e-17  # 1/3 less its rounding
    w, w_lost = two_product(z, third)
    w_lost = w_lost + z.fma(third_lost, z_lost * third)
    more, more_lost = two_product(s, w)
    more_lost = more_lost + s.fma(w_lost, s_lost * w)
    high, low = two_sum(s, more)
    low = low + (s_lost + more_lost)
    high, lost = two_sum(k * LN2_HIGH[f64], high * 2.0)
    return two_sum(high, lost + k.fma(LN2_LOW[f64], low * 2.0))
