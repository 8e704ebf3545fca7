"""Random subscripts, ufuncs and their methods and options, as `tests.fuzz.arrays` makes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.arrays import FAMILIES, compare, random_cases


@pytest.mark.parametrize("family", FAMILIES)
def test_over_numpy(family: str, tmp_path: Path) -> None:
    assert list(compare(random_cases(11, 60, family), "ast", tmp_path)) == []


@pytest.mark.parametrize(("family", "seed"), [("subscripts", 41), ("ufuncs", 42), ("methods", 43),
                                              ("totals", 44), ("overlapping", 45),
                                              ("functions", 46), ("aliases", 47)])  # fmt: skip
def test_in_the_emulator(family: str, seed: int, tmp_path: Path) -> None:
    found = compare(random_cases(seed, 12, family), "emu", tmp_path)
    assert [case for case in found if case[0] != "refused"] == []
