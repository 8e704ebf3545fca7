"""Line numbers out of .debug_line, DWARF 2 to 5: which source line machine code comes from.

In: the section's bytes, or an ELF file. Out: rows of (address, file, line, column). The one idea: a
unit is a header with tables of directories and files, then a byte code that steps through
addresses and lines (DWARF 5, section 6.2). In a relocatable object every section begins at address
zero; there the addresses of a section are those of `base_of` plus the offset.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from fleet.asm.objects.dwarf import END_SEQUENCE, SET_ADDRESS, Row
from fleet.asm.objects.elf import ET_REL, SHT_RELA, ElfFile
from fleet.asm.objects.model import SHF_ALLOC
from fleet.asm.objects.relocations import patches
from fleet.diagnostics import FleetError

PATH, DIRECTORY = 1, 2  # what an entry of DWARF 5 says of a file
NUMBERS = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16}  # form -> bytes
STRING_AT, LINE_STRING_AT = 0x0E, 0x1F  # forms


def damaged() -> FleetError:
    return FleetError(".debug_line is damaged")


class Reader:
    """Numbers from bytes; FleetError where they end too early."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end
        self.offset_size = 4

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > self.end:
            raise damaged()
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def offset(self) -> int:
        return self.number(self.offset_size)

    def leb(self, *, sign: bool = False) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift > 70:
                raise damaged()
        return value - (1 << shift) if sign and value >> shift - 1 & 1 else value

    def string(self) -> str:
        text, self.at = string_at(self.data, self.at, self.end)
        return text


def string_at(data: bytes, at: int, end: int) -> tuple[str, int]:
    """A text that ends in a zero, and the place after it."""
    stop = data.find(b"\0", at, end)
    if stop < 0:
        raise damaged()
    return data[at:stop].decode("utf-8", "surrogateescape"), stop + 1


def read_lines(section: bytes, line_strings: bytes = b"", strings: bytes = b"") -> list[Row]:
    """The rows of a .debug_line, sequences ended by a row without file.

    line_strings, strings: .debug_line_str and .debug_str, to which DWARF 5 refers.
    """
    rows: list[Row] = []
    at = 0
    while at < len(section):
        reader = Reader(section, at, len(section))
        length = reader.number(4)
        if length == 0xFFFFFFFF:
            reader.offset_size = 8
            length = reader.number(8)
        end = reader.at + length
        if end > len(section):
            raise damaged()
        reader.end = end
        version = reader.number(2)
        if not 2 <= version <= 5:
            raise FleetError(f"line numbers in DWARF {version} cannot be read, only 2 to 5")
        if version == 5:
            reader.take(2)  # sizes of addresses and segment selectors
        _read_unit(reader, version, rows, {LINE_STRING_AT: line_strings, STRING_AT: strings})
        at = end
    return rows


def _read_unit(
    reader: Reader, version: int, rows: list[Row], strings: dict[int, bytes]
) -> None:
    program = reader.offset()
    program += reader.at
    shortest = reader.number(1)
    if version >= 4:
        reader.number(1)
    reader.number(1)
    base = reader.number(1)
    base = base - 256 if base > 127 else base
    line_range, opcode_base = reader.number(1), reader.number(1)
    counts = reader.take(max(opcode_base - 1, 0))
    if not line_range:
        raise damaged()
    files = _files_of_5(reader, strings) if version == 5 else _files_before_5(reader)
    reader.at = program
    address, file, line, column = 0, 1, 1, 0

    def emit() -> None:
        rows.append(Row(address, files[file] if 0 <= file < len(files) else "?", line, column))

    while reader.at < reader.end:
        opcode = reader.number(1)
        if opcode >= opcode_base:
            step = opcode - opcode_base
            address += step // line_range * shortest
            line += base + step % line_range
            emit()
            continue
        match opcode:
            case 0:
                length = reader.leb()
                stop = reader.at + length
                extended = reader.number(1)
                if extended == END_SEQUENCE:
                    rows.append(Row(address, None, 0))
                    address, file, line, column = 0, 1, 1, 0
                elif extended == SET_ADDRESS:
                    address = reader.number(min(length - 1, 8))
                reader.at = stop
            case 1:  # COPY
                emit()
            case 2:
                address += reader.leb() * shortest
            case 3:
                line += reader.leb(sign=True)
            case 4:
                file = reader.leb()
            case 5:
                column = reader.leb()
            case 8:
                address += (255 - opcode_base) // line_range * shortest
            case 9:
                address += reader.number(2)
            case _:
                for _ in range(counts[opcode - 1]):
                    reader.leb()


