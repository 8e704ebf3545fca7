"""Views of arrays: slices, transpositions, reshapes, each readable and writable.

In: an Array and Python's slices. Out: Arrays that share its storage. The one idea: a view is its
base's storage and a path of steps, each of which can be read and written back, so an in-place write
to any view is a chain of functional updates that ends in a new content for the one storage.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap
from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.dialects.tensor import DYNAMIC
from fleet.evaluator.values import numbers, sizes
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.heap import SPLIT, Cell, Held
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.then import (
    UNREADABLE,
    Array,
    Content,
    Number,
    Step,
    Tensor,
    Then,
    dim_type,
)
from fleet.integers import MOST
from fleet.ir.attributes import i64_array

Span = tuple[Length, Length, int]
"""What a subscript selects of one axis: first position, count, step."""


def span_of(e: Emitter, key: slice, length: Length) -> Span:
    """A slice applied to an axis: Python's clipping."""
    key = _of_ints(e, key)
    step = 1 if key.step is None else key.step
    if isinstance(step, Number):
        raise step.needed_now("the step of a slice")
    step = int(step)
    if step == 0:
        raise ValueError("slice step cannot be zero")
    step = max(min(step, sizes.LENGTH), -sizes.LENGTH)  # no axis is longer
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
            count.size = sizes.length()
    return start, count, step


def span_of_any_step(e: Emitter, key: slice, length: Length) -> tuple[Length, Length, Length]:
    """A slice whose step may be known at run time only; of either sign."""
    key = _of_ints(e, key)
    if not isinstance(key.step, Number):
        return span_of(e, key, length)
    step = key.step
    numbers.require(
        e, numbers.compare(e, "ne", step, 0), "ValueError", "slice step cannot be zero"
    )
    step = numbers.maximum(e, step, -MOST)
    up = numbers.compare(e, "gt", step, 0)
    ends = [span_of(e, slice(key.start, key.stop, sign), length) for sign in (1, -1)]
    start, gap = (numbers.choose(e, up, ends[0][at], ends[1][at]) for at in (0, 1))
    size = numbers.choose(e, up, step, numbers.wrapping(e, "sub", 0, step))
    size = e.number(numbers.maximum(e, size, 1))
    steps = numbers.binary(e, "floordiv", e.number(numbers.wrapping(e, "sub", gap, 1)), size)
    count = e.number(numbers.wrapping(e, "add", steps, 1))
    count.size = sizes.length()
    return start, count, step


def _of_ints(e: Emitter, key: slice) -> slice:
    """A slice whose bounds are ints, bools among them. Raises TypeError."""
    return slice(*(_bound(e, part) for part in (key.start, key.stop, key.step)))


def _bound(e: Emitter, part: Any) -> Any:
    if type(part) is int or part is None:
        return part
    if isinstance(part, Number) and part.kind != "float":
        return numbers.to_int(e, part)
    if isinstance(part, Then) or not hasattr(part, "__index__"):
        raise TypeError("slice indices must be integers or None or have an __index__ method")
    return part.__index__()


def _clip(
    e: Emitter, at: Length | None, length: Length, low: Length, high: Length, default: Length
) -> Length:
    """A slice's bound as a position between low and high."""
    if at is None:
        return default
    at = at if isinstance(at, Number) else min(max(int(at), -MOST), MOST)
    wrapped = numbers.wrapping(e, "add", at, length)
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
    from_end = numbers.wrapping(e, "add", at, length)
    position = numbers.choose(e, numbers.compare(e, "lt", at, 0), from_end, at)
    if isinstance(position, Number):
        position.size = sizes.length()
    return position


