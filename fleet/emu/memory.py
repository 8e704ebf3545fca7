"""Guest address space: regions of guest addresses, each backed by host memory.

A region is a host mmap that Unicorn maps too, so a NumPy view of guest memory costs nothing and no
byte is copied between the two. Guest addresses are checked against regions here for every access
that Python makes on the guest's behalf; those that Unicorn makes, Unicorn checks.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from fleet.diagnostics import FleetError
from fleet.emu.faults import AccessFault
from fleet.emu.host_memory import PAGE, discard
from fleet.emu.regions import RegionTable
from fleet.emu.windows import Windows

READ, WRITE, EXECUTE = 1, 2, 4
"""Permissions: Unicorn's numbering (UC_PROT_*)."""

VERBS = {READ: "read", WRITE: "write", EXECUTE: "fetch"}


class Region:
    """`size` bytes of guest memory from `base`.

    data:    memoryview of the bytes, for copying
    array:   the same as a NumPy array of uint8
    backing: whatever keeps the host memory alive
    """

    __slots__ = ("array", "backing", "base", "data", "end", "name", "permissions", "size")

    def __init__(
        self, base: int, array: np.ndarray, permissions: int, name: str, backing: object
    ) -> None:
        self.base = base
        self.size = len(array)
        self.end = base + self.size
        self.array = array
        self.data = memoryview(array)
        self.permissions = permissions
        self.name = name
        self.backing = backing

    @property
    def pointer(self) -> int:
        return self.array.ctypes.data


