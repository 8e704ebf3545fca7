"""Loops: unrolled where the program's structure depends on them, else `scf.for` and `scf.while`.

In: an iterable or condition, and the body. Out: the body's operations, once per iteration or once
in a region, and the state after the loop. The one idea: a fixpoint. The body is evaluated in a
scratch block with what is known of each changed place; what it changes becomes carried, types
widen, and when nothing widens any more that last evaluation is the loop's body.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fleet.diagnostics import FleetError
from fleet.dialects import scf
from fleet.evaluator import regions, targets
from fleet.evaluator.completions import Body, Slot
from fleet.evaluator.iterators.builtin import Foreign, steps
from fleet.evaluator.iterators.protocol import END, Iterator, Perhaps
from fleet.evaluator.machine import Machine, Raised
from fleet.evaluator.operations import Unusable, lazily
from fleet.evaluator.places import WHOLE, Place, storages
from fleet.evaluator.regions import Stopped
from fleet.evaluator.values import kinds, numbers
from fleet.evaluator.values.heap import MISSING, Bindings, Cell, Journal, List, state_of
from fleet.evaluator.values.kinds import Kind
from fleet.evaluator.values.sequences import is_run_time_sequence
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


def iterate(m: Machine, target: tree.AST, items: Any, body: Callable[[], Any],
    node: tree.AST | None = None, loop: Body | None = None,
) -> None:  # fmt: skip
    """Run the body for each item. `loop` tells whether an iteration left the loop."""
    loop = loop or Body(True)
    if isinstance(items, Iterator) and not _may_break(node):
        whole = items.run_time_rest()
        items = items if whole is None else whole
    if m.backend.e is not None and _is_long(m, items):
        rolls = _rolls(m, items, target, body, loop)
        if not rolls:  # the first iteration may give names the types that they keep
            unroll(m, target, _iterator(m, items[:1]), body, loop)
            items = items[1:]
            rolls = has_left(m, loop) is False and _rolls(m, items, target, body, loop)
        if rolls:
            _roll(m, target, items, body, node, loop)
            return
    if is_run_time_sequence(items):
        _roll(m, target, items, body, node, loop)
        return
    if isinstance(items, Then) and not isinstance(items, Array):
        raise m.raised(TypeError(f"'{items.type_name}' object is not iterable"))
    unroll(m, target, _iterator(m, items), body, loop)


def _may_break(node: tree.AST | None) -> bool:
    return node is not None and any(
        isinstance(item, tree.Break | tree.Return) for item in tree.walk(node)
    )


def _roll(m: Machine,
    target: tree.AST,
    items: Any,
    body: Callable[[], Any],
    node: tree.AST | None,
    loop: Body,
    strict: bool = False,
) -> None:
    sequence = lazily(m, items)

    def step(i: Number) -> None:
        _one(m, target, sequence.at(i), body)

    run_time_loop(m, sequence.count, step, node, loop, strict)


def _one(m: Machine, target: tree.AST, item: Any, body: Callable[[], Any]) -> None:
    targets.assign(m, target, item)
    body()


def unroll(m: Machine, target: tree.AST, items: Any, body: Callable[[], Any], loop: Body) -> None:
    """Evaluate the body for each item; once an iteration may have left, under a condition."""
    left = has_left(m, loop)
    if isinstance(left, Then):
        regions.choose(m, left, lambda: None, lambda: _unroll(m, target, items, body, loop))
    elif not left:
        _unroll(m, target, items, body, loop)


def _unroll(m: Machine, target: tree.AST, items: Any, body: Callable[[], Any], loop: Body) -> None:
    while True:
        item = items.step()
        if item is END:
            return
        if isinstance(item, Perhaps):
            _go_on_at_run_time(m, target, items, item, body, loop)
            return
        _one(m, target, item, body)
        left = has_left(m, loop)
        if isinstance(left, Then):
            regions.choose(m, left, lambda: None, lambda: _unroll(m, target, items, body, loop))
            return
        if left:
            return


def _go_on_at_run_time(
    m: Machine, target: tree.AST, items: Iterator, found: Perhaps, body: Callable[[], Any],
    loop: Body,
) -> None:  # fmt: skip
    """The loop over an iterator, from where run time says whether there is a next item."""
    if found.end is None:
        _roll(m, target, rest(m, items, found), body, None, loop)
    else:
        step_at_run_time(m, items, lambda item: _one(m, target, item, body), loop)


def step_at_run_time(
    m: Machine, items: Iterator, use: Callable[[Any], Any], loop: Body
) -> None:
    """Step by step through an iterator that ends at run time."""
    goes_on = Cell(True)

    def stop(found: Perhaps) -> None:
        found.end()
        m.heap.touch(goes_on)
        goes_on.content = False

    def body() -> None:
        found = items.step()
        if found is END or (isinstance(found, Perhaps) and found.end is None):
            raise m.error("a run-time loop over this iterator is not supported")
        if isinstance(found, Perhaps):
            regions.choose(m, found.truth, lambda: use(found.get()), lambda: stop(found))
        else:
            use(found)

    run_time_while(m, lambda: goes_on.content, body, None, loop)


def rest(m: Machine, items: Iterator, found: Any = None) -> List:
    """What is left of an iterator, after a step that has been made: its length may be known then.

    Raises FleetError where a list cannot hold it.
    """
    whole = items.at_once() if found is None else None
    if whole is not None:
        return whole
    result = List(m.heap)
    found = items.step() if found is None else found
    while found is not END:
        if not isinstance(found, Perhaps):
            result.append(found)
        elif found.end is None:
            add = functools.partial(_append, result, found)
            regions.choose(m, found.truth, add, lambda: None)
        else:
            step_at_run_time(m, items, result.append, Body(True))
            break
        found = items.step()
    return result


def _append(result: List, found: Perhaps) -> None:
    result.append(found.get())


def has_left(m: Machine, loop: Body) -> Any:
    """Whether an iteration left the loop: a bool or a run-time bool."""
    flags = loop.broken.content, loop.returned.content
    return numbers.either(m.backend.e, *flags)


def _iterator(m: Machine, items: Any) -> Iterator:
    made = steps(m, items)
    if made is not items and not isinstance(made, Foreign):
        for cell in made.cells():
            cell.keep_to_itself()
    return made


def collect(m: Machine, items: Any) -> List:
    """list() of a run-time sequence."""
    result = List(m.heap)
    sequence = lazily(m, items)
    run_time_loop(m,
        sequence.count, lambda i: result.append(sequence.at(i)), None, Body(True)
    )
    return result


def join_lazily(m: Machine, separator: Any, items: Any) -> Any:
    """separator.join(items) of a run-time sequence."""
    e = m.backend.e
    sequence = m.native(lazily, m, items)
    text = Cell(e.text(separator[:0]))

    def step(i: Number) -> None:
        first = numbers.compare(e, "eq", i, 0)
        start = regions.choose(m, first, lambda: separator[:0], lambda: separator)
        m.heap.touch(text)
        text.content = m.native(operator.add, text.content + start, sequence.at(i))

    run_time_loop(m, sequence.count, step, None, Body(True))
    return text.content


def _is_long(m: Machine, items: Any) -> bool:
    if isinstance(items, Array):
        rows = items.dims[0] if items.dims else 0
        return isinstance(rows, int) and rows > LONG_ARRAY and items.known is None
    return isinstance(items, range) and len(items) > LONG


def _rolls(m: Machine, items: Any, target: tree.AST, body: Callable[[], Any], loop: Body) -> bool:
    """Whether the loop can and should stay a loop: a trial, of which nothing remains."""
    e = m.backend.e
    before = e.emitted

    def first() -> None:
        item = items[0]
        _one(m, target, item, body)

    try:
        trial = regions.region(m, first)
        drop(m, trial.block)
        if e.emitted == before or trial.ended or _leaves(m, trial.effects, loop):
            return False
        if any(_stays_known(m, state) for state in trial.effects.values()):
            return False
        rolled = regions.region(m, lambda: _roll(m, target, items, body, None, loop, strict=True))
        drop(m, rolled.block)
        return True
    except FleetError:
        return False


def _stays_known(m: Machine, effect: tuple[Any, Any, Any]) -> bool:
    """Whether an iteration adds something known to a list: then the list should stay known."""
    obj, before, after = effect
    return isinstance(obj, List) and isinstance(after, tuple) and before != after and len(
        after) != len(before)  # fmt: skip


def _leaves(m: Machine, effects: Any, loop: Body) -> bool:
    """Whether a body's effects say that it may leave the loop."""
    return id(loop.broken) in effects or id(loop.returned) in effects


