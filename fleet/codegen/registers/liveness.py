"""Where each value of a function is alive: live intervals with holes.

In: a function over a control-flow graph. Out: for every value, the stretches of code between its
definition and its last uses, as half-open ranges of positions. The one idea: operation k reads at
position p(k) and writes at p(k) + 1, so that a value that dies where another is born may share its
register with it. A result that must not share with the operands ("early clobber") is born at p(k),
an operand that must not share with the results ("late use") dies at p(k) + 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fleet.dialects import rv
from fleet.ir.analysis.dominance import Dominance
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.watch import analysis

Range = tuple[int, int]


@dataclass
class Liveness:
    """ranges: per value, disjoint and in order. weights: estimated reads and writes in a run."""

    ranges: dict[Value, list[Range]]
    weights: dict[Value, float]
    depths: dict[Block, int]


def live_out_sets(region: Region) -> dict[Block, set[Value]]:
    """Values that are needed after each block. Dataflow to a fixpoint, last block first."""
    needed: dict[Block, set[Value]] = {}
    defined: dict[Block, set[Value]] = {}
    for block in region.blocks:
        uses: set[Value] = set()
        defs: set[Value] = set(block.arguments)
        for operation in block:
            uses.update(value for value in operation.operands if value not in defs)
            defs.update(operation.results)
        needed[block], defined[block] = uses, defs
    live_in = {block: set(needed[block]) for block in region.blocks}
    live_out: dict[Block, set[Value]] = {block: set() for block in region.blocks}
    changed = True
    while changed:
        changed = False
        for block in reversed(region.blocks):
            out = live_out[block]
            before = len(out)
            for successor in block.terminator.successors:
                out |= live_in[successor]
            if len(out) != before:
                changed = True
                live_in[block] = needed[block] | (out - defined[block])
    return live_out


def loop_depths(region: Region) -> dict[Block, int]:
    """How many loops each block is in, taking a jump back as a loop of all blocks in between.

    What stands behind the function's end and comes back from there is no loop, and one whose label
    says that it seldom runs makes what is in it count for less.
    """
    number = {block: n for n, block in enumerate(region.blocks)}
    loops: dict[int, int] = {}
    back = [
        (block, successor)
        for block in region.blocks
        for successor in block.terminator.successors
        if number[successor] <= number[block]
    ]
    if back:
        dominance = Dominance(region)
        for block, successor in back:
            if dominance.dominates(successor, block):
                head = number[successor]
                loops[head] = max(loops.get(head, 0), number[block])
    counts = {head: -3 if _runs_seldom(region.blocks[head]) else 1 for head in loops}
    return {
        block: sum(counts[head] for head, tail in loops.items() if head <= n <= tail)
        for block, n in number.items()
    }


def _runs_seldom(block: Block) -> bool:
    first = block.first
    return first is not None and first.definition is rv.label and rv.SELDOM in first.get("name")


@analysis("Liveness")
def analyse(
    region: Region, is_early: Callable[[Operation], bool], is_late: Callable[[Value], bool]
) -> Liveness:
    """Live ranges of all values of a region.

    is_early tells early-clobber operations, is_late the values whose uses are all late.
    """
    live_out = live_out_sets(region)
    depths = loop_depths(region)
    ranges: dict[Value, list[Range]] = {}
    weights: dict[Value, float] = {}
    position = 0
    for block in region.blocks:
        start = position
        cost = 10.0 ** min(depths[block], 8)
        opened: dict[Value, int] = {}  # where the range in hand starts
        closed: dict[Value, int] = {}  # where it ends, as far as seen
        for value in block.arguments:
            opened[value], closed[value] = start, start + 1
            weights[value] = weights.get(value, 0.0) + cost
        for operation in block:
            position += 2
            for value in operation.operands:
                opened.setdefault(value, start)
                closed[value] = position + (2 if is_late(value) else 1)
                weights[value] = weights.get(value, 0.0) + cost
            born = position if is_early(operation) else position + 1
            for value in operation.results:
                opened[value], closed[value] = born, position + 2
                weights[value] = weights.get(value, 0.0) + cost
        position += 2
        for value in live_out[block]:
            opened.setdefault(value, start)
            closed[value] = position
        for value, begin in opened.items():
            known = ranges.setdefault(value, [])
            if known and known[-1][1] == begin:
                known[-1] = (known[-1][0], closed[value])
            else:
                known.append((begin, closed[value]))
    return Liveness(ranges, weights, depths)


def overlap(a: list[Range], b: list[Range]) -> bool:
    """Whether two sorted lists of ranges have a position in common."""
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i][1] <= b[j][0]:
            i += 1
        elif b[j][1] <= a[i][0]:
            j += 1
        else:
            return True
    return False


def merge(a: list[Range], b: list[Range]) -> list[Range]:
    """The union of two lists of ranges."""
    merged: list[Range] = []
    for begin, end in sorted(a + b):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
