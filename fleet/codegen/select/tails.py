"""Accumulators of vector loops: a strip shorter than VLMAX must not touch their other elements.

In: what a strip yields for an accumulator. Out: the same with the old accumulator's tail. Where the
yielded vector's own instruction can keep the tail it does (tail undisturbed), else a copy does.
"""

from __future__ import annotations

from fleet.codegen.select.selection import Selection, register_type
from fleet.codegen.select.vector import is_vector, vtype_of
from fleet.dialects import rv
from fleet.ir.attributes import StringAttr
from fleet.ir.core import Operation, Value
from fleet.ir.types import Type

UNDISTURBED = "tu"


def keep_tail(selection: Selection, value: Value, old: Value, type: Type) -> Value:
    """A register with the strip's elements of `value` and the other elements of `old`."""
    if not is_vector(type) or value is old:
        return value
    if _made_for_this(selection, value) and _tie(value.operation, old):
        return value
    return selection.v(
        "vmv.v.v", value, to=register_type(type), vtype=vtype_of(type), old=old,
        policy=UNDISTURBED,
    )  # fmt: skip


def _made_for_this(selection: Selection, value: Value) -> bool:
    """Whether the value is made in the block in hand, and not used so far."""
    owner = value.owner
    return (
        isinstance(owner, Operation)
        and owner.parent is selection.builder.block
        and not value.uses
        and owner.get("policy") in (None, "mu")
        and "vtype" in owner.attributes
        and rv.encoding_of(owner) is not None
    )


def _tie(operation: Operation, old: Value) -> bool:
    """Make the operation keep the old content's tail; False when it is tied to another register."""
    tied = rv.tied_operand(operation)
    if tied is None:
        count = len(operation.definition.operands) - 1
        operands = list(operation.operands)
        operation.operands = [*operands[:count], old, *operands[count:]]
    elif operation.operand(tied) is not old:
        return False
    kept = operation.get("policy", "")
    operation.attributes["policy"] = StringAttr(UNDISTURBED + kept)
    return True
