"""Exported functions give in onnxruntime what NumPy gives, and pass the checks of onnx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet.exporting.graph import Graph
from fleet.exporting.onnx.execution.running import run_model
from fleet.exporting.onnx.files import read_model
from fleet.exporting.onnx.writer import OnnxOptions, write_onnx
from tests.exporting.corpus import Case, cases, differences

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")


def session(path: Path) -> Any:
    """A checked model, ready to run."""
    onnx.checker.check_model(str(path), full_check=True)
    onnx.shape_inference.infer_shapes(onnx.load(str(path)), check_type=True, strict_mode=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def fed(graph: Graph, inputs: dict[str, Any]) -> dict[str, np.ndarray]:
    return {port.name: np.asarray(inputs[port.name], port.dtype) for port in graph.arguments}


@pytest.mark.parametrize("primitive", [False, True])
@pytest.mark.parametrize("case", cases(), ids=str)
def test_onnxruntime_gives_what_numpy_gives(case: Case, primitive: bool, tmp_path: Path) -> None:
    graph = case.graph()
    path = tmp_path / "it.onnx"
    write_onnx(graph, path, OnnxOptions(primitive))
    ready = session(path)
    taken = {one.name for one in ready.get_inputs()}
    names = [one.name for one in ready.get_outputs()]
    assert names == [port.name for port in graph.results]
    for inputs, wanted in case.calls():
        given = {name: array for name, array in fed(graph, inputs).items() if name in taken}
        found = dict(zip(names, ready.run(None, given), strict=True))
        assert not differences(found, wanted)
        assert not differences(run_model(read_model(path), fed(graph, inputs)), wanted)
