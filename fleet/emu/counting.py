"""Counting what Unicorn executes, and keeping a program within a number of instructions.

In: Unicorn's announcement of each block, a straight run of instructions, that it is about to enter.
Out: how often each instruction was executed. The one idea: the announcement goes to host code,
which finds the block in a hash table, pays its cost from a budget and increments its counter.
Python sees a block when it is new, when its code may change, and when the budget is used up.

A block that ends in a vector instruction leads to the vector unit, which executes all that follow
one another there. The cost counts them too, so it is at least what will be executed; where the
budget does not cover it, the budget is made anew from exact counts.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from unicorn import UC_HOOK_BLOCK

from fleet.asm.isa.table import decode, lookup
from fleet.emu.cpu import Cpu
from fleet.emu.memory import EXECUTE, WRITE, Memory
from fleet.emu.native.executor import executable_memory, unusable
from fleet.emu.native.x86 import R8, R9, RAX, RDI, RDX, RSI, Code, Mem
from fleet.emu.statistics import SCALAR, Executed
from fleet.emu.vector.unit import VectorUnit

_NO_LIMIT = 1 << 62
_LEAST_SLOTS, _MOST_BLOCKS = 1 << 12, 1 << 17
_MOST_CHANGEABLE = 1 << 12
_MOST_PLACES = 1 << 20
"""A program may have as much code as it likes: beyond so many places they are not told apart."""

# Words that host code and Python share.
_TABLE, _MASK, _BUDGET, _LAST = range(4)

# Words of a slot of the table; a size of 0 says that it is free.
_ADDRESS, _SIZE, _COST, _COUNT = range(4)
_SLOT_WORDS, _SLOT_BYTES = 4, 32

_MET = ctypes.CFUNCTYPE(None, ctypes.c_uint64, ctypes.c_uint64)


class Block(NamedTuple):
    """Instructions that are executed one after the other.

    own: how many of them are Unicorn's; a vector instruction may follow them
    """

    address: int
    code: bytes
    own: int

    def instructions(self) -> Iterator[tuple[int, int]]:
        """Address and word of each that is Unicorn's."""
        at = 0
        for _ in range(self.own):
            size = _length(self.code, at)
            yield self.address + at, int.from_bytes(self.code[at : at + size], "little")
            at += size

    @property
    def own_bytes(self) -> int:
        at = 0
        for _ in range(self.own):
            at += _length(self.code, at)
        return at


def _length(code: bytes, at: int) -> int:
    return 4 if code[at] & 3 == 3 else 2


