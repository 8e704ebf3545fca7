"""What can flow out of a run-time branch or around a run-time loop, and as which SSA values.

In: the values that one place has on two paths. Out: a `Kind` that fits both: how many SSA values
of which types, how to take a value apart into them and put it together again. The one idea: joining
widens, never converts: a known 3 and a known 4 join to a run-time int, lengths 3 and 4 to `?`, but
an int and a float do not join, because Python would print them differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet.dialects import tensor
from fleet.evaluator.values import lists, numbers, sizes, tensors
from fleet.evaluator.values.emitter import KIND_DTYPES, SCALARS, Emitter, tensor_type
from fleet.evaluator.values.heap import MISSING, SPLIT, List, state_of
from fleet.evaluator.values.sizes import Dim, Size
from fleet.evaluator.values.then import Array, Number, Numbers, Tensor, Text
from fleet.ir.core import Value
from fleet.ir.types import Type

_BYTE = np.dtype("uint8")


@dataclass(frozen=True)
class Open:
    """A dimension that differs between paths; `least` is its lower bound."""

    least: int | None = 0

    def dim(self) -> Size:
        return sizes.fresh(self.least)


Extent = Dim | Open


def _join_dims(a: Extent, b: Extent) -> Extent:
    if not isinstance(a, Open) and not isinstance(b, Open) and a == b:
        return a
    low = [x.least if isinstance(x, Open) else sizes.least(x) for x in (a, b)]
    return Open(None if None in low else min(low))


def _dims(extents: tuple[Extent, ...]) -> tuple[Dim, ...]:
    return tuple(x.dim() if isinstance(x, Open) else x for x in extents)


def _type(extents: tuple[Extent, ...], dtype: np.dtype) -> Type:
    return tensor_type(tuple(x if isinstance(x, int) else None for x in extents), dtype)


def _fit(e: Emitter, value: Value, type: Type) -> Value:
    return value if value.type == type else e.value(tensor.cast, value, types=[type])


def _zeros(e: Emitter, extents: tuple[Extent, ...], dtype: np.dtype) -> Value:
    known = np.zeros([x if isinstance(x, int) else 0 for x in extents], dtype)
    return _fit(e, e.dense(known), _type(extents, dtype))


@dataclass(frozen=True)
class NumberKind:
    kind: str
    least: int | None = None
    size: Dim | None = None
    """For ints, what is known of the value on all paths."""

    def types(self) -> list[Type]:
        return [SCALARS[self.kind]]

    def pack(self, e: Emitter, value: Any) -> list[Value]:
        return [e.plain(e.number(value))]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Number:
        size = self.size
        if size is None and self.kind == "int":
            size = sizes.fresh(self.least)
        return Number(e, self.kind, next(values), size)

    def join(self, other: Kind) -> Kind | None:
        if not isinstance(other, NumberKind) or other.kind != self.kind:
            return None
        unbounded = None in (self.least, other.least)
        least = None if unbounded else min(self.least, other.least)
        return NumberKind(self.kind, least, self.size if self.size == other.size else None)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, SCALARS[self.kind])]


@dataclass(frozen=True)
class TextKind:
    kind: str
    extent: Extent

    def types(self) -> list[Type]:
        return [_type((self.extent,), _BYTE)]

    def pack(self, e: Emitter, value: Any) -> list[Value]:
        return [_fit(e, e.text(value).native, self.types()[0])]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Text:
        return Text(e, self.kind, next(values), _dims((self.extent,))[0])

    def join(self, other: Kind) -> Kind | None:
        if not isinstance(other, TextKind) or other.kind != self.kind:
            return None
        return TextKind(self.kind, _join_dims(self.extent, other.extent))

    def placeholder(self, e: Emitter) -> list[Value]:
        return [_zeros(e, (self.extent,), _BYTE)]


@dataclass(frozen=True)
class TensorKind:
    """An array, a NumPy scalar, or (`form` "content") what an array's storage holds."""

    dtype: np.dtype
    extents: tuple[Extent, ...]
    form: str

    def types(self) -> list[Type]:
        return [_type(self.extents, self.dtype)]

    def pack(self, e: Emitter, value: Any) -> list[Value]:
        return [_fit(e, tensors.tensor(e, value).value, self.types()[0])]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        content = Tensor(next(values), _dims(self.extents), self.dtype)
        if self.form == "content":
            return content
        made = tensors.wrap(e, content, scalar=self.form == "scalar")
        if self.form == "array":
            made.frozen = SPLIT
        return made

    def join(self, other: Kind) -> Kind | None:
        if not isinstance(other, TensorKind) or other.dtype != self.dtype:
            return None
        if other.form != self.form or len(other.extents) != len(self.extents):
            return None
        joined = tuple(map(_join_dims, self.extents, other.extents))
        return TensorKind(self.dtype, joined, self.form)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [_zeros(e, self.extents, self.dtype)]


