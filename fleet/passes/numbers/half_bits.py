"""The bits of float16, of float32 numbers that float16 has, and back.

In: arrays, where the machine has no half precision. Out: those of `view`. The one idea: a normal
number keeps its digits and has another bias of its exponent; a subnormal one is a multiple of the
least.
"""

from __future__ import annotations

from fleet.ir.types import Type, f32, i16, i32
from fleet.passes.numbers.reals import Reals, constant_of

_SIGN, _SIZE, _ENDLESS = 0x8000, 0x7FFF, 0x7C00
_DIGITS = 13
"""By how many float32 has more."""
_BIAS = 112
"""By how much its exponents are larger."""


def bits_of(x: Reals, element: Type) -> Reals:
    """x: of f32. element: an integer of 16 bits."""
    wide = x.bits(i32)
    size = wide.with_("bitwise_and", 0x7FFFFFFF)
    digits = size.with_("right_shift", _DIGITS)
    tiny = abs(x) < 2.0**-14
    small = (tiny.where(abs(x), 0.0) * 2.0**24).cast(i32)
    endless = digits.with_("bitwise_and", 0x3FF).with_("bitwise_or", _ENDLESS)
    made = (size < 0x7F800000).where(digits - (_BIAS << 10), endless)
    made = tiny.where(small, made)
    made = made - (wide < 0).where(constant_of(wide, _SIGN), 0)
    return made.cast(i16).bits(element)


def number_of(bits: Reals) -> Reals:
    """The number of f32. bits: integers of 16 bits."""
    wide = bits.bits(i16).cast(i32)
    size = wide.with_("bitwise_and", _SIZE)
    digits = size.with_("left_shift", _DIGITS)
    normal = digits + (_BIAS << 23)
    made = (size < _ENDLESS).where(normal, digits.with_("bitwise_or", 0x7F800000)).bits(f32)
    made = (size < 0x400).where(size.cast(f32) * 2.0**-24, made)
    return (wide < 0).where(-made, made)
