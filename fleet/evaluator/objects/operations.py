"""What Python does with values of either stage: truth, membership, subscripts, items.

In: values known now or then. Out: the same. The one idea: where Python's own operator would ask a
run-time value for something that only run time knows, the function here emits instead.
"""

from __future__ import annotations

import enum
import functools
import operator
import sys
from collections.abc import Callable, ItemsView, KeysView, ValuesView
from types import MappingProxyType
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.evaluator.objects import held_classes, instances, members, special_methods
from fleet.evaluator.state.machine import Machine, Raised, is_mistake_of_ours
from fleet.evaluator.state.outgrown import reread
from fleet.evaluator.values import (
    characters,
    classes,
    constants,
    fixed,
    lists,
    mixed,
    numbers,
    objects,
    operators,
    tables,
    texts,
)
from fleet.evaluator.values.heap import SITED, Bindings, Dict, List, Needed, Set, is_late
from fleet.evaluator.values.ndarrays import indexing, reductions
from fleet.evaluator.values.sequences import Lazy, Once
from fleet.evaluator.values.single import is_known_object_array, is_object_array
from fleet.evaluator.values.then import (
    Array,
    Number,
    Numbers,
    Object,
    Range,
    Text,
    Then,
    Unbound,
    Union,
    Unusable,
    is_run_time_list,
    type_name,
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
        reread(m, value)
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
_OF_KIND = {"int": int, "float": float, "bool": bool, "str": str, "bytes": bytes}


def python_type(value: Any) -> type:
    """type(value), as the program sees it."""
    match value:
        case Number() | Text():
            return _OF_KIND[value.kind]
        case Object():
            if value.kind is None:
                raise value.needed_now("type()")
            return value.kind
        case Array():
            return value.dtype.type if value.scalar else np.ndarray
        case Once():
            return value.kind
        case Then():
            return list if value.type_name == "list" else range
    return members.python_class(type(value))


def whole(value: Any) -> Any:
    """A list of all that an iterator gives, if it is gone through at once; others as they are."""
    at_once = classes.of_ours(value, "at_once")
    found = None if at_once is None else at_once()
    return value if found is None else found


@each_choice
def known_items(m: Machine, value: Any) -> list[Any]:
    """The items of something whose length is known now."""
    value = whole(m.language.walked(m, value))
    if is_run_time_list(value):
        raise m.native(_refuse, value.run_time)
    if isinstance(value, Object | Text):
        raise m.native(_refuse, value)
    if isinstance(value, Number):
        raise m.raised(TypeError(f"'{value.type_name}' object is not iterable"))
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


def require_iterable(m: Machine, value: Any, message: str) -> None:
    """Raise TypeError where iter() does not take a value. message: % is where its type stands."""
    if isinstance(value, Object):
        if objects.may_not_iterate(value):
            m.native(objects.function, m.backend.e, "iterable_given", [value, message], None)
    elif isinstance(value, Number) or not (
            isinstance(value, Then) or hasattr(type(value), "__iter__")
            or hasattr(type(value), "__getitem__")):  # fmt: skip
        raise m.raised(TypeError(message.replace("%", type_name(value))))


def counted_then(m: Machine, value: Any) -> Any:
    """The items of something of which only run time knows how many it has; None for others."""
    if m.backend.e is None:
        return None
    ends = classes.of_ours(value, "ends_at_run_time")
    if ends is not None and ends():
        value = m.language.taken(m, value)
    if isinstance(value, Array) and value.dims and type(value.dims[0]) is not int:
        value = m.language.call_value(m, m.builtins["list"], (value,), {})
    if isinstance(value, Numbers):
        return value
    if isinstance(value, Object | Range | Lazy | Text) or is_run_time_list(value) or (
            isinstance(value, Then) and type(value) in SITED):  # fmt: skip
        value = m.language.taken(m, value)
        return value.run_time if is_run_time_list(value) else value
    return None


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
    if isinstance(value, Object) and m.policy.instances:
        return _truth_of_object(m, value)
    if isinstance(value, Then) or is_run_time_list(value):
        return m.native(operators.truth, m.backend.e, value)
    found = special_methods.truth(m, value)
    return m.native(bool, value) if found is None else found


def _truth_of_object(m: Machine, value: Object) -> Any:
    def by_length() -> Any:
        return m.native(operators.truth, m.backend.e, value)

    def counted() -> Any:
        length = instances.special(m, value, "__len__", (), by_length)
        return m.native(operators.truth, m.backend.e, length)

    return _given_truth(m, instances.special(m, value, "__bool__", (), counted))


@each_choice
def _given_truth(m: Machine, found: Any) -> Any:
    """What `__bool__` of the program gives has to be a bool."""
    if isinstance(found, Object):
        given = [found, "__bool__"]
        return m.native(objects.function, m.backend.e, "bool_given", given, "bool")
    if not isinstance(found, bool) and not (isinstance(found, Number) and found.kind == "bool"):
        name = type_name(found)
        raise m.raised(TypeError(f"__bool__ should return bool, returned {name}"))
    return found


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
    if isinstance(container, enum.EnumMeta) and isinstance(item, Number | Text):
        return _has_value(m, container, item)
    container = _as_dict(m, container, item)
    advances = classes.of_ours(container, "advances")
    if advances is not None and (advances() or e is not None):
        return m.language.has_item(m, container, item)
    if e is not None and special_methods.walks(container):
        kind = container.kind if isinstance(container, Object) else type(container)
        if classes.holder(kind.__mro__, "__contains__") is None:
            return m.language.has_item(m, container, item)
    if isinstance(container, Object):
        def by_host() -> Any:
            return m.native(objects.operator, e, "contains", container, item)

        def plainly() -> Any:
            having = [] if container.kind is not None else [
                cls for cls in held_classes.known_classes(m) if classes.may_be_walked(cls)]
            return by_host() if not having else held_classes.any_of(
                m, container, having, lambda one: m.language.has_item(m, one, item), by_host)

        def among_items() -> Any:
            return instances.by_equality(
                m, container, item, False, lambda: m.language.has_item(m, container, item), plainly)

        return truth_of(m, instances.special(m, container, "__contains__", (item,), among_items))
    if classes.of_ours(container, "object_source") is not None:
        return m.native(objects.operator, e, "contains", container, item)
    if isinstance(container, Text) or (
            isinstance(container, Then) and type(container) in SITED):  # fmt: skip
        return m.native(objects.operator, e, "contains", container, item)
    if isinstance(container, str) and isinstance(item, characters.Character) and (
            len(container) <= FEW):  # fmt: skip
        return m.native(characters.contains, e, container, item)
    if isinstance(container, str | bytes) and isinstance(item, Then):
        return m.native(objects.operator, e, "contains", container, item)
    if isinstance(item, Object) and is_run_time_list(container):
        return m.native(objects.operator, e, "contains", container.run_time, item)
    if isinstance(container, dict | set) and is_late(item) and (
            isinstance(item, tuple | Object) or len(container) > FEW):  # fmt: skip
        if constants.is_constant(container):
            return m.native(constants.contains, e, container, item)
        if not objects.is_data(container):
            return m.native(objects.operator, e, "contains", tuple(container), item)
        m.heap.outgrown(container)
    if isinstance(container, Array):
        equal = m.native(operators.operate, e, "eq", container, item)
        return truth_of(m, m.native(reductions.of_all, e, "any", equal))
    if is_run_time_list(container):
        equal = m.native(lists.contains, e, container.run_time, item)
        return m.native(operators.truth, e, equal)
    if e is not None and isinstance(container, list | tuple) and any(
            classes.is_made(type(one)) and classes.defines(type(one), "__eq__")
            for one in (item, *container)):  # fmt: skip
        return m.language.has_item(m, container, item)
    if isinstance(container, list | tuple) and texts.has_run_time((container, item)):
        found: Any = False
        for other in container:
            if texts.has_run_time((other, item)):
                same = truth_of(m, m.language.equal(m, other, item))
            else:
                same = m.native(operator.eq, other, item)
            found = m.native(numbers.either, e, found, same)
        return found
    if isinstance(container, KeysView | ValuesView | ItemsView) and (
            _depends_on_run_time(item) or texts.has_run_time((item, *container))):  # fmt: skip
        return contains(m, tuple(container), item)
    if isinstance(item, Then) and isinstance(container, range) and len(container) > FEW:
        return m.native(objects.operator, e, "contains", container, item)
    if isinstance(item, Then) and isinstance(container, range | set | frozenset | Dict):
        items = list(container)
        return contains(m, List(m.heap, items), item)
    method = special_methods.method_of(container, "__contains__")
    if method is not None:
        return truth_of(m, special_methods.call(m, method, container, item))
    try:
        return m.native(lambda: item in container)
    except Needed as needed:
        if isinstance(container, dict | set):
            m.heap.outgrown(container, needed)
        raise


def _has_value(m: Machine, cls: enum.EnumMeta, value: Number | Text) -> Any:
    """`value in cls`: whether a member has this value, which Python refuses to say before 3.12."""
    if sys.version_info < (3, 12):
        raise m.raised(TypeError(
            f"unsupported operand type(s) for 'in': '{type_name(value)}' and "
            f"'{type(cls).__qualname__}'"
        ))  # fmt: skip
    if issubclass(cls, enum.Flag) or classes.defines(cls, "_missing_"):
        raise m.error(
            f"whether a run-time value is one of {cls.__name__} is not supported",
            f"make it a {cls.__name__} in a `try`",
        )
    return contains(m, List(m.heap, [member.value for member in cls]), value)


FEW = 8
"""Items that a run-time value is compared with one by one."""


def identical(m: Machine, left: Any, right: Any) -> Any:
    """`left is right`: True and False are the only bools, also at run time."""
    if isinstance(left, Object) or isinstance(right, Object):
        return m.native(_identical_objects, m, left, right)
    if right is None and type(left) is not Union:
        return left is None
    return _identical(m, left, right)


def _identical_objects(m: Machine, left: Any, right: Any) -> Any:
    if left is right:
        return True
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Object) and one.kind is not None and (other is None or other is ...):
            return False
    for value in (left, right):
        single = fixed.is_member(value) or fixed.is_sentinel(value)
        if fixed.is_fixed(value) and not single:
            raise m.error("whether this is that one in a list of run time is not supported")
        if not (isinstance(value, Object | Number | bool | None | type(...))
                or single or fixed.is_callable(value)):  # fmt: skip
            return False
    return objects.operator(m.backend.e, "is_", left, right)


