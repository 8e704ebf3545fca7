"""Register allocation: virtual registers become physical ones, by linear scan with spilling.

In: functions over virtual registers, vector configuration already explicit. Out: the same over
physical registers, copies only where they move something, spills and reloads where there are more
live values than registers. The one idea: constraints become copies first (block arguments, tied
operands: see `constraints.py`), then values connected by copies are merged into classes as long as
they are never alive together, then classes are given registers in the order in which they start
(Poletto and Sarkar 1999; live ranges with holes as in Wimmer and Mössenböck 2005). Classes that get
none live in the stack frame, and the scan starts over; it ends because what a spill leaves behind
lives from one operation to the next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from fleet.asm.isa.registers import REGISTERS
from fleet.codegen.abi import ALLOCATABLE, SCRATCH
from fleet.codegen.kernels import kernels_of
from fleet.codegen.registers.constraints import (
    is_early_clobber,
    is_late_use,
    isolate,
    pin_masks,
    ties,
)
from fleet.codegen.registers.frame import lower_frame
from fleet.codegen.registers.latches import copy_before_tests
from fleet.codegen.registers.liveness import Liveness, Range, analyse, merge, overlap
from fleet.codegen.registers.spill import SpillSlots, rewrite_spills
from fleet.diagnostics import FleetError
from fleet.dialects import rv
from fleet.ir.core import Operation, Region, Value
from fleet.ir.rewriting.journal import traced
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.watch import count

NEVER = float("inf")
"""The weight of what cannot be spilled."""
MOST_NEAR_ARGUMENTS = 64


@dataclass(eq=False)
class LiveClass:
    """Values that share a register or a stack slot.

    weight: estimated reads and writes in a run, for each position of the class's length.
    near: values outside that a copy connects with it.
    """

    members: list[Value]
    ranges: list[Range]
    weight: float
    register: rv.Register
    near: list[Value] = field(default_factory=list)
    number: int | None = None

    @property
    def start(self) -> int:
        return self.ranges[0][0]


class Occupancy:
    """Which classes hold one physical register, and when: disjoint ranges in order."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.entries: list[tuple[int, int, LiveClass]] = []

    def add(self, owner: LiveClass) -> None:
        for begin, end in owner.ranges:
            at = bisect_left(self.starts, begin)
            self.starts.insert(at, begin)
            self.entries.insert(at, (begin, end, owner))

    def discard(self, owner: LiveClass) -> None:
        self.entries = [entry for entry in self.entries if entry[2] is not owner]
        self.starts = [entry[0] for entry in self.entries]

    def is_free(self, ranges: Iterable[Range]) -> bool:
        """Whether nobody holds the register in any of the ranges."""
        starts, entries = self.starts, self.entries
        for begin, end in ranges:
            at = bisect_left(starts, begin)
            if at and entries[at - 1][1] > begin or at < len(starts) and starts[at] < end:
                return False
        return True

    def conflicts(self, ranges: Iterable[Range]) -> Iterable[LiveClass]:
        """Classes that hold the register at some time in the ranges, perhaps repeated."""
        for begin, end in ranges:
            at = bisect_left(self.starts, begin)
            if at and self.entries[at - 1][1] > begin:
                at -= 1
            while at < len(self.entries) and self.entries[at][0] < end:
                yield self.entries[at][2]
                at += 1


class Classes:
    """The partition of a function's values into classes that grow by merging."""

    def __init__(self, region: Region, liveness: Liveness, brief: set[Value]) -> None:
        """brief: values that only serve a spill, and must have a register."""
        self.of: dict[Value, LiveClass] = {}
        for value, ranges in liveness.ranges.items():
            weight = NEVER if value in brief else liveness.weights.get(value, 0.0)
            register = rv.register_of(value.type)
            made = LiveClass([value], ranges, weight, register, number=register.number)
            self.of[value] = made
        self._merge_constrained(region)
        self._merge_copies(region, liveness, brief)
        for made in self.all():
            length = sum(end - begin for begin, end in made.ranges)
            if any(value not in brief for value in made.members):
                finite = [liveness.weights[v] for v in made.members if v not in brief]
                made.weight = sum(finite) / (length + 8)
            if made.number is not None:
                made.weight = NEVER

    def all(self) -> list[LiveClass]:
        return list(dict.fromkeys(self.of.values()))

    def _merge(self, a: Value, b: Value) -> None:
        one, other = self.of[a], self.of[b]
        if one is other:
            return
        if len(one.members) < len(other.members):
            one, other = other, one
        one.members += other.members
        one.near += other.near
        one.ranges = merge(one.ranges, other.ranges)
        for value in other.members:
            self.of[value] = one

    def _merge_constrained(self, region: Region) -> None:
        for block in region.blocks:
            for operation in block:
                for operand, result in ties(operation):
                    self._merge(operand, result)
                if operation.definition is rv.j:
                    target = operation.successors[0]
                    for value, argument in zip(operation.operands, target.arguments, strict=True):
                        self._merge(value, argument)

    def _merge_copies(self, region: Region, liveness: Liveness, brief: set[Value]) -> None:
        """Merge what copies connect, in the deepest loops first."""
        copies = [
            (-liveness.depths[block], n, operation)
            for n, block in enumerate(region.blocks)
            for operation in block
            if rv.is_copy(operation)
        ]
        for _, _, operation in sorted(copies, key=lambda item: item[:2]):
            source, target = operation.operand(0), operation.result
            one, other = self.of[source], self.of[target]
            if one is other:
                continue
            fits = (
                one.number is None
                and other.number is None
                and one.register == other.register
                and (source in brief) == (target in brief)
                and not overlap(one.ranges, other.ranges)
            )
            if fits:
                self._merge(source, target)
            else:
                one.near.append(target)
                other.near.append(source)


