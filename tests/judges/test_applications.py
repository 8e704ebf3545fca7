"""Every pass tells of what it does, and what it leaves when it is stopped anywhere is right."""

from __future__ import annotations

import io
import random

import pytest

from fleet.diagnostics import FleetError
from fleet.driver import lower
from fleet.executors import run_module
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.watch import watching
from fleet.judges.narrowing import Applications, run_up_to
from fleet.judges.outcomes import Outcome, agrees
from fleet.opt.measuring import Measurements
from fleet.stages import STAGES, Stage

TWICE = """\
import sys
import numpy as np

n = int(sys.argv[1])

def layer(x, w, b):
    centred = x - x.mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt((centred * centred).mean(axis=1, keepdims=True) + 1e-5)
    heads = [np.tanh(h @ h.T) @ h for h in np.split(scaled @ w + b, 2, axis=1)]
    return x + np.hstack(heads)

x = np.arange(n * 4, dtype=np.float32).reshape(n, 4) / 9
for w in (np.eye(4, dtype=np.float32), np.full((4, 4), 0.25, np.float32)):
    x = layer(x, w, np.arange(4, dtype=np.float32))
total = 0
for i in range(n):
    total += i * n
y = np.zeros(n)
y[1:] = np.cumsum(x[1:, 0].astype(np.float64)) // 2
print(x[-1:] * 2, total, y, x.max(axis=0).argmax())
"""

PASSES = [(stage, name) for stage in STAGES for name in stage.passes]
NEVER_STOPPED = {"strip-warnings", "mark-doubtful", "schedule-to-vm", "allocate-registers"}
"""Passes that are no steps any of which could be left out."""


def run(module: Operation, stage: Stage, argv: list[str]) -> Outcome:
    host = Host(argv, io.StringIO(), io.StringIO(), io.StringIO())
    host.warned.ignored = True
    run_module(module, stage.name, host)
    return Outcome(host.stdout.getvalue(), 0)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("applications") / "twice.py"
    path.write_text(TWICE)
    return [str(path), "4"]


@pytest.fixture(scope="module")
def before(twice: list[str]) -> dict[tuple[str, int], Operation]:
    """The module that each pass of the pipeline is given."""
    module = lower(twice[0], STAGES[:1])
    found = {}
    for stage in STAGES:
        for number, name in enumerate(stage.passes):
            found[stage.name, number] = module.clone()
            PassManager([name]).run(module)
    return found


PLACES = [(stage, number) for stage in STAGES for number in range(len(stage.passes))]
NAMES = [f"{stage.name}-{stage.passes[number]}-{number}" for stage, number in PLACES]


@pytest.mark.parametrize(("stage", "number"), PLACES, ids=NAMES)
def test_a_pass_that_changes_something_says_what(
    before: dict[tuple[str, int], Operation], stage: Stage, number: int
) -> None:
    module = before[stage.name, number].clone()
    text, told = print_op(module), []
    watcher = Measurements(told.append)
    with watching(watcher):
        PassManager([stage.passes[number]], instruments=[watcher]).run(module)
    if print_op(module) == text:
        assert not told
        return
    assert told
    for each in told:
        head, *lines = each.splitlines()
        name = stage.passes[number].partition("{")[0]
        assert head.startswith(f"{name}: ") and "as a whole" not in head, each
        assert lines and all(line.startswith(("  - ", "  + ")) for line in lines), each


@pytest.mark.parametrize(("stage", "number"), PLACES, ids=NAMES)
def test_what_a_stopped_pass_leaves_is_right(
    before: dict[tuple[str, int], Operation], twice: list[str], stage: Stage, number: int
) -> None:
    name, module = stage.passes[number], before[stage.name, number]
    if name in NEVER_STOPPED:
        return
    whole = Applications()
    run_up_to(name, module, whole)
    total = len(whole.done)
    expected = run(before["outlined", 0], STAGES[0], twice)
    seeded = random.Random(f"{stage.name} {number}")
    for limit in {0, total // 2, seeded.randrange(total + 1)}:
        stopped = Applications(limit)
        left = run_up_to(name, module, stopped)
        assert len(stopped.done) == min(limit, total)
        assert [str(a) for a in stopped.done] == [str(a) for a in whole.done[:limit]]
        try:
            got = run(left, stage, twice)
        except FleetError as error:
            raise AssertionError(f"{name} stopped after {limit} of {total}") from error
        assert agrees(got, expected), (limit, total, got.output, expected.output)
