"""Tables that get rows in a run-time loop: how many, and the room for them.

In: what a table holds when an iteration begins and ends. Out: the kind in which the loop carries it
around. The one idea: what an iteration adds is counted while its body is evaluated, so the loop
begins with room for all of it, and where each adds as many, its counter says how many there are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fleet.evaluator.values import numbers, same_lengths, sizes, tables
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.extents import join_dims
from fleet.evaluator.values.kinds.tables import RowsKind
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.tables import Rows
from fleet.evaluator.values.then import Number, Numbers
from fleet.ir.core import Block


class Growth:
    """Of the tables that one loop changes. trips, counted: see `Fixpoint`."""

    def __init__(self, e: Emitter, trips: Length | None, counted: bool) -> None:
        self.e = e
        self.trips = trips
        self.counted = counted
        self.place = e.builder.block, e.builder.anchor

    def found(self, length: Length) -> Length | None:
        """A length as it is known before the loop, if it is."""
        return same_lengths.computed_at(self.e, length, *self.place)

    def kind(
        self, joined: RowsKind, first: Rows, last: Rows, added: int | None, before: int = 0
    ) -> RowsKind:
        """That of a table which is `first` before the loop and `last` after an iteration.

        added: how many rows the iteration adds, if known; before: what was thought of that.
        """
        if added is None or (added > 0 and self.trips is None):
            raise last.refused()
        grown = max(added, before)
        width = first.width if first.element is not None else last.width
        same = same_lengths.agree(width, last.width)
        width = self.found(width) if same else None
        if grown == 0:
            return replace(
                joined, width=width, count=first.count, grown=0, exact=True, derived=False,
                capacity=join_dims(first.capacity, last.capacity),
            )  # fmt: skip
        if width is None:
            raise last.refused()
        derived = last.exact and added == grown and self.counted
        return replace(
            joined, width=width, count=None, grown=grown, exact=derived, derived=derived,
            capacity=tensors.dim_of(self._count(first, grown, self.trips)),
        )  # fmt: skip

    def _count(self, first: Rows, grown: int, trips: Length) -> Length:
        """How many rows there are after so many iterations."""
        more = numbers.wrapping(self.e, "mul", trips, grown)
        count = numbers.wrapping(self.e, "add", first.count, more)
        if isinstance(count, Number):
            dims = [(tensors.dim_of(first.count), 1), (tensors.dim_of(trips), grown)]
            count.size = sizes.within(sizes.combine(dims), 0, sizes.LENGTH)
        return count

    def length(self, entry: Any, begun: Any, last: Any) -> Length | None:
        """That of a list of numbers after the loop, where each iteration adds as many."""
        if not self.counted or not isinstance(last, Numbers) or last.grown is None or (
                last.grown[0] is not begun):  # fmt: skip
            return None
        before = entry.length() if isinstance(entry, Numbers) else len(entry)
        more = numbers.wrapping(self.e, "mul", self.trips, last.grown[1])
        return numbers.wrapping(self.e, "add", before, more)

    def before(self, kind: Any, entry: Any) -> Any:
        """What a table holds when the loop begins: with room for what comes."""
        if not isinstance(kind, RowsKind) or not kind.grown or kind.fresh_list:
            return entry
        room = self._count(entry, kind.grown, self.trips)
        return tables.reserved(self.e, entry, kind.element, kind.width, room)

    def within(self, kind: RowsKind, entry: Rows, rows: Rows, block: Block) -> Rows:
        """What it holds when an iteration begins."""
        if kind.derived:
            at = Number(self.e, "int", block.arguments[0], sizes.length())
            rows = rows.with_(count=self._count(entry, kind.grown, at))
        return rows.with_(allowed=kind.grown, since=self, grown=0, exact=True)

    def after(self, kind: RowsKind, entry: Rows, rows: Rows) -> Rows:
        """What it holds after the loop."""
        if not kind.grown:
            return rows.with_(allowed=entry.allowed, since=entry.since, grown=entry.grown,
                              exact=entry.exact)  # fmt: skip
        if kind.derived:
            rows = rows.with_(count=self._count(entry, kind.grown, self.trips))
        return rows.with_(allowed=0, since=self)
