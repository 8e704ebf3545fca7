"""Accesses that are in bounds whatever branches are around them.

In: a load or store of a kernel. Out: whether its subscripts are in bounds as long as the loops
around it run, or the condition to ask. The one idea: a loop's variable plus a constant lies between
the loop's bounds plus that constant, and these are often the buffer's own sizes.
"""

from __future__ import annotations

from fleet.codegen.loops.nests import constant, is_loop
from fleet.dialects import arith, loop
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.dialects.loop.access import Access, constant_of
from fleet.ir.affine import (
    AffineBinary,
    AffineConst,
    AffineDim,
    AffineExpr,
    coefficients,
    evaluate,
)
from fleet.ir.builder import Builder
from fleet.ir.core import BlockArgument, Operation, OpResult, Value
from fleet.ir.types import i1, index

Sum = tuple[Value | None, int]
"""A value plus a constant."""


def is_in_bounds(access: Access) -> bool:
    """Whether every subscript is known to be in bounds."""
    pairs = zip(access.results, sizes(access), strict=True)
    return all(_is_below(expr, access, size) for expr, size in pairs)


def sizes(access: Access) -> list[Value | int]:
    """The buffer's dimensions."""
    memref = access.memref
    given = iter(())
    if isinstance(memref, OpResult) and memref.operation.definition is loop.buffer:
        given = iter(memref.operation.operands[1:])
    found: list[Value | int] = []
    for dim in memref.type.shape:
        size = next(given, None) if dim is None else dim
        found.append(0 if size is None else size)
    return found


def _is_below(expr: AffineExpr, access: Access, size: Value | int) -> bool:
    try:
        factors = {n: f for n, f in coefficients(expr).items() if f}
    except ValueError:
        return False
    offset = evaluate(expr, [0] * len(access.operands))
    limit = (None, size) if isinstance(size, int) else taken_apart(size)
    if not factors:
        return limit[0] is None and 0 <= offset < limit[1]
    if list(factors.values()) != [1]:
        return False
    variable, more = taken_apart(access.operands[next(iter(factors))])
    counted = _counted_by(variable)
    if counted is None:
        return False
    begin, end = constant_of(counted.operand(0)), taken_apart(counted.operand(1))
    if begin is None or begin + offset + more < 0:
        return False
    return end[0] is limit[0] and end[1] + offset + more <= limit[1]


def _counted_by(value: Value | None) -> Operation | None:
    """The loop of which a value is the variable."""
    if not isinstance(value, BlockArgument) or value.number != 0:
        return None
    op = value.block.parent_op
    return op if op is not None and op.regions and is_loop(op) else None


def taken_apart(value: Value) -> Sum:
    """A value as another one plus a constant. (What a loop runs to is `max(x, 0)`, or x.)"""
    total = 0
    while isinstance(value, OpResult):
        op = value.operation
        known = constant_of(value)
        if known is not None:
            return None, total + known
        right = constant_of(op.operand(1)) if len(op.operands) == 2 else None
        if op.name == "arith.index_cast" or (op.name == "arith.maxsi" and right == 0):
            pass
        elif op.name == "arith.addi" and right is not None:
            total += right
        elif op.name == "arith.subi" and right is not None:
            total -= right
        else:
            break
        value = op.operand(0)
    return value, total


def ask(access: Access, builder: Builder) -> Value:
    """Whether the subscripts are in bounds, computed."""
    holds: Value | None = None
    for expr, size in zip(access.results, sizes(access), strict=True):
        place = computed(expr, access, builder)
        limit = constant(builder, size, index) if isinstance(size, int) else size
        below = CMPI_PREDICATES.index("ult")
        one = builder.value(arith.cmpi, place, limit, predicate=below, types=[i1])
        holds = one if holds is None else builder.value(arith.andi, holds, one)
    return constant(builder, 1, i1) if holds is None else holds


def computed(expr: AffineExpr, access: Access, builder: Builder) -> Value:
    """A subscript as a value."""
    match expr:
        case AffineDim(position):
            return access.operands[position]
        case AffineConst(value):
            return constant(builder, value, index)
        case AffineBinary(operator, left, right):
            definition = {
                "+": arith.addi, "*": arith.muli, "floordiv": arith.divui, "mod": arith.remui,
            }[operator]  # fmt: skip
            sides = [computed(each, access, builder) for each in (left, right)]
            return builder.value(definition, *sides)
    raise TypeError(f"not a subscript: {expr}")
