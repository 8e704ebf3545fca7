"""`reserve-lists`: a list that a loop lengthens is as long as it will get from the beginning.

    scf.for %i = 0 to %n iter_args(%l = %empty) {       %room = tensor.empty(%n)
      %x = … %i …                                       scf.for %i = 0 to %n iter_args(%l = %room) {
      %one = "numpy.stack"(%x)                      →     %x = … %i …
      %m = "numpy.concatenate"(%l, %one)                  %m = tensor.insert %x into %l[%i]
      scf.yield %m                                        scf.yield %m

In: NumPy's dialect, in which a list of numbers that grows is a new array each time. Out: the same,
with an array of one size where counted loops append so many numbers at most; the list is the part
of it before its length, and what is taken from its end, also by a
`while` inside, stays there. The one idea: what may be
appended is a polynomial in how often the loops run, so there is room for it before the first one
does. Where each iteration appends as many, the length is a sum of the loops' variables; where
branches decide, it is carried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from fleet.dialects import arith, numpy, scf, tensor
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Value
from fleet.ir.definition import ELEMENTWISE, PURE
from fleet.ir.flow import Use
from fleet.ir.interfaces import DestinationStyle
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import FloatType, IntegerType, TensorType, Type, index
from fleet.ir.watch import count, may_apply

_PLAIN = {"int_add": arith.addi, "int_sub": arith.subi, "int_mul": arith.muli}
"""What counts iterations before they run: if it overflows, the program raises instead."""

_INITS = 3
"""The first operand of `scf.for` that it carries."""


@register_pass("reserve-lists", "make room for what loops append before they run")
def run(module: Operation) -> None:
    """The outermost loops first: those inside are part of what they do."""
    for loop in [op for op in module.walk() if op.definition is scf.for_]:
        for number in range(len(loop.results)):
            if not may_grow(loop.results[number].type):
                continue
            growth = _growth(loop, number)
            if growth is not None and may_apply():
                with rewriting("make room for a list", loop):
                    Reserve(growth).rewrite()
                count("lists that have room before they grow")


def may_grow(type: Type) -> bool:
    """Whether it is a list of numbers, and no text."""
    if not isinstance(type, TensorType) or type.shape != (None,):
        return False
    element = type.element
    return isinstance(element, FloatType) or (
        isinstance(element, IntegerType) and (element.width == 1 or element.signedness != "u")
    )


# -- what a loop appends


class Amount:
    """How many numbers: for each product of loops' trips how often. exact: not just at most."""

    def __init__(self, terms: dict[tuple[Operation, ...], int], exact: bool = True) -> None:
        self.terms = Counter(terms)
        self.exact = exact

    def plus(self, other: Amount) -> Amount:
        return Amount(self.terms + other.terms, self.exact and other.exact)

    def or_else(self, other: Amount) -> Amount:
        same = self.exact and other.exact and self.terms == other.terms
        return Amount(self.terms | other.terms, same)

    def times(self, loop: Operation, exact: bool) -> Amount:
        terms = {(loop, *loops): number for loops, number in self.terms.items()}
        return Amount(terms, self.exact and exact)


class NotAList(Exception):
    """Something else happens to the array on its way."""


