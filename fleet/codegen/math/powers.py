"""Powers and the cube root.

In: terms. Out: the formula. The one idea: a power is the exponential of a logarithm that has some
twelve bits more than the result.
"""

from __future__ import annotations

import math

from fleet.codegen.math import coefficients as table
from fleet.codegen.math.exponential import exp, exp_parts
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.logarithm import log_ends, log_inside, log_of_two_parts
from fleet.codegen.math.pieces import (
    FORMATS,
    in_f64,
    scale,
    two_product,
    when_any,
)
from fleet.codegen.math.rounding import round_even
from fleet.ir.types import f64, i64

MOST_MULTIPLIED = 16
"""Known powers up to this are products, and roots of such."""
SIGNALING = 0x7FF4_0000_0000_0000
"""The bits of a NaN that arithmetic does not take quietly."""


def powf(x: Term, y: Term) -> Term:
    """exp(y log |x|) with the sign and the special cases of IEEE 754's pow."""
    exponent = y.known()
    if exponent is None or not _is_product(exponent):
        return _any_power(x, y)
    if x.element != f64:
        return multiplied_out(x, exponent)[0]
    near, lost = multiplied_out(x, exponent)
    doubtful = _is_close(near, lost) & x.compare("one", 0.0)
    once = doubtful.choose(x.bits(i64).constant(1), x.bits(i64).constant(0))
    return when_any(once, 0, [near], lambda: [doubtful.choose(_any_power(x, y), near)])[0]


CLOSE = 0.45
"""From this part of the last place on, what a product lacks may be rounded the other way by the
steps of GNU's C library, which err by up to 0.54 places."""


def _is_close(near: Term, lost: Term) -> Term:
    """Whether a result lacks about half of its last place."""
    binade = (near.bits(i64) & (0x7FF << 52)).bits(f64)
    return lost.abs().compare("oge", binade * (CLOSE * 2.0**-52))


def _any_power(x: Term, y: Term) -> Term:
    """exp(y log |x|), with the sign and the special cases."""
    source, x, y = x.element, x.wide(), y.wide()
    magnitude = x.abs()
    if source == f64:
        logarithm, low = log_of_two_parts(magnitude)
    else:
        logarithm, low = log_inside(magnitude), None
    logarithm = log_ends(magnitude, logarithm, magnitude)
    whole = round_even(y)
    is_whole = whole.compare("oeq", y)
    finite = x.compare("olt", 0.0) & x.compare("ogt", -math.inf)
    strange = finite & (is_whole ^ x.compare("oeq", x))
    # a signaling NaN raises the exception when it is multiplied
    logarithm = strange.choose(SIGNALING, logarithm.bits(i64)).bits(f64)
    size = _power(y, logarithm, low)
    half = y * 0.5
    is_odd = is_whole & round_even(half).compare("one", half)
    negative = x.bits(i64).compare("slt", 0)
    signed = (negative & is_odd).choose(-size, size)
    is_one = magnitude.compare("oeq", 1.0) & y.abs().compare("oeq", math.inf)
    always_one = y.compare("oeq", 0.0) | x.compare("oeq", 1.0) | is_one
    return always_one.choose(1.0, signed).narrow(source)


def _power(y: Term, logarithm: Term, low: Term | None) -> Term:
    """exp(y (logarithm + low))."""
    product = y * logarithm
    if low is None:
        return exp(product)
    small = product.abs().compare("olt", 1000.0)  # others, and infinities, lose nothing
    logarithm = small.choose(logarithm, 0.0)
    lost = small.choose(y.fma(low, y.fma(logarithm, -product)), 0.0)
    format = FORMATS[f64]
    inside = product.at_least(format.lowest_exp).at_most(format.highest_exp)
    power, number = exp_parts(inside, lost)
    return product.is_nan().choose(product, scale(power, number, format))


def _is_product(exponent: float) -> bool:
    return abs(exponent) <= MOST_MULTIPLIED and (2 * exponent).is_integer() and (
        exponent not in (0, 1))  # fmt: skip


def multiplied_out(x: Term, exponent: float) -> tuple[Term, Term | None]:
    """x ** exponent by squaring: of f64 as a sum of two, with what it lacks; others in f64.
    Half a power is a square root more, and a negative one is one of 1 / x."""
    whole, rooted = int(abs(exponent)), not float(exponent).is_integer()
    times = _product if x.element == f64 else lambda a, b: (a[0] * b[0], None)
    if x.element != f64:
        wide = x.wide()
        base: Sum = (1.0 / wide if exponent < 0 else wide, None)
    else:
        base = _reciprocal(x) if exponent < 0 else (x, None)
    total = _root(x if x.element == f64 else x.wide(), exponent < 0) if rooted else None
    for place, bit in enumerate(bin(whole)[:1:-1]):
        if place:
            base = times(base, base)
        if bit == "1":
            total = base if total is None else times(total, base)
    high, low = total
    lost = None
    if low is not None:
        rounded = high + low
        lost = low - (rounded - high)
        high = high.abs().compare("olt", math.inf).choose(rounded.copysign(high), high)
    high = high.narrow(x.element)
    if rooted:
        beyond = 0.0 if exponent < 0 else math.inf
        high = x.compare("oeq", -math.inf).choose(beyond, high.abs())
    return high, lost


Sum = tuple[Term, Term | None]
"""A number and what it lacks, if that is looked at."""


def _reciprocal(x: Term, lacking: Term | None = None) -> Sum:
    quotient = 1.0 / x
    rest = (-x).fma(quotient, x.constant(1.0))
    rest = rest if lacking is None else (-lacking).fma(quotient, rest)
    return quotient, quotient.compare("oeq", 0.0).choose(0.0, rest * quotient)


def _root(x: Term, inverse: bool) -> Sum:
    root = x.sqrt()
    rest = (-root).fma(root, x) / root.compare("oeq", 0.0).choose(1.0, root * 2.0)
    return _reciprocal(root, rest) if inverse else (root, rest)


def _product(a: Sum, b: Sum) -> Sum:
    """The product of two sums of two."""
    high, low = two_product(a[0], b[0])
    for factor, other in ((a[0], b[1]), (b[0], a[1])):
        low = low if other is None else factor.fma(other, low)
    return high, low


@in_f64
def cbrt(x: Term) -> Term:
    """A polynomial for the mantissa, a step of Halley's method, and one of Newton's of which the
    remainder is exact."""
    size = x.abs()
    tiny = size.compare("olt", 2.0**-1022)
    bits = tiny.choose(size * 2.0**54, size).bits(i64)
    exponent = (bits >> 52) - 1023
    third = (((exponent + 3072) * 21846) >> 16) - 1024
    left = exponent - third * 3
    mantissa = ((bits & ((1 << 52) - 1)) | (1023 << 52)).bits(f64)
    root = mantissa.polynomial(table.CBRT)
    one, two = left.compare("eq", 1), left.compare("eq", 2)
    root = root * two.choose(2 ** (2 / 3), one.choose(2 ** (1 / 3), root.constant(1.0)))
    m = (mantissa.bits(i64) + (left << 52)).bits(f64)
    cube = root * root * root
    root = root * ((m * 2.0 + cube) / (cube * 2.0 + m))
    square, lost = two_product(root, root)
    rest = square.fma(root, -m) + lost * root
    root = root - rest / (square * 3.0)
    result = (root.bits(i64) + (tiny.choose(third - 18, third) << 52)).bits(f64)
    plain = size.compare("ogt", 0.0) & size.compare("olt", math.inf)
    return plain.choose(result.copysign(x), x)
