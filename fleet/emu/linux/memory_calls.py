"""System calls about memory: the heap, mappings, permissions."""

from __future__ import annotations

from fleet.diagnostics import FleetError
from fleet.emu.faults import AccessFault
from fleet.emu.host_memory import PAGE, may_commit, page_up
from fleet.emu.linux.call import SystemCall, signed
from fleet.emu.linux.errors import Error, Failure
from fleet.emu.linux.state import State
from fleet.emu.memory import EXECUTE, READ, WRITE

LOWEST_MAPPING = 0x10000
ADDRESS_LIMIT = 1 << 47
_ANY = READ | WRITE | EXECUTE

_MAP_SHARED, _MAP_FIXED, _MAP_ANONYMOUS, _MAP_FIXED_NOREPLACE = 0x1, 0x10, 0x20, 0x100000
_MAP_NORESERVE = 0x4000
_MADV_DONTNEED = 4
_MREMAP_MAYMOVE, _MOST_TO_MOVE = 1, 4 << 30


def brk(process: State, address: int) -> int:
    return process.heap.move(address)


def mmap(
    process: State, address: int, size: int, protection: int, flags: int, file: int, offset: int
) -> int:
    anonymous = flags & _MAP_ANONYMOUS
    fixed = flags & (_MAP_FIXED | _MAP_FIXED_NOREPLACE)
    if not size or offset % PAGE or not flags & 3 or address % PAGE and fixed:
        raise Failure(Error.EINVAL)
    if size >= ADDRESS_LIMIT:
        raise Failure(Error.ENOMEM)
    if not anonymous and flags & 3 == _MAP_SHARED and protection & WRITE:
        raise Failure(Error.ENODEV)
    if anonymous and protection & WRITE and not flags & _MAP_NORESERVE and not may_commit(size):
        raise Failure(Error.ENOMEM)
    memory, size, base = process.memory, page_up(size), address & -PAGE
    data = b"" if anonymous else _contents(process, file, offset, size)
    fits = base >= LOWEST_MAPPING and base + size <= process.mapping_top
    if fixed:
        if not fits:
            raise Failure(Error.ENOMEM)
        if flags & _MAP_FIXED_NOREPLACE and not memory.is_free(base, size):
            raise Failure(Error.EEXIST)
        memory.unmap(base, size)
    elif not fits or not memory.is_free(base, size):
        base = _place(process, size)
    try:
        region = memory.map_anonymous(base, size, _permissions(protection), "mapping")
    except FleetError:
        raise Failure(Error.ENOMEM) from None
    region.data[: len(data)] = data
    return base


def _place(process: State, size: int) -> int:
    place = process.memory.room(size, process.mapping_top, process.heap.limit)
    if place is None:
        raise Failure(Error.ENOMEM)
    return place


def _contents(process: State, descriptor: int, offset: int, size: int) -> bytes:
    """What a private mapping of a file holds: a copy, which nothing can cut short."""
    file = process.files.file(descriptor)
    if not file.readable:
        raise Failure(Error.EACCES)
    if file.status().mode >> 12 != 8:  # no regular file
        raise Failure(Error.ENODEV)
    parts = []
    while size and (part := file.read_at(min(size, 1 << 30), signed(offset))):
        parts.append(part)
        offset += len(part)
        size -= len(part)
    return b"".join(parts)


def _permissions(protection: int) -> int:
    """Ours have the kernel's numbers; who may write may read."""
    return protection & _ANY | (READ if protection & WRITE else 0)


def munmap(process: State, address: int, size: int) -> int:
    if address % PAGE or not size or not _own(address, size):
        raise Failure(Error.EINVAL)
    process.memory.unmap(address, page_up(size))
    return 0


def mremap(process: State, address: int, size: int, new_size: int, flags: int) -> int:
    if address % PAGE or not size or not new_size or not _own(address, max(size, new_size)):
        raise Failure(Error.EINVAL)
    if flags & ~_MREMAP_MAYMOVE:
        raise Failure(Error.EINVAL)
    memory, size, new_size = process.memory, page_up(size), page_up(new_size)
    region = memory.find(address)
    if region is None or memory.reach(address, size, _ANY) < size:
        raise Failure(Error.EFAULT)
    if new_size <= size:
        memory.unmap(address + new_size, size - new_size)
        return address
    try:
        if memory.is_free(address + size, new_size - size):
            memory.map_anonymous(address + size, new_size - size, region.permissions, "mapping")
            return address
        if not flags & _MREMAP_MAYMOVE or size > _MOST_TO_MOVE:
            raise Failure(Error.ENOMEM)
        place = _place(process, new_size)
        moved = memory.map_anonymous(place, new_size, region.permissions, "mapping")
    except FleetError:
        raise Failure(Error.ENOMEM) from None
    for start in range(0, size, PAGE):
        moved.data[start : start + PAGE] = memory.read(address + start, PAGE, _ANY)
    memory.unmap(address, size)
    return place


def mprotect(process: State, address: int, size: int, protection: int) -> int:
    if address % PAGE:
        raise Failure(Error.EINVAL)
    if not size:
        return 0
    if not _own(address, size):
        raise Failure(Error.ENOMEM)
    try:
        process.memory.protect(address, page_up(size), _permissions(protection))
    except AccessFault:
        raise Failure(Error.ENOMEM) from None
    return 0


def madvise(process: State, address: int, size: int, advice: int) -> int:
    _check_mapped(process, address, size)
    if advice == _MADV_DONTNEED and size:
        process.memory.discard(address, page_up(size))
    return 0


def mincore(process: State, address: int, size: int, result: int) -> int:
    _check_mapped(process, address, size)
    process.memory.write(result, b"\1" * (page_up(size) // PAGE))
    return 0


def no_change(process: State, address: int, size: int) -> int:
    """msync, mlock, munlock: what is mapped stays as it is."""
    _check_mapped(process, address, size)
    return 0


def _check_mapped(process: State, address: int, size: int) -> None:
    if address % PAGE:
        raise Failure(Error.EINVAL)
    if size and not _own(address, size):
        raise Failure(Error.ENOMEM)
    if process.memory.reach(address, size, _ANY) < size:
        raise Failure(Error.ENOMEM)


def _own(address: int, size: int) -> bool:
    """Whether these are addresses that a process can have, and not those that we keep."""
    return address >= LOWEST_MAPPING and address + page_up(size) < ADDRESS_LIMIT


def riscv_flush_icache(process: State, _start: int, _end: int, _flags: int) -> int:
    process.machine.cpu.uc.ctl_flush_tb()
    process.machine.vector.forget()
    return 0


MEMORY_CALLS = {
    214: SystemCall("brk", "pointer", brk),
    215: SystemCall("munmap", "pointer number", munmap),
    216: SystemCall("mremap", "pointer number number mremap", mremap),
    222: SystemCall("mmap", "pointer number prot map fd bits", mmap),
    226: SystemCall("mprotect", "pointer number prot", mprotect),
    227: SystemCall("msync", "pointer number", no_change),
    228: SystemCall("mlock", "pointer number", no_change),
    229: SystemCall("munlock", "pointer number", no_change),
    232: SystemCall("mincore", "pointer number pointer", mincore),
    233: SystemCall("madvise", "pointer number madvise", madvise),
    259: SystemCall("riscv_flush_icache", "pointer pointer bits", riscv_flush_icache),
}
