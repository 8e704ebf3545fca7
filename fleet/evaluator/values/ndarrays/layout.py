"""How an array lies in memory, as NumPy has it: its strides, whether its rows lie side by side.

In: an Array, which is a storage and the way from there to a view. Out: strides in elements, and the
order of axes that NumPy gives what it computes from arrays. The one idea: a stride is a number
times lengths that only run time knows, so strides compare without a thing computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.ndarrays.tensors import Length, dim_of
from fleet.evaluator.values.ndarrays.views import (
    BitsStep,
    BroadcastStep,
    LaidStep,
    PartStep,
    ReshapeStep,
    SliceStep,
    StridedStep,
    TransposeStep,
)
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


def strides_in(dims: Sequence[Dim], order: Sequence[int]) -> list[Stride]:
    """Of an array without gaps whose axes lie in this order, () for rows."""
    axes = order or range(len(dims))
    strides = dict(zip(axes, row_strides([dims[axis] for axis in axes]), strict=True))
    return [strides[axis] for axis in range(len(dims))]


def as_lengths(
    e: Emitter, strides: Sequence[Stride], lengths: Mapping[Dim, Length], size: int
) -> list[Length] | None:
    """Strides in units of this size; None where they depend on lengths that nothing has now."""
    made = []
    for number, symbols in strides:
        stride: Length = number * size
        for symbol in symbols:
            if symbol not in lengths:
                return None
            stride = numbers.wrapping(e, "mul", stride, lengths[symbol])
        made.append(stride)
    return made


def strides_of(array: Array) -> list[Stride] | None:
    """As NumPy's views have them; None behind a reshape of what does not lie side by side, and
    where only run time knows how the storage is laid out."""
    content, order = array.cell.content, array.cell.order
    dims: Sequence[Dim] = content.shape if isinstance(content, np.ndarray) else content.dims
    if order is None:
        return None
    strides = strides_in(dims, order)
    for step in array.steps:
        match step:
            case SliceStep():
                strides = [
                    (0, ()) if axis is None else _times(strides[axis], step.spans[axis][2])
                    for axis in step.axes
                ]
                dims = [dim_of(length) for length in step.lengths]
            case StridedStep():
                try:
                    strides = _strided(strides, step)
                except Undecided:
                    return None
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
            case PartStep():
                strides = [(2 * number, lengths) for number, lengths in strides]
            case BitsStep():
                pass
            case BroadcastStep():
                new = [dim_of(length) for length in step.after]
                missing = len(new) - len(dims)
                strides = [
                    strides[axis - missing] if axis >= missing and dims[axis - missing] == dim
                    else (0, ())
                    for axis, dim in enumerate(new)
                ]  # fmt: skip
                dims = new
            case LaidStep():
                if step.strides is None:
                    return None
                strides = step.strides
            case _:
                return None
    return strides


def _strided(strides: Sequence[Stride], step: StridedStep) -> list[Stride]:
    """Strides times steps, some of which are unknown, but none is longer than its axis (if more
    than one element is left of that): the order stays, and so the larger strides grow as well."""
    times = [_times(stride, each if isinstance(each, int) else 1)
             for stride, each in zip(strides, step.steps, strict=True)]  # fmt: skip
    for stride, each in zip(strides, step.steps, strict=True):
        if not isinstance(each, int):
            times = [
                made if other != stride and _is_less(other, stride) else _times(made, each)
                for made, other in zip(times, strides, strict=True)
            ]
    return [(0, ()) if axis is None else times[axis] for axis in step.axes]


def summed(strides: Sequence[Stride]) -> Stride | None:
    """A step along several axes at once; None where that is more than a product of lengths."""
    if not strides:
        return 0, ()
    if any(lengths != strides[0][1] for _, lengths in strides):
        return None
    return sum(number for number, _ in strides), strides[0][1]


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
    """Only run time knows whether NumPy gives a view or a copy, or which stride is larger."""


# -- the order of what is computed


Order = tuple[int, ...] | None
"""Of a storage's axes, see `Cell`."""


def order_of_new(operands: Sequence[Any], rank: int, last: bool = True) -> Order:
    """The order that NumPy gives a new array of this rank that it computes element by element.

    It is C's, but for axes that all operands which have both lay out the other way round
    (`npyiter_find_best_axis_ordering` of NumPy, from the last axis on; where arrays are joined, it
    is `PyArray_CreateMultiSortedStridePerm`, from the first one on).
    """
    votes = votes_of(operands, rank)
    if rank < 2 or votes is None:
        return () if rank < 2 else None
    try:
        return rows_or(best_order(votes, rank, last))
    except Undecided:
        return None


