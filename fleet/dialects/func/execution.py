"""Calls while executing: functions with a body run, declared services are asked of the host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fleet.dialects.func import call, call_indirect, constant
from fleet.dialects.numpy.execution import service_results
from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import SymbolRefAttr
from fleet.ir.core import Operation
from fleet.ir.rewriting.rewriter import Rewriter


@call.executes
def _call(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> Sequence[Any]:
    callee = interpreter.callee(operation)
    if "service" in callee.attributes and not callee.regions[0].blocks:
        return service_results(interpreter, callee, operation, arguments)
    return interpreter.call(callee, arguments, operation)


@constant.executes
def _constant(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> Sequence[Any]:
    return [operation.get("value")]


@call_indirect.executes
def _indirect(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> Sequence[Any]:
    callee, *operands = arguments
    function = interpreter.tables.of(interpreter.module).get(callee)
    return interpreter.call(function, operands, operation)


@call_indirect.pattern
def _known_callee(operation: Operation, rewriter: Rewriter) -> bool:
    """A call of a constant is a call of its name."""
    name = constant_of(operation.operand(0))
    if not isinstance(name, SymbolRefAttr):
        return False
    rewriter.replace_by(operation, call, operation.operands[1:], callee=name)
    return True
