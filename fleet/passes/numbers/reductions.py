"""Reductions, products and running sums of complex arrays, by their parts.

In: operations on complex tensors. Out: the same on floats. The one idea: sums go part by part and a
matrix product is four; what compares numbers looks for the place of the extreme one first, among
the greatest real parts by the imaginary ones; only products of many go element by element.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from fleet.dialects import numpy, scf, tensor
from fleet.dialects.numpy.checks import shape_of
from fleet.dialects.tensor import DYNAMIC
from fleet.ir.attributes import i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.rewriting.conversion import Conversion
from fleet.ir.types import TensorType, element_of, i64, index
from fleet.passes.numbers.functions import Complex
from fleet.passes.numbers.reals import Reals, constant_of

Parts = Sequence["Value | Sequence[Value]"]


def complex_of(conversion: Conversion, value: Value) -> Complex:
    """A complex operand."""
    re, im = conversion.values_of(value)
    return Complex(Reals(conversion.builder, re), Reals(conversion.builder, im))


def values(x: Complex) -> list[Value]:
    return [x.re.value, x.im.value]


def matmul(conversion: Conversion, op: Operation) -> Parts:
    a, b = (conversion.values_of(operand) for operand in op.operands)
    builder = conversion.builder
    type = op.result.type.with_element(element_of(a[0].type))

    def product(x: Value, y: Value) -> Reals:
        return Reals(builder, builder.value(numpy.matmul, x, y, types=[type]))

    real = product(a[0], b[0]) - product(a[1], b[1])
    return [[real.value, (product(a[0], b[1]) + product(a[1], b[0])).value]]


# -- extremes


def arg_extreme(conversion: Conversion, op: Operation) -> Parts:
    x = complex_of(conversion, op.operand(0))
    return [_place(x, op.get("axis"), op.name == "numpy.argmax", op.result.type)]


def _place(x: Complex, axis: int, biggest: bool, type: TensorType) -> Value:
    hits = _hits(x, [axis], biggest).cast(i64)
    return x.re.builder.value(numpy.argmax, hits.value, types=[type], axis=axis)


def extreme(conversion: Conversion, op: Operation) -> Parts:
    """max and min: the parts of the first element that is the extreme one, an axis at a time."""
    builder = conversion.builder
    x = complex_of(conversion, op.operand(0))
    axes = sorted(op.get("axes"), reverse=True)
    for axis in axes:
        x = _extreme_along(builder, x, axis, op.name == "numpy.max")
    if "keepdims" in op.attributes and axes:
        return [[_with_units(builder, part, sorted(axes)) for part in values(x)]]
    return [values(x)]


def _extreme_along(builder: Builder, x: Complex, axis: int, biggest: bool) -> Complex:
    shape = shape_of(x.re.value)
    left = TensorType(shape[:axis] + shape[axis + 1 :], i64)
    place = Reals(builder, _with_units(builder, _place(x, axis, biggest, left), [axis]))
    count = builder.value(tensor.dim, x.re.value, builder.constant(axis), types=[index])
    steps = builder.value(
        numpy.arange, builder.constant(0, i64), builder.constant(1, i64), count,
        types=[TensorType((shape[axis],), i64)],
    )  # fmt: skip
    row = TensorType((shape[axis], *(1 for _ in shape[axis + 1 :])), i64)
    sizes = [count] if shape[axis] is None else []
    chosen = Reals(builder, builder.value(numpy.reshape, steps, sizes, types=[row])).equals(place)
    parts = []
    for part in (x.re, x.im):
        only = chosen.where(part, -math.inf)
        made = builder.value(
            numpy.reduce["max"], only.value, types=[left.with_element(part.element)],
            axes=i64_array([axis]),
        )  # fmt: skip
        parts.append(Reals(builder, made))
    return Complex(*parts)


def _hits(x: Complex, axes: Sequence[int], biggest: bool) -> Reals:
    """Which elements are extreme along some axes; if there is a NaN, these."""
    name, worst = ("max", -math.inf) if biggest else ("min", math.inf)
    lost = x.re.unary("isnan") | x.im.unary("isnan")
    real = lost.where(worst, x.re)
    first = real.equals(_kept(real, name, axes)) & ~lost
    imaginary = first.where(x.im, worst)
    hits = first & imaginary.equals(_kept(imaginary, name, axes))
    any_lost = _kept(lost, "any", axes)
    return (any_lost & lost) | (~any_lost & hits)


def _kept(x: Reals, name: str, axes: Sequence[int]) -> Reals:
    shape = tuple(1 if a in axes else size for a, size in enumerate(shape_of(x.value)))
    made = x.builder.value(
        numpy.reduce[name], x.value, types=[TensorType(shape, x.element)], axes=i64_array(axes),
        keepdims=None,
    )  # fmt: skip
    return Reals(x.builder, made)


# -- products


def prod(conversion: Conversion, op: Operation) -> Parts:
    """One axis after the other, the last first; along each, one element after the other."""
    x = complex_of(conversion, op.operand(0))
    axes = sorted(op.get("axes"), reverse=True)
    for axis in axes:
        x = _multiplied(conversion.builder, x, axis)
    if "keepdims" not in op.attributes or not axes:
        return [values(x)]
    return [[_with_units(conversion.builder, part, sorted(axes)) for part in values(x)]]


def _with_units(builder: Builder, value: Value, axes: Sequence[int]) -> Value:
    """With axes of length 1 at these places of the result."""
    shape, sizes = list(shape_of(value)), sizes_of(builder, value)
    for axis in axes:
        shape.insert(axis, 1)
    type = TensorType(tuple(shape), element_of(value.type))
    return builder.value(numpy.reshape, value, sizes, types=[type])


def sizes_of(builder: Builder, value: Value) -> list[Value]:
    """The lengths of a tensor that only run time knows."""
    return [
        builder.value(tensor.dim, value, builder.constant(axis), types=[index])
        for axis, size in enumerate(shape_of(value)) if size is None
    ]  # fmt: skip


def _multiplied(builder: Builder, x: Complex, axis: int) -> Complex:
    shape = shape_of(x.re.value)
    left = shape[:axis] + shape[axis + 1 :]
    type = TensorType(left, x.re.element)
    given = values(x)
    dynamic = [
        builder.value(tensor.dim, given[0], builder.constant(a), types=[index])
        for a, size in enumerate(shape) if size is None and a != axis
    ]  # fmt: skip
    start = [
        builder.value(numpy.full, constant_of(x.re, number).value, dynamic, types=[type])
        for number in (1.0, 0.0)
    ]
    block = Block()
    at, *carried = (block.add_argument(t) for t in (index, type, type))
    inner = Builder(block, location=builder.location)
    offsets = [0] * len(shape)
    offsets[axis] = DYNAMIC
    sizes = [DYNAMIC if size is None else size for size in shape]
    sizes[axis] = 1
    row_type = TensorType((*shape[:axis], 1, *shape[axis + 1 :]), x.re.element)
    rows = []
    for part in given:
        row = inner.value(
            numpy.slice, part, [at], dynamic, types=[row_type], static_offsets=i64_array(offsets),
            static_sizes=i64_array(sizes), static_strides=i64_array([1] * len(shape)),
        )  # fmt: skip
        rows.append(Reals(inner, inner.value(numpy.reshape, row, dynamic, types=[type])))
    before = Complex(*(Reals(inner, value) for value in carried))
    inner.create(scf.yield_, values(before.times(Complex(*rows))))
    zero, one = builder.constant(0), builder.constant(1)
    count = builder.value(tensor.dim, given[0], builder.constant(axis), types=[index])
    loop = builder.create(
        scf.for_, zero, count, one, start, types=[type, type], regions=[Region([block])]
    )
    return Complex(*(Reals(builder, result) for result in loop.results))


