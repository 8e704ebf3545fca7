"""Folds and simplifications of `tensor`, and of casts between what is known of shapes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.dialects import tensor
from fleet.dialects.computed_sizes import COMPUTED
from fleet.dialects.folding import (
    Folded,
    is_relayable,
    maker,
    relaid,
    reshaped,
)
from fleet.dialects.tensor.execution import slices_of
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import Attribute, DenseAttr, IntegerAttr
from fleet.ir.core import Operation, Value
from fleet.ir.interfaces import ShapeReification
from fleet.ir.interpreter import attribute_of, data_of, scalar
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import TensorType, index, numpy_dtype

Constants = Sequence[Attribute | None]
Size = int | Value


# -- tensor.dim


@tensor.dim.folds
def _fold_dim(operation: Operation, constants: Constants) -> Folded:
    axis = constants[1]
    shape = operation.operand(0).type.shape
    if isinstance(axis, IntegerAttr) and 0 <= axis.value < len(shape):
        size = shape[axis.value]
        return None if size is None else [IntegerAttr(size, index)]
    return None


@tensor.dim.pattern
def _dim_of_result(operation: Operation, rewriter: Rewriter) -> bool:
    """The size of what an operation makes, by the operation's own account of it."""
    source = operation.operand(0)
    axis = constant_int(operation.operand(1))
    made = getattr(source, "operation", None)
    answer = None if axis is None or made is None else ShapeReification.of(made)
    shape = None if answer is None else answer.shape(made, source.number, COMPUTED)
    if shape is None or not 0 <= axis < len(shape) or shape[axis] is None:
        return False
    rewriter.replace(operation, shape[axis].value(rewriter))
    return True


# -- casts


@tensor.cast.folds
def _fold_cast(operation: Operation, constants: Constants) -> Folded:
    source = operation.operand(0)
    inner = maker(source, "tensor.cast")
    for candidate in (source, inner.operand(0) if inner is not None else None):
        if candidate is not None and candidate.type == operation.result.type:
            return [candidate]
    return None


@tensor.cast.pattern
def _cast_of_cast(operation: Operation, rewriter: Rewriter) -> bool:
    """Two casts are one, if the first did not promise more than the second."""
    inner = maker(operation.operand(0), "tensor.cast")
    if inner is None:
        return False
    first, between, last = inner.operand(0).type, inner.result.type, operation.result.type
    for a, b, c in zip(first.shape, between.shape, last.shape, strict=True):
        if a is None and b is not None and c is None:
            return False
    if not tensor.compatible(first, last):
        return False
    operation.set_operand(0, inner.operand(0))
    return True


# -- elements


def _is_outside(places: Sequence[int | None], shape: Sequence[int | None]) -> bool:
    """Whether a subscript is known to be out of range."""
    return any(
        place is not None and (place < 0 or (size is not None and place >= size))
        for place, size in zip(places, shape, strict=True)
    )


@tensor.extract.folds
def _fold_extract(operation: Operation, constants: Constants) -> Folded:
    source = operation.operand(0)
    places = [c.value if isinstance(c, IntegerAttr) else None for c in constants[1:]]
    if _is_outside(places, source.type.shape):
        return None  # an error, which stays
    made = maker(source, "tensor.from_elements", "tensor.splat")
    if made is not None and made.name == "tensor.splat":
        return [made.operand(0)]
    if isinstance(constants[0], DenseAttr) and constants[0].is_splat:
        places = [0] * source.type.rank
    if None in places:
        return None
    where = places
    if made is not None:
        return [made.operands[int(np.ravel_multi_index(where, source.type.shape)) if where else 0]]
    if isinstance(constants[0], DenseAttr):
        element = np.asarray(constants[0].value[tuple(where)])
        type = operation.result.type
        return [attribute_of(scalar(element, type), type)]
    return None


@tensor.extract.pattern
def _extract_of_view(operation: Operation, rewriter: Rewriter) -> bool:
    """An element of a cast tensor is the tensor's; of a single element reshaped, its source's."""
    made = maker(
        operation.operand(0), "tensor.cast", "tensor.expand_shape", "tensor.collapse_shape"
    )
    if made is None:
        return False
    source = made.operand(0)
    indices = list(operation.operands[1:])
    if made.name != "tensor.cast":
        if source.type.count != 1 or any(constant_int(place) != 0 for place in indices):
            return False
        indices = [rewriter.constant(0) for _ in range(source.type.rank)]
    rewriter.replace_by(operation, tensor.extract, source, indices)
    return True


