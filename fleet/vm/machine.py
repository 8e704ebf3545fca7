"""The bytecode machine: runs the schedule and starts kernels on a device.

In: a linked `Program`, a device, a host. Out: the program's effects. The one idea: every function
is translated once into a list of (handler, operands) pairs, so that running is one loop over
tuples; the kernels do the heavy work.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from fleet import integers
from fleet.diagnostics import FleetError, Frame, Location, ProgramError
from fleet.host import Host
from fleet.vm.arena import Arena
from fleet.vm.bytecode import Instruction, Program, Watched
from fleet.vm.device import Device
from fleet.vm.doubts import DOUBTS
from fleet.vm.operators import OPERATORS
from fleet.vm.services import Services
from fleet.vm.transfer import Transfer

DEFAULT_MEMORY = 1 << 32
"""Bytes reserved for the arena; pages cost nothing until they are written."""

_DTYPES = {
    "i1": np.dtype("i1"), "i8": np.dtype("<i1"), "i16": np.dtype("<i2"), "i32": np.dtype("<i4"),
    "i64": np.dtype("<i8"), "f16": np.dtype("<f2"), "f32": np.dtype("<f4"), "f64": np.dtype("<f8"),
}  # fmt: skip

Registers = list
Handler = Callable[[Registers, tuple[int, ...]], int | None]
"""Executes one instruction; a number returned is the next instruction's."""

_RETURN = -1


@dataclass
class Statistics:
    """What a run did: bytecode instructions, kernel launches by name, seconds on the device."""

    instructions: int = 0
    launches: Counter = field(default_factory=Counter)
    device_seconds: float = 0.0
    peak_memory: int = 0


