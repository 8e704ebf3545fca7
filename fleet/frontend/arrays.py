"""Arithmetic on arrays at run time: NumPy's dtype rules, broadcasting, and the operations' emission.

In: Arrays, NumPy scalars and Python numbers. Out: new Arrays, by operations of the `numpy`
dialect. The one idea: NumPy on the building machine is asked for every dtype (`resolve_dtypes`)
and every error text, so the rules are its own, for the version that is installed.

In the emitted element-wise operations a `?` dimension never meets another length: where two
lengths are not provably equal, both operands are brought to one shape by `numpy.broadcast_to`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.frontend import numbers, sizes
from fleet.frontend.emitter import KIND_DTYPES, Emitter, tensor_type
from fleet.frontend.heap import Cell
from fleet.frontend.sizes import Dim, Size
from fleet.frontend.values import Array, Number, Numbers, Range, Tensor, dim_type, is_run_time_list
from fleet.ir.attributes import i64_array
from fleet.ir.core import Value

Length = int | Number
"""A length that is known, or an int at run time."""
UFUNC_OPS = {"divide": "true_divide", "absolute": "absolute"}
"""Operations of the dialect whose NumPy ufunc has another name."""
OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power",
    "floordiv": "floor_divide", "mod": "remainder", "lshift": "left_shift", "rshift": "right_shift",
    "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor", "lt": "less", "le": "less_equal",
    "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal",
}  # fmt: skip
"""Python's operator -> operation of the dialect."""


# -- values in and out


def wrap(e: Emitter, content: np.ndarray | np.generic | Tensor, scalar: bool = False) -> Any:
    """A new array with a storage of its own; NumPy scalars that are known stay themselves."""
    if isinstance(content, np.generic):
        return content
    if isinstance(content, np.ndarray):
        if scalar and content.ndim == 0:
            return content[()]
        return Array(e, Cell(content), content.shape, content.dtype)
    return Array(e, Cell(content), content.dims, content.dtype, scalar=scalar and not content.dims)


def is_array_like(value: object) -> bool:
    return isinstance(value, Array | np.generic | np.ndarray)


def check_dtype(e: Emitter, dtype: np.dtype) -> np.dtype:
    """The dtype, if Fleet has it. Raises FleetError."""
    try:
        tensor_type((), dtype)
    except KeyError:
        raise e.error(
            f"arrays of dtype {dtype} are not supported",
            "use bool, int8 to int64, uint8 to uint64, float16, float32 or float64",
        ) from None
    return dtype


def tensor(e: Emitter, value: Any) -> Tensor:
    """Any number or array as an SSA tensor of its own dtype (Python's numbers: int64, float64)."""
    match value:
        case Array():
            content = value.read()
            return content if isinstance(content, Tensor) else tensor(e, content)
        case np.ndarray() | np.generic():
            array = np.asarray(value)
            return Tensor(e.dense(array), array.shape, check_dtype(e, array.dtype))
        case Number():
            dtype = KIND_DTYPES[value.kind]
            made = e.value(numpy.to_tensor, e.plain(value), types=[tensor_type((), dtype)])
            return Tensor(made, (), dtype)
        case Tensor():
            return value
    return tensor(e, np.asarray(value))


def asarray(e: Emitter, value: Any, dtype: np.dtype | None = None) -> Array | np.generic:
    """np.asarray: arrays stay themselves; numbers, sequences and ranges become arrays."""
    result: Any
    match value:
        case Array() | np.generic():
            result = value
        case np.ndarray():
            result = wrap(e, value)
        case Number():
            result = wrap(e, tensor(e, value), scalar=True)
        case Range():
            result = arange(e, value.start, value.step, value.count, np.dtype("int64"))
        case Numbers():
            result = wrap(e, Tensor(value.native, (value.size,), KIND_DTYPES[value.kind]))
        case _ if is_run_time_list(value):
            return asarray(e, value.run_time, dtype)
        case list() | tuple():
            result = _from_sequence(e, value)
        case _:
            result = wrap(e, np.asarray(value), scalar=np.ndim(value) == 0)
    if dtype is not None and result.dtype != dtype:
        return cast(e, result, dtype)
    if isinstance(result, Array):
        check_dtype(e, result.dtype)
    return result


