"""Statements: assignment, control flow, definitions, exceptions, imports.

In: statement nodes. Out: their effects on scopes and objects, and how they complete. The one idea:
a condition that is known now decides at once; one that is known then becomes a region, and when a
side of it leaves early, the statements that follow belong to the other side.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fleet.evaluator import (
    attributes,
    calls,
    definitions,
    expressions,
    loops,
    operations,
    regions,
    targets,
)
from fleet.evaluator.completions import BREAK, CONTINUE, DONE, Body, Completion, Return
from fleet.evaluator.expressions import BINARY, IN_PLACE
from fleet.evaluator.iterators import generators
from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.machine import Language, Machine, Raised
from fleet.evaluator.regions import Outcome
from fleet.evaluator.values import numbers
from fleet.evaluator.values.heap import MISSING, List
from fleet.evaluator.values.then import Array, Number, Then, is_run_time_list
from fleet.syntax import tree


def run_body(m: Machine, body: list[tree.AST]) -> Any:
    """A function's body: gives what it returns."""
    completion = run_bounded(m, body, Body(False))
    return completion.value if isinstance(completion, Return) else None


def run_bounded(m: Machine, statements: list[tree.AST], body: Body) -> Completion:
    """The statements of a function or loop."""
    depth = len(m.following)
    m.following.append(body)
    try:
        return run(m, statements)
    finally:
        del m.following[depth:]


def run(m: Machine, statements: list[tree.AST]) -> Completion:
    """Statements in order, until one does not complete normally."""
    following, depth, handlers = m.following, len(m.following), HANDLERS
    present = Following(statements)
    following.append(present)
    try:
        for number, node in enumerate(statements, start=1):
            present.next = number
            m.node = node
            m.steps += 1
            if m.steps > m.budget:
                m.spend()
            completion = handlers[type(node)](m, node)
            if completion is not None:
                return completion
        return None
    finally:
        del following[depth:]


@dataclass
class Following:
    """A list of statements that is being evaluated; `next` is the one after the present one."""

    statements: list[tree.AST]
    next: int = 0


def present_body(m: Machine) -> Body:
    """The innermost function or loop that we are in."""
    for entry in reversed(m.following):
        if isinstance(entry, Body):
            return entry
    raise AssertionError("statements outside any body")


def expression(m: Machine, node: tree.AST) -> None:
    m.evaluate(node.value)


def assignment(m: Machine, node: tree.AST) -> None:
    value = m.evaluate(node.value)
    for target in node.targets:
        targets.assign(m, target, value)


def annotated(m: Machine, node: tree.AST) -> None:
    if m.scope.kind == "class" and isinstance(node.target, tree.Name):
        m.scope.values.setdefault("__annotations__", {})[node.target.id] = None
    if node.value is not None:
        targets.assign(m, node.target, m.evaluate(node.value))


def augmented(m: Machine, node: tree.AST) -> None:
    target = node.target
    if isinstance(target, tree.Subscript):
        owner, key = m.evaluate(target.value), m.evaluate(target.slice)
        old = operations.get_item(m, owner, key)
        operations.set_item(m, owner, key, _in_place(m, node, old))
    elif isinstance(target, tree.Attribute):
        owner = m.evaluate(target.value)
        old = attributes.get_attribute(m, owner, target.attr)
        attributes.set_attribute(m, owner, target.attr, _in_place(m, node, old))
    else:
        old = m.evaluate(tree.Name(target.id, tree.Load()))
        targets.assign(m, target, _in_place(m, node, old))


def _in_place(m: Machine, node: tree.AST, old: Any) -> Any:
    value = m.evaluate(node.value)
    m.node = node
    operation = type(node.op)
    if isinstance(old, List) and operation is tree.Add:
        return m.native(extend, m, old, value)
    if isinstance(old, Array) or not isinstance(value, Then):
        return m.native(IN_PLACE[operation], old, value)
    return m.native(BINARY[operation], old, value)


def extend(m: Machine, items: List, more: Any) -> List:
    """items += more."""
    if isinstance(more, Iterator):
        more = loops.rest(m, more)
    if is_run_time_list(more) and not is_run_time_list(items):
        m.heap.touch(items)
        items += List(m.heap)
        joined = m.own(items + [])
        items.run_time = targets.join_run_time(m, [joined, more])
        return items
    items += more
    return items


def delete(m: Machine, node: tree.AST) -> None:
    for target in node.targets:
        targets.remove(m, target)


def nothing(m: Machine, node: tree.AST) -> None:
    pass


def return_(m: Machine, node: tree.AST) -> Return:
    return Return(None if node.value is None else m.evaluate(node.value))


