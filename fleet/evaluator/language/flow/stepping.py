"""Walks that go on from item to item at run time, and what is made of their items.

In: an iterator of which run time says when it ends, or a sequence of run time. Out: a run-time loop
that steps it, a list of what is left, whether an item is among it. The one idea: a step that finds
no item any more leaves the loop, as a `break` would.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.control.fixpoint import Loop
from fleet.evaluator.control.run_time_loops import run_time_loop, run_time_while
from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.iterators.builtin import steps
from fleet.evaluator.iterators.protocol import END, Iterator, Perhaps
from fleet.evaluator.objects import instances, operations, special_methods
from fleet.evaluator.objects.operations import lazily
from fleet.evaluator.state import outgrown
from fleet.evaluator.state.completions import Body, Following
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers, objects, operators
from fleet.evaluator.values.heap import Cell, List
from fleet.evaluator.values.sequences import Lazy
from fleet.evaluator.values.then import Number, Object, Then
from fleet.syntax import tree


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
        if found is END and items.advances():
            found = Perhaps(False, lambda: None, lambda: None)
        if found is END or (isinstance(found, Perhaps) and found.end is None
                            and not items.advances()):  # fmt: skip
            raise m.error("a run-time loop over this iterator is not supported")
        take(found)

    def take(found: Any) -> None:
        if isinstance(found, Perhaps):
            gone = (lambda: None) if found.end is None else (lambda: stop(found))
            depth = len(m.following)
            m.following.append(Following([], loop, True))
            try:
                regions.choose(m, found.truth, lambda: take(found.get()), gone)
            finally:
                del m.following[depth:]
        else:
            use(found)

    own = {"goes_on": goes_on} | {str(at): cell for at, cell in enumerate(items.cells())}
    walk = Loop(key or m.node, loop.node, loop, own=own)
    run_time_while(m, walk, lambda: goes_on.content, body)


def leave(m: Machine, loop: Body, left: Any) -> None:
    """A loop is left where this holds, a bool or a run-time bool."""
    if left is not False:
        m.heap.touch(loop.broken)
        loop.broken.content = numbers.either(m.backend.e, loop.broken.content, left)


def any_passes(m: Machine, items: Iterator, test: Callable[[Any], Any]) -> Number:
    """Whether an item passes the test, up to which alone they are asked for."""
    found = Cell(m.backend.e.number(False))
    loop = Body(True)

    def use(item: Any) -> None:
        truth = test(item)
        m.heap.touch(found)
        found.content = m.backend.e.number(truth)
        leave(m, loop, truth)

    step_at_run_time(m, items, use, loop)
    return found.content


def while_passing(
    m: Machine, items: Iterator, test: Callable[[Any], Any], first: list[Any], taken: Any,
    passes: Any,
) -> Any:  # fmt: skip
    """A list of the items up to the one that does not pass. first: those that have been found to
    pass; taken: the next, of which run time knows whether it does."""
    result: Any = outgrown.settled(m, m.node, List(m.heap))
    add, loop = adding(m, result), Body(True)
    for item in first:
        add(item)

    def use(item: Any) -> None:
        truth = test(item)
        regions.choose(m, truth, lambda: add(item), lambda: None)
        leave(m, loop, operations.negate(m, truth))

    def all_of_them() -> None:
        add(taken)
        step_at_run_time(m, items, use, loop)

    regions.choose(m, passes, all_of_them, lambda: None)
    return result


def has_item(m: Machine, items: Any, item: Any) -> Any:
    """`item in items`, of what the program iterates over."""
    walk = iterators.of_object(m, items) if isinstance(items, Object) else steps(m, items)

    def equal(other: Any) -> Any:
        return operations.truth_of(m, instances.operated(m, "eq", other, item, lambda: m.native(
            operators.operate, m.backend.e, "eq", other, item)))

    if isinstance(items, Object) or walk.advances() or walk.ends_at_run_time():
        return any_passes(m, walk, equal)
    return any_left(m, walk, lambda other: other is item or equal(other))


def any_left(m: Machine, items: Iterator, test: Callable[[Any], Any]) -> Any:
    """The same as any_passes, item by item as long as it is known that there is one."""
    while (found := items.step()) is not END:
        if isinstance(found, Perhaps) and found.end is not None:
            return any_passes(m, items, test)
        if isinstance(found, Perhaps):
            get = found.get
            truth = regions.choose(m, found.truth, lambda get=get: test(get()), lambda: False)
        else:
            truth = test(found)
        if isinstance(truth, Then):
            return regions.choose(m, truth, lambda: True, lambda: any_left(m, items, test))
        if truth:
            return True
    return False


def rest(m: Machine, items: Iterator, found: Any = None) -> List:
    """What is left of an iterator, after a step that has been made: its length may be known then.

    Raises FleetError where a list cannot hold it.
    """
    whole = items.at_once() if found is None else None
    if whole is not None:
        return collect(m, whole) if isinstance(whole, Lazy) else whole
    result: Any = outgrown.settled(m, m.node, List(m.heap))
    add_item = adding(m, result)
    if found is None and items.advances():
        step_at_run_time(m, items, add_item, Body(True))
        return result
    found = items.step() if found is None else found
    while found is not END:
        if not isinstance(found, Perhaps):
            add_item(found)
        elif found.end is None:
            add = functools.partial(_append, add_item, found)
            regions.choose(m, found.truth, add, lambda: None)
        else:
            step_at_run_time(m, items, add_item, Body(True))
            break
        found = items.step()
    return result


def walked(m: Machine, items: Any) -> Any:
    """What the program's own code iterates over, as a list; other things as they are."""
    own = begun(m, items)
    return items if own is items else rest(m, own)


