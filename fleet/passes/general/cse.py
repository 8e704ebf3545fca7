"""`cse`: common subexpression elimination. Of equal operations the first that dominates remains.

In: any IR. Out: the same without an operation whose equal was computed before it on every path.
The one idea: one hash table, from which a block's entries are taken again at its end, so that
dominance is given by the nesting; operations are compared by structure, regions included, and only
if free of effects, or if all that they may do besides is to raise: an equal one before them would
have. Regions are compared only where all else is equal, and whether they have effects is known from
inside out, so that deep nesting costs what it holds.
"""

from __future__ import annotations

from collections.abc import Hashable

from fleet.ir.analysis.dominance import dominator_tree
from fleet.ir.analysis.effects import NONE, READ, WRITE, Effects
from fleet.ir.core import Block, Operation, Region
from fleet.ir.definition import ISOLATED, RECURSIVE, TERMINATOR
from fleet.ir.rewriting.journal import journal_of
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.structure import shallow_key, structural_key
from fleet.ir.watch import applied, count, may_apply

Known = dict[Hashable, Operation]
"""Operations that dominate the current place, by shallow key; those with regions by structural key
where another has the shallow one."""


@register_pass("cse", "merge equal operations")
def run(module: Operation) -> bool:
    """Merge equal operations everywhere inside the operation."""
    effects = Effects()
    merged: list[Operation] = []
    for region in module.regions:
        _region(region, {}, effects, merged)
    return bool(merged)


def _region(region: Region, known: Known, effects: Effects, merged: list[Operation]) -> int:
    """Merge in a region; what its operations may do.

    Of several blocks, what a block computes is known in those that it dominates.
    """
    if len(region.blocks) == 1:
        effect, own = _block(region.blocks[0], known, effects, merged)
        for key in own:
            del known[key]
        return effect
    if not region.blocks:
        return NONE
    dominated = dominator_tree(region)
    all_effects = NONE
    ways = [iter(region.blocks[:1])]
    entered: list[list[Hashable]] = []
    while ways:
        block = next(ways[-1], None)
        if block is None:
            ways.pop()
            for key in entered.pop() if entered else ():
                del known[key]
            continue
        effect, own = _block(block, known, effects, merged)
        all_effects |= effect
        entered.append(own)
        ways.append(iter(dominated[block]))
    return all_effects


def _block(
    block: Block, known: Known, effects: Effects, merged: list[Operation]
) -> tuple[int, list[Hashable]]:
    """Merge in a block, and list what was merged: what its operations may do, and what is known
    from now on."""
    own: list[Hashable] = []
    loads: Known = {}
    all_effects = NONE
    for operation in block:
        inner = {} if operation.has_trait(ISOLATED) else known
        inside = NONE
        for region in operation.regions:
            inside |= _region(region, inner, effects, merged)
        if operation.has_trait(TERMINATOR):
            continue
        effect = inside if operation.has_trait(RECURSIVE) else effects.of(operation)
        all_effects |= effect
        if effect & WRITE:
            loads.clear()
            continue
        if not operation.results:
            continue
        table = loads if effect & READ else known
        key = shallow_key(operation)
        equal = table.get(key)
        if equal is not None and operation.regions:
            keys = {structural_key(equal): equal}
            key = structural_key(operation)
            equal = keys.get(key) or table.get(key)
        if equal is not None and not may_apply():
            continue
        if equal is not None:
            applied("equal", operation.name, operation.location)
            journal = journal_of(operation)
            results = operation.results
            operation.replace_with(equal.results)
            merged.append(operation)
            if journal is not None:
                for result, other in zip(results, equal.results, strict=True):
                    journal.replaced(result, other)
                journal.applied("equal")
            count("equal operations merged")
            continue
        table[key] = operation
        if table is known:
            own.append(key)
    return all_effects, own
