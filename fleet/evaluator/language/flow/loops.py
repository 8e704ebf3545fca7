"""Loops: unrolled where the program's structure depends on them, else run-time loops.

In: an iterable or condition, and the body. Out: the body's operations, once per iteration or once
in a region, and the state after the loop. The one idea: a loop over what is known now is a run-time
loop as well, unless it is tiny or goes over the program's own objects; where that turns out not to
do, because something in it is needed at build time, the policy remembers, and it is unrolled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.control import regions
from fleet.evaluator.control.fixpoint import Loop, drop
from fleet.evaluator.control.run_time_loops import Grows, has_left, run_time_loop, run_time_while
from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.iterators.builtin import steps
from fleet.evaluator.iterators.positions import Foreign
from fleet.evaluator.iterators.protocol import END, Iterator, Perhaps
from fleet.evaluator.language import targets
from fleet.evaluator.language.flow.rolling import attempt, is_counted, known_length, rolls, splice
from fleet.evaluator.language.flow.stepping import rest, step_at_run_time
from fleet.evaluator.objects.operations import lazily
from fleet.evaluator.objects.special_methods import walks
from fleet.evaluator.state.completions import Body
from fleet.evaluator.state.machine import STEPS_OF_AN_OPERATION, Machine
from fleet.evaluator.values.characters import characters_of
from fleet.evaluator.values.emitter import Emits
from fleet.evaluator.values.heap import Dict, List
from fleet.evaluator.values.sequences import is_run_time_sequence
from fleet.evaluator.values.then import Array, Number, Object, Text, Then, Union
from fleet.ir.core import Block
from fleet.syntax import tree

FREE = 256
"""Loops of at most so many known iterations, with their copies, are evaluated at build time where
they emit nothing: Python's ints have no bounds then."""


STEPS_OF_AN_EXIT = 3000
"""What a run-time condition under which an unrolled loop is left counts as: all that follows is
another path, and is joined with those before it."""


def iterate(
    m: Machine,
    target: tree.AST,
    items: Any,
    body: Callable[[], Any],
    key: tree.AST,
    node: tree.AST | None = None,
    loop: Body | None = None,
) -> None:
    """Run the body for each item. `loop` tells whether an iteration left the loop.

    key: the node of the loop or comprehension; node: the statement, if it is one.
    """
    depth = len(m.walked)
    m.walked.append(items)
    try:
        _iterate(m, target, items, body, key, node, loop)
    finally:
        del m.walked[depth:]


def _iterate(
    m: Machine,
    target: tree.AST,
    items: Any,
    body: Callable[[], Any],
    key: tree.AST,
    node: tree.AST | None,
    loop: Body | None,
) -> None:
    leaver = key if node is None and loop and isinstance(key, tree.comprehension) else node
    loop = loop or Body(True)
    kind = type(items)
    if kind is str or kind is Dict or ((kind is tuple or (kind is List and items.run_time is None))
                                       and not is_counted(items)):  # fmt: skip
        _unroll_all(m, target, items, 1, body, key, loop)
        return
    made = walks(items)
    if made:
        items = steps(m, items)
        kind = type(items)
    if isinstance(items, Iterator) and _drive(m, target, items, body, made, leaver, loop):
        return
    if isinstance(items, Iterator) and kind.run_time_rest is not Iterator.run_time_rest and (
            not _may_break(leaver)):  # fmt: skip
        whole = items.run_time_rest()
        items = items if whole is None else whole
    if isinstance(items, Iterator) and items.advances():
        step_at_run_time(m, items, lambda item: _one(m, target, item, body), loop, key)
        return
    if type(items) is Union:
        m.language.split(
            m, items, lambda one: iterate(m, target, one, body, key, node, loop)
        )
        return

    def roll(known: bool = True) -> None:
        sequence = lazily(m, items)

        def step(i: Number) -> None:
            _one(m, target, sequence.at(i), body)

        source = items if isinstance(items, List) else None
        try:
            run_time_loop(m, Loop(key, node, loop, known, source), sequence.count, step)
        except Grows:
            step_at_run_time(
                m, _iterator(m, items), lambda item: _one(m, target, item, body), loop, key
            )

    if isinstance(items, Text) and items.kind == "str":
        items = m.native(characters_of, m.backend.e, items)
        roll(False)
        return
    if kind is Object:
        step_at_run_time(
            m, iterators.of_object(m, items), lambda item: _one(m, target, item, body), loop, key
        )
        return
    if kind is not range and is_run_time_sequence(items):
        roll(False)
        return
    if isinstance(items, Then) and not isinstance(items, Array):
        raise m.raised(TypeError(f"'{items.type_name}' object is not iterable"))

    def unrolled() -> None:
        copies = known_length(items) if is_counted(items) else None
        _unroll_all(m, target, items, copies or 1, body, key, loop)

    if m.backend.e is None or not rolls(m, items, key):
        unrolled()
    elif isinstance(items, Array):
        attempt(m, key, roll, unrolled)
    elif (m.structural or len(items) * m.copies <= FREE) and _is_free(
        m, key, len(items), lambda: _one(m, target, items[0], body)
    ):
        _while_free(m, target, items, body, key, node, loop)
    else:
        attempt(m, key, roll, unrolled)