def _has_run_time(value: Any) -> bool:
    if isinstance(value, list | tuple) and not is_run_time_list(value):
        return any(_has_run_time(item) for item in value)
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


def _from_sequence(e: Emitter, items: Sequence[Any]) -> Array:
    if all_known(items):
        return wrap(e, np.array(plain(items)))
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
            f"shape after 1 dimensions. The detected shape was ({len(items)},) + inhomogeneous part."
        )
    dtype = np.result_type(*[part.dtype for part in parts])
    rows = [expand(e, cast(e, part, dtype), 0) for part in parts]
    return concatenate(e, rows, 0)


def dims_of(value: Any) -> tuple[Dim, ...]:
    """The dimensions of an array or number."""
    return value.dims if isinstance(value, Array | Tensor) else np.shape(value)


def shape_of(e: Emitter, value: Any) -> tuple[Length, ...]:
    """x.shape: known lengths, and run-time ints for the others."""
    if not isinstance(value, Array):
        return np.shape(value)
    if all(isinstance(dim, int) for dim in value.dims):
        return value.dims
    content = tensor(e, value)
    return tuple(e.dim(content.value, axis, dim) for axis, dim in enumerate(content.dims))


def dim_of(length: Length) -> Dim:
    return length.size if isinstance(length, Number) else length


def natural(e: Emitter, length: Length) -> Length:
    """A length given by the program: never below zero (ValueError, as NumPy)."""
    if isinstance(length, Number):
        low = sizes.least(length.size)
        if low is None or low < 0:
            ok = numbers.compare(e, "ge", length, 0)
            numbers.require(e, ok, "ValueError", "negative dimensions are not allowed")
            return Number(e, "int", length.native, sizes.fresh(0))
    elif length < 0:
        raise ValueError("negative dimensions are not allowed")
    return length


def operands_for(e: Emitter, lengths: Sequence[Length]) -> list[Value]:
    """The `sizes` operands: an index value for each length that is not known."""
    return [e.index(length) for length in lengths if isinstance(dim_of(length), Size)]


# -- element-wise


def dtype_for(value: Any) -> Any:
    """What NumPy's promotion sees: a dtype, or int/float for Python's weak numbers."""
    kind = numbers.kind_of(value)
    if kind is not None:
        return {"int": int, "float": float, "bool": np.dtype(bool)}[kind]
    return value.dtype


def resolve(name: str, values: Sequence[Any]) -> tuple[np.dtype, ...]:
    """The dtypes of a ufunc's loop. Raises NumPy's own TypeError or OverflowError."""
    ufunc = getattr(np, UFUNC_OPS.get(name, name))
    given = tuple(dtype_for(value) for value in values)
    if all(dtype is int or dtype is float for dtype in given):
        given = tuple(np.dtype("int64" if dtype is int else "float64") for dtype in given)
    resolved = ufunc.resolve_dtypes((*given, None))
    for value, dtype in zip(values, resolved, strict=False):
        if isinstance(value, int) and not isinstance(value, bool) and dtype.kind in "iu":
            dtype.type(value)  # raises OverflowError when it does not fit
    return resolved


def ufunc(e: Emitter, name: str, *values: Any) -> Any:
    """Apply an element-wise operation of the dialect."""
    values = tuple(_ufunc_argument(e, value) for value in values)
    if not any(isinstance(value, Array | Number) for value in values):
        return getattr(np, UFUNC_OPS.get(name, name))(*values)
    if name in ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"):
        values = _comparable(values)
        if isinstance(values, bool):
            return np.bool_(values)
    *dtypes, result = resolve(name, values)
    parts = [cast_tensor(e, value, dtype) for value, dtype in zip(values, dtypes, strict=True)]
    if len(parts) == 1 and result.kind in "iub" and name in ("floor", "ceil", "trunc", "rint"):
        return wrap(e, parts[0], scalar=not parts[0].dims)
    op = (numpy.binary if len(parts) == 2 else numpy.unary)[name]
    return wrap(e, _elementwise(e, op, parts, result), scalar=True)


