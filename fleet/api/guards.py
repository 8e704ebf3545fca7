"""What a compiled function took from its surroundings, and whether it is still so.

In: live objects as they were when the function was compiled. Out: a yes or no before each call. The
one idea: values from outside are constants of the compiled code, as values known when a program is
built are, so each is remembered with where it came from, and compared; arrays by their bytes.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

MISSING = object()
Guard = Callable[[], bool]
"""Whether something is as it was."""

_PLAIN = (bool, int, float, str, bytes, type(None))


def same(a: Any, b: Any) -> bool:
    """Whether two objects are one, or equal constants."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float | np.floating):
        return bool(a == b) and str(a) == str(b)
    return isinstance(a, (*_PLAIN, np.generic)) and bool(a == b)


def entry_guard(namespace: Mapping[str, Any], name: str) -> Guard:
    """That a name of a module still leads to this object, or still to none."""
    before = namespace.get(name, MISSING)
    return lambda: same(namespace.get(name, MISSING), before)


def cell_guard(cell: types.CellType) -> Guard:
    """That a variable of an enclosing function still has this value."""
    before = cell.cell_contents
    return lambda: same(contents(cell), before)


def contents(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


def array_guard(array: np.ndarray) -> Guard | None:
    """That an array holds the same elements. None for one that nobody can write to."""
    if _is_constant(array):
        return None
    before = array.copy(order="K")
    layout = array.shape, array.strides, array.dtype

    def holds() -> bool:
        if (array.shape, array.strides, array.dtype) != layout:
            return False
        now = array.ravel(order="K")
        return bool(np.array_equal(_bits(now), _bits(before.ravel(order="K"))))

    return holds


def _is_constant(array: np.ndarray) -> bool:
    base: Any = array
    while isinstance(base, np.ndarray):
        if base.flags.writeable:
            return False
        base = base.base
    return base is None or isinstance(base, bytes)


def _bits(flat: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(flat).view(np.uint8)


def names_guard(cls: type) -> Guard:
    """That a class has the same attributes, whatever they are."""
    before = set(vars(cls))
    return lambda: vars(cls).keys() == before


def container_guard(container: Any) -> Guard:
    """That a list, dictionary or set has the same items."""
    if isinstance(container, dict):
        entries = dict(container)
        return lambda: list(container) == list(entries) and all(
            same(container[key], value) for key, value in entries.items()
        )
    if isinstance(container, set):
        items = frozenset(container)
        return lambda: container == items
    row = tuple(container)
    return lambda: len(container) == len(row) and all(map(same, container, row))


def function_guard(function: types.FunctionType) -> Guard:
    """That a function has the same code and defaults."""
    code, defaults = function.__code__, function.__defaults__
    named = dict(function.__kwdefaults__ or {})

    def holds() -> bool:
        now = function.__kwdefaults__ or {}
        return (
            function.__code__ is code and same(function.__defaults__, defaults)
            and now.keys() == named.keys() and all(same(now[key], named[key]) for key in named)
        )  # fmt: skip

    return holds
