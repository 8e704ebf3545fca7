"""What can flow out of a run-time branch or around a run-time loop, and as which SSA values.

In: the values that one place has on two paths. Out: a `Kind` that fits both: how many SSA values
of which types, how to take a value apart into them and put it together again. The one idea: joining
widens, never converts: a known 3 and a known 4 join to a run-time int, lengths 3 and 4 to `?`; an
int and a float, which Python prints differently, become a union with a tag that says which it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from fleet.dialects import tensor
from fleet.evaluator.values import (
    classes,
    exceptions,
    fixed,
    lists,
    longs,
    numbers,
    objects,
    sizes,
)
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
from fleet.evaluator.values.heap import (
    MISSING,
    SITED,
    SPLIT,
    Journal,
    List,
    sites_of,
    state_of,
)
from fleet.evaluator.values.ndarrays import layout, tensors
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.table_kinds import RowKind, RowsKind
from fleet.evaluator.values.tables import Row, Rows
from fleet.evaluator.values.tagged import Plain, by_tag
from fleet.evaluator.values.then import (
    UNREADABLE,
    Array,
    Number,
    Numbers,
    Object,
    Tensor,
    Text,
    Unbound,
    Union,
    Unusable,
)
from fleet.integers import LEAST, MOST
from fleet.ir.core import Value
from fleet.ir.types import ComplexType, TensorType, Type, i64

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

    def join(self, other: Kind) -> Kind | None:
        if isinstance(other, LongKind):
            return other.join(self)
        if not isinstance(other, NumberKind) or other.kind != self.kind:
            return None
        unbounded = None in (self.least, other.least)
        least = None if unbounded else min(self.least, other.least)
        return NumberKind(self.kind, least, self.size if self.size == other.size else None)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, SCALARS[self.kind])]


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

    def join(self, other: Kind) -> Kind | None:
        if isinstance(other, NumberKind) and other.kind == "int":
            least = LEAST if other.least is None else max(other.least, LEAST)
            return _long_kind(min(self.least, least), max(self.most, MOST))
        if isinstance(other, LongKind):
            return _long_kind(min(self.least, other.least), max(self.most, other.most))
        return ObjectKind() if isinstance(other, ObjectKind) and other.factory is None else None

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64), e.constant(0, i64)]


_RUNGS = ((0, longs.WORD), (LEAST, longs.WORD), (longs.LOWEST, longs.HIGHEST))


def _long_kind(least: int, most: int) -> LongKind:
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

    def join(self, other: Kind) -> Kind | None:
        if isinstance(other, CharacterKind):
            return other.join(self)
        if not isinstance(other, TextKind) or other.kind != self.kind:
            return None
        return TextKind(self.kind, join_dims(self.extent, other.extent))

    def placeholder(self, e: Emitter) -> list[Value]:
        return [zeros_of(e, (self.extent,), _BYTE)]


@dataclass(frozen=True)
class CharacterKind(Plain):
    """A str of one character, as its code point."""

    def types(self) -> list[Type]:
        return [i64]

    def pack_one(self, e: Emitter, value: Character) -> list[Value]:
        return [value.code.native]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Character:
        return Character(e, Number(e, "int", next(values), sizes.fresh(0, sys.maxunicode)))

    def join(self, other: Kind) -> Kind | None:
        if isinstance(other, CharacterKind):
            return self
        if isinstance(other, TextKind) and other.kind == "str":
            return TextKind("str", Open())
        return None

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64)]


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

    def join(self, other: Kind) -> Kind | None:
        if not isinstance(other, TensorKind) or other.dtype != self.dtype:
            return None
        if other.form != self.form or len(other.extents) != len(self.extents):
            return None
        joined = tuple(map(join_dims, self.extents, other.extents))
        order = self.order if self.order == other.order else None
        return TensorKind(self.dtype, joined, self.form, order, self.kept or other.kept)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [zeros_of(e, self.extents, self.dtype)]


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
        if not self.fresh_list:
            return made
        result = List(e.heap, run_time=made)
        result.split = True
        result.site = self.sites or None
        return result

    def join(self, other: Kind) -> Kind | None:
        if isinstance(other, Known) and self.fresh_list and _is_empty_list(other.value):
            sites = self.sites | sites_of(other.value)
            return NumbersKind(self.kind, join_dims(self.extent, 0), True, sites)
        if not isinstance(other, NumbersKind) or other.kind != self.kind:
            return None
        extent = join_dims(self.extent, other.extent)
        fresh = self.fresh_list and other.fresh_list
        return NumbersKind(self.kind, extent, fresh, self.sites | other.sites)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [zeros_of(e, (self.extent,), KIND_DTYPES[self.kind])]


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

    def join(self, other: Kind) -> Kind | None:
        if isinstance(other, ObjectKind):
            if self.factory is not other.factory:
                return None
            kind = self.kind if self.kind is other.kind else None
            site = self.site if self.site == other.site else None
            return ObjectKind(kind, self.factory, site)
        return ObjectKind() if self.factory is None and _has_object(other) else None

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64)]


def _has_object(kind: Kind) -> bool:
    """Whether values of a kind can be objects of the run's as well."""
    match kind:
        case NumberKind() | TextKind() | CharacterKind() | LongKind():
            return True
        case TensorKind():
            return kind.form == "scalar"
        case TupleKind():
            own = kind.form is not tuple and classes.special_methods(kind.form)
            return not own and all(map(_has_object, kind.items))
        case UnionKind():
            return all(map(_has_object, kind.choices))
        case ObjectKind():
            return kind.factory is None
        case Known():
            value = kind.value
            if fixed.is_member(value) or fixed.is_callable(value):
                return True
            return value is None or type(value) in SITED or (
                isinstance(value, int | float | complex | str | bytes)
                and not classes.is_of_numbers(value)
            )
    return isinstance(kind, NumbersKind)


