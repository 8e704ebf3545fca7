"""Signals: what a process does about them, and the frames from which its handlers return.

A signal comes from the process itself, by `kill` or by a fault: there is nobody else. Those that it
sends are delivered when the system call is over. A handler finds what Linux for RISC-V gives it
(<asm/ucontext.h>): siginfo, then ucontext with registers, on its stack or the alternate one; it
returns to two instructions of ours, which call `rt_sigreturn`. After a fault the vector registers
are there too, where Linux 6.5 puts them; around a system call they are lost, as the psABI has it.
"""

from __future__ import annotations

import os
import signal as host_signal
import struct
from collections.abc import Callable
from typing import NamedTuple

from fleet.emu.cpu import PC, ROUNDING_MODE
from fleet.emu.faults import (
    SIGSEGV,
    AccessFault,
    Breakpoint,
    GuestFault,
    IllegalInstruction,
    Misaligned,
)
from fleet.emu.linux.errors import Error, Failure
from fleet.emu.machine import Exit, Machine
from fleet.emu.vector.config import legal_vtype, vlmax_of

SIGKILL, SIGPIPE, SIGSTOP = 9, 13, 19
MOST = 64
_IGNORED = frozenset({17, 18, 19, 20, 21, 22, 23, 28})
"""SIGCHLD, SIGCONT, SIGURG, SIGWINCH; and those that stop, as nobody could wake us."""

_UNBLOCKABLE = 1 << SIGKILL - 1 | 1 << SIGSTOP - 1
_SIG_DFL, _SIG_IGN = 0, 1
_SA_ONSTACK, _SA_NODEFER, _SA_RESETHAND = 0x0800_0000, 0x4000_0000, 0x8000_0000
_SS_ONSTACK, _SS_DISABLE, _LEAST_STACK = 1, 2, 2048
_SEGV_MAPERR, _SEGV_ACCERR, _SI_TKILL = 1, 2, -6

_RETURN_CODE = struct.pack("<2I", 0x08B0_0893, 0x0000_0073)  # li a7, 139; ecall
_RA, _SP, _A0 = 1, 2, 10
_INFO_BYTES, _SIGMASK, _REGISTERS, _FLOATS = 128, 40, 176, 432
_FCSR, _EXTENSION, _CONTEXT_BYTES = _FLOATS + 512, _FLOATS + 520, _FLOATS + 528
"""Within ucontext: the vector registers' header takes the last words of the float registers'."""

_VECTOR_MAGIC = 0x5346_5457
_VECTOR = struct.Struct("<6Q")
"""vstart, vl, vtype, vcsr, vlenb, address of the registers."""


class Action(NamedTuple):
    """struct sigaction of the kernel."""

    handler: int = _SIG_DFL
    flags: int = 0
    mask: int = 0


class Info(NamedTuple):
    """What siginfo says: who sent it, or the address of a fault."""

    signal: int
    code: int
    words: bytes

    def packed(self) -> bytes:
        head = struct.pack("<iiii", self.signal, 0, self.code, 0)
        return (head + self.words).ljust(_INFO_BYTES, b"\0")


def signal_name(number: int) -> str:
    try:
        return host_signal.Signals(number).name
    except ValueError:
        return f"SIGRT_{number - 32}" if number >= 32 else str(number)


