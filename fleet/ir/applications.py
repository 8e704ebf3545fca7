"""Applications of rules one by one: who hears of them, and how many there may be.

In: a pass that runs `with watched(Applications(limit))`. Out: the list of what it did, or what the
pass leaves when it stops after so many applications. The one idea: whatever a pass could also leave
out (a pattern, a fold, the conversion of one operation, the fusion of two) asks `may_apply()` before
and tells `applied()` after, so the first application that makes a program wrong is found by halving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fleet.diagnostics import Location
from fleet.ir.core import Operation


@dataclass(frozen=True)
class Application:
    """One rule at one operation: the rule's name, the operation's, and its place in the source."""

    rule: str
    operation: str
    location: Location

    def __str__(self) -> str:
        return f"{self.rule} at '{self.operation}'"


@dataclass
class Applications:
    """What was applied, in order. limit: how many may be, None for any number."""

    limit: int | None = None
    done: list[Application] = field(default_factory=list)


_watching: list[Applications] = []


@contextmanager
def watched(applications: Applications) -> Iterator[Applications]:
    """Passes that run meanwhile keep to the limit and tell what they apply."""
    _watching.append(applications)
    try:
        yield applications
    finally:
        _watching.pop()


def may_apply() -> bool:
    """Whether another rule may be applied."""
    return not _watching or _watching[-1].limit is None or (
        len(_watching[-1].done) < _watching[-1].limit
    )


def applied(rule: str | Callable, operation: str, location: Location) -> None:
    """Tell that a rule (a name, or the function that is one) was applied to an operation."""
    if _watching:
        name = rule if isinstance(rule, str) else rule_name(rule)
        _watching[-1].done.append(Application(name, operation, location))


def rule_name(rule: Callable) -> str:
    """`arith_folding.drop_zero` for a function of `fleet/dialects/arith_folding.py`."""
    function = getattr(rule, "func", rule)  # of functools.partial
    name = getattr(function, "__qualname__", type(function).__name__)
    return f"{function.__module__.rpartition('.')[2]}.{name.replace('<locals>.', '')}"


def at(operation: Operation) -> tuple[str, Location]:
    """What `applied` says of an operation, which the rule may erase."""
    return operation.name, operation.location
