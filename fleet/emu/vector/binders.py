"""All instructions of the unit: stem to the function that binds one to a configuration."""

from __future__ import annotations

from collections.abc import Callable

from fleet.emu.cpu import ROUNDING_MODE
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
from fleet.emu.vector.environment import RMM
from fleet.emu.vector.operands import Instruction, Step

Binder = Callable[[Instruction], Step]

FLOAT_MOVES = ("vfmv.v", "vfmerge", "vfmv.f", "vfmv.s", "vfslide1up", "vfslide1down")
"""Stems that move floats and round nothing."""


def _checking_mode(bind: Binder) -> Binder:
    """A reserved frm makes every float instruction illegal, whatever it does (10.1)."""

    def bind_checked(inst: Instruction) -> Step:
        step, registers = bind(inst), inst.unit.cpu.registers

        def run() -> None:
            inst.require(registers[ROUNDING_MODE] <= RMM, "rounding mode in frm")
            step()

        return run

    return bind_checked


def _count(inst: Instruction) -> Step:
    """vcpop.m counts bits of a mask, vcpop.v those of each element."""
    return (integer.bind_unary if inst.form == "v" else masks.bind_count)(inst)


BINDERS: dict[str, Binder] = (
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
BINDERS["vcpop"] = _count
BINDERS |= {stem: _checking_mode(BINDERS[stem]) for stem in FLOAT_MOVES}
