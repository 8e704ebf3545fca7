"""Simplifications of branches, and of the blocks that they go between.

In: branches whose course is known, and regions of several blocks. Out: fewer of both. The one idea:
a branch is a list of (block, values), read and written in one way whatever its kind; where it goes
is a pattern's matter, which blocks are left is decided for a region at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.dialects import arith, cf
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import DenseAttr, i32_array
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import CONSTANT
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import VectorType

Targets = list[tuple[Block, list[Value]]]


def targets_of(branch: Operation) -> Targets:
    """Where a branch goes, and with what."""
    return [
        (block, list(values))
        for block, values in zip(branch.successors, branch.definition.passed(branch), strict=True)
    ]


def retarget(branch: Operation, targets: Targets) -> None:
    """Let a branch go elsewhere; the number of its targets stays."""
    branch.successors = [block for block, _ in targets]
    passed = [value for _, values in targets for value in values]
    sizes = [len(values) for _, values in targets]
    if branch.definition is cf.br:
        branch.operands = passed
        return
    branch.operands = [branch.operand(0), *passed]
    if branch.definition is cf.cond_br:
        branch.attributes["operandSegmentSizes"] = i32_array(1, *sizes)
    else:
        branch.attributes["operandSegmentSizes"] = i32_array(1, sizes[0], sum(sizes[1:]))
        branch.attributes["case_operand_segments"] = i32_array(*sizes[1:])


def is_branch(operation: Operation | None) -> bool:
    return operation is not None and operation.definition in (cf.br, cf.cond_br, cf.switch)


def _go(rewriter: Rewriter, branch: Operation, block: Block, values: Sequence[Value]) -> None:
    rewriter.create(cf.br, values, successors=[block])
    rewriter.erase(branch)


# -- one branch


@cf.assert_.pattern
def _assert_true(operation: Operation, rewriter: Rewriter) -> bool:
    if constant_int(operation.operand(0)) != 1:
        return False
    rewriter.erase(operation)
    return True


@cf.cond_br.pattern
def _known_condition(operation: Operation, rewriter: Rewriter) -> bool:
    """A branch on a constant, or to one place either way."""
    known = constant_int(operation.operand(0))
    (one, ones), (other, others) = targets_of(operation)
    if known is not None:
        _go(rewriter, operation, *((one, ones) if known else (other, others)))
        return True
    if one is not other:
        return False
    condition = operation.operand(0)
    values = [
        a if a is b else rewriter.value(arith.select, condition, a, b)
        for a, b in zip(ones, others, strict=True)
    ]
    _go(rewriter, operation, one, values)
    return True


@cf.switch.pattern
def _known_flag(operation: Operation, rewriter: Rewriter) -> bool:
    """A switch on a constant, or without cases that differ from the default."""
    targets, numbers = targets_of(operation), cf.case_values(operation)
    default = targets[0]
    known = constant_int(operation.operand(0))
    if known is not None:
        cases = dict(zip(numbers, targets[1:], strict=True))
        _go(rewriter, operation, *cases.get(known, default))
        return True
    kept = [
        (number, target)
        for number, target in zip(numbers, targets[1:], strict=True)
        if target != default
    ]
    if len(kept) == len(numbers) and numbers:
        return False
    if not kept:
        _go(rewriter, operation, *default)
        return True
    type = operation.operand(0).type
    values = np.array([number for number, _ in kept], operation.get("case_values").dtype)
    rewriter.create(
        cf.switch, operation.operand(0), default[1], [v for _, (_, vs) in kept for v in vs],
        successors=[default[0], *(block for _, (block, _) in kept)],
        case_values=DenseAttr(values, VectorType((len(kept),), type)),
        case_operand_segments=i32_array(*(len(values) for _, (_, values) in kept)),
    )  # fmt: skip
    rewriter.erase(operation)
    return True


def _through(operation: Operation, rewriter: Rewriter) -> bool:
    """A block that does nothing but branch on is passed by."""
    targets = [_end(block, values) for block, values in targets_of(operation)]
    if [block for block, _ in targets] == operation.successors:
        return False
    retarget(operation, targets)
    return True


def _end(block: Block, values: list[Value]) -> tuple[Block, list[Value]]:
    """Where one comes to by blocks that only branch on; blocks in a circle stay as they are."""
    start, seen = (block, values), {block}
    found = _passed_by(block, values)
    while found is not None:
        block, values = found
        if block in seen:
            return start
        seen.add(block)
        found = _passed_by(block, values)
    return block, values


def _passed_by(block: Block, values: Sequence[Value]) -> tuple[Block, list[Value]] | None:
    only = block.first
    if only is None or only is not block.last or only.definition is not cf.br:
        return None
    if any(user is not only for argument in block.arguments for user in argument.users):
        return None
    given = dict(zip(block.arguments, values, strict=True))
    return only.successors[0], [given.get(value, value) for value in only.operands]


for _definition in (cf.br, cf.cond_br, cf.switch):
    _definition.pattern(_through)


# -- the blocks of a region


def simplify_blocks(region: Region) -> bool:
    """Drop blocks that are never reached, join those that follow one another alone, and take away
    arguments that nobody uses or that are always the same. Whether anything changed."""
    if len(region.blocks) <= 1:
        return False
    changed = _drop_unreachable(region)
    before = _predecessors(region)
    changed = _constants_first(region) or changed
    changed = _know_conditions(before) or changed
    changed = _same_arguments(region, before) or changed
    return _join(region, before) or changed


def _predecessors(region: Region) -> dict[Block, list[Operation]]:
    found: dict[Block, list[Operation]] = {block: [] for block in region.blocks}
    for block in region.blocks:
        for successor in block.last.successors if block.last is not None else ():
            found.setdefault(successor, []).append(block.last)
    return found


def _drop_unreachable(region: Region) -> bool:
    reached: set[Block] = set()
    left = [region.blocks[0]]
    while left:
        block = left.pop()
        if block not in reached:
            reached.add(block)
            left += block.last.successors if block.last is not None else []
    dropped = [block for block in region.blocks if block not in reached]
    for block in dropped:
        for operation in block:
            operation.drop_references()
    region.blocks[:] = [block for block in region.blocks if block in reached]
    return bool(dropped)


def _constants_first(region: Region) -> bool:
    """Constants stand in the first block, where all the others see them."""
    entry = region.blocks[0]
    moved = [
        operation
        for block in region.blocks[1:]
        for operation in block
        if operation.has_trait(CONSTANT)
    ]
    for operation in moved:
        entry.insert_before(entry.first, operation.detach())
    return bool(moved)


def _know_conditions(before: dict[Block, list[Operation]]) -> bool:
    """In a block to which alone a condition leads, it is known."""
    changed = False
    for block, branches in before.items():
        if len(branches) != 1 or branches[0].definition is not cf.cond_br:
            continue
        condition = branches[0].operand(0)
        inside = [use for use in condition.uses if use[0].parent is block]
        if inside and block.first is not None:
            made = arith.constant(value=branches[0].successors[0] is block)
            entry = block.parent.blocks[0]
            entry.insert_before(entry.first, made)
            for user, number in inside:
                user.set_operand(number, made.result)
            changed = True
    return changed


def _same_arguments(region: Region, before: dict[Block, list[Operation]]) -> bool:
    changed = False
    for block in region.blocks[1:]:
        branches = before[block]
        if not branches or not all(map(is_branch, branches)):
            continue
        for number in reversed(range(len(block.arguments))):
            argument = block.arguments[number]
            given = {
                values[number]
                for branch in dict.fromkeys(branches)
                for target, values in targets_of(branch)
                if target is block
            } - {argument}
            if argument.uses and len(given) == 1 and _is_seen(next(iter(given)), region, before):
                argument.replace_all_uses_with(next(iter(given)))
            if argument.uses:
                continue
            block.erase_argument(number)
            for branch in dict.fromkeys(branches):
                targets = targets_of(branch)
                for target, values in targets:
                    if target is block:
                        del values[number]
                retarget(branch, targets)
            changed = True
    return changed


def _is_seen(value: Value, region: Region, before: dict[Block, list[Operation]]) -> bool:
    """Whether a value is seen in all of a region: from outside it, or of its first block."""
    owner = value.owner
    block = owner if isinstance(owner, Block) else owner.parent
    return block is region.blocks[0] or block not in before


def _join(region: Region, before: dict[Block, list[Operation]]) -> bool:
    """A block to which alone another one goes on becomes that one's end."""
    changed = False
    for block in list(region.blocks):
        while True:
            last = block.last
            if last is None or last.definition is not cf.br:
                break
            (following,) = last.successors
            if following is region.blocks[0] or following is block:
                break
            if len(before.get(following, ())) != 1:
                break
            for argument, value in zip(following.arguments, last.operands, strict=True):
                argument.replace_all_uses_with(value)
            last.erase()
            for operation in following:
                block.append(operation.detach())
            region.blocks.remove(following)
            changed = True
    return changed