def drop(m: Machine, block: Block) -> None:
    """Forget a scratch block: its operations no longer use anything."""
    for operation in block:
        operation.drop_references()


def run_time_loop(m: Machine,
    count: Length,
    step: Callable[[Number], Any],
    node: tree.AST | None,
    loop: Body,
    strict: bool = False,
) -> None:
    """scf.for over 0 ... count, the body's changes carried around.

    strict: a place whose type changes is an error even if nobody looks at it.
    """
    e = m.backend.e
    carried: Carriage = {}
    for _ in range(MAX_ROUNDS):
        block = Block()
        at = block.add_argument(index, _index_hint(m, node))

        def body(at: Value = at) -> None:
            step(Number(e, "int", at, fresh(0)))

        yielded = _round(m, [block], carried, body, node)
        if {(id(loop.broken), WHOLE), (id(loop.returned), WHOLE)} & set(carried):
            drop(m, block)
            _loop_with_exit(m, count, step, node, loop)
            return
        if strict and any(
            item.kind is None and item.entry is not MISSING for item in carried.values()
        ):
            raise m.error("what this loop carries around changes its type")
        if yielded is not None:
            _finish_for(m, block, carried, count, yielded)
            return
        drop(m, block)
    raise m.error("what this loop carries around does not settle on one type")


