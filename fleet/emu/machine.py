"""A RISC-V machine: Unicorn's RV64GC core, guest memory and the vector unit, run until it stops.

Unicorn executes what it can; every exception comes here. An illegal instruction is given to the
vector unit, which either executes it or says that it is illegal indeed; a system call goes to the
handler that `linux` or a test installed. An exception must not cross Unicorn's C code, so what is
raised in a hook is kept, the run is stopped, and it is raised again afterwards.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from unicorn import UcError, unicorn_const

from fleet.asm.disassembler import Symbols, disassemble
from fleet.asm.elf import ElfFile
from fleet.asm.table import lookup
from fleet.diagnostics import FleetError
from fleet.emu.cpu import PC, Cpu
from fleet.emu.faults import AccessFault, Fault, GuestFault
from fleet.emu.interrupts import Interrupts
from fleet.emu.memory import EXECUTE, PAGE, READ, WRITE, Memory, Region, page_up
from fleet.emu.native.executor import NativeExecutor, unusable
from fleet.emu.places import Places
from fleet.emu.vector.config import vtype_text
from fleet.emu.vector.unit import Interrupted, VectorUnit

STOP = 0x1000
"""Where a called function returns to: a page of its own, on which execution ends."""

EXECUTORS = ("native", "reference")
DEFAULT_EXECUTOR = "reference"

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
_INVALID_ACCESS = {
    unicorn_const.UC_MEM_READ_UNMAPPED: "read",
    unicorn_const.UC_MEM_WRITE_UNMAPPED: "write",
    unicorn_const.UC_MEM_FETCH_UNMAPPED: "fetch",
    unicorn_const.UC_MEM_READ_PROT: "read",
    unicorn_const.UC_MEM_WRITE_PROT: "write",
    unicorn_const.UC_MEM_FETCH_PROT: "fetch",
}

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


@dataclass
class Stats:
    """What a machine has done so far.

    instructions: all of them, where counting was asked for, else None
    vector:       vector instructions by mnemonic
    seconds:      spent running
    """

    instructions: int | None = None
    vector: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def vector_instructions(self) -> int:
        return self.vector.total()

    def by_class(self) -> Counter[str]:
        """Vector instructions as configuration, load, store, float and integer."""
        classes: Counter[str] = Counter()
        for mnemonic, count in self.vector.items():
            classes[_class_of(mnemonic)] += count
        return classes


def _class_of(mnemonic: str) -> str:
    encoding = lookup(mnemonic)
    if encoding.stem.startswith("vset"):
        return "configuration"
    return next((flag for flag in ("load", "store", "float") if flag in encoding.flags), "integer")


class Machine:
    """One core with its memory.

    memory, cpu, vector: the parts, see there
    on_system_call: called for `ecall` with the machine; by default it is a fault
    interrupts: within `with machine.interrupts`, Ctrl-C ends a run
    symbols, files: names of addresses, and the executables that were loaded, for reports
    count_instructions: keep `stats().instructions`, which slows scalar code down
    max_instructions: end with a fault after about so many
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
        self.memory = Memory(
            self.cpu.map, self._unmap, self._protect, self.cpu.forget_code
        )
        self.vector = VectorUnit(self.cpu, self.memory, vlen)
        self.on_system_call: Callable[[Machine], None] | None = None
        self.interrupts = Interrupts(self.cpu.uc.emu_stop)
        self.symbols: dict[str, int] = {}
        self.files: list[ElfFile] = []
        self._places: tuple[tuple[int, int], Places] | None = None
        self.max_instructions = max_instructions
        self.counting = count_instructions or max_instructions is not None
        self._instructions = self._traps = 0
        self._block_lengths: dict[tuple[int, int], int] = {}
        self._blocks: Counter[tuple[int, int]] = Counter()
        self._seconds = 0.0
        self._raised: BaseException | None = None
        self._bad_access: AccessFault | None = None
        self.memory.map_anonymous(STOP, PAGE, EXECUTE, "stop")
        self.native = self._native_executor(executor)
        if self.native is None:
            self.cpu.on_trap(self._trap if self.cpu.direct else self._trap_with_copies)
        self.cpu.on_bad_access(self._note_bad_access)
        if self.counting:
            self.cpu.on_block(self._count_block)

    # -- setting up

    def load(self, address: int, code: bytes, name: str = "code") -> Region:
        """Maps raw instructions at a page-aligned address."""
        region = self.memory.map_anonymous(address, page_up(len(code)), READ | EXECUTE, name)
        region.data[: len(code)] = code
        return region

    def map(self, address: int, size: int, name: str = "data") -> Region:
        """Maps zeroed memory for reading and writing."""
        return self.memory.map_anonymous(address, page_up(size), READ | WRITE, name)

    def _unmap(self, base: int, size: int) -> None:
        self.cpu.unmap(base, size)
        self._forget()

    def _protect(self, base: int, size: int, permissions: int) -> None:
        self.cpu.protect(base, size, permissions)
        self._forget()

    def _forget(self) -> None:
        self.vector.forget()
        if self.native is not None:
            self.native.memory_changed()

    # -- running

    def run(self, start: int, stop: int = STOP) -> None:
        """Executes from `start` until the program counter is `stop`.

        Raises Exit when the guest exits, GuestFault when it does something that it must not,
        KeyboardInterrupt within `interrupts`.
        """
        self._raised = self._bad_access = None
        begin = time.perf_counter()
        error = None
        self.interrupts.running = True
        try:
            with self.vector.events.watch():
                self._start(start, stop)
        except UcError as problem:
            error = problem
        finally:
            self.interrupts.running = False
            self._seconds += time.perf_counter() - begin
        self.interrupts.check()
        if error is not None:
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
            raise self._fault(pc, Fault("the machine stopped (wfi)"))

    def _start(self, start: int, stop: int) -> None:
        """Runs Unicorn; the vector unit's setting is where its executor keeps it meanwhile."""
        native = self.native
        if native is None:
            self.cpu.uc.emu_start(start, stop)
            return
        native.push(start)
        try:
            self.cpu.uc.emu_start(start, stop)
        finally:
            native.pull()

    def stats(self) -> Stats:
        count = self._total() if self.counting else None
        vector = self.vector.counts()
        if self.native is not None:
            vector += self.native.counts()
        return Stats(count, vector, self._seconds)

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
        return NativeExecutor(self.vector, self._trap)

    def _cause(self, error: UcError) -> Fault:
        if self._bad_access is not None:
            return self._bad_access
        if error.errno == unicorn_const.UC_ERR_INSN_INVALID:
            return Fault("breakpoint (ebreak)")
        return Fault(str(error))

    # -- traps

    def _trap(self, cause: int) -> None:
        try:
            registers = self.cpu.registers
            pc = registers[PC]
            if cause == _ILLEGAL_INSTRUCTION:
                self._traps += 1
                registers[PC] = self.vector.run(pc - 4)
            else:
                self._exception(cause, pc)
        except BaseException as raised:  # nothing may pass through Unicorn; `run` raises it again
            self._raised = raised
            self.cpu.uc.emu_stop()

    def _trap_with_copies(self, cause: int) -> None:
        self.cpu.fetch()
        self._trap(cause)
        self.cpu.store()

    def _exception(self, cause: int, pc: int) -> None:
        if cause in _ENVIRONMENT_CALLS:
            if self.on_system_call is None:
                raise Interrupted(pc - 4, Fault("system call (ecall) outside a program"))
            self.interrupts.running = False  # it may wait for input, and then raises at once
            self.on_system_call(self)
            self.interrupts.running = True
        else:
            name = _EXCEPTIONS.get(cause, f"exception {cause}")
            raise Interrupted(pc, Fault(name))

    def _note_bad_access(self, kind: int, address: int, size: int) -> None:
        self._bad_access = AccessFault(_INVALID_ACCESS.get(kind, "access"), address, size)

    def _count_block(self, address: int, size: int) -> None:
        try:
            key = address, size
            length = self._block_lengths.get(key)
            if length is None:
                length = self._block_lengths[key] = self._instructions_in(address, size)
            self._instructions += length
            self._blocks[key] += 1
            if self.max_instructions is not None and self._total() > self.max_instructions:
                limit = f"more than {self.max_instructions} instructions"
                raise Interrupted(address, Fault(limit))
        except BaseException as raised:
            self._raised = raised
            self.cpu.uc.emu_stop()

    def _instructions_in(self, address: int, size: int) -> int:
        return len(self._addresses_in(address, size))

    def _addresses_in(self, address: int, size: int) -> list[int]:
        code = self.memory.read(address, size, EXECUTE)
        addresses, at = [], 0
        while at < size:
            addresses.append(address + at)
            at += 4 if code[at] & 3 == 3 else 2
        return addresses

    def executions(self) -> Counter[int]:
        """How often Unicorn executed which address, where counting was asked for.

        What the vector unit executed is not in it: see there.
        """
        total: Counter[int] = Counter()
        for (address, size), count in self._blocks.items():
            if self.memory.reach(address, size, EXECUTE) < size:  # unmapped since
                total[address] += count * self._block_lengths[address, size]
                continue
            for place in self._addresses_in(address, size):
                total[place] += count
        return Counter({at: n for at, n in total.items() if not self.vector.owns(at)})

    def on_instruction(self, handler: Callable[[int, int], None]) -> None:
        """Calls `handler(address, bytes)` before each instruction that Unicorn meets."""

        def guarded(address: int, size: int) -> None:
            try:
                handler(address, size)
            except BaseException as raised:
                self._raised = raised
                self.cpu.uc.emu_stop()

        def with_copies(address: int, size: int) -> None:
            self.cpu.fetch()
            guarded(address, size)

        if self.native is not None:
            self.native.enabled = False
        self.cpu.on_instruction(guarded if self.cpu.direct else with_copies)

    def _total(self) -> int:
        """Unicorn counts the first vector instruction of each trap, as it counts all others."""
        native = self.native
        if native is None:
            return self._instructions + self.vector.executed - self._traps
        return self._instructions + self.vector.executed + native.executed - native.traps

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
        return GuestFault(
            fault.cause, pc, self.symbol_at(pc), self.instruction_text(pc), self.registers(),
            self.setting(), self.places.line(pc),
        )  # fmt: skip

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

