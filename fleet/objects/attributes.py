"""Attributes of the run's objects, and the classes that these are of."""

from __future__ import annotations

import collections
import enum
import re
from typing import Any

import numpy as np

from fleet import enumerations
from fleet.diagnostics import FleetError
from fleet.objects import exact_numbers
from fleet.objects.holders import CONTENT, Holder, content_of
from fleet.objects.instances import Callback, Instance, number_of, type_name

OF_DTYPES = frozenset("kind char name str itemsize".split())
_WITH_DATA = (re.Match, re.Pattern, collections.deque, int, *exact_numbers.EXACT)


def attribute(value: Any, name: str) -> Any:
    if name == CONTENT and isinstance(value, Holder):
        return value.content
    if isinstance(value, Instance) and name in value.attributes:
        return value.attributes[name]
    if isinstance(value, Instance) and name == "__dict__" and "." not in value.own:
        return value.attributes
    if name.startswith("."):
        raise UnboundLocalError(
            f"cannot access local variable '{name[1:]}' where it is not associated with a value")
    if isinstance(value, Callback):
        raise FleetError(f"the attribute {name} of a {value.name} that only run time knows")
    if isinstance(value, enum.Enum) and name in (held := enumerations.attributes(value)):
        return held[name]
    if isinstance(value, BaseException) and name == "args":
        return value.args
    if name in DATA and isinstance(value, _WITH_DATA) and hasattr(value, name):
        return getattr(value, name)
    if isinstance(value, np.generic) and name in OF_SCALARS:
        return getattr(value, name)
    if isinstance(value, np.dtype) and name in OF_DTYPES:
        return getattr(value, name)
    if isinstance(value, exact_numbers.RECORDS) and isinstance(getattr(value, name, None), int):
        return getattr(value, name)
    if not isinstance(value, Instance) and hasattr(value, name):
        raise FleetError(f"the attribute {name} of a {type_name(value)} that only run time knows")
    raise AttributeError(f"'{type_name(value)}' object has no attribute '{name}'")


def attribute_place(name: Any, names: str) -> int:
    """At which of these names we are, or how many they are; of what getattr() is asked for.

    Raises FleetError for what a class has from Python.
    """
    if not isinstance(name, str):
        raise TypeError(f"attribute name must be string, not '{type_name(name)}'")
    if name.startswith("__") and name.endswith("__"):
        raise FleetError(f"the attribute {name} by a name that only run time knows")
    known = names.split(" ") if names else []
    return known.index(name) if name in known else len(known)


def has_attribute(value: Any, name: str, numbers: str = "") -> bool:
    """Whether a value has it by itself, or is of one of the classes that give it to theirs."""
    if isinstance(value, Instance):
        own = "." not in value.own if name == "__dict__" else name in value.attributes
        own = own or (isinstance(value, Holder) and hasattr(value.content, name))
        return own or str(value.number) in numbers.split()
    if isinstance(value, enum.Enum):
        own = name == "__dict__" or name in enumerations.attributes(value)
        return own or is_of(value, numbers)
    if type(value).__module__ not in ("builtins", "collections"):
        raise FleetError(f"hasattr() of a {type_name(value)} that only run time knows")
    return hasattr(value, name)


def set_attribute(value: Any, name: str, new: Any) -> None:
    if isinstance(value, Callback):
        raise FleetError(f"the attribute {name} of a {value.name} that only run time knows")
    if isinstance(value, enum.Enum):
        setattr(value, name, new)
        return
    if name == CONTENT and isinstance(value, Holder):
        value.content = new
        return
    if name == "__dict__" and isinstance(value, Instance) and "." not in value.own:
        own = content_of(new)
        if not isinstance(own, dict):
            raise TypeError(
                f"__dict__ must be set to a dictionary, not a '{type_name(new)}'")
        value.attributes = own
        return
    if not isinstance(value, Instance):
        raise AttributeError(f"'{type_name(value)}' object has no attribute '{name}'")
    if "." in value.own and f".{name}" not in value.own:
        raise AttributeError(f"'{value.name}' object has no attribute '{name}'")
    value.attributes[name] = new


def delete_attribute(value: Any, name: str) -> None:
    attribute(value, name)
    del value.attributes[name]


def class_of(value: Any, name: str, numbers: str) -> int:
    """The number of a value's class, one of those whose instances have an attribute."""
    if isinstance(value, Callback):
        raise FleetError(f"the attribute {name} of a {value.name} that only run time knows")
    if not is_of(value, numbers):
        raise AttributeError(f"'{type_name(value)}' object has no attribute '{name}'")
    return number_of(value)


def is_of(value: Any, numbers: str) -> bool:
    return str(number_of(value)) in numbers.split()


DATA = frozenset(
    "lastgroup lastindex string pos endpos maxlen pattern flags groupindex".split()
) | exact_numbers.DATA
"""Attributes of Python's own types that are no methods."""
OF_SCALARS = frozenset("dtype shape ndim size itemsize nbytes T".split())
"""Attributes of NumPy's numbers."""
