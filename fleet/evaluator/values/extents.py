"""What is known of a shape that takes part in a join: extents, known or open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fleet.dialects import tensor
from fleet.evaluator.values import (
    sizes,
)
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.sizes import Dim, Size
from fleet.ir.core import Value
from fleet.ir.types import Type


@dataclass(frozen=True)
class Open:
    """A dimension that differs between paths; `least` is its lower bound."""

    least: int | None = 0

    def dim(self) -> Size:
        return sizes.fresh(self.least, sizes.LENGTH)


Extent = Dim | Open


def join_dims(a: Extent, b: Extent) -> Extent:
    if not isinstance(a, Open) and not isinstance(b, Open) and a == b:
        return a
    low = [x.least if isinstance(x, Open) else sizes.least(x) for x in (a, b)]
    return Open(None if None in low else min(low))


def dims_of(extents: tuple[Extent, ...]) -> tuple[Dim, ...]:
    return tuple(x.dim() if isinstance(x, Open) else x for x in extents)


def type_with(extents: tuple[Extent, ...], dtype: np.dtype) -> Type:
    return tensor_type(tuple(x if isinstance(x, int) else None for x in extents), dtype)


def fitted(e: Emitter, value: Value, type: Type) -> Value:
    return value if value.type == type else e.value(tensor.cast, value, types=[type])


def zeros_of(e: Emitter, extents: tuple[Extent, ...], dtype: np.dtype) -> Value:
    lengths = [x if isinstance(x, int) else 0 for x in extents]
    known = np.broadcast_to(np.zeros((), dtype), lengths)
    return fitted(e, e.dense(known), type_with(extents, dtype))
