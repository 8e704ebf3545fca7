"""What moves elements or makes arrays: reshapes, slices, joins, ranges.

The one idea: a shape of which one length is not known has -1 there, so that most graphs have no
arithmetic on sizes; a slice has its end, which NumPy's size and step give.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.dialects.tensor import mixed
from fleet.exporting.onnx.conversion import INT64, INT_MAX, INT_MIN, Conversion, Edge, Handler
from fleet.exporting.onnx.operators.sizes import (
    Size,
    length_of,
    made_by,
    one_vector,
    plus,
    scalar,
    size_of,
    slice_of,
    subscript_of,
    times,
    vector,
)
from fleet.ir.core import Operation, Value
from fleet.ir.types import element_of, numpy_dtype
from fleet.passes.shapes.symbolic import Size as Length
from fleet.passes.shapes.symbolic import const


def full_shape(c: Conversion, result: Value, sizes: Sequence[Value]) -> list[Size]:
    """The lengths of a result whose dynamic ones are operands."""
    given = iter(sizes)
    return [
        size_of(c, next(given)) if dim is None else dim for dim in result.type.shape
    ]


def _transpose(c: Conversion, op: Operation) -> Edge:
    (x,) = c.operands(op)
    axes = [int(axis) for axis in op.get("axes")]
    return x if axes == sorted(axes) else c.transpose(x, axes)


def reshaped(c: Conversion, x: Edge, shape: Sequence[Size], kept: Sequence[int] = ()) -> Edge:
    """With one length that is not known, Reshape finds it; those of the axes `kept` are the
    source's own at the same places."""
    late = [at for at, size in enumerate(shape) if not isinstance(size, int) and at not in kept]
    if 0 in shape or len(late) > 1:
        return c.emit("Reshape", x, vector(c, shape), allowzero=1)
    if not late and kept and all(isinstance(size, int) or at in kept
                                 for at, size in enumerate(shape)):  # fmt: skip
        kept, late = kept[1:], [kept[0]]
    known = [
        -1 if at in late else size if isinstance(size, int) else 0 for at, size in enumerate(shape)
    ]
    return c.emit("Reshape", x, c.ints(known))


def _reshape(c: Conversion, op: Operation) -> Edge:
    source, *sizes = op.operands
    x = c.edge(source)
    old, new = c.dims.shape(source), c.dims.shape(op.result)
    if old == new:
        return x
    stacked = made_by(source, "numpy.stack")
    if stacked is not None and not new and len(stacked.operands) == 1:
        return c.edge(stacked.operand(0)).to(x.dtype)
    found = None if c.primitive else element(c, op)
    if found is not None:
        return found
    kept = [at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a == b and b.terms]
    return reshaped(c, x, full_shape(c, op.result, sizes), kept)


def _broadcast_to(c: Conversion, op: Operation) -> Edge:
    source, *sizes = op.operands
    if c.dims.shape(source) == c.dims.shape(op.result):
        return c.edge(source)
    shape = full_shape(c, op.result, sizes)
    return c.emit("Expand", c.edge(source), vector(c, shape))


def _concatenate(c: Conversion, op: Operation) -> Edge:
    edges = c.operands(op)
    name = "axis" if op.name == "numpy.concatenate" else "dim"
    return edges[0] if len(edges) == 1 else c.emit("Concat", *edges, axis=op.get(name))


def slice_bounds(c: Conversion, offset: Size, size: Size, stride: int) -> tuple[Size, Size]:
    """Where a slice begins and ends. Backwards, the least number there is stands for what is
    before the first element, as -1 is the last one; a slice of nothing may begin there, too."""
    end = plus(c, offset, times(c, size, stride))
    if stride > 0:
        return offset, end
    if isinstance(offset, int) and isinstance(end, int):
        return (offset, end if end >= 0 else INT_MIN) if size else (0, 0)
    if isinstance(end, Edge):
        end = (end < 0).choose(INT_MIN, end)
    elif end < 0:
        end = INT_MIN
    if isinstance(offset, int):
        return offset, end
    outside = offset < 0
    return outside.choose(0, offset), outside.choose(0, scalar(c, end))


def _slice(c: Conversion, op: Operation) -> Edge:
    source = op.operand(0)
    offsets, sizes = mixed(op, "offsets"), mixed(op, "sizes")
    strides = [int(stride) for stride in op.get("static_strides")]
    return _sliced(c, source, offsets, sizes, strides)


