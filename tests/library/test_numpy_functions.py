"""Functions of NumPy's that are Python in the prelude print what NumPy's own print."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from every_executor import by_cpython, run_on

PROGRAMS = sorted((Path(__file__).parent / "numpy_programs").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_a_program_prints_the_same(program: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(program, tmp_path))
    wanted, _, status = by_cpython(path, [])
    assert status == 0
    for executor in ("ast", "emu"):
        text, errors, status = run_on(executor, path, [])
        assert (text, status) == (wanted, 0), errors
