"""Sizes, folds and simplifications of `numpy`: what is known of layouts and scalars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.dialects import numpy
from fleet.dialects.folding import (
    Folded,
    fold_single,
    is_relayable,
    maker,
    relaid,
    reshaped,
    splat_value,
)
from fleet.dialects.numpy.execution import slices_of
from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import Attribute, DenseAttr, IntegerAttr, i64_array
from fleet.ir.core import Operation
from fleet.ir.interpreter import attribute_of, data_of, scalar
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import ComplexType, ShapedType, element_of, i1, numpy_dtype

Constants = Sequence[Attribute | None]


# -- folds


def same(operation: Operation) -> bool:
    """Whether the first operand has the result's type, so that an identity may be dropped."""
    return operation.operand(0).type == operation.result.type


def _never_zero(constant: Attribute | None) -> bool:
    value = splat_value(constant)
    return value is not None and value != 0


_INTEGER_DIVISIONS = ("numpy.floor_divide", "numpy.remainder", "numpy.divide", "numpy.power",
                      "numpy.float_power", "numpy.left_shift", "numpy.right_shift")  # fmt: skip


def _fold_elementwise(operation: Operation, constants: Constants) -> Folded:
    """Numbers are computed, but for complex ones; `x * 1` and the like are x."""
    if isinstance(element_of(operation.operand(0).type), ComplexType):
        return None
    if operation.name in _INTEGER_DIVISIONS:
        # What divides by zero or shifts too far is left to the run time and its checks.
        if not _never_zero(constants[1]) or (splat_value(constants[1]) or 0) < 0:
            return None
        if "shift" in operation.name and splat_value(constants[1]) > 63:
            return None
    found = fold_single(operation, constants)
    if found is not None or not same(operation) or len(operation.operands) != 2:
        return found
    number = splat_value(constants[1])
    other = operation.operand(1).type
    if isinstance(other, ShapedType) and other.rank and other != operation.result.type:
        return None
    integer = isinstance(number, int)
    match operation.name.removeprefix("numpy."):
        case "multiply" | "divide" | "power" | "float_power" if number == 1:
            return [operation.operand(0)]
        case "add" | "subtract" if integer and number == 0:
            return [operation.operand(0)]
    return None


for _definition in (*numpy.binary.values(), *numpy.unary.values(), numpy.where):
    _definition.folds(_fold_elementwise)


@numpy.cast.folds
def _fold_cast(operation: Operation, constants: Constants) -> Folded:
    return [operation.operand(0)] if same(operation) else fold_single(operation, constants)


@numpy.item.folds
def _fold_item(operation: Operation, constants: Constants) -> Folded:
    made = maker(operation.operand(0), "numpy.to_tensor", "numpy.stack", "numpy.full")
    if made is not None and made.operand(0).type == operation.result.type:
        return [made.operand(0)]
    type = operation.result.type
    if getattr(type, "signedness", ""):
        return None  # MLIR has no scalar constants of unsigned types
    if isinstance(constants[0], DenseAttr) and constants[0].value.size == 1:
        return [attribute_of(scalar(constants[0].value.reshape(()), type), type)]
    return None


@numpy.to_tensor.folds
def _fold_to_tensor(operation: Operation, constants: Constants) -> Folded:
    made = maker(operation.operand(0), "numpy.item")
    if made is not None and made.operand(0).type == operation.result.type:
        return [made.operand(0)]
    return fold_single(operation, constants)


@numpy.stack.folds
def _fold_stack(operation: Operation, constants: Constants) -> Folded:
    type = operation.result.type
    if None in constants or not type.is_static:
        return None
    dtype = numpy_dtype(type.element)
    values = [np.asarray(data_of(c)).astype(dtype) for c in constants]
    return [DenseAttr(np.array(values, dtype).reshape(type.shape), type)]


@numpy.full.folds
def _fold_full(operation: Operation, constants: Constants) -> Folded:
    type = operation.result.type
    if constants[0] is None or not type.is_static:
        return None
    element = np.asarray(data_of(constants[0])).astype(numpy_dtype(type.element)).reshape(())
    return [DenseAttr(np.broadcast_to(element, type.shape), type)]


@numpy.transpose.folds
def _fold_transpose(operation: Operation, constants: Constants) -> Folded:
    axes, type = operation.get("axes"), operation.result.type
    if list(axes) == sorted(axes) and same(operation):
        return [operation.operand(0)]
    if is_relayable(constants[0], type):
        return relaid(constants[0], constants[0].value.transpose(axes), type, "T")
    return None


@numpy.transpose.pattern
def _transpose_of_transpose(operation: Operation, rewriter: Rewriter) -> bool:
    inner = maker(operation.operand(0), "numpy.transpose")
    if inner is None:
        return False
    axes = [inner.get("axes")[axis] for axis in operation.get("axes")]
    rewriter.replace_by(operation, numpy.transpose, inner.operand(0), axes=i64_array(axes))
    return True


@numpy.reshape.folds
def _fold_reshape(operation: Operation, constants: Constants) -> Folded:
    type = operation.result.type
    if same(operation) and (type.is_static or sum(dim is None for dim in type.shape) == 1):
        return [operation.operand(0)]  # one unknown size follows from the number of elements
    if is_relayable(constants[0], type):
        return relaid(constants[0], reshaped(constants[0], type.shape), type, "reshape")
    return None


@numpy.reshape.pattern
def _reshape_of_reshape(operation: Operation, rewriter: Rewriter) -> bool:
    inner = maker(operation.operand(0), "numpy.reshape")
    if inner is None:
        return False
    rewriter.replace_by(operation, numpy.reshape, inner.operand(0), operation.named("sizes"))
    return True


@numpy.broadcast_to.folds
def _fold_broadcast(operation: Operation, constants: Constants) -> Folded:
    type = operation.result.type
    if same(operation) and type.is_static:
        return [operation.operand(0)]
    if is_relayable(constants[0], type) and constants[0].is_splat:
        element = constants[0].value[(0,) * constants[0].value.ndim]
        return relaid(constants[0], np.broadcast_to(element, type.shape), type, "broadcast")
    return None


@numpy.slice.folds
def _fold_slice(operation: Operation, constants: Constants) -> Folded:
    type = operation.result.type
    if not type.is_static or len(operation.operands) != 1:
        return None
    whole = same(operation) and all(stride == 1 for stride in operation.get("static_strides"))
    if whole:
        return [operation.operand(0)]
    if is_relayable(constants[0], type):
        parts = ("offsets", "sizes", "strides")
        where = slices_of(operation, constants[0].value.shape, iter(()), parts)
        return relaid(constants[0], constants[0].value[where], type, "slice")
    return None


@numpy.concatenate.folds
def _fold_concatenate(operation: Operation, constants: Constants) -> Folded:
    alone = len(operation.operands) == 1 and same(operation)
    return [operation.operand(0)] if alone else None


@numpy.check.pattern
def _check_known(operation: Operation, rewriter: Rewriter) -> bool:
    """A check that holds is none."""
    if constant_of(operation.operand(0)) != IntegerAttr(1, i1):
        return False
    rewriter.erase(operation)
    return True