@dataclass
class Growth:
    """A list on its way through a loop and what is in it.

    uses: where it is handed on, or appended to; ifs: the branches that give it, and as which
    result; bodies: what the bodies of loops that give it append, by loop; whiles: the places where
    loops that append nothing get and give it; amount: what an iteration of a `while` appends at
    most; shrinks: whether numbers are taken from its end.
    """

    loop: Operation
    number: int
    uses: set[Use] = field(default_factory=set)
    ifs: dict[Operation, tuple[int, Amount]] = field(default_factory=dict)
    bodies: dict[Operation, tuple[int, Amount]] = field(default_factory=dict)
    whiles: dict[Operation, tuple[int, int]] = field(default_factory=dict)
    amount: Amount | None = None
    shrinks: bool = False

    def follow(self, value: Value, home: Block) -> tuple[Value, Amount]:
        """Back through a block: to what the list was before it, and what was appended since."""
        amount = Amount({})
        while isinstance(value, OpResult) and value.operation.parent is home:
            op = value.operation
            if op.definition is numpy.concatenate:
                amount = amount.plus(Amount({(): _appended(op)}))
                before = 0
            elif op.definition is scf.if_:
                value, more = self._branches(op, value.number)
                amount = amount.plus(more)
                continue
            elif op.definition is scf.for_:
                more = self.body(op, value.number)
                amount = amount.plus(more.times(op, self._repeats_alike(op)))
                before = _INITS + value.number
            elif op.definition is scf.while_:
                before, more = self._while(op, value.number)
                amount = amount.plus(more)
            elif op.definition in (tensor.insert, numpy.insert_slice):
                (before,) = DestinationStyle.of(op).numbers(op)
            elif _is_beginning(op):
                amount = amount.plus(Amount({}, exact=False))
                self.shrinks = True
                before = 0
            else:
                raise NotAList
            self.uses.add((op, before))
            value = op.operand(before)
        return value, amount

    def body(self, loop: Operation, number: int) -> Amount:
        """What an iteration appends."""
        end = loop.body.terminator
        begun, amount = self.follow(end.operand(number), loop.body)
        if begun is not loop.body.arguments[1 + number]:
            raise NotAList
        self.uses.add((end, number))
        self.bodies[loop] = number, amount
        return amount

    def _branches(self, op: Operation, number: int) -> tuple[Value, Amount]:
        ways = []
        for region in op.regions:
            end = region.block.terminator
            self.uses.add((end, number))
            ways.append(self.follow(end.operand(number), region.block))
        (begun, one), (other, two) = ways
        if begun is not other:
            raise NotAList
        amount = one.or_else(two)
        self.ifs[op] = number, amount
        return begun, amount

    def _while(self, op: Operation, result: int) -> tuple[int, Amount]:
        """The operand that a `while` gives again as a result, and that it appends nothing."""
        first, body = (region.block for region in op.regions)
        asked, end = first.terminator, body.terminator
        given = asked.operand(1 + result)
        if given not in first.arguments:
            raise NotAList
        number = first.arguments.index(given)
        begun, amount = self.follow(end.operand(number), body)
        if begun is not body.arguments[result] or amount.terms:
            raise NotAList
        self.uses |= {(asked, 1 + result), (end, number)}
        self.whiles[op] = number, result
        return number, amount

    def _repeats_alike(self, loop: Operation) -> bool:
        """Whether an inner loop runs as often each time."""
        return all(
            _home(self.loop, limit) is None or constant_int(limit) is not None
            for limit in loop.operands[:_INITS]
        )


def _growth(loop: Operation, number: int) -> Growth | None:
    """What becomes of a list in a loop, if it is lengthened there and how much is known."""
    growth = Growth(loop, number)
    try:
        amount = growth.body(loop, number)
    except NotAList:
        return None
    if not amount.terms or not _is_counted(loop, loop) or not is_bounded(amount, loop):
        return None
    return growth


def is_bounded(amount: Amount, outermost: Operation) -> bool:
    """Whether the most that it can be is known before a loop."""
    return all(_is_counted(each, outermost) for loops in amount.terms for each in loops)


def _is_beginning(op: Operation) -> bool:
    """Whether an operation gives the first numbers of a list, as many as it is told."""
    return (
        op.definition is numpy.slice and len(op.operands) == 2
        and tuple(op.get("static_offsets")) == (0,) and tuple(op.get("static_strides")) == (1,)
    )  # fmt: skip


def _appended(op: Operation) -> int:
    """How many numbers a concatenation appends to its first operand."""
    types = [value.type for value in op.operands[1:]]
    if not all(type.is_static for type in types):
        raise NotAList
    return sum(prod(type.shape) for type in types)


def _is_counted(loop: Operation, outermost: Operation) -> bool:
    """Whether there is a number before the outermost loop that one inside runs at most."""
    lower, upper, step = loop.operands[:_INITS]
    known = constant_int(step)
    if known is None or known <= 0 or lower.type != index:
        return False
    return _is_found(lower, outermost, least=True) and _is_found(upper, outermost)


def _is_found(value: Value, loop: Operation, least: bool = False) -> bool:
    """Whether a value, or a limit of it, can be computed before the loop."""
    if _home(loop, value) is None or constant_int(value) is not None:
        return True
    if isinstance(value, BlockArgument):
        around = value.block.parent_op
        if value.number != 0 or around is None or around.definition is not scf.for_:
            return False
        return _is_found(around.operand(0 if least else 1), loop, least)
    if least:
        return False
    op = value.owner
    return (_plain(op) is not None or (op.has_trait(PURE) and op.has_trait(ELEMENTWISE))) and all(
        _is_found(operand, loop) and not isinstance(operand, BlockArgument)
        for operand in op.operands
    )


