"""Statements: assignment, control flow, definitions, exceptions, imports.

In: statement nodes. Out: their effects on scopes and objects, and how they complete. The one idea:
a condition that is known now decides at once; one that is known then becomes a region, and when a
side of it leaves early, the statements that follow belong to the other side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.completions import BREAK, CONTINUE, Body, Completion, Return
from fleet.evaluator.definitions import Definitions
from fleet.evaluator.expressions import BINARY, IN_PLACE
from fleet.evaluator.loops import Loops
from fleet.evaluator.machine import Raised
from fleet.evaluator.regions import Outcome
from fleet.evaluator.values.heap import MISSING, List
from fleet.evaluator.values.then import Array, Number, Then, is_run_time_list
from fleet.syntax import tree


class Statements(Definitions, Loops):
    """Evaluates statement nodes."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.following: list[list[tree.AST] | Body] = []
        """Where we are: the bodies of functions and loops that are being evaluated, and in each the
        statements that follow the present one, for every statement list on the way to it."""

    def run_body(self, body: list[tree.AST]) -> Any:
        """A function's body: gives what it returns."""
        completion = self.run_bounded(body, Body(False))
        return completion.value if isinstance(completion, Return) else None

    def run_bounded(self, statements: list[tree.AST], body: Body) -> Completion:
        """The statements of a function or loop."""
        depth = len(self.following)
        self.following.append(body)
        try:
            return self.run(statements)
        finally:
            del self.following[depth:]

    def run(self, statements: list[tree.AST]) -> Completion:
        """Statements in order, until one does not complete normally."""
        depth = len(self.following)
        self.following.append([])
        try:
            for number, node in enumerate(statements):
                self.following[depth] = statements[number + 1 :]
                completion = self.execute(node)
                if completion is not None:
                    return completion
            return None
        finally:
            del self.following[depth:]

    def present_body(self) -> Body:
        """The innermost function or loop that we are in."""
        for entry in reversed(self.following):
            if isinstance(entry, Body):
                return entry
        raise AssertionError("statements outside any body")

    def execute(self, node: tree.AST) -> Completion:
        handler = _HANDLERS.get(type(node))
        if handler is None:
            what, hint = _UNSUPPORTED.get(type(node), (type(node).__name__, None))
            raise self.error(f"{what} is not supported", hint, node)
        self.node = node
        return handler(self, node)

    # -- simple statements

    def expression(self, node: tree.AST) -> None:
        self.evaluate(node.value)

    def assignment(self, node: tree.AST) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            self.assign(target, value)

    def annotated(self, node: tree.AST) -> None:
        if self.scope.kind == "class" and isinstance(node.target, tree.Name):
            self.scope.values.setdefault("__annotations__", {})[node.target.id] = None
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value))

    def augmented(self, node: tree.AST) -> None:
        target = node.target
        if isinstance(target, tree.Subscript):
            owner, key = self.evaluate(target.value), self.evaluate(target.slice)
            old = self.get_item(owner, key)
            self.set_item(owner, key, self._in_place(node, old))
        elif isinstance(target, tree.Attribute):
            owner = self.evaluate(target.value)
            old = self.get_attribute(owner, target.attr)
            self.set_attribute(owner, target.attr, self._in_place(node, old))
        else:
            old = self.evaluate(tree.Name(target.id, tree.Load()))
            self.assign(target, self._in_place(node, old))

    def _in_place(self, node: tree.AST, old: Any) -> Any:
        value = self.evaluate(node.value)
        self.node = node
        operation = type(node.op)
        if isinstance(old, List) and operation is tree.Add:
            return self.native(self.extend, old, value)
        if isinstance(old, Array) or not isinstance(value, Then):
            return self.native(IN_PLACE[operation], old, value)
        return self.native(BINARY[operation], old, value)

    def extend(self, items: List, more: Any) -> List:
        """items += more."""
        if is_run_time_list(more) and not is_run_time_list(items):
            self.heap.touch(items)
            items += List(self.heap)
            joined = self.own(items + [])
            items.run_time = self.join_run_time([joined, more])
            return items
        items += more
        return items

    def delete(self, node: tree.AST) -> None:
        for target in node.targets:
            self.remove(target)

    def nothing(self, node: tree.AST) -> None:
        pass

    def return_(self, node: tree.AST) -> Return:
        return Return(None if node.value is None else self.evaluate(node.value))

    def break_(self, node: tree.AST) -> Completion:
        return BREAK

    def continue_(self, node: tree.AST) -> Completion:
        return CONTINUE

    # -- branches

    def if_(self, node: tree.AST) -> Completion:
        truth = self.condition(node.test)
        self.node = node
        if not isinstance(truth, Then):
            return self.run(node.body if truth else node.orelse)
        return self.branch(truth, node.body, node.orelse, node)

    def branch(
        self,
        truth: Number,
        body: list[tree.AST],
        orelse: list[tree.AST],
        node: tree.AST | None = None,
    ) -> Completion:
        """A run-time `if`. When a side may leave the body, what follows belongs to the other."""
        if not any(map(may_leave, (*body, *orelse))):
            yes = self.region(lambda: self.run(body))
            no = self.region(lambda: self.run(orelse))
            return self.merge(truth, yes, no, node)
        present = self.present_body()
        rest = self.rest_of_body()
        return self.merge_ends(
            truth,
            self.region(lambda: self.end(self.run_bounded(body + rest, present), present)),
            self.region(lambda: self.end(self.run_bounded(orelse + rest, present), present)),
        )

    def rest_of_body(self) -> list[tree.AST]:
        """All statements up to the end of the function or loop body that we are in."""
        rest: list[tree.AST] = []
        for statements in reversed(self.following):
            if isinstance(statements, Body):
                return rest
            rest += statements
        return rest

    def end(self, completion: Completion, body: Body) -> Completion:
        """One path through a body under a run-time condition has come to the body's end."""
        if not body.is_loop:
            return completion or Return(None)
        if completion is BREAK:
            self.heap.touch(body.broken)
            body.broken.content = True
        elif isinstance(completion, Return):
            self.heap.touch(body.returned)
            body.returned.content = True
            self.heap.touch(body.value)
            body.value.content = completion.value
        return CONTINUE

    def merge_ends(self, truth: Number, yes: Outcome, no: Outcome) -> Completion:
        """Join two paths that both run to the end of the body."""
        returns = [side for side in (yes, no) if isinstance(side.value, Return)]
        for side in returns:
            side.value = side.value.value
        merged = self.merge(truth, yes, no)
        return Return(merged) if returns else merged

    def assert_(self, node: tree.AST) -> None:
        truth = self.condition(node.test)
        self.node = node
        if not isinstance(truth, Then):
            if not truth:
                message = () if node.msg is None else (self.evaluate(node.msg),)
                raise self.raised(AssertionError(*message))
            return

        def fail() -> None:
            message = () if node.msg is None else (self.evaluate(node.msg),)
            self.node = node
            raise self.raised(AssertionError(*message))

        self.merge(truth, self.region(lambda: None), self.region(fail))

    # -- loops

    def for_(self, node: tree.AST) -> Completion:
        items = self.evaluate(node.iter)
        self.node = node
        loop = Body(True)
        self.iterate(node.target, items, lambda: self.loop_body(node, loop), node, loop)
        return self.after_loop(node, loop)

    def loop_body(self, node: tree.AST, loop: Body) -> None:
        """One iteration; `loop` is told when it leaves the loop."""
        self.end(self.run_bounded(node.body, loop), loop)

    def after_loop(self, node: tree.AST, loop: Body) -> Completion:
        """What follows a loop: its `else`, or the rest of the function if it did not return."""
        self.node = node
        broken, returned = loop.broken.content, loop.returned.content
        if isinstance(returned, Then):
            return self._returned_in_loop(loop, returned)
        if returned:
            return Return(loop.value.content)
        if not node.orelse or broken is True:
            return None
        if isinstance(broken, Then):
            return self.branch(broken, [], node.orelse)
        return self.run(node.orelse)

    def _returned_in_loop(self, loop: Body, returned: Number) -> Completion:
        present = self.present_body()
        rest = self.rest_of_body()
        return self.merge_ends(
            returned,
            self.region(lambda: self.end(Return(loop.value.content), present)),
            self.region(lambda: self.end(self.run_bounded(rest, present), present)),
        )

    def while_(self, node: tree.AST) -> Completion:
        loop = Body(True)
        while True:
            self.node = node
            left = self.has_left(loop)
            test = left if isinstance(left, Then) else not left and self.test_ahead(node)
            if isinstance(test, Then) or (test and self._leaves_at_run_time(node, loop)):
                self.run_time_while(
                    lambda: self.condition(node.test),
                    lambda: self.loop_body(node, loop), node, loop,
                )  # fmt: skip
                return self.after_loop(node, loop)
            if not test:
                return self.after_loop(node, loop)
            self.loop_body(node, loop)

    def _leaves_at_run_time(self, node: tree.AST, loop: Body) -> bool:
        """Whether one iteration may leave the loop under a run-time condition."""
        leaves = any(isinstance(item, tree.Break | tree.Return) for item in tree.walk(node))
        if self.backend.e is None or not leaves:
            return False
        trial = self.region(lambda: self.loop_body(node, loop))
        self.drop(trial.block)
        flags = [trial.effects.get(id(cell), (None, None, False))[2] for cell in
                 (loop.broken, loop.returned)]  # fmt: skip
        return any(isinstance(flag, Then) for flag in flags)

    def test_ahead(self, node: tree.AST) -> Any:
        """The test's truth; what it emits when it turns out to be run-time is dropped."""
        if self.backend.e is None:
            return self.condition(node.test)
        trial = self.region(lambda: self.condition(node.test))
        if isinstance(trial.value, Then):
            self.drop(trial.block)
            return trial.value
        if trial.ended or trial.effects or len(trial.block):
            self.drop(trial.block)
            return self.condition(node.test)
        return trial.value

    # -- exceptions

    def raise_(self, node: tree.AST) -> None:
        if node.exc is None:
            if not self.handling:
                raise self.raised(RuntimeError("No active exception to reraise"))
            raise Raised(self.handling[-1].exception, self.handling[-1].location)
        value = self.evaluate(node.exc)
        self.node = node
        if isinstance(value, type) and issubclass(value, BaseException):
            value = self.call_value(value, (), {})
        if not isinstance(value, BaseException):
            raise self.raised(TypeError("exceptions must derive from BaseException"))
        raise Raised(value, self.location())

    def try_(self, node: tree.AST) -> Completion:
        try:
            completion = self._guarded(node)
        except Exception:
            if node.finalbody:
                leaving = self.run(node.finalbody)
                if leaving is not None:
                    return leaving
            raise
        if node.finalbody:
            leaving = self.run(node.finalbody)
            if leaving is not None:
                return leaving
        return completion

    def _guarded(self, node: tree.AST) -> Completion:
        caught = [
            BaseException if handler.type is None else self.evaluate(handler.type)
            for handler in node.handlers
        ]
        self.catching.append((caught, self.location()))
        state = self.scope, self.frame, self.node, self.outside, self.depth
        try:
            completion = self.run(node.body)
        except Raised as raised:
            self.catching.pop()
            self.scope, self.frame, self.node, self.outside, self.depth = state
            for handler, kinds in zip(node.handlers, caught, strict=True):
                if isinstance(raised.exception, kinds):
                    return self._handle(handler, raised)
            raise
        except Exception:
            self.catching.pop()
            raise
        self.catching.pop()
        return completion if completion is not None else self.run(node.orelse)

    def _handle(self, handler: tree.AST, raised: Raised) -> Completion:
        if handler.name is not None:
            self.scope.assign(self.heap, handler.name, raised.exception)
        self.handling.append(raised)
        try:
            return self.run(handler.body)
        finally:
            self.handling.pop()
            if handler.name is not None and self.scope.home(handler.name).values.get(
                handler.name, MISSING) is not MISSING:  # fmt: skip
                self.scope.delete(self.heap, handler.name)

    def with_(self, node: tree.AST) -> Completion:
        entered: list[Any] = []
        for item in node.items:
            manager = self.evaluate(item.context_expr)
            value = self.call_value(self.native(getattr, manager, "__enter__"), (), {})
            entered.append(manager)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value)
        try:
            completion = self.run(node.body)
        except Raised as raised:
            exception = raised.exception
            for manager in reversed(entered):
                leave = self.native(getattr, manager, "__exit__")
                if self.call_value(leave, (type(exception), exception, None), {}):
                    return None
            raise
        for manager in reversed(entered):
            self.call_value(self.native(getattr, manager, "__exit__"), (None, None, None), {})
        return completion


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


