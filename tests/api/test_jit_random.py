"""jit: random functions give what the plain ones give, and write what they write."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fleet
from tests.api.comparison import random_array, same_call
from tests.api.random_functions import random_function

PER_TEST = 4


def loaded(text: str, path: Path) -> Any:
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.function


@pytest.mark.parametrize("batch", range(10))
def test_a_random_function_is_what_it_is_in_python(batch: int, tmp_path: Path) -> None:
    rejected = 0
    for seed in range(batch * PER_TEST, (batch + 1) * PER_TEST):
        text = random_function(seed)
        function = loaded(text, tmp_path / f"function_{seed}.py")
        rng = np.random.default_rng(seed)
        dtype = str(rng.choice(["float64", "int64"]))
        layout = str(rng.choice(list("CFSR")))
        compiled = fleet.jit(function)
        for rows, columns in ((4, 3), (6, 5)):
            a = random_array(rng, dtype, (rows, columns), layout)
            b = random_array(rng, "float64", (rows,))
            try:
                same_call(compiled, a, b, int(rng.integers(0, 4)), float(rng.normal()))
            except fleet.FleetError:
                rejected += 1
            except AssertionError as error:
                raise AssertionError(f"{error}\n{seed} {dtype} {layout}\n{text}") from None
    assert rejected <= PER_TEST * 3 // 2  # of twice as many calls