def break_(m: Machine, node: tree.AST) -> Completion:
    return BREAK


def continue_(m: Machine, node: tree.AST) -> Completion:
    return CONTINUE


def if_(m: Machine, node: tree.AST) -> Completion:
    truth = expressions.condition(m, node.test)
    m.node = node
    if not isinstance(truth, Then):
        return run(m, node.body if truth else node.orelse)
    return branch(m, truth, node.body, node.orelse, node)


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
    if not any(map(may_leave, (*body, *orelse))):
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

    part = replace(present, is_part=True)

    def side(statements: list[tree.AST]) -> Callable[[], None]:
        return lambda: flag(m, run_bounded(m, statements, part), part)

    regions.merge(m, truth, regions.region(m, side(body)), regions.region(m, side(orelse)), node)
    cells = present.broken, present.returned, present.continued
    return functools.reduce(
        lambda a, b: numbers.either(m.backend.e, a, b), [cell.content for cell in cells]
    )


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


def rest_of_body(m: Machine) -> list[tree.AST]:
    """All statements up to the end of the function or loop body that we are in."""
    rest: list[tree.AST] = []
    for entry in reversed(m.following):
        if isinstance(entry, Body):
            break
        rest += entry.statements[entry.next :]
    return rest


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


def assert_(m: Machine, node: tree.AST) -> None:
    truth = expressions.condition(m, node.test)
    m.node = node
    if not isinstance(truth, Then):
        if not truth:
            message = () if node.msg is None else (m.evaluate(node.msg),)
            raise m.raised(AssertionError(*message))
        return

    def fail() -> None:
        message = () if node.msg is None else (m.evaluate(node.msg),)
        m.node = node
        raise m.raised(AssertionError(*message))

    regions.merge(m, truth, regions.region(m, lambda: None), regions.region(m, fail))


def for_(m: Machine, node: tree.AST) -> Completion:
    items = m.evaluate(node.iter)
    m.node = node
    loop = Body(True, node)
    loops.iterate(
        m, node.target, items, lambda: loop_body(m, node, loop), key=node, node=node, loop=loop
    )
    return after_loop(m, node, loop)


def loop_body(m: Machine, node: tree.AST, loop: Body) -> None:
    """One iteration; `loop` is told when it leaves the loop."""
    end(m, run_bounded(m, node.body, loop), loop)
    if loop.continued.content is not False:
        m.heap.touch(loop.continued)
        loop.continued.content = False


def after_loop(m: Machine, node: tree.AST, loop: Body) -> Completion:
    """What follows a loop: its `else`, or the rest of the function if it did not return."""
    m.node = node
    returned = loop.returned.content
    if isinstance(returned, Then):
        return _returned_in_loop(m, node, loop, returned)
    if returned:
        return Return(loop.value.content)
    return _loop_else(m, node, loop)


def _loop_else(m: Machine, node: tree.AST, loop: Body) -> Completion:
    broken = loop.broken.content
    if not node.orelse or broken is True:
        return None
    if isinstance(broken, Then):
        return branch(m, broken, [], node.orelse)
    return run(m, node.orelse)


def _returned_in_loop(m: Machine, node: tree.AST, loop: Body, returned: Number) -> Completion:
    present = present_body(m)
    rest = rest_of_body(m)

    def otherwise() -> Completion:
        depth = len(m.following)
        m.following += [present, Following(rest)]
        try:
            completion = _loop_else(m, node, loop)
            return end(m, completion if completion is not None else run(m, rest), present)
        finally:
            del m.following[depth:]

    return merge_ends(
        m, returned,
        regions.region(m, lambda: end(m, Return(loop.value.content), present)),
        regions.region(m, otherwise),
    )  # fmt: skip


def while_(m: Machine, node: tree.AST) -> Completion:
    loop = Body(True, node)

    def test() -> Any:
        m.node = node
        return expressions.condition(m, node.test)

    loops.repeat(m, test, lambda: loop_body(m, node, loop), node, loop)
    return after_loop(m, node, loop)


# -- exceptions


def raise_(m: Machine, node: tree.AST) -> None:
    if node.exc is None:
        if not m.handling:
            raise m.raised(RuntimeError("No active exception to reraise"))
        raise Raised(m.handling[-1].exception, m.handling[-1].location)
    value = m.evaluate(node.exc)
    m.node = node
    if isinstance(value, type) and issubclass(value, BaseException):
        value = calls.call_value(m, value, (), {})
    if not isinstance(value, BaseException):
        raise m.raised(TypeError("exceptions must derive from BaseException"))
    raise Raised(value, m.location())


