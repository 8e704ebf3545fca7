"""The objects of a run by name.

A name is forgotten when nothing that the program still has is equal to it (a conservative
collection of garbage: Boehm and Weiser, 1988); what a container holds needs no name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

FIRST = 0x4F42_0000_0000_0000
"""The first name: a number that programs seldom have otherwise."""

FEW = 1 << 16
"""Names up to which nothing is forgotten."""


class Objects:
    """The objects of one run, by name."""

    def __init__(self) -> None:
        self._named: dict[int, object] = {}
        self._next = FIRST
        self._limit = FEW

    def name(self, value: object) -> int:
        """A name for an object."""
        name = self._next
        self._next = name + 1
        self._named[name] = value
        return name

    def named(self, name: int) -> Any:
        """The object of a name; None for a number that is no name, which nobody looks at."""
        return self._named.get(int(name))

    @property
    def is_full(self) -> bool:
        """Whether it is time to forget."""
        return len(self._named) > self._limit

    def keep(self, numbers: Iterable[Any]) -> None:
        """Forget all names but these."""
        named = self._named
        self._named = {number: named[number] for number in numbers if number in named}
        self._limit = max(FEW, 2 * len(self._named))