def _is_kept(value: Any) -> bool:
    """Whether it is an array, and no view, that the run keeps."""
    return isinstance(value, Array) and value.cell.keeper is not None and not value.steps


@each_choice
def _identical(m: Machine, left: Any, right: Any) -> Any:
    if isinstance(left, Object) or isinstance(right, Object):
        return m.native(_identical_objects, m, left, right)
    kinds = numbers.kind_of(left), numbers.kind_of(right)
    if kinds == ("bool", "bool"):
        return m.native(operator.eq, left, right)
    if isinstance(left, List) and isinstance(right, List) and left is not right:
        return m.native(tables.identical, m.backend.e, left, right)
    if _is_kept(left) and _is_kept(right) and left is not right:
        found = [one.cell.keeper.found for one in (left, right)]
        return m.native(objects.operator, m.backend.e, "is_", *found)
    if isinstance(left, Array) and isinstance(right, Array) and left is not right and (
            (left.sources or right.sources) and left.cells() & right.cells()):  # fmt: skip
        raise m.error(
            "whether this array is that one is known only on the paths of a run-time branch or "
            "loop", "compare what they hold, with np.array_equal()",
        )  # fmt: skip
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


def _get_or_make(m: Machine, value: Object, key: Any) -> Any:
    """An item of a defaultdict whose missing values a function of the program makes."""
    e = m.backend.e
    plain = objects.owner_of(value)

    def make() -> Any:
        made = m.language.call_value(m, value.factory, (), {})
        objects.set_item(e, plain, key, made)
        return made

    there = m.native(objects.operator, e, "contains", plain, key)
    return m.language.choose(
        m, there, lambda: m.native(objects.get_item, e, plain, key), make)  # fmt: skip


