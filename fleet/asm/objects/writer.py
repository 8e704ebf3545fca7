"""An `Object` -> an ELF relocatable file, a `.o`, which every linker for RISC-V can link.

The one idea: everything is a section. Groups, relocations, attributes, symbols and names become
sections behind the object's own, then headers are put around them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path

from fleet.asm.objects.attributes import RV64GCV, attributes_section
from fleet.asm.objects.debug_sections import with_debug_sections
from fleet.asm.objects.elf import (
    EHDR,
    EM_RISCV,
    ET_REL,
    RELA,
    SHDR,
    SHN_LORESERVE,
    SHN_UNDEF,
    SHT_GROUP,
    SHT_RELA,
    SHT_STRTAB,
    SHT_SYMTAB,
    STB,
    STT,
    STV,
    SYM,
)
from fleet.asm.objects.model import (
    SHF_GROUP,
    SHT_NOBITS,
    SHT_RISCV_ATTRIBUTES,
    Object,
    Section,
)
from fleet.asm.objects.strings import Strings
from fleet.diagnostics import FleetError
from fleet.files import write_whole

SHF_INFO_LINK = 0x40
VARIANT_CC = 0x80  # in st_other
WORD = (1 << 64) - 1
UNNAMED = ".L0 "
"""What GNU as calls a local symbol without a name, and GNU objdump therefore does not show."""
OWN_LABEL = ".L$"
"""Begins the names of labels that pseudo-instructions make."""


@dataclass(slots=True)
class _Part:
    """A section of the file with its links."""

    section: Section
    link: int = 0
    info: int = 0


def object_bytes(unit: Object, directory: str = "") -> bytes:
    """The file as bytes.

    directory: what relative names of source files are relative to, for debuggers.
    FleetError if it has more sections than ELF can number.
    """
    unit = with_debug_sections(unit, directory)
    groups = len(unit.groups)
    first = 1 + groups  # where the object's own sections begin
    with_relocations = [i for i, s in enumerate(unit.sections) if s.relocations]
    symtab = first + len(unit.sections) + len(with_relocations) + 1
    if symtab + 3 >= SHN_LORESERVE:
        raise FleetError(f"{unit.file} has {len(unit.sections)} sections, more than ELF can number")
    table, strings, locals_, numbers = _symbols(unit, first)
    grouped = {index for group in unit.groups for index in group.sections}
    parts = [_Part(Section("", 0, align=0))]
    for group in unit.groups:
        members = [first + index for index in group.sections]
        members += [
            first + len(unit.sections) + place
            for place, index in enumerate(with_relocations) if index in group.sections
        ]  # fmt: skip
        data = struct.pack(f"<{1 + len(members)}I", group.flags, *members)
        section = Section(".group", SHT_GROUP, 0, 4, data, len(data), 4)
        parts.append(_Part(section, symtab, numbers[group.signature]))
    for index, section in enumerate(unit.sections):
        flags = section.flags | SHF_GROUP if index in grouped else section.flags & ~SHF_GROUP
        link = 0 if section.linked is None else first + section.linked
        parts.append(_Part(replace(section, flags=flags), link))
    for index in with_relocations:
        section = unit.sections[index]
        data = b"".join(
            RELA.pack(r.offset, r.type, 0 if r.symbol is None else numbers[r.symbol],
                      (r.addend + (1 << 63) & WORD) - (1 << 63))
            for r in section.relocations
        )  # fmt: skip
        flags = SHF_INFO_LINK | (SHF_GROUP if index in grouped else 0)
        name = f".rela{section.name}"
        rela = Section(name, SHT_RELA, flags, 8, data, len(data), RELA.size)
        parts.append(_Part(rela, symtab, first + index))
    attributes = attributes_section(unit.arch or RV64GCV, unit.stack_align, unit.attributes)
    parts += [
        _Part(Section(".riscv.attributes", SHT_RISCV_ATTRIBUTES, 0, 1, attributes)),
        _Part(Section(".symtab", SHT_SYMTAB, 0, 8, table, 0, SYM.size), symtab + 1, locals_),
        _Part(Section(".strtab", SHT_STRTAB, 0, 1, strings)),
        _Part(Section(".shstrtab", SHT_STRTAB, 0, 1)),
    ]
    return _file(parts, unit.flags)


def _symbols(unit: Object, first: int) -> tuple[bytes, bytes, int, list[int]]:
    """(.symtab, .strtab, number of local symbols, which come first, new numbers of all)."""
    strings = Strings()
    order = sorted(range(len(unit.symbols)), key=lambda i: unit.symbols[i].binding != "local")
    numbers = [0] * len(order)
    rows = [bytes(SYM.size)]
    signatures = {group.signature: number for number, group in enumerate(unit.groups, 1)}
    for number, index in enumerate(order, 1):
        symbol = unit.symbols[index]
        numbers[index] = number
        place = symbol.section
        if place is None:  # what is local and not defined only names a group
            local = symbol.binding == "local"
            place = signatures.get(index, SHN_UNDEF) if local else SHN_UNDEF
        elif place < SHN_LORESERVE:
            place += first
        name = symbol.name
        if name.startswith(OWN_LABEL) or (not name and symbol.kind != "section"):
            name = UNNAMED
        info = STB[symbol.binding] << 4 | STT[symbol.kind]
        rows.append(
            SYM.pack(
                strings.add(name), info,
                STV[symbol.visibility] | (VARIANT_CC if symbol.variant_cc else 0), place,
                symbol.value & WORD, symbol.size & WORD,
            )
        )  # fmt: skip
    locals_ = 1 + sum(symbol.binding == "local" for symbol in unit.symbols)
    return b"".join(rows), bytes(strings.data), locals_, numbers


def _file(parts: list[_Part], flags: int) -> bytes:
    """Sections with headers around them; the last one becomes the table of their names."""
    names = Strings()
    offsets = [names.add(part.section.name) for part in parts]
    parts[-1].section.data = bytes(names.data)
    out = bytearray(EHDR.size)
    headers = []
    for part, name in zip(parts, offsets, strict=True):
        section = part.section
        data = section.data
        size = section.size if section.type == SHT_NOBITS else len(data)
        if section.type:
            out += bytes(-len(out) % min(max(section.align, 1), 16))
        offset = len(out) if section.type else 0
        out += data
        headers.append(
            SHDR.pack(
                name, section.type, section.flags, 0, offset, size, part.link, part.info,
                section.align, section.entry_size,
            )
        )  # fmt: skip
    out += bytes(-len(out) % 8)
    table = len(out)
    out += b"".join(headers)
    identification = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)
    EHDR.pack_into(
        out, 0, identification, ET_REL, EM_RISCV, 1, 0, 0, table, flags, EHDR.size, 0, 0,
        SHDR.size, len(parts), len(parts) - 1,
    )  # fmt: skip
    return bytes(out)


def write_object(path: str | Path, unit: Object, directory: str = "") -> int:
    """Write an object as a `.o` file; its size in bytes. FleetError if it cannot be."""
    data = object_bytes(unit, directory)
    return write_whole(path, lambda file: file.write(data))
