"""Comparisons of tuples, lists and dictionaries that are known now and hold what run time knows.

In: two of a kind. Out: a bool, or a run-time bool. The one idea: they are compared item by item, in
order, and where the program says what is equal, no further than to the first two that differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.objects import operations
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, numbers, objects, texts
from fleet.evaluator.values.heap import Dict, List
from fleet.evaluator.values.then import Then

Equal = Callable[[Machine, Any, Any], Any]


def of_displays(m: Machine, name: str, left: Any, right: Any, equal: Equal) -> Any:
    """Their comparison; None where Python's own does. equal: what `==` gives for two items."""
    if texts.has_run_time((left, right)):
        return _of_items(m, name, left, right, equal)
    if name in ("eq", "ne") and m.backend.e is not None and _have_instances(left, right):
        return _in_order(m, name, left, right, equal)
    return None


def are_displays(left: Any, right: Any) -> bool:
    """Whether both are tuples, lists whose length is known now, or dictionaries."""
    if type(left) is Dict and type(right) is Dict:
        return True
    if type(left) is List and type(right) is List:
        return left.run_time is None and right.run_time is None
    return _is_tuple(left) and _is_tuple(right)


_COMPARED = ("eq", "ne", "lt", "le", "gt", "ge")


def _is_tuple(value: Any) -> bool:
    """Whether it is a tuple, perhaps a named one, that is compared as Python compares them."""
    return isinstance(value, tuple) and not any(
        classes.defines(type(value), f"__{name}__") for name in _COMPARED)


def _pairs(left: Any, right: Any) -> list[tuple[Any, Any]] | None:
    """What has to be equal for two containers to be; None where they are not."""
    if type(left) is Dict:
        return [(left[key], right[key]) for key in left] if left.keys() == right.keys() else None
    return list(zip(left, right, strict=True)) if len(left) == len(right) else None


def _of_items(m: Machine, name: str, left: Any, right: Any, equal: Equal) -> Any:
    """Tuples, lists or dictionaries with items that run time knows."""
    if name not in ("eq", "ne"):
        left, right = (tuple(one) if isinstance(one, tuple) else one for one in (left, right))
        values = objects.shallow(left), objects.shallow(right)
        return m.native(objects.operator, m.backend.e, name, *values)
    pairs = _pairs(left, right)
    if pairs is None:
        return name == "ne"
    same: Any = True
    for a, b in pairs:
        truth = operations.truth_of(m, equal(m, a, b))
        same = m.native(numbers.both, m.backend.e, same, truth)
    return operations.negate(m, same) if name == "ne" else same


def _have_instances(*displays: Any) -> bool:
    """Whether an item is compared as the program says."""
    return any(
        classes.is_made(type(one)) and classes.defines(type(one), "__eq__")
        for items in displays
        for one in (items.values() if isinstance(items, dict) else list.__iter__(items)
                    if isinstance(items, list) else items)
    )  # fmt: skip


def _in_order(m: Machine, name: str, left: Any, right: Any, equal: Equal) -> Any:
    """Tuples, lists or dictionaries of instances, up to the first two that differ."""
    pairs = _pairs(left, right)
    if pairs is None:
        return name == "ne"

    def from_on(at: int) -> Any:
        if at == len(pairs):
            return True
        a, b = pairs[at]
        same = a is b or operations.truth_of(m, equal(m, a, b))
        if isinstance(same, Then):
            return regions.choose(m, same, lambda: from_on(at + 1), lambda: False)
        return from_on(at + 1) if same else False

    same = from_on(0)
    return operations.negate(m, same) if name == "ne" else same
