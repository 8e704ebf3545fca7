"""An `Image` -> a static ELF executable for riscv64 Linux.

The one idea: buffers go from where they are to the file, one by one, so an executable with
gigabytes of weights needs no more memory than one without. Written to a temporary name beside the
target and renamed, so that there is never half an executable.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

import numpy as np

from fleet.asm.elf import (
    EF_RISCV_FLOAT_ABI_DOUBLE,
    EF_RISCV_RVC,
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
    SHDR,
    SHN_ABS,
    SHT_STRTAB,
    SHT_SYMTAB,
    STB,
    STT,
    STV,
    SYM,
)
from fleet.asm.link import BASE, PAGE, Buffer, Image, ImageSymbol, OutputSection
from fleet.asm.objects import (
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHF_WRITE,
    SHT_NOBITS,
    SHT_RISCV_ATTRIBUTES,
)
from fleet.diagnostics import FleetError


class Strings:
    """A string table under construction."""

    def __init__(self) -> None:
        self.data = bytearray(b"\0")
        self.offsets: dict[str, int] = {"": 0}

    def add(self, text: str) -> int:
        offset = self.offsets.get(text)
        if offset is None:
            offset = self.offsets[text] = len(self.data)
            self.data += text.encode("utf-8", "surrogateescape") + b"\0"
        return offset


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
    """Program headers: one for each kind of memory, the stack, the attributes."""
    headers = []
    loaded = [(s, o) for s, o in zip(sections, offsets, strict=True) if s.flags & SHF_ALLOC]
    groups: list[tuple[int, list[tuple[OutputSection, int]]]] = []
    for section, offset in loaded:
        flags = PF_R | (PF_W if section.flags & SHF_WRITE else 0)
        flags |= PF_X if section.flags & SHF_EXECINSTR else 0
        if groups and groups[-1][0] == flags:
            groups[-1][1].append((section, offset))
        else:
            groups.append((flags, [(section, offset)]))
    for number, (flags, members) in enumerate(groups):
        first, offset = members[0]
        address = first.address
        if number == 0:  # the headers are in memory, too
            offset, address = 0, BASE
        last = members[-1][0]
        stored = [s for s, _ in members if s.type != SHT_NOBITS]
        file_size = stored[-1].address + stored[-1].size - address if stored else 0
        memory_size = last.address + last.size - address
        headers.append(
            PHDR.pack(PT_LOAD, flags, offset, address, address, file_size, memory_size, PAGE)
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
    for section in sections:
        if section.flags & SHF_ALLOC:
            # Offset and address are equal modulo the page size, as the kernel's mmap needs it.
            offset = end - BASE
            offset += (section.address - BASE - offset) % PAGE
        else:
            offset = end - BASE
            offset += -offset % max(section.align, 1)
        offsets.append(offset)
        if section.type != SHT_NOBITS:
            end = BASE + offset + section.size
    return offsets, end - BASE


PIECE = 1 << 24
"""Bytes of an array with gaps or another order (a transposed weight) that are put together at once."""


def write_buffer(file: BinaryIO, data: Buffer) -> None:
    """Write a buffer, arrays in row-major order whatever their strides are."""
    if not isinstance(data, np.ndarray):
        file.write(data)
    elif data.size and data.flags.c_contiguous:
        data.tofile(file)
    elif data.size:
        rows = max(1, PIECE * len(data) // data.nbytes)
        for start in range(0, len(data), rows):
            np.ascontiguousarray(data[start : start + rows]).tofile(file)


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
        rows.append(
            SHDR.pack(
                name, section.type, section.flags, section.address, offset, section.size, link,
                info, max(section.align, 1), entry_size,
            )
        )  # fmt: skip
    identification = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)
    header = EHDR.pack(
        identification, ET_EXEC, EM_RISCV, 1, image.entry, EHDR.size, table_offset,
        EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE, EHDR.size, PHDR.size, len(headers), SHDR.size,
        len(rows), len(rows) - 1,
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
    path = Path(path)
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            write_image(file, image)
            size = file.tell()
        os.chmod(temporary, 0o755)
        os.replace(temporary, path)
    except OSError as error:
        raise FleetError(f"cannot write {path}: {error.strerror}") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return size
