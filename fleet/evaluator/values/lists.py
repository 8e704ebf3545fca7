"""Run-time lists: Python lists of numbers whose length is known at run time only.

In: a List whose content is `Numbers`, and Python's operations on lists. Out: new Numbers in the
List, or elements. The one idea: the content is an immutable tensor, so append is a concatenation
and the List object, which all aliases share, is given the new content.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fleet.dialects import numpy, tensor
from fleet.evaluator.values import choosing, classes, number_lists, numbers, objects, sizes
from fleet.evaluator.values.emitter import KIND_DTYPES, SCALARS, Emitter, tensor_type
from fleet.evaluator.values.heap import List, sites_of
from fleet.evaluator.values.ndarrays import (
    arrays,
    elementwise,
    reductions,
    selections,
    tensors,
    views,
)
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.then import (
    Array,
    Number,
    Numbers,
    Object,
    Range,
    Tensor,
    Text,
    dim_type,
    is_run_time_list,
)


def length(e: Emitter, items: Numbers) -> Length:
    return items.length()


def to_numbers(e: Emitter, items: Any, why: str, kind: str | None = None) -> Numbers:
    """A list, tuple, range or bytes as run-time numbers of one kind. Raises FleetError."""
    match items:
        case Numbers():
            return items
        case List() if items.run_time is not None:
            return items.run_time
        case Range():
            made = tensors.tensor(e, arrays.asarray(e, items))
            return Numbers(e, "int", made.value, made.dims[0], items.count)
        case Text():
            return _text_numbers(e, items)
    values = list(items)
    kinds = {numbers.plain_kind_of(value) for value in values} or {kind}
    if kind is not None:
        kinds.add(kind)
    if len(kinds) != 1 or None in kinds:
        raise e.error(
            f"{why}, so this list must hold numbers of one kind (int, float or bool)",
            "keep other objects in lists whose length and subscripts are known at build time",
        )
    (only,) = kinds
    dtype = KIND_DTYPES[only]
    if any(isinstance(value, Number) for value in values):
        natives = [e.plain(e.number(value)) for value in values]
        made = e.value(numpy.stack, natives, types=[tensor_type((len(values),), dtype)])
        return Numbers(e, only, made, len(values))
    return Numbers(e, only, e.dense(np.array(values, dtype)), len(values))


def _one_kind(items: Any) -> bool:
    """Whether known items are numbers of one kind."""
    kinds = {numbers.plain_kind_of(item) for item in items}
    return len(kinds) == 1 and None not in kinds


def _text_numbers(e: Emitter, text: Text) -> Numbers:
    data = Tensor(text.native, (text.size,), np.dtype("uint8"))
    part = tensors.cast_tensor(e, data, np.dtype("int64"))
    return Numbers(e, "int", part.value, text.size)


def as_tensor(items: Numbers) -> Tensor:
    return Tensor(items.native, (items.size,), KIND_DTYPES[items.kind])


def get_item(e: Emitter, items: Numbers, key: Any, name: str = "list") -> Any:
    """items[key]: an element, or a new list for a slice."""
    if items.is_mixed:
        return items.get_item(key, name)
    size = length(e, items)
    if isinstance(key, slice):
        part, count = selections.of_slice(e, as_tensor(items), key, size)
        return List(e.heap, run_time=Numbers(e, items.kind, part.value, part.dims[0], count))
    key = subscript(e, key, name)
    at = views.position_of(e, key, size, f"{name} index out of range")
    return Number(e, items.kind, items.extract(at))


def subscript(e: Emitter, key: Any, name: str) -> Length:
    if isinstance(key, Number) and key.kind in ("int", "bool"):
        return numbers.to_int(e, key)
    if isinstance(key, Object):
        return objects.to_number(e, key)
    if isinstance(key, arrays.Array) and not key.dims and key.dtype.kind in "iu":
        return tensors.to_number(e, key)
    if isinstance(key, int | np.integer):
        return int(key)
    raise TypeError(f"{name} indices must be integers or slices, not {type(key).__name__}")


def known_get_item(e: Emitter, items: Any, key: Any) -> Any:
    """An element of a known list, tuple or range at a position that run time knows."""
    name = type(items).__name__
    if isinstance(items, range):
        span = Range(e, items.start, items.stop, items.step, len(items))
        return range_get_item(e, span, key)
    if len({numbers.plain_kind_of(value) for value in items} - {None}) != 1 or None in map(
            numbers.plain_kind_of, items):  # fmt: skip
        return _chosen(e, items, key, name)
    why = f"the subscript of this {name} is known at run time only"
    return get_item(e, to_numbers(e, items, why), key, name)


MAX_CHOICES = 256
"""Items of a list among which run time may choose."""


def _chosen(e: Emitter, items: Any, key: Any, name: str) -> Any:
    """One of several objects of any types: a union whose tag is the position."""
    e.heap.tabulate(items)
    if isinstance(key, slice) or len(items) > MAX_CHOICES:
        raise e.error(
            f"the subscript of this {name} is known at run time only, and it holds more than "
            "numbers of one kind",
            f"lists of up to {MAX_CHOICES} objects can be subscripted so",
        )
    at = views.position_of(e, subscript(e, key, name), len(items), f"{name} index out of range")
    if isinstance(at, int):
        return items[at]
    first = items[0]
    if isinstance(first, tuple) and len({(type(item), len(item)) for item in items}) == 1:
        row = [known_get_item(e, column, at) for column in zip(*items, strict=True)]
        return tuple.__new__(type(first), row)
    if all(item is first for item in items):
        return first
    return choosing.union(e, e.plain(at), items)


def range_get_item(e: Emitter, items: Range, key: Any) -> Any:
    if isinstance(key, slice):
        raise e.error("slices of a range with run-time bounds are not supported")
    at = views.position_of(e, key, items.count, "range object index out of range")
    return range_item(e, items, at)


def range_item(e: Emitter, items: Range, position: Length) -> Length:
    """The item at a position that is in the range, so that 64 bits hold it."""
    distance = numbers.wrapping(e, "mul", position, items.step)
    return numbers.wrapping(e, "add", items.start, distance)


def concatenate(e: Emitter, a: Any, b: Any) -> List:
    """a + b, one of them a run-time list."""
    kinds = {_kind_of(value) for value in (a, b) if isinstance(value, list) and (
        is_run_time_list(value) or value)}  # fmt: skip
    if len(kinds) > 1 and isinstance(a, list) and isinstance(b, list):
        content = [value.run_time if is_run_time_list(value) else objects.shallow(value)
                   for value in (a, b)]  # fmt: skip
        return objects.operator(e, "add", *content, gives=list)
    if not isinstance(a, list) or not isinstance(b, list):
        raise numbers.unsupported("+", a, b)
    return List(e.heap, run_time=joined(e, [a, b]))


def _kind_of(items: List) -> str | None:
    """The kind of a list's numbers; None where it holds others."""
    if items.run_time is not None:
        return items.run_time.kind
    return numbers.plain_kind_of(items[0]) if _one_kind(items) else None


