"""Unicorn's RV64GC core, and its scalar registers as plain memory.

Calling Unicorn's API costs a microsecond a register. Its CPU state is an ordinary C struct in our
own process, though: `find_state` locates it by the values that it holds, proves by experiment that
it is the right one, and then a register access is a memory access. Where it cannot be found, a
copy of the registers serves, refreshed before and written back after each trap; nothing else
changes.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from unicorn import (
    UC_ARCH_RISCV,
    UC_HOOK_BLOCK,
    UC_HOOK_CODE,
    UC_HOOK_INTR,
    Uc,
)
from unicorn import riscv_const as names
from unicorn.unicorn_const import UC_CTL_IO_WRITE, UC_CTL_TLB_FLUSH, UC_MODE_RISCV64
from unicorn.unicorn_py3.unicorn import uclib

from fleet.emu.memory import EXECUTE, READ, WRITE

PC = 64
"""Index of the program counter in `Cpu.registers`: 32 integer, 32 float registers, then the PC."""

ROUNDING_MODE = 67
"""Index of frm."""

_STATE_WORDS = 68
_MSTATUS_FS_VS_ON = 0x6000
_USER_COUNTERS = 7  # cycle, time and instret
_USER_MODE = 0
_ALL = READ | WRITE | EXECUTE
_FLAG_BYTE_SEARCH = 4096

_API_IDS = (
    [names.UC_RISCV_REG_X0 + i for i in range(32)]
    + [names.UC_RISCV_REG_F0 + i for i in range(32)]
    + [names.UC_RISCV_REG_PC, names.UC_RISCV_REG_FRM]
)
_API_SLOTS = [*range(65), ROUNDING_MODE]

_TRAP = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p)
_BLOCK = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32, ctypes.c_void_p
)


class _Copy:
    """Words laid out as the state is, filled and written back by way of Unicorn's API."""

    def __init__(self, uc: Uc) -> None:
        self._uc = uc
        self._ids = (ctypes.c_int * len(_API_IDS))(*_API_IDS)
        self.words = (ctypes.c_uint64 * _STATE_WORDS)()
        base = ctypes.addressof(self.words)
        places = [base + 8 * slot for slot in _API_SLOTS]
        self._places = (ctypes.c_void_p * len(places))(*places)

    def fetch(self) -> None:
        uclib.uc_reg_read_batch(self._uc._uch, self._ids, self._places, len(_API_IDS))

    def store(self, values: list[int] | None = None) -> None:
        if values is not None:
            self.words[:] = values
        uclib.uc_reg_write_batch(self._uc._uch, self._ids, self._places, len(_API_IDS))


