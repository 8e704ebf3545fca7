"""Dictionaries and sets known now, of numbers and texts, asked by what only run time knows.

In: such a container, and a key. Out: its item, or whether there is one. The one idea: nobody else
sees the run's copy, and what it holds cannot change, so it is one constant, made once in a run, and
the container stays known.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from fleet.evaluator.values import fixed, objects
from fleet.evaluator.values.emitter import SCALARS, Emitter
from fleet.evaluator.values.then import Object, type_name
from fleet.integers import LEAST, MOST

MOST_ITEMS = 1000
"""Larger ones are the run's from the beginning."""
_PLAIN = (int, float, str, bytes, bool, type(None))


def is_constant(container: Any) -> bool:
    """Whether it can be one."""
    if not isinstance(container, dict):
        return _is_of_plain(container)
    return has_constant_keys(container) and all(map(_is_plain, container.values()))


def _is_of_plain(items: Any) -> bool:
    """Whether all items are, or keys."""
    return 0 < len(items) <= MOST_ITEMS and all(map(_is_plain, items))


def _is_plain(value: Any) -> bool:
    """Whether it is what its text says, and never changes."""
    if type(value) is tuple:
        return all(map(_is_plain, value))
    if type(value) is float:
        return value - value == 0
    return type(value) in _PLAIN


def constant(e: Emitter, container: Any) -> Object:
    """The run's copy. It must not be given to anybody who may change or keep it."""
    kind = dict if isinstance(container, dict) else set
    made = objects.build(e, "constant", [], content=repr(kind(container)))
    return Object(e, kind, made.native)


def get_item(e: Emitter, container: dict, key: Any) -> Any:
    """container[key]."""
    gives = _kind_of(container.values())
    return objects.operator(e, "getitem", constant(e, container), key, gives=gives)


def get(e: Emitter, container: dict, key: Any, default: Any = None) -> Any:
    """container.get(key, default)."""
    return objects.method(e, constant(e, container), "get", [key, default], {})


def contains(e: Emitter, container: dict | Set, item: Any) -> Any:
    """item in container."""
    return objects.operator(e, "contains", constant(e, container), item)


def position(e: Emitter, container: dict, key: Any) -> Any:
    """At which of its keys that is. Raises the run's KeyError."""
    return get_item(e, {key: at for at, key in enumerate(container)}, key)


def has_constant_keys(container: Any) -> bool:
    """Whether it is a dictionary of Python's own, and nothing but its keys' texts tells them."""
    return type_name(container) == "dict" and _is_of_plain(container)


def stays_known(container: Any) -> bool:
    """Whether a dictionary that is no constant may be asked at which place it has a key, since it
    cannot be the run's, or what it holds are functions, or tuples that begin with one and have
    nothing else in them that changes."""
    if not objects.is_data(container):
        return True
    return has_constant_keys(container) and all(map(_is_of_code, container.values()))


def _is_of_code(value: Any) -> bool:
    if type(value) is not tuple:
        return fixed.is_function(value)
    return len(value) > 0 and fixed.is_function(value[0]) and all(
        fixed.is_function(one) or fixed.is_named(one) or _is_plain(one) for one in value)


def _kind_of(values: Any) -> str:
    """What all of them are, as a service says what it gives."""
    kinds = set(map(type, values))
    if len(kinds) != 1 or kinds == {int} and not all(LEAST <= one <= MOST for one in values):
        return "object"
    name = kinds.pop().__name__
    return name if name in SCALARS or name in ("str", "bytes") else "object"
