"""Binding of instructions that compute each element from the elements at the same place.

A `Row` says what an instruction does: a function of whole arrays and the kinds of its operands.
From the row, the instruction's form and its flags follow widths, conversions, masking and
destination, so that .vv, .vx, .vi, widening, narrowing and mask-producing variants share one row.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from fleet.emu.vector.operands import Group, Instruction, Step, dtype_of, nothing

Function = Callable[..., np.ndarray]
"""`f(vs2, source[, vd], out)`: stores the result in `out`, or returns it where `out` is None."""


class Row(NamedTuple):
    """kinds: of destination, vs2 and the other source: u, i or f; m is a mask as destination."""

    kinds: str
    function: Function


class Operand(NamedTuple):
    """A source: its view, whether it is one scalar for all elements, the kind of its elements."""

    view: np.ndarray
    scalar: bool
    kind: str


def storing(function: Callable[..., np.ndarray]) -> Function:
    """Adds the `out` argument to a function that returns a new array."""

    def call(*arguments: np.ndarray | None) -> np.ndarray:
        *sources, out = arguments
        result = function(*sources)
        if out is None:
            return result
        out[...] = result
        return out

    return call


def bind_row(inst: Instruction, row: Row) -> Step:
    """vs2 and vs1/rs1/fs1/immediate (and vd, when it accumulates) to vd."""
    dest, operands = operands_of(inst, row.kinds)
    return bind(inst, row.function, row.kinds[0], dest, operands)


def operands_of(inst: Instruction, kinds: str) -> tuple[Group, list[Operand]]:
    """Destination group and sources of a two-source instruction, checked."""
    flags, form = inst.flags, inst.form
    widening = "widening" in flags
    wide_vs2 = "narrowing" in flags or (widening and form[0] == "w")
    a = inst.group(inst.vs2, int(wide_vs2))
    sources = [a]
    operands = [Operand(inst.vector(a, kinds[1]), False, kinds[1])]
    match form[1]:
        case "v":
            b = inst.group(inst.vs1)
            sources.append(b)
            operands.append(Operand(inst.vector(b, kinds[2]), False, kinds[2]))
        case "x":
            operands.append(Operand(inst.integer(inst.rs1, kinds[2], inst.sew), True, kinds[2]))
        case "f":
            operands.append(Operand(inst.float(inst.rs1, inst.sew), True, kinds[2]))
        case _:
            operands.append(Operand(inst.immediate(kinds[2], inst.sew), True, kinds[2]))
    dest = inst.mask_group(inst.vd) if kinds[0] == "m" else inst.group(inst.vd, int(widening))
    inst.check_destination(dest, *sources)
    if "accumulate" in flags:
        operands.append(Operand(inst.vector(dest, kinds[0]), False, kinds[0]))
    return dest, operands


def bind(
    inst: Instruction,
    function: Function,
    kind: str,
    dest: Group,
    operands: list[Operand],
    *,
    keeps_sources: bool = False,
) -> Step:
    """The step that applies `function` to `operands` and writes vl elements to `dest`.

    keeps_sources: `function` reads sources after it has stored results.
    """
    if inst.vl == 0:
        return nothing
    width = max(operand.view.dtype.itemsize for operand in operands) * 8
    if kind == "m":
        common = None
        target = None
    else:
        width = max(width, dest.eew)
        common = dtype_of(kind, width)
        target = inst.vector(dest, kind)
    active = inst.active()
    if active is not None:
        if target is None:
            return _masked_to_mask(inst, function, operands, active)
        return _masked(function, target, common, operands, active)
    sources: list[np.ndarray] = []
    conversions: list[tuple[np.ndarray, np.ndarray]] = []
    for slot, operand in enumerate(operands):
        view = operand.view
        if view.dtype.itemsize * 8 < width:
            wide = dtype_of(operand.kind, width)
            room = np.empty((), wide) if operand.scalar else inst.scratch(slot, wide)
            conversions.append((room, view))
            view = room
        sources.append(view if common is None else view.view(common))
    if target is None:
        write = inst.mask_writer(inst.vd)
        return lambda: write(function(*sources, None))
    narrows = target.dtype.itemsize * 8 < width
    if keeps_sources:
        narrows |= any(np.may_share_memory(target, operand.view) for operand in operands)
    out = inst.scratch(len(operands), common) if narrows else target
    compute = partial(function, *sources, out)
    if not conversions and not narrows:
        return compute
    return _converting(compute, conversions, (target, out) if narrows else None)


def _converting(
    compute: Step,
    conversions: list[tuple[np.ndarray, np.ndarray]],
    narrowing: tuple[np.ndarray, np.ndarray] | None,
) -> Step:
    """Widens sources before, narrows the result after: assignment between dtypes is C's cast."""

    def step() -> None:
        for room, view in conversions:
            room[...] = view
        compute()
        if narrowing:
            narrowing[0][...] = narrowing[1]

    return step


def _masked(
    function: Function,
    target: np.ndarray,
    common: np.dtype,
    operands: list[Operand],
    active: Callable[[], np.ndarray],
) -> Step:
    """Computes the active elements only, so that the others cause no exceptions."""

    def gather(operand: Operand, chosen: np.ndarray) -> np.ndarray:
        view = operand.view if operand.scalar else operand.view[chosen]
        if view.dtype.itemsize < common.itemsize:
            view = view.astype(dtype_of(operand.kind, common.itemsize * 8))
        return view.view(common)

    def step() -> None:
        chosen = active()
        if not chosen.any():
            return
        target[chosen] = function(*[gather(o, chosen) for o in operands], None)

    return step


def _masked_to_mask(
    inst: Instruction,
    function: Function,
    operands: list[Operand],
    active: Callable[[], np.ndarray],
) -> Step:
    write = inst.mask_writer(inst.vd)

    def step() -> None:
        chosen = active()
        result = np.zeros(inst.vl, np.bool_)
        if chosen.any():
            sources = [o.view if o.scalar else o.view[chosen] for o in operands]
            result[chosen] = function(*sources, None)
        write(result)

    return step