def _ufunc_argument(e: Emitter, value: Any) -> Any:
    if isinstance(value, Array | Number | np.generic | bool | int | float):
        return value
    return asarray(e, value)


def _comparable(values: tuple) -> tuple:
    """Python ints that an array's dtype cannot hold are compared by value, as NumPy does."""
    for here, there in ((0, 1), (1, 0)):
        number, other = values[here], values[there]
        if type(number) is int and isinstance(other, Array) and other.dtype.kind in "iu":
            info = np.iinfo(other.dtype)
            if not info.min <= number <= info.max:
                replaced = list(values)
                replaced[here] = float(number)
                return tuple(replaced)
    return values


def _elementwise(e: Emitter, op: Any, parts: list[Tensor], dtype: np.dtype) -> Tensor:
    parts, dims = broadcast(e, parts)
    made = e.value(op, *[part.value for part in parts], types=[tensor_type(dim_type(dims), dtype)])
    return Tensor(made, dims, dtype)


def broadcast(e: Emitter, parts: list[Tensor]) -> tuple[list[Tensor], tuple[Dim, ...]]:
    """The operands fit for element-wise work, and the dimensions of the result."""
    rank = max(len(part.dims) for part in parts)
    dims: list[Dim] = []
    lengths: dict[int, Length] = {}
    for axis in range(-rank, 0):
        there = [(part, part.dims[axis]) for part in parts if len(part.dims) >= -axis]
        distinct = list(dict.fromkeys(dim for _, dim in there if dim != 1))
        known = [dim for dim in distinct if isinstance(dim, int)]
        if len(known) > 1:
            raise _cannot_broadcast(e, parts)
        if len(distinct) <= 1:
            dims.append(distinct[0] if distinct else 1)
            continue
        lengths[axis] = _common_length(e, parts, axis, known[0] if known else None)
        dims.append(dim_of(lengths[axis]))
    if not lengths:
        return parts, tuple(dims)
    return [_stretch(e, part, tuple(dims), lengths) for part in parts], tuple(dims)


def _cannot_broadcast(e: Emitter, parts: list[Tensor]) -> Exception:
    message, shown = _shapes_message(e, parts)
    return numbers.certain("ValueError", message, *shown)


def _shapes_message(e: Emitter, parts: list[Tensor]) -> tuple[str, list[Length]]:
    shown: list[Length] = []
    texts = []
    for part in parts:
        lengths = [e.dim(part.value, i, dim) for i, dim in enumerate(part.dims)]
        shown += lengths
        texts.append(f"({','.join('{}' for _ in lengths)}{',' if len(lengths) == 1 else ''})")
    return f"operands could not be broadcast together with shapes {' '.join(texts)} ", shown


def _common_length(e: Emitter, parts: list[Tensor], axis: int, known: int | None) -> Length:
    """The length of an axis whose lengths only run time can compare; raises there if they differ."""
    message, shown = _shapes_message(e, parts)
    common: Length = 1 if known is None else known
    for part in parts:
        if len(part.dims) < -axis or part.dims[axis] == 1:
            continue
        length = e.dim(part.value, len(part.dims) + axis, part.dims[axis])
        one = numbers.compare(e, "eq", length, 1)
        if known is None and isinstance(common, int):
            common = length
            continue
        same = numbers.compare(e, "eq", length, common)
        fits = numbers.either(e, one, same)
        if known is None:
            fits = numbers.either(e, fits, numbers.compare(e, "eq", common, 1))
        numbers.require(e, fits, "ValueError", message, *shown)
        if known is None:
            common = numbers.choose(e, one, common, length)
    return common


def _stretch(
    e: Emitter, part: Tensor, dims: tuple[Dim, ...], lengths: dict[int, Length]
) -> Tensor:
    """Bring the axes in `lengths` to those lengths."""
    rank = len(part.dims)
    if all(-axis > rank or part.dims[axis] in (1, dims[axis]) for axis in lengths):
        return part
    target = [
        lengths[axis] if axis in lengths and part.dims[axis] != 1
        else e.dim(part.value, rank + axis, part.dims[axis])
        for axis in range(-rank, 0)
    ]  # fmt: skip
    return broadcast_tensor(e, part, target)


