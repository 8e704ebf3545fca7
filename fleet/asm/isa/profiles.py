"""What the profiles RVA22U64 and RVA23U64 add to RV64GC, and Zbc and Zfh, as rows of text.

Columns and notation are those of `scalar.py`; a line in brackets says of which extension the rows
behind it are. Sources: the unprivileged manual, chapters "B", "Zc*", "Zfh", "Zfa", "Zicond",
"Zihintntl", "Zimop", "Zawrs" and "CMO"; the privileged manual for what its last rows have. Which
profile has which extension is in `objects/attributes.py`; the vector instructions are in
`vector.py`.
"""

from __future__ import annotations

ROWS = """
[Zba]
add.uw      0000100 rs2 rs1 000 rd 0111011        rd, rs1, rs2
sh1add      0010000 rs2 rs1 010 rd 0110011        rd, rs1, rs2
sh2add      0010000 rs2 rs1 100 rd 0110011        rd, rs1, rs2
sh3add      0010000 rs2 rs1 110 rd 0110011        rd, rs1, rs2
sh1add.uw   0010000 rs2 rs1 010 rd 0111011        rd, rs1, rs2
sh2add.uw   0010000 rs2 rs1 100 rd 0111011        rd, rs1, rs2
sh3add.uw   0010000 rs2 rs1 110 rd 0111011        rd, rs1, rs2
slli.uw     000010 shamt[5:0] rs1 001 rd 0011011  rd, rs1, shamt

[Zbb]
andn        0100000 rs2 rs1 111 rd 0110011        rd, rs1, rs2
orn         0100000 rs2 rs1 110 rd 0110011        rd, rs1, rs2
xnor        0100000 rs2 rs1 100 rd 0110011        rd, rs1, rs2
clz         0110000 00000 rs1 001 rd 0010011      rd, rs1
ctz         0110000 00001 rs1 001 rd 0010011      rd, rs1
cpop        0110000 00010 rs1 001 rd 0010011      rd, rs1
clzw        0110000 00000 rs1 001 rd 0011011      rd, rs1
ctzw        0110000 00001 rs1 001 rd 0011011      rd, rs1
cpopw       0110000 00010 rs1 001 rd 0011011      rd, rs1
max         0000101 rs2 rs1 110 rd 0110011        rd, rs1, rs2
maxu        0000101 rs2 rs1 111 rd 0110011        rd, rs1, rs2
min         0000101 rs2 rs1 100 rd 0110011        rd, rs1, rs2
minu        0000101 rs2 rs1 101 rd 0110011        rd, rs1, rs2
sext.b      0110000 00100 rs1 001 rd 0010011      rd, rs1
sext.h      0110000 00101 rs1 001 rd 0010011      rd, rs1
zext.h      0000100 00000 rs1 100 rd 0111011      rd, rs1
rol         0110000 rs2 rs1 001 rd 0110011        rd, rs1, rs2
ror         0110000 rs2 rs1 101 rd 0110011        rd, rs1, rs2
rori        011000 shamt[5:0] rs1 101 rd 0010011  rd, rs1, shamt
rolw        0110000 rs2 rs1 001 rd 0111011        rd, rs1, rs2
rorw        0110000 rs2 rs1 101 rd 0111011        rd, rs1, rs2
roriw       0110000 shamt[4:0] rs1 101 rd 0011011  rd, rs1, shamt
orc.b       001010000111 rs1 101 rd 0010011       rd, rs1
rev8        011010111000 rs1 101 rd 0010011       rd, rs1

[Zbc]
clmul       0000101 rs2 rs1 001 rd 0110011        rd, rs1, rs2
clmulh      0000101 rs2 rs1 011 rd 0110011        rd, rs1, rs2
clmulr      0000101 rs2 rs1 010 rd 0110011        rd, rs1, rs2

[Zbs]
bclr        0100100 rs2 rs1 001 rd 0110011        rd, rs1, rs2
bclri       010010 shamt[5:0] rs1 001 rd 0010011  rd, rs1, shamt
bext        0100100 rs2 rs1 101 rd 0110011        rd, rs1, rs2
bexti       010010 shamt[5:0] rs1 101 rd 0010011  rd, rs1, shamt
binv        0110100 rs2 rs1 001 rd 0110011        rd, rs1, rs2
binvi       011010 shamt[5:0] rs1 001 rd 0010011  rd, rs1, shamt
bset        0010100 rs2 rs1 001 rd 0110011        rd, rs1, rs2
bseti       001010 shamt[5:0] rs1 001 rd 0010011  rd, rs1, shamt

[Zicond]
czero.eqz   0000111 rs2 rs1 101 rd 0110011        rd, rs1, rs2
czero.nez   0000111 rs2 rs1 111 rd 0110011        rd, rs1, rs2

[Zicbom]
cbo.inval   000000000000 rs1 010 00000 0001111    (rs1)
cbo.clean   000000000001 rs1 010 00000 0001111    (rs1)
cbo.flush   000000000010 rs1 010 00000 0001111    (rs1)

[Zicboz]
cbo.zero    000000000100 rs1 010 00000 0001111    (rs1)

[Zicbop]
prefetch.i  imm[11:5] 00000 rs1 110 00000 0010011  imm(rs1)
prefetch.r  imm[11:5] 00001 rs1 110 00000 0010011  imm(rs1)
prefetch.w  imm[11:5] 00011 rs1 110 00000 0010011  imm(rs1)

[Zihintpause]
pause       000000010000 00000 000 00000 0001111

[Zihintntl]
ntl.p1      0000000 00010 00000 000 00000 0110011
ntl.pall    0000000 00011 00000 000 00000 0110011
ntl.s1      0000000 00100 00000 000 00000 0110011
ntl.all     0000000 00101 00000 000 00000 0110011
c.ntl.p1    100 1 00000 00010 10                  -                ntl.p1
c.ntl.pall  100 1 00000 00011 10                  -                ntl.pall
c.ntl.s1    100 1 00000 00100 10                  -                ntl.s1
c.ntl.all   100 1 00000 00101 10                  -                ntl.all

[Zawrs]
wrs.nto     000000001101 00000 000 00000 1110011
wrs.sto     000000011101 00000 000 00000 1110011

[Zfhmin]
flh         imm[11:0] rs1 001 rd 0000111          fd, imm(rs1)
fsh         imm[11:5] rs2 rs1 001 imm[4:0] 0100111  fs2, imm(rs1)
fmv.x.h     11100 10 00000 rs1 000 rd 1010011     rd, fs1
fmv.h.x     11110 10 00000 rs1 000 rd 1010011     fd, rs1
fcvt.h.s    01000 10 00000 rs1 rm rd 1010011      fd, fs1, rm
fcvt.s.h    01000 00 00010 rs1 rm rd 1010011      fd, fs1, rm=0
fcvt.h.d    01000 10 00001 rs1 rm rd 1010011      fd, fs1, rm
fcvt.d.h    01000 01 00010 rs1 rm rd 1010011      fd, fs1, rm=0

[Zfh]
fcvt.h.w    11010 10 00000 rs1 rm rd 1010011      fd, rs1, rm
fcvt.h.wu   11010 10 00001 rs1 rm rd 1010011      fd, rs1, rm
fcvt.h.l    11010 10 00010 rs1 rm rd 1010011      fd, rs1, rm
fcvt.h.lu   11010 10 00011 rs1 rm rd 1010011      fd, rs1, rm

[Zfa]
fcvtmod.w.d 11000 01 01000 rs1 001 rd 1010011     rd, fs1, rtz

[Zcb]
c.lbu       100 000 rs1' uimm[0|1] rd' 00         rd', imm(rs1')   lbu rd, imm(rs1)
c.lhu       100 001 rs1' 0 uimm[1] rd' 00         rd', imm(rs1')   lhu rd, imm(rs1)
c.lh        100 001 rs1' 1 uimm[1] rd' 00         rd', imm(rs1')   lh rd, imm(rs1)
c.sb        100 010 rs1' uimm[0|1] rs2' 00        rs2', imm(rs1')  sb rs2, imm(rs1)
c.sh        100 011 rs1' 0 uimm[1] rs2' 00        rs2', imm(rs1')  sh rs2, imm(rs1)
c.zext.b    100 111 rd' 11 000 01                 rd'              andi rd, rd, 255
c.sext.b    100 111 rd' 11 001 01                 rd'              sext.b rd, rd
c.zext.h    100 111 rd' 11 010 01                 rd'              zext.h rd, rd
c.sext.h    100 111 rd' 11 011 01                 rd'              sext.h rd, rd
c.zext.w    100 111 rd' 11 100 01                 rd'              add.uw rd, rd, zero
c.not       100 111 rd' 11 101 01                 rd'              xori rd, rd, -1
c.mul       100 111 rd' 10 rs2' 01                rd', rs2'        mul rd, rd, rs2

[Svinval]
sinval.vma       0001011 rs2 rs1 000 00000 1110011     rs1, rs2
sfence.w.inval   0001100 00000 00000 000 00000 1110011
sfence.inval.ir  0001100 00001 00000 000 00000 1110011
hinval.vvma      0010011 rs2 rs1 000 00000 1110011     rs1, rs2
hinval.gvma      0110011 rs2 rs1 000 00000 1110011     rs1, rs2

[H]
hfence.vvma  0010001 rs2 rs1 000 00000 1110011    rs1, rs2
hfence.gvma  0110001 rs2 rs1 000 00000 1110011    rs1, rs2
hlv.b        0110000 00000 rs1 100 rd 1110011     rd, (rs1)
hlv.bu       0110000 00001 rs1 100 rd 1110011     rd, (rs1)
hlv.h        0110010 00000 rs1 100 rd 1110011     rd, (rs1)
hlv.hu       0110010 00001 rs1 100 rd 1110011     rd, (rs1)
hlv.w        0110100 00000 rs1 100 rd 1110011     rd, (rs1)
hlv.wu       0110100 00001 rs1 100 rd 1110011     rd, (rs1)
hlv.d        0110110 00000 rs1 100 rd 1110011     rd, (rs1)
hlvx.hu      0110010 00011 rs1 100 rd 1110011     rd, (rs1)
hlvx.wu      0110100 00011 rs1 100 rd 1110011     rd, (rs1)
hsv.b        0110001 rs2 rs1 100 00000 1110011    rs2, (rs1)
hsv.h        0110011 rs2 rs1 100 00000 1110011    rs2, (rs1)
hsv.w        0110101 rs2 rs1 100 00000 1110011    rs2, (rs1)
hsv.d        0110111 rs2 rs1 100 00000 1110011    rs2, (rs1)

[privileged]
sfence.vma   0001001 rs2 rs1 000 00000 1110011    rs1, rs2
mret         001100000010 00000 000 00000 1110011
sret         000100000010 00000 000 00000 1110011
uret         000000000010 00000 000 00000 1110011
hret         001000000010 00000 000 00000 1110011
dret         011110110010 00000 000 00000 1110011
wfi          000100000101 00000 000 00000 1110011
"""

