"""The schedule as `vm` operations, and kernels as instructions, do what CPython with NumPy does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fleet.executors import run_stages
from fleet.judges.outcomes import Runs, agrees
from fleet.stages import BUFFERISED, until

PROGRAMS = sorted((Path(__file__).parents[1] / "end_to_end" / "programs").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_the_last_stages_run_as_they_are(program: Path) -> None:
    arguments = program.read_text().splitlines()[0].removeprefix("# args:").split()
    command = [sys.executable, str(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    runs = Runs([str(program), *arguments], sys.stdin)
    for stage in BUFFERISED:
        got = runs.accepted(lambda host, stage=stage: run_stages(host, until(stage)))
        error = done.stderr.strip().rpartition("\n")[2]
        expected = type(got)(done.stdout, done.returncode, error)
        assert agrees(got, expected), (stage, got, expected)
