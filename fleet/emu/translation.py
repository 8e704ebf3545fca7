"""What Unicorn translates where it does not know an instruction, or takes it for another one.

Unicorn passes over compressed encodings that it does not know as if they did nothing. So its
translator is asked before each instruction: its table of functions gets ours for the one that
translates an instruction. Host code looks whether the word may be one of the strange ones; then
Python says what to translate instead, a few words one after the other, which stand where the
instruction is for as long as that takes. That may be a word that traps, so that the instruction is
ours to execute, or instructions of the base that do the same (`rewriting`).

The table is found in the library by what it holds, and where the first run proves otherwise, all
stays as it was.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import mmap
import platform
import weakref
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from unicorn import Uc, UcError
from unicorn.unicorn_py3.unicorn import uclib

from fleet.asm.isa.table import encodings
from fleet.emu import regions
from fleet.emu.boxes import SINGLES, Boxes, find_tables
from fleet.emu.native.search import emit_search
from fleet.emu.native.x86 import (
    R9,
    R11,
    R12,
    R13,
    R14,
    R15,
    RAX,
    RBP,
    RBX,
    RCX,
    RDI,
    RDX,
    RSI,
    RSP,
    Code,
    Mem,
)
from fleet.emu.rewriting import MOST_WORDS, STRANGE, STRANGE_SHORT, rewritten

_TRANSLATE = 4
"""The place of the function for an instruction in the translator's table."""

_PC_NEXT = 16
"""Where the translator keeps the address of the instruction, in what it passes to the function."""

_MOST = 128
"""Machines at once; further ones do without."""

# Words of a machine's entry; the words to be translated come behind.
_CPU, _HEAD, _WORDS = range(3)
_ENTRY_BYTES = 8 * _WORDS + 4 * MOST_WORDS

_NUMBER, _HELD, _PLACE, _MACHINE = range(0, 32, 8)
"""On the stack: the number of the word, the guest's own bytes and their address, and the machine's
number.
"""

_AFTER = 256
"""Added to a number of words: it is to be told when they are translated."""

_TELL = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_uint64)
_ASK = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64)


class Served(NamedTuple):
    """Whether strange instructions are rewritten, and whether singles are in boxes."""

    rewrites: bool = False
    boxes: bool = False


_SINGLES = tuple(sorted({(encodings()[name].mask, encodings()[name].match) for name in SINGLES}))