def joined(e: Emitter, lists: list[Any]) -> Numbers:
    kinds = [items.run_time.kind for items in lists if is_run_time_list(items)]
    kinds += [items.kind for items in lists if isinstance(items, Numbers)]
    why = "it is joined with a list that is known at run time only"
    parts = [to_numbers(e, items, why, kinds[0]) for items in lists]
    size = 0
    for part in parts:
        size = sizes.plus(size, part.size)
    kind = tensor_type(dim_type((size,)), KIND_DTYPES[kinds[0]])
    natives = [part.native for part in parts]
    made = e.value(numpy.concatenate, natives, types=[kind], axis=0)
    return Numbers(e, kinds[0], made, size, _sum_of_counts(e, parts))


def _sum_of_counts(e: Emitter, parts: list[Numbers]) -> Length | None:
    """How many numbers there are in all, if that is known but for their arrays."""
    total: Length = 0
    for part in parts:
        count = part.size if isinstance(part.size, int) else part.count
        if count is None:
            return None
        total = numbers.wrapping(e, "add", total, count)
    return total


def repeat(e: Emitter, items: Any, times: Length) -> Any:
    """items * times, of a list, str or bytes."""
    if isinstance(items, List) and items.run_time is None and not _one_kind(items):
        if items.site is not None and any(
                isinstance(one, Array) and not one.scalar for one in items):
            whole = objects.make(e, items, id(items.site))
            made = objects.operator(e, "mul", whole, times, gives=list)
            return e.array_lists.holds(made, whole.site)
        made = objects.operator(e, "mul", objects.shallow(items), times, gives=list)
        return e.array_lists.holds(made, number_lists.items_of(items))
    times = numbers.maximum(e, numbers.to_int(e, times), 0)
    if isinstance(items, list):
        content = to_numbers(e, items, "its length is known at run time only")
        part = as_tensor(content)
    else:
        content = e.text(items)
        part = Tensor(content.native, (content.size,), np.dtype("uint8"))
    size = e.dim(part.value, 0, part.dims[0])
    total = size * times
    if isinstance(size, int) and size == 1:
        element = e.value(tensor.extract, part.value, [e.index(0)], types=[part.value.type.element])
        kind = tensor_type(dim_type((tensors.dim_of(total),)), part.dtype)
        made = e.value(numpy.full, element, tensors.operands_for(e, [total]), types=[kind])
    else:
        numbers_to = arrays.arange(e, 0, 1, total, np.dtype("int64"))
        nonzero = numbers.maximum(e, size, 1)
        at = elementwise.ufunc(e, "remainder", numbers_to, arrays.asarray(e, nonzero))
        made = tensors.tensor(e, selections.take(e, tensors.wrap(e, part), at, 0)).value
    if isinstance(content, Text):
        return Text(e, content.kind, made, tensors.dim_of(total))
    return List(e.heap, run_time=Numbers(e, content.kind, made, tensors.dim_of(total), total))


