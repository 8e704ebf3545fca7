"""Line numbers of machine code as DWARF 4, for gdb, addr2line and our own traces.

In: rows of (address, file, line, column). Out: .debug_line, .debug_abbrev and .debug_info; rows
again come out of `line_reader.py`. The one idea: a line-number program is a byte code whose
"special" opcodes advance address and line at once (DWARF 4, section 6.2).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

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
