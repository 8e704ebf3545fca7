"""A run-time `if`, and paths that leave a function's or loop's body under run-time conditions.

In: a condition that run time knows, and the statements of either side. Out: one region, and how it
completes. The one idea: when a side leaves early, the statements that follow belong to the other
side; each is evaluated once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.control.outcomes import Outcome
from fleet.evaluator.language.running import present_body, rest_of_body, run, run_bounded
from fleet.evaluator.state.completions import (
    BREAK,
    CONTINUE,
    DONE,
    Body,
    Completion,
    Following,
    Return,
)
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.reads import is_capture
from fleet.evaluator.values import numbers
from fleet.evaluator.values.then import Number, Then
from fleet.syntax import tree


def branch(
    m: Machine,
    truth: Number,
    body: list[tree.AST],
    orelse: list[tree.AST],
    node: tree.AST | None = None,
) -> Completion:
    """A run-time `if`. What follows a side that leaves the body belongs to the other side.

    Each statement is evaluated once: where either side may leave, and neither is certain to, flags
    say who left, and what follows is evaluated under them.
    """
    if not any(map(asks_for_rest, (*body, *orelse))):
        yes = regions.region(m, lambda: run(m, body))
        no = regions.region(m, lambda: run(m, orelse))
        return regions.merge(m, truth, yes, no, node)
    present = present_body(m)
    if not leaves(body) and not leaves(orelse):
        flag = _flagged(m, truth, body, orelse, present, node)
        return None if flag is False else after_flag(m, flag, present)
    rest = rest_of_body(m)
    sides = [statements if leaves(statements) else statements + rest
             for statements in (body, orelse)]  # fmt: skip
    outcomes = [
        regions.region(m, lambda side=side: end(m, run_bounded(m, side, present), present))
        for side in sides
    ]
    return merge_ends(m, truth, *outcomes)


def _flagged(
    m: Machine,
    truth: Number,
    body: list[tree.AST],
    orelse: list[tree.AST],
    present: Body,
    node: tree.AST | None,
) -> Any:
    """Both sides up to where they leave; whether one left: a bool or a run-time bool."""

    part = present.part()

    def side(statements: list[tree.AST]) -> Callable[[], None]:
        return lambda: flag(m, run_bounded(m, statements, part), part)

    regions.merge(m, truth, regions.region(m, side(body)), regions.region(m, side(orelse)), node)
    cells = present.broken, present.returned, present.continued
    return functools.reduce(
        lambda a, b: numbers.either(m.backend.e, a, b), [cell.content for cell in cells]
    )


def either_way(
    m: Machine, truth: Any, yes: Callable[[], Completion], no: Callable[[], Completion],
    leaving: tuple[bool, bool] = (False, False), node: tree.AST | None = None,
) -> Completion:
    """As `branch`, of what is no list of statements. leaving: which sides are certain to leave."""
    if not isinstance(truth, Then):
        return yes() if truth else no()
    present = present_body(m)
    if not any(leaving):
        part = present.part()
        before = [cell.content for cell in present.cells[:3]]
        sides = [
            regions.region(m, lambda run=run: flag(m, bounded(m, run, part), part))
            for run in (yes, no)
        ]
        regions.merge(m, truth, *sides, node)
        cells = [cell.content for cell in present.cells[:3]]
        if all(a is b for a, b in zip(before, cells, strict=True)):
            return None
        left = functools.reduce(lambda a, b: numbers.either(m.backend.e, a, b), cells)
        return None if left is False else after_flag(m, left, present)
    rest = rest_of_body(m)

    def whole(run: Callable[[], Completion], leaves: bool) -> Completion:
        follows = [] if leaves else rest
        completion = bounded(m, run, present, follows)
        if completion is None:
            completion = run_bounded(m, follows, present)
        return end(m, completion, present)

    outcomes = [
        regions.region(m, lambda run=run, leaves=leaves: whole(run, leaves))
        for run, leaves in zip((yes, no), leaving, strict=True)
    ]
    return merge_ends(m, truth, *outcomes)


def bounded(
    m: Machine, run: Callable[[], Completion], body: Body, follows: Sequence[tree.AST] = ()
) -> Completion:
    """run(), as all of a part of a body; `follows` is what follows in that part."""
    depth = len(m.following)
    m.following.append(Following(list(follows), body, True))
    try:
        return run()
    finally:
        del m.following[depth:]


def flag(m: Machine, completion: Completion, body: Body) -> None:
    """Tell a body that a path through it has left it, and how."""
    if completion is None or completion is DONE:
        return
    cells = [body.broken if completion is BREAK else body.continued if completion is CONTINUE
             else body.returned]  # fmt: skip
    if isinstance(completion, Return):
        m.heap.touch(body.value)
        body.value.content = completion.value
    for cell in cells:
        m.heap.touch(cell)
        cell.content = True


def after_flag(m: Machine, left: Any, present: Body) -> Completion:
    """What follows where a path may have left the body: the rest of it, if none has."""
    rest = rest_of_body(m)

    def gone() -> Completion:
        if present.is_part:
            return DONE
        return CONTINUE if present.is_loop else Return(present.value.content)

    if not isinstance(left, Then):
        return gone()
    return merge_ends(
        m, left, regions.region(m, gone),
        regions.region(m, lambda: end(m, run_bounded(m, rest, present), present)),
    )  # fmt: skip


def end(m: Machine, completion: Completion, body: Body) -> Completion:
    """One path through a body under a run-time condition has come to the body's end."""
    if body.is_part:
        flag(m, completion, body)
        return DONE
    if not body.is_loop:
        return completion or Return(None)
    if completion is not CONTINUE:
        flag(m, completion, body)
    return CONTINUE


