"""`dataclasses.asdict` and `astuple` of what only run time knows.

In: an object of the run. Out: what it holds, as dictionaries or tuples. The one idea: the instances
bear the names of their fields, so the host can go as deep as the data.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from fleet.diagnostics import FleetError
from fleet.objects.instances import Instance, Record


def as_dict(value: Any, whole: bool) -> Any:
    """whole: whether the program says that it is an instance of a dataclass."""
    return _converted(value, "asdict", whole, lambda pairs: dict(pairs))


def as_tuple(value: Any, whole: bool) -> Any:
    return _converted(value, "astuple", whole, lambda pairs: tuple(held for _, held in pairs))


def _converted(
    value: Any, name: str, whole: bool, make: Callable[[list[tuple[str, Any]]], Any]
) -> Any:
    def convert(one: Any) -> Any:
        if isinstance(one, Instance) and one.fields is not None:
            return make([(field, convert(_held(one, field))) for field in one.fields])
        if isinstance(one, Record):
            return type(one)(map(convert, one))
        if isinstance(one, list | tuple):
            return type(one)(map(convert, one))
        if isinstance(one, dict):
            return {convert(key): convert(held) for key, held in one.items()}
        return copy.deepcopy(one)

    if whole and not (isinstance(value, Instance) and value.fields is not None):
        raise TypeError(f"{name}() should be called on dataclass instances")
    return convert(value)


def _held(value: Instance, field: str) -> Any:
    if field not in value.attributes:
        raise FleetError(f"the field {field} of a {value.name} that its class holds")
    return value.attributes[field]


FUNCTIONS: dict[str, Callable[..., Any]] = {"as_dict": as_dict, "as_tuple": as_tuple}
