"""What the prelude asks about an array beside its numbers: storage, layout, whether it is written.

In: arrays of either stage. Out: the primitives by name. The one idea: under NumPy itself an array
answers; where only run time knows it, what the evaluator knows of its storage and views does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fleet.evaluator.control import sharing
from fleet.evaluator.language import functions
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import Cell
from fleet.evaluator.values.ndarrays import arrays, layout, reshapes, tensors, views
from fleet.evaluator.values.then import Array, Object, Step, Tensor, Text


def array_primitives(machine: Machine) -> dict[str, Callable[..., Any]]:
    e = machine.backend.e
    table = _OF_NUMPY if e is None else _OF_STORAGES
    made = {
        name: (lambda *given, function=function: function(machine.backend.e, *given))
        for name, function in table.items()
    }

    def told(name: str) -> Callable[[Any], Any]:
        """A primitive that refuses what is not known."""
        def tell(array: Any) -> Any:
            found = made[name](array)
            if found is None:
                raise machine.error(
                    "how this array lies in memory is not known",
                    "copy it first, with .copy()",
                )
            return found

        return tell

    def unwarned(function: Function, *arguments: Any) -> Any:
        """A call of a function of the prelude in which nothing is warned of: neither LAPACK's nor
        pocketfft's steps are NumPy's."""
        before = machine.modes
        machine.modes = dict.fromkeys(before, "ignore")
        try:
            return functions.call_function(machine, function, arguments, {})
        finally:
            machine.modes = before

    def shared(function: Function, *arguments: Any) -> Any:
        """Such a call that is made once for all arrays of one kind."""
        return sharing.call(machine, function, arguments, lambda given: unwarned(function, *given))

    def shared_as(meaning: str, function: Function, *arguments: Any) -> Any:
        """One for whose loops NumPy has a function, by its name in `fleet.original`."""
        return sharing.call(
            machine, function, arguments, lambda given: unwarned(function, *given), meaning=meaning
        )

    def shared_by_all(function: Function, *arguments: Any) -> Any:
        """One that is made once for arrays of all sizes."""
        return sharing.call(
            machine, function, arguments, lambda given: unwarned(function, *given), True
        )

    def become(array: Any, other: Any, checked: bool) -> None:
        """The same array with the storage and the shape of another one that nothing else holds.

        checked: whether to raise what NumPy raises where somebody else holds it, or a view of it.
        """
        if machine.regions or machine.heap.is_conditional:
            raise machine.error(
                "x.resize(...) in a run-time branch or loop is not supported",
                "use x = np.resize(x, ...), which repeats the elements, or np.pad",
            )
        scopes = {id(scope): scope for scope in machine.callers}.values()
        held = [value for scope in scopes for value in scope.values.values()]
        if checked and (sum(value is array for value in held) > 1
                        or any(_base_of(value) is array for value in held)):  # fmt: skip
            raise ValueError(
                "cannot resize an array that references or is referenced\n"
                "by another object in this way.\n"
                "Use the np.resize function to get a new resized copy or\n"
                " set refcheck=False to disable this check"
            )
        machine.heap.do_for_good()
        if isinstance(array, np.ndarray):
            array.resize(other.shape, refcheck=False)
            array[...] = other
        else:
            array.become(other)

    return made | {
        "become": become,
    } | {
        name: told(name) for name in ("sides_of", "memory_axes", "walked_axes")
    } | {
        "layout_of": told("strides_and_order"), "shared": shared, "shared_as": shared_as,
        "shared_by_all": shared_by_all,
        "unwarned": unwarned,
    }  # fmt: skip


# -- storages of the evaluator


def _view_bits(e: Emitter, array: Any, dtype: Any) -> Any:
    """A view of the same bits under a dtype of the same size."""
    dtype = tensors.check_dtype(e, np.dtype(dtype))
    if isinstance(array, np.generic):
        return array.view(dtype)
    if array.scalar:
        return tensors.wrap(e, tensors.bits(e, tensors.tensor(e, array), dtype), scalar=True)
    if array.dtype == dtype:
        step: Step = views.ReshapeStep(*[tensors.shape_of(e, array)] * 2)
    else:
        step = views.BitsStep(array.dtype, dtype)
    made = views.view(e, array, step, array.dims)
    made.dtype = dtype
    return made


def _as_bytes(e: Emitter, array: Any) -> Any:
    """A 1-d array of uint8 as bytes."""
    if isinstance(array, Array) and array.known is not None:
        return array.known.tobytes()
    part = tensors.tensor(e, array)
    return Text(e, "bytes", part.value, part.dims[0])


def _of_bytes(e: Emitter, value: Any) -> Array:
    """The other way round."""
    if not isinstance(value, Text) or value.kind != "bytes":
        raise e.error(
            "np.frombuffer of what only run time knows takes bytes, and nothing else",
            "give it bytes, as text.encode() and bytes(x) are",
        )
    return tensors.wrap(e, Tensor(value.native, (value.size,), np.dtype("uint8")))


def _base_of(value: Any) -> Any:
    return value.owner if isinstance(value, Array) else getattr(value, "base", None)


def _shares(e: Emitter, one: Any, other: Any) -> bool:
    return isinstance(one, Array) and isinstance(other, Array) and one.cell is other.cell


def _positions(e: Emitter, array: Any) -> Any:
    """Where each element of an array lies in its storage; None: not known."""
    if not isinstance(array, Array) or array.cell.order is None or any(
            isinstance(step, views.BitsStep) for step in array.steps):  # fmt: skip
        return None
    content, order = array.cell.content, array.cell.order
    whole = Array(e, array.cell, (), array.dtype)
    whole.dims = content.shape if isinstance(content, np.ndarray) else content.dims
    lengths = tensors.shape_of(e, whole)
    order = order or tuple(range(len(lengths)))
    count: Any = 1
    for length in lengths:
        count = numbers.wrapping(e, "mul", count, length)
    row = arrays.arange(e, 0, 1, count, np.dtype("int64"))
    made = reshapes.reshaped(e, row, tuple(lengths[axis] for axis in order))
    back = tuple(map(int, np.argsort(order)))
    made = views.view(e, made, views.TransposeStep(back), tuple(made.dims[axis] for axis in back))
    return Array(e, Cell(made.read()), array.dims, np.dtype("int64"), array.steps)


def _base(e: Emitter, array: Any) -> Any:
    return array.owner if isinstance(array, Array) else None


def _laid_like(e: Emitter, array: Any, model: Any, order: str) -> Any:
    """A new array as one of its own whose axes lie as in a copy of another one."""
    if not isinstance(array, Array) or array.scalar:
        return array
    model = arrays.asarray(e, model)
    rank = model.rank if isinstance(model, Array) else 0
    axes = layout.order_named(model if rank == array.rank or order in "AF" else array, order)
    if order in "AF" and axes and rank != array.rank:
        axes = tuple(range(array.rank))[::-1]
    content = array.read()
    if isinstance(content, np.ndarray):
        content = tensors.laid_out(content, axes or ())
    return Array(e, Cell(content, axes), array.dims, array.dtype)


def _copy_of(
    e: Emitter, made: Any, base: Any, refusal: Any = None, axes: Sequence[Sequence[int]] = ()
) -> Any:
    """axes: for each axis of the view, the base's that a step along it goes along."""
    made, own = arrays.asarray(e, made), layout.strides_of(base)
    strides = None
    along = axes if len(axes) == made.rank else None
    if own is not None and along is not None:
        summed = [layout.summed([own[axis] for axis in each]) for each in along]
        strides = None if None in summed else summed
    return views.copy_of(e, made, base, refusal or views.READ_ONLY, strides, along)


