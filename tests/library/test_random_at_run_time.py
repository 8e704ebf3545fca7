"""Draws whose state is known at run time only: loops, branches and their rests, as in CPython."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from every_executor import Outcome, Program, by_cpython

from fleet.diagnostics import FleetError
from fleet.frontend import build_ir

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
    "rng.integers(0, 1000, 5)",
    "rng.integers(6, size=n)",
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
@pytest.mark.parametrize("executor", ["ast", "vm"])
def test_draws(executor: str, make: str, draw: str, tmp_path: Path) -> None:
    assert_agrees_on(executor, CONTEXTS.format(make=make, draw=draw), tmp_path)


SEEDS = """
import sys
import numpy as np
n = int(sys.argv[1])
rng = np.random.default_rng(n)
print(rng.random(), rng.integers(0, 100, 5), rng.standard_normal())
np.random.seed(n)
print(np.random.rand(), np.random.randn())
print(np.random.RandomState(n + 2**31).randint(0, 100, 5))
for seed in range(n):
    print(seed, np.random.default_rng(2**40 + seed).random(2))
    np.random.seed(seed)
    print(np.random.randint(1000))
print(np.random.rand())
"""
BRANCHES = """
import sys
import numpy as np
n = int(sys.argv[1])
np.random.seed(0)
if n > 1:
    a = np.random.randn()
print(np.random.rand(), np.random.randn())
if n > 3:
    np.random.seed(4)
elif n:
    np.random.seed(n)
print(np.random.rand())
"""
OBJECTS = """
import sys
import numpy as np
n = int(sys.argv[1])
class Die:
    def __init__(self, seed):
        self.rng = np.random.Generator(np.random.PCG64(seed))
    def roll(self):
        return int(self.rng.integers(1, 7))
dice = [Die(i) for i in range(3)]
total = 0
while total < 10 * n:
    for die in dice:
        total += die.roll()
print(total, [die.roll() for die in dice], isinstance(dice[0].rng, np.random.Generator))
def walk(rng):
    at = 0
    for _ in range(n):
        at += int(rng.choice([-1, 1]))
    return at
print(walk(dice[0].rng), walk(np.random.default_rng(dice[1].rng)))
"""
SHUFFLES = """
import sys
import numpy as np
n = int(sys.argv[1])
rng = np.random.default_rng(1)
np.random.seed(1)
x, items, table = np.arange(10), [1, 2, 3, 4], np.arange(6.0).reshape(3, 2)
words = ["a", "b", "c"]
rng.shuffle(words)
np.random.shuffle(table)
print(words, table)
for i in range(n):
    rng.shuffle(x)
    rng.shuffle(x[2:5])
    rng.shuffle(table, axis=1)
    np.random.shuffle(items)
    print(x, items, table)
print(rng.permuted(table), np.random.permutation(items))
"""
KNOWN_LOOP = """
import numpy as np
np.random.seed(0)
rng = np.random.default_rng(0)
s = t = 0.0
for i in range(300):
    s += np.random.rand()
    t += rng.random()
print(s, t)
"""


@pytest.mark.parametrize("source", [SEEDS, BRANCHES, OBJECTS, SHUFFLES, KNOWN_LOOP])
@pytest.mark.parametrize("executor", ["ast", "ir", "vm", "emu"])
def test_programs(executor: str, source: str, tmp_path: Path) -> None:
    assert_agrees_on(executor, source, tmp_path, (["0"], ["1"], ["2"], ["5"]))


DISTRIBUTIONS = """
import sys
import numpy as np
n = int(sys.argv[1])
for rng in (np.random.default_rng(n), np.random.RandomState(n)):
    print(rng.exponential(2.0), rng.exponential(n, 5), rng.poisson(3.0, n), rng.poisson(30.0 * n))
    print(rng.gamma(n / 2.0, 2.0), rng.beta(2.0, n, 3), rng.lognormal(), rng.laplace(size=n))
    print(rng.triangular(0.0, 1.0, 4.0), rng.rayleigh(2.0), rng.chisquare(n))