def begun(m: Machine, items: Any) -> Any:
    """An iterator over what the program's own code iterates over; other things as they are."""
    own = special_methods.walks(items) or (
        isinstance(items, Object) and iterators.advancing.may_be(m, items))
    return steps(m, items) if own else items


def _append(add: Callable[[Any], None], found: Perhaps) -> None:
    add(found.get())


def adding(m: Machine, result: Any) -> Callable[[Any], None]:
    """What appends an item to a list."""
    if isinstance(result, List):
        return result.append
    return lambda item: m.native(objects.method, m.backend.e, result, "append", [item], {})


# -- run-time sequences as lists and texts


def collect(m: Machine, items: Any) -> List:
    """list() of a run-time sequence."""
    result: Any = outgrown.settled(m, m.node, List(m.heap))
    add = adding(m, result)
    sequence = lazily(m, items)
    loop = Loop(m.node, None, Body(True))
    run_time_loop(m, loop, sequence.count, lambda i: add(sequence.at(i)))
    return result


def join_lazily(m: Machine, separator: Any, items: Any) -> Any:
    """separator.join(items) of a run-time sequence."""
    e = m.backend.e
    sequence = m.native(lazily, m, items)
    text = Cell(e.text(separator[:0]))

    def step(i: Number) -> None:
        first = numbers.compare(e, "eq", i, 0)
        start = regions.choose(m, first, lambda: separator[:0], lambda: separator)
        longer = m.native(operator.add, text.content + start, sequence.at(i))
        m.heap.touch(text)
        text.content = longer

    run_time_loop(m, Loop(m.node, None, Body(True), own={"text": text}), sequence.count, step)
    return text.content


def keys_of(m: Machine, items: Object, key: Any) -> Any:
    """A list of key(item) for each."""
    e = m.backend.e
    keys = m.native(objects.build, e, "list", ())

    def add(item: Any) -> None:
        value = m.language.call_value(m, key, (item,), {})
        m.native(objects.method, e, keys, "append", [value], {})

    step_at_run_time(m, iterators.of_object(m, items), add, Body(True))
    return keys
