"""What a Linux process finds when it starts, and the system calls it makes: enough for plain
programs.

    status = run_elf("hello.elf", ["hello.elf", "world"])

A program is a static executable that Fleet did not necessarily build. Unknown system calls return
ENOSYS, as from a kernel that is too old.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
import time
from collections.abc import Callable, Sequence
from os import PathLike
from typing import BinaryIO

from fleet.asm.elf import EHDR, PHDR, ElfFile
from fleet.emu.faults import AccessFault
from fleet.emu.loader import load_elf
from fleet.emu.machine import Exit, Machine

STACK_TOP = 0x3F_F000_0000
STACK_SIZE = 8 << 20

_SP, _A0, _A7 = 2, 10, 17
_WORD = (1 << 64) - 1

# Types of auxiliary vector entries, <elf.h>.
_AT_NULL, _AT_PHDR, _AT_PHENT, _AT_PHNUM, _AT_PAGESZ, _AT_ENTRY = 0, 3, 4, 5, 6, 9
_AT_UID, _AT_EUID, _AT_GID, _AT_EGID, _AT_HWCAP, _AT_CLKTCK = 11, 12, 13, 14, 16, 17
_AT_SECURE, _AT_RANDOM = 23, 25
_HWCAP = sum(1 << ord(letter) - ord("a") for letter in "imafdcv")


def run_elf(
    path: str | PathLike[str],
    argv: Sequence[str],
    *,
    vlen: int = 256,
    environment: Sequence[str] = (),
    count_instructions: bool = False,
    max_instructions: int | None = None,
) -> int:
    """Runs a static executable from its entry point on standard streams; its exit status.

    Raises GuestFault when it does something that ends a program.
    """
    machine = Machine(
        vlen, count_instructions=count_instructions, max_instructions=max_instructions
    )
    return Process(machine, path, argv, environment).run()


class Process:
    """A machine with an executable, a stack and the system calls.

    streams: files by descriptor
    """

    def __init__(
        self,
        machine: Machine,
        path: str | PathLike[str],
        argv: Sequence[str],
        environment: Sequence[str] = (),
        streams: dict[int, BinaryIO] | None = None,
    ) -> None:
        self.machine = machine
        self.elf = load_elf(machine, path)
        self.streams = streams or {
            0: sys.stdin.buffer, 1: sys.stdout.buffer, 2: sys.stderr.buffer
        }  # fmt: skip
        machine.map(STACK_TOP - STACK_SIZE, STACK_SIZE, "stack")
        machine.cpu.registers[_SP] = self._build_stack(argv, environment)
        machine.cpu.store()
        machine.on_system_call = self._system_call

    def run(self) -> int:
        try:
            self.machine.run(self.elf.entry)
        except Exit as end:
            return end.status
        finally:
            for number in (1, 2):
                self.streams[number].flush()
        return 0

    def _build_stack(self, argv: Sequence[str], environment: Sequence[str]) -> int:
        """Strings on top, below them auxv, envp, argv and argc as the psABI lays them out."""
        top = STACK_TOP - 16
        random = top
        self.machine.memory.write(random, os.urandom(16))

        def place(text: str) -> int:
            nonlocal top
            data = os.fsencode(text) + b"\0"
            top -= len(data)
            self.machine.memory.write(top, data)
            return top

        arguments = [place(text) for text in argv]
        variables = [place(text) for text in environment]
        words = [len(arguments), *arguments, 0, *variables, 0, *self._auxiliary(random)]
        sp = top - 8 * len(words) & -16
        self.machine.memory.write(sp, struct.pack(f"<{len(words)}Q", *words))
        return sp

    def _auxiliary(self, random: int) -> list[int]:
        headers = _program_headers(self.elf)
        entries = {
            _AT_PHDR: headers, _AT_PHENT: PHDR.size, _AT_PHNUM: len(self.elf.segments),
            _AT_PAGESZ: 4096, _AT_ENTRY: self.elf.entry, _AT_UID: 1000, _AT_EUID: 1000,
            _AT_GID: 1000, _AT_EGID: 1000, _AT_HWCAP: _HWCAP, _AT_CLKTCK: 100,
            _AT_SECURE: 0, _AT_RANDOM: random, _AT_NULL: 0,
        }  # fmt: skip
        return [word for entry in entries.items() for word in entry]

    # -- system calls

    def _system_call(self, machine: Machine) -> None:
        registers = machine.cpu.registers
        call = SYSTEM_CALLS.get(registers[_A7])
        if call is None:
            result = -errno.ENOSYS
        else:
            try:
                result = call(self, *registers[_A0 : _A0 + 6].tolist())
            except AccessFault:
                result = -errno.EFAULT
            except OSError as error:
                result = -(error.errno or errno.EIO)
        registers[_A0] = result & _WORD

    def _stream(self, descriptor: int) -> BinaryIO:
        stream = self.streams.get(descriptor)
        if stream is None:
            raise OSError(errno.EBADF, "bad descriptor")
        return stream

    def read(self, descriptor: int, address: int, size: int, *_: int) -> int:
        stream = self._stream(descriptor)
        data = stream.read1(size) if hasattr(stream, "read1") else stream.read(size)
        self.machine.memory.write(address, data)
        return len(data)

    def write(self, descriptor: int, address: int, size: int, *_: int) -> int:
        stream = self._stream(descriptor)
        stream.write(self.machine.memory.read(address, size))
        if descriptor == 2:
            stream.flush()
        return size

    def write_vector(self, descriptor: int, address: int, count: int, *_: int) -> int:
        if count > 1024:
            return -errno.EINVAL
        parts = struct.unpack(f"<{2 * count}Q", self.machine.memory.read(address, 16 * count))
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return sum(self.write(descriptor, base, size) for base, size in pairs)

    def exit(self, status: int, *_: int) -> int:
        raise Exit(status & 0xFF)

    def clock_gettime(self, clock: int, address: int, *_: int) -> int:
        clocks = {0: time.time_ns, 1: time.monotonic_ns}
        if clock not in clocks:
            return -errno.EINVAL
        seconds, nanoseconds = divmod(clocks[clock](), 1_000_000_000)
        self.machine.memory.write(address, struct.pack("<QQ", seconds, nanoseconds))
        return 0


SYSTEM_CALLS: dict[int, Callable[..., int]] = {
    63: Process.read,
    64: Process.write,
    66: Process.write_vector,
    93: Process.exit,
    94: Process.exit,
    113: Process.clock_gettime,
}


def _program_headers(elf: ElfFile) -> int:
    """Where the program headers are in memory, 0 if they are in no segment."""
    offset = EHDR.unpack_from(elf.view)[5]
    for segment in elf.loads:
        if segment.offset <= offset < segment.offset + segment.file_size:
            return segment.address + offset - segment.offset
    return 0
