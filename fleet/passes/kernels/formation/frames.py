"""Which functions that call themselves can be a loop over frames, and where they are gone on with.

In: a function that calls itself. Out: whether it computes numbers and makes the next versions of
arrays alone, and its places and the slots of its frames (see `frame_loop`). The one idea: what is
looked at from another place than the one that makes it has a slot; arrays have no versions but the
last one, which all calls share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count as count_from

from fleet.dialects import func, linalg, scf
from fleet.ir.analysis.call_graph import CallGraph
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Value
from fleet.ir.definition import CONSTANT
from fleet.ir.flow import flow_of
from fleet.ir.interfaces import CallableLike, View, destination_of
from fleet.passes.kernels.checks.failures import failing_way
from fleet.passes.kernels.checks.rules import RULES
from fleet.passes.kernels.formation.stacks import is_array
from fleet.passes.kernels.formation.words import is_number

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
        made_of = seen_as(value) or destination_of(op, value.number)
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


def seen_as(value: Value) -> Value | None:
    """The array that a value is as a whole, in another shape or under another type."""
    if not isinstance(value, OpResult):
        return None
    view = View.of(value.operation)
    return None if view is None or view.part else value.operation.operand(0)


def _base(value: Value) -> Value:
    while (whole := seen_as(value)) is not None:
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
        if value in self.slots or value in self.constant or is_constant(value):
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


def is_constant(value: Value) -> bool:
    return isinstance(value, OpResult) and value.operation.has_trait(CONSTANT)
