"""Slices that are looked at when the array that they are of has changed are arrays of their own.

In: a loop nest on tensors. Out: the same, such slices copied where they are taken. The one idea: a
version of an array that is looked at after the next one is written has to be copied as a whole;
where all that is looked at is parts of it, these are less.
"""

from __future__ import annotations

from collections.abc import Iterator

from fleet.dialects import scf, tensor
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.flow import passed_operands
from fleet.ir.interfaces import DestinationStyle, View
from fleet.passes.kernels.arrays.destinations import aliases, kept_dimensions, viewed
from fleet.passes.kernels.arrays.versions import Order, is_array, readers
from fleet.passes.linalg.structured import insert_slice

LOOPS = (scf.for_, scf.while_)


def keep_slices(function: Operation) -> None:
    """Copy them, in a kernel's function."""
    order = Order()
    found: dict[Operation, None] = {}
    for op in function.walk():
        for value in _changed(op):
            found |= dict.fromkeys(_late_slices(value, op, order) or ())
    for slice in found:
        _copy(slice)


def _changed(op: Operation) -> Iterator[Value]:
    """The arrays that an operation, or what is in it, makes the next version of."""
    style = DestinationStyle.of(op)
    numbers = () if style is None else style.numbers(op)
    if op.definition in LOOPS:
        numbers = passed_operands(op)
    for number in numbers:
        if is_array(op.operand(number)):
            yield op.operand(number)


def _late_slices(value: Value, op: Operation, order: Order) -> set[Operation] | None:
    """The slices that are looked at after the next version of an array is written; None if
    something else of it is, too."""
    whole = viewed(value)
    late = {
        user for user in readers(value) if user is not op and order.may_follow(user, op, whole)
    }
    found: set[Operation] = set()
    for alias in aliases(value) if late else ():
        if is_array(alias) and not late.isdisjoint(alias.users):
            slice = _slice_of(alias)
            if slice is None:
                return None
            found.add(slice)
    return found


def _slice_of(value: Value) -> Operation | None:
    """The slice that a view begins with, if it is of a part."""
    found = None
    while isinstance(value, OpResult) and View.of(value.operation) is not None:
        if value.operation.definition is tensor.extract_slice:
            found = value.operation
        value = value.operation.operand(0)
    return found


def _copy(slice: Operation) -> None:
    builder = Builder(slice.parent, slice.next, slice.location)
    given = iter(slice.named("sizes"))
    sizes = [next(given) if size == tensor.DYNAMIC else size for size in slice.get("static_sizes")]
    type = slice.result.type
    sizes = [sizes[axis] for axis in kept_dimensions(slice, type)]
    uses = list(slice.result.uses)
    dynamic = [
        size if isinstance(size, Value) else builder.constant(size)
        for size, dim in zip(sizes, type.shape, strict=True) if dim is None
    ]  # fmt: skip
    room = builder.value(tensor.empty, dynamic, types=[type])
    copied = insert_slice(
        builder, slice.result, room, [0] * type.rank, sizes, [1] * type.rank)  # fmt: skip
    for user, number in uses:
        user.set_operand(number, copied)
