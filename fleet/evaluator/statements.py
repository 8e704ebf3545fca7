"""Statements: assignment, control flow, definitions, exceptions, imports.

In: statement nodes. Out: their effects on scopes and objects, and how they complete. The one idea:
a condition that is known now decides at once; one that is known then becomes a region, and when a
side of it leaves early, the statements that follow belong to the other side.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn

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
from fleet.evaluator.completions import BREAK, CONTINUE, DONE, Body, Completion, Following, Return
from fleet.evaluator.expressions import BINARY, IN_PLACE, unsupported
from fleet.evaluator.iterators import generators as generators
from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.machine import Language, Machine, Raised
from fleet.evaluator.operations import PLAIN
from fleet.evaluator.prepared import TABLE, Evaluation, each_time, prepared
from fleet.evaluator.regions import Outcome
from fleet.evaluator.values import numbers
from fleet.evaluator.values.heap import MISSING, List
from fleet.evaluator.values.then import Array, Number, Then, is_run_time_list
from fleet.syntax import tree


def run_body(m: Machine, body: list[tree.AST]) -> Any:
    """A function's body: gives what it returns."""
    completion = _run(m, Following(body, None, True))
    return completion.value if type(completion) is Return else None


def run_bounded(m: Machine, statements: list[tree.AST], body: Body) -> Completion:
    """The statements of a function or loop."""
    return _run(m, Following(statements, body, True))


def run(m: Machine, statements: list[tree.AST]) -> Completion:
    """Statements in order, until one does not complete normally."""
    return _run(m, Following(statements))


def _run(m: Machine, present: Following) -> Completion:
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


def present_body(m: Machine) -> Body:
    """The innermost function or loop that we are in."""
    for entry in reversed(m.following):
        if entry.begins:
            return entry.body
    raise AssertionError("statements outside any body")


def expression(node: tree.AST) -> Evaluation:
    value_of = prepared(node.value)

    def execute(m: Machine) -> None:
        value_of(m)

    return execute


def assignment(node: tree.AST) -> Evaluation:
    value_of, stores = prepared(node.value), list(map(targets.storing, node.targets))
    if len(stores) == 1 and type(node.targets[0]) is tree.Name:
        (store,) = stores
        return lambda m: store(m, value_of(m))

    def execute(m: Machine) -> None:
        value = value_of(m)
        m.node = node
        for store in stores:
            store(m, value)

    return execute


def annotated(m: Machine, node: tree.AST) -> None:
    if m.scope.kind == "class" and isinstance(node.target, tree.Name):
        m.scope.values.setdefault("__annotations__", {})[node.target.id] = None
    if node.value is not None:
        targets.assign(m, node.target, m.evaluate(node.value))


def augmented(node: tree.AST) -> Evaluation:
    target, combine = node.target, _in_place(node)
    if isinstance(target, tree.Subscript):
        owner_of, key_of = prepared(target.value), prepared(target.slice)

        def on_item(m: Machine) -> None:
            owner, key = owner_of(m), key_of(m)
            m.node = node
            value = combine(m, operations.get_item(m, owner, key))
            operations.set_item(m, owner, key, value)

        return on_item
    if isinstance(target, tree.Attribute):
        owner_of, name = prepared(target.value), target.attr

        def on_attribute(m: Machine) -> None:
            owner = owner_of(m)
            m.node = node
            value = combine(m, attributes.get_attribute(m, owner, name))
            attributes.set_attribute(m, owner, name, value)

        return on_attribute
    old_of, store = prepared(tree.Name(target.id, tree.Load())), targets.storing(target)

    def on_name(m: Machine) -> None:
        old = old_of(m)
        m.node = node
        store(m, combine(m, old))

    return on_name


def _in_place(node: tree.AST) -> Callable[[Machine, Any], Any]:
    """What `old += value` gives, as a function of the old value."""
    value_of, kind = prepared(node.value), type(node.op)
    plain, in_place = BINARY[kind], IN_PLACE[kind]

    def combine(m: Machine, old: Any) -> Any:
        value = value_of(m)
        if type(old) in PLAIN and type(value) in PLAIN:
            try:
                return plain(old, value)
            except Exception:  # told below, with its place
                pass
        m.node = node
        if isinstance(old, List) and kind is tree.Add:
            return m.native(extend, m, old, value)
        if isinstance(old, Array) or not isinstance(value, Then):
            return m.native(in_place, old, value)
        return m.native(plain, old, value)

    return combine


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


