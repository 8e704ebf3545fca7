"""How values flow through the regions of an operation: into them, among them, and out.

    repeat = MINE.op("repeat", "count: Index, inits: Any* -> results: Any*", regions=1,
                     traits={RECURSIVE},
                     interfaces=[RegionBranch(entry=(0, OUT), after=((0, OUT),), passes="inits"),
                                 LoopLike()])

In: an operation whose declaration says where control goes. Out: its flows: which operands become
which arguments and results. The one idea: control hands over one list of values to wherever it
goes, so all places that may follow one another by the same hand take the same list, and a value's
way is a position in it. (MLIR's RegionBranchOpInterface.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from fleet.ir.core import BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.interfaces import Interface, first_of_slot, slot_values

Use = tuple[Operation, int]
"""An operand, by its operation and number."""

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

    def groups(self, operation: Operation) -> list[tuple[list[int], list[int]]]:
        """Where the same values arrive, and what sends them (see `_groups`)."""
        return self._groups

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

    def is_asked(self, region: int) -> bool:
        """Whether what ends a region is for the operation itself: a condition, passed to nobody."""
        return region < len(self.after) and not self.after[region]

    def own_arguments(self, operation: Operation, region: int) -> int:
        """How many leading arguments of a region's block no flow gives."""
        return self.own

    def passed(self, operation: Operation) -> range:
        """The numbers of the operands that go to where control enters."""
        if not self.passes:
            return range(0)
        first = first_of_slot(operation, self.passes)
        return range(first, first + len(slot_values(operation, self.passes)))

    def flows(self, operation: Operation) -> Iterator[Flow]:
        """All values that come in or out, each once."""
        for group in self.groups(operation):
            counts = [len(self._arriving(operation, target)) for target in group[0]]
            for position in range(max(counts, default=0)):
                yield self._flow(operation, group, position)

    def flow(self, operation: Operation, target: int, position: int) -> Flow | None:
        """The way that leads to a region's argument (its own ones not counted), or a result."""
        for group in self.groups(operation):
            if target in group[0]:
                return self._flow(operation, group, position)
        return None

    def problem(self, operation: Operation) -> str | None:
        """What is wrong with the values that flow: their numbers, or their types."""
        for targets, sources in self.groups(operation):
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


@dataclass(frozen=True)
class AnyRegion(RegionBranch):
    """One of the operation's regions runs, however many it has, and then control leaves."""

    entry: tuple[int, ...] = ()
    after: tuple[tuple[int, ...], ...] = ()

    def groups(self, operation: Operation) -> list[tuple[list[int], list[int]]]:
        return [([OUT], list(range(len(operation.regions))))]


@dataclass(frozen=True)
class CombinedRuns(RegionBranch):
    """The region runs any number of times, in any order, and the operation makes its results out
    of what each run gives: sums it up, or writes a part. No run's value is a result or what another
    run takes, so nothing flows; what ends the region is for the operation itself."""

    entry: tuple[int, ...] = (0, OUT)
    after: tuple[tuple[int, ...], ...] = ((),)

    def own_arguments(self, operation: Operation, region: int) -> int:
        blocks = operation.regions[region].blocks
        return len(blocks[0].arguments) if blocks else 0


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


def passed_values(operation: Operation) -> list[Value]:
    """Their values."""
    return [operation.operand(number) for number in passed_operands(operation)]


@dataclass(frozen=True)
class LoopLike(Interface):
    """A loop: its region runs again and again (what it carries, `RegionBranch` says).

    bounds: the operand slots of where it starts, where it ends and (perhaps) its step; none when it
            does not count. What it counts with is its region's first argument.
    """

    bounds: tuple[str, ...] = ()

    def limits(self, operation: Operation) -> list[Value]:
        """The values of `bounds`."""
        return [operation.named(name) for name in self.bounds]


def counting_loop(value: Value) -> Operation | None:
    """The loop that counts with this value, if one does."""
    if not isinstance(value, BlockArgument) or value.number or value.block.parent_op is None:
        return None
    answer = LoopLike.of(value.block.parent_op)
    return value.block.parent_op if answer is not None and answer.bounds else None