class Machine:
    """Runs a program's function 0, its main.

    on_launch: called with a kernel's name before it is started
    on_instruction: called before each instruction; what it raises ends the run
    on_doubt: called once, at the first reason to think that NumPy would warn

    Raises ProgramError for the program's own exceptions and ProgramExit for `sys.exit`.
    """

    def __init__(
        self,
        program: Program,
        device: Device,
        host: Host,
        *,
        memory: int = DEFAULT_MEMORY,
        on_launch: Callable[[str], None] | None = None,
        on_instruction: Callable[[], None] | None = None,
        on_doubt: Callable[[], None] | None = None,
    ) -> None:
        self.program = program
        self.device = device
        self._host = host
        self.arena = Arena(device.map_arena(memory), memory)
        self.statistics = Statistics()
        self.transfer = Transfer(device, self.arena)
        self.services = Services(program.services, self.transfer, host)
        self.on_launch = on_launch
        self._on_doubt = on_doubt
        watched = Watched() if on_doubt is None else program.watched
        self._flags, self._launches = set(watched.flags), set(watched.launches)
        self._places = set(watched.places)
        self._handlers = self._make_handlers()
        if on_instruction is not None:
            self._handlers = {
                name: self._after(on_instruction, handler)
                for name, handler in self._handlers.items()
            }
        self._code: dict[int, list[tuple[Handler, tuple[int, ...]]]] = {}
        self._results: list[int | float] = []
        self._frames: list[Registers] = []
        self._depth = 0

    def run(self, arguments: Sequence[int | float] = ()) -> list[int | float]:
        """Run main to its end; what it returns. arguments: registers, where it takes some."""
        if len(arguments) != self.program.functions[0].arguments:
            raise FleetError(
                f"this is a function that takes ({', '.join(self.program.entry.parameters)}), "
                "and no program",
                hint="call it from Python",
            )
        if self._on_doubt is not None and self.program.watched.always:
            self._doubt()
        try:
            return self.call(0, list(arguments))
        finally:
            self.statistics.peak_memory = self.arena.peak

    def call(self, number: int, arguments: list[int | float]) -> list[int | float]:
        """Call a function of the schedule."""
        function = self.program.functions[number]
        code = self._code.get(number)
        if code is None:
            code = self._code[number] = [
                (self._handler(item), item.operands) for item in function.code
            ]
        too_deep = self._host.too_deep(self._depth - 1)
        if too_deep is not None:
            raise too_deep
        self._depth += 1
        registers: Registers = arguments + [0] * (function.registers - len(arguments))
        self._frames.append(registers)
        at = executed = 0
        try:
            while at >= 0:
                handler, operands = code[at]
                executed += 1
                following = handler(registers, operands)
                at = at + 1 if following is None else following
        except ProgramError as error:
            if error.location is None:
                error.location = self._location(function.code[at])
            raise
        except MemoryError as error:
            raise ProgramError(
                "MemoryError", str(error), self._location(function.code[at])
            ) from error
        except FleetError as error:
            if error.location is None:
                error.location = self._location(function.code[at])
            raise
        except (ArithmeticError, IndexError, NotImplementedError, TypeError, ValueError) as error:
            if function.code[at].mnemonic in integers.OPERATORS:
                place = self._location(function.code[at])
                raise ProgramError(type(error).__name__, str(error), place) from error
            # only hand-made bytecode mixes up kinds of values: the compiler's is typed
            raise FleetError(
                f"bytecode {function.name}:{at} ({function.code[at].mnemonic}) fails: {error}",
                self._location(function.code[at]),
            ) from error
        finally:
            self._depth -= 1
            self._frames.pop()
            self.statistics.instructions += executed
        return self._results

    def _handler(self, item: Instruction) -> Handler:
        handler = self._handlers[item.mnemonic]
        doubtful = DOUBTS.get(item.mnemonic) if item.location in self._places else None
        if doubtful is None:
            return handler

        def watched(r: Registers, o: tuple[int, ...]) -> None:
            operands = [r[number] for number in o[1:]]  # the result may take a register of theirs
            handler(r, o)
            if doubtful(r[o[0]], *operands):
                self._doubt()

        return watched

    def _doubt(self) -> None:
        """There is a reason to think that NumPy would warn: the first one is enough."""
        begin, self._on_doubt = self._on_doubt, None
        self._flags, self._launches, self._places = set(), set(), set()
        if begin is not None:
            begin()

    def _location(self, item: Instruction) -> Location | None:
        return self._place(item.location)

    def _place(self, number: int) -> Location | None:
        chain = []
        while number >= 0:
            chain.append(self.program.places[number])
            number = chain[-1].caller
        location = None
        for place in reversed(chain):  # outermost first: a deep recursion is no recursion here
            frame = Frame(place.function, location)
            location = Location(place.file, place.line, place.column, frame=frame)
        return location

    # -- instructions

    def _make_handlers(self) -> dict[str, Handler]:
        device, arena, program = self.device, self.arena, self.program
        names = self.services.host.objects

        def const(r: Registers, o: tuple[int, ...]) -> None:
            r[o[0]] = program.numbers[o[1]]

        def address(r: Registers, o: tuple[int, ...]) -> None:
            r[o[0]] = program.arrays[o[1]].address

        def alloc(r: Registers, o: tuple[int, ...]) -> None:
            r[o[0]] = arena.alloc(r[o[1]])

        def free(r: Registers, o: tuple[int, ...]) -> None:
            try:
                arena.free(r[o[0]])
            except KeyError:
                raise FleetError(f"bytecode frees {r[o[0]]:#x}, which is not a buffer") from None

        def copy(r: Registers, o: tuple[int, ...]) -> None:
            size = r[o[2]]
            device.view(r[o[0]], np.uint8, size)[:] = device.view(r[o[1]], np.uint8, size)

        def jump(r: Registers, o: tuple[int, ...]) -> int:
            return o[0]

        def jump_if(r: Registers, o: tuple[int, ...]) -> int | None:
            return o[1] if r[o[0]] else None

        def jump_unless(r: Registers, o: tuple[int, ...]) -> int | None:
            return None if r[o[0]] else o[1]

        def return_(r: Registers, o: tuple[int, ...]) -> int:
            self._results = [r[number] for number in o]
            return _RETURN

        def call(r: Registers, o: tuple[int, ...]) -> None:
            split = 2 + o[1]
            results = self.call(o[0], [r[number] for number in o[split:]])
            for number, value in zip(o[2:split], results, strict=True):
                r[number] = value

        def host(r: Registers, o: tuple[int, ...]) -> None:
            if names.is_full:
                names.keep(number for frame in self._frames for number in frame)
            split = 2 + o[1]
            results = self.services.call(o[0], [r[number] for number in o[split:]])
            for number, value in zip(o[2:split], results, strict=True):
                r[number] = value

        handlers: dict[str, Handler] = {
            "const": const, "address": address, "alloc": alloc, "free": free, "copy": copy,
            "jump": jump, "jump_if": jump_if, "jump_unless": jump_unless, "return": return_,
            "call": call, "host": host, "launch": self._launch,
        }  # fmt: skip
        for name, dtype in _DTYPES.items():
            handlers[f"load.{name}"] = _load(device, dtype)
            handlers[f"store.{name}"] = _store(device, dtype)
        for name, function in OPERATORS.items():
            handlers[name] = _apply(function)
        return handlers

    def _after(self, first: Callable[[], None], handler: Handler) -> Handler:
        """A handler that calls something else first, which may forbid the instruction."""

        def both(r: Registers, o: tuple[int, ...]) -> int | None:
            try:
                first()
            except BaseException:
                self.statistics.instructions -= 1
                raise
            return handler(r, o)

        return both

    def _launch(self, registers: Registers, operands: tuple[int, ...]) -> None:
        kernel = self.program.kernels[operands[0]]
        if self.on_launch is not None:
            self.on_launch(kernel.name)
        started = time.perf_counter()
        arguments = [registers[number] for number in operands[1:]]
        if operands[0] in self._flags:
            raised = self.device.raises(kernel.address, arguments)
        else:
            self.device.launch(kernel.address, arguments)
            raised = operands[0] in self._launches
        if raised:
            self._doubt()
        self.statistics.device_seconds += time.perf_counter() - started
        self.statistics.launches[kernel.name] += 1


def _apply(function: Callable) -> Handler:
    """A handler for an operator of one, two or more source registers."""

    def unary(r: Registers, o: tuple[int, ...]) -> None:
        r[o[0]] = function(r[o[1]])

    def binary(r: Registers, o: tuple[int, ...]) -> None:
        r[o[0]] = function(r[o[1]], r[o[2]])

    def ternary(r: Registers, o: tuple[int, ...]) -> None:
        r[o[0]] = function(r[o[1]], r[o[2]], r[o[3]])

    def dispatch(r: Registers, o: tuple[int, ...]) -> None:
        (unary, binary, ternary)[len(o) - 2](r, o)

    return dispatch


def _load(device: Device, dtype: np.dtype) -> Handler:
    def load(r: Registers, o: tuple[int, ...]) -> None:
        r[o[0]] = device.view(r[o[1]], dtype, 1)[0].item()

    return load


def _store(device: Device, dtype: np.dtype) -> Handler:
    integer = dtype.kind == "i"
    low = 1 << (8 * dtype.itemsize - 1)

    def store(r: Registers, o: tuple[int, ...]) -> None:
        value = r[o[0]]
        if integer and not -low <= value < low:
            value = ((value + low) & (2 * low - 1)) - low
        device.view(r[o[1]], dtype, 1)[0] = value

    return store
