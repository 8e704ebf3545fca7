"""pow(a, b, m) in a kernel is CPython's, for moduli of one word, whatever the signs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.driver import lower
from fleet.stages import until
from tests.compiled_once import CompiledOnce
from tests.evaluator.three_ways import by_cpython

PROGRAM = """
import sys
import numpy as np
n = int(sys.argv[1])
edges = np.array([0, 1, 7, 2**32 - 1, 2**32, 2**32 + 1, 2**63 - 1, -1, -5, -2**62 - 3, -2**63])
made = np.zeros((len(edges), len(edges), len(edges)), np.int64)
for i in range(len(edges)):
    for j in range(len(edges)):
        for k in range(len(edges)):
            if edges[j] >= 0 and edges[k] != 0:
                made[i, j, k] = pow(int(edges[i]), int(edges[j]), int(edges[k]))
print(made.tolist())
random = np.random.default_rng(n).integers(-2**63, 2**63 - 1, 100)
some = 0
for i in range(98):
    m = int(random[i + 2]) >> (i % 60)
    if m != 0:
        some ^= pow(int(random[i]), abs(int(random[i + 1]) // 2), m)
print(some)
for i in range(1, n):
    some ^= pow(i * 2 + 1, -i, 2**40) + pow(i, -1, 2**63 - 25) - pow(i, -3, -1000003)
print(some)
for i in range(n):
    some ^= pow(i - 9, 37, 1000003)
print(some)
"""

FAILING = """
import sys
n = int(sys.argv[1])
total = 0
for i in range(100):
    total += pow(3 * i + 1, n - i, 61 - i)
print(total)
"""


def test_every_executor_has_the_same(tmp_path: Path) -> None:
    path = tmp_path / "powers.py"
    path.write_text(PROGRAM)
    compiled = CompiledOnce(path)
    for executor in ("ir", "emu"):
        assert compiled.run(executor, ["37"]) == by_cpython(path, ["37"])


def test_no_call_is_left_to_the_schedule(tmp_path: Path) -> None:
    path = tmp_path / "powers.py"
    path.write_text(FAILING)
    module = lower(str(path), until("loops"))
    loops = [op for op in module.walk() if op.name in ("scf.for", "scf.while")]
    assert not [op for each in loops for op in each.walk() if op.name == "func.call"]


@pytest.mark.parametrize(
    ("n", "message"), [("200", "argument cannot be 0"), ("30", "base is not invertible")]
)
def test_what_has_no_answer_raises_as_in_cpython(tmp_path: Path, n: str, message: str) -> None:
    path = tmp_path / "powers.py"
    path.write_text(FAILING)
    wanted = by_cpython(path, [n])
    assert message in str(wanted)
    assert CompiledOnce(path).run("emu", [n]) == wanted
