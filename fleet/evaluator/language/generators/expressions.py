"""Generator expressions, evaluated item by item as they are asked for.

In: the node, and its first iterable, which Python evaluates at once. Out: an iterator. The one
idea: where such an expression stands is the stack of the iterators of its `for` parts, outermost
first, and the scope of its names; a step goes on with the innermost, and enters the next part's
iterable when a part has an item that passes its tests.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import GeneratorType
from typing import Any

from fleet.evaluator.control import leaving, regions
from fleet.evaluator.iterators.builtin import of_object, steps
from fleet.evaluator.iterators.positions import Indexed
from fleet.evaluator.iterators.protocol import END, Iterator, Perhaps, Use, then
from fleet.evaluator.language import functions as program_functions
from fleet.evaluator.language import operators, targets
from fleet.evaluator.language.flow import comprehensions, stepping
from fleet.evaluator.language.generators import coroutines
from fleet.evaluator.language.generators.copies import placed
from fleet.evaluator.language.generators.driving import Driver
from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.outgrown import may_learn, settled
from fleet.evaluator.state.prepared import Evaluation, prepared
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values import numbers
from fleet.evaluator.values.heap import Bindings, Cell, List, Progress
from fleet.evaluator.values.sequences import is_run_time_sequence
from fleet.evaluator.values.then import Object, Then
from fleet.syntax import tree

_LEFT = "left"
"""In place of the stack of one that a loop has gone through, or has left."""


class Parts:
    """What the text of a generator expression says; kept in its node."""

    def __init__(self, node: tree.AST) -> None:
        self.node = node
        self.names = Names(comprehensions.target_names(node))
        self.element = prepared(node.elt)
        self.run = comprehensions.parts_of(node.generators, node)
        self.items = [prepared(part.iter) for part in node.generators]
        self.stores = [targets.storing(part.target) for part in node.generators]
        self.tests = [operators.conditions(part.ifs) if part.ifs else None
                      for part in node.generators]  # fmt: skip

    @functools.cached_property
    def function(self) -> tree.AST | None:
        """The generator function that it calls, where that could be one of the program's own."""
        own = any(isinstance(item, tree.NamedExpr)  # which binds a name outside
                  or isinstance(item, tree.comprehension) and item.is_async
                  for item in tree.walk(self.node))  # fmt: skip
        return None if own else _as_function(self.node)


_FIRST = ".0"
"""The parameter that is the first iterable, as CPython calls it."""


def _as_function(node: tree.AST) -> tree.AST:
    """The generator function that such an expression calls."""
    def made(kind: type, *values: Any) -> tree.AST:
        return placed(kind(*values), node)

    body = [made(tree.Expr, made(tree.Yield, node.elt))]
    for number, part in reversed([*enumerate(node.generators)]):
        for test in reversed(part.ifs):
            body = [made(tree.If, test, body, [])]
        items = part.iter if number else made(tree.Name, _FIRST, tree.Load())
        body = [made(tree.For, part.target, items, body, [], None)]
    arguments = tree.arguments([], [tree.arg(_FIRST, None, None)], None, [], [], None, [])
    return made(tree.FunctionDef, "<genexpr>", arguments, body, [], None, None)


