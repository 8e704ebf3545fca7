"""A function of the numpy stage becomes a graph: what the handlers of its operations work with.

In: operations of one `func.func`. Out: the nodes of a `Graph`. The one idea: an `Edge` is a value
of the graph that one computes with as with NumPy's arrays, so that a handler reads as the formula
that it stands for; nodes that turn out to serve nothing are dropped in the end.
"""

from __future__ import annotations

import re
from collections import ChainMap, Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fleet.diagnostics import UNKNOWN, FleetError, Location
from fleet.exporting.onnx.graph import Graph, Node, ValueType, rename
from fleet.exporting.onnx.kernels import carrier
from fleet.exporting.onnx.schema import ELEMENT_TYPES
from fleet.ir.core import Operation, Value
from fleet.ir.types import ShapedType, Type, element_of, numpy_dtype
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.symbolic import Size

INT64, BOOL = np.dtype("int64"), np.dtype("bool")
INT_MIN, INT_MAX = -(2**63), 2**63 - 1

SMALL = 1024
"""Constants of more bytes are looked at by where they are, not by what they hold."""

Number = bool | int | float


@dataclass(frozen=True, eq=False)
class Edge:
    """A value of the graph, and its dtype. Numbers beside it are taken to have that, too."""

    c: Conversion
    name: str
    dtype: np.dtype

    def _with(self, other: Edge | Number) -> Edge:
        return other if isinstance(other, Edge) else self.c.number(other, self.dtype)

    def _binary(self, op: str, other: Edge | Number, out: np.dtype | None = None) -> Edge:
        return self.c.apply(op, self, self._with(other), out=out)

    def __add__(self, other: Edge | Number) -> Edge:
        return self._binary("Add", other)

    def __sub__(self, other: Edge | Number) -> Edge:
        return self._binary("Sub", other)

    def __mul__(self, other: Edge | Number) -> Edge:
        return self._binary("Mul", other)

    def __truediv__(self, other: Edge | Number) -> Edge:
        """Of ints: towards zero."""
        return self._binary("Div", other)

    def __rtruediv__(self, other: Number) -> Edge:
        return self._with(other) / self

    def __rsub__(self, other: Number) -> Edge:
        return self._with(other) - self

    def __neg__(self) -> Edge:
        return self.c.apply("Neg", self)

    def __lt__(self, other: Edge | Number) -> Edge:
        return self._binary("Less", other, BOOL)

    def __le__(self, other: Edge | Number) -> Edge:
        return self._binary("LessOrEqual", other, BOOL)

    def __gt__(self, other: Edge | Number) -> Edge:
        return self._binary("Greater", other, BOOL)

    def __ge__(self, other: Edge | Number) -> Edge:
        return self._binary("GreaterOrEqual", other, BOOL)

    def equals(self, other: Edge | Number) -> Edge:
        return self._binary("Equal", other, BOOL)

    def __and__(self, other: Edge | Number) -> Edge:
        return self._binary("And" if self.dtype == BOOL else "BitwiseAnd", other)

    def __or__(self, other: Edge | Number) -> Edge:
        return self._binary("Or" if self.dtype == BOOL else "BitwiseOr", other)

    def __xor__(self, other: Edge | Number) -> Edge:
        return self._binary("Xor" if self.dtype == BOOL else "BitwiseXor", other)

    def __invert__(self) -> Edge:
        return self.c.apply("Not" if self.dtype == BOOL else "BitwiseNot", self)

    def __abs__(self) -> Edge:
        return self.c.apply("Abs", self)

    def to(self, dtype: Any) -> Edge:
        """Cast, as C and NumPy do."""
        wanted = np.dtype(dtype)
        if wanted == self.dtype:
            return self
        known = self.c.root.initializers.get(self.name)
        if known is not None and known.size == 1:
            return self.c.constant(known.astype(wanted))
        return self.c.emit("Cast", self, dtype=wanted, to=ELEMENT_TYPES[wanted])

    def choose(self, yes: Edge | Number, no: Edge | Number) -> Edge:
        """NumPy's where, of a condition. At least one of the two is an edge."""
        typed = yes if isinstance(yes, Edge) else no
        assert isinstance(typed, Edge)
        return self.c.where(self, typed._with(yes), typed._with(no))

    def is_nan(self) -> Edge:
        return self.c.apply("IsNaN", self, out=BOOL)


Handler = Callable[["Conversion", Operation], "Edge | Sequence[Edge]"]
"""Emits an operation's nodes; the edges of its results."""


