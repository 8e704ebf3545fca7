"""The vector unit: its CSRs, and running vector instructions at an address.

Straight runs of vector instructions become *blocks*: lists of steps bound to a configuration. A
trap thus executes as many instructions as follow one another, and goes back to Unicorn for the
next scalar one. Setting vtype or vl, or writing vstart, ends a block; the next one comes from the
new configuration.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import decode, lookup
from fleet.emu.cpu import Cpu
from fleet.emu.faults import Fault, IllegalInstruction
from fleet.emu.memory import EXECUTE, WRITE, Memory
from fleet.emu.rewriting import MOST_WORDS, traps
from fleet.emu.scalar.binders import FOREIGN, bind_scalar
from fleet.emu.vector.binders import BINDERS
from fleet.emu.vector.config import legal_vtype, vlmax_of
from fleet.emu.vector.operands import Instruction, Step
from fleet.emu.vector.state import VectorState

_MAX_BLOCK = 64
_TEMPORARY = -1
"""Key of a block that is bound anew each time: its code may be written to."""

_VILL_TOLERANT = frozenset({"vsetvli", "vsetivli", "vsetvl", "vlre", "vsre"})
"""Stems that do not depend on vtype (the manual, 3.4.4)."""


class Block:
    """Vector instructions that follow one another, bound to one configuration.

    addresses: of its instructions
    end:    address of the next instruction
    chains: whether that may be another vector instruction
    count:  how often the block ran to its end
    """

    __slots__ = ("addresses", "chains", "count", "encodings", "end", "start", "steps")

    def __init__(self, start: int) -> None:
        self.start = start
        self.steps: list[Step] = []
        self.encodings: list[Encoding] = []
        self.addresses: list[int] = []
        self.end = start
        self.chains = False
        self.count = 0


class Interrupted(Exception):
    """A fault inside a block: the address of the instruction, and the cause."""

    def __init__(self, pc: int, fault: Fault) -> None:
        super().__init__(fault.cause)
        self.pc = pc
        self.fault = fault


class Csr(NamedTuple):
    """A control and status register: how to read it, and how to write it (None: read-only)."""

    read: Callable[[], int]
    write: Callable[[int], None] | None = None


def _ticks() -> int:
    """A clock of 10 MHz."""
    return time.monotonic_ns() // 100


class VectorUnit(VectorState):
    """Executes vector instructions, and accesses to the vector unit's CSRs.

    executed: instructions so far, accesses to CSRs included
    longest_block: instructions that are executed at once; 1 while somebody watches them
    stops:  addresses at which Unicorn wants to be asked first: no block goes past the start of one
    rewrites: whether Unicorn gets other instructions for some of those that it does not have
    `run` is to be called within `events.watch()`.
    """

    def __init__(self, cpu: Cpu, memory: Memory, vlen: int) -> None:
        super().__init__(cpu, memory, vlen)
        self.executed = 0
        self.longest_block = _MAX_BLOCK
        self.stops: set[int] = set()
        self.rewrites = False
        self._retired: Counter[tuple[int, str, int]] = Counter()
        self._csrs = {
            0x008: Csr(lambda: self.config.vstart, self._write_vstart),
            0x009: Csr(lambda: self.vxsat, self._write_vxsat),
            0x00A: Csr(lambda: self.vxrm, self._write_vxrm),
            0x00F: Csr(lambda: self.vxrm << 1 | self.vxsat, self._write_vcsr),
            0xC01: Csr(_ticks),  # time, for which Unicorn has no clock
            0xC20: Csr(lambda: self.config.vl),
            0xC21: Csr(lambda: self.config.vtype),
            0xC22: Csr(lambda: self.vlenb),
        }

    def forget(self) -> None:
        """Drops everything bound (needed when code changed), keeping the counts."""
        for config in self._configurations.values():
            for block in config.blocks.values():
                self._add(self._retired, block, config.vl)
        super().forget()

    # -- running

    def run(self, pc: int) -> int:
        """Executes the vector instruction at `pc` and those after it; returns the new pc."""
        while True:
            block = self.config.blocks.get(pc)
            if block is None:
                block = self._bind_block(pc)
            block.count += 1
            self.executed += len(block.steps)
            try:
                for step in block.steps:
                    step()
            except Fault as fault:
                raise self._interrupted(block, step, fault) from None
            pc = block.end
            if not block.chains:
                return pc

    def counts(self) -> Counter[str]:
        """Vector instructions executed, by mnemonic (accesses to CSRs are none)."""
        total: Counter[str] = Counter()
        for (_, mnemonic, _), count in self.executions().items():
            total[mnemonic] += count
        return Counter({
            mnemonic: count for mnemonic, count in total.items()
            if count and lookup(mnemonic).is_vector
        })  # fmt: skip

    def executions(self) -> Counter[tuple[int, str, int]]:
        """How often what was executed: by address, mnemonic and vl."""
        total = Counter(self._retired)
        for config in self._configurations.values():
            for block in config.blocks.values():
                self._add(total, block, config.vl)
        return total

    def owns(self, pc: int) -> bool:
        """Whether the instruction at `pc` is executed here and not by Unicorn."""
        found = self.decode(pc)
        if found is None or not self.rewrites or found[1].mnemonic not in FOREIGN:
            return found is not None
        return traps(found[0], 1 if pc in self.stops or self.longest_block == 1 else MOST_WORDS)

    @staticmethod
    def _add(total: Counter[tuple[int, str, int]], block: Block, vl: int) -> None:
        for address, encoding in zip(block.addresses, block.encodings, strict=True):
            total[address, encoding.mnemonic, vl] += block.count

    def _interrupted(self, block: Block, step: Step, fault: Fault) -> Interrupted:
        index = next(i for i, known in enumerate(block.steps) if known is step)
        rest = zip(block.addresses[index:], block.encodings[index:], strict=True)
        for address, encoding in rest:
            self._retired[address, encoding.mnemonic, self.config.vl] -= 1
        self.executed -= len(block.steps) - index
        return Interrupted(block.addresses[index], fault)

    def _word(self, pc: int) -> int:
        """The instruction at an address, of two or four bytes; 0 if there is none."""
        region = self.memory.find(pc)
        if region is None or not region.permissions & EXECUTE or pc + 2 > region.end:
            return 0
        start = pc - region.base
        half = int.from_bytes(region.data[start : start + 2], "little")
        if half & 3 != 3:
            return half
        if pc + 4 > region.end:
            return 0
        return int.from_bytes(region.data[start : start + 4], "little")

    def decode(self, pc: int) -> tuple[int, Encoding] | None:
        """The word at `pc` if it is an instruction of this unit."""
        word = self._word(pc)
        found = decode(word)
        if found is None:
            return None
        encoding = found.encoding
        if encoding.is_vector or encoding.mnemonic in FOREIGN:
            return word, encoding
        if encoding.extension == "Zicsr" and word >> 20 in self._csrs:
            return word, encoding
        return None

    def _bind_block(self, start: int) -> Block:
        config = self.config
        block = Block(start)
        region = self.memory.find(start)
        if region is not None and region.permissions & WRITE:
            return self._bind_single(block)
        found = self.decode(start)
        while found is not None and len(block.steps) < self.longest_block:
            ends = self._append(block, *found)
            if ends is None:
                break
            found = None if block.end in self.stops else self.decode(block.end)
            if ends:
                break
        if not block.steps:
            self._reject(start)
        block.chains = found is not None and self.longest_block > 1
        config.blocks[start] = block
        return block

    def _bind_single(self, block: Block) -> Block:
        """One instruction of code that the guest may change; only the count is remembered."""
        found = self.decode(block.start)
        if found is None or self._append(block, *found) is None:
            self._reject(block.start)
        old = self.config.blocks.pop(_TEMPORARY, None)
        if old is not None:
            self._add(self._retired, old, self.config.vl)
        self.config.blocks[_TEMPORARY] = block
        return block

    def _append(self, block: Block, word: int, encoding: Encoding) -> bool | None:
        """Binds one more instruction. Returns whether it ends the block, None if it is illegal."""
        try:
            step, ends = self._bind(word, encoding)
        except IllegalInstruction as fault:
            if not block.steps:
                raise Interrupted(block.end, fault) from None
            return None
        block.steps.append(step)
        block.encodings.append(encoding)
        block.addresses.append(block.end)
        block.end += encoding.size
        return ends

    def _bind(self, word: int, encoding: Encoding) -> tuple[Step, bool]:
        """The step of an instruction as configured now, and whether it ends a block."""
        config = self.config
        if encoding.mnemonic in FOREIGN:
            return bind_scalar(self, word), False
        if encoding.extension == "Zicsr":
            return self._bind_csr(word, encoding), True
        if encoding.stem in ("vsetvli", "vsetivli", "vsetvl"):
            return self._bind_setting(word, encoding.stem), True
        if config.vill and encoding.stem not in _VILL_TOLERANT:
            raise IllegalInstruction("vtype is illegal (vill)")
        bind = BINDERS.get(encoding.stem)
        if bind is None:
            raise IllegalInstruction(f"{encoding.mnemonic} is not supported yet")
        instruction = Instruction(self, config, word, encoding)
        step = instruction.settle_scalar(bind(instruction))
        if config.vstart:
            return self._then_clear_vstart(step), True
        return step, "fault-first" in encoding.flags

    def accepts(self, word: int) -> bool:
        """Whether a word is an instruction of this unit and legal as configured now."""
        decoded = decode(word)
        if decoded is None or not decoded.encoding.is_vector:
            return False
        try:
            self._bind(word, decoded.encoding)
        except IllegalInstruction:
            return False
        return True

    def _reject(self, pc: int) -> None:
        raise Interrupted(pc, IllegalInstruction())

    # -- vset and CSRs

    def _bind_setting(self, word: int, stem: str) -> Step:
        registers = self.cpu.registers
        rd, rs1, rs2 = word >> 7 & 31, word >> 15 & 31, word >> 20 & 31
        vtype = word >> 20 & (0x3FF if stem == "vsetivli" else 0x7FF)
        if stem == "vsetivli":
            return lambda: self._set(rd, vtype, rs1)
        keeps = rs1 == 0 and rd == 0
        most = rs1 == 0 and rd != 0
        if stem == "vsetvli" and legal_vtype(vtype) and not keeps:
            limit = vlmax_of(vtype, self.vlen)

            def step() -> None:  # by far the most frequent: what depends on vtype is known
                vl = limit if most or registers[rs1] > limit else registers[rs1]
                self.config = self.configuration(vtype, vl)
                if rd:
                    registers[rd] = vl

            return step

        def step_in_general() -> None:
            avl = None if keeps else self.vlen if most else registers[rs1]
            self._set(rd, registers[rs2] if stem == "vsetvl" else vtype, avl)

        return step_in_general

    def _set(self, rd: int, vtype: int, avl: int | None) -> None:
        vl = self.set_vl(vtype, avl)
        if rd:
            self.cpu.registers[rd] = vl

    def _bind_csr(self, word: int, encoding: Encoding) -> Step:
        csr = self._csrs[word >> 20]
        registers = self.cpu.registers
        rd, rs1 = word >> 7 & 31, word >> 15 & 31
        operation, immediate = encoding.mnemonic[:5], encoding.mnemonic.endswith("i")
        writes = operation == "csrrw" or rs1 != 0
        if writes and csr.write is None:
            raise IllegalInstruction("write to a read-only CSR")

        def step() -> None:
            source = rs1 if immediate else registers[rs1]
            old = csr.read()
            if writes:
                combined = {"csrrw": source, "csrrs": old | source, "csrrc": old & ~source}
                csr.write(combined[operation])
            if rd:
                registers[rd] = old

        return step

    def _write_vstart(self, value: int) -> None:
        vstart = value & self.vlen - 1
        self.config = self.configuration(self.config.vtype, self.config.vl, vstart)

    def _write_vxsat(self, value: int) -> None:
        self.vxsat = value & 1

    def _write_vxrm(self, value: int) -> None:
        self.vxrm = value & 3

    def _write_vcsr(self, value: int) -> None:
        self.vxsat, self.vxrm = value & 1, value >> 1 & 3

    def _then_clear_vstart(self, step: Step) -> Step:
        """Every vector instruction leaves vstart 0 (the manual, 3.7)."""

        def run() -> None:
            step()
            self._write_vstart(0)

        return run
