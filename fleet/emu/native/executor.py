"""The native executor: the trap of Unicorn goes straight to host code, and to Python for the rest.

One table per vtype (and region of code) has the stub of each address. The trap's entry looks up
the program counter, and stubs find one another the same way. An address without a stub ends in
Python, which executes the one instruction there; the second time it also writes a stub for it.
Python and stubs hand vl, vtype and vstart to each other through the shared state.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from unicorn import UC_HOOK_INTR

from fleet.asm.encoding import Encoding
from fleet.asm.table import lookup
from fleet.emu.memory import EXECUTE, WRITE, Region
from fleet.emu.native import state
from fleet.emu.native.rules import RULES, rule_for
from fleet.emu.native.state import State
from fleet.emu.native.stub import FILE, GUEST, PC, STATE, TABLE, Places, Stub
from fleet.emu.native.x86 import (
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
    RAX,
    RBX,
    RCX,
    RDI,
    RDX,
    RSI,
    Code,
    Mem,
)  # fmt: skip
from fleet.emu.vector.unit import VectorUnit

PAGE_BYTES = 8 << 20
LONGEST_STUB = 8 << 10
HOT = 2
"""How often an instruction is executed by Python before it gets a stub."""

_ILLEGAL_INSTRUCTION = 2
_SLOW = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_uint64)
_CONFIGURE = ("vsetvli", "vsetivli")
_PC_SLOT = 8 * 64


@cache
def unusable() -> str:
    """Why this host cannot run stubs; "" if it can."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return "this is no x86-64 Linux"
    try:
        info = Path("/proc/cpuinfo").read_text()
    except OSError:
        return "the processor's features are unknown"
    flags = next((line.split() for line in info.splitlines() if line.startswith("flags")), [])
    missing = [name for name in ("avx2", "fma", "popcnt") if name not in flags]
    if missing:
        return f"the processor has no {missing[0]}"
    try:
        _executable(mmap.PAGESIZE).close()
    except OSError:
        return "the system forbids executable memory"
    return ""


def _entries(region: Region) -> int:
    """An entry for each two bytes, and one more at which a run that reaches the end stops."""
    return region.size // 2 + 2


def _executable(size: int) -> mmap.mmap:
    permissions = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=permissions)


class Tally(NamedTuple):
    """How often an instruction was executed, and the sum of vl over that."""

    count: int
    elements: int


