"""Subscripts that are arrays or numbers of the run: gathers and scatters, sorts and searches.

The one idea: ONNX's Gather takes negative subscripts as NumPy does, so the check that wraps them
leaves nothing behind; where an operator leaves an order open (equal keys, NaN, a place written
twice), NumPy's is computed.
"""

from __future__ import annotations

import math

import numpy as np

from fleet.exporting.onnx.conversion import BOOL, INT64, Conversion, Edge, Handler
from fleet.exporting.onnx.graph import ValueType
from fleet.exporting.onnx.kernels import carrier
from fleet.exporting.onnx.operators.layout import counted, reshaped
from fleet.exporting.onnx.operators.reductions import ordered, unsigned_of
from fleet.exporting.onnx.operators.sizes import Size, dim_of, one_vector, scalar, size_of, vector
from fleet.ir.core import Operation


def _check_indices(c: Conversion, op: Operation) -> Edge:
    """Those below zero count from the end; what only takes elements with them does so itself."""
    indices, size = op.operands
    x = c.edge(indices)
    wrapping = any(
        user.name != "numpy.take" or user.operand(1) is not op.result
        for user in op.result.users
    )
    if not wrapping or x.dtype.kind == "u":
        return x
    length = scalar(c, size_of(c, size)).to(x.dtype)
    return (x < 0).choose(x + length, x)


def subscripts(x: Edge) -> Edge:
    """In a dtype that ONNX takes subscripts in."""
    return x if x.dtype.name in ("int32", "int64") else x.to(INT64)


def _take(c: Conversion, op: Operation) -> Edge:
    a, indices = c.operands(op)
    return c.emit("Gather", a, subscripts(indices), axis=op.get("axis"))


def _extract(c: Conversion, op: Operation) -> Edge:
    array, *indices = op.operands
    x = c.edge(array)
    if not indices:
        return x
    if len(indices) == 1:
        return c.emit("Gather", x, scalar(c, size_of(c, indices[0])), axis=0)
    return c.emit("GatherND", x, vector(c, [size_of(c, index) for index in indices]))


def _insert(c: Conversion, op: Operation) -> Edge:
    value, dest, *indices = op.operands
    if not indices:
        return c.edge(value)
    place = reshaped(c, vector(c, [size_of(c, index) for index in indices]), [1, len(indices)])
    update = c.emit("Unsqueeze", c.edge(value), c.ints([0]))
    return c.emit("ScatterND", c.edge(dest), place, update)


def _nonzero(c: Conversion, op: Operation) -> Edge:
    (x,) = c.operands(op)
    through = carrier("NonZero", x.dtype) or np.dtype("bool")
    found = c.emit("NonZero", x.to(through), dtype=INT64)
    return c.emit("Squeeze", found, c.ints([0]))


# -- writing at places


def _scatter(c: Conversion, op: Operation) -> Edge:
    values, indices, dest = c.operands(op)
    combine = op.get("combine")
    indices = subscripts(indices)
    if combine == "set":
        return _last_written(c, op, values, indices, dest)
    if combine == "subtract":
        values = c.number(0, values.dtype) - values
    dtype = dest.dtype
    if dtype.kind == "b":
        dest, values = dest.to("int32"), values.to("int32")
        combine = {"add": "maximum", "multiply": "minimum"}.get(combine, combine)
    reduction = {
        "add": "add", "subtract": "add", "multiply": "mul", "maximum": "max", "minimum": "min",
    }[combine]  # fmt: skip
    made = c.emit("ScatterElements", dest, indices, values, axis=0, reduction=reduction)
    if dtype.kind == "f" and combine in ("maximum", "minimum"):
        made = _keeping_nan(c, made, dest, indices, values)
    return made.to(dtype)


def _keeping_nan(c: Conversion, made: Edge, dest: Edge, indices: Edge, values: Edge) -> Edge:
    lost = c.emit(
        "ScatterElements", dest.is_nan().to("int32"), indices, values.is_nan().to("int32"),
        axis=0, reduction="max",
    )  # fmt: skip
    return lost.to("bool").choose(c.number(math.nan, made.dtype), made)


def _last_written(
    c: Conversion, op: Operation, values: Edge, indices: Edge, dest: Edge
) -> Edge:
    """A place that is written twice has the later value. ONNX leaves that open; so the number of
    the last one is found for each place, which is a maximum and has no order."""
    known = c.root.initializers.get(indices.name)
    if known is not None and len(np.unique(known)) == known.size and (known >= 0).all():
        return c.emit("ScatterElements", dest, indices, values, axis=0)
    count = dim_of(c, op.operand(1), 0)
    length = dim_of(c, op.operand(2), 0)
    nobody = c.emit("ConstantOfShape", one_vector(c, length), dtype=INT64,
                    value=np.array([-1], np.int64))  # fmt: skip
    last = c.emit("ScatterElements", nobody, indices, counted(c, 0, count), axis=0, reduction="max")
    some = last >= 0
    spare = c.constant(np.zeros(1, values.dtype))  # so that there is one to take in any case
    found = c.emit("Gather", c.emit("Concat", values, spare, axis=0), some.choose(last, 0), axis=0)
    return some.choose(found, dest)


