"""Assembler and disassembler against GNU as and objdump 2.40, for every instruction."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from instruction_words import random_words

from fleet.asm.assembler import assemble
from fleet.asm.isa.encoding import Encoding
from fleet.asm.link.linker import link
from fleet.asm.objects.attributes import extensions_of
from fleet.asm.show.disassembler import Symbols, disassemble

Tool = Callable[..., str]
MARCH = "rv64gcv_zihintpause"
EXTENSIONS = frozenset(extensions_of(MARCH))


class DotRelative(Symbols):
    """Branch targets written as `.+8`, so that any line can be assembled anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.here = 0

    def name(self, address: int) -> str:
        distance = (address - self.here + (1 << 63)) % (1 << 64) - (1 << 63)
        return f".{distance:+d}"


def written(words: list[tuple[int, int]], *, aliases: bool) -> list[str]:
    """Each (word, size) as a line of assembly."""
    lines = []
    for word, size in words:
        code = word.to_bytes(size, "little")
        (line,) = disassemble(code, 0, DotRelative(), aliases=aliases, extensions=EXTENSIONS)
        lines.append(f"\t{line.mnemonic}\t{line.operands}".rstrip())
    return lines


def gnu_bytes(tool: Tool, folder: Path, text: str, section: str = ".text") -> bytes:
    source, compiled, raw = folder / "gnu.s", folder / "gnu.o", folder / "gnu.bin"
    source.write_text(text)
    command = [tool("riscv64-linux-gnu-as"), f"-march={MARCH}", source, "-o", compiled]
    subprocess.run(command, check=True)
    copy = tool("riscv64-linux-gnu-objcopy")
    subprocess.run([copy, "-O", "binary", "-j", section, compiled, raw], check=True)
    return raw.read_bytes()


def objdump(tool: Tool, folder: Path, words: list[tuple[int, int]], *flags: str) -> list[str]:
    source, compiled = folder / "words.s", folder / "words.o"
    source.write_text("".join(f".insn {word}\n" for word, _ in words))
    assembler = tool("riscv64-linux-gnu-as")
    command = [assembler, f"-march={MARCH}", source, "-o", compiled]
    subprocess.run(command, check=True)
    command = [tool("riscv64-linux-gnu-objdump"), "-z", "-d", *flags, compiled]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.rstrip() for line in listing.splitlines() if re.match(r" +[0-9a-f]+:\t", line)]




def is_unknown(encoding: Encoding, values: dict[str, int]) -> bool:
    """objdump 2.40 knows exact conversions with a zero rounding mode alone, as GNU as does."""
    return encoding.mnemonic in ("fcvt.d.s", "fcvt.d.w", "fcvt.d.wu") and values["rm"] != 0


def can_be_written(encoding: Encoding, values: dict[str, int]) -> bool:
    """GNU as cannot read an empty set of a fence, nor what objdump shows for c.nop."""
    is_empty = values.get("pred") == 0 or values.get("succ") == 0
    return not is_unknown(encoding, values) and encoding.mnemonic != "c.nop" and not is_empty


@pytest.mark.parametrize("aliases", [False, True])
def test_disassembly_is_that_of_objdump(tool: Tool, tmp_path: Path, aliases: bool) -> None:
    words = [  # with aliases, objdump shows all that is unknown as vmsge.vx
        (w, e.size) for w, e, v in random_words(11, 12) if not (aliases and is_unknown(e, v))
    ]
    expected = objdump(tool, tmp_path, words, *([] if aliases else ["-M", "no-aliases"]))
    data = b"".join(word.to_bytes(size, "little") for word, size in words)
    symbols = Symbols({".text": 0})
    found = disassemble(data, 0, symbols, aliases=aliases, extensions=EXTENSIONS)
    lines = [str(line) for line in found]
    assert lines == expected


@pytest.mark.parametrize("aliases", [False, True])
@pytest.mark.parametrize("option", ["rvc", "norvc"])
def test_every_instruction_assembles_to_the_bytes_of_gnu_as(
    tool: Tool, tmp_path: Path, option: str, aliases: bool
) -> None:
    words = [
        (w, e.size)
        for w, e, v in random_words(12, 12, legal=True)
        if can_be_written(e, v) and not (option == "norvc" and e.size == 2 and not aliases)
    ]
    lines = written(words, aliases=aliases)
    text = f".option norelax\n.option {option}\n" + "\n".join(lines) + "\n"
    compare_bytes(tool, tmp_path, text, lines)


