"""Builtin functions that give iterators."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.iterators import combined, positions
from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.language import calls
from fleet.evaluator.language.flow import rolling
from fleet.evaluator.objects import held_classes, instances, operations, special_methods
from fleet.evaluator.objects.operations import lazily
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.outgrown import may_learn
from fleet.evaluator.values import classes, numbers, objects
from fleet.evaluator.values.sequences import Lazy, Once, is_run_time_sequence
from fleet.evaluator.values.then import (
    Array,
    Object,
    Text,
    Then,
)
from fleet.library.builtins.part import Part
from fleet.library.itertools import resumable


class Iteration(Part):
    """reversed, enumerate, zip, map, filter, iter and next."""

    def _once(
        self, kind: type, count: Any, get: Callable[[Any], Any],
        hosted: Callable[[], Any] | None = None,
    ) -> Any:  # fmt: skip
        """hosted: makes the same as one of the run's objects, if it can be."""
        m = self.m
        m.has_once = True
        if hosted is None or not may_learn(m):
            return Once(self.e, kind, count, get)
        if id(m.node) in m.policy.outgrown:
            return hosted()
        return Once(self.e, kind, count, get, m.node, Builtin("hosted", hosted))

    def reversed(self, items: Any) -> Any:
        if isinstance(items, Object | Text):
            return instances.special(
                self.m, items, "__reversed__", (), lambda: self._from_the_end(items)
            ) if isinstance(items, Object) else self._from_the_end(items)
        if classes.is_made(type(items)) and special_methods.method_of(items, "__len__") and (
                special_methods.method_of(items, "__reversed__") is None):  # fmt: skip
            return self._by_number(items)
        if is_run_time_sequence(items):
            base = lazily(self.m, items)
            return self._once(reversed, base.count, lambda i: base.at((base.count - 1) - i),
                              lambda: self._from_the_end(objects.box(self.e, items)))  # fmt: skip
        made = iterators.backward(self.m, items)
        if self.e is not None and isinstance(made, positions.Indexed) and not (
                isinstance(items, np.ndarray | Array) or classes.is_made(type(items))):
            made.hosted = Builtin("hosted", lambda: self._from_the_end(
                objects.box(self.e, items)))  # fmt: skip
        return made

    def _by_number(self, items: Any) -> Any:
        """reversed() of an instance that has subscripts and a length."""
        count = self.m.language.call_value(self.m, self.m.builtins["len"], (items,), {})
        if not isinstance(count, Then):
            return iterators.backward(self.m, items)
        return self._once(
            reversed, count, lambda i: operations.get_item(self.m, items, (count - 1) - i))

    def _from_the_end(self, items: Object | Text) -> Any:
        having = [cls for cls in held_classes.of_object(self.m, items)
                  if classes.is_made(cls) and classes.defines(cls, "__getitem__")
                  and classes.defines(cls, "__len__")] if isinstance(items, Object) else []
        if having:
            return iterators.of_object(self.m, held_classes.any_of(
                self.m, items, having,
                lambda one: objects.box(self.e, calls.taken(self.m, self._by_number(one))),
                lambda: self._of_object("reversed", [items])))  # fmt: skip
        made = self._of_object("reversed", [items])
        return iterators.OfObject(self.m, made, "str" if isinstance(items, Text) else "object")

    def enumerate(self, iterable: Any, start: Any = 0) -> Any:
        if is_run_time_sequence(iterable):
            base = lazily(self.m, iterable)
            return self._once(
                enumerate, base.count, lambda i: (i + start, base.at(i)),
                lambda: self._enumerated(iterable, start).hosted())  # fmt: skip
        return self._enumerated(iterable, start)

    def _enumerated(self, iterable: Any, start: Any) -> Iterator:
        made = combined.Enumerate(self.m, self._steps(iterable), start)
        return resumable(self.m, made, "enumerate", iterable, start)

    def zip(self, *sequences: Any, strict: bool = False) -> Any:
        if any(map(_iterates_itself, sequences)):
            return self._zipped(sequences, strict)
        if strict and any(map(is_run_time_sequence, sequences)):
            return self._zipped(sequences, strict)
        if any(map(is_run_time_sequence, sequences)):
            rows = self._zip_by_position(sequences)
            return self._once(
                zip, rows.count, rows.at, lambda: self._stepped(sequences, False).hosted())
        return self._stepped(sequences, strict)

    def _zip_by_position(self, sequences: tuple) -> Lazy:
        bases = [lazily(self.m, items) for items in sequences]
        count = functools.reduce(
            lambda a, b: numbers.minimum(self.e, a, b), [base.count for base in bases])
        return Lazy(self.e, count, lambda i: tuple(base.at(i) for base in bases))

    def _stepped(self, sequences: tuple, strict: bool) -> Iterator:
        """zip() that goes step by step."""
        made = combined.Zip(self.m, list(map(self._steps, sequences)), strict)
        return made if strict else resumable(self.m, made, "zip", *sequences)

    def _zipped(self, sequences: tuple, strict: bool) -> Any:
        """zip() of which one sequence is known at run time only."""
        sources = [items if isinstance(items, Iterator) and items.is_positional() else (
            positions.LIST(self.m, lazily(self.m, items)) if is_run_time_sequence(items)
            else self._steps(items)) for items in sequences]  # fmt: skip
        made = combined.Zip(self.m, sources, strict)
        return made if strict else resumable(self.m, made, "zip", *sequences)

    def map(self, function: Callable[..., Any], *sequences: Any) -> Any:
        def apply(*arguments: Any) -> Any:
            return calls.call_value(self.m, function, arguments, {})

        if len(sequences) == 1:
            sequences = (rolling.at_run_time(self.m, function, sequences[0]),)
        if any(map(_iterates_itself, sequences)):
            made = combined.Map(self.m, apply, [])
            made.zipped = self._zipped(sequences, False)
            return self._mapped(made, function, sequences)
        if any(map(is_run_time_sequence, sequences)):
            bases = self._zip_by_position(sequences)
            return self._once(
                map, bases.count, lambda i: apply(*bases.at(i)),
                lambda: self._of_steps(apply, function, sequences).hosted())  # fmt: skip
        if not sequences:
            raise TypeError("map() must have at least two arguments.")
        return self._of_steps(apply, function, sequences)

    def _of_steps(
        self, apply: Callable[..., Any], function: Any, sequences: tuple
    ) -> Iterator:  # fmt: skip
        """map() that goes step by step."""
        made = combined.Map(self.m, apply, list(map(self._steps, sequences)))
        return self._mapped(made, function, sequences)

    def _mapped(self, made: Iterator, function: Any, sequences: tuple) -> Iterator:
        if len(sequences) == 1:
            return resumable(self.m, made, "map", function, *sequences)
        return resumable(self.m, made, "mapped", function, *sequences)

    def filter(self, function: Any, items: Any) -> Any:
        def passes(item: Any) -> Any:
            return item if function is None else calls.call_value(self.m, function, (item,), {})

        items = rolling.at_run_time(self.m, function, items)
        made = combined.Filter(self.m, passes, self._steps(items))
        return resumable(self.m, made, "filter", function, items)

    def iter(self, items: Any, *sentinel: Any) -> Any:
        if len(sentinel) > 1:
            iter(items, *sentinel)
        if not sentinel:
            made = iterators.iterate(self.m, items)
            if self.e is not None and type(made) in _OVER_DATA and made is not items:
                made.hosted = Builtin("hosted", lambda: iterators.of_object(
                    self.m, objects.box(self.e, items)))  # fmt: skip
            return made
        if not callable(items):
            raise TypeError("iter(v, w): v must be callable")
        call = functools.partial(calls.call_value, self.m, items, (), {})
        return combined.Calls(self.m, call, sentinel[0])

    def next(self, items: Any, *default: Any) -> Any:
        return iterators.next_item(self.m, items, *default)


_OVER_DATA = (positions.LIST, positions.TUPLE, positions.RANGE, positions.KEYS, positions.SET,
              *positions.STRINGS.values())  # fmt: skip
"""Iterators over what the run can have itself."""


def _iterates_itself(items: Any) -> bool:
    """Whether how many items there are shows only in going over them, or they are only once."""
    return isinstance(items, Object | Iterator | Text) or classes.is_made(type(items))
