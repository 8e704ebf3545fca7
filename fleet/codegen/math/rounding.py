"""Rounding, remainders, extremes, and the division of integers.

In: terms. Out: the formula. The one idea: beyond 2**52 all floats are whole, so adding and
subtracting that rounds.
"""

from __future__ import annotations

import math

from fleet.codegen.math.formulas import Term
from fleet.codegen.math.pieces import FORMATS, at_least_f32, largest, repeat
from fleet.dialects import arith
from fleet.ir.types import f64, i64


@at_least_f32
def round_even(x: Term) -> Term:
    """Where the magnitude is below 2**mantissa, adding and subtracting that rounds."""
    format = FORMATS[x.element]
    magnitude = x.abs()
    rounded = (magnitude + format.whole) - format.whole
    return magnitude.compare("olt", format.whole).choose(rounded.copysign(x), x)


@at_least_f32
def trunc(x: Term) -> Term:
    format = FORMATS[x.element]
    magnitude = x.abs()
    rounded = (magnitude + format.whole) - format.whole
    down = rounded.compare("ogt", magnitude).choose(rounded - 1.0, rounded)
    return magnitude.compare("olt", format.whole).choose(down.copysign(x), x)


def floor(x: Term) -> Term:
    near = round_even(x)
    return near.compare("ogt", x).choose(near - 1.0, near)


def ceil(x: Term) -> Term:
    near = round_even(x)
    return near.compare("olt", x).choose((near + 1.0).copysign(x), near)


STEP = 50
"""By how many bits a step of the long division shortens the dividend."""


def remainder(x: Term, y: Term) -> Term:
    """fmod: long division, of which nearly always the last step is enough."""
    source, given = x.element, x
    x, y = x.wide(), y.wide()
    a, b = x.abs(), y.abs()
    a = repeat(_steps(a, b), [a], lambda rest: [_shortened(rest, b)])[0]
    quotient = trunc(a / b)
    rest = (-quotient).fma(b, a)
    rest = rest.compare("olt", 0.0).choose(rest + b, rest)
    rest = rest.compare("oge", b).choose(rest - b, rest)
    rest = (a.compare("olt", math.inf) & b.compare("oeq", math.inf)).choose(a, rest)
    return rest.narrow(source).copysign(given)


def _distance(a: Term, b: Term) -> Term:
    """How many bits longer the dividend is, or one more; a subnormal one counts for a longer."""
    tiny = b.compare("olt", 2.0**-1022)
    divisor = (tiny.choose(b * 2.0**54, b).bits(i64) >> 52) - tiny.choose(
        a.constant(54, i64), a.constant(0, i64)
    )
    return (a.bits(i64) >> 52) - divisor


def _steps(a: Term, b: Term) -> Term:
    """How many steps bring the dividend within 2**52 of the divisor, the most of the strip: none
    where one is infinite or no number, or the divisor 0."""
    longest = largest(_usual(a, b).choose(_distance(a, b), a.constant(0, i64)))
    count = (longest + (STEP - 1 - 52)).at_least(0)
    made = count.builder.value(arith.divsi, count.value, count.constant(STEP).value)
    return count.of(made)


def _usual(a: Term, b: Term) -> Term:
    ordinary = b.compare("ogt", 0.0) & b.compare("olt", math.inf)
    return ordinary & a.compare("olt", math.inf)


def _shortened(a: Term, b: Term) -> Term:
    """a less a multiple of b, by which it gets STEP bits shorter if it is much longer."""
    factor = (_distance(a, b) - STEP).at_least(0)
    half = factor >> 1
    quarter = half >> 1  # so that no power of two overflows, not even of the least divisor
    parts = (half, quarter, factor - half - quarter)
    powers = [((part + 1023) << 52).bits(f64) for part in parts]
    shifted = b * powers[0] * powers[1] * powers[2]
    quotient = trunc(a / shifted)
    rest = (-quotient).fma(shifted, a)
    rest = rest.compare("olt", 0.0).choose(rest + shifted, rest)
    return _usual(a, b).choose(rest, a)


def maximum(a: Term, b: Term) -> Term:
    return a.compare("uno", b).choose(a + b, a.at_least(b))


def minimum(a: Term, b: Term) -> Term:
    return a.compare("uno", b).choose(a + b, a.at_most(b))


def abs_integer(x: Term) -> Term:
    return x.at_least(-x)


def _divide(a: Term, b: Term, direction: int) -> Term:
    """The quotient towards zero, moved by one where a remainder is left on the wrong side."""
    quotient = a.of(a.builder.value(arith.divsi, a.value, b.value))
    rest = a - quotient * b
    wrong = (rest ^ b).compare("slt" if direction < 0 else "sge", 0) & rest.compare("ne", 0)
    return wrong.choose(quotient + direction, quotient)


def floor_divide(a: Term, b: Term) -> Term:
    return _divide(a, b, -1)


def ceil_divide(a: Term, b: Term) -> Term:
    return _divide(a, b, 1)
