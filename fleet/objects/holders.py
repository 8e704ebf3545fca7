"""Instances of classes of the program that inherit from Python's list, dict, str or the like.

In: an instance and what it holds, its content. Out: what operators, functions and methods make of
it. The one idea: where the program has no method of its own, the content does what is asked for.
"""

from __future__ import annotations

import copy
import functools
import operator
from typing import Any

from fleet.objects.instances import Instance

CONTENT = "_fleet_content"
"""The attribute for what such an instance holds."""


@functools.cache
def _named(name: str) -> Any:
    """What can do nothing, of a class of that name, for Python's messages."""
    return type(name, (), {})()


class Holder(Instance):
    """Such an instance; content: what it would be in Python."""

    __slots__ = ("content",)

    def __init__(self, number: int, name: str, own: str) -> None:
        super().__init__(number, name, own)
        self.content: Any = None

    def __copy__(self) -> Holder:
        made = super().__copy__()
        made.content = copy.copy(self.content)
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Holder:
        made = super().__deepcopy__(memo)
        made.content = copy.deepcopy(self.content, memo)
        return made

    def _with(self, attributes: dict[str, Any]) -> Holder:
        made = Holder(self.number, self.name, " ".join(self.own))
        made.attributes = attributes
        return made

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) if "__eq__" in self.own else self.content == content_of(other)

    def __hash__(self) -> int:
        if "!#" in self.own or "__hash__" in self.own:
            return super().__hash__()
        return hash(self.content)

    def __bool__(self) -> bool:
        self._plain("__bool__")
        self._plain("__len__")
        return bool(self.content)

    def _having(self, method: str, *others: type) -> Any:
        """The content, for what the program has no method for; if it has none itself and is of none
        of these types, what has none either, by the name of the class: see `_named`."""
        self._plain(method)
        has = hasattr(self.content, method) or isinstance(self.content, others)
        return self.content if has else _named(self.name)

    def __iter__(self) -> Any:
        return iter(self._having("__iter__"))

    def __len__(self) -> int:
        return len(self._having("__len__"))

    def __contains__(self, item: Any) -> bool:
        return item in self._having("__contains__")

    def __getitem__(self, at: Any) -> Any:
        return self._having("__getitem__")[at]

    def __reversed__(self) -> Any:
        return reversed(self._having("__reversed__"))

    def __repr__(self) -> str:
        self._plain("__repr__")
        return repr(self.content)

    def __str__(self) -> str:
        self._plain("__str__")
        return str(self.content) if isinstance(self.content, str) else repr(self)

    def __format__(self, spec: str) -> str:
        self._plain("__format__")
        return format(self.content, spec) if spec else str(self)

    def __int__(self) -> int:
        return int(self._having("__int__", str))

    def __float__(self) -> float:
        return float(self._having("__float__", str))

    def __index__(self) -> int:
        return operator.index(self._having("__index__"))

    def __round__(self, digits: int | None = None) -> Any:
        return round(self._having("__round__"), digits)

    def __abs__(self) -> Any:
        return abs(self._having("__abs__"))

    def _order(self, kind: str, other: object) -> Any:
        if f"__{kind}__" in self.own:
            return super()._order(kind, other)
        return getattr(operator, kind)(self.content, content_of(other))

    def __add__(self, other: object) -> Any:
        self._plain("__add__")
        return self.content + content_of(other)

    def __radd__(self, other: object) -> Any:
        self._plain("__radd__")
        return content_of(other) + self.content


def content_of(value: Any) -> Any:
    """What an instance holds; other values as they are."""
    return value.content if isinstance(value, Holder) else value


def contents_of(values: list[Any]) -> list[Any]:
    """The same of the items of a list."""
    return [content_of(one) for one in values] if any(
        isinstance(one, Holder) for one in values) else values


def instance(number: int, name: str, own: str) -> Instance:
    """An instance of a class of the program: `~` among its own says that it holds something."""
    return (Holder if "~" in own.split() else Instance)(number, name, own)


_OF_THE_FIRST = frozenset("contains getitem setitem delitem".split())
_OF_NONE = frozenset("is_ is_not".split())


def operands(name: str, given: list[Any]) -> list[Any]:
    """What an operator is applied to in place of these: the contents, where the program has no
    method for it."""
    if name in _OF_NONE or not any(isinstance(one, Holder) for one in given):
        return given
    method = f"__{name.strip('_')}__"
    most = 1 if name in _OF_THE_FIRST else len(given)
    return [one.content if at < most and isinstance(one, Holder) and method not in one.own else one
            for at, one in enumerate(given)]  # fmt: skip


_OF_SEQUENCES = frozenset("add iadd mul imul mod getitem setitem delitem contains".split())
"""Operators whose messages call the first operand what Python's own type is called."""


def named(name: str, given: list[Any]) -> list[Any]:
    """Operands for the message of a TypeError, in which instances have their classes' names: in
    their places, things of these names that can do nothing."""
    method = f"__{name}__"
    return [_named(one.name) if isinstance(one, Holder) and not (
                at == 0 and name in _OF_SEQUENCES and hasattr(one.content, method)
                and not isinstance(one.content, int | float))
            else content_of(one) for at, one in enumerate(given)]  # fmt: skip
