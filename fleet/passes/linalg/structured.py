"""Building blocks of the structured level: constants, slices, reshapes, `linalg.generic`.

In: a builder and values. Out: the operations, with MLIR's attributes spelled out. The one idea:
every pass that makes `linalg.generic` says only maps, iterators and what happens to one element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from fleet.dialects import arith, linalg, tensor
from fleet.ir.affine import AffineConst, AffineExpr, AffineMap, d
from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import (
    ArrayAttr,
    Attribute,
    DenseAttr,
    FloatAttr,
    IntegerAttr,
    i64_array,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import (
    FloatType,
    IndexType,
    IntegerType,
    TensorType,
    Type,
    element_of,
    index,
    numpy_dtype,
)

Size = int | Value
"""A dimension when building: a number, or an index value for a dynamic one."""

Body = Callable[[Builder, Sequence[Value]], "Value | Sequence[Value]"]
"""Makes a generic's body: from the block's arguments to what is yielded."""

PARALLEL, REDUCTION = linalg.PARALLEL, linalg.REDUCTION

EXPENSIVE = {
    "math.exp", "math.expm1", "math.log", "math.log1p", "math.log2", "math.log10", "math.tanh",
    "math.erf", "math.sin", "math.cos", "math.tan", "math.asin", "math.acos", "math.atan",
    "math.atan2", "math.sinh", "math.cosh", "math.asinh", "math.acosh", "math.atanh", "math.cbrt",
    "math.powf", "math.exp2",
}  # fmt: skip
"""Functions that are polynomials of many instructions: kernels of their own, not epilogues."""


def number_attribute(value: float | int | bool, type: Type) -> Attribute:
    """A scalar of a type as an attribute; integers wrap to the type's width."""
    if isinstance(type, FloatType):
        return FloatAttr(float(numpy_dtype(type).type(value)), type)
    assert isinstance(type, IntegerType | IndexType)
    number = int(value)
    if isinstance(type, IntegerType) and type.width > 1:
        bits = number & ((1 << type.width) - 1)
        signed = type.signedness != "u" and bits >> (type.width - 1)
        number = bits - (1 << type.width) if signed else bits
    return IntegerAttr(number, type)


def scalar(builder: Builder, value: float | int | bool, type: Type) -> Value:
    """A scalar constant."""
    return builder.value(arith.constant, value=number_attribute(value, type), types=[type])


def index_constant(builder: Builder, value: int) -> Value:
    return scalar(builder, value, index)


def index_value(builder: Builder, size: Size) -> Value:
    """A size as an index value."""
    return index_constant(builder, size) if isinstance(size, int) else size


def dense(builder: Builder, array: np.ndarray, type: TensorType, key: str | None = None) -> Value:
    """A tensor constant; the array has the type's shape (strides of 0 are kept)."""
    return builder.value(arith.constant, value=DenseAttr(array, type, key), types=[type])


def splat(builder: Builder, value: float | int | bool, type: TensorType) -> Value:
    """A constant tensor of static shape whose elements are all equal."""
    one = np.array(value).astype(numpy_dtype(type.element))
    return dense(builder, np.broadcast_to(one, type.shape), type)


# -- what is known now


def splat_number(value: Value) -> float | int | None:
    """The number that every element of the value is, when known now; None when not."""
    held = constant_of(value)
    if isinstance(held, IntegerAttr | FloatAttr):
        return held.value
    if isinstance(held, DenseAttr):
        return held.value.flat[0].item() if held.is_splat else None
    owner = value.owner
    if not isinstance(owner, Operation):
        return None
    match owner.name:
        case (
            "numpy.to_tensor" | "numpy.reshape" | "numpy.broadcast_to" | "tensor.cast"
            | "tensor.expand_shape" | "tensor.collapse_shape" | "tosa.reshape" | "tensor.splat"
        ):  # fmt: skip
            return splat_number(owner.operand(0))
        case "numpy.full":
            return splat_number(owner.operand(0))
        case "tensor.from_elements" if len(owner.operands) == 1:
            return splat_number(owner.operand(0))
        case "linalg.fill" if owner.operand(0).type == element_of(value.type):
            return splat_number(owner.operand(0))
    return None


# -- shapes


def type_of(sizes: Sequence[Size], element: Type) -> TensorType:
    return TensorType(tuple(s if isinstance(s, int) else None for s in sizes), element)


def dynamic(sizes: Iterable[Size]) -> list[Value]:
    return [size for size in sizes if not isinstance(size, int)]


def size_of(builder: Builder, value: Value, axis: int) -> Size:
    """One dimension of a tensor: a number, or a new `tensor.dim`."""
    known = value.type.shape[axis]
    if known is not None:
        return known
    return builder.value(tensor.dim, value, index_constant(builder, axis), types=[index])


def sizes_of(builder: Builder, value: Value) -> list[Size]:
    return [size_of(builder, value, axis) for axis in range(value.type.rank)]


def empty(builder: Builder, sizes: Sequence[Size], element: Type) -> Value:
    return builder.value(tensor.empty, dynamic(sizes), types=[type_of(sizes, element)])


def cast(builder: Builder, value: Value, type: Type) -> Value:
    """The value under another static knowledge of its shape."""
    return value if value.type == type else builder.value(tensor.cast, value, types=[type])


def reassociation_attr(groups: Iterable[Iterable[int]]) -> ArrayAttr:
    return ArrayAttr(tuple(ArrayAttr(tuple(IntegerAttr(a) for a in group)) for group in groups))


