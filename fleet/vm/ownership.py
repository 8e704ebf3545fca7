"""Who owns each buffer of the schedule: where it is updated in place, moved, copied, freed.

In: a schedule function on tensors with structured control flow. Out: `Ownership`, which says for
each operation what to do with buffers. The one idea: a buffer is owned by exactly one block, is
borrowed by everything else, and leaves its block only by being moved into a loop, a yield or a
return. Function arguments and constants are borrowed for good.

Rules
-----
* A view (reshape, cast, contiguous slice) shares its source's buffer.
* An update (`loop.launch`, `tensor.insert`) writes in place when this block owns the buffer and
  nothing uses it later; otherwise into a copy. `tensor.empty` has no content, so every update of it
  gets a fresh buffer and no copy.
* An operand that passes ownership (loop inits, yields, returns) moves its buffer when this block
  owns it, nothing else uses it from then on, and it starts where the buffer starts; otherwise it
  passes a copy.
* A buffer that is not moved away is freed after the last operation that uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fleet.ir.core import Block, Operation, Value
from fleet.ir.types import TensorType
from fleet.ir.watch import analysis

VIEWS = {
    "tensor.cast",
    "tensor.collapse_shape",
    "tensor.expand_shape",
    "tensor.reshape",
    "tensor.extract_slice",
}
"""Operations whose result is their first operand's buffer under another shape."""

PASSING = {"scf.for": 3, "scf.while": 0, "scf.yield": 0, "scf.condition": 1, "func.return": 0}
"""Operations that pass buffers on, and the first operand that they pass."""


@dataclass(eq=False)
class Buffer:
    """One allocation: the block that owns it (None: borrowed) and the values that are it."""

    owner: Block | None
    members: list[Value] = field(default_factory=list)
    moved_by: Operation | None = None


@dataclass
class Ownership:
    """Decisions for one function. Operand numbers are positions in `op.operands`."""

    in_place: set[tuple[Operation, int]] = field(default_factory=set)
    """Updated operands that are written where they are."""
    fresh: set[tuple[Operation, int]] = field(default_factory=set)
    """Updated operands without content: a fresh buffer, no copy."""
    moved: set[tuple[Operation, int]] = field(default_factory=set)
    """Passed operands that give up their buffer; other passed ones are copied."""
    frees: dict[Operation, list[Value]] = field(default_factory=dict)
    """Buffers (by the value that made them) to free after an operation, before a terminator."""
    frees_at_entry: dict[Block, list[Value]] = field(default_factory=dict)
    """Block arguments that nobody uses."""


def updated_operands(operation: Operation) -> dict[int, int]:
    """Operand number -> result number for operands that the operation updates."""
    match operation.name:
        case "loop.launch":
            inputs, dests, _ = operation.definition.segments(operation)
            return {len(inputs) + number: number for number in range(len(dests))}
        case "tensor.insert":
            return {1: 0}
    return {}


@analysis("Ownership")
def analyse(function: Operation) -> Ownership:
    """Decide ownership for all buffers of a schedule function."""
    analysis = _Analysis()
    for argument in function.body.arguments:
        analysis.define(argument, owner=None)
    analysis.block(function.body)
    return analysis.result


class _Analysis:
    def __init__(self) -> None:
        self.result = Ownership()
        self.buffers: dict[Value, Buffer] = {}
        self.offset_views: set[Value] = set()
        self.order: dict[Operation, int] = {}

    def define(self, value: Value, owner: Block | None) -> None:
        if isinstance(value.type, TensorType):
            self.buffers[value] = Buffer(owner, [value])

    def block(self, block: Block) -> None:
        owned: list[Buffer] = []
        for number, operation in enumerate(block):
            self.order[operation] = number
        if block.parent_op is not None and block.parent_op.name != "func.func":
            for argument in block.arguments:
                self.define(argument, owner=block)
                if argument in self.buffers:
                    owned.append(self.buffers[argument])
        for operation in block:
            self._operation(operation, block, owned)
        for buffer in owned:
            if buffer.moved_by is None:
                self._free(buffer, block)

    def _operation(self, operation: Operation, block: Block, owned: list[Buffer]) -> None:
        updates = updated_operands(operation)
        for number in updates:
            self._decide_update(operation, number, block)
        start = PASSING.get(operation.name)
        if start is not None:
            for number in range(start, len(operation.operands)):
                self._decide_pass(operation, number, block)
        for region in operation.regions:
            for inner in region.blocks:
                self.block(inner)
        for number, result in enumerate(operation.results):
            if not isinstance(result.type, TensorType):
                continue
            source = self._shared(operation, number, updates)
            if source is not None:
                self.buffers[result] = self.buffers[source]
                self.buffers[result].members.append(result)
                if operation.name == "tensor.extract_slice" or source in self.offset_views:
                    self.offset_views.add(result)
            elif operation.name == "arith.constant":
                self.define(result, owner=None)
            elif operation.name != "tensor.empty" or not _only_updated(result):
                self.define(result, owner=block)
                owned.append(self.buffers[result])

    def _shared(self, operation: Operation, number: int, updates: dict[int, int]) -> Value | None:
        """The operand whose buffer a result shares, if any."""
        if operation.name in VIEWS:
            return operation.operand(0)
        for operand, result in updates.items():
            if result == number and (operation, operand) in self.result.in_place:
                return operation.operand(operand)
        return None

    def _decide_update(self, operation: Operation, number: int, block: Block) -> None:
        value = operation.operand(number)
        if _is_empty(value):
            self.result.fresh.add((operation, number))
            return
        buffer = self.buffers[value]
        if buffer.owner is block and self._is_last_use(buffer, operation, number):
            self.result.in_place.add((operation, number))

    def _decide_pass(self, operation: Operation, number: int, block: Block) -> None:
        value = operation.operand(number)
        buffer = self.buffers.get(value)
        if (
            buffer is not None
            and buffer.owner is block
            and value not in self.offset_views
            and self._is_last_use(buffer, operation, number)
        ):
            buffer.moved_by = operation
            self.result.moved.add((operation, number))

    def _is_last_use(self, buffer: Buffer, operation: Operation, number: int) -> bool:
        """Whether this operand is the buffer's only use by the operation, and none comes later."""
        here = self.order[operation]
        for member in buffer.members:
            for user, position in member.uses:
                if user is operation and position == number:
                    continue
                anchor = _anchor(user, buffer.owner)
                if anchor is None or self.order[anchor] >= here:
                    return False
        return True

    def _free(self, buffer: Buffer, block: Block) -> None:
        last: Operation | None = None
        for member in buffer.members:
            users = [user for user, _ in member.uses]
            if isinstance(member.owner, Operation):
                users.append(member.owner)
            for user in (_anchor(user, block) for user in users):
                if user is not None and (last is None or self.order[user] > self.order[last]):
                    last = user
        maker = buffer.members[0]
        if last is None:
            self.result.frees_at_entry.setdefault(block, []).append(maker)
        else:
            self.result.frees.setdefault(last, []).append(maker)


def _anchor(operation: Operation, block: Block | None) -> Operation | None:
    """The operation of `block` that is or contains the given one."""
    found: Operation | None = operation
    while found is not None and found.parent is not block:
        found = found.parent_op
    return found


def _is_empty(value: Value) -> bool:
    return isinstance(value.owner, Operation) and value.owner.name == "tensor.empty"


def _only_updated(value: Value) -> bool:
    """Whether every use of an empty tensor is as an update's target (each gets its own buffer)."""
    return all(number in updated_operands(user) for user, number in value.uses)
