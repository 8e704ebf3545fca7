"""How many vector registers a vector loop needs, and how many instructions it runs.

In: a vector loop. Out: estimates that unroll-and-jam decides by. The one idea: liveness on
structured code is one backward walk, in which what an inner loop uses from outside lives through
all of it.
Broadcasts are not counted, since they become part of their users.
"""

from __future__ import annotations

from collections.abc import Iterable

from fleet.codegen.nests import bits, trip_count
from fleet.dialects import loop
from fleet.ir.core import Block, Operation, Value
from fleet.ir.types import VectorType

REGISTERS = 32
USUAL_TRIPS = 48
FUNCTION_TEMPORARIES = {
    "math.exp": 5, "math.exp2": 5, "math.expm1": 12, "math.log": 12, "math.log2": 14,
    "math.log10": 14, "math.log1p": 14, "math.tanh": 6, "math.sin": 12, "math.cos": 12,
    "math.powf": 20, "math.floor": 3, "math.ceil": 3, "math.trunc": 3, "math.roundeven": 3,
    "arith.maximumf": 3, "arith.minimumf": 3, "arith.remf": 10,
}  # fmt: skip
"""Vectors alive at once inside what a function expands to, its operand and result included."""

FUNCTION_INSTRUCTIONS = {
    "math.exp": 32, "math.exp2": 28, "math.expm1": 48, "math.log": 38, "math.log2": 48,
    "math.log10": 48, "math.log1p": 46, "math.tanh": 42, "math.sin": 34, "math.cos": 32,
    "math.powf": 110, "math.floor": 8, "math.ceil": 9, "math.trunc": 8, "math.roundeven": 6,
    "arith.maximumf": 5, "arith.minimumf": 5, "arith.remf": 24,
}  # fmt: skip
"""What a function expands to, roughly."""

COMPUTED_IN_F64 = {
    "math.expm1", "math.log", "math.log2", "math.log10", "math.log1p", "math.sin", "math.cos",
    "math.powf", "arith.remf",
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


def registers(value: Value, lanes: int) -> int:
    """The registers that a vector value takes: LMUL, at least one."""
    return max(1, bits(value.type.element) * lanes // 64)


def fits(strip: Operation, lanes: int) -> bool:
    """Whether a vector loop with so many lanes does without spilling, as far as can be told.

    v0 is kept for masks, and groups start at multiples of their size, so one group is lost.
    """
    widest = max(1, widest_element(strip.walk()) * lanes // 64)
    return widest <= 8 and _Pressure(lanes).of(strip) <= REGISTERS - widest


def vectors_in(strip: Operation) -> list[Value]:
    """The vectors that a loop's operations make, and its results."""
    results = (value for op in strip.walk() for value in op.results)
    return [value for value in results if isinstance(value.type, VectorType)]


class _Pressure:
    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.most = 0

    def of(self, strip: Operation) -> int:
        self._loop(strip, set())
        return self.most

    def _weight(self, live: Iterable[Value]) -> int:
        return sum(registers(value, self.lanes) for value in live)

    def _counted(self, values: Iterable[Value]) -> set[Value]:
        return {
            v
            for v in values
            if isinstance(v.type, VectorType)
            and not (isinstance(v.owner, Operation) and v.owner.name == "loop.broadcast")
        }

    def _loop(self, op: Operation, live_after: set[Value]) -> set[Value]:
        """Live vectors before a loop, given those after it."""
        inside: set[Value] = {r for inner in op.walk() if inner is not op for r in inner.results}
        inside.update(a for inner in op.walk() if inner.regions for a in inner.body.arguments)
        used = self._counted(v for inner in op.walk() if inner is not op for v in inner.operands)
        through = (used - inside) | (live_after - set(op.results))
        self._block(op.body, through)
        return through | self._counted(op.operands[2:])

    def _block(self, block: Block, live: set[Value]) -> None:
        live = set(live)
        for op in reversed(block):
            if op.name == "loop.for":
                live = self._loop(op, live)
                continue
            extra = FUNCTION_TEMPORARIES.get(op.name, 1) - 1
            peak = self._weight(live | self._counted(op.results))
            if extra:
                peak += extra * registers(op.result, self.lanes) if _is_vector(op) else 0
            self.most = max(self.most, peak)
            live = (live - set(op.results)) | self._counted(op.operands)
            self.most = max(self.most, self._weight(live))


def _is_vector(op: Operation) -> bool:
    return isinstance(op.result.type, VectorType)


FREE = {"loop.broadcast", "loop.yield", "loop.buffer", "arith.constant"}
SCALAR_COST = 0.1
"""What a scalar instruction counts."""


def instructions(block: Block, vlen: int) -> float:
    """Instructions that a block executes once, on a machine of this VLEN: vector ones count 1."""
    total = 0.0
    for op in block:
        if op.name == "loop.for":
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
