"""Conversions between integers and floats and between float formats (the manual, 13.17 to 13.19),
and the seven-bit estimates of reciprocal and reciprocal square root (13.9, 13.10).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from fleet.emu.vector import softfloat
from fleet.emu.vector.elementwise import Operand, bind
from fleet.emu.vector.environment import DZ, HOST, NV, NX, OF, RMM, RTZ, RUP
from fleet.emu.vector.environment import RDN as ROUND_DOWN
from fleet.emu.vector.float_ops import CANONICAL, FORMAT, FloatOps
from fleet.emu.vector.floating import guard
from fleet.emu.vector.operands import Instruction, Step, dtype_of


def _round_half_away(x: np.ndarray) -> np.ndarray:
    whole = np.trunc(x)
    return whole + np.where(np.abs(x - whole) >= 0.5, np.copysign(1.0, x), 0.0)


INTEGRAL = [np.rint, np.trunc, np.floor, np.ceil, _round_half_away]
"""Rounding to a whole number by rounding mode."""


def to_integer(
    ops: FloatOps, dtype: np.dtype, mode: int | None, x: np.ndarray
) -> np.ndarray:
    """Rounded by `mode` (None: frm) and saturated; NaN becomes the greatest integer."""
    whole = INTEGRAL[ops.mode if mode is None else mode](x.astype(np.float64))
    info = np.iinfo(dtype)
    below, above = whole < float(info.min), whole >= float(info.max + 1)
    nan = np.isnan(x)
    bad = below | above | nan
    inexact = bool((~bad & (whole != x)).any())
    result = np.where(bad, 0.0, whole).astype(dtype)
    if bad.any():
        ops.cpu.raise_flags(NV)
        result[below] = info.min
        result[above | nan] = info.max
    HOST.clear_inexact()  # only what is counted here counts
    if inexact:
        ops.cpu.raise_flags(NX)
    return result


def to_float(ops: FloatOps, dtype: np.dtype, x: np.ndarray) -> np.ndarray:
    """Integers, or floats of another format, rounded to `dtype`."""
    narrows = x.dtype.itemsize >= dtype.itemsize
    if narrows and (ops.mode == RMM or dtype.itemsize == 2):
        return _to_float_exactly(ops, dtype, x, ops.mode)
    result = x.astype(dtype)
    return ops.settle(result, x) if x.dtype.kind == "f" else result


def _to_float_exactly(
    ops: FloatOps, dtype: np.dtype, x: np.ndarray, mode: int
) -> np.ndarray:
    form = FORMAT[dtype.itemsize]
    finite = np.isfinite(x) & (x != 0)
    result = np.where(finite, 0, x).astype(dtype)
    bits = result.view(np.dtype(f"u{dtype.itemsize}"))
    for index in np.flatnonzero(finite).tolist():
        value = x.item(index)
        if x.dtype.kind == "f":
            number = softfloat.unpack(softfloat.DOUBLE, softfloat.bits_of(value))
        else:
            number = value, 0
        bits[index], flags = softfloat.round_pack(form, *number, mode)
        ops.cpu.raise_flags(flags)
    HOST.clear_inexact()
    return ops.settle(result, x) if x.dtype.kind == "f" else result


def to_float_odd(ops: FloatOps, dtype: np.dtype, x: np.ndarray) -> np.ndarray:
    """A narrower float with the last bit set where anything was cut off."""
    if dtype.itemsize == 2:
        result = _to_float_exactly(ops, dtype, x, RTZ)
        inexact = np.isfinite(x) & (result.astype(np.float64) != x)
        result.view(np.uint16)[inexact] |= np.uint16(1)
        return result
    result = HOST.rounding(RTZ, x.astype, dtype, after=ops.mode if ops.mode != RMM else 0)
    inexact = np.isfinite(x) & (result.astype(np.float64) != x)
    if inexact.any():
        result.view(np.uint32)[inexact] |= np.uint32(1)
        ops.cpu.raise_flags(NX)
    return ops.settle(result, x)


def bind_conversion(inst: Instruction) -> Step:
    """vf[wn]cvt.[rtz.|rod.]DEST.SOURCE.[vw], where x, xu and f name the formats."""
    parts = inst.encoding.mnemonic.split(".")
    name, *how, to, source, _ = parts
    wide = {"vfcvt": 0, "vfwcvt": 1, "vfncvt": -1}[name]
    a = inst.group(inst.vs2, 1 if wide < 0 else 0)
    dest = inst.group(inst.vd, 1 if wide > 0 else 0)
    inst.check_destination(dest, a)
    kind = {"x": "i", "xu": "u", "f": "f"}
    ops = inst.unit.float_ops
    from_dtype, to_dtype = dtype_of(kind[source], a.eew), dtype_of(kind[to], dest.eew)
    if to != "f":
        function = partial(to_integer, ops, to_dtype, RTZ if how else None)
    elif how:
        function = partial(to_float_odd, ops, to_dtype)
    else:
        function = partial(to_float, ops, to_dtype)
    active = inst.active()
    if inst.vl == 0:
        return guard(inst, lambda: None)
    values, out = inst.vector(a, from_dtype.kind), inst.vector(dest, to_dtype.kind)

    def step() -> None:
        out[...] = function(values)

    def step_masked() -> None:
        chosen = active()
        if chosen.any():
            out[chosen] = function(values[chosen])

    return guard(inst, step if active is None else step_masked)


def _root_entry(index: int) -> int:
    """Seven bits of 1/sqrt(x) at the middle of the interval that `index` stands for.

    The top bit of the index is the lowest of the biased exponent: 1 for x in [1/4, 1/2), where the
    result is in [sqrt(2), 2), and 0 for x in [1/2, 1).
    """
    middle = 64.5 + (index & 63)
    x = middle / 256 if index >> 6 else middle / 128
    return round((1 / x**0.5 - 1) * 128)


def bind_estimate(inst: Instruction) -> Step:
    """vfrec7.v and vfrsqrt7.v."""
    a, dest = inst.group(inst.vs2), inst.group(inst.vd)
    inst.check_destination(dest, a)
    function = reciprocal if inst.stem == "vfrec7" else reciprocal_root
    operands = [Operand(inst.vector(a, "f"), False, "f")]
    ops = inst.unit.float_ops

    def compute(x: np.ndarray, out: np.ndarray | None) -> np.ndarray:
        result = function(ops, x)
        if out is None:
            return result
        out[...] = result
        return out

    return guard(inst, bind(inst, compute, "f", dest, operands))


def _parts(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sign bit in its place, biased exponent (below 1 for subnormals) and normalised fraction."""
    form = FORMAT[x.itemsize]
    bits = x.view(np.dtype(f"u{x.itemsize}")).astype(np.uint64)
    sign = bits & np.uint64(form.sign)
    exponent = ((bits & np.uint64(form.infinity)) >> np.uint64(form.fraction)).astype(np.int64)
    fraction = bits & np.uint64((1 << form.fraction) - 1)
    for index in np.flatnonzero((exponent == 0) & (fraction != 0)).tolist():
        shift = form.fraction + 1 - int(fraction[index]).bit_length()
        fraction[index] = int(fraction[index]) << shift & (1 << form.fraction) - 1
        exponent[index] = 1 - shift
    return sign, exponent, fraction


