"""The program's classes of which the run has instances.

In: a class. Out: the number by which the run knows it, what else the run must know of it, and code
for whichever of them an object turns out to be of. The one idea: which classes these are is learnt,
as their instances go into what the run holds; their numbers are their places in the order of names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import learn
from fleet.evaluator.values import classes, numbers, objects
from fleet.evaluator.values.then import Object
from fleet.objects.functions import METHODS
from fleet.objects.instances import EXCEPTIONS


def known_classes(m: Machine) -> list[type]:
    """The classes of which the run has instances, by their numbers."""
    return [classes.BY_NAME[key] for key in sorted(m.policy.instances) if key in classes.BY_NAME]


def of_object(m: Machine, value: Object) -> list[type]:
    """The classes of which an object may be an instance."""
    return known_classes(m) if value.kind is None else [value.kind]


def builtin_exceptions(m: Machine) -> list[type]:
    """Python's own classes of which the run has exceptions."""
    return [cls for cls in EXCEPTIONS.values() if classes.name_of(cls) in m.policy.instances]


def exceptions_held(m: Machine) -> list[tuple[str, type]]:
    """The classes of the run's exceptions, and how the run knows them: by number or name."""
    own = [cls for cls in known_classes(m) if issubclass(cls, BaseException)]
    return [(str(number_of(m, cls)), cls) for cls in own if classes.is_made(cls)] + [
        (cls.__name__, cls) for cls in builtin_exceptions(m)]


def number_of(m: Machine, cls: type) -> int:
    return sorted(m.policy.instances).index(classes.name_of(cls))


def make(m: Machine, cls: type) -> Object:
    """A new instance without attributes."""
    return m.native(objects.function, m.backend.e, "instance", described(m, cls), cls)


def described(m: Machine, cls: type) -> list[Any]:
    """What the run knows of a class: its number, its name, its special methods and its slots."""
    register(m, cls)
    own = _own_methods(cls)
    for method, sign in (("__eq__", "="), ("__hash__", "#")):
        fields = _by_fields(cls, method)
        if fields is not None:
            own = [name for name in own if name != method] + [f"{sign}{','.join(fields)}"]
    if "__hash__" not in own and _is_unhashable(cls):
        own.append("!#")
    if hasattr(cls, FIELDS):
        own.append(f"%{','.join(one['name'] for one in _fields(cls))}")
    if hasattr(cls, classes.KEPT):
        own.append("~")
    if classes.has_site(cls):
        own += [".", *(f".{name}" for name in classes.slots_of(cls))]
    return [number_of(m, cls), cls.__name__, " ".join(own)]


def _own_methods(cls: type) -> list[str]:
    """The special methods that the program gives a class."""
    own = classes.special_methods(cls)
    if "__eq__" not in own and _compares_by_items(cls):
        own = [*own, "__eq__"]
    return [name for name in own if name != "__hash__"] if _is_unhashable(cls) else own


def _compares_by_items(cls: type) -> bool:
    """Whether `==` is what one of the classes of `collections.abc` mixes in."""
    found_in = classes.holder(cls.__mro__, "__eq__")
    return found_in is not None and found_in.__module__ == "collections.abc"


def _is_unhashable(cls: type) -> bool:
    return vars(classes.holder(cls.__mro__, "__hash__"))["__hash__"] is None


def answers(cls: type) -> bool:
    """Whether the program says what the hash of instances of a class is, or what they equal."""
    key = cls, "\0answers"
    if key not in classes.LOOKUPS:
        own = _own_methods(cls)
        classes.LOOKUPS[key] = any(method in own and _by_fields(cls, method) is None
                                   for method in ("__eq__", "__hash__"))  # fmt: skip
    return classes.LOOKUPS[key]


def is_equal_by_fields(cls: type) -> bool:
    """Whether `@dataclass` says what instances of a class equal: the run knows as much."""
    key = cls, "\0fields"
    if key not in classes.LOOKUPS:
        classes.LOOKUPS[key] = "__eq__" in _own_methods(cls) and (
            _by_fields(cls, "__eq__") is not None)  # fmt: skip
    return classes.LOOKUPS[key]


def _by_fields(cls: type, method: str) -> list[str] | None:
    """The attributes that `@dataclass` has it compare or hash by; None where it does not."""
    found_in = classes.holder(cls.__mro__, method)
    found = vars(found_in)[method]
    if type(found) is not Function or not found._node.location.file.startswith("<method"):
        return None
    plain = _fields(found_in)
    if method == "__hash__":
        plain = [one for one in plain if (one["compare"] if one["hash"] is None else one["hash"])]
    else:
        plain = [one for one in plain if one["compare"]]
    return [one["name"] for one in plain]


FIELDS = "__dataclass_fields__"


def _fields(cls: type) -> list[dict[str, Any]]:
    """What a dataclass says of its fields."""
    found = map(classes.entries, getattr(cls, FIELDS).values())
    return [one for one in found if one["_kind"] == "field"]


def register(m: Machine, cls: type) -> None:
    """The run has instances of this class."""
    register_all(m, [cls])


def register_all(m: Machine, found: Iterable[type]) -> None:
    """The run has instances of these classes."""
    fresh = {*map(classes.name_of, found)} - m.policy.instances.known.keys()
    if fresh:
        m.policy.instances.add(*fresh)
        if m.policy.is_wrong:
            learn(m, ())


def note_attribute(m: Machine, name: str) -> None:
    """Instances of the run's have an attribute of this name."""
    m.policy.attribute_names.add(name)
    if name in METHODS and m.policy.attribute_names.is_wrong:
        learn(m, ())  # what has been read by this name was taken for a method


def note_shadowing(m: Machine, cls: type | None, name: str) -> None:
    """Instances of a class, or of any, are given an attribute in place of a method."""
    for one in known_classes(m) if cls is None else [cls]:
        found_in = classes.holder(one.__mro__, name)
        if found_in is not None and type(vars(found_in)[name]) is Function:
            m.policy.shadowing.add((classes.name_of(one), name))
    if m.policy.shadowing.is_wrong:
        learn(m, ())


ANY = "*"
"""In place of the name of an attribute that only run time knows."""


def note_any_attribute(m: Machine) -> None:
    """Instances of the run's have attributes of any names that their classes have not."""
    m.policy.attribute_names.add(ANY)
    m.policy.attribute_lists[ANY] = None
    if m.policy.attribute_names.is_wrong or m.policy.attribute_lists.is_wrong:
        learn(m, ())


def any_of(
    m: Machine, value: Object, having: list[type], use: Callable[[Object], Any],
    otherwise: Callable[[], Any],
) -> Any:  # fmt: skip
    """use(value), if it is an instance of one of these classes."""
    e = m.backend.e
    number = m.native(objects.function, e, "number_of", [value], "int")

    def from_on(at: int) -> Any:
        if at == len(having):
            return otherwise()
        cls = having[at]
        same = m.native(numbers.compare, e, "eq", number, number_of(m, cls))
        return m.language.choose(
            m, same, lambda: use(Object(e, cls, value.native)), lambda: from_on(at + 1))

    return from_on(0)


def numbers_of(m: Machine, of: list[type]) -> str:
    return " ".join(str(number_of(m, cls)) for cls in of)
