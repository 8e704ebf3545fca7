"""`double-lists`: a list that a `while` lengthens gets twice the room whenever it is full.

    scf.while (%l = %a) {                     scf.while (%l = %a, %n = %length) {
      scf.condition(%go) %l                     scf.condition(%go) %l, %n
    } do {                                    } do {
      %m = "numpy.concatenate"(%l, %x)   →      %room = %l, with room for 2 * %n + 64
      scf.yield %m                              scf.while (%l = %room, %n = %n) {
    }                                             scf.condition(%go, and there is room) %l, %n
                                                } do {
                                                  %m = tensor.insert %x into %l[%n]
                                                  scf.yield %m, %n + 1
                                                }
                                              }

In: NumPy's dialect, in which a list of numbers that grows is a new array each time; nobody knows
how often a `while` runs. Out: the same with two loops, of which the inner one changes no sizes. The
one idea: the loop is left when there is no room for the most that an iteration may append, and asks
its condition again when there is. So this is done where asking twice does nothing twice, and where
each iteration appends as many, or the list begins short, or the loop begins but once: then the
copies cost no more than what is appended, or as much as the list that there was. Numbers may be
taken from the end as well, as from a stack.
"""

from __future__ import annotations

from fleet.dialects import arith, numpy, scf, tensor
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.definition import PURE
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import i1, index
from fleet.ir.watch import count, may_apply
from fleet.passes.general.reserve_lists import (
    Growth,
    NotAList,
    Reserve,
    is_bounded,
    may_grow,
    part_of,
)

_FEW = 64
"""Numbers that there is room for at first."""

_LE = arith.CMPI_PREDICATES.index("sle")


@register_pass("double-lists", "make room again and again for what a while appends")
def run(module: Operation) -> None:
    """The outermost loops first."""
    for loop in [op for op in module.walk() if op.definition is scf.while_]:
        if not _asks_freely(loop) or not _growing(loop) or not may_apply():
            continue
        with rewriting("double the room of a list", loop):
            loop = _handing_all_on(loop)
            _rewrite(loop, _growing(loop))
        count("lists that get twice the room")


def _asks_freely(loop: Operation) -> bool:
    """Whether the condition hands on what it gets, or some of it, and may be asked twice."""
    before = loop.regions[0].block
    handed = before.terminator.operands[1:]
    return len(set(handed)) == len(handed) and set(handed) <= set(before.arguments) and all(
        op.has_trait(PURE) or op.definition in (scf.if_, scf.yield_, scf.condition, numpy.check)
        or op.name.startswith("numpy.int_")
        for top in before for op in top.walk()
    )


def _handing_all_on(loop: Operation) -> Operation:
    """A loop whose condition hands on all that it gets, in its order."""
    before, after = (region.block for region in loop.regions)
    end = before.terminator
    handed = list(end.operands[1:])
    if handed == list(before.arguments):
        return loop
    types = [value.type for value in before.arguments]
    body = Block(types)
    places = [before.arguments.index(value) for value in handed]
    for old, place in zip(after.arguments, places, strict=True):
        body.arguments[place].hint = old.hint
        old.replace_all_uses_with(body.arguments[place])
    for op in list(after):
        body.append(op.detach())
    end.operands = (end.operand(0), *before.arguments)
    first = loop.regions[0]
    loop.regions.remove(first)
    first.parent = None
    made = Builder.before(loop).create(
        scf.while_, list(loop.operands), types=types, regions=[first, Region([body])])
    made.location = loop.location
    loop.replace_with([made.results[place] for place in places])
    return made


def _growing(loop: Operation) -> list[Growth]:
    found = [_growth(loop, number) for number in range(len(loop.operands))]
    return [growth for growth in found if growth is not None]


def _growth(loop: Operation, number: int) -> Growth | None:
    """What becomes of a list in a loop, if its iterations append numbers."""
    before, after = (region.block for region in loop.regions)
    handed = before.terminator.operands[1:]
    if not may_grow(loop.operand(number).type) or before.arguments[number] not in handed:
        return None
    place = handed.index(before.arguments[number])
    growth = Growth(loop, number)
    end = after.terminator
    try:
        begun, amount = growth.follow(end.operand(number), after)
    except NotAList:
        return None
    if begun is not after.arguments[place] or not is_bounded(amount, loop) or not (
            amount.terms or growth.shrinks) or not (
            amount.exact or _begins_once(loop) or _is_short(loop.operand(number))):  # fmt: skip
        return None
    growth.uses |= {(end, number), (before.terminator, 1 + place)}
    growth.amount = amount
    return growth


