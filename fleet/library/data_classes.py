"""`@dataclass`, for classes of the user's program.

In: a class with annotated names. Out: the class with `__init__`, `__repr__` and `__eq__`. The one
idea: Python's own writes source text and executes it; these are closures over the list of fields.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

from fleet.evaluator.objects import members
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, texts
from fleet.evaluator.values.classes import FIELDS
from fleet.evaluator.values.heap import MISSING


@dataclasses.dataclass
class Field:
    """`field(default=..., default_factory=...)`, or a name with or without a default."""

    default: Any = MISSING
    make: Callable[[], Any] | None = None

    def value(self) -> Any:
        return self.default if self.make is None else self.make()


members.declare(Field, dataclasses.Field)


def make_field(call: Callable[..., Any]) -> Callable[..., Field]:
    """`field`. call: how to call something of the user's program."""

    def field(*, default: Any = MISSING, default_factory: Any = MISSING) -> Field:
        if default_factory is MISSING:
            return Field(default)
        return Field(make=lambda: call(default_factory, (), {}))

    return field


def make_dataclass(m: Machine) -> Callable[..., Any]:
    """The decorator, with or without arguments."""

    def dataclass(cls: type | None = None, *, frozen: bool = False, eq: bool = True) -> Any:
        if cls is None:
            return Builtin("dataclass", lambda made: _decorate(m, made, frozen, eq))
        return _decorate(m, cls, frozen, eq)

    return dataclass


def _decorate(m: Machine, cls: type, frozen: bool, eq: bool) -> type:
    if not classes.is_made(cls):
        raise m.error("`dataclass` is for classes of the program")
    fields: dict[str, Field] = {}
    for base in reversed(cls.__mro__):
        fields |= vars(base).get(FIELDS, {}) if base is not cls else {}
    for name in vars(cls).get("__annotations__", {}):
        given = vars(cls).get(name, MISSING)
        fields[name] = given if isinstance(given, Field) else Field(given)
        if isinstance(given, Field) and given.default is MISSING:
            delattr(cls, name)
        elif isinstance(given, Field):
            setattr(cls, name, given.default)
    setattr(cls, FIELDS, fields)
    made = {"__init__": _init(cls, fields), "__repr__": _repr(m, fields)}
    if eq and "__eq__" not in vars(cls):
        made["__eq__"] = _eq(fields)
        cls.__hash__ = None
    if frozen:
        made["__setattr__"] = _frozen
    for name, method in made.items():
        if name == "__setattr__" or name not in vars(cls):
            method.__qualname__ = f"{cls.__qualname__}.{name}"
            setattr(cls, name, method)
    classes.changed()
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


def _repr(m: Machine, fields: dict[str, Field]) -> Callable[[Any], Any]:
    def __repr__(self: Any) -> Any:
        parts: list[texts.Part] = [f"{type(self).__qualname__}("]
        for number, name in enumerate(fields):
            parts += [f"{', ' if number else ''}{name}=",
                      *texts.parts_of(getattr(self, name), "!r")]  # fmt: skip
        return texts.compose(m.backend.e, [*parts, ")"])

    return __repr__


def _eq(fields: dict[str, Field]) -> Callable[[Any, object], Any]:
    def __eq__(self: Any, other: object) -> Any:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in fields)

    return __eq__


def _frozen(self: Any, name: str, value: Any) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")