class Cpu:
    """One RV64GC core in user mode, with the floating-point unit on.

    registers: memoryview of 64-bit words: x0-x31, f0-f31, pc at PC, frm at ROUNDING_MODE
    array:     the same words as a NumPy array, for operands of vector instructions
    direct:    whether those words are Unicorn's own; otherwise `fetch`/`store` move them
    boxes:     whether singles are in boxes in its float registers, and what is not is none
    flag_byte: the accrued floating-point exceptions, in Unicorn's encoding
    """

    def __init__(self, *, direct: bool = True) -> None:
        self.uc = Uc(UC_ARCH_RISCV, UC_MODE_RISCV64)
        self.uc.reg_write(names.UC_RISCV_REG_MSTATUS, _MSTATUS_FS_VS_ON)
        self.uc.reg_write(names.UC_RISCV_REG_MCOUNTEREN, _USER_COUNTERS)
        self.uc.reg_write(names.UC_RISCV_REG_PRIV, _USER_MODE)
        self._callbacks: list[object] = []
        self.boxes = False
        address = find_state(self.uc) if direct else None
        self.direct = address is not None
        self._copy = _Copy(self.uc)
        words = self._copy.words
        if address is not None:
            words = (ctypes.c_uint64 * _STATE_WORDS).from_address(address)
        self.registers = memoryview(words).cast("B").cast("Q")
        self.array = np.frombuffer(words, np.uint64)
        own_flags = find_flag_byte(self.uc, address) if address is not None else None
        self._flags_are_copied = own_flags is None
        self.flag_byte = memoryview(bytearray(1)) if own_flags is None else own_flags

    def fetch(self) -> None:
        """Brings Unicorn's registers into `registers` (nothing to do when they are its own)."""
        if not self.direct:
            self._copy.fetch()
        if self._flags_are_copied:
            self.set_flags(self.uc.reg_read(names.UC_RISCV_REG_FFLAGS))

    def store(self) -> None:
        """Writes `registers` back."""
        if not self.direct:
            self._copy.store()
        if self._flags_are_copied:
            flags = _SOFTFLOAT_FLAGS.index(self.flag_byte[0])
            self.uc.reg_write(names.UC_RISCV_REG_FFLAGS, flags)

    def raise_flags(self, flags: int) -> None:
        """Sets bits of fflags: NV 16, DZ 8, OF 4, UF 2, NX 1."""
        self.flag_byte[0] |= _SOFTFLOAT_FLAGS[flags]

    def set_flags(self, flags: int) -> None:
        """Makes fflags what `flags` says, encoded as there."""
        self.flag_byte[0] = _SOFTFLOAT_FLAGS[flags]

    @property
    def shared(self) -> bool:
        """Whether all of `registers` and `flag_byte` are Unicorn's own."""
        return self.direct and not self._flags_are_copied

    @property
    def flags(self) -> int:
        """fflags as they are."""
        if self._flags_are_copied:
            return self.uc.reg_read(names.UC_RISCV_REG_FFLAGS)
        return sum(flag for flag, code in _SOFTFLOAT_BITS.items() if self.flag_byte[0] & code)

    def has_raised(self) -> bool:
        """Whether NV, DZ or OF is set in fflags: not only that a result is inexact or tiny."""
        if self._flags_are_copied:
            return bool(self.flags & 0b11100)
        return bool(self.flag_byte[0] & _SERIOUS)

    def place(self, base: int, array: np.ndarray) -> None:
        """These addresses have this memory from now on. Permissions are others' business."""
        self.uc.mem_map_ptr(base, len(array), _ALL, array.ctypes.data)

    def displace(self, base: int, size: int) -> None:
        """What was placed as a whole is there no longer."""
        self.uc.mem_unmap(base, size)

    def forget_access(self, old: int, new: int) -> None:
        """Drops what Unicorn knows of pages, and of code among them, whose permissions change."""
        self.forget_pages()
        if (old | new) & EXECUTE:
            self.uc.ctl_flush_tb()  # it may have changed meanwhile, or be no code any more

    def forget_pages(self) -> None:
        """Drops what Unicorn knows of pages: after a bad access, that such accesses are good."""
        self.uc.ctl(UC_CTL_TLB_FLUSH, UC_CTL_IO_WRITE)

    def forget_code(self, base: int, size: int) -> None:
        """Drops what Unicorn translated of executable bytes that others changed."""
        self.uc.ctl_remove_cache(base, base + size)

    def on_trap(self, handler: Callable[[int], None]) -> None:
        """Calls `handler(cause)` for each exception. It must not raise: nobody would see it."""

        def trap(_uc: int, cause: int, _data: int) -> None:
            handler(cause)

        self.hook(UC_HOOK_INTR, _TRAP(trap))

    def on_block(self, handler: Callable[[int, int], None]) -> None:
        """Calls `handler(address, bytes)` at the start of each straight run of instructions."""

        def block(_uc: int, address: int, size: int, _data: int) -> None:
            handler(address, size)

        self.hook(UC_HOOK_BLOCK, _BLOCK(block))

    def on_instruction(
        self, handler: Callable[[int, int], None], first: int = 1, last: int = 0
    ) -> None:
        """Calls `handler(address, bytes)` before each instruction, or those from `first` to `last`.

        It must not raise.
        """

        def instruction(_uc: int, address: int, size: int, _data: int) -> None:
            handler(address, size)

        self.hook(UC_HOOK_CODE, _BLOCK(instruction), first, last)

    def hook(self, kind: int, callback: object, first: int = 1, last: int = 0) -> None:
        """Installs a C callback itself: half the cost of the binding's Python wrapper.

        It serves the addresses from `first` to `last`; everywhere where the last is less.
        """
        self._callbacks.append(callback)
        handle = ctypes.c_size_t(0)
        places = ctypes.c_uint64(first), ctypes.c_uint64(last)
        status = uclib.uc_hook_add(
            self.uc._uch, ctypes.byref(handle), kind, callback, ctypes.c_void_p(0), *places
        )
        if status:
            raise RuntimeError(f"uc_hook_add failed with status {status}")


_SOFTFLOAT_BITS = {16: 0x01, 8: 0x04, 4: 0x08, 2: 0x10, 1: 0x20}
"""Bits of fflags in Unicorn's encoding of the accrued exceptions."""


def _softfloat(flags: int) -> int:
    """Unicorn's encoding of the accrued exceptions, from that of fflags."""
    return sum(code for flag, code in _SOFTFLOAT_BITS.items() if flags & flag)


_SERIOUS = _softfloat(0b11100)
INEXACT = _softfloat(1)
"""The bit of `Cpu.flag_byte` for NX."""

_SOFTFLOAT_FLAGS = [_softfloat(flags) for flags in range(32)]


