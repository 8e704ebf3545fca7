"""Sine, cosine and tangent over the whole range of their arguments.

In: an angle in radians. Out: the formula. The one idea: the angle minus the nearest multiple of
pi / 2 is found by subtracting that multiple of three parts of pi / 2 (Cody and Waite) up to 2**40,
and beyond by multiplying with those bits of 2 / pi alone that decide the last quarter turn (Payne
and Hanek, Radian reduction for trigonometric functions).
"""

from __future__ import annotations

import math

from fleet.codegen.math import coefficients as table
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.pieces import (
    FORMATS,
    SIXTH_LOST,
    any_two_sum,
    odd_series,
    round_to_integer,
    two_product,
    two_sum,
    when_any,
)
from fleet.dialects import arith
from fleet.ir.types import Type, f32, f64, i64

PI_HALF = (1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33)
"""pi / 2 in three parts of 53 bits each, of which small multiples are subtracted exactly."""
LARGE = 1063
"""The biased exponent from which the multiple is found with the bits of 2 / pi: of 2**40."""
LAST = {f32: 1150, f64: 2046}
"""The largest biased exponent, in f64, of a finite number of a type."""
PADDING = 14
"""Zeros in front of the bits of 2 / pi in the table: the window of 2**40 begins there."""
LIMB = (1 << 32) - 1


def _window(position: Term, last: int) -> list[Term]:
    """Three words of 2 / pi from a bit position on, the highest first; `last` is the largest.

    Each word of the table in turn for those that begin there, so that few vectors are alive at
    once: what seldom runs must not take the registers of what is around it.
    """
    word, shift = position >> 6, position & 63
    words = [word.constant(_signed(entry)) for entry in table.TWO_OVER_PI[:4]]
    for first in range(1, (last >> 6) + 1):
        here = word.compare("eq", first)
        entries = table.TWO_OVER_PI[first : first + 4]
        words = [
            here.choose(_signed(new), old) for new, old in zip(entries, words, strict=True)
        ]
    return [
        (high << shift) | low.shift_down(1).shift_down(63 - shift)
        for high, low in zip(words[:3], words[1:], strict=True)
    ]


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def _product(mantissa: Term, words: list[Term]) -> list[Term]:
    """The upper four of the six limbs of 32 bits, the highest first, of the last 192 bits of a
    product of 53 and 192 bits."""
    low, high = mantissa & LIMB, mantissa.shift_down(32)
    digits: list[Term] = []
    before, first, second = None, None, None
    for limb in (part for word in words[::-1] for part in (word & LIMB, word.shift_down(32))):
        total = low * limb
        total = total if first is None else total + first
        digit, first = total & LIMB, total.shift_down(32)
        if before is not None:
            total = high * before + digit
            total = total if second is None else total + second
            digit, second = total & LIMB, total.shift_down(32)
        before = limb
        digits.append(digit)
    return digits[:1:-1]


def _reduced_large(magnitude: Term, source: Type) -> tuple[Term, Term, Term]:
    """As `reduced`, for finite numbers from 2**40 on that are representable in `source`.

    With x = m 2**e, the bits of 2 / pi of weight 2**(2 - e) and more give whole turns, and 192 bits
    after them give the quarter of a turn, and the angle in it with 64 bits at the least.
    """
    bits = magnitude.bits(i64)
    position = (bits >> 52) - LARGE
    mantissa = (bits & ((1 << 52) - 1)) | (1 << 52)
    digits = _product(mantissa, _window(position, LAST[source] - LARGE))
    number = (digits[0] + (1 << 29)) >> 30
    digits[0] = digits[0] - (number << 30)
    high, low = None, None
    for limb, weight in zip(digits, (-30, -62, -94, -126), strict=True):
        part = limb.cast(arith.sitofp, f64) * 2.0**weight
        if high is None:
            high = part
        else:
            high, lost = two_sum(high, part)
            low = lost if low is None else low + lost
    turned, lost = two_product(high, PI_HALF[0])
    lost = lost + high.fma(PI_HALF[1], low * PI_HALF[0])
    return number, *two_sum(turned, lost)


