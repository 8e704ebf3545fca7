"""What `arith` and `math` operations do, as NumPy on arrays of any shape.

In: arrays of the operands' dtypes (0-d for scalars). Out: the result. The one idea: one table from
name to function serves scalars, tensors, whole iteration spaces, and constant folding. Where MLIR
leaves a result undefined, it is what RISC-V gives: division by zero gives -1, remainder x.
"""

from __future__ import annotations

import math as libm
import operator as op
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fleet import extremes, fused
from fleet.dialects import integer_semantics as integers
from fleet.dialects.arith import (
    ARITH,
    ROUNDING_MODES,
    addui_extended,
    constant,
    mulsi_extended,
    mului_extended,
    predicate_of,
    select,
    truncf,
)
from fleet.dialects.math import MATH
from fleet.ir.attributes import IntegerAttr
from fleet.ir.core import Operation
from fleet.ir.interpreter import data_of, to_array, to_data
from fleet.ir.number_formats import (
    FORMATS,
    float_bits,
    float_of_bits,
    integer_width,
    wrapped,
)
from fleet.ir.types import (
    OtherFloatType,
    element_of,
    i1,
    i64,
    index,
    is_float,
    numpy_dtype,
    storage_dtype,
)

Function = Callable[..., np.ndarray]


def unsigned(array: np.ndarray) -> np.ndarray:
    """The same bits as unsigned integers; bool stays."""
    return array if array.dtype == np.bool_ else array.view(f"u{array.dtype.itemsize}")


def signed(array: np.ndarray) -> np.ndarray:
    """The same bits as signed integers; of i1, true is -1."""
    return -array.astype(np.int8) if array.dtype == np.bool_ else array


def _unsigned(function: Function) -> Function:
    def apply(*arrays: np.ndarray) -> np.ndarray:
        result = function(*map(unsigned, np.broadcast_arrays(*arrays)))
        return result if result.dtype == np.bool_ else result.view(arrays[0].dtype)

    return apply


