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
stack (of words, at most as deep as Python's limit); arrays have no versions but the last one, which
all calls share. See `recursion` for functions that leave nothing behind, which need no places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count as count_from

from fleet.dialects import arith, func, linalg, scf, tensor
from fleet.ir.analysis.call_graph import CallGraph
from fleet.ir.builder import Builder
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.definition import CONSTANT
from fleet.ir.flow import flow_of
from fleet.ir.interfaces import CallableLike, View, destination_of
from fleet.ir.mapping import IRMapping
from fleet.ir.types import TensorType, i64, index
from fleet.passes.kernels.checks.failures import failing_way
from fleet.passes.kernels.checks.rules import RULES
from fleet.passes.kernels.formation.stacks import WORDS, Services, compare, is_array, zero_in
from fleet.passes.kernels.formation.words import is_number, number_of, word_of
from fleet.passes.linalg.structured import collapse

MOST_PLACES = 24
"""Where a function may be gone on with."""

_LOOPS = (scf.for_, scf.while_)
_TENSORS = {
    "tensor.extract", "tensor.insert", "tensor.extract_slice", "tensor.insert_slice", "tensor.dim",
    "tensor.cast", "tensor.empty", "tensor.from_elements", "tensor.expand_shape",
    "tensor.collapse_shape",
}  # fmt: skip


class _Unfit(Exception):
    """It has to stay a function of the schedule."""


class Frames:
    """A function that calls itself. sites: these calls; given: for each array that it returns the
    number of the parameter that it is a later version of."""

    def __init__(
        self, function: Operation, graph: CallGraph, service: Callable[[str], str | None]
    ) -> None:
        self.function = function
        self.service = service
        self.sites = {
            call
            for call in graph.calls[function]
            if call.definition is func.call and graph.callee(call) is function
        }
        self.given: dict[int, int] = {}
        self._versions: dict[Value, int | None] = {}

    def fits(self) -> bool:
        """Whether it computes numbers, and changes no arrays but by making the next version."""
        region = CallableLike.of(self.function).region(self.function)
        if region is None or len(region.blocks) != 1 or not self.sites:
            return False
        body = region.block
        if not all(is_number(v) or is_array(v.type) for v in body.arguments):
            return False
        try:
            for op in body:
                self._check(op)
            for number, value in enumerate(body.terminator.operands):
                if not is_number(value):
                    found = self.version(value)
                    if found is None:
                        return False
                    self.given[number] = found
            if len(set(self.given.values())) < len(self.given):
                return False
            last = self._follow(body, dict(enumerate(body.arguments)))
            ends = body.terminator.operands
            if any(_base(last[n]) is not _base(ends[i]) for i, n in self.given.items()):
                return False
            changed = (n for n, v in enumerate(body.arguments) if _base(last[n]) is not v)
            plan = Plan(self)
            return set(changed) <= set(self.given.values()) and plan.places <= MOST_PLACES
        except _Unfit:
            return False

    def replace(self, call: Operation, services: Services) -> None:
        """The call by a loop."""
        _Loop(self, call, services).build()

    def _check(self, op: Operation) -> None:
        """Whether the device could do it."""
        if op in self.sites or op.definition in (scf.yield_, scf.condition, func.return_):
            return
        if op.definition is func.call:
            if self.service(str(op.get("callee"))) not in RULES:
                raise _Unfit
            return
        if op.definition is scf.if_ or op.definition in _LOOPS:
            failing = failing_way(op, self.service) if op.definition is scf.if_ else None
            for number, region in enumerate(op.regions):
                for inner in region.blocks[0] if region.blocks and number != failing else ():
                    self._check(inner)
            return
        if (
            op.name not in _TENSORS
            and not linalg.computes(op)
            and op.definition is not (linalg.fill)
            and (op.name.partition(".")[0] not in ("arith", "math") or op.regions)
        ):
            raise _Unfit

    # -- versions of arrays

    def version(self, value: Value) -> int | None:
        """The parameter that an array is a version of, None of one that is made in the function."""
        if value not in self._versions:
            self._versions[value] = self._version(value, set())
        return self._versions[value]

    def _version(self, value: Value, seen: set[Value]) -> int | None:
        """Looking no further where the search has been already: no way begins there."""
        if value in seen or not is_array(value.type) or is_number(value):
            return None
        seen.add(value)
        if isinstance(value, BlockArgument) and value.block is self.function.body:
            return value.number
        flow = flow_of(value)
        if flow is not None:
            found = (self._version(source, seen) for source in flow.sources)
            return next((each for each in found if each is not None), None)
        if not isinstance(value, OpResult):
            return None
        op = value.operation
        if op in self.sites:
            return self._version(self.function.body.terminator.operand(value.number), seen)
        made_of = _seen_as(value) or destination_of(op, value.number)
        return None if made_of is None else self._version(made_of, seen)

    def _follow(self, block: Block, last: dict[int, Value]) -> dict[int, Value]:
        """The last versions of all arrays behind a block. Raises _Unfit where an older one is
        looked at."""
        for op in block:
            for value in op.operands:
                number = self.version(value)
                if number is not None and _base(last[number]) is not _base(value):
                    raise _Unfit
            if op in self.sites:
                for n, parameter in enumerate(self.function.body.arguments):
                    if not is_number(parameter) and self.version(op.operand(n)) != n:
                        raise _Unfit
            if op.definition is scf.if_ or op.definition in _LOOPS:
                last = self._inside(op, last)
            else:
                last |= self._made(op)
        return last

    def _made(self, op: Operation) -> dict[int, Value]:
        found = ((self.version(result), result) for result in op.results)
        return {number: result for number, result in found if number is not None}

    def _inside(self, op: Operation, last: dict[int, Value]) -> dict[int, Value]:
        for region in op.regions:
            for block in region.blocks:
                own = {self.version(v): v for v in block.arguments}
                own.pop(None, None)
                behind = self._follow(block, {**last, **own})
                passed = {self.version(v) for v in block.terminator.operands}
                changed = {n for n in last if _base(behind[n]) is not _base(own.get(n) or last[n])}
                if not (changed | set(own)) <= passed:
                    raise _Unfit
        return last | self._made(op)


def _seen_as(value: Value) -> Value | None:
    """The array that a value is as a whole, in another shape or under another type."""
    if not isinstance(value, OpResult):
        return None
    view = View.of(value.operation)
    return None if view is None or view.part else value.operation.operand(0)


def _base(value: Value) -> Value:
    while (whole := _seen_as(value)) is not None:
        value = whole
    return value


class Plan:
    """The places of a function, by what they follow, and the slots of numbers that are looked at
    from another place than the one that makes them."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self.place_after: dict[Operation, int] = {}
        self.slots: dict[Value, int] = {}
        self._numbers = count_from(1)
        self._made: dict[Value, int] = {}
        self._uses: list[tuple[Value, int]] = []
        body = frames.function.body
        self.constant = {
            value
            for n, value in enumerate(body.arguments)
            if is_number(value) and all(site.operand(n) is value for site in frames.sites)
        }
        """What all calls are given alike."""
        for value in body.arguments:
            self._keep(value)
        self._block(body, 0)
        for value, place in self._uses:
            if self._made.get(value, place) != place:
                self._keep(value)
        self.places = next(self._numbers)

    def holds_site(self, op: Operation) -> bool:
        return any(inner in self.frames.sites for inner in op.walk())

    def _keep(self, value: Value) -> None:
        if value in self.slots or value in self.constant or _is_constant(value):
            return
        number = self.frames.version(value)
        if number is not None:
            if value.type.rank != self.frames.function.body.arguments[number].type.rank:
                raise _Unfit
            return
        if not is_number(value):
            raise _Unfit
        self.slots[value] = len(self.slots) + 1

    def _use(self, values: Sequence[Value], place: int) -> None:
        self._uses += [(value, place) for value in values]

    def _define(self, values: Sequence[Value], place: int) -> None:
        self._made.update(dict.fromkeys(values, place))

    def _next(self, op: Operation) -> int:
        self.place_after[op] = next(self._numbers)
        return self.place_after[op]

    def _block(self, block: Block, place: int) -> int:
        """Say where each operation of a block is done, which begins at a place; the place at its
        end."""
        for op in list(block)[:-1]:
            if op in self.frames.sites:
                self._use(op.operands, place)
                place = self._next(op)
            elif not self.holds_site(op):
                self._use([v for inner in op.walk() for v in inner.operands], place)
                for inner in op.walk():
                    self._define(inner.results, place)
                    for region in inner.regions:
                        for each in region.blocks:
                            self._define(each.arguments, place)
            elif op.definition is scf.if_:
                place = self._if(op, place)
            else:
                place = self._loop(op, place)
            self._define(op.results, place)
        self._use(block.terminator.operands, place)
        return place

    def _if(self, op: Operation, place: int) -> int:
        self._use(op.operands, place)
        for region in op.regions:
            for block in region.blocks:
                self._block(block, place)
        for result in op.results:
            self._keep(result)
        return self._next(op)

    def _loop(self, op: Operation, place: int) -> int:
        self._use(op.operands, place)
        head = self._next(op)
        first, last = op.regions[0].block, op.regions[-1].block
        for value in first.arguments:
            self._keep(value)
        self._define(first.arguments, head)
        end = self._block(first, head)
        if op.definition is scf.for_:
            self._use(op.operands[1:3], head)
            self._use(op.operands[2:3], end)
            return head
        self._define(last.arguments, end)
        self._block(last, end)
        return end


def _is_constant(value: Value) -> bool:
    return isinstance(value, OpResult) and value.operation.has_trait(CONSTANT)


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
        outermost = self.call
        while outermost.parent_op.definition is not func.func:
            outermost = outermost.parent_op
        top = Builder.before(outermost)
        top.location = self.call.location
        self.left = self.services.levels(top)
        deepest = top.value(arith.maxsi, self.left, top.constant(0, i64))
        words = top.value(arith.muli, deepest, top.constant(self.words, i64))
        size = top.value(arith.index_cast, words, types=[index])
        before = Builder.before(self.call)
        zero = before.constant(0, i64)
        self.services.check_room(before, compare(before, "slt", zero, self.left))
        stack = before.value(tensor.empty, [size], types=[WORDS])
        begun = _State(before, {}, stack)
        for value, given in zip(self.body.arguments, self.call.operands, strict=True):
            if value in self.plan.slots:
                self._store(begun, zero, value, given)
        inits = [
            zero, zero, *(zero_in(before)(v.type) for v in self.numbers),
            *(self._fit(before, self.call.operand(n), self._type(n)) for n in self.changed),
            begun.stack,
        ]  # fmt: skip
        types = [v.type for v in inits]
        head, body = Block(types), Block(types)
        asks = Builder(head, location=self.call.location)
        goes_on = compare(asks, "sge", head.arguments[0], asks.constant(0, i64))
        asks.create(scf.condition, goes_on, list(head.arguments))
        self._iteration(Builder(body, location=self.call.location), body.arguments)
        regions = [Region([head]), Region([body])]
        loop = before.insert(scf.while_(inits, types=types, regions=regions))
        self.call.replace_with(self._results(before, loop.results))

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
        blocks, types = [], []
        for way in (first, second):
            block = Block()
            inside = Builder(block, location=state.builder.location)
            values = way(state.branch(inside))
            inside.create(scf.yield_, values)
            types = [v.type for v in values]
            blocks.append(block)
        made = scf.if_(condition, types=types, regions=[Region([block]) for block in blocks])
        return list(state.builder.insert(made).results)

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
            if number in state.arrays and _seen_as(value) is None:
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
            if _is_constant(value):
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
