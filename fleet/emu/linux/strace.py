"""A line of `--strace`: a system call as C would write it, and what came of it.

    openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = -1 ENOENT

Each kind of argument in the table of system calls has a row in `KINDS`; the text is made after the
call, when what it wrote is there to be read.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple

from fleet.emu.faults import AccessFault
from fleet.emu.linux.call import LONGEST_PATH, SystemCall, signed, signed_int
from fleet.emu.linux.errors import Error
from fleet.emu.linux.files import AT_FDCWD, O_CREAT, O_TMPFILE
from fleet.emu.linux.signals import MOST, signal_name
from fleet.emu.linux.table import UNSUPPORTED
from fleet.emu.memory import READ, Memory

_LONGEST_TEXT = 48
_MOST_PARTS = 4
_LARGEST_DECIMAL = 1 << 20
_GIVING_ADDRESSES = ("brk", "mmap", "mremap")


class Argument(NamedTuple):
    """One argument of a call, and what is around it."""

    memory: Memory
    value: int
    preceding: int
    following: int
    result: int

    def read(self, size: int, address: int | None = None) -> bytes:
        return self.memory.read(self.value if address is None else address, size)

    @property
    def failed(self) -> bool:
        return self.result < 0


def call_text(
    memory: Memory, number: int, call: SystemCall | None, arguments: list[int], result: int | None
) -> str:
    """result: what went to a0, signed; None if the call did not return."""
    if call is None:
        name = UNSUPPORTED.get(number, f"unknown system call {number}")
        shown = ", ".join(map(_word, arguments))
        return f"{name}({shown}) = {_outcome(-Error.ENOSYS)} (not supported here)"
    around = [0, *arguments, 0]
    texts = [
        _argument_text(kind, Argument(memory, value, around[place], around[place + 2], result or 0))
        for place, (kind, value) in enumerate(zip(call.kinds.split(), arguments, strict=False))
    ]
    shown = f"{call.name}({', '.join(text for text in texts if text)})"
    return shown if result is None else f"{shown} = {_outcome(result, call.name)}"


def _outcome(result: int, name: str = "") -> str:
    if -4096 < result < 0:
        return f"-1 {Error(-result).name}"
    return f"{result & (1 << 64) - 1:#x}" if name in _GIVING_ADDRESSES else _word(result)


def _argument_text(kind: str, argument: Argument) -> str:
    try:
        return KINDS[kind](argument)
    except AccessFault:
        return _pointer(argument)


# -- numbers and names


def _word(value: int) -> str:
    value = signed(value & (1 << 64) - 1)
    if -4096 < value < _LARGEST_DECIMAL:
        return str(value)
    return f"{value & (1 << 64) - 1:#x}"


def _pointer(argument: Argument) -> str:
    return f"{argument.value:#x}" if argument.value else "NULL"


def _bits(argument: Argument) -> str:
    return f"{argument.value:#x}" if argument.value else "0"


def _number(argument: Argument) -> str:
    return str(signed(argument.value))


def _descriptor(argument: Argument) -> str:
    return str(signed_int(argument.value))


def _folder(argument: Argument) -> str:
    number = signed_int(argument.value)
    return "AT_FDCWD" if number == AT_FDCWD else str(number)


def _mode(argument: Argument) -> str:
    return f"{argument.value & 0o7777:#05o}".replace("0o", "0")


def _new_mode(argument: Argument) -> str:
    """The permissions of what openat creates; nothing where it does not."""
    return _mode(argument) if argument.preceding & (O_CREAT | O_TMPFILE) else ""


def _signal(argument: Argument) -> str:
    return signal_name(signed_int(argument.value))


def _enumeration(names: Mapping[int, str]) -> Callable[[Argument], str]:
    def text(argument: Argument) -> str:
        value = argument.value & 0xFFFFFFFF
        return names.get(value, f"{value:#x}")

    return text


def _flags(names: Mapping[int, str], zero: str = "0", exclusive: int = 0) -> Callable[..., str]:
    """Names joined by `|`. Within the bits of `exclusive` it is the value that has a name."""

    def text(argument: Argument) -> str:
        value = argument.value & 0xFFFFFFFF
        parts = []
        if exclusive:
            parts.append(names.get(value & exclusive, f"{value & exclusive:#x}"))
            value &= ~exclusive
        for bits in sorted(names, key=lambda bits: (-bits.bit_count(), bits)):
            if bits and not bits & exclusive and value & bits == bits:
                parts.append(names[bits])
                value &= ~bits
        if value:
            parts.append(f"{value:#x}")
        return "|".join(parts) or zero

    return text


# -- what lies in memory


def _quoted(data: bytes, *, more: bool = False) -> str:
    named = {10: "\\n", 9: "\\t", 13: "\\r", 34: '\\"', 92: "\\\\"}
    more = more or len(data) > _LONGEST_TEXT
    data = data[:_LONGEST_TEXT]
    text = "".join(
        named.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}") for byte in data
    )
    return f'"{text}"' + ("..." if more else "")


def _path(argument: Argument) -> str:
    if not argument.value:
        return "NULL"
    memory, address = argument.memory, argument.value
    data = memory.read(address, memory.reach(address, LONGEST_PATH, READ) or 1)
    text = data.partition(b"\0")[0]
    try:
        return f'"{text.decode()}"' if text.decode().isprintable() else _quoted(text)
    except UnicodeDecodeError:
        return _quoted(text)


def _text_out(argument: Argument) -> str:
    """A name that the call wrote, with or without a zero at its end."""
    return _pointer(argument) if argument.failed else _path_of(argument.read(argument.result))


def _path_of(data: bytes) -> str:
    return _quoted(data.removesuffix(b"\0"))


def _bytes_in(argument: Argument) -> str:
    size = argument.following
    return _quoted(argument.read(min(size, _LONGEST_TEXT)), more=size > _LONGEST_TEXT)


def _bytes_out(argument: Argument) -> str:
    size = argument.result
    if argument.failed:
        return _pointer(argument)
    return _quoted(argument.read(min(size, _LONGEST_TEXT)), more=size > _LONGEST_TEXT)


def _vectors_in(argument: Argument) -> str:
    return _vectors(argument, 1 << 63)


def _vectors_out(argument: Argument) -> str:
    return _pointer(argument) if argument.failed else _vectors(argument, argument.result)


def _vectors(argument: Argument, limit: int) -> str:
    count = min(argument.following, _MOST_PARTS)
    parts = []
    for base, size in struct.iter_unpack("<QQ", argument.read(16 * count)):
        size = min(size, limit)
        limit -= size
        data = argument.read(min(size, _LONGEST_TEXT), base)
        parts.append(_quoted(data, more=size > _LONGEST_TEXT))
    more = ", ..." if argument.following > count else ""
    return f"[{', '.join(parts)}{more}]"


def _time(argument: Argument) -> str:
    if not argument.value:
        return "NULL"
    seconds, rest = struct.unpack("<qq", argument.read(16))
    return f"{{{seconds}.{rest:09} s}}"


def _integers(argument: Argument) -> str:
    if argument.failed:
        return _pointer(argument)
    return "[{}, {}]".format(*struct.unpack("<2i", argument.read(8)))


def _status(argument: Argument) -> str:
    if argument.failed:
        return _pointer(argument)
    mode, size = struct.unpack("<16xI28xq", argument.read(56))
    return f"{{st_mode={mode:#o}, st_size={size}}}".replace("0o", "0")


def _mask(argument: Argument) -> str:
    if not argument.value:
        return "NULL"
    bits = int.from_bytes(argument.read(8), "little")
    if bits.bit_count() > MOST // 2:
        return "~" + _signal_set(~bits & (1 << MOST) - 1)
    return _signal_set(bits)


def _signal_set(bits: int) -> str:
    return f"[{' '.join(signal_name(n) for n in range(1, MOST + 1) if bits >> n - 1 & 1)}]"


def _action(argument: Argument) -> str:
    if not argument.value:
        return "NULL"
    handler, flags, mask = struct.unpack("<3Q", argument.read(24))
    what = {0: "SIG_DFL", 1: "SIG_IGN"}.get(handler, f"{handler:#x}")
    names = _SIGNAL_FLAGS(argument._replace(value=flags))
    return f"{{{what}, {names}, {_signal_set(mask)}}}"


_SIGNAL_FLAGS = _flags({
    0x1: "SA_NOCLDSTOP", 0x2: "SA_NOCLDWAIT", 0x4: "SA_SIGINFO", 0x0800_0000: "SA_ONSTACK",
    0x1000_0000: "SA_RESTART", 0x4000_0000: "SA_NODEFER", 0x8000_0000: "SA_RESETHAND",
})  # fmt: skip
_AT_FLAGS = {
    0x100: "AT_SYMLINK_NOFOLLOW", 0x200: "AT_EACCESS", 0x400: "AT_SYMLINK_FOLLOW",
    0x800: "AT_NO_AUTOMOUNT", 0x1000: "AT_EMPTY_PATH",
}  # fmt: skip
_PROTECTION = {1: "PROT_READ", 2: "PROT_WRITE", 4: "PROT_EXEC"}

KINDS: dict[str, Callable[[Argument], str]] = {
    "access": _flags({4: "R_OK", 2: "W_OK", 1: "X_OK"}, "F_OK"),
    "action": _action,
    "at": _folder,
    "atflags": _flags(_AT_FLAGS),
    "bits": _bits,
    "clock": _enumeration({
        0: "CLOCK_REALTIME", 1: "CLOCK_MONOTONIC", 2: "CLOCK_PROCESS_CPUTIME_ID",
        3: "CLOCK_THREAD_CPUTIME_ID", 4: "CLOCK_MONOTONIC_RAW", 5: "CLOCK_REALTIME_COARSE",
        6: "CLOCK_MONOTONIC_COARSE", 7: "CLOCK_BOOTTIME",
    }),
    "fcntl": _enumeration({
        0: "F_DUPFD", 1: "F_GETFD", 2: "F_SETFD", 3: "F_GETFL", 4: "F_SETFL", 5: "F_GETLK",
        6: "F_SETLK", 7: "F_SETLKW", 1030: "F_DUPFD_CLOEXEC",
    }),
    "fd": _descriptor,
    "how": _enumeration({0: "SIG_BLOCK", 1: "SIG_UNBLOCK", 2: "SIG_SETMASK"}),
    "in": _bytes_in,
    "ints2": _integers,
    "ioctl": _enumeration({
        0x5401: "TCGETS", 0x5402: "TCSETS", 0x5403: "TCSETSW", 0x5404: "TCSETSF",
        0x5413: "TIOCGWINSZ", 0x541B: "FIONREAD",
    }),
    "madvise": _enumeration({
        0: "MADV_NORMAL", 1: "MADV_RANDOM", 2: "MADV_SEQUENTIAL", 3: "MADV_WILLNEED",
        4: "MADV_DONTNEED", 8: "MADV_FREE", 14: "MADV_HUGEPAGE", 15: "MADV_NOHUGEPAGE",
    }),
    "map": _flags({
        1: "MAP_SHARED", 2: "MAP_PRIVATE", 3: "MAP_SHARED_VALIDATE", 0x10: "MAP_FIXED",
        0x20: "MAP_ANONYMOUS", 0x100: "MAP_GROWSDOWN", 0x2000: "MAP_LOCKED",
        0x4000: "MAP_NORESERVE", 0x8000: "MAP_POPULATE", 0x20000: "MAP_STACK",
        0x40000: "MAP_HUGETLB", 0x100000: "MAP_FIXED_NOREPLACE",
    }, exclusive=3),
    "mask": _mask,
    "mode": _mode,
    "newmode": _new_mode,
    "mremap": _flags({1: "MREMAP_MAYMOVE", 2: "MREMAP_FIXED", 4: "MREMAP_DONTUNMAP"}),
    "number": _number,
    "open": _flags({
        0: "O_RDONLY", 1: "O_WRONLY", 2: "O_RDWR", 0o100: "O_CREAT", 0o200: "O_EXCL",
        0o400: "O_NOCTTY", 0o1000: "O_TRUNC", 0o2000: "O_APPEND", 0o4000: "O_NONBLOCK",
        0o10000: "O_DSYNC", 0o4010000: "O_SYNC", 0o40000: "O_DIRECT", 0o100000: "O_LARGEFILE",
        0o200000: "O_DIRECTORY", 0o400000: "O_NOFOLLOW", 0o1000000: "O_NOATIME",
        0o2000000: "O_CLOEXEC", 0o10000000: "O_PATH", 0o20200000: "O_TMPFILE",
    }, exclusive=3),
    "out": _bytes_out,
    "path": _path,
    "pointer": _pointer,
    "prot": _flags(_PROTECTION, "PROT_NONE"),
    "remove": _flags({0x200: "AT_REMOVEDIR"}),
    "signal": _signal,
    "stat": _status,
    "text": _text_out,
    "time": _time,
    "vectors-in": _vectors_in,
    "vectors-out": _vectors_out,
    "whence": _enumeration({0: "SEEK_SET", 1: "SEEK_CUR", 2: "SEEK_END"}),
}  # fmt: skip
