"""What a traceback begins with: the exceptions that led to the one that ends the program.

In: an exception that is raised, and what is being handled. Out: the text of the tracebacks before
its own, with CPython's sentences between. The one idea: the exception carries this as one text, so
that chains of any length travel through run-time branches, loops and recursion alike.
"""

from __future__ import annotations

from typing import Any

from fleet.diagnostics import Location, frame_text
from fleet.evaluator.control.raising import exception_name
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, exceptions, numbers, texts
from fleet.evaluator.values.then import Number, Text, Union, choices_of

CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
_BEGINS = "Traceback (most recent call last):"
HANDLED = "\nDuring handling of the above exception, another exception occurred:\n\n"


def note(m: Machine, exception: BaseException) -> None:
    """Note in an exception that is raised here what its traceback begins with, if anything does."""
    if m.outside is not None or isinstance(exception, SystemExit | StopIteration):
        return
    cause = exception.__cause__
    if cause is not None:
        _keep(m, exception, cause, CAUSED)
    elif m.handling and not exception.__suppress_context__:
        handled = m.handling[-1].exception
        if not any(one is exception for one in choices_of(handled)):
            _keep(m, exception, handled, HANDLED)
    elif m.handling:
        exceptions.tell_before(m.heap, exception, "")


def _keep(m: Machine, exception: BaseException, earlier: Any, sentence: str) -> None:
    may_be_caught = m.catches(type(exception))
    if may_be_caught and any(_has_own_text(one) for one in choices_of(earlier)):
        return  # its method is called where somebody asks for the text, and not before
    text = _text(m, earlier)
    exceptions.tell_before(m.heap, exception, m.native(lambda: text + sentence))


def _has_own_text(exception: BaseException) -> bool:
    """Whether the program says what its text is."""
    kind = type(exception)
    return classes.is_made(kind) and classes.defines(kind, "__str__")


def _text(m: Machine, exception: Any) -> str | Text:
    """The traceback of an exception, and what it begins with itself."""
    if type(exception) is Union:
        return m.language.split(m, exception, lambda one: _text(m, one))
    lines = [exceptions.before(exception), _traceback(m, exception), _last_line(m, exception)]
    return m.native(lambda: lines[0] + lines[1] + lines[2])


def _last_line(m: Machine, exception: BaseException) -> str | Text:
    name = exception_name(exception)
    told = m.native(texts.to_text, m.backend.e, exception)
    if isinstance(told, str):
        return f"{name}: {told}\n" if told else f"{name}\n"
    empty = m.native(numbers.compare, m.backend.e, "eq", texts.length(m.backend.e, told), 0)
    return m.language.choose(
        m, empty, lambda: f"{name}\n", lambda: m.native(lambda: f"{name}: " + told + "\n"))


def _traceback(m: Machine, exception: BaseException) -> str | Text:
    """Where it was raised, from the call on that caught it."""
    at, places = exceptions.place_of(exception), sorted(exceptions.places_of(exception))
    if not places:
        handled = next((one for one in reversed(m.handling) if one.exception is exception), None)
        return _frames(m, handled.location) if handled is not None else f"{_BEGINS}\n"
    shown = [_frames(m, m.places[place]) for place in places]

    def from_on(number: int) -> str | Text:
        if number == len(places) - 1 or not isinstance(at, Number):
            return shown[number]
        here = numbers.compare(m.backend.e, "eq", at, places[number])
        return m.language.choose(m, here, lambda: shown[number], lambda: from_on(number + 1))

    return from_on(0)


def _frames(m: Machine, location: Location) -> str:
    """The lines of a traceback down to a place, from the innermost call that is ours, too."""
    ours = {id(frame) for frame in m.location().frames()}
    calls = location.callers()
    depth = sum(id(frame) in ours for frame in location.frames())
    lines = [frame_text(place, name) for place, name in calls[max(depth - 1, 0) :]]
    return "".join(f"{line}\n" for line in [_BEGINS, *lines])
