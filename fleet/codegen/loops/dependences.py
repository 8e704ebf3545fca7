"""Which loops that a program wrote itself may run in any order.

In: an `ordered` kernel. Out: its loops marked `parallel` where no iteration needs another one, or
`reduction` where only what they carry is in the way. The
one idea: a loop that carries nothing and leaves the kernel nowhere is parallel if whatever it
stores to, all its accesses of that buffer name by a subscript that is the loop's own variable, at
the same distance: then they meet in the same iteration only. (Allen and Kennedy, chapter 3: the
strong SIV test, with distance 0.)
"""

from __future__ import annotations

from collections.abc import Iterator

from fleet.codegen.loops.nests import accesses, buffer_of, is_inside, is_loop
from fleet.codegen.loops.predicate import is_flat_when_converted, may_be_masked
from fleet.dialects import loop
from fleet.dialects.loop.access import Access, is_store
from fleet.ir.affine import coefficients, evaluate
from fleet.ir.attributes import StringAttr
from fleet.ir.core import Block, Operation, Value
from fleet.ir.watch import count


def free_nests(block: Block) -> Iterator[Operation]:
    """The outermost loops in which no branch is left that cannot be converted, wherever they stand.
    """
    for op in block:
        if is_loop(op) and not any(map(_needs_a_branch, op.walk())):
            yield op
        else:
            for region in op.regions:
                for inner in region.blocks:
                    yield from free_nests(inner)


def _needs_a_branch(op: Operation) -> bool:
    if op.definition is loop.if_:
        return not is_flat_when_converted(op)
    return op.definition is loop.while_ and not may_be_masked(op)


def mark_parallel(nest: Operation, leaving: bool = False) -> None:
    """Mark a nest's loops of which it is known. leaving: also those with checks in them, which may
    run in strips that are left where one fails."""
    for op in nest.walk():
        if op.definition is not loop.for_ or op.get("iterator") is not None:
            continue
        if not leaving and any(inner.definition is loop.exit_ for inner in op.walk()):
            continue
        if _is_parallel(op):
            kind = "reduction" if op.results else "parallel"
            op.attributes["iterator"] = StringAttr(kind)
            count("loops that may run in any order")


def _is_parallel(op: Operation) -> bool:
    touched = accesses(op)
    stores = [access for inner, access in touched if is_store(inner)]
    return all(
        _meet_only_at_once(store, access, op)
        for store in stores
        for _, access in touched
        if buffer_of(access.memref) is buffer_of(store.memref)
    )


def _meet_only_at_once(a: Access, b: Access, nest: Operation) -> bool:
    """Whether two accesses touch one element only in the same iteration."""
    if a.memref is not b.memref:
        return False
    variable = loop.induction_variable(nest)
    for one, other in zip(subscripts_of(a), subscripts_of(b), strict=True):
        if one is None or one != other or not one[0].get(variable):
            continue
        if not any(is_inside(v, nest) for v in one[0] if v is not variable):
            return True
    return False


def subscripts_of(access: Access) -> list[tuple[dict[Value, int], int] | None]:
    """Each subscript as factors of values and a constant; None where it is not linear."""
    found: list[tuple[dict[Value, int], int] | None] = []
    for expr in access.results:
        try:
            factors = coefficients(expr)
        except ValueError:
            found.append(None)
            continue
        by_value = {access.operands[n]: factor for n, factor in factors.items() if factor}
        zeros = [0] * len(access.operands)
        found.append((by_value, evaluate(expr, zeros)))
    return found