def _stretched(e: Emitter, array: Any, shape: tuple) -> Any:
    """np.broadcast_to: a view that cannot be written to."""
    array = arrays.asarray(e, array)
    if isinstance(array, np.generic):
        array = tensors.wrap(e, np.asarray(array))
    dims = tuple(map(tensors.dim_of, shape))
    views.fit(e, array, shape, array.dtype, views.REMAPPED)  # raises where it does not fit
    made = views.view(e, array, views.BroadcastStep(list(shape)), dims)
    made.frozen = views.READ_ONLY
    return made


def _set_writeable(e: Emitter, array: Any, truth: bool) -> None:
    if not isinstance(array, Array) or array.scalar:
        raise ValueError("Cannot set flags on array scalars.")
    if isinstance(array.frozen, str):
        raise e.error(array.frozen, "copy it first, with .copy()")
    if truth and array.owner is not None and array.owner.frozen is not None:
        raise ValueError("cannot set WRITEABLE flag to True of this array")
    e.heap.mark(array, "frozen", None if truth else views.READ_ONLY)


def _is_writeable(e: Emitter, array: Any) -> bool:
    return isinstance(array, Array) and not array.scalar and array.frozen is None


def _strides_and_order(e: Emitter, array: Any) -> Any:
    """Strides in bytes, and whether rows, and columns, lie side by side (None: only run time
    knows); None: not known."""
    if isinstance(array, np.generic) or not array.dims:
        return (), True, True
    strides = layout.strides_of(array)
    if strides is None:
        return None
    known = all(isinstance(dim, int) for dim in array.dims) and not any(
        lengths for _, lengths in strides)
    rows, columns = (
        True if layout.is_contiguous(array.dims[::order], strides[::order]) else
        False if known else None
        for order in (1, -1)
    )  # fmt: skip
    made = _as_lengths(e, array, strides, array.dtype.itemsize)
    return None if made is None else (tuple(made), rows, columns)


