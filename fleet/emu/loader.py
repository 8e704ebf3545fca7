"""ELF executable -> regions of guest memory, mapped from the file and not read.

Segments whose pages are theirs alone are mapped straight from the file, private to us. Where two
segments meet in one page (nothing forbids it), those pages are copied together.
"""

from __future__ import annotations

import struct
from os import PathLike
from typing import BinaryIO, NamedTuple

from fleet.diagnostics import FleetError
from fleet.emu.machine import Machine
from fleet.emu.memory import EXECUTE, PAGE, READ, WRITE, anonymous, file_pages, page_down, page_up


class Segment(NamedTuple):
    """What PT_LOAD says: which bytes of the file appear where."""

    offset: int
    address: int
    file_size: int
    memory_size: int
    permissions: int

    @property
    def first_page(self) -> int:
        return page_down(self.address)

    @property
    def end_page(self) -> int:
        return page_up(self.address + self.memory_size)


def map_segments(machine: Machine, file: BinaryIO, segments: list[Segment]) -> None:
    group: list[Segment] = []
    for segment in sorted(segments, key=lambda s: s.address):
        if segment.memory_size == 0:
            continue
        if group and segment.first_page < max(s.end_page for s in group):
            group.append(segment)
            continue
        _map_group(machine, file, group)
        group = [segment]
    _map_group(machine, file, group)


def _map_group(machine: Machine, file: BinaryIO, group: list[Segment]) -> None:
    if len(group) == 1 and (group[0].address - group[0].offset) % PAGE == 0:
        _map_from_file(machine, file, group[0])
    elif group:
        _copy(machine, file, group)


def _map_from_file(machine: Machine, file: BinaryIO, segment: Segment) -> None:
    """File pages first, then anonymous pages for what the file does not hold."""
    base, skip = segment.first_page, segment.address - segment.first_page
    name = f"segment at {segment.address:#x}"
    end = base
    if segment.file_size:
        used = skip + segment.file_size
        array, backing = file_pages(file, segment.offset - skip, used)
        if segment.memory_size > segment.file_size:
            array[used:] = 0
        machine.memory.map(base, array, segment.permissions, name, backing)
        end = base + len(array)
    if end < segment.end_page:
        machine.memory.map_anonymous(end, segment.end_page - end, segment.permissions, name)


def _copy(machine: Machine, file: BinaryIO, group: list[Segment]) -> None:
    base, end = group[0].first_page, max(s.end_page for s in group)
    array, backing = anonymous(end - base)
    permissions = 0
    for segment in group:
        file.seek(segment.offset)
        start = segment.address - base
        array[start : start + segment.file_size].data[:] = file.read(segment.file_size)
        permissions |= segment.permissions
    name = f"segments at {group[0].address:#x}"
    machine.memory.map(base, array, permissions, name, backing)


_PT_LOAD = 1
_SYMBOL = struct.Struct("<IBBHQQ")


def load_elf(machine: Machine, path: str | PathLike[str]) -> int:
    """Maps a static riscv64 executable and takes its symbols; returns the entry address."""
    try:
        with open(path, "rb") as file:
            entry, segments, symbols = _read_headers(file, str(path))
            map_segments(machine, file, segments)
    except OSError as error:
        raise FleetError(f"cannot read {path}: {error.strerror}") from error
    machine.symbols |= symbols
    return entry


def _read_headers(
    file: BinaryIO, name: str
) -> tuple[int, list[Segment], dict[str, int]]:
    header = file.read(64)
    if len(header) < 64 or header[:6] != b"\x7fELF\x02\x01" or header[18:20] != b"\xf3\0":
        raise FleetError(f"{name} is not a 64-bit RISC-V executable")
    (entry, phoff, shoff) = struct.unpack_from("<QQQ", header, 24)
    (phnum, _, shnum) = struct.unpack_from("<HHH", header, 56)
    segments = []
    file.seek(phoff)
    for _ in range(phnum):
        kind, flags, offset, address, _, file_size, memory_size, _ = struct.unpack(
            "<IIQQQQQQ", file.read(56)
        )
        if kind == _PT_LOAD:
            permissions = READ * (flags >> 2 & 1) | WRITE * (flags >> 1 & 1) | EXECUTE * (flags & 1)
            segments.append(Segment(offset, address, file_size, memory_size, permissions))
    symbols: dict[str, int] = {}
    file.seek(shoff)
    sections = [struct.unpack("<IIQQQQIIQQ", file.read(64)) for _ in range(shnum)]
    for section in sections:
        if section[1] != 2:
            continue
        file.seek(sections[section[6]][4])
        strings = file.read(sections[section[6]][5])
        file.seek(section[4])
        for row in _SYMBOL.iter_unpack(file.read(section[5])):
            text = strings[row[0] : strings.find(b"\0", row[0])].decode()
            if text and row[3] not in (0, 0xFFF1):
                symbols[text] = row[4]
    return entry, segments, symbols
