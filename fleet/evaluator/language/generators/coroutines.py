"""Generator functions that run time resumes: their bodies as functions of a frame.

In: the tree of a generator function. Out: the tree of a function `resume(frame, sent)`, which goes
on to the next `yield` and gives its item. The one idea: cut the body at its yields and its loops
around them into basic blocks, let the frame say at which of them to go on, and keep the variables
in the frame, which is one of the run's instances. So the generator is data like any other, and how
many there are, and how deep they call one another, run time decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.iterators.advancing import GIVES, PLACE, RESULT, STAYS, Advancing
from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.language.generators.cutting import cut, returns
from fleet.evaluator.language.generators.resumption import has_yield
from fleet.evaluator.objects import held_classes
from fleet.evaluator.objects.functions import Function, signature
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import forget
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values import classes, fixed, objects
from fleet.evaluator.values.heap import Bindings
from fleet.syntax import tree


def start(m: Machine, function: Function, values: Bindings) -> Advancing:
    """A call of a generator function, as one of the run's objects."""
    e = m.backend.e
    kept = {name: value for name, value in values.items() if not _is_static(value)}
    static = {name: value for name, value in values.items() if name not in kept}
    cls = _class_of(m, function, static)
    frame = held_classes.make(m, cls)
    for name, value in {PLACE: 0, RESULT: None, **{f".{n}": v for n, v in kept.items()}}.items():
        given = [frame, name, objects.box(e, value)]
        m.native(objects.function, e, "set_attribute", given, None, True)
    return Advancing(m, frame)


def or_started(
    m: Machine, made: Iterator, site: tree.AST, begin: Callable[[], Iterator]
) -> Iterator:
    """An iterator that has not begun, or one of the run's in place of it, where that has been
    learnt. site: the function whose body it is; begin: makes the run's."""
    if id(site) in m.policy.outgrown:
        try:
            return begin()
        except FleetError as error:
            forget(m, {id(site)}, error)
    made.site = site
    made.hosted = Builtin("hosted", begin)
    return made


def _is_static(value: Any) -> bool:
    """Whether it is no data: a function, class or module, or standard input."""
    if classes.of_ours(value, "lines") is not None:
        return True
    data = objects.can_be(value) or classes.is_made(type(value))
    return isinstance(value, Function) or fixed.is_named(value) or not (
        data or isinstance(value, list | dict | set))  # fmt: skip


def _class_of(m: Machine, function: Function, static: dict[str, Any]) -> type:
    """The class of the frames of a generator function."""
    node = function._node
    own = tuple(sorted((name, _identity(value)) for name, value in static.items()))
    key = id(node), id(_home(function)), own
    found = m.coroutines.get(key)
    if found is not None:
        return found
    resume = _resume_of(node, frozenset(static))
    scope = Scope("function", function._scope, Names(set(static)), function.__qualname__)
    scope.values.update(static)
    scope.called, scope.level, scope.emitted = (function, ()), m.regions, m.backend.e.emitted
    made = Function(
        function.__name__, function.__qualname__, resume, scope, [], {}, function._enter,
        function._prelude, m.heap,
    )  # fmt: skip
    number = sum(1 for other in m.coroutines if other[0] == id(node))
    name = f"{function.__qualname__} at {node.location.line}:{node.location.column} {number}"
    cls = type("generator", (), {
        "__module__": "generators", "__next__": made, "__iter__": made, STAYS: _stays(node),
        GIVES: any(returns(one, True) for one in node.body),
    })  # fmt: skip
    cls.__qualname__ = name
    classes.remember(cls)
    m.coroutines[key] = cls
    m.policy.recursive.add(id(resume))
    return cls


def _identity(value: Any) -> tuple[int, int]:
    """What tells what is no data: of a function, its text and the names that it reads."""
    if type(value) is Function and not value._defaults and not value._kw_defaults:
        return id(value._node), id(_home(value))
    return id(value), 0


def _stays(node: tree.AST) -> bool:
    """Whether a generator does something where it is closed."""
    return any(isinstance(one, tree.YieldFrom) or (
        isinstance(one, tree.Try | tree.With) and has_yield(one)) for one in tree.walk(node))


def _home(function: Function) -> Scope:
    """The scope whose names it reads: of calls around it that only give it its own name, none."""
    facts, scope = signature(function._node), function._scope
    for one in scope.chain():
        own = one.kind == "module" or all(
            type(one.values[name]) is Function and one.values[name]._node is function._node
            for name in facts.around if name in one.values
        )
        if not own or one.kind == "module":
            return scope if not own else one
    return scope


def _resume_of(node: tree.AST, static: frozenset[str]) -> tree.AST:
    """The function that resumes, made once."""
    made = signature(node).resumed
    if static not in made:
        made[static] = cut(node, static)
    return made[static]
