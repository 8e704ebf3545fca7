"""What an exported function returns, as flat values with names.

In: the evaluator's value. Out: SSA values and what they are called: `result`, `result.0`,
`result.loss`. The one idea: a graph has no containers, so a tuple, list, dictionary or instance is
its parts, in order; None is no part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet.evaluator.values.emitter import KIND_DTYPES, Emitter
from fleet.evaluator.values.heap import Attributes, List
from fleet.evaluator.values.ndarrays import arrays, tensors
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.then import Array, Content, Number, Union, type_name
from fleet.exporting.specs import joined
from fleet.ir.core import Value

HINT = "return numbers, arrays, or tuples, lists and dictionaries of them"


@dataclass(frozen=True)
class Found:
    """One result."""

    name: str
    kind: str
    dtype: np.dtype
    dims: tuple[int | str | None, ...]
    value: Value


@dataclass
class Collector:
    """Takes a result apart. name_of: a length of it as the graph names it."""

    e: Emitter
    name_of: Callable[[Dim], int | str | None]

    def flatten(self, value: Any, name: str) -> list[Found]:
        """The parts of a value. Raises FleetError for what a graph cannot give."""
        if value is None:
            return []
        if isinstance(value, tuple):
            labels = getattr(type(value), "_fields", range(len(value)))
            return self._parts(zip(labels, value, strict=True), name)
        if isinstance(value, List) and value.run_time is None:
            return self._parts(enumerate(value), name)
        if isinstance(value, dict):
            return self._parts(value.items(), name)
        if isinstance(value, Union):
            return [self._union(value, name)]
        if isinstance(value, Array | np.generic):
            return [self._array(value, name)]
        if isinstance(value, Number | bool | int | float):
            return [self._number(value, name)]
        own = getattr(value, "__dict__", None)
        if type(own) is Attributes and not callable(value):
            return self._parts(own.items(), name)
        if isinstance(value, List):
            raise self.e.error(
                f"`{name}` is a list whose length is known at run time only, which a graph has not",
                "return an array: np.array(...)",
            )
        what = "a text" if type_name(value) in ("str", "bytes") else f"of type {type_name(value)}"
        raise self.e.error(f"`{name}` is {what}, which a graph cannot give", HINT)

    def _parts(self, parts: Any, name: str) -> list[Found]:
        return [found for key, part in parts for found in self.flatten(part, joined(name, key))]

    def tensor(self, content: Content, name: str) -> Found:
        """The content of an array's storage."""
        made = tensors.tensor(self.e, content)
        dims = tuple(map(self.name_of, made.dims))
        return Found(name, "array", made.dtype, dims, made.value)

    def _array(self, value: Array | np.generic, name: str) -> Found:
        if value.dtype.kind not in "biuf":
            raise self.e.error(
                f"`{name}` is an array of dtype {value.dtype}, which a graph cannot give",
                "return its parts: x.real, x.imag",
            )
        made = tensors.tensor(self.e, value)
        scalar = isinstance(value, np.generic) or value.scalar
        dims = tuple(map(self.name_of, made.dims))
        return Found(name, "scalar" if scalar else "array", made.dtype, dims, made.value)

    def _number(self, value: Any, name: str) -> Found:
        number = self.e.number(value)
        return Found(name, number.kind, KIND_DTYPES[number.kind], (), self.e.plain(number))

    def _union(self, union: Union, name: str) -> Found:
        """One of several kinds of numbers: as the one that holds all."""
        choices = list(union.choices.values())
        if not all(_is_number(one) for one in choices):
            raise self.e.error(
                f"`{name}` is {union.type_name}, of which only run time knows which one, and a "
                "graph's results have one type", "return the same kind of value on every path",
            )  # fmt: skip
        dtype = np.result_type(*(_dtype(one) for one in choices))
        kind = {"b": "bool", "i": "int", "f": "float"}.get(dtype.kind, "")
        if not kind or dtype.itemsize > KIND_DTYPES[kind].itemsize:
            raise self.e.error(f"`{name}` is {union.type_name}", HINT)

        def as_number(one: Any) -> Number:
            made = arrays.asarray(self.e, one, KIND_DTYPES[kind])
            if isinstance(made, np.generic):
                return self.e.number(made.item())
            known = made.known
            return self.e.number(known.item()) if known is not None else (
                tensors.to_number(self.e, made))  # fmt: skip

        return self._number(self.e.split(union, as_number), name)


def _is_number(value: Any) -> bool:
    return isinstance(value, Number | bool | int | float | np.generic) or (
        isinstance(value, Array) and value.scalar)  # fmt: skip


def _dtype(value: Any) -> np.dtype:
    if isinstance(value, Number):
        return KIND_DTYPES[value.kind]
    return value.dtype if isinstance(value, Array | np.generic) else np.asarray(value).dtype