def _sliced(
    c: Conversion, source: Value, offsets: Sequence[int | Value], sizes: Sequence[int | Value],
    strides: Sequence[int],
) -> Edge:  # fmt: skip
    starts, ends, axes = [], [], []
    for axis, (offset, size, stride) in enumerate(zip(offsets, sizes, strides, strict=True)):
        first, count = size_of(c, offset), size_of(c, size)
        if first == 0 and stride == 1 and is_whole(c, source, axis, size):
            continue
        asked = slice_of(c, offset, size, c.dims.shape(source)[axis]) if stride == 1 else None
        first, last = asked or slice_bounds(c, first, count, stride)
        late = source.type.shape[axis] is None
        if late and stride == 1 and is_rest(c, source, axis, offset, size):
            last = INT_MAX
        starts.append(first)
        ends.append(last)
        axes.append(axis)
    x = c.edge(source)
    if not axes:
        return x
    steps = [strides[axis] for axis in axes]
    extra = [] if set(steps) == {1} else [c.ints(steps)]
    return c.emit("Slice", x, vector(c, starts), vector(c, ends), c.ints(axes), *extra)


def _length(c: Conversion, size: int | Value) -> Length:
    return const(size) if isinstance(size, int) else c.dims.size(size)


def is_whole(c: Conversion, source: Value, axis: int, size: int | Value) -> bool:
    """Whether so many are the whole axis."""
    return c.dims.shape(source)[axis] == _length(c, size)


def is_rest(
    c: Conversion, source: Value, axis: int, offset: int | Value, size: int | Value
) -> bool:
    """Whether the size is the axis's length less the offset."""
    return c.dims.shape(source)[axis] == _length(c, offset) + _length(c, size)


# -- slices that are written to


def _insert_slice(c: Conversion, op: Operation) -> Edge:
    """One axis that is cut: joined again from what is before, the new part and what is behind.
    Otherwise ScatterND, at the places of the axes up to the last that is cut."""
    source, dest = op.operand(0), op.operand(1)
    offsets, sizes = mixed(op, "offsets"), mixed(op, "sizes")
    strides = [int(stride) for stride in op.get("static_strides")]
    firsts = [size_of(c, offset) for offset in offsets]
    counts = [size_of(c, size) for size in sizes]
    cut = [
        axis for axis, first in enumerate(firsts)
        if not (first == 0 and strides[axis] == 1
                and is_whole(c, dest, axis, sizes[axis]))
    ]  # fmt: skip
    part, whole = c.edge(source), c.edge(dest)
    if not cut:
        return part
    if len(cut) == 1 and strides[cut[0]] == 1 and not _is_one(counts[cut[0]]):
        return _joined(c, dest, part, firsts[cut[0]], counts[cut[0]], cut[0])
    count = cut[-1] + 1
    if all(_is_one(size) for size in counts[:count]):
        lengths = c.dims.shape(dest)
        firsts = [subscript_of(c, offsets[axis], lengths[axis]) for axis in range(count)]
    places = _grid(c, firsts[:count], counts[:count], strides[:count])
    return c.emit("ScatterND", whole, places, part)


def _is_one(size: Size) -> bool:
    return isinstance(size, int) and size == 1


def _joined(
    c: Conversion, dest: Value, part: Edge, first: Size, count: Size, axis: int
) -> Edge:
    whole, axes = c.edge(dest), c.ints([axis])
    length = dest.type.shape[axis]
    parts = []
    if not (isinstance(first, int) and first == 0):
        parts.append(c.emit("Slice", whole, c.ints([0]), one_vector(c, first), axes))
    parts.append(part)
    end = plus(c, first, count)
    if not (isinstance(end, int) and end == length):
        parts.append(c.emit("Slice", whole, one_vector(c, end), c.ints([INT_MAX]), axes))
    return parts[0] if len(parts) == 1 else c.emit("Concat", *parts, axis=axis)


def _grid(
    c: Conversion, firsts: Sequence[Size], counts: Sequence[Size], strides: Sequence[int]
) -> Edge:
    """Subscripts of all places of a slice: its shape, and one more axis for the subscripts."""
    rank = len(firsts)
    if all(isinstance(size, int) for size in (*firsts, *counts)):
        ranges = [
            np.arange(count) * stride + first
            for first, count, stride in zip(firsts, counts, strides, strict=True)
        ]
        return c.constant(np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).astype(np.int64))
    if all(_is_one(count) for count in counts):
        return reshaped(c, vector(c, list(firsts)), [1] * rank + [rank])
    columns = []
    shape = vector(c, [*counts, 1])
    for axis in range(rank):
        along = counted(c, firsts[axis], counts[axis], strides[axis])
        column = reshaped(c, along, [counts[axis] if at == axis else 1 for at in range(rank + 1)])
        columns.append(c.emit("Expand", column, shape))
    return columns[0] if rank == 1 else c.emit("Concat", *columns, axis=rank)


def counted(c: Conversion, first: Size, count: Size, stride: int = 1) -> Edge:
    """first, first + stride, … as int64, so many."""
    if isinstance(first, int) and isinstance(count, int):
        return c.constant(np.arange(count, dtype=np.int64) * stride + first)
    end = plus(c, first, times(c, count, stride))
    return c.emit("Range", scalar(c, first), scalar(c, end), c.number(stride, INT64))


# -- arrays that are made


