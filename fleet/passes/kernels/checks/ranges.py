"""What integers can be: intervals of the values in a loop nest.

In: an integer or index value. Out: the least and the greatest number that it may be. The one idea:
an interval that holds whatever a loop carries in is enough for most loops, so a carried value is
taken to be any number while what it becomes is looked at, once (no fixpoint).
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.integers import LEAST, MOST
from fleet.ir.analysis.effects import constant_int
from fleet.ir.core import BlockArgument, Operation, Value
from fleet.ir.flow import LoopLike, counting_loop, flow_of
from fleet.ir.interfaces import CallLike
from fleet.ir.types import IndexType, IntegerType

Range = tuple[int, int]
ANY: Range = (LEAST, MOST)
Drift = tuple[list[Value], int, int]
"""Where a value starts, and the least and the greatest constant that is added on the way."""
Way = tuple[list[Value], int | None]
"""The values that a value comes from, none where it starts, and the constant added to it."""

LONGEST, FARTHEST = 1 << 56, 1 << 62
"""More iterations than any run has (years of them), and how far small steps get in as many."""


_NONE = 1 << 62


def is_within(low: int, high: int) -> bool:
    return low >= LEAST and high <= MOST


def _fit(low: int, high: int, whole: Range) -> Range:
    """The interval if it fits, else any number: arithmetic wraps around."""
    return (low, high) if whole[0] <= low and high <= whole[1] else whole


class Ranges:
    """Intervals of the values of one nest. service: what a declared function does, by name. What
    comes from outside may be any number, unless it is a constant."""

    def __init__(self, service: Callable[[str], str | None], nest: Operation | None = None) -> None:
        self.service = service
        self.nest = nest
        self.known: dict[Value, Range] = {}
        self.open: dict[Value, int] = {}
        """What is being looked at and taken to be any number meanwhile: how many were before it."""
        self.partial: dict[Value, tuple[Range, int]] = {}
        """What is known only while the values from that number on are taken to be any number."""
        self.outermost = _NONE
        """The first of the open values that the one being looked at depends on."""
        self.drifts: dict[Value, Drift] = {}
        self.ways: dict[Value, Way] = {}

    def of(self, value: Value) -> Range:
        if value in self.known:
            return self.known[value]
        whole = _whole(value)
        if value in self.open:
            self.outermost = min(self.outermost, self.open[value])
            return whole
        if value in self.partial:
            found, outermost = self.partial[value]
            self.outermost = min(self.outermost, outermost)
            return found
        number, made, before = len(self.open), len(self.partial), self.outermost
        self.open[value] = number
        self.outermost = _NONE
        found = self._of(value, whole)
        del self.open[value]
        if self.outermost >= number:
            self.known[value] = found
            while len(self.partial) > made:  # what took this value to be any number
                self.partial.popitem()
            self.outermost = before
        else:
            self.partial[value] = found, self.outermost
            self.outermost = min(self.outermost, before)
        return found

    def _of(self, value: Value, whole: Range) -> Range:
        if not isinstance(value.type, IntegerType | IndexType):
            return whole
        constant = constant_int(value)
        if constant is not None:
            return constant, constant
        if not self._is_inside(value):
            return whole
        if isinstance(value, BlockArgument):
            return self._argument(value, whole)
        op = value.owner
        assert isinstance(op, Operation)
        if op.regions:
            return self._joined(value, whole)
        name = op.name
        if CallLike.of(op) is not None:
            name = self.service(str(op.get("callee"))) or ""
        rule = _RULES.get(name)
        if rule is None:
            return whole
        return rule(whole, *(self.of(v) for v in op.operands))

    def _argument(self, value: BlockArgument, whole: Range) -> Range:
        loop = counting_loop(value)
        if loop is not None:
            (low, most), high = map(self.of, LoopLike.of(loop).limits(loop)[:2])
            return low, max(min(high[1] - 1, most + LONGEST), low)
        return self._joined(value, whole)

    def _joined(self, value: Value, whole: Range) -> Range:
        flow = flow_of(value)
        if flow is None:
            return whole
        drifted = self._drifted(value, whole)
        sources = [self.of(source) for source in flow.sources if source is not value]
        if not sources:
            return whole
        low, high = min(low for low, _ in sources), max(high for _, high in sources)
        return max(low, drifted[0]), min(high, drifted[1])

    def _drifted(self, value: Value, whole: Range) -> Range:
        """Of a value that only small constants are added to, on all ways from where it starts: no
        run is so long that they add up to more than `FARTHEST`."""
        if value not in self.drifts:
            self.drifts[value] = self._drift(value)
        starts, down, up = self.drifts[value]
        among = [self.open[start] for start in starts if start in self.open]
        if not starts or among:
            self.outermost = min([self.outermost, *among])
            return whole
        known = [self.of(start) for start in starts]
        low = min(low for low, _ in known) - (FARTHEST if down < 0 else 0)
        high = max(high for _, high in known) + (FARTHEST if up > 0 else 0)
        return _fit(low, high, whole)

    def _drift(self, value: Value) -> Drift:
        steps: set[int] = set()
        starts: list[Value] = []
        seen: set[Value] = set()
        todo = [value]
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            if at not in self.ways:
                self.ways[at] = self._way(at)
            before, step = self.ways[at]
            if step is not None:
                steps.add(step)
            todo += before
            if not before:
                starts.append(at)
        return starts, min(steps, default=0), max(steps, default=0)

    def _way(self, value: Value) -> Way:
        before, step = self._stepped(value)
        if before is not None:
            return [before], step
        flow = None if constant_int(value) is not None else flow_of(value)
        if flow is None or not self._is_inside(value) or counting_loop(value) is not None:
            return [], None
        return list(flow.sources), None

    def _stepped(self, value: Value) -> tuple[Value | None, int]:
        """The value that a small constant was added to, and the constant."""
        op = value.owner
        if not isinstance(op, Operation) or op.regions or not self._is_inside(value):
            return None, 0
        name = op.name
        if CallLike.of(op) is not None:
            name = self.service(str(op.get("callee"))) or ""
        sign = {"arith.addi": 1, "int_add": 1, "arith.subi": -1, "int_sub": -1}.get(name)
        by = None if sign is None else constant_int(op.operand(1))
        if by is None or abs(by) * LONGEST > FARTHEST:
            return None, 0
        return op.operand(0), sign * by

    def _is_inside(self, value: Value) -> bool:
        op = value.owner
        holder = op if isinstance(op, Operation) else op.parent_op
        return self.nest is None or self.nest.is_ancestor_of(holder)


def _whole(value: Value) -> Range:
    type = value.type
    if isinstance(type, IntegerType):
        if type.width == 1:
            return 0, 1
        return -(1 << type.width - 1), (1 << type.width - 1) - 1
    return ANY


# -- rules: the type's interval, then those of the operands


def _add(whole: Range, a: Range, b: Range) -> Range:
    return _fit(*_sum(a, b), whole)


def _subtract(whole: Range, a: Range, b: Range) -> Range:
    return _fit(*_difference(a, b), whole)


def _multiply(whole: Range, a: Range, b: Range) -> Range:
    return _fit(*_product(a, b), whole)


def _checked(grow: Callable[[Range, Range], Range]) -> Callable[..., Range]:
    """Of an operation that raises where the number does not fit: what is left is inside."""

    def clamped(whole: Range, a: Range, b: Range) -> Range:
        low, high = grow(a, b)
        return max(low, whole[0]), min(high, whole[1])

    return clamped


def _sum(a: Range, b: Range) -> Range:
    return a[0] + b[0], a[1] + b[1]


def _difference(a: Range, b: Range) -> Range:
    return a[0] - b[1], a[1] - b[0]


def _product(a: Range, b: Range) -> Range:
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


def _modulo(whole: Range, a: Range, b: Range) -> Range:
    if b[0] > 0:
        return (0, min(b[1] - 1, a[1])) if a[0] >= 0 else (0, b[1] - 1)
    if b[1] < 0:
        return b[0] + 1, 0
    return whole


def _remainder(whole: Range, a: Range, b: Range) -> Range:
    """With the sign of a."""
    if b[0] <= 0 <= b[1]:
        return whole
    most = max(abs(b[0]), abs(b[1])) - 1
    return (0 if a[0] >= 0 else -most), (0 if a[1] <= 0 else most)


def _divide(whole: Range, a: Range, b: Range) -> Range:
    if b[0] <= 0:
        return whole
    low, high = _floor_divide(whole, a, b)
    return low, high + (a[0] < 0)  # towards zero


def _floor_divide(whole: Range, a: Range, b: Range) -> Range:
    if b[0] <= 0:
        return whole
    corners = [x // y for x in a for y in b]
    return min(corners), max(corners)


def _and(whole: Range, a: Range, b: Range) -> Range:
    bounds = [r[1] for r in (a, b) if r[0] >= 0]
    return (0, min(bounds)) if bounds else whole


def _shift_right(whole: Range, a: Range, b: Range) -> Range:
    if not 0 <= b[0] <= b[1] < 64:
        return whole
    corners = [x >> y for x in a for y in b]
    return min(corners), max(corners)


def _shift_in_zeros(whole: Range, a: Range, b: Range) -> Range:
    width = whole[1].bit_length() + 1
    if a[0] >= 0:
        return _shift_right(whole, a, b)
    return (0, (1 << width - b[0]) - 1) if 1 <= b[0] <= b[1] < width else whole


def _pass(whole: Range, a: Range) -> Range:
    return _fit(*a, whole)


def _zero_extend(whole: Range, a: Range) -> Range:
    return a if a[0] >= 0 else whole


def _select(whole: Range, condition: Range, a: Range, b: Range) -> Range:
    return min(a[0], b[0]), max(a[1], b[1])


def _power(whole: Range, a: Range, b: Range) -> Range:
    if b[0] < 0:
        return whole  # the other numbers raise
    if b[1] > 63:
        return (0, whole[1]) if a[0] >= 0 else whole
    most = min(max(abs(a[0]), abs(a[1])) ** b[1], whole[1])
    return 0 if a[0] >= 0 else max(-most, whole[0]), max(most, 1)


_RULES: dict[str, Callable[..., Range]] = {
    "arith.addi": _add, "arith.subi": _subtract, "arith.muli": _multiply,
    "int_pow": _power, "int_powmod": lambda whole, a, b, m: _modulo(whole, whole, m),
    "int_add": _checked(_sum), "int_sub": _checked(_difference), "int_mul": _checked(_product),
    "int_mod": _modulo, "arith.remsi": _remainder, "arith.divsi": _divide,
    "int_floordiv": _floor_divide, "arith.floordivsi": _floor_divide,
    "arith.andi": _and, "arith.shrsi": _shift_right, "arith.shrui": _shift_in_zeros,
    "arith.maxsi": lambda whole, a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "arith.minsi": lambda whole, a, b: (min(a[0], b[0]), min(a[1], b[1])),
    "arith.index_cast": _pass, "arith.extsi": _pass, "arith.trunci": _pass,
    "arith.extui": _zero_extend, "arith.select": _select, "tensor.dim": lambda whole, *_: (0, MOST),
}  # fmt: skip
"""By operation, or by the service that is called."""
