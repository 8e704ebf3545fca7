"""The native executor: the trap of Unicorn goes straight to host code, and to Python for the rest.

One table per vtype has the stub of each address (`tables`). The trap's entry looks up the program
counter, and stubs find one another the same way. An address without a stub ends in Python, which
executes the one instruction there; the second time it also writes a stub for it. Python and stubs
hand vl, vtype and the other settings to each other through the shared state.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from unicorn import UC_HOOK_INTR

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import Decoded, lookup
from fleet.emu.cpu import PC
from fleet.emu.memory import EXECUTE
from fleet.emu.native import state
from fleet.emu.native.scalars.runs import LONGEST_RUN, Run, instruction_at
from fleet.emu.native.shared import ILLEGAL_INSTRUCTION, emit_copy, emit_find_region, emit_trap
from fleet.emu.native.state import SETTING, State
from fleet.emu.native.stub import Places, Stub
from fleet.emu.native.stubs.rules import RULES, rule_for
from fleet.emu.native.stubs.setting import vtype_of
from fleet.emu.native.tables import Tables
from fleet.emu.native.x86 import Code
from fleet.emu.scalar.binders import FOREIGN
from fleet.emu.vector.unit import VectorUnit

PAGE_BYTES = 8 << 20
LONGEST_STUB = 8 << 10
_MOST_RUNS, _MOST_PLACES = 32, 256
_WORD = (1 << 64) - 1
HOT = 2
"""How often an instruction is executed by Python before it gets a stub."""

PATIENCE = 64, 1 << 16
"""After how many traps Python looks whether scalar code is to be written: the least, the most."""

_SLOW = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_uint64)


@cache
def unusable() -> str:
    """Why this host cannot run stubs; "" if it can."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return "this is no x86-64 Linux"
    try:
        info = Path("/proc/cpuinfo").read_text()
    except OSError:
        return "the processor's features are unknown"
    flags = next((line.split() for line in info.splitlines() if line.startswith("flags")), [])
    missing = [name for name in ("avx2", "fma", "popcnt") if name not in flags]
    if missing:
        return f"the processor has no {missing[0]}"
    try:
        executable_memory(mmap.PAGESIZE).close()
    except OSError:
        return "the system forbids executable memory"
    return ""


def executable_memory(size: int) -> mmap.mmap:
    permissions = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=permissions)


class Tally(NamedTuple):
    """How often an instruction was executed, and the sum of vl over that."""

    count: int
    elements: int


