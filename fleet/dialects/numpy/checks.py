"""What must hold of `numpy` operations beyond their declarations: axes and shapes.

A dimension that is `?` on either side fits anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.dialects import numpy
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import ArrayAttr, StringAttr
from fleet.ir.core import Operation, Value
from fleet.ir.definition import OpDef
from fleet.ir.format import DYNAMIC
from fleet.ir.types import ComplexType, Shape, ShapedType, Type, element_of, i1, i64


def shape_of(value: Value) -> Shape:
    """The shape of a tensor; of a scalar, ()."""
    return value.type.shape if isinstance(value.type, ShapedType) else ()


def fits(one: Shape, other: Shape) -> bool:
    """Whether two shapes may be the same."""
    return len(one) == len(other) and all(
        a is None or b is None or a == b for a, b in zip(one, other, strict=True)
    )


def broadcast(shapes: Sequence[Shape]) -> Shape:
    """NumPy's broadcast shape, `?` where it is not known. Raises VerifyError."""
    rank = max(map(len, shapes), default=0)
    result = []
    for axis in range(-rank, 0):
        sizes = {s[axis] for s in shapes if len(s) >= -axis} - {1}
        known = sizes - {None}
        if len(known) > 1:
            raise VerifyError(f"cannot broadcast sizes {sorted(known)}")
        result.append(known.pop() if known else None if sizes else 1)
    return tuple(result)


def expect_shape(operation: Operation, shape: Shape) -> None:
    """Raises VerifyError unless the result may have this shape."""
    if not fits(shape_of(operation.result), shape):
        listed = "x".join("?" if size is None else str(size) for size in shape)
        raise VerifyError(f"gives {operation.result.type}, but the shape is [{listed}]")


def expect_element(operation: Operation, *types: Type) -> None:
    for type in types:
        if element_of(type) != element_of(operation.result.type):
            raise VerifyError(f"gives {operation.result.type} of {type}")


def axis_of(operation: Operation, rank: int, name: str = "axis") -> int:
    """An attribute that names one of `rank` dimensions."""
    axis = operation.get(name)
    if not isinstance(axis, int) or not 0 <= axis < rank:
        raise VerifyError(f"has no dimension {axis} among {rank}")
    return axis


def numbers_of(operation: Operation, name: str) -> tuple[int, ...]:
    numbers = operation.get(name)
    if not isinstance(numbers, tuple) or not all(isinstance(n, int) for n in numbers):
        raise VerifyError(f"needs integers in {name!r}")
    return numbers


Check = Callable[[Operation], None]


def checks(*definitions: OpDef) -> Callable[[Check], Check]:
    """Make the decorated function the verifier of operations."""

    def register(function: Check) -> Check:
        for definition in definitions:
            definition.verify_with(function)
        return function

    return register


@checks(*numpy.binary.values(), *numpy.unary.values(), numpy.cast, numpy.bitcast, numpy.where,
        numpy.fma, numpy.complex_, *numpy.parts.values())  # fmt: skip
def _elementwise(operation: Operation) -> None:
    expect_shape(operation, broadcast([shape_of(value) for value in operation.operands]))
    name = operation.name.removeprefix("numpy.")
    operands = operation.operands[1:] if name == "where" else operation.operands
    if len({element_of(value.type) for value in operands}) > 1:
        raise VerifyError(f"mixes {' and '.join(str(value.type) for value in operands)}")
    if name in (*numpy.COMPARE, "isnan", "logical_not"):
        if element_of(operation.result.type) != i1:
            raise VerifyError(f"gives {operation.result.type}, not i1")
    elif name in ("real", "imag", "complex"):
        whole, part = operation.result.type, operands[0].type
        if name != "complex":
            whole, part = part, whole
        if element_of(whole) != ComplexType(element_of(part)):
            raise VerifyError(f"has {part} as part of {whole}")
    elif name == "bitcast":
        source, target = (element_of(v.type) for v in (operation.operand(0), operation.result))
        if source == i1 or target == i1 or source.width != target.width:
            raise VerifyError(f"gives {operation.result.type} for {operation.operand(0).type}")
    elif name not in ("cast", "divide", "absolute"):
        expect_element(operation, operands[0].type)


@checks(*numpy.reduce.values())
def _reduction(operation: Operation) -> None:
    shape = shape_of(operation.operand(0))
    axes = numbers_of(operation, "axes")
    if len(set(axes)) != len(axes) or any(not 0 <= axis < len(shape) for axis in axes):
        raise VerifyError(f"has no dimensions {list(axes)} among {len(shape)}")
    if "order" in operation.attributes:
        order = numbers_of(operation, "order")
        if sorted(order) != list(range(len(shape))):
            raise VerifyError(f"has the order {list(order)} of {len(shape)} dimensions")
    if "apart" in operation.attributes:
        apart = numbers_of(operation, "apart")
        if not all(0 <= place < len(shape) - 1 for place in apart):
            raise VerifyError(f"has dimensions apart at {list(apart)} among {len(shape)}")
    if "keepdims" in operation.attributes:
        kept = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    else:
        kept = tuple(size for axis, size in enumerate(shape) if axis not in axes)
    expect_shape(operation, kept)


