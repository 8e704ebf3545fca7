"""Draws whose state is known at run time only: loops, branches and their rests, as in CPython."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from every_executor import Outcome, Program, by_cpython

CONTEXTS = """
import sys
import numpy as np
n = int(sys.argv[1])
rng = {make}
for i in range(n):
    x = {draw}
    print(x)
if n > 2:
    print({draw})
print({draw})
k = 0
while k < n:
    k += 1
    if k % 2:
        print(k, {draw})
print({draw})
"""
MODERN = [
    "rng.random()",
    "rng.random(3)",
    "rng.random(n)",
    "rng.random((2, n))",
    "rng.random(dtype=np.float32)",
    "rng.uniform(-1, n)",
    "rng.normal()",
    "rng.normal(n, 0.5, 3)",
    "rng.standard_normal((n, 2))",
    "rng.integers(10)",
    "rng.integers(0, n + 5, 4)",
    "rng.integers(-5, 2**40, 2)",
    "rng.integers(0, 200, 5, dtype=np.uint8)",
    "rng.choice(5)",
    "rng.choice([2.5, 3.5, 4.5], n)",
    "rng.choice(10, 4, replace=False)",
    "rng.choice(4, 3, p=[0.1, 0.2, 0.3, 0.4])",
    "rng.permutation(6)",
    "rng.permutation(np.arange(6.0).reshape(3, 2))",
]
LEGACY = [
    "rng.random_sample()",
    "rng.rand(3)",
    "rng.rand(n)",
    "rng.uniform(n, 7.5, 2)",
    "rng.randn()",
    "rng.normal(n, 2.0, 3)",
    "rng.randint(10)",
    "rng.randint(0, n + 5, 4)",
    "rng.randint(2**40)",
    "rng.choice(5)",
    "rng.choice([2.5, 3.5, 4.5], 2, replace=False)",
    "rng.choice(4, p=[0.1, 0.2, 0.3, 0.4])",
    "rng.permutation(6)",
]
FUNCTIONS = ["rng.rand()", "rng.randn()", "rng.randint(3, 9)", "rng.random(2)", "rng.choice(7)"]
CASES = [
    *(("np.random.default_rng(5)", draw) for draw in MODERN),
    *(("np.random.RandomState(5)", draw) for draw in LEGACY),
    *(("(np.random.seed(5), np.random)[1]", draw) for draw in FUNCTIONS),
]
RUNS = (["0"], ["1"], ["4"])
NUMBER = re.compile(r"-?\d+\.\d*(?:e[+-]\d+)?")


def assert_agrees(got: Outcome, expected: Outcome, close: bool) -> None:
    """The same; if `close`, the last digits of floats aside."""
    if not close:
        assert got == expected
        return
    assert NUMBER.sub("#", got[0]).split() == NUMBER.sub("#", expected[0]).split()
    for ours, theirs in zip(NUMBER.findall(got[0]), NUMBER.findall(expected[0]), strict=True):
        assert math.isclose(float(ours), float(theirs), rel_tol=1e-7)
    assert got[1:] == expected[1:]


def assert_agrees_on(executor: str, source: str, tmp_path: Path, runs: tuple = RUNS) -> None:
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    program = Program(executor, path)
    for arguments in runs:
        close = "norm" in source or "randn" in source
        assert_agrees(program.run(arguments), by_cpython(path, arguments), close)


@pytest.mark.parametrize(("make", "draw"), CASES)
@pytest.mark.parametrize("executor", ["ast", "ir", "vm"])
def test_draws(executor: str, make: str, draw: str, tmp_path: Path) -> None:
    assert_agrees_on(executor, CONTEXTS.format(make=make, draw=draw), tmp_path)
