"""Relocatable objects: ours before GNU's tools, GNU's and clang's before our reader and linker."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fleet.asm.assembler import assemble
from fleet.asm.objects.attributes import RV64GCV, extensions_of, format_arch, merge_arch, parse_arch
from fleet.asm.objects.elf import read_elf
from fleet.asm.objects.model import Object, R, Relocation, relocation_name
from fleet.asm.objects.reader import parse_object, read_object
from fleet.asm.objects.writer import object_bytes, write_object
from fleet.diagnostics import FleetError

Tool = Callable[..., str]

KERNEL = """
    .file 1 "kernel.py"
    .text
    .globl scale
    .type scale, @function
scale:                          # a0: floats, a1: how many, fa0: factor; bias added at last
    .loc 1 3
    la t3, bias
    flw fa1, (t3)
1:  vsetvli t0, a1, e32, m4, ta, ma
    .loc 1 4
    vle32.v v0, (a0)
    vfmul.vf v0, v0, fa0
    vfadd.vf v0, v0, fa1
    vse32.v v0, (a0)
    slli t1, t0, 2
    add a0, a0, t1
    sub a1, a1, t0
    bnez a1, 1b
    .loc 1 9
    tail finished
    .size scale, .-scale
    .section .text.second, "ax", @progbits
    .globl second
second:
    .loc 1 20 7
    beqz a0, elsewhere
    ret
    .section .rodata
bias: .float 0.5
offsets: .word far - offsets, second - offsets
    .data
    .balign 8
    .globl table
    .type table, @object
table: .quad scale, bias+4, local
    .size table, .-table
    .bss
local: .zero 100
    .weak maybe