def nothing(node: tree.AST) -> Evaluation:
    return lambda m: None


def return_(node: tree.AST) -> Evaluation:
    if node.value is None:
        return lambda m: Return(None)
    value_of = prepared(node.value)
    return lambda m: Return(value_of(m))


def break_(node: tree.AST) -> Evaluation:
    return lambda m: BREAK


def continue_(node: tree.AST) -> Evaluation:
    return lambda m: CONTINUE


def if_(node: tree.AST) -> Evaluation:
    test, yes, no = expressions.condition(node.test), block(node.body), block(node.orelse)

    def execute(m: Machine) -> Completion:
        truth = test(m)
        if truth is True:
            return yes(m)
        if truth is False:
            return no(m)
        m.node = node
        return branch(m, truth, node.body, node.orelse, node)

    return execute


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

    part = present.part()

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
        rest += entry.statements[entry.next :]
        if entry.begins:
            break
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


def assert_(node: tree.AST) -> Evaluation:
    test = expressions.condition(node.test)

    def fail(m: Machine) -> NoReturn:
        message = () if node.msg is None else (m.evaluate(node.msg),)
        m.node = node
        raise m.raised(AssertionError(*message))

    def execute(m: Machine) -> None:
        truth = test(m)
        m.node = node
        if isinstance(truth, Then):
            nothing, failing = (lambda: None), (lambda: fail(m))
            regions.merge(m, truth, regions.region(m, nothing), regions.region(m, failing))
        elif not truth:
            fail(m)

    return execute


def for_(node: tree.AST) -> Evaluation:
    items_of, target = prepared(node.iter), node.target

    def execute(m: Machine) -> Completion:
        items = items_of(m)
        m.node = node
        loop = Body(True, node)
        body = loop_body(m, node, loop)
        loops.iterate(m, target, items, body, key=node, node=node, loop=loop)
        return after_loop(m, node, loop)

    return execute


def loop_body(m: Machine, node: tree.AST, loop: Body) -> Callable[[], None]:
    """Evaluates one iteration; `loop` is told when it leaves the loop."""
    present = Following(node.body, loop, True)

    def iteration() -> None:
        completion = _run(m, present)
        if completion is not None and completion is not CONTINUE:
            end(m, completion, loop)
        if not loop.untouched and loop.continued.content is not False:
            m.heap.touch(loop.continued)
            loop.continued.content = False

    return iteration


def after_loop(m: Machine, node: tree.AST, loop: Body) -> Completion:
    """What follows a loop: its `else`, or the rest of the function if it did not return."""
    m.node = node
    if loop.untouched:
        return run(m, node.orelse) if node.orelse else None
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
        m.following.append(Following(rest, present, True))
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


def while_(node: tree.AST) -> Evaluation:
    condition = expressions.condition(node.test)

    def execute(m: Machine) -> Completion:
        loop = Body(True, node)

        def test() -> Any:
            m.node = node
            truth = condition(m)
            m.node = node
            return truth

        loops.repeat(m, test, loop_body(m, node, loop), node, loop)
        return after_loop(m, node, loop)

    return execute


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



TABLE |= {
    tree.Expr: expression,
    tree.Assign: assignment,
    tree.AnnAssign: each_time(annotated),
    tree.AugAssign: augmented,
    tree.Delete: each_time(delete),
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
    tree.FunctionDef: each_time(definitions.function),
    tree.ClassDef: each_time(definitions.class_),
    tree.Raise: each_time(raise_),
    tree.Try: each_time(try_),
    tree.With: each_time(with_),
    tree.Import: each_time(definitions.import_),
    tree.ImportFrom: each_time(definitions.import_from),
    tree.AsyncFunctionDef: unsupported("`async def`", "write the function without async"),
    tree.AsyncFor: unsupported("`async for`", "write the loop without async"),
    tree.AsyncWith: unsupported("`async with`", "write it without async"),
    tree.Match: unsupported("`match`", "use if and elif"),
    tree.TryStar: unsupported("`except*`", "use except"),
}
LANGUAGE = Language(
    prepared, run, run_body, regions.split, calls.call_value, calls.enter_method
)
