"""Operators that go element by element, and reductions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fleet.exporting.onnx.execution.table import Attributes, Operator, elementwise
from fleet.exporting.onnx.schema import DTYPES


def _div(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of ints towards zero."""
    if a.dtype.kind == "f":
        return a / b
    down = a // b
    return down + ((down * b != a) & ((a < 0) != (b < 0)))


def _mod(attributes: Attributes, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.fmod(a, b) if attributes.get("fmod") else np.mod(a, b)


def _shift(attributes: Attributes, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.left_shift(a, b) if attributes["direction"] == "LEFT" else np.right_shift(a, b)


def _cast(attributes: Attributes, x: np.ndarray) -> np.ndarray:
    return x.astype(DTYPES[attributes["to"]])


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return (1 / (1 + np.exp(-x))).astype(x.dtype)


def _gelu(attributes: Attributes, x: np.ndarray) -> np.ndarray:
    if attributes.get("approximate", "none") != "tanh":
        erf = np.vectorize(math.erf, otypes=[float])
        return (x * 0.5 * (1 + erf(x / math.sqrt(2)))).astype(x.dtype)
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)
    return (0.5 * x * (1 + np.tanh(inner))).astype(x.dtype)


def _softmax(attributes: Attributes, x: np.ndarray) -> np.ndarray:
    axis = attributes.get("axis", -1)
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-math.inf))
    return e / e.sum(axis=axis, keepdims=True)


def _log_softmax(attributes: Attributes, x: np.ndarray) -> np.ndarray:
    axis = attributes.get("axis", -1)
    shifted = x - x.max(axis=axis, keepdims=True, initial=-math.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _layer_norm(
    attributes: Attributes, x: np.ndarray, scale: np.ndarray, bias: np.ndarray | None = None
) -> np.ndarray:
    axes = tuple(range(attributes.get("axis", -1) % x.ndim, x.ndim))
    centred = x - x.mean(axis=axes, keepdims=True)
    variance = (centred * centred).mean(axis=axes, keepdims=True)
    made = centred / np.sqrt(variance + x.dtype.type(attributes.get("epsilon", 1e-5))) * scale
    return made if bias is None else made + bias


def _gemm(
    attributes: Attributes, a: np.ndarray, b: np.ndarray, row: np.ndarray | None = None
) -> np.ndarray:
    a = a.T if attributes.get("transA") else a
    b = b.T if attributes.get("transB") else b
    kind = a.dtype.type
    made = kind(attributes.get("alpha", 1.0)) * (a @ b)
    return made if row is None else made + kind(attributes.get("beta", 1.0)) * row


# -- reductions


def _axes(attributes: Attributes, x: np.ndarray, axes: np.ndarray | None) -> tuple[int, ...]:
    if axes is None or not axes.size:
        return () if attributes.get("noop_with_empty_axes") else tuple(range(x.ndim))
    return tuple(int(axis) for axis in axes)


def _reduce(function: Any) -> Operator:
    def run(
        attributes: Attributes, x: np.ndarray, axes: np.ndarray | None = None
    ) -> np.ndarray:
        keeps = bool(attributes.get("keepdims", 1))
        found = function(x, axis=_axes(attributes, x, axes), keepdims=keeps)
        return np.asarray(found).astype(x.dtype)

    return run


def _position(function: Any) -> Operator:
    def run(attributes: Attributes, x: np.ndarray) -> np.ndarray:
        axis = attributes.get("axis", 0)
        found = function(x, axis=axis)
        return np.expand_dims(found, axis) if attributes.get("keepdims", 1) else found

    return run


def _cumsum(attributes: Attributes, x: np.ndarray, axis: np.ndarray) -> np.ndarray:
    return np.cumsum(x, axis=int(axis), dtype=x.dtype)


OPERATORS: dict[str, Operator] = {
    **{name: elementwise(function) for name, function in {
        "Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Div": _div, "Pow": np.power,
        "Neg": np.negative, "Abs": np.abs, "Sign": np.sign, "And": np.logical_and,
        "Or": np.logical_or, "Xor": np.logical_xor, "Not": np.logical_not,
        "BitwiseAnd": np.bitwise_and, "BitwiseOr": np.bitwise_or, "BitwiseXor": np.bitwise_xor,
        "BitwiseNot": np.invert, "Equal": np.equal, "Less": np.less,
        "LessOrEqual": np.less_equal, "Greater": np.greater, "GreaterOrEqual": np.greater_equal,
        "Where": np.where, "Sqrt": np.sqrt, "Exp": np.exp, "Log": np.log, "Tanh": np.tanh,
        "Sin": np.sin, "Cos": np.cos, "Tan": np.tan, "Asin": np.arcsin, "Acos": np.arccos,
        "Atan": np.arctan, "Sinh": np.sinh, "Cosh": np.cosh, "Asinh": np.arcsinh,
        "Acosh": np.arccosh, "Atanh": np.arctanh, "Floor": np.floor, "Ceil": np.ceil,
        "Round": np.rint, "IsNaN": np.isnan, "IsInf": np.isinf, "Sigmoid": _sigmoid,
        "Relu": lambda x: np.maximum(x, 0),
        "Identity": np.asarray, "MatMul": np.matmul,
    }.items()},
    "Max": lambda attributes, *xs: np.maximum.reduce(np.broadcast_arrays(*xs)),
    "Min": lambda attributes, *xs: np.minimum.reduce(np.broadcast_arrays(*xs)),
    "Mod": _mod, "BitShift": _shift, "Cast": _cast, "Gelu": _gelu, "Softmax": _softmax,
    "LogSoftmax": _log_softmax, "LayerNormalization": _layer_norm, "Gemm": _gemm,
    "ReduceSum": _reduce(np.sum), "ReduceProd": _reduce(np.prod), "ReduceMax": _reduce(np.max),
    "ReduceMin": _reduce(np.min), "ReduceMean": _reduce(np.mean),
    "ArgMax": _position(np.argmax), "ArgMin": _position(np.argmin), "CumSum": _cumsum,
}  # fmt: skip
"""What each gives of its attributes and inputs."""
