"""What the dynamic linker knows of an ELF file: symbols, versions, the linkage table.

In: an `ElfFile`. Out: names of addresses that have none in .symtab: `printf@plt`, an entry of the
procedure linkage table, and `printf@GLIBC_2.27`, a place that the dynamic linker fills in.
"""

from __future__ import annotations

import struct
from dataclasses import replace

from fleet.asm.elf import ET_DYN, ET_EXEC, SHN_UNDEF, SHT_RELA, ElfFile, ElfSymbol
from fleet.asm.objects import SHF_ALLOC

PLT_HEADER, PLT_ENTRY = 32, 16  # bytes, psABI
JUMP_SLOT = 5  # the relocation that fills the entry of a function
VERNEED = struct.Struct("<HHIII")  # version, count, file, first, next
VERNAUX = struct.Struct("<IHHII")  # hash, flags, number, name, next


def dynamic_symbols(file: ElfFile) -> list[ElfSymbol]:
    """What a stripped file still has: the symbols that the dynamic linker needs."""
    section = file.section(".dynsym")
    return file.symbols_of(section)[1:] if section is not None else []


def versioned_symbols(file: ElfFile) -> list[ElfSymbol]:
    """The same with the versions that they need: `printf@GLIBC_2.27`."""
    symbols, versions = dynamic_symbols(file), version_names(file)
    for number, version in versions.items():
        if 0 < number <= len(symbols):
            symbol = symbols[number - 1]
            joint = "@" if symbol.section == SHN_UNDEF else "@@"
            symbols[number - 1] = replace(symbol, name=f"{symbol.name}{joint}{version}")
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


def version_names(file: ElfFile) -> dict[int, str]:
    """The version of each dynamic symbol that needs one, by its number."""
    of_symbols, needed = file.section(".gnu.version"), file.section(".gnu.version_r")
    if of_symbols is None or needed is None:
        return {}
    names = {1: "Base"}  # number 1 stands for a symbol without version
    data = bytes(file.data(needed))
    try:
        at = 0
        for _ in range(len(data) // VERNEED.size):
            _, count, _, first, following = VERNEED.unpack_from(data, at)
            entry = at + first
            for _ in range(min(count, len(data) // VERNAUX.size)):
                _, _, number, name, step = VERNAUX.unpack_from(data, entry)
                names[number] = file.string(needed.link, name)
                entry += step
            if not following:
                break
            at += following
    except struct.error:
        file.damaged("its table of versions is cut off")
    numbers = memoryview(bytes(file.data(of_symbols))[: of_symbols.size & ~1]).cast("H")
    return {index: names[n & 0x7FFF] for index, n in enumerate(numbers) if n & 0x7FFF in names}
