"""`cse`: common subexpression elimination. Of equal operations the first that dominates remains.

In: any IR. Out: the same without an operation whose equal was computed before it on every path.
The one idea: a hash table per nesting level of blocks, looked up outwards, so that dominance is
given by the nesting; operations are compared by structure, regions included, and only if free of
effects, or if all that they may do besides is to raise: an equal one before them would have.
"""

from __future__ import annotations

from collections.abc import Hashable

from fleet.ir.core import Block, Operation
from fleet.ir.definition import ISOLATED, RAISES, READS, TERMINATOR
from fleet.ir.effects import Effects
from fleet.ir.passes import register_pass
from fleet.ir.structure import structural_key


@register_pass("cse", "merge equal operations")
def run(module: Operation) -> None:
    """Merge equal operations everywhere inside the operation."""
    effects = Effects()
    for region in module.regions:
        for block in region.blocks:
            _block(block, {}, effects)


def _block(block: Block, outer: dict[Hashable, Operation], effects: Effects) -> None:
    known: dict[Hashable, Operation] = {}
    loads: dict[Hashable, Operation] = {}
    for operation in block:
        inner = {} if operation.has_trait(ISOLATED) else _Chain(known, outer)
        for region in operation.regions:
            for nested in region.blocks:
                _block(nested, inner, effects)
        if operation.has_trait(TERMINATOR) or not operation.results:
            if not operation.has_trait(TERMINATOR) and not effects.is_removable(operation):
                loads.clear()
            continue
        if operation.has_trait(READS):
            table = loads
        elif operation.has_trait(RAISES) or effects.is_pure(operation):
            table = known
        else:
            loads.clear()
            continue
        key = structural_key(operation)
        equal = table.get(key) or (outer.get(key) if table is known else None)
        if equal is None:
            table[key] = operation
        else:
            operation.replace_with(equal.results)


class _Chain:
    """Lookup in this level's table, then in the outer ones."""

    def __init__(self, own: dict[Hashable, Operation], outer: dict[Hashable, Operation]) -> None:
        self.own = own
        self.outer = outer

    def get(self, key: Hashable) -> Operation | None:
        return self.own.get(key) or self.outer.get(key)