class Memory:
    """All regions of one guest, sorted by address and disjoint.

    table: the same for host code
    on_place, on_displace: called with addresses and the host memory that they get, and with those
        that have it no longer, with their size (the CPU maps it); see `Windows`
    on_map: called with the permissions of what is added
    on_unmap, on_protect: called with addresses, bytes and old and new permissions that regions lose
        or get
    on_new_code: called with address and bytes of what Python writes where code may be executed
    """

    def __init__(
        self,
        on_place: Callable[[int, np.ndarray], None] = lambda base, array: None,
        on_displace: Callable[[int, int], None] = lambda base, size: None,
        on_map: Callable[[int], None] = lambda permissions: None,
        on_unmap: Callable[[int, int, int], None] = lambda base, size, old: None,
        on_protect: Callable[[int, int, int, int], None] = lambda base, size, old, new: None,
        on_new_code: Callable[[int, int], None] = lambda base, size: None,
    ) -> None:
        self._bases: list[int] = []
        self.regions: list[Region] = []
        self.table = RegionTable()
        self._windows = Windows(on_place, on_displace)
        self._on_map = on_map
        self._on_unmap = on_unmap
        self._on_protect = on_protect
        self._on_new_code = on_new_code

    def map(
        self, base: int, array: np.ndarray, permissions: int, name: str, backing: object = None
    ) -> Region:
        """Adds a region; `base` and the array's length are multiples of the page size."""
        self._check_is_free(base, len(array), name)
        self._windows.put(base, array, backing)
        region = Region(base, array, permissions, name, backing)
        self._insert(bisect.bisect_right(self._bases, base), region)
        self._on_map(permissions)
        return region

    def map_anonymous(self, base: int, size: int, permissions: int, name: str) -> Region:
        """Adds zeroed memory, which becomes one with a neighbour of the same kind.

        The result is what was added, only.
        """
        self._check_is_free(base, size, name)
        window = self._windows.zeroed(base, size)
        low, high = base, base + size
        index = bisect.bisect_right(self._bases, base)

        def joins(region: Region) -> bool:
            same = region.permissions == permissions and region.name == name
            return same and window.base <= region.base and region.end <= window.end

        if index and self.regions[index - 1].end == low and joins(self.regions[index - 1]):
            index -= 1
            low = self._bases[index]
            self._delete(index)
        if index < len(self._bases) and self._bases[index] == high and joins(self.regions[index]):
            high = self.regions[index].end
            self._delete(index)
        whole = Region(low, window.part(low, high), permissions, name, window.backing)
        self._insert(index, whole)
        self._on_map(permissions)
        if whole.size == size:
            return whole
        return Region(base, window.part(base, base + size), permissions, name, window.backing)

    def reserve(self, base: int, size: int) -> None:
        """Makes it cheap to map many pieces of these addresses, of which nothing is mapped yet."""
        self._windows.reserve(base, size)

    def _check_is_free(self, base: int, size: int, name: str) -> None:
        if base % PAGE or size % PAGE or size <= 0 or not 0 <= base <= (1 << 63) - size:
            raise FleetError(f"cannot map {size} bytes at {base:#x}: not whole guest pages")
        if not self.is_free(base, size):
            raise FleetError(f"cannot map '{name}' at {base:#x}: memory is mapped there already")

    def is_free(self, base: int, size: int) -> bool:
        """Whether no region has any of these addresses."""
        index = bisect.bisect_right(self._bases, base)
        below_is_clear = index == 0 or self.regions[index - 1].end <= base
        return below_is_clear and (
            index == len(self._bases) or base + size <= self._bases[index]
        )

    def _insert(self, index: int, region: Region) -> None:
        self._bases.insert(index, region.base)
        self.regions.insert(index, region)
        self.table.insert(
            index, region.base, region.size, region.pointer, region.permissions
        )

    def _delete(self, index: int) -> None:
        del self._bases[index], self.regions[index]
        self.table.delete(index)

    def unmap(self, base: int, size: int) -> None:
        """Removes whole pages; where nothing is mapped, nothing happens."""
        for index, region in self._inside(base, base + size):
            self._delete(index)
            self._windows.release(region.base, region.end)
            self._on_unmap(region.base, region.size, region.permissions)

    def protect(self, base: int, size: int, permissions: int) -> None:
        """Gives whole pages other permissions; AccessFault, and no change, if some are unmapped."""
        place = base
        while place < base + size:
            region = self.find(place)
            if region is None:
                raise AccessFault("protection", place, base + size - place)
            place = region.end
        for index, region in self._inside(base, base + size):
            if region.permissions != permissions:
                old, region.permissions = region.permissions, permissions
                self.table.set(index, region.base, region.size, region.pointer, permissions)
                self._on_protect(region.base, region.size, old, permissions)

    def discard(self, base: int, size: int) -> None:
        """Makes pages as they were when they were mapped; AccessFault if some are unmapped."""
        end = base + size
        while base < end:
            region = self.find(base)
            if region is None:
                raise AccessFault("discard", base, end - base)
            stop = min(end, region.end)
            permissions = region.permissions
            if permissions & EXECUTE:  # it is no code meanwhile: nobody may go on with what it was
                self.protect(base, stop - base, permissions & ~EXECUTE)
            discard(region.array[base - region.base : stop - region.base], region.backing)
            if permissions & EXECUTE:
                self.protect(base, stop - base, permissions)
            base = stop

    def _inside(self, start: int, end: int) -> list[tuple[int, Region]]:
        """The regions between two addresses, the last first, those at the borders split there."""
        self._split(start)
        self._split(end)
        first, last = bisect.bisect_left(self._bases, start), bisect.bisect_left(self._bases, end)
        return [(index, self.regions[index]) for index in range(last - 1, first - 1, -1)]

    def _split(self, address: int) -> None:
        region = self.find(address)
        if region is None or region.base == address:
            return
        index = bisect.bisect_right(self._bases, address) - 1
        cut = address - region.base
        parts = [
            Region(base, array, region.permissions, region.name, region.backing)
            for base, array in ((region.base, region.array[:cut]), (address, region.array[cut:]))
        ]
        self._delete(index)
        for place, part in enumerate(parts, index):
            self._insert(place, part)

    def room(self, size: int, top: int, bottom: int) -> int | None:
        """The highest free place for `size` bytes between `bottom` and `top`."""
        return self.table.gap(size, top, bottom)

    def find(self, address: int) -> Region | None:
        """The region that holds the byte at `address`."""
        index = bisect.bisect_right(self._bases, address) - 1
        if index >= 0 and address < self.regions[index].end:
            return self.regions[index]
        return None

    def locate(self, address: int, size: int, permission: int) -> Region | None:
        """The one region that holds these bytes; None where they lie in several.

        Raises AccessFault unless every byte is mapped with `permission`.
        """
        region = self.find(address)
        if region is not None and region.permissions & permission and address + size <= region.end:
            return region
        reachable = self.reach(address, size, permission)
        if reachable < size:
            raise AccessFault(VERBS[permission], address + reachable, size - reachable)
        return None

    def reach(self, address: int, size: int, permission: int) -> int:
        """How many bytes from `address` on, at most `size`, can be accessed."""
        reached = 0
        while reached < size:
            region = self.find(address + reached)
            if region is None or not region.permissions & permission:
                break
            reached = min(size, region.end - address)
        return reached

    def read(self, address: int, size: int, permission: int = READ) -> bytes:
        region = self.locate(address, size, permission)
        if region is not None:
            return bytes(region.data[address - region.base : address - region.base + size])
        parts = []
        while size:
            part = self.find(address)
            count = min(size, part.end - address)
            parts.append(bytes(part.data[address - part.base : address - part.base + count]))
            address += count
            size -= count
        return b"".join(parts)

    def write(self, address: int, data: bytes | memoryview) -> None:
        self.locate(address, len(data), WRITE)
        done = 0
        while done < len(data):
            part = self.find(address + done)
            start = address + done - part.base
            count = min(len(data) - done, part.size - start)
            part.data[start : start + count] = data[done : done + count]
            self.written(part, start, start + count)
            done += count

    def written(self, region: Region, start: int, end: int) -> None:
        """To be called after bytes of a region were written to: code may have changed."""
        if region.permissions & EXECUTE:
            self._on_new_code(region.base + start, end - start)

    def view(self, address: int, dtype: DTypeLike, count: int) -> np.ndarray:
        """`count` elements of guest memory as a NumPy array that shares it; FleetError outside."""
        dtype = np.dtype(dtype)
        size = count * dtype.itemsize
        region = self.find(address)
        if size == 0:
            return np.empty(0, dtype)
        if count < 0 or region is None or address + size > region.end:
            raise FleetError(
                f"guest memory from {address:#x}, {count} elements of {dtype}, is not mapped"
            )
        start = address - region.base
        view = region.array[start : start + size].view(dtype)
        if not region.permissions & WRITE:
            view.flags.writeable = False
        return view
