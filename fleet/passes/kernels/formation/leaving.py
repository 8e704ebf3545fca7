"""`leave-for-host`: a loop that asks the host in some of its iterations only is left for these.

In: the schedule with structured control flow. Out: a loop in which all that asks the host lies on
ways of branches is two. The inner one runs until an iteration comes to such a way, and can be a
kernel; the outer one, in the schedule, does what is left of that iteration, and goes on with the
next. The one idea: where an iteration is left, what it has made so far is carried out of the inner
loop: arrays as the newest version of what the loop carries anyway, numbers beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fleet.dialects import arith, func, scf, tensor
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.interfaces import CallLike, calls_in, functions_of
from fleet.ir.mapping import IRMapping
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import (
    FloatType,
    IndexType,
    IntegerType,
    TensorType,
    Type,
    element_of,
    i1,
    i64,
    index,
)
from fleet.ir.watch import count, may_apply
from fleet.passes.kernels.arrays.versions import is_array, is_single, origin
from fleet.passes.kernels.checks.failures import (
    failing_way,
    raises_for_certain,
    service_of,
    steps,
)
from fleet.passes.kernels.checks.rules import RULES
from fleet.passes.kernels.formation.calls import DIALECTS, Inliner

LEAST = 16
"""Operations of an iteration without loops and calls for which a launch is not worth it."""
MOST_WAYS, LONGEST = 4, 3000
"""Places at which a loop is left, and operations of it."""

_SIGNED_LESS = arith.CMPI_PREDICATES.index("slt")


@register_pass("leave-for-host", "split loops that ask the host in some iterations")
def run(module: Operation) -> bool:
    """Whether there were any."""
    return _Splitter(module).run(module)


Frames = list[tuple[Block, Operation]]
"""What is left of an iteration: from an operation to its block's end, the innermost first."""


@dataclass
class _Way:
    """A region at which the loop is left. frames: what is done from there on; values: what that
    uses of the iteration, by the slot in which it comes out; constants: used as well."""

    code: int
    frames: Frames
    slots: dict[Value, int] = field(default_factory=dict)
    constants: list[Operation] = field(default_factory=list)


class _Splitter:
    def __init__(self, module: Operation) -> None:
        self.inliner = Inliner(module)
        self.service = service_of(functions_of(module))
        self._asks: dict[Operation, bool] = {}

    def run(self, op: Operation) -> bool:
        """Split the outermost loops inside an operation that can be."""
        found = False
        for region in op.regions:
            for block in region.blocks:
                for inner in list(block):
                    if inner.definition is func.func and "kernel" in inner.attributes:
                        continue
                    outer = None
                    if inner.definition in (scf.for_, scf.while_) and may_apply():
                        outer = self._split(inner)
                    found |= outer is not None
                    found |= self.run(inner if outer is None else outer)
        return found

    def asks(self, op: Operation) -> bool:
        """Whether an operation asks the host, or may."""
        if op not in self._asks:
            self._asks[op] = any(map(self._is_host, steps(op, self.service)))
        return self._asks[op]

    def _is_host(self, op: Operation) -> bool:
        if CallLike.of(op) is None:
            return op.name.partition(".")[0] not in DIALECTS
        callee = self.inliner.graph.callee(op)
        if callee is None:
            return True
        service = callee.get("service")
        return service not in RULES if service else self.inliner.size(callee) is None

    def is_left(self, region: Region) -> bool:
        """Whether the way asks the host whenever it is gone."""
        return any(self.asks(op) and not self._is_branch(op) for op in region.block)

    def _is_branch(self, op: Operation) -> bool:
        return op.definition is scf.if_ and failing_way(op, self.service) is None

    def _split(self, loop: Operation) -> Operation | None:
        if not self.asks(loop):
            return None
        body = loop.regions[-1].block
        if loop.definition is scf.while_:
            before = loop.regions[0].block
            if any(map(self.asks, before)) or before.terminator.operands[1:] != tuple(
                before.arguments):
                return None
        ways = list(self._ways([(body, body.first)]))
        if None in ways or not 0 < len(ways) <= MOST_WAYS or not self._is_worth_it(loop):
            return None
        for number, way in enumerate(ways):
            way.code = number + 1
        split = _Split(self, loop, ways)
        if not split.assign():
            return None
        with rewriting("a loop is left where it asks the host", loop):
            outer = split.build()
        count("loops left for the host")
        return outer

    def _ways(self, frames: Frames) -> Iterator[_Way | None]:
        """The places at which the loop is left; None where it cannot be."""
        block, first = frames[0]
        op: Operation | None = first
        while op is not None:
            if raises_for_certain(op, self.service):  # what follows it never runs
                yield None
                return
            if self.asks(op):
                if not self._is_branch(op):
                    yield None
                    return
                rest = [(block, op.next), *frames[1:]]
                for region in op.regions:
                    if region.blocks and any(map(self.asks, region.block)):
                        inner = [(region.block, region.block.first), *rest]
                        if self.is_left(region):
                            fits = not self._calls_itself(region) and not any(
                                raises_for_certain(each, self.service) for each in region.block)
                            yield _Way(0, inner) if fits else None
                        else:
                            yield from self._ways(inner)
            op = op.next

    def _calls_itself(self, region: Region) -> bool:
        """Whether a recursion goes on there: the loop is one of its levels, and short."""
        graph = self.inliner.graph
        return any(
            graph.callee(call) in graph.recursive
            for op in region.block for call in calls_in(op)
        )  # fmt: skip

    def _is_worth_it(self, loop: Operation) -> bool:
        """Whether an iteration that asks nothing is long enough for a launch now and then."""
        found, heavy = 0, False
        work = [loop.regions[-1].block]
        while work:
            for op in work.pop():
                found += 1
                heavy |= op.definition in (scf.for_, scf.while_)
                if CallLike.of(op) is not None:
                    callee = self.inliner.graph.callee(op)
                    heavy |= callee is not None and not callee.get("service")
                for region in op.regions:
                    if region.blocks and not (self.asks(op) and self.is_left(region)):
                        work += region.blocks
        return found <= LONGEST and (heavy or found > LEAST)


