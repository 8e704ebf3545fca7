"""`settle-unions`: a running value that begins as Python's number and goes on as NumPy's is one.

    s = 0.0                  loop.for … with (%kind = %c0, %s = %zero)
    for i in range(n):   →     loop.if (%kind == %c0) { yield 0.0 + %x } else { yield %s + %x }
        s += a[i]              loop.yield %c1, …

In: loops that carry a value and, beside it, a constant that is another one from the second
iteration on. Out: the same without the branches on it that do the same either way. The one idea: as
long as the constant is the first one, every other carried value is what it began as; so its
beginning and the value itself may stand for each other there, and then both branches are the same
text, or the one adds 0 (multiplies by 1) where the other does nothing. What is left of the constant
is then known without the loop.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import arith, loop
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.ir.analysis.effects import constant_int, constant_of
from fleet.ir.attributes import Attribute
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import COMMUTATIVE, PURE
from fleet.ir.rewriting.journal import replacing
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import i1
from fleet.ir.watch import count, may_apply


@register_pass("settle-unions", "branches on what a value began as that do the same either way")
def run(module: Operation) -> None:
    """Inner branches first: what is the same there makes outer ones the same."""
    for op in list(module.walk()):
        if op.definition is loop.for_ and op.parent is not None and not loop.is_vector_loop(op):
            _settle(op)
        elif op.definition is loop.if_ and op.parent is not None:
            _settle_branch(op)


def _settle_branch(op: Operation) -> None:
    """A branch both ways of which are the same."""
    ways = [region.block for region in op.regions if region.blocks]
    if len(ways) == 2 and may_apply() and _Same({}).blocks(*ways):
        _take(op, ways[0])
        count("branches that do the same")


def _settle(op: Operation) -> None:
    inits, yielded = op.operands[2:], op.body.terminator.operands
    for number, (init, again) in enumerate(zip(inits, yielded, strict=True)):
        first, later = constant_of(init), constant_of(again)
        if first is None or later is None or first == later:
            continue
        carried = loop.iteration_arguments(op)
        for kind, values in ((carried[number], carried), (op.results[number], op.results)):
            _settle_branches(kind, first, dict(zip(values, inits, strict=True)))
        if not carried[number].uses and op.results[number].uses and may_apply():
            _known_outside(op, number)


def _known_outside(op: Operation, number: int) -> None:
    """A result that says only whether there was an iteration."""
    lower, upper = op.operands[:2]
    kinds = op.operand(2 + number), op.body.terminator.operand(number)
    builder = Builder.before(op)
    slt = CMPI_PREDICATES.index("slt")
    ran = builder.value(arith.cmpi, lower, upper, predicate=slt, types=[i1])
    first, later = (
        builder.value(arith.constant, value=constant_of(kind), types=[kind.type])
        for kind in kinds
    )
    known = builder.value(arith.select, ran, later, first, types=[first.type])
    replacing("a result that says only whether the loop ran", op, [known])
    op.results[number].replace_all_uses_with(known)
    count("results known without the loop")


def _settle_branches(kind: Value, first: Attribute, beginnings: dict[Value, Value]) -> None:
    for test in list(kind.users):
        if test.name != "arith.cmpi" or constant_of(test.operand(1)) != first:
            continue
        predicate = CMPI_PREDICATES[test.get("predicate")]
        if predicate not in ("eq", "ne"):
            continue
        for branch in list(test.result.users):
            if branch.definition is loop.if_ and len(branch.regions[1].blocks) == 1:
                ways = [region.block for region in branch.regions]
                start, on = ways if predicate == "eq" else ways[::-1]
                same = _Same(beginnings).blocks(start, on) or Folded(beginnings).is_idle(start, on)
                if same and may_apply():
                    _take(branch, on)
                    count("branches that do the same")
        if not test.result.uses:
            test.erase()


def _take(branch: Operation, block: Block) -> None:
    """One of the branches in the place of all."""
    given = list(block.terminator.operands)
    for op in list(block):
        if op is not block.last:
            branch.parent.insert_before(branch, op.detach())
    replacing("branches that do the same", branch, given)
    branch.replace_with(given)


class Folded:
    """What the values of a block are where those that it gets are what they began as."""

    def __init__(self, beginnings: dict[Value, Value]) -> None:
        self.known: dict[Value, object] = {}
        for value, begun in beginnings.items():
            constant = constant_int(begun)
            if constant is not None:
                self.known[value] = constant

    def is_idle(self, start: Block, on: Block) -> bool:
        """Whether a block gives what another one gives that computes nothing."""
        if any(constant_of_op(op) is None for op in start if op is not start.last):
            return False
        for op in on:
            if op is not on.last and not self._operation(op):
                return False
        pairs = zip(start.terminator.operands, on.terminator.operands, strict=True)
        return all(self.of(a) == self.of(b) for a, b in pairs)

    def of(self, value: Value) -> object:
        constant = constant_int(value)
        return self.known.get(value, value) if constant is None else constant

    def _operation(self, op: Operation) -> bool:
        """Find out what an operation gives; False where it has an effect."""
        if op.definition in (loop.doubt, loop.exit_):
            return self.of(op.operand(0)) == 0
        if op.regions or not op.has_trait(PURE):
            return False
        operands = [self.of(v) for v in op.operands]
        found: tuple[object, ...] = (("of", op),)
        match op.name, operands:
            case ("arith.addi" | "arith.xori" | "arith.ori", [0, x]) | (
                "arith.addi" | "arith.subi" | "arith.xori" | "arith.ori", [x, 0]
            ) | ("arith.muli", [1, x] | [x, 1]):  # fmt: skip
                found = (x,)
            case "arith.xori" | "arith.subi", [x, y] if x == y:
                found = (0,)
            case "arith.andi", [0, _] | [_, 0]:
                found = (0,)
            case "arith.mulsi_extended", [1, x] | [x, 1]:
                found = (x, ("sign", x))
            case "arith.shrsi", [x, 63]:
                found = (("sign", x),)
            case "arith.cmpi", [x, y] if x == y:
                equal = CMPI_PREDICATES[op.get("predicate")]
                found = (int(equal == "eq" or equal.endswith("e") and equal != "ne"),)
        if len(found) == len(op.results):
            self.known.update(zip(op.results, found, strict=True))
        return True


class _Same:
    """Compares what two blocks do, where values and what they began as are the same.

    twins: values of the one block and those of the other."""

    def __init__(self, beginnings: dict[Value, Value]) -> None:
        self.beginnings = beginnings
        self.twins: dict[Value, Value] = {}

    def blocks(self, one: Block, other: Block) -> bool:
        """`one` runs where everything is what it began as. Constants may stand anywhere."""
        firsts, others = ([op for op in b if constant_of_op(op) is None] for b in (one, other))
        return len(firsts) == len(others) and all(
            self._operations(a, b) for a, b in zip(firsts, others, strict=True)
        )

    def _operations(self, a: Operation, b: Operation) -> bool:
        if a.name != b.name or a.regions or b.regions or a.attributes != b.attributes:
            return False
        if [r.type for r in a.results] != [r.type for r in b.results]:
            return False
        same = self._values(a.operands, b.operands)
        if not same and a.has_trait(COMMUTATIVE) and a.has_trait(PURE):
            same = self._values(a.operands, b.operands[::-1])
        self.twins.update(zip(a.results, b.results, strict=True))
        return same

    def _values(self, ours: Sequence[Value], theirs: Sequence[Value]) -> bool:
        return len(ours) == len(theirs) and all(map(self._value, ours, theirs))

    def _value(self, a: Value, b: Value) -> bool:
        if a is b or self.twins.get(a) is b:
            return True
        begun, known = self.beginnings.get(b, b), constant_of(a)
        return known is not None and known == constant_of(begun) and a.type == b.type


def constant_of_op(op: Operation) -> Attribute | None:
    return constant_of(op.results[0]) if len(op.results) == 1 else None