def _drive(
    m: Machine,
    target: tree.AST,
    items: Iterator,
    body: Callable[[], Any],
    made: bool,
    node: tree.AST | None,
    loop: Body,
) -> bool:
    """Let an iterator evaluate the body for each of its items, if it may; whether it has.

    made: whether it has just been made for this loop.
    Where the loop may leave a generator that a name may lead to, this is resumed item by item.
    """
    if not items.drivable() or items.looks():
        return False

    def use(item: Any) -> Any:
        _one(m, target, item, body)
        return False if loop.untouched else has_left(m, loop)

    if made or not _may_break(node) or _is_fresh(m, node.iter):
        items.drive(use)
        return True
    if m.backend.e is None:
        return False

    def resumed() -> None:
        _unroll_all(m, target, items, 1, body, node, loop)

    if items.stays():
        resumed()
    elif id(node.iter) in m.policy.unrolled:
        items.drive(use)
    else:
        attempt(m, node.iter, resumed, lambda: items.drive(use))
    return True


def closes(m: Machine, node: tree.AST, items: Any) -> bool:
    """Whether nobody has an iterator any more once this loop is left, and it then does something:
    CPython closes it there."""
    if not isinstance(items, Iterator) or not hasattr(items, "close") or not items.stays():
        return False
    return _is_fresh(m, node.iter) and not (items.drivable() and not items.looks())


def _is_fresh(m: Machine, node: tree.AST) -> bool:
    """Whether an expression gives an iterator that has just been made, as far as its text says."""
    if not isinstance(node, tree.Call):
        return isinstance(node, tree.GeneratorExp)
    return not any(
        isinstance(item, tree.Name) and isinstance(_value_of(m, item.id), Iterator)
        for item in tree.walk(node)
    )


def _value_of(m: Machine, name: str) -> Any:
    return next((one.values[name] for one in m.scope.chain() if name in one.values), None)


def _is_free(m: Machine, key: tree.AST, count: int, first: Callable[[], Any]) -> bool:
    """Whether a loop's first iteration emits nothing; asked once, of what did."""
    at = id(key), m.structural
    if at in m.policy.emitting:
        return False
    if at in m.policy.free:
        return True
    e, begun, copies = m.backend.e, m.memory.begun.copy(), m.copies
    e.silent += 1
    m.copies *= count
    try:
        with m.provisional(FleetError, Emits):
            regions.region(m, first)
        m.policy.free.add(at)
        return True
    except (FleetError, Emits):
        m.policy.emitting.find(at)
        return False
    finally:
        e.silent -= 1
        m.memory.begun, m.copies = begun, copies


def _while_free(
    m: Machine,
    target: tree.AST,
    items: Any,
    body: Callable[[], Any],
    key: tree.AST,
    node: tree.AST | None,
    loop: Body,
) -> None:
    """Evaluate iterations as long as they emit nothing; the rest is a run-time loop."""
    source = _iterator(m, items)
    before, copies = m.backend.e.emitted, m.copies
    m.copies *= len(items)
    m.unrolling.append((key, m.steps))
    try:
        done, at = 0, m.node
        while m.backend.e.emitted == before:
            m.node = at
            item = source.step()
            if item is END:
                return
            m.step()
            _one(m, target, item, body)
            done += 1
            if not loop.untouched and has_left(m, loop) is True:
                return
        m.policy.emitting.add((id(key), m.structural))
    finally:
        m.unrolling.pop()
        m.copies = copies

    def rest() -> None:
        if isinstance(items, List):  # which may have changed meanwhile
            _unroll(m, target, source, body, key, loop)
        else:
            m.copies = 1
            iterate(m, target, items[done:], body, key, node, loop)
            m.copies = copies

    regions.choose(m, has_left(m, loop), lambda: None, rest)