@dataclass(frozen=True)
class TupleKind(Plain):
    """Tuples whose items join one by one; a Known item is the same object on both paths."""

    items: tuple[Kind, ...]
    form: type = tuple
    """The class, which may be one of named tuples."""

    def types(self) -> list[Type]:
        return [type for item in self.items for type in item.types()]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
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
        return None if any(item is None for item in joined) else TupleKind(tuple(joined), self.form)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [value for item in self.items for value in item.placeholder(e)]


@dataclass(frozen=True)
class ExceptionKind(Plain):
    """Exceptions of one class: what they were made with, and their own attributes, by name.

    places: where in the program they may have been raised; which of them it was travels along.
    """

    cls: type
    names: tuple[str, ...]
    parts: TupleKind
    places: frozenset[int]

    @property
    def items(self) -> tuple[Kind, ...]:
        return self.parts.items

    def types(self) -> list[Type]:
        return [*self.parts.types(), i64]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        at = e.plain(e.number(exceptions.place_of(value)))
        return [*self.parts.pack_one(e, exceptions.parts_of(value)), at]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> BaseException:
        arguments, *attributes = self.parts.unpack(e, values)
        at = Number(e, "int", next(values))
        given = dict(zip(self.names, attributes, strict=True))
        return exceptions.remade(e.heap, self.cls, arguments, given, at, self.places)

    def join(self, other: Kind) -> Kind | None:
        if not isinstance(other, ExceptionKind) or (other.cls, other.names) != (
            self.cls, self.names
        ):
            return None
        parts = self.parts.join(other.parts)
        if parts is not None and not isinstance(parts.items[0], TupleKind):
            return None  # made with other numbers of arguments
        if parts is not None and exceptions.CAUSE in self.names and (
                isinstance(parts.items[-1], UnionKind)):  # fmt: skip
            return None  # Python's exceptions have one cause
        return parts and ExceptionKind(self.cls, self.names, parts, self.places | other.places)

    def placeholder(self, e: Emitter) -> list[Value]:
        return [*self.parts.placeholder(e), e.constant(0, i64)]


@dataclass(frozen=True, eq=False)
class Known:
    """A value that is the same on all paths. `also`: as what it can join others, if so."""

    value: Any
    also: Kind | None = None

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
        return other.join(self) if isinstance(other, NumbersKind | ObjectKind) else None

    def placeholder(self, e: Emitter) -> list[Value]:
        return []


def _is_empty_list(value: Any) -> bool:
    """Whether it is a list that a list of numbers of any kind can stand for."""
    return isinstance(value, List) and value.run_time is None and not value


MAX_CHOICES = 12
"""Of a union; what would need more has no kind."""


