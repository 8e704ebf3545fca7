"""All that a program uses and Fleet cannot build, in one run.

In: a program. Out: its rejections, in the order of its text. The one idea: whatever is rejected is
evaluated again as UNKNOWN, a value that swallows every error which follows from it; then the next
rejection shows itself, until nothing is rejected. What no evaluation comes to (functions that are
not called, branches that are not taken) is read for names that Fleet has not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from fleet import frontend
from fleet.collector import few_cycles
from fleet.diagnostics import FleetError, FleetErrors, Frame, Location
from fleet.driver import run_stages
from fleet.evaluator.language.expressions import unsupported_kinds
from fleet.evaluator.objects.modules import Module
from fleet.evaluator.objects.provided import Unsupported
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.memory import TooDeep, TooLong
from fleet.evaluator.state.prepared import TABLE, Evaluation
from fleet.evaluator.state.scopes import Names, Scope, names_of
from fleet.evaluator.values import numbers
from fleet.evaluator.values.then import Union
from fleet.ir.core import Block, Operation, Value
from fleet.limits import DEFAULT, Limits
from fleet.recursion import with_room_for_frames
from fleet.syntax import tree
from fleet.syntax.parser import parse
from fleet.syntax.source import read_source

MOST = 200
"""Rejections after which nobody reads on."""
STEPS = 2000
"""Where something is unknown, a loop may never end; it is one of the run time after so many."""
DEEPEST = 12
"""Where something is unknown, a recursion may never end; it is looked at as far as this."""
LONGEST = 1000
"""Items of a list among which an unknown one is looked for."""


class _Unknown:
    """What stands for a value that could not be had."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = _Unknown()


@few_cycles
@with_room_for_frames
def check(path: str | Path, limits: Limits = DEFAULT) -> list[FleetError]:
    """What of a program is rejected, in the order of its text.

    Raises FleetError for what is no program at all.
    """
    path = Path(path)
    program = parse(read_source(path), str(path))
    checking = _Check()
    checking.guard(program)
    for _ in range(MOST):
        try:
            module = frontend.build_entry(path, checking.enter, limits, program)
        except FleetErrors as errors:
            if not all(list(map(checking.note, errors.errors))):
                break
        except FleetError as error:
            if not checking.note(error):
                break
        else:
            if not checking.found:
                checking.lower(module)
            break
    checking.read_on()
    return checking.found_in_order()


Place = tuple[str, int, int, int | None, int | None]


def _place(at: Location) -> Place:
    return at.file, at.line, at.column, at.end_line, at.end_column


