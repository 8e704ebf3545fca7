"""Which sections of objects become which sections of an executable, and at which addresses.

Layout, from 0x10000: the file's header and code (read, execute); constants (read), page aligned,
.rodata last, with arrays after the constants of the objects; data (read, write), page aligned
again, thread-local first and .bss last. A section with a name that is not known stays one of its
own, among those with the same permissions.
"""

from __future__ import annotations

from collections.abc import Iterable

from fleet.asm.link.image import BASE, HEADER_ROOM, PAGE, OutputSection
from fleet.asm.objects.elf import ADDRESS_LIMIT
from fleet.asm.objects.model import (
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHF_TLS,
    SHF_WRITE,
    SHT_NOBITS,
    Section,
)
from fleet.diagnostics import FleetError

KEPT_FLAGS = SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR | SHF_TLS
ORDER = (
    ".init", ".text", ".fini", "", ".eh_frame", ".gcc_except_table", ".rodata", ".tdata", ".tbss",
    ".preinit_array", ".init_array", ".fini_array", ".data.rel.ro", ".got", ".data", ".bss",
)  # fmt: skip
"""Sections with the same permissions in this order, the empty name standing for all others."""
MEMBERS = {".sdata": ".data", ".sbss": ".bss", ".srodata": ".rodata"}


def output_name(section: Section) -> str:
    """Where an input section goes: `.text.hot` to .text, `.sdata` to .data."""
    name = section.name
    if not section.flags & SHF_ALLOC:
        return name
    while name not in ORDER and name not in MEMBERS:
        shorter = name[: name.rfind(".")] if "." in name else ""
        if not shorter:
            return section.name
        name = shorter
    return MEMBERS.get(name, name)


def permissions(section: OutputSection) -> int:
    """What rank a section's memory has: code, constants, data, and at last code that changes."""
    if section.flags & SHF_WRITE:
        return 3 if section.flags & SHF_EXECINSTR else 2
    return 0 if section.flags & SHF_EXECINSTR else 1


def is_thread_zeros(section: OutputSection) -> bool:
    """Whether it is a .tbss, which has addresses but no memory in the program's image."""
    return bool(section.flags & SHF_TLS) and section.type == SHT_NOBITS


def _rank(section: OutputSection) -> tuple[int, int, int, int]:
    name = section.name if section.name in ORDER else ""
    thread = bool(section.flags & SHF_TLS)
    nobits = section.type == SHT_NOBITS
    late = 2 if nobits and not thread else 0 if thread else 1
    return permissions(section), late, ORDER.index(name), int(nobits)


def assign_addresses(outputs: Iterable[OutputSection]) -> list[OutputSection]:
    """Give every section its address; the sections in order. FleetError if memory is too small."""
    ordered = sorted(outputs, key=_rank)
    address, group = BASE + HEADER_ROOM, 0
    threads = [s for s in ordered if s.flags & SHF_TLS]
    for section in ordered:
        if permissions(section) != group:
            group = permissions(section)
            address += -address % PAGE
        align = max(section.align, 1)
        if threads and section is threads[0]:
            align = max(s.align for s in threads)
        if is_thread_zeros(section):
            last = threads[threads.index(section) - 1]
            start = last.address + last.size if section is not threads[0] else address
            section.address = start + -start % align
            continue
        address += -address % align
        section.address = address
        address += section.size
        if address > ADDRESS_LIMIT:
            size = f"{section.name} of {section.size:,} bytes"
            raise FleetError(f"{size} does not fit into the address space")
    return ordered
