"""Python's operators on operands of which at least one is known at run time only.

In: an operator's name and two values. Out: the result, from whichever module knows their types.
The one idea: one table of who comes first: arrays before numbers, numbers before texts and lists.
"""

from __future__ import annotations

import operator as python
from collections.abc import KeysView
from datetime import timedelta
from typing import Any

import numpy as np

from fleet.evaluator.values import (
    characters,
    classes,
    constants,
    lists,
    longs,
    mixed,
    numbers,
    objects,
    sizes,
    tables,
    texts,
)
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import List, is_late, sites_of
from fleet.evaluator.values.ndarrays import (
    arrays,
    elementwise,
    indexing,
    reductions,
    tensors,
    views,
)
from fleet.evaluator.values.ndarrays.arrays import Undecided
from fleet.evaluator.values.then import (
    BINARY,
    COMPARE,
    MIRRORED,
    Array,
    Number,
    Numbers,
    Object,
    Range,
    Text,
    Then,
    Union,
    is_run_time_list,
    type_name,
)
from fleet.objects.exact_numbers import NUMBERS


def operate(e: Emitter, name: str, a: Any, b: Any) -> Any:
    """`a <operator> b`."""
    if type(a) is Union:
        return e.split(a, lambda one: operate(e, name, one, b))
    if type(b) is Union:
        return e.split(b, lambda one: operate(e, name, a, one))
    if isinstance(a, Then) and not isinstance(a, Object) and classes.is_made(type(b)):
        found = _by_right_operand(name, a, b)
        if found is not NotImplemented:
            return found
    if longs.meet(a, b):
        return longs.operate(e, name, a, b)
    if name not in COMPARE:
        for value, other in ((a, b), (b, a)):
            if not isinstance(value, longs.Long):
                continue
            if numbers.kind_of(other) == "float" or tensors.is_array_like(other):
                whole = longs.beside(e, value, getattr(other, "dtype", np.dtype("float64")))
                return operate(e, name, *((whole, b) if value is a else (a, whole)))
    if _is_object(a, b) or _is_object(b, a):
        return _on_objects(e, name, a, b)
    for value in (a, b):
        if classes.of_ours(value, "as_object") is not None:
            return _on_objects(e, name, a, b)
    if isinstance(a, Numbers) or isinstance(b, Numbers):
        raise (a if isinstance(a, Numbers) else b).needed_now("this use of the list")
    if name == "mul" and (_is_sequence(a) or _is_sequence(b)):
        a, b = (_count(e, value) for value in (a, b))
    if tensors.is_array_like(a) or tensors.is_array_like(b):
        return _on_arrays(e, name, a, b)
    if numbers.kind_of(a) and numbers.kind_of(b):
        if name in COMPARE:
            return numbers.compare(e, name, a, b)
        if name == "pow" and _may_be_float(a, b):
            negative = numbers.compare(e, "lt", b, 0)
            return e.choose(
                negative,
                lambda: numbers.binary(e, "pow", numbers.to_float(e, a), numbers.to_float(e, b)),
                lambda: numbers.binary(e, "pow", a, b),
            )
        if name != "matmul":
            return numbers.binary(e, name, a, b)
    if texts.is_text(a) and texts.is_text(b):
        if name in COMPARE:
            found = characters.compare(e, name, a, b)
            if found is not None:
                return found
        if name == "add":
            return texts.concatenate(e, a, b)
        if name in ("eq", "ne"):
            return _negated(e, texts.equal(e, a, b), name == "ne")
        if name in COMPARE and texts.kind_of(a) == texts.kind_of(b):
            return objects.operator(e, name, a, b)
    if name == "mod" and texts.is_text(a):
        return objects.operator(e, name, a, b, gives=texts.kind_of(a))
    if name == "add" and any(is_run_time_list(one) and one.run_time.is_mixed for one in (a, b)):
        return mixed.concatenated(e, a, b)
    if name == "add" and (is_run_time_list(a) or is_run_time_list(b)):
        return lists.concatenate(e, a, b)
    if name == "mul":
        for items, times in ((a, b), (b, a)):
            if numbers.kind_of(times) in ("int", "bool") and (
                isinstance(items, List) or texts.is_text(items)
            ):
                if mixed.is_none_alone(items) and e.heap.may_mix(sites_of(items)):
                    times = numbers.maximum(e, numbers.to_int(e, times), 0)
                    return mixed.of_none(e, items, times)
                return lists.repeat(e, items, times)
            if type(items) is tuple and numbers.kind_of(times) in ("int", "bool"):
                return objects.operator(e, name, objects.shallow(items), times, gives=tuple)
    if not isinstance(a, Then) and not isinstance(b, Then) and not (
            is_run_time_list(a) or is_run_time_list(b)):  # fmt: skip
        return getattr(python, objects.OPERATORS.get(name, name))(a, b)
    if name in ("eq", "ne"):
        if type(a) in _LISTS and type(b) in _LISTS:
            return objects.operator(e, name, _content(a), _content(b))
        return name == "ne"
    if name in COMPARE and type(a) is List and type(b) is List:
        return objects.operator(e, name, _content(a), _content(b))
    if name in COMPARE:
        raise TypeError(
            f"'{COMPARE[name]}' not supported between instances of '{type_name(a)}' and "
            f"'{type_name(b)}'"
        )
    raise numbers.unsupported(BINARY[name], a, b)


