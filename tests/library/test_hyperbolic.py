"""`math.tanh` of a run-time float is that of GNU's C library, which is made of `expm1`."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from tests.compiled_once import CompiledOnce

PROGRAM = """
import math
import sys
for word in sys.argv[1:]:
    print(math.tanh(float(word)).hex())
"""


def by_expm1(x: float) -> float:
    if math.isnan(x) or abs(x) >= 22:
        return math.copysign(1.0, x) if x == x else x
    t = math.expm1(2 * abs(x) if abs(x) >= 1 else -2 * abs(x))
    return math.copysign(1 - 2 / (t + 2) if abs(x) >= 1 else -t / (t + 2), x)


def test_tanh_has_the_bits_of_the_c_library(tmp_path: Path) -> None:
    path = tmp_path / "tangents.py"
    path.write_text(PROGRAM)
    compiled = CompiledOnce(path)
    values = [*np.random.default_rng(3).normal(0, 3, 300).tolist(), 0.0, -0.0, 1.0, 22.0, 1e-300,
              math.inf, -math.inf, math.nan]  # fmt: skip
    expected = "".join(f"{by_expm1(x).hex()}\n" for x in values)
    words = [repr(x) for x in values]
    for executor in ("vm", "emu"):
        assert compiled.run(executor, words)[0] == expected
