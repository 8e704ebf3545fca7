"""The schedule as `vm` operations, and kernels as instructions, do what CPython with NumPy does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fleet.driver import run_stages
from fleet.executors import run_module
from fleet.frontend import build_ir
from fleet.judges.outcomes import Outcome, Runs, agrees
from fleet.stages import BUFFERISED, after, until

PROGRAMS = sorted((Path(__file__).parents[1] / "end_to_end" / "programs").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_the_last_stages_run_as_they_are(program: Path) -> None:
    arguments = program.read_text().splitlines()[0].removeprefix("# args:").split()
    command = [sys.executable, str(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    expected = Outcome(done.stdout, done.returncode, done.stderr.strip().rpartition("\n")[2])
    runs = Runs([str(program), *arguments], sys.stdin)
    module = build_ir(program)
    reached = ()
    for stage in BUFFERISED:
        run_stages(module, after(reached[-1].name, until(stage)) if reached else until(stage))
        reached = until(stage)
        got = runs.accepted(lambda host, stage=stage: run_module(module, stage, host))
        assert agrees(got, expected), (stage, got, expected)
