"""Sizes of what `tensor`, `linalg`, `arith`, `math` make, and the numbers that sizes are made of.

In: an operation and who knows its operands' sizes (`Sizes`). Out: its results' dimensions. The one
idea: a rule adds and multiplies sizes without knowing whether they are symbols, when an analysis
asks, or values, when a pass wants the size computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from fleet.dialects import arith, linalg, tensor
from fleet.dialects.math import MATH
from fleet.ir.core import Operation, Value
from fleet.ir.interfaces import (
    GivenSizes,
    IndexValue,
    OneShape,
    SizeRule,
    Sizes,
    SizesOf,
    SizesOfDestination,
)


def product(sizes: Sizes, factors: Iterable[Any]) -> Any:
    """The product of sizes."""
    total = sizes.const(1)
    for factor in factors:
        total = total * factor
    return total


def slice_sizes(operation: Operation, sizes: Sizes) -> list[Any]:
    """The extents of a slice, dimensions of size 1 that it drops included."""
    entries = tensor.mixed(operation, "sizes")
    return [sizes.size(e) if isinstance(e, Value) else sizes.const(e) for e in entries]


def _slice(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    extents = slice_sizes(operation, sizes)
    return [extents[axis] for axis in tensor.kept_axes(operation)]


def _collapse(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
    shape = sizes.shape(operation.operand(0))
    groups = tensor.reassociation_of(operation)
    return [product(sizes, (shape[axis] for axis in group)) for group in groups]


def joined(attribute: str) -> Callable[[Operation, int, Sizes], list[Any]]:
    """The rule of operations that put arrays behind one another along the axis of an attribute."""

    def rule(operation: Operation, number: int, sizes: Sizes) -> list[Any]:
        along = operation.get(attribute)
        shapes = [sizes.shape(operand) for operand in operation.operands]
        total = shapes[0][along]
        for shape in shapes[1:]:
            total = total + shape[along]
        return [*shapes[0][:along], total, *shapes[0][along + 1 :]]

    return rule


for _definition in (tensor.empty, tensor.splat, tensor.generate):
    _definition.implements(GivenSizes())
tensor.expand_shape.implements(GivenSizes("output_shape"))
tensor.cast.implements(SizesOf(0))
tensor.extract_slice.implements(SizeRule(_slice))
tensor.collapse_shape.implements(SizeRule(_collapse))
tensor.concat.implements(SizeRule(joined("dim")))
for _definition in (
    tensor.insert, tensor.insert_slice, linalg.generic, *linalg.NAMED,
):  # fmt: skip
    _definition.implements(SizesOfDestination())


# -- `arith` and `math` on arrays

for _definition in (*arith.ARITH.ops.values(), *MATH.ops.values()):
    if _definition is not arith.constant:
        _definition.implements(OneShape())


# -- numbers


def _constant(operation: Operation, sizes: Sizes) -> Any:
    held = operation.get("value")
    return sizes.const(held) if isinstance(held, int) else None


def _operands(operation: Operation, sizes: Sizes) -> list[Any]:
    return [sizes.size(operand) for operand in operation.operands]


def sum_of(operation: Operation, sizes: Sizes) -> Any:
    a, b = _operands(operation, sizes)
    return a + b


def difference_of(operation: Operation, sizes: Sizes) -> Any:
    a, b = _operands(operation, sizes)
    return a - b


def product_of(operation: Operation, sizes: Sizes) -> Any:
    a, b = _operands(operation, sizes)
    return a * b


def _function(operation: Operation, sizes: Sizes) -> Any:
    name = operation.name.removeprefix("arith.")
    return sizes.function(_SHORT.get(name, name), _operands(operation, sizes))


_SHORT = {"maxsi": "max", "minsi": "min"}


def _select(operation: Operation, sizes: Sizes) -> Any:
    one, other = (sizes.size(operand) for operand in operation.operands[1:])
    return one if one == other else None


def _dim(operation: Operation, sizes: Sizes) -> Any:
    source, axis = operation.operands
    number, shape = sizes.size(axis).static, sizes.shape(source)
    return shape[number] if number is not None and 0 <= number < len(shape) else None


def _same(operation: Operation, sizes: Sizes) -> Any:
    return sizes.size(operation.operand(0))


_NUMBERS: dict[Callable[[Operation, Sizes], Any], Sequence[Any]] = {
    _constant: (arith.constant,),
    _same: (arith.index_cast,),
    sum_of: (arith.addi,),
    difference_of: (arith.subi,),
    product_of: (arith.muli,),
    _function: (
        arith.maxsi, arith.minsi, arith.divsi, arith.divui, arith.floordivsi, arith.ceildivsi,
        arith.remsi,
    ),
    _select: (arith.select,),
    _dim: (tensor.dim,),
}  # fmt: skip
for _rule, _definitions in _NUMBERS.items():
    for _definition in _definitions:
        _definition.implements(IndexValue(_rule))