class _Check:
    """What was found so far, and what is unknown because of it."""

    def __init__(self) -> None:
        self.found: dict[tuple[Place, str], FleetError] = {}
        self.opaque: set[tuple[Place, type]] = set()
        self.seen: set[int] = set()
        self.trees: list[tree.AST] = []
        self.unknowns = 0
        """How often an unknown value was met."""
        self.genuine: Exception | None = None
        """The last error that was there by itself."""
        self.machine: Machine | None = None

    # -- what is found

    def note(self, error: FleetError) -> bool:
        """Remember a rejection, and make what it is of unknown. False: nobody can tell what."""
        at = error.location
        if at is None:
            at = Location("", 0)
        if not (self.opaque and isinstance(error, TooLong | TooDeep)):
            self.found.setdefault((_place(at), error.message), error)
        for node in self._nodes_at(at):
            key = (_place(node.location), type(node))
            if key not in self.opaque:
                self.opaque.add(key)
                return True
        return False

    def _nodes_at(self, at: Location) -> list[tree.AST]:
        """The guarded nodes that a place is in, innermost first."""
        found = [
            node for program in self.trees for node in _guarded(program)
            if node.location.file == at.file and _holds(node.location, at)
        ]  # fmt: skip
        return sorted(found, key=lambda node: (_extent(node.location), isinstance(node, tree.stmt)))

    def found_in_order(self) -> list[FleetError]:
        return [self.found[key] for key in sorted(self.found, key=lambda key: key[0][:3])]

    def lower(self, module: Operation) -> None:
        """Take the program through the rest of the pipeline."""
        try:
            run_stages(module)
        except FleetErrors as errors:
            for error in errors.errors:
                self.note(error)
        except FleetError as error:
            self.note(error)

    # -- evaluating

    def enter(self, m: Machine, block: Block) -> Sequence[Value]:
        self.machine, self.module_scope, self.trees[1:] = m, m.scope, []
        m.on_file = self.guard
        if self.opaque:
            m.budget = min(m.budget, STEPS)
        m.run_body(m.tree.body)
        return ()

    def guard(self, program: tree.AST) -> None:
        """Have every statement and expression of a file go on after errors."""
        self.trees.append(program)
        tests = {id(leaf) for node in tree.walk(program) for leaf in _tests(node)}
        for node in _guarded(program):
            make = self._statement if isinstance(node, tree.stmt) else self._expression
            node.prepared = make(node, TABLE[type(node)](node), id(node) in tests)

    def _expression(self, node: tree.AST, inner: Evaluation, is_test: bool) -> Evaluation:
        key = _place(node.location), type(node)

        def evaluate(m: Machine) -> Any:
            self.seen.add(id(node))
            value = UNKNOWN if key in self.opaque else self._careful(m, inner, node)
            if self._is_unknown(value):
                value = _truth(m, node) if is_test else UNKNOWN
            return value

        return evaluate

    def _statement(self, node: tree.AST, inner: Evaluation, is_test: bool) -> Evaluation:
        key = _place(node.location), type(node)

        def evaluate(m: Machine) -> Any:
            self.seen.add(id(node))
            if key not in self.opaque:
                result = self._careful(m, inner, node)
                if result is not UNKNOWN:
                    return result
            return self._instead(m, node)

        return evaluate

    def _careful(self, m: Machine, inner: Evaluation, node: tree.AST) -> Any:
        """What an evaluation gives; UNKNOWN where it fails because something else is unknown."""
        if not self.opaque:
            return inner(m)
        if isinstance(node, tree.Call) and m.depth > DEEPEST:
            return UNKNOWN
        before, noted = self.unknowns, m.noted()
        place = m.scope, m.frame, m.node, m.outside, m.depth
        try:
            return inner(m)
        except Exception as error:
            if not self._follows(error, before) or isinstance(node, tree.Raise):
                raise
            if isinstance(error, TooLong):
                m.steps = 0
        m.restore(noted)
        m.scope, m.frame, m.node, m.outside, m.depth = place
        return UNKNOWN

    def _follows(self, error: Exception, before: int) -> bool:
        """Whether an error is there because a value was unknown."""
        if not isinstance(error, FleetError | Raised) and type(error).__module__ != "builtins":
            return False  # one of the evaluator's own ways out
        if self.unknowns == before and not isinstance(error, TooLong | TooDeep):
            self.genuine = error
        return error is not self.genuine and self.unknowns != before

    def _is_unknown(self, value: Any) -> bool:
        unknown = value is UNKNOWN or (
            type(value) is Union and _is_among(value.choices.values()))  # fmt: skip
        if unknown or (self.opaque and _holds_unknown(value)):
            self.unknowns += 1
        return unknown

    def _instead(self, m: Machine, node: tree.AST) -> Any:
        """What is evaluated instead of a statement: what is in it, nothing being known."""
        for name in names_of([node], None).local:
            m.scope.assign(m.heap, name, UNKNOWN)
        if isinstance(node, tree.Import | tree.ImportFrom):
            for alias in node.names:
                self._import(m, node, alias)
        self.unknowns += 1
        inside = _inside(node)
        if not inside:
            return None
        try:
            return m.execute(inside)
        except Exception as error:
            if not self._follows(error, -1):
                raise
            return None

    def _import(self, m: Machine, node: tree.AST, alias: tree.AST) -> None:
        """One name of an import by itself."""
        fields = {name: getattr(node, name) for name in node._fields} | {"names": [alias]}
        part = _at(node, type(node)(**fields))
        try:
            TABLE[type(node)](part)(m)
        except FleetError as error:
            at = error.location or node.location
            self.found.setdefault((_place(at), error.message), error)
        except Raised:
            pass

    # -- what is not evaluated

    def read_on(self) -> None:
        """Look at what no evaluation came to for names that Fleet has not."""
        m = self.machine
        if m is None:
            return
        m.raising, m.outside, m.frame = None, None, Frame("<module>")
        m.scope = Scope("function", self.module_scope, Names(), "<unread>")
        bound = {name for program in self.trees for name in _bound(program)}
        waiting = list(self.trees)
        while waiting:
            node = waiting.pop()
            if id(node) in self.seen or not self._read(m, node, bound):
                waiting += tree.iter_child_nodes(node)

    def _read(self, m: Machine, node: tree.AST, bound: set[str]) -> bool:
        """Look at a node; whether it was one to look at."""
        kind = type(node)
        if isinstance(node, tree.Import | tree.ImportFrom):
            for alias in node.names:
                self._import(m, node, alias)
        elif kind in unsupported_kinds():
            self._try(m, _plainly(node))
            return False
        elif isinstance(node, tree.Attribute) and isinstance(node.ctx, tree.Load):
            root = _root(node)
            if root is None or not isinstance(self._named(m, root), Module):
                return False
            self._try(m, _plainly(node))
        elif isinstance(node, tree.Name) and isinstance(m.builtins.get(node.id), Unsupported):
            if node.id not in bound:
                self._try(m, _plainly(node))
        else:
            return False
        return True

    def _named(self, m: Machine, name: str) -> Any:
        """What a name stands for in the program's files."""
        files = [self.module_scope.values, *(module.values for module in m.loaded.values())]
        for values in (m.scope.values, *files):
            if isinstance(values.get(name), Module):
                m.scope.values[name] = values[name]
                break
        return m.scope.values.get(name)

    def _try(self, m: Machine, evaluate: Callable[[Machine], Any]) -> None:
        try:
            evaluate(m)
        except FleetError as error:
            if error.location is not None:
                self.found.setdefault((_place(error.location), error.message), error)
        except Exception:  # the program's own, or of our looking at things out of their place
            pass


