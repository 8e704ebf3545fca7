"""Masks, sorting, sets, counts: each program prints what CPython prints, built once for all sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from every_executor import Program, by_cpython

PROGRAMS = {
    "masks.py": (["5", "2"], ["3", "-1"], ["4", "-3"]),
    "ordering.py": (["7"], ["1"], ["30"]),
}
FOLDER = Path(__file__).parent / "array_programs"


@pytest.mark.parametrize("executor", ["ast", "emu"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_it_prints_what_cpython_prints(name: str, executor: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes((FOLDER / name).read_bytes())
    program = Program(executor, path)
    for arguments in PROGRAMS[name]:
        assert program.run(arguments) == by_cpython(path, arguments)
