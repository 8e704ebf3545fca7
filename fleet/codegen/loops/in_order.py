"""Running values of loops that a program wrote itself: the order of their updates matters.

In: iteration arguments of a loop. Out: how a strip takes them from one strip to the next, as
scalars. The one idea: what decides about the bits is only the order in which running values are
combined; what is combined can be computed for a whole strip at once. So

    s += a[i] * b[i]          products in a vector, added to s from left to right by one instruction
    if a[i] > m: m, k = a[i], i    one comparison a strip; where a better element is in it, the
                                   first (with >=: the last) of the best ones
    t += b[i]                 checked for overflow: where the strip's numbers are small enough that
                              no partial sum overflows, their sum; else the strip is left alone
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fleet.codegen.loops.nests import constant
from fleet.dialects import arith, loop
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import VectorType, i1, i64, index, is_float, numpy_dtype

Vectors = Callable[[Value], Value]
"""What stands for a value of the loop, as a vector."""


@dataclass(frozen=True)
class InOrder:
    """A sum of floats: update is `arith.addf` of the running value and what a strip has a vector
    of."""

    update: Operation
    parts = 1

    @property
    def operations(self) -> list[Operation]:
        return [self.update]

    def start(self, builder: Builder, lanes: int, init: Value) -> list[Value]:
        return [init]

    def combine(
        self, builder: Builder, running: Sequence[Value], operands: Sequence[Value | None]
    ) -> list[Value]:
        """The sum after a strip; operands: the update's, None for the running value."""
        (new,) = (value for value in operands if value is not None)
        (total,) = running
        return [
            builder.value(
                loop.reduce, new, total, operation="ordered_addf", types=[total.type]
            )
        ]

    def finish(self, builder: Builder, values: Sequence[Value], init: Value) -> Value:
        return values[0]


@dataclass(frozen=True)
class Last:
    """What the last iteration leaves, of which none looks at what the one before it left."""

    parts = 1

    @property
    def operations(self) -> list[Operation]:
        return []

    def start(self, builder: Builder, lanes: int, init: Value) -> list[Value]:
        return [init]

    def finish(self, builder: Builder, values: Sequence[Value], init: Value) -> Value:
        return values[0]

    def of_strip(self, builder: Builder, value: Value, length: Value) -> Value:
        """What the strip leaves."""
        if not isinstance(value.type, VectorType):
            return value
        place = builder.value(arith.subi, length, constant(builder, 1, index))
        return builder.value(loop.element, value, place)


@dataclass(frozen=True, eq=False)
class Choice:
    """`if x > m: m, k = x, i`: the best value of a kind, and others of the iteration it is from.

    test: compares `candidate` with the running value. best: the number of that iteration argument.
    updates: the `arith.select` that gives each argument's next value, by number.
    """

    test: Operation
    candidate: Value
    kind: str
    strict: bool
    best: int
    updates: Mapping[int, Operation]
    parts = 1

    @property
    def operations(self) -> list[Operation]:
        return [self.test, *self.updates.values()]

    def start(self, builder: Builder, lanes: int, init: Value) -> list[Value]:
        return [init]

    def finish(self, builder: Builder, values: Sequence[Value], init: Value) -> Value:
        return values[0]

    def take(
        self, builder: Builder, running: Mapping[int, Value], vector: Vectors, start: Value
    ) -> list[Value]:
        """The values after a strip, in the order of `updates`. start: the strip's first number."""
        candidates = vector(self.candidate)
        better = self._compare(builder, candidates, running[self.best], self.kind)
        found = builder.value(loop.any_, better)
        types = [value.type for value in running.values()]
        regions = [Region([Block()]), Region([Block()])]
        made = builder.create(loop.if_, found, types=types, regions=regions)
        here, other = (region.block for region in made.regions)
        with builder.inside(here):
            position, best = self._position(builder, candidates, start)
            chosen = [
                best
                if number == self.best
                else self._element(builder, vector(op.operand(1)), position)
                for number, op in self.updates.items()
            ]
            builder.create(loop.yield_, chosen)
        with builder.inside(other):
            builder.create(loop.yield_, [running[number] for number in self.updates])
        return list(made.results)

    def _position(
        self, builder: Builder, candidates: Value, start: Value
    ) -> tuple[Value, Value]:
        """Where in the strip the best candidate is, and which it is."""
        element = candidates.type.element
        worst = constant(builder, _worst(self.kind, element), element)
        reduced = builder.value(
            loop.reduce, candidates, worst, operation=self.kind, types=[element]
        )
        equal = self._compare(builder, candidates, reduced, "equal")
        numbers = builder.value(
            loop.iota, start, types=[VectorType(candidates.type.shape, index, scalable=True)]
        )
        limit = constant(builder, (1 << 63) - 1 if self.strict else -1, index)
        where = builder.value(
            arith.select, equal, numbers, _spread(builder, limit, numbers), types=[numbers.type]
        )
        kind = "minsi" if self.strict else "maxsi"
        place = builder.value(loop.reduce, where, limit, operation=kind, types=[index])
        position = builder.value(arith.subi, place, start)
        return position, self._element(builder, candidates, position)

    def _element(self, builder: Builder, value: Value, position: Value) -> Value:
        if not isinstance(value.type, VectorType):
            return value
        return builder.value(loop.element, value, position)

    def _compare(self, builder: Builder, vector: Value, scalar: Value, kind: str) -> Value:
        other = _spread(builder, scalar, vector)
        mask = VectorType(vector.type.shape, i1, scalable=True)
        if is_float(vector.type.element):
            word = "oeq" if kind == "equal" else ("ogt" if kind == "maxnumf" else "olt")
            word = word if self.strict or kind == "equal" else word[:2] + "e"
            number = CMPF_PREDICATES.index(word)
            return builder.value(arith.cmpf, vector, other, predicate=number, types=[mask])
        sign = kind[-2] if kind != "equal" else ""
        word = "eq" if kind == "equal" else sign + ("gt" if kind.startswith("max") else "lt")
        word = word if self.strict or kind == "equal" else word[:2] + "e"
        number = CMPI_PREDICATES.index(word)
        return builder.value(arith.cmpi, vector, other, predicate=number, types=[mask])