def _modular(function: Function, on_bool: Function) -> Function:
    """Arithmetic modulo 2**width, for i1 by its own function."""

    def apply(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return on_bool(x, y) if x.dtype == np.bool_ else function(x, y)

    return apply


def _bit(function: Function, view: Callable[[np.ndarray], np.ndarray]) -> Function:
    """Of i1, the lowest bit of what the function gives for 8-bit integers."""

    def apply(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        if x.dtype != np.bool_:
            return function(x, y)
        return (function(view(x), view(y)) & 1).astype(bool)

    return apply


def _as_uint8(x: np.ndarray) -> np.ndarray:
    return x.astype(np.uint8)


def _nonzero(y: np.ndarray) -> np.ndarray:
    return np.where(y == 0, np.ones_like(y), y)


def _divsi(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    safe = _nonzero(y)
    quotient = x // safe
    # floor_divide rounds down; add one where the signs differ and something is left over.
    quotient = quotient + ((quotient * safe != x) & ((x < 0) != (safe < 0))).astype(x.dtype)
    return np.where(y == 0, np.full_like(x, -1), quotient)


def _remsi(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.where(y == 0, x, np.fmod(x, _nonzero(y)))


def _ceildivui(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    safe = _nonzero(y)
    return np.where(y == 0, np.full_like(x, np.iinfo(x.dtype).max), x // safe + (x % safe != 0))


def _divui(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.where(y == 0, np.full_like(x, np.iinfo(x.dtype).max), x // _nonzero(y))


def _remui(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.where(y == 0, x, x % _nonzero(y))


def _floordivsi(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.where(y == 0, np.full_like(x, -1), x // _nonzero(y))


def _ceildivsi(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    safe = _nonzero(y)
    quotient = _divsi(x, safe)
    up = (quotient * safe != x) & ((x < 0) == (safe < 0))
    return np.where(y == 0, np.full_like(x, -1), quotient + up.astype(x.dtype))


def fma(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """a * b + c with one rounding: the error of a rounded sum is added before the last rounding."""
    a, b, c = np.broadcast_arrays(a, b, c)
    if a.dtype != np.float64:
        # Products of f32 are exact in f64; the sum is rounded to odd, so that the next is right.
        product, addend = a.astype(np.float64) * b, c.astype(np.float64)
        total = product + addend
        shift = total - product
        error = (product - (total - shift)) + (addend - shift)
        even = (total.view(np.int64) & 1) == 0
        fix = np.isfinite(total) & (error != 0) & even
        total = np.where(fix, np.nextafter(total, np.where(error > 0, np.inf, -np.inf)), total)
        return total.astype(a.dtype)
    return np.vectorize(fused.fma, otypes=[np.float64])(a, b, c)


_erf = np.vectorize(libm.erf, otypes=[np.float64])


def _half_away(x: np.ndarray) -> np.ndarray:
    """To the nearest integer, halves away from zero."""
    whole = np.trunc(x)
    return np.where(np.abs(x - whole) >= 0.5, whole + np.copysign(1, x), whole).astype(x.dtype)


BINARY: dict[str, Function] = {
    "addf": np.add, "subf": np.subtract, "mulf": np.multiply, "divf": np.divide,
    "remf": np.fmod, "maximumf": extremes.maximum, "minimumf": extremes.minimum,
    "maxnumf": extremes.fmax, "minnumf": extremes.fmin, "negf": np.negative,
    "addi": _modular(np.add, np.logical_xor), "subi": _modular(np.subtract, np.logical_xor),
    "muli": _modular(np.multiply, np.logical_and),
    "divsi": _bit(_divsi, signed), "divui": _bit(_unsigned(_divui), _as_uint8),
    "ceildivui": _bit(_unsigned(_ceildivui), _as_uint8),
    "floordivsi": _bit(_floordivsi, signed), "ceildivsi": _bit(_ceildivsi, signed),
    "remsi": _bit(_remsi, signed), "remui": _bit(_unsigned(_remui), _as_uint8),
    "andi": np.bitwise_and, "ori": np.bitwise_or, "xori": np.bitwise_xor,
    "shli": _bit(np.left_shift, _as_uint8), "shrsi": _bit(np.right_shift, signed),
    "shrui": _bit(_unsigned(np.right_shift), _as_uint8),
    "maxsi": lambda x, y: np.where(signed(x) > signed(y), x, y),
    "minsi": lambda x, y: np.where(signed(x) < signed(y), x, y),
    "maxui": _unsigned(np.maximum), "minui": _unsigned(np.minimum),
}  # fmt: skip

MATH_FUNCTIONS: dict[str, Function] = {
    "absf": np.abs, "absi": np.abs, "sqrt": np.sqrt, "exp": np.exp, "exp2": np.exp2,
    "expm1": np.expm1, "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p,
    "tanh": np.tanh, "sin": np.sin, "cos": np.cos, "erf": lambda x: _erf(x).astype(x.dtype),
    "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "roundeven": np.rint,
    "powf": np.power, "copysign": np.copysign, "fma": fma, "rsqrt": lambda x: 1 / np.sqrt(x),
    "cbrt": np.cbrt, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "sinh": np.sinh, "cosh": np.cosh, "asinh": np.arcsinh, "acosh": np.arccosh,
    "atanh": np.arctanh, "atan2": np.arctan2, "round": _half_away,
    "fpowi": lambda x, y: np.power(x, y.astype(x.dtype)),
}  # fmt: skip


def _either_nan(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.isnan(x) | np.isnan(y)


def _or_nan(function: Function) -> Function:
    return lambda x, y: function(x, y) | _either_nan(x, y)


COMPARE: dict[str, Function] = {
    "eq": np.equal, "ne": np.not_equal,
    "slt": lambda x, y: signed(x) < signed(y), "sle": lambda x, y: signed(x) <= signed(y),
    "sgt": lambda x, y: signed(x) > signed(y), "sge": lambda x, y: signed(x) >= signed(y),
}  # fmt: skip
COMPARE |= {
    f"u{name}": _unsigned(function)
    for name, function in (
        ("lt", np.less), ("le", np.less_equal), ("gt", np.greater), ("ge", np.greater_equal),
    )
}  # fmt: skip

_FLOAT = {
    "eq": np.equal, "gt": np.greater, "ge": np.greater_equal, "lt": np.less, "le": np.less_equal,
}  # fmt: skip
COMPARE_FLOAT: dict[str, Function] = {
    **{f"o{name}": function for name, function in _FLOAT.items()},
    **{f"u{name}": _or_nan(function) for name, function in _FLOAT.items()},
    "one": lambda x, y: (x < y) | (x > y),
    "une": np.not_equal,
    "ord": lambda x, y: ~_either_nan(x, y),
    "uno": _either_nan,
    "true": lambda x, y: np.ones(np.broadcast_shapes(x.shape, y.shape), bool),
    "false": lambda x, y: np.zeros(np.broadcast_shapes(x.shape, y.shape), bool),
}


def _to_bits(array: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Truncation: for i1 the lowest bit."""
    return (array & 1).astype(bool) if dtype == np.bool_ else array.astype(dtype)


def _unsigned_width(x: np.ndarray) -> np.ndarray:
    return x.astype(np.uint8) if x.dtype == np.bool_ else unsigned(x)


CASTS: dict[str, Callable[[np.ndarray, np.dtype], np.ndarray]] = {
    "extf": np.ndarray.astype, "truncf": np.ndarray.astype,
    "sitofp": lambda x, t: signed(x).astype(t), "uitofp": lambda x, t: unsigned(x).astype(t),
    "fptosi": np.ndarray.astype,
    "fptoui": lambda x, t: x.astype(f"u{t.itemsize}").view(t) if t != np.bool_ else x != 0,
    "extsi": lambda x, t: signed(x).astype(t),
    "extui": lambda x, t: unsigned(x).astype(t),
    "trunci": _to_bits,
    "index_cast": lambda x, t: _to_bits(signed(x), t),
    "index_castui": lambda x, t: _to_bits(_unsigned_width(x), t),
    "bitcast": lambda x, t: x.view(t),
}  # fmt: skip


def compute(operation: Operation, arguments: Sequence[Any]) -> np.ndarray:
    """The result of an `arith` or `math` operation of one result, as an array."""
    name = operation.name.partition(".")[2]
    arrays = [to_array(v, o.type) for v, o in zip(arguments, operation.operands, strict=True)]
    elements = [element_of(value.type) for value in (*operation.operands, operation.result)]
    if name == "select":
        return np.where(*arrays)
    if name in _BY_INTEGERS or any(_is_odd(element) for element in elements):
        return _exactly(operation, name, arrays, elements)
    if name in CASTS:
        return CASTS[name](arrays[0], numpy_dtype(elements[-1]))
    if name == "cmpi":
        return COMPARE[predicate_of(operation)](*arrays)
    if name == "cmpf":
        return COMPARE_FLOAT[predicate_of(operation)](*arrays)
    return (BINARY.get(name) or MATH_FUNCTIONS[name])(*arrays)


_BY_INTEGERS = (*integers.UNARY, "ipowi")


def _is_odd(element: Any) -> bool:
    """Whether NumPy has no such numbers."""
    return isinstance(element, OtherFloatType) or storage_dtype(element).kind == "O"


def _exactly(
    operation: Operation, name: str, arrays: Sequence[np.ndarray], elements: Sequence[Any]
) -> np.ndarray:
    """An operation element by element on Python's integers, or on floats that hold the values."""
    source, target = elements[0], elements[-1]
    if name in CASTS:
        convert = _conversion(operation, name, source, target)
        return np.frompyfunc(convert, 1, 1)(arrays[0])
    if name == "cmpi":
        name = predicate_of(operation)
    if name in integers.SIGNED or name in integers.UNSIGNED:
        both = np.frompyfunc(lambda x, y: integers.binary(name, int(x), int(y), source), 2, 1)
        result = both(*arrays)
        return np.asarray(result, bool) if operation.definition.name == "arith.cmpi" else result
    if name in integers.UNARY or name == "absi":
        return np.frompyfunc(lambda x: integers.unary(name, int(x), source), 1, 1)(arrays[0])
    if name == "cmpf":
        return COMPARE_FLOAT[predicate_of(operation)](*arrays)
    if name == "fpowi":
        return np.power(arrays[0], arrays[1].astype(arrays[0].dtype))
    return (BINARY.get(name) or MATH_FUNCTIONS[name])(*arrays)


def _conversion(operation: Operation, name: str, source: Any, target: Any) -> Function:
    """A cast between numbers of which NumPy lacks one."""
    width = integer_width(target) if not is_float(target) else 0
    match name:
        case "sitofp":
            return lambda x: _float(integers.signed(int(x), source))
        case "uitofp":
            return lambda x: _float(integers.unsigned(int(x), source))
        case "fptosi" | "fptoui":
            return lambda x: _clipped(float(x), width, name == "fptosi")
        case "extsi" | "index_cast":
            return lambda x: integers.signed(int(x), source)
        case "extui" | "index_castui":
            return lambda x: integers.unsigned(int(x), source)
        case "bitcast":
            return lambda x: _from_bits(_bits(x, source), target)
    return lambda x: float(x) if is_float(target) else int(x)


def _float(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return libm.inf if number > 0 else -libm.inf


def _clipped(number: float, width: int, is_signed: bool) -> int:
    """The integer part; NaN and what does not fit are as RISC-V has them."""
    low, high = (-(1 << (width - 1)), (1 << (width - 1)) - 1) if is_signed else (0, 2**width - 1)
    if not libm.isfinite(number):
        return low if number == -libm.inf else high
    return min(max(int(number), low), high)


def _bits(value: Any, type: Any) -> int:
    if is_float(type):
        return float_bits(float(value), type)
    return integers.unsigned(int(value), type)


def _from_bits(bits: int, type: Any) -> int | float:
    return float_of_bits(bits, type) if is_float(type) else wrapped(bits, type)


def execute(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    """The executor of every elementwise operation of `arith` and `math`."""
    word = _WORDS.get(operation.name)
    if (
        word is not None
        and all(type(a) is int for a in arguments)
        and operation.operand(0).type in _WORD_TYPES
        and operation.result.type in _WORD_RESULTS
    ):
        return [word(operation, *arguments)]
    return [to_data(compute(operation, arguments), operation.result.type)]


_WORD_TYPES = {i64, index}
_WORD_RESULTS = {i64, index, i1}
_HALF = 1 << 63


def _wrapped(function: Callable[[int, int], int]) -> Callable[[Operation, int, int], int]:
    return lambda operation, a, b: ((function(a, b) + _HALF) & (2 * _HALF - 1)) - _HALF


_ORDER = {
    "eq": op.eq, "ne": op.ne, "slt": op.lt, "sle": op.le, "sgt": op.gt, "sge": op.ge,
    "ult": lambda a, b: a % (2 * _HALF) < b % (2 * _HALF),
    "ule": lambda a, b: a % (2 * _HALF) <= b % (2 * _HALF),
    "ugt": lambda a, b: a % (2 * _HALF) > b % (2 * _HALF),
    "uge": lambda a, b: a % (2 * _HALF) >= b % (2 * _HALF),
}  # fmt: skip
_WORDS: dict[str, Callable[..., int]] = {
    "arith.addi": _wrapped(op.add), "arith.subi": _wrapped(op.sub), "arith.muli": _wrapped(op.mul),
    "arith.cmpi": lambda operation, a, b: _ORDER[predicate_of(operation)](a, b),
    "arith.index_cast": lambda operation, a: a,
}  # fmt: skip
"""The same without NumPy for single 64-bit integers, of which the control of loops consists."""


def _extended(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    """A sum or product of twice the width, in two parts."""
    element = element_of(operation.operand(0).type)
    width = integer_width(element)
    of = integers.signed if operation.definition is mulsi_extended else integers.unsigned
    times = operation.definition is not addui_extended

    def whole(x: Any, y: Any) -> int:
        left, right = of(int(x), element), of(int(y), element)
        return left * right if times else left + right

    arrays = [to_array(v, o.type) for v, o in zip(arguments, operation.operands, strict=True)]
    exact = np.frompyfunc(whole, 2, 1)(*arrays)
    parts = (np.frompyfunc(part, 1, 1)(exact) for part in (
        lambda number: wrapped(number, element), lambda number: wrapped(number >> width, element),
    ))  # fmt: skip
    return [to_data(part, r.type) for part, r in zip(parts, operation.results, strict=True)]


for _definition in (addui_extended, mulsi_extended, mului_extended):
    _definition.executes(_extended)


@truncf.executes
def _truncf(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    """Rounded as `roundingmode` says, to nearest even where it says nothing."""
    (array,) = (to_array(arguments[0], operation.operand(0).type),)
    mode = ROUNDING_MODES[operation.get("roundingmode", 0)]
    target = element_of(operation.result.type)
    if mode == ROUNDING_MODES[0]:
        return [to_data(array, operation.result.type)]
    directed = np.frompyfunc(lambda x: FORMATS[target].round(float(x), mode), 1, 1)(array)
    return [to_data(directed, operation.result.type)]


@constant.executes
def _execute_constant(interpreter: Any, operation: Operation, arguments: Any) -> list[Any]:
    value = operation.attributes["value"]
    if (
        type(value) is IntegerAttr
        and value.type in _WORD_TYPES
        and -_HALF <= value.value < _HALF
    ):
        return [value.value]
    return [data_of(value)]


@select.executes
def _execute_select(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    condition, one, other = arguments
    if isinstance(condition, bool):
        return [one if condition else other]
    return execute(interpreter, operation, arguments)


for _definition in (*ARITH.ops.values(), *MATH.ops.values()):
    if _definition.execute is None:
        _definition.executes(execute)
