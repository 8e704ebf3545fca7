"""Room for the arrays that a loop kernel makes: scratch of the greatest size that each can have.

In: an array of the old body (`arrays/extents.py` tells how long it can get). Out: a buffer before
the outermost loop, which the schedule provides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fleet.dialects import loop
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.mapping import IRMapping
from fleet.ir.types import MemRefType, TensorType
from fleet.passes.kernels.arrays.arithmetic import Arithmetic
from fleet.passes.kernels.arrays.extents import Extents
from fleet.passes.kernels.arrays.versions import is_array
from fleet.passes.kernels.arrays.views import Size, View
from fleet.passes.kernels.checks.ranges import Ranges
from fleet.passes.kernels.lowering.nest import Structured
from fleet.passes.kernels.lowering.signature import KernelSignature


class Numbers(Protocol):
    """What a kernel's body knows of numbers. numbers: by old value. views: of arrays."""

    builder: Builder
    signature: KernelSignature
    views: dict[Value, View]
    numbers: IRMapping
    ranges: Ranges

    def place(self, value: Value) -> Size:
        """A size or subscript."""

    def as_size(self, number: Value) -> Value:
        """A new number as an index."""

    def entries(self, op: Operation, name: str) -> list[Size]:
        """The offsets, sizes or strides of a slice."""

    def sliced(self, op: Operation, view: View, type: TensorType) -> View:
        """The part of a view that a slice names."""

    def product(self, sizes: Sequence[Size]) -> Size:
        """Sizes multiplied."""


class Room:
    """Scratch of one kernel's body. nest: the old outermost loop, or what ends the old
    body, of which sizes are known."""

    def __init__(self, body: Numbers, nest: Operation) -> None:
        self.body = body
        self.builder = body.builder
        self.signature = body.signature
        self._nest = nest
        self._known: Extents | None = None
        self._top: Operation | None = None

    def begin(self, made: Operation) -> None:
        """The outermost loop of the new body: room is made before it."""
        self._top = self._top or made

    @property
    def extents(self) -> Extents:
        """How long the arrays can get, computed before the outermost loop."""
        if self._known is None:
            top = self._before_all()
            self._known = Extents(
                self._nest, Arithmetic(top), self.body.ranges, self._outside, self._outside_sizes
            )
        return self._known

    def _before_all(self) -> Builder:
        if self._top is None:
            return Builder(self.builder.block, self.builder.anchor, self.builder.location)
        return Builder.before(self._top)

    def _outside(self, value: Value) -> Value | None:
        number = self.body.numbers.get(value)
        return None if number is None else self._as_size(number)

    def _as_size(self, number: Value) -> Value:
        with _at(self.builder, self._before_all()):
            return self.body.as_size(number)

    def _outside_sizes(self, value: Value) -> Sequence[Size]:
        return self.body.views[value].sizes

    def part(self, value: Value, sizes: Sequence[Size]) -> View:
        """Scratch for an array like this one, and the part of it that holds so many elements."""
        return self.part_of(self.buffer(value), value, sizes)

    def buffer(self, value: Value) -> Value:
        """Scratch for an array like this one as large as it can get."""
        return self.scratch(value.type, self._most(value))

    def _most(self, value: Value) -> list[Size]:
        most = self.extents.room(value)
        assert most is not None, "what has no known size was refused"
        return most

    def part_of(self, memref: Value, value: Value, sizes: Sequence[Size]) -> View:
        """The first elements of scratch as an array of these sizes, without gaps."""
        inner = zip(sizes[1:], self._most(value)[1:], strict=True)
        if not all(size is end or size == end for size, end in inner):
            shape = tuple(size if isinstance(size, int) else None for size in sizes)
            type = MemRefType(shape, value.type.element)
            dynamic = [size for size in sizes if isinstance(size, Value)]
            memref = self.builder.value(loop.buffer, memref, dynamic, types=[type])
        return View.whole(memref, sizes)

    def scratch(self, type: TensorType, most: Sequence[Size]) -> Value:
        """A buffer of these sizes, which may be known at run time only."""
        with _at(self.builder, self._before_all()):
            return self.signature.scratch(type, most).memref

    def most_trips(self, op: Operation, form: Structured) -> list[Size]:
        """How often each loop of a structured operation can run."""
        shapes = [
            self.extents.room(value) if is_array(value)
            else value.type.shape if isinstance(value.type, TensorType) else ()
            for value in op.operands[: len(form.maps)]
        ]  # fmt: skip
        return form.trip_counts([shape or () for shape in shapes], op)

    def as_whole(self, type: TensorType, view: View, sizes: Sequence[Size]) -> View:
        """All of a buffer with other dimensions, before the outermost loop if it can be."""
        dynamic = [
            self.signature.index(size)
            for size, dim in zip(sizes, type.shape, strict=True)
            if dim is None
        ]
        memref = MemRefType(type.shape, type.element)
        early = all(self._is_outside(value) for value in (view.memref, *dynamic))
        with _at(self.builder, self._before_all() if early else self.builder):
            made = self.builder.value(loop.buffer, view.memref, dynamic, types=[memref])
        return View.whole(made, sizes)

    def _is_outside(self, value: Value) -> bool:
        """Whether a new value is there before the outermost loop."""
        block = value.owner.parent if isinstance(value.owner, Operation) else value.owner
        return self._top is not None and block is self.signature.block


class _at:  # noqa: N801
    """Insert where another builder does, inside the `with` block."""

    def __init__(self, builder: Builder, place: Builder) -> None:
        self.builder, self.place = builder, place

    def __enter__(self) -> None:
        self.saved = self.builder.block, self.builder.anchor
        self.builder.block, self.builder.anchor = self.place.block, self.place.anchor

    def __exit__(self, *error: object) -> None:
        self.builder.block, self.builder.anchor = self.saved
