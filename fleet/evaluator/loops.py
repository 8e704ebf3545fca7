"""Loops: unrolled where the program's structure depends on them, else `scf.for` and `scf.while`.

In: an iterable or condition, and the body. Out: the body's operations, once per iteration or once
in a region, and the state after the loop. The one idea: a fixpoint. The body is evaluated in a
scratch block with what is known of each changed place; what it changes becomes carried, types
widen, and when nothing widens any more that last evaluation is the loop's body.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fleet.diagnostics import FleetError
from fleet.dialects import scf
from fleet.evaluator.calls import Unusable
from fleet.evaluator.completions import Body, Slot
from fleet.evaluator.machine import Raised
from fleet.evaluator.places import WHOLE, Place, storages
from fleet.evaluator.regions import Regions, Stopped
from fleet.evaluator.values import kinds, numbers
from fleet.evaluator.values.heap import MISSING, Bindings, Cell, Journal, List, state_of
from fleet.evaluator.values.kinds import Kind
from fleet.evaluator.values.sequences import is_run_time_sequence, lazily
from fleet.evaluator.values.sizes import fresh
from fleet.evaluator.values.tensors import Length
from fleet.evaluator.values.then import Array, Number, Then
from fleet.ir.core import Block, Region, Value
from fleet.ir.types import i1, index
from fleet.syntax import tree

LONG = 8
"""Ranges longer than this become run-time loops, when their body does run-time work and can."""
LONG_ARRAY = 64
"""Likewise for iterating over an array's leading axis."""
MAX_ROUNDS = 12


@dataclass
class Carried:
    """A place that goes around the loop; kind None: what it holds cannot be represented."""

    place: Place
    kind: Kind | None
    entry: Any
    shared: bool = False
    """Whether an iteration leaves an array here that something else leads to as well."""


Carriage = dict[tuple[int, Any], Carried]
"""By object id and key."""


