"""Integer operations of `arith` and `math` on Python's own integers, for any width of bits.

In: operands as constants hold them (signed; an i1 is 0 or 1) and their type. Out: the exact result,
to be wrapped. The one idea: this is the manual's text as code, one line an operation: the executor
uses it where NumPy has no such width, folding asks it whether a result is defined at all, and what
is not is what RISC-V gives (division by zero -1, remainder x).
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.ir.number_formats import integer_width, wrapped
from fleet.ir.types import Type


def signed(number: int, type: Type) -> int:
    """The bits as a signed number; of an i1, true is -1."""
    return -number if integer_width(type) == 1 else number


def unsigned(number: int, type: Type) -> int:
    """The bits as an unsigned number."""
    return number & ((1 << integer_width(type)) - 1)


def divided(x: int, y: int) -> int:
    """x / y towards zero."""
    quotient = abs(x) // abs(y)
    return quotient if (x < 0) == (y < 0) else -quotient


def _power(x: int, y: int, width: int) -> int:
    if y >= 0:
        return pow(x, y, 1 << width)
    return 1 if x == 1 or (x == -1 and y % 2 == 0) else -1 if x in (-1, 0) else 0


# (x, y, width) -> result; signed and unsigned readings of the operands.
SIGNED: dict[str, Callable[[int, int, int], int]] = {
    "addi": lambda x, y, w: x + y,
    "subi": lambda x, y, w: x - y,
    "muli": lambda x, y, w: x * y,
    "divsi": lambda x, y, w: divided(x, y) if y else -1,
    "remsi": lambda x, y, w: x - divided(x, y) * y if y else x,
    "floordivsi": lambda x, y, w: x // y if y else -1,
    "ceildivsi": lambda x, y, w: -(-x // y) if y else -1,
    "andi": lambda x, y, w: x & y,
    "ori": lambda x, y, w: x | y,
    "xori": lambda x, y, w: x ^ y,
    "maxsi": lambda x, y, w: max(x, y),
    "minsi": lambda x, y, w: min(x, y),
    "ipowi": _power,
    "eq": lambda x, y, w: x == y, "ne": lambda x, y, w: x != y,
    "slt": lambda x, y, w: x < y, "sle": lambda x, y, w: x <= y,
    "sgt": lambda x, y, w: x > y, "sge": lambda x, y, w: x >= y,
    "shrsi": lambda x, y, w: x >> (y if 0 <= y < w else w),
}  # fmt: skip
UNSIGNED: dict[str, Callable[[int, int, int], int]] = {
    "divui": lambda x, y, w: x // y if y else -1,
    "remui": lambda x, y, w: x % y if y else x,
    "ceildivui": lambda x, y, w: -(-x // y) if y else -1,
    "maxui": lambda x, y, w: max(x, y),
    "minui": lambda x, y, w: min(x, y),
    "shli": lambda x, y, w: x << y if y < w else 0,
    "shrui": lambda x, y, w: x >> y if y < w else 0,
    "ult": lambda x, y, w: x < y, "ule": lambda x, y, w: x <= y,
    "ugt": lambda x, y, w: x > y, "uge": lambda x, y, w: x >= y,
}  # fmt: skip
UNARY: dict[str, Callable[[int, int], int]] = {
    "ctpop": lambda x, w: x.bit_count(),
    "ctlz": lambda x, w: w - x.bit_length(),
    "cttz": lambda x, w: (x & -x).bit_length() - 1 if x else w,
}
"""Of the unsigned reading."""


def binary(name: str, x: int, y: int, type: Type) -> int:
    """The result of an operation or comparison, not yet wrapped."""
    width = integer_width(type)
    if name in SIGNED:
        return SIGNED[name](signed(x, type), signed(y, type), width)
    return UNSIGNED[name](unsigned(x, type), unsigned(y, type), width)


def unary(name: str, x: int, type: Type) -> int:
    """Likewise of one operand."""
    if name == "absi":
        return abs(signed(x, type))
    return UNARY[name](unsigned(x, type), integer_width(type))


def is_defined(name: str, x: int, y: int, type: Type) -> bool:
    """Whether MLIR says what the result is: not of a division by zero, nor of one whose quotient
    does not fit, nor of a shift by the width or more."""
    if name in ("shli", "shrsi", "shrui"):
        return unsigned(y, type) < integer_width(type)
    if name in ("divui", "remui", "ceildivui", "remsi"):
        return y != 0
    if name in ("divsi", "floordivsi", "ceildivsi"):
        exact = y != 0 and divided(signed(x, type), signed(y, type))
        return y != 0 and signed(wrapped(exact, type), type) == exact
    if name == "ipowi":
        return not (x == 0 and signed(y, type) < 0)
    return True
