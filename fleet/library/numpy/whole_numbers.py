"""Whole numbers that NumPy's functions ask for: the lengths of a shape, axes.

In: what a program gives for one. Out: ints, known or of the run. The one idea: what is no whole
number is refused in NumPy's words here, before anything reckons with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fleet.evaluator.objects import operations
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers, objects
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.sequences import is_run_time_sequence
from fleet.evaluator.values.then import Array, Number, Object, type_name

_NO_INTEGER = "'{}' object cannot be interpreted as an integer"
_NO_NUMBER = (
    "this is no int, and the program was compiled for one: how many lengths or axes there are has "
    "to be known"
)
_NO_SHAPE = "expected a sequence of integers or a single integer, got '{}'"


def whole_number_primitives(machine: Machine) -> dict[str, Any]:
    """What the prelude asks for lengths and axes."""
    backend = machine.backend

    def lengths(shape: Any) -> tuple:
        """A shape that a program gives. Raises TypeError."""
        _require_known_length(shape)
        has_axes = shape.ndim if isinstance(shape, np.ndarray) else (
            isinstance(shape, Array) and shape.dims)
        if has_axes:
            return tuple(map(whole, operations.known_items(machine, shape)))
        if isinstance(shape, tuple | list | range):
            return tuple(map(whole, shape))
        if isinstance(shape, bool | float | complex | np.inexact):
            raise TypeError(_NO_SHAPE.format(repr(shape)))
        if isinstance(shape, Array) and shape.dtype == np.float64:
            number = tensors.to_number(backend.e, shape)
            raise numbers.certain("TypeError", _NO_SHAPE.format("np.float64({})"), number)
        if isinstance(shape, Number) and shape.kind != "int":
            raise numbers.certain("TypeError", _NO_SHAPE, shape)
        return (whole(shape),)

    def is_whole(value: Any) -> bool:
        """Whether it is an int, of Python's or NumPy's, known or not."""
        if isinstance(value, Number):
            return value.kind != "float"
        if isinstance(value, Array):
            return not value.dims and value.dtype.kind in "iu"
        return hasattr(value, "__index__") and not np.ndim(value)

    def whole(value: Any) -> Any:
        """An int that a program gives, of its own or NumPy's kind. Raises TypeError."""
        if isinstance(value, Array) and value.dtype.kind in "iu":
            return tensors.to_number(backend.e, value)
        if isinstance(value, Number) and value.kind != "float":
            return numbers.to_int(backend.e, value)
        if isinstance(value, Object):
            return _int_among(value)
        if isinstance(value, Number | Array) or not hasattr(value, "__index__"):
            raise TypeError(_NO_INTEGER.format(type_name(value)))
        return value.__index__()

    def _require_known_length(value: Any) -> None:
        """How many axes an array has is known when the program is compiled."""
        is_object = isinstance(value, Object) and value.kind in (tuple, list)
        if is_object or is_run_time_sequence(value) and not isinstance(value, Array):
            raise machine.error(
                "only run time knows how long this is, and so how many axes there are",
                "write the lengths or axes out, as in (n, m)",
            )

    def _int_among(value: Object) -> Number:
        """The int that one of the run's objects has to be."""
        e = backend.e
        kind = objects.function(e, "number_kind", [value], "int", certain=True)
        numbers.require(
            e, numbers.compare(e, "ne", kind, 2), "TypeError", _NO_INTEGER.format("float"))
        is_int = numbers.either(
            e, *(numbers.compare(e, "eq", kind, whole) for whole in (1, 7)))  # int, np.int64
        e.uncaught_check(is_int.native, "NotImplementedError", _NO_NUMBER)
        return objects.function(e, "int", [value], "int")

    def axis_of(axis: Any, rank: int, name: str | None = None) -> int:
        _require_no_float(axis)
        _require_known_length(axis)
        return int(np.lib.array_utils.normalize_axis_index(axis, rank, name))

    def axes_of(axis: Any, rank: int, name: str | None = None) -> tuple[int, ...]:
        if axis is None:
            return tuple(range(rank))
        _require_no_float(axis)
        _require_known_length(axis)
        return tuple(map(int, np.lib.array_utils.normalize_axis_tuple(axis, rank, name)))

    def reduced_axes(axis: Any, rank: int) -> tuple[int, ...]:
        """As axes_of; NumPy's reductions take axis 0 and -1 of rank 0 too."""
        if rank == 0 and isinstance(axis, int) and axis in (0, -1):
            return ()
        if isinstance(axis, tuple):
            found = [axis_of(one, rank) for one in axis]
            if len(set(found)) < len(found):
                raise ValueError("duplicate value in 'axis'")
        return axes_of(axis, rank)

    return {
        "lengths": lengths, "whole": whole, "is_whole": is_whole,
        "axis_of": axis_of, "axes_of": axes_of, "reduced_axes": reduced_axes,
    }


def _require_no_float(axis: Any) -> None:
    if numbers.kind_of(axis) == "float":
        raise TypeError(_NO_INTEGER.format("float"))
