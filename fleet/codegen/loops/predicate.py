"""If-conversion: a loop's body without branches, so that its iterations can run together.

In: a loop with `loop.if` in it. Out: the same computing both ways, loading and storing under masks,
and choosing. The one idea: what has no effect may run although nobody asks for it; what has one
takes the conditions of all branches around it as its mask. (Allen and Kennedy, chapter 7.)

What is only computed for a mask is not to raise floating-point exceptions elsewhere: a divisor is 1
there, as is what a root is taken of.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.codegen.loops.flags import settle_flags
from fleet.codegen.loops.in_bounds import is_in_bounds
from fleet.codegen.loops.nests import constant, is_loop
from fleet.codegen.loops.reductions import KINDS, neutral_of
from fleet.dialects import arith, loop
from fleet.dialects.loop.access import Access, is_access, is_store, stored_value
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import PURE, TERMINATOR
from fleet.ir.mapping import IRMapping
from fleet.ir.types import is_float

SAFE = {"arith.divf": 1, "math.sqrt": 0}
"""Operations that raise exceptions, and the operand that is 1 where nobody asks for them."""


def is_flat_when_converted(branch: Operation) -> bool:
    """Whether a `loop.if` has nothing inside that needs a branch."""
    blocks = (block for region in branch.regions for block in region.blocks)
    return all(_may_convert(op) for block in blocks for op in block)


def _may_convert(op: Operation) -> bool:
    if op.definition is loop.if_:
        return is_flat_when_converted(op)
    if op.definition in (loop.load, loop.store, loop.doubt, loop.exit_):
        return True
    return not op.regions and (op.has_trait(PURE) or op.has_trait(TERMINATOR))


def may_be_masked(op: Operation) -> bool:
    """Whether a while loop has nothing inside that a mask does not hold back: it stores nothing,
    leaves the kernel nowhere, and holds no loops."""
    return all(
        inner.definition not in (loop.store, loop.exit_) and _may_convert(inner)
        for region in op.regions
        for inner in region.block
    ) and not any(inner.definition in (loop.store, loop.exit_) for inner in op.walk())


def flatten(nest: Operation) -> None:
    """Convert all branches in a loop and in the loops inside it."""
    for op in list(nest.body):
        if op.definition is loop.if_:
            _convert(op, None)
        elif op.definition is loop.while_:
            _mask_while(op)
        elif is_loop(op):
            flatten(op)
    settle_flags(nest)
    _settle_updates(nest)


def _convert(branch: Operation, around: Mask | _Active | None) -> None:
    """Put the operations of both ways before the branch. around: the conditions around it."""
    builder = Builder.before(branch)
    condition = branch.operand(0)
    ways: list[list[Value]] = []
    for number, region in enumerate(branch.regions):
        if region.blocks:
            _move(region.block, branch, Mask(branch, around, negated=number == 1))
            ways.append(list(region.block.terminator.operands))
    chosen = [
        yes if yes is no else builder.value(arith.select, condition, yes, no, types=[yes.type])
        for yes, no in zip(*ways, strict=True)
    ] if branch.results else []  # fmt: skip
    for value, result in zip(chosen, branch.results, strict=True):
        value.hint = value.hint or result.hint
    branch.replace_with(chosen)


def _mask_while(op: Operation) -> None:
    """A while loop that carries whether it still runs, and changes nothing when it does not:
    so it may run on until others are done, too."""
    before, after = (region.block for region in op.regions)
    builder = Builder.before(op)
    builder.location = op.location

    def asked(builder: Builder, values: Sequence[Value]) -> tuple[Value, list[Value]]:
        """Whether the loop goes on with these values, and with which."""
        mapping = IRMapping(zip(before.arguments, values, strict=True))
        for each in before:
            if each is not before.last:
                builder.insert(each.clone(mapping))
        holds, *forwarded = map(mapping.of, before.terminator.operands)
        return holds, forwarded

    previous = op.previous
    runs, given = asked(builder, op.operands)
    types = [v.type for v in (runs, *given)]
    head, body = Block(types), Block(types)
    Builder(head, location=op.location).create(
        loop.condition, head.arguments[0], list(head.arguments)
    )
    active, *carried = body.arguments
    inside = Builder(body, location=op.location)
    mapping = IRMapping(zip(after.arguments, carried, strict=True))
    for each in after:
        if each is not after.last:
            inside.insert(each.clone(mapping))
    again, following = asked(inside, [mapping.of(v) for v in after.terminator.operands])
    mask = _Active(active)
    last = inside.create(loop.yield_, [again, *following])
    for each in list(body)[:-1]:
        if each.definition is loop.if_:
            _convert(each, mask)
        else:
            _hold_back(each, mask)
    end = Builder.before(last)
    again, *following = last.operands  # as branches that became choices have it
    kept = [
        new if new is old else end.value(arith.select, active, new, old, types=[old.type])
        for new, old in zip(following, carried, strict=True)
    ]
    last.operands = [end.value(arith.andi, active, again), *kept]
    made = builder.insert(
        loop.while_([runs, *given], types=types, regions=[Region([head]), Region([body])])
    )
    for old, new in zip(op.results, made.results[1:], strict=True):
        new.hint = old.hint
    op.replace_with(made.results[1:])
    first = made.parent.first if previous is None else previous.next
    while first is not made:
        first, asking = first.next, first
        if asking.definition is loop.if_:
            _convert(asking, None)


class _Active:
    """Whether an iteration's while loop still runs, as a mask."""

    def __init__(self, active: Value) -> None:
        self.active = active

    def value(self, before: Operation) -> Value:
        return self.active


