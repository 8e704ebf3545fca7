"""`canonicalize`: fold constants, apply every operation's simplifications, drop what is unused."""

from __future__ import annotations

from fleet.ir.core import Operation
from fleet.ir.passes import register_pass
from fleet.ir.rewriter import rewrite


@register_pass(
    "canonicalize", "fold constants and apply every operation's canonicalisation patterns"
)
def run(module: Operation) -> None:
    """Array arithmetic is never folded: see the `fold` hooks of the dialects."""
    rewrite(module, canonical=True)
