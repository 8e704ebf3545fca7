"""Run-time loops: `scf.for` and `scf.while`, and what goes before and after their first iteration.

In: a count or a test, and a body. Out: the operation, and the state after it. The one idea: the
body is evaluated in rounds (see `fixpoint`), and the last round is the loop; one that an iteration
may leave is a while loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.control.fixpoint import MAX_ROUNDS, Begins, Carried, Ends, Fixpoint, Loop, drop
from fleet.evaluator.control.joining import Closing
from fleet.evaluator.control.places import WHOLE
from fleet.evaluator.state.completions import Body
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import begin_table
from fleet.evaluator.values import numbers
from fleet.evaluator.values.heap import MISSING, Cell
from fleet.evaluator.values.kinds.tables import RowsKind
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.sizes import length
from fleet.evaluator.values.then import Number, Then
from fleet.ir.core import Block, Value
from fleet.ir.types import i1, index
from fleet.syntax import tree


class Grows(Exception):
    """An iteration may change the length of the list that the loop goes over."""


class _Never(Exception):
    """The test is known to be false when the loop begins."""


def run_time_loop(m: Machine, loop: Loop, count: Length, step: Callable[[Number], Any]) -> None:
    """scf.for over 0 ... count, the body's changes carried around."""
    e = m.backend.e
    fixpoint = Fixpoint(m, loop, trips=count, counted=True)
    if fixpoint.memory.exits:
        _loop_with_exit(fixpoint, count, step)
        return
    while fixpoint.rounds < MAX_ROUNDS:
        block = Block()
        at = block.add_argument(index, _index_hint(loop.node))

        def body(at: Value = at) -> None:
            _within(m, loop.body, lambda: step(Number(e, "int", at, length())))

        try:
            yielded = fixpoint.round([block], body)
        except Begins as begins:
            drop(block)
            begin_table(m, begins.owner)
            continue
        except Ends:
            drop(block)
            _first_iteration(m, numbers.compare(e, "gt", count, 0), step)
            return
        if loop.source is not None and _may_grow(fixpoint.carried.get((id(loop.source), WHOLE))):
            drop(block)
            raise Grows
        if fixpoint.leaves():
            drop(block)
            fixpoint.memory.exits = True
            _loop_with_exit(fixpoint, count, step)
            return
        if yielded is not None:
            fixpoint.finish_for(block, count, yielded)
            return
        drop(block)
    raise m.error("what this loop carries around does not settle on one type")


def _may_grow(source: Carried | None) -> bool:
    """Whether an iteration may change the length of a list."""
    return source is not None and not (
        isinstance(source.kind, RowsKind) and source.kind.count is not None)


def _first_iteration(m: Machine, runs: Number | bool, step: Callable[[Number], Any]) -> None:
    """The loop's first iteration ends the program, if there is one."""
    e = m.backend.e

    def first() -> None:
        step(Number(e, "int", e.constant(0, index), length()))

    regions.choose(m, runs, first, lambda: None)


def _loop_with_exit(fixpoint: Fixpoint, count: Length, step: Callable[[Number], Any]) -> None:
    """As a while loop: an iteration may leave it."""
    m, loop = fixpoint.m, fixpoint.loop
    e = m.backend.e
    counter = loop.own["counter"] = Cell(0)

    def test() -> Any:
        return numbers.compare(e, "lt", counter.content, count)

    def body() -> None:
        at = Number(e, "int", e.number(counter.content).native, length())
        step(at)
        m.heap.touch(counter)
        counter.content = numbers.binary(e, "add", at, 1)

    whole = Fixpoint(m, loop, fixpoint.memory, trips=count)
    if not any(isinstance(item.kind, RowsKind) for item in fixpoint.carried.values()):
        whole.carried = fixpoint.carried | whole.carried  # what one has found the other need not
    _while(whole, test, body)