@dataclass(frozen=True)
class UnionKind:
    """One of several kinds, with a tag that counts them. Slots of one type are shared; a NumPy
    scalar that is not complex is in one as Python's number of its type."""

    choices: tuple[Kind, ...]

    __hash__ = None

    @cached_property
    def slots(self) -> tuple[list[Type], list[list[int]]]:
        """The payload's types, and for each choice which of them it uses."""
        slots: list[Type] = []
        uses: list[list[int]] = []
        for choice in self.choices:
            free = list(range(len(slots)))
            used = []
            for type in map(_bare, choice.types()):
                at = next((i for i in free if slots[i] == type), None)
                if at is None:
                    at = len(slots)
                    slots.append(type)
                else:
                    free.remove(at)
                used.append(at)
            uses.append(used)
        return slots, uses

    def types(self) -> list[Type]:
        return [i64, *self.slots[0]]

    def number_of(self, value: Any) -> int:
        """Which of the choices a value is."""
        for number, choice in enumerate(self.choices):
            if isinstance(choice, Known) and same(choice.value, value):
                return number
        kind = describe(value)
        fits = [
            (choice.join(kind), choice, number) for number, choice in enumerate(self.choices)
            if not isinstance(choice, Known)
        ]  # fmt: skip
        for exact in (True, False):
            for joined, choice, number in fits:
                if joined is not None and (joined == choice or not exact):
                    return number
        raise AssertionError("a value that its kind was not widened to")

    def pack(self, e: Emitter, value: Any) -> list[Value]:
        slots, uses = self.slots
        given = value.choices if isinstance(value, Union) else {0: value}
        numbered = {tag: self.number_of(one) for tag, one in given.items()}
        found: list[dict[int, Value]] = [{} for _ in slots]
        for tag, one in given.items():
            number = numbered[tag]
            parts = self.choices[number].pack(e, one)
            for at, part in zip(uses[number], parts, strict=True):
                found[at][tag] = _bared(e, part)
        if not isinstance(value, Union):
            tag: Value = e.constant(numbered[0], i64)
        elif all(old == new for old, new in numbered.items()):
            tag = value.tag
        else:
            tag = by_tag(e, value.tag, {k: e.constant(n, i64) for k, n in numbered.items()})
        blank = self._blank(e) if not all(found) else []
        return [tag, *(by_tag(e, value.tag if isinstance(value, Union) else tag, parts)
                       if parts else blank[at] for at, parts in enumerate(found))]  # fmt: skip

    def _blank(self, e: Emitter) -> list[Value]:
        slots, uses = self.slots
        found: dict[int, Value] = {}
        for choice, used in zip(self.choices, uses, strict=True):
            if not set(used) <= set(found):
                blanks = [_bared(e, blank) for blank in choice.placeholder(e)]
                found |= dict(zip(used, blanks, strict=True))
        return [found[at] for at in range(len(slots))]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Union:
        slots, uses = self.slots
        tag = next(values)
        payload = [next(values) for _ in slots]
        return Union(e, tag, {
            number: choice.unpack(e, _dressed(e, choice, [payload[at] for at in used]))
            for number, (choice, used) in enumerate(zip(self.choices, uses, strict=True))
        })  # fmt: skip

    def join(self, other: Kind) -> Kind | None:
        return unite([*self.choices, *choices_of(other)])

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64), *self._blank(e)]


def _bare(type: Type) -> Type:
    """What a slot holds a value of this type as."""
    is_scalar = isinstance(type, TensorType) and type.shape == ()
    is_scalar = is_scalar and not isinstance(type.element, ComplexType)
    return type.element if is_scalar else type


def _bared(e: Emitter, value: Value) -> Value:
    if _bare(value.type) is value.type:
        return value
    return e.value(tensor.extract, value, [], types=[value.type.element])


def _dressed(e: Emitter, choice: Kind, payload: Sequence[Value]) -> Iterator[Value]:
    """A payload as the choice's types have it."""
    for type, value in zip(choice.types(), payload, strict=True):
        yield value if value.type == type else e.value(
            tensor.from_elements, [value], types=[type]
        )


Kind = (NumberKind | TextKind | CharacterKind | TensorKind | NumbersKind | RowsKind | RowKind
        | ObjectKind | TupleKind | ExceptionKind | Known | UnionKind)  # fmt: skip


