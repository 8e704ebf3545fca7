"""What the dialects' folds share: executing operations on constants, and constants laid out anew.

The rule of the design: arithmetic on a program's arrays runs on the target, so the pipeline
computes only scalars and tensors of one element here; whole arrays only where somebody asks for
that (`arrays`), as `fleet opt --canonicalize` does. Laying out a constant anew (transposing,
slicing, reshaping) is not arithmetic and happens at build time, as a view of the same bytes
wherever NumPy can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

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


_ARRAYS: ContextVar[bool] = ContextVar("arrays", default=False)


@contextmanager
def arrays(folded: bool) -> Iterator[None]:
    """Whether inside the block `fold_elements` computes arrays, too."""
    token = _ARRAYS.set(folded)
    try:
        yield
    finally:
        _ARRAYS.reset(token)


def is_foldable(type: Type) -> bool:
    """Whether a value of the type is computed here: a scalar, a vector, a tensor of one element."""
    return not isinstance(type, TensorType) or type.count == 1


def fold_elements(operation: Operation, constants: Sequence[Attribute | None]) -> Folded:
    """The results of an elementwise operation on constants; of whole arrays where that is asked
    for, and they are small or one number everywhere."""
    found = fold_single(operation, constants)
    if found is not None or not _ARRAYS.get():
        return found
    if not all(isinstance(c, DenseAttr) and (c.is_splat or c.key is None) for c in constants):
        return None
    types = [result.type for result in operation.results]
    if not constants or not all(isinstance(t, TensorType) and t.is_static for t in types):
        return None
    splat = all(constant.is_splat for constant in constants)
    given = [
        constant.value[(slice(0, 1),) * constant.value.ndim] if splat else constant.value
        for constant in constants
    ]
    results = _executed(operation, given)
    if results is None:
        return None
    made = zip(results, types, strict=True)
    return [DenseAttr(np.broadcast_to(np.asarray(value), type.shape), type) for value, type in made]


def fold_single(operation: Operation, constants: Sequence[Attribute | None]) -> Folded:
    """The results of an operation on constants, by its executor, if all are scalars or such."""
    if None in constants or not all(is_foldable(r.type) for r in operation.results):
        return None
    if not all(is_foldable(value.type) for value in operation.operands):
        return None
    if not all(isinstance(c, IntegerAttr | FloatAttr | DenseAttr) for c in constants):
        return None
    results = _executed(operation, [data_of(c) for c in constants])
    if results is None:
        return None
    return [attribute_of(v, r.type) for v, r in zip(results, operation.results, strict=True)]


def _executed(operation: Operation, given: Sequence[Any]) -> Sequence[Any] | None:
    """What an operation gives; None where NumPy may warn of it, when the program comes here."""
    try:
        with np.errstate(all="raise", under="ignore"):
            return operation.definition.execute(None, operation, given)
    except FloatingPointError:
        return None


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
