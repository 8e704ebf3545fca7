"""What the machine needs of a device: memory with addresses, and kernels that can be started.

`Device` is the interface. The emulator implements it over guest memory; `HostMemory` here is plain
memory of this process, for devices whose kernels are executed by an interpreter.
"""

from __future__ import annotations

import mmap
from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

import numpy as np


class Device(Protocol):
    """A machine with memory that runs kernels."""

    def map_arena(self, size: int) -> int:
        """Reserve `size` bytes of zeroed memory: its address. Pages cost nothing until used."""
        ...

    def view(self, address: int, dtype: np.dtype, count: int) -> np.ndarray:
        """`count` elements at the address, as a view. Raises when they lie outside its memory."""
        ...

    def lend(self, array: np.ndarray) -> int:
        """Where a contiguous array of the host can be read, without a copy, until `take_back`."""
        ...

    def take_back(self) -> None:
        """End all that was lent."""
        ...

    def launch(self, kernel: int, arguments: Sequence[int]) -> None:
        """Run the kernel at this address: pointers, then sizes."""
        ...

    def raises(self, kernel: int, arguments: Sequence[int]) -> bool:
        """Run it: whether it divided by zero, overflowed, or did what gives no number."""
        ...


class HostMemory:
    """An address space made of arrays of this process: constants and one arena."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._regions: list[np.ndarray] = []
        self._next = 0x1000_0000
        self._lent = 0

    def place(self, array: np.ndarray) -> int:
        """Give a constant array an address; it is not copied when it is contiguous."""
        return self._add(np.ascontiguousarray(array).reshape(-1).view(np.uint8))

    def lend(self, array: np.ndarray) -> int:
        self._lent += 1
        return self.place(array)

    def take_back(self) -> None:
        for _ in range(self._lent):
            self._next = self._starts.pop()
            self._regions.pop()
        self._lent = 0

    def map_arena(self, size: int) -> int:
        return self._add(np.frombuffer(mmap.mmap(-1, size), np.uint8))

    def _add(self, region: np.ndarray) -> int:
        address = self._next
        self._starts.append(address)
        self._regions.append(region)
        self._next = -(-(address + region.size + 1) // 0x1_0000) * 0x1_0000
        return address

    def view(self, address: int, dtype: np.dtype, count: int) -> np.ndarray:
        found = bisect_right(self._starts, address) - 1
        size = np.dtype(dtype).itemsize * count
        if found >= 0:
            region = self._regions[found]
            offset = address - self._starts[found]
            if count >= 0 and offset + size <= region.size:
                return region[offset : offset + size].view(dtype)
        raise MemoryError(f"{size} bytes at {address:#x} are outside the device's memory")
