"""What Python does with values of either stage: truth, membership, subscripts, items.

In: values known now or then. Out: the same. The one idea: where Python's own operator would ask a
run-time value for something that only run time knows, the function here emits instead.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.evaluator import members
from fleet.evaluator.machine import Machine, Raised, is_mistake_of_ours
from fleet.evaluator.values import indexing, lists, numbers, operators, texts
from fleet.evaluator.values.heap import Dict, List
from fleet.evaluator.values.sequences import Lazy
from fleet.evaluator.values.then import Array, Number, Range, Text, Then, is_run_time_list


class Unusable:
    """What a name holds whose value after a run-time branch or loop cannot be represented."""

    def __init__(self, why: str, hint: str) -> None:
        self.why = why
        self.hint = hint


class MaybeUnbound:
    """What a name holds that only one path of a run-time branch or loop gave a value.

    flag: the run-time bool that says whether it has one; `error` is raised when it has not.
    """

    def __init__(self, value: Any, flag: Number, error: NameError) -> None:
        self.value = value
        self.flag = flag
        self.error = error


def usable(m: Machine, value: Any) -> Any:
    """The value, unless it is one that a run-time branch has made unusable."""
    if type(value) is Unusable:
        raise m.error(value.why, value.hint)
    if type(value) is MaybeUnbound:
        e, error = m.backend.e, value.error
        m.native(numbers.require, e, value.flag, type(error).__name__, str(error))
        return value.value
    return value


OWN = (list, dict, set)
"""Python's types whose values are of classes of ours, because their writes are recorded."""
_TYPES = {"int": int, "float": float, "bool": bool, "str": str, "bytes": bytes}


def python_type(value: Any) -> type:
    """type(value), as the program sees it."""
    match value:
        case Number() | Text():
            return _TYPES[value.kind]
        case Array():
            return value.dtype.type if value.scalar else np.ndarray
        case Then():
            return list if value.type_name == "list" else range
    return members.python_class(type(value))


def known_items(m: Machine, value: Any) -> list[Any]:
    """The items of something whose length is known now, for unpacking."""
    if is_run_time_list(value):
        raise m.native(_refuse, value.run_time)
    if isinstance(value, Array):
        if not value.dims:
            raise m.raised(TypeError("iteration over a 0-d array"))
        return [m.native(operators.get_item, m.backend.e, value, i)
                for i in range(m.native(len, value))]  # fmt: skip
    try:
        return list(value)
    except (FleetError, Raised):
        raise
    except Exception as exception:
        if is_mistake_of_ours(exception):
            raise
        raise m.raised(exception) from exception


def _refuse(items: Then) -> FleetError:
    return items.needed_now("unpacking")


def truth_of(m: Machine, value: Any) -> Any:
    """bool(value): a bool, or a run-time bool."""
    if isinstance(value, Then) or is_run_time_list(value):
        return m.native(operators.truth, m.backend.e, value)
    return m.native(bool, value)


def negate(m: Machine, truth: Any) -> Any:
    return m.native(numbers.invert, m.backend.e, truth) if isinstance(
        truth, Then) else not truth  # fmt: skip


def contains(m: Machine, container: Any, item: Any) -> Any:
    """`item in container`."""
    e = m.backend.e
    if is_run_time_list(container):
        equal = m.native(lists.contains, e, container.run_time, item)
        return m.native(operators.truth, e, equal)
    if isinstance(container, list | tuple) and texts.has_run_time((container, item)):
        found: Any = False
        for other in container:
            if texts.has_run_time((other, item)):
                same = truth_of(m, m.native(operators.operate, e, "eq", other, item))
            else:
                same = m.native(operator.eq, other, item)
            found = m.native(numbers.either, e, found, same)
        return found
    if isinstance(item, Then) and isinstance(container, range | set | frozenset | Dict):
        items = list(container)
        return contains(m, List(m.heap, items), item)
    return m.native(lambda: item in container)


def identical(m: Machine, left: Any, right: Any) -> Any:
    """`left is right`: True and False are the only bools, also at run time."""
    kinds = numbers.kind_of(left), numbers.kind_of(right)
    if kinds == ("bool", "bool"):
        return m.native(operator.eq, left, right)
    return left is right


def get_item(m: Machine, value: Any, key: Any) -> Any:
    """value[key]."""
    if isinstance(value, Then) or is_run_time_list(value) or _depends_on_run_time(key):
        if isinstance(value, Dict | Then | list | tuple | str | bytes | range):
            return usable(m, m.native(operators.get_item, m.backend.e, value, key))
        if isinstance(key, Array) and key.known is not None:
            key = key.known
    return usable(m, m.native(operator.getitem, value, key))


def _depends_on_run_time(key: Any) -> bool:
    if isinstance(key, tuple):
        return any(map(_depends_on_run_time, key))
    return (
        isinstance(key, Then)
        or is_run_time_list(key)
        or (
            isinstance(key, slice)
            and any(isinstance(part, Then) for part in (key.start, key.stop, key.step))
        )
    )


def set_item(m: Machine, owner: Any, key: Any, value: Any) -> None:
    """owner[key] = value."""
    if isinstance(owner, Array):
        m.native(indexing.set_item, m.backend.e, owner, key, value)
        return
    if isinstance(owner, Then):
        raise m.raised(
            TypeError(f"'{owner.type_name}' object does not support item assignment")
        )
    if isinstance(owner, List) and isinstance(key, Then) and not is_run_time_list(owner):
        m.native(_make_run_time, m, owner)
    m.native(operator.setitem, owner, key, value)


def _make_run_time(m: Machine, items: List) -> None:
    """A known list becomes a run-time one, because a run-time subscript is written."""
    m.heap.touch(items)
    why = "one of its subscripts that are written is known at run time only"
    items.run_time = lists.to_numbers(m.backend.e, items, why)
    list.clear(items)
    list.append(items, items.run_time)


def lazily(m: Machine, value: Any) -> Lazy:
    """A sequence, run-time or not, as count and items."""
    e = m.backend.e
    if isinstance(value, Lazy):
        return value
    if isinstance(value, Then) and hasattr(value, "as_lazy"):
        return value.as_lazy()
    if isinstance(value, Range):
        return Lazy(e, value.count, lambda i: value.start + i * value.step)
    if isinstance(value, Array | Text) or is_run_time_list(value):
        count = operators.length(e, value)
    else:
        if not isinstance(value, list | tuple | range):
            value = list(value)
        count = len(value)
    return Lazy(e, count, lambda i: get_item(m, value, i))
