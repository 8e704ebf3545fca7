"""What is made once and for all, as one of the run's objects: members, records, functions …

In: a member of an enumeration, a named tuple, an exception, a function or a method. Out: an Object
that a list, dict or set of run time can hold. The one idea: these never change, so another of the
same content is as good; members are one each in a run, because programs compare them with `is`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from types import MethodType
from typing import Any

from fleet.enumerations import BASES
from fleet.evaluator.objects import callbacks, held_classes, held_exceptions
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.provided import BoundBuiltin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, fixed, objects
from fleet.evaluator.values.exceptions import arguments_of
from fleet.evaluator.values.then import Object


def boxed(m: Machine, value: Any) -> Object | None:
    """The value as one of the run's objects; None where it is of no such kind."""
    return next((make(m, value) for fits, make in _TABLE if fits(value)), None)


def _function(m: Machine, name: str, given: list[Any]) -> Object:
    """Branches take values to where they are joined, so that nothing may travel from there."""
    return m.native(objects.function, m.backend.e, name, given, "object", True, certain=True)


def _sentinel(m: Machine, value: object) -> Object:
    if value is ...:
        return _function(m, "ellipsis", [])
    if not any(one is value for one in m.sentinels):
        m.sentinels.append(value)
    number = next(at for at, one in enumerate(m.sentinels) if one is value)
    return _function(m, "sentinel", [number])


def _member(m: Machine, member: enum.Enum) -> Object:
    number, name, own = held_classes.described(m, type(member))
    names = _attributes(member, hidden="_")
    described = _described(type(member))
    if described is None:
        made = _function(m, "member", [number, name, own, member.name, repr(member), str(member)])
        names = {"name": member.name, "value": member.value, "_name_": member.name,
                 "_value_": member.value, **names}  # fmt: skip
    else:
        methods = " ".join(one for one in own.split() if one.startswith("__"))
        which = member.name if member.name in type(member).__members__ else str(member.value)
        made = _function(m, "enumeration", [number, name, methods, *described, which])
    for name, value in names.items():
        if objects.can_be(value):
            _function(m, "set_attribute", [made, name, value])
    return made


def _described(cls: type[enum.Enum]) -> list[str] | None:
    """An enumeration of numbers, texts or flags as `enumerations.member` takes it; None for others,
    and for those whose members the program makes in a way of its own."""
    inherited = [base for base in cls.__mro__ if not classes.is_made(base)]
    least = [one for one in inherited
             if not any(other is not one and issubclass(other, one) for other in inherited)]
    names = [base.__name__ for base in least]
    values = [(name, member.value) for name, member in cls.__members__.items()]
    is_flag = issubclass(cls, enum.Flag)
    if names == ["Enum"] or not all(BASES.get(one.__name__) is one for one in least) or not all(
            type(value) in _VALUES and (is_flag or cls.__members__[name] == value)
            for name, value in values):  # fmt: skip
        return None
    boundary = cls._boundary_.name if is_flag and hasattr(cls, "_boundary_") else ""
    return [" ".join(names), boundary, repr(tuple(values))]


_VALUES = (int, float, str)
"""Classes of values that members have, and are."""


def _record(m: Machine, record: tuple) -> Object:
    cls = type(record)
    number, name, _ = held_classes.described(m, cls)
    return m.native(objects.build, m.backend.e, "record", list(record), number=number, name=name,
                    fields=list(cls._fields))  # fmt: skip


def _exception(m: Machine, exception: BaseException) -> Object:
    cls, args = type(exception), arguments_of(exception)
    if not classes.is_made(cls):
        held_classes.register(m, cls)
        return _function(m, "exception", [cls.__name__, *args])
    made = _function(m, "failure", [*held_classes.described(m, cls), *args])
    held_exceptions.note(m, cls, _attributes(exception))
    for name, value in _attributes(exception).items():
        held_classes.note_attribute(m, name)
        _function(m, "set_attribute", [made, name, value])
    return made


def _path(m: Machine, path: Any) -> Object:
    held_classes.note_attribute(m, "_text")
    given = [*held_classes.described(m, type(path)), _attributes(path)["_text"]]
    return _function(m, "path_instance", given)


def _pattern(m: Machine, pattern: re.Pattern) -> Object:
    return _function(m, "re.compile", [pattern.pattern, int(pattern.flags)])


def _attributes(value: Any, hidden: str = "\0") -> dict[str, Any]:
    entries = classes.shown(classes.entries(value))
    return {name: one for name, one in entries.items() if not name.startswith(hidden)}


def _is_function(value: Any) -> bool:
    return type(value) is Function and fixed.is_function(value)


def _is_method(value: Any) -> bool:
    """Whether it is a method of what the run can hold."""
    if not isinstance(value, MethodType):
        return type(value) is BoundBuiltin and fixed.is_function(value)
    return fixed.is_function(value) and not isinstance(value.__self__, type) and (
        callbacks.is_found(value))


def _is_partial(value: Any) -> bool:
    return fixed.is_partial(value) and fixed.is_callable(value.func)


_TABLE: list[tuple[Callable[[Any], bool], Callable[[Machine, Any], Object]]] = [
    (fixed.is_sentinel, _sentinel), (fixed.is_member, _member),
    (fixed.is_record, _record), (fixed.is_exception, _exception),
    (fixed.is_path, _path), (fixed.is_pattern, _pattern), (fixed.is_named, callbacks.box_named),
    (_is_function, callbacks.box_function), (_is_method, callbacks.box_method),
    (_is_partial, callbacks.box_partial),
]
