"""Sequences whose length or items are known at run time only, as a count and a way to get item i.

In: ranges, run-time lists, bytes, arrays. Out: `Lazy`, which zip, enumerate and map combine and
which `for` loops walk. The one idea: a run-time loop needs nothing of its iterable but these two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.frontend import numbers, operators
from fleet.frontend.arrays import Length
from fleet.frontend.emitter import Emitter
from fleet.frontend.machine import Machine
from fleet.frontend.sizes import Size, fresh
from fleet.frontend.values import Array, Number, Range, Text, Then, is_run_time_list


class Lazy(Then):
    """`count` items; `item(i)` emits what gets the i-th."""

    __slots__ = ("count", "item")
    type_name = "iterator"

    def __init__(self, e: Emitter, count: Length, item: Callable[[Length], Any]) -> None:
        self.e = e
        self.count = count
        self.item = item


def is_run_time_sequence(value: Any) -> bool:
    """Whether iterating over the value takes a run-time loop."""
    if isinstance(value, Array):
        return bool(value.dims) and isinstance(value.dims[0], Size)
    if isinstance(value, Text):
        return value.kind == "bytes"
    return isinstance(value, Range | Lazy) or is_run_time_list(value)


def lazily(machine: Machine, value: Any) -> Lazy:
    """A sequence, run-time or not, as count and items."""
    e = machine.backend.e
    if isinstance(value, Lazy):
        return value
    if isinstance(value, Range):
        return Lazy(e, value.count, lambda i: value.start + i * value.step)
    if isinstance(value, Array | Text) or is_run_time_list(value):
        count = operators.length(e, value)
    else:
        if not isinstance(value, list | tuple | range):
            value = list(value)
        count = len(value)
    return Lazy(e, count, lambda i: machine.get_item(value, i))


def sequence_length(e: Emitter, start: Length, stop: Length, step: Length) -> Length:
    """len(range(start, stop, step))."""
    if isinstance(step, Number):
        raise step.needed_now("the step of a range")
    if step == 0:
        raise ValueError("range() arg 3 must not be zero")
    gap = stop - start if step > 0 else start - stop
    count = numbers.maximum(e, gap, 0)
    if abs(step) == 1:
        return count
    count = (count + (abs(step) - 1)) // abs(step)
    if isinstance(count, Number):
        count.size = fresh(0)
    return count
