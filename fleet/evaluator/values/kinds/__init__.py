"""What can flow out of a run-time branch or around a run-time loop, and as which SSA values.

In: the values that one place has on two paths. Out: a `Kind` that fits both: how many SSA values
of which types, how to take a value apart into them and put it together again. The one idea: joining
widens, never converts: a known 3 and a known 4 join to a run-time int, lengths 3 and 4 to `?`; an
int and a float, which Python prints differently, become a union with a tag that says which it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from fleet.dialects import tensor
from fleet.evaluator.values import classes, exceptions, fixed, longs, mixed, numbers, sizes
from fleet.evaluator.values.characters import Character
from fleet.evaluator.values.choosing import by_tag
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.extents import Open
from fleet.evaluator.values.heap import MISSING, Composite, Journal, List, sites_of, state_of
from fleet.evaluator.values.identity import same
from fleet.evaluator.values.kinds.object_arrays import ObjectsKind
from fleet.evaluator.values.kinds.simple import (
    CharacterKind,
    KeptKind,
    Known,
    MixedKind,
    NumberKind,
    NumbersKind,
    ObjectKind,
    RangeKind,
    TensorKind,
    TextKind,
    long_kind,
)
from fleet.evaluator.values.kinds.tables import RowKind, RowsKind
from fleet.evaluator.values.kinds.tagged import Plain
from fleet.evaluator.values.ndarrays import layout
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.single import PLACES, ROW, is_object_array
from fleet.evaluator.values.tables import Part, Row
from fleet.evaluator.values.then import (
    Array,
    Number,
    Numbers,
    Object,
    Range,
    Tensor,
    Text,
    Union,
    Unusable,
)
from fleet.ir.core import Value
from fleet.ir.types import ComplexType, TensorType, Type, i64


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
        if any(item is None for item in joined):
            return None
        found = TupleKind(tuple(joined), self.form)
        return ObjectKind(tuple) if depth(found) > MAX_DEPTH and found.as_tuple() else found

    def placeholder(self, e: Emitter) -> list[Value]:
        return [value for item in self.items for value in item.placeholder(e)]

    def can_be_object(self) -> bool:
        own = self.form is not tuple and classes.special_methods(self.form)
        return not own and all(item.can_be_object() for item in self.items)

    def as_tuple(self) -> bool:
        return self.form is tuple and self.can_be_object()


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


MAX_CHOICES = 12
"""Of a union; what would need more is one of the run's objects, if it can be."""
MAX_KNOWN = 128
"""How many values that are themselves there may be in a union, where some of them cannot be such
objects."""
MAX_LENGTHS = 3
"""Of the tuples of a union; with more, they are one of the run's tuples, of any length."""
MAX_DEPTH = 5
"""Of tuples within tuples that branches or iterations give; deeper ones are the run's."""


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
        loose = None
        for number, choice in enumerate(self.choices):
            if isinstance(choice, Known):
                continue
            joined = choice if choice == kind else choice.join(kind)
            if joined == choice:
                return number
            if loose is None and joined is not None:
                loose = number
        if loose is None:  # a list that has other names, which will have to be the run's
            loose = next((number for number, choice in enumerate(self.choices)
                          if isinstance(choice, ObjectKind) and choice.join(Known(value))), None)
        if loose is None:
            raise AssertionError("a value that its kind was not widened to")
        return loose

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

    def can_be_object(self) -> bool:
        return all(choice.can_be_object() for choice in self.choices)


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


Kind = (
    NumberKind | TextKind | CharacterKind | TensorKind | KeptKind | NumbersKind | MixedKind
    | RowsKind | RowKind | ObjectKind | ObjectsKind | RangeKind | TupleKind | ExceptionKind | Known
    | UnionKind
)  # fmt: skip


def choices_of(kind: Kind) -> tuple[Kind, ...]:
    return kind.choices if isinstance(kind, UnionKind) else (kind,)


def is_tuple(kind: Kind | None) -> bool:
    """Whether one of the run's tuples, of any length, can stand for each value of a kind."""
    return kind is not None and all(
        isinstance(one, TupleKind) and one.as_tuple() for one in choices_of(kind)
    )


def have_many_lengths(found: Iterable[Kind | None]) -> bool:
    """Whether tuples of these kinds, in one place, are to be tuples of any length."""
    return len({
        (len(one.items), depth(one)) for kind in found if is_tuple(kind) for one in choices_of(kind)
    }) > MAX_LENGTHS  # fmt: skip


def depth(kind: Kind) -> int:
    """How many tuples are within one another."""
    inner = max((depth(part) for one in choices_of(kind) for part in getattr(one, "items", ())),
                default=0)  # fmt: skip
    return inner + any(isinstance(one, TupleKind) for one in choices_of(kind))