class NativeExecutor:
    """Stubs of one machine.

    slow: called for what stubs do not do, with the trap's cause; says nothing, raises nothing
    hot:  see HOT
    enabled: whether stubs run; else all is Python's, one instruction at a time
    patience: see PATIENCE
    with_scalars: whether scalar instructions among vector ones are executed here too (`scalar`);
        they are not counted, nor does Unicorn announce their blocks
    """

    def __init__(self, unit: VectorUnit, slow: Callable[[int], None], hot: int = HOT) -> None:
        self.unit, self.cpu = unit, unit.cpu
        self.hot = hot
        self.enabled = True
        self.with_scalars = False
        self._slow = slow
        self.state = State(unit.vlen)
        self._code = executable_memory(PAGE_BYTES)
        self._bytes = np.frombuffer(self._code, np.uint8)
        self._used = 0
        self._tables = Tables(unit.memory, self.state)
        self._hopeless: set[tuple[int, int]] = set()
        self._heat: Counter[tuple[int, int, int]] = Counter()
        self._stubs: dict[tuple[int, int, int], int] = {}
        self._recorded: list[tuple[int, str]] = []
        self._retired: dict[tuple[int, str], Tally] = {}
        self._runs: dict[int, tuple[int, list[int]]] = {}
        self._stops: set[int] = set()
        self.patience = PATIENCE
        self._patience = PATIENCE[0]
        self._by_address = False
        self._config, self._setting = None, (0,) * 5
        self._failure: BaseException | None = None
        self._callback = _SLOW(self._leave_to_python)
        self._write_shared()

    # -- what machines ask

    @property
    def executed(self) -> int:
        return self.state.words[state.EXECUTED // 8]

    @property
    def traps(self) -> int:
        return self.state.words[state.TRAPS // 8]

    def count_by_address(self) -> None:
        """From now on there is a stub for each address, so `executions` tells them apart."""
        self._forget()
        self._by_address = True

    def executions(self) -> dict[tuple[int, str], Tally]:
        """What stubs executed, by address and mnemonic; `count_by_address` or all at address 0."""
        total = dict(self._retired)
        counters = self.state.records[: len(self._recorded), :2].tolist()
        for key, (count, elements) in zip(self._recorded, counters, strict=True):
            if count:
                before = total.get(key, Tally(0, 0))
                total[key] = Tally(before.count + count, before.elements + elements)
        return total

    def counts(self) -> Counter[str]:
        """Vector instructions that stubs executed, by mnemonic."""
        total: Counter[str] = Counter()
        for (_, mnemonic), tally in self.executions().items():
            if lookup(mnemonic).is_vector:
                total[mnemonic] += tally.count
        return total

    def elements(self) -> Counter[str]:
        """The sum of vl over vector instructions that stubs executed, by mnemonic."""
        total: Counter[str] = Counter()
        for (_, mnemonic), tally in self.executions().items():
            total[mnemonic] += tally.elements
        return +total

    def enter(self, start: int, stop: int) -> None:
        """To be called before Unicorn runs from `start` until it is at `stop`."""
        if stop not in self._stops or len(self._stops) != len(self.unit.stops) + 1:
            self._stops = self.unit.stops | {stop}  # stubs and runs must not pass over them
            self._runs.clear()
            self._tables.clear()
        words = self.state.words
        if not self.with_scalars:
            words[state.PATIENCE // 8] = _WORD
        elif not 0 < words[state.PATIENCE // 8] <= self.patience[1]:
            words[state.PATIENCE // 8] = self._patience = self.patience[0]
        if not (self._agrees() and self.enabled and self._tables.covers(start)):
            self.push(start)

    def _agrees(self) -> bool:
        """Whether stubs know the setting of the vector unit."""
        unit = self.unit
        return unit.config is self._config and (unit.vxrm, unit.vxsat) == self._setting[3:]

    def push(self, pc: int) -> None:
        """Brings the setting of the vector unit, and the code at `pc`, to the stubs."""
        unit = self.unit
        config = self._config = unit.config
        self._setting = config.vl, config.vtype, config.vstart, unit.vxrm, unit.vxsat
        SETTING.pack_into(self.state.words, 0, *self._setting)
        if not self.enabled:
            self._tables.leave()
        elif self._tables.select(pc) is not None:
            self._tables.use(config.vtype)

    def memory_changed(self) -> None:
        """Guest memory was unmapped or protected: what is known about it does not hold."""
        self._hopeless.clear()
        self.state.records[: len(self._recorded), state.BASE // 8 :] = 0
        if self._tables.drop_what_is_no_code():
            self._runs.clear()

    def pull(self) -> None:
        """Brings the setting that stubs left to the vector unit; raises what Python raised."""
        setting = SETTING.unpack_from(self.state.words)
        if setting != self._setting:
            self._setting = setting
            vl, vtype, vstart, self.unit.vxrm, self.unit.vxsat = setting
            self._config = self.unit.config = self.unit.configuration(vtype, vl, vstart)
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    # -- between stubs and Python

    def _leave_to_python(self, cause: int) -> int:
        """Called by host code. Whether there is a stub now, so that host code may try again.

        An exception must not pass through it: `pull` raises it after the run.
        """
        try:
            self.pull()
            registers = self.cpu.registers
            if cause == ILLEGAL_INSTRUCTION and self._prepare(registers[PC] - 4):
                self.push(registers[PC] - 4)
                return 1
            self._slow(cause)
            self.push(registers[PC])
            if not self.state.words[state.PATIENCE // 8]:
                self.state.words[state.PATIENCE // 8] = 1  # there was no stub; the next trap, then
        except BaseException as failure:
            self._failure = failure
            self.cpu.uc.emu_stop()
        return 0

    def _prepare(self, pc: int) -> bool:
        """Sees to it that there is a stub at `pc` if it is worth it; whether anything is new."""
        vtype = self.unit.config.vtype
        if not self.enabled or self.unit.config.vstart or (pc, vtype) in self._hopeless:
            return False
        if pc in self._stops or pc in self.unit.stops:
            return False
        moved = self._tables.select(pc)
        if moved is None:
            return False
        if self._tables.get(pc, vtype):
            return self._look(pc) or moved
        found = self.unit.decode(pc)
        if found is None:
            return False
        in_run = self.with_scalars and found[1].mnemonic in FOREIGN
        key = found[0], vtype, pc if self._by_address or in_run else 0
        if in_run and pc in self._runs:
            self._stubs[key] = self._runs[pc][0]
        stub = self._stubs.get(key)
        if stub is None:
            self._heat[key] += 1
            if self._heat[key] < self.hot:
                return False
            if in_run:
                self._runs[pc] = self._write_run(pc)
                stub = self._runs[pc][0]
            else:
                stub = self._write_stub(pc, *found)
            self._stubs[key] = stub
        if not stub:
            self._hopeless.add((pc, vtype))
            return False
        self._tables.select(pc)
        self._tables.put(pc, vtype, stub)
        return True

    def _look(self, pc: int) -> bool:
        """Python looks every so many traps, less often where it finds nothing new to do."""
        words = self.state.words
        if words[state.PATIENCE // 8]:
            return False
        new = self._add_runs(pc, self.unit.config.vtype)
        least, most = self.patience
        self._patience = least if new else min(2 * self._patience, most)
        words[state.PATIENCE // 8] = self._patience
        return True

    def _add_runs(self, start: int, vtype: int) -> int:
        """Writes scalar code that is reached from a vector instruction; returns how many runs."""
        todo, met, count = [(start, vtype)], set(), 0
        while todo and count < _MOST_RUNS and len(met) < _MOST_PLACES:
            place = pc, vtype = todo.pop()
            if place in met or not self._tables.covers(pc):
                continue
            met.add(place)
            found = self.unit.decode(pc)
            if found is not None and found[1].mnemonic not in FOREIGN:
                stem = found[1].stem
                if stem != "vsetvl":
                    sets = stem in ("vsetvli", "vsetivli")
                    todo.append((pc + 4, vtype_of(*found) if sets else vtype))
                continue
            run = self._runs.get(pc)
            if run is None:
                run = self._runs[pc] = self._write_run(pc)
            stub, successors = run
            if stub:
                count += not self._tables.get(pc, vtype)
                self._tables.put(pc, vtype, stub)
                todo += [(successor, vtype) for successor in successors]
        return count

    def _write_run(self, pc: int) -> tuple[int, list[int]]:
        """Address of the host code of a run, 0 if there is none, and where it goes on."""
        room = state.MAX_STUBS - len(self._recorded)
        if room < LONGEST_RUN or self._used + LONGEST_STUB > PAGE_BYTES:
            return 0, []
        low, end = self._tables.window
        code = self.unit.memory.find(low)
        run = Run(
            self._places, pc, low, end, len(self._recorded), boxes=self.cpu.boxes
        )

        def fetch(at: int) -> Decoded | None:
            if at in self._stops or at in self.unit.stops or at >= end:
                return None
            return instruction_at(bytes(code.data[at - code.base : min(at + 4, end) - code.base]))

        host_code = run.write(fetch)
        if not host_code:
            return 0, []
        self._recorded += [(at, "") for at in run.accesses]
        return self._put(host_code), run.successors

    def _write_counting_run(self, pc: int, encoding: Encoding) -> int:
        """Host code of one scalar instruction, which is counted."""
        if len(self._recorded) + 2 > state.MAX_STUBS or self._used + LONGEST_STUB > PAGE_BYTES:
            self._forget()
            self._tables.select(pc)
        low, end = self._tables.window
        run = Run(
            self._places, pc, low, end, len(self._recorded), counts=True, boxes=self.cpu.boxes
        )
        read = self.unit.memory.read
        host_code = run.write(lambda at: instruction_at(read(at, encoding.size, EXECUTE)))
        if not host_code:
            return 0
        self._recorded.append((pc if self._by_address else 0, encoding.mnemonic))
        self._recorded += [(at, "") for at in run.accesses]
        return self._put(host_code)

    def _accepts(self, word: int) -> bool:
        """Whether an instruction is legal; some rules are looked at only where vl is not 0."""
        unit = self.unit
        config = unit.config
        if config.vl == 0 and not config.vill:
            unit.config = unit.configuration(config.vtype, 1)
        try:
            return unit.accepts(word)
        finally:
            unit.config = config

    def _write_stub(self, pc: int, word: int, encoding: Encoding) -> int:
        """Address of a new stub; 0 where there can be none."""
        unit = self.unit
        if encoding.mnemonic in FOREIGN:
            return self._write_counting_run(pc, encoding)
        if encoding.stem not in RULES:
            return 0
        if encoding.is_vector and not self._accepts(word):
            return 0
        if len(self._recorded) == state.MAX_STUBS or self._used + LONGEST_STUB > PAGE_BYTES:
            self._forget()
        record = len(self._recorded)
        stub = Stub(word, encoding, unit.config, unit.vlenb, record, self._places, self.cpu.boxes)
        rule = rule_for(stub)
        if rule is None:
            return 0
        rule.emit(stub)
        self._recorded.append((pc if self._by_address else 0, encoding.mnemonic))
        return self._put(stub.end())

    def _forget(self) -> None:
        """Starts anew when there is no more room. Host code is never inside a stub now."""
        self._retired = self.executions()
        self._tables.clear()
        self._hopeless.clear()
        self.state.records[:] = 0
        self._recorded.clear()
        self._stubs.clear()
        self._runs.clear()
        self._used = self._shared

    # -- code

    def _put(self, code: bytes) -> int:
        at = self._used
        assert len(code) <= LONGEST_STUB, f"a stub of {len(code)} bytes"
        self._bytes[at : at + len(code)] = np.frombuffer(code, np.uint8)
        self._used = at + len(code) + 15 & -16
        return self._bytes.ctypes.data + at

    def _write_shared(self) -> None:
        base = self._bytes.ctypes.data
        code = Code()
        flags = np.frombuffer(self.cpu.flag_byte, np.uint8).ctypes.data
        python = ctypes.cast(self._callback, ctypes.c_void_p).value
        emit_trap(
            code, self.cpu.array.ctypes.data, self.unit.file.ctypes.data, self.state.address,
            flags, python,
        )  # fmt: skip
        code.label("find_region")
        emit_find_region(code, self.unit.memory.table.head)
        code.label("copy")
        emit_copy(code)
        entry = self._put(code.finish())
        assert entry == base
        self._shared = self._used
        self._places = Places(*(base + code.position(name) for name in Places._fields))
        self.cpu.hook(UC_HOOK_INTR, ctypes.c_void_p(entry))