# -- order


def _sorted(c: Conversion, op: Operation, x: Edge) -> tuple[Edge, Edge]:
    """Elements along the last axis in order, and their positions; equal ones as they were."""
    value = op.operand(0)
    last = value.type.rank - 1
    size = one_vector(c, dim_of(c, value, last))
    keys = ordered(x) if x.dtype == np.uint64 else x
    through = carrier("TopK", keys.dtype)
    if through is None:
        raise c.refuse(f"ONNX's TopK of {x.dtype} cannot be computed")
    keys = keys.to(through)
    if x.dtype.kind == "f":
        return _sorted_floats(c, x, size)
    made, positions = _lowest(c, keys, size)
    return unsigned_of(made) if x.dtype == np.uint64 else made.to(x.dtype), positions


def _lowest(c: Conversion, keys: Edge, size: Edge) -> tuple[Edge, Edge]:
    made, positions = c.emit_many(
        "TopK", keys, size, dtypes=[None, INT64], axis=-1, largest=0, sorted=1
    )
    return made, positions


def _sorted_floats(c: Conversion, x: Edge, size: Edge) -> tuple[Edge, Edge]:
    """NaN last: sorted as if they were infinite, and then stably by whether they are NaN."""
    keys = x.is_nan().choose(c.number(math.inf, x.dtype), x)
    _, first = _lowest(c, keys, size)
    lost = c.emit("GatherElements", x.is_nan().to("int32"), first, axis=-1)
    _, second = _lowest(c, lost, size)
    positions = c.emit("GatherElements", first, second, axis=-1)
    return c.emit("GatherElements", x, positions, axis=-1), positions


def _sort(c: Conversion, op: Operation) -> Edge:
    (x,) = c.operands(op)
    return x if not op.operand(0).type.rank else _sorted(c, op, x)[0]


def _argsort(c: Conversion, op: Operation) -> Edge:
    (x,) = c.operands(op)
    return _sorted(c, op, x)[1]


_FEW = 256
"""Elements of a row up to which each value is compared with all of them."""


def _searchsorted(c: Conversion, op: Operation) -> Edge:
    """How many are before each value; NaN is behind all else."""
    row, values = c.operands(op)
    right = "right" in op.attributes
    length = op.operand(0).type.shape[0]
    if length is None or length > _FEW:
        return _bisected(c, row, values, dim_of(c, op.operand(0), 0), right)
    before = _before(row, c.emit("Unsqueeze", values, c.ints([-1])), right)
    return c.emit("ReduceSum", before.to(INT64), c.ints([-1]), keepdims=0)


def _before(element: Edge, value: Edge, right: bool) -> Edge:
    """Whether an element is before a value, or among its equals (`right`)."""
    if right:
        before = element <= value
        return before | value.is_nan() if element.dtype.kind == "f" else before
    before = element < value
    if element.dtype.kind != "f":
        return before
    return before | (value.is_nan() & ~element.is_nan())


def _bisected(c: Conversion, row: Edge, values: Edge, length: Size, right: bool) -> Edge:
    """The interval in which the place is, halved until it is one for all values."""
    count = c.emit("Shape", values, dtype=INT64)
    low = c.emit("ConstantOfShape", count, dtype=INT64, value=np.zeros(1, np.int64))
    high = c.emit("Expand", scalar(c, length), count)
    flag, kind = ValueType(BOOL, ()), ValueType(INT64)
    some = scalar(c, length) > 0
    with c.body("bisect") as body:
        step, going, first, end = (c.fresh(name) for name in ("step", "going", "low", "high"))
        body.inputs = {step: ValueType(INT64, ()), going: flag, first: kind, end: kind}
        a, b = Edge(c, first, INT64), Edge(c, end, INT64)
        middle = (a + b) / 2
        last = scalar(c, length) - 1
        element = c.emit("Gather", row, c.apply("Min", middle, last), axis=0)
        before = _before(element, values, right)
        left = a < b
        lower = (left & before).choose(middle + 1, a)
        upper = (left & ~before).choose(middle, b)
        ahead = c.emit("ReduceSum", (lower < upper).to(INT64), keepdims=0) > 0
        c.give(ahead, "going_on", flag)
        c.give(lower, "low_next", kind)
        c.give(upper, "high_next", kind)
    return c.emit_many(
        "Loop", c.number(64, INT64), some, low, high, dtypes=[INT64, INT64], body=body
    )[0]


HANDLERS: dict[str, Handler] = {
    "numpy.check_indices": _check_indices, "numpy.take": _take, "tensor.extract": _extract,
    "tensor.insert": _insert, "numpy.nonzero": _nonzero, "numpy.scatter": _scatter,
    "numpy.sort": _sort, "numpy.argsort": _argsort, "numpy.searchsorted": _searchsorted,
}  # fmt: skip
