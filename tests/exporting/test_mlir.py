"""Exported MLIR: mlir-opt takes the one spelling, IREE the other, and computes as NumPy does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet.diagnostics import FleetError
from fleet.exporting.evaluation import export_function
from fleet.exporting.graph import Graph
from fleet.exporting.mlir.writer import MlirOptions, lower, make_current, write_mlir
from fleet.exporting.specs import parse_argument
from tests.exporting.compiled_by_iree import Compiled, iree_opt, printed, text_of
from tests.exporting.corpus import Case, cases, differences

CASES = list({case.name: case for case in cases()}.values())
"""Each function once, of those for two dtypes the one for the wider: compiling takes long."""


@pytest.fixture(scope="module")
def graphs() -> list[Graph]:
    """All functions, at the stage linalg in MLIR 19's spelling."""
    made = [case.graph() for case in CASES]
    for graph in made:
        lower(graph, MlirOptions("linalg", "19"))
    return made


def joined(texts: Iterable[str]) -> str:
    return "".join(texts)


def at_tosa(mlir: str) -> str:
    """Every fourth function at the stage tosa."""
    options = MlirOptions("tosa", mlir)
    return joined(text_of(case.graph(), f"f{number}_", options)
                  for number, case in enumerate(CASES) if number % 4 == 0)  # fmt: skip


def run(command: Sequence[str], text: str) -> None:
    done = subprocess.run(command, input=text, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr[:2000]


def test_mlir_opt_takes_the_spelling_of_mlir_19(
    graphs: list[Graph], tool: Callable[..., str]
) -> None:
    command = [tool("mlir-opt-19", "mlir-opt"), "-o", "/dev/null"]
    run(command, joined(printed(graph, f"f{at}_", "19") for at, graph in enumerate(graphs)))
    run(command, at_tosa("19"))


def test_iree_opt_takes_the_tosa_of_today() -> None:
    run([iree_opt(), "-", "-o", "/dev/null"], at_tosa("current"))


@pytest.fixture(scope="module")
def compiled(graphs: list[Graph]) -> Compiled:
    """All functions, compiled by IREE together."""
    pytest.importorskip("iree.compiler")
    made = [replace(graph, module=graph.module.clone()) for graph in graphs]
    for graph in made:
        make_current(graph.module)
    texts = [printed(graph, f"f{at}_", "current") for at, graph in enumerate(made)]
    return Compiled(joined(texts))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
def test_iree_gives_what_numpy_gives(number: int, graphs: list[Graph], compiled: Compiled) -> None:
    for inputs, wanted in CASES[number].calls():
        found = compiled.call(graphs[number], f"f{number}_", inputs)
        assert not differences(found, wanted)


# -- weights, checks, places


NETWORKS = str(Path(__file__).parent / "functions" / "networks.py")


def exported(path: Path, function: str, *arguments: str, **options: Any) -> str:
    graph = export_function(NETWORKS, function, [parse_argument(text) for text in arguments])
    write_mlir(graph, path, MlirOptions(**options))
    return path.read_text()


def test_weights_are_in_the_text_or_beside_it_by_the_names_of_the_program(tmp_path: Path) -> None:
    path = tmp_path / "it.mlir"
    text = exported(path, "model.forward", "f64[n,64]", weights="resource")
    assert "dense_resource<model.layers.0.w>" in text and 'model.layers.0.w: "0x08000000' in text
    text = exported(path, "model.forward", "f64[n,64]", weights="inline")
    assert 'dense<"0x' in text and "resource" not in text
    text = exported(path, "model.forward", "f64[n,64]", weights="separate")
    assert "%model.layers.0.w: tensor<64x16xf64>, %model.layers.1.w: tensor<16x10xf64>" in text
    data = path.with_suffix(".safetensors").read_bytes()
    size = int.from_bytes(data[:8], "little")
    table = json.loads(data[8 : 8 + size])
    model = Case("networks.py", "model", (), ()).value()
    for layer, weights in enumerate(model.layers):
        entry = table[f"model.layers.{layer}.w"]
        start, end = entry["data_offsets"]
        assert entry["dtype"] == "F64" and entry["shape"] == list(weights["w"].shape)
        assert data[8 + size + start : 8 + size + end] == weights["w"].tobytes()
    assert len(data) == 8 + size + end


def test_iree_reads_weights_at_the_end_of_the_text(tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((3, 64))
    wanted = Case("networks.py", "model", (), ()).value().forward(x)
    text = exported(tmp_path / "it.mlir", "model.forward", "f64[n,64]", weights="resource")
    graph = export_function(NETWORKS, "model.forward", [parse_argument("f64[n,64]")])
    assert not differences(Compiled(text).call(graph, "", {"x": x}), {"result": wanted})


def test_checks_are_assertions_with_pythons_message(tmp_path: Path) -> None:
    path = tmp_path / "it.mlir"
    arguments = "f32[8]", "{k: f32[ctx,8], v: f32[ctx,8]}", "i64", "f32[8,24]"
    text = exported(path, "cached_step", *arguments)
    assert 'cf.assert %' in text
    assert '"IndexError: index ? is out of bounds for axis 0 with size ?"' in text
    assert "cf.assert" not in exported(path, "cached_step", *arguments, checks=False)


def test_operations_say_which_function_asked_for_them(tmp_path: Path) -> None:
    text = exported(tmp_path / "it.mlir", "attention", "f32[n,8]", "f32[m,8]", "f32[m,8]", "0.5")
    assert f'loc("softmax"("{NETWORKS}":9:9))' in text
    text = exported(tmp_path / "it.mlir", "softmax", "f32[n,8]", locations=False)
    assert "loc(" not in text


def test_weights_of_their_own_need_a_file_beside_the_text() -> None:
    graph = export_function(NETWORKS, "softmax", [parse_argument("f32[n,8]")])
    with pytest.raises(FleetError, match="need a file beside the text"):
        write_mlir(graph, Path("-"), MlirOptions(weights="separate"))
