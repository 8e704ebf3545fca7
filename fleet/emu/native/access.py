"""Stubs of loads and stores: every address is checked against the regions of guest memory.

A record remembers the region that its stub accessed last. An access outside of it looks through
the table of regions; where none fits either, Python does it, or finds it to be a fault.
"""

from __future__ import annotations

from fleet.emu.memory import READ, WRITE
from fleet.emu.native.state import BASE, POINTER, SIZE, VL
from fleet.emu.native.stub import FILE, Rule, Stub
from fleet.emu.native.x86 import R8, R9, R11, RAX, RCX, RDI, RDX, RSI, Mem


def check(s: Stub, span: bool = False) -> None:
    """RSI = the host's address of guest address RSI, for R8 bytes (and RDI more or less, if span).

    Clobbers RAX, RCX, RDX, R11.
    """
    again, miss, found = s.fresh(), s.fresh(), s.fresh()
    s.arith("xor", R9, R9)
    s.label(again)
    s.load(RCX, RSI)
    s.arith("sub", RCX, s.state(s.record + BASE))
    s.load(RDX, s.state(s.record + SIZE))
    s.arith("sub", RDX, R8)
    s.jump_if("b", miss)
    s.arith("cmp", RCX, RDX)
    s.jump_if("a", miss)
    if span:
        s.lea(RAX, Mem(RCX, 0, RDI))
        s.arith("cmp", RAX, RDX)
        s.jump_if("a", miss)
    s.jump(found)
    s.label(miss)
    s.test(R9, R9)
    s.jump_if("ne", "slow")
    s.arith_imm("add", R9, 1)
    s.constant(RDX, READ if "load" in s.encoding.flags else WRITE)
    s.lea(R11, s.state(s.record))
    s.call(s.places.find_region)
    s.jump(again)
    s.label(found)
    s.arith("add", RCX, s.state(s.record + POINTER))
    s.load(RSI, RCX)


def contiguous(s: Stub) -> None:
    """RSI a guest address, R8 a number of bytes, not 0."""
    check(s)
    s.lea(RDI, s.start(s.vd))
    if "store" in s.encoding.flags:
        s.load(RAX, RSI)
        s.load(RSI, RDI)
        s.load(RDI, RAX)
    s.call(s.places.copy)


def unit(s: Stub) -> None:
    if s.masked:
        by_element(s, None)
        return
    done = s.fresh()
    s.load(R8, s.state(VL))
    s.test(R8, R8)
    s.jump_if("e", done)
    s.shift("shl", R8, s.encoding.eew.bit_length() - 4)
    s.load(RSI, s.x(s.rs1))
    contiguous(s)
    s.label(done)


def whole(s: Stub) -> None:
    s.constant(R8, s.encoding.nf * s.vlenb)
    s.load(RSI, s.x(s.rs1))
    contiguous(s)


def mask(s: Stub) -> None:
    done = s.fresh()
    s.load(R8, s.state(VL))
    s.arith_imm("add", R8, 7)
    s.shift("shr", R8, 3)
    s.jump_if("e", done)
    s.load(RSI, s.x(s.rs1))
    contiguous(s)
    s.label(done)


def strided(s: Stub) -> None:
    by_element(s, s.rs2)


def by_element(s: Stub, stride: int | None) -> None:
    """One element after the other, `stride` apart (a register), or side by side."""
    width = s.encoding.eew
    done = s.fresh()
    s.load(RDI, s.state(VL))
    s.test(RDI, RDI)
    s.jump_if("e", done)
    s.arith_imm("sub", RDI, 1)
    if stride is None:
        s.shift("shl", RDI, width.bit_length() - 4)
    else:
        s.op(b"\x0f\xaf", RDI, s.x(stride))  # imul
        s.jump_if("o", "slow")
    s.load(RSI, s.x(s.rs1))
    s.constant(R8, width // 8)
    check(s, span=True)
    if stride is None:
        s.constant(RDX, width // 8)
    else:
        s.load(RDX, s.x(stride))
    # The address moves with every element, active or not, so inactive ones are passed over here.
    again, skip = s.fresh(), s.fresh()
    s.load(R8, s.state(VL))
    s.arith("xor", RCX, RCX)
    s.lea(RDI, s.start(s.vd))
    s.label(again)
    if s.masked:
        s.bit_test(Mem(FILE, 0), RCX)
        s.jump_if("ae", skip)
    a, b = Mem(RDI), Mem(RSI)
    if "store" in s.encoding.flags:
        a, b = b, a
    s.load_unsigned(RAX, b, width)
    s.store(a, RAX, width)
    s.label(skip)
    s.arith_imm("add", RDI, width // 8)
    s.arith_imm("add", RCX, 1)
    s.arith("add", RSI, RDX)
    s.arith("cmp", RCX, R8)
    s.jump_if("b", again)
    s.label(done)


def _single(s: Stub) -> bool:
    return s.encoding.nf == 1


RULES: dict[str, Rule] = {
    "vle": Rule(unit, fits=_single), "vse": Rule(unit, fits=_single),
    "vlse": Rule(strided, fits=_single), "vsse": Rule(strided, fits=_single),
    "vlre": Rule(whole), "vsre": Rule(whole), "vlm": Rule(mask), "vsm": Rule(mask),
}  # fmt: skip
