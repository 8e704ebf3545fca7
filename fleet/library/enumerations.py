"""`enum`: CPython's own classes, whose members are looked up at run time as well.

In: a class and a value. Out: the member. The one idea: an enumeration never changes once it is
made, so the metaclass may be the host's; a value that only run time knows gives a union of all
members.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.language import class_statements
from fleet.evaluator.objects import members, operations
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, objects, operators, texts
from fleet.evaluator.values.then import Then

BASES = tuple(getattr(enum, name)
              for name in "Enum IntEnum Flag IntFlag StrEnum ReprEnum".split()
              if hasattr(enum, name))  # fmt: skip
_NAMES = """EnumMeta EnumType auto unique KEEP CONFORM EJECT STRICT CONTINUOUS FlagBoundary
    member nonmember verify UNIQUE NAMED_FLAGS""".split()

members.declare(enum.Enum, enum.Enum, "name value _name_ _value_ _missing_")
members.declare(enum.EnumMeta, enum.EnumMeta, "__members__ __iter__ __len__ __getitem__ __call__")
members.declare(enum.auto, enum.auto, "value")


def enum_table(m: Machine) -> dict[str, Any]:
    """`enum`, and what the machine is to know of it."""
    m.bases |= {*BASES, enum.EnumMeta}
    m.special_classes[enum.EnumMeta] = functools.partial(_call, m)
    table = {name: getattr(enum, name) for name in _NAMES if hasattr(enum, name)}
    table["global_enum"] = lambda cls: cls
    return table | {base.__name__: base for base in BASES}


def _call(m: Machine, cls: Any, *arguments: Any, **keywords: Any) -> Any:
    """cls(value), or cls(name, names), which makes an enumeration."""
    if len(arguments) != 1 or keywords:
        arguments = tuple(arguments[:1]) + tuple(map(_plain, arguments[1:]))
        made = enum.EnumMeta.__call__(cls, *arguments, **keywords)
        if isinstance(made, type):
            made.__module__ = m.scope.module.values.get("__name__", "__main__")
            class_statements.remember(made)
        return made
    (value,) = arguments
    if not isinstance(value, Then):
        return enum.EnumMeta.__call__(cls, value)
    own = classes.defines(cls, "_missing_")
    if issubclass(cls, enum.Flag) and not own and len(cls):
        return m.native(objects.function, m.backend.e, "flags", [next(iter(cls)), value], cls, True)
    if own:
        raise m.error(f"a {cls.__name__} of a run-time value is not supported")
    found = [(operations.truth_of(m, _equal(m, member.value, value)), member)
             for member in cls.__members__.values()]  # fmt: skip
    return _first(m, found, lambda: _invalid(m, cls, value))


def _plain(value: Any) -> Any:
    """The names of a functional definition, as the host takes them."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, dict) else value


def _equal(m: Machine, known: Any, value: Then) -> Any:
    return m.native(operators.operate, m.backend.e, "eq", known, value)


def _first(
    m: Machine, found: list[tuple[Any, Any]], otherwise: Callable[[], Any]
) -> Any:
    """The first member whose condition holds."""
    if not found:
        return otherwise()
    (holds, member), *rest = found
    if not isinstance(holds, Then):
        return member if holds else _first(m, rest, otherwise)
    return regions.choose(m, holds, lambda: member, lambda: _first(m, rest, otherwise))


def _invalid(m: Machine, cls: type, value: Any) -> Any:
    text = texts.compose(m.backend.e, [*texts.parts_of(value, "!r"),
                                       f" is not a valid {cls.__qualname__}"])  # fmt: skip
    raise m.raised(ValueError(text))
