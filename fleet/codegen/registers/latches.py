"""Copies on a loop's way back go before its test.

In: blocks over physical registers. Out: the same with fewer blocks that only copy and jump: the
test then branches to the loop's head, without a jump. The one idea: a copy may be made on the way
out, too, if nobody there looks at the register that it writes to.
"""

from __future__ import annotations

from collections import Counter

from fleet.codegen.registers.liveness import live_out_sets
from fleet.dialects import rv
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import Type
from fleet.ir.watch import count


def copy_before_tests(region: Region) -> None:
    """Move the copies of blocks between a two-way branch and a jump before the branch."""
    live_out = live_out_sets(region)
    entered = Counter(
        way for block in region.blocks for way in dict.fromkeys(block.terminator.successors)
    )
    for block in region.blocks:
        test = block.terminator
        if len(test.successors) != 2:
            continue
        for number, way in enumerate(test.successors):
            other = test.successors[1 - number]
            if way is not other and entered[way] == 1 and _only_copies(way):
                _move(block, way, _registers_in(other, live_out[other]))


def _only_copies(block: Block) -> bool:
    last = block.terminator
    if last.definition is not rv.j or block.arguments:
        return False
    copies = [op for op in block if op is not last]
    return bool(copies) and all(map(rv.is_copy, copies))


def _registers_in(block: Block, live_out: set[Value]) -> set[Type]:
    """The registers that a block, or what comes after it, looks at."""
    values = set(live_out)
    for op in reversed(block):
        values -= set(op.results)
        values |= set(op.operands)
    return {value.type for value in values}


def _move(block: Block, way: Block, wanted: set[Type]) -> None:
    test = block.terminator
    copies: list[Operation] = [op for op in way if op is not way.terminator]
    read = {value.type for value in test.operands}
    written = {op.result.type for op in copies}
    if written & (wanted | read):
        return
    for op in copies:
        block.insert_before(test, op.detach())
    count("copies before a loop's test", len(copies))
