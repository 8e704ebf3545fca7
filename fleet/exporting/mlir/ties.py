"""Sizes of what loops carry and branches give, said where IREE cannot find them.

In: a module with structured control flow over tensors of dynamic sizes. Out: the same, with

    %t = flow.tensor.tie_shape %carried : tensor<?xf32>{%n}

at the beginning of loops' bodies and behind loops and branches. The one idea: a size that is the
same in every iteration is known before the loop; any other is carried along as a number of its own.
It is IREE's own operation, as `util.optimization_barrier` is where an array grows from a known
length; there are no others. Without them iree-compile gives up on nested loops.
"""

from __future__ import annotations

from typing import Any

from fleet.dialects import tensor
from fleet.ir.affine import AffineDim
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Value
from fleet.ir.definition import PURE, OpDef
from fleet.ir.interfaces import IndexingMaps
from fleet.ir.types import TensorType, index
from fleet.passes.linalg.structured import empty, insert_slice
from fleet.passes.shapes.dims import Dims


def tie(module: Operation) -> None:
    """Change a module in place."""
    dims = Dims(module)
    for op in list(module.walk()):
        if op.name in ("scf.for", "scf.while", "scf.if"):
            _Tied(dims, op).run()
    for op in list(module.walk()):
        if op.name.startswith("linalg.") and op.regions and len(op.operands) > 1:
            _tie_operands(op)


class _Tied:
    """One loop or branch."""

    def __init__(self, dims: Dims, op: Operation) -> None:
        self.dims = dims
        self.op = op

    def run(self) -> None:
        op = self.op
        sizes = [self._sizes(value) for value in op.results]
        if op.name == "scf.if":
            carried = self._varying(sizes)
            if carried:
                self._give(carried, [region.block for region in op.regions])
                sizes = self._with(sizes, carried, list(self.op.results)[-len(carried) :])
        elif op.name == "scf.for":
            body = op.body
            inside = [self._sizes(value) for value in body.arguments[1:]]
            carried = self._varying(inside)
            if carried:
                added = self._carry(carried, op.operands[3:], body, body)
                inside = self._with(inside, carried, added)
                sizes = self._with(sizes, carried, list(self.op.results)[-len(carried) :])
            self._tie_arguments(body, inside, 1)
        else:
            sizes = self._while(sizes)
        self._tie_results(sizes)

    def _while(self, sizes: list[list[Any]]) -> list[list[Any]]:
        before, after = (region.block for region in self.op.regions)
        inside = [self._sizes(value) for value in before.arguments]
        carried = self._varying(inside)
        if carried:
            added = self._carry(carried, self.op.operands, before, after)
            inside = self._with(inside, carried, added)
        given = [self._sizes(value) for value in after.arguments]
        varying = self._varying(given)
        if varying:
            last = before.last
            assert last is not None
            told = [_dim(Builder.before(last), last.operands[1 + at], axis) for at, axis in varying]
            last.operands = [*last.operands, *told]
            arguments = [after.add_argument(index) for _ in varying]
            self._more_results(len(varying))
            given = self._with(given, varying, list(arguments))
            sizes = self._with(sizes, varying, list(self.op.results)[-len(varying) :])
        self._tie_arguments(before, inside, 0)
        self._tie_arguments(after, given, 0)
        return sizes

    # -- sizes

    def _sizes(self, value: Value) -> list[Any]:
        """Of each dynamic axis a size that is known before the operation, or None."""
        type = value.type
        if not isinstance(type, TensorType) or type.is_static:
            return []
        found: list[Any] = []
        for size, dim in zip(self.dims.shape(value), type.shape, strict=True):
            seen = dim is None and self._is_seen(size)
            found.append(size if seen else None if dim is None else dim)
        return found

    def _is_seen(self, size: Any) -> bool:
        """Whether a size is known before the operation."""
        own = any(atom[1].owner is self.op for atom in size.atoms())
        return not own and self.dims.visible_outside(size, self.op)

    def _varying(self, sizes: list[list[Any]]) -> list[tuple[int, int]]:
        """(position, axis) of what differs between iterations or ways."""
        return [(at, axis) for at, one in enumerate(sizes) for axis, size in enumerate(one)
                if size is None]  # fmt: skip

    def _with(
        self, sizes: list[list[Any]], places: list[tuple[int, int]], values: list[Value]
    ) -> list[list[Any]]:
        made = [list(one) for one in sizes]
        for (at, axis), value in zip(places, values, strict=True):
            if at < len(made) and axis < len(made[at]) and made[at][axis] is None:
                made[at][axis] = value
        return made

    # -- sizes that are carried

    def _carry(
        self, places: list[tuple[int, int]], inits: tuple[Value, ...], first: Block, last: Block
    ) -> list[Value]:
        """Carry further numbers around a loop: its new arguments."""
        builder = Builder.before(self.op)
        opened = {inits[at]: _opened(builder, inits[at]) for at, _ in places}
        self.op.operands = [
            *(opened.get(value, value) for value in self.op.operands),
            *(_dim(builder, opened[inits[at]], axis) for at, axis in places),
        ]  # fmt: skip
        self._yield(places, last)
        if self.op.name == "scf.for":
            self._more_results(len(places))
        return [first.add_argument(index) for _ in places]

    def _give(self, places: list[tuple[int, int]], blocks: list[Block]) -> None:
        """Give further numbers from a branch."""
        for block in blocks:
            self._yield(places, block)
        self._more_results(len(places))

    def _yield(self, places: list[tuple[int, int]], block: Block) -> None:
        last = block.last
        assert last is not None
        builder = Builder.before(last)
        last.operands = [
            *last.operands, *(_dim(builder, last.operands[at], axis) for at, axis in places),
        ]  # fmt: skip

    def _more_results(self, count: int) -> None:
        """The operation, with further results that are numbers."""
        old = self.op
        regions = list(old.regions)
        for region in regions:
            region.parent = None
        old.regions.clear()
        types = [*(result.type for result in old.results), *[index] * count]
        made = Operation(
            old.name, old.operands, types, old.attributes, regions, (), old.location,
            old.definition,
        )  # fmt: skip
        assert old.parent is not None
        old.parent.insert_before(old, made)
        kept = made.results[: len(old.results)]
        for result, value in zip(old.results, kept, strict=True):
            value.hint = result.hint
            self.dims.shape(result) if isinstance(result.type, TensorType) else None
            self.dims.replaced(result, value)
        old.replace_with(list(kept))
        self.op = made

    # -- ties

    def _tie_arguments(self, block: Block, sizes: list[list[Any]], skipped: int) -> None:
        first = block.first
        assert first is not None
        for argument, one in zip(block.arguments[skipped:], sizes, strict=False):
            if one:
                self._tie(argument, one, Builder.before(first))

    def _tie_results(self, sizes: list[list[Any]]) -> None:
        for result, one in zip(self.op.results, sizes, strict=False):
            if one and result.is_used:
                self._tie(result, one, Builder.after(self.op))

    def _tie(self, value: Value, sizes: list[Any], builder: Builder) -> None:
        type = value.type
        assert isinstance(type, TensorType)
        if any(size is None for size in sizes):
            return
        outside = Builder.before(self.op)
        lengths = [
            size if isinstance(size, Value) else self.dims.materialise(size, outside)
            for size, dim in zip(sizes, type.shape, strict=True) if dim is None
        ]  # fmt: skip
        known = [length if isinstance(length, Value) else outside.constant(length)
                 for length in lengths]  # fmt: skip
        tied = builder.insert(
            Operation(_TIE.name, [value, *known], [type], definition=_TIE)
        )
        made = tied.result
        made.hint = value.hint
        value.replace_uses_if(made, lambda user: user is not tied)
        self.dims.replaced(value, made)


