"""Subscripts of arrays: reading and assigning slices, integer arrays, masks.

In: an Array and a key as Python gives it. Out: views that share the array's storage, copies, and
updated storages. The one idea: a key is first brought to one subscript per axis; ints and slices
make a view, index arrays make a copy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.ndarrays import (
    arrays,
    elementwise,
    overlaps,
    reductions,
    selections,
    tensors,
)
from fleet.evaluator.values.ndarrays.selections import is_chosen, is_index_array
from fleet.evaluator.values.ndarrays.views import (
    OUTPUT,
    basic_step,
    fit,
    require_writable,
    view,
    write,
)
from fleet.evaluator.values.then import Array, Number, Range, is_run_time_list


def expand_key(e: Emitter, key: Any, rank: int) -> list[Any]:
    """A key as one subscript per axis (and the Nones), the Ellipsis filled in."""
    parts = [
        arrays.asarray(e, part) if is_index_array(part) else part for part in _as_tuple(key)
    ]
    used = 0
    for part in parts:
        if is_index_array(part) and part.dtype == bool:
            used += len(tensors.dims_of(part))
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
    if array.scalar and not _fits_scalar(key):
        raise IndexError("invalid index to scalar variable.")
    known = array.known
    if known is not None and _is_known_key(key):
        native = _native_key(key)
        result = known[native]
        if isinstance(result, np.generic) or any(map(is_index_array, _as_tuple(key))):
            return tensors.wrap(e, result)
    parts = expand_key(e, key, array.rank)
    if any(map(is_chosen, parts)):
        return selections.get(e, array, parts)
    step = basic_step(e, array, parts)
    dims = tuple(map(tensors.dim_of, step.lengths))
    if not dims and key is not Ellipsis and not (isinstance(key, tuple) and Ellipsis in _dots(key)):
        content = step.read(e, array.read())
        return tensors.wrap(e, content, scalar=True)
    return view(e, array, step, dims)


def _fits_scalar(key: Any) -> bool:
    """Whether a key asks nothing of the axes that a NumPy scalar has not got."""
    return all(
        part is None or part is Ellipsis or isinstance(part, bool | np.bool_)
        or (isinstance(part, Array | np.ndarray) and part.dtype == bool
            and not tensors.dims_of(part))
        for part in _as_tuple(key)
    )


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


def set_item(e: Emitter, array: Array, key: Any, value: Any) -> None:
    """array[key] = value."""
    if array.scalar:
        require_writable(e, array)
    known = array.known
    source = arrays.asarray(e, _as_element(e, array, key, value))
    if known is not None and _is_known_key(key) and arrays.all_known(source) and (
            not overlaps.is_copy_of(array, source)):  # fmt: skip
        require_writable(e, array)
        _assign_known(e, array, _native_key(key), source)
        return
    parts = expand_key(e, key, array.rank)
    if tensors.dims_of(source) and _names_element(key, parts):
        _require_element(array, source)
    if any(map(is_index_array, parts)):
        _set_chosen(e, array, parts, source)
        return
    if any(map(is_chosen, parts)):
        step = selections.strided_step(e, array, parts)
    else:
        step = basic_step(e, array, parts)
    target = view(e, array, step, tuple(map(tensors.dim_of, step.lengths)), look=False)
    part = fit(e, source, step.lengths, array.dtype)
    write(e, target, overlaps.as_it_arrives(e, target, source, part))


def _names_element(key: Any, parts: list[Any]) -> bool:
    """Whether a key has an int for each axis and nothing else."""
    return Ellipsis not in _dots(_as_tuple(key)) and not any(
        part is None or isinstance(part, slice) or is_index_array(part) for part in parts)


def _require_element(array: Array, source: Any) -> None:
    """Raises what NumPy raises where an element is to be an array with axes."""
    dims = [dim if isinstance(dim, int) else 2 for dim in tensors.dims_of(source)]
    np.zeros(1, array.dtype)[0] = np.ones(dims, source.dtype)


def _as_element(e: Emitter, array: Array, key: Any, value: Any) -> Any:
    """A number as an array of ints takes it: by Python's int(), which may raise."""
    if numbers.is_complex(value) and array.dtype.kind in "iuf":
        np.zeros(1, array.dtype)[0] = value  # raises TypeError
    if value is None:
        element = np.zeros(1, array.dtype)
        element[0] = value  # NaN, False, or a TypeError
        return element[0]
    if array.dtype.kind not in "iu":
        return value
    chosen = any(map(is_index_array, _as_tuple(key)))
    if isinstance(value, np.generic | int | float):
        element = np.zeros(1, array.dtype)
        element[[0] if chosen else 0] = value
        return element[0]
    if isinstance(value, Array) and value.scalar and value.known is None:
        if array.dtype.kind == "u" or chosen or value.dtype.kind == "b":
            return value  # NumPy casts these as C does
        value = tensors.to_number(e, value)
    return arrays.asarray(e, value, array.dtype) if isinstance(value, Number) else value


