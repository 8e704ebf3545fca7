"""Reductions and running combinations as nodes.

The one idea: NumPy's extremes are NaN where one of the numbers is, and ONNX leaves that open; so
where there may be a NaN it is looked for, and what of nothing is an error stays one.
"""

from __future__ import annotations

import math

import numpy as np

from fleet.exporting.onnx.conversion import BOOL, INT64, Conversion, Edge, Handler
from fleet.exporting.onnx.graph import ValueType
from fleet.exporting.onnx.kernels import carrier
from fleet.exporting.onnx.operators.elementwise import binary
from fleet.exporting.onnx.operators.layout import reshaped
from fleet.exporting.onnx.operators.products import product
from fleet.exporting.onnx.operators.sizes import dim_of, vector
from fleet.ir.core import Operation, Value
from fleet.ir.types import element_of, numpy_dtype

_OPERATORS = {"sum": "ReduceSum", "prod": "ReduceProd", "max": "ReduceMax", "min": "ReduceMin"}


def _keeps(op: Operation) -> bool:
    return "keepdims" in op.attributes


def _reduce(c: Conversion, op: Operation) -> Edge:
    name = op.name.removeprefix("numpy.")
    (x,) = c.operands(op)
    axes = [int(axis) for axis in op.get("axes")]
    if name in ("all", "any"):
        return truth(x, name, axes, _keeps(op), _never_empty(op.operand(0), axes))
    dtype = numpy_dtype(element_of(op.result.type))
    if name == "prod" and axes and dtype.kind in "iu":
        return _product(c, op, x.to(dtype), axes)
    if name == "sum" and axes and x.dtype.kind in "iu" and x.dtype.itemsize == 8:
        return _long_sum(c, op, x.to(dtype), axes)
    if name in ("sum", "prod"):
        return total(x.to(dtype), _OPERATORS[name], axes, _keeps(op))
    return extreme(x, _OPERATORS[name], axes, _keeps(op))


def _never_empty(value: Value, axes: list[int]) -> bool:
    return all(value.type.shape[axis] for axis in axes)


def total(x: Edge, operator: str, axes: list[int], keeps: bool) -> Edge:
    """ReduceSum or ReduceProd; over no axes, what is there."""
    if not axes:
        return x
    through = carrier(operator, x.dtype)
    if through is None:
        raise x.c.refuse(f"ONNX's {operator} of {x.dtype} cannot be computed")
    made = x.c.emit(operator, x.to(through), x.c.ints(axes), keepdims=int(keeps))
    return made.to(x.dtype)


def _long_sum(c: Conversion, op: Operation, x: Edge, axes: list[int]) -> Edge:
    """Of int64, as a product with ones: onnxruntime's ReduceSum adds up floats, and a number beyond
    2**53 is none. Narrower ints are added up by it without a loss."""
    value = op.operand(0)
    others = [axis for axis in range(value.type.rank) if axis not in axes]
    order = [*others, *axes]
    made = x if order == sorted(order) else c.emit("Transpose", x, perm=order)
    if len(axes) > 1:
        made = reshaped(c, made, [*(dim_of(c, value, axis) for axis in others), -1])
    count = c.emit("Shape", made, dtype=INT64, start=-1)
    ones = c.emit("ConstantOfShape", count, dtype=x.dtype, value=np.ones(1, x.dtype))
    total = product(made, ones)
    return c.emit("Unsqueeze", total, c.ints(axes)) if _keeps(op) else total


def _product(c: Conversion, op: Operation, x: Edge, axes: list[int]) -> Edge:
    """Of ints, modulo 2**64: axis after axis by a Scan, for the same reason."""
    made = x
    shape = list(op.operand(0).type.shape)
    left = list(range(len(shape)))
    for axis in reversed(axes):
        at = left.index(axis)
        left.remove(axis)
        dims = [dim_of(c, op.operand(0), other) for other in left]
        rows = ValueType(x.dtype, tuple(shape[other] for other in left))
        start = c.emit("Expand", c.number(1, x.dtype), vector(c, dims))
        made = _never_none(c, made, start, at, shape[axis])
        with c.body("prod_body") as body:
            before, here = (Edge(c, c.fresh(f"prod_{word}"), x.dtype) for word in _STEP)
            body.inputs = {before.name: rows, here.name: rows}
            c.give(before * here, "prod_next", rows)
        made = c.emit("Scan", start, made, body=body, num_scan_inputs=1, scan_input_axes=[at])
    return c.emit("Unsqueeze", made, c.ints(axes)) if _keeps(op) else made


def _never_none(c: Conversion, x: Edge, row: Edge, axis: int, length: int | None) -> Edge:
    """With one more row, if there may be none, of which onnxruntime's Scan makes an error."""
    if length:
        return x
    return c.emit("Concat", x, c.emit("Unsqueeze", row, c.ints([axis])), axis=axis)


def truth(x: Edge, name: str, axes: list[int], keeps: bool, never_empty: bool) -> Edge:
    """all or any. Of nothing they have a value in NumPy, which counting gives."""
    c, found = x.c, x.to(BOOL)
    if not axes:
        return found
    ints = np.dtype("int32" if never_empty else "int64")
    if never_empty:
        operator = "ReduceMin" if name == "all" else "ReduceMax"
        return c.emit(operator, found.to(ints), c.ints(axes), keepdims=int(keeps)).to(BOOL)
    wanted = ~found if name == "all" else found
    count = c.emit("ReduceSum", wanted.to(ints), c.ints(axes), keepdims=int(keeps))
    return count.equals(0) if name == "all" else count > 0


