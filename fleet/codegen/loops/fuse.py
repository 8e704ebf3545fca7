"""Fuse neighbouring loops over the same range, so that values pass in registers.

In: kernels of scalar loops. Out: the same with fewer loops. The one idea: two loops may be one if
whatever both touch (and one of them writes) they touch in the same iteration: some dimension's
subscript is the loop's own variable, or equally far from it, on both sides. So a row-wise chain
such as softmax becomes one loop over rows, with a loop over columns each for maximum, exponentials
with their sum, and quotient; and what follows a matrix product is done before its result leaves the
register.
"""

from __future__ import annotations

from fleet.codegen.kernels import reorderable
from fleet.codegen.loops.contract import forward_stores
from fleet.codegen.loops.hoist import hoist
from fleet.codegen.loops.nests import (
    accesses,
    buffer_of,
    is_inside,
    is_loop,
    is_movable,
    same_bounds,
    stored_buffers,
)
from fleet.dialects import loop
from fleet.dialects.loop.access import Access, is_access, is_load
from fleet.ir.affine import AffineExpr, coefficients, evaluate
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.watch import count, may_apply


@register_pass("fuse-loops", "neighbouring loops over the same range are one")
def run(module: Operation) -> None:
    """Neighbouring loops over the same range become one where that keeps all dependences."""
    for kernel in reorderable(module):
        hoist(kernel)
        _fuse_block(kernel.body, stored_buffers(kernel))


def _fuse_block(block: Block, stored: set[Value]) -> None:
    """Fuse the loops of a block until none can be, then those inside them."""
    first = block.first
    while first is not None:
        if is_loop(first):
            second = _next_loop(first)
            if (
                second is not None
                and may_apply()
                and _may_fuse(first, second)
                and _bring_near(first, second, stored)
            ):
                with rewriting("fuse a loop with the next", first):
                    first = _fuse(first, second)
                count("loops fused")
                continue
        first = first.next
    forward_stores(block)
    for op in block:
        if is_loop(op):
            _fuse_block(op.body, stored)


def _next_loop(first: Operation) -> Operation | None:
    op = first.next
    while op is not None and not is_loop(op):
        op = op.next
    return op


def _bring_near(first: Operation, second: Operation, stored: set[Value]) -> bool:
    """Clear what stands between two loops: what the first does not feed goes before it, and what
    does not feed the second goes after that. False, with nothing wrong, when something stays."""
    op = first.next
    late = set(first.results)
    while op is not second:
        following = op.next
        if is_movable(op, stored) and late.isdisjoint(op.operands):
            first.parent.insert_before(first, op.detach())
        else:
            late.update(op.results)
        op = following
    op = second.previous
    while op is not first:
        before = op.previous
        if not _may_follow(op, second):
            return False
        second.parent.insert_after(second, op.detach())
        op = before
    return True


def _may_follow(op: Operation, loop_op: Operation) -> bool:
    """Whether an operation before a loop may as well come after it."""
    if any(loop_op.is_ancestor_of(user) for result in op.results for user in result.users):
        return False
    if is_loop(op):
        return False
    if not is_access(op):
        return True
    buffer = buffer_of(Access.of(op).memref)
    return all(
        buffer_of(access.memref) is not buffer
        or (is_load(op) and is_load(inner))
        for inner, access in accesses(loop_op)
    )


def _may_fuse(first: Operation, second: Operation) -> bool:
    if not same_bounds(first, second) or loop.is_vector_loop(first) or loop.is_vector_loop(second):
        return False
    if any(v in first.results for op in second.walk() for v in op.operands):
        return False
    shared = False
    for writer, ours in accesses(first):
        for other, theirs in accesses(second):
            if buffer_of(ours.memref) is not buffer_of(theirs.memref):
                continue
            shared = True
            if is_load(writer) and is_load(other):
                continue
            if not _same_iteration(ours, first, theirs, second):
                return False
    return shared


def _same_iteration(a: Access, first: Operation, b: Access, second: Operation) -> bool:
    """Whether the accesses can meet in one element only when both loops are at one iteration."""
    if a.memref.type.rank != b.memref.type.rank:
        return False  # one buffer under two shapes
    return any(
        found is not None and found == _distance(expr_b, b, second)
        for expr_a, expr_b in zip(a.results, b.results, strict=True)
        for found in (_distance(expr_a, a, first),)
    )


def _distance(expr: AffineExpr, access: Access, nest: Operation) -> object | None:
    """A subscript as (factor of the loop's variable, other terms, constant), if linear in values
    from outside the loop and its variable; None otherwise, or when it does not move."""
    try:
        factors = coefficients(expr)
    except ValueError:
        return None
    variable = loop.induction_variable(nest)
    own, others = 0, []
    for position, factor in factors.items():
        operand = access.operands[position]
        if operand is variable:
            own += factor
        elif is_inside(operand, nest):
            return None
        else:
            others.append((id(operand), factor))
    rest = evaluate(expr, [0] * len(access.operands))
    return (own, sorted(others), rest) if own else None


def _fuse(first: Operation, second: Operation) -> Operation:
    """One loop that runs the first's body, then the second's, and carries what both carry."""
    kinds = {first.get("iterator"), second.get("iterator")}
    iterator = None if None in kinds else max(kinds)  # "reduction" if either is one
    made = loop.for_loop(
        Builder.before(second),
        first.operand(0),
        first.operand(1),
        [*first.operands[2:], *second.operands[2:]],
        step=first.get("step"),
        iterator=iterator,
    )
    made.location = first.location
    loop.induction_variable(made).hint = loop.induction_variable(first).hint
    arguments = iter(loop.iteration_arguments(made))
    results = iter(made.results)
    yielded: list[Value] = []
    for part in (first, second):
        loop.induction_variable(part).replace_all_uses_with(loop.induction_variable(made))
        for old in loop.iteration_arguments(part):
            old.replace_all_uses_with(next(arguments))
        for op in part.body:
            if op is part.body.last:
                yielded += op.operands
                op.erase()
            else:
                made.body.append(op.detach())
        part.replace_with([next(results) for _ in part.results])
    Builder(made.body, location=second.location).create(loop.yield_, yielded)
    return made
