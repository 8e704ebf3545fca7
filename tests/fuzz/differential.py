"""Runs random programs by CPython and by Fleet's layers, and says where they depart.

In: programs. Out: disagreements by kind. The one idea: a disagreement has a signature, layer and
kind and message without its numbers, so that one cause is reported once and a program can be made
smaller as long as its signature stays.
"""

from __future__ import annotations

import re
import signal
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.compiled_once import CompiledOnce, Rejected
from tests.evaluator.three_ways import Outcome, by_cpython

from . import (  # noqa: F401  (declare the features)
    control,
    data,
    exceptions,
    kernels,
    language,
    objects,
    raising,
    state,
    types,
)
from .writer import FEATURES, Writer

LAYERS = ("ast", "ir", "emu")
ARGUMENTS = ("0", "3", "7")
MOST_SECONDS = {"cpython": 5.0, "ast": 60.0, "ir": 60.0, "emu": 120.0}
"""A run that takes longer is a disagreement: builds do not depend on how often a loop runs."""

BASE = ("assign_int", "print_here")
"""Features that are always there, so that every body has something to hold."""


class TooLong(BaseException):
    """No program may catch it. It bears what the limit that was passed is called by."""

    def __init__(self, limit: object = None) -> None:
        super().__init__()
        self.limit = limit


@dataclass(frozen=True)
class Disagreement:
    """kind: wrong output, rejected, invalid IR, internal error or too long."""

    layer: str
    kind: str
    message: str
    argument: str

    @property
    def signature(self) -> tuple[str, str, str]:
        return self.layer, self.kind, _without_details(self.message)


def random_program(seed: int, features: Iterable[str] = FEATURES) -> str:
    """The same seed and features make the same program."""
    return Writer(seed, sorted({*BASE, *features})).program()


def disagreement(
    path: Path, layers: Iterable[str], arguments: Iterable[str] = ARGUMENTS
) -> Disagreement | None:
    """The first layer that departs from CPython. None too where CPython itself takes long."""
    expected: dict[str, Outcome] = {}
    for argument in arguments:
        limit = object()
        try:
            with at_most(MOST_SECONDS["cpython"], limit):
                expected[argument] = by_cpython(path, [argument])
        except TooLong as late:
            if late.limit is not limit:
                raise
            return None
    program = CompiledOnce(path)
    for layer in layers:
        for argument, outcome in expected.items():
            found = _compare(program, layer, argument, outcome)
            if found is not None:
                return found
    return None


def _compare(
    program: CompiledOnce, layer: str, argument: str, expected: Outcome
) -> Disagreement | None:
    limit = object()
    try:
        with at_most(MOST_SECONDS[layer], limit):
            found = program.run(layer, [argument])
    except TooLong as late:
        if late.limit is not limit:
            raise
        return Disagreement(layer, "too long", f"over {MOST_SECONDS[layer]:.0f} s", argument)
    except RecursionError as error:  # where it came to its end is chance
        return Disagreement(layer, "internal error", f"RecursionError: {error}", argument)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{type(error).__name__} in {Path(place.filename).name}, {place.name}: {error}"
        return Disagreement(layer, "internal error", message, argument)
    if isinstance(found, Rejected):
        kind = "invalid IR" if found.invalid else "rejected"
        return Disagreement(layer, kind, found.message, argument)
    if found == expected:
        return None
    return Disagreement(layer, "wrong output", _difference(expected, found), argument)


def _difference(expected: Outcome, found: Outcome) -> str:
    """What differs first."""
    if expected[1:] != found[1:]:
        return f"ends with {_ending(found)} instead of {_ending(expected)}"
    lines = zip(expected[0].splitlines(), found[0].splitlines(), strict=False)
    for ours, theirs in lines:
        if ours != theirs:
            return f"prints {theirs!r} instead of {ours!r}"
    return "prints more or fewer lines"


def _ending(outcome: Outcome) -> str:
    return repr(outcome[1] or f"status {outcome[2]}")


def _without_details(message: str) -> str:
    """Without names, numbers and what is printed, which may change while a program shrinks."""
    if message.startswith("prints"):
        return "prints"
    return re.sub(r"`\w+`|\b[a-z]+\d+\b|'[^']*' of|\d+(\.\d+)?", "#", message)


@contextmanager
def at_most(seconds: float, limit: object = None) -> Iterator[None]:
    """Raise TooLong inside after so many seconds, or when those of one around it are over."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise TooLong(limit)

    begin = time.monotonic()
    before = signal.signal(signal.SIGALRM, leave)
    outer, _ = signal.getitimer(signal.ITIMER_REAL)
    signal.setitimer(signal.ITIMER_REAL, min(seconds, outer) if outer else seconds)
    try:
        yield
    finally:
        left = max(outer - (time.monotonic() - begin), 1e-6) if outer else 0
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, left)
