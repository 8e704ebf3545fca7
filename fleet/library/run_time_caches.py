"""Caches of functions whose arguments run time knows: what they hold is one of the run's objects.

In: a call of a cached function. Out: what the cache holds for it, or what the function gives, which
the cache then holds. The one idea: a cache is an ordered dictionary, whose first key was used
longest ago; that it is needed is learnt when such a call is met, and it begins with the function.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.language import calls
from fleet.evaluator.objects import operations
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import Again
from fleet.evaluator.values import numbers, objects
from fleet.evaluator.values.then import Number, Object, Text


def table_for(m: Machine, function: Any) -> Object | None:
    """What the cache of a function holds at run time, if it is called so."""
    if not isinstance(function, Function) or id(function._node) not in m.policy.cached:
        return None
    return objects.build(m.backend.e, "OrderedDict", ())


def learn(m: Machine, function: Any) -> None:
    """A function's cache is one of the run's: the program is evaluated anew."""
    if not isinstance(function, Function):
        raise m.error(
            "a cached function cannot take arguments that are known at run time only",
            "call it without the cache",
        )
    m.policy.cached.add(id(function._node))
    raise Again


def call(
    m: Machine, table: Object, function: Any, maxsize: int | None, arguments: tuple,
    keywords: dict[str, Any],
) -> Any:  # fmt: skip
    """function(*arguments, **keywords), through its cache."""
    if maxsize == 0:
        return calls.call_value(m, function, arguments, keywords)
    named = tuple(part for pair in keywords.items() for part in pair)
    key = arguments[0] if len(arguments) == 1 and not named else (*arguments, None, *named)
    e = m.backend.e

    def compute() -> Any:
        value = calls.call_value(m, function, arguments, keywords)
        m.native(objects.set_item, e, table, key, value)
        if maxsize is not None:
            count = m.native(objects.length, e, table)
            too_many = m.native(numbers.compare, e, "gt", count, maxsize)
            regions.choose(m, too_many, forget, lambda: None)
        return value

    def forget() -> None:
        m.native(objects.method, e, table, "popitem", [], {"last": False})

    def recall() -> Any:
        if maxsize is not None:
            m.native(objects.method, e, table, "move_to_end", [key], {})
        return _like(m, missed.value, m.native(objects.get_item, e, table, key))

    held = operations.contains(m, table, key)
    missed = regions.region(m, compute)
    return regions.merge(m, held, regions.region(m, recall), missed)


def _like(m: Machine, value: Any, held: Object) -> Any:
    """What the cache holds, as the function gives it."""
    e = m.backend.e
    kind = numbers.kind_of(value)
    if kind == "int":
        return m.native(objects.to_number, e, held)
    if kind == "float":
        return m.native(objects.to_float, e, held)
    if isinstance(value, Number):
        return operations.truth_of(m, held)
    if isinstance(value, str) or (isinstance(value, Text) and value.kind == "str"):
        return m.native(objects.function, e, "str", [held], "str")
    return held
