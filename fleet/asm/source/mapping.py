"""Mapping symbols: where code and where data begins in a section, for disassemblers.

In: the marks that a section gets while it is assembled. Out: symbols as the psABI names them, `$x`
and `$d`, at offsets of the finished section. As GNU as has it, the first code of a section and
code behind a change of the architecture say which that is: `$xrv64i2p1_m2p0`. The one idea: a mark
is made only where the kind changes, so that the assembler's quick ways, each for one kind, need
not know of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

CODE, DATA = "$x", "$d"
ANYTHING, NOTHING = "anything", ""
"""What a section can be given next without a mark, when that is not one of the above."""


class Mark(NamedTuple):
    """From this place on there is code or data; a place is as `sections` has it."""

    position: int
    growths: int
    name: str


def mapping_symbols(
    marks: list[tuple[int, str]], odd: list[int], size: int
) -> Iterator[tuple[int, str]]:
    """Offsets and names of the symbols of a section; of those at one place the last one counts.

    marks: offsets and names in the order of the text.
    odd:   where the padding of code begins with a byte that can be no instruction.
    """
    ordered = [(offset, False, name) for offset, name in marks]
    ordered += [(offset, True, DATA) for offset in odd]
    ordered.sort(key=lambda mark: mark[:2])
    found: dict[int, str] = {}
    code: dict[int, str] = {}  # the best name for code at an offset, should there be some
    for offset, is_odd, name in ordered:
        if name.startswith(CODE):
            name = code[offset] = code.get(offset, name) if name == CODE else name
        found[offset] = name
        if is_odd:
            found[offset + 1] = code[offset + 1] = code.pop(offset, CODE)
    return ((offset, name) for offset, name in found.items() if offset < size)
