"""Loops: unrolled where the program's structure depends on them, else run-time loops.

In: an iterable or condition, and the body. Out: the body's operations, once per iteration or once
in a region, and the state after the loop. The one idea: a loop over what is known now is a run-time
loop as well, unless it is tiny or goes over the program's own objects; where that turns out not to
do, because something in it is needed at build time, the policy remembers, and it is unrolled.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator import regions, targets
from fleet.evaluator.completions import Body
from fleet.evaluator.fixpoint import Grows, Loop, drop, has_left, run_time_loop, run_time_while
from fleet.evaluator.functions import Function
from fleet.evaluator.iterators.builtin import Foreign, steps
from fleet.evaluator.iterators.protocol import END, Iterator, Perhaps
from fleet.evaluator.machine import Machine
from fleet.evaluator.memory import TooDeep, TooLong
from fleet.evaluator.operations import lazily
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emits
from fleet.evaluator.values.heap import Cell, List
from fleet.evaluator.values.sequences import is_run_time_sequence
from fleet.evaluator.values.then import Array, Number, Then, Union
from fleet.ir.core import Block
from fleet.syntax import tree

TINY = 8
"""Loops of at most so many known iterations are unrolled when their bodies are light."""
LIGHT = 2000
"""Nodes of the tree that a light body makes with all its copies, about."""
FREE = 256
"""Loops of at most so many known iterations, with their copies, are evaluated at build time where
they emit nothing: Python's ints have no bounds then."""
LOOP_WEIGHT = 8
"""How many iterations a loop inside is taken for."""


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
    loop = loop or Body(True)
    if isinstance(items, Iterator) and not _may_break(node):
        whole = items.run_time_rest()
        items = items if whole is None else whole
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

    if is_run_time_sequence(items):
        roll(False)
        return
    if isinstance(items, Then) and not isinstance(items, Array):
        raise m.raised(TypeError(f"'{items.type_name}' object is not iterable"))

    def unrolled() -> None:
        copies = _known_length(items) if _is_counted(items) else None
        steps = _iterator(m, items)
        _unrolled(m, key, copies or 1, lambda: _unroll(m, target, steps, body, key, loop))

    if m.backend.e is None or not _rolls(m, items, key):
        unrolled()
    elif isinstance(items, Array):
        _attempt(m, key, roll, unrolled)
    elif (m.structural or len(items) * m.copies <= FREE) and _is_free(
        m, key, len(items), lambda: _one(m, target, items[0], body)
    ):
        _while_free(m, target, items, body, key, node, loop)
    else:
        _attempt(m, key, roll, unrolled)


def _is_free(m: Machine, key: tree.AST, count: int, first: Callable[[], Any]) -> bool:
    """Whether a loop's first iteration emits nothing; asked once, of what did."""
    if (id(key), m.structural) in m.policy.emitting:
        return False
    e, begun, copies = m.backend.e, m.memory.begun.copy(), m.copies
    e.silent += 1
    m.copies *= count
    try:
        with m.provisional(FleetError, Emits):
            regions.region(m, first)
        return True
    except (FleetError, Emits):
        m.policy.emitting.add((id(key), m.structural))
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
        done = 0
        while m.backend.e.emitted == before:
            item = source.step()
            if item is END:
                return
            m.step()
            _one(m, target, item, body)
            done += 1
            if has_left(m, loop) is True:
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
        before = 0 if free is None else m.backend.e.emitted
        while True:
            if free is not None:
                free -= 1
                if free < 0 or m.backend.e.emitted != before:
                    m.policy.emitting.add((id(node), m.structural))
                    repeat(m, test, body, node, loop)
                    return
            m.step()
            m.node = node
            truth = _test_ahead(m, test)
            if isinstance(truth, Then):
                roll(False)
                return
            if not truth:
                return
            body()
            left = has_left(m, loop)
            if isinstance(left, Then):
                more = unrolled if id(node) in m.policy.unrolled else roll
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
        _attempt(m, node, roll, lambda: _unrolled(m, node, 1, unrolled))


def _test_ahead(m: Machine, test: Callable[[], Any]) -> Any:
    """The test's truth; what it emits when it turns out to be run-time is dropped."""
    if m.backend.e is None:
        return test()
    trial = regions.region(m, test)
    if isinstance(trial.value, Then):
        drop(trial.block)
        return trial.value
    if trial.ended or trial.effects or len(trial.block):
        drop(trial.block)
        return test()
    return trial.value


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


def _unroll(
    m: Machine,
    target: tree.AST,
    items: Iterator,
    body: Callable[[], Any],
    key: tree.AST,
    loop: Body,
) -> None:
    """Evaluate the body for each item; once an iteration may have left, under a condition."""
    while True:
        item = items.step()
        if item is END:
            return
        if isinstance(item, Perhaps):
            _go_on_at_run_time(m, target, items, item, body, key, loop)
            return
        m.step()
        _one(m, target, item, body)
        left = has_left(m, loop)
        if isinstance(left, Then):
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
        _attempt(m, target, rolled, unrolled)


