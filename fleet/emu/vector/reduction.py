"""Reductions (the manual's chapter 14): vd[0] = vs1[0] combined with the active elements of vs2."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from fleet.emu.vector.environment import RMM
from fleet.emu.vector.float_ops import FloatOps
from fleet.emu.vector.floating import guard
from fleet.emu.vector.operands import Instruction, Step, dtype_of, nothing

INTEGER: dict[str, tuple[str, np.ufunc]] = {
    "vredsum": ("u", np.add),
    "vredand": ("u", np.bitwise_and),
    "vredor": ("u", np.bitwise_or),
    "vredxor": ("u", np.bitwise_xor),
    "vredminu": ("u", np.minimum),
    "vredmin": ("i", np.minimum),
    "vredmaxu": ("u", np.maximum),
    "vredmax": ("i", np.maximum),
    "vwredsumu": ("u", np.add),
    "vwredsum": ("i", np.add),
}


def bind_integer(inst: Instruction) -> Step:
    kind, function = INTEGER[inst.stem]
    wide = _result_width(inst)
    dtype = dtype_of(kind, wide)
    inst.require_no_vstart()
    source = inst.group(inst.vs2)
    if inst.vl == 0:
        return nothing
    values, active = inst.vector(source, kind), inst.active()
    first, out = inst.element_zero(inst.vs1, kind, wide), inst.element_zero(inst.vd, kind, wide)

    def step() -> None:
        chosen = values if active is None else values[active()]
        if chosen.size:
            out[0] = function(function.reduce(chosen, dtype=dtype), first[0])
        else:
            out[0] = first[0]

    return step


def _result_width(inst: Instruction) -> int:
    return inst.sew * 2 if "widening" in inst.flags else inst.sew


def bind_float(inst: Instruction) -> Step:
    """The unordered sum takes the order of the ordered one, which the manual allows."""
    wide = _result_width(inst)
    dtype_of("f", inst.sew)
    dtype = dtype_of("f", wide)
    inst.require_no_vstart()
    source = inst.group(inst.vs2)
    ops = inst.unit.float_ops
    if inst.vl == 0:
        return guard(inst, nothing)
    values, active = inst.vector(source, "f"), inst.active()
    first, out = inst.element_zero(inst.vs1, "f", wide), inst.element_zero(inst.vd, "f", wide)
    extreme = {"vfredmin": 1, "vfredmax": -1}.get(inst.stem)
    combine = _sum if extreme is None else partial(_extreme, extreme)

    def step() -> None:
        chosen = values if active is None else values[active()]
        if not chosen.size:
            out[0] = first[0]
            return
        if wide != inst.sew:
            ops.check_signaling(chosen)
        out[0] = combine(ops, np.concatenate((first, chosen.astype(dtype))))

    return guard(inst, step)


def _sum(ops: FloatOps, terms: np.ndarray) -> np.ndarray:
    """From the first to the last, rounding after each addition."""
    if ops.mode == RMM or terms.itemsize == 2:
        total = terms[:1]
        for index in range(1, len(terms)):
            total = ops.exactly("add", total, terms[index : index + 1], None)
        return total[0]
    sums = np.add.accumulate(terms)
    nan = np.isnan(sums)
    if nan.any():
        ops.check_signaling(terms)
        begin = nan.argmax()
        if not np.isnan(terms[: begin + 1]).any():
            ops.settle(sums[begin : begin + 1])
        return ops.settle(sums[-1:], terms[-1:], sums[-2:-1])[0]
    return sums[-1]


def _extreme(sign: int, ops: FloatOps, terms: np.ndarray) -> np.ndarray:
    while len(terms) > 1:
        half = len(terms) // 2
        rest = terms[2 * half :]
        terms = np.concatenate((ops.least(sign, terms[:half], terms[half : 2 * half], None), rest))
    return terms[0]


BINDERS: dict[str, Callable[[Instruction], Step]] = dict.fromkeys(
    INTEGER, bind_integer
) | dict.fromkeys(
    ("vfredusum", "vfredosum", "vfredmin", "vfredmax", "vfwredusum", "vfwredosum"), bind_float
)
