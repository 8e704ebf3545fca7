"""IEEE 754 arithmetic on single numbers with Python's integers: slow, and exact by construction.

For the cases that NumPy's arithmetic cannot do: rounding to nearest with ties away from zero
(RMM), and fused multiply-adds in f64 whose intermediate results leave the range of f64. A finite
number is an integer times a power of two, so every operation is exact until the one rounding at
its end.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import NamedTuple

from fleet.emu.vector.environment import DZ, NV, NX, OF, RDN, RMM, RNE, RUP, UF


class Format(NamedTuple):
    """A binary interchange format: bits in total, and of the stored significand."""

    width: int
    fraction: int

    @property
    def bias(self) -> int:
        return (1 << self.width - self.fraction - 2) - 1

    @property
    def infinity(self) -> int:
        return (1 << self.width - 1) - (1 << self.fraction)

    @property
    def sign(self) -> int:
        return 1 << self.width - 1

    @property
    def nan(self) -> int:
        """The canonical NaN."""
        return self.infinity | 1 << self.fraction - 1

    @property
    def smallest(self) -> int:
        """Exponent of the unit in the last place of subnormal numbers."""
        return 1 - self.bias - self.fraction


HALF, SINGLE, DOUBLE = Format(16, 10), Format(32, 23), Format(64, 52)

Result = tuple[int, int]
"""Bits, and fflags raised."""


def is_nan(form: Format, bits: int) -> bool:
    return bits & ~form.sign > form.infinity


def is_signaling(form: Format, bits: int) -> bool:
    return is_nan(form, bits) and not bits >> form.fraction - 1 & 1


def unpack(form: Format, bits: int) -> tuple[int, int]:
    """A finite number as (integer, exponent of two)."""
    exponent = (bits & form.infinity) >> form.fraction
    significand = bits & (1 << form.fraction) - 1
    if exponent:
        significand |= 1 << form.fraction
    value = -significand if bits & form.sign else significand
    return value, max(exponent, 1) - form.bias - form.fraction


def _increments(mode: int, negative: bool, odd: bool, rest: int, half: int) -> bool:
    """Whether the magnitude is rounded up; `rest` of `2 * half` is what is cut off."""
    match mode:
        case 0:  # RNE
            return rest > half or (rest == half and odd)
        case 1:  # RTZ
            return False
        case 2:  # RDN
            return negative and rest > 0
        case 3:  # RUP
            return not negative and rest > 0
        case _:  # RMM
            return rest >= half


def _cut(magnitude: int, shift: int, mode: int, negative: bool) -> tuple[int, bool]:
    """`magnitude / 2**shift` rounded to an integer, and whether it was inexact."""
    if shift <= 0:
        return magnitude << -shift, False
    kept, rest = magnitude >> shift, magnitude & (1 << shift) - 1
    kept += _increments(mode, negative, bool(kept & 1), rest, 1 << shift - 1)
    return kept, rest != 0


def round_pack(form: Format, value: int, exponent: int, mode: int) -> Result:
    """`value * 2**exponent`, not zero, rounded to the format. Underflow: tiny after rounding."""
    negative, magnitude = value < 0, abs(value)
    sign = form.sign if negative else 0
    unit = exponent + magnitude.bit_length() - form.fraction - 1
    kept, inexact = _cut(magnitude, max(unit, form.smallest) - exponent, mode, negative)
    flags = NX if inexact else 0
    if unit < form.smallest:
        unbounded, _ = _cut(magnitude, unit - exponent, mode, negative)
        tiny = unit + unbounded.bit_length() - 1 < form.smallest + form.fraction
        return sign | kept, flags | (UF if tiny and inexact else 0)
    if kept >> form.fraction + 1:
        kept, unit = kept >> 1, unit + 1
    biased = unit + form.fraction + form.bias
    if biased > 2 * form.bias:
        outward = mode in (RNE, RMM) or mode == (RDN if negative else RUP)
        largest = form.infinity if outward else form.infinity - 1
        return sign | largest, OF | NX
    return sign | (biased << form.fraction) + kept - (1 << form.fraction), flags


def to_whole(form: Format, bits: int, mode: int) -> tuple[int, bool]:
    """A finite number rounded to an integer, and whether it was one."""
    value, exponent = unpack(form, bits)
    magnitude, inexact = _cut(abs(value), -exponent, mode, value < 0)
    return (-magnitude if value < 0 else magnitude), not inexact


def fused(form: Format, a: int, b: int, c: int, mode: int) -> Result:
    """a * b + c."""
    numbers = a, b, c
    infinity, sign = form.infinity, form.sign
    invalid = NV if any(is_signaling(form, n) for n in numbers) else 0
    factors = {a & ~sign, b & ~sign}
    if factors == {0, infinity}:
        return form.nan, NV
    if any(is_nan(form, n) for n in numbers):
        return form.nan, invalid
    product_sign = (a ^ b) & sign
    if infinity in factors:
        opposite = c & ~sign == infinity and (c & sign) != product_sign
        return (form.nan, NV) if opposite else (product_sign | infinity, 0)
    if c & ~sign == infinity:
        return c, 0
    (am, ae), (bm, be), (cm, ce) = (unpack(form, n) for n in numbers)
    product, pe = am * bm, ae + be
    low = min(pe, ce)
    total = (product << pe - low) + (cm << ce - low)
    if total == 0:
        if product == 0 and cm == 0 and product_sign == c & sign:
            return c & sign, 0
        return (sign if mode == RDN else 0), 0
    return round_pack(form, total, low, mode)


def add(form: Format, a: int, b: int, mode: int) -> Result:
    one = form.bias << form.fraction
    return fused(form, a, one, b, mode)


def subtract(form: Format, a: int, b: int, mode: int) -> Result:
    return add(form, a, b if is_nan(form, b) else b ^ form.sign, mode)


def multiply(form: Format, a: int, b: int, mode: int) -> Result:
    sign = (a ^ b) & form.sign
    return fused(form, a, b, sign, mode)


def divide(form: Format, a: int, b: int, mode: int) -> Result:
    sign = (a ^ b) & form.sign
    x, y = a & ~form.sign, b & ~form.sign
    if is_nan(form, a) or is_nan(form, b):
        return form.nan, NV if is_signaling(form, a) or is_signaling(form, b) else 0
    if x == y and x in (0, form.infinity):
        return form.nan, NV
    if x == form.infinity or y == 0:
        return sign | form.infinity, 0 if x == form.infinity else DZ
    if x == 0 or y == form.infinity:
        return sign, 0
    (xm, xe), (ym, ye) = unpack(form, x), unpack(form, y)
    shift = 2 * form.fraction + 4 + ym.bit_length()
    quotient, rest = divmod(xm << shift, ym)
    quotient = quotient << 1 | (rest != 0)
    return round_pack(form, -quotient if sign else quotient, xe - ye - shift - 1, mode)


def square_root(form: Format, a: int, mode: int) -> Result:
    if is_nan(form, a):
        return form.nan, NV if is_signaling(form, a) else 0
    if a & ~form.sign == 0 or a == form.infinity:
        return a, 0
    if a & form.sign:
        return form.nan, NV
    m, e = unpack(form, a)
    shift = 2 * form.fraction + 6 + (e & 1)
    root = math.isqrt(m << shift)
    exact = root * root == m << shift
    return round_pack(form, root << 1 | (not exact), (e - shift) // 2 - 1, mode)


OPERATIONS: dict[str, Callable[..., Result]] = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "square_root": square_root,
    "fused": fused,
}


def bits_of(value: float) -> int:
    """The bits of a Python float."""
    return struct.unpack("<Q", struct.pack("<d", value))[0]
