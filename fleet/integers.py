"""Python's arithmetic on the ints of run time: CPython's answer if 64 bits hold it, or its error.

In: Python ints in the range of a signed 64-bit word, and floats. Out: the same, or the exception
that CPython raises, or OverflowError where CPython would go on with a longer int. The one idea:
what a program sees is never another number, so an operation that may leave the range is one of
these, and the IR's executor and the bytecode machine share the table.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

LEAST, MOST = -(1 << 63), (1 << 63) - 1
TOO_LARGE = "int too large for 64 bits: Fleet's run-time ints have 64 bits"


def fit(value: int) -> int:
    """The int itself. Raises OverflowError for one beyond 64 bits."""
    if LEAST <= value <= MOST:
        return value
    raise OverflowError(TOO_LARGE)


def _left_shift(a: int, b: int) -> int:
    if b > 63 and a:
        raise OverflowError(TOO_LARGE)  # without making the number, which may have 2**63 bits
    return fit(a << min(b, 64))


def _power(a: int, b: int) -> int:
    if b < 0:
        raise ValueError("a negative power of an int is no int")
    if b > 63 and a not in (-1, 0, 1):
        raise OverflowError(TOO_LARGE)
    return fit(a**b)


OPERATORS: dict[str, Callable] = {
    "int_add": lambda a, b: fit(a + b),
    "int_sub": lambda a, b: fit(a - b),
    "int_mul": lambda a, b: fit(a * b),
    "int_floordiv": lambda a, b: fit(a // b),
    "int_mod": operator.mod,
    "int_lshift": _left_shift,
    "int_pow": _power,
    "int_powmod": pow,
    "int_truediv": operator.truediv,
    "int_trunc": lambda a: fit(int(a)),
    "int_eq": operator.eq,
    "int_lt": operator.lt,
    "int_le": operator.le,
    "int_gt": operator.gt,
    "int_ge": operator.ge,
}
"""Operation of the `numpy` dialect, host service and bytecode mnemonic -> function."""
