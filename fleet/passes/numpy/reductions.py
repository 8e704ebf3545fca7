"""NumPy's reductions, matrix products and argmax.

In: `numpy.sum`, `max`, `matmul`, `argmax` …. Out: `tosa.reduce_*` one axis at a time, `tosa.matmul`
for batches, `linalg.matmul` for matrices, generics for the rest. The one idea: shapes are brought
to the form that the structured operation has (rank 2 or 3, reduced axes kept) by reshapes, which
are free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.dialects import arith, linalg, tosa
from fleet.dialects.numpy import FAST_SUMS
from fleet.dialects.numpy import reduce as reduce_
from fleet.ir.affine import AffineConst, AffineMap, d
from fleet.ir.attributes import IntegerAttr, StringAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.types import FloatType, Type, i1, i32, i64
from fleet.passes.linalg.conversion import Handler, TensorConversion
from fleet.passes.linalg.reshaping import reshape
from fleet.passes.linalg.scalar_semantics import (
    add,
    compare,
    convert,
    greatest,
    is_unsigned,
    isnan,
    least,
    maximum,
    minimum,
    select,
)
from fleet.passes.linalg.structured import (
    PARALLEL,
    REDUCTION,
    Size,
    extract_slice,
    fill,
    generic,
    named_matmul,
    pointwise,
    scalar,
    type_of,
)
from fleet.passes.numpy.elementwise import broadcast, broadcast_value, linalg_index
from fleet.passes.shapes.strides import MemoryOrder
from fleet.passes.shapes.symbolic import Size as Symbolic
from fleet.passes.shapes.symbolic import const, product

Combine = Callable[[Builder, Value, Value], Value]


def converted(conversion: TensorConversion, value: Value, element: Type) -> Value:
    """The tensor with another element type."""
    if value.type.element == element:
        return value
    sizes = conversion.sizes_of(value)
    rank = len(sizes)
    return pointwise(
        conversion.builder, [value], [AffineMap.identity(rank)], sizes, element,
        lambda inner, given: convert(inner, given[0], element),
    )  # fmt: skip


def _reduce_generic(
    conversion: TensorConversion, value: Value, axis: int, start: float | int, combine: Combine
) -> Value:
    """One axis combined by a generic; the axis stays with size 1."""
    builder = conversion.builder
    sizes = conversion.sizes_of(value)
    rank, element = len(sizes), value.type.element
    kept: list[Size] = [1 if a == axis else size for a, size in enumerate(sizes)]
    init = fill(builder, scalar(builder, start, element), kept)
    out = AffineMap(rank, tuple(AffineConst(0) if a == axis else d(a) for a in range(rank)))
    iterators = [REDUCTION if a == axis else PARALLEL for a in range(rank)]
    return generic(
        builder, [value], [init], [AffineMap.identity(rank), out], iterators,
        lambda inner, given: combine(inner, given[1], given[0]),
    ).result  # fmt: skip


def reduce(conversion: TensorConversion, op: Operation) -> list[Value]:
    name = op.name.removeprefix("numpy.")
    value = op.operand(0)
    if op in conversion.orders:
        return [exact_sum(conversion, op)]
    wanted = i1 if name in ("any", "all") else op.result.type.element
    value = converted(conversion, value, wanted)
    element = value.type.element
    if element == i1 and name in ("max", "min", "sum", "prod"):
        name = "any" if name in ("max", "sum") else "all"
    axes = sorted(op.get("axes"), reverse=True)
    shape = conversion.shape(value)
    for axis in axes:
        shape = tuple(const(1) if a == axis else size for a, size in enumerate(shape))
        if name in ("max", "min") and is_unsigned(element):
            start = least(element) if name == "max" else greatest(element)
            combine = maximum if name == "max" else minimum
            value = _reduce_generic(conversion, value, axis, start, combine)
        else:
            type = value.type.with_shape(
                tuple(1 if a == axis else dim for a, dim in enumerate(value.type.shape))
            )
            value = conversion.builder.value(
                tosa.reduce[name], value, types=[type], axis=IntegerAttr(axis, i32)
            )
    return [reshaped(conversion, value, shape, conversion.shape(op.result))]


def reshaped(
    conversion: TensorConversion,
    value: Value,
    source: Sequence[Symbolic],
    target: Sequence[Symbolic],
) -> Value:
    return reshape(conversion.builder, value, source, target, conversion.sizes(target))


# -- sums


def orders_of_sums(module: Operation) -> dict[Operation, MemoryOrder]:
    """How the arrays lie in memory that are summed in NumPy's order."""
    if FAST_SUMS in module.attributes:
        return {}
    found = [
        op for op in module.walk()
        if op.definition is reduce_["sum"] and isinstance(op.result.type.element, FloatType)
    ]  # fmt: skip
    return {op: _in_memory(op) for op in found}


