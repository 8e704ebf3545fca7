"""Subscripts of arrays: basic slices as views, integer arrays as `take`, and assignment to both.

In: an Array and a key as Python gives it. Out: views that share the array's storage, copies, and
updated storages. The one idea: a view is its base's storage and a path of steps, each of which can
be read and written back, so an in-place write to any view is a chain of functional updates that
ends in a new content for the one storage cell that all aliases look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.dialects.tensor import DYNAMIC
from fleet.frontend import arrays, numbers, sizes
from fleet.frontend.arrays import Length
from fleet.frontend.emitter import Emitter, tensor_type
from fleet.frontend.values import (
    Array,
    Content,
    Number,
    Range,
    Step,
    Tensor,
    dim_type,
    is_run_time_list,
)
from fleet.ir.attributes import i64_array
from fleet.ir.types import index

Span = tuple[Length, Length, int]
"""What a subscript selects of one axis: first position, count, step."""


def span_of(e: Emitter, key: slice, length: Length) -> Span:
    """A slice applied to an axis: Python's clipping."""
    step = 1 if key.step is None else key.step
    if isinstance(step, Number):
        raise step.needed_now("the step of a slice")
    step = int(step)
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if not any(isinstance(part, Number) for part in (key.start, key.stop, length)):
        known = range(length)[key]
        return (known.start if len(known) else 0), len(known), step
    if step > 0:
        start = _clip(e, key.start, length, 0, length, 0)
        stop = _clip(e, key.stop, length, 0, length, length)
        gap = stop - start
    else:
        start = _clip(e, key.start, length, -1, length - 1, length - 1)
        stop = _clip(e, key.stop, length, -1, length - 1, -1)
        gap = start - stop
    count = numbers.maximum(e, gap, 0)
    if abs(step) > 1:
        count = (count + (abs(step) - 1)) // abs(step)
        if isinstance(count, Number):
            count.size = sizes.fresh(0)
    return start, count, step


def _clip(
    e: Emitter, at: Length | None, length: Length, low: Length, high: Length, default: Length
) -> Length:
    """A slice's bound as a position between low and high."""
    if at is None:
        return default
    at = at if isinstance(at, Number) else int(at)
    wrapped = at + length
    if isinstance(at, int):
        inside = numbers.maximum(e, wrapped, low) if at < 0 else numbers.minimum(e, at, high)
        return inside
    if sizes.at_least(at.size, 0):
        return numbers.minimum(e, at, high)
    return numbers.choose(
        e, numbers.compare(e, "lt", at, 0),
        numbers.maximum(e, wrapped, low), numbers.minimum(e, at, high),
    )  # fmt: skip


def position_of(e: Emitter, at: Length, length: Length, message: str, *shown: Length) -> Length:
    """An int subscript as a position from 0; IndexError when it is outside."""
    if isinstance(at, int) and isinstance(length, int):
        if not -length <= at < length:
            raise IndexError(message.format(*shown))
        return at + length if at < 0 else at
    if isinstance(at, int) or sizes.at_least(at.size, 0):
        inside = (
            numbers.compare(e, "gt", length, at)
            if not isinstance(at, int) or at >= 0
            else numbers.compare(e, "ge", length, -at)
        )
        numbers.require(e, inside, "IndexError", message, *shown)
        return length + at if isinstance(at, int) and at < 0 else at
    low = numbers.compare(e, "ge", at, 0 - length)
    high = numbers.compare(e, "lt", at, length)
    numbers.require(e, numbers.both(e, low, high), "IndexError", message, *shown)
    position = numbers.choose(e, numbers.compare(e, "lt", at, 0), at + length, at)
    if isinstance(position, Number):
        position.size = sizes.fresh(0)
    return position


