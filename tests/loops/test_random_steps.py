"""Loops around whole arrays are one kernel each, and print and raise what they do in CPython."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from random_loops import Outcome, run_cpython
from random_steps import Steps

from fleet.driver import bytecode_of, lower
from fleet.host import Host
from fleet.passes.kernels.formation.report import report
from fleet.stages import until
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine, Statistics
from tests.compiled_once import CompiledOnce

EXAMPLES = [
    Path(__file__).parent / f"{name}.py"
    for name in ("whole_arrays", "caught_errors", "recursions")
]
DEEP = """
import sys
def depth(k):
    return 0 if k == 0 else 1 + depth(k - 1)
print(depth(int(sys.argv[1])))
"""


def fleet(compiled: CompiledOnce, executor: str, argument: str) -> Outcome:
    """What a run printed, and the last line of the error that ended it."""
    printed, complained, status = compiled.run(executor, [argument])
    return Outcome(printed, complained.strip().splitlines()[-1] if status else None)


def cpython(path: Path, argument: str) -> Outcome:
    outcome = run_cpython(path, argument)
    error = outcome.error and f"{outcome.error[0]}: {outcome.error[1]}"
    return Outcome(outcome.printed, error)


@pytest.mark.parametrize("seed", [0, 2, 3, 6, 7, 403])
def test_what_it_prints(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "steps.py"
    path.write_text(Steps(seed, failing=seed % 3 == 0).program())
    compiled = CompiledOnce(path)
    for executor in ("ir", "vm", "emu"):
        for argument in ("6", "1"):
            expected = cpython(path, argument)
            assert fleet(compiled, executor, argument) == expected, path.read_text()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_on_all_executors(path: Path) -> None:
    compiled = CompiledOnce(path)
    for executor in ("ast", "ir", "vm", "emu"):
        assert fleet(compiled, executor, "6") == cpython(path, "6")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_launch_and_no_step_an_iteration(path: Path) -> None:
    module, bytecode, arrays = bytecode_of(str(path))

    def run(count: int) -> Statistics:
        device = LoopDevice(module)
        bytecode.link(device.addresses(arrays))
        machine = Machine(bytecode, device, Host([str(path), str(count)]))
        machine.run()
        return machine.statistics

    few, many = run(5), run(25)
    assert few.launches == many.launches
    assert few.instructions == many.instructions


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_all_of_them_are_kernels(path: Path) -> None:
    lines = report(lower(str(path), until("fused")))
    assert [str(line) for line in lines if line.reason is not None] == []
    assert len(lines) > 5


def test_a_recursion_gets_as_deep_as_in_cpython(tmp_path: Path) -> None:
    path = tmp_path / "deep.py"
    path.write_text(DEEP)
    compiled = CompiledOnce(path)
    for executor in ("ir", "vm", "emu"):
        for argument in ("900", "1100"):
            run = subprocess.run(
                [sys.executable, str(path), argument], capture_output=True, text=True, check=False
            )
            found = fleet(compiled, executor, argument)
            assert found.printed == run.stdout
            assert ("RecursionError" in run.stderr) == ("RecursionError" in (found.error or ""))
    assert run.returncode