class Signals:
    """The signals of one process.

    mask:    those that are blocked, a bit each; pending: those that wait to be delivered
    log:     is called with a line for each
    """

    def __init__(
        self, machine: Machine, trampoline: int, log: Callable[[str], None] | None
    ) -> None:
        self._tell = log
        self._machine = machine
        self._trampoline = trampoline
        self._machine.load(trampoline, _RETURN_CODE, "return from signals")
        self.actions: dict[int, Action] = {}
        self.mask = 0
        self.pending: dict[int, Info] = {}
        self._waiting_mask: int | None = None
        self.stack = (0, 0)

    def action(self, number: int) -> Action:
        return self.actions.get(number, Action())

    def block(self, mask: int) -> None:
        self.mask = mask & ~_UNBLOCKABLE

    def send(self, number: int) -> None:
        """From the process to itself."""
        words = struct.pack("<iI", os.getpid(), os.getuid())
        self.pending.setdefault(number, Info(number, _SI_TKILL, words))

    def wait_with(self, mask: int) -> bool:
        """Blocks others until a signal is delivered (sigsuspend); whether one is to be."""
        before = self.mask
        self.block(mask)
        if any(self._is_caught(number) for number in self.pending):
            self._waiting_mask = before
            return True
        self.block(before)
        return False

    def _is_caught(self, number: int) -> bool:
        blocked = self.mask >> number - 1 & 1
        return not blocked and self.action(number).handler not in (_SIG_DFL, _SIG_IGN)

    # -- delivery

    def deliver(self) -> None:
        """At the end of a system call: the signals that are pending and not blocked."""
        for number in sorted(self.pending):
            if self.mask >> number - 1 & 1:
                continue
            info = self.pending.pop(number)
            handler = self.action(number).handler
            if handler == _SIG_IGN or handler == _SIG_DFL and number in _IGNORED:
                continue
            self._log(info)
            if handler == _SIG_DFL:
                raise Exit(128 + number)
            try:
                self._enter(info, self._machine.cpu.registers[PC], vector=False)
            except AccessFault:
                raise Exit(128 + SIGSEGV) from None

    def deliver_fault(self, fault: GuestFault) -> int:
        """Where to go on after a fault, if there is a handler for it; else raises it again."""
        info = self._info_of(fault)
        if info is None or not self._is_caught(info.signal):
            raise fault
        self._log(info)
        try:
            self._enter(info, fault.pc, vector=True)
        except AccessFault:  # no room for the handler's frame
            raise fault from None
        self._machine.cpu.store()
        return self._machine.cpu.registers[PC]

    def _info_of(self, fault: GuestFault) -> Info | None:
        code, address = 1, fault.pc
        match fault.fault:
            case AccessFault(address=address):
                mapped = self._machine.memory.find(address) is not None
                code = _SEGV_ACCERR if mapped else _SEGV_MAPERR
            case IllegalInstruction() | Breakpoint() | Misaligned():
                pass
            case _:
                return None
        return Info(fault.fault.signal, code, struct.pack("<Q", address))

    def _log(self, info: Info) -> None:
        if self._tell is not None:
            where = ""
            if info.code > 0:
                where = f" at {int.from_bytes(info.words, 'little'):#x}"
            self._tell(f"--- {signal_name(info.signal)}{where} ---")

    # -- frames

    def _enter(self, info: Info, pc: int, *, vector: bool) -> None:
        """Makes the handler what is executed next. AccessFault if its frame has no room."""
        action, registers = self.action(info.signal), self._machine.cpu.registers
        saved = self._vector_state() if vector else b""
        top, bottom = registers[_SP], 0
        base, size = self.stack
        if action.flags & _SA_ONSTACK and size and not self.on_stack():
            top, bottom = base + size, base
        frame = top - _INFO_BYTES - _CONTEXT_BYTES - len(saved) & -16
        context = frame + _INFO_BYTES
        if frame < bottom:
            raise AccessFault("write", frame, top - frame)
        mask = self.mask if self._waiting_mask is None else self._waiting_mask
        data = self._context(context, pc, mask, saved)
        self._machine.memory.write(frame, info.packed() + data)
        self._waiting_mask = None
        if action.flags & _SA_RESETHAND:
            del self.actions[info.signal]
        own = 0 if action.flags & _SA_NODEFER else 1 << info.signal - 1
        self.block(self.mask | action.mask | own)
        registers[_A0], registers[_A0 + 1], registers[_A0 + 2] = info.signal, frame, context
        registers[_RA], registers[_SP], registers[PC] = self._trampoline, frame, action.handler & -2

    def on_stack(self) -> bool:
        """Whether the alternate stack is in use."""
        base, size = self.stack
        return base < self._machine.cpu.registers[_SP] <= base + size

    def stack_flags(self) -> int:
        return _SS_ONSTACK if self.on_stack() else 0 if self.stack[1] else _SS_DISABLE

    def set_stack(self, base: int, flags: int, size: int) -> None:
        if self.on_stack():
            raise Failure(Error.EPERM)
        if flags & _SS_DISABLE:
            self.stack = (0, 0)
        elif size < _LEAST_STACK:
            raise Failure(Error.ENOMEM)
        else:
            self.stack = (base, size)

    def _context(self, address: int, pc: int, mask: int, saved: bytes) -> bytes:
        """struct ucontext, and the vector registers behind it."""
        cpu = self._machine.cpu
        words = cpu.registers[:64].tolist()
        data = bytearray(_CONTEXT_BYTES)
        base, size = self.stack
        struct.pack_into("<QiiQQ", data, 16, base, self.stack_flags(), 0, size, mask)
        struct.pack_into("<64Q", data, _REGISTERS, pc, *words[1:])
        fcsr = cpu.flags | cpu.registers[ROUNDING_MODE] << 5
        struct.pack_into("<I", data, _FCSR, fcsr)
        if saved:
            struct.pack_into("<II", data, _EXTENSION, _VECTOR_MAGIC, len(saved))
            place = address + _CONTEXT_BYTES + _VECTOR.size
            saved = _VECTOR.pack(*_VECTOR.unpack_from(saved)[:5], place) + saved[_VECTOR.size :]
        return bytes(data) + saved

    def _vector_state(self) -> bytes:
        """The vector unit's setting and registers, and the end of extensions; b"" if unused."""
        unit = self._machine.vector
        config = unit.config
        if not legal_vtype(config.vtype):
            return b""
        vcsr = unit.vxrm << 1 | unit.vxsat
        head = _VECTOR.pack(config.vstart, config.vl, config.vtype, vcsr, unit.vlenb, 0)
        return head + unit.file.tobytes() + bytes(8)

    def leave(self) -> int:
        """rt_sigreturn: takes everything back from the frame at sp; returns what a0 was."""
        cpu, memory = self._machine.cpu, self._machine.memory
        context = cpu.registers[_SP] + _INFO_BYTES
        data = memory.read(context, _CONTEXT_BYTES)
        (mask,) = struct.unpack_from("<Q", data, _SIGMASK)
        words = struct.unpack_from("<64Q", data, _REGISTERS)
        (fcsr,) = struct.unpack_from("<I", data, _FCSR)
        magic, _ = struct.unpack_from("<II", data, _EXTENSION)
        if magic == _VECTOR_MAGIC:
            self._restore_vector(context + _CONTEXT_BYTES)
        cpu.set_flags(fcsr & 31)
        registers = cpu.registers
        registers[ROUNDING_MODE] = fcsr >> 5 & 7
        for number, word in enumerate(words[1:], 1):
            registers[number] = word
        registers[PC] = words[0] & -2
        self.block(mask)
        return registers[_A0]

    def _restore_vector(self, address: int) -> None:
        unit, memory = self._machine.vector, self._machine.memory
        vstart, vl, vtype, vcsr, _, place = _VECTOR.unpack(memory.read(address, _VECTOR.size))
        unit.file[:] = memoryview(memory.read(place, len(unit.file)))
        if legal_vtype(vtype) and vl <= vlmax_of(vtype, unit.vlen) and vstart < unit.vlen:
            unit.config = unit.configuration(vtype, vl, vstart)
        unit.vxsat, unit.vxrm = vcsr & 1, vcsr >> 1 & 3
