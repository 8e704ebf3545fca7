"""Indirect functions in `fleet link`: as GNU ld makes them of the same objects, under qemu."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.binutils.linking import link_files

Tool = Callable[..., str]

MAIN = """
extern int twice(int), thrice(int);
static int (*table[])(int) = {twice, thrice};
int (*chosen)(int) = thrice;
int calls;
int main(void) {
    int (*volatile taken)(int) = twice;
    if (taken != table[0] || chosen != table[1] || twice == thrice) return 1;
    return twice(3) + taken(4) + table[1](5) + chosen(1) + 10 * calls;
}
"""
# Both answer with a function of their own and count how often they are asked.
FUNCTIONS = """
    .globl twice, thrice
    .type twice, @gnu_indirect_function
    .type thrice, @gnu_indirect_function
twice:
    la t0, calls
    lw t1, 0(t0)
    addi t1, t1, 1
    sw t1, 0(t0)
    lla a0, doubling
    ret
thrice:
    lla a0, trebling
    ret
    .type doubling, @function
doubling:
    add a0, a0, a0
    tail local
    .type trebling, @function
trebling:
    slli a1, a0, 1
    add a0, a0, a1
    ret
    .type local, @gnu_indirect_function
local:
    lla a0, same
    ret
    .type same, @function
same:
    ret
"""
START = """
struct relocation { unsigned long *slot, info; unsigned long (*resolve)(void); };
extern const struct relocation __rela_iplt_start[], __rela_iplt_end[];
extern int main(void);
void _start(void) {
    for (const struct relocation *each = __rela_iplt_start; each < __rela_iplt_end; each++)
        if (each->info == 58) *each->slot = each->resolve();
    register long a0 __asm__("a0") = main(), a7 __asm__("a7") = 93;
    __asm__ volatile("ecall" : : "r"(a0), "r"(a7));
    __builtin_unreachable();
}
"""
ANSWER = 3 * 2 + 4 * 2 + 5 * 3 + 1 * 3 + 10


def status(tool: Tool, program: Path) -> int:
    return subprocess.run([tool("qemu-riscv64"), program]).returncode


@pytest.mark.parametrize("pic", ["-fno-pic", "-fPIC"])
def test_a_function_is_what_its_resolver_says(tool: Tool, tmp_path: Path, pic: str) -> None:
    paths = {}
    for name, text in (("main.c", MAIN), ("functions.s", FUNCTIONS), ("start.c", START)):
        (tmp_path / name).write_text(text)
        paths[name] = tmp_path / f"{name}.o"
        flags = ["-O2", "-ffreestanding", pic, "-c", tmp_path / name, "-o", paths[name]]
        subprocess.run([tool("riscv64-linux-gnu-gcc"), *flags], check=True)
    objects = [str(path) for path in paths.values()]
    theirs, ours = tmp_path / "gnu.elf", tmp_path / "fleet.elf"
    command = [tool("riscv64-linux-gnu-ld"), "--no-relax", *objects, "-o", theirs]
    subprocess.run(command, check=True)
    link_files(objects, str(ours))
    assert status(tool, theirs) == status(tool, ours) == ANSWER


def test_glibc_asks_the_resolvers_of_a_static_program(tool: Tool, tmp_path: Path) -> None:
    for name, text in (("main.c", MAIN), ("functions.s", FUNCTIONS)):
        (tmp_path / name).write_text(text)
    gcc, folder = tool("riscv64-linux-gnu-gcc"), tmp_path
    sources = [folder / "main.c", folder / "functions.s"]
    subprocess.run([gcc, "-O2", "-c", *sources], check=True, cwd=folder)
    found = [
        subprocess.check_output([gcc, f"-print-file-name={name}"], text=True).strip()
        for name in ("crt1.o", "crti.o", "crtbeginT.o", "libc.a", "libgcc.a", "libgcc_eh.a",
                     "crtend.o", "crtn.o")
    ]  # fmt: skip
    inputs = [*found[:3], str(folder / "main.o"), str(folder / "functions.o"), *found[3:]]
    program = folder / "program"
    link_files(inputs, str(program))
    assert status(tool, program) == ANSWER
