"""What Python does with values of either stage: truth, membership, subscripts, items.

In: values known now or then. Out: the same. The one idea: where Python's own operator would ask a
run-time value for something that only run time knows, the function here emits instead.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.evaluator.objects import members, special_methods
from fleet.evaluator.state.machine import Machine, Raised, is_mistake_of_ours
from fleet.evaluator.values import classes, indexing, lists, numbers, operators, texts
from fleet.evaluator.values.heap import Dict, List, Set
from fleet.evaluator.values.sequences import Lazy
from fleet.evaluator.values.then import (
    Array,
    Number,
    Range,
    Text,
    Then,
    Unbound,
    Union,
    Unusable,
    is_run_time_list,
    unbound_tag,
)


def each_choice(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of (machine, values …) that is called for each choice of a union among them."""

    @functools.wraps(function)
    def split(m: Machine, *values: Any) -> Any:
        for at, value in enumerate(values):
            if type(value) is Union:
                return m.language.split(
                    m, value, lambda one, at=at: split(m, *values[:at], one, *values[at + 1 :])
                )
        return function(m, *values)

    return split


PLAIN = frozenset((int, float, bool, str))
"""Classes of values that are what they are: no other operand makes their operators ours."""
CONDITIONAL = frozenset((Unusable, Union, Unbound))
"""Classes of what a name may hold that is a value on some paths only."""


def usable(m: Machine, value: Any) -> Any:
    """The value, unless it is one that a run-time branch has made unusable."""
    if type(value) is Unusable:
        raise m.error(value.why, value.hint)
    if type(value) is Union:
        return _bound(m, value)
    if type(value) is Unbound:
        raise m.raised(value.error)
    return value


def _bound(m: Machine, value: Union) -> Any:
    """A union without the choice that there is no value: where that is it, an error is raised."""
    tag = unbound_tag(value)
    if tag is None:
        return value
    e, error = m.backend.e, value.choices[tag].error
    present = m.native(numbers.compare, e, "ne", Number(e, "int", value.tag), tag)
    m.native(numbers.require, e, present, type(error).__name__, str(error))
    return value.without(tag)


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


@each_choice
def known_items(m: Machine, value: Any) -> list[Any]:
    """The items of something whose length is known now, for unpacking."""
    at_once = classes.of_ours(value, "at_once")
    if at_once is not None:
        whole = at_once()
        value = value if whole is None else whole
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
    kind = type(value)
    if kind is bool:
        return value
    if kind in _WITH_TRUTH or (kind is List and value.run_time is None):
        return bool(value)
    return _truth_of(m, value)


_WITH_TRUTH = frozenset((int, float, str, tuple, Dict, Set, type(None)))


@each_choice
def _truth_of(m: Machine, value: Any) -> Any:
    """bool(value): a bool, or a run-time bool."""
    if isinstance(value, Then) or is_run_time_list(value):
        return m.native(operators.truth, m.backend.e, value)
    found = special_methods.truth(m, value)
    return m.native(bool, value) if found is None else found


def compare_tuples(
    m: Machine, name: str, left: tuple | list, right: tuple | list, compare: Any
) -> Any:
    """Sequences in lexicographic order, of which some items are known at run time only.

    compare: (name of the comparison, item, item) -> a truth.
    """
    if name in ("eq", "ne"):
        if len(left) != len(right):
            return name == "ne"
        same: Any = True
        for a, b in zip(left, right, strict=True):
            one = truth_of(m, compare("eq", a, b))
            if one is False:
                return name == "ne"
            same = m.native(numbers.both, m.backend.e, same, one)
        return negate(m, same) if name == "ne" else same
    if not left or not right:
        return m.native(_COMPARE[name], len(left), len(right))
    first = truth_of(m, compare("eq", left[0], right[0]))
    rest = functools.partial(compare_tuples, m, name, left[1:], right[1:], compare)
    if isinstance(first, Then):
        return m.backend.e.choose(first, rest, lambda: compare(name, left[0], right[0]))
    return rest() if first else compare(name, left[0], right[0])


_COMPARE = {name: getattr(operator, name) for name in ("lt", "le", "gt", "ge")}


def negate(m: Machine, truth: Any) -> Any:
    return m.native(numbers.invert, m.backend.e, truth) if isinstance(
        truth, Then) else not truth  # fmt: skip


