"""Random control flow over run-time values does the same by CPython and as IR, or is rejected."""

from __future__ import annotations

from pathlib import Path

import pytest
from generate_control import ControlGenerator
from three_ways import by_ast, by_cpython, by_ir

from fleet.diagnostics import FleetError

REJECTED = "may or may not be the one that another name has"
"""The generator writes to lists and arrays that may have an alias since a run-time branch."""


@pytest.mark.parametrize("seed", range(70))
def test_random_control_flow_does_the_same(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(ControlGenerator(seed).program(), encoding="utf-8")
    for n in ("3", "0"):
        expected = by_cpython(path, [n])
        assert by_ast(path, [n]) == expected
        try:
            found = by_ir(path, [n])
        except FleetError as error:
            assert REJECTED in error.message, error
            return
        assert found == expected
