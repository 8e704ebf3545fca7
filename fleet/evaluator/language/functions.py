"""Functions of the program: made where their definition is executed, entered when called."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from fleet.diagnostics import Frame
from fleet.evaluator.control import recursion
from fleet.evaluator.iterators.positions import held
from fleet.evaluator.language import late_keywords, undecided
from fleet.evaluator.language.generators import functions as generator_functions
from fleet.evaluator.language.generators.cells import with_cells
from fleet.evaluator.objects import callbacks
from fleet.evaluator.objects.functions import LATE, Function, bind
from fleet.evaluator.objects.prelude_names import public_name, real_function
from fleet.evaluator.objects.provided import refusal, unsupported_arguments
from fleet.evaluator.objects.special_methods import has_objects
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.outgrown import settled
from fleet.evaluator.state.scopes import Scope
from fleet.evaluator.state.warned import naming
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import (
    Bindings,
    Dict,
    bindings,
)
from fleet.evaluator.values.ndarrays.arrays import OfObjects
from fleet.evaluator.values.then import (
    Array,
    Object,
    Then,
    Union,
)
from fleet.syntax import tree


def make_function(m: Machine, node: tree.AST, name: str) -> Function | Object:
    """What a `def` or `lambda` defines."""
    arguments = node.args
    defaults = [m.evaluate(item) for item in arguments.defaults]
    kw_defaults = {
        parameter.arg: m.evaluate(default)
        for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    scope = m.scope
    qualname = name
    if scope.kind == "class":
        qualname = f"{scope.function}.{name}"
        while scope.kind == "class":
            scope = scope.parent
    elif scope.kind == "function":
        qualname = f"{scope.function}.<locals>.{name}"
    made = new_function(m, node, (name, qualname), scope, defaults, kw_defaults)
    if m.outside is None and id(node) in m.policy.held_functions:
        return callbacks.box_function(m, made)
    return made


def new_function(
    m: Machine, node: tree.AST, names: tuple[str, str], scope: Scope, defaults: list[Any],
    kw_defaults: dict[str, Any],
) -> Function:  # fmt: skip
    """names: the function's name and its qualified one; scope: where it is defined."""
    enter = functools.partial(enter_from_python, m)
    prelude = m.outside is not None
    in_cells = None if prelude else m.policy.in_cells.get(id(node))
    node = node if in_cells is None else with_cells(node, in_cells)
    made = Function(*names, node, scope, defaults, kw_defaults, enter, prelude, m.heap)
    return made


def enter_from_python(m: Machine, function: Function, arguments: tuple, keywords: dict) -> Any:
    """A call that comes through Python's own code, such as map() or an operator."""
    try:
        found = call_function(m, function, arguments, keywords)
        if function.__name__ == "__hash__" and isinstance(found, Then):
            raise found.needed_now("a dictionary key or set element")
        return found
    except Raised as raised:
        vars(raised.exception)[classes.PLACE] = raised.location
        raise raised.exception from None


def call_function(
    m: Machine, function: Function, arguments: tuple, keywords: dict[str, Any],
    method: str | None = None, decided: bool = False, bound: Bindings | None = None,
) -> Any:  # fmt: skip
    """method: its name as a method of an array, where it is called as one; decided: whether it has
    been looked at which arguments NumPy cannot take as they are; bound: its parameters' values,
    where these are not what the arguments would give them."""
    if m.depth >= m.most_calls:
        raise m.too_deep()
    if function._prelude and bound is None and (
            "__name__" not in function._scope.module.values):  # fmt: skip
        for at, one in enumerate(arguments):
            if type(one) is Union and _is_apart(list(one.choices.values())):
                rest = arguments[:at], arguments[at + 1 :]
                return m.language.split(m, one, lambda part, rest=rest: _of_choice(
                    m, function, part, (*rest[0], part, *rest[1]), keywords, method
                ))  # fmt: skip
        if m.outside is None and any(map(has_objects, (*arguments, *keywords.values()))) and (
                _takes_arrays(function)):  # fmt: skip
            module, own = public_name(function.__name__, function._node.location.file)
            shown = f"{module.replace('numpy', 'np', 1)}.{own}"
            given = function.__name__, shown, arguments, Dict(m.heap, keywords)
            return call_function(m, m.prelude.get("called_on_objects"), given, {})
        if not decided and m.outside is None and any(
                undecided.is_open(m, one) for one in arguments):  # fmt: skip
            return undecided.called(m, arguments, lambda given: call_function(
                m, function, given, keywords, method, True))  # fmt: skip
    if LATE in keywords:
        keywords = late_keywords.settle(m, function, arguments, keywords)
    values = bound
    if values is None:
        try:
            values = bind(function, arguments, keywords, m.heap)
        except TypeError as mistake:
            raise _bad_call(m, function, arguments, keywords, mistake, method) from None
        rest = function._node.facts.rest
        if rest is not None and type(values[rest.arg]) is Dict:
            values[rest.arg] = settled(m, rest, values[rest.arg])
    if not function._prelude:
        if m.has_once:
            for name, value in values.items():
                values[name] = held(m, value)
    elif m.outside is None and (several := undecided.several(m, values)) is not None:
        union, given = several
        return m.language.split(m, union, lambda one: call_function(
            m, function, arguments, {}, bound=_again(given(one)), decided=True))  # fmt: skip
    if function._names.generator is not None:
        return generator_functions.begin(m, function, values)
    if m.backend.e is not None and not (
            function._prelude and "__name__" not in function._scope.module.values):  # fmt: skip
        if id(function._node) in m.policy.recursive:
            return recursion.call(
                m, function, values,
                lambda inside: _enter(m, function, _again(inside), arguments),
            )
        if m.regions:
            recursion.watch(m, function._node)
    return _enter(m, function, values, arguments)


