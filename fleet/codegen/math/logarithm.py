"""Logarithms.

In: terms of f64. Out: the formula. The one idea: x = 2**k (1 + f) with 1 + f between sqrt(1/2) and
sqrt(2), and log(1 + f) = 2 atanh(f / (2 + f)), a polynomial. The first term is a sum of two, so
that the result is rounded right but for one argument in some hundreds, as GNU's C library has it
and therefore Python. Where that library errs by more (log10, log1p), its steps are followed: those
of Sun's fdlibm.
"""

from __future__ import annotations

import math

from fleet.codegen.math import coefficients as table
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.pieces import (
    FORMATS,
    LN2_HIGH,
    LN2_LOW,
    in_f64,
    two_product,
    two_sum,
)
from fleet.dialects import arith
from fleet.dialects.loop.tables import LEAST, SIZE
from fleet.ir.types import f64, i64

ROOT_OF_HALF = 0x3FE6A09E667F3BCD
"""The bits of sqrt(1/2)."""


def split(x: Term, mantissa_from: int = ROOT_OF_HALF) -> tuple[Term, Term]:
    """Finite positive x as 2**k m, m from the number with these bits to its double."""
    format = FORMATS[f64]
    is_tiny = x.compare("olt", 2.0**-1022)
    bits = is_tiny.choose(x * 2.0**54, x).bits(i64)
    exponent = (bits - mantissa_from) >> format.mantissa
    mantissa = (bits - (exponent << format.mantissa)).bits(f64)
    return is_tiny.choose(exponent - 54, exponent).cast(arith.sitofp, f64), mantissa


def _tangent(mantissa: Term) -> tuple[Term, Term]:
    """s = f / (2 + f), of which log(1 + f) is 2 atanh(s), as a sum of two."""
    f = mantissa - 1.0
    bottom, bottom_lost = two_sum(f.constant(2.0), f)
    inverse = 1.0 / bottom
    s = f * inverse
    return s, (-s).fma(bottom_lost, (-s).fma(bottom, f)) * inverse


def log_of_mantissa(mantissa: Term) -> tuple[Term, Term]:
    """log(1 + f) as a sum of two, the second small, with some 60 bits."""
    s, lost = _tangent(mantissa)
    z = s * s
    return s * 2.0, lost.fma(2.0, s * (z * z.polynomial(table.LOG_F64)))


def log_ends(x: Term, inside: Term, negative: Term) -> Term:
    """`inside` for positive finite x, and the logarithm's values elsewhere."""
    result = x.compare("olt", math.inf).choose(inside, x)
    return x.compare("ogt", 0.0).choose(result, x.compare("oeq", 0.0).choose(-math.inf, negative))


def no_logarithm(x: Term) -> Term:
    """No number where x is negative or zero, and the exception is raised."""
    return x.fma(math.inf, math.inf)


def log_inside(x: Term) -> Term:
    """log(x) for finite positive x."""
    k, mantissa = split(x)
    high, low = log_of_mantissa(mantissa)
    total, lost = two_sum(k * LN2_HIGH[f64], high)
    return total + k.fma(LN2_LOW[f64], lost + low)


@in_f64
def log(x: Term) -> Term:
    return log_ends(x, log_inside(x), no_logarithm(x))


@in_f64
def log2(x: Term) -> Term:
    k, mantissa = split(x)
    high, low = log_of_mantissa(mantissa)
    product, lost = two_product(high, 1.4426950408889634)  # 1 / log(2), and what that lacks
    lost = lost + high.fma(2.0355273740931033e-17, low * 1.4426950408889634)
    total, more = two_sum(k, product)
    return log_ends(x, total + (more + lost), no_logarithm(x))


@in_f64
def log10(x: Term) -> Term:
    """With a mantissa from 1 to 2, or from 1/2 to 1 where x is less than 1."""
    below = x.compare("olt", 1.0)
    k, mantissa = split(x, 0x3FF0000000000000)
    k = below.choose(k + 1.0, k)
    mantissa = below.choose(mantissa * 0.5, mantissa)
    low = k * 3.69423907715893078616e-13 + log_inside(mantissa) * 4.34294481903251816668e-01
    return log_ends(x, low + k * 3.01029995663611771306e-01, no_logarithm(x))


