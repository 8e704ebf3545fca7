"""What must hold of `tosa` operations beyond their declarations: elements, axes and shapes.

A dimension that is `?` on either side fits anything.
"""

from __future__ import annotations

from fleet.dialects import tosa
from fleet.dialects.numpy.checks import (
    arg_reduction,
    axis_of,
    broadcast,
    checks,
    expect_shape,
    fits,
    joined,
    numbers_of,
    same_count,
    shape_of,
    transposed,
)
from fleet.ir.analysis.effects import constant_of
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation
from fleet.ir.types import IntegerType, is_float

# -- element by element

_POINTWISE = [
    definition
    for definition in tosa.TOSA.ops.values()
    if "Elementwise" in definition.traits and definition is not tosa.mul
]


@checks(*_POINTWISE)
def _broadcasts(operation: Operation) -> None:
    """Shapes that differ in dimensions of size 1 alone, and the result's that they give."""
    expect_shape(operation, broadcast([shape_of(value) for value in operation.operands]))


@checks(tosa.mul)
def _product(operation: Operation) -> None:
    """Of integers narrower than 32 bits also the i32 that holds it."""
    _broadcasts(operation)
    one, other = (value.type.element for value in operation.operands)
    result = operation.result.type.element
    wider = isinstance(one, IntegerType) and result == IntegerType(32) and one.width <= 32
    if result != one and not wider:
        raise VerifyError(f"multiplies {one} by {other} to {result}")


# -- along axes, and layouts


@checks(*tosa.reduce.values())
def _tosa_reduce(operation: Operation) -> None:
    shape = shape_of(operation.operand(0))
    axis = axis_of(operation, len(shape))
    expect_shape(operation, (*shape[:axis], 1, *shape[axis + 1 :]))


@checks(tosa.argmax)
def _argmax(operation: Operation) -> None:
    arg_reduction(operation)
    if not isinstance(operation.result.type.element, IntegerType):
        raise VerifyError(f"gives subscripts as {operation.result.type.element}")


@checks(tosa.concat)
def _concat(operation: Operation) -> None:
    joined(operation)
    axis = operation.get("axis")
    others = [(*s[:axis], *s[axis + 1 :]) for s in map(shape_of, operation.operands)]
    if not all(fits(one, other) for one in others for other in others):
        raise VerifyError(f"joins arrays that differ beside dimension {axis}")
    lengths = [shape_of(value)[axis] for value in operation.operands]
    whole = shape_of(operation.result)[axis]
    if None not in (*lengths, whole) and sum(lengths) != whole:
        raise VerifyError(f"joins lengths {lengths} to one of {whole}")



@checks(tosa.reshape)
def _tosa_reshape(operation: Operation) -> None:
    sizes = tuple(None if s == -1 else s for s in numbers_of(operation, "new_shape"))
    if sizes.count(None) > 1:
        raise VerifyError("has more than one size that is to be found out")
    expect_shape(operation, sizes)
    same_count(operation)


@checks(tosa.transpose)
def _tosa_transpose(operation: Operation) -> None:
    order = constant_of(operation.operand(1))
    if isinstance(order, DenseAttr):
        transposed(operation, order.value.tolist())
    axes, rank = shape_of(operation.operand(1)), operation.operand(0).type.rank
    if not fits(axes, (rank,)):
        raise VerifyError(f"needs {rank} axes, not {operation.operand(1).type}")
    if operation.operand(0).type.rank != operation.result.type.rank:
        raise VerifyError(f"transposes {operation.operand(0).type} to {operation.result.type}")


@checks(tosa.slice)
def _tosa_slice(operation: Operation) -> None:
    shape = shape_of(operation.operand(0))
    starts, sizes = numbers_of(operation, "start"), numbers_of(operation, "size")
    if not len(starts) == len(sizes) == len(shape):
        raise VerifyError(f"needs {len(shape)} starts and sizes")
    for whole, start, size in zip(shape, starts, sizes, strict=True):
        if start < 0 or size < -1 or (whole is not None and start + max(size, 0) > whole):
            raise VerifyError(f"takes {size} elements from {start} of {whole}")
    expect_shape(operation, tuple(None if size == -1 else size for size in sizes))


@checks(tosa.matmul)
def _tosa_matmul(operation: Operation) -> None:
    one, other = map(shape_of, operation.operands)
    if not len(one) == len(other) == 3:
        raise VerifyError("needs operands of rank 3")
    if not fits((one[0], one[2]), (other[0], other[1])):
        raise VerifyError(f"cannot multiply {one} by {other}")
    expect_shape(operation, (one[0], one[1], other[2]))


@checks(tosa.gather)
def _tosa_gather(operation: Operation) -> None:
    values, indices = map(shape_of, operation.operands)
    if len(values) != 3 or len(indices) != 2:
        raise VerifyError("needs values of rank 3 and indices of rank 2")
    expect_shape(operation, (values[0], indices[1], values[2]))


@checks(tosa.scatter)
def _scatter(operation: Operation) -> None:
    values, indices, rows = map(shape_of, operation.operands)
    if not len(values) == len(rows) == 3 or len(indices) != 2:
        raise VerifyError("needs values and rows of rank 3 and indices of rank 2")
    if not fits((values[0], indices[1], values[2]), rows):
        raise VerifyError(f"puts rows {rows} at {indices} of {values}")
    expect_shape(operation, values)


@checks(tosa.pad)
def _pad(operation: Operation) -> None:
    source = operation.operand(0).type
    for other in operation.operands[2:]:
        if other.type.count not in (None, 1):
            raise VerifyError(f"pads {source} with {other.type}")


@checks(tosa.tile)
def _tile(operation: Operation) -> None:
    shape, times = shape_of(operation.operand(0)), numbers_of(operation, "multiples")
    if len(times) != len(shape) or any(number < 1 and number != -1 for number in times):
        raise VerifyError(f"needs {len(shape)} positive multiples")
    expect_shape(
        operation,
        tuple(
            None if size is None or number == -1 else size * number
            for size, number in zip(shape, times, strict=True)
        ),
    )


@checks(tosa.reverse)
def _reverse(operation: Operation) -> None:
    shape = shape_of(operation.operand(0))
    axis_of(operation, len(shape))
    expect_shape(operation, shape)


@checks(tosa.fully_connected)
def _fully_connected(operation: Operation) -> None:
    array, weight, bias = map(shape_of, operation.operands)
    if not len(array) == len(weight) == 2 or len(bias) != 1:
        raise VerifyError("needs operands of rank 2, 2 and 1")
    if not fits((array[1], weight[0]), (weight[1], bias[0])) and bias[0] != 1:
        raise VerifyError(f"cannot multiply {array} by {weight} and add {bias}")
    expect_shape(operation, (array[0], weight[0]))
    left, right = (value.type.element for value in operation.operands[:2])
    result = operation.result.type.element
    floats = is_float(left) and result == left
    if left != right or not (floats or (left, result) == (IntegerType(8), IntegerType(32))):
        raise VerifyError(f"multiplies {left} by {right} to {result}")


@checks(tosa.table)
def _table(operation: Operation) -> None:
    if len(shape_of(operation.operand(1))) != 1:
        raise VerifyError("needs a table of rank 1")
    expect_shape(operation, shape_of(operation.operand(0)))
