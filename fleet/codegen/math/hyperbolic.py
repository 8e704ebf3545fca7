"""Hyperbolic sine and cosine, and the inverses of the hyperbolic functions.

In: terms of f64. Out: the formula. The one idea: each is a formula of `expm1`, `exp`, `log1p` or
`log`. GNU's C library takes those of Sun's fdlibm, which err by up to 2 ulps; the same steps give
the same bits, so that programs print what Python prints.
"""

from __future__ import annotations

import math

from fleet.codegen.math.exponential import HALF_LN2, exp_inside, expm1_inside
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.logarithm import log1p_inside, log_inside
from fleet.codegen.math.pieces import LN2, in_f64

LARGE = 2.0**28
"""From here on sqrt(x**2 + 1) is x."""
_TINY = 2.0**-28
"""Up to here the functions that are odd give their argument."""
_EXP_ALONE = 22.0
"""From here on exp(-x) is nothing beside exp(x)."""
_OVERFLOWS = 709.7822265625
"""Up to here exp(x) is finite."""
_NO_NUMBER = -1.0
"""Of which there is no root."""


@in_f64
def sinh(x: Term) -> Term:
    size = x.abs()
    t = expm1_inside(size.at_most(_EXP_ALONE))
    half = t.constant(0.5).copysign(x)
    small = half * (t * 2.0 - t * t / (t + 1.0))
    middle = half * (t + t / (t + 1.0))
    result = size.compare("olt", 1.0).choose(small, middle)
    result = size.compare("olt", _EXP_ALONE).choose(result, half * 2.0 * _large(size))
    result = size.compare("olt", _TINY).choose(x, result)
    return x.is_nan().choose(x, result)


@in_f64
def cosh(x: Term) -> Term:
    size = x.abs()
    t = expm1_inside(size.at_most(1.0))
    above = t + 1.0
    small = t * t / (above + above) + 1.0
    power = exp_inside(size.at_most(_EXP_ALONE))
    result = size.compare("olt", HALF_LN2).choose(small, power * 0.5 + 0.5 / power)
    result = size.compare("olt", _EXP_ALONE).choose(result, _large(size))
    return x.is_nan().choose(x, result)


def _large(size: Term) -> Term:
    """exp(size) / 2, where that may overflow in two steps."""
    whole = size.compare("ole", _OVERFLOWS)
    power = exp_inside(whole.choose(size, size * 0.5).at_most(_OVERFLOWS))
    half = power * 0.5
    return whole.choose(half, half * power)


@in_f64
def asinh(x: Term) -> Term:
    """log1p(|x| + x**2 / (1 + sqrt(1 + x**2))) up to 2, log(2 |x| + 1 / (sqrt(x**2 + 1) + |x|))."""
    size = x.abs()
    near = size.at_most(LARGE)
    square = near * near
    root = (square + 1.0).sqrt()
    small = size.compare("ole", 2.0)
    by_log1p = log1p_inside(near + square / (root + 1.0))
    large = size.compare("ogt", LARGE)
    logarithm = log_inside(large.choose(size, near * 2.0 + 1.0 / (root + near)))
    far = large.choose(logarithm + LN2, logarithm)
    result = small.choose(by_log1p, far)
    result = size.compare("olt", _TINY).choose(size, result)
    return size.compare("olt", math.inf).choose(result.copysign(x), x)


@in_f64
def acosh(x: Term) -> Term:
    """log1p(t + sqrt(2 t + t**2)) with t = x - 1 up to 2, log(2 x - 1 / (x + sqrt(x**2 - 1)))."""
    near = x.at_most(LARGE)
    # what has no such number is the root of a negative one
    t = x.compare("olt", 1.0).choose(x.constant(_NO_NUMBER), near - 1.0)
    small = x.compare("ole", 2.0)
    by_log1p = log1p_inside(t + (t * 2.0 + t * t).sqrt())
    large = x.compare("ogt", LARGE)
    inside = near * 2.0 - 1.0 / (near + (near.at_least(1.0) * near - 1.0).sqrt())
    logarithm = log_inside(large.choose(x, inside))
    result = small.choose(by_log1p, large.choose(logarithm + LN2, logarithm))
    return x.compare("olt", math.inf).choose(result, x)


@in_f64
def atanh(x: Term) -> Term:
    """Half of log1p(2 |x| + 2 |x|**2 / (1 - |x|)) up to 1/2, of log1p(2 |x| / (1 - |x|)) beyond."""
    size = x.abs()
    inside = size.compare("olt", 1.0)
    near = inside.choose(size, size.constant(0.0))
    twice = near + near
    less = 1.0 - near
    small = near.compare("olt", 0.5)
    given = small.choose(twice + twice * near / less, twice / less)
    result = log1p_inside(given) * 0.5
    result = near.compare("olt", _TINY).choose(near, result)
    # 1 / 0 is infinite, and no number is infinity minus infinity
    at_end = size.compare("oeq", 1.0)
    end = 1.0 / at_end.choose(size.constant(0.0), size.constant(1.0))
    beyond = size.compare("ogt", 1.0).choose(1.0 - size, size.constant(1.0))
    none = size.is_nan().choose(size, beyond.fma(math.inf, math.inf))
    outside = at_end.choose(end, none)
    return inside.choose(result, outside).copysign(x)