# What Zfa has for each floating-point format.
ZFA = """
fli        11110 {fmt} 00001 fli 000 rd 1010011            fd, fli
fminm      00101 {fmt} rs2 rs1 010 rd 1010011              fd, fs1, fs2
fmaxm      00101 {fmt} rs2 rs1 011 rd 1010011              fd, fs1, fs2
fround     01000 {fmt} 00100 rs1 rm rd 1010011             fd, fs1, rm
froundnx   01000 {fmt} 00101 rs1 rm rd 1010011             fd, fs1, rm
fleq       10100 {fmt} rs2 rs1 100 rd 1010011              rd, fs1, fs2
fltq       10100 {fmt} rs2 rs1 101 rd 1010011              rd, fs1, fs2
"""

# May-be-operations, numbered: name, pattern with the bits `n` of the number from its highest one
# on, syntax, the numbers that there are.
MAY_BE = (
    ("Zimop", "mop.r", "1 {0} 00 {1}{2} 0111 {3}{4} rs1 100 rd 1110011", "rd, rs1", range(32)),
    ("Zimop", "mop.rr", "1 {2} 00 {3}{4} 1 rs2 rs1 100 rd 1110011", "rd, rs1, rs2", range(8)),
    ("Zcmop", "c.mop", "011 0 {0}{1}{2}{3}{4} 00000 01", "", range(1, 16, 2)),
)