def try_(m: Machine, node: tree.AST) -> Completion:
    try:
        completion = _guarded(m, node)
    except Exception:
        if node.finalbody:
            leaving = run(m, node.finalbody)
            if leaving is not None:
                return leaving
        raise
    if node.finalbody:
        leaving = run(m, node.finalbody)
        if leaving is not None:
            return leaving
    return completion


def _guarded(m: Machine, node: tree.AST) -> Completion:
    caught = [
        BaseException if handler.type is None else m.evaluate(handler.type)
        for handler in node.handlers
    ]
    m.catching.append((caught, m.location()))
    state = m.scope, m.frame, m.node, m.outside, m.depth
    try:
        completion = run(m, node.body)
    except Raised as raised:
        m.catching.pop()
        m.scope, m.frame, m.node, m.outside, m.depth = state
        for handler, kinds in zip(node.handlers, caught, strict=True):
            if isinstance(raised.exception, kinds):
                return _handle(m, handler, raised)
        raise
    except Exception:
        m.catching.pop()
        raise
    m.catching.pop()
    return completion if completion is not None else run(m, node.orelse)


def _handle(m: Machine, handler: tree.AST, raised: Raised) -> Completion:
    if handler.name is not None:
        m.scope.assign(m.heap, handler.name, raised.exception)
    m.handling.append(raised)
    try:
        return run(m, handler.body)
    finally:
        m.handling.pop()
        if handler.name is not None and m.scope.home(handler.name).values.get(
            handler.name, MISSING) is not MISSING:  # fmt: skip
            m.scope.delete(m.heap, handler.name)


def with_(m: Machine, node: tree.AST) -> Completion:
    entered: list[Any] = []
    for item in node.items:
        manager = m.evaluate(item.context_expr)
        value = calls.call_value(m, m.native(getattr, manager, "__enter__"), (), {})
        entered.append(manager)
        if item.optional_vars is not None:
            targets.assign(m, item.optional_vars, value)
    try:
        completion = run(m, node.body)
    except Raised as raised:
        exception = raised.exception
        for manager in reversed(entered):
            leave = m.native(getattr, manager, "__exit__")
            if calls.call_value(m, leave, (type(exception), exception, None), {}):
                return None
        raise
    for manager in reversed(entered):
        calls.call_value(m, m.native(getattr, manager, "__exit__"), (None, None, None), {})
    return completion


def leaves(statements: list[tree.AST]) -> bool:
    """Whether statements are certain to leave the body, as their text says."""
    match statements:
        case [*_, tree.Return() | tree.Break() | tree.Continue() | tree.Raise()]:
            return True
        case [*_, tree.If(body=body, orelse=orelse)]:
            return leaves(body) and leaves(orelse)
    return False


def may_leave(node: tree.AST) -> bool:
    """Whether a statement may `return`, `break` or `continue` out of where it stands."""
    match node:
        case tree.Return() | tree.Break() | tree.Continue():
            return True
        case tree.FunctionDef() | tree.ClassDef() | tree.Lambda():
            return False
        case tree.For() | tree.While():
            inside = any(isinstance(item, tree.Return) for item in tree.walk(node))
            return inside or any(map(may_leave, node.orelse))
    return any(map(may_leave, tree.iter_child_nodes(node)))



HANDLERS: dict[type, Callable[[Machine, Any], Completion]] = {
    tree.Expr: expression,
    tree.Assign: assignment,
    tree.AnnAssign: annotated,
    tree.AugAssign: augmented,
    tree.Delete: delete,
    tree.Pass: nothing,
    tree.Global: nothing,
    tree.Nonlocal: nothing,
    tree.Return: return_,
    tree.Break: break_,
    tree.Continue: continue_,
    tree.If: if_,
    tree.Assert: assert_,
    tree.For: for_,
    tree.While: while_,
    tree.FunctionDef: definitions.function,
    tree.ClassDef: definitions.class_,
    tree.Raise: raise_,
    tree.Try: try_,
    tree.With: with_,
    tree.Import: definitions.import_,
    tree.ImportFrom: definitions.import_from,
}
_UNSUPPORTED = {
    tree.AsyncFunctionDef: ("`async def`", "write the function without async"),
    tree.AsyncFor: ("`async for`", "write the loop without async"),
    tree.AsyncWith: ("`async with`", "write it without async"),
    tree.Match: ("`match`", "use if and elif"),
    tree.TryStar: ("`except*`", "use except"),
}
HANDLERS |= {node: expressions.unsupported(*told) for node, told in _UNSUPPORTED.items()}
LANGUAGE = Language(
    expressions.HANDLERS | generators.HANDLERS, run, run_body, regions.split,
    calls.call_value, calls.enter_method,
)  # fmt: skip