"""

CALLER = """
#include <stdio.h>
extern void scale(float *, long, float);
extern void *table[3];
int calls;
void finished(void) { calls++; }
void elsewhere(void) {}
void far(void) {}
int main(void) {
    float numbers[100], sum = 0;
    for (int i = 0; i < 100; i++) numbers[i] = i;
    scale(numbers, 100, 2);
    ((void (*)(float *, long, float))table[0])(numbers, 100, 1);
    for (int i = 0; i < 100; i++) sum += numbers[i];
    printf("%g %d\\n", sum, calls);
    return 0;
}
"""


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    path = tmp_path / "kernel.o"
    write_object(path, assemble(KERNEL, "kernel.s"), "/src")
    return path


def output_of(*command: object) -> str:
    """What a command prints; it must not complain."""
    run = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


def test_gnu_ld_links_our_object_with_compiled_c(tool: Tool, tmp_path: Path, kernel: Path) -> None:
    gcc, qemu = tool("riscv64-linux-gnu-gcc"), tool("qemu-riscv64")
    (tmp_path / "main.c").write_text(CALLER)
    program = tmp_path / "main"
    output_of(gcc, "-O2", "-static", "-o", program, tmp_path / "main.c", kernel)
    for vlen in (128, 512):
        cpu = f"rv64,v=true,vlen={vlen},elen=64,vext_spec=v1.0"
        assert output_of(qemu, "-cpu", cpu, program) == "10000 2\n"


def test_readelf_and_objdump_have_no_complaint(tool: Tool, kernel: Path) -> None:
    text = output_of(tool("riscv64-linux-gnu-readelf"), "-aW", kernel)
    assert "arning" not in text
    assert "0x5, RVC, double-float ABI" in text
    assert f'Tag_RISCV_arch: "{RV64GCV}"' in text
    assert " R_RISCV_CALL_PLT       0000000000000000 finished + 0" in text
    assert " OBJECT  GLOBAL DEFAULT    4 table" in text
    listing = output_of(tool("riscv64-linux-gnu-objdump"), "-dr", kernel)
    assert "R_RISCV_PCREL_HI20\tbias" in listing
    assert "<unknown>" not in listing
    output_of(tool("riscv64-linux-gnu-objdump"), "--dwarf", kernel)


def test_our_debug_sections_name_source_lines(tool: Tool, kernel: Path) -> None:
    addr2line = tool("riscv64-linux-gnu-addr2line")
    where = output_of(addr2line, "-e", kernel, "-j", ".text", "0", "0x20")
    assert where.split() == ["/src/kernel.py:3", "/src/kernel.py:4"]
    assert output_of(addr2line, "-e", kernel, "-j", ".text.second", "0").split() == [
        "/src/kernel.py:20"
    ]


def test_gnu_as_relocates_alike(tool: Tool, tmp_path: Path, kernel: Path) -> None:
    """The same relocations at the same places as with `as -mno-relax`, but for names of labels.

    And but for branches to local labels, which we settle and it leaves to the linker.
    """
    theirs = tmp_path / "theirs.o"
    (tmp_path / "kernel.s").write_text(KERNEL)
    as_ = tool("riscv64-linux-gnu-as")
    command = [as_, "-march=rv64gcv", "-mno-relax", "-o", theirs, tmp_path / "kernel.s"]
    subprocess.run(command, check=True, capture_output=True)

    def relocations(path: Path) -> set[tuple[str, int, int, str]]:
        unit = read_object(path)
        names = [s.name if not s.name.startswith(".") else "." for s in unit.symbols]
        return {
            (s.name, r.offset, r.type, names[r.symbol])
            for s in unit.sections if s.name[:6] != ".debug" for r in s.relocations
            if r.type != R.RVC_BRANCH
        }  # fmt: skip

    ours = relocations(kernel)
    assert ours == relocations(theirs)
    assert (".rodata", 4, R.ADD32, "far") in ours
    assert read_object(kernel).section(".text").data == read_object(theirs).section(".text").data


def test_what_is_read_is_what_was_written(kernel: Path) -> None:
    data = kernel.read_bytes()
    assert object_bytes(parse_object(data)) == data


C_PROGRAMS = {
    "switch": """
        extern int other(int);
        int pick(int k, int b) {
            switch (k) { case 0: return other(5); case 1: return b * 17; case 2: return other(b);
                case 3: return 12 + b; case 4: return b / 3; case 5: return 3; default: return 1; }
        }""",
    "data": """
        __thread int mine = 3; static int zeros[100]; int shared;
        const char *names[] = {"one", "two"};
        int *place(int i) { return i ? &zeros[i] : &mine; }""",
}


@pytest.mark.parametrize("source", C_PROGRAMS)
@pytest.mark.parametrize("compiler", ["riscv64-linux-gnu-gcc", "clang-19"])
@pytest.mark.parametrize("flags", ["-O0", "-O2 -g", "-O2 -fPIC -ffunction-sections -fcommon"])
def test_objects_of_compilers_come_back_as_they_are(
    tool: Tool, tmp_path: Path, source: str, compiler: str, flags: str
) -> None:
    command = [tool(compiler), *flags.split(), "-c", "-o", tmp_path / "a.o", tmp_path / "a.c"]
    if compiler.startswith("clang"):
        command[1:1] = ["--target=riscv64-linux-gnu", "-march=rv64gc"]
    (tmp_path / "a.c").write_text(C_PROGRAMS[source])
    subprocess.run(command, check=True)
    unit = read_object(tmp_path / "a.o")
    again = parse_object(object_bytes(unit))
    assert again.arch == unit.arch == merge_arch([unit.arch])
    assert again.flags == unit.flags
    for ours, theirs in zip(again.sections, unit.sections, strict=True):
        assert replace(ours, relocations=[]) == replace(theirs, relocations=[])
        assert [name_target(again, r) for r in ours.relocations] == [
            name_target(unit, r) for r in theirs.relocations
        ]


def name_target(unit: Object, relocation: Relocation) -> tuple[object, ...]:
    """A relocation, its symbol as what it says instead of its number, which may change."""
    symbol = None
    if relocation.symbol is not None:
        s = unit.symbols[relocation.symbol]
        symbol = (s.name, s.section, s.value, s.kind, s.binding)
    return relocation.offset, relocation.type, relocation.addend, symbol


def test_groups_of_sections_are_kept(tool: Tool, tmp_path: Path) -> None:
    source = """
        .section .text.foo,"axG",@progbits,foo,comdat
        .weak foo
        foo: call bar
        ret
    """
    (tmp_path / "g.s").write_text(source)
    output_of(tool("riscv64-linux-gnu-as"), "-o", tmp_path / "g.o", tmp_path / "g.s")
    unit = read_object(tmp_path / "g.o")
    (group,) = unit.groups
    assert unit.symbols[group.signature].name == "foo"
    assert [unit.sections[index].name for index in group.sections] == [".text.foo"]
    write_object(tmp_path / "again.o", unit)
    readelf = tool("riscv64-linux-gnu-readelf")
    text = output_of(readelf, "-gW", tmp_path / "again.o")
    assert "`.group' [foo] contains 2 sections" in text


@pytest.mark.parametrize(
    ("march", "arch"),
    [
        ("rv64i", "rv64i2p1"),
        ("rv64imac", "rv64i2p1_m2p0_a2p1_c2p0_zmmul1p0"),
        ("rv64g", "rv64i2p1_m2p0_a2p1_f2p2_d2p2_zicsr2p0_zifencei2p0_zmmul1p0"),
        ("rv64ic_zve32x", "rv64i2p1_c2p0_zicsr2p0_zve32x1p0_zvl32b1p0"),
    ],
)
def test_an_architecture_brings_what_it_implies(march: str, arch: str) -> None:
    assert format_arch(extensions_of(march)) == arch
    assert format_arch(parse_arch(arch)) == arch


def test_gnu_as_means_the_same_extensions(tool: Tool, tmp_path: Path) -> None:
    """But for zicsr and zifencei, which its version 2.40 counts as parts of i by default."""
    (tmp_path / "n.s").write_text("nop\n")
    for march in ("rv64imac", "rv64gc", "rv64gcv", "rv64imafdc_zve64x", "rv64gcv_zvl1024b"):
        as_ = tool("riscv64-linux-gnu-as")
        output_of(as_, f"-march={march}", "-misa-spec=20191213", "-o", tmp_path / "n.o",
                  tmp_path / "n.s")  # fmt: skip
        theirs = set(parse_arch(read_object(tmp_path / "n.o").arch))
        assert set(extensions_of(march)) - {"zicsr"} == theirs - {"zicsr"}


@pytest.mark.parametrize("march", ["rv32i", "rv64", "x86", "rv64gq", "rv64i_", "rv64gc_zfoo", ""])
def test_what_is_no_architecture_is_an_error(march: str) -> None:
    with pytest.raises(FleetError):
        extensions_of(march)


def test_relocations_have_the_names_of_the_psabi() -> None:
    assert [relocation_name(n) for n in (2, 19, 57, 60, 200)] == [
        "R_RISCV_64", "R_RISCV_CALL_PLT", "R_RISCV_32_PCREL", "R_RISCV_SET_ULEB128",
        "unrecognized: c8",
    ]  # fmt: skip


def test_an_object_has_no_segments(kernel: Path) -> None:
    assert read_elf(kernel).segments == []