def _as_lengths(
    e: Emitter, array: Array, strides: Sequence[layout.Stride], size: int
) -> list[tensors.Length] | None:
    """Strides in units of this size; None where they depend on lengths that nothing has now."""
    lengths = dict(zip(_storage_dims(array), _storage_lengths(e, array), strict=True))
    return layout.as_lengths(e, strides, lengths, size)


def _sides(e: Emitter, array: Any) -> Any:
    """Whether rows, and columns, lie side by side, which run time may have to find out; None: not
    known."""
    if isinstance(array, np.generic) or not array.dims:
        return True, True
    strides = layout.strides_of(array)
    steps = None if strides is None else _as_lengths(e, array, strides, 1)
    if steps is None:
        return None
    shape = tensors.shape_of(e, array)
    return tuple(_side_by_side(e, shape[::way], steps[::way]) for way in (1, -1))


def _side_by_side(e: Emitter, shape: Sequence[Any], steps: Sequence[Any]) -> Any:
    expected: Any = 1
    truth: Any = True
    empty: Any = False
    for length, step in zip(reversed(shape), reversed(steps), strict=True):
        one = numbers.compare(e, "eq", length, 1)
        here = numbers.either(e, one, numbers.compare(e, "eq", step, expected))
        truth = numbers.both(e, truth, here)
        empty = numbers.either(e, empty, numbers.compare(e, "eq", length, 0))
        expected = numbers.wrapping(e, "mul", expected, length)
    return numbers.either(e, truth, empty)


def _memory_axes(e: Emitter, array: Any) -> Any:
    """The axes from the one with the largest stride to that with the smallest; None: not known."""
    order = layout.order_of_copy(array)
    return order and list(order) or (None if order is None else list(range(array.rank)))


def _walked_axes(e: Emitter, operands: Sequence[Any]) -> Any:
    """(the axes in which NumPy goes through operands of one shape, those that go backwards); None:
    not known."""
    found = [layout.strides_of(one) for one in operands]
    return None if None in found else _walked([one.dims for one in operands], found)


def _laid_as_walked(e: Emitter, array: Any, operands: Sequence[Any]) -> Any:
    """A new array laid out as NumPy does it where it goes through these operands, whose first axes
    are the array's."""
    if not isinstance(array, Array) or array.rank < 2:
        return array
    found = _walked_axes(e, operands)
    order = None if found is None else [axis for axis in found[0] if axis < array.rank]
    content = array.read()
    if isinstance(content, np.ndarray):
        content = tensors.laid_out(content, tuple(order or ()))
    order = None if order is None else layout.rows_or(order)
    return Array(e, Cell(content, order), array.dims, array.dtype)


def _walked(
    shapes: Sequence[Sequence[Any]], strides: Sequence[Sequence[layout.Stride]]
) -> tuple[list[int], list[int]] | None:
    votes = [
        {axis: stride for axis, stride in enumerate(own) if dims[axis] != 1 and stride[0]}
        for dims, own in zip(shapes, strides, strict=True)
    ]
    try:
        axes = layout.best_order(votes, len(shapes[0]))
    except layout.Undecided:
        return None
    signs = [[vote[axis][0] for vote in votes if axis in vote] for axis in range(len(axes))]
    return axes, [axis for axis, own in enumerate(signs) if own and max(own) < 0]


def _storage_dims(array: Array) -> tuple:
    content = array.cell.content
    own = content.shape if isinstance(content, np.ndarray) else content.dims
    return (*own, *array.dims)


