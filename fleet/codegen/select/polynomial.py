"""Integer polynomials over a kernel's sizes and loop variables: what addresses are made of.

`(4*K)*i + 4*j + 64` is a dictionary from monomials to coefficients, a monomial being a sorted tuple
of atoms. The one idea: an atom knows the depth of the loop in which it is defined, so a polynomial
can be split into the part that is invariant in a loop, the part that advances evenly with the
loop's variable, and the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Atom(NamedTuple):
    """A value that is not taken apart. depth: how many loops are around its definition."""

    number: int
    depth: int


Monomial = tuple[Atom, ...]


class Polynomial:
    """An immutable sum of integer multiples of monomials; hashable, compared by content."""

    __slots__ = ("terms", "_hash")

    def __init__(self, terms: Mapping[Monomial, int]) -> None:
        self.terms: dict[Monomial, int] = {m: c for m, c in terms.items() if c}
        self._hash = hash(frozenset(self.terms.items()))

    @staticmethod
    def constant(value: int) -> Polynomial:
        return Polynomial({(): value})

    @staticmethod
    def of(atom: Atom) -> Polynomial:
        return Polynomial({(atom,): 1})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        return self._hash

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __repr__(self) -> str:
        def text(monomial: Monomial) -> str:
            return "*".join(f"a{atom.number}" for atom in monomial) or "1"

        return " + ".join(f"{c}*{text(m)}" for m, c in self.terms.items()) or "0"

    def __add__(self, other: Polynomial) -> Polynomial:
        terms = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            terms[monomial] = terms.get(monomial, 0) + coefficient
        return Polynomial(terms)

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + other.scaled(-1)

    def __mul__(self, other: Polynomial) -> Polynomial:
        terms: dict[Monomial, int] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                monomial = tuple(sorted(left + right))
                terms[monomial] = terms.get(monomial, 0) + a * b
        return Polynomial(terms)

    def scaled(self, factor: int) -> Polynomial:
        return Polynomial({m: c * factor for m, c in self.terms.items()})

    @property
    def known(self) -> int | None:
        """The value, if it is a constant."""
        if not self.terms:
            return 0
        return self.terms.get(()) if len(self.terms) == 1 else None

    @property
    def offset(self) -> int:
        """The constant term."""
        return self.terms.get((), 0)

    @property
    def depth(self) -> int:
        """The depth of the innermost loop that it depends on."""
        return max((atom.depth for monomial in self.terms for atom in monomial), default=0)

    def atoms(self) -> set[Atom]:
        return {atom for monomial in self.terms for atom in monomial}

    def only(self, monomials: Iterable[Monomial]) -> Polynomial:
        return Polynomial({m: self.terms[m] for m in monomials})

    def split(self, depth: int) -> tuple[Polynomial, Polynomial]:
        """The terms that are invariant at this depth, and those that are not."""
        inner = [m for m in self.terms if any(atom.depth >= depth for atom in m)]
        outer = [m for m in self.terms if m not in set(inner)]
        return self.only(outer), self.only(inner)

    def even(self, variable: Atom) -> Polynomial:
        """The terms in which the loop variable is the only atom of its depth, once."""
        return self.only(
            m for m in self.terms if [a for a in m if a.depth >= variable.depth] == [variable]
        )

    def step(self, variable: Atom) -> Polynomial:
        """By how much the even terms grow when the variable grows by one."""
        grown = {}
        for monomial, coefficient in self.even(variable).terms.items():
            grown[tuple(atom for atom in monomial if atom != variable)] = coefficient
        return Polynomial(grown)