def _one(m: Machine, target: tree.AST, item: Any, body: Callable[[], Any]) -> None:
    if type(target) is tree.Name and not isinstance(item, Then):
        m.scope.assign(m.heap, target.id, item)
    else:
        targets.assign(m, target, item)
    body()


def _iterator(m: Machine, items: Any) -> Iterator:
    made = steps(m, items)
    if made is not items and not isinstance(made, Foreign):
        for cell in made.cells():
            cell.keep_to_itself()
    return made


def _may_break(node: tree.AST | None) -> bool:
    return node is not None and any(
        isinstance(item, tree.Break | tree.Return) for item in tree.walk(node)
    )


# -- iterators that end at run time


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


def step_at_run_time(
    m: Machine,
    items: Iterator,
    use: Callable[[Any], Any],
    loop: Body,
    key: tree.AST | None = None,
) -> None:
    """Step by step through an iterator that ends at run time."""
    for cell in items.cells():
        cell.travel()
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

    own = {"goes_on": goes_on} | {str(at): cell for at, cell in enumerate(items.cells())}
    walk = Loop(key or m.node, None, loop, own=own)
    run_time_while(m, walk, lambda: goes_on.content, body)


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


# -- which loops stay loops


def _attempt(
    m: Machine, key: tree.AST, roll: Callable[[], None], otherwise: Callable[[], None]
) -> None:
    """A run-time loop; where the structure depends on its items, the other, now and ever after."""
    block = Block()
    try:
        with m.provisional(FleetError), m.backend.e.builder.inside(block):
            roll()
    except FleetError as error:
        drop(block)
        if not m.policy.concerns(error, key):
            raise
        m.policy.unrolled.add(id(key))
        reason = error
    except BaseException:
        _splice(m, block)
        raise
    else:
        _splice(m, block)
        return
    try:
        otherwise()
    except TooDeep:  # then the reason why it is no run-time loop says more
        raise reason from None
    except TooLong as long:
        if long.reason is None and reason.location is not None:
            long.reason = reason
            at = f"{reason.location.file}:{reason.location.line}"
            long.message += f"; it is no run-time loop because ({at}) {reason.message}"
        raise


def _splice(m: Machine, block: Block) -> None:
    """What was emitted into a scratch block, here."""
    builder = m.backend.e.builder
    for operation in block:
        operation.detach()
        builder.block.insert_before(builder.anchor, operation)


def _rolls(m: Machine, items: Any, key: tree.AST) -> bool:
    """Whether a loop over items that are known now becomes a run-time loop."""
    if m.policy.unrolls(key):
        return False
    count = _known_length(items)
    if count is None or count < 2:
        return False
    if count <= TINY and count * m.copies * _weight(m, key) <= LIGHT:
        return False
    return _is_counted(items)


def _is_counted(items: Any) -> bool:
    """Whether items are numbers. A loop over the program's own objects is its structure instead:
    what is small in it is small for each of them, so they do not count as copies."""
    return not isinstance(items, list | tuple) or _is_of_numbers(items)


def _known_length(items: Any) -> int | None:
    """How many items there are, of what can be got at by a run-time position."""
    if isinstance(items, Array):
        return items.dims[0] if items.dims and isinstance(items.dims[0], int) else None
    return len(items) if isinstance(items, range | list | tuple) else None


def _is_of_numbers(items: list | tuple) -> bool:
    kinds = set(map(type, items))
    return len(kinds) == 1 and kinds <= {int, float, bool}


def _weight(m: Machine, node: tree.AST) -> int:
    """About how many nodes of the tree are evaluated in a loop's body, calls included."""
    found = m.weights.get(id(node))
    if found is None:
        m.weights[id(node)] = 1  # what calls itself counts once
        found = m.weights[id(node)] = _weight_of(m, node)
    return found


def _weight_of(m: Machine, node: tree.AST) -> int:
    total = 1
    for child in tree.iter_child_nodes(node):
        if isinstance(child, tree.FunctionDef | tree.ClassDef | tree.Lambda):
            continue
        weight = _weight_of(m, child)
        if isinstance(child, tree.For | tree.While | tree.ListComp):
            weight *= LOOP_WEIGHT
        elif isinstance(child, tree.Call) and isinstance(child.func, tree.Name):
            callee = m.scope.values.get(child.func.id) or m.scope.module.values.get(child.func.id)
            if isinstance(callee, Function):
                weight += _weight(m, callee._node)
        total += weight
    return total


# -- run-time sequences as lists and texts


def collect(m: Machine, items: Any) -> List:
    """list() of a run-time sequence."""
    result = List(m.heap)
    sequence = lazily(m, items)
    loop = Loop(m.node, None, Body(True))
    run_time_loop(m, loop, sequence.count, lambda i: result.append(sequence.at(i)))
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

    run_time_loop(m, Loop(m.node, None, Body(True), own={"text": text}), sequence.count, step)
    return text.content
