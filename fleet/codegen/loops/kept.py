"""Choices between two values, and what an iteration that has left a loop keeps.

In: two values and where the one is wanted, else the other. Out: a choice, where it costs least. The
one idea: a choice between a new value and the one that it is to replace, right behind the operation
that makes the new one, is no instruction: the operation is done under a mask, in place.
"""

from __future__ import annotations

from fleet.codegen.loops.nests import constant
from fleet.dialects import arith
from fleet.dialects.loop.access import constant_of
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import PURE
from fleet.ir.types import i1


def choose(builder: Builder, condition: Value, yes: Value, no: Value) -> Value:
    """`yes` where the condition holds, else `no`; of truth values what that comes to."""
    if yes is no:
        return yes
    known = (constant_of(yes), constant_of(no)) if yes.type == i1 else (None, None)
    match known:
        case (None, None):
            return builder.value(arith.select, condition, yes, no, types=[yes.type])
        case (None, 0):
            return builder.value(arith.andi, condition, yes)
        case (None, _):
            return builder.value(arith.ori, inverted(builder, condition), yes)
        case (0, _):
            return builder.value(arith.andi, inverted(builder, condition), no)
    return builder.value(arith.ori, condition, no)


def inverted(builder: Builder, truth: Value) -> Value:
    return builder.value(arith.xori, truth, constant(builder, 1, truth.type))


def freeze(active: Value, number: int, old: Value, last: Operation) -> Value:
    """What is handed on under a number where an iteration still runs, else the old value: which it
    overwrites as soon as nobody needs that any more, and is what later operations see, unless it is
    the old one in some iterations that still run."""
    block, new = last.parent, last.operand(number)
    if new is old:
        return new
    order: dict[Operation | None, int] = {op: place for place, op in enumerate(block)}
    choices, new = _choices(new, old, last)
    owner = new.owner if isinstance(new.owner, Operation) and new.owner.parent is block else None
    made = [owner, *(choice.operand(0).owner for choice, _ in choices)]
    ends = {*(choice for choice, _ in choices), last}
    uses = {order.get(_standing_in(block, user), -1) for user in old.users if user not in ends}
    place = max([-1, *(order.get(op, -1) for op in made), *uses])
    here = next(op for op, number in order.items() if number == place + 1)
    later = {user for user in new.users if order.get(_standing_in(block, user), -1) > place}
    if owner is not None and later == set(new.users) and owner.has_trait(PURE) and (
        len(owner.results) == 1 and owner is not here.previous
    ):
        block.insert_before(here, owner.detach())
    builder = Builder.before(here if owner is None or owner.next is not here else owner)
    builder.location = last.location
    mask = active
    for choice, holds in choices:
        condition = choice.operand(0)
        asked = condition if holds else inverted(builder, condition)
        mask = builder.value(arith.andi, mask, asked)
    builder = Builder.before(here)
    builder.location = last.location
    kept = _chosen(builder, mask, new, old)
    kept.hint = new.hint or old.hint
    for choice, _ in choices:
        choice.replace_with([kept])
    if owner is not None and uses and not choices:
        for user, place in list(new.uses):
            if user in later and user is not last and user not in ends and user is not kept.owner:
                user.set_operand(place, kept)
    return kept


def _choices(
    new: Value, old: Value, last: Operation
) -> tuple[list[tuple[Operation, bool]], Value]:
    """Choices between the old value and another one of which nobody sees the result, each with
    when it is the other one; and that one."""
    found: list[tuple[Operation, bool]] = []
    users = {last}
    while isinstance(new.owner, Operation) and new.owner.name == "arith.select":
        choice = new.owner
        _, yes, no = choice.operands
        if old not in (yes, no) or yes is no or set(new.users) != users:
            break
        if choice.parent is not last.parent or len(new.uses) != 1:
            break
        found.append((choice, no is old))
        new, users = (yes if no is old else no), {choice}
    return found, new


def _chosen(builder: Builder, mask: Value, new: Value, old: Value) -> Value:
    """`new` where the mask is set. A truth value that is only set need not be asked for twice."""
    made = new.owner
    if isinstance(made, Operation) and made.name == "arith.ori" and old in made.operands:
        (more,) = [value for value in made.operands if value is not old] or [old]
        return builder.value(arith.ori, old, builder.value(arith.andi, mask, more))
    return choose(builder, mask, new, old)


def _standing_in(block: Block, op: Operation) -> Operation | None:
    """The operation of a block in which another one is, if it is in one."""
    around: Operation | None = op
    while around is not None and around.parent is not block:
        around = around.parent_op
    return around
