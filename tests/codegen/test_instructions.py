"""`rv` with the machine's values: before and after each pass what the loop dialect says."""

from __future__ import annotations

import numpy as np
import pytest
from loop_kernels import executed
from test_backend import RandomKernel

from fleet.codegen.executor import Executor
from fleet.codegen.registers.allocate import allocate_function
from fleet.codegen.select.function import select_instructions
from fleet.codegen.select.vsetvli import insert_vsetvli
from fleet.judges.instructions import InstructionExecutor


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("vlen", [128, 512])
def test_random_kernels_give_the_same_after_every_pass(seed: int, vlen: int) -> None:
    made = RandomKernel(seed)
    kernel, arguments = made.build(), made.arguments()
    expected = executed(kernel, arguments)
    for step in (select_instructions, insert_vsetvli, allocate_function):
        step(kernel)
        found = InstructionExecutor(vlen, limit=1_000_000).call(kernel, arguments)
        for number, (a, b) in enumerate(zip(found, expected, strict=True)):
            np.testing.assert_allclose(a, b, 1e-6, 1e-6, err_msg=f"{step.__name__} {number}")


@pytest.mark.parametrize("seed", range(6))
def test_the_opaque_executor_knows_vector_lengths(seed: int) -> None:
    """Strips end: as many loads and stores before and after allocation, in the same places."""
    made = RandomKernel(seed)
    kernel, arguments = made.build(), made.arguments()
    select_instructions(kernel)
    insert_vsetvli(kernel)
    count = sum(isinstance(argument, np.ndarray) for argument in arguments)
    given = [(n + 1) << 32 for n in range(count)] + arguments[count:]
    traces = []
    for step in (lambda function: None, allocate_function):
        step(kernel)
        machine = Executor(limit=2_000_000)
        machine.run(kernel, given)
        traces.append([e for e in machine.trace if e[0] != "store" or e[1] < 1 << 39])
    assert traces[0] == traces[1] and traces[0]
