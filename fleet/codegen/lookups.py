"""The tables that kernels look things up in, in the executable: symbols, and their data.

In: the tables' names. Out: the symbol of each, and lines of assembly for those that kernels use.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fleet.asm.source.text import Line
from fleet.dialects.loop.tables import table

PREFIX = ".Ltable_"


def symbol_of(name: str) -> str:
    """The symbol of a table: an own one for each, of the file that uses it."""
    return PREFIX + name.replace(".", "_")


def lines_of(names: Iterable[str]) -> list[Line]:
    """Read-only data."""
    lines: list[Line] = []
    for name in names:
        words = table(name).view(np.int64).tolist()
        lines += [
            Line(".p2align", ("3",)), Line(labels=(symbol_of(name),)),
            *(Line(".dword", tuple(f"{word:#x}" if word >= 0 else str(word)
                                   for word in words[at : at + 4]))
              for at in range(0, len(words), 4)),
        ]  # fmt: skip
    return [Line(".section", (".rodata",)), *lines, Line(".text")] if lines else []
