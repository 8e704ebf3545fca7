"""What the machine demands of registers, put as copies and fixed registers before allocation.

In: SSA form over virtual registers. Out: the same, where each demand concerns short-lived copies
only, so that meeting it is always possible and the allocator removes the copies that were not
needed.

- Block arguments: every branch passes fresh copies, and every block starts with copies of its
  arguments. So argument and passed values may share a register whatever the rest does, and parallel
  moves (swaps, lost copies) need no further thought (Boissinot et al., "Revisiting out-of-SSA
  translation", CGO 2009).
- Tied operands: the operation consumes a fresh copy.
- Masks: where one is used as such it must be in v0.
"""

from __future__ import annotations

from collections.abc import Iterator

from fleet.dialects import rv
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value

V0 = rv.Register("v", "mask", 0)


def ties(operation: Operation) -> Iterator[tuple[Value, Value]]:
    """Pairs of operand and result that must be in one register."""
    tied = rv.tied_operand(operation)
    if tied is not None:
        yield operation.operand(tied), operation.result


def is_early_clobber(operation: Operation) -> bool:
    """Whether the result must not overlap any operand.

    The manual ("Vector Operands") allows some overlaps of groups of different EEW; we use none.
    """
    encoding = rv.encoding_of(operation)
    if encoding is None or encoding.extension != "V" or not operation.results:
        return False
    result = rv.register_of(operation.results[0].type)
    if result.kind != "v":
        return False
    if encoding.stem in ("vrgather", "vrgatherei16", "vslideup", "vslide1up", "vfslide1up",
                         "vcompress", "viota", "vmsbf", "vmsif", "vmsof"):  # fmt: skip
        return True
    if "reduction" in encoding.flags or "element-zero" in encoding.flags:
        return False
    groups = {rv.group_of(value) for value in operation.operands if rv.is_kind("v", value.type)}
    return bool(groups - {result.group, "mask"})


def is_late_use(value: Value) -> bool:
    """Whether the value must not share its register with results of its users: a mask in v0."""
    return value.type == V0.type


def _copy(builder: Builder, value: Value) -> Value:
    wanted = rv.register_of(value.type)._replace(number=None).type
    made = builder.value(rv.copy, value, types=[wanted])
    made.hint = value.hint
    return made


def isolate(region: Region) -> None:
    """Copy block arguments at both ends, and tied operands."""
    entry = region.blocks[0]
    for block in region.blocks:
        if block is not entry:
            _isolate_arguments(block)
        for operation in block:
            if operation.definition is rv.j and operation.operands:
                builder = Builder.before(operation)
                operation.operands = [_copy(builder, value) for value in operation.operands]
            _isolate_tied(operation)


def _isolate_arguments(block: Block) -> None:
    first = block.first
    if first is not None and first.definition is rv.label:
        first = first.next
    builder = Builder(block, first, (first or block.last).location)
    for argument in block.arguments:
        uses = list(argument.uses)
        made = _copy(builder, argument)
        for operation, number in uses:
            operation.set_operand(number, made)


def _isolate_tied(operation: Operation) -> None:
    tied = rv.tied_operand(operation)
    if tied is None:
        return
    value = operation.operand(tied)
    made = _copy(Builder.before(operation), value)
    # Reading the tied register twice is fine, unless the result must not overlap other operands.
    everywhere = not is_early_clobber(operation)
    for number, operand in enumerate(operation.operands):
        if number == tied or (everywhere and operand is value):
            operation.set_operand(number, made)


def _mask_uses(operation: Operation) -> list[int]:
    """Operand numbers that must be in v0."""
    found = rv.extras(operation).mask
    numbers = [] if found is None else [found]
    definition = operation.definition
    if definition is not None:
        numbers += [n for n, slot in enumerate(definition.operands) if slot.name == "v0"]
    return numbers


def pin_masks(region: Region) -> None:
    """Give masks v0 where they are used as such.

    A mask is computed in v0 if all its uses are in its block and v0 is not needed for another one
    between; otherwise it is copied there before a run of uses.
    """
    for block in region.blocks:
        _pin_block(block)


def _pin_block(block: Block) -> None:
    order = {operation: n for n, operation in enumerate(block)}
    masked: list[tuple[int, Value]] = []  # uses as a mask
    last_use: dict[Value, int] = {}
    for operation, n in order.items():
        for number in _mask_uses(operation):
            masked.append((n, operation.operand(number)))
        for value in operation.operands:
            last_use[value] = n
    if not masked:
        return
    computed: list[tuple[int, int]] = []  # where v0 is taken by a mask computed in it
    for value in dict.fromkeys(value for _, value in masked):
        owner = value.owner
        local = isinstance(owner, Operation) and owner.parent is block
        if not local or any(user.parent is not block for user in value.users):
            continue
        begin, end = order[owner], last_use[value]
        others = any(begin < n <= end and mask is not value for n, mask in masked)
        if others or any(b < end and begin < e for b, e in computed) or not _may_define_v0(owner):
            continue
        computed.append((begin, end))
        value.type = V0.type
    current: tuple[Value, Value] | None = None  # a mask and its copy in v0
    for operation in order:
        for number in _mask_uses(operation):
            mask = operation.operand(number)
            if mask.type == V0.type:
                current = None
                continue
            if current is None or current[0] is not mask:
                current = mask, Builder.before(operation).value(rv.copy, mask, types=[V0.type])
            operation.set_operand(number, current[1])
        if any(result.type == V0.type for result in operation.results):
            current = None


def _may_define_v0(operation: Operation) -> bool:
    """Whether the operation's result may be in v0."""
    return rv.encoding_of(operation) is not None and rv.tied_operand(operation) is None
