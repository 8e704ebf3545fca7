"""Subscripts of arrays: reading and assigning slices, integer arrays, masks.

In: an Array and a key as Python gives it. Out: views that share the array's storage, copies, and
updated storages. The one idea: a key is first brought to one subscript per axis; ints and slices
make a view, index arrays make a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.dialects import numpy, scf, tensor
from fleet.evaluator.values import arrays, elementwise, numbers, reductions, sizes, tensors
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.heap import SPLIT, Cell
from fleet.evaluator.values.tensors import Length
from fleet.evaluator.values.then import (
    Array,
    Content,
    Number,
    Range,
    Tensor,
    dim_type,
    is_run_time_list,
)
from fleet.evaluator.values.views import SliceStep, Span, position_of, slice_tensor, span_of, view
from fleet.ir.core import Block, Region
from fleet.ir.types import i64, index


def is_index_array(part: Any) -> bool:
    """Whether a subscript is an array or sequence of ints or bools."""
    if isinstance(part, Array | np.ndarray):
        return bool(tensors.dims_of(part)) or part.dtype == bool
    return isinstance(part, list | range | Range | np.bool_ | bool)


def expand_key(key: Any, rank: int) -> list[Any]:
    """A key as one subscript per axis (and the Nones), the Ellipsis filled in."""
    parts = list(key) if isinstance(key, tuple) else [key]
    used = 0
    for part in parts:
        if isinstance(part, Array | np.ndarray) and part.dtype == bool:
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
    if array.scalar and key is not Ellipsis and key != ():
        raise IndexError("invalid index to scalar variable.")
    known = array.known
    if known is not None and _is_known_key(key):
        native = _native_key(key)
        result = known[native]
        if isinstance(result, np.generic) or any(map(is_index_array, _as_tuple(key))):
            return tensors.wrap(e, result)
    parts = expand_key(key, array.rank)
    if any(is_index_array(part) for part in parts):
        return _take(e, array, parts)
    step = _basic_step(e, array, parts)
    dims = tuple(map(tensors.dim_of, step.lengths))
    if not dims and key is not Ellipsis and not (isinstance(key, tuple) and Ellipsis in _dots(key)):
        content = step.read(e, array.read())
        return tensors.wrap(e, content, scalar=True)
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
            at = _int_subscript(e, part)
            message = f"index {{}} is out of bounds for axis {axis} with size {{}}"
            spans.append((position_of(e, at, length, message, at, length), 1, 1))
    return SliceStep(spans, axes)


def _int_subscript(e: Emitter, part: Any) -> Length:
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


def _take(e: Emitter, array: Array, parts: list[Any]) -> Array:
    """array[..., indices, ...]: adjacent index arrays on neighbouring axes."""
    base, indices, first = _chosen(e, array, parts)
    shape = tensors.shape_of(e, base)
    last = first + len(indices) - 1
    flat: Any = None
    for axis, part in enumerate(indices, start=first):
        if flat is None:
            flat = part
        else:
            scaled = elementwise.ufunc(e, "multiply", flat, _as_number_array(e, shape[axis]))
            flat = elementwise.ufunc(e, "add", scaled, part)
    if len(indices) > 1:
        joined = shape[first]
        for length in shape[first + 1 : last + 1]:
            joined = joined * length
        lengths = [*shape[:first], joined, *shape[last + 1 :]]
        base = tensors.wrap(e, tensors.reshape_tensor(e, tensors.tensor(e, base), lengths))
    return take(e, base, flat, first)


def _chosen(e: Emitter, array: Array, parts: list[Any]) -> tuple[Array, list[Array], int]:
    """A view by the slices of a key, and the index arrays on its axes from `first` on, checked."""
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
    step = _basic_step(e, array, rest)
    base = view(e, array, step, tuple(map(tensors.dim_of, step.lengths)))
    shape = tensors.shape_of(e, base)
    indices = [check_indices(e, parts[axis], shape[axis], axis) for axis in chosen]
    return base, indices, first


def _scatter(e: Emitter, array: Array, parts: list[Any], source: Any) -> None:
    """array[..., indices, ...] = source: one slice after the other, so the last one wins."""
    base, indices, first = _chosen(e, array, parts)
    shape = tensors.shape_of(e, base)
    together, dims = elementwise.broadcast(e, [tensors.tensor(e, part) for part in indices])
    lengths = tensors.shape_of(e, tensors.wrap(e, together[0])) if together[0].dims == dims else [
        e.dim(part.value, axis, dim) for part in together if part.dims == dims
        for axis, dim in enumerate(dims)
    ][: len(dims)]  # fmt: skip
    count: Length = 1
    for length in lengths:
        count = count * length
    positions = [
        tensors.reshape_tensor(e, tensors.broadcast_tensor(e, part, lengths), [count])
        for part in together
    ]
    before, after = shape[:first], shape[first + len(indices) :]
    values = fit(e, source, [*before, *lengths, *after], array.dtype)
    values = tensors.reshape_tensor(e, values, [*before, count, *after])
    content = tensors.tensor(e, base)
    block = Block()
    at = Number(e, "int", block.add_argument(index), sizes.length())
    carried = Tensor(block.add_argument(content.value.type), content.dims, content.dtype)
    with e.builder.inside(block):
        whole = [(0, length, 1) for length in before], [(0, length, 1) for length in after]
        row = slice_tensor(e, values, [*whole[0], (at, 1, 1), *whole[1]])
        places = [
            Number(e, "int", e.value(tensor.extract, part.value, [e.index(at)], types=[i64]))
            for part in positions
        ]
        spans = [*whole[0], *((place, 1, 1) for place in places), *whole[1]]
        step = SliceStep(spans, [*range(first), None, *range(first + len(indices), len(spans))])
        e.op(scf.yield_, [step.write(e, carried, row).value])
    bounds = [e.constant(0, index), e.index(count), e.constant(1, index)]
    loop = e.op(
        scf.for_, *bounds, [content.value], types=[content.value.type], regions=[Region([block])]
    )
    write(e, base, Tensor(loop.result, content.dims, content.dtype))


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
            result += [tensors.wrap(e, indices) for indices in made.known.nonzero()]
        else:
            result.append(made)
    return result


def check_indices(e: Emitter, indices: Any, length: Length, axis: int) -> Array:
    """Indices as int64, wrapped from the end where negative; IndexError when outside."""
    indices = arrays.asarray(e, indices)
    if indices.dtype.kind not in "iu":
        if indices.dtype.kind == "f" and 0 in tensors.dims_of(indices):
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
        return Array(e, Cell(wrapped), wrapped.shape, wrapped.dtype)
    part = tensors.cast_tensor(e, indices, np.dtype("int64"))
    whole = e.as_type(e.plain(e.number(length)), index)
    if e.catchable("IndexError"):
        made = e.attempt("check_indices", [part.value, e.plain(e.number(length))],
                         ["array", "int"], ("array", part.value.type), ("IndexError",), axis=axis)
        return tensors.wrap(e, Tensor(made, part.dims, part.dtype))
    made = e.value(
        numpy.check_indices, part.value, whole,
        types=[part.value.type], axis=axis,
    )  # fmt: skip
    return tensors.wrap(e, Tensor(made, part.dims, part.dtype))


def take(e: Emitter, array: Any, indices: Any, axis: int) -> Any:
    """Elements at indices that are known to be in range."""
    base, at = tensors.tensor(e, array), tensors.tensor(e, indices)
    dims = (*base.dims[:axis], *at.dims, *base.dims[axis + 1 :])
    kind = tensor_type(dim_type(dims), base.dtype)
    made = e.value(numpy.take, base.value, at.value, types=[kind], axis=axis)
    return tensors.wrap(e, Tensor(made, dims, base.dtype), scalar=not dims)


def set_item(e: Emitter, array: Array, key: Any, value: Any) -> None:
    """array[key] = value."""
    known = array.known
    source = arrays.asarray(e, _as_element(e, array, key, value))
    if known is not None and _is_known_key(key) and arrays.all_known(source):
        _writable(e, array)
        _assign_known(e, array, _native_key(key), arrays.plain(source))
        return
    parts = expand_key(key, array.rank)
    if any(is_index_array(part) for part in parts):
        _set_chosen(e, array, key, source)
        return
    step = _basic_step(e, array, parts)
    target = view(e, array, step, tuple(map(tensors.dim_of, step.lengths)), look=False)
    write(e, target, fit(e, source, step.lengths, array.dtype))


def _as_element(e: Emitter, array: Array, key: Any, value: Any) -> Any:
    """A number as an array of ints takes it: by Python's int(), which may raise."""
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


