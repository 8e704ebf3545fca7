"""NumPy's element functions: broadcasting made explicit, then `tosa` or `linalg.generic`.

In: numpy operations whose operands are scalars and tensors of any ranks. Out: scalar `arith` where
everything is a scalar; `tosa` where it has the operation with NumPy's meaning; else one
`linalg.generic`. The one idea: a dimension is a 1 known now (repeated), provably the result's
(walked along), or neither; the last kind alone costs a check and an index multiplied by 0 or 1 at
run time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.dialects import arith, linalg, tensor, tosa
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.definition import OpDef
from fleet.ir.interfaces import broadcast_sizes
from fleet.ir.types import FloatType, TensorType, Type, i1, i8, i64, index
from fleet.passes.linalg.conversion import Handler, TensorConversion
from fleet.passes.linalg.scalar_semantics import (
    BINARY,
    FLOAT_UNARY,
    UNARY,
    apply,
    is_unsigned,
)
from fleet.passes.linalg.structured import (
    Size,
    add_leading_ones,
    index_constant,
    index_value,
    operand_map,
    pointwise,
    scalar,
    splat,
    splat_number,
    type_of,
)
from fleet.passes.numpy.host_calls import call_check
from fleet.passes.shapes.symbolic import Size as Symbolic
from fleet.passes.shapes.symbolic import const

_FLOATS = {
    "add": tosa.add, "subtract": tosa.sub, "multiply": tosa.mul, "maximum": tosa.maximum,
    "minimum": tosa.minimum, "equal": tosa.equal, "greater": tosa.greater,
    "greater_equal": tosa.greater_equal, "less": tosa.greater, "less_equal": tosa.greater_equal,
    "negative": tosa.negate, "absolute": tosa.abs, "exp": tosa.exp, "log": tosa.log,
    "tanh": tosa.tanh, "floor": tosa.floor, "ceil": tosa.ceil, "where": tosa.select,
}  # fmt: skip
_SIGNED = {
    name: _FLOATS[name]
    for name in (
        "add", "subtract", "multiply", "maximum", "minimum", "equal", "greater", "greater_equal",
        "less", "less_equal", "where",
    )
}  # fmt: skip
_UNSIGNED = {name: _FLOATS[name] for name in ("add", "subtract", "multiply", "equal", "where")}
_BOOLS = {"logical_not": tosa.logical_not, "where": tosa.select}
_SWAPPED = {"less", "less_equal"}


def tosa_for(name: str, element: Type) -> OpDef | None:
    """TOSA's operation with NumPy's meaning on this element type, if there is one."""
    if element == i1:
        return _BOOLS.get(name)
    if isinstance(element, FloatType):
        return _FLOATS.get(name)
    return (_UNSIGNED if is_unsigned(element) else _SIGNED).get(name)


# -- broadcasting


@dataclass
class Broadcast:
    """A result's sizes, and for each operand which of its dimensions repeat at run time only.

    uncertain: for each operand the axes of which only the run tells whether they are repeated.
    """

    sizes: list[Size]
    uncertain: list[list[int]]


def broadcast(conversion: TensorConversion, shapes: Sequence[Sequence[Symbolic]]) -> Broadcast:
    """NumPy's broadcasting; emits the check (ValueError) where only the run can tell."""
    rank = max(len(shape) for shape in shapes)
    sizes: list[Size] = []
    uncertain: list[list[int]] = [[] for _ in shapes]
    conditions: list[Value] = []
    for axis in range(rank):
        column = [
            (number, shape[axis - rank + len(shape)])
            for number, shape in enumerate(shapes)
            if axis - rank + len(shape) >= 0
        ]
        wide = list(dict.fromkeys(size for _, size in column if size.static != 1))
        if len(wide) <= 1:
            size = wide[0] if wide else const(1)
            sizes.append(conversion.dims.materialise(size, conversion.builder))
            continue
        sizes.append(_resolve(conversion, wide, conditions))
        known = next((size for size in wide if size.static is not None), None)
        for number, size in column:
            if size.static != 1 and size != known:
                uncertain[number].append(axis - rank + len(shapes[number]))
    if conditions:
        _check(conversion, shapes, conditions)
    return Broadcast(sizes, uncertain)


