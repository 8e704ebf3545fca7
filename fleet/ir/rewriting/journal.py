"""What one application of a rewrite rule did, as text, for whoever wants to read it.

In: the operation that a rule is tried on, and what the rule makes. Out: its line before, the lines
after. The one idea: one printer names the values of both, so that they can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable

from fleet.ir.core import Operation, Value
from fleet.ir.printing.printer import Printer
from fleet.ir.watch import Watcher, tracer


class Journal:
    """Of one operation: taken up before a rule is tried, and told when it has been applied."""

    def __init__(self, watcher: Watcher, operation: Operation) -> None:
        self._watcher = watcher
        self._operation = operation
        self._printer = Printer(skip_regions=True)
        self._place = operation.location
        self._results = list(operation.results)
        self._before = self._line(operation)
        self._made: list[Operation] = []
        self._replaced: list[tuple[Value, Value]] = []

    def made(self, operation: Operation) -> None:
        """The rule inserted an operation."""
        self._made.append(operation)

    def replaced(self, value: Value, other: Value) -> None:
        """Users of a value now use another."""
        self._replaced.append((value, other))

    def applied(self, rule: str) -> None:
        """The rule is done: tell of it."""
        made = [operation for operation in self._made if operation.parent is not None]
        after = [self._line(operation) for operation in made]
        if self._operation.parent is not None:
            after.append(self._line(self._operation))
        after += [
            f"{self._printer.value(value)} is {self._printer.value(other)}"
            for value, other in self._replaced
            if value in self._results
        ]
        self._watcher.rewrote(rule, self._place, [self._before], after)

    def _line(self, operation: Operation) -> str:
        self._printer.parts = []
        self._printer.operation(operation)
        return "".join(self._printer.parts)


def journal_of(operation: Operation) -> Journal | None:
    """A journal of an operation that a rule is about to be applied to, if anybody reads it."""
    watcher = tracer()
    return None if watcher is None else Journal(watcher, operation)


def between(first: Operation | None, last: Operation) -> Iterable[Operation]:
    """The operations before `last` in its block, from behind `first` (None: the block's start)."""
    operation = last.parent.first if first is None else first.next
    while operation is not last:
        yield operation
        operation = operation.next
