"""Sizes as linear sums over what only a run knows: `n`, `2 * n + 1`, `max(n, m)`.

The one idea: sums are kept in one form, so sizes that arithmetic shows equal are equal objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Atom = tuple
"""("value", Value, number), ("dim", Value, axis, number), or ("op", name, Size, …): what a size is
a sum of. Roots are numbered as they are met, so that sums have one order in every process."""


def order(atom: Atom) -> tuple:
    if atom[0] == "op":
        return (1, atom[1], *(size_order(part) for part in atom[2:]))
    return (0, "", atom[-1])


def size_order(size: Size) -> tuple:
    return (*sorted((order(atom), c) for atom, c in size.terms), ((2, "", 0), size.constant))


MAX_WEIGHT = 16
"""Sums of more roots come from arithmetic that has nothing to do with sizes."""


@dataclass(frozen=True)
class Size:
    """`constant + sum of coefficient * atom`. Equal sizes are equal objects."""

    constant: int = 0
    terms: frozenset[tuple[Atom, int]] = frozenset()

    @property
    def static(self) -> int | None:
        """The number, when it is known now."""
        return None if self.terms else self.constant

    @property
    def atom(self) -> Atom | None:
        """The atom, when the size is exactly one."""
        if self.constant == 0 and len(self.terms) == 1:
            ((atom, coefficient),) = self.terms
            return atom if coefficient == 1 else None
        return None

    def __add__(self, other: Size) -> Size:
        terms = dict(self.terms)
        for atom, coefficient in other.terms:
            terms[atom] = terms.get(atom, 0) + coefficient
        kept = frozenset((atom, c) for atom, c in terms.items() if c)
        return Size(self.constant + other.constant, kept)

    def scaled(self, factor: int) -> Size:
        if factor == 0:
            return Size()
        return Size(self.constant * factor, frozenset((a, c * factor) for a, c in self.terms))

    def __sub__(self, other: Size) -> Size:
        return self + other.scaled(-1)

    def __mul__(self, other: Size) -> Size:
        if self.static is not None:
            return other.scaled(self.static)
        if other.static is not None:
            return self.scaled(other.static)
        return _product(_factors(self) + _factors(other))

    @property
    def weight(self) -> int:
        """How many roots the sum is written with, those inside opaque operations too."""
        parts = [atom[2:] if atom[0] == "op" else () for atom, _ in self.terms]
        return sum(sum(part.weight for part in each) or 1 for each in parts)

    def atoms(self) -> Iterable[Atom]:
        """All roots that the size depends on, those inside opaque operations too."""
        for atom, _ in self.terms:
            if atom[0] == "op":
                for part in atom[2:]:
                    yield from part.atoms() if isinstance(part, Size) else ()
            else:
                yield atom


def _factors(size: Size) -> list[Size]:
    atom = size.atom
    if atom is not None and atom[0] == "op" and atom[1] == "product":
        return list(atom[2:])
    if len(size.terms) == 1 and size.constant == 0:
        ((atom, coefficient),) = size.terms
        if coefficient != 1:
            return [const(coefficient), *_factors(of_atom(atom))]
    return [size]


def _product(factors: list[Size]) -> Size:
    coefficient, symbolic = 1, []
    for factor in factors:
        if factor.static is None:
            symbolic.append(factor)
        else:
            coefficient *= factor.static
    if len(symbolic) == 1:
        return symbolic[0].scaled(coefficient)
    ordered = sorted(symbolic, key=size_order)
    return of_atom(("op", "product", *ordered)).scaled(coefficient)


def const(value: int) -> Size:
    return Size(int(value))


def of_atom(atom: Atom) -> Size:
    return Size(0, frozenset([(atom, 1)]))


def product(sizes: Iterable[Size]) -> Size:
    total = const(1)
    for size in sizes:
        total = total * size
    return total
