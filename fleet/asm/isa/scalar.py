"""The scalar instructions: RV64I, M, A, F, D, C, Zicsr and Zifencei, as rows of text.

Columns: mnemonic, pattern, syntax, and for compressed instructions what they stand for. The
notation is that of `encoding.py`; the content is that of the instruction listings of the RISC-V
unprivileged manual (chapter "RV32/64G Instruction Set Listings" and the chapter on "C").
"""

from __future__ import annotations

BASE = """
lui        imm[31:12] rd 0110111                           rd, upper
auipc      imm[31:12] rd 0010111                           rd, upper
jal        imm[20|10:1|11|19:12] rd 1101111                rd, label
jalr       imm[11:0] rs1 000 rd 1100111                    rd, imm(rs1)
beq        imm[12|10:5] rs2 rs1 000 imm[4:1|11] 1100011    rs1, rs2, label
bne        imm[12|10:5] rs2 rs1 001 imm[4:1|11] 1100011    rs1, rs2, label
blt        imm[12|10:5] rs2 rs1 100 imm[4:1|11] 1100011    rs1, rs2, label
bge        imm[12|10:5] rs2 rs1 101 imm[4:1|11] 1100011    rs1, rs2, label
bltu       imm[12|10:5] rs2 rs1 110 imm[4:1|11] 1100011    rs1, rs2, label
bgeu       imm[12|10:5] rs2 rs1 111 imm[4:1|11] 1100011    rs1, rs2, label
lb         imm[11:0] rs1 000 rd 0000011                    rd, imm(rs1)
lh         imm[11:0] rs1 001 rd 0000011                    rd, imm(rs1)
lw         imm[11:0] rs1 010 rd 0000011                    rd, imm(rs1)
ld         imm[11:0] rs1 011 rd 0000011                    rd, imm(rs1)
lbu        imm[11:0] rs1 100 rd 0000011                    rd, imm(rs1)
lhu        imm[11:0] rs1 101 rd 0000011                    rd, imm(rs1)
lwu        imm[11:0] rs1 110 rd 0000011                    rd, imm(rs1)
sb         imm[11:5] rs2 rs1 000 imm[4:0] 0100011          rs2, imm(rs1)
sh         imm[11:5] rs2 rs1 001 imm[4:0] 0100011          rs2, imm(rs1)
sw         imm[11:5] rs2 rs1 010 imm[4:0] 0100011          rs2, imm(rs1)
sd         imm[11:5] rs2 rs1 011 imm[4:0] 0100011          rs2, imm(rs1)
addi       imm[11:0] rs1 000 rd 0010011                    rd, rs1, imm
slti       imm[11:0] rs1 010 rd 0010011                    rd, rs1, imm
sltiu      imm[11:0] rs1 011 rd 0010011                    rd, rs1, imm
xori       imm[11:0] rs1 100 rd 0010011                    rd, rs1, imm
ori        imm[11:0] rs1 110 rd 0010011                    rd, rs1, imm
andi       imm[11:0] rs1 111 rd 0010011                    rd, rs1, imm
slli       000000 shamt[5:0] rs1 001 rd 0010011            rd, rs1, shamt
srli       000000 shamt[5:0] rs1 101 rd 0010011            rd, rs1, shamt
srai       010000 shamt[5:0] rs1 101 rd 0010011            rd, rs1, shamt
add        0000000 rs2 rs1 000 rd 0110011                  rd, rs1, rs2
sub        0100000 rs2 rs1 000 rd 0110011                  rd, rs1, rs2
sll        0000000 rs2 rs1 001 rd 0110011                  rd, rs1, rs2
slt        0000000 rs2 rs1 010 rd 0110011                  rd, rs1, rs2
sltu       0000000 rs2 rs1 011 rd 0110011                  rd, rs1, rs2
xor        0000000 rs2 rs1 100 rd 0110011                  rd, rs1, rs2
srl        0000000 rs2 rs1 101 rd 0110011                  rd, rs1, rs2
sra        0100000 rs2 rs1 101 rd 0110011                  rd, rs1, rs2
or         0000000 rs2 rs1 110 rd 0110011                  rd, rs1, rs2
and        0000000 rs2 rs1 111 rd 0110011                  rd, rs1, rs2
addiw      imm[11:0] rs1 000 rd 0011011                    rd, rs1, imm
slliw      0000000 shamt[4:0] rs1 001 rd 0011011           rd, rs1, shamt
srliw      0000000 shamt[4:0] rs1 101 rd 0011011           rd, rs1, shamt
sraiw      0100000 shamt[4:0] rs1 101 rd 0011011           rd, rs1, shamt
addw       0000000 rs2 rs1 000 rd 0111011                  rd, rs1, rs2
subw       0100000 rs2 rs1 000 rd 0111011                  rd, rs1, rs2
sllw       0000000 rs2 rs1 001 rd 0111011                  rd, rs1, rs2
srlw       0000000 rs2 rs1 101 rd 0111011                  rd, rs1, rs2
sraw       0100000 rs2 rs1 101 rd 0111011                  rd, rs1, rs2
fence      0000 pred succ 00000 000 00000 0001111          pred, succ
fence.tso  1000 0011 0011 00000 000 00000 0001111
ecall      000000000000 00000 000 00000 1110011
ebreak     000000000001 00000 000 00000 1110011
"""

