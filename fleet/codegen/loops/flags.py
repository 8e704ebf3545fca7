"""Which of two types a running value has, as a flag that an iteration sets and none clears.

In: a loop without branches that carries, beside a value, the number of its type, 0 or 1. Out: the
number's next value as `select %taken, 1, %number`, as the value's own is `select %taken, %new,
%value`. The one idea: numbers of types come as `extui (number != 1)`, which is one minus the
number; two of them in a row are nothing, and one of a choice is the choice of both.
"""

from __future__ import annotations

from fleet.codegen.loops.nests import constant
from fleet.dialects import arith, loop
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.dialects.loop.access import constant_of
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Value
from fleet.ir.definition import PURE
from fleet.ir.types import i1


def settle_flags(nest: Operation) -> None:
    """Rewrite what the loop carries of that kind."""
    merge_equal(nest.body)
    last = nest.body.terminator
    for number, argument in enumerate(loop.iteration_arguments(nest)):
        if not _is_flag(nest, number):
            continue
        taken = _set_where(last.operand(number), argument)
        if taken is not None:
            builder = Builder.before(last)
            one = constant(builder, 1, argument.type)
            made = builder.value(arith.select, taken, one, argument, types=[argument.type])
            last.set_operand(number, made)
    _erase_unused(nest.body)


def merge_equal(block: Block) -> None:
    """Equal pure operations of a block are one; a choice between equals is none."""
    found: dict[object, Operation] = {}
    for op in list(block):
        if op.regions or not op.has_trait(PURE) or not op.results:
            continue
        if op.name == "arith.select" and op.operand(1) is op.operand(2):
            op.replace_with([op.operand(1)])
            continue
        key = (op.name, op.operands, tuple(op.attributes.items()), op.results[0].type)
        if key in found:
            op.replace_with(found[key].results)
        else:
            found[key] = op


def _erase_unused(block: Block) -> None:
    for op in reversed(list(block)):
        if op.results and op.has_trait(PURE) and not any(r.uses for r in op.results):
            op.erase()


def _is_flag(nest: Operation, number: int) -> bool:
    again = nest.body.terminator.operand(number)
    begun = constant_of(nest.operand(2 + number))
    return begun in (0, 1) and _owner(again, "arith.extui") is not None and (
        again.owner.operand(0).type == i1
    )


def _set_where(value: Value, flag: Value) -> Value | None:
    """The condition under which a value is 1, where otherwise it is the flag; None: it is neither.
    """
    choice = _owner(_inverse_of(value), "arith.select")
    if choice is None:
        return None
    condition, yes, no = choice.operands
    if constant_of(yes) == 0 and _inverse_of(no) is flag:
        return condition
    # Where the flag is 0 the inverse of a condition, else 0: the flag or the condition.
    if _is_clear(condition, flag) and constant_of(no) == 0:
        inverted = _owner(yes, "arith.extui")
        negated = None if inverted is None else _owner(inverted.operand(0), "arith.xori")
        if negated is not None and constant_of(negated.operand(1)) is not None:
            return negated.operand(0)
    return None


def _inverse_of(value: Value | None) -> Value | None:
    """x of `extui (cmpi ne %x, 1)`."""
    wide = _owner(value, "arith.extui")
    test = None if wide is None else _owner(wide.operand(0), "arith.cmpi")
    if test is None or CMPI_PREDICATES[test.get("predicate")] != "ne":
        return None
    return test.operand(0) if constant_of(test.operand(1)) == 1 else None


def _is_clear(condition: Value, flag: Value) -> bool:
    test = _owner(condition, "arith.cmpi")
    return (
        test is not None
        and CMPI_PREDICATES[test.get("predicate")] == "eq"
        and test.operand(0) is flag
        and constant_of(test.operand(1)) == 0
    )


def _owner(value: Value | None, name: str) -> Operation | None:
    """The operation of this name that gives a value."""
    if isinstance(value, OpResult) and value.operation.name == name:
        return value.operation
    return None