def _opened(builder: Builder, value: Value) -> Value:
    """What a loop begins with, where it has one length and later others, as an array whose length
    IREE does not see: it would take that for the length ever after."""
    cast = value.owner
    if not isinstance(cast, Operation) or cast.name != "tensor.cast":
        return value
    source, type = cast.operand(0), value.type
    assert isinstance(source.type, TensorType) and isinstance(type, TensorType)
    sizes: list[int | Value] = []
    for known, dim in zip(source.type.shape, type.shape, strict=True):
        if known is None:
            return value
        if dim is not None:
            sizes.append(dim)
            continue
        hidden = Operation(_BARRIER.name, [builder.constant(known)], [index], definition=_BARRIER)
        sizes.append(builder.insert(hidden).result)
    made = empty(builder, sizes, type.element)
    if 0 in source.type.shape:
        return made
    rank, shape = type.rank, [dim or 0 for dim in source.type.shape]
    return insert_slice(builder, source, made, [0] * rank, shape, [1] * rank)


def _tie_operands(op: Operation) -> None:
    """Let the operands of a structured operation have their sizes by the same names."""
    answer = IndexingMaps.of(op)
    if answer is None:
        return
    lengths: dict[int, Value] = {}
    pairs = list(zip(op.operands, answer.maps(op), strict=True))
    for value, map in reversed(pairs):  # what it writes to comes first
        if not isinstance(value.type, TensorType) or value.type.is_static:
            continue
        mine = _lengths(value)
        if mine is None:
            continue
        axes = [result.position if isinstance(result, AffineDim) else None
                for result in map.results]  # fmt: skip
        dynamic = [axis for axis, dim in zip(axes, value.type.shape, strict=True) if dim is None]
        wanted = [mine[at] if axis is None else lengths.setdefault(axis, mine[at])
                  for at, axis in enumerate(dynamic)]  # fmt: skip
        if any(a is not b for a, b in zip(mine, wanted, strict=True)):
            tied = Operation(_TIE.name, [value, *wanted], [value.type], definition=_TIE)
            Builder.before(op).insert(tied)
            op.operands = [tied.result if one is value else one for one in op.operands]


def _lengths(value: Value) -> list[Value] | None:
    """What the dynamic sizes of a tensor were made with, if that was made with values."""
    owner = value.owner
    if not isinstance(owner, Operation):
        return None
    match owner.name:
        case "tensor.empty":
            return list(owner.operands)
        case "flow.tensor.tie_shape":
            return list(owner.operands[1:])
        case "tensor.extract_slice" | "tensor.expand_shape":
            sizes = owner.named("sizes" if owner.name == "tensor.extract_slice" else "output_shape")
            found = list(sizes) if isinstance(sizes, list) else []
            type = value.type
            assert isinstance(type, TensorType)
            return found if len(found) == type.shape.count(None) else None
    if owner.name.startswith("linalg.") and owner.regions:
        outs = owner.operands[len(owner.operands) - len(owner.results) :]
        return _lengths(outs[value.number]) if isinstance(value, OpResult) else None
    return None


def _dim(builder: Builder, value: Value, axis: int) -> Value:
    return builder.value(tensor.dim, value, builder.constant(axis), types=[index])


def _print_tie(op: Operation, printer: Any) -> None:
    value, *sizes = op.operands
    printer.write(f" {printer.value(value)} : {value.type}{{{printer.values(sizes)}}}")


def _print_barrier(op: Operation, printer: Any) -> None:
    printer.write(f" {printer.value(op.operand(0))} : {op.results[0].type}")


_BARRIER = OpDef("util.optimization_barrier", (), (), print=_print_barrier)
_TIE = OpDef("flow.tensor.tie_shape", (), (), frozenset((PURE,)), print=_print_tie)
