"""Reductions and matrix products at run time.

In: Arrays and axes. Out: new Arrays, by operations of the `numpy` dialect. The one idea: what NumPy
would raise is decided from known lengths now, and checked at run time where lengths are not known.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.ndarrays import layout
from fleet.evaluator.values.ndarrays.arrays import asarray
from fleet.evaluator.values.ndarrays.elementwise import Misfit, common_dims, stretch
from fleet.evaluator.values.ndarrays.tensors import (
    Length,
    cast_tensor,
    dims_of,
    lengths_of,
    shape_words,
    tensor,
    wrap,
)
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.then import Tensor, dim_type
from fleet.ir.attributes import i64_array


def reduce(e: Emitter, name: str, value: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """sum, prod, max, min, all, any over some axes; the dtype is the operand's."""
    part = tensor(e, value)
    if name in ("max", "min"):
        _not_empty(e, "maximum" if name == "max" else "minimum", part, axes)
    if not axes and part.dims:
        return wrap(e, part, order=layout.order_of_new([value], len(part.dims)))
    dims = tuple(
        1 if axis in axes else dim
        for axis, dim in enumerate(part.dims)
        if keepdims or axis not in axes
    )
    extra: dict[str, Any] = {"keepdims": None} if keepdims else {}
    extra |= e.warnings("reduce")
    if name in ("sum", "prod") and part.dtype.kind in "fc":
        extra |= _in_memory(value)
    made = e.value(
        numpy.reduce[name], part.value, types=[tensor_type(dim_type(dims), part.dtype)],
        axes=i64_array(axes), **extra,
    )  # fmt: skip
    result = Tensor(made, dims, part.dtype)
    if e.heeded():
        e.check_floats(name, e.said("reduce"), [part], result)
    order = layout.order_of_new([value], len(part.dims))
    if order and not keepdims:
        kept = [axis for axis in range(len(part.dims)) if axis not in axes]
        order = layout.rows_or([kept.index(axis) for axis in order if axis in kept])
    return wrap(e, result, scalar=not dims, order=order if len(dims) > 1 else ())


def _in_memory(value: Any) -> dict[str, Any]:
    """How the elements lie that are summed: the bits of a sum depend on it."""
    found = layout.walk(value)
    if found is None:
        return {}
    axes, apart = found
    return {"order": i64_array(axes)} | ({"apart": i64_array(apart)} if apart else {})


def of_all(e: Emitter, name: str, value: Any) -> Any:
    """A reduction of all elements as booleans."""
    whole = cast_tensor(e, asarray(e, value), np.dtype(bool))
    return reduce(e, name, wrap(e, whole), tuple(range(len(whole.dims))), False)


def _not_empty(e: Emitter, name: str, part: Tensor, axes: tuple[int, ...]) -> None:
    for axis in axes:
        length = e.dim(part.value, axis, part.dims[axis])
        numbers.require(
            e, numbers.compare(e, "ge", length, 1), "ValueError",
            f"zero-size array to reduction operation {name} which has no identity",
        )  # fmt: skip


def arg_extreme(e: Emitter, name: str, value: Any, axis: int) -> Any:
    """argmax, argmin along one axis."""
    part = tensor(e, value)
    length = e.dim(part.value, axis, part.dims[axis])
    numbers.require(
        e, numbers.compare(e, "ge", length, 1), "ValueError",
        f"attempt to get {name} of an empty sequence",
    )  # fmt: skip
    dims = part.dims[:axis] + part.dims[axis + 1 :]
    dtype = np.dtype("int64")
    op = numpy.argmax if name == "argmax" else numpy.argmin
    made = e.value(op, part.value, types=[tensor_type(dim_type(dims), dtype)], axis=axis)
    return wrap(e, Tensor(made, dims, dtype), scalar=not dims)


def matmul(e: Emitter, a: Any, b: Any) -> Any:
    a, b = asarray(e, a), asarray(e, b)
    for number, value in enumerate((a, b)):
        if not dims_of(value):
            raise ValueError(
                f"matmul: Input operand {number} does not have enough dimensions (has 0, gufunc "
                "core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
            )
    first, second, dtype = np.matmul.resolve_dtypes((a.dtype, b.dtype, None))
    x, y = cast_tensor(e, a, first), cast_tensor(e, b, second)
    axis = max(len(y.dims) - 2, 0)
    _match_inner(e, x, y, axis)
    (x, y), batch = _batches(e, x, y)
    rows = x.dims[-2:-1]
    columns = y.dims[-1:] if len(y.dims) > 1 else ()
    dims = (*batch, *rows, *columns)
    types = [tensor_type(dim_type(dims), dtype)]
    made = e.value(numpy.matmul, x.value, y.value, types=types, **e.warnings("matmul"))
    result = Tensor(made, dims, dtype)
    if e.heeded():
        e.check_floats("matmul", e.said("matmul"), [x, y], result)
    return wrap(e, result, scalar=not dims)


def _match_inner(e: Emitter, x: Tensor, y: Tensor, axis: int) -> None:
    message = (
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
        "(n?,k),(k,m?)->(n?,m?) (size {} is different from {})"
    )
    left = e.dim(x.value, len(x.dims) - 1, x.dims[-1])
    right = e.dim(y.value, axis, y.dims[axis])
    numbers.require(e, numbers.compare(e, "eq", left, right), "ValueError", message, right, left)


def _batches(e: Emitter, x: Tensor, y: Tensor) -> tuple[list[Tensor], tuple[Dim, ...]]:
    """Both operands with batch dimensions that broadcast, and to what."""
    fronts = [Tensor(part.value, part.dims[:-2], part.dtype) for part in (x, y)]
    misfit = Misfit("ValueError", lambda: _remapped(e, x, y))
    dims, lengths = common_dims(e, fronts, (), misfit)
    if not lengths:
        return [x, y], dims
    at = {axis - 2: length for axis, length in lengths.items()}
    return [stretch(e, part, (*dims, *part.dims[-2:]), at) for part in (x, y)], dims


def _remapped(e: Emitter, x: Tensor, y: Tensor) -> tuple[str, list[Length]]:
    """NumPy's words where batch dimensions do not fit, and the lengths in them."""
    shown: list[Length] = []
    texts = []
    for part in (x, y):
        lengths = lengths_of(e, part)
        text, told = shape_words(lengths)
        batch = ",".join(["{}"] * (len(lengths) - 2) + ["newaxis", "newaxis"])
        texts.append(f"{text}->({batch})")
        shown += [*told, *lengths[:-2]]
    shown += [lengths_of(e, x)[-2], lengths_of(e, y)[-1]]
    return (
        "operands could not be broadcast together with remapped shapes [original->remapped]: "
        f"{' '.join(texts)}  and requested shape ({{}},{{}})"
    ), shown
