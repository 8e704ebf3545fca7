"""Loops inside a strip that end for each element by itself print and raise what they do in CPython,
at every VLEN, however many of the strip have left."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_loops import run_cpython, run_fleet
from random_whiles import Whiles
from test_random_strips import run_emulated

from fleet.driver import build, report_loops


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_at_every_length_of_vectors(seed: int, tmp_path: Path) -> None:
    path, elf = tmp_path / "whiles.py", str(tmp_path / "whiles.elf")
    path.write_text(Whiles(seed).program())
    build(str(path), elf)
    for size, lengths in (("1", (128,)), ("6", (1024,)), ("45", (128, 256, 1024))):
        expected = run_cpython(path, size)
        for vlen in lengths:
            got = run_emulated(elf, size, vlen)
            assert got.is_too_large or got == expected, (size, vlen, path.read_text())
    if seed % 4 == 0:
        for executor in ("ast", "vm"):
            got = run_fleet(executor, path, "45")
            assert got.is_too_large or got == expected, (executor, path.read_text())


def test_most_of_them_run_in_vectors(tmp_path: Path) -> None:
    path = tmp_path / "whiles.py"
    lines = []
    for seed in range(2):
        path.write_text(Whiles(seed).program())
        lines += [line for text in report_loops(str(path)) for line in text.splitlines()]
    strips = sum(" in vectors;" in line and "none" not in line for line in lines)
    assert 2 * strips > sum("one kernel, none in vectors" in line for line in lines)