def compare_bytes(tool: Tool, folder: Path, text: str, lines: list[str]) -> None:
    expected = gnu_bytes(tool, folder, text)
    if assemble(text).section(".text").data == expected:
        return
    options = [line for line in text.splitlines() if line.startswith(".option")]
    good, bad = 0, len(lines)
    while bad - good > 1:  # halve towards the first line that differs
        middle = (good + bad) // 2
        part = "\n".join((*options, *lines[good:middle])) + "\n"
        if assemble(part).section(".text").data == gnu_bytes(tool, folder, part):
            good = middle
        else:
            bad = middle
    part = "\n".join((*options, lines[good])) + "\n"
    ours, theirs = assemble(part).section(".text").data, gnu_bytes(tool, folder, part)
    assert (lines[good], bytes(ours)) == (lines[good], theirs)


def test_compression_chooses_what_gnu_as_chooses(tool: Tool, tmp_path: Path) -> None:
    """Registers and numbers at the edges of what the 16-bit forms take."""
    registers = ("zero", "ra", "sp", "s0", "a0", "a5", "a6")
    numbers = (-33, -32, -1, 0, 1, 4, 8, 16, 31, 32, 64, 124, 128, 248, 256, 496, 504, 512, 1020)
    lines = []
    for rd in registers:
        for rs in registers:
            for n in numbers:
                lines += [f"addi {rd},{rs},{n}", f"addiw {rd},{rs},{n}", f"andi {rd},{rs},{n}"]
                if n >= 0:
                    lines += [f"{op} {rd},{n}({rs})" for op in ("lw", "ld", "sw", "sd", "lwu")]
                    lines += [f"fld fa0,{n}({rs})", f"fsd ft8,{n}({rs})", f"flw fa0,{n}({rs})"]
                    lines += [f"jalr {rd},{n}({rs})"]
                if 0 <= n < 64:
                    lines += [f"{op} {rd},{rs},{n}" for op in ("slli", "srli", "srai")]
            for rt in registers:
                operations = "add sub and or xor addw subw sll slt mul".split()
                lines += [f"{op} {rd},{rs},{rt}" for op in operations]
            lines += [f"lui {rd},{n}" for n in (0, 1, 31, 32, 0xFFFFF, 0xFFFE0, 0xFFFDF)]
            lines += [f"mv {rd},{rs}", f"beq {rd},{rs},.", f"bne {rd},{rs},.", f"jal {rd},."]
    lines += ["nop", "ebreak", "ret", "unimp", "ecall", "fence", "fence.i"]
    text = ".option norelax\n" + "".join(f"\t{line}\n" for line in lines)
    compare_bytes(tool, tmp_path, text, [f"\t{line}" for line in lines])


def test_li_makes_the_constants_that_gnu_as_makes(tool: Tool, tmp_path: Path) -> None:
    numbers = {0, 1, -1, 31, 32, 2047, 2048, -2048, -2049, 0xFFF, 0x1000, 0x7FFFF800}
    for shift in range(64):
        for offset in (-2049, -2048, -1, 0, 1, 2047, 2048):
            numbers.add((1 << shift) + offset)
            numbers.add(-(1 << shift) + offset)
    numbers |= {0x123456789ABCDEF0 * k & (1 << 64) - 1 for k in range(1, 60)}
    in_range = sorted(n for n in numbers if -(1 << 63) <= n < 1 << 64)
    for option in ("rvc", "norvc"):
        lines = [f"\tli a0,{n}" for n in in_range] + [f"\tli t6,{n}" for n in in_range]
        text = f".option norelax\n.option {option}\n" + "\n".join(lines) + "\n"
        compare_bytes(tool, tmp_path, text, lines)


