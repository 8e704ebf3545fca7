"""A program is evaluated anew while that teaches something, and no longer."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fleet.diagnostics import FleetError
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import MAX_FRUITLESS, Again
from fleet.frontend import build_entry
from fleet.ir.core import Block, Value


def test_an_evaluation_that_teaches_nothing_is_refused() -> None:
    rounds = 0

    def enter(m: Machine, block: Block) -> Sequence[Value]:
        nonlocal rounds
        rounds += 1
        if rounds > 10 * MAX_FRUITLESS:
            return ()
        m.policy.learned.append(frozenset())
        raise Again

    with pytest.raises(FleetError, match="teaches nothing more"):
        build_entry("program.py", enter)
    assert rounds == MAX_FRUITLESS + 1


def test_one_that_goes_to_and_fro_is_refused() -> None:
    rounds = 0

    def enter(m: Machine, block: Block) -> Sequence[Value]:
        nonlocal rounds
        rounds += 1
        if rounds > 10 * MAX_FRUITLESS:
            return ()
        change = m.policy.unrolled.discard if 1 in m.policy.unrolled else m.policy.unrolled.add
        change(1)
        raise Again

    with pytest.raises(FleetError, match="teaches nothing more"):
        build_entry("program.py", enter)


def test_one_that_teaches_something_goes_on() -> None:
    def enter(m: Machine, block: Block) -> Sequence[Value]:
        if len(m.policy.recursive) < 3 * MAX_FRUITLESS:
            m.policy.recursive.add(len(m.policy.recursive))
            raise Again
        return ()

    assert build_entry("program.py", enter).name == "builtin.module"
