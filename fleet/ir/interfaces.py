"""What passes ask of an operation, whoever declared it: questions answered by declarations.

    insert = TENSOR.op("insert", "scalar: Any, dest: Tensor, indices: Index* -> result: Tensor",
                       traits={PURE}, interfaces=[DestinationStyle("dest")])

In: an operation. Out: `Interface.of(operation)`, the object that answers for it, or None. The one
idea: a pass that wants to know where a value comes from, what is updated, or how long an axis is,
asks for that, so that an operation of which it never heard is handled as rightly as any.

How values flow through an operation's regions is in `fleet.ir.flow`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from fleet.ir.affine import AffineMap
from fleet.ir.attributes import AffineMapAttr, SymbolRefAttr
from fleet.ir.core import Declaration, Operation, Region, Value
from fleet.ir.types import ShapedType, Type

if TYPE_CHECKING:
    from typing import Self  # from Python 3.11 on


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


def first_of_slot(operation: Operation, name: str) -> int:
    """The number of the first operand of a declared slot."""
    definition = operation.definition
    first = 0
    for slot, group in zip(definition.operands, definition.segments(operation), strict=True):
        if slot.name == name:
            return first
        first += len(group)
    raise KeyError(f"{definition.name} has no operand {name}")


def slot_values(operation: Operation, name: str) -> list[Value]:
    """The operands of a declared slot."""
    found = operation.named(name)
    return found if isinstance(found, list) else [] if found is None else [found]


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
        return slot_values(operation, self.inits)

    def numbers(self, operation: Operation) -> range:
        """The numbers of these operands."""
        first = first_of_slot(operation, self.inits)
        return range(first, first + len(self.destinations(operation)))

    def inputs(self, operation: Operation) -> list[Value]:
        """The arrays that are only read."""
        return slot_values(operation, self.reads) if self.reads else []


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


@dataclass(frozen=True)
class MemoryAccess(Interface):
    """Reads or writes one element of a buffer, or one for each iteration of a strip, at subscripts
    that an affine map makes of index operands (MLIR's AffineRead- and AffineWriteOpInterface).

    buffer, indices: the operand slots of where it is.
    stored:          the operand slot of what is written; empty for a read, which gives it.
    map:             the attribute with the map.

    `indices` is the operation's only slot of any number of operands. It may have more operands and
    attributes; those go with it wherever it goes.
    """

    buffer: str = "memref"
    indices: str = "indices"
    stored: str = ""
    map: str = "map"

    def place(self, operation: Operation) -> tuple[Value, AffineMap, Sequence[Value]]:
        """The buffer, the map, and the index operands that it is applied to."""
        buffer, indices = _positions(operation.definition, self.buffer, self.indices)
        operands = operation.operands
        return operands[buffer], operation.attributes[self.map].value, operands[indices]

    def memref(self, operation: Operation) -> Value:
        """The buffer."""
        return operation.named(self.buffer)

    def element(self, operation: Operation) -> Value:
        """What is read or written."""
        return operation.named(self.stored) if self.stored else operation.result

    def others(self, operation: Operation) -> list[Value]:
        """The operands that do not say where it is: what is written, a mask, a default."""
        definition = operation.definition
        groups = zip(definition.operands, definition.segments(operation), strict=True)
        place = (self.buffer, self.indices)
        return [value for slot, group in groups if slot.name not in place for value in group]

    def moved(
        self,
        operation: Operation,
        place: tuple[Value, AffineMap, Sequence[Value]],
        renamed: Callable[[Value], Value],
        type: Callable[[Type], Type],
    ) -> Operation:
        """The same access of another place, in no block yet: its other operands renamed, its
        result of another type."""
        memref, map, indices = place
        definition = operation.definition
        slots: list[list[Value]] = []
        groups = zip(definition.operands, definition.segments(operation), strict=True)
        for slot, group in groups:
            if slot.name == self.buffer:
                slots.append([memref])
            elif slot.name == self.indices:
                slots.append(list(indices))
            else:
                slots.append([renamed(value) for value in group])
        attributes = operation.attributes | {self.map: AffineMapAttr(map)}
        return Operation(
            operation.name,
            [value for group in slots for value in group],
            [type(result.type) for result in operation.results],
            attributes,
            location=operation.location,
            definition=definition,
        )


@cache
def _positions(definition: Declaration, buffer: str, indices: str) -> tuple[int, slice]:
    """Where among an operation's operands the buffer and the indices are."""
    names = [slot.name for slot in definition.operands]
    assert [slot.name for slot in definition.operands if slot.arity] == [indices]
    first, number = names.index(indices), names.index(buffer)
    behind = len(names) - first - 1
    return number if number < first else number - len(names), slice(first, -behind or None)


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
        given = iter(slot_values(operation, self.slot))
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


class OneShape(ShapeReification):
    """All operands and results that are arrays have one shape, in their types, too."""

    refines = True

    def shape(self, operation: Operation, number: int, sizes: Sizes) -> Sequence[Any]:
        shapes = [sizes.shape(value) for value in self.arrays(operation)]
        return [
            next((size for size in column if size.static is not None), column[-1])
            for column in zip(*shapes, strict=True)
        ]

    def arrays(self, operation: Operation) -> list[Value]:
        """The operands that have the shape."""
        return [value for value in operation.operands if isinstance(value.type, ShapedType)]


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
        return slot_values(operation, self.operands)


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
