"""Attributes of the run's instances: their own, and what they have by their classes.

In: an Object that is an instance or may be one, and a name. Out: what Python's attribute access
gives. The one idea: what an instance holds itself is with the run, what its class has is known; so
only run time says which of both is there, where Python's rules leave that open.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from operator import itemgetter
from types import FunctionType, MemberDescriptorType, MethodType
from typing import Any

from fleet.evaluator.objects import held_classes
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, objects
from fleet.evaluator.values.array_lists import PLACES, ROW
from fleet.evaluator.values.then import Object
from fleet.objects.holders import CONTENT


def get(m: Machine, value: Object, name: str) -> Any:
    """value.name, of an Object that is an instance or may be one."""
    if name == "__dict__":
        held_classes.note_attribute(m, name)
        return m.native(objects.function, m.backend.e, "attribute", [value, name], dict)
    if value.kind is not None:
        return of_class(m, value, name)
    having = answering(m, name)
    if not having:
        return _attribute(m, value, name)
    return held_classes.any_of(
        m, value, having, lambda one: of_class(m, one, name), lambda: _attribute(m, value, name),
    )  # fmt: skip


def _attribute(m: Machine, value: Object, name: str) -> Any:
    """What an instance has itself by a name: an array, where those of its class have arrays."""
    e = m.backend.e
    found = m.native(objects.function, e, "attribute", [value, name])
    names = list(map(classes.name_of, held_classes.of_object(m, value)))
    having = [cls for cls in names if e.array_lists.has_arrays(cls, name + PLACES)]
    if having:
        others = [cls for cls in names if cls not in having]
        return _objects(m, value, name, found, not e.array_lists.have_others(others, name))
    if not e.array_lists.may_be_none(names, name):
        return m.native(e.array_lists.attribute, names, name, found)
    return m.language.choose(
        m, m.native(objects.operator, e, "is_", found, None), lambda: None,
        lambda: m.native(e.array_lists.attribute, names, name, found))  # fmt: skip


def _objects(m: Machine, value: Object, name: str, found: Object, is_certain: bool) -> Any:
    """The array of objects that an instance has by a name. found: True, or None in its place."""
    e = m.backend.e
    if not is_certain:
        raise m.error(
            f"only run time knows whether `{name}` of this is an array of objects",
            "give other classes another name for what they have",
        )
    names = list(map(classes.name_of, held_classes.of_object(m, value)))

    def made() -> Any:
        row = m.native(objects.function, e, "attribute", [value, name + ROW], list)
        row = m.native(e.array_lists.attribute, names, name + ROW, row)
        given = row, _attribute(m, value, name + PLACES)
        return m.language.call_value(m, m.prelude.get("ObjectArray"), given, {})

    if not e.array_lists.is_told_none(names, name):
        return made()
    is_none = m.native(objects.operator, e, "is_", found, None)
    return m.language.choose(m, is_none, lambda: None, made)


def has(m: Machine, value: Object, name: str) -> Any:
    """hasattr(value, name) of one of the run's objects."""
    if name in dir(object):
        return True
    if any(_computes(cls, name) for cls in held_classes.of_object(m, value)):
        return m.language.call_value(m, m.prelude.get("has_attribute"), (value, name), {})
    numbers = held_classes.numbers_of(m, classes_with(m, name))
    return m.native(objects.function, m.backend.e, "has_attribute", [value, name, numbers], "bool")


def get_or(m: Machine, value: Object, name: str, default: Any) -> Any:
    """getattr(value, name, default) of one of the run's objects."""
    if is_computed(m, value, name):
        given = value, name, default
        return m.language.call_value(m, m.prelude.get("attribute_or"), given, {})
    return m.language.choose(
        m, has(m, value, name), lambda: get(m, value, name), lambda: default)


def is_computed(m: Machine, value: Object, name: str) -> bool:
    """Whether code of the program's may say what an attribute is, which is done at once."""
    return any(_computes(cls, name) for cls in held_classes.of_object(m, value))


def _computes(cls: type, name: str) -> bool:
    """Whether code of the program's says if instances of the class have an attribute."""
    found_in = classes.holder(cls.__mro__, name)
    if found_in is None or not classes.is_made(found_in):
        return classes.defines(cls, "__getattr__")
    held = vars(found_in)[name]
    return isinstance(held, property) or _says(held, "__get__")


