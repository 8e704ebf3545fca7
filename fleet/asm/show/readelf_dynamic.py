"""What is in an ELF file for the dynamic linker and for tools, as text: dynamic section, versions
of symbols, notes.

In: an `ElfFile`. Out: the lines that GNU `readelf -dVnW` prints for the same.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from fleet.asm.objects.dynamic import (
    BASE,
    HIDDEN,
    Version,
    defined_versions,
    needed_versions,
    version_numbers,
)
from fleet.asm.objects.elf import PT_LOAD, SHN_UNDEF, ElfFile, ElfSection, ElfSymbol
from fleet.asm.objects.model import SHT_NOTE

SHT_DYNAMIC, PT_DYNAMIC, PT_NOTE = 6, 2, 4
DYN = struct.Struct("<QQ")  # tag, value
TAGS = {
    0: "NULL", 1: "NEEDED", 2: "PLTRELSZ", 3: "PLTGOT", 4: "HASH", 5: "STRTAB", 6: "SYMTAB",
    7: "RELA", 8: "RELASZ", 9: "RELAENT", 10: "STRSZ", 11: "SYMENT", 12: "INIT", 13: "FINI",
    14: "SONAME", 15: "RPATH", 16: "SYMBOLIC", 17: "REL", 18: "RELSZ", 19: "RELENT",
    20: "PLTREL", 21: "DEBUG", 22: "TEXTREL", 23: "JMPREL", 24: "BIND_NOW", 25: "INIT_ARRAY",
    26: "FINI_ARRAY", 27: "INIT_ARRAYSZ", 28: "FINI_ARRAYSZ", 29: "RUNPATH", 30: "FLAGS",
    32: "PREINIT_ARRAY", 33: "PREINIT_ARRAYSZ", 34: "SYMTAB_SHNDX", 35: "RELRSZ", 36: "RELR",
    37: "RELRENT", 0x6FFFFEF5: "GNU_HASH", 0x6FFFFFF0: "VERSYM", 0x6FFFFFF9: "RELACOUNT",
    0x6FFFFFFA: "RELCOUNT", 0x6FFFFFFB: "FLAGS_1", 0x6FFFFFFC: "VERDEF",
    0x6FFFFFFD: "VERDEFNUM", 0x6FFFFFFE: "VERNEED", 0x6FFFFFFF: "VERNEEDNUM",
    0x70000001: "RISCV_VARIANT_CC",
}  # fmt: skip
NAMED = {
    "NEEDED": "Shared library", "SONAME": "Library soname", "RPATH": "Library rpath",
    "RUNPATH": "Library runpath",
}  # fmt: skip
COUNTED = ("RELACOUNT", "RELCOUNT", "VERDEFNUM", "VERNEEDNUM")
FLAGS = ("ORIGIN", "SYMBOLIC", "TEXTREL", "BIND_NOW", "STATIC_TLS")
FLAGS_1 = (
    "NOW", "GLOBAL", "GROUP", "NODELETE", "LOADFLTR", "INITFIRST", "NOOPEN", "ORIGIN", "DIRECT",
    "TRANS", "INTERPOSE", "NODEFLIB", "NODUMP", "CONFALT", "ENDFILTEE", "DISPRELDNE",
    "DISPRELPND", "NODIRECT", "IGNMULDEF", "NOKSYMS", "NOHDR", "EDITED", "NORELOC", "SYMINTPOSE",
    "GLOBAUDIT", "SINGLETON", "STUB", "PIE", "KMOD", "WEAKFILTER", "NOCOMMON",
)  # fmt: skip
FLAGS_1_TAG, PIE = 0x6FFFFFFB, 0x08000000
VERSION_FLAGS = ("BASE", "WEAK", "INFO")
NOTE = struct.Struct("<III")  # sizes of name and content, type
NOTE_TYPES = {
    "GNU": {
        1: "NT_GNU_ABI_TAG (ABI version tag)", 2: "NT_GNU_HWCAP (DSO-supplied software HWCAP info)",
        3: "NT_GNU_BUILD_ID (unique build ID bitstring)", 4: "NT_GNU_GOLD_VERSION (gold version)",
        5: "NT_GNU_PROPERTY_TYPE_0",
    },
    "stapsdt": {3: "NT_STAPSDT (SystemTap probe descriptors)"},
}  # fmt: skip
GENERIC_NOTES = {1: "NT_VERSION (version)", 2: "NT_ARCH (architecture)"}
SYSTEMS = ("Linux", "Hurd", "Solaris", "FreeBSD", "NetBSD", "Syllable", "NaCl")


def flag_names(value: int, names: tuple[str, ...]) -> str:
    """The names of the bits of a number; what has no name as a number."""
    found = [name for bit, name in enumerate(names) if value >> bit & 1]
    rest = value >> len(names) << len(names)
    return " ".join([*found, f"{rest:x}"] if rest else found)


def dynamic_entries(file: ElfFile) -> tuple[int, list[tuple[int, int]]] | None:
    """Offset of the dynamic section and its entries, (tag, value); None if there is none."""
    section = next((s for s in file.sections if s.type == SHT_DYNAMIC), None)
    segment = next((s for s in file.segments if s.type == PT_DYNAMIC), None)
    if section is not None:
        data, offset = file.data(section), section.offset
    elif segment is not None:
        data, offset = file.segment_data(segment), segment.offset
    else:
        return None
    rows: list[tuple[int, int]] = []
    for row in DYN.iter_unpack(data[: len(data) // DYN.size * DYN.size]):
        rows.append(row)
        if row[0] == 0:
            break
    return offset, rows


def is_program(file: ElfFile) -> bool:
    """Whether a file that can be loaded anywhere says that it is no library."""
    found = dynamic_entries(file)
    return found is not None and any(tag == FLAGS_1_TAG and value & PIE for tag, value in found[1])


def dynamic(file: ElfFile) -> list[str]:
    """What the dynamic linker is told about the file."""
    found = dynamic_entries(file)
    if found is None:
        return ["There is no dynamic section in this file."]
    offset, rows = found
    names = _dynamic_names(file, dict(rows))
    entries = "entry" if len(rows) == 1 else "entries"
    return [
        f"Dynamic section at offset {offset:#x} contains {len(rows)} {entries}:",
        "  Tag        Type                         Name/Value",
        *(dynamic_line(tag, value, names) for tag, value in rows),
    ]


def dynamic_line(tag: int, value: int, names: memoryview) -> str:
    """One entry; `names` is the table of names that it may refer to."""
    name = TAGS.get(tag, f"<unknown>: {tag:x}")
    text = f"{value:#x}"
    if name in NAMED:
        if value < len(names):
            word = bytes(names[value : value + 65536]).split(b"\0")[0]
            text = f"{NAMED[name]}: [{word.decode('utf-8', 'surrogateescape')}]"
    elif name.endswith(("SZ", "ENT")):
        text = f"{value} (bytes)"
    elif name == "PLTREL":
        text = TAGS.get(value, text)
    elif name in COUNTED:
        text = str(value)
    elif name == "FLAGS":
        text = flag_names(value, FLAGS)
    elif name == "FLAGS_1":
        text = f"Flags: {flag_names(value, FLAGS_1)}"
    return f" {tag:#018x} {f'({name})':<20} {text}"


def _dynamic_names(file: ElfFile, entries: dict[int, int]) -> memoryview:
    """The table of names of the dynamic linker, found as it finds it; empty if there is none."""
    address, size = entries.get(5, 0), entries.get(10, 0)
    for segment in file.segments:
        start = address - segment.address
        if segment.type == PT_LOAD and 0 <= start < segment.file_size:
            return file.segment_data(segment)[start : start + size]
    return file.view[:0]


def versioned_name(
    name: str, symbol: ElfSymbol, number: int, names: dict[int, Version]
) -> str:
    """`printf@GLIBC_2.27`: a dynamic symbol with the version that has this number."""
    version = names.get(number & ~HIDDEN)
    if version is None or number & ~HIDDEN <= BASE or version.name == name:
        return name
    joint = "@" if symbol.section == SHN_UNDEF or number & HIDDEN else "@@"
    return f"{name}{joint}{version.name}"


def symbol_versions(file: ElfFile) -> tuple[list[int], dict[int, Version]]:
    """The number of the version of each dynamic symbol, and what these numbers mean."""
    found: dict[int, Version] = {}
    for section in file.sections:
        if section.name == ".gnu.version_r":
            for version in needed_versions(file, section):
                found[version.number & ~HIDDEN] = version
        elif section.name == ".gnu.version_d":
            found |= {version.number: version for version in defined_versions(file, section)}
    return version_numbers(file), found


def versions(file: ElfFile) -> Iterator[list[str]]:
    """The tables about versions of symbols."""
    tables = {
        ".gnu.version": version_table, ".gnu.version_d": definitions, ".gnu.version_r": needs,
    }  # fmt: skip
    sections = [section for section in file.sections if section.name in tables]
    for section in sections:
        yield list(tables[section.name](file, section))
    if not sections:
        yield ["No version information found in this file."]


def _place(file: ElfFile, section: ElfSection) -> str:
    link = file.sections[section.link].name if section.link < len(file.sections) else ""
    return (
        f" Addr: {section.address:#018x}  Offset: 0x{section.offset:08x}  "
        f"Link: {section.link} ({link})"
    )


def _heading(what: str, section: ElfSection, count: int) -> str:
    entries = "entry" if count == 1 else "entries"
    return f"Version {what} section '{section.name}' contains {count} {entries}:"


def _offset(number: int) -> str:
    return f"{number:#06x}" if number else "000000"


def version_table(file: ElfFile, section: ElfSection) -> Iterator[str]:
    numbers, names = symbol_versions(file)
    yield _heading("symbols", section, len(numbers))
    yield _place(file, section)
    for at in range(0, len(numbers), 4):
        line = f"  {at:03x}:"
        for number in numbers[at : at + 4]:
            if number <= BASE:
                line += f"   {number} {('(*local*)', '(*global*)')[number]:<13}"
                continue
            version = names.get(number & ~HIDDEN)
            name = version.name if version is not None else "??"
            cell = f"{number & ~HIDDEN:4x}{'h' if number & HIDDEN else ' '}({name}"
            cell += ")".ljust(abs(12 - len(name)))
            line += cell.ljust(18)
        yield line


def definitions(file: ElfFile, section: ElfSection) -> Iterator[str]:
    found = list(defined_versions(file, section))
    yield _heading("definition", section, section.info)
    yield _place(file, section)
    for version in found:
        flags = " | ".join(flag_names(version.flags, VERSION_FLAGS).split()) or "none"
        first, *parents = version.places
        yield (
            f"  {_offset(first)}: Rev: 1  Flags: {flags}  Index: {version.number}  "
            f"Cnt: {len(version.places)}  Name: {version.name}"
        )
        for number, (place, parent) in enumerate(zip(parents, version.parents, strict=True), 1):
            yield f"  {_offset(place)}: Parent {number}: {parent}"


def needs(file: ElfFile, section: ElfSection) -> Iterator[str]:
    found = list(needed_versions(file, section))
    yield _heading("needs", section, section.info)
    yield _place(file, section)
    counts: dict[int, int] = {}
    for version in found:
        counts[version.places[0]] = counts.get(version.places[0], 0) + 1
    shown = None
    for version in found:
        first, place = version.places
        if first != shown:
            yield f"  {_offset(first)}: Version: 1  File: {version.file}  Cnt: {counts[first]}"
            shown = first
        flags = " | ".join(flag_names(version.flags, VERSION_FLAGS).split()) or "none"
        number = version.number
        yield f"  {_offset(place)}:   Name: {version.name}  Flags: {flags}  Version: {number}"


def notes(file: ElfFile) -> Iterator[list[str]]:
    """The notes, section by section; segment by segment where there are no sections."""
    sections = [section for section in file.sections if section.type == SHT_NOTE]
    for section in sections:
        lines = list(_notes(file.data(section), section.align))
        yield [f"Displaying notes found in: {section.name}", *lines]
    for segment in () if file.sections else file.segments:
        if segment.type == PT_NOTE:
            place = f"offset {segment.offset:#010x} with length {segment.file_size:#010x}"
            heading = f"Displaying notes found at file {place}:"
            yield [heading, *_notes(file.segment_data(segment), segment.align)]


def _notes(data: memoryview, align: int) -> Iterator[str]:
    yield "  Owner                Data size \tDescription"
    align = 8 if align == 8 else 4
    at = 0
    while at + NOTE.size <= len(data):
        name_size, size, type_ = NOTE.unpack_from(data, at)
        start = at + NOTE.size
        content_at = start + name_size
        content_at += -content_at % align
        if content_at + size > len(data):
            yield "  (a note that is cut off)"
            return
        owner = bytes(data[start : start + name_size]).split(b"\0")[0].decode("latin-1")
        content = bytes(data[content_at : content_at + size])
        unknown = f"Unknown note type: ({type_:#010x})"
        kind = NOTE_TYPES.get(owner, GENERIC_NOTES).get(type_, unknown)
        shown = _note_content(owner, type_, content)
        yield f"  {owner:<20} {size:#010x}\t{kind}{shown}"
        at = content_at + size
        at += -at % align


def _note_content(owner: str, type_: int, content: bytes) -> str:
    if owner == "GNU" and type_ == 3:
        return f"\t    Build ID: {content.hex()}"
    if owner == "GNU" and type_ == 1 and len(content) >= 16:
        system, *numbers = struct.unpack_from("<4I", content)
        name = SYSTEMS[system] if system < len(SYSTEMS) else "Unknown"
        return f"\t    OS: {name}, ABI: {'.'.join(map(str, numbers))}"
    return f"\t   description data: {content.hex(' ')} " if content else ""
