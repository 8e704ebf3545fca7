"""Simplifications of structured control flow: branches and loops whose course is known."""

from __future__ import annotations

from fleet.dialects import arith, scf
from fleet.ir.core import Operation, Region, Value
from fleet.ir.effects import constant_int
from fleet.ir.rewriter import Rewriter
from fleet.ir.types import ShapedType, i1


def _is_inside(value: Value, region: Region) -> bool:
    """Whether a value is defined in a region, at any depth."""
    owner = value.owner
    holder = owner.parent if isinstance(owner, Operation) else owner
    while holder is not None:
        if holder.parent is region:
            return True
        holder = holder.parent_op.parent if holder.parent_op is not None else None
    return False


@scf.if_.pattern
def _if_known(operation: Operation, rewriter: Rewriter) -> bool:
    """A branch whose condition is constant is what it chooses."""
    condition = constant_int(operation.operand(0))
    if condition is None:
        return False
    region = operation.regions[0 if condition else 1]
    values = rewriter.inline(region.block, operation, ()) if region.blocks else []
    rewriter.replace(operation, values)
    return True


@scf.if_.pattern
def _if_same(operation: Operation, rewriter: Rewriter) -> bool:
    """A result that both branches take from the same place outside, or that is the condition."""
    if not operation.results:
        return False
    then, otherwise = operation.regions
    changed = False
    pairs = zip(
        operation.results,
        then.block.terminator.operands,
        otherwise.block.terminator.operands,
        strict=True,
    )
    for result, one, other in pairs:
        if not result.uses:
            continue
        if one is other and not _is_inside(one, then):
            rewriter.replace_uses(result, one)
            changed = True
        elif result.type == i1 and (constant_int(one), constant_int(other)) == (1, 0):
            rewriter.replace_uses(result, operation.operand(0))
            changed = True
    return changed


@scf.if_.pattern
def _if_to_select(operation: Operation, rewriter: Rewriter) -> bool:
    """Branches that only choose between scalars from outside are `arith.select`."""
    if not operation.results or any(isinstance(r.type, ShapedType) for r in operation.results):
        return False
    if any(len(region.block) > 1 for region in operation.regions):
        return False
    ones, others = (region.block.terminator.operands for region in operation.regions)
    condition = operation.operand(0)
    values = [
        one if one is other else rewriter.value(arith.select, condition, one, other)
        for one, other in zip(ones, others, strict=True)
    ]
    rewriter.replace(operation, values)
    return True


@scf.if_.pattern
def _condition_inside(operation: Operation, rewriter: Rewriter) -> bool:
    """Inside its branches, the condition is known."""
    condition = operation.operand(0)
    changed = False
    for number, region in enumerate(operation.regions):
        for user, position in list(condition.uses):
            if user.parent is operation.parent or not region.blocks:
                continue  # beside it, as most are, or the operation itself
            holder = user.parent
            while holder is not None and holder.parent is not region:
                holder = holder.parent_op.parent if holder.parent_op is not None else None
            if holder is not None:
                rewriter.aim(region.block.first)
                user.set_operand(position, rewriter.constant(1 - number, i1))
                rewriter.push(user)
                changed = True
    return changed


@scf.for_.pattern
def _for_known_trips(operation: Operation, rewriter: Rewriter) -> bool:
    """A loop that never runs is its initial values; one that runs once is its body."""
    lower, upper, step = map(constant_int, operation.operands[:3])
    if lower is None or upper is None or step is None or step <= 0:
        return operation.operand(0) is operation.operand(1) and _never(operation, rewriter)
    if lower >= upper:
        return _never(operation, rewriter)
    if lower + step < upper:
        return False
    arguments = [operation.operand(0), *operation.operands[3:]]
    rewriter.replace(operation, rewriter.inline(operation.body, operation, arguments))
    return True


def _never(operation: Operation, rewriter: Rewriter) -> bool:
    rewriter.replace(operation, operation.operands[3:])
    return True


@scf.for_.pattern
def _for_invariant(operation: Operation, rewriter: Rewriter) -> bool:
    """An iteration argument that every iteration passes on is its initial value."""
    changed = False
    yielded = operation.body.terminator.operands
    inits = operation.operands[3:]
    arguments = operation.body.arguments[1:]
    for argument, value, init, result in zip(
        arguments, yielded, inits, operation.results, strict=True
    ):
        if value is not argument and value is not init:
            continue
        for same in (argument, result):
            uses = [use for use in same.uses if use[0] is not operation.body.terminator]
            if uses:
                for user, number in uses:
                    user.set_operand(number, init)
                    rewriter.push(user)
                changed = True
    return changed
