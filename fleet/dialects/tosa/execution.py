"""What `tosa` operations do, on NumPy arrays, as the TOSA specification has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fleet.dialects import tosa
from fleet.dialects.arith.execution import BINARY, MATH_FUNCTIONS, unsigned
from fleet.dialects.tosa.windows import saturated, wide, zero_points
from fleet.ir.core import Operation
from fleet.ir.interpreter import data_of, to_data
from fleet.ir.types import numpy_dtype


def _rounded_shift(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """x >> y, half of what is lost added before."""
    lost = np.where(y > 0, (x >> np.maximum(y - 1, 0)) & 1, 0).astype(x.dtype)
    return (x >> y) + lost


def _leading_zeros(x: np.ndarray) -> np.ndarray:
    bits = np.dtype(x.dtype).itemsize * 8
    count = np.frompyfunc(lambda n: bits - (int(n) & ((1 << bits) - 1)).bit_length(), 1, 1)
    return count(x).astype(x.dtype)


def _unsigned_shift(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (unsigned(x) >> unsigned(y)).view(x.dtype)


_FUNCTIONS: dict[str, Callable[..., np.ndarray]] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "maximum": np.maximum,
    "minimum": np.minimum, "pow": np.power, "equal": np.equal, "greater": np.greater,
    "greater_equal": np.greater_equal, "select": np.where, "negate": np.negative, "abs": np.abs,
    "exp": np.exp, "log": np.log, "tanh": np.tanh, "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "erf": MATH_FUNCTIONS["erf"], "floor": np.floor, "ceil": np.ceil,
    "rsqrt": lambda x: 1 / np.sqrt(x), "reciprocal": lambda x: 1 / x,
    "logical_not": np.logical_not, "bitwise_and": np.bitwise_and, "bitwise_or": np.bitwise_or,
    "bitwise_xor": np.bitwise_xor, "bitwise_not": np.bitwise_not, "int_div": BINARY["divsi"],
    "logical_and": np.logical_and, "logical_or": np.logical_or, "logical_xor": np.logical_xor,
    "logical_left_shift": np.left_shift, "logical_right_shift": _unsigned_shift,
    "arithmetic_right_shift": np.right_shift, "clz": _leading_zeros, "sin": np.sin,
    "cos": np.cos, "identity": lambda x: x,
}  # fmt: skip


def _elementwise(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    if operation.definition is tosa.mul and operation.get("shift"):
        return [_shifted_product(*arguments, operation.get("shift"))]
    if operation.definition is tosa.arithmetic_right_shift and operation.get("round"):
        return [_rounded_shift(*arguments)]
    function = _FUNCTIONS[operation.name.removeprefix("tosa.")]
    return [to_data(function(*arguments), operation.result.type)]


def _shifted_product(x: np.ndarray, y: np.ndarray, shift: int) -> np.ndarray:
    exact = x.astype(np.int64) * y.astype(np.int64)
    return ((exact + (1 << (shift - 1))) >> shift).astype(np.int32)


@tosa.negate.executes
def _negate(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    """Of quantised values the distance from their zero point is turned, and saturates."""
    zero = zero_points(operation)
    if not zero:
        return _elementwise(interpreter, operation, arguments)
    turned = zero["input_zp"] - arguments[0].astype(object) + zero["output_zp"]
    return [saturated(turned, operation)]


@tosa.clamp.executes
def _clamp(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = arguments
    kind = "fp" if array.dtype.kind == "f" else "int"
    low, high = (operation.get(f"{end}_{kind}") for end in ("min", "max"))
    return [to_data(np.clip(array, low, high), operation.result.type)]


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
    zero = zero_points(operation)
    left, right = arguments
    if left.dtype.kind != "f":
        left, right = wide(left, zero.get("a_zp", 0)), wide(right, zero.get("b_zp", 0))
    return [to_data(np.matmul(left, right), operation.result.type)]


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


@tosa.scatter.executes
def _scatter(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    values, indices, rows = arguments
    result = values.copy()
    np.put_along_axis(result, indices[:, :, None].astype(np.int64), rows, axis=1)
    return [result]


@tosa.pad.executes
def _pad(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, padding, *number = arguments
    widths = [(int(before), int(after)) for before, after in padding.reshape(-1, 2)]
    nothing = array.dtype.type(zero_points(operation).get("input_zp", 0))
    fill = number[0].reshape(-1)[0] if number else nothing
    return [np.pad(array, widths, constant_values=fill)]


@tosa.reverse.executes
def _reverse(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [np.flip(arguments[0], axis=operation.get("axis"))]


@tosa.tile.executes
def _tile(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [np.tile(arguments[0], operation.get("multiples"))]


@tosa.table.executes
def _table(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, table = arguments
    if array.dtype == np.int8:
        return [table[array.astype(np.int64) + 128]]
    if array.dtype != np.int16:
        raise ValueError(f"a table is looked up by i8 or i16, not by {array.dtype}")
    whole, part = (array.astype(np.int64) + 32768) >> 7, array.astype(np.int64) & 127
    low, high = table[whole].astype(np.int64), table[whole + 1].astype(np.int64)
    return [(low * 128 + (high - low) * part).astype(np.int32)]


@tosa.fully_connected.executes
def _fully_connected(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, weight, bias = arguments
    zero = zero_points(operation)
    if array.dtype.kind != "f":
        array, weight = wide(array, zero.get("input_zp", 0)), wide(weight, zero.get("weight_zp", 0))
    return [to_data(array @ weight.T + bias, operation.result.type)]
