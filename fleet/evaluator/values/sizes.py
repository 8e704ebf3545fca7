"""Symbolic sizes: integer linear expressions over lengths that only run time knows.

In: sizes of arrays and lists, and arithmetic on them. Out: `Size` values that are equal when the
lengths are provably equal, and lower bounds. The one idea: a dimension is an int or a Size, equal
sizes compare equal, so broadcasting is decided at build time wherever it can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class Atom:
    """A number known at run time only, compared by identity. `least`: its lower bound, if any."""

    least: int | None = None


@dataclass(frozen=True)
class Size:
    """`constant + sum(factor * atom)`, with at least one atom."""

    terms: frozenset[tuple[Atom, int]]
    constant: int = 0
    least: int | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return "?"


Dim = int | Size


def fresh(least: int | None = None) -> Size:
    """A size that is equal to itself only."""
    return Size(frozenset({(Atom(least), 1)}), 0, least)


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
    least: int | None = constant
    for atom, factor in factors.items():
        least = (
            None
            if least is None or factor < 0 or atom.least is None
            else least + factor * atom.least
        )
    return Size(frozenset(factors.items()), constant, least)


def plus(a: Dim, b: Dim) -> Dim:
    return combine([(a, 1), (b, 1)])


def minus(a: Dim, b: Dim) -> Dim:
    return combine([(a, 1), (b, -1)])


def times(a: Dim, b: Dim) -> Dim | None:
    """The product when one factor is a known number, else None."""
    if isinstance(a, int):
        return combine([(b, a)])
    return combine([(a, b)]) if isinstance(b, int) else None


def least(size: Dim) -> int | None:
    """A number that the size is never below, or None."""
    return size if isinstance(size, int) else size.least


def at_least(a: Dim, b: Dim) -> bool:
    """Whether a >= b is certain."""
    bound = least(minus(a, b))
    return bound is not None and bound >= 0