def _begins_once(loop: Operation) -> bool:
    """Whether the loop stands in no other one, in what the program does first."""
    around = loop.parent_op
    while around.definition is scf.if_:
        around = around.parent_op
    return around.name == "func.func" and str(around.get("sym_name")) == "main"


def _is_short(value: Value) -> bool:
    """Whether a list is of a few numbers, however often the loop begins."""
    owner = value.owner
    if isinstance(owner, Block):
        around = owner.parent_op
        return (value.number > 0 and around.definition is scf.for_ and _runs_a_few_times(around)
                and _is_short(around.operand(2 + value.number)))  # fmt: skip
    if owner.definition is scf.if_:
        ends = [region.block.terminator for region in owner.regions]
        return all(_is_short(end.operand(value.number)) for end in ends)
    if owner.definition is scf.for_:
        return _runs_a_few_times(owner) and _is_short(owner.body.terminator.operand(value.number))
    if owner.definition is numpy.concatenate:
        return _is_short(owner.operand(0)) and all(
            each.type.is_static for each in owner.operands[1:])  # fmt: skip
    return owner.definition is tensor.cast and owner.operand(0).type.is_static


def _runs_a_few_times(loop: Operation) -> bool:
    ends = [constant_int(limit) for limit in loop.operands[:3]]
    return None not in ends and len(range(*ends)) <= _FEW


def _rewrite(loop: Operation, growing: list[Growth]) -> None:
    lists = [Reserve(growth) for growth in growing]
    numbers = [growth.number for growth in growing]
    builder = Builder.before(loop)
    appended = [one.plus(builder, builder.constant(0), one.growth.amount, before_loop=True)
                for one in lists]  # fmt: skip
    inits = list(loop.operands)
    lengths = [builder.value(tensor.dim, inits[number], builder.constant(0), types=[index])
               for number in numbers]  # fmt: skip
    _carry_lengths(loop, lists)
    before = loop.regions[0].clone()
    types = [value.type for value in before.block.arguments]
    body = Block(types)
    outer = builder.create(scf.while_, [*inits, *lengths], types=types,
                           regions=[before, Region([body])])  # fmt: skip
    for old, new in zip(loop.results, outer.results, strict=True):
        old.replace_all_uses_with(new)
    for one, number, length in zip(lists, numbers, outer.results[len(inits):], strict=True):
        one.carry(outer.results[number], length)
    loop.detach()
    inside = Builder(body, None, loop.location)
    rooms = list(body.arguments)
    capacities = []
    for number, length, more in zip(
            numbers, body.arguments[len(inits):], appended, strict=True):  # fmt: skip
        rooms[number], capacity = _room(inside, rooms[number], length, more)
        capacities.append(capacity)
    loop.operands = rooms
    inside.insert(loop)
    inside.create(scf.yield_, list(loop.results))
    _ask_for_room(loop, appended, capacities)


def _carry_lengths(loop: Operation, lists: list[Reserve]) -> None:
    """The loop has the length of each list beside it, and writes what it appends into that."""
    for one in lists:
        one.beside(loop, one.growth.number, one.growth.number)
        loop.results.append(OpResult(loop, len(loop.results), index))


def _room(builder: Builder, array: Value, length: Value, more: Value) -> tuple[Value, Value]:
    """The list in an array of its own with room, and how much that has."""
    doubled = builder.value(arith.muli, length, builder.constant(2))
    least = builder.value(arith.addi, more, builder.constant(_FEW))
    capacity = builder.value(arith.addi, doubled, least)
    room = builder.value(tensor.empty, [capacity], types=[array.type])
    made = builder.value(
        numpy.insert_slice, part_of(builder, array, length), room, [], [length],
        types=[room.type], static_offsets=i64_array([0]),
        static_sizes=i64_array([tensor.DYNAMIC]), static_strides=i64_array([1]),
    )  # fmt: skip
    return made, capacity


def _ask_for_room(loop: Operation, appended: list[Value], capacities: list[Value]) -> None:
    before = loop.regions[0].block
    end = before.terminator
    builder = Builder.before(end)
    goes_on = end.operand(0)
    lengths = before.arguments[len(before.arguments) - len(appended):]
    for most, length, capacity in zip(appended, lengths, capacities, strict=True):
        more = builder.value(arith.addi, length, most)
        fits = builder.value(arith.cmpi, more, capacity, types=[i1], predicate=_LE)
        goes_on = builder.value(arith.andi, goes_on, fits)
    end.set_operand(0, goes_on)