def _storage_lengths(e: Emitter, array: Array) -> tuple:
    content = array.cell.content
    whole = Array(e, array.cell, (), array.dtype)
    whole.dims = content.shape if isinstance(content, np.ndarray) else content.dims
    return (*tensors.shape_of(e, whole), *tensors.shape_of(e, array))


def _joined_list(e: Emitter, name: str, items: Any, axis: int | None) -> Array | None:
    """A function that joins arrays, of a list whose length only run time knows; None for others."""
    return e.array_lists.joined(name, items, axis) if isinstance(items, Object) else None


_OF_STORAGES: dict[str, Callable[..., Any]] = {
    "view_bits": _view_bits, "as_bytes": _as_bytes, "of_bytes": _of_bytes,
    "shares": _shares, "base_of": _base, "laid_like": _laid_like, "copy_of": _copy_of,
    "stretched": _stretched, "set_writeable": _set_writeable, "is_writeable": _is_writeable,
    "strides_and_order": _strides_and_order, "sides_of": _sides,
    "laid_as_walked": _laid_as_walked, "memory_axes": _memory_axes, "walked_axes": _walked_axes,
    "joined_list": _joined_list, "places_in_memory": _positions,
}  # fmt: skip


# -- NumPy's own arrays


def _numpy_copy_of(
    e: None, made: Any, base: Any, refusal: Any = None, axes: Sequence[Sequence[int]] = ()
) -> Any:
    if made.ndim and len(axes) == made.ndim:
        strides = [sum(base.strides[axis] for axis in each) for each in axes]
        return np.lib.stride_tricks.as_strided(base, made.shape, strides, writeable=False)
    made = np.array(made)
    made.flags.writeable = False
    return made


def _numpy_laid_like(e: None, array: Any, model: Any, order: str) -> Any:
    if not isinstance(array, np.ndarray):
        return array
    made = np.empty_like(model, array.dtype, order, shape=array.shape)
    made[...] = array
    return made


def _numpy_memory_axes(e: None, array: Any) -> list[int]:
    axes = list(range(array.ndim))
    if array.flags.c_contiguous or array.flags.f_contiguous:
        return axes if array.flags.c_contiguous else axes[::-1]
    return sorted(axes, key=lambda axis: -abs(array.strides[axis]))


def _numpy_walked_axes(e: None, operands: Sequence[Any]) -> Any:
    strides = [[(number, ()) for number in one.strides] for one in operands]
    return _walked([one.shape for one in operands], strides)


def _numpy_laid_as_walked(e: None, array: Any, operands: Sequence[Any]) -> Any:
    if np.ndim(array) < 2:
        return array
    axes = [axis for axis in _numpy_walked_axes(None, operands)[0] if axis < array.ndim]
    return tensors.laid_out(array, tuple(axes))


def _numpy_positions(e: None, array: Any) -> Any:
    made = np.asarray(array.__array_interface__["data"][0])
    for length, stride in zip(array.shape, array.strides, strict=True):
        made = made[..., None] + np.arange(length) * stride
    return made


def _numpy_set_writeable(e: None, array: Any, truth: bool) -> None:
    array.flags.writeable = truth


_OF_NUMPY: dict[str, Callable[..., Any]] = {
    "as_bytes": lambda e, array: array.tobytes(),
    "of_bytes": lambda e, value: np.frombuffer(value, "uint8"),
    "view_bits": lambda e, array, dtype: array.view(dtype),
    "shares": lambda e, one, other: np.may_share_memory(one, other),
    "base_of": lambda e, array: array.base,
    "laid_like": _numpy_laid_like,
    "copy_of": _numpy_copy_of,
    "stretched": lambda e, array, shape: np.broadcast_to(array, shape),
    "set_writeable": _numpy_set_writeable,
    "is_writeable": lambda e, array: bool(array.flags.writeable),
    "strides_and_order": lambda e, array: (
        array.strides, bool(array.flags.c_contiguous), bool(array.flags.f_contiguous)),
    "sides_of": lambda e, array: (
        bool(array.flags.c_contiguous), bool(array.flags.f_contiguous)),
    "laid_as_walked": _numpy_laid_as_walked,
    "memory_axes": _numpy_memory_axes,
    "walked_axes": _numpy_walked_axes,
    "joined_list": lambda e, name, items, axis: None, "places_in_memory": _numpy_positions,
}  # fmt: skip
