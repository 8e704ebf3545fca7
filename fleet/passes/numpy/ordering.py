"""Sorting and what depends on order: `numpy.sort`, `argsort`, `searchsorted`.

Out: nests of loops over one buffer. The one idea: a bottom-up merge sort (Knuth, The Art of
Computer Programming 3, 5.2.4) of runs of 1, 2, 4, … elements: n log n steps, stable, and no branch
in the innermost loop; rows are sorted one after the other where they lie. Behind the last there is
room for one more element, which may be looked at, but is never chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import arith
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.types import FloatType, Type, f16, f32, i1, i64, index
from fleet.passes.linalg.conversion import Handler, TensorConversion
from fleet.passes.linalg.scalar_semantics import compare, convert, negate_bool, select
from fleet.passes.linalg.structured import Size, empty, extract_slice, index_constant, index_value
from fleet.passes.numpy.nests import count, load, lower_of, plus, repeat, store, times
from fleet.passes.numpy.reductions import converted, reshaped
from fleet.passes.shapes.symbolic import product


def comes_before(builder: Builder, a: Value, b: Value) -> Value:
    """a < b, where NaN is larger than all numbers."""
    less = compare(builder, "lt", a, b)
    if not isinstance(a.type, FloatType):
        return less
    number, nan = compare(builder, "eq", a, a), compare(builder, "ne", b, b)
    return builder.value(arith.ori, less, builder.value(arith.andi, number, nan))


def in_kernels(element: Type) -> Type:
    """The element type in which loops compute with this one."""
    return f32 if element == f16 else element


def _index(builder: Builder, predicate: str, a: Value, b: Value) -> Value:
    number = arith.CMPI_PREDICATES.index(predicate)
    return builder.value(arith.cmpi, a, b, predicate=number, types=[i1])


def _pick(builder: Builder, condition: Value, a: Value, b: Value) -> Value:
    return select(builder, condition, a, b)


def sort_op(conversion: TensorConversion, op: Operation) -> list[Value]:
    """numpy.sort, and numpy.argsort, which moves positions along with the elements."""
    builder, result = conversion.builder, op.result
    element = op.operand(0).type.element
    keys = converted(conversion, op.operand(0), in_kernels(element))
    shape = conversion.shape(op.operand(0))
    rows, length = conversion.sizes((product(shape[:-1]), shape[-1]))
    flat = (product(shape),)
    (total,) = conversion.sizes(flat)
    given = reshaped(conversion, keys, shape, flat)
    buffers = [given.type.element]
    if op.name == "numpy.argsort":
        buffers.append(i64)
    more = plus(builder, index_value(builder, total), 1)
    taken = [empty(builder, [more], type) for type in buffers * 2]
    start = _filled(builder, given, taken[: len(buffers)], rows, length)
    made = _sorted_rows(builder, [*start, *taken[len(buffers) :]], rows, length)
    sorted_ = extract_slice(builder, made[len(buffers) - 1], [0], [total], [1])
    if op.name == "numpy.sort":
        sorted_ = converted(conversion, sorted_, element)
    conversion.dims.shape(result)
    return [reshaped(conversion, sorted_, flat, shape)]


def _filled(
    builder: Builder, keys: Value, buffers: Sequence[Value], rows: Size, length: Size
) -> Sequence[Value]:
    """A copy of the elements, and each one's position in its row."""
    width = index_value(builder, length)

    def row(inner: Builder, r: Value, *carried: Value) -> Sequence[Value]:
        base = times(inner, r, width)

        def one(innermost: Builder, i: Value, *now: Value) -> list[Value]:
            at = plus(innermost, base, i)
            values = [load(innermost, keys, at), convert(innermost, i, i64)]
            return [
                store(innermost, value, array, at)
                for value, array in zip(values, now, strict=False)
            ]

        return count(inner, 0, width, carried, one)

    return count(builder, 0, rows, buffers, row)


def _sorted_rows(
    builder: Builder, buffers: Sequence[Value], rows: Size, length: Size
) -> Sequence[Value]:
    """All rows sorted; the second half of the buffers is room to work in."""
    width = index_value(builder, length)

    def row(inner: Builder, r: Value, *carried: Value) -> Sequence[Value]:
        base = times(inner, r, width)
        end = plus(inner, base, width)

        def goes_on(innermost: Builder, run: Value, *_: Value) -> Value:
            return _index(innermost, "slt", run, width)

        def double(innermost: Builder, run: Value, *now: Value) -> list[Value]:
            return [times(innermost, run, 2), *_merged(innermost, now, base, end, run)]

        first = index_constant(inner, 1)
        return repeat(inner, [first, *carried], goes_on, double)[1:]

    return count(builder, 0, rows, buffers, row)


