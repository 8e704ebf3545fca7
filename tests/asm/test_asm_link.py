"""Our linker on objects of our assembler, gcc and clang: what it makes runs, errors say why not.

The judges are qemu, `fleet emu`, and GNU ld on the same objects.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_executable, write_image
from fleet.asm.link.linker import link
from fleet.asm.objects.archive import parse_archive, with_members
from fleet.asm.objects.elf import map_file, read_elf
from fleet.asm.objects.model import Object
from fleet.asm.objects.reader import read_object
from fleet.asm.objects.writer import write_object
from fleet.diagnostics import FleetError, FleetErrors

Tool = Callable[..., str]

FREESTANDING = """
typedef unsigned long size;
extern long addmul(long, long, long);
extern int nowhere __attribute__((weak));
static const char *names[] = {"zero", "one", "two", "three"};
static const char *const *more = names;
int counter, shared[10];
__thread int unused_thread_variable;
static long call(long n, long a, long b, long c) {
    register long a7 __asm__("a7") = n, a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b, a2 __asm__("a2") = c;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
    return a0;
}
static void put(const char *s) {
    size n = 0;
    while (s[n]) n++;
    call(64, 1, (long)s, n);
}
__attribute__((noinline)) int pick(int k) {
    switch (k) {
    case 0: return 5;
    case 1: return 17;
    case 2: return counter;
    case 3: return shared[3];
    case 4: return 99;
    case 5: return 3;
    default: return -1;
    }
}
void _start(void) {
    for (int i = 0; i < 4; i++) { put(more[i]); put(" "); counter += i; }
    put(&nowhere ? "somewhere" : "nowhere");
    call(93, addmul(pick(1), pick(2), pick(5)) + pick(3), 0, 0);
}
"""
ASSEMBLY = """
    .globl addmul
    .type addmul, @function
addmul:
    mul a1, a1, a2
    add a0, a0, a1
    lw a3, bias
    vsetivli t0, 4, e64, m1, ta, ma
    vmv.v.x v1, a3
    vredsum.vs v1, v1, v1
    vmv.x.s a3, v1                  # five times the bias
    add a0, a0, a3
    ret
    .size addmul, .-addmul
    .section .rodata
bias: .word 10
    .bss
    .globl shared_in_assembly