class Conversion:
    """The graph of one function as it grows.

    handlers: by operation; dims: the lengths of the function's values
    primitive: whether an operator stands for one operation at most
    """

    def __init__(
        self, name: str, handlers: dict[str, Handler], dims: Dims, *, primitive: bool = False
    ) -> None:
        self.primitive = primitive
        self.root = self.graph = Graph(name)
        self.handlers = handlers
        self.dims = dims
        self.lengths: dict[Size, str] = {}
        """The names of lengths that only the run knows."""
        self.edges: dict[Value, Edge] = {}
        self.planned: dict[Operation, Callable[[Conversion], Edge]] = {}
        """Operations at which a compact operator stands for them and others before them."""
        self.vectors: ChainMap[str, str] = ChainMap()
        """Of scalars that are known as an array of one element as well, that one's name."""
        self.turned: dict[str, tuple[Edge, list[int]]] = {}
        """Of transposed values: of what, and how."""
        self.operation: Operation | None = None
        self._names: Counter[str] = Counter()
        self._node_names: Counter[str] = Counter()
        self._constants: dict[Any, Edge] = {}

    # -- names

    def fresh(self, wanted: str) -> str:
        """A name that no other value has."""
        base = re.sub(r"[^\w./:-]+", "_", wanted) or "value"
        return _numbered(base, self._names)

    @property
    def location(self) -> Location:
        return UNKNOWN if self.operation is None else self.operation.location

    def refuse(self, message: str, hint: str | None = None) -> FleetError:
        """What is to be raised where ONNX cannot express the operation at hand."""
        location = None if self.location is UNKNOWN else self.location
        return FleetError(message, location, hint=hint)

    # -- constants

    def constant(self, array: np.ndarray, hint: str | None = None) -> Edge:
        """An initializer with these elements; equal small ones are one."""
        array = np.asarray(array)
        if array.nbytes <= SMALL:
            key: Any = (array.dtype, array.shape, array.tobytes())
        else:
            key = (array.dtype, array.shape, array.strides, array.__array_interface__["data"])
        found = self._constants.get(key)
        if found is None:
            name = self.fresh(hint or _spelled(array))
            self.root.initializers[name] = array
            found = self._constants[key] = Edge(self, name, array.dtype)
        return found

    def number(self, value: Number, dtype: Any) -> Edge:
        return self.constant(np.asarray(value, dtype))

    def ints(self, values: Sequence[int]) -> Edge:
        """Known numbers as a vector of int64: shapes, axes."""
        return self.constant(np.array(values, np.int64).reshape(len(values)))

    # -- nodes

    def emit(
        self, op: str, *inputs: Edge | None, dtype: Any = None, name: str | None = None,
        **attributes: Any,
    ) -> Edge:  # fmt: skip
        """Append a node with one result. dtype: the result's; that of the first input if None."""
        return self.emit_many(op, *inputs, dtypes=[dtype], names=[name], **attributes)[0]

    def emit_many(
        self, op: str, *inputs: Edge | None, dtypes: Sequence[Any],
        names: Sequence[str | None] | None = None, **attributes: Any,
    ) -> list[Edge]:  # fmt: skip
        """Append a node with several results. An input that is None is an optional one."""
        title = self.title(op)
        given = names or [None] * len(dtypes)
        outputs = [self.fresh(name or title) for name in given]
        listed = [edge.name if edge is not None else "" for edge in inputs]
        doc, metadata = _described(self.location)
        self.graph.nodes.append(Node(op, listed, outputs, attributes, title, doc, metadata))
        first = next((edge.dtype for edge in inputs if edge is not None), None)
        made = []
        for output, dtype in zip(outputs, dtypes, strict=True):
            found = first if dtype is None else np.dtype(dtype)
            assert found is not None
            made.append(Edge(self, output, found))
        return made

    def title(self, op: str) -> str:
        """A name for a node: the functions that it is in, the operator, the line."""
        location = self.location
        path = [frame.function for frame in location.frames() if frame.function != "<module>"]
        path = [function.strip("<>") for function in path] or [self.root.name]
        line = f"_{location.line}" if location.line else ""
        return _numbered("/".join([*path, f"{op}{line}"]), self._node_names)

    def transpose(self, x: Edge, axes: list[int]) -> Edge:
        """With its axes in this order."""
        made = self.emit("Transpose", x, perm=axes)
        self.turned[made.name] = x, axes
        return made

    def apply(self, op: str, *inputs: Edge, out: Any = None, **attributes: Any) -> Edge:
        """A node of an operator whose inputs have one dtype, in one that it is there for.

        out: the result's dtype, where that is not the inputs'.
        Raises FleetError where there is none.
        """
        dtype = inputs[0].dtype
        through = self._carrier(op, dtype)
        made = self.emit(op, *(edge.to(through) for edge in inputs), dtype=out, **attributes)
        return made if out is not None else made.to(dtype)

    def _carrier(self, op: str, dtype: np.dtype) -> np.dtype:
        through = carrier(op, dtype)
        if through is None:
            raise self.refuse(
                f"ONNX's {op} of {dtype} cannot be computed",
                "convert the array to a wider dtype before, with .astype(...)",
            )
        return through

    def where(self, condition: Edge, yes: Edge, no: Edge) -> Edge:
        """NumPy's where."""
        through = self._carrier("Where", yes.dtype)
        made = self.emit("Where", condition, yes.to(through), no.to(through), dtype=through)
        return made.to(yes.dtype)

    # -- values of the function

    def edge(self, value: Value) -> Edge:
        return self.edges[value]

    def operands(self, operation: Operation) -> list[Edge]:
        return [self.edges[operand] for operand in operation.operands]

    def convert(self, operation: Operation) -> None:
        """Emit the nodes of an operation. Raises FleetError for what ONNX cannot express."""
        self.operation = operation
        start = len(self.graph.nodes)
        plan = self.planned.get(operation)
        if plan is not None:
            found: Any = plan(self)
        else:
            handler = self.handlers.get(operation.name)
            if handler is None:
                raise self.refuse(
                    f"`{operation.name}` cannot be part of a graph of ONNX",
                    "a graph holds arithmetic on arrays and numbers, branches and loops",
                )
            found = handler(self, operation)
        made = [found] if isinstance(found, Edge) else list(found)
        self.operation = operation
        for result, edge in zip(operation.results, made, strict=True):
            self.edges[result] = self._called(result, edge, start)

    def _called(self, value: Value, edge: Edge, start: int) -> Edge:
        """The edge under the name of the program's variable, if it was made just now."""
        if value.hint:
            for node in self.graph.nodes[start:]:
                if edge.name in node.outputs and not self.root.initializers.get(edge.name):
                    edge = self._renamed(edge, self.fresh(value.hint), start)
                    break
        self.graph.values[edge.name] = self.type_of(value)
        return edge

    def _renamed(self, edge: Edge, name: str, start: int) -> Edge:
        rename(Graph("", self.graph.nodes[start:]), {edge.name: name})
        if edge.name in self.vectors:
            self.vectors[name] = self.vectors[edge.name]
        if edge.name in self.turned:
            self.turned[name] = self.turned[edge.name]
        return Edge(self, name, edge.dtype)

    def type_of(self, value: Value) -> ValueType:
        """What is known of a value of the function, its lengths by the names of arguments'."""
        plain = value_type(value.type)
        if not plain.shape or None not in plain.shape:
            return plain
        pairs = zip(plain.shape, self.dims.shape(value), strict=True)
        shape = tuple(self.lengths.get(size) if dim is None else dim for dim, size in pairs)
        return ValueType(plain.dtype, shape)

    # -- bodies

    @contextmanager
    def body(self, name: str) -> Iterator[Graph]:
        """What is emitted meanwhile goes into a graph of its own."""
        outer, operation = self.graph, self.operation
        self.graph = Graph(name)
        self.vectors = self.vectors.new_child()
        try:
            yield self.graph
        finally:
            self.graph, self.operation = outer, operation
            self.vectors = self.vectors.parents

    def give(self, edge: Edge, wanted: str, type: ValueType, own: bool = True) -> str:
        """Make an edge an output of the graph at hand; its name there.

        own: whether it may keep its name, if it was made in this graph and is no output yet.
        """
        made_here = any(edge.name in node.outputs for node in self.graph.nodes)
        if not own or not made_here or edge.name in self.graph.outputs:
            edge = self.emit("Identity", edge, name=wanted)
        self.graph.outputs[edge.name] = type
        return edge.name


