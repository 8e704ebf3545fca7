"""The assembler's language: directives and layout against GNU as, and what it says of mistakes."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.assembler import assemble
from fleet.asm.link.linker import link
from fleet.diagnostics import FleetError, FleetErrors

Tool = Callable[..., str]


def gnu_sections(tool: Tool, folder: Path, text: str) -> dict[str, bytes]:
    """.text, .rodata and .data as GNU as and ld make them, at our addresses, without relaxation."""
    source, compiled, linked = folder / "g.s", folder / "g.o", folder / "g.elf"
    source.write_text(".option norelax\n" + text)
    subprocess.run(
        [tool("riscv64-linux-gnu-as"), "-march=rv64gcv", source, "-o", compiled], check=True
    )
    image = link([assemble(text)])
    addresses = {section.name: section.address for section in image.sections}
    command = [tool("riscv64-linux-gnu-ld"), "--no-relax", compiled, "-o", linked]
    command += [f"--section-start={n}={a:#x}" for n, a in addresses.items() if n[0] == "." and a]
    subprocess.run(command, check=True)
    result = {}
    for name in (".text", ".rodata", ".data"):
        raw = folder / "g.bin"
        raw.unlink(missing_ok=True)
        copy = tool("riscv64-linux-gnu-objcopy")
        subprocess.run([copy, "-O", "binary", "-j", name, linked, raw], check=True)
        if raw.exists() and raw.stat().st_size:
            result[name] = raw.read_bytes()
    return result


def our_sections(text: str) -> dict[str, bytes]:
    result = {}
    for section in link([assemble(text)]).sections:
        if section.name in (".text", ".rodata", ".data") and section.size:
            data = bytearray(section.size)
            for offset, part in section.parts:
                data[offset : offset + len(part)] = part
            result[section.name] = bytes(data)
    return result


PROGRAMS = {
    "data and strings": r"""
    .globl _start
_start: nop
    .data
    .byte 1, 2, -1, 255, 'a', '\n', '\\'
    .half 0x1234, -2
    .word 0xdeadbeef, 077, 0b101
    .dword 0x123456789abcdef0
    .quad -1
    .float 1.5, -0.25, 1e10
    .double 3.141592653589793, 1e-300
    .ascii "a\tb\"\x41\101\0end"
    .asciz "one", "two"
    .string "three; # not a comment"
    .balign 8
    .fill 3, 2, 0x1234
    .space 5, 0xaa
    .p2align 3, 0xff
    .zero 7
    .align 4
    .word end - start, (end - start) / 4, end - start + 1 << 1
start: .word 1, 2, 3
end: .quad start, end + 8, _start
    """,
    "local labels, expressions, symbols": """
    .equ SIZE, 16
    .set HALF, SIZE / 2
    .globl _start
_start:
1:  addi a0, a0, SIZE*2 - HALF
    beqz a0, 1f
    j 1b
1:  bnez a0, 1b
    li a1, (1 << 12) | 5
    li a2, ~SIZE
    .set SIZE, 32
    addi a3, a3, SIZE % 5
    lw a4, SIZE(a5)
    la a0, table
    lui a1, %hi(table + 8)
    addi a1, a1, %lo(table + 8)
2:  auipc a2, %pcrel_hi(table)
    sd a3, %pcrel_lo(2b)(a2)
    call function; ret  # two statements
function: ret
    /* a comment
       over lines */ nop
    .section .rodata
table: .quad function, 1
    .text
    .word function - _start
    """,
    "alignment in code": """
    .globl _start
_start:
    beqz a0, far
    .align 4
    c.nop
    .p2align 3
    add a0, a0, a1
    .balign 16
    j _start
    .option push
    .option norvc
    addi a0, a0, 1
    .balign 8
    .option pop
    addi a0, a0, 1
    .balign 32
far: ret
    """,
    "macros and conditions": """
    .macro push reg, size=8
    addi sp, sp, -\\size
    sd \\reg, 0(sp)
    .endm
    .macro loop count
    li t0, \\count
again\\@: addi t0, t0, -1
    bnez t0, again\\@
    .endm
    .equ DEBUG, 1
    .globl _start
_start:
    push ra
    push a0, 16
    loop 5
    loop 7
    .if DEBUG
    ebreak
    .if DEBUG == 2
    nop
    .else
    ecall
    .endif
    .else
    wrong
    .endif
    .ifdef MISSING
    wrong
    .endif
    .rept 3
    nop
    .endr
    .irp r, a0, a1, a2
    mv \\r, zero
    .endr
    ret
    """,
    "branches that do not reach": """
    .globl _start
_start:
    beqz a0, near
    bne a1, a2, middle
    j near
near:
    .zero 300
    beqz a0, near
    bltu a3, a4, _start
