"""`canonicalize`: fold constants, apply every operation's simplifications, drop what is unused."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.dialects.cf.patterns import simplify_blocks
from fleet.dialects.folding import arrays
from fleet.ir.core import Operation
from fleet.ir.rewriting.journal import traced
from fleet.ir.rewriting.passes import option, register_pass
from fleet.ir.rewriting.rewriter import rewrite
from fleet.ir.watch import may_apply


@dataclass(frozen=True)
class Options:
    top_down: bool = option(True, "begin with the first operation, not with the last")
    max_num_rewrites: int = option(-1, "stop after so many rewrites; -1 for at the fixpoint")
    fold_arrays: bool = option(True, "compute arithmetic on constant arrays, too")


@register_pass(
    "canonicalize", "fold constants and apply every operation's canonicalisation patterns", Options
)
def run(module: Operation, options: Options) -> bool:
    """Simplify to the fixpoint."""
    most = None if options.max_num_rewrites < 0 else options.max_num_rewrites
    with arrays(options.fold_arrays):
        changed = rewrite(module, canonical=True, top_down=options.top_down, most=most)
        while most is None and _simplify_blocks(module):  # fewer blocks let operations simplify
            rewrite(module, canonical=True, top_down=options.top_down)
            changed = True
    return changed


def _simplify_blocks(module: Operation) -> bool:
    regions = [region for operation in module.walk() for region in operation.regions]
    changed = False
    for region in regions:
        if len(region.blocks) > 1 and region.parent is not None and may_apply():
            with traced("blocks that need not be", region.parent, region.parent):
                changed = simplify_blocks(region) or changed
    return changed
