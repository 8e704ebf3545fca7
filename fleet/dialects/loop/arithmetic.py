"""Scalar and vector arithmetic as Python expressions, for the functions made of kernels.

In: an `arith` or `math` operation's name. Out: the Python that computes it on NumPy scalars or
arrays. The one idea: where NumPy and the machine differ (division by zero, conversion of what does
not fit, fused multiply-add), these are the machine's results.
"""

from __future__ import annotations

import math as libm
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.elementary import IN_NUMPY

BINARY = {
    "addf": "{0} + {1}", "subf": "{0} - {1}", "mulf": "{0} * {1}", "divf": "divf({0}, {1})",
    "remf": "np.fmod({0}, {1})", "maximumf": "maximum({0}, {1})",
    "minimumf": "minimum({0}, {1})", "maxnumf": "fmax({0}, {1})",
    "minnumf": "fmin({0}, {1})", "negf": "-{0}",
    "addi": "{0} + {1}", "subi": "{0} - {1}", "muli": "{0} * {1}",
    "divsi": "divsi({0}, {1})", "divui": "divui({0}, {1})", "floordivsi": "{0} // {1}",
    "ceildivsi": "-(-{0} // {1})", "remsi": "remsi({0}, {1})", "remui": "remui({0}, {1})",
    "andi": "{0} & {1}", "ori": "{0} | {1}", "xori": "{0} ^ {1}",
    "shli": "{0} << {1}", "shrsi": "{0} >> {1}", "shrui": "shrui({0}, {1})",
    "maxsi": "np.maximum({0}, {1})", "minsi": "np.minimum({0}, {1})",
    "maxui": "unsigned_op(np.maximum, {0}, {1})", "minui": "unsigned_op(np.minimum, {0}, {1})",
}  # fmt: skip
"""Python for `arith` operations that need nothing but their operands."""

MATH = {
    "absf": "np.abs({0})", "absi": "np.abs({0})", "sqrt": "np.sqrt({0})", "exp": "np.exp({0})",
    "exp2": "np.exp2({0})", "expm1": "np.expm1({0})", "log": "np.log({0})",
    "log2": "np.log2({0})", "log10": "np.log10({0})", "log1p": "np.log1p({0})",
    "tan": "np.tan({0})", "asin": "np.arcsin({0})", "acos": "np.arccos({0})",
    "atan": "np.arctan({0})", "atan2": "np.arctan2({0}, {1})", "sinh": "np.sinh({0})",
    "cosh": "np.cosh({0})", "asinh": "np.arcsinh({0})", "acosh": "np.arccosh({0})",
    "atanh": "np.arctanh({0})", "cbrt": "np.cbrt({0})",
    "tanh": "np.tanh({0})", "sin": "np.sin({0})", "cos": "np.cos({0})", "erf": "erf({0})",
    "floor": "np.floor({0})", "ceil": "np.ceil({0})", "trunc": "np.trunc({0})",
    "roundeven": "np.rint({0})", "powf": "power({0}, {1})",
    "copysign": "np.copysign({0}, {1})", "fma": "fma({0}, {1}, {2})",
}  # fmt: skip

SCALAR = {
    **{name: f"of_scalar({name!r}, {{0}})" for name in IN_NUMPY},
    "divf": "{0} / {1}", "divsi": "quotient({0}, {1})", "remsi": "remainder({0}, {1})",
    "maxsi": "({0} if {0} > {1} else {1})", "minsi": "({0} if {0} < {1} else {1})",
}  # fmt: skip
"""The same for single numbers, where that is cheaper."""

COMPARE_INTEGER = dict(
    zip(
        CMPI_PREDICATES,
        ("{0} == {1}", "{0} != {1}", "{0} < {1}", "{0} <= {1}", "{0} > {1}", "{0} >= {1}",
         "unsigned_op(np.less, {0}, {1})", "unsigned_op(np.less_equal, {0}, {1})",
         "unsigned_op(np.greater, {0}, {1})", "unsigned_op(np.greater_equal, {0}, {1})"),
        strict=True,
    )
)  # fmt: skip

_NAN = "(({0} != {0}) | ({1} != {1}))"
COMPARE_FLOAT = dict(
    zip(
        CMPF_PREDICATES,
        ("({0} != {0}) & False", "{0} == {1}", "{0} > {1}", "{0} >= {1}", "{0} < {1}",
         "{0} <= {1}", "({0} < {1}) | ({0} > {1})", "({0} == {0}) & ({1} == {1})",
         f"({{0}} == {{1}}) | {_NAN}", f"({{0}} > {{1}}) | {_NAN}", f"({{0}} >= {{1}}) | {_NAN}",
         f"({{0}} < {{1}}) | {_NAN}", f"({{0}} <= {{1}}) | {_NAN}", "{0} != {1}", _NAN,
         "({0} == {0}) | True"),
        strict=True,
    )
)  # fmt: skip