def _plainly(node: tree.AST) -> Evaluation:
    """A node's evaluation, which fails where it fails."""
    return TABLE[type(node)](node)


def _guarded(program: tree.AST) -> Iterator[tree.AST]:
    """The statements and values of a file, what is inside of a node before it."""
    for child in tree.iter_child_nodes(program):
        yield from _guarded(child)
    stored = isinstance(getattr(program, "ctx", None), tree.Store | tree.Del)
    if type(program) in TABLE and not stored:
        yield program


def _tests(node: tree.AST) -> list[tree.AST]:
    """The values that are only asked for their truth."""
    match node:
        case tree.If() | tree.While() | tree.IfExp() | tree.Assert():
            return _leaves(node.test)
        case tree.comprehension():
            return [leaf for test in node.ifs for leaf in _leaves(test)]
    return []


def _leaves(test: tree.AST) -> list[tree.AST]:
    match test:
        case tree.UnaryOp(op=tree.Not()):
            return _leaves(test.operand)
        case tree.BoolOp():
            return [leaf for value in test.values for leaf in _leaves(value)]
    return [test]


def _truth(m: Machine, node: tree.AST) -> Any:
    """A condition of which nothing is known."""
    m.node = node
    return numbers.compare(m.backend.e, "eq", m.backend.argv.length(), -1)


def _inside(node: tree.AST) -> list[tree.AST]:
    """The statements in a statement, as ones that may or may not come to be executed."""
    test = _at(node, tree.Compare(
        _at(node, tree.Constant(0, None)), [tree.Eq()], [_at(node, tree.Constant(0, None))]))
    test.prepared = lambda m: _truth(m, node)
    match node:
        case tree.For() | tree.While() | tree.AsyncFor():
            return [_at(node, tree.While(test, node.body, node.orelse))]
        case tree.If():
            return [_at(node, tree.If(test, node.body, node.orelse))]
        case tree.With() | tree.AsyncWith():
            return node.body
        case tree.Try() | tree.TryStar():
            sides = [_at(node, tree.If(test, one.body, [])) for one in node.handlers]
            return [*node.body, *sides, *node.orelse, *node.finalbody]
        case tree.Match():
            return [_at(node, tree.If(test, case.body, [])) for case in node.cases]
    return []


def _at(node: tree.AST, made: tree.AST) -> tree.AST:
    made._location = node.location
    return made


def _holds(outer: Location, inner: Location) -> bool:
    end = (inner.end_line or inner.line, inner.end_column or inner.column)
    return (outer.line, outer.column) <= (inner.line, inner.column) and end <= (
        outer.end_line, outer.end_column)  # fmt: skip


def _extent(at: Location) -> tuple[int, int]:
    """How large a place is."""
    lines = at.end_line - at.line
    return lines, at.end_column - (0 if lines else at.column)


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list | tuple) and len(value) <= LONGEST and _is_among(value)


def _is_among(values: Iterable[Any]) -> bool:
    return any(value is UNKNOWN for value in values)  # `in` would compare


def _bound(program: tree.AST) -> Iterator[str]:
    """Every name that a file binds somewhere."""
    for node in tree.walk(program):
        if isinstance(node, tree.FunctionDef | tree.Lambda):
            body = node.body if isinstance(node.body, list) else [node.body]
            yield from names_of(body, node.args).local
    yield from names_of(program.body, None).local


def _root(node: tree.AST) -> str | None:
    while isinstance(node, tree.Attribute):
        node = node.value
    return node.id if isinstance(node, tree.Name) else None
