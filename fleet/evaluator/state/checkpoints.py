"""Places where an evaluation can go on from once more: where it has been wrong only since then.

In: a part of an evaluation. Out: the same, evaluated again if what it taught was first asked for in
it. The one idea: all that a program changes is in journals, so going back is undoing one and
forgetting what was emitted since; before that place another evaluation would do the same.
"""

from __future__ import annotations

from fleet.evaluator.state.facts import NEVER
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import Memory
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import Journal, new_serial
from fleet.ir.core import Block, Operation

MOST_WITHIN = 8
"""How many bodies with such places there may be within each other."""
_LISTS = ("functions", "made_functions", "settled_recursions", "places", "sentinels")
_TABLES = ("dispatches", "callbacks", "shared", "coroutines", "cells")
_PLAIN = ("has_sources", "rolled_since", "defined", "steps", "called_callbacks")


class Checkpoint:
    """All that is known where an evaluation is, but for what is in the heap."""

    def __init__(self, m: Machine, memory: Memory | None = None) -> None:
        """memory: of a loop that begins here, beside that of the loop we are in."""
        self.m, e = m, m.backend.e
        self.when = new_serial()
        self._situation = m.noted()
        self._missed = set(m.missed)
        self._place = m.scope, m.frame, m.node, m.outside, m.depth, m.said
        self._lists = [list(getattr(m, name)) for name in _LISTS]
        self._tables = [dict(getattr(m, name)) for name in _TABLES]
        self._plain = [getattr(m, name) for name in _PLAIN]
        self._memory = memory or m.memory
        self._found = self._memory.copy(m.memory is m.root_memory and memory is None)
        self._begun = m.memory.begun.copy()
        self._marks = len(m.heap.marks)
        self._classes = dict(classes.BY_NAME)
        self._emitter = e.noted()
        self._block, self._anchor = e.builder.block, e.builder.anchor
        self._last = self._block.last if self._anchor is None else self._anchor.previous

    @property
    def holds(self) -> bool:
        """Whether what has been learnt lets the evaluation go on from here: not if it was wrong
        before, nor if what it learns no longer changes anything."""
        wrong_since = self.m.policy.wrong_since
        return self.when < wrong_since < NEVER and self.m.heap.irrevocable < self.when

    def go_back(self) -> None:
        """Forget what has been evaluated since; the heap is as it was."""
        m, e = self.m, self.m.backend.e
        m.restore(self._situation)
        m.missed = self._missed
        m.scope, m.frame, m.node, m.outside, m.depth, m.said = self._place
        for name, before in zip(_LISTS + _TABLES, self._lists + self._tables, strict=True):
            setattr(m, name, before)
        for name, before in zip(_PLAIN, self._plain, strict=True):
            setattr(m, name, before)
        self._memory.restore(self._found)
        m.memory.begun = self._begun
        m.heap.unmark(self._marks)
        _forget_classes(m, self._classes)
        e.builder.block, e.builder.anchor = self._block, self._anchor
        _erase(self._block, self._last, self._anchor)
        e.restore(self._emitter)
        m.policy.back_to(self.when)


def may_go_back(m: Machine) -> bool:
    """Whether an evaluation may go on from here once more: where nothing that is not in the heap
    is being found out, as it is of functions of the schedule."""
    return (
        m.backend.e is not None and not m.backend.e.silent and not m.recursions
        and not m.unrolling and m.outside is None and m.heap.trails < MOST_WITHIN
    )  # fmt: skip


class Trail:
    """The statements of a body that have begun, in order: a checkpoint before each, and a journal
    of what has changed since up to the next one."""

    def __init__(self, m: Machine) -> None:
        self.m = m
        self._passed: list[tuple[Checkpoint, Journal]] = []
        m.heap.trails += 1

    def mark(self) -> None:
        """The next statement begins."""
        self._passed.append((Checkpoint(self.m), self.m.heap.begin(is_checkpoint=True)))
        self.m.heap.checkpoints += 1

    def go_back(self) -> int | None:
        """Be before the last statement before which nothing was wrong: how many there are before
        it. None: there is none."""
        holding = [at for at, (point, _) in enumerate(self._passed) if point.holds]
        if not holding or not self.m.policy.is_fruitful():
            return None
        at = holding[-1]
        point, journal = self._passed[at]
        self.m.heap.undo(journal)
        point.go_back()
        self.m.heap.checkpoints -= len(self._passed) - at
        del self._passed[at:]
        return at

    def end(self) -> None:
        """Nobody goes back to these statements any more, but to what is around them."""
        for _, journal in reversed(self._passed):
            self.m.heap.keep(journal)
        self.m.heap.checkpoints -= len(self._passed)
        self.m.heap.trails -= 1


def _forget_classes(m: Machine, before: dict[str, type]) -> None:
    """The program has not made its classes of since then."""
    own = {"__main__", "generators", *m.loaded}
    for name, cls in list(classes.BY_NAME.items()):
        if cls is not before.get(name) and cls.__module__ in own:
            del classes.BY_NAME[name]
    classes.BY_NAME.update(before)


def _erase(block: Block, last: Operation | None, anchor: Operation | None) -> None:
    """Remove what stands between two operations of a block."""
    operation = block.last if anchor is None else anchor.previous
    while operation is not last:
        before = operation.previous
        operation.detach()
        operation.drop_references()
        operation = before