def _plain(op: Operation) -> object:
    return _PLAIN.get(op.name.removeprefix("numpy."))


def _home(loop: Operation, value: Value) -> Block | None:
    """The block in a loop that a value is made in, None of one from outside."""
    owner = value.owner
    block = owner if isinstance(owner, Block) else owner.parent
    holder = block.parent_op
    return block if holder is not None and loop.is_ancestor_of(holder) else None


# -- room for it


class Reserve:
    """Makes one list an array of one size.

    lengths: how long the list is, for each array that it is on its way.
    """

    def __init__(self, growth: Growth) -> None:
        self.growth = growth
        self.loop = growth.loop
        self.lengths: dict[Value, Value] = {}

    def rewrite(self) -> None:
        loop, number = self.loop, self.growth.number
        before = Builder.before(loop)
        given = loop.operand(_INITS + number)
        length = before.value(tensor.dim, given, before.constant(0), types=[index])
        amount = self.growth.bodies[loop][1]
        most = self.plus(before, length, amount.times(loop, True), before_loop=True)
        room = before.value(tensor.empty, [most], types=[given.type])
        begun = before.value(
            numpy.insert_slice, given, room, [], [length], types=[room.type],
            static_offsets=i64_array([0]), static_sizes=i64_array([tensor.DYNAMIC]),
            static_strides=i64_array([1]),
        )  # fmt: skip
        loop.set_operand(_INITS + number, begun)
        self.lengths[begun] = length
        self._loop(loop)

    def plus(
        self, builder: Builder, length: Value, amount: Amount, before_loop: bool = False
    ) -> Value:
        """A length and so many more. before_loop: loops run as often as they do at most."""
        for loops, number in amount.terms.items():
            more = builder.constant(number)
            for loop in loops:
                trips = self._trips(builder, loop, before_loop)
                more = builder.value(arith.muli, more, trips)
            length = builder.value(arith.addi, length, more)
        return length

    def _trips(self, builder: Builder, loop: Operation, before_loop: bool) -> Value:
        lower, upper, step = loop.operands[:_INITS]
        if before_loop:
            lower, upper = self._found(builder, lower, True), self._found(builder, upper)
        trips = _again(builder, upper)
        if constant_int(lower) != 0:
            trips = builder.value(arith.subi, trips, _again(builder, lower))
        by = constant_int(step)
        if by != 1:
            more = builder.value(arith.addi, trips, builder.constant(by - 1))
            trips = builder.value(arith.divsi, more, builder.constant(by))
        return builder.value(arith.maxsi, trips, builder.constant(0))

    def _found(self, builder: Builder, value: Value, least: bool = False) -> Value:
        """See `_is_found`."""
        if _home(self.loop, value) is None or constant_int(value) is not None:
            return _again(builder, value)
        if isinstance(value, BlockArgument):
            return self._found(builder, value.block.parent_op.operand(0 if least else 1), least)
        op = value.owner
        operands = [self._found(builder, operand) for operand in op.operands]
        plain = _plain(op)
        if plain is not None:
            return builder.value(plain, *operands)
        return builder.insert(op.like(operands)).result

    # -- the way of the list

    def _loop(self, loop: Operation) -> None:
        number, amount = self.growth.bodies[loop]
        length = self.lengths[loop.operand(_INITS + number)]
        argument, result = loop.body.arguments[1 + number], loop.results[number]
        if amount.exact:
            inside = Builder(loop.body, loop.body.first, loop.location)
            done = loop.body.arguments[0]
            lower, _, step = loop.operands[:_INITS]
            if constant_int(lower) != 0:
                done = inside.value(arith.subi, done, lower)
            if constant_int(step) != 1:
                done = inside.value(arith.divsi, done, step)
            each = self.plus(inside, inside.constant(0), amount)
            so_far = inside.value(arith.muli, done, each)
            self.carry(argument, inside.value(arith.addi, length, so_far))
            self.block(loop.body)
            after = self.plus(Builder.after(loop), length, amount.times(loop, True))
            self.carry(result, after, is_whole=loop is self.loop)
            return
        carried = loop.body.add_argument(index)
        loop.operands = (*loop.operands, length)
        loop.results.append(OpResult(loop, len(loop.results), index))
        self.carry(argument, carried)
        self.block(loop.body)
        end = loop.body.terminator
        end.operands = (*end.operands, self.lengths[end.operand(number)])
        self.carry(result, loop.results[-1])

    def block(self, block: Block) -> None:
        for op in list(block):
            if op in self.growth.bodies:
                self._loop(op)
            elif op in self.growth.ifs:
                self._if(op)
            elif op in self.growth.whiles:
                self._while(op)
            elif op.definition is numpy.concatenate and (op, 0) in self.growth.uses:
                self._append(op)
            elif op.definition is numpy.slice and (op, 0) in self.growth.uses:
                self._shorten(op)
            elif (style := DestinationStyle.of(op)) is not None:
                for number, value in zip(style.numbers(op), op.results, strict=True):
                    if (op, number) in self.growth.uses:
                        self.carry(value, self.lengths[op.operand(number)])

    def _shorten(self, op: Operation) -> None:
        array, length = op.operands
        made = Builder.before(op).value(tensor.cast, array, types=[array.type])
        self._replace(op, made, length)

    def _replace(self, op: Operation, made: Value, length: Value) -> None:
        """What an operation gave is now the beginning of an array."""
        for operation, number in list(op.result.uses):
            if (operation, number) in self.growth.uses:
                operation.set_operand(number, made)
        self.carry(made, length, op.result)
        op.erase()

    def _append(self, op: Operation) -> None:
        builder = Builder.before(op)
        made, *appended = op.operands
        length = self.lengths[made]
        for array in appended:
            stacked = array.owner
            is_stack = isinstance(stacked, Operation) and stacked.definition is numpy.stack
            numbers: Sequence[Value] = stacked.operands if is_stack else ()
            for number in numbers:
                made = builder.value(tensor.insert, number, made, [length], types=[made.type])
                length = builder.value(arith.addi, length, builder.constant(1))
            size = array.type.shape[0]
            if not is_stack and size:
                made = builder.value(
                    numpy.insert_slice, array, made, [length], [], types=[made.type],
                    static_offsets=i64_array([tensor.DYNAMIC]), static_sizes=i64_array([size]),
                    static_strides=i64_array([1]),
                )  # fmt: skip
                length = builder.value(arith.addi, length, builder.constant(size))
        self._replace(op, made, length)

    def _if(self, op: Operation) -> None:
        number, amount = self.growth.ifs[op]
        result = op.results[number]
        ends = [region.block.terminator for region in op.regions]
        for region in op.regions:
            self.block(region.block)
        lengths = [self.lengths[end.operand(number)] for end in ends]
        op.results.append(OpResult(op, len(op.results), index))
        for end, length in zip(ends, lengths, strict=True):
            end.operands = (*end.operands, length)
        self.carry(result, op.results[-1])

    def _while(self, op: Operation) -> None:
        number, result = self.growth.whiles[op]
        op.operands = (*op.operands, self.lengths[op.operand(number)])
        self.beside(op, number, result)
        op.results.append(OpResult(op, len(op.results), index))
        self.carry(op.results[result], op.results[-1])

    def beside(self, loop: Operation, number: int, place: int) -> None:
        """A `while` hands on the length of a list beside it, behind all else."""
        first, body = (region.block for region in loop.regions)
        asked, begun = (block.add_argument(index) for block in (first, body))
        self.carry(first.arguments[number], asked)
        self.carry(body.arguments[place], begun)
        self.block(body)
        first.terminator.operands = (*first.terminator.operands, asked)
        end = body.terminator
        end.operands = (*end.operands, self.lengths[end.operand(number)])

    def carry(
        self, array: Value, length: Value, old: Value | None = None, is_whole: bool = False
    ) -> None:
        """The list is the part of an array before its length, for whoever looks at it."""
        self.lengths[array] = length
        for operation, number in list((old or array).uses):
            if (operation, number) in self.growth.uses:
                continue
            if operation.definition is tensor.dim:
                operation.replace_with([length])
            elif is_whole or operation.definition is tensor.extract:
                operation.set_operand(number, array)
            else:
                part = part_of(Builder.before(operation), array, length)
                operation.set_operand(number, part)


def _again(builder: Builder, value: Value) -> Value:
    """A value where a constant that it may be might not be visible."""
    known = constant_int(value)
    return value if known is None else builder.constant(known, value.type)


def part_of(builder: Builder, array: Value, length: Value) -> Value:
    return builder.value(
        numpy.slice, array, [], [length], types=[array.type],
        static_offsets=i64_array([0]), static_sizes=i64_array([tensor.DYNAMIC]),
        static_strides=i64_array([1]),
    )  # fmt: skip
