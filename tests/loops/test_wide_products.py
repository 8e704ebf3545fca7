"""Upper halves of products, written in quarters as programs do, are one instruction each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fleet.dialects.loop.arithmetic import wide_product
from fleet.driver import lower
from fleet.stages import until
from tests.compiled_once import CompiledOnce
from tests.evaluator.three_ways import by_cpython

PROGRAM = """
import sys
import numpy as np
n = int(sys.argv[1])
a = (np.arange(n) + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
b = a ^ np.uint64(0xDEADBEEF12345678)
half = np.uint64(0xFFFFFFFF)
s = np.uint64(32)
high = np.zeros(n, dtype=np.uint64)
for i in range(n):
    a1, a0, b1, b0 = a[i] >> s, a[i] & half, b[i] >> s, b[i] & half
    middle = a1 * b0 + (a0 * b0 >> s)
    other = (middle & half) + b1 * a0
    high[i] = (other >> s) + (a1 * b1 + (middle >> s))
almost = np.zeros(n, dtype=np.uint64)
for i in range(n):
    a1, a0, b1, b0 = a[i] >> s, a[i] & half, b[i] >> s, b[i] & half
    middle = a1 * b0 + (a0 * b1 >> s)
    other = (middle & half) + b1 * a0
    almost[i] = (other >> s) + (a1 * b1 + (middle >> s))
print(high, almost)
"""


def test_every_executor_has_the_same(tmp_path: Path) -> None:
    path = tmp_path / "product.py"
    path.write_text(PROGRAM)
    compiled = CompiledOnce(path)
    for executor in ("ir", "vm", "emu"):
        assert compiled.run(executor, ["37"])[0] == by_cpython(path, ["37"])[0]


def test_only_products_are(tmp_path: Path) -> None:
    path = tmp_path / "product.py"
    path.write_text(PROGRAM)
    module = lower(str(path), until("loops"))
    assert [op.name for op in module.walk()].count("arith.mului_extended") == 1


@pytest.mark.parametrize("signed", [True, False])
def test_halves_of_arrays_are_those_of_numbers(signed: bool) -> None:
    rng = np.random.default_rng(7)
    ends = [-(2**63), -1, 0, 1, 2**63 - 1]
    a = np.concatenate([rng.integers(-(2**63), 2**63 - 1, 200), np.tile(ends, 5)])
    b = np.concatenate([rng.integers(-(2**63), 2**63 - 1, 200), np.repeat(ends, 5)])
    with np.errstate(over="ignore"):
        low, high = wide_product(a, b, signed)
    for x, y, *halves in zip(a, b, low, high, strict=True):
        factors = [int(v) if signed else int(v) % 2**64 for v in (x, y)]
        product = factors[0] * factors[1]
        assert int(halves[0]) % 2**64 == product % 2**64
        assert int(halves[1]) % 2**64 == (product >> 64) % 2**64
        assert halves == list(wide_product(x, y, signed))
