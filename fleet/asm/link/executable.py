"""An `Image` -> a static ELF executable for riscv64 Linux.

The one idea: buffers go from where they are to the file, one by one, so an executable with
gigabytes of weights needs no more memory than one without. Written to a temporary name beside the
target and renamed, so that there is never half an executable.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from fleet.asm.link.image import BASE, PAGE, Image, ImageSymbol, OutputSection
from fleet.asm.link.layout import is_thread_zeros, permissions
from fleet.asm.objects.elf import (
    EHDR,
    EM_RISCV,
    ET_EXEC,
    PF_R,
    PF_W,
    PF_X,
    PHDR,
    PT_GNU_STACK,
    PT_LOAD,
    PT_RISCV_ATTRIBUTES,
    PT_TLS,
    RELA,
    SHDR,
    SHN_ABS,
    SHT_RELA,
    SHT_STRTAB,
    SHT_SYMTAB,
    STB,
    STT,
    STV,
    SYM,
)
from fleet.asm.objects.model import (
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHF_TLS,
    SHF_WRITE,
    SHT_NOBITS,
    SHT_RISCV_ATTRIBUTES,
)
from fleet.asm.objects.strings import Strings
from fleet.buffers import write_buffer
from fleet.diagnostics import FleetError
from fleet.files import write_whole


def symbol_table(symbols: list[ImageSymbol]) -> tuple[bytes, bytes, int]:
    """(.symtab, .strtab, number of local symbols, which come first)."""
    strings = Strings()
    ordered = sorted(symbols, key=lambda s: s.binding != "local")
    locals_ = 1 + sum(symbol.binding == "local" for symbol in symbols)
    rows = [bytes(SYM.size)]
    for symbol in ordered:
        section = SHN_ABS if symbol.section is None else symbol.section + 1
        info = STB[symbol.binding] << 4 | STT[symbol.kind]
        rows.append(
            SYM.pack(
                strings.add(symbol.name), info, STV[symbol.visibility], section,
                symbol.address & (1 << 64) - 1, symbol.size,
            )
        )  # fmt: skip
    return b"".join(rows), bytes(strings.data), locals_


def segments(sections: list[OutputSection], offsets: list[int]) -> list[bytes]:
    """Program headers: one for each kind of memory, thread-local data, the stack, attributes."""
    headers = []
    groups: list[list[tuple[OutputSection, int]]] = []
    for section, offset in zip(sections, offsets, strict=True):
        if not section.flags & SHF_ALLOC or is_thread_zeros(section):
            continue
        if groups and permissions(groups[-1][0][0]) == permissions(section):
            groups[-1].append((section, offset))
        else:
            groups.append([(section, offset)])
    for number, members in enumerate(groups):
        first, offset = members[0]
        address = first.address
        if number == 0:  # the headers are in memory, too
            offset, address = 0, BASE
        flags = PF_R | (PF_W if first.flags & SHF_WRITE else 0)
        flags |= PF_X if first.flags & SHF_EXECINSTR else 0
        last = members[-1][0]
        stored = [s for s, _ in members if s.type != SHT_NOBITS]
        file_size = stored[-1].address + stored[-1].size - address if stored else 0
        memory_size = last.address + last.size - address
        headers.append(
            PHDR.pack(PT_LOAD, flags, offset, address, address, file_size, memory_size, PAGE)
        )
    threads = [(s, o) for s, o in zip(sections, offsets, strict=True) if s.flags & SHF_TLS]
    if threads:
        (first, offset), last = threads[0], threads[-1][0]
        stored = [s for s, _ in threads if s.type != SHT_NOBITS]
        size = stored[-1].address + stored[-1].size - first.address if stored else 0
        memory_size = last.address + last.size - first.address
        align = max(s.align for s, _ in threads)
        address = first.address
        headers.append(
            PHDR.pack(PT_TLS, PF_R, offset, address, address, size, memory_size, align)
        )
    headers.append(PHDR.pack(PT_GNU_STACK, PF_R | PF_W, 0, 0, 0, 0, 0, 16))
    for section, offset in zip(sections, offsets, strict=True):
        if section.type == SHT_RISCV_ATTRIBUTES:
            size = section.size
            headers.append(PHDR.pack(PT_RISCV_ATTRIBUTES, PF_R, offset, 0, 0, size, 0, 1))
    return headers


def file_offsets(sections: list[OutputSection]) -> tuple[list[int], int]:
    """Where each section starts in the file, and the end of the last."""
    offsets, end = [], BASE
    before: tuple[int, int] | None = None  # permissions, and address minus offset
    for section in sections:
        if section.flags & SHF_ALLOC:
            # One segment is one piece of the file. Between segments, offset and address are equal
            # modulo the page size, as the kernel's mmap needs it.
            offset = end - BASE
            offset += (section.address - BASE - offset) % PAGE
            if before is not None and before[0] == permissions(section):
                offset = section.address - before[1]
            elif not is_thread_zeros(section):
                before = permissions(section), section.address - offset
        else:
            offset = end - BASE
            offset += -offset % max(section.align, 1)
        offsets.append(offset)
        if section.type != SHT_NOBITS:
            end = BASE + offset + section.size
    return offsets, end - BASE


def write_image(file: BinaryIO, image: Image) -> None:
    """Write the executable to an empty, seekable file."""
    sections = list(image.sections)
    table, names, locals_ = symbol_table(image.symbols)
    for name, data, kind, align in (
        (".symtab", table, SHT_SYMTAB, 8),
        (".strtab", names, SHT_STRTAB, 1),
        (".shstrtab", b"", SHT_STRTAB, 1),
    ):
        section = OutputSection(name, kind, 0, align)
        section.append(data, len(data), align)
        sections.append(section)
    strings = Strings()
    name_offsets = [strings.add(section.name) for section in sections]
    sections[-1].append(bytes(strings.data), len(strings.data), 1)
    offsets, end = file_offsets(sections)
    headers = segments(sections, offsets)
    if EHDR.size + len(headers) * PHDR.size > offsets[0]:
        raise FleetError("there are too many segments for the room before .text")
    table_offset = end + -end % 8
    rows = [bytes(SHDR.size)]
    for section, name, offset in zip(sections, name_offsets, offsets, strict=True):
        link = info = entry_size = 0
        if section.type == SHT_SYMTAB:
            link, info, entry_size = len(sections) - 1, locals_, SYM.size
        elif section.type == SHT_RELA:
            entry_size = RELA.size
        rows.append(
            SHDR.pack(
                name, section.type, section.flags, section.address, offset, section.size, link,
                info, max(section.align, 1), entry_size,
            )
        )  # fmt: skip
    identification = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)
    header = EHDR.pack(
        identification, ET_EXEC, EM_RISCV, 1, image.entry, EHDR.size, table_offset,
        image.flags, EHDR.size, PHDR.size, len(headers), SHDR.size, len(rows), len(rows) - 1,
    )  # fmt: skip
    file.write(header + b"".join(headers))
    for section, offset in zip(sections, offsets, strict=True):
        for start, data in section.parts:
            file.seek(offset + start)
            write_buffer(file, data)
    file.seek(table_offset)
    file.write(b"".join(rows))


def write_executable(path: str | Path, image: Image) -> int:
    """Write an image as an executable file; its size in bytes. FleetError if it cannot be."""
    return write_whole(path, lambda file: write_image(file, image), 0o777)
