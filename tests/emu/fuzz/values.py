"""Numbers that find mistakes: special floats, the ends of ranges, and ordinary ones."""

from __future__ import annotations

import numpy as np

SPECIAL = {
    16: [0, 0x8000, 1, 0x8001, 0x03FF, 0x0400, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00, 0xFE01,
         0x7C01, 0xFDFF, 0x3C00, 0xBC00, 0x3C01, 0x3800, 0x3E00, 0x4100, 0x6400, 0x77FF, 0x5C00],
    32: [0, 0x80000000, 1, 0x80000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000,
         0xFF800000, 0x7FC00000, 0xFFC00001, 0x7F800001, 0xFFBFFFFF, 0x3F800000, 0xBF800000,
         0x3F800001, 0x4B000000, 0x4B800001, 0x4F000000, 0xCF000000, 0x4F800000, 0x5F000000,
         0xDF000000, 0x5F800000, 0x3F000000, 0x3FC00000, 0x40200000, 0xBF000000, 0x33800000,
         0x00400000, 0x00200000, 0x7E800000, 0x7F000000, 0x3EFFFFFF, 0x4EFFFFFF, 0x807FFFFF],
    64: [0, 1 << 63, 1, 1 << 63 | 1, (1 << 52) - 1, 1 << 52, 0x7FEFFFFFFFFFFFFF,
         0xFFEFFFFFFFFFFFFF, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000,
         0xFFF8000000000001, 0x7FF0000000000001, 0x3FF0000000000000, 0xBFF0000000000000,
         0x3FF0000000000001, 0x41E0000000000000, 0xC1E0000000000000, 0x41DFFFFFFFC00000,
         0x43E0000000000000, 0xC3E0000000000000, 0x43F0000000000000, 0x3FE0000000000000,
         0x3FF8000000000000, 0x4004000000000000, 0x47EFFFFFE0000000, 0x47EFFFFFF0000000,
         0x3810000000000000, 0x36A0000000000000, 0x3690000000000000, 0x3690000000000001,
         0x380FFFFFE0000000, 0x380FFFFFF0000000, 0x7FD0000000000000, 0x0008000000000000],
}  # fmt: skip


def floats(rng: np.random.Generator, width: int, count: int) -> np.ndarray:
    """Bit patterns: special values, numbers of moderate size, small multiples, any bits."""
    bits = rng.integers(0, 1 << 64, count, np.uint64)
    moderate = rng.standard_normal(count) * 2.0 ** rng.integers(-12, 12, count)
    small = np.round(rng.standard_normal(count) * 8) / 4
    kind = np.dtype(f"u{width // 8}")
    real = np.dtype(f"f{width // 8}")
    choice = rng.integers(0, 4, count)
    special = np.array(SPECIAL[width], kind)[rng.integers(0, len(SPECIAL[width]), count)]
    values = np.where(choice == 0, special, bits.astype(kind))
    values = np.where(choice == 1, moderate.astype(real).view(kind), values)
    return np.where(choice == 2, small.astype(real).view(kind), values)


def integers(rng: np.random.Generator, vlen: int, count: int) -> np.ndarray:
    """64 bits: small numbers, lengths of vectors, powers of two and their neighbours, any bits."""
    powers = np.uint64(1) << rng.integers(0, 64, count, np.uint64)
    choice = rng.integers(0, 5, count)
    values = rng.integers(0, 1 << 64, count, np.uint64)
    values = np.where(choice == 0, rng.integers(0, 8, count, np.uint64), values)
    values = np.where(choice == 1, rng.integers(0, 2 * vlen, count, np.uint64), values)
    near = powers + rng.integers(-1, 2, count).astype(np.uint64)
    values = np.where(choice == 2, near, values)
    return np.where(choice == 3, ~near, values)