class SliceStep(Step):
    """Some positions of each axis, then another list of axes.

    axes: for each axis of the view, the base's axis that it shows, or None for one that None added;
    axes of the base that are missing were dropped by an int.
    """

    def __init__(self, spans: Sequence[Span], axes: Sequence[int | None]) -> None:
        self.spans = spans
        self.axes = axes
        self.lengths = [1 if axis is None else spans[axis][1] for axis in axes]

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            if all(isinstance(start, int) and isinstance(n, int) for start, n, _ in self.spans):
                return np.asarray(base[tuple(starmap(_native, self.spans))]).reshape(self.lengths)
            base = tensors.tensor(e, base)
        return tensors.reshape_tensor(e, slice_tensor(e, base, self.spans), self.lengths)

    def after(self, first: SliceStep) -> SliceStep | None:
        """One step for both, so that a view of a view is a view of the base."""
        spans = list(first.spans)
        for (start, count, step), axis in zip(self.spans, first.axes, strict=True):
            if axis is not None:
                begin, _, stride = spans[axis]
                spans[axis] = (begin + start * stride, count, step * stride)
            elif count != 1:
                return None  # nothing is left of an axis that None added
        return SliceStep(spans, [None if axis is None else first.axes[axis] for axis in self.axes])

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        counts = [count for _, count, _ in self.spans]
        source = tensors.reshape_tensor(e, view, counts)
        dims = tuple(map(tensors.dim_of, counts))
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


class StridedStep(Step):
    """Slices of which a step is known at run time only.

    before: the base's lengths, which are in one row; positions: the elements there; axes: of the
    base, as `SliceStep` has them; steps: along each of these.
    """

    def __init__(
        self, before: Sequence[Length], positions: Tensor, lengths: Sequence[Length],
        axes: Sequence[int | None], steps: Sequence[sizes.Dim],
    ) -> None:  # fmt: skip
        self.before = before
        self.positions = positions
        self.lengths = lengths
        self.axes = axes
        self.steps = steps

    def _row(self, e: Emitter, base: Content) -> Tensor:
        total = tensors.product(e, self.before)
        return tensors.reshape_tensor(e, tensors.tensor(e, base), [total])

    def read(self, e: Emitter, base: Content) -> Content:
        chosen = tensors.take(e, self._row(e, base), self.positions, 0)
        return tensors.reshape_tensor(e, chosen, self.lengths)

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        row, at = self._row(e, base), self.positions
        part = tensors.reshape_tensor(e, view, [tensors.product(e, self.lengths)])
        made = e.value(
            numpy.scatter, part.value, at.value, row.value, types=[row.value.type], combine="set"
        )
        return tensors.reshape_tensor(e, Tensor(made, row.dims, row.dtype), self.before)


def spans_within(e: Emitter, array: Array) -> tuple[list[Span], list[int | None]] | None:
    """An array as spans of its storage's axes, and the axes that it shows; None if it is not so."""
    match array.steps:
        case ():
            lengths = tensors.shape_of(e, array)
            return [(0, length, 1) for length in lengths], list(range(array.rank))
        case (SliceStep() as step,):
            return list(step.spans), list(step.axes)
    return None


class TransposeStep(Step):
    """Axes in another order."""

    def __init__(self, axes: tuple[int, ...]) -> None:
        self.axes = axes

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            return base.transpose(self.axes)
        return tensors.transpose(e, base, self.axes)

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        return tensors.transpose(e, view, tuple(int(axis) for axis in np.argsort(self.axes)))


class ReshapeStep(Step):
    """The same elements in the same order under another shape."""

    def __init__(self, before: Sequence[Length], after: Sequence[Length]) -> None:
        self.before = before
        self.after = after

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            if all(isinstance(length, int) for length in self.after):
                return base.reshape(self.after)
            base = tensors.tensor(e, base)
        return tensors.reshape_tensor(e, base, self.after)

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        return tensors.reshape_tensor(e, view, self.before)


class PartStep(Step):
    """The real or the imaginary parts of complex numbers."""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            return getattr(base, self.name)
        return tensors.part_of(e, self.name, base)

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        other = tensors.part_of(e, "imag" if self.name == "real" else "real", base)
        parts = (view, other) if self.name == "real" else (other, view)
        return tensors.of_parts(e, *parts)


class BitsStep(Step):
    """The same bits under another dtype of the same size."""

    def __init__(self, before: np.dtype, after: np.dtype) -> None:
        self.before, self.after = before, after

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            return base.view(self.after)
        return tensors.bits(e, base, self.after)

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        return tensors.bits(e, view, self.before)