def _get_item(m: Machine, value: Any, key: Any) -> Any:
    if is_known_object_array(value):
        return m.native(operator.getitem, value, key)  # which looks at what the key may be itself
    return _get_one_item(m, value, key)


@each_choice
def _get_one_item(m: Machine, value: Any, key: Any) -> Any:
    choice = _choice_within(value, key)
    if choice is not None:
        return m.language.split(m, choice[0], lambda one: _get_one_item(m, value, choice[1](one)))
    key = _key_of(m, value, key)
    if isinstance(value, Object) and value.factory is not None:
        return _get_or_make(m, value, key)
    if isinstance(value, Object) and m.policy.instances:
        return instances.special(m, value, "__getitem__", (key,), lambda: usable(
            m, m.native(operators.get_item, m.backend.e, value, key)))
    value = _as_dict(m, value, key)
    if isinstance(value, Then) or is_run_time_list(value) or _depends_on_run_time(key):
        if isinstance(value, Dict | Then | list | tuple | str | bytes | range):
            return usable(m, m.native(operators.get_item, m.backend.e, value, key))
        if isinstance(key, Array) and key.known is not None:
            key = key.known
    try:
        return usable(m, m.native(operator.getitem, value, key))
    except Needed as needed:
        if isinstance(value, dict):
            m.heap.outgrown(value, needed)
        raise


def _key_of(m: Machine, owner: Any, key: Any) -> Any:
    """A subscript of a sequence, where an object of the program may stand for an int."""
    if isinstance(owner, List | Text | Array | Range | tuple | str | bytes | range) or (
            isinstance(owner, Object) and owner.kind in (list, tuple, str, bytes)):  # fmt: skip
        return special_methods.as_index(m, key)
    return key


