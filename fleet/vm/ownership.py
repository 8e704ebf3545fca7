"""Who owns each buffer of the schedule: where it is updated in place, moved, copied, freed.

In: a schedule function on tensors with structured control flow. Out: `Ownership`, which says for
each operation what to do with buffers. The one idea: a buffer is owned by exactly one block, is
borrowed by everything else, and leaves its block only by being moved into a loop, a yield or a
return, or to a function that owns this argument (`owned_arguments`). Other arguments and constants
are borrowed for good.

Rules
-----
* A view (reshape, cast, contiguous slice) shares its source's buffer.
* An update (`loop.launch`, `tensor.insert`) writes in place when this block owns the buffer and
  nothing uses it later; otherwise into a copy. `tensor.empty` has no content, so every update of it
  gets a fresh buffer and no copy.
* An operand that passes ownership (loop inits, yields, returns, arguments that a function owns)
  moves its buffer when this block owns it, nothing else uses it from then on, and it starts where
  the buffer starts; otherwise it passes a copy.
* A branch takes over what its block owns, if no operation after the branch uses that and one of its
  two regions updates it, passes it on or puts it into something larger (which may get its memory):
  each region owns it then, as if it had been moved there.
* A buffer that is not moved away is freed after the last operation that uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fleet.dialects import func, scf, tensor
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import CONSTANT
from fleet.ir.flow import passed_operands
from fleet.ir.interfaces import CallableLike, DestinationStyle, View
from fleet.ir.types import TensorType
from fleet.ir.watch import analysis

Owned = dict[str, frozenset[int]]
"""By a function's name, the numbers of the arguments that it owns."""


@dataclass(eq=False)
class Buffer:
    """One allocation: the block that owns it (None: borrowed) and the values that are it."""

    owner: Block | None
    members: list[Value] = field(default_factory=list)
    moved_by: Operation | None = None
    taken_over: bool = False
    """Whether its values are of a block around the owner: what else uses these is over by then, or
    on another path."""


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
    style = DestinationStyle.of(operation)
    if style is None:
        return {}
    return {operand: result for result, operand in enumerate(style.numbers(operation))}


@analysis("Ownership")
def analyse(function: Operation, owned: Owned) -> Ownership:
    """Decide ownership for all buffers of a schedule function. owned: of all functions."""
    analysis = _Analysis(owned)
    own = owned.get(str(function.get("sym_name")), ())
    for number, argument in enumerate(function.body.arguments):
        analysis.define(argument, owner=function.body if number in own else None)
    analysis.block(function.body)
    return analysis.result


class _Analysis:
    def __init__(self, owned: Mapping[str, frozenset[int]]) -> None:
        self.owned = owned
        self.result = Ownership()
        self.buffers: dict[Value, Buffer] = {}
        self.offset_views: set[Value] = set()
        self.order: dict[Operation, int] = {}

    def define(self, value: Value, owner: Block | None) -> None:
        if isinstance(value.type, TensorType):
            self.buffers[value] = Buffer(owner, [value])

    def block(self, block: Block, taken: Sequence[Buffer] = ()) -> None:
        """taken: buffers of the block around, which this one owns from here on."""
        owned = [Buffer(block, list(buffer.members), taken_over=True) for buffer in taken]
        for buffer in owned:
            self.buffers |= dict.fromkeys(buffer.members, buffer)
        for number, operation in enumerate(block):
            self.order[operation] = number
        if block.parent_op is not None and CallableLike.of(block.parent_op) is None:
            for argument in block.arguments:
                self.define(argument, owner=block)
        arguments = (self.buffers.get(argument) for argument in block.arguments)
        owned += [buffer for buffer in arguments if buffer is not None and buffer.owner is block]
        for operation in block:
            self._operation(operation, block, owned)
        for buffer in owned:
            if buffer.moved_by is None:
                self._free(buffer, block)

    def _operation(self, operation: Operation, block: Block, owned: list[Buffer]) -> None:
        updates = updated_operands(operation)
        for number in updates:
            self._decide_update(operation, number, block)
        for number in self._passed(operation):
            self._decide_pass(operation, number, block)
        taken = self._taken_over(operation, block, owned)
        for region in operation.regions:
            for inner in region.blocks:
                self.block(inner, taken)
        for buffer in taken:
            self.buffers |= dict.fromkeys(buffer.members, buffer)
        for number, result in enumerate(operation.results):
            if not isinstance(result.type, TensorType):
                continue
            source = self._shared(operation, number, updates)
            if source is not None:
                self.buffers[result] = self.buffers[source]
                self.buffers[result].members.append(result)
                view = View.of(operation)
                if (view is not None and view.part) or source in self.offset_views:
                    self.offset_views.add(result)
            elif operation.has_trait(CONSTANT):
                self.define(result, owner=None)
            elif operation.name != "tensor.empty" or not _only_updated(result):
                self.define(result, owner=block)
                owned.append(self.buffers[result])

    def _passed(self, operation: Operation) -> Iterable[int]:
        """The operands whose buffers are another's from then on."""
        if operation.definition is func.call:
            return sorted(self.owned.get(str(operation.get("callee")), ()))
        return passed_operands(operation)

    def _taken_over(
        self, operation: Operation, block: Block, owned: Sequence[Buffer]
    ) -> list[Buffer]:
        """The buffers that both regions of a branch own from here on."""
        if operation.definition is not scf.if_ or not all(
            region.blocks for region in operation.regions
        ):
            return []
        found = []
        for buffer in owned:
            if all(map(_is_empty, buffer.members)):
                continue  # each region takes its own memory
            if buffer.moved_by is None and self._ends_in(buffer, operation, block):
                buffer.moved_by = operation
                found.append(buffer)
        return found

    def _ends_in(self, buffer: Buffer, operation: Operation, block: Block) -> bool:
        """Whether nothing uses a buffer after the operation, within which something changes it."""
        here = self.order[operation]
        changed = False
        for member in buffer.members:
            for user, number in member.uses:
                anchor = _anchor(user, block)
                if anchor is None:
                    continue
                if anchor not in self.order or self.order[anchor] > here:
                    return False
                changed |= anchor is operation and (
                    number in updated_operands(user) or number in self._passed(user)
                    or user.definition is tensor.insert_slice
                )
        return changed

    def _shared(self, operation: Operation, number: int, updates: dict[int, int]) -> Value | None:
        """The operand whose buffer a result shares, if any."""
        view = View.of(operation)
        if view is not None:
            return view.source(operation)
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
                if anchor is None and buffer.taken_over:
                    continue
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
