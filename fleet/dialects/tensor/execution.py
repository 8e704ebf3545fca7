"""What `tensor` operations do, on NumPy arrays; views where NumPy makes views."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fleet.dialects import tensor
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation
from fleet.ir.format import DYNAMIC
from fleet.ir.interpreter import to_array, to_data
from fleet.ir.number_formats import elements_of_bytes
from fleet.ir.printing.spelling import element_bytes
from fleet.ir.types import TensorType, i1, storage_dtype


def filled_shape(type: TensorType, sizes: Sequence[int]) -> tuple[int, ...]:
    """The type's shape with its dynamic dimensions taken from `sizes` in order."""
    given = iter(sizes)
    return tuple(next(given) if dim is None else dim for dim in type.shape)


def slice_of(size: int, offset: int, count: int, stride: int) -> slice:
    """Elements offset, offset + stride, … as a Python slice. Raises IndexError beyond `size`."""
    if count < 0:
        raise IndexError(f"a slice of {count} elements")
    if count == 0:
        return slice(0, 0, 1)
    last = offset + (count - 1) * stride
    if not 0 <= offset < size or not 0 <= last < size:
        raise IndexError(f"elements {offset} to {last} of an axis of size {size}")
    stop = last + (1 if stride > 0 else -1)
    return slice(offset, None if stop < 0 else stop, stride)


def slices_of(
    operation: Operation, shape: Sequence[int], dynamic: Iterator[int], names: Sequence[str]
) -> tuple[slice, ...]:
    """The slices that `static_offsets, static_sizes, static_strides` and operands describe."""
    entries = [
        [next(dynamic) if entry == DYNAMIC else entry for entry in operation.get(f"static_{name}")]
        for name in names
    ]
    return tuple(itertools.starmap(slice_of, zip(shape, *entries, strict=True)))


_PARTS = ("offsets", "sizes", "strides")


@tensor.empty.executes
def _empty(interpreter: Any, operation: Operation, sizes: Sequence[Any]) -> list[Any]:
    """Unspecified elements; here NaN or a pattern, so that reading them shows."""
    type = operation.result.type
    dtype = storage_dtype(type.element)
    unset = np.nan if dtype.kind == "f" else 0 if dtype == np.bool_ else 0x55
    return [np.full(filled_shape(type, sizes), unset, dtype)]


