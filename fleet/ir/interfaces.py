"""What passes ask of an operation, whoever declared it: questions answered by declarations.

    repeat = MINE.op("repeat", "count: Index, inits: Any* -> results: Any*", regions=1,
                     traits={RECURSIVE},
                     interfaces=[RegionBranch(entry=(0, OUT), after=((0, OUT),), passes="inits"),
                                 LoopLike()])

In: an operation. Out: `Interface.of(operation)`, the object that answers for it, or None. The one
idea: a pass that wants to know where a value comes from, what is updated, or how long an axis is,
asks for that, so that an operation of which it never heard is handled as rightly as `scf.for`.

`RegionBranch` is how values flow through an operation's regions (MLIR's RegionBranchOpInterface).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol, Self

from fleet.ir.affine import AffineMap
from fleet.ir.attributes import SymbolRefAttr
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.types import ShapedType

Use = tuple[Operation, int]
"""An operand, by its operation and number."""


class Interface:
    """A set of questions. A direct subclass states them; instances of it, or of its subclasses,
    answer, and are given in an operation's declaration."""

    kind: ClassVar[type[Interface]]

    def __init_subclass__(cls) -> None:
        if Interface in cls.__bases__:
            cls.kind = cls

    @classmethod
    def of(cls, operation: Operation) -> Self | None:
        """Who answers for the operation; None when nobody does."""
        definition = operation.definition
        return None if definition is None else definition.interfaces.get(cls)


def _first_of_slot(operation: Operation, name: str) -> int:
    """The number of the first operand of a declared slot."""
    definition = operation.definition
    first = 0
    for slot, group in zip(definition.operands, definition.segments(operation), strict=True):
        if slot.name == name:
            return first
        first += len(group)
    raise KeyError(f"{definition.name} has no operand {name}")


def _slot(operation: Operation, name: str) -> list[Value]:
    """The operands of a declared slot."""
    found = operation.named(name)
    return found if isinstance(found, list) else [] if found is None else [found]


# -- control and values through regions

OUT = -1
"""Where control goes when it leaves an operation, among the numbers of its regions."""


@dataclass(frozen=True)
class Flow:
    """One value's way through an operation with regions: each of `values` (results, arguments of
    blocks) is what one of `uses` gives it, according to the way that control took."""

    values: tuple[Value, ...]
    uses: tuple[Use, ...]

    @property
    def sources(self) -> list[Value]:
        return [operation.operand(number) for operation, number in self.uses]


@dataclass(frozen=True)
class RegionTerminator(Interface):
    """The end of a region: its operands from number `first` on are passed on to where control goes.
    A terminator whose declaration says nothing else passes on all."""

    first: int = 0


def first_passed(terminator: Operation) -> int:
    """The first operand that the end of a region passes on."""
    answer = RegionTerminator.of(terminator)
    return 0 if answer is None else answer.first


def terminators(region: Region) -> list[Operation]:
    """The operations with which control leaves a region."""
    return [b.last for b in region.blocks if b.last is not None and not b.last.successors]


