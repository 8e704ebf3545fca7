"""`numpy`'s element functions as nodes: arithmetic, comparisons, choices, casts.

The one idea: the kind of the dtype (bool, int, float) chooses a table, and a table gives a formula;
NumPy's bools add as `or` and multiply as `and`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.dialects.numpy import BINARY, BINARY_COMMUTATIVE, COMPARE, UNARY
from fleet.exporting.onnx.conversion import BOOL, Conversion, Edge, Handler
from fleet.exporting.onnx.operators import functions, integers
from fleet.exporting.onnx.operators.sizes import made_by
from fleet.ir.core import Operation
from fleet.ir.types import element_of, numpy_dtype

HALF = np.dtype("float16")

_ANY: dict[str, Callable[[Edge, Edge], Edge]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "maximum": lambda x, y: x.c.apply("Max", x, y),
    "minimum": lambda x, y: x.c.apply("Min", x, y),
    "bitwise_and": lambda x, y: x & y,
    "bitwise_or": lambda x, y: x | y,
    "bitwise_xor": lambda x, y: x ^ y,
    "equal": lambda x, y: x.equals(y),
    "not_equal": lambda x, y: ~x.equals(y),
    "less": lambda x, y: x < y,
    "less_equal": lambda x, y: x <= y,
    "greater": lambda x, y: x > y,
    "greater_equal": lambda x, y: x >= y,
}
_BOOL: dict[str, Callable[[Edge, Edge], Edge]] = {
    "add": lambda x, y: x | y,
    "multiply": lambda x, y: x & y,
    "maximum": lambda x, y: x | y,
    "minimum": lambda x, y: x & y,
    "less": lambda x, y: ~x & y,
    "less_equal": lambda x, y: ~x | y,
    "greater": lambda x, y: x & ~y,
    "greater_equal": lambda x, y: x | ~y,
}


def binary(name: str, x: Edge, y: Edge) -> Edge:
    """NumPy's function of this name, of two edges of one dtype. Raises FleetError."""
    own: dict[str, Any] = {"b": _BOOL, "f": functions.BINARY}.get(x.dtype.kind, integers.BINARY)
    function = own.get(name) or _ANY.get(name)
    if function is None:
        raise x.c.refuse(f"np.{name} of {x.dtype} has no operator in ONNX")
    if x.dtype == HALF and name in functions.FORMULAS:
        return function(x.to("float32"), y.to("float32")).to(HALF)
    return function(x, y)


def unary(name: str, x: Edge) -> Edge:
    """NumPy's function of this name. Raises FleetError."""
    kind = x.dtype.kind
    match name:
        case "negative":
            return -x if kind != "u" else x.c.number(0, x.dtype) - x
        case "absolute":
            return abs(x) if kind in "if" else x
        case "square":
            return x & x if kind == "b" else x * x
        case "invert":
            return ~x
        case "logical_not":
            return ~x.to(BOOL)
        case "isnan":
            return x.is_nan() if kind == "f" else (x & x.c.number(0, x.dtype)).to(BOOL)
        case "conjugate":
            return x
        case "floor" | "ceil" | "trunc" | "rint" if kind != "f":
            return x
    function = functions.UNARY.get(name)
    if function is None or kind != "f":
        raise x.c.refuse(f"np.{name} of {x.dtype} has no operator in ONNX")
    if x.dtype == HALF and name in functions.FORMULAS:
        return function(x.to("float32")).to(HALF)
    return function(x)


def _result_dtype(op: Operation) -> np.dtype:
    return numpy_dtype(element_of(op.result.type))


def _binary(c: Conversion, op: Operation) -> Edge:
    return binary(op.name.removeprefix("numpy."), *c.operands(op))


def _unary(c: Conversion, op: Operation) -> Edge:
    return unary(op.name.removeprefix("numpy."), *c.operands(op))


def _where(c: Conversion, op: Operation) -> Edge:
    condition, yes, no = c.operands(op)
    return condition.choose(yes, no)


def _fma(c: Conversion, op: Operation) -> Edge:
    """ONNX has none that rounds once."""
    x, y, z = c.operands(op)
    return x * y + z


def _cast(c: Conversion, op: Operation) -> Edge:
    (x,) = c.operands(op)
    return x.to(_result_dtype(op))


def _asks_the_sign(user: Operation) -> bool:
    """Whether an operation compares its first operand with 0 alone."""
    zero = made_by(user.operand(1), "arith.constant") if user.name == "numpy.less" else None
    return zero is not None and not np.any(zero.get("value"))


def _bitcast(c: Conversion, op: Operation) -> Edge:
    """Between ints of one width a cast keeps the bits."""
    (x,) = c.operands(op)
    wanted = _result_dtype(op)
    if x.dtype == wanted:
        return x
    if {x.dtype.kind, wanted.kind} <= set("iu"):
        return x.to(wanted)
    if x.dtype.kind == "f" and wanted.kind == "i" and all(map(_asks_the_sign, op.result.users)):
        return functions.is_negative(x).choose(c.number(-1, wanted), 0)
    raise c.refuse(f"the bits of {x.dtype} as {wanted} have no operator in ONNX")


HANDLERS: dict[str, Handler] = {
    **{f"numpy.{name}": _binary for name in (*BINARY, *BINARY_COMMUTATIVE, *COMPARE)},
    **{f"numpy.{name}": _unary for name in UNARY},
    "numpy.where": _where, "numpy.fma": _fma, "numpy.cast": _cast, "numpy.bitcast": _bitcast,
}  # fmt: skip
