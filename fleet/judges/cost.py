"""What it would cost to run a kernel step by step, so that nobody waits for hours.

In: a form over buffers, a launch. Out: iterations of loops, and operations, as Python executes
them. Bounds that are not known from the sizes count as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.diagnostics import FleetError
from fleet.dialects.loop import is_vector_loop, launch
from fleet.host import Host
from fleet.ir.core import Block, Operation, Value
from fleet.ir.interpreter import Data, Interpreter
from fleet.ir.types import IndexType
from fleet.judges.kernels import Launch, module_of

MOST_ITERATIONS = 2_000_000
MOST_OPERATIONS = 100_000


def iterations(function: Operation, launch: Launch, vlen: int) -> int:
    """Turns of the innermost loops."""
    return _Counting(function, launch, vlen).block(function.body)[0]


def operations(function: Operation, launch: Launch, vlen: int) -> int:
    """Operations, each of which is about an instruction."""
    return _Counting(function, launch, vlen).block(function.body)[1]


@dataclass
class Spent:
    """Iterations that are left; fewer than none where they were not enough."""

    left: int


class Bounded(Interpreter):
    """Runs the IR as long as there are iterations of kernels' loops left for it."""

    def __init__(self, module: Operation, host: Host, spent: Spent) -> None:
        super().__init__(module, host)
        self.spent = spent
        self._known: dict[tuple[str, tuple[int, ...]], int] = {}

    def execute(self, operation: Operation, operands: Sequence[Data]) -> Sequence[Data]:
        if operation.definition is launch:
            self.spent.left -= self._turns(operation, operands)
            if self.spent.left < 0:
                raise FleetError("this takes too long")
        return super().execute(operation, operands)

    def _turns(self, operation: Operation, operands: Sequence[Data]) -> int:
        name = str(operation.get("callee"))
        *_, sizes = operation.definition.segments(operation)
        given = tuple(map(int, operands[len(operands) - len(sizes) :]))
        if (name, given) not in self._known:
            function = self.tables.of(self.module).by_name[name]
            turns = iterations(function, Launch(name, (), given), WHOLE)
            self._known[name, given] = turns
        return self._known[name, given]


WHOLE = 1 << 40
"""The VLEN with which a strip is as long as its loop."""


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
