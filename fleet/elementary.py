"""Elementary functions of single floats, with the last digits of the C library.

In: names as Python's `math` has them, and floats. Out: what Python's own functions give. The one
idea: NumPy has functions of its own for some processors, whose last digits are others; they only
say what a function is where Python raises.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

IN_NUMPY = {
    **{name: name for name in (
        "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "sinh", "cosh")},
    **{f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}  # fmt: skip
"""The names of these functions, and those that NumPy has for them."""


def of_c(name: str, otherwise: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function of `math` by this name, and `otherwise` where that raises."""
    function = getattr(math, name)

    def apply(value: Any) -> Any:
        try:
            return function(value)
        except (ValueError, OverflowError):
            return otherwise(value)

    return apply


_OF_C = {name: of_c(name, getattr(np, other)) for name, other in IN_NUMPY.items()}


def of_scalar(name: str, x: np.floating) -> np.floating:
    """Of one of NumPy's scalars: a float64 as C has it, others as NumPy has them."""
    if x.dtype == np.float64:
        return np.float64(_OF_C[name](x))
    return getattr(np, IN_NUMPY[name])(x)
