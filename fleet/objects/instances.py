"""Instances of the program's classes, its exceptions, records, members and callbacks, as the host
keeps them.

The one idea: what the program gives them (special methods) is not called from inside of the host's
containers: hashes and comparisons are asked for beforehand (see `asking`), all else is an error.
"""

from __future__ import annotations

import builtins
import copy
import functools
import weakref
from collections.abc import Iterable
from typing import Any, NoReturn

import numpy as np

from fleet import enumerations
from fleet.diagnostics import FleetError


def type_name(value: Any) -> str:
    return value.name if isinstance(value, Instance) else type(value).__name__


_Names = tuple[str, ...] | None


@functools.lru_cache(maxsize=1024)
def _methods(own: str) -> tuple[frozenset[str], _Names, _Names, _Names]:
    """(special methods, attributes by which it is equal, and by which it is hashed, its fields)."""
    parts = frozenset(own.split())

    def named(sign: str) -> _Names:
        found = next((part[1:] for part in parts if part[0] == sign), None)
        return found if found is None else tuple(filter(None, found.split(",")))

    return parts, named("="), named("#"), named("%")


_SIGNS = {"lt": "<", "gt": ">", "le": "<=", "ge": ">="}

Answers = dict[tuple[Any, ...], tuple[Any, tuple[Any, ...]]]
"""(what was asked for, ids of whom it is about) -> (what the program has said, whom)."""
ANSWERS: list[Answers] = []
"""Those of the operations that are being performed and may ask, the innermost last."""


