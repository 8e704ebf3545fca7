"""What a resumed generator does between its yields: its variables are those of its frame.

In: a statement or expression without a `yield`. Out: a copy that reads and writes the frame. The
one idea: a variable is an attribute of the frame, and all else is evaluated as anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.iterators.advancing import RESULT
from fleet.evaluator.language.generators.copies import (
    bound_by,
    mapped,
    mapped_comprehension,
    placed,
)
from fleet.evaluator.language.generators.inner_functions import Framed
from fleet.evaluator.objects import attributes
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.prepared import prepared
from fleet.evaluator.values import objects
from fleet.evaluator.values.then import Object
from fleet.syntax import tree

FRAME = ".frame"
"""The frame's name in the function that resumes."""


class InFrame:
    """A generator function. framed: its names that are kept in the frame."""

    def __init__(self, node: tree.AST, framed: frozenset[str]) -> None:
        self.node = node
        self.framed = framed
        self.handling: str | None = None
        """What the frame calls the exception of the handler that we are in."""
        self.functions = Framed(FRAME, refused)

    def inside(self, node: tree.AST) -> list[tree.AST]:
        """A statement without a `yield`: its variables are in the frame, a `return` ends."""
        if isinstance(node, tree.Return):
            return [*self.result(node.value), self.place(tree.Return(self.do(ended)))]
        if isinstance(node, tree.Raise) and node.exc is None and self.handling is not None:
            name = self.handling
            again = tree.Raise(self.do(lambda m: get(m, name)), None)
            return [placed(again, node)]
        if isinstance(node, tree.AnnAssign):
            if node.value is None:
                return []
            node = placed(tree.Assign([node.target], node.value, None), node)
        return [self.expression(node)]

    def expression(self, node: tree.AST, hidden: frozenset[str] = frozenset()) -> tree.AST:
        """The same with variables in the frame, but for these."""
        match node:
            case tree.Name(id=name) if name in self.framed and name not in hidden:
                frame = placed(tree.Name(FRAME, tree.Load()), node)
                return placed(tree.Attribute(frame, f".{name}", node.ctx), node)
            case tree.Constant():
                return node
            case tree.NamedExpr():
                return self._named(node, hidden)
            case tree.FunctionDef():
                return self._define(node)
            case tree.Lambda():
                hidden |= {item.arg for item in tree.walk(node.args) if isinstance(item, tree.arg)}
            case tree.ListComp() | tree.SetComp() | tree.DictComp() | tree.GeneratorExp():
                return self._comprehension(node, hidden)
        return mapped(node, lambda part: self._part(part, hidden))

    def _part(self, part: tree.AST, hidden: frozenset[str]) -> Any:
        if isinstance(part, tree.Return | tree.AnnAssign | tree.Raise):
            return self.inside(part)
        if isinstance(part, tree.ExceptHandler):
            around, self.handling = self.handling, None
            made = mapped(part, lambda one: self._part(one, hidden))
            self.handling = around
            return made
        return self.expression(part, hidden)

    def _comprehension(self, node: tree.AST, hidden: frozenset[str]) -> tree.AST:
        own = hidden | bound_by(node)
        return mapped_comprehension(
            node, lambda part: self.expression(part, hidden),
            lambda part: self.expression(part, own),
        )  # fmt: skip

    def _define(self, node: tree.AST) -> tree.AST:
        """A `def`: the function is kept in the frame, like all that has a name."""
        made = self.functions.function(node, self.framed, self.expression)
        decorators = [prepared(self.expression(item)) for item in node.decorator_list]

        def define(m: Machine) -> None:
            calls = [decorator(m) for decorator in decorators]
            m.node = node
            function = m.language.make_function(m, made, node.name)
            for decorator in reversed(calls):
                function = m.language.call_value(m, decorator, (function,), {})
            put(m, f".{node.name}", function)

        return placed(tree.Expr(self.do(define)), node)

    def _named(self, node: tree.AST, hidden: frozenset[str]) -> tree.AST:
        value_of, name = prepared(self.expression(node.value, hidden)), f".{node.target.id}"

        def evaluate(m: Machine) -> Any:
            value = value_of(m)
            m.node = node
            frame = m.scope.lookup(FRAME)
            attributes.set_attribute(m, frame, name, value)
            return value

        return self.do(evaluate)

    def do(self, evaluate: Callable[[Machine], Any]) -> tree.AST:
        """An expression that is evaluated so."""
        made = self.place(tree.Constant(None, None))
        made.prepared = evaluate
        return made

    def place(self, node: tree.AST) -> tree.AST:
        return placed(node, self.node)

    def result(self, value: tree.AST | None) -> list[tree.AST]:
        """Keep what the generator returns."""
        if value is None:
            return []
        result = tree.Attribute(tree.Name(FRAME, tree.Load()), RESULT, tree.Store())
        return [self.place(tree.Assign([self.place(result)], self.expression(value), None))]


def refused(node: tree.AST, what: str) -> FleetError:
    return FleetError(
        f"{what} in a generator that only run time can resume is not supported",
        getattr(node, "location", None), hint="loop over the generator with `for` where it is made",
    )


def get(m: Machine, name: str) -> Object:
    return m.native(objects.function, m.backend.e, "attribute", [m.scope.values[FRAME], name])


def put(m: Machine, name: str, value: Any) -> None:
    given = [m.scope.values[FRAME], name, objects.box(m.backend.e, value)]
    m.native(objects.function, m.backend.e, "set_attribute", given, None, True)


def ended(m: Machine) -> Object:
    return objects.box(m.backend.e, None)
