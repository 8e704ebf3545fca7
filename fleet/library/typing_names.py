"""`typing`, `abc` and `types`: what programs say of types, which does nothing at run time.

In: the names of the real modules. Out: tables in which they are what they are, or do nothing. The
one idea: Python's own objects for types are constants; those that are called with the program's
functions (`overload`, `cast`) are a line each here.
"""

from __future__ import annotations

import abc
import collections.abc
import contextlib
import functools
import importlib
import types
import typing
from collections.abc import Callable
from typing import Any

from fleet.evaluator.language import class_statements
from fleet.evaluator.objects import members, stand_ins
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.heap import Dict
from fleet.library.named_tuples import namedtuple

_ABSENT = frozenset(("get_type_hints", "get_overloads", "clear_overloads", "dataclass_transform"))
_ALIASES = {
    *(type(getattr(typing, name)) for name in typing.__all__),
    *(getattr(typing, name, types.GenericAlias)
      for name in ("_GenericAlias", "_UnionGenericAlias", "_LiteralGenericAlias")),
}  # fmt: skip
for _kind in _ALIASES:
    if _kind.__module__ in ("typing", "types") and not issubclass(_kind, type):
        members.declare(_kind, _kind, "__origin__ __args__ __parameters__ __metadata__")
for _kind in (typing.TypeVar, *(getattr(typing, name) for name in ("ParamSpec", "TypeVarTuple")
                                if hasattr(typing, name))):  # fmt: skip
    members.declare(_kind, _kind, "__name__ __bound__ __constraints__ args kwargs")
members.declare(type(typing.Protocol), type(typing.Protocol), "register __call__")
members.declare(abc.ABCMeta, abc.ABCMeta, "register __call__")


def typing_table(m: Machine) -> dict[str, Any]:
    """`typing`: all that it has."""
    table = {name: getattr(typing, name) for name in typing.__all__ if name not in _ABSENT}
    m.bases |= {typing.Generic, typing.Protocol}
    table |= {
        "cast": lambda kind, value: value,
        "overload": lambda function: Builtin("overload", _overloaded),
        "final": _same, "no_type_check": _same, "override": _same, "reveal_type": _same,
        "assert_type": lambda value, kind: value, "NewType": _new_type,
        "get_args": _parts("__args__", ()), "get_origin": _parts("__origin__", None),
        "NamedTuple": lambda name, fields=(), **more: _named_tuple(m, name, fields, **more),
        "TypedDict": typing.TypedDict, "runtime_checkable": typing.runtime_checkable,
    }  # fmt: skip
    return {name: value for name, value in table.items() if hasattr(typing, name)}


def array_types() -> dict[str, Any]:
    """`numpy.typing`."""
    real = importlib.import_module("numpy.typing")
    return {name: getattr(real, name) for name in real.__all__}


def _same(value: Any) -> Any:
    return value


def _overloaded(*_: Any, **__: Any) -> Any:
    raise NotImplementedError(
        "You should not call an overloaded function. A series of @overload-decorated functions "
        "outside a stub module should always be followed by an implementation that is not "
        "@overload-ed."
    )


def _new_type(name: str, kind: Any) -> Builtin:
    return Builtin(name, _same)


def named_tuple_class(m: Machine) -> Callable[..., type]:
    """What a class that inherits from `typing.NamedTuple` becomes."""

    def from_body(name: str, values: dict[str, Any], qualname: str) -> type:
        fields = values.pop("__annotations__", {})
        given: list[Any] = []
        for field in fields:
            if field in values:
                given.append(values.pop(field))
            elif given:
                raise m.raised(TypeError(
                    f"non-default namedtuple field {field} cannot follow default "
                    f"field{'s' * (len(given) > 1)} {', '.join([*fields][: len(given)])}"
                ))  # fmt: skip
        if f"{values['__module__']}.{qualname}" in m.policy.stood_in:
            defaults = dict(zip([*fields][len(fields) - len(given):], given, strict=True))
            values |= {"__annotations__": dict(fields), "__qualname__": qualname}
            make = functools.partial(class_statements.new_class, m, type)
            return stand_ins.record(m, make, name, tuple(fields), defaults, values)
        made = namedtuple(list, m.backend.e, name, list(fields), defaults=given)
        made.__annotations__ = dict(fields)
        return class_statements.finished(m, made, values, qualname)

    return from_body


def _named_tuple(m: Machine, name: str, fields: Any = (), **more: Any) -> type:
    """NamedTuple(name, [(field, type), ...])."""
    pairs = [tuple(pair) for pair in fields] or list(more.items())
    return namedtuple(list, m.backend.e, name, [field for field, _ in pairs])


def typed_dict(m: Machine, name: str, values: dict[str, Any], qualname: str) -> Builtin:
    """What a class that inherits from `typing.TypedDict` becomes: it makes dictionaries."""
    made = Builtin(name, lambda *items, **more: Dict(m.heap, dict(*items, **more)))
    m.templates[made] = functools.partial(typed_dict, m)
    return made


def _parts(name: str, default: Any) -> Callable[[Any], Any]:
    return lambda value: getattr(value, name, default)


def abc_table(m: Machine) -> dict[str, Any]:
    """`abc`."""
    m.bases |= {abc.ABC, abc.ABCMeta}

    def abstract(function: Any) -> Any:
        if isinstance(function, Function):
            m.heap.touch_attributes(function)
        with contextlib.suppress(AttributeError):
            function.__isabstractmethod__ = True
        return function

    return {
        "ABC": abc.ABC, "ABCMeta": abc.ABCMeta, "abstractmethod": abstract,
    }  # fmt: skip


def abstract_collections(m: Machine) -> dict[str, Any]:
    """`collections.abc`: classes to ask for, and to inherit mixed-in methods from."""
    table = {name: getattr(collections.abc, name) for name in collections.abc.__all__}
    m.bases.update(value for value in table.values() if isinstance(value, type))
    return table


for _name in collections.abc.__all__:
    _kind = getattr(collections.abc, _name)
    if isinstance(_kind, type) and _kind not in members.ROWS:  # those that classes mix in
        members.declare(_kind, _kind, members.public(_kind))


def types_table() -> dict[str, Any]:
    """For `types`: the classes of functions and the like."""
    names = """FunctionType MethodType BuiltinFunctionType GeneratorType GenericAlias UnionType
        MappingProxyType""".split()
    return {name: getattr(types, name) for name in names}

