"""The line numbers of an `Object` as DWARF sections with relocations.

In: an object whose sections have `lines`. Out: the same with .debug_line, .debug_info and what
these need, so that every linker, ours included, joins them as it joins any other sections.
"""

from __future__ import annotations

import struct
from dataclasses import replace

from fleet.asm.dwarf import (
    HIGH_PC_AT,
    LOW_PC_AT,
    STMT_LIST_AT,
    Row,
    line_section,
    unit_sections,
)
from fleet.asm.objects import SHF_EXECINSTR, Object, R, Relocation, Section, Symbol

ABBREVIATIONS_AT = 6  # in the header of .debug_info


def with_debug_sections(unit: Object, directory: str = "") -> Object:
    """The object with DWARF sections instead of `lines`; itself if it has no lines.

    directory: what relative names of source files are relative to.
    """
    code = [
        (index, section)
        for index, section in enumerate(unit.sections)
        if section.lines and section.flags & SHF_EXECINSTR
    ]
    if not code:
        return unit
    symbols = list(unit.symbols)
    section_symbols: dict[int, int] = {}

    def address(section: int, offset: int, type_: R, addend: int) -> Relocation:
        """A relocation to a place in a section."""
        index = section_symbols.setdefault(section, len(symbols))
        if index == len(symbols):
            symbols.append(Symbol("", section, kind="section"))
        return Relocation(offset, type_, index, addend)

    sequences = []
    for _, section in code:
        rows = [Row(n.offset, unit.files[n.file], n.line, n.column) for n in section.lines]
        sequences.append((rows, section.size))
    data, places = line_section(sequences)
    first, only = code[0][0], len(code) == 1
    info, abbreviations = unit_sections(
        unit.file, directory, 0, code[0][1].size if only else 0, ranges=not only
    )
    count = len(unit.sections)
    lines = Section(".debug_line", data=data, size=len(data))
    for place, (index, _), (rows, _) in zip(places, code, sequences, strict=True):
        lines.relocations.append(address(index, place, R.R64, rows[0].address))
    abbrev = Section(".debug_abbrev", data=abbreviations, size=len(abbreviations))
    unit_info = Section(".debug_info", data=info, size=len(info))
    unit_info.relocations = [
        address(count + 1, ABBREVIATIONS_AT, R.R32, 0),
        address(first, LOW_PC_AT, R.R64, 0),
        address(count, STMT_LIST_AT if only else HIGH_PC_AT + 4, R.R32, 0),
    ]
    more = [lines, abbrev, unit_info]
    if not only:
        ranges = Section(".debug_ranges")
        # Low and high of each section, relative to the unit's lowest address as that is zero.
        unit_info.relocations[1:2] = [address(count + 3, HIGH_PC_AT, R.R32, 0)]
        for number, (index, section) in enumerate(code):
            ranges.relocations += [
                address(index, 16 * number, R.R64, 0),
                address(index, 16 * number + 8, R.R64, section.size),
            ]
        ranges.data = struct.pack("<QQ", 0, 0) * (len(code) + 1)
        ranges.size = len(ranges.data)
        more.append(ranges)
    bare = [replace(section, lines=[]) for section in unit.sections]
    return replace(unit, sections=bare + more, symbols=symbols)
