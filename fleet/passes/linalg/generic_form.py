"""A `linalg.generic` taken apart, to be changed and put together again.

The one idea: fusion, dropping of unit dimensions and inlining of constants all edit the same four
lists (inputs, maps, iterators, body), and only the finished form becomes an operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.dialects import arith, linalg
from fleet.dialects.linalg import (
    PARALLEL,
    iterators_attribute,
    iterators_of,
    maps_attribute,
    maps_of,
)
from fleet.ir.affine import AffineConst, AffineDim, AffineExpr, AffineMap, dims_of, substitute
from fleet.ir.attributes import Attribute, IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import index


@dataclass
class Form:
    """The parts of a generic; `block` belongs to the form and stands outside any operation."""

    inputs: list[Value]
    outputs: list[Value]
    maps: list[AffineMap]
    iterators: list[str]
    block: Block
    order: Attribute | None = None
    """In which order it sums up, if that is fixed (`linalg.ORDER`)."""

    @staticmethod
    def of(op: Operation) -> Form:
        """A copy of an operation's parts; the operation stays as it is."""
        region = op.regions[0].clone()
        block = region.blocks.pop()
        block.parent = None
        return Form(
            list(op.named("inputs")),
            list(op.named("outputs")),
            maps_of(op),
            iterators_of(op),
            block,
            op.attributes.get(linalg.ORDER),
        )

    def build(self, builder: Builder) -> Operation:
        """The generic; the form must not be used any more."""
        made = builder.create(
            linalg.generic,
            self.inputs,
            self.outputs,
            types=[value.type for value in self.outputs],
            regions=[Region([self.block])],
            indexing_maps=maps_attribute(self.maps),
            iterator_types=iterators_attribute(self.iterators),
        )
        if self.order is not None:
            made.attributes[linalg.ORDER] = self.order
        return made

    @property
    def rank(self) -> int:
        return len(self.iterators)

    @property
    def is_parallel(self) -> bool:
        return all(kind == PARALLEL for kind in self.iterators)

    def covers(self) -> bool:
        """Whether every dimension's length can be read off some operand."""
        plain = {r.position for m in self.maps for r in m.results if isinstance(r, AffineDim)}
        return len(plain) == self.rank

    # -- edits

    def drop_input(self, number: int, replacement: Value | None = None) -> None:
        """Remove an input; its element is `replacement`, or unused."""
        argument = self.block.arguments[number]
        if replacement is not None:
            argument.replace_all_uses_with(replacement)
        self.block.erase_argument(number)
        del self.inputs[number]
        del self.maps[number]

    def insert_input(self, number: int, value: Value, map: AffineMap) -> Value:
        """Add an input at a position; gives its element."""
        argument = self.block.add_argument(value.type.element)
        arguments = self.block.arguments
        arguments.insert(number, arguments.pop())
        for position, each in enumerate(arguments):
            each.number = position
        self.inputs.insert(number, value)
        self.maps.insert(number, map)
        return argument

    def top(self) -> Builder:
        """A builder at the start of the body."""
        return Builder(self.block, self.block.first, self.block.terminator.location)

    def inline_constant(self, number: int, attribute: Attribute) -> None:
        """Replace an input by a scalar constant in the body."""
        type = self.block.arguments[number].type
        constant = self.top().value(arith.constant, value=attribute, types=[type])
        self.drop_input(number, constant)

    def substitute_dims(self, positions: Sequence[AffineExpr], rank: int) -> None:
        """Express everything over other dimensions: dimension i becomes `positions[i]`."""
        self.maps = [
            AffineMap(rank, tuple(substitute(r, positions) for r in map.results))
            for map in self.maps
        ]
        replace_indices(self.block, positions)

    def merge_equal_inputs(self) -> None:
        """One input for each (value, map)."""
        seen: dict[tuple[Value, AffineMap], int] = {}
        number = 0
        while number < len(self.inputs):
            key = (self.inputs[number], self.maps[number])
            if key in seen:
                self.drop_input(number, self.block.arguments[seen[key]])
            else:
                seen[key] = number
                number += 1

    def drop_unused_inputs(self) -> None:
        for number in reversed(range(len(self.inputs))):
            if not self.block.arguments[number].uses:
                saved = self.maps[number]
                self.maps[number] = AffineMap(self.rank, ())
                if self.covers():
                    self.drop_input(number)
                else:
                    self.maps[number] = saved


def replace_indices(block: Block, positions: Sequence[AffineExpr]) -> None:
    """Let every `linalg.index i` in a body give `positions[i]`."""
    for op in [op for op in block if op.name == "linalg.index"]:
        builder = Builder.before(op)
        op.replace_with([_position(builder, positions[op.get("dim")])])


def _position(builder: Builder, expr: AffineExpr) -> Value:
    match expr:
        case AffineDim(position):
            return builder.value(linalg.index, dim=IntegerAttr(position), types=[index])
        case AffineConst(value):
            return builder.value(arith.constant, value=IntegerAttr(value, index), types=[index])
    combine = {"+": arith.addi, "*": arith.muli}[expr.operator]
    return builder.value(combine, _position(builder, expr.left), _position(builder, expr.right))


def is_linear(expr: AffineExpr) -> bool:
    """Whether an expression can be rewritten into a body: dimensions, sums and products."""
    if isinstance(expr, AffineDim | AffineConst):
        return True
    return (
        getattr(expr, "operator", None) in ("+", "*")
        and is_linear(expr.left)
        and is_linear(expr.right)
    )


def used_dims(maps: Sequence[AffineMap]) -> set[int]:
    return {dim for map in maps for result in map.results for dim in dims_of(result)}
