"""What arguments are, as the command line says it; and what is refused, with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fleet
from fleet.diagnostics import FleetError
from fleet.exporting.evaluation import export_function
from fleet.exporting.specs import ArraySpec, Items, Known, NumberSpec, parse_argument

F32, I64 = np.dtype("float32"), np.dtype("int64")


@pytest.mark.parametrize(
    ("text", "name", "spec"),
    [
        ("f32[batch, 768]", None, ArraySpec(F32, ("batch", 768))),
        ("x=float32[?]", "x", ArraySpec(F32, (None,))),
        ("f32[]", None, ArraySpec(F32)),
        ("f32", None, ArraySpec(F32, (), True)),
        ("i64", None, NumberSpec("int")),
        ("bool", None, NumberSpec("bool")),
        ("(f32[2], i64)", None, Items(tuple, (ArraySpec(F32, (2,)), NumberSpec("int")))),
        ("[i64[n]]", None, Items(list, (ArraySpec(I64, ("n",)),))),
        ("p={w: f32[2], 'b': 3}", "p", Items(dict, (ArraySpec(F32, (2,)), Known("3")), ("w", "b"))),
        ("[1, (2, 3)]", None, Known("[1, (2, 3)]")),
        ("mode='a, (b'", "mode", Known("'a, (b'")),
        ("x == 3", None, Known("x == 3")),
        ("**params", "**", Known("params")),
    ],
)
def test_an_argument_is_read(text: str, name: str | None, spec: object) -> None:
    one = parse_argument(text)
    assert (one.name, one.spec) == (name, spec)


@pytest.mark.parametrize("text", ["", "x=", "(f32[2], i64", "f32[2-]", "{f32: {1: f32[2]"])
def test_what_is_no_argument_is_refused(text: str) -> None:
    with pytest.raises(FleetError):
        parse_argument(text)


PROGRAM = """
import numpy as np

seen = 0
table = np.zeros(3)
print("imported")

def shows(x):
    print(x)
    return x

def counts(x):
    global seen
    seen += 1
    return x

def writes(x):
    table[0] = x
    return table

def speaks(x):
    return f"{x}"

def asks(x):
    return x + float(input())

def fails(x):
    raise ValueError("never")

def nothing(x):
    pass
"""


@pytest.mark.parametrize(
    ("function", "place", "message"),
    [
        ("shows", 9, "`shows` prints here"),
        ("counts", 12, "`counts` changes `seen`"),
        ("writes", 17, "`writes` changes `table`"),
        ("speaks", 21, "`result` is a text"),
        ("asks", 25, "reads standard input"),
        ("fails", 28, "`fails` raises ValueError: never"),
        ("nothing", 30, "gives nothing"),
    ],
)
def test_what_a_graph_cannot_hold_is_refused_with_its_place(
    tmp_path: Path, function: str, place: int, message: str
) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    with pytest.raises(FleetError, match=message) as caught:
        export_function(str(path), function, [parse_argument("f64")])
    assert caught.value.location is not None
    assert caught.value.location.line == place


# -- from Python

SCALE = np.arange(1.0, 9.0)


class Layer:
    def __init__(self) -> None:
        self.scale = SCALE

    def forward(self, x: Any, power: int) -> Any:
        return {"y": x * self.scale, "z": (x**power).sum()}


def test_live_functions_and_methods_are_exported(tmp_path: Path) -> None:
    made = fleet.export(Layer().forward, np.ones((3, 8)), 2, dynamic={"x": {0: "batch"}})
    assert list(map(str, made.arguments)) == ["x: f64[batch,8]", "power: int"]
    assert list(map(str, made.results)) == ["result.y: f64[batch,8]", "result.z: f64"]
    assert made.write(tmp_path / "it.mlir", stage="tosa").read_text().startswith("// forward of")
    assert "func.func @forward(%x: tensor<?x8xf64>, %power: i64)" in str(made)


def _of(function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    fleet.export(function, *arguments, **options)


def test_what_dynamic_names_is_there() -> None:
    def double(x: Any) -> Any:
        return x * 2

    with pytest.raises(FleetError, match="no axis 2"):
        _of(double, np.ones((2, 2)), dynamic={"x": {2: "n"}})
    with pytest.raises(FleetError, match="no array `y`"):
        _of(double, np.ones((2, 2)), dynamic={"y": ("n",)})
    with pytest.raises(FleetError, match="no format 'tflite'"):
        _of(double, np.ones(2), format="tflite")
    with pytest.raises(FleetError, match="no option `primitives`"):
        fleet.export(double, np.ones(2), format="onnx").data(primitives=True)
