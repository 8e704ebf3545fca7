"""Models before the ONNX project's checker, in onnxruntime and in our own executor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet.exporting.graph import Graph
from fleet.exporting.onnx.execution.running import run_model
from fleet.exporting.onnx.files import read_model
from fleet.exporting.onnx.writer import OnnxOptions, write_onnx
from tests.exporting.corpus import differences

onnx: Any = pytest.importorskip("onnx")
onnxruntime: Any = pytest.importorskip("onnxruntime")
reference: Any = pytest.importorskip("onnx.reference")


class Judged:
    """A graph written to a folder and checked, ready to run.

    specified: whether it is also run as the ONNX project's own evaluator has the specification
    """

    def __init__(
        self, graph: Graph, folder: Path, *, primitive: bool = False, specified: bool = False
    ) -> None:
        path = folder / "it.onnx"
        write_onnx(graph, path, OnnxOptions(primitive))
        onnx.checker.check_model(str(path), full_check=True)
        onnx.shape_inference.infer_shapes(
            onnx.load(str(path)), check_type=True, strict_mode=True
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        self.ports = graph.arguments
        self.session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self.model = read_model(path)
        scans = any(node.op == "Scan" for node in self.model.graph.walk())
        able = specified and not scans  # it knows those along the first axis alone
        self.specified = reference.ReferenceEvaluator(str(path)) if able else None
        self.names = [one.name for one in self.session.get_outputs()]
        assert self.names == [port.name for port in graph.results]

    def differences(self, inputs: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
        """What onnxruntime and our executor give that is not what NumPy gives."""
        fed = {port.name: np.asarray(inputs[port.name], port.dtype) for port in self.ports}
        found = dict(zip(self.names, self.session.run(None, fed), strict=True))
        own = run_model(self.model, fed)
        with np.errstate(all="ignore"):
            given = self.specified.run(None, fed) if self.specified else None
        third = dict(zip(self.names, given, strict=True)) if given else None
        return [
            *(f"onnx: {one}" for one in (differences(third, wanted) if third else ())),
            *(f"onnxruntime: {one}" for one in differences(found, wanted)),
            *(f"our own: {one}" for one in differences(own, wanted)),
        ]
