"""Compiling twice the program is twice the work, in every pass."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from work import calls

from fleet import driver
from fleet.ir.analysis.verifier import verify
from fleet.ir.attributes import INLINE_BYTES, DenseAttr
from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PassManager
from fleet.passes.kernels.formation.groups import MAX_OPERATIONS
from fleet.passes.linalg.fuse import MAX_BODY

HEAD = """
import sys
import numpy as np

n = len(sys.argv) + 3
a = np.arange(n * 4, dtype=np.float32).reshape(n, 4)
b = np.ones((n, 4), np.float32)
w = np.full((4, 4), 0.25, np.float32)
"""
LINES = (
    "a = a @ w + b * {}.5",
    "print('step {}', a.sum())",
    "c{} = np.tanh(a) @ b.T",
    "print(b[1:3, :2].mean(axis=0), {})",
)


def module_of(folder: Path, count: int, lines: tuple[str, ...] = LINES) -> Operation:
    """The IR of a program of so many different lines."""
    path = folder / f"lines{count}.py"
    body = [lines[i % len(lines)].format(i) for i in range(count)]
    path.write_text("\n".join([HEAD, *body, "print(a.sum(), b.sum())"]))
    return driver.build_ir(path)


def test_twice_the_lines_are_twice_the_work(tmp_path: Path) -> None:
    modules = [module_of(tmp_path, count) for count in (40, 40, 80)]
    for stage in driver.STAGES:
        for name in stage.passes:
            passes = PassManager([name], check=False)
            passes.run(modules[0])  # what is computed once in a process, is
            small, large = calls(passes.run, modules[1]), calls(passes.run, modules[2])
            assert large < 2.2 * small + 2000, (stage.name, name)
        verify(modules[0])
        assert calls(verify, modules[2]) < 2.2 * calls(verify, modules[1]), stage.name


def test_long_chains_of_arithmetic_become_kernels_of_bounded_size(tmp_path: Path) -> None:
    lines = ("a = np.abs(a * {}.5 + b)", "b = b - a.sum(axis=1)[:, None]")
    module = module_of(tmp_path, 150, lines)
    for stage in driver.until("kernels"):
        PassManager(stage.passes, check=False).run(module)
    kernels = [op for op in module.body if "kernel" in op.attributes]
    generics = [[op for op in kernel.body if op.name == "linalg.generic"] for kernel in kernels]
    assert max(map(len, generics)) <= MAX_OPERATIONS
    assert max(len(op.body) for each in generics for op in each) < 2 * MAX_BODY
    assert len(kernels) < 20


def test_different_constants_have_different_hashes() -> None:
    numbers = {hash(DenseAttr.of(np.array(number))) for number in range(100)}
    assert len(numbers) == 100
    large = np.zeros((2, INLINE_BYTES))
    other = large.copy()
    other[1, -1] = 1
    assert hash(DenseAttr.of(large)) != hash(DenseAttr.of(other))
    assert hash(DenseAttr.of(large)) == hash(DenseAttr.of(large[:1].repeat(2, axis=0)))


def test_the_hash_of_a_large_constant_reads_no_more_than_its_corners() -> None:
    """It may be a file of gigabytes that nobody has read yet."""

    class Watched(np.ndarray):
        def tobytes(self, order: str | None = "C") -> bytes:
            assert self.size <= 4
            return super().tobytes(order)

    hash(DenseAttr.of(np.zeros((300, INLINE_BYTES)).view(Watched)))