def collapse(builder: Builder, value: Value, groups: Sequence[Sequence[int]]) -> Value:
    """Merge groups of neighbouring dimensions."""
    if all(len(group) == 1 for group in groups) and len(groups) == value.type.rank:
        return value
    shape: list[int | None] = []
    for group in groups:
        total: int | None = 1
        for axis in group:
            dim = value.type.shape[axis]
            total = None if total is None or dim is None else total * dim
        shape.append(total)
    return builder.value(
        tensor.collapse_shape,
        value,
        types=[value.type.with_shape(tuple(shape))],
        reassociation=reassociation_attr(groups),
    )


def expand(
    builder: Builder, value: Value, groups: Sequence[Sequence[int]], sizes: Sequence[Size]
) -> Value:
    """Split each dimension into the group of result dimensions; `sizes` is the result's shape."""
    if len(sizes) == value.type.rank:
        return value
    return builder.value(
        tensor.expand_shape,
        value,
        dynamic(sizes),
        types=[type_of(sizes, value.type.element)],
        reassociation=reassociation_attr(groups),
        static_output_shape=i64_array(s if isinstance(s, int) else tensor.DYNAMIC for s in sizes),
    )


def add_leading_ones(builder: Builder, value: Value, rank: int) -> Value:
    """The tensor with dimensions of size 1 put in front, up to the rank."""
    missing = rank - value.type.rank
    if missing <= 0:
        return value
    held = constant_of(value)
    if isinstance(held, DenseAttr):
        array = held.value.reshape((1,) * missing + held.value.shape)
        return dense(builder, array, value.type.with_shape(array.shape), held.key)
    sizes: list[Size] = [1] * missing + sizes_of(builder, value)
    if value.type.rank == 0:
        return expand(builder, value, [], sizes)
    groups = [list(range(missing + 1))] + [[a] for a in range(missing + 1, rank)]
    return expand(builder, value, groups, sizes)


def _entries(values: Sequence[Size]) -> Attribute:
    return i64_array(v if isinstance(v, int) else tensor.DYNAMIC for v in values)


def extract_slice(
    builder: Builder,
    source: Value,
    offsets: Sequence[Size],
    sizes: Sequence[Size],
    strides: Sequence[int],
    type: TensorType | None = None,
) -> Value:
    return builder.value(
        tensor.extract_slice,
        source,
        dynamic(offsets),
        dynamic(sizes),
        [],
        types=[type or type_of(sizes, source.type.element)],
        static_offsets=_entries(offsets),
        static_sizes=_entries(sizes),
        static_strides=i64_array(strides),
    )


def insert_slice(
    builder: Builder,
    source: Value,
    dest: Value,
    offsets: Sequence[Size],
    sizes: Sequence[Size],
    strides: Sequence[int],
) -> Value:
    return builder.value(
        tensor.insert_slice,
        source,
        dest,
        dynamic(offsets),
        dynamic(sizes),
        [],
        types=[dest.type],
        static_offsets=_entries(offsets),
        static_sizes=_entries(sizes),
        static_strides=i64_array(strides),
    )


# -- linalg


def operand_map(value: Value, rank: int) -> AffineMap:
    """How a result's point subscripts an operand: dimensions of size 1 are read at 0."""
    missing = rank - value.type.rank
    results: list[AffineExpr] = [
        AffineConst(0) if dim == 1 else d(axis + missing)
        for axis, dim in enumerate(value.type.shape)
    ]
    return AffineMap(rank, tuple(results))


def generic(
    builder: Builder,
    inputs: Sequence[Value],
    outputs: Sequence[Value],
    maps: Sequence[AffineMap],
    iterators: Sequence[str],
    body: Body,
) -> Operation:
    """A `linalg.generic`; its results have the outputs' types."""
    block = Block([value.type.element for value in (*inputs, *outputs)])
    inner = Builder(block, location=builder.location)
    made = body(inner, block.arguments)
    inner.create(linalg.yield_, [made] if isinstance(made, Value) else list(made))
    return builder.create(
        linalg.generic,
        list(inputs),
        list(outputs),
        types=[value.type for value in outputs],
        regions=[Region([block])],
        indexing_maps=linalg.maps_attribute(maps),
        iterator_types=linalg.iterators_attribute(iterators),
    )


def pointwise(
    builder: Builder,
    inputs: Sequence[Value],
    maps: Sequence[AffineMap],
    sizes: Sequence[Size],
    element: Type,
    body: Body,
) -> Value:
    """An all-parallel generic that makes a new tensor of these sizes."""
    out = empty(builder, sizes, element)
    rank = len(sizes)
    all_maps = [*maps, AffineMap.identity(rank)]
    return generic(builder, inputs, [out], all_maps, [PARALLEL] * rank, body).result


def fill(builder: Builder, value: Value, sizes: Sequence[Size]) -> Value:
    """A new tensor of these sizes, the scalar everywhere."""
    return fill_into(builder, value, empty(builder, sizes, value.type))


def fill_into(builder: Builder, value: Value, out: Value) -> Value:
    block = Block([value.type, out.type.element])
    Builder(block, location=builder.location).create(linalg.yield_, [block.arguments[0]])
    return builder.value(linalg.fill, [value], [out], types=[out.type], regions=[Region([block])])


def named_matmul(builder: Builder, name: str, a: Value, b: Value, out: Value) -> Value:
    """`linalg.matmul`, `matmul_transpose_b` or `batch_matmul`: out += a @ b."""
    element = out.type.element
    block = Block([a.type.element, b.type.element, element])
    inner = Builder(block, location=builder.location)
    x, y, total = block.arguments
    is_float = isinstance(element, FloatType)
    times, plus = (arith.mulf, arith.addf) if is_float else (arith.muli, arith.addi)
    product = inner.value(times, x, y)
    inner.create(linalg.yield_, [inner.value(plus, total, product)])
    return builder.value(
        linalg.LINALG.ops[name], [a, b], [out], types=[out.type], regions=[Region([block])]
    )
