"""Mapping symbols, which tell code from data: as GNU as writes them, and shown by nobody."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.asm.objects.elf import read_elf
from fleet.asm.objects.reader import parse_object
from fleet.asm.objects.writer import object_bytes
from fleet.asm.show.listing import list_elf, list_image
from fleet.emu.loader import load_elf
from fleet.emu.machine import Machine
from tests.asm.object_comparison import mapping_name

Tool = Callable[..., str]
Marks = list[tuple[str, int, str]]

CODE = (
    "nop", "add a0, a1, a2", "li a0, 0x12345678", "lui a0, %hi(elsewhere)", "label: beqz a0, label",
    "call elsewhere", "ld a1, 8(sp)", "ret", "label: j label", "mul a0, a0, a0", "lw a0, elsewhere",
    ".insn 0x13", "each", "label: nop", "1: nop", "nop; nop", "sext.b a0, a1",
)  # fmt: skip
DATA = (
    ".byte 1", ".byte 1, 2, 3", ".half 5", ".word 7", ".word 1, 2", ".quad elsewhere",
    "label: .word . - label", "label: .word 9", ".byte 9; .byte 8", ".zero 3", ".zero 0",
    ".space 4, 1", ".skip 2", ".fill 2, 4, 5", ".fill 0, 4, 5", ".ascii \"abc\"", ".ascii \"\"",
    ".asciz \"x\"", ".float 1.5", ".double 2", ".uleb128 300", ".sleb128 -3", ".octa 9",
    ".dcb.w 2, 3", ".2byte 4", ".string16 \"a\"", "2: .word 3", "constants", ".byte",
    ".incbin \"bytes\"", ".balign 4, 0", ".balign 8, 1", ".p2align 3, 0, 2", ".half 0x1234",
)  # fmt: skip
NEITHER = (
    ".p2align 4", ".p2align 3", ".balign 16", ".p2align 3,,1", ".p2align 0", ".option rvc",
    ".option push", ".option pop", ".option norvc", ".option arch, +v", ".option arch, rv64gcv",
    ".option arch, rv64gc", ".loc 1 3", ".text", ".section .text.other, \"ax\"", ".data",
    ".section both, \"awx\"", ".previous", "# nothing", ".cfi_startproc\n .cfi_endproc",
    ".rept 2; nop; .half 7; .endr", ".if 1; .half 3; .else; nop; .endif", ".globl label",
)  # fmt: skip
MACROS = """
    .file 1 "random.c"
    .macro each
    nop
    .half 3
    .endm
    .macro constants
    .word 3
    .endm
