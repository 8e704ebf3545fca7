"""What takes one element after the other: `numpy.cumsum` and its like, `nonzero`, `scatter`.

Out: nests of loops over elements. The one idea: each element is looked at once, in NumPy's order.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.types import i64, index
from fleet.passes.linalg.conversion import Handler, TensorConversion
from fleet.passes.linalg.scalar_semantics import add, convert, maximum, minimum, multiply, subtract
from fleet.passes.linalg.structured import Size, empty, index_constant, index_value
from fleet.passes.numpy.nests import count, load, lower_of, only_if, plus, store
from fleet.passes.numpy.ordering import in_kernels
from fleet.passes.numpy.reductions import converted, reshaped
from fleet.passes.shapes.symbolic import product

_COMBINE = {
    "add": add, "subtract": subtract, "multiply": multiply, "maximum": maximum,
    "minimum": minimum,
}  # fmt: skip
_CUMULATE = {
    "numpy.cumsum": add, "numpy.cumprod": multiply, "numpy.cummax": maximum,
    "numpy.cummin": minimum,
}  # fmt: skip


def cumulate(conversion: TensorConversion, op: Operation) -> list[Value]:
    """Row after row is combined with the one before; of the last axis, number after number."""
    axis = op.get("axis")
    shape = conversion.shape(op.operand(0))
    element = op.result.type.element
    blocks = product(shape[:axis]), shape[axis], product(shape[axis + 1 :])
    given = converted(conversion, op.operand(0), in_kernels(element))
    given = reshaped(conversion, given, shape, blocks)
    builder, sizes = conversion.builder, conversion.sizes(blocks)
    made = empty(builder, sizes, given.type.element)
    along = _along_last if sizes[2] == 1 else _along_middle
    made = along(builder, given, made, sizes, _CUMULATE[op.name])
    made = converted(conversion, made, element)
    return [reshaped(conversion, made, blocks, shape)]


def _along_last(
    builder: Builder, given: Value, made: Value, sizes: Sequence[Size], combine: object
) -> Value:
    zero = index_constant(builder, 0)

    def row(inner: Builder, r: Value, now: Value) -> Sequence[Value]:
        def first(innermost: Builder, i: Value, now: Value) -> list[Value]:
            return [store(innermost, load(innermost, given, r, i, zero), now, r, i, zero)]

        def one(innermost: Builder, i: Value, now: Value) -> list[Value]:
            before = load(innermost, now, r, plus(innermost, i, -1), zero)
            here = load(innermost, given, r, i, zero)
            return [store(innermost, combine(innermost, before, here), now, r, i, zero)]

        return count(inner, 1, sizes[1], count(inner, 0, some, [now], first), one)

    some = lower_of(builder, index_value(builder, sizes[1]), index_constant(builder, 1))
    return count(builder, 0, sizes[0], [made], row)[0]


def _along_middle(
    builder: Builder, given: Value, made: Value, sizes: Sequence[Size], combine: object
) -> Value:
    some = lower_of(builder, index_value(builder, sizes[1]), index_constant(builder, 1))

    def block(inner: Builder, b: Value, now: Value) -> Sequence[Value]:
        def copied(deeper: Builder, i: Value, now: Value) -> Sequence[Value]:
            def one(deepest: Builder, j: Value, now: Value) -> list[Value]:
                return [store(deepest, load(deepest, given, b, i, j), now, b, i, j)]

            return count(deeper, 0, sizes[2], [now], one)

        def combined(deeper: Builder, i: Value, now: Value) -> Sequence[Value]:
            def one(deepest: Builder, j: Value, now: Value) -> list[Value]:
                before = load(deepest, now, b, plus(deepest, i, -1), j)
                here = load(deepest, given, b, i, j)
                return [store(deepest, combine(deepest, before, here), now, b, i, j)]

            return count(deeper, 0, sizes[2], [now], one)

        return count(inner, 1, sizes[1], count(inner, 0, some, [now], copied), combined)

    return count(builder, 0, sizes[0], [made], block)[0]


def nonzero(conversion: TensorConversion, op: Operation) -> list[Value]:
    """First how many there are, then where."""
    builder, mask = conversion.builder, op.operand(0)
    (length,) = conversion.sizes_of(mask)

    def counted(inner: Builder, i: Value, total: Value) -> list[Value]:
        one = convert(inner, convert(inner, load(inner, mask, i), i64), index)
        return [plus(inner, total, one)]

    (total,) = count(builder, 0, length, [index_constant(builder, 0)], counted)

    def look(inner: Builder, i: Value, at: Value, made: Value) -> Sequence[Value]:
        def put(innermost: Builder, at: Value, made: Value) -> list[Value]:
            stored = store(innermost, convert(innermost, i, i64), made, at)
            return [plus(innermost, at, 1), stored]

        return only_if(inner, load(inner, mask, i), [at, made], put)

    start = [index_constant(builder, 0), empty(builder, [total], i64)]
    return [count(builder, 0, length, start, look)[1]]


def scatter(conversion: TensorConversion, op: Operation) -> list[Value]:
    values, indices, dest = op.operands
    (length,) = conversion.sizes_of(indices)
    combine = _COMBINE.get(op.get("combine"))

    def one(inner: Builder, i: Value, now: Value) -> list[Value]:
        at = convert(inner, load(inner, indices, i), index)
        value = load(inner, values, i)
        if combine is not None:
            value = combine(inner, load(inner, now, at), value)
        return [store(inner, value, now, at)]

    return list(count(conversion.builder, 0, length, [dest], one))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(_CUMULATE, cumulate), "numpy.nonzero": nonzero, "numpy.scatter": scatter,
}  # fmt: skip
