"""What `numpy` operations do: NumPy itself, and the host's services."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.dialects.arith.execution import fma
from fleet.dialects.numpy.warnings import is_scalar
from fleet.dialects.tensor.execution import filled_shape, slices_of, stacked
from fleet.elementary import IN_NUMPY, of_scalar
from fleet.host import call_service, of_parts
from fleet.ir.core import Operation
from fleet.ir.interpreter import python_value, to_array, to_data
from fleet.ir.types import FloatType, element_of, f64, i1, i64, numpy_dtype


def _arrays(operation: Operation, arguments: Sequence[Any]) -> list[np.ndarray]:
    return [to_array(v, o.type) for v, o in zip(arguments, operation.operands, strict=True)]


def _dtype(operation: Operation) -> np.dtype:
    return numpy_dtype(element_of(operation.result.type))


def _ufunc(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    name = operation.name.removeprefix("numpy.")
    values = _arrays(operation, arguments)
    of_python = isinstance(operation.result.type, FloatType)
    if of_python and name in _OF_C:
        return [to_data(of_scalar(_OF_C[name], values[0][()]), operation.result.type)]
    if (of_python and name == "power") or (is_scalar(operation) and name in _OPERATORS):
        result = _OPERATORS[name](*[value[()] for value in values])
    else:
        result = getattr(np, name)(*values)
    return [to_data(result, operation.result.type)]


_OF_C = {other: name for name, other in IN_NUMPY.items()}
"""Functions of Python's numbers whose last digits are the C library's."""
_OPERATORS = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul,
    "divide": operator.truediv, "floor_divide": operator.floordiv, "remainder": operator.mod,
    "power": operator.pow, "negative": operator.neg, "absolute": abs, "sqrt": np.sqrt,
}  # fmt: skip
"""What Python does with NumPy's scalars, where these warn of other things than its functions."""


for _definition in (*numpy.binary.values(), *numpy.unary.values(), numpy.where):
    _definition.executes(_ufunc)


