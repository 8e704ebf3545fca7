"""What the command line says of how a program is evaluated and compiled."""

from __future__ import annotations

from dataclasses import dataclass

RECURSION = 1000
"""Python's own recursion limit: frames on top of each other, the module's among them."""
DEEPEST = 10_000
"""Calls for which there is room, whatever limit a program sets."""
MOST_LEVELS = 1 << 20
"""Calls of a recursion that became a loop: it keeps them in memory."""

STEPS = 10_000_000
"""Statements and iterations, and fifty for an emitted operation; some tens of seconds."""


@dataclass(frozen=True)
class Limits:
    """folders: where files may be read, besides the program's own folder; steps: how many
    statements and iterations may be evaluated while the program is compiled, and operations, at
    fifty steps each, be emitted; fast_sums: whether sums of floats may be added up in any order,
    and so have other last digits than NumPy's; march: the profile of the machines that kernels are
    for, "" for RV64GCV."""

    folders: tuple[str, ...] = ()
    steps: int = STEPS
    fast_sums: bool = False
    march: str = ""


DEFAULT = Limits()
