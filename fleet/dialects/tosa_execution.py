"""What `tosa` operations do, on NumPy arrays, as the TOSA specification has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fleet.dialects import tosa
from fleet.dialects.arith_execution import MATH_FUNCTIONS
from fleet.ir.core import Operation
from fleet.ir.interpreter import data_of, to_data
from fleet.ir.types import numpy_dtype

_FUNCTIONS: dict[str, Callable[..., np.ndarray]] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "maximum": np.maximum,
    "minimum": np.minimum, "pow": np.power, "equal": np.equal, "greater": np.greater,
    "greater_equal": np.greater_equal, "select": np.where, "negate": np.negative, "abs": np.abs,
    "exp": np.exp, "log": np.log, "tanh": np.tanh, "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "erf": MATH_FUNCTIONS["erf"], "floor": np.floor, "ceil": np.ceil,
    "rsqrt": lambda x: 1 / np.sqrt(x), "reciprocal": lambda x: 1 / x,
    "logical_not": np.logical_not,
}  # fmt: skip


def _elementwise(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    if operation.name == "tosa.mul" and operation.get("shift"):
        raise NotImplementedError("tosa.mul with a shift")
    function = _FUNCTIONS[operation.name.removeprefix("tosa.")]
    return [to_data(function(*arguments), operation.result.type)]


for _name in _FUNCTIONS:
    tosa.TOSA.ops[_name].executes(_elementwise)


@tosa.cast.executes
def _cast(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    """Floats become integers by rounding to even, and saturate."""
    (array,) = arguments
    dtype = numpy_dtype(operation.result.type.element)
    if array.dtype.kind == "f" and dtype.kind in "iu":
        limits = np.iinfo(dtype)
        rounded = np.nan_to_num(np.rint(array.astype(np.float64)), nan=0.0)
        result = np.clip(rounded, float(limits.min), float(limits.max))
        exact = np.where(result >= float(limits.max), 0, result).astype(dtype)
        return [np.where(result >= float(limits.max), limits.max, exact).astype(dtype)]
    return [array.astype(dtype)]


@tosa.const.executes
def _const(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [data_of(operation.attributes["value"])]


_REDUCERS = {
    "sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum,
    "all": np.logical_and, "any": np.logical_or,
}  # fmt: skip


def _reduce(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    ufunc = _REDUCERS[operation.name.removeprefix("tosa.reduce_")]
    result = ufunc.reduce(arguments[0], axis=operation.get("axis"), keepdims=True)
    return [to_data(result, operation.result.type)]


for _definition in tosa.reduce.values():
    _definition.executes(_reduce)


@tosa.argmax.executes
def _argmax(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [to_data(np.argmax(arguments[0], axis=operation.get("axis")), operation.result.type)]


@tosa.matmul.executes
def _matmul(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [to_data(np.matmul(*arguments), operation.result.type)]


@tosa.reshape.executes
def _reshape(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [arguments[0].reshape(operation.get("new_shape"))]


@tosa.transpose.executes
def _transpose(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, order = arguments
    return [array.transpose(order.tolist())]


@tosa.concat.executes
def _concat(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [np.concatenate(arguments, axis=operation.get("axis"))]


@tosa.slice.executes
def _slice(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = arguments
    where = []
    for size, start, count in zip(
        array.shape, operation.get("start"), operation.get("size"), strict=True
    ):
        count = size - start if count == -1 else count
        if start < 0 or count < 0 or start + count > size:
            raise IndexError(f"elements {start} to {start + count} of an axis of size {size}")
        where.append(slice(start, start + count))
    return [array[tuple(where)]]


@tosa.gather.executes
def _gather(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    values, indices = arguments
    return [np.take_along_axis(values, indices[:, :, None].astype(np.int64), axis=1)]