class Loops(Regions):
    """Evaluates loops."""

    def iterate(
        self, target: tree.AST, items: Any, body: Callable[[], Any],
        node: tree.AST | None = None, loop: Body | None = None,
    ) -> None:  # fmt: skip
        """Run the body for each item. `loop` tells whether an iteration left the loop."""
        loop = loop or Body(True)
        if self.backend.e is not None and self._is_long(items):
            rolls = self._rolls(items, target, body, loop)
            if not rolls:  # the first iteration may give names the types that they keep
                self.unroll(target, self._iterator(items[:1]), body, loop)
                items = items[1:]
                rolls = self.has_left(loop) is False and self._rolls(items, target, body, loop)
            if rolls:
                self._roll(target, items, body, node, loop)
                return
        if is_run_time_sequence(items):
            self._roll(target, items, body, node, loop)
            return
        if isinstance(items, Then) and not isinstance(items, Array):
            raise self.raised(TypeError(f"'{items.type_name}' object is not iterable"))
        self.unroll(target, self._iterator(items), body, loop)

    def _roll(
        self,
        target: tree.AST,
        items: Any,
        body: Callable[[], Any],
        node: tree.AST | None,
        loop: Body,
        strict: bool = False,
    ) -> None:
        sequence = lazily(self, items)

        def step(i: Number) -> None:
            self._one(target, sequence.at(i), body)

        self.run_time_loop(sequence.count, step, node, loop, strict)

    def _one(self, target: tree.AST, item: Any, body: Callable[[], Any]) -> None:
        self.assign(target, item)
        body()

    def unroll(self, target: tree.AST, items: Any, body: Callable[[], Any], loop: Body) -> None:
        """Evaluate the body for each item; once an iteration may have left, under a condition."""
        left = self.has_left(loop)
        if isinstance(left, Then):
            self.choose(left, lambda: None, lambda: self._unroll(target, items, body, loop))
        elif not left:
            self._unroll(target, items, body, loop)

    def _unroll(self, target: tree.AST, items: Any, body: Callable[[], Any], loop: Body) -> None:
        while True:
            item = self.native(next, items, MISSING)
            if item is MISSING:
                return
            self._one(target, item, body)
            left = self.has_left(loop)
            if isinstance(left, Then):
                self.choose(left, lambda: None, lambda: self._unroll(target, items, body, loop))
                return
            if left:
                return

    def has_left(self, loop: Body) -> Any:
        """Whether an iteration left the loop: a bool or a run-time bool."""
        flags = loop.broken.content, loop.returned.content
        return numbers.either(self.backend.e, *flags)

    def _iterator(self, items: Any) -> Any:
        if isinstance(items, Array):
            return iter(self.known_items(items))
        return self.native(iter, items)

    def collect(self, items: Any) -> List:
        """list() of a run-time sequence."""
        result = List(self.heap)
        sequence = lazily(self, items)
        self.run_time_loop(
            sequence.count, lambda i: result.append(sequence.at(i)), None, Body(True)
        )
        return result

    def join_lazily(self, separator: Any, items: Any) -> Any:
        """separator.join(items) of a run-time sequence."""
        e = self.backend.e
        sequence = self.native(lazily, self, items)
        text = Cell(e.text(separator[:0]))

        def step(i: Number) -> None:
            first = numbers.compare(e, "eq", i, 0)
            start = self.choose(first, lambda: separator[:0], lambda: separator)
            self.heap.touch(text)
            text.content = self.native(operator.add, text.content + start, sequence.at(i))

        self.run_time_loop(sequence.count, step, None, Body(True))
        return text.content

    # -- long known ranges

    def _is_long(self, items: Any) -> bool:
        if isinstance(items, Array):
            rows = items.dims[0] if items.dims else 0
            return isinstance(rows, int) and rows > LONG_ARRAY and items.known is None
        return isinstance(items, range) and len(items) > LONG

    def _rolls(self, items: Any, target: tree.AST, body: Callable[[], Any], loop: Body) -> bool:
        """Whether the loop can and should stay a loop: a trial, of which nothing remains."""
        e = self.backend.e
        before = e.emitted

        def first() -> None:
            item = items[0]
            self._one(target, item, body)

        try:
            trial = self.region(first)
            self.drop(trial.block)
            if e.emitted == before or trial.ended or self._leaves(trial.effects, loop):
                return False
            if any(self._stays_known(state) for state in trial.effects.values()):
                return False
            rolled = self.region(lambda: self._roll(target, items, body, None, loop, strict=True))
            self.drop(rolled.block)
            return True
        except FleetError:
            return False

    def _stays_known(self, effect: tuple[Any, Any, Any]) -> bool:
        """Whether an iteration adds something known to a list: then the list should stay known."""
        obj, before, after = effect
        return isinstance(obj, List) and isinstance(after, tuple) and before != after and len(
            after) != len(before)  # fmt: skip

    def _leaves(self, effects: Any, loop: Body) -> bool:
        """Whether a body's effects say that it may leave the loop."""
        return id(loop.broken) in effects or id(loop.returned) in effects

    def drop(self, block: Block) -> None:
        """Forget a scratch block: its operations no longer use anything."""
        for operation in block:
            operation.drop_references()

    # -- run-time loops

    def run_time_loop(
        self,
        count: Length,
        step: Callable[[Number], Any],
        node: tree.AST | None,
        loop: Body,
        strict: bool = False,
    ) -> None:
        """scf.for over 0 ... count, the body's changes carried around.

        strict: a place whose type changes is an error even if nobody looks at it.
        """
        e = self.backend.e
        carried: Carriage = {}
        for _ in range(MAX_ROUNDS):
            block = Block()
            at = block.add_argument(index, self._index_hint(node))

            def body(at: Value = at) -> None:
                step(Number(e, "int", at, fresh(0)))

            yielded = self._round([block], carried, body, node)
            if {(id(loop.broken), WHOLE), (id(loop.returned), WHOLE)} & set(carried):
                self.drop(block)
                self._loop_with_exit(count, step, node, loop)
                return
            if strict and any(
                item.kind is None and item.entry is not MISSING for item in carried.values()
            ):
                raise self.error("what this loop carries around changes its type")
            if yielded is not None:
                self._finish_for(block, carried, count, yielded)
                return
            self.drop(block)
        raise self.error("what this loop carries around does not settle on one type")

    def _loop_with_exit(
        self, count: Length, step: Callable[[Number], Any], node: tree.AST | None, loop: Body
    ) -> None:
        """As a while loop: an iteration may leave it."""
        e = self.backend.e
        counter = Cell(0)

        def test() -> Any:
            return numbers.compare(e, "lt", counter.content, count)

        def body() -> None:
            at = e.number(counter.content)
            step(Number(e, "int", at.native, fresh(0)))
            self.heap.touch(counter)
            counter.content = numbers.binary(e, "add", at, 1)

        self.run_time_while(test, body, node, loop)

    def _index_hint(self, node: tree.AST | None) -> str | None:
        return node.target.id if isinstance(node, tree.For) and isinstance(
            node.target, tree.Name) else None  # fmt: skip

    def _round(
        self, blocks: list[Block], carried: Carriage, body: Callable[[], Any], node: tree.AST | None
    ) -> list[Value] | None:
        """Evaluate the body once, entered at the first block and left at the last.

        What it leaves in the carried places, or None when `carried` had to grow or widen.
        """
        e = self.backend.e
        state = self.scope, self.frame, self.node, self.outside, self.depth
        self.regions += 1
        self.catching.append(None)
        with self.heap.journal() as journal, e.builder.inside(blocks[0]):
            try:
                self.enter(blocks[0], carried)
                body()
            except (Raised, Stopped) as stop:
                raise self.error(
                    "this run-time loop ends the program in its first iteration",
                    "put the exit or exception under a condition",
                ) from stop
            finally:
                self.scope, self.frame, self.node, self.outside, self.depth = state
                self.regions -= 1
                self.catching.pop()
            with e.builder.inside(blocks[-1]):
                if not self._update(carried, journal, node):
                    return None
                return self._packed(carried)

    def _packed(self, carried: Carriage) -> list[Value]:
        return [
            value for item in carried.values() if item.kind is not None
            for value in self.pack(item.kind, item.place.read())
        ]  # fmt: skip

    def enter(self, block: Block, carried: Carriage) -> None:
        """Bind carried places to the block's arguments."""
        for item in carried.values():
            if item.kind is None:
                if item.entry is not MISSING:
                    item.place.write(self.heap, self._no_type(item.place))
                continue
            name = item.place.key if isinstance(item.place.owner, Bindings) else None
            values = [block.add_argument(type, name) for type in item.kind.types()]
            if item.entry is not MISSING or isinstance(item.place.owner, Slot):
                value = item.kind.unpack(self.backend.e, iter(values))
                self._thaw(carried, item, value)
                item.place.write(self.heap, value)

    def _thaw(self, carried: Carriage, item: Carried, value: Any) -> None:
        if not item.shared:
            others = [Place(other.place.owner, other.place.key, [other.entry])
                      for other in carried.values()]  # fmt: skip
            self.thaw(item.place, value, [item.entry], others)

    def _no_type(self, place: Place) -> Unusable:
        return Unusable(
            f"{place.name} changes its type in this run-time loop",
            "use one type throughout, such as 0.0 instead of 0 for a float",
        )

    def _update(self, carried: Carriage, journal: Journal, node: tree.AST | None) -> bool:
        """Widen what is carried to what the body left; True when nothing changed."""
        settled = True
        for obj, before, _ in journal.effects():
            for place in self.places_of(obj, [before, state_of(obj)]):
                key = (id(obj), place.key)
                if key in carried:
                    continue
                first, last = place.sides
                if first is MISSING and not (
                    isinstance(obj, Slot) or self._read_later(place, node)
                ):
                    continue
                if place.key is WHOLE:  # no longer item by item
                    for other in [other for other in carried if other[0] == id(obj)]:
                        del carried[other]
                carried[key] = Carried(place, self._kind(place, first, last), first)
                settled = False
        for key, item in list(carried.items()):
            if item.kind is None:
                continue
            wider = self._widen(item)
            shared = item.shared or self._ends_shared(item)
            if wider != item.kind or shared != item.shared:
                carried[key] = Carried(item.place, wider, item.entry, shared)
                settled = False
        return settled

    def _ends_shared(self, item: Carried) -> bool:
        now = item.place.read()
        if isinstance(now, Array) and now.frozen is not None:
            return True
        return any(target.split or self.is_shared(target, item.place) for target in storages(now))

    def _read_later(self, place: Place, node: tree.AST | None) -> bool:
        if node is None or not isinstance(place.owner, Bindings):
            return False
        return place.key in self.names_outside(node)

    def _kind(self, place: Place, first: Any, last: Any) -> Kind | None:

        if isinstance(place.owner, List) and place.key is WHOLE:
            return self.join_lists(first, last)
        if first is MISSING:
            kind = kinds.kind_of(last)
            return kinds.Known(last) if kind is None and isinstance(place.owner, Slot) else kind
        return kinds.join_kinds(kinds.kind_of(first), kinds.kind_of(last))

    def _widen(self, item: Carried) -> Kind | None:
        now = item.place.read()
        if now is MISSING:
            return item.kind if isinstance(item.place.owner, Slot) else None

        if isinstance(item.place.owner, List) and item.place.key is WHOLE:
            kind = kinds.list_kind(now, item.kind.kind)
        else:
            kind = kinds.kind_of(now)
        wider = kinds.join_kinds(item.kind, kind)
        if isinstance(wider, kinds.NumberKind) and wider != item.kind:
            wider = kinds.NumberKind(wider.kind)
        return wider

    def _inits(self, carried: Carriage) -> list[Value]:
        return [
            value for item in carried.values() if item.kind is not None
            for value in self.pack(item.kind, item.entry)
        ]  # fmt: skip

    def _finish_for(
        self, block: Block, carried: Carriage, count: Length, yielded: list[Value]
    ) -> None:
        e = self.backend.e
        with e.builder.inside(block):
            e.op(scf.yield_, yielded)
        inits = self._inits(carried)
        bounds = [e.constant(0, index), e.index(count), e.constant(1, index)]
        types = [value.type for value in inits]
        made = e.op(scf.for_, *bounds, inits, types=types, regions=[Region([block])])
        self.leave(carried, made.results, numbers.compare(e, "gt", count, 0))

    def leave(self, carried: Carriage, results: list, ran: Number | bool) -> None:
        """Bind carried places to the loop's results. ran: whether an iteration ran, if known."""
        values = iter(results)
        for item in carried.values():
            place = item.place
            if item.kind is None:
                self._set(place, self._no_type(place) if item.entry is not MISSING
                          else Unusable(f"{place.name} has no value that a loop can hand out",
                                        "give it a value before the loop"))  # fmt: skip
                continue
            value = item.kind.unpack(self.backend.e, values)
            self._thaw(carried, item, value)
            if item.entry is not MISSING or ran is True or isinstance(place.owner, Slot):
                pass
            elif isinstance(ran, Then):
                value = self.maybe_unbound(place, value, ran, True)
            else:
                value = Unusable(
                    f"{place.name} has no value when the loop before runs zero times",
                    "give it a value before the loop",
                )
            self._set(place, value)

    # -- while

    def run_time_while(
        self, test: Callable[[], Any], body: Callable[[], Any], node: tree.AST | None, loop: Body
    ) -> None:
        """scf.while: the test in the first region, the body in the second."""
        e = self.backend.e
        carried: Carriage = {}
        for _ in range(MAX_ROUNDS):
            before, after = Block(), Block()
            ahead: list[tuple[Value, list[Value]]] = []

            def whole(after: Block = after, ahead: list = ahead) -> None:
                truth = self._goes_on(loop, test)
                flag = truth.native if isinstance(truth, Then) else e.constant(truth, i1)
                ahead.append((flag, self._packed(carried)))
                with e.builder.inside(after):
                    self.enter(after, carried)
                    body()

            yielded = self._round([before, after], carried, whole, node)
            if yielded is not None:
                flag, forwarded = ahead[0]
                with e.builder.inside(before):
                    e.op(scf.condition, flag, forwarded)
                with e.builder.inside(after):
                    e.op(scf.yield_, yielded)
                inits = self._inits(carried)
                types = [value.type for value in inits]
                regions = [Region([before]), Region([after])]
                made = e.op(scf.while_, inits, types=types, regions=regions)
                self.leave(carried, made.results, False)
                return
            self.drop(after)
            self.drop(before)
        raise self.error("what this loop carries around does not settle on one type")

    def _goes_on(self, loop: Body, test: Callable[[], Any]) -> Any:
        left = self.has_left(loop)
        if isinstance(left, Then):
            return self.choose(left, lambda: False, test)
        return False if left else test()
