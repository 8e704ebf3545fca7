"""The contract on small programs: every executor prints what CPython prints.

A program's first line gives its arguments. Floats may differ in their last digits (another order of
summation, another exp): numbers are compared within 1e-5, everything else to the letter.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
NUMBER = re.compile(r"-?\d+\.\d*(?:e[+-]?\d+)?|-?\d+e[+-]?\d+")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=ROOT)


def assert_same_text(got: str, expected: str) -> None:
    """Equal but for the last digits of floats and the blanks that pad them."""
    assert NUMBER.sub("#", got).split() == NUMBER.sub("#", expected).split()
    for ours, theirs in zip(NUMBER.findall(got), NUMBER.findall(expected), strict=True):
        assert float(ours) == pytest.approx(float(theirs), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("executor", ["ast", "ir", "vm", "emu"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_prints_what_cpython_prints(program: Path, executor: str) -> None:
    arguments = program.read_text().splitlines()[0].removeprefix("# args:").split()
    expected = run(str(program), *arguments)
    got = run("-m", "fleet", "run", "--on", executor, str(program), *arguments)
    assert got.returncode == expected.returncode, got.stderr
    assert_same_text(got.stdout, expected.stdout)
    assert got.stderr.splitlines()[-1:] == expected.stderr.splitlines()[-1:]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_both_executors_of_vector_instructions_print_the_same(
    program: Path, tmp_path: Path
) -> None:
    arguments = program.read_text().splitlines()[0].removeprefix("# args:").split()
    elf = str(tmp_path / "program.elf")
    assert run("-m", "fleet", "build", str(program), "-o", elf).returncode == 0
    outcomes = []
    for executor in ("native", "reference"):
        got = run("-m", "fleet", "emu", "--executor", executor, "--vlen", "512", elf, *arguments)
        outcomes.append((got.returncode, got.stdout, got.stderr))
    assert outcomes[0] == outcomes[1]
