"""StopIteration that leaves a generator, which makes a RuntimeError of it (PEP 479).

In: an exception that begins to travel, or goes on. Out: what travels. The one idea: the body of a
generator and what is done with its items are evaluated within one another, so a stack says which
of them we are in; and an exception that was raised outside of a body is none that leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fleet.diagnostics import Location
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values import exceptions
from fleet.evaluator.values.then import Union


@dataclass(eq=False)
class Generating:
    """A generator's body that is being evaluated. since: how many statements around it look at
    exceptions; raised, places: which were raised outside of it, and where."""

    since: int = 0
    raised: list[BaseException] = field(default_factory=list)
    places: list[Location] = field(default_factory=list)

    def note(self, raised: Raised) -> None:
        """It was raised by what is done with an item."""
        self.raised.append(raised.exception)

    def is_own(self, exception: Any) -> bool:
        """Whether an exception was not raised outside."""
        return not any(one is exception for one in self.raised)


@contextmanager
def inside(m: Machine, body: Generating) -> Iterator[None]:
    """Evaluate a generator's body."""
    body.since = len(m.catching)
    m.generating.append((body, True))
    try:
        yield
    except Raised as raised:
        if isinstance(raised.exception, StopIteration) and body.is_own(raised.exception):
            raise Raised(_made_of(raised.exception), raised.location) from None
        raise
    finally:
        m.generating.pop()


@contextmanager
def outside(m: Machine, body: Generating) -> Iterator[None]:
    """Evaluate what is done with an item of a generator."""
    m.generating.append((body, False))
    try:
        yield
    except Raised as raised:
        body.note(raised)
        raise
    finally:
        m.generating.pop()


def _made_of(exception: StopIteration) -> RuntimeError:
    made = RuntimeError("generator raised StopIteration")
    made.__cause__ = exception
    return made


def in_generator(m: Machine) -> bool:
    """Whether a StopIteration of this place may leave a generator, and so is no end of the
    program with its own name."""
    return any(is_inside for _, is_inside in m.generating)


def leaving(m: Machine, raised: Raised) -> Raised:
    """What travels, of an exception that run time decides on."""
    if not m.generating:
        return raised
    exception = raised.exception
    if type(exception) is not Union:
        found = _leaving(m, exception, raised.location)
        return raised if found is exception else Raised(found, raised.location)
    found = {tag: _leaving(m, one, raised.location) for tag, one in exception.choices.items()}
    if all(found[tag] is one for tag, one in exception.choices.items()):
        return raised
    return Raised(Union(exception.e, exception.tag, found), raised.location)


def _leaving(m: Machine, exception: Any, location: Location) -> Any:
    """The same exception, or what a generator makes of it."""
    if not isinstance(exception, StopIteration):
        return exception
    numbers = exceptions.places_of(exception)
    places = {m.places[number] for number in numbers} or {location}
    passed: list[Generating] = []
    for body, is_inside in reversed(m.generating):
        if not is_inside:
            passed.append(body)
            body.places += places
        elif body in passed:
            continue
        elif places <= {*body.places} or not body.is_own(exception):
            body.places.append(location)  # where it is raised again
        elif m.catches(StopIteration, body.since):
            return exception
        else:
            return _left(m, body, exception, places)
    return exception


def _left(m: Machine, body: Generating, exception: StopIteration, places: set[Location]) -> Any:
    if m.catches(RuntimeError, body.since) or not places.isdisjoint(body.places):
        raise m.error(
            "whether this StopIteration leaves a generator is known at run time only, which is "
            "not supported here", "catch StopIteration where it may be raised")
    made = _made_of(exception)
    if exceptions.places_of(exception):
        exceptions.mark(made, exceptions.place_of(exception), exceptions.places_of(exception))
    return made