@dataclass(frozen=True, eq=False)
class CheckedSum:
    """A sum of 64-bit integers with a check (`loop.exit` or `loop.doubt`) of whether it overflows.

    update: the sum. checks: the operations that look whether it overflowed.
    """

    update: Operation
    checks: Sequence[Operation]
    parts = 1

    @property
    def operations(self) -> list[Operation]:
        return [self.update, *self.checks]

    def start(self, builder: Builder, lanes: int, init: Value) -> list[Value]:
        return [init]

    def finish(self, builder: Builder, values: Sequence[Value], init: Value) -> Value:
        return values[0]

    def combine(
        self, builder: Builder, running: Sequence[Value], operands: Sequence[Value | None]
    ) -> list[Value]:
        (new,) = (value for value in operands if value is not None)
        (total,) = running
        return [builder.value(loop.reduce, new, total, operation="addi", types=[i64])]

    def is_too_large(self, builder: Builder, total: Value, new: Value) -> Value:
        """Whether a partial sum could overflow: a strip has at most 2**16 numbers, so not where
        they are below 2**46 and the sum so far is below 2**62."""
        sizes = builder.value(
            loop.reduce, _size(builder, new), constant(builder, 0, i64),
            operation="ori", types=[i64],
        )  # fmt: skip
        large = builder.value(arith.shrui, sizes, constant(builder, 46, i64))
        also = builder.value(arith.shrui, _size(builder, total), constant(builder, 62, i64))
        either = builder.value(arith.ori, large, also)
        return builder.value(
            arith.cmpi, either, constant(builder, 0, i64),
            predicate=CMPI_PREDICATES.index("ne"), types=[i1],
        )  # fmt: skip


def _size(builder: Builder, value: Value) -> Value:
    """A number or, where it is negative, its complement."""
    sign = builder.value(arith.shrsi, value, constant(builder, 63, value.type))
    return builder.value(arith.xori, value, sign)


def _worst(kind: str, element: object) -> int | float:
    """What is no better than anything."""
    if kind.endswith("f"):
        return -math.inf if kind == "maxnumf" else math.inf
    width = numpy_dtype(element).itemsize * 8
    if kind.endswith("ui"):
        return 0 if kind == "maxui" else -1
    return -(1 << width - 1) if kind == "maxsi" else (1 << width - 1) - 1


def _spread(builder: Builder, scalar: Value, like: Value) -> Value:
    type = VectorType(like.type.shape, scalar.type, scalable=True)
    return builder.value(loop.broadcast, scalar, types=[type])
