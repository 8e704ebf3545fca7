"""Making arrays: from sequences, from other arrays, from nothing.

In: Python numbers, lists, ranges and Arrays. Out: Arrays. The one idea: what is made of known data
alone is a known array, made by NumPy now; one run-time part makes it an operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.dialects import numpy
from fleet.evaluator.values import numbers, sizes
from fleet.evaluator.values.emitter import KIND_DTYPES, Emitter, tensor_type
from fleet.evaluator.values.ndarrays import layout
from fleet.evaluator.values.ndarrays.tensors import (
    Length,
    bits,
    cast_tensor,
    check_dtype,
    dim_of,
    dims_of,
    natural,
    of_parts,
    operands_for,
    reshape_tensor,
    scalar_of,
    shape_of,
    tensor,
    wrap,
)
from fleet.evaluator.values.then import (
    Array,
    Number,
    Numbers,
    Object,
    Range,
    Tensor,
    dim_type,
    is_run_time_list,
    type_name,
)
from fleet.ir.types import f64


class OfObjects(FleetError):
    """NumPy makes no array of numbers of this."""

    def __init__(self, error: FleetError) -> None:
        super().__init__(error.message, error.location, hint=error.hint)


class Undecided(FleetError):
    """Of one of the run's objects only run time knows which dtype NumPy gives it."""

    def __init__(self, value: Object, error: FleetError) -> None:
        super().__init__(error.message, error.location, hint=error.hint)
        self.cause, self.value = error.cause, value


def asarray(e: Emitter, value: Any, dtype: np.dtype | None = None) -> Array | np.generic:
    """np.asarray: arrays stay themselves; numbers, sequences and ranges become arrays."""
    result: Any
    match value:
        case Array() | np.generic():
            result = value
        case np.ndarray():
            result = wrap(e, value)
        case Number() if dtype is not None and dtype.kind in "iu":
            result = wrap(e, cast_tensor(e, numbers.to_int(e, value), dtype), scalar=True)
        case Number():
            result = wrap(e, tensor(e, value), scalar=True)
        case Range():
            result = arange(e, value.start, value.step, value.count, np.dtype("int64"))
        case Numbers() if value.is_table:
            result = wrap(e, value.as_array())
        case Numbers():
            result = wrap(e, Tensor(value.native, (value.size,), KIND_DTYPES[value.kind]))
        case _ if is_run_time_list(value):
            return asarray(e, value.run_time, dtype)
        case Object():
            result = _from_object(e, value, dtype)
        case list() | tuple() if dtype is not None and all_known(value):
            result = wrap(e, np.array(plain(value), check_dtype(e, dtype)))
        case list() | tuple():
            result = _from_sequence(e, value, dtype)
        case _:
            content = np.asarray(value, dtype)
            if content.dtype.kind == "O":
                raise OfObjects(e.error(
                    f"NumPy makes an array of objects of a {type_name(value)}, which is not "
                    "supported", "give it numbers, or test for the value before, with `if`",
                ))  # fmt: skip
            result = wrap(e, content, scalar=content.ndim == 0)
    if dtype is not None and result.dtype != dtype:
        return cast(e, result, dtype)
    if isinstance(result, Array):
        check_dtype(e, result.dtype)
    return result


def of_argument(e: Emitter, value: Any, dtype: np.dtype | None = None) -> Array | np.generic:
    """As asarray, of what a program gives a function of NumPy's: of a list of ints or bools that
    turns out to be empty it would be an array of float64, and the run ends there."""
    items = value.run_time if is_run_time_list(value) else value
    if dtype is None and isinstance(items, Numbers) and items.kind != "float":
        found = numbers.compare(e, "gt", e.dim(items.native, 0, items.size), 0)
        if found is False:
            return wrap(e, np.zeros(0))
        if isinstance(found, Number):
            e.uncaught_check(found.native, "NotImplementedError", EMPTY.format(items.kind))
    return asarray(e, value, dtype)


EMPTY = (
    "NumPy makes an array of float64 of this list, which is empty, and the program was compiled "
    "for one of {0}s: test for it before, with `if`, or say which, as in np.array(x, dtype={0})"
)


