"""Products, permutations and combinations.

In: pools of items. Out: iterators of the evaluator. The one idea: what comes next is a function of
the position alone, so a position is all the state that there is.
"""

from __future__ import annotations

import itertools as python
import math
from typing import Any

from fleet.evaluator.iterators.positions import Indexed, element
from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.then import Then
from fleet.library.iterators.tools import itertool

MANY = 5000
"""Of how many selections run time may choose one."""


@itertool
class Product(Indexed):
    def __init__(self, m: Machine, pools: list[tuple]) -> None:
        super().__init__(m, pools)

    def count(self) -> int:
        return math.prod(map(len, self.items))

    def get(self, at: Any) -> tuple:
        row: list[Any] = []
        for pool in reversed(self.items):
            row.append(element(self.m, pool, at % len(pool)))
            at = at // len(pool)
        return tuple(reversed(row))


class _Arranged(Indexed):
    """Selections of r items of a pool, in lexicographic order of their positions in it."""

    def __init__(self, m: Machine, pool: tuple, r: int) -> None:
        super().__init__(m, pool)
        self.r = r

    def get(self, at: Any) -> tuple:
        if not isinstance(at, Then):
            return tuple(self.items[number] for number in self.chosen(at))
        if self.count() > MANY:
            raise self.m.error(
                f"this {type(self).__name__} advances in a run-time branch or loop, and has too "
                "many items for that",
                "make a list of its items before",
            )
        columns = zip(*map(self.chosen, range(self.count())), strict=True)
        return tuple(element(self.m, self.items, element(self.m, column, at))
                     for column in columns)  # fmt: skip

    def chosen(self, at: int) -> list[int]:
        """The positions in the pool of selection number `at`."""
        raise NotImplementedError


@itertool
class Permutations(_Arranged):
    def count(self) -> int:
        return math.perm(len(self.items), self.r)

    def chosen(self, at: int) -> list[int]:
        left = list(range(len(self.items)))
        found = []
        for place in range(self.r):
            number, at = divmod(at, math.perm(len(left) - 1, self.r - place - 1))
            found.append(left.pop(number))
        return found


@itertool
class Combinations(_Arranged):
    def count(self) -> int:
        return math.comb(len(self.items), self.r)

    def chosen(self, at: int) -> list[int]:
        return _combination(len(self.items), self.r, at)


@stands_for(python.combinations_with_replacement)
class WithReplacement(_Arranged):
    def count(self) -> int:
        n = len(self.items)
        return math.comb(n + self.r - 1, self.r) if n else int(not self.r)

    def chosen(self, at: int) -> list[int]:
        found = _combination(len(self.items) + self.r - 1, self.r, at)
        return [number - place for place, number in enumerate(found)]


def _combination(n: int, r: int, at: int) -> list[int]:
    """Combination number `at` of r of 0 ... n - 1: at each place skip those that start lower."""
    found: list[int] = []
    number = 0
    while len(found) < r:
        start_here = math.comb(n - number - 1, r - len(found) - 1)
        if at < start_here:
            found.append(number)
        else:
            at -= start_here
        number += 1
    return found