def _takes_arrays(function: Function) -> bool:
    """Whether it is a function of NumPy's for arrays of numbers: no method of a class, nor one of
    those that are for arrays of objects."""
    return function.__qualname__ == function.__name__ and (
        "__name__" not in function._scope.module.values
    )


def _is_apart(choices: list[Any]) -> bool:
    """Whether NumPy's functions go other ways for each of these."""
    return any(one is None for one in choices) or all(
        isinstance(one, Array) or has_objects(one) for one in choices)


def _of_choice(
    m: Machine, function: Function, part: Any, arguments: tuple, keywords: dict[str, Any],
    method: str | None,
) -> Any:  # fmt: skip
    """The call with one of the values that an argument may be; None among them, which NumPy's
    functions mostly refuse, is refused when the program runs."""
    try:
        return call_function(m, function, arguments, keywords, method)
    except OfObjects as error:
        if part is not None:
            raise
        raise m.raised(TypeError(error.message)) from None


def _again(values: dict[str, Any]) -> Bindings:
    made = bindings()
    made.update(values)
    return made


def _enter(m: Machine, function: Function, values: Bindings, arguments: tuple) -> Any:
    """Evaluate a function's body in a frame of its own."""
    saved = scope, frame, at, outside, depth, said = (
        m.scope, m.frame, m.node, m.outside, m.depth, m.said
    )  # fmt: skip
    inner = Scope("function", function._scope, function._names, function.__qualname__, values)
    inner.called = (function, arguments)
    inner.level = m.regions
    inner.emitted = 0 if m.backend.e is None else m.backend.e.emitted
    if function._prelude:
        m.outside = m.location()
        m.said = said or naming(function.__name__, function._node.location.file)
    elif outside is None and at is not None and m.raising is None:
        inner.at, inner.outer, inner.frame = at, frame, None
        m.frame = inner
        m.said = None
    else:
        m.said = None
        m.frame = Frame(function.__name__, m.location())
        m.outside = None
    m.scope = inner
    m.depth = depth + 1
    m.callers.append(scope)
    try:
        result = function._node.facts.result
        if result is not None:
            return result(m)
        return m.language.run_body(m, function._node.body)
    finally:
        m.scope, m.frame, m.node, m.outside, m.depth, m.said = saved
        m.callers.pop()


def _bad_call(
    m: Machine, function: Function, arguments: tuple, keywords: dict[str, Any],
    mistake: TypeError, method: str | None,
) -> Exception:  # fmt: skip
    """Wrong arguments: the program's TypeError, or something that the prelude lacks."""
    if not function._prelude or m.outside is not None:
        return m.raised(mistake)
    if "__name__" in function._scope.module.values:  # of a library in Python
        return m.raised(mistake)
    count, given = len(arguments), dict(keywords)
    if method is None:
        file = function._node.location.file
        module, own = public_name(function.__name__, file)
        name = f"{module.replace('numpy', 'np', 1)}.{own}"
        real = real_function(function.__name__, file)
    else:
        name, real = f"x.{method}", getattr(np.zeros((1, 1)), method, None)
        count -= 1
    words = refusal(real, count, list(keywords))
    if words is not None:
        return m.raised(TypeError(words))
    known = set(function._names.local)
    given = {key: value for key, value in keywords.items() if key not in known}
    return m.error(unsupported_arguments(name, given))
