"""What the operations of a run gave, by the places in the source that they come from.

In: two runs of a program, before and after a pass. Out: the first place where they differ. The one
idea: operations change from pass to pass, locations do not; so values are compared that come from
the same place and have the same shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.ir.core import Operation
from fleet.ir.interpreter import Data

TOLERANCE = 1e-4
"""Difference that floats may have, relative to the largest of the array."""


@dataclass(frozen=True)
class Key:
    """Values that can be compared: where they come from, and of which kind they are."""

    location: Location
    shape: tuple[int, ...]
    dtype: np.dtype


@dataclass(frozen=True)
class Event:
    """An operation's result at one moment of a run, and how many results were seen before it."""

    operation: Operation
    value: np.ndarray
    time: int


@dataclass
class Trace:
    """Observes an executor: `Interpreter(module, host, Trace())`."""

    events: dict[Key, list[Event]] = field(default_factory=dict)
    time: int = 0

    def __call__(self, operation: Operation, results: Sequence[Data]) -> None:
        location = operation.location
        if location is None or _is_inside_of_array_operation(operation):
            return
        for result in results:
            if isinstance(result, np.ndarray | np.generic | bool | int | float):
                value = np.asarray(result)
                key = Key(location, value.shape, value.dtype)
                self.events.setdefault(key, []).append(Event(operation, value, self.time))
                self.time += 1


def _is_inside_of_array_operation(operation: Operation) -> bool:
    """Whether it is part of a `linalg.generic` or such, where values are single elements."""
    parent = operation.parent_op
    while parent is not None and parent.name.startswith("scf."):
        parent = parent.parent_op
    return parent is not None and parent.name != "func.func"


def first_departure(before: Trace, after: Trace) -> str | None:
    """The first result after the pass that differs from its counterpart before it, in words."""
    departures = [
        pair
        for key, events in after.events.items()
        if (pair := _departure(before.events.get(key, []), events)) is not None
    ]
    if not departures:
        return None
    was, now = min(departures, key=lambda pair: pair[1].time)
    at = np.unravel_index(np.argmax(_differs(now.value, was.value)), now.value.shape)
    element = f" at {[int(i) for i in at]}" if now.value.ndim else ""
    message = (
        f"the first result that differs is that of '{now.operation.name}': "
        f"{now.value[at]}{element} where '{was.operation.name}' gave {was.value[at]}"
    )
    return FleetError(message, now.operation.location).render()


def _departure(before: list[Event], after: list[Event]) -> tuple[Event, Event] | None:
    """The first pair of counterparts that differ.

    Where a pass made more or fewer operations of one, what the last of them gives is compared.
    """
    if len(before) != len(after):
        before, after = _of_last_operation(before), _of_last_operation(after)
        if len(before) != len(after):
            return None
    for was, now in zip(before, after, strict=True):
        if _differs(now.value, was.value).any():
            return was, now
    return None


def _of_last_operation(events: list[Event]) -> list[Event]:
    return [event for event in events if event.operation is events[-1].operation]


def _differs(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Element by element."""
    if a.dtype.kind not in "fc":
        return np.asarray(a != b)
    with np.errstate(all="ignore"):
        finite = np.abs(b[np.isfinite(b)])
        bound = TOLERANCE * (finite.max() if finite.size else 0.0)
        same = (a == b) | (np.abs(a - b) <= bound) | (np.isnan(a) & np.isnan(b))
    return np.asarray(~same)
