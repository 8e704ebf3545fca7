"""NumPy's functions about dtypes: result_type, can_cast, min_scalar_type and the like.

In: dtypes, arrays and numbers. Out: dtypes and bools. The one idea: of what is known at run time
only, these look at nothing but its dtype, so NumPy is asked with the dtype in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, numbers, texts
from fleet.evaluator.values.ndarrays import elementwise
from fleet.evaluator.values.then import Array, Number, Object
from fleet.objects.exact_numbers import NUMBERS

CLASSES = """generic number integer signedinteger unsignedinteger inexact floating complexfloating
    flexible character""".split()
"""Abstract classes of NumPy's scalars."""


def dtype_table(machine: Machine) -> dict[str, Any]:
    """By name."""

    def asked(name: str) -> Callable[..., Any]:
        real = getattr(np, name)

        def function(*values: Any, **options: Any) -> Any:
            return real(*map(_dtype_of, values), **options)

        return function

    def result_type(*values: Any) -> np.dtype:
        if not any(isinstance(value, Array | Number) for value in values):
            return np.result_type(*values)
        return elementwise.result_type(*values)

    def min_scalar_type(a: Any) -> np.dtype:
        if isinstance(a, Number) or (isinstance(a, Array) and a.scalar):
            raise a.needed_now("np.min_scalar_type of a number")
        return np.dtype(a.dtype) if isinstance(a, Array) else np.min_scalar_type(a)

    def isscalar(element: Any) -> bool:
        if isinstance(element, Array):
            return element.scalar
        if numbers.kind_of(element) is not None or texts.is_text(element):
            return True
        if isinstance(element, Object) and element.kind in NUMBERS:
            return True
        return not classes.is_made(type(element)) and bool(np.isscalar(element))

    return {
        "result_type": result_type, "min_scalar_type": min_scalar_type, "isscalar": isscalar,
        **{name: asked(name) for name in (
            "can_cast", "promote_types", "isdtype", "issubdtype", "typename", "mintypecode")},
    } | {name: getattr(np, name) for name in CLASSES}  # fmt: skip


def _dtype_of(value: Any) -> Any:
    return value.dtype if isinstance(value, Array) else value