@stands_for(GeneratorType)
class Generator(Iterator):
    """first: the first iterable."""

    def __init__(self, m: Machine, node: tree.AST, first: Any) -> None:
        super().__init__(m)
        self.node = node
        self.first = first
        self.scope = Scope("comprehension", m.scope, node.facts.names, m.scope.function)
        self.values: Bindings = self.scope.values
        self.place = m.frame, m.outside
        self.stack = Progress((steps(m, first),))
        self.started = Progress(False)

    def at_once(self) -> Any:
        """All items, if none has been asked for: as a list comprehension."""
        if not self.is_fresh():
            return None
        self._begin()
        self.move(self.stack, ())
        return self._inside(self._list)

    def drivable(self) -> bool:
        return super().drivable() or self._has_loops()

    def _has_loops(self) -> bool:
        """Whether its `for` parts are loops around what is done with each item."""
        if not self.is_fresh() or self.m.backend.e is None:
            return False
        return len(self.node.generators) > 1 or is_run_time_sequence(self.first)

    def drive(self, use: Use, holding: Any = None) -> Any:
        return self.through(use) if self._has_loops() else super().drive(use, holding)

    def is_fresh(self) -> bool:
        return self.read(self.started) is False

    def through(self, use: Use) -> None:
        """`use` of each item, in loops around it, until it says that they are left; of a fresh
        one."""
        m, parts, left = self.m, self.node.facts, Cell(False)
        driver = Driver(m, use)
        self._begin()
        self.move(self.stack, _LEFT)

        def body() -> None:
            leaves = driver.deliver(parts.element(m))
            if leaves is not False:
                m.heap.touch(left)
                left.content = numbers.either(m.backend.e, left.content, leaves)

        self._inside(lambda: parts.run(m, self.first, body, left), driver.body)
        if left.content is False:
            self.move(self.stack, ())

    def upstream(self) -> Iterator | None:
        fresh = self.is_fresh() and len(self.node.generators) == 1
        return self.first if fresh and isinstance(self.first, Iterator) else None

    def passing(self, use: Use) -> Use:
        self._begin()
        self.move(self.stack, ())
        parts, m = self.node.facts, self.m

        def stored(item: Any) -> Any:
            parts.stores[0](m, item)
            return True if parts.tests[0] is None else parts.tests[0](m)

        def one(item: Any) -> Any:
            truth = self._inside(lambda: stored(item))
            if isinstance(truth, Then):
                return regions.choose(m, truth, lambda: use(self._element()), lambda: False)
            return use(self._element()) if truth else False

        return one

    def ends_at_run_time(self) -> bool:
        stack = self.stack.content
        return isinstance(stack, tuple) and any(one.ends_at_run_time() for one in stack)

    def advances(self) -> bool:
        stack = self.stack.content
        return isinstance(stack, tuple) and any(one.advances() for one in stack)

    def _begin(self) -> None:
        if self.read(self.started) is not True:
            self.move(self.started, True)

    def run_time_rest(self) -> Any:
        """A list of all items, whose number only run time knows."""
        return self.at_once() if is_run_time_sequence(self.first) else super().run_time_rest()

    def _list(self) -> List:
        m, element = self.m, self.node.facts.element
        m.heap.touch(self.scope.values)
        result = self.scope.values[".result"] = settled(m, self.node, List(m.heap))
        add = stepping.adding(m, result)
        self.node.facts.run(m, self.first, lambda: add(element(m)))
        return result

    def _inside(self, action: Any, body: leaving.Generating | None = None) -> Any:
        """Evaluate something in the generator's scope."""
        m = self.m
        saved = m.scope, m.frame, m.node, m.outside, m.depth
        m.scope, (m.frame, m.outside) = self.scope, self.place
        m.callers.append(self.scope)
        try:
            with leaving.inside(m, leaving.Generating() if body is None else body):
                return action()
        except Raised:
            self.move(self.stack, ())
            raise
        finally:
            m.callers.pop()
            m.scope, m.frame, m.node, m.outside, m.depth = saved

    def step(self) -> Any:
        self._begin()
        return self._inside(self._step)

    def _step(self) -> Any:
        m, parts, at = self.m, self.node.facts, self.m.node
        stack = self.read(self.stack)
        if type(stack) is str:
            self.outgrown("what is left of this generator expression is not known any more",
                          "make a list of it: [... for ...]")
        self.move(self.stack, ())  # where an exception leaves it
        while stack:
            found = stack[-1].step()
            if found is END:
                stack = stack[:-1]
                continue
            number = len(stack) - 1
            if isinstance(found, Perhaps):
                self.move(self.stack, stack)
                return self._perhaps(number, found)
            parts.stores[number](m, found)
            test = parts.tests[number]
            if test is not None:
                truth = test(m)
                if isinstance(truth, Then):
                    self.move(self.stack, stack)
                    self._must_be_last()
                    return Perhaps(truth, self._element, None)
                if not truth:
                    m.node = at
                    continue
            if len(stack) == len(parts.items):
                value = parts.element(m)
                self.move(self.stack, stack)
                return value
            inner = parts.items[len(stack)](m)
            m.node = at
            stack = (*stack, steps(m, inner))
        return END

    def _element(self) -> Any:
        return self._later(lambda: self.node.facts.element(self.m))

    def _later(self, evaluate: Callable[[], Any]) -> Any:
        """What a step still evaluates when run time has said that it is to be made."""
        stack = self.read(self.stack)
        self.move(self.stack, ())  # where an exception leaves it
        value = self._inside(evaluate)
        self.move(self.stack, stack)
        return value

    def _must_be_last(self) -> None:
        """A `for` part whose items depend on run time can only be the last one."""
        if len(self.read(self.stack)) < len(self.node.facts.items):
            self.outgrown(
                "a generator expression with a run-time condition before its last `for` is not "
                "supported item by item",
                "make a list of it: [... for ...]",
            )

    def _perhaps(self, number: int, found: Perhaps) -> Perhaps:
        self._must_be_last()
        if number and found.end is not None:
            self.outgrown("run time knows when the last `for` of this generator expression ends, "
                          "and the others may go on", "make a list of it: [... for ...]")
        m, store, test = self.m, self.node.facts.stores[number], self.node.facts.tests[number]

        def element(item: Any) -> Any:
            store(m, item)
            return self.node.facts.element(m)

        if test is None:
            return Perhaps(
                found.truth,
                lambda: then(found.get(), lambda item: self._later(lambda: element(item))),
                found.end,
            )  # fmt: skip
        if found.end is not None:
            return Perhaps(found.truth, lambda: then(found.get(), self._passing), found.end)

        def passes() -> Any:
            store(m, found.get())
            return test(m)

        truth = self._later(lambda: regions.choose(m, found.truth, passes, lambda: False))
        return Perhaps(truth, self._element, None)

    def _passing(self, item: Any) -> Any:
        """What an item of the only `for` part gives, or nothing this time."""
        m = self.m

        def passes() -> Any:
            self.node.facts.stores[-1](m, item)
            return self.node.facts.tests[-1](m)

        truth = self._later(passes)
        if isinstance(truth, Then):
            return Perhaps(truth, self._element, None)
        return self._element() if truth else Perhaps(False, self._element, None)


@stands_for(GeneratorType)
class Listed(Indexed):
    """A generator expression over a sequence of run-time length: a list of all that it gives."""


def generator(node: tree.AST) -> Evaluation:
    node.facts = Parts(node)
    first_of = node.facts.items[0]

    def evaluate(m: Machine) -> Any:
        first = first_of(m)
        m.node = node
        made = Generator(m, node, first)
        function = node.facts.function
        if m.backend.e is not None and function is not None and may_learn(m):
            found = coroutines.or_started(m, made, function, lambda: _started(m, node, first))
            if found is not made:
                return found
        if len(node.generators) == 1 or not is_run_time_sequence(first):
            return made
        items = made.at_once()
        return of_object(m, items) if isinstance(items, Object) else Listed(m, items)

    return evaluate


def _started(m: Machine, node: tree.AST, first: Any) -> Iterator:
    """One that run time resumes: what its function gives."""
    function = program_functions.make_function(m, node.facts.function, "<genexpr>")
    return coroutines.start(m, function, {_FIRST: first})
