"""Attributes of modules, arrays, values of run time and of Python's own types."""

from __future__ import annotations

import functools
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from types import (
    BuiltinMethodType,
    FunctionType,
    MethodType,
)
from typing import Any

from fleet.evaluator.objects import members, operations
from fleet.evaluator.objects.attribute_writes import delete_attribute as delete_attribute
from fleet.evaluator.objects.attribute_writes import set_attribute as set_attribute
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.modules import Module, UserModule
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.heap import (
    Dict,
    is_late,
)
from fleet.evaluator.values.then import (
    Object,
    Then,
    is_run_time_list,
    type_name,
    unbound_tag,
)


def module_attribute(m: Machine, value: Module, name: str) -> Any:
    match name:
        case "__name__":
            return value.name
        case "__doc__":
            return value.values.get("__doc__") or getattr(value.real, "__doc__", None)
        case "__class__":
            return operations.python_type(value)
        case "__dict__" if isinstance(value, UserModule):
            return value.values
    found = m.native(value.get, name)
    if unbound_tag(found) is not None:
        raise m.error(
            f"`{name}` is a name of the module on one path of a run-time branch or loop only",
            "give it a value before, on every path",
        )
    return operations.usable(m, found)


def array_attribute(m: Machine, value: Any, name: str) -> Any:
    attribute = m.array_attributes.get(name)
    if attribute is not None:
        return m.native(attribute, value)
    method = m.array_methods.get(name)
    if method is not None:
        function = method if isinstance(method, Function) else functools.partial(method, value)
        return BoundBuiltin(name, value, function, enter(m))
    if name == "__class__":
        return operations.python_type(value)
    if hasattr(operations.python_type(value), name):
        raise members.not_visible(m, f"the array attribute `{name}`")
    raise members.missing(m, value, name, type_name(value))


PARTS = {"real": None, "numerator": None, "imag": 0, "denominator": 1}
"""Attributes of a real number: a constant, or the number itself."""


def method_of_object(m: Machine, value: Object, name: str) -> BoundBuiltin:
    """A method of Python's own types, of one of the run's objects."""
    return BoundBuiltin(name, value, None, functools.partial(m.language.object_method, m))


def enter(m: Machine) -> Callable[..., Any]:
    """How Python's own code calls a method: through the evaluator."""
    return functools.partial(m.language.enter_method, m)


def bound(m: Machine, value: Any, name: str, found: Any) -> Any:
    """What the host's attribute access gave, as the program sees it."""
    if isinstance(found, MethodType):
        real = getattr(_SAMPLES.get(members.python_class(type(value))), name, None)
        return BoundBuiltin(name, value, Builtin(name, found, real), enter(m))
    if isinstance(found, BuiltinMethodType | FunctionType):
        return BoundBuiltin(name, value, found, enter(m))
    return found


_SAMPLES = {kind: kind() for kind in (list, dict, set, deque, Counter, OrderedDict, defaultdict)}
"""A value of a type, asked how it refuses wrong arguments."""


def of_handling(m: Machine, value: BaseException, name: str) -> Any:
    """What was handled when an exception was raised, which no exception of run time keeps."""
    if m.backend.e is not None:
        raise members.not_visible(m, f"`{name}` of an exception", "ask for its `__cause__`")
    return getattr(value, name)


def from_keys_of(m: Machine, value: dict) -> BoundBuiltin:
    if operations.python_type(value) is not dict:
        raise members.not_visible(m, "fromkeys() of this dictionary")

    def function(keys: Any, value: Any = None, /) -> Any:
        return from_keys(m, keys, value)

    return BoundBuiltin("fromkeys", dict, Builtin("fromkeys", function, dict.fromkeys), enter(m))


def from_keys(m: Machine, keys: Any, value: Any = None, /) -> Any:
    """dict.fromkeys(keys, value)."""
    items = m.language.taken(m, keys)
    if not isinstance(items, Then) and not is_run_time_list(items):
        items = operations.known_items(m, items)
        if not any(map(is_late, items)):
            return Dict(m.heap, dict.fromkeys(items, value))
    given = [items.run_time if is_run_time_list(items) else objects.shallow(items)]
    return objects.function(m.backend.e, "fromkeys", [*given, objects.box(m.backend.e, value)],
                            dict)  # fmt: skip


def of_type(m: Machine, value: Any, name: str, function: Callable[..., Any]) -> BoundBuiltin:
    return BoundBuiltin(name, value, functools.partial(function, m, value), enter(m))
