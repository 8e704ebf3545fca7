"""The first application of a rule that makes a program wrong, found by halving.

In: a pass, the module that it is given, and who says whether what it leaves is right. Out: the
application. The one idea: a pass that stops after so many applications leaves a program, too, and
it can be run; so of a thousand applications ten runs find the one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from fleet.diagnostics import FleetError, Location
from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.watch import Watcher, watching


@dataclass
class Tally:
    """Executions so far, by what was executed."""

    counts: Counter = field(default_factory=Counter)

    def __call__(self, what: str) -> None:
        self.counts[what] += 1

    def __str__(self) -> str:
        parts = ", ".join(f"{count} {what}" for what, count in self.counts.most_common())
        return f"{self.counts.total()} executions: {parts}"


@dataclass(frozen=True)
class Application:
    """A rule at an operation: the rule's name, the operation's, its place in the source.

    number: which application of the pass it is, from 1; total: of how many.
    """

    rule: str
    operation: str
    location: Location
    number: int = 0
    total: int = 0

    def __str__(self) -> str:
        return f"application {self.number} of {self.total}: {self.rule} at '{self.operation}'"


class Applications(Watcher):
    """What a pass applies, in order, up to a limit."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self.done: list[Application] = []

    def may_apply(self) -> bool:
        return self.limit is None or len(self.done) < self.limit

    def applied(self, rule: str, operation: str, place: Location) -> None:
        self.done.append(Application(rule, operation, place))


def run_up_to(name: str, module: Operation, applications: Applications) -> Operation:
    """A copy of a module after a pass that applies rules up to a limit, and notes them."""
    copy = module.clone()
    with watching(applications):
        PassManager([name], check=False).run(copy)
    return copy


def first_wrong_application(
    name: str, module: Operation, is_right: Callable[[Operation], bool]
) -> Application | None:
    """Of a pass that leaves something wrong, or raises an error: the application that does it;
    None where what the pass does besides is wrong."""
    whole = Applications()
    with suppress(FleetError, RuntimeError):  # then these are the applications up to the error
        run_up_to(name, module, whole)
    done = whole.done

    def right(limit: int) -> bool:
        try:
            return is_right(run_up_to(name, module, Applications(limit)))
        except (FleetError, RuntimeError):
            return False

    if not done or not right(0) or right(len(done)):
        return None
    wrong = bisect_left(range(len(done)), True, lo=1, key=lambda limit: not right(limit))
    # what was applied before is the same, so the list of a run that goes on says what this one is
    found = done[wrong - 1]
    return Application(found.rule, found.operation, found.location, wrong, len(done))
