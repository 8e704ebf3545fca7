"""A listing of machine code: address, bytes, assembly, and the source line that it comes from.

In: an ELF file (`list_elf`) or an image that is about to become one (`list_image`). Out: lines of
text as `objdump -d -l -S` has them, with our own disassembly.
"""

from __future__ import annotations

import linecache
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from fleet.asm.disassembler import Symbols, disassemble
from fleet.asm.dwarf import Row, read_lines
from fleet.asm.elf import ElfFile
from fleet.asm.image import Image
from fleet.asm.objects import SHF_EXECINSTR
from fleet.diagnostics import FleetError


def listing(
    data: bytes | memoryview,
    address: int,
    names: Iterable[tuple[str, int]],
    rows: Sequence[Row] = (),
    *,
    aliases: bool = False,
) -> Iterator[str]:
    """Lines for code at an address, with headings at symbols and at changes of the source line."""
    symbols = Symbols(names)
    ordered = sorted(rows, key=lambda row: row.address)
    starts = [row.address for row in ordered]
    shown: tuple[str | None, int] = (None, 0)
    for line in disassemble(data, address, symbols, aliases=aliases):
        name = symbols.at.get(line.address)
        if name is not None:
            yield ""
            yield f"{line.address:016x} <{name}>:"
        index = bisect_right(starts, line.address) - 1
        if index >= 0:
            row = ordered[index]
            if row.file is not None and (row.file, row.line) != shown:
                shown = (row.file, row.line)
                text = linecache.getline(row.file, row.line).strip()
                yield f"; {row.file}:{row.line}: {text}".rstrip(": ")
        yield str(line)


def list_elf(file: ElfFile, symbol: str | None = None, *, aliases: bool = False) -> Iterator[str]:
    """The code of an ELF file, or of one of its functions."""
    lines = file.section(".debug_line")
    rows = read_lines(bytes(file.data(lines))) if lines is not None else []
    names = [(s.name, s.address) for s in file.symbols if s.name and s.kind in ("notype", "func")]
    only = None
    if symbol is not None:
        only = next((s for s in file.symbols if s.name == symbol), None)
        if only is None:
            raise FleetError(f"there is no symbol {symbol} in {file.path}")
    for section in file.sections:
        if not section.flags & SHF_EXECINSTR:
            continue
        data, address = file.data(section), section.address
        if only is not None:
            start = only.address - address
            if not 0 <= start < section.size:
                continue
            data, address = data[start : start + (only.size or section.size)], only.address
        else:
            yield f"Disassembly of section {section.name}:"
        yield from listing(data, address, names, rows, aliases=aliases)


def list_image(image: Image, *, aliases: bool = False) -> Iterator[str]:
    """The code of an image before it is written."""
    names = [(s.name, s.address) for s in image.symbols if s.kind in ("notype", "func")]
    rows: list[Row] = []
    for section in image.sections:
        if section.name == ".debug_line":
            rows = read_lines(b"".join(bytes(part) for _, part in section.parts))
    for section in image.sections:
        if section.flags & SHF_EXECINSTR:
            code = bytearray(section.size)
            for offset, part in section.parts:
                code[offset : offset + len(part)] = part
            yield f"Disassembly of section {section.name}:"
            yield from listing(bytes(code), section.address, names, rows, aliases=aliases)
