"""System calls about files that are open: reading, writing, descriptors, terminals."""

from __future__ import annotations

import fcntl as host_fcntl
import os
import select
import struct
import sys
import time

from fleet.emu.faults import Fault
from fleet.emu.linux.call import SystemCall, signed, signed_int
from fleet.emu.linux.errors import Error, Failure
from fleet.emu.linux.files import MOST_OPEN, O_CLOEXEC
from fleet.emu.linux.open_files import O_APPEND, O_NONBLOCK, HostFile, OpenFile
from fleet.emu.linux.state import State
from fleet.emu.memory import READ, WRITE

MOST_AT_ONCE = 1 << 24
"""Bytes that one call moves at most; programs have to expect fewer than they asked for."""

_MOST_VECTORS = 1024
_MOST_POLLED = 1024
_NANO = 1_000_000_000

_TCGETS, _TCSETS, _TCSETSF, _TIOCGWINSZ, _FIONREAD = 0x5401, 0x5402, 0x5404, 0x5413, 0x541B
_TERMIOS_BYTES = 36
_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_SETFL, _F_DUPFD_CLOEXEC = 0, 1, 2, 3, 4, 1030
_LOCKS = {5: "F_GETLK", 6: "F_SETLK", 7: "F_SETLKW"}
_LOCK_BYTES = 32
_POLLIN, _POLLOUT, _POLLNVAL = 1, 4, 32


# -- moving bytes


def _check_offset(offset: int | None) -> None:
    if offset is not None and offset >> 63:
        raise Failure(Error.EINVAL)


def _take(process: State, file: OpenFile, address: int, size: int, offset: int | None) -> int:
    _check_offset(offset)
    room = process.memory.reach(address, min(size, MOST_AT_ONCE), WRITE)
    if size and not room:
        raise Failure(Error.EFAULT)
    data = file.read(room) if offset is None else file.read_at(room, offset)
    process.memory.write(address, data)
    return len(data)


def _give(process: State, file: OpenFile, address: int, size: int, offset: int | None) -> int:
    _check_offset(offset)
    reach = process.memory.reach(address, min(size, MOST_AT_ONCE), READ)
    if size and not reach:
        raise Failure(Error.EFAULT)
    data = process.memory.read(address, reach)
    return file.write(data) if offset is None else file.write_at(data, offset)


def _vectors(process: State, address: int, count: int) -> list[tuple[int, int]]:
    if count > _MOST_VECTORS:
        raise Failure(Error.EINVAL)
    words = struct.unpack(f"<{2 * count}Q", process.memory.read(address, 16 * count))
    return list(zip(words[::2], words[1::2], strict=True))


def read(process: State, descriptor: int, address: int, size: int) -> int:
    return _take(process, process.files.file(descriptor), address, size, None)


def write(process: State, descriptor: int, address: int, size: int) -> int:
    return _give(process, process.files.file(descriptor), address, size, None)


def pread64(process: State, descriptor: int, address: int, size: int, offset: int) -> int:
    return _take(process, process.files.file(descriptor), address, size, offset)


def pwrite64(process: State, descriptor: int, address: int, size: int, offset: int) -> int:
    return _give(process, process.files.file(descriptor), address, size, offset)


def readv(process: State, descriptor: int, address: int, count: int) -> int:
    file, total = process.files.file(descriptor), 0
    for base, size in _vectors(process, address, count):
        if size:
            done = _take(process, file, base, size, None)
            total += done
            if done < size:
                break
    return total


def writev(process: State, descriptor: int, address: int, count: int) -> int:
    """All parts at once, as far as that many bytes go: output comes in one piece."""
    file, memory = process.files.file(descriptor), process.memory
    parts, room = [], MOST_AT_ONCE
    for base, size in _vectors(process, address, count):
        parts.append(memory.read(base, min(size, room)))
        room -= len(parts[-1])
    return file.write(b"".join(parts))


