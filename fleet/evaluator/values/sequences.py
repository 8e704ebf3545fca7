"""Sequences whose length or items are known at run time only, as a count and a way to get item i.

In: ranges, run-time lists, bytes, arrays. Out: `Lazy`, which zip, enumerate and map combine and
which `for` loops walk. The one idea: a run-time loop needs nothing of its iterable but these two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.ndarrays import views
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.sizes import Size
from fleet.evaluator.values.then import Array, Number, Range, Text, Then, is_run_time_list


class Lazy(Then):
    """`count` items; `get(i)` emits what gets the i-th. whole: the range that they are, if it is
    one."""

    __slots__ = ("_get", "count", "whole")
    type_name = "iterator"

    def __init__(
        self, e: Emitter, count: Length, get: Callable[[Length], Any], whole: Range | None = None
    ) -> None:
        self.e = e
        self.count = count
        self._get = get
        self.whole = whole

    def length(self) -> Length:
        return self.count

    def item(self, key: Any) -> Any:
        """By subscript, checked."""
        if isinstance(key, slice):
            start, count, step = views.span_of(self.e, key, self.count)
            return Lazy(self.e, count, lambda i: self._get(start + i * step))
        return self._get(views.position_of(self.e, key, self.count, "list index out of range"))

    def at(self, position: Length) -> Any:
        """The item at a position that is known to be in range."""
        return self._get(position)


class Once(Lazy):
    """What an iterator gives, while nobody has the iterator. kind: what it is in Python.

    Whoever keeps it has an iterator that counts along: see `iterators.positions.held`, which gets
    the site and `hosted` as well: see `iterators.protocol`.
    """

    __slots__ = ("hosted", "kind", "site")

    def __init__(
        self, e: Emitter, kind: type, count: Length, get: Callable[[Length], Any],
        site: Any = None, hosted: Callable[[], Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(e, count, get)
        self.kind = kind
        self.site = site
        self.hosted = hosted


def is_run_time_sequence(value: Any) -> bool:
    """Whether iterating over the value takes a run-time loop."""
    if type(value) is List:
        return value.run_time is not None
    if isinstance(value, Array):
        return bool(value.dims) and isinstance(value.dims[0], Size)
    if isinstance(value, Text):
        return value.kind == "bytes"
    return isinstance(value, Range | Lazy) or is_run_time_list(value) or (
        isinstance(value, Then) and hasattr(value, "as_lazy")
    )


def sequence_length(e: Emitter, start: Length, stop: Length, step: Length) -> Length:
    """len(range(start, stop, step))."""
    if isinstance(step, Number):
        return _by_run_time_step(e, start, stop, step)
    if step == 0:
        raise ValueError("range() arg 3 must not be zero")
    gap = stop - start if step > 0 else start - stop
    count = numbers.maximum(e, gap, 0)
    if abs(step) == 1:
        return count
    return (count + (abs(step) - 1)) // abs(step)


def _by_run_time_step(e: Emitter, start: Length, stop: Length, step: Number) -> Length:
    """The same for a step whose sign, too, is known at run time only."""
    nonzero = numbers.compare(e, "ne", step, 0)
    numbers.require(e, nonzero, "ValueError", "range() arg 3 must not be zero")
    up = numbers.compare(e, "gt", step, 0)
    gap = numbers.choose(e, up, stop - start, start - stop)
    size = numbers.choose(e, up, step, 0 - step)
    count = (numbers.maximum(e, gap, 0) + (size - 1)) // size
    return numbers.maximum(e, count, 0)
