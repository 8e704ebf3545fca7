"""What the prelude's structured arrays ask of NumPy: dtypes with names, known rows, and texts.

In: structured dtypes, and the plain arrays of their fields in order. Out: what is known of them,
and the text that NumPy gives an array made of these. The one idea: NumPy itself puts the columns
together, now or in a service of the host, and prints.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects, texts
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.ndarrays import arrays
from fleet.evaluator.values.single import array_of
from fleet.objects import text_arrays
from fleet.objects.texts import record_text as text_of_records


def structured_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """By name."""

    def is_structured(dtype: Any) -> bool:
        """Whether arrays of a dtype are tables; where NumPy computes it keeps them itself."""
        if m.backend.e is None or not isinstance(dtype, np.dtype | list | dict | str):
            return False
        if isinstance(dtype, str) and "," not in dtype:
            return False
        return _dtype(dtype).names is not None

    def is_records(value: Any) -> bool:
        if m.backend.e is None:
            return isinstance(value, np.ndarray) and value.dtype.names is not None
        return array_of(value) == "records"

    def field_dtypes(dtype: np.dtype) -> List:
        """(name, dtype of its elements, shape of each) of every field."""
        found = []
        for name in dtype.names or ():
            one = dtype[name]
            plain, inner = one.subdtype or (one, ())
            found.append((name, plain, tuple(inner)))
        return List(m.heap, found)

    def rows_of_records(rows: Any, dtype: np.dtype) -> Any:
        """Of rows that are known now: a path of names -> that column, () -> the shape."""
        if texts.has_run_time(rows):
            return None
        whole = np.array(_plain(rows), dtype)

        def column(path: tuple[str, ...]) -> Any:
            if not path:
                return whole.shape
            found = whole
            for name in path:
                found = found[name]
            if found.dtype.kind == "U":
                return m.modules["primitives"].get("texts_of_codes")(text_arrays.as_codes(found))
            return m.backend.array(np.ascontiguousarray(found))

        return column

    def record_text(how: str, dtype: np.dtype, shape: Any, leaves: Any) -> Any:
        """As NumPy shows it: str, repr, or those of a single row."""
        described = str(dtype)
        if not texts.has_run_time(leaves):
            known = [arrays.plain(leaf) for leaf in leaves]
            return text_of_records(how, described, *known)
        return objects.function(
            m.backend.e, "numpy.record_text", [how, described, *leaves], "str"
        )

    return {
        "is_structured": is_structured, "is_records": is_records, "field_dtypes": field_dtypes,
        "rows_of_records": rows_of_records, "record_text": record_text, "as_dtype": _dtype,
        "dtype_of_fields": lambda dtype, names: dtype[list(names)],
    }  # fmt: skip


def _dtype(value: Any) -> np.dtype:
    return np.dtype(_plain(value) if isinstance(value, list) else value)


def _plain(value: Any) -> Any:
    """Lists and tuples as NumPy takes them, to whom a tuple is a row."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return tuple(map(_plain, value)) if isinstance(value, tuple) else arrays.plain(value)
