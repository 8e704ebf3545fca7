"""Sums and products of float16, rounded where NumPy rounds them.

In: an array of float32 numbers that float16 has. Out: what `numpy.sum` and
`numpy.prod` give. The one idea: NumPy's inner loop runs along the axis that is innermost in memory.
If that is added up, it is in float32 and rounded at the end; along other axes, row is added to row
and rounded at each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.dialects import arith, numpy, scf, tensor
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.dialects.numpy.checks import shape_of
from fleet.dialects.tensor import DYNAMIC
from fleet.ir.attributes import i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import TensorType, f32, i1, index
from fleet.passes.numbers.reals import Reals

Rounding = Callable[[Reals], Reals]
"""The nearest numbers of float16, as float32."""


def summed(builder: Builder, x: Value, op: Operation, rounding: Rounding) -> Value:
    """What a sum or a product gives. x: its operand, of f32."""
    order = list(op.get("order") or range(x.type.rank))
    x = _transposed(builder, x, order)
    shape = shape_of(x)
    axes = sorted(order.index(axis) for axis in op.get("axes"))
    type = op.result.type.with_element(f32)
    row = TensorType(tuple(1 if a in axes else size for a, size in enumerate(shape)), f32)

    def compute(builder: Builder, loops: list[int]) -> Value:
        return _along(builder, x, op, axes, loops, row, rounding)

    loops = [axis for axis, size in enumerate(shape) if size != 1]
    behind: list[int] = []
    while loops and loops[-1] not in axes and shape[loops[-1]] is None:
        behind.insert(0, loops.pop())
    if not behind or not loops or loops[-1] not in axes:
        total = compute(builder, loops + behind)
    else:  # only the run can tell whether there is a loop over these
        total = _either(builder, _are_ones(builder, x, behind), row, [
            lambda inner: compute(inner, loops), lambda inner: compute(inner, loops + behind),
        ])  # fmt: skip
    total = _transposed(builder, total, [order.index(axis) for axis in range(len(order))])
    if total.type == type:
        return total
    return builder.value(numpy.reshape, total, _sizes(builder, total, ()), types=[type])


def _transposed(builder: Builder, x: Value, axes: Sequence[int]) -> Value:
    if list(axes) == sorted(axes):
        return x
    type = x.type.with_shape(tuple(shape_of(x)[axis] for axis in axes))
    return builder.value(numpy.transpose, x, types=[type], axes=i64_array(axes))


def _along(
    builder: Builder, x: Value, op: Operation, axes: Sequence[int], loops: Sequence[int],
    row: TensorType, rounding: Rounding,
) -> Value:  # fmt: skip
    """The results in their places along all axes. loops: the axes that are longer than 1."""
    left, inner = list(loops), []
    while left and left[-1] in axes:
        inner.insert(0, left.pop())
    outer = [axis for axis in left if axis in axes]
    if not outer:
        made = builder.value(op.definition, x, types=[row], axes=i64_array(axes), keepdims=None)
        return rounding(Reals(builder, made)).value
    if inner:
        kept = tuple(1 if a in inner else size for a, size in enumerate(shape_of(x)))
        x = builder.value(
            op.definition, x, types=[TensorType(kept, f32)], axes=i64_array(inner), keepdims=None
        )
    is_sum = op.definition is numpy.reduce["sum"]
    start = builder.constant(0.0 if is_sum else 1.0, f32)
    total = builder.value(numpy.full, start, _sizes(builder, x, axes), types=[row])

    def combine(total: Reals, row: Reals) -> Reals:
        return rounding(total + row if is_sum else total * row)

    return _folded(builder, x, outer, total, combine)


def _are_ones(builder: Builder, x: Value, axes: Sequence[int]) -> Value:
    """Whether there is but one element along all these axes."""
    product = builder.constant(1)
    for axis in axes:
        size = builder.value(tensor.dim, x, builder.constant(axis), types=[index])
        product = builder.value(arith.muli, product, size)
    eq = CMPI_PREDICATES.index("eq")
    return builder.value(arith.cmpi, product, builder.constant(1), predicate=eq, types=[i1])


def _either(
    builder: Builder, condition: Value, type: TensorType, ways: list[Callable[[Builder], Value]]
) -> Value:
    """What the first way gives where the condition holds, else the second."""
    regions = []
    for way in ways:
        block = Block()
        inner = Builder(block, location=builder.location)
        inner.create(scf.yield_, [way(inner)])
        regions.append(Region([block]))
    return builder.create(scf.if_, condition, types=[type], regions=regions).result


def _sizes(builder: Builder, value: Value, without: Sequence[int]) -> list[Value]:
    """The lengths of a tensor that only run time knows, but for those of some axes."""
    return [
        builder.value(tensor.dim, value, builder.constant(axis), types=[index])
        for axis, size in enumerate(shape_of(value)) if size is None and axis not in without
    ]  # fmt: skip


def _folded(
    builder: Builder, x: Value, axes: Sequence[int], total: Value,
    combine: Callable[[Reals, Reals], Reals],
) -> Value:  # fmt: skip
    """All rows along the axes, the first of them outermost, combined with what there is."""
    if not axes:
        return combine(Reals(builder, total), Reals(builder, x)).value
    axis, *others = axes
    shape = shape_of(x)
    row = (*shape[:axis], 1, *shape[axis + 1 :])
    where = {
        "static_offsets": i64_array([DYNAMIC if a == axis else 0 for a in range(len(shape))]),
        "static_sizes": i64_array([DYNAMIC if size is None else size for size in row]),
        "static_strides": i64_array([1] * len(shape)),
    }
    sizes = _sizes(builder, x, [axis])
    block = Block()
    at, before = block.add_argument(index), block.add_argument(total.type)
    inner = Builder(block, location=builder.location)
    part = inner.value(numpy.slice, x, [at], sizes, types=[TensorType(row, f32)], **where)
    inner.create(scf.yield_, [_folded(inner, part, others, before, combine)])
    length = builder.value(tensor.dim, x, builder.constant(axis), types=[index])
    loop = builder.create(
        scf.for_, builder.constant(0), length, builder.constant(1), [total],
        types=[total.type], regions=[Region([block])],
    )  # fmt: skip
    return loop.results[0]
