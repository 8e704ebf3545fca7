"""What the bytecode's arithmetic means, as one table from mnemonic to function.

Integers in registers are Python ints in the range of a signed 64-bit word; floats are Python
floats. Semantics are those of `arith` and `math` in MLIR, with C's results where these are silent.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

import numpy as np

from fleet import extremes, fused, integers
from fleet.elementary import IN_NUMPY, of_c

MASK = (1 << 64) - 1
SIGN = 1 << 63


def wrap(value: int) -> int:
    """The signed 64-bit word congruent to the value."""
    return ((value + SIGN) & MASK) - SIGN


def _divsi(a: int, b: int) -> int:
    """Towards zero; as RISC-V `div`, -1 for a zero divisor."""
    if b == 0:
        return -1
    return wrap(abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1))


def _remsi(a: int, b: int) -> int:
    return a if b == 0 else int(math.copysign(1, a)) * (abs(a) % abs(b))


def _floordivsi(a: int, b: int) -> int:
    return -1 if b == 0 else wrap(a // b)


def _ceildivsi(a: int, b: int) -> int:
    return -1 if b == 0 else wrap(-(-a // b))


def _numpy(function: Callable) -> Callable:
    """A NumPy function on Python floats, silent about NaN and infinities as C is."""

    def apply(*values: float) -> float:
        with np.errstate(all="ignore"):
            return float(function(*map(np.float64, values)))

    return apply


def _clamped(low: int, high: int) -> Callable[[float], int]:
    """Float to integer towards zero; as RISC-V `fcvt`, saturating, NaN to the largest."""

    def convert(value: float) -> int:
        if math.isnan(value):
            return wrap(high)
        return wrap(int(min(max(value, low), high))) if math.isfinite(value) else wrap(
            high if value > 0 else low
        )

    return convert


def _round(dtype: type) -> Callable[[float], float]:
    def narrow(value: float) -> float:
        with np.errstate(all="ignore"):
            return float(dtype(value))

    return narrow


def _signed(width: int) -> Callable[[int], int]:
    half = 1 << (width - 1)
    return lambda value: ((value + half) & ((1 << width) - 1)) - half


INTEGER = {
    "addi": lambda a, b: wrap(a + b),
    "subi": lambda a, b: wrap(a - b),
    "muli": lambda a, b: wrap(a * b),
    "divsi": _divsi,
    "divui": lambda a, b: -1 if b == 0 else wrap((a & MASK) // (b & MASK)),
    "floordivsi": _floordivsi,
    "ceildivsi": _ceildivsi,
    "remsi": _remsi,
    "remui": lambda a, b: a if b == 0 else wrap((a & MASK) % (b & MASK)),
    "andi": lambda a, b: a & b,
    "ori": lambda a, b: a | b,
    "xori": lambda a, b: a ^ b,
    "shli": lambda a, b: wrap(a << (b & 63)),
    "shrsi": lambda a, b: a >> (b & 63),
    "shrui": lambda a, b: wrap((a & MASK) >> (b & 63)),
    "maxsi": max,
    "minsi": min,
    "maxui": lambda a, b: max(a, b, key=lambda v: v & MASK),
    "minui": lambda a, b: min(a, b, key=lambda v: v & MASK),
    "absi": lambda a: wrap(abs(a)),
    "zext1": lambda a: a & 1,
    **{f"sext{width}": _signed(width) for width in (8, 16, 32)},
    **{f"zext{width}": (lambda a, m=(1 << width) - 1: a & m) for width in (8, 16, 32)},
    "cmpi.eq": lambda a, b: int(a == b),
    "cmpi.ne": lambda a, b: int(a != b),
    "cmpi.slt": lambda a, b: int(a < b),
    "cmpi.sle": lambda a, b: int(a <= b),
    "cmpi.sgt": lambda a, b: int(a > b),
    "cmpi.sge": lambda a, b: int(a >= b),
    "cmpi.ult": lambda a, b: int(a & MASK < b & MASK),
    "cmpi.ule": lambda a, b: int(a & MASK <= b & MASK),
    "cmpi.ugt": lambda a, b: int(a & MASK > b & MASK),
    "cmpi.uge": lambda a, b: int(a & MASK >= b & MASK),
}

FLOAT = {
    "addf": lambda a, b: a + b,
    "subf": lambda a, b: a - b,
    "mulf": lambda a, b: a * b,
    "divf": _numpy(np.divide),
    "remf": _numpy(np.fmod),
    "maximumf": _numpy(extremes.maximum),
    "minimumf": _numpy(extremes.minimum),
    "maxnumf": _numpy(extremes.fmax),
    "minnumf": _numpy(extremes.fmin),
    "powf": _numpy(np.float_power),
    "copysign": math.copysign,
    "negf": lambda a: -a,
    "absf": abs,
    "roundeven": _numpy(np.rint),
    "erf": math.erf,
    "atan2": _numpy(np.arctan2),
    "fma": fused.fma,
    **{
        name: of_c(name, _numpy(getattr(np, other)))  # which raises no flags
        for name, other in IN_NUMPY.items()
    },
    **{
        name: _numpy(getattr(np, name))
        for name in ("sqrt", "exp2", "tanh", "cbrt", "floor", "ceil", "trunc")
    },
    "roundf32": _round(np.float32),
    "roundf16": _round(np.float16),
    "sitofp": float,
    "uitofp": lambda a: float(a & MASK),
    "fptosi": _clamped(-SIGN, SIGN - 1),
    "fptoui": _clamped(0, MASK),
    "bitsf64": lambda a: struct.unpack("<q", struct.pack("<d", a))[0],
    "bitsf16": lambda a: int(np.float16(a).view(np.int16)),
    "bitsf32": lambda a: struct.unpack("<i", np.float32(a).tobytes())[0],
    "floatf64": lambda a: struct.unpack("<d", struct.pack("<q", a))[0],
    "floatf16": lambda a: float(np.int16(_signed(16)(a)).view(np.float16)),
    "floatf32": lambda a: struct.unpack("<f", struct.pack("<i", _signed(32)(a)))[0],
}  # fmt: skip


def _compare(ordered: bool, test: Callable[[float, float], bool]) -> Callable[[float, float], int]:
    def compare(a: float, b: float) -> int:
        return int(not ordered) if math.isnan(a) or math.isnan(b) else int(test(a, b))

    return compare


_TESTS: dict[str, Callable[[float, float], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}

OPERATORS: dict[str, Callable] = {
    **integers.OPERATORS,
    **INTEGER,
    **FLOAT,
    "move": lambda a: a,
    "select": lambda condition, a, b: a if condition else b,
    "cmpf.false": lambda a, b: 0,
    "cmpf.true": lambda a, b: 1,
    "cmpf.ord": _compare(True, lambda a, b: True),
    "cmpf.uno": _compare(False, lambda a, b: False),
    **{f"cmpf.o{name}": _compare(True, test) for name, test in _TESTS.items()},
    **{f"cmpf.u{name}": _compare(False, test) for name, test in _TESTS.items()},
}
"""Mnemonic -> function of the source registers, for instructions that do no more than compute.
Those on Python's ints may raise its exceptions."""
