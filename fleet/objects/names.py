"""The objects of a run by name.

A name is forgotten when nothing that the program still has is equal to it (a conservative
collection of garbage: Boehm and Weiser, 1988); what a container holds needs no name.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

FIRST = 0x4F42_0000_0000_0000
"""The first name: a number that programs seldom have otherwise."""

_NONE = object()
FEW = 1 << 16
"""Names up to which nothing is forgotten."""


class Placeholder:
    """A number where a register has no object."""

    __slots__ = ("number",)

    def __init__(self, number: int | float) -> None:
        self.number = number


class Objects:
    """The objects of one run, by name."""

    def __init__(self) -> None:
        self.by_name: dict[int, object] = {}
        """What translated code reads and writes itself; it is one dictionary all along."""
        self.new_name: Callable[[], int] = itertools.count(FIRST).__next__
        self.limit = FEW

    def name(self, value: object) -> int:
        """A name for an object."""
        name = self.new_name()
        self.by_name[name] = value
        return name

    def named(self, name: int) -> Any:
        """The object of a name; None for a number that is no name, which nobody looks at."""
        return self.by_name.get(int(name))

    def held(self, name: int | float) -> Any:
        """What a register of objects has: the object, or a number in place of one."""
        found = self.by_name.get(name, _NONE)
        return Placeholder(name) if found is _NONE else found

    def name_of(self, held: Any) -> int | float:
        """The inverse of that."""
        if held.__class__ is Placeholder:
            return held.number
        name = self.new_name()
        self.by_name[name] = held
        return name

    @property
    def is_full(self) -> bool:
        """Whether it is time to forget."""
        return len(self.by_name) > self.limit

    def keep(self, numbers: Iterable[Any]) -> None:
        """Forget all names but these."""
        named = self.by_name
        kept = {number: named[number] for number in numbers if number in named}
        named.clear()
        named.update(kept)
        self.limit = max(FEW, 2 * len(named))