shared_in_assembly: .zero 40
"""
EXPECTED = ("zero one two three nowhere", 17 + 6 * 3 + 5 * 10)
CPU = "rv64,v=true,vlen=256,elen=64,vext_spec=v1.0"


def compiled(tool: Tool, path: Path, source: str, flags: str, compiler: str = "gcc") -> Path:
    """The object of a C program."""
    path.with_suffix(".c").write_text(source)
    if compiler == "clang":
        command = [tool("clang-19"), "--target=riscv64-linux-gnu", "-march=rv64gc"]
    else:
        command = [tool("riscv64-linux-gnu-gcc")]
    command += [*flags.split(), "-c", "-o", str(path), str(path.with_suffix(".c"))]
    subprocess.run(command, check=True)
    return path


def run(tool: Tool, path: Path) -> tuple[str, int]:
    """What a program prints under qemu, and its status."""
    done = subprocess.run([tool("qemu-riscv64"), "-cpu", CPU, path], capture_output=True, text=True)
    return done.stdout, done.returncode


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize(
    "flags",
    [
        "-O0", "-O2 -g", "-Os -fcommon -gdwarf-4", "-O2 -falign-functions=32 -falign-loops=16",
        "-O2 -fpic -ffunction-sections -fdata-sections", "-O2 -mcmodel=medlow -g -mno-relax",
    ],
)  # fmt: skip
def test_freestanding_c_and_assembly_run(
    tool: Tool, tmp_path: Path, compiler: str, flags: str
) -> None:
    flags += " -ffreestanding -nostdlib"
    main = compiled(tool, tmp_path / "main.o", FREESTANDING, flags, compiler)
    write_object(tmp_path / "addmul.o", assemble(ASSEMBLY, "addmul.s"))
    program = tmp_path / "program"
    write_executable(program, link([read_object(main), read_object(tmp_path / "addmul.o")]))
    assert run(tool, program) == EXPECTED
    readelf = subprocess.run(
        [tool("riscv64-linux-gnu-readelf"), "-aW", program], capture_output=True, text=True
    )
    assert readelf.stderr == "" and "arning" not in readelf.stdout


def test_the_emulator_runs_what_qemu_runs(tool: Tool, tmp_path: Path) -> None:
    main = compiled(tool, tmp_path / "main.o", FREESTANDING, "-O2 -ffreestanding -nostdlib")
    program = tmp_path / "program"
    write_executable(program, link([read_object(main), assemble(ASSEMBLY)]))
    command = [sys.executable, "-m", "fleet", "emu", program]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == EXPECTED


C_LIBRARY = """
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
extern long addmul(long, long, long);
static __thread int a = 3, b[4];
static int ascending(const void *x, const void *y) { return *(int *)x - *(int *)y; }
__attribute__((constructor)) static void early(void) { b[2] = 7; }
static void late(void) { puts("bye"); }
int main(int count, char **words) {
    int z[] = {5, 3, 9, 1};
    qsort(z, 4, sizeof *z, ascending);
    atexit(late);
    fopen("/nonexistent", "r");
    char *large = calloc(1 << 20, 1);
    memset(large, 'x', (1 << 20) - 1);
    printf("%d %d %d %d %s %.4f %zu %ld\\n", a, b[2], z[0], z[3], strerror(errno), sin(count),
           strlen(large), addmul(1, 2, 3));
    return a + b[2];
}
"""


@pytest.mark.parametrize(
    "flags", ["-O2", "-O0 -fPIC", "-O2 -fPIC -ftls-model=initial-exec"]
)
def test_a_program_with_the_c_library_runs(tool: Tool, tmp_path: Path, flags: str) -> None:
    """Archives, constructors, thread-local variables by all models, weak symbols, the GOT."""
    gcc = tool("riscv64-linux-gnu-gcc")

    def library(name: str) -> str:
        command = [gcc, f"-print-file-name={name}"]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()

    objects = [read_object(library(n)) for n in ("crt1.o", "crti.o", "crtbeginT.o")]
    objects.append(read_object(compiled(tool, tmp_path / "main.o", C_LIBRARY, flags)))
    objects.append(assemble(ASSEMBLY))
    names = [library(n) for n in ("libm.a", "libc.a", "libgcc.a", "libgcc_eh.a")]
    archives = [parse_archive(map_file(name), name) for name in names]
    objects += [read_object(library(n)) for n in ("crtend.o", "crtn.o")]
    program = tmp_path / "program"
    write_executable(program, link(with_members(objects, archives)))
    text = "3 7 1 9 No such file or directory 0.8415 1048575 57\nbye\n"
    assert run(tool, program) == (text, 10)


def test_gnu_ld_makes_the_same_code_of_the_same_objects(tool: Tool, tmp_path: Path) -> None:
    """With -Ttext at our address and nothing relaxed, .text has the same bytes."""
    source = """
        .globl _start
        _start: la a0, _start
        call second
        lui a1, %hi(_start)
        addi a1, a1, %lo(_start)
        sw a1, %lo(_start)(a1)
        beqz a0, second
        j second
        tail third
        .balign 16
        .word third - _start
        .quad second + 12
    """
    other = "    nop\n.globl second, third\nsecond: ret\nthird: nop\n ret\n"
    paths = [tmp_path / "a.o", tmp_path / "b.o"]
    for path, text in zip(paths, (source, other), strict=True):
        write_object(path, assemble(text, path.name))
    write_executable(tmp_path / "ours", link([read_object(path) for path in paths]))
    ours = read_elf(tmp_path / "ours")
    text = ours.section(".text")
    assert text is not None
    command = [tool("riscv64-linux-gnu-ld"), "--no-relax", f"-Ttext={text.address:#x}", "-o",
               tmp_path / "theirs", *paths]  # fmt: skip
    subprocess.run(command, check=True)
    theirs = read_elf(tmp_path / "theirs")
    assert bytes(ours.data(text)) == bytes(theirs.data(theirs.section(".text")))


def test_debuggers_find_the_lines_of_all_objects(tool: Tool, tmp_path: Path) -> None:
    flags = "-O0 -g -ffreestanding -nostdlib"
    main = compiled(tool, tmp_path / "main.o", FREESTANDING, flags)
    lines = '.file 1 "kernel.py"\n.globl addmul\naddmul:\n .loc 1 7\n nop\n .loc 1 9\n ret\n'
    program = tmp_path / "program"
    image = link([read_object(main), assemble(lines, "kernel.s")], directory="/src")
    write_executable(program, image)
    places = [hex(image.addresses[name]) for name in ("pick", "addmul")]
    command = [tool("riscv64-linux-gnu-addr2line"), "-e", program, *places]
    done = subprocess.run(command, capture_output=True, text=True)
    expected = 1 + FREESTANDING.split("\n").index("__attribute__((noinline)) int pick(int k) {")
    found = done.stdout.split()
    assert found == [f"{tmp_path}/main.c:{expected}", "/src/kernel.py:7"]


def unit_of(text: str, name: str, tmp_path: Path) -> Object:
    """Assembled, written and read again, so without places in the source."""
    write_object(tmp_path / name, assemble(text, name))
    unit = read_object(tmp_path / name)
    unit.file = name
    return unit


START = ".globl _start\n_start: nop\n"


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (
            [START + "call other\n.type f, @function\nf: nop\nlla a0, other\n"],
            "error: a.o: in _start (.text+0x2): other is not defined\n"
            "  help: it is also used by a.o: in f (.text+0xc)",
        ),
        (
            [START, ".data\n.quad 1\n" + START],
            "error: b.o (.data+0x8): _start is defined in two objects\n"
            "  help: the other definition is in a.o (.text+0x0)",
        ),
        (
            [START + "jal far\n.zero 2000000\n", ".globl far\nfar: ret\n"],
            "error: a.o: in _start (.text+0x2): far is out of reach, 2000004 bytes away\n"
            "  help: call and tail reach 2 GiB",
        ),
        (
            [START + ".data\n.word far\n", ".globl far\n.set far, 0x123456789\n"],
            "error: a.o (.data+0x0): far is out of reach, 0x123456789 does not fit",
        ),
        (
            ["nop\n"],
            "error: the entry _start is not defined\n  help: name another with --entry",
        ),
        (
            [START + ".bss\n.zero 1 << 46\n", ".bss\n.zero 1 << 46\n"],
            "error: .bss of 140,737,488,355,328 bytes does not fit into the address space",
        ),
    ],
)
def test_what_cannot_be_linked_is_named(
    tmp_path: Path, sources: list[str], message: str
) -> None:
    names = ["a.o", "b.o"]
    with pytest.raises(FleetError) as caught:
        link([unit_of(text, name, tmp_path) for text, name in zip(sources, names, strict=False)])
    assert caught.value.render() == message


def test_errors_point_into_assembly_that_was_just_assembled(tmp_path: Path) -> None:
    path = tmp_path / "a.s"
    path.write_text(START + "    call other\n")
    with pytest.raises(FleetError) as caught:
        link([assemble(path.read_text(), str(path))])
    assert caught.value.render() == (
        f"{path}:3:10: error: other is not defined\n      call other\n           ^~~~~"
    )


def test_objects_for_other_float_abis_are_rejected(tool: Tool, tmp_path: Path) -> None:
    soft = "-O2 -march=rv64imac -mabi=lp64 -ffreestanding"
    path = compiled(tool, tmp_path / "soft.o", "int f(void) { return 1; }", soft)
    with pytest.raises(FleetError, match="soft-float ABI, .* double-float ABI"):
        link([assemble(START), read_object(path)])


def test_weak_and_common_definitions_give_way() -> None:
    weak = ".weak f\n.globl g\nf: nop\ng: ret\n"
    strong = ".globl f, _start\n_start: nop\nf: nop\n"
    image = link([assemble(weak), assemble(strong)])
    assert image.addresses["f"] == image.addresses["_start"] + 2


def test_one_copy_of_a_group_is_linked(tool: Tool, tmp_path: Path) -> None:
    source = """
        .section .text.foo,"axG",@progbits,foo,comdat
        .weak foo
        foo: ret
        .text
        .globl _start{0}
        _start{0}: call foo
    """
    units = []
    for number in ("", "2"):
        path = tmp_path / f"g{number}.s"
        path.write_text(source.format(number))
        subprocess.run([tool("riscv64-linux-gnu-as"), "-o", path.with_suffix(".o"), path])
        units.append(read_object(path.with_suffix(".o")))
    image = link(units)
    assert image.section(".text").size == 8 + 8 + 4


def test_the_largest_of_common_symbols_counts(tool: Tool, tmp_path: Path) -> None:
    units = [assemble(START)]
    for number, size in enumerate((3, 30, 10)):
        source = f"int shared[{size}];"
        path = compiled(tool, tmp_path / f"{number}.o", source, "-fcommon")
        units.append(read_object(path))
    assert link(units).section(".bss").size == 120


def test_archives_give_only_what_is_needed(tool: Tool, tmp_path: Path) -> None:
    texts = {"one": ".globl one\none: tail two\n", "two": ".globl two\ntwo: ret\n",
             "three": ".globl three\nthree: call nowhere\n"}  # fmt: skip
    paths = []
    for name, text in texts.items():
        paths.append(tmp_path / f"{name}_with_a_long_name.o")
        write_object(paths[-1], assemble(text))
    library = tmp_path / "l.a"
    subprocess.run([tool("riscv64-linux-gnu-ar"), "rcs", library, *paths], check=True)
    archive = parse_archive(map_file(library), "l.a")
    units = with_members([assemble(START + "call one\n")], [archive])
    assert [unit.file for unit in units[1:]] == [
        "l.a(one_with_a_long_name.o)", "l.a(two_with_a_long_name.o)",
    ]  # fmt: skip
    link(units)


def test_linked_files_are_written_without_gaps_of_the_address_space() -> None:
    aligned = START + ".section .data.large, \"aw\"\n.balign 65536\n.quad 1\n"
    file = io.BytesIO()
    write_image(file, link([assemble(aligned)]))
    assert len(file.getvalue()) < 100_000


GROUPED = """
    .section .text.shared,"axG",@progbits,shared,comdat
    .weak shared
