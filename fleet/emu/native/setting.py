"""Stubs of vsetvli, vsetivli and of reading vl, vtype and vlenb."""

from __future__ import annotations

from fleet.emu.native import state
from fleet.emu.native.stub import TABLE, Rule, Stub
from fleet.emu.native.x86 import RAX, RCX
from fleet.emu.vector.config import legal_vtype, vlmax_of

VL_CSR, VTYPE_CSR, VLENB_CSR = 0xC20, 0xC21, 0xC22


def vtype_of(s: Stub) -> int:
    return s.word >> 20 & (0x3FF if s.stem == "vsetivli" else 0x7FF)


def set_vl(s: Stub) -> None:
    """vsetvli and vsetivli."""
    vtype = vtype_of(s)
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
    s.constant(TABLE, s.table_of(vtype))
    s.store(s.state(state.TABLE), TABLE)


def read_csr(s: Stub) -> None:
    if s.word >> 20 == VLENB_CSR:
        s.constant(RAX, s.vlenb)
    else:
        s.load(RAX, s.state(state.VL if s.word >> 20 == VL_CSR else state.VTYPE))
    if s.rd:
        s.store(s.x(s.rd), RAX)


def _is_legal(s: Stub) -> bool:
    return legal_vtype(vtype_of(s))


def _only_reads(s: Stub) -> bool:
    return s.word >> 20 in (VL_CSR, VTYPE_CSR, VLENB_CSR) and s.rs1 == 0


RULES: dict[str, Rule] = {
    "vsetvli": Rule(set_vl, fits=_is_legal), "vsetivli": Rule(set_vl, fits=_is_legal),
    "csrrs": Rule(read_csr, fits=_only_reads), "csrrc": Rule(read_csr, fits=_only_reads),
}  # fmt: skip
