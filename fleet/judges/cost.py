"""What it would cost to run a kernel step by step, so that nobody waits for hours.

In: a form over buffers, a launch. Out: iterations of loops, and operations, as Python executes
them. Bounds that are not known from the sizes count as one.
"""

from __future__ import annotations

from fleet.diagnostics import FleetError
from fleet.dialects.loop import is_vector_loop
from fleet.ir.core import Block, Operation, Value
from fleet.ir.interpreter import Interpreter
from fleet.ir.types import IndexType
from fleet.judges.kernels import Launch, module_of

MOST_ITERATIONS = 2_000_000
MOST_OPERATIONS = 20_000


def iterations(function: Operation, launch: Launch, vlen: int) -> int:
    """Turns of the innermost loops."""
    return _Counting(function, launch, vlen).block(function.body)[0]


def operations(function: Operation, launch: Launch, vlen: int) -> int:
    """Operations, each of which is about an instruction."""
    return _Counting(function, launch, vlen).block(function.body)[1]


class _Counting:
    def __init__(self, function: Operation, launch: Launch, vlen: int) -> None:
        sizes = [a for a in function.body.arguments if isinstance(a.type, IndexType)]
        self.known: dict[Value, int | None] = dict(zip(sizes, launch.sizes, strict=False))
        self.interpreter = Interpreter(module_of(function))
        self.vlen = vlen

    def block(self, block: Block) -> tuple[int, int]:
        turns, count = 0, 0
        for operation in block:
            count += 1
            if operation.name == "loop.for":
                inner_turns, inner_count = self.block(operation.body)
                trips = self.trips(operation)
                turns += trips * max(inner_turns, 1)
                count += trips * inner_count
        return turns, count

    def trips(self, loop: Operation) -> int:
        lower, upper = self.value(loop.operand(0)), self.value(loop.operand(1))
        if lower is None or upper is None:
            return 1
        step = int(loop.get("step", 1))
        if is_vector_loop(loop):
            step = max(int(loop.get("lanes")) * self.vlen // 64, 1)
        return max(0, -(-(upper - lower) // step))

    def value(self, value: Value) -> int | None:
        """An index that depends on sizes alone; None for others."""
        if value not in self.known:
            owner = value.owner
            found = None
            if isinstance(owner, Operation) and owner.name.startswith("arith."):
                operands = [self.value(operand) for operand in owner.operands]
                if None not in operands:
                    try:
                        found = int(self.interpreter.execute(owner, operands)[0])
                    except (FleetError, TypeError, ValueError):
                        found = None
            self.known[value] = found
        return self.known[value]
