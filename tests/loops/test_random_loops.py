"""Loops over numbers and elements print, and raise, everywhere what they do in CPython."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_loops import Maker, Nests, Outcome, Recurrences, run_cpython, run_fleet

from fleet.driver import lower
from fleet.stages import until


def check(path: Path, text: str, *executors: str, stage: str = "numpy") -> Outcome:
    path.write_text(text)
    expected = run_cpython(path, "6")
    for executor in executors:
        got = run_fleet(executor, path, "6", stage=stage)
        if not got.is_too_large:
            assert got == expected, f"{executor}:\n{text}"
    return expected


@pytest.mark.parametrize("seed", range(16))
def test_what_does_not_fail(seed: int, tmp_path: Path) -> None:
    assert check(tmp_path / "loops.py", Maker(seed).program(), "vm").error is None


@pytest.mark.parametrize("seed", range(16, 24))
def test_what_may_fail(seed: int, tmp_path: Path) -> None:
    check(tmp_path / "loops.py", Maker(seed, failing=True).program(), "vm")


@pytest.mark.parametrize("seed", range(24, 30))
def test_in_the_emulator(seed: int, tmp_path: Path) -> None:
    check(tmp_path / "loops.py", Maker(seed, failing=seed % 2 == 0).program(), "emu")


@pytest.mark.parametrize("seed", range(8))
def test_what_may_run_in_vectors(seed: int, tmp_path: Path) -> None:
    executors = ("vm", "emu") if seed % 4 == 0 else ("vm",)
    assert check(tmp_path / "loops.py", Nests(seed).program(), *executors).error is None


@pytest.mark.parametrize("seed", range(6))
def test_what_the_next_iteration_reads(seed: int, tmp_path: Path) -> None:
    executors = ("vm", "emu") if seed % 3 == 0 else ("vm",)
    check(tmp_path / "loops.py", Recurrences(seed, failing=seed > 3).program(), *executors)


@pytest.mark.parametrize("stage", ["kernels", "loops", "vm"])
@pytest.mark.parametrize("seed", range(30, 33))
def test_after_a_stage(seed: int, stage: str, tmp_path: Path) -> None:
    check(tmp_path / "loops.py", Maker(seed, failing=True).program(), "ir", stage=stage)


def test_nearly_all_of_them_are_kernels(tmp_path: Path) -> None:
    left = made = 0
    for seed in range(12):
        path = tmp_path / "loops.py"
        path.write_text(Maker(seed).program())
        module = lower(str(path), until("kernels"))
        for function in module.body:
            loops = [op for op in function.walk() if op.name in ("scf.for", "scf.while")]
            if function.get("kernel"):
                made += bool(loops)
            else:
                left += len(loops)
    assert made > 3 * left
