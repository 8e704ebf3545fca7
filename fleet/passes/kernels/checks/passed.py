"""What is known because a check has passed.

In: the schedule. Out: the same where a comparison that an earlier check of its block demands, or
its opposite, is a constant, and choices by it are made, maxima of what it compared among them. The
one idea: behind a check, what it checked is true.
"""

from __future__ import annotations

from collections.abc import Iterator

from fleet.dialects.arith import CMPI_PREDICATES
from fleet.ir.analysis.effects import constant_int
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.rewriting.journal import replacing
from fleet.ir.types import i1
from fleet.ir.watch import count, may_apply

_OPPOSITE = {"slt": "sge", "sge": "slt", "sle": "sgt", "sgt": "sle", "eq": "ne", "ne": "eq"}


Places = dict[Operation, int]
"""Of the operations of a block, in order."""


def use_passed_check(check: Operation, places: Places) -> None:
    """Replace what a check decides behind it, in its block and what is inside that."""
    for value, holds in list(_decided(check.operand(0))):
        later = [(user, n) for user, n in value.uses if _is_behind(user, check, places)]
        if later and may_apply():
            known = Builder.after(check).constant(int(holds), i1)
            chosen_by = {user for user, n in later if user.name == "arith.select" and n == 0}
            for user, number in later:
                if number and user in chosen_by:
                    continue  # it is gone, or will be, with what else it took of this
                if user.name == "arith.select" and number == 0:
                    chosen = user.operand(1 if holds else 2)
                    replacing("a choice that an earlier check makes", user, [chosen])
                    user.replace_with([chosen])
                else:
                    user.set_operand(number, known)
            count("comparisons known by an earlier check", len(later))
    for maximum, number in list(_maxima(check.operand(0))):
        if _is_behind(maximum, check, places) and may_apply():
            chosen = maximum.operand(number)
            replacing("a maximum that an earlier check knows", maximum, [chosen])
            maximum.replace_with([chosen])
            count("maxima known by an earlier check")


def _maxima(condition: Value) -> Iterator[tuple[Operation, int]]:
    """Where `a >= 0` or the like is what is checked: max(a, 0), and the operand that this is."""
    test = condition.owner
    if not isinstance(test, Operation) or test.name != "arith.cmpi":
        return
    least = constant_int(test.operand(1))
    if least is None or CMPI_PREDICATES[test.get("predicate")] != "sge":
        return
    sizes = [u.result for u in test.operand(0).users if u.name == "arith.index_cast"]
    for value in (test.operand(0), *sizes):
        for user, number in value.uses:
            if user.name == "arith.maxsi" and constant_int(user.operand(1 - number)) == least:
                yield user, number


def _decided(condition: Value) -> Iterator[tuple[Value, bool]]:
    """The condition, and comparisons of the same numbers that say the same or the opposite."""
    yield condition, True
    if not isinstance(condition, OpResult) or condition.operation.name != "arith.cmpi":
        return
    test = condition.operation
    word = CMPI_PREDICATES[test.get("predicate")]
    for other in list(test.operand(0).users):
        if other is test or other.name != "arith.cmpi" or other.operands != test.operands:
            continue
        if CMPI_PREDICATES[other.get("predicate")] in (word, _OPPOSITE.get(word)):
            yield other.result, CMPI_PREDICATES[other.get("predicate")] == word


def _is_behind(user: Operation, check: Operation, places: Places) -> bool:
    place: Operation | None = user
    while place is not None and place.parent is not check.parent:
        place = place.parent_op
    return place is not None and places.get(place, -1) > places[check]
