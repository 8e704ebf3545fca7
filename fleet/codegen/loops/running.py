"""What a loop carries from iteration to iteration, as far as it can be carried from strip to strip.

In: a loop. Out: for each iteration argument how its strips are combined, or why they cannot be. The
one idea: an argument that an iteration only updates, by an operation that can take a whole strip,
needs no iteration to wait for the one before. In loops made of whole-array operations any order of
updates will do; in a loop that the program wrote itself (`ordered`), floats keep theirs, unless
sums are to be fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.codegen.loops.in_order import CheckedSum, Choice, InOrder, Last
from fleet.codegen.loops.nests import is_inside
from fleet.codegen.loops.reductions import Reduction, reduction_of
from fleet.dialects import loop
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.dialects.numpy import FAST_SUMS
from fleet.ir.core import Operation
from fleet.ir.types import i1, i64, is_float

Running = Reduction | InOrder | Choice | CheckedSum | Last

_INVERTED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}


@dataclass(frozen=True)
class Carried:
    """running: for each iteration argument how it is combined. reason: why that is not known of
    one of them."""

    running: list[Running]
    reason: str | None = None

    @property
    def operations(self) -> list[Operation]:
        """What is made anew for a strip."""
        return list(dict.fromkeys(op for each in self.running for op in each.operations))


def is_ordered(nest: Operation) -> bool:
    """Whether the program itself wrote the loop."""
    outer: Operation | None = nest
    while outer is not None and "kernel" not in outer.attributes:
        outer = outer.parent_op
    return outer is not None and "ordered" in outer.attributes


def _in_any_order(nest: Operation) -> bool:
    """Whether the program is built with `--fast-sums`."""
    outer: Operation | None = nest
    while outer is not None and FAST_SUMS not in outer.attributes:
        outer = outer.parent_op
    return outer is not None


def carried_by(nest: Operation) -> Carried:
    """How what a loop carries is combined."""
    found: list[Running] = []
    ordered = is_ordered(nest)
    choices: dict[int, Choice] = {}
    for number, argument in enumerate(loop.iteration_arguments(nest)):
        if ordered:
            made = choices.get(number) or _in_order(nest, number, choices)
        else:
            made = reduction_of(nest, number)
        if made is None:
            name = argument.hint or "a value"
            return Carried([], f"{name} is carried from one iteration to the next")
        found.append(made)
    return Carried(found)


def may_leave(nest: Operation) -> bool:
    """Whether a check that may fail makes the loop leave a strip."""
    checked = any(isinstance(each, CheckedSum) for each in carried_by(nest).running)
    return checked or any(op.definition is loop.exit_ for op in nest.body)


def _in_order(nest: Operation, number: int, choices: dict[int, Choice]) -> Running | None:
    argument = loop.iteration_arguments(nest)[number]
    type = argument.type
    if not argument.uses and type != i1:
        return Last()
    made = reduction_of(nest, number)
    if made is not None:
        if not is_float(type) or (made.update.name == "arith.addf" and _in_any_order(nest)):
            return made
        if made.update.name == "arith.addf" and made.update.parent is nest.body:
            return InOrder(made.update)
        return None
    choice = _choice(nest, number)
    if choice is not None:
        choices.update(dict.fromkeys(choice.updates, choice))
        return choice if number in choice.updates else None
    return None if type != i64 else _checked_sum(nest, number)


# -- the best of a kind


def _choice(nest: Operation, number: int) -> Choice | None:
    """The choice that an argument is part of: all selects with one condition."""
    update = _select_of(nest, number)
    if update is None:
        return None
    test = update.operand(0).owner
    if not isinstance(test, Operation) or test.parent is not nest.body:
        return None
    arguments = loop.iteration_arguments(nest)
    updates = {}
    for place, argument in enumerate(arguments):
        other = _select_of(nest, place)
        if other is not None and other.operand(0) is update.operand(0):
            users = {user for user in argument.users if user is not test}
            if users != {other}:
                return None
            updates[place] = other
    if set(update.operand(0).users) != set(updates.values()):
        return None
    return _compared(nest, test, updates)


def _select_of(nest: Operation, number: int) -> Operation | None:
    """`%next = select %better, %new, %argument`, of which only the loop takes the result."""
    argument = loop.iteration_arguments(nest)[number]
    op = nest.body.terminator.operand(number).owner
    if not isinstance(op, Operation) or op.name != "arith.select" or op.parent is not nest.body:
        return None
    only_yielded = list(op.result.uses) == [(nest.body.terminator, number)]
    return op if only_yielded and op.operand(2) is argument else None


def _compared(
    nest: Operation, test: Operation, updates: dict[int, Operation]
) -> Choice | None:
    """The test as a comparison of a new value with the running one."""
    if test.name not in ("arith.cmpi", "arith.cmpf"):
        return None
    words = CMPF_PREDICATES if test.name == "arith.cmpf" else CMPI_PREDICATES
    word = words[test.get("predicate")]
    sign, relation = word[:1], word[1:]
    if relation not in _INVERTED or (test.name == "arith.cmpf") != (sign == "o"):
        return None
    arguments = loop.iteration_arguments(nest)
    for candidate, running, known in (
        (*test.operands, relation), (*test.operands[::-1], _INVERTED[relation])
    ):  # fmt: skip
        if running not in arguments or (number := arguments.index(running)) not in updates:
            continue
        if updates[number].operand(1) is not candidate or not is_inside(candidate, nest):
            return None
        more = known in ("gt", "ge")
        suffix = {"o": "numf", "s": "si", "u": "ui"}[sign]
        kind = ("max" if more else "min") + suffix
        return Choice(test, candidate, kind, known in ("gt", "lt"), number, updates)
    return None


# -- sums that may overflow


def _checked_sum(nest: Operation, number: int) -> CheckedSum | None:
    """`%t = addi %s, %x` with `slt (and (xor %t, %s), (xor %t, %x)), 0` asked once, or, where x is
    not negative, `slt %t, %s`."""
    argument = loop.iteration_arguments(nest)[number]
    update = nest.body.terminator.operand(number).owner
    if not isinstance(update, Operation) or update.name != "arith.addi":
        return None
    if argument not in update.operands or update.parent is not nest.body:
        return None
    (new,) = [v for v in update.operands if v is not argument] or [argument]
    if new is argument:
        return None
    differ = [op for op in update.result.users if op.name == "arith.xori"]
    following = {user for op in differ for user in op.result.users}
    if not differ:  # where the number's sign is known, the sums are compared
        following = {op for op in update.result.users if op.name == "arith.cmpi"}
    elif len(differ) != 2 or {v for op in differ for v in op.operands} != {
        argument, new, update.result
    }:  # fmt: skip
        return None
    line = _line_of_users(next(iter(following))) if len(following) == 1 else []
    names = [op.name for op in line]
    if differ and names[:1] == ["arith.andi"]:
        names = names[1:]
    elif differ or not _is_of_sum(line, update):
        return None
    if names[:1] != ["arith.cmpi"] or names[1:-1] not in ([], ["arith.andi"]):
        return None  # a second `and` is of the branch where the check stands: elsewhere x is 0
    if names[-1] not in ("loop.exit", "loop.doubt"):
        return None
    checks = [*differ, *line]
    inside = {update, *checks}
    users = {*argument.users, *update.result.users} - inside
    return CheckedSum(update, checks) if users <= {nest.body.terminator} else None


def _is_of_sum(line: Sequence[Operation], update: Operation) -> bool:
    """Whether a line of users from a comparison to a check asks if a sum overflows, and is not what
    the program asks and raises itself: that stands elsewhere."""
    if not line or line[-1].definition is not loop.exit_:
        return False
    status, *values = line[-1].operands[1:]
    asked = set(line[0].operands) == {update.result, *values} - {update.operand(1)}
    return asked and values == list(update.operands) and line[-1].location == update.location


def _line_of_users(op: Operation | None) -> Sequence[Operation]:
    """An operation, its only user, its only user's, and so on."""
    found = []
    while op is not None:
        found.append(op)
        users = {user for result in op.results for user in result.users}
        op = next(iter(users)) if len(users) == 1 else None
    return found
