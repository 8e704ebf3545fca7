"""How far two arrays are apart, and how far they may be.

Floats may differ by rounding: a layer adds in another order, fuses a multiplication and an
addition, or has a polynomial for exp. Everything else is equal or wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MOST = {2: 1e-2, 4: 1e-4, 8: 1e-10}
"""The most that floats of so many bytes may differ by, relative to the largest of the array."""


@dataclass(frozen=True)
class Difference:
    """The element in which arrays differ most, and by how much relative to the largest element.

    size is infinite where one is NaN and the other not, or where ints differ.
    """

    array: int
    place: tuple[int, ...]
    size: float
    got: object
    expected: object
    is_wrong: bool

    def __str__(self) -> str:
        at = f"[{', '.join(map(str, self.place))}]" if self.place else ""
        relative = "" if np.isinf(self.size) else f", an error of {self.size:.2g}"
        return f"{self.got} where {self.expected} is expected, in output {self.array}{at}{relative}"


def difference(
    got: np.ndarray, expected: np.ndarray, number: int = 0, narrowest: int = 8
) -> Difference | None:
    """Where two arrays differ most; None where they are equal.

    narrowest: bytes of the narrowest floats that they were made with, as near as which they are.
    """
    if got.shape != expected.shape:
        shapes = f"shape {got.shape}", f"shape {expected.shape}"
        return Difference(number, (), np.inf, *shapes, True)
    if got.size == 0:
        return None
    with np.errstate(all="ignore"):
        if expected.dtype.kind not in "fc":
            errors = np.where(got != expected, np.inf, 0.0)
        else:
            wide = np.complex128 if expected.dtype.kind == "c" else np.float64
            a, b = got.astype(wide), expected.astype(wide)
            same = (got == expected) | (np.isnan(a) & np.isnan(b))
            finite = np.abs(b[np.isfinite(b)])
            largest = finite.max() if finite.size else 0.0
            errors = np.where(same, 0.0, np.abs(a - b) / (largest or 1.0))
            errors = np.where(np.isnan(errors), np.inf, errors)
    place = np.unravel_index(int(np.argmax(errors)), errors.shape)
    size = float(errors[place])
    if size == 0.0:
        return None
    parts = 2 if expected.dtype.kind == "c" else 1
    size_of_part = min(expected.dtype.itemsize // parts, narrowest)
    bound = MOST.get(size_of_part, 0.0) if expected.dtype.kind in "fc" else 0.0
    spot = tuple(int(n) for n in place)
    return Difference(number, spot, size, got[place], expected[place], size > bound)


def largest(
    got: Sequence[np.ndarray], expected: Sequence[np.ndarray], narrowest: int = 8
) -> Difference | None:
    """The largest difference between lists of arrays; None where all are equal."""
    pairs = enumerate(zip(got, expected, strict=True))
    differences = (difference(a, b, number, narrowest) for number, (a, b) in pairs)
    found = [each for each in differences if each is not None]
    return max(found, key=lambda each: (each.is_wrong, each.size), default=None)