def votes_of(operands: Sequence[Any], rank: int) -> list[dict[int, Stride]] | None:
    """The strides of each operand that matter, by the axes of what they broadcast to."""
    votes = []
    for operand in operands:
        if not isinstance(operand, Array) or not operand.dims:
            continue
        strides = strides_of(operand)
        if strides is None:
            if operand.rank > 1:
                return None
            continue
        missing = rank - operand.rank
        votes.append({axis + missing: stride for axis, stride in enumerate(strides)
                      if operand.dims[axis] != 1 and stride[0]})  # fmt: skip
    return votes


def rows_or(axes: Sequence[int]) -> tuple[int, ...]:
    """An order of axes, that of rows as ()."""
    return () if list(axes) == sorted(axes) else tuple(axes)


def best_order(votes: Sequence[dict[int, Stride]], rank: int, last: bool = True) -> list[int]:
    """Axes from the outermost to the innermost. votes: strides by axis, of those that matter.
    last: whether the insertion begins with the last axis. Raises Undecided."""
    axes: list[int] = []  # from the one to begin with
    for axis in reversed(range(rank)) if last else range(rank):
        place = len(axes)
        for before in reversed(range(len(axes))):
            pair = (axis, axes[before]) if last else (axes[before], axis)
            swap = _swaps(*pair, votes)
            if swap is False:
                break
            if swap:
                place = before
        axes.insert(place, axis)
    return axes[::-1] if last else axes


def _swaps(outer: int, inner: int, votes: Sequence[dict[int, Stride]]) -> bool | None:
    """Whether the axis that comes first goes inside the other; None when no operand has both."""
    both = [vote for vote in votes if outer in vote and inner in vote]
    return all(_is_less(vote[outer], vote[inner]) for vote in both) if both else None


def _is_less(one: Stride, other: Stride) -> bool:
    """Whether a stride is the smaller one. With more run-time lengths it is the larger one: where
    a step goes as far as they do, its axis has length 1. Raises Undecided."""
    (a, here), (b, there) = one, other
    if here == there:
        return abs(a) < abs(b)
    if _within(here, there):
        return True
    if _within(there, here):
        return False
    raise Undecided


def _within(some: Sequence[Size], more: Sequence[Size]) -> bool:
    rest = list(more)
    for size in some:
        if size not in rest:
            return False
        rest.remove(size)
    return True


def order_of_copy(array: Any) -> Order:
    """The order of a copy that keeps that of the array (`PyArray_NewLikeArray`)."""
    if not isinstance(array, Array) or array.rank < 2:
        return ()
    strides = strides_of(array)
    if strides is None:
        return None
    if is_contiguous(array.dims, strides):
        return ()
    if is_contiguous(array.dims[::-1], strides[::-1]):
        return tuple(range(array.rank))[::-1]
    axes: list[int] = []
    try:
        for axis in range(array.rank):
            place = len(axes)
            while place and _is_less(strides[axes[place - 1]], strides[axis]):
                place -= 1
            axes.insert(place, axis)
    except Undecided:
        return None
    return rows_or(axes)


def order_of_view(array: Array) -> Order:
    """The order of an array in which nothing lies between its elements; else None."""
    order = order_of_copy(array)
    if order is None or array.rank < 2:
        return order
    axes = order or range(array.rank)
    strides = strides_of(array)
    dims = [array.dims[axis] for axis in axes]
    return order if is_contiguous(dims, [strides[axis] for axis in axes]) else None


def order_named(array: Any, order: str | None) -> Order:
    """The order of a copy: C, F, A or K."""
    rank = array.rank if isinstance(array, Array) else 0
    if rank < 2 or order == "C":
        return ()
    if order == "K":
        return order_of_copy(array)
    backwards = tuple(range(rank))[::-1]
    if order == "F":
        return backwards
    strides = strides_of(array)
    if strides is None:
        return None
    rows, columns = (is_contiguous(array.dims[::step], strides[::step]) for step in (1, -1))
    return backwards if columns and not rows else ()


def walk(array: Any) -> tuple[list[int], list[int]] | None:
    """How NumPy walks through an array that it sums: its axes from the outermost to the innermost,
    and the places in that list behind which the next axis is not as long as a step; None for rows
    without gaps, and where only run time knows."""
    if not isinstance(array, Array) or array.rank < 2:
        return None
    strides = strides_of(array)
    if strides is None or is_contiguous(array.dims, strides):
        return None
    votes = [{axis: stride for axis, stride in enumerate(strides)
              if array.dims[axis] != 1 and stride[0]}]  # fmt: skip
    try:
        axes = best_order(votes, array.rank)
    except Undecided:
        return None
    apart = [
        place for place, (outer, inner) in enumerate(zip(axes, axes[1:], strict=False))
        if strides[outer] != _times(strides[inner], array.dims[inner])
    ]  # fmt: skip
    return axes, apart


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