def _writable(e: Emitter, array: Array) -> None:
    if array.scalar:
        raise TypeError(f"'{array.type_name}' object does not support item assignment")
    if isinstance(array.frozen, ValueError):
        raise ValueError(*array.frozen.args)
    if array.frozen is not None or array.cell.split:
        raise e.error(array.frozen or SPLIT, "copy it first, with .copy()")


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
    part = tensors.cast_tensor(e, source, dtype)
    dims = tuple(map(tensors.dim_of, lengths))
    while len(part.dims) > len(dims) and part.dims[0] == 1:
        shorter = [e.dim(part.value, i, dim) for i, dim in enumerate(part.dims)][1:]
        part = tensors.reshape_tensor(e, part, shorter)
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
    return tensors.broadcast_tensor(e, part, lengths)


def _shape_text(dims: tuple[sizes.Dim, ...]) -> str:
    return f"({','.join(map(repr, dims))}{',' if len(dims) == 1 else ''})"


def write(e: Emitter, target: Array, new: Tensor) -> None:
    """Replace a view's content: functional updates along its path, then the storage."""
    _writable(e, target)
    bases = [tensors.tensor(e, _root(target))]
    for step in target.steps[:-1]:
        bases.append(tensors.tensor(e, _as_array(e, step.read(e, bases[-1]))))
    for step, base in zip(reversed(target.steps), reversed(bases), strict=False):
        new = step.write(e, base, new)
    e.heap.touch(target.cell)
    target.cell.content = new


