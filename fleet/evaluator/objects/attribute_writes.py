"""Writing attributes: what a program may assign and delete, and the record of it.

In: an object, a name, a value. Out: the object changed, and the heap told before. The one idea: a
program writes to its own instances, classes and functions; on anything else an assignment fails as
CPython's does, or is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.objects import instance_writes, lookups, members, operations, stand_ins
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.modules import Module, UserModule
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes
from fleet.evaluator.values.then import Array, Object, Then, Union

_WRITABLE = {
    Function: frozenset("__name__ __qualname__ __doc__ __annotations__ __dict__".split()),
    BaseException: frozenset("args __cause__ __context__ __suppress_context__ __dict__".split()),
    type: frozenset("__name__ __qualname__ __doc__ __module__ __annotations__".split()),
}
"""Attributes of Python's own making that a program may write to."""


def set_attribute(m: Machine, owner: Any, name: str, value: Any) -> None:
    """owner.name = value."""
    if type(owner) is Object:
        instance_writes.put(m, owner, name, value)
        return
    if lookups.write(m, owner, name, value):
        return
    if type(owner) is Union:
        m.language.split(m, owner, lambda one: set_attribute(m, one, name, value))
        return
    if isinstance(owner, Array | np.ndarray) and name == "shape":
        try:
            m.native(_set_shape, m, owner, value)
        except AttributeError as error:
            raise m.raised(error) from None
        return
    if isinstance(owner, Array | np.ndarray) and name == "flat":
        flat = m.native(m.array_attributes[name], owner)
        operations.set_item(m, flat, slice(None), value)
        return
    if isinstance(owner, Array | np.ndarray) and name in ("real", "imag"):
        if name == "imag" and owner.dtype.kind != "c":
            raise TypeError("array does not have imaginary part to set")
        operations.set_item(m, m.native(m.array_attributes[name], owner), Ellipsis, value)
        return
    _set(m, owner, name, value, setattr)


def _set_shape(m: Machine, owner: Any, shape: Any) -> None:
    """owner.shape = shape: the same array looked at in another way, whoever holds it."""
    if m.regions or m.heap.is_conditional:
        raise m.error(
            "assigning to x.shape in a run-time branch or loop is not supported",
            "use x = x.reshape(...)",
        )
    m.heap.do_for_good()
    if isinstance(owner, np.ndarray):
        owner.shape = shape
        return
    lengths = tuple(operations.known_items(m, shape)) if isinstance(shape, tuple | list) else shape
    made = m.backend.primitives["reshape"](
        owner, lengths if isinstance(lengths, tuple) else (lengths,)
    )
    if made.cell is not owner.cell:
        raise AttributeError(
            "Incompatible shape for in-place modification. Use `.reshape()` to make a copy with "
            "the desired shape."
        )
    owner.look_as(made)


def _set(m: Machine, owner: Any, name: str, value: Any, write: Callable[..., None]) -> None:
    if isinstance(owner, Module) and owner.variables is not None and (
            type(owner) is UserModule or name in owner.variables):  # fmt: skip
        m.heap.touch(owner.variables)
        owner.variables[name] = value
        return
    _check_write(m, owner, name)
    if isinstance(owner, Function) and any(one is owner for one in m.by_value):
        raise m.error(
            f"`{owner.__name__}` is kept in a list, dict or object that run time changes, and "
            "given an attribute afterwards, which is not supported",
            "use a class with __call__, or keep what changes in a dictionary",
        )
    if isinstance(owner, Function) and name in ("__doc__", "__annotations__"):
        setattr(owner, "_doc" if name == "__doc__" else "_annotations", value)
        return
    if name == "__dict__" and classes.is_made(type(owner)) and (
            m.regions or type(value) is Object or stand_ins.is_one(m, type(value))):  # fmt: skip
        raise m.heap.outgrown(
            owner, m.error("`__dict__` cannot be assigned in a run-time branch or loop"))
    plain = setattr if isinstance(owner, type) else write
    if type(value) is Union:
        m.native(lambda: plain(owner, name, value))  # which of the choices is as good as another
        return
    m.native(plain, owner, name, value)


def plain_set(m: Machine, value: Any, name: str, new: Any) -> None:
    """object.__setattr__(value, name, new)."""
    if type(value) is Object:
        instance_writes.put(m, value, name, new, plain=True)
        return
    _set(m, value, name, new, object.__setattr__)


def plain_delete(m: Machine, value: Any, name: str) -> None:
    """object.__delattr__(value, name)."""
    if type(value) is Object:
        instance_writes.remove(m, value, name, plain=True)
        return
    _delete(m, value, name, object.__delattr__)


def delete_attribute(m: Machine, owner: Any, name: str) -> None:
    """del owner.name."""
    if type(owner) is Union:
        m.language.split(m, owner, lambda one: delete_attribute(m, one, name))
        return
    if type(owner) is Object:
        instance_writes.remove(m, owner, name)
        return
    _delete(m, owner, name, delattr)


def _delete(m: Machine, owner: Any, name: str, remove: Callable[..., None]) -> None:
    _check_write(m, owner, name)
    operations.usable(m, classes.entries(owner).get(name))
    m.native(delattr if isinstance(owner, type) else remove, owner, name)


def _check_write(m: Machine, owner: Any, name: str) -> None:
    """Refuse to write what is not the program's own; record what is."""
    kind = type(owner)
    if isinstance(owner, Then | Module | super | np.ndarray | np.generic):
        raise m.error(f"the attribute `{name}` of this value cannot be assigned")
    if classes.is_unspeakable(name):
        raise m.error("an attribute's name cannot begin with a null character")
    if isinstance(owner, type):
        if not classes.is_made(owner):
            message = f"cannot set '{name}' attribute of immutable type '{owner.__name__}'"
            raise m.raised(TypeError(message))
        if hasattr(type, name) and name.startswith("__") and name not in (
                _WRITABLE[type] | members.names_of(object)):  # fmt: skip
            raise members.not_visible(m, f"assigning to `{name}` of a class")
        m.heap.touch_attributes(owner)
        return
    if kind in members.ROWS and name in members.ROWS[kind].writable:
        m.heap.touch_attributes(owner)
        return
    if not (classes.is_made(kind) or isinstance(owner, Function | BaseException)):
        raise _not_writable(m, owner, name)
    found_in = classes.holder(kind.__mro__, name)
    allowed = frozenset().union(*(_WRITABLE.get(cls, ()) for cls in kind.__mro__)) | {"__dict__"}
    if (found_in is not None and not classes.is_made(found_in) and name not in allowed
            and hasattr(vars(found_in)[name], "__set__")) or name == "__class__" or (
            isinstance(owner, Function) and name not in allowed
            and hasattr(members.python_class(kind), name)):  # fmt: skip
        raise members.not_visible(m, f"assigning to `{name}` of a {members.label(kind)}")
    m.heap.touch_attributes(owner)


def _not_writable(m: Machine, owner: Any, name: str) -> Exception:
    real = members.python_class(type(owner))
    kind = members.label(real)
    if real in (object, int, float, bool, str, bytes, list, tuple, dict, set, frozenset, range,
                type(None), complex, slice):  # fmt: skip
        found_in = classes.holder(real.__mro__, name)
        if found_in is not None and hasattr(vars(found_in)[name], "__set__"):
            message = f"attribute '{name}' of '{kind}' objects is not writable"
        elif found_in is not None:
            message = f"'{kind}' object attribute '{name}' is read-only"
        else:
            message = f"'{kind}' object has no attribute '{name}'"
        return m.raised(AttributeError(message, name=name))
    return members.not_visible(m, f"assigning to an attribute of a {kind}")