def _resolve(
    conversion: TensorConversion, wide: Sequence[Symbolic], conditions: list[Value]
) -> Size:
    """The run-time size of an axis; adds what must hold for NumPy not to complain."""
    builder, dims = conversion.builder, conversion.dims
    one = index_constant(builder, 1)
    values = [index_value(builder, dims.materialise(size, builder)) for size in wide]
    static = [(s.static, v) for s, v in zip(wide, values, strict=True) if s.static is not None]
    eq, ori = arith.CMPI_PREDICATES.index("eq"), arith.ori
    if static:
        result: Size = static[0][0]
        target = static[0][1]
    else:
        target = values[0]
        for value in values[1:]:
            is_one = builder.value(arith.cmpi, target, one, predicate=eq, types=[i1])
            target = builder.value(arith.select, is_one, value, target, types=[index])
        result = target
    for value in values:
        if value is target:
            continue
        same = builder.value(arith.cmpi, value, target, predicate=eq, types=[i1])
        is_one = builder.value(arith.cmpi, value, one, predicate=eq, types=[i1])
        conditions.append(builder.value(ori, same, is_one))
    return result


def _check(
    conversion: TensorConversion, shapes: Sequence[Sequence[Symbolic]], conditions: list[Value]
) -> None:
    builder = conversion.builder
    holds = conditions[0]
    for condition in conditions[1:]:
        holds = builder.value(arith.andi, holds, condition)
    operands: list[Value] = []
    texts = []
    for shape in shapes:
        parts = []
        for size in conversion.sizes(shape):
            if isinstance(size, int):
                parts.append(str(size))
            else:
                operands.append(builder.value(arith.index_cast, size, types=[i64]))
                parts.append("{}")
        texts.append(f"({','.join(parts)}{',' if len(parts) == 1 else ''})")
    message = f"operands could not be broadcast together with shapes {' '.join(texts)} "
    call_check(conversion, holds, "ValueError", message, operands, ["int"] * len(operands))


def repeated(
    conversion: TensorConversion, value: Value, axes: Sequence[int], sizes: Sequence[Size]
) -> Value:
    """The tensor with the uncertain axes brought to the result's sizes; others stay as they are.

    An index along an uncertain axis is multiplied by 0 where its size is 1, else by 1.
    """
    if not axes:
        return value
    builder = conversion.builder
    shape = conversion.shape(value)
    rank = len(shape)
    own = conversion.sizes(shape)
    missing = len(sizes) - rank
    wanted = [sizes[axis + missing] if axis in axes else own[axis] for axis in range(rank)]
    one, zero = index_constant(builder, 1), index_constant(builder, 0)
    eq = arith.CMPI_PREDICATES.index("eq")
    factors = {}
    for axis in axes:
        size = index_value(builder, own[axis])
        is_one = builder.value(arith.cmpi, size, one, predicate=eq, types=[i1])
        factors[axis] = builder.value(arith.select, is_one, zero, one, types=[index])

    def body(inner: Builder, _: Sequence[Value]) -> Value:
        position = [linalg_index(inner, axis) for axis in range(rank)]
        for axis, factor in factors.items():
            position[axis] = inner.value(arith.muli, position[axis], factor)
        return inner.value(tensor.extract, value, position, types=[value.type.element])

    return pointwise(builder, [], [], wanted, value.type.element, body)


def linalg_index(builder: Builder, axis: int) -> Value:
    """The position along one dimension of the iteration space, inside a generic's body."""
    return builder.value(linalg.index, dim=IntegerAttr(axis, i64), types=[index])


# -- the operations


def elementwise(conversion: TensorConversion, op: Operation) -> list[Value]:
    name = op.name.removeprefix("numpy.")
    result = op.result.type
    builder = conversion.builder
    constants = [splat_number(value) for value in op.operands]
    if not isinstance(result, TensorType):
        return [apply(builder, name, list(op.operands), result, constants)]
    if result.rank == 0:
        return [_on_scalars(conversion, op, name, constants)]
    shapes = [conversion.shape(value) for value in op.operands]
    plan = broadcast(conversion, shapes)
    operands = [
        repeated(conversion, value, axes, plan.sizes) if axes else value
        for value, axes in zip(op.operands, plan.uncertain, strict=True)
    ]
    out = type_of(plan.sizes, result.element)
    compared = op.operands[-1].type
    element = compared.element if isinstance(compared, TensorType) else compared
    if _is_trivial(name, element, result.element):
        return [operands[0]]
    definition = None if name in ("cast", "bitcast") else tosa_for(name, element)
    varying = [s for s, number in zip(shapes, constants, strict=True) if number is None]
    if definition is None or broadcast_sizes(varying) != broadcast_sizes(shapes):
        # No such operation, or a constant array alone has the result's shape.
        return [_generic(conversion, name, operands, constants, plan.sizes, result.element)]
    ranked = [
        _ranked(builder, value, number, result.rank)
        for value, number in zip(operands, constants, strict=True)
    ]
    if name in _SWAPPED:
        ranked.reverse()
    attributes = {"shift": IntegerAttr(0, i8)} if definition is tosa.mul else {}
    return [builder.value(definition, *ranked, types=[out], **attributes)]