def write(
    e: Emitter, owner: List, items: Numbers, method: str, *arguments: Any, **named: Any
) -> Any:
    """A mutating method of a run-time list; the heap has been told."""
    if named.keys() - {"reverse"} or (
            e.heap.is_conditional and _moves_many(method, arguments) and sites_of(owner)):
        raise e.heap.outgrown(owner)
    match method, arguments:
        case "append", (value,) if numbers.plain_kind_of(value) != items.kind:
            raise e.heap.mix(owner, [value])
        case "insert", (_, value) if numbers.plain_kind_of(value) != items.kind:
            raise e.heap.outgrown(owner)
        case "append", (value,):
            longer = joined(e, [items, [value]])
            begun, more = items.grown or (items, 0)
            longer.grown = begun, more + 1
            owner.run_time = longer
        case "extend" | "__iadd__", (values,):
            at_once = classes.of_ours(values, "at_once")
            whole = values if at_once is None else at_once() or values
            known = isinstance(whole, list | tuple | str | set | frozenset | dict)
            if known and kinds_in(whole) - {items.kind}:
                raise e.heap.mix(owner, _samples(whole))
            owner.run_time = joined(e, [items, whole])
            return owner if method == "__iadd__" else None
        case "insert", (at, value):
            owner.run_time = _inserted(e, items, at, value)
        case "pop", ():
            return _pop(e, owner, items)
        case "pop", (at,):
            owner.run_time, item = edited(e, owner, items, "pop", at, gives=items.kind)
            return item
        case "remove", (value,) if numbers.kind_of(value):
            owner.run_time, _ = edited(e, owner, items, "remove", value)
        case "sort", ():
            owner.run_time = ordered(e, items, named.get("reverse", False)).run_time
        case "__delitem__", (key,):
            owner.run_time, _ = edited(e, owner, items, "delitem", key)
        case "reverse", ():
            size = length(e, items)
            part = views.slice_tensor(e, as_tensor(items), [(size - 1, size, -1)])
            owner.run_time = Numbers(e, items.kind, part.value, part.dims[0])
        case "clear", ():
            owner.run_time = Numbers(
                e, items.kind, e.dense(np.zeros(0, KIND_DTYPES[items.kind])), 0
            )
        case "__setitem__", (key, value) if not isinstance(key, slice) and (
            numbers.plain_kind_of(value) == items.kind
        ):
            owner.run_time = _replaced(e, items, key, value)
        case "__setitem__", (key, value) if not isinstance(key, slice):
            raise e.heap.mix(owner, [value])
        case _:
            raise e.heap.outgrown(owner)
    return None


def kinds_in(items: Any) -> set[str | None]:
    """The kinds of numbers in a list, tuple or the like; None for what is no number."""
    if not is_run_time_list(items):
        return set(map(numbers.plain_kind_of, items))
    return {None} if items.run_time.is_mixed else {items.run_time.kind}


def _samples(items: Any) -> list[Any]:
    """Values of the kinds that are in a list or tuple."""
    if not is_run_time_list(items):
        return list(items)
    kinds = items.run_time.kinds if items.run_time.is_mixed else (items.run_time.kind,)
    return samples(kinds)


_SAMPLES = {"int": 0, "float": 0.0, "bool": False, "none": None}


