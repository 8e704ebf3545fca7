"""What a name means for the instances of a class of the program: found once, until a class changes.

In: a class and a name. Out: where the name comes from: the instance alone, a method, a property, a
plain value of the class. The one idea: these four are what programs nearly always ask for, and need
nothing of Python's machinery; all else (descriptors, hooks, names with two underscores) is OTHER
and goes the way that `attributes` and `attribute_writes` describe.
"""

from __future__ import annotations

from abc import ABCMeta
from dataclasses import dataclass
from enum import EnumMeta
from types import MethodType
from typing import Any

from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.operations import CONDITIONAL, PLAIN
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import MISSING, Attributes, Dict, List, Set


@dataclass(frozen=True)
class Found:
    """kind: METHOD, PROPERTY, VALUE, INSTANCE or OTHER. value: what the class has, if anything.

    writable: whether an assignment is an entry in the instance's dict, and nothing else.
    """

    kind: str
    value: Any = None
    writable: bool = False


METHOD, PROPERTY, VALUE, INSTANCE = "method", "property", "value", "instance"
OTHER = Found("other")
_VALUES = PLAIN | {List, Dict, Set, tuple, type(None)}
"""Classes of values that are no descriptors."""


def look_up(kind: type, name: str) -> Found:
    """What a name means for instances of a class of the program, all of whose state is a dict."""
    found = classes.LOOKUPS.get((kind, name))
    if found is None:
        found = classes.LOOKUPS[kind, name] = _look_up(kind, name)
    return found


def _look_up(kind: type, name: str) -> Found:
    if (name.startswith("__") or classes.is_unspeakable(name) or issubclass(kind, BaseException)
            or not _is_simple(kind) or classes.defines(kind, "__getattribute__")):  # fmt: skip
        return OTHER
    found_in = classes.holder(kind.__mro__, name)
    writable = classes.holder(kind.__mro__, "__setattr__") is object
    if found_in is None:
        return Found(INSTANCE, None, writable)
    if not classes.is_made(found_in):
        return OTHER
    value = vars(found_in)[name]
    if type(value) is Function:
        return Found(METHOD, value, writable)
    if type(value) in _VALUES:
        return Found(VALUE, value, writable)
    if type(value) is property and type(value.fget) is Function and (
            classes.holder(kind.__mro__, "__getattr__") is None):  # fmt: skip
        return Found(PROPERTY, value.fget)
    return OTHER


def _is_simple(kind: type) -> bool:
    """Whether instances have a dict of attributes and no slots."""
    return bool(kind.__dictoffset__) and not any(
        vars(cls).get("__slots__") for cls in kind.__mro__ if classes.is_made(cls))  # fmt: skip


def read(m: Machine, value: Any, name: str, found: Found) -> Any:
    """value.name; MISSING where it has to be looked for."""
    if found.kind is PROPERTY:
        return m.language.call_value(m, found.value, (value,), {})
    own = value.__dict__
    if name in own:
        result = own[name]
        return MISSING if type(result) in CONDITIONAL else result
    if found.kind is METHOD:
        return MethodType(found.value, value)
    return found.value if found.kind is VALUE else MISSING


def method(owner: Any, name: str) -> Function | None:
    """The method that `owner.name(...)` calls, if it is one of the owner's class."""
    found = classes.LOOKUPS.get((type(owner), name))
    if found is None or found.kind is not METHOD or name in owner.__dict__:
        return None
    return found.value


def write(m: Machine, owner: Any, name: str, value: Any) -> bool:
    """owner.name = value, if there is nothing to it."""
    kind = type(owner)
    found = classes.LOOKUPS.get((kind, name))
    if found is None:
        if not classes.is_made(kind):
            return False
        found = look_up(kind, name)
    if not found.writable or type(value) in CONDITIONAL:
        return False
    own = owner.__dict__
    if type(own) is not Attributes:
        return False
    m.heap.touch(own)
    dict.__setitem__(own, name, value)
    return True


def _makes_plainly(kind: type) -> bool:
    """Whether calling a class of this metaclass is what `type` makes of it."""
    return kind in (type, ABCMeta) or (
        classes.is_made(kind) and not issubclass(kind, EnumMeta)
        and classes.holder(kind.__mro__, "__call__") is type)


def maker(cls: type) -> Any:
    """The `__init__` of a class of the program whose instances are made in the plain way.

    It is `object.__init__` where the program gives it none.
    """
    key = (cls, "\0made")
    if key not in classes.LOOKUPS:
        makes = classes.holder(cls.__mro__, "__new__")
        begins = classes.holder(cls.__mro__, "__init__")
        init = vars(begins).get("__init__")
        plain = makes is object and _makes_plainly(type(cls)) and (
            (type(init) is Function or begins is object)
            and not getattr(cls, "__abstractmethods__", None) and not issubclass(cls, BaseException)
            and (_is_simple(cls) or classes.has_site(cls)))  # fmt: skip
        classes.LOOKUPS[key] = init if plain else None
    return classes.LOOKUPS[key]
