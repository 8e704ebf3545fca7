"""Exceptions known now: `raise`, `try` and `with`.

In: their nodes. Out: their effects. The one idea: an exception of the program is `Raised`, so that
Python's own `try` does what the program's does.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.language import calls, targets
from fleet.evaluator.state.completions import (
    Completion,
)
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values.heap import MISSING
from fleet.syntax import tree


def raise_(m: Machine, node: tree.AST) -> None:
    if node.exc is None:
        if not m.handling:
            raise m.raised(RuntimeError("No active exception to reraise"))
        raise Raised(m.handling[-1].exception, m.handling[-1].location)
    value = m.evaluate(node.exc)
    m.node = node
    if isinstance(value, type) and issubclass(value, BaseException):
        value = calls.call_value(m, value, (), {})
    if not isinstance(value, BaseException):
        raise m.raised(TypeError("exceptions must derive from BaseException"))
    raise Raised(value, m.location())


def try_(m: Machine, node: tree.AST) -> Completion:
    try:
        completion = _guarded(m, node)
    except Exception:
        if node.finalbody:
            leaving = m.execute(node.finalbody)
            if leaving is not None:
                return leaving
        raise
    if node.finalbody:
        leaving = m.execute(node.finalbody)
        if leaving is not None:
            return leaving
    return completion


def _guarded(m: Machine, node: tree.AST) -> Completion:
    caught = [
        BaseException if handler.type is None else m.evaluate(handler.type)
        for handler in node.handlers
    ]
    m.catching.append((caught, m.location()))
    state = m.scope, m.frame, m.node, m.outside, m.depth
    try:
        completion = m.execute(node.body)
    except Raised as raised:
        m.catching.pop()
        m.scope, m.frame, m.node, m.outside, m.depth = state
        for handler, kinds in zip(node.handlers, caught, strict=True):
            if isinstance(raised.exception, kinds):
                return _handle(m, handler, raised)
        raise
    except Exception:
        m.catching.pop()
        raise
    m.catching.pop()
    return completion if completion is not None else m.execute(node.orelse)


def _handle(m: Machine, handler: tree.AST, raised: Raised) -> Completion:
    if handler.name is not None:
        m.scope.assign(m.heap, handler.name, raised.exception)
    m.handling.append(raised)
    try:
        return m.execute(handler.body)
    finally:
        m.handling.pop()
        if handler.name is not None and m.scope.home(handler.name).values.get(
            handler.name, MISSING) is not MISSING:  # fmt: skip
            m.scope.delete(m.heap, handler.name)


def with_(m: Machine, node: tree.AST) -> Completion:
    entered: list[Any] = []
    for item in node.items:
        manager = m.evaluate(item.context_expr)
        value = calls.call_value(m, m.native(getattr, manager, "__enter__"), (), {})
        entered.append(manager)
        if item.optional_vars is not None:
            targets.assign(m, item.optional_vars, value)
    try:
        completion = m.execute(node.body)
    except Raised as raised:
        exception = raised.exception
        for manager in reversed(entered):
            leave = m.native(getattr, manager, "__exit__")
            if calls.call_value(m, leave, (type(exception), exception, None), {}):
                return None
        raise
    for manager in reversed(entered):
        calls.call_value(m, m.native(getattr, manager, "__exit__"), (None, None, None), {})
    return completion
