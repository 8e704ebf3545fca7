"""Random expressions over arrays: in onnxruntime and by our own executor what NumPy gives."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet.exporting.evaluation import export_function
from fleet.exporting.specs import parse_argument
from tests.exporting.corpus import _parts
from tests.exporting.onnx_judges import Judged

SPECS = ["x=f64[n,4]", "y=f64[4]", "k=i64[n,4]", "b=u8[4]", "i=i64[3]", "p=int"]


class Writer:
    """Writes expressions of arrays with two axes, the second of length 4: floats and ints."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def floats(self, depth: int) -> str:
        if not depth:
            return self.pick("x", "y", "x[::-1]", "x * 0.5", "k.astype(float)", "y[::-1]", "2.5")
        a, b = self.floats(depth - 1), self.floats(depth - 1)
        n = self.ints(depth - 1)
        return self.pick(
            f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"({a} / (abs({b}) + 1))",
            f"np.maximum({a}, {b})", f"np.minimum({a}, {b})", f"np.tanh({a})", f"np.sin({a})",
            f"np.exp(-abs({a}))", f"np.sqrt(abs({a}))", f"np.where({n} > 1, {a}, {b})",
            f"({a} // (abs({b}) + 0.7))", f"np.floor({a})", f"({a} % 3)", f"({n} / 7)",
            f"(x + {a} - x.mean(axis=0))", f"(x * {a}).cumsum(axis=1)", f"np.sort(x + {a}, axis=1)",
            f"((x + {a}) @ w)", f"(x + {a})[:, [3, 0, -1, 1]]",
            f"(y + x.max(axis=1)[:, None] * {a})",
            f"np.roll(x + {a}, p % 3, axis=1)", f"(x + {a}).T.reshape(-1, 4)", f"softmax(x + {a})",
        )  # fmt: skip

    def ints(self, depth: int) -> str:
        if not depth:
            return self.pick("k", "b", "k[:, ::-1]", "p", "3", "(x > 0)", "np.arange(4)")
        a, b = self.ints(depth - 1), self.ints(depth - 1)
        f = self.floats(depth - 1)
        return self.pick(
            f"({a} + k - {b})", f"({a} * k)", f"(k // ({b} * 1 | 1))", f"(k % ({b} * 2 + 1))",
            f"(k & {a})", f"(k | {b})", f"(k ^ {a})", f"np.maximum(k, {b})", f"(k << ({b} & 7))",
            f"(k >> ({a} & 3))", f"np.where({f} < 0.5, k, {a})", f"np.argsort(x + {f}, axis=1)",
            f"(k + np.argmax(x - {f}, axis=0))", f"np.cumsum(k * {a}, axis=0)",
            f"(k[:, i[:1]] + {a})",
            f"(k - (k + {a}).sum(axis=1, keepdims=True))", f"(k < {b}).astype(np.int32)",
        )  # fmt: skip

    def function(self, name: str) -> str:
        a, b = self.floats(3), self.ints(3)
        return (
            f"def {name}(x, y, k, b, i, p):\n    first = {a}\n    second = {b}\n"
            "    return first, second, first + 1.5, np.sum(second, axis=-1)\n"
        )


HEAD = """import numpy as np

w = np.linspace(-1, 1, 16).reshape(4, 4)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""


def inputs(seed: int, length: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "x": rng.normal(size=(length, 4)), "y": rng.normal(size=4),
        "k": rng.integers(-20, 20, (length, 4)), "b": rng.integers(0, 9, 4).astype(np.uint8),
        "i": rng.integers(0, 4, 3), "p": int(rng.integers(0, 9)),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_random_expressions(seed: int, tmp_path: Path) -> None:
    names = [f"f{number}" for number in range(8)]
    writer = Writer(seed)
    path = tmp_path / f"random_{seed}.py"
    path.write_text("\n\n".join([HEAD, *map(writer.function, names)]))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in names:
        graph = export_function(str(path), name, [parse_argument(text) for text in SPECS])
        judged = Judged(graph, tmp_path)
        for length in (1, 3):
            given = inputs(seed * 10 + length, length)
            with np.errstate(all="ignore"):
                wanted = dict(_parts(getattr(module, name)(**given), "result"))
            taken = {port.name: given[port.name] for port in graph.arguments}
            assert not judged.differences(taken, wanted), name