@in_f64
def log1p(x: Term) -> Term:
    """log(u) with u = 1 + x, and what u lost."""
    inside = log1p_inside(x)
    special = x.compare("ole", -1.0)
    result = x.compare("olt", math.inf).choose(inside, x)
    none = x.compare("oeq", -1.0).choose(-math.inf, (x + 1.0).fma(math.inf, math.inf))
    return special.choose(none, result)


def log1p_inside(x: Term) -> Term:
    """log(1 + x) for finite x above -1."""
    format = FORMATS[f64]
    u = x + 1.0
    plain = x.compare("olt", _LEAST_SPLIT) & x.compare("ogt", -0.2928934097290039)
    positive = u.compare("oge", 2.0)
    lost = positive.choose(1.0 - (u - x), x - (u - 1.0)) / u
    large = x.compare("oge", 2.0**53)
    u, lost = large.choose(x, u), large.choose(0.0, lost)
    bits = u.bits(i64)
    exponent = (bits - _TURN) >> format.mantissa
    reduced = (bits - (exponent << format.mantissa)).bits(f64) - 1.0
    k = plain.choose(0.0, exponent.cast(arith.sitofp, f64))
    f = plain.choose(x, reduced)
    lost = plain.choose(0.0, lost)
    half = f * 0.5 * f
    s = f / (f + 2.0)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    p = table.LOG1P_OF_FDLIBM
    rest = z.fma(p[0], z2 * z.fma(p[2], p[1]))
    rest = (z4 * z2).fma(z.fma(p[6], p[5]), z4.fma(z.fma(p[4], p[3]), rest))
    small = f.compare("olt", 2.0**-20) & f.compare("oge", -1.5 * 2.0**-20)
    small = plain.choose(small.constant(0), small)
    by_two = half * (-f).fma(0.66666666666666666, 1.0)
    more = s * (half + rest)
    correction = k.fma(LN2_LOW[f64], lost)
    near = f - small.choose(by_two, half - more)
    far = small.choose(by_two - correction, half - (more + correction)) - f
    result = k.compare("oeq", 0.0).choose(near, k * LN2_HIGH[f64] - far)
    size = x.abs()
    result = size.compare("olt", 2.0**-29).choose(x - x * x * 0.5, result)
    return size.compare("olt", 2.0**-54).choose(x, result)


_LEAST_SPLIT = 0.4142136573791504
"""From here on 1 + x is split."""
_TURN = 0x3FE6A09E00000000
"""The bits of the least mantissa, of which only the upper half is looked at."""


def log_of_two_parts(x: Term) -> tuple[Term, Term]:
    """log(x) = k log(2) + log(c) + log(m / c) for finite x > 0, as a sum of two good to 2**-68, by
    the steps of GNU's C library; c is near the mantissa m, and known by a table."""
    is_tiny = x.compare("olt", 2.0**-1022)
    bits = is_tiny.choose(x * 2.0**54, x).bits(i64)
    beyond = bits - LEAST
    place = (beyond >> 45) & (SIZE - 1)
    exponent = beyond >> 52
    mantissa = (bits - (exponent << 52)).bits(f64)
    k = is_tiny.choose(exponent - 54, exponent).cast(arith.sitofp, f64)
    r = mantissa.fma(place.lookup("log.inverse"), -1.0)
    first = k.fma(LN2_FOR_TABLE[0], place.lookup("log"))
    total = first + r
    low = k.fma(LN2_FOR_TABLE[1], place.lookup("log.rest")) + ((first - total) + r)
    half = r * -0.5
    square = r * half
    high = total + square
    low = low + half.fma(r, -square) + ((total - high) + square)
    c = table.LOG_OF_GNU
    tail = square.fma(r.fma(c[5], c[4]), r.fma(c[3], c[2]))
    tail = square.fma(tail, r.fma(c[1], c[0]))
    low = (r * square).fma(tail, low)
    result = high + low
    return result, (high - result) + low


LN2_FOR_TABLE = (float.fromhex("0x1.62e42fefa3800p-1"), float.fromhex("0x1.ef35793c76730p-45"))
"""log(2): a part whose multiples can be added to logarithms of the table, and what that lacks."""