class Question(Exception):
    """An operation needs to know what a method of the program gives.

    kind: `hash`, `eq`, or which order.
    """

    def __init__(self, kind: str, *operands: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.operands = operands


_TRUTH = frozenset(("__bool__", "__len__"))

PLAIN: set[type] = set()
"""The classes, of any name, of instances that are nothing else: no member, callback or holder."""


@functools.cache
def _named(cls: type[Instance], name: str) -> type[Instance]:
    """A class of that name, by which Python's messages call its instances."""
    made = type(name, (cls,), {"__slots__": ()})
    if cls is Instance:
        PLAIN.add(made)
    return made


class Instance:
    """An instance of a class of the program's.

    number: of its class; name: its class's; own: the special methods that the program gives it,
    and where it has slots alone, `.` and the name of each slot after a `.`; where it is equal to
    others by its attributes, `=` and their names, where it is hashed by them, `#` and their names,
    and `!#` where it cannot be; of a dataclass, `%` and the names of its fields.
    """

    __slots__ = ("attributes", "equal", "fields", "hashed", "name", "number", "own")

    def __new__(cls, number: int, name: str, own: str) -> Instance:
        return object.__new__(_named(cls, name))

    def __init__(self, number: int, name: str, own: str) -> None:
        self.number = number
        self.name = name
        self.own, self.equal, self.hashed, self.fields = _methods(own)
        self.attributes: dict[str, Any] = {}

    def values(self, names: Iterable[str]) -> tuple:
        """What attributes hold."""
        return tuple(self.attributes[name] for name in names)

    def _plain(self, method: str) -> None:
        """Raise FleetError where the program has a method that the host would have to call."""
        if method in self.own:
            raise FleetError(
                f"{method} of a {self.name} would be called from inside of a list, dict or set "
                "that only run time knows"
            )

    def _answer(self, kind: str, *others: Any) -> Any:
        """What the program's method of that name gives."""
        if not ANSWERS:
            self._plain(f"__{kind}__")
        key = (kind, id(self), *map(id, others))
        if key not in ANSWERS[-1]:
            raise Question(kind, self, *others)
        return ANSWERS[-1][key][0]

    def __eq__(self, other: object) -> bool:
        if "__eq__" in self.own:
            return self._answer("eq", other)
        if self.equal is None or not isinstance(other, Instance) or other.number != self.number:
            return NotImplemented
        return self.values(self.equal) == other.values(self.equal)

    def __hash__(self) -> int:
        if "!#" in self.own:
            raise TypeError(f"unhashable type: '{self.name}'")
        if "__hash__" in self.own:
            return self._answer("hash")
        return id(self) if self.hashed is None else hash(self.values(self.hashed))

    def __bool__(self) -> bool:
        if not self.own.isdisjoint(_TRUTH):
            self._plain("__bool__")
            self._plain("__len__")
        return True

    def __copy__(self) -> Instance:
        self._plain("__copy__")
        return self._with(dict(self.attributes))

    def __deepcopy__(self, memo: dict[int, Any]) -> Instance:
        self._plain("__deepcopy__")
        made = memo[id(self)] = self._with({})
        made.attributes |= copy.deepcopy(self.attributes, memo)
        return made

    def _with(self, attributes: dict[str, Any]) -> Instance:
        made = Instance(self.number, self.name, " ".join(self.own))
        made.attributes = attributes
        return made

    def __iter__(self) -> NoReturn:
        self._plain("__iter__")
        self._plain("__getitem__")
        raise TypeError(f"'{self.name}' object is not iterable")

    def __repr__(self) -> str:
        self._plain("__repr__")
        return f"<__main__.{self.name} object at {id(self):#x}>"

    def __str__(self) -> str:
        self._plain("__str__")
        return repr(self)

    def __format__(self, spec: str) -> str:
        self._plain("__format__")
        if spec:
            raise TypeError(f"unsupported format string passed to {self.name}.__format__")
        return str(self)

    def _order(self, kind: str, other: object) -> Any:
        """What the program says of an order, if it does of one of the two."""
        methods = {"__lt__", "__gt__"} if kind in ("lt", "gt") else {"__le__", "__ge__"}
        if not methods.isdisjoint(self.own | getattr(other, "own", frozenset())):
            return self._answer(kind, other)
        if kind != "lt" and not isinstance(other, Instance):
            return NotImplemented
        raise TypeError(
            f"'{_SIGNS[kind]}' not supported between instances of '{self.name}' and "
            f"'{type_name(other)}'"
        )

    def __lt__(self, other: object) -> bool:
        return self._order("lt", other)

    def __gt__(self, other: object) -> bool:
        return self._order("gt", other)

    def __le__(self, other: object) -> bool:
        return self._order("le", other)

    def __ge__(self, other: object) -> bool:
        return self._order("ge", other)


EVERY_ATTRIBUTE = "_fleet_attributes"
"""Another name of `Instance.attributes`, which objects of no other class have."""
setattr(Instance, EVERY_ATTRIBUTE, Instance.attributes)


class Member(Instance):
    """A member of an enumeration: one object in a run, with its texts."""

    __slots__ = ("__weakref__", "shown", "text")

    def __repr__(self) -> str:
        self._plain("__repr__")
        return self.shown

    def __str__(self) -> str:
        self._plain("__str__")
        return self.text

    def __format__(self, spec: str) -> str:
        self._plain("__format__")
        return format(str(self), spec)

    def __copy__(self) -> Member:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Member:
        return self


_MEMBERS: weakref.WeakValueDictionary[tuple[Any, ...], Member] = weakref.WeakValueDictionary()


def member(number: int, name: str, own: str, member: str, shown: str, text: str) -> Member:
    made = _MEMBERS.get((number, name, own, member))
    if made is None:
        made = _MEMBERS[number, name, own, member] = Member(number, name, own)
        made.shown, made.text = shown, text
    return made


@functools.cache
def sentinel(number: int) -> object:
    """One of the objects that a program tells from others, and nothing else."""
    return object()


FIRST_CALLBACK = 1 << 32
"""The first number of a function's text; classes have smaller ones."""


class Callback(Instance):
    """A function or a method that the program holds.

    shown: of a function, how its text begins, of a class its text. once: whether it is one object
    in a run; of others there may be several that stand for the same, which therefore nobody can
    tell apart.
    """

    __slots__ = ("__weakref__", "once", "shown")

    def _owner(self) -> list[Any]:
        return [self.attributes["__self__"]] if "__self__" in self.attributes else []

    def _bound(self) -> tuple[int, str]:
        return id(self._owner()[0]), self.attributes["__name__"]

    def same(self, other: object, equal: bool) -> bool:
        """self is other, or where `equal`, self == other. Raises FleetError for who knows?"""
        if self is other or not isinstance(other, Callback):
            return self is other
        if equal and self._owner() and other._owner():
            return self._bound() == other._bound()
        if self.number != other.number:
            return False
        raise FleetError(f"whether two of the run's {self.name}s are the same one")

    def __eq__(self, other: object) -> bool:
        return self.same(other, True)

    def __hash__(self) -> int:
        if not self.once and not self._owner():
            raise FleetError(f"the hash of a {self.name} that only run time knows")
        return hash(self._bound() if self._owner() else self.number)

    def __bool__(self) -> bool:
        return True

    def __copy__(self) -> Callback:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Callback:
        if self._owner():
            raise FleetError("a deep copy of a method that only run time knows")
        return self

    def __repr__(self) -> str:
        if not self.shown:
            raise FleetError(f"the text of a {self.name} that only run time knows")
        if self.shown[0] == "<":
            return self.shown
        return f"<{self.shown} at {id(self):#x}>"


_CALLBACKS: weakref.WeakValueDictionary[tuple[int, str], Callback] = weakref.WeakValueDictionary()


def callback(number: int, name: str, shown: str, once: bool) -> Callback:
    made = _CALLBACKS.get((number, shown)) if once else None
    if made is None:
        made = Callback(number, name, "")
        made.shown, made.once = shown, once
        if once:
            _CALLBACKS[number, shown] = made
    return made


def set_held(value: Callback, name: str, held: Any) -> None:
    value.attributes[name] = held


def held(value: Callback, name: str) -> Any:
    """What a callback has of its own."""
    return value.attributes[name]


class Failure(Instance):
    """An exception of a class of the program's."""

    __slots__ = ()

    def __repr__(self) -> str:
        self._plain("__repr__")
        args = self.attributes["args"]
        return f"{self.name}({args[0]!r})" if len(args) == 1 else f"{self.name}{args!r}"

    def __str__(self) -> str:
        self._plain("__str__")
        return str(BaseException(*self.attributes["args"]))


def failure(number: int, name: str, own: str, *args: Any) -> Failure:
    made = Failure(number, name, own)
    made.attributes["args"] = args
    return made


EXCEPTIONS = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}


