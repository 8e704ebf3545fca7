"""Runs one launch of a kernel on a form of it: tensors, loops, vectors, instructions.

In: a function as some pass left it, and a launch. Out: what the kernel's results are then. The one
idea: what a function is made of says how it is run, so a new pass needs nothing here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fleet.dialects.loop.execution import compile_kernel
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.ir.types import TensorType
from fleet.judges.instructions import InstructionExecutor
from fleet.judges.kernels import Kernel, Launch, buffers_of, module_of

Outputs = list[np.ndarray]


def is_machine_code(function: Operation) -> bool:
    """Whether its operations are instructions."""
    return any(op.name.startswith("rv.") for op in function.body)


def execute(kernel: Kernel, function: Operation, launch: Launch, vlen: int) -> Outputs:
    """The kernel's results for a launch. Raises FleetError where the function cannot be executed,
    TimeoutError where instruction by instruction takes too long."""
    if any(isinstance(a.type, TensorType) for a in function.body.arguments):
        return on_tensors(kernel, function, launch)
    if is_machine_code(function):
        return on_instructions(kernel, function, launch, vlen)
    buffers = buffers_of(function, launch)
    compile_kernel(function, vlen)(*buffers.arguments)
    return buffers.arrays[-kernel.outputs :]


def on_tensors(kernel: Kernel, function: Operation, launch: Launch) -> Outputs:
    """What it means. Constants that were lifted out of it stand, in a launch, behind its inputs."""
    arguments = function.body.arguments
    tensors = sum(isinstance(a.type, TensorType) for a in arguments)
    arrays = [*launch.arrays[: tensors - kernel.outputs], *launch.arrays[-kernel.outputs :]]
    sizes = launch.sizes[: len(arguments) - tensors]
    module = module_of(function, kernel.callees)
    results = Interpreter(module).run(kernel.name, [*map(np.array, arrays), *sizes])
    return [np.asarray(result) for result in results]


def on_instructions(kernel: Kernel, function: Operation, launch: Launch, vlen: int) -> Outputs:
    """Instruction by instruction. Scratch is what the last form over buffers takes."""
    loops = last_loops(kernel)
    buffers = buffers_of(loops, launch)
    executor = InstructionExecutor(vlen)
    with np.errstate(all="ignore"):
        after = executor.call(function, buffers.arguments)
    return after[len(buffers.arrays) - kernel.outputs : len(buffers.arrays)]


def last_loops(kernel: Kernel) -> Operation:
    """The form that instructions are selected from."""
    forms = [form for form in kernel.forms.values() if not is_machine_code(form)]
    return forms[-1]


Judge = Callable[[Operation], Outputs]
