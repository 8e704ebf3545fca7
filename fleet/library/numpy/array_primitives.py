"""What the prelude asks about an array beside its numbers: storage, layout, whether it is written.

In: arrays of either stage. Out: the primitives by name. The one idea: under NumPy itself an array
answers; where only run time knows it, what the evaluator knows of its storage and views does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.dialects import numpy as dialect
from fleet.evaluator.control import sharing
from fleet.evaluator.language import calls
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.ndarrays import arrays, layout, tensors, views
from fleet.evaluator.values.then import Array, Content, Object, Step, Tensor, Text, dim_type

READ_ONLY = ValueError("assignment destination is read-only")


def array_primitives(machine: Machine) -> dict[str, Callable[..., Any]]:
    e = machine.backend.e
    table = _OF_NUMPY if e is None else _OF_STORAGES
    made = {
        name: (lambda *given, function=function: function(machine.backend.e, *given))
        for name, function in table.items()
    }

    def layout_of(array: Any) -> Any:
        found = made["strides_and_order"](array)
        if found is None:
            raise machine.error(
                "how this array lies in memory is not known",
                "copy it first, with .copy()",
            )
        return found

    def unwarned(function: Function, *arguments: Any) -> Any:
        """A call of a function of the prelude in which nothing is warned of: neither LAPACK's nor
        pocketfft's steps are NumPy's."""
        before = machine.modes
        machine.modes = dict.fromkeys(before, "ignore")
        try:
            return calls.call_function(machine, function, arguments, {})
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

    return made | {
        "layout_of": layout_of, "shared": shared, "shared_as": shared_as,
        "shared_by_all": shared_by_all,
        "unwarned": unwarned,
    }  # fmt: skip


# -- storages of the evaluator


class BitsStep(Step):
    """The same bits under another dtype of the same size."""

    def __init__(self, before: np.dtype, after: np.dtype) -> None:
        self.before, self.after = before, after

    def read(self, e: Emitter, base: Content) -> Content:
        if isinstance(base, np.ndarray):
            return base.view(self.after)
        return _bits(e, base, self.after)

    def write(self, e: Emitter, base: Tensor, view: Tensor) -> Tensor:
        return _bits(e, view, self.before)


def _bits(e: Emitter, part: Tensor, dtype: np.dtype) -> Tensor:
    made = e.value(
        dialect.bitcast, part.value, types=[tensor_type(dim_type(part.dims), dtype)]
    )
    return Tensor(made, part.dims, dtype)


def _view_bits(e: Emitter, array: Any, dtype: Any) -> Any:
    """A view of the same bits under a dtype of the same size."""
    dtype = tensors.check_dtype(e, np.dtype(dtype))
    if isinstance(array, np.generic):
        return array.view(dtype)
    if array.scalar:
        return tensors.wrap(e, _bits(e, tensors.tensor(e, array), dtype), scalar=True)
    if array.dtype == dtype:
        step: Step = views.ReshapeStep(*[tensors.shape_of(e, array)] * 2)
    else:
        step = BitsStep(array.dtype, dtype)
    made = views.view(e, array, step, array.dims)
    made.dtype = dtype
    return made


def _as_bytes(e: Emitter, array: Any) -> Any:
    """A 1-d array of uint8 as bytes."""
    if isinstance(array, Array) and array.known is not None:
        return array.known.tobytes()
    part = tensors.tensor(e, array)
    return Text(e, "bytes", part.value, part.dims[0])


def _shares(e: Emitter, one: Any, other: Any) -> bool:
    return isinstance(one, Array) and isinstance(other, Array) and one.cell is other.cell


def _base(e: Emitter, array: Any) -> Any:
    return array.owner if isinstance(array, Array) else None


def _as_own(e: Emitter, array: Any) -> Any:
    """A view of a new array as an array of its own."""
    array.owner = None
    return array


def _copy_of(e: Emitter, made: Any, base: Any, refusal: Any = None) -> Any:
    return views.copy_of(e, arrays.asarray(e, made), base, refusal or READ_ONLY)


def _set_writeable(e: Emitter, array: Any, truth: bool) -> None:
    if not isinstance(array, Array) or array.scalar:
        raise ValueError("Cannot set flags on array scalars.")
    if isinstance(array.frozen, str):
        raise e.error(array.frozen, "copy it first, with .copy()")
    if truth and array.owner is not None and array.owner.frozen is not None:
        raise ValueError("cannot set WRITEABLE flag to True of this array")
    array.frozen = None if truth else READ_ONLY


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
    known = all(isinstance(dim, int) for dim in array.dims)
    rows, columns = (
        True if layout.is_contiguous(array.dims[::order], strides[::order]) else
        False if known else None
        for order in (1, -1)
    )  # fmt: skip
    lengths = dict(zip(_storage_dims(array), _storage_lengths(e, array), strict=True))
    made = []
    for number, symbols in strides:
        stride: Any = number * array.dtype.itemsize
        for symbol in symbols:
            if symbol not in lengths:
                return None
            stride = numbers.wrapping(e, "mul", stride, lengths[symbol])
        made.append(stride)
    return tuple(made), rows, columns


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
    "view_bits": _view_bits, "as_bytes": _as_bytes,
    "shares": _shares, "base_of": _base, "as_own": _as_own, "copy_of": _copy_of,
    "set_writeable": _set_writeable, "is_writeable": _is_writeable,
    "strides_and_order": _strides_and_order, "joined_list": _joined_list,
}  # fmt: skip


# -- NumPy's own arrays


def _numpy_copy_of(e: None, made: Any, base: Any, refusal: Any = None) -> Any:
    made = np.array(made)
    made.flags.writeable = False
    return made


def _numpy_set_writeable(e: None, array: Any, truth: bool) -> None:
    array.flags.writeable = truth


_OF_NUMPY: dict[str, Callable[..., Any]] = {
    "as_bytes": lambda e, array: array.tobytes(),
    "view_bits": lambda e, array, dtype: array.view(dtype),
    "shares": lambda e, one, other: np.may_share_memory(one, other),
    "base_of": lambda e, array: array.base,
    "as_own": lambda e, array: np.array(array, order="K"),
    "copy_of": _numpy_copy_of,
    "set_writeable": _numpy_set_writeable,
    "is_writeable": lambda e, array: bool(array.flags.writeable),
    "strides_and_order": lambda e, array: (
        array.strides, bool(array.flags.c_contiguous), bool(array.flags.f_contiguous)),
    "joined_list": lambda e, name, items, axis: None,
}  # fmt: skip
