"""Runs `rv` functions with the values that instructions have, before and after allocation.

In: a function over virtual or physical registers, arrays and sizes. Out: the arrays afterwards. The
one idea: an operation that is more than integer arithmetic is encoded, with registers of our choice
for its operands, and executed by the emulator's reference executor, alone; scalar loads and stores
are executed here. So there is one definition of each instruction, and none of register allocation,
layout or branches is needed. What an operation needs is made ready when it comes for the first
time, so that the next one takes a few microseconds.

Operations that instruction selection has left as they were, between casts from registers and to
one, are executed as what they are, on all elements of their registers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from fleet.asm.assembler import assemble
from fleet.codegen.emit import instruction
from fleet.codegen.executor import (
    BINARY,
    BRANCHES,
    IMMEDIATE,
    LOADS,
    MASK,
    STORES,
    Executor,
    Observer,
)
from fleet.codegen.kernels import kernels_of
from fleet.codegen.lookups import symbol_of
from fleet.dialects import builtin, rv
from fleet.dialects.loop.tables import names, table
from fleet.emu.host_memory import PAGE, page_up
from fleet.emu.machine import STOP, Machine
from fleet.emu.memory import READ, WRITE
from fleet.emu.vector.unit import Interrupted
from fleet.ir.attributes import StringAttr
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.interpreter import Interpreter
from fleet.ir.types import (
    FloatType,
    IndexType,
    Type,
    VectorType,
    byte_width,
    element_of,
    i1,
    numpy_dtype,
)

CODE, DATA, STACK = 0x10_0000, 0x1000_0000, 0x40_0000_0000
STACK_SIZE = 16 << 20
MOST_STEPS = 1_000_000
"""Operations of one run; each takes Python some five microseconds."""

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


Computation = Callable[[list[Any]], Sequence[Any]]
"""What the operands hold -> what the results will."""


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
        self._tables: dict[str, int] = {}
        self._ready: dict[Operation, Callable[[], Operation | None]] = {}
        self._interpreter: Interpreter | None = None

    def call(self, function: Operation, arguments: Sequence[np.ndarray | int]) -> list[np.ndarray]:
        """Run the function on copies of arrays, and on sizes: the arrays afterwards."""
        given = [self.place(argument) if isinstance(argument, np.ndarray) else int(argument)
                 for argument in arguments]  # fmt: skip
        self.start(function, given)
        return [
            self.machine.memory.view(address, array.dtype, array.size).reshape(array.shape).copy()
            for address, array in zip(given, arguments, strict=True)
            if isinstance(array, np.ndarray)
        ]

    def start(self, function: Operation, given: Sequence[int]) -> None:
        """Call the function with pointers into the machine's memory, and sizes."""
        for place, value in enumerate(given[8:]):
            self.machine.memory.write(STACK + 8 * place, (value & MASK).to_bytes(8, "little"))
        self.values.clear()
        with self.machine.vector.events.watch():
            self.run(function, given, STACK)

    def place(self, array: np.ndarray) -> int:
        """Copy an array into the machine's memory: its address."""
        address = self.map(array.nbytes)
        self.machine.memory.view(address, array.dtype, array.size)[:] = array.reshape(-1)
        return address

    def map(self, size: int) -> int:
        """Room for so many bytes, with an unmapped page behind it: its address."""
        address, size = self._data, page_up(max(size, 1))
        self.machine.map(address, size)
        self._data += size + PAGE
        return address

    def _table(self, symbol: str) -> int:
        """The address of a table that kernels look things up in."""
        if symbol not in self._tables:
            content = next(table(name) for name in names() if symbol_of(name) == symbol)
            self._tables[symbol] = self.place(content)
        return self._tables[symbol]

    # -- registers

    def write(self, value: Value, content: Any) -> None:
        if not rv.is_register(value.type):
            self.values[value] = content
            return
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

    def step(self, operation: Operation) -> Operation | None:
        ready = self._ready.get(operation)
        if ready is None:
            ready = self._ready[operation] = self._prepared(operation)
        return ready()

    def _prepared(self, operation: Operation) -> Callable[[], Operation | None]:
        """What executes an operation and gives the one to be executed next."""
        if operation.definition in (rv.label, rv.register):
            return partial(super().step, operation)
        reads = [self._reader(value) for value in operation.operands]
        if operation.successors:
            return self._control(operation, reads)
        writes = [partial(self.write, value) for value in operation.results]
        compute, observe, following = self._computation(operation), self.observe, operation.next

        def run() -> Operation | None:
            inputs = [read() for read in reads]
            results = compute(inputs)
            for write, content in zip(writes, results, strict=True):
                write(content)
            if observe is not None:
                observe(operation, inputs, results)
            return following

        return run

    def _control(
        self, operation: Operation, reads: list[Callable[[], Any]]
    ) -> Callable[[], Operation | None]:
        """A jump, which hands values to a block's arguments, or a branch."""
        targets, observe = [block.first for block in operation.successors], self.observe
        if operation.definition is rv.j:
            writes = [partial(self.write, value) for value in operation.successors[0].arguments]

            def jump() -> Operation | None:
                for write, content in zip(writes, [read() for read in reads], strict=True):
                    write(content)
                return targets[0]

            return jump
        is_taken = BRANCHES[operation.name[3:]]

        def branch() -> Operation | None:
            inputs = [read() for read in reads]
            taken = is_taken(*inputs)
            if observe is not None:
                observe(operation, inputs, [taken])
            return targets[0 if taken else 1]

        return branch

    def _reader(self, value: Value) -> Callable[[], Any]:
        if not rv.is_register(value.type) or rv.register_of(value.type).number is None:
            values = self.values
            return lambda: values[value]
        return partial(self.read_register, rv.register_of(value.type))

    def _computation(self, operation: Operation) -> Computation:
        """What an operation does with what it reads."""
        if not operation.name.startswith("rv."):
            return self._left(operation)
        name = operation.name[3:]
        if name in BINARY or name in IMMEDIATE or name in ("copy", "li", "spill", "reload"):
            return partial(self.results, name, operation)
        if name == "la":
            held = self._table(operation.get("symbol"))
            return lambda inputs: [held]
        if name == "argument":
            address = STACK + 8 * (operation.get("index") - 8)
            return lambda inputs: [int(self.machine.memory.view(address, np.uint64, 1)[0])]
        execute = self._execution(self._snippet(operation))
        if name in LOADS or name in STORES:
            return self._access(name, operation, execute)
        length = rv.extras(operation).vl
        if operation.get("vtype") is None or length is None:
            return execute
        configure, vector = self._configuration(operation), self.machine.vector

        def execute_configured(inputs: list[Any]) -> Sequence[Any]:
            saved = vector.config
            configure([inputs[length]])
            results = execute(inputs)
            vector.config = saved
            return results

        return execute_configured

    def _access(self, name: str, operation: Operation, execute: Computation) -> Computation:
        """A scalar load or store. execute: the same by the machine, which tells of a fault."""
        memory, offset = self.machine.memory, int(operation.get("imm", 0))
        bits = LOADS.get(name) or STORES[name]
        size, is_float = bits // 8, name[0] == "f"
        boxed = (1 << 64) - (1 << bits) if is_float else 0
        is_signed = not is_float and not name.endswith("u")

        def load(inputs: list[Any]) -> Sequence[Any]:
            address = inputs[0] + offset & MASK
            if memory.reach(address, size, READ) < size:
                return execute(inputs)
            content = memory.read(address, size)
            return [int.from_bytes(content, "little", signed=is_signed) | boxed]

        def store(inputs: list[Any]) -> Sequence[Any]:
            address = inputs[1] + offset & MASK
            if memory.reach(address, size, WRITE) < size:
                return execute(inputs)
            memory.write(address, (inputs[0] & (1 << bits) - 1).to_bytes(size, "little"))
            return []

        return load if name in LOADS else store

    def _configuration(self, operation: Operation) -> Computation:
        """Sets vl and vtype as an operation wants them that has its own, before insert-vsetvli."""
        policy = operation.get("policy", "")
        vtype = f"{operation.get('vtype')},{'tu' if 'tu' in policy else 'ta'},"
        vtype += "mu" if "mu" in policy else "ma"
        length = operation.operand(rv.extras(operation).vl)
        # a length of `zero` means VLMAX, which needs a destination that is not zero
        twin = rv.op("vsetvli")(length, types=[rv.X], vtype=StringAttr(vtype))
        found = self._execution(self._snippet(twin))
        twin.drop_references()
        return found

    def _execution(self, snippet: Snippet) -> Computation:
        """Executes an instruction: registers written, it, registers read."""
        cpu, vector = self.machine.cpu, self.machine.vector
        registers, file, address = cpu.registers, vector.file, snippet.address
        places = [
            self._bytes(register) if register.kind == "v"
            else register.number + 32 * (register.kind == "f")
            for register in snippet.operands
        ]  # fmt: skip
        results = [(register, self._bytes(register)) for register in snippet.results]
        is_vector = cpu.direct and vector.owns(address)

        def execute(inputs: list[Any]) -> Sequence[Any]:
            for place, content in zip(places, inputs, strict=True):
                if isinstance(place, slice):
                    file[place] = np.frombuffer(content, np.uint8)
                elif place:
                    registers[place] = content & MASK
            if is_vector:
                try:
                    vector.run(address)
                except Interrupted:
                    self._run(address)  # which tells of the fault
            else:
                self._run(address)
            return [
                file[place].tobytes() if register.kind == "v"
                else registers[register.number + 32 * (register.kind == "f")]
                for register, place in results
            ]  # fmt: skip

        return execute

    def _run(self, address: int) -> None:
        """Call an instruction with a return behind it."""
        registers = self.machine.cpu.registers
        registers[1], registers[2] = STOP, self.read_register(rv.register_of(rv.x("sp")))
        self.machine.cpu.store()
        self.machine.run(address)

    def _bytes(self, register: rv.Register) -> slice:
        start = register.number * self.vlenb
        return slice(start, start + register.units * self.vlenb)

    # -- operations that have not become instructions

    def _left(self, operation: Operation) -> Computation:
        """A cast gives what the register holds, as a number or an array, and the other way."""
        if operation.definition is builtin.unrealized_conversion_cast:
            source, target = operation.operand(0).type, operation.result.type
            if rv.is_register(source):
                lanes = target.shape[0] * self.vlenb // 8 if isinstance(target, VectorType) else 1
                return lambda inputs: [decoded(inputs[0], target, lanes)]
            return lambda inputs: [encoded(inputs[0], source, self._size_of(target))]
        if self._interpreter is None:
            self._interpreter = Interpreter(builtin.module(regions=[Region([Block()])]))
        return partial(self._interpreter.execute, operation)

    def _size_of(self, type: Type) -> int:
        return rv.register_of(type).units * self.vlenb

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