def preadv(process: State, descriptor: int, address: int, count: int, offset: int) -> int:
    file, total = process.files.file(descriptor), 0
    for base, size in _vectors(process, address, count):
        if size:
            done = _take(process, file, base, size, offset + total)
            total += done
            if done < size:
                break
    return total


def pwritev(process: State, descriptor: int, address: int, count: int, offset: int) -> int:
    file, total = process.files.file(descriptor), 0
    for base, size in _vectors(process, address, count):
        total += _give(process, file, base, size, offset + total) if size else 0
    return total


def sendfile(process: State, to: int, source: int, place: int, size: int) -> int:
    target, file, size = process.files.file(to), process.files.file(source), min(size, 1 << 20)
    if not place:
        return target.write(file.read(size))
    (offset,) = struct.unpack("<q", process.memory.read(place, 8))
    done = target.write(file.read_at(size, offset))
    process.memory.write(place, struct.pack("<q", offset + done))
    return done


def lseek(process: State, descriptor: int, offset: int, whence: int) -> int:
    if whence > 4:
        raise Failure(Error.EINVAL)
    return process.files.file(descriptor).seek(signed(offset), whence)


def ftruncate(process: State, descriptor: int, size: int) -> int:
    os.ftruncate(process.files.file(descriptor).host(), signed(size))
    return 0


def fallocate(process: State, descriptor: int, mode: int, offset: int, size: int) -> int:
    if mode:
        raise Failure(Error.EOPNOTSUPP)
    file, end = process.files.file(descriptor), signed(offset) + signed(size)
    if signed(offset) < 0 or signed(size) <= 0:
        raise Failure(Error.EINVAL)
    if file.status().size < end:
        os.ftruncate(file.host(), end)
    return 0


def fsync(process: State, descriptor: int) -> int:
    os.fsync(process.files.file(descriptor).host())
    return 0


def fadvise64(process: State, descriptor: int, _offset: int, _size: int, _advice: int) -> int:
    process.files.file(descriptor)
    return 0


# -- descriptors


def close(process: State, descriptor: int) -> int:
    process.files.close(descriptor)
    return 0


def close_range(process: State, first: int, last: int, flags: int) -> int:
    if first > last or flags & ~4:
        raise Failure(Error.EINVAL)
    for number in process.files.numbers(first, last):
        if flags:
            process.files.close_on_exec(number, True)
        else:
            process.files.close(number)
    return 0


def dup(process: State, descriptor: int) -> int:
    return process.files.add(process.files.file(descriptor))


def dup3(process: State, descriptor: int, number: int, flags: int) -> int:
    file = process.files.file(descriptor)
    number &= 0xFFFFFFFF
    if number == descriptor & 0xFFFFFFFF or flags & ~O_CLOEXEC:
        raise Failure(Error.EINVAL)
    process.files.put(number, file)
    process.files.close_on_exec(number, bool(flags))
    return number


def pipe2(process: State, address: int, flags: int) -> int:
    if flags & ~(O_CLOEXEC | O_NONBLOCK):
        raise Failure(Error.EINVAL)
    process.memory.locate(address, 8, WRITE)
    process.memory.write(address, struct.pack("<2i", *process.files.pipe(flags)))
    return 0


def fcntl(process: State, descriptor: int, command: int, value: int) -> int:
    files, command = process.files, command & 0xFFFFFFFF
    file = files.file(descriptor)
    if command in (_F_DUPFD, _F_DUPFD_CLOEXEC):
        if value & 0xFFFFFFFF >= MOST_OPEN:
            raise Failure(Error.EINVAL)
        closed_on_exec = command == _F_DUPFD_CLOEXEC
        return files.add(file, value & 0xFFFFFFFF, closed_on_exec=closed_on_exec)
    if command == _F_GETFD:
        return int(files.close_on_exec(descriptor))
    if command == _F_SETFD:
        files.close_on_exec(descriptor, bool(value & 1))
        return 0
    if command == _F_GETFL:
        return file.flags
    if command == _F_SETFL:
        _set_flags(file, value)
        return 0
    if command in _LOCKS:
        return _lock(process, file, command, value)
    raise Failure(Error.EINVAL)