class LinearScan:
    """Gives registers to classes in the order of their starts."""

    def __init__(self, classes: Classes, reserved: frozenset[int]) -> None:
        """reserved: integer registers that must not be used."""
        self.classes = classes
        self.allocatable = {
            kind: tuple(n for n in numbers if kind != "x" or n not in reserved)
            for kind, numbers in ALLOCATABLE.items()
        }
        self.occupancy = {kind: [Occupancy() for _ in range(32)] for kind in "xfv"}
        self.spilled: list[LiveClass] = []

    def run(self) -> list[LiveClass]:
        """Classes that must be spilled; when there are none, every class has its number."""
        everything = self.classes.all()
        for made in everything:
            if made.number is not None:
                self._occupy(made, made.number)
        free = [made for made in everything if made.number is None]
        for made in sorted(free, key=lambda c: (c.start, -c.weight)):
            self._place(made)
        return self.spilled

    def _units(self, made: LiveClass, number: int) -> list[Occupancy]:
        files = self.occupancy[made.register.kind]
        return files[number : number + made.register.units]

    def _occupy(self, made: LiveClass, number: int) -> None:
        made.number = number
        for unit in self._units(made, number):
            unit.add(made)

    def _choices(self, made: LiveClass) -> list[int]:
        """Registers that the class may have, the ones that would save a copy first."""
        units = made.register.units
        choices = [n for n in self.allocatable[made.register.kind] if n % units == 0]
        wanted = [self.classes.of[value].number for value in made.near if value in self.classes.of]
        hints = [n for n in dict.fromkeys(wanted) if n in choices]
        return hints + [n for n in choices if n not in hints]

    def _place(self, made: LiveClass) -> None:
        best: tuple[float, int, set[LiveClass]] | None = None
        choices = self._choices(made)
        for number in choices:
            if all(unit.is_free(made.ranges) for unit in self._units(made, number)):
                self._occupy(made, number)
                return
        for number in choices:
            conflicts = {
                other for unit in self._units(made, number) for other in unit.conflicts(made.ranges)
            }
            cost = sum(other.weight for other in conflicts)
            if best is None or cost < best[0]:
                best = cost, number, conflicts
        if best is None or (best[0] >= made.weight and made.weight == NEVER):
            value = made.members[0]
            place = value.owner.location if isinstance(value.owner, Operation) else None
            raise FleetError("there are not enough registers for one instruction", place)
        if best[0] >= made.weight:
            self.spilled.append(made)
            return
        for other in best[2]:
            for unit in self._units(other, other.number):
                unit.discard(other)
            other.number = None
            self.spilled.append(other)
        self._occupy(made, best[1])


def allocate_function(function: Operation) -> None:
    """Allocate the registers of one function, lower its stack frame, and drop idle copies."""
    region = function.regions[0]
    with traced("copies where a register is prescribed", function, function):
        pin_masks(region)
        isolate(region)
    slots = SpillSlots(far_arguments=has_far_arguments(region))
    brief: set[Value] = set()
    while True:
        liveness = analyse(region, is_early_clobber, is_late_use)
        classes = Classes(region, liveness, brief)
        reserved = frozenset(REGISTERS["x"][name] for name in SCRATCH) if slots.need_scratch else ()
        spilled = LinearScan(classes, frozenset(reserved)).run()
        if not spilled:
            break
        count("values spilled", len(spilled))
        with traced(f"spill {len(spilled)} values", function, function):
            rewrite_spills(region, [made.members for made in spilled], slots, brief)
    count("values in registers", len(classes.of))
    with traced("a register for every value", function, function):
        for value, made in classes.of.items():
            value.type = rv.register_of(value.type)._replace(number=made.number).type
    with traced("no copies of a register to itself", function, function):
        drop_idle_copies(region)
    with traced("copies before a loop's test", function, function):
        copy_before_tests(region)
    with traced("the stack frame", function, function):
        lower_frame(function, slots)


def has_far_arguments(region: Region) -> bool:
    """Whether some stack argument may be out of a load's reach from sp."""
    return any(
        operation.definition is rv.argument and operation.get("index") > MOST_NEAR_ARGUMENTS
        for operation in region.blocks[0]
    )


def drop_idle_copies(region: Region) -> None:
    """Erase copies of a register to itself."""
    for block in region.blocks:
        for operation in block:
            if rv.is_copy(operation) and operation.operand(0).type == operation.result.type:
                operation.replace_with([operation.operand(0)])


@register_pass("allocate-registers", "a physical register for every value, or a spill")
def allocate_registers(module: Operation) -> None:
    """Give every value of every kernel a physical register, spilling where there are too few."""
    for function in kernels_of(module):
        for operation in function.walk():
            if operation is not function and not operation.name.startswith("rv."):
                raise FleetError(
                    f"'{operation.name}' is no instruction, so it takes no registers",
                    operation.location,
                    hint="run the pass select-instructions first",
                )
        allocate_function(function)