def _loop_with_exit(
    m: Machine, count: Length, step: Callable[[Number], Any], node: tree.AST | None, loop: Body
) -> None:
    """As a while loop: an iteration may leave it."""
    e = m.backend.e
    counter = Cell(0)

    def test() -> Any:
        return numbers.compare(e, "lt", counter.content, count)

    def body() -> None:
        at = e.number(counter.content)
        step(Number(e, "int", at.native, fresh(0)))
        m.heap.touch(counter)
        counter.content = numbers.binary(e, "add", at, 1)

    run_time_while(m, test, body, node, loop)


def _index_hint(m: Machine, node: tree.AST | None) -> str | None:
    return node.target.id if isinstance(node, tree.For) and isinstance(
        node.target, tree.Name) else None  # fmt: skip


def _round(
    m: Machine, blocks: list[Block], carried: Carriage, body: Callable[[], Any],
    node: tree.AST | None,
) -> list[Value] | None:
    """Evaluate the body once, entered at the first block and left at the last.

    What it leaves in the carried places, or None when `carried` had to grow or widen.
    """
    e = m.backend.e
    state = m.scope, m.frame, m.node, m.outside, m.depth
    m.regions += 1
    m.catching.append(None)
    with m.heap.journal() as journal, e.builder.inside(blocks[0]):
        try:
            enter(m, blocks[0], carried)
            body()
        except (Raised, Stopped) as stop:
            raise m.error(
                "this run-time loop ends the program in its first iteration",
                "put the exit or exception under a condition",
            ) from stop
        finally:
            m.scope, m.frame, m.node, m.outside, m.depth = state
            m.regions -= 1
            m.catching.pop()
        with e.builder.inside(blocks[-1]):
            if not _update(m, carried, journal, node):
                return None
            return _packed(m, carried)


def _packed(m: Machine, carried: Carriage) -> list[Value]:
    return [
        value for item in carried.values() if item.kind is not None
        for value in regions.pack(m, item.kind, item.place.read())
    ]  # fmt: skip


def enter(m: Machine, block: Block, carried: Carriage) -> None:
    """Bind carried places to the block's arguments."""
    for item in carried.values():
        if item.kind is None:
            if item.entry is not MISSING:
                item.place.write(m.heap, _no_type(m, item.place))
            continue
        name = item.place.key if isinstance(item.place.owner, Bindings) else None
        values = [block.add_argument(type, name) for type in item.kind.types()]
        if item.entry is not MISSING or isinstance(item.place.owner, Slot):
            value = item.kind.unpack(m.backend.e, iter(values))
            _thaw(m, carried, item, value)
            item.place.write(m.heap, value)


def _thaw(m: Machine, carried: Carriage, item: Carried, value: Any) -> None:
    if not item.shared:
        others = [Place(other.place.owner, other.place.key, [other.entry])
                  for other in carried.values()]  # fmt: skip
        regions.thaw(m, item.place, value, [item.entry], others)


def _no_type(m: Machine, place: Place) -> Unusable:
    return Unusable(
        f"{place.name} changes its type in this run-time loop",
        "use one type throughout, such as 0.0 instead of 0 for a float",
    )


def _update(m: Machine, carried: Carriage, journal: Journal, node: tree.AST | None) -> bool:
    """Widen what is carried to what the body left; True when nothing changed."""
    settled = True
    for obj, before, _ in journal.effects():
        for place in regions.places_of(m, obj, [before, state_of(obj)]):
            key = (id(obj), place.key)
            if key in carried:
                continue
            first, last = place.sides
            if first is MISSING and not (
                isinstance(obj, Slot) or _read_later(m, place, node)
            ):
                continue
            if place.key is WHOLE:  # no longer item by item
                for other in [other for other in carried if other[0] == id(obj)]:
                    del carried[other]
            carried[key] = Carried(place, _kind(m, place, first, last), first)
            settled = False
    for key, item in list(carried.items()):
        if item.kind is None:
            continue
        wider = _widen(m, item)
        shared = item.shared or _ends_shared(m, item)
        if wider != item.kind or shared != item.shared:
            carried[key] = Carried(item.place, wider, item.entry, shared)
            settled = False
    return settled