def _set_flags(file: OpenFile, value: int) -> None:
    """Appending is the host's business; who would block is ours, see Pipe."""
    if isinstance(file, HostFile) and (file.flags ^ value) & O_APPEND:
        flags = host_fcntl.fcntl(file.host(), host_fcntl.F_GETFL) & ~os.O_APPEND
        wanted = os.O_APPEND if value & O_APPEND else 0
        host_fcntl.fcntl(file.host(), host_fcntl.F_SETFL, flags | wanted)
    changed = O_APPEND | O_NONBLOCK
    file.flags = file.flags & ~changed | value & changed


def _lock(process: State, file: OpenFile, command: int, address: int) -> int:
    """struct flock is the same on all 64-bit Linux; elsewhere there is nobody to lock out."""
    lock = process.memory.read(address, _LOCK_BYTES)
    if sys.platform == "linux":
        found = host_fcntl.fcntl(file.host(), getattr(host_fcntl, _LOCKS[command]), lock)
        if _LOCKS[command] == "F_GETLK":
            process.memory.write(address, found)
    return 0


def flock(process: State, descriptor: int, operation: int) -> int:
    host_fcntl.flock(process.files.file(descriptor).host(), operation & 0xF)
    return 0


def ioctl(process: State, descriptor: int, request: int, address: int) -> int:
    file, request = process.files.file(descriptor), request & 0xFFFFFFFF
    if request == _FIONREAD:
        data = host_fcntl.ioctl(file.host(), request, bytes(4))
        process.memory.write(address, data)
        return 0
    if not file.is_terminal():
        raise Failure(Error.ENOTTY)
    if request == _TIOCGWINSZ:
        columns, rows = os.get_terminal_size(file.host())
        process.memory.write(address, struct.pack("<4H", rows, columns, 0, 0))
    elif request == _TCGETS:
        data = bytes(_TERMIOS_BYTES)
        if sys.platform == "linux":  # whose terminals are the same on every processor
            data = host_fcntl.ioctl(file.host(), request, data)
        process.memory.write(address, data)
    elif _TCSETS <= request <= _TCSETSF and sys.platform == "linux":
        host_fcntl.ioctl(file.host(), request, process.memory.read(address, _TERMIOS_BYTES))
    else:
        raise Failure(Error.EINVAL)
    return 0


# -- waiting for input


def _timeout(process: State, address: int) -> float | None:
    if not address:
        return None
    seconds, rest = struct.unpack("<qq", process.memory.read(address, 16))
    if seconds < 0 or not 0 <= rest < _NANO:
        raise Failure(Error.EINVAL)
    return seconds + rest / _NANO


def _ready(
    process: State, wanted: dict[int, int], seconds: float | None
) -> dict[int, int]:
    """Descriptors with those of the wanted events (POLLIN, POLLOUT) that have come."""
    ready: dict[int, int] = {}
    hosts: dict[int, list[int]] = {}
    poll = select.poll()
    for number, events in wanted.items():
        file = process.files.file(number)
        if isinstance(file, HostFile):
            hosts.setdefault(file.host(), []).append(number)
            poll.register(file.host(), events)
        else:
            found = events & (_POLLOUT if file.writable else 0)
            if file.readable and not file.would_block():
                found |= events & _POLLIN
            if found:
                ready[number] = found
    if not hosts and not ready and seconds is None:
        raise Fault("the only thread waits for what cannot come (poll)")
    if not hosts:
        time.sleep(0 if ready else seconds or 0)
        return ready
    limit = 0 if ready else None if seconds is None else seconds * 1000
    for host, events in poll.poll(limit):
        for number in hosts[host]:
            ready[number] = events & (wanted[number] | ~(_POLLIN | _POLLOUT))
    return {number: events for number, events in ready.items() if events}


