"""`canonicalize`: fold constants, apply every operation's simplifications, drop what is unused."""

from __future__ import annotations

from fleet.dialects.cf_patterns import simplify_blocks
from fleet.ir.core import Operation
from fleet.ir.passes import register_pass
from fleet.ir.rewriter import rewrite


@register_pass(
    "canonicalize", "fold constants and apply every operation's canonicalisation patterns"
)
def run(module: Operation) -> None:
    """Array arithmetic is never folded: see the `fold` hooks of the dialects."""
    rewrite(module, canonical=True)
    while _simplify_blocks(module):  # fewer blocks let operations simplify, and the other way round
        rewrite(module, canonical=True)


def _simplify_blocks(module: Operation) -> bool:
    regions = [region for operation in module.walk() for region in operation.regions]
    changed = [simplify_blocks(region) for region in regions if len(region.blocks) > 1]
    return any(changed)