PSEUDO = """
la a0, here
lla t0, there
call there
call t0, there
tail here
jump there, t1
lw a0, here
ld s1, there
flw fa0, here, t0
fsd fa1, there, a5
sw a0, here, t2
sext.b a0, a1
sext.h a0, a1
zext.h a0, a1
zext.w s0, s1
zext.b a0, a1
j here
jal here
jal t0, here
beqz a0, here
bgt a0, a1, here
bleu a0, a1, here
blez a0, here
jr a0
jr a0, 4
jr 8(a0)
jalr a0
jalr a0, a1
jalr a0, a1, 4
jalr a0, -4(a1)
ret
mv a0, a1
not a0, a1
neg a0, a1
negw a0, a1
sext.w a0, a1
seqz a0, a1
snez a0, a1
sltz a0, a1
sgtz a0, a1
sgt a0, a1, a2
sgtu a0, a1, a2
add a0, a1, 5
and a0, a0, 15
sll a0, a0, 3
srlw a0, a1, 3
slt a0, a1, 7
fmv.s fa0, fa1
fabs.d fa0, fa1
fneg.s fa0, fa1
fgt.s a0, fa1, fa2
fge.d a0, fa1, fa2
fmv.x.s a0, fa0
fmv.s.x fa0, a0
frcsr a0
fscsr a0
fscsr a0, a1
frrm a0
fsrm a0, a1
fsrmi 3
fsrmi a0, 3
frflags a0
fsflags a1
fsflagsi 5
csrr a0, vlenb
csrw vstart, a0
csrw vxrm, 2
csrwi frm, 1
csrs fcsr, a0
csrci fcsr, 3
csrrw a0, fcsr, 3
csrrs a0, 0x123, a1
rdcycle a0
rdtime a0
rdinstret a0
fence
fence r, w
fence.tso
pause
fadd.s fa0, fa1, fa2, rtz
fcvt.w.s a0, fa0
fcvt.w.s a0, fa0, rtz
fcvt.d.w fa0, a0
lr.w a0, (a1)
lr.d.aq a0, 0(a1)
sc.w.rl a0, a1, (a2)
amoadd.d.aqrl a0, a1, (a2)
vsetvli t0, a0, e32, m4, ta, ma
vsetvli t0, a0, e8
vsetvli t0, a0, e8, mf8
vsetvli zero, zero, e16, m1, tu, mu
vsetivli t0, 17, e64, m8, ta, mu
vsetvl a0, a1, a2
vle32.v v8, (a0)
vle32.v v8, 0(a0), v0.t
vlseg3e16ff.v v8, (a0), v0.t
vlm.v v1, (a0)
vle1.v v1, (a0)
vse1.v v1, (a0)
vl2r.v v2, (a0)
vneg.v v1, v2
vnot.v v1, v2, v0.t
vfneg.v v1, v2
vfabs.v v1, v2, v0.t
vwcvt.x.x.v v2, v1
vwcvtu.x.x.v v2, v1, v0.t
vncvt.x.x.w v1, v2
vmsgt.vv v1, v2, v3
vmsgeu.vv v1, v2, v3, v0.t
vmslt.vi v1, v2, 16
vmslt.vi v1, v2, -15, v0.t
vmsltu.vi v1, v2, 5
vmsge.vi v1, v2, 0
vmsgeu.vi v1, v2, 16, v0.t
vmsltu.vi v1, v2, 0
vmsgeu.vi v1, v2, 0, v0.t
vmsge.vx v1, v2, a0
vmsgeu.vx v1, v2, a0, v0.t
vmsge.vx v0, v2, a0, v0.t, v3
vmsge.vx v1, v2, a0, v0.t, v3
vmfgt.vv v1, v2, v3
vmmv.m v1, v2
vmcpy.m v1, v2
vmclr.m v1
vmset.m v1
vmnot.m v1, v2
vmandnot.mm v1, v2, v3
vpopc.m a0, v1, v0.t
vfredsum.vs v1, v2, v3
vmv.v.i v1, -16
vmerge.vim v1, v2, 5, v0
vadc.vxm v1, v2, a0, v0
vid.v v1, v0.t
vadd.vi v1, v2, 4*3-1
lui a0, %hi(0x12345678)
addi a0, a0, %lo(0x12345678)
lw a0, %lo(0x12345fff)(a0)
addi a0, a0, 'a'
addi a0, a0, K+1
slli a0, a0, (K<<1)|1
add a0, a0, K
li a0, K*1000
vsetvli t0, a0, 0xd0
"""


def test_pseudo_instructions_are_those_of_gnu_as(tool: Tool, tmp_path: Path) -> None:
    lines = PSEUDO.strip().splitlines()
    text = ".option norelax\n.equ K, 5\nhere:\n"
    text += "".join(f"\t{line}\n" for line in lines) + "there:\n\tnop\n"
    folder = tmp_path
    expected = linked_bytes(tool, folder, text)
    assert our_linked_bytes(text) == expected


def linked_bytes(tool: Tool, folder: Path, text: str) -> bytes:
    """What GNU as and ld make of .text at address 0x10000, without relaxation."""
    source, compiled, linked, raw = (folder / f"l.{end}" for end in ("s", "o", "elf", "bin"))
    source.write_text(text)
    command = [tool("riscv64-linux-gnu-as"), f"-march={MARCH}", source, "-o", compiled]
    subprocess.run(command, check=True)
    linker = tool("riscv64-linux-gnu-ld")
    subprocess.run(
        [linker, "--no-relax", "-Ttext=0x10200", "-e", "0", compiled, "-o", linked], check=True
    )
    copy = tool("riscv64-linux-gnu-objcopy")
    subprocess.run([copy, "-O", "binary", "-j", ".text", linked, raw], check=True)
    return raw.read_bytes()


def our_linked_bytes(text: str) -> bytes:
    image = link([assemble(text + "\n.globl _start\n.equ _start, 0\n", march=MARCH)])
    return b"".join(bytes(data) for _, data in image.section(".text").parts)
