"""Functions of `math` and `cmath` on what only run time knows: the host's own.

In: the module's table, in which some functions emit operations and the others are CPython's. Out:
the same, whose functions take run-time values. The one idea: a function that has no operations of
its own is a host service; an Object is what the functions say that they take: a float, mostly.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Sequence
from typing import Any

from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.language import calls
from fleet.evaluator.objects import instances
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers, objects, texts
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.numbers import NumberLike
from fleet.evaluator.values.then import Array, Number, Object, is_run_time_list
from fleet.library import norms

_GIVES: dict[str, Any] = {
    **dict.fromkeys("gcd isqrt floor ceil trunc".split(), "int"),
    **dict.fromkeys("isnan isinf isfinite isclose".split(), "bool"),
    **dict.fromkeys("factorial comb perm lcm prod".split(), "object"),
    **dict.fromkeys("modf frexp".split(), tuple),
}
"""What functions of `math` give that give no float."""


def with_host_functions(m: Machine, table: dict[str, Any]) -> dict[str, Any]:
    """The names of `math`. table: those that take known values, or emit."""
    return {name: _function(m, name, value) if callable(value) else value
            for name, value in table.items()}  # fmt: skip


_GIVES_OF_COMPLEX: dict[str, Any] = {
    "phase": "float", "polar": tuple,
    **dict.fromkeys("isnan isinf isfinite isclose".split(), "bool"),
}  # fmt: skip
"""What functions of `cmath` give that give no complex number."""


def complex_functions(m: Machine) -> dict[str, Any]:
    """The names of `cmath`."""
    return {name: _of_complex(m, name, value) if callable(value) else value
            for name, value in vars(cmath).items() if not name.startswith("_")}  # fmt: skip


def _of_complex(m: Machine, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*values: Any, **named: Any) -> Any:
        if not texts.has_run_time((*values, *named.values())):
            return function(*values, **named)
        taken = [objects.shallow(_plain(m, value)) for value in values]
        gives = _GIVES_OF_COMPLEX.get(name, complex)
        return objects.function(m.backend.e, f"cmath.{name}", taken, gives, **named)

    call.__name__ = name
    return call


def _function(m: Machine, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    emits = function is not getattr(math, name)
    coordinates = _COORDINATES.get(name)
    methods = ("__index__",) if name in _OF_INTS else ("__float__", "__index__")

    def call(*values: Any, **named: Any) -> Any:
        if m.backend.e is not None:
            values = tuple(
                calls.taken(m, value) if isinstance(value, Iterator) else value for value in values)
            values = tuple(instances.as_number(m, value, *methods) for value in values)
        given = (*values, *named.values())
        late = any(isinstance(value, Object) for value in given)
        if m.backend.e is None or not late and (
                emits and len(values) < 2 or not texts.has_run_time(given)):  # fmt: skip
            return function(*values, **named)
        if name == "pow" and not late:
            return function(*values, **named)
        if coordinates is not None and not named and (apart := coordinates(m, values)) is not None:
            return norms.norm(m, apart)
        if emits and len(values) == 1 and not named and name not in _GIVES:
            return function(objects.to_float(m.backend.e, values[0]))
        taken = [objects.shallow(_plain(m, calls.taken(m, value))) for value in values]
        gives = _GIVES.get(name, "float")
        return objects.function(m.backend.e, f"math.{name}", taken, gives, **named)

    def to_whole(value: Any, /) -> Any:
        if not isinstance(value, Object):
            return call(value)
        return instances.special(m, value, f"__{name}__", (), lambda: call(value))

    made = to_whole if name in ("floor", "ceil", "trunc") else call
    made.__name__ = name
    return made


_OF_INTS = frozenset("gcd isqrt factorial comb perm lcm".split())
"""Functions of `math` to which an instance says what int it is, not what float."""


def _numbers(m: Machine, values: Sequence[Any]) -> list[NumberLike] | None:
    """Numbers as Python's; None if not all are numbers."""
    plain = [_plain(m, value) for value in values]
    return plain if all(isinstance(value, Number | int | float) for value in plain) else None


def _differences(m: Machine, points: Sequence[Any]) -> list[NumberLike] | None:
    """How far two points are apart along each axis; None if not all of that is known."""
    if len(points) != 2 or not all(isinstance(point, tuple | List) for point in points) or any(
            map(is_run_time_list, points)):  # fmt: skip
        return None
    ends = [_numbers(m, point) for point in points]
    if None in ends or len(ends[0]) != len(ends[1]):
        return None
    e = m.backend.e
    return [
        numbers.binary(e, "sub", *(numbers.to_float(e, end) for end in pair))
        for pair in zip(*ends, strict=True)
    ]


_COORDINATES = {"hypot": _numbers, "dist": _differences}
"""Functions that are the length of a vector, and its coordinates."""


def _plain(m: Machine, value: Any) -> Any:
    """A NumPy scalar as Python's number."""
    is_scalar = isinstance(value, Array) and not value.dims
    return tensors.to_number(m.backend.e, value) if is_scalar else value
