"""Arrays to files, by pieces, whatever their strides are.

Apart from `files.py`, so that what writes no arrays need not load NumPy.
"""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

PIECE = 1 << 24
"""Bytes of an array with gaps or another order (a transposed weight) put together at once."""


def write_buffer(file: BinaryIO, data: bytes | bytearray | memoryview | np.ndarray) -> None:
    """Write a buffer, arrays in row-major order whatever their strides are."""
    if not isinstance(data, np.ndarray):
        file.write(data)
    elif data.size and data.flags.c_contiguous:
        data.tofile(file)
    elif data.size:
        rows = max(1, PIECE * len(data) // data.nbytes)
        for start in range(0, len(data), rows):
            np.ascontiguousarray(data[start : start + rows]).tofile(file)
