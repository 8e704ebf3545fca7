"""Host memory that backs guest memory: zeroed pages, and the pages of files."""

from __future__ import annotations

import ctypes
import mmap
import sys
from typing import BinaryIO

import numpy as np

from fleet.diagnostics import FleetError

PAGE = 4096
_NORESERVE = getattr(mmap, "MAP_NORESERVE", 0x4000 if sys.platform == "linux" else 0)


_ALWAYS = 1 << 30
"""A promise of so much is not worth asking for."""


def page_down(address: int) -> int:
    return address & -PAGE


def page_up(address: int) -> int:
    return (address + PAGE - 1) & -PAGE


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


def may_commit(size: int) -> bool:
    """Whether the host would promise a program so much memory, which it may not have to keep."""
    if size <= _ALWAYS:
        return True
    try:
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except (OSError, OverflowError, ValueError):
        return False
    return True


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
