"""Simplifications of `scf.while`: what its condition, its beginning and its iterations tell."""

from __future__ import annotations

import operator
from collections.abc import Callable

from fleet.dialects import arith, scf
from fleet.dialects.scf.patterns import is_inside
from fleet.ir.analysis.effects import constant_int
from fleet.ir.core import Block, Operation, OpResult, Value
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import FloatType, IntegerType, i1


@scf.while_.pattern
def _while_invariant(operation: Operation, rewriter: Rewriter) -> bool:
    """What every iteration passes on is its initial value, and what is forwarded from outside is
    that in the second half and after the loop."""
    before, after = (region.block for region in operation.regions)
    _, *forwarded = before.terminator.operands
    changed = False
    for argument, init, value in zip(
        before.arguments, operation.operands, after.terminator.operands, strict=True
    ):
        back = value in after.arguments and forwarded[value.number] is argument
        if argument.uses and (back or value is init):
            rewriter.replace_uses(argument, init)
            changed = True
    _, *forwarded = before.terminator.operands
    for value, argument, result in zip(forwarded, after.arguments, operation.results, strict=True):
        if any(is_inside(value, region) for region in operation.regions):
            continue
        for same in (argument, result):
            if same.uses:
                rewriter.replace_uses(same, value)
                changed = True
    return changed


@scf.while_.pattern
def _while_never(operation: Operation, rewriter: Rewriter) -> bool:
    """A loop whose condition never holds is its first half."""
    condition = operation.regions[0].block.terminator
    if constant_int(condition.operand(0)) != 0:
        return False
    block = operation.regions[0].block
    values = rewriter.inline(block, operation, operation.operands)
    rewriter.replace(operation, values[1:])
    return True


@scf.while_.pattern
def _while_holds(operation: Operation, rewriter: Rewriter) -> bool:
    """In the second half, the condition held when it was forwarded."""
    condition, *forwarded = operation.regions[0].block.terminator.operands
    body = operation.regions[1].block
    changed = False
    for argument, value in zip(body.arguments, forwarded, strict=True):
        if value is condition and argument.uses:
            rewriter.aim(body.first)
            rewriter.replace_uses(argument, rewriter.constant(1, i1))
            changed = True
    return changed


@scf.while_.pattern
def _while_begins(operation: Operation, rewriter: Rewriter) -> bool:
    """A loop that runs at least once, and hands on what it does not look at: how that begins is
    nobody's concern, and what it is given in every iteration it is in the end."""
    before, after = (region.block for region in operation.regions)
    condition = before.terminator
    _, *forwarded = condition.operands
    given = dict(zip(before.arguments, map(constant_int, operation.operands), strict=True))
    if not _known_result(before, given, 0):
        return False
    changed = False
    for number, argument in enumerate(before.arguments):
        uses = list(argument.uses)
        if len(uses) != 1 or uses[0][0] is not condition or uses[0][1] == 0:
            continue
        place = uses[0][1] - 1
        again, result = after.terminator.operand(number), operation.results[place]
        if after.arguments[place].uses or forwarded[place] is not argument:
            continue
        if not any(is_inside(again, region) for region in operation.regions):
            if result.uses:
                rewriter.replace_uses(result, again)
                changed = True
        elif isinstance(argument.type, IntegerType | FloatType):
            init = operation.operand(number)
            if not (isinstance(init, OpResult) and init.operation.name == "arith.constant"):
                rewriter.aim(operation)
                operation.set_operand(number, rewriter.constant(0, argument.type))
                rewriter.changed(operation)
                changed = True
    return changed


def _known_result(block: Block, given: dict[Value, int | None], number: int) -> int | None:
    """An operand of a block's terminator, where comparisons and choices of known numbers tell."""
    known = dict(given)

    def of(value: Value) -> int | None:
        return known[value] if value in known else constant_int(value)

    for op in block:
        if op is block.last:
            break
        numbers = [of(value) for value in op.operands]
        if op.name == "scf.if" and numbers[0] is not None and len(op.results) == 1:
            way = op.regions[0 if numbers[0] else 1].block
            known[op.result] = _known_result(way, known, 0)
        elif op.name in _KNOWN and None not in numbers:
            known[op.result] = _KNOWN[op.name](op, *numbers)
    return of(block.terminator.operand(number))


_SIGNED = {
    "eq": operator.eq, "ne": operator.ne, "slt": operator.lt, "sle": operator.le,
    "sgt": operator.gt, "sge": operator.ge,
}  # fmt: skip


def _compared(op: Operation, a: int, b: int) -> int | None:
    relation = _SIGNED.get(arith.CMPI_PREDICATES[op.get("predicate")])
    return None if relation is None or op.operand(0).type == i1 else int(relation(a, b))


_KNOWN: dict[str, Callable[..., int | None]] = {
    "arith.cmpi": _compared,
    "arith.andi": lambda op, a, b: a & b,
    "arith.ori": lambda op, a, b: a | b,
    "arith.xori": lambda op, a, b: (a ^ b) & 1 if op.result.type == i1 else a ^ b,
}
