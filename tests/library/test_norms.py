"""`math.hypot` and `math.dist` have CPython's bits, in kernels and in the schedule."""

from __future__ import annotations

from pathlib import Path

from tests.compiled_once import CompiledOnce
from tests.evaluator.three_ways import by_cpython

PROGRAM = """
import math
import sys
import numpy as np
n = int(sys.argv[1])
bits = np.arange(3 * n).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
shift = (np.arange(3 * n) % 4).astype(np.uint64) * (np.arange(3 * n) % 17).astype(np.uint64)
any_bits = bits.view(np.float64)
any_bits[:9] = 0.0, -0.0, 0.0, math.inf, math.nan, -math.inf, 0.0, math.nan, 1.0
subnormal = (bits >> np.uint64(10) >> shift).view(np.float64)
near = (bits >> np.uint64(12) | np.uint64(1023 << 52)).view(np.float64) - 1.0
near_zero = near * 2.0**-1022
large = near * 2.0**1023 * 2.0
for x in (any_bits, subnormal, near, near_zero, large):
    made = np.zeros((n, 3))
    for i in range(n):
        a, b, c = float(x[3 * i]), float(x[3 * i + 1]), float(x[3 * i + 2])
        made[i, 0] = math.hypot(a, b)
        made[i, 1] = math.hypot(a, b, c)
        made[i, 2] = math.dist((a, b), [c, 1])
    print([value.hex() for row in made.tolist() for value in row])
for i in range(3, n):
    print(math.hypot(near[3 * i], 2.2).hex())
print(math.hypot(-n), math.hypot(n, True), math.hypot(np.float32(near[1]), n), math.dist([n], [9]))
try:
    print(math.hypot(n, "4"))
except TypeError as error:
    print(error)
"""


def test_norms_have_the_bits_of_cpython(tmp_path: Path) -> None:
    path = tmp_path / "norms.py"
    path.write_text(PROGRAM)
    compiled = CompiledOnce(path)
    expected = by_cpython(path, ["200"])[0]
    assert len(set(expected.split())) > 2000
    for executor in ("vm", "emu"):
        assert compiled.run(executor, ["200"])[0] == expected
