"""No program, however hostile, brings down the process or tells the executors apart."""

from __future__ import annotations

import pytest
from fuzz.apart import run_apart
from fuzz.hostile import CODE, MAX_INSTRUCTIONS, Program, outcome
from test_device import code_of

from fleet.emu.faults import GuestFault
from fleet.emu.machine import Machine
from fleet.emu.native.executor import unusable


@pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")
def test_random_programs_end_alike_under_both_executors() -> None:
    result = run_apart(1, 60)
    assert not result.failures, "\n".join(result.failures[:5])
    assert result.programs == 60


def test_they_are_worth_running() -> None:
    """Enough instructions of each kind are executed, and many go wrong."""
    seen = [outcome(Program.draw(seed), "reference") for seed in range(25)]
    vector = sum(sum(each["vector instructions"].values()) for each in seen)
    faults = sum(len(each["faults"]) for each in seen)
    assert vector > 500
    assert faults > 300
    assert max(each["instructions"] or 0 for each in seen) <= MAX_INSTRUCTIONS


@pytest.mark.parametrize("direct", [True, False])
@pytest.mark.parametrize(
    "text", ["csrr a0, 0x300", "csrw 0x300, zero", "csrw 0x180, a0", ".word 0x30200073", "wfi"],
    ids=["read mstatus", "write mstatus", "write satp", "mret", "wfi"],
)  # fmt: skip
def test_what_is_the_machines_is_illegal_for_programs(text: str, direct: bool) -> None:
    machine = Machine(128, direct=direct)
    machine.load(CODE, code_of(text + "\nret"))
    with pytest.raises(GuestFault, match="illegal instruction") as fault:
        machine.run(CODE)
    assert fault.value.pc == CODE
    assert machine.cpu.flags == 0
