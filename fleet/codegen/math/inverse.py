"""The inverse trigonometric functions.

In: terms of f64. Out: the formula. The one idea: the result is the sum of a constant, known to 106
bits, and of an odd polynomial of an argument that is small and of which the rounding error is
known.
"""

from __future__ import annotations

import math

from fleet.codegen.math import coefficients as table
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.pieces import (
    SIXTH_LOST,
    THIRD_LOST,
    in_f64,
    odd_series,
    two_product,
    two_sum,
)
from fleet.ir.types import i64

HALF_PI, HALF_PI_LOW = 1.5707963267948966, 6.123233995736766e-17
PI, PI_LOW = 3.141592653589793, 1.2246467991473532e-16
QUARTER_PI, QUARTER_PI_LOW = 0.7853981633974483, 3.061616997868383e-17
TAN_OF_EIGHTH = 0.41421356237309503
"""tan(pi / 8)."""


def arctangent(top: Term, bottom: Term) -> tuple[Term, Term]:
    """atan(top / bottom) as a sum of two, for 0 <= top <= bottom, none of them extreme.

    Beyond tan(pi / 8) it is pi / 4 + atan((top - bottom) / (top + bottom)).
    """
    far = top.compare("ogt", bottom * TAN_OF_EIGHTH)
    below, below_lost = two_sum(-bottom, top)
    above, above_lost = two_sum(bottom, top)
    top, top_lost = far.choose(below, top), far.choose(below_lost, 0.0)
    bottom, bottom_lost = far.choose(above, bottom), far.choose(above_lost, 0.0)
    inverse = 1.0 / bottom
    t = top * inverse
    left = (-t).fma(bottom, top) + (-t).fma(bottom_lost, top_lost)
    square = two_product(t, t)
    lost = left * inverse
    bent = (-lost).fma(square[0], lost)
    part, rest = odd_series(t, bent, square, table.ATAN_F64, -THIRD_LOST)
    high, low = two_sum(far.choose(QUARTER_PI, t.constant(0.0)), part)
    return high, low + (rest + far.choose(QUARTER_PI_LOW, t.constant(0.0)))


def less(constant: float, constant_low: float, high: Term, low: Term) -> tuple[Term, Term]:
    """A constant minus a sum of two, as a sum of two."""
    total, lost = two_sum(high.constant(constant), -high)
    return total, lost + (constant_low - low)


@in_f64
def atan(x: Term) -> Term:
    size = x.abs().at_most(2.0**100)
    steep = size.compare("ogt", 1.0)
    one = size.constant(1.0)
    high, low = arctangent(steep.choose(one, size), steep.choose(size, one))
    turned, turned_low = less(HALF_PI, HALF_PI_LOW, high, low)
    result = steep.choose(turned, high) + steep.choose(turned_low, low)
    return x.is_nan().choose(x, result.copysign(x))


@in_f64
def atan2(y: Term, x: Term) -> Term:
    height, width = y.abs(), x.abs()
    steep = height.compare("ogt", width)
    top, bottom = steep.choose(width, height), steep.choose(height, width)
    # Infinities and zeros by a quotient that is as good; then nothing extreme.
    endless = bottom.compare("oeq", math.inf)
    one = top.constant(1.0)
    top = endless.choose(top.compare("oeq", math.inf).choose(one, one.constant(0.0)), top)
    bottom = endless.choose(one, bottom)
    bottom = bottom.compare("oeq", 0.0).choose(one, bottom)
    factor = bottom.compare("ogt", 2.0**1000).choose(one.constant(2.0**-100), one)
    factor = bottom.compare("olt", 2.0**-900).choose(one.constant(2.0**200), factor)
    high, low = arctangent(top * factor, bottom * factor)
    turned, turned_low = less(HALF_PI, HALF_PI_LOW, high, low)
    high, low = two_sum(steep.choose(turned, high), steep.choose(turned_low, low))
    back, back_low = less(PI, PI_LOW, high, low)
    left = x.bits(i64).compare("slt", 0)
    result = left.choose(back, high) + left.choose(back_low, low)
    return x.compare("uno", y).choose(x + y, result.copysign(y))


def _arcsine_parts(x: Term) -> tuple[Term, Term, Term]:
    """(far, a, b) with asin = a + b of |x| up to 1/2, and for what is far, beyond it,
    asin = pi / 2 - 2 (a + b): a + b is the arc sine of the root of (1 - |x|) / 2."""
    size = x.abs()
    far = size.compare("ogt", 0.5)
    half = (1.0 - size) * 0.5
    root = half.sqrt()
    s = far.choose(root, size)
    lost = (-root).fma(root, half) * (0.5 / root.at_least(2.0**-500))
    square = two_product(s, s)
    bent = far.choose(lost.fma(square[0] * 0.5, lost), 0.0)
    return far, *odd_series(s, bent, square, table.ASIN_F64, SIXTH_LOST)


@in_f64
def asin(x: Term) -> Term:
    far, high, low = _arcsine_parts(x)
    turned, turned_low = less(HALF_PI, HALF_PI_LOW, high * 2.0, low * 2.0)
    return far.choose(turned + turned_low, high + low).copysign(x)


@in_f64
def acos(x: Term) -> Term:
    far, high, low = _arcsine_parts(x)
    sign = x.constant(1.0).copysign(x)
    near, near_low = less(HALF_PI, HALF_PI_LOW, high * sign, low * sign)
    doubled, more = high * 2.0, low * 2.0
    back, back_low = less(PI, PI_LOW, doubled, more)
    left = x.compare("olt", 0.0)
    turned, turned_low = left.choose(back, doubled), left.choose(back_low, more)
    return far.choose(turned, near) + far.choose(turned_low, near_low)
