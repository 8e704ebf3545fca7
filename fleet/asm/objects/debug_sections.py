"""The line numbers of an `Object` as DWARF sections with relocations.

In: an object whose sections have `lines`. Out: the same with .debug_line and, where a compiler has
not written .debug_info, that and what it needs, so that every linker, ours included, joins them as
it joins any other sections.
"""

from __future__ import annotations

import struct
from dataclasses import replace

from fleet.asm.objects.dwarf import (
    HIGH_PC_AT,
    LOW_PC_AT,
    STMT_LIST_AT,
    Place,
    line_section,
    unit_sections,
)
from fleet.asm.objects.model import (
    SHF_EXECINSTR,
    Object,
    R,
    Relocation,
    Section,
    SourceFile,
    Symbol,
)
from fleet.diagnostics import FleetError

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
    files = _files(unit)
    symbols = list(unit.symbols)
    section_symbols: dict[int, int] = {}

    def address(section: int, offset: int, type_: R, addend: int) -> Relocation:
        """A relocation to a place in a section."""
        index = section_symbols.setdefault(section, len(symbols))
        if index == len(symbols):
            symbols.append(Symbol("", section, kind="section"))
        return Relocation(offset, type_, index, addend)

    sequences = [
        ([Place(n.offset, files[n.file].number, n.line, n.column, n.is_stmt, n.basic_block,
                n.prologue_end, n.epilogue_begin, n.isa, n.discriminator) for n in section.lines],
         section.size)
        for _, section in code
    ]  # fmt: skip
    data, places = line_section(sequences, files)
    bare = [replace(section, lines=[]) for section in unit.sections]
    present = {section.name: index for index, section in enumerate(bare)}
    lines = Section(".debug_line")
    count = present.get(lines.name, len(bare))
    if count < len(bare):  # a compiler's own, which only says where the lines are to go
        lines = bare[count] = replace(bare[count], relocations=[])
        if lines.size:
            message = f"{unit.file} has .loc, and a .debug_line that is written by hand"
            raise FleetError(message)
    else:
        bare.append(lines)
    lines.data, lines.size = data, len(data)
    for place, (index, _), (rows, _) in zip(places, code, sequences, strict=True):
        lines.relocations.append(address(index, place, R.R64, rows[0].address))
    if ".debug_info" in present:
        return replace(unit, sections=bare, symbols=symbols)
    first, only = code[0][0], len(code) == 1
    info, abbreviations = unit_sections(
        unit.file, directory, 0, code[0][1].size if only else 0, ranges=not only
    )
    start = len(bare)
    abbrev = Section(".debug_abbrev", data=abbreviations, size=len(abbreviations))
    unit_info = Section(".debug_info", data=info, size=len(info))
    unit_info.relocations = [
        address(start, ABBREVIATIONS_AT, R.R32, 0),
        address(first, LOW_PC_AT, R.R64, 0),
        address(count, STMT_LIST_AT if only else HIGH_PC_AT + 4, R.R32, 0),
    ]
    bare += [abbrev, unit_info]
    if not only:
        ranges = Section(".debug_ranges")
        # Low and high of each section, relative to the unit's lowest address as that is zero.
        unit_info.relocations[1:2] = [address(start + 2, HIGH_PC_AT, R.R32, 0)]
        for number, (index, section) in enumerate(code):
            ranges.relocations += [
                address(index, 16 * number, R.R64, 0),
                address(index, 16 * number + 8, R.R64, section.size),
            ]
        ranges.data = struct.pack("<QQ", 0, 0) * (len(code) + 1)
        ranges.size = len(ranges.data)
        bare.append(ranges)
    return replace(unit, sections=bare, symbols=symbols)


def _files(unit: Object) -> list[SourceFile]:
    """The files of the object's lines, numbered as `.file` has it or in order."""
    if unit.sources:
        return unit.sources
    return [SourceFile(number, "", name) for number, name in enumerate(unit.files, 1)]
