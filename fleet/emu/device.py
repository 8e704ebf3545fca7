"""A machine that kernels are called on: memory for their buffers, and calls by the psABI (lp64d).

    device = Device(vlen=1024)
    device.load_elf("out.elf")
    arena = device.map_arena(1 << 30)
    device.view(arena, "f4", 16)[:] = 1
    device.call("kernel_0", [arena, arena + 64, 16])
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from os import PathLike

import numpy as np
from numpy.typing import DTypeLike

from fleet.diagnostics import FleetError
from fleet.emu.host_memory import PAGE, page_down, page_up
from fleet.emu.loader import load_elf
from fleet.emu.machine import DEFAULT_EXECUTOR, STOP, Machine
from fleet.emu.memory import READ, WRITE, Memory
from fleet.emu.statistics import Stats

ARENA = 0x10_0000_0000
STACK_TOP = 0x3F_F000_0000
STACK_SIZE = 8 << 20

_RA, _SP, _A0 = 1, 2, 10
_ARGUMENT_REGISTERS = 8
_WORD = (1 << 64) - 1


class Device:
    """A machine with a stack, called function by function.

    vlen: bits of a vector register
    elf:  executable to load, or None (then `machine.load` gives it code)
    executor: of vector instructions: "native" or "reference"
    """

    def __init__(
        self,
        elf: str | PathLike[str] | None = None,
        *,
        vlen: int = 256,
        count_instructions: bool = False,
        max_instructions: int | None = None,
        executor: str = DEFAULT_EXECUTOR,
    ) -> None:
        self.machine = Machine(
            vlen,
            count_instructions=count_instructions,
            max_instructions=max_instructions,
            executor=executor,
        )
        stack = self.machine.map(STACK_TOP - STACK_SIZE, STACK_SIZE, "stack")
        self._stack = memoryview(stack.data).cast("Q")
        self._next_arena = ARENA
        self._lent: list[tuple[int, int]] = []
        if elf is not None:
            self.load_elf(elf)

    @property
    def memory(self) -> Memory:
        return self.machine.memory

    @property
    def vlen(self) -> int:
        return self.machine.vector.vlen

    @property
    def stats(self) -> Stats:
        return self.machine.stats()

    @property
    def symbols(self) -> dict[str, int]:
        return self.machine.symbols

    def load_elf(self, elf: str | PathLike[str]) -> None:
        """Maps the executable's segments and takes its symbols."""
        load_elf(self.machine, elf)

    def map_arena(self, size: int) -> int:
        """Reserves `size` bytes of zeroed memory; takes host memory only where it is touched."""
        base = self._next_arena
        size = page_up(max(size, 1))
        if base + size > STACK_TOP - STACK_SIZE:
            raise FleetError(f"an arena of {size} bytes does not fit in the guest's address space")
        self.memory.map_anonymous(base, size, READ | WRITE, "arena")
        self._next_arena = base + page_up(size + 1)  # an unmapped page between arenas
        return base

    def lend(self, array: np.ndarray) -> int:
        """Maps a contiguous array of the host for reading: its address until `take_back`.

        The guest sees whole pages, so what lies around the array in the host's memory, too.
        """
        pointer = array.__array_interface__["data"][0]
        first = page_down(pointer)
        size = page_up(pointer + max(array.nbytes, 1)) - first
        pages = np.ctypeslib.as_array((ctypes.c_uint8 * size).from_address(first))
        base = self._next_arena
        if base + size > STACK_TOP - STACK_SIZE:
            raise FleetError(f"an array of {size} bytes does not fit in the guest's address space")
        self.memory.map(base, pages, READ, "lent", array)
        self._lent.append((base, size))
        self._next_arena = base + size + PAGE
        return base + pointer - first

    def take_back(self) -> None:
        """Unmaps what was lent."""
        for base, size in reversed(self._lent):
            self.memory.unmap(base, size)
            self._next_arena = base
        self._lent.clear()

    def view(self, address: int, dtype: DTypeLike, count: int) -> np.ndarray:
        """Guest memory as a NumPy array that shares it; FleetError where nothing is mapped."""
        return self.memory.view(address, dtype, count)

    def address_of(self, function: str) -> int:
        address = self.machine.symbols.get(function)
        if address is None:
            raise FleetError(f"the executable has no symbol '{function}'")
        return address

    def call(self, function: int | str, arguments: Sequence[int] = ()) -> int:
        """Calls a function with integer and pointer arguments and returns a0.

        Raises GuestFault when it does something that ends a program.
        """
        address = function if isinstance(function, int) else self.address_of(function)
        machine = self.machine
        registers = machine.cpu.registers
        sp = STACK_TOP
        if len(arguments) > _ARGUMENT_REGISTERS:
            sp = self._push(arguments[_ARGUMENT_REGISTERS:])
        slot = _A0
        for value in arguments[:_ARGUMENT_REGISTERS]:
            registers[slot] = value & _WORD
            slot += 1
        registers[_RA], registers[_SP] = STOP, sp
        machine.cpu.store()
        machine.run(address)
        return registers[_A0]

    def _push(self, values: Sequence[int]) -> int:
        """Writes words to the top of the stack and returns their 16-byte aligned address."""
        size = 8 * len(values) + 15 & -16
        at = (STACK_SIZE - size) // 8
        for value in values:
            self._stack[at] = value & _WORD
            at += 1
        return STACK_TOP - size