def _merged(
    builder: Builder, buffers: Sequence[Value], base: Value, end: Value, run: Value
) -> Sequence[Value]:
    """Neighbouring runs of this length in [base, end) merged in pairs, and brought back."""
    half = len(buffers) // 2
    gap = times(builder, run, 2)
    span = builder.value(arith.subi, end, base)
    pairs = builder.value(arith.ceildivsi, span, gap)

    def pair(inner: Builder, p: Value, *room: Value) -> Sequence[Value]:
        low = plus(inner, base, times(inner, p, gap))
        middle = lower_of(inner, plus(inner, low, run), end)
        high = lower_of(inner, plus(inner, low, gap), end)

        def step(innermost: Builder, k: Value, i: Value, j: Value, *now: Value) -> list[Value]:
            ours, theirs = (load(innermost, buffers[0], at) for at in (i, j))
            first = comes_before(innermost, theirs, ours)
            is_out = _index(innermost, "sge", i, middle)
            there = _index(innermost, "slt", j, high)
            first = innermost.value(arith.ori, first, is_out)
            first = innermost.value(arith.andi, first, there)
            at = _pick(innermost, first, j, i)
            after = [
                store(innermost, load(innermost, source, at), array, k)
                for source, array in zip(buffers[:half], now, strict=True)
            ]
            right = convert(innermost, convert(innermost, first, i64), index)
            left = innermost.value(arith.subi, index_constant(innermost, 1), right)
            return [plus(innermost, i, left), plus(innermost, j, right), *after]

        return count(inner, low, high, [low, middle, *room], step)[2:]

    room = count(builder, 0, pairs, buffers[half:], pair)

    def back(inner: Builder, k: Value, *now: Value) -> list[Value]:
        return [
            store(inner, load(inner, source, k), array, k)
            for source, array in zip(room, now, strict=True)
        ]

    return [*count(builder, base, end, buffers[:half], back), *room]


def searchsorted(conversion: TensorConversion, op: Operation) -> list[Value]:
    """Halving, for one value after the other, from where the one before was found: what is not
    sorted, too, then gives what NumPy gives."""
    builder = conversion.builder
    element = in_kernels(op.operand(0).type.element)
    table, values = (converted(conversion, value, element) for value in op.operands)
    shape = conversion.shape(op.operand(1))
    flat = (product(shape),)
    values = reshaped(conversion, values, shape, flat)
    (total,) = conversion.sizes(flat)
    (size,) = conversion.sizes(conversion.shape(op.operand(0)))
    length = index_value(builder, size)
    right = "right" in op.attributes

    def is_behind(inner: Builder, wanted: Value, here: Value) -> Value:
        """Whether a place is found behind this element of the table."""
        if right:
            return negate_bool(inner, comes_before(inner, wanted, here))
        return comes_before(inner, here, wanted)

    def one(inner: Builder, n: Value, made: Value, last: Value) -> list[Value]:
        wanted = load(inner, values, n)
        nothing = index_constant(inner, 0)
        first = _index(inner, "eq", n, nothing)
        before = _pick(inner, first, nothing, plus(inner, n, -1))
        onwards = is_behind(inner, wanted, load(inner, values, before))
        more = _pick(inner, _index(inner, "slt", last, length), plus(inner, last, 1), length)
        start = _pick(inner, onwards, last, nothing)
        stop = _pick(inner, onwards, length, more)

        def goes_on(innermost: Builder, low: Value, high: Value) -> Value:
            return _index(innermost, "slt", low, high)

        def halve(innermost: Builder, low: Value, high: Value) -> list[Value]:
            both = plus(innermost, low, high)
            middle = innermost.value(arith.shrui, both, index_constant(innermost, 1))
            here = load(innermost, table, middle)
            behind = is_behind(innermost, wanted, here)
            above = plus(innermost, middle, 1)
            return [
                _pick(innermost, behind, above, low), _pick(innermost, behind, high, middle),
            ]  # fmt: skip

        found = repeat(inner, [start, stop], goes_on, halve)[0]
        return [store(inner, convert(inner, found, i64), made, n), found]

    whole = index_constant(builder, 0) if right else length  # that the first is sought everywhere
    made = count(builder, 0, total, [empty(builder, [total], i64), whole], one)[0]
    return [reshaped(conversion, made, flat, shape)]


HANDLERS: dict[str, Handler] = {
    "numpy.sort": sort_op, "numpy.argsort": sort_op, "numpy.searchsorted": searchsorted,
}  # fmt: skip