class _Split:
    """One loop as two."""

    def __init__(self, splitter: _Splitter, loop: Operation, ways: Sequence[_Way]) -> None:
        self.splitter = splitter
        self.loop = loop
        self.ways = ways
        self.body = loop.regions[-1].block
        self.counts = loop.definition is scf.for_
        self.builder = Builder.before(loop)
        self.carried = list(self.body.arguments)
        self.extra: list[Type] = []

    # -- what comes out

    def assign(self) -> bool:
        """Give each value that is used after the loop is left a slot; whether that can be."""
        arrays = {origin(value): n for n, value in enumerate(self.carried) if is_array(value)}
        first = len(self.carried) - len(self.body.last.operands)
        kept = {value: first + n for n, value in enumerate(self.body.last.operands)}
        for way in self.ways:
            taken: set[int] = set()
            used: dict[Type, int] = {}
            for value in self._live(way):
                if value in self.carried:
                    slot: int | None = self.carried.index(value)
                elif is_array(value):
                    slot = kept.get(value, arrays.get(origin(value)))
                else:
                    slot = self._extra(value.type, used)
                if slot is None or slot in taken:
                    return False
                if slot < len(self.carried) and value.type != self.carried[slot].type:
                    return False
                taken.add(slot)
                way.slots[value] = slot
        return True

    def _extra(self, type: Type, used: dict[Type, int]) -> int | None:
        """A slot for a number that no value of the same way has."""
        if not isinstance(element_of(type), IntegerType | IndexType | FloatType):
            return None
        if isinstance(type, TensorType) and not is_single(type):
            return None
        same = [n for n, each in enumerate(self.extra) if each == type]
        used[type] = used.get(type, 0) + 1
        if used[type] > len(same):
            self.extra.append(type)
            same.append(len(self.extra) - 1)
        return len(self.carried) + same[used[type] - 1]

    def _live(self, way: _Way) -> list[Value]:
        """What is used of the iteration after the loop is left, but for constants."""
        inside: set[Operation] = set()
        bound: set[Value] = set()
        for block, first in way.frames:
            for op in _from(first):
                inside.update(op.walk())
            holder = block.parent_op
            if holder is not self.loop:
                bound.update(holder.results)
        live: dict[Value, None] = {}
        constants: dict[Operation, None] = {}
        for op in inside:
            for value in op.operands:
                owner = value.owner
                maker = owner if isinstance(owner, Operation) else owner.parent_op
                if value in bound or maker in inside or not (
                        self.loop.is_ancestor_of(owner.parent_op)):  # fmt: skip
                    continue
                if isinstance(owner, Operation) and owner.definition is arith.constant:
                    constants[owner] = None
                else:
                    live[value] = None
        way.constants = list(constants)
        return list(live)

    # -- the two loops

    def build(self) -> Operation:
        """Replace the loop by the outer one, which is given."""
        loop, builder = self.loop, self.builder
        begun = list(loop.operands)
        if self.counts:
            lower, upper, step, *inits = begun
            self.upper, self.step = self._wide(upper), self._wide(step)
            begun = [self._wide(lower), *inits]
        types = [value.type for value in begun]
        state = [i64, *types, *self.extra]
        before, after = Block(types), Block(state)
        with builder.inside(before):
            inner = self._inner(list(before.arguments), state)
            goes = self._is(inner.results[0], 0, "ne")
            builder.create(scf.condition, goes, list(inner.results))
        with builder.inside(after):
            code, *values = after.arguments
            builder.create(scf.yield_, self._rest(code, values, list(self.ways)))
        outer = builder.create(
            scf.while_, begun, types=state, regions=[Region([before]), Region([after])]
        )
        first = 2 if self.counts else 1
        for old, new in zip(loop.results, outer.results[first:], strict=False):
            new.hint = old.hint
            old.replace_all_uses_with(new)
        loop.erase()
        return outer

    def _wide(self, value: Value) -> Value:
        return self.builder.value(arith.index_cast, value, types=[i64])

    def _is(self, value: Value, number: int, predicate: str = "eq") -> Value:
        at = arith.CMPI_PREDICATES.index(predicate)
        known = self.builder.constant(number, i64)
        return self.builder.value(arith.cmpi, value, known, types=[i1], predicate=at)

    def _inner(self, begun: list[Value], state: list[Type]) -> Operation:
        """The loop that runs until it has to be left, or has ended."""
        builder = self.builder
        zeros = [self._zero(type) for type in self.extra]
        before, after = Block(state), Block(state)
        with builder.inside(before):
            runs = self._is(before.arguments[0], 0)
            builder.create(
                scf.condition, self._goes_on(runs, before.arguments[1:]), list(before.arguments))
        with builder.inside(after):
            mapping = self._begun(after.arguments[1:])
            if self.counts:  # whether the loop is left or not: so it is known as what counts
                self.following = builder.value(arith.addi, after.arguments[1], self.step)
            code, *values = self._iteration([(self.body, self.body.first)], mapping)
            if self.counts:
                values[0] = self.following
            builder.create(scf.yield_, [code, *values])
        return builder.create(
            scf.while_, [builder.constant(0, i64), *begun, *zeros], types=state,
            regions=[Region([before]), Region([after])],
        )  # fmt: skip

    def _begun(self, values: Sequence[Value]) -> IRMapping:
        """What an iteration begins with."""
        mapping = IRMapping(zip(self.carried, values, strict=False))
        if self.counts:
            counter = self.builder.value(arith.index_cast, values[0], types=[index])
            mapping[self.carried[0]] = counter
        return mapping

    def _goes_on(self, runs: Value, values: Sequence[Value]) -> Value:
        """Whether there is another iteration of the inner loop."""
        builder = self.builder
        if self.counts:
            below = builder.value(
                arith.cmpi, values[0], self.upper, types=[i1], predicate=_SIGNED_LESS)  # fmt: skip
            return builder.value(arith.andi, runs, below)
        before = self.loop.regions[0].block
        test, no = Block(), Block()
        with builder.inside(test):
            mapping = IRMapping(zip(before.arguments, values, strict=False))
            for op in _from(before.first):
                if op is not before.last:
                    builder.insert(op.clone(mapping))
            builder.create(scf.yield_, [mapping.of(before.terminator.operand(0))])
        with builder.inside(no):
            builder.create(scf.yield_, [builder.constant(0, i1)])
        regions = [Region([test]), Region([no])]
        return builder.create(scf.if_, runs, types=[i1], regions=regions).results[0]

    def _zero(self, type: Type) -> Value:
        """A number that nobody looks at."""
        if isinstance(type, TensorType):
            zero = self._zero(type.element)
            return self.builder.value(tensor.from_elements, [zero], types=[type])
        return self.builder.constant(0, type)

    def _iteration(self, frames: Frames, mapping: IRMapping) -> list[Value]:
        """What is left of an iteration, up to where the loop is left: what it carries on."""
        block, op = frames[0]
        while True:
            if op is block.last:
                if len(frames) == 1:
                    return self._next(mapping.all_of(op.operands), True)
                _bind(block.parent_op, op, mapping)
                frames = frames[1:]
                block, op = frames[0]
            elif self.splitter.asks(op):
                return self._branch(op, [(block, op.next), *frames[1:]], mapping)
            else:
                self.builder.insert(op.clone(mapping))
                op = op.next

    def _branch(self, branch: Operation, rest: Frames, mapping: IRMapping) -> list[Value]:
        """The ways of a branch, with all that follows it in each of them."""
        builder = self.builder
        regions: list[Region] = []
        types: list[Type] = []
        for region in branch.regions:
            way = Block()
            with builder.inside(way):
                inside = IRMapping(mapping)
                if region.blocks and self.splitter.is_left(region):
                    values = self._leave(region.block, inside)
                else:
                    frames = [(region.block, region.block.first)] if region.blocks else []
                    values = self._iteration([*frames, *rest], inside)
                builder.create(scf.yield_, values)
            types = [value.type for value in values]
            regions.append(Region([way]))
        made = builder.create(
            scf.if_, mapping.of(branch.operand(0)), types=types, regions=regions)  # fmt: skip
        return list(made.results)

    def _leave(self, block: Block, mapping: IRMapping) -> list[Value]:
        """What comes out of the inner loop where it is left at this block."""
        way = next(way for way in self.ways if way.frames[0][0] is block)
        values = {slot: mapping.of(value) for value, slot in way.slots.items()}
        numbers = range(len(self.carried) + len(self.extra))
        if self.counts:
            values[0] = self.following
        kept = [
            values[n] if n in values else mapping.of(self.carried[n])
            if n < len(self.carried) else self._zero(self.extra[n - len(self.carried)])
            for n in numbers
        ]  # fmt: skip
        return [self.builder.constant(way.code, i64), *kept]

    def _next(self, yielded: Sequence[Value], inner: bool) -> list[Value]:
        """What the next iteration begins with."""
        values = [self.following, *yielded] if self.counts else list(yielded)
        if not inner:
            return values
        zeros = [self._zero(type) for type in self.extra]
        return [self.builder.constant(0, i64), *values, *zeros]

    def _rest(
        self, code: Value, values: Sequence[Value], ways: Sequence[_Way]
    ) -> list[Value]:
        """In the schedule, what is left of the iteration in which the inner loop was left."""
        way, *others = ways
        if not others:
            return self._rest_of(way, values)
        builder = self.builder
        here, there = Block(), Block()
        with builder.inside(here):
            found = self._rest_of(way, values)
            builder.create(scf.yield_, found)
        with builder.inside(there):
            builder.create(scf.yield_, self._rest(code, values, others))
        types = [value.type for value in found]
        made = builder.create(
            scf.if_, self._is(code, way.code), types=types,
            regions=[Region([here]), Region([there])],
        )  # fmt: skip
        return list(made.results)

    def _rest_of(self, way: _Way, values: Sequence[Value]) -> list[Value]:
        if self.counts:
            self.following = values[0]
            counter = self.builder.value(arith.subi, values[0], self.step)
            values = [counter, *values[1:]]
        mapping = self._begun(values)
        for value, slot in way.slots.items():
            if not (self.counts and slot == 0):
                mapping[value] = values[slot]
        for constant in way.constants:
            self.builder.insert(constant.clone(mapping))
        for block, first in way.frames:
            for op in _from(first):
                if op is not block.last:
                    self.builder.insert(op.clone(mapping))
            if block is not self.body:
                _bind(block.parent_op, block.last, mapping)
        return self._next(mapping.all_of(self.body.last.operands), False)


def _bind(branch: Operation, end: Operation, mapping: IRMapping) -> None:
    """Let what a way ends with stand for the branch's results."""
    for result, value in zip(branch.results, end.operands, strict=True):
        mapping[result] = mapping.of(value)


def _from(op: Operation | None) -> Iterator[Operation]:
    while op is not None:
        yield op
        op = op.next
