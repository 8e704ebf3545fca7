"""Plain lines, which look-ups alone assemble, mean what a closer look at each line finds."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.assembler import Assembler, FastPath, Settings
from fleet.asm.instructions.forms import mnemonics
from fleet.asm.instructions.quick import Choices, Mode, words_of
from fleet.asm.objects.model import Object
from fleet.diagnostics import FleetErrors

Tool = Callable[..., str]

BY_HAND = """
    .option norvc
main:   addi sp, sp, -16        # a comment
    sd ra,8(sp)
    li a0, 0x123456789          # of several instructions
    .option rvc
    li  a1,-1
    lla a2, message
    la a3, message
    lw a4, count
    sd a4, count, t0
    flw fa0, ratio, t1
    lui t2, %hi(count+4)
    lw t3, %lo(count+4)(t2)
    sw t3, %lo(count)(t2)
.Lhigh: auipc t4, %pcrel_hi(message)
    addi t4, t4, %pcrel_lo(.Lhigh)
    beqz a0, 1f
    blt a0, a1, .Lend
1:  call other@plt
    jal helper
    tail other
    j 1b
    jr t0
    jalr t0
    vsetvli t0, a0, e32, m2, ta, ma
    vadd.vv v2, v4, v6
    vadd.vv v8, v2, v4, v0.t ; nop
    vsetivli zero, 4, e8, mf2, ta, mu
    vle8.v v1, (a0)
    vadd.vi v3, v5, -16, v0.t
.Lend:
    ret
    .size main, .-main
    .section .rodata
message: .string "a # b, c"
    .align 3
    .byte 1, 2, 0xff , -128
    .half 4
    .word message, .Lend-main
    .quad count+8
    .4byte .Lend-.Lhigh
    .data
count: .dword 5
    .bss
    .zero 9
"""
SOURCE = """
#include <stdio.h>
static int table[4] = {1, 2, 3, 4}; double scale = 0.5;
int choose(int x) { switch (x) { case 0: return 5; case 1: return 7; case 2: return table[1];
  case 3: return 99; case 4: return 3; case 5: return 12; } return 0; }
int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("hello %d %s\\n", choose(i), argv[i]);
  float a[40]; for (int i = 0; i < 40; i++) a[i] = scale * i; scale = a[argc];
  return 0;
}
"""


class Careful(Assembler):
    """Takes no line for a plain one."""

    def fast_path(self, settings: Settings) -> FastPath:
        nothing = Choices(self.extensions, mnemonics())
        return FastPath({}, nothing, words_of(Mode()), self.section.data, {}, {})


def benchmark_program(lines: int, seed: int) -> str:
    path = Path(__file__).parents[2] / "benchmarks" / "assembler.py"
    spec = importlib.util.spec_from_file_location("assembler_benchmark", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.program(lines, seed)


def facts(unit: Object) -> list[object]:
    """All that an object says, symbols by their names."""
    names = [symbol.name for symbol in unit.symbols]
    found: list[object] = []
    for section in unit.sections:
        relocations = [
            (r.offset, r.type, None if r.symbol is None else names[r.symbol], r.addend)
            for r in section.relocations
        ]
        found.append((section.name, section.align, section.size, bytes(section.data)))
        found += [relocations, section.lines]
    symbols = [(s.name, s.section, s.value, s.size, s.binding, s.kind) for s in unit.symbols]
    return [*found, sorted(symbols, key=str)]


def compiled(compiler: str, flags: str, folder: Path) -> str:
    path = folder / "a.c"
    path.write_text(SOURCE)
    subprocess.run([compiler, *flags.split(), "-S", "-o", folder / "a.s", path], check=True)
    return (folder / "a.s").read_text()


@pytest.mark.parametrize("march", [None, "rv64gcv", "rv64gv"])
def test_plain_lines_mean_what_a_closer_look_finds(march: str | None) -> None:
    for text in (BY_HAND, benchmark_program(4000, 3)):
        quick, careful = Assembler("a.s", march), Careful("a.s", march)
        assert facts(quick.assemble(text)) == facts(careful.assemble(text))


@pytest.mark.parametrize(
    "flags", ["gcc -O2", "gcc -O2 -g", "gcc -O0 -fPIC", "clang -O3", "clang -O2 -g"]
)
def test_plain_lines_of_compilers_do_too(tool: Tool, tmp_path: Path, flags: str) -> None:
    compiler, _, rest = flags.partition(" ")
    if compiler == "gcc":
        text = compiled(tool("riscv64-linux-gnu-gcc"), rest, tmp_path)
    else:
        target = f"--target=riscv64-linux-gnu -march=rv64gcv {rest}"
        text = compiled(tool("clang-19", "clang"), target, tmp_path)
    quick, careful = Assembler("a.s"), Careful("a.s")
    try:
        expected = facts(careful.assemble(text))
    except FleetErrors as errors:
        with pytest.raises(FleetErrors) as found:
            quick.assemble(text)
        assert str(found.value) == str(errors)
        return
    assert facts(quick.assemble(text)) == expected


@pytest.mark.parametrize(
    "line",
    [
        "addi a0, a0, 2048", "addi a0, a0", "addi a 0, a0, 1", "lw a0, 8(a0", "lw a0, %lo(x)(v1)",
        "lui a0, %lo(x)", "beq a0, 1x, f", "call 3 4", "li a0, 0x10000000000000000", "li f0, 3",
        ".byte 256", ".byte 1 2", ".word a-", ".loc 7 1", ".loc 1 1 1 1", "vsetvli t0, a0, e33",
        "vadd.vv v1, v2, v3, v0", "vwadd.vv v1, v1, v2", "jr 5", "ret 5", "la a0", "1x: nop",
        "sd a0, x, v0", "fld fa0, x", "vle32.v v1, 4(a0)", "x: x: nop", 'li a0, "#"', "nop nop",
    ],
)  # fmt: skip
def test_mistakes_in_plain_lines_are_found_by_a_closer_look(line: str) -> None:
    messages = []
    for assembler in (Assembler("a.s"), Careful("a.s")):
        with pytest.raises(FleetErrors) as found:
            assembler.assemble(f"vsetvli t0, a0, e32, m2, ta, ma\n {line}\n nop\n")
        messages.append(str(found.value))
    assert messages[0] == messages[1]


def test_a_macro_may_have_the_name_of_an_instruction() -> None:
    text = """
        addi a0, a1, 4
        .macro addi a, b, c
        xori \\a, \\b, \\c
        .endm
        addi a0, a1, 4
        """
    assert Assembler("a.s").assemble(text).section(".text").data.hex() == "1385450013c54500"
