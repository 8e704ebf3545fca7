"""The kinds of values that are not made of others, and `Known` for what is the same on all paths.

In: the values of one place. Out: what they are as SSA values, and what fits another kind as well.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from fleet.evaluator.values import classes, fixed, lists, longs, mixed, objects, sizes
from fleet.evaluator.values.characters import Character
from fleet.evaluator.values.emitter import KIND_DTYPES, SCALARS, Emitter
from fleet.evaluator.values.extents import (
    Extent,
    Open,
    dims_of,
    fitted,
    join_dims,
    type_with,
    zeros_of,
)
from fleet.evaluator.values.heap import SITED, SPLIT, List, sites_of
from fleet.evaluator.values.identity import same
from fleet.evaluator.values.kinds.tagged import Plain
from fleet.evaluator.values.ndarrays import layout, tensors
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.then import (
    UNREADABLE,
    Array,
    Number,
    Numbers,
    Object,
    Places,
    Range,
    Tensor,
    Text,
)
from fleet.integers import LEAST, MOST
from fleet.ir.core import Value
from fleet.ir.types import Type, i64

_BYTE = np.dtype("uint8")


@dataclass(frozen=True)
class NumberKind(Plain):
    kind: str
    least: int | None = None
    size: Dim | None = None
    """For ints, what is known of the value on all paths."""

    def types(self) -> list[Type]:
        return [SCALARS[self.kind]]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        return [e.plain(e.number(value))]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Number:
        size = self.size
        if size is None and self.kind == "int":
            size = sizes.fresh(self.least)
        return Number(e, self.kind, next(values), size)

    def join(self, other: Any) -> Any:
        if isinstance(other, LongKind):
            return other.join(self)
        if not isinstance(other, NumberKind) or other.kind != self.kind:
            return None
        unbounded = None in (self.least, other.least)
        least = None if unbounded else min(self.least, other.least)
        return NumberKind(self.kind, least, self.size if self.size == other.size else None)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, SCALARS[self.kind])]

    def can_be_object(self) -> bool:
        return True


@dataclass(frozen=True)
class LongKind(Plain):
    """An int of two words, and between which numbers it is."""

    least: int
    most: int

    def types(self) -> list[Type]:
        return [i64, i64]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        whole = longs.of(e, value)
        return [whole.low, whole.high]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> longs.Long:
        return longs.Long(e, next(values), next(values), self.least, self.most)

    def join(self, other: Any) -> Any:
        if isinstance(other, NumberKind) and other.kind == "int":
            least = LEAST if other.least is None else max(other.least, LEAST)
            return long_kind(min(self.least, least), max(self.most, MOST))
        if isinstance(other, LongKind):
            return long_kind(min(self.least, other.least), max(self.most, other.most))
        return ObjectKind() if isinstance(other, ObjectKind) and other.factory is None else None

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64), e.constant(0, i64)]

    def can_be_object(self) -> bool:
        return True


_RUNGS = ((0, longs.WORD), (LEAST, longs.WORD), (longs.LOWEST, longs.HIGHEST))


def long_kind(least: int, most: int) -> LongKind:
    """The narrowest of few, so that what a loop carries settles."""
    return next(LongKind(*rung) for rung in _RUNGS if rung[0] <= least and most <= rung[1])


@dataclass(frozen=True)
class TextKind(Plain):
    kind: str
    extent: Extent

    def types(self) -> list[Type]:
        return [type_with((self.extent,), _BYTE)]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        return [fitted(e, e.text(value).native, self.types()[0])]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Text:
        return Text(e, self.kind, next(values), dims_of((self.extent,))[0])

    def join(self, other: Any) -> Any:
        if isinstance(other, CharacterKind):
            return other.join(self)
        if not isinstance(other, TextKind) or other.kind != self.kind:
            return None
        return TextKind(self.kind, join_dims(self.extent, other.extent))

    def placeholder(self, e: Emitter) -> list[Value]:
        return [zeros_of(e, (self.extent,), _BYTE)]

    def can_be_object(self) -> bool:
        return True


@dataclass(frozen=True)
class CharacterKind(Plain):
    """A str of one character, as its code point."""

    def types(self) -> list[Type]:
        return [i64]

    def pack_one(self, e: Emitter, value: Character) -> list[Value]:
        return [value.code.native]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Character:
        return Character(e, Number(e, "int", next(values), sizes.fresh(0, sys.maxunicode)))

    def join(self, other: Any) -> Any:
        if isinstance(other, CharacterKind):
            return self
        if isinstance(other, TextKind) and other.kind == "str":
            return TextKind("str", Open())
        return None

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64)]

    def can_be_object(self) -> bool:
        return True


@dataclass(frozen=True)
class TensorKind(Plain):
    """An array, a NumPy scalar, or (`form` "content") what an array's storage holds.

    order: of an array's axes in memory, see `heap.Cell`; kept: whether the run keeps its storage,
    so that a copy of it may not be what it is by now.
    """

    dtype: np.dtype
    extents: tuple[Extent, ...]
    form: str
    order: layout.Order = ()
    kept: bool = False

    def types(self) -> list[Type]:
        return [type_with(self.extents, self.dtype)]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        content = value.copied() if isinstance(value, Array) else value
        return [fitted(e, tensors.tensor(e, content).value, self.types()[0])]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        content = Tensor(next(values), dims_of(self.extents), self.dtype)
        if self.form == "content":
            return content
        made = tensors.wrap(e, content, scalar=self.form == "scalar", order=self.order)
        if self.form == "array":
            made.frozen = SPLIT
        if self.kept:
            made.sources = UNREADABLE
        return made

    def join(self, other: Any) -> Any:
        if isinstance(other, KeptKind):
            other = other.copy
        if not isinstance(other, TensorKind) or other.dtype != self.dtype:
            return None
        if other.form != self.form or len(other.extents) != len(self.extents):
            return None
        joined = tuple(map(join_dims, self.extents, other.extents))
        order = self.order if self.order == other.order else None
        return TensorKind(self.dtype, joined, self.form, order, self.kept or other.kept)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [zeros_of(e, self.extents, self.dtype)]

    def can_be_object(self) -> bool:
        return self.form == "scalar"


@dataclass(frozen=True)
class KeptKind(Plain):
    """An array that the run keeps: whoever has it has the one, see `array_lists.Keeper`."""

    kind: TensorKind

    @property
    def copy(self) -> TensorKind:
        """What joins with other arrays."""
        return replace(self.kind, kept=True)

    def types(self) -> list[Type]:
        return [i64]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        return [value.cell.keeper.native]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        return e.array_lists.kept(next(values), self.kind)

    def join(self, other: Any) -> Any:
        if not isinstance(other, KeptKind):
            return self.copy.join(other)
        joined = self.kind.join(other.kind)
        return None if joined is None else KeptKind(joined)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64)]


@dataclass(frozen=True)
class NumbersKind(Plain):
    """The content of a run-time list."""

    kind: str
    extent: Extent
    fresh_list: bool = False
    """Whether the value is a List of its own rather than the content of one."""
    sites: frozenset[int] = field(default=frozenset(), compare=False)
    """Which expressions may have made it: see heap.SITED."""

    def types(self) -> list[Type]:
        return [type_with((self.extent,), KIND_DTYPES[self.kind])]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        why = "it changes in a run-time branch or loop"
        items = lists.to_numbers(e, value, why, self.kind)
        return [fitted(e, items.native, self.types()[0])]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        made = Numbers(e, self.kind, next(values), dims_of((self.extent,))[0])
        return _as_list(e, made, self.sites) if self.fresh_list else made

    def join(self, other: Any) -> Any:
        if isinstance(other, Known) and self.fresh_list and _is_empty_list(other.value):
            sites = self.sites | sites_of(other.value)
            return NumbersKind(self.kind, join_dims(self.extent, 0), True, sites)
        if isinstance(other, MixedKind):
            return other.join(self)
        if not isinstance(other, NumbersKind) or other.kind != self.kind:
            return None
        extent = join_dims(self.extent, other.extent)
        fresh = self.fresh_list and other.fresh_list
        return NumbersKind(self.kind, extent, fresh, self.sites | other.sites)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [zeros_of(e, (self.extent,), KIND_DTYPES[self.kind])]

    def can_be_object(self) -> bool:
        return True


@dataclass(frozen=True)
class MixedKind(Plain):
    """The content of a list of several kinds of numbers. extent: how many items there are."""

    kinds: frozenset[str]
    extent: Extent
    fresh_list: bool = False
    """This one and the next as those of `NumbersKind`."""
    sites: frozenset[int] = field(default=frozenset(), compare=False)

    def types(self) -> list[Type]:
        extent = self.extent * mixed.WORDS if isinstance(self.extent, int) else Open()
        return [type_with((extent,), mixed.WORD)]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        return [fitted(e, mixed.of(e, value, self.kinds, self.sites).words, self.types()[0])]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        count = self.extent if isinstance(self.extent, int) else None
        made = mixed.Mixed(e, self.kinds, next(values), self.sites, count)
        return _as_list(e, made, self.sites) if self.fresh_list else made

    def join(self, other: Any) -> Any:
        if isinstance(other, Known) and self.fresh_list and _is_empty_list(other.value):
            sites = self.sites | sites_of(other.value)
            return replace(self, extent=join_dims(self.extent, 0), sites=sites)
        if isinstance(other, MixedKind):
            kinds = self.kinds | other.kinds
        elif isinstance(other, NumbersKind) and other.kind in mixed.TAGS:
            kinds = self.kinds | {other.kind}
        else:
            return None
        fresh = self.fresh_list and other.fresh_list
        extent = join_dims(self.extent, other.extent)
        return MixedKind(kinds, extent, fresh, self.sites | other.sites)

    def placeholder(self, e: Emitter) -> list[Value]:
        type = self.types()[0]
        return [zeros_of(e, type.shape if type.is_static else (Open(),), mixed.WORD)]

    def can_be_object(self) -> bool:
        return True


@dataclass(frozen=True, eq=False)
class ObjectKind(Plain):
    """One of the run's objects; `kind`: its class, if it is always the same."""

    kind: type | None = None
    factory: Any = None
    site: int | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectKind) and (
            self.kind is other.kind and self.factory is other.factory and self.site == other.site
        )

    __hash__ = None

    def types(self) -> list[Type]:
        return [i64]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        return [objects.box(e, objects.owner_of(value)).native if isinstance(value, Object)
                else objects.box(e, value).native]  # fmt: skip

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Object:
        made = Object(e, self.kind, next(values))
        made.factory, made.site = self.factory, self.site
        return made

    def join(self, other: Any) -> Any:
        if isinstance(other, ObjectKind):
            if self.factory is not other.factory:
                return None
            kind = self.kind if self.kind is other.kind else None
            site = self.site if self.site == other.site else None
            return ObjectKind(kind, self.factory, site)
        if self.factory is not None or not other.can_be_object():
            return None
        is_tuple = self.kind is tuple and isinstance(other, Plain) and other.as_tuple()
        return ObjectKind(tuple) if is_tuple else ObjectKind()

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64)]

    def can_be_object(self) -> bool:
        return self.factory is None


