"""Subscripts that choose elements: index arrays, masks, slices whose step only run time knows.

In: an Array, and a key as a list of parts. Out: the chosen elements, or a changed storage. The one
idea: with the array's elements in one row, each part of a key adds its own positions times its
axis's stride, so that any key is one array of positions, shaped as NumPy shapes its result; reading
takes from there, writing puts there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.evaluator.values import numbers, sizes
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import Cell
from fleet.evaluator.values.ndarrays import arrays, elementwise, layout, ordering, tensors, views
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.then import Array, Number, Range, Tensor
from fleet.ir.types import index

INT64 = np.dtype("int64")
_TOGETHER = "shape mismatch: indexing arrays could not be broadcast together with shapes"
_INTO = (
    "shape mismatch: value array of shape {of} could not be broadcast to indexing result of shape "
    "{into}"
)


@dataclass(frozen=True)
class Along:
    """Part of a result's shape: its lengths, and what each of its points adds to the position."""

    lengths: Sequence[Length]
    at: Any = 0


@dataclass(frozen=True)
class Selection:
    """Positions in a row of all elements, and the result's lengths."""

    positions: Any
    lengths: list[Length]


def is_index_array(part: Any) -> bool:
    """Whether a subscript is an array or sequence of ints or bools."""
    if isinstance(part, Array | np.ndarray):
        return bool(tensors.dims_of(part)) or part.dtype == bool
    return isinstance(part, list | tuple | range | Range | np.bool_ | bool)


def is_chosen(part: Any) -> bool:
    """Whether a part of a key chooses elements, and does not say where a view begins and ends."""
    return is_index_array(part) or (isinstance(part, slice) and isinstance(part.step, Number))


def get(e: Emitter, array: Array, parts: list[Any]) -> Any:
    """array[key], with such a part in it."""
    if not any(map(is_index_array, parts)):
        step = strided_step(e, array, parts)
        return views.view(e, array, step, tuple(map(tensors.dim_of, step.lengths)))
    chosen = [at for at, part in enumerate(parts) if not _is_view(part)]
    is_new = any(part is None for part in parts)
    if len(chosen) == 1 and not is_new and is_index_array(parts[chosen[0]]):
        (axis,) = chosen
        indices = arrays.asarray(e, parts[axis])
        if len(parts) == array.rank and tensors.dims_of(indices):
            rest = [slice(None) if at == axis else part for at, part in enumerate(parts)]
            step = views.basic_step(e, array, rest)
            base = views.view(e, array, step, tuple(map(tensors.dim_of, step.lengths)))
            length = tensors.shape_of(e, array)[axis]
            made = take(e, base, _positions(e, indices, [length], axis), axis)
            return _in_memory(e, array, parts, made)
    selection = _select(e, tensors.shape_of(e, array), parts)
    row = take(e, _in_a_row(e, array), selection.positions, 0)
    if not selection.lengths:
        return row
    made = tensors.wrap(e, tensors.reshape_tensor(e, tensors.tensor(e, row), selection.lengths))
    return _in_memory(e, array, parts, made)


def strided_step(e: Emitter, array: Array, parts: list[Any]) -> views.StridedStep:
    """The step to the view that a key of ints and slices shows."""
    before = tensors.shape_of(e, array)
    selection = _select(e, before, parts)
    axes: list[int | None] = []
    steps: list[sizes.Dim] = []
    for part in parts:
        if part is None:
            axes.append(None)
        elif isinstance(part, slice):
            axes.append(len(steps))
            steps.append(sizes.length() if isinstance(part.step, Number) else int(part.step or 1))
        else:
            steps.append(1)
    return views.StridedStep(
        before, tensors.tensor(e, selection.positions), selection.lengths, axes, steps
    )