def _in_memory(op: Operation) -> MemoryOrder:
    rank = op.operand(0).type.rank
    apart = op.get("apart") or ()
    joined = tuple(place not in apart for place in range(rank - 1))
    return MemoryOrder(tuple(op.get("order") or range(rank)), joined)


def exact_sum(conversion: TensorConversion, op: Operation) -> Value:
    """A sum in NumPy's order: the innermost axis in memory pairwise if it is one that is summed,
    with those outside of it that lie together with it; the others row by row."""
    order = conversion.orders[op]
    pairwise = linalg.PAIRWISE_PARTS if "of_complex" in op.attributes else linalg.PAIRWISE
    element, gone = op.result.type.element, set(op.get("axes"))
    value = converted(conversion, op.operand(0), element)
    shape = conversion.shape(value)
    order = _without_units(order, shape)
    if not order.is_rows:
        axes = [*order.axes, *(a for a in range(len(shape)) if a not in order.axes)]
        value = _transposed(conversion, value, axes)
        shape = [shape[axis] for axis in axes]
    # From here on the axes are those of `order`, in this order.
    summed = [axis in gone for axis in order.axes]
    sizes: list[Symbolic] = []
    kinds: list[bool] = []
    for place, is_summed in enumerate(summed):
        if place and is_summed and kinds[-1] and order.joined[place - 1]:
            sizes[-1] = sizes[-1] * shape[place]
        else:
            sizes.append(shape[place])
            kinds.append(is_summed)
    if kinds and kinds[-1]:
        sizes, core = _buffered(sizes, kinds)
        kinds = kinds[: len(sizes)]
        value = reshaped(conversion, value, shape, sizes)
        value = _in_buffers(conversion, value, core, pairwise)
        kinds = kinds[:-1]
    else:
        value = reshaped(conversion, value, shape, sizes)
    if any(kinds):
        axes = [axis for axis, is_summed in enumerate(kinds) if is_summed]
        value = _summed(conversion, value, axes, linalg.SEQUENCE)
    if not gone:
        value = converted(conversion, op.operand(0), element)
    kept = [axis for axis in order.axes if axis not in gone]
    if kept != sorted(kept):
        shape = [conversion.shape(op.operand(0))[axis] for axis in kept]
        value = _transposed(conversion, value, [kept.index(axis) for axis in sorted(kept)])
    source = [conversion.shape(op.operand(0))[axis] for axis in sorted(kept)]
    return reshaped(conversion, value, source, conversion.shape(op.result))


BUFFER = 8192
"""Elements that NumPy copies at a time where one stride does not lead through all that it sums."""


def _buffered(sizes: list[Symbolic], kinds: list[bool]) -> tuple[list[Symbolic], int | None]:
    """The axes with the innermost summed ones as one, where NumPy copies them into a buffer; and of
    how many elements the buffer then takes a multiple, if it has to be filled more than once."""
    outer, (*_, inner) = list(sizes[:-1]), sizes
    core: int | None = None
    while outer and kinds[len(outer) - 1]:
        length, known = outer[-1], inner.static
        if known is not None and known >= BUFFER:
            break
        if core is None and known is not None and 2 * known > BUFFER:
            whole = (inner * length).static
            if whole is None or whole > BUFFER:
                break
        core = known
        inner = inner * outer.pop()
    whole = inner.static
    return [*outer, inner], core if whole is not None and whole > BUFFER else None


