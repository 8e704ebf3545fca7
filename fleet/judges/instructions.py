"""Runs `rv` functions with the values that instructions have, before and after allocation.

In: a function over virtual or physical registers, arrays and sizes. Out: the arrays afterwards. The
one idea: an operation that is more than integer arithmetic is encoded, with registers of our choice
for its operands, and executed by the emulator's reference executor, alone. So there is one
definition of each instruction, and none of register allocation, layout or branches is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from fleet.asm.assembler import assemble
from fleet.codegen.emit import instruction
from fleet.codegen.executor import BINARY, IMMEDIATE, MASK, Executor, Observer
from fleet.codegen.kernels import kernels_of
from fleet.dialects import rv
from fleet.emu.machine import STOP, Machine
from fleet.emu.memory import PAGE, page_up
from fleet.ir.attributes import StringAttr
from fleet.ir.core import Operation, Value

CODE, DATA, STACK = 0x10_0000, 0x1000_0000, 0x40_0000_0000
STACK_SIZE = 16 << 20
MOST_STEPS = 100_000
"""Operations of one run; each takes Python a tenth of a millisecond."""

_FIRST_X = _FIRST_F = 10
_RESULT = 17
_VECTORS = (8, 16, 24)
"""Where operands go; register groups of any size fit."""


@dataclass(frozen=True)
class Snippet:
    """An instruction with a return behind it: its address, and where its operands are."""

    address: int
    operands: tuple[rv.Register, ...]
    results: tuple[rv.Register, ...]


class InstructionExecutor(Executor):
    """One run of a function with the machine's values.

    A vector register's value is its bytes; a floating-point register's the 64 bits that it holds.
    """

    def __init__(
        self, vlen: int = 256, limit: int = MOST_STEPS, observe: Observer | None = None
    ) -> None:
        super().__init__(limit=limit, observe=observe)
        self.machine = Machine(vlen, executor="reference")
        self.vlenb = vlen // 8
        self.machine.map(STACK - STACK_SIZE, 2 * STACK_SIZE, "stack")
        self._code, self._data = CODE, DATA
        self._snippets: dict[Hashable, Snippet] = {}

    def call(self, function: Operation, arguments: Sequence[np.ndarray | int]) -> list[np.ndarray]:
        """Run the function on copies of arrays, and on sizes: the arrays afterwards."""
        given, views = [], []
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                given.append(self._data)
                views.append(self._place(argument))
            else:
                given.append(int(argument))
        self.start(function, given)
        return [view.copy() for view in views]

    def start(self, function: Operation, given: Sequence[int]) -> None:
        """Call the function with pointers into the machine's memory, and sizes."""
        for place, value in enumerate(given[8:]):
            self.machine.memory.write(STACK + 8 * place, (value & MASK).to_bytes(8, "little"))
        self.values.clear()
        self.run(function, given, STACK)

    def _place(self, array: np.ndarray) -> np.ndarray:
        """A copy of an array in the machine's memory."""
        address = self.map(array.nbytes)
        view = self.machine.memory.view(address, array.dtype, array.size)
        view[:] = array.reshape(-1)
        return view.reshape(array.shape)

    def map(self, size: int) -> int:
        """Room for so many bytes, with an unmapped page behind it: its address."""
        address, size = self._data, page_up(max(size, 1))
        self.machine.map(address, size)
        self._data += size + PAGE
        return address

    # -- registers

    def write(self, value: Value, content: Any) -> None:
        register = rv.register_of(value.type)
        if register.number is not None:
            self.write_register(register, content)
        else:
            self.values[value] = content if register.kind == "v" else content & MASK

    def read_register(self, register: rv.Register) -> Any:
        if register.kind != "v":
            return 0 if register.number == 0 and register.kind == "x" else self.registers.get(
                (register.kind, register.number), 0
            )
        empty = bytes(self.vlenb)
        places = range(register.number, register.number + register.units)
        return b"".join(self.registers.get(("v", n), empty) for n in places)

    def write_register(self, register: rv.Register, content: Any) -> None:
        if register.kind != "v":
            self.registers[register.kind, register.number] = content & MASK
            return
        for unit in range(register.units):
            part = content[unit * self.vlenb : (unit + 1) * self.vlenb]
            self.registers["v", register.number + unit] = part

    def unknown(self, value: Value) -> Any:
        register = rv.register_of(value.type)
        return bytes(register.units * self.vlenb) if register.kind == "v" else 0

    # -- operations

    def results(self, name: str, operation: Operation, inputs: list[Any]) -> Sequence[Any]:
        if name in BINARY or name in IMMEDIATE or name in ("copy", "li", "spill", "reload"):
            return super().results(name, operation, inputs)
        if name == "argument":
            address = STACK + 8 * (operation.get("index") - 8)
            return [int(self.machine.memory.view(address, np.uint64, 1)[0])]
        length = rv.extras(operation).vl
        if operation.get("vtype") is not None and length is not None:
            self._configure(operation, inputs[length])
        return self._execute(self._snippet(operation), inputs)

    def _configure(self, operation: Operation, wanted: int) -> None:
        """Set vl and vtype as an operation wants them that has its own, before insert-vsetvli."""
        policy = operation.get("policy", "")
        vtype = f"{operation.get('vtype')},{'tu' if 'tu' in policy else 'ta'},"
        vtype += "mu" if "mu" in policy else "ma"
        length = operation.operand(rv.extras(operation).vl)
        # a length of `zero` means VLMAX, which needs a destination that is not zero
        twin = rv.op("vsetvli")(length, types=[rv.X], vtype=StringAttr(vtype))
        self._execute(self._snippet(twin), [wanted])
        twin.drop_references()

    def _execute(self, snippet: Snippet, inputs: Sequence[Any]) -> list[Any]:
        registers, vector = self.machine.cpu.registers, self.machine.vector
        for register, content in zip(snippet.operands, inputs, strict=True):
            if register.kind == "x":
                registers[register.number] = 0 if register.number == 0 else content & MASK
            elif register.kind == "f":
                registers[32 + register.number] = content & MASK
            else:
                vector.file[self._bytes(register)] = np.frombuffer(content, np.uint8)
        registers[1], registers[2] = STOP, self.read_register(rv.register_of(rv.x("sp")))
        self.machine.cpu.store()
        self.machine.run(snippet.address)
        return [self._result(register) for register in snippet.results]

    def _result(self, register: rv.Register) -> Any:
        if register.kind == "v":
            return self.machine.vector.file[self._bytes(register)].tobytes()
        return self.machine.cpu.registers[register.number + 32 * (register.kind == "f")]

    def _bytes(self, register: rv.Register) -> slice:
        start = register.number * self.vlenb
        return slice(start, start + register.units * self.vlenb)

    # -- encoding

    def _snippet(self, operation: Operation) -> Snippet:
        operands = [rv.register_of(value.type) for value in operation.operands]
        results = [rv.register_of(value.type) for value in operation.results]
        attributes = tuple(sorted((k, str(v)) for k, v in operation.attributes.items()))
        key = (
            operation.name, attributes, tuple(map(_kind, operands)), tuple(map(_kind, results)),
        )  # fmt: skip
        found = self._snippets.get(key)
        if found is None:
            found = self._snippets[key] = self._encode(operation, operands, results)
        return found

    def _encode(
        self, operation: Operation, operands: list[rv.Register], results: list[rv.Register]
    ) -> Snippet:
        extras = rv.extras(operation)
        slots = operation.definition.operands
        free = {"x": iter(range(_FIRST_X, _RESULT)), "f": iter(range(_FIRST_F, _RESULT)),
                "v": iter(_VECTORS)}  # fmt: skip
        chosen = []
        for number, register in enumerate(operands):
            is_mask = number == extras.mask or slots[min(number, len(slots) - 1)].name == "v0"
            if is_mask or _is_zero(register):
                chosen.append(register._replace(number=0))
            else:
                chosen.append(register._replace(number=next(free[register.kind])))
        tied = rv.tied_operand(operation)
        made = []
        for register in results:
            if register.kind == "v":
                place = chosen[tied].number if tied is not None else next(free["v"])
            else:
                place = 0 if _is_zero(register) else _RESULT
            made.append(register._replace(number=place))
        twin = Operation(
            operation.name, [Value(register.type) for register in chosen],
            [register.type for register in made], operation.attributes,
            definition=operation.definition,
        )  # fmt: skip
        if extras.vl is not None:
            twin.operands = [v for n, v in enumerate(twin.operands) if n != extras.vl]
            twin.attributes.pop("vtype")
            twin.attributes.pop("policy", None)
        code = assemble(f"\t{instruction(twin)}\n\tret\n", operation.name)
        text = next(section for section in code.sections if section.name == ".text")
        self.machine.load(self._code, bytes(text.data), "instruction")
        self._code += PAGE
        return Snippet(self._code - PAGE, tuple(chosen), tuple(made))


def _is_zero(register: rv.Register) -> bool:
    return register.kind == "x" and register.number == 0


def _kind(register: rv.Register) -> tuple[str, str, bool]:
    return register.kind, register.group, _is_zero(register)


class InstructionDevice:
    """A device whose kernels are run instruction by instruction. Kernel number i has address i."""

    def __init__(self, module: Operation, vlen: int = 256) -> None:
        self.executor = InstructionExecutor(vlen, limit=sys.maxsize)
        self.kernels = list(kernels_of(module))

    def map_arena(self, size: int) -> int:
        return self.executor.map(size)

    def view(self, address: int, dtype: DTypeLike, count: int) -> np.ndarray:
        return self.executor.machine.memory.view(address, dtype, count)

    def place(self, array: np.ndarray) -> int:
        """Give a constant array an address."""
        address = self.executor.map(array.nbytes)
        self.view(address, np.uint8, array.nbytes)[:] = (
            np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        )
        return address

    def launch(self, kernel: int, arguments: Sequence[int]) -> None:
        with np.errstate(all="ignore"):
            self.executor.start(self.kernels[kernel], arguments)