class Mask:
    """The condition of one way of a branch, with those around it; computed when asked for."""

    def __init__(
        self, branch: Operation, around: Mask | _Active | None, negated: bool
    ) -> None:
        self.condition = branch.operand(0)
        self.around = around
        self.negated = negated
        self.made: Value | None = None

    def value(self, before: Operation) -> Value:
        if self.made is None:
            builder, self.made = Builder.before(before), self.condition
            if self.negated:
                true = constant(builder, 1, self.condition.type)
                self.made = builder.value(arith.xori, self.condition, true)
            if self.around is not None:
                self.made = builder.value(arith.andi, self.around.value(before), self.made)
        return self.made


def _move(block: Block, branch: Operation, mask: Mask) -> None:
    """What stands in a way of a branch goes before it, under its mask."""
    for op in list(block):
        if op.has_trait(TERMINATOR):
            continue
        branch.parent.insert_before(branch, op.detach())
        if op.definition is loop.if_:
            _convert(op, mask)
        else:
            _hold_back(op, mask)


def _hold_back(op: Operation, mask: Mask | _Active) -> None:
    """Let an operation have an effect only under a mask."""
    if is_store(op) or (is_access(op) and not is_in_bounds(Access.of(op))):
        _mask_access(op, mask.value(op))
    elif op.definition in (loop.doubt, loop.exit_):
        holds = mask.value(op)
        op.set_operand(0, Builder.before(op).value(arith.andi, holds, op.operand(0)))
    elif op.name in SAFE:
        holds, builder, place = mask.value(op), Builder.before(op), SAFE[op.name]
        one = constant(builder, 1.0, op.operand(place).type)
        safe = builder.value(arith.select, holds, op.operand(place), one, types=[one.type])
        op.set_operand(place, safe)


def _mask_access(op: Operation, mask: Value) -> None:
    access, builder = Access.of(op), Builder.before(op)
    builder.location = op.location
    if is_store(op):
        builder.create(
            loop.masked_store, stored_value(op), mask, access.memref, access.operands,
            map=access.map,
        )  # fmt: skip
        op.erase()
        return
    loaded = builder.value(
        loop.masked_load, mask, access.memref, access.operands, map=access.map,
        types=[op.result.type],
    )  # fmt: skip
    loaded.hint = op.result.hint
    op.replace_with([loaded])


# -- updates of running values under a condition


def _settle_updates(nest: Operation) -> None:
    """`s = s + x if c else s` is `s + (x if c else 0)`, with a 0 that changes nothing: -0.0."""
    arguments = loop.iteration_arguments(nest)
    for op in list(nest.body):
        for place in (1, 2) if op.name == "arith.select" else ():
            running, update = op.operand(3 - place), op.operand(place).owner
            if running not in arguments or not isinstance(update, Operation):
                continue
            if _settle_update(op, update, running, taken=place == 1):
                break


def _settle_update(select: Operation, update: Operation, running: Value, taken: bool) -> bool:
    negative = update.name in ("arith.subf", "arith.subi") and update.operand(0) is running
    name = update.name.replace("sub", "add") if negative else update.name
    if name not in KINDS or name == "math.fma" or running not in update.operands:
        return False
    new = [v for v in update.operands if v is not running]
    others = [user for user in update.result.users if user is not select]
    if len(new) != 1 or any(user.name != "arith.xori" for user in others) or (negative and others):
        return False
    builder = Builder.before(update)
    (x,) = new
    if negative:
        x = negated(builder, x)
    neutral = constant(builder, neutral_of(KINDS[name], x.type), x.type)
    ways: Sequence[Value] = (x, neutral) if taken else (neutral, x)
    kept = builder.value(arith.select, select.operand(0), *ways, types=[x.type])
    made = builder.value(arith.ARITH.ops[name.partition(".")[2]], running, kept)
    made.hint = select.result.hint
    for user in others:  # which look whether it overflowed
        for n, value in enumerate(user.operands):
            user.set_operand(n, {x: kept, update.result: made}.get(value, value))
    select.replace_with([made])
    if not update.result.uses:
        update.erase()
    return True


def negated(builder: Builder, value: Value) -> Value:
    if is_float(value.type):
        return builder.value(arith.negf, value)
    return builder.value(arith.subi, constant(builder, 0, value.type), value)
