"""Removes instructions whose results nobody needs, what loops carry for nobody included.

In: a function before vsetvli is made explicit (until then vector instructions have no hidden
inputs). Out: the same without idle operations and block arguments. The one idea: only what effects
(stores, branches) reach through operands is needed, so a value that merely feeds itself is not.
"""

from __future__ import annotations

from collections.abc import Iterable

from fleet.dialects import rv
from fleet.ir.core import Block, BlockArgument, Operation, Region, Value
from fleet.ir.definition import PURE, READS


def erase_dead(region: Region, keep: Iterable[Value] = ()) -> None:
    """Erase what neither effects nor the values to keep depend on."""
    needed = _needed(region, keep)
    for block in region.blocks[1:]:
        dead = [a.number for a in block.arguments if a not in needed]
        for jump in _jumps_to(block) if dead else ():
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


def _needed(region: Region, keep: Iterable[Value]) -> set[Value]:
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
            todo += [jump.operand(value.number) for jump in _jumps_to(value.block)]
    return needed


def _jumps_to(block: Block) -> list[Operation]:
    """The jumps that pass arguments to a block."""
    terminators = (other.terminator for other in block.parent.blocks)
    return [t for t in terminators if t.definition is rv.j and t.successors[0] is block]


def _is_idle(operation: Operation) -> bool:
    """Whether the operation does nothing but write its results."""
    if not operation.results:
        return False
    if operation.has_trait(PURE) or operation.has_trait(READS):
        return True
    encoding = rv.encoding_of(operation)
    return encoding is not None and rv.is_vector(encoding)
