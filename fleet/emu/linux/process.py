"""A Linux process: what it finds when it starts, and its way into the system calls.

    status = Process(Machine(256), "hello.elf", ["hello.elf", "world"]).run()

A program is a static executable that Fleet did not necessarily build.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Sequence
from os import PathLike
from typing import BinaryIO

from fleet.asm.objects.elf import EHDR, PHDR, ElfFile
from fleet.diagnostics import FleetError
from fleet.emu.cpu import PC
from fleet.emu.faults import AccessFault, Fault, GuestFault
from fleet.emu.host_memory import PAGE
from fleet.emu.linux.call import SystemCall
from fleet.emu.linux.errors import Error, Failure, error_of
from fleet.emu.linux.files import Files
from fleet.emu.linux.heap import Heap
from fleet.emu.linux.signals import SIGPIPE, Signals
from fleet.emu.linux.state import State
from fleet.emu.linux.strace import call_text
from fleet.emu.linux.table import SYSTEM_CALLS
from fleet.emu.loader import load_elf
from fleet.emu.machine import Exit, Machine
from fleet.emu.vector.unit import Interrupted

STACK_TOP = 0xFFF_F000_0000
STACK_SIZE = 8 << 20
TRAMPOLINE = STACK_TOP + PAGE
MAPPING_TOP = STACK_TOP - (STACK_SIZE + (1 << 24))
"""Where `mmap` puts the first mapping, and below it the next ones."""

MAPPINGS = 64 << 30
"""Addresses of which a process may map thousands of pieces."""

_SP, _A0, _A7 = 2, 10, 17
_WORD = (1 << 64) - 1

# Types of auxiliary vector entries, <elf.h>.
_AT_NULL, _AT_PHDR, _AT_PHENT, _AT_PHNUM, _AT_PAGESZ, _AT_ENTRY = 0, 3, 4, 5, 6, 9
_AT_UID, _AT_EUID, _AT_GID, _AT_EGID, _AT_HWCAP, _AT_CLKTCK = 11, 12, 13, 14, 16, 17
_AT_SECURE, _AT_RANDOM, _AT_EXECFN = 23, 25, 31
_HWCAP = sum(1 << ord(letter) - ord("a") for letter in "imafdcv")


class Process(State):
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
        self.elf = load_elf(machine, path)
        end = max(region.end for region in machine.memory.regions)
        if end > MAPPING_TOP:
            raise FleetError(
                f"{os.fspath(path)} takes memory up to {end:#x}, where the stack and mappings of a"
                f" process are: {MAPPING_TOP:#x} is the most"
            )
        streams = streams or {0: sys.stdin.buffer, 1: sys.stdout.buffer, 2: sys.stderr.buffer}
        super().__init__(
            machine,
            os.fspath(path),
            os.fsencode(os.path.basename(path)),
            Heap(machine.memory, end, MAPPING_TOP),
            Files(streams, root),
            Signals(machine, TRAMPOLINE, log),
            STACK_SIZE,
            MAPPING_TOP,
            log,
        )
        machine.memory.reserve(MAPPING_TOP - MAPPINGS, MAPPINGS)
        machine.map(STACK_TOP - STACK_SIZE, STACK_SIZE, "stack")
        machine.cpu.registers[_SP] = self._build_stack(argv, environment)
        machine.cpu.store()
        machine.on_system_call = self._system_call

    def run(self) -> int:
        """Runs the program from its entry point; its exit status. Raises GuestFault."""
        start = self.elf.entry
        try:
            while True:
                try:
                    self.machine.run(start)
                    return 0
                except GuestFault as fault:
                    start = self.signals.deliver_fault(fault)
        except Exit as end:
            return end.status
        finally:
            self.files.close_all()

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
            _AT_PAGESZ: PAGE, _AT_ENTRY: self.elf.entry, _AT_UID: os.getuid(),
            _AT_EUID: os.getuid(), _AT_GID: os.getgid(), _AT_EGID: os.getgid(),
            _AT_HWCAP: _HWCAP, _AT_CLKTCK: 100, _AT_SECURE: 0, _AT_RANDOM: random,
            _AT_EXECFN: name, _AT_NULL: 0,
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
            result = -Error.ENOSYS if call is None else self._perform(call, arguments)
        finally:
            if self.log is not None:
                self.log(call_text(self.memory, number, call, arguments, result))
        registers[_A0] = result & _WORD
        if self.signals.pending:
            self.signals.deliver()

    def _perform(self, call: SystemCall, arguments: list[int]) -> int:
        try:
            return call.run(self, *arguments[: call.arity])
        except Failure as failure:
            return -failure.error
        except AccessFault:
            return -Error.EFAULT
        except Fault as fault:
            raise Interrupted(self.machine.cpu.registers[PC] - 4, fault) from None
        except BrokenPipeError:
            self.signals.send(SIGPIPE)
            return -Error.EPIPE
        except OSError as error:
            return -error_of(error)
        except (ValueError, OverflowError):  # an offset that is no number of bytes
            return -Error.EINVAL


def _program_headers(elf: ElfFile) -> int:
    """Where the program headers are in memory, 0 if they are in no segment."""
    offset = EHDR.unpack_from(elf.view)[5]
    for segment in elf.loads:
        if segment.offset <= offset < segment.offset + segment.file_size:
            return segment.address + offset - segment.offset
    return 0
