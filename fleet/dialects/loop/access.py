"""Subscripts of loads and stores: composing them, and asking how they move.

In: affine expressions over index values. Out: the map and operands of whatever accesses memory
(`MemoryAccess`; `loop.load` and `loop.store` above all), in a canonical form: each operand once,
constants and sums of index values folded into the map. The one idea: two accesses touch the same
element whenever their canonical forms are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fleet.dialects import loop
from fleet.ir.affine import (
    AffineConst,
    AffineDim,
    AffineExpr,
    AffineMap,
    coefficients,
    d,
    dims_of,
    evaluate,
    rewrite,
    substitute,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.interfaces import MemoryAccess
from fleet.ir.types import Type, VectorType


@dataclass(frozen=True)
class Access:
    """`memref[results(operands)]`: one affine expression a subscript, its di is operands[i]."""

    memref: Value
    results: tuple[AffineExpr, ...]
    operands: tuple[Value, ...]

    @staticmethod
    def of(operation: Operation) -> Access:
        """Where an operation accesses memory."""
        memref, map, operands = MemoryAccess.of(operation).place(operation)
        return Access(memref, map.results, tuple(operands))

    @staticmethod
    def canonical(
        memref: Value, results: Sequence[AffineExpr], operands: Sequence[Value]
    ) -> Access:
        """Constants, sums and multiples among the operands go into the expressions."""
        leaves: list[Value] = []

        def resolve(value: Value) -> AffineExpr:
            match _defining(value):
                case Operation(name="arith.constant") as op:
                    return AffineConst(op.get("value"))
                case Operation(name="arith.addi") as op if not isinstance(value.type, VectorType):
                    return resolve(op.operand(0)) + resolve(op.operand(1))
                case Operation(name="arith.muli") as op if not isinstance(value.type, VectorType):
                    left, right = map(constant_of, op.operands)
                    if right is not None:
                        return resolve(op.operand(0)) * right
                    if left is not None:
                        return resolve(op.operand(1)) * left
            if value not in leaves:
                leaves.append(value)
            return d(leaves.index(value))

        resolved = [substitute(expr, _Lazy(operands, resolve)) for expr in results]
        numbers: dict[int, int] = {}
        final = tuple(_numbered(expr, numbers) for expr in resolved)
        return Access(memref, final, tuple(leaves[old] for old in numbers))

    @property
    def map(self) -> AffineMap:
        return AffineMap(len(self.operands), self.results)

    def load(self, builder: Builder, type: Type) -> Value:
        return builder.value(loop.load, self.memref, self.operands, map=self.map, types=[type])

    def store(self, builder: Builder, value: Value) -> Operation:
        return builder.create(loop.store, value, self.memref, self.operands, map=self.map)

    def again(
        self,
        operation: Operation,
        builder: Builder,
        renamed: Callable[[Value], Value],
        type: Callable[[Type], Type] = lambda type: type,
    ) -> Operation:
        """Insert an operation's access again, here: the operands that do not say where are
        renamed, and its result has another type."""
        place = (self.memref, self.map, self.operands)
        return builder.insert(MemoryAccess.of(operation).moved(operation, place, renamed, type))

    def with_operands(self, mapping: dict[Value, Value]) -> Access:
        operands = [mapping.get(value, value) for value in self.operands]
        return Access.canonical(mapping.get(self.memref, self.memref), self.results, operands)

    # -- how it moves

    def factors(self, value: Value) -> list[int] | None:
        """Per dimension of the memref, by how much its subscript grows when the value grows by 1.

        None when that is not the same everywhere (floordiv, mod).
        """
        positions = {i for i, operand in enumerate(self.operands) if operand is value}
        factors = []
        for expr in self.results:
            if not dims_of(expr) & positions:
                factors.append(0)
                continue
            try:
                found = coefficients(expr)
            except ValueError:
                return None
            factors.append(sum(found.get(i, 0) for i in positions))
        return factors

    def stride(self, value: Value) -> int | None:
        """The distance in elements that one step of the value moves the address; None: dynamic."""
        factors = self.factors(value)
        if factors is None:
            return None
        total = 0
        for factor, stride in zip(factors, self.memref.type.known_strides(), strict=True):
            if factor:
                if stride is None:
                    return None
                total += factor * stride
        return total


def is_access(operation: Operation) -> bool:
    """Whether the operation reads or writes an element of a buffer."""
    return MemoryAccess.of(operation) is not None


def is_load(operation: Operation) -> bool:
    """Whether it reads one."""
    access = MemoryAccess.of(operation)
    return access is not None and not access.stored


def is_store(operation: Operation) -> bool:
    """Whether it writes one."""
    access = MemoryAccess.of(operation)
    return access is not None and bool(access.stored)


def stored_value(store: Operation) -> Value:
    """What a store writes."""
    return MemoryAccess.of(store).element(store)


class _Lazy:
    """Operands as expressions, resolved when asked for."""

    def __init__(self, operands: Sequence[Value], resolve) -> None:  # noqa: ANN001
        self.operands = operands
        self.resolve = resolve

    def __getitem__(self, position: int) -> AffineExpr:
        return self.resolve(self.operands[position])


def _numbered(expr: AffineExpr, numbers: dict[int, int]) -> AffineExpr:
    """The expression with dimensions numbered in order of appearance, here and in expressions
    before. A linear one becomes a sum: dimensions that appeared before, new ones, the constant."""
    try:
        factors = coefficients(expr)
    except ValueError:
        return rewrite(
            expr,
            lambda leaf: (
                d(numbers.setdefault(leaf.position, len(numbers)))
                if isinstance(leaf, AffineDim)
                else leaf
            ),
        )
    factors = {position: factor for position, factor in factors.items() if factor}
    total: AffineExpr = AffineConst(0)
    for position in sorted(factors, key=lambda p: (numbers.get(p, len(numbers)), p)):
        total = total + d(numbers.setdefault(position, len(numbers))) * factors[position]
    return total + evaluate(expr, [0] * (max(coefficients(expr), default=-1) + 1))


def _defining(value: Value) -> Operation | None:
    return value.operation if isinstance(value, OpResult) else None


def constant_of(value: Value) -> int | None:
    """The integer that a value is known to be."""
    op = _defining(value)
    if op is not None and op.name == "arith.constant" and isinstance(op.get("value"), int):
        return op.get("value")
    return None
