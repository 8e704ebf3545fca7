"""Values of the program's classes that never change: members, named tuples, exceptions, paths.

In: a value. Out: whether it is one, so that a list, dict or set of run time may hold another of the
same content in its place (see `objects.boxed`).
"""

from __future__ import annotations

import builtins
import enum
import re
from types import MethodType
from typing import Any

from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import Dict, List, Set
from fleet.evaluator.values.then import Object


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


def is_function(value: Any) -> bool:
    """Whether it is a function of the program's, or a method of an instance or container."""
    if isinstance(value, MethodType):
        return _is_own(value.__func__)
    if classes.of_ours(value, "is_bound") is not None:
        return isinstance(value.__self__, Object | List | Dict | Set | str)
    return _is_own(value)


def _is_own(value: Any) -> bool:
    """Whether it is a function of the program's."""
    return classes.of_ours(value, "method_of") is not None and not value._prelude


def is_partial(value: Any) -> bool:
    """Whether it is a function with some of its arguments, as `functools.partial` makes them."""
    return classes.of_ours(value, "partial_of") is not None


def is_callable(value: Any) -> bool:
    """Whether it is one of those that are the name of a text with what is its own."""
    return is_function(value) or is_named(value) or is_partial(value)


def is_named(value: Any) -> bool:
    """Whether it is a class, a builtin function, or a method of a class, which names lead to."""
    if isinstance(value, MethodType):
        return isinstance(value.__self__, type) and _is_own(value.__func__)
    return isinstance(value, type) or classes.of_ours(value, "is_named") is not None


def is_sentinel(value: Any) -> bool:
    """Whether it is `...`, or an object() that nothing is known of but which one it is."""
    return type(value) is object or value is ...


def is_path(value: Any) -> bool:
    """Whether it is one of our library's paths, which are what their texts are."""
    cls = type(value)
    return classes.is_made(cls) and cls.__module__ == "pathlib"


def is_pattern(value: Any) -> bool:
    """Whether it is a regular expression."""
    return type(value) is re.Pattern


def is_fixed(value: Any) -> bool:
    """Whether it is one of them."""
    return is_sentinel(value) or is_member(value) or is_record(value) or (
        is_exception(value) or is_path(value) or is_pattern(value))
