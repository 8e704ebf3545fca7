"""The lesser and the greater of two floats, zeros told apart: -0 is less than 0.

In: NumPy's scalars or arrays, or floats. Out: what IEEE 754-2019's minimum, maximum (NaN wins) and
minimumNumber, maximumNumber (NaN loses) give, and RISC-V's fmin and fmax. The one idea: NumPy's own
functions give either zero, as the processor's instructions do, so where a result is zero the signs
of both operands decide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Extreme = Callable[[Any, Any], Any]


def _ordered(function: Any, is_least: bool) -> Extreme:
    def extreme(a: Any, b: Any) -> Any:
        found = function(a, b)
        if not np.any(found == 0):
            return found
        both = (np.equal(a, 0)) & (np.equal(b, 0))
        negative = np.signbit(a) | np.signbit(b) if is_least else np.signbit(a) & np.signbit(b)
        zero = np.where(negative, found.dtype.type(-0.0), found.dtype.type(0.0))
        return np.where(both, zero, found)[()]

    return extreme


minimum, maximum = _ordered(np.minimum, True), _ordered(np.maximum, False)
fmin, fmax = _ordered(np.fmin, True), _ordered(np.fmax, False)
