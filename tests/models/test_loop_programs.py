"""The programs of models/ that are written as loops: everywhere what CPython prints, as kernels."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.driver import build
from fleet.limits import Limits
from tests.compiled_once import CompiledOnce
from tests.evaluator.three_ways import by_cpython
from tests.work import launches

MODELS = Path(__file__).parents[2] / "models"

ARGUMENTS = {
    "fft": "64",
    "kalman": "20",
    "kmeans": "40",
    "lenet": "",
    "lu": "9",
    "mandelbrot": "24",
    "nbody": "5",
    "needleman_wunsch": "GATTACA GCATGCU",
    "sieve": "1000",
    "stencil": "8",
}
"""Program -> small arguments."""

GROWING = {"mandelbrot": ("16", "48"), "nbody": ("2", "30"), "sieve": ("100", "3000")}
"""Programs all of whose loops are kernels -> two sizes."""


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_a_program_prints_what_cpython_prints(name: str) -> None:
    path, arguments = MODELS / f"{name}.py", ARGUMENTS[name].split()
    expected = by_cpython(path, arguments, "")
    assert expected[2] == 0
    program = CompiledOnce(path, Limits())
    for executor in ("vm", "emu"):
        assert program.run(executor, arguments) == expected, executor


@pytest.mark.parametrize("name", sorted(GROWING))
def test_launches_do_not_grow_with_the_size(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    elf = str(tmp_path / "out.elf")
    build(str(MODELS / f"{name}.py"), elf)
    counts = [launches(elf, [size], capfd)[0] for size in GROWING[name]]
    assert 0 < counts[0] == counts[1] < 40