total = 0.0
rng = np.random.default_rng(n)
for i in range(50 * n):
    total += rng.exponential(3.0)
print(total, rng.geometric(0.25, 4))
print(rng.binomial(10, 0.5, n), rng.binomial(40 * n, 0.5, 4))
"""


@pytest.mark.parametrize("executor", ["ast", "emu"])
def test_distributions_of_parameters_and_sizes_known_at_run_time_only(
    executor: str, tmp_path: Path
) -> None:
    assert_agrees_on(executor, DISTRIBUTIONS, tmp_path, (["1"], ["3"]))


VECTORS = """
import sys
import numpy as np
n = int(sys.argv[1])
for rng in (np.random.default_rng(n), np.random.RandomState(n)):
    print(rng.multinomial(20 * n, [0.2, 0.3, 0.5]), rng.hypergeometric(60, 40 * n, 30, n))
    print(rng.dirichlet(np.ones(n) * 2.0, 2))
rng = np.random.default_rng(n)
print(rng.multivariate_normal([0.0, n], [[2.0, 0.3], [0.3, n]], 2, method="cholesky"))
for i in range(1, n):
    print(rng.hypergeometric(i, i, i))
if n > 2:
    print(rng.multinomial(n, [0.5 * n, 0.8]))
"""


def test_vectors_of_parameters_and_sizes_known_at_run_time_only(tmp_path: Path) -> None:
    assert_agrees_on("ir", VECTORS, tmp_path, (["1"], ["3"]))


BLOCKS = """
import sys
import numpy as np
n = int(sys.argv[1])
rng = np.random.default_rng(2)
np.random.seed(2)
rng.integers(3)
for i in range(min(n, 3)):
    a, b = rng.random(n), np.random.rand(n)
    print(a[:2], b[:2], a[n // 2 :][:2], b[n // 2 :][:2], a[-2:], b[-2:], a.size, b.size)
print(rng.random(), rng.integers(9), np.random.rand())
"""


@pytest.mark.parametrize("executor", ["ir", "emu"])
def test_arrays_of_any_length_come_in_blocks(executor: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(BLOCKS, encoding="utf-8")
    program = Program(executor, path)
    for count in (0, 1, 311, 312, 313, 1023, 1024, 1025, 2048):
        arguments = [str(count)]
        assert program.run(arguments) == by_cpython(path, arguments)


UNSEEDED = """
import sys
import numpy as np
n = int(sys.argv[1])
if n > 3:
    print(np.random.rand())
for i in range(n):
    print(np.random.rand())
print(np.random.rand(), np.random.default_rng().random(), np.random.RandomState().rand())
print(*np.random.Generator(np.random.PCG64()).random(2))
np.random.seed()
print(*np.random.rand(2))
"""


@pytest.mark.parametrize("executor", ["ast", "ir", "vm", "emu"])
def test_what_is_not_seeded_is_seeded_when_the_program_runs(executor: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(UNSEEDED, encoding="utf-8")
    program = Program(executor, path)
    one, other = (program.run(["5"])[0].split() for _ in range(2))
    assert len(one) == len(other) == 13
    assert all(0 <= float(number) < 1 for number in one + other)
    assert len({*one, *other}) == 26


ERRORS = {
    "rng.integers(5, 2)": "low >= high",
    "rng.integers(300, dtype=np.uint8)": "high is out of bounds for uint8",
    "rng.normal(0, -1)": "scale < 0",
    "rng.normal(0, -n)": "scale < 0",
    "rng.integers(n, n)": "low >= high",
    "rng.exponential(-n)": "scale < 0",
    "rng.beta(1.0, n - 3)": "b <= 0",
    "rng.poisson(-n)": "lam < 0 or lam is NaN",
    "rng.poisson(-np.arange(n))": "lam < 0 or lam contains NaNs",
    "rng.geometric(n)": "p <= 0, p > 1 or p contains NaNs",
    "rng.triangular(n, 1, 2)": "left > mode",
    "rng.choice(3, 4, replace=False)": "Cannot take a larger sample than population when "
    "replace is False",
    "rng.choice(3, p=[0.5, 0.6, 0.1])": "Probabilities do not sum to 1",
    "rng.random(-1)": "negative dimensions are not allowed",
    "rng.uniform(0, size='x')": None,
    "rng.dice(5)": "'numpy.random._generator.Generator' object has no attribute 'dice'",
    "np.random.default_rng(-n)": "expected non-negative integer",
    "np.random.seed(-n)": "Seed must be between 0 and 2**32 - 1",
    "np.random.seed(-1)": "Seed must be between 0 and 2**32 - 1",
}


@pytest.mark.parametrize("draw", ERRORS)
@pytest.mark.parametrize("executor", ["ast", "ir"])
def test_errors_are_numpys(executor: str, draw: str, tmp_path: Path) -> None:
    source = (
        "import sys\nimport numpy as np\nn = int(sys.argv[1])\nrng = np.random.default_rng(n)\n"
        f"print(rng.random() < 2)\nif n > 1:\n    print({draw})\n"
    )
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    program = Program(executor, path)
    assert program.run(["1"]) == ("True\n", "", 0)
    expected = by_cpython(path, ["3"])
    assert program.run(["3"]) == expected
    assert ERRORS[draw] is None or ERRORS[draw] in expected[1]


REJECTED = {
    "np.random.get_state()": "numpy.random.get_state is not supported",
    "np.random.set_state(1)": "numpy.random.set_state is not supported",
    "np.random.RandomState(1).get_state()": "RandomState.get_state is not supported",
    "rng.bit_generator": "Generator.bit_generator is not supported",
    "rng.spawn(2)": "Generator.spawn is not supported",
    "np.random.PCG64(1).state": "PCG64.state is not supported",
    "np.random.Philox(1)": "numpy.random.Philox is not supported",
    "np.random.Generator(5)": "takes np.random.PCG64(seed) only",
    "np.random.default_rng(n).bytes(3)": "bytes() of a random generator whose state",
    "np.random.default_rng([1, n])": "a seed that is known at run time only must be an int",
}


@pytest.mark.parametrize("draw", REJECTED)
def test_what_is_not_supported_says_so(draw: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        "import sys\nimport numpy as np\nn = int(sys.argv[1])\nrng = np.random.default_rng(1)\n"
        f"{draw}\n",
        encoding="utf-8",
    )
    with pytest.raises(FleetError, match=re.escape(REJECTED[draw])):
        build_ir(path)


DRAWN = {
    "random()": 40, "uniform(n, 2)": 50, "randint(0, 9)": 60, "choice([1, 2, n])": 60,
    "gauss(0, 1)": 260, "RandomState(n).random_sample()": 40, "RandomState(n).randint(9)": 60,
}  # fmt: skip
"""Draws of a Twister, and the operations that another one may take: none renews the key itself."""


@pytest.mark.parametrize("draw", DRAWN)
def test_another_draw_of_a_twister_is_a_few_operations(draw: str, tmp_path: Path) -> None:
    made, _, name = draw.rpartition(").")

    def size(draws: int) -> int:
        path = tmp_path / f"draws_{draws}.py"
        path.write_text(
            "import random\nimport sys\nimport numpy as np\nn = int(sys.argv[1])\n"
            f"rng = {f'np.random.{made})' if made else 'random.Random(n)'}\n"
            "for i in range(n):\n" + f"    print(rng.{name})\n" * draws,
            encoding="utf-8",
        )
        return sum(1 for _ in build_ir(path).walk())

    assert size(3) - size(2) <= DRAWN[draw]
