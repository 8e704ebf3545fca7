"""Reductions: what a loop carries from iteration to iteration only to combine it with something.

In: an iteration argument of a loop. Out: a `Reduction` that says how to keep one running value for
each element of a strip and how to combine them at the end. The one idea: maximumf and minimumf, for
which NaN wins while the machine's fmax loses it, keep two vectors: the largest of the numbers, and
the NaNs that were met.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fleet.codegen.loops.nests import constant, is_loop
from fleet.dialects import arith, loop
from fleet.dialects import math as math_dialect
from fleet.dialects.arith import CMPF_PREDICATES
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.types import Type, VectorType, i1, i8, numpy_dtype
from fleet.ir.watch import may_apply

KINDS = {
    "arith.addf": "addf", "math.fma": "addf", "arith.maxnumf": "maxnumf",
    "arith.minnumf": "minnumf", "arith.maximumf": "maxnumf", "arith.minimumf": "minnumf",
    "arith.addi": "addi", "arith.andi": "andi", "arith.ori": "ori", "arith.xori": "xori",
    "arith.maxsi": "maxsi", "arith.minsi": "minsi", "arith.maxui": "maxui",
    "arith.minui": "minui",
}  # fmt: skip
"""Operations that update a running value, and how `loop.reduce` combines the running values."""
NAN_WINS = {"arith.maximumf", "arith.minimumf"}
UNORDERED = CMPF_PREDICATES.index("uno")


@dataclass(frozen=True)
class Reduction:
    """update: the operation that combines the running value with a new one."""

    update: Operation

    @property
    def kind(self) -> str:
        return KINDS[self.update.name]

    @property
    def element(self) -> Type:
        """What running values are made of: masks cannot be carried, so i1 is held in bytes."""
        element = self.update.result.type
        return i8 if element == i1 else element

    @property
    def parts(self) -> int:
        """How many vectors are carried."""
        return 2 if self.update.name in NAN_WINS else 1

    @property
    def operations(self) -> list[Operation]:
        """What is not copied but made anew for a strip."""
        return [self.update]

    def start(self, builder: Builder, lanes: int, init: Value) -> list[Value]:
        """The vectors before the first iteration."""
        type = VectorType((lanes,), self.element, scalable=True)
        starts = [constant(builder, self._neutral(), type)]
        return starts + [constant(builder, 0.0, type)] * (self.parts - 1)

    def combine(
        self, builder: Builder, running: Sequence[Value], operands: Sequence[Value | None]
    ) -> list[Value]:
        """The vectors after an iteration; operands: the update's, None for the running value."""
        new = next(value for value in operands if value is not None)
        if self.update.name == "math.fma":
            return [builder.value(math_dialect.fma, operands[0], operands[1], running[0])]
        if self.update.result.type == i1:
            new = builder.value(arith.extui, new, types=[running[0].type])
        best = builder.value(arith.ARITH.ops[self.kind], running[0], new)
        if self.parts == 1:
            return [best]
        mask = VectorType(new.type.shape, i1, scalable=True)
        is_nan = builder.value(arith.cmpf, new, new, predicate=UNORDERED, types=[mask])
        nans = builder.value(arith.select, is_nan, new, running[1], types=[new.type])
        return [best, nans]

    def finish(self, builder: Builder, vectors: Sequence[Value], init: Value) -> Value:
        """The running value after the last iteration."""
        if init.type == i1:
            wide = builder.value(arith.extui, init, types=[self.element])
            total = self._reduce(builder, self.kind, vectors[0], wide)
            return builder.value(arith.trunci, total, types=[i1])
        best = self._reduce(builder, self.kind, vectors[0], init)
        if self.parts == 1:
            return best
        # The sum of zeros and NaNs is NaN if there was one.
        zero = constant(builder, 0.0, init.type)
        nans = self._reduce(builder, "addf", vectors[1], zero)
        any_nan = builder.value(arith.cmpf, nans, init, predicate=UNORDERED, types=[i1])
        nan = builder.value(arith.addf, nans, init)
        return builder.value(arith.select, any_nan, nan, best, types=[best.type])

    def _reduce(self, builder: Builder, kind: str, vector: Value, init: Value) -> Value:
        return builder.value(loop.reduce, vector, init, operation=kind, types=[init.type])

    def _neutral(self) -> int | float:
        if self.kind == "addf":
            return 0.0
        if self.kind == "andi" and self.update.result.type == i1:
            return 1
        return neutral_of(self.kind, self.element)


def neutral_of(kind: str, element: Type) -> int | float:
    """What changes nothing when it is combined with a number, not even a zero's sign."""
    width = numpy_dtype(element).itemsize * 8
    return {
        "addf": -0.0, "maxnumf": -math.inf, "minnumf": math.inf, "andi": -1, "minui": -1,
        "maxsi": -(1 << width - 1), "minsi": (1 << width - 1) - 1,
    }.get(kind, 0)  # fmt: skip


def reduction_of(nest: Operation, number: int) -> Reduction | None:
    """How a loop's iteration argument is reduced; None when it is something else."""
    argument = loop.iteration_arguments(nest)[number]
    if len(argument.uses) != 1:
        return None
    ((user, place),) = argument.uses
    if is_loop(user):
        if place < 2:
            return None
        inner = reduction_of(user, place - 2)
        return inner if inner and _yields_only(nest, user.results[place - 2], number) else None
    if user.name not in KINDS or not _yields_only(nest, user.results[0], number):
        return None
    if user.name == "math.fma" and place != 2:
        return None
    if user.result.type == i1 and KINDS[user.name] not in ("andi", "ori", "xori"):
        return None
    return Reduction(user)


def _yields_only(nest: Operation, value: Value, number: int) -> bool:
    """Whether the value's only use is as the loop's next iteration argument of that number."""
    return list(value.uses) == [(nest.body.terminator, number)]


def use_fma(kernel: Operation) -> None:
    """Running sums of products by fused multiply-add, which is exact where it matters: the order of
    a sum's terms is free anyway. Other products and sums keep their roundings."""
    for nest in [op for op in kernel.walk() if is_loop(op) and op.get("iterator") is not None]:
        for number in range(len(nest.results)):
            reduction = reduction_of(nest, number)
            if reduction is None or reduction.update.name != "arith.addf":
                continue
            update = reduction.update
            for place, term in enumerate(update.operands):
                product = term.owner
                if isinstance(product, Operation) and product.name == "arith.mulf":
                    if may_apply():
                        with rewriting("a sum of products is fused", update):
                            _fused(update, product, place)
                    break


def _fused(update: Operation, product: Operation, place: int) -> None:
    builder = Builder.before(update)
    total = builder.value(math_dialect.fma, *product.operands, update.operand(1 - place))
    update.replace_with([total])
    if not product.result.uses:
        product.erase()
