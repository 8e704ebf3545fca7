"""How an array lies in memory, as NumPy has it: its strides, whether its rows lie side by side.

In: an Array, which is a storage and the way from there to a view. Out: strides in elements. The one
idea: a stride is a number times lengths that only run time knows, so strides compare without a
thing computed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.evaluator.values.ndarrays.tensors import dim_of
from fleet.evaluator.values.ndarrays.views import ReshapeStep, SliceStep, TransposeStep
from fleet.evaluator.values.sizes import Dim, Size
from fleet.evaluator.values.then import Array

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


class Undecided(Exception):
    """Only run time knows whether NumPy gives a view or a copy."""


def after_reshape(
    dims: Sequence[Dim], strides: Sequence[Stride], after: Sequence[Dim]
) -> list[Stride] | None:
    """The strides of NumPy's view under another shape; None where it copies. Run-time lengths are
    taken to be others than 1. Raises Undecided.

    Neighbouring axes on both sides with equal products make a view if the old ones lie side by
    side (`_attempt_nocopy_reshape` of NumPy).
    """
    if is_contiguous(dims, strides):
        return row_strides(after)
    old = [(_times((1, ()), dim), stride) for dim, stride in zip(dims, strides, strict=True)
           if dim != 1]  # fmt: skip
    new = _lengths_of(after, [length for length, _ in old])
    made: list[Stride] = []
    start = begin = 0
    while start < len(old) and begin < len(new):
        end, stop = _equal_runs([length for length, _ in old], start, new, begin)
        for (_, outer), (length, inner) in zip(
            old[start:end], old[start + 1 : end], strict=False
        ):
            if outer != _multiplied(inner, length):
                return None
        run = [old[end - 1][1]]
        for length in reversed(new[begin + 1 : stop]):
            run.insert(0, _multiplied(run[0], length))
        made += run
        start, begin = end, stop
    return made + [made[-1] if made else (1, ())] * (len(new) - len(made))


def _multiplied(one: Stride, other: Stride) -> Stride:
    return one[0] * other[0], tuple(sorted((*one[1], *other[1]), key=hash))


def _equal_runs(
    old: Sequence[Stride], start: int, new: Sequence[Stride], begin: int
) -> tuple[int, int]:
    """The ends of the shortest runs of both with one product."""
    left: Stride = (1, ())
    ends: dict[Stride, int] = {}
    for end in range(start, len(old)):
        left = _multiplied(left, old[end])
        ends.setdefault(left, end + 1)
    right: Stride = (1, ())
    for stop in range(begin, len(new)):
        right = _multiplied(right, new[stop])
        if right in ends and right != (1, ()):
            return ends[right], stop + 1
    raise Undecided


def _lengths_of(after: Sequence[Dim], old: Sequence[Stride]) -> list[Stride]:
    """New lengths as products; one that -1 stands for as what the others leave of the old ones."""
    total: Stride = (1, ())
    for length in old:
        total = _multiplied(total, length)
    made = [_times((1, ()), dim) for dim in after]
    strange = [at for at, (_, symbols) in enumerate(made) if not set(symbols) <= set(total[1])]
    if len(strange) > 1:
        raise Undecided
    for at in strange:
        number, symbols = total[0], list(total[1])
        for other in (length for place, length in enumerate(made) if place != at):
            if number % (other[0] or 1) or not set(other[1]) <= set(symbols):
                raise Undecided
            number //= other[0] or 1
            for symbol in other[1]:
                symbols.remove(symbol)
        made[at] = number, tuple(symbols)
    return made
