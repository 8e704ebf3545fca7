"""The iterators of Python's builtins: which one goes over a value, forward and backward.

In: values to iterate over. Out: iterators. The one idea: `iterate` is Python's iter(), in one table
by type; what comes from elsewhere (a class of the program, a NumPy iterator) is wrapped, so
that every source of items has steps.
"""

from __future__ import annotations

from collections.abc import Callable
from types import GeneratorType
from typing import Any

import numpy as np

from fleet.evaluator.control import regions
from fleet.evaluator.iterators import advancing
from fleet.evaluator.iterators.positions import (
    ARRAY,
    BYTES,
    ITEMS,
    KEYS,
    LIST,
    RANGE,
    REVERSED,
    REVERSED_ARRAY,
    REVERSED_KEYS,
    REVERSED_LIST,
    REVERSED_VIEWS,
    SET,
    STRINGS,
    TUPLE,
    VALUES,
    Foreign,
    Subscripts,
    held,
)
from fleet.evaluator.iterators.protocol import (
    END,
    Iterator,
    Perhaps,
    Positional,
)
from fleet.evaluator.objects import operations, special_methods
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.members import declare
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import characters, classes, objects
from fleet.evaluator.values.heap import Dict, List, Set
from fleet.evaluator.values.sequences import Lazy, is_run_time_sequence
from fleet.evaluator.values.then import (
    Array,
    Number,
    Object,
    Text,
    Then,
    Union,
    type_name,
)


class OfObject(Positional):
    """Over one of the run's objects, or a text that run time knows: by an iterator of CPython's."""

    def __init__(self, m: Machine, value: Any, gives: str = "object") -> None:
        super().__init__(m)
        e = m.backend.e
        self.gives = gives
        self.owner = value
        self.source = m.native(objects.function, e, "iter", [value])

    def ends_at_run_time(self) -> bool:
        return True

    def more(self) -> Number:
        return self.m.native(objects.function, self.m.backend.e, "more", [self.source], "bool")

    def take(self) -> Any:
        e = self.m.backend.e
        item = self.m.native(objects.function, e, "take", [self.source], self.gives)
        return e.array_lists.typed(self.owner, item)

    def object_source(self) -> Object:
        """The iterator of CPython's."""
        return self.source


def of_object(m: Machine, value: Any) -> Iterator:
    """Over one of the run's objects, or a text that run time knows."""
    if advancing.may_be(m, value):
        return advancing.Advancing(m, advancing.begin(m, value))
    is_text = isinstance(value, Text) or (isinstance(value, Object) and value.kind is str)
    return OfObject(m, value, "str" if is_text else "object")


def iterate(m: Machine, value: Any) -> Any:
    """iter(value): an iterator of ours, or the program's own object that is one."""
    make = _EXACT.get(type(value))
    if make is not None and not (type(value) is List and value.run_time is not None):
        return make(m, value)
    if isinstance(value, Array | np.ndarray):
        return ARRAY(m, _with_rows(m, value, "iteration over a 0-d array"))
    if isinstance(value, Text) and value.kind == "str":
        return LIST(m, m.native(characters.characters_of, m.backend.e, value))
    if isinstance(value, Object):
        return of_object(m, value)
    if is_run_time_sequence(value):
        return LIST(m, value if isinstance(value, list) else operations.lazily(m, value))
    match value:
        case Iterator():
            return value
        case Union():
            return of_object(m, _whole(m, value))
        case Then():
            raise m.raised(TypeError(f"'{value.type_name}' object is not iterable"))
    own = getattr(type(value), "__iter__", None)
    for kind, make in _BY_TYPE.items():
        if isinstance(value, kind) and own is kind.__iter__:
            return make(m, value)
    if own is None and hasattr(type(value), "__getitem__"):
        return Subscripts(m, value)
    method = special_methods.method_of(value, "__iter__")
    made = m.native(iter, value) if method is None else _iterator_of(m, value, method)
    if isinstance(made, Iterator):
        return made
    if classes.is_made(type(value)):
        return iterate(m, made) if made is not value and _is_builtin(made) else made
    return LIST(m, m.native(list, made))


def _iterator_of(m: Machine, value: Any, method: Function) -> Any:
    """What an `__iter__` of the program gives."""
    made = special_methods.call(m, method, value)
    if isinstance(made, Iterator | Lazy | Object | Union):
        return iterate(m, made)
    if not hasattr(type(made), "__next__"):
        raise m.raised(TypeError(f"iter() returned non-iterator of type '{type_name(made)}'"))
    return made


def _whole(m: Machine, value: Union) -> Object | Text:
    """What only run time knows which of several values it is, as one of the run's objects."""
    e = m.backend.e
    whole = m.native(objects.box, e, value)
    if not all(isinstance(one, str) or (isinstance(one, Text) and one.kind == "str")
               for one in value.choices.values()):  # fmt: skip
        return whole
    return m.native(objects.function, e, "str", [whole], "str")


