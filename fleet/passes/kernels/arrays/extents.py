"""How long arrays inside a loop nest can get: room for them is made before it runs.

In: sizes that a nest computes, from its loops' variables and what comes from outside. Out: numbers
that they are never above, computed from what comes from outside alone. The one idea: interval
arithmetic on sizes as on numbers, except that the ends are values: of `n - i`, with i from 0, the
most is n.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fleet.dialects import scf, tensor
from fleet.dialects.linalg import computes, iterators_of, maps_of
from fleet.ir.affine import d
from fleet.ir.analysis.effects import constant_int
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.flow import counting_loop, flow_of
from fleet.ir.interfaces import CallLike, DestinationStyle
from fleet.ir.types import IndexType, IntegerType
from fleet.passes.kernels.arrays.arithmetic import Arithmetic
from fleet.passes.kernels.arrays.destinations import kept_dimensions
from fleet.passes.kernels.arrays.views import Size
from fleet.passes.kernels.checks.ranges import Ranges

End = Size | None
"""One end of an interval: a number, a value, or nothing known."""


@dataclass(frozen=True)
class Interval:
    least: End = None
    most: End = None


_UNKNOWN = Interval()


class Extents:
    """Sizes in one nest. outside: the number of a value from outside the nest, where the arithmetic
    is written (None: there is none). sizes: the sizes of an array from outside."""

    def __init__(
        self,
        nest: Operation,
        arithmetic: Arithmetic,
        ranges: Ranges,
        outside: Callable[[Value], Value | None],
        sizes: Callable[[Value], Sequence[Size]],
    ) -> None:
        self.nest = nest
        self.a = arithmetic
        self.ranges = ranges
        self.outside = outside
        self.outside_sizes = sizes
        self._known: dict[Value, Interval] = {}
        self._arrays: dict[Value, list[Interval]] = {}
        self._rooms: dict[Value, list[Size] | None] = {}

    def room(self, value: Value) -> list[Size] | None:
        """The greatest sizes of an array; None where they are not known before the nest runs."""
        if value not in self._rooms:
            ends = [each.most for each in self.array(value)]
            self._rooms[value] = None if None in ends else [self._not_negative(e) for e in ends]
        return self._rooms[value]

    def _not_negative(self, size: Size) -> Size:
        if isinstance(size, int):
            return max(size, 0)
        return self.a.greatest(size, 0)

    # -- arrays

    def array(self, value: Value) -> list[Interval]:
        """The intervals of an array's sizes."""
        if value not in self._arrays:
            self._arrays[value] = self._array(value)
        return self._arrays[value]

    def _array(self, value: Value) -> list[Interval]:
        shape = value.type.shape
        if None not in shape:
            return [Interval(dim, dim) for dim in shape]
        if not self._is_inside(value):
            return [Interval(size, size) for size in self.outside_sizes(value)]
        found = self._made(value)
        return [
            each if dim is None else Interval(dim, dim)
            for each, dim in zip(found, shape, strict=True)
        ]

    def _made(self, value: Value) -> list[Interval]:
        rank = value.type.rank
        if not isinstance(value, OpResult):
            flow = flow_of(value)
            return [_UNKNOWN] * rank if flow is None else self.array(flow.sources[0])
        op = value.operation
        if op.definition in _ARRAYS:
            return _ARRAYS[op.definition](self, op)
        style = DestinationStyle.of(op)
        if style is not None:
            found = self.array(style.destinations(op)[value.number])
            if computes(op) and any(each.most is None for each in found):
                found = self._iterated(op, value.number, found)
            return found
        flow = flow_of(value)
        return [_UNKNOWN] * rank if flow is None else self.array(flow.sources[0])

    def _iterated(self, op: Operation, number: int, found: list[Interval]) -> list[Interval]:
        """Sizes of what is computed from those of what it is computed from."""
        style, maps = DestinationStyle.of(op), maps_of(op)
        inputs = style.inputs(op)
        known: dict[int, Interval] = {}
        for value, map in zip(inputs, maps, strict=False):
            if not hasattr(value.type, "shape"):
                continue
            for each, expr in zip(self.array(value), map.results, strict=True):
                for dim in range(len(iterators_of(op))):
                    if expr == d(dim) and each.most is not None:
                        known.setdefault(dim, each)
        results = maps[len(inputs) + number].results
        return [
            each if each.most is not None else next(
                (known[dim] for dim in known if expr == d(dim)), each
            )
            for each, expr in zip(found, results, strict=True)
        ]  # fmt: skip

    def _sizes(self, op: Operation, name: str, fixed: str) -> list[Interval]:
        given = iter(op.named(name))
        return [
            self.of(next(given)) if entry == tensor.DYNAMIC else Interval(entry, entry)
            for entry in op.get(fixed)
        ]

    def _empty(self, op: Operation) -> list[Interval]:
        given = iter(op.operands)
        return [
            self.of(next(given)) if dim is None else Interval(dim, dim)
            for dim in op.result.type.shape
        ]

    def _splat(self, op: Operation) -> list[Interval]:
        given = iter(op.operands[1:])
        return [
            self.of(next(given)) if dim is None else Interval(dim, dim)
            for dim in op.result.type.shape
        ]

    def _slice(self, op: Operation) -> list[Interval]:
        from_sizes = self._sizes(op, "sizes", "static_sizes")
        source = self.array(op.operand(0))
        whole = [
            each if each.most is not None else Interval(each.least, other.most)
            for each, other in zip(from_sizes, source, strict=True)
        ]
        return [whole[axis] for axis in kept_dimensions(op, op.result.type)]

    def _expanded(self, op: Operation) -> list[Interval]:
        return self._splat(op)

    def _collapsed(self, op: Operation) -> list[Interval]:
        source = self.array(op.operand(0))
        found = []
        for group in tensor.reassociation_of(op):
            total = Interval(1, 1)
            for axis in group:
                total = self._times(total, source[axis])
            found.append(total)
        return found

    def _same(self, op: Operation) -> list[Interval]:
        return self.array(op.operand(0))

    # -- numbers

    def of(self, value: Value) -> Interval:
        """The interval of a number, as sizes."""
        if value not in self._known:
            self._known[value] = _UNKNOWN  # whatever asks for it on the way
            self._known[value] = self._number(value)
        return self._known[value]

    def _number(self, value: Value) -> Interval:
        constant = constant_int(value)
        if constant is not None:
            return Interval(constant, constant)
        if not self._is_inside(value):
            made = self.outside(value)
            return _UNKNOWN if made is None else Interval(made, made)
        if not isinstance(value.type, IndexType | IntegerType):
            return _UNKNOWN
        found = self._computed(value)
        if found.most is None:
            found = Interval(found.least, self._of_slice(value))
        if found.least is None and self.ranges.of(value)[0] >= 0:
            return Interval(0, found.most)
        return found

    def _of_slice(self, value: Value) -> End:
        """A number that is the size of a slice, which is no longer than what it is of. (It is, if
        nothing comes between that may leave the nest or not come to the slice.)"""
        op = value.owner
        while isinstance(op, Operation) and op.next is not None:
            op = op.next
            if op.regions or CallLike.of(op) is not None:
                break
            if op.definition is tensor.extract_slice:
                given = iter(op.named("sizes"))
                sizes = [next(given) if entry == tensor.DYNAMIC else None
                         for entry in op.get("static_sizes")]  # fmt: skip
                for axis, (size, step) in enumerate(
                    zip(sizes, op.get("static_strides"), strict=True)
                ):
                    if size is not None and step != 0 and _uncast(size) is value:
                        return self.array(op.operand(0))[axis].most
        return None


    def _computed(self, value: Value) -> Interval:
        loop = counting_loop(value)
        if loop is not None and loop.definition is scf.for_:
            lower, upper = self.of(loop.operand(0)), self.of(loop.operand(1))
            last = None if upper.most is None else self.a.sub(upper.most, 1)
            return Interval(lower.least, last)
        if not isinstance(value, OpResult):
            return _UNKNOWN
        op = value.operation
        name = op.name
        if name == "tensor.dim":
            axis = constant_int(op.operand(1))
            return _UNKNOWN if axis is None else self.array(op.operand(0))[axis]
        if CallLike.of(op) is not None:
            name = self.ranges.service(str(op.get("callee"))) or ""
        rule = _NUMBERS.get(name)
        if rule is None:
            return _UNKNOWN
        if rule is Extents._divided and self.ranges.of(op.operand(1))[0] >= 1:
            return self._shared(*map(self.of, op.operands))
        return rule(self, *map(self.of, op.operands))

    def _both(self, operation: Callable[[Size, Size], Size], x: End, y: End) -> End:
        return None if x is None or y is None else operation(x, y)

    def _plus(self, x: Interval, y: Interval) -> Interval:
        add = self.a.add
        return Interval(self._both(add, x.least, y.least), self._both(add, x.most, y.most))

    def _minus(self, x: Interval, y: Interval) -> Interval:
        sub = self.a.sub
        return Interval(self._both(sub, x.least, y.most), self._both(sub, x.most, y.least))

    def _times(self, x: Interval, y: Interval) -> Interval:
        """The corners; of numbers that are not negative, one corner each."""
        mul = self.a.mul
        if _is_positive(x.least) and _is_positive(y.least):
            return Interval(mul(x.least, y.least), self._both(mul, x.most, y.most))
        ends = dict.fromkeys((a, b) for a in (x.least, x.most) for b in (y.least, y.most))
        if any(None in pair for pair in ends):
            return _UNKNOWN
        corners = [mul(*pair) for pair in ends]
        least = most = corners[0]
        for corner in corners[1:]:
            least, most = self.a.least(least, corner), self.a.greatest(most, corner)
        return Interval(least, most)

    def _greatest(self, x: Interval, y: Interval) -> Interval:
        if x.least is None or y.least is None:
            least = y.least if x.least is None else x.least
        else:
            least = self.a.greatest(x.least, y.least)
        return Interval(least, self._both(self.a.greatest, x.most, y.most))

    def _least(self, x: Interval, y: Interval) -> Interval:
        if x.most is None or y.most is None:
            most = y.most if x.most is None else x.most
        else:
            most = self.a.least(x.most, y.most)
        return Interval(self._both(self.a.least, x.least, y.least), most)

    def _either(self, _: Interval, x: Interval, y: Interval) -> Interval:
        return Interval(
            self._both(self.a.least, x.least, y.least),
            self._both(self.a.greatest, x.most, y.most),
        )

    def _shared(self, x: Interval, y: Interval) -> Interval:
        """Divided by a positive number, known before the nest runs or not."""
        found = self._divided(x, y)
        return found if x.most is None or found.most is not None else Interval(
            None, self._not_negative(x.most)
        )

    def _divided(self, x: Interval, y: Interval) -> Interval:
        """By a known positive number: rounding towards zero is above rounding down."""
        if not isinstance(y.least, int) or y.least != y.most or y.least <= 0:
            return _UNKNOWN
        most = None if x.most is None else self.a.ratio(x.most, y.least)
        return Interval(None, most)

    def _rest(self, x: Interval, y: Interval) -> Interval:
        if y.most is None:
            return _UNKNOWN
        return Interval(None, self.a.sub(y.most, 1)) if _is_positive(y.least) else _UNKNOWN

    def _pass(self, x: Interval) -> Interval:
        return x

    def _is_inside(self, value: Value) -> bool:
        owner = value.owner
        holder = owner if isinstance(owner, Operation) else owner.parent_op
        return holder is not None and self.nest.is_ancestor_of(holder) and (
            holder is not self.nest or not isinstance(owner, Operation)
        )


