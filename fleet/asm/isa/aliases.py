"""Pseudo-instructions that are one instruction: other names for a row with some operands fixed.

In: rows of `name operands = instruction operands`. Out: `Encoding`s like those of the table, with
more bits fixed, or the same operand in two places. Assembler and disassembler treat them as any
other encoding. Content: "RISC-V Assembly Programmer's Manual", pseudo-instruction listings, and
what GNU as 2.40 takes beyond it. Those of several instructions are in `pseudo.py`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from fleet.asm.isa.encoding import FIXED, Encoding, Field, OperandSpec
from fleet.asm.isa.registers import CSRS, REGISTERS, parse_fence
from fleet.asm.isa.table import encoding_of, encodings

# The disassembler takes the first row that fits a word; rows after the line of dashes are for the
# assembler alone.
ROWS = """
nop                       = addi zero, zero, 0
li rd, imm                = addi rd, zero, imm
mv rd, rs1                = addi rd, rs1, 0
mv rd, rs2                = c.mv rd, rs2
not rd, rs1               = xori rd, rs1, -1
zext.b rd, rs1            = andi rd, rs1, 255
seqz rd, rs1              = sltiu rd, rs1, 1
sext.w rd, rs1            = addiw rd, rs1, 0
zext.w rd, rs1            = add.uw rd, rs1, zero
neg rd, rs2               = sub rd, zero, rs2
negw rd, rs2              = subw rd, zero, rs2
snez rd, rs2              = sltu rd, zero, rs2
sltz rd, rs1              = slt rd, rs1, zero
sgtz rd, rs2              = slt rd, zero, rs2
beqz rs1, label           = beq rs1, zero, label
bnez rs1, label           = bne rs1, zero, label
bltz rs1, label           = blt rs1, zero, label
bgtz rs2, label           = blt zero, rs2, label
blez rs2, label           = bge zero, rs2, label
bgez rs1, label           = bge rs1, zero, label
j label                   = jal zero, label
jal label                 = jal ra, label
ret                       = jalr zero, 0(ra)
jr rs1                    = jalr zero, 0(rs1)
jr imm(rs1)               = jalr zero, imm(rs1)
jalr rs1                  = jalr ra, 0(rs1)
jalr imm(rs1)             = jalr ra, imm(rs1)
jalr rd, rs1              = jalr rd, 0(rs1)
fence                     = fence iorw, iorw
rdcycle rd                = csrrs rd, cycle, zero
rdtime rd                 = csrrs rd, time, zero
rdinstret rd              = csrrs rd, instret, zero
frflags rd                = csrrs rd, fflags, zero
frrm rd                   = csrrs rd, frm, zero
frcsr rd                  = csrrs rd, fcsr, zero
fsflags rs1               = csrrw zero, fflags, rs1
fsflags rd, rs1           = csrrw rd, fflags, rs1
fsrm rs1                  = csrrw zero, frm, rs1
fsrm rd, rs1              = csrrw rd, frm, rs1
fscsr rs1                 = csrrw zero, fcsr, rs1
fscsr rd, rs1             = csrrw rd, fcsr, rs1
fsflagsi rd, uimm         = csrrwi rd, fflags, uimm
fsflagsi uimm             = csrrwi zero, fflags, uimm
fsrmi rd, uimm            = csrrwi rd, frm, uimm
fsrmi uimm                = csrrwi zero, frm, uimm
unimp                     = csrrw zero, cycle, zero
csrr rd, csr              = csrrs rd, csr, zero
csrw csr, rs1             = csrrw zero, csr, rs1
csrs csr, rs1             = csrrs zero, csr, rs1
csrc csr, rs1             = csrrc zero, csr, rs1
csrw csr, uimm            = csrrwi zero, csr, uimm
csrwi csr, uimm           = csrrwi zero, csr, uimm
csrs csr, uimm            = csrrsi zero, csr, uimm
csrsi csr, uimm           = csrrsi zero, csr, uimm
csrc csr, uimm            = csrrci zero, csr, uimm
csrci csr, uimm           = csrrci zero, csr, uimm
fmv.s rd, rs1             = fsgnj.s rd, rs1, rs1
fneg.s rd, rs1            = fsgnjn.s rd, rs1, rs1
fabs.s rd, rs1            = fsgnjx.s rd, rs1, rs1
fmv.d rd, rs1             = fsgnj.d rd, rs1, rs1
fneg.d rd, rs1            = fsgnjn.d rd, rs1, rs1
fabs.d rd, rs1            = fsgnjx.d rd, rs1, rs1
fmv.h rd, rs1             = fsgnj.h rd, rs1, rs1
fneg.h rd, rs1            = fsgnjn.h rd, rs1, rs1
fabs.h rd, rs1            = fsgnjx.h rd, rs1, rs1
sfence.vma                = sfence.vma zero, zero
sfence.vma rs1            = sfence.vma rs1, zero
hfence.vvma               = hfence.vvma zero, zero
hfence.vvma rs1           = hfence.vvma rs1, zero
hfence.gvma               = hfence.gvma zero, zero
hfence.gvma rs1           = hfence.gvma rs1, zero
vneg.v vd, vs2, vm        = vrsub.vx vd, vs2, zero, vm
vwcvt.x.x.v vd, vs2, vm   = vwadd.vx vd, vs2, zero, vm
vwcvtu.x.x.v vd, vs2, vm  = vwaddu.vx vd, vs2, zero, vm
vncvt.x.x.w vd, vs2, vm   = vnsrl.wx vd, vs2, zero, vm
vnot.v vd, vs2, vm        = vxor.vi vd, vs2, -1, vm
vfneg.v vd, vs1, vm       = vfsgnjn.vv vd, vs1, vs1, vm
vfabs.v vd, vs1, vm       = vfsgnjx.vv vd, vs1, vs1, vm
vmmv.m vd, vs1            = vmand.mm vd, vs1, vs1
vmclr.m vd                = vmxor.mm vd, vd, vd
vmset.m vd                = vmxnor.mm vd, vd, vd
vmnot.m vd, vs1           = vmnand.mm vd, vs1, vs1
add rd, rs1, imm          = addi rd, rs1, imm
addw rd, rs1, imm         = addiw rd, rs1, imm
and rd, rs1, imm          = andi rd, rs1, imm
or rd, rs1, imm           = ori rd, rs1, imm
xor rd, rs1, imm          = xori rd, rs1, imm
sll rd, rs1, shamt        = slli rd, rs1, shamt
srl rd, rs1, shamt        = srli rd, rs1, shamt
sra rd, rs1, shamt        = srai rd, rs1, shamt
sllw rd, rs1, shamt       = slliw rd, rs1, shamt
srlw rd, rs1, shamt       = srliw rd, rs1, shamt
sraw rd, rs1, shamt       = sraiw rd, rs1, shamt
ror rd, rs1, shamt        = rori rd, rs1, shamt
rorw rd, rs1, shamt       = roriw rd, rs1, shamt
bclr rd, rs1, shamt       = bclri rd, rs1, shamt
bext rd, rs1, shamt       = bexti rd, rs1, shamt
binv rd, rs1, shamt       = binvi rd, rs1, shamt
bset rd, rs1, shamt       = bseti rd, rs1, shamt
csrrw rd, csr, uimm       = csrrwi rd, csr, uimm
csrrs rd, csr, uimm       = csrrsi rd, csr, uimm
csrrc rd, csr, uimm       = csrrci rd, csr, uimm
vl1r.v vd, (rs1)          = vl1re8.v vd, (rs1)
vl2r.v vd, (rs1)          = vl2re8.v vd, (rs1)
vl4r.v vd, (rs1)          = vl4re8.v vd, (rs1)
vl8r.v vd, (rs1)          = vl8re8.v vd, (rs1)
-----
slt rd, rs1, imm          = slti rd, rs1, imm
sltu rd, rs1, imm         = sltiu rd, rs1, imm
move rd, rs1              = addi rd, rs1, 0
c.sext.w rd               = c.addiw rd, 0
sgt rd, rs2, rs1          = slt rd, rs1, rs2
sgtu rd, rs2, rs1         = sltu rd, rs1, rs2
bgt rs2, rs1, label       = blt rs1, rs2, label
ble rs2, rs1, label       = bge rs1, rs2, label
bgtu rs2, rs1, label      = bltu rs1, rs2, label
bleu rs2, rs1, label      = bgeu rs1, rs2, label
jr rs1, imm               = jalr zero, imm(rs1)
jalr rs1, imm             = jalr ra, imm(rs1)
jalr rd, rs1, imm         = jalr rd, imm(rs1)
scall                     = ecall
sbreak                    = ebreak
frsr rd                   = csrrs rd, fcsr, zero
fssr rs1                  = csrrw zero, fcsr, rs1
fssr rd, rs1              = csrrw rd, fcsr, rs1
fmv.x.s rd, rs1           = fmv.x.w rd, rs1
fmv.s.x rd, rs1           = fmv.w.x rd, rs1
fgt.s rd, rs2, rs1        = flt.s rd, rs1, rs2
fge.s rd, rs2, rs1        = fle.s rd, rs1, rs2
fgt.d rd, rs2, rs1        = flt.d rd, rs1, rs2
fge.d rd, rs2, rs1        = fle.d rd, rs1, rs2
fgt.h rd, rs2, rs1        = flt.h rd, rs1, rs2
fge.h rd, rs2, rs1        = fle.h rd, rs1, rs2
fgtq.s rd, rs2, rs1       = fltq.s rd, rs1, rs2
fgeq.s rd, rs2, rs1       = fleq.s rd, rs1, rs2
fgtq.d rd, rs2, rs1       = fltq.d rd, rs1, rs2
fgeq.d rd, rs2, rs1       = fleq.d rd, rs1, rs2
fgtq.h rd, rs2, rs1       = fltq.h rd, rs1, rs2
fgeq.h rd, rs2, rs1       = fleq.h rd, rs1, rs2
vmsgt.vv vd, vs1, vs2, vm   = vmslt.vv vd, vs2, vs1, vm
vmsgtu.vv vd, vs1, vs2, vm  = vmsltu.vv vd, vs2, vs1, vm
vmsge.vv vd, vs1, vs2, vm   = vmsle.vv vd, vs2, vs1, vm
vmsgeu.vv vd, vs1, vs2, vm  = vmsleu.vv vd, vs2, vs1, vm
vmfgt.vv vd, vs1, vs2, vm   = vmflt.vv vd, vs2, vs1, vm
vmfge.vv vd, vs1, vs2, vm   = vmfle.vv vd, vs2, vs1, vm
vmcpy.m vd, vs1           = vmand.mm vd, vs1, vs1
vmandnot.mm vd, vs2, vs1  = vmandn.mm vd, vs2, vs1
vmornot.mm vd, vs2, vs1   = vmorn.mm vd, vs2, vs1
vpopc.m rd, vs2, vm       = vcpop.m rd, vs2, vm
vle1.v vd, (rs1)          = vlm.v vd, (rs1)
vse1.v vs3, (rs1)         = vsm.v vs3, (rs1)
vfrece7.v vd, vs2, vm     = vfrec7.v vd, vs2, vm
vfrsqrte7.v vd, vs2, vm   = vfrsqrt7.v vd, vs2, vm
vfredsum.vs vd, vs2, vs1, vm   = vfredusum.vs vd, vs2, vs1, vm
vfwredsum.vs vd, vs2, vs1, vm  = vfwredusum.vs vd, vs2, vs1, vm
"""

# A word that is no instruction but that programs use as one.
WORDS = {"c.unimp": 0x0000}


# 16-bit instructions without effect, whose words are in no row of the table but have names.
HINTS = """
c.nop       000 nzimm[5] 00000 nzimm[4:0] 01    imm
c.addi      000 imm[5] rd imm[4:0] 01           rd, imm
c.li        010 imm[5] rd imm[4:0] 01           rd, imm
c.lui       011 nzimm[17] rd!=2 nzimm[16:12] 01  rd, upper
c.srli64    100 0 00 rd' 00000 01               rd'
c.srai64    100 0 01 rd' 00000 01               rd'
c.slli64    000 0 rd 00000 10                   rd
c.slli      000 nzshamt[5] rd nzshamt[4:0] 10   rd, shamt
c.mv        100 0 rd rs2!=0 10                  rd, rs2
c.add       100 1 rd rs2!=0 10                  rd, rs2
"""

ALIASES_OF = {
    "I": ("rdcycle", "rdtime", "rdinstret", "unimp"),
    "Zcb": ("c.sext.w",),
    "F": (
        "frflags", "frrm", "frcsr", "frsr", "fsflags", "fsrm", "fscsr", "fssr", "fsflagsi", "fsrmi",
    ),
}  # fmt: skip
"""Aliases that are there with another extension than the instruction that they stand for."""


def split_piece(piece: str) -> list[str]:
    """The names in a piece of syntax: `imm(rs1)` has two."""
    return [name for name in piece.rstrip(")").split("(") if name]


def _literal(text: str, kind: str) -> int:
    if kind in REGISTERS:
        return REGISTERS[kind][text]
    if kind == "csr":
        return CSRS[text]
    if kind in ("pred", "succ"):
        bits = parse_fence(text)
        assert bits is not None
        return bits
    return int(text, 0)


def _alias(name: str, syntax: str, expansion: str) -> Encoding:
    base_name, _, base_text = expansion.partition(" ")
    base = encodings()[base_name]
    pieces = tuple(syntax.split(", ")) if syntax else ()
    own = [each for piece in pieces for each in split_piece(piece)]
    values = [v for p in filter(None, base_text.split(", ")) for v in split_piece(p)]
    mask, match = base.mask, base.match
    fields: list[Field] = []
    specs: dict[str, OperandSpec] = {}
    given = dict(zip((o.name for o in base.operands), values, strict=False))
    kinds = {o.name: o for o in base.operands}
    for field in base.fields:
        text = given.get(field.name)
        if text in own:
            spec = kinds[field.name]
            key = "imm" if text in ("label", "uimm") else text
            fields.append(field._replace(name=key))
            known = specs.get(text)
            specs[text] = spec._replace(
                name=key,
                is_def=spec.is_def or (known is not None and known.is_def),
                is_use=spec.is_use or (known is not None and known.is_use),
            )
            continue
        spec = kinds.get(field.name)
        value = spec.default if text is None and spec else _literal(text, spec.kind)
        mask |= field.mask
        match |= field.insert(value)
    for spec in base.operands:  # a mandatory word such as v0 stays
        if spec.kind in FIXED:
            specs[spec.name] = spec
    stem, _, form = name.rpartition(".")
    operands = tuple(specs[each] for each in own)
    extension = next((e for e, names in ALIASES_OF.items() if name in names), base.extension)
    return Encoding(
        name, mask, match, base.size, tuple(fields), pieces, operands, extension,
        expansion, stem or name, form if stem else "", base.flags,
    )  # fmt: skip


@cache
def hints() -> tuple[Encoding, ...]:
    """Instructions without effect that are written as what they would be with other operands."""
    return tuple(
        encoding_of(*re.split(r"  +", row), "C") for row in HINTS.strip().splitlines()
    )


class Alias(NamedTuple):
    """A row: `name syntax = expansion`, and whether the disassembler prints it."""

    name: str
    syntax: str
    expansion: str
    is_printed: bool


@cache
def _rows() -> tuple[Alias, ...]:
    printed, _, read_only = ROWS.partition("-----\n")
    found = []
    for text in (printed, read_only):
        for line in text.strip().splitlines():
            left, _, right = line.partition(" = ")
            name, _, syntax = left.strip().partition(" ")
            found.append(Alias(name, " ".join(syntax.split()), right.strip(), text is printed))
    return tuple(found)


@cache
def alias_rows() -> dict[str, tuple[Alias, ...]]:
    """The rows of each name, those that are printed first."""
    found: dict[str, tuple[Alias, ...]] = {}
    for row in _rows():
        found[row.name] = (*found.get(row.name, ()), row)
    return found


@cache
def alias(row: Alias) -> Encoding:
    """A row as an encoding."""
    return _alias(row.name, row.syntax, row.expansion)


@cache
def aliases() -> tuple[Encoding, ...]:
    """The aliases that the disassembler prints."""
    return tuple(alias(row) for row in _rows() if row.is_printed)
