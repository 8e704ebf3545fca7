"""What became of each loop of a program, and why.

In: a module before its kernels are formed. Out: a line for each loop that was looked at, in the
program's order: a kernel, with the checks that its bounds decided and those that it has left, or
part of the schedule, with what kept it there. The one idea: this is what the passes themselves
found (`checks/bounds.py`, `loops.py`), told instead of applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fleet.diagnostics import Location
from fleet.ir.analysis.analyses import analysis_of
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation
from fleet.ir.interfaces import CallLike, functions_of
from fleet.ir.rewriting.passes import PassManager
from fleet.passes.kernels.arrays.versions import Refusal
from fleet.passes.kernels.checks.failures import failing_way, steps
from fleet.passes.kernels.checks.ranges import Ranges
from fleet.passes.kernels.checks.rules import RULES
from fleet.passes.kernels.formation.loops import LOOPS, Former
from fleet.passes.shapes.dims import Dims

PREPARATION = (
    "recursion-to-loops", "prove-comparisons", "carry-messages", "leave-for-host",
    "inline-in-loops", "carry-messages", "canonicalize", "cse", "dce",
)  # fmt: skip


@dataclass(frozen=True)
class LoopReport:
    """One loop. inside: how many loops it holds. reason: why it stays in the schedule (None: it is
    a kernel), and where. decided, left: checks that need not and that must be made as it runs.
    loops: the places of a kernel's loops, and why each does not run in vectors (None: it does)."""

    location: Location
    inside: int
    reason: Refusal | None
    decided: int = 0
    left: int = 0
    loops: tuple[tuple[Location, str | None], ...] = ()

    def __str__(self) -> str:
        loops = f" with {_several(self.inside, 'loop')} inside" if self.inside else ""
        if self.reason is None:
            left = f"{_several(self.left, 'check')} left, {self.decided} decided before it runs"
            strips = sum(reason is None for _, reason in self.loops)
            how = f"one kernel, {_several(strips, 'loop') if strips else 'none'} in vectors"
            lines = [f"{_place(self.location)}: loop{loops}: {how}; {left}"]
            for location, reason in self.loops:
                known = f"no vectors, since {reason}" if reason else "in vectors"
                lines.append(f"    line {location.line}: {known}")
            return "\n".join(lines)
        return (
            f"{_place(self.location)}: loop{loops}: stays in the schedule, since"
            f" {self.reason.reason} ({_place(self.reason.operation.location)})"
        )


def report(module: Operation) -> list[LoopReport]:
    """Of the loops of a module after the stage `fused`, which is changed as the passes do."""
    before = {op: _checks(op) for op in module.walk() if op.definition in LOOPS}
    PassManager(PREPARATION).run(module)
    functions = functions_of(module)
    former = Former(functions, analysis_of(Dims, module))
    lines = []
    for function in functions.values():
        if function.regions[0].blocks and "kernel" not in function.attributes:
            for nest in former.nests(function):
                left = _left(nest, former)
                decided = max(0, before.get(nest, left) - left)
                lines.append(LoopReport(nest.location, _loops(nest), None, decided, left))
    lines += [LoopReport(op.location, _loops(op), why) for op, why in former.refusals]
    return sorted(lines, key=lambda line: (line.location.file, line.location.line))


def with_strips(
    lines: list[LoopReport], reasons: Mapping[Location, list[tuple[Location, str | None]]]
) -> list[LoopReport]:
    """The same with what is known of vectors, for each kernel by its place."""
    return [replace(line, loops=tuple(reasons.get(line.location, ()))) for line in lines]


def _place(location: Location) -> str:
    return f"{location.file}:{location.line}"


def _several(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'s' if number != 1 else ''}"


def _loops(nest: Operation) -> int:
    return sum(1 for op in nest.walk() if op is not nest and op.definition in LOOPS)


def _checks(nest: Operation) -> int:
    """Calls that may raise, as the program has them."""
    return sum(1 for op in nest.walk() if CallLike.of(op) is not None)


def _left(nest: Operation, former: Former) -> int:
    """Those of them that a kernel has to look at."""
    ranges = Ranges(former.service, nest)
    total = 0
    for op in steps(nest, former.service):
        total += failing_way(op, former.service) is not None
        if CallLike.of(op) is None:
            continue
        rule = RULES.get(former.service(str(op.get("callee"))) or "")
        scratch = Builder(Block(), location=op.location)
        operands = [scratch.block.add_argument(v.type) for v in op.operands]
        answer = rule and rule(scratch, operands, [ranges.of(v) for v in op.operands])
        total += bool(answer and answer.failed)
    return total