class BroadcastStep(Step):
    """The same elements again along more axes, or along those of length 1; only to be read."""

    def __init__(self, after: Sequence[Length]) -> None:
        self.after = after

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            if all(isinstance(length, int) for length in self.after):
                return np.broadcast_to(base, self.after)
            base = tensors.tensor(e, base)
        return tensors.broadcast_tensor(e, base, self.after)


class LaidStep(Step):
    """A copy that NumPy has as a view of these strides (see `layout`), which may not be known.

    base: which begins where the view does; axes: for each axis of the view, the base's that a step
    along it goes along, if that is known.
    """

    def __init__(
        self, strides: list[tuple[int, tuple[sizes.Size, ...]]] | None, base: Array,
        axes: Sequence[Sequence[int]] | None,
    ) -> None:  # fmt: skip
        self.strides = strides
        self.base = base
        self.axes = axes

    def read(self, e: Emitter, base: Content) -> Content:
        return base


def part(e: Emitter, array: Array, name: str) -> Array:
    """array.real or array.imag of complex numbers, a view."""
    dtype = np.zeros((), array.dtype).real.dtype
    made = view(e, array, PartStep(name), array.dims, look=False, dtype=dtype)
    made.scalar = array.scalar
    return made


def _native(start: int, count: int, step: int) -> slice:
    """A span as a slice of Python's."""
    stop = start + count * step
    return slice(start, stop if stop >= 0 else None, step) if count else slice(0, 0)


def view(
    e: Emitter, array: Array, step: Step, dims: tuple[sizes.Dim, ...], look: bool = True,
    dtype: np.dtype | None = None,
) -> Array:  # fmt: skip
    """Another look at the same storage. look: whether it is going to be read; dtype: the view's,
    if it is not the array's."""
    steps = (*array.steps, step)
    if isinstance(step, SliceStep) and array.steps and isinstance(array.steps[-1], SliceStep):
        joined = step.after(array.steps[-1])
        if joined is not None:
            steps = (*array.steps[:-1], joined)
    made = Array(e, array.cell, dims, dtype or array.dtype, steps, frozen=array.frozen)
    made.sources = array.sources
    made.owner = array if array.owner is None else array.owner
    if look:
        made.look()
    return made


READ_ONLY = ValueError("assignment destination is read-only")


def copy_of(
    e: Emitter, made: Array, base: Array, refusal: str | ValueError = READ_ONLY,
    strides: list[tuple[int, tuple[sizes.Size, ...]]] | None = None,
    axes: Sequence[Sequence[int]] | None = None,
) -> Array:  # fmt: skip
    """A copy that NumPy has, or may have, as a view of another array: it cannot be written to, nor
    read once that one has changed. strides: the view's, if they are known; axes: see LaidStep."""
    step = LaidStep(strides, base, axes)
    made = Array(e, Cell(made.read()), made.dims, made.dtype, (step,))
    made.frozen = refusal
    made.sources = ((base.cell, base.cell.content),)
    e.heap.sourced.add(base.cell)
    if base.cell.keeper is not None:
        made.sources = UNREADABLE
    made.owner = base if base.owner is None else base.owner
    return made


def slice_tensor(e: Emitter, base: Tensor, spans: Sequence[Span]) -> Tensor:
    counts = [count for _, count, _ in spans]
    dims = tuple(map(tensors.dim_of, counts))
    whole = all(tensors.dim_of(start) == 0 and step == 1 for start, _, step in spans)
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
        DYNAMIC if isinstance(tensors.dim_of(length), sizes.Size) else int(tensors.dim_of(length))
        for length in lengths
    ]
    return i64_array(static), tensors.operands_for(e, lengths)


# -- subscripts by ints and slices


def basic_step(e: Emitter, array: Array, parts: list[Any]) -> SliceStep:
    shape = tensors.shape_of(e, array)
    spans: list[Span] = []
    axes: list[int | None] = []
    for part in parts:
        if part is None:
            axes.append(None)
            continue
        axis = len(spans)
        length = shape[axis]
        if isinstance(part, slice):
            spans.append(span_of(e, part, length))
            axes.append(axis)
        else:
            at = int_subscript(e, part)
            message = f"index {{}} is out of bounds for axis {axis} with size {{}}"
            spans.append((position_of(e, at, length, message, at, length), 1, 1))
    return SliceStep(spans, axes)


