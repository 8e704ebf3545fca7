"""A compiled function against the same function called as Python has it."""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

TOLERANCE = {2: 1e-2, 4: 1e-5, 8: 1e-11}
"""By the size of a float: sums in another order, and other last digits of functions."""


def agree(got: Any, want: Any) -> None:
    """Assert that two results are of the same types, dtypes and shapes, and have equal values."""
    assert type(got) is type(want)
    if isinstance(want, tuple | list):
        assert len(got) == len(want)
        for ours, theirs in zip(got, want, strict=True):
            agree(ours, theirs)
    elif isinstance(want, dict):
        assert list(got) == list(want)
        for key, value in want.items():
            agree(got[key], value)
    elif isinstance(want, np.ndarray | np.generic):
        assert (got.dtype, got.shape) == (want.dtype, want.shape)
        if want.dtype.kind == "f":
            tolerance = TOLERANCE[want.dtype.itemsize]
            np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance)
        else:
            np.testing.assert_array_equal(got, want)
    elif isinstance(want, float):
        assert got == pytest.approx(want, rel=1e-11, nan_ok=True)
        assert math.copysign(1, got) == math.copysign(1, want)
    else:
        assert got == want


def same_call(compiled: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """Call both; they give the same, or raise the same, and leave their arguments the same."""
    plain = compiled.__wrapped__  # type: ignore[attr-defined]
    theirs = copy.deepcopy(arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            want, error = plain(*theirs, **keywords), None
        except Exception as raised:
            want, error = None, raised
    if error is not None:
        with pytest.raises(type(error)) as caught:
            compiled(*arguments, **keywords)
        assert type(caught.value).__name__ == type(error).__name__
        assert str(caught.value) == str(error)
        return None
    got = compiled(*arguments, **keywords)
    agree(got, want)
    agree(arguments, theirs)
    return got


def random_array(
    rng: np.random.Generator, dtype: str, shape: tuple[int, ...], layout: str = "C"
) -> np.ndarray:
    """layout: C, F(ortran), S(trided), R(eversed)."""
    if dtype == "bool":
        array = np.asarray(rng.random(shape) < 0.5)
    elif dtype.startswith("int"):
        array = np.asarray(rng.integers(-9, 9, shape)).astype(dtype)
    else:
        array = np.asarray(rng.normal(size=shape)).astype(dtype)
    if layout == "F":
        return np.asfortranarray(array)
    if layout == "S" and array.ndim:
        return np.repeat(array, 2, axis=-1)[..., ::2]
    return array[::-1] if layout == "R" and array.ndim else array
