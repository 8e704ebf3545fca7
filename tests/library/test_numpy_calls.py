"""Random calls of NumPy's functions give what NumPy gives, dtype, shape and words included.

A few of each kind; `python -m tests.library.numpy_calls` goes through as many as one likes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from numpy_calls.judging import agree, by_fleet, by_numpy, case
from numpy_calls.templates import TEMPLATES


@pytest.mark.parametrize("start", range(5))
def test_shapes_dtypes_options_and_words(start: int, tmp_path: Path) -> None:
    judge("ast", range(92_000 + start * 150, 92_060 + start * 150), 0.0, tmp_path)


@pytest.mark.parametrize("start", range(4))
def test_lengths_of_run_time(start: int, tmp_path: Path) -> None:
    judge("ir", range(60_005 + start * 97, 60_020 + start * 97), 0.5, tmp_path)


def test_on_the_emulator(tmp_path: Path) -> None:
    judge("emu", range(70_000, 70_000 + len(TEMPLATES), len(TEMPLATES) // 4), 0.5, tmp_path)


def judge(on: str, seeds: range, run_time: float, folder: Path) -> None:
    for seed in seeds:
        one = case(seed, run_time)
        wanted = by_numpy(one.program)
        got = by_fleet(one.program, folder / "program.py", on)
        assert agree(wanted, got), f"seed {seed}: {one.calls}\n{wanted}\n{got}"
