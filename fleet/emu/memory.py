"""Guest address space: regions of guest addresses, each backed by host memory.

A region is a host mmap that Unicorn maps too, so a NumPy view of guest memory costs nothing and no
byte is copied between the two. Guest addresses are checked against regions here for every access
that Python makes on the guest's behalf; those that Unicorn makes, Unicorn checks.
"""

from __future__ import annotations

import bisect
import ctypes
import mmap
import sys
from collections.abc import Callable
from typing import BinaryIO

import numpy as np
from numpy.typing import DTypeLike

from fleet.diagnostics import FleetError
from fleet.emu.faults import AccessFault

PAGE = 4096
READ, WRITE, EXECUTE = 1, 2, 4
"""Permissions: Unicorn's numbering (UC_PROT_*)."""

_NORESERVE = getattr(mmap, "MAP_NORESERVE", 0x4000 if sys.platform == "linux" else 0)
_VERBS = {READ: "read", WRITE: "write", EXECUTE: "fetch"}


def page_down(address: int) -> int:
    return address & -PAGE


def page_up(address: int) -> int:
    return (address + PAGE - 1) & -PAGE


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


def anonymous(size: int) -> tuple[np.ndarray, mmap.mmap]:
    """Zeroed host memory, whole pages, that takes room only where it is touched."""
    size = page_up(size)
    try:
        backing = mmap.mmap(
            -1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NORESERVE
        )
    except (OSError, OverflowError, ValueError) as error:
        raise FleetError(f"cannot reserve {size} bytes of guest memory: {error}") from error
    return np.frombuffer(backing, np.uint8), backing


def discard(pages: np.ndarray, backing: object) -> None:
    """Gives whole pages of `backing` back to the host: anonymous ones are zero again."""
    if isinstance(backing, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        start = pages.ctypes.data - np.frombuffer(backing, np.uint8).ctypes.data
        if start % mmap.PAGESIZE == 0 and len(pages):
            backing.madvise(mmap.MADV_DONTNEED, start, len(pages))
            return
    pages[:] = 0


def file_pages(file: BinaryIO, offset: int, size: int) -> tuple[np.ndarray, object]:
    """The pages of a file that hold `size` bytes from `offset` (page aligned), as private memory.

    Nothing is read until it is touched. The last page reaches past the end of the file where the
    file ends inside it; the operating system fills it with zeros.
    """
    start = offset - offset % mmap.ALLOCATIONGRANULARITY
    skip = offset - start
    backing = mmap.mmap(file.fileno(), skip + size, access=mmap.ACCESS_COPY, offset=start)
    pointer = np.frombuffer(backing, np.uint8).ctypes.data + skip
    pages = (ctypes.c_uint8 * page_up(size)).from_address(pointer)
    return np.ctypeslib.as_array(pages), backing


class Memory:
    """All regions of one guest, sorted by address and disjoint.

    on_map: called with each region that is added (the CPU maps it)
    on_unmap, on_protect: called with addresses, bytes and new permissions that regions lose or get
    on_new_code: called with address and bytes of what Python writes where code may be executed
    """

    def __init__(
        self,
        on_map: Callable[[Region], None],
        on_unmap: Callable[[int, int], None] = lambda base, size: None,
        on_protect: Callable[[int, int, int], None] = lambda base, size, permissions: None,
        on_new_code: Callable[[int, int], None] = lambda base, size: None,
    ) -> None:
        self._bases: list[int] = []
        self.regions: list[Region] = []
        self._on_map = on_map
        self._on_unmap = on_unmap
        self._on_protect = on_protect
        self._on_new_code = on_new_code

    def map(
        self, base: int, array: np.ndarray, permissions: int, name: str, backing: object = None
    ) -> Region:
        """Adds a region; `base` and the array's length are multiples of the page size."""
        region = Region(base, array, permissions, name, backing)
        index = bisect.bisect_right(self._bases, base)
        below_is_clear = index == 0 or self.regions[index - 1].end <= base
        above_is_clear = index == len(self._bases) or region.end <= self._bases[index]
        if base % PAGE or region.size % PAGE or not region.size or region.end > 1 << 63:
            raise FleetError(f"cannot map {region.size} bytes at {base:#x}: not whole guest pages")
        if not (below_is_clear and above_is_clear):
            raise FleetError(f"cannot map '{name}' at {base:#x}: memory is mapped there already")
        self._on_map(region)
        self._bases.insert(index, base)
        self.regions.insert(index, region)
        return region

    def extend(self, region: Region, array: np.ndarray) -> None:
        """Puts a longer region in a region's place: `array` is its bytes and those that follow.

        Who keeps the old one sees the same bytes, fewer of them.
        """
        base, added = region.end, array[region.size :]
        if self.room(len(added), base + len(added), base) is None:
            raise FleetError(f"cannot extend '{region.name}' to {base + len(added):#x}")
        self._on_map(Region(base, added, region.permissions, region.name, region.backing))
        self.regions[self.regions.index(region)] = Region(
            region.base, array, region.permissions, region.name, region.backing
        )

    def map_anonymous(self, base: int, size: int, permissions: int, name: str) -> Region:
        array, backing = anonymous(size)
        return self.map(base, array, permissions, name, backing)

    def unmap(self, base: int, size: int) -> None:
        """Removes whole pages; where nothing is mapped, nothing happens."""
        for index, region in self._inside(base, base + size):
            del self._bases[index], self.regions[index]
            self._on_unmap(region.base, region.size)

    def protect(self, base: int, size: int, permissions: int) -> None:
        """Gives whole pages other permissions; AccessFault, and no change, if some are unmapped."""
        place = base
        while place < base + size:
            region = self.find(place)
            if region is None:
                raise AccessFault("protection", place, base + size - place)
            place = region.end
        for _, region in self._inside(base, base + size):
            if region.permissions != permissions:
                region.permissions = permissions
                self._on_protect(region.base, region.size, permissions)

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
        index = self.regions.index(region)
        cut = address - region.base
        parts = [
            Region(base, array, region.permissions, region.name, region.backing)
            for base, array in ((region.base, region.array[:cut]), (address, region.array[cut:]))
        ]
        self.regions[index : index + 1] = parts
        self._bases.insert(index + 1, address)

    def room(self, size: int, top: int, bottom: int) -> int | None:
        """The highest free place for `size` bytes between `bottom` and `top`."""
        for region in reversed(self.regions):
            if region.base < top:
                if region.end <= top - size:
                    break
                top = region.base
        return top - size if top - size >= bottom else None

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
            raise AccessFault(_VERBS[permission], address + reachable, size - reachable)
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
