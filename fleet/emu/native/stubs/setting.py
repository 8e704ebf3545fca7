"""Stubs of vsetvli, vsetivli, vsetvl and of the vector unit's CSRs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleet.emu.native import state
from fleet.emu.native.stub import STATE, TABLE, Rule, Stub, rules
from fleet.emu.native.x86 import RAX, RCX, RDI, RDX, Mem
from fleet.emu.vector.config import legal_vtype

if TYPE_CHECKING:
    from fleet.asm.isa.encoding import Encoding

VSTART, VXSAT, VXRM, VCSR, VL, VTYPE, VLENB = 0x008, 0x009, 0x00A, 0x00F, 0xC20, 0xC21, 0xC22
SLOTS = {
    VSTART: state.VSTART, VXSAT: state.VXSAT, VXRM: state.VXRM,
    VL: state.VL, VTYPE: state.VTYPE,
}  # fmt: skip


def vtype_of(word: int, encoding: Encoding) -> int:
    """The immediate of vsetvli and vsetivli."""
    return word >> 20 & (0x3FF if encoding.stem == "vsetivli" else 0x7FF)


def set_vl(s: Stub) -> None:
    """RDI = vtype; an illegal one, and one whose tables nobody made yet, are Python's."""
    if s.stem == "vsetvl":
        s.load(RDI, s.x(s.rs2))
        s.arith_imm("cmp", RDI, 255)
        s.jump_if("a", "slow")
    else:
        s.constant(RDI, vtype_of(s.word, s.encoding))
    s.load(RAX, Mem(STATE, state.VLMAXES, RDI, 8))
    s.test(RAX, RAX)
    s.jump_if("e", "slow")
    s.load(RDX, Mem(STATE, state.TABLES, RDI, 8))
    s.test(RDX, RDX)
    s.jump_if("e", "slow")
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
    s.store(s.state(state.VTYPE), RDI)
    s.load(TABLE, RDX)
    s.store(s.state(state.TABLE), TABLE)


def _csr(s: Stub) -> int:
    return s.word >> 20


def _writes(s: Stub) -> bool:
    return s.stem.startswith("csrrw") or s.rs1 != 0


def access_csr(s: Stub) -> None:
    """RCX = the old value, RAX the new one."""
    match _csr(s):
        case 0xC22:
            s.constant(RCX, s.vlenb)
        case 0x00F:
            s.load(RCX, s.state(state.VXRM))
            s.shift("shl", RCX, 1)
            s.arith("or", RCX, s.state(state.VXSAT))
        case number:
            s.load(RCX, s.state(SLOTS[number]))
    if _writes(s):
        if s.stem.endswith("i"):
            s.constant(RAX, s.rs1)
        else:
            s.load(RAX, s.x(s.rs1))
        match s.stem[:5]:
            case "csrrs":
                s.arith("or", RAX, RCX)
            case "csrrc":
                s.arith_imm("xor", RAX, -1)
                s.arith("and", RAX, RCX)
        _write(s)
    if s.rd:
        s.store(s.x(s.rd), RCX)


def _write(s: Stub) -> None:
    """RAX to a CSR; clobbers RDX."""
    match _csr(s):
        case 0x008:
            s.arith_imm("and", RAX, 8 * s.vlenb - 1)
            s.sets_vstart = True
        case 0x009:
            s.arith_imm("and", RAX, 1)
        case 0x00A:
            s.arith_imm("and", RAX, 3)
        case 0x00F:
            s.load(RDX, RAX)
            s.arith_imm("and", RDX, 1)
            s.store(s.state(state.VXSAT), RDX)
            s.shift("shr", RAX, 1)
            s.arith_imm("and", RAX, 3)
            s.store(s.state(state.VXRM), RAX)
            return
    s.store(s.state(SLOTS[_csr(s)]), RAX)


def _is_legal(s: Stub) -> bool:
    return legal_vtype(vtype_of(s.word, s.encoding))


def _may_access(s: Stub) -> bool:
    if _writes(s):
        return _csr(s) in (VSTART, VXSAT, VXRM, VCSR)
    return _csr(s) in (*SLOTS, VCSR, VLENB)


RULES: dict[str, Rule] = {
    "vsetvli": Rule(set_vl, fits=_is_legal), "vsetivli": Rule(set_vl, fits=_is_legal),
    **rules(["vsetvl"], set_vl),
    **dict.fromkeys(
        ("csrrs", "csrrc", "csrrw", "csrrsi", "csrrci", "csrrwi"),
        Rule(access_csr, fits=_may_access),
    ),
}  # fmt: skip
