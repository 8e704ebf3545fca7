"""The system calls of Linux for RISC-V: what a static program and its C library ask for.

In: a process, and six argument registers. Out: what goes to a0. A call that fails raises OSError or
returns the negative number of an error. `SYSTEM_CALLS` is the table; what is not in it returns
ENOSYS, as from a kernel that is too old.
"""

from __future__ import annotations

import errno
import os
import shutil
import struct
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from fleet.diagnostics import FleetError
from fleet.emu.faults import Fault
from fleet.emu.files import Status
from fleet.emu.machine import Exit
from fleet.emu.memory import EXECUTE, PAGE, READ, WRITE, page_up

if TYPE_CHECKING:
    from fleet.emu.linux import Process

_MOST_AT_ONCE = 1 << 24
"""Bytes that one call moves at most; programs have to expect fewer than they asked for."""

_LONGEST_PATH = 4096
_MOST_VECTORS = 1024
_LOWEST_MAPPING = 0x10000
_NANO = 1_000_000_000
_FOREVER = (1 << 64) - 1

_MAP_SHARED, _MAP_FIXED, _MAP_ANONYMOUS, _MAP_FIXED_NOREPLACE = 0x1, 0x10, 0x20, 0x100000
_MADV_DONTNEED = 4
_MREMAP_MAYMOVE, _MOST_TO_MOVE = 1, 4 << 30
_AT_EMPTY_PATH = 0x1000
_TCGETS, _TIOCGWINSZ = 0x5401, 0x5413
_RLIMIT_STACK, _RLIMIT_NOFILE = 3, 7
_F_GETFD, _F_SETFD, _F_GETFL, _F_SETFL = 1, 2, 3, 4
_FUTEX_WAIT, _FUTEX_WAKE = 0, 1


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


# -- streams and files


def read(process: Process, descriptor: int, address: int, size: int) -> int:
    file = process.files.file(descriptor)
    room = process.memory.reach(address, min(size, _MOST_AT_ONCE), WRITE)
    if size and not room:
        return -errno.EFAULT
    data = file.read1(room) if hasattr(file, "read1") else file.read(room)
    process.memory.write(address, data or b"")
    return len(data or b"")


def write(process: Process, descriptor: int, address: int, size: int) -> int:
    file = process.files.file(descriptor)
    size = min(size, _MOST_AT_ONCE)
    file.write(process.memory.read(address, size))
    file.flush()
    return size


def _vectors(process: Process, address: int, count: int) -> list[tuple[int, int]]:
    if count > _MOST_VECTORS:
        raise OSError(errno.EINVAL, "too many parts")
    words = struct.unpack(f"<{2 * count}Q", process.memory.read(address, 16 * count))
    return list(zip(words[::2], words[1::2], strict=True))


def readv(process: Process, descriptor: int, address: int, count: int) -> int:
    total = 0
    for base, size in _vectors(process, address, count):
        done = read(process, descriptor, base, size)
        total += max(done, 0)
        if done < size:
            return total if total or done >= 0 else done
    return total


def writev(process: Process, descriptor: int, address: int, count: int) -> int:
    parts = _vectors(process, address, count)
    return sum(write(process, descriptor, base, size) for base, size in parts if size)


def pread64(process: Process, descriptor: int, address: int, size: int, offset: int) -> int:
    before = process.files.seek(descriptor, 0, 1)
    process.files.seek(descriptor, _signed(offset), 0)
    try:
        return read(process, descriptor, address, size)
    finally:
        process.files.seek(descriptor, before, 0)


def openat(process: Process, _folder: int, path: int, flags: int, mode: int) -> int:
    return process.files.open(_text(process, path), flags, mode)


def close(process: Process, descriptor: int) -> int:
    process.files.close(descriptor)
    return 0


def lseek(process: Process, descriptor: int, offset: int, whence: int) -> int:
    return process.files.seek(descriptor, _signed(offset), whence)


def fcntl(process: Process, descriptor: int, command: int, _value: int) -> int:
    file = process.files.file(descriptor)
    if command == _F_GETFL:
        return 2 if file.readable() and file.writable() else int(file.writable())
    return 0 if command in (_F_GETFD, _F_SETFD, _F_SETFL) else -errno.EINVAL


def ioctl(process: Process, descriptor: int, request: int, address: int) -> int:
    if not process.files.is_terminal(descriptor):
        return -errno.ENOTTY
    if request == _TCGETS:
        process.memory.write(address, bytes(36))
    elif request == _TIOCGWINSZ:
        columns, rows = shutil.get_terminal_size()
        process.memory.write(address, struct.pack("<4H", rows, columns, 0, 0))
    else:
        return -errno.EINVAL
    return 0


