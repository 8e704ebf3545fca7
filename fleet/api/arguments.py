"""The arguments of a call: what they are, apart from what they hold.

In: the values that a compiled function is called with. Out: a `Spec` of each, hashable, which says
all that the compiled code depends on, and the arrays and numbers that it takes. The one idea: a
spec has no sizes; they are a list of their own, and one compilation serves all that agree with it
in those that were asked to be static, and in which are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fleet.api.guards import same
from fleet.diagnostics import FleetError

_KINDS = {bool: "bool", int: "int", float: "float"}
_PLAIN = (str, bytes, type(None))


@dataclass(frozen=True)
class Scalar:
    """A Python number: `bool`, `int` or `float`."""

    kind: str


@dataclass(frozen=True)
class Buffer:
    """An array, or with `scalar` a NumPy scalar.

    axes: those of the array in the order of memory, the slowest first; parameter: which of the
    entry's buffers it is, that of an earlier argument where they are one array.
    """

    parameter: int
    dtype: np.dtype
    axes: tuple[int, ...]
    writeable: bool
    scalar: bool = False


@dataclass(frozen=True)
class Items:
    """A tuple (also a named one), list or dictionary of arguments. keys: of a dictionary."""

    form: type
    items: tuple[Spec, ...]
    keys: tuple[Static, ...] = ()


@dataclass(frozen=True, eq=False)
class Static:
    """A value that the code is compiled for: a text, None, or one that was asked to be static."""

    value: Any

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Static):
            return False
        return same(self.value, other.value)

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, eq=False)
class Object:
    """A value that is compared by identity, and watched by guards: a static array, a function."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Object) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


DTYPES = "use bool, int8 to int64, uint8 to uint64, float16, float32 or float64"


def is_supported(dtype: np.dtype[Any]) -> bool:
    """Whether arrays of a dtype can be computed with."""
    return dtype.kind in "biuf" and dtype.itemsize <= 8 and dtype.isnative


def is_named_tuple(kind: type) -> bool:
    """Whether a class is one of named tuples."""
    return kind.__bases__ == (tuple,) and hasattr(kind, "_fields")


Spec = Scalar | Buffer | Items | Static | Object
Specs = tuple[tuple[int | str, Spec], ...]
"""By parameter: a number for one that is given by its position, a name for others."""


@dataclass
class Given:
    """The arguments of one call.

    buffers: the caller's arrays, in the
    order of memory; values: what the entry takes, numbers and buffers; sizes: of all axes of all
    buffers; owners: the argument that each buffer comes from; outer: the caller's own objects.
    """

    specs: Specs = ()
    buffers: list[np.ndarray] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    outer: list[np.ndarray] = field(default_factory=list)
    known: dict[tuple[Any, ...], int] = field(default_factory=dict)


def read(
    names: Sequence[str], positional: Sequence[Any], keywords: dict[str, Any],
    static: frozenset[str],
) -> Given:  # fmt: skip
    """What a call gives. names: of the positional parameters, for the arguments in their order."""
    given = Given()
    specs: list[tuple[int | str, Spec]] = []
    for number, value in enumerate(positional):
        name = names[number] if number < len(names) else f"argument {number + 1}"
        specs.append((number, _spec(given, value, name, name in static)))
    for name, value in keywords.items():
        specs.append((name, _spec(given, value, name, name in static)))
    given.specs = tuple(specs)
    return given


def _spec(given: Given, value: Any, name: str, static: bool) -> Spec:
    kind = type(value)
    if static or kind in _PLAIN:
        return _static(value)
    if kind in _KINDS:
        return _number(given, value, name)
    if isinstance(value, np.generic):
        return _buffer(given, np.asarray(value), name, True)
    if isinstance(value, np.ndarray):
        return _buffer(given, value, name, False)
    if kind in (tuple, list) or is_named_tuple(kind):
        parts = enumerate(value)
        return Items(kind, tuple(_spec(given, part, f"{name}[{i}]", False) for i, part in parts))
    if kind is dict:
        items = tuple(_spec(given, part, f"{name}[{key!r}]", False) for key, part in value.items())
        return Items(dict, items, tuple(map(Static, value)))
    if isinstance(value, complex):
        raise FleetError(f"the argument `{name}` is complex, which is not supported")
    return Object(value)


def _static(value: Any) -> Spec:
    kind = type(value)
    if kind in _KINDS or kind in _PLAIN:
        return Static(value)
    if kind in (tuple, list) or is_named_tuple(kind):
        return Items(kind, tuple(map(_static, value)))
    if kind is dict:
        return Items(dict, tuple(map(_static, value.values())), tuple(map(Static, value)))
    return Object(value)


def _number(given: Given, value: Any, name: str) -> Scalar:
    if type(value) is int and not -(2**63) <= value < 2**63:
        raise FleetError(
            f"the argument `{name}` is {value}, and ints of compiled functions have 64 bits",
            hint="name it in static_argnames, so that it is known when the function is compiled",
        )
    given.values.append(value)
    return Scalar(_KINDS[type(value)])


def _buffer(given: Given, array: np.ndarray, name: str, scalar: bool) -> Buffer:
    if type(array) is not np.ndarray:
        raise FleetError(
            f"the argument `{name}` is of a subclass of np.ndarray, {type(array).__name__}",
            hint="make an array of it with np.asarray",
        )
    dtype = array.dtype
    if not is_supported(dtype):
        raise FleetError(
            f"the argument `{name}` has the dtype {dtype}, which is not supported", hint=DTYPES
        )
    axes = memory_order(array)
    writeable = bool(array.flags.writeable) and not scalar
    identity = (array.__array_interface__["data"][0], array.shape, array.strides, dtype, scalar)
    number = given.known.get(identity) if array.size and not scalar else None
    if number is None:
        number = given.known[identity] = len(given.buffers)
        base = array.transpose(axes)
        given.buffers.append(base)
        given.values.append(base)
        given.sizes += base.shape
        given.owners.append(name)
        given.outer.append(array)
    return Buffer(number, dtype, axes, writeable, scalar)


def memory_order(array: np.ndarray) -> tuple[int, ...]:
    """The axes as they lie in memory, so that sums take the elements in NumPy's order."""
    if array.flags.c_contiguous:
        return tuple(range(array.ndim))
    return tuple(sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis])))


@dataclass(frozen=True)
class Shape:
    """What a compilation takes for granted of the sizes: numbers, or groups of equal ones.

    sizes: for each axis a known length, or None; groups: for each axis the first one that has the
    same length, which may be itself.
    """

    sizes: tuple[int | None, ...]
    groups: tuple[int, ...]

    @staticmethod
    def of(given: Given, is_static: Sequence[bool]) -> Shape:
        """The widest one for a call. is_static: by buffer, whether its sizes are asked for."""
        fixed = [static for buffer, static in zip(given.buffers, is_static, strict=True)
                 for _ in buffer.shape]  # fmt: skip
        sizes = tuple(
            size if static or size == 1 else None
            for size, static in zip(given.sizes, fixed, strict=True)
        )
        first: dict[int, int] = {}
        groups = tuple(
            first.setdefault(size, axis) if known is None else axis
            for axis, (size, known) in enumerate(zip(given.sizes, sizes, strict=True))
        )
        return Shape(sizes, groups)

    def fits(self, sizes: Sequence[int]) -> bool:
        """Whether code that was compiled so serves arrays of these sizes."""
        return all(
            sizes[group] == size if known is None else known == size
            for size, known, group in zip(sizes, self.sizes, self.groups, strict=True)
        )