def _arange(c: Conversion, op: Operation) -> Edge:
    start, step = (c.edge(value) for value in op.operands[:2])
    size = size_of(c, op.operand(2))
    dtype = numpy_dtype(element_of(op.result.type))
    numbers = counted(c, 0, size).to(dtype)
    first, by = (c.root.initializers.get(edge.name) for edge in (start, step))
    if by is None or by != 1:
        numbers = numbers * step.to(dtype)
    return numbers if first is not None and first == 0 else start.to(dtype) + numbers


def _full(c: Conversion, op: Operation) -> Edge:
    value, *sizes = op.operands
    edge = c.edge(value)
    dtype = numpy_dtype(element_of(op.result.type))
    return filled(c, edge.to(dtype), full_shape(c, op.result, sizes))


def filled(c: Conversion, edge: Edge, shape: list[Size]) -> Edge:
    """An array of this shape with the same number everywhere."""
    known = c.root.initializers.get(edge.name)
    if not shape:
        return edge
    if known is None:
        return c.emit("Expand", edge, vector(c, shape))
    return c.emit(
        "ConstantOfShape", vector(c, shape), dtype=edge.dtype, value=known.reshape(1)
    )


def _same(c: Conversion, op: Operation) -> Edge:
    return c.edge(op.operand(0))


def _to_tensor(c: Conversion, op: Operation) -> Edge:
    return c.edge(op.operand(0)).to(numpy_dtype(element_of(op.result.type)))


def _item(c: Conversion, op: Operation) -> Edge:
    value = op.operand(0)
    edge = c.edge(value)
    return edge if not value.type.rank else c.emit("Reshape", edge, c.ints([]))


def element(c: Conversion, op: Operation) -> Edge | None:
    """Gather or GatherND, where a reshape drops the axes of which a slice has one place."""
    part = made_by(op.operand(0), "numpy.slice")
    if part is None or set(part.get("static_strides")) - {1}:
        return None
    source, offsets, sizes = part.operand(0), mixed(part, "offsets"), mixed(part, "sizes")
    lengths = c.dims.shape(source)
    dropped = [axis for axis, size in enumerate(sizes) if size == 1 and
               not (offsets[axis] == 0 and lengths[axis] == const(1))]  # fmt: skip
    kept = [axis for axis in range(len(sizes)) if axis not in dropped]
    whole = all(offsets[axis] == 0 and is_whole(c, source, axis, sizes[axis]) for axis in kept)
    if not dropped or not whole:
        return None
    if c.dims.shape(op.result) != tuple(lengths[axis] for axis in kept):
        return None
    places = [subscript_of(c, offsets[axis], lengths[axis]) for axis in dropped]
    if len(dropped) == 1:
        return c.emit("Gather", c.edge(source), scalar(c, places[0]), axis=dropped[0])
    if dropped != list(range(len(dropped))):
        return None
    return c.emit("GatherND", c.edge(source), vector(c, places))


def _stack(c: Conversion, op: Operation) -> Edge:
    dtype = numpy_dtype(element_of(op.result.type))
    parts = [c.emit("Unsqueeze", edge.to(dtype), c.ints([0])) for edge in c.operands(op)]
    if not parts:
        return c.constant(np.zeros(0, dtype))
    return parts[0] if len(parts) == 1 else c.emit("Concat", *parts, axis=0)


def _from_elements(c: Conversion, op: Operation) -> Edge:
    if not op.result.type.rank:
        return c.edge(op.operand(0)).to(numpy_dtype(op.result.type.element))
    return reshaped(c, _stack(c, op), list(op.result.type.shape))


def _empty(c: Conversion, op: Operation) -> Edge:
    dtype = numpy_dtype(element_of(op.result.type))
    return filled(c, c.number(0, dtype), full_shape(c, op.result, op.operands))


def _splat(c: Conversion, op: Operation) -> Edge:
    value, *sizes = op.operands
    return filled(c, c.edge(value), full_shape(c, op.result, sizes))


def _dim(c: Conversion, op: Operation) -> Edge:
    source, axis = op.operand(0), size_of(c, op.operand(1))
    if not isinstance(axis, int):
        raise c.refuse("the length of an axis that is known at run time has no operator in ONNX")
    known = source.type.shape[axis]
    return c.number(known, INT64) if known is not None else length_of(c, c.edge(source), axis)


HANDLERS: dict[str, Handler] = {
    "numpy.transpose": _transpose, "numpy.reshape": _reshape,
    "numpy.broadcast_to": _broadcast_to, "numpy.concatenate": _concatenate,
    "tensor.concat": _concatenate, "numpy.slice": _slice, "numpy.insert_slice": _insert_slice,
    "numpy.arange": _arange, "numpy.full": _full, "numpy.to_tensor": _to_tensor,
    "numpy.item": _item, "numpy.stack": _stack, "tensor.from_elements": _from_elements,
    "tensor.empty": _empty, "tensor.splat": _splat, "tensor.dim": _dim, "tensor.cast": _same,
}  # fmt: skip
