"""A Linux process: what it finds when it starts, its heap, and its way into `system_calls`.

    status = Process(Machine(256), "hello.elf", ["hello.elf", "world"]).run()

A program is a static executable that Fleet did not necessarily build.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from collections.abc import Callable, Sequence
from io import UnsupportedOperation
from os import PathLike
from typing import BinaryIO

from fleet.asm.elf import EHDR, PHDR, ElfFile
from fleet.diagnostics import FleetError
from fleet.emu.cpu import PC
from fleet.emu.faults import AccessFault, Fault
from fleet.emu.files import Files
from fleet.emu.loader import load_elf
from fleet.emu.machine import Exit, Machine
from fleet.emu.memory import PAGE, READ, WRITE, Memory, anonymous, discard, page_down, page_up
from fleet.emu.system_calls import SYSTEM_CALLS, SystemCall
from fleet.emu.vector.unit import Interrupted

STACK_TOP = 0x3F_F000_0000
STACK_SIZE = 8 << 20
MAPPING_TOP = STACK_TOP - (STACK_SIZE + (1 << 24))
"""Where `mmap` puts the first mapping, and below it the next ones."""

_HEAP_SIZE, _LEAST_HEAP = 16 << 30, 16 << 20
"""Addresses that `brk` can give out; host memory is taken where it is touched."""

_SP, _A0, _A7 = 2, 10, 17
_WORD = (1 << 64) - 1

# Types of auxiliary vector entries, <elf.h>.
_AT_NULL, _AT_PHDR, _AT_PHENT, _AT_PHNUM, _AT_PAGESZ, _AT_ENTRY = 0, 3, 4, 5, 6, 9
_AT_UID, _AT_EUID, _AT_GID, _AT_EGID, _AT_HWCAP, _AT_CLKTCK = 11, 12, 13, 14, 16, 17
_AT_SECURE, _AT_RANDOM, _AT_EXECFN = 23, 25, 31
_HWCAP = sum(1 << ord(letter) - ord("a") for letter in "imafdcv")


class Process:
    """A machine with an executable, a stack and the system calls.

    streams: standard streams by descriptor
    root:    the folder that is "/" to the program; without one it has no files
    log:     called with a line for each system call
    """

    def __init__(
        self,
        machine: Machine,
        path: str | PathLike[str],
        argv: Sequence[str],
        environment: Sequence[str] = (),
        streams: dict[int, BinaryIO] | None = None,
        root: str | None = None,
        log: Callable[[str], None] | None = None,
    ) -> None:
        self.machine = machine
        self.memory = machine.memory
        self.path = os.fspath(path)
        self.log = log
        self.stack_size = STACK_SIZE
        self.mapping_top = MAPPING_TOP
        self.elf = load_elf(machine, path)
        self.heap = Heap(machine.memory, max(region.end for region in machine.memory.regions))
        self.streams = streams or {
            0: sys.stdin.buffer, 1: sys.stdout.buffer, 2: sys.stderr.buffer
        }  # fmt: skip
        self.files = Files(self.streams, root)
        machine.map(STACK_TOP - STACK_SIZE, STACK_SIZE, "stack")
        machine.cpu.registers[_SP] = self._build_stack(argv, environment)
        machine.cpu.store()
        machine.on_system_call = self._system_call

    def run(self) -> int:
        """Runs the program from its entry point; its exit status. Raises GuestFault."""
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
        name = place(self.path)
        auxiliary = self._auxiliary(random, name)
        words = [len(arguments), *arguments, 0, *variables, 0, *auxiliary]
        sp = top - 8 * len(words) & -16
        self.machine.memory.write(sp, struct.pack(f"<{len(words)}Q", *words))
        return sp

    def _auxiliary(self, random: int, name: int) -> list[int]:
        headers = _program_headers(self.elf)
        entries = {
            _AT_PHDR: headers, _AT_PHENT: PHDR.size, _AT_PHNUM: len(self.elf.segments),
            _AT_PAGESZ: 4096, _AT_ENTRY: self.elf.entry, _AT_UID: 1000, _AT_EUID: 1000,
            _AT_GID: 1000, _AT_EGID: 1000, _AT_HWCAP: _HWCAP, _AT_CLKTCK: 100,
            _AT_SECURE: 0, _AT_RANDOM: random, _AT_EXECFN: name, _AT_NULL: 0,
        }  # fmt: skip
        return [word for entry in entries.items() for word in entry]

    # -- system calls

    def _system_call(self, machine: Machine) -> None:
        registers = machine.cpu.registers
        number = registers[_A7]
        arguments = registers[_A0 : _A0 + 6].tolist()
        call = SYSTEM_CALLS.get(number)
        result: int | None = None
        try:
            result = -errno.ENOSYS if call is None else self._perform(call, arguments)
        finally:
            if self.log is not None:
                self.log(_call_text(number, call, arguments, result))
        registers[_A0] = result & _WORD

    def _perform(self, call: SystemCall, arguments: list[int]) -> int:
        try:
            return call.run(self, *arguments[: call.arity])
        except BrokenPipeError:  # the reader of our output has gone, and so do we
            raise
        except AccessFault:
            return -errno.EFAULT
        except Fault as fault:
            raise Interrupted(self.machine.cpu.registers[PC] - 4, fault) from None
        except UnsupportedOperation:  # reading what is open for writing, or the other way round
            return -errno.EBADF
        except OSError as error:
            return -(error.errno or errno.EIO)
        except ValueError:  # a path with a null character, an offset that is no number of bytes
            return -errno.EINVAL


class Heap:
    """What `brk` moves the end of: one region that grows within reserved host memory."""

    def __init__(self, memory: Memory, start: int) -> None:
        self.start = self.end = start
        self._memory = memory
        size = max(0, min(_HEAP_SIZE, MAPPING_TOP - start))
        while True:
            try:
                self._array, self._backing = anonymous(max(size, PAGE))
                break
            except FleetError:  # the host limits addresses
                if size < _LEAST_HEAP:
                    raise
                size //= 4
        self.limit = start + page_down(size)

    def move(self, end: int) -> int:
        """Moves the end, if that is possible; returns where it is."""
        if not self.start <= end <= self.limit:
            return self.end
        old, new = page_up(self.end), page_up(end)
        if new > old and self._memory.room(new - old, new, old) is None:
            return self.end  # something else was mapped there
        if new != old:
            self._memory.unmap(self.start, old - self.start)
            if new < old:
                discard(self._array[new - self.start : old - self.start], self._backing)
            if new > self.start:
                pages = self._array[: new - self.start]
                self._memory.map(self.start, pages, READ | WRITE, "heap", self._backing)
        self.end = end
        return end


def _call_text(
    number: int, call: SystemCall | None, arguments: list[int], result: int | None
) -> str:
    """A line of `--strace`."""
    if call is None:
        name, shown = f"unknown system call {number}", arguments
    else:
        name, shown = call.name, arguments[: call.arity]
    text = f"{name}({', '.join(map(_number_text, shown))})"
    if result is None:
        return text
    failure = f" {errno.errorcode.get(-result, '')}" if -4096 < result < 0 else ""
    return f"{text} = {_number_text(result & _WORD)}{failure}"


def _number_text(value: int) -> str:
    if value >> 63:
        value -= 1 << 64
    return str(value) if -4096 < value < 4096 else f"{value & _WORD:#x}"


def _program_headers(elf: ElfFile) -> int:
    """Where the program headers are in memory, 0 if they are in no segment."""
    offset = EHDR.unpack_from(elf.view)[5]
    for segment in elf.loads:
        if segment.offset <= offset < segment.offset + segment.file_size:
            return segment.address + offset - segment.offset
    return 0
