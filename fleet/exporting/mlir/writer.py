"""A graph as MLIR text: for mlir-opt of MLIR 19, or for today's MLIR and IREE.

In: a graph at the numpy stage. Out: the text of its function after a stage of the pipeline. The one
idea: the pipeline is the compiler's own; what follows it takes away what only our executors know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fleet.diagnostics import UNKNOWN, FleetError, Location
from fleet.exporting.graph import Graph, Port
from fleet.exporting.mlir.boundary import keep_halves
from fleet.exporting.mlir.current import respell
from fleet.exporting.mlir.elementary import expand_lacking, through_arrays
from fleet.exporting.mlir.services import settle_services
from fleet.exporting.mlir.ties import tie
from fleet.exporting.mlir.weights import (
    RESOURCE,
    SEPARATE,
    WEIGHTS,
    ports_of,
    separate,
    transposed_as_stored,
    write_safetensors,
    write_text,
)
from fleet.files import STANDARD
from fleet.ir.attributes import Attribute, DenseAttr
from fleet.ir.core import Operation
from fleet.ir.printing.locations import place_text
from fleet.ir.printing.printer import Printer
from fleet.ir.printing.spelling import INLINE_ELEMENTS, string_text
from fleet.ir.rewriting.passes import PassManager
from fleet.stages import CLEAN, until


@dataclass(frozen=True)
class MlirOptions:
    """How MLIR is written."""

    stage: str = "linalg"
    mlir: str = "current"
    weights: str = RESOURCE
    checks: bool = True
    locations: bool = True


HELP = {
    "stage": "how far the function is taken: numpy, outlined, shapes (NumPy's functions), tosa, "
    "linalg",
    "mlir": "the spelling: 19, or that of today's MLIR, for IREE, with IREE's "
    "flow.tensor.tie_shape where loops carry arrays of dynamic sizes",
    "weights": "where large constants are: inline, a resource at the end of the text, or separate: "
    "the last arguments of the function, and FILE.safetensors has them",
    "checks": "leave out what raises Python's errors",
    "locations": "leave out which function and line of the program each operation is from",
}
CHOICES = {
    "stage": ("numpy", "outlined", "shapes", "tosa", "linalg"),
    "mlir": ("19", "current"),
    "weights": WEIGHTS,
}


def write_mlir(graph: Graph, path: Path, options: MlirOptions) -> None:
    """Write a graph. Raises FleetError."""
    if options.weights == SEPARATE and str(path) == STANDARD:
        raise FleetError("weights of their own need a file beside the text, and standard output "
                         "has none", hint="give a file with -o")  # fmt: skip
    lower(graph, options)
    arguments, beside = graph.arguments, {}
    if options.weights == SEPARATE:
        beside = separate(graph)
        arguments = [*arguments, *ports_of(beside)]
    printer = ExportPrinter(options.locations, options.mlir)
    text = printer.top_level(graph.module)
    header = _header(graph, arguments, options)
    if beside:
        write_safetensors(path.with_suffix(".safetensors"), beside)
    write_text(path, header, text, printer.resources.arrays, options.weights)


def lower(graph: Graph, options: MlirOptions) -> None:
    """Take a graph's module to what is to be printed."""
    module = graph.module
    for stage in until(options.stage):
        PassManager(stage.passes).run(module)
        if stage.name == "shapes":
            keep_halves(graph)
        if stage.name == "tosa":
            PassManager(("prove-comparisons",)).run(module)
            settle_services(module, options.checks)
            PassManager(CLEAN).run(module)
    if not options.checks:
        for op in [op for op in module.walk() if op.name == "numpy.check"]:
            op.erase()
        PassManager(CLEAN).run(module)
    for op in module.walk():
        _forget(op)
    if options.stage == "linalg":
        transposed_as_stored(module)
    if options.mlir == "current" and options.stage in ("tosa", "linalg"):
        make_current(module)


def make_current(module: Operation) -> None:
    """From what MLIR 19 takes to what IREE does."""
    through_arrays(module)
    expand_lacking(module)
    tie(module)
    respell(module)


def _forget(op: Operation) -> None:
    """Without attributes that only our executors and passes read."""
    for name in [name for name in op.attributes if name.startswith("fleet.")]:
        del op.attributes[name]
    if op.name == "func.func":
        op.attributes.pop("arg_attrs", None)


def _header(graph: Graph, arguments: Sequence[Port], options: MlirOptions) -> str:
    """What the function takes and gives, as comments."""
    lines = [f"{graph.name} of {graph.program}, at the stage {options.stage}"]
    lines += [f"  takes {port}" for port in arguments]
    lines += [f"  gives {port}" for port in graph.results]
    ports = [*arguments, *graph.results]
    if options.mlir == "current" and any(port.dtype == "float64" for port in ports):
        lines.append("iree-compile --iree-input-demote-f64-to-f32=false keeps f64 as it is")
    return "".join(f"// {line}\n" for line in lines)


class ExportPrinter(Printer):
    """Prints with places: which function of the program, and where in it."""

    def __init__(self, locations: bool, mlir: str, local: bool = False) -> None:
        super().__init__(local=local)
        self._mlir = mlir
        if locations:
            self.locations = _Functions()

    def _naming(self, attr: Attribute) -> str | None:
        """Bools are bytes in today's MLIR, no bits; and IREE reads none from resources."""
        if self._mlir == "current" and isinstance(attr, DenseAttr):
            array = attr.value
            if array.dtype == bool and array.size > INLINE_ELEMENTS and not attr.is_splat:
                return f'dense<"0x{array.tobytes().hex().upper()}"> : {attr.type}'
        return super()._naming(attr)


class _Functions:
    """Locations as `"layer_norm"("models/gpt2.py":31:12)`."""

    lines: tuple[str, ...] = ()

    def text(self, location: Location) -> str:
        place = place_text(location)
        frame = location.frame
        if location is UNKNOWN or frame is None or place == "unknown":
            return place
        return f"{string_text(frame.function)}({place})"
