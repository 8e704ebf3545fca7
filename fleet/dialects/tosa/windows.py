"""`tosa` on windows of images: convolutions, pooling, resizing; and rescaling of integers.

In: arrays [batch, rows, columns, channels], attributes. Out: checks for the verifier, and what the
operations do, as the TOSA 0.80 specification has it. How many windows there are is said when they
are counted, not before, as MLIR has it. The one idea: all windows of an array are a
view of it with one more dimension for each of theirs, so that convolving is one product of arrays
and pooling one reduction. Floats are summed in double precision, integers in 64 bits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.dialects import tosa
from fleet.dialects.numpy.checks import checks, expect_shape, fits, numbers_of, shape_of
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.core import Operation
from fleet.ir.interpreter import to_data
from fleet.ir.types import IntegerType, is_float

CONVOLUTIONS = (tosa.conv2d, tosa.conv3d, tosa.depthwise_conv2d)


def zero_points(operation: Operation) -> dict[str, int]:
    """The numbers in `#tosa.conv_quant<input_zp = 3, weight_zp = 4>`; none where it is absent."""
    text = operation.get("quantization_info") or ""
    return {name: int(number) for name, number in re.findall(r"(\w+) = (-?\d+)", str(text))}


# -- shapes


def _numbers(operation: Operation, **counts: int) -> list[list[int]]:
    """Attributes that hold so many numbers each; positive, paddings perhaps 0."""
    found = []
    for name, count in counts.items():
        numbers = numbers_of(operation, name)
        least = 0 if name == "pad" else 1
        if len(numbers) != count or min(numbers, default=1) < least:
            raise VerifyError(f"needs {count} numbers from {least} on in {name}")
        found.append(list(numbers))
    return found


def _kinds(operation: Operation) -> None:
    """Elements of floats without, and of integers with zero points."""
    source, weight = (value.type.element for value in operation.operands[:2])
    result, floats = operation.result.type.element, is_float(source)
    if floats != is_float(weight) or floats != is_float(result):
        raise VerifyError(f"multiplies {source} by {weight} to {result}")
    if floats == ("quantization_info" in operation.attributes):
        raise VerifyError(f"has zero points, and {source}" if floats else "lacks its zero points")
    _not_empty(operation)


def _not_empty(operation: Operation) -> None:
    if 0 in (size for value in operation.operands for size in shape_of(value)):
        raise VerifyError("has an operand without elements")


@checks(*CONVOLUTIONS)
def _convolution_shapes(operation: Operation) -> None:
    _kinds(operation)
    source, weight, bias = map(shape_of, operation.operands)
    rank = len(source) - 2
    _numbers(operation, pad=2 * rank, stride=rank, dilation=rank)
    if operation.definition is tosa.depthwise_conv2d:
        *_, channels, times = weight
        known = None not in (channels, times)
        outputs = channels * times if known else None
    else:
        outputs, *_, channels = weight
    if not fits((source[-1],), (channels,)):
        raise VerifyError(f"has filters of {channels} channels for {source[-1]}")
    if bias[0] not in (1, None) and not fits(bias, (outputs,)):
        raise VerifyError(f"has {bias[0]} biases for {outputs} outputs")
    expect_shape(operation, (source[0], *[None] * rank, outputs))


@checks(tosa.transpose_conv2d)
def _transposed_shapes(operation: Operation) -> None:
    _kinds(operation)
    source, weight, _ = map(shape_of, operation.operands)
    _numbers(operation, stride=2)
    if len(numbers_of(operation, "out_pad")) != 4:
        raise VerifyError("needs 4 numbers in out_pad")
    expect_shape(operation, (source[0], None, None, weight[0]))


@checks(tosa.avg_pool2d, tosa.max_pool2d)
def _pooling_shapes(operation: Operation) -> None:
    _not_empty(operation)
    source = shape_of(operation.operand(0))
    _numbers(operation, kernel=2, stride=2, pad=4)
    expect_shape(operation, (source[0], None, None, source[3]))


@checks(tosa.resize)
def _resized_shape(operation: Operation) -> None:
    source = shape_of(operation.operand(0))
    _numbers(operation, scale=4)
    offset, border = (numbers_of(operation, name) for name in ("offset", "border"))
    if len(offset) != 2 or len(border) != 2:
        raise VerifyError("needs 2 numbers in offset and border")
    if operation.get("mode") not in ("NEAREST_NEIGHBOR", "BILINEAR"):
        raise VerifyError(f"has no mode {operation.get('mode')}")
    expect_shape(operation, (source[0], None, None, source[3]))


@checks(tosa.rescale)
def _rescaled(operation: Operation) -> None:
    multiplier, shift = (numbers_of(operation, name) for name in ("multiplier", "shift"))
    last = shape_of(operation.result)[-1:] or (1,)
    count = last[0] if operation.get("per_channel") else None
    if len(multiplier) != len(shift) or (count is not None and len(shift) != count):
        raise VerifyError(f"has {len(multiplier)} multipliers and {len(shift)} shifts")


# -- execution


def wide(array: np.ndarray, zero: int = 0) -> np.ndarray:
    """The array in the precision that sums have, less its zero point."""
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64) - zero


def _given(result: np.ndarray, operation: Operation) -> list[Any]:
    """The result, of the shape that its type says. Raises ValueError for another."""
    type = operation.result.type
    if not fits(result.shape, type.shape):
        raise ValueError(f"the windows give the shape {result.shape}, not {type}")
    return [to_data(result, type)]


def _padded(array: np.ndarray, pad: Sequence[int], fill: Any = 0) -> np.ndarray:
    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    return np.pad(array, [(0, 0), *pairs, (0, 0)], constant_values=fill)


def _windows(
    array: np.ndarray, window: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> np.ndarray:
    """[batch, places..., channels, window...] as a view of the array."""
    rank = len(window)
    reach = [(width - 1) * step + 1 for width, step in zip(window, dilation, strict=True)]
    axes = tuple(range(1, rank + 1))
    views = np.lib.stride_tricks.sliding_window_view(array, reach, axes)
    places = tuple(slice(None, None, step) for step in stride)
    return views[(slice(None), *places, slice(None), *(slice(None, None, s) for s in dilation))]


@tosa.conv2d.executes
@tosa.conv3d.executes
@tosa.depthwise_conv2d.executes
def _convolve(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, weight, bias = arguments
    zero = zero_points(operation)
    array = _padded(wide(array, zero.get("input_zp", 0)), operation.get("pad"))
    weight = wide(weight, zero.get("weight_zp", 0))
    deep = operation.definition is tosa.depthwise_conv2d
    size = weight.shape[:2] if deep else weight.shape[1:-1]
    windows = _windows(array, size, operation.get("stride"), operation.get("dilation"))
    if deep:
        total = np.einsum("nyxcij,ijcm->nyxcm", windows, weight)
        total = total.reshape(*total.shape[:3], -1)
    else:
        inside = tuple(range(-len(size), 0))
        over = tuple(range(1, weight.ndim - 1))
        total = np.tensordot(windows, weight, ((*inside, -len(size) - 1), (*over, weight.ndim - 1)))
    return _given(total + wide(bias), operation)


@tosa.transpose_conv2d.executes
def _convolve_back(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, weight, bias = arguments
    zero = zero_points(operation)
    array, weight = (
        wide(array, zero.get("input_zp", 0)), wide(weight, zero.get("weight_zp", 0))
    )  # fmt: skip
    steps, pad = operation.get("stride"), operation.get("out_pad")
    (batch, rows, columns, _), (outputs, height, width, _) = array.shape, weight.shape
    shape = [(rows - 1) * steps[0] + height, (columns - 1) * steps[1] + width]
    whole = np.zeros((batch, *shape, outputs), array.dtype)
    for i in range(height):
        for j in range(width):
            down = slice(i, i + rows * steps[0], steps[0])
            part = whole[:, down, j : j + columns * steps[1] : steps[1]]
            part[:, :rows, :columns] += array @ weight[:, i, j].T
    grown = _padded(whole, [max(number, 0) for number in pad])
    cut = [max(-number, 0) for number in pad]
    ends = (grown.shape[1] - cut[1], grown.shape[2] - cut[3])
    total = grown[:, cut[0] : ends[0], cut[2] : ends[1]]
    return _given(total + wide(bias), operation)


@tosa.max_pool2d.executes
def _greatest(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = arguments
    least = -np.inf if array.dtype.kind == "f" else np.iinfo(array.dtype).min
    padded = _padded(array, operation.get("pad"), least)
    windows = _windows(padded, operation.get("kernel"), operation.get("stride"), (1, 1))
    return _given(np.ascontiguousarray(windows.max((-2, -1))), operation)


@tosa.avg_pool2d.executes
def _mean(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = arguments
    zero = zero_points(operation)
    kernel, stride, pad = (operation.get(name) for name in ("kernel", "stride", "pad"))
    inside = np.ones((1, *array.shape[1:3], 1), np.int64)
    counts, total = (
        _windows(_padded(each, pad), kernel, stride, (1, 1)).sum((-2, -1))
        for each in (inside, wide(array, zero.get("input_zp", 0)))
    )
    if array.dtype.kind == "f":
        return _given(total / counts, operation)
    scaled = np.frompyfunc(_divided, 2, 1)(total, counts) + zero.get("output_zp", 0)
    return [saturated(scaled, operation)]


def _divided(total: int, count: int) -> int:
    """A sum over a count as the specification's multiplication by a reciprocal gives it."""
    bits = (int(count) - 1).bit_length()
    multiplier = (((1 << 30) + 1) << bits) // int(count)
    shift = 30 + bits
    return (int(total) * multiplier + (1 << (shift - 1))) >> shift