def _assign_known(e: Emitter, array: Array, key: Any, value: Any) -> None:
    content = tensors.laid_out(array.cell.content, array.cell.order)

    def shown(view: Array) -> Any:
        part: Any = content
        for step in view.steps:
            part = step.read(e, part)
        return part

    of_itself = isinstance(value, Array) and value.cell is array.cell
    shown(array)[key] = shown(value) if of_itself else arrays.plain(value)
    e.heap.touch(array.cell)
    array.cell.content = content


def _set_chosen(e: Emitter, array: Array, parts: list[Any], source: Any) -> None:
    """One value where a mask of the first axes is true is a choice for each element."""
    mask = parts[0]
    masked = is_index_array(mask) and mask.dtype == bool and tensors.dims_of(mask)
    if not masked or tensors.dims_of(source) or not all(map(_is_whole, parts[1:])):
        selections.put(e, array, parts, source)
        return
    selections.check_mask(e, mask, tensors.shape_of(e, array), 0)
    while len(tensors.dims_of(mask)) < array.rank:
        mask = arrays.expand(e, mask, len(tensors.dims_of(mask)))
    chosen = elementwise.where(
        e, mask, tensors.wrap(e, tensors.cast_tensor(e, source, array.dtype)), array
    )
    write(e, array, fit(e, chosen, tensors.shape_of(e, array), array.dtype))


def _is_whole(part: Any) -> bool:
    """Whether a part is `:`."""
    return isinstance(part, slice) and part.start is part.stop is part.step is None


def operate_in_place(e: Emitter, name: str, array: Array, other: Any) -> Array:
    """`array += other`: in its storage, cast to its dtype (of the same kind only)."""
    if isinstance(array.frozen, ValueError):
        raise ValueError("output array is read-only")
    if name == "matmul":
        result = reductions.matmul(e, array, other)
    else:
        result = None
        if name == "pow" and type(other) in (int, float):
            result = elementwise.power_shortcut(e, array, other, array)
        if result is None:
            operation = elementwise.OPERATORS[name]
            values = tuple(elementwise.argument(e, value) for value in (array, other))
            _require_same_kind(array, name, elementwise.resolve(operation, values)[-1])
            result = elementwise.ufunc(e, operation, *values, out=array)
    _require_same_kind(array, name, result.dtype)
    if result.dtype != array.dtype:  # as part of the operation
        said = elementwise.OPERATORS.get(name, name)
        result = tensors.wrap(e, tensors.cast_tensor(e, result, array.dtype, said))
    return replace(e, array, result)


def _require_same_kind(array: Array, name: str, dtype: np.dtype) -> None:
    """Raises NumPy's TypeError where an operator's results are not cast to the array's dtype."""
    if not np.can_cast(dtype, array.dtype, "same_kind"):
        stand_in, operation = np.zeros(1, array.dtype), elementwise.OPERATORS.get(name, "matmul")
        ufunc = getattr(np, elementwise.UFUNC_OPS.get(operation, operation))
        ufunc(stand_in, np.zeros(1, dtype), out=stand_in)


def replace(e: Emitter, array: Array, result: Any) -> Array:
    """The array with its elements replaced by those of another one of its dtype."""
    lengths = tensors.shape_of(e, array)
    dims = tensors.dims_of(result)
    more = len(dims) - len(lengths)
    words = {"words": OUTPUT} if more > 0 or (more == 0 and 1 not in dims) else {}
    write(e, array, fit(e, result, lengths, array.dtype, **words))
    return array