def _in_buffers(
    conversion: TensorConversion, value: Value, core: int | None, pairwise: str
) -> Value:
    """The sums along the innermost axis, a buffer at a time. pairwise: which of the orders."""
    last = value.type.rank - 1
    if core is None:
        return _summed(conversion, value, [last], pairwise)
    builder, shape = conversion.builder, conversion.shape(value)
    sizes, length = conversion.sizes(shape), shape[last].static
    buffer = core * (BUFFER // core)
    count = length // buffer
    zeros, ones = [0] * last, [1] * (last + 1)
    whole = extract_slice(builder, value, [*zeros, 0], [*sizes[:last], count * buffer], ones)
    before = [*shape[:last], const(count * buffer)]
    after = [*shape[:last], const(count), const(buffer)]
    whole = _summed(
        conversion, reshaped(conversion, whole, before, after), [last + 1], pairwise
    )
    total = _summed(conversion, whole, [last], linalg.SEQUENCE)
    if length == count * buffer:
        return total
    rest = [*sizes[:last], length - count * buffer]
    tail = extract_slice(builder, value, [*zeros, count * buffer], rest, ones)
    tail = _summed(conversion, tail, [last], pairwise)
    return pointwise(
        builder, [total, tail], [AffineMap.identity(last)] * 2, sizes[:last], value.type.element,
        lambda inner, given: add(inner, given[0], given[1]),
    )  # fmt: skip


def _without_units(order: MemoryOrder, shape: Sequence[Symbolic]) -> MemoryOrder:
    """The order of the axes that are longer than 1: the others are nowhere in memory."""
    long = [place for place, axis in enumerate(order.axes) if shape[axis].static != 1]
    joined = [all(order.joined[a:b]) for a, b in zip(long, long[1:], strict=False)]
    return MemoryOrder(tuple(order.axes[place] for place in long), tuple(joined))


def _transposed(conversion: TensorConversion, value: Value, axes: Sequence[int]) -> Value:
    sizes = conversion.sizes_of(value)
    maps = [AffineMap.of_dims(len(axes), [axes.index(axis) for axis in range(len(axes))])]
    return pointwise(
        conversion.builder, [value], maps, [sizes[axis] for axis in axes], value.type.element,
        lambda _, given: given[0],
    )  # fmt: skip


def _summed(conversion: TensorConversion, value: Value, axes: Sequence[int], order: str) -> Value:
    """Without some axes, summed in an order (`linalg.ORDER`), from 0.0 on as NumPy does."""
    builder, sizes = conversion.builder, conversion.sizes_of(value)
    element, rank = value.type.element, len(sizes)
    kept = [axis for axis in range(rank) if axis not in axes]
    init = fill(builder, scalar(builder, 0.0, element), [sizes[axis] for axis in kept])
    maps = [AffineMap.identity(rank), AffineMap.of_dims(rank, kept)]
    iterators = [REDUCTION if axis in axes else PARALLEL for axis in range(rank)]
    made = generic(
        builder, [value], [init], maps, iterators,
        lambda inner, given: add(inner, given[1], given[0]),
    )  # fmt: skip
    made.attributes[linalg.ORDER] = StringAttr(order)
    return made.result


# -- argmax


def arg_reduce(conversion: TensorConversion, op: Operation) -> list[Value]:
    """The extreme value first, then the least index that holds it (or NaN, which wins)."""
    value, axis = op.operand(0), op.get("axis")
    element = value.type.element
    biggest = op.name == "numpy.argmax"
    start = least(element) if biggest else greatest(element)
    best = _reduce_generic(conversion, value, axis, start, maximum if biggest else minimum)
    builder = conversion.builder
    sizes = conversion.sizes_of(value)
    rank = len(sizes)
    kept: list[Size] = [1 if a == axis else size for a, size in enumerate(sizes)]
    init = fill(builder, scalar(builder, 2**63 - 1, i64), kept)
    out = AffineMap(rank, tuple(AffineConst(0) if a == axis else d(a) for a in range(rank)))
    iterators = [REDUCTION if a == axis else PARALLEL for a in range(rank)]

    def body(inner: Builder, given: Sequence[Value]) -> Value:
        x, extreme, first = given
        hit = compare(inner, "eq", x, extreme)
        if isinstance(element, FloatType):
            hit = inner.value(arith.ori, hit, isnan(inner, x))
        position = inner.value(arith.index_cast, linalg_index(inner, axis), types=[i64])
        far = scalar(inner, 2**63 - 1, i64)
        return inner.value(arith.minsi, first, select(inner, hit, position, far))

    maps = [AffineMap.identity(rank), out, out]
    found = generic(builder, [value, best], [init], maps, iterators, body).result
    shape = [const(1) if a == axis else s for a, s in enumerate(conversion.shape(value))]
    return [reshaped(conversion, found, shape, conversion.shape(op.result))]


# -- matrix products


def matmul(conversion: TensorConversion, op: Operation) -> list[Value]:
    """All of NumPy's rank combinations, by reshapes to matrices or batches of matrices."""
    element = op.result.type.element
    inner_type = i64 if element == i1 else element
    a, b = (converted(conversion, operand, inner_type) for operand in op.operands)
    shape_a, shape_b = conversion.shape(a), conversion.shape(b)
    if len(shape_a) == 1:
        a, shape_a = _with_shape(conversion, a, shape_a, (const(1), *shape_a))
    if len(shape_b) == 1:
        b, shape_b = _with_shape(conversion, b, shape_b, (*shape_b, const(1)))
    if len(shape_b) == 2:
        # Every row of a, whatever its batch, meets the same matrix.
        rows = product(shape_a[:-1])
        a, flat_a = _with_shape(conversion, a, shape_a, (rows, shape_a[-1]))
        made = _matrices(conversion, a, b, flat_a, shape_b)
        shape = (flat_a[0], shape_b[1])
    else:
        made, shape = _batches(conversion, a, b, shape_a, shape_b)
    lead = shape_a[:-2] if len(shape_b) == 2 else shape[:-2]
    rows = () if op.operand(0).type.rank == 1 else (shape_a[-2],)
    columns = () if op.operand(1).type.rank == 1 else (shape_b[-1],)
    made = reshaped(conversion, made, shape, (*lead, *rows, *columns))
    return [converted(conversion, made, element)]


def _with_shape(
    conversion: TensorConversion,
    value: Value,
    source: Sequence[Symbolic],
    target: tuple[Symbolic, ...],
) -> tuple[Value, tuple[Symbolic, ...]]:
    if tuple(source) == target:
        return value, target
    return reshaped(conversion, value, source, target), target


def _matrices(
    conversion: TensorConversion,
    a: Value,
    b: Value,
    shape_a: Sequence[Symbolic],
    shape_b: Sequence[Symbolic],
) -> Value:
    builder = conversion.builder
    sizes = conversion.sizes((shape_a[0], shape_b[1]))
    init = fill(builder, scalar(builder, 0, a.type.element), sizes)
    return named_matmul(builder, "matmul", a, b, init)


def _batches(
    conversion: TensorConversion,
    a: Value,
    b: Value,
    shape_a: Sequence[Symbolic],
    shape_b: Sequence[Symbolic],
) -> tuple[Value, tuple[Symbolic, ...]]:
    """`tosa.matmul` over the batch dimensions, broadcast against each other and merged into one."""
    batch_a, batch_b = tuple(shape_a[:-2]), tuple(shape_b[:-2])
    batch = batch_a
    if batch_a != batch_b:
        plan = broadcast(conversion, [batch_a, batch_b])
        batch = tuple(
            conversion.dims.size(size) if isinstance(size, Value) else const(size)
            for size in plan.sizes
        )
        sizes_a = [*plan.sizes, *conversion.sizes(shape_a[-2:])]
        a = broadcast_value(conversion, a, plan.uncertain[0], sizes_a)
        sizes_b = [*plan.sizes, *conversion.sizes(shape_b[-2:])]
        b = broadcast_value(conversion, b, plan.uncertain[1], sizes_b)
    count = product(batch)
    a, flat_a = _with_shape(conversion, a, (*batch, *shape_a[-2:]), (count, *shape_a[-2:]))
    b, flat_b = _with_shape(conversion, b, (*batch, *shape_b[-2:]), (count, *shape_b[-2:]))
    sizes = conversion.sizes((count, flat_a[1], flat_b[2]))
    made = conversion.builder.value(tosa.matmul, a, b, types=[type_of(sizes, a.type.element)])
    whole = (*batch, flat_a[1], flat_b[2])
    return _with_shape(conversion, made, (count, flat_a[1], flat_b[2]), whole)


HANDLERS: dict[str, Handler] = {
    **{f"numpy.{name}": reduce for name in ("sum", "prod", "max", "min", "all", "any")},
    "numpy.argmax": arg_reduce, "numpy.argmin": arg_reduce,
    "numpy.matmul": matmul,
}  # fmt: skip
