"""Builtin functions that make containers."""

from __future__ import annotations

from typing import Any

from fleet.evaluator.iterators import advancing
from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.language import calls
from fleet.evaluator.language.flow import stepping
from fleet.evaluator.language.late_keywords import put_all
from fleet.evaluator.objects import (
    attributes,
    held_classes,
    instances,
    operations,
    special_methods,
)
from fleet.evaluator.objects.functions import LATE
from fleet.evaluator.values import classes, lists, numbers, objects, operators, texts
from fleet.evaluator.values.heap import Dict, List, Needed, Set, is_late
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.sequences import Lazy, is_run_time_sequence, sequence_length
from fleet.evaluator.values.then import (
    Array,
    Number,
    Numbers,
    Object,
    Range,
    Text,
    Then,
    is_run_time_list,
)
from fleet.library.builtins.part import Part


class Sequences(Part):
    """len, range, list and the other containers."""

    def len(self, value: Any) -> Any:
        if isinstance(value, Object):
            return self._as_number(instances.special(
                self.m, value, "__len__", (), lambda: operators.length(self.e, value)))
        if isinstance(value, Then) or is_run_time_list(value):
            return operators.length(self.e, value)
        method = special_methods.method_of(value, "__len__")
        found = None if method is None else special_methods.call(self.m, method, value)
        found = self._as_number(found)
        return found if isinstance(found, Number) and found.kind == "int" else len(value)

    def _as_number(self, found: Any) -> Any:
        """What a `__len__` gives, as an int of run time where only run time knows what it is."""
        return objects.to_number(self.e, found) if isinstance(found, Object) else found

    def range(self, *bounds: Any) -> Any:
        bounds = tuple(map(self._index, bounds))
        if not any(isinstance(bound, Number) for bound in bounds):
            return range(*bounds)
        start, stop, step = (0, *bounds, 1) if len(bounds) == 1 else (*bounds, 1)[:3]
        return Range(self.e, start, stop, step, sequence_length(self.e, start, stop, step))

    def _index(self, value: Any) -> Any:
        value = special_methods.as_index(self.m, value)
        if isinstance(value, Array) and not value.dims and value.dtype.kind in "iu":
            return tensors.to_number(self.e, value)
        if isinstance(value, Number) and value.kind != "float":
            return numbers.to_int(self.e, value)
        if isinstance(value, Object):
            return objects.to_number(self.e, value)
        if isinstance(value, Then):
            raise TypeError(f"'{value.type_name}' object cannot be interpreted as an integer")
        return value

    def list(self, items: Any = ()) -> Any:
        items = self._walked(items)
        if isinstance(items, Object | iterators.OfObject) or (
                isinstance(items, Text) and items.kind == "str"):  # fmt: skip
            return self._of_object("list", [items], list)
        if isinstance(items, Text):
            return texts.to_list(self.e, items)
        if is_run_time_list(items):
            return items.copy()
        if isinstance(items, Range):
            return List(self.m.heap, run_time=lists.to_numbers(self.e, items, "list() of a range"))
        if isinstance(items, Lazy) or is_run_time_sequence(items):
            return stepping.collect(self.m, items)
        if isinstance(items, iterators.Iterator):
            return stepping.rest(self.m, items)
        return List(self.m.heap, items)

    def _found(self, items: Any) -> Any:
        """What is iterated over: items known now, or what only run time knows."""
        items = calls.all_of(self.m, items)
        if isinstance(items, Object | Text | Numbers) or is_run_time_list(items):
            return items
        if isinstance(items, Range):
            return lists.to_numbers(self.e, items, "a range")
        late = operations.counted_then(self.m, items) if isinstance(items, Array) else None
        return operations.known_items(self.m, items) if late is None else late

    def _made(self, name: str, kind: type, items: Any) -> Any:
        """tuple(), set() or frozenset() of what only run time knows; the items of what is known."""
        found = self._found(items)
        known = found.known() if type(found) is List else found
        late = kind is not tuple and isinstance(found, list) and any(map(is_late, known))
        if isinstance(found, Then) or is_run_time_list(found) or late:
            content = found.run_time if is_run_time_list(found) else found
            return self._of_object(name, [content], kind)
        return found

    def tuple(self, items: Any = ()) -> Any:
        found = self._made("tuple", tuple, items)
        return found if isinstance(found, Then) else tuple(found)

    def set(self, items: Any = ()) -> Any:
        found = self._hashed("set", set, items)
        return found if isinstance(found, Then) else Set(self.m.heap, found)

    def frozenset(self, items: Any = ()) -> Any:
        return self._hashed("frozenset", frozenset, items)

    def _hashed(self, name: str, kind: type, items: Any) -> Any:
        """set() or frozenset(): of run time where only run time knows the hash of an item."""
        found = self._made(name, kind, items)
        try:
            return found if isinstance(found, Then) else kind(found)
        except Needed:
            return self._of_object(name, [found], kind)

    def dict(self, *items: Any, **more: Any) -> Any:
        if LATE in more:
            return put_all(self.m, self._of_object("dict", [self.dict(*items)], dict), more)
        items = tuple(instances.as_builtin(self.m, one, True) for one in items)
        given = [self._pairs(one) if type(one) is Object else one
                 if attributes.find_attribute(self.m, one, "keys") is not None
                 else calls.all_of(self.m, one) for one in items]  # fmt: skip
        for one in given:
            pairs = isinstance(one, list | tuple) and any(
                isinstance(pair, Object) or isinstance(pair, tuple | list) and pair
                and is_late(pair[0]) for pair in one)  # fmt: skip
            if isinstance(one, Object) or is_run_time_list(one) or pairs:
                return self._of_object("dict", [one], dict, **more)
        return Dict(self.m.heap, dict(*given, **more))

    def _pairs(self, items: Object) -> Object:
        """What dict() is given: what iterators of the program's own making give, as a list."""
        if items.kind is not None:
            own = special_methods.walks(items) and not classes.defines(items.kind, "keys")
            return calls.all_of(self.m, items) if own else items
        return held_classes.any_of(
            self.m, items, advancing.advanced(self.m),
            lambda one: objects.box(self.e, calls.all_of(self.m, one)), lambda: items)  # fmt: skip
