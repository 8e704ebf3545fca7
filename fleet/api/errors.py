"""What a compiled function raises, as Python's own exceptions.

In: a `ProgramError`: a class's name, a message, and the places of the calls that led there. Out: an
exception of that class whose traceback shows these lines. The one idea: Python takes a traceback's
lines from code objects, so each place gets a one-line code object of that file, line and name.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import sys
from collections.abc import Mapping
from types import CodeType, TracebackType
from typing import NoReturn

from fleet.diagnostics import ProgramError


def raise_again(
    error: ProgramError, classes: Mapping[str, type], note: str | None = None
) -> NoReturn:
    """Raise what the program raised, at its lines. classes: the user's own, by name."""
    exception = _exception(error, classes)
    if note is not None and hasattr(exception, "add_note"):
        exception.add_note(note)
    places = error.location.callers() if error.location is not None else []
    frames = [(place.file, place.line, name) for place, name in places if name != "<module>"]
    _descend(exception, frames)


def _descend(exception: BaseException, frames: list[tuple[str, int, str]]) -> NoReturn:
    """Raise through frames of these places, the outermost first."""
    if not frames:
        raise exception from None

    def inner() -> NoReturn:
        _descend(exception, frames[1:])

    try:
        exec(_line(*frames[0]), {"inner": inner, "__name__": "<compiled>"})
    except BaseException as raised:
        if raised is not exception:
            raise
        trace = raised.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        raise exception.with_traceback(_without_ours(trace)) from None
    raise AssertionError("the frame that raises has returned")


def _without_ours(trace: TracebackType | None) -> TracebackType | None:
    """The frames of a traceback but those of this file."""
    if trace is None:
        return None
    rest = _without_ours(trace.tb_next)
    if trace.tb_frame.f_code.co_filename == __file__:
        return rest
    trace.tb_next = rest
    return trace


def _line(file: str, line: int, name: str) -> CodeType:
    tree = ast.parse("inner()")
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt | ast.expr):
            node.lineno = node.end_lineno = line
            node.col_offset = node.end_col_offset = -1  # no carets: the columns are not known
    return compile(tree, file, "exec").replace(co_name=name)


def _exception(error: ProgramError, classes: Mapping[str, type]) -> BaseException:
    kind = _class(error.exception, classes)
    arguments: tuple[object, ...] = (error.message,) if error.message else ()
    if issubclass(kind, KeyError):  # whose text is its argument's repr()
        with contextlib.suppress(ValueError, SyntaxError):
            arguments = (ast.literal_eval(error.message),)
    for make in (kind, functools.partial(_bare, kind)):
        try:
            made: BaseException = make(*arguments)
            if str(made) == error.message:
                return made
        except Exception:  # a class that takes, or shows, other arguments
            continue

    def text(self: BaseException) -> str:
        return error.message

    told = {"__str__": text, "__module__": kind.__module__}
    return _bare(type(kind.__name__, (kind,), told), *arguments)


def _bare(kind: type[BaseException], *arguments: object) -> BaseException:
    """An exception of a class whose own way of making one is not followed."""
    made = kind.__new__(kind)
    made.args = arguments
    return made


def _class(name: str, classes: Mapping[str, type]) -> type[BaseException]:
    found: object = classes.get(name) or getattr(builtins, name, None)
    if found is None and "." in name:
        module, _, inner = name.rpartition(".")
        found = getattr(sys.modules.get(module), inner, None)
    if isinstance(found, type) and issubclass(found, BaseException):
        return found
    return type(name.rpartition(".")[2], (Exception,), {})  # one that the function itself defines