def reduced(x: Term, source: Type, tail: bool = False) -> tuple[Term, Term, Term | None]:
    """x as (n, r, t) with x = n pi / 2 + r + t, |r| up to pi / 4 and t what r lost, if wanted.

    source: a type in which x is representable.
    """
    large = source in LAST
    magnitude = x.abs()
    moderate = x
    if large:
        bits = magnitude.bits(i64)
        moderate = _is_large(bits).choose(0.0, x)
    whole, number = round_to_integer(moderate, 2 / math.pi, FORMATS[f64])
    first = whole.fma(-PI_HALF[0], moderate)
    r = whole.fma(-PI_HALF[2], whole.fma(-PI_HALF[1], first))
    values = [number, r]
    if tail:
        product, lost = two_product(whole, -PI_HALF[1])
        r, rest = any_two_sum(first, product)
        rest = whole.fma(-PI_HALF[2], rest + lost)
        values = [number, *two_sum(r, rest)]
    if large:

        def beyond() -> list[Term]:
            """The angles of which there is an element that is large."""
            chosen = _is_large(bits)
            sign = x.bits(i64) >> 63
            turns, *angle = _reduced_large(magnitude, source)
            signed = [(turns ^ sign) - sign]
            signed += [(part.bits(i64) ^ (sign << 63)).bits(f64) for part in angle]
            return [chosen.choose(new, old) for new, old in zip(signed, values, strict=False)]

        values = when_any(bits, (LARGE << 52) - 1, values, beyond)
    return values[0], values[1], values[2] if tail else None


def _is_large(bits: Term) -> Term:
    """Whether a magnitude with these bits is finite and at least 2**40."""
    shifted = bits - (LARGE << 52)
    return shifted.compare("ult", (2047 - LARGE) << 52)


def _cosine_of(r: Term, lost: Term, z: Term, z_lost: Term) -> tuple[Term, Term]:
    """cos(r + lost) as a sum of two; what is lost is that of the terms from the sixth power on."""
    square = z * z
    square_lost = (z * 2.0).fma(z_lost, z.fma(z, -square))
    fourth = square * table.COS_F64[0]
    fourth_lost = square.fma(table.COS_F64[0], -fourth)
    fourth_lost = square.fma(_TWENTY_FOURTH_LOST, square_lost.fma(table.COS_F64[0], fourth_lost))
    rest = (square * z).fma(z.polynomial(table.COS_F64[1:]), (-r).fma(lost, fourth_lost))
    high, low = two_sum(r.constant(1.0), z * -0.5)
    high, more = two_sum(high, fourth)
    return high, z_lost.fma(-0.5, low + (more + rest))


_TWENTY_FOURTH_LOST = 2.3129646346357427e-18
"""1/24 less the float next to it."""


def _parts(x: Term) -> tuple[Term, tuple[Term, Term], tuple[Term, Term]]:
    """The number of quarters nearest to an angle, and sine and cosine of the rest."""
    number, r, lost = reduced(x.wide(), x.element, tail=True)
    square = two_product(r, r)
    bent = (-lost).fma(square[0] * 0.5, lost)
    sine = odd_series(r, bent, square, table.SIN_F64, -SIXTH_LOST)
    return number, sine, _cosine_of(r, lost, *square)


def _sine(x: Term, quarter: int) -> Term:
    """sin(x + quarter * pi / 2)."""
    if x.element == f64:
        number, (sine, sine_lost), (cosine, cosine_lost) = _parts(x)
    else:  # what is lost is nothing in the narrower type
        number, r, _ = reduced(x.wide(), x.element)
        z = r * r
        sine = (r * z).fma(z.polynomial(table.SIN_F64), r)
        cosine = (z * z).fma(z.polynomial(table.COS_F64), z.fma(-0.5, 1.0))
        sine_lost = cosine_lost = None
    number = number + quarter if quarter else number
    odd = (number & 1).compare("ne", 0)
    result = odd.choose(cosine, sine)
    result = result if sine_lost is None else result + odd.choose(cosine_lost, sine_lost)
    sign = (number & 2) << 62
    return (result.bits(i64) ^ sign).bits(f64).narrow(x.element)


def sin(x: Term) -> Term:
    return x.compare("oeq", 0.0).choose(x, _sine(x, 0))  # -0.0


def cos(x: Term) -> Term:
    return _sine(x, 1)


def tan(x: Term) -> Term:
    """Sine and cosine of the reduced angle, each as a sum of two, and their quotient."""
    number, *parts = _parts(x)
    (sine, sine_lost), (cosine, cosine_lost) = (two_sum(*part) for part in parts)
    odd = (number & 1).compare("ne", 0)
    top, top_lost = odd.choose(-cosine, sine), odd.choose(-cosine_lost, sine_lost)
    bottom, bottom_lost = odd.choose(sine, cosine), odd.choose(sine_lost, cosine_lost)
    result = quotient(top, top_lost, bottom, bottom_lost).narrow(x.element)
    return x.compare("oeq", 0.0).choose(x, result)


def quotient(top: Term, top_lost: Term, bottom: Term, bottom_lost: Term) -> Term:
    """A sum of two divided by another, rounded about once."""
    inverse = 1.0 / bottom
    near = top * inverse
    rest = (-near).fma(bottom, top) + (-near).fma(bottom_lost, top_lost)
    return rest.fma(inverse, near)
