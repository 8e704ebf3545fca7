"""Iterators of `itertools` that need not end: count, repeat, cycle.

In: values. Out: iterators of the evaluator. Semantics: the Python Library Reference.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.iterators.positions import OVER, Indexed, element
from fleet.evaluator.iterators.protocol import (
    END,
    Iterator,
    Perhaps,
    Positional,
)
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.heap import List, Progress
from fleet.library.iterators.tools import itertool


@itertool
class Count(Positional):
    def __init__(self, m: Machine, start: Any, step: Any) -> None:
        super().__init__(m)
        self.value = Progress(start)
        self.by = step

    def is_own(self) -> bool:
        return True

    def is_endless(self) -> bool:
        return True

    def more(self) -> bool:
        return True

    def take(self) -> Any:
        value = self.read(self.value)
        self.move(self.value, value + self.by)
        return value

    def __repr__(self) -> str:
        by = "" if type(self.by) is int and self.by == 1 else f", {self.by!r}"
        return f"count({self.read(self.value)!r}{by})"


@itertool
class Repeat(Positional):
    def __init__(self, m: Machine, value: Any, times: Any) -> None:
        super().__init__(m)
        self.value = value
        self.lasts = times is None
        self.left = Progress(0 if times is None else times)

    def is_own(self) -> bool:
        return self.lasts

    def is_endless(self) -> bool:
        return self.lasts

    def more(self) -> Any:
        return self.lasts or self.read(self.left) > 0

    def take(self) -> Any:
        if not self.lasts:
            self.move(self.left, self.read(self.left) - 1)
        return self.value

    def __repr__(self) -> str:
        left = "" if self.lasts else f", {max(self.read(self.left), 0)}"
        return f"repeat({self.value!r}{left})"


class _Ring(Indexed):
    """Over a list again and again."""

    def count(self) -> int:
        return OVER if self.items else 0

    def get(self, at: Any) -> Any:
        return element(self.m, self.items, at % len(self.items))


@itertool
class Cycle(Iterator):
    """seen: the items so far; source: where more come from, None at its end."""

    def __init__(self, m: Machine, source: Iterator | None, seen: List) -> None:
        super().__init__(m)
        self.source = Progress(source)
        self.seen = seen
        self.again = _Ring(m, seen)

    def is_own(self) -> bool:
        return True

    def is_endless(self) -> bool:
        return True

    def step(self) -> Any:
        source = self.read(self.source)
        if source is not None:
            found = source.step()
            if isinstance(found, Perhaps):
                self.outgrown("cycle() of this run-time iterator is not supported")
            if found is not END:
                self.seen.append(found)
                return found
            self.move(self.source, None)
        return self.again.step()
