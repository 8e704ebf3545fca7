"""Words of the scalar instructions that set the stage for a vector instruction."""

from __future__ import annotations

from functools import cache

from fleet.asm.isa.table import lookup

ZERO, RA, T0, T1 = 0, 1, 5, 6
FRM, VSTART, VXRM = 0x002, 0x008, 0x00A


def word(mnemonic: str, **operands: int) -> int:
    return lookup(mnemonic).encode(operands)


def signed(value: int, bits: int = 64) -> int:
    return (value + (1 << bits - 1) & (1 << bits) - 1) - (1 << bits - 1)


@cache
def constant(register: int, value: int) -> tuple[int, ...]:
    """Instructions that put a number of 64 bits into a register."""
    value = signed(value)
    low = signed(value, 12)
    if value == low:
        return (word("addi", rd=register, rs1=ZERO, imm=value),)
    if -(1 << 31) <= value < (1 << 31) - 0x800:
        first = (word("lui", rd=register, imm=value - low),)
        adding = "addiw"
    else:
        upper = constant(register, value - low >> 12)
        first = (*upper, word("slli", rd=register, rs1=register, shamt=12))
        adding = "addi"
    return (*first, word(adding, rd=register, rs1=register, imm=low)) if low else first


def write_csr(csr: int, value: int) -> tuple[int, ...]:
    if value < 32:
        return (word("csrrwi", rd=ZERO, csr=csr, imm=value),)
    return (*constant(T0, value), word("csrrw", rd=ZERO, csr=csr, rs1=T0))


RETURN = word("jalr", rd=ZERO, rs1=RA, imm=0)
NOP = word("addi", rd=ZERO, rs1=ZERO, imm=0)
NEXT = word("jal", rd=ZERO, imm=4)
"""A jump to the next instruction, which ends what qemu translates as a whole."""

DYNAMIC_ROUNDING = word("fcvt.w.s", rd=ZERO, rs1=31, rm=7)
"""A scalar instruction that looks at frm and changes at most fflags."""