@dataclass(frozen=True)
class NumbersKind:
    """The content of a run-time list."""

    kind: str
    extent: Extent
    fresh_list: bool = False
    """Whether the value is a List of its own rather than the content of one."""

    def types(self) -> list[Type]:
        return [_type((self.extent,), KIND_DTYPES[self.kind])]

    def pack(self, e: Emitter, value: Any) -> list[Value]:
        why = "it changes in a run-time branch or loop"
        items = lists.to_numbers(e, value, why, self.kind)
        return [_fit(e, items.native, self.types()[0])]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        made = Numbers(e, self.kind, next(values), _dims((self.extent,))[0])
        if not self.fresh_list:
            return made
        result = List(e.heap, run_time=made)
        result.split = True
        return result

    def join(self, other: Kind) -> Kind | None:
        if not isinstance(other, NumbersKind) or other.kind != self.kind:
            return None
        extent = _join_dims(self.extent, other.extent)
        return NumbersKind(self.kind, extent, self.fresh_list and other.fresh_list)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [_zeros(e, (self.extent,), KIND_DTYPES[self.kind])]


@dataclass(frozen=True)
class TupleKind:
    """Tuples whose items join one by one; a Known item is the same object on both paths."""

    items: tuple[Kind, ...]
    form: type = tuple
    """The class, which may be one of named tuples."""

    def types(self) -> list[Type]:
        return [type for item in self.items for type in item.types()]

    def pack(self, e: Emitter, value: Any) -> list[Value]:
        pairs = zip(self.items, value, strict=True)
        return [packed for item, part in pairs for packed in item.pack(e, part)]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> tuple:
        return tuple.__new__(self.form, [item.unpack(e, values) for item in self.items])

    def join(self, other: Kind) -> Kind | None:
        if not isinstance(other, TupleKind) or len(other.items) != len(self.items):
            return None
        if other.form is not self.form:
            return None
        joined = [join_kinds(a, b) for a, b in zip(self.items, other.items, strict=True)]
        return None if None in joined else TupleKind(tuple(joined), self.form)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [value for item in self.items for value in item.placeholder(e)]


@dataclass(frozen=True, eq=False)
class Known:
    """A value that is the same on all paths."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and same(self.value, other.value)

    __hash__ = None

    def types(self) -> list[Type]:
        return []

    def pack(self, e: Emitter, value: Any) -> list[Value]:
        return []

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        return self.value

    def join(self, other: Kind) -> Kind | None:
        return None

    def placeholder(self, e: Emitter) -> list[Value]:
        return []


Kind = NumberKind | TextKind | TensorKind | NumbersKind | TupleKind | Known


def same(a: Any, b: Any) -> bool:
    """Whether two values are one: the same object, or equal constants of one type."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, bool | int | str | bytes):
        return a == b
    if isinstance(a, float | np.generic):
        return repr(a) == repr(b)
    if isinstance(a, Number):
        return a.native is b.native
    if isinstance(a, Text | Numbers):
        return a.native is b.native
    return False


def kind_of(value: Any) -> Kind | None:
    """The widest description of a value as SSA values; None where there is none."""
    number = numbers.kind_of(value)
    if number is not None:
        size = numbers.size_of(value)
        return NumberKind(number, None if size is None else sizes.least(size), size)
    match value:
        case str() | bytes() | Text():
            size = value.size if isinstance(value, Text) else len(_encoded(value))
            return TextKind("bytes" if isinstance(value, bytes) else
                            value.kind if isinstance(value, Text) else "str", size)  # fmt: skip
        case np.generic():
            return TensorKind(value.dtype, (), "scalar")
        case Array():
            return TensorKind(value.dtype, value.dims, "scalar" if value.scalar else "array")
        case np.ndarray():
            return TensorKind(value.dtype, value.shape, "content")
        case Tensor():
            return TensorKind(value.dtype, value.dims, "content")
        case Numbers():
            return NumbersKind(value.kind, value.size)
        case List() if type(value) is List:
            content = list_kind(state_of(value), None)
            return content and NumbersKind(content.kind, content.extent, True)
        case tuple():
            items = [kind_of(item) or Known(item) for item in value]
            return TupleKind(tuple(items), type(value))
    return None


def _encoded(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")


def list_kind(state: Any, numbers_kind: str | None) -> NumbersKind | None:
    """The kind of a list's content when it is to become a run-time list."""
    if isinstance(state, Numbers):
        return NumbersKind(state.kind, state.size)
    kinds = {numbers.kind_of(item) for item in state} or {numbers_kind}
    if len(kinds) != 1 or None in kinds:
        return None
    return NumbersKind(kinds.pop(), len(state))


def join_kinds(a: Kind | None, b: Kind | None) -> Kind | None:
    if a is None or b is None:
        return None
    return a if a == b else a.join(b)


Describe = Callable[[Any], "Kind | None"]
"""`kind_of` in the state of the program at the end of one path."""


def join(a: Any, b: Any, describe_a: Describe, describe_b: Describe) -> Kind | None:
    """The kind of a place that holds a on one path and b on another; None where they do not fit."""
    if same(a, b):
        return Known(a)
    if a is MISSING or b is MISSING:
        return None
    if isinstance(a, tuple) and type(a) is type(b) and len(a) == len(b):
        items = [join(x, y, describe_a, describe_b) for x, y in zip(a, b, strict=True)]
        return None if None in items else TupleKind(tuple(items), type(a))
    return join_kinds(describe_a(a), describe_b(b))