REDUCE = {
    "addf": np.add, "maxnumf": np.fmax, "minnumf": np.fmin, "addi": np.add,
    "andi": np.bitwise_and, "ori": np.bitwise_or, "xori": np.bitwise_xor,
    "maxsi": np.maximum, "minsi": np.minimum, "maxui": np.maximum, "minui": np.minimum,
}  # fmt: skip


ONE = np.float64(1)
_MASK = (1 << 64) - 1
HUGE, TINY, SHRINK, GROW = 2.0**960, 2.0**-800, 2.0**-64, 2.0**300

# -- helpers that the generated functions call; each takes NumPy scalars, arrays, or Python ints


def unsigned(value: Any) -> Any:
    """The same bits as an unsigned integer."""
    if value.__class__ is np.int64:
        return np.uint64(int(value) & _MASK)
    value = np.asarray(value)
    return value if value.dtype.kind == "b" else value.view(f"u{value.dtype.itemsize}")


def unsigned_op(function: Callable, a: Any, b: Any) -> Any:
    """A NumPy function of the operands' bits; integer results come back with the operands' type."""
    result = function(unsigned(a), unsigned(b))
    if result.__class__ is np.uint64:
        return _signed(int(result))
    return result if result.dtype.kind == "b" else result.view(np.asarray(a).dtype)


def _signed(word: int) -> np.int64:
    """A word's bits as a signed integer. (A scalar's `view` takes ten times as long.)"""
    return np.int64(word - (1 << 64) if word >> 63 else word)


def shrui(a: Any, b: Any) -> Any:
    if a.__class__ is np.int64 and (count := int(b)) > 0:
        return np.int64((int(a) & _MASK) >> count)
    return unsigned_op(np.right_shift, a, b)


def power(a: Any, b: Any) -> Any:
    """Of f64 the C library's, whatever NumPy has on this processor."""
    return (np.float_power if a.dtype == np.float64 else np.power)(a, b)


def divf(a: Any, b: Any) -> Any:
    return np.divide(a, b)


