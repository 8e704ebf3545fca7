"""Sizes of what `numpy` and `tosa` operations make, and the numbers that Python's ints give."""

from __future__ import annotations

from typing import Any

from fleet.dialects import numpy, tosa
from fleet.dialects.tensor.sizes import (
    difference_of,
    joined,
    product_of,
    slice_sizes,
    sum_of,
)
from fleet.ir.core import Operation
from fleet.ir.interfaces import GivenSizes, IndexValue, SizeRule, Sizes, SizesOf, broadcast_sizes
from fleet.ir.types import ShapedType


def _refines(rule: Any) -> SizeRule:
    return SizeRule(rule, refines=True)


for _definition in (numpy.reshape, numpy.broadcast_to, numpy.full):
    _definition.implements(GivenSizes(refines=True))
for _definition in (*numpy.cumulate.values(), numpy.sort, numpy.argsort):
    _definition.implements(SizesOf(0, refines=True))
numpy.searchsorted.implements(SizesOf(1, refines=True))
numpy.scatter.implements(SizesOf(2, refines=True))
numpy.check_indices.implements(SizesOf(0))
numpy.insert_slice.implements(SizesOf(1, refines=True))


def _reduction(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    axes = set(operation.get("axes"))
    keeps = operation.get("keepdims") not in (None, 0, False)
    return [
        sizes.const(1) if axis in axes else size
        for axis, size in enumerate(sizes.shape(operation.operand(0)))
        if keeps or axis not in axes
    ]


def _tosa_reduction(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    along = operation.get("axis")
    shape = sizes.shape(operation.operand(0))
    return [sizes.const(1) if axis == along else size for axis, size in enumerate(shape)]


def _without_axis(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    shape = sizes.shape(operation.operand(0))
    return [size for axis, size in enumerate(shape) if axis != operation.get("axis")]


def _matmul(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    a, b = (list(sizes.shape(operand)) for operand in operation.operands)
    rows = [] if len(a) == 1 else [a[-2]]
    columns = [] if len(b) == 1 else [b[-1]]
    return [*broadcast_sizes([a[:-2], b[:-2]]), *rows, *columns]


def _tosa_matmul(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    a, b = (sizes.shape(operand) for operand in operation.operands)
    return [a[0], a[1], b[2]]


def _transpose(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    shape = sizes.shape(operation.operand(0))
    return [shape[axis] for axis in operation.get("axes") or ()]


def _tosa_transpose(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    shape = sizes.shape(operation.operand(0))
    return [shape[axis] for axis in tosa.permutation_of(operation)]


def _slice(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    return slice_sizes(operation, sizes)


def _take(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    axis = operation.get("axis")
    a, indices = (sizes.shape(operand) for operand in operation.operands)
    return [*a[:axis], *indices, *a[axis + 1 :]]


def _arange(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    return [sizes.size(operation.operand(2))]


for _definition in numpy.reduce.values():
    _definition.implements(_refines(_reduction))
for _definition in tosa.reduce.values():
    _definition.implements(_refines(_tosa_reduction))
for _definition in (numpy.argmax, numpy.argmin, tosa.argmax):
    _definition.implements(_refines(_without_axis))
numpy.matmul.implements(_refines(_matmul))
tosa.matmul.implements(_refines(_tosa_matmul))
numpy.transpose.implements(_refines(_transpose))
tosa.transpose.implements(_refines(_tosa_transpose))
numpy.concatenate.implements(_refines(joined("axis")))
tosa.concat.implements(_refines(joined("axis")))
numpy.slice.implements(_refines(_slice))
numpy.take.implements(_refines(_take))
numpy.arange.implements(_refines(_arange))


# -- numbers


def _on_scalars(rule: Any) -> IndexValue:
    def scalar(operation: Operation, sizes: Sizes) -> Any:
        shaped = isinstance(operation.results[0].type, ShapedType)
        return None if shaped else rule(operation, sizes)

    return IndexValue(scalar)


for _name, _int, _rule in (
    ("add", "int_add", sum_of),
    ("subtract", "int_sub", difference_of),
    ("multiply", "int_mul", product_of),
):
    numpy.binary[_name].implements(_on_scalars(_rule))
    numpy.ints[_int].implements(_on_scalars(_rule))
