"""Symbolic sizes: integer linear expressions over lengths that only run time knows.

In: sizes of arrays and lists, and arithmetic on them. Out: `Size` values that are equal when the
lengths are provably equal, and bounds. The one idea: a dimension is an int or a Size, equal
sizes compare equal, so broadcasting is decided at build time wherever it can be.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

LENGTH = 1 << 48
"""More than the bytes that memory has, and than what is counted to one by one."""


@dataclass(frozen=True, eq=False)
class Atom:
    """A number known at run time only, compared by identity, with its bounds, if any."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Size:
    """`constant + sum(factor * atom)`, with at least one atom."""

    terms: frozenset[tuple[Atom, int]]
    constant: int = 0
    least: int | None = field(default=None, compare=False)
    most: int | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return "?"

    def moved(self, by: int) -> Size:
        """The sum of it and a known number: what `combine` gives, which most sums are."""
        low, high = self._ends
        constant = self.constant + by
        return Size(
            self.terms, constant,
            None if low is None else constant + low, None if high is None else constant + high,
        )  # fmt: skip

    @cached_property
    def _ends(self) -> tuple[int | None, int | None]:
        """The bounds of the sum of its terms."""
        lows = [atom.least if factor > 0 else atom.most for atom, factor in self.terms]
        highs = [atom.most if factor > 0 else atom.least for atom, factor in self.terms]
        factors = [factor for _, factor in self.terms]
        low, high = (
            None if None in ends else sum(map(operator.mul, factors, ends))
            for ends in (lows, highs)
        )
        return low, high


Dim = int | Size


def fresh(least: int | None = None, most: int | None = None) -> Size:
    """A size that is equal to itself only."""
    return Size(frozenset({(Atom(least, most), 1)}), 0, least, most)


def length(least: int = 0) -> Size:
    """The length of something in memory, or a position in it."""
    return fresh(least, LENGTH)


def within(size: Dim | None, least: int | None, most: int | None) -> Dim:
    """The size with what else is known of its bounds; a fresh one for None."""
    if size is None:
        return fresh(least, most)
    if isinstance(size, int):
        return size
    lows = [bound for bound in (size.least, least) if bound is not None]
    highs = [bound for bound in (size.most, most) if bound is not None]
    return replace(size, least=max(lows, default=None), most=min(highs, default=None))


def combine(parts: Sequence[tuple[Dim, int]]) -> Dim:
    """The sum of `size * factor`, an int when all atoms cancel."""
    factors: dict[Atom, int] = {}
    constant = 0
    for size, factor in parts:
        if isinstance(size, int):
            constant += size * factor
            continue
        constant += size.constant * factor
        for atom, times in size.terms:
            factors[atom] = factors.get(atom, 0) + times * factor
    factors = {atom: factor for atom, factor in factors.items() if factor}
    if not factors:
        return constant
    lows = [atom.least if factor > 0 else atom.most for atom, factor in factors.items()]
    highs = [atom.most if factor > 0 else atom.least for atom, factor in factors.items()]
    low, high = (
        None if None in ends else constant + sum(map(operator.mul, factors.values(), ends))
        for ends in (lows, highs)
    )
    return Size(frozenset(factors.items()), constant, low, high)


def plus(a: Dim, b: Dim) -> Dim:
    if isinstance(b, int):
        return a + b if isinstance(a, int) else a.moved(b)
    return b.moved(a) if isinstance(a, int) else combine([(a, 1), (b, 1)])


def minus(a: Dim, b: Dim) -> Dim:
    if isinstance(b, int):
        return a - b if isinstance(a, int) else a.moved(-b)
    return combine([(a, 1), (b, -1)])


def times(a: Dim, b: Dim) -> Dim | None:
    """The product when one factor is a known number, else None."""
    if isinstance(a, int):
        return combine([(b, a)])
    return combine([(a, b)]) if isinstance(b, int) else None


def least(size: Dim) -> int | None:
    """A number that the size is never below, or None."""
    return size if isinstance(size, int) else size.least


def most(size: Dim) -> int | None:
    """A number that the size is never above, or None."""
    return size if isinstance(size, int) else size.most


def at_least(a: Dim, b: Dim) -> bool:
    """Whether a >= b is certain."""
    bound = least(minus(a, b))
    return bound is not None and bound >= 0
