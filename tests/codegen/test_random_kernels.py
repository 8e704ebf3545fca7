"""Random kernels all the way to machine code, on qemu, against the loop dialect's executor."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from kernel_machine import Machine
from linalg_kernels import LOOP_PASSES, RandomKernel, lowered
from loop_kernels import check

from fleet.ir.core import Operation
from fleet.ir.types import MemRefType, numpy_dtype


@pytest.fixture(scope="module")
def machine() -> Machine:
    for name in ("riscv64-linux-gnu-gcc", "qemu-riscv64"):
        if shutil.which(name) is None:
            pytest.skip(f"needs {name}, which this machine does not have")
    return Machine(lambda name: shutil.which(name))


def arguments_for(module: Operation, arrays: list) -> list:
    """What `main`, called with these arrays and sizes, passes to its kernel; scratch is zeros."""
    kernel = next(op for op in module.body if "kernel" in op.attributes)
    launch = next(op for op in module.walk() if op.name == "loop.launch")
    main = launch.parent_op
    given = dict(zip(main.body.arguments, arrays, strict=True))

    def size(value) -> int:
        if value in given:
            return given[value]
        source, axis = value.operation.operands
        return given[source].shape[axis.operation.get("value")]

    passed = []
    for operand, argument in zip(launch.operands, kernel.body.arguments, strict=True):
        if not isinstance(argument.type, MemRefType):
            passed.append(size(operand))
        elif operand in given:
            passed.append(given[operand])
        else:
            dynamic = map(size, operand.operation.operands)
            shape = [next(dynamic) if dim is None else dim for dim in argument.type.shape]
            passed.append(np.zeros(shape, numpy_dtype(argument.type.element)))
    return passed


@pytest.mark.parametrize("seed", range(200, 215))
def test_random_kernels_compute_on_the_machine_what_the_executor_computes(
    machine: Machine, seed: int
) -> None:
    random = RandomKernel(seed)
    module = lowered(random.text, *LOOP_PASSES)
    kernel = next(op for op in module.body if "kernel" in op.attributes)
    check(machine, kernel, arguments_for(module, random.arrays), tolerance=1e-4)
