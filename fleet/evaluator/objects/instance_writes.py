"""Changes of the run's instances: what an assignment to an attribute does, and `replace()`.

In: an instance, which may be of a class that only run time knows. Out: the instance changed, or
another one. The one idea: classes for which an assignment does more than keep the value
(properties, `__setattr__`, slots) are asked for one by one; for all others the run keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MemberDescriptorType
from typing import Any

from fleet.evaluator.objects import held_classes, instance_reads
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, objects, single
from fleet.evaluator.values.array_lists import PLACES, ROW
from fleet.evaluator.values.then import Array, Object


def put(m: Machine, owner: Object, name: str, value: Any, plain: bool = False) -> None:
    """owner.name = value. plain: without the program's own `__setattr__`."""
    cls = owner.kind
    if name == "__dict__":
        held_classes.note_any_attribute(m)
        given = [owner, name, objects.box(m.backend.e, value)]
        m.native(objects.function, m.backend.e, "set_attribute", given, None, True)
        return

    def store() -> None:
        if single.is_known_object_array(value):
            _put_objects(m, owner, name, value)
            return
        held_classes.note_attribute(m, name)
        held_classes.note_shadowing(m, cls, name)
        is_array = cls is not None and isinstance(value, Array) and not value.scalar
        if cls is not None:
            if value is not None:
                m.backend.e.array_lists.note_no_objects(classes.name_of(cls), name)
            m.backend.e.array_lists.note_attribute(classes.name_of(cls), name, value)
        given = [owner, name, value if is_array else objects.box(m.backend.e, value)]
        m.native(objects.function, m.backend.e, "set_attribute", given, None, True)

    if cls is None:
        of_array = isinstance(value, Array) and not value.scalar or single.is_object_array(value)
        has_arrays = m.backend.e.array_lists.has_arrays
        own = [one for one in held_classes.known_classes(m) if _has_own_way(one, name, plain) or (
            (of_array or value is None) and has_arrays(classes.name_of(one), name)) or (
            has_arrays(classes.name_of(one), name + PLACES))]

        def otherwise() -> None:
            if of_array and (own or single.array_of(value)):
                raise m.raised(NotImplementedError(
                    f"an array as the attribute {name!r} of an instance that has had none"))
            store()

        held_classes.any_of(m, owner, own, lambda one: put(m, one, name, value, plain), otherwise)
    elif classes.defines(cls, "__setattr__") and not plain:
        holder = classes.holder(cls.__mro__, "__setattr__")
        m.language.call_value(m, vars(holder)["__setattr__"], (owner, name, value), {})
    elif isinstance(found := _of_mro(cls, name), property):
        if found.fset is None:
            raise m.raised(AttributeError(
                f"property '{name}' of '{cls.__name__}' object has no setter"))
        m.language.call_value(m, found.fset, (owner, value), {})
    elif (setting := instance_reads.descriptor(cls, name, "__set__")) is not None:
        instance_reads.call_special(m, setting, "__set__", owner, value)
    elif classes.has_site(cls) and type(found) is not MemberDescriptorType:
        if classes.holder(cls.__mro__, name):
            raise m.raised(
                AttributeError(f"'{cls.__name__}' object attribute '{name}' is read-only"))
        raise m.raised(AttributeError(f"'{cls.__name__}' object has no attribute '{name}'"))
    else:
        store()


def _put_objects(m: Machine, owner: Object, name: str, value: Any) -> None:
    """owner.name = value, an array of objects: the run has its list and its positions apart."""
    cls, lists = owner.kind, m.backend.e.array_lists
    if cls is None or hasattr(cls, held_classes.FIELDS):
        raise m.error("an array of objects cannot be kept in such an instance",
                      "keep a list in it: a.tolist()")  # fmt: skip
    lists.note_objects(classes.name_of(cls), name)
    own = classes.entries(value)
    put(m, owner, name + ROW, objects.box(m.backend.e, own[single.ROW]), True)
    put(m, owner, name + PLACES, own[single.PLACES], True)
    held_classes.note_attribute(m, name)
    held_classes.note_shadowing(m, cls, name)
    given = [owner, name, objects.box(m.backend.e, True)]
    m.native(objects.function, m.backend.e, "set_attribute", given, None, True)


def _of_mro(cls: type, name: str) -> Any:
    """What a class has by a name; None where it has nothing."""
    found_in = classes.holder(cls.__mro__, name)
    return None if found_in is None else vars(found_in)[name]


def _has_own_way(cls: type, name: str, plain: bool) -> bool:
    """Whether an assignment to an attribute of this name does more than keep the value."""
    found = _of_mro(cls, name)
    if classes.defines(cls, "__setattr__") and not plain or isinstance(found, property):
        return True
    if instance_reads.descriptor(cls, name, "__set__") is not None:
        return True
    return found is not None and classes.has_site(cls) and type(found) is not MemberDescriptorType


def remove(m: Machine, owner: Object, name: str, plain: bool = False) -> None:
    """del owner.name. plain: without the program's own `__delattr__`."""
    def from_run() -> None:
        m.native(objects.function, m.backend.e, "delete_attribute", [owner, name], None)

    cls = owner.kind
    if cls is None:
        own = [one for one in held_classes.known_classes(m) if _removes_itself(one, name, plain)]
        held_classes.any_of(m, owner, own, lambda one: remove(m, one, name, plain), from_run)
        return
    found = _of_mro(cls, name)
    if classes.defines(cls, "__delattr__") and not plain:
        instance_reads.call_special(m, owner, "__delattr__", name)
    elif isinstance(found, property):
        if found.fdel is None:
            raise m.raised(AttributeError(
                f"property '{name}' of '{cls.__name__}' object has no deleter"))
        m.language.call_value(m, found.fdel, (owner,), {})
    elif (deleting := instance_reads.descriptor(cls, name, "__delete__")) is not None:
        instance_reads.call_special(m, deleting, "__delete__", owner)
    elif instance_reads.descriptor(cls, name, "__set__") is not None:
        raise m.raised(AttributeError("__delete__"))
    else:
        from_run()


def _removes_itself(cls: type, name: str, plain: bool) -> bool:
    """Whether deleting an attribute of this name does more than forget the value."""
    return (classes.defines(cls, "__delattr__") and not plain
            or isinstance(_of_mro(cls, name), property)
            or any(instance_reads.descriptor(cls, name, method) is not None
                   for method in ("__delete__", "__set__")))  # fmt: skip


def of_dataclass(m: Machine, value: Object, use: Callable[[Object], Any]) -> Any:
    """use(value), as an instance of the dataclass that it is of."""
    def refused() -> Any:
        raise m.raised(TypeError("replace() should be called on dataclass instances"))

    if value.kind is not None:
        return use(value) if hasattr(value.kind, held_classes.FIELDS) else refused()
    having = [cls for cls in held_classes.known_classes(m) if hasattr(cls, held_classes.FIELDS)]
    return held_classes.any_of(m, value, having, use, refused)
