"""Exceptions that are certain where they are raised, as operations that raise them at run time.

In: an exception of the program. Out: a check that fails, or the end of the program. The one idea:
what a path of the program raises at run time is evaluated like all else, up to the `raise`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values import texts
from fleet.evaluator.values.then import (
    Message,
    Number,
    Text,
)
from fleet.ir.types import i1


def emit_raise(m: Machine, raised: Raised) -> None:
    """What an exception that is certain to be raised here does at run time."""
    e = m.backend.e
    m.raising = raised.location
    try:
        exception = raised.exception
        if isinstance(exception, SystemExit):
            _emit_exit(m, exception.code)
            return
        message = exception.args[0] if len(exception.args) == 1 else None
        if isinstance(message, Message):
            template, shown = message.template, list(message.shown)
        else:
            text = m.native(texts.to_text, e, exception)
            template, shown = ("{}", [text]) if isinstance(text, Text) else (texts.escape(text), [])
        operands = [
            texts.operand(e, e.number(value) if isinstance(value, int) else value)
            for value in shown
        ]
        e.uncaught_check(
            e.constant(0, i1), exception_name(exception), template,
            [value for _, value in operands], [kind for kind, _ in operands],
        )  # fmt: skip
    finally:
        m.raising = None


def _emit_exit(m: Machine, code: Any) -> None:
    e = m.backend.e
    if isinstance(code, np.integer):
        code = int(code)
    if code is None:
        e.host("exit", [], ["none"])
        return
    if not isinstance(code, int | Number | Text | str):
        code = m.native(texts.to_text, e, code)
    value = e.number(code) if isinstance(code, int) else e.text(code) if isinstance(
        code, str) else code  # fmt: skip
    kind, native = texts.operand(e, value)
    e.host("exit", [native], [kind])


def exception_name(exception: BaseException) -> str:
    """The class as a traceback names it."""
    kind = type(exception)
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"
