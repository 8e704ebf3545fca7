"""If-conversion: a loop's body without branches, so that its iterations can run together.

In: a loop with `loop.if` in it. Out: the same computing both ways, loading and storing under masks,
and choosing. The one idea: what has no effect may run although nobody asks for it; what has one
takes the conditions of all branches around it as its mask. (Allen and Kennedy, chapter 7.)

What is only computed for a mask is not to raise floating-point exceptions elsewhere: a divisor is 1
there, as is what a root is taken of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fleet.codegen.loops.dead_values import drop_unwanted
from fleet.codegen.loops.flags import merge_equal, settle_flags
from fleet.codegen.loops.in_bounds import is_in_bounds
from fleet.codegen.loops.kept import choose, freeze, inverted
from fleet.codegen.loops.nests import constant, is_loop
from fleet.codegen.loops.pressure import FUNCTION_INSTRUCTIONS
from fleet.codegen.loops.reductions import KINDS, neutral_of
from fleet.diagnostics import Location
from fleet.dialects import arith, loop
from fleet.dialects.loop.access import Access, constant_of, is_access, is_store, stored_value
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import PURE, TERMINATOR
from fleet.ir.mapping import IRMapping
from fleet.ir.types import i1, is_float

WORTH_ASKING = 12
"""Instructions of an operation for which it is worth to ask whether any iteration needs it."""
SAFE = {"arith.divf": 1, "math.sqrt": 0}
"""Operations that raise exceptions, and the operand that is 1 where nobody asks for them."""


def is_flat_when_converted(branch: Operation) -> bool:
    """Whether a `loop.if` has nothing inside that needs a branch."""
    blocks = (block for region in branch.regions for block in region.blocks)
    return all(_may_convert(op) for block in blocks for op in block)


def _may_convert(op: Operation) -> bool:
    if op.definition is loop.if_:
        return is_flat_when_converted(op)
    if op.definition is loop.while_:
        return may_be_masked(op)
    if op.regions and is_loop(op):
        checked = any(inner.definition is loop.exit_ for inner in op.walk())
        return not checked and all(_may_convert(inner) for inner in op.body)
    if op.definition in (loop.load, loop.store, loop.doubt, loop.exit_):
        return True
    return not op.regions and (op.has_trait(PURE) or op.has_trait(TERMINATOR))


def may_be_masked(op: Operation) -> bool:
    """Whether a while loop has nothing inside that a mask does not hold back."""
    return all(_may_convert(inner) for region in op.regions for inner in region.block)


def flatten(nest: Operation) -> None:
    """Convert all branches in a loop and in the loops inside it."""
    _flatten(nest, None)
    drop_unwanted(nest)


def _flatten(nest: Operation, around: Mask | Active | None) -> None:
    for op in list(nest.body):
        _predicate(op, around)
    settle_flags(nest)
    _settle_updates(nest)


def _predicate(op: Operation, around: Mask | Active | None) -> None:
    """Let an operation, with all that is inside it, need no branch. around: the conditions around
    it."""
    if op.definition is loop.if_:
        _convert(op, around)
    elif op.definition is loop.while_:
        mask_while(op, around)
    elif op.regions and is_loop(op):
        _flatten(op, None if around is None else Active(around.value(op)))
    elif around is not None and not op.has_trait(TERMINATOR):
        _hold_back(op, around)


def _convert(branch: Operation, around: Mask | Active | None) -> None:
    """Put the operations of both ways before the branch."""
    builder = Builder.before(branch)
    ways: list[list[Value]] = []
    for number, region in enumerate(branch.regions):
        if not region.blocks:
            continue
        mask = Mask(branch, around, negated=number == 1)
        if _is_worth_asking(region.block):
            ways.append(_ask(region.block, branch, mask))
        else:
            _move(region.block, branch, mask)
            ways.append(list(region.block.terminator.operands))
    condition = branch.operand(0)
    chosen = [
        choose(builder, condition, yes, no) for yes, no in zip(*ways, strict=True)
    ] if branch.results else []  # fmt: skip
    for value, result in zip(chosen, branch.results, strict=True):
        value.hint = value.hint or result.hint
    branch.replace_with(chosen)


def _is_worth_asking(block: Block) -> bool:
    """Whether a way of a branch takes long enough that it is worth a branch whether anybody goes
    it."""
    return any(
        is_loop(op) or FUNCTION_INSTRUCTIONS.get(op.name, 1) >= WORTH_ASKING for op in block
    )


def _ask(block: Block, branch: Operation, mask: Mask) -> list[Value]:
    """Put a way of a branch before it, as a branch that is gone where anybody goes that way."""
    check = _first_check(op for op in block)
    builder = Builder.before(branch)
    builder.location = branch.location
    way, other, last = Block(), Block(), block.terminator
    types = [value.type for value in last.operands] + ([] if check is None else [i1])
    asked = mask.value(branch)
    made = builder.create(loop.if_, asked, types=types, regions=[Region([way]), Region([other])])
    nothing = Builder(other, location=branch.location)
    nothing.create(loop.yield_, [constant(nothing, 0, type) for type in types])
    for op in list(block):
        way.append(op.detach())
    scope = Active(asked)
    for op in list(way):
        _predicate(op, scope)
    if check is not None:
        failed = Builder.before(last).value(arith.xori, asked, scope.value(last))
        last.operands = [*last.operands, failed]
        _check(check, made.results[-1], builder, mask.around)
    return list(made.results[: len(types) - (check is not None)])


Check = tuple[Value, object, Location]
"""A check's status, code and place."""


