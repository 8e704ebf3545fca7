"""System calls about the process itself: identity, limits, signals, threads, its end."""

from __future__ import annotations

import os
import struct
import time

from fleet.emu.faults import Fault
from fleet.emu.linux.call import SystemCall, signed, signed_int
from fleet.emu.linux.errors import Error, Failure
from fleet.emu.linux.file_calls import MOST_AT_ONCE
from fleet.emu.linux.files import MOST_OPEN
from fleet.emu.linux.signals import MOST, SIGKILL, SIGSTOP, Action
from fleet.emu.linux.state import State
from fleet.emu.machine import Exit, say_once
from fleet.emu.memory import WRITE
from fleet.emu.scalar.memory import BLOCK

_NANO = 1_000_000_000
_FOREVER = (1 << 64) - 1
_RLIMIT_STACK, _RLIMIT_NOFILE, _MOST_LIMITS = 3, 7, 16
_FUTEX_WAIT, _FUTEX_WAKE, _FUTEX_WAIT_BITSET, _FUTEX_WAKE_BITSET = 0, 1, 9, 10
_PR_SET_NAME, _PR_GET_NAME = 15, 16
_SIG_BLOCK, _SIG_UNBLOCK, _SIG_SETMASK = 0, 1, 2
_CLONE_THREAD = 0x10000
_MASK_BYTES = 8

_EXTENSIONS = {
    "FD": 0, "C": 1, "V": 2, "Zba": 3, "Zbb": 4, "Zbs": 5, "Zicboz": 6, "Zbc": 7, "Zvbb": 17,
    "Zvkb": 19, "Zfh": 27, "Zfhmin": 28, "Zihintntl": 29, "Zvfh": 30, "Zvfhmin": 31, "Zfa": 32,
    "Zicond": 35, "Zihintpause": 36, "Zve32x": 37, "Zve32f": 38, "Zve64x": 39, "Zve64f": 40,
    "Zve64d": 41, "Zimop": 42, "Zca": 43, "Zcb": 44, "Zcd": 45, "Zcmop": 47, "Zawrs": 48,
    "Zicbom": 55,
}  # fmt: skip
"""Bits of the key for extensions that the emulator has, <asm/hwprobe.h>."""

_HWPROBE = {
    3: 1, 4: sum(1 << bit for bit in _EXTENSIONS.values()), 5: 3, 6: BLOCK, 12: BLOCK
}  # fmt: skip
"""Keys of riscv_hwprobe: RV64IMA; with what else; fast misaligned accesses; sizes of the blocks
of cbo.zero and of the other instructions on caches."""


# -- its end


def exit_process(_process: State, status: int) -> int:
    raise Exit(status & 0xFF)


# -- identity and limits


def nothing(_process: State, *_arguments: int) -> int:
    return 0


def process_number(_process: State, *_arguments: int) -> int:
    return os.getpid()


def parent_number(_process: State) -> int:
    return os.getppid()


def user(_process: State) -> int:
    return os.getuid()


def group(_process: State) -> int:
    return os.getgid()


def getresuid(process: State, real: int, effective: int, saved: int) -> int:
    for address in (real, effective, saved):
        process.memory.write(address, struct.pack("<I", os.getuid()))
    return 0


def getresgid(process: State, real: int, effective: int, saved: int) -> int:
    for address in (real, effective, saved):
        process.memory.write(address, struct.pack("<I", os.getgid()))
    return 0


def no_child(_process: State, *_arguments: int) -> int:
    raise Failure(Error.ECHILD)


def prlimit64(process: State, _pid: int, resource: int, _new: int, old: int) -> int:
    if resource >= _MOST_LIMITS:
        raise Failure(Error.EINVAL)
    limits = {_RLIMIT_STACK: process.stack_size, _RLIMIT_NOFILE: MOST_OPEN}
    if old:
        limit = limits.get(resource, _FOREVER)
        process.memory.write(old, struct.pack("<QQ", limit, limit))
    return 0


def uname(process: State, address: int) -> int:
    texts = ("Linux", "fleet", "6.1.0", "#1 Fleet", "riscv64", "")
    process.memory.write(address, b"".join(text.encode().ljust(65, b"\0") for text in texts))
    return 0


