"""Scalar instructions that Unicorn does not have: as under qemu 10, by both executors."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz.differential import Differential
from fuzz.scalars import chosen, differences, here

from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.emu.machine import EXECUTORS

COUNT = 3000


@pytest.mark.parametrize("kind", ["integer", "float"])
def test_random_instructions_are_as_under_qemu(
    kind: str, tmp_path: Path, later_tool: Callable[[str], str]
) -> None:
    qemu = later_tool("qemu-riscv64")
    mnemonics, found = differences(kind, 5, COUNT, qemu, EXECUTORS, tmp_path)
    assert not found
    assert len(mnemonics) == len(chosen(kind))


def test_vector_instructions_of_rva23_are_as_under_qemu(
    tmp_path: Path, later_tool: Callable[[str], str]
) -> None:
    judge = Differential(128, 11, later_tool("qemu-riscv64"), EXECUTORS, tmp_path)
    tally = judge.batch(0, size=150)
    assert not tally.failures
    assert any(name.startswith(("vror", "vclz", "vandn")) for name in tally.mnemonics)


MIXED = """
    .globl _start
_start:
    la s0, values
    la s1, result
    li s2, 8
again:
    fld fa0, 0(s0)
    fld fa1, 8(s0)
    fadd.s fa2, fa0, fa1
    fmin.s fa3, fa0, fa1
    fmax.s fa4, fa1, fa0
    fsgnj.s fa5, fa0, fa1
    fsgnjn.s fa6, fa0, fa0
    fsgnjx.s fa7, fa1, fa0
    fmadd.s ft0, fa0, fa1, fa0
    fcvt.d.s ft1, fa0
    fcvt.s.d ft2, fa1
    fmv.x.w t0, fa0
    fmv.w.x ft3, t0
    feq.s t0, fa0, fa0
    fclass.s t1, fa1
    fcvt.w.s t2, fa0
    fmin.d ft4, fa0, fa1
    frflags t3
    .irp register,fa2,fa3,fa4,fa5,fa6,fa7,ft0,ft1,ft2,ft3,ft4
    fsd \\register, 0(s1)
    addi s1, s1, 8
    .endr
    .irp register,t0,t1,t2,t3
    sd \\register, 0(s1)
    addi s1, s1, 8
    .endr
    addi s0, s0, 8
    addi s2, s2, -1
    bnez s2, again
    li a0, 1
    la a1, result
    sub a2, s1, a1
    li a7, 64
    ecall
    li a0, 0
    li a7, 93
    ecall
.data
.balign 8
values:
    .dword 0x3f800000, 0xffffffff7f800001, 0xffffffff3f800000, 0x7ff0000000000001
    .dword 0xfffffffeff800000
    .dword 0x3ff0000000000000, 0xffffffff80000000, 0xffffffff00000000, 0xffffffffffc00001
result: .zero 1024
"""


@pytest.mark.parametrize("executor", EXECUTORS)
def test_what_is_no_box_reads_as_nan_and_results_are_boxes(
    executor: str, tmp_path: Path, tool: Callable[..., str]
) -> None:
    """And of a signaling NaN and a number, fmin and fmax give the number."""
    path = tmp_path / "mixed.elf"
    write_executable(str(path), link([assemble(MIXED, "mixed.s")]))
    done = subprocess.run([tool("qemu-riscv64"), path], capture_output=True, check=True)
    assert len(done.stdout) == 8 * 15 * 8
    assert here(path, executor) == done.stdout
