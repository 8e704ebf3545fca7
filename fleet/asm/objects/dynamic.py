"""What the dynamic linker knows of an ELF file: symbols, versions, the linkage table.

In: an `ElfFile`. Out: names of addresses that have none in .symtab: `printf@plt`, an entry of the
procedure linkage table, and `printf@GLIBC_2.27`, a place that the dynamic linker fills in.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from fleet.asm.objects.elf import (
    ET_DYN,
    ET_EXEC,
    SHN_UNDEF,
    SHT_RELA,
    ElfFile,
    ElfSection,
    ElfSymbol,
)
from fleet.asm.objects.model import SHF_ALLOC

PLT_HEADER, PLT_ENTRY = 32, 16  # bytes, psABI
JUMP_SLOT = 5  # the relocation that fills the entry of a function
VERNEED = struct.Struct("<HHIII")  # version, count, file, first, next
VERNAUX = struct.Struct("<IHHII")  # hash, flags, number, name, next
VERDEF = struct.Struct("<HHHHIII")  # version, flags, number, count, hash, first, next
VERDAUX = struct.Struct("<II")  # name, next
BASE, HIDDEN = 1, 0x8000  # the number of no version, and the mark of one that is not the default


def dynamic_symbols(file: ElfFile) -> list[ElfSymbol]:
    """What a stripped file still has: the symbols that the dynamic linker needs."""
    section = file.section(".dynsym")
    return file.symbols_of(section)[1:] if section is not None else []


def versioned_symbols(file: ElfFile) -> list[ElfSymbol]:
    """The same with their versions: `printf@GLIBC_2.27`, with `@@` a default of this file."""
    symbols = dynamic_symbols(file)
    names = version_names(file)
    for index, (number, symbol) in enumerate(zip(version_numbers(file)[1:], symbols, strict=False)):
        version = names.get(number & ~HIDDEN)
        if version is not None:
            hidden = symbol.section == SHN_UNDEF or number & HIDDEN
            name = f"{symbol.name}{'@' if hidden else '@@'}{version}"
            symbols[index] = symbol._replace(name=name)
    return symbols


def linkage_symbols(file: ElfFile) -> list[ElfSymbol]:
    """`printf@plt`: names of the entries of the procedure linkage table."""
    plt, slots = file.section(".plt"), file.section(".rela.plt")
    if plt is None or slots is None or file.type not in (ET_DYN, ET_EXEC):
        return []
    named = dynamic_symbols(file)
    number = file.sections.index(plt)
    found = []
    address = plt.address + PLT_HEADER
    for relocation in file.relocations_of(slots):
        if relocation.type == JUMP_SLOT and 0 < relocation.symbol <= len(named):
            name = named[relocation.symbol - 1].name
            found.append(ElfSymbol(f"{name}@plt", address, 0, "notype", "global", number))
        address += PLT_ENTRY
    return found


def filled_places(file: ElfFile) -> dict[int, ElfSymbol]:
    """Address of each place that the dynamic linker fills in -> the symbol, with its version."""
    named = versioned_symbols(file)
    places: dict[int, ElfSymbol] = {}
    for section in file.sections if named else ():
        if section.type == SHT_RELA and section.flags & SHF_ALLOC:
            for relocation in file.relocations_of(section):
                if 0 < relocation.symbol <= len(named):
                    places.setdefault(relocation.offset, named[relocation.symbol - 1])
    return places


class Version(NamedTuple):
    """A version that a file defines, or needs of another file.

    parents: of one that is defined, the versions that it comes after.
    places:  offsets in the section: of its entry and of those of its parents; of one that is
             needed, of its file's entry and its own.
    """

    name: str
    number: int
    flags: int
    places: tuple[int, ...]
    file: str = ""
    parents: tuple[str, ...] = ()


def version_numbers(file: ElfFile) -> list[int]:
    """The number of the version of each dynamic symbol, the empty first one included."""
    section = file.section(".gnu.version")
    if section is None:
        return []
    return list(memoryview(bytes(file.data(section)[: section.size & ~1])).cast("H"))


def defined_versions(file: ElfFile, section: ElfSection) -> Iterator[Version]:
    """The versions in a section of type VERDEF."""
    data = bytes(file.data(section))
    try:
        at = 0
        for _ in range(len(data) // VERDEF.size):
            _, flags, number, count, _, first, following = VERDEF.unpack_from(data, at)
            names, entry, places = [], at + first, [at]
            for _ in range(min(count, len(data) // VERDAUX.size)):
                name, step = VERDAUX.unpack_from(data, entry)
                names.append(file.string(section.link, name))
                if len(names) > 1:
                    places.append(entry)
                entry += step
            if names:
                yield Version(names[0], number, flags, tuple(places), "", tuple(names[1:]))
            if not following:
                break
            at += following
    except struct.error:
        file.damaged("its table of versions is cut off")


def needed_versions(file: ElfFile, section: ElfSection) -> Iterator[Version]:
    """The versions in a section of type VERNEED."""
    data = bytes(file.data(section))
    try:
        at = 0
        for _ in range(len(data) // VERNEED.size):
            _, count, library, first, following = VERNEED.unpack_from(data, at)
            library_name, entry = file.string(section.link, library), at + first
            for _ in range(min(count, len(data) // VERNAUX.size)):
                _, flags, number, name, step = VERNAUX.unpack_from(data, entry)
                version = file.string(section.link, name)
                yield Version(version, number, flags, (at, entry), library_name)
                entry += step
            if not following:
                break
            at += following
    except struct.error:
        file.damaged("its table of versions is cut off")


def version_names(file: ElfFile) -> dict[int, str]:
    """The names of the versions in a file, by number; none in a file without versions."""
    needed, defined = file.section(".gnu.version_r"), file.section(".gnu.version_d")
    names: dict[int, str] = {}
    if needed is not None:
        for version in needed_versions(file, needed):
            names[version.number & ~HIDDEN] = version.name
    if defined is not None:
        for version in defined_versions(file, defined):
            names[version.number & ~HIDDEN] = version.name
    if needed is not None or defined is not None:
        names[BASE] = "Base"
    return names
