"""Classes that the program makes, told apart from Python's own.

In: a class made by a `class` statement. Out: whether one is the program's, and who defines a name.
The one idea: a class of the program is a real Python class, so what it inherits from `object` is
the host's; whoever looks a name up asks here whose it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from types import FunctionType, MethodDescriptorType, WrapperDescriptorType
from typing import Any
from weakref import WeakSet, WeakValueDictionary

from fleet.objects.holders import CONTENT

_MADE: WeakSet[type] = WeakSet()
PLACE = "\0place"
FIELDS = "\0fields"
"""Names, which no program can spell, of what we keep in its exceptions and classes."""


HIDDEN = "_abc_\0"
"""What the names begin with of what we keep in its classes, so that `typing` does not take it for
what a protocol asks for."""


def is_hidden(name: str) -> bool:
    """Whether an entry of a class or instance is ours, not the program's."""
    return "\0" in name or name in _OURS


def is_unspeakable(name: str) -> bool:
    """Whether it is one that no code has by its name."""
    return "\0" in name or name == SITE


SITE = "__fleet_site__"
"""The slot, of instances that have nothing but slots, for the expression that made one
and its serial number."""


BEGINS = "_fleet_begin"
"""What gives it to an instance that is made."""
STANDS_FOR = "_fleet_stands_for"
"""What such a class stands for: see `objects.stand_ins`."""
KEPT = "_fleet_kept"
"""Which names of such a class give something else than what the content does by that name."""
HOLDS = "_fleet_holds"
"""What an array of one of our classes that stand for NumPy's has in it; which class it is, too."""
_OURS = (SITE, CONTENT, BEGINS, STANDS_FOR, KEPT, HOLDS)


def has_site(cls: type) -> bool:
    """Whether instances have that slot, and no dictionary."""
    return not cls.__dictoffset__ and hasattr(cls, SITE)


IMPLIED = ("__dict__", "__weakref__")


def slots_of(cls: type) -> list[str]:
    """The names of the attributes that instances have in slots."""
    names: list[str] = []
    for kind in cls.__mro__:
        slots = vars(kind).get("__slots__", ()) if is_made(kind) else ()
        names += [slots] if isinstance(slots, str) else slots
    return [name for name in names if name not in IMPLIED]


def shown(entries: Any) -> dict[str, Any]:
    """The entries that are the program's."""
    return {name: value for name, value in entries.items() if not is_hidden(name)}


def entries(value: Any) -> dict[str, Any]:
    """An instance's own attributes, without hooks of the program; none where it has no place."""
    try:
        return object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}


def remember(cls: type) -> None:
    """This class is the program's."""
    _MADE.add(cls)
    BY_NAME[name_of(cls)] = cls


def name_of(cls: type) -> str:
    """What a class is known by in all evaluations of a program."""
    held = vars(cls).get(HOLDS)
    name = f"{cls.__module__}.{cls.__qualname__}"
    return name if held is None else f"numpy.ndarray of {held}"


BY_NAME: WeakValueDictionary[str, type] = WeakValueDictionary()
"""The class that was made last of each name."""
LOOKUPS: dict[tuple[type, str], Any] = {}
"""What `attributes` found out about names of classes of the program; it holds until one changes."""


def changed() -> None:
    """A class of the program changes."""
    LOOKUPS.clear()


def begin() -> None:
    """A program begins, or is evaluated anew: it has not made the classes yet that it will name."""
    LOOKUPS.clear()
    BY_NAME.clear()


def is_made(cls: Any) -> bool:
    """Whether a class is the program's."""
    return cls in _MADE


_PLAIN = frozenset((int, float, complex, bool, str, bytes))


def is_of_numbers(value: Any) -> bool:
    """Whether a value is of a class of the program's that inherits from numbers or texts."""
    kind = type(value)
    return kind not in _PLAIN and isinstance(value, int | float | complex | str | bytes) and (
        is_made(kind))


def special_methods(cls: type) -> list[str]:
    """The names of the special methods that the program gives a class, but for `__init__`."""
    own = {name for base in cls.__mro__ if is_made(base) for name, value in vars(base).items()
           if name.startswith("__") and hasattr(value, "_node") and not by_content(cls, name)}
    return sorted(own - {"__init__", "__new__"})


def holder(mro: tuple[type, ...], name: str) -> type | None:
    """The first class that has the name."""
    return next((cls for cls in mro if name in vars(cls)), None)


def defines(cls: type, name: str) -> bool:
    """Whether instances of a class have this name from the program, not from Python."""
    found_in = holder(cls.__mro__, name)
    if found_in not in _MADE:
        return False
    found = vars(found_in)[name]  # `enum` puts functions of its own, and of the type of the
    # members' values, into the classes it makes
    return type(found) not in (MethodDescriptorType, WrapperDescriptorType) and not (
        type(found) is FunctionType and found.__module__ == "enum")


def by_content(cls: type, name: str) -> bool:
    """Whether what instances have by this name is what their content does: see `stand_ins`."""
    found_in = holder(cls.__mro__, name)
    if found_in is None or KEPT not in vars(found_in) or name in vars(found_in)[KEPT].split():
        return False
    real = stood_for(cls)
    if real is None or not hasattr(real, name):
        return False
    if name == "__getitem__":
        return holder(cls.__mro__, "__missing__") is None
    other = holder(cls.__mro__, _mirrored(name))  # which comes second, and must not come first
    return other is None or KEPT in vars(other)


def _mirrored(name: str) -> str:
    """The name of the special method that the other operand is asked for."""
    bare = name.strip("_")
    found = _MIRRORED.get(bare, bare[1:] if bare[:1] == "r" else f"r{bare}")
    return f"__{found}__"


_MIRRORED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "ne", "ne": "eq"}


def stood_for(cls: type) -> type | None:
    """What type the content of instances is of; None: they have none."""
    found_in = holder(cls.__mro__, STANDS_FOR)
    real = None if found_in is None else vars(found_in)[STANDS_FOR]
    return dict if real is defaultdict else real


def iterates(cls: type) -> bool:
    """Whether the program's own code says what items instances have: one by one, or by number."""
    return defines(cls, "__iter__") and not by_content(cls, "__iter__") or (
        holder(cls.__mro__, "__iter__") in (None, Sequence) and defines(cls, "__getitem__"))


def may_be_walked(cls: type) -> bool:
    """Whether what may be an instance is asked for its items: not where subscripts are all that it
    has, which are those of a table more often."""
    return iterates(cls) and any(defines(cls, name) for name in ("__iter__", "__len__"))


def of_ours(value: Any, name: str) -> Any:
    """A method of a value of a class of ours; None where the class is Python's or the program's."""
    kind = type(value)
    found_in = None if is_made(kind) else holder(kind.__mro__, name)
    method = None if found_in is None else vars(found_in)[name]
    ours = isinstance(method, FunctionType) and method.__module__.startswith("fleet.")
    return getattr(value, name) if ours else None


def guarded(hook: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """A program's `__getattribute__`, not called when we ask whose an instance is."""

    def __getattribute__(self: Any, name: str) -> Any:
        if name in UNHOOKED:
            return object.__getattribute__(self, name)
        return hook(self, name)

    return __getattribute__


UNHOOKED = ("__class__", "__dict__")
"""Attributes that every `isinstance` and `vars` of ours reads."""
