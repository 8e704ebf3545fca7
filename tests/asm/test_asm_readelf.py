"""`fleet readelf` against GNU readelf: every line of every table that both print is equal."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.assembler import assemble
from fleet.asm.elf import read_elf
from fleet.asm.executable import write_executable
from fleet.asm.link import link
from fleet.asm.object_writer import write_object
from fleet.asm.readelf import describe, flags_text, section_flags, section_type

Tool = Callable[..., str]

SOURCE = """
    .file 1 "f.py"
    .globl _start
    .type _start, @function
_start:
    .loc 1 2
    la a0, message
    call missing
    .size _start, .-_start
    .section .rodata.str, "aMS", @progbits, 1
message: .asciz "hello"
    .section .tdata, "awT", @progbits
    .quad message - 8
    .section .tbss, "awT", @nobits
    .zero 8
    .bss
    .zero 200000
    .weak missing
    .hidden message
"""
C_SOURCE = "#include <stdio.h>\n__thread int n; int main(void) { puts(\"hi\"); return n; }\n"
UNSHOWN = (
    "There is no dynamic section in this file.",
    "No version information found in this file.",
    "The decoding of unwind sections for machine type RISC-V is not currently supported.",
)


def build(tool: Tool, folder: Path, what: str) -> Path:
    path = folder / "file"
    match what.split()[0]:
        case "object":
            write_object(path, assemble(SOURCE, "f.s"))
            return path
        case "executable":
            write_executable(path, link([assemble(SOURCE, "f.s")]))
            return path
        case "group":
            text = '.section .text.foo,"axG",@progbits,foo,comdat\n.weak foo\nfoo: call bar\n'
            (folder / "g.s").write_text(text)
            command = [tool("riscv64-linux-gnu-as"), "-o", path, folder / "g.s"]
        case "gcc":
            flags = what.split()[1:]
            command = [tool("riscv64-linux-gnu-gcc"), *flags, "-o", path, folder / "a.c"]
        case _:
            flags = ["--target=riscv64-linux-gnu", "-march=rv64gcv", "-O2", "-g", "-c"]
            command = [tool("clang-19"), *flags, "-o", path, folder / "a.c"]
    (folder / "a.c").write_text(C_SOURCE)
    subprocess.run(command, check=True)
    return path


@pytest.mark.parametrize(
    "what",
    ["object", "executable", "group", "gcc -c -O2 -g", "gcc -static", "gcc -O2 -c -fPIC", "clang"],
)
def test_every_line_is_as_gnu_readelf_prints_it(tool: Tool, tmp_path: Path, what: str) -> None:
    path = build(tool, tmp_path, what)
    readelf = tool("riscv64-linux-gnu-readelf")
    command = [readelf, "-hSlsrgAW", path]
    printed = subprocess.run(command, capture_output=True, text=True).stdout
    # Relocations that are younger than it, and a line that it writes twice.
    theirs = [line for line in printed.splitlines() if line and line not in UNSHOWN]
    ours = [line for line in describe(read_elf(path)).splitlines() if line]
    young = ("R_RISCV_SET_ULEB128", "R_RISCV_SUB_ULEB128")
    for name in young:
        assert sum(name in line for line in ours) == sum(
            f"unrecognized: {young.index(name) + 60:x}" in line for line in theirs
        )
    assert sorted(line for line in ours if not any(name in line for name in young)) == sorted(
        line for line in theirs if "unrecognized: 3" not in line
    )


def test_a_shared_library_can_be_looked_into(tool: Tool, tmp_path: Path) -> None:
    path = build(tool, tmp_path, "gcc -O2")
    text = describe(read_elf(path))
    assert "DYN (Position-Independent Executable file)" in text
    assert "[Requesting program interpreter: /lib/ld-linux-riscv64-lp64d.so.1]" in text
    assert " FUNC    GLOBAL DEFAULT  UND puts" in text


def test_numbers_have_the_names_of_the_format() -> None:
    assert [section_type(n) for n in (1, 0x70000003, 0x6FFF4C03, 99)] == [
        "PROGBITS", "RISCV_ATTRIBUTES", "LOOS+0xfff4c03", "00000063: <unknown>",
    ]  # fmt: skip
    assert [section_flags(n) for n in (3, 0x206, 0x80000000, 0x200002)] == ["WA", "AXG", "E", "Ao"]
    assert [flags_text(n) for n in (0, 1, 5)] == [
        "0x0", "0x1, RVC, soft-float ABI", "0x5, RVC, double-float ABI",
    ]  # fmt: skip
