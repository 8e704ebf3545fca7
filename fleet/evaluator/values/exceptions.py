"""Exceptions of the program as values: taken apart to travel at run time, and put together again.

In: an exception. Out: its arguments and attributes, or an exception made of such. The one idea: two
exceptions of one class, made with arguments of the same kinds, are one to whoever catches them.
"""

from __future__ import annotations

import builtins
import decimal
from typing import Any

import numpy as np

from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import Attributes, Heap, give_attributes
from fleet.evaluator.values.then import Number, Places

AT, PLACES, BEFORE, CAUSE = "\0at", "\0places", "\0before", "__cause__"
"""Names of what we keep in an exception: where it was raised, where that may have been, and what
its traceback begins with (see `chains`)."""

RAISED = (AT, PLACES)
"""What an exception has got once it was raised."""


def names_of(exception: BaseException) -> tuple[str, ...]:
    """The names of the attributes that the program gave it."""
    own = sorted(classes.shown(classes.entries(exception)))
    if BEFORE in classes.entries(exception):
        own.append(BEFORE)
    return (*own, CAUSE) if exception.__cause__ is not None else tuple(own)


def arguments_of(exception: BaseException) -> tuple:
    """What it was made with: its `args`, and of an OSError the files that these leave out."""
    if isinstance(exception, OSError) and exception.filename is not None:
        second = () if exception.filename2 is None else (None, exception.filename2)
        return (*exception.args, exception.filename, *second)
    return exception.args


def parts_of(exception: BaseException) -> tuple:
    """Its arguments, and the values of its attributes."""
    given = {**classes.entries(exception), CAUSE: exception.__cause__}
    return (arguments_of(exception), *(given[name] for name in names_of(exception)))


def _is_of_ufuncs(cls: type) -> bool:
    """Whether it is one of NumPy's whose attributes tell all, and whose `args` do not."""
    return cls.__module__ == "numpy._core._exceptions" and issubclass(cls, TypeError)


def remade(
    heap: Heap, cls: type, arguments: tuple, attributes: dict[str, Any], at: int | Number,
    places: frozenset[int],
) -> BaseException:  # fmt: skip
    """An exception of these parts; what its class does in `__init__` was done before."""
    made = cls.__new__(cls, *arguments)
    if not classes.is_made(cls) and not _is_of_ufuncs(cls):
        made.__init__(*arguments)
    has_file = isinstance(made, OSError) and made.filename is not None
    made.args = arguments[:2] if has_file else arguments
    give_attributes(heap, made)
    cause = attributes.pop(CAUSE, None)
    if cause is not None:
        made.__cause__ = cause
    entries = classes.entries(made)
    for name, value in attributes.items():
        dict.__setitem__(entries, name, value)
    mark(made, at, places)
    return made


def another(heap: Heap, exception: BaseException) -> BaseException:
    """One of the same content that has not been raised."""
    own = dict(classes.shown(classes.entries(exception)))
    return remade(heap, type(exception), arguments_of(exception), own, 0, frozenset())


def mark(exception: BaseException, at: int | Number, places: frozenset[int]) -> None:
    """Note where it was raised."""
    entries = classes.entries(exception)
    dict.__setitem__(entries, AT, at)
    dict.__setitem__(entries, PLACES, Places(places))


def unmark(exception: BaseException) -> None:
    """Leave nothing but the program's own in its attributes."""
    entries = classes.entries(exception)
    for name in (AT, PLACES, BEFORE):
        if name in entries:
            dict.__delitem__(entries, name)


def tell_before(heap: Heap, exception: BaseException, text: Any) -> None:
    """Note what its traceback begins with: a str or Text."""
    entries = classes.entries(exception)
    if isinstance(entries, Attributes):
        heap.touch(entries)
    dict.__setitem__(entries, BEFORE, text)


def before(exception: BaseException) -> Any:
    """What its traceback begins with: a str or Text."""
    return classes.entries(exception).get(BEFORE, "")


def is_group(exception: BaseException) -> bool:
    """Whether it is made of several others, as Python has it from 3.11 on."""
    return any(one.__name__ == "BaseExceptionGroup" for one in type(exception).__mro__)


def place_of(exception: BaseException) -> int | Number:
    """The number of the place where it was raised."""
    return classes.entries(exception).get(AT, 0)


def places_of(exception: BaseException) -> frozenset[int]:
    """Where it may have been raised."""
    return classes.entries(exception).get(PLACES, frozenset())


UNTOLD = (np._core._exceptions.UFuncTypeError, np.exceptions.AxisError)
"""Classes of NumPy's whose arguments are no text but what a text is made of."""


def told(exception: BaseException) -> BaseException:
    """An exception of the same class and text whose argument is its text."""
    kind, text = type(exception), str(exception)
    told = {
        "__str__": lambda self: text, "__module__": kind.__module__,
        "__qualname__": kind.__qualname__,
    }  # fmt: skip
    made = type(kind.__name__, (kind,), told)
    found: BaseException = made.__new__(made)
    found.args = (text,)
    return found


def named(name: str) -> type[BaseException]:
    """The class that a check names; of one that we do not know, any exception."""
    found = getattr(builtins, name, None)
    if found is None and name.startswith("numpy."):
        found = np
        for part in name.split(".")[1:]:
            found = getattr(found, part, None)
    if found is None and name.startswith("decimal."):
        found = getattr(decimal, name.removeprefix("decimal."), None)
    is_exception = isinstance(found, type) and issubclass(found, BaseException)
    return found if is_exception else Exception