def _is_builtin(value: Any) -> bool:
    return not classes.is_made(type(value)) and not isinstance(value, Iterator)


def _with_rows(m: Machine, value: Array | np.ndarray, otherwise: str) -> Array | np.ndarray:
    if not (value.dims if isinstance(value, Array) else value.shape):
        raise m.raised(TypeError(otherwise))
    return value


_BY_TYPE: dict[type, Callable[[Machine, Any], Iterator]] = {
    list: lambda m, value: LIST(m, value),
    tuple: lambda m, value: TUPLE(m, value),
    range: lambda m, value: RANGE(m, value),
    str: lambda m, value: STRINGS[value.isascii()](m, value),
    bytes: lambda m, value: BYTES(m, value),
    dict: lambda m, value: KEYS(m, value, value, "dictionary"),
    type({}.keys()): lambda m, value: KEYS(m, value, value, "dictionary"),
    type({}.values()): lambda m, value: VALUES(m, value, value.mapping, False),
    type({}.items()): lambda m, value: ITEMS(m, value, value.mapping, True),
    set: lambda m, value: SET(m, value, value, "Set"),
    frozenset: lambda m, value: SET(m, value, value, "Set"),
}


_EXACT: dict[type, Callable[[Machine, Any], Iterator]] = {
    own: _BY_TYPE[python] for own, python in (
        (List, list), (Dict, dict), (Set, set), *((kind, kind) for kind in (
            tuple, range, str, bytes, frozenset, type({}.keys()), type({}.values()),
            type({}.items()))),
    )
}  # fmt: skip
"""The same for the classes themselves, and not for what inherits from them."""


def steps(m: Machine, value: Any) -> Iterator:
    """The steps of anything that can be iterated over."""
    made = iterate(m, value)
    return made if isinstance(made, Iterator) else Foreign(m, made)


_REVERSIBLE = (list, range, dict, type({}.keys()), type({}.values()), type({}.items()))


def backward(m: Machine, value: Any) -> Any:
    """reversed(value)."""
    own = getattr(type(value), "__reversed__", None)
    if isinstance(value, Array | np.ndarray):
        return REVERSED_ARRAY(m, _with_rows(m, value, "len() of unsized object"))
    if own is not None and not isinstance(value, _REVERSIBLE):
        return m.native(own, value)
    match value:
        case list():
            return REVERSED_LIST(m, value)
        case range():
            return RANGE(m, value[::-1])
        case dict():
            return REVERSED_KEYS(m, value, list(value)[::-1], "dictionary")
    if isinstance(value, type({}.keys())):
        return REVERSED_KEYS(m, value, list(value)[::-1], "dictionary")
    for pairs, kind in ((False, type({}.values())), (True, type({}.items()))):
        if isinstance(value, kind):
            return REVERSED_VIEWS[pairs](m, value, list(value.mapping)[::-1], pairs)
    m.native(reversed, value)  # the TypeError for what cannot be
    return REVERSED(m, value)


declare(advancing.Advancing, GeneratorType, "send throw close __next__ __iter__")


MOST_PASSED = 16
"""Items that an iterator known now may pass over one by one, as run time decides."""


def next_item(m: Machine, value: Any, *default: Any, passed: int = 0) -> Any:
    """next(value), next(value, default). passed: how many items have been passed over."""
    if isinstance(value, Object) and (value.kind is None or classes.is_made(value.kind)):
        if value.kind is None or not classes.defines(value.kind, "__next__"):
            value = m.native(objects.function, m.backend.e, "iterator", [value])
        value = advancing.Advancing(m, value)
    value = held(m, value)
    if not isinstance(value, Iterator):
        if isinstance(value, Then):
            raise m.raised(TypeError(f"'{value.type_name}' object is not an iterator"))
        return m.native(next, value, *default)
    return item_of(m, value, value.step(), *default, passed=passed)


def item_of(m: Machine, value: Iterator, found: Any, *default: Any, passed: int = 0) -> Any:
    """What next() makes of a step."""

    def none() -> Any:
        if default:
            return default[0]
        raise m.raised(value.end_of_items())

    def given(found: Any) -> Any:
        if found is END:
            return none()
        if not isinstance(found, Perhaps):
            return found

        def otherwise() -> Any:
            if found.end is None and value.ends_at_run_time():
                there, item = m.language.first_of(m, value)
                return regions.choose(m, there, lambda: item, none)
            if found.end is None and (value.is_endless() or (
                    passed >= MOST_PASSED and value.site is not None)):  # fmt: skip
                value.outgrown("how many items pass before the next one is not known")
            if found.end is None:
                return next_item(m, value, *default, passed=passed + 1)
            found.end()
            return none()

        return regions.choose(m, found.truth, lambda: given(found.get()), otherwise)

    return given(found)


