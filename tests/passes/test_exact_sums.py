"""Sums have NumPy's bits, whatever the array's shape, axes, strides and type."""

from __future__ import annotations

import io
import json
import random
import sys
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

import fleet.dialects  # noqa: F401 - declares what the interpreter executes
from fleet.driver import build, bytecode_of
from fleet.emulation import emulate
from fleet.executors import run_on
from fleet.host import Host
from fleet.limits import Limits
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine

LENGTHS = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 64, 100, 127, 128, 129, 130, 131, 137, 200, 255, 256,
           257, 272, 513, 1000, 1024, 1029, 1040, 1056, 1057, 1072, 1080, 1100]  # fmt: skip
"""Around where parts are leaves, are halved, and differ by one unit of eight."""
SHORT = [1, 2, 3, 5, 8, 9, 17, 30, 128, 130, 150, 300]
FORMS = ["x", "x", "x * 1.5", "x.T", "x[::-1]", "x[..., ::2]", "x[..., 1:]", "x.T + 1",
         "x.T.reshape(-1)"]  # fmt: skip
FUNCTIONS = ["sum", "sum", "mean", "var", "std"]


def a_sum(rng: random.Random, dynamic: bool) -> list[str]:
    """Lines that print all elements of a sum. dynamic: of an array whose shape the run tells."""
    rank = rng.choice([1, 1, 2, 2, 3])
    shape = [rng.choice(LENGTHS if rank < 3 else SHORT) for _ in range(rank)]
    while np.prod(shape) > 60_000:
        shape[rng.randrange(rank)] = 1
    dtype = rng.choice(["float32", "float32", "float64"])
    lines = [f"x = (g.standard_normal({tuple(shape)}) * 100).astype(np.{dtype})"]
    if dynamic:
        lines.append(f"x = x[: {shape[0] - 1} + n]")
        if rng.random() < 0.5:
            lines.append(f"x = x[..., : {shape[-1] - 1} + n]")
    form = rng.choice(FORMS)
    axes = [None, *range(rank), *([(0, rank - 1)] if rank > 1 else [])]
    axis = None if "reshape" in form else rng.choice(axes)
    keep = rng.choice(["", ", keepdims=True"])
    lines.append(f"y = np.{rng.choice(FUNCTIONS)}({form}, axis={axis}{keep})")
    return [*lines, "print(y.shape, np.ravel(y).astype(np.float64)[:200].tolist())"]


def a_program(path: Path, seed: int, count: int, dynamic: bool = False) -> str:
    """Write a program of sums; what CPython prints."""
    rng = random.Random(seed)
    lines = ["import sys", "import numpy as np", f"g = np.random.default_rng({seed})",
             "n = len(sys.argv)"]  # fmt: skip
    for _ in range(count):
        lines += a_sum(rng, dynamic)
    path.write_text("\n".join(lines) + "\n")
    return printed(lambda: exec(compile(path.read_text(), path, "exec"), {}))


def printed(run) -> str:  # noqa: ANN001 - of no arguments
    text, argv = io.StringIO(), sys.argv
    sys.argv = ["program"]
    try:
        with redirect_stdout(text):
            run()
    finally:
        sys.argv = argv
    return text.getvalue()


@pytest.mark.parametrize("dynamic", [False, True], ids=["known shapes", "run-time shapes"])
@pytest.mark.parametrize("seed", range(3))
def test_kernels_sum_in_numpys_order(tmp_path: Path, seed: int, dynamic: bool) -> None:
    program = tmp_path / "sums.py"
    expected = a_program(program, seed, 8, dynamic)
    module, bytecode, arrays = bytecode_of(str(program))
    host = Host([str(program)], io.StringIO(), io.StringIO(), io.StringIO())
    device = LoopDevice(module, vlen=[128, 512, 2048][seed])
    bytecode.link(device.addresses(arrays))
    Machine(bytecode, device, host).run()
    assert host.stdout.getvalue() == expected


def test_structured_operations_sum_in_numpys_order(tmp_path: Path) -> None:
    program = tmp_path / "sums.py"
    expected = a_program(program, 100, 8, dynamic=True)
    got = printed(lambda: run_on("ir", [str(program)], stage="linalg"))
    assert got == expected


@pytest.mark.parametrize("dynamic", [False, True], ids=["known shapes", "run-time shapes"])
def test_executables_sum_in_numpys_order_at_every_vlen(tmp_path: Path, dynamic: bool) -> None:
    program, elf = tmp_path / "sums.py", str(tmp_path / "sums.elf")
    expected = a_program(program, 200, 8, dynamic)
    build(str(program), elf)
    for vlen in (128, 1024):
        host = Host([elf], io.StringIO(), io.StringIO(), io.StringIO())
        emulate(elf, [], vlen=vlen, host=host)
        assert host.stdout.getvalue() == expected


NORMALISE = """
import numpy as np
x = np.random.default_rng(0).standard_normal((16, {n})).astype(np.float32)
gain, bias = x[0], x[1]
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
def layer_norm(x):
    mean, var = np.mean(x, axis=-1, keepdims=True), np.var(x, axis=-1, keepdims=True)
    return gain * ((x - mean) / np.sqrt(var + 1e-5)) + bias
y = {function}(x)
print(y[0, :4], y[-1, -1])
"""


@pytest.mark.parametrize(("function", "n"), [("softmax", 1024), ("layer_norm", 768)])
def test_the_order_costs_half_as_much_again_at_the_most(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], function: str, n: int
) -> None:
    program = tmp_path / "normalise.py"
    program.write_text(NORMALISE.format(n=n, function=function))
    counts = []
    for fast in (True, False):
        elf = str(tmp_path / "normalise.elf")
        build(str(program), elf, limits=Limits(fast_sums=fast))
        host = Host([elf], io.StringIO(), io.StringIO(), io.StringIO())
        emulate(elf, [], vlen=256, host=host, stats=True)
        counts.append(json.loads(capsys.readouterr().err)["instructions"])
    assert counts[1] <= 1.5 * counts[0]