class BlockCounter:
    """Counters of a machine's blocks.

    limit:     instructions that may be executed, None for any number
    elsewhere: tells how many were executed elsewhere than in Unicorn
    near:      called instead of executing a block that may exceed the limit, with its address
    fail:      called with what goes wrong: an exception cannot pass through Unicorn
    """

    def __init__(
        self,
        cpu: Cpu,
        unit: VectorUnit,
        limit: int | None,
        elsewhere: Callable[[], int],
        near: Callable[[int], None],
        fail: Callable[[BaseException], None],
    ) -> None:
        self._memory: Memory = unit.memory
        self._unit = unit
        self._limit, self._elsewhere, self._near, self._fail = limit, elsewhere, near, fail
        self._words = np.zeros(4, np.uint64).data
        self._words[_BUDGET] = _NO_LIMIT if limit is None else 0
        self._changeable: Counter[Block] = Counter()
        self._cut: Counter[tuple[int, int]] = Counter()
        self._folded: Counter[tuple[int, str]] = Counter()
        self._settled = 0
        self._last: Block | None = None
        self._run_lengths: dict[int, int] = {}
        self._make_table(_LEAST_SLOTS)
        if unusable():
            cpu.on_block(self._met)
        else:
            self._callback = _MET(self._met)
            code = _hook(self._words, ctypes.cast(self._callback, ctypes.c_void_p).value)
            self._page = executable_memory(len(code))
            self._page[: len(code)] = code
            entry = np.frombuffer(self._page, np.uint8).ctypes.data
            cpu.hook(UC_HOOK_BLOCK, ctypes.c_void_p(entry))

    # -- what machines ask

    def total(self) -> int:
        """Instructions executed so far, those of others included; exact between blocks."""
        return int(self._slots[:, _COUNT] @ self._own) + self._settled + self._elsewhere()

    @property
    def left(self) -> int:
        """Instructions that may still be executed."""
        return _NO_LIMIT if self._limit is None else self._limit - self.total()

    def spend(self, cost: int) -> bool:
        """Takes `cost` instructions, or more, from the budget; whether the limit allows that."""
        if self._words[_BUDGET] < cost:
            left = self.left
            if left < cost:
                return False
            self._words[_BUDGET] = left
        self._words[_BUDGET] -= cost
        return True

    def lift(self) -> None:
        """Enters every block from now on: somebody else keeps to the limit."""
        self._limit = None
        self._words[_BUDGET] = _NO_LIMIT

    def cut(self, pc: int) -> None:
        """The last block was left before its instruction at `pc`: the rest was not executed."""
        block, self._last = self._last_block(), None
        self._words[_LAST] = 0
        if block is not None and block.address <= pc < block.address + len(block.code):
            rest = [place for place in block.instructions() if place[0] >= pc]
            self._cut.update(rest)
            self._settled -= len(rest)

    def forget(self, base: int, size: int) -> None:
        """Code in these addresses may change: what is known about it goes, the counts stay."""
        low, high = self._extent
        if base < high and low < base + size:
            self._fold()

    def executions(self) -> Iterator[Executed]:
        """What Unicorn executed."""
        for (address, mnemonic), count in self._collect().items():
            if count:
                encoding = lookup(mnemonic) if mnemonic else None
                yield Executed(SCALAR, address, encoding, count)

    def _collect(self) -> Counter[tuple[int, str]]:
        """Counts by address and mnemonic."""
        words: Counter[tuple[int, int]] = Counter()
        for block, count in (self._in_table() + self._changeable).items():
            for place in block.instructions():
                words[place] += count
        words.subtract(self._cut)
        total = Counter(self._folded)
        for (address, word), count in words.items():
            decoded = decode(word)
            total[address, "" if decoded is None else decoded.mnemonic] += count
        return total

    def _fold(self) -> None:
        """Forgets blocks, and keeps their counts by address."""
        self._folded = self._collect()
        if len(self._folded) > _MOST_PLACES:
            total: Counter[tuple[int, str]] = Counter()
            for (_, mnemonic), count in self._folded.items():
                total[0, mnemonic] += count
            self._folded = total
        self._settled += int(self._slots[:, _COUNT] @ self._own)
        self._changeable.clear()
        self._cut.clear()
        self._run_lengths.clear()
        self._make_table(_LEAST_SLOTS)

    # -- blocks

    def _met(self, address: int, size: int) -> None:
        """Executes what host code does for a block that it knows."""
        try:
            slot = self._slot_of.get((address, size))
            if slot is None:
                block = self._block(address, size)
                region = self._memory.find(address)
                if region is None or region.permissions & WRITE or not size:
                    self._meet_changeable(block)
                    return
                slot = self._insert(block)
            if self.spend(self._cells[_SLOT_WORDS * slot + _COST]):
                self._cells[_SLOT_WORDS * slot + _COUNT] += 1
                self._words[_LAST] = self._words[_TABLE] + _SLOT_BYTES * slot
            else:
                self._words[_LAST], self._last = 0, None
                self._near(address)
        except BaseException as problem:
            self._fail(problem)

    def _meet_changeable(self, block: Block) -> None:
        """Its code may change, so it is looked at each time; so does the vector unit."""
        self._words[_LAST], self._last = 0, None
        if self.spend(block.own + 1):
            if len(self._changeable) == _MOST_CHANGEABLE:
                self._fold()
            self._changeable[block] += 1
            self._settled += block.own
            self._last = block
        else:
            self._near(block.address)

    def _block(self, address: int, size: int) -> Block:
        code = self._memory.read(address, size, EXECUTE)
        at = last = own = 0
        while at < size:
            last, at = at, at + _length(code, at)
            own += 1
        trap = size and self._unit.owns(address + last)
        return Block(address, code, own - bool(trap))

    def _cost(self, block: Block) -> int:
        """Instructions of a block, and those that the vector unit may execute at once."""
        if self._limit is None:
            return block.own
        return block.own + self._run_length(block.address + block.own_bytes)

    def _run_length(self, pc: int) -> int:
        """How many instructions from `pc` on are the vector unit's."""
        run: list[int] = []
        at = pc
        while at not in self._run_lengths and (found := self._unit.decode(at)) is not None:
            run.append(at)
            at += found[1].size
        length = self._run_lengths.get(at, 0)
        for place in reversed(run):
            length += 1
            self._run_lengths[place] = length
        return length

    def _last_block(self) -> Block | None:
        if not self._words[_LAST]:
            return self._last
        return self._blocks[(self._words[_LAST] - self._words[_TABLE]) // _SLOT_BYTES]

    # -- the table

    def _make_table(self, slots: int) -> None:
        """An empty one. The last slot stays free, so that every search ends."""
        self._slots = np.zeros((slots + slots // 8, _SLOT_WORDS), np.uint64)
        self._cells = memoryview(self._slots).cast("B").cast("Q")
        self._own = np.zeros(len(self._slots), np.uint64)
        self._blocks: dict[int, Block] = {}
        self._slot_of: dict[tuple[int, int], int] = {}
        self._extent = 1 << 64, 0
        self._words[_TABLE], self._words[_MASK] = self._slots.ctypes.data, slots - 1
        self._words[_LAST], self._last = 0, None

    def _insert(self, block: Block) -> int:
        mask = self._words[_MASK]
        slot = block.address >> 1 & mask
        while self._cells[_SLOT_WORDS * slot + _SIZE]:
            slot += 1
        if slot == len(self._slots) - 1 or 2 * len(self._blocks) > mask:
            if len(self._blocks) < _MOST_BLOCKS:
                self._grow()
            else:
                self._fold()
            return self._insert(block)
        self._slots[slot] = block.address, len(block.code), self._cost(block), 0
        self._own[slot] = block.own
        self._blocks[slot] = block
        self._slot_of[block.address, len(block.code)] = slot
        low, high = self._extent
        self._extent = min(low, block.address), max(high, block.address + len(block.code))
        return slot

    def _grow(self) -> None:
        counts = self._in_table()
        self._make_table(4 * (self._words[_MASK] + 1))
        for block, count in counts.items():
            slot = self._insert(block)  # which may make the table anew
            self._cells[_SLOT_WORDS * slot + _COUNT] = count

    def _in_table(self) -> Counter[Block]:
        return Counter({
            block: self._cells[_SLOT_WORDS * slot + _COUNT] for slot, block in self._blocks.items()
        })  # fmt: skip


def _hook(words: memoryview, python: int) -> bytes:
    """Host code of `f(uc, address, size, data)`; clobbers only what a call may."""
    c = Code()
    c.constant(R8, np.frombuffer(words, np.uint64).ctypes.data)
    c.load_unsigned(RDX, RDX, 32)
    c.load(RAX, RSI)
    c.shift("shr", RAX, 1)
    c.arith("and", RAX, Mem(R8, 8 * _MASK))
    c.shift("shl", RAX, _SLOT_BYTES.bit_length() - 1)
    c.arith("add", RAX, Mem(R8, 8 * _TABLE))
    c.label("search")
    c.arith("cmp", RSI, Mem(RAX, 8 * _ADDRESS))
    c.jump_if("ne", "next")
    c.arith("cmp", RDX, Mem(RAX, 8 * _SIZE))
    c.jump_if("ne", "next")
    c.load(R9, Mem(R8, 8 * _BUDGET))
    c.arith("sub", R9, Mem(RAX, 8 * _COST))
    c.jump_if("b", "python")
    c.store(Mem(R8, 8 * _BUDGET), R9)
    c.increment(Mem(RAX, 8 * _COUNT))
    c.store(Mem(R8, 8 * _LAST), RAX)
    c.ret()
    c.label("next")
    c.arith_imm("cmp", Mem(RAX, 8 * _SIZE), 0)
    c.jump_if("e", "python")
    c.arith_imm("add", RAX, _SLOT_BYTES)
    c.jump("search")
    c.label("python")
    c.load(RDI, RSI)
    c.load(RSI, RDX)
    c.constant(RAX, python)
    c.jump_register(RAX)
    return c.finish()
