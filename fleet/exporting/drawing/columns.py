"""From a scope to its columns: the layered drawing of Sugiyama, Tagawa and Toda (1981).

In: a `Scope`'s items and wires. Out: `Columns`: the items from left to right such that each wire
leads to the right, and from top to bottom such that few wires cross. The one idea: a wire that
passes a column takes a place in it (a `Bend`), so that it has room and crosses no item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fleet.exporting.drawing.boxes import End, Scope, Wire
from fleet.exporting.drawing.words import Node

SWEEPS = 6
"""How often the columns are sorted by their neighbours; the crossings hardly change after it."""


@dataclass(eq=False)
class Bend:
    """The place of a wire in a column that it passes."""


Entry = Node | Scope | Bend


@dataclass(eq=False)
class Columns:
    """columns: top to bottom, left to right; routes: each wire's bends, left to right."""

    columns: list[list[Entry]] = field(default_factory=list)
    routes: list[tuple[Wire, list[Bend]]] = field(default_factory=list)


def columns_of(scope: Scope) -> Columns:
    """The items of a scope in columns. Wires that lead back to an earlier item, which only
    interleaved calls have, are drawn straight."""
    column = _column_numbers(scope)
    width = max(column.values(), default=-1) + 1
    found = Columns([[] for _ in range(width)])
    for item in scope.items:
        found.columns[column[item]].append(item)
    shared: dict[tuple[End, int], Bend] = {}
    for wire in scope.wires:
        first = -1 if wire.source.item is None else column[wire.source.item]
        last = width if wire.target.item is None else column[wire.target.item]
        bends = []
        for number in range(first + 1, last):
            # The wires of one value run together until they part.
            bend = shared.get((wire.source, number))
            if bend is None:
                bend = shared[wire.source, number] = Bend()
                found.columns[number].append(bend)
            bends.append(bend)
        found.routes.append((wire, bends))
    _sort(found)
    return found


def _column_numbers(scope: Scope) -> dict[Node | Scope, int]:
    """The longest way from a source gives the column; what has none stands before its user."""
    order = {item: number for number, item in enumerate(scope.items)}
    after: dict[Node | Scope, list[Node | Scope]] = {item: [] for item in scope.items}
    before: dict[Node | Scope, list[Node | Scope]] = {item: [] for item in scope.items}
    ported: set[Node | Scope] = set()
    for wire in scope.wires:
        source, target = wire.source.item, wire.target.item
        if source is None:
            if target is not None:
                ported.add(target)
        elif target is not None and order[source] < order[target]:
            after[source].append(target)
            before[target].append(source)
    column: dict[Node | Scope, int] = {}
    for item in scope.items:
        column[item] = max((column[other] + 1 for other in before[item]), default=0)
    for item in reversed(scope.items):
        if after[item] and not before[item] and item not in ported:
            column[item] = max(min(column[other] for other in after[item]) - 1, 0)
    last = max(column.values(), default=0)
    for item in scope.items:
        if isinstance(item, Node) and item.kind == "output":
            column[item] = last
    return column


def _sort(found: Columns) -> None:
    """Order each column by the mean place of its neighbours in the one before it, then after it,
    and so on."""
    left, right = _neighbours(found)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        columns = found.columns if forward else found.columns[::-1]
        neighbours = left if forward else right
        for fixed, column in zip(columns, columns[1:], strict=False):
            places = {entry: float(number) for number, entry in enumerate(fixed)}
            _sort_column(column, places, neighbours)


def _sort_column(
    column: list[Entry], places: Mapping[Entry, float], neighbours: Mapping[Entry, Sequence[Entry]]
) -> None:
    wanted = {}
    for number, entry in enumerate(column):
        found = [places[other] for other in neighbours.get(entry, ()) if other in places]
        wanted[entry] = sum(found) / len(found) if found else float(number)
    column.sort(key=wanted.__getitem__)


def _neighbours(found: Columns) -> tuple[dict[Entry, list[Entry]], dict[Entry, list[Entry]]]:
    left: dict[Entry, list[Entry]] = {}
    right: dict[Entry, list[Entry]] = {}
    for wire, bends in found.routes:
        way: list[Entry] = list(bends)
        if wire.source.item is not None:
            way.insert(0, wire.source.item)
        if wire.target.item is not None:
            way.append(wire.target.item)
        for one, other in zip(way, way[1:], strict=False):
            right.setdefault(one, []).append(other)
            left.setdefault(other, []).append(one)
    return left, right
