"""Programs about element-wise functions, their errors, and printing: as CPython has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from every_executor import by_cpython, run_on

PROGRAMS = sorted((Path(__file__).parent / "ufunc_programs").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_executors_print_what_cpython_prints(program: Path) -> None:
    expected, _, status = by_cpython(program, [])
    for executor in ("ast", "emu"):
        got, _, ended = run_on(executor, program, [])
        assert (got, ended) == (expected, status), executor
