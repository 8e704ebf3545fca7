"""What passes tell of their work while somebody watches: counts, seconds of analyses, rewrites.

In: calls of `count`, `analysis` and `rewrote` from wherever work is done. Out: whatever the watcher
makes of them. The one idea: a pass stays a plain function; who watches is known for the time of a
`with watching(…)`, and when nobody does, nothing is kept.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from fleet.diagnostics import Location


class Watcher:
    """Whoever watches overrides what it wants to hear of."""

    traces = False
    """Whether `rewrote` is wanted: the texts for it take longer to make than the rewrite."""

    analysing = False
    """Whether an analysis is running."""

    def counted(self, what: str, number: int) -> None:
        """A pass did something this many times."""

    def analysed(self, name: str, seconds: float) -> None:
        """An analysis took this long."""

    def rewrote(
        self, rule: str, place: Location, before: Sequence[str], after: Sequence[str]
    ) -> None:
        """A rule put these operations in the place of those."""

    def may_apply(self) -> bool:
        """Whether another rule may be applied: where not, what is left is left as it is."""
        return True

    def applied(self, rule: str, operation: str, place: Location) -> None:
        """A rule was applied to an operation, by whose name and place it is known."""


_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


Some = TypeVar("Some", bound=Watcher)


@contextmanager
def watching(watcher: Some) -> Iterator[Some]:
    """Let somebody watch while the block runs."""
    token = _WATCHER.set(watcher)
    try:
        yield watcher
    finally:
        _WATCHER.reset(token)


def tracer() -> Watcher | None:
    """Who wants to be told of every rewrite."""
    watcher = _WATCHER.get()
    return watcher if watcher is not None and watcher.traces else None


def is_traced() -> bool:
    """Whether somebody wants to be told of every rewrite."""
    return tracer() is not None


def is_watched() -> bool:
    """Whether anybody wants to hear of applications at all: who must make a plan for them asks."""
    return _WATCHER.get() is not None


def count(what: str, number: int = 1) -> None:
    """Tell that the running pass did something, for its statistics."""
    watcher = _WATCHER.get()
    if watcher is not None and number:
        watcher.counted(what, number)


def may_apply() -> bool:
    """Ask, before a step that could also be left out, whether it may be taken."""
    watcher = _WATCHER.get()
    return watcher is None or watcher.may_apply()


def applied(rule: str, operation: str, place: Location) -> None:
    """Tell of such a step."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher.applied(rule, operation, place)


def analysis(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a function that finds something out about the IR: its time is told apart."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*arguments: Any, **keywords: Any) -> Any:
            watcher = _WATCHER.get()
            if watcher is None or watcher.analysing:  # what asks for it has its time
                return function(*arguments, **keywords)
            start = time.perf_counter()
            watcher.analysing = True
            try:
                return function(*arguments, **keywords)
            finally:
                watcher.analysing = False
                watcher.analysed(name, time.perf_counter() - start)

        return timed

    return decorate