def _pack(x: np.ndarray, bits: np.ndarray) -> np.ndarray:
    return bits.astype(np.dtype(f"u{x.itemsize}")).view(x.dtype)


RECIPROCAL = np.array([round(256 / (1 + (i + 0.5) / 128)) - 128 for i in range(128)], np.uint64)
ROOT = np.array([_root_entry(i) for i in range(128)], np.uint64)
"""Seven-bit tables of the manual, which are the nearest values at the middle of each interval."""


def reciprocal(ops: FloatOps, x: np.ndarray) -> np.ndarray:
    form = FORMAT[x.itemsize]
    sign, exponent, fraction = _parts(x)
    index = (fraction >> np.uint64(form.fraction - 7)).astype(np.int64)
    out = RECIPROCAL[index] << np.uint64(form.fraction - 7)
    power = 2 * form.bias - 1 - exponent
    # results with an exponent of 0 or -1 are subnormal: the leading one becomes part of them
    subnormal = power <= 0
    leading = np.uint64(1 << form.fraction)
    shift = np.where(subnormal, 1 - power, 0).astype(np.uint64)
    out = np.where(subnormal, (out | leading) >> shift, out)
    power = np.where(subnormal, 0, power)
    result = _pack(x, sign | (power.astype(np.uint64) << np.uint64(form.fraction)) | out)
    result = np.where(np.isinf(x), np.copysign(x.dtype.type(0), x), result)
    result = np.where(x == 0, np.copysign(x.dtype.type(np.inf), x), result)
    if (x == 0).any():
        ops.cpu.raise_flags(DZ)
    tiny = (exponent < -1) & (x != 0)
    if tiny.any():  # 1/x overflows: infinity or the greatest number, as the mode says
        ops.cpu.raise_flags(OF | NX)
        negative = sign != 0
        mode = ops.mode
        inward = (mode == RTZ) | (negative & (mode == RUP)) | (~negative & (mode == ROUND_DOWN))
        greatest = np.where(inward, _pack(x, np.array(form.infinity - 1)), x.dtype.type(np.inf))
        result = np.where(tiny, np.copysign(greatest, x), result)
    result = np.where(np.isnan(x), x, result).astype(x.dtype)
    HOST.clear_inexact()
    return ops.settle(result, x)