def _by_right_operand(name: str, a: Then, b: Any) -> Any:
    """What an instance of the program's makes of a value of run time that knows nothing of it."""
    method = f"__{_reflected(name)}__"
    return getattr(b, method)(a) if classes.defines(type(b), method) else NotImplemented


def _is_object(value: Any, other: Any) -> bool:
    """Whether it takes an operation to the run's objects; a complex number meets an array as one
    of the array's kind."""
    if isinstance(value, Object):
        return value.kind is not complex or not tensors.is_array_like(other)
    return numbers.is_complex(value) and not tensors.is_array_like(other)


def _reflected(name: str) -> str:
    return MIRRORED.get(name, f"r{name}")


def _is_sequence(value: Any) -> bool:
    return type(value) in (List, tuple) or texts.is_text(value)


def _count(e: Emitter, value: Any) -> Any:
    """A NumPy int that a text, list or tuple is repeated by, as Python's."""
    if isinstance(value, Array) and value.scalar:
        if value.dtype.kind not in "iu":
            raise TypeError(f"can't multiply sequence by non-int of type '{value.type_name}'")
        return tensors.to_number(e, value)
    if isinstance(value, np.integer):
        return int(value)
    return value


_LISTS = (Range, List, range, list)


def _content(value: Any) -> Any:
    """What a service takes for a list: its numbers, where run time knows how many; and for keys."""
    if isinstance(value, KeysView):
        return set(value)
    return value.run_time if is_run_time_list(value) else objects.shallow(value)


def _on_objects(e: Emitter, name: str, a: Any, b: Any) -> Any:
    """An operator of which one operand is one of the run's objects."""
    for value, other, method in ((a, b, f"__{name}__"), (b, a, f"__{_reflected(name)}__")):
        is_instance = isinstance(value, Object) and classes.is_made(value.kind)
        if is_instance and classes.defines(value.kind, method):
            found = getattr(value.kind, method)(value, other)
            if found is not NotImplemented:
                return found
    for value, other in ((a, b), (b, a)):
        if isinstance(value, Array) and not value.scalar or isinstance(value, np.ndarray):
            raise Undecided(other, e.error(
                "of which type this value is only run time knows, so an array cannot meet it",
                "say which type it has: int(x), float(x)",
            ))  # fmt: skip
    return objects.operate(e, name, _content(a), _content(b))


def _negated(e: Emitter, truth: Number | bool, negate: bool) -> Number | bool:
    if not negate:
        return truth
    return not truth if isinstance(truth, bool) else numbers.invert(e, truth)


def _on_arrays(e: Emitter, name: str, a: Any, b: Any) -> Any:
    for value in (a, b):
        if value is None or texts.is_text(value) or isinstance(value, dict):
            return _with_no_number(e, name, a, b)
    if name == "matmul":
        return reductions.matmul(e, a, b)
    if name == "pow" and _is_scalar(a) and _is_scalar(b) and (
            elementwise.resolve("power", (a, b))[-1] == np.float64):  # fmt: skip
        return elementwise.ufunc(e, "float_power", a, b, said="scalar power")  # C's, no product
    if name == "pow" and type(b) in (int, float) and isinstance(a, Array):
        shortcut = elementwise.power_shortcut(e, a, b)
        if shortcut is not None:
            return shortcut
    operation = elementwise.OPERATORS[name]
    said = f"scalar {operation}" if _is_scalar(a) and _is_scalar(b) else None
    return elementwise.ufunc(e, operation, a, b, said=said)


