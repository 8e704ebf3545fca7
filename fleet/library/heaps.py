"""`heapq` and `bisect`: on lists known now, and on the run's.

In: lists of the program. Out: the same lists, changed. The one idea: these modules are CPython's
own on a copy of a known list, which is then written back, so that the write is recorded; on a list
that only run time knows they are a host service, or in the prelude, where items are instances that
compare as the program says.
"""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Callable
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.iterators.positions import LIST
from fleet.evaluator.language import calls
from fleet.evaluator.objects import operations
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects, texts
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.then import Object, Then, is_run_time_list

_HEAPQ = {"heappush": None, "heappop": "object", "heapify": None, "heapreplace": "object",
          "heappushpop": "object"}  # fmt: skip
"""What functions that change a heap give."""
_BISECT = {"bisect_left": "int", "bisect_right": "int", "insort_left": None, "insort_right": None}
_NAMES = {"bisect": "bisect_right", "insort": "insort_right"}


def _changing(
    m: Machine, plain: Callable[..., Any], gives: str | None, writes: bool
) -> Callable[..., Any]:
    """A function whose first argument is a list."""

    def function(items: Any, *arguments: Any, **named: Any) -> Any:
        if not isinstance(items, Object):
            if isinstance(items, Then) or is_run_time_list(items) or texts.has_run_time(
                    (items, arguments, tuple(named.values()))):  # fmt: skip
                if type(items) is not tuple or writes:
                    raise m.heap.outgrown(items)
                items = m.native(objects.build, m.backend.e, "list", items)
            else:
                try:
                    return _on_known(items, *arguments, **named)
                except FleetError as mistake:  # of instances that compare as only run time knows
                    m.heap.outgrown(items, mistake)

        def plainly() -> Any:
            return objects.function(
                m.backend.e, plain.__name__, [items, *arguments], gives, kept=True, **named)

        if plain.__name__ not in _HEAPQ:
            return plainly()
        looked_at = items
        if plain is heapq.heappush:
            pushed = m.native(objects.with_records, m.backend.e, arguments)
            looked_at = m.native(objects.build, m.backend.e, "list", pushed)

        def comparing() -> Any:
            by = m.prelude.get(f"{plain.__name__}_by_comparing")
            return m.language.call_value(m, by, (items, *arguments), {})

        return calls.by_comparing(m, looked_at, "heapq", comparing, plainly)

    def _on_known(items: Any, *arguments: Any, **named: Any) -> Any:
        if not writes or not isinstance(items, List):
            return plain(items, *arguments, **named)
        copy = list(items)
        result = plain(copy, *arguments, **named)
        items[:] = copy
        return result

    function.__name__ = plain.__name__
    return function


def _extremes(m: Machine, plain: Callable[..., Any]) -> Callable[..., Any]:
    """nlargest() and nsmallest()."""

    def function(n: Any, iterable: Any, key: Any = None) -> Any:
        found = calls.all_of(m, iterable)
        if not isinstance(found, Then) and not is_run_time_list(found):
            items = operations.known_items(m, found)
            if not texts.has_run_time(items) and not isinstance(n, Then):
                return plain(n, items, key)
        ordered = m.builtins["sorted"](
            found, key=key, reverse=plain is heapq.nlargest)  # fmt: skip
        return operations.get_item(m, ordered, slice(None, m.builtins["max"](n, 0)))

    function.__name__ = plain.__name__
    return function


def _as_object(m: Machine, items: Any) -> Object:
    """A list of the run with these items, which nobody else has."""
    if isinstance(items, Object):
        return items
    if isinstance(items, Then) or is_run_time_list(items):
        return m.native(objects.box, m.backend.e, objects.shallow(items), False)
    return m.native(objects.build, m.backend.e, "list", operations.known_items(m, items))


def heapq_table(m: Machine) -> dict[str, Callable[..., Any]]:
    """The names of `heapq`."""
    table = {name: _changing(m, getattr(heapq, name), gives, True)
             for name, gives in _HEAPQ.items()}  # fmt: skip
    table |= {name: _extremes(m, getattr(heapq, name)) for name in ("nlargest", "nsmallest")}

    def merged(lists: Any, key: Any, reverse: bool) -> Any:
        call = lists, key, reverse, m.native(objects.build, m.backend.e, "list", [])
        return iterators.steps(m, m.language.call_value(m, m.prelude.get("merged"), call, {}))

    def merge(*iterables: Any, key: Any = None, reverse: bool = False) -> Any:
        found = [calls.all_of(m, one) for one in iterables]
        if any(isinstance(one, Then) or is_run_time_list(one) for one in found) or (
                texts.has_run_time(tuple(found))):  # fmt: skip
            lists = tuple(_as_object(m, one) for one in found)
            return merged(lists, key, reverse)
        items = [operations.known_items(m, one) for one in found]
        return LIST(m, list(heapq.merge(*items, key=key, reverse=reverse)))

    def merge_of(whole: Object, key: Any = None, reverse: bool = False) -> Any:
        lists = m.native(objects.function, m.backend.e, "lists_of", [whole], list)
        return merged(lists, key, reverse)

    merge.spread = merge_of
    return table | {"merge": merge}


def bisect_table(m: Machine) -> dict[str, Callable[..., Any]]:
    """The names of `bisect`."""
    table = {name: _changing(m, getattr(bisect, name), gives, gives is None)
             for name, gives in _BISECT.items()}  # fmt: skip
    return table | {name: table[other] for name, other in _NAMES.items()}