def saturated(numbers: np.ndarray, operation: Operation) -> np.ndarray:
    """Integers as the result's type holds them, the nearest where it does not."""
    element = operation.result.type.element
    assert isinstance(element, IntegerType)
    high = (1 << (element.width - (element.signedness != "u"))) - 1
    low = 0 if element.signedness == "u" else -high - 1
    clipped = np.minimum(np.maximum(numbers, low), high)
    return to_data(clipped.astype(object), operation.result.type)


@tosa.resize.executes
def _resize(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = arguments
    scale, offset, border = (operation.get(name) for name in ("scale", "offset", "border"))
    shape = [
        ((size - 1) * n - start + more) // d + 1
        for size, n, d, start, more in zip(
            array.shape[1:3], scale[::2], scale[1::2], offset, border, strict=True
        )
    ]
    floats = array.dtype.kind == "f"
    nearest = operation.get("mode") == "NEAREST_NEIGHBOR"
    result = wide(array)
    for axis in (1, 2):  # rows, then columns: each is a mean of two neighbours
        n, d = scale[2 * axis - 2 : 2 * axis]
        place = np.arange(shape[axis - 1]) * d + offset[axis - 1]
        before, rest = place // n, place % n
        last = array.shape[axis] - 1
        if nearest:
            result = result.take(np.clip(before + (2 * rest >= n), 0, last), axis)
            continue
        low, high = (result.take(np.clip(b, 0, last), axis) for b in (before, before + 1))
        weight = (rest / n if floats else rest).reshape((-1,) + (1,) * (3 - axis))
        result = low * ((1 if floats else n) - weight) + high * weight
    return _given(result, operation)


@tosa.rescale.executes
def _rescale(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = arguments
    factors, shifts = (np.array(operation.get(n), object) for n in ("multiplier", "shift"))
    twice = operation.get("scale32") and operation.get("double_round")

    def scaled(number: int, factor: int, shift: int) -> int:
        half = 1 << (shift - 1)
        if twice and shift > 31:
            half += (1 << 30) if number >= 0 else -(1 << 30)
        return (number * factor + half) >> shift

    if not operation.get("per_channel"):
        factors, shifts = factors[0], shifts[0]
    numbers = array.astype(object) - operation.get("input_zp")
    found = np.frompyfunc(scaled, 3, 1)(numbers, factors, shifts) + operation.get("output_zp")
    return [saturated(found, operation)]
