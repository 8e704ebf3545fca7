"""Whether an array that a loop changes can be changed where it is.

In: arrays of a loop nest on tensors, and what updates them. Out: whether anybody looks at an array
after an update, so that the update needs a copy. The one idea: values are versions of storages; an
update makes the next version, and as long as nobody looks at the one before from then on, in this
iteration of the loops around or in the next one, both may be one buffer.
"""

from __future__ import annotations

from collections.abc import Iterator

from fleet.dialects import scf
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Value
from fleet.ir.flow import LoopLike, flow_of
from fleet.ir.interfaces import View, destination_of
from fleet.ir.types import TensorType, Type
from fleet.passes.kernels.arrays.destinations import aliases, viewed


class Refusal(Exception):
    """Why a loop is no kernel: a reason, and the operation that is one."""

    def __init__(self, reason: str, operation: Operation) -> None:
        super().__init__(reason)
        self.reason = reason
        self.operation = operation


def is_single(type: Type) -> bool:
    """Whether a tensor has one element in any case, so that it is a number."""
    return isinstance(type, TensorType) and all(dim == 1 for dim in type.shape)


def is_array(value: Value) -> bool:
    return isinstance(value.type, TensorType) and not is_single(value.type)


def origin(value: Value, views: bool = True) -> Value:
    """The oldest version of an array's storage that is seen from here: what loops carry it from,
    what branches leave alone, where its updates begin. views: in whatever shape."""
    while True:
        before = _before(value, views)
        if before is None:
            return value
        value = before


def _before(value: Value, views: bool) -> Value | None:
    if not isinstance(value, OpResult):
        flow = flow_of(value)
        return flow.sources[0] if flow is not None and len(flow.uses) == 1 else None
    op = value.operation
    dest = destination_of(op, value.number)
    if dest is not None:
        return dest
    view = View.of(op)
    if view is not None:
        return op.operand(0) if views and not view.part else None
    flow = flow_of(value)
    if flow is None:
        return None
    if LoopLike.of(op) is not None:
        return flow.sources[0]
    starts = {origin(source, views) for source in flow.sources}
    return starts.pop() if len(starts) == 1 else None


def readers(value: Value) -> Iterator[Operation]:
    """Whoever looks at an array's elements or passes it on, in this version, itself or views of it;
    an update that it is only the destination of, too. A view of one element is the number that is
    there when it is taken."""
    for alias in filter(is_array, aliases(value)):
        for user in alias.users:
            if user.name == "tensor.dim":
                continue
            if View.of(user) is not None and is_array(user.results[0]):
                continue
            yield user


class Order:
    """Which operations of a nest run after which. Valid as long as none is moved."""

    def __init__(self) -> None:
        self._places: dict[Block, dict[Operation, int]] = {}

    def is_needed_after(self, value: Value, op: Operation) -> bool:
        """Whether a version of an array is looked at after (or inside) an operation, by others."""
        whole = viewed(value)
        return any(
            user is not op and self.may_follow(user, op, whole) for user in readers(value)
        )

    def may_follow(self, user: Operation, op: Operation, value: Value) -> bool:
        """Whether a user of a value may run after an operation that is reached by the same one."""
        holder = value.block if isinstance(value, BlockArgument) else value.owner.parent
        chain: dict[Block | None, Operation] = {}
        at: Operation | None = op
        while at is not None:
            chain[at.parent] = at
            if at.parent is holder:
                break
            at = at.parent_op
            again = at is not None and at.definition in (scf.for_, scf.while_)
            if again and at.is_ancestor_of(user):
                return True  # in the next iteration
        there: Operation | None = user
        while there is not None and there.parent not in chain:
            there = there.parent_op
        if there is None:
            return True
        here = chain[there.parent]
        if here is there:
            return here is op and op.definition is not scf.if_  # inside, else the other way
        places = self._order(there.parent)
        return places[there] > places[here]

    def comes_before(self, a: Operation, b: Operation) -> bool:
        """Of two in one block."""
        places = self._order(a.parent)
        return places[a] < places[b]

    def _order(self, block: Block) -> dict[Operation, int]:
        if block not in self._places:
            self._places[block] = {op: number for number, op in enumerate(block)}
        return self._places[block]
