"""In which dtype an operator is computed, where the specification allows more than there is.

In: an operator and NumPy's dtype. Out: the dtype to compute in, from which the result is had back
exactly. The one idea: the specification lets Where take any type, onnxruntime's CPU has it for
seven; an integer goes through a wider one, or through int64 where only the last 64 bits count.
Source: onnxruntime/docs/OperatorKernels.md, and sessions made with version 1.32 of each operator.
"""

from __future__ import annotations

import numpy as np

_CODES = {
    "b": "bool", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64",
    "u8": "uint8", "u16": "uint16", "u32": "uint32", "u64": "uint64",
    "f16": "float16", "f32": "float32", "f64": "float64",
}  # fmt: skip

_ALL_NUMBERS = "i8 i16 i32 i64 u8 u16 u32 u64 f16 f32 f64"
_FLOATS = "f16 f32 f64"
_SINGLE = "f16 f32"

_ROWS = {
    **dict.fromkeys("Add Sub Mul Div Mod Abs Sign".split(), _ALL_NUMBERS),
    **dict.fromkeys("Less LessOrEqual Greater GreaterOrEqual".split(), _ALL_NUMBERS),
    "Equal": f"b {_ALL_NUMBERS}",
    "Max": "i8 i32 i64 u8 u32 u64 f16 f32 f64",
    "Min": "i8 i32 i64 u8 u32 u64 f16 f32 f64",
    "Pow": _FLOATS,
    "Neg": "i8 i16 i32 i64 f16 f32 f64",
    **dict.fromkeys("BitwiseAnd BitwiseOr BitwiseXor BitwiseNot".split(),
                    "i8 i16 i32 i64 u8 u16 u32 u64"),
    "BitShift": "u8 u16 u32 u64",
    **dict.fromkeys("Sqrt Exp Log Tanh Sin Cos Floor Ceil Round IsNaN IsInf".split(), _FLOATS),
    **dict.fromkeys("Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Erf Gelu".split(), _SINGLE),
    "Where": "i8 i32 i64 u8 u32 f16 f32 f64",
    "MatMul": "i32 i64 f16 f32 f64",
    "ReduceSum": "i32 i64 f16 f32 f64",
    "ReduceProd": "i32 i64 f16 f32 f64",
    "ReduceMax": "i8 i32 i64 u8 f16 f32 f64",
    "ReduceMin": "i8 i32 i64 u8 f16 f32 f64",
    "ArgMax": "i8 i32 i64 u8 f16 f32 f64",
    "ArgMin": "i8 i32 i64 u8 f16 f32 f64",
    "CumSum": "i32 i64 f16 f32 f64",
    "TopK": "i32 i64 f16 f32 f64",
    "NonZero": "b i32 i64 u8",
}  # fmt: skip
KERNELS = {
    op: frozenset(np.dtype(_CODES[code]) for code in codes.split()) for op, codes in _ROWS.items()
}
"""Operator -> the dtypes that it can be given; those that are not here take any."""

_MODULAR = frozenset("Where MatMul ReduceSum ReduceProd CumSum Neg".split())
"""Of uint64, these give the last 64 bits of what they give of int64."""

_WIDER = {
    "bool": "uint8 int32 int64", "int8": "int32 int64", "int16": "int32 int64",
    "uint8": "int32 int64", "uint16": "int32 int64", "uint32": "int64", "int32": "int64",
    "float16": "float32",
}  # fmt: skip


def carrier(op: str, dtype: np.dtype) -> np.dtype | None:
    """The dtype to compute in: this one, or another in which nothing is lost; None for neither."""
    known = KERNELS.get(op)
    if known is None or dtype in known:
        return dtype
    if dtype == np.uint64 and op in _MODULAR:
        return np.dtype("int64")
    wider = map(np.dtype, _WIDER.get(dtype.name, "").split())
    return next((one for one in wider if one in known), None)
