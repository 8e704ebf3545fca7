"""A graph as MLIR text.

In: a graph at the numpy stage. Out: its text after a stage of the pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fleet.exporting.graph import Graph
from fleet.files import write_text
from fleet.ir.printing.printer import print_op


@dataclass(frozen=True)
class MlirOptions:
    """How MLIR is written."""

    stage: str = "linalg"


HELP = {"stage": "how far the function is taken: numpy, outlined, shapes, tosa, linalg"}
STAGES = ("numpy", "outlined", "shapes", "tosa", "linalg")


def write_mlir(graph: Graph, path: Path, options: MlirOptions) -> None:
    """Write a graph. Raises FleetError."""
    write_text(path, print_op(graph.module))