middle:
    .zero 5000
    beqz a0, _start
    bgeu a0, a1, middle
    j middle
    j _start
    bnez s0, end
    blt a0, a1, end
    .zero 4080
end: ret
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_come_out_as_gnu_as_and_ld_make_them(
    tool: Tool, tmp_path: Path, name: str
) -> None:
    text = PROGRAMS[name]
    compare(tool, tmp_path, text)


def compare(tool: Tool, folder: Path, text: str) -> None:
    """Ours are GNU's but for the padding with which GNU as fills up an aligned section."""
    ours, theirs = our_sections(text), gnu_sections(tool, folder, text)
    assert ours.keys() == theirs.keys()
    for name, data in ours.items():
        assert theirs[name][: len(data)] == data
        assert len(theirs[name]) - len(data) in range(32)


@pytest.mark.parametrize("seed", range(4))
def test_branches_at_every_distance_have_the_length_that_gnu_as_gives_them(
    tool: Tool, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    lines = [".globl _start", "_start:"]
    count = 400
    for number in range(count):
        lines.append(f"l{number}:")
        target = f"l{rng.randrange(count)}"
        kind = rng.randrange(6)
        if kind == 0:
            lines.append(f"j {target}")
        elif kind == 1:
            lines.append(f"beqz {rng.choice(['a0', 't3'])}, {target}")
        elif kind == 2:
            lines.append(f"blt a0, a1, {target}")
        elif kind == 3:
            lines.append(f".zero {rng.choice([2, 4, 100, 250])}")
        elif kind == 4 and rng.random() < 0.2:
            lines.append(f".zero {rng.choice([2000, 4000])}")
        else:
            lines.append("addi a0, a0, 100")
    compare(tool, tmp_path, "\n".join(lines) + "\n")


SHORT_REGISTERS = "s0, s1, a0, a1, a2, a3, a4, a5"


def messages(text: str) -> list[FleetError]:
    with pytest.raises(FleetErrors) as caught:
        assemble(text, "bad.s")
    return caught.value.errors


@pytest.mark.parametrize(
    ("line", "message", "marked"),
    [
        ("addi a0, a1, 5000", "5000 is out of range; it can be -2048 to 2047", "5000"),
        ("addi a0, a1", "addi takes 3 operands, not 2", "addi a0, a1"),
        ("addd a0, a1, a2", "there is no instruction addd", "addd"),
        ("vadd.vv v1, v2, a0", "a0 is an integer register; a vector one is needed", "a0"),
        ("lw fa0, 8(a0)", "fa0 is a floating-point register; an integer one is needed", "fa0"),
        ("lw a0, 8(v0)", "v0 is a vector register; an integer one is needed", "v0"),
        ("lw a0, (a1", "an address such as 8(a0) is needed", "(a1"),
        ("vle32.v v1, 8(a0)", "this instruction takes an address without an offset", "8"),
        ("vadd.vi v1, v2, 16", "16 is out of range; it can be -16 to 15", "16"),
        ("vadd.vv v1, v2, v3, v1.t", "'v1.t' is no mask; the only mask is v0.t", "v1.t"),
        ("vsetvli t0, a0, e31, m1", "'e31,m1' is no vector type", "e31, m1"),
        ("c.lw a0, 8(t0)", "t0 cannot be used here; it can be " + SHORT_REGISTERS, "t0"),
        ("c.lw a0, 6(a1)", "6 is not a multiple of 4", "6"),
        ("c.slli a0, 0", "0 is not allowed here", "0"),
        ("slli a0, a0, 64", "64 is out of range; it can be 0 to 63", "64"),
        ("lui a0, -1", "-1 is out of range; it can be 0 to 0xfffff", "-1"),
        ("fadd.s fa0, fa1, fa2, rnx", "'rnx' is no rounding mode", "rnx"),
        ("fence wr, r", "'wr' is no set of accesses", "wr"),
        ("csrr a0, vlenn", "there is no CSR vlenn", "vlenn"),
        ("addi a0, a0, later", "the number 'later' must be known here", "later"),
        ("addi a0, a0, %high(x)", "%high is no modifier", "%high(x)"),
        ("lui a0, %lo(x)", "%lo cannot be used here", "%lo(x)"),
        ("li a0, 1 << 70", "1180591620717411303424 has more than 64 bits", "1 << 70"),
        (".word 1 +", "an expression is missing here", ""),
        (".word (1", "this parenthesis is not closed", "("),
        (".word 1/0", "division by zero", "/"),
        (".byte 256", "256 does not fit in 1 byte", "256"),
        (".align 40", "an alignment is 0 to 31", "40"),
        (".balign 12", "an alignment is a power of two", "12"),
        ('.ascii "abc', "this string is not closed", '"abc'),
        (".quux", "there is no directive .quux", ".quux"),
        (".option rvx", "there is no option rvx", "rvx"),
        (".rept 3", ".rept is not closed", None),
        ("j 1f", "there is no label 1: after this", "1f"),
        ("j 1b", "there is no label 1: before this", "1b"),
        ("beq a0, a1, .+1", "the target is at an odd distance of 1 bytes", ".+1"),
        (".zero 1 << 40", "1099511627776 bytes cannot be written here", "1 << 40"),
        ('.incbin "missing.bin"', "there is no file missing.bin", None),
    ],
)
def test_a_mistake_is_named_and_marked(line: str, message: str, marked: str | None) -> None:
    (error,) = messages(f"\t{line}\n")
    assert error.message == message.replace(".rept is not closed", ".endr is missing")
    place = error.location
    assert place is not None and place.line == 1
    if marked:
        assert f"\t{line}"[place.column : place.end_column] == marked


def test_all_mistakes_of_a_file_are_reported_together_with_carets() -> None:
    text = "\tnop\nx:\tadd a0, a1, v2\nx:\tvadd v1, v2, v3\n\tj nowhere+\n"
    with pytest.raises(FleetErrors) as caught:
        assemble(text, "bad.s")
    assert caught.value.render().splitlines() == [
        "bad.s:2:16: error: v2 is a vector register; an integer one is needed",
        "  x:\tadd a0, a1, v2",
        "    \t            ^~",
        "bad.s:3:1: error: x is defined a second time",
        "  x:\tvadd v1, v2, v3",
        "  ^",
        "  help: the other definition is in line 2",
        "bad.s:3:4: error: there is no instruction vadd",
        "  x:\tvadd v1, v2, v3",
        "    \t^~~~",
        "  help: did you mean vadd.vv or vadd.vx or vadd.vi?",
        "bad.s:4:12: error: an expression is missing here",
        "  \tj nowhere+",
        "  \t          ^",
    ]


def test_an_undefined_symbol_is_named_where_it_is_used() -> None:
    unit = assemble("\t.globl _start\n_start:\n\tcall missing\n", "a.s")
    with pytest.raises(FleetErrors) as caught:
        link([unit])
    (error,) = caught.value.errors
    assert (error.message, str(error.location)) == ("missing is not defined", "a.s:3:7")


def test_a_symbol_of_two_objects_is_named_with_both_places() -> None:
    units = [assemble(".globl f\nf: ret\n", "a.s"), assemble("\n.globl f\nf: ret\n", "b.s")]
    with pytest.raises(FleetErrors) as caught:
        link(units, entry="f")
    (error,) = caught.value.errors
    assert error.message == "f is defined in two objects"
    assert (str(error.location), error.hint) == ("b.s:3:1", "the other definition is at a.s:2:1")


def test_no_text_makes_the_assembler_fail_in_another_way() -> None:
    """Any damage to a program is an error or another program, never a traceback."""
    rng = random.Random(5)
    alphabet = "abxv019.,:;()[]{}%\"'\\#/*+-<>=@ \t\n\0é"
    source = "\n".join(PROGRAMS.values()) + "\nvsetvli t0, a0, e8, m1, ta, ma\nvadd.vv v1, v2, v3\n"
    for _ in range(200):
        start = rng.randrange(len(source) - 300)
        text = list(source[start : start + 300])
        for _ in range(rng.randrange(1, 6)):
            place = rng.randrange(len(text))
            match rng.randrange(3):
                case 0:
                    text[place] = rng.choice(alphabet)
                case 1:
                    del text[place : place + rng.randrange(1, 10)]
                case _:
                    text.insert(place, rng.choice(alphabet) * rng.randrange(1, 4))
        try:
            link([assemble("".join(text))])
        except FleetError as error:
            error.render()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".macro m\nm\n.endm\nm\n", "this expands to too much"),
        (".rept 1 << 40\n.endr\n", "this expands to too much"),
        (".word " + "+".join(f"s{n}" for n in range(9000)), "the expression is too long"),
        (".word " + "(" * 240 + "1" + ")" * 240, "the expression is nested too deeply"),
        (".equ a, b\n.equ b, a\n.word a\n", "a is defined by itself"),
        ("".join(f".equ s{n}, s{n + 1}\n" for n in range(5000)) + ".word s0", "too deeply"),
        (".word " + "9" * 5000, "is no number"),
    ],
    ids=["macro", "rept", "sum", "parentheses", "circle", "chain", "digits"],
)
def test_endless_things_end_in_an_error(text: str, message: str) -> None:
    assert message in str(messages(text)[0])


def test_time_grows_with_lines_alone() -> None:
    """Ten thousand branches of ten thousand labels take seconds at most, not minutes."""
    lines = [f"l{n}: beqz a0, l{n * 7919 % 10_000}" for n in range(10_000)]
    assert assemble("\n".join(lines)).section(".text").size >= 20_000
