"""Comprehensions: their `for` parts are loops like others.

In: their nodes. Out: their evaluations. The one idea: the innermost part's body adds to a result
that came to be before the first.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.language.flow import loops, stepping
from fleet.evaluator.language.operators import condition
from fleet.evaluator.objects import operations
from fleet.evaluator.objects.operations import PLAIN
from fleet.evaluator.state.completions import Body
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import settled
from fleet.evaluator.state.prepared import Evaluation, prepared
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values import objects
from fleet.evaluator.values.heap import Cell, Dict, List, Set
from fleet.syntax import tree


def list_comprehension(node: tree.AST) -> Evaluation:
    element = prepared(node.elt)

    def adding(m: Machine, result: List) -> Callable[[], None]:
        journals = m.heap.journals

        def add() -> None:
            value = element(m)
            if type(result) is not List:
                m.node = node
                m.native(objects.method, m.backend.e, result, "append", [value], {})
            elif journals or result.run_time is not None:
                m.node = node
                result.append(value)
            else:
                list.append(result, value)

        return add

    return _comprehension(node, List, adding)


def set_comprehension(node: tree.AST) -> Evaluation:
    element = prepared(node.elt)

    def adding(m: Machine, result: Set) -> Callable[[], None]:
        def add() -> None:
            value = element(m)
            m.node = node
            if type(result) is Set:
                m.native(result.add, value)
            else:
                m.native(objects.method, m.backend.e, result, "add", [value], {})

        return add

    return _comprehension(node, Set, adding)


def dict_comprehension(node: tree.AST) -> Evaluation:
    key_of, value_of = prepared(node.key), prepared(node.value)

    def adding(m: Machine, result: Dict) -> Callable[[], None]:
        journals = m.heap.journals

        def add() -> None:
            key, value = key_of(m), value_of(m)
            if type(key) in PLAIN and not journals and type(result) is Dict:
                dict.__setitem__(result, key, value)
            else:
                m.node = node
                operations.set_item(m, result, key, value)

        return add

    return _comprehension(node, Dict, adding)


def _comprehension(
    node: tree.AST,
    make: Callable[[Any], Any],
    adding: Callable[[Machine, Any], Callable[[], None]],
) -> Evaluation:
    """adding: how what the innermost part gives gets into the result."""
    first, names = prepared(node.generators[0].iter), Names(target_names(node))
    run = parts_of(node.generators, node)

    def evaluate(m: Machine) -> Any:
        items = first(m)
        before, result = m.scope, make(m.heap)
        m.scope = Scope("comprehension", before, names, before.function)
        result = settled(m, node, result)
        m.scope.values[".result"] = result  # where a loop finds it again
        try:
            run(m, items, adding(m, result))
        finally:
            m.scope = before
        return result

    return evaluate


def parts_of(
    generators: list[tree.AST], node: tree.AST
) -> Callable[..., None]:
    """The `for` parts of a comprehension: a function of the first's items, of the body, and of a
    cell that tells whether the loops are left, if they may be."""
    generator, *inner = generators
    if generator.is_async:
        return _refuse_async
    tests = list(map(condition, generator.ifs))
    inner_items = prepared(inner[0].iter) if inner else None
    inner_parts = parts_of(inner, node) if inner else None

    def passing(
        m: Machine, body: Callable[[], None], left: Cell | None, at: int = 0
    ) -> None:
        for number in range(at, len(tests)):
            truth = tests[number](m)
            if type(truth) is not bool:
                m.node = node
                rest = functools.partial(passing, m, body, left, number + 1)
                regions.choose(m, truth, rest, lambda: None)
                return
            if not truth:
                return
        if inner:
            inner_parts(m, inner_items(m), body, left)
        else:
            body()

    def run(
        m: Machine, items: Any, body: Callable[[], None], left: Cell | None = None
    ) -> None:
        step = (lambda: passing(m, body, left)) if tests or inner else body
        m.node = node
        if left is None:
            loops.iterate(m, generator.target, items, step, generator)
            return
        loop = Body(True)

        def until_left() -> None:
            step()
            stepping.leave(m, loop, left.content)

        loops.iterate(m, generator.target, items, until_left, generator, loop=loop)

    return run


def _refuse_async(m: Machine, items: Any, body: Callable[[], None]) -> None:
    raise m.error("async comprehensions are not supported")


def target_names(node: tree.AST) -> set[str]:
    return {
        name.id
        for generator in node.generators
        for name in tree.walk(generator.target)
        if isinstance(name, tree.Name)
    }
