"""What must hold between the types of an operation's operands and results, stated with it.

    extract = TENSOR.op("extract", "tensor: Tensor, indices: Index* -> result: Any",
                        equations="result = element(tensor), count(indices) = rank(tensor)")

In: equations between terms, and the types in each declared slot. Out: the first equation that does
not hold, or the types of results that follow. The one idea: an equation is read once, into
functions of the slots' types, so that the verifier and the inference of types ask the same
statement, and a reader sees it in the declaration (MLIR's TypesMatchWith, AllTypesMatch).

Terms: a slot's name (its type; of a variadic slot, its types), `element(x)`, `shape(x)`, `rank(x)`,
`size(x)` (elements in all), `dynamic(x)` (how many dimensions are `?`), `count(x)` (how many
values), `like(x, y)` (the type of x with elements of type y), numbers, and scalar types by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.ir.types import (
    FloatType,
    IndexType,
    IntegerType,
    ShapedType,
    Type,
    element_of,
    shaped_as,
)

Slots = Mapping[str, Sequence[Type]]
"""The types in each declared slot, operands' and results'."""

Term = Callable[[Slots], Any]
"""A term's value: a type, a number, a shape, or of a variadic slot a list of types."""


def _shape(type: Type) -> tuple[int | None, ...]:
    return type.shape if isinstance(type, ShapedType) else ()


_FUNCTIONS: dict[str, Callable[[Type], Any]] = {
    "element": element_of,
    "shape": _shape,
    "rank": lambda type: len(_shape(type)),
    "size": lambda type: type.count if isinstance(type, ShapedType) else 1,
    "dynamic": lambda type: _shape(type).count(None),
}
_SCALARS: dict[str, Type] = {
    "index": IndexType(),
    **{f"i{width}": IntegerType(width) for width in (1, 8, 16, 32, 64)},
    **{f"f{width}": FloatType(width) for width in (16, 32, 64)},
}
_TOKEN = re.compile(r"\s*(\w+|[(),=])")


@dataclass(frozen=True)
class Equation:
    """Terms that are equal. mentions: the slots in each."""

    text: str
    terms: tuple[Term, ...]
    mentions: tuple[frozenset[str], ...]

    def problem(self, slots: Slots) -> str | None:
        """What is wrong; None when it holds. Slots without values say nothing."""
        values = [term(slots) for term in self.terms]
        given = [value for value in values if value not in (None, [])]
        single = next((value for value in given if not isinstance(value, list)), None)
        for value in given:
            if single is None:
                fits = value == given[0]
            else:
                fits = value == single or value == [single] * _count(value)
            if not fits:
                said = (_spelled(value) for value in values)
                return f"needs {self.text}, but here that is {' = '.join(said)}"
        return None

    def tells(self, result: str, known: Collection[str]) -> Term | None:
        """A term that the result's type is equal to and that these slots suffice for."""
        names = {frozenset((result,))}
        own = any(m in names and t is _NAMES.get(result) for t, m in self._pairs())
        for term, mentioned in self._pairs():
            if own and mentioned <= frozenset(known):
                return term
        return None

    def _pairs(self) -> zip:
        return zip(self.terms, self.mentions, strict=True)


def _spelled(value: Any) -> str:
    if isinstance(value, list):
        return f"({', '.join(map(str, value))})"
    if isinstance(value, tuple):
        return "x".join("?" if size is None else str(size) for size in value) or "no dimensions"
    return str(value)


_NAMES: dict[str, Term] = {}
"""Terms that are a slot's name alone."""


def _name(name: str, variadic: bool) -> Term:
    if variadic:
        return lambda slots: list(slots[name])
    found = _NAMES.get(name)
    if found is None:

        def found(slots: Slots) -> Type | None:
            types = slots[name]
            return types[0] if types else None

        _NAMES[name] = found
    return found


def parse_equations(text: str, variadic: Mapping[str, bool]) -> tuple[Equation, ...]:
    """Read `a = b = element(c), count(d) = rank(c)`. variadic: the slots, and which take several.

    Raises ValueError for what is no equation between these.
    """
    return _Reader(text, variadic).equations()


class _Reader:
    def __init__(self, text: str, variadic: Mapping[str, bool]) -> None:
        self.text = text
        self.variadic = variadic
        self.tokens = _TOKEN.findall(text)[::-1]
        self.mentioned: set[str] = set()

    def equations(self) -> tuple[Equation, ...]:
        found = []
        while self.tokens:
            left = list(self.tokens)
            terms, mentions = [], []
            while True:
                self.mentioned = set()
                terms.append(self._term())
                mentions.append(frozenset(self.mentioned))
                if not self.tokens or self.tokens.pop() == ",":
                    break
            read = left[len(self.tokens) :][::-1]
            text = "".join(read).rstrip(",").replace("=", " = ").replace(",", ", ")
            found.append(Equation(text, tuple(terms), tuple(mentions)))
        return tuple(found)

    def _term(self) -> Term:
        word = self.tokens.pop()
        if self.tokens and self.tokens[-1] == "(":
            self.tokens.pop()
            inner = self._term()
            if word == "like":
                self._expect(",")
                element = self._term()
                made = self._like(inner, element)
            else:
                made = self._apply(word, inner)
            self._expect(")")
            return made
        if word in self.variadic:
            self.mentioned.add(word)
            return _name(word, self.variadic[word])
        constant = int(word) if word.isdigit() else _SCALARS.get(word)
        if constant is not None:
            return lambda slots: constant
        raise ValueError(f"no slot or type {word!r} in {self.text!r}")

    @staticmethod
    def _apply(word: str, inner: Term) -> Term:
        if word == "count":
            return lambda slots: _count(inner(slots))
        function = _FUNCTIONS[word]

        def apply(slots: Slots) -> Any:
            value = inner(slots)
            if isinstance(value, list):
                return [function(one) for one in value]
            return None if value is None else function(value)

        return apply

    @staticmethod
    def _like(inner: Term, element: Term) -> Term:
        return lambda slots: shaped_as(inner(slots), element(slots))

    def _expect(self, token: str) -> None:
        if not self.tokens or self.tokens.pop() != token:
            raise ValueError(f"expected {token!r} in {self.text!r}")


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else int(value is not None)