def repeat(
    m: Machine, test: Callable[[], Any], body: Callable[[], Any], node: tree.AST, loop: Body
) -> None:
    """Run the body while the test holds."""

    def roll(known: bool = True) -> None:
        run_time_while(m, Loop(node, node, loop, known), test, body)

    def unrolled(free: int | None = None) -> None:
        before = emitted = 0 if m.backend.e is None else m.backend.e.emitted
        while True:
            if free is not None:
                free -= 1
                if free < 0 or m.backend.e.emitted != before:
                    m.policy.emitting.add((id(node), m.structural))
                    repeat(m, test, body, node, loop)
                    return
            if m.backend.e is not None:
                m.steps += STEPS_OF_AN_OPERATION * (m.backend.e.emitted - emitted)
                emitted = m.backend.e.emitted
            m.step()
            m.node = node
            truth = _test_ahead(m, test)
            if isinstance(truth, Then):
                roll(False)
                return
            if not truth:
                return
            body()
            if loop.untouched:
                continue
            left = has_left(m, loop)
            if isinstance(left, Then):
                more = unrolled if id(node) in m.policy.unrolled else roll
                m.steps += STEPS_OF_AN_EXIT
                regions.choose(m, left, lambda: None, more)
                return
            if left:
                return

    def first() -> None:
        if test():
            body()

    if m.backend.e is None or m.policy.unrolls(node):
        _unrolled(m, node, 1, unrolled)
    elif m.copies <= FREE and _is_free(m, node, FREE // m.copies, first):
        limit = FREE // m.copies
        _unrolled(m, node, limit, lambda: unrolled(limit))
    else:
        attempt(m, node, roll, lambda: _unrolled(m, node, 1, unrolled))


def _test_ahead(m: Machine, test: Callable[[], Any]) -> Any:
    """The test's truth; what it did and emitted when it turns out to be run-time is undone."""
    if m.backend.e is None:
        return test()
    builder, block = m.backend.e.builder, Block()
    place = builder.block, builder.anchor
    journal = m.heap.begin()
    builder.block, builder.anchor = block, None
    truth = None
    try:
        truth = regions.within(m, test)
    finally:
        builder.block, builder.anchor = place
        if isinstance(truth, Then):
            m.heap.undo(journal)
            drop(block)
        else:
            m.heap.keep(journal)
            if block.first is not None:
                splice(m, block)
    regions.go_on(m)
    return truth


# -- unrolling

def _unrolled(m: Machine, key: tree.AST, count: int, run: Callable[[], None]) -> None:
    copies, structural = m.copies, m.structural
    m.copies *= count
    m.structural = structural or id(key) in m.policy.unrolled
    m.unrolling.append((key, m.steps))
    try:
        run()
    finally:
        m.unrolling.pop()
        m.copies, m.structural = copies, structural


def _unroll_all(
    m: Machine,
    target: tree.AST,
    items: Any,
    count: int,
    body: Callable[[], Any],
    key: tree.AST,
    loop: Body,
) -> None:
    steps = _iterator(m, items)
    _unrolled(m, key, count, lambda: _unroll(m, target, steps, body, key, loop))


def _unroll(
    m: Machine,
    target: tree.AST,
    items: Iterator,
    body: Callable[[], Any],
    key: tree.AST,
    loop: Body,
) -> None:
    """Evaluate the body for each item; once an iteration may have left, under a condition."""
    store, at, e = targets.storing(target), m.node, m.backend.e
    emitted = 0 if e is None else e.emitted
    while True:
        m.node = at
        item = items.step()
        if item is END:
            return
        if type(item) is Perhaps:
            _go_on_at_run_time(m, target, items, item, body, key, loop)
            return
        m.steps += 1
        if e is not None:
            m.steps += STEPS_OF_AN_OPERATION * (e.emitted - emitted)
            emitted = e.emitted
        if m.steps > m.budget:
            m.spend()
        store(m, item)
        body()
        if loop.untouched:
            continue
        m.node = at
        left = has_left(m, loop)
        if isinstance(left, Then):
            m.steps += STEPS_OF_AN_EXIT
            regions.choose(m, left, lambda: None, lambda: _go_on(m, target, items, body, key, loop))
            return
        if left:
            return


def _go_on(
    m: Machine,
    target: tree.AST,
    items: Iterator,
    body: Callable[[], Any],
    key: tree.AST,
    loop: Body,
) -> None:
    """After an iteration that may have left the loop: step by step at run time, if that will do."""

    def unrolled() -> None:
        _unroll(m, target, items, body, key, loop)

    def rolled() -> None:
        step_at_run_time(m, items, lambda item: _one(m, target, item, body), loop, key)

    if id(target) in m.policy.unrolled:
        unrolled()
    else:
        attempt(m, target, rolled, unrolled)


def _one(m: Machine, target: tree.AST, item: Any, body: Callable[[], Any]) -> None:
    targets.assign(m, target, item)
    body()


def _iterator(m: Machine, items: Any) -> Iterator:
    made = steps(m, items)
    if made is items or isinstance(made, Foreign):
        return made
    for cell in made.cells():
        cell.keep_to_itself()
    return made


def _may_break(node: tree.AST | None) -> bool:
    """Whether a loop may be left: a statement's, or that of a comprehension which says so."""
    return isinstance(node, tree.comprehension) or node is not None and any(
        isinstance(item, tree.Break | tree.Return) for item in tree.walk(node)
    )


def _go_on_at_run_time(
    m: Machine,
    target: tree.AST,
    items: Iterator,
    found: Perhaps,
    body: Callable[[], Any],
    key: tree.AST,
    loop: Body,
) -> None:
    """The loop over an iterator, from where run time says whether there is a next item."""
    if found.end is None:
        iterate(m, target, rest(m, items, found), body, key, loop=loop)
    else:
        step_at_run_time(m, items, lambda item: _one(m, target, item, body), loop, key)