def fstat(process: Process, descriptor: int, address: int) -> int:
    process.memory.write(address, _status_bytes(process.files.status(descriptor)))
    return 0


def newfstatat(process: Process, descriptor: int, path: int, address: int, flags: int) -> int:
    text = _text(process, path)
    if not text and flags & _AT_EMPTY_PATH:
        return fstat(process, descriptor, address)
    process.memory.write(address, _status_bytes(process.files.status_of(text)))
    return 0


def _status_bytes(status: Status) -> bytes:
    """struct stat of <asm-generic/stat.h>."""
    times = (status.seconds, 0) * 3
    blocks = (status.size + 511) // 512
    return struct.pack(
        "<QQIIIIQQqiiq6QII", 1, status.inode, status.mode, 1, 1000, 1000, 0, 0,
        status.size, PAGE, 0, blocks, *times, 0, 0,
    )  # fmt: skip


def readlinkat(process: Process, _folder: int, path: int, address: int, size: int) -> int:
    text = _text(process, path)
    if text == "/proc/self/exe":
        target = os.fsencode(os.path.abspath(process.path))
    else:
        target = os.fsencode(os.readlink(process.files.path(text)))
    process.memory.write(address, target[:size])
    return min(len(target), size)


def faccessat(process: Process, _folder: int, path: int, mode: int) -> int:
    allowed = os.access(process.files.path(_text(process, path)), mode & 7)
    return 0 if allowed else -errno.ENOENT


def getcwd(process: Process, address: int, size: int) -> int:
    if size < 2:
        return -errno.ERANGE
    process.memory.write(address, b"/\0")
    return 2


def _text(process: Process, address: int) -> str:
    data = process.memory.read(address, process.memory.reach(address, _LONGEST_PATH, READ) or 1)
    stop = data.find(b"\0")
    if stop < 0:
        raise OSError(errno.ENAMETOOLONG, "a path without an end")
    return os.fsdecode(data[:stop])


# -- memory


def brk(process: Process, address: int) -> int:
    return process.heap.move(address)


def mmap(
    process: Process, address: int, size: int, protection: int, flags: int, file: int, offset: int
) -> int:
    anonymous = flags & _MAP_ANONYMOUS
    if not 0 < size < 1 << 47 or address % PAGE and flags & _MAP_FIXED:
        return -errno.EINVAL
    if not anonymous and flags & _MAP_SHARED and flags & 3 == _MAP_SHARED and protection & WRITE:
        return -errno.ENODEV
    memory, size, base = process.memory, page_up(size), address & -PAGE
    data = b"" if anonymous else _contents(process, file, offset, size)
    fits = base >= _LOWEST_MAPPING and base + size <= process.mapping_top
    if flags & (_MAP_FIXED | _MAP_FIXED_NOREPLACE):
        if not fits:
            return -errno.ENOMEM
        if flags & _MAP_FIXED:
            memory.unmap(base, size)
        elif memory.room(size, base + size, base) is None:
            return -errno.EEXIST
    elif not fits or memory.room(size, base + size, base) is None:
        place = memory.room(size, process.mapping_top, process.heap.limit)
        if place is None:
            return -errno.ENOMEM
        base = place
    try:
        region = memory.map_anonymous(base, size, _permissions(protection), "mapping")
    except FleetError:
        return -errno.ENOMEM
    region.data[: len(data)] = data
    return base


def _contents(process: Process, descriptor: int, offset: int, size: int) -> bytes:
    before = process.files.seek(descriptor, 0, 1)
    size = min(size, process.files.status(descriptor).size)
    try:
        process.files.seek(descriptor, _signed(offset), 0)
        return process.files.file(descriptor).read(size)
    finally:
        process.files.seek(descriptor, before, 0)


def _permissions(protection: int) -> int:
    """Ours have the kernel's numbers; who may write may read."""
    return protection & (READ | WRITE | EXECUTE) | (READ if protection & WRITE else 0)


def munmap(process: Process, address: int, size: int) -> int:
    if address % PAGE or not size or not _own(address, size):
        return -errno.EINVAL
    process.memory.unmap(address, page_up(size))
    return 0


def mremap(process: Process, address: int, size: int, new_size: int, flags: int) -> int:
    if address % PAGE or not size or not new_size or not _own(address, max(size, new_size)):
        return -errno.EINVAL
    if flags & ~_MREMAP_MAYMOVE:
        return -errno.EINVAL
    memory, size, new_size = process.memory, page_up(size), page_up(new_size)
    region = memory.find(address)
    if region is None or memory.reach(address, size, READ | WRITE | EXECUTE) < size:
        return -errno.EFAULT
    if new_size <= size:
        memory.unmap(address + new_size, size - new_size)
        return address
    try:
        if memory.room(new_size - size, address + new_size, address + size) is not None:
            memory.map_anonymous(
                address + size, new_size - size, region.permissions, "mapping"
            )
            return address
        place = memory.room(new_size, process.mapping_top, process.heap.limit)
        if place is None or not flags & _MREMAP_MAYMOVE or size > _MOST_TO_MOVE:
            return -errno.ENOMEM
        moved = memory.map_anonymous(place, new_size, region.permissions, "mapping")
    except FleetError:
        return -errno.ENOMEM
    for start in range(0, size, PAGE):
        moved.data[start : start + PAGE] = memory.read(address + start, PAGE, region.permissions)
    memory.unmap(address, size)
    return place


