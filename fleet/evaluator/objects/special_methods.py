"""Special methods of the program's own classes, where Python's own calls want a known result.

In: an object and a method's name. Out: what the method gives, run-time values as well. The one
idea: `bool(x)`, `len(x)`, `y in x` and `x != y` of the host check or invert what a method gives; so
for classes of the program the method is called directly, and its result is looked at here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.objects import instances
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.single import is_object_array
from fleet.evaluator.values.then import Array, Number, Object, Then, is_run_time_list


def method_of(value: Any, name: str) -> Function | None:
    """The function that a class of the program has for a special method."""
    kind = value.kind if type(value) is Object else type(value)
    if not classes.is_made(kind):
        return None
    found_in = classes.holder(kind.__mro__, name)
    found = None if found_in is None else vars(found_in)[name]
    return found if type(found) is Function else None


def walks(value: Any) -> bool:
    """Whether an object of the program's is iterated over by its own methods."""
    if method_of(value, "__iter__") is not None:
        return True
    kind = value.kind if type(value) is Object else type(value)
    return method_of(value, "__getitem__") is not None and not hasattr(kind, "__iter__")


def call(m: Machine, method: Function, *arguments: Any) -> Any:
    return m.language.call_value(m, method, arguments, {})


def as_data(m: Machine, value: Any) -> Any:
    """What an object of the program gives for its `__array__`; other values as they are."""
    method = method_of(value, "__array__")
    return value if method is None else call(m, method, value)


def has_objects(value: Any) -> bool:
    """Whether it is an array of objects, or a list or tuple with one."""
    if type(value) in (tuple, List):
        return not is_run_time_list(value) and any(map(is_object_array, value))
    return is_object_array(value)


def as_index(m: Machine, value: Any) -> Any:
    """What an object of the program gives for its `__index__`, also in a slice, where numbers of
    NumPy's are Python's; others as they are."""
    if type(value) is tuple:
        return tuple(as_index(m, one) for one in value)
    if type(value) is slice:
        bounds = (slice_bound(m, one) for one in (value.start, value.stop, value.step))
        return slice(*(as_index(m, one) for one in bounds))
    if type(value) is Object:
        return instances.as_number(m, value, "__index__")
    method = method_of(value, "__index__")
    return value if method is None else call(m, method, value)


def slice_bound(m: Machine, value: Any) -> Any:
    """A number of NumPy's as Python's; others as they are."""
    if isinstance(value, Array) and not value.dims:
        return m.native(tensors.to_number, m.backend.e, value)
    return value


def whole(m: Machine, value: Any) -> Any:
    """An int of NumPy's that only run time knows as Python's, and what an object of the program
    gives for its `__index__`; others as they are."""
    value = as_index(m, value)
    is_whole = isinstance(value, Array) and value.scalar and value.dtype.kind in "iu"
    return slice_bound(m, value) if is_whole else value


def truth(m: Machine, value: Any) -> Any:
    """bool(value) by the program's methods: a bool, a run-time bool; None where it has none."""
    method = method_of(value, "__bool__")
    if method is not None:
        found = call(m, method, value)
        if not isinstance(found, bool) and not (isinstance(found, Number) and found.kind == "bool"):
            name = found.type_name if isinstance(found, Then) else type(found).__name__
            raise m.raised(TypeError(f"__bool__ should return bool, returned {name}"))
        return found
    method = method_of(value, "__len__")
    found = None if method is None else call(m, method, value)
    return m.native(lambda: found != 0) if isinstance(found, Then) else None


def compare(
    m: Machine, name: str, operation: Callable[[Any, Any], Any], left: Any, right: Any
) -> Any:
    """left <operation> right, where `!=` may be what Python makes of `__eq__`."""
    if name == "ne" and (method_of(left, "__eq__") or method_of(right, "__eq__")) is not None and (
            method_of(left, "__ne__") or method_of(right, "__ne__")) is None:  # fmt: skip
        return _differ(m, left, right)
    return m.native(operation, left, right)


def _differ(m: Machine, left: Any, right: Any) -> Any:
    """What `object.__ne__` makes of the `__eq__` of either side, the more special one first."""
    sides = [(left, right), (right, left)]
    if type(left) is not type(right) and issubclass(type(right), type(left)):
        sides.reverse()
    for value, other in sides:
        method = method_of(value, "__eq__")
        found = NotImplemented if method is None else call(m, method, value, other)
        if isinstance(found, Number) and found.kind == "bool":
            return m.native(lambda found=found: found ^ True)
        if found is not NotImplemented:
            same = truth(m, found) if classes.is_made(type(found)) else m.native(bool, found)
            return not same
    return left is not right
