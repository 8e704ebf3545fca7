"""Copies of ours that are Python's own arrays: what came out of a branch, a loop or a call.

In: a value that is one of several arrays, and these. Out: what it may be a view of, whether it may
be written to, and whether it may be read still. The one idea: such a copy remembers the storages
that it may be of and what they held. Where one of them is written to, the copy is stale, and nobody
may read it; the copy itself may be written to as long as the program gets at none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from fleet.evaluator.control.places import Place, reachable, storages
from fleet.evaluator.state.completions import Slot
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.heap import HELD, Cell, Held, List
from fleet.evaluator.values.then import UNREADABLE, Array, Union


def arrays_in(value: Any) -> Iterator[Array]:
    """The arrays that a value is, or may be; in tuples as well."""
    if isinstance(value, Array):
        if not value.scalar:
            yield value
    elif isinstance(value, tuple | Union):
        for item in value if isinstance(value, tuple) else value.choices.values():
            yield from arrays_in(item)


def is_remembered(place: Place, value: Any) -> bool:
    """Whether the arrays in what a place holds only remember what they may be, and leave that as it
    is: in a slot, and in a union of arrays and of what no write changes."""
    if isinstance(place.owner, Slot):
        return True
    return type(value) is Union and any(True for _ in arrays_in(value)) and not any(
        True for one in value.choices.values() if not isinstance(one, Array)
        for _ in storages(one))  # fmt: skip


def stale_in(values: Sequence[Any]) -> set[int]:
    """The ids of the arrays in these values that are stale now."""
    return {id(one) for value in values for one in arrays_in(value) if one.is_stale()}


def note(
    m: Machine, value: Any, sides: Sequence[Any], stale: Set[int] = frozenset(),
    places: Sequence[tuple[Sequence[Any], Any]] = (),
) -> None:  # fmt: skip
    """Let the arrays in a value know what they may be: the arrays of one of its sides.

    stale: the ids of those arrays that were stale on their side; places: (the sides of another
    place, what it holds after them).
    """
    before = [one for side in sides for one in arrays_in(side)]
    made = [one for one in arrays_in(value) if one.cell.keeper is None
            and not any(one is other for other in before)]  # fmt: skip
    if not made:
        return
    hold(made, before)
    cells = _cells_of(before)
    is_stale = any(id(one) in stale or one.cell.keeper is not None for one in before)
    for others, held in places:
        if cells & _cells_of([one for side in others for one in arrays_in(side)]):
            cells |= _cells_of(arrays_in(held))
    m.has_sources = True
    m.heap.sourced |= cells
    for one in made:
        one.sources = UNREADABLE if is_stale else sources(cells)


def hold(made: Iterable[Array], before: Iterable[Array]) -> None:
    """Copies of what the run holds cannot be written to."""
    reasons = [one.frozen for one in before if isinstance(one.frozen, Held)]
    if reasons:
        why = Held(HELD)
        why.sites = frozenset().union(*(one.sites for one in reasons))
        for one in made:
            one.frozen = why


def refresh(m: Machine, value: Any, sides: Sequence[Any], stale: set[int]) -> None:
    """After all that a branch changed is as it leaves it: what the arrays in a place may be of is
    as it was on the sides."""
    is_stale = any(id(one) in stale for side in sides for one in arrays_in(side))
    for one in arrays_in(value):
        if one.sources:
            now = UNREADABLE if is_stale else sources({cell for cell, _ in one.sources})
            m.heap.mark(one, "sources", now)


def _cells_of(arrays: Iterable[Array]) -> set[Cell]:
    """The storages that arrays have or may have."""
    return {cell for one in arrays for cell in one.cells()}


def sources(cells: Iterable[Cell]) -> tuple[tuple[Cell, Any], ...]:
    """Storages, and what they hold now."""
    cells = list(cells)
    if any(cell is never for cell in cells for never, _ in UNREADABLE):
        return UNREADABLE
    return tuple((cell, cell.content) for cell in cells)


def stands_alone(m: Machine, array: Array) -> bool:
    """Whether a copy may be written to: the program gets at none of the storages that it may be of,
    or, from now on, reads none of them."""
    if not leads_elsewhere(m, array):
        return True
    if m.regions or m.heap.is_conditional:
        return False
    if any(cell.serial == 0 for cell, _ in array.sources):
        return False  # an array of who calls us, and reads it afterwards
    for cell, _ in array.sources:
        m.heap.mark(cell, "lost", True)
    looks = [one for _, _, held in _within_reach(m) for one in arrays_in(held)]
    for one in [array, *looks]:
        if one.cell is array.cell:
            m.heap.mark(one, "sources", ())
            m.heap.mark(one, "frozen", None)
    return True


def leads_elsewhere(m: Machine, array: Array) -> bool:
    """Whether the program gets at a storage that a copy may be of, by another way than the copy.

    (Of the choices of a union only one is there.)"""
    cells = {cell for cell, _ in array.sources}
    return any(
        one.cell is not array.cell and cells & one.cells()
        for _, _, held in _within_reach(m)
        if not (type(held) is Union and any(one.cell is array.cell for one in arrays_in(held)))
        for one in arrays_in(held)
    )


def tell(m: Machine, sides: Sequence[Any], value: Any) -> None:
    """Copies that may be views of these arrays may be views of the one that took their place."""
    if not m.has_sources or not isinstance(value, Array):
        return
    targets = [target for side in sides for target in storages(side)
               if isinstance(target, Cell) and target in m.heap.sourced]  # fmt: skip
    if not targets:
        return
    m.heap.sourced.add(value.cell)
    for _, _, held in _within_reach(m):
        if (
            isinstance(held, Array)
            and held is not value
            and any(cell is target for cell, _ in held.sources for target in targets)
        ):
            more = ((value.cell, value.cell.content),)
            m.heap.mark(held, "sources", held.sources + more)


def is_shared(m: Machine, target: Cell | List, place: Place) -> bool:
    """Whether anything but this place leads to this storage of an array, or to this list."""
    return any(
        any(target is held for held in storages(value) if not isinstance(value, tuple))
        and (owner is not place.owner or key != place.key)
        for owner, key, value in _within_reach(m)
    )


def _within_reach(m: Machine) -> Iterator[tuple[Any, Any, Any]]:
    roots = [scope for start in [m.scope, *m.callers] for scope in start.chain()]
    return reachable([m.walked, *(scope.values for scope in roots)])