@tensor.dim.executes
def _dim(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, axis = arguments
    if not 0 <= axis < array.ndim:
        raise IndexError(f"dimension {axis} of rank {array.ndim}")
    return [array.shape[axis]]


@tensor.cast.executes
def _cast(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = arguments
    for have, want in zip(array.shape, operation.result.type.shape, strict=True):
        if want is not None and have != want:
            raise ValueError(f"the array has shape {array.shape}, not {operation.result.type}")
    return [array]


@tensor.extract.executes
def _extract(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, *indices = arguments
    for axis, index in enumerate(indices):
        if np.size(index) and (np.min(index) < 0 or np.max(index) >= array.shape[axis]):
            raise IndexError(f"index {index} of an axis of size {array.shape[axis]}")
    return [to_data(array[tuple(indices)], operation.result.type)]


@tensor.insert.executes
def _insert(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    scalar, dest, *indices = arguments
    for axis, index in enumerate(indices):
        if not 0 <= index < dest.shape[axis]:
            raise IndexError(f"index {index} of an axis of size {dest.shape[axis]}")
    result = dest.copy()
    result[tuple(indices)] = scalar
    return [result]


@tensor.from_elements.executes
def _from_elements(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    type = operation.result.type
    return [stacked(arguments, storage_dtype(type.element)).reshape(type.shape)]


def stacked(scalars: Sequence[Any], dtype: np.dtype) -> np.ndarray:
    """Scalars as a 1-d array."""
    return np.array([np.asarray(value) for value in scalars]).astype(dtype).reshape(-1)


@tensor.splat.executes
def _splat(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    value, *sizes = arguments
    type = operation.result.type
    return [np.full(filled_shape(type, sizes), value, storage_dtype(type.element))]


@tensor.generate.executes
def _generate(interpreter: Any, operation: Operation, sizes: Sequence[Any]) -> list[Any]:
    type = operation.result.type
    result = np.empty(filled_shape(type, sizes), storage_dtype(type.element))
    for point in np.ndindex(result.shape):
        result[point] = interpreter.region(operation.regions[0], point)[1][0]
    return [result]


@tensor.extract_slice.executes
def _extract_slice(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, *dynamic = arguments
    part = array[slices_of(operation, array.shape, iter(dynamic), _PARTS)]
    type = operation.result.type
    if part.ndim != type.rank:
        sizes = tuple(None if s == DYNAMIC else s for s in operation.get("static_sizes"))
        part = part.reshape(
            [
                size
                for axis, size in enumerate(part.shape)
                if axis not in tensor.dropped_dims(sizes, type.shape)
            ]
        )
    return [part]


@tensor.insert_slice.executes
def _insert_slice(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    source, dest, *dynamic = arguments
    result = dest.copy()
    where = slices_of(operation, dest.shape, iter(dynamic), _PARTS)
    result[where] = source.reshape(result[where].shape)
    return [result]


@tensor.concat.executes
def _concat(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [np.concatenate(arguments, axis=operation.get("dim"))]


@tensor.expand_shape.executes
def _expand(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, *sizes = arguments
    return [array.reshape(filled_shape(operation.result.type, sizes))]


@tensor.collapse_shape.executes
def _collapse(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = arguments
    shape = [
        int(np.prod([array.shape[dim] for dim in group], dtype=np.int64))
        for group in tensor.reassociation_of(operation)
    ]
    return [array.reshape(shape)]


@tensor.reshape.executes
def _reshape(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, shape = arguments
    return [array.reshape(tuple(shape.tolist()))]


@tensor.rank.executes
def _rank(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [arguments[0].ndim]


@tensor.bitcast.executes
def _bitcast(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = arguments
    source, target = operation.operand(0).type, operation.result.type
    flat = element_bytes(DenseAttr(array, source.with_shape(array.shape)))
    if i1 in (source.element, target.element):
        return [array]
    return [elements_of_bytes(flat, target.element).reshape(array.shape)]


def _places(dims: Sequence[int], rank: int, indices: np.ndarray) -> list[tuple[Any, ...]]:
    """For each entry of the indices' batch, the subscripts of the whole array."""
    places = []
    for entry in indices.reshape(-1, indices.shape[-1]):
        where = dict(zip(dims, (slice(int(n), int(n) + 1) for n in entry), strict=True))
        places.append(tuple(where.get(dim, slice(None)) for dim in range(rank)))
    return places


def _check_places(array: np.ndarray, dims: Sequence[int], indices: np.ndarray) -> None:
    for number, dim in enumerate(dims):
        taken = indices[..., number]
        if taken.size and (taken.min() < 0 or taken.max() >= array.shape[dim]):
            raise IndexError(f"subscripts beyond an axis of size {array.shape[dim]}")


@tensor.gather.executes
def _gather(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, indices = arguments
    dims = operation.get("gather_dims")
    _check_places(array, dims, indices)
    parts = [array[place] for place in _places(dims, array.ndim, indices)]
    batch = indices.shape[:-1]
    full = (1 if dim in dims else size for dim, size in enumerate(array.shape))
    stacked_parts = np.array(parts, array.dtype).reshape(*batch, *full)
    if operation.result.type.rank == stacked_parts.ndim:
        return [stacked_parts]
    less = (size for dim, size in enumerate(array.shape) if dim not in dims)
    return [stacked_parts.reshape(*batch, *less)]


@tensor.scatter.executes
def _scatter(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    source, dest, indices = arguments
    dims = operation.get("scatter_dims")
    _check_places(dest, dims, indices)
    result = dest.copy()
    full = [1 if dim in dims else size for dim, size in enumerate(dest.shape)]
    parts = source.reshape(-1, *full)
    for part, place in zip(parts, _places(dims, dest.ndim, indices), strict=True):
        result[place] = part
    return [result]


@tensor.pad.executes
def _pad(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, *dynamic = arguments
    given = iter(dynamic)
    low, high = (
        [next(given) if entry == DYNAMIC else entry for entry in operation.get(f"static_{name}")]
        for name in ("low", "high")
    )
    sizes = [b + size + a for b, size, a in zip(low, array.shape, high, strict=True)]
    if min([0, *low, *high, *sizes]) < 0:
        raise ValueError(f"pads by {low} before and {high} after")
    type = operation.result.type
    if any(d is not None and d != size for d, size in zip(type.shape, sizes, strict=True)):
        raise ValueError(f"pads to the shape {tuple(sizes)}, not {type}")
    result = np.empty(sizes, array.dtype)
    where = tuple(slice(b, b + size) for b, size in zip(low, array.shape, strict=True))
    inside = np.zeros(sizes, bool)
    inside[where] = True
    for point in np.argwhere(~inside).tolist():
        result[tuple(point)] = interpreter.region(operation.regions[0], point)[1][0]
    result[where] = array
    return [result]


def as_array(value: Any, operation: Operation, number: int) -> np.ndarray:
    """An operand as an array of its dtype."""
    return to_array(value, operation.operand(number).type)
