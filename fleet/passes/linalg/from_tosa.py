"""`tosa-to-linalg`: every tensor computation as a structured operation with a destination.

In: tosa, arith and math on tensors, tensor, linalg. Out: `linalg.generic`, `matmul`,
`matmul_transpose_b`, `batch_matmul` and `fill` on `tensor.empty`, and `tensor.insert_slice` for
concatenation. A matrix that is transposed only to be multiplied by is not transposed.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import arith, linalg, math, tosa
from fleet.ir.affine import AffineConst, AffineMap, d
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.definition import ELEMENTWISE, OpDef
from fleet.ir.rewriting.conversion import Target
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import FloatType, TensorType, i1
from fleet.passes.linalg.conversion import Handler, TensorConversion
from fleet.passes.linalg.reshaping import reshape
from fleet.passes.linalg.scalar_semantics import (
    add,
    compare,
    greatest,
    least,
    maximum,
    minimum,
    multiply,
    negate_bool,
    subtract,
)
from fleet.passes.linalg.structured import (
    PARALLEL,
    REDUCTION,
    Size,
    empty,
    fill,
    generic,
    insert_slice,
    named_matmul,
    operand_map,
    pointwise,
    scalar,
    splat_number,
)
from fleet.passes.shapes.dims import Dims


@register_pass(
    "tosa-to-linalg", "tosa and elementwise tensor operations to linalg", preserves=[Dims]
)
def run(module: Operation) -> None:
    """Convert every tosa operation, and arith and math operations on tensors."""
    target = Target().illegal("tosa").dynamic(_is_on_elements, "arith", "math")
    if not TensorConversion(module, target, HANDLERS).run():
        return
    for op in list(module.walk()):
        if op.definition is linalg.matmul:
            transpose_in_place(op)


def _is_on_elements(op: Operation) -> bool:
    """Whether an operation of arith or math is one on scalars (or no computation at all)."""
    return not (op.has_trait(ELEMENTWISE) and isinstance(op.results[0].type, TensorType))


def elementwise_on_tensors(conversion: TensorConversion, op: Operation) -> list[Value]:
    """The same operation on elements."""
    element = op.result.type.element

    def body(inner: Builder, given: Sequence[Value]) -> Value:
        return inner.insert(op.like(given, [element])).result

    return [_pointwise(conversion, op, body)]


def _pointwise(conversion: TensorConversion, op: Operation, body) -> Value:  # noqa: ANN001 - a Body
    """A generic over the result, constants that are the same everywhere put into the body."""
    sizes = _fitting_sizes(conversion, op)
    numbers = [splat_number(value) for value in op.operands]
    inputs = [v for v, number in zip(op.operands, numbers, strict=True) if number is None]
    rank = op.result.type.rank

    def with_constants(inner: Builder, given: Sequence[Value]) -> Value:
        rest = iter(given)
        values = [
            next(rest) if number is None else scalar(inner, number, value.type.element)
            for value, number in zip(op.operands, numbers, strict=True)
        ]
        return body(inner, values)

    maps = [operand_map(value, rank) for value in inputs]
    return pointwise(
        conversion.builder, inputs, maps, sizes, op.result.type.element, with_constants
    )


def _fitting_sizes(conversion: TensorConversion, op: Operation) -> list[Size]:
    """The result's sizes. Operands of tosa fit: along an axis, what is not 1 is one size, as was
    proven or checked when NumPy's operation became this one."""
    shapes = [conversion.shape(value) for value in op.operands]
    rank = max(len(shape) for shape in shapes)
    sizes: list[Size] = []
    for axis in range(-rank, 0):
        column = [shape[axis] for shape in shapes if len(shape) >= -axis]
        known = [size for size in column if size.static is not None and size.static != 1]
        wide = known or [size for size in column if size.static != 1] or column
        sizes.append(conversion.dims.materialise(wide[0], conversion.builder))
    return sizes


# -- TOSA's elementwise operations, on one element


def _math(definition: OpDef):  # noqa: ANN202 - a function of builder and one value
    return lambda builder, a: builder.value(definition, a)


def _absolute(builder: Builder, a: Value) -> Value:
    return builder.value(math.absf if isinstance(a.type, FloatType) else math.absi, a)


def _negate(builder: Builder, a: Value) -> Value:
    if isinstance(a.type, FloatType):
        return builder.value(arith.negf, a)
    return subtract(builder, scalar(builder, 0, a.type), a)


