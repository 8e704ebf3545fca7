"""`@dataclass`, for classes of the user's program.

In: a class with annotated names. Out: the class with `__init__`, `__repr__` and `__eq__`. The one
idea: Python's own writes source text and executes it; these are closures over the list of fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass as plain_dataclass
from typing import Any

from fleet.evaluator.values.heap import MISSING


@plain_dataclass
class Field:
    """`field(default=..., default_factory=...)`, or a name with or without a default."""

    default: Any = MISSING
    make: Callable[[], Any] | None = None

    def value(self) -> Any:
        return self.default if self.make is None else self.make()


def make_field(call: Callable[..., Any]) -> Callable[..., Field]:
    """`field`. call: how to call something of the user's program."""

    def field(*, default: Any = MISSING, default_factory: Any = MISSING) -> Field:
        if default_factory is MISSING:
            return Field(default)
        return Field(make=lambda: call(default_factory, (), {}))

    return field


def dataclass(cls: type | None = None, *, frozen: bool = False, eq: bool = True) -> Any:
    """The decorator, with or without arguments."""
    return (lambda made: _decorate(made, frozen, eq)) if cls is None else _decorate(cls, frozen, eq)


def _decorate(cls: type, frozen: bool, eq: bool) -> type:
    fields: dict[str, Field] = {}
    for base in reversed(cls.__mro__):
        fields |= getattr(base, "_fleet_fields", {}) if base is not cls else {}
    for name in vars(cls).get("__annotations__", {}):
        given = vars(cls).get(name, MISSING)
        fields[name] = given if isinstance(given, Field) else Field(given)
        if isinstance(given, Field) and given.default is MISSING:
            delattr(cls, name)
        elif isinstance(given, Field):
            setattr(cls, name, given.default)
    cls._fleet_fields = fields
    for name, method in (("__init__", _init(cls, fields)), ("__repr__", _repr(fields))):
        if name not in vars(cls):
            setattr(cls, name, method)
    if eq and "__eq__" not in vars(cls):
        cls.__eq__ = _eq(fields)
        cls.__hash__ = None
    if frozen:
        cls.__setattr__ = _frozen
    return cls


def _init(cls: type, fields: dict[str, Field]) -> Callable[..., None]:
    def __init__(self: Any, *arguments: Any, **keywords: Any) -> None:
        name = f"{cls.__qualname__}.__init__()"
        if len(arguments) > len(fields):
            given, takes = len(arguments) + 1, len(fields) + 1
            raise TypeError(f"{name} takes {takes} positional arguments but {given} were given")
        values = dict(zip(fields, arguments, strict=False))
        for key, value in keywords.items():
            if key not in fields:
                raise TypeError(f"{name} got an unexpected keyword argument '{key}'")
            if key in values:
                raise TypeError(f"{name} got multiple values for argument '{key}'")
            values[key] = value
        for key, one in fields.items():
            value = values[key] if key in values else one.value()
            if value is MISSING:
                raise TypeError(f"{name} missing 1 required positional argument: '{key}'")
            object.__setattr__(self, key, value)
        if hasattr(self, "__post_init__"):
            self.__post_init__()

    return __init__


def _repr(fields: dict[str, Field]) -> Callable[[Any], str]:
    def __repr__(self: Any) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in fields)
        return f"{type(self).__qualname__}({shown})"

    return __repr__


def _eq(fields: dict[str, Field]) -> Callable[[Any, object], Any]:
    def __eq__(self: Any, other: object) -> Any:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in fields)

    return __eq__


def _frozen(self: Any, name: str, value: Any) -> None:
    raise AttributeError(f"cannot assign to field {name!r}")
