"""Every vector instruction does what qemu-riscv64 does, over random settings and operands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from vector_programs import (
    Case,
    Generator,
    Record,
    assemble,
    program,
    record_bytes,
    run_fleet,
    run_qemu,
    write_data,
)

from fleet.asm.table import decode
from fleet.emu.vector.config import vtype_text


def describe(case: Case) -> str:
    return (
        f"{case.mnemonic} {decode(case.word).operands} under {vtype_text(case.vtype)}, "
        f"AVL {case.avl}, vstart {case.vstart}, frm {case.frm}, vxrm {case.vxrm}"
    )


def departures(
    cases: list[Case], theirs: bytes, ours: bytes, vlen: int
) -> list[str]:
    """The cases after which the two machines differ, and how. Memory counts where it first does."""
    size = record_bytes(vlen)
    found, memory_differed = [], False
    for number, case in enumerate(cases):
        place = slice(number * size, (number + 1) * size)
        a, b = Record.parse(theirs[place]), Record.parse(ours[place])
        differences = a.differences(b, vlen // 8)
        if memory_differed:
            differences = [d for d in differences if not d.startswith("memory")]
        memory_differed = a.csrs[5] != b.csrs[5]
        if differences:
            found.append(describe(case) + "\n  " + "\n  ".join(differences))
    return found


def compare(
    folder: Path, tool: Callable[..., str], generator: Generator, count: int
) -> tuple[list[str], int]:
    """Departures from qemu over `count` cases, and how many of them were legal."""
    qemu, vlen = tool("qemu-riscv64"), generator.vlen
    gnu_as, gnu_ld = tool("riscv64-linux-gnu-as"), tool("riscv64-linux-gnu-ld")
    write_data(folder, np.random.default_rng(vlen))
    cases = [generator.case() for _ in range(count)]
    elf = assemble(folder, program(cases, vlen), gnu_as, gnu_ld)
    theirs, ours = run_qemu(qemu, elf, vlen), run_fleet(elf, vlen)
    size = record_bytes(vlen)
    assert len(ours) == len(theirs) == count * size
    legal = sum(not Record.parse(ours[i * size :]).illegal for i in range(count))
    return departures(cases, theirs, ours, vlen), legal


@pytest.mark.parametrize(("vlen", "count"), [(128, 3000), (256, 3000), (512, 1500), (1024, 1000)])
def test_random_instructions_leave_the_state_that_they_leave_in_qemu(
    vlen: int, count: int, tmp_path: Path, tool: Callable[..., str]
) -> None:
    found, legal = compare(tmp_path, tool, Generator(vlen, vlen), count)
    assert not found, f"{len(found)} of {count}:\n" + "\n".join(found[:5])
    assert legal == count


def test_the_same_instructions_are_illegal_as_in_qemu(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    found, legal = compare(tmp_path, tool, Generator(7, 128, wild=0.9), 4000)
    assert not found, f"{len(found)}:\n" + "\n".join(found[:5])
    assert 1000 < legal < 3000


def test_the_copied_registers_of_a_host_without_direct_access_serve_as_well(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    gnu_as, gnu_ld = tool("riscv64-linux-gnu-as"), tool("riscv64-linux-gnu-ld")
    write_data(tmp_path, np.random.default_rng(1))
    generator = Generator(1, 128)
    cases = [generator.case() for _ in range(300)]
    elf = assemble(tmp_path, program(cases, 128), gnu_as, gnu_ld)
    assert run_fleet(elf, 128, direct=False) == run_fleet(elf, 128)
