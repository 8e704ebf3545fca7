"""The ziggurats of the normal and exponential distributions: 256 layers of equal area under the
curves exp(-x*x/2) and exp(-x).

Out: tables for the draws of NumPy's Generator. The one idea: from the outermost edge the others
follow, layer by layer, because all have the area of the base: a rectangle and the tail beyond it.
G. Marsaglia and W. Tsang, "The Ziggurat Method for Generating Random Variables", with the 52 bits
of a double's mantissa for the position within a layer.
"""

from __future__ import annotations

import functools
import math
from decimal import Decimal, localcontext

import numpy as np

LAYERS = 256
EDGE = 3.654152885361009
"""The right edge of the outermost layer: the one from which layer 1 ends at the top, f(0) = 1."""
AREA = 0.004928673233974652
_WHOLE = 2.0**52
_SLIPS = {37: -2}
"""NumPy's tables are this recurrence in doubles, exp and log rounded correctly, but for one step,
where they are off by two ulps. That is carried on to the layers above."""


def _exp(x: float) -> float:
    return float(Decimal(x).exp())


def _log(x: float) -> float:
    return float(Decimal(x).ln())


@functools.cache
def normal_tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each layer: a position below `inside` (uint64) is under the curve for certain, `width`
    times the position is x, and the curve's height at the layer's right edge."""
    inside, width, height = np.zeros(LAYERS, np.uint64), np.zeros(LAYERS), np.ones(LAYERS)
    with localcontext() as context:
        context.prec = 40
        right, height[-1] = EDGE, _exp(-0.5 * EDGE * EDGE)
        base = AREA / float(height[-1])  # as wide as a rectangle of the base's height and area
        inside[0], width[0], width[-1] = round(EDGE / base * _WHOLE), base / _WHOLE, EDGE / _WHOLE
        for layer in range(LAYERS - 2, 0, -1):
            left = math.sqrt(-2 * _log(AREA / right + _exp(-0.5 * right * right)))
            left += _SLIPS.get(layer, 0) * math.ulp(left)
            inside[layer + 1] = round(left / right * _WHOLE)
            right, width[layer], height[layer] = left, left / _WHOLE, _exp(-0.5 * left * left)
    return inside, width, height


EXPONENTIAL_EDGE = 7.6971174701310497
_EXACT_EDGE = "7.6971174701310497140446280481"


@functools.cache
def exponential_tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `normal_tables`, for positions of 53 bits; NumPy's tables are the exact ones, rounded."""
    inside, width, height = np.zeros(LAYERS, np.uint64), np.zeros(LAYERS), np.ones(LAYERS)
    with localcontext() as context:
        context.prec = 40
        right = Decimal(_EXACT_EDGE)
        top, whole = (-right).exp(), Decimal(2**53)
        base = right + 1  # the tail has the area exp(-right)
        area = base * top
        inside[0], width[0] = _even(right / base), float(base / whole)
        width[-1], height[-1] = float(right / whole), float(top)
        for layer in range(LAYERS - 2, 0, -1):
            left = -(area / right + (-right).exp()).ln()
            inside[layer + 1] = _even(left / right)
            right, width[layer] = left, float(left / whole)
            height[layer] = float((-left).exp())
    return inside, width, height


def _even(part: Decimal) -> int:
    """Of 53 bits this part, the last bit 0."""
    return 2 * int(part * 2**52)
