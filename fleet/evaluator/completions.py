"""How a statement can end other than by going on to the next one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fleet.evaluator.values.heap import MISSING, Cell


@dataclass(frozen=True, eq=False)
class Return:
    """`return value`."""

    value: Any


class Jump:
    """`break` or `continue`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


BREAK = Jump("break")
CONTINUE = Jump("continue")
DONE = Jump("done")
"""The rest of this part of a body has been evaluated, and flags say which paths left the body."""
Completion = Return | Jump | None
"""None: the next statement follows."""


class Slot(Cell):
    """A cell that may be empty (MISSING) on some paths, where nobody will look at it."""

    __slots__ = ()


@dataclass(eq=False)
class Body:
    """A function's or loop's body that is being evaluated.

    `broken` and `returned` say whether a loop or function was left, `continued` whether the present
    iteration was: known now, or a run-time bool once that happened under a run-time condition.
    `value` is what `return` gives.
    """

    is_loop: bool
    is_part: bool = False
    """Whether only a part of the body is evaluated, which shares the flags of the whole."""
    broken: Cell = field(default_factory=lambda: Cell(False))
    returned: Cell = field(default_factory=lambda: Cell(False))
    continued: Cell = field(default_factory=lambda: Cell(False))
    value: Slot = field(default_factory=lambda: Slot(MISSING))