def unite(kinds: list[Kind]) -> Kind | None:
    """The union of kinds, those that join made one, an object where it has too many choices; None
    where that cannot be."""
    if any(isinstance(kind, Known) and type(kind.value) is Unusable for kind in kinds):
        return None
    found: list[Kind] = []
    parts = [part for kind in kinds for part in choices_of(kind)]
    if have_many_lengths(parts):
        parts = [ObjectKind(tuple) if is_tuple(part) else part for part in parts]
    for kind in sorted(parts, key=lambda kind: not isinstance(kind, ObjectKind)):
        for at, other in enumerate(found):
            joined = other if other == kind else other.join(kind)
            if joined is not None:
                found[at] = joined
                break
        else:
            found.append(kind)
    if sum(not isinstance(one, ExceptionKind) for one in found) > MAX_CHOICES:
        if all(one.can_be_object() for one in found):
            return ObjectKind()
        known = [one.value for one in found if isinstance(one, Known)]
        texts_of = [id(one._node) for one in known if fixed.is_function(one)
                    and hasattr(one, "_node")]  # fmt: skip
        if len(known) > MAX_KNOWN or len(found) - len(known) > MAX_CHOICES or (
                len({*texts_of}) < len(texts_of)):  # fmt: skip
            return None  # such as functions that each iteration makes anew
    return found[0] if len(found) == 1 else UnionKind(tuple(found))


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


def copy_kind(array: Array) -> TensorKind:
    """That of a copy of an array, whoever keeps it."""
    found = kind_of(array)
    return found.copy if isinstance(found, KeptKind) else found


def kind_of(value: Any) -> Kind | None:
    """The widest description of a value as SSA values; None where there is none."""
    if value is None or value is MISSING or classes.is_of_numbers(value):
        return None
    if longs.is_long(value) and longs.is_whole(value):
        return long_kind(*longs.bounds(value))
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
            order, kept = layout.order_of_view(value), value.cell.keeper is not None
            if kept and not value.steps:
                return KeptKind(value.cell.keeper.kind)
            return TensorKind(value.dtype, value.dims, "array", order, kept)
        case np.ndarray():
            return TensorKind(value.dtype, value.shape, "content")
        case Tensor():
            return TensorKind(value.dtype, value.dims, "content")
        case Part():
            return None
        case Numbers() if value.is_table:
            return RowsKind.of(value)
        case Numbers():
            return list_kind(value, None)
        case Range():
            return RangeKind.of(value)
        case Object():
            return ObjectKind(value.kind, value.factory, value.site)
        case List() if type(value) is List and value.row is not None:
            return RowKind(value.row.table, value.row.order)
        case List() if type(value) is List and isinstance(value.content, Part):
            return None
        case List() if type(value) is List and value.content is not None and (
                value.content.is_table):  # fmt: skip
            return RowsKind.of(value.content, fresh_list=True)
        case List() if type(value) is List:
            content = list_kind(state_of(value), None)
            return content and replace(content, fresh_list=True, sites=sites_of(value))
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
        case Composite() if hasattr(value, "hosted") and (
                source := classes.of_ours(value, "object_source")) is not None:  # fmt: skip
            return kind_of(source())  # an iterator of the run's
    return _objects_kind(value) if is_object_array(value) else None


def _objects_kind(value: Any) -> ObjectsKind | None:
    """Of an array of objects, if it has them in a list of the run's."""
    own = classes.entries(value)
    row, at = kind_of(own.get(ROW)), kind_of(own.get(PLACES))
    if not isinstance(row, ObjectKind) or not isinstance(at, TensorKind):
        return None
    return ObjectsKind(type(value), row, at)


def _encoded(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")


def list_kind(state: Any, numbers_kind: str | None) -> NumbersKind | MixedKind | RowsKind | None:
    """The kind of a list's content when it is to become a run-time list."""
    if isinstance(state, Row | Part):
        return None
    if isinstance(state, Numbers) and state.is_table:
        return RowsKind.of(state)
    if isinstance(state, mixed.Mixed):
        return MixedKind(state.kinds, state.extent, sites=state.sites)
    if isinstance(state, Numbers):
        return NumbersKind(state.kind, state.size)
    kinds = {numbers.plain_kind_of(item) for item in state} or {numbers_kind}
    if len(kinds) != 1 or None in kinds:
        return None
    return NumbersKind(kinds.pop(), len(state))


def join_contents(a: Kind | None, b: Kind | None) -> Kind | None:
    """What fits both of two contents of one list, which is no union."""
    joined = join_kinds(a, b)
    return None if isinstance(joined, UnionKind) else joined


def join_kinds(a: Kind | None, b: Kind | None) -> Kind | None:
    """What fits both: one of them widened, or a union."""
    if a is None or b is None:
        return None
    if a == b:
        return a
    if _has_known_objects(a, b) or _has_known_objects(b, a):
        return None
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


def _has_known_objects(a: Kind, b: Kind) -> bool:
    """Whether a is an array of objects that are in a list of now, and b another such array: their
    lists are to be the run's."""
    if not isinstance(a, Known) or not is_object_array(a.value):
        return False
    return isinstance(b, ObjectsKind) or (
        isinstance(b, Known) and is_object_array(b.value) and b.value is not a.value)


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
        case ObjectsKind():
            return replace(kind, at=widest(kind.at))
        case KeptKind():
            return KeptKind(widest(kind.kind))
        case NumbersKind() | MixedKind():
            return replace(kind, extent=Open())
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
