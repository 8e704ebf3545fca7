"""What a system call is: its name, its arguments' kinds, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fleet.emu.linux.errors import Error, Failure
from fleet.emu.linux.state import State
from fleet.emu.memory import READ

LONGEST_PATH = 4096


class SystemCall(NamedTuple):
    """run:   called with the process and the arguments; returns what goes to a0, or raises
    Failure or OSError
    kinds: of the arguments, as `strace` names them, separated by spaces
    """

    name: str
    kinds: str
    run: Callable[..., int]

    @property
    def arity(self) -> int:
        return len(self.kinds.split())


def signed(value: int) -> int:
    """A 64-bit word as a signed number."""
    return value - (1 << 64) if value >> 63 else value


def signed_int(value: int) -> int:
    """The low half of a word as C's int."""
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def text_at(process: State, address: int) -> bytes:
    """The string at an address, without its end."""
    memory = process.memory
    data = memory.read(address, memory.reach(address, LONGEST_PATH, READ) or 1)
    stop = data.find(b"\0")
    if stop < 0:
        raise Failure(Error.ENAMETOOLONG if len(data) == LONGEST_PATH else Error.EFAULT)
    return data[:stop]
