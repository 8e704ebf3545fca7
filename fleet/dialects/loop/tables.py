"""Tables of numbers that kernels look things up in, by their names.

In: the name of a table. Out: its 128 floats, computed here and exactly rounded. The one idea: what
an elementary function looks up says which last digits it gives, so these are the tables of GNU's C
library, by the rules that its authors give (Arm's optimized routines).

The tables: of 2**(i / 128), the bits without those that i adds to the exponent (`exp2`), and what
that power lacks, relative to it (`exp2.rest`); and of the i-th of the 128 parts of the mantissas
from about 0.7 to 1.4, a number c near its middle whose inverse is short: that inverse
(`log.inverse`), log(c) with so few bits that multiples of log(2) can be added exactly (`log`), and
its rest (`log.rest`).
"""

from __future__ import annotations

import functools
import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import numpy as np

from fleet.ir.types import Type, f64, i64

SIZE = 128
LEAST = 0x3FE6955500000000
"""The bits of the first mantissa of the first part."""
_DIGITS = 60


@functools.cache
def table(name: str) -> np.ndarray:
    """The floats of a table, int64 where they are bits. Raises KeyError for other names."""
    with localcontext(Context(prec=_DIGITS)):
        if name.startswith("exp2"):
            return _powers()[name]
        return _logarithms()[name]


def names() -> tuple[str, ...]:
    return "exp2", "exp2.rest", "log", "log.inverse", "log.rest"


def element_in(name: str) -> Type:
    """What a table holds."""
    return i64 if name == "exp2" else f64


@functools.cache
def _powers() -> dict[str, np.ndarray]:
    bits, rests = [], []
    for i in range(SIZE):
        power = Decimal(2) ** (Decimal(i) / SIZE)
        near = float(power)
        bits.append(int(np.float64(near).view(np.int64)) - (i << 45))
        rests.append(float(power / Decimal(near) - 1))
    return {"exp2": np.array(bits, np.int64), "exp2.rest": np.array(rests)}


@functools.cache
def _logarithms() -> dict[str, np.ndarray]:
    inverses, logs, rests = [], [], []
    for i in range(SIZE):
        ends = np.array([LEAST + (i << 45), LEAST + ((i + 1) << 45)]).view(np.float64)
        middle = (Fraction(ends[0]) + Fraction(ends[1])) / 2
        parts = SIZE if middle < 1 else 2 * SIZE
        inverse = Fraction(math.floor(parts / middle + Fraction(1, 2)), parts)
        log = (Decimal(inverse.denominator) / Decimal(inverse.numerator)).ln()
        near = int((log * 2**43).to_integral_value()) / 2**43
        inverses.append(float(inverse))
        logs.append(near)
        rests.append(float(log - Decimal(near)))
    return {"log.inverse": np.array(inverses), "log": np.array(logs), "log.rest": np.array(rests)}
