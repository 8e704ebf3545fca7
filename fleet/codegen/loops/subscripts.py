"""Subscripts that may be negative, as scalar code: one comparison where they are not.

    exit if not (-n <= k < n)              p = k if k <u n else:
    p = k + n if k < 0 else k       →          p = k + n
                                               exit if not p <u n

In: a kernel with the loops that stay scalar. Out: the same with one unsigned comparison of each
such subscript, the rest where hardly any program comes (`loop.if … {likely}`). The one idea: what
is below n as an unsigned number is neither negative nor too large.

And loops from 0 whose variable is only used with one number added begin at that number.
"""

from __future__ import annotations

from fleet.codegen.loops.nests import constant, is_inside, is_loop
from fleet.dialects import arith, loop
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.dialects.loop.access import constant_of
from fleet.ir.attributes import UnitAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.types import i1, i64, index
from fleet.ir.watch import count, may_apply


def settle_subscripts(kernel: Operation) -> None:
    """Rewrite both kinds."""
    for op in list(kernel.walk()):
        if op.parent is None:
            continue
        if op.definition is loop.exit_:
            found = _subscript(op)
            if found is not None and may_apply():
                with rewriting("one comparison where a subscript is not negative", op):
                    _compare_once(op, *found)
                count("subscripts compared once")
        elif is_loop(op) and not loop.is_vector_loop(op):
            begin = _added_everywhere(op)
            if begin is not None and may_apply():
                with rewriting("a loop begins at what is added to its variable", op):
                    _rebase(op, *begin)
                count("loops that begin elsewhere")


# -- subscripts


def _subscript(op: Operation) -> tuple[Value, Value, Operation] | None:
    """The number, the size, and the `select` that makes the subscript, which stands in the same
    block, behind the check."""
    inside = _negated(op.operand(0))
    both = _made_by(inside, "arith.andi")
    if both is None:
        return None
    low, high = (_comparison(value) for value in both.operands)
    if low is None or high is None or (low[0], high[0]) != ("sge", "slt") or low[1] is not high[1]:
        return None
    number, size = high[1:]
    opposite = _made_by(low[2], "arith.subi")
    if opposite is None or constant_of(opposite.operand(0)) != 0 or not _is_size(size):
        return None
    if opposite.operand(1) is not size:
        return None
    for choice in (user for test in number.users for each in test.results for user in each.users):
        if choice.name == "arith.select" and choice.parent is op.parent and _behind(choice, op):
            test, added = _comparison(choice.operand(0)), _made_by(choice.operand(1), "arith.addi")
            if test is None or added is None or choice.operand(2) is not number:
                continue
            is_negative = test[:2] == ("slt", number) and constant_of(test[2]) == 0
            if is_negative and set(added.operands) == {number, size}:
                return number, size, choice
    return None


def _behind(op: Operation, other: Operation) -> bool:
    place = other.next
    while place is not None and place is not op:
        place = place.next
    return place is op


def _compare_once(op: Operation, number: Value, size: Value, choice: Operation) -> None:
    builder = Builder.before(op)
    below = CMPI_PREDICATES.index("ult")
    inside = builder.value(arith.cmpi, number, size, predicate=below, types=[i1])
    made = builder.create(
        loop.if_, inside, types=[i64], regions=[Region([Block()]), Region([Block()])],
        likely=UnitAttr(),
    )  # fmt: skip
    here, there = (Builder(region.block, location=op.location) for region in made.regions)
    here.create(loop.yield_, number)
    place = there.value(arith.addi, number, size)
    above = CMPI_PREDICATES.index("uge")
    outside = there.value(arith.cmpi, place, size, predicate=above, types=[i1])
    op.detach()
    there.insert(op)
    op.set_operand(0, outside)
    there.create(loop.yield_, place)
    choice.replace_with(made.results)


def _is_size(value: Value) -> bool:
    """Whether the number is a size, which is not negative."""
    made = _made_by(value, "arith.index_cast")
    return made is not None and made.operand(0).type == index and not isinstance(
        made.operand(0), OpResult
    )


def _made_by(value: Value | None, name: str) -> Operation | None:
    if isinstance(value, OpResult) and value.operation.name == name:
        return value.operation
    return None


def _negated(value: Value) -> Value | None:
    made = _made_by(value, "arith.xori")
    return made.operand(0) if made is not None and constant_of(made.operand(1)) == 1 else None


def _comparison(value: Value) -> tuple[str, Value, Value] | None:
    made = _made_by(value, "arith.cmpi")
    if made is None:
        return None
    return CMPI_PREDICATES[made.get("predicate")], made.operand(0), made.operand(1)


# -- loops that begin elsewhere


def _added_everywhere(op: Operation) -> tuple[Value, Value] | None:
    """a and b of a loop that runs from 0 to max(b - a, 0), where it uses its variable only to add
    a: not where b - a may overflow, which is checked before the loop."""
    if constant_of(op.operand(0)) != 0 or op.get("step") != 1:
        return None
    cast = _made_by(op.operand(1), "arith.index_cast")
    largest = _made_by(cast.operand(0), "arith.maxsi") if cast is not None else None
    length = _made_by(largest.operand(0), "arith.subi") if largest is not None else None
    if length is None or constant_of(largest.operand(1)) != 0:
        return None
    end, begin = length.operands
    if is_inside(begin, op) or not _is_checked(op, length):
        return None
    casts = list(loop.induction_variable(op).users)
    if not casts or any(user.name != "arith.index_cast" for user in casts):
        return None
    uses = [user for each in casts for user in each.result.users]
    if any(user.name != "arith.addi" or begin not in user.operands for user in uses):
        return None
    return begin, end


def _is_checked(op: Operation, length: Operation) -> bool:
    """Whether an exit before the loop looks whether the difference overflows."""
    place = op.previous
    while place is not None:
        if place.definition is loop.exit_:
            test = _comparison(place.operand(0))
            both = _made_by(test[1], "arith.andi") if test is not None else None
            if test is not None and both is not None and test[0] == "slt" and (
                constant_of(test[2]) == 0
            ):
                sides = [_made_by(v, "arith.xori") for v in both.operands]
                if all(side is not None for side in sides):
                    asked = {v for side in sides for v in side.operands}
                    same = {v for v in asked if _equals(v, length)}
                    if same and asked - same == set(length.operands):
                        return True
        place = place.previous
    return False


def _equals(value: Value, length: Operation) -> bool:
    made = _made_by(value, "arith.subi")
    return made is not None and list(made.operands) == list(length.operands)


def _rebase(op: Operation, begin: Value, end: Value) -> None:
    before = Builder.before(op)
    bounds = [before.value(arith.index_cast, v, types=[index]) for v in (begin, end)]
    for cast in list(loop.induction_variable(op).users):
        for added in list(cast.result.users):
            for test in list(added.result.users):  # whether the sum overflows: it is below the end
                known = _comparison(test.results[0]) if test.results else None
                if known == ("slt", added.result, begin):
                    false = constant(Builder.before(test), 0, i1)
                    test.replace_with([false])
            added.replace_with([cast.result])
    op.set_operand(0, bounds[0])
    op.set_operand(1, bounds[1])
