"""What the dialects' folds share: executing operations on constants, and constants laid out anew.

The rule of the design: arithmetic on arrays runs on the target, so only scalars and tensors of one
element are computed here. Laying out a constant anew (transposing, slicing, reshaping) is not
arithmetic and happens at build time, as a view of the same bytes wherever NumPy can.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.ir.attributes import Attribute, DenseAttr, FloatAttr, IntegerAttr
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.interpreter import attribute_of, data_of
from fleet.ir.number_formats import wrapped
from fleet.ir.types import (
    ShapedType,
    TensorType,
    Type,
    VectorType,
    element_of,
    is_float,
    storage_dtype,
)

Folded = Sequence[Attribute | Value] | None


def is_foldable(type: Type) -> bool:
    """Whether a value of the type is computed here: a scalar, a vector, a tensor of one element."""
    return not isinstance(type, TensorType) or type.count == 1


def fold_single(operation: Operation, constants: Sequence[Attribute | None]) -> Folded:
    """The results of an operation on constants, by its executor, if all are scalars or such."""
    if None in constants or not all(is_foldable(r.type) for r in operation.results):
        return None
    if not all(is_foldable(value.type) for value in operation.operands):
        return None
    if not all(isinstance(c, IntegerAttr | FloatAttr | DenseAttr) for c in constants):
        return None
    try:
        with np.errstate(all="raise", under="ignore"):
            results = operation.definition.execute(None, operation, [data_of(c) for c in constants])
    except FloatingPointError:  # NumPy may warn of it, when the program comes here
        return None
    return [attribute_of(v, r.type) for v, r in zip(results, operation.results, strict=True)]


def constant_like(type: Type, number: int | float) -> Attribute | None:
    """The constant of the type that is a number everywhere; None where sizes are not known."""
    element = element_of(type)
    if not isinstance(type, ShapedType):
        if is_float(element):
            return FloatAttr(number, element)
        return IntegerAttr(wrapped(int(number), element), element)
    if None in type.shape or not isinstance(type, TensorType | VectorType):
        return None
    number = number if is_float(element) else wrapped(int(number), element)
    array = np.broadcast_to(np.array(number, storage_dtype(element)), type.shape)
    return DenseAttr(array, type)


def splat_value(attr: Attribute | None) -> int | float | None:
    """The number that a constant is everywhere, or None."""
    match attr:
        case IntegerAttr(value):
            return value
        case FloatAttr():
            return attr.value
        case DenseAttr() if attr.is_splat:
            first = attr.value[(0,) * attr.value.ndim]
            return first.item() if isinstance(first, np.generic) else first
    return None


def relaid(constant: Attribute | None, array: np.ndarray, type: Type, how: str) -> Folded:
    """A constant laid out anew: `array` was made from its value without arithmetic."""
    assert isinstance(constant, DenseAttr)
    key = None if constant.key is None else f"{constant.key}.{how}"
    return [DenseAttr(array, type, key)] if isinstance(type, TensorType) else None


def is_relayable(constant: Attribute | None, type: Type) -> bool:
    """Whether an operand is a constant and the result's shape is known."""
    return isinstance(constant, DenseAttr) and isinstance(type, TensorType) and type.is_static


def reshaped(constant: DenseAttr, shape: Sequence[int]) -> np.ndarray:
    """The constant's elements in another shape; one repeated element stays one."""
    if constant.is_splat:
        return np.broadcast_to(constant.value[(0,) * constant.value.ndim], shape)
    return constant.value.reshape(shape)


def maker(value: Value, *names: str) -> Operation | None:
    """The operation that makes the value, if it has one of these names."""
    if isinstance(value, OpResult) and value.operation.name in names:
        return value.operation
    return None
