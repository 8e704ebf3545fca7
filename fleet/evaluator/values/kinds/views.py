"""A view of an array as a value that a branch or a loop hands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet.evaluator.values import (
    sizes,
)
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import (
    Cell,
)
from fleet.evaluator.values.kinds import Kind
from fleet.evaluator.values.kinds.tagged import Plain
from fleet.evaluator.values.ndarrays import tensors, views
from fleet.evaluator.values.then import (
    Array,
    Number,
)
from fleet.ir.core import Value
from fleet.ir.types import Type, i64


@dataclass(frozen=True, eq=False)
class ViewKind(Plain):
    """An array that is the part of a storage within a span for each of its axes.

    axes: for each axis of the array, the storage's that it shows; strides: of the spans.
    """

    cell: Cell
    dtype: np.dtype
    axes: tuple[int, ...]
    strides: tuple[int, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ViewKind) and self.cell is other.cell and (
            (self.axes, self.strides) == (other.axes, other.strides)
        )

    __hash__ = None

    def types(self) -> list[Type]:
        return [i64] * (2 * len(self.strides))

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        spans, _ = views.spans_within(e, value)
        return [e.plain(e.number(part)) for start, count, _ in spans for part in (start, count)]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Array:
        spans = []
        for stride in self.strides:
            start, count = (Number(e, "int", next(values), sizes.length()) for _ in range(2))
            spans.append((start, count, stride))
        step = views.SliceStep(spans, self.axes)
        return Array(e, self.cell, tuple(map(tensors.dim_of, step.lengths)), self.dtype, (step,))

    def join(self, other: Kind) -> Kind | None:
        return self if self == other else None

    def placeholder(self, e: Emitter) -> list[Value]:
        return [e.constant(0, i64) for _ in self.types()]


def view_kind(e: Emitter, value: Any) -> ViewKind | None:
    """That of an array which is a part of its storage that spans tell."""
    found = views.spans_within(e, value)
    if found is None or None in found[1]:
        return None
    spans, axes = found
    return ViewKind(value.cell, value.dtype, tuple(axes), tuple(step for *_, step in spans))