def divsi(a: Any, b: Any) -> Any:
    """Towards zero; by zero gives -1, the lowest by -1 itself, as RISC-V does."""
    quotient = np.where(np.equal(b, 0), -1, (a - remsi(a, b)) // np.where(np.equal(b, 0), 1, b))
    return quotient.astype(np.asarray(a).dtype)[()]


def remsi(a: Any, b: Any) -> Any:
    """With the sign of a; by zero gives a."""
    return np.where(np.equal(b, 0), a, np.fmod(a, np.where(np.equal(b, 0), 1, b))).astype(
        np.asarray(a).dtype
    )[()]


def quotient(a: Any, b: Any) -> Any:
    """`divsi` of single numbers."""
    x, y = int(a), int(b)
    if y == 0:
        return type(a)(-1)
    if y == -1:
        return -a  # the lowest stays itself
    whole = abs(x) // abs(y)
    return type(a)(whole if (x < 0) == (y < 0) else -whole)


def remainder(a: Any, b: Any) -> Any:
    """`remsi` of single numbers."""
    x, y = int(a), int(b)
    rest = x if y == 0 else abs(x) % abs(y)
    return type(a)(-rest if x < 0 < rest and y else rest)


def wide_product(a: Any, b: Any, signed: bool) -> tuple[Any, Any]:
    """The two halves of the product of two integers of 64 bits, taken as signed or unsigned."""
    if a.__class__ is np.ndarray or b.__class__ is np.ndarray:
        return np.multiply(a, b), _high_product(np.asarray(a), np.asarray(b), signed)
    x, y = int(a), int(b)
    product = x * y if signed else (x & _MASK) * (y & _MASK)
    return _signed(product & _MASK), _signed(product >> 64 & _MASK)


def _high_product(a: np.ndarray, b: np.ndarray, signed: bool) -> np.ndarray:
    """The upper halves, of quarters (H. Warren, Hacker's Delight, 8-2)."""
    if not signed:
        a, b = a.view(np.uint64), b.view(np.uint64)
    half = a.dtype.type(32)
    low = a.dtype.type((1 << 32) - 1)
    (a0, a1), (b0, b1) = ((v & low, v >> half) for v in (a, b))
    first = (a0.view(np.uint64) * b0.view(np.uint64) >> np.uint64(32)).view(a.dtype)
    middle = a1 * b0 + first
    other = a0 * b1 + (middle & low)
    return (a1 * b1 + (middle >> half) + (other >> half)).view(np.int64)


def divui(a: Any, b: Any) -> Any:
    x, y = unsigned(a), unsigned(b)
    ones = ~np.zeros_like(x)
    return np.where(y == 0, ones, x // np.where(y == 0, 1, y).astype(x.dtype)).view(
        np.asarray(a).dtype
    )[()]


def remui(a: Any, b: Any) -> Any:
    x, y = unsigned(a), unsigned(b)
    return np.where(y == 0, x, x % np.where(y == 0, 1, y).astype(x.dtype)).view(
        np.asarray(a).dtype
    )[()]


def fma(a: Any, b: Any, c: Any) -> Any:
    """a * b + c rounded once: in float64 for float32, with error-free transformations for float64.

    (Twice rounded where the sum in the wider format falls on a tie, once in 2**29 cases.)
    """
    if c.dtype == np.float32:
        return (a * ONE * b + c).astype(np.float32)
    return _fma64(np.asarray(a), np.asarray(b), np.asarray(c))


def _fma64(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> Any:
    """Dekker's product and Knuth's sum, brought where no part of them over- or underflows; of what
    is infinite or no number, plain arithmetic."""
    plain = a * b
    size = np.maximum(np.abs(plain), np.abs(c))
    scale = np.where(size > HUGE, SHRINK, np.where((size < TINY) & (size > 0), GROW, 1.0))
    scale = np.where(np.isfinite(size), scale, 1.0)
    if np.any(scale != 1.0):
        first = np.abs(a) < 1.0  # of two factors, one whose size leaves room
        a, b = np.where(first, a * scale, a), np.where(first, b, b * scale)
        return (_unscaled_fma64(a, b, c * scale, a * b) / scale)[()]
    return _unscaled_fma64(a, b, c, plain)


def _unscaled_fma64(a: np.ndarray, b: np.ndarray, c: np.ndarray, plain: np.ndarray) -> Any:
    a_high, b_high = _split(a), _split(b)
    a_low, b_low = a - a_high, b - b_high
    error = ((a_high * b_high - plain) + a_high * b_low + a_low * b_high) + a_low * b_low
    total = plain + c
    shadow = total - plain
    error = error + ((plain - (total - shadow)) + (c - shadow))
    result = total + error
    return np.where(np.isfinite(error), result, total)[()]


def _split(x: np.ndarray) -> np.ndarray:
    """The upper 26 bits."""
    scaled = x * 134217729.0
    return scaled - (scaled - x)


def float_to_integer(value: Any, dtype: np.dtype) -> Any:
    """Towards zero, saturating; NaN gives the largest, as RISC-V does."""
    limits = np.iinfo(dtype)
    whole = np.trunc(np.asarray(value, np.float64))
    high = whole >= float(limits.max)
    low = whole <= float(limits.min)
    inside = np.where(high | low | np.isnan(whole), 0.0, whole).astype(dtype)
    return np.where(high | np.isnan(whole), limits.max, np.where(low, limits.min, inside)).astype(
        dtype
    )[()]


def cast(value: Any, dtype: np.dtype) -> Any:
    return np.asarray(value).astype(dtype)[()]


def bitcast(value: Any, source: np.dtype, dtype: np.dtype) -> Any:
    return np.asarray(value, source).view(dtype)[()]


def erf(value: Any) -> Any:
    return np.vectorize(libm.erf, otypes=[np.asarray(value).dtype])(value)[()]


def merge(old: Any, new: Any, vl: int, vlmax: int | None) -> Any:
    """An accumulator's next value: the first vl elements new, the others old.

    It is an array even where all elements are equal, since with strips of any length nobody else
    knows how many there are.
    """
    count = vl if vlmax is None else vlmax
    if vl == count:
        return new if np.ndim(new) else np.broadcast_to(new, count)
    merged = np.array(np.broadcast_to(old, count))
    merged[:vl] = new
    return merged


def head(value: Any, vl: int) -> Any:
    """The first vl elements (one for all stays so)."""
    return value[:vl] if np.ndim(value) and len(value) > vl else value


def reduce(operation: str, vector: Any, init: Any, count: int | None, is_unsigned: bool) -> Any:
    """All elements combined with init; `vector` may be one for `count` elements."""
    values = np.asarray(vector)
    if values.ndim == 0:
        values = np.broadcast_to(values, 1 if count is None else count)
    if operation == "ordered_addf":
        return np.add.accumulate(np.append(init, values))[-1]
    function = REDUCE[operation]
    if is_unsigned:
        return unsigned_op(lambda a, b: function(function.reduce(a), b), values, init)[()]
    return cast(function(function.reduce(values, dtype=values.dtype), init), values.dtype)
