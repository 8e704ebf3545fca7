"""Lengths and shapes: known ones as initializers, others computed in the graph.

In: the sizes, offsets and steps of the IR, numbers or values. Out: vectors of int64. The one idea:
what ONNX wants as a vector is put together from vectors of one element; Shape gives these directly.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.exporting.onnx.conversion import INT64, Conversion, Edge
from fleet.ir.core import Value

Size = int | Edge
"""A number known now, or a scalar of the graph."""


def size_of(c: Conversion, entry: int | Value) -> Size:
    """A known number, or the edge of a value, which may turn out to be known."""
    if isinstance(entry, int):
        return entry
    edge = c.edge(entry)
    known = c.root.initializers.get(edge.name)
    return edge if known is None else int(known)


def scalar(c: Conversion, size: Size) -> Edge:
    return c.number(size, INT64) if isinstance(size, int) else size


def one_vector(c: Conversion, size: Size) -> Edge:
    """A vector of this one number."""
    if isinstance(size, int):
        return c.ints([size])
    known = c.vectors.get(size.name)
    if known is not None:
        return Edge(c, known, INT64)
    made = c.emit("Unsqueeze", size, c.ints([0]))
    c.vectors[size.name] = made.name
    return made


def vector(c: Conversion, sizes: Sequence[Size]) -> Edge:
    """A vector of these numbers."""
    parts: list[Edge] = []
    run: list[int] = []
    for size in sizes:
        if isinstance(size, int):
            run.append(size)
            continue
        if run:
            parts.append(c.ints(run))
            run = []
        parts.append(one_vector(c, size))
    if run or not parts:
        parts.append(c.ints(run))
    return parts[0] if len(parts) == 1 else c.emit("Concat", *parts, axis=0)


def dim_of(c: Conversion, value: Value, axis: int) -> Size:
    """The length of a value's axis."""
    known = value.type.shape[axis]
    return known if known is not None else length_of(c, c.edge(value), axis)


def length_of(c: Conversion, edge: Edge, axis: int) -> Edge:
    """The length of an edge's axis, at run time."""
    part = c.emit("Shape", edge, dtype=INT64, start=axis, end=axis + 1)
    made = c.emit("Squeeze", part, c.ints([0]))
    c.vectors[made.name] = part.name
    return made


def plus(c: Conversion, one: Size, other: Size) -> Size:
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    if isinstance(one, int):
        one, other = other, one
    assert isinstance(one, Edge)
    return one if isinstance(other, int) and other == 0 else one + other


def times(c: Conversion, one: Size, other: int) -> Size:
    if isinstance(one, int):
        return one * other
    return one if other == 1 else one * other


def minus(c: Conversion, one: Size, other: Size) -> Size:
    if isinstance(one, int) and isinstance(other, int):
        return one - other
    return scalar(c, one) - other if not (isinstance(other, int) and other == 0) else one
