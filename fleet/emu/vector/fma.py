"""Fused multiply-add with NumPy, which has none: exact to the bit, most elements at full speed.

f32: the product of two f32 is exact in f64, and so is nearly every sum: rounding it once more to
f32 is wrong only where the rounded f64 lies exactly on the midpoint of two f32 although the exact
sum does not. Those elements are *rounded to odd* instead (the last bit remembers that something
was cut off), after which the second rounding is right. Midpoints of normal numbers are seen in the
low 29 bits; subnormal results announce themselves as underflow when they are cast.

f64: error-free transformations and rounding to odd (Boldo and Melquiond, "Emulation of a FMA and
correctly rounded sums", IEEE Trans. Computers 57, 2008); operands near the ends of the range go to
`softfloat`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fleet.emu.vector import softfloat
from fleet.emu.vector.environment import HOST, RNE, UF, Events

_ABOVE_LOW_28 = np.array(36, np.uint64)
_LOW_29, _MIDPOINT = np.uint64(0x1FFF_FFFF), np.uint64(0x1000_0000)
_ONE = np.array(1, np.uint32)
_SMALLEST_NORMAL = 0x00FF_FFFF  # twice the bits of 2**-126, less one
_ONE_64 = np.array(1, np.uint64)
_SMALL_PRODUCT = (1023 - 900) << 53  # twice the bits of 2**-900
_A_HAIR_MORE = np.array(1 + 2.0**-48)
_SPLITTER = np.array(134217729.0)  # 2**27 + 1


class Room:
    """Working space for `count` elements: six arrays of f64."""

    __slots__ = ("arrays",)

    def __init__(self, *arrays: np.ndarray) -> None:
        self.arrays = arrays

    @staticmethod
    def of(count: int) -> Room:
        return Room(*np.empty((6, count)))


Combine = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def combination(negate: bool, subtract: bool) -> Combine:
    """f(product, addend, out) for ±product ± addend. Signs commute with rounding to one result."""
    if negate and subtract:
        return lambda p, c, out: np.subtract(np.negative(p, p), c, out)
    if negate:
        return lambda p, c, out: np.subtract(c, p, out)
    return np.subtract if subtract else np.add


def fused_single(
    events: Events,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    signs: tuple[bool, bool],
    out: np.ndarray,
    room: Room,
    on_nan: Callable[[np.ndarray], None],
) -> Callable[[int], None]:
    """A function that stores ±(x * y) ± z in f32; its argument is the rounding mode in force.

    In the directed modes rounding twice is harmless. `out` may be one of the operands; `on_nan` is
    called before it is written when results are NaN, with the places. Overflow and underflow go to
    `events`.

    Whatever needs attention shows itself in the f64 sum by zeros in the low 28 bits: midpoints,
    NaNs and infinities, and subnormal numbers that the cast finds exact. (So do zeros and other
    exact sums, which are looked at for nothing.)
    """
    product, factor, addend, total, low, spare = room.arrays
    if y.ndim == 0:
        factor = factor[:1].reshape(())
    combine, negate, subtract = combination(*signs), *signs
    total_bits, low = total.view(np.uint64), low.view(np.uint64)
    lowest, low_item = low.argmin, low.item
    bits, magnitude = out.view(np.uint32), spare.view(np.uint32)[: len(out)]
    multiply, shift = np.multiply, np.left_shift

    def exact_terms(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p, c = product[at], addend[at]
        if negate and not subtract:  # the only combination that leaves the product as it was
            p = -p
        return p, -c if subtract else c

    def settle_exactly(at: np.ndarray) -> None:
        total[at] = odd(total[at], sum_error(*exact_terms(at), total[at]))

    def tiny_and_inexact() -> bool:
        """Subnormal results that the cast found exact may have been inexact before it."""
        p, c = exact_terms(np.abs(total) < 2.0**-126)
        return bool((sum_error(p, c, p + c) != 0).any())

    def finish_special(mode: int) -> None:
        """The last part of `compute` where something may need attention."""
        nan = np.isnan(total)
        has_nan = nan.any()
        if has_nan:
            on_nan(nan)
        if mode == RNE:
            ties = (total_bits & _LOW_29) == _MIDPOINT
            if ties.any():
                settle_exactly(ties)
        out[...] = total
        if events.pending & UF:
            settle_underflow(mode)
        else:
            shift(bits, _ONE, magnitude)
            np.subtract(magnitude, _ONE, magnitude)  # zeros become the greatest
            if magnitude.min() < _SMALLEST_NORMAL and (
                tiny_and_inexact()
                if mode == RNE
                else HOST.rounding(RNE, tiny_and_inexact, after=mode)
            ):
                events.pending |= UF
        if has_nan:
            out[nan] = np.float32(np.nan)

    def settle_underflow(mode: int) -> None:
        if mode == RNE:
            settle_exactly(np.abs(total) < 2.0**-125)
            out[...] = total

    def compute(mode: int) -> None:
        product[...] = x
        factor[...] = y
        addend[...] = z
        multiply(product, factor, product)
        combine(product, addend, total)
        shift(total_bits, _ABOVE_LOW_28, low)
        if mode or low_item(lowest()) == 0:
            finish_special(mode)
            return
        out[...] = total
        if events.pending & UF:
            settle_underflow(mode)

    return compute


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


def fused_double_fast(
    events: Events,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    signs: tuple[bool, bool],
    out: np.ndarray,
    room: Room,
) -> Callable[[], bool]:
    """A function that stores ±(x * y) ± z in f64 rounded to nearest, or nothing and says False.

    It adds the exact product and z to high + rest, where `rest` is rounded, and says False where
    that could matter: where a rest greater by a hair changes the result. It also says False where
    a result is NaN, infinite or zero, or where the transformations may not be exact.
    """
    p, low, xh, xl, c, a, small, high, rest, spare = room.arrays
    negate, subtract = signs
    p_bits, spare_bits = p.view(np.uint64), spare.view(np.uint64)
    factor, yh, yl, work = _like_factor(y, len(out))
    add, sub, mul, shift, differ = np.add, np.subtract, np.multiply, np.left_shift, np.not_equal
    least, item = spare_bits.argmin, spare_bits.item
    highest, high_item, count = small.argmax, small.item, len(out)
    unsure = np.empty(count, np.bool_)

    def split(v: np.ndarray, upper: np.ndarray, lower: np.ndarray, room: np.ndarray) -> None:
        mul(v, _SPLITTER, room)
        sub(room, v, upper)
        sub(room, upper, upper)
        sub(v, upper, lower)

    def compute() -> bool:
        events.pending = 0
        factor[...] = y
        mul(x, factor, p)
        shift(p_bits, _ONE_64, spare_bits)
        if events.pending or item(least()) < _SMALL_PRODUCT:
            return False
        split(x, xh, xl, a)
        split(factor, yh, yl, work)
        mul(xh, yh, low)
        sub(p, low, low)
        mul(xl, yh, a)
        sub(low, a, low)
        mul(xh, yl, a)
        sub(low, a, low)
        mul(xl, yl, a)
        sub(a, low, low)
        if negate:
            np.negative(p, p)
            np.negative(low, low)
        c[...] = z
        if subtract:
            np.negative(c, c)
        two_sum(c, low, small, xl, spare)
        two_sum(p, small, high, xh, spare)
        add(xl, xh, rest)
        result = add(high, rest, small)
        sub(result, high, spare)
        sub(rest, spare, spare)  # what the last addition cut off
        mul(spare, _A_HAIR_MORE, spare)
        add(result, spare, spare)
        differ(result, spare, unsure)
        top = high_item(highest())
        if events.pending or top != top or unsure.any() or np.count_nonzero(result) != count:
            return False
        out[...] = result
        return True

    return compute


def _like_factor(y: np.ndarray, count: int) -> list[np.ndarray]:
    """Four arrays for the second factor and its halves, scalars if it is one."""
    return [np.empty(() if y.ndim == 0 else count) for _ in range(4)]


def two_sum(
    a: np.ndarray, b: np.ndarray, total: np.ndarray, error: np.ndarray, work: np.ndarray
) -> None:
    """total + error = a + b exactly; `error` may be neither source."""
    np.add(a, b, total)
    np.subtract(total, a, work)
    np.subtract(total, work, error)
    np.subtract(a, error, error)
    np.subtract(b, work, work)
    np.add(error, work, error)


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