def _choice_within(owner: Any, key: Any) -> tuple[Union, Callable[[Any], Any]] | None:
    """What only run time tells apart in a slice or in one of an array's subscripts, and what makes
    the subscript of each choice; None where there is nothing such."""
    if type(key) is not slice and not (isinstance(owner, Array) and type(key) is tuple):
        return None
    made = tuple if type(key) is tuple else (lambda parts: slice(*parts))
    parts = key if type(key) is tuple else (key.start, key.stop, key.step)
    for at, part in enumerate(parts):
        if type(part) is Union:
            return part, lambda one, at=at: made((*parts[:at], one, *parts[at + 1 :]))
        inner = _choice_within(owner, part)
        if inner is not None:
            return inner[0], lambda one, at=at, inner=inner: made(
                (*parts[:at], inner[1](one), *parts[at + 1 :]))
    return None


def _as_dict(m: Machine, value: Any, key: Any) -> Any:
    """What names the members of an enumeration, shows a dict, or has a module's names, as a dict
    that can be asked for a key that only run time knows."""
    if not isinstance(key, Then) or not isinstance(
            value, enum.EnumMeta | MappingProxyType | Bindings):  # fmt: skip
        return value
    return Dict(m.heap, getattr(value, "__members__", value))


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
    if is_known_object_array(owner):
        m.native(operator.setitem, owner, key, value)
        return
    if type(owner) is Union or type(key) is Union or (
        type(value) is Union and isinstance(owner, Array)
    ):
        each_choice(set_item)(m, owner, key, value)
        return
    choice = _choice_within(owner, key)
    if choice is not None:
        m.language.split(m, choice[0], lambda one: set_item(m, owner, choice[1](one), value))
        return
    key = _key_of(m, owner, key)
    if is_object_array(value) and isinstance(owner, Array | np.ndarray):
        set_item(m, owner, key, special_methods.call(
            m, special_methods.method_of(value, "astype"), value, owner.dtype))  # fmt: skip
        return
    if isinstance(owner, Array):
        key = m.native(objects.subscript, m.backend.e, key)
        m.native(indexing.set_item, m.backend.e, owner, key, value)
        return
    if isinstance(owner, Object):
        instances.special(m, owner, "__setitem__", (key, value), lambda: m.native(
            objects.set_item, m.backend.e, owner, key, value))
        return
    if isinstance(owner, Then):
        if type(owner) in SITED:
            m.heap.outgrown(owner)
        raise m.raised(
            TypeError(f"'{owner.type_name}' object does not support item assignment")
        )
    if isinstance(owner, List) and _depends_on_run_time(key) and not is_run_time_list(owner):
        if isinstance(key, slice | Object):
            m.heap.outgrown(owner)
        m.native(_make_run_time, m, owner)
    if isinstance(owner, List) and isinstance(key, slice) and (
            is_run_time_list(value) or isinstance(value, Object | Text)):  # fmt: skip
        m.heap.outgrown(owner)
    m.native(put, owner, key, value)


def delete_item(m: Machine, owner: Any, key: Any) -> None:
    """del owner[key]."""
    if type(owner) is Union or type(key) is Union:
        each_choice(delete_item)(m, owner, key)
        return
    if isinstance(owner, Then) and type(owner) in SITED:
        m.heap.outgrown(owner)
    key = _key_of(m, owner, key)
    if isinstance(owner, Object):
        instances.special(m, owner, "__delitem__", (key,), lambda: m.native(
            objects.delete_item, m.backend.e, owner, key))
        return
    if isinstance(owner, List) and is_late(key if not isinstance(key, slice) else (
            key.start, key.stop, key.step)):  # fmt: skip
        m.heap.outgrown(owner)
    m.native(operator.delitem, owner, key)


def _make_run_time(m: Machine, items: List) -> None:
    """A known list becomes a run-time one, because a run-time subscript is written."""
    if not 0 < len({numbers.plain_kind_of(item) for item in items} - {None}) < 2 or None in map(
            numbers.plain_kind_of, items):  # fmt: skip
        if items and mixed.kinds_of(list.__iter__(items)) is not None:
            m.heap.mix(items, list.__iter__(items))
        m.heap.outgrown(items)
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
        return Lazy(e, value.count, lambda i: lists.range_item(e, value, i), value)
    if isinstance(value, Array | Text) or is_run_time_list(value):
        count = operators.length(e, value)
    else:
        if not isinstance(value, list | tuple | range):
            value = list(value)
        count = len(value)
    return Lazy(e, count, lambda i: get_item(m, value, i))