class SliceStep(Step):
    """Some of the positions of each axis; `lengths` is the shape after ints drop and None adds axes."""

    def __init__(self, spans: Sequence[Span], lengths: Sequence[Length], key: tuple | None) -> None:
        self.spans = spans
        self.lengths = lengths
        self.key = key
        """The subscript that NumPy itself understands, when all of it is known."""
        self.contiguous = all(
            step == 1 and (axis == 0 or arrays.dim_of(start) == 0) for axis, (start, _, step) in enumerate(spans)
        ) and len(spans) < 2

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            if self.key is not None:
                return base[(*self.key, ...)] if base.ndim else base[self.key]
            base = arrays.tensor(e, base)
        return arrays.reshape_tensor(e, slice_tensor(e, base, self.spans), self.lengths)

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        counts = [count for _, count, _ in self.spans]
        source = arrays.reshape_tensor(e, view, counts)
        dims = tuple(map(arrays.dim_of, counts))
        if dims == base.dims and all(step == 1 for _, _, step in self.spans):
            return source
        offsets, dynamic_offsets = _static_and_dynamic(e, [start for start, _, _ in self.spans])
        lengths, dynamic_lengths = _static_and_dynamic(e, counts)
        made = e.value(
            numpy.insert_slice, source.value, base.value, dynamic_offsets, dynamic_lengths,
            types=[base.value.type], static_offsets=offsets, static_sizes=lengths,
            static_strides=i64_array(step for _, _, step in self.spans),
        )  # fmt: skip
        return Tensor(made, base.dims, base.dtype)


class TransposeStep(Step):
    """Axes in another order."""

    contiguous = False

    def __init__(self, axes: tuple[int, ...]) -> None:
        self.axes = axes

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            return base.transpose(self.axes)
        return arrays.transpose(e, base, self.axes)

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        return arrays.transpose(e, view, tuple(int(axis) for axis in np.argsort(self.axes)))


class ReshapeStep(Step):
    """The same elements in the same order under another shape."""

    def __init__(self, before: Sequence[Length], after: Sequence[Length]) -> None:
        self.before = before
        self.after = after

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            if all(isinstance(length, int) for length in self.after):
                return base.reshape(self.after)
            base = arrays.tensor(e, base)
        return arrays.reshape_tensor(e, base, self.after)

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        return arrays.reshape_tensor(e, view, self.before)


def view(e: Emitter, array: Array, step: Step, dims: tuple[sizes.Dim, ...]) -> Array:
    """Another look at the same storage."""
    content = array.cell.content
    shown = (content, step.read(e, array.read())) if isinstance(content, Tensor) else None
    steps = (*array.steps, step)
    return Array(e, array.cell, dims, array.dtype, steps, frozen=array.frozen, shown=shown)


def slice_tensor(e: Emitter, base: Tensor, spans: Sequence[Span]) -> Tensor:
    counts = [count for _, count, _ in spans]
    dims = tuple(map(arrays.dim_of, counts))
    whole = all(arrays.dim_of(start) == 0 and step == 1 for start, _, step in spans)
    if whole and dims == base.dims:
        return base
    offsets, dynamic_offsets = _static_and_dynamic(e, [start for start, _, _ in spans])
    lengths, dynamic_lengths = _static_and_dynamic(e, counts)
    made = e.value(
        numpy.slice, base.value, dynamic_offsets, dynamic_lengths,
        types=[tensor_type(dim_type(dims), base.dtype)], static_offsets=offsets,
        static_sizes=lengths, static_strides=i64_array(step for _, _, step in spans),
    )  # fmt: skip
    return Tensor(made, dims, base.dtype)


def _static_and_dynamic(e: Emitter, lengths: Sequence[Length]) -> tuple[Any, list]:
    static = [
        DYNAMIC if isinstance(arrays.dim_of(length), sizes.Size) else int(arrays.dim_of(length))
        for length in lengths
    ]
    return i64_array(static), arrays.operands_for(e, lengths)


# -- keys


def is_index_array(part: Any) -> bool:
    """Whether a subscript is an array or sequence of ints or bools."""
    if isinstance(part, Array | np.ndarray):
        return bool(arrays.dims_of(part)) or part.dtype == bool
    return isinstance(part, list | range | Range | np.bool_ | bool)


def expand_key(key: Any, rank: int) -> list[Any]:
    """A key as one subscript per axis (and the Nones), the Ellipsis filled in."""
    parts = list(key) if isinstance(key, tuple) else [key]
    used = 0
    for part in parts:
        if isinstance(part, Array | np.ndarray) and part.dtype == bool:
            used += len(arrays.dims_of(part))
        elif part is not None and part is not Ellipsis:
            used += 1
    if used > rank:
        raise IndexError(
            f"too many indices for array: array is {rank}-dimensional, but {used} were indexed"
        )
    dots = [i for i, part in enumerate(parts) if part is Ellipsis]
    if len(dots) > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    fill = [slice(None)] * (rank - used)
    at = dots[0] if dots else len(parts)
    return parts[:at] + fill + parts[at + 1 :]


