"""Lists of statements, evaluated in order, and what follows in them.

In: statements. Out: how they complete. The one idea: every list on the way to the present statement
is noted with how far it has come, so that a run-time branch can ask for the rest of the body.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.state.checkpoints import Trail, may_go_back
from fleet.evaluator.state.completions import (
    Body,
    Completion,
    Following,
    Return,
)
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import Again
from fleet.evaluator.state.prepared import Evaluation, prepared
from fleet.syntax import tree


def run_body(m: Machine, body: list[tree.AST], resumes: bool = True) -> Any:
    """A function's or module's body: gives what it returns. resumes: see `Body`."""
    completion = proceed(m, Following(body, None, True, resumes=resumes))
    return completion.value if type(completion) is Return else None


def run_bounded(m: Machine, statements: list[tree.AST], body: Body) -> Completion:
    """The statements of a function or loop."""
    return proceed(m, Following(statements, body, True, resumes=body.resumes))


def run(m: Machine, statements: list[tree.AST]) -> Completion:
    """Statements in order, until one does not complete normally."""
    return proceed(m, Following(statements))


def proceed(m: Machine, present: Following) -> Completion:
    if present.resumes and may_go_back(m):
        return _proceed_and_go_back(m, present)
    following = m.following
    following.append(present)
    number = 0
    try:
        for number, node in enumerate(present.statements, 1):
            present.next = number
            m.node = node
            try:
                evaluate = node.prepared
            except AttributeError:
                evaluate = prepared(node)
            completion = evaluate(m)
            if completion is not None:
                break
        else:
            completion = None
    finally:
        following.pop()
        m.steps += number
    if m.steps > m.budget:
        m.spend()
    return completion


def _proceed_and_go_back(m: Machine, present: Following) -> Completion:
    """As proceed; from a statement once more where nothing that was gone by before it has turned
    out to be otherwise."""
    depth, trail = len(m.following), Trail(m)
    number, completion = 0, None
    try:
        while completion is None and number < len(present.statements):
            del m.following[depth:]
            m.following.append(present)
            node = m.node = present.statements[number]
            number = present.next = number + 1
            trail.mark()
            try:
                completion = prepared(node)(m)
            except Again:
                back = trail.go_back()
                if back is None:
                    raise
                number = back
            m.step()
    finally:
        trail.end()
        del m.following[depth:]
    return completion


def present_body(m: Machine) -> Body:
    """The innermost function or loop that we are in."""
    for entry in reversed(m.following):
        if entry.begins:
            return entry.body
    raise AssertionError("statements outside any body")


_SIMPLE = frozenset((
    tree.Expr, tree.Assign, tree.AugAssign, tree.Return, tree.Break, tree.Continue, tree.Pass,
    tree.Raise,
))  # fmt: skip
"""Statements within which nobody asks what follows them."""


def block(statements: list[tree.AST]) -> Evaluation:
    """The statements of a side of an `if`, as `run` executes them."""
    if not statements:
        return lambda m: None
    if len(statements) > 1 or type(statements[0]) not in _SIMPLE:
        return lambda m: run(m, statements)
    (node,) = statements
    evaluate = prepared(node)

    def execute(m: Machine) -> Completion:
        m.node = node
        m.steps += 1
        return evaluate(m)

    return execute


def rest_of_body(m: Machine) -> list[tree.AST]:
    """All statements up to the end of the function or loop body that we are in."""
    rest: list[tree.AST] = []
    for entry in reversed(m.following):
        rest += entry.statements[entry.next :]
        if entry.begins:
            break
    return rest