def _in_memory(e: Emitter, array: Array, parts: list[Any], made: Array) -> Array:
    """What a key chooses, laid out as NumPy does it: the axes of the index arrays are the outer
    ones, and those of the rest lie as the array's; then the first ones are moved to their place."""
    if made.rank < 2:
        return made
    strides, axis, where = layout.strides_of(array), 0, 0
    rest: list[layout.Stride] = []  # of the axes that slices leave
    indices: list[Any] = []
    places: list[int] = []
    for at, part in enumerate(parts):
        if isinstance(part, slice):
            rest.append((0, ()) if strides is None else strides[axis])
            axis += 1
        elif part is None:
            rest.append((0, ()))
        else:
            if not places:
                where = len(rest)
            places.append(at)
            is_array = is_index_array(part)
            used = len(tensors.dims_of(part)) if is_array and part.dtype == bool else 1
            indices += [part] if is_array and part.dtype != bool else []
            axis += used
    several = made.rank - len(rest)
    first = where if places and places[-1] - places[0] + 1 == len(places) else 0
    made.cell.order = None
    found = layout.votes_of(indices, several)
    if strides is None or found is None:
        return made
    ordered = [*range(first, first + several), *range(first), *range(first + several, made.rank)]
    own = {several + at: stride for at, stride in enumerate(rest)
           if stride[0] and made.dims[ordered[several + at]] != 1}  # fmt: skip
    try:
        axes = layout.best_order([*found, own], made.rank)
    except layout.Undecided:
        return made
    axes = [ordered[axis] for axis in axes]
    made.cell.order = layout.rows_or(axes)
    if first:
        made.owner = views.view(
            e, made, views.TransposeStep(tuple(ordered)), tuple(made.dims[a] for a in ordered),
            look=False,
        )  # fmt: skip
    return made


def put(e: Emitter, array: Array, parts: list[Any], source: Any) -> None:
    """array[key] = source: one element after the other, so the last one wins."""

    def fitted(lengths: list[Length]) -> Tensor:
        if len(parts) == 1 and _covers(e, parts[0], array):
            _check_masked(e, source, lengths[0])
        return views.fit(e, source, lengths, array.dtype, _INTO)

    selection, values = _select_for(e, tensors.shape_of(e, array), parts, fitted)
    count = [tensors.product(e, selection.lengths)]
    positions = tensors.reshape_tensor(e, tensors.tensor(e, selection.positions), count)
    given = tensors.reshape_tensor(e, values, count)
    row = ordering.scatter(e, _in_a_row(e, array), positions, given, "set")
    shape = tensors.shape_of(e, array)
    views.write(e, array, tensors.reshape_tensor(e, tensors.tensor(e, row), shape))


def _is_view(part: Any) -> bool:
    return part is None or (isinstance(part, slice) and not is_chosen(part))


def _covers(e: Emitter, part: Any, array: Array) -> bool:
    """Whether a part is a mask of all elements."""
    if not is_index_array(part):
        return False
    made = arrays.asarray(e, part)
    return made.dtype == bool and len(tensors.dims_of(made)) == array.rank


def _check_masked(e: Emitter, source: Any, count: Length) -> None:
    dims = tensors.dims_of(source)
    if len(dims) > 1:
        raise TypeError(
            "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, "
            f"input has {len(dims)} dimensions"
        )
    if dims and dims[0] != 1:
        (given,) = tensors.shape_of(e, source)
        same, one = (numbers.compare(e, "eq", given, other) for other in (count, 1))
        message = (
            "NumPy boolean array indexing assignment cannot assign {} input values to the {} "
            "output values where the mask is true"
        )
        numbers.require(e, numbers.either(e, same, one), "ValueError", message, given, count)


def _in_a_row(e: Emitter, array: Array) -> Array:
    total = tensors.product(e, tensors.shape_of(e, array))
    return tensors.wrap(e, tensors.reshape_tensor(e, tensors.tensor(e, array), [total]))


# -- positions


def _select(e: Emitter, shape: Sequence[Length], parts: list[Any]) -> Selection:
    """What a key chooses of an array of this shape."""
    return _select_for(e, shape, parts, lambda lengths: None)[0]


def _select_for(
    e: Emitter, shape: Sequence[Length], parts: list[Any], use: Callable[[list[Length]], Any]
) -> tuple[Selection, Any]:
    """What a key chooses of an array of this shape, and use(the result's lengths).

    NumPy looks first whether shapes fit, and then whether indices are within bounds. Index arrays,
    and ints beside them, are taken together; their axes stand where the first of them does if
    nothing separates them, else first.
    """
    strides: list[Length] = [1]
    for length in reversed(shape[1:]):
        strides.insert(0, numbers.wrapping(e, "mul", length, strides[0]))
    axis = 0
    alongs: list[Along | None] = []
    indices: list[Any] = []
    axes: list[int] = []
    where: list[int] = []
    begins: list[int] = []
    masks: set[int] = set()
    for part in parts:
        if part is None:
            alongs.append(Along([1]))
            continue
        if isinstance(part, slice):
            alongs.append(_along_slice(e, part, shape[axis], strides[axis]))
            axis += 1
            continue
        where.append(len(alongs))
        alongs.append(None)
        at, used, is_mask = _one(e, part, shape, axis)
        if is_mask:
            masks.add(len(indices))
        indices.append(at)
        begins.append(axis)
        axes.append(used)
        axis += used
    kept = [along for along in alongs if along is not None]
    if not where:
        return _summed(e, kept), use([length for along in kept for length in along.lengths])
    first = where[0] if where == list(range(where[0], where[-1] + 1)) else 0
    _, lengths = _broadcast(e, indices, axes)
    used_for = use([
        *(length for along in kept[:first] for length in along.lengths), *lengths,
        *(length for along in kept[first:] for length in along.lengths)])  # fmt: skip
    for number, (at, begin, used) in enumerate(zip(indices, begins, axes, strict=True)):
        inside = at if number in masks else _inside(e, at, shape[begin], begin)
        indices[number] = _scaled(e, inside, strides[begin + used - 1]) if used else inside
    kept.insert(first, _together(e, indices, axes))
    return _summed(e, kept), used_for


