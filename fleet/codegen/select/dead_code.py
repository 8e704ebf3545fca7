"""Removes instructions whose results nobody needs, what loops carry for nobody included.

In: a function before vsetvli is made explicit (until then vector instructions have no hidden
inputs). Out: the same without idle operations and block arguments. The one idea: only what effects
(stores, branches) reach through operands is needed, so a value that merely feeds itself is not.
"""

from __future__ import annotations

from collections.abc import Iterable

from fleet.dialects import rv
from fleet.ir.core import Block, BlockArgument, Operation, Region, Value
from fleet.ir.definition import PURE
from fleet.ir.interfaces import MemoryEffects


def erase_dead(region: Region, keep: Iterable[Value] = ()) -> None:
    """Erase what neither effects nor the values to keep depend on."""
    jumps = _jumps(region)
    needed = _needed(region, keep, jumps)
    for block in region.blocks[1:]:
        dead = [a.number for a in block.arguments if a not in needed]
        for jump in jumps.get(block, ()) if dead else ():
            jump.operands = [v for n, v in enumerate(jump.operands) if n not in dead]
    for block in region.blocks:
        for operation in block:
            if _is_idle(operation) and not any(r in needed for r in operation.results):
                operation.operands = ()
                operation.detach()
    for block in region.blocks[1:]:
        for argument in reversed(block.arguments):
            if argument not in needed:
                block.erase_argument(argument.number)


def _needed(
    region: Region, keep: Iterable[Value], jumps: dict[Block, list[Operation]]
) -> set[Value]:
    todo = list(keep)
    for block in region.blocks:
        for operation in block:
            if not _is_idle(operation) and operation.definition is not rv.j:
                todo += [*operation.operands, *operation.results]
    needed: set[Value] = set()
    while todo:
        value = todo.pop()
        if value in needed:
            continue
        needed.add(value)
        if not isinstance(value, BlockArgument):
            todo += value.owner.operands
        elif value.block is not region.blocks[0]:
            todo += [jump.operand(value.number) for jump in jumps.get(value.block, ())]
    return needed


def _jumps(region: Region) -> dict[Block, list[Operation]]:
    """The jumps that pass arguments, by the block that they lead to."""
    found: dict[Block, list[Operation]] = {}
    for block in region.blocks:
        last = block.terminator
        if last.definition is rv.j:
            found.setdefault(last.successors[0], []).append(last)
    return found


def _is_idle(operation: Operation) -> bool:
    """Whether the operation does nothing but write its results."""
    if not operation.results:
        return False
    memory = MemoryEffects.of(operation)
    if operation.has_trait(PURE) or (memory is not None and memory.only_reads):
        return True
    encoding = rv.encoding_of(operation)
    return encoding is not None and rv.is_vector(encoding)