class Translation:
    """The translator's function, for all machines of this process."""

    def __init__(self) -> None:
        self.usable = False
        self._entries = np.zeros((_MOST, _ENTRY_BYTES), np.uint8)
        self._stops: dict[int, Callable[[], Callable[[int], bool] | None]] = {}
        self._boxes: dict[int, Boxes] = {}
        self._offset: int | None = None
        self._place: ctypes.c_uint64 | None = None
        if platform.system() == "Linux" and platform.machine() == "x86_64":
            self._install()

    def _install(self) -> None:
        try:
            begin = ctypes.cast(uclib.gen_intermediate_code_riscv64, ctypes.c_void_p).value
        except AttributeError:
            return
        head = ctypes.string_at(begin, 64)
        at = head.find(b"\x48\x8d\x3d")  # lea rdi, [rip + ...]
        if at < 0:
            return
        distance = int.from_bytes(head[at + 3 : at + 7], "little", signed=True)
        table = begin + at + 7 + distance
        place = table + 8 * _TRANSLATE
        if table % 8 or not _make_writable(place):
            return
        self._place = ctypes.c_uint64.from_address(place)
        self._seen = np.zeros(3, np.uint64)
        self._ask, self._told = _ASK(self._answer), _TELL(self._finish)
        permissions = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
        try:
            self._page = mmap.mmap(-1, 2 * mmap.PAGESIZE, prot=permissions)
        except OSError:
            return
        code = _host_code(
            self._place.value, self._entries.ctypes.data, self._seen.ctypes.data,
            ctypes.cast(self._ask, ctypes.c_void_p).value,
            ctypes.cast(self._told, ctypes.c_void_p).value,
        )  # fmt: skip
        self._page[: len(code)] = code
        self._original = self._place.value
        self._place.value = ctypes.addressof(ctypes.c_char.from_buffer(self._page))
        self.usable = True

    def add(
        self, uc: Uc, owner: object, table: regions.RegionTable, state: int, nop: int,
        stops: Callable[[], Callable[[int], bool] | None],
    ) -> Served:  # fmt: skip
        """From now on this machine's translations are asked for, if that can be.

        owner: while it lives; state: the address of its registers; nop: of an instruction of four
        bytes that does nothing; stops: leads to what says of an address that the instruction there
        has to stay one instruction
        """
        if not self.usable or self._offset is None and not self._prove(uc, state, nop):
            return Served()
        cpus = self._entries[:, :8].view(np.uint64)[:, 0]
        free = np.flatnonzero(cpus == 0)
        if not len(free):
            gc.collect()  # machines that nobody has any more
            free = np.flatnonzero(cpus == 0)
            if not len(free):
                return Served()
        index = int(free[0])
        words = self._entries[index, : 8 * _WORDS].view(np.uint64)
        words[_HEAD] = table.head
        words[_CPU] = state - self._offset
        self._stops[index] = stops
        tables = find_tables(uc)
        if tables is not None:
            self._boxes[index] = Boxes(tables)
        weakref.finalize(owner, self._remove, index)
        return Served(True, tables is not None)

    def _remove(self, index: int) -> None:
        self._entries[index] = 0
        self._stops.pop(index, None)
        self._boxes.pop(index, None)

    def _prove(self, uc: Uc, state: int, nop: int) -> bool:
        """Translates one instruction, and looks whether the function was called as we think."""
        self._seen[:] = 0
        with contextlib.suppress(UcError):
            uc.emu_start(nop, nop + 4)
        _, cpu, pc = self._seen.tolist()
        offset = state - cpu
        if pc in (nop, nop + 4) and 0 < offset < 1 << 17:
            self._offset = offset
            return True
        self.usable = False
        self._place.value = self._original
        return False

    def _answer(self, index: int, pc: int, word: int) -> int:
        """How many words stand for this one; 0 to translate it as it is."""
        try:
            stops = self._stops[index]()
            if stops is None:
                return 0
            boxes = self._boxes.get(index)
            single = None if boxes is None else boxes.before(word)
            if single is not None:
                self._entries[index, 8 * _WORDS :].view(np.uint32)[0] = single
                return 1 | _AFTER
            words = rewritten(word, 1 if stops(pc) else MOST_WORDS)
            room = self._entries[index, 8 * _WORDS :].view(np.uint32)
            room[: len(words)] = words
            return len(words)
        except Exception:  # nothing may pass through Unicorn; as it is, it is not our business
            return 0


    def _finish(self, index: int) -> int:
        """The word that `_answer` gave is translated."""
        with contextlib.suppress(Exception):
            self._boxes[index].after()
        return 0


def _make_writable(address: int) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    page = address & -mmap.PAGESIZE
    size = ctypes.c_size_t(mmap.PAGESIZE)
    return library.mprotect(ctypes.c_void_p(page), size, mmap.PROT_READ | mmap.PROT_WRITE) == 0