def _one(e: Emitter, part: Any, shape: Sequence[Length], axis: int) -> tuple[Any, int, bool]:
    """An int or the indices of an axis, or the positions that a mask chooses on its axes taken as
    one; how many axes it is for; and whether it is a mask."""
    if not is_index_array(part):
        return views.int_subscript(e, part), 1, False
    made = arrays.asarray(e, part)
    if made.dtype != bool:
        return _of_ints(e, made), 1, False
    used = len(tensors.dims_of(made))
    return _positions(e, made, shape[axis : axis + used], axis), used, True


def _inside(e: Emitter, at: Any, length: Length, axis: int) -> Any:
    """Subscripts of an axis as positions from 0. Raises IndexError."""
    if isinstance(at, Array | np.generic):
        return check_indices(e, at, length, axis)
    message = f"index {{}} is out of bounds for axis {axis} with size {{}}"
    return views.position_of(e, at, length, message, at, length)


def _positions(e: Emitter, indices: Any, lengths: Sequence[Length], axis: int) -> Any:
    """Indices of one axis as int64 from 0; a mask as positions on its axes taken as one."""
    if indices.dtype != bool:
        return check_indices(e, indices, lengths[0], axis)
    check_mask(e, indices, lengths, axis)
    known = indices if isinstance(indices, np.generic) else indices.known
    if known is not None:
        return tensors.wrap(e, np.flatnonzero(known))
    return ordering.nonzero(e, _in_a_row(e, indices))


def check_mask(e: Emitter, mask: Any, lengths: Sequence[Length], axis: int) -> None:
    """A mask has the lengths of the axes from this one on. Raises IndexError."""
    given = tensors.shape_of(e, mask)
    for number, (here, length) in enumerate(zip(given, lengths, strict=False)):
        message = (
            f"boolean index did not match indexed array along axis {axis + number}; size of axis "
            "is {} but size of corresponding boolean axis is {}"
        )
        same = numbers.compare(e, "eq", here, length)
        numbers.require(e, same, "IndexError", message, length, here)


def _scaled(e: Emitter, at: Any, stride: Length) -> Any:
    if isinstance(stride, int) and stride == 1:
        return at
    if not isinstance(at, Array | np.generic):
        return numbers.wrapping(e, "mul", at, stride)
    by = np.int64(stride) if isinstance(stride, int) else arrays.asarray(e, stride)
    return elementwise.ufunc(e, "multiply", at, by)


def _along_slice(e: Emitter, part: slice, length: Length, stride: Length) -> Along:
    start, count, step = views.span_of_any_step(e, part, length)
    first, gap = (numbers.wrapping(e, "mul", number, stride) for number in (start, step))
    return Along([count], arrays.arange(e, first, gap, count, INT64))


def of_slice(e: Emitter, items: Tensor, key: slice, size: Length) -> tuple[Tensor, Length]:
    """A slice of a row, whose step may be known at run time only, and its length."""
    if not isinstance(key.step, Number):
        span = views.span_of(e, key, size)
        return views.slice_tensor(e, items, [span]), span[1]
    start, count, step = views.span_of_any_step(e, key, size)
    at = tensors.tensor(e, arrays.arange(e, start, step, count, INT64))
    return tensors.take(e, items, at, 0), count


def _together(e: Emitter, indices: list[Any], axes: list[int]) -> Along:
    """Index arrays broadcast against each other; ints go along with them.

    axes: how many each is for; as many index arrays does NumPy make of a mask.
    """
    offset: Any = 0
    for at in indices:
        if not isinstance(at, Array | np.generic):
            offset = numbers.wrapping(e, "add", offset, at)
    parts, _ = _broadcast(e, indices, axes)
    if not parts:
        return Along([], arrays.asarray(e, offset))
    total = tensors.wrap(e, parts[0])
    for part in parts[1:]:
        total = elementwise.ufunc(e, "add", total, tensors.wrap(e, part))
    lengths = tensors.shape_of(e, total)
    if not isinstance(offset, int):
        total = elementwise.ufunc(e, "add", total, arrays.asarray(e, offset))
    elif offset:
        total = elementwise.ufunc(e, "add", total, np.int64(offset))
    return Along(lengths, total)