def _is_trivial(name: str, element: Type, result: Type) -> bool:
    if name in ("cast", "bitcast"):
        return element == result
    if name == "absolute":
        return is_unsigned(element)
    return name in ("floor", "ceil", "trunc", "rint") and not isinstance(element, FloatType)


def _ranked(builder: Builder, value: Value, number: float | None, rank: int) -> Value:
    """An operand with the result's rank: scalars and low ranks get leading dimensions of size 1."""
    element = value.type.element if isinstance(value.type, TensorType) else value.type
    if number is not None:
        return splat(builder, number, TensorType((1,) * rank, element))
    if not isinstance(value.type, TensorType):
        value = builder.value(tensor.from_elements, [value], types=[TensorType((), element)])
    return add_leading_ones(builder, value, rank)


def as_operand(builder: Builder, value: Value) -> Value:
    """A scalar as a rank-0 tensor, since kernels take no other."""
    if isinstance(value.type, TensorType):
        return value
    return builder.value(tensor.from_elements, [value], types=[TensorType((), value.type)])


def _generic(
    conversion: TensorConversion,
    name: str,
    operands: Sequence[Value],
    constants: Sequence[float | None],
    sizes: Sequence[Size],
    element: Type,
) -> Value:
    builder = conversion.builder
    inputs = [
        as_operand(builder, value)
        for value, number in zip(operands, constants, strict=True)
        if number is None
    ]
    types = [v.type.element if isinstance(v.type, TensorType) else v.type for v in operands]

    def body(inner: Builder, arguments: Sequence[Value]) -> Value:
        given = iter(arguments)
        values = [
            next(given) if number is None else scalar(inner, number, type)
            for number, type in zip(constants, types, strict=True)
        ]
        return apply(inner, name, values, element, list(constants))

    maps = [operand_map(value, len(sizes)) for value in inputs]
    return pointwise(builder, inputs, maps, sizes, element, body)


def _on_scalars(
    conversion: TensorConversion, op: Operation, name: str, constants: list[float | None]
) -> Value:
    """NumPy scalars (rank 0): computed by the schedule."""
    builder = conversion.builder
    values = [extracted(builder, value) for value in op.operands]
    made = apply(builder, name, values, op.result.type.element, constants)
    return builder.value(tensor.from_elements, [made], types=[op.result.type])


def extracted(builder: Builder, value: Value) -> Value:
    """The only element of a tensor; a scalar itself."""
    if not isinstance(value.type, TensorType):
        return value
    owner = value.owner
    if isinstance(owner, Operation) and owner.name == "tensor.from_elements":
        return owner.operand(0)
    number = splat_number(value)
    if number is not None:
        return scalar(builder, number, value.type.element)
    zeros = [index_constant(builder, 0) for _ in range(value.type.rank)]
    return builder.value(tensor.extract, value, zeros, types=[value.type.element])


def broadcast_to(conversion: TensorConversion, op: Operation) -> list[Value]:
    source = op.operand(0)
    shape, target = conversion.shape(source), conversion.shape(op.result)
    sizes = conversion.sizes(target)
    missing = len(target) - len(shape)
    uncertain = [
        axis
        for axis, size in enumerate(shape)
        if size.static != 1 and size != target[axis + missing]
    ]
    return [broadcast_value(conversion, source, uncertain, sizes)]


def broadcast_value(
    conversion: TensorConversion, source: Value, uncertain: Sequence[int], sizes: Sequence[Size]
) -> Value:
    """The tensor repeated to these sizes, as a new tensor."""
    if not isinstance(source.type, TensorType):
        source = as_operand(conversion.builder, source)
    source = repeated(conversion, source, uncertain, sizes)
    number = splat_number(source)
    element = source.type.element
    inputs = [] if number is not None else [source]
    maps = [operand_map(value, len(sizes)) for value in inputs]
    return pointwise(
        conversion.builder, inputs, maps, sizes, element,
        lambda inner, given: given[0] if inputs else scalar(inner, number, element),
    )  # fmt: skip


HANDLERS: dict[str, Handler] = {
    f"numpy.{name}": elementwise
    for name in (*BINARY, *UNARY, *FLOAT_UNARY, "where", "cast", "bitcast", "fma")
} | {"numpy.broadcast_to": broadcast_to}
