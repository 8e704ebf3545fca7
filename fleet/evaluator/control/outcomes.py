"""One side of a run-time branch: what evaluating it gave, and what of that can leave it.

In: a block that was evaluated under a journal. Out: the kinds of the values that it computed. The
one idea: a side is evaluated and undone, and its state at the end can be replayed to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MethodType
from typing import Any

from fleet.evaluator.control.places import Place
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.values import kinds
from fleet.evaluator.values.heap import (
    Attributes,
    Cell,
    Composite,
    Heap,
    Journal,
    List,
    set_state,
)
from fleet.evaluator.values.then import natives
from fleet.ir.core import Block, Value


class Stopped(Exception):
    """Evaluation cannot go past here: what the program does (exit, raise) has been emitted."""


Normal = dict[tuple[int, Any], tuple[Place, kinds.Kind | None]]
"""By owner and key: a place, and the kind of what it holds."""


@dataclass
class Outcome:
    """One side of a branch, evaluated and rolled back.

    ended: control does not leave the side at its end: the program ends in it; raised: it does, but
    it is certain that an exception travels.
    """

    block: Block
    effects: dict[int, tuple[Any, Any, Any]]
    value: Any
    ended: bool
    journal: Journal
    final: list[tuple[Any, Any]]
    """Every object that was written to, also new ones, with its state at the end."""
    raised: bool = False
    normal: Normal = field(default_factory=dict)
    """What places hold at the end where no exception travels, if that is known more closely."""

    @contextmanager
    def replayed(self) -> Iterator[None]:
        """The world as this side left it, to look at values in."""
        for obj, after in self.final:
            set_state(obj, after)
        try:
            yield
        finally:
            self.journal.roll_back()

    def kinds(self, values: list[Any]) -> list[kinds.Kind | None]:
        """The kinds of values that this side computed; None for what cannot leave it."""
        with self.replayed():
            return [self._kind(value) for value in values]

    def _kind(self, value: Any) -> kinds.Kind | None:
        kind = kinds.describe(value, self.journal)
        return None if any(map(self._holds, kinds.opaque(kind))) else kind

    def _holds(self, value: Any) -> bool:
        """Whether an object of this side's making holds run-time values of this side's making."""
        waiting, seen = [value], set()
        while waiting:
            obj = waiting.pop()
            if id(obj) in seen:
                continue
            seen.add(id(obj))
            if isinstance(obj, List) and not self.journal.is_new(obj):
                continue  # what it holds is a place of its own
            found = natives(obj)
            if found is None or any(self._is_inside(native) for native in found):
                return True
            waiting += self._contents(obj)
        return False

    def _contents(self, obj: Any) -> list[Any]:
        """What an object holds, if it came to be on this side."""
        if isinstance(obj, tuple):
            return list(obj)
        if isinstance(obj, Function):
            return [obj._scope.values, *obj._defaults, *obj._kw_defaults.values()]
        if isinstance(obj, MethodType):
            return [obj.__self__, obj.__func__]
        if isinstance(obj, Composite):
            return obj.held()
        own = getattr(obj, "__dict__", None)
        obj = own if isinstance(own, Attributes) else obj
        if not self.journal.is_new(obj):
            return []
        if isinstance(obj, dict):
            return list(obj.values())
        if isinstance(obj, Cell):
            return [obj.content]
        return list(obj) if isinstance(obj, list | set) else []

    def _is_inside(self, native: Value) -> bool:
        owner = native.owner
        block = owner if isinstance(owner, Block) else owner.parent
        while block is not None and block is not self.block:
            operation = block.parent_op
            block = None if operation is None else operation.parent
        return block is not None

    def keep_new(self, heap: Heap) -> None:
        """Let the objects that came to be on this side be as it left them."""
        after = {id(obj): state for obj, state in self.final}
        for obj, _ in self.journal.saved.values():
            if self.journal.is_new(obj):
                heap.touch(obj)
                set_state(obj, after[id(obj)])
