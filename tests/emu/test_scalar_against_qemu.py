"""Scalar instructions that Unicorn does not have: as under qemu 10, by both executors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz.differential import Differential
from fuzz.scalars import chosen, differences

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
