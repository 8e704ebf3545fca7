"""What `loop.launch` does to tensors: the kernel runs on copies of its destinations.

So a schedule whose kernels are loops already can be run by the IR executor as before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from fleet.dialects.loop import launch
from fleet.dialects.loop.execution import compile_kernel
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter

_compiled: WeakKeyDictionary[Interpreter, dict[str, Callable[..., Any]]] = WeakKeyDictionary()
"""Translated kernels, for as long as the interpreter that runs them lives."""


@launch.executes
def _launch(
    interpreter: Interpreter, operation: Operation, operands: Sequence[Any]
) -> list[np.ndarray]:
    inputs, dests, _ = operation.definition.segments(operation)
    name = str(operation.get("callee"))
    kernels = _compiled.setdefault(interpreter, {})
    if name not in kernels:
        kernels[name] = compile_kernel(interpreter.tables.of(interpreter.module).by_name[name])
    first, last = len(inputs), len(inputs) + len(dests)
    results = [np.array(array) for array in operands[first:last]]
    arrays = [np.asarray(array, order="C") for array in operands[:first]]
    kernels[name](*arrays, *results, *operands[last:])
    return results
