"""Python's numbers: `arith`, `math` and `numpy.int_…` on scalars, as nodes on arrays of rank 0.

The one idea: a number is an array without axes, an index an int64. That an int outgrows 64 bits is
an error of the program that the graph does not look for, as all checks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.dialects.arith import predicate_of
from fleet.exporting.onnx.conversion import BOOL, INT64, SMALL, Conversion, Edge, Handler
from fleet.exporting.onnx.operators import functions, integers
from fleet.exporting.onnx.operators.elementwise import binary, unary
from fleet.exporting.onnx.operators.layout import filled
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation
from fleet.ir.types import element_of, numpy_dtype

DOUBLE = np.dtype("float64")

_SPLAT = 1 << 16
"""Bytes up to which an array of the same number everywhere is an initializer."""


def _constant(c: Conversion, op: Operation) -> Edge:
    """A weight that is used transposed is the same initializer, and a Transpose."""
    attribute = op.attributes["value"]
    dtype = numpy_dtype(element_of(op.result.type))
    if isinstance(attribute, DenseAttr):
        array = attribute.value
        if array.nbytes > _SPLAT and not any(array.strides):
            one = c.number(array.reshape(-1)[0], dtype)
            return filled(c, one, list(array.shape))
        named = attribute.key or (op.result.hint if array.size > 1 else None)
        if array.nbytes > SMALL and array.flags.f_contiguous and not array.flags.c_contiguous:
            base = c.constant(array.T, named.removesuffix(".T") if named else None)
            return c.transpose(base, list(range(array.ndim))[::-1])
        return c.constant(array if array.dtype == dtype else array.astype(dtype), named)
    return c.constant(np.asarray(op.get("value"), dtype))


def _by_name(name: str) -> Handler:
    return lambda c, op: binary(name, *c.operands(op))


def _of_one(name: str) -> Handler:
    return lambda c, op: unary(name, *c.operands(op))


def _two(function: Callable[[Edge, Edge], Edge]) -> Handler:
    return lambda c, op: function(*c.operands(op))


def _to_result(c: Conversion, op: Operation) -> Edge:
    (x,) = c.operands(op)
    return x.to(numpy_dtype(element_of(op.result.type)))


def _from_unsigned(c: Conversion, op: Operation) -> Edge:
    """A signless integer read without its sign."""
    (x,) = c.operands(op)
    unsigned = np.dtype(f"uint{x.dtype.itemsize * 8}") if x.dtype.kind == "i" else x.dtype
    return x.to(unsigned).to(numpy_dtype(element_of(op.result.type)))


_ORDER = {
    "eq": "equal", "ne": "not_equal", "lt": "less", "le": "less_equal", "gt": "greater",
    "ge": "greater_equal",
}  # fmt: skip


def _cmpi(c: Conversion, op: Operation) -> Edge:
    x, y = c.operands(op)
    predicate = predicate_of(op)
    if predicate[0] == "u" and x.dtype.kind == "i":
        unsigned = np.dtype(f"uint{x.dtype.itemsize * 8}")
        x, y = x.to(unsigned), y.to(unsigned)
    return binary(_ORDER[predicate[-2:]], x, y)


def _cmpf(c: Conversion, op: Operation) -> Edge:
    """Ordered: false of NaN; unordered: true."""
    x, y = c.operands(op)
    predicate = predicate_of(op)
    if predicate in ("true", "false"):
        return c.number(predicate == "true", BOOL)
    neither = x.is_nan() | y.is_nan()
    match predicate:
        case "uno":
            return neither
        case "ord":
            return ~neither
        case "une":
            return ~x.equals(y)
        case "one":
            return ~(x.equals(y) | neither)
    found = binary(_ORDER[predicate[1:]], x, y)
    return found if predicate[0] == "o" else found | neither


def _select(c: Conversion, op: Operation) -> Edge:
    condition, yes, no = c.operands(op)
    return condition.choose(yes, no)


def _shift_right(c: Conversion, op: Operation) -> Edge:
    return integers.right_shift(*c.operands(op))


# -- Python's operators


def _floats(edges: list[Edge]) -> list[Edge]:
    return [edge.to(DOUBLE) for edge in edges]


def _true_division(c: Conversion, op: Operation) -> Edge:
    x, y = _floats(c.operands(op))
    return x / y


def _mixed(name: str) -> Handler:
    """A comparison of an int with a float is one of numbers: the float's whole part decides, and
    its rest where that is equal."""

    def handler(c: Conversion, op: Operation) -> Edge:
        x, y = c.operands(op)
        if x.dtype.kind == y.dtype.kind:
            return binary(name, x, y)
        if x.dtype.kind == "f":
            return _int_with_float(_TURNED[name], y.to(INT64), x)
        return _int_with_float(name, x.to(INT64), y)

    return handler


_TURNED = {
    "equal": "equal", "less": "greater", "less_equal": "greater_equal", "greater": "less",
    "greater_equal": "less_equal",
}  # fmt: skip


def _int_with_float(name: str, x: Edge, y: Edge) -> Edge:
    inside = (y >= -(2.0**63)) & (y < 2.0**63)
    below = functions.floor(inside.choose(y, 0.0))
    whole = below.to(INT64)
    rest = ~below.equals(y)
    match name:
        case "equal":
            near = x.equals(whole) & ~rest
            beyond = y.c.number(False, BOOL)
        case "less":
            near = (x < whole) | (x.equals(whole) & rest)
            beyond = y > 0
        case "less_equal":
            near = x <= whole
            beyond = y > 0
        case "greater":
            near = x > whole
            beyond = y < 0
        case _:
            near = (x > whole) | (x.equals(whole) & ~rest)
            beyond = y < 0
    return (inside & near) | (~inside & beyond)


def _power(c: Conversion, op: Operation) -> Edge:
    return integers.power(*c.operands(op))


def _powmod(c: Conversion, op: Operation) -> Edge:
    raise c.refuse("pow with three numbers has no operator in ONNX")


def _trunc(c: Conversion, op: Operation) -> Edge:
    (x,) = c.operands(op)
    return functions.trunc(x).to(INT64) if x.dtype.kind == "f" else x.to(INT64)


_ARITH: dict[str, Handler] = {
    "constant": _constant, "select": _select, "cmpi": _cmpi, "cmpf": _cmpf,
    **dict.fromkeys(("addi", "addf"), _by_name("add")),
    **dict.fromkeys(("subi", "subf"), _by_name("subtract")),
    **dict.fromkeys(("muli", "mulf"), _by_name("multiply")),
    "divf": _two(lambda x, y: x / y), "remf": _two(functions.fmod), "negf": _of_one("negative"),
    "divsi": _two(integers.divide_towards_zero), "remsi": _two(integers.fmod),
    "floordivsi": _two(integers.floor_divide),
    "andi": _by_name("bitwise_and"), "ori": _by_name("bitwise_or"),
    "xori": _by_name("bitwise_xor"), "shli": _two(integers.left_shift), "shrsi": _shift_right,
    **dict.fromkeys(("maximumf", "maxsi"), _by_name("maximum")),
    **dict.fromkeys(("minimumf", "minsi"), _by_name("minimum")),
    **dict.fromkeys(("extf", "truncf", "sitofp", "fptosi", "extsi", "trunci", "index_cast"),
                    _to_result),
    **dict.fromkeys(("uitofp", "extui", "index_castui"), _from_unsigned),
}  # fmt: skip

_MATH = {
    "absf": "absolute", "absi": "absolute", "asin": "arcsin", "acos": "arccos", "atan": "arctan",
    "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh", "roundeven": "rint",
    **{name: name for name in (
        "sqrt", "cbrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos",
        "tan", "sinh", "cosh", "tanh", "floor", "ceil", "trunc",
    )},
}  # fmt: skip
_MATH_BINARY = {"atan2": "arctan2", "powf": "power", "copysign": "copysign"}

_INTS: dict[str, Any] = {
    "int_add": _by_name("add"), "int_sub": _by_name("subtract"), "int_mul": _by_name("multiply"),
    "int_floordiv": _two(integers.floor_divide), "int_mod": _two(integers.remainder),
    "int_lshift": _two(integers.left_shift), "int_pow": _power, "int_powmod": _powmod,
    "int_truediv": _true_division, "int_trunc": _trunc, "int_eq": _mixed("equal"),
    "int_lt": _mixed("less"), "int_le": _mixed("less_equal"), "int_gt": _mixed("greater"),
    "int_ge": _mixed("greater_equal"),
}  # fmt: skip

HANDLERS: dict[str, Handler] = {
    **{f"arith.{name}": handler for name, handler in _ARITH.items()},
    **{f"math.{name}": _of_one(wanted) for name, wanted in _MATH.items()},
    **{f"math.{name}": _by_name(wanted) for name, wanted in _MATH_BINARY.items()},
    **{f"numpy.{name}": handler for name, handler in _INTS.items()},
}