def _broadcast(
    e: Emitter, indices: list[Any], axes: list[int]
) -> tuple[list[Tensor], list[Length]]:
    """Index arrays fit for each other, and the lengths of all together. Raises IndexError."""
    several = [tensors.tensor(e, at) for at in indices if isinstance(at, Array | np.generic)]
    if len(several) < 2:
        return several, [length for part in several for length in tensors.lengths_of(e, part)]
    shown = [
        tensors.tensor(e, at) for at, used in zip(indices, axes, strict=True)
        for _ in range(used) if isinstance(at, Array | np.generic)
    ]  # fmt: skip
    misfit = elementwise.Misfit(
        "IndexError", lambda: elementwise.shapes_message(e, shown, _TOGETHER)
    )
    parts, dims = elementwise.broadcast(e, several, (), misfit)
    return parts, [_length_of(e, parts, axis - len(dims), dim) for axis, dim in enumerate(dims)]


def _length_of(e: Emitter, parts: list[Tensor], axis: int, dim: sizes.Dim) -> Length:
    """The length of an axis, counted from the last, that one of these has."""
    if isinstance(dim, int):
        return dim
    part = next(part for part in parts if -axis <= len(part.dims) and part.dims[axis] == dim)
    return e.dim(part.value, len(part.dims) + axis, dim)


def _summed(e: Emitter, alongs: list[Along]) -> Selection:
    lengths = [length for along in alongs for length in along.lengths]
    total: Any = None
    behind = len(lengths)
    for along in alongs:
        behind -= len(along.lengths)
        if isinstance(along.at, int):
            continue
        shape = [*along.lengths, *[1] * behind]
        part = tensors.reshape_tensor(e, tensors.tensor(e, along.at), shape)
        here = tensors.wrap(e, part)
        total = here if total is None else elementwise.ufunc(e, "add", total, here)
    count = tensors.product(e, lengths)
    whole = tensors.broadcast_tensor(e, tensors.tensor(e, total), lengths)
    flat = tensors.reshape_tensor(e, whole, [count]) if lengths else whole
    return Selection(tensors.wrap(e, flat), lengths)


def _of_ints(e: Emitter, indices: Any) -> Any:
    """An index array, or an int. Raises IndexError for arrays of others that have elements."""
    if not isinstance(indices, Array | np.generic) or indices.dtype.kind in "iu":
        return indices
    if indices.dtype.kind == "f" and 0 in tensors.dims_of(indices):
        return arrays.cast(e, indices, INT64)
    raise IndexError("arrays used as indices must be of integer (or boolean) type")


def check_indices(e: Emitter, indices: Any, length: Length, axis: int) -> Array:
    """Indices as int64, wrapped from the end where negative; IndexError when outside."""
    indices = _of_ints(e, arrays.asarray(e, indices))
    known = indices if isinstance(indices, np.generic) else indices.known
    if known is not None and isinstance(length, int):
        outside = np.ravel(known[(known < -length) | (known >= length)])
        if outside.size:
            message = f"index {outside[0]} is out of bounds for axis {axis} with size {length}"
            raise IndexError(message)
        wrapped = np.asarray(np.where(known < 0, known + length, known), INT64)
        return Array(e, Cell(wrapped), wrapped.shape, wrapped.dtype)
    part = tensors.cast_tensor(e, indices, INT64)
    whole = e.as_type(e.plain(e.number(length)), index)
    if e.catchable("IndexError"):
        made = e.attempt(
            "check_indices",
            [part.value, e.plain(e.number(length))],
            ["array", "int"],
            ("array", part.value.type),
            ("IndexError",),
            axis=axis,
        )
        return tensors.wrap(e, Tensor(made, part.dims, part.dtype))
    made = e.value(
        numpy.check_indices, part.value, whole, types=[part.value.type], axis=axis,
    )  # fmt: skip
    return tensors.wrap(e, Tensor(made, part.dims, part.dtype))


def take(e: Emitter, array: Any, indices: Any, axis: int) -> Any:
    """Elements at indices that are known to be in range."""
    made = tensors.take(e, tensors.tensor(e, array), tensors.tensor(e, indices), axis)
    return tensors.wrap(e, made, scalar=not made.dims)
