"""Runs the schedule as `vm` operations: what they mean, before they are bytecode.

In: a module after `schedule-to-vm`, a device, a host. Out: the program's effects. The one idea:
arithmetic is the IR executor's, services are the bytecode machine's, so here are only memory,
launches and branches; and whoever makes bytecode of the operations can be compared with this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError, ProgramError
from fleet.dialects import func, vm
from fleet.host import Host
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import OpDef
from fleet.ir.interpreter import Interpreter, python_value, to_array, to_data
from fleet.ir.symbols import SymbolTable
from fleet.ir.types import IndexType, Type, i1, numpy_dtype
from fleet.vm.arena import Arena
from fleet.vm.device import Device
from fleet.vm.machine import DEFAULT_MEMORY
from fleet.vm.services import Services
from fleet.vm.transfer import Transfer

Data = Any
Place = Callable[[np.ndarray], int]


class Schedule:
    """One run of a module's `main`.

    place: gives a constant array an address in the device's memory.
    kernels: what the device knows kernels by.
    """

    def __init__(
        self, module: Operation, device: Device, place: Place, kernels: dict[str, int], host: Host
    ) -> None:
        self.device = device
        self.place = place
        self.kernels = kernels
        self.host = host
        self.functions = SymbolTable(module).by_name
        self.interpreter = Interpreter(module, host)
        self.arena = Arena(device.map_arena(DEFAULT_MEMORY), DEFAULT_MEMORY)
        self.transfer = Transfer(device, self.arena)
        self._constants: dict[DenseAttr, int] = {}
        self._services: dict[Operation, Services] = {}
        self._depth = 0
        self.host.depth = lambda: self._depth

    def run(self) -> None:
        """Run main to its end. Raises ProgramError and ProgramExit as the program does."""
        main = self.functions.get("main")
        if main is None or main.body.arguments:
            raise FleetError("there is no function @main that takes nothing")
        with np.errstate(all="ignore"):
            self.call("main", [])

    def call(self, name: str, arguments: Sequence[Data]) -> list[Data]:
        too_deep = self.host.too_deep(self._depth - 1)
        if too_deep is not None:
            raise too_deep
        self._depth += 1
        try:
            return self._function(self.functions[name], arguments)
        finally:
            self._depth -= 1

    def _function(self, function: Operation, arguments: Sequence[Data]) -> list[Data]:
        block: Block | None = function.body
        values: dict[Value, Data] = {}
        while True:
            values.update(zip(block.arguments, arguments, strict=True))
            for operation in block:
                operands = [values[operand] for operand in operation.operands]
                if operation.definition is func.return_:
                    return operands
                if operation.definition in (vm.br, vm.cond_br):
                    break
                results = self._execute(operation, operands)
                values.update(zip(operation.results, results, strict=True))
            block, passed = _branch(block.terminator, values)
            arguments = [values[value] for value in passed]

    def _execute(self, operation: Operation, operands: Sequence[Data]) -> Sequence[Data]:
        run = _TABLE.get(operation.definition)
        try:
            if run is not None:
                return run(self, operation, operands)
            return self.interpreter.execute(operation, operands)
        except ProgramError as error:
            error.location = error.location or operation.location
            raise
        except MemoryError as error:
            raise ProgramError("MemoryError", str(error), operation.location) from error
        except FleetError as error:
            error.location = error.location or operation.location
            raise

    # -- operations

    def _alloc(self, operation: Operation, operands: Sequence[Data]) -> list[Data]:
        return [self.arena.alloc(operands[0])]

    def _free(self, operation: Operation, operands: Sequence[Data]) -> list[Data]:
        try:
            self.arena.free(operands[0])
        except KeyError:
            raise FleetError(f"{operands[0]:#x}, which is freed, is not a buffer") from None
        return []

    def _address(self, operation: Operation, operands: Sequence[Data]) -> list[Data]:
        value = operation.attributes["value"]
        assert isinstance(value, DenseAttr)
        if value not in self._constants:
            self._constants[value] = self.place(value.value)
        return [self._constants[value]]

    def _load(self, operation: Operation, operands: Sequence[Data]) -> list[Data]:
        type = operation.result.type
        return [to_data(self.device.view(operands[0], _memory_dtype(type), 1)[0], type)]

    def _store(self, operation: Operation, operands: Sequence[Data]) -> list[Data]:
        value, address = operands
        type = operation.operand(0).type
        self.device.view(address, _memory_dtype(type), 1)[0] = to_array(value, type)
        return []

    def _copy(self, operation: Operation, operands: Sequence[Data]) -> list[Data]:
        target, source, size = operands
        view = self.device.view
        view(target, np.uint8, size)[:] = view(source, np.uint8, size)
        return []

    def _launch(self, operation: Operation, operands: Sequence[Data]) -> list[Data]:
        self.device.launch(self.kernels[str(operation.get("callee"))], operands)
        return []

    def _host(self, operation: Operation, operands: Sequence[Data]) -> list[Data]:
        services = self._services.get(operation)
        if services is None:
            description = python_value(operation.attributes["service"])
            services = Services([description], self.transfer, self.host)
            self._services[operation] = services
        results = services.call(0, operands)
        return [to_data(r, v.type) for r, v in zip(results, operation.results, strict=True)]

    def _call(self, operation: Operation, operands: Sequence[Data]) -> list[Data]:
        return self.call(str(operation.get("callee")), operands)


def _branch(terminator: Operation, values: dict[Value, Data]) -> tuple[Block, Sequence[Value]]:
    """Where a branch leads, and what it passes."""
    if terminator.definition is vm.br:
        return terminator.successors[0], terminator.operands
    condition, taken, other = terminator.definition.segments(terminator)
    number = 0 if values[condition[0]] else 1
    return terminator.successors[number], (taken, other)[number]


def _memory_dtype(type: Type) -> np.dtype:
    if type == i1:
        return np.dtype("i1")
    return np.dtype("i8") if isinstance(type, IndexType) else numpy_dtype(type)


_TABLE: dict[OpDef, Callable[[Schedule, Operation, Sequence[Data]], Sequence[Data]]] = {
    vm.alloc: Schedule._alloc, vm.free: Schedule._free, vm.address: Schedule._address,
    vm.load: Schedule._load, vm.store: Schedule._store, vm.copy: Schedule._copy,
    vm.launch: Schedule._launch, vm.host: Schedule._host, func.call: Schedule._call,
}  # fmt: skip
