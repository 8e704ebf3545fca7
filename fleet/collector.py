"""Python's search for cyclic garbage: off where there is none, seldom where there is little.

Tables of a large file are hundreds of thousands of objects, none of them in a cycle; the IR of a
program is full of cycles, nearly all of which are still needed when the collector comes. It walks
all of them again whenever their number has grown by a quarter, which for nothing takes from a tenth
to half of the time.
"""

from __future__ import annotations

import functools
import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

SELDOM = (5_000_000, 20, 20)
"""How often Python looks for garbage while it compiles: its own 700 takes a third of a compilation,
50,000 a quarter of a large one. What is not found so takes a quarter more memory."""

FEW = 10_000
"""New objects that Python may look through when it comes to them."""

Given = ParamSpec("Given")
Returned = TypeVar("Returned")


@contextmanager
def no_cycles() -> Iterator[None]:
    """What is done here makes no cycles of objects that would have to be found."""
    was_collecting = gc.isenabled()
    gc.disable()
    before = gc.get_count()[0]
    try:
        yield
    finally:
        if was_collecting:
            # What is left is old, and not to be looked through at once, if it is much. (To count
            # what is frozen takes ten milliseconds a million.)
            if gc.get_count()[0] - before > FEW and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


class _Compilations:
    """Those under way, in whatever threads, and what was before the first of them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.count = 0
        self.before = SELDOM

    def begin(self) -> None:
        with self.lock:
            if not self.count:
                self.before = gc.get_threshold()
                if self.before[0]:  # 0: never
                    gc.set_threshold(*map(max, self.before, SELDOM))
            self.count += 1

    def end(self) -> None:
        with self.lock:
            self.count -= 1
            if not self.count:
                gc.set_threshold(*self.before)


_COMPILATIONS = _Compilations()


def few_cycles(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """Decorator: what is made while this function runs is looked through seldom."""

    @functools.wraps(function)
    def call(*arguments: Given.args, **keywords: Given.kwargs) -> Returned:
        _COMPILATIONS.begin()
        try:
            return function(*arguments, **keywords)
        finally:
            _COMPILATIONS.end()

    return call
