"""Run-time loops: what goes around a loop, found by evaluating its body until nothing widens.

In: a count or a test, and a body. Out: one `scf.for` or `scf.while`, and the state after it. The
one idea: a fixpoint with a memory. The body is evaluated in a scratch block with what is known of
each changed place; what it changes becomes carried, kinds widen, and when nothing widens any more
that last evaluation is the loop's body. A loop inside starts, at each evaluation but the first,
from the invariant that it found at the last one, so that nesting costs a sum and not a product.
(Widening at loop heads: Cousot and Cousot, POPL 1977.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from fleet.dialects import scf
from fleet.evaluator.control import copies, joining, regions
from fleet.evaluator.control.growth import Growth
from fleet.evaluator.control.outcomes import Stopped
from fleet.evaluator.control.places import WHOLE, Paths, Place, storages
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.modules import Module
from fleet.evaluator.state.checkpoints import Checkpoint, may_go_back
from fleet.evaluator.state.completions import Body, Slot
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.memory import Again, Memory
from fleet.evaluator.state.outgrown import may_be_table, mix_items, outgrown
from fleet.evaluator.values import kinds, numbers
from fleet.evaluator.values.heap import (
    MISSING,
    Attributes,
    Bindings,
    Cell,
    Journal,
    List,
    age_of,
    new_serial,
    sites_of,
    state_of,
)
from fleet.evaluator.values.kinds import Kind, seeds, simple
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.single import is_object_array
from fleet.evaluator.values.tables import Rows
from fleet.evaluator.values.then import UNREADABLE, Array, Numbers, Unbound, Unusable, unbound_tag
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import index
from fleet.syntax import tree

MAX_ROUNDS = 24
"""Evaluations of one body; each but the last widens something, and kinds have few widenings."""


MAX_SINGLE_ITEMS = 6
"""Rounds in which items of a list widen, and items that it has, before it is carried as a whole."""

CHANGING = {"counter": simple.NumberKind("int", 0), "goes_on": simple.NumberKind("bool")}
"""Cells of loops that every iteration changes, by their names among the loop's own."""


@dataclass
class Carried:
    """A place that goes around the loop; kind None: what it holds cannot be represented."""

    place: Place
    kind: Kind | None
    entry: Any
    begun: Any = None
    """What an iteration finds here."""
    shared: bool = False
    """Whether an iteration leaves an array here that something else leads to as well."""
    last: Any = None
    """What an iteration leaves here."""
    stale: bool = False
    """Whether that may be a copy of an array that was written to since."""


Carriage = dict[tuple[int, Any], Carried]
"""By object id and key."""