def _first_check(operations: Iterable[Operation]) -> Check | None:
    for op in operations:
        for inner in op.walk():
            if inner.definition is loop.exit_:
                return inner.operand(1), inner.attributes["code"], inner.location
    return None


def _check(
    check: Check, failed: Value, builder: Builder, around: Mask | Active | None
) -> None:
    """Make a check that stood further inside: which one it is, and of what, nobody asks, since a
    strip in which one fails is left."""
    status, code, builder.location = check
    made = builder.create(loop.exit_, failed, status, [], code=code)
    if around is not None:
        _hold_back(made, around)


# -- loops that end for each iteration by itself


def mask_while(op: Operation, around: Mask | Active | None) -> None:
    """A while loop that carries whether it still runs, and changes nothing when it does not:
    so it may run on until others are done, too.

    Where a check inside fails, the iteration runs no more, and the check is made behind the loop:
    nobody sees what it has computed by then.
    """
    op = _count_apart(op)
    before, after = (region.block for region in op.regions)
    builder = Builder.before(op)
    builder.location = op.location
    previous = op.previous
    mapping = IRMapping(zip(before.arguments, op.operands, strict=True))
    given = _clone(before, mapping, builder)
    check = _first_check([op])
    first = [*given, *([] if check is None else [constant(builder, 0, i1)])]
    types = [value.type for value in first]
    head, body = Block(types), Block(types)
    Builder(head, location=op.location).create(
        loop.condition, head.arguments[0], list(head.arguments)
    )
    made = builder.insert(
        loop.while_(first, types=types, regions=[Region([head]), Region([body])])
    )
    asking = made.parent.first if previous is None else previous.next
    while asking is not made:
        asking, each = asking.next, asking
        _predicate(each, around)
    if around is not None:
        here = Builder.before(made)
        runs = here.value(arith.andi, around.value(made), made.operand(0))
        made.set_operand(0, runs)
    _masked_body(op, body, check is not None)
    for old, new in zip(op.results, made.results[1:], strict=False):
        new.hint = old.hint
    if check is not None:
        _check(check, made.results[-1], builder, around)
    op.replace_with(made.results[1 : 1 + len(op.results)])


def _clone(block: Block, mapping: IRMapping, builder: Builder) -> list[Value]:
    """Insert a block's operations once more; what its terminator hands on."""
    for each in block:
        if each is not block.last:
            builder.insert(each.clone(mapping))
    return [mapping.of(value) for value in block.terminator.operands]


def _masked_body(op: Operation, body: Block, checks: bool) -> None:
    """Fill the masked loop's second region: the second and then the first of the loop as it was."""
    before, after = (region.block for region in op.regions)
    active, *carried = body.arguments
    failed = carried.pop() if checks else None
    inside = Builder(body, location=op.location)
    mapping = IRMapping(zip(after.arguments, carried, strict=True))
    forwarded = before.terminator.operands[1:]
    for argument, known in _facts(before.terminator.operand(0), {}).items():
        if argument in forwarded:
            place = forwarded.index(argument)
            mapping[after.arguments[place]] = constant(inside, known, i1)
    last = inside.create(loop.yield_, _clone(after, mapping, inside))
    scope = Active(active)
    for each in list(body)[:-1]:
        _predicate(each, scope)
    merge_equal(body)
    inside = Builder.before(last)
    following = []
    for number, argument in enumerate(before.arguments):
        places = [n for n, value in enumerate(forwarded) if value is argument]
        if any(_is_to_stay(op, place) for place in places):
            following.append(freeze(active, number, carried[places[0]], last))
        else:
            following.append(last.operand(number))
    previous = last.previous
    again = IRMapping(zip(before.arguments, following, strict=True))
    last.operands = _clone(before, again, inside)
    asking = body.first if previous is None else previous.next
    while asking is not last:
        asking, each = asking.next, asking
        _predicate(each, scope)
    runs, *values = last.operands
    kept = [
        choose(inside, active, new, old)
        if forwarded[place] not in before.arguments and _is_to_stay(op, place) and new is not old
        else new
        for place, (new, old) in enumerate(zip(values, carried, strict=True))
    ]
    now = scope.value(last)
    goes_on = inside.value(arith.andi, now, runs)
    if failed is not None:
        lost = inside.value(arith.xori, active, now)
        kept.append(inside.value(arith.ori, failed, lost))
    last.operands = [goes_on, *kept]


def _is_to_stay(op: Operation, place: int) -> bool:
    """Whether what a while loop hands on must stay as it is when an iteration has left it: somebody
    looks at it, or it could become what raises floating-point exceptions."""
    result = op.results[place]
    return bool(result.uses) or is_float(result.type)


