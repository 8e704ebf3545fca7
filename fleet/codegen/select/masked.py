"""Updates under a mask: one instruction that leaves the other elements as they are.

In: an operation on `%a` and `select %mask, %x, %neutral`, where the neutral number changes nothing.
Out: what its masked form needs. The one idea: to choose what to add is to choose whether to add.
So it is with an operation and the choice, behind it, between its result and an older value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from fleet.codegen.select.selection import constant_of, width_of
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.types import VectorType

NEUTRAL: dict[str, Callable[[int], float]] = {
    "addf": lambda width: -0.0, "subf": lambda width: 0.0, "mulf": lambda width: 1.0,
    "divf": lambda width: 1.0, "addi": lambda width: 0, "subi": lambda width: 0,
    "muli": lambda width: 1, "ori": lambda width: 0, "xori": lambda width: 0,
    "andi": lambda width: -1, "maxsi": lambda width: -(1 << width - 1),
    "minsi": lambda width: (1 << width - 1) - 1,
}  # fmt: skip
"""By operation and element width, what changes nothing as the right operand."""
ONE_SIDED = frozenset(("subf", "divf", "subi"))


class Update(NamedTuple):
    """left: what is updated, and kept where the mask is not set; right: by what."""

    left: Value
    right: Value
    mask: Value


def update_under_mask(operation: Operation) -> Update | None:
    """The operation as an update under a mask, if it is one."""
    name = operation.name.partition(".")[2]
    if name not in NEUTRAL or not isinstance(operation.result.type, VectorType):
        return None
    for place in (1,) if name in ONE_SIDED else (1, 0):
        choice, left = operation.operand(place), operation.operand(1 - place)
        if not isinstance(choice, OpResult) or choice.operation.name != "arith.select":
            continue
        mask, right, neutral = choice.operation.operands
        if len(choice.uses) != 1 or not isinstance(mask.type, VectorType):
            continue
        if constant_of(left) is None and not _is_broadcast(left) and _is_neutral(name, neutral):
            return Update(left, right, mask)
    return None


def chosen_next(operation: Operation) -> Operation | None:
    """The choice that the next operation makes between the result, where a mask is set, and
    another vector, if nobody else looks at the result."""
    choice = operation.next
    if choice is None or choice.name != "arith.select" or len(operation.result.uses) != 1:
        return None
    mask, new, old = choice.operands
    if new is not operation.result or old is new or not isinstance(mask.type, VectorType):
        return None
    return None if constant_of(old) is not None or _is_broadcast(old) else choice


def _is_broadcast(value: Value) -> bool:
    return isinstance(value, OpResult) and value.operation.name == "loop.broadcast"


def _is_neutral(name: str, value: Value) -> bool:
    known = constant_of(value)
    wanted = NEUTRAL[name](width_of(value.type))
    if known is None or known != wanted:
        return False
    return known != 0 or math.copysign(1, known) == math.copysign(1, wanted)


def opposite_of(mask: Value) -> Value | None:
    """What a mask is the opposite of."""
    made = mask.owner
    if not isinstance(made, Operation) or made.name != "arith.xori":
        return None
    return made.operand(0) if known_mask(made.operand(1)) == 1 else None


def known_mask(mask: Value) -> int | None:
    """1 where a mask is known to be set throughout, 0 where it is clear."""
    made = mask.owner
    if not isinstance(made, Operation) or made.name != "arith.cmpi":
        return None
    if CMPI_PREDICATES[made.get("predicate")] != "ne" or constant_of(made.operand(1)) != 0:
        return None
    source = made.operand(0).owner
    if not isinstance(source, Operation) or source.name != "loop.broadcast":
        return None
    source = source.operand(0).owner
    if isinstance(source, Operation) and source.name == "arith.extui":
        source = source.operand(0).owner
    if not isinstance(source, Operation) or source.name != "arith.constant":
        return None
    return int(bool(source.get("value")))
