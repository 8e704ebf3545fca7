"""Values that get no register: stores after definitions, loads before uses, slots in the frame.

In: classes of values to spill. Out: operations `rv.spill` and `rv.reload`, and values that live so
briefly that they can always have a register. A constant is not stored but loaded anew at each use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.dialects import rv
from fleet.ir.builder import Builder
from fleet.ir.core import BlockArgument, Operation, Region, Value
from fleet.ir.definition import OpDef
from fleet.ir.types import Type

REMATERIALISED: tuple[OpDef, ...] = (rv.li, rv.la)

SMALL_FRAME = 1024
"""Bytes of scalar slots that loads and stores reach with their offsets in any case."""


@dataclass
class SpillSlots:
    """What the frame must hold: scalars of 8 bytes, and vector registers.

    A slot's number is its place, counted in these.
    """

    scalars: int = 0
    vector_units: int = 0
    far_arguments: bool = False

    def new(self, register: rv.Register) -> int:
        if register.kind != "v":
            self.scalars += 1
            return self.scalars - 1
        place = self.vector_units
        self.vector_units += register.units
        return place

    @property
    def need_scratch(self) -> bool:
        """Whether code that refers to the frame computes addresses in scratch registers."""
        return self.vector_units > 0 or self.scalars * 8 > SMALL_FRAME or self.far_arguments


def rewrite_spills(
    region: Region, classes: Sequence[list[Value]], slots: SpillSlots, brief: set[Value]
) -> None:
    """Move these classes to memory. `brief` collects the values that serve them."""
    slot_of: dict[Value, int] = {}
    for members in classes:
        members = [value for value in members if value not in brief]
        if len(members) == 1 and _rematerialise(members[0], brief):
            continue
        slot = slots.new(rv.register_of(members[0].type))
        for value in members:
            slot_of[value] = slot
    for block in region.blocks:
        for operation in block:
            _rewrite_operation(operation, slot_of, brief)
    for block in region.blocks[1:]:
        _erase_arguments(block.arguments, slot_of, brief)


def _rematerialise(value: Value, brief: set[Value]) -> bool:
    """Make a constant anew before each use. False when the value is no constant."""
    owner = value.owner
    if not isinstance(owner, Operation) or owner.definition not in REMATERIALISED:
        return False
    for user in list(value.users):
        anew = Builder.before(user).insert(owner.clone())
        anew.result.hint = value.hint
        brief.add(anew.result)
        for number, operand in enumerate(user.operands):
            if operand is value:
                user.set_operand(number, anew.result)
    owner.erase()
    return True


def _rewrite_operation(operation: Operation, slot_of: dict[Value, int], brief: set[Value]) -> None:
    if rv.is_copy(operation):
        source, target = operation.operand(0), operation.result
        if source in slot_of or target in slot_of:
            _rewrite_copy(operation, source, target, slot_of, brief)
            return
    if operation.definition is not rv.j:
        _reload_operands(operation, slot_of, brief)
    for result in operation.results:
        if result in slot_of:
            builder = Builder(operation.parent, operation.next, operation.location)
            builder.create(rv.spill, result, slot=slot_of[result])
            brief.add(result)


def _reload_operands(operation: Operation, slot_of: dict[Value, int], brief: set[Value]) -> None:
    loaded: dict[Value, Value] = {}
    for number, value in enumerate(operation.operands):
        if value not in slot_of:
            continue
        if value not in loaded:
            made = Builder.before(operation).value(
                rv.reload, types=[_virtual(value)], slot=slot_of[value]
            )
            made.hint = value.hint
            brief.add(made)
            loaded[value] = made
        operation.set_operand(number, loaded[value])


def _rewrite_copy(
    operation: Operation, source: Value, target: Value, slot_of: dict[Value, int], brief: set[Value]
) -> None:
    """A copy becomes a load, a store, both, or (within a class) nothing."""
    builder = Builder.before(operation)
    if source not in slot_of:
        builder.create(rv.spill, source, slot=slot_of[target])
    elif target not in slot_of:
        made = builder.value(rv.reload, types=[target.type], slot=slot_of[source])
        target.replace_all_uses_with(made)
        if target in brief:
            brief.add(made)
    elif slot_of[source] != slot_of[target]:
        made = builder.value(rv.reload, types=[_virtual(source)], slot=slot_of[source])
        brief.add(made)
        builder.create(rv.spill, made, slot=slot_of[target])
    if target in slot_of:
        operation.detach()  # users of the target reload it: they still name it until then
        operation.operands = ()
    else:
        operation.erase()


def _erase_arguments(
    arguments: list[BlockArgument], slot_of: dict[Value, int], brief: set[Value]
) -> None:
    """Drop block arguments that live in memory, on both sides."""
    if not arguments:
        return
    block = arguments[0].block
    gone = [a.number for a in arguments if a in slot_of and a not in brief]
    if not gone:
        return
    for predecessor in block.parent.blocks:
        jump = predecessor.terminator
        if jump.definition is rv.j and jump.successors[0] is block:
            jump.operands = [v for n, v in enumerate(jump.operands) if n not in gone]
    for number in reversed(gone):
        block.erase_argument(number)


def _virtual(value: Value) -> Type:
    return rv.register_of(value.type)._replace(number=None).type
