"""Element-wise arithmetic at run time: NumPy's dtype rules and broadcasting.

In: Arrays, NumPy scalars and Python numbers. Out: new Arrays, by operations of the `numpy`
dialect. The one idea: NumPy on the building machine is asked for every dtype (`resolve_dtypes`)
and every error text, so the rules are its own, for the version that is installed.

In the emitted element-wise operations a `?` dimension never meets another length: where two
lengths are not provably equal, both operands are brought to one shape by `numpy.broadcast_to`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.ndarrays import layout
from fleet.evaluator.values.ndarrays.arrays import asarray, cast, of_argument
from fleet.evaluator.values.ndarrays.tensors import (
    Length,
    broadcast_tensor,
    cast_tensor,
    check_dtype,
    dim_of,
    dims_of,
    is_array_like,
    item,
    lengths_of,
    of_parts,
    part_of,
    shape_words,
    tensor,
    wrap,
)
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.then import Array, Number, Tensor, dim_type
from fleet.ir.attributes import i64_array

UFUNC_OPS = {"divide": "true_divide", "absolute": "absolute"}
"""Operations of the dialect whose NumPy ufunc has another name."""
OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power",
    "floordiv": "floor_divide", "mod": "remainder", "lshift": "left_shift", "rshift": "right_shift",
    "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
    "lt": "less", "le": "less_equal",
    "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal",
}  # fmt: skip
"""Python's operator -> operation of the dialect."""


def dtype_for(value: Any) -> Any:
    """What NumPy's promotion sees: a dtype, or int/float/complex for Python's weak numbers."""
    if numbers.is_complex(value):
        return complex
    kind = numbers.kind_of(value)
    if kind is not None:
        return {"int": int, "float": float, "bool": np.dtype(bool)}[kind]
    return value.dtype


def resolve(name: str, values: Sequence[Any]) -> tuple[np.dtype, ...]:
    """The dtypes of a ufunc's loop. Raises NumPy's own TypeError or OverflowError."""
    ufunc = getattr(np, UFUNC_OPS.get(name, name))
    given = tuple(dtype_for(value) for value in values)
    if all(isinstance(dtype, type) for dtype in given):
        given = tuple(np.dtype(dtype) for dtype in given)
    resolved = ufunc.resolve_dtypes((*given, None))
    for value, dtype in zip(values, resolved, strict=False):
        if isinstance(value, int) and not isinstance(value, bool) and dtype.kind in "iu":
            dtype.type(value)  # raises OverflowError when it does not fit
    return resolved


def ufunc(
    e: Emitter, name: str, *values: Any, out: Array | None = None, said: str | None = None
) -> Any:
    """Apply an element-wise operation of the dialect.

    out: where the result is going to be put; said: what NumPy calls it when it warns.
    """
    values = tuple(argument(e, value) for value in values)
    if not any(isinstance(value, Array | Number) for value in values):
        return getattr(np, UFUNC_OPS.get(name, name))(*values)
    if name in MIRRORED:
        values = comparable(e, values)
    *dtypes, result = resolve(name, values)
    if name in MIRRORED and dtypes[0] != dtypes[1]:
        return _compare_signs(e, name, *values)
    parts = [cast_tensor(e, value, dtype) for value, dtype in zip(values, dtypes, strict=True)]
    order = new_order(values)
    if len(parts) == 1 and result.kind in "iub" and name in ("floor", "ceil", "trunc", "rint"):
        return wrap(e, parts[0], scalar=not parts[0].dims, order=order)
    if name == "power" and result.kind == "i":
        _check_exponent(e, values[1], parts[1])
    op = (numpy.binary if len(parts) == 2 else numpy.unary)[name]
    shown = () if out is None else (tensor(e, out),)
    made = apply(e, op, parts, result, shown, e.warnings(name, said))
    if e.heeded():
        e.check_floats(name, e.said(said or name), parts, made)
    return wrap(e, made, scalar=True, order=order)


def new_order(values: Sequence[Any]) -> layout.Order:
    """The order in memory of what an element-wise function makes of these."""
    ranks = [len(dims_of(value)) for value in values if not isinstance(value, Number)]
    return layout.order_of_new(values, max(ranks, default=0))