M = """
mul        0000001 rs2 rs1 000 rd 0110011                  rd, rs1, rs2
mulh       0000001 rs2 rs1 001 rd 0110011                  rd, rs1, rs2
mulhsu     0000001 rs2 rs1 010 rd 0110011                  rd, rs1, rs2
mulhu      0000001 rs2 rs1 011 rd 0110011                  rd, rs1, rs2
div        0000001 rs2 rs1 100 rd 0110011                  rd, rs1, rs2
divu       0000001 rs2 rs1 101 rd 0110011                  rd, rs1, rs2
rem        0000001 rs2 rs1 110 rd 0110011                  rd, rs1, rs2
remu       0000001 rs2 rs1 111 rd 0110011                  rd, rs1, rs2
mulw       0000001 rs2 rs1 000 rd 0111011                  rd, rs1, rs2
divw       0000001 rs2 rs1 100 rd 0111011                  rd, rs1, rs2
divuw      0000001 rs2 rs1 101 rd 0111011                  rd, rs1, rs2
remw       0000001 rs2 rs1 110 rd 0111011                  rd, rs1, rs2
remuw      0000001 rs2 rs1 111 rd 0111011                  rd, rs1, rs2
"""

# Atomics are the same for words (010) and doublewords (011).
A = """
lr         00010 aq rl 00000 rs1 {width} rd 0101111        rd, (rs1)
sc         00011 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
amoswap    00001 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
amoadd     00000 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
amoxor     00100 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
amoand     01100 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
amoor      01000 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
amomin     10000 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
amomax     10100 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
amominu    11000 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
amomaxu    11100 aq rl rs2 rs1 {width} rd 0101111          rd, rs2, (rs1)
"""

# What F (suffix s, format 00), D (suffix d, format 01) and Zfh (suffix h, format 10) have alike.
FLOAT = """
fmadd      rs3 {fmt} rs2 rs1 rm rd 1000011                 fd, fs1, fs2, fs3, rm
fmsub      rs3 {fmt} rs2 rs1 rm rd 1000111                 fd, fs1, fs2, fs3, rm
fnmsub     rs3 {fmt} rs2 rs1 rm rd 1001011                 fd, fs1, fs2, fs3, rm
fnmadd     rs3 {fmt} rs2 rs1 rm rd 1001111                 fd, fs1, fs2, fs3, rm
fadd       00000 {fmt} rs2 rs1 rm rd 1010011               fd, fs1, fs2, rm
fsub       00001 {fmt} rs2 rs1 rm rd 1010011               fd, fs1, fs2, rm
fmul       00010 {fmt} rs2 rs1 rm rd 1010011               fd, fs1, fs2, rm
fdiv       00011 {fmt} rs2 rs1 rm rd 1010011               fd, fs1, fs2, rm
fsqrt      01011 {fmt} 00000 rs1 rm rd 1010011             fd, fs1, rm
fsgnj      00100 {fmt} rs2 rs1 000 rd 1010011              fd, fs1, fs2
fsgnjn     00100 {fmt} rs2 rs1 001 rd 1010011              fd, fs1, fs2
fsgnjx     00100 {fmt} rs2 rs1 010 rd 1010011              fd, fs1, fs2
fmin       00101 {fmt} rs2 rs1 000 rd 1010011              fd, fs1, fs2
fmax       00101 {fmt} rs2 rs1 001 rd 1010011              fd, fs1, fs2
feq        10100 {fmt} rs2 rs1 010 rd 1010011              rd, fs1, fs2
flt        10100 {fmt} rs2 rs1 001 rd 1010011              rd, fs1, fs2
fle        10100 {fmt} rs2 rs1 000 rd 1010011              rd, fs1, fs2
fclass     11100 {fmt} 00000 rs1 001 rd 1010011            rd, fs1
fcvt.w     11000 {fmt} 00000 rs1 rm rd 1010011             rd, fs1, rm
fcvt.wu    11000 {fmt} 00001 rs1 rm rd 1010011             rd, fs1, rm
fcvt.l     11000 {fmt} 00010 rs1 rm rd 1010011             rd, fs1, rm
fcvt.lu    11000 {fmt} 00011 rs1 rm rd 1010011             rd, fs1, rm
"""

