"""What tables and their rows are on both paths of a branch, or around a loop (see `kinds`).

In: the values that one place has on two paths. Out: a kind that fits both. The one idea: a table is
its array, with its lengths where they differ; a row is a position in a table that is the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from fleet.evaluator.values import mixed, same_lengths, sizes, tables
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.extents import Extent, Open, dims_of, fitted, join_dims, type_with
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.kinds.tagged import Plain
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.tables import Rows
from fleet.evaluator.values.then import Number
from fleet.ir.core import Value
from fleet.ir.types import Type, index


@dataclass(frozen=True, eq=False)
class RowsKind(Plain):
    """The content of a table.

    width, count: its lengths, None where they differ between paths; element: None as long as there
    is no row; derived: whether a loop's counter says how many rows there are; grown, exact: how
    many rows each iteration of a loop adds at most, and whether each adds as many.
    """

    element: tables.Element | None
    capacity: Extent
    width: Length | None
    count: Length | None
    grown: int = 0
    exact: bool = True
    derived: bool = False
    fresh_list: bool = False
    """Whether the value is a List of its own rather than the content of one."""
    allowed: int = 0
    """This one, and the next two, as those of `Rows`."""
    since: Any = None
    order: Any = None
    mixed: bool = False
    """Whether `order` differs between paths, so that what comes after them has one of its own."""
    sites: frozenset[int] = field(default=frozenset())

    @staticmethod
    def of(rows: Rows, fresh_list: bool = False) -> RowsKind:
        made = RowsKind(rows.element, rows.capacity, rows.width, rows.count, sites=rows.sites)
        if fresh_list:
            return replace(made, fresh_list=True)
        return replace(made, grown=rows.grown, exact=rows.exact, allowed=rows.allowed,
                       since=rows.since, order=rows.order)  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowsKind) and (
            self.element == other.element and self.capacity == other.capacity
            and _same(self.width, other.width) and _same(self.count, other.count)
            and self.grown == other.grown and self.exact == other.exact
            and self.derived == other.derived and self.fresh_list == other.fresh_list
            and self.mixed == other.mixed
        )  # fmt: skip

    __hash__ = None

    def _extents(self) -> tuple[Extent, Extent]:
        words = Open() if self.width is None else tensors.dim_of(self.width)
        if not isinstance(self.element, str):
            words = words * mixed.WORDS if isinstance(words, int) else Open()
        return self.capacity, words

    def types(self) -> list[Type]:
        found: list[Type] = []
        if self.element is not None:
            found.append(type_with(self._extents(), tables.dtype_of(self.element)))
        return found + [index] * self._carried()

    def _carried(self) -> int:
        """How many of its lengths are values that travel along."""
        return (self.width is None) + (self.count is None and not self.derived)

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        rows: Rows = value.content if isinstance(value, List) else value
        found = []
        if self.element is not None:
            if rows.whole is None:
                width = 0 if self.width is None else self.width
                capacity = self.capacity if isinstance(self.capacity, int) else 0
                rows = tables.reserved(e, rows, self.element, width, capacity)
            found.append(fitted(e, rows.whole, self.types()[0]))
        if self.width is None:
            found.append(e.index(rows.width))
        if self.count is None and not self.derived:
            found.append(e.index(rows.count))
        return found

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        capacity, extent = self._extents()
        (capacity,) = dims_of((capacity,))
        whole = None if self.element is None else next(values)
        width, count = self.width, self.count
        if width is None:
            width = Number(e, "int", next(values), sizes.length())
        if count is None:
            count = 0 if self.derived else Number(e, "int", next(values), sizes.length())
        made = Rows(e, self.element, whole, count, width, capacity, self.sites)
        made.allowed, made.since = self.allowed, self.since
        made.order = object() if self.mixed else self.order
        made.grown, made.exact = self.grown, self.exact
        if not self.fresh_list:
            return made
        result = List(e.heap)
        result.content = made
        result.split = True
        return result

    def join(self, other: Any) -> RowsKind | None:
        if not isinstance(other, RowsKind):
            return None
        if None not in (self.element, other.element) and self.element != other.element:
            return None
        grown = max(self.grown, other.grown)
        exact = self.exact and other.exact and self.grown == other.grown
        width = self.width if _same(self.width, other.width) else None
        if self.element is None or other.element is None:
            width = other.width if self.element is None else self.width
        return RowsKind(
            self.element or other.element, join_dims(self.capacity, other.capacity), width,
            self.count if _same(self.count, other.count) else None, grown, exact,
            self.derived and other.derived, self.fresh_list and other.fresh_list,
            min(self.allowed, other.allowed),
            self.since if self.since is other.since else object(),
            self.order, self.mixed or other.mixed or self.order is not other.order,
            self.sites | other.sites,
        )  # fmt: skip

    def where_found(self, found: Callable[[Length], Length | None]) -> RowsKind:
        """With the lengths that are known at another place, as `found` gives them there."""
        width = None if self.width is None else found(self.width)
        count = None if self.count is None else found(self.count)
        return replace(self, width=width, count=count)

    def seeded(self, seed: RowsKind) -> RowsKind:
        """As the last evaluation of a loop found it, as far as that holds in this one."""
        if self.element is None or self.element != seed.element:
            return replace(self, grown=0, exact=True, mixed=seed.mixed)
        capacity = self.capacity if isinstance(self.capacity, int) and (
            self.capacity == seed.capacity) else Open()  # fmt: skip
        return replace(
            self, capacity=capacity, grown=seed.grown, exact=seed.exact, derived=seed.derived,
            mixed=seed.mixed, width=None if seed.width is None else self.width,
            count=None if seed.count is None else self.count,
        )  # fmt: skip

    def widest(self) -> RowsKind:
        return replace(self, capacity=Open(), width=None, count=None)

    def placeholder(self, e: Emitter) -> list[Value]:
        return self.pack_one(e, tables.empty(e, self.sites))


@dataclass(frozen=True, eq=False)
class RowKind(Plain):
    """A row of a table. order: as that of `Row`."""

    table: List
    order: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowKind) and self.table is other.table

    __hash__ = None

    def types(self) -> list[Type]:
        return [index]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        return [e.index(value.row.position)]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> List:
        made = tables.row_at(self.table, Number(e, "int", next(values), sizes.length()))
        made.row.order = self.order
        return made

    def join(self, other: Any) -> RowKind | None:
        if self != other:
            return None
        return self if self.order is other.order else RowKind(self.table, object())

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, index)]


def _same(a: Length | None, b: Length | None) -> bool:
    if a is None or b is None:
        return a is b
    return same_lengths.agree(a, b)
