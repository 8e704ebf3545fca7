"""Removes instructions whose results nobody reads."""

from __future__ import annotations

from fleet.dialects import rv
from fleet.ir.core import Block, Operation, Region
from fleet.ir.definition import PURE, READS


def erase_dead(region: Region) -> None:
    """Erase operations without effects whose results are unused, and then their operands' makers.

    Before vsetvli is made explicit only: until then vector instructions have no hidden inputs.
    """
    changed = True
    while changed:
        changed = False
        for block in region.blocks:
            changed |= _sweep(block)


def _sweep(block: Block) -> bool:
    changed = False
    for operation in reversed(block):
        if operation.results and not any(r.uses for r in operation.results) and _idle(operation):
            operation.erase()
            changed = True
    return changed


def _idle(operation: Operation) -> bool:
    """Whether the operation does nothing but write its results."""
    if operation.has_trait(PURE) or operation.has_trait(READS):
        return True
    encoding = rv.encoding_of(operation)
    return encoding is not None and rv.is_vector(encoding)