def samples(kinds: Iterable[str]) -> list[Any]:
    """A value of each kind."""
    return [_SAMPLES[kind] for kind in kinds]


def _moves_many(method: str, arguments: tuple[Any, ...]) -> bool:
    """Whether numbers behind the one that comes or goes move, which Python does at once, and an
    array of numbers anew: what is done again and again is done with the run's own lists."""
    match method, arguments:
        case "pop", (at,):
            return at != -1 if isinstance(at, int) else True
        case "insert" | "remove", _:
            return True
    return False


def _inserted(e: Emitter, items: Numbers, at: Length, value: Any) -> Numbers:
    size = length(e, items)
    start, count, _ = views.span_of(e, slice(at, None), size)
    head = views.slice_tensor(e, as_tensor(items), [(0, size - count, 1)])
    tail = views.slice_tensor(e, as_tensor(items), [(start, count, 1)])
    ends = [Numbers(e, items.kind, part.value, part.dims[0]) for part in (head, tail)]
    result = joined(e, [ends[0], [value], ends[1]])
    result.size = sizes.plus(items.size, 1)
    return result


def _pop(e: Emitter, owner: List, items: Numbers) -> Any:
    size = length(e, items)
    numbers.require(e, numbers.compare(e, "gt", size, 0), "IndexError", "pop from empty list")
    last = size - 1
    if isinstance(last, Number):
        last.size = sizes.length()
    element = e.value(tensor.extract, items.native, [e.index(last)], types=[SCALARS[items.kind]])
    part = views.slice_tensor(e, as_tensor(items), [(0, last, 1)])
    owner.run_time = Numbers(e, items.kind, part.value, part.dims[0])
    return Number(e, items.kind, element)


def _replaced(e: Emitter, items: Numbers, key: Any, value: Any) -> Numbers:
    size = length(e, items)
    key = subscript(e, key, "list")
    at = views.position_of(e, key, size, "list assignment index out of range")
    new = e.value(
        tensor.insert, e.plain(e.number(value)), items.native, [e.index(at)],
        types=[items.native.type],
    )  # fmt: skip
    return Numbers(e, items.kind, new, items.size, items.count)


def ordered(e: Emitter, items: Numbers, reverse: Any) -> List:
    """sorted(items, reverse=reverse)."""
    made, _ = edited(e, None, items, "sort", reverse=reverse)
    return List(e.heap, run_time=made)


def edited(
    e: Emitter, owner: Any, items: Numbers, name: str, *arguments: Any, gives: str | None = None,
    **named: Any,
) -> tuple[Numbers, Any]:  # fmt: skip
    """The numbers after a method of list, or an operator, on them, and what that gives.

    owner: the list whose content they are.
    """
    operands = [("list", items.native)]
    operands += [objects.operand(e, one) for one in (*arguments, *named.values())]
    results = [("list", tensor_type((None,), KIND_DTYPES[items.kind]))]
    if gives is not None:
        results.append((gives, SCALARS[gives]))
    if owner is not None and any(map(e.catchable, ("IndexError", "ValueError", "TypeError"))):
        raise e.heap.outgrown(owner)
    made, *rest = e.host(
        "edit", [native for _, native in operands if native is not None],
        [kind for kind, _ in operands], results, name=name, named=list(named),
        silent=gives is None,
    )  # fmt: skip
    return Numbers(e, items.kind, made), Number(e, gives, rest[0]) if rest else None


def contains(e: Emitter, items: Numbers, value: Any) -> Any:
    """`value in items`."""
    if items.is_mixed:
        return objects.operator(e, "contains", items, value, gives="bool")
    exact: Any = True
    if {items.kind, numbers.kind_of(value)} == {"int", "float"}:  # as one of its kind, if it is one
        before, value = value, _of_kind(e, items.kind, value)
        exact = numbers.compare(e, "eq", before, value)
    found = elementwise.ufunc(e, "equal", tensors.wrap(e, as_tensor(items)), value)
    found = arrays.asarray(e, reductions.reduce(e, "any", found, (0,), False))
    return numbers.both(e, exact, tensors.to_number(e, found))


def _of_kind(e: Emitter, kind: str, value: Any) -> Number:
    """The nearest float to an int, or any int for a float that is none."""
    if kind == "float":
        return numbers.to_float(e, value)
    return Number(e, "int", e.value(numpy.cast, e.number(value).native, types=[SCALARS["int"]]))
