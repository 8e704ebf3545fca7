"""A RISC-V machine: Unicorn's RV64GC core, guest memory and the vector unit, run until it stops.

Unicorn executes what it can; every exception comes here. An illegal instruction is given to the
vector unit, which either executes it or says that it is illegal indeed; a system call goes to the
handler that `linux` or a test installed. An exception must not cross Unicorn's C code, so what is
raised in a hook is kept, the run is stopped, and it is raised again afterwards.
"""

from __future__ import annotations

import sys
import time
import weakref
from collections.abc import Callable, Iterator
from functools import cache

from unicorn import UcError, unicorn_const

from fleet.asm.isa.table import lookup
from fleet.asm.objects.elf import ElfFile
from fleet.asm.show.disassembler import Symbols, disassemble
from fleet.diagnostics import FleetError
from fleet.emu.counting import BlockCounter
from fleet.emu.cpu import PC, Cpu
from fleet.emu.faults import AccessFault, Breakpoint, Fault, GuestFault, LimitReached, Misaligned
from fleet.emu.host_memory import PAGE, page_down, page_up
from fleet.emu.interrupts import Interrupts
from fleet.emu.memory import EXECUTE, READ, VERBS, WRITE, Memory, Region
from fleet.emu.native.executor import NativeExecutor, unusable
from fleet.emu.pages import Pages
from fleet.emu.places import Places
from fleet.emu.rewriting import NOP
from fleet.emu.scalar_access import scalar_access
from fleet.emu.statistics import NATIVE, REFERENCE, SCALAR, Executed, Stats, statistics_of
from fleet.emu.translation import TRANSLATION
from fleet.emu.vector.config import vtype_text
from fleet.emu.vector.unit import Interrupted, VectorUnit

STOP = PAGE
"""Where a called function returns to: a page of its own, on which execution ends."""

EXECUTORS = ("native", "reference")
DEFAULT_EXECUTOR = "native"
"""A host that cannot run it says so and takes the reference executor."""

_ILLEGAL_INSTRUCTION = 2
_ENVIRONMENT_CALLS = (8, 9, 11)
_EXCEPTIONS = {
    0: "misaligned jump",
    1: "bad fetch",
    4: "misaligned load",
    5: "bad read",
    6: "misaligned store",
    7: "bad write",
}
_NOP_AT = 8
"""In the page of STOP: an instruction that does nothing."""

_NO_CODE = (unicorn_const.UC_ERR_FETCH_UNMAPPED, unicorn_const.UC_ERR_FETCH_PROT)

_STACK_GUARD = 64 << 10
"""So far below the stack an access is one to a stack that is full."""

X_NAMES = (
    "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 "
    "s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6"
).split()


@cache
def say_once(text: str) -> None:
    print(f"note: {text}", file=sys.stderr)


