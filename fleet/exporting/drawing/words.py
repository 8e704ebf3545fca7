"""What is written in the nodes of a drawing.

In: operations and values. Out: `Node`s. The one idea: a constant is no node: who takes it shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fleet.diagnostics import UNKNOWN, Location
from fleet.exporting.graph import Graph, Port
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import BlockArgument, Operation, OpResult, Value
from fleet.ir.types import IndexType, ShapedType
from fleet.passes.shapes.dims import Dims


@dataclass(eq=False)
class Node:
    """An operation, an argument or a result: lines of text in a rounded box.

    kind: names the colour; tip: what a viewer shows when the mouse rests on it.
    """

    kind: str
    lines: list[str]
    tip: str


COLOURS = {
    "product": {"matmul", "dot", "inner", "outer", "einsum", "tensordot", "solve"},
    "reduction": {
        "sum", "prod", "max", "min", "mean", "argmax", "argmin", "any", "all", "cumsum", "cumprod",
        "sort", "argsort",
    },
    "layout": {
        "reshape", "transpose", "broadcast_to", "concatenate", "slice", "insert_slice", "stack",
        "expand_dims", "squeeze", "flip", "extract_slice", "pad", "dim", "full", "arange", "empty",
        "cast", "copy", "index_cast", "from_elements", "extract",
    },
    "indexing": {
        "take", "check_indices", "gather", "index", "scatter", "put", "where", "nonzero",
        "set_slice", "set_items", "put_slice",
    },
}  # fmt: skip
"""What kind of work an operation is, by the last part of its name; the rest is elementwise."""

KINDS = {name: kind for kind, names in COLOURS.items() for name in names}


class Words:
    """What nodes and wires say; lengths have the names that the arguments give them."""

    def __init__(self, graph: Graph) -> None:
        self._dims = Dims(graph.module)
        self._lengths: dict[object, str] = {}
        for port, argument in zip(graph.arguments, graph.function.body.arguments, strict=True):
            if isinstance(argument.type, ShapedType):
                for size, dim in zip(self._dims.shape(argument), port.dims, strict=False):
                    if isinstance(dim, str):
                        self._lengths.setdefault(size, dim)

    def node(self, operation: Operation) -> Node:
        name = operation.name.rpartition(".")[2]
        lines = [name]
        for value in operation.operands:
            text = self._constant(value)
            if text and not isinstance(value.type, IndexType):
                lines.append(text)
        hints = [value.hint for value in operation.results if value.hint]
        if hints:
            lines[0] = f"{', '.join(hints)} = {name}"
        lines += [self._type(value) for value in operation.results]
        return Node(KINDS.get(name, "elementwise"), lines, tip_of(operation))

    def argument(self, argument: BlockArgument) -> Node:
        name = argument.hint or f"arg{argument.number}"
        return Node("carried", [name, self._type(argument)], place_of(argument.location))

    def value(self, value: Value) -> str:
        return f"{value.hint}: {self._type(value)}" if value.hint else self._type(value)

    def _constant(self, value: Value) -> str:
        """A constant as its user shows it: a number, or a name and a type."""
        if not is_constant(value):
            return ""
        attribute = cast(OpResult, value).operation.attributes["value"]
        if isinstance(attribute, DenseAttr):
            if attribute.type.shape != ():
                return f"{value.hint or attribute.key or 'constant'}: {self._type(value)}"
            text = str(attribute.value[()])
        else:
            text = str(getattr(attribute, "value", attribute))
        return f"{value.hint} = {text}" if value.hint else text

    def _type(self, value: Value) -> str:
        """`12×batch×768 f32`."""
        if not isinstance(value.type, ShapedType):
            return str(value.type)
        sizes = [
            self._lengths.get(size, "?") if dim is None else str(dim)
            for dim, size in zip(value.type.shape, self._dims.shape(value), strict=True)
        ]
        return f"{'×'.join(sizes)} {value.type.element}".strip()


def port_node(port: Port, kind: str) -> Node:
    name, _, type = str(port).partition(": ")
    return Node(kind, [name, type], str(port))


def is_constant(value: Value) -> bool:
    return isinstance(value, OpResult) and value.operation.name == "arith.constant"


def tip_of(operation: Operation) -> str:
    place = place_of(operation.location)
    frames = operation.location.frames()
    where = f"{frames[-1].function} at {place}" if frames else place
    return f"{operation.name}\n{where}" if place else operation.name


def place_of(location: Location | None) -> str:
    """`gpt2.py:12`."""
    if location is None or location is UNKNOWN or not location.line:
        return ""
    return f"{location.file.rpartition('/')[2]}:{location.line}"