def mprotect(process: Process, address: int, size: int, protection: int) -> int:
    if address % PAGE or not _own(address, size):
        return -errno.EINVAL
    if process.memory.reach(address, 1, READ | WRITE | EXECUTE) or size:
        process.memory.protect(address, page_up(size), _permissions(protection))
    return 0


def madvise(process: Process, address: int, size: int, advice: int) -> int:
    if address % PAGE or not _own(address, size):
        return -errno.EINVAL
    if advice == _MADV_DONTNEED:
        process.memory.discard(address, page_up(size))
    return 0


def _own(address: int, size: int) -> bool:
    return address >= _LOWEST_MAPPING and address + page_up(size) < 1 << 47


def riscv_flush_icache(process: Process) -> int:
    process.machine.cpu.uc.ctl_flush_tb()
    process.machine.vector.forget()
    return 0


# -- time, limits, identity


def clock_gettime(process: Process, clock: int, address: int) -> int:
    clocks: dict[int, Callable[[], int]] = {
        0: time.time_ns, 1: time.monotonic_ns, 2: time.process_time_ns, 3: time.process_time_ns,
        4: time.monotonic_ns, 5: time.time_ns, 6: time.monotonic_ns, 7: time.monotonic_ns,
    }  # fmt: skip
    if clock not in clocks:
        return -errno.EINVAL
    process.memory.write(address, struct.pack("<QQ", *divmod(clocks[clock](), _NANO)))
    return 0


def clock_getres(process: Process, clock: int, address: int) -> int:
    if clock > 7:
        return -errno.EINVAL
    if address:
        process.memory.write(address, struct.pack("<QQ", 0, 1))
    return 0


