"""System calls about time: clocks, sleeping, what was used."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from fleet.emu.linux.call import SystemCall, signed_int
from fleet.emu.linux.errors import Error, Failure
from fleet.emu.linux.state import State

_NANO = 1_000_000_000
_TICK = 10_000_000
_TIMER_ABSTIME = 1

_REAL, _MONOTONIC, _USED = time.time_ns, time.monotonic_ns, time.process_time_ns
_CLOCKS: tuple[Callable[[], int], ...] = (
    _REAL, _MONOTONIC, _USED, _USED, _MONOTONIC, _REAL, _MONOTONIC, _MONOTONIC
)  # fmt: skip
"""CLOCK_REALTIME, MONOTONIC, PROCESS, THREAD, RAW, REALTIME_COARSE, MONOTONIC_COARSE, BOOTTIME."""


def _now(clock: int) -> int:
    number = signed_int(clock)
    if number < 0:  # of a process or thread, by its number: there is only one
        return _USED()
    if number >= len(_CLOCKS):
        raise Failure(Error.EINVAL)
    return _CLOCKS[number]()


def clock_gettime(process: State, clock: int, address: int) -> int:
    process.memory.write(address, struct.pack("<QQ", *divmod(_now(clock), _NANO)))
    return 0


def clock_getres(process: State, clock: int, address: int) -> int:
    _now(clock)
    if address:
        process.memory.write(address, struct.pack("<QQ", 0, 1))
    return 0


def gettimeofday(process: State, address: int, _zone: int) -> int:
    if address:
        seconds, rest = divmod(time.time_ns(), _NANO)
        process.memory.write(address, struct.pack("<QQ", seconds, rest // 1000))
    return 0


def nanosleep(process: State, address: int, _rest: int) -> int:
    time.sleep(_duration(process, address) / _NANO)
    return 0


def clock_nanosleep(process: State, clock: int, flags: int, address: int, _rest: int) -> int:
    duration = _duration(process, address)
    if flags & _TIMER_ABSTIME:
        duration = max(0, duration - _now(clock))
    time.sleep(duration / _NANO)
    return 0


def _duration(process: State, address: int) -> int:
    """struct timespec in nanoseconds."""
    seconds, rest = struct.unpack("<qq", process.memory.read(address, 16))
    if not 0 <= rest < _NANO or not 0 <= seconds < 1 << 32:
        raise Failure(Error.EINVAL)
    return seconds * _NANO + rest


def times(process: State, address: int) -> int:
    if address:
        process.memory.write(address, struct.pack("<4Q", _USED() // _TICK, 0, 0, 0))
    return _MONOTONIC() // _TICK


def getrusage(process: State, _who: int, address: int) -> int:
    seconds, rest = divmod(_USED(), _NANO)
    process.memory.write(address, struct.pack("<QQ", seconds, rest // 1000) + bytes(128))
    return 0


TIME_CALLS = {
    101: SystemCall("nanosleep", "time pointer", nanosleep),
    113: SystemCall("clock_gettime", "clock pointer", clock_gettime),
    114: SystemCall("clock_getres", "clock pointer", clock_getres),
    115: SystemCall("clock_nanosleep", "clock bits time pointer", clock_nanosleep),
    153: SystemCall("times", "pointer", times),
    165: SystemCall("getrusage", "number pointer", getrusage),
    169: SystemCall("gettimeofday", "pointer pointer", gettimeofday),
}