def cast_tensor(e: Emitter, value: Any, dtype: np.dtype) -> Tensor:
    """A number or array as an SSA tensor of this dtype."""
    if numbers.kind_of(value) is not None and not isinstance(value, Number):
        return tensor(e, np.asarray(value, dtype))
    if isinstance(value, np.generic | np.ndarray):
        return tensor(e, value.astype(dtype))
    if isinstance(value, Array) and value.dtype != dtype:
        known = value.known
        if known is not None:
            return tensor(e, cast(e, value, dtype))
    part = tensor(e, value)
    if part.dtype == dtype:
        return part
    made = e.value(numpy.cast, part.value, types=[tensor_type(dim_type(part.dims), dtype)])
    return Tensor(made, part.dims, dtype)


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
    return wrap(e, cast_tensor(e, value, dtype), scalar=not dims_of(value))


def where(e: Emitter, condition: Any, x: Any, y: Any) -> Any:
    x, y = (_ufunc_argument(e, value) for value in (x, y))
    condition = _ufunc_argument(e, condition)
    dtype = result_type(x, y)
    parts = [
        cast_tensor(e, condition, np.dtype(bool)), cast_tensor(e, x, dtype), cast_tensor(e, y, dtype)
    ]  # fmt: skip
    made = _elementwise(e, numpy.where, parts, dtype)
    return wrap(e, made)


def result_type(*values: Any) -> np.dtype:
    """np.result_type of numbers and arrays."""
    stand_ins = []
    for value in values:
        kind = numbers.kind_of(value)
        if isinstance(value, np.dtype | type):
            stand_ins.append(value)
        elif kind is not None:
            stand_ins.append({"int": 1, "float": 1.0, "bool": True}[kind])
        else:
            stand_ins.append(value.dtype)
    return np.result_type(*stand_ins)


# -- reductions and matrix products