def contains(m: Machine, container: Any, item: Any) -> Any:
    """`item in container`."""
    kind = type(container)
    if type(item) in PLAIN and (
        kind in _HASHED
        or (kind is str and type(item) is str)
        or (kind is tuple or (kind is List and container.run_time is None))
        and PLAIN.issuperset(map(type, container))
    ):
        try:
            return item in container
        except (Exception, SystemExit) as exception:
            m.fail(exception)
    return _contains(m, container, item)


_HASHED = frozenset((Dict, Set, frozenset))


@each_choice
def _contains(m: Machine, container: Any, item: Any) -> Any:
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
    method = special_methods.method_of(container, "__contains__")
    if method is not None:
        return truth_of(m, special_methods.call(m, method, container, item))
    return m.native(lambda: item in container)


def identical(m: Machine, left: Any, right: Any) -> Any:
    """`left is right`: True and False are the only bools, also at run time."""
    if right is None and type(left) is not Union:
        return left is None
    return _identical(m, left, right)


@each_choice
def _identical(m: Machine, left: Any, right: Any) -> Any:
    kinds = numbers.kind_of(left), numbers.kind_of(right)
    if kinds == ("bool", "bool"):
        return m.native(operator.eq, left, right)
    return left is right


def get_item(m: Machine, value: Any, key: Any) -> Any:
    """value[key]."""
    kind = type(value)
    if (type(key) in _KEYS and (kind in _CONTAINERS or (kind is List and value.run_time is None))
            ) or (kind is Dict and type(key) is tuple and PLAIN.issuperset(map(type, key))):
        try:
            found = value[key]
        except (LookupError, TypeError):  # told below, with its place
            return _get_item(m, value, key)
        except (Exception, SystemExit) as exception:
            m.fail(exception)
        return usable(m, found) if type(found) in CONDITIONAL else found
    if type(key) is slice and kind in _SLICED and type(key.start) in _BOUNDS and (
            type(key.stop) in _BOUNDS and key.step is None):  # fmt: skip
        if kind is not List:
            return value[key]
        if value.run_time is None:
            return List(m.heap, list.__getitem__(value, key))
    return _get_item(m, value, key)


_SLICED = frozenset((str, tuple, List))
_BOUNDS = frozenset((int, type(None)))

_KEYS = frozenset((int, str))
_CONTAINERS = frozenset((Dict, tuple, str, range))


@each_choice
def _get_item(m: Machine, value: Any, key: Any) -> Any:
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


def put(owner: Any, key: Any, value: Any) -> None:
    """owner[key] = value, whatever the value."""
    owner[key] = value


put.takes_unions = True


def set_item(m: Machine, owner: Any, key: Any, value: Any) -> None:
    """owner[key] = value."""
    if type(owner) is Dict and type(value) not in CONDITIONAL and (
            type(key) in PLAIN or (type(key) is tuple and PLAIN.issuperset(map(type, key)))
            ):  # fmt: skip
        m.heap.touch(owner)
        dict.__setitem__(owner, key, value)
        return
    if type(owner) is List and type(key) is int and owner.run_time is None and (
            type(value) not in CONDITIONAL):  # fmt: skip
        try:
            owner[key] = value
        except (Exception, SystemExit) as exception:
            m.fail(exception)
        return
    if type(owner) is Union or type(key) is Union or (
        type(value) is Union and isinstance(owner, Array)
    ):
        each_choice(set_item)(m, owner, key, value)
        return
    if isinstance(owner, Array):
        m.native(indexing.set_item, m.backend.e, owner, key, value)
        return
    if isinstance(owner, Then):
        raise m.raised(
            TypeError(f"'{owner.type_name}' object does not support item assignment")
        )
    if isinstance(owner, List) and isinstance(key, Then) and not is_run_time_list(owner):
        m.native(_make_run_time, m, owner)
    m.native(put, owner, key, value)


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
    from_here = classes.of_ours(value, "from_here")
    if from_here is not None:
        return from_here()
    if isinstance(value, Range):
        return Lazy(e, value.count, lambda i: lists.range_item(e, value, i))
    if isinstance(value, Array | Text) or is_run_time_list(value):
        count = operators.length(e, value)
    else:
        if not isinstance(value, list | tuple | range):
            value = list(value)
        count = len(value)
    return Lazy(e, count, lambda i: get_item(m, value, i))
