"""Attributes: what hangs on a value by name.

In: a value and a name. Out: what Python's attribute access gives, from our tables for arrays and
run-time values, from the object itself for those of the program.
"""

from __future__ import annotations

from types import MethodType
from typing import Any

import numpy as np

from fleet.evaluator import operations
from fleet.evaluator.functions import Function
from fleet.evaluator.machine import Machine
from fleet.evaluator.modules import Module
from fleet.evaluator.values import texts
from fleet.evaluator.values.then import Array, Number, Text, Then, Union, Unusable

_PLAIN_DUNDERS = {"__name__", "__qualname__", "__class__", "__doc__"}


def get_attribute(m: Machine, value: Any, name: str) -> Any:
    """value.name."""
    if type(value) is Union:
        return m.language.split(m, value, lambda one: get_attribute(m, one, name))
    if isinstance(value, Module):
        return m.native(value.get, name)
    if isinstance(value, Array | np.ndarray | np.generic):
        return _array_attribute(m, value, name)
    if isinstance(value, Text):
        return _run_time_method(m, value, name)
    if isinstance(value, Number) and not hasattr(operations.python_type(value), name):
        message = f"'{value.kind}' object has no attribute '{name}'"
        raise m.raised(AttributeError(message))
    if isinstance(value, Then):
        raise m.error(
            f"the attribute `{name}` of a run-time {value.type_name} is not supported"
        )
    if name.startswith("_") and not _may_see(m, value, name):
        raise m.error(f"the attribute `{name}` is not supported")
    if name == "__class__":
        return operations.python_type(value)
    return operations.usable(m, m.native(getattr, value, name))


def _may_see(m: Machine, value: Any, name: str) -> bool:
    if isinstance(value, super):
        return True
    if isinstance(value, Function | MethodType):
        return name in _PLAIN_DUNDERS
    owner = value if isinstance(value, type) else type(value)
    return owner.__module__ == "__main__" or name in _PLAIN_DUNDERS


def _run_time_method(m: Machine, value: Text, name: str) -> Any:
    method = texts.METHODS.get((value.kind, name))
    if method is None:
        if hasattr(str if value.kind == "str" else bytes, name):
            raise m.error(
                f"{value.kind}.{name}() of text known at run time only is not supported",
                "encode, decode, +, ==, len, int, float, print and f-strings are",
            )
        message = f"'{value.kind}' object has no attribute '{name}'"
        raise m.raised(AttributeError(message))
    return lambda *arguments, **keywords: method(m.backend.e, value, *arguments, **keywords)


def _array_attribute(m: Machine, value: Any, name: str) -> Any:
    attribute = m.array_attributes.get(name)
    if attribute is not None:
        return m.native(attribute, value)
    method = m.array_methods.get(name)
    if method is not None:
        return method if isinstance(value, type) else MethodType(method, value)
    kind = "numpy.ndarray" if isinstance(value, Array | np.ndarray) else type(value).__name__
    if hasattr(np.ndarray, name):
        raise m.error(f"the array attribute `{name}` is not supported")
    raise m.raised(AttributeError(f"'{kind}' object has no attribute '{name}'"))


def set_attribute(m: Machine, owner: Any, name: str, value: Any) -> None:
    """owner.name = value."""
    if type(owner) is Union:
        m.language.split(m, owner, lambda one: set_attribute(m, one, name, value))
        return
    if isinstance(owner, Array) and name == "shape":
        raise m.error("assigning to x.shape is not supported", "use x = x.reshape(...)")
    if isinstance(owner, Then | Module):
        raise m.error(f"the attribute `{name}` of this value cannot be assigned")
    if isinstance(owner, type) and owner.__module__ != "__main__":
        message = f"cannot set '{name}' attribute of immutable type '{owner.__name__}'"
        raise m.raised(TypeError(message))
    m.heap.touch_attributes(owner)
    m.native(setattr, owner, name, value)


def has_attribute(m: Machine, owner: Any, name: str) -> bool:
    if isinstance(owner, Module):
        return owner.has(name)
    if isinstance(owner, Array):
        return name in m.array_attributes or name in m.array_methods
    found = getattr(owner, "__dict__", {}).get(name)
    if isinstance(found, Unusable):
        raise m.error(found.why, found.hint)
    return hasattr(owner, name)