def _with_no_number(e: Emitter, name: str, a: Any, b: Any) -> Any:
    """An array and what is no number: unequal in each element, and NumPy's error otherwise."""
    array = a if tensors.is_array_like(a) else b
    if name in ("eq", "ne"):
        unequal = np.bool_(name == "ne")
        if not isinstance(array, Array) or array.scalar:
            return unequal if texts.is_text(a) or texts.is_text(b) else bool(unequal)
        same = tensors.tensor(e, unequal)
        return tensors.wrap(e, tensors.broadcast_tensor(e, same, tensors.shape_of(e, array)))
    stand_ins = [_stand_in(value) for value in (a, b)]
    if not any(isinstance(value, Text) for value in stand_ins):
        getattr(python, objects.OPERATORS.get(name, name))(*stand_ins)
    raise numbers.unsupported(BINARY.get(name, COMPARE.get(name)), a, b)


def _stand_in(value: Any) -> Any:
    """A known value of the same kind."""
    if isinstance(value, Array):
        made = np.zeros((1,) * len(value.dims), value.dtype)
        return made[()] if value.scalar else made
    return dict(value) if isinstance(value, dict) else value


def divide(e: Emitter, a: Any, b: Any) -> tuple[Any, Any]:
    """divmod(a, b), of which one is an array or a NumPy scalar."""
    said = "scalar divmod" if _is_scalar(a) and _is_scalar(b) else "divmod"
    return (elementwise.ufunc(e, "floor_divide", a, b, said=said),
            elementwise.ufunc(e, "remainder", a, b, said=said))  # fmt: skip


def _is_scalar(value: Any) -> bool:
    """Whether NumPy computes with it alone as with a scalar, not as with an array of rank 0."""
    return value.scalar if isinstance(value, Array) else not isinstance(value, np.ndarray | List)


def _may_be_float(a: Any, b: Any) -> bool:
    """Whether an int to this power is a float where the power is negative, as run time knows."""
    return "float" not in (numbers.kind_of(a), numbers.kind_of(b)) and (
        isinstance(b, Number) and b.kind == "int" and not sizes.at_least(b.size, 0)
    )


def operate_unary(e: Emitter, name: str, a: Any) -> Any:
    if type(a) is Union:
        return e.split(a, lambda one: operate_unary(e, name, one))
    if isinstance(a, Array):
        if name == "pos":
            np.positive.resolve_dtypes((a.dtype, None))  # raises for bools
            order = elementwise.new_order([a])
            return tensors.wrap(e, tensors.tensor(e, a), scalar=not a.dims, order=order)
        operation = {"neg": "negative", "invert": "invert", "abs": "absolute"}[name]
        said = f"scalar {operation}" if a.scalar else None
        return elementwise.ufunc(e, operation, a, said=said)
    if isinstance(a, Number):
        return numbers.unary(e, name, a)
    if isinstance(a, longs.Long):
        return longs.unary(e, name, a)
    if isinstance(a, Object):
        if name == "abs":
            return objects.function(e, "abs", [a], "float" if a.kind is complex else "object")
        gives = a.kind if a.kind in (complex, timedelta, *NUMBERS) else "object"
        return objects.operator(e, name, a, gives=gives)
    what = "abs()" if name == "abs" else f"unary {({'neg': '-', 'pos': '+', 'invert': '~'})[name]}"
    raise TypeError(f"bad operand type for {what}: '{type_name(a)}'")


def get_item(e: Emitter, value: Any, key: Any) -> Any:
    """value[key] where either is known at run time only."""
    if isinstance(value, Object):
        return objects.get_item(e, value, key)
    key = _plain_key(key)
    if not isinstance(value, dict) and not (isinstance(value, Text) and value.kind == "str"):
        key = objects.subscript(e, key)
    match value:
        case Array():
            return indexing.get_item(e, value, key)
        case List() if isinstance(value.content, tables.Rows):
            return value.content.get_item(value, key)
        case List() if isinstance(value.content, tables.Part):
            return value.content.get_item(key)
        case List() if value.run_time is not None:
            return lists.get_item(e, value.run_time, key)
        case Text() if value.kind == "str" and isinstance(key, Number) and key.kind == "int":
            return characters.character(e, value, key)
        case Text() if value.kind == "str" or isinstance(key, slice) and key.step is not None:
            return objects.get_item(e, value, key)
        case Text():
            return texts.get_item(e, value, key)
        case Range():
            return lists.range_get_item(e, value, key)
        case list() | tuple() | range():
            if isinstance(key, slice):
                return _slice_of_known(e, value, key)
            if type(value) in (list, tuple, List) and len(value) > MAX_CHOICES and all(
                    isinstance(item, str) for item in value):  # fmt: skip
                return objects.operator(e, "getitem", objects.shallow(value), key, gives="str")
            return lists.known_get_item(e, value, key)
        case str() if not isinstance(key, slice):
            return _character(e, value, key)
        case str() if value.isascii():
            part = texts.get_item(e, e.text(value.encode()), key)
            return Text(e, "str", part.native, part.size)
        case str():
            return objects.get_item(e, value, key)
        case bytes():
            return texts.get_item(e, e.text(value), key)
        case dict():
            if not is_late(key):
                return value[key]
            if constants.is_constant(value):
                return constants.get_item(e, value, key)
            if not 0 < len(value) <= lists.MAX_CHOICES or not constants.stays_known(value):
                raise e.heap.outgrown(value)
            return _value_of(e, value, key)
        case Then() if hasattr(value, "item"):
            return value.item(key)
        case _ if isinstance(value, np.ndarray):
            return indexing.get_item(e, arrays.asarray(e, value), key)
    raise TypeError(f"'{type_name(value)}' object is not subscriptable")