def power_shortcut(e: Emitter, a: Array, exponent: int | float, out: Array | None = None) -> Any:
    """NumPy's operator (not its function) takes these exponents apart for floating arrays.

    out: as for `ufunc`.
    """
    if a.dtype.kind == "b" and exponent == 2 and isinstance(exponent, int):
        small = cast(e, a, np.dtype("int8"))
        return ufunc(e, "multiply", small, small)
    if a.dtype.kind not in "fc":
        return None

    def of(operation: str, said: str, *operands: Any) -> Any:
        said = "scalar power" if a.scalar else said
        return ufunc(e, operation, *operands, out=out, said=said)

    match exponent:
        case 1 | 1.0 if a.dtype.kind == "f":
            return wrap(e, tensor(e, a), scalar=a.scalar, order=new_order([a]))
        case _ if a.dtype.kind == "c" and type(exponent) is float and exponent != 0.5:
            return None
        case 2 | 2.0:
            if a.dtype.kind == "c":
                return of("square", "square", a)
            return of("multiply", "square", a, a)
        case 0.5:
            return of("sqrt", "sqrt", a)
        case -1 | -1.0:
            if a.dtype.kind == "c":
                return None if a.scalar else _complex_reciprocal(e, a, of)
            return of("divide", "reciprocal", 1, a)
    return None


def _complex_reciprocal(e: Emitter, a: Array, of: Callable[..., Any]) -> Array:
    """1 / a, divided by the larger part first, as NumPy's loop has it."""
    re, im = (wrap(e, part_of(e, name, tensor(e, a))) for name in ("real", "imag"))
    sizes = [ufunc(e, "absolute", part) for part in (im, re)]
    wide = ufunc(e, "less_equal", *sizes)

    def either(one: Any, other: Any) -> Any:
        return where(e, wide, one, other)

    def divided(one: Any, other: Any) -> Any:
        return of("divide", "reciprocal", one, other)

    top, low = either(re, im), either(im, re)
    ratio = divided(low, top)
    size = of("add", "reciprocal", top, of("multiply", "reciprocal", low, ratio))
    whole, rest = divided(1, size), divided(ratio, size)
    parts = either(whole, rest), ufunc(e, "negative", either(rest, whole))
    made = of_parts(e, *[tensor(e, part) for part in parts])
    return wrap(e, made, order=new_order([a]))


def _check_exponent(e: Emitter, value: Any, exponent: Tensor) -> None:
    message = "Integers to negative integer powers are not allowed."
    known = value.known if isinstance(value, Array) else value
    if isinstance(known, Number):
        natural = numbers.compare(e, "ge", known, 0)
    elif known is not None:
        natural = bool(np.all(np.asarray(known) >= 0))
    else:
        natural = _all_natural(e, exponent)
    numbers.require(e, natural, "ValueError", message)


def _all_natural(e: Emitter, part: Tensor) -> Number:
    zero = Tensor(e.dense(np.zeros((), part.dtype)), (), part.dtype)
    flags = apply(e, numpy.binary["greater_equal"], [part, zero], np.dtype(bool))
    if part.dims:
        axes = i64_array(range(len(part.dims)))
        only = tensor_type((), flags.dtype)
        flags = Tensor(e.value(numpy.reduce["all"], flags.value, types=[only], axes=axes), (),
                       flags.dtype)  # fmt: skip
    return Number(e, "bool", item(e, flags))


MIRRORED = {
    "equal": "equal", "not_equal": "not_equal", "less": "greater", "less_equal": "greater_equal",
    "greater": "less", "greater_equal": "less_equal",
}  # fmt: skip


def _compare_signs(e: Emitter, name: str, a: Any, b: Any) -> Any:
    """int64 with uint64: NumPy compares the numbers, though no dtype holds both."""
    if dtype_for(a) == np.uint64:
        return _compare_signs(e, MIRRORED[name], b, a)
    unsigned = ufunc(e, name, cast(e, a, np.dtype("uint64")), b)
    if name in ("less", "less_equal", "not_equal"):
        return ufunc(e, "bitwise_or", ufunc(e, "less", a, np.int64(0)), unsigned)
    return ufunc(e, "bitwise_and", ufunc(e, "greater_equal", a, np.int64(0)), unsigned)


def argument(e: Emitter, value: Any) -> Any:
    if isinstance(value, Array | Number | np.generic | bool | int | float | complex):
        return value
    return of_argument(e, value)


_WHOLE = (int, *map(np.dtype, "bhilBHIL"))


def comparable(e: Emitter, values: tuple) -> tuple:
    """Python ints that an array's dtype cannot hold are compared by value, as NumPy does."""
    for here, there in ((0, 1), (1, 0)):
        number, other = values[here], values[there]
        if isinstance(number, Number) and number.kind == "int" and is_array_like(other):
            if other.dtype.kind not in "iu" or other.dtype == np.int64:
                continue
            whole = asarray(e, number)
            return (whole, other) if here == 0 else (other, whole)
        if type(number) is int and dtype_for(other) in _WHOLE:
            info = np.iinfo(np.int64 if isinstance(other, Number) else other.dtype)
            if not info.min <= number <= info.max:
                replaced = list(values)
                replaced[here] = np.inf if number > 0 else -np.inf
                return tuple(replaced)
    return values


@dataclass(frozen=True)
class Misfit:
    """What is raised where shapes do not fit. tell: gives the message and the lengths in it; None:
    NumPy's words for its element-wise functions."""

    exception: str = "ValueError"
    tell: Callable[[], tuple[str, list[Length]]] | None = None


