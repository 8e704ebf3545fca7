"""IREE as a judge: exported functions compiled by it, and called.

One module of many functions is compiled at once, since starting the compiler takes longer than
compiling most functions does.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet.exporting.graph import Graph
from fleet.exporting.mlir.writer import ExportPrinter, MlirOptions, lower
from fleet.ir.attributes import DenseAttr

FLAGS = (
    "--iree-hal-target-device=local", "--iree-hal-local-target-device-backends=llvm-cpu",
    "--iree-llvmcpu-target-cpu=host", "--iree-input-demote-f64-to-f32=false",
)  # fmt: skip
"""f64 is to stay f64, which is not what IREE does of itself."""


def text_of(graph: Graph, prefix: str, options: MlirOptions) -> str:
    """The functions of a graph without the module around them, all names with this prefix."""
    lower(graph, options)
    return printed(graph, prefix, options.mlir)


def printed(graph: Graph, prefix: str, mlir: str) -> str:
    """The same of a graph that is lowered."""
    for op in graph.module.walk():  # the texts of resources could not be joined
        value = op.attributes.get("value")
        if isinstance(value, DenseAttr) and value.key is not None:
            op.attributes["value"] = DenseAttr(value.value, value.type)
    text = ExportPrinter(False, mlir, local=True).top_level(graph.module)
    text = re.sub(r"@([\w.$-]+)", lambda found: f"@{prefix}{found[1]}", text)
    body, _, _ = text.partition("\n}\n")
    return body.partition("module {\n")[2] + "\n"


def iree_opt() -> str:
    """IREE's mlir-opt, or skip."""
    compiler = pytest.importorskip("iree.compiler")
    return str(Path(compiler.__file__).parent / "_mlir_libs" / "iree-opt")


class Compiled:
    """Functions that IREE has compiled."""

    def __init__(self, text: str) -> None:
        compiler = pytest.importorskip("iree.compiler")
        self._runtime = importlib.import_module("iree.runtime")
        binary = compiler.compile_str(text, extra_args=list(FLAGS))
        config = self._runtime.Config("local-sync")
        self._context = self._runtime.SystemContext(config=config)
        module = self._runtime.VmModule.copy_buffer(self._context.instance, binary)
        self._context.add_vm_module(module)
        self._module = self._context.modules.module

    def call(
        self, graph: Graph, prefix: str, inputs: Mapping[str, Any], more: Sequence[Any] = ()
    ) -> dict[str, Any]:
        """The results by name. Raises RuntimeError where an assertion does not hold."""
        arguments: list[Any] = list(more)
        for port in graph.arguments:
            value = inputs[port.name]
            if port.kind in ("array", "scalar"):
                array = np.asarray(value)
                value = array.view(np.int8) if array.dtype == bool else array
            arguments.append(int(value) if port.kind == "bool" else value)
        given = self._module[prefix + graph.name](*arguments)
        values = given if isinstance(given, tuple | list) else (given,)
        found = {}
        for port, value in zip(graph.results, values, strict=True):
            plain = value.to_host() if hasattr(value, "to_host") else value
            array = np.asarray(plain)
            if port.kind in ("int", "float", "bool") or array.dtype != port.dtype:
                array = array.astype(port.dtype) if array.dtype.itemsize != (
                    port.dtype.itemsize) else array.view(port.dtype)  # fmt: skip
            found[port.name] = array
        return found
