"""A listing of machine code: address, bytes, assembly, and the source line that it comes from.

In: an ELF file (`list_elf`) or an image that is about to become one (`list_image`). Out: lines of
text as `objdump -d -l -S` has them, with our own disassembly.
"""

from __future__ import annotations

import linecache
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from fleet.asm.link.image import Image
from fleet.asm.objects.dwarf import Row
from fleet.asm.objects.elf import ElfFile
from fleet.asm.objects.line_reader import base_of, line_rows, read_lines
from fleet.asm.objects.model import SHF_EXECINSTR
from fleet.asm.objects.symbols import Symbols, is_mapping
from fleet.asm.show.disassembler import disassemble
from fleet.asm.show.dump import code_of


class Places:
    """Where in the source the addresses are that are asked for one after the other."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.ordered = sorted(rows, key=lambda row: row.address)
        self.starts = [row.address for row in self.ordered]
        self.shown: tuple[str | None, int] = (None, 0)
        self.texts: dict[str, list[str]] = {}  # of source files, without lines if there is none

    def heading(self, address: int) -> Iterator[str]:
        """The source line of the code at an address, unless it is that of the code before."""
        index = bisect_right(self.starts, address) - 1
        row = self.ordered[index] if index >= 0 else None
        if row is None or row.file is None or not row.line or (row.file, row.line) == self.shown:
            return
        self.shown = (row.file, row.line)
        lines = self.texts.get(row.file)
        if lines is None:
            lines = self.texts[row.file] = linecache.getlines(row.file)
        text = lines[row.line - 1].strip() if 0 < row.line <= len(lines) else ""
        yield f"; {row.file}:{row.line}: {text}".rstrip(": ")


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
    places = Places(rows)
    for line in disassemble(data, address, symbols, aliases=aliases):
        name = symbols.at.get(line.address)
        if name is not None:
            yield ""
            yield f"{line.address:016x} <{name}>:"
        yield from places.heading(line.address)
        yield str(line)


def list_elf(
    file: ElfFile,
    symbol: str | None = None,
    *,
    aliases: bool = False,
    sources: bool = True,
) -> Iterator[str]:
    """The code of an ELF file, or of one of its functions; FleetError if there is none such.

    sources: with the source lines that it comes from; without, line by line what objdump prints.
    """
    if not sources:
        yield from (entry.text for entry in code_of(file, symbol, aliases=aliases))
        return
    places = Places(line_rows(file))
    for entry in code_of(file, symbol, aliases=aliases):
        if entry.address is not None:
            yield from places.heading(base_of(file, entry.section) + entry.address)
        yield entry.text


def list_image(image: Image, *, aliases: bool = False) -> Iterator[str]:
    """The code of an image before it is written."""
    names = [
        (s.name, s.address) for s in image.symbols
        if s.kind in ("notype", "func") and not is_mapping(s.name)
    ]  # fmt: skip
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