@checks(numpy.argmax, numpy.argmin)
def arg_reduction(operation: Operation) -> None:
    shape = shape_of(operation.operand(0))
    axis = axis_of(operation, len(shape))
    expect_shape(operation, shape[:axis] + shape[axis + 1 :])


@checks(*numpy.cumulate.values())
def _cumulate(operation: Operation) -> None:
    axis_of(operation, operation.operand(0).type.rank)
    expect_shape(operation, shape_of(operation.operand(0)))
    expect_element(operation, operation.operand(0).type)


def _of_rank_1(operation: Operation, *values: Value) -> None:
    for value in values:
        if len(shape_of(value)) != 1:
            raise VerifyError(f"takes {value.type}, which has not one dimension")


@checks(numpy.sort, numpy.argsort)
def _sort(operation: Operation) -> None:
    source = operation.operand(0)
    if not shape_of(source):
        raise VerifyError("sorts a scalar")
    expect_shape(operation, shape_of(source))
    expect_element(operation, source.type if operation.definition is numpy.sort else i64)


@checks(numpy.searchsorted)
def _searchsorted(operation: Operation) -> None:
    one, values = operation.operands
    _of_rank_1(operation, one)
    expect_shape(operation, shape_of(values))
    expect_element(operation, i64)
    if element_of(one.type) != element_of(values.type):
        raise VerifyError(f"mixes {one.type} and {values.type}")


@checks(numpy.nonzero)
def _nonzero(operation: Operation) -> None:
    _of_rank_1(operation, operation.operand(0), operation.result)
    expect_element(operation, i64)
    if element_of(operation.operand(0).type) != i1:
        raise VerifyError(f"takes {operation.operand(0).type}, not bools")


@checks(numpy.scatter)
def _scatter(operation: Operation) -> None:
    values, indices, dest = operation.operands
    _of_rank_1(operation, values, indices, dest)
    expect_shape(operation, shape_of(dest))
    expect_element(operation, values.type, dest.type)
    if not fits(shape_of(values), shape_of(indices)) or element_of(indices.type) != i64:
        raise VerifyError(f"puts {values.type} at {indices.type}")
    if operation.get("combine") not in numpy.SCATTER:
        raise VerifyError(f"cannot combine by {operation.get('combine')!r}")


@checks(numpy.matmul)
def _matmul(operation: Operation) -> None:
    one, other = map(shape_of, operation.operands)
    if not one or not other:
        raise VerifyError("multiplies a scalar")
    inner = one[-1], other[-2] if len(other) > 1 else other[0]
    if None not in inner and inner[0] != inner[1]:
        raise VerifyError(f"sums over {inner[0]} and {inner[1]}")
    outer = (one[-2:-1] if len(one) > 1 else ()) + (other[-1:] if len(other) > 1 else ())
    expect_shape(operation, broadcast([one[:-2], other[:-2]]) + outer)
    expect_element(operation, *(value.type for value in operation.operands))


def transposed(operation: Operation, axes: Sequence[int]) -> None:
    shape = shape_of(operation.operand(0))
    if sorted(axes) != list(range(len(shape))):
        raise VerifyError(f"has axes {list(axes)} for rank {len(shape)}")
    expect_shape(operation, tuple(shape[axis] for axis in axes))
    expect_element(operation, operation.operand(0).type)


@checks(numpy.transpose)
def _transpose(operation: Operation) -> None:
    transposed(operation, numbers_of(operation, "axes"))


def same_count(operation: Operation) -> None:
    source, result = operation.operand(0).type, operation.result.type
    if None not in (source.count, result.count) and source.count != result.count:
        raise VerifyError(f"lays out {source} as {result}")
    expect_element(operation, source)


def _given_sizes(operation: Operation) -> None:
    sizes, type = operation.named("sizes"), operation.result.type
    if len(sizes) != sum(1 for size in type.shape if size is None):
        raise VerifyError(f"has {len(sizes)} sizes for the dynamic dimensions of {type}")


@checks(numpy.reshape)
def _reshape(operation: Operation) -> None:
    _given_sizes(operation)
    same_count(operation)


@checks(numpy.broadcast_to)
def _broadcast_to(operation: Operation) -> None:
    _given_sizes(operation)
    source, result = shape_of(operation.operand(0)), shape_of(operation.result)
    if len(source) > len(result) or not fits(broadcast([source, result]), result):
        raise VerifyError(f"cannot broadcast {operation.operand(0).type} to that")
    expect_element(operation, operation.operand(0).type)