def value_type(type: Type) -> ValueType:
    """An IR type as one of ONNX, without names for what is known at run time only."""
    shape = type.shape if isinstance(type, ShapedType) else ()
    return ValueType(numpy_dtype(element_of(type)), shape)


def _numbered(base: str, taken: Counter[str]) -> str:
    """The name, with a number behind it if it is taken."""
    name, number = base, taken[base]
    while number and taken[name]:
        number += 1
        name = f"{base}_{number}"
    taken[base] = max(number, 1)
    taken[name] = max(taken[name], 1)
    return name


def _spelled(array: np.ndarray) -> str:
    """A name for a constant that no variable of the program is."""
    if array.size == 1:
        return str(array.reshape(-1)[0]).replace("-", "minus_")
    if array.ndim == 1 and array.size <= 4 and array.dtype == INT64:
        return "_".join(str(number).replace("-", "minus_") for number in array)
    return f"constant_{'x'.join(map(str, array.shape))}"


def _described(location: Location) -> tuple[str, dict[str, str]]:
    """What a node says of the line that asked for it."""
    if location is UNKNOWN or not location.line:
        return "", {}
    stack = location.callers()
    function = stack[-1][1]
    callers = [
        f"{Path(place.file).name}:{place.line} in {name}" for place, name in stack[:-1]
        if name != "<module>"
    ]  # fmt: skip
    metadata = {
        "function": function, "file": location.file, "line": str(location.line),
        "column": str(location.column + 1),
    }  # fmt: skip
    if callers:
        metadata["callers"] = "; ".join(callers)
    return f"{Path(location.file).name}:{location.line} in {function}", metadata
