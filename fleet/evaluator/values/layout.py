"""How an array lies in memory, as NumPy has it: its strides, whether its rows lie side by side.

In: an Array, which is a storage and the way from there to a view. Out: strides in elements. The one
idea: a stride is a number times lengths that only run time knows, so strides compare without a
thing computed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.evaluator.values.sizes import Dim, Size
from fleet.evaluator.values.tensors import dim_of
from fleet.evaluator.values.then import Array
from fleet.evaluator.values.views import ReshapeStep, SliceStep, TransposeStep

Stride = tuple[int, tuple[Size, ...]]
"""A number, and the run-time lengths that it is to be multiplied by."""


def _times(stride: Stride, dim: Dim) -> Stride:
    number, lengths = stride
    if isinstance(dim, int):
        return number * dim, lengths
    return number, tuple(sorted((*lengths, dim), key=hash))


def row_strides(dims: Sequence[Dim]) -> list[Stride]:
    """Of an array whose rows lie one after the other."""
    strides: list[Stride] = [(1, ())] if dims else []
    for dim in reversed(dims[1:]):
        strides.insert(0, _times(strides[0], dim))
    return strides


def strides_of(array: Array) -> list[Stride] | None:
    """As NumPy's views have them; None behind a reshape of what does not lie side by side."""
    content = array.cell.content
    dims: Sequence[Dim] = content.shape if isinstance(content, np.ndarray) else content.dims
    strides = row_strides(dims)
    for step in array.steps:
        match step:
            case SliceStep():
                strides = [
                    (0, ()) if axis is None else _times(strides[axis], step.spans[axis][2])
                    for axis in step.axes
                ]
                dims = [dim_of(length) for length in step.lengths]
            case TransposeStep():
                strides = [strides[axis] for axis in step.axes]
                dims = [dims[axis] for axis in step.axes]
            case ReshapeStep():
                after = [dim_of(length) for length in step.after]
                reached = after_reshape(dims, strides, after)
                if reached is None:
                    return None
                dims, strides = after, reached
            case _:
                return None
    return strides


def is_contiguous(dims: Sequence[Dim], strides: Sequence[Stride]) -> bool:
    """Whether the rows certainly lie one after the other."""
    if 0 in dims:
        return True
    expected: Stride = (1, ())
    for dim, stride in zip(reversed(dims), reversed(strides), strict=True):
        if dim == 1:
            continue
        if stride != expected:
            return False
        expected = _times(expected, dim)
    return True


def after_reshape(
    dims: Sequence[Dim], strides: Sequence[Stride], after: Sequence[Dim]
) -> list[Stride] | None:
    """The strides of NumPy's view under another shape; None where it copies, or may."""
    if is_contiguous(dims, strides):
        return row_strides(after)
    if not all(isinstance(dim, int) for dim in (*dims, *after)):
        return None
    plain = [number for number, _ in strides]
    stand_in = np.lib.stride_tricks.as_strided(np.empty(1, "i1"), dims, plain)
    try:
        made = stand_in.reshape(after, copy=False)
    except ValueError:
        return None
    return [(stride, ()) for stride in made.strides]