def reciprocal_root(ops: FloatOps, x: np.ndarray) -> np.ndarray:
    form = FORMAT[x.itemsize]
    sign, exponent, fraction = _parts(x)
    index = ((exponent & 1) << 6) | (fraction >> np.uint64(form.fraction - 6)).astype(np.int64)
    out = ROOT[index] << np.uint64(form.fraction - 7)
    power = (3 * form.bias - 1 - exponent) >> 1
    result = _pack(x, sign | (power.astype(np.uint64) << np.uint64(form.fraction)) | out)
    result = np.where(x == 0, np.copysign(x.dtype.type(np.inf), x), result)
    result = np.where(np.isposinf(x), x.dtype.type(0), result)
    if (x == 0).any():
        ops.cpu.raise_flags(DZ)
    negative = x < 0
    if negative.any():
        ops.cpu.raise_flags(NV)
    result = np.where(np.isnan(x) | negative, CANONICAL[x.itemsize], result).astype(x.dtype)
    ops.check_signaling(x)
    HOST.clear_inexact()
    return result


CONVERSIONS = (
    "vfcvt.xu.f", "vfcvt.x.f", "vfcvt.f.xu", "vfcvt.f.x", "vfcvt.rtz.xu.f", "vfcvt.rtz.x.f",
    "vfwcvt.xu.f", "vfwcvt.x.f", "vfwcvt.f.xu", "vfwcvt.f.x", "vfwcvt.f.f",
    "vfwcvt.rtz.xu.f", "vfwcvt.rtz.x.f",
    "vfncvt.xu.f", "vfncvt.x.f", "vfncvt.f.xu", "vfncvt.f.x", "vfncvt.f.f", "vfncvt.rod.f.f",
    "vfncvt.rtz.xu.f", "vfncvt.rtz.x.f",
)  # fmt: skip

BINDERS = dict.fromkeys(CONVERSIONS, bind_conversion) | dict.fromkeys(
    ("vfrec7", "vfrsqrt7"), bind_estimate
)
