"""Fused multiply-add with NumPy, which has none: exact to the bit, most elements at full speed.

f32: the product of two f32 is exact in f64, and so is nearly every sum: rounding it once more to f32 is
wrong only where the rounded f64 lies exactly on the midpoint of two f32 although the exact sum does not.
Those elements are *rounded to odd* instead (the last bit remembers that something was cut off), after
which the second rounding is right. Midpoints of normal numbers are seen in the low 29 bits; subnormal
results announce themselves as underflow when they are cast.

f64: error-free transformations and rounding to odd (Boldo and Melquiond, "Emulation of a FMA and
correctly rounded sums", IEEE Trans. Computers 57, 2008); operands near the ends of the range go to
`softfloat`.
"""

from __future__ import annotations

import numpy as np

from fleet.emu.vector import softfloat
from fleet.emu.vector.environment import UF, Events

_BELOW_F32 = np.int64(35)
_TIE = -(1 << 63)
_SPLITTER = 134217729.0  # 2**27 + 1


class Room:
    """Working space for `count` elements of f64, and the constant that finds midpoints."""

    __slots__ = ("addend", "factor", "low", "product", "shift", "total", "total_bits")

    def __init__(self, *arrays: np.ndarray) -> None:
        self.product, self.factor, self.addend, self.total, low, shift = arrays
        self.low, self.shift = low.view(np.int64), shift.view(np.int64)
        self.total_bits = self.total.view(np.int64)

    @staticmethod
    def of(count: int) -> Room:
        return Room(*np.empty((6, count)))


def fused_single(
    events: Events,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    negate: bool,
    subtract: bool,
    nearest: bool,
    out: np.ndarray,
    room: Room,
) -> None:
    """out = ±(x * y) ± z in f32. Overflow and underflow end up in `events`; NaNs as they come.

    nearest: rounding to nearest, the only mode in which rounding twice can go wrong.
    """
    product, addend, total = room.product, room.addend, room.total
    product[...] = x
    room.factor[...] = y
    addend[...] = z
    np.multiply(product, room.factor, product)
    if negate:
        np.negative(product, product)
    if subtract:
        np.subtract(product, addend, total)
    else:
        np.add(product, addend, total)
    if not nearest:
        out[...] = total
        return
    room.shift[...] = _BELOW_F32
    low = np.left_shift(room.total_bits, room.shift, room.low)
    if low.item(low.argmin()) == _TIE:
        _round_to_odd(product, addend, subtract, total, low == _TIE)
    out[...] = total
    if events.pending & UF:
        _round_to_odd(product, addend, subtract, total, np.abs(total) < 2.0**-125)
        out[...] = total


def _round_to_odd(
    product: np.ndarray, addend: np.ndarray, subtract: bool, total: np.ndarray, at: np.ndarray
) -> None:
    """Replaces `total` where `at` says so by product ± addend rounded to odd."""
    p, t = product[at], total[at]
    c = -addend[at] if subtract else addend[at]
    total[at] = odd(t, sum_error(p, c, t))


def sum_error(a: np.ndarray, b: np.ndarray, total: np.ndarray) -> np.ndarray:
    """a + b - total exactly, for total = a + b rounded (Knuth's TwoSum)."""
    part = total - a
    return (a - (total - part)) + (b - part)


def odd(total: np.ndarray, error: np.ndarray) -> np.ndarray:
    """total + error rounded to odd, where total is that sum rounded to nearest."""
    even = (total.view(np.int64) & 1) == 0
    stepped = np.nextafter(total, np.where(error > 0, np.inf, -np.inf))
    return np.where(even & (error != 0), stepped, total)


def product_error(x: np.ndarray, y: np.ndarray, product: np.ndarray) -> np.ndarray:
    """x * y - product exactly (Dekker's TwoProduct with Veltkamp's split)."""
    a, b = x * _SPLITTER, y * _SPLITTER
    x_high, y_high = a - (a - x), b - (b - y)
    x_low, y_low = x - x_high, y - y_high
    return x_low * y_low - (((product - x_high * y_high) - x_low * y_high) - x_high * y_low)


def _exponent(x: np.ndarray) -> np.ndarray:
    return (x.view(np.int64) >> 52 & 0x7FF) - 1023


def fused_double(
    x: np.ndarray, y: np.ndarray, z: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x * y + z as a pair (high, rest): the result is high + rest, rounded once in any mode.

    The third array is not 0 where something was cut off from `rest`. To be called under rounding to
    nearest; holds where `in_range` does, elsewhere the results mean nothing.
    """
    product = x * y
    low = product_error(x, y, product)
    small = z + low
    smaller = sum_error(z, low, small)
    high = product + small
    rest = sum_error(product, small, high)
    total = smaller + rest
    error = sum_error(smaller, rest, total)
    return high, odd(total, error), error


def in_range(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Where no intermediate result of `fused_double` overflows or loses bits to underflow.

    x and y are not zero there (nor subnormal).
    """
    ex, ey, ez = _exponent(x), _exponent(y), _exponent(z)
    ep = ex + ey
    normal = (ex > -1023) & (ey > -1023) & (ex < 990) & (ey < 990)
    return normal & (ep > -900) & (ep < 1000) & (ez < 1000)


def fused_exactly(
    form: softfloat.Format, x: np.ndarray, y: np.ndarray, z: np.ndarray, mode: int
) -> tuple[np.ndarray, int]:
    """x * y + z by integers, element after element. Returns the results and the flags raised."""
    kind = np.dtype(f"u{form.width // 8}")
    flags = 0
    bits = []
    for a, b, c in zip(*(v.view(kind).tolist() for v in (x, y, z)), strict=True):
        result, raised = softfloat.fused(form, a, b, c, mode)
        bits.append(result)
        flags |= raised
    return np.array(bits, kind).view(x.dtype), flags