@dataclass(frozen=True)
class RegionBranch(Interface):
    """Control passes from the operation into regions, among them, and out.

    entry:  the regions that may run first; OUT when none may.
    after:  for each region, what may follow at its end.
    passes: the operand slot whose values go to where control enters ('' when none do).
    own:    how many arguments of a region come first that the operation itself gives (a counter).
    A region without blocks is passed by.
    """

    entry: tuple[int, ...]
    after: tuple[tuple[int, ...], ...]
    passes: str = ""
    own: int = 0

    @cached_property
    def _groups(self) -> list[tuple[list[int], list[int]]]:
        """Where the same values arrive, as (regions or OUT, what sends them: regions, or OUT for
        the operation itself). One list of operands goes to all places that follow."""
        sends = [(OUT, self.entry)] if self.passes else []
        sends += list(enumerate(self.after))
        groups: list[tuple[set[int], set[int]]] = []
        for source, targets in sends:
            joined = (set(targets), {source})
            for other in [g for g in groups if g[0] & joined[0]]:
                groups.remove(other)
                joined = (joined[0] | other[0], joined[1] | other[1])
            groups.append(joined)
        return [(sorted(targets), sorted(sources)) for targets, sources in groups if targets]

    @cached_property
    def _group_of(self) -> dict[int, tuple[list[int], list[int]]]:
        return {target: group for group in self._groups for target in group[0]}

    def own_arguments(self, operation: Operation, region: int) -> int:
        """How many leading arguments of a region's block no flow gives."""
        return self.own

    def passed(self, operation: Operation) -> range:
        """The numbers of the operands that go to where control enters."""
        if not self.passes:
            return range(0)
        first = _first_of_slot(operation, self.passes)
        return range(first, first + len(_slot(operation, self.passes)))

    def is_loop(self) -> bool:
        """Whether a region may run more than once."""
        for start, following in enumerate(self.after):
            work, reached = list(following), {OUT}
            while work:
                region = work.pop()
                if region == start:
                    return True
                if region not in reached:
                    reached.add(region)
                    work += self.after[region]
        return False

    def flows(self, operation: Operation) -> Iterator[Flow]:
        """All values that come in or out, each once."""
        for group in self._groups:
            counts = [len(self._arriving(operation, target)) for target in group[0]]
            for position in range(max(counts, default=0)):
                yield self._flow(operation, group, position)

    def flow(self, operation: Operation, target: int, position: int) -> Flow | None:
        """The way that leads to a region's argument (its own ones not counted), or a result."""
        group = self._group_of.get(target)
        return None if group is None else self._flow(operation, group, position)

    def problem(self, operation: Operation) -> str | None:
        """What is wrong with the values that flow: their numbers, or their types."""
        for targets, sources in self._groups:
            wanted: list[Value] | None = None
            for target in targets:
                if target != OUT and not operation.regions[target].blocks:
                    continue
                arriving = list(self._arriving(operation, target))
                if wanted is not None and [v.type for v in arriving] != [v.type for v in wanted]:
                    return f"{_place(targets[0])} and {_place(target)} take values of other types"
                wanted = arriving
            for source in sources:
                ends = [operation] if source == OUT else terminators(operation.regions[source])
                for end in ends:
                    sent = [end.operand(number) for number in passed_operands(end)]
                    if wanted is not None and [v.type for v in sent] != [v.type for v in wanted]:
                        given = ", ".join(str(v.type) for v in sent)
                        taken = ", ".join(str(v.type) for v in wanted)
                        return (
                            f"passes ({given}) by '{end.name}'"
                            f" where {_place(targets[-1])} takes ({taken})"
                        )
        return None

    def _flow(
        self, operation: Operation, group: tuple[list[int], list[int]], position: int
    ) -> Flow:
        targets, sources = group
        values = []
        for target in targets:
            arriving = self._arriving(operation, target)
            if position < len(arriving):
                values.append(arriving[position])
        uses: list[Use] = []
        for source in sources:
            if source == OUT:
                uses.append((operation, self.passed(operation)[position]))
            else:
                uses += [
                    (end, first_passed(end) + position)
                    for end in terminators(operation.regions[source])
                ]
        return Flow(tuple(values), tuple(uses))

    def _arriving(self, operation: Operation, target: int) -> Sequence[Value]:
        if target == OUT:
            return operation.results
        blocks = operation.regions[target].blocks
        return blocks[0].arguments[self.own_arguments(operation, target) :] if blocks else ()


def _place(target: int) -> str:
    return "what is behind the operation" if target == OUT else f"region {target}"


def flow_of(value: Value) -> Flow | None:
    """How a result of an operation with regions, or an argument of one, gets what it is."""
    if isinstance(value, OpResult):
        branch = RegionBranch.of(value.operation)
        return None if branch is None else branch.flow(value.operation, OUT, value.number)
    assert isinstance(value, BlockArgument)
    operation, region = value.block.parent_op, value.block.parent
    branch = None if operation is None else RegionBranch.of(operation)
    if branch is None or region.blocks[0] is not value.block:
        return None
    number = next(n for n, each in enumerate(operation.regions) if each is region)
    position = value.number - branch.own_arguments(operation, number)
    return None if position < 0 else branch.flow(operation, number, position)


def passed_operands(operation: Operation) -> range:
    """The operands that become arguments or results elsewhere: of an operation with regions, and
    of what ends one."""
    branch = RegionBranch.of(operation)
    if branch is not None:
        return branch.passed(operation)
    end = RegionTerminator.of(operation)
    return range(0) if end is None else range(end.first, len(operation.operands))


