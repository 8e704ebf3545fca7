"""How a statement can end other than by going on to the next one."""

from __future__ import annotations

from typing import Any

from fleet.evaluator.values.heap import MISSING, Cell, new_serial
from fleet.syntax import tree


class Return:
    """`return value`."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


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


class Body:
    """A function's or loop's body that is being evaluated.

    `broken` and `returned` say whether a loop or function was left, `continued` whether the present
    iteration was: known now, or a run-time bool once that happened under a run-time condition.
    `value` is what `return` gives; `raised`, in a run-time loop, the exception that left it. Most
    bodies need none of these cells, so they are made when somebody asks for one, as old as the
    body.

    node: a loop's statement. is_part: whether only a part of the body is evaluated, which shares
    the flags of the whole; resumes: whether evaluation may go on from each of its statements once
    more, as it may in a function that is no generator.
    """

    __slots__ = ("_cells", "_serial", "is_loop", "is_part", "node", "resumes")

    def __init__(
        self, is_loop: bool, node: tree.AST | None = None, serial: int | None = None
    ) -> None:
        self.is_loop = is_loop
        self.node = node
        self.is_part = False
        self.resumes = False
        self._serial = new_serial() if serial is None else serial
        self._cells: tuple[Cell, Cell, Cell, Slot, Cell] | None = None

    def part(self) -> Body:
        """A part of this body."""
        made = Body(self.is_loop, self.node)
        made.is_part = True
        made._cells = self.cells
        return made

    @property
    def cells(self) -> tuple[Cell, Cell, Cell, Slot, Cell]:
        if self._cells is None:
            self._cells = Cell(False), Cell(False), Cell(False), Slot(MISSING), Cell(None)
            for cell in self._cells:
                cell.serial = self._serial
        return self._cells

    @property
    def untouched(self) -> bool:
        """Whether nothing has asked for the cells, so that nothing has left the body."""
        return self._cells is None

    @property
    def broken(self) -> Cell:
        return self.cells[0]

    @property
    def returned(self) -> Cell:
        return self.cells[1]

    @property
    def continued(self) -> Cell:
        return self.cells[2]

    @property
    def value(self) -> Slot:
        return self.cells[3]

    @property
    def raised(self) -> Cell:
        return self.cells[4]


class Following:
    """A list of statements that is being evaluated; `next` is the one after the present one.

    begins: whether it is all of a function's or loop's body, or a part of one by itself. A
    function's body is made when somebody asks for it, as old as its evaluation. is_part: whether
    that is a part of one, with flags of its own; resumes: see `Body`.
    """

    __slots__ = ("_body", "_serial", "begins", "is_part", "next", "resumes", "statements")

    def __init__(
        self, statements: list[tree.AST], body: Body | None = None, begins: bool = False,
        is_part: bool = False,
        resumes: bool = False,
    ) -> None:
        self.is_part = is_part
        self.resumes = resumes
        self.statements = statements
        self.next = 0
        self.begins = begins
        self._body = body
        if begins and body is None:
            self._serial = new_serial()

    @property
    def body(self) -> Body:
        if self._body is None:
            self._body = Body(False, serial=self._serial)
            self._body.is_part, self._body.resumes = self.is_part, self.resumes
        return self._body