def _count_apart(op: Operation) -> Operation:
    """A while loop in which what counts from a constant and is looked at when the loop has ended
    is two values: the one that counts is the same for all iterations around that still run, and
    nobody looks at it later."""
    before, after = (region.block for region in op.regions)
    forwarded, again = before.terminator.operands[1:], after.terminator.operands
    counters = [
        (number, forwarded.index(argument))
        for number, argument in enumerate(before.arguments)
        if argument in forwarded and constant_of(op.operand(number)) is not None
        and op.results[forwarded.index(argument)].uses
        and _is_counted(again[number], after.arguments[forwarded.index(argument)])
    ]  # fmt: skip
    if not counters:
        return op
    inits = [*op.operands, *(op.operand(number) for number, _ in counters)]
    results = [*(r.type for r in op.results), *(op.results[place].type for _, place in counters)]
    regions = [Region([Block([v.type for v in inits])]), Region([Block(results)])]
    made = Builder.before(op).insert(loop.while_(inits, types=results, regions=regions))
    made.location = op.location
    for old, region in zip((before, after), regions, strict=True):
        for argument, new in zip(old.arguments, region.block.arguments, strict=False):
            new.hint = argument.hint
            argument.replace_all_uses_with(new)
        for inner in list(old):
            region.block.append(inner.detach())
    first, second = (region.block for region in regions)
    kept = first.arguments[len(op.operands) :]
    first.terminator.operands = [*first.terminator.operands, *kept]
    last = second.terminator
    last.operands = [*last.operands, *(last.operand(number) for number, _ in counters)]
    values = list(made.results[: len(op.results)])
    for (_, place), value in zip(counters, made.results[len(op.results) :], strict=True):
        values[place] = value
    op.replace_with(values)
    return made


def _is_counted(new: Value, old: Value) -> bool:
    made = new.owner
    if not isinstance(made, Operation) or made.name != "arith.addi":
        return False
    return old in made.operands and any(constant_of(v) is not None for v in made.operands)


def _facts(condition: Value, facts: dict[Value, int]) -> dict[Value, int]:
    """Truth values that are known where a condition holds."""
    made = condition.owner
    if not isinstance(made, Operation):
        facts[condition] = 1
    elif made.name == "arith.andi":
        for each in made.operands:
            _facts(each, facts)
    elif made.name == "arith.xori" and constant_of(made.operand(1)) == 1:
        facts[made.operand(0)] = 0
    elif made.definition is loop.if_:
        number = made.results.index(condition)
        yes, no = (region.block.terminator.operand(number) for region in made.regions)
        if constant_of(yes) == 0:
            facts[made.operand(0)] = 0
            _facts(no, facts)
        elif constant_of(no) == 0:
            _facts(made.operand(0), facts)
            _facts(yes, facts)
    return facts


class Active:
    """Which iterations are computed, as a mask: those whose while loop still runs, or that are in
    one way of a branch around a loop. Checks that fail take some away."""

    def __init__(self, now: Value) -> None:
        self.now = now

    def value(self, before: Operation) -> Value:
        return self.now

    def fail(self, check: Operation) -> None:
        """A check is not made here: where it fails, the iteration runs no more."""
        builder = Builder.before(check)
        self.now = builder.value(arith.andi, self.now, inverted(builder, check.operand(0)))
        check.erase()


class Mask:
    """The condition of one way of a branch, with those around it; computed when asked for."""

    def __init__(
        self, branch: Operation, around: Mask | Active | None, negated: bool
    ) -> None:
        self.branch = branch
        self.around = around
        self.negated = negated
        self.made: tuple[Value | None, Value] | None = None

    def value(self, before: Operation) -> Value:
        outer = None if self.around is None else self.around.value(before)
        if self.made is None or self.made[0] is not outer:
            builder, holds = Builder.before(before), self.branch.operand(0)
            if self.negated:
                holds = inverted(builder, holds)
            if outer is not None:
                holds = builder.value(arith.andi, outer, holds)
            self.made = outer, holds
        return self.made[1]

    def fail(self, check: Operation) -> None:
        if self.around is not None:
            self.around.fail(check)


def _move(block: Block, branch: Operation, mask: Mask) -> None:
    """What stands in a way of a branch goes before it, under its mask."""
    for op in list(block):
        if op.has_trait(TERMINATOR):
            continue
        branch.parent.insert_before(branch, op.detach())
        _predicate(op, mask)


def _hold_back(op: Operation, mask: Mask | Active) -> None:
    """Let an operation have an effect only under a mask."""
    if is_store(op) or (is_access(op) and not is_in_bounds(Access.of(op))):
        _mask_access(op, mask.value(op))
    elif op.definition in (loop.doubt, loop.exit_):
        holds = mask.value(op)
        op.set_operand(0, Builder.before(op).value(arith.andi, holds, op.operand(0)))
        if op.definition is loop.exit_:
            mask.fail(op)
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
