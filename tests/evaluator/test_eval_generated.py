"""Random NumPy programs do the same by CPython, by the evaluator over NumPy, and as IR."""

from __future__ import annotations

from pathlib import Path

import pytest
from generate import Generator
from three_ways import assert_equal_outcomes


@pytest.mark.parametrize("seed", range(60))
def test_a_random_program_does_the_same_three_ways(seed: int, tmp_path: Path) -> None:
    n = seed % 4 + 1
    path = tmp_path / "program.py"
    path.write_text(Generator(seed).program(n), encoding="utf-8")
    assert_equal_outcomes(path, [str(n)])
