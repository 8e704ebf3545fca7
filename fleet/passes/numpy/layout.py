"""NumPy's slicing, indexing, joining and making of arrays.

In: `numpy.reshape`, `transpose`, `slice`, `insert_slice`, `take`, `concatenate`, `arange`, `full`
and the crossings between scalars and tensors. Out: `tensor` and `tosa` operations, and generics
that read with `tensor.extract` where the subscript is computed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.dialects import arith, tensor, tosa
from fleet.dialects.tensor import mixed
from fleet.ir.affine import AffineMap
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.types import FloatType, TensorType, i32, index
from fleet.passes.linalg.conversion import Handler, TensorConversion
from fleet.passes.linalg.reshaping import reshape
from fleet.passes.linalg.scalar_semantics import add, convert, multiply, subtract
from fleet.passes.linalg.structured import (
    Size,
    dense,
    extract_slice,
    fill,
    index_constant,
    index_value,
    insert_slice,
    pointwise,
    scalar,
    splat,
    splat_number,
    type_of,
)
from fleet.passes.numpy.elementwise import as_operand, extracted, linalg_index
from fleet.passes.shapes.symbolic import const


def reshape_op(conversion: TensorConversion, op: Operation) -> list[Value]:
    source = op.operand(0)
    target = conversion.shape(op.result)
    sizes = conversion.sizes(target)
    return [reshape(conversion.builder, source, conversion.shape(source), target, sizes)]


def transpose(conversion: TensorConversion, op: Operation) -> list[Value]:
    axes = list(op.get("axes") or ())
    source = op.operand(0)
    if axes == sorted(axes):
        return [source]
    builder = conversion.builder
    perms = dense(builder, np.array(axes, np.int32), TensorType((len(axes),), i32))
    sizes = conversion.sizes_of(op.result)
    type = type_of(sizes, source.type.element)
    return [builder.value(tosa.transpose, source, perms, types=[type])]


def _slice_parts(op: Operation) -> tuple[list[Size], list[Size], list[int]]:
    strides = [int(stride) for stride in op.get("static_strides")]
    return mixed(op, "offsets"), mixed(op, "sizes"), strides


def slice_op(conversion: TensorConversion, op: Operation) -> list[Value]:
    offsets, sizes, strides = _slice_parts(op)
    return [_sliced(conversion, op.operand(0), offsets, sizes, strides)]


def _sliced(
    conversion: TensorConversion,
    source: Value,
    offsets: Sequence[Size],
    sizes: Sequence[Size],
    strides: Sequence[int],
) -> Value:
    builder = conversion.builder
    if all(stride > 0 for stride in strides):
        shape = [const(s) if isinstance(s, int) else conversion.dims.size(s) for s in sizes]
        whole = all(o == 0 for o in offsets) and all(s == 1 for s in strides)
        if whole and tuple(shape) == conversion.shape(source):
            return source
        owner = source.owner
        if isinstance(owner, Operation) and owner.name == "tensor.extract_slice":
            # A slice of a slice is a slice of the whole.
            outer_offsets, _, outer_strides = _slice_parts(owner)
            offsets = [
                _sum(builder, first, _scaled(builder, then, stride))
                for first, then, stride in zip(outer_offsets, offsets, outer_strides, strict=True)
            ]
            strides = [a * b for a, b in zip(outer_strides, strides, strict=True)]
            source = owner.operand(0)
        return extract_slice(builder, source, offsets, sizes, strides)
    starts = [index_value(builder, offset) for offset in offsets]

    def body(inner: Builder, _: Sequence[Value]) -> Value:
        position = []
        for axis, (start, stride) in enumerate(zip(starts, strides, strict=True)):
            step = inner.value(arith.muli, linalg_index(inner, axis), index_constant(inner, stride))
            position.append(inner.value(arith.addi, start, step))
        return inner.value(tensor.extract, source, position, types=[source.type.element])

    return pointwise(builder, [], [], sizes, source.type.element, body)


def insert_slice_op(conversion: TensorConversion, op: Operation) -> list[Value]:
    """Negative strides are turned round: the source is reversed and the slice taken forwards."""
    offsets, sizes, strides = _slice_parts(op)
    source, dest = op.operand(0), op.operand(1)
    backwards = [axis for axis, stride in enumerate(strides) if stride < 0]
    builder = conversion.builder
    if backwards:
        starts: list[Size] = [0] * len(sizes)
        steps = [1] * len(sizes)
        for axis in backwards:
            steps[axis] = -1
            starts[axis] = _minus_one(builder, sizes[axis], 1)
            span = _minus_one(builder, sizes[axis], strides[axis])
            offsets[axis] = _sum(builder, offsets[axis], span)
            strides[axis] = -strides[axis]
        source = _sliced(conversion, source, starts, sizes, steps)
    return [insert_slice(builder, source, dest, offsets, sizes, strides)]


def _minus_one(builder: Builder, size: Size, factor: int) -> Size:
    """(size - 1) * factor."""
    return _scaled(builder, _sum(builder, size, -1), factor)


def _scaled(builder: Builder, size: Size, factor: int) -> Size:
    if isinstance(size, int):
        return size * factor
    return builder.value(arith.muli, size, index_constant(builder, factor)) if factor != 1 else size


def _sum(builder: Builder, a: Size, b: Size) -> Size:
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    if a == 0 or b == 0:
        return b if a == 0 else a
    return builder.value(arith.addi, index_value(builder, a), index_value(builder, b))


def take(conversion: TensorConversion, op: Operation) -> list[Value]:
    """a[..., indices, ...]: the result's point gives the indices' subscript in its middle."""
    source, indices = op.operands
    axis, extra = op.get("axis"), indices.type.rank
    sizes = conversion.sizes_of(op.result)
    rank = len(sizes)
    where = AffineMap.of_dims(rank, range(axis, axis + extra))

    def body(inner: Builder, given: Sequence[Value]) -> Value:
        chosen = convert(inner, given[0], index)
        before = [linalg_index(inner, a) for a in range(axis)]
        after = [linalg_index(inner, a) for a in range(axis + extra, rank)]
        position = [*before, chosen, *after]
        return inner.value(tensor.extract, source, position, types=[source.type.element])

    return [pointwise(conversion.builder, [indices], [where], sizes, source.type.element, body)]


def concatenate(conversion: TensorConversion, op: Operation) -> list[Value]:
    sizes = conversion.sizes_of(op.result)
    type = type_of(sizes, op.result.type.element)
    axis = IntegerAttr(op.get("axis"), i32)
    return [conversion.builder.value(tosa.concat, list(op.operands), types=[type], axis=axis)]


def arange(conversion: TensorConversion, op: Operation) -> list[Value]:
    """start + i * step; floats take (start + step) - start for the step, as NumPy does."""
    builder = conversion.builder
    start, step, _ = op.operands
    element = op.result.type.element
    start, step = (convert(builder, extracted(builder, value), element) for value in (start, step))
    if isinstance(element, FloatType):
        step = subtract(builder, add(builder, start, step), start)
    sizes = conversion.sizes_of(op.result)
    numbers = [splat_number(start), splat_number(step)]
    # 0.0 plus the first step, which is -0.0 backwards, is 0.0
    forwards = not isinstance(element, FloatType) or (numbers[1] is not None and numbers[1] > 0)
    from_zero = numbers[0] == 0 and forwards
    given = [
        as_operand(builder, value)
        for value, number in zip((start, step), numbers, strict=True)
        if number is None
    ]

    def body(inner: Builder, arguments: Sequence[Value]) -> Value:
        rest = iter(arguments)
        first, by = (
            next(rest) if number is None else scalar(inner, number, element) for number in numbers
        )
        count = convert(inner, linalg_index(inner, 0), element)
        steps = count if numbers[1] == 1 else multiply(inner, count, by)
        return steps if from_zero else add(inner, first, steps)

    return [pointwise(builder, given, [AffineMap(1, ())] * len(given), sizes, element, body)]


def full(conversion: TensorConversion, op: Operation) -> list[Value]:
    builder = conversion.builder
    value = op.operand(0)
    sizes = conversion.sizes_of(op.result)
    element = op.result.type.element
    number = splat_number(value)
    if number is not None:
        return [fill(builder, scalar(builder, number, element), sizes)]
    operand = as_operand(builder, convert(builder, extracted(builder, value), element))
    nothing = AffineMap(len(sizes), ())
    return [pointwise(builder, [operand], [nothing], sizes, element, lambda _, given: given[0])]


def to_tensor(conversion: TensorConversion, op: Operation) -> list[Value]:
    value = op.operand(0)
    number = splat_number(value)
    type = op.result.type
    if number is not None:
        return [splat(conversion.builder, number, type)]
    return [conversion.builder.value(tensor.from_elements, [value], types=[type])]


def item(conversion: TensorConversion, op: Operation) -> list[Value]:
    return [extracted(conversion.builder, op.operand(0))]


def stack(conversion: TensorConversion, op: Operation) -> list[Value]:
    builder = conversion.builder
    values = [extracted(builder, value) for value in op.operands]
    return [builder.value(tensor.from_elements, values, types=[op.result.type])]


HANDLERS: dict[str, Handler] = {
    "numpy.reshape": reshape_op, "numpy.transpose": transpose, "numpy.slice": slice_op,
    "numpy.insert_slice": insert_slice_op, "numpy.take": take, "numpy.concatenate": concatenate,
    "numpy.arange": arange, "numpy.full": full, "numpy.to_tensor": to_tensor, "numpy.item": item,
    "numpy.stack": stack,
}  # fmt: skip
