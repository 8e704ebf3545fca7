"""The bytecode machine: runs the schedule and starts kernels on a device.

In: a linked `Program`, a device, a host. Out: the program's effects. The one idea: every function
is a list of (handler, operands) pairs, so that running is one loop over tuples, until a loop or a
function turns out to be run often: then it becomes Python (`translation`). The kernels do the
heavy work.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fleet import integers
from fleet.diagnostics import FleetError, Frame, Location, ProgramError
from fleet.host import PYTHON, Host, as_program_error
from fleet.limits import DEEPEST
from fleet.recursion import FRAMES_OF_A_CALL, make_room
from fleet.vm.arena import Arena
from fleet.vm.bytecode import OPCODES, Function, Instruction, Program, Watched
from fleet.vm.closed import world_of
from fleet.vm.device import Device
from fleet.vm.doubts import DOUBTS
from fleet.vm.held import Facts, facts_of
from fleet.vm.operators import OPERATORS
from fleet.vm.runtime import Runtime, State
from fleet.vm.services import Services
from fleet.vm.stepping import (
    DTYPES,
    Handler,
    Registers,
    handler_of,
    handler_of_action,
    load_of,
    store_of,
)
from fleet.vm.transfer import Transfer, texts_in
from fleet.vm.translation import LABEL, RETURNED, Piece, translate

DEFAULT_MEMORY = 1 << 32
"""Bytes reserved for the arena; pages cost nothing until they are written."""

OFTEN = 100
"""After so many rounds of a loop, or calls of a function, it is worth translating."""

_MEMORY_KINDS = {
    "i1": "b", "i8": "b", "i16": "h", "i32": "i", "i64": "q", "f32": "f", "f64": "d",
}  # fmt: skip
"""Types of which a memoryview has elements."""


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
    often: after how many rounds or calls loops and functions are translated

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
        often: float = OFTEN,
    ) -> None:
        self.program = program
        self.device = device
        self._too_deep = host.too_deep
        make_room(FRAMES_OF_A_CALL * min(host.recursion_limit, DEEPEST))
        self.arena = Arena(device.map_arena(memory), memory)
        words = device.view(self.arena.base, np.dtype(np.uint8), memory & -8)
        self._words = memoryview(words)
        self._memory = {name: self._words.cast(kind) for name, kind in _MEMORY_KINDS.items()}
        self.statistics = Statistics()
        self.transfer = Transfer(device, self.arena)
        self.services = Services(program.services, self.transfer, host)
        self.on_launch = on_launch
        self._on_doubt = on_doubt
        watched = Watched() if on_doubt is None else program.watched
        self._flags, self._launches = set(watched.flags), set(watched.launches)
        self._places = set(watched.places)
        self._before = on_instruction
        self._often = often
        self._state = state = State()
        self._facts: dict[int, Facts] = {}
        self._entries = [self._entry(number) for number in range(len(program.functions))]
        self._actions = self._make_actions()
        self._handlers = self._make_handlers()
        self._runtime = self._make_runtime()
        self._code: dict[int, list[tuple[Handler, tuple[int, ...]]]] = {}
        self._calls: Counter[int] = Counter()
        self._pieces: dict[int, Piece | None] = {}
        self._results: list[int | float] = []
        self._frames: list[Registers] = []
        host.depth = lambda: state.depth

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
            self.statistics.instructions += self._state.executed
            self._state.executed = 0
            self.statistics.peak_memory = self.arena.peak

    def call(self, number: int, arguments: list[int | float]) -> list[int | float]:
        """Call a function of the schedule."""
        function = self.program.functions[number]
        piece = self._piece_of(number, function)
        if piece is not None:
            facts, objects = self._facts_of(function), self.services.host.objects
            given = zip(arguments, facts.takes, strict=True)
            results = piece.run(*(objects.held(a) if as_object else a for a, as_object in given))
            given = zip(results, facts.gives, strict=True)
            return [objects.name_of(a) if as_object else a for a, as_object in given]
        too_deep = self._too_deep(self._state.depth - 1)
        if too_deep is not None:
            raise too_deep
        self._state.depth += 1
        registers: Registers = arguments + [0] * (function.registers - len(arguments))
        code = self._code.get(number)
        if code is None:
            code = self._code[number] = [
                (self._handler(function, at), item.operands)
                for at, item in enumerate(function.code)
            ]
        self._frames.append(registers)
        at = executed = 0
        try:
            while at >= 0:
                handler, operands = code[at]
                executed += 1
                following = handler(registers, operands)
                at = at + 1 if following is None else following
        except Exception as error:
            failure = self._failure(error, function, at)
            if failure is error:
                raise
            raise failure from error
        finally:
            self._state.depth -= 1
            self._frames.pop()
            self._state.executed += executed
        return self._results

    def _failure(self, error: BaseException, function: Function, at: int) -> BaseException:
        """What an exception that an instruction raised is to the program, with its place."""
        item = function.code[at]
        match error:
            case ProgramError() | FleetError():
                if error.location is None:
                    error.location = self._location(item)
                return error
            case _ if item.mnemonic == "host" and isinstance(error, PYTHON):
                return as_program_error(error, self._location(item))
            case MemoryError():
                failure: Exception = ProgramError("MemoryError", str(error), self._location(item))
            case (
                ArithmeticError() | IndexError() | NotImplementedError() | TypeError()
                | ValueError()
            ):  # fmt: skip
                if item.mnemonic in integers.OPERATORS:
                    name, place = type(error).__name__, self._location(item)
                    failure = ProgramError(name, str(error), place)
                else:  # only hand-made bytecode mixes up kinds of values: the compiler's is typed
                    failure = FleetError(
                        f"bytecode {function.name}:{at} ({item.mnemonic}) fails: {error}",
                        self._location(item),
                    )
            case _:
                return error
        return failure

    def _piece_of(self, number: int, function: Function) -> Piece | None:
        """The whole function as Python, once it has been called often."""
        if self._before is not None:
            return None
        if number not in self._pieces:
            self._calls[number] += 1
            if self._calls[number] <= self._often:
                return None
            piece = self._translated(function, 0, len(function.code) - 1, is_whole=True)
            self._pieces[number] = piece
            if piece is not None:
                self._entries[number] = piece.run
        return self._pieces[number]

    def _entry(self, number: int) -> Callable[..., Sequence[Any]]:
        """What calls a function for translated code: see `Runtime.calls`."""

        def enter(*arguments: Any) -> list[Any]:
            facts = self._facts_of(self.program.functions[number])
            objects = self.services.host.objects
            given = zip(arguments, facts.takes, strict=True)
            results = self.call(number, [objects.name_of(a) if is_object else a
                                         for a, is_object in given])  # fmt: skip
            given = zip(results, facts.gives, strict=True)
            return [objects.held(a) if is_object else a for a, is_object in given]

        return enter

    def _facts_of(self, function: Function) -> Facts:
        found = self._facts.get(id(function))
        if found is None:
            found = self._facts[id(function)] = facts_of(function, self.services.described)
        return found

    def _translated(
        self, function: Function, first: int, last: int, is_whole: bool = False
    ) -> Piece | None:
        doubts = {
            at: (DOUBTS[item.mnemonic], self._doubt)
            for at, item in enumerate(function.code[first : last + 1], first)
            if item.location in self._places and item.mnemonic in DOUBTS
        }
        return translate(function, first, last, self._runtime, doubts, is_whole)

    def _handler(self, function: Function, at: int) -> Handler:
        item = function.code[at]
        if item.mnemonic in OPERATORS:
            handler = handler_of(item.mnemonic, len(item.operands) - 1)
        else:
            handler = self._handlers[item.mnemonic]
        doubtful = DOUBTS.get(item.mnemonic) if item.location in self._places else None
        if doubtful is not None:
            handler = self._watching(handler, doubtful)
        if self._before is not None:
            return self._after(self._before, handler)
        if item.mnemonic in ("jump", "jump_if", "jump_unless") and item.operands[-1] <= at:
            return self._jumping_back(handler, function, at)
        return handler

    def _after(self, first: Callable[[], None], handler: Handler) -> Handler:
        """A handler that calls something else first, which may forbid the instruction."""

        def both(r: Registers, o: tuple[int, ...]) -> int | None:
            try:
                first()
            except BaseException:
                self._state.executed -= 1
                raise
            return handler(r, o)

        return both

    def _watching(self, handler: Handler, doubtful: Callable[..., bool]) -> Handler:
        def watched(r: Registers, o: tuple[int, ...]) -> None:
            operands = [r[number] for number in o[1:]]  # the result may take a register of theirs
            handler(r, o)
            if doubtful(r[o[0]], *operands):
                self._doubt()

        return watched

    def _jumping_back(self, handler: Handler, function: Function, at: int) -> Handler:
        """A jump that begins the next round of a loop, which is translated after many."""
        rounds = 0
        piece: Piece | None = None

        def jump(r: Registers, o: tuple[int, ...]) -> int | None:
            nonlocal rounds, piece
            following = handler(r, o)
            if following is None:
                return None
            rounds += 1
            if rounds == self._often:
                piece = self._translated(function, following, at)
            return following if piece is None else piece.run(r)

        return jump

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

    def _make_actions(self) -> dict[str, Callable]:
        """By mnemonic, functions of operands' values, for instructions beside arithmetic."""
        view, arena, words, base = self.device.view, self.arena, self._words, self.arena.base

        def free(pointer: int) -> None:
            try:
                arena.free(pointer)
            except KeyError:
                raise FleetError(f"bytecode frees {pointer:#x}, which is not a buffer") from None

        def copy(target: int, source: int, size: int) -> None:
            to, start, most = target - base, source - base, len(words) - size
            if 0 <= to <= most and 0 <= start <= most and size >= 0:
                words[to : to + size] = words[start : start + size]
            else:
                view(target, np.uint8, size)[:] = view(source, np.uint8, size)

        def grow(pointer: int, kept: int, size: int) -> int:
            return arena.grow(pointer, kept, size, copy)

        actions: dict[str, Callable] = {
            "alloc": arena.alloc, "free": free, "copy": copy, "grow": grow}  # fmt: skip
        for name, dtype in DTYPES.items():
            elements = self._memory.get(name, words[:0])
            actions[f"load.{name}"] = load_of(self.device, dtype, elements, base)
            actions[f"store.{name}"] = store_of(self.device, dtype, elements, base)
        return actions

    def _make_handlers(self) -> dict[str, Handler]:
        program = self.program

        def const(r: Registers, o: tuple[int, ...]) -> None:
            r[o[0]] = program.numbers[o[1]]

        def address(r: Registers, o: tuple[int, ...]) -> None:
            r[o[0]] = program.arrays[o[1]].address

        def jump(r: Registers, o: tuple[int, ...]) -> int:
            return o[0]

        def jump_if(r: Registers, o: tuple[int, ...]) -> int | None:
            return o[1] if r[o[0]] else None

        def jump_unless(r: Registers, o: tuple[int, ...]) -> int | None:
            return None if r[o[0]] else o[1]

        def return_(r: Registers, o: tuple[int, ...]) -> int:
            self._results = [r[number] for number in o]
            return RETURNED

        def call(r: Registers, o: tuple[int, ...]) -> None:
            split = 2 + o[1]
            results = self.call(o[0], [r[number] for number in o[split:]])
            for number, value in zip(o[2:split], results, strict=True):
                r[number] = value

        def host(r: Registers, o: tuple[int, ...]) -> None:
            split = 2 + o[1]
            results = self._host(o[0], [r[number] for number in o[split:]])
            for number, value in zip(o[2:split], results, strict=True):
                r[number] = value

        def launch(r: Registers, o: tuple[int, ...]) -> None:
            self._launch(o[0], [r[number] for number in o[1:]])

        handlers: dict[str, Handler] = {
            "const": const, "address": address, "jump": jump, "jump_if": jump_if,
            "jump_unless": jump_unless, "return": return_, "call": call, "host": host,
            "launch": launch,
        }  # fmt: skip
        for name, action in self._actions.items():
            if name not in OPCODES:  # of translated code alone
                continue
            handlers[name] = handler_of_action(name, action)
        return handlers

    def _make_runtime(self) -> Runtime:
        def finish(results: list) -> None:
            self._results = results

        def count(executed: int) -> None:
            self._state.executed += executed

        words = self._words
        text, keep_text, put = texts_in(words, self.arena, self.device.view)
        return Runtime(
            self.program, self._launch, self._host, self._entries, finish, self._too_deep,
            self._state, self._failure,
            self._actions, self.services, self._forget,
            text, keep_text, put,
            self._memory,
            self.arena.base, len(words), world_of(self.services.described), self._facts_of,
        )  # fmt: skip

    def _host(self, number: int, values: list) -> list:
        names = self.services.host.objects
        if names.is_full:
            names.keep(itertools.chain(values, self._live_values()))
        return self.services.call(number, values)

    def _forget(self) -> None:
        self.services.host.objects.keep(self._live_values())

    def _live_values(self) -> Iterator[int | float]:
        """What registers hold, those of translated code included."""
        for registers in self._frames:
            yield from registers
        frame = sys._getframe()
        while frame is not None:
            if frame.f_code.co_filename.startswith(LABEL):
                yield from (v for v in frame.f_locals.values() if isinstance(v, int | float))
            frame = frame.f_back

    def _launch(self, number: int, arguments: Sequence[int]) -> None:
        kernel = self.program.kernels[number]
        if self.on_launch is not None:
            self.on_launch(kernel.name)
        started = time.perf_counter()
        if number in self._flags:
            raised = self.device.raises(kernel.address, arguments)
        else:
            self.device.launch(kernel.address, arguments)
            raised = number in self._launches
        if raised:
            self._doubt()
        self.statistics.device_seconds += time.perf_counter() - started
        self.statistics.launches[kernel.name] += 1
