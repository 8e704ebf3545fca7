"""Runs `rv` functions, over virtual registers or physical ones: what the operations of `rv` mean.

In: a function, its arguments, and memory. Out: the stores that it makes, and memory afterwards.
Integer instructions do what they do, and so do those that set the vector length. Whatever else
there is (floating point, vectors) gives an opaque 64-bit number that depends on the instruction,
its inputs and vl and vtype alone. So two forms of one function, before and after register
allocation say, can be compared for any instructions whatever: they store the same numbers in the
same order. `fleet.judges.instructions` runs the same functions with the values of the machine.

A physical register group holds its number in all its registers; reading a group of which another
instruction has overwritten a part gives garbage, as it would on the machine.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable, Sequence
from typing import Any

from fleet.asm.isa.registers import CSRS
from fleet.dialects import rv
from fleet.ir.core import Operation, Value

MASK = (1 << 64) - 1


def signed(value: int, bits: int = 64) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value


def opaque(*inputs: object) -> int:
    """A number that depends on the inputs alone."""
    digest = hashlib.blake2b(repr(inputs).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _shift(function: Callable[[int, int], int]) -> Callable[[int, int], int]:
    return lambda a, b: function(a, b & 63)


BINARY: dict[str, Callable[[int, int], int]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
    "sll": _shift(operator.lshift),
    "srl": _shift(operator.rshift),
    "sra": lambda a, b: signed(a) >> (b & 63),
    "slt": lambda a, b: signed(a) < signed(b),
    "sltu": operator.lt,
    "addw": lambda a, b: signed(a + b, 32),
    "subw": lambda a, b: signed(a - b, 32),
    "mulw": lambda a, b: signed(a * b, 32),
    "sh1add": lambda a, b: (a << 1) + b,
    "sh2add": lambda a, b: (a << 2) + b,
    "sh3add": lambda a, b: (a << 3) + b,
    "add.uw": lambda a, b: (a & 0xFFFF_FFFF) + b,
    "andn": lambda a, b: a & ~b,
    "orn": lambda a, b: a | ~b,
    "xnor": lambda a, b: ~(a ^ b),
    "max": lambda a, b: max(a, b, key=signed),
    "min": lambda a, b: min(a, b, key=signed),
    "maxu": max,
    "minu": min,
    "czero.eqz": lambda a, b: a if b else 0,
    "czero.nez": lambda a, b: 0 if b else a,
}
"""Of unsigned 64-bit numbers; the results are cut to 64 bits."""
IMMEDIATE = {
    "addi": "add", "andi": "and", "ori": "or", "xori": "xor", "slti": "slt", "sltiu": "sltu",
    "slli": "sll", "srli": "srl", "srai": "sra", "addiw": "addw",
}  # fmt: skip
BRANCHES: dict[str, Callable[[int, int], bool]] = {
    "beq": operator.eq,
    "bne": operator.ne,
    "blt": lambda a, b: signed(a) < signed(b),
    "bge": lambda a, b: signed(a) >= signed(b),
    "bltu": operator.lt,
    "bgeu": operator.ge,
}
LOADS = {
    "lb": 8, "lh": 16, "lw": 32, "ld": 64, "lbu": 8, "lhu": 16, "lwu": 32, "flh": 16, "flw": 32,
    "fld": 64,
}  # fmt: skip
STORES = {"sb": 8, "sh": 16, "sw": 32, "sd": 64, "fsh": 16, "fsw": 32, "fsd": 64}


Observer = Callable[[Operation, Sequence[Any], Sequence[Any]], None]
"""Called with each operation, what it read and what it gave."""


class Executor:
    """One run of a function.

    memory: numbers by address, each as it was stored. trace: (address, number) of every store.
    limit: operations after which TimeoutError is raised.
    observe: called after every operation.
    """

    def __init__(
        self,
        memory: dict[int, int] | None = None,
        limit: int = 200_000,
        observe: Observer | None = None,
    ) -> None:
        self.memory = dict(memory or {})
        self.observe = observe
        self.setting: tuple[object, ...] = ()
        self.trace: list[tuple[object, ...]] = []
        self.limit = limit
        self.values: dict[Value, int] = {}
        self.slots: dict[tuple[str, int], int] = {}
        self.registers: dict[tuple[str, int], tuple[int, int]] = {}
        self.stack_arguments: Sequence[int] = ()
        self.vlenb = 16

    def run(self, function: Operation, arguments: Sequence[int], sp: int = 1 << 40) -> None:
        """Call the function under the psABI."""
        for place, value in enumerate(arguments[8:]):
            self.memory[sp + 8 * place] = value
        self.stack_arguments = arguments[8:]
        self.write_register(rv.register_of(rv.x("sp")), sp)
        block = function.regions[0].blocks[0]
        for argument, value in zip(block.arguments, arguments, strict=False):
            self.write(argument, value & MASK)
        operation = block.first
        while operation is not None and operation.definition is not rv.ret:
            self.limit -= 1
            if self.limit < 0:
                raise TimeoutError(operation)
            operation = self.step(operation)

    # -- registers

    def read(self, value: Value) -> int:
        register = rv.register_of(value.type)
        return self.values[value] if register.number is None else self.read_register(register)

    def write(self, value: Value, content: int) -> None:
        register = rv.register_of(value.type)
        if register.number is None:
            self.values[value] = content & MASK
        else:
            self.write_register(register, content)

    def read_register(self, register: rv.Register) -> int:
        if (register.kind, register.number) == ("x", 0):
            return 0
        places = range(register.number, register.number + register.units)
        found = [self.registers.get((register.kind, n)) for n in places]
        whole = [(found[0][0], i) if found[0] else None for i in range(len(found))]
        return found[0][0] if found[0] and found == whole else opaque("garbage", found)

    def write_register(self, register: rv.Register, content: int) -> None:
        for i in range(register.units):
            self.registers[register.kind, register.number + i] = (content & MASK, i)

    # -- operations

    def step(self, operation: Operation) -> Operation | None:
        """Run one operation; the one to run next."""
        name = operation.name[3:]
        inputs = [self.read(value) for value in operation.operands]
        if name == "j":
            target = operation.successors[0]
            for argument, value in zip(target.arguments, inputs, strict=True):
                self.write(argument, value)
            return target.first
        if name in BRANCHES:
            taken = BRANCHES[name](*inputs)
            if self.observe is not None:
                self.observe(operation, inputs, [taken])
            return operation.successors[0 if taken else 1].first
        if operation.definition in (rv.label, rv.register):
            if operation.results and not rv.register_of(operation.result.type).number:
                self.write(operation.result, self.unknown(operation.result))
            return operation.next
        results = self.results(name, operation, inputs)
        for result, value in zip(operation.results, results, strict=True):
            self.write(result, value)
        if self.observe is not None:
            self.observe(operation, inputs, results)
        return operation.next

    def unknown(self, value: Value) -> Any:
        """What a virtual register holds of which nothing is known."""
        return 0

    def results(self, name: str, operation: Operation, inputs: list[int]) -> Sequence[int]:
        if name in BINARY:
            return [BINARY[name](*inputs)]
        if name in IMMEDIATE:
            constant = operation.get("imm", operation.get("shamt"))
            return [BINARY[IMMEDIATE[name]](inputs[0], constant & MASK)]
        if name in LOADS:
            return [self.load(name, inputs[0] + operation.get("imm", 0))]
        if name in STORES:
            self.store(inputs[1] + operation.get("imm", 0), inputs[0])
            return []
        match name:
            case "copy":
                return inputs
            case "li":
                return [operation.get("value")]
            case "argument":
                return [self.stack_arguments[operation.get("index") - 8]]
            case "csrrs" if operation.get("csr") == CSRS["vlenb"]:
                return [self.vlenb]
            case "vsetvli" | "vsetivli":
                return [self.set_length(operation, inputs)]
            case "spill":
                register = rv.register_of(operation.operand(0).type)
                self.slots[register.kind, operation.get("slot")] = inputs[0]
                return []
            case "reload":
                register = rv.register_of(operation.result.type)
                return [self.slots[register.kind, operation.get("slot")]]
        encoding = rv.encoding_of(operation)
        if encoding is not None and "whole" in encoding.flags:
            if operation.results:
                return [self.memory.get(inputs[0], opaque("memory", inputs[0]))]
            self.memory[inputs[1]] = inputs[0]
            return []
        attributes = sorted((key, repr(value)) for key, value in operation.attributes.items())
        if encoding is not None and rv.is_vector(encoding):
            attributes.append(self.setting)
        if not operation.results:
            self.trace.append((name, *inputs))
        return [opaque(name, attributes, inputs, n) for n in range(len(operation.results))]

    def set_length(self, operation: Operation, inputs: list[int]) -> int:
        """vl for the vtype and the length that are wanted (the manual, 6.2)."""
        width, group, *_ = operation.get("vtype").split(",")
        multiple = 1 / int(group[2:]) if group.startswith("mf") else int(group[1:])
        most = int(8 * self.vlenb * multiple) // int(width.strip()[1:])
        wanted = inputs[0] if inputs else operation.get("uimm")
        if inputs and rv.register_of(operation.operand(0).type).number == 0:
            keeps = rv.register_of(operation.result.type).number == 0
            wanted = self.setting[0] if keeps and self.setting else most
        length = min(wanted, most)
        self.setting = length, operation.get("vtype")
        return length

    def load(self, name: str, address: int) -> int:
        content = self.memory.get(address & MASK)
        if content is None:
            content = opaque("memory", address)
        bits = LOADS[name]
        if name[0] == "f":
            return content
        return content & (1 << bits) - 1 if name.endswith("u") else signed(content, bits)

    def store(self, address: int, value: int) -> None:
        self.memory[address & MASK] = value
        self.trace.append(("store", address & MASK, value))