def choices_of(kind: Kind) -> tuple[Kind, ...]:
    return kind.choices if isinstance(kind, UnionKind) else (kind,)


def unite(kinds: list[Kind]) -> Kind | None:
    """The union of kinds, those that join made one; None where it has too many choices."""
    if any(isinstance(kind, Known) and type(kind.value) is Unusable for kind in kinds):
        return None
    found: list[Kind] = []
    for kind in sorted(kinds, key=lambda kind: not isinstance(kind, ObjectKind)):
        for at, other in enumerate(found):
            joined = other if other == kind else other.join(kind)
            if joined is not None:
                found[at] = joined
                break
        else:
            found.append(kind)
    if sum(not isinstance(one, ExceptionKind) for one in found) > MAX_CHOICES:
        return None
    return found[0] if len(found) == 1 else UnionKind(tuple(found))


def same(a: Any, b: Any) -> bool:
    """Whether two values are one: the same object, or equal constants of one type."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if classes.is_of_numbers(a):
        return False
    if isinstance(a, bool | int | str | bytes | Unbound):
        return a == b
    if isinstance(a, float | complex | np.generic):
        return repr(a) == repr(b)
    if isinstance(a, Number):
        return a.native is b.native
    if isinstance(a, Character):
        return same(a.code, b.code)
    if isinstance(a, longs.Long):
        return a.low is b.low and a.high is b.high
    if isinstance(a, Row):
        return a.table is b.table and same(a.position, b.position)
    if isinstance(a, Rows):
        return a.whole is b.whole and same(a.count, b.count) and same(a.width, b.width)
    if isinstance(a, Text | Numbers | Object):
        return a.native is b.native
    return False


def describe(value: Any, journal: Journal | None = None) -> Kind:
    """As kind_of; what cannot be SSA values is itself.

    So is, with a journal, a list that was there before it: it has other names.
    """
    if journal is not None and type(value) is Union:
        return unite([describe(one, journal) for one in value.choices.values()]) or Known(value)
    kind = kind_of(value)
    if journal is not None and type(value) is List and not journal.is_new(value):
        return Known(value, kind)
    return kind or Known(value)


def kind_of(value: Any) -> Kind | None:
    """The widest description of a value as SSA values; None where there is none."""
    if value is None or value is MISSING or classes.is_of_numbers(value):
        return None
    if longs.is_long(value) and longs.is_whole(value):
        return _long_kind(*longs.bounds(value))
    number = numbers.kind_of(value)
    if number is not None:
        size = numbers.size_of(value)
        return NumberKind(number, None if size is None else sizes.least(size), size)
    match value:
        case Character():
            return CharacterKind()
        case str() | bytes() | Text():
            size = value.size if isinstance(value, Text) else len(_encoded(value))
            return TextKind("bytes" if isinstance(value, bytes) else
                            value.kind if isinstance(value, Text) else "str", size)  # fmt: skip
        case np.generic():
            return TensorKind(value.dtype, (), "scalar")
        case Array():
            if value.scalar:
                return TensorKind(value.dtype, (), "scalar")
            order = layout.order_of_view(value)
            kept = value.cell.keeper is not None
            return TensorKind(value.dtype, value.dims, "array", order, kept)
        case np.ndarray():
            return TensorKind(value.dtype, value.shape, "content")
        case Tensor():
            return TensorKind(value.dtype, value.dims, "content")
        case Numbers() if value.is_table:
            return RowsKind.of(value)
        case Numbers():
            return NumbersKind(value.kind, value.size)
        case Object():
            return ObjectKind(value.kind, value.factory, value.site)
        case List() if type(value) is List and value.row is not None:
            return RowKind(value.row.table, value.row.order)
        case List() if type(value) is List and value.content is not None and (
                value.content.is_table):  # fmt: skip
            return RowsKind.of(value.content, fresh_list=True)
        case List() if type(value) is List:
            content = list_kind(state_of(value), None)
            return content and NumbersKind(content.kind, content.extent, True, sites_of(value))
        case tuple():
            return TupleKind(tuple(map(describe, value)), type(value))
        case BaseException() if exceptions.is_group(value):
            return None
        case BaseException():
            parts = widest(TupleKind(tuple(map(describe, exceptions.parts_of(value)))))
            places = exceptions.places_of(value)
            return ExceptionKind(type(value), exceptions.names_of(value), parts, places)
        case Union():
            return unite(list(map(describe, value.choices.values())))
    return None


def _encoded(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")


def list_kind(state: Any, numbers_kind: str | None) -> NumbersKind | RowsKind | None:
    """The kind of a list's content when it is to become a run-time list."""
    if isinstance(state, Row):
        return None
    if isinstance(state, Numbers) and state.is_table:
        return RowsKind.of(state)
    if isinstance(state, Numbers):
        return NumbersKind(state.kind, state.size)
    kinds = {numbers.plain_kind_of(item) for item in state} or {numbers_kind}
    if len(kinds) != 1 or None in kinds:
        return None
    return NumbersKind(kinds.pop(), len(state))


