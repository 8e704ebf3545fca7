"""A generator's body, resumed: evaluated from one `yield` to the next.

In: where the body stands, a stack of the statements around it, and what is sent or thrown in. Out:
where it stands then, and what it yields or returns. The one idea: the stack is a value (nothing in
it changes), so it can be kept in a cell, compared and restored; statements without a `yield` are
evaluated as anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.control.outcomes import Stopped
from fleet.evaluator.iterators.builtin import steps
from fleet.evaluator.iterators.protocol import END, Iterator, Perhaps
from fleet.evaluator.language import targets
from fleet.evaluator.language.flow import matching
from fleet.evaluator.language.flow.branches import may_leave
from fleet.evaluator.language.generators.copies import mapped, placed
from fleet.evaluator.language.running import run_bounded
from fleet.evaluator.objects import attributes, operations
from fleet.evaluator.state.completions import BREAK, CONTINUE, Body, Completion, Return
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values.heap import new_serial
from fleet.evaluator.values.then import Then
from fleet.syntax import tree


@dataclass(frozen=True)
class Entry:
    """A statement, or list of statements, that the body is inside of.

    node: the statement, if it is one; body: the list; at: the next one of the list; iterator: of a
    `for`, or what a `yield from` hands on; managers: of a `with`; phase: of a `try`; pending: how
    the `try` completes after its `finally`; raised: the exception that is handled.
    """

    node: tree.AST | None = None
    body: tuple[tree.AST, ...] = ()
    at: int = 0
    iterator: Iterator | None = None
    managers: tuple = ()
    phase: str = ""
    pending: Completion = None
    raised: Raised | None = None


Stack = tuple[Entry, ...]


def begin(body: list[tree.AST]) -> Stack:
    """Where a body stands that has not begun."""
    return (Entry(body=lowered(body)),)


def resume(
    m: Machine, stack: Stack, value: Any, exception: Raised | None
) -> tuple[Stack, Any]:
    """Go on to the next `yield`: (where that is, its item), or ((), what the body returns)."""
    walk = _Walk(m, list(stack))
    completion: Completion = None
    if walk.stack[-1].phase == "yield":
        completion, exception = walk.receive(value, exception)
        if completion is _YIELDED:
            return tuple(walk.stack), walk.item
    while True:
        try:
            if exception is not None:
                raise exception
            completion = walk.go_on(completion)
        except Raised as raised:
            exception = None
            if not walk.stack:
                raise
            completion, exception = walk.catch(raised)
        if completion is _YIELDED:
            return tuple(walk.stack), walk.item
        if not walk.stack and exception is None:
            return (), completion.value if isinstance(completion, Return) else None


class _Yielded:
    """The body has come to a `yield`."""


_YIELDED: Any = _Yielded()


class _Walk:
    """One resumption: the stack while it changes."""

    def __init__(self, m: Machine, stack: list[Entry]) -> None:
        self.m = m
        self.stack = stack
        self.item: Any = None

    # -- yield

    def receive(
        self, value: Any, exception: Raised | None
    ) -> tuple[Completion, Raised | None]:
        """Go on at the `yield` that the body stands at."""
        entry = self.stack.pop()
        self.m.node = entry.node
        if entry.iterator is not None:
            try:
                return self._hand_on(entry, value, exception), None
            except Raised as raised:
                return None, raised
        if exception is None:
            self._store(entry.node, value)
        return None, exception

    def _store(self, node: tree.AST, value: Any) -> None:
        """What the `yield` of a statement gives: assigned, if it is an assignment."""
        if isinstance(node, tree.Assign):
            for target in node.targets:
                targets.assign(self.m, target, value)
        elif isinstance(node, tree.Return):
            self.stack.append(Entry(body=(tree.Return(_constant(value)),)))

    def _hand_on(self, entry: Entry, value: Any, exception: Raised | None) -> Completion:
        """One step of what a `yield from` hands on."""
        source = entry.iterator
        if exception is not None and hasattr(source, "throw"):
            if isinstance(exception.exception, GeneratorExit):
                source.close()
                raise exception
            found = self._stepped(lambda: source.throw(exception.exception))
        elif exception is not None:
            raise exception
        elif value is not None:
            found = self._stepped(lambda: source.send(value))
        else:
            found = source.step()
        if found is END:
            self._store(entry.node, self._result(source))
            return None
        if isinstance(found, Perhaps):
            raise _not_known(self.m, "whether there is a next item")
        self.stack.append(entry)
        self.item = found
        return _YIELDED

    def _stepped(self, step: Any) -> Any:
        try:
            return step()
        except Raised as raised:
            if not isinstance(raised.exception, StopIteration):
                raise
            self._value = raised.exception.value
            return END

    def _result(self, source: Iterator) -> Any:
        found = self.__dict__.pop("_value", None)
        cell = getattr(source, "result", None)
        return found if found is not None or cell is None else source.read(cell)

    # -- statements

    def go_on(self, completion: Completion) -> Completion:
        """One step; what it may raise must be known where a statement around would look at it."""
        m = self.m
        if m.backend.e is None or not any(
                isinstance(entry.node, tree.With) or entry.phase in ("body", "else", "handler")
                for entry in self.stack):  # fmt: skip
            return self._step(completion)
        base, catching = len(m.detours), len(m.catching)
        m.guards.append((len(m.callers), new_serial()))
        m.catching.append((BaseException,))
        try:
            completion = self._step(completion)
        except Stopped as stop:
            if len(m.detours) == base:
                raise
            raise _not_known(m, "what this part raises") from stop
        finally:
            m.guards.pop()
            del m.catching[catching:]
        if len(m.detours) != base:
            raise _not_known(m, "what this part raises")
        return completion

    def _step(self, completion: Completion) -> Completion:
        return self.advance() if completion is None else self.leave(completion)

    def advance(self) -> Completion:
        """Evaluate the next statement, or the next iteration of a loop."""
        entry = self.stack[-1]
        node = entry.node
        if node is None:
            if entry.at == len(entry.body):
                self.stack.pop()
                return None
            self.stack[-1] = replace(entry, at=entry.at + 1)
            return self._statement(entry.body[entry.at])
        match node:
            case tree.For():
                return self._iteration(entry)
            case tree.While():
                return self._test(entry)
            case tree.With():
                self.stack.pop()
                self._exit(entry.managers, None)
                return None
            case tree.Try():
                return self._end_of_try(entry, None)
        raise AssertionError(node)

    def _statement(self, node: tree.AST) -> Completion:
        m = self.m
        m.step()
        m.node = node
        depth = len(m.handling)
        m.handling += [entry.raised for entry in self.stack if entry.phase == "handler"]
        try:
            return self._evaluate(node)
        finally:
            del m.handling[depth:]

    def _evaluate(self, node: tree.AST) -> Completion:
        m = self.m
        if not has_yield(node) and not may_leave(node):
            return run_bounded(m, [node], Body(False))
        match node:
            case tree.Expr() | tree.Assign() | tree.Return() if has_yield(node):
                return self._yield(node)
            case tree.If():
                self._enter(node.body if self._truth(node.test) else node.orelse)
            case tree.While():
                self.stack.append(Entry(node))
            case tree.For():
                items = m.evaluate(node.iter)
                m.node = node
                self.stack.append(Entry(node, iterator=steps(m, items)))
            case tree.With():
                self._with(node)
            case tree.Try():
                self.stack.append(Entry(node, phase="body"))
                self._enter(node.body)
            case tree.Match():
                self._match(node)
            case tree.Return() | tree.Break() | tree.Continue():
                return run_bounded(m, [node], Body(False))
            case _:
                raise m.error("`yield` inside of this statement is not supported")
        return None

    def _enter(self, statements: list[tree.AST]) -> None:
        if statements:
            self.stack.append(Entry(body=lowered(statements)))

    def _truth(self, test: tree.AST) -> bool:
        truth = operations.truth_of(self.m, self.m.evaluate(test))
        if isinstance(truth, Then):
            raise _not_known(self.m, "this condition")
        return truth

    def _yield(self, node: tree.AST) -> Completion:
        m, source = self.m, node.value
        value = None if source.value is None else m.evaluate(source.value)
        m.node = node
        if isinstance(source, tree.YieldFrom):
            return self._hand_on(Entry(node, iterator=steps(m, value), phase="yield"), None, None)
        self.stack.append(Entry(node, phase="yield"))
        self.item = value
        return _YIELDED

    def _iteration(self, entry: Entry) -> Completion:
        m, node = self.m, entry.node
        m.step()
        m.node = node
        found = entry.iterator.step()
        if isinstance(found, Perhaps):
            raise _not_known(m, "whether there is a next item")
        if found is END:
            self.stack.pop()
            self._enter(node.orelse)
        else:
            targets.assign(m, node.target, found)
            self._enter(node.body)
        return None

    def _test(self, entry: Entry) -> Completion:
        self.m.step()
        if self._truth(entry.node.test):
            self._enter(entry.node.body)
        else:
            self.stack.pop()
            self._enter(entry.node.orelse)
        return None

    def _with(self, node: tree.AST) -> None:
        m = self.m
        managers: tuple = ()
        for item in node.items:
            manager = m.evaluate(item.context_expr)
            enter = attributes.get_attribute(m, manager, "__enter__")
            value = m.language.call_value(m, enter, (), {})
            managers += (manager,)
            if item.optional_vars is not None:
                targets.assign(m, item.optional_vars, value)
        self.stack.append(Entry(node, managers=managers))
        self._enter(node.body)

    def _match(self, node: tree.AST) -> None:
        m = self.m
        subject = m.evaluate(node.subject)
        for case in node.cases:
            m.node = case.pattern
            fits = matching.holds(m, case.pattern, subject)
            if isinstance(fits, Then):
                raise _not_known(m, "which case fits")
            if fits:
                matching.bind(m, case.pattern, subject)
                if case.guard is None or self._truth(case.guard):
                    self._enter(case.body)
                    return

    def _exit(self, managers: tuple, raised: Raised | None) -> bool:
        """Leave a `with`: whether the exception is not to go on."""
        m = self.m
        told = (None, None, None) if raised is None else (
            type(raised.exception), raised.exception, None)  # fmt: skip
        for at, manager in enumerate(reversed(managers)):
            leave = attributes.get_attribute(m, manager, "__exit__")
            swallowed = m.language.call_value(m, leave, told, {})
            if raised is not None and operations.truth_of(m, swallowed):
                self._exit(managers[: len(managers) - at - 1], None)
                return True
        return raised is not None and False

    # -- leaving

    def leave(self, completion: Completion) -> Completion:
        """A `return`, `break` or `continue` goes out of the innermost statement."""
        entry = self.stack[-1]
        match entry.node:
            case tree.For() | tree.While() if completion is CONTINUE:
                return None
            case tree.For() | tree.While() if completion is BREAK:
                self.stack.pop()
                return None
            case tree.Try() if entry.phase != "finally":
                return self._end_of_try(entry, completion)
            case tree.With():
                self.stack.pop()
                self._exit(entry.managers, None)
                return completion
        self._pop()
        return completion

    def _pop(self) -> None:
        entry = self.stack.pop()
        if entry.phase == "handler":
            self._end_of_handler(entry)

    def _end_of_handler(self, entry: Entry) -> None:
        m = self.m
        name = entry.managers[0]
        if name is not None and name in m.scope.home(name).values:
            m.scope.delete(m.heap, name)

    def _end_of_try(self, entry: Entry, completion: Completion) -> Completion:
        """A part of a `try` has ended, normally or by leaving."""
        self.stack.pop()
        node = entry.node
        if entry.phase == "finally":
            if entry.raised is not None:
                raise entry.raised
            return entry.pending
        if entry.phase == "handler":
            self._end_of_handler(entry)
        if entry.phase == "body" and completion is None and node.orelse:
            self.stack.append(replace(entry, phase="else"))
            self._enter(node.orelse)
            return None
        if not node.finalbody:
            return completion
        self.stack.append(replace(entry, phase="finally", pending=completion, raised=None))
        self._enter(node.finalbody)
        return None

    def catch(self, raised: Raised) -> tuple[Completion, Raised | None]:
        """An exception goes out, up to what handles it; (None, it) where nothing does."""
        while self.stack:
            entry = self.stack.pop()
            try:
                if isinstance(entry.node, tree.With) and not entry.phase:
                    if self._exit(entry.managers, raised):
                        return None, None
                elif isinstance(entry.node, tree.Try):
                    if entry.phase == "handler":
                        self._end_of_handler(entry)
                    if entry.phase == "body" and self._handle(entry, raised):
                        return None, None
                    if entry.phase != "finally" and entry.node.finalbody:
                        self.stack.append(replace(entry, phase="finally", raised=raised))
                        self._enter(entry.node.finalbody)
                        return None, None
            except Raised as other:
                raised = other
        raise raised

    def _handle(self, entry: Entry, raised: Raised) -> bool:
        m = self.m
        for handler in entry.node.handlers:
            kinds = BaseException if handler.type is None else m.evaluate(handler.type)
            if not isinstance(raised.exception, kinds):
                continue
            if handler.name is not None:
                m.scope.assign(m.heap, handler.name, raised.exception)
            self.stack.append(
                replace(entry, phase="handler", raised=raised, managers=(handler.name,)))
            self._enter(handler.body)
            return True
        return False


def _constant(value: Any) -> tree.AST:
    made = tree.Constant(None, None)
    made.prepared = lambda m: value
    return made


class NotKnown(FleetError):
    """Only run time can say how a generator goes on."""


def _not_known(m: Machine, what: str) -> Exception:
    return NotKnown(
        f"{what} of a generator is known at run time only, and its items are asked for one by one",
        m.location(), hint="loop over the generator with `for`, or make a list of it",
    )


# -- `yield` within expressions


def has_yield(node: tree.AST) -> bool:
    """Whether a `yield` of the function itself is in a node."""
    match node:
        case tree.Yield() | tree.YieldFrom():
            return True
        case tree.FunctionDef() | tree.Lambda() | tree.ClassDef():
            return False
    return any(map(has_yield, tree.iter_child_nodes(node)))


_COMPOUND = (tree.If, tree.While, tree.For, tree.With, tree.Try, tree.Match)


def lowered(body: list[tree.AST]) -> tuple[tree.AST, ...]:
    """Statements of which each `yield` is all of a statement's value."""
    return tuple([part for node in body for part in _lower(node)])