def reduce(e: Emitter, name: str, value: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """sum, prod, max, min, all, any over some axes; the dtype is the operand's."""
    part = tensor(e, value)
    if name in ("max", "min"):
        _not_empty(e, "maximum" if name == "max" else "minimum", part, axes)
    dims = tuple(
        1 if axis in axes else dim
        for axis, dim in enumerate(part.dims)
        if keepdims or axis not in axes
    )
    extra: dict[str, Any] = {"keepdims": None} if keepdims else {}
    made = e.value(
        numpy.reduce[name], part.value, types=[tensor_type(dim_type(dims), part.dtype)],
        axes=i64_array(axes), **extra,
    )  # fmt: skip
    return wrap(e, Tensor(made, dims, part.dtype), scalar=not dims)


def _not_empty(e: Emitter, name: str, part: Tensor, axes: tuple[int, ...]) -> None:
    for axis in axes:
        length = e.dim(part.value, axis, part.dims[axis])
        numbers.require(
            e, numbers.compare(e, "ge", length, 1), "ValueError",
            f"zero-size array to reduction operation {name} which has no identity",
        )  # fmt: skip


def arg_extreme(e: Emitter, name: str, value: Any, axis: int) -> Any:
    """argmax, argmin along one axis."""
    part = tensor(e, value)
    length = e.dim(part.value, axis, part.dims[axis])
    numbers.require(
        e, numbers.compare(e, "ge", length, 1), "ValueError",
        f"attempt to get {name} of an empty sequence",
    )  # fmt: skip
    dims = part.dims[:axis] + part.dims[axis + 1 :]
    dtype = np.dtype("int64")
    op = numpy.argmax if name == "argmax" else numpy.argmin
    made = e.value(op, part.value, types=[tensor_type(dim_type(dims), dtype)], axis=axis)
    return wrap(e, Tensor(made, dims, dtype), scalar=not dims)


def cumsum(e: Emitter, value: Any, axis: int) -> Any:
    part = tensor(e, value)
    made = e.value(numpy.cumsum, part.value, types=[part.value.type], axis=axis)
    return wrap(e, Tensor(made, part.dims, part.dtype))


def matmul(e: Emitter, a: Any, b: Any) -> Any:
    a, b = asarray(e, a), asarray(e, b)
    for number, value in enumerate((a, b)):
        if not dims_of(value):
            raise ValueError(
                f"matmul: Input operand {number} does not have enough dimensions (has 0, gufunc core "
                "with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
            )
    first, second, dtype = np.matmul.resolve_dtypes((a.dtype, b.dtype, None))
    x, y = cast_tensor(e, a, first), cast_tensor(e, b, second)
    axis = max(len(y.dims) - 2, 0)
    _match_inner(e, x, y, axis)
    batch = _batch_dims(e, x, y)
    rows = x.dims[-2:-1]
    columns = y.dims[-1:] if len(y.dims) > 1 else ()
    dims = (*batch, *rows, *columns)
    made = e.value(numpy.matmul, x.value, y.value, types=[tensor_type(dim_type(dims), dtype)])
    return wrap(e, Tensor(made, dims, dtype), scalar=not dims)


def _match_inner(e: Emitter, x: Tensor, y: Tensor, axis: int) -> None:
    message = (
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
        "(n?,k),(k,m?)->(n?,m?) (size {} is different from {})"
    )
    left = e.dim(x.value, len(x.dims) - 1, x.dims[-1])
    right = e.dim(y.value, axis, y.dims[axis])
    numbers.require(e, numbers.compare(e, "eq", left, right), "ValueError", message, right, left)


def _batch_dims(e: Emitter, x: Tensor, y: Tensor) -> tuple[Dim, ...]:
    """Batch dimensions broadcast; those that only run time can compare must be equal."""
    left, right = x.dims[:-2], y.dims[:-2]
    rank = max(len(left), len(right))
    dims: list[Dim] = []
    for axis in range(-rank, 0):
        here = left[axis] if len(left) >= -axis else 1
        there = right[axis] if len(right) >= -axis else 1
        if here == there or there == 1 or here == 1:
            dims.append(there if here == 1 else here)
            continue
        if isinstance(here, int) and isinstance(there, int):
            raise ValueError(
                "operands could not be broadcast together with remapped shapes "
                f"[original->remapped]: {_remapped(x)} {_remapped(y)} "
            )
        a = e.dim(x.value, len(left) + axis, here)
        b = e.dim(y.value, len(right) + axis, there)
        message = "operands could not be broadcast together with shapes ({},) ({},) "
        numbers.require(e, numbers.compare(e, "eq", a, b), "ValueError", message, a, b)
        dims.append(here if isinstance(here, int) else there)
    return tuple(dims)


def _remapped(part: Tensor) -> str:
    shape = ",".join(map(repr, part.dims))
    batch = ",".join([*map(repr, part.dims[:-2]), "newaxis", "newaxis"])
    return f"({shape})->({batch})"


# -- layout


def transpose(e: Emitter, part: Tensor, axes: tuple[int, ...]) -> Tensor:
    dims = tuple(part.dims[axis] for axis in axes)
    made = e.value(
        numpy.transpose, part.value, types=[tensor_type(dim_type(dims), part.dtype)],
        axes=i64_array(axes),
    )  # fmt: skip
    return Tensor(made, dims, part.dtype)


def reshape_tensor(e: Emitter, part: Tensor, lengths: Sequence[Length]) -> Tensor:
    """To a shape of the same number of elements (checked before)."""
    dims = tuple(dim_of(length) for length in lengths)
    if dims == part.dims:
        return part
    kind = tensor_type(dim_type(dims), part.dtype)
    made = e.value(numpy.reshape, part.value, operands_for(e, lengths), types=[kind])
    return Tensor(made, dims, part.dtype)


def broadcast_tensor(e: Emitter, part: Tensor, lengths: Sequence[Length]) -> Tensor:
    """To a shape that it broadcasts to (checked before)."""
    dims = tuple(dim_of(length) for length in lengths)
    if dims == part.dims:
        return part
    kind = tensor_type(dim_type(dims), part.dtype)
    made = e.value(numpy.broadcast_to, part.value, operands_for(e, lengths), types=[kind])
    return Tensor(made, dims, part.dtype)


def expand(e: Emitter, value: Any, axis: int) -> Any:
    """One more axis of length 1."""
    if isinstance(value, np.generic):
        return wrap(e, np.expand_dims(value, axis))
    if isinstance(value, Array) and value.known is not None:
        return wrap(e, np.expand_dims(value.known, axis))
    lengths = list(shape_of(e, value))
    lengths.insert(axis, 1)
    return wrap(e, reshape_tensor(e, tensor(e, value), lengths))


def concatenate(e: Emitter, values: Sequence[Any], axis: int, dtype: np.dtype | None = None) -> Array:
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
    return wrap(e, Tensor(made, tuple(dims), dtype))


def _same_rank(first: Tensor, part: Tensor, number: int) -> None:
    if len(first.dims) != len(part.dims):
        raise ValueError(
            "all the input arrays must have same number of dimensions, but the array at index 0 has "
            f"{len(first.dims)} dimension(s) and the array at index {number} has "
            f"{len(part.dims)} dimension(s)"
        )


def _match_lengths(e: Emitter, a: Tensor, b: Tensor, axis: int, along: int, number: int) -> None:
    message = (
        "all the input array dimensions except for the concatenation axis must match exactly, but "
        f"along dimension {axis}, the array at index 0 has size {{}} and the array at index {number} "
        "has size {}"
    )
    here, there = (e.dim(part.value, axis, part.dims[axis]) for part in (a, b))
    numbers.require(e, numbers.compare(e, "eq", here, there), "ValueError", message, here, there)


# -- making arrays


def arange(e: Emitter, start: Any, step: Any, count: Length, dtype: np.dtype) -> Array:
    """start + i * step for i < count."""
    if not any(isinstance(value, Number | Array) for value in (start, step, count)):
        return wrap(e, (np.arange(count) * step + start).astype(dtype))
    first, gap = (scalar_of(e, value, dtype) for value in (start, step))
    dims = (dim_of(count),)
    kind = tensor_type(dim_type(dims), dtype)
    made = e.value(numpy.arange, first, gap, e.index(count), types=[kind])
    return wrap(e, Tensor(made, dims, dtype))


def scalar_of(e: Emitter, value: Any, dtype: np.dtype) -> Value:
    """A number as a scalar value of a dtype."""
    if isinstance(value, bool | int | float | np.generic):
        return e.constant(np.asarray(value).astype(dtype).item(), tensor_type((), dtype).element)
    if isinstance(value, Number):
        element = tensor_type((), dtype).element
        native = e.plain(value)
        return native if native.type == element else e.value(numpy.cast, native, types=[element])
    return item(e, cast_tensor(e, value, dtype))


def item(e: Emitter, part: Tensor) -> Value:
    """The only element, as a scalar value of its element type."""
    element = part.value.type.element
    return e.value(numpy.item, part.value, types=[element])


def full(e: Emitter, lengths: Sequence[Length], value: Any, dtype: np.dtype) -> Array:
    """np.full; known when shape and value are."""
    check_dtype(e, dtype)
    lengths = [natural(e, length) for length in lengths]
    known = isinstance(value, bool | int | float | np.generic)
    if known and not any(isinstance(length, Number) for length in lengths):
        return wrap(e, np.broadcast_to(np.asarray(value, dtype), lengths))
    dims = tuple(dim_of(length) for length in lengths)
    scalar = scalar_of(e, value, dtype)
    kind = tensor_type(dim_type(dims), dtype)
    made = e.value(numpy.full, scalar, operands_for(e, lengths), types=[kind])
    return wrap(e, Tensor(made, dims, dtype))


def to_number(e: Emitter, value: Array) -> Number:
    """x.item(): the only element as a Python number."""
    part = tensor(e, value)
    for axis, dim in enumerate(part.dims):
        one = numbers.compare(e, "eq", e.dim(part.value, axis, dim), 1)
        message = "can only convert an array of size 1 to a Python scalar"
        numbers.require(e, one, "ValueError", message)
    kind = {"b": "bool", "i": "int", "u": "int", "f": "float"}[part.dtype.kind]
    return Number(e, kind, item(e, cast_tensor(e, part, KIND_DTYPES[kind])))