def gettimeofday(process: Process, address: int, _zone: int) -> int:
    seconds, rest = divmod(time.time_ns(), _NANO)
    process.memory.write(address, struct.pack("<QQ", seconds, rest // 1000))
    return 0


def nanosleep(process: Process, address: int, _rest: int) -> int:
    seconds, rest = struct.unpack("<QQ", process.memory.read(address, 16))
    if rest >= _NANO or seconds >> 31:
        return -errno.EINVAL
    time.sleep(seconds + rest / _NANO)
    return 0


def clock_nanosleep(process: Process, _clock: int, flags: int, address: int, rest: int) -> int:
    return -errno.EINVAL if flags else nanosleep(process, address, rest)


def times(process: Process, address: int) -> int:
    ticks = time.process_time_ns() // 10_000_000
    if address:
        process.memory.write(address, struct.pack("<4Q", ticks, 0, 0, 0))
    return time.monotonic_ns() // 10_000_000


def getrusage(process: Process, _who: int, address: int) -> int:
    seconds, rest = divmod(time.process_time_ns(), _NANO)
    process.memory.write(address, struct.pack("<QQ", seconds, rest // 1000) + bytes(128))
    return 0


def prlimit64(process: Process, _pid: int, resource: int, _new: int, old: int) -> int:
    limits = {_RLIMIT_STACK: process.stack_size, _RLIMIT_NOFILE: 256}
    if old:
        limit = limits.get(resource, _FOREVER)
        process.memory.write(old, struct.pack("<QQ", limit, limit))
    return 0


def uname(process: Process, address: int) -> int:
    texts = ("Linux", "fleet", "6.1.0", "#1 Fleet", "riscv64", "")
    process.memory.write(address, b"".join(text.encode().ljust(65, b"\0") for text in texts))
    return 0


def sysinfo(process: Process, address: int) -> int:
    total = 8 << 30
    words = struct.pack("<10Q", 1, 0, 0, 0, total, total // 2, 0, 0, 0, 0)
    process.memory.write(address, words + struct.pack("<HHIQQII", 1, 0, 0, 0, 0, 1, 0))
    return 0


def getrandom(process: Process, address: int, size: int, _flags: int) -> int:
    size = min(size, _MOST_AT_ONCE)
    process.memory.locate(address, size, WRITE)
    process.memory.write(address, os.urandom(size))
    return size


def sched_getaffinity(process: Process, _pid: int, size: int, address: int) -> int:
    if size < 8:
        return -errno.EINVAL
    process.memory.write(address, struct.pack("<Q", 1))
    return 8


def own_number(_process: Process) -> int:
    return os.getpid()


def user_number(_process: Process) -> int:
    return 1000


# -- signals and threads: there is one thread, and no signal ever comes


def nothing(_process: Process) -> int:
    return 0


def rt_sigaction(process: Process, _signal: int, _new: int, old: int) -> int:
    if old:
        process.memory.write(old, bytes(24))
    return 0


def rt_sigprocmask(process: Process, _how: int, _new: int, old: int, size: int) -> int:
    if old:
        process.memory.write(old, bytes(min(size, 8)))
    return 0


def kill(_process: Process, target: int, signal: int) -> int:
    if target != os.getpid():
        return -errno.ESRCH
    if signal:
        raise Exit(128 + (signal & 0x7F))
    return 0


def tgkill(process: Process, group: int, _thread: int, signal: int) -> int:
    return kill(process, group, signal)


def futex(process: Process, address: int, operation: int, value: int) -> int:
    if operation & 0x7F == _FUTEX_WAKE:
        return 0
    if operation & 0x7F != _FUTEX_WAIT:
        return -errno.ENOSYS
    if struct.unpack("<I", process.memory.read(address, 4))[0] != value & 0xFFFFFFFF:
        return -errno.EAGAIN
    raise Fault("the only thread waits for another one (futex)")


def exit_process(_process: Process, status: int) -> int:
    raise Exit(status & 0xFF)


class SystemCall(NamedTuple):
    """How many arguments it has, and what it does with them."""

    name: str
    arity: int
    run: Callable[..., int]


SYSTEM_CALLS = {
    17: SystemCall("getcwd", 2, getcwd),
    25: SystemCall("fcntl", 3, fcntl),
    29: SystemCall("ioctl", 3, ioctl),
    48: SystemCall("faccessat", 3, faccessat),
    56: SystemCall("openat", 4, openat),
    57: SystemCall("close", 1, close),
    62: SystemCall("lseek", 3, lseek),
    63: SystemCall("read", 3, read),
    64: SystemCall("write", 3, write),
    65: SystemCall("readv", 3, readv),
    66: SystemCall("writev", 3, writev),
    67: SystemCall("pread64", 4, pread64),
    78: SystemCall("readlinkat", 4, readlinkat),
    79: SystemCall("newfstatat", 4, newfstatat),
    80: SystemCall("fstat", 2, fstat),
    93: SystemCall("exit", 1, exit_process),
    94: SystemCall("exit_group", 1, exit_process),
    96: SystemCall("set_tid_address", 0, own_number),
    98: SystemCall("futex", 3, futex),
    99: SystemCall("set_robust_list", 0, nothing),
    101: SystemCall("nanosleep", 2, nanosleep),
    113: SystemCall("clock_gettime", 2, clock_gettime),
    114: SystemCall("clock_getres", 2, clock_getres),
    115: SystemCall("clock_nanosleep", 4, clock_nanosleep),
    123: SystemCall("sched_getaffinity", 3, sched_getaffinity),
    124: SystemCall("sched_yield", 0, nothing),
    129: SystemCall("kill", 2, kill),
    131: SystemCall("tgkill", 3, tgkill),
    132: SystemCall("sigaltstack", 0, nothing),
    134: SystemCall("rt_sigaction", 3, rt_sigaction),
    135: SystemCall("rt_sigprocmask", 4, rt_sigprocmask),
    153: SystemCall("times", 1, times),
    160: SystemCall("uname", 1, uname),
    165: SystemCall("getrusage", 2, getrusage),
    169: SystemCall("gettimeofday", 2, gettimeofday),
    172: SystemCall("getpid", 0, own_number),
    173: SystemCall("getppid", 0, own_number),
    174: SystemCall("getuid", 0, user_number),
    175: SystemCall("geteuid", 0, user_number),
    176: SystemCall("getgid", 0, user_number),
    177: SystemCall("getegid", 0, user_number),
    178: SystemCall("gettid", 0, own_number),
    179: SystemCall("sysinfo", 1, sysinfo),
    214: SystemCall("brk", 1, brk),
    215: SystemCall("munmap", 2, munmap),
    216: SystemCall("mremap", 4, mremap),
    222: SystemCall("mmap", 6, mmap),
    226: SystemCall("mprotect", 3, mprotect),
    233: SystemCall("madvise", 3, madvise),
    259: SystemCall("riscv_flush_icache", 0, riscv_flush_icache),
    261: SystemCall("prlimit64", 4, prlimit64),
    278: SystemCall("getrandom", 3, getrandom),
}
"""By number, <asm-generic/unistd.h>."""
