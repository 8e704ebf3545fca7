"""Operators that move elements: shapes, slices, gathers and scatters, order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.exporting.onnx.execution.table import Attributes, Operator


def _shape(attributes: Attributes, x: np.ndarray) -> np.ndarray:
    return np.array(x.shape[attributes.get("start", 0) : attributes.get("end")], np.int64)


def _reshape(attributes: Attributes, x: np.ndarray, shape: np.ndarray) -> np.ndarray:
    wanted = [int(size) for size in shape]
    if not attributes.get("allowzero"):
        wanted = [x.shape[at] if size == 0 else size for at, size in enumerate(wanted)]
    if -1 in wanted:
        rest = 1
        for size in wanted:
            rest *= size if size != -1 else 1
        wanted[wanted.index(-1)] = x.size // rest if rest else 0
    return x.reshape(wanted)


def _expand(attributes: Attributes, x: np.ndarray, shape: np.ndarray) -> np.ndarray:
    wanted = np.broadcast_shapes(x.shape, tuple(int(size) for size in shape))
    return np.broadcast_to(x, wanted)


def _squeeze(attributes: Attributes, x: np.ndarray, axes: np.ndarray | None = None) -> np.ndarray:
    return np.squeeze(x, None if axes is None else tuple(int(axis) for axis in axes))


def _unsqueeze(attributes: Attributes, x: np.ndarray, axes: np.ndarray) -> np.ndarray:
    return np.expand_dims(x, tuple(int(axis) for axis in axes))


def _transpose(attributes: Attributes, x: np.ndarray) -> np.ndarray:
    return np.transpose(x, attributes.get("perm"))


def _concat(attributes: Attributes, *xs: np.ndarray) -> np.ndarray:
    return np.concatenate(xs, axis=attributes["axis"])


def _split(
    attributes: Attributes, x: np.ndarray, sizes: np.ndarray
) -> Sequence[np.ndarray]:
    return np.split(x, np.cumsum(sizes)[:-1], axis=attributes.get("axis", 0))


def _slice(
    attributes: Attributes, x: np.ndarray, starts: np.ndarray, ends: np.ndarray,
    axes: np.ndarray | None = None, steps: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """A negative end counts from the end of the axis, as Python's does; one that is below that is
    before the first element."""
    places = [slice(None)] * x.ndim
    count = len(starts)
    given = zip(starts, ends, range(count) if axes is None else axes,
                [1] * count if steps is None else steps, strict=True)  # fmt: skip
    for start, end, axis, step in given:
        stop = int(end)
        if step < 0 and stop < -x.shape[axis]:
            places[axis] = slice(int(start), None, int(step))
        else:
            places[axis] = slice(int(start), stop, int(step))
    return x[tuple(places)]


def _range(attributes: Attributes, start: Any, end: Any, step: Any) -> np.ndarray:
    return np.arange(start[()], end[()], step[()], dtype=start.dtype)


def _filled(attributes: Attributes, shape: np.ndarray) -> np.ndarray:
    value = attributes.get("value", np.zeros(1, np.float32))
    return np.full(tuple(int(size) for size in shape), value[0], value.dtype)


# -- subscripts


def _gather(attributes: Attributes, x: np.ndarray, indices: np.ndarray) -> np.ndarray:
    return np.take(x, indices, axis=attributes.get("axis", 0))


def _gather_nd(attributes: Attributes, x: np.ndarray, indices: np.ndarray) -> np.ndarray:
    return x[tuple(np.moveaxis(indices, -1, 0))]


def _gather_elements(attributes: Attributes, x: np.ndarray, indices: np.ndarray) -> np.ndarray:
    return np.take_along_axis(x, indices, axis=attributes.get("axis", 0))


_COMBINE: dict[str, Any] = {
    "add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum,
}  # fmt: skip


def _scatter_nd(
    attributes: Attributes, x: np.ndarray, indices: np.ndarray, updates: np.ndarray
) -> np.ndarray:
    made = x.copy()
    made[tuple(np.moveaxis(indices, -1, 0))] = updates
    return made


def _scatter_elements(
    attributes: Attributes, x: np.ndarray, indices: np.ndarray, updates: np.ndarray
) -> np.ndarray:
    made, axis = x.copy(), attributes.get("axis", 0)
    places: list[Any] = list(np.indices(indices.shape))
    places[axis] = indices
    combine = _COMBINE.get(attributes.get("reduction", "none"))
    if combine is None:
        made[tuple(places)] = updates
    else:
        combine.at(made, tuple(places), updates)
    return made


def _nonzero(attributes: Attributes, x: np.ndarray) -> np.ndarray:
    return np.array(np.nonzero(x), np.int64)


def _top(attributes: Attributes, x: np.ndarray, k: np.ndarray) -> Sequence[np.ndarray]:
    """Of equal ones the first comes first."""
    axis = attributes.get("axis", -1)
    turned = np.flip(x, axis) if attributes.get("largest", 1) else x
    order = np.argsort(turned, axis=axis, kind="stable")
    if attributes.get("largest", 1):
        order = np.flip(x.shape[axis] - 1 - order, axis)
    order = np.take(order, np.arange(int(k[0])), axis=axis)
    return [np.take_along_axis(x, order, axis), order]


OPERATORS: dict[str, Operator] = {
    "Shape": _shape, "Reshape": _reshape, "Expand": _expand, "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze, "Transpose": _transpose, "Concat": _concat, "Split": _split,
    "Slice": _slice, "Range": _range, "ConstantOfShape": _filled, "Gather": _gather,
    "GatherND": _gather_nd, "GatherElements": _gather_elements, "ScatterND": _scatter_nd,
    "ScatterElements": _scatter_elements, "NonZero": _nonzero, "TopK": _top,
}  # fmt: skip
"""What each gives of its attributes and inputs."""