F = """
flw        imm[11:0] rs1 010 rd 0000111                    fd, imm(rs1)
fsw        imm[11:5] rs2 rs1 010 imm[4:0] 0100111          fs2, imm(rs1)
fmv.x.w    11100 00 00000 rs1 000 rd 1010011               rd, fs1
fmv.w.x    11110 00 00000 rs1 000 rd 1010011               fd, rs1
fcvt.s.w   11010 00 00000 rs1 rm rd 1010011                fd, rs1, rm
fcvt.s.wu  11010 00 00001 rs1 rm rd 1010011                fd, rs1, rm
fcvt.s.l   11010 00 00010 rs1 rm rd 1010011                fd, rs1, rm
fcvt.s.lu  11010 00 00011 rs1 rm rd 1010011                fd, rs1, rm
"""

# Conversions to double from what a double holds exactly do not round: rm is zero by convention.
D = """
fld        imm[11:0] rs1 011 rd 0000111                    fd, imm(rs1)
fsd        imm[11:5] rs2 rs1 011 imm[4:0] 0100111          fs2, imm(rs1)
fmv.x.d    11100 01 00000 rs1 000 rd 1010011               rd, fs1
fmv.d.x    11110 01 00000 rs1 000 rd 1010011               fd, rs1
fcvt.s.d   01000 00 00001 rs1 rm rd 1010011                fd, fs1, rm
fcvt.d.s   01000 01 00000 rs1 rm rd 1010011                fd, fs1, rm=0
fcvt.d.w   11010 01 00000 rs1 rm rd 1010011                fd, rs1, rm=0
fcvt.d.wu  11010 01 00001 rs1 rm rd 1010011                fd, rs1, rm=0
fcvt.d.l   11010 01 00010 rs1 rm rd 1010011                fd, rs1, rm
fcvt.d.lu  11010 01 00011 rs1 rm rd 1010011                fd, rs1, rm
"""

ZICSR = """
csrrw      csr rs1 001 rd 1110011                          rd, csr, rs1
csrrs      csr rs1 010 rd 1110011                          rd, csr, rs1
csrrc      csr rs1 011 rd 1110011                          rd, csr, rs1
csrrwi     csr uimm[4:0] 101 rd 1110011                    rd, csr, uimm
csrrsi     csr uimm[4:0] 110 rd 1110011                    rd, csr, uimm
csrrci     csr uimm[4:0] 111 rd 1110011                    rd, csr, uimm
"""

ZIFENCEI = """
fence.i    000000000000 00000 001 00000 0001111
"""