shared: li a0, {value}
    ret
    .section .rodata.shared,"aG",@progbits,shared,comdat
    .word {value}
    .text
    .globl {name}
{name}: tail shared
"""


def test_groups_of_our_assembler_are_linked_once(tool: Tool, tmp_path: Path) -> None:
    """By our linker and by GNU ld, which find the members of a group in its section."""
    units = [assemble(GROUPED.format(value=n, name=f"f{n}")) for n in (1, 2)]
    image = link(units, entry="f1")
    assert image.section(".rodata").size == 4
    paths = [tmp_path / f"{n}.o" for n in (1, 2)]
    for path, unit in zip(paths, units, strict=True):
        write_object(path, unit)
    program = tmp_path / "program"
    command = [tool("riscv64-linux-gnu-ld"), *paths, "-e", "f1", "-o", program]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert read_elf(program).section(".rodata").size == 4


def test_advice_about_an_entry_that_is_not_there() -> None:
    with pytest.raises(FleetError, match="--entry main would begin there"):
        link([assemble("\t.globl main\nmain: ret\n")])
    with pytest.raises(FleetError, match="--entry start would begin there"):
        link([assemble("\t.globl start\nstart: ret\n")])


def test_a_jump_that_does_not_reach_comes_with_advice() -> None:
    far = assemble("\t.globl far\n\t.zero 1 << 21\nfar: ret\n", "far.s")
    near = assemble("\t.globl _start\n_start: j far\n", "near.s")
    with pytest.raises(FleetErrors) as caught:
        link([near, far])
    (error,) = caught.value.errors
    assert "far is out of reach" in error.message
    assert error.hint == "call and tail reach 2 GiB"
