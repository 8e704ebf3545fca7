"""R_RISCV_ALIGN: padding of code that its assembler left as large as it can become.

In: an object of GNU as or clang that expects its linker to delete instructions (relaxation). Out:
an equal one with each padding just as long as it must be, and everything behind moved up. That is
right as long as the section starts at its own alignment, because such objects have relocations
for every distance within their code.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from fleet.asm.objects.model import Object, R, Relocation, Section
from fleet.diagnostics import FleetError

NOP, SHORT_NOP = bytes.fromhex("13000000"), bytes.fromhex("0100")

Place = Callable[[int], int]


def trim_padding(unit: Object) -> Object:
    """The object without ALIGN relocations; itself if it has none."""
    moves: dict[int, Place] = {}
    sections = []
    for index, section in enumerate(unit.sections):
        if any(r.type == R.ALIGN for r in section.relocations):
            section, moves[index] = _trim(unit, section)
        sections.append(section)
    if not moves:
        return unit
    symbols = []
    for symbol in unit.symbols:
        place = moves.get(symbol.section) if symbol.section is not None else None
        if place is not None:
            start = place(symbol.value)
            size = place(symbol.value + symbol.size) - start
            symbol = replace(symbol, value=start, size=size)
        symbols.append(symbol)
    return replace(unit, sections=sections, symbols=symbols)


def _trim(unit: Object, section: Section) -> tuple[Section, Place]:
    """The section with its padding as it must be, and where offsets in it have gone."""
    cuts: list[tuple[int, int]] = []  # where bytes are missing, in old offsets, and how many
    relocations: list[Relocation] = []
    parts: list[bytes | memoryview] = []
    data = memoryview(section.data)
    align, done, missing = section.align, 0, 0
    for relocation in sorted(section.relocations, key=lambda r: r.offset):
        offset, room = relocation.offset, relocation.addend
        if relocation.type != R.ALIGN:
            relocations.append(relocation)
            continue
        alignment = 1 << max(room, 0).bit_length()
        needed = -(offset - missing) % alignment
        if room < 0 or needed > room or offset < done or offset + room > len(data) or needed % 2:
            message = f"{unit.file}: padding at {section.name}+{offset:#x} cannot be made right"
            raise FleetError(message)
        parts += [data[done:offset], NOP * (needed // 4), SHORT_NOP * (needed % 4 // 2)]
        done = offset + room
        align = max(align, alignment)
        if room > needed:
            cuts.append((offset + needed, room - needed))
            missing += room - needed
    parts.append(data[done:])
    starts = [start for start, _ in cuts]
    totals = [0]
    for _, count in cuts:
        totals.append(totals[-1] + count)

    def place(offset: int) -> int:
        index = bisect_right(starts, offset)
        if index and offset < starts[index - 1] + cuts[index - 1][1]:  # within what is gone
            return starts[index - 1] - totals[index - 1]
        return offset - totals[index]

    joined = b"".join(parts)
    moved = [replace(r, offset=place(r.offset)) for r in relocations]
    lines = [replace(line, offset=place(line.offset)) for line in section.lines]
    result = replace(
        section, data=joined, size=len(joined), align=align, relocations=moved, lines=lines
    )
    return result, place