def _root(target: Array) -> Any:
    return target.cell.content


def _as_array(e: Emitter, content: Content) -> Tensor:
    return tensors.tensor(e, content)


def _set_chosen(e: Emitter, array: Array, key: Any, source: Any) -> None:
    mask = arrays.asarray(e, key) if not isinstance(key, tuple) else None
    if mask is None or mask.dtype != bool or tensors.dims_of(source):
        _scatter(e, array, expand_key(key, array.rank), source)
        return
    while len(tensors.dims_of(mask)) < array.rank:
        mask = arrays.expand(e, mask, len(tensors.dims_of(mask)))
    chosen = elementwise.where(
        e, mask, tensors.wrap(e, tensors.cast_tensor(e, source, array.dtype)), array
    )
    write(e, array, fit(e, chosen, tensors.shape_of(e, array), array.dtype))


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
            result = elementwise.ufunc(e, elementwise.OPERATORS[name], array, other, out=array)
    ufunc = elementwise.UFUNC_OPS.get(
        elementwise.OPERATORS.get(name, "matmul"), elementwise.OPERATORS.get(name, "matmul")
    )
    if not np.can_cast(result.dtype, array.dtype, "same_kind"):
        stand_in = np.zeros(1, array.dtype)
        getattr(np, ufunc)(stand_in, np.zeros(1, result.dtype), out=stand_in)
    if result.dtype != array.dtype:  # as part of the operation
        said = elementwise.OPERATORS.get(name, name)
        result = tensors.wrap(e, tensors.cast_tensor(e, result, array.dtype, said))
    return replace(e, array, result)


def replace(e: Emitter, array: Array, result: Any) -> Array:
    """The array with its elements replaced by those of another one of its dtype."""
    dims = tensors.dims_of(result)
    pairs = zip(reversed(dims), reversed(array.dims), strict=False)
    known = [(here, there) for here, there in pairs if isinstance(here, int) and there == 1]
    if len(dims) > array.rank or any(here != there for here, there in known):
        shapes = f"{_shape_text(array.dims)} doesn't match the broadcast shape {_shape_text(dims)}"
        raise ValueError(f"non-broadcastable output operand with shape {shapes}")
    write(e, array, fit(e, result, tensors.shape_of(e, array), array.dtype))
    return array
