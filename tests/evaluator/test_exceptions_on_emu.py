"""What travels, recurses or is matched at run time does so in the executable as well."""

from __future__ import annotations

from pathlib import Path

import pytest
from program_table import PROGRAMS
from three_ways import by_cpython, by_emu

NAMES = (
    "What may raise is followed by more that may", "A loop inside try is left by an exception",
    "An index array that leads outside", "A context manager swallows under a run-time condition",
    "Quicksort in place", "A recursion catches its own exceptions", "Mutual recursion",
    "A command line is matched", "Tokens and recursive descent",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_executable_does_what_cpython_does(name: str, tmp_path: Path) -> None:
    source, runs = PROGRAMS[name]
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    for arguments in runs[:3]:
        assert by_emu(path, arguments) == by_cpython(path, arguments)
