"""Decimals and Fractions, as the host has them."""

from __future__ import annotations

import decimal
import fractions
from collections.abc import Callable
from typing import Any

EXACT = (decimal.Decimal, fractions.Fraction)
"""Classes of numbers that are objects of the run alone."""
DATA = frozenset(("numerator", "denominator"))
METHODS = frozenset("""quantize sqrt normalize to_integral_value is_nan is_infinite is_finite
    is_zero is_signed as_tuple ln log10 limit_denominator as_integer_ratio adjusted""".split())
RAISED = ("decimal.InvalidOperation", "decimal.DivisionByZero", "decimal.Overflow")


def _begin() -> None:
    """A program that imports the module begins with the context that Python begins with."""
    decimal.setcontext(decimal.Context(
        prec=28, rounding=decimal.ROUND_HALF_EVEN,
        traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow]))  # fmt: skip


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "decimal.Decimal": decimal.Decimal,
    "fractions.Fraction": fractions.Fraction,
    "begin_decimals": _begin,
    "of_decimal_context": lambda name: getattr(decimal.getcontext(), name),
    "set_decimal_context": lambda name, value: setattr(decimal.getcontext(), name, value),
}