def get_item(e: Emitter, array: Array, key: Any) -> Any:
    """array[key]."""
    if array.scalar and key is not Ellipsis and key != ():
        raise IndexError("invalid index to scalar variable.")
    known = array.known
    if known is not None and _is_known_key(key):
        native = _native_key(key)
        result = known[native]
        if isinstance(result, np.generic) or any(map(is_index_array, _as_tuple(key))):
            return arrays.wrap(e, result)
    parts = expand_key(key, array.rank)
    if any(is_index_array(part) for part in parts):
        return _take(e, array, parts)
    step = _basic_step(e, array, parts)
    dims = tuple(map(arrays.dim_of, step.lengths))
    if not dims and key is not Ellipsis and not (isinstance(key, tuple) and Ellipsis in _dots(key)):
        content = step.read(e, array.read())
        return arrays.wrap(e, content, scalar=True)
    return view(e, array, step, dims)


def _dots(key: tuple) -> list[Any]:
    return [part for part in key if part is Ellipsis]


def _as_tuple(key: Any) -> tuple:
    return key if isinstance(key, tuple) else (key,)


def _is_known_key(key: Any) -> bool:
    match key:
        case tuple():
            return all(_is_known_key(part) for part in key)
        case slice():
            return not any(isinstance(part, Number) for part in (key.start, key.stop, key.step))
        case Array():
            return key.known is not None
        case Number() | Range():
            return False
        case list():
            return arrays.all_known(key) and not is_run_time_list(key)
    return True


