"""The code of an ELF file as text, line by line what GNU `objdump -d` prints.

In: an `ElfFile`. Out: lines; `code_of` gives them one by one with their addresses, for whoever
puts something between them. The one idea: a section is a run of pieces that begin at symbols; in
each, long runs of zeros are left out, what mapping symbols (`$x`, `$d`) or symbols of objects mark
as data is shown as data, and the rest is instructions.
"""

from __future__ import annotations

import difflib
import struct
from collections.abc import Generator, Iterator
from typing import NamedTuple

from fleet.asm.objects.attributes import ARCH, parse_arch, read_attributes
from fleet.asm.objects.elf import ElfFile, ElfSection, ElfSymbol
from fleet.asm.objects.model import SHF_EXECINSTR, SHT_NOBITS
from fleet.asm.objects.symbols import ElfSymbols
from fleet.asm.show.disassembler import BYTES_IN_LINE, Disassembler, Line, chunk_of
from fleet.diagnostics import FleetError

FEWEST_ZEROS, FEWEST_ZEROS_AT_END = 8, 3  # runs of zeros that are left out
ROW = 16  # bytes of an object in one line
MOST_OF_CUT = 5  # bytes of an instruction that the section cuts off
DATA = {1: ".byte", 2: ".short", 4: ".word"}
DEFAULT_ARCH = "rv64gc"
MOST_COMPARED = 10_000  # names that a misspelt one may be like
WORD = struct.Struct("<I")


class Entry(NamedTuple):
    """One line of the text; `address` is that of an instruction, None for any other line."""

    text: str
    address: int | None = None
    section: int = 0


