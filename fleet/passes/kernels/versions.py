"""Whether arrays that loops change can be changed where they are.

In: a loop nest on tensors, as it stands in the schedule. Out: for every tensor inside it which
storage it is, or a refusal. The one idea: values are versions of storages. A storage comes in with
what the nest carries (or is only read); an insertion makes the next version; and as long as nobody
looks at a version after the next one was made, all of them may be one buffer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.dialects import scf
from fleet.ir.core import Block, Operation, OpResult, Value
from fleet.ir.flow import passed_values
from fleet.ir.interfaces import View, destination_of
from fleet.ir.types import TensorType, Type


class Refusal(Exception):
    """Why a loop is no kernel: a reason, and the operation that is one."""

    def __init__(self, reason: str, operation: Operation) -> None:
        super().__init__(reason)
        self.reason = reason
        self.operation = operation


def is_single(type: Type) -> bool:
    """Whether a tensor has one element in any case, so that it is a number."""
    return isinstance(type, TensorType) and all(dim == 1 for dim in type.shape)


def is_array(value: Value) -> bool:
    return isinstance(value.type, TensorType) and not is_single(value.type)


def is_whole(value: Value) -> bool:
    """Whether an array is all of its storage, if in another shape."""
    while isinstance(value, OpResult):
        view = View.of(value.operation)
        if view is not None and view.part:
            return False
        dest = destination_of(value.operation, value.number)
        before = dest if view is None else view.source(value.operation)
        if before is None:
            return True
        value = before
    return True


class Versions:
    """The storages of one nest.

    storage: of every array in it. current: the version that a storage holds where the walk is.
    results: the storage of each result of the nest (None: a number).
    """

    def __init__(self, nest: Operation) -> None:
        self.nest = nest
        self.storage: dict[Value, int] = {}
        self.current: dict[int, Value] = {}
        self.read_only: set[int] = set()
        self.results: list[int | None] = []
        self.inits: list[int | None] = []
        for init in passed_values(nest):
            self.inits.append(self._new(init) if is_array(init) else None)
        self._loop(nest, self.inits)
        self.results = [self.storage[r] if is_array(r) else None for r in nest.results]
        written = [s for s in self.results if s is not None]
        if len(set(written)) != len(written):
            raise Refusal("it gives one array twice", nest)
        if {s for s in self.inits if s is not None} - set(written):
            raise Refusal("it changes an array and drops it", nest)

    def _new(self, value: Value) -> int:
        number = len(self.current)
        self.current[number] = value
        return number

    # -- walking

    def _block(self, block: Block) -> None:
        for op in block:
            if op.definition in (scf.for_, scf.while_):
                self._loop(op, [self._use(v, op) for v in passed_values(op)])
            elif op.definition is scf.if_:
                self._if(op)
            elif op is not block.last:
                self._operation(op)

    def _use(self, value: Value, user: Operation) -> int | None:
        """The storage of a value that is looked at here."""
        if not is_array(value):
            return None
        if value not in self.storage:
            if self._is_inside(value):
                raise Refusal(f"it makes an array ({value.owner.name})", user)
            self.storage[value] = self._new(value)
            self.read_only.add(self.storage[value])
        number = self.storage[value]
        if self.current[number] is not value and self._whole(value) is not self.current[number]:
            raise Refusal("it needs an array as it was before it was changed", user)
        return number

    def _whole(self, value: Value) -> Value:
        """The version that a slice or another view is taken of."""
        while isinstance(value.owner, Operation) and View.of(value.owner) is not None:
            value = value.owner.operand(0)
        return value

    def _is_inside(self, value: Value) -> bool:
        owner = value.owner
        holder = owner if isinstance(owner, Operation) else owner.parent_op
        return holder is not None and self.nest.is_ancestor_of(holder)

    def _operation(self, op: Operation) -> None:
        used = {value: self._use(value, op) for value in op.operands}
        for number, result in enumerate(op.results):
            if not is_array(result):
                continue
            dest = destination_of(op, number)
            if dest is not None and is_array(dest):
                storage = used[dest]
                if storage in self.read_only:
                    raise Refusal("it changes a copy of an array that it does not carry", op)
                self.storage[result] = storage
                self.current[storage] = result
            elif View.of(op) is not None:
                self.storage[result] = used[op.operand(0)]
            else:
                raise Refusal(f"it makes an array ({op.name})", op)

    def _loop(self, op: Operation, inits: Sequence[int | None]) -> None:
        carried = [s for s in inits if s is not None]
        if len(set(carried)) != len(carried):
            raise Refusal("it carries two arrays that begin as one", op)
        if set(carried) & self.read_only:
            raise Refusal("it changes a copy of an array that it does not carry", op)
        if op.definition is scf.for_:
            block = op.regions[0].block
            self._enter(block.arguments[1:], inits)
            self._stable(carried, block.last, lambda: self._block(block))
            self._pass(block.last.operands, inits, block.last)
            self._enter(op.results, inits)
            return
        before, after = (region.block for region in op.regions)
        self._enter(before.arguments, inits)
        self._stable(carried, before.last, lambda: self._block(before))
        condition = before.last
        forwarded = [self._use(v, condition) for v in condition.operands[1:]]
        self._enter(after.arguments, forwarded)
        self._stable(carried, after.last, lambda: self._block(after))
        self._pass(after.last.operands, inits, after.last)
        self._enter(op.results, forwarded)

    def _enter(self, values: Sequence[Value], storages: Sequence[int | None]) -> None:
        for value, storage in zip(values, storages, strict=True):
            if storage is not None:
                self.storage[value] = storage
                self.current[storage] = value

    def _pass(
        self, values: Sequence[Value], storages: Sequence[int | None], end: Operation
    ) -> None:
        for value, storage in zip(values, storages, strict=True):
            if self._use(value, end) != storage:
                raise Refusal("its arrays change places", end)

    def _stable(self, carried: Sequence[int], end: Operation, walk: Callable[[], None]) -> None:
        """Walk what runs again: arrays that it does not carry are the same afterwards."""
        before = dict(self.current)
        walk()
        for storage, version in before.items():
            if storage not in carried and self.current[storage] is not version:
                raise Refusal("it changes an array that it does not carry", end)

    def _if(self, op: Operation) -> None:
        start = dict(self.current)
        ends: list[tuple[list[int | None], dict[int, Value], Operation | None]] = []
        for region in op.regions:
            self.current = {**self.current, **start}
            if not region.blocks:
                ends.append(([], dict(start), None))
                continue
            block = region.block
            self._block(block)
            ends.append(([self._use(v, block.last) for v in block.last.operands],
                         dict(self.current), block.last))  # fmt: skip
        given = ends[0][0]
        if any(stores != given for stores, _, end in ends if end is not None):
            raise Refusal("its branches give different arrays", op)
        kept = {s for s in given if s is not None}
        if len(kept) != len([s for s in given if s is not None]):
            raise Refusal("it gives one array twice", op)
        for _, current, end in ends:
            for storage, version in start.items():
                if storage not in kept and current[storage] is not version:
                    raise Refusal("it changes an array in one branch only", end or op)
        self.current = {**ends[0][1], **ends[1][1], **start}
        self._enter(op.results, given)
