"""Hyperbolic sine and cosine, and the inverses of the hyperbolic functions.

In: terms of f64. Out: the formula. The one idea: with x = n log(2) + r the functions of x are
linear in those of r; the inverses are logarithms of 1 + t, where t is known with its rounding
error.
"""

from __future__ import annotations

import math

from fleet.codegen.math import coefficients as table
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.logarithm import log1p_of, log_of
from fleet.codegen.math.pieces import (
    FORMATS,
    LN2,
    LN2_HIGH,
    LN2_LOW,
    in_f64,
    power_of_two,
    round_to_integer,
    two_sum,
)
from fleet.ir.types import f64

LARGE = 2.0**28
"""From here on sqrt(x**2 + 1) is x."""


def _parts(x: Term) -> tuple[Term, Term, Term, Term, Term, Term]:
    """(p + m, p - m, the latter's rounding error, cosh(r) - 1, sinh(r), a factor) for the size of
    x = n log(2) + r, where p and m are 2**n / 2 and 2**-n / 2 divided by the factor."""
    format = FORMATS[f64]
    size = x.abs().at_most(712.0)
    whole, number = round_to_integer(size, 1 / LN2, format)
    upper = whole.fma(-LN2_HIGH[f64], size)
    r = whole.fma(-LN2_LOW[f64], upper)
    lost = whole.fma(-LN2_LOW[f64], upper - r)
    z = r * r
    cosine = z * z.polynomial(table.COSH_F64)
    sine = r + (r * z).fma(z.polynomial(table.SINH_F64), lost)
    huge = number.compare("sgt", 1000)
    p = power_of_two(huge.choose(number - 65, number - 1), format)
    m = power_of_two((-1 - number).at_least(-1022), format)
    difference = p - m
    error = (p - difference) - m
    factor = huge.choose(2.0**64, p.constant(1.0))
    return p + m, difference, error, cosine, sine, factor


@in_f64
def sinh(x: Term) -> Term:
    total, difference, error, cosine, sine, factor = _parts(x)
    rest = difference.fma(cosine, total.fma(sine, error))
    return x.is_nan().choose(x, ((difference + rest) * factor).copysign(x))


@in_f64
def cosh(x: Term) -> Term:
    total, difference, error, cosine, sine, factor = _parts(x)
    rest = total.fma(cosine, difference.fma(sine, -error))
    return x.is_nan().choose(x, (total + rest) * factor)


@in_f64
def asinh(x: Term) -> Term:
    """log(1 + t) with t = |x| + x**2 / (1 + sqrt(1 + x**2))."""
    size = x.abs()
    large = size.compare("ogt", LARGE)
    near = size.at_most(LARGE)
    square = near * near
    t, lost = two_sum(near, square / ((square + 1.0).sqrt() + 1.0))
    result = large.choose(_log_of_twice(size), log1p_of(t, lost))
    return size.compare("olt", math.inf).choose(result.copysign(x), x)


def _log_of_twice(x: Term) -> Term:
    """log(2 x)."""
    return log_of(x, x.constant(0.0), 1)


@in_f64
def acosh(x: Term) -> Term:
    """log(1 + t) with t = (x - 1) + sqrt((x - 1) (x + 1))."""
    near = x.at_most(LARGE)
    less = near - 1.0
    # what has no such number is the root of a negative one
    product = x.compare("olt", 1.0).choose(x.constant(-1.0), less * (less + 2.0))
    root = product.sqrt()
    t, lost = two_sum(root, less)
    result = x.compare("ogt", LARGE).choose(_log_of_twice(x), log1p_of(t, lost))
    return x.compare("olt", math.inf).choose(result, x)


@in_f64
def atanh(x: Term) -> Term:
    """Half of log(1 + t) with t = 2 |x| / (1 - |x|)."""
    size = x.abs()
    inside = size.compare("olt", 1.0)
    near = inside.choose(size, size.constant(0.0))
    top = near * 2.0
    bottom, lost = two_sum(near.constant(1.0), -near)
    t = top / bottom
    left = (-t).fma(lost, (-t).fma(bottom, top)) / bottom
    result = log1p_of(t, left) * 0.5
    # 1 / 0 is infinite, and no number is infinity minus infinity
    at_end = size.compare("oeq", 1.0)
    end = 1.0 / at_end.choose(size.constant(0.0), size.constant(1.0))
    beyond = size.compare("ogt", 1.0).choose(1.0 - size, size.constant(1.0))
    none = size.is_nan().choose(size, beyond.fma(math.inf, math.inf))
    outside = at_end.choose(end, none)
    return inside.choose(result, outside).copysign(x)
