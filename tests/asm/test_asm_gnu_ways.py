"""What foreign files rely on: each text gives the bytes that GNU as makes of it, or is refused."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.assembler import assemble
from fleet.diagnostics import FleetError, FleetErrors

Tool = Callable[..., str]

TEXTS = """
call foo @plt
tail foo@plt
call t0, foo@plt
call foo+4@plt
----
j foo@plt
----
.insn 6, 0x1f
.insn 0x3f
.insn 8, 0x123456789abc003f
.insn 10, 0x007f
.insn 20, 0x507f
.insn 12, 0xffffffffffffffff107f
.insn 2, 1
.insn 4, 0x13
.nop
----
.option norvc
nop
.insn 0
.insn 2, 1
----
.insn 22, 0x507f
----
.insn 4, 0x1f
----
.insn 6, 0x800000000001f
----
.insn 0x7f
----
c.beqz a0, foo
c.bnez a1, foo
c.j foo
.zero 3000
foo: nop
----
c.beqz a0, foo
c.j foo
.zero 5000
foo: nop
----
foo: .zero 200
c.beqz a0, foo
.zero 100
c.bnez s0, foo
c.j foo
----
.globl foo
foo: nop
j foo
beqz a0, foo
c.j foo
.zero 300
beqz a0, foo
.zero 5000
beqz a0, foo
beq a0, a1, foo
----
lw a0, %lo(8)(a1)
addi a0, a0, %lo(5)
addi a0, a0, (%lo(5))
addi a0, a0, %lo(5)+1
addi a0, a0, 7%4
ld a0, 8%16(sp)
lui a0, %hi(0x12345)
li a0, %lo(0x800)
----
la a0, 0
la a1, -2048
la a3, 0x12345678
lla a4, -0x80000000
----
lla a1, 0x123456789abc
----
lui a0, %lo(1)
----
slli a0, a0, %lo(1)
----
xori a2, a3, %hi(345)
----
a: bne t0, t1, %lo(a)
----
a: jal gp, %lo(a)
----
csrrw a0, %lo(1), a0
----
csrrwi a0, %lo(1), 5
----
vadd.vi v1, v2, %lo(1)
----
vsetivli zero, %lo(1), e8, m1
----
c.addi a0, %lo(1)
----
addi a0, a0, %hi(5)
----
lw a0, %hi(5)(a0)
----
addi a0, a0, 1+%lo(5)
----
c.addi a5, 0
c.addi x0, 5
c.li x0, 1
c.nop 8
c.slli64 a0
c.srli64 a0
c.srai64 a0
c.lui x0, 5
c.mv x0, a0
c.add x0, a0
c.slli x0, 5
c.addiw a0, 0
----
c.lui sp, 5
----
c.slli a0, 0
----
c.addiw x0, 1
----
c.mv a0, x0
----
csrw sbadaddr, zero
csrw sptbr, zero
csrw ustatus, zero
csrw dscratch, zero
csrw mcontrol, zero
----
.data
.dcb 2, 1
.dcb.b 1, 44
.dcb.s 2, 1.5
.dcb.d 1, 1.5
.dcb.x 1, 1.1
.dcb.w 3
.ds 1
.ds.s 1
.ds.d 2
.ds.x 1
.ds.p 1
.float16 12.0, inf, nan, -nan, -inf, 65504, 65520, 1e-8, 5.960464477539063e-08, 2.98e-8, 2.99e-8
.float16 0f1.5, 0.333333333, 0h:7c00, 0h:7c
.float 0f:3f80, 0x:3f800000
.double 0d:3ff
.float 0.1, 1e-45, 1e38, -nan, 3.4028235e38, 1e-46, 3.40282366e38
.double 0.1, 5e-324, 1.7976931348623157e308, -nan, 2e-324
.dc.s 1
.dc.d 2
----
.float16 1e6
----
.float 1e40
----
.data
.octa -0xffffffff
.octa 0-0x80000000
.octa 0x80000000
.octa -1
.octa 0x123456789abcdef0123456789abcdef
.octa 1-0xffffffffffff
----
.if later==0
ret
.else
nop
.endif
.if later!=0
ret
.endif
----
.if later
ret
.endif
----
a: nop
b: .if a != b
nop
.endif
.if b == a+2
ret
.endif
----
.data
.equiv twice, 2 * first
.equiv less, -first
.equ first, 1
four == 4 * first
.if twice > first
.byte first, twice
.endif
.equ first, -1
.byte first, twice, four
.if four < first
.byte 9
.endif
.equ first, -less
.byte first, twice, four
.if four > first
.byte 8
.endif
----
.data
.if 0
.if 1
.endc
.long 0
.else
.long 2
.endc
.fill (after - before), 1, 0x0d
before: .word 1
after: .word 2
.ds.l 2, 0x12345678
.ds.w 2, 0x1234
.ds.d 1, -1
.dcb.x 1
----
.data
.octa ~0x80000000
.octa -5*3
.octa 0-5
.octa (-5)
.octa 5*3
.octa ~0x112233445566778899aabbcc0000
----
.extern a
lla a0, 0xffffffffffffffff
la a0, a
----
.set x, y
.set y, 5
.if x == 5
nop
.endif
----
.data
x: .long 0, 1, 2, . - x
y = . - x
z == . - x
.long y
.long z
.long y
.long z
----
.data
a = 1
b == a + 1
.long b
a = 5
.long b
.if b == 6
.long 9
.endif
----
.data
b == c
.long b
c = 3
----
b == b + 1
.long b
----
b == 1
b = 2
----
b = 1
b == 2
----
.align 3
ret
.byte 1
----
.balign 32
nop
.data
.balign 32
.byte 1
----
.align 5
.subsection 1
.align 4
ret
.text
nop
----
.balign 8
.word 1
----
.balign 16
ret
.zero 1
"""


def section_bytes(tool: Tool, compiled: Path, section: str) -> bytes:
    raw = compiled.with_suffix(".bin")
    copy = [tool("riscv64-linux-gnu-objcopy"), "-O", "binary", "-j", section]
    subprocess.run([*copy, compiled, raw], check=True, capture_output=True)
    return raw.read_bytes()


@pytest.mark.parametrize("text", TEXTS.split("----\n"))
def test_a_text_means_what_it_means_to_gnu_as(tool: Tool, tmp_path: Path, text: str) -> None:
    text = ".option norelax\n" + text
    source, compiled = tmp_path / "a.s", tmp_path / "a.o"
    source.write_text(text)
    command = [tool("riscv64-linux-gnu-as"), "-march=rv64gcv", source, "-o", compiled]
    if subprocess.run(command, capture_output=True).returncode:
        with pytest.raises(FleetErrors):
            assemble(text)
        return
    ours = assemble(text)
    for name in (".text", ".data") if ".data" in text else (".text",):
        assert bytes(ours.section(name).data) == section_bytes(tool, compiled, name)


def test_a_number_of_80_bits_is_rounded_once() -> None:
    """0.1 is no fraction of two: its last bits are not those of the double nearest to it."""
    data = bytes(assemble(".data\n.dc.x 0.1\n.dc.x -1e4000\n.dc.x inf\n").section(".data").data)
    assert data[:10].hex() == "cdccccccccccccccfb3f"
    assert data[10:20].hex() == "618c55fe2383bad1e6f3"
    assert data[20:].hex() == "0000000000000080ff7f"


def test_an_instruction_of_another_extension_is_not_taken_for_a_mistake_in_its_operands() -> None:
    for line, needed in (("csrw 0x300, a0", "Zicsr"), ("frcsr a0", "F"), ("fsrm a0", "F")):
        with pytest.raises(FleetError, match=f"needs extension {needed}, which rv64i does not"):
            assemble(f"{line}\n", march="rv64i")
    assemble("unimp\nrdtime a0\n", march="rv64i")


def test_a_short_branch_that_is_written_out_needs_its_extension() -> None:
    with pytest.raises(FleetErrors, match=r"c\.j needs extension C"):
        assemble("c.j far\nfar:\n", march="rv64g")


def test_text_is_padded_to_the_instructions_that_there_are(tool: Tool, tmp_path: Path) -> None:
    source, compiled = tmp_path / "a.s", tmp_path / "a.o"
    source.write_text(".option norelax\nnop\n.byte 1\n")
    command = [tool("riscv64-linux-gnu-as"), "-march=rv64g", source, "-o", compiled]
    subprocess.run(command, check=True)
    ours = assemble(source.read_text(), march="rv64g").section(".text")
    assert (bytes(ours.data), ours.align) == (section_bytes(tool, compiled, ".text"), 4)