ELEMENTS = {
    "tosa.add": add, "tosa.sub": subtract, "tosa.mul": multiply,
    "tosa.maximum": maximum, "tosa.minimum": minimum,
    "tosa.equal": lambda builder, a, b: compare(builder, "eq", a, b),
    "tosa.greater": lambda builder, a, b: compare(builder, "gt", a, b),
    "tosa.greater_equal": lambda builder, a, b: compare(builder, "ge", a, b),
    "tosa.select": lambda builder, c, a, b: builder.value(arith.select, c, a, b, types=[a.type]),
    "tosa.negate": _negate, "tosa.abs": _absolute, "tosa.logical_not": negate_bool,
    "tosa.exp": _math(math.exp), "tosa.log": _math(math.log), "tosa.tanh": _math(math.tanh),
    "tosa.floor": _math(math.floor), "tosa.ceil": _math(math.ceil), "tosa.erf": _math(math.erf),
    "tosa.pow": lambda builder, a, b: builder.value(math.powf, a, b),
}  # fmt: skip


def elementwise(conversion: TensorConversion, op: Operation) -> list[Value]:
    function = ELEMENTS[op.name]
    return [_pointwise(conversion, op, lambda inner, given: function(inner, *given))]


# -- reductions


def _start(name: str, element) -> float | int:  # noqa: ANN001 - an element type
    match name:
        case "sum" | "any":
            return 0
        case "prod" | "all":
            return 1
        case "max":
            return least(element)
    return greatest(element)


_COMBINE = {"sum": add, "prod": multiply, "max": maximum, "min": minimum}


def reduce(conversion: TensorConversion, op: Operation) -> list[Value]:
    name = op.name.removeprefix("tosa.reduce_")
    source, axis, element = op.operand(0), op.get("axis"), op.result.type.element
    builder = conversion.builder
    sizes = conversion.sizes_of(source)
    rank = len(sizes)
    kept: list[Size] = [1 if a == axis else size for a, size in enumerate(sizes)]
    init = fill(builder, scalar(builder, _start(name, element), element), kept)
    out = AffineMap(rank, tuple(AffineConst(0) if a == axis else d(a) for a in range(rank)))

    def body(inner: Builder, given: Sequence[Value]) -> Value:
        x, total = given
        if element == i1:
            return inner.value(arith.ori if name == "any" else arith.andi, total, x)
        return _COMBINE[name](inner, total, x)

    iterators = [REDUCTION if a == axis else PARALLEL for a in range(rank)]
    maps = [AffineMap.identity(rank), out]
    return [generic(builder, [source], [init], maps, iterators, body).result]


# -- layout


def transpose(conversion: TensorConversion, op: Operation) -> list[Value]:
    source, axes = op.operand(0), tosa.permutation_of(op)
    sizes = conversion.sizes_of(op.result)
    rank = len(axes)
    map = AffineMap.of_dims(rank, [axes.index(axis) for axis in range(rank)])
    return [
        pointwise(
            conversion.builder, [source], [map], sizes, source.type.element,
            lambda _, given: given[0],
        )
    ]  # fmt: skip


def reshape_op(conversion: TensorConversion, op: Operation) -> list[Value]:
    source = op.operand(0)
    before, after = conversion.shape(source), conversion.shape(op.result)
    return [reshape(conversion.builder, source, before, after, conversion.sizes_of(op.result))]


def concat(conversion: TensorConversion, op: Operation) -> list[Value]:
    builder, axis = conversion.builder, op.get("axis")
    sizes = conversion.sizes_of(op.result)
    made = empty(builder, sizes, op.result.type.element)
    offset = None
    for value in op.operands:
        part = conversion.sizes_of(value)
        along = conversion.shape(value)[axis]
        offsets: list[Size] = [0] * len(part)
        if offset is not None:
            offsets[axis] = conversion.dims.materialise(offset, builder)
        made = insert_slice(builder, value, made, offsets, part, [1] * len(part))
        offset = along if offset is None else offset + along
    return [made]


def matmul(conversion: TensorConversion, op: Operation) -> list[Value]:
    builder = conversion.builder
    element = op.result.type.element
    init = fill(builder, scalar(builder, 0, element), conversion.sizes_of(op.result))
    return [named_matmul(builder, "batch_matmul", *op.operands, init)]


def transpose_in_place(op: Operation) -> None:
    """`a @ transposed(b)` reads b along its rows: matmul_transpose_b."""
    a, b, out = op.operands
    source = b.owner
    if not isinstance(source, Operation) or source.name != "linalg.generic":
        return
    maps = [attr.value for attr in source.get("indexing_maps")]
    is_transposition = (
        len(maps) == 2
        and maps[0] == AffineMap.of_dims(2, (1, 0))
        and maps[1].is_identity
        and source.body.terminator.operands == (source.body.arguments[0],)
    )
    if is_transposition:
        made = named_matmul(Builder.before(op), "matmul_transpose_b", a, source.operand(0), out)
        op.replace_with([made])


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(ELEMENTS, elementwise),
    **{f"tosa.reduce_{name}": reduce for name in tosa.reduce},
    "tosa.transpose": transpose, "tosa.reshape": reshape_op, "tosa.concat": concat,
    "tosa.matmul": matmul,
    "arith": elementwise_on_tensors, "math": elementwise_on_tensors,
}  # fmt: skip
