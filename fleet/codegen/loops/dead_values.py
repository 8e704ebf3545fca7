"""Values that loops and branches hand on although nobody looks at them.

In: a kernel. Out: the same without iteration arguments and results that only feed themselves. The
one idea: what is wanted is what effects want, and what that is made of; a value that goes around a
loop only to make its own next value is wanted by nobody. (Mark and sweep; Cytron and others,
Efficiently Computing Static Single Assignment Form, section 7.1.)
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.codegen.loops.nests import constant, erase_dead, is_loop
from fleet.dialects import loop
from fleet.dialects.loop.access import is_load
from fleet.ir.builder import Builder
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.definition import PURE, TERMINATOR


def drop_unwanted(function: Operation) -> None:
    """Loops and branches inside a kernel, or a loop, without what they hand on in vain."""
    wanted = _Wanted(function)
    for op in list(function.walk()):
        if op is function:
            continue
        if op.definition is loop.while_:
            _narrow_while(op, wanted.values)
        if not op.results:
            continue
        kept = [n for n, result in enumerate(op.results) if wanted.by_anyone(op, n)]
        if len(kept) == len(op.results):
            continue
        if is_loop(op):
            _narrow_loop(op, kept)
        elif op.definition is loop.if_:
            _narrow_branch(op, kept)
    erase_dead(function)


class _Wanted:
    """values: what somebody wants."""

    def __init__(self, function: Operation) -> None:
        self.function = function
        self.values: set[Value] = set()
        self.waiting: list[Value] = []
        for op in function.walk():
            self._roots(op)
        while self.waiting:
            self._makers(self.waiting.pop())

    def by_anyone(self, op: Operation, number: int) -> bool:
        if is_loop(op) and loop.iteration_arguments(op)[number] in self.values:
            return True
        return op.results[number] in self.values

    def _want(self, values: Sequence[Value]) -> None:
        for value in values:
            if value not in self.values:
                self.values.add(value)
                self.waiting.append(value)

    def _roots(self, op: Operation) -> None:
        if is_loop(op):
            self._want(op.operands[:2])
        elif op.has_trait(TERMINATOR):
            outer = op.parent_op
            if op.definition is loop.condition:
                self._want(op.operands[:1])
            elif outer is self.function or not (
                is_loop(outer) or outer.definition in (loop.if_, loop.while_)
            ):
                self._want(op.operands)
        elif op.definition is loop.while_:
            pass
        elif op.definition is loop.if_ or not (op.has_trait(PURE) or is_load(op)):
            self._want(op.operands)

    def _makers(self, value: Value) -> None:
        """Want what a value is made of."""
        if isinstance(value, BlockArgument):
            self._carried(value)
            return
        assert isinstance(value, OpResult)
        op = value.operation
        number = op.results.index(value)
        if is_loop(op):
            self._want([loop.iteration_arguments(op)[number]])
        elif op.definition is loop.while_:
            self._want([op.regions[0].block.terminator.operand(1 + number)])
        elif op.definition is loop.if_:
            ends = [region.block.terminator for region in op.regions]
            self._want([end.operand(number) for end in ends])
        else:
            self._want(op.operands)

    def _carried(self, argument: BlockArgument) -> None:
        op = argument.block.parent_op
        if op is not None and op.definition is loop.while_:
            before, after = (region.block for region in op.regions)
            number = argument.number
            if argument.block is before:
                self._want([op.operand(number), after.terminator.operand(number)])
            else:
                self._want([before.terminator.operand(1 + number)])
            return
        if op is None or not is_loop(op):
            return
        arguments = loop.iteration_arguments(op)
        if argument in arguments:
            number = arguments.index(argument)
            self._want([op.operand(2 + number), op.body.terminator.operand(number)])


def _narrow_loop(op: Operation, kept: Sequence[int]) -> None:
    """The loop with these iteration arguments only."""
    lower, upper, *inits = op.operands
    made = loop.for_loop(
        Builder.before(op), lower, upper, [inits[n] for n in kept],
        kind=op.get("kind"), step=op.get("step"), lanes=op.get("lanes"),
        iterator=op.get("iterator"),
    )  # fmt: skip
    made.location = op.location
    leading = len(op.body.arguments) - len(inits)
    places = [*range(leading), *(leading + n for n in kept)]
    for place, after in zip(places, made.body.arguments, strict=True):
        before = op.body.arguments[place]
        after.hint = before.hint
        before.replace_all_uses_with(after)
    for place, init in enumerate(inits):  # what nobody wants may be made of anything
        op.body.arguments[leading + place].replace_all_uses_with(init)
    _move(op.body, made.body, kept)
    _hand_over(op, made, kept)


def _narrow_while(op: Operation, wanted: set[Value]) -> None:
    """A while loop with what is wanted of its first region's arguments, and of its second's."""
    before, after = (region.block for region in op.regions)
    first = [n for n, argument in enumerate(before.arguments) if argument in wanted]
    second = [
        n for n, (argument, result) in enumerate(zip(after.arguments, op.results, strict=True))
        if argument in wanted or result in wanted
    ]  # fmt: skip
    if len(first) == len(before.arguments) and len(second) == len(after.arguments):
        return
    types = [after.arguments[n].type for n in second]
    blocks = [Block([before.arguments[n].type for n in first]), Block(types)]
    inits = [op.operand(n) for n in first]
    made = Builder.before(op).insert(
        loop.while_(inits, types=types, regions=[Region([block]) for block in blocks])
    )
    made.location = op.location
    for old, new, kept in zip((before, after), blocks, (first, second), strict=True):
        for number, argument in zip(kept, new.arguments, strict=True):
            argument.hint = old.arguments[number].hint
            old.arguments[number].replace_all_uses_with(argument)
        for argument in old.arguments:  # what nobody wants may be made of anything
            if argument.uses:
                nothing = constant(Builder.before(made), 0, argument.type)
                argument.replace_all_uses_with(nothing)
        for inner in list(old):
            new.append(inner.detach())
    condition, last = (block.terminator for block in blocks)
    condition.operands = [condition.operand(0), *(condition.operand(1 + n) for n in second)]
    last.operands = [last.operand(n) for n in first]
    _hand_over(op, made, second)


def _narrow_branch(op: Operation, kept: Sequence[int]) -> None:
    """The branch with these results only."""
    types = [op.results[n].type for n in kept]
    made = Operation(
        op.name, op.operands, types, op.attributes, regions=[], location=op.location,
        definition=op.definition,
    )  # fmt: skip
    op.parent.insert_before(op, made)
    for region in op.regions:
        end = region.block.terminator
        end.operands = [end.operand(n) for n in kept]
    for region in list(op.regions):
        op.regions.remove(region)
        region.parent = None
        made.add_region(region)
    _hand_over(op, made, kept)


def _move(old: Block, new: Block, kept: Sequence[int]) -> None:
    end = old.terminator
    end.operands = [end.operand(n) for n in kept]
    for inner in list(old):
        new.append(inner.detach())


def _hand_over(op: Operation, made: Operation, kept: Sequence[int]) -> None:
    for number, result in zip(kept, made.results, strict=True):
        result.hint = op.results[number].hint
        op.results[number].replace_all_uses_with(result)
    for number, result in enumerate(op.results):
        if number not in kept and result.uses:
            builder = Builder.before(op)
            result.replace_all_uses_with(constant(builder, 0, result.type))
    op.erase()
