"""Whole files disassembled as objdump 2.40 does it, and their line numbers as LLVM reads them."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.isa.table import encodings
from fleet.asm.objects.elf import read_elf
from fleet.asm.objects.line_reader import line_rows
from fleet.asm.show.dump import code_of
from fleet.asm.show.listing import list_elf
from fleet.diagnostics import FleetError

Tool = Callable[..., str]

HELLO = r"""
#include <stdio.h>
#include <math.h>
static const double table[4] = {1, 2, 3, 4};
int choose(int x) { switch (x) { case 0: return 5; case 1: return 7; case 2: return 1;
  case 3: return 99; case 4: return 3; case 5: return 12; } return 0; }
int main(int argc, char **argv) {
  printf("hello %d %s %f\n", choose(argc), argv[0], table[argc & 3] * sqrt(argc));
  return 0;
}
"""

LOOPS = """
void saxpy(float *restrict y, const float *restrict x, float a, long n) {
  for (long i = 0; i < n; i++) y[i] += a * x[i]; }
int dot(const short *a, const short *b, long n) {
  int s = 0; for (long i = 0; i < n; i++) s += a[i] * b[i]; return s; }
void widen(double *d, const int *s, long n) { for (long i = 0; i < n; i++) d[i] = s[i]; }
void some(unsigned char *d, const unsigned char *s, long n) {
  for (long i = 0; i < n; i++) if (s[i] > 3) d[i] = s[i] >> 1; }
long most(const long *a, long n) {
  long m = 0; for (long i = 0; i < n; i++) m = a[i] > m ? a[i] : m; return m; }
void pairs(int *d, const int *s, long n) {
  for (long i = 0; i < n; i++) d[i] = s[2 * i] + s[2 * i + 1]; }
int main(void) { return 0; }
"""

STREAMS = """
#include <stdio.h>
extern char **environ;
int main(int count, char **arguments) {
  fprintf(stderr, "%d", count);
  fputs("x", stdout);
  return environ != 0 && getc(stdin);
}
"""

ODDS = r"""
    .text
    nop
    .globl f
f:  nop
    c.nop 4
    .zero 3
    .byte 1
    .zero 12
g:  ret
    .zero 7
h:  ret
    .byte 1, 2, 3
    .word 5
    .byte 9
    .type object, @object
object: .word 1, 2, 3
    .quad 7
    .size object, 20
    .byte 5
k:  addi a0, a0, 1
    .insn 0x0000107b
    .insn 0x8000
    .insn 6, 0x12345678901f
    .insn 8, 0x123456789012343f
    .zero 20
    .section .text.other, "ax"
    j k + 4
m:  .word 1, 0, 0, 0, 5
    .zero 6