def _uncast(value: Value) -> Value:
    op = value.owner
    if isinstance(op, Operation) and op.name == "arith.index_cast":
        return op.operand(0)
    return value


def _is_positive(end: End) -> bool:
    return isinstance(end, int) and end >= 0


_ARRAYS = {
    tensor.empty: Extents._empty,
    tensor.splat: Extents._splat,
    tensor.extract_slice: Extents._slice,
    tensor.expand_shape: Extents._expanded,
    tensor.collapse_shape: Extents._collapsed,
    tensor.cast: Extents._same,
}
_NUMBERS: dict[str, Callable[..., Interval]] = {
    **dict.fromkeys(("arith.addi", "int_add"), Extents._plus),
    **dict.fromkeys(("arith.subi", "int_sub"), Extents._minus),
    **dict.fromkeys(("arith.muli", "int_mul"), Extents._times),
    **dict.fromkeys(("arith.divsi", "arith.floordivsi", "int_floordiv"), Extents._divided),
    **dict.fromkeys(("arith.remsi", "int_mod"), Extents._rest),
    "arith.maxsi": Extents._greatest,
    "arith.minsi": Extents._least,
    "arith.select": Extents._either,
    **dict.fromkeys(("arith.index_cast", "arith.extsi"), Extents._pass),
}
"""By operation, or by the service that is called."""
