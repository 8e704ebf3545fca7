"""Sorting and running products of complex arrays.

In: operations on complex tensors. Out: the same on floats. The one idea: a sort by several keys is
a stable sort by each, the least important one first: the imaginary parts, the real ones, then which
of them are NaN.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import arith, numpy, tensor
from fleet.dialects.numpy.checks import shape_of
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.conversion import Conversion
from fleet.ir.types import TensorType, i64, index
from fleet.passes.numbers.functions import Complex
from fleet.passes.numbers.reals import Reals
from fleet.passes.numbers.reductions import Parts, complex_of, sizes_of, values
from fleet.passes.numbers.running import running


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
    given = values(complex_of(conversion, op.operand(0)))

    def combine(total: Sequence[Reals], row: Sequence[Reals]) -> list[Reals]:
        made = Complex(*total).times(Complex(*row))
        return [made.re, made.im]

    return [running(conversion.builder, given, op.get("axis"), (1.0, 0.0), combine)]


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