class Dumper:
    def __init__(self, file: ElfFile, *, aliases: bool = True) -> None:
        self.file = file
        self.symbols = ElfSymbols(file)
        self.writer = Disassembler(self.symbols, aliases=aliases)
        self.writer.limit(extensions_in(file))
        self.chunk = 1  # bytes that were written together last
        self.width = 8  # of addresses
        self.is_data = False
        self.marks: list[ElfSymbol] = []  # mapping symbols still to come, the last one first

    @staticmethod
    def heading(section: ElfSection) -> Iterator[Entry]:
        yield Entry("")
        yield Entry(f"Disassembly of section {section.name}:")

    def section(self, number: int) -> Iterator[Entry]:
        """A section with its headings."""
        section = self.file.sections[number]
        yield from self.heading(section)
        yield from self.span(number, section.address, section.address + section.size)

    def span(self, number: int, start: int, end: int) -> Iterator[Entry]:
        """The part of a section between two addresses."""
        section = self.file.sections[number]
        data = self.file.data(section)
        symbols = self.symbols
        symbols.enter(number, section)
        limit = section.address + section.size
        self.width = 4 * ((len(f"{limit:x}") + 4) // 4)  # room for one digit more, in fours
        marks = [s for s in symbols.mapping if s.section == number]
        self.marks, self.is_data = marks[::-1], False
        self.reach(start)
        symbol = symbols.nearest(start, here=True)
        later = [s for s in symbols.of_section() if s.address > start]
        stops = [s.address for s in later if s.address < end]
        owners: list[ElfSymbol | None] = [symbol, *later]
        for begin, stop, owner in zip([start, *stops], [*stops, end], owners, strict=False):
            if begin >= stop:
                continue
            yield Entry("")
            yield Entry(f"{begin:016x} {symbols.relative(begin, owner)}:")
            if owner is not None and owner.kind == "object" and owner.address <= begin:
                yield from self.object(data, section, begin, stop)
            else:
                yield from self.code(data, number, begin, stop)

    def reach(self, address: int) -> None:
        """Take notice of the mapping symbols up to an address."""
        marks = self.marks
        while marks and marks[-1].address <= address:
            name = marks.pop().name
            self.is_data = name[1] == "d"
            if name.startswith("$xrv"):
                self.writer.limit(extensions_of_text(name[2:]))

    def code(self, data: memoryview, number: int, start: int, stop: int) -> Iterator[Entry]:
        base, address = self.file.sections[number].address, start
        writer, marks, width = self.writer, self.marks, self.width
        last = len(data) - 4  # where a whole instruction word can be read
        known = writer.shown
        while address < stop:
            at = address - base
            if not data[at]:
                zeros = count_zeros(data, at, stop - base)
                to_the_end = zeros == stop - address
                if zeros >= FEWEST_ZEROS or (to_the_end and zeros < FEWEST_ZEROS_AT_END):
                    yield Entry("\t...")
                    address += zeros if to_the_end else zeros & ~3
                    continue
            if marks and marks[-1].address <= address:
                self.reach(address)
                known = writer.shown
            if self.is_data:
                line = self.datum(data, at, address)
                self.chunk = chunk_of(line.size)
                yield Entry(line.text(width), address, number)
                address += line.size
                continue
            shown = None
            if at <= last:
                (word,) = WORD.unpack_from(data, at)
                shown = known.get(word if word & 3 == 3 else word & 0xFFFF)
            if shown is None or shown.size > 4:
                shown = writer.at(data, at)
            if shown is None:
                address += yield from self.cut(data, at, address)
                continue
            text = shown.text if shown.plain else writer.text(shown, address)
            yield Entry(f"{address:{width}x}:\t{text}", address, number)
            size = shown.size
            self.chunk = size if size <= 4 else chunk_of(size)
            if size > BYTES_IN_LINE:
                for more in writer.line(data, at, address).more(width):
                    yield Entry(more)
            address += size

    def cut(self, data: memoryview, at: int, address: int) -> Generator[Entry, None, int]:
        """The first bytes of an instruction whose end is not in the section; how many."""
        digits = bytes(data[at : at + MOST_OF_CUT]).hex(" ")
        size = (len(digits) + 1) // 3
        blanks = " " * (14 + 2 * size - len(digits))
        message = f"Address {address:#x} is out of bounds."
        yield Entry(f"{address:{self.width}x}:\t{digits}{blanks}\t{message}")
        yield Entry("")
        return size

    def datum(self, data: memoryview, at: int, address: int) -> Line:
        """Up to four bytes of data, as one number."""
        end = self.marks[-1].address - address if self.marks else len(data) - at
        size = min(4, end, len(data) - at)
        size = 2 if size == 3 else size
        word = int.from_bytes(data[at : at + size], "little")
        return Line(address, size, word, DATA[size], f"0x{word:0{2 * size}x}")

    def object(
        self, data: memoryview, section: ElfSection, start: int, stop: int
    ) -> Iterator[Entry]:
        """Rows of bytes and characters, in chunks as of the instruction before."""
        chunk = self.chunk
        address = start
        while address < stop:
            at = address - section.address
            zeros = count_zeros(data, at, stop - section.address)
            to_the_end = zeros == stop - address
            if zeros >= FEWEST_ZEROS or (to_the_end and zeros < FEWEST_ZEROS_AT_END):
                yield Entry("\t...")
                address += zeros if to_the_end else zeros & ~3
                continue
            row = bytes(data[at : min(at + ROW, stop - section.address)])
            text = "".join(
                f"{int.from_bytes(row[k : k + chunk], 'little'):0{2 * chunk}x} "
                if k + chunk <= len(row) else " "
                for k in range(0, len(row), chunk)
            )  # fmt: skip
            text += " " * (len(range(len(row), ROW, chunk)) * (2 * chunk + 1))
            characters = "".join(chr(b) if 32 <= b < 127 else "." for b in row)
            yield Entry(f"{address:{self.width}x}:\t{text}    {characters}")
            address += len(row)


def count_zeros(data: memoryview, at: int, end: int) -> int:
    """How many bytes are zero from here on."""
    start = at
    while at < end and not data[at]:
        at += 1
    return at - start


def extensions_of_text(text: str) -> frozenset[str]:
    """The extensions of an architecture string; those of rv64gc if it cannot be read."""
    try:
        return frozenset(parse_arch(text))
    except FleetError:
        return frozenset(parse_arch(DEFAULT_ARCH))


def extensions_in(file: ElfFile) -> frozenset[str]:
    """The extensions that a file says it was built for."""
    section = file.section(".riscv.attributes")
    for tag, value in read_attributes(bytes(file.data(section))) if section is not None else ():
        if tag == ARCH:
            return extensions_of_text(str(value))
    return extensions_of_text(DEFAULT_ARCH)


def has_code(section: ElfSection) -> bool:
    return bool(section.flags & SHF_EXECINSTR and section.size and section.type != SHT_NOBITS)


def code_of(file: ElfFile, symbol: str | None = None, *, aliases: bool = True) -> Iterator[Entry]:
    """The code of a file, or of one function; FleetError if it has no such symbol."""
    dumper = Dumper(file, aliases=aliases)
    if symbol is None:
        for number, section in enumerate(file.sections):
            if has_code(section):
                yield from dumper.section(number)
        return
    found = [s for s in file.symbols if s.name == symbol]
    if not found:
        known = sorted({s.name for s in file.symbols if s.kind == "func" and s.name})
        near = difflib.get_close_matches(symbol, known[:MOST_COMPARED], n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else None
        raise FleetError(f"there is no symbol {symbol} in {file.path}", hint=hint)
    places = sorted(
        (each.section, each.address, each.size) for each in found
        if each.section < len(file.sections) and has_code(file.sections[each.section])
    )  # fmt: skip
    if not places:
        raise FleetError(f"{symbol} is not in code of {file.path}")
    entered = None
    for number, start, size in places:
        section = file.sections[number]
        end = section.address + section.size
        if number != entered:
            yield from dumper.heading(section)
            entered = number
        if section.address <= start < end:
            stop = start + size if size else dumper.symbols.following(number, start)
            yield from dumper.span(number, start, min(stop or end, end))
