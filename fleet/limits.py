"""What evaluating a program may read and take: said on the command line."""

from __future__ import annotations

from dataclasses import dataclass

STEPS = 10_000_000
"""Statements and iterations; some tens of seconds."""


@dataclass(frozen=True)
class Limits:
    """folders: where files may be read, besides the program's own folder; steps: how many
    statements and iterations may be evaluated while the program is compiled."""

    folders: tuple[str, ...] = ()
    steps: int = STEPS


DEFAULT = Limits()
