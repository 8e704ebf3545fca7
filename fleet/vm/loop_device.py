"""A device without RISC-V: kernels run as loop IR on memory of this process.

In: a module with kernels in the `loop` dialect, scalar or vectorised. Out: a `Device` whose
`launch` executes them. So the schedule can be judged apart from code generation and the emulator.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.dialects.loop.execution import compile_kernel
from fleet.ir.core import Operation, Value
from fleet.ir.types import MemRefType, numpy_dtype
from fleet.vm.device import HostMemory
from fleet.vm.operators import OPERATORS


@dataclass(frozen=True)
class _Parameter:
    """A kernel's argument: for a buffer its dtype and dimensions, of which what the arguments are
    known gives the length."""

    dtype: np.dtype | None
    dims: tuple[Callable[[Sequence[int]], int], ...] = ()


class LoopDevice(HostMemory):
    """Runs the kernels of a module. Kernel number i has address i.

    vlen: the strip length of vector loops in bits; None for strips as long as the loops.
    """

    def __init__(self, module: Operation, vlen: int | None = None) -> None:
        super().__init__()
        self.vlen = vlen
        self.kernels = [op for op in module if op.name == "func.func" and op.get("kernel")]
        self._raised = False
        self._compiled: dict[int, tuple[Callable[..., Any], list[_Parameter]]] = {}

    def addresses(self, arrays: Mapping[str, np.ndarray]) -> dict[str, int]:
        """Addresses to link a program with: its kernels', and its constants' as placed here."""
        kernels = {str(op.get("sym_name")): number for number, op in enumerate(self.kernels)}
        return kernels | {name: self.place(array) for name, array in arrays.items()}

    def launch(self, kernel: int, arguments: Sequence[int]) -> None:
        self._kernel(kernel)[0](*self.values(kernel, arguments))

    def values(self, kernel: int, arguments: Sequence[int]) -> list[np.ndarray | int]:
        """What a kernel is given: its buffers as views, and sizes."""
        _, parameters = self._kernel(kernel)
        values: list[np.ndarray | int] = []
        for parameter, argument in zip(parameters, arguments, strict=True):
            if parameter.dtype is None:
                values.append(argument)
                continue
            shape = [length(arguments) for length in parameter.dims]
            count = int(np.prod(shape, dtype=np.int64))
            values.append(self.view(argument, parameter.dtype, count).reshape(shape))
        return values

    def raises(self, kernel: int, arguments: Sequence[int]) -> bool:
        self._raised = False
        self.launch(kernel, arguments)
        return self._raised

    def _note(self, kind: str, flags: int) -> None:
        self._raised = True

    def _kernel(self, number: int) -> tuple[Callable[..., Any], list[_Parameter]]:
        if number not in self._compiled:
            operation = self.kernels[number]
            compiled = compile_kernel(operation, self.vlen, raised=self._note)
            self._compiled[number] = compiled, _parameters(operation)
        return self._compiled[number]


def _parameters(kernel: Operation) -> list[_Parameter]:
    """How to view each argument; `loop.buffer` says which argument is which dimension."""
    sizes: dict[Value, tuple[Value, ...]] = {
        op.operand(0): op.operands[1:] for op in kernel.body if op.name == "loop.buffer"
    }
    numbers = {argument: number for number, argument in enumerate(kernel.body.arguments)}
    parameters = []
    for argument in kernel.body.arguments:
        type = argument.type
        if not isinstance(type, MemRefType):
            parameters.append(_Parameter(None))
            continue
        given = iter(sizes.get(argument, ()))  # none, of a buffer that nobody looks at
        dims = tuple(
            (lambda _, d=d: d) if d is not None
            else _dimension(size, numbers) if (size := next(given, None)) is not None
            else (lambda _: 0)
            for d in type.shape
        )  # fmt: skip
        parameters.append(_Parameter(numpy_dtype(type.element), dims))
    return parameters


def _dimension(size: Value, numbers: Mapping[Value, int]) -> Callable[[Sequence[int]], int]:
    """A size that is an argument, a constant, or computed from such."""
    if size in numbers:
        return operator.itemgetter(numbers[size])
    op = size.owner
    if isinstance(op, Operation) and op.name == "arith.constant":
        value = int(op.get("value"))
        return lambda _: value
    if not isinstance(op, Operation) or not op.name.startswith("arith."):
        raise FleetError("a kernel's buffer has a size that depends on what it computes")
    parts = [_dimension(operand, numbers) for operand in op.operands]
    name = op.name.partition(".")[2]
    if name == "cmpi":
        name += f".{CMPI_PREDICATES[op.get('predicate')]}"
    return lambda arguments: OPERATORS[name](*(part(arguments) for part in parts))
