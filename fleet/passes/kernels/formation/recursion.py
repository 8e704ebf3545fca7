"""`recursion-to-loops`: a function of numbers that calls itself is a loop with a stack.

    def fib(k):                            while there is a call left:
        if k < 2:                              if k < 2: result = k
            return k                 →         elif nothing is known: keep k, go on with k - 1
        return fib(k - 1) + fib(k - 2)         elif only the first is: keep k and it, k - 2
                                               else: result = first + second
                                               … and with a result, go on with what was kept

In: the schedule, in which such a function is called. Out: the same with a loop in the place of each
call from outside; the loop can be a kernel, and so can what is around it. The one idea: computing
with numbers leaves nothing behind, so a call that waits need not be gone on with in its middle: it
is begun again, with the results that it has by now. (Its frame are its arguments and those results;
what it computes before a call, it computes once more behind it.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from fleet.dialects import arith, func, scf, tensor
from fleet.ir.analysis.call_graph import CallGraph
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.interfaces import CallableLike, functions_of
from fleet.ir.mapping import IRMapping
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import TensorType, i1, i64, index
from fleet.ir.watch import count, may_apply
from fleet.passes.kernels.checks.failures import failing_way, service_of
from fleet.passes.kernels.checks.rules import RULES
from fleet.passes.kernels.formation.frame_loop import WithFrames
from fleet.passes.kernels.formation.stacks import (
    WORDS,
    Services,
    begin,
    compare,
    either,
    is_array,
    loop_while_called,
    zero_in,
)
from fleet.passes.kernels.formation.words import is_number, number_of, word_of

MOST_SITES, MOST_CALLS = 8, 8
"""Calls of itself in a function, and calls of it that become loops."""


@register_pass("recursion-to-loops", "loops with a stack in the place of calls that recurse")
def run(module: Operation) -> bool:
    """Whether there were any."""
    graph = CallGraph(module)
    functions = functions_of(module)
    service = service_of(functions)
    services = Services(module)
    changed = False
    for function in [f for f in functions.values() if f in graph.recursive]:
        ways = (_Recursion(function, graph, service), WithFrames(function, graph, service))
        recursion = next((way for way in ways if way.fits()), None)
        calls = [
            call
            for other, calls in graph.calls.items()
            for call in calls
            if other is not function and graph.callee(call) is function
        ]
        if recursion is None or not 0 < len(calls) <= MOST_CALLS:
            continue
        for call in calls:
            if may_apply():
                with rewriting("a loop in the place of a recursion", call):
                    recursion.replace(call, services)
                count("recursions made loops")
                changed = True
    return changed


class _Recursion:
    """A function that calls itself. sites: these calls, in order."""

    def __init__(
        self, function: Operation, graph: CallGraph, service: Callable[[str], str | None]
    ) -> None:
        self.function = function
        self.graph = graph
        self.service = service
        self.sites = [call for call in graph.calls[function] if self._is_own(call)]

    def _is_own(self, op: Operation) -> bool:
        return op.definition is func.call and self.graph.callee(op) is self.function

    def fits(self) -> bool:
        """Whether it computes numbers of numbers, and of arrays that all of its calls look at."""
        region = CallableLike.of(self.function).region(self.function)
        if region is None or len(region.blocks) != 1 or len(self.sites) > MOST_SITES:
            return False
        body = region.block
        arrays = [n for n, v in enumerate(body.arguments) if not _is_scalar(v)]
        return (
            bool(self.sites)
            and all(map(_is_scalar, body.terminator.operands))
            and all(is_array(body.arguments[n].type) for n in arrays)
            and all(site.operand(n) is body.arguments[n] for site in self.sites for n in arrays)
            and all(map(self._is_plain, body))
        )

    def _is_plain(self, op: Operation) -> bool:
        """Whether it leaves nothing behind."""
        if self._is_own(op) or op.name in _READING:
            return True
        if op.definition is func.call:
            return self.service(str(op.get("callee"))) in RULES
        if op.definition is scf.if_:
            failing = failing_way(op, self.service)
            return all(
                self._is_plain(inner)
                for number, region in enumerate(op.regions)
                for block in region.blocks
                if number != failing
                for inner in block
            )
        return op.name.partition(".")[0] in ("arith", "math") and not op.regions

    def replace(self, call: Operation, services: Services) -> None:
        """The call by a loop."""
        _Loop(self, call, services).build()


_READING = (
    "tensor.extract", "tensor.extract_slice", "tensor.dim", "tensor.cast", "scf.yield",
    "func.return",
)  # fmt: skip


def _is_scalar(value: Value) -> bool:
    return is_number(value) and not isinstance(value.type, TensorType)


class _Loop:
    """One call as a loop. In an iteration a call is begun, or begun again: `done` of the sites on
    its way have results by then, `level` calls wait for it, and `left` may be at once."""

    def __init__(self, recursion: _Recursion, call: Operation, services: Services) -> None:
        self.recursion = recursion
        self.call = call
        self.services = services
        body = recursion.function.body
        self.arguments = [v for v in body.arguments if _is_scalar(v)]
        self.returned = [v.type for v in body.terminator.operands]
        self.types = [v.type for v in self.arguments]
        self.number = {site: n for n, site in enumerate(recursion.sites)}
        self.carried = [*self.types, *self.returned * len(self.number)]
        """The types of what belongs to a call: its arguments, and what each site gave."""
        self.kept = self.carried[: len(self.carried) - len(self.returned)]
        """Those of a frame: who waits has nothing of the last site. Behind them: how many sites
        have results when it goes on."""
        self.left: Value
        self.level: Value
        self.done: Value
        self.results: list[list[Value]]

    def build(self) -> None:
        before, self.left, zero, stack = begin(self.call, self.services, len(self.kept) + 1)
        inits = [
            zero, zero,
            *(self.call.operand(v.number) for v in self.arguments),
            *map(zero_in(before), self.carried[len(self.types) :]),
            *map(zero_in(before), self.returned),
            stack,
        ]  # fmt: skip
        results = loop_while_called(before, inits, self._iteration)
        first = len(inits) - 1 - len(self.returned)
        self.call.replace_with(results[first : first + len(self.returned)])

    def _iteration(self, builder: Builder, carried: Sequence[Value]) -> None:
        self.level, self.done, *rest = carried
        arguments, stack = rest[: len(self.types)], rest[-1]
        results = rest[len(self.types) : len(self.carried)]
        given = len(self.returned)
        self.results = [
            list(results[n * given : (n + 1) * given]) for n in range(len(self.number))
        ]
        mapping = IRMapping()
        body = self.recursion.function.body
        for value, new in zip(self.arguments, arguments, strict=True):
            mapping[value] = new
        for value in body.arguments:
            if value not in self.arguments:
                mapping[value] = self.call.operand(value.number)
        ends = body.terminator.operands
        waits, site, *made = self._emit(builder, list(body)[:-1], ends, mapping)
        following, found = made[: len(self.types)], made[len(self.types) :]
        push, pop = Block(), Block()
        self._push(Builder(push, location=builder.location), site, arguments, following, stack)
        self._pop(Builder(pop, location=builder.location), found, stack)
        types = [v.type for v in carried]
        chosen = builder.insert(
            scf.if_(waits, types=types, regions=[Region([push]), Region([pop])])
        )
        builder.create(scf.yield_, list(chosen.results))

    # -- a call, as far as it gets

    def _emit(
        self, builder: Builder, ops: Sequence[Operation], ends: Sequence[Value],
        mapping: IRMapping,
    ) -> list[Value]:  # fmt: skip
        """What operations do: whether they wait for a call, at which site, with which arguments;
        and otherwise what `ends` are."""
        for number, op in enumerate(ops):
            rest = ops[number + 1 :]
            builder.location = op.location
            if op in self.number:
                return self._emit_site(builder, op, rest, ends, mapping)
            if any(inner in self.number for inner in op.walk()):
                return self._emit_branch(builder, op, rest, ends, mapping)
            builder.insert(op.clone(mapping))
        return [
            builder.constant(0, i1),
            builder.constant(0, i64),
            *map(zero_in(builder), self.types),
            *map(mapping.of, ends),
        ]

    def _emit_site(
        self, builder: Builder, site: Operation, rest: Sequence[Operation], ends: Sequence[Value],
        mapping: IRMapping,
    ) -> list[Value]:  # fmt: skip
        number = self.number[site]
        known = compare(builder, "slt", builder.constant(number, i64), self.done)
        for result, value in zip(site.results, self.results[number], strict=True):
            mapping[result] = value

        def wait(inside: Builder) -> list[Value]:
            one = inside.constant(1, i64)
            next_level = inside.value(arith.addi, self.level, one)
            self.services.check_room(inside, compare(inside, "slt", next_level, self.left))
            return [
                inside.constant(1, i1),
                inside.constant(number, i64),
                *(mapping.of(site.operand(v.number)) for v in self.arguments),
                *(zero_in(inside)(v.type) for v in ends),
            ]

        return either(
            builder, known, lambda inside: self._emit(inside, rest, ends, mapping), wait
        )

    def _emit_branch(
        self, builder: Builder, op: Operation, rest: Sequence[Operation], ends: Sequence[Value],
        mapping: IRMapping,
    ) -> list[Value]:  # fmt: skip
        def way(number: int) -> Callable[[Builder], list[Value]]:
            blocks = op.regions[number].blocks
            block = blocks[0] if blocks else Block()
            inside_ends = block.terminator.operands if blocks else ()
            return lambda inside: self._emit(
                inside, list(block)[:-1], inside_ends, IRMapping(mapping)
            )

        made = either(builder, mapping.of(op.operand(0)), way(0), way(1))
        head = made[: 2 + len(self.types)]
        for result, value in zip(op.results, made[len(head) :], strict=True):
            mapping[result] = value
        if not rest and all(value in op.results for value in ends):
            return [*head, *map(mapping.of, ends)]

        def wait(inside: Builder) -> list[Value]:
            return [*head, *(zero_in(inside)(v.type) for v in ends)]

        return either(
            builder, head[0], wait, lambda inside: self._emit(inside, rest, ends, mapping)
        )

    # -- the stack

    def _places(self, builder: Builder, level: Value) -> Iterator[Value]:
        """Of the words of the frame at a level."""
        words = builder.constant(len(self.kept) + 1, i64)
        start = builder.value(arith.muli, level, words)
        for number in range(len(self.kept) + 1):
            place = builder.value(arith.addi, start, builder.constant(number, i64))
            yield builder.value(arith.index_cast, place, types=[index])

    def _push(
        self, builder: Builder, site: Value, arguments: Sequence[Value], following: Sequence[Value],
        stack: Value,
    ) -> None:  # fmt: skip
        """Keep the call that waits, and begin the other one."""
        one = builder.constant(1, i64)
        given = (v for each in self.results[:-1] for v in each)
        frame = [*arguments, *given, builder.value(arith.addi, site, one)]
        for place, value in zip(self._places(builder, self.level), frame, strict=True):
            word = word_of(builder, value)
            stack = builder.value(tensor.insert, word, stack, [place], types=[WORDS])
        zero = zero_in(builder)
        builder.create(
            scf.yield_,
            [
                builder.value(arith.addi, self.level, one), builder.constant(0, i64), *following,
                *map(zero, self.carried[len(self.types) :]), *map(zero, self.returned), stack,
            ],
        )  # fmt: skip

    def _pop(self, builder: Builder, found: Sequence[Value], stack: Value) -> None:
        """Go on with the call that waits for this one, if one does."""
        one = builder.constant(1, i64)
        level = builder.value(arith.subi, self.level, one)
        is_last = compare(builder, "slt", level, builder.constant(0, i64))

        def end(inside: Builder) -> list[Value]:
            zero = zero_in(inside)
            return [inside.constant(0, i64), *map(zero, self.carried)]

        def go_on(inside: Builder) -> list[Value]:
            words = [
                inside.value(tensor.extract, stack, [place], types=[i64])
                for place in self._places(inside, level)
            ]
            done = words.pop()
            kept = [
                number_of(inside, word, type)
                for word, type in zip(words, self.kept, strict=True)
            ]
            given = len(self.returned)
            starts = range(len(self.types), len(kept) + 1, given) if given else ()
            for number, (start, stop) in enumerate(pairwise(starts)):
                is_it = compare(inside, "eq", done, inside.constant(number + 1, i64))
                kept[start:stop] = [
                    inside.value(arith.select, is_it, new, old, types=[new.type])
                    for new, old in zip(found, kept[start:stop], strict=True)
                ]
            return [done, *kept, *found]

        following = either(builder, is_last, end, go_on)
        builder.create(scf.yield_, [level, *following, *found, stack])