_HANDLERS: dict[type, Callable[[Statements, Any], Completion]] = {
    tree.Expr: Statements.expression,
    tree.Assign: Statements.assignment,
    tree.AnnAssign: Statements.annotated,
    tree.AugAssign: Statements.augmented,
    tree.Delete: Statements.delete,
    tree.Pass: Statements.nothing,
    tree.Global: Statements.nothing,
    tree.Nonlocal: Statements.nothing,
    tree.Return: Statements.return_,
    tree.Break: Statements.break_,
    tree.Continue: Statements.continue_,
    tree.If: Statements.if_,
    tree.Assert: Statements.assert_,
    tree.For: Statements.for_,
    tree.While: Statements.while_,
    tree.FunctionDef: Statements.function,
    tree.ClassDef: Statements.class_,
    tree.Raise: Statements.raise_,
    tree.Try: Statements.try_,
    tree.With: Statements.with_,
    tree.Import: Statements.import_,
    tree.ImportFrom: Statements.import_from,
}
_UNSUPPORTED = {
    tree.AsyncFunctionDef: ("`async def`", "write the function without async"),
    tree.AsyncFor: ("`async for`", "write the loop without async"),
    tree.AsyncWith: ("`async with`", "write it without async"),
    tree.Match: ("`match`", "use if and elif"),
    tree.TryStar: ("`except*`", "use except"),
}