def _character(e: Emitter, value: str, key: Any) -> Any:
    """A character of a known text at a position that run time knows."""
    if not value.isascii():
        return lists.known_get_item(e, tuple(value), key)
    size = len(value)
    at = views.position_of(e, lists.subscript(e, key, "string"), size, "string index out of range")
    part = views.slice_tensor(e, texts.as_tensor(e.text(value)), [(at, 1, 1)])
    return Text(e, "str", part.value, 1)


def _value_of(e: Emitter, value: dict, key: Any) -> Any:
    """An item of a dict of objects that only now knows, by a key that only run time knows."""
    if constants.has_constant_keys(value):
        at = constants.position(e, value, key)
    else:
        at = objects.function(e, "position", [list(value), key], "int")
    at.size = sizes.fresh(0, len(value) - 1)
    return lists.known_get_item(e, list(value.values()), at)


MAX_CHOICES = 16
"""Known texts among which run time chooses by comparing, without asking the host."""


def _slice_of_known(e: Emitter, value: Any, key: slice) -> Any:
    """A slice of a known list, tuple or range with bounds that run time knows."""
    if isinstance(value, List) and value.run_time is None and _are_numbers(value):
        items = lists.to_numbers(e, value, "a slice of it has run-time bounds")
        return lists.get_item(e, items, key)
    return objects.get_item(e, objects.box(e, objects.shallow(value), False), key)


def _are_numbers(value: Any) -> bool:
    kinds = {numbers.plain_kind_of(item) for item in value}
    return len(kinds) == 1 and None not in kinds


def _plain_key(key: Any) -> Any:
    """Known NumPy ints as Python's."""
    return int(key) if isinstance(key, np.integer) else key


def length(e: Emitter, value: Any) -> Any:
    """len(value)."""
    match value:
        case Array() if value.dims:
            return tensors.shape_of(e, value)[0]
        case Array():
            raise TypeError("len() of unsized object")
        case List() if value.run_time is not None:
            return lists.length(e, value.run_time)
        case Text():
            return texts.length(e, value)
        case Object():
            return objects.length(e, value)
        case Range():
            return value.count
        case Then() if hasattr(value, "length"):
            return value.length()
    raise TypeError(f"object of type '{type_name(value)}' has no len()")


def truth(e: Emitter, value: Any) -> bool | Number:
    """bool(value): known now, or a run-time bool."""
    match value:
        case Number():
            return numbers.to_bool(e, value)
        case longs.Long():
            return longs.truth(e, value)
        case Object():
            return objects.operator(e, "truth", value)
        case Array():
            return _array_truth(e, value)
        case List() if value.run_time is not None:
            return numbers.compare(e, "ne", lists.length(e, value.run_time), 0)
        case Text():
            return numbers.compare(e, "ne", e.dim(value.native, 0, value.size), 0)
        case Range():
            return numbers.compare(e, "ne", value.count, 0)
        case Then() if hasattr(value, "length"):
            return numbers.compare(e, "ne", value.length(), 0)
    return bool(value)


def _array_truth(e: Emitter, value: Array) -> bool | Number:
    if value.known is not None:
        return bool(value.known)
    part = tensors.tensor(e, value)
    message = (
        "The truth value of an array with more than one element is ambiguous. "
        "Use a.any() or a.all()"
    )
    for axis, dim in enumerate(part.dims):
        if isinstance(dim, int) and dim > 1:
            raise ValueError(message)
        one = numbers.compare(e, "eq", e.dim(part.value, axis, dim), 1)
        numbers.require(e, one, "ValueError", message)
    if value.dtype == bool:
        return tensors.to_number(e, value)
    flag = elementwise.ufunc(e, "not_equal", value, value.dtype.type(0))
    return tensors.to_number(e, arrays.asarray(e, flag))
