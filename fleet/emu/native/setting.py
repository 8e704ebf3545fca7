"""Stubs of vsetvli, vsetivli and of reading vl, vtype and vlenb."""

from __future__ import annotations

from fleet.emu.native import state
from fleet.emu.native.stub import TABLE, Stub
from fleet.emu.native.x86 import RAX, RCX
from fleet.emu.vector.config import vlmax_of

VL_CSR, VTYPE_CSR, VLENB_CSR = 0xC20, 0xC21, 0xC22


def set_vl(s: Stub, vtype: int, table: int) -> None:
    """`vtype` is legal; `table` is that of its stubs."""
    s.constant(RAX, vlmax_of(vtype, 8 * s.vlenb))
    if s.stem == "vsetivli":
        s.constant(RCX, s.rs1)
    elif s.rs1:
        s.load(RCX, s.x(s.rs1))
    elif s.rd:
        s.load(RCX, RAX)
    else:
        s.load(RCX, s.state(state.VL))
    s.arith("cmp", RCX, RAX)
    s.cmov("a", RCX, RAX)
    s.store(s.state(state.VL), RCX)
    if s.rd:
        s.store(s.x(s.rd), RCX)
    s.constant(RAX, vtype)
    s.store(s.state(state.VTYPE), RAX)
    s.constant(TABLE, table)
    s.store(s.state(state.TABLE), TABLE)


def read_csr(s: Stub) -> None:
    if s.word >> 20 == VLENB_CSR:
        s.constant(RAX, s.vlenb)
    else:
        s.load(RAX, s.state(state.VL if s.word >> 20 == VL_CSR else state.VTYPE))
    if s.rd:
        s.store(s.x(s.rd), RAX)
