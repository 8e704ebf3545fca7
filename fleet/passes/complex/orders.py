"""Sorting and running products of complex arrays.

In: operations on complex tensors. Out: the same on floats. The one idea: a sort by several keys is
a stable sort by each, the least important one first: the imaginary parts, the real ones, then which
of them are NaN.
"""

from __future__ import annotations

from fleet.dialects import arith, numpy, scf, tensor
from fleet.dialects.numpy.checks import shape_of
from fleet.dialects.tensor import DYNAMIC
from fleet.ir.attributes import i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.rewriting.conversion import Conversion
from fleet.ir.types import TensorType, element_of, i64, index
from fleet.passes.complex.functions import Complex
from fleet.passes.complex.reals import Reals
from fleet.passes.complex.reductions import Parts, complex_of, sizes_of, values


def sort(conversion: Conversion, op: Operation) -> Parts:
    x = complex_of(conversion, op.operand(0))
    order = _order(conversion.builder, x)
    return [[_taken(conversion.builder, part, order) for part in values(x)]]


def argsort(conversion: Conversion, op: Operation) -> Parts:
    return [_order(conversion.builder, complex_of(conversion, op.operand(0)))]


def _order(builder: Builder, x: Complex) -> Value:
    """The positions along the last axis in order; NaN last, those of imaginary parts first."""
    order = _positions(builder, x.im.value)
    for key in (x.re, x.re.unary("isnan").cast(i64) * 2.0 + x.im.unary("isnan").cast(i64)):
        found = _positions(builder, _taken(builder, key.value, order))
        order = _taken(builder, order, found)
    return order


def _positions(builder: Builder, keys: Value) -> Value:
    return builder.value(numpy.argsort, keys, types=[keys.type.with_element(i64)])


def _taken(builder: Builder, source: Value, positions: Value) -> Value:
    """The elements of each row at positions in it."""
    shape, type = shape_of(source), source.type
    if len(shape) == 1:
        return builder.value(numpy.take, source, positions, types=[type], axis=0)
    sizes = sizes_of(builder, source)
    length = builder.value(tensor.dim, source, builder.constant(len(shape) - 1), types=[index])
    rows = builder.constant(1)
    for axis in range(len(shape) - 1):
        size = builder.value(tensor.dim, source, builder.constant(axis), types=[index])
        rows = builder.value(arith.muli, rows, size)
    flat = builder.value(
        numpy.reshape, source, [builder.value(arith.muli, rows, length)],
        types=[TensorType((None,), type.element)],
    )  # fmt: skip
    step = builder.value(arith.index_cast, length, types=[i64])
    begins = builder.value(
        numpy.arange, builder.constant(0, i64), step, rows, types=[TensorType((None,), i64)]
    )
    lead = TensorType((*shape[:-1], 1), i64)
    begins = builder.value(
        numpy.reshape, begins, sizes if shape[-1] is not None else sizes[:-1], types=[lead]
    )
    places = Reals(builder, positions) + Reals(builder, begins)
    return builder.value(numpy.take, flat, places.value, types=[type], axis=0)


def cumprod(conversion: Conversion, op: Operation) -> Parts:
    """One element after the other along the axis."""
    builder, axis = conversion.builder, op.get("axis")
    x = complex_of(conversion, op.operand(0))
    given = values(x)
    shape = shape_of(given[0])
    row_shape = (*shape[:axis], 1, *shape[axis + 1 :])
    row_type = TensorType(row_shape, element_of(given[0].type))
    sizes = [
        builder.value(tensor.dim, given[0], builder.constant(a), types=[index])
        for a, size in enumerate(shape) if size is None and a != axis
    ]  # fmt: skip
    where = {
        "static_offsets": i64_array([DYNAMIC if a == axis else 0 for a in range(len(shape))]),
        "static_sizes": i64_array([DYNAMIC if size is None else size for size in row_shape]),
        "static_strides": i64_array([1] * len(shape)),
    }
    ones = Complex(*(Reals(builder, builder.value(
        numpy.full, builder.constant(number, row_type.element), sizes, types=[row_type]
    )) for number in (1.0, 0.0)))  # fmt: skip
    block = Block()
    types = [row_type, row_type, given[0].type, given[0].type]
    at, *carried = (block.add_argument(type) for type in (index, *types))
    inner = Builder(block, location=builder.location)
    row = Complex(*(
        Reals(inner, inner.value(numpy.slice, part, [at], sizes, types=[row_type], **where))
        for part in given
    ))  # fmt: skip
    total = Complex(*(Reals(inner, value) for value in carried[:2])).times(row)
    made = [
        inner.value(numpy.insert_slice, part, whole, [at], sizes, types=[whole.type], **where)
        for part, whole in zip(values(total), carried[2:], strict=True)
    ]
    inner.create(scf.yield_, [*values(total), *made])
    count = builder.value(tensor.dim, given[0], builder.constant(axis), types=[index])
    loop = builder.create(
        scf.for_, builder.constant(0), count, builder.constant(1), [*values(ones), *given],
        types=types, regions=[Region([block])],
    )  # fmt: skip
    return [list(loop.results[2:])]


def scatter(conversion: Conversion, op: Operation) -> Parts | None:
    """Part by part where the parts do not meet."""
    if op.get("combine") not in ("set", "add", "subtract"):
        return None
    given, indices, dest = (conversion.values_of(operand) for operand in op.operands)
    return [[
        conversion.builder.value(
            numpy.scatter, part, indices[0], into, types=[into.type], **dict(op.attributes))
        for part, into in zip(given, dest, strict=True)
    ]]  # fmt: skip
