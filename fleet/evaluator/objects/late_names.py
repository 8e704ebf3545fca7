"""Attributes by names that only run time knows: `getattr(self, "do_" + word)`.

In: an object or class of the program, and a text of the run. Out: the attribute of that name. The
one idea: which names there are is known when the program is built, so the run says at which of them
the text is, and each attribute is looked at in the branch that is its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.objects import attributes, held_classes, instance_writes
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, numbers, objects
from fleet.evaluator.values.then import Array, Object, Text, Then, Union, unbound_tag


def get(m: Machine, value: Any, name: Then, default: tuple) -> Any:
    """getattr(value, name, *default)."""
    def found(owner: Any, names: list[str], place: Any) -> Any:
        return _one_of(
            m, names, place, lambda known: attributes.get_attribute(m, owner, known),
            lambda: other(owner))  # fmt: skip

    def other(owner: Any) -> Any:
        if type(owner) is not Object:
            return absent(owner)
        e = m.backend.e
        there = m.native(objects.function, e, "has_attribute", [owner, name], "bool")
        return m.language.choose(
            m, there, lambda: m.native(objects.function, e, "attribute_named", [owner, name]),
            lambda: absent(owner))  # fmt: skip

    def absent(owner: Any) -> Any:
        if default:
            return default[0]
        shown = f"type object '{owner.__name__}'" if isinstance(owner, type) else (
            f"'{_class(owner).__name__}' object")  # fmt: skip
        words = attributes.get_attribute(m, f"{shown} has no attribute '{{}}'", "format")
        raise m.raised(AttributeError(m.language.call_value(m, words, (name,), {})))

    return _of_each(m, value, name, found, "attribute_named")


def has(m: Machine, value: Any, name: Then) -> Any:
    """hasattr(value, name)."""
    def found(owner: Any, names: list[str], place: Any) -> Any:
        e = m.backend.e
        of_class = m.native(numbers.compare, e, "lt", place, len(names))
        if type(owner) is not Object:
            return of_class
        own = m.native(objects.function, e, "has_attribute", [owner, name], "bool")
        return m.native(numbers.either, e, of_class, own)

    return _of_each(m, value, name, found, "has_attribute")


def put(m: Machine, value: Any, name: Then, new: Any) -> None:
    """setattr(value, name, new)."""
    if type(value) is not Object and classes.is_made(type(value)):
        m.heap.outgrown(value)
    if type(value) is not Object or (isinstance(new, Array) and not new.scalar):
        raise name.needed_now("the name of an attribute")
    e = m.backend.e

    def known(owner: Object, one: str) -> None:
        found_in = classes.holder(owner.kind.__mro__, one)
        if type(vars(found_in)[one]) is Function:
            raise m.raised(NotImplementedError(
                f"setattr() of {one!r}, which is a method, by a name that only run time knows"))
        instance_writes.put(m, owner, one, new)

    def found(owner: Object, names: list[str], place: Any) -> None:
        if classes.defines(owner.kind, "__setattr__"):
            raise name.needed_now("the name of an attribute")
        _one_of(m, names, place, lambda one: known(owner, one), lambda: store(owner))

    def store(owner: Object) -> None:
        held_classes.note_any_attribute(m)
        given = [owner, name, objects.box(e, new)]
        m.native(objects.function, e, "set_attribute", given, None, True)

    _of_each(m, value, name, found, "set_attribute")


def _one_of(
    m: Machine, names: list[str], place: Any, use: Callable[[str], Any], other: Callable[[], Any]
) -> Any:
    """use() of the name that stands at this place, other() if it is past them."""
    e = m.backend.e

    def among(first: int, end: int) -> Any:
        if end - first == 1:
            return use(names[first])
        middle = (first + end) // 2
        below = m.native(numbers.compare, e, "lt", place, middle)
        return m.language.choose(m, below, lambda: among(first, middle), lambda: among(middle, end))

    if not names:
        return other()
    is_one = m.native(numbers.compare, e, "lt", place, len(names))
    return m.language.choose(m, is_one, lambda: among(0, len(names)), other)


def _of_each(
    m: Machine, value: Any, name: Then, use: Callable[[Any, list[str], Any], Any], otherwise: str
) -> Any:
    """use(value, its names, at which of them we are) for each class that the value may be of, else
    a function of the run's."""
    if type(value) is Union:
        return m.language.split(m, value, lambda one: _of_each(m, one, name, use, otherwise))
    e = m.backend.e

    def own(owner: Any) -> Any:
        names = _names(m, owner, name)
        given = [name, " ".join(names)]
        return use(owner, names, m.native(objects.function, e, "attribute_place", given, "int"))

    if type(value) is not Object or value.kind is not None:
        return own(value)
    if otherwise == "set_attribute":
        return held_classes.any_of(
            m, value, held_classes.known_classes(m), own, lambda: _refused(m, name))
    gives = "bool" if otherwise == "has_attribute" else "object"
    return held_classes.any_of(
        m, value, held_classes.known_classes(m), own,
        lambda: m.native(objects.function, e, otherwise, [value, name], gives))  # fmt: skip


def _refused(m: Machine, name: Then) -> None:
    raise m.raised(AttributeError("this object has no attributes that can be given a value"))


def _class(owner: Any) -> type:
    if isinstance(owner, type):
        return owner
    return owner.kind if type(owner) is Object else type(owner)


def _names(m: Machine, owner: Any, name: Then) -> list[str]:
    """Those of the attributes that are known when the program is built."""
    cls = _class(owner)
    held = {} if type(owner) is Object or isinstance(owner, type) else classes.entries(owner)
    hooked = any(classes.defines(cls, one) for one in ("__getattr__", "__getattribute__"))
    if not classes.is_made(cls) or hooked or any(
            unbound_tag(one) is not None for one in held.values()):  # fmt: skip
        raise name.needed_now("the name of an attribute")
    names = {key for one in cls.__mro__ if classes.is_made(one) for key in vars(one)} | {*held}
    if type(owner) is Object:
        names -= {*classes.slots_of(cls)}
    begins = name.begins if isinstance(name, Text) else ""
    return sorted(key for key in names if key.startswith(begins) and not (
        classes.is_hidden(key) or key.startswith("__") and key.endswith("__")))  # fmt: skip
