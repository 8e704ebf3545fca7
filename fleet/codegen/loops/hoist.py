"""What does not depend on a loop goes before it.

In: a kernel. Out: the same with inner loops that compute less. The one idea: what is pure may run
where the loop would not have run it; a load only where it is in bounds there.
"""

from __future__ import annotations

from fleet.codegen.loops.in_bounds import is_in_bounds
from fleet.codegen.loops.nests import is_inside, is_movable, nested_loops, stored_buffers
from fleet.dialects.loop.access import Access, is_load
from fleet.ir.core import Operation
from fleet.ir.rewriting.journal import traced
from fleet.ir.types import VectorType


def hoist(function: Operation, loads: bool = True) -> None:
    """Move what does not depend on a loop out of it, and constants to the top, once each.

    loads: whether those, too, which then are made where the loop has no iteration.
    """
    with traced("what does not depend on a loop goes before it", function, function):
        hoist_inside(function, loads)
    merge_constants(function)


def hoist_inside(op: Operation, loads: bool = False) -> None:
    """Move what does not depend on the loops inside an operation out of them."""
    stored = stored_buffers(op)
    for nest in list(nested_loops(op))[::-1]:
        for inner in list(nest.body):
            if is_load(inner) and not loads and not is_in_bounds(Access.of(inner)):
                continue
            if is_movable(inner, stored) and not any(is_inside(v, nest) for v in inner.operands):
                if any(isinstance(result.type, VectorType) for result in inner.results):
                    continue  # part of its user, or an accumulator that starts near its loop
                nest.parent.insert_before(nest, inner.detach())


def merge_constants(function: Operation) -> None:
    """All scalar constants at the kernel's top, equal ones once, unused ones gone."""
    with traced("constants at the top, once each", function, function):
        _merge_constants(function)


def _merge_constants(function: Operation) -> None:
    found: dict[object, Operation] = {}
    block = function.body
    for op in list(function.walk()):
        if op.name != "arith.constant":
            continue
        key = (op.attributes["value"], op.result.type)
        if key in found:
            op.replace_with([found[key].result])
        elif not op.result.uses:
            op.erase()
        else:
            found[key] = op
    first = block.first
    for op in found.values():
        if op is first:
            first = op.next
        else:
            block.insert_before(first, op.detach())
