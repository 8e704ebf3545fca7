"""What one application of a rewrite rule did, as text, for whoever wants to read it.

In: the operation that a rule is tried on, and what the rule makes. Out: its line before, the lines
after; of a rule that changes more than one operation, the lines that are other ones. The one idea:
one printer names the values of both, so that they can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import SequenceMatcher

from fleet.ir.core import Operation, Value
from fleet.ir.definition import ISOLATED
from fleet.ir.printing.names import name_values
from fleet.ir.printing.printer import Printer
from fleet.ir.watch import Watcher, applied, tracer

LONGEST = 16
"""The most operations inside one that its text shows: the body of a computation on arrays, not of
a function."""


class Journal:
    """Of one operation: taken up before a rule is tried, and told when it has been applied."""

    def __init__(self, watcher: Watcher, operation: Operation) -> None:
        self._watcher = watcher
        self._operation = operation
        self._printer = Printer(longest=LONGEST)
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

    def gone(self, rule: str) -> None:
        """The rule is done, and the operation will be gone."""
        names = self._printer.value
        after = [f"{names(a)} is {names(b)}" for a, b in self._replaced if a in self._results]
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


# -- rules that change more than one operation


@contextmanager
def rewriting(
    rule: str, operation: Operation, scope: Operation | None = None
) -> Iterator[list[Operation]]:
    """One application of a rule, at an operation, told when it is done: with the lines of `scope`
    that it changed, and the text of what is put into the list, which is not in there.

    scope: what holds all that changes; without it, the function around the operation.
    """
    name, place = operation.name, operation.location
    with traced(rule, operation, scope) as made:
        yield made
        applied(rule, name, place)


@contextmanager
def traced(
    rule: str, operation: Operation, scope: Operation | None = None
) -> Iterator[list[Operation]]:
    """The same of a step that cannot be left out, so that nobody but a reader hears of it."""
    watcher, place = tracer(), operation.location
    made: list[Operation] = []
    if watcher is None:
        yield made
        return
    text = Text(scope or _isolated(operation))
    yield made
    removed, added = text.changes()
    if not removed and not added and not made:
        return
    watcher.rewrote(rule, place, removed, [*added, *("\n".join(text.of(op)) for op in made)])


def erasing(rule: str, operation: Operation) -> None:
    """Tell that an operation, which is there yet, goes without anything in its place."""
    applied(rule, operation.name, operation.location)
    journal = journal_of(operation)
    if journal is not None:
        journal.gone(rule)


def replacing(rule: str, operation: Operation, values: Sequence[Value]) -> None:
    """Tell that users of an operation's results take these values, and it goes."""
    applied(rule, operation.name, operation.location)
    journal = journal_of(operation)
    if journal is not None:
        for result, value in zip(operation.results, values, strict=True):
            journal.replaced(result, value)
        journal.gone(rule)


class Text:
    """The lines of an operation, and which of them are others later."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._printer = Printer()
        self._printer.names = name_values(operation, hints=True, own=True)
        self._before = self.of(operation)

    def of(self, operation: Operation) -> list[str]:
        """The lines of an operation, with the names that values have had so far."""
        self._printer.parts = []
        self._printer.operation(operation)
        return "".join(self._printer.parts).split("\n")

    def changes(self) -> tuple[list[str], list[str]]:
        """The lines that are there no more, and those that are new."""
        before, after = self._before, self.of(self._operation)
        least = min(len(before), len(after))
        start = next((n for n in range(least) if before[n] != after[n]), least)
        left = least - start
        end = next((n for n in range(left) if before[-1 - n] != after[-1 - n]), left)
        before, after = before[start : len(before) - end], after[start : len(after) - end]
        removed, added = [], []
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind != "equal":
                removed += before[a:b]
                added += after[c:d]
        return removed, added


def _isolated(operation: Operation) -> Operation:
    """The function around an operation, or what else holds it."""
    while operation.parent_op is not None:
        operation = operation.parent_op
        if operation.has_trait(ISOLATED):
            break
    return operation
