"""Counted loops whose counter only counts: the test compares a pointer with its end instead.

In: loops as selection made them. Out: those whose counter nobody else reads have none, and one
instruction less in each iteration ("linear function test replacement").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.codegen.select.selection import fits
from fleet.dialects import rv
from fleet.ir.builder import Builder
from fleet.ir.core import BlockArgument, Operation, Value


@dataclass
class CountedLoop:
    """A loop with its counter, `test` being `blt counter + step, limit` and `again` the jump back.

    first, limit: the counter's bounds. trips: limit - first, if known.
    pointer: the one to compare instead, with the bytes by which it grows in one iteration.
    distance: by how much it grows in all of them; None where that is still to be computed.
    """

    counter: BlockArgument
    test: Operation
    again: Operation
    first: Value
    limit: Value
    step: int
    trips: int | None
    pointer: tuple[BlockArgument, int]
    distance: Value | None


def compare_pointers(loop: CountedLoop) -> None:
    """Replace the counter if it only counts."""
    head, place = loop.counter.block, loop.counter.number
    pointer, bytes = loop.pointer
    if pointer not in head.arguments:
        return
    following = loop.again.operand(place)
    only_counts = set(loop.counter.users) <= {following.owner} and set(following.users) <= {
        loop.test, loop.again,
    }  # fmt: skip
    if not only_counts:
        return
    (enter,) = (
        block.terminator
        for block in head.parent.blocks
        if head in block.terminator.successors and block.terminator is not loop.again
    )
    end = _end(Builder.before(enter), loop, enter.operand(pointer.number), bytes)
    if end is None:
        return
    moved = loop.again.operand(pointer.number)
    Builder.before(loop.test).create(rv.op("bne"), moved, end, successors=loop.test.successors)
    loop.test.erase()
    for jump in (enter, loop.again):
        jump.operands = [v for n, v in enumerate(jump.operands) if n != place]
    following.owner.erase()
    head.erase_argument(place)


def easiest(steps: Sequence[int | None]) -> int | None:
    """The place of a pointer that moves by a constant, by a power of two if there is one."""
    moving = [(step, n) for n, step in enumerate(steps) if step and step > 0]
    if not moving:
        return None
    return min(moving, key=lambda item: (item[0] & item[0] - 1 != 0, item[0], item[1]))[1]


def _end(builder: Builder, loop: CountedLoop, start: Value, bytes: int) -> Value | None:
    """Where the pointer is after the last iteration."""
    if loop.trips is not None:
        distance = (loop.trips + loop.step - 1) // loop.step * bytes
        if fits(distance):
            return builder.value(rv.op("addi"), start, types=[rv.X], imm=distance)
        far = builder.value(rv.li, types=[rv.X], value=distance)
        return builder.value(rv.op("add"), start, far, types=[rv.X])
    if loop.distance is not None:
        return builder.value(rv.op("add"), start, loop.distance, types=[rv.X])
    if loop.step & loop.step - 1 or not fits(loop.step):
        return None
    count = loop.limit
    if rv.register_of(loop.first.type).number != 0:
        count = builder.value(rv.op("sub"), count, loop.first, types=[rv.X])
    count = builder.value(rv.op("addi"), count, types=[rv.X], imm=loop.step - 1)
    shift = loop.step.bit_length() - 1
    count = builder.value(rv.op("srli"), count, types=[rv.X], shamt=shift)
    if bytes & bytes - 1 == 0:
        shift = bytes.bit_length() - 1
        distance = builder.value(rv.op("slli"), count, types=[rv.X], shamt=shift)
    else:
        size = builder.value(rv.li, types=[rv.X], value=bytes)
        distance = builder.value(rv.op("mul"), count, size, types=[rv.X])
    return builder.value(rv.op("add"), start, distance, types=[rv.X])
