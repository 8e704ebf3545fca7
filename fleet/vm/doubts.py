"""Results of arithmetic on single elements of which NumPy may warn.

In: an instruction's result and operands. Out: whether there is a reason to look. The one idea: what
goes wrong shows in the result, as infinities and NaN that were not among the operands, or as an
integer that is not the one of mathematics; and where nothing shows, the test for it is in the code.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from fleet.vm.bytecode import FLOAT_BINARY


def _float(result: float, *operands: float) -> bool:
    """An infinity of numbers, or NaN of anything else."""
    if result - result == 0:
        return False
    if result != result:
        return all(operand == operand for operand in operands)
    return all(map(math.isfinite, operands))


def _converted(result: int, value: float) -> bool:
    return not math.isfinite(value) or int(value) != result


def _changed(result: int, value: int) -> bool:
    return result != value


DOUBTS: dict[str, Callable[..., bool]] = {
    **dict.fromkeys(FLOAT_BINARY, _float),
    **dict.fromkeys(
        ("sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "fma",
         "tan", "asin", "acos", "sinh", "cosh", "acosh", "atanh", "roundf32", "roundf16"), _float),
    "addi": lambda result, a, b: result != a + b,
    "subi": lambda result, a, b: result != a - b,
    "muli": lambda result, a, b: result != a * b,
    **dict.fromkeys(("fptosi", "fptoui"), _converted),
    **dict.fromkeys(("sext8", "sext16", "sext32", "zext8", "zext16", "zext32"), _changed),
    "cmpi.eq": lambda result, a, b: bool(result),  # a divisor with 0 or -1
}  # fmt: skip
"""Mnemonic -> whether the result, with the operands after it, is a reason to look."""