def sysinfo(process: State, address: int) -> int:
    total = 8 << 30
    words = struct.pack("<10Q", 1, 0, 0, 0, total, total // 2, 0, 0, 0, 0)
    process.memory.write(address, words + struct.pack("<HHIQQII", 1, 0, 0, 0, 0, 1, 0))
    return 0


def getrandom(process: State, address: int, size: int, _flags: int) -> int:
    size = min(size, MOST_AT_ONCE)
    process.memory.locate(address, size, WRITE)
    process.memory.write(address, os.urandom(size))
    return size


def prctl(process: State, option: int, address: int) -> int:
    if option == _PR_SET_NAME:
        process.name = process.memory.read(address, 16).split(b"\0")[0]
    elif option == _PR_GET_NAME:
        process.memory.write(address, process.name[:15].ljust(16, b"\0"))
    else:
        raise Failure(Error.EINVAL)
    return 0


def getcpu(process: State, cpu: int, node: int) -> int:
    for address in (cpu, node):
        if address:
            process.memory.write(address, bytes(4))
    return 0


def sched_getaffinity(process: State, _pid: int, size: int, address: int) -> int:
    if size < 8:
        raise Failure(Error.EINVAL)
    process.memory.write(address, struct.pack("<Q", 1))
    return 8


def riscv_hwprobe(
    process: State, pairs: int, count: int, _cpu_count: int, _cpus: int, flags: int
) -> int:
    if flags or count > 1 << 10:
        raise Failure(Error.EINVAL)
    for place in range(pairs, pairs + 16 * count, 16):
        (key,) = struct.unpack("<q", process.memory.read(place, 8))
        known = key in _HWPROBE or 0 <= key < 3
        words = (key, _HWPROBE.get(key, 0)) if known else (-1, 0)
        process.memory.write(place, struct.pack("<qQ", *words))
    return 0


# -- threads: there is one


def clone(_process: State, flags: int, *_rest: int) -> int:
    what = "a thread" if flags & _CLONE_THREAD else "another process"
    say_once(f"the program asked for {what} (clone); here it has one, and was told ENOSYS")
    raise Failure(Error.ENOSYS)


def clone3(process: State, address: int, _size: int) -> int:
    """The C library then tries `clone`."""
    raise Failure(Error.ENOSYS)


def futex(process: State, address: int, operation: int, value: int, timeout: int) -> int:
    kind = operation & 0x7F
    if kind in (_FUTEX_WAKE, _FUTEX_WAKE_BITSET):
        return 0
    if kind not in (_FUTEX_WAIT, _FUTEX_WAIT_BITSET):
        raise Failure(Error.ENOSYS)
    if struct.unpack("<I", process.memory.read(address, 4))[0] != value & 0xFFFFFFFF:
        raise Failure(Error.EAGAIN)
    if timeout:
        raise Failure(Error.ETIMEDOUT)
    raise Fault("the only thread waits for another one (futex)")


# -- signals


def rt_sigaction(process: State, number: int, new: int, old: int, _size: int) -> int:
    if not 1 <= number <= MOST or new and number in (SIGKILL, SIGSTOP):
        raise Failure(Error.EINVAL)
    wanted = Action(*struct.unpack("<3Q", process.memory.read(new, 24))) if new else None
    if old:
        process.memory.write(old, struct.pack("<3Q", *process.signals.action(number)))
    if wanted is not None:
        process.signals.actions[number] = wanted
    return 0


def rt_sigprocmask(process: State, how: int, new: int, old: int, size: int) -> int:
    signals = process.signals
    if size != _MASK_BYTES:
        raise Failure(Error.EINVAL)
    mask = _mask(process, new) if new else 0
    if old:
        process.memory.write(old, struct.pack("<Q", signals.mask))
    if new:
        masks = {
            _SIG_BLOCK: signals.mask | mask,
            _SIG_UNBLOCK: signals.mask & ~mask,
            _SIG_SETMASK: mask,
        }
        if how not in masks:
            raise Failure(Error.EINVAL)
        signals.block(masks[how])
    return 0


def _mask(process: State, address: int) -> int:
    return int.from_bytes(process.memory.read(address, _MASK_BYTES), "little")


def rt_sigpending(process: State, address: int, _size: int) -> int:
    pending = sum(1 << number - 1 for number in process.signals.pending)
    process.memory.write(address, struct.pack("<Q", pending))
    return 0


def rt_sigsuspend(process: State, address: int, _size: int) -> int:
    if not process.signals.wait_with(_mask(process, address)):
        raise Fault("the only thread waits for a signal, and nobody sends one")
    raise Failure(Error.EINTR)


def rt_sigtimedwait(process: State, address: int, info: int, timeout: int, _size: int) -> int:
    mask, signals = _mask(process, address), process.signals
    for number in sorted(signals.pending):
        if mask >> number - 1 & 1:
            found = signals.pending.pop(number)
            if info:
                process.memory.write(info, found.packed())
            return number
    if not timeout:
        raise Fault("the only thread waits for a signal, and nobody sends one")
    seconds, rest = struct.unpack("<qq", process.memory.read(timeout, 16))
    if not 0 <= seconds < 1 << 32 or not 0 <= rest < _NANO:
        raise Failure(Error.EINVAL)
    time.sleep(seconds + rest / _NANO)
    raise Failure(Error.EAGAIN)


def rt_sigreturn(process: State) -> int:
    return signed(process.signals.leave())


def sigaltstack(process: State, new: int, old: int) -> int:
    signals = process.signals
    base, size = signals.stack
    flags = signals.stack_flags()
    wanted = struct.unpack("<QiiQ", process.memory.read(new, 24)) if new else None
    if old:
        process.memory.write(old, struct.pack("<QiiQ", base, flags, 0, size))
    if wanted is not None:
        signals.set_stack(wanted[0], wanted[1], wanted[3])
    return 0


def kill(process: State, target: int, number: int) -> int:
    """To itself, or its group, in which nobody else is."""
    own = os.getpid()
    if number > MOST:
        raise Failure(Error.EINVAL)
    if signed_int(target) not in (0, own, -own):
        raise Failure(Error.ESRCH)
    if number:
        process.signals.send(number)
    return 0


def tkill(process: State, target: int, number: int) -> int:
    if signed_int(target) <= 0:
        raise Failure(Error.EINVAL)
    return kill(process, target, number)


def tgkill(process: State, group: int, target: int, number: int) -> int:
    if signed_int(group) <= 0 or signed_int(target) <= 0:
        raise Failure(Error.EINVAL)
    if signed_int(group) != os.getpid():
        raise Failure(Error.ESRCH)
    return kill(process, target, number)


PROCESS_CALLS = {
    92: SystemCall("personality", "bits", nothing),
    93: SystemCall("exit", "number", exit_process),
    94: SystemCall("exit_group", "number", exit_process),
    96: SystemCall("set_tid_address", "pointer", process_number),
    98: SystemCall("futex", "pointer number number pointer", futex),
    99: SystemCall("set_robust_list", "pointer number", nothing),
    122: SystemCall("sched_setaffinity", "number number pointer", nothing),
    123: SystemCall("sched_getaffinity", "number number pointer", sched_getaffinity),
    124: SystemCall("sched_yield", "", nothing),
    129: SystemCall("kill", "number signal", kill),
    130: SystemCall("tkill", "number signal", tkill),
    131: SystemCall("tgkill", "number number signal", tgkill),
    132: SystemCall("sigaltstack", "pointer pointer", sigaltstack),
    133: SystemCall("rt_sigsuspend", "mask number", rt_sigsuspend),
    134: SystemCall("rt_sigaction", "signal action action number", rt_sigaction),
    135: SystemCall("rt_sigprocmask", "how mask mask number", rt_sigprocmask),
    136: SystemCall("rt_sigpending", "mask number", rt_sigpending),
    137: SystemCall("rt_sigtimedwait", "mask pointer time number", rt_sigtimedwait),
    139: SystemCall("rt_sigreturn", "", rt_sigreturn),
    148: SystemCall("getresuid", "pointer pointer pointer", getresuid),
    150: SystemCall("getresgid", "pointer pointer pointer", getresgid),
    155: SystemCall("getpgid", "number", process_number),
    156: SystemCall("getsid", "number", process_number),
    158: SystemCall("getgroups", "number pointer", nothing),
    160: SystemCall("uname", "pointer", uname),
    167: SystemCall("prctl", "number pointer", prctl),
    168: SystemCall("getcpu", "pointer pointer", getcpu),
    172: SystemCall("getpid", "", process_number),
    173: SystemCall("getppid", "", parent_number),
    174: SystemCall("getuid", "", user),
    175: SystemCall("geteuid", "", user),
    176: SystemCall("getgid", "", group),
    177: SystemCall("getegid", "", group),
    178: SystemCall("gettid", "", process_number),
    179: SystemCall("sysinfo", "pointer", sysinfo),
    220: SystemCall("clone", "bits pointer pointer pointer pointer", clone),
    258: SystemCall("riscv_hwprobe", "pointer number number pointer bits", riscv_hwprobe),
    260: SystemCall("wait4", "number pointer bits pointer", no_child),
    261: SystemCall("prlimit64", "number number pointer pointer", prlimit64),
    278: SystemCall("getrandom", "pointer number bits", getrandom),
    435: SystemCall("clone3", "pointer number", clone3),
}
