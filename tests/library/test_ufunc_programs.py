"""Element-wise functions, their errors, records and printing, as CPython runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from every_executor import by_cpython, run_on

PROGRAMS = sorted((Path(__file__).parent / "ufunc_programs").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_executors_print_what_cpython_prints(program: Path, tmp_path: Path) -> None:
    path = tmp_path / program.name
    path.write_bytes(program.read_bytes())
    expected, _, status = by_cpython(path, [])
    for executor in ("ast", "emu"):
        got, _, ended = run_on(executor, path, [])
        assert (got, ended) == (expected, status), executor