def decoded(content: Any, type: Type, lanes: int = 1) -> Any:
    """A value of `arith` in what its register holds; of vectors, so many elements."""
    element = element_of(type)
    if isinstance(type, VectorType) and element == i1:
        bits = np.unpackbits(np.frombuffer(content, np.uint8), bitorder="little")
        return bits[:lanes].astype(bool)
    if isinstance(type, VectorType):
        return np.frombuffer(content, _dtype(element))[:lanes]
    size = 8 if isinstance(element, IndexType) or element == i1 else byte_width(element)
    value = np.frombuffer(int(content).to_bytes(8, "little")[:size], _dtype(element))[0]
    return bool(value) if element == i1 else value


def encoded(value: Any, type: Type, size: int) -> Any:
    """What a register holds that has a value of `arith`; of vectors, so many bytes."""
    element = element_of(type)
    if isinstance(type, VectorType):
        array = np.asarray(value)
        if element == i1:
            content = np.packbits(array.astype(bool), bitorder="little").tobytes()
        else:
            content = array.astype(_dtype(element)).tobytes()
        return content[:size].ljust(size, b"\0")
    if element == i1:
        return int(bool(value))
    if isinstance(element, FloatType):  # a narrow one in a register is boxed
        content = np.asarray(value, _dtype(element)).tobytes().ljust(8, b"\xff")
        return int.from_bytes(content, "little")
    return int(value) & MASK


def _dtype(element: Type) -> np.dtype:
    return np.dtype(np.int64 if isinstance(element, IndexType) or element == i1
                    else numpy_dtype(element))  # fmt: skip


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
        return self.executor.place(array)

    def launch(self, kernel: int, arguments: Sequence[int]) -> None:
        with np.errstate(all="ignore"):
            self.executor.start(self.kernels[kernel], arguments)
