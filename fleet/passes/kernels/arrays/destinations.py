"""Where tensors inside a kernel get their data: chains of destinations, slices of one another.

In: operations of a kernel on tensors. Out: which values share data with which. The one idea: in
destination-passing style every result takes the place of an operand, so a value's place is found by
walking back to the `tensor.empty` or the argument where its chain begins.
"""

from __future__ import annotations

from collections.abc import Iterable

from fleet.dialects import tensor
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.flow import RegionTerminator
from fleet.ir.interfaces import DestinationStyle, View, destination_of
from fleet.ir.types import TensorType


def beginning(value: Value) -> Value | None:
    """The `tensor.empty` whose place the value takes, through destinations alone."""
    while isinstance(value, OpResult):
        op = value.operation
        if op.name == "tensor.empty":
            return value
        dest = destination_of(op, value.number)
        if dest is None:
            return None
        value = dest
    return None


def first_argument(value: Value, among: Iterable[Value]) -> Value | None:
    """The argument, if it is one of these, that a chain of destinations begins with."""
    while isinstance(value, OpResult):
        following = destination_of(value.operation, value.number)
        if following is None:
            return None
        value = following
    return value if value in among else None


def reads(user: Operation, value: Value) -> bool:
    """Whether the user looks at the value's elements rather than only writing in its place."""
    if RegionTerminator.of(user) is not None:
        return False
    style = DestinationStyle.of(user)
    return style is None or style.accumulates or value in style.inputs(user)


def viewed(value: Value) -> Value:
    """The tensor that a value is a view of, or the value."""
    while isinstance(value, OpResult) and View.of(value.operation) is not None:
        value = value.operation.operand(0)
    return value


def aliases(value: Value) -> set[Value]:
    """Tensors that share data with this one, in this version."""
    root = viewed(value)
    found = {root}
    work = [root]
    while work:
        for user in work.pop().users:
            if View.of(user) is not None and user.result not in found:
                found.add(user.result)
                work.append(user.result)
    return found


def writes_back(user: Operation, alias: Value, op: Operation) -> bool:
    """`insert_slice` of what the operation makes of a slice, into where the slice came from."""
    return (
        user.name == "tensor.insert_slice"
        and alias is user.operand(1)
        and user.operand(0) in op.results
        and any(
            isinstance(dest, OpResult)
            and dest.operation.name == "tensor.extract_slice"
            and dest.operation.operand(0) is alias
            for dest in op.operands
        )
    )


def unshare(kernel: Operation) -> None:
    """One `tensor.empty` and one `linalg.fill` for each use, undoing CSE: places are not values."""
    for op in reversed(list(kernel.body)):
        if op.name in ("tensor.empty", "linalg.fill"):
            for user, number in list(op.result.uses)[1:]:
                user.set_operand(number, Builder.before(op).insert(op.clone()).result)


def kept_dimensions(op: Operation, type: TensorType) -> list[int]:
    """The dimensions of a slice that its (perhaps lower-ranked) type keeps."""
    sizes = op.get("static_sizes")
    spare = len(sizes) - type.rank
    kept, wanted = [], list(type.shape)
    for axis, size in enumerate(sizes):
        left = len(sizes) - axis - 1
        fits = wanted and (size == wanted[0] or (size == tensor.DYNAMIC and wanted[0] is None))
        if spare and size == 1 and (not fits or left >= len(wanted)):
            spare -= 1
        else:
            kept.append(axis)
            wanted = wanted[1:]
    return kept
