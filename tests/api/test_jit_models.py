"""jit: the functions of models, one compilation for prompts and batches of any length."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import fleet
from fleet.api.arguments import Shape, read
from fleet.api.evaluation import evaluate
from fleet.api.results import Made
from fleet.driver import run_stages
from fleet.host import Host
from fleet.ir.interpreter import Interpreter
from fleet.limits import DEFAULT
from fleet.objects.names import Objects
from fleet.stages import EXECUTABLE_STAGES, until
from fleet.vm.emit import emit_bytecode
from fleet.vm.entry import Entry
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine
from tests.api.comparison import agree, random_array

MODELS = Path(fleet.__file__).parents[1] / "models"


@pytest.fixture(scope="module")
def gpt2() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gpt2_model", MODELS / "gpt2.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def weights(gpt2: ModuleType) -> dict[str, Any]:
    with np.load(MODELS / "gpt2.npz") as arrays:
        return gpt2.nest(dict(arrays))


def test_a_gpt2_block_on_prompts_of_any_length(gpt2: ModuleType, weights: dict[str, Any]) -> None:
    block = fleet.jit(static_argnames="n_head")(gpt2.transformer_block)
    rng = np.random.default_rng(0)
    width = weights["wte"].shape[1]
    for length in (5, 9, 1, 17):
        x = random_array(rng, "float32", (length, width))
        parameters = weights["blocks"][length % 2]
        got = block(x, **parameters, n_head=4)
        want = gpt2.transformer_block(x, **parameters, n_head=4)
        assert got.dtype == want.dtype
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-4)
    assert block.cache_info()[:2] == (3, 1)
    assert block.stats().launches["softmax"] == 4


def test_gpt2_chooses_the_tokens_that_the_plain_one_does(
    gpt2: ModuleType, weights: dict[str, Any]
) -> None:
    compiled = fleet.jit(static_argnames="n_head")(gpt2.gpt2)
    tokens = list(b"Beautiful is")
    theirs = list(tokens)
    for _ in range(4):
        logits = compiled(np.array(tokens), **weights, n_head=4)
        tokens.append(int(np.argmax(logits[-1])))
        theirs.append(int(np.argmax(gpt2.gpt2(theirs, **weights, n_head=4)[-1])))
    assert tokens == theirs
    assert compiled.cache_info().misses == 1


def forward(p: Any, x: Any) -> Any:
    hidden = np.maximum(x @ p["w1"] + p["b1"], 0)
    return hidden, hidden @ p["w2"] + p["b2"]


def train(p: Any, x: Any, y: Any, rate: float) -> Any:
    hidden, out = forward(p, x)
    error = out - y
    grad = error * (2 / x.shape[0])
    back = (grad @ p["w2"].T) * (hidden > 0)
    p["w2"] -= rate * (hidden.T @ grad)
    p["b2"] -= rate * grad.sum(axis=0)
    p["w1"] -= rate * (x.T @ back)
    p["b1"] -= rate * back.sum(axis=0)
    return (error**2).mean()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_mlp_is_trained_in_place_on_batches_of_any_size(dtype: str) -> None:
    rng = np.random.default_rng(0)
    shapes = {"w1": (6, 16), "b1": (16,), "w2": (16, 2), "b2": (2,)}
    ours = {name: random_array(rng, dtype, shape) / 2 for name, shape in shapes.items()}
    theirs = {name: array.copy() for name, array in ours.items()}
    step = fleet.jit(train)
    losses = []
    for size in (12, 5, 20, 12, 7):
        x = random_array(rng, dtype, (size, 6))
        y = np.stack([x.sum(axis=1), x[:, 0] ** 2], axis=1)
        rate = 0.05 / size
        losses.append((step(ours, x, y, rate), train(theirs, x, y, rate)))
    for got, want in losses:
        agree(got, want)
    agree(ours, theirs)
    assert step.cache_info().misses == 1


def mixed(x: Any, ids: Any, n: int, scale: float) -> Any:
    """Of everything something, for all executors."""
    total = 0.0
    for i in range(n):
        total += scale * i
    y = x[ids] * scale + total
    y[0] = n
    x += 1
    if n > 2:
        y = -y
    return y, y.sum(axis=0), (total, n % 3), {"largest": int(ids.max())}


def _given() -> Any:
    rng = np.random.default_rng(4)
    x = random_array(rng, "float32", (5, 3))
    return [x, np.array([4, 0, 2]), 4, 0.25]


EXECUTORS: dict[str, Callable[[Any, list[Any]], list[Any]]] = {}


def _on_ir(stage: str) -> Callable[[Any, list[Any]], list[Any]]:
    def run(module: Any, values: list[Any]) -> list[Any]:
        run_stages(module, until(stage))
        return Interpreter(module, Host()).run("main", values)

    return run


def _on_bytecode(module: Any, values: list[Any]) -> list[Any]:
    run_stages(module, until("vm"))
    program, arrays = emit_bytecode(module)
    device = LoopDevice(module)
    program.link(device.addresses(arrays))
    machine = Machine(program, device, Host(), memory=1 << 20)
    results = Entry(machine).call(values)
    assert machine.arena.used == 0 and machine.program.entry.parameters[2:] == ("i64", "f64")
    return results


SCHEDULES = ("rv", "allocated")
"""Their blocks are run by a machine of their own, for whole programs."""
EXECUTORS |= {stage: _on_ir(stage) for stage in EXECUTABLE_STAGES if stage not in SCHEDULES}
EXECUTORS |= {"vm": _on_bytecode}


@pytest.mark.parametrize("executor", EXECUTORS)
def test_every_executor_runs_an_entry(executor: str) -> None:
    arguments = _given()
    given = read(["x", "ids", "n", "scale"], arguments, {}, frozenset())
    shape = Shape.of(given, [False] * 2)
    module, interface = evaluate(mixed, given.specs, shape, lambda f: f, fleet.jit, DEFAULT)
    results = iter(EXECUTORS[executor](module, [np.copy(v) if isinstance(
        v, np.ndarray) else v for v in given.values]))  # fmt: skip
    want = mixed(*arguments)  # which writes to x
    assert interface.read is not None
    agree(interface.read(results, given.outer, Made(Objects())), want)
    assert interface.written == [0]
    agree(np.asarray(next(results)), arguments[0])


def test_the_entry_refuses_what_does_not_fit_it() -> None:
    compiled = fleet.jit(lambda a, n: a + n)
    compiled(np.zeros((2, 1)), 3)
    entry = compiled._last._entry
    for wrong in ([np.zeros((2, 1))], [np.zeros((2, 2)), 3], [np.zeros(2), 3], [1, 3],
                  [np.zeros((2, 1)), np.zeros(1)]):  # fmt: skip
        with pytest.raises(fleet.FleetError, match="the entry takes"):
            entry.call(wrong)
    with pytest.raises(fleet.FleetError, match=r"a function that takes \(tensor<\?x1xf64>, i64\)"):
        compiled._last._machine.run()


@pytest.mark.parametrize("stage", ["numpy", "shapes", "tosa", "linalg", "fused", "kernels"])
def test_mlir_opt_accepts_the_stages_of_a_function(stage: str, tool: Any) -> None:
    compiled = fleet.jit(mixed)
    compiled(*_given())
    text = compiled.mlir(stage)
    assert "fleet.sizes = array<i64: 0, 1>" in text
    options = ["--allow-unregistered-dialect"] if stage in ("numpy", "shapes") else []
    done = subprocess.run(
        [tool("mlir-opt-19", "mlir-opt"), *options, "-o", "/dev/null"], input=text, text=True,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[:500]


def test_what_happened_can_be_looked_at() -> None:
    @fleet.jit(count=True, vlen=512)
    def function(x):
        return np.exp(x).sum()

    def counts(size: int) -> int:
        function(np.zeros(size, np.float32))
        instructions = function.stats().instructions
        assert instructions is not None
        return instructions

    assert counts(100) == counts(100) < counts(1000)
    stats = function.stats()
    assert stats.vector_instructions < stats.instructions
    assert sum(stats.launches.values()) == 1 and stats.bytecode_instructions > 1
    (kernel,) = stats.launches
    assert kernel in function.profile() and "test_jit_models.py" in function.profile()
    assert f"{kernel}:" in function.asm() and "vsetvli" in function.asm()
    assert "numpy.exp" in function.mlir() and "rv." in function.mlir("allocated")
    with pytest.raises(fleet.FleetError, match="no stage 'gpu'"):
        function.mlir("gpu")
    with pytest.raises(fleet.FleetError, match="count=True"):
        other = fleet.jit(function)
        other(np.zeros(3))
        assert other.stats().instructions is None
        other.profile()


def test_both_executors_of_vector_instructions_and_all_lengths_of_vectors() -> None:
    array = random_array(np.random.default_rng(0), "float32", (37, 11))
    want = np.tanh(array).sum(axis=0)
    for options in ({"vlen": 128}, {"vlen": 4096}, {"executor": "reference"}):
        agree(fleet.jit(**options)(lambda a: np.tanh(a).sum(axis=0))(array), want)