class Exit(Exception):
    """The guest asked to end with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Machine:
    """One core with its memory.

    memory, cpu, vector: the parts, see there
    on_system_call: called for `ecall` with the machine; by default it is a fault
    interrupts: within `with machine.interrupts`, Ctrl-C ends a run
    symbols, files: names of addresses, and the executables that were loaded, for reports
    count_instructions: count scalar instructions too, not only vector ones
    max_instructions: end with a fault instead of executing more than so many
    executor: of vector instructions: "native" or "reference"
    """

    def __init__(
        self,
        vlen: int = 256,
        *,
        count_instructions: bool = False,
        max_instructions: int | None = None,
        direct: bool = True,
        executor: str = DEFAULT_EXECUTOR,
    ) -> None:
        self.cpu = Cpu(direct=direct)
        self.native: NativeExecutor | None = None
        self.memory = Memory(
            self.cpu.place, self.cpu.displace, self._map, self._unmap, self._protect,
            self.cpu.forget_code,
        )  # fmt: skip
        self.pages = Pages(self.cpu.uc, self.memory.table, self.memory.find)
        self.vector = VectorUnit(self.cpu, self.memory, vlen)
        self.on_system_call: Callable[[Machine], None] | None = None
        self.interrupts = Interrupts(self.cpu.uc.emu_stop)
        self.symbols: dict[str, int] = {}
        self.files: list[ElfFile] = []
        self._places: tuple[tuple[int, int], Places] | None = None
        self.max_instructions = max_instructions
        self._near_limit: int | None = None
        self._steps_left: int | None = None
        self._charged = 0
        self._seconds = 0.0
        self._stop = STOP
        self._raised: BaseException | None = None
        stop = self.memory.map_anonymous(STOP, PAGE, EXECUTE, "stop")
        self._single_steps = False
        if self.cpu.direct:
            stop.data[_NOP_AT : _NOP_AT + 4] = NOP.to_bytes(4, "little")
            self.vector.rewrites, self.cpu.boxes = TRANSLATION.add(
                self.cpu.uc, self, self.memory.table, self.cpu.array.ctypes.data, STOP + _NOP_AT,
                weakref.WeakMethod(self._stays_single),
            )  # fmt: skip
        self.native = self._native_executor(executor)
        if self.native is None:
            self.cpu.on_trap(self._trap if self.cpu.direct else self._trap_with_copies)
        self.blocks: BlockCounter | None = None
        if count_instructions or max_instructions is not None:
            self.blocks = BlockCounter(
                self.cpu, self.vector, max_instructions, self._executed_elsewhere,
                self._come_near_limit, self._fail,
            )  # fmt: skip
        if self.native is not None:
            self.native.with_scalars = self.blocks is None

    def _stays_single(self, address: int) -> bool:
        """Whether somebody looks before the instruction there, who must not see parts of it."""
        return self._single_steps or address in self.vector.stops

    # -- setting up

    def load(self, address: int, code: bytes, name: str = "code") -> Region:
        """Maps raw instructions at a page-aligned address."""
        region = self.memory.map_anonymous(address, page_up(len(code)), READ | EXECUTE, name)
        region.data[: len(code)] = code
        return region

    def map(self, address: int, size: int, name: str = "data") -> Region:
        """Maps zeroed memory for reading and writing."""
        return self.memory.map_anonymous(address, page_up(size), READ | WRITE, name)

    def _map(self, permissions: int) -> None:
        if permissions & EXECUTE:
            self.cpu.forget_pages()

    def _unmap(self, base: int, size: int, permissions: int) -> None:
        self._protect(base, size, permissions, 0)

    def _protect(self, base: int, size: int, old: int, new: int) -> None:
        self.cpu.forget_access(old, new)
        self.vector.forget()
        if self.native is not None:
            self.native.memory_changed()
        if self.blocks is not None:
            self.blocks.forget(base, size)

    # -- running

    def run(self, start: int, stop: int = STOP) -> None:
        """Executes from `start` until the program counter is `stop`.

        Raises Exit when the guest exits, GuestFault when it does something that it must not,
        KeyboardInterrupt within `interrupts`.
        """
        self._raised = None
        self.pages.forget()
        begin = time.perf_counter()
        error = None
        interrupts = self.interrupts
        interrupts.running = True
        try:
            self._start(start, stop)
        except UcError as problem:
            error = problem
        finally:
            interrupts.running = False
            self._seconds += time.perf_counter() - begin
        interrupts.check()
        if error is not None:
            self.cpu.forget_pages()
            self.cpu.fetch()
            raise self._fault(self.cpu.registers[PC], self._cause(error))
        raised = self._raised
        if isinstance(raised, Interrupted):
            raise self._fault(raised.pc, raised.fault)
        if raised is not None:
            raise raised
        self.cpu.fetch()
        pc = self.cpu.registers[PC]
        if pc != stop:
            raise self._fault(pc - 4, Fault("the machine stopped"))

    def _start(self, start: int, stop: int) -> None:
        """Runs to the end; near the limit of instructions, one at a time."""
        self._enter(start, stop)
        place, self._near_limit = self._near_limit, None
        if place is not None:
            self._step_to_limit()
            self._enter(place, stop)

    def _enter(self, start: int, stop: int) -> None:
        """Runs Unicorn; the vector unit's setting is where its executor keeps it meanwhile."""
        if stop != self._stop:  # Unicorn goes past it where it translated code for another one
            self._stop = stop
            self.cpu.uc.ctl_flush_tb()
        native = self.native
        if native is None:
            with self.vector.events.watch():
                self.cpu.uc.emu_start(start, stop)
            return
        native.enter(start, stop)
        try:
            self.cpu.uc.emu_start(start, stop)
        finally:
            native.pull()

    def charge(self) -> None:
        """Counts one instruction of another machine, which works with this one, to the limit.

        Raises LimitReached.
        """
        if self._steps_left == 0 or self.blocks is not None and not self.blocks.spend(1):
            raise LimitReached(self.max_instructions)
        if self._steps_left is not None:
            self._steps_left -= 1
        self._charged += 1

    def stats(self) -> Stats:
        executors = [NATIVE, REFERENCE] if self.blocks is None else [SCALAR, NATIVE, REFERENCE]
        return statistics_of(executors, self.executions(), self._seconds)

    def executions(self) -> Iterator[Executed]:
        """What was executed how often, by address.

        What stubs executed has no address unless `count_by_address` was called before; what
        Unicorn executed is there where counting was asked for.
        """
        if self.blocks is not None:
            yield from self.blocks.executions()
        for (address, mnemonic, vl), count in self.vector.executions().items():
            if count:
                encoding = lookup(mnemonic)
                counts = encoding.is_vector and not encoding.stem.startswith("vset")
                yield Executed(REFERENCE, address, encoding, count, vl * count if counts else 0)
        if self.native is not None:
            for (address, mnemonic), tally in self.native.executions().items():
                yield Executed(NATIVE, address, lookup(mnemonic), tally.count, tally.elements)

    def count_by_address(self) -> None:
        """From now on `executions` has all addresses."""
        if self.native is not None:
            self.native.count_by_address()

    def _native_executor(self, executor: str) -> NativeExecutor | None:
        """None where the reference executor is to serve, or has to."""
        if executor not in EXECUTORS:
            known = " or ".join(EXECUTORS)
            raise FleetError(f"no executor is called '{executor}'", hint=f"choose {known}")
        if executor == "reference":
            return None
        why = unusable() or ("" if self.cpu.shared else "Unicorn's registers cannot be shared")
        if why:
            say_once(f"vector instructions are executed by the reference executor: {why}")
            return None
        self.vector.longest_block = 1
        return NativeExecutor(self.vector, self._watched_trap)

    def _cause(self, error: UcError) -> Fault:
        if error.errno == unicorn_const.UC_ERR_INSN_INVALID:
            return Breakpoint()
        pc = self.cpu.registers[PC]
        if error.errno in _NO_CODE:
            place = pc if self.memory.reach(pc, 1, EXECUTE) == 0 else page_up(pc)
            return AccessFault(VERBS[EXECUTE], place, 2)
        refused = self.pages.refused
        if error.errno != unicorn_const.UC_ERR_EXCEPTION or refused is None:
            return Fault(str(error))
        page, permission = refused
        address, size = scalar_access(self._word(pc), self.cpu.registers) or (page, 1)
        before = max(page - address, 0) if page_down(address) != page else 0
        return AccessFault(VERBS[permission], address + before, size - before)

    def _word(self, pc: int) -> int:
        size = self.memory.reach(pc, 4, EXECUTE)
        return int.from_bytes(self.memory.read(pc, size, EXECUTE), "little")

    # -- traps

    def _trap(self, cause: int) -> None:
        try:
            registers = self.cpu.registers
            pc = registers[PC]
            if cause == _ILLEGAL_INSTRUCTION:
                registers[PC] = self.vector.run(pc - 4)
            else:
                self._exception(cause, pc - 4)
        except BaseException as raised:
            self._fail(raised)

    def _watched_trap(self, cause: int) -> None:
        with self.vector.events.watch():
            self._trap(cause)

    def _fail(self, raised: BaseException) -> None:
        """Nothing may pass through Unicorn: `run` raises it again."""
        self._raised = raised
        self.cpu.uc.emu_stop()

    def _trap_with_copies(self, cause: int) -> None:
        self.cpu.fetch()
        self._trap(cause)
        self.cpu.store()

    def _exception(self, cause: int, pc: int) -> None:
        if cause in _ENVIRONMENT_CALLS:
            if self.on_system_call is None:
                raise Interrupted(pc, Fault("system call (ecall) outside a program"))
            self.interrupts.running = False  # it may wait for input, and then raises at once
            self.on_system_call(self)
            self.interrupts.running = True
        else:
            name = _EXCEPTIONS.get(cause, f"exception {cause}")
            kind = Misaligned if name.startswith("misaligned") else Fault
            raise Interrupted(pc, kind(name))

    def on_instruction(
        self, handler: Callable[[int, int], None], address: int | None = None
    ) -> None:
        """Calls `handler(address, bytes)` before each instruction, or before the one at `address`.

        Where it is called before each one, Python executes all vector instructions.
        """

        def guarded(address: int, size: int) -> None:
            try:
                if self.native is not None:
                    self.native.pull()
                self.cpu.fetch()
                handler(address, size)
            except BaseException as raised:
                self._fail(raised)

        self.cpu.uc.ctl_flush_tb()
        if address is not None:
            self.vector.stops.add(address)
            self.cpu.on_instruction(guarded, address, address)
            return
        self.vector.longest_block = 1
        self._single_steps = True
        if self.native is not None:
            self.native.enabled = False
        self.vector.forget()
        self.cpu.on_instruction(guarded)

    # -- the limit of instructions

    def _executed_elsewhere(self) -> int:
        native = 0 if self.native is None else self.native.executed
        return self.vector.executed + native + self._charged

    def _come_near_limit(self, address: int) -> None:
        self._near_limit = address
        self.cpu.uc.emu_stop()

    def _step_to_limit(self) -> None:
        self._steps_left = self.blocks.left
        self.blocks.lift()
        self.on_instruction(self._step)

    def _step(self, address: int, _size: int) -> None:
        if self._steps_left == 0:
            raise Interrupted(address, Fault(LimitReached.cause(self.max_instructions)))
        self._steps_left -= 1

    # -- reports

    @property
    def places(self) -> Places:
        """Functions and source lines of what is loaded."""
        state = len(self.symbols), len(self.files)
        if self._places is None or self._places[0] != state:
            self._places = state, Places(self.symbols, self.files)
        return self._places[1]

    def symbol_at(self, address: int) -> str:
        """`name+0x10` for the function at an address or the nearest symbol, "" if there is none."""
        return self.places.symbol(address) if self.memory.find(address) is not None else ""

    def registers(self) -> dict[str, int]:
        """Values by name, the vector unit's setting included."""
        words = self.cpu.registers
        return {name: words[i] for i, name in enumerate(X_NAMES)} | {
            f"f{i}": words[32 + i] for i in range(32)
        }

    def _fault(self, pc: int, fault: Fault) -> GuestFault:
        if self.blocks is not None:
            self.blocks.cut(pc)
        cause = fault.cause
        if isinstance(fault, AccessFault) and self._is_below_stack(fault.address):
            cause += ": the stack is full"
        return GuestFault(
            cause, pc, self.symbol_at(pc), self.instruction_text(pc), self.registers(),
            self.setting(), self.places.line(pc), fault,
        )  # fmt: skip

    def _is_below_stack(self, address: int) -> bool:
        above = self.memory.find(address + _STACK_GUARD)
        return self.memory.find(address) is None and above is not None and above.name == "stack"

    def setting(self) -> str:
        """The vector unit's, for reports."""
        config = self.vector.config
        return f"vl {config.vl}  vtype {vtype_text(config.vtype)}  vlen {self.vector.vlen}"

    def instruction_text(self, pc: int) -> str:
        """The instruction at an address as word and assembly."""
        size = self.memory.reach(pc, 4, EXECUTE)
        if size < 2:
            return "no code there"
        code = self.memory.read(pc, size, EXECUTE)
        line = next(disassemble(code, pc, Symbols(self.symbols), aliases=True))
        return f"{line.word:0{2 * line.size}x} {line.mnemonic} {line.operands}".rstrip()

