"""Generator expressions, evaluated item by item as they are asked for.

In: the node, and its first iterable, which Python evaluates at once. Out: an iterator. The one
idea: where such an expression stands is the stack of the iterators of its `for` parts, outermost
first, and the scope of its names; a step goes on with the innermost, and enters the next part's
iterable when a part has an item that passes its tests.
"""

from __future__ import annotations

from types import GeneratorType
from typing import Any

from fleet.evaluator import expressions, regions, targets
from fleet.evaluator.iterators.builtin import Indexed, steps
from fleet.evaluator.iterators.protocol import END, Iterator, Perhaps
from fleet.evaluator.machine import Machine, Raised
from fleet.evaluator.members import stands_for
from fleet.evaluator.scopes import Names, Scope
from fleet.evaluator.values.heap import Bindings, List, Progress
from fleet.evaluator.values.sequences import is_run_time_sequence
from fleet.evaluator.values.then import Then
from fleet.syntax import tree


@stands_for(GeneratorType)
class Generator(Iterator):
    """first: the first iterable."""

    def __init__(self, m: Machine, node: tree.AST, first: Any) -> None:
        super().__init__(m)
        self.node = node
        self.first = first
        self.scope = Scope(
            "comprehension", m.scope, Names(expressions._target_names(node)), m.scope.function
        )
        self.values: Bindings = self.scope.values
        self.place = m.frame, m.outside
        self.stack = Progress((steps(m, first),))
        self.started = Progress(False)

    def at_once(self) -> Any:
        """All items, if none has been asked for: as a list comprehension."""
        if self.read(self.started) is not False:
            return None
        self._begin()
        self.move(self.stack, ())
        return self._inside(self._list)

    def _begin(self) -> None:
        if self.read(self.started) is not True:
            self.move(self.started, True)

    def _list(self) -> List:
        self.m.heap.touch(self.scope.values)
        result = self.scope.values[".result"] = List(self.m.heap)

        def body() -> None:
            result.append(self.m.evaluate(self.node.elt))

        expressions._generators(self.m, self.node.generators, self.first, body)
        return result

    def _inside(self, action: Any) -> Any:
        """Evaluate something in the generator's scope."""
        m = self.m
        with m.place_kept():
            m.scope, (m.frame, m.outside) = self.scope, self.place
            m.callers.append(m.scope)
            try:
                return action()
            except Raised as raised:
                self.move(self.stack, ())
                if isinstance(raised.exception, StopIteration):
                    error = RuntimeError("generator raised StopIteration")
                    raise Raised(error, raised.location) from None
                raise
            finally:
                m.callers.pop()

    def step(self) -> Any:
        self._begin()
        return self._inside(self._step)

    def _step(self) -> Any:
        m = self.m
        while True:
            stack = self.read(self.stack)
            if not stack:
                return END
            found = stack[-1].step()
            if found is END:
                self.move(self.stack, stack[:-1])
                continue
            part = self.node.generators[len(stack) - 1]
            if isinstance(found, Perhaps):
                return self._perhaps(part, found)
            targets.assign(m, part.target, found)
            truth = self._passes(part.ifs)
            if isinstance(truth, Then):
                self._must_be_last()
                return Perhaps(truth, self._element, None)
            if not truth:
                continue
            if len(stack) == len(self.node.generators):
                return m.evaluate(self.node.elt)
            inner = m.evaluate(self.node.generators[len(stack)].iter)
            self.move(self.stack, (*stack, steps(m, inner)))

    def _passes(self, tests: list[tree.AST]) -> Any:
        return expressions._conditions(self.m, True, tests) if tests else True

    def _element(self) -> Any:
        return self._inside(lambda: self.m.evaluate(self.node.elt))

    def _must_be_last(self) -> None:
        """A `for` part whose items depend on run time can only be the last one."""
        if len(self.read(self.stack)) < len(self.node.generators):
            raise self.m.error(
                "a generator expression with a run-time condition before its last `for` is not "
                "supported item by item",
                "make a list of it: [... for ...]",
            )

    def _perhaps(self, part: tree.AST, found: Perhaps) -> Perhaps:
        self._must_be_last()

        def element() -> Any:
            targets.assign(self.m, part.target, found.get())
            return self.m.evaluate(self.node.elt)

        if not part.ifs:
            return Perhaps(found.truth, lambda: self._inside(element), found.end)
        if found.end is not None:
            raise self.m.error(
                "a generator expression with a condition over an iterator that ends at run time "
                "is not supported item by item",
                "make a list of it: [... for ...]",
            )

        def passes() -> Any:
            targets.assign(self.m, part.target, found.get())
            return self._passes(part.ifs)

        truth = self._inside(
            lambda: regions.choose(self.m, found.truth, passes, lambda: False)
        )
        return Perhaps(truth, self._element, None)


@stands_for(GeneratorType)
class Listed(Indexed):
    """A generator expression over a sequence of run-time length: a list of all that it gives."""


def generator(m: Machine, node: tree.AST) -> Any:
    first = m.evaluate(node.generators[0].iter)
    made = Generator(m, node, first)
    return Listed(m, made.at_once()) if is_run_time_sequence(first) else made


HANDLERS = {tree.GeneratorExp: generator}
