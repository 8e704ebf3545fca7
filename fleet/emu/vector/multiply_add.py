"""Binding of multiply-adds (the manual, 13.6 and 13.7): rounded once, by the ways of `fma`."""

from __future__ import annotations

from functools import partial

import numpy as np

from fleet.emu.cpu import INEXACT, ROUNDING_MODE
from fleet.emu.vector import softfloat
from fleet.emu.vector.elementwise import bind, operands_of
from fleet.emu.vector.environment import HOST, NV, NX, RMM, RNE
from fleet.emu.vector.float_ops import CANONICAL, FORMAT, FloatOps, has_nan, signaling
from fleet.emu.vector.floating import check_widened, guard
from fleet.emu.vector.fma import (
    Room,
    combination,
    fused_double,
    fused_double_fast,
    fused_exactly,
    fused_single,
    in_range,
)
from fleet.emu.vector.operands import Instruction, Step


def fused(
    ops: FloatOps,
    signs: tuple[bool, bool],
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    out: np.ndarray | None,
) -> np.ndarray:
    """±(x * y) ± z, rounded once. signs: whether product and addend are negated."""
    if out is None:
        out = np.empty(z.shape, z.dtype)
    mode = ops.mode
    if z.itemsize == 4 and mode != RMM:
        check = partial(check_fused, ops, x, y, z)
        fused_single(ops.events, x, y, z, signs, out, Room.of(z.size), check)(mode)
        return out
    if z.itemsize == 2:
        return _fused_halves(ops, signs, x, y, z, out)
    negate, subtract = signs
    first = np.broadcast_to(-x if negate else x, z.shape).copy()
    second = np.broadcast_to(y, z.shape).copy()
    third = -z if subtract else z.copy()
    result = _exact_double(ops, first, second, third, mode)
    if has_nan(result):
        nan = np.isnan(result)
        check_fused(ops, x, y, z, nan)
        result[nan] = CANONICAL[result.itemsize]
    out[...] = result
    return out


def _fused_halves(
    ops: FloatOps,
    signs: tuple[bool, bool],
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    out: np.ndarray,
) -> np.ndarray:
    negate, subtract = (softfloat.HALF.sign if sign else 0 for sign in signs)
    first, second, third = (a.view(np.uint16) for a in np.broadcast_arrays(x, y, z))
    bits = out.view(np.uint16)
    for index, (a, b, c) in enumerate(
        zip(first.tolist(), second.tolist(), third.tolist(), strict=True)
    ):
        bits[index], flags = softfloat.fused(
            softfloat.HALF, a ^ negate, b, c ^ subtract, ops.mode
        )
        ops.cpu.raise_flags(flags)
    return out


def check_fused(
    ops: FloatOps, x: np.ndarray, y: np.ndarray, z: np.ndarray, nan: np.ndarray
) -> None:
    """Raises NV if the operands call for it, where `nan` says which results are NaN.

    Infinity times zero does even where a quiet NaN is added.
    """
    a, b = np.abs(x), np.abs(y)
    product_invalid = ((a == np.inf) & (b == 0)) | ((a == 0) & (b == np.inf))
    new = nan & ~(np.isnan(x) | np.isnan(y) | np.isnan(z))
    if (product_invalid | new | signaling(x) | signaling(y) | signaling(z)).any():
        ops.cpu.raise_flags(NV)


def fused_widened(
    ops: FloatOps,
    signs: tuple[bool, bool],
    a: np.ndarray,
    b: np.ndarray,
    d: np.ndarray,
    out: np.ndarray | None,
) -> np.ndarray:
    """±(a * b) ± d where a and b come from f32: their product is exact in f64."""
    total = combination(*signs)(a * b, d, np.empty(d.shape, d.dtype))
    nan = np.isnan(total)
    if nan.any():
        check_fused(ops, a, b, d, nan)
        total[nan] = CANONICAL[total.itemsize]
    if out is None:
        return total
    out[...] = total
    return out