def _lower(node: tree.AST) -> list[tree.AST]:
    """A statement as several, found once where there is more to it."""
    if isinstance(node, _COMPOUND) or not has_yield(node):
        return [node]
    try:
        return node.facts
    except AttributeError:
        found = node.facts = _split(node)
        return found


def _split(node: tree.AST) -> list[tree.AST]:
    if isinstance(node, tree.Expr | tree.Assign | tree.Return) and (
            isinstance(node.value, tree.Yield | tree.YieldFrom)
            and not any(map(has_yield, tree.iter_child_nodes(node.value)))):  # fmt: skip
        return [node]
    before: list[tree.AST] = []

    def take(part: tree.AST) -> tree.AST:
        if not has_yield(part):
            return part
        if isinstance(part, tree.BoolOp | tree.IfExp) or (
                isinstance(part, tree.Compare) and len(part.ops) > 1):  # fmt: skip
            raise FleetError(
                "a `yield` that is not always evaluated is not supported within an expression",
                part.location, hint="write the `yield` as a statement of its own",
            )  # fmt: skip
        made = mapped(part, take)
        if not isinstance(part, tree.Yield | tree.YieldFrom):
            return made
        name = f".yield{len(before)}"
        store = tree.Assign([placed(tree.Name(name, tree.Store()), part)], made, None)
        before.append(placed(store, node))
        return placed(tree.Name(name, tree.Load()), part)

    if isinstance(node, tree.Expr | tree.Assign | tree.Return) and (
            isinstance(node.value, tree.Yield | tree.YieldFrom)):  # fmt: skip
        whole = mapped(node.value, take)
        return [*before, mapped(node, lambda part: whole if part is node.value else part)]
    last = mapped(node, take)
    return [*before, last]
