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
one idea: the loop is left when there is no room, and asks its condition again when there is. So
this is done where asking twice does nothing twice, and where each iteration appends as many, or the
list begins short: then the copies cost no more than what is appended.
"""

from __future__ import annotations

from fleet.dialects import arith, numpy, scf, tensor
from fleet.ir.attributes import i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.definition import PURE
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import i1, index
from fleet.ir.watch import count, may_apply
from fleet.passes.general.reserve_lists import Growth, NotAList, Reserve, may_grow, part_of

_FEW = 64
"""Numbers that there is room for at first."""

_LE = arith.CMPI_PREDICATES.index("sle")


@register_pass("double-lists", "make room again and again for what a while appends")
def run(module: Operation) -> None:
    """The outermost loops first."""
    for loop in [op for op in module.walk() if op.definition is scf.while_]:
        if not _asks_freely(loop):
            continue
        found = [_growth(loop, number) for number in range(len(loop.results))]
        growing = [growth for growth in found if growth is not None]
        if growing and may_apply():
            with rewriting("double the room of a list", loop):
                _rewrite(loop, growing)
            count("lists that get twice the room")


def _asks_freely(loop: Operation) -> bool:
    """Whether the condition hands on what it gets, and may be asked twice."""
    before = loop.regions[0].block
    end = before.terminator
    return list(end.operands[1:]) == list(before.arguments) and all(
        op.has_trait(PURE) or op.definition in (scf.if_, scf.yield_, scf.condition, numpy.check)
        or op.name.startswith("numpy.int_")
        for top in before for op in top.walk()
    )


def _growth(loop: Operation, number: int) -> Growth | None:
    """What becomes of a list in a loop, if its iterations append numbers."""
    if not may_grow(loop.results[number].type):
        return None
    growth = Growth(loop, number)
    after = loop.regions[1].block
    end = after.terminator
    try:
        begun, amount = growth.follow(end.operand(number), after)
    except NotAList:
        return None
    if begun is not after.arguments[number] or set(amount.terms) != {()} or not (
            amount.exact or _is_short(loop.operand(number))):  # fmt: skip
        return None
    growth.uses |= {(end, number), (loop.regions[0].block.terminator, 1 + number)}
    growth.appended = amount.terms[()]
    return growth


def _is_short(value: Value) -> bool:
    """Whether a list is of a few numbers, however often the loop begins."""
    owner = value.owner
    return (isinstance(owner, Operation) and owner.definition is tensor.cast
            and owner.operand(0).type.is_static)  # fmt: skip


def _rewrite(loop: Operation, growing: list[Growth]) -> None:
    lists = [Reserve(growth) for growth in growing]
    numbers = [growth.number for growth in growing]
    builder = Builder.before(loop)
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
    for growth, length in zip(growing, body.arguments[len(inits):], strict=True):
        rooms[growth.number], capacity = _room(inside, rooms[growth.number], length, growth)
        capacities.append(capacity)
    loop.operands = rooms
    inside.insert(loop)
    inside.create(scf.yield_, list(loop.results))
    _ask_for_room(loop, growing, capacities)


def _carry_lengths(loop: Operation, lists: list[Reserve]) -> None:
    """The loop has the length of each list beside it, and writes what it appends into that."""
    before, after = (region.block for region in loop.regions)
    asked = [before.add_argument(index) for _ in lists]
    begun = [after.add_argument(index) for _ in lists]
    for one, at, length in zip(lists, asked, begun, strict=True):
        number = one.growth.number
        one.carry(before.arguments[number], at)
        one.carry(after.arguments[number], length)
        one.block(after)
    end = after.terminator
    left = [one.lengths[end.operand(one.growth.number)] for one in lists]
    end.operands = (*end.operands, *left)
    before.terminator.operands = (*before.terminator.operands, *asked)
    for _ in lists:
        loop.results.append(OpResult(loop, len(loop.results), index))


def _room(builder: Builder, array: Value, length: Value, growth: Growth) -> tuple[Value, Value]:
    """The list in an array of its own with room, and how much that has."""
    doubled = builder.value(arith.muli, length, builder.constant(2))
    capacity = builder.value(arith.addi, doubled, builder.constant(_FEW + growth.appended))
    room = builder.value(tensor.empty, [capacity], types=[array.type])
    made = builder.value(
        numpy.insert_slice, part_of(builder, array, length), room, [], [length],
        types=[room.type], static_offsets=i64_array([0]),
        static_sizes=i64_array([tensor.DYNAMIC]), static_strides=i64_array([1]),
    )  # fmt: skip
    return made, capacity


def _ask_for_room(loop: Operation, growing: list[Growth], capacities: list[Value]) -> None:
    before = loop.regions[0].block
    end = before.terminator
    builder = Builder.before(end)
    goes_on = end.operand(0)
    lengths = before.arguments[len(before.arguments) - len(growing):]
    for growth, length, capacity in zip(growing, lengths, capacities, strict=True):
        more = builder.value(arith.addi, length, builder.constant(growth.appended))
        fits = builder.value(arith.cmpi, more, capacity, types=[i1], predicate=_LE)
        goes_on = builder.value(arith.andi, goes_on, fits)
    end.set_operand(0, goes_on)
