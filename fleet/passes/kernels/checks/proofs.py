"""What is known of integers in loops: sums, facts and proofs.

In: a function of the schedule. Out: of each number the linear sum of others that it is, of each
place what the loops and branches around it say, and whether a sum is never negative there. The one
idea: a comparison holds if it is a fact plus something that is not negative. (What C. Ancourt's
and others' polyhedral analyses solve exactly is searched here, a few facts deep.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from fleet.dialects import scf
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.integers import LEAST, MOST
from fleet.ir.analysis.effects import constant_int, constant_of
from fleet.ir.attributes import FloatAttr
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Value
from fleet.ir.flow import flow_of
from fleet.ir.interfaces import CallLike
from fleet.ir.types import IndexType, IntegerType, i1
from fleet.passes.kernels.checks.ranges import Range, Ranges
from fleet.passes.kernels.checks.sums import ArraySizes, Place, Sum

MOST_TERMS = 6
DEEPEST = 4
"""Facts that a proof may add up."""

Service = Callable[[str], str | None]
"""What a declared function does, by its name."""


def service_called(op: Operation, service: Service) -> str | None:
    """What an operation asks of the host, if it does."""
    return service(str(op.get("callee"))) if CallLike.of(op) is not None else None


class Proofs:
    """The facts of one function. sums: of the values asked for so far. changing: axes of carried
    arrays that do not keep their sizes. What is told holds if `sizes` has not failed in the end."""

    def __init__(self, service: Service, changing: set[Place]) -> None:
        self.service = service
        self.ranges = Ranges(service)
        self.sizes = ArraySizes(self.sum, changing)
        self.sums: dict[Value, Sum] = {}
        self.products: dict[object, Value] = {}
        """The first one of equal products."""
        self.facts: dict[Operation, list[Sum]] = {}
        self.least: dict[Value, int] = {}
        """Of carried values: numbers that they are never below."""
        self.chosen: dict[Operation, int] = {}
        """The operand that a minimum, a maximum or a choice is."""

    # -- sums

    def sum(self, value: Value) -> Sum:
        if value not in self.sums:
            self.sums[value] = Sum(0, {value: 1})  # while looking
            made = self._make_sum(value)
            self.sums[value] = made if len(made.terms) <= MOST_TERMS else Sum(0, {value: 1})
        return self.sums[value]

    def _make_sum(self, value: Value) -> Sum:
        constant = constant_int(value)
        if constant is not None:
            return Sum(constant)
        op = value.owner
        alone = Sum(0, {value: 1})
        if not isinstance(op, Operation):
            return alone
        name = service_called(op, self.service) or op.name
        if name in ("arith.index_cast", "arith.extsi"):
            return self.sum(op.operand(0))
        if name == "tensor.dim":
            axis = constant_int(op.operand(1))
            return alone if axis is None else self.sizes.of_dimension(op, axis)
        if name in CHOICES and is_number(value):
            chosen = self._choice(op)
            if chosen is None:
                return alone
            self.chosen[op] = chosen
            return self.sum(op.operand(chosen))
        if name not in _LINEAR or len(op.operands) != 2:
            return alone
        if name.startswith("arith.") and not self._fits(op):
            return alone
        a, b = map(self.sum, op.operands)
        match _LINEAR[name]:
            case "+":
                return a.plus(b)
            case "-":
                return a.plus(b, -1)
        if not b.terms:
            return Sum().plus(a, b.constant)
        if not a.terms:
            return Sum().plus(b, a.constant)
        key = frozenset((tuple(each.terms.items()), each.constant) for each in (a, b))
        return Sum(0, {self.products.setdefault(key, value): 1})

    def _choice(self, op: Operation) -> int | None:
        """The number of the operand that a minimum, maximum or choice is, where that is known."""
        a, b = map(self.sum, op.operands[-2:])
        if op.name == "arith.select":
            return self._choice_by(op.operand(0).owner, a.plus(b, -1))
        facts = list(self.around(op))
        for number, less in enumerate((b.plus(a, -1), a.plus(b, -1))):
            if self.proven(less, facts):
                return number if op.name == "arith.minsi" else 1 - number
        return None

    def _choice_by(self, test: Operation | Block, apart: Sum) -> int | None:
        """apart: what the first of the two is more than the second one."""
        if apart == Sum():
            return 2
        if not isinstance(test, Operation) or test.name != "arith.cmpi":
            return None
        if not is_number(test.operand(0)):
            return None
        answer = self.decided(test)
        if answer is not None:
            return 1 if answer else 2
        one, other = map(self.sum, test.operands)
        predicate = CMPI_PREDICATES[test.get("predicate")]
        if predicate in ("eq", "ne") and apart in (one.plus(other, -1), other.plus(one, -1)):
            return 2 if predicate == "eq" else 1  # where both are equal, so are the two
        return None

    def _fits(self, op: Operation) -> bool:
        """Whether the result never wraps around: sizes and places do not."""
        if isinstance(op.result.type, IndexType) or self._is_near_counter(op):
            return True
        (a, b), sign = map(self.ranges.of, op.operands), _LINEAR[op.name]
        if sign == "*":
            corners = [x * y for x in a for y in b]
        else:
            corners = [a[0] + b[0], a[1] + b[1]] if sign == "+" else [a[0] - b[1], a[1] - b[0]]
        return min(corners) >= LEAST and max(corners) <= MOST

    def _is_near_counter(self, op: Operation) -> bool:
        """Whether a constant is added to what a loop only counts: in no run that ends does that
        come near 64 bits."""
        by = constant_int(op.operand(1))
        if _LINEAR[op.name] == "*" or by is None or abs(by) > _SMALL:
            return False
        root = self._root(op.operand(0))
        sources = [source for source, _ in self._sources(root)]
        steps = [self._step(source, root) for source in sources]
        return any(step is not None for step in steps) and all(
            max(map(abs, self.ranges.of(source))) <= _FAR if step is None else abs(step) <= _SMALL
            for step, source in zip(steps, sources, strict=True)
        )

    # -- facts

    def around(self, op: Operation) -> Iterator[Sum]:
        """Sums that are not negative where the operation stands."""
        inner, outer = op, op.parent_op
        while outer is not None:
            if outer.definition in (scf.for_, scf.while_, scf.if_):
                yield from self._known_inside(inner, outer)
            inner, outer = outer, outer.parent_op

    def _known_inside(self, inner: Operation, outer: Operation) -> list[Sum]:
        region = inner.parent.parent
        number = next(n for n, each in enumerate(outer.regions) if each is region)
        key = outer.regions[number].block.last
        if key not in self.facts:
            self.facts[key] = list(self._facts(outer, number))
        return self.facts[key]

    def _facts(self, outer: Operation, region: int) -> Iterator[Sum]:
        if outer.definition in (scf.for_, scf.while_):
            yield from self._of_carried(outer.regions[region].block.arguments)
        if outer.definition is scf.for_:
            yield from self._of_counter(outer)
        elif outer.definition is scf.if_:
            yield from self._of_condition(outer.operand(0), region == 0, {})
        elif region == 1:
            last = outer.regions[0].block.last
            renamed = dict(
                zip(last.operands[1:], outer.regions[1].block.arguments, strict=True)
            )
            yield from self._of_condition(last.operand(0), True, renamed)

    def _of_counter(self, loop: Operation) -> Iterator[Sum]:
        lower, upper = loop.operands[:2]
        counter = self.sum(loop.body.arguments[0])
        yield counter.plus(self.sum(lower), -1)
        for limit in self._limits(upper, self.sum(lower)):
            yield limit.plus(counter, -1).plus(Sum(-1))

    def _limits(self, limit: Value, least: Sum) -> Iterator[Sum]:
        """What is above something that is not below `least`, if `limit` is: of a maximum it is the
        one that can be."""
        while isinstance(limit.owner, Operation) and limit.owner.name == "arith.index_cast":
            limit = limit.owner.operand(0)
        yield self.sum(limit)
        op = limit.owner
        if isinstance(op, Operation) and op.name == "arith.maxsi":
            for one, other in (op.operands, op.operands[::-1]):
                if self._least(least.plus(self.sum(other), -1)) >= 0:
                    yield self.sum(one)

    def _of_condition(
        self, value: Value, holds: bool, renamed: dict[Value, Value]
    ) -> Iterator[Sum]:
        """What follows from a condition. renamed: values that go on under another name."""
        op = value.owner
        if not isinstance(op, Operation):
            return
        match op.name:
            case "arith.cmpi":
                yield from self._of_comparison(op, holds, renamed)
            case "arith.andi" if holds:
                for each in op.operands:
                    yield from self._of_condition(each, True, renamed)
            case "arith.ori" if not holds:
                for each in op.operands:
                    yield from self._of_condition(each, False, renamed)
            case "arith.xori" if constant_int(op.operand(1)) == 1:
                yield from self._of_condition(op.operand(0), not holds, renamed)
            case "scf.if":
                yield from self._of_choice(op, value, holds, renamed)

    def _of_choice(
        self, op: Operation, value: Value, holds: bool, renamed: dict[Value, Value]
    ) -> Iterator[Sum]:
        """`a and b` is `b` where `a` holds, and false elsewhere."""
        assert isinstance(value, OpResult)
        given = [r.block.last.operand(value.number) for r in op.regions if r.blocks]
        for way, other in ((0, 1), (1, 0)):
            excluded = constant_int(given[other])
            if excluded is not None and bool(excluded) != holds:
                yield from self._of_condition(op.operand(0), way == 0, renamed)
                yield from self._of_condition(given[way], holds, renamed)

    def _of_comparison(
        self, op: Operation, holds: bool, renamed: dict[Value, Value]
    ) -> Iterator[Sum]:
        one, other = (renamed.get(v, v) for v in op.operands)
        a, b = self.sum(one), self.sum(other)
        predicate = CMPI_PREDICATES[op.get("predicate")]
        if not holds:
            predicate = _OPPOSITE.get(predicate, "")
        match predicate:
            case "slt":
                for limit in self._limits(other, a):
                    yield limit.plus(a, -1).plus(Sum(-1))
            case "sgt":
                for limit in self._limits(one, b):
                    yield limit.plus(b, -1).plus(Sum(-1))
            case "sle":
                yield b.plus(a, -1)
            case "sge":
                yield a.plus(b, -1)
            case "eq":
                yield a.plus(b, -1)
                yield b.plus(a, -1)

    # -- proofs

    def decided(self, op: Operation) -> bool | None:
        """Whether a comparison is known to hold, or not to."""
        if op.name == "arith.cmpf":
            return self._decided_of_float(op)
        if op.operand(0).type == i1:
            return None
        predicate = CMPI_PREDICATES[op.get("predicate")]
        return self._compared(op, predicate, *map(self.sum, op.operands))

    def _decided_of_float(self, op: Operation) -> bool | None:
        """Of an int that became a float, with a small whole number: rounding changes nothing."""
        test, known = op.operand(0).owner, constant_of(op.operand(1))
        word = CMPF_PREDICATES[op.get("predicate")]
        if not isinstance(test, Operation) or test.name != "arith.sitofp":
            return None
        if not isinstance(known, FloatAttr) or not is_number(test.operand(0)):
            return None
        number = float(known.value)
        if not number.is_integer() or abs(number) >= _EXACT or word[1:] not in _SIGNED:
            return None
        return self._compared(
            op, _SIGNED[word[1:]], self.sum(test.operand(0)), Sum(int(number))
        )

    def _compared(self, op: Operation, predicate: str, a: Sum, b: Sum) -> bool | None:
        facts = list(self.around(op))
        less = b.plus(a, -1)  # a <= b: not negative
        if predicate in ("eq", "ne") and less == Sum():
            return predicate == "eq"
        if predicate in ("eq", "ne"):
            apart = self.proven(less.plus(Sum(-1)), facts) or self.proven(
                Sum(-1).plus(less, -1), facts
            )
            return (predicate == "ne") if apart else None
        if predicate not in _GOALS:
            return None
        strict, swapped = _GOALS[predicate]
        goal = Sum().plus(less, -1) if swapped else less
        if self.proven(goal.plus(Sum(-strict)), facts):
            return True
        if self.proven(Sum(strict - 1).plus(goal, -1), facts):
            return False
        return None

    def proven(self, goal: Sum, facts: list[Sum], depth: int = DEEPEST) -> bool:
        """Whether the sum is not negative."""
        if self._least(goal) >= 0:
            return True
        if depth == 0 or not goal.terms:
            return False
        for value, factor in goal.terms.items():
            for other in self._bounds_of(value, factor, facts, min(depth - 1, 2)):
                rest = goal.plus(Sum(0, {value: 1}), -factor).plus(other, factor)
                if len(rest.terms) <= MOST_TERMS and self.proven(rest, facts, depth - 1):
                    return True
            for fact in facts:
                other = fact.terms.get(value, 0)
                if other * factor <= 0 or factor % other:
                    continue
                rest = goal.plus(fact, -(factor // other))
                if len(rest.terms) <= MOST_TERMS and self.proven(rest, facts, depth - 1):
                    return True
        return False

    def _bounds_of(
        self, value: Value, factor: int, facts: list[Sum], depth: int
    ) -> list[Sum]:
        """What may stand for a value in a sum that then is not more."""
        op = value.owner
        if not isinstance(op, Operation):
            return []
        name = service_called(op, self.service) or op.name
        if name == ("arith.maxsi" if factor > 0 else "arith.minsi"):
            return [self.sum(v) for v in op.operands]
        if name in ("int_mod", "arith.remsi"):
            if name == "arith.remsi" and not self.proven(
                self.sum(op.operand(0)), facts, depth
            ):
                return []
            divisor = self.sum(op.operand(1))
            if self.proven(divisor.plus(Sum(-1)), facts, depth):
                return [Sum() if factor > 0 else divisor.plus(Sum(-1))]
        return []

    def _least(self, total: Sum) -> int:
        """What the sum is at least, by the intervals of its values."""
        least = total.constant
        for value, factor in total.terms.items():
            low, high = self._range(value)
            least += factor * (low if factor > 0 else high)
        return least

    def _range(self, value: Value) -> Range:
        low, high = self.ranges.of(value)
        if low < 0:
            low = max(low, self._induced(self._root(value)))
        return low, high

    # -- what loops carry

    def _sources(self, value: Value) -> list[tuple[Value, Operation]]:
        """What a carried value is, and where that is handed on."""
        flow = flow_of(value)
        return [] if flow is None else [(op.operand(n), op) for op, n in flow.uses]

    def _root(self, value: Value) -> Value:
        """The argument of a while loop's condition that goes on under this name."""
        for _ in range(DEEPEST):
            sources = self._sources(value)
            if len(sources) != 1 or not isinstance(sources[0][0], BlockArgument):
                break
            value = sources[0][0]
        return value

    def _induced(self, root: Value) -> int:
        """A small number that a carried value is never below: what it starts with is not, and what
        it becomes is not if it was not."""
        if root in self.least:
            return self.least[root]
        known, facts = dict(self.least), dict(self.facts)
        self.least[root] = LEAST
        sources = self._sources(root)
        if isinstance(root, BlockArgument) and len(sources) > 1:
            for least in (0, -1):
                self.least[root] = least
                proven = all(
                    self.proven(self.sum(source).plus(Sum(-least)), list(self.around(end)))
                    for source, end in sources
                )
                self.facts = dict(facts)  # others were found while less, or too much, was known
                if proven:
                    return least
                self.least = {**known, root: LEAST}
        return LEAST

    def _of_carried(self, values: Iterable[Value]) -> Iterator[Sum]:
        """What a loop only adds to is never below its start, nor above it what it takes from."""
        for value in values:
            if not isinstance(value.type, IntegerType | IndexType):
                continue
            root = self._root(value)
            sources = [source for source, _ in self._sources(root)]
            if len(sources) != 2:
                continue
            for start, again in (sources, sources[::-1]):
                step = self._step(again, root)
                if step is not None and self._step(start, root) is None:
                    distance = self.sum(value).plus(self.sum(start), -1)
                    if step >= 0:
                        yield distance
                    if step <= 0:
                        yield Sum().plus(distance, -1)

    def _step(self, source: Value, root: Value) -> int | None:
        """By how much a value is more than a carried one, where that is always the same."""
        total = 0
        for _ in range(DEEPEST):
            if source is root:
                return total
            op = source.owner
            if isinstance(source, OpResult) and not op.regions:
                name = service_called(op, self.service) or op.name
                sign = {"arith.addi": 1, "int_add": 1, "arith.subi": -1, "int_sub": -1}.get(name)
                by = None if sign is None else constant_int(op.operand(1))
                if by is None:
                    return None
                total += sign * by
                source = op.operand(0)
                continue
            sources = self._sources(source)
            if len(sources) != 1:
                return None
            source = sources[0][0]
        return None


_LINEAR = {
    "arith.addi": "+", "arith.subi": "-", "arith.muli": "*",
    "int_add": "+", "int_sub": "-", "int_mul": "*",
}  # fmt: skip
CHOICES = ("arith.minsi", "arith.maxsi", "arith.select")
_SIGNED = {
    "eq": "eq", "ne": "ne", "lt": "slt", "le": "sle", "gt": "sgt", "ge": "sge",
}  # fmt: skip
_EXACT = 1 << 53
_SMALL, _FAR = 1 << 31, 1 << 62
_GOALS = {"slt": (1, False), "sle": (0, False), "sgt": (1, True), "sge": (0, True)}
"""Whether it is strict, and whether it is about b <= a rather than a <= b."""
_OPPOSITE = {"slt": "sge", "sge": "slt", "sle": "sgt", "sgt": "sle", "ne": "eq"}


def is_number(value: Value) -> bool:
    return isinstance(value.type, IndexType) or (
        isinstance(value.type, IntegerType) and value.type.width == 64
    )