def int_subscript(e: Emitter, part: Any) -> Length:
    if isinstance(part, Number) and part.kind == "int":
        return part
    if isinstance(part, Array) and not part.dims and part.dtype.kind in "iu":
        return tensors.to_number(e, part)
    if isinstance(part, int | np.integer):
        return int(part)
    raise IndexError(
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or "
        "boolean arrays are valid indices"
    )


# -- writing


def require_writable(e: Emitter, array: Array) -> None:
    if array.scalar:
        raise TypeError(f"'{array.type_name}' object does not support item assignment")
    if isinstance(array.frozen, ValueError):
        raise ValueError(*array.frozen.args)
    if array.frozen == SPLIT and array.sources and not array.cell.split and (
            not array.is_stale() and e.stands_alone(array)):  # fmt: skip
        return
    if array.frozen is not None or array.cell.split:
        why = array.frozen or SPLIT
        if isinstance(why, Held):
            e.array_lists.learn_written(why.sites)
        raise e.error(why, "copy it first, with .copy()")


OUTPUT = "non-broadcastable output operand with shape {into} doesn't match the broadcast shape {of}"
REMAPPED = (
    "operands could not be broadcast together with remapped shapes [original->remapped]: {of}  and "
    "requested shape {into}"
)
INPUT = "could not broadcast input array from shape {of} into shape {into}"


def fit(
    e: Emitter, source: Any, lengths: Sequence[Length], dtype: np.dtype, words: str = INPUT
) -> Tensor:
    """A value as an assignment to a view of this shape takes it.

    words: what is said where it does not fit: `{of}` is its shape, `{into}` the view's.
    """
    part = tensors.cast_tensor(e, source, dtype)
    given = [e.dim(part.value, axis, dim) for axis, dim in enumerate(part.dims)]
    extra = max(len(given) - len(lengths), 0)
    ones = extra if words is not OUTPUT else 0
    leading = list(part.dims[:ones])
    told = given[next((i for i, dim in enumerate(leading) if dim != 1), ones) :]
    (of, here), (into, there) = map(
        tensors.shape_words, (told if words is INPUT else given, lengths)
    )
    shown = [*here, *there] if words.index("{of}") < words.index("{into}") else [*there, *here]
    message = words.format(of=of, into=into)
    dims = tuple(map(tensors.dim_of, lengths))
    for length in given[:ones]:
        one = numbers.compare(e, "eq", length, 1)
        numbers.require(e, one, "ValueError", message, *shown)
    if extra > ones:
        raise numbers.certain("ValueError", message, *shown)
    if ones:
        given = given[ones:]
        part = tensors.reshape_tensor(e, part, given)
    for axis in range(-len(given), 0):
        dim = part.dims[axis]
        if dim == dims[axis] or (dim == 1 and words is not OUTPUT):
            continue
        fits = numbers.compare(e, "eq", given[axis], lengths[axis])
        if not isinstance(dim, int) and words is not OUTPUT:
            fits = numbers.either(e, fits, numbers.compare(e, "eq", given[axis], 1))
        numbers.require(e, fits, "ValueError", message, *shown)
    return tensors.broadcast_tensor(e, part, lengths)


def write(e: Emitter, target: Array, new: Tensor) -> None:
    """Replace a view's content: functional updates along its path, then the storage."""
    require_writable(e, target)
    bases = [tensors.tensor(e, target.cell.now())]
    for step in target.steps[:-1]:
        bases.append(tensors.tensor(e, step.read(e, bases[-1])))
    for step, base in zip(reversed(target.steps), reversed(bases), strict=False):
        new = step.write(e, base, new)
    if target.cell.keeper is not None:
        target.cell.keeper.write(new)
        return
    e.heap.touch(target.cell)
    target.cell.content = new