@dataclass(frozen=True)
class RangeKind(Plain):
    """A range of run time. step: its step, where that is the same on all paths."""

    step: int | None = None

    @staticmethod
    def of(value: range | Range) -> RangeKind:
        return RangeKind(None if isinstance(value.step, Number) else value.step)

    def types(self) -> list[Type]:
        return [i64] * (3 if self.step is not None else 4)

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        count = len(value) if isinstance(value, range) else value.count
        parts = [value.start, value.stop, count] + [value.step] * (self.step is None)
        return [e.plain(e.number(part)) for part in parts]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Range:
        start, stop = (Number(e, "int", next(values)) for _ in range(2))
        count = Number(e, "int", next(values), sizes.fresh(0))
        step = Number(e, "int", next(values)) if self.step is None else self.step
        return Range(e, start, stop, step, count)

    def join(self, other: Any) -> Any:
        if isinstance(other, Known) and isinstance(other.value, range):
            other = RangeKind.of(other.value)
        if isinstance(other, RangeKind):
            return RangeKind(self.step if self.step == other.step else None)
        return other.join(self) if isinstance(other, ObjectKind) else None

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64) for _ in self.types()]

    def can_be_object(self) -> bool:
        return True


@dataclass(frozen=True, eq=False)
class Known:
    """A value that is the same on all paths. `also`: as what it can join others, if so."""

    value: Any
    also: Any = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and same(self.value, other.value)

    __hash__ = None

    def types(self) -> list[Type]:
        return []

    def pack(self, e: Emitter, value: Any) -> list[Value]:
        return []

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        return self.value

    def join(self, other: Any) -> Any:
        if isinstance(other, Known) and isinstance(self.value, Places) and (
                isinstance(other.value, Places)):  # fmt: skip
            return Known(Places(self.value | other.value))
        widens = isinstance(other, NumbersKind | MixedKind | ObjectKind | RangeKind)
        return other.join(self) if widens else None

    def placeholder(self, e: Emitter) -> list[Value]:
        return []

    def can_be_object(self) -> bool:
        value = self.value
        if fixed.is_member(value) or fixed.is_callable(value):
            return True
        return value is None or type(value) in SITED or (
            isinstance(value, int | float | complex | str | bytes)
            and not classes.is_of_numbers(value)
        )


def _as_list(e: Emitter, made: Numbers, sites: Any) -> List:
    """A list of its own, with this content; sites: the expressions that may have made it."""
    result = List(e.heap, run_time=made)
    result.split = True
    result.site = sites or None
    return result


def _is_empty_list(value: Any) -> bool:
    """Whether it is a list that a list of numbers of any kind can stand for."""
    return isinstance(value, List) and value.run_time is None and not value
