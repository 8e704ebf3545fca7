"""A recursion that changes arrays, or is in a loop, as one loop over what is left to do.

    def permute(k):                        place 0: begin a call; i = k
        for i in range(k, n):              place 1: if i < n: swap; keep that place 2 is next;
            swap(k, i)              →                         go on with place 0 of k + 1
            permute(k + 1)                          else: return to the place that was kept
            swap(k, i)                     place 2: swap; i += 1; go on with place 1

In: a function that calls itself. Out, in the place of a call from outside: a loop, each of whose
iterations goes on from one place of the function to the next; places are its beginning, what
follows each call of itself, the heads of loops around those, and where branches meet again. The one
idea: a call that waits is its place and the numbers that it will still look at, in a frame of a
stack (of words, at most as deep as Python's limit). See `recursion` for functions that leave
nothing behind, which need no places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from fleet.dialects import arith, scf, tensor
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.mapping import IRMapping
from fleet.ir.types import TensorType, i64, index
from fleet.passes.kernels.formation.frames import Frames, Plan, is_constant, seen_as
from fleet.passes.kernels.formation.stacks import (
    WORDS,
    Services,
    begin,
    compare,
    either,
    loop_while_called,
    zero_in,
)
from fleet.passes.kernels.formation.words import is_number, number_of, word_of
from fleet.passes.linalg.structured import collapse


class WithFrames(Frames):
    """A function that calls itself, whose calls can become loops."""

    def replace(self, call: Operation, services: Services) -> None:
        """The call by a loop."""
        _Loop(self, call, services).build()


@dataclass
class _State:
    """What is known at a point of an iteration: what values are there, the last versions of the
    arrays, and the stack."""

    builder: Builder
    arrays: dict[int, Value]
    stack: Value
    mapping: IRMapping = field(default_factory=IRMapping)

    def branch(self, builder: Builder) -> _State:
        return replace(
            self, builder=builder, arrays=dict(self.arrays), mapping=IRMapping(self.mapping)
        )


_Rest = Callable[[_State, Sequence[Value]], list[Value]]
"""What comes behind a block, given what its end hands on: the loop's next values."""