def join_kinds(a: Kind | None, b: Kind | None) -> Kind | None:
    """What fits both: one of them widened, or a union."""
    if a is None or b is None:
        return None
    if a == b:
        return a
    if isinstance(a, Known) and isinstance(b, Known) and isinstance(a.value, List) and (
            a.value.row is None):  # fmt: skip
        return unite([a, b])
    for union, other in ((a, b), (b, a)):
        if isinstance(union, UnionKind) and isinstance(other, Known) and other in union.choices:
            return union
    if _is_complex(a) and _is_complex(b):
        return ObjectKind(complex)
    a, b = _unknown(a), _unknown(b)
    if isinstance(b, UnionKind):
        return unite([*choices_of(a), *b.choices])
    return a.join(b) or unite([a, b])


def _is_complex(kind: Kind) -> bool:
    if isinstance(kind, Known):
        return numbers.is_complex(kind.value)
    return isinstance(kind, ObjectKind) and kind.kind is complex


def _unknown(kind: Kind) -> Kind:
    """A known number, text or the like as one that run time knows."""
    return (kind.also or kind_of(kind.value) or kind) if isinstance(kind, Known) else kind


def opaque(kind: Kind) -> Iterator[Any]:
    """The values within a kind that are themselves: objects, functions, None."""
    if isinstance(kind, Known):
        yield kind.value
    if isinstance(kind, RowKind):
        yield kind.table
    for part in getattr(kind, "items", getattr(kind, "choices", ())):
        yield from opaque(part)


def where_found(kind: Kind, found: Callable[[Length], Length | None]) -> Kind:
    """A kind without those lengths of tables that cannot be known at another place, and the others
    as they are found there."""
    match kind:
        case RowsKind():
            return kind.where_found(found)
        case TupleKind():
            return replace(kind, items=tuple(where_found(item, found) for item in kind.items))
        case UnionKind():
            return UnionKind(tuple(where_found(one, found) for one in kind.choices))
        case ExceptionKind():
            return replace(kind, parts=where_found(kind.parts, found))
    return kind


def join(a: Any, b: Any, left: Kind | None, right: Kind | None) -> Kind | None:
    """The kind of a place that holds a, of kind left, on one path, and b on another.

    None where they do not fit.
    """
    if same(a, b):
        return Known(a)
    if a is MISSING or b is MISSING or left is None or right is None:
        return None
    if isinstance(left, TupleKind) and isinstance(right, TupleKind) and (
        left.form is right.form and len(a) == len(b)
    ):
        items = [join(*parts) for parts in zip(a, b, left.items, right.items, strict=True)]
        return None if any(item is None for item in items) else TupleKind(tuple(items), left.form)
    return join_kinds(left, right)


def widest(kind: Kind) -> Kind:
    """A kind without anything that is known of the value but its type."""
    match kind:
        case TensorKind():
            return replace(kind, extents=tuple(Open() for _ in kind.extents))
        case NumbersKind():
            return NumbersKind(kind.kind, Open(), kind.fresh_list, kind.sites)
        case RowsKind():
            return kind.widest()
        case TextKind():
            return TextKind(kind.kind, Open())
        case NumberKind():
            return NumberKind(kind.kind)
        case TupleKind():
            return TupleKind(tuple(map(widest, kind.items)), kind.form)
        case ExceptionKind():
            return replace(kind, parts=widest(kind.parts))
        case UnionKind():
            return UnionKind(tuple(map(widest, kind.choices)))
    return kind