MISFIT = Misfit()


def apply(
    e: Emitter, op: Any, parts: list[Tensor], dtype: np.dtype, shown: Sequence[Tensor] = (),
    attributes: Mapping[str, Any] = MappingProxyType({}),
) -> Tensor:  # fmt: skip
    """An element-wise operation on operands of one dtype, broadcast against each other.

    shown: more arrays that NumPy names where the shapes do not fit.
    """
    parts, dims = broadcast(e, parts, shown)
    values = [part.value for part in parts]
    made = e.value(op, *values, types=[tensor_type(dim_type(dims), dtype)], **attributes)
    return Tensor(made, dims, dtype)


def broadcast(
    e: Emitter, parts: list[Tensor], shown: Sequence[Tensor] = (), misfit: Misfit = MISFIT
) -> tuple[list[Tensor], tuple[Dim, ...]]:
    """The operands fit for element-wise work, and the dimensions of the result.

    shown: more arrays that NumPy names where the shapes do not fit.
    """
    dims, lengths = common_dims(e, parts, shown, misfit)
    if not lengths:
        return parts, dims
    return [stretch(e, part, dims, lengths) for part in parts], dims


def common_dims(
    e: Emitter, parts: Sequence[Tensor], shown: Sequence[Tensor] = (), misfit: Misfit = MISFIT
) -> tuple[tuple[Dim, ...], dict[int, Length]]:
    """What shapes broadcast to, and the lengths of the axes that run time has to compare."""
    rank = max(len(part.dims) for part in parts)
    tell = misfit.tell or (lambda: shapes_message(e, [*parts, *shown], _ELEMENTWISE))
    dims: list[Dim] = []
    lengths: dict[int, Length] = {}
    for axis in range(-rank, 0):
        there = [(part, part.dims[axis]) for part in parts if len(part.dims) >= -axis]
        distinct = list(dict.fromkeys(dim for _, dim in there if dim != 1))
        known = [dim for dim in distinct if isinstance(dim, int)]
        if len(known) > 1:
            message, lengths_shown = tell()
            raise numbers.certain(misfit.exception, message, *lengths_shown)
        if len(distinct) <= 1:
            dims.append(distinct[0] if distinct else 1)
            continue
        common = known[0] if known else None
        lengths[axis] = _common_length(e, parts, axis, common, Misfit(misfit.exception, tell))
        dims.append(dim_of(lengths[axis]))
    return tuple(dims), lengths


_ELEMENTWISE = "operands could not be broadcast together with shapes"


def shapes_message(
    e: Emitter, parts: Sequence[Tensor], words: str
) -> tuple[str, list[Length]]:
    """These words, then the shapes."""
    shown: list[Length] = []
    texts = []
    for part in parts:
        text, lengths = shape_words(lengths_of(e, part))
        shown += lengths
        texts.append(text)
    return f"{words} {' '.join(texts)} ", shown


def _common_length(
    e: Emitter, parts: Sequence[Tensor], axis: int, known: int | None, misfit: Misfit
) -> Length:
    """The length of an axis whose lengths only run time can compare, and does."""
    assert misfit.tell is not None
    message, shown = misfit.tell()
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
        numbers.require(e, fits, misfit.exception, message, *shown)
        if known is None:
            common = numbers.choose(e, one, common, length)
    return common


def stretch(e: Emitter, part: Tensor, dims: tuple[Dim, ...], lengths: dict[int, Length]) -> Tensor:
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


def where(e: Emitter, condition: Any, x: Any, y: Any) -> Any:
    x, y = (argument(e, value) for value in (x, y))
    condition = argument(e, condition)
    dtype = check_dtype(e, result_type(x, y))
    # ints that do not fit are cast as C does: here they are no Python ints
    x, y = (asarray(e, v) if numbers.kind_of(v) == "int" else v for v in (x, y))
    parts = [
        cast_tensor(e, condition, np.dtype(bool)),
        cast_tensor(e, x, dtype),
        cast_tensor(e, y, dtype),
    ]  # fmt: skip
    made = apply(e, numpy.where, parts, dtype)
    return wrap(e, made, order=new_order([condition, x, y]))


def result_type(*values: Any) -> np.dtype:
    """np.result_type of numbers and arrays."""
    stand_ins = []
    for value in values:
        kind = numbers.kind_of(value)
        if isinstance(value, np.dtype | type | str | complex):
            stand_ins.append(value)
        elif kind is not None:
            stand_ins.append({"int": 1, "float": 1.0, "bool": True}[kind])
        elif isinstance(value, Array | np.generic | np.ndarray | Tensor):
            stand_ins.append(value.dtype)
        else:
            raise TypeError(f"Cannot interpret '{value}' as a data type")
    return np.result_type(*stand_ins)
