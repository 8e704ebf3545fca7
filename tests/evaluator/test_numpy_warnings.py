"""NumPy's warnings about known values stand where CPython shows them, and as often."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCALARS = """
import numpy as np
x = np.float64(0)
for i in range(3):
    y = np.float64(1) / x
    z = np.float64(1) / x
print(y, z)
def f(v):
    return v - v
print(np.int32(2**31 - 1) + np.int32(1), f(np.float64("inf")))
"""
ARRAYS = f"{SCALARS}print(np.array([1.0, 0.0]) / 0, np.log(np.array([0.0])))\n"


def _run(*command: str) -> tuple[str, str]:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


@pytest.mark.parametrize(("executor", "source"), [("ast", ARRAYS), ("ir", SCALARS)])
def test_a_warning_has_the_programs_place(executor: str, source: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    assert _run("-m", "fleet", "run", "--on", executor, str(path)) == _run(str(path))


def test_a_program_whose_warnings_are_ignored_shows_none(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(ARRAYS, encoding="utf-8")
    command = ("-W", "ignore", "-m", "fleet", "run", "--on", "ast", str(path))
    assert _run(*command)[1] == ""
