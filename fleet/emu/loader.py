"""ELF executable -> regions of guest memory, mapped from the file and not read.

Segments whose pages are theirs alone are mapped straight from the file, private to us. Where two
segments meet in one page (nothing forbids it), those pages are copied together.
"""

from __future__ import annotations

import io
from os import PathLike
from typing import BinaryIO

from fleet.asm.objects.elf import (
    ET_DYN,
    PF_R,
    PF_W,
    PF_X,
    PT_INTERP,
    SHN_ABS,
    SHN_UNDEF,
    ElfFile,
    ElfSegment,
    parse_elf,
    read_elf,
)
from fleet.diagnostics import FleetError
from fleet.emu.host_memory import PAGE, anonymous, file_pages, page_down, page_up
from fleet.emu.machine import STOP, Machine
from fleet.emu.memory import EXECUTE, READ, WRITE

_PLACES = ("notype", "func", "object")
"""Kinds of symbols that name an address."""

PIE_BASE = 0x10000
"""Where a position-independent executable goes."""


def load_elf(machine: Machine, path: str | PathLike[str]) -> ElfFile:
    """Maps a static riscv64 executable and takes its symbols."""
    elf = _executable(read_elf(str(path)), str(path))
    with open(path, "rb") as file:
        for group in _groups(elf.loads):
            if len(group) == 1 and (group[0].address - group[0].offset) % PAGE == 0:
                _map_from_file(machine, file, group[0])
            else:
                _copy(machine, file, group)
    _note(machine, elf)
    return elf


def copy_elf(machine: Machine, data: bytes, name: str) -> ElfFile:
    """The same with a file's content, which is copied: no file stays open."""
    elf = _executable(parse_elf(memoryview(data), name), name)
    for group in _groups(elf.loads):
        _copy(machine, io.BytesIO(data), group)
    _note(machine, elf)
    return elf


def _note(machine: Machine, elf: ElfFile) -> None:
    """Take the symbols."""
    machine.files.append(elf)
    machine.symbols |= {
        symbol.name: symbol.address
        for symbol in sorted(elf.symbols, key=lambda s: s.binding != "local")
        if symbol.kind in _PLACES
        and symbol.section not in (SHN_UNDEF, SHN_ABS)
        and not symbol.name.startswith("$")
    }


def _executable(elf: ElfFile, path: str) -> ElfFile:
    """An executable at the addresses that it will have; FleetError if it cannot run here."""
    if any(segment.type == PT_INTERP for segment in elf.segments):
        raise FleetError(
            f"{path} is a dynamic executable: it needs shared libraries and somebody to load them",
            hint="link it with -static",
        )
    if elf.type == ET_DYN and elf.entry:
        elf = elf.at(PIE_BASE)
    runs = any(
        segment.flags & PF_X and 0 <= elf.entry - segment.address < segment.file_size
        for segment in elf.loads
    )
    if not elf.entry or not runs:
        kind = "a shared library" if elf.type == ET_DYN else "an object file"
        raise FleetError(f"{path} is {kind}, and no executable", hint="link it with -static")
    lowest = min(segment.address for segment in elf.loads)
    if lowest < STOP + PAGE:
        raise FleetError(
            f"{path} takes memory at {lowest:#x}, below {STOP + PAGE:#x},"
            " where none is for programs"
        )
    return elf


def _groups(segments: list[ElfSegment]) -> list[list[ElfSegment]]:
    """Segments in groups that share pages."""
    groups: list[list[ElfSegment]] = []
    end = 0
    for segment in sorted(segments, key=lambda s: s.address):
        if segment.memory_size == 0:
            continue
        if groups and page_down(segment.address) < end:
            groups[-1].append(segment)
        else:
            groups.append([segment])
        end = max(end, _end(segment))
    return groups


def _end(segment: ElfSegment) -> int:
    return page_up(segment.address + segment.memory_size)


def _permissions(segment: ElfSegment) -> int:
    pairs = ((PF_R, READ), (PF_W, WRITE), (PF_X, EXECUTE))
    return sum(ours for theirs, ours in pairs if segment.flags & theirs)


def _map_from_file(machine: Machine, file: BinaryIO, segment: ElfSegment) -> None:
    """File pages first, then anonymous pages for what the file does not hold."""
    base = page_down(segment.address)
    skip = segment.address - base
    name, permissions = f"segment at {segment.address:#x}", _permissions(segment)
    end = base
    if segment.file_size:
        used = skip + segment.file_size
        array, backing = file_pages(file, segment.offset - skip, used)
        if segment.memory_size > segment.file_size:
            array[used:] = 0
        machine.memory.map(base, array, permissions, name, backing)
        end = base + len(array)
    if end < _end(segment):
        machine.memory.map_anonymous(end, _end(segment) - end, permissions, name)


def _copy(machine: Machine, file: BinaryIO, group: list[ElfSegment]) -> None:
    base = page_down(group[0].address)
    array, backing = anonymous(max(map(_end, group)) - base)
    permissions = 0
    for segment in group:
        file.seek(segment.offset)
        start = segment.address - base
        array[start : start + segment.file_size].data[:] = file.read(segment.file_size)
        permissions |= _permissions(segment)
    machine.memory.map(base, array, permissions, f"segments at {group[0].address:#x}", backing)
