"""What the x86-64 encoder writes is what objdump reads."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.emu.native.x86 import (
    ARITHMETIC,
    CONDITIONS,
    SHIFTS,
    UNARY,
    VECTOR,
    VECTOR_SHIFTS,
    Code,
    Mem,
)

WIDE = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split()
COUNT = 3000
NO_FIRST = frozenset({
    "vmovdqu", "vptest", "vmovmskps", "vmovmskpd", "vpmovmskb", "vcvtdq2ps", "vcvtps2dq",
    "vcvttps2dq", "vsqrtps", "vsqrtpd", "vpbroadcastb", "vpbroadcastw", "vpbroadcastd",
    "vpbroadcastq",
})  # fmt: skip
MOVES = frozenset({"vmovd", "vmovq", "vmovss", "vmovsd"})
SHAPES = {  # registers, in the order of objdump's text; i is an immediate
    **{f"vpmov{sign}x{widths}": "yx" for sign in "sz" for widths in "bw bd bq wd wq dq".split()},
    "vpshufd": "yyi", "vcvtps2pd": "yx", "vcvtdq2pd": "yx", "vcvtpd2ps": "xy", "vcvtss2sd": "xxx",
    "vcvtsi2ss": "xxr", "vcvtsi2sd": "xxr", "vcvtsd2si": "rx", "vcvttsd2si": "rx",
    "vroundsd": "xxxi", "vucomisd": "xx", "vpclmulqdq": "xxxi",
}  # fmt: skip
PREDICATES = {0x03: "unord", 0x00: "eq", 0x11: "lt_oq", 0x01: "lt", 0x02: "le", 0x0E: "gt",
              0x0D: "ge", 0x15: "nlt_uq", 0x04: "neq"}  # fmt: skip


def memory(pick: random.Random) -> tuple[Mem, str]:
    base, disp = pick.randrange(16), pick.choice((0, 8, -128, 127, 128, -129, 1 << 20))
    sign, magnitude = "-" if disp < 0 else "+", abs(disp)
    index = pick.choice([None, *(i for i in range(16) if i != 4)])
    if index is None:
        return Mem(base, disp), f"[{WIDE[base]}{sign}{magnitude:#x}]"
    scale = pick.choice((1, 2, 4, 8))
    text = f"[{WIDE[base]}+{WIDE[index]}*{scale}{sign}{magnitude:#x}]"
    return Mem(base, disp, index, scale), text


def vector_case(pick: random.Random, code: Code) -> str:
    name = pick.choice([
        n for n in VECTOR
        if n not in MOVES and n not in SHAPES and not n.startswith(("vpmovmsk", "vextract"))
    ])  # fmt: skip
    reg, first, rm = (pick.randrange(16) for _ in range(3))
    if name in ("vmovmskps", "vmovmskpd"):
        code.v(name, reg, 0, rm)
        low = ("eax ecx edx ebx esp ebp esi edi".split() + [f"r{i}d" for i in range(8, 16)])[reg]
        return f"{name} {low},ymm{rm}"
    scalar = name[-2:] in ("ss", "sd") and not name.startswith("vp")
    letter = "x" if scalar else "y"
    source = f"{'x' if name.startswith('vpbroadcast') else letter}mm{rm}"
    operand: int | Mem = rm
    if pick.random() < 0.5 and name != "vpblendvb":
        operand, source = memory(pick)
    names = [f"{letter}mm{reg}", f"{letter}mm{first}", source]
    imm = None
    if name in NO_FIRST:
        first = 0
        del names[1]
    if name == "vpblendvb":
        mask = pick.randrange(16)
        imm = mask << 4
        names.append(f"ymm{mask}")
    elif name.startswith("vcmp"):
        imm = pick.choice(list(PREDICATES))
    code.v(name, reg, first, operand, imm=imm, short=scalar)
    if name.startswith("vcmp"):
        name = f"vcmp{PREDICATES[imm]}{name[4:]}"
    return f"{name} {','.join(names)}"


def shaped_case(pick: random.Random, code: Code) -> str:
    """Vector instructions whose operands are of several kinds, and shifts by constants."""
    numbers = [pick.randrange(16) for _ in range(3)]
    name = pick.choice([*SHAPES, "vextracti128", *VECTOR_SHIFTS])
    count = pick.randrange(1, 16)
    if name in VECTOR_SHIFTS:
        code.v_shift(name, numbers[0], numbers[1], count)
        return f"{name} ymm{numbers[0]},ymm{numbers[1]},{count:#x}"
    if name == "vextracti128":
        code.v(name, numbers[0], 0, numbers[1], imm=1)
        return f"{name} xmm{numbers[1]},ymm{numbers[0]},0x1"
    letters = SHAPES[name].removesuffix("i")
    imm = count if letters != SHAPES[name] else None
    if name == "vpclmulqdq":
        imm = count | 4  # others have names of their own
    names = [WIDE[n] if x == "r" else f"{x}mm{n}" for x, n in zip(letters, numbers, strict=False)]
    reg, first, rm = (numbers[0], 0, numbers[1]) if len(letters) == 2 else numbers
    short = "y" not in letters
    code.v(name, reg, first, rm, imm=imm, short=short)
    return f"{name} {','.join(names)}" + (f",{imm:#x}" if imm is not None else "")


def integer_case(pick: random.Random, code: Code) -> str:
    reg, rm = pick.randrange(16), pick.randrange(16)
    mem, text = memory(pick)
    match pick.randrange(13):
        case 0:
            name = pick.choice(list(ARITHMETIC))
            code.arith(name, reg, mem)
            return f"{name} {WIDE[reg]},{text}"
        case 1:
            name, value = pick.choice(list(ARITHMETIC)), pick.randrange(1, 1 << 30)
            code.arith_imm(name, rm, value)
            return f"{name} {WIDE[rm]},{value:#x}"
        case 2:
            name, count = pick.choice(list(SHIFTS)), pick.randrange(2, 64)
            code.shift(name, rm, count)
            return f"{name} {WIDE[rm]},{count:#x}"
        case 3:
            code.load(reg, mem)
            return f"mov {WIDE[reg]},{text}"
        case 4:
            code.store(mem, reg)
            return f"mov {text},{WIDE[reg]}"
        case 5:
            code.lea(reg, mem)
            return f"lea {WIDE[reg]},{text}"
        case 6:
            condition = pick.choice(list(CONDITIONS))
            code.cmov(condition, reg, rm)
            return f"cmov{condition} {WIDE[reg]},{WIDE[rm]}"
        case 7:
            value = pick.getrandbits(64) | 1 << 63
            code.constant(reg, value)
            return f"movabs {WIDE[reg]},{value:#x}"
        case 9:
            name = pick.choice(list(UNARY))
            code.unary(name, rm)
            return f"{name} {WIDE[rm]}"
        case 10:
            name = pick.choice(list(SHIFTS))
            code.shift_by_cl(name, rm)
            return f"{name} {WIDE[rm]},cl"
        case 11:
            low = pick.random() < 0.5
            (code.lowest_bit if low else code.highest_bit)(reg, rm)
            return f"{'bsf' if low else 'bsr'} {WIDE[reg]},{WIDE[rm]}"
        case 12:
            value = pick.randrange(1, 1 << 30)
            code.test_imm(rm, value)
            return f"test {WIDE[rm]},{value:#x}"
        case 8:
            code.bit_test(mem, reg)
            return f"bt {text},{WIDE[reg]}"
        case _:
            width = pick.choice((8, 16))
            code.load_signed(reg, mem, width)
            return f"movsx {WIDE[reg]},{text}"


def normal(text: str) -> str:
    """objdump's text without sizes, blanks, prefixes and the number 0 as a displacement."""
    text = re.sub(r"\b(?:[A-Z]+ PTR|rex\.\w+|rex)\s*", "", text.split("#")[0])
    text = re.sub(r"\s+", " ", text.strip()).replace(", ", ",")
    return text.replace("+0x0]", "]").replace("*1", "")


@pytest.mark.parametrize("make", [vector_case, shaped_case, integer_case])
def test_objdump_reads_the_instructions_that_were_meant(
    make: Callable[[random.Random, Code], str], tmp_path: Path, tool: Callable[..., str]
) -> None:
    objdump = tool("objdump")
    pick, code = random.Random(1), Code()
    meant = []
    for _ in range(COUNT):
        at = len(code.bytes)
        meant.append((at, normal(make(pick, code))))
    path = tmp_path / "code.bin"
    path.write_bytes(code.finish())
    listing = subprocess.run(
        [objdump, "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", "--no-show-raw-insn",
         path],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    lines = re.findall(r"^\s*([0-9a-f]+):\t(.*)$", listing, re.M)
    read = {int(at, 16): normal(text) for at, text in lines}
    wrong = [(text, read.get(at)) for at, text in meant if read.get(at) != text]
    assert not wrong, wrong[:10]