def may_have(m: Machine, name: str) -> bool:
    """Whether an instance of the run's may have an attribute of this name."""
    known = m.policy.attribute_names
    return held_classes.ANY in known or name in known or bool(answering(m, name))


def classes_with(m: Machine, name: str) -> list[type]:
    """The classes of the run's instances that define a name, or have it mixed in."""
    return [cls for cls in held_classes.known_classes(m)
            if classes.defines(cls, name) and not _is_slot(cls, name)
            and not classes.by_content(cls, name) or _mixed_in(cls, name) is not None]  # fmt: skip


def answering(m: Machine, name: str) -> list[type]:
    """The classes of the run's instances that define a name, or may give one that is asked for."""
    asked = [cls for cls in held_classes.known_classes(m) if _is_asked(cls, name)]
    found = classes_with(m, name)
    return [*found, *(cls for cls in asked if cls not in found)]


def _mixed_in(cls: type, name: str) -> str | None:
    """What the prelude calls a method that one of the classes of `collections.abc` mixes in."""
    found_in = classes.holder(cls.__mro__, name)
    if found_in is None or found_in.__module__ != "collections.abc":
        return None
    mixed_in = f"{found_in.__name__}_{name}"
    return mixed_in if mixed_in in MIXED_IN or name[:2] != "__" else None


def has_special(cls: type, name: str) -> bool:
    """Whether instances of a class have a special method from the program, or mixed in."""
    return classes.defines(cls, name) or _mixed_in(cls, name) is not None


def _is_asked(cls: type, name: str) -> bool:
    return not name.startswith("__") and classes.defines(cls, "__getattr__")


def _is_slot(cls: type, name: str) -> bool:
    return type(vars(classes.holder(cls.__mro__, name))[name]) is MemberDescriptorType


def of_class(m: Machine, value: Object, name: str) -> Any:
    """An attribute of an instance of a class that is known."""
    cls = value.kind
    if name == "__class__":
        return cls
    if classes.defines(cls, "__getattribute__"):
        raise m.error(f"`__getattribute__` of a {cls.__name__} that only run time knows is not "
                      "supported", "define `__getattr__`")  # fmt: skip
    if name == CONTENT:
        return _content(m, value)
    found_in = classes.holder(cls.__mro__, name)
    if found_in is None or not classes.is_made(found_in):
        mixed_in = _mixed_in(cls, name)
        if mixed_in in MIXED_IN:
            return MethodType(m.inner("_mixins")[mixed_in], value)
        if mixed_in == "Set__from_iterable":
            return cls
        if mixed_in is not None:
            raise m.error(f"`{name}` of a {cls.__name__} that only run time knows is not supported")
        if found_in is not None or not _is_asked(cls, name):
            return _attribute(m, value, name)
        return _own_or(m, value, name, lambda: _special(m, value, "__getattr__")(name))
    if _may_have_own(m, cls, name, vars(found_in)[name]):
        return _own_or(m, value, name, lambda: held(m, value, found_in, name))
    return held(m, value, found_in, name)


def _content(m: Machine, value: Object) -> Any:
    """What an instance holds of the type that its class inherits from."""
    real = classes.stood_for(value.kind)
    gives = real.__name__ if real in (str, float) else real
    return m.native(objects.function, m.backend.e, "attribute", [value, CONTENT], gives)


MIXED_IN = frozenset("""
    Mapping_get Mapping_keys Mapping_values Mapping_items Mapping___eq__ Mapping___contains__
    MutableMapping_pop MutableMapping_clear MutableMapping_update MutableMapping_setdefault
    Sequence_index Sequence_count Sequence___contains__ Sequence___iter__ Sequence___reversed__
    MutableSequence_append MutableSequence_clear MutableSequence_extend MutableSequence_pop
    MutableSequence_remove MutableSequence_reverse MutableSequence___iadd__
    MutableMapping_popitem Set___le__ Set___lt__ Set___ge__ Set___gt__ Set___eq__
    Set_isdisjoint Set___and__ Set___rand__ Set___or__ Set___ror__ Set___sub__ Set___rsub__
    Set___xor__ Set___rxor__ MutableSet_remove MutableSet_pop MutableSet_clear
    MutableSet___ior__ MutableSet___iand__ MutableSet___isub__
""".split())
"""The methods of `collections.abc` that the prelude has for instances that the run holds."""