def extreme(x: Edge, operator: str, axes: list[int], keeps: bool) -> Edge:
    """ReduceMax or ReduceMin with NumPy's NaN."""
    c = x.c
    if not axes:
        return x
    if x.dtype == BOOL:
        ints = x.to("int32")
        return c.emit(operator, ints, c.ints(axes), keepdims=int(keeps)).to(BOOL)
    if x.dtype == np.uint64:
        return unsigned_of(c.emit(operator, ordered(x), c.ints(axes), keepdims=int(keeps)))
    through = carrier(operator, x.dtype)
    if through is None:
        raise c.refuse(f"ONNX's {operator} of {x.dtype} cannot be computed")
    made = c.emit(operator, x.to(through), c.ints(axes), keepdims=int(keeps)).to(x.dtype)
    if x.dtype.kind != "f":
        return made
    lost = c.emit("ReduceMax", x.is_nan().to("int32"), c.ints(axes), keepdims=int(keeps))
    return lost.to(BOOL).choose(c.number(math.nan, x.dtype), made)


def ordered(x: Edge) -> Edge:
    """uint64 as int64 in the same order: the highest bit turned over."""
    return x.to(INT64) ^ -(2**63)


def unsigned_of(x: Edge) -> Edge:
    """The other way round."""
    return (x ^ -(2**63)).to("uint64")


def _position(c: Conversion, op: Operation) -> Edge:
    (x,) = c.operands(op)
    operator = "ArgMax" if op.name == "numpy.argmax" else "ArgMin"
    return position(x, operator, op.get("axis"))


def position(x: Edge, operator: str, axis: int) -> Edge:
    """The first extreme's; the first NaN is one."""
    c = x.c

    def first(of: Edge, which: str) -> Edge:
        through = carrier(which, of.dtype)
        assert through is not None
        return c.emit(which, of.to(through), dtype=INT64, axis=axis, keepdims=0)

    if x.dtype == np.uint64:
        x = ordered(x)
    found = first(x, operator)
    if x.dtype.kind != "f":
        return found
    lost = x.is_nan().to("int32")
    some = c.emit("ReduceMax", lost, c.ints([axis]), keepdims=0)
    return some.to(BOOL).choose(first(lost, "ArgMax"), found)


# -- running


def _cumulate(c: Conversion, op: Operation) -> Edge:
    (x,) = c.operands(op)
    axis = op.get("axis")
    dtype = numpy_dtype(element_of(op.result.type))
    x = x.to(dtype)
    if op.name == "numpy.cumsum":
        through = carrier("CumSum", dtype)
        if through is None:
            raise c.refuse(f"ONNX's CumSum of {dtype} cannot be computed")
        return c.emit("CumSum", x.to(through), c.number(axis, INT64)).to(dtype)
    return _scanned(c, op, x, axis)


_STEP = ("before", "here")
_COMBINE = {"cumprod": "multiply", "cummax": "maximum", "cummin": "minimum"}


def _scanned(c: Conversion, op: Operation, x: Edge, axis: int) -> Edge:
    """Scan: each row is combined with what came before."""
    name = op.name.removeprefix("numpy.")
    value = op.operand(0)
    others = [at for at in range(value.type.rank) if at != axis]
    shape = vector(c, [dim_of(c, value, at) for at in others])
    start = c.emit("Expand", c.number(_neutral(name, x.dtype), x.dtype), shape)
    rows = _never_none(c, x, start, axis, value.type.shape[axis])
    with c.body(f"{name}_body") as body:
        before, here = (Edge(c, c.fresh(f"{name}_{word}"), x.dtype) for word in _STEP)
        kind = _row_type(value, axis, x.dtype)
        body.inputs = {before.name: kind, here.name: kind}
        made = binary(_COMBINE[name], before, here)
        c.give(made, f"{name}_next", kind)
        c.give(made, f"{name}_row", kind, own=False)
    made = c.emit_many(
        "Scan", start, rows, dtypes=[None, None], body=body, num_scan_inputs=1,
        scan_input_axes=[axis], scan_output_axes=[axis],
    )[1]  # fmt: skip
    return made if rows is x else c.emit("Slice", made, c.ints([0]), c.ints([-1]), c.ints([axis]))


def _row_type(value: Value, axis: int, dtype: np.dtype) -> ValueType:
    shape = tuple(dim for at, dim in enumerate(value.type.shape) if at != axis)
    return ValueType(dtype, shape)


def _neutral(name: str, dtype: np.dtype) -> object:
    if name == "cumprod":
        return 1
    sign = -1 if name == "cummax" else 1
    if dtype.kind == "f":
        return sign * math.inf
    if dtype == BOOL:
        return sign > 0
    info = np.iinfo(dtype)
    return info.min if sign < 0 else info.max


HANDLERS: dict[str, Handler] = {
    **{f"numpy.{name}": _reduce for name in (*_OPERATORS, "all", "any")},
    "numpy.argmax": _position, "numpy.argmin": _position,
    **{f"numpy.{name}": _cumulate for name in ("cumsum", *_COMBINE)},
}  # fmt: skip
