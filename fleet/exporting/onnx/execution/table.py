"""What an operator is here: a function of attributes and arrays that gives an array or several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Attributes = Mapping[str, Any]
Operator = Callable[..., "np.ndarray | Sequence[np.ndarray]"]


def elementwise(function: Callable[..., Any]) -> Operator:
    """A function of NumPy's as an operator without attributes."""
    return lambda attributes, *inputs: function(*inputs)
