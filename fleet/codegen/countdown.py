"""Counted loops whose counter only counts: the test compares a pointer with its end instead.

In: loops as selection made them. Out: those whose counter nobody else reads have none, and one
instruction less in each iteration ("linear function test replacement").
"""

from __future__ import annotations

from dataclasses import dataclass

from fleet.codegen.selection import fits
from fleet.dialects import rv
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value


@dataclass
class CountedLoop:
    """head: its first argument is the counter, then the pointers follow. test: `blt next, limit`.

    again: the jump back. first, limit: the counter's bounds. trips: upper - lower, if known.
    steps: bytes by which each pointer grows in one iteration, None where it is no constant.
    """

    head: Block
    test: Operation
    again: Operation
    first: Value
    limit: Value
    step: int
    trips: int | None
    steps: list[int | None]


def compare_pointers(loop: CountedLoop) -> None:
    """Replace the counter if it only counts."""
    counter, following = loop.head.arguments[0], loop.again.operand(0)
    only_counts = set(counter.users) <= {following.owner} and set(following.users) <= {
        loop.test, loop.again,
    }  # fmt: skip
    place = _best_pointer(loop)
    if not only_counts or place is None:
        return
    (enter,) = (
        block.terminator
        for block in loop.head.parent.blocks
        if loop.head in block.terminator.successors and block.terminator is not loop.again
    )
    builder = Builder.before(enter)
    end = _end(builder, loop, enter.operand(place), loop.steps[place - 1])
    if end is None:
        return
    moved = loop.again.operand(place)
    Builder.before(loop.test).create(rv.op("bne"), moved, end, successors=loop.test.successors)
    loop.test.erase()
    for jump in (enter, loop.again):
        jump.operands = jump.operands[1:]
    if following.owner is not None and not following.uses:
        following.owner.erase()
    loop.head.erase_argument(0)


def _best_pointer(loop: CountedLoop) -> int | None:
    """The argument number of a pointer that moves by a constant; powers of two are easiest."""
    moving = [(step, n) for n, step in enumerate(loop.steps, 1) if step and step > 0]
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
    count = loop.limit
    if rv.register_of(loop.first.type).number != 0:
        count = builder.value(rv.op("sub"), count, loop.first, types=[rv.X])
    if loop.step != 1:
        if loop.step & loop.step - 1 or not fits(loop.step):
            return None
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
