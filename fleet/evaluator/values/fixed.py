"""Values of the program's classes that never change: members, named tuples, exceptions.

In: a value. Out: whether it is one, so that a list, dict or set of run time may hold another of the
same content in its place (see `objects.boxed`).
"""

from __future__ import annotations

import builtins
import enum
from typing import Any

from fleet.evaluator.values import classes


def is_member(value: Any) -> bool:
    """Whether it is a member of an enumeration."""
    return isinstance(value, enum.Enum)


def is_record(value: Any) -> bool:
    """Whether it is a named tuple that is compared and shown as Python's own."""
    cls = type(value)
    return classes.is_made(cls) and hasattr(cls, "_fields") and isinstance(value, tuple) and (
        not classes.special_methods(cls)
    )


def is_exception(value: Any) -> bool:
    return isinstance(value, BaseException) and value.__cause__ is None and (
        classes.is_made(type(value)) or getattr(builtins, type(value).__name__, None) is type(value)
    )


def is_fixed(value: Any) -> bool:
    """Whether it is one of them."""
    return is_member(value) or is_record(value) or is_exception(value)
