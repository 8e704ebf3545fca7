"""Where Unicorn keeps the registers is looked for once, and proved for each machine."""

from __future__ import annotations

import os

import pytest
from unicorn.riscv_const import UC_RISCV_REG_T0

from fleet.emu import cpu


@pytest.fixture(autouse=True)
def direct() -> None:
    if not cpu.Cpu().direct:
        pytest.skip("Unicorn's state is not found here")


def test_a_second_machine_is_not_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    read = os.pread
    sizes: list[int] = []

    def counted(descriptor: int, size: int, offset: int) -> bytes:
        sizes.append(size)
        return read(descriptor, size, offset)

    monkeypatch.setattr(os, "pread", counted)
    assert cpu.Cpu().direct
    assert len(sizes) < 20
    assert sum(sizes) < 100_000


@pytest.mark.parametrize("way", [cpu._Way(0, 8), cpu._Way(55, 1 << 40), cpu._Way(1, -8)])
def test_a_way_that_leads_elsewhere_is_not_taken(
    way: cpu._Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cpu, "_FOUND", [way])
    machine = cpu.Cpu()
    assert machine.direct
    machine.registers[5] = 77
    assert machine.uc.reg_read(UC_RISCV_REG_T0) == 77
    assert way not in cpu._FOUND
