"""Lengths and shapes: known ones as initializers, others computed in the graph.

In: the sizes, offsets and steps of the IR, numbers or values. Out: vectors of int64. The one idea:
what ONNX wants as a vector is put together from vectors of one element; Shape gives these directly.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects.arith import predicate_of
from fleet.exporting.onnx.conversion import INT64, INT_MAX, Conversion, Edge
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


def slice_of(
    c: Conversion, offset: int | Value, size: int | Value, length: Length
) -> tuple[Size, Size] | None:
    """Where a slice begins and ends as the program has it, `x[start:stop]`: Slice clips these to
    the axis and counts negative ones from the end, as Python does."""
    if isinstance(size, int):
        return None
    span = _plain(size)
    bounded = made_by(span, "arith.maxsi")
    if bounded is not None and _is(bounded.operand(1), 0):
        span = bounded.operand(0)
    start: Size | None = offset if isinstance(offset, int) else None
    first = None if isinstance(offset, int) else _plain(offset)
    difference = made_by(span, "numpy.int_sub", "arith.subi")
    if first is not None:
        if difference is None or _plain(difference.operand(1)) is not first:
            return None
        span = difference.operand(0)
        raw = _clipped(c, first, length)
        start = None if raw is None else size_of(c, raw)
    elif start != 0:
        if difference is None or not _is(difference.operand(1), start):
            return None
        span = difference.operand(0)
    if c.dims.size(_plain(span)) == length:
        stop: Size | None = INT_MAX
    else:
        raw = _clipped(c, _plain(span), length)
        stop = None if raw is None else size_of(c, raw)
    return None if start is None or stop is None else (start, stop)


def _clipped(c: Conversion, value: Value, length: Length) -> Value | None:
    """n, of `max(n + length, 0) if n < 0 else min(n, length)`."""
    choice = made_by(value, "arith.select")
    if choice is None:
        return None
    condition, below, above = choice.operands
    sign, low, high = (
        made_by(condition, "arith.cmpi"), made_by(below, "arith.maxsi"),
        made_by(above, "arith.minsi"),
    )  # fmt: skip
    if sign is None or low is None or high is None or predicate_of(sign) != "slt":
        return None
    n = sign.operand(0)
    added = made_by(low.operand(0), "arith.addi")
    right = (
        _is(sign.operand(1), 0) and _is(low.operand(1), 0) and added is not None
        and high.operand(0) is n and c.dims.size(high.operand(1)) == length
        and n in added.operands
    )  # fmt: skip
    if not right or added is None:
        return None
    other = added.operand(1) if added.operand(0) is n else added.operand(0)
    return n if c.dims.size(other) == length else None


def _is(value: Value, number: object) -> bool:
    constant = made_by(_plain(value), "arith.constant")
    return constant is not None and constant.get("value") == number


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
