"""Fixed-point arithmetic (the manual's chapter 12): saturation, averaging, scaling, clipping.

Results are rounded by vxrm and saturation sets vxsat, so functions here know the unit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from fleet.emu.vector.elementwise import bind, operands_of
from fleet.emu.vector.integer import high_product
from fleet.emu.vector.operands import Instruction, Step
from fleet.emu.vector.state import VectorState

RNU, RNE, RDN, ROD = range(4)
"""Values of vxrm."""


def rounding_increment(mode: int, value: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """What is added to `value >> shift` (0 or 1 of its dtype), by the table in chapter 3.8."""
    one = value.dtype.type(1)
    below = np.where(shift == 0, one, shift) - one  # the place of the highest bit that is cut off
    half = (value >> below) & one
    rest = (value & ((one << below) - one)) != 0
    last = (value >> shift) & one
    match mode:
        case 0:
            add = half == 1
        case 1:
            add = (half == 1) & (rest | (last == 1))
        case 2:
            add = np.zeros(value.shape, np.bool_)
        case _:
            add = (last == 0) & (rest | (half == 1))
    return (add & (shift != 0)).astype(value.dtype)


def _shift_rounded(unit: VectorState, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    amount = np.broadcast_to(b & b.dtype.type(a.dtype.itemsize * 8 - 1), a.shape)
    return (a >> amount) + rounding_increment(unit.vxrm, a, amount)


def _saturate(
    unit: VectorState, wrapped: np.ndarray, over: np.ndarray, limit: np.ndarray
) -> np.ndarray:
    if over.any():
        unit.vxsat = 1
    return np.where(over, limit, wrapped)


def _limit(a: np.ndarray) -> np.ndarray:
    """What a signed result saturates to: the end of the range on the side of `a`."""
    info = np.iinfo(a.dtype)
    return np.where(a < 0, a.dtype.type(info.min), a.dtype.type(info.max))


def _add_unsigned(unit: VectorState, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    total = a + b
    return _saturate(unit, total, total < a, np.iinfo(a.dtype).max)


def _add_signed(unit: VectorState, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    total = a + b
    return _saturate(unit, total, ((a ^ total) & (b ^ total)) < 0, _limit(a))


def _subtract_unsigned(unit: VectorState, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return _saturate(unit, a - b, a < b, a.dtype.type(0))


def _subtract_signed(unit: VectorState, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    total = a - b
    return _saturate(unit, total, ((a ^ b) & (a ^ total)) < 0, _limit(a))


def _average(unit: VectorState, a: np.ndarray, b: np.ndarray, *, subtract: bool) -> np.ndarray:
    """(a + b) / 2 or (a - b) / 2, rounded, of a sum that has one bit more."""
    low = a - b if subtract else a + b
    if subtract:
        carry = (a < b).astype(a.dtype)
    elif a.dtype.kind == "u":
        carry = (low < a).astype(a.dtype)
    else:
        overflow = ((a ^ low) & (b ^ low)) < 0
        carry = ((low < 0) ^ overflow).astype(a.dtype)
    one = a.dtype.type(1)
    top = a.dtype.type(a.dtype.itemsize * 8 - 1)
    mask = ~(a.dtype.type(-1 if a.dtype.kind == "i" else 0) << top) if top else one
    half = (low >> one) & (mask if a.dtype.kind == "i" else np.iinfo(a.dtype).max >> 1)
    half = half | (carry << top)
    last = low & one
    match unit.vxrm:
        case 0:
            add = last
        case 1:
            add = last & half & one
        case 2:
            add = a.dtype.type(0)
        case _:
            add = last & ~half & one
    return half + add


def _multiply(unit: VectorState, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """vsmul: the product shifted right by SEW - 1, saturating only for the least times itself."""
    b = np.broadcast_to(b, a.shape)
    bits = a.dtype.itemsize * 8
    over = (a == np.iinfo(a.dtype).min) & (b == np.iinfo(a.dtype).min)
    if bits < 64:
        wide = np.dtype(f"i{a.dtype.itemsize * 2}")
        product = a.astype(wide) * b.astype(wide)
        shift = np.full(a.shape, bits - 1, wide)
        rounded = (product >> shift) + rounding_increment(unit.vxrm, product, shift)
        result = rounded.astype(a.dtype)
    else:
        high, low = high_product(a, b), (a * b).view(np.uint64)
        shift = np.full(a.shape, 63, np.uint64)
        kept = (high << 1) | (low >> np.uint64(63)).view(np.int64)
        # the increment looks at bits 63 (last) and below (cut off), all of them in the low half
        result = kept + rounding_increment(unit.vxrm, low, shift).view(np.int64)
    return _saturate(unit, result, over, a.dtype.type(np.iinfo(a.dtype).max))


def _clip(narrow: np.dtype, unit: VectorState, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    shifted = _shift_rounded(unit, a, b)
    info = np.iinfo(narrow)
    clipped = np.clip(shifted, a.dtype.type(info.min), a.dtype.type(info.max))
    if (clipped != shifted).any():
        unit.vxsat = 1
    return clipped


OPERATIONS: dict[str, tuple[str, Callable[..., np.ndarray]]] = {
    "vsaddu": ("uuu", _add_unsigned),
    "vsadd": ("iii", _add_signed),
    "vssubu": ("uuu", _subtract_unsigned),
    "vssub": ("iii", _subtract_signed),
    "vaaddu": ("uuu", partial(_average, subtract=False)),
    "vaadd": ("iii", partial(_average, subtract=False)),
    "vasubu": ("uuu", partial(_average, subtract=True)),
    "vasub": ("iii", partial(_average, subtract=True)),
    "vsmul": ("iii", _multiply),
    "vssrl": ("uuu", _shift_rounded),
    "vssra": ("iii", _shift_rounded),
    "vnclipu": ("uuu", _clip),
    "vnclip": ("iii", _clip),
}


def bind_fixed_point(inst: Instruction) -> Step:
    kinds, operation = OPERATIONS[inst.stem]
    dest, operands = operands_of(inst, kinds)
    unit = inst.unit
    if operation is _clip:
        operation = partial(_clip, np.dtype(f"{kinds[0]}{inst.sew // 8}"))

    def compute(a: np.ndarray, b: np.ndarray, out: np.ndarray | None) -> np.ndarray:
        result = operation(unit, a, b)
        if out is None:
            return result
        out[...] = result
        return out

    return bind(inst, compute, kinds[0], dest, operands)


BINDERS = dict.fromkeys(OPERATIONS, bind_fixed_point)