def _ends_shared(m: Machine, item: Carried) -> bool:
    now = item.place.read()
    if isinstance(now, Array) and now.frozen is not None:
        return True
    return any(target.split or regions.is_shared(m, target, item.place) for target in storages(now))


def _read_later(m: Machine, place: Place, node: tree.AST | None) -> bool:
    if node is None or not isinstance(place.owner, Bindings):
        return False
    return place.key in m.names_outside(node)


def _kind(m: Machine, place: Place, first: Any, last: Any) -> Kind | None:

    if isinstance(place.owner, List) and place.key is WHOLE:
        return regions.join_lists(m, first, last)
    if first is MISSING:
        kind = kinds.kind_of(last)
        return kinds.Known(last) if kind is None and isinstance(place.owner, Slot) else kind
    return kinds.join_kinds(kinds.kind_of(first), kinds.kind_of(last))


def _widen(m: Machine, item: Carried) -> Kind | None:
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


def _inits(m: Machine, carried: Carriage) -> list[Value]:
    return [
        value for item in carried.values() if item.kind is not None
        for value in regions.pack(m, item.kind, item.entry)
    ]  # fmt: skip


def _finish_for(m: Machine, block: Block, carried: Carriage, count: Length, yielded: list[Value]
) -> None:
    e = m.backend.e
    with e.builder.inside(block):
        e.op(scf.yield_, yielded)
    inits = _inits(m, carried)
    bounds = [e.constant(0, index), e.index(count), e.constant(1, index)]
    types = [value.type for value in inits]
    made = e.op(scf.for_, *bounds, inits, types=types, regions=[Region([block])])
    leave(m, carried, made.results, numbers.compare(e, "gt", count, 0))


def leave(m: Machine, carried: Carriage, results: list, ran: Number | bool) -> None:
    """Bind carried places to the loop's results. ran: whether an iteration ran, if known."""
    values = iter(results)
    for item in carried.values():
        place = item.place
        if item.kind is None:
            regions._set(m, place, _no_type(m, place) if item.entry is not MISSING
                      else Unusable(f"{place.name} has no value that a loop can hand out",
                                    "give it a value before the loop"))  # fmt: skip
            continue
        value = item.kind.unpack(m.backend.e, values)
        _thaw(m, carried, item, value)
        if item.entry is not MISSING or ran is True or isinstance(place.owner, Slot):
            pass
        elif isinstance(ran, Then):
            value = regions.maybe_unbound(m, place, value, ran, True)
        else:
            value = Unusable(
                f"{place.name} has no value when the loop before runs zero times",
                "give it a value before the loop",
            )
        regions._set(m, place, value)


def run_time_while(
    m: Machine, test: Callable[[], Any], body: Callable[[], Any], node: tree.AST | None, loop: Body
) -> None:
    """scf.while: the test in the first region, the body in the second."""
    e = m.backend.e
    carried: Carriage = {}
    for _ in range(MAX_ROUNDS):
        before, after = Block(), Block()
        ahead: list[tuple[Value, list[Value]]] = []

        def whole(after: Block = after, ahead: list = ahead) -> None:
            truth = _goes_on(m, loop, test)
            flag = truth.native if isinstance(truth, Then) else e.constant(truth, i1)
            ahead.append((flag, _packed(m, carried)))
            with e.builder.inside(after):
                enter(m, after, carried)
                body()

        yielded = _round(m, [before, after], carried, whole, node)
        if yielded is not None:
            flag, forwarded = ahead[0]
            with e.builder.inside(before):
                e.op(scf.condition, flag, forwarded)
            with e.builder.inside(after):
                e.op(scf.yield_, yielded)
            inits = _inits(m, carried)
            types = [value.type for value in inits]
            regions = [Region([before]), Region([after])]
            made = e.op(scf.while_, inits, types=types, regions=regions)
            leave(m, carried, made.results, False)
            return
        drop(m, after)
        drop(m, before)
    raise m.error("what this loop carries around does not settle on one type")


def _goes_on(m: Machine, loop: Body, test: Callable[[], Any]) -> Any:
    left = has_left(m, loop)
    if isinstance(left, Then):
        return regions.choose(m, left, lambda: False, test)
    return False if left else test()
