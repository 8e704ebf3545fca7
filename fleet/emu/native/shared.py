"""The host code that all stubs share: Unicorn's trap, the way to Python, memory."""

from __future__ import annotations

from fleet.emu import regions
from fleet.emu.cpu import PC as PC_INDEX
from fleet.emu.cpu import ROUNDING_MODE
from fleet.emu.native import state
from fleet.emu.native.search import emit_search
from fleet.emu.native.stub import FILE, GUEST, PC, STATE, TABLE
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

ILLEGAL_INSTRUCTION = 2
_PC_SLOT = 8 * PC_INDEX
_EXCEPTIONS = 0x3D
"""Of MXCSR, in the guest's encoding too: all but denormal operands."""

_FUEL = 1000


def emit_trap(
    c: Code, registers: int, file: int, block: int, flags: int, python: int
) -> None:  # fmt: skip
    """Unicorn's hook: `f(uc, cause, data)`. Arguments are addresses: of the guest's registers, the
    vector file, the shared state, the guest's float flags, and of a function that takes the cause
    and returns whether host code is to try again.
    """
    saved = (RBX, R12, R13, R14, R15)
    c.push(*saved)
    c.constant(GUEST, registers)
    c.constant(FILE, file)
    c.constant(STATE, block)
    c.load_unsigned(RDI, RSI, 32)
    c.arith_imm("cmp", RDI, ILLEGAL_INSTRUCTION)
    c.jump_if("ne", "other")
    c.increment(Mem(STATE, state.TRAPS))
    c.constant(RAX, _FUEL)
    c.store(Mem(STATE, state.FUEL), RAX)
    c.load(PC, Mem(GUEST, _PC_SLOT))
    c.arith_imm("sub", PC, 4)
    c.arith_imm("sub", Mem(STATE, state.PATIENCE), 1)
    c.jump_if("e", "python")
    c.label("dispatch")
    c.load(RAX, Mem(GUEST, 8 * ROUNDING_MODE))
    c.arith_imm("and", RAX, 3)
    c.load_mxcsr(Mem(STATE, state.MODES, RAX, 4))
    c.arith_imm("cmp", Mem(STATE, state.VSTART), 0)
    c.jump_if("ne", "slow")
    c.load(RAX, PC)
    c.arith("sub", RAX, Mem(STATE, state.CODE_LOW))
    c.shift("ror", RAX, 1)  # an odd address becomes too great
    c.arith("cmp", RAX, Mem(STATE, state.CODE_UNITS))
    c.jump_if("ae", "slow")
    c.load(TABLE, Mem(STATE, state.TABLE))
    c.load(RAX, Mem(TABLE, 0, PC, 4))
    c.test(RAX, RAX)
    c.jump_if("e", "slow")
    c.jump_register(RAX)

    c.label("leave")
    c.store(Mem(GUEST, _PC_SLOT), PC)
    _emit_flags(c, flags)
    c.label("return")
    c.zero_upper()
    c.pop(*reversed(saved))
    c.ret()

    c.label("slow")
    c.lea(RAX, Mem(PC, 4))
    c.store(Mem(GUEST, _PC_SLOT), RAX)
    _emit_flags(c, flags)
    c.zero_upper()
    c.label("python")
    c.constant(RDI, ILLEGAL_INSTRUCTION)
    c.constant(RAX, python)
    c.call_register(RAX)
    c.test(RAX, RAX)
    c.jump_if("ne", "dispatch")
    c.jump("return")

    c.label("other")
    c.constant(RAX, python)
    c.call_register(RAX)
    c.jump("return")


def _emit_flags(c: Code, flags: int) -> None:
    """Adds the host's exceptions to the guest's. The host rounds to the nearest again."""
    nearest = c.fresh()
    c.store_mxcsr(Mem(STATE, state.MXCSR))
    c.load_unsigned(RCX, Mem(STATE, state.MXCSR), 32)
    c.test_imm(RCX, state.DIRECTED)
    c.jump_if("e", nearest)
    c.load_mxcsr(Mem(STATE, state.MODES))
    c.label(nearest)
    c.arith_imm("and", RCX, _EXCEPTIONS)
    c.constant(RAX, flags)
    c.op(b"\x08", RCX, Mem(RAX), wide=False)  # or [rax], cl


def emit_find_region(c: Code, head: int) -> None:
    """RSI a guest address, RDX a permission, R11 a record: puts the region there, if any fits.

    head: of the table of regions. Clobbers RAX, RCX, R10.
    """
    done = c.fresh()
    c.constant(RAX, head)
    emit_search(c, RCX, done)
    c.load(R10, RSI)
    c.arith("sub", R10, Mem(RAX, regions.BASE))
    c.arith("cmp", R10, Mem(RAX, regions.SIZE))
    c.jump_if("ae", done)
    c.op(b"\x84", RDX, Mem(RAX, regions.PERMISSIONS + regions.STUBS // 8))  # test, of a byte
    c.jump_if("e", done)
    for at, field in (
        (regions.BASE, state.BASE), (regions.SIZE, state.SIZE), (regions.POINTER, state.POINTER)
    ):  # fmt: skip
        c.load(R10, Mem(RAX, at))
        c.store(Mem(R11, field), R10)
    c.label(done)
    c.ret()


def emit_copy(c: Code) -> None:
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
        c.test_imm(R8, size)
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
