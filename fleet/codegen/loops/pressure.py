"""How many vector registers a vector loop needs, and how many instructions it runs.

In: a vector loop. Out: estimates that unroll-and-jam decides by. The one idea: liveness on
structured code is one backward walk, in which what an inner loop uses from outside lives through
all of it.
Broadcasts are not counted, since they become part of their users.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fleet.codegen.loops.nests import bits, is_loop, trip_count
from fleet.dialects import loop
from fleet.ir.core import Block, Operation, OpResult, Value
from fleet.ir.types import VectorType

REGISTERS = 32
USUAL_TRIPS = 48
FUNCTION_TEMPORARIES = {
    "math.exp": 5, "math.exp2": 5, "math.expm1": 12, "math.log": 12, "math.log2": 14,
    "math.log10": 14, "math.log1p": 14, "math.tanh": 6, "math.sin": 12, "math.cos": 12,
    "math.tan": 16, "math.asin": 12, "math.acos": 12, "math.atan": 14, "math.atan2": 16,
    "math.sinh": 14, "math.cosh": 14, "math.asinh": 16, "math.acosh": 16, "math.atanh": 16,
    "math.cbrt": 12, "math.powf": 20, "math.floor": 3, "math.ceil": 3, "math.trunc": 3,
    "math.roundeven": 3, "arith.maximumf": 3, "arith.minimumf": 3, "arith.remf": 10,
}  # fmt: skip
"""Vectors alive at once inside what a function expands to, its operand and result included."""

FUNCTION_INSTRUCTIONS = {
    "math.exp": 32, "math.exp2": 28, "math.expm1": 48, "math.log": 38, "math.log2": 48,
    "math.log10": 48, "math.log1p": 46, "math.tanh": 42, "math.sin": 42, "math.cos": 40,
    "math.tan": 66, "math.asin": 50, "math.acos": 55, "math.atan": 52, "math.atan2": 80,
    "math.sinh": 46, "math.cosh": 45, "math.asinh": 58, "math.acosh": 58, "math.atanh": 62,
    "math.cbrt": 40, "math.powf": 140, "math.floor": 8, "math.ceil": 9, "math.trunc": 8,
    "math.roundeven": 6, "arith.maximumf": 5, "arith.minimumf": 5, "arith.remf": 34,
}  # fmt: skip
"""What a function expands to, roughly."""

COMPUTED_IN_F64 = {
    "math.expm1", "math.log", "math.log2", "math.log10", "math.log1p", "math.sin", "math.cos",
    "math.tan", "math.asin", "math.acos", "math.atan", "math.atan2", "math.sinh", "math.cosh",
    "math.asinh", "math.acosh", "math.atanh", "math.cbrt", "math.powf", "arith.remf",
}  # fmt: skip
"""Functions whose expansion has f64 vectors whatever the operand's type."""


def widest_element(ops: Iterable[Operation]) -> int:
    """Bits of the widest vector element that operations have or will have once expanded."""
    widths = [8]
    for op in ops:
        if op.name in COMPUTED_IN_F64:
            widths.append(64)
        widths += [bits(v.type.element) for v in op.results if isinstance(v.type, VectorType)]
    return max(widths)


def vectors_in(strip: Operation) -> list[Value]:
    """The vectors that a loop's operations make, and its results."""
    results = (value for op in strip.walk() for value in op.results)
    return [value for value in results if isinstance(value.type, VectorType)]


def arguments_in(op: Operation) -> list[Value]:
    """The arguments of all blocks in an operation."""
    regions = (region for inner in op.walk() for region in inner.regions)
    return [argument for r in regions for block in r.blocks for argument in block.arguments]


