"""Calls while executing: functions with a body run, declared services are asked of the host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fleet.dialects.func import call
from fleet.dialects.numpy_execution import service_results
from fleet.ir.core import Operation


@call.executes
def _call(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> Sequence[Any]:
    callee = interpreter.callee(operation)
    if "service" in callee.attributes and not callee.regions[0].blocks:
        return service_results(interpreter, callee, operation, arguments)
    return interpreter.call(callee, arguments, operation)