def merge_ends(m: Machine, truth: Number, yes: Outcome, no: Outcome) -> Completion:
    """Join two paths that both run to the end of the body."""
    returns = [side for side in (yes, no) if isinstance(side.value, Return)]
    for side in returns:
        side.value = side.value.value
    merged = regions.merge(m, truth, yes, no)
    return Return(merged) if returns else merged


def leaves(statements: list[tree.AST]) -> bool:
    """Whether statements are certain to leave the body, as their text says."""
    match statements:
        case [*_, tree.Return() | tree.Break() | tree.Continue() | tree.Raise()]:
            return True
        case [*_, tree.If(body=body, orelse=orelse)]:
            return leaves(body) and leaves(orelse)
        case [*_, tree.Match(cases=cases)]:
            last = cases[-1]
            matches_all = last.guard is None and is_capture(last.pattern)
            return matches_all and all(leaves(case.body) for case in cases)
        case [*_, tree.Try(body=body, handlers=handlers, orelse=orelse)]:
            return (leaves(body) or leaves(orelse)) and all(
                leaves(handler.body) for handler in handlers
            )
    return False


def may_leave(node: tree.AST) -> bool:
    """Whether a statement may `return`, `break` or `continue` out of where it stands."""
    match node:
        case tree.Return() | tree.Break() | tree.Continue() | tree.Yield() | tree.YieldFrom():
            return True  # at a `yield`, a loop that is left ends the generator
        case tree.FunctionDef() | tree.ClassDef() | tree.Lambda():
            return False
        case tree.For() | tree.While():
            inside = any(isinstance(item, _LEAVING) for item in tree.walk(node))
            return inside or any(map(may_leave, node.orelse))
    return any(map(may_leave, tree.iter_child_nodes(node)))


def asks_for_rest(node: tree.AST) -> bool:
    """Whether what follows a statement may belong to one of its paths: also where it leaves by a
    `raise` of one of a `try`'s parts."""
    try:
        return node.leaves
    except AttributeError:
        found = node.leaves = _asks_for_rest(node)
        return found


def _asks_for_rest(node: tree.AST) -> bool:
    match node:
        case tree.FunctionDef() | tree.ClassDef() | tree.Lambda():
            return False
        case tree.For() | tree.While():
            return may_leave(node) or any(map(asks_for_rest, node.orelse))
        case tree.Try(body=body, handlers=handlers, orelse=orelse) if handlers and (
                leaves(body) or leaves(orelse) or all(leaves(one.body) for one in handlers)):
            return True
    return may_leave(node) or any(map(asks_for_rest, tree.iter_child_nodes(node)))


_LEAVING = (tree.Return, tree.Yield, tree.YieldFrom)
