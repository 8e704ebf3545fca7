"""Running combinations along an axis, one element after the other.

In: the parts of an array, and how two numbers combine. Out: each element combined with those
before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.dialects import numpy, scf, tensor
from fleet.dialects.numpy.checks import shape_of
from fleet.dialects.tensor import DYNAMIC
from fleet.ir.attributes import i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Region, Value
from fleet.ir.types import TensorType, element_of, index
from fleet.passes.numbers.reals import Reals

Combine = Callable[[Sequence[Reals], Sequence[Reals]], Sequence[Reals]]
"""What came out so far, and the next elements -> what comes out."""


def running(
    builder: Builder, parts: Sequence[Value], axis: int, start: Sequence[float], combine: Combine
) -> list[Value]:
    """start: what combines with the first elements, part by part."""
    count = len(parts)
    shape = shape_of(parts[0])
    row_shape = (*shape[:axis], 1, *shape[axis + 1 :])
    row_type = TensorType(row_shape, element_of(parts[0].type))
    sizes = [
        builder.value(tensor.dim, parts[0], builder.constant(a), types=[index])
        for a, size in enumerate(shape) if size is None and a != axis
    ]  # fmt: skip
    where = {
        "static_offsets": i64_array([DYNAMIC if a == axis else 0 for a in range(len(shape))]),
        "static_sizes": i64_array([DYNAMIC if size is None else size for size in row_shape]),
        "static_strides": i64_array([1] * len(shape)),
    }
    begun = [
        builder.value(
            numpy.full, builder.constant(number, row_type.element), sizes, types=[row_type]
        )
        for number in start
    ]
    block = Block()
    types = [*[row_type] * count, *(part.type for part in parts)]
    at, *carried = (block.add_argument(type) for type in (index, *types))
    inner = Builder(block, location=builder.location)
    rows = [
        Reals(inner, inner.value(numpy.slice, part, [at], sizes, types=[row_type], **where))
        for part in parts
    ]
    before = [Reals(inner, value) for value in carried[:count]]
    total = [one.value for one in combine(before, rows)]
    made = [
        inner.value(numpy.insert_slice, part, whole, [at], sizes, types=[whole.type], **where)
        for part, whole in zip(total, carried[count:], strict=True)
    ]
    inner.create(scf.yield_, [*total, *made])
    length = builder.value(tensor.dim, parts[0], builder.constant(axis), types=[index])
    loop = builder.create(
        scf.for_, builder.constant(0), length, builder.constant(1), [*begun, *parts],
        types=types, regions=[Region([block])],
    )  # fmt: skip
    return list(loop.results[count:])