def _may_have_own(m: Machine, cls: type, name: str, held: Any) -> bool:
    """Whether an instance's own attribute may stand before what its class has."""
    if type(held) is Function:
        return (classes.name_of(cls), name) in m.policy.shadowing
    if isinstance(held, _FIRST) or _says(held, "__set__") or _says(held, "__delete__"):
        return False
    known = m.policy.attribute_names
    return name in known or held_classes.ANY in known or "__dict__" in known


_FIRST = (property, MemberDescriptorType, staticmethod, classmethod, FunctionType)
"""What a class has that no attribute of an instance stands before, as far as is supported."""


def held(m: Machine, value: Object, found_in: type, name: str) -> Any:
    """What a class has by a name, as an attribute of an instance."""
    cls, e, found = value.kind, m.backend.e, vars(found_in)[name]
    if type(found) is Function:
        return MethodType(found, value)
    if type(found) is MemberDescriptorType:
        return _attribute(m, value, name)
    if isinstance(found, property) and isinstance(found.fget, itemgetter):
        return m.native(objects.get_item, e, value, cls._fields.index(name))
    if isinstance(found, property):
        return m.language.call_value(m, found.fget, (value,), {})
    if isinstance(found, staticmethod):
        return found.__func__
    if isinstance(found, classmethod):
        return MethodType(found.__func__, cls)
    if isinstance(found, FunctionType) and name in _OF_RECORDS and hasattr(cls, "_fields"):
        return Builtin(name, functools.partial(_OF_RECORDS[name], m, value))
    if isinstance(found, FunctionType):
        raise m.error(f"`{name}` of a {cls.__name__} that only run time knows is not supported")
    if _says(found, "__get__"):
        return _special(m, found, "__get__")(value, cls)
    binds = classes.of_ours(found, "__get__")
    return found if binds is None else m.native(binds, value, cls)


def descriptor(cls: type, name: str, method: str) -> Any:
    """What a class has by a name, if it is a descriptor of the program's with this method."""
    found_in = classes.holder(cls.__mro__, name)
    found = None if found_in is None else vars(found_in)[name]
    return found if _says(found, method) else None


def call_special(m: Machine, value: Any, method: str, *given: Any) -> Any:
    """A special method that a class of the program's defines."""
    return _special(m, value, method)(*given)


def _says(value: Any, method: str) -> bool:
    """Whether it is an instance of a class of the program's that defines a special method."""
    cls = value.kind if type(value) is Object else type(value)
    return classes.is_made(cls) and classes.defines(cls, method)


def _special(m: Machine, value: Any, method: str) -> Callable[..., Any]:
    cls = value.kind if type(value) is Object else type(value)
    found = vars(classes.holder(cls.__mro__, method))[method]
    return lambda *given: m.language.call_value(m, found, (value, *given), {})


def _own_or(m: Machine, value: Object, name: str, otherwise: Callable[[], Any]) -> Any:
    """An instance's own attribute, or what its class has by this name."""
    has = m.native(objects.function, m.backend.e, "has_attribute", [value, name], "bool")
    return m.language.choose(m, has, lambda: _attribute(m, value, name), otherwise)


def _as_dict(m: Machine, record: Object) -> Object:
    """record._asdict()."""
    parts = [part for at, name in enumerate(record.kind._fields)
             for part in (name, m.native(objects.get_item, m.backend.e, record, at))]  # fmt: skip
    return m.native(objects.build, m.backend.e, "dict", parts)


def _replaced(m: Machine, record: Object, **named: Any) -> Any:
    """record._replace(**named)."""
    cls = record.kind
    unknown = [name for name in named if name not in cls._fields]
    if unknown:
        raise m.raised(ValueError(f"Got unexpected field names: {unknown!r}"))
    held = [m.native(objects.get_item, m.backend.e, record, at) for at in range(len(cls._fields))]
    items = [named.get(name, one) for name, one in zip(cls._fields, held, strict=True)]
    return tuple.__new__(cls, items)


_OF_RECORDS = {"_asdict": _as_dict, "_replace": _replaced}
"""What named tuples have by Python's own code."""
