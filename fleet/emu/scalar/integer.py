"""Integer instructions of Zba, Zbb, Zbc, Zbs, Zicond, Zcb and Zimop as functions of numbers.

A function takes rs1 and the other source, which is rs2, a shift amount or an immediate, as unsigned
64-bit numbers, and returns a number of which the low 64 bits count. Source: the unprivileged
manual, chapters "B", "Zicond" and "Zimop".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import xor

WORD = (1 << 64) - 1
_HALF_WORD = (1 << 32) - 1

Function = Callable[[int, int], int]


def signed(value: int, bits: int = 64) -> int:
    """The low bits of a number, of which the highest is the sign."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value


def _rotated(value: int, count: int, bits: int) -> int:
    """Rotated to the left."""
    value &= (1 << bits) - 1
    count %= bits
    return value << count | value >> bits - count


def _carryless(a: int, b: int) -> int:
    """The product of polynomials over two elements, 127 bits."""
    return reduce(xor, (a << i for i in range(64) if b >> i & 1), 0)


def _or_combined(value: int, _: int) -> int:
    return sum(0xFF << i for i in range(0, 64, 8) if value >> i & 0xFF)


def _trailing_zeros(value: int, bits: int) -> int:
    return (value & -value).bit_length() - 1 if value else bits


FUNCTIONS: dict[str, Function] = {
    # Zba
    "add.uw": lambda a, b: (a & _HALF_WORD) + b,
    "sh1add": lambda a, b: (a << 1) + b,
    "sh2add": lambda a, b: (a << 2) + b,
    "sh3add": lambda a, b: (a << 3) + b,
    "sh1add.uw": lambda a, b: ((a & _HALF_WORD) << 1) + b,
    "sh2add.uw": lambda a, b: ((a & _HALF_WORD) << 2) + b,
    "sh3add.uw": lambda a, b: ((a & _HALF_WORD) << 3) + b,
    "slli.uw": lambda a, b: (a & _HALF_WORD) << b,
    # Zbb
    "andn": lambda a, b: a & ~b,
    "orn": lambda a, b: a | ~b,
    "xnor": lambda a, b: ~(a ^ b),
    "clz": lambda a, _: 64 - a.bit_length(),
    "clzw": lambda a, _: 32 - (a & _HALF_WORD).bit_length(),
    "ctz": lambda a, _: _trailing_zeros(a, 64),
    "ctzw": lambda a, _: _trailing_zeros(a & _HALF_WORD, 32),
    "cpop": lambda a, _: a.bit_count(),
    "cpopw": lambda a, _: (a & _HALF_WORD).bit_count(),
    "max": lambda a, b: max(a, b, key=signed),
    "maxu": max,
    "min": lambda a, b: min(a, b, key=signed),
    "minu": min,
    "sext.b": lambda a, _: signed(a, 8),
    "sext.h": lambda a, _: signed(a, 16),
    "zext.h": lambda a, _: a & 0xFFFF,
    "rol": lambda a, b: _rotated(a, b, 64),
    "ror": lambda a, b: _rotated(a, -b, 64),
    "rori": lambda a, b: _rotated(a, -b, 64),
    "rolw": lambda a, b: signed(_rotated(a, b, 32), 32),
    "rorw": lambda a, b: signed(_rotated(a, -b, 32), 32),
    "roriw": lambda a, b: signed(_rotated(a, -b, 32), 32),
    "orc.b": _or_combined,
    "rev8": lambda a, _: int.from_bytes(a.to_bytes(8, "little"), "big"),
    # Zbc
    "clmul": _carryless,
    "clmulh": lambda a, b: _carryless(a, b) >> 64,
    "clmulr": lambda a, b: _carryless(a, b) >> 63,
    # Zbs
    "bclr": lambda a, b: a & ~(1 << (b & 63)),
    "bext": lambda a, b: a >> (b & 63) & 1,
    "binv": lambda a, b: a ^ 1 << (b & 63),
    "bset": lambda a, b: a | 1 << (b & 63),
    # Zicond
    "czero.eqz": lambda a, b: a if b else 0,
    "czero.nez": lambda a, b: 0 if b else a,
    # what Zcb's stand for
    "andi": lambda a, b: a & b,
    "xori": lambda a, b: a ^ b,
    "mul": lambda a, b: a * b,
}
FUNCTIONS |= {f"{name}i": FUNCTIONS[name] for name in ("bclr", "bext", "binv", "bset")}