@numpy.fma.executes
def _fma(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [to_data(fma(*_arrays(operation, arguments)), operation.result.type)]


def _part(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [getattr(arguments[0], operation.name.removeprefix("numpy."))]


for _definition in numpy.parts.values():
    _definition.executes(_part)


@numpy.complex_.executes
def _complex(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [of_parts(*arguments)]


@numpy.cast.executes
def _cast(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = _arrays(operation, arguments)
    return [to_data(array.astype(_dtype(operation)), operation.result.type)]


@numpy.bitcast.executes
def _bitcast(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = _arrays(operation, arguments)
    return [to_data(array.view(_dtype(operation)), operation.result.type)]


def _laid_out(
    array: np.ndarray, order: Sequence[int] | None, apart: Sequence[int]
) -> np.ndarray:
    """The array with its axes in an order in memory, and gaps behind those that lie apart."""
    axes = list(range(array.ndim) if order is None else order)
    shape = [array.shape[axis] for axis in axes]
    room = [size + (place - 1 in apart) for place, size in enumerate(shape)]
    whole = np.empty(room, array.dtype)[tuple(map(slice, shape))]
    whole[...] = array.transpose(axes)
    return whole.transpose([axes.index(axis) for axis in range(array.ndim)])


def _reduce(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    name = operation.name.removeprefix("numpy.")
    keywords = {"dtype": _dtype(operation)} if name in ("sum", "prod") else {}
    axes, keepdims = tuple(operation.get("axes")), "keepdims" in operation.attributes
    array = arguments[0]
    of_complex = "of_complex" in operation.attributes
    if of_complex:
        array = array.astype(np.result_type(array, np.complex64))
        keywords = {}
    if name in ("sum", "prod") and array.ndim > 1 and array.dtype.kind in "fc":
        array = _laid_out(array, operation.get("order"), operation.get("apart") or ())
    result = getattr(np, name)(array, axis=axes, keepdims=keepdims, **keywords)
    return [to_data(result.real if of_complex else result, operation.result.type)]


for _definition in numpy.reduce.values():
    _definition.executes(_reduce)


def _along(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    function = getattr(np, operation.name.removeprefix("numpy."))
    result = function(arguments[0], axis=operation.get("axis"))
    return [to_data(result, operation.result.type)]


for _definition in (numpy.argmax, numpy.argmin):
    _definition.executes(_along)


def _cumulate(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    function = _CUMULATED[operation.name.removeprefix("numpy.")]
    result = function.accumulate(arguments[0], axis=operation.get("axis"), dtype=_dtype(operation))
    return [to_data(result, operation.result.type)]


_CUMULATED = {
    "cumsum": np.add, "cumprod": np.multiply, "cummax": np.maximum, "cummin": np.minimum,
}  # fmt: skip
for _definition in numpy.cumulate.values():
    _definition.executes(_cumulate)


@numpy.sort.executes
def _sort(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [np.sort(arguments[0], axis=-1, kind="stable")]


@numpy.argsort.executes
def _argsort(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [np.argsort(arguments[0], axis=-1, kind="stable")]


@numpy.searchsorted.executes
def _searchsorted(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    side = "right" if "right" in operation.attributes else "left"
    return [to_data(np.searchsorted(*arguments, side=side), operation.result.type)]


@numpy.nonzero.executes
def _nonzero(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [np.flatnonzero(arguments[0])]


@numpy.scatter.executes
def _scatter(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    values, indices, dest = arguments
    changeable = interpreter.owns(dest, operation.operand(2), holders=2)
    result = dest if changeable else dest.copy()
    combine = operation.get("combine")
    if combine == "set":
        result[indices] = values
    else:
        getattr(np, combine).at(result, indices, values)
    return [result]


@numpy.matmul.executes
def _matmul(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [to_data(np.matmul(*arguments), operation.result.type)]


@numpy.transpose.executes
def _transpose(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [np.transpose(arguments[0], operation.get("axes"))]


@numpy.reshape.executes
def _reshape(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, *sizes = arguments
    return [array.reshape(filled_shape(operation.result.type, sizes))]


@numpy.broadcast_to.executes
def _broadcast_to(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, *sizes = arguments
    return [np.broadcast_to(array, filled_shape(operation.result.type, sizes))]


@numpy.concatenate.executes
def _concatenate(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [np.concatenate(arguments, axis=operation.get("axis"))]


_PARTS = ("offsets", "sizes", "strides")


@numpy.slice.executes
def _slice(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, *dynamic = arguments
    return [array[slices_of(operation, array.shape, iter(dynamic), _PARTS)]]


@numpy.insert_slice.executes
def _insert_slice(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    source, dest, *dynamic = arguments
    changeable = interpreter.owns(dest, operation.operand(1), holders=2)
    result = dest if changeable else dest.copy()
    result[slices_of(operation, dest.shape, iter(dynamic), _PARTS)] = source
    return [result]


@numpy.take.executes
def _take(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, indices = arguments
    return [to_data(np.take(array, indices, axis=operation.get("axis")), operation.result.type)]


@numpy.arange.executes
def _arange(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    start, step = _arrays(operation, arguments)[:2]
    dtype = _dtype(operation)
    steps = np.arange(arguments[2], dtype=np.int64).astype(dtype)
    return [start.astype(dtype) + steps * step.astype(dtype)]


@numpy.full.executes
def _full(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    value, *sizes = arguments
    return [np.full(filled_shape(operation.result.type, sizes), value, _dtype(operation))]


@numpy.to_tensor.executes
def _to_tensor(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [_arrays(operation, arguments)[0].astype(_dtype(operation))]


@numpy.item.executes
def _item(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [to_data(arguments[0].reshape(()), operation.result.type)]


@numpy.stack.executes
def _stack(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [stacked(arguments, _dtype(operation))]


# -- the host


@numpy.check_indices.executes
def _check_indices(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    options = {"axis": operation.get("axis")}
    kinds = ["array", "int"]
    (wrapped,) = call_service(
        interpreter.host, "check_indices", arguments, kinds, ["array"], options, operation.location
    )
    return [to_data(wrapped, operation.result.type)]


@numpy.check.executes
def _check(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    if not arguments[0]:
        kinds = ["bool", *python_value(operation.attributes["kinds"])]
        options = {"exception": operation.get("exception"), "message": operation.get("message")}
        call_service(interpreter.host, "check", arguments, kinds, [], options, operation.location)
    return []


def _ints(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    service = operation.name.removeprefix("numpy.")
    kinds = [_KINDS[value.type] for value in (*operation.operands, operation.result)]
    return call_service(
        interpreter.host, service, arguments, kinds[:-1], kinds[-1:], {}, operation.location
    )


_KINDS = {i64: "int", f64: "float", i1: "bool"}

for _definition in numpy.ints.values():
    _definition.executes(_ints)


@numpy.host.executes
def _host(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return service_results(interpreter, operation, operation, arguments)


def service_results(
    interpreter: Any, declaration: Operation, call: Operation, arguments: Sequence[Any]
) -> list[Any]:
    """Perform the service that a `numpy.host`, or a declared function, describes."""
    kinds = python_value(declaration.attributes["kinds"])
    result_kinds = python_value(declaration.attributes["result_kinds"])
    options = declaration.attributes.get("options")
    results = call_service(
        interpreter.host,
        declaration.get("service"),
        arguments,
        kinds,
        result_kinds,
        python_value(options) if options is not None else {},
        call.location,
    )
    return [to_data(value, r.type) for value, r in zip(results, call.results, strict=True)]
