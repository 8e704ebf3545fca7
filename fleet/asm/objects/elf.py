"""ELF files: the format's constants, and a reader that looks at headers alone.

In: a file. Out: an `ElfFile` with segments, sections and symbols; contents are views of a memory
map, so opening a file of gigabytes costs as little as a small one. The one idea: every number in
the file is a claim; it is checked against the file's size before anything follows it, and a false
one is a FleetError.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from fleet.asm.objects.model import SHT_NOBITS
from fleet.diagnostics import FleetError

EHDR = struct.Struct("<16sHHIQQQIHHHHHH")
PHDR = struct.Struct("<IIQQQQQQ")
SHDR = struct.Struct("<IIQQQQIIQQ")
SYM = struct.Struct("<IBBHQQ")
RELA = struct.Struct("<QIIq")  # r_info as its halves: type, symbol

ET_REL, ET_EXEC, ET_DYN = 1, 2, 3
EM_RISCV = 243
PT_LOAD, PT_INTERP, PT_TLS, PT_GNU_STACK, PT_RISCV_ATTRIBUTES = 1, 3, 7, 0x6474E551, 0x70000003
PF_X, PF_W, PF_R = 1, 2, 4
SHT_SYMTAB, SHT_STRTAB, SHT_RELA, SHT_REL, SHT_DYNSYM, SHT_GROUP = 2, 3, 4, 9, 11, 17
SHN_UNDEF, SHN_LORESERVE, SHN_ABS = 0, 0xFF00, 0xFFF1

STB = {"local": 0, "global": 1, "weak": 2}
STT = {
    "notype": 0, "object": 1, "func": 2, "section": 3, "file": 4, "common": 5, "tls": 6,
    "ifunc": 10,
}  # fmt: skip
STV = {"default": 0, "internal": 1, "hidden": 2, "protected": 3}
STB_NAMES = {number: name for name, number in STB.items()}
STT_NAMES = {number: name for name, number in STT.items()}
STV_NAMES = {number: name for name, number in STV.items()}

ADDRESS_LIMIT = 1 << 47  # user addresses of a process
LONGEST_NAME = 1 << 16


@dataclass(frozen=True, slots=True)
class ElfSegment:
    type: int
    flags: int
    offset: int
    address: int
    file_size: int
    memory_size: int
    align: int
    physical: int = 0


@dataclass(frozen=True, slots=True)
class ElfSection:
    name: str
    type: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    align: int
    entry_size: int


class ElfSymbol(NamedTuple):
    name: str
    address: int
    size: int
    kind: str
    binding: str
    section: int
    visibility: str = "default"


class ElfRelocation(NamedTuple):
    """symbol: index into the symbol table, 0 for none."""

    offset: int
    type: int
    symbol: int
    addend: int


@dataclass
class ElfFile:
    """A RISC-V ELF64 file. `data(section)` is a view into the file, valid while this lives.

    base: where it is, if it was moved: in segments, `symbols` and the entry it is counted already
    """

    path: str
    view: memoryview
    type: int
    flags: int
    entry: int
    segments: list[ElfSegment] = field(default_factory=list)
    sections: list[ElfSection] = field(default_factory=list)
    base: int = 0

    def at(self, base: int) -> ElfFile:
        """The same file, all of it moved up by `base`."""
        segments = [replace(segment, address=segment.address + base) for segment in self.segments]
        return replace(self, entry=self.entry + base, segments=segments, base=base)

    def section(self, name: str) -> ElfSection | None:
        """The first section with this name, None if there is none."""
        for section in self.sections:
            if section.name == name:
                return section
        return None

    def data(self, section: ElfSection) -> memoryview:
        """The bytes of a section in the file; none for .bss."""
        if section.type == SHT_NOBITS:
            return self.view[:0]
        return self.view[section.offset : section.offset + section.size]

    def segment_data(self, segment: ElfSegment) -> memoryview:
        return self.view[segment.offset : segment.offset + segment.file_size]

    @property
    def loads(self) -> list[ElfSegment]:
        return [segment for segment in self.segments if segment.type == PT_LOAD]

    def string(self, table: int, offset: int) -> str:
        """A string of a string table section."""
        section = self._table(table, SHT_STRTAB)
        start = section.offset + offset
        end = section.offset + section.size
        if not 0 <= offset < section.size:
            self.damaged("a name lies outside its table")
        window = bytes(self.view[start : min(end, start + 65536)])
        stop = window.find(0)
        if stop < 0:
            self.damaged("a name has no end")
        return window[:stop].decode("utf-8", "surrogateescape")

    def _table(self, index: int, type_: int) -> ElfSection:
        if not 0 < index < len(self.sections) or self.sections[index].type != type_:
            self.damaged(f"section {index} is not what it should be")
        return self.sections[index]

    @cached_property
    def symbols(self) -> list[ElfSymbol]:
        """The symbols of .symtab, without the empty first one; none if it is stripped."""
        for section in self.sections:
            if section.type == SHT_SYMTAB:
                symbols = self.symbols_of(section)[1:]
                return [self._moved(symbol) for symbol in symbols] if self.base else symbols
        return []

    def _moved(self, symbol: ElfSymbol) -> ElfSymbol:
        if symbol.section in (SHN_UNDEF, SHN_ABS) or symbol.kind == "tls":
            return symbol
        return symbol._replace(address=symbol.address + self.base)

    def symbols_of(self, section: ElfSection) -> list[ElfSymbol]:
        """The symbols of this symbol table, the empty first one included."""
        if section.entry_size != SYM.size or section.size % SYM.size:
            self.damaged("the symbol table has entries of a wrong size")
        result: list[ElfSymbol] = []
        strings = bytes(self.data(self._table(section.link, SHT_STRTAB)))
        for name, info, other, index, value, size in SYM.iter_unpack(self.data(section)):
            if name >= len(strings) and name:
                self.damaged("the name of a symbol lies outside its table")
            stop = strings.find(0, name, name + LONGEST_NAME)
            if stop < 0 and name + LONGEST_NAME < len(strings):
                self.damaged("the name of a symbol has no end")
            text = strings[name : stop if stop >= 0 else len(strings)]
            if SHN_LORESERVE > index >= len(self.sections):
                self.damaged("a symbol is in a section that does not exist")
            result.append(
                ElfSymbol(
                    text.decode("utf-8", "surrogateescape"), value, size,
                    STT_NAMES.get(info & 15, str(info & 15)),
                    STB_NAMES.get(info >> 4, str(info >> 4)), index, STV_NAMES[other & 3],
                )
            )  # fmt: skip
        return result

    def relocations_of(self, section: ElfSection) -> list[ElfRelocation]:
        """The relocations of a section of type SHT_RELA, whatever they are about."""
        return [ElfRelocation(*row) for row in self.relocation_rows(section)]

    def relocation_rows(self, section: ElfSection) -> Iterator[tuple[int, int, int, int]]:
        """The same as tuples: offset, type, symbol, addend."""
        if section.entry_size != RELA.size or section.size % RELA.size:
            self.damaged(f"{section.name} has entries of a wrong size")
        return RELA.iter_unpack(self.data(section))

    @cached_property
    def addresses(self) -> dict[str, int]:
        """Address of each defined symbol; of equal names the global one."""
        defined = [s for s in self.symbols if s.section != SHN_UNDEF and s.name]
        return {s.name: s.address for s in sorted(defined, key=lambda s: s.binding != "local")}

    def damaged(self, what: str) -> None:
        raise FleetError(f"{self.path} is damaged: {what}")


def map_file(path: str | Path) -> memoryview:
    """The bytes of a file, mapped; FleetError if it cannot be read or is empty."""
    path = str(path)
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size == 0:
                raise FleetError(f"{path} is empty")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FleetError(f"cannot read {path}: {reason}") from None


def read_elf(path: str | Path) -> ElfFile:
    """Open a RISC-V ELF64 file and check its headers; FleetError if it is none or damaged."""
    return parse_elf(map_file(path), str(path))


def parse_elf(view: memoryview, path: str = "<memory>") -> ElfFile:
    """The same for the bytes of a file."""
    total = len(view)
    if total < 4 or view[:4] != b"\x7fELF":
        raise FleetError(f"{path} is not an ELF file")
    if total < EHDR.size:
        raise FleetError(f"{path} is damaged: it ends within its header")
    (
        identification, type_, machine, version, entry, phoff, shoff, flags, ehsize,
        phentsize, phnum, shentsize, shnum, shstrndx,
    ) = EHDR.unpack_from(view)  # fmt: skip
    if identification[4:7] != bytes((2, 1, 1)) or version != 1:
        raise FleetError(f"{path} is not a 64-bit little-endian ELF file")
    if machine != EM_RISCV:
        raise FleetError(f"{path} is not for RISC-V (machine {machine})")
    file = ElfFile(path, view, type_, flags, entry)
    if type_ not in (ET_REL, ET_EXEC, ET_DYN):
        file.damaged(f"its type is {type_}")
    if ehsize != EHDR.size:
        file.damaged(f"its header has {ehsize} bytes")
    if phnum and (phentsize != PHDR.size or phoff < EHDR.size or phoff + phnum * PHDR.size > total):
        file.damaged("its program headers lie outside the file")
    if shnum and (shentsize != SHDR.size or shoff < EHDR.size or shoff + shnum * SHDR.size > total):
        file.damaged("its section headers lie outside the file")
    _read_segments(file, phoff, phnum)
    _read_sections(file, shoff, shnum, shstrndx)
    if type_ == ET_EXEC and not any(
        s.flags & PF_X and s.address <= entry < s.address + s.file_size for s in file.loads
    ):
        file.damaged("its entry is not in executable code")
    return file


def _read_segments(file: ElfFile, phoff: int, phnum: int) -> None:
    total = len(file.view)
    for number in range(phnum):
        type_, flags, offset, address, physical, file_size, memory_size, align = PHDR.unpack_from(
            file.view, phoff + number * PHDR.size
        )
        if file_size and offset + file_size > total:
            file.damaged(f"segment {number} lies outside the file")
        if type_ == PT_LOAD:
            if memory_size < file_size:
                file.damaged(f"segment {number} is larger in the file than in memory")
            if address + memory_size > ADDRESS_LIMIT:
                file.damaged(f"segment {number} lies outside the address space")
            if align & align - 1 or (align > 1 and (offset - address) % align):
                file.damaged(f"segment {number} is not aligned")
        file.segments.append(
            ElfSegment(type_, flags, offset, address, file_size, memory_size, align, physical)
        )
    loads = sorted(file.loads, key=lambda segment: segment.address)
    for below, above in zip(loads, loads[1:], strict=False):
        if below.address + below.memory_size > above.address:
            file.damaged("two segments overlap in memory")


def _read_sections(file: ElfFile, shoff: int, shnum: int, shstrndx: int) -> None:
    total = len(file.view)
    rows = []
    for number in range(shnum):
        row = SHDR.unpack_from(file.view, shoff + number * SHDR.size)
        _, type_, _, _, offset, size, _, _, _, _ = row
        if type_ not in (0, SHT_NOBITS) and offset + size > total:
            file.damaged(f"section {number} lies outside the file")
        rows.append(row)
    if not shnum:
        return
    if shstrndx >= shnum or rows[shstrndx][1] != SHT_STRTAB:
        file.damaged("it has no table of section names")
    start, size = rows[shstrndx][4], rows[shstrndx][5]
    names = bytes(file.view[start : start + min(size, 1 << 20)])
    for name, *rest in rows:
        stop = names.find(0, name)
        if name >= len(names) or stop < 0:
            file.damaged("the name of a section lies outside its table")
        file.sections.append(ElfSection(names[name:stop].decode("utf-8", "replace"), *rest))
