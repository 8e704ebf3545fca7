"""Floating-point numbers as data: `.float16 1.5`, `.double 0x1p-3`, `.dc.x 0.1`.

In: a number as it is written. Out: its bytes in one of four binary formats of IEEE 754: 2, 4, 8 and
10 bytes. The one idea: all are the same fraction, rounded to even at another place, so that the
wide one is exact where a Python float would not be.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fleet.asm.source.expressions import SyntaxProblem
from fleet.asm.source.statements import Text

FLOAT = re.compile(
    r"(?:0[fdrhs])?([-+]?)"
    r"(?:((?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)|(inf(?:inity)?)|(nan)"
    r"|(0x[0-9a-f]+\.?[0-9a-f]*p[-+]?\d+))",
    re.IGNORECASE,
)
BITS = re.compile(r"0[a-z]:([0-9a-f_]*)", re.IGNORECASE)
"""The number as it is stored, from the highest digit on: `0f:3f80`."""
LARGEST_EXPONENT = 6000  # of ten; a wider one is out of range in every format


class Format(NamedTuple):
    """Bits of the exponent and of the mantissa; whether its leading 1 is stored."""

    exponent: int
    mantissa: int
    explicit: bool = False


FORMATS = {2: Format(5, 10), 4: Format(8, 23), 8: Format(11, 52), 10: Format(15, 63, True)}


def _rounded(numerator: int, denominator: int) -> int:
    """The nearest whole number, of two the even one."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest + (whole & 1) > denominator)


def _encode(numerator: int, denominator: int, form: Format) -> int | None:
    """A number that is not negative, without its sign; None if it is too large.

    What is too large only once it is rounded is infinity.
    """
    bias = (1 << form.exponent - 1) - 1
    if numerator == 0:
        return 0
    power = numerator.bit_length() - denominator.bit_length()
    if numerator << max(-power, 0) < denominator << max(power, 0):
        power -= 1
    if power > bias:
        return None
    power = max(power, 1 - bias)
    shift = power - form.mantissa  # a unit in the last place is two to this
    units = _rounded(numerator << max(-shift, 0), denominator << max(shift, 0))
    if units >> form.mantissa + 1:
        units, power = units >> 1, power + 1
    is_normal = units >> form.mantissa
    field = power + bias if is_normal else 0
    stored = units if form.explicit else units & (1 << form.mantissa) - 1
    return field << form.mantissa + form.explicit | stored


def _ratio(digits: str, exponent: int, base: int, digit: int) -> tuple[int, int]:
    """`1.5` times a power of a base, as a fraction; a digit behind the point is worth 1 / digit."""
    whole, _, part = digits.partition(".")
    number = int(whole + part, digit)
    places = digit ** len(part)
    return number * base ** max(exponent, 0), places * base ** max(-exponent, 0)


def float_bytes(text: Text, size: int) -> bytes:
    """The number that an operand is in so many bytes; SyntaxProblem if it is none of this size."""
    form, match = FORMATS[size], FLOAT.fullmatch(text.text)
    problem = SyntaxProblem(
        f"{text.text!r} is no floating-point number of this size", text.start, text.end
    )
    stored = BITS.fullmatch(text.text)
    if stored is not None:
        digits = stored[1].replace("_", "")
        if len(digits) > 2 * size:
            raise problem
        return bytes.fromhex(digits.ljust(2 * size, "0"))[::-1]
    if match is None:
        raise problem
    sign, decimal, infinity, nan, hexadecimal = match.groups()
    width = form.mantissa + form.explicit
    top = (1 << form.exponent) - 1 << width
    lead = form.explicit << form.mantissa
    bits: int | None
    if nan:
        bits = top | (1 << width) - 1
    elif infinity:
        bits = top | lead
    elif hexadecimal:
        digits, _, power = hexadecimal[2:].lower().partition("p")
        if abs(int(power)) > 4 * LARGEST_EXPONENT:
            raise problem
        bits = _encode(*_ratio(digits, int(power), 2, 16), form)
    else:
        digits, _, power = decimal.lower().partition("e")
        if abs(int(power or 0)) > LARGEST_EXPONENT:
            raise problem
        bits = _encode(*_ratio(digits, int(power or 0), 10, 10), form)
    if bits is None:
        raise problem
    negative = sign == "-"
    return (bits | negative << 8 * size - 1).to_bytes(size, "little")