def _from_object(e: Emitter, value: Object, dtype: np.dtype | None) -> Array:
    """One of the run's lists: of arrays, or of numbers, whose dtype the program may have to say."""
    if value.kind is complex:
        real, imag = (tensor(e, _part_of(e, value, name)) for name in ("real", "imag"))
        return wrap(e, of_parts(e, real, imag), scalar=True)
    stacked = e.array_lists.stacked(value, dtype if dtype is None else check_dtype(e, dtype))
    if stacked is not None:
        return stacked
    raise Undecided(value, e.error(
        "which dtype this has only run time knows",
        "say it: np.array(x, dtype=float), or for a number float(x) or int(x)",
    ))  # fmt: skip


def _part_of(e: Emitter, value: Object, name: str) -> Number:
    """x.real or x.imag of a complex number of Python's."""
    operands = [value.native], ["object"], [("float", f64)]
    return Number(e, "float", e.host("function", *operands, name=name, named=[])[0])


def _has_run_time(value: Any) -> bool:
    if isinstance(value, list | tuple) and not is_run_time_list(value):
        return any(_has_run_time(item) for item in value)
    if isinstance(value, Object):
        return value.kind is complex
    return isinstance(value, Array | Number | Range | Numbers) or is_run_time_list(value)


def plain(value: Any) -> Any:
    """Nested lists and tuples with known arrays as NumPy takes them."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.known if isinstance(value, Array) else value


def all_known(value: Any) -> bool:
    if isinstance(value, list | tuple) and not is_run_time_list(value):
        return all(all_known(item) for item in value)
    return value.known is not None if isinstance(value, Array) else not _has_run_time(value)


def _from_sequence(e: Emitter, items: Sequence[Any], dtype: np.dtype | None = None) -> Array:
    if all_known(items):
        return wrap(e, np.array(plain(items), dtype))
    if dtype == np.uint64:  # which holds more than i64, as which Python's ints are stacked
        items = [asarray(e, x, dtype) if numbers.kind_of(x) else x for x in items]
    elif dtype is not None and dtype.kind in "iu":
        items = [numbers.to_element(e, x, dtype) if isinstance(x, Number) else x for x in items]
    kinds = {numbers.kind_of(item) for item in items}
    if len(kinds) == 1 and None not in kinds:
        (kind,) = kinds
        values = [e.plain(e.number(item)) for item in items]
        dtype = KIND_DTYPES[kind]
        made = e.value(numpy.stack, values, types=[tensor_type((len(items),), dtype)])
        return wrap(e, Tensor(made, (len(items),), dtype))
    parts = [asarray(e, item) for item in items]
    shapes = {len(dims_of(part)) for part in parts}
    if len(shapes) != 1:
        raise ValueError(
            "setting an array element with a sequence. The requested array has an inhomogeneous "
            f"shape after 1 dimensions. The detected shape was ({len(items)},) + "
            "inhomogeneous part."
        )
    dtype = np.result_type(*[part.dtype for part in parts])
    rows = [expand(e, cast(e, part, dtype), 0) for part in parts]
    return concatenate(e, rows, 0)


def cast(e: Emitter, value: Any, dtype: np.dtype) -> Any:
    """x.astype(dtype). Known arrays are converted now: that is layout, not arithmetic."""
    check_dtype(e, dtype)
    if isinstance(value, np.generic):
        return value.astype(dtype)
    if isinstance(value, Array) and value.known is not None:
        if value.dtype == dtype:
            return value
        known = value.known.astype(dtype)
        return wrap(e, known)
    order = layout.order_of_copy(value)
    scalar = value.scalar if isinstance(value, Array) else not dims_of(value)
    return wrap(e, cast_tensor(e, value, dtype), scalar=scalar, order=order)


def bitcast(e: Emitter, value: Any, dtype: np.dtype) -> Any:
    """The same bits as numbers of another dtype of that size: a new array."""
    check_dtype(e, dtype)
    if isinstance(value, np.generic):
        return value.view(dtype)
    made = bits(e, tensor(e, value), dtype)
    return wrap(e, made, scalar=not made.dims, order=layout.order_of_copy(value))


def expand(e: Emitter, value: Any, axis: int) -> Any:
    """One more axis of length 1."""
    if isinstance(value, np.generic):
        return wrap(e, np.expand_dims(value, axis))
    if isinstance(value, Array) and value.known is not None:
        return wrap(e, np.expand_dims(value.known, axis))
    lengths = list(shape_of(e, value))
    lengths.insert(axis, 1)
    return wrap(e, reshape_tensor(e, tensor(e, value), lengths))


def concatenate(
    e: Emitter, values: Sequence[Any], axis: int, dtype: np.dtype | None = None
) -> Array:
    """np.concatenate of arrays of one rank along a non-negative axis."""
    values = [asarray(e, value) for value in values]
    dtype = np.result_type(*[value.dtype for value in values]) if dtype is None else dtype
    if all(isinstance(value, np.generic) or value.known is not None for value in values):
        return wrap(e, np.concatenate([plain(value) for value in values], axis, dtype=dtype))
    parts = [cast_tensor(e, value, dtype) for value in values]
    first = parts[0]
    dims = list(first.dims)
    for number, part in enumerate(parts[1:], start=1):
        _same_rank(first, part, number)
        for other, (here, there) in enumerate(zip(first.dims, part.dims, strict=True)):
            if other == axis:
                dims[axis] = sizes.plus(dims[axis], there)
            elif here != there:
                _match_lengths(e, first, part, other, axis, number)
                dims[other] = there if isinstance(there, int) else dims[other]
    kind = tensor_type(dim_type(tuple(dims)), dtype)
    made = e.value(numpy.concatenate, [part.value for part in parts], types=[kind], axis=axis)
    order = layout.order_of_new(values, len(dims), last=False)
    return wrap(e, Tensor(made, tuple(dims), dtype), order=order)


def _same_rank(first: Tensor, part: Tensor, number: int) -> None:
    if len(first.dims) != len(part.dims):
        raise ValueError(
            "all the input arrays must have same number of dimensions, but the array at index 0 "
            f"has {len(first.dims)} dimension(s) and the array at index {number} has "
            f"{len(part.dims)} dimension(s)"
        )


def _match_lengths(e: Emitter, a: Tensor, b: Tensor, axis: int, along: int, number: int) -> None:
    message = (
        "all the input array dimensions except for the concatenation axis must match exactly, but "
        f"along dimension {axis}, the array at index 0 has size {{}} and the array at index "
        f"{number} has size {{}}"
    )
    here, there = (e.dim(part.value, axis, part.dims[axis]) for part in (a, b))
    numbers.require(e, numbers.compare(e, "eq", here, there), "ValueError", message, here, there)


def arange(e: Emitter, start: Any, step: Any, count: Length, dtype: np.dtype) -> Array:
    """start + i * step for i < count."""
    if not any(isinstance(value, Number | Array) for value in (start, step, count)):
        return wrap(e, (np.arange(count) * step + start).astype(dtype))
    first, gap = (scalar_of(e, value, dtype) for value in (start, step))
    dims = (dim_of(count),)
    kind = tensor_type(dim_type(dims), dtype)
    made = e.value(numpy.arange, first, gap, e.index(count), types=[kind])
    return wrap(e, Tensor(made, dims, dtype))


def full(e: Emitter, lengths: Sequence[Length], value: Any, dtype: np.dtype) -> Array:
    """np.full; known when shape and value are."""
    check_dtype(e, dtype)
    lengths = [natural(e, length) for length in lengths]
    known = isinstance(value, bool | int | float | complex | np.generic)
    if known and not any(isinstance(length, Number) for length in lengths):
        return wrap(e, np.broadcast_to(np.asarray(value, dtype), lengths))
    dims = tuple(dim_of(length) for length in lengths)
    scalar = scalar_of(e, value, dtype)
    kind = tensor_type(dim_type(dims), dtype)
    made = e.value(numpy.full, scalar, operands_for(e, lengths), types=[kind])
    return wrap(e, Tensor(made, dims, dtype))