def find_state(uc: Uc) -> int | None:
    """Address of the 68 words x0-x31, f0-f31, pc, two others, frm in this process; None if unsure.

    Reads candidates through /proc/self/mem, so that a wrong guess is an error and not a crash.
    """
    copy = _Copy(uc)
    copy.fetch()
    before = list(copy.words)
    marks = [0x5EED_0000_0000_0000 | i * 0x0101_0101 for i in range(1, 32)]
    try:
        memory = os.open("/proc/self/mem", os.O_RDONLY)
    except OSError:
        return None
    try:
        handle = uc._uch.value
        for way in _FOUND:
            address = way.address(memory, handle)
            if _is_state(copy, memory, address):
                return address
        copy.store([0, *marks, *before[32:]])
        for address in _holders(memory, handle, struct.pack("<31Q", *marks)):
            if _is_state(copy, memory, address - 8):
                _FOUND[:] = _ways(memory, handle, address - 8)
                return address - 8
        return None
    except OSError:
        return None
    finally:
        os.close(memory)
        copy.store(before)


class _Way(NamedTuple):
    """How to come to the state: which word of Unicorn's own struct, how far behind what it points
    to."""

    word: int
    behind: int

    def address(self, memory: int, handle: int) -> int:
        (pointer,) = struct.unpack("<Q", os.pread(memory, 8, handle + 8 * self.word))
        return pointer + self.behind if _may_point(pointer) else 0


_FOUND: list[_Way] = []
"""The ways that led to the last machine's state: they lead to the next one's, too, as a rule."""
_NEAR = 1 << 17
"""Bytes behind a pointer that are looked through."""


def _may_point(word: int) -> bool:
    return 0x10000 <= word < 1 << 47


def _ways(memory: int, handle: int, address: int) -> list[_Way]:
    return [
        _Way(number, address - pointer)
        for number, pointer in enumerate(_words_of(memory, handle))
        if 0 <= address - pointer < _NEAR
    ]


def _words_of(memory: int, handle: int) -> tuple[int, ...]:
    """The first page of Unicorn's own struct."""
    head = os.pread(memory, 4096, handle)
    return struct.unpack(f"<{len(head) // 8}Q", head[: len(head) // 8 * 8])


def _holders(memory: int, handle: int, pattern: bytes) -> list[int]:
    """Addresses of `pattern` behind the pointers in the first page of Unicorn's own struct."""
    found: set[int] = set()
    for pointer in set(_words_of(memory, handle)):
        if not _may_point(pointer):
            continue
        try:
            chunk = os.pread(memory, _NEAR, pointer)
        except OSError:
            continue
        at = chunk.find(pattern)
        while at >= 0:
            found.add(pointer + at)
            at = chunk.find(pattern, at + 1)
    return sorted(found)


def _is_state(copy: _Copy, memory: int, address: int) -> bool:
    """Whether API writes of every kind show up at `address` where we expect them."""
    for sign in (1, -1):
        values = [0] * _STATE_WORDS
        for slot in _API_SLOTS[1:]:
            value = sign * (0x1234_5678_9ABC_DEF0 + slot) & (1 << 64) - 1
            values[slot] = value & 6 if slot in (PC, ROUNDING_MODE) else value
        copy.store(values)
        copy.words[:] = [0] * _STATE_WORDS  # or else it would look like the state itself
        try:
            found = os.pread(memory, 8 * _STATE_WORDS, address)
        except OSError:
            return False
        if len(found) < 8 * _STATE_WORDS:
            return False
        words = struct.unpack(f"<{_STATE_WORDS}Q", found)
        if any(words[slot] != values[slot] for slot in _API_SLOTS):
            return False
    return True


def find_flag_byte(uc: Uc, address: int) -> memoryview | None:
    """The byte of Unicorn's state that accrues floating-point exceptions; None if unsure."""
    register = names.UC_RISCV_REG_FFLAGS
    try:
        memory = os.open("/proc/self/mem", os.O_RDONLY)
    except OSError:
        return None
    try:
        fits = np.ones(_FLAG_BYTE_SEARCH, bool)
        for flags in (0, 1, 2, 4, 8, 16, 31, 0):
            uc.reg_write(register, flags)
            chunk = np.frombuffer(os.pread(memory, _FLAG_BYTE_SEARCH, address), np.uint8)
            fits[: len(chunk)] &= chunk == _SOFTFLOAT_FLAGS[flags]
            fits[len(chunk) :] = False
    except OSError:
        return None
    finally:
        os.close(memory)
        uc.reg_write(register, 0)
    places = np.flatnonzero(fits)
    if len(places) != 1:
        return None
    byte = (ctypes.c_uint8 * 1).from_address(address + int(places[0]))
    return memoryview(byte).cast("B")