"""


def objdump(tool: Tool, path: Path, aliases: bool) -> list[str]:
    flags = [] if aliases else ["-M", "no-aliases"]
    command = [tool("riscv64-linux-gnu-objdump"), "-d", *flags, path]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()[3:]  # after the name of the file


def compare(tool: Tool, path: Path) -> int:
    """How many lines are equal, which must be all."""
    lines = 0
    for aliases in (True, False):
        theirs = objdump(tool, path, aliases)
        ours = [entry.text for entry in code_of(read_elf(path), aliases=aliases)]
        different = [pair for pair in zip(theirs, ours, strict=False) if pair[0] != pair[1]]
        assert (different[:5], len(ours)) == ([], len(theirs))
        lines += len(ours)
    return lines


def compiled(tool: Tool, folder: Path, text: str, *flags: str, name: str = "out") -> Path:
    source, out = folder / "in.c", folder / name
    source.write_text(text)
    gcc = tool("riscv64-linux-gnu-gcc")
    subprocess.run([gcc, *flags, source, "-o", out, "-lm"], check=True)
    return out


def clang_object(tool: Tool, folder: Path, *flags: str) -> Path:
    source, out = folder / "in.c", folder / "clang.o"
    source.write_text(LOOPS)
    clang = tool("clang-19", "clang")
    target = ["--target=riscv64-linux-gnu", "-march=rv64gcv", "-c"]
    subprocess.run([clang, *target, *flags, source, "-o", out], check=True)
    return out


def test_every_line_of_a_static_program_of_glibc_is_that_of_objdump(
    tool: Tool, tmp_path: Path
) -> None:
    assert compare(tool, compiled(tool, tmp_path, HELLO, "-O2", "-static")) > 100_000


@pytest.mark.parametrize("flags", ["-O0", "-O3 -g -fopenmp-simd", "-Os -fPIC -c", "-O2 -g -c"])
def test_programs_and_objects_of_gcc_are_disassembled_as_by_objdump(
    tool: Tool, tmp_path: Path, flags: str
) -> None:
    assert compare(tool, compiled(tool, tmp_path, HELLO, *flags.split())) > 50


def test_stripped_programs_show_addresses_and_what_the_dynamic_linker_knows(
    tool: Tool, tmp_path: Path
) -> None:
    path = compiled(tool, tmp_path, HELLO, "-O2", "-s")
    assert compare(tool, path) > 100
    assert any("@plt>" in entry.text for entry in code_of(read_elf(path)))


@pytest.mark.parametrize(
    "flags", ["-no-pie", "-pie", "-no-pie -s", "-pie -s", "-shared -fPIC", "-shared -fPIC -s"]
)
def test_places_that_the_dynamic_linker_fills_in_have_names(
    tool: Tool, tmp_path: Path, flags: str
) -> None:
    path = compiled(tool, tmp_path, STREAMS, "-O1", *flags.split())
    assert compare(tool, path) > 200


@pytest.mark.parametrize("name", ["libgcc_s.so.1", "libresolv.so.2", "ld-linux-riscv64-lp64d.so.1"])
def test_libraries_with_versions_of_symbols_are_disassembled_as_by_objdump(
    tool: Tool, name: str
) -> None:
    command = [tool("riscv64-linux-gnu-gcc"), f"-print-file-name={name}"]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    if not Path(found).is_absolute():
        pytest.skip(f"there is no {name}")
    assert compare(tool, Path(found)) > 5000


@pytest.mark.parametrize("flags", ["-O3", "-O2 -g", "-O3 -mrvv-vector-bits=zvl", "-O0"])
def test_vectorised_code_of_clang_is_disassembled_as_by_objdump(
    tool: Tool, tmp_path: Path, flags: str
) -> None:
    assert compare(tool, clang_object(tool, tmp_path, *flags.split())) > 200


def test_a_linked_program_of_clang_is_disassembled_as_by_objdump(
    tool: Tool, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    command = [tool("ld.lld-19", "ld.lld"), "-e", "main", clang_object(tool, tmp_path, "-O3")]
    subprocess.run([*command, "-o", linked], check=True)
    assert compare(tool, linked) > 200


def test_data_zeros_and_words_of_other_lengths_are_shown_as_by_objdump(
    tool: Tool, tmp_path: Path
) -> None:
    source, plain, bare = (tmp_path / name for name in ("odd.s", "odd.o", "bare.o"))
    source.write_text(ODDS)
    command = [tool("riscv64-linux-gnu-as"), "-march=rv64gc", source, "-o", plain]
    subprocess.run(command, check=True)
    compare(tool, plain)
    copy = tool("riscv64-linux-gnu-objcopy")
    subprocess.run([copy, "--strip-all", plain, bare], check=True)
    compare(tool, bare)


def test_instructions_of_extensions_that_a_file_lacks_are_unknown(
    tool: Tool, tmp_path: Path
) -> None:
    source, plain, bare = (tmp_path / name for name in ("v.s", "v.o", "bare.o"))
    source.write_text("f: vadd.vv v1, v2, v3\n.option arch, rv64i\nadd a0, a1, a2\n")
    command = [tool("riscv64-linux-gnu-as"), "-march=rv64gcv", source, "-o", plain]
    subprocess.run(command, check=True)
    compare(tool, plain)
    copy = [tool("riscv64-linux-gnu-objcopy"), "--strip-all", "-R", ".riscv.attributes"]
    subprocess.run([*copy, plain, bare], check=True)
    compare(tool, bare)
    assert ".4byte" in "".join(entry.text for entry in code_of(read_elf(bare)))


def words(size: int, *numbers: int) -> bytes:
    return b"".join(number.to_bytes(size, "little") for number in numbers)


def random_code(what: str) -> bytes:
    """Words that need not be instructions."""
    rng = random.Random(what)
    match what:
        case "anything":  # instructions of all lengths, which need not exist
            return rng.randbytes(200_000)
        case "32 bits":
            return words(4, *(rng.getrandbits(30) << 2 | 3 for _ in range(50_000)))
        case "16 bits":
            return words(2, *(word for word in range(1 << 16) if word & 3 != 3))
        case "system":
            numbers = (imm << 20 | low for imm in range(4096) for low in (0x73, 0x28073, 0x373))
            return words(4, *numbers, *(rng.getrandbits(25) << 7 | 0xF for _ in range(20_000)))
    opcodes = {encoding.match & 0x7F for encoding in encodings().values() if encoding.size == 4}
    numbers = []
    for _ in range(60_000):
        word = rng.getrandbits(25) << 7 | rng.choice(sorted(opcodes))
        for place in (7, 15, 20):  # registers that are zero
            if rng.random() < 0.2:
                word &= ~(0x1F << place)
        numbers.append(word)
    return words(4, *numbers)


def object_of_bytes(tool: Tool, folder: Path, data: bytes, march: str) -> Path:
    """An object with these bytes as code, without symbols for data."""
    raw, source, out = folder / "raw.bin", folder / "raw.s", folder / "raw.o"
    raw.write_bytes(data)
    source.write_text(f'.incbin "{raw}"\n')
    subprocess.run([tool("riscv64-linux-gnu-as"), f"-march={march}", source, "-o", out], check=True)
    copy = tool("riscv64-linux-gnu-objcopy")
    subprocess.run([copy, "-w", "--strip-symbol=$d", "--strip-symbol=$x*", out], check=True)
    return out


@pytest.mark.parametrize("what", ["anything", "32 bits", "16 bits", "system", "opcodes"])
def test_any_words_are_shown_as_by_objdump(tool: Tool, tmp_path: Path, what: str) -> None:
    """Also those that are no instructions, of any length."""
    path = object_of_bytes(tool, tmp_path, random_code(what), "rv64gcv")
    assert compare(tool, path) > 20_000


@pytest.mark.parametrize("march", ["rv64i", "rv64imac", "rv64g", "rv64gc", "rv64imc_zve32x"])
@pytest.mark.parametrize("what", ["16 bits", "opcodes"])
def test_words_are_shown_by_the_extensions_of_a_file_as_by_objdump(
    tool: Tool, tmp_path: Path, march: str, what: str
) -> None:
    data = random_code(what)[::-1][:40_000][::-1]  # the end of it
    assert compare(tool, object_of_bytes(tool, tmp_path, data, march)) > 10_000


@pytest.mark.parametrize("ends", ["93", "9300", "1f001111", "3f0011112222", "7f0111223344556677"])
def test_an_instruction_that_a_section_cuts_off_is_shown_as_by_objdump(
    tool: Tool, tmp_path: Path, ends: str
) -> None:
    source, out, copy = (tmp_path / name for name in ("a.s", "a.o", "b.o"))
    numbers = ", ".join(map(str, bytes.fromhex(ends)))
    source.write_text(f'.section .code, "ax"\nnop\n.byte {numbers}\n')
    subprocess.run([tool("riscv64-linux-gnu-as"), source, "-o", out], check=True)
    command = [tool("riscv64-linux-gnu-objcopy"), "--strip-all", out, copy]
    subprocess.run(command, check=True)
    compare(tool, copy)


def llvm_rows(tool: Tool, path: Path) -> list[tuple[int, int | None, int]]:
    command = [tool("llvm-dwarfdump-19", "llvm-dwarfdump"), "--debug-line", path]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    rows: list[tuple[int, int | None, int]] = []
    for line in run.stdout.splitlines():
        match = re.match(r"0x([0-9a-f]+) +(\d+) +(\d+) +\d+ ", line)
        if match and "end_sequence" in line:
            rows.append((int(match[1], 16), None, 0))
        elif match:
            rows.append((int(match[1], 16), int(match[2]), int(match[3])))
    return rows


@pytest.mark.parametrize("version", [3, 4, 5])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_line_numbers_are_those_that_llvm_reads(
    tool: Tool, tmp_path: Path, compiler: str, version: int
) -> None:
    flags = ["-O2", f"-gdwarf-{version}", "-c"]
    if compiler == "gcc":
        path = compiled(tool, tmp_path, LOOPS, *flags)
    else:
        path = clang_object(tool, tmp_path, *flags)
    rows = line_rows(read_elf(path))
    offset = (1 << 40) - 1  # the bits above say which section of the object it is
    ours = [(row.address & offset, row.line if row.file else None, row.column) for row in rows]
    assert ours == llvm_rows(tool, path) != []
    assert {row.file for row in rows if row.file} == {str(tmp_path / "in.c")}


def test_the_listing_of_an_object_shows_its_source_lines(tool: Tool, tmp_path: Path) -> None:
    path = clang_object(tool, tmp_path, "-O2", "-g")
    lines = list(list_elf(read_elf(path), "most", aliases=True))
    assert lines[3].endswith("<most>:")
    assert f"; {tmp_path / 'in.c'}:11: long most(const long *a, long n) {{" in lines[:6] or any(
        "long m = 0; for (long i = 0" in line for line in lines
    )
    plain = list(list_elf(read_elf(path), "most", aliases=True, sources=False))
    assert plain == [line for line in lines if not line.startswith(";")]


@pytest.mark.parametrize("name", ["main", "choose", "_start", "abort", "table", "nothing"])
@pytest.mark.parametrize("flags", ["-c -O1", "-O1 -static", "-O1"])
def test_one_function_is_disassembled_as_by_objdump(
    tool: Tool, tmp_path: Path, flags: str, name: str
) -> None:
    path = compiled(tool, tmp_path, HELLO, *flags.split())
    command = [tool("riscv64-linux-gnu-objdump"), f"--disassemble={name}", path]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    heading = "\nDisassembly of section "
    _, *sections = run.stdout.split(heading)  # also of those that have nothing to show
    theirs = "".join(heading + text for text in sections if "\n\n" in text)
    try:
        ours = "".join(f"{entry.text}\n" for entry in code_of(read_elf(path), name))
    except FleetError:
        ours = ""
    assert ours == theirs


def test_a_function_that_is_not_there_is_an_error(tool: Tool, tmp_path: Path) -> None:
    path = compiled(tool, tmp_path, HELLO, "-c")
    with pytest.raises(FleetError, match="there is no symbol nothing"):
        list(list_elf(read_elf(path), "nothing"))


def test_damaged_line_numbers_are_an_error_and_nothing_worse(tool: Tool, tmp_path: Path) -> None:
    path = clang_object(tool, tmp_path, "-O2", "-g")
    elf = read_elf(path)
    lines = elf.section(".debug_line")
    assert lines is not None
    data, rng = path.read_bytes(), random.Random(3)
    for _ in range(200):
        broken = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            broken[lines.offset + rng.randrange(lines.size)] = rng.randrange(256)
        path.write_bytes(broken)
        try:
            list(list_elf(read_elf(path)))
        except FleetError as error:
            assert "damaged" in str(error) or "read" in str(error)
