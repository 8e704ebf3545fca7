"""`fleet readelf` against GNU readelf: every line of every table that both print is equal."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.asm.objects.elf import read_elf
from fleet.asm.objects.writer import write_object
from fleet.asm.show.readelf import TABLES, describe, flags_text, section_flags, section_type

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
    "The decoding of unwind sections for machine type RISC-V is not currently supported.",
)
LETTERS = {
    "header": "h", "sections": "S", "groups": "g", "segments": "l", "dynamic": "d",
    "relocations": "r", "symbols": "s", "versions": "V", "notes": "n", "attributes": "A",
}  # fmt: skip


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


def compare(tool: Tool, path: Path, tables: Sequence[str] = TABLES) -> int:
    """How many lines there are, each of which must be GNU's."""
    letters = "".join(LETTERS[table] for table in tables)
    command = [tool("riscv64-linux-gnu-readelf"), f"-{letters}W", path]
    printed = subprocess.run(command, capture_output=True, text=True).stdout
    theirs = [line for line in printed.splitlines() if line and line not in UNSHOWN]
    ours = [line for line in describe(read_elf(path), tables).splitlines() if line]
    young = ("R_RISCV_SET_ULEB128", "R_RISCV_SUB_ULEB128")  # these are younger than it
    for number, name in enumerate(young, 60):
        theirs = [line.replace(f"unrecognized: {number:x}      ", name) for line in theirs]
    assert ours == theirs
    return len(ours)


@pytest.mark.parametrize(
    "what",
    [
        "object", "executable", "group", "gcc -c -O2 -g", "gcc -static", "gcc -O2 -c -fPIC",
        "gcc -O2", "gcc -no-pie -s", "gcc -shared -fPIC", "clang",
    ],
)  # fmt: skip
def test_every_line_is_as_gnu_readelf_prints_it(tool: Tool, tmp_path: Path, what: str) -> None:
    assert compare(tool, build(tool, tmp_path, what)) > 50


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_printed_alone(tool: Tool, tmp_path: Path, table: str) -> None:
    for what in ("object", "gcc -O2", "gcc -static"):
        compare(tool, build(tool, tmp_path, what), [table])


@pytest.mark.parametrize("name", ["libgcc_s.so.1", "libm.so.6", "ld-linux-riscv64-lp64d.so.1"])
def test_libraries_with_versions_are_shown_as_by_gnu_readelf(tool: Tool, name: str) -> None:
    command = [tool("riscv64-linux-gnu-gcc"), f"-print-file-name={name}"]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    if not Path(found).is_absolute():
        pytest.skip(f"there is no {name}")
    assert compare(tool, Path(found)) > 150


def test_a_program_without_sections_shows_what_the_dynamic_linker_sees(
    tool: Tool, tmp_path: Path
) -> None:
    path = build(tool, tmp_path, "gcc -O2")
    data = bytearray(path.read_bytes())
    data[40:48], data[58:64] = bytes(8), bytes(6)
    path.write_bytes(data)
    text = describe(read_elf(path))
    assert "Shared library: [libc.so.6]" in text and "Build ID: " in text
    assert "There are no sections in this file." in text


def test_numbers_have_the_names_of_the_format() -> None:
    assert [section_type(n) for n in (1, 0x70000003, 0x6FFF4C03, 99)] == [
        "PROGBITS", "RISCV_ATTRIBUTES", "LOOS+0xfff4c03", "00000063: <unknown>",
    ]  # fmt: skip
    assert [section_flags(n) for n in (3, 0x206, 0x80000000, 0x200002)] == ["WA", "AXG", "E", "Ao"]
    assert [flags_text(n) for n in (0, 1, 5)] == [
        "0x0", "0x1, RVC, soft-float ABI", "0x5, RVC, double-float ABI",
    ]  # fmt: skip
