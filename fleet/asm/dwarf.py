"""Line numbers of machine code as DWARF 4, for gdb, addr2line and our own traces.

In: rows of (address, file, line, column). Out: .debug_line, .debug_abbrev and .debug_info, and
rows again from a .debug_line. The one idea: a line-number program is a byte code whose "special"
opcodes advance address and line at once (DWARF 4, section 6.2).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fleet.diagnostics import FleetError

LINE_BASE, LINE_RANGE, OPCODE_BASE = -5, 14, 13
OPERAND_COUNTS = bytes((0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1))  # of the standard opcodes
ADVANCE_PC, ADVANCE_LINE, SET_FILE, SET_COLUMN = 2, 3, 4, 5
END_SEQUENCE, SET_ADDRESS = 1, 2
ASSEMBLER_LANGUAGE = 0x8001


class Row(NamedTuple):
    """Code from `address` on comes from here; file None ends a sequence."""

    address: int
    file: str | None
    line: int
    column: int = 0


def unsigned(value: int) -> bytes:
    """LEB128."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    """Signed LEB128."""
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def line_section(
    sequences: Iterable[tuple[Sequence[Row], int]],
) -> tuple[bytes, list[int]]:
    """.debug_line of runs of rows with ascending addresses, each with the address of its end.

    With it, for each run that has rows, where in the section its first address stands.
    """
    files: dict[str, int] = {}
    program = bytearray()
    addresses: list[int] = []
    for rows, end in sequences:
        if not rows:
            continue
        address, file, line, column = rows[0].address, 1, 1, 0
        program += b"\0" + unsigned(9) + bytes((SET_ADDRESS,))
        addresses.append(len(program))
        program += struct.pack("<Q", address)
        for row in rows:
            number = files.setdefault(row.file or "", len(files) + 1)
            if number != file:
                program += bytes((SET_FILE,)) + unsigned(number)
                file = number
            if row.column != column:
                program += bytes((SET_COLUMN,)) + unsigned(row.column)
                column = row.column
            lines, distance = row.line - line, row.address - address
            line, address = row.line, row.address
            if not LINE_BASE <= lines < LINE_BASE + LINE_RANGE:
                program += bytes((ADVANCE_LINE,)) + signed(lines)
                lines = 0
            special = lines - LINE_BASE + LINE_RANGE * distance + OPCODE_BASE
            if special > 255:
                program += bytes((ADVANCE_PC,)) + unsigned(distance)
                special = lines - LINE_BASE + OPCODE_BASE
            program.append(special)
        program += bytes((ADVANCE_PC,)) + unsigned(max(end - address, 0))
        program += b"\0" + unsigned(1) + bytes((END_SEQUENCE,))
    names = b"".join(name.encode("utf-8", "surrogateescape") + b"\0\0\0\0" for name in files)
    parameters = struct.pack("<BBBbBB", 1, 1, 1, LINE_BASE, LINE_RANGE, OPCODE_BASE)
    tables = parameters + OPERAND_COUNTS + b"\0" + names + b"\0"
    rest = struct.pack("<HI", 4, len(tables)) + tables + bytes(program)
    start = 4 + len(rest) - len(program)
    return struct.pack("<I", len(rest)) + rest, [start + address for address in addresses]


LOW_PC_AT, HIGH_PC_AT, STMT_LIST_AT = 12, 20, 28
"""Where the fields of `unit_sections`' .debug_info are that hold addresses and offsets."""


def unit_sections(
    name: str, directory: str, low: int, high: int, *, ranges: bool = False
) -> tuple[bytes, bytes]:
    """(.debug_info, .debug_abbrev) with one compilation unit that has the line table.

    ranges: `high` is the offset of the unit's address ranges in .debug_ranges.
    """
    attributes = (
        (0x11, 0x01),  # low_pc, addr
        (0x55, 0x17) if ranges else (0x12, 0x07),  # ranges, sec_offset; high_pc, data8
        (0x10, 0x17),  # stmt_list, sec_offset
        (0x03, 0x08),  # name, string
        (0x1B, 0x08),  # comp_dir, string
        (0x25, 0x08),  # producer, string
        (0x13, 0x05),  # language, data2
    )
    compile_unit, no_children = 0x11, 0
    abbreviation = unsigned(1) + unsigned(compile_unit) + bytes((no_children,))
    for pair in attributes:
        abbreviation += unsigned(pair[0]) + unsigned(pair[1])
    abbreviation += b"\0\0\0"
    values = struct.pack("<QI", low, high) if ranges else struct.pack("<QQ", low, high - low)
    values += struct.pack("<I", 0)
    for text in (name, directory, "Fleet"):
        values += text.encode("utf-8", "surrogateescape") + b"\0"
    values += struct.pack("<H", ASSEMBLER_LANGUAGE)
    rest = struct.pack("<HIB", 4, 0, 8) + unsigned(1) + values
    return struct.pack("<I", len(rest)) + rest, abbreviation


class _Reader:
    """Numbers from bytes; FleetError where they end too early."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > self.end:
            raise FleetError(".debug_line is damaged")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def leb(self, *, sign: bool = False) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift > 70:
                raise FleetError(".debug_line is damaged")
        return value - (1 << shift) if sign and value >> shift - 1 & 1 else value

    def string(self) -> str:
        stop = self.data.find(b"\0", self.at, self.end)
        if stop < 0:
            raise FleetError(".debug_line is damaged")
        text = self.data[self.at : stop].decode("utf-8", "surrogateescape")
        self.at = stop + 1
        return text


def read_lines(section: bytes) -> list[Row]:
    """The rows of a .debug_line of DWARF 2 to 4, sequences ended by a row without file."""
    rows: list[Row] = []
    at = 0
    while at < len(section):
        reader = _Reader(section, at, len(section))
        end = reader.number(4)
        end += reader.at
        if end > len(section):
            raise FleetError(".debug_line is damaged")
        reader.end = end
        version = reader.number(2)
        if not 2 <= version <= 4:
            raise FleetError(f"line numbers in DWARF {version} cannot be read, only 2 to 4")
        _read_unit(reader, version, rows)
        at = end
    return rows


def _read_unit(reader: _Reader, version: int, rows: list[Row]) -> None:
    program = reader.number(4)
    program += reader.at
    shortest = reader.number(1)
    if version == 4:
        reader.number(1)
    reader.number(1)
    base = reader.number(1)
    base = base - 256 if base > 127 else base
    line_range, opcode_base = reader.number(1), reader.number(1)
    counts = reader.take(max(opcode_base - 1, 0))
    if not line_range:
        raise FleetError(".debug_line is damaged")
    directories = [""]
    while directory := reader.string():
        directories.append(directory)
    files = [""]
    while name := reader.string():
        directory = reader.leb()
        reader.leb()
        reader.leb()
        prefix = directories[directory] if directory < len(directories) else ""
        files.append(f"{prefix}/{name}" if prefix else name)
    reader.at = program
    address, file, line, column = 0, 1, 1, 0

    def emit() -> None:
        rows.append(Row(address, files[file] if 0 < file < len(files) else "?", line, column))

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
