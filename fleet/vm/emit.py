"""`vm` operations to bytecode: registers, moves at branches, tables.

In: a module after `schedule-to-vm`. Out: a `Program`. Every SSA value has a register of its own;
a branch moves its arguments into the registers of the target's block arguments, all at once. An
argument that is always the same value needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from fleet.diagnostics import UNKNOWN, FleetError, Location
from fleet.dialects import arith, func, vm
from fleet.ir.attributes import (
    Attribute,
    DenseAttr,
    DictAttr,
    FloatAttr,
    IntegerAttr,
)
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import OpDef
from fleet.ir.interpreter import python_value
from fleet.ir.printing.spelling import resource_name
from fleet.ir.types import FloatType, FunctionType, IndexType, IntegerType, Type, f64, i1
from fleet.vm.bytecode import (
    COMPARE_FLOAT,
    COMPARE_INTEGER,
    OPCODES,
    Function,
    Instruction,
    Place,
    Program,
    Signature,
    Symbol,
)
from fleet.vm.same_arguments import same_values


def emit_bytecode(module: Operation) -> tuple[Program, dict[str, np.ndarray]]:
    """The program, and its constant arrays by symbol name (by reference, nothing is copied)."""
    return _Emitter(module).run()


def array_symbol(attribute: DenseAttr, number: int) -> str:
    """The symbol of a constant array: the name that it has in dumps, or a number."""
    return f"constant.{number}" if attribute.key is None else resource_name(attribute.key)


class _Emitter:
    def __init__(self, module: Operation) -> None:
        self.module = module
        self.program = Program()
        self.arrays: dict[DenseAttr, int] = {}
        self.data: dict[str, np.ndarray] = {}
        self.kernels: dict[str, int] = {}
        self.numbers: dict[tuple[type, object], int] = {}
        self.services: dict[Attribute, int] = {}
        self.places: dict[tuple[Place, int], int] = {}
        self.functions: dict[str, int] = {}
        self.doubtful = {
            str(op.get("sym_name")): op.get("doubtful")
            for op in module
            if op.name == "func.func" and op.get("doubtful")
        }

    def run(self) -> tuple[Program, dict[str, np.ndarray]]:
        schedule = [
            op for op in self.module if op.name == "func.func" and not op.get("kernel")
        ]
        # main first: execution starts with function 0
        schedule.sort(key=lambda op: op.get("sym_name") != "main")
        for number, function in enumerate(schedule):
            self.functions[str(function.get("sym_name"))] = number
        for function in schedule:
            self.program.functions.append(_FunctionEmitter(self, function).run())
        signature = schedule[0].get("signature")
        if isinstance(signature, FunctionType):
            self.program.entry = Signature(
                tuple(map(str, signature.inputs)), tuple(map(str, signature.results))
            )
        return self.program, self.data

    # -- tables

    def number(self, value: int | float) -> int:
        key = (type(value), np.float64(value).tobytes() if isinstance(value, float) else value)
        return _intern(self.numbers, key, self.program.numbers, value)

    def kernel(self, name: str) -> int:
        if name not in self.kernels:
            self.kernels[name] = len(self.program.kernels)
            self.program.kernels.append(Symbol(name))
            if name in self.doubtful:
                watched = self.program.watched
                by = watched.flags if self.doubtful[name] == "flags" else watched.launches
                by.append(self.kernels[name])
        return self.kernels[name]

    def array(self, value: DenseAttr) -> int:
        if value not in self.arrays:
            number = len(self.program.arrays)
            symbol = array_symbol(value, number)
            if symbol in self.data:
                symbol = f"{symbol}.{number}"
            self.arrays[value] = number
            self.data[symbol] = value.value
            self.program.arrays.append(Symbol(symbol))
        return self.arrays[value]

    def service(self, description: DictAttr) -> int:
        if description not in self.services:
            self.services[description] = len(self.program.services)
            self.program.services.append(python_value(description))
        return self.services[description]

    def place(self, location: Location) -> int:
        if location is UNKNOWN or location.line == 0:
            return -1
        number = -1
        for at, function in location.callers():
            place = Place(at.file, at.line, at.column, function, number)
            number = _intern(self.places, place, self.program.places, place)
        return number


class _FunctionEmitter:
    """Emits one function."""

    def __init__(self, emitter: _Emitter, source: Operation) -> None:
        self.emitter = emitter
        self.source = source
        self.registers: dict[Value, int] = {}
        self.same = same_values(source.regions[0].blocks)
        self.code: list[Instruction] = []
        self.starts: dict[Block, int] = {}
        self.targets: list[tuple[int, int, Block]] = []
        self.location = -1
        self.following: Block | None = None
        """The block behind the current one: going there takes no jump."""

    def run(self) -> Function:
        blocks = self.source.regions[0].blocks
        for argument in blocks[0].arguments:
            self.register(argument)
        for position, block in enumerate(blocks):
            self.starts[block] = len(self.code)
            self.following = blocks[position + 1] if position + 1 < len(blocks) else None
            for operation in block:
                self.location = self.emitter.place(operation.location)
                self.operation(operation)
        for at, operand, block in self.targets:
            item = self.code[at]
            operands = list(item.operands)
            operands[operand] = self.starts[block]
            self.code[at] = Instruction(item.mnemonic, tuple(operands), item.location)
        kind = self.source.get("function_type")
        assert isinstance(kind, FunctionType)
        return Function(
            str(self.source.get("sym_name")),
            len(blocks[0].arguments),
            len(kind.results),
            len(self.registers),
            self.code,
        )

    def register(self, value: Value) -> int:
        return self.registers.setdefault(self.same.get(value, value), len(self.registers))

    def add(self, mnemonic: str, *operands: int) -> None:
        self.code.append(Instruction(mnemonic, operands, self.location))

    def operation(self, operation: Operation) -> None:
        sources = [self.register(value) for value in operation.operands]
        results = [self.register(value) for value in operation.results]
        emit = _EMIT.get(operation.definition, _FunctionEmitter.arithmetic)
        emit(self, operation, results, sources)

    def constant(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        self.add("const", *results, self.emitter.number(_number(operation)))

    def address(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        value = operation.attributes["value"]
        assert isinstance(value, DenseAttr)
        self.add("address", *results, self.emitter.array(value))

    def plain(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        """An instruction of the operation's own name."""
        self.add(operation.name.partition(".")[2], *results, *sources)

    def load(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        self.add(f"load.{_memory(operation.result.type)}", *results, *sources)

    def store(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        self.add(f"store.{_memory(operation.operand(0).type)}", *sources)

    def launch(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        self.add("launch", self.emitter.kernel(str(operation.get("callee"))), *sources)

    def host(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        service = operation.attributes["service"]
        assert isinstance(service, DictAttr)
        self.add("host", self.emitter.service(service), len(results), *results, *sources)

    def call(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        callee = self.emitter.functions[str(operation.get("callee"))]
        self.add("call", callee, len(results), *results, *sources)

    def arithmetic(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        """An instruction of the operation's own name, its result brought back to its type."""
        mnemonic = operation.name.partition(".")[2]
        if mnemonic not in OPCODES:
            raise FleetError(f"the bytecode has no {operation.name}", operation.location)
        if mnemonic in ("divui", "remui", "shrui", "uitofp"):
            sources = self.unsigned(operation.operand(0).type, sources)
        self.add(mnemonic, *results, *sources)
        narrow = _after_arithmetic(operation.result.type)
        if narrow:
            self.add(narrow, results[0], results[0])

    # -- comparisons and conversions

    def compare_integers(
        self, operation: Operation, results: list[int], sources: list[int]
    ) -> None:
        predicate = COMPARE_INTEGER[int(str(operation.get("predicate")))]
        self.add(f"cmpi.{predicate}", *results, *sources)

    def compare_floats(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        predicate = COMPARE_FLOAT[int(str(operation.get("predicate")))]
        self.add(f"cmpf.{predicate}", *results, *sources)

    def zero_extend(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        self.add(_narrowing(operation, unsigned=True), *results, *sources)

    def truncate(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        self.add(_narrowing(operation, unsigned=False), *results, *sources)

    def round(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        self.add(f"round{operation.result.type}", *results, *sources)

    def unsigned(self, type: Type, sources: list[int]) -> list[int]:
        """The bits of narrow ints, which registers hold with their signs extended."""
        if not isinstance(type, IntegerType) or type.width not in (8, 16, 32):
            return sources
        extended = [self.temporary() for _ in sources]
        for register, source in zip(extended, sources, strict=True):
            self.add(f"zext{type.width}", register, source)
        return extended

    def widen(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        """Sign and precision are already right in a register."""
        self.add("move", *results, *sources)

    def sign_extend(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        """True is 1 in a register, and not -1."""
        if operation.operand(0).type != i1:
            self.widen(operation, results, sources)
            return
        zero = self.temporary()
        self.add("const", zero, self.emitter.number(0))
        self.add("subi", results[0], zero, sources[0])

    def bitcast(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        before, after = operation.operand(0).type, operation.result.type
        (result,), (source,) = results, sources
        if isinstance(before, FloatType) == isinstance(after, FloatType):
            self.add("move", result, source)
        elif isinstance(before, FloatType):
            self.add(f"bits{before}", result, source)
        else:
            self.add(f"float{after}", result, source)

    # -- branches

    def temporary(self) -> int:
        return self.register(Value(f64))

    def return_(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        self.add("return", *sources)

    def jump(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        self.branch(operation.successors[0], sources, self.following)

    def branch(self, target: Block, sources: Sequence[int], following: Block | None) -> None:
        self.moves([self.register(argument) for argument in target.arguments], sources)
        if target is not following:
            self.targets.append((len(self.code), 0, target))
            self.add("jump", 0)

    def conditional(self, operation: Operation, results: list[int], sources: list[int]) -> None:
        following = self.following
        condition, true_values, false_values = operation.definition.segments(operation)
        true_block, false_block = operation.successors
        test = self.register(condition[0])
        at = len(self.code)
        self.add("jump_unless", test, 0)
        self.branch(true_block, [self.register(value) for value in true_values], None)
        if false_values:
            item = self.code[at]
            self.code[at] = Instruction(item.mnemonic, (test, len(self.code)), item.location)
            self.branch(false_block, [self.register(value) for value in false_values], following)
        else:
            self.targets.append((at, 1, false_block))
            if self.code[-1].mnemonic == "jump" and true_block is following:
                self.code.pop()
                self.targets = [entry for entry in self.targets if entry[0] != len(self.code)]

    def moves(self, targets: Sequence[int], sources: Sequence[int]) -> None:
        """Assign all targets at once: order the moves, break each cycle with a temporary."""
        pending = {t: s for t, s in zip(targets, sources, strict=True) if t != s}
        while pending:
            needed = set(pending.values())
            ready = [target for target in pending if target not in needed]
            if ready:
                for target in ready:
                    self.add("move", target, pending.pop(target))
                continue
            target = next(iter(pending))
            saved = self.temporary()
            self.add("move", saved, target)
            pending = {t: saved if s == target else s for t, s in pending.items()}


_Emit = Callable[[_FunctionEmitter, Operation, list[int], list[int]], None]
_EMIT: dict[OpDef | None, _Emit] = {
    arith.constant: _FunctionEmitter.constant,
    vm.address: _FunctionEmitter.address,
    vm.alloc: _FunctionEmitter.plain,
    vm.free: _FunctionEmitter.plain,
    vm.copy: _FunctionEmitter.plain,
    vm.load: _FunctionEmitter.load,
    vm.store: _FunctionEmitter.store,
    vm.launch: _FunctionEmitter.launch,
    vm.host: _FunctionEmitter.host,
    func.call: _FunctionEmitter.call,
    func.return_: _FunctionEmitter.return_,
    vm.br: _FunctionEmitter.jump,
    vm.cond_br: _FunctionEmitter.conditional,
    arith.select: _FunctionEmitter.plain,
    arith.cmpi: _FunctionEmitter.compare_integers,
    arith.cmpf: _FunctionEmitter.compare_floats,
    arith.index_cast: _FunctionEmitter.widen,
    arith.extf: _FunctionEmitter.widen,
    arith.extsi: _FunctionEmitter.sign_extend,
    arith.extui: _FunctionEmitter.zero_extend,
    arith.trunci: _FunctionEmitter.truncate,
    arith.truncf: _FunctionEmitter.round,
    arith.bitcast: _FunctionEmitter.bitcast,
}
"""How operations become instructions; all others are arithmetic."""


def _intern(table: dict, key: object, entries: list, value: object) -> int:
    if key not in table:
        table[key] = len(entries)
        entries.append(value)
    return table[key]


def _number(operation: Operation) -> int | float:
    value = operation.attributes["value"]
    assert isinstance(value, IntegerAttr | FloatAttr)
    return float(value.value) if isinstance(value, FloatAttr) else int(value.value)


def _memory(type: Type) -> str:
    return "i64" if isinstance(type, IndexType) else str(type)


def _narrowing(operation: Operation, unsigned: bool) -> str:
    type = operation.operand(0).type if unsigned else operation.result.type
    assert isinstance(type, IntegerType)
    if type.width == 1:
        return "zext1"
    return f"{'zext' if unsigned else 'sext'}{type.width}"


def _after_arithmetic(type: Type) -> str | None:
    """What brings a result of 64-bit arithmetic back to its type."""
    match type:
        case FloatType(32):
            return "roundf32"
        case FloatType(16):
            return "roundf16"
        case IntegerType(1):
            return "zext1"
        case IntegerType(8 | 16 | 32):
            return f"sext{type.width}"
    return None
