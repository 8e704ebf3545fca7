"""Arrays as SSA tensors: in, out, and from one layout or dtype to another.

In: Arrays, NumPy scalars and Python numbers. Out: `Tensor` values and what is known of their
shapes. The one idea: a known array becomes a constant only here, when something is computed with
it; until then it is NumPy's own object and costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.evaluator.values import numbers, sizes
from fleet.evaluator.values.emitter import KIND_DTYPES, Emitter, tensor_type
from fleet.evaluator.values.heap import Cell
from fleet.evaluator.values.sizes import Dim, Size
from fleet.evaluator.values.then import Array, Number, Object, Tensor, dim_type
from fleet.integers import TOO_LARGE
from fleet.ir.attributes import i64_array
from fleet.ir.core import Value
from fleet.ir.definition import OpDef
from fleet.ir.types import i64

COMPLEX_TO_REAL = "Casting complex values to real discards the imaginary part"
"""What NumPy says of it."""

Length = int | Number
"""A length that is known, or an int at run time."""


def wrap(
    e: Emitter, content: np.ndarray | np.generic | Tensor, scalar: bool = False,
    order: tuple[int, ...] | None = (),
) -> Any:  # fmt: skip
    """A new array with a storage of its own; NumPy scalars that are known stay themselves.

    order: of its axes in memory, see `Cell`; of a known array, its own.
    """
    if isinstance(content, np.generic):
        return content
    if isinstance(content, np.ndarray):
        if scalar and content.ndim == 0:
            return content[()]
        return Array(e, Cell(content, order_of_known(content)), content.shape, content.dtype)
    cell = Cell(content, order)
    return Array(e, cell, content.dims, content.dtype, scalar=scalar and not content.dims)


def laid_out(array: np.ndarray, order: tuple[int, ...]) -> np.ndarray:
    """A copy whose axes lie in an order, see `Cell`."""
    if not order:
        return np.array(array, order="C")
    made = np.empty([array.shape[axis] for axis in order], array.dtype)
    made = made.transpose([order.index(axis) for axis in range(array.ndim)])
    made[...] = array
    return made


def order_of_known(array: np.ndarray) -> tuple[int, ...]:
    """The order of axes without gaps between them; that of rows where there are some."""
    if array.ndim < 2 or array.flags.c_contiguous:
        return ()
    axes = tuple(sorted(range(array.ndim), key=lambda axis: -array.strides[axis]))
    return axes if array.transpose(axes).flags.c_contiguous else ()


def is_array_like(value: object) -> bool:
    return isinstance(value, Array | np.generic | np.ndarray)


def check_dtype(e: Emitter, dtype: np.dtype) -> np.dtype:
    """The dtype, if Fleet has it. Raises FleetError."""
    try:
        tensor_type((), dtype)
    except KeyError:
        raise e.error(
            f"arrays of dtype {dtype} are not supported",
            "keep texts in a list beside the arrays, one a row" if dtype.kind in "US" else
            "use bool, int8 to int64, uint8 to uint64, float16 to float64, complex64 or complex128",
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


def lengths_of(e: Emitter, part: Tensor) -> list[Length]:
    """The lengths of an SSA tensor."""
    return [e.dim(part.value, axis, dim) for axis, dim in enumerate(part.dims)]


def dim_of(length: Length) -> Dim:
    return length.size if isinstance(length, Number) else length


def product(e: Emitter, lengths: Sequence[Length]) -> Length:
    """How many elements an array of these lengths has: it is in memory, so that fits, too."""
    total: Length = 1
    for length in lengths:
        total = numbers.wrapping(e, "mul", total, length)
    if isinstance(total, Number):
        total.size = sizes.within(total.size, 0, sizes.LENGTH)
    return total


def shape_words(lengths: Sequence[Length]) -> tuple[str, list[Length]]:
    """A shape as error messages have it: with `{}` for each length, and the lengths."""
    return f"({','.join('{}' for _ in lengths)}{',' if len(lengths) == 1 else ''})", list(lengths)


def natural(e: Emitter, length: Length) -> Length:
    """A length given by the program: never below zero (ValueError, as NumPy)."""
    if isinstance(length, Number):
        low = sizes.least(length.size)
        if low is None or low < 0:
            ok = numbers.compare(e, "ge", length, 0)
            numbers.require(e, ok, "ValueError", "negative dimensions are not allowed")
            return Number(e, "int", length.native, sizes.length())
    elif length < 0:
        raise ValueError("negative dimensions are not allowed")
    return length


def operands_for(e: Emitter, lengths: Sequence[Length]) -> list[Value]:
    """The `sizes` operands: an index value for each length that is not known."""
    return [e.index(length) for length in lengths if isinstance(dim_of(length), Size)]


def cast_tensor(
    e: Emitter, value: Any, dtype: np.dtype, said: str | None = None
) -> Tensor:
    """A number or array as an SSA tensor of this dtype.

    said: what NumPy calls it when it warns, if that is not a cast.
    """
    if numbers.kind_of(value) is not None and not isinstance(value, Number):
        return tensor(e, np.asarray(value, dtype))
    if numbers.is_complex(value):
        return tensor(e, np.asarray(value, dtype))
    if isinstance(value, np.generic | np.ndarray):
        return tensor(e, value.astype(dtype))
    if isinstance(value, Array) and value.dtype != dtype:
        known = value.known
        if known is not None:
            return tensor(e, known.astype(dtype))
    if isinstance(value, Number) and value.kind == "int" and dtype.kind in "iu":
        value = numbers.to_element(e, value, dtype)
    part = tensor(e, value)
    if part.dtype == dtype:
        return part
    if part.dtype.kind == "c" and dtype.kind in "iuf":
        e.warn(COMPLEX_TO_REAL, "ComplexWarning")
    types = [tensor_type(dim_type(part.dims), dtype)]
    made = e.value(numpy.cast, part.value, types=types, **e.warnings("cast", said))
    result = Tensor(made, part.dims, dtype)
    if e.heeded():
        e.check_floats("cast", e.said(said or "cast"), [part], result)
    return result


def bits(e: Emitter, part: Tensor, dtype: np.dtype) -> Tensor:
    """The same bits as elements of another dtype of that size."""
    made = e.value(numpy.bitcast, part.value, types=[tensor_type(dim_type(part.dims), dtype)])
    return Tensor(made, part.dims, dtype)


def take(e: Emitter, base: Tensor, at: Tensor, axis: int) -> Tensor:
    """Elements at positions that are known to be in range."""
    dims = (*base.dims[:axis], *at.dims, *base.dims[axis + 1 :])
    kind = tensor_type(dim_type(dims), base.dtype)
    return Tensor(e.value(numpy.take, base.value, at.value, types=[kind], axis=axis), dims,
                  base.dtype)  # fmt: skip


def transpose(e: Emitter, part: Tensor, axes: tuple[int, ...]) -> Tensor:
    dims = tuple(part.dims[axis] for axis in axes)
    made = e.value(
        numpy.transpose, part.value, types=[tensor_type(dim_type(dims), part.dtype)],
        axes=i64_array(axes),
    )  # fmt: skip
    return Tensor(made, dims, part.dtype)


def reshape_tensor(e: Emitter, part: Tensor, lengths: Sequence[Length]) -> Tensor:
    """To a shape of the same number of elements (checked before)."""
    return _shaped(e, numpy.reshape, part, lengths)


def broadcast_tensor(e: Emitter, part: Tensor, lengths: Sequence[Length]) -> Tensor:
    """To a shape that it broadcasts to (checked before)."""
    return _shaped(e, numpy.broadcast_to, part, lengths)


def _shaped(e: Emitter, operation: OpDef, part: Tensor, lengths: Sequence[Length]) -> Tensor:
    dims = tuple(dim_of(length) for length in lengths)
    if dims == part.dims:
        return part
    kind = tensor_type(dim_type(dims), part.dtype)
    made = e.value(operation, part.value, operands_for(e, lengths), types=[kind])
    return Tensor(made, dims, part.dtype)


def scalar_of(e: Emitter, value: Any, dtype: np.dtype) -> Value:
    """A number as a scalar value of a dtype; of unsigned ones `arith` has no constants. A complex
    one as a tensor of rank 0."""
    if dtype.kind == "c":
        return cast_tensor(e, value, dtype).value
    if isinstance(value, bool | int | float | np.generic) and dtype.kind != "u":
        return e.constant(np.asarray(value).astype(dtype).item(), tensor_type((), dtype).element)
    if isinstance(value, Number):
        element = tensor_type((), dtype).element
        if value.kind == "int" and dtype.kind in "iu":
            value = numbers.to_element(e, value, dtype)
        native = e.plain(value)
        return native if native.type == element else e.value(numpy.cast, native, types=[element])
    return item(e, cast_tensor(e, value, dtype))


def item(e: Emitter, part: Tensor) -> Value:
    """The only element, as a scalar value of its element type."""
    element = part.value.type.element
    return e.value(numpy.item, part.value, types=[element])


def part_of(e: Emitter, name: str, whole: Tensor) -> Tensor:
    """The `real` or `imag` part of complex numbers."""
    dtype = np.zeros((), whole.dtype).real.dtype
    types = [tensor_type(dim_type(whole.dims), dtype)]
    return Tensor(e.value(numpy.parts[name], whole.value, types=types), whole.dims, dtype)


def of_parts(e: Emitter, real: Tensor, imag: Tensor) -> Tensor:
    """The complex numbers of two arrays of one shape and dtype."""
    dtype = np.result_type(real.dtype, np.complex64)
    types = [tensor_type(dim_type(real.dims), dtype)]
    made = e.value(numpy.complex_, real.value, imag.value, types=types)
    return Tensor(made, real.dims, dtype)


def _to_complex(e: Emitter, whole: Tensor) -> Object:
    """The only element as a complex number of Python's, which is one of the run's objects."""
    parts = [item(e, cast_tensor(e, part_of(e, name, whole), KIND_DTYPES["float"]))
             for name in ("real", "imag")]  # fmt: skip
    (made,) = e.host("function", parts, ["float"] * 2, [("object", i64)], name="complex", named=[])
    return Object(e, complex, made)


def to_number(e: Emitter, value: Array | Tensor) -> Any:
    """x.item(): the only element as a Python number, of complex ones an Object."""
    part = tensor(e, value)
    for axis, dim in enumerate(part.dims):
        one = numbers.compare(e, "eq", e.dim(part.value, axis, dim), 1)
        message = "can only convert an array of size 1 to a Python scalar"
        numbers.require(e, one, "ValueError", message)
    if part.dtype.kind == "c":
        return _to_complex(e, part)
    kind = {"b": "bool", "i": "int", "u": "int", "f": "float"}[part.dtype.kind]
    made = Number(e, kind, item(e, cast_tensor(e, part, KIND_DTYPES[kind])))
    if part.dtype == np.uint64:
        fits = numbers.compare(e, "ge", made, 0)
        numbers.require(e, fits, "OverflowError", TOO_LARGE)
    return made