def _fold_elements(operation: Operation, constants: Constants) -> Folded:
    """A tensor of constant elements is a constant."""
    type = operation.result.type
    if None in constants or not constants or not type.is_static:
        return None
    dtype = numpy_dtype(type.element)
    values = [np.asarray(data_of(c)).astype(dtype) for c in constants]
    return [DenseAttr(np.array(values).reshape(type.shape), type)]


tensor.from_elements.folds(_fold_elements)


@tensor.splat.folds
def _fold_splat(operation: Operation, constants: Constants) -> Folded:
    type = operation.result.type
    if constants[0] is None or not type.is_static:
        return None
    element = np.asarray(data_of(constants[0])).astype(numpy_dtype(type.element))
    return [DenseAttr(np.broadcast_to(element, type.shape), type)]


# -- slices and reshapes


def _is_whole(operation: Operation, whole: TensorType) -> bool:
    """Whether a slice is everything, as far as static entries and the type tell."""
    return (
        whole.is_static
        and all(offset == 0 for offset in operation.get("static_offsets"))
        and all(stride == 1 for stride in operation.get("static_strides"))
        and tuple(operation.get("static_sizes")) == whole.shape
    )


@tensor.extract_slice.folds
def _fold_extract_slice(operation: Operation, constants: Constants) -> Folded:
    source, type = operation.operand(0), operation.result.type
    if source.type == type and _is_whole(operation, type):
        return [source]
    if is_relayable(constants[0], type) and len(operation.operands) == 1:
        constant = constants[0]
        try:
            where = slices_of(
                operation, constant.value.shape, iter(()), ("offsets", "sizes", "strides")
            )
        except IndexError:  # an error, which stays
            return None
        return relaid(constant, constant.value[where].reshape(type.shape), type, "slice")
    return None


@tensor.insert_slice.folds
def _fold_insert_slice(operation: Operation, constants: Constants) -> Folded:
    source, dest = operation.operands[:2]
    if source.type == dest.type and _is_whole(operation, dest.type):
        return [source]
    return None


def _fold_reshape(operation: Operation, constants: Constants) -> Folded:
    """Nothing changed, there and back, or a constant."""
    source, type = operation.operand(0), operation.result.type
    if source.type == type:
        return [source]
    inverse = {
        "tensor.collapse_shape": "tensor.expand_shape",
        "tensor.expand_shape": "tensor.collapse_shape",
    }[operation.name]
    inner = maker(source, inverse)
    if inner is not None and inner.operand(0).type == type:
        same = inner.get("reassociation") == operation.get("reassociation")
        if type.is_static or (same and operation.name == "tensor.collapse_shape"):
            return [inner.operand(0)]
    if is_relayable(constants[0], type):
        return relaid(constants[0], reshaped(constants[0], type.shape), type, "reshape")
    return None


tensor.collapse_shape.folds(_fold_reshape)
tensor.expand_shape.folds(_fold_reshape)


@tensor.concat.folds
def _fold_concat(operation: Operation, constants: Constants) -> Folded:
    only = operation.operand(0)
    alone = len(operation.operands) == 1 and only.type == operation.result.type
    return [only] if alone else None


@tensor.reshape.folds
def _fold_plain_reshape(operation: Operation, constants: Constants) -> Folded:
    source, type = operation.operand(0), operation.result.type
    if source.type == type and (sum(dim is None for dim in type.shape) <= 1 or _is_own(operation)):
        return [source]
    if is_relayable(constants[0], type):
        return relaid(constants[0], reshaped(constants[0], type.shape), type, "reshape")
    return None


def _is_own(operation: Operation) -> bool:
    """Whether a reshape asks for the sizes that its source has."""
    source = operation.operand(0)
    sizes = maker(operation.operand(1), "tensor.from_elements")
    if sizes is None or source.type.rank != len(sizes.operands):
        return False
    for axis, (size, known) in enumerate(zip(sizes.operands, source.type.shape, strict=True)):
        asked = maker(size, "tensor.dim")
        same = asked is not None and asked.operand(0) is source
        own = same and constant_int(asked.operand(1)) == axis
        if not own and (known is None or constant_int(size) != known):
            return False
    return True
