"""Exceptions that the run's containers and instances hold, as exceptions of the program again.

In: one of the run's objects. Out: what a use of it makes of the exception that it is. The one idea:
of which classes the run holds exceptions is known, so each of them is tried, with as many arguments
as it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fleet.evaluator.objects import held_classes
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import learn
from fleet.evaluator.values import classes, exceptions, numbers, objects
from fleet.evaluator.values.then import Object

_MOST_ARGUMENTS = 3


def used(
    m: Machine, value: Object, use: Callable[[BaseException], Any], otherwise: Callable[[], Any]
) -> Any:  # fmt: skip
    """use(exception) of the exception that an object is; otherwise(), if it is none."""
    e = m.backend.e
    held = held_classes.exceptions_held(m)
    names = [name for name, _ in held]
    at = m.native(objects.function, e, "place_of_class", [value, " ".join(names)], "int")

    def from_on(number: int) -> Any:
        if number == len(held):
            return otherwise()
        same = m.native(numbers.compare, e, "eq", at, number)
        cls = held[number][1]
        return m.language.choose(
            m, same, lambda: _of_class(m, value, cls, use), lambda: from_on(number + 1))

    return from_on(0)


def note(m: Machine, cls: type, names: Iterable[str]) -> None:
    """The run has an exception of this class with these attributes."""
    some, every = m.policy.exceptions.known.get(classes.name_of(cls), (frozenset(names),) * 2)
    m.policy.exceptions[classes.name_of(cls)] = some.union(names), every.intersection(names)
    if m.policy.exceptions.is_wrong:
        learn(m, ())


def _of_class(
    m: Machine, value: Object, cls: type, use: Callable[[BaseException], Any]
) -> Any:  # fmt: skip
    e = m.backend.e
    args = m.native(objects.function, e, "attribute", [value, "args"], tuple)
    count = m.native(objects.length, e, args)
    some, names = m.policy.exceptions.get(classes.name_of(cls), (frozenset(),) * 2)
    if some != names:
        raise m.error(f"some of the run's exceptions of class {cls.__name__} have other attributes "
                      "than others, and one is raised again", "give all of them the same ones")

    def made(length: int) -> Any:
        given = tuple(m.native(objects.get_item, e, args, at) for at in range(length))
        own = {name: m.native(objects.function, e, "attribute", [value, name]) for name in names}
        return use(exceptions.remade(m.heap, cls, given, own, 0, frozenset()))

    def with_so_many(length: int) -> Any:
        if length == _MOST_ARGUMENTS:
            m.native(numbers.require, e, m.native(numbers.compare, e, "eq", count, length),
                     "NotImplementedError", "an exception with so many arguments is raised again")
            return made(length)
        same = m.native(numbers.compare, e, "eq", count, length)
        return m.language.choose(
            m, same, lambda: made(length), lambda: with_so_many(length + 1))

    return with_so_many(0)
