"""What a compiled function returns: how it is made again from what the entry gives.

In: the evaluator's value. Out: SSA values for the entry to return, and a `Result` that reads them.
The one idea: containers and whatever is known when the function is compiled are in the `Result`
itself; only numbers, texts and arrays that run time computes come out of the entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.evaluator.values import kinds
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import Attributes, Dict, List, Set
from fleet.evaluator.values.kinds import simple
from fleet.evaluator.values.ndarrays import layout
from fleet.evaluator.values.then import Array, Range, Then, natives
from fleet.host import Data
from fleet.ir.core import Value
from fleet.ir.types import ComplexType, Type
from fleet.objects.names import Objects


class Made(dict[int, Any]):
    """The results of a call that are made so far, by the evaluator's object.

    objects: those of the run.
    """

    def __init__(self, objects: Objects) -> None:
        super().__init__()
        self.objects = objects


Read = Callable[[Iterator[Data], Sequence[Any], Made], Any]
"""(what the entry gave, the caller's arrays, results made so far) -> a result."""


@dataclass
class Collector:
    """Takes a function's result apart.

    e: where operations go
    own: the live object that a value of the evaluator stands for, by the value's id
    parameters: which of the caller's arrays an array of the evaluator is, by its id
    returned: what the entry is to return
    """

    e: Emitter
    own: dict[int, Any]
    parameters: dict[int, int]
    returned: list[Value] = field(default_factory=list)
    _seen: dict[int, tuple[Any, Read]] = field(default_factory=dict)

    def read(self, value: Any) -> Read:
        """How the value is read. Raises FleetError for what cannot be returned."""
        if id(value) in self.parameters:
            number = self.parameters[id(value)]
            return lambda values, outer, made: outer[number]
        if id(value) in self.own:
            live = self.own[id(value)]
            return lambda values, outer, made: live
        if id(value) in self._seen:
            return self._seen[id(value)][1]
        if isinstance(value, Array | list | dict | set):
            return self._shared(value, self._new(value))
        return self._new(value)

    def _shared(self, value: Any, read: Read) -> Read:
        """One object is made once, however often it is returned."""
        key = id(value)

        def once(values: Iterator[Data], outer: Sequence[Any], made: Made) -> Any:
            if key not in made:
                made[key] = read(values, outer, made)
            return made[key]

        self._seen[key] = (value, once)
        return once

    def _new(self, value: Any) -> Read:
        kind = type(value)
        if isinstance(value, Array):
            value.read()  # which is refused where nobody can tell what it is
        if isinstance(value, Array) and value.known is not None:
            known = value.known
            return lambda values, outer, made: known.copy()
        if isinstance(value, tuple) or isinstance(value, List) and value.run_time is None:
            form = self._form(value)
            parts = [self.read(item) for item in value]
            return lambda values, outer, made: form(
                [part(values, outer, made) for part in parts])  # fmt: skip
        if isinstance(value, Dict) and kind.__name__ == "dict":
            rows = [(self._constant(key), self.read(item)) for key, item in value.items()]
            return lambda values, outer, made: {
                key: part(values, outer, made) for key, part in rows
            }
        live = self.own.get(id(kind))
        if isinstance(live, type) and type(getattr(value, "__dict__", None)) is Attributes:
            return self._instance(value, live)
        if isinstance(value, Set | frozenset):
            form_of_set = set if isinstance(value, Set) else frozenset
            items = [self._constant(item) for item in value]
            return lambda values, outer, made: form_of_set(items)
        if isinstance(value, Range):
            parts = [self.read(part) for part in (value.start, value.stop, value.step)]
            return lambda values, outer, made: range(
                *[part(values, outer, made) for part in parts])  # fmt: skip
        if isinstance(value, Then | List):
            return self._run_time(value)
        known_value = self._constant(value)
        return lambda values, outer, made: known_value

    def _instance(self, value: Any, live: type) -> Read:
        """An object of a class of the user's."""
        rows = [(name, self.read(item)) for name, item in vars(value).items()]

        def read(values: Iterator[Data], outer: Sequence[Any], made: Made) -> Any:
            result: Any = object.__new__(live)
            vars(result).update({name: part(values, outer, made) for name, part in rows})
            return result

        return self._shared(value, read)

    def _form(self, value: Any) -> Callable[[list[Any]], Any]:
        """What makes a tuple or list of its items."""
        kind = type(value)
        if kind is tuple or isinstance(value, List):
            return tuple if kind is tuple else list
        live = self.own.get(id(kind))
        if live is None:
            raise self._cannot(value)
        make: Callable[[list[Any]], Any] = live._make
        return make

    def _constant(self, value: Any) -> Any:
        """A value that is known, as the caller gets it."""
        if id(value) in self.own:
            return self.own[id(value)]
        if isinstance(value, tuple) and type(value) is tuple:
            return tuple(map(self._constant, value))
        if isinstance(value, _PLAIN) and type(value).__module__.split(".")[0] in _KNOWN:
            return value
        if isinstance(value, type) and value.__module__ in _KNOWN:
            return value
        raise self._cannot(value)

    def _run_time(self, value: Any) -> Read:
        kind = kinds.copy_kind(value) if isinstance(value, Array) else kinds.kind_of(value)
        if kind is None or natives(value) is None:
            raise self._cannot(value)
        for known in kinds.opaque(kind):
            self._constant(known)
        if not _can_be_returned(kind):
            raise self._cannot(value)
        self.returned += kind.pack(self.e, value)
        order = layout.order_of_copy(value) if isinstance(value, Array) else ()
        if order:
            return lambda values, outer, made: _laid(
                from_kind(kind, values, made.objects), order)  # fmt: skip
        return lambda values, outer, made: from_kind(kind, values, made.objects)

    def _cannot(self, value: Any) -> FleetError:
        name = value.type_name if isinstance(value, Then) else type(value).__name__
        return FleetError(
            f"a compiled function cannot return a value of type {name}",
            hint="return numbers, texts, arrays, or lists, tuples and dictionaries of them",
        )


_PLAIN = (bool, int, float, str, bytes, type(None), type(Ellipsis), range, slice, np.generic,
          np.dtype)  # fmt: skip


_KNOWN = ("builtins", "numpy")


def _can_be_returned(kind: kinds.Kind) -> bool:
    if isinstance(kind, kinds.TupleKind):
        return kind.form is tuple and all(map(_can_be_returned, kind.items))
    if isinstance(kind, kinds.ExceptionKind):
        return False
    return not isinstance(kind, kinds.UnionKind) or all(map(_can_be_returned, kind.choices))


def from_kind(kind: kinds.Kind, values: Iterator[Data], objects: Objects) -> Any:
    """The value that the next ones of a kind stand for."""
    match kind:
        case simple.NumberKind():
            return {"int": int, "float": float, "bool": bool}[kind.kind](next(values))
        case simple.CharacterKind():
            return chr(int(next(values)))
        case simple.TextKind():
            data = np.asarray(next(values)).tobytes()
            return data if kind.kind == "bytes" else data.decode("utf-8", "surrogateescape")
        case simple.TensorKind():
            array = _array(kind.dtype, values)
            if array.dtype != kind.dtype:
                array = array.view(kind.dtype)  # signs are not in the types of the machine
            return array[()] if kind.form == "scalar" else array
        case simple.NumbersKind():
            return np.asarray(next(values)).tolist()
        case kinds.TupleKind():
            return tuple([from_kind(item, values, objects) for item in kind.items])
        case kinds.UnionKind():
            return _from_union(kind, values, objects)
        case simple.ObjectKind():
            return objects.named(int(next(values)))
    assert isinstance(kind, simple.Known)
    return kind.value


def _array(dtype: np.dtype, values: Iterator[Data]) -> np.ndarray:
    """The array that the next values are; a scalar in a union comes as Python's number."""
    value = next(values)
    if dtype.kind == "c":
        made = np.empty(np.shape(value), dtype)
        made.real, made.imag = value, next(values)
        return made
    if isinstance(value, int) and dtype.kind in "iu":
        value &= (1 << 8 * dtype.itemsize) - 1
        return np.array(value, f"u{dtype.itemsize}")
    return np.array(value, dtype) if isinstance(value, int | float) else np.asarray(value)


def _laid(array: np.ndarray, order: Sequence[int]) -> np.ndarray:
    """The array with its axes in this order in memory, the slowest first, as NumPy lays it."""
    return np.ascontiguousarray(array.transpose(order)).transpose(np.argsort(order))


def _parts(type: Type) -> int:
    """How many results of the entry a value is: real and imaginary part come one by one."""
    return 2 if isinstance(getattr(type, "element", type), ComplexType) else 1


def _from_union(kind: kinds.UnionKind, values: Iterator[Data], objects: Objects) -> Any:
    types, uses = kind.slots
    number = int(next(values))
    payload = [[next(values) for _ in range(_parts(type))] for type in types]
    chosen = iter([part for at in uses[number] for part in payload[at]])
    return from_kind(kind.choices[number], chosen, objects)

