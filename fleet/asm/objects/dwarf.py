"""Line numbers of machine code as DWARF 4 or 5, for gdb, addr2line and our own traces.

In: rows of (address, file, line, column). Out: .debug_line, .debug_abbrev and .debug_info; rows
again come out of `line_reader.py`. The one idea: a line-number program is a byte code whose
"special" opcodes advance address and line at once (DWARF 5, section 6.2).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fleet.asm.objects.model import SourceFile
from fleet.leb128 import signed, unsigned

LINE_BASE, LINE_RANGE, OPCODE_BASE = -5, 14, 13
OPERAND_COUNTS = bytes((0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1))  # of the standard opcodes
COPY, ADVANCE_PC, ADVANCE_LINE, SET_FILE, SET_COLUMN, NEGATE_STMT, BASIC_BLOCK = range(1, 8)
PROLOGUE_END, EPILOGUE_BEGIN, SET_ISA = 10, 11, 12
END_SEQUENCE, SET_ADDRESS, SET_DISCRIMINATOR = 1, 2, 4  # extended opcodes
PATH, DIRECTORY_INDEX, MD5 = 1, 2, 5  # what an entry of DWARF 5 says of a file
STRING, UDATA, DATA16 = 0x08, 0x0F, 0x1E  # and in which form
ASSEMBLER_LANGUAGE = 0x8001


class Row(NamedTuple):
    """Code from `address` on comes from here; file None ends a sequence."""

    address: int
    file: str | None
    line: int
    column: int = 0


class Place(NamedTuple):
    """A row of a line-number program that is being written; files by their numbers."""

    address: int
    file: int
    line: int
    column: int = 0
    is_stmt: bool = True
    basic_block: bool = False
    prologue_end: bool = False
    epilogue_begin: bool = False
    isa: int = 0
    discriminator: int = 0


def line_section(
    sequences: Iterable[tuple[Sequence[Place], int]], files: Sequence[SourceFile]
) -> tuple[bytes, list[int]]:
    """.debug_line of runs of rows with ascending addresses, each with the address of its end.

    files: those that the rows name, and others; DWARF 5 if one of them has the number 0.
    With it, for each run that has rows, where in the section its first address stands.
    """
    program = bytearray()
    addresses: list[int] = []
    for rows, end in sequences:
        if rows:
            addresses.append(len(program) + 3)
            program += _sequence(rows, end)
    is_five = any(file.number == 0 or file.md5 for file in files)
    tables = struct.pack("<BBBbBB", 1, 1, 1, LINE_BASE, LINE_RANGE, OPCODE_BASE) + OPERAND_COUNTS
    tables += _tables_of_five(files) if is_five else _tables_of_four(files)
    version = struct.pack("<HBB", 5, 8, 0) if is_five else struct.pack("<H", 4)
    rest = version + struct.pack("<I", len(tables)) + tables + bytes(program)
    start = 4 + len(rest) - len(program)
    return struct.pack("<I", len(rest)) + rest, [start + address for address in addresses]


def _sequence(rows: Sequence[Place], end: int) -> bytes:
    """The program of one run, from setting its address to its end."""
    address, file, line, column, isa, is_stmt = rows[0].address, 1, 1, 0, 0, True
    program = bytearray(b"\0" + unsigned(9) + bytes((SET_ADDRESS,)))
    program += struct.pack("<Q", address)
    for row in rows:
        if row.file != file:
            file = row.file
            program += bytes((SET_FILE,)) + unsigned(file)
        if row.column != column:
            column = row.column
            program += bytes((SET_COLUMN,)) + unsigned(column)
        if row.isa != isa:
            isa = row.isa
            program += bytes((SET_ISA,)) + unsigned(isa)
        if row.is_stmt != is_stmt:
            is_stmt = row.is_stmt
            program.append(NEGATE_STMT)
        if row.discriminator:
            number = unsigned(row.discriminator)
            program += b"\0" + unsigned(1 + len(number)) + bytes((SET_DISCRIMINATOR,)) + number
        if row.basic_block:
            program.append(BASIC_BLOCK)
        if row.prologue_end:
            program.append(PROLOGUE_END)
        if row.epilogue_begin:
            program.append(EPILOGUE_BEGIN)
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
    return bytes(program) + b"\0" + unsigned(1) + bytes((END_SEQUENCE,))


def _string(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape") + b"\0"


def _tables_of_four(files: Sequence[SourceFile]) -> bytes:
    """Directories and files as DWARF 4 has them: numbered from 1 on, in order."""
    by_number = {file.number: file for file in files}
    folders: dict[str, int] = {"": 0}
    entries = b""
    for number in range(1, max(by_number, default=0) + 1):
        file = by_number.get(number, SourceFile(number, "", "?"))
        directory, name = file.parts
        folder = folders.setdefault(directory, len(folders))
        entries += _string(name) + unsigned(folder) + b"\0\0"
    names = b"".join(_string(name) for name in folders if name)
    return names + b"\0" + entries + b"\0"


def _tables_of_five(files: Sequence[SourceFile]) -> bytes:
    """The same as DWARF 5 has them: from 0 on, which are the unit's own folder and file."""
    by_number = {file.number: file for file in files}
    own = by_number.get(0) or min(files)._replace(number=0)
    by_number[0] = own
    folders: dict[str, int] = {own.directory: 0}
    has_md5 = all(file.md5 for file in by_number.values())
    count = max(by_number) + 1
    entries = b""
    for number in range(count):
        file = by_number.get(number, own)
        directory, name = file.parts
        folder = folders.setdefault(directory or own.directory, len(folders))
        entries += _string(name) + unsigned(folder) + (file.md5 if has_md5 else b"")
    formats = [(PATH, STRING), (DIRECTORY_INDEX, UDATA), *([(MD5, DATA16)] if has_md5 else [])]
    result = bytes((1, PATH, STRING)) + unsigned(len(folders)) + b"".join(map(_string, folders))
    result += bytes((len(formats),)) + b"".join(bytes(pair) for pair in formats)
    return result + unsigned(count) + entries


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