class Pressure:
    """What is alive at once in a vector loop: for each program point, how many vectors of which
    element width (of which several points have the same, so it is a set)."""

    def __init__(self, strip: Operation) -> None:
        self.points: set[tuple[tuple[int, int], ...]] = set()
        self.widest = widest_element(strip.walk())
        self._loop(strip, set())

    def fits(self, lanes: int) -> bool:
        """Whether the loop does without spilling with so many lanes, as far as can be told.

        v0 is kept for masks, and groups start at multiples of their size, so one group is lost.
        """
        group = max(1, self.widest * lanes // 64)
        return group <= 8 and all(
            sum(count * max(1, width * lanes // 64) for width, count in point) <= REGISTERS - group
            for point in self.points
        )

    def _record(self, live: set[Value], extra: int = 0, extra_width: int = 0) -> None:
        counts = Counter(bits(value.type.element) for value in live)
        if extra:
            counts[extra_width] += extra
        self.points.add(tuple(sorted(counts.items())))

    def _loop(self, op: Operation, live_after: set[Value]) -> set[Value]:
        """Live vectors before a loop, given those after it."""
        inside: set[Value] = {r for inner in op.walk() if inner is not op for r in inner.results}
        inside.update(arguments_in(op))
        used = {v for inner in op.walk() if inner is not op for v in inner.operands if _counts(v)}
        through = (used - inside) | (live_after - set(op.results))
        self._block(op.body, through)
        return through | set(filter(_counts, op.operands[2:]))

    def _branch(self, op: Operation, live_after: set[Value]) -> set[Value]:
        """Of a `while` or a branch: what is used inside lives through all of a `while`."""
        inside: set[Value] = {r for inner in op.walk() if inner is not op for r in inner.results}
        inside.update(arguments_in(op))
        used = {v for inner in op.walk() if inner is not op for v in inner.operands if _counts(v)}
        through = (used - inside) | (live_after - set(op.results))
        for region in op.regions:
            for block in region.blocks:
                self._block(block, through)
        return through | set(filter(_counts, op.operands))

    def _block(self, body: Block, live: set[Value]) -> None:
        live = set(live)
        for op in reversed(body):
            if op.regions and is_loop(op):
                live = self._loop(op, live)
                continue
            if op.regions:
                live = self._branch(op, live)
                continue
            results = [value for value in op.results if _counts(value)]
            if results:
                live.update(results)
                extra = FUNCTION_TEMPORARIES.get(op.name, 1) - 1
                self._record(live, extra, bits(results[0].type.element))
                live.difference_update(results)
            operands = [value for value in op.operands if _counts(value)]
            if not live.issuperset(operands):
                live.update(operands)
                self._record(live)


def _counts(value: Value) -> bool:
    """Whether the value takes vector registers: broadcasts become part of their users."""
    if not isinstance(value.type, VectorType):
        return False
    return not isinstance(value, OpResult) or value.operation.name != "loop.broadcast"


FREE = {"loop.broadcast", "loop.yield", "loop.buffer", "loop.flat", "arith.constant"}
SCALAR_COST = 0.1
"""What a scalar instruction counts."""


def instructions(block: Block, vlen: int) -> float:
    """Instructions that a block executes once, on a machine of this VLEN: vector ones count 1."""
    total = 0.0
    for op in block:
        if op.regions and is_loop(op):
            total += loop_instructions(op, vlen, op.get("lanes"))
        elif op.name not in FREE:
            values = (*op.operands, *op.results)
            vector = any(isinstance(v.type, VectorType) for v in values)
            count = FUNCTION_INSTRUCTIONS.get(op.name, 1)
            total += count if vector else SCALAR_COST * count
    return total


def loop_instructions(op: Operation, vlen: int, lanes: int | None) -> float:
    """Instructions that a loop executes, with so many lanes if it is a vector loop."""
    trips = trip_count(op)
    trips = USUAL_TRIPS if trips is None else trips
    overhead = 2 * SCALAR_COST
    if loop.is_vector_loop(op):
        trips = -(-trips * 64 // (lanes * vlen))
        overhead += 1  # vsetvli
    return trips * (instructions(op.body, vlen) + overhead)