# The RV64 instructions; more specific rows win over less specific ones (c.jr over c.mv).
C = """
c.addi4spn  000 nzuimm[5:4|9:6|2|3] rd' 00          rd', sp, imm     addi rd, sp, imm
c.fld       001 uimm[5:3] rs1' uimm[7:6] rd' 00     fd', imm(rs1')   fld fd, imm(rs1)
c.lw        010 uimm[5:3] rs1' uimm[2|6] rd' 00     rd', imm(rs1')   lw rd, imm(rs1)
c.ld        011 uimm[5:3] rs1' uimm[7:6] rd' 00     rd', imm(rs1')   ld rd, imm(rs1)
c.fsd       101 uimm[5:3] rs1' uimm[7:6] rs2' 00    fs2', imm(rs1')  fsd fs2, imm(rs1)
c.sw        110 uimm[5:3] rs1' uimm[2|6] rs2' 00    rs2', imm(rs1')  sw rs2, imm(rs1)
c.sd        111 uimm[5:3] rs1' uimm[7:6] rs2' 00    rs2', imm(rs1')  sd rs2, imm(rs1)
c.nop       000 0 00000 00000 01                    -                addi zero, zero, 0
c.addi      000 nzimm[5] rd!=0 nzimm[4:0] 01        rd, imm          addi rd, rd, imm
c.addiw     001 imm[5] rd!=0 imm[4:0] 01            rd, imm          addiw rd, rd, imm
c.li        010 imm[5] rd!=0 imm[4:0] 01            rd, imm          addi rd, zero, imm
c.addi16sp  011 nzimm[9] 00010 nzimm[4|6|8:7|5] 01  sp, imm          addi sp, sp, imm
c.lui       011 nzimm[17] rd!=0,2 nzimm[16:12] 01   rd, upper        lui rd, upper
c.srli      100 nzshamt[5] 00 rd' nzshamt[4:0] 01   rd', shamt       srli rd, rd, shamt
c.srai      100 nzshamt[5] 01 rd' nzshamt[4:0] 01   rd', shamt       srai rd, rd, shamt
c.andi      100 imm[5] 10 rd' imm[4:0] 01           rd', imm         andi rd, rd, imm
c.sub       100 0 11 rd' 00 rs2' 01                 rd', rs2'        sub rd, rd, rs2
c.xor       100 0 11 rd' 01 rs2' 01                 rd', rs2'        xor rd, rd, rs2
c.or        100 0 11 rd' 10 rs2' 01                 rd', rs2'        or rd, rd, rs2
c.and       100 0 11 rd' 11 rs2' 01                 rd', rs2'        and rd, rd, rs2
c.subw      100 1 11 rd' 00 rs2' 01                 rd', rs2'        subw rd, rd, rs2
c.addw      100 1 11 rd' 01 rs2' 01                 rd', rs2'        addw rd, rd, rs2
c.j         101 imm[11|4|9:8|10|6|7|3:1|5] 01       label            jal zero, label
c.beqz      110 imm[8|4:3] rs1' imm[7:6|2:1|5] 01   rs1', label      beq rs1, zero, label
c.bnez      111 imm[8|4:3] rs1' imm[7:6|2:1|5] 01   rs1', label      bne rs1, zero, label
c.slli      000 nzshamt[5] rd!=0 nzshamt[4:0] 10    rd, shamt        slli rd, rd, shamt
c.fldsp     001 uimm[5] rd uimm[4:3|8:6] 10         fd, imm(sp)      fld fd, imm(sp)
c.lwsp      010 uimm[5] rd!=0 uimm[4:2|7:6] 10      rd, imm(sp)      lw rd, imm(sp)
c.ldsp      011 uimm[5] rd!=0 uimm[4:3|8:6] 10      rd, imm(sp)      ld rd, imm(sp)
c.jr        100 0 rs1!=0 00000 10                   rs1              jalr zero, 0(rs1)
c.mv        100 0 rd!=0 rs2!=0 10                   rd, rs2          add rd, zero, rs2
c.ebreak    100 1 00000 00000 10                    -                ebreak
c.jalr      100 1 rs1!=0 00000 10                   rs1              jalr ra, 0(rs1)
c.add       100 1 rd!=0 rs2!=0 10                   rd, rs2          add rd, rd, rs2
c.fsdsp     101 uimm[5:3|8:6] rs2 10                fs2, imm(sp)     fsd fs2, imm(sp)
c.swsp      110 uimm[5:2|7:6] rs2 10                rs2, imm(sp)     sw rs2, imm(sp)
c.sdsp      111 uimm[5:3|8:6] rs2 10                rs2, imm(sp)     sd rs2, imm(sp)
"""
