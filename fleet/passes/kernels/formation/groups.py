"""Which structured operations of a block become one kernel.

In: a block of the schedule after fusion. Out: groups of operations. The one idea: a group is a set
of operations that walk the same rows, each needing of the others only what they left in its own
row (softmax: the row's maximum, its exponentials, their sum, the quotients), and that nothing
outside has to run in between. A matrix product takes along what is done cheaply to each of its
elements (bias, residual, scale), nothing that would make it go row by row.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from fleet.dialects.linalg import computes, generic, is_contraction, iterators_of, maps_of
from fleet.dialects.tensor import insert_slice
from fleet.ir.affine import AffineDim, AffineMap
from fleet.ir.core import Block, Operation, OpResult, Value
from fleet.ir.definition import PURE
from fleet.ir.interfaces import DestinationStyle
from fleet.passes.linalg.structured import (
    EXPENSIVE,
    PARALLEL,
)
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.symbolic import Size

MAX_OPERATIONS = 32
"""Structured operations in a kernel: those of GPT-2 have up to 8, and what looks at all pairs of a
kernel's loops must not meet a program's thousands."""


@dataclass(frozen=True)
class Space:
    """An operation's iteration space and accesses.

    letters: sizes of its dimensions, parallel ones in the output's order first.
    """

    sizes: tuple[Size, ...]
    rows: int
    inputs: tuple[AffineMap, ...]
    outputs: tuple[AffineMap, ...]
    is_parallel: bool


@dataclass(eq=False)
class Group:
    """Operations that become one kernel, in program order; they share the outer `rows` loops."""

    operations: list[Operation]
    rows: int
    flat: bool
    """Whether every iteration space has at most one dimension: then no shared rows are needed."""
    contraction: bool
    spaces: dict[Operation, Space] = field(default_factory=dict)


def is_structured(op: Operation) -> bool:
    """Whether the operation is computed by a kernel (fills go along with their users)."""
    return computes(op) or op.definition is insert_slice


class Grouping:
    """Forms the groups of one block."""

    def __init__(self, block: Block, dims: Dims) -> None:
        self.block = block
        self.dims = dims
        self.position = {op: number for number, op in enumerate(block)}
        self.group_of: dict[Operation, Group] = {}
        self.answers = [op for op in block if op.results and not op.has_trait(PURE)]
        """What gives values and has its turn among the effects, such as `input`."""
        for op in block:
            if is_structured(op):
                self._place(op)

    @property
    def groups(self) -> list[Group]:
        return list(dict.fromkeys(self.group_of.values()))

    # -- growing

    def _place(self, op: Operation) -> None:
        group = self._alone(op)
        self.group_of[op] = group
        for producer in self._producers(op):
            other = self.group_of.get(producer)
            if other is not None and other is not self.group_of[op]:
                self._try_merge(other, self.group_of[op], op)

    def _alone(self, op: Operation) -> Group:
        space = self._space(op)
        return Group(
            [op], space.rows, len(space.sizes) <= 1, is_contraction(op), {op: space}
        )

    def _producers(self, op: Operation) -> list[Operation]:
        """Operations of this block whose results are read, latest first."""
        found = {
            value.operation
            for value in read_by(op)
            if isinstance(value, OpResult) and value.operation in self.position
        }
        return sorted(found, key=self.position.__getitem__, reverse=True)

    def _try_merge(self, first: Group, second: Group, op: Operation) -> None:
        if len(first.operations) + len(second.operations) > MAX_OPERATIONS:
            return
        rows = self._common_rows(first, second, op)
        if rows is None or not self._is_convex(first, second):
            return
        merged = Group(
            sorted([*first.operations, *second.operations], key=self.position.__getitem__),
            rows,
            first.flat and second.flat,
            first.contraction or second.contraction,
            {**first.spaces, **second.spaces},
        )
        for member in merged.operations:
            self.group_of[member] = merged

    def _common_rows(self, first: Group, second: Group, op: Operation) -> int | None:
        """How many outer loops the two may share; None when they must stay apart."""
        if any(member.definition is insert_slice for member in first.operations):
            return None  # it updates a tensor that came before, in place
        if op.definition is insert_slice:
            alone = len(op.operand(0).uses) == 1 and second.operations == [op]
            return first.rows if alone else None
        if second.contraction:
            return None
        if first.contraction:
            return first.rows if self._is_epilogue(first, second, op) else None
        rows = min(first.rows, second.rows)
        a, b = first.spaces[first.operations[0]], second.spaces[second.operations[0]]
        while rows and a.sizes[:rows] != b.sizes[:rows]:
            rows -= 1
        for consumer in second.operations:
            for number, value in enumerate(read_by(consumer)):
                if isinstance(value, OpResult) and value.operation in first.spaces:
                    aligned = self._aligned(value, consumer, number, first, second)
                    rows = min(rows, aligned)
        if rows == 0 and not (first.flat and second.flat):
            return None
        return rows

    def _aligned(
        self, value: OpResult, consumer: Operation, number: int, first: Group, second: Group
    ) -> int:
        """How many of a producer's leading rows its consumer reads at its own leading rows."""
        written = first.spaces[value.operation].outputs[value.number]
        read = second.spaces[consumer].inputs[number]
        rows = 0
        while True:
            places = [n for n, r in enumerate(written.results) if r == AffineDim(rows)]
            if len(places) != 1 or read.results[places[0]] != AffineDim(rows):
                return rows
            rows += 1

    def _is_epilogue(self, first: Group, second: Group, op: Operation) -> bool:
        """Whether the operation only maps the product's elements, each where it was made."""
        if second.operations != [op] or op.definition is not generic:
            return False
        space, last = second.spaces[op], first.operations[-1]
        product = first.spaces[first.operations[0]]
        if not space.is_parallel or len(space.sizes) != product.rows:
            return False
        if space.sizes != product.sizes[: product.rows]:
            return False
        if any(inner.name in EXPENSIVE for inner in op.body):
            return False
        for number, value in enumerate(read_by(op)):
            if isinstance(value, OpResult) and value.operation in first.spaces:
                only = value.operation is last and len(value.uses) == 1
                if not only or not space.inputs[number].is_identity:
                    return False
        return True

    def _is_convex(self, first: Group, second: Group) -> bool:
        """Whether no path leads from one group to the other through something else.

        Effects keep their order, so one that needs the first group is on a path to later ones.
        """
        inside = {*first.operations, *second.operations}
        last = max(self.position[op] for op in second.operations)
        targets = set(second.operations)
        work = [user for op in first.operations for user in self._users(op) if user not in inside]
        seen = set(work)
        turns = len(self.answers)
        while work:
            op = work.pop()
            if not op.has_trait(PURE):
                turn = bisect_right(self.answers, self.position[op], key=self.position.__getitem__)
                later = [one for one in self.answers[turn:turns] if self.position[one] <= last]
                turns = min(turn, turns)
                work += [one for one in later if one not in seen]
                seen.update(later)
            members = self.group_of[op].operations if op in self.group_of else [op]
            for member in members:
                for user in self._users(member):
                    if user in targets:
                        return False
                    if user not in seen and user not in inside and self._start(user) <= last:
                        seen.add(user)
                        work.append(user)
        return True

    def _start(self, op: Operation) -> int:
        """Where the first of what has to run together with an operation stands."""
        group = self.group_of.get(op)
        return self.position[op if group is None else group.operations[0]]

    def _users(self, op: Operation) -> Iterable[Operation]:
        """Operations of this block that use the results, themselves or inside their regions."""
        for result in op.results:
            for user in result.users:
                while user.parent is not self.block and user.parent_op is not None:
                    user = user.parent_op
                if user in self.position:
                    yield user

    # -- spaces

    def _space(self, op: Operation) -> Space:
        if op.definition is insert_slice:
            shape = self.dims.shape(op.operand(0))
            return Space(shape, len(shape), (AffineMap.identity(len(shape)),), (), True)
        style = DestinationStyle.of(op)
        inputs, outputs = style.inputs(op), style.destinations(op)
        maps, iterators = maps_of(op), iterators_of(op)
        sizes: dict[int, Size] = {}
        for value, map_ in zip((*inputs, *outputs), maps, strict=True):
            for size, result in zip(self.dims.shape(value), map_.results, strict=True):
                if isinstance(result, AffineDim):
                    sizes.setdefault(result.position, size)
        rows = 0
        while rows < len(iterators) and iterators[rows] == PARALLEL:
            rows += 1
        return Space(
            tuple(sizes[dim] for dim in range(len(iterators))),
            rows,
            tuple(maps[: len(inputs)]),
            tuple(maps[len(inputs) :]),
            rows == len(iterators),
        )


def read_by(op: Operation) -> list[Value]:
    """The tensors that an operation reads through its operands."""
    return DestinationStyle.of(op).inputs(op)
