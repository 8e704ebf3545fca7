"""What NumPy makes of a number or list of the run's, of which only run time knows the dtype.

In: one of the run's objects. Out: what a function makes of it as an array of ints, or of floats.
The one idea: there are few things that it can be, so the run asks which it is, and the program goes
on for each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.control import regions
from fleet.evaluator.language.flow import rolling
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers, objects
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.ndarrays import arrays
from fleet.evaluator.values.ndarrays.arrays import Undecided
from fleet.evaluator.values.then import Array, Object, Union

_INT, _FLOAT, _INTS, _FLOATS, _INT_ROWS, _FLOAT_ROWS, _INT64, _FLOAT64, _BOOL_ = range(1, 10)
"""What `number_kind` of the host says; 0 of all else."""
_NUMBERS = {_INT: "int", _FLOAT: "float"}
_SCALARS = {_INT64: (np.int64, "int"), _FLOAT64: (np.float64, "float"), _BOOL_: (np.bool_, "bool")}
_LISTS = {_INTS: np.dtype("int64"), _FLOATS: np.dtype("float64")}
_ROWS = {_INT_ROWS: np.dtype("int64"), _FLOAT_ROWS: np.dtype("float64")}
_OTHER = (
    "this is neither ints nor floats nor lists of such, and the program was compiled for these: "
    "say which dtype NumPy is to make of it, as in np.array(x, dtype=float)"
)


def is_open(m: Machine, value: Any) -> bool:
    """Whether only run time knows what NumPy makes of a value."""
    return type(value) is Object and value.kind is not complex and (
        m.backend.e.array_lists.items(value) is None)


def called(m: Machine, arguments: tuple, call: Callable[[tuple], Any]) -> Any:
    """call(arguments), of which some are open; nothing remains of it where one has to be known."""
    try:
        value = rolling.provisionally(m, lambda: call(arguments))
    except Undecided as undecided:
        at = next((i for i, one in enumerate(arguments) if one is undecided.value), None)
        if at is None:
            raise
        first, last = arguments[:at], arguments[at + 1 :]
        return decide(m, undecided.value, lambda one: called(m, (*first, one, *last), call))
    regions.go_on(m)
    return value


WHOLE = frozenset(
    "shape size n num N M k K m axis axis1 axis2 axes source destination new_shape newshape reps "
    "repeats shift pad_width bins minlength decimals ndmin kth deg order offset dims dimensions "
    "indices_or_sections window_shape obj indices count width nsample".split()
)
"""Parameters of NumPy's functions that ask for whole numbers."""


def several(
    m: Machine, values: dict[str, Any]
) -> tuple[Union, Callable[[Any], dict[str, Any]]] | None:
    """What is a whole number or a float where a function asks for whole numbers, or one of several
    arrays, as an argument or in a tuple or list which is one, and what makes the arguments of each
    choice; None where there is nothing such."""
    for name, value in values.items():
        is_open = _is_number if name in WHOLE else _is_array
        if type(value) is Union:
            if is_open(value):
                return value, lambda one, name=name: values | {name: one}
        elif type(value) is tuple or (type(value) is List and value.run_time is None):
            for at, part in enumerate(value):
                if type(part) is Union and is_open(part):
                    return part, lambda one, name=name, at=at, value=value: values | {
                        name: _with(m, value, at, one)}
    return None


def _with(m: Machine, value: tuple | List, at: int, one: Any) -> tuple | List:
    """A tuple or list with another item."""
    items = (*value[:at], one, *value[at + 1 :])
    return items if type(value) is tuple else List(m.heap, items)


def _is_number(value: Union) -> bool:
    """Whether it is one of several kinds of Python's numbers."""
    return all(map(numbers.kind_of, value.choices.values()))


def _is_array(value: Union) -> bool:
    return all(isinstance(one, Array) for one in value.choices.values())


def decide(m: Machine, value: Object, use: Callable[[Any], Any]) -> Any:
    """use(what NumPy takes an object for): a number of Python's, or an array."""
    e = m.backend.e
    if value.kind in (int, bool, float):
        name = value.kind.__name__
        return use(m.native(objects.function, e, name, [value], name))
    kind = m.native(objects.function, e, "number_kind", [value], "int", certain=True)
    known = m.native(numbers.compare, e, "ne", kind, 0)
    e.uncaught_check(known.native, "NotImplementedError", _OTHER)

    def made(way: int) -> Any:
        if way in _ROWS:
            return m.native(e.array_lists.rows, value, _ROWS[way])
        if way in _LISTS:
            return m.native(arrays.asarray, e, value, _LISTS[way])
        if way in _SCALARS:
            dtype, name = _SCALARS[way]
            plain = m.native(objects.function, e, name, [value], name)
            return m.native(arrays.asarray, e, plain, np.dtype(dtype))
        return m.native(objects.function, e, _NUMBERS[way], [value], _NUMBERS[way])

    def among(ways: list[int]) -> Any:
        if len(ways) == 1:
            return use(made(ways[0]))
        is_it = m.native(numbers.compare, e, "eq", kind, ways[0])
        return regions.choose(m, is_it, lambda: use(made(ways[0])), lambda: among(ways[1:]))

    scalars = [way for way, (dtype, _) in _SCALARS.items() if dtype in e.scalars]
    ways = [*_NUMBERS, *scalars] if value.kind is None else []
    if e.array_lists.is_number(value):
        return among(ways)
    rows = () if e.array_lists.are_flat(value) else _ROWS
    return among([*ways, *_LISTS, *rows])
