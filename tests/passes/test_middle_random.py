"""The stages from numpy to kernels against each other, on seeded random programs of all dtypes."""

from __future__ import annotations

import numpy as np
import pytest
from pipeline_stages import STAGES_TO_KERNELS
from random_programs import ALL, Maker, check_stages, compare, mlir_opt, run, runnable

from fleet.ir.rewriting.passes import PassManager


@pytest.mark.parametrize("seed", range(110))
def test_every_stage_computes_what_the_program_does(seed: int) -> None:
    check_stages(runnable(1000 + seed, ALL[seed % len(ALL)]))


@pytest.mark.parametrize("seed", range(22))
def test_loops_compute_what_the_kernels_do(seed: int) -> None:
    program = runnable(2000 + seed, ALL[seed % len(ALL)], steps=6)
    for _, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(program.module)
    expected = run(program.module, program.arguments)
    PassManager(["linalg-to-loop"]).run(program.module)
    for number, pair in enumerate(
        zip(expected, run(program.module, program.arguments), strict=True)
    ):
        compare(*pair, f"result {number}")


@pytest.mark.parametrize("seed", range(11))
def test_mlir_accepts_every_stage(seed: int, tool) -> None:  # noqa: ANN001
    path = tool("mlir-opt-19", "mlir-opt")
    module = Maker(3000 + seed, ALL[seed % len(ALL)], steps=20).program().module
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
        mlir_opt(path, module, unregistered=name in ("outlined", "shapes"))


def test_random_programs_cover_dynamic_shapes() -> None:
    shapes = [v.type.shape for v in Maker(0, np.float32).program().module.body.first.body.arguments]
    assert any(None in shape for shape in shapes)
