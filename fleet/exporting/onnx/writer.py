"""A graph of the numpy stage as a file of ONNX.

In: a `Graph`. Out: FILE.onnx, and FILE.onnx.data where the weights are large. The one idea: the
pipeline's own passes make complex numbers real and settle lengths; then each operation becomes the
nodes that mean the same, and what nothing needs is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fleet.exporting.graph import Graph, Port
from fleet.exporting.onnx.conversion import Conversion, Edge, Handler
from fleet.exporting.onnx.files import write_model
from fleet.exporting.onnx.graph import Model, Node, ValueType, rename
from fleet.exporting.onnx.operators import (
    control,
    elementwise,
    indexing,
    layout,
    products,
    reductions,
    scalars,
)
from fleet.exporting.onnx.patterns import plans
from fleet.exporting.onnx.pruning import prune
from fleet.ir.rewriting.passes import PassManager
from fleet.passes.shapes.dims import Dims
from fleet.stages import CLEAN

HANDLERS: dict[str, Handler] = {
    **elementwise.HANDLERS, **scalars.HANDLERS, **reductions.HANDLERS, **layout.HANDLERS,
    **indexing.HANDLERS, **control.HANDLERS, **products.HANDLERS,
}  # fmt: skip
"""What emits the nodes of each operation of the numpy stage."""

PASSES = ("inline", "symbol-dce", "complex-to-parts", "infer-shapes", *CLEAN)


@dataclass(frozen=True)
class OnnxOptions:
    """How ONNX is written.

    primitive: no compact operators, such as Softmax
    weights: `inside` the model, `beside` it, or as their size has it
    """

    primitive: bool = False
    weights: str = "auto"


HELP = {
    "primitive": "no compact operators (Softmax, Gelu, LayerNormalization, Gemm): what they are "
    "made of",
    "weights": "inside the file, beside it in FILE.onnx.data, or (auto) beside above 1 GB",
}
WEIGHTS = ("auto", "inside", "beside")


def write_onnx(graph: Graph, path: Path, options: OnnxOptions) -> None:
    """Write a graph. Raises FleetError for what ONNX cannot express."""
    beside = None if options.weights == "auto" else options.weights == "beside"
    write_model(model_of(graph, primitive=options.primitive), path, beside=beside)


def model_of(graph: Graph, *, primitive: bool = False) -> Model:
    """The model of a graph, whose module this changes. Raises FleetError."""
    PassManager(PASSES).run(graph.module)
    dims = Dims(graph.module)
    c = Conversion(graph.name, HANDLERS, dims, primitive=primitive)
    function = graph.function
    for port, argument in zip(graph.arguments, function.body.arguments, strict=True):
        name = c.fresh(port.name)
        c.graph.inputs[name] = _type_of(port)
        c.edges[argument] = Edge(c, name, port.dtype)
        if port.kind == "array":
            for size, dim in zip(dims.shape(argument), port.dims, strict=True):
                if isinstance(dim, str):
                    c.lengths.setdefault(size, dim)
    names = [c.fresh(port.name) for port in graph.results]
    if not primitive:
        c.planned = plans(graph.module.walk(), dims)
    _, given = control.run_block(c, function.body)
    _give_results(c, names, graph.results, given)
    prune(c.graph)
    return Model(c.graph, "fleet", doc=f"{graph.name} of {graph.program}")


def _type_of(port: Port) -> ValueType:
    return ValueType(port.dtype, port.dims)


def _give_results(c: Conversion, names: list[str], ports: list[Port], given: list[Edge]) -> None:
    """Results under their flat names: what was made for one takes its name."""
    c.operation = None
    made = {name for node in c.graph.nodes for name in node.outputs}
    renamed: dict[str, str] = {}
    for name, port, edge in zip(names, ports, given, strict=True):
        if edge.name in made and edge.name not in renamed:
            renamed[edge.name] = name
        else:
            source = renamed.get(edge.name, edge.name)
            node = Node("Identity", [source], [name], name=c.title("Identity"))
            c.graph.nodes.append(node)
        c.graph.outputs[name] = _type_of(port)
    rename(c.graph, renamed)
