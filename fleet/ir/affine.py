"""Affine expressions and maps: how an iteration point becomes subscripts.

`AffineMap(2, (d(1), d(0)))` prints `affine_map<(d0, d1) -> (d1, d0)>`. The one idea: expressions
are kept as plain frozen trees and simplified only as far as constants reach, so that equal
subscripts are equal values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


class AffineExpr:
    """Base of affine expressions; `+`, `*`, `//` and `%` build simplified ones."""

    def __add__(self, other: AffineExpr | int) -> AffineExpr:
        left, right = self, _expr(other)
        if isinstance(left, AffineConst) and isinstance(right, AffineConst):
            return AffineConst(left.value + right.value)
        if right == AffineConst(0):
            return left
        if isinstance(left, AffineConst):  # a constant stands at the end
            left, right = right, left
        return left if right == AffineConst(0) else AffineBinary("+", left, right)

    def __mul__(self, other: AffineExpr | int) -> AffineExpr:
        left, right = self, _expr(other)
        if isinstance(left, AffineConst) and isinstance(right, AffineConst):
            return AffineConst(left.value * right.value)
        match left, right:
            case AffineBinary("*", inner, AffineConst(known)), AffineConst(factor):
                return inner * (known * factor)
        if isinstance(left, AffineConst):
            left, right = right, left
        if right == AffineConst(1):
            return left
        return right if right == AffineConst(0) else AffineBinary("*", left, right)

    def __floordiv__(self, other: AffineExpr | int) -> AffineExpr:
        right = _expr(other)
        if isinstance(self, AffineConst) and isinstance(right, AffineConst):
            return AffineConst(self.value // right.value)
        return self if right == AffineConst(1) else AffineBinary("floordiv", self, right)

    def __mod__(self, other: AffineExpr | int) -> AffineExpr:
        right = _expr(other)
        if isinstance(self, AffineConst) and isinstance(right, AffineConst):
            return AffineConst(self.value % right.value)
        return AffineConst(0) if right == AffineConst(1) else AffineBinary("mod", self, right)

    __radd__ = __add__
    __rmul__ = __mul__


@dataclass(frozen=True)
class AffineDim(AffineExpr):
    """The position-th dimension of the iteration space."""

    position: int

    def __str__(self) -> str:
        return f"d{self.position}"


@dataclass(frozen=True)
class AffineSymbol(AffineExpr):
    """The position-th symbol: a value that is constant over the iteration space."""

    position: int

    def __str__(self) -> str:
        return f"s{self.position}"


@dataclass(frozen=True)
class AffineConst(AffineExpr):
    """A constant."""

    value: int

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class AffineBinary(AffineExpr):
    """`left operator right` with operator in `+ * floordiv mod`."""

    operator: str
    left: AffineExpr
    right: AffineExpr

    def __str__(self) -> str:
        def atom(expr: AffineExpr) -> str:
            loose = isinstance(expr, AffineBinary) and (
                self.operator != "+" or expr.operator == "+"
            )
            return f"({expr})" if loose and _rounded_up(expr) is None else str(expr)

        if self.operator == "+":
            negated = _negated(self.right) if _rounded_up(self.right) is None else None
            sign, right = ("+", self.right) if negated is None else ("-", negated)
            return f"{self.left} {sign} {atom(right)}"
        up = _rounded_up(self)
        if up is not None:
            return f"{atom(up.left)} ceildiv {up.right}"
        left = atom(self.left)
        if self.operator == "*" and self.right == AffineConst(-1):
            return f"-{left}"
        return f"{left} {self.operator} {atom(self.right)}"


def _rounded_up(expr: AffineExpr) -> AffineBinary | None:
    """x // c of what is -((-x) // c): a quotient rounded up."""
    match expr:
        case AffineBinary("*", AffineBinary("floordiv", opposite, divisor), AffineConst(-1)):
            return AffineBinary("floordiv", opposite * -1, divisor)
    return None


def _negated(expr: AffineExpr) -> AffineExpr | None:
    """What is subtracted when this is added: of -3, d0 * -1 and d0 * -2 what has no sign."""
    match expr:
        case AffineConst(value) if value < 0:
            return AffineConst(-value)
        case AffineBinary("*", left, AffineConst(-1)):
            return left
        case AffineBinary("*", left, AffineConst(value)) if value < 0:
            return AffineBinary("*", left, AffineConst(-value))
    return None


