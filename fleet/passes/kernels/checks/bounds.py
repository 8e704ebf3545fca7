"""`prove-comparisons`: comparisons in loops of which it is known how they turn out.

In: the schedule. Out: the same with comparisons of integers inside loops replaced by true or false
where the loops' bounds and the branches around them say so, and checks of what is true gone: a
subscript that runs over `range(1, n - 1)` needs no check, and no turn for negative ones. The one
idea: every number is a linear sum of others, every loop and branch around a place gives facts
`sum >= 0`, and a comparison holds if it is a fact plus something that is not negative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from fleet.dialects import arith, scf
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.integers import LEAST, MOST
from fleet.ir.analysis.effects import constant_int
from fleet.ir.builder import Builder
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Value
from fleet.ir.flow import flow_of
from fleet.ir.interfaces import CallLike, functions_of
from fleet.ir.rewriting.journal import erasing, replacing
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import IndexType, IntegerType, i1
from fleet.ir.watch import count, may_apply
from fleet.passes.kernels.checks.passed import Places, use_passed_check
from fleet.passes.kernels.checks.ranges import Range, Ranges

MOST_TERMS = 6
DEEPEST = 4
"""Facts that a proof may add up."""


@register_pass("prove-comparisons", "comparisons in loops that turn out one way only")
def run(module: Operation) -> None:
    """Replace what is known by constants; drop checks of what holds."""
    functions = functions_of(module)

    def service(name: str) -> str | None:
        function = functions.get(name)
        return None if function is None else function.get("service")

    for function in functions.values():
        if function.regions[0].blocks and "kernel" not in function.attributes:
            _Prover(service).function(function)


@dataclass(frozen=True)
class Sum:
    """constant + the sum of factor * value."""

    constant: int = 0
    terms: dict[Value, int] = field(default_factory=dict)

    def plus(self, other: Sum, factor: int = 1) -> Sum:
        terms = dict(self.terms)
        for value, each in other.terms.items():
            terms[value] = terms.get(value, 0) + factor * each
        return Sum(
            self.constant + factor * other.constant, {v: c for v, c in terms.items() if c}
        )


class _Prover:
    """The facts of one function. sums: of the values asked for so far."""

    def __init__(self, service: Callable[[str], str | None]) -> None:
        self.service = service
        self.ranges = Ranges(service)
        self.sums: dict[Value, Sum] = {}
        self.products: dict[object, Value] = {}
        """The first one of equal products."""
        self.facts: dict[Operation, list[Sum]] = {}
        self.least: dict[Value, int] = {}
        """Of carried values: numbers that they are never below."""

    def _use_checks(self, function: Operation) -> None:
        places: dict[Block, Places] = {}
        for op in list(function.walk()):
            if op.parent is not None and self._service(op) == "check":
                if op.parent not in places:
                    places[op.parent] = {each: n for n, each in enumerate(op.parent)}
                use_passed_check(op, places[op.parent])

    def function(self, function: Operation) -> None:
        self._use_checks(function)
        for op in list(function.walk()):
            if op.name == "arith.cmpi" and _in_loop(op, function):
                answer = self._decided(op)
                if answer is not None and may_apply():
                    made = Builder.before(op).constant(int(answer), i1)
                    replacing("a comparison that is known", op, [made])
                    op.replace_with([made])
                    count("comparisons known")
        fitting = []
        for op in list(function.walk()):
            service = self._service(op)
            if service == "check" and self._holds(op.operand(0)) and may_apply():
                erasing("a check that holds", op)
                op.erase()
                count("checks proven")
            elif service in _UNCHECKED and self._fits_in_loop(op, function) and may_apply():
                fitting.append((op, _UNCHECKED[service]))
        for op, unchecked in fitting:  # only now: until here facts name their results
            made = Builder.before(op).value(unchecked, *op.operands)
            replacing("a number that fits", op, [made])
            op.replace_with([made])
            count("overflows ruled out")

    def _fits_in_loop(self, op: Operation, function: Operation) -> bool:
        """Whether the result of an operation on ints in a loop is what the machine makes it: of no
        more than 64 bits, and of no negative number where it would be rounded."""
        if not _in_loop(op, function):
            return False
        a, b = map(self._sum, op.operands)
        if self._service(op) in ("int_mod", "int_floordiv"):
            facts = list(self._around(op))
            return self._proven(a, facts) and self._proven(b.plus(Sum(-1)), facts)
        total = a.plus(b, 1 if self._service(op) == "int_add" else -1)
        facts = list(self._around(op))
        return self._proven(total.plus(Sum(-LEAST)), facts) and self._proven(
            Sum(MOST).plus(total, -1), facts
        )

    def _holds(self, value: Value) -> bool:
        known = constant_int(value)
        if known is not None:
            return bool(known)
        op = value.owner
        if isinstance(op, Operation) and op.name == "arith.andi":
            return all(map(self._holds, op.operands))
        return False

    def _service(self, op: Operation) -> str | None:
        return self.service(str(op.get("callee"))) if CallLike.of(op) is not None else None

    # -- sums

    def _sum(self, value: Value) -> Sum:
        if value not in self.sums:
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
        name = self._service(op) or op.name
        if name in ("arith.index_cast", "arith.extsi"):
            return self._sum(op.operand(0))
        if name not in _LINEAR or len(op.operands) != 2:
            return alone
        if name.startswith("arith.") and not self._fits(op):
            return alone
        a, b = map(self._sum, op.operands)
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

    def _around(self, op: Operation) -> Iterator[Sum]:
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
        counter = self._sum(loop.body.arguments[0])
        yield counter.plus(self._sum(lower), -1)
        for limit in self._limits(upper, self._sum(lower)):
            yield limit.plus(counter, -1).plus(Sum(-1))

    def _limits(self, limit: Value, least: Sum) -> Iterator[Sum]:
        """What is above something that is not below `least`, if `limit` is: of a maximum it is the
        one that can be."""
        while isinstance(limit.owner, Operation) and limit.owner.name == "arith.index_cast":
            limit = limit.owner.operand(0)
        yield self._sum(limit)
        op = limit.owner
        if isinstance(op, Operation) and op.name == "arith.maxsi":
            for one, other in (op.operands, op.operands[::-1]):
                if self._least(least.plus(self._sum(other), -1)) >= 0:
                    yield self._sum(one)

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
        a, b = self._sum(one), self._sum(other)
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

    def _decided(self, op: Operation) -> bool | None:
        a, b = map(self._sum, op.operands)
        predicate = CMPI_PREDICATES[op.get("predicate")]
        if op.operand(0).type == i1:
            return None
        facts = list(self._around(op))
        less = b.plus(a, -1)  # a <= b: not negative
        if predicate in ("eq", "ne"):
            apart = self._proven(less.plus(Sum(-1)), facts) or self._proven(
                Sum(-1).plus(less, -1), facts
            )
            return (predicate == "ne") if apart else None
        if predicate not in _GOALS:
            return None
        strict, swapped = _GOALS[predicate]
        goal = Sum().plus(less, -1) if swapped else less
        if self._proven(goal.plus(Sum(-strict)), facts):
            return True
        if self._proven(Sum(strict - 1).plus(goal, -1), facts):
            return False
        return None

    def _proven(self, goal: Sum, facts: list[Sum], depth: int = DEEPEST) -> bool:
        """Whether the sum is not negative."""
        if self._least(goal) >= 0:
            return True
        if depth == 0 or not goal.terms:
            return False
        for value, factor in goal.terms.items():
            for other in self._bounds_of(value, factor, facts, min(depth - 1, 2)):
                rest = goal.plus(Sum(0, {value: 1}), -factor).plus(other, factor)
                if len(rest.terms) <= MOST_TERMS and self._proven(rest, facts, depth - 1):
                    return True
            for fact in facts:
                other = fact.terms.get(value, 0)
                if other * factor <= 0 or factor % other:
                    continue
                rest = goal.plus(fact, -(factor // other))
                if len(rest.terms) <= MOST_TERMS and self._proven(rest, facts, depth - 1):
                    return True
        return False

    def _bounds_of(
        self, value: Value, factor: int, facts: list[Sum], depth: int
    ) -> list[Sum]:
        """What may stand for a value in a sum that then is not more."""
        op = value.owner
        if not isinstance(op, Operation):
            return []
        name = self._service(op) or op.name
        if name == ("arith.maxsi" if factor > 0 else "arith.minsi"):
            return [self._sum(v) for v in op.operands]
        if name in ("int_mod", "arith.remsi"):
            if name == "arith.remsi" and not self._proven(
                self._sum(op.operand(0)), facts, depth
            ):
                return []
            divisor = self._sum(op.operand(1))
            if self._proven(divisor.plus(Sum(-1)), facts, depth):
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
                    self._proven(self._sum(source).plus(Sum(-least)), list(self._around(end)))
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
                    distance = self._sum(value).plus(self._sum(start), -1)
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
                name = self._service(op) or op.name
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
_UNCHECKED = {
    "int_add": arith.addi, "int_sub": arith.subi, "int_mod": arith.remsi,
    "int_floordiv": arith.divsi,
}  # fmt: skip
_SMALL, _FAR = 1 << 31, 1 << 62
_GOALS = {"slt": (1, False), "sle": (0, False), "sgt": (1, True), "sge": (0, True)}
"""Whether it is strict, and whether it is about b <= a rather than a <= b."""
_OPPOSITE = {"slt": "sge", "sge": "slt", "sle": "sgt", "sgt": "sle", "ne": "eq"}


def _in_loop(op: Operation, function: Operation) -> bool:
    outer = op.parent_op
    while outer is not None and outer is not function:
        if outer.definition in (scf.for_, scf.while_):
            return True
        outer = outer.parent_op
    return False