@dataclass
class Loop:
    """A run-time loop under way.

    key: the node by which it is remembered; node: the statement, for what is read outside of it;
    body: where iterations tell that they leave; own: cells of ours that iterations change;
    known: whether its items are known now, so that it could be unrolled as well; source: the list
    that it goes over.
    """

    key: tree.AST
    node: tree.AST | None
    body: Body
    known: bool = False
    source: List | None = None
    own: dict[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Older:
    """The way to an object that was there before the outermost loop began: itself."""

    owner: Any


class Ends(Exception):
    """The first iteration is certain to end the program."""


class Begins(Exception):
    """A list to which an iteration appends rows is a table from before the loop on."""

    def __init__(self, owner: List) -> None:
        super().__init__()
        self.owner = owner


def drop(block: Block) -> None:
    """Forget a scratch block: its operations no longer use anything."""
    for operation in block:
        operation.drop_references()


class Fixpoint:
    """The search for what a loop carries around."""

    def __init__(
        self, m: Machine, loop: Loop, memory: Memory | None = None, trips: Length | None = None,
        counted: bool = False,
    ) -> None:  # fmt: skip
        """trips: how many iterations there are at most; counted: whether it is as many, and the
        first argument of the body's block counts them."""
        self.m = m
        self.loop = loop
        self.growth = Growth(m.backend.e, trips, counted)
        self.carried: Carriage = {}
        self.missed: set[tuple[int, str]] = set()
        """Names that an iteration read before they had a value: (id of the scope's values, name)"""
        self.tested: set[tuple[int, str]] = set()
        """Names that the test surely gives a value: the body begins after it."""
        self.journal = Journal()
        self.settled = True
        self.rounds = 0
        """How many evaluations of the body there have been."""
        self.memory = m.memory.recall(loop.key) if memory is None else memory
        self.paths: Paths | None = None
        if m.memory is m.root_memory:
            m.rolled_since = new_serial()
        else:
            cells = {"broken": loop.body.broken, "returned": loop.body.returned,
                     "value": loop.body.value, "raised": loop.body.raised, **loop.own}  # fmt: skip
            self.paths = Paths(m.scope, m.callers, m.following, cells)
            self._recall()

        for name, kind in CHANGING.items():
            cell = loop.own.get(name)
            if cell is not None and (id(cell), WHOLE) not in self.carried:
                place = Place(cell, WHOLE)
                self.carried[id(cell), WHOLE] = Carried(place, kind, place.read())

    # -- memory

    def _recall(self) -> None:
        """Begin with the invariant that the last evaluation found."""
        for path, key, kind, shared in self.memory.invariant:
            owner = path.owner if isinstance(path, Older) else self.paths.owners.get(path)
            if owner is None:
                continue
            place = Place(owner, key)
            if not place.exists():
                continue
            entry = place.read()
            if entry is MISSING and isinstance(owner, Bindings):
                entry = joining.unbound(self.m, place)
            if entry is not MISSING and kind is not None:
                whole = self._is_whole_list(place)
                now = kinds.list_kind(entry, getattr(kind, "kind", None)) if whole else (
                    kinds.describe(entry, self.journal))  # fmt: skip
                kind = seeds.seeded(now, kind)
            if kind is not None or entry is not MISSING:
                self.carried[id(owner), key] = Carried(place, kind, entry, shared)

    def _remember(self) -> None:
        if self.paths is None:
            return
        self.memory.invariant = [
            (path, item.place.key, item.kind, item.shared)
            for item in self.carried.values()
            for path in [self._path(item.place.owner)] if path is not None
        ]  # fmt: skip

    def _path(self, owner: Any) -> Any:
        """How to find an owner again when the loop is evaluated again."""
        found = self.paths.of.get(id(owner))
        if found is None and age_of(owner) <= self.m.rolled_since:
            return Older(owner)
        return found

    # -- rounds

    def round(self, blocks: list[Block], body: Callable[[], Any]) -> list[Value] | None:
        """Evaluate the body once, entered at the first block and left at the last.

        What it leaves in the carried places, or None when `carried` had to grow or widen.
        """
        m = self.m
        if not may_go_back(m):
            return self._round(blocks, body)
        point = Checkpoint(m, self.memory)
        before = {key: replace(item) for key, item in self.carried.items()}, set(self.missed)
        try:
            return self._round(blocks, body)
        except Again:
            if not point.holds or not m.policy.is_fruitful():
                raise
            point.go_back()
            self.carried, self.missed = before
            self.settled, self.rounds = False, self.rounds - 1
            return None

    def _round(self, blocks: list[Block], body: Callable[[], Any]) -> list[Value] | None:
        m = self.m
        e = m.backend.e
        self.rounds += 1
        outer, m.memory = m.memory, self.memory
        missed, m.missed = m.missed, self.missed
        self.memory.begun.clear()
        m.regions += 1
        if self.loop.known:
            m.policy.rolling |= {id(block): id(self.loop.key) for block in blocks}
        try:
            with m.heap.journal() as self.journal, e.builder.inside(blocks[0]):
                self.settled, met = True, m.generators_met
                with m.place_kept():
                    try:
                        self.enter(blocks[0])
                        body()
                    except (Raised, Stopped) as stop:
                        raise Ends from stop
                with e.builder.inside(blocks[-1]):
                    self.widen()
                    if m.generators_met > met:  # what the body asks for may be of these classes
                        self.settled = False
                    return self.packed() if self.settled else None
        finally:
            m.memory, m.missed = outer, missed
            m.regions -= 1
            for block in blocks:
                m.policy.rolling.pop(id(block), None)

    def leaves(self) -> bool:
        """Whether an iteration may leave the loop."""
        flags = self.loop.body.broken, self.loop.body.returned, self.loop.body.raised
        return any((id(flag), WHOLE) in self.carried for flag in flags)

    def packed(self) -> list[Value]:
        return [
            value for item in self.carried.values() if item.kind is not None
            for value in joining.pack(self.m, item.kind, self._now(item))
        ]  # fmt: skip

    def _now(self, item: Carried) -> Any:
        """What a carried place holds now."""
        value = item.place.read()
        if value is MISSING and isinstance(item.place.owner, Bindings):
            return joining.unbound(self.m, item.place)
        return value

    def enter(self, block: Block) -> None:
        """Bind carried places to the block's arguments."""
        bound: list[tuple[Carried, Any]] = []
        for item in self.carried.values():
            if item.kind is None:
                if item.entry is not MISSING:
                    item.place.write(self.m.heap, _no_type(item))
                continue
            name = item.place.key if isinstance(item.place.owner, Bindings) else None
            values = [block.add_argument(type, name) for type in item.kind.types()]
            if item.entry is not MISSING or isinstance(item.place.owner, Slot):
                value = item.kind.unpack(self.m.backend.e, iter(values))
                if isinstance(value, Rows):
                    value = self.growth.within(item.kind, item.entry, value, block)
                item.begun = value
                self._thaw(item, value)
                item.place.write(self.m.heap, value)
                bound.append((item, value))
        self._note_sources(bound)

    def note_tested(self, effects: Iterable[tuple[Any, Any, Any]]) -> None:
        """What the test did: (object, state before, state after)"""
        self.tested = {
            (id(obj), name)
            for obj, _, after in effects if isinstance(obj, Bindings)
            for name, value in after.items()
            if type(value) is not Unbound and unbound_tag(value) is None
        }  # fmt: skip

    def bind_tested(self) -> None:
        """Where the test held, names that it gives a value have one."""
        for key in self.tested & self.carried.keys():
            place = self.carried[key].place
            value = place.read()
            tag = unbound_tag(value)
            if tag is not None:
                place.write(self.m.heap, value.without(tag))

    def _thaw(self, item: Carried, value: Any) -> None:
        if not item.shared and not copies.is_remembered(item.place, value):
            others = [Place(other.place.owner, other.place.key, [other.entry])
                      for other in self.carried.values()]  # fmt: skip
            joining.thaw(self.m, item.place, value, [item.entry], others)

    def _note_sources(self, bound: list[tuple[Carried, Any]]) -> None:
        """Let copies know what they may be views of, once all that is carried is bound."""
        for item, value in bound:
            if copies.is_remembered(item.place, value):
                copies.note(self.m, value, [item.entry, item.last])
                continue
            if not isinstance(value, Array) or value.cell.keeper is not None:
                continue
            sides = [side for side in (item.entry, item.last) if isinstance(side, Array)]
            cells = {cell: None for side in sides for cell, _ in side.sources}
            if item.shared:
                cells |= {cell: None for side in sides for cell in storages(side)}
            value.sources = copies.sources(cells)
            self.m.has_sources |= bool(value.sources)
            self.m.heap.sourced |= cells.keys()
            if item.stale or any(
                side.is_stale() or side.cell.keeper is not None for side in sides
            ):
                value.sources = UNREADABLE
            copies.hold([value], sides)
        for item, value in bound:
            copies.tell(self.m, [item.entry, item.last], value)

    # -- widening

    def widen(self, after_test: bool = False) -> None:
        """Widen what is carried to what it holds now; `settled` no more if that changes anything.

        after_test: the body follows, which may read any name that the test gives a value.
        """
        carried, journal = self.carried, self.journal
        for obj, before, _ in journal.effects():
            for place in joining.places_of(self.m, obj, [before, state_of(obj)]):
                key = (id(obj), place.key)
                if key in carried:
                    continue
                first, last = place.sides
                if first is MISSING and isinstance(obj, Bindings) and (
                        after_test or self._is_read(place)):  # fmt: skip
                    first = joining.unbound(self.m, place)
                if first is MISSING and not isinstance(obj, Bindings | Slot):
                    carried[key] = Carried(place, None, MISSING)  # a new attribute
                    self.settled = False
                    continue
                if first is MISSING and not isinstance(obj, Slot):
                    continue
                if place.key is WHOLE:  # no longer item by item
                    for other in [other for other in carried if other[0] == id(obj)]:
                        del carried[other]
                kind = self._kind(journal, place, first, last)
                carried[key] = Carried(place, kind, first, last=last)
                self.settled = False
        moving: dict[int, List] = {}
        for item in carried.values():
            if item.kind is None:
                continue
            wider = self._widen(journal, item)
            shared = item.shared or self._ends_shared(item)
            if wider != item.kind or shared != item.shared:
                item.kind, item.shared = wider, shared
                self.settled = False
                if isinstance(item.place.owner, List) and item.place.key is not WHOLE:
                    moving[id(item.place.owner)] = item.place.owner
        if self.rounds > MAX_SINGLE_ITEMS:
            for owner in moving.values():
                self._carry_whole(owner)

    def _carry_whole(self, owner: List) -> None:
        """Carry a list whose items widen one after the other, as where iterations rotate it, as
        one of the run's."""
        keys = [key for key in self.carried if key[0] == id(owner)]
        if len(keys) <= MAX_SINGLE_ITEMS:
            return
        last = state_of(owner)
        entry = list(last)
        for key in keys:
            entry[key[1]] = self.carried.pop(key).entry
        first = tuple(entry)
        kind = joining.join_lists(self.m, owner, first, last)
        self.carried[id(owner), WHOLE] = Carried(Place(owner, WHOLE), kind, first, last=last)

    def _is_read(self, place: Place) -> bool:
        """Whether a name that has no value before the loop is read after it, or too early in it."""
        if (id(place.owner), place.key) in self.missed or self.m.exports(place.owner):
            return True
        node = self.loop.node
        return node is not None and self.m.reads(node).later(place.key, node)

    def _kind(self, journal: Journal, place: Place, first: Any, last: Any) -> Kind | None:
        if self._is_whole_list(place):
            if type(first) is tuple and not first and may_be_table(self.m, place.owner, last):
                if self.growth.trips is not None:
                    raise Begins(place.owner)
                self.m.policy.no_tables.add(*sites_of(place.owner))
            joined = joining.join_lists(self.m, place.owner, first, last)
            if not isinstance(last, Rows):
                return joined
            return self.growth.kind(joined, first, last, last.grown_since(first))
        if first is MISSING:
            return self._found(self._left(journal, place, last))
        if last is MISSING:
            last = joining.unbound(self.m, place)
        if is_object_array(last):
            self._let_run_hold(first, last)
        return self._found(
            kinds.join_kinds(kinds.describe(first, journal), _lasting(journal, last)))

    def _let_run_hold(self, *values: Any) -> None:
        """Arrays of objects that iterations hand on have theirs in lists of the run's."""
        for value in values:
            if is_object_array(value) and kinds.kind_of(value) is None:
                outgrown(self.m, value)

    def _found(self, kind: Kind | None) -> Kind | None:
        """With the lengths that are known before the loop."""
        return None if kind is None else kinds.where_found(kind, self.growth.found)

    def _widen(self, journal: Journal, item: Carried) -> Kind | None:
        now = self._now(item)
        if now is MISSING:
            return item.kind if isinstance(item.place.owner, Slot) else None
        item.last = now
        if isinstance(now, Array) and not item.stale and now.is_stale():
            item.stale, self.settled = True, False
        if self._is_whole_list(item.place):
            kind: Kind | None = kinds.list_kind(now, getattr(item.kind, "kind", None))
            joined = kinds.join_contents(item.kind, kind)
            if joined is None:
                if isinstance(now, tuple):
                    mix_items(self.m, sites_of(item.place.owner), now)
                outgrown(self.m, item.place.owner)
            if isinstance(now, Rows):
                grown = now.grown if now.since is self.growth else now.grown_since(item.entry)
                return self.growth.kind(joined, item.entry, now, grown, item.kind.grown)
        else:
            self._let_run_hold(now)
            kind = self._left(journal, item.place, now)
        wider = self._found(kinds.join_kinds(item.kind, kind))
        if isinstance(wider, simple.NumberKind) and wider != item.kind:
            wider = simple.NumberKind(wider.kind)
        return wider

    def _left(self, journal: Journal, place: Place, value: Any) -> Kind | None:
        """The kind of what an iteration leaves in a place."""
        kind = _lasting(journal, value)
        return joining.kept(journal, kind, value) if isinstance(place.owner, Slot) else kind

    def _is_whole_list(self, place: Place) -> bool:
        return isinstance(place.owner, List) and place.key is WHOLE

    def _ends_shared(self, item: Carried) -> bool:
        now = item.place.read()
        if isinstance(item.place.owner, Slot):
            return False
        if isinstance(now, Array) and now.frozen is not None:
            return True
        if isinstance(now, List) and now.row is not None:
            return False
        return any(
            target.split or copies.is_shared(self.m, target, item.place) for target in storages(now)
        )

    # -- the operation

    def _inits(self) -> list[Value]:
        return [
            value for item in self.carried.values() if item.kind is not None
            for value in joining.pack(
                self.m, item.kind, self.growth.before(item.kind, item.entry))
        ]  # fmt: skip

    def finish_for(self, block: Block, count: Length, yielded: list[Value]) -> None:
        e = self.m.backend.e
        with e.builder.inside(block):
            e.op(scf.yield_, yielded)
        inits = self._inits()
        bounds = [e.constant(0, index), e.index(count), e.constant(1, index)]
        types = [value.type for value in inits]
        made = e.op(scf.for_, *bounds, inits, types=types, regions=[Region([block])])
        self._leave(made, numbers.compare(e, "gt", count, 0) is True)

    def finish_while(
        self, before: Block, after: Block, ahead: tuple[Value, list[Value]], yielded: list[Value]
    ) -> None:
        e = self.m.backend.e
        flag, forwarded = ahead
        with e.builder.inside(before):
            e.op(scf.condition, flag, forwarded)
        with e.builder.inside(after):
            e.op(scf.yield_, yielded)
        inits = self._inits()
        types = [value.type for value in inits]
        made = e.op(
            scf.while_, inits, types=types, regions=[Region([before]), Region([after])]
        )
        self._leave(made, False)

    def _leave(self, made: Operation, ran: bool) -> None:
        """Bind carried places to the loop's results. ran: whether an iteration is certain."""
        if self.loop.known:
            self.m.policy.made[id(made)] = (made, id(self.loop.key))
        self._remember()
        values = iter(made.results)
        bound: list[tuple[Carried, Any]] = []
        for item in self.carried.values():
            place = item.place
            if item.kind is None:
                why = _no_type(item) if item.entry is not MISSING else _no_value(place)
                joining.set_place(self.m, place, why)
                continue
            value = item.kind.unpack(self.m.backend.e, values)
            if isinstance(value, Rows):
                value = self.growth.after(item.kind, item.entry, value)
            elif isinstance(value, Numbers):
                value.count = self.growth.length(item.entry, item.begun, item.last)
            self._thaw(item, value)
            if ran and type(item.entry) is Unbound:
                value = _without_unbound(value, item.last)
            joining.set_place(self.m, place, value)
            bound.append((item, value))
        self._note_sources(bound)
        raised = self.loop.body.raised
        if raised.content is not None:
            regions.set_pending(self.m, raised.content)
            self.m.heap.touch(raised)
            raised.content = None
            regions.go_on(self.m)


def _without_unbound(value: Any, last: Any) -> Any:
    """A name's value after at least one iteration, which gives it one."""
    if type(last) is Unbound or unbound_tag(last) is not None:
        return value
    tag = unbound_tag(value)
    return value if tag is None else value.without(tag)


def _lasting(journal: Journal, value: Any) -> Kind | None:
    """The kind of what an iteration leaves; None where each leaves another object."""
    kind = kinds.describe(value, journal)
    return kind if all(_is_lasting(journal, one) for one in kinds.opaque(kind)) else None


def _is_lasting(journal: Journal, value: Any) -> bool:
    if value is None or isinstance(value, type | Function | Module | Unbound):
        return True
    own = getattr(value, "__dict__", None)
    return not journal.is_new(value) and not (
        isinstance(own, Attributes) and journal.is_new(own)
    )


def _no_value(place: Place) -> Unusable:
    return Unusable(
        f"{place.name} has a value only if this run-time loop gives it one",
        "give it a value before the loop",
    )


def _no_type(item: Carried) -> Unusable:
    return Unusable(
        f"{item.place.name} changes its type in this run-time loop",
        "use one type throughout, such as 0.0 instead of 0 for a float",
        (item.entry, item.last),
    )
