"""No program, however hostile, brings down the process or tells the executors apart."""

from __future__ import annotations

import pytest
from fuzz.apart import run_apart
from fuzz.hostile import MAX_INSTRUCTIONS, Program, outcome

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
