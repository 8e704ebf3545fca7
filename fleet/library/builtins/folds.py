"""Builtin functions that go over all items and give one value, or all of them in order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.control import regions
from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.language import calls
from fleet.evaluator.language.flow import rolling, stepping
from fleet.evaluator.language.generators.expressions import Generator
from fleet.evaluator.language.operators import comparison
from fleet.evaluator.objects import (
    instances,
    operations,
    special_methods,
)
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.values import classes, lists, numbers, objects, operators, texts
from fleet.evaluator.values.heap import Cell, List, attributes_of
from fleet.evaluator.values.mixed import Mixed
from fleet.evaluator.values.ndarrays import arrays, elementwise, reductions, tensors
from fleet.evaluator.values.number_lists import held_by, site_of
from fleet.evaluator.values.sequences import Lazy, is_run_time_sequence
from fleet.evaluator.values.tables import Rows
from fleet.evaluator.values.then import (
    Array,
    Numbers,
    Object,
    Range,
    Text,
    Then,
    is_run_time_list,
)
from fleet.library.builtins.part import Part
from fleet.syntax import tree

_COMPENSATED = sys.version_info >= (3, 12)
"""Whether sum() keeps what the additions of floats lose, and adds it at the end."""
_HALF = (1 << 32) - 1
_FEW = 8
_ORDERED = frozenset((int, str, bool))
_BETTER = {"min": comparison(tree.Lt()), "max": comparison(tree.Gt())}


def _is_mixed(items: Any) -> bool:
    """Whether it is a list of several kinds of numbers, or None: see `values.mixed`."""
    return is_run_time_list(items) and isinstance(items.run_time, Mixed)


class Folds(Part):
    """sum, min, max, any, all and sorted."""

    def _numbers(self, items: Any) -> Any:
        """A run-time range or iterator as a run-time list; other things as they are."""
        items = self._walked(items)
        if isinstance(items, iterators.Iterator):
            return stepping.rest(self.m, items)
        if not isinstance(items, Range):
            return items
        return List(self.m.heap, run_time=lists.to_numbers(self.e, items, "a range"))

    def sum(self, items: Any, start: Any = 0) -> Any:
        items = self._numbers(items)
        if isinstance(items, Text) and items.kind == "bytes":
            items = List(self.m.heap, run_time=lists.to_numbers(self.e, items, "sum() of it"))
        if isinstance(items, Lazy):
            items = stepping.collect(self.m, items)
        if _is_mixed(items) and not _COMPENSATED and "none" not in items.run_time.kinds:
            given = items, start
            return calls.call_value(self.m, self.m.prelude.get("sum_of_items"), given, {})
        if _is_mixed(items):
            items = self.m.native(items.run_time.boxed)
        if isinstance(items, Object):
            return self._sum_of_object(items, start)
        if is_run_time_list(items):
            content = arrays.asarray(self.e, items)
            if content.dtype == np.bool_:
                content = arrays.cast(self.e, content, np.dtype("int64"))
            if content.dtype == np.int64:
                return self._exact_sum(content, start)
            return regions.choose(  # of no floats at all, it is what it starts with: an int
                self.m,
                numbers.compare(self.e, "eq", lists.length(self.e, items.run_time), 0),
                lambda: start,
                lambda: self._sum_of_floats(items, start),
            )
        if is_run_time_sequence(items):
            given = items, start
            return calls.call_value(self.m, self.m.prelude.get("sum_of_items"), given, {})
        values = operations.known_items(self.m, items)
        if operations.PLAIN.issuperset(map(type, [start, *values])):
            return sum(values, start)
        if _COMPENSATED and any(numbers.kind_of(value) == "float" for value in [start, *values]):
            return self._sum_of_floats(values, start)
        total = start
        for item in values:
            total = total + item
        return total

    def _sum_of_floats(self, items: Any, start: Any) -> Any:
        """One after the other, as Python adds them; of one item or more."""
        name = "compensated_sum" if _COMPENSATED else "sum_of_floats"
        return calls.call_value(self.m, self.m.prelude.get(name), (items, start), {})

    def _sum_of_object(self, items: Object, start: Any) -> Any:
        """Of what only run time knows: instances add as the program says."""
        def one_by_one(items: Any) -> Any:
            return calls.call_value(self.m, self.m.prelude.get("sum_of_items"), (items, start), {})

        if classes.is_made(start.kind if isinstance(start, Object) else type(start)):
            return one_by_one(items)
        if not instances.adding(self.m):
            return self._of_object("sum", [items, start])
        whole = self._of_object("list", [items], list)
        own = self._of_object("has_instances", [whole], "bool")
        return regions.choose(
            self.m, own, lambda: one_by_one(whole), lambda: self._of_object("sum", [whole, start]))

    def _reduced(self, name: str, content: Any) -> Any:
        found = reductions.reduce(self.e, name, content, (0,), False)
        return tensors.to_number(self.e, arrays.asarray(self.e, found))

    def _exact_sum(self, content: Any, start: Any) -> Any:
        """Of ints: the upper and the lower halves of the words apart, whose sums 64 bits hold."""
        e = self.e
        low = self._reduced("sum", elementwise.ufunc(e, "bitwise_and", content, np.int64(_HALF)))
        high = self._reduced("sum", elementwise.ufunc(e, "right_shift", content, np.int64(32)))
        if numbers.kind_of(start) in ("int", "bool"):
            low = numbers.wrapping(e, "add", low, start & _HALF)
            high = numbers.wrapping(e, "add", high, start >> 32)
            start = 0
        high = numbers.wrapping(e, "add", high, low >> 32)
        return start + ((high << 32) | (low & _HALF))

    def min(self, *items: Any, key: Any = None, **default: Any) -> Any:
        return self._extreme("min", items, key, default)

    def max(self, *items: Any, key: Any = None, **default: Any) -> Any:
        return self._extreme("max", items, key, default)

    def _extreme(self, name: str, given: tuple, key: Any, default: dict[str, Any]) -> Any:
        if not given or default.keys() - {"default"}:
            {"min": min, "max": max}[name](*[()] * len(given), **default)
        items = given
        if len(given) == 1:
            items = self._numbers(rolling.at_run_time(self.m, key, given[0]))
        if isinstance(items, Lazy):
            items = stepping.collect(self.m, items)
        if isinstance(items, tuple) and key is None and any(
                isinstance(item, Object) for item in items):  # fmt: skip
            return self._of_object(name, items)
        if isinstance(items, Object | Text):
            return self._of_keys(name, items, key, default)
        if is_run_time_list(items) and key is not None and not isinstance(items.run_time, Rows):
            return self._of_items(name, items, key, default)
        if is_run_time_list(items) and (
                default or _is_mixed(items) and "none" in items.run_time.kinds):
            content = objects.box(self.e, items.run_time, False)
            return self._of_keys(name, content, key, default)
        if is_run_time_list(items):
            size = lists.length(self.e, items.run_time)
            if default:
                return regions.choose(
                    self.m, numbers.compare(self.e, "gt", size, 0),
                    lambda: self._extreme(name, (items,), key, {}), lambda: default["default"],
                )  # fmt: skip
            message = f"{name}() arg is an empty sequence"
            numbers.require(self.e, numbers.compare(self.e, "gt", size, 0), "ValueError", message)
            if _is_mixed(items):
                given = items, name == "max"
                return calls.call_value(self.m, self.m.prelude.get("extreme_of_floats"), given, {})
            content = arrays.asarray(self.e, items)
            if content.dtype == np.float64:
                given = items, name == "max"
                return calls.call_value(self.m, self.m.prelude.get("extreme_of_floats"), given, {})
            return self._reduced(name, content)
        if isinstance(items, Array) and is_run_time_sequence(items):
            return self._of_items(name, items, key, default)
        values = operations.known_items(self.m, items)
        plain = {"min": min, "max": max}[name]
        if not values and not default:
            plain(values)
        if not values:
            return default["default"]
        ranks = values if key is None else [
            calls.call_value(self.m, key, (value,), {}) for value in values]  # fmt: skip
        if key is None and operations.PLAIN.issuperset(map(type, values)):
            return plain(values)
        if _ORDERED.issuperset(map(type, ranks)):
            return values[ranks.index(plain(ranks))]
        return self._by_ranks(name, values, ranks)

    def _of_items(self, name: str, items: Any, key: Any, default: dict[str, Any]) -> Any:
        """Of an array or a list of numbers whose length run time knows."""
        is_any = numbers.compare(self.e, "gt", operators.length(self.e, items), 0)

        def found() -> Any:
            given = (items, name == "max", key)
            return calls.call_value(self.m, self.m.prelude.get("extreme_of_items"), given, {})

        if default:
            return regions.choose(self.m, is_any, found, lambda: default["default"])
        numbers.require(self.e, is_any, "ValueError", f"{name}() arg is an empty sequence")
        return found()

    def _by_ranks(self, name: str, values: list[Any], ranks: list[Any]) -> Any:
        """The item of the least or greatest rank, which run time knows."""
        best, rank = values[0], ranks[0]
        for value, own in zip(values[1:], ranks[1:], strict=True):
            better = operations.truth_of(self.m, _BETTER[name](self.m, own, rank))
            if isinstance(better, Then):
                best, rank = regions.choose(
                    self.m, better, lambda v=value, o=own: (v, o), lambda b=best, r=rank: (b, r)
                )
            elif better:
                best, rank = value, own
        return best

    def _of_keys(self, name: str, items: Any, key: Any, default: dict[str, Any]) -> Any:
        """min() and max() of what only run time knows, by the program's key."""
        if key is None and not instances.comparing(self.m, name):
            return self._typed(items, self._of_object(name, [items], **default))
        given = items
        items = self._of_object("list", [items], list)
        if isinstance(given, Object):
            items.site, items.item_of = given.site, given.item_of
        if default:
            is_any = operations.truth_of(self.m, items)
            return regions.choose(
                self.m, is_any, lambda: self._of_keys(name, items, key, {}),
                lambda: default["default"],
            )  # fmt: skip
        if type(key) is Builtin and key.less is not None:
            given = (items, operators.length(self.e, items), name == "max",
                     Builtin("less", key.less))  # fmt: skip
            at = calls.call_value(self.m, self.m.prelude.get("extreme_by"), given, {})
            return self._typed(items, self.m.native(objects.get_item, self.e, items, at))
        keys = items if key is None else stepping.keys_of(self.m, items, key)

        def plainly() -> Any:
            return self._typed(items, self._of_object(f"{name}_by", [items, keys]))

        def comparing() -> Any:
            given = keys, operators.length(self.e, keys), name == "max"
            at = calls.call_value(self.m, self.m.prelude.get("extreme_by_comparing"), given, {})
            return self._typed(items, self.m.native(objects.get_item, self.e, items, at))

        return calls.by_comparing(self.m, keys, name, comparing, plainly)

    def _typed(self, items: Any, found: Any) -> Any:
        """An item of a container that only run time knows, as what is known of its items."""
        if not isinstance(items, Object) or type(found) is not Object:
            return found
        return self.m.native(self.e.array_lists.typed, items, found)

    def any(self, items: Any) -> Any:
        return self._quantify(items, False)

    def all(self, items: Any) -> Any:
        return self._quantify(items, True)

    def _quantify(self, items: Any, is_all: bool) -> Any:
        if _is_mixed(items):
            items = self.m.native(items.run_time.boxed)
        if is_run_time_list(items):
            content = arrays.cast(self.e, arrays.asarray(self.e, items), np.dtype(bool))
            found = reductions.reduce(self.e, "all" if is_all else "any", content, (0,), False)
            return tensors.to_number(self.e, arrays.asarray(self.e, found))
        asked = isinstance(items, Object) and instances.deciding(self.m)
        if isinstance(items, Object) and not asked and not (
                iterators.advancing.may_be(self.m, items)):  # fmt: skip
            return self._of_object("all" if is_all else "any", [items], "bool")
        steps = self._steps(items)
        if steps.advances() or asked:
            return numbers.invert(self.e, stepping.any_passes(self.m, steps, lambda item: (
                operations.negate(self.m, operations.truth_of(self.m, item)))
            )) if is_all else stepping.any_passes(
                self.m, steps, lambda item: operations.truth_of(self.m, item))
        if steps.drivable():
            return self._quantify_driven(steps.drive, is_all)
        if isinstance(steps, Generator) and self.e is not None and steps.is_fresh():
            return self._quantify_driven(lambda use, _: steps.through(use), is_all)
        if steps is not items:
            return self._quantify_all(steps, is_all)

        def stops(item: Any) -> Any:
            truth = operations.truth_of(self.m, item)
            return operations.negate(self.m, truth) if is_all else truth

        found = stepping.any_left(self.m, steps, stops)
        return operations.negate(self.m, found) if is_all else found

    def _quantify_all(self, steps: Any, is_all: bool) -> Any:
        """Where it does not matter that more items are asked for than are needed."""
        result: Any = is_all
        combine = numbers.both if is_all else numbers.either
        while (found := steps.step()) is not iterators.END:
            if not isinstance(found, iterators.Perhaps):
                truth = operations.truth_of(self.m, found)
            elif found.end is None:
                get = found.get
                truth = regions.choose(
                    self.m, found.truth, lambda get=get: operations.truth_of(self.m, get()),
                    lambda: is_all,
                )  # fmt: skip
            else:
                rest = self._quantify(stepping.rest(self.m, steps), is_all)
                return combine(self.e, result, rest)
            result = combine(self.e, result, truth)
            if result is (not is_all):
                return result
        return result

    def _quantify_driven(self, drive: Callable[..., Any], is_all: bool) -> Any:
        result = Cell(is_all)

        def decide() -> None:
            self.m.heap.touch(result)
            result.content = not is_all

        def use(item: Any) -> Any:
            truth = operations.truth_of(self.m, item)
            stop = operations.negate(self.m, truth) if is_all else truth
            if isinstance(stop, Then):
                regions.choose(self.m, stop, decide, lambda: None)
            elif stop:
                decide()
            return stop

        drive(use, result)
        return result.content

    def sorted(self, items: Any, *, key: Any = None, reverse: bool = False) -> List:
        items = rolling.at_run_time(self.m, key, calls.all_of(self.m, items))
        if isinstance(items, Range):
            items = lists.to_numbers(self.e, items, "a range")
        elif isinstance(items, Array):
            items = self.list(items)
        if isinstance(items, Numbers) or is_run_time_list(items):
            content = items if isinstance(items, Numbers) else items.run_time
            if key is None and not isinstance(content, Mixed):
                return lists.ordered(self.e, content, reverse)
            items = objects.box(self.e, content, False)
            if not isinstance(content, Mixed):
                self.e.array_lists.holds(items, site_of(held_by(content)))
        if not isinstance(items, Object | Text):
            values = operations.known_items(self.m, items)
            keys = values if key is None or self.e is None else [
                calls.call_value(self.m, key, (value,), {}) for value in values]
            if not texts.has_run_time(values) and not texts.has_run_time(keys):
                if self.e is None or not any(map(_is_ordered, keys)) or (
                        not any(map(texts.has_run_time, map(attributes_of, keys)))):  # fmt: skip
                    return List(self.m.heap, sorted(values, key=key, reverse=reverse))
                return self._exchanged(values, keys, reverse)
            if len(values) <= _FEW and any(classes.is_made(type(value)) for value in values):
                return self._exchanged(values, keys, reverse)
            items = objects.box(self.e, list(values), False)
        return calls.sorted_late(self.m, items, key, reverse)

    def _exchanged(self, values: list[Any], keys: list[Any], reverse: bool) -> List:
        """A few objects in an order that run time knows: neighbours are exchanged, as often as it
        may take."""
        if len(values) > _FEW:
            raise self.m.error(
                f"sorting more than {_FEW} objects by what only run time knows is not supported",
                "sort numbers or texts",
            )
        pairs = list(zip(keys, values, strict=True))
        for end in range(len(pairs) - 1, 0, -1):
            for at in range(end):
                here, there = pairs[at : at + 2]
                order = (here[0], there[0]) if reverse else (there[0], here[0])
                truth = operations.truth_of(self.m, _BETTER["min"](self.m, *order))
                if isinstance(truth, Then):
                    pairs[at], pairs[at + 1] = regions.choose(
                        self.m, truth, lambda a=here, b=there: (b, a),
                        lambda a=here, b=there: (a, b),
                    )  # fmt: skip
                elif truth:
                    pairs[at], pairs[at + 1] = there, here
        return List(self.m.heap, [value for _, value in pairs])


def _is_ordered(value: Any) -> bool:
    """Whether the program says how a value is ordered."""
    return special_methods.method_of(value, "__lt__") is not None