def run_time_while(
    m: Machine, loop: Loop, test: Callable[[], Any], body: Callable[[], Any]
) -> None:
    """scf.while: the test in the first region, the body in the second."""
    _while(Fixpoint(m, loop), test, body)


def _while(fixpoint: Fixpoint, test: Callable[[], Any], body: Callable[[], Any]) -> None:
    m = fixpoint.m
    e = m.backend.e
    while fixpoint.rounds < MAX_ROUNDS:
        before, after = Block(), Block()
        ahead: list[tuple[Value, list[Value]]] = []

        def whole(after: Block = after, ahead: list = ahead) -> None:
            raised = fixpoint.loop.body.raised
            before = raised.content
            truth = _within(m, fixpoint.loop.body, lambda: _goes_on(fixpoint, test))
            if raised.content is not before:
                left = regions.is_exception(m, raised.content)
                none = numbers.invert(e, left) if isinstance(left, Then) else not left
                truth = numbers.both(e, truth, none) if none is not False else False
            if not isinstance(truth, Then) and not truth:
                raise _Never
            flag = truth.native if isinstance(truth, Then) else e.constant(1, i1)
            fixpoint.widen(after_test=True)
            ahead.append((flag, fixpoint.packed()))
            with e.builder.inside(after):
                fixpoint.enter(after)
                fixpoint.bind_tested()
                _not_left(m, fixpoint.loop.body)
                _within(m, fixpoint.loop.body, body)

        try:
            yielded = fixpoint.round([before, after], whole)
        except Begins as begins:
            drop(after)
            drop(before)
            begin_table(m, begins.owner)
            continue
        except (Ends, _Never) as stop:
            drop(after)
            drop(before)
            truth = _goes_on(fixpoint, test)
            if isinstance(stop, Ends):
                regions.choose(m, truth, body, lambda: None)
            return
        if yielded is not None:
            fixpoint.finish_while(before, after, ahead[0], yielded)
            return
        drop(after)
        drop(before)
    raise m.error("what this loop carries around does not settle on one type")


def _goes_on(fixpoint: Fixpoint, test: Callable[[], Any]) -> Any:
    """The test's truth, where no iteration left the loop; where one did, it is not evaluated."""
    m, loop = fixpoint.m, fixpoint.loop
    left = has_left(m, loop.body)
    if not isinstance(left, Then):
        truth = False if left else test()
        fixpoint.note_tested(fixpoint.journal.effects())
        return truth
    yes, no = regions.region(m, lambda: False), regions.region(m, test)
    fixpoint.note_tested(no.effects.values())
    return regions.merge(m, left, yes, no, getattr(loop.node, "test", None))


def has_left(m: Machine, body: Body) -> Any:
    """Whether an iteration left the loop: a bool or a run-time bool."""
    e = m.backend.e
    left = numbers.either(e, body.broken.content, body.returned.content)
    return numbers.either(e, left, regions.is_exception(m, body.raised.content))


def _not_left(m: Machine, body: Body) -> None:
    """In an iteration no other has returned: what they would have is nobody's."""
    if not body.untouched and body.value.content is not MISSING:
        m.heap.touch(body.value)
        body.value.content = MISSING


def _within(m: Machine, body: Body, function: Callable[[], Any]) -> Any:
    """As regions.within; what is raised leaves the loop, if nothing has before."""
    node = body.node
    exact = None if node is None else (
        lambda place: m.reads(node).after_iteration(place.key, node))  # fmt: skip
    value = regions.within(m, function, Closing(exact))
    raised = m.pending.content
    if raised is not None:
        earlier = body.raised.content
        regions.set_pending(m, None)
        first = regions.choose(
            m, regions.is_exception(m, earlier), lambda: earlier, lambda: raised)
        m.heap.touch(body.raised)
        body.raised.content = first
    return value


def _index_hint(node: tree.AST | None) -> str | None:
    is_named = isinstance(node, tree.For) and isinstance(node.target, tree.Name)
    return node.target.id if is_named else None
