"""Arrays in files: `.npy` and `.npz` as memory maps.

In: a path. Out: arrays that refer to the file's bytes. The one idea: np.savez stores its members
uncompressed, so each is a `.npy` at an offset in the file and can be mapped there; nothing is read
until something looks at it. (ZIP application note 4.3.7; NumPy's npy format, version 1 to 3.)
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from fleet.evaluator.objects import members

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


def load(path: Any, name: Any) -> Any:
    """np.load: an array, or an Archive. name: (array, key) -> the program's value for an array."""
    file = Path(path)
    with file.open("rb") as stream:
        magic = stream.read(6)
        if magic[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            return Archive(file, name)
        if magic != b"\x93NUMPY":
            raise ValueError("This file contains pickled (object) data.")
        return name(map_member(file, 0), file.name)


def map_member(file: Path, offset: int) -> np.ndarray:
    """The `.npy` at an offset of the file, mapped read-only."""
    with file.open("rb") as stream:
        stream.seek(offset)
        shape, fortran, dtype = _read_header(stream)
        start = stream.tell()
    if dtype.hasobject:
        raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
    if 0 in shape or not dtype.itemsize:
        return np.zeros(shape, dtype)
    order = "F" if fortran else "C"
    mapped = np.memmap(file, dtype, "r", start, shape if shape else (1,), order)
    return np.asarray(mapped) if shape else np.asarray(mapped).reshape(())


def _read_header(stream: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(stream)
    return np.lib.format.read_array_header_2_0(stream)


class Archive(Mapping):
    """An open `.npz`: keys to arrays, each mapped when asked for."""

    def __init__(self, file: Path, name: Any) -> None:
        self.file = file
        self.name = name
        self.members: dict[str, zipfile.ZipInfo] = {}
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                self.members[info.filename.removesuffix(".npy")] = info
        self.files = list(self.members)

    def __getitem__(self, key: str) -> Any:
        info = self.members.get(key.removesuffix(".npy")) if isinstance(key, str) else None
        if info is None:
            raise KeyError(f"{key} is not a file in the archive")
        if info.compress_type != zipfile.ZIP_STORED:
            with np.load(self.file) as whole:
                array = whole[key]
        else:
            array = map_member(self.file, self._offset(info))
        return self.name(array, f"{self.file.name}:{key}")

    def _offset(self, info: zipfile.ZipInfo) -> int:
        """Where a member's bytes begin."""
        with self.file.open("rb") as stream:
            stream.seek(info.header_offset)
            fields = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
        return info.header_offset + _LOCAL_HEADER.size + fields[-2] + fields[-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        """Maps stay valid."""


members.declare(Archive, np.lib.npyio.NpzFile, "files items keys values get close")