def _exact_double(
    ops: FloatOps, x: np.ndarray, y: np.ndarray, z: np.ndarray, mode: int
) -> np.ndarray:
    if mode == RMM:
        result, flags = fused_exactly(FORMAT[z.itemsize], x, y, z, mode)
        ops.cpu.raise_flags(flags)
        return result
    plain = np.isinf(x) | np.isinf(y) | np.isinf(z) | np.isnan(x) | np.isnan(y) | np.isnan(z)
    plain |= (x == 0) | (y == 0)
    near = in_range(x, y, z)
    if mode == RNE:
        high, rest, cut = fused_double(x, y, z)
    else:
        high, rest, cut = HOST.rounding(RNE, fused_double, x, y, z, after=mode)
    ops.events.take()
    HOST.clear_inexact()
    total = high + rest
    inexact = (total - high != rest) | (cut != 0)
    swallowed = np.isinf(z) & np.isfinite(x) & np.isfinite(y)  # also a product that overflows
    simple = np.where(swallowed, 0.0, x * y) + z
    ops.events.take()
    result = np.where(plain | (near & (total == 0)), simple, total)
    far = ~(plain | near)
    if far.any():
        result[far], flags = fused_exactly(softfloat.DOUBLE, x[far], y[far], z[far], mode)
        ops.cpu.raise_flags(flags)
    if (inexact & near & ~plain).any():
        ops.cpu.raise_flags(NX)
    HOST.clear_inexact()
    return result


# stem: which two of vs2 (0), vs1 or fs1 (1), vd (2) are multiplied, what is added; signs of both
MULTIPLY_ADD: dict[str, tuple[tuple[int, int, int], tuple[bool, bool]]] = {
    "vfmacc": ((0, 1, 2), (False, False)),
    "vfnmacc": ((0, 1, 2), (True, True)),
    "vfmsac": ((0, 1, 2), (False, True)),
    "vfnmsac": ((0, 1, 2), (True, False)),
    "vfmadd": ((2, 1, 0), (False, False)),
    "vfnmadd": ((2, 1, 0), (True, True)),
    "vfmsub": ((2, 1, 0), (False, True)),
    "vfnmsub": ((2, 1, 0), (True, False)),
    "vfwmacc": ((0, 1, 2), (False, False)),
    "vfwnmacc": ((0, 1, 2), (True, True)),
    "vfwmsac": ((0, 1, 2), (False, True)),
    "vfwnmsac": ((0, 1, 2), (True, False)),
}


def bind_multiply_add(inst: Instruction) -> Step:
    order, signs = MULTIPLY_ADD[inst.stem]
    ops = inst.unit.float_ops
    dest, operands = operands_of(inst, "fff")
    wide = "widening" in inst.flags
    if inst.vl and not wide and inst.active() is None and inst.sew > 16:
        x, y, z = (operands[i].view for i in order)
        fast = _fused_single if dest.eew == 32 else _fused_double
        out = inst.vector(dest, "f")
        step = fast(inst, signs, x, y, z, out)
        return guard(inst, step, lambda: partial(fused, ops, signs, x, y, z, out))

    def compute(*arguments: np.ndarray | None) -> np.ndarray:
        *sources, out = arguments
        x, y, z = (sources[i] for i in order)
        if wide and ops.mode != RMM:
            return fused_widened(ops, signs, x, y, z, out)
        return fused(ops, signs, x, y, z, out)

    step = bind(inst, compute, "f", dest, operands, keeps_sources=True)
    return guard(inst, check_widened(inst, step, operands))


def _fused_single(
    inst: Instruction,
    signs: tuple[bool, bool],
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    out: np.ndarray,
) -> Step:
    ops = inst.unit.float_ops
    registers = ops.cpu.registers
    room = Room(*[inst.scratch(slot, np.float64) for slot in range(6)])
    compute = fused_single(
        ops.events, x, y, z, signs, out, room, partial(check_fused, ops, x, y, z)
    )

    return lambda: compute(registers[ROUNDING_MODE])


def _fused_double(
    inst: Instruction,
    signs: tuple[bool, bool],
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    out: np.ndarray,
) -> Step:
    """Tries the fast path, which is right or says no; flags other than NX are raised by neither."""
    ops = inst.unit.float_ops
    registers, flag_byte, events = ops.cpu.registers, ops.cpu.flag_byte, ops.events
    room = Room(*[inst.scratch(slot, np.float64) for slot in range(10)])
    attempt = fused_double_fast(events, x, y, z, signs, out, room)

    def step() -> None:
        plain = registers[ROUNDING_MODE] == RNE and flag_byte[0] & INEXACT
        if not (plain and attempt()):
            events.pending = 0
            fused(ops, signs, x, y, z, out)

    return step


BINDERS = dict.fromkeys(MULTIPLY_ADD, bind_multiply_add)