def _host_code(original: int, entries: int, seen: int, ask: int, told: int) -> bytes:
    """`void translate(context, cpu)`."""
    c = Code()
    saved = (RBX, RBP, R12, R13, R14, R15)
    c.push(*saved)
    c.push(*[RAX] * 5)  # room for four, and the stack is aligned again
    c.load(R12, RDI)
    c.load(R13, RSI)
    c.load(RSI, Mem(R12, _PC_NEXT))
    c.constant(RAX, seen)
    c.store(Mem(RAX, 0), R12)
    c.store(Mem(RAX, 8), R13)
    c.store(Mem(RAX, 16), RSI)
    c.constant(R14, entries)
    c.constant(R15, 0)
    c.label("entry")
    c.arith("cmp", R13, Mem(R14, 8 * _CPU))
    c.jump_if("e", "known")
    c.arith_imm("add", R14, _ENTRY_BYTES)
    c.arith_imm("add", R15, 1)
    c.arith_imm("cmp", R15, _MOST)
    c.jump_if("b", "entry")
    c.jump("as it is")

    c.label("known")
    c.load(RAX, Mem(R14, 8 * _HEAD))
    emit_search(c, R9, "as it is")
    c.load(RBP, RSI)
    c.arith("sub", RBP, Mem(RAX, regions.BASE))
    c.load(RCX, Mem(RAX, regions.SIZE))
    c.arith_imm("sub", RCX, 4)
    c.arith("cmp", RBP, RCX)
    c.jump_if("a", "as it is")  # none there, or the last one of a region
    c.arith("add", RBP, Mem(RAX, regions.POINTER))
    c.load_unsigned(RDX, Mem(RBP), 32)
    c.load(RAX, RDX)
    c.arith_imm("and", RAX, 3)
    c.constant(RBX, 4)
    c.arith_imm("cmp", RAX, 3)
    c.jump_if("e", "long")
    c.constant(RBX, 2)
    c.arith_imm("and", RDX, 0xFFFF)
    _emit_filter(c, STRANGE_SHORT)
    c.label("long")
    _emit_filter(c, STRANGE + _SINGLES)

    c.label("ask")
    c.load(RDI, R15)
    c.constant(RAX, ask)
    c.call_register(RAX)
    c.test(RAX, RAX)
    c.jump_if("e", "as it is")
    c.store(Mem(RSP, _MACHINE), R15)
    c.load(R15, RAX)
    c.arith("xor", R11, R11)
    c.store(Mem(RSP, _NUMBER), R11)
    c.label("next word")
    c.load(RCX, Mem(RSP, _NUMBER))
    c.load_unsigned(RDX, Mem(R14, 8 * _WORDS, RCX, 4), 32)
    c.load_unsigned(RAX, Mem(RBP), 32)
    c.store(Mem(RSP, _HELD), RAX)
    c.store(Mem(RBP), RDX, 32)
    c.load(RDI, R12)
    c.load(RSI, R13)
    c.test(RCX, RCX)
    c.jump_if("e", "first")
    c.load(RAX, Mem(RSP, _PLACE))
    c.store(Mem(R12, _PC_NEXT), RAX)
    c.jump("translate")
    c.label("first")
    c.load(RAX, Mem(R12, _PC_NEXT))
    c.store(Mem(RSP, _PLACE), RAX)
    c.label("translate")
    c.constant(RAX, original)
    c.call_register(RAX)
    c.load(RAX, Mem(RSP, _HELD))
    c.store(Mem(RBP), RAX, 32)
    c.load(RAX, Mem(R12, _PC_NEXT))
    c.arith("cmp", RAX, Mem(RSP, _PLACE))
    c.jump_if("e", "done")  # the run ends here
    c.increment(Mem(RSP, _NUMBER))
    c.load(RCX, Mem(RSP, _NUMBER))
    c.load(RAX, R15)
    c.arith_imm("and", RAX, _AFTER - 1)
    c.arith("cmp", RCX, RAX)
    c.jump_if("b", "next word")
    c.load(RAX, Mem(RSP, _PLACE))
    c.arith("add", RAX, RBX)
    c.store(Mem(R12, _PC_NEXT), RAX)
    c.label("done")
    c.test_imm(R15, _AFTER)
    c.jump_if("e", "untold")
    c.load(RDI, Mem(RSP, _MACHINE))
    c.constant(RAX, told)
    c.call_register(RAX)
    c.label("untold")
    c.pop(*[RAX] * 5)
    c.pop(*reversed(saved))
    c.ret()

    c.label("as it is")
    c.load(RDI, R12)
    c.load(RSI, R13)
    c.pop(*[RAX] * 5)
    c.pop(*reversed(saved))
    c.constant(RAX, original)
    c.jump_register(RAX)
    return c.finish()


def _emit_filter(c: Code, rows: tuple[tuple[int, int], ...]) -> None:
    """Goes on at "ask" if RDX is one of rows of mask and match. Clobbers RAX, RCX."""
    for mask, match in rows:
        c.constant(RAX, mask)
        c.arith("and", RAX, RDX)
        c.constant(RCX, match)
        c.arith("cmp", RAX, RCX)
        c.jump_if("e", "ask")
    c.jump("as it is")


TRANSLATION = Translation()
