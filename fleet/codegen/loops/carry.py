"""Elements that the next iteration reads again, in registers.

    for i in range(n):               e = a[0]
        a[i + 1] += a[i]      →      for i in range(n):
                                         e = a[i + 1] + e
                                         a[i + 1] = e

In: an ordered kernel with the loops that stay scalar. Out: innermost loops that hand on what they
stored. The one idea: what an iteration reads at a distance of one from what every iteration writes
is what the last one wrote, as long as nothing else is written there in between; all other stores
to the buffer have to be of one form with it, so that the distance says whether they meet.
(Callahan, Carr and Kennedy, Improving register allocation for subscripted variables, 1990.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fleet.codegen.loops.dependences import subscripts_of
from fleet.codegen.loops.in_bounds import ask, is_in_bounds
from fleet.codegen.loops.nests import accesses, buffer_of, constant, is_inside, is_loop, trip_count
from fleet.codegen.loops.promote import branch, with_argument
from fleet.dialects import arith, loop
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.dialects.loop.access import Access, is_load, is_store, stored_value
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.types import i1
from fleet.ir.watch import count, may_apply


def carry_across(kernel: Operation) -> None:
    """Rewrite the innermost loops."""
    for op in list(kernel.walk()):
        if op.definition is loop.for_ and _is_plain(op):
            for reader, writer in list(_handed_on(op)):
                if may_apply():
                    with rewriting("what the next iteration reads is in a register", op):
                        op = _carry(op, reader, writer)
                    count("elements handed on")


def _is_plain(op: Operation) -> bool:
    """Whether the loop is scalar and has no loop inside."""
    if loop.is_vector_loop(op) or op.get("step") != 1:
        return False
    return not any(
        inner is not op and (is_loop(inner) or inner.definition is loop.while_)
        for inner in op.walk()
    )  # fmt: skip


@dataclass(frozen=True)
class _Touch:
    """An access whose subscripts are sums: of factors of values, and a constant."""

    op: Operation
    access: Access
    form: tuple[tuple[tuple[Value, int], ...], ...]
    at: tuple[int, ...]


def _handed_on(op: Operation) -> Iterator[tuple[Operation, Operation]]:
    """Loads, and the stores whose value of the iteration before they read."""
    touched: dict[Value, list[tuple[Operation, Access]]] = {}
    for inner, access in accesses(op):
        touched.setdefault(buffer_of(access.memref), []).append((inner, access))
    for found in touched.values():
        touches = [_touch(inner, access, op) for inner, access in found]
        stores = [touch for touch, (inner, _) in zip(touches, found, strict=True)
                  if is_store(inner)]  # fmt: skip
        if not stores or None in stores or any(
                access.memref is not found[0][1].memref for _, access in found):  # fmt: skip
            continue
        for touch in touches:
            if touch is not None and is_load(touch.op):
                writer = _writer(op, touch, stores)
                if writer is not None:
                    yield touch.op, writer


def _touch(inner: Operation, access: Access, op: Operation) -> _Touch | None:
    variable = loop.induction_variable(op)
    form, at = [], []
    for subscript in subscripts_of(access):
        if subscript is None:
            return None
        factors, number = subscript
        if any(value is not variable and is_inside(value, op) for value in factors):
            return None
        form.append(tuple(sorted(factors.items(), key=lambda item: id(item[0]))))
        at.append(number)
    return _Touch(inner, access, tuple(form), tuple(at))


def _writer(op: Operation, load: _Touch, stores: list[_Touch]) -> Operation | None:
    """The store that every iteration performs to the place that the load reads in the next one."""
    variable = loop.induction_variable(op)
    moves = [dict(each).get(variable, 0) for each in load.form]
    if not any(moves) or any(store.form != load.form for store in stores):
        return None
    place = tuple(a + move for a, move in zip(load.at, moves, strict=True))
    if any(store.at == load.at for store in stores):
        return None
    there = [store.op for store in stores if store.at == place]
    if not there or any(each.parent is not op.body for each in there):
        return None
    value = stored_value(there[-1])
    return there[-1] if value.type == load.op.results[0].type else None


def _carry(op: Operation, reader: Operation, writer: Operation) -> Operation:
    """The loop with what the writer stores as the reader's value of the next iteration."""
    access, lower, upper = Access.of(reader), op.operand(0), op.operand(1)
    first = access.with_operands({loop.induction_variable(op): lower})
    element = reader.results[0].type
    before = Builder.before(op)
    asked = []
    if not trip_count(op):
        less = CMPI_PREDICATES.index("slt")
        asked.append(before.value(arith.cmpi, lower, upper, predicate=less, types=[i1]))
    leaves = any(inner.definition in (loop.exit_, loop.leave) for inner in op.walk())
    if not is_in_bounds(access) and (leaves or reader.parent is not op.body):
        asked.append(ask(first, before))
    if asked:
        holds = asked[0] if len(asked) == 1 else before.value(arith.andi, *asked)
        made = branch(before, holds, [element])
        there, absent = (Builder(region.block, location=op.location) for region in made.regions)
        there.create(loop.yield_, first.load(there, element))
        absent.create(loop.yield_, constant(absent, 0, element))
        (begun,) = made.results
    else:
        begun = first.load(before, element)
    carrying = with_argument(op, begun)
    reader.replace_with([carrying.body.arguments[-1]])
    end = carrying.body.terminator
    end.operands = [*end.operands, stored_value(writer)]
    return carrying
