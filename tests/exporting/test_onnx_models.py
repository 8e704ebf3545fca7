"""What an exported model looks like, and `fleet run` of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import fleet
from fleet.cli import main
from fleet.exporting.evaluation import export_function
from fleet.exporting.onnx.graph import Model
from fleet.exporting.onnx.writer import model_of
from fleet.exporting.specs import parse_argument

ROOT = Path(fleet.__file__).parents[1]
GPT2 = ["i64[n]", '**nest(np.load("models/gpt2.npz"))', "n_head=4"]

NETWORK = """import math

import numpy as np

w = np.linspace(-1, 1, 8 * 64).reshape(8, 64).astype(np.float32)
b = np.ones(64, np.float32)
g = np.ones(8, np.float32)


def normalised(x):
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1)[:, None] + 1e-5) * g


def network(x):
    y = normalised(x) @ w + b
    y = 0.5 * y * (1 + np.tanh(math.sqrt(2 / math.pi) * (y + 0.044715 * y**3)))
    first, second = np.split(np.maximum(0, y), 2, axis=-1)
    e = np.exp(first - first.max(-1)[:, None])
    return e / e.sum(-1)[:, None], 1 / (1 + np.exp(-second))
"""


def model(program: str, name: str, arguments: list[str], primitive: bool = False) -> Model:
    graph = export_function(program, name, [parse_argument(text) for text in arguments])
    return model_of(graph, primitive=primitive)


@pytest.fixture
def network(tmp_path: Path) -> str:
    path = tmp_path / "network.py"
    path.write_text(NETWORK)
    return str(path)


def test_groups_of_operations_have_the_names_that_they_have_in_onnx(network: str) -> None:
    nodes = model(network, "network", ["f32[rows,8]"]).graph.nodes
    assert Counter(node.op for node in nodes) == Counter(
        ["LayerNormalization", "Gemm", "Gelu", "Relu", "Split", "Softmax", "Sigmoid"]
    )
    nodes = model(network, "network", ["f32[rows,8]"], primitive=True).graph.nodes
    compact = {"LayerNormalization", "Gemm", "Gelu", "Relu", "Split", "Softmax", "Sigmoid"}
    assert not compact & {node.op for node in nodes}


def test_what_is_only_like_a_softmax_is_none(tmp_path: Path) -> None:
    """Of other axes, or without what keeps exp from overflowing."""
    path = tmp_path / "like.py"
    path.write_text(
        "import numpy as np\n\n\ndef f(x):\n"
        "    e = np.exp(x - x.max(axis=0, keepdims=True))\n    plain = np.exp(x)\n"
        "    return e / e.sum(axis=1, keepdims=True), plain / plain.sum(axis=1, keepdims=True)\n"
    )
    nodes = model(str(path), "f", ["f32[n,4]"]).graph.nodes
    assert "Softmax" not in {node.op for node in nodes}


def test_values_are_called_as_in_the_program(network: str) -> None:
    found = model(network, "network", ["f32[rows,8]"])
    graph = found.graph
    assert {"w", "b", "g"} <= set(graph.initializers)
    assert list(graph.outputs) == ["result.0", "result.1"]
    assert graph.outputs["result.0"].shape == ("rows", 32)
    norm = graph.nodes[0]
    assert norm.name == "network/normalised/LayerNormalization_12"
    assert norm.doc == "network.py:12 in normalised"
    assert norm.metadata["callers"] == "network.py:16 in network"
    assert graph.values[norm.outputs[0]].shape == ("rows", 8)


def test_a_transformer_is_as_short_as_one_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    graph = model("models/gpt2.py", "gpt2", GPT2).graph
    ops = Counter(node.op for node in graph.nodes)
    assert ops["LayerNormalization"] == 5 and ops["Gelu"] == 2 and ops["Softmax"] == 8
    assert ops["Gemm"] == 8 and ops["Split"] == 2 and "Where" not in ops
    assert graph.initializers["wte"].shape == (256, 64)
    assert graph.initializers["blocks.1.ln_2.g"].shape == (64,)
    weights = sum(array.nbytes for array in graph.initializers.values())
    assert weights < 1.01 * sum(array.nbytes for array in np.load("models/gpt2.npz").values())


def test_weights_go_where_they_are_wanted(network: str, tmp_path: Path) -> None:
    common = ["export", network, "--function", "network", "--arg", "f32[rows,8]"]
    out = tmp_path / "out.onnx"
    assert main([*common, "-o", str(out)]) == 0
    assert not Path(f"{out}.data").exists()
    assert main([*common, "-o", str(out), "--weights", "beside"]) == 0
    assert Path(f"{out}.data").stat().st_size == 8 * 64 * 4
    assert main([*common, "-o", "-", "--format", "onnx", "--weights", "beside"]) == 1


def test_an_exported_model_runs_with_arguments_of_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f.py").write_text("def f(x, n):\n    return x[n] * 2, x.sum()\n")
    given = ["--arg", "f64[k,2]", "--arg", "i64"]
    assert main(["export", "f.py", "--function", "f", *given, "-o", "f.onnx"]) == 0
    np.savez("a.npz", x=np.array([[1.0, 2], [3, 4]]))
    for first in ("x=a.npz:x", "[[1, 2], [3, 4]]"):
        assert main(["run", "f.onnx", first, "n=-1"]) == 0
        assert capsys.readouterr().out == (
            "result.0: float64[2]\n[6. 8.]\nresult.1: float64\n10.0\n"
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the model's input `x` is missing"),
        (["x=[[1,2]]", "n=0", "y=1"], "the model has no input for the argument 'y=1'"),
        (["x=[1,2]", "n=0"], "`x` has the shape (2,), and the model takes float64[k,2]"),
        (["x=[[1,2]]", "n=0.5"], "`n`: 0.5 are no numbers of int64"),
        (["x=[[1,2]]", "n=one"], "'one' is neither a file of NumPy's nor a number"),
        (["x=[[1,2]]", "n=7"], "f.py:2:12: error: Gather `f/Gather_2`: index 7 is out of bounds"),
        (["x=no.npy", "n=7"], "cannot read no.npy: No such file or directory"),
    ],
)
def test_wrong_arguments_are_refused(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("f.py").write_text("def f(x, n):\n    return x[n] * 2, x.sum()\n")
    given = ["--arg", "f64[k,2]", "--arg", "i64"]
    assert main(["export", "f.py", "--function", "f", *given, "-o", "f.onnx"]) == 0
    assert main(["run", "f.onnx", *arguments]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "argument", "said"),
    [
        ("return x.view('i4')", "f32[n]", "f.py:5:12: error: the bits of float32 as int32"),
        ("return f(x[1:]) + 1 if len(x) > 2 else x[0]", "f32[n]", "a function that calls itself"),
        ("return x", "q64[n]", "the argument `x` raises NameError: name 'q64' is not defined"),
    ],
)
def test_what_onnx_cannot_hold_is_refused(
    text: str, argument: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("f.py").write_text(f"import numpy as np\n\n\ndef f(x):\n    {text}\n")
    given = ["--function", "f", "--arg", argument, "-o", "f.onnx"]
    assert main(["export", "f.py", *given]) == 1
    assert said in capsys.readouterr().err
    assert not Path("f.onnx").exists()


def test_other_executors_say_that_a_model_is_none_of_theirs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "f.onnx"
    path.write_bytes(b"\x08\x0a")
    assert main(["run", "--on", "emu", str(path)]) == 1
    assert "is no stage but a model of ONNX" in capsys.readouterr().err
    assert main(["run", str(path)]) == 1
    assert "it has no graph" in capsys.readouterr().err
    assert main(["run", "--on", "onnx", "f.py"]) == 1
    assert "f.py is no model of ONNX" in capsys.readouterr().err


def test_a_result_is_not_called_as_an_argument_is(tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_text("def f(result):\n    return result + 1\n")
    found = model(str(path), "f", ["f32[n]"]).graph
    assert (list(found.inputs), list(found.outputs)) == (["result"], ["result_2"])