def _native_key(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple(_native_key(part) for part in key)
    return key.known if isinstance(key, Array) else arrays.plain(key)


def _basic_step(e: Emitter, array: Array, parts: list[Any]) -> SliceStep:
    shape = arrays.shape_of(e, array)
    spans: list[Span] = []
    lengths: list[Length] = []
    native: list[Any] = []
    axis = 0
    for part in parts:
        if part is None:
            lengths.append(1)
            native.append(None)
            continue
        length = shape[axis]
        if isinstance(part, slice):
            span = span_of(e, part, length)
            lengths.append(span[1])
            native.append(part)
        else:
            at = _int_subscript(e, part)
            message = f"index {{}} is out of bounds for axis {axis} with size {{}}"
            span = (position_of(e, at, length, message, at, length), 1, 1)
            native.append(at)
        spans.append(span)
        axis += 1
    known = all(isinstance(start, int) and isinstance(count, int) for start, count, _ in spans)
    return SliceStep(spans, lengths, tuple(native) if known else None)


def _int_subscript(e: Emitter, part: Any) -> Length:
    if isinstance(part, Number) and part.kind == "int":
        return part
    if isinstance(part, Array) and not part.dims and part.dtype.kind in "iu":
        return arrays.to_number(e, part)
    if isinstance(part, int | np.integer):
        return int(part)
    raise IndexError(
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or "
        "boolean arrays are valid indices"
    )


# -- integer arrays


def _take(e: Emitter, array: Array, parts: list[Any]) -> Array:
    """array[..., indices, ...]: adjacent index arrays on neighbouring axes."""
    parts = _masks_to_indices(e, parts)
    if any(part is None for part in parts):
        raise e.error(
            "None together with an index array in a subscript is not supported",
            "take the elements first, then add the axis",
        )
    chosen = [axis for axis, part in enumerate(parts) if not isinstance(part, slice)]
    first, last = chosen[0], chosen[-1]
    if chosen != list(range(first, last + 1)):
        raise e.error(
            "index arrays on axes that are not neighbours are not supported",
            "move the axes together with np.transpose",
        )
    rest = [part if isinstance(part, slice) else slice(None) for part in parts]
    base = view(e, array, step := _basic_step(e, array, rest), tuple(map(arrays.dim_of, step.lengths)))
    shape = arrays.shape_of(e, base)
    flat: Any = None
    for axis in chosen:
        indices = check_indices(e, parts[axis], shape[axis], axis)
        if flat is None:
            flat = indices
        else:
            scaled = arrays.ufunc(e, "multiply", flat, _as_number_array(e, shape[axis]))
            flat = arrays.ufunc(e, "add", scaled, indices)
    if len(chosen) > 1:
        joined = shape[first]
        for axis in chosen[1:]:
            joined = joined * shape[axis]
        lengths = [*shape[:first], joined, *shape[last + 1 :]]
        base = arrays.wrap(e, arrays.reshape_tensor(e, arrays.tensor(e, base), lengths))
    return take(e, base, flat, first)


def _as_number_array(e: Emitter, length: Length) -> Any:
    return length if isinstance(length, int) else arrays.asarray(e, length)


def _masks_to_indices(e: Emitter, parts: list[Any]) -> list[Any]:
    result: list[Any] = []
    for part in parts:
        made = arrays.asarray(e, part) if is_index_array(part) else part
        if isinstance(made, Array) and made.dtype == bool:
            if made.known is None:
                raise e.error(
                    "a boolean array that is known at run time only cannot be a subscript",
                    "use np.where(mask, x, y), whose shape does not depend on the mask",
                )
            result += [arrays.wrap(e, indices) for indices in made.known.nonzero()]
        else:
            result.append(made)
    return result


def check_indices(e: Emitter, indices: Any, length: Length, axis: int) -> Array:
    """Indices as int64, wrapped from the end where negative; IndexError when outside."""
    indices = arrays.asarray(e, indices)
    if indices.dtype.kind not in "iu":
        if indices.dtype.kind == "f" and 0 in arrays.dims_of(indices):
            indices = arrays.cast(e, indices, np.dtype("int64"))
        else:
            raise IndexError("arrays used as indices must be of integer (or boolean) type")
    known = indices if isinstance(indices, np.generic) else indices.known
    if known is not None and isinstance(length, int):
        outside = known[(known < -length) | (known >= length)] if known.ndim else known[()]
        if known.ndim == 0 and -length <= known < length:
            outside = np.empty(0)
        if np.size(outside):
            at = np.ravel(outside)[0]
            raise IndexError(f"index {at} is out of bounds for axis {axis} with size {length}")
        wrapped = np.where(known < 0, known + length, known).astype(np.int64)
        return Array(e, arrays.Cell(wrapped), wrapped.shape, wrapped.dtype)
    part = arrays.cast_tensor(e, indices, np.dtype("int64"))
    e.uncatchable("IndexError")
    made = e.value(
        numpy.check_indices, part.value, e.as_type(e.plain(e.number(length)), index),
        types=[part.value.type], axis=axis,
    )  # fmt: skip
    return arrays.wrap(e, Tensor(made, part.dims, part.dtype))


def take(e: Emitter, array: Any, indices: Any, axis: int) -> Any:
    """Elements at indices that are known to be in range."""
    base, at = arrays.tensor(e, array), arrays.tensor(e, indices)
    dims = (*base.dims[:axis], *at.dims, *base.dims[axis + 1 :])
    kind = tensor_type(dim_type(dims), base.dtype)
    made = e.value(numpy.take, base.value, at.value, types=[kind], axis=axis)
    return arrays.wrap(e, Tensor(made, dims, base.dtype), scalar=not dims)


# -- assignment


def set_item(e: Emitter, array: Array, key: Any, value: Any) -> None:
    """array[key] = value."""
    known = array.known
    source = arrays.asarray(e, value)
    if known is not None and _is_known_key(key) and arrays.all_known(source):
        _writable(e, array)
        _assign_known(e, array, _native_key(key), arrays.plain(source))
        return
    parts = expand_key(key, array.rank)
    if any(is_index_array(part) for part in parts):
        _set_masked(e, array, key, source)
        return
    step = _basic_step(e, array, parts)
    target = view(e, array, step, tuple(map(arrays.dim_of, step.lengths)))
    write(e, target, fit(e, source, step.lengths, array.dtype))


def _writable(e: Emitter, array: Array) -> None:
    if array.scalar:
        raise TypeError(f"'{array.type_name}' object does not support item assignment")
    if array.frozen is not None:
        raise e.error(array.frozen, "copy it first, with .copy()")


def _assign_known(e: Emitter, array: Array, key: Any, value: Any) -> None:
    content = array.cell.content.copy()
    target: Any = content
    for step in array.steps:
        target = step.read(e, target)
    target[key] = value
    e.heap.touch(array.cell)
    array.cell.content = content


def fit(e: Emitter, source: Any, lengths: Sequence[Length], dtype: np.dtype) -> Tensor:
    """A value as an assignment to a view of this shape takes it."""
    part = arrays.cast_tensor(e, source, dtype)
    dims = tuple(map(arrays.dim_of, lengths))
    while len(part.dims) > len(dims) and part.dims[0] == 1:
        shorter = [e.dim(part.value, i, dim) for i, dim in enumerate(part.dims)][1:]
        part = arrays.reshape_tensor(e, part, shorter)
    shapes = f"from shape {_shape_text(part.dims)} into shape {_shape_text(dims)}"
    if len(part.dims) > len(dims):
        raise ValueError(f"could not broadcast input array {shapes}")
    for axis in range(-len(part.dims), 0):
        here, there = part.dims[axis], dims[axis]
        if here in (1, there):
            continue
        if isinstance(here, int) and isinstance(there, int):
            raise ValueError(f"could not broadcast input array {shapes}")
        length = e.dim(part.value, len(part.dims) + axis, here)
        equal = numbers.compare(e, "eq", length, lengths[axis])
        message = "could not broadcast input array from shape ({},) into shape ({},)"
        numbers.require(e, equal, "ValueError", message, length, lengths[axis])
    return arrays.broadcast_tensor(e, part, lengths)


def _shape_text(dims: tuple[sizes.Dim, ...]) -> str:
    return f"({','.join(map(repr, dims))}{',' if len(dims) == 1 else ''})"


def write(e: Emitter, target: Array, new: Tensor) -> None:
    """Replace a view's content: functional updates along its path, then the storage."""
    _writable(e, target)
    bases = [arrays.tensor(e, _root(target))]
    for step in target.steps[:-1]:
        bases.append(arrays.tensor(e, _as_array(e, step.read(e, bases[-1]))))
    for step, base in zip(reversed(target.steps), reversed(bases), strict=False):
        new = step.write(e, base, new)
    e.heap.touch(target.cell)
    target.cell.content = new


def _root(target: Array) -> Any:
    return target.cell.content


def _as_array(e: Emitter, content: Content) -> Tensor:
    return arrays.tensor(e, content)


def _set_masked(e: Emitter, array: Array, key: Any, source: Any) -> None:
    mask = arrays.asarray(e, key) if not isinstance(key, tuple) else None
    if mask is None or mask.dtype != bool or arrays.dims_of(source):
        raise e.error(
            "assignment to elements chosen by an index array is not supported here",
            "assign to slices in a loop, or use np.where(mask, x, y)",
        )
    while len(arrays.dims_of(mask)) < array.rank:
        mask = arrays.expand(e, mask, len(arrays.dims_of(mask)))
    chosen = arrays.where(e, mask, arrays.wrap(e, arrays.cast_tensor(e, source, array.dtype)), array)
    write(e, array, fit(e, chosen, arrays.shape_of(e, array), array.dtype))


def operate_in_place(e: Emitter, name: str, array: Array, other: Any) -> Array:
    """`array += other`: the result is cast to the array's dtype (same kind only), in its storage."""
    if name == "matmul":
        result = arrays.matmul(e, array, other)
    else:
        result = arrays.ufunc(e, arrays.OPERATORS[name], array, other)
    ufunc = arrays.UFUNC_OPS.get(arrays.OPERATORS.get(name, "matmul"), arrays.OPERATORS.get(name, "matmul"))
    if not np.can_cast(result.dtype, array.dtype, "same_kind"):
        stand_in = np.zeros(1, array.dtype)
        getattr(np, ufunc)(stand_in, np.zeros(1, result.dtype), out=stand_in)
    dims = arrays.dims_of(result)
    if len(dims) > array.rank:
        shapes = f"{_shape_text(array.dims)} doesn't match the broadcast shape {_shape_text(dims)}"
        raise ValueError(f"non-broadcastable output operand with shape {shapes}")
    write(e, array, fit(e, result, arrays.shape_of(e, array), array.dtype))
    return array