@dataclass(frozen=True)
class LoopLike(Interface):
    """A loop: the region `body` runs again and again.

    bounds: the operand slots of where it starts, where it ends and (perhaps) its step.
    """

    body: int = 0
    bounds: tuple[str, ...] = ()

    def block(self, operation: Operation) -> Block:
        """The block that runs again and again."""
        return operation.regions[self.body].block

    def variable(self, operation: Operation) -> Value | None:
        """The counter, if the loop counts."""
        return self.block(operation).arguments[0] if self.bounds else None

    def limits(self, operation: Operation) -> list[Value]:
        """The values of `bounds`."""
        return [operation.named(name) for name in self.bounds]

    def carried(self, operation: Operation) -> list[Flow]:
        """The values that one turn leaves to the next."""
        branch = RegionBranch.of(operation)
        block = self.block(operation)
        return [
            flow
            for flow in (branch.flows(operation) if branch is not None else ())
            if any(isinstance(v, BlockArgument) and v.block is block for v in flow.values)
        ]


# -- memory

SOMEWHERE = "*"
"""Memory that no operand names: a stack, a device."""


@dataclass(frozen=True)
class MemoryEffects(Interface):
    """What an operation does to memory: operand slots whose memory it reads, writes, frees (or
    SOMEWHERE, which no operand names); and whether it makes some. Traits say the rest: `Pure` that
    there is none of this, `RecursiveMemoryEffects` that it is that of the operations inside.
    """

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    frees: tuple[str, ...] = ()
    allocates: bool = False

    @property
    def only_reads(self) -> bool:
        return not self.writes and not self.frees and not self.allocates


@dataclass(frozen=True)
class DestinationStyle(Interface):
    """Each result is one of the operands `inits` after the operation has written to it, and may be
    made in its place (MLIR's DestinationStyleOpInterface).

    reads:       the operand slot of the arrays that it reads besides ('' when none).
    accumulates: what is written may depend on what an init held there.
    """

    inits: str
    reads: str = ""
    accumulates: bool = False

    def destinations(self, operation: Operation) -> list[Value]:
        """What each result is made in the place of."""
        return _slot(operation, self.inits)

    def numbers(self, operation: Operation) -> range:
        """The numbers of these operands."""
        first = _first_of_slot(operation, self.inits)
        return range(first, first + len(self.destinations(operation)))

    def inputs(self, operation: Operation) -> list[Value]:
        """The arrays that are only read."""
        return _slot(operation, self.reads) if self.reads else []


def destination_of(operation: Operation, number: int) -> Value | None:
    """The operand whose place the operation's result takes, if it takes one's."""
    style = DestinationStyle.of(operation)
    return None if style is None else style.destinations(operation)[number]


@dataclass(frozen=True)
class View(Interface):
    """The result is the first operand's data, or a part of it, under another type.

    part: it may begin elsewhere than the data does.
    """

    part: bool = False

    def source(self, operation: Operation) -> Value:
        return operation.operand(0)


# -- iteration spaces

PARALLEL, REDUCTION = "parallel", "reduction"


class IndexingMaps(Interface):
    """An operation that does one thing at every point of an iteration space."""

    contraction: bool = False
    """Whether it is a product of matrices of some kind: multiplied, and summed up."""

    def maps(self, operation: Operation) -> list[AffineMap]:
        """For each operand, from a point to the subscripts of its element there."""
        raise NotImplementedError

    def iterators(self, operation: Operation) -> list[str]:
        """PARALLEL or REDUCTION for each dimension."""
        raise NotImplementedError


# -- sizes


class Sizes(Protocol):
    """Who knows sizes. They are added and multiplied as numbers are; `static` is the number that
    one always is, or None."""

    def shape(self, value: Value) -> Sequence[Any]:
        """A tensor's dimensions."""

    def size(self, value: Value) -> Any:
        """What an index or integer value is."""

    def const(self, value: int) -> Any:
        """A number as a size."""

    def function(self, name: str, arguments: Sequence[Any]) -> Any:
        """A function of sizes: max, min, divsi, … (as `arith` spells them)."""


class ShapeReification(Interface):
    """A result's dimensions, from the operands' dimensions and values.

    refines: its result types may say more of sizes than they do now, and nothing else need change.
    """

    refines: bool = False

    def shape(self, operation: Operation, number: int, sizes: Sizes) -> Sequence[Any] | None:
        """The size of each dimension of a result; None where they are not known (all, or one)."""
        raise NotImplementedError


