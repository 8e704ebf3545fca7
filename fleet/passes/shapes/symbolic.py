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


# -- sizes of dimensions, which are not negative


MOST_SHIFT = 12
"""Constants in a size that add up to more are not looked through."""


def as_dimension(size: Size) -> object:
    """What is the same for sizes that are equal where they are dimensions: `max(n, 0)` and n, or
    `max(n - 2, 0)` and `max(n - 1, 0) - min(n, 1)`.

    Of one root, sums, maxima and minima are straight lines but for the places where they bend, and
    these are no further from 0 than the constants add up to: so two are equal if they are there and
    once more on both sides.
    """
    roots = list(dict.fromkeys(size.atoms()))
    if len(roots) != 1:
        return size
    reach = _reach(size)
    if reach is None or reach > MOST_SHIFT:
        return size
    least = 0 if roots[0][0] == "dim" else -MOST_SHIFT - 2
    places = range(least, MOST_SHIFT + 3)
    return roots[0], tuple(max(_at(size, place), 0) for place in places)


def is_natural(size: Size) -> bool:
    """Whether a size is seen not to be negative."""
    return size.constant >= 0 and all(c > 0 and _is_natural(atom) for atom, c in size.terms)


def _is_natural(atom: Atom) -> bool:
    match atom:
        case ("op", "max", *parts):
            return any(part.static is not None and part.static >= 0 for part in parts)
        case ("dim", *_):
            return True
    return False


def _reach(size: Size) -> int | None:
    """How far its constants go; None if there is something else than sums, maxima and minima."""
    total = abs(size.constant)
    for atom, coefficient in size.terms:
        if atom[0] != "op":
            continue
        inside = [_reach(part) for part in atom[2:]] if atom[1] in ("max", "min") else [None]
        if None in inside:
            return None
        total += abs(coefficient) * sum(inside)
    return total


def _at(size: Size, place: int) -> int:
    """The size where its root is a number."""
    total = size.constant
    for atom, coefficient in size.terms:
        value = place
        if atom[0] == "op":
            choose = max if atom[1] == "max" else min
            value = choose(_at(part, place) for part in atom[2:])
        total += coefficient * value
    return total