@dataclass(frozen=True)
class AffineMap:
    """`(d0, …)[s0, …] -> (results)`."""

    dims: int
    results: tuple[AffineExpr, ...]
    symbols: int = 0

    def __str__(self) -> str:
        dims = ", ".join(f"d{i}" for i in range(self.dims))
        symbols = ", ".join(f"s{i}" for i in range(self.symbols))
        results = ", ".join(map(str, self.results))
        return f"({dims}){f'[{symbols}]' if symbols else ''} -> ({results})"

    @staticmethod
    def identity(rank: int) -> AffineMap:
        return AffineMap(rank, tuple(AffineDim(i) for i in range(rank)))

    @staticmethod
    def of_dims(dims: int, positions: Sequence[int]) -> AffineMap:
        """The map that picks these dimensions, in this order."""
        return AffineMap(dims, tuple(AffineDim(p) for p in positions))

    @property
    def is_identity(self) -> bool:
        return self == AffineMap.identity(self.dims)

    @property
    def is_projected_permutation(self) -> bool:
        """Whether every result is a dimension, none twice."""
        seen = [r.position for r in self.results if isinstance(r, AffineDim)]
        return len(seen) == len(self.results) == len(set(seen))

    def compose(self, inner: AffineMap) -> AffineMap:
        """self after inner: `compose(f, g)(x) = f(g(x))`."""
        results = tuple(substitute(r, inner.results) for r in self.results)
        return AffineMap(inner.dims, results, inner.symbols)


def d(position: int) -> AffineDim:
    return AffineDim(position)


def _expr(value: AffineExpr | int) -> AffineExpr:
    return AffineConst(value) if isinstance(value, int) else value


def rewrite(expr: AffineExpr, leaf: Callable[[AffineExpr], AffineExpr]) -> AffineExpr:
    """The expression with every leaf replaced, simplified on the way up."""
    if not isinstance(expr, AffineBinary):
        return leaf(expr)
    left, right = rewrite(expr.left, leaf), rewrite(expr.right, leaf)
    match expr.operator:
        case "+":
            return left + right
        case "*":
            return left * right
        case "floordiv":
            return left // right
        case _:
            return left % right


def substitute(expr: AffineExpr, dims: Sequence[AffineExpr]) -> AffineExpr:
    """The expression with dimension i replaced by `dims[i]`."""
    return rewrite(expr, lambda leaf: dims[leaf.position] if isinstance(leaf, AffineDim) else leaf)


def evaluate(expr: AffineExpr, dims: Sequence, symbols: Sequence = ()):  # noqa: ANN201 - generic over numbers
    """The value at a point; `dims` and `symbols` may be ints or anything with int arithmetic."""
    match expr:
        case AffineDim(position):
            return dims[position]
        case AffineSymbol(position):
            return symbols[position]
        case AffineConst(value):
            return value
        case AffineBinary(operator, left, right):
            a, b = evaluate(left, dims, symbols), evaluate(right, dims, symbols)
            return {
                "+": lambda: a + b,
                "*": lambda: a * b,
                "floordiv": lambda: a // b,
                "mod": lambda: a % b,
            }[operator]()
    raise TypeError(f"not an affine expression: {expr!r}")


def dims_of(expr: AffineExpr) -> set[int]:
    """Positions of the dimensions that the expression mentions."""
    if isinstance(expr, AffineBinary):
        return dims_of(expr.left) | dims_of(expr.right)
    return {expr.position} if isinstance(expr, AffineDim) else set()


def coefficients(expr: AffineExpr) -> dict[int, int]:
    """The factor of each dimension in a linear expression. Raises ValueError for another."""
    match expr:
        case AffineDim(position):
            return {position: 1}
        case AffineConst():
            return {}
        case AffineBinary("+", left, right):
            total = coefficients(left)
            for position, factor in coefficients(right).items():
                total[position] = total.get(position, 0) + factor
            return total
        case AffineBinary("*", left, AffineConst(factor)):
            return {position: own * factor for position, own in coefficients(left).items()}
    raise ValueError(f"{expr} is not linear")