class NativeExecutor:
    """Stubs of one machine.

    slow: called for what stubs do not do, with the trap's cause; says nothing, raises nothing
    hot:  see HOT
    enabled: whether stubs run; else all is Python's, one instruction at a time
    """

    def __init__(self, unit: VectorUnit, slow: Callable[[int], None], hot: int = HOT) -> None:
        self.unit, self.cpu = unit, unit.cpu
        self.hot = hot
        self.enabled = True
        self._slow = slow
        self.state = State()
        self._code = _executable(PAGE_BYTES)
        self._bytes = np.frombuffer(self._code, np.uint8)
        self._used = 0
        self._tables: dict[tuple[int, int], np.ndarray] = {}
        self._heat: Counter[tuple[int, int, int]] = Counter()
        self._stubs: dict[tuple[int, int, int], int] = {}
        self._recorded: list[tuple[int, str]] = []
        self._retired: dict[tuple[int, str], Tally] = {}
        self._by_address = False
        self._known_regions = 0
        self._callback = _SLOW(self._leave_to_python)
        self._write_shared()

    # -- what machines ask

    @property
    def executed(self) -> int:
        return self.state.words[state.EXECUTED // 8]

    @property
    def traps(self) -> int:
        return self.state.words[state.TRAPS // 8]

    def count_by_address(self) -> None:
        """From now on there is a stub for each address, so `executions` tells them apart."""
        self._forget()
        self._by_address = True

    def executions(self) -> dict[tuple[int, str], Tally]:
        """What stubs executed, by address and mnemonic; `count_by_address` or all at address 0."""
        total = dict(self._retired)
        counters = self.state.records[: len(self._recorded), :2].tolist()
        for key, (count, elements) in zip(self._recorded, counters, strict=True):
            if count:
                before = total.get(key, Tally(0, 0))
                total[key] = Tally(before.count + count, before.elements + elements)
        return total

    def counts(self) -> Counter[str]:
        """Vector instructions that stubs executed, by mnemonic."""
        total: Counter[str] = Counter()
        for (_, mnemonic), tally in self.executions().items():
            if lookup(mnemonic).extension == "V":
                total[mnemonic] += tally.count
        return total

    def elements(self) -> Counter[str]:
        """The sum of vl over vector instructions that stubs executed, by mnemonic."""
        total: Counter[str] = Counter()
        for (_, mnemonic), tally in self.executions().items():
            total[mnemonic] += tally.elements
        return +total

    def push(self, pc: int) -> None:
        """Brings the setting of the vector unit, and the code at `pc`, to the stubs."""
        config, words = self.unit.config, self.state.words
        words[state.VL // 8], words[state.VTYPE // 8] = config.vl, config.vtype
        words[state.VSTART // 8] = config.vstart
        words[state.VXRM // 8], words[state.VXSAT // 8] = self.unit.vxrm, self.unit.vxsat
        regions = self.unit.memory.regions
        if len(regions) != self._known_regions:
            self._known_regions = len(regions)
            self.state.set_regions(regions)
        region = self.unit.memory.find(pc)
        if region is None or region.permissions & WRITE or not self.enabled:
            words[state.CODE_SIZE // 8] = 0
            return
        words[state.CODE_LOW // 8], words[state.CODE_SIZE // 8] = region.base, region.size
        words[state.TABLE // 8] = self._table_pointer(region, config.vtype)

    def memory_changed(self) -> None:
        """Guest memory was unmapped or protected: what is known about it does not hold."""
        self._known_regions = -1
        self.state.records[:, state.BASE // 8 :] = 0
        for (base, _), table in self._tables.items():
            region = self.unit.memory.find(base)
            kept = region is not None and region.base == base and region.permissions & EXECUTE
            if not kept or region.permissions & WRITE or _entries(region) != len(table):
                self._forget()
                self._tables.clear()
                return

    def pull(self) -> None:
        """Brings the setting that stubs left to the vector unit."""
        words, unit = self.state.words, self.unit
        key = words[state.VTYPE // 8], words[state.VL // 8], words[state.VSTART // 8]
        config = unit.config
        if key != (config.vtype, config.vl, config.vstart):
            unit.config = unit.configuration(*key)
        unit.vxrm, unit.vxsat = words[state.VXRM // 8], words[state.VXSAT // 8]

    # -- between stubs and Python

    def _leave_to_python(self, cause: int) -> int:
        """Called by host code. Whether there is a stub now, so that host code may try again."""
        self.pull()
        pc = self.cpu.registers[64]
        if cause == _ILLEGAL_INSTRUCTION and self._prepare(pc - 4):
            self.push(pc - 4)
            return 1
        self._slow(cause)
        self.push(self.cpu.registers[64])
        return 0

    def _prepare(self, pc: int) -> bool:
        """Writes a stub for the instruction at `pc` if it is worth it; whether it did."""
        unit = self.unit
        config = unit.config
        region = unit.memory.find(pc)
        if region is None or region.permissions & WRITE or config.vstart or not self.enabled:
            return False
        found = unit.decode(pc)
        if found is None:
            return False
        word, encoding = found
        table = self._table(region, config.vtype)
        index = (pc - region.base) // 2
        if table[index]:
            return False
        place = pc if self._by_address else region.base if encoding.stem in _CONFIGURE else 0
        key = word, config.vtype, place
        stub = self._stubs.get(key)
        if stub is None:
            self._heat[key] += 1
            if self._heat[key] < self.hot:
                return False
            stub = self._write_stub(region, pc, word, encoding)
            self._stubs[key] = stub
        table[index] = stub
        return stub != 0

    def _accepts(self, word: int) -> bool:
        """Whether an instruction is legal; some rules are looked at only where vl is not 0."""
        unit = self.unit
        config = unit.config
        if config.vl == 0 and not config.vill:
            unit.config = unit.configuration(config.vtype, 1)
        try:
            return unit.accepts(word)
        finally:
            unit.config = config

    def _write_stub(self, region: Region, pc: int, word: int, encoding: Encoding) -> int:
        """Address of a new stub; 0 where there can be none."""
        unit = self.unit
        config = unit.config
        if encoding.stem not in RULES:
            return 0
        if encoding.extension == "V" and not self._accepts(word):
            return 0
        if len(self._recorded) == state.MAX_STUBS or self._used + LONGEST_STUB > PAGE_BYTES:
            self._forget()

        def table_of(vtype: int) -> int:
            return self._table_pointer(region, vtype)

        record = len(self._recorded)
        stub = Stub(word, encoding, config, unit.vlenb, record, self._places, table_of)
        rule = rule_for(stub)
        if rule is None:
            return 0
        rule.emit(stub)
        self._recorded.append((pc if self._by_address else 0, encoding.mnemonic))
        return self._put(stub.end())

    def _forget(self) -> None:
        """Starts anew when there is no more room. Host code is never inside a stub now."""
        self._retired = self.executions()
        for table in self._tables.values():
            table[:] = 0
        self.state.records[:] = 0
        self._recorded.clear()
        self._stubs.clear()
        self._used = self._shared

    # -- tables and code

    def _table(self, region: Region, vtype: int) -> np.ndarray:
        key = region.base, vtype
        table = self._tables.get(key)
        if table is None:  # takes memory only where it is written to
            table = self._tables[key] = np.zeros(_entries(region), np.uint64)
        return table

    def _table_pointer(self, region: Region, vtype: int) -> int:
        """The table's address, shifted so that an address times four is the place in it."""
        return self._table(region, vtype).ctypes.data - 4 * region.base & (1 << 64) - 1

    def _put(self, code: bytes) -> int:
        at = self._used
        self._bytes[at : at + len(code)] = np.frombuffer(code, np.uint8)
        self._used = at + len(code) + 15 & -16
        return self._bytes.ctypes.data + at

    def _write_shared(self) -> None:
        base = self._bytes.ctypes.data
        code = Code()
        self._emit_entry(code)
        code.label("find_region")
        _emit_find_region(code)
        code.label("copy")
        _emit_copy(code)
        entry = self._put(code.finish())
        assert entry == base
        self._shared = self._used
        self._places = Places(
            *(base + code.position(name) for name in ("leave", "slow", "find_region", "copy"))
        )
        self.cpu.hook(UC_HOOK_INTR, ctypes.c_void_p(entry))

    def _emit_entry(self, c: Code) -> None:
        """The trap: `f(uc, cause, data)`."""
        saved = (RBX, R12, R13, R14, R15)
        c.push(*saved)
        c.constant(GUEST, self.cpu.array.ctypes.data)
        c.constant(FILE, self.unit.file.ctypes.data)
        c.constant(STATE, self.state.address)
        c.load_mxcsr(Mem(STATE, state.CLEAN_MXCSR))
        c.load(RDI, RSI)
        c.op(b"\x8b", RDI, RSI, wide=False)
        c.arith_imm("cmp", RDI, _ILLEGAL_INSTRUCTION)
        c.jump_if("ne", "other")
        c.increment(Mem(STATE, state.TRAPS))
        c.load(PC, Mem(GUEST, _PC_SLOT))
        c.arith_imm("sub", PC, 4)
        c.label("dispatch")
        c.arith_imm("cmp", Mem(STATE, state.VSTART), 0)
        c.jump_if("ne", "slow")
        c.load(RAX, PC)
        c.arith("sub", RAX, Mem(STATE, state.CODE_LOW))
        c.arith("cmp", RAX, Mem(STATE, state.CODE_SIZE))
        c.jump_if("ae", "slow")
        c.load(TABLE, Mem(STATE, state.TABLE))
        c.load(RAX, Mem(TABLE, 0, PC, 4))
        c.test(RAX, RAX)
        c.jump_if("e", "slow")
        c.jump_register(RAX)

        c.label("leave")
        c.store(Mem(GUEST, _PC_SLOT), PC)
        self._emit_flags(c)
        c.label("return")
        c.zero_upper()
        c.pop(*reversed(saved))
        c.ret()

        c.label("slow")
        c.lea(RAX, Mem(PC, 4))
        c.store(Mem(GUEST, _PC_SLOT), RAX)
        self._emit_flags(c)
        c.zero_upper()
        c.constant(RDI, _ILLEGAL_INSTRUCTION)
        c.constant(RAX, ctypes.cast(self._callback, ctypes.c_void_p).value)
        c.call_register(RAX)
        c.load_mxcsr(Mem(STATE, state.CLEAN_MXCSR))
        c.test(RAX, RAX)
        c.jump_if("ne", "dispatch")
        c.jump("return")

        c.label("other")
        c.constant(RAX, ctypes.cast(self._callback, ctypes.c_void_p).value)
        c.call_register(RAX)
        c.jump("return")

    def _emit_flags(self, c: Code) -> None:
        """Adds the host's exceptions to the guest's: the bits are the same but for denormals."""
        flags = np.frombuffer(self.cpu.flag_byte, np.uint8).ctypes.data
        c.store_mxcsr(Mem(STATE, state.MXCSR))
        c.load_unsigned(RCX, Mem(STATE, state.MXCSR), 32)
        c.arith_imm("and", RCX, 0x3D)
        c.constant(RAX, flags)
        c.op(b"\x08", RCX, Mem(RAX), wide=False)  # or [rax], cl


def _emit_find_region(c: Code) -> None:
    """RSI a guest address, RDX a permission, R11 a record: puts the region there, if any fits.

    Clobbers RAX, RCX, R10.
    """
    again, following, done = c.fresh(), c.fresh(), c.fresh()
    c.load(RCX, Mem(STATE, state.REGION_COUNT))
    c.lea(RAX, Mem(STATE, state.REGIONS))
    c.label(again)
    c.arith_imm("sub", RCX, 1)
    c.jump_if("b", done)
    c.load(R10, RSI)
    c.arith("sub", R10, Mem(RAX, 0))
    c.arith("cmp", R10, Mem(RAX, 8))
    c.jump_if("ae", following)
    c.op(b"\x85", RDX, Mem(RAX, 24))  # test
    c.jump_if("e", done)
    for at, field in ((0, state.BASE), (8, state.SIZE), (16, state.POINTER)):
        c.load(R10, Mem(RAX, at))
        c.store(Mem(R11, field), R10)
    c.jump(done)
    c.label(following)
    c.arith_imm("add", RAX, state.REGION_BYTES)
    c.jump(again)
    c.label(done)
    c.ret()


def _emit_copy(c: Code) -> None:
    """Copies R8 bytes from RSI to RDI. Clobbers RAX, R8, R9, vector registers 0 to 3."""
    c.arith("xor", R9, R9)
    for count in (4, 1):
        again, done = c.fresh(), c.fresh()
        c.arith_imm("sub", R8, 32 * count)
        c.jump_if("b", done)
        c.label(again)
        for i in range(count):
            c.v("vmovdqu", i, 0, Mem(RSI, 32 * i, R9))
        for i in range(count):
            c.v("vmovdqu", i, 0, Mem(RDI, 32 * i, R9), store=True)
        c.arith_imm("add", R9, 32 * count)
        c.arith_imm("sub", R8, 32 * count)
        c.jump_if("ae", again)
        c.label(done)
        c.arith_imm("add", R8, 32 * count)
    for size in (16, 8, 4, 2, 1):
        done = c.fresh()
        c.op(b"\xf7", 0, R8)  # test r8, size
        c.bytes += size.to_bytes(4, "little")
        c.jump_if("e", done)
        if size == 16:
            c.v("vmovdqu", 0, 0, Mem(RSI, 0, R9), short=True)
            c.v("vmovdqu", 0, 0, Mem(RDI, 0, R9), short=True, store=True)
        else:
            c.load_unsigned(RAX, Mem(RSI, 0, R9), 8 * size)
            c.store(Mem(RDI, 0, R9), RAX, 8 * size)
        c.arith_imm("add", R9, size)
        c.label(done)
    c.ret()