@dataclass(frozen=True)
class SizeRule(ShapeReification):
    """Dimensions worked out by a function of these three."""

    rule: Callable[[Operation, int, Sizes], Sequence[Any] | None]
    refines: bool = False

    def shape(self, operation: Operation, number: int, sizes: Sizes) -> Sequence[Any] | None:
        return self.rule(operation, number, sizes)


@dataclass(frozen=True)
class GivenSizes(ShapeReification):
    """The dynamic dimensions are operands, in order."""

    slot: str = "sizes"
    refines: bool = False

    def shape(self, operation: Operation, number: int, sizes: Sizes) -> Sequence[Any]:
        given = iter(_slot(operation, self.slot))
        shape = operation.results[number].type.shape
        return [sizes.const(dim) if dim is not None else sizes.size(next(given)) for dim in shape]


def broadcast_sizes(shapes: Sequence[Sequence[Any]]) -> list[Any]:
    """NumPy's broadcast shape; None where equality of two dynamic sizes cannot be shown."""
    rank = max((len(shape) for shape in shapes), default=0)
    result: list[Any] = []
    for axis in range(rank):
        column = [shape[axis - rank] for shape in shapes if axis - rank + len(shape) >= 0]
        distinct = dict.fromkeys(size for size in column if size.static != 1)
        column = list(distinct) or column[:1]
        static = [size for size in column if size.static is not None]
        result.append(static[0] if static else column[0] if len(column) == 1 else None)
    return result


class BroadcastSizes(ShapeReification):
    """The operands' shapes, broadcast against each other."""

    refines = True

    def shape(self, operation: Operation, number: int, sizes: Sizes) -> Sequence[Any]:
        tensors = [v for v in operation.operands if isinstance(v.type, ShapedType)]
        return broadcast_sizes([sizes.shape(value) for value in tensors])


@dataclass(frozen=True)
class SizesOf(ShapeReification):
    """The result has the shape of one operand (counted from the end where negative)."""

    operand: int
    refines: bool = False

    def shape(self, operation: Operation, number: int, sizes: Sizes) -> Sequence[Any]:
        return sizes.shape(operation.operands[self.operand])


class SizesOfDestination(ShapeReification):
    """Each result has the shape of what it is made in the place of."""

    def shape(self, operation: Operation, number: int, sizes: Sizes) -> Sequence[Any]:
        return sizes.shape(destination_of(operation, number))


@dataclass(frozen=True)
class IndexValue(Interface):
    """The result is a number that sizes may be made of, by this rule; None when it is not known."""

    rule: Callable[[Operation, Sizes], Any]


# -- functions


@dataclass(frozen=True)
class CallLike(Interface):
    """Runs the function that the attribute `callee` names on the operands of a slot."""

    callee: str = "callee"
    operands: str = "operands"

    def reference(self, operation: Operation) -> SymbolRefAttr | None:
        """The function's name, as it is found from here."""
        found = operation.attributes.get(self.callee)
        return found if isinstance(found, SymbolRefAttr) else None

    def name(self, operation: Operation) -> str | None:
        """The function's name, if it is one of the table around."""
        found = self.reference(operation)
        return None if found is None or found.nested else found.value

    def arguments(self, operation: Operation) -> list[Value]:
        return _slot(operation, self.operands)


@dataclass(frozen=True)
class CallableLike(Interface):
    """A function: what a call runs is the region `body`, which may be empty (defined elsewhere).

    keeps: attributes that set a function apart, so that its body must not be put elsewhere.
    """

    body: int = 0
    keeps: tuple[str, ...] = ()

    def region(self, operation: Operation) -> Region | None:
        region = operation.regions[self.body]
        return region if region.blocks else None

    def is_private(self, operation: Operation) -> bool:
        """Whether all its calls are in this module."""
        return operation.get("sym_visibility") == "private"

    def is_inlinable(self, operation: Operation) -> bool:
        """Whether a call may be replaced by the body."""
        region = self.region(operation)
        set_apart = any(name in operation.attributes for name in self.keeps)
        return region is not None and len(region.blocks) == 1 and not set_apart


def functions_of(module: Operation) -> dict[str, Operation]:
    """A module's functions by name."""
    return {op.get("sym_name"): op for op in module.body if CallableLike.of(op) is not None}


def calls_in(operation: Operation) -> Iterable[Operation]:
    """All calls inside an operation."""
    return (op for op in operation.walk() if CallLike.of(op) is not None)
