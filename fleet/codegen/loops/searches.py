"""Loops that look for something: strips of iterations in which it is not are passed over.

    while not found and i < n:             for k in strips from i to n: leave if any a[k] == x
        if a[i] == x: at, found = i, True   →    i = where the strips were left
        i += 1                             while not found and i < n: …

In: a loop that a program wrote, which counts up and may be left. Out: the same behind a vector loop
that ends before the first strip with an iteration which does anything but count; and before that
the loop itself for a few iterations, since what is looked for is often near. The one idea: an
iteration that only counts may as well not be run, and loads of later ones hurt nobody as long as
their place is inside the array whatever the loop finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fleet.codegen.loops.dependences import mark_parallel
from fleet.codegen.loops.hoist import hoist_inside
from fleet.codegen.loops.nests import constant, is_inside
from fleet.codegen.loops.predicate import flatten
from fleet.codegen.loops.strips import Strips
from fleet.dialects import arith, loop
from fleet.dialects.loop.access import Access, constant_of, is_load
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Value
from fleet.ir.definition import PURE
from fleet.ir.mapping import IRMapping
from fleet.ir.types import i1, i64, index

NEAR = 16
"""Iterations before strips begin."""

_LESS, _GREATER = (arith.CMPI_PREDICATES.index(name) for name in ("slt", "sgt"))


@dataclass(frozen=True)
class Search:
    """A loop that may be passed over.

    counter: the number of what counts, of the loop's arguments; test: the comparison with where it
    ends; found: the condition of all that the body does but counting; quiet: the way that is gone
    where nothing is done, 1 if that is where the condition is false; left: by the number of an
    argument, what such an iteration leaves there, if that is not what was there before.
    """

    loop: Operation
    counter: int
    test: Operation
    found: Value
    quiet: int
    left: dict[int, Value]


def searches_in(kernel: Operation) -> Iterator[Search]:
    """The searches of a kernel that are not part of a vector loop."""
    for op in list(kernel.walk()):
        if op.definition is loop.while_ and not _is_in_strips(op):
            found = _search(op)
            if found is not None:
                yield found


def _is_in_strips(op: Operation) -> bool:
    return any(one.definition is loop.for_ and loop.is_vector_loop(one) for one in op.around())


def _search(op: Operation) -> Search | None:
    before, after = (region.block for region in op.regions)
    _, *forwarded = before.terminator.operands
    if tuple(forwarded) != tuple(before.arguments) or not any(is_load(each) for each in after):
        return None
    doing = [each for each in list(after)[:-1] if not _is_harmless(each)]
    if any(each.definition is not loop.if_ for each in doing):
        return None
    found = {each.operand(0) for each in doing}
    counter = None
    chosen: list[tuple[int, Value]] = []
    for number, (argument, value) in enumerate(
        zip(after.arguments, after.terminator.operands, strict=True)
    ):
        if value is argument:
            continue
        if isinstance(value, OpResult) and value.operation.definition in (loop.if_, arith.select):
            found.add(value.operation.operand(0))
            chosen.append((number, value))
        elif counter is None and _counts(value, argument):
            counter = number
        else:
            return None
    if counter is None or len(found) != 1:
        return None
    test = _ends(before.terminator.operand(0), before.arguments[counter], op)
    if test is None:
        return None
    for quiet in (1, 0):
        left = _left(op, quiet, doing, chosen)
        if left is not None:
            return Search(op, counter, test, found.pop(), quiet, left)
    return None


def _left(
    op: Operation, quiet: int, doing: Sequence[Operation], chosen: Sequence[tuple[int, Value]]
) -> dict[int, Value] | None:
    """What iterations that go the quiet way leave where something else was; None where they do more
    than count."""
    for branch in doing:
        region = branch.regions[quiet]
        if region.blocks and not all(map(_is_harmless, list(region.block)[:-1])):
            return None
    left: dict[int, Value] = {}
    for number, value in chosen:
        made = value.operation
        if made.definition is arith.select:
            end = made.operand(1 + quiet)
        else:
            end = made.regions[quiet].block.terminator.operand(value.number)
        if end is op.regions[1].block.arguments[number]:
            continue
        if is_inside(end, op):
            return None
        left[number] = end
    return left


def _is_harmless(op: Operation) -> bool:
    """Whether it may be done for an iteration that does not come."""
    if op.definition is loop.if_:
        return all(
            _is_harmless(inner) or inner.definition is loop.yield_
            for region in op.regions for block in region.blocks for inner in block
        )  # fmt: skip
    if op.regions:
        return False
    return is_load(op) or (op.has_trait(PURE) and op.name not in ("arith.divf", "math.sqrt"))


def _counts(value: Value, argument: Value) -> bool:
    made = value.owner
    return (
        isinstance(made, Operation) and made.definition is arith.addi and argument.type == i64
        and made.operand(0) is argument and constant_of(made.operand(1)) == 1
    )  # fmt: skip


def _ends(value: Value, counter: Value, op: Operation) -> Operation | None:
    """The comparison of what counts with where it ends, if that is all that changes the answer
    while nothing but the counter does."""
    made = value.owner
    if not isinstance(made, Operation) or not is_inside(value, op):
        return None
    if made.definition is arith.cmpi:
        fits = made.operand(0) is counter and made.get("predicate") == _LESS
        return made if fits and not is_inside(made.operand(1), op) else None
    if made.definition is loop.if_ and made.operand(0) is not counter:
        ends = [region.block.terminator.operand(value.number) for region in made.regions]
        for one, other in (ends, ends[::-1]):
            if constant_of(one) == 0 and _depends_on(made.operand(0), counter) is False:
                return _ends(other, counter, op)
    return None


def _depends_on(value: Value, counter: Value) -> bool | None:
    """Whether a truth is another one for another count; None where that is not looked into."""
    if value is counter:
        return True
    if not isinstance(value, OpResult):
        return False
    if value.operation.regions or not value.operation.has_trait(PURE):
        return None
    found = [_depends_on(each, counter) for each in value.operation.operands]
    return None if None in found else any(found)


def pass_over(search: Search, pays: Callable[[Operation], bool]) -> bool:
    """Put the vector loop, and a few iterations, before the loop; whether that pays."""
    op, number = search.loop, search.counter
    builder = Builder.before(op)
    last = op.previous
    before = op.regions[0].block
    end = search.test.operand(1)
    few = builder.value(arith.addi, op.operand(number), constant(builder, NEAR, i64))
    near = builder.value(arith.minsi, end, few)
    mapping = IRMapping()
    first = builder.insert(op.clone(mapping))
    mapping.operations[search.test].set_operand(1, near)
    inside = IRMapping(zip(before.arguments, first.results, strict=True))
    for each in list(before)[:-1]:
        builder.insert(each.clone(inside))
    here = first.results[number]
    goes_on = inside.of(before.terminator.operand(0))
    limit = builder.value(arith.select, goes_on, end, here, types=[i64])
    chosen = _strips(search, builder, first.results, limit)
    flatten(chosen)
    hoist_inside(chosen)
    mark_parallel(chosen, leaving=True)
    if not pays(chosen):
        while op.previous is not last:
            op.previous.erase()
        return False
    rest = loop.for_loop(builder, *chosen.operands)
    Strips(chosen, rest).rewrite()
    operands = list(first.results)
    place = builder.value(arith.index_cast, rest.operand(0), types=[i64])
    for at, value in search.left.items():
        passed = builder.value(arith.cmpi, place, here, types=[i1], predicate=_GREATER)
        operands[at] = builder.value(
            arith.select, passed, value, operands[at], types=[value.type])
    operands[number] = place
    rest.drop_references()
    rest.detach()
    op.operands = operands
    return True


def _strips(search: Search, builder: Builder, state: Sequence[Value], limit: Value) -> Operation:
    """A loop that is left where an iteration does more than count. state: what the loop carries."""
    after = search.loop.regions[1].block
    ends = [
        builder.value(arith.index_cast, value, types=[index])
        for value in (state[search.counter], limit)
    ]
    made = loop.for_loop(builder, *ends)
    counter = loop.induction_variable(made)
    inside = Builder(made.body, location=search.loop.location)
    argument = after.arguments[search.counter]
    mapping = IRMapping(zip(after.arguments, state, strict=True))
    mapping[argument] = inside.value(arith.index_cast, counter, types=[i64])
    for op in _made_of(search.found, after):
        if op.definition is arith.index_cast and op.operand(0) is argument:
            mapping[op.result] = counter
        else:
            inside.insert(op.clone(mapping))
    condition = mapping.of(search.found)
    if search.quiet == 0:
        condition = inside.value(arith.xori, condition, constant(inside, 1, i1))
    memref = next(Access.of(op).memref for op in after if is_load(op))
    memref = mapping.of(memref)
    inside.create(loop.exit_, condition, memref, [], code=IntegerAttr(0, i64))
    inside.create(loop.yield_, [])
    return made


def _made_of(value: Value, block: Block) -> list[Operation]:
    """The operations of a block that a value is computed by, in order."""
    wanted: set[Operation] = set()
    work = [value]
    while work:
        made = work.pop()
        op: Operation | None = made.operation if isinstance(made, OpResult) else None
        while op is not None and op.parent is not block:
            op = op.parent_op
        if op is not None and op not in wanted:
            wanted.add(op)
            work += [v for inner in op.walk() for v in inner.operands]
    return [op for op in block if op in wanted]
