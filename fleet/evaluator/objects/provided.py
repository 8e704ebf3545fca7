"""Functions that Python or a library provides: what the program sees instead of ours.

In: a Python function of ours, and the one that it stands for. Out: callables that look like
CPython's and show nothing of what is under them. The one idea: wrong arguments get the words of the
function that ours stands for, because that one is asked to refuse them.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError


@dataclass(frozen=True)
class Constant:
    """An attribute of a class that is made wherever the program asks for it."""

    make: Callable[[], Any]


class Builtin:
    """`len`, `math.sqrt`, ...: a function that the program did not write.

    A TypeError of the call itself, such as of wrong arguments, is the program's: it is raised here.

    name: as repr() shows it. real: CPython's own, asked for the words of wrong calls only.
    plainly: CPython's own, if that is as good where all arguments are plain values. less: whether
    one item is to come before another, of a key that does nothing but say so. passes_on: whether
    it hands its arguments to another function, `*value` of run time among them. spread: the same of
    one list of the run's, which has as many arguments as only run time knows; or what it is called
    where that is a method of the same object.
    """

    __slots__ = (
        "_call", "_name", "_real", "less", "passes_on", "plainly", "spread", "takes_unions"
    )

    def __init__(self, name: str, call: Callable[..., Any], real: Any = None) -> None:
        self._name = name
        self._call = call
        self._real = real
        self.plainly: Callable[..., Any] | None = None
        self.less: Callable[[Any, Any], Any] | None = None
        self.passes_on = False
        self.takes_unions = getattr(call, "takes_unions", False)
        spread = getattr(call, "spread", None)
        self.spread = getattr(call.__self__, spread) if isinstance(spread, str) else spread

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        try:
            return self._call(*arguments, **keywords)
        except TypeError as mistake:
            trace = mistake.__traceback__
            if trace is None or trace.tb_next is not None:
                raise
            if _is_python(self._call):
                raise self._bad_call(mistake, arguments, keywords) from None
            raise mistake.with_traceback(None) from None

    def _bad_call(
        self, mistake: TypeError, arguments: tuple, keywords: dict[str, Any]
    ) -> Exception:
        if self._real is None:
            return TypeError(re.sub(r"^[\w.<>]+\(\)", f"{self._name}()", str(mistake)))
        words = refusal(self._real, len(arguments), list(keywords))
        if words is not None:
            return TypeError(words)
        return FleetError(unsupported_arguments(self._name, keywords))

    def is_named(self) -> bool:
        """Whether a name may lead to it, as `fixed` asks."""
        return True

    def __repr__(self) -> str:
        return f"<built-in function {self._name}>"


class BoundBuiltin:
    """`xs.append`: a method of a value of Python's or NumPy's own type.

    enter: goes back to the evaluator: (self, arguments, keywords) -> result.
    """

    __slots__ = ("__self__", "_enter", "_name", "function")

    def __init__(self, name: str, owner: Any, function: Any, enter: Callable[..., Any]) -> None:
        self._name = name
        self.__self__ = owner
        self.function = function
        self._enter = enter

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._enter(self, arguments, keywords)

    def is_bound(self) -> bool:
        """Whether it has an owner, as `fixed` asks."""
        return self.__self__ is not None

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, BoundBuiltin)
            and self.__self__ is other.__self__
            and self._name == other._name
        )

    def __hash__(self) -> int:
        return hash((id(self.__self__), self._name))

    def __repr__(self) -> str:
        kind = type(self.__self__).__name__
        return f"<built-in method {self._name} of {kind} object at {id(self.__self__):#x}>"


class UnboundBuiltin:
    """`str.upper`: a method of a type of Python's, that takes the value first."""

    __slots__ = ("_enter", "_name", "kind")

    def __init__(self, name: str, kind: type, enter: Callable[..., Any]) -> None:
        self._name = name
        self.kind = kind
        self._enter = enter

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._enter(self, arguments, keywords)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """As an attribute of a class of the program's."""
        return self if instance is None else types.MethodType(self, instance)

    def is_named(self) -> bool:
        """Whether a name may lead to it, as `fixed` asks."""
        return True

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, UnboundBuiltin)
            and (self.kind, self._name) == (other.kind, other._name)
        )

    def __hash__(self) -> int:
        return hash((self.kind, self._name))

    def __repr__(self) -> str:
        return f"<method '{self._name}' of '{self.kind.__name__}' objects>"


class Unsupported:
    """A name of Python's that programs cannot use: looking it up is refused."""

    __slots__ = ("hint", "name")

    def __init__(self, name: str, hint: str | None) -> None:
        self.name = name
        self.hint = hint


def provided(name: str, value: Any, real: Any = None) -> Any:
    """The value of a table as the program sees it: functions of ours become `Builtin`."""
    if isinstance(value, Builtin):
        return Builtin(name, value._call, real)
    if isinstance(value, _FUNCTIONS):
        return Builtin(name, value, real if callable(real) else None)
    return value


def unsupported_arguments(name: str, keywords: dict[str, Any]) -> str:
    """CPython's function takes them, ours does not."""
    if keywords:
        return f"the argument `{next(iter(keywords))}` of {name} is not supported"
    return f"{name} with this many arguments is not supported"


_FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, type(np.sum))


def _is_python(function: Any) -> bool:
    """Whether a call runs a function of ours."""
    if isinstance(function, type):
        return isinstance(function.__init__, types.FunctionType)
    return isinstance(function, types.FunctionType | types.MethodType) or isinstance(
        getattr(type(function), "__call__", None), types.FunctionType)  # noqa: B004


_ARITY = re.compile(r"takes |expected (at (most|least)|\d)|must have at least|missing|"
                    r"unexpected keyword|invalid keyword|multiple values|needs an arg")  # fmt: skip


def refusal(real: Any, count: int, keywords: list[str]) -> str | None:
    """How CPython's own function refuses a number of arguments; None when it takes them.

    It is called, with empty tuples, only where its signature cannot be had or does not fit.
    """
    try:
        inspect.signature(real).bind(*[()] * count, **dict.fromkeys(keywords, ()))
    except (TypeError, ValueError):
        pass
    else:
        return None
    try:
        real(*[()] * count, **dict.fromkeys(keywords, ()))
    except TypeError as error:
        return str(error) if _ARITY.search(str(error)) else None
    except Exception:  # it took the arguments, and then looked at them
        return None
    return None
