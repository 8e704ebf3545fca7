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

from fleet.ir.core import Block, Operation, Region
from fleet.ir.definition import ISOLATED, RAISES, READS, RECURSIVE, TERMINATOR
from fleet.ir.dominance import dominator_tree
from fleet.ir.effects import Effects
from fleet.ir.journal import journal_of
from fleet.ir.passes import register_pass
from fleet.ir.structure import shallow_key, structural_key
from fleet.ir.watch import applied, count, may_apply

Known = dict[Hashable, Operation]
"""Operations that dominate the current place, by shallow key; those with regions by structural key
where another has the shallow one."""


@register_pass("cse", "merge equal operations")
def run(module: Operation) -> None:
    """Merge equal operations everywhere inside the operation."""
    effects = Effects()
    for region in module.regions:
        _region(region, {}, effects)


def _region(region: Region, known: Known, effects: Effects) -> bool:
    """Merge in a region; whether what is left of it has no effects.

    Of several blocks, what a block computes is known in those that it dominates.
    """
    if len(region.blocks) == 1:
        pure, own = _block(region.blocks[0], known, effects)
        for key in own:
            del known[key]
        return pure
    if not region.blocks:
        return True
    dominated = dominator_tree(region)
    all_pure = True
    ways = [iter(region.blocks[:1])]
    entered: list[list[Hashable]] = []
    while ways:
        block = next(ways[-1], None)
        if block is None:
            ways.pop()
            for key in entered.pop() if entered else ():
                del known[key]
            continue
        pure, own = _block(block, known, effects)
        all_pure = all_pure and pure
        entered.append(own)
        ways.append(iter(dominated[block]))
    return all_pure


def _block(block: Block, known: Known, effects: Effects) -> tuple[bool, list[Hashable]]:
    """Merge in a block: whether what is left has no effects, and what is known from now on."""
    own: list[Hashable] = []
    loads: Known = {}
    all_pure = True
    for operation in block:
        inner = {} if operation.has_trait(ISOLATED) else known
        pure_inside = True
        for region in operation.regions:
            pure_inside = _region(region, inner, effects) and pure_inside
        if operation.has_trait(TERMINATOR):
            continue
        pure = pure_inside if operation.has_trait(RECURSIVE) else effects.is_pure(operation)
        all_pure = all_pure and pure
        if operation.results and operation.has_trait(READS):
            table = loads
        elif operation.results and (pure or operation.has_trait(RAISES)):
            table = known
        else:
            if not pure and (operation.results or not operation.has_trait(READS)):
                loads.clear()
            continue
        key = shallow_key(operation)
        equal = table.get(key)
        if equal is not None and operation.regions:
            keys = {structural_key(equal): equal}
            key = structural_key(operation)
            equal = keys.get(key) or table.get(key)
        if equal is not None and may_apply():
            applied("equal", operation.name, operation.location)
            journal = journal_of(operation)
            results = operation.results
            operation.replace_with(equal.results)
            if journal is not None:
                for result, other in zip(results, equal.results, strict=True):
                    journal.replaced(result, other)
                journal.applied("equal")
            count("equal operations merged")
            continue
        table[key] = operation
        if table is known:
            own.append(key)
    return all_pure, own
