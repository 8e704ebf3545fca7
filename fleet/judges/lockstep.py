"""The first instruction that gives something else: two runs of one kernel, step by step.

Of a kernel before and after register allocation: the first instruction that reads something else
than it read before. Of its machine code on our emulator and on qemu: the first instruction that
leaves something else. The one idea: both runs have the same instructions in the same order, so the
first step that differs is the mistake, or reads it. The native executor, which cannot be watched,
is compared with the reference executor by letting it execute only a part.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from fleet.asm.isa.encoding import OperandSpec
from fleet.asm.isa.table import decode
from fleet.codegen.executor import Executor
from fleet.diagnostics import FleetError
from fleet.dialects import rv
from fleet.emu.machine import Machine
from fleet.emu.memory import EXECUTE
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.passes import PASSES
from fleet.judges.gdb import Gdb, debugged
from fleet.judges.kernels import module_of
from fleet.judges.machine_code import BUFFERS, EmulatedImage, Image

MOST_OPERATIONS = 200_000
"""Operations that are compared before and after register allocation."""
MOST_STEPS = 20_000
"""Instructions that are compared with qemu, which is asked after each."""
MOST_MEMORY = 1 << 16
"""Bytes of buffers up to which they are compared after every store."""

NOT_COMPARED = (rv.copy, rv.li, rv.la, rv.argument, rv.register)
"""What allocation may drop, repeat or move."""

# -- before and after register allocation


@dataclass(frozen=True)
class Misread:
    """An instruction that reads something else once registers are allocated.

    operand: its number; value: what it is to read, before allocation; register: where it reads now.
    writer: how that register came to what it holds.
    """

    operation: Operation
    operand: int
    value: Value
    register: rv.Register
    writer: str

    def __str__(self) -> str:
        owner = self.value.owner
        wanted = "an argument of its block"
        if isinstance(owner, Operation):
            wanted = f"the result of '{owner.name}' (line {owner.location.line})"
        name = f" (%{self.value.hint})" if self.value.hint else ""
        return (
            f"'{self.operation.name}' reads {self.register.name} for operand {self.operand}, which "
            f"is to hold {wanted}{name} and holds {self.writer}"
        )


class _Steps:
    """What operations read in one run. known: those that are compared, by a common key.

    last: the step at which it ends, and `writers` says how the registers came to what they hold.
    """

    def __init__(self, known: dict[Operation, int], last: int | None = None) -> None:
        self.known = known
        self.steps: list[tuple[Operation, tuple]] = []
        self.last = last
        self.writers: dict[tuple[str, int], str] = {}
        self._last: dict[tuple[str, int], str] = {}
        self._stored: dict[int, str] = {}

    def __call__(self, operation: Operation, inputs: Sequence, results: Sequence) -> None:
        if operation in self.known:
            self.steps.append((operation, tuple(inputs)))
        if self.last is None:
            return
        if len(self.steps) > self.last:
            self.writers = self._last
            raise TimeoutError
        writer = self._description(operation, inputs)
        for result in operation.results:
            register = rv.register_of(result.type)
            for unit in range(register.units if register.number is not None else 0):
                self._last[register.kind, register.number + unit] = writer

    def _description(self, operation: Operation, inputs: Sequence) -> str:
        """What an operation puts into a register, or what a spill puts on the stack."""
        text = f"the result of '{operation.name}' (line {operation.location.line})"
        encoding = rv.encoding_of(operation)
        if operation in self.known or encoding is None or "(" not in encoding.syntax:
            if rv.is_copy(operation) and operation.operands:
                register = rv.register_of(operation.operand(0).type)
                return self._last.get((register.kind, register.number), text)
            return text
        address = inputs[-1] + operation.get("imm", 0)
        if not operation.results:
            register = rv.register_of(operation.operand(0).type)
            key = register.kind, register.number
            self._stored[address] = self._last.get(key, "what was there before")
            return text
        spilled = self._stored.get(address)
        if spilled is None:
            return f"a reload ('{operation.name}') of a slot that no spill has written"
        return f"a reload ('{operation.name}') of {spilled}"


def first_misread(function: Operation, arguments: Sequence[int]) -> Misread | None:
    """Allocate a copy of a function's registers: its first instruction that reads a wrong one.

    arguments: pointers, then sizes.
    """
    module = module_of(function)
    after = module.body.first
    before = after.clone()
    keys = {op: n for n, op in enumerate(before.walk()) if op.definition not in NOT_COMPARED}
    numbers = {op: n for n, op in enumerate(after.walk()) if op.definition not in NOT_COMPARED}
    PASSES["allocate-registers"].run(module, {})
    was, now = _Steps(keys), _Steps(numbers)
    _run(was, before, arguments)
    _run(now, after, arguments)
    for number, (old, new) in enumerate(zip(was.steps, now.steps, strict=False)):
        if keys[old[0]] != numbers[new[0]]:
            return None  # a branch before it read something wrong, and would have been named
        for place, (a, b) in enumerate(zip(old[1], new[1], strict=False)):
            if a != b:
                register = rv.register_of(new[0].operand(place).type)
                again = _Steps(numbers, number)
                _run(again, after, arguments)
                key = register.kind, register.number
                writer = again.writers.get(key, "what was there before")
                return Misread(new[0], place, old[0].operand(place), register, writer)
    return None


def _run(steps: _Steps, function: Operation, arguments: Sequence[int]) -> None:
    """Run a function up to the limit: what has been seen by then is compared."""
    with suppress(TimeoutError):
        Executor(limit=MOST_OPERATIONS, observe=steps).run(function, arguments)


# -- one machine and another


@dataclass(frozen=True)
class Step:
    """The state before an instruction: its address, x registers, and what was just written."""

    address: int
    integers: tuple[int, ...]
    written: dict[str, bytes]


@dataclass(frozen=True)
class Parting:
    """The first instruction after which two machines differ.

    where: the register, or "memory". got, expected: what is in it, on the one and the other.
    """

    address: int
    text: str
    line: str
    where: str
    got: str
    expected: str

    def __str__(self) -> str:
        return f"`{self.text}` leaves {self.got} in {self.where} where it should be {self.expected}"


def part(image: Image, vlen: int) -> Parting | None:
    """The first instruction of a kernel that our reference executor executes otherwise than qemu,
    which must be there. Python executes all instructions that are watched."""
    judged = EmulatedImage(image, vlen, "reference")
    with debugged(image, vlen) as gdb:
        return _compare(judged, _steps_of_qemu(gdb, judged))


def first_wrong_native(
    image: Image, vlen: int, is_right: Callable[[list[np.ndarray]], bool]
) -> tuple[str, str] | None:
    """The first instruction of a kernel, by address, with which native execution goes wrong: its
    text and source line. None where it does so only together with others.

    The native executor leaves to the reference what is watched; so those before some place are
    executed by one and those behind by the other, and the place is found by halving.
    """
    probe = EmulatedImage(image, vlen, "native")
    extent = probe.machine.places.extent(image.kernel)
    addresses = list(_addresses(probe.machine, extent))

    def right(count: int) -> bool:
        emulated = EmulatedImage(image, vlen, "native")
        for address in addresses[count:]:
            emulated.machine.on_instruction(lambda at, size: None, address)
        try:
            return is_right(image.arrays_in(emulated.run()))
        except FleetError:
            return False

    if not right(0):
        return None
    # the least number of first ones whose native execution is wrong; that of all of them is
    wrong = bisect_left(range(len(addresses)), True, lo=1, key=lambda count: not right(count))
    found = addresses[wrong - 1]
    text = probe.machine.instruction_text(found).partition(" ")[2]
    return text, probe.machine.places.line(found)


class _Parted(Exception):
    """The machines differ: the run need not go on."""


def _compare(judged: EmulatedImage, expected: Iterator[Step]) -> Parting | None:
    found: list[Parting] = []
    before: list[Step] = []

    def look(step: Step) -> None:
        other = next(expected, None)
        if other is None or len(before) > MOST_STEPS:
            raise _Parted
        difference = _difference(step, other)
        if difference is not None:
            where, got, wanted = difference
            at = before[-1].address if before else step.address
            machine = judged.machine
            text = machine.instruction_text(at).partition(" ")[2]
            found.append(Parting(at, text, machine.places.line(at), where, got, wanted))
            raise _Parted
        before.append(step)

    with suppress(_Parted, FleetError):
        _watch(judged, look)
    return found[0] if found else None


def _difference(step: Step, other: Step) -> tuple[str, str, str] | None:
    if step.address != other.address:
        return "pc", f"{step.address:#x}", f"{other.address:#x}"
    for number, (a, b) in enumerate(zip(step.integers, other.integers, strict=True)):
        if a != b:
            return f"x{number}", f"{a:#x}", f"{b:#x}"
    for name, content in step.written.items():
        wanted = other.written.get(name, content)
        if content != wanted and not _is_same_single(name, content, wanted):
            if name == "memory":
                pairs = enumerate(zip(content, wanted, strict=False))
                at = next(n for n, (a, b) in pairs if a != b)
                return name, f"byte {content[at]:#04x}", f"{wanted[at]:#04x}"
            return name, content[::-1].hex(), wanted[::-1].hex()
    return None


def _is_same_single(name: str, content: bytes, wanted: bytes) -> bool:
    """Whether a float register holds the same f32: Unicorn does not box all of them."""
    return name[0] == "f" and wanted[4:] == b"\xff" * 4 and content[:4] == wanted[:4]


def _watch(judged: EmulatedImage, look) -> None:  # noqa: ANN001 - called with each step
    """Run an image; `look` is told of the state before each instruction of its kernel."""
    machine = judged.machine
    extent = machine.places.extent(judged.image.kernel)
    written: list[tuple[str, int, int]] = []

    def before(address: int, _size: int) -> None:
        registers = machine.cpu.registers[:32].tolist()
        found = {name: _content(machine, kind, number) for name, kind, number in _named(written)}
        step = Step(address, tuple(registers), found)
        look(step)
        written[:] = _written(machine, address, len(judged.image.content))

    for line in _addresses(machine, extent):
        machine.on_instruction(before, line)
    machine.on_instruction(before, machine.symbols["judged_back"])
    judged.run()


def _addresses(machine: Machine, extent: range) -> Iterator[int]:
    at = extent.start
    while at < extent.stop:
        yield at
        first = int.from_bytes(machine.memory.read(at, 2, EXECUTE), "little")
        at += 4 if first & 3 == 3 else 2


def _steps_of_qemu(gdb: Gdb, judged: EmulatedImage) -> Iterator[Step]:
    machine = judged.machine
    extent = machine.places.extent(judged.image.kernel)
    gdb.run_to(extent.start)
    written: list[tuple[str, int, int]] = []
    while True:
        *integers, address = gdb.integers()
        found = {}
        for name, kind, number in _named(written):
            if kind == "memory":
                found[name] = gdb.memory(machine.symbols[BUFFERS], number)
            else:
                found[name] = gdb.register(kind, number)
        yield Step(address, tuple(integers), found)
        if address not in extent:
            return
        written = _written(machine, address, len(judged.image.content))
        if not gdb.step():
            return


def _named(written: list[tuple[str, int, int]]) -> Iterator[tuple[str, str, int]]:
    for kind, number, count in written:
        for unit in range(count):
            yield (kind if kind == "memory" else f"{kind}{number + unit}"), kind, number + unit


def _written(machine: Machine, address: int, memory: int) -> list[tuple[str, int, int]]:
    """What the instruction at an address writes besides x registers: kind, number, how many."""
    word = int.from_bytes(machine.memory.read(address, 4, EXECUTE), "little")
    decoded = decode(word)
    if decoded is None:
        return []
    encoding, operands = decoded.encoding, decoded.operands
    found = [
        (spec.kind, operands[spec.name], _units(machine, spec, operands[spec.name]))
        for spec in encoding.operands
        if spec.is_def and spec.kind in "fv"
    ]
    stores = not any(spec.is_def for spec in encoding.operands) and "(" in encoding.syntax
    if stores and memory <= MOST_MEMORY:
        found.append(("memory", memory, 1))
    return found


def _units(machine: Machine, spec: OperandSpec, number: int) -> int:
    """Registers of the group that an instruction writes: up to eight, as many as begin there."""
    if spec.kind != "v":
        return 1
    return next(size for size in (8, 4, 2, 1) if number % size == 0)


def _content(machine: Machine, kind: str, number: int) -> bytes:
    if kind == "memory":
        return machine.memory.read(machine.symbols[BUFFERS], number)
    if kind == "f":
        return machine.cpu.registers[32 + number].to_bytes(8, "little")
    size = machine.vector.vlenb
    return np.asarray(machine.vector.file[number * size : (number + 1) * size]).tobytes()
