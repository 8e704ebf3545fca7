"""What the Python made of kernels calls, beside the arithmetic: accesses and their checks.

In: arrays, subscripts, masks. Out: elements, or an IndexError where a kernel is wrong.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fleet import extremes
from fleet.dialects.loop import arithmetic
from fleet.elementary import of_scalar


def stretch(start: int, step: int, count: int) -> slice:
    """The slice of `count` elements from `start` on; the step may be negative."""
    stop = start + step * count
    return slice(start, None if stop < 0 else stop, step)


def check_range(first: Any, last: Any, size: int) -> None:
    """Both ends (ints or arrays of them) are subscripts of a dimension of this size."""
    if np.size(first) and (
        min(np.min(first), np.min(last)) < 0 or max(np.max(first), np.max(last)) >= size
    ):
        raise IndexError(f"kernel: subscript {first} to {last} of a dimension of size {size}")


def check_shape(array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.shape != shape or not array.flags.c_contiguous:
        raise IndexError(f"kernel: a buffer of shape {array.shape} where the sizes say {shape}")


def shaped(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A buffer in another shape, of which scratch may have room for more."""
    count, flat = math.prod(shape), array.reshape(-1)
    return (flat if flat.size == count else flat[:count]).reshape(shape)


def write_down(status: np.ndarray, code: int, *operands: Any) -> None:
    """What a check that failed looked at, as words."""
    status[0] = code
    for number, value in enumerate(operands, 1):
        if isinstance(value, np.floating):
            value = value.view(f"i{value.itemsize}")
        status[number] = value


def masked_load(
    array: np.ndarray, mask: Any, length: int, dtype: type, *places: Any
) -> np.ndarray:
    """The elements at places (ints or arrays of them) where the mask is true, else zeros."""
    taken = np.broadcast_to(mask, length)
    loaded = np.zeros(length, dtype)
    loaded[taken] = array[tuple(np.broadcast_to(place, length)[taken] for place in places)]
    return loaded


def masked_store(array: np.ndarray, value: Any, mask: Any, length: int, *places: Any) -> None:
    taken = np.broadcast_to(mask, length)
    where = tuple(np.broadcast_to(place, length)[taken] for place in places)
    array[where] = np.broadcast_to(value, length)[taken]


def element(vector: Any, position: int) -> Any:
    """One element of a vector, which may be one for all."""
    return vector[position] if np.ndim(vector) else vector


def check_type(value: Any, dtype: type) -> Any:
    if value.dtype != dtype:
        raise TypeError(f"kernel: loaded {value.dtype} where the type says {dtype}")
    return value


HELPERS: dict[str, Any] = {
    name: value for name, value in vars(arithmetic).items() if callable(value)
} | {"np": np, "stretch": stretch, "check_range": check_range, "check_shape": check_shape,
     "shaped": shaped, "maximum": extremes.maximum, "minimum": extremes.minimum,
     "fmax": extremes.fmax, "fmin": extremes.fmin, "of_scalar": of_scalar,
     "check_type": check_type, "write_down": write_down, "masked_load": masked_load,
     "masked_store": masked_store, "element": element}  # fmt: skip
"""What the generated text may call."""
