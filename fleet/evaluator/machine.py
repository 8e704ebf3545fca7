"""What every part of the evaluator shares: where we are, what we know, and how errors travel.

In: calls into Python and NumPy on known values. Out: their results, or `Raised`. The one idea: an
exception of the user's program is `Raised`, a rejection is a FleetError, and anything else that
flies is a bug of ours; `native` is the one door between Python's exceptions and the program's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from fleet.diagnostics import FleetError, Frame, Location
from fleet.evaluator.scopes import Scope
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import Dict, Heap, List, Set
from fleet.syntax import tree

MAX_CALLS = 1000
"""Python's own recursion limit, about."""


class Raised(Exception):
    """The user's program raises this exception here."""

    def __init__(self, exception: BaseException, location: Location) -> None:
        super().__init__(type(exception).__name__)
        self.exception = exception
        self.location = location


class Backend(Protocol):
    """What lies under the evaluator: NumPy itself, or the IR builder (`e` is None or it)."""

    e: Emitter | None
    argv: Any
    primitives: dict[str, Callable[..., Any]]

    def show(self, values: tuple, sep: str | None, end: str | None, file: str) -> None:
        """print()."""

    def read_line(self, prompt: Any) -> Any:
        """input()."""

    def array(self, known: Any, name: str | None = None) -> Any:
        """A known array as the program's value."""


class Machine:
    """State of an evaluation."""

    def __init__(self, path: Path, heap: Heap) -> None:
        self.path = path
        self.heap = heap
        self.backend: Backend
        self.node: tree.AST | None = None
        self.frame = Frame("<module>")
        self.scope: Scope
        self.depth = 0
        self.callers: list[Scope] = []
        """The scopes of the calls that wait for the present one."""
        self.outside: Location | None = None
        """Inside the prelude: the place in the user's program that called it."""
        self.raising: Location | None = None
        """The place of an exception that is being turned into operations."""
        self.modules: dict[str, Any] = {}
        self.catching: list[Any] = []
        """Exception classes that enclosing `try` statements catch, per statement."""

    # -- places and errors

    def location(self) -> Location:
        """The place in the user's program that is being evaluated."""
        if self.raising is not None:
            return self.raising
        if self.outside is not None:
            return self.outside
        if self.node is None:
            return Location(str(self.path), 1, frame=self.frame)
        return self.place(self.node)

    def place(self, node: tree.AST) -> Location:
        at = node.location
        return Location(at.file, at.line, at.column, at.end_line, at.end_column, self.frame)

    def error(
        self, message: str, hint: str | None = None, node: tree.AST | None = None
    ) -> FleetError:
        """A rejection of the present place, or of a node."""
        at = self.location() if node is None or self.outside is not None else self.place(node)
        return FleetError(message, at, hint=hint)

    def raised(self, exception: BaseException) -> Raised:
        return Raised(exception, getattr(exception, "fleet_location", None) or self.location())

    def native(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Call Python's own code; its exceptions are the program's."""
        try:
            return self.own(function(*arguments, **keywords))
        except (FleetError, Raised):
            raise
        except (Exception, SystemExit) as exception:
            if is_mistake_of_ours(exception):
                raise
            raise self.raised(exception) from exception

    def own(self, value: Any) -> Any:
        """Python's mutable containers as ours, whose writes are recorded."""
        kind = type(value)
        if kind is list:
            return List(self.heap, value)
        if kind is dict:
            return Dict(self.heap, value)
        if kind is set:
            return Set(self.heap, value)
        return value


_PACKAGE = Path(__file__).parents[1]
_RAISES_NAME_ERRORS = ("machine.py", "modules.py", "scopes.py", "data_classes.py", "eager.py",
                       "generators.py")  # fmt: skip


def is_mistake_of_ours(exception: BaseException) -> bool:
    """Whether an exception shows a bug in this package rather than in the user's program."""
    if not isinstance(exception, NameError | AttributeError | AssertionError):
        return False
    trace = exception.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return False
    place = Path(trace.tb_frame.f_code.co_filename)
    return _PACKAGE in place.parents and place.name not in _RAISES_NAME_ERRORS
