"""What NumPy says of a reduction's options, before anything is computed.

In: a reduction by name, an array, and options. Out: the dtype of the result, or NumPy's exception.
The one idea: where shapes are known, NumPy itself reduces an array of ones of that shape, which
takes no memory, into an array like `out`.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.objects import special_methods
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.ndarrays import arrays, tensors
from fleet.evaluator.values.then import Array, Number, is_run_time_list

_MOST = 1 << 20
"""Elements of an array that NumPy is asked about."""
_PLAIN: dict[str, Any] = {"dtype": None, "out": None, "where": True}
"""Options about which there is nothing to say."""


def vetting_primitives(machine: Machine) -> dict[str, Callable[..., Any]]:
    def vet(name: str, a: Any, axis: Any, **options: Any) -> np.dtype | None:
        if is_run_time_list(a):
            return None
        a = special_methods.as_data(machine, a)
        a = np.asarray(a) if machine.backend.e is None else arrays.asarray(machine.backend.e, a)
        initial = options.get("initial")
        given = {key: value for key, value in options.items()
                 if key in _PLAIN and value is not _PLAIN[key]}  # fmt: skip
        if type(initial) is not tuple and "initial" in options:
            given["initial"] = initial
        dims = tensors.dims_of(a)
        if not given and dims and not isinstance(axis, tuple) and 0 not in dims:
            return None
        if options.get("keepdims"):
            given["keepdims"] = True
        return _asked(name, a, axis, given)

    return {"vet": vet}


def _asked(name: str, a: Any, axis: Any, given: dict[str, Any]) -> np.dtype | None:
    if isinstance(given.get("where"), Number):  # with which NumPy looks whether it is True itself
        given = {key: value for key, value in given.items() if key != "where"}
    of_arrays = [a, *(given[key] for key in ("out", "where") if key in given)]
    shapes = [tensors.dims_of(one) for one in of_arrays]
    if any(not isinstance(dim, int) for shape in shapes for dim in shape) or (
            np.prod(shapes[0], dtype=float) > _MOST):  # fmt: skip
        return None
    if isinstance(axis, Number | Array):
        return None
    asked = dict(given)
    if "out" in given:
        asked["out"] = np.ones(tensors.dims_of(given["out"]), given["out"].dtype)
    if "where" in given:
        asked["where"] = _ones(given["where"])
    if isinstance(given.get("initial"), Number | Array):
        asked["initial"] = 1
    real = functools.reduce(getattr, name.split("."), np)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return real(_ones(a), axis=axis, **asked).dtype


def _ones(value: Any) -> Any:
    dtype = value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype
    return np.broadcast_to(np.ones((), dtype), tensors.dims_of(value))