def _files_before_5(reader: Reader) -> list[str]:
    """The files of a unit; number 0 is none."""
    directories = [""]
    while directory := reader.string():
        directories.append(directory)
    files = ["?"]
    while name := reader.string():
        directory_index = reader.leb()
        reader.leb()
        reader.leb()
        known = directory_index < len(directories)
        files.append(posixpath.join(directories[directory_index] if known else "", name))
    return files


def _files_of_5(reader: Reader, strings: dict[int, bytes]) -> list[str]:
    """The files of a unit; directory 0 is where it was compiled."""
    names = [path for path, _ in _entries(reader, strings)]
    directories = [posixpath.join(names[0], name) for name in names]
    files = []
    for path, index in _entries(reader, strings):
        files.append(posixpath.join(directories[index] if index < len(directories) else "", path))
    return files


def _entries(reader: Reader, strings: dict[int, bytes]) -> Iterator[tuple[str, int]]:
    """(path, directory) of each entry of a table, whose columns the table itself describes."""
    columns = [(reader.leb(), reader.leb()) for _ in range(reader.number(1))]
    count = reader.leb()
    if count > reader.end - reader.at or (count and not columns):
        raise damaged()
    for _ in range(count):
        path, directory = "", 0
        for content, form in columns:
            value = _value(reader, form, strings)
            if content == PATH and isinstance(value, str):
                path = value
            elif content == DIRECTORY and isinstance(value, int):
                directory = value
        yield path, directory


def _value(reader: Reader, form: int, strings: dict[int, bytes]) -> str | int | None:
    match form:
        case 0x08:  # the text itself
            return reader.string()
        case 0x0E | 0x1F:  # a place in a table of texts
            at = reader.offset()
            return string_at(strings[form], at, len(strings[form]))[0]
        case 0x0F:  # an unsigned number
            return reader.leb()
        case 0x09:  # a block of bytes
            reader.take(reader.leb())
            return None
    size = NUMBERS.get(form)
    if size is None:
        raise FleetError(f".debug_line has a field of form {form:#x}, which cannot be read")
    return reader.number(size)


def base_of(file: ElfFile, section: int) -> int:
    """What rows add to the offsets in a section: sections of an object have no addresses yet."""
    return section << 40 if file.type == ET_REL else 0


def line_rows(file: ElfFile) -> list[Row]:
    """The rows of an ELF file, none if it has no line numbers."""
    contents = []
    for name in (".debug_line", ".debug_line_str", ".debug_str"):
        section = file.section(name)
        contents.append(bytes(file.data(section)) if section is not None else b"")
    if contents[0] and file.type == ET_REL:
        contents[0] = _relocated(file, contents[0])
    return read_lines(*contents)


def _relocated(file: ElfFile, content: bytes) -> bytes:
    """The .debug_line of an object, its references filled in."""
    lines = file.section(".debug_line")
    assert lines is not None
    number = file.sections.index(lines)
    data = bytearray(content)
    for section in file.sections:
        if section.type != SHT_RELA or section.info != number:
            continue
        symbols = file.symbols
        for relocation in file.relocations_of(section):
            found = patches().get(relocation.type)
            if found is None or not 0 < relocation.symbol <= len(symbols):
                continue
            symbol = symbols[relocation.symbol - 1]
            base = 0
            if symbol.section < len(file.sections):
                code = file.sections[symbol.section].flags & SHF_ALLOC
                base = base_of(file, symbol.section) if code else 0
            size, patch = found
            at = relocation.offset
            if at + size > len(data):
                raise damaged()
            before = int.from_bytes(data[at : at + size], "little")
            after = patch(before, base + symbol.address + relocation.addend, at)
            if after is not None:
                data[at : at + size] = (after & (1 << 8 * size) - 1).to_bytes(size, "little")
    return bytes(data)
