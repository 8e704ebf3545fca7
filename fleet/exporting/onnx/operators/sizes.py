"""Lengths and shapes: known ones as initializers, others computed in the graph.

In: the sizes, offsets and steps of the IR, numbers or values. Out: vectors of int64. The one idea:
what ONNX wants as a vector is put together from vectors of one element; Shape gives these directly.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects.arith import predicate_of
from fleet.exporting.onnx.conversion import INT64, Conversion, Edge
from fleet.ir.core import Operation, OpResult, Value
from fleet.passes.shapes.symbolic import Size as Length

Size = int | Edge
"""A number known now, or a scalar of the graph."""


def size_of(c: Conversion, entry: int | Value) -> Size:
    """A known number, or the edge of a value, which may turn out to be known."""
    if isinstance(entry, int):
        return entry
    edge = c.edge(entry)
    known = c.root.initializers.get(edge.name)
    return edge if known is None else int(known)


def subscript_of(c: Conversion, entry: int | Value, length: Length) -> Size:
    """A place on an axis as the program has it: one below zero counts from the end for ONNX, too,
    so that nothing needs to be added to it."""
    return size_of(c, entry if isinstance(entry, int) else _unwrapped(c, entry, length))


def _unwrapped(c: Conversion, value: Value, length: Length) -> Value:
    """n, of `n + length if n < 0 else n`."""
    choice = made_by(_plain(value), "arith.select")
    if choice is None:
        return value
    condition, added, n = choice.operands
    below, total = made_by(condition, "arith.cmpi"), made_by(_plain(added), "arith.addi")
    if below is None or total is None or predicate_of(below) != "slt":
        return value
    zero = made_by(below.operand(1), "arith.constant")
    wraps = below.operand(0) is n and zero is not None and zero.get("value") == 0
    sums = {total.operand(0): total.operand(1), total.operand(1): total.operand(0)}
    return n if wraps and n in sums and c.dims.size(sums[n]) == length else value


def _plain(value: Value) -> Value:
    """A value without casts between index and i64."""
    cast = made_by(value, "arith.index_cast")
    return value if cast is None else _plain(cast.operand(0))


def made_by(value: Value, *names: str) -> Operation | None:
    """The operation that makes a value, if it is one of these."""
    op = value.operation if isinstance(value, OpResult) else None
    return op if op is not None and op.name in names else None


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