class Record(tuple):
    """A named tuple; `number` is that of its class."""

    __slots__ = ()
    number = -1
    fields: tuple[str, ...] = ()

    def __repr__(self) -> str:
        pairs = zip(self.fields, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={item!r}' for name, item in pairs)})"


@functools.cache
def record_class(number: int, name: str, fields: tuple[str, ...]) -> type[Record]:
    return type(name, (Record,), {"__slots__": (), "number": number, "fields": fields})


def number_of(value: Any) -> int:
    """That of the class of the program's that a value is of; -1 where it is of none."""
    if isinstance(value, Instance | Record):
        return value.number
    return enumerations.NUMBERS.get(type(value), -1)


def type_key(kind: Any) -> str:
    """A type's key among those that programs ask for: NumPy's bool has Python's name."""
    return "bool_" if kind is np.bool_ else getattr(kind, "__name__", "")


def place_of_class(value: Any, names: str) -> int:
    """Where the class of a value is among these, given by number or name; -1: nowhere."""
    number = number_of(value)
    name = type_key(type(value)) if number < 0 else str(number)
    known = names.split()
    return known.index(name) if name in known else -1


def type_tag(value: Any, names: str) -> int:
    """Where the class of a value is among these."""
    at = place_of_class(value, names)
    if at < 0:
        raise FleetError(f"type() of a {type_name(value)} that only run time knows")
    return at
