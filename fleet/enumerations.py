"""Enumerations whose members are numbers, texts or flags, among the run's objects.

In: what the program's class inherits from, and its members. Out: CPython's own enumeration of the
same content. The one idea: such members compute and combine as `enum` says, so the host's are real
ones; each bears the number of the program's class, as other instances do (see `fleet.objects`).
"""

from __future__ import annotations

import ast
import enum
import functools
from collections.abc import Callable
from typing import Any, NoReturn

from fleet.diagnostics import FleetError

BASES: dict[str, type] = {one.__name__: one for one in (int, float, str)} | {
    name: getattr(enum, name) for name in "Enum ReprEnum IntEnum StrEnum Flag IntFlag".split()
    if hasattr(enum, name)
}  # fmt: skip
"""What an enumeration may inherit from besides the program's own classes, by name."""
NUMBERS: dict[type, int] = {}
"""The numbers of the program's classes."""


def member(
    number: int, name: str, own: str, bases: str, boundary: str, members: str, which: str
) -> enum.Enum:
    """A member of an enumeration.

    number, name, own: of the program's class, as `fleet.objects.Instance` has them; bases: names of
    BASES; boundary: a Flag's, or nothing; members: the text of a tuple of (name, value), aliases
    among them; which: the member's name, or the text of a Flag's value that has no name of its own.
    """
    made = _enumeration(number, name, own, bases, boundary, members)
    found = made.__members__.get(which)
    return made(int(which)) if found is None else found


@functools.cache
def _enumeration(
    number: int, name: str, own: str, bases: str, boundary: str, members: str
) -> type[enum.Enum]:
    inherited = tuple(BASES[base] for base in bases.split())
    options = {"boundary": enum.FlagBoundary[boundary]} if boundary else {}
    metaclass = type(inherited[-1])
    namespace = metaclass.__prepare__(name, inherited, **options)
    for key, value in ast.literal_eval(members):
        namespace[key] = value
    made = metaclass(name, inherited, namespace, **options)
    for method in own.split():
        setattr(made, method, _refusing(name, method))
    NUMBERS[made] = number
    return made


def _refusing(name: str, method: str) -> Callable[..., NoReturn]:
    """What stands for a method of the program's that the host would have to call."""

    def refuse(*given: Any) -> NoReturn:
        raise FleetError(f"{method} of a {name} would be called from inside of a list, dict or set "
                         "that only run time knows")  # fmt: skip

    return refuse


def attributes(value: enum.Enum) -> dict[str, Any]:
    """What a member has besides methods."""
    return {"name": value.name, "value": value.value} | vars(value)
