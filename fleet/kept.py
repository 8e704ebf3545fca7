"""A program's IR in its executable: the text and the constants, in `.fleet.numpy`.

In: the text of a module, and arrays by the names that it has for them. Out: a zip archive, and
back. The one idea: what the executable has in memory anyway is not stored again; the archive names
the symbol, and the array is read where it is.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from fleet.diagnostics import FleetError

SECTION = ".fleet.numpy"
"""The section of an executable that holds it; it is not loaded."""

TEXT, TABLE = "numpy.mlir", "arrays.json"

View = Callable[[str, np.dtype, int], np.ndarray]
"""(symbol, dtype, count) -> the array there."""


@dataclass(frozen=True)
class Kept:
    """A module's text, and its large constants by name."""

    text: str
    arrays: Mapping[str, np.ndarray]

    def encode(self, symbols: Mapping[str, np.ndarray]) -> bytes:
        """The section. symbols: the arrays of the executable by name."""
        find = _Finder(symbols)
        table: dict[str, tuple[str, str, tuple[int, ...]] | None] = {}
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            _add(archive, TEXT, self.text.encode())
            for number, (name, array) in enumerate(self.arrays.items()):
                symbol = find(array)
                if symbol is not None:
                    table[name] = symbol, array.dtype.str, array.shape
                    continue
                table[name] = None
                stored = io.BytesIO()
                np.lib.format.write_array(stored, array, allow_pickle=False)
                _add(archive, f"{number}.npy", stored.getvalue())
            _add(archive, TABLE, json.dumps(table).encode())
        return data.getvalue()


class _Finder:
    """Finds the name of an array: the very one, or one with the same elements."""

    def __init__(self, symbols: Mapping[str, np.ndarray]) -> None:
        self._known = {id(array): symbol for symbol, array in symbols.items()}
        self._alike: dict[object, list[tuple[str, np.ndarray]]] = {}
        for symbol, array in symbols.items():
            self._alike.setdefault((array.dtype, array.shape), []).append((symbol, array))

    def __call__(self, array: np.ndarray) -> str | None:
        found = self._known.get(id(array))
        if found is None:
            data = array.tobytes()
            alike = self._alike.get((array.dtype, array.shape), ())
            found = next((symbol for symbol, each in alike if each.tobytes() == data), None)
        return found


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """A member that is the same whenever it is written."""
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, compresslevel=1)


def text_of(data: bytes | memoryview) -> str:
    """The text in a section. Raises FleetError where it is damaged."""
    with _reading(data) as archive:
        return archive.read(TEXT).decode()


def decode(data: bytes | memoryview, view: View) -> Kept:
    """What a section holds. Raises FleetError where it is damaged."""
    arrays = {}
    with _reading(data) as archive:
        text = archive.read(TEXT).decode()
        for number, (name, kept) in enumerate(json.loads(archive.read(TABLE)).items()):
            if kept is None:
                stored = io.BytesIO(archive.read(f"{number}.npy"))
                arrays[name] = np.lib.format.read_array(stored, allow_pickle=False)
                continue
            symbol, dtype, shape = kept
            count = int(np.prod(shape, dtype=np.int64))
            arrays[name] = view(symbol, np.dtype(dtype), count).reshape(shape)
    return Kept(text, arrays)


@contextmanager
def _reading(data: bytes | memoryview) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError,
            TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error) as error:
        raise FleetError(
            f"{SECTION}: the program is malformed ({error})",
            hint="rebuild the executable with `fleet build`",
        ) from error