def ppoll(process: State, address: int, count: int, timeout: int, _mask: int, _size: int) -> int:
    if count > _MOST_POLLED:
        raise Failure(Error.EINVAL)
    rows = list(struct.iter_unpack("<ihh", process.memory.read(address, 8 * count)))
    wanted: dict[int, int] = {}
    closed = set()
    for number, events, _ in rows:
        try:
            if number >= 0:
                process.files.file(number)
                wanted[number] = wanted.get(number, 0) | events & 0xFFFF
        except Failure:
            closed.add(number)
    ready = _ready(process, wanted, 0 if closed else _timeout(process, timeout))
    found = 0
    for place, (number, events, _) in enumerate(rows):
        came = ready.get(number, 0) & (events | ~(_POLLIN | _POLLOUT)) & 0x7FFF
        came = _POLLNVAL if number in closed else came
        found += came != 0
        process.memory.write(address + 8 * place + 6, struct.pack("<h", came))
    return found


def pselect6(
    process: State, count: int, reading: int, writing: int, failing: int, timeout: int, _mask: int
) -> int:
    count = signed_int(count)
    if not 0 <= count <= _MOST_POLLED:
        raise Failure(Error.EINVAL)
    size = (count + 63) // 64 * 8
    wanted: dict[int, int] = {}
    for address, event in ((reading, _POLLIN), (writing, _POLLOUT)):
        for number in _numbers(process, address, size, count):
            wanted[number] = wanted.get(number, 0) | event
    ready = _ready(process, wanted, _timeout(process, timeout))
    found = 0
    events = ((reading, ~_POLLOUT), (writing, ~_POLLIN), (failing, 0))
    for address, event in events:
        if address:
            asked = _numbers(process, address, size, count)
            came = sum(1 << number for number in asked if ready.get(number, 0) & event)
            process.memory.write(address, came.to_bytes(size, "little"))
            found += came.bit_count()
    return found


def _numbers(process: State, address: int, size: int, count: int) -> list[int]:
    """The members of an fd_set."""
    if not address:
        return []
    bits = int.from_bytes(process.memory.read(address, size), "little")
    return [number for number in range(count) if bits >> number & 1]


FILE_CALLS = {
    23: SystemCall("dup", "fd", dup),
    24: SystemCall("dup3", "fd fd open", dup3),
    25: SystemCall("fcntl", "fd fcntl bits", fcntl),
    29: SystemCall("ioctl", "fd ioctl pointer", ioctl),
    32: SystemCall("flock", "fd number", flock),
    46: SystemCall("ftruncate", "fd number", ftruncate),
    47: SystemCall("fallocate", "fd bits number number", fallocate),
    57: SystemCall("close", "fd", close),
    59: SystemCall("pipe2", "ints2 open", pipe2),
    62: SystemCall("lseek", "fd number whence", lseek),
    63: SystemCall("read", "fd out number", read),
    64: SystemCall("write", "fd in number", write),
    65: SystemCall("readv", "fd vectors-out number", readv),
    66: SystemCall("writev", "fd vectors-in number", writev),
    67: SystemCall("pread64", "fd out number number", pread64),
    68: SystemCall("pwrite64", "fd in number number", pwrite64),
    69: SystemCall("preadv", "fd vectors-out number number", preadv),
    70: SystemCall("pwritev", "fd vectors-in number number", pwritev),
    71: SystemCall("sendfile", "fd fd pointer number", sendfile),
    72: SystemCall("pselect6", "number pointer pointer pointer time pointer", pselect6),
    73: SystemCall("ppoll", "pointer number time pointer number", ppoll),
    82: SystemCall("fsync", "fd", fsync),
    83: SystemCall("fdatasync", "fd", fsync),
    223: SystemCall("fadvise64", "fd number number number", fadvise64),
    436: SystemCall("close_range", "number number bits", close_range),
}
