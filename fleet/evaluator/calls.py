"""Calls and attributes: who is called, with what, and what hangs on a value by name.

In: a callee and arguments. Out: the call's value. The one idea: functions of the user's program
(and of the prelude) are walked by the evaluator in a frame of their own; everything else is a
Python callable from one of our tables.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from types import BuiltinMethodType, MethodType
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError, Frame
from fleet.evaluator.functions import Function, bind
from fleet.evaluator.machine import MAX_CALLS, Machine, Raised, is_mistake_of_ours
from fleet.evaluator.scopes import Scope
from fleet.evaluator.values import formats, lists, numbers, operators, texts
from fleet.evaluator.values.heap import Bindings, Dict, List
from fleet.evaluator.values.then import Array, Number, Text, Then, is_run_time_list
from fleet.library.modules import Module
from fleet.syntax import tree

_PLAIN_DUNDERS = {"__name__", "__qualname__", "__class__", "__doc__"}


class Unusable:
    """What a name holds whose value after a run-time branch or loop cannot be represented."""

    def __init__(self, why: str, hint: str) -> None:
        self.why = why
        self.hint = hint


class MaybeUnbound:
    """What a name holds that only one path of a run-time branch or loop gave a value.

    flag: the run-time bool that says whether it has one; `error` is raised when it has not.
    """

    def __init__(self, value: Any, flag: Number, error: NameError) -> None:
        self.value = value
        self.flag = flag
        self.error = error


class Calls(Machine):
    """Evaluates calls and attributes."""

    builtins: dict[str, Any]
    constructors: dict[Any, Callable[..., Any]]
    array_attributes: dict[str, Callable[[Any], Any]]
    array_methods: dict[str, Callable[..., Any]]
    evaluate: Callable[[tree.AST], Any]
    run_body: Callable[[list[tree.AST]], Any]

    def usable(self, value: Any) -> Any:
        """The value, unless it is one that a run-time branch has made unusable."""
        if type(value) is Unusable:
            raise self.error(value.why, value.hint)
        if type(value) is MaybeUnbound:
            e, error = self.backend.e, value.error
            self.native(numbers.require, e, value.flag, type(error).__name__, str(error))
            return value.value
        return value

    # -- functions

    def make_function(self, node: tree.AST, name: str) -> Function:
        arguments = node.args
        defaults = [self.evaluate(item) for item in arguments.defaults]
        kw_defaults = {
            parameter.arg: self.evaluate(default)
            for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is not None
        }
        scope = self.scope
        qualname = name
        if scope.kind == "class":
            qualname = f"{scope.function}.{name}"
            while scope.kind == "class":
                scope = scope.parent
        elif scope.kind == "function":
            qualname = f"{scope.function}.<locals>.{name}"
        enter = self.enter_from_python
        made = Function(
            name, qualname, node, scope, defaults, kw_defaults, enter, self.outside is not None
        )
        if made._names.generator is not None and isinstance(made._names.generator, tree.AST):
            raise self.error(
                "`yield` is not supported", "return a list instead of generating its items",
                made._names.generator,
            )  # fmt: skip
        return made

    def enter_from_python(self, function: Function, arguments: tuple, keywords: dict) -> Any:
        """A call that comes through Python's own code, such as map() or an operator."""
        try:
            return self.call_function(function, arguments, keywords)
        except Raised as raised:
            raised.exception.fleet_location = raised.location
            raise raised.exception from None

    def call_function(self, function: Function, arguments: tuple, keywords: dict[str, Any]) -> Any:
        if self.depth >= MAX_CALLS:
            raise self.raised(RecursionError("maximum recursion depth exceeded"))
        try:
            values = bind(function, arguments, keywords, self.heap)
        except TypeError as mistake:
            raise self._bad_call(function, keywords, mistake) from None
        saved = self.scope, self.frame, self.node, self.outside, self.depth
        if function._prelude:
            self.outside = self.location()
        else:
            self.frame = Frame(function.__name__, self.location())
            self.outside = None
        self.depth += 1
        self.callers.append(self.scope)
        self.scope = Scope("function", function._scope, function._names, function.__qualname__)
        self.scope.values = Bindings(values)
        self.scope.called = (function, arguments)
        node = function._node
        try:
            if isinstance(node, tree.Lambda):
                return self.evaluate(node.body)
            return self.run_body(node.body)
        finally:
            self.scope, self.frame, self.node, self.outside, self.depth = saved
            self.callers.pop()

    def _bad_call(
        self, function: Function, keywords: dict[str, Any], mistake: TypeError
    ) -> Exception:
        """Wrong arguments: the program's TypeError, or something that the prelude lacks."""
        if function._prelude:
            known = set(function._names.local)
            for key in keywords:
                if key not in known:
                    name = function.__name__
                    return self.error(f"the argument `{key}` of np.{name} is not supported")
        return self.raised(mistake)

    def call_value(self, callee: Any, arguments: tuple, keywords: dict[str, Any]) -> Any:
        """callee(*arguments, **keywords)."""
        if isinstance(callee, Function):
            return self.call_function(callee, arguments, keywords)
        if isinstance(callee, MethodType) and isinstance(callee.__func__, Function):
            return self.call_function(callee.__func__, (callee.__self__, *arguments), keywords)
        if isinstance(callee, type) and callee in self.constructors:
            return self.native(self.constructors[callee], *arguments, **keywords)
        if isinstance(callee, type) and issubclass(callee, np.generic):
            return self.native(self._numpy_scalar, callee, *arguments)
        if isinstance(callee, BuiltinMethodType) and isinstance(callee.__self__, str | bytes):
            return self._text_method(callee, arguments, keywords)
        if isinstance(callee, BuiltinMethodType) and isinstance(callee.__self__, dict | set):
            self._known_arguments(callee, arguments)
        return self.native(callee, *arguments, **keywords)

    def _numpy_scalar(self, kind: type, *arguments: Any) -> Any:
        """np.float32(x) and the like: a scalar, or an array for a sequence."""
        if not arguments or isinstance(arguments[0], str | bytes):
            return kind(*arguments)
        if isinstance(arguments[0], Text):
            arguments = (
                self.constructors[float if kind(0).dtype.kind == "f" else int](*arguments),
            )
        return self.backend.primitives["cast"](arguments[0], kind)

    def _known_arguments(self, callee: Any, arguments: tuple) -> None:
        for value in arguments[:1]:
            if is_run_time_list(value):
                raise self.error(f"{callee.__name__}() cannot take a list known at run time only")

    def _text_method(self, callee: Any, arguments: tuple, keywords: dict[str, Any]) -> Any:
        """A method of a known str or bytes."""
        name = callee.__name__
        if name == "join" and arguments and isinstance(arguments[0], Then):
            return self.join_lazily(callee.__self__, arguments[0])
        if name == "join" and arguments:
            items = self.known_items(arguments[0])
            if any(isinstance(item, Text) for item in items):
                return self.native(texts.join, self.backend.e, callee.__self__, items)
            return self.native(callee, items)
        if any(map(texts.has_run_time, (*arguments, *keywords.values()))):
            if name == "format" and isinstance(callee.__self__, str):
                parts = self.native(formats.format_parts, callee.__self__, arguments, keywords)
                return self.native(texts.compose, self.backend.e, parts)
            hint = "use an f-string" if name == "format_map" else None
            raise self.error(f"str.{name}() of run-time values is not supported", hint)
        return self.native(callee, *arguments, **keywords)

    # -- attributes

    def get_attribute(self, value: Any, name: str) -> Any:
        """value.name."""
        if isinstance(value, Module):
            return self.native(value.get, name)
        if isinstance(value, Array | np.ndarray | np.generic):
            return self._array_attribute(value, name)
        if isinstance(value, Text):
            return self._run_time_method(value, name)
        if isinstance(value, Number) and not hasattr(python_type(value), name):
            message = f"'{value.kind}' object has no attribute '{name}'"
            raise self.raised(AttributeError(message))
        if isinstance(value, Then):
            raise self.error(
                f"the attribute `{name}` of a run-time {value.type_name} is not supported"
            )
        if name.startswith("_") and not self._may_see(value, name):
            raise self.error(f"the attribute `{name}` is not supported")
        if name == "__class__":
            return python_type(value)
        return self.usable(self.native(getattr, value, name))

    def _may_see(self, value: Any, name: str) -> bool:
        if isinstance(value, super):
            return True
        if isinstance(value, Function | MethodType):
            return name in _PLAIN_DUNDERS
        owner = value if isinstance(value, type) else type(value)
        return owner.__module__ == "__main__" or name in _PLAIN_DUNDERS

    def _run_time_method(self, value: Text, name: str) -> Any:
        method = texts.METHODS.get((value.kind, name))
        if method is None:
            if hasattr(str if value.kind == "str" else bytes, name):
                raise self.error(
                    f"{value.kind}.{name}() of text known at run time only is not supported",
                    "encode, decode, +, ==, len, int, float, print and f-strings are",
                )
            message = f"'{value.kind}' object has no attribute '{name}'"
            raise self.raised(AttributeError(message))
        return lambda *arguments, **keywords: method(self.backend.e, value, *arguments, **keywords)

    def _array_attribute(self, value: Any, name: str) -> Any:
        attribute = self.array_attributes.get(name)
        if attribute is not None:
            return self.native(attribute, value)
        method = self.array_methods.get(name)
        if method is not None:
            return method if isinstance(value, type) else MethodType(method, value)
        kind = "numpy.ndarray" if isinstance(value, Array | np.ndarray) else type(value).__name__
        if hasattr(np.ndarray, name):
            raise self.error(f"the array attribute `{name}` is not supported")
        raise self.raised(AttributeError(f"'{kind}' object has no attribute '{name}'"))

    # -- containers

    def known_items(self, value: Any) -> list[Any]:
        """The items of something whose length is known now, for unpacking."""
        if is_run_time_list(value):
            raise self.native(_refuse, value.run_time)
        if isinstance(value, Array):
            if not value.dims:
                raise self.raised(TypeError("iteration over a 0-d array"))
            return [self.native(operators.get_item, self.backend.e, value, i)
                    for i in range(self.native(len, value))]  # fmt: skip
        try:
            return list(value)
        except (FleetError, Raised):
            raise
        except Exception as exception:
            if is_mistake_of_ours(exception):
                raise
            raise self.raised(exception) from exception

    def contains(self, container: Any, item: Any) -> Any:
        """`item in container`."""
        e = self.backend.e
        if is_run_time_list(container):
            equal = self.native(lists.contains, e, container.run_time, item)
            return self.native(operators.truth, e, equal)
        if isinstance(container, list | tuple) and texts.has_run_time((container, item)):
            found: Any = False
            for other in container:
                if texts.has_run_time((other, item)):
                    same = self.truth(self.native(operators.operate, e, "eq", other, item))
                else:
                    same = self.native(operator.eq, other, item)
                found = self.native(numbers.either, e, found, same)
            return found
        if isinstance(item, Then) and isinstance(container, range | set | frozenset | Dict):
            items = list(container)
            return self.contains(List(self.heap, items), item)
        return self.native(lambda: item in container)

    truth: Callable[[Any], Any]
    join_lazily: Callable[[Any, Any], Any]


def _refuse(items: Then) -> FleetError:
    return items.needed_now("unpacking")


_TYPES = {"int": int, "float": float, "bool": bool, "str": str, "bytes": bytes}


def python_type(value: Any) -> type:
    """type(value), as the program sees it."""
    match value:
        case Number() | Text():
            return _TYPES[value.kind]
        case Array():
            return value.dtype.type if value.scalar else np.ndarray
        case List():
            return list
        case Dict():
            return dict
        case set():
            return set
        case Then():
            return range
    return type(value)