class _Loop:
    """One call from outside as a loop."""

    def __init__(self, frames: Frames, call: Operation, services: Services) -> None:
        self.frames = frames
        self.call = call
        self.services = services
        self.plan = Plan(frames)
        self.body = frames.function.body
        self.words = len(self.plan.slots) + 1
        self.ends = self.body.terminator.operands
        self.changed = sorted(frames.given.values())
        """The parameters whose arrays the loop carries; the others are what the call is given."""
        self.numbers = [v for v in self.ends if is_number(v)]
        self.places: dict[int, Callable[[_State], list[Value]]] = {}
        self.level: Value
        self.left: Value
        self.returned: list[Value]

    def build(self) -> None:
        before, self.left, zero, stack = begin(self.call, self.services, self.words)
        begun = _State(before, {}, stack)
        for value, given in zip(self.body.arguments, self.call.operands, strict=True):
            if value in self.plan.slots:
                self._store(begun, zero, value, given)
        inits = [
            zero, zero, *(zero_in(before)(v.type) for v in self.numbers),
            *(self._fit(before, self.call.operand(n), self._type(n)) for n in self.changed),
            begun.stack,
        ]  # fmt: skip
        results = loop_while_called(before, inits, self._iteration)
        self.call.replace_with(self._results(before, results))

    def _results(self, builder: Builder, results: Sequence[Value]) -> list[Value]:
        numbers = iter(results[2 : 2 + len(self.numbers)])
        arrays = dict(zip(self.changed, results[2 + len(self.numbers) : -1], strict=True))
        made = []
        for number, result in enumerate(self.call.results):
            if number in self.frames.given:
                array = arrays[self.frames.given[number]]
                made.append(self._fit(builder, array, result.type))
            else:
                made.append(next(numbers))
        return made

    def _type(self, number: int) -> TensorType:
        return self.body.arguments[number].type

    def _fit(self, builder: Builder, value: Value, type: TensorType) -> Value:
        if value.type.rank > type.rank:
            value = collapse(builder, value, [list(range(value.type.rank))])
        return value if value.type == type else builder.value(tensor.cast, value, types=[type])

    # -- an iteration: one place

    def _iteration(self, builder: Builder, carried: Sequence[Value]) -> None:
        place, self.level, *rest = carried
        self.returned = rest[: len(self.numbers)]
        arrays = dict(zip(self.changed, rest[len(self.numbers) : -1], strict=True))
        state = _State(builder, arrays, rest[-1])
        self.places = {0: lambda state: self._block(self.body, 0, state, self._return)}
        types = [v.type for v in carried]
        builder.create(scf.yield_, self._dispatch(state, place, 0, types))

    def _dispatch(self, state: _State, place: Value, number: int, types: list) -> list[Value]:
        """What is done at places from a number on."""
        known = self.places[number]
        builder = state.builder
        if number == self.plan.places - 1:
            return known(state)
        is_it = compare(builder, "eq", place, builder.constant(number, i64))
        return self._either(
            state, is_it, known, lambda other: self._dispatch(other, place, number + 1, types)
        )

    def _either(
        self, state: _State, condition: Value, first: Callable[[_State], list[Value]],
        second: Callable[[_State], list[Value]],
    ) -> list[Value]:  # fmt: skip
        return either(
            state.builder, condition, lambda inside: first(state.branch(inside)),
            lambda inside: second(state.branch(inside)),
        )  # fmt: skip

    def _go(self, state: _State, place: int | Value, level: Value) -> list[Value]:
        if isinstance(place, int):
            place = state.builder.constant(place, i64)
        arrays = (state.arrays[n] for n in self.changed)
        return [place, level, *self.returned, *arrays, state.stack]

    # -- frames

    def _place_of(self, builder: Builder, level: Value, slot: int) -> Value:
        start = builder.value(arith.muli, level, builder.constant(self.words, i64))
        word = builder.value(arith.addi, start, builder.constant(slot, i64))
        return builder.value(arith.index_cast, word, types=[index])

    def _put(self, state: _State, level: Value, slot: int, word: Value) -> None:
        at = self._place_of(state.builder, level, slot)
        state.stack = state.builder.value(tensor.insert, word, state.stack, [at], types=[WORDS])

    def _store(self, state: _State, level: Value, value: Value, now: Value) -> None:
        self._put(state, level, self.plan.slots[value], word_of(state.builder, now))

    def _define(self, state: _State, value: Value, now: Value) -> None:
        """A value of the function is known from here on."""
        number = self.frames.version(value)
        if number is not None:
            if now.type == value.type:
                state.mapping[value] = now
            if number in state.arrays and seen_as(value) is None:
                state.arrays[number] = self._fit(state.builder, now, self._type(number))
            return
        state.mapping[value] = now
        if value in self.plan.slots:
            self._store(state, self.level, value, now)

    def _get(self, state: _State, value: Value) -> Value:
        number = self.frames.version(value)
        builder = state.builder
        if number is not None and value not in state.mapping:
            array = state.arrays.get(number)
            return self._fit(builder, array or self.call.operand(number), value.type)
        if value in self.plan.constant:
            return self.call.operand(value.number)
        if value not in state.mapping:
            if is_constant(value):
                state.mapping[value] = builder.insert(value.owner.clone()).result
            else:
                at = self._place_of(builder, self.level, self.plan.slots[value])
                word = builder.value(tensor.extract, state.stack, [at], types=[i64])
                state.mapping[value] = number_of(builder, word, value.type)
        return state.mapping[value]

    # -- what the function does

    def _block(self, block: Block, number: int, state: _State, rest: _Rest) -> list[Value]:
        """From an operation of a block on; then what is behind the block."""
        ops = list(block)
        for at in range(number, len(ops) - 1):
            op = ops[at]
            state.builder.location = op.location

            def behind(state: _State, at: int = at) -> list[Value]:
                return self._block(block, at + 1, state, rest)

            if op in self.frames.sites:
                return self._site(op, state, behind)
            if self.plan.holds_site(op):
                way = {scf.if_: self._if, scf.for_: self._for}.get(op.definition, self._while)
                return way(op, state, behind)
            self._copy(op, state)
        end = block.terminator
        return rest(state, [self._get(state, value) for value in end.operands])

    def _copy(self, op: Operation, state: _State) -> None:
        arrays = {
            value: self._get(state, value)
            for inner in op.walk()
            for value in inner.operands
            if not self._is_made_in(op, value)
        }
        mapping = IRMapping(state.mapping)
        mapping.update(arrays)
        made = state.builder.insert(op.clone(mapping))
        for old, new in zip(op.results, made.results, strict=True):
            self._define(state, old, new)

    def _is_made_in(self, op: Operation, value: Value) -> bool:
        owner = value.owner
        holder = owner if isinstance(owner, Operation) else owner.parent_op
        return holder is not None and op.is_ancestor_of(holder)

    def _site(
        self, op: Operation, state: _State, behind: Callable[[_State], list[Value]]
    ) -> list[Value]:
        place = self.plan.place_after[op]

        def resumed(state: _State) -> list[Value]:
            numbers = iter(self.returned)
            for number, result in enumerate(op.results):
                if number not in self.frames.given:
                    self._define(state, result, next(numbers))
            return behind(state)

        self.places[place] = resumed
        builder = state.builder
        given = [self._get(state, value) for value in op.operands]
        self._put(state, self.level, 0, builder.constant(place, i64))
        level = builder.value(arith.addi, self.level, builder.constant(1, i64))
        self.services.check_room(builder, compare(builder, "slt", level, self.left))
        for value, now in zip(self.body.arguments, given, strict=True):
            if value in self.plan.slots:
                self._store(state, level, value, now)
        return self._go(state, 0, level)

    def _return(self, state: _State, values: Sequence[Value]) -> list[Value]:
        builder = state.builder
        one, zero = builder.constant(1, i64), builder.constant(0, i64)
        level = builder.value(arith.subi, self.level, one)
        is_last = compare(builder, "slt", level, zero)
        waiting = builder.value(arith.maxsi, level, zero)
        at = self._place_of(builder, waiting, 0)
        place = builder.value(tensor.extract, state.stack, [at], types=[i64])
        none = builder.constant(-1, i64)
        place = builder.value(arith.select, is_last, none, place, types=[i64])
        made = self._go(state, place, level)
        numbers = [v for v, end in zip(values, self.ends, strict=True) if is_number(end)]
        made[2 : 2 + len(numbers)] = numbers
        return made

    def _if(
        self, op: Operation, state: _State, behind: Callable[[_State], list[Value]]
    ) -> list[Value]:
        place = self.plan.place_after[op]
        self.places[place] = behind

        def meet(state: _State, values: Sequence[Value]) -> list[Value]:
            for result, value in zip(op.results, values, strict=True):
                self._define(state, result, value)
            return self._go(state, place, self.level)

        def way(number: int) -> Callable[[_State], list[Value]]:
            blocks = op.regions[number].blocks
            if not blocks:
                return lambda state: meet(state, [])
            return lambda state: self._block(blocks[0], 0, state, meet)

        return self._either(state, self._get(state, op.operand(0)), way(0), way(1))

    def _keep(
        self, state: _State, arguments: Sequence[Value], values: Sequence[Value], place: int
    ) -> list[Value]:
        for argument, value in zip(arguments, values, strict=True):
            if self.frames.version(argument) is None:
                self._store(state, self.level, argument, value)
        return self._go(state, place, self.level)

    def _for(
        self, op: Operation, state: _State, behind: Callable[[_State], list[Value]]
    ) -> list[Value]:
        place = self.plan.place_after[op]
        block = op.body
        counter, *carried = block.arguments
        _, upper, step, *inits = op.operands

        def head(state: _State) -> list[Value]:
            now, limit = self._get(state, counter), self._get(state, upper)
            return self._either(
                state, compare(state.builder, "slt", now, limit),
                lambda inside: self._block(block, 0, inside, again), leave,
            )  # fmt: skip

        def again(state: _State, values: Sequence[Value]) -> list[Value]:
            by = self._get(state, step)
            following = state.builder.value(arith.addi, self._get(state, counter), by)
            return self._keep(state, block.arguments, [following, *values], place)

        def leave(state: _State) -> list[Value]:
            for result, value in zip(op.results, carried, strict=True):
                if self.frames.version(result) is None:
                    self._define(state, result, self._get(state, value))
            return behind(state)

        self.places[place] = head
        values = [self._get(state, value) for value in (op.operand(0), *inits)]
        return self._keep(state, block.arguments, values, place)

    def _while(
        self, op: Operation, state: _State, behind: Callable[[_State], list[Value]]
    ) -> list[Value]:
        place = self.plan.place_after[op]
        before, after = (region.block for region in op.regions)

        def asked(state: _State, values: Sequence[Value]) -> list[Value]:
            goes_on, *passed = values

            def known(values: Sequence[Value], then: Callable[[_State], list[Value]]) -> object:
                def way(state: _State) -> list[Value]:
                    for value, now in zip(values, passed, strict=True):
                        self._define(state, value, now)
                    return then(state)

                return way

            return self._either(
                state, goes_on,
                known(after.arguments, lambda inside: self._block(after, 0, inside, again)),
                known(op.results, behind),
            )  # fmt: skip

        def again(state: _State, values: Sequence[Value]) -> list[Value]:
            return self._keep(state, before.arguments, values, place)

        self.places[place] = lambda state: self._block(before, 0, state, asked)
        return again(state, [self._get(state, value) for value in op.operands])