@checks(numpy.full)
def _full(operation: Operation) -> None:
    _given_sizes(operation)
    expect_element(operation, operation.operand(0).type)


def joined(operation: Operation) -> None:
    result = operation.result.type
    axis = axis_of(operation, result.rank)
    if not operation.operands:
        raise VerifyError("joins nothing")
    for value in operation.operands:
        shape = list(shape_of(value))
        if len(shape) == result.rank:
            shape[axis] = result.shape[axis]
        if not fits(tuple(shape), result.shape):
            raise VerifyError(f"cannot join {value.type} into {result} along dimension {axis}")
        expect_element(operation, value.type)


def _slice_entries(operation: Operation, whole: Value, part: Value) -> None:
    rank = len(shape_of(whole))
    for name in ("offsets", "sizes", "strides"):
        entries = numbers_of(operation, f"static_{name}")
        if len(entries) != rank:
            raise VerifyError(f"needs {rank} {name}")
        dynamic = sum(1 for entry in entries if entry == DYNAMIC)
        given = 0 if name == "strides" else len(operation.named(name))
        if dynamic != given:
            raise VerifyError(f"has {given} {name} for {dynamic} dynamic ones")
    sizes = tuple(None if s == DYNAMIC else s for s in operation.get("static_sizes"))
    if not fits(sizes, shape_of(part)) or any(s is not None and s < 0 for s in sizes):
        raise VerifyError(f"has sizes {sizes}, which do not fit {part.type}")
    if whole.type.element != part.type.element:
        raise VerifyError(f"mixes {whole.type} and {part.type}")
    _static_bounds(operation, shape_of(whole), sizes)


def _static_bounds(operation: Operation, shape: Shape, sizes: Shape) -> None:
    offsets, strides = operation.get("static_offsets"), operation.get("static_strides")
    for whole, offset, size, stride in zip(shape, offsets, sizes, strides, strict=True):
        if None in (whole, size) or offset == DYNAMIC or size == 0:
            continue
        last = offset + (size - 1) * stride
        if not (0 <= offset < whole and 0 <= last < whole):
            raise VerifyError(f"takes elements {offset} to {last} of {whole}")


@checks(numpy.slice)
def _slice(operation: Operation) -> None:
    _slice_entries(operation, operation.operand(0), operation.result)


@checks(numpy.insert_slice)
def _insert_slice(operation: Operation) -> None:
    _slice_entries(operation, operation.operand(1), operation.operand(0))
    expect_shape(operation, shape_of(operation.operand(1)))


@checks(numpy.take)
def _take(operation: Operation) -> None:
    shape, indices = map(shape_of, operation.operands)
    axis = axis_of(operation, len(shape))
    expect_shape(operation, shape[:axis] + indices + shape[axis + 1 :])
    expect_element(operation, operation.operand(0).type)


@checks(numpy.check_indices)
def _check_indices(operation: Operation) -> None:
    expect_shape(operation, shape_of(operation.operand(0)))


@checks(numpy.arange)
def _arange(operation: Operation) -> None:
    expect_shape(operation, (None,))


@checks(numpy.to_tensor)
def _to_tensor(operation: Operation) -> None:
    expect_shape(operation, ())


@checks(numpy.item)
def _item(operation: Operation) -> None:
    if operation.operand(0).type.count not in (None, 1):
        raise VerifyError(f"takes the only element of {operation.operand(0).type}")
    expect_element(operation, operation.operand(0).type)


@checks(numpy.stack)
def _stack(operation: Operation) -> None:
    expect_shape(operation, (len(operation.operands),))


def _strings(operation: Operation, name: str) -> int:
    attr = operation.attributes[name]
    if not isinstance(attr, ArrayAttr) or not all(isinstance(k, StringAttr) for k in attr.value):
        raise VerifyError(f"needs strings in {name!r}")
    return sum(1 for kind in attr.value if kind.value != "none")


@checks(numpy.check)
def _check(operation: Operation) -> None:
    if _strings(operation, "kinds") != len(operation.operands) - 1:
        raise VerifyError("needs a kind for every operand but the condition")
    if not all(isinstance(operation.get(name), str) for name in ("exception", "message")):
        raise VerifyError("needs an exception's name and a message")


@checks(numpy.host)
def _host(operation: Operation) -> None:
    if operation.get("service") not in numpy.SERVICES:
        raise VerifyError(f"asks for a service {operation.get('service')!r}, which does not exist")
    if _strings(operation, "kinds") != len(operation.operands):
        raise VerifyError("needs a kind for every operand")
    if _strings(operation, "result_kinds") != len(operation.results):
        raise VerifyError("needs a kind for every result")


numpy.concatenate.verify_with(joined)
