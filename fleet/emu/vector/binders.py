"""All instructions of the unit: stem to the function that binds one to a configuration."""

from __future__ import annotations

from collections.abc import Callable

from fleet.emu.vector import (
    conversion,
    fixedpoint,
    floating,
    integer,
    loadstore,
    masks,
    multiply_add,
    permutation,
    reduction,
)
from fleet.emu.vector.operands import Instruction, Step

BINDERS: dict[str, Callable[[Instruction], Step]] = (
    integer.BINDERS
    | fixedpoint.BINDERS
    | floating.BINDERS
    | multiply_add.BINDERS
    | conversion.BINDERS
    | masks.BINDERS
    | permutation.BINDERS
    | reduction.BINDERS
    | loadstore.BINDERS
)