"""


def random_text(seed: int) -> str:
    """Code, data and what stands between them; padding is even where code goes before."""
    rng = random.Random(seed)
    lines = [MACROS, " .option arch, rv64gc"]
    pushed = 0
    for number in range(60):
        kind = rng.choices((CODE, DATA, NEITHER), (3, 2, 2))[0]
        for _ in range(rng.randint(1, 3)):
            line = rng.choice(kind)
            if line == ".option pop" and not pushed:
                continue
            pushed += (line == ".option push") - (line == ".option pop")
            name = f"label{number}x{len(lines)}"
            lines.append(" " + line.replace("label", name))
        if kind is DATA:
            lines.append(rng.choice((" .balign 2, 0", " .balign 4, 0", " .p2align 3")))
    for section in (".text", '.section .text.other, "ax"', '.section both, "awx"'):
        lines += [" .option rvc", f" {section}", " .balign 16"]
    lines += [" .text", " .balign 16"]
    return "\n".join(lines) + "\n"


def gnu_object(tool: Tool, folder: Path, text: str) -> bytes:
    (folder / "a.s").write_text(text)
    command = [tool("riscv64-linux-gnu-as"), "-mno-relax", "-march=rv64gcv", "-I", str(folder)]
    output = folder / "gnu.o"
    subprocess.run([*command, "-o", output, folder / "a.s"], check=True, capture_output=True)
    return output.read_bytes()


def our_object(folder: Path, text: str) -> bytes:
    return object_bytes(assemble(text, str(folder / "a.s"), "rv64gcv"))


def marks(data: bytes) -> Marks:
    """Section, value and name of each mapping symbol, by place."""
    unit = parse_object(data)
    found = []
    for symbol in unit.symbols:
        if symbol.name.startswith("$"):
            assert symbol.section is not None
            assert (symbol.size, symbol.binding, symbol.kind) == (0, "local", "notype")
            section = unit.sections[symbol.section]
            found.append((section.name, symbol.value, mapping_name(symbol.name)))
    return sorted(found)


def objdump(tool: Tool, path: Path, data: bytes) -> list[str]:
    path.write_bytes(data)
    command = [tool("riscv64-linux-gnu-objdump"), "-d", path]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return run.stdout.split("\n")[3:]


@pytest.mark.parametrize("seed", range(40))
def test_code_and_data_are_marked_as_gnu_as_marks_them(
    tool: Tool, tmp_path: Path, seed: int
) -> None:
    (tmp_path / "bytes").write_bytes(b"12345")
    text = random_text(seed)
    theirs, ours = gnu_object(tool, tmp_path, text), our_object(tmp_path, text)
    assert marks(ours) == marks(theirs)
    assert len(marks(ours)) > 5
    listings = [objdump(tool, tmp_path / "a.o", data) for data in (ours, theirs)]
    assert listings[0] == listings[1]
    dumped = list_elf(read_elf(tmp_path / "a.o"), aliases=True, sources=False)
    if "out of bounds" not in "".join(listings[1]):  # for data with a label within
        assert list(dumped) == listings[1][:-1]


def kinds(text: str) -> list[tuple[int, str]]:
    return [(value, name[:2]) for _, value, name in marks(object_bytes(assemble(text)))]


def test_parts_of_a_section_are_marked_as_they_stand_in_the_end() -> None:
    """GNU as marks them as they stand in the text, and so shows some of these as the other."""
    text = " nop\n .subsection 1\n {}\n .subsection 0\n {}\n nop\n .word 1\n"
    assert kinds(text.format("nop", "nop")) == [(0, "$x"), (6, "$d"), (10, "$x")]
    assert kinds(text.format(".word 2", "nop")) == [(0, "$x"), (6, "$d")]
    assert kinds(text.format("nop\n .half 3", ".half 7")) == [
        (0, "$x"), (2, "$d"), (4, "$x"), (6, "$d"), (10, "$x"), (12, "$d"),
    ]  # fmt: skip


def test_padding_of_code_at_an_odd_place_begins_with_data() -> None:
    assert kinds(" nop\n .org 5\n .balign 8\n nop\n") == [(0, "$x"), (5, "$d"), (6, "$x")]
    assert kinds(" .byte 1\n .balign 4\n nop\n") == [(0, "$d"), (1, "$d"), (2, "$x")]
    assert kinds(" .byte 1\n .balign 2\n .byte 2\n") == [(0, "$d"), (3, "$d")]


def test_what_is_no_code_and_what_is_empty_has_no_marks() -> None:
    assert kinds(" .data\n .word 1\n nop\n .bss\n .zero 4\n .section e, \"ax\"\n .align 4\n") == []


def test_options_change_the_architecture_that_marks_say() -> None:
    text = " nop\n .option {}\n nop\n .word 3\n nop\n"

    def said(option: str) -> list[str]:
        unit = assemble(text.format(option), march="rv64imc")
        return [s.name.replace("$xrv64i2p1_m2p0", "+") for s in unit.symbols if s.name[0] == "$"]

    assert said("rvc") == ["+_c2p0_zmmul1p0", "$d", "$x"]
    assert said("norvc") == ["+_c2p0_zmmul1p0", "+_zmmul1p0", "$d", "$x"]
    assert said("arch, +a") == ["+_c2p0_zmmul1p0", "+_a2p1_c2p0_zmmul1p0", "$d", "$x"]
    assert said("norvc\n .option arch, +a")[1] == "+_a2p1_zmmul1p0"
    assert said("norvc\n .option rvc") == said("rvc")


FIRST = """
    .globl _start
    .type _start, @function
_start:
    lw a0, number
    call other
    ret
number: .word 7
    .size _start, .-_start
"""
SECOND = """
    .option norvc
    .word 5
    .globl other
other: ret
"""


def test_executables_keep_marks_as_local_symbols_that_name_nothing(tmp_path: Path) -> None:
    image = link([assemble(FIRST), assemble(SECOND)])
    path = tmp_path / "a.elf"
    write_executable(path, image)
    assert not any(name.startswith("$") for name in image.addresses)
    assert "$" not in "".join(list_image(image))

    start, other = image.address_of("_start"), image.address_of("other")
    number = next(s.address for s in image.symbols if s.name == "number")
    elf = read_elf(path)
    found = [s for s in elf.symbols if s.name.startswith("$")]
    assert {(s.binding, s.kind, s.size) for s in found} == {("local", "notype", 0)}
    assert [(s.address, s.name[:4]) for s in found] == [
        (start, "$xrv"), (number, "$d"), (other - 4, "$d"), (other, "$xrv"),
    ]  # fmt: skip
    text = "".join(list_elf(elf, sources=False))
    assert "$" not in text
    assert ".word\t0x00000007" in text and ".word\t0x00000005" in text

    machine = Machine()
    load_elf(machine, path)
    assert {"_start", "other", "number"} <= machine.symbols.keys()
    assert not any(name.startswith("$") for name in machine.symbols)
    assert machine.places.symbol(other) == "other"
    assert machine.places.symbol(number) == "_start+" + hex(number - start)
