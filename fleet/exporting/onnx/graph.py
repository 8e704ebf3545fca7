"""A graph of ONNX as Python objects, and as messages.

In: nodes, initializers, inputs and outputs. Out: a ModelProto, and back. The one idea: a graph is
what the specification calls one, names for edges; an initializer is a NumPy array that is only
looked at when it is written. Source: onnx/docs/IR.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fleet.exporting.onnx.schema import (
    DTYPES,
    ELEMENT_TYPES,
    FLOAT,
    FLOATS,
    GRAPH,
    INT,
    INTS,
    IR_VERSION,
    OPSET,
    STRING,
    STRINGS,
    TENSOR,
)
from fleet.exporting.onnx.wire import Message

Dim = int | str | None
"""A length, its name, or nothing at all."""


@dataclass(frozen=True)
class ValueType:
    """The type of an edge; `shape` is None where not even the rank is known."""

    dtype: np.dtype
    shape: tuple[Dim, ...] | None = None


@dataclass
class Node:
    """One operator. Attributes are ints, floats, strings, lists of them, arrays and graphs."""

    op: str
    inputs: list[str]
    outputs: list[str]
    attributes: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    doc: str = ""
    metadata: dict[str, str] = field(default_factory=dict)

    def graphs(self) -> Iterator[Graph]:
        """The bodies of an If, Loop or Scan."""
        return (value for value in self.attributes.values() if isinstance(value, Graph))


@dataclass
class Graph:
    """Nodes in an order in which they can be run.

    values: the types of edges that are neither inputs nor outputs, as far as they are told
    """

    name: str
    nodes: list[Node] = field(default_factory=list)
    inputs: dict[str, ValueType] = field(default_factory=dict)
    outputs: dict[str, ValueType] = field(default_factory=dict)
    initializers: dict[str, np.ndarray] = field(default_factory=dict)
    values: dict[str, ValueType] = field(default_factory=dict)
    doc: str = ""

    def walk(self) -> Iterator[Node]:
        """The nodes of this graph and of those in it."""
        for node in self.nodes:
            yield node
            for graph in node.graphs():
                yield from graph.walk()


@dataclass
class Model:
    """A graph and what is said of it."""

    graph: Graph
    producer: str = ""
    version: str = ""
    opset: int = OPSET
    doc: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


def rename(graph: Graph, names: Mapping[str, str]) -> None:
    """Give values other names wherever nodes make or read them, in bodies, too."""
    for node in graph.nodes:
        node.inputs = [names.get(one, one) for one in node.inputs]
        node.outputs = [names.get(one, one) for one in node.outputs]
        for body in node.graphs():
            rename(body, names)
            if not names.keys().isdisjoint(body.outputs):
                body.outputs = {names.get(name, name): type for name, type in body.outputs.items()}


# -- to messages


def _entries(pairs: dict[str, str]) -> list[Message] | None:
    return [
        Message("StringStringEntryProto", {"key": key, "value": value})
        for key, value in pairs.items()
    ] or None


def model_message(model: Model) -> Message:
    """The model as a ModelProto. Weights are its arrays themselves."""
    return Message("ModelProto", {
        "ir_version": IR_VERSION,
        "producer_name": model.producer or None,
        "producer_version": model.version or None,
        "doc_string": model.doc or None,
        "graph": graph_message(model.graph),
        "opset_import": [
            Message("OperatorSetIdProto", {"domain": "", "version": model.opset})
        ],
        "metadata_props": _entries(model.metadata),
    })  # fmt: skip


def graph_message(graph: Graph) -> Message:
    return Message("GraphProto", {
        "node": [_node_message(node) for node in graph.nodes],
        "name": graph.name,
        "initializer": [tensor_message(*item) for item in graph.initializers.items()],
        "doc_string": graph.doc or None,
        "input": [_value_message(*item) for item in graph.inputs.items()],
        "output": [_value_message(*item) for item in graph.outputs.items()],
        "value_info": [_value_message(*item) for item in graph.values.items()],
    })  # fmt: skip


def _node_message(node: Node) -> Message:
    return Message("NodeProto", {
        "input": node.inputs,
        "output": node.outputs,
        "name": node.name or None,
        "op_type": node.op,
        "attribute": [_attribute_message(*item) for item in node.attributes.items()],
        "doc_string": node.doc or None,
        "metadata_props": _entries(node.metadata),
    })  # fmt: skip


def _attribute_message(name: str, value: Any) -> Message:
    found: dict[str, Any]
    match value:
        case bool() | int():
            found = {"i": int(value), "type": INT}
        case float():
            found = {"f": value, "type": FLOAT}
        case str():
            found = {"s": value.encode(), "type": STRING}
        case Graph():
            found = {"g": graph_message(value), "type": GRAPH}
        case np.ndarray():
            found = {"t": tensor_message("", value), "type": TENSOR}
        case [float(), *_]:
            found = {"floats": value, "type": FLOATS}
        case [str(), *_]:
            found = {"strings": [text.encode() for text in value], "type": STRINGS}
        case _:
            found = {"ints": list(value), "type": INTS}
    return Message("AttributeProto", {"name": name, **found})


def tensor_message(name: str, array: np.ndarray) -> Message:
    """An array as a TensorProto that holds it, row-major and little-endian, when it is written."""
    return Message("TensorProto", {
        "dims": list(array.shape),
        "data_type": ELEMENT_TYPES[array.dtype],
        "name": name or None,
        "raw_data": array.astype(array.dtype.newbyteorder("<"), copy=False),
    })  # fmt: skip


def _value_message(name: str, type: ValueType) -> Message:
    tensor = Message("TypeProto.Tensor", {"elem_type": ELEMENT_TYPES[type.dtype]})
    if type.shape is not None:
        dims = [Message("TensorShapeProto.Dimension", _dim(dim)) for dim in type.shape]
        tensor.fields["shape"] = Message("TensorShapeProto", {"dim": dims})
    return Message(
        "ValueInfoProto", {"name": name, "type": Message("TypeProto", {"tensor_type": tensor})}
    )


def _dim(dim: Dim) -> dict[str, int | str]:
    if dim is None:
        return {}
    return {"dim_value": dim} if isinstance(dim, int) else {"dim_param": dim}


# -- from messages


def model_of(message: Message, array_of: Any) -> Model:
    """The model that a ModelProto describes. array_of: gives the array of a TensorProto.

    Raises ValueError for what graphs of ours do not have.
    """
    graph = message.get("graph")
    if graph is None:
        raise ValueError("it has no graph")
    opsets = {item.get("domain", ""): item.get("version", 0) for item in
              message.get("opset_import", ())}  # fmt: skip
    return Model(
        graph_of(graph, array_of), message.get("producer_name", ""),
        message.get("producer_version", ""), opsets.get("", 0), message.get("doc_string", ""),
        _pairs(message),
    )  # fmt: skip


def _pairs(message: Message) -> dict[str, str]:
    entries = message.get("metadata_props", ())
    return {entry.get("key", ""): entry.get("value", "") for entry in entries}


def graph_of(message: Message, array_of: Any) -> Graph:
    return Graph(
        message.get("name", ""),
        [_node_of(node, array_of) for node in message.get("node", ())],
        _values_of(message, "input"),
        _values_of(message, "output"),
        {one.get("name", ""): array_of(one) for one in message.get("initializer", ())},
        _values_of(message, "value_info"),
        message.get("doc_string", ""),
    )


def _node_of(message: Message, array_of: Any) -> Node:
    if message.get("domain", "") not in ("", "ai.onnx"):
        raise ValueError(f"it has operators of the domain {message.get('domain')}")
    return Node(
        message.get("op_type", ""), message.get("input", []), message.get("output", []),
        {one.get("name", ""): _attribute_of(one, array_of) for one in message.get("attribute", ())},
        message.get("name", ""), message.get("doc_string", ""), _pairs(message),
    )  # fmt: skip


def _attribute_of(message: Message, array_of: Any) -> Any:
    match message.get("type"):
        case 1:
            return message.get("f", 0.0)
        case 2:
            return message.get("i", 0)
        case 3:
            return str(message.get("s", b""), "utf-8")
        case 4:
            return array_of(message.get("t"))
        case 5:
            return graph_of(message.get("g"), array_of)
        case 6:
            return message.get("floats", [])
        case 7:
            return message.get("ints", [])
        case 8:
            return [str(text, "utf-8") for text in message.get("strings", ())]
    raise ValueError(f"the attribute `{message.get('name')}` is of an unknown kind")


def _values_of(message: Message, name: str) -> dict[str, ValueType]:
    return {one.get("name", ""): _type_of(one) for one in message.get(name, ())}


def _type_of(message: Message) -> ValueType:
    type = message.get("type")
    tensor = type.get("tensor_type") if type is not None else None
    dtype = DTYPES.get(tensor.get("elem_type")) if tensor is not None else None
    if tensor is None or dtype is None:
        raise ValueError(f"`{message.get('name')}` is no array of numbers")
    shape = tensor.get("shape")
    if shape is None:
        return ValueType(dtype)
    dims = shape.get("dim", ())
    return ValueType(dtype, tuple(dim.get("dim_value", dim.get("dim_param")) for dim in dims))
