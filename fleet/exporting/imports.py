"""What a program's file computes when it is imported, computed now.

In: the operations that importing has emitted, ahead of those of the function. Out: constants in
place of what the function uses of them; what remains has no effects. The one idea: Python computes
`W = rng.normal(size=n) / 8` once, when the file is imported, and so a graph has its value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.dialects import arith
from fleet.ir.attributes import INLINE_BYTES, Attribute, DenseAttr
from fleet.ir.core import Operation, Value
from fleet.ir.definition import RAISES
from fleet.ir.interpreter import Interpreter, attribute_of
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import TensorType

_EFFECTS = ("numpy.host", "numpy.check", "numpy.check_indices")


def settle(
    module: Operation, operations: Sequence[Operation], names: Mapping[Value, str]
) -> None:
    """Compute what importing the file computes; let it print nothing, and check nothing.

    operations: what it emitted, in order; names: what the program calls the values of these.
    """
    while _erase_unused(operations):
        PassManager(("dce",)).run(module)
    inside = {op for op in operations if op.parent is not None}
    needed: set[Operation] = set()
    for op in reversed([op for op in operations if op in inside]):
        users = {_outermost(user, op) for result in op.results for user in result.users}
        if any(user not in inside or user in needed for user in users):
            needed.add(op)
    interpreter = Interpreter(module)
    with np.errstate(all="ignore"):
        for op in operations:
            if op in needed:
                _compute(interpreter, op, inside, names)


def _erase_unused(operations: Sequence[Operation]) -> bool:
    """Erase services, checks and what may raise that nothing uses; whether there were any."""
    found = False
    for op in reversed([op for op in operations if op.parent is not None]):
        for inner in reversed(list(op.walk())):
            effect = inner.name in _EFFECTS or inner.has_trait(RAISES)
            if effect and not any(result.uses for result in inner.results):
                inner.erase()
                found = True
    return found


def _outermost(user: Operation, of: Operation) -> Operation:
    """The user, or the operation around it in the block where what it uses is made."""
    while user.parent is not of.parent and (around := user.parent_op) is not None:
        user = around
    return user


def _compute(
    interpreter: Interpreter, op: Operation, inside: set[Operation], names: Mapping[Value, str]
) -> None:
    """One operation, if all that it needs is known."""
    values = interpreter.values
    free = [value for each in op.walk() for value in each.operands
            if _is_outside(value, op)]  # fmt: skip
    if any(value not in values for value in free) or any(
        each.name in ("numpy.host", "func.call") for each in op.walk()
    ):
        return
    try:
        results = interpreter.execute(op, [values[value] for value in op.operands])
    except (FleetError, ProgramError, ProgramExit):
        return
    values.update(zip(op.results, results, strict=True))
    if op.name == arith.constant.name:
        return
    for result in op.results:
        if any(_outermost(user, op) not in inside for user in result.users):
            name = names.get(result, result.hint or "constant")
            _replace(op, result, attribute_of(values[result], result.type), name)


def _is_outside(value: Value, op: Operation) -> bool:
    owner = value.owner
    at = owner if isinstance(owner, Operation) else owner.parent_op
    return at is None or not op.is_ancestor_of(at)


def _replace(op: Operation, result: Value, attribute: Attribute, name: str) -> None:
    block = op.parent
    assert block is not None
    type = result.type
    if isinstance(attribute, DenseAttr) and attribute.value.nbytes > INLINE_BYTES:
        assert isinstance(type, TensorType)
        made = np.ascontiguousarray(attribute.value).reshape(attribute.value.shape)
        attribute = DenseAttr(made, TensorType(made.shape, type.element), name)
        type = attribute.type
    if type != result.type:
        return
    constant = arith.constant(types=[type], value=attribute, location=op.location)
    block.insert_after(op, constant)
    constant.result.hint = result.hint
    result.replace_all_uses_with(constant.result)
