"""Large constants beside the text: an .npz file that every dump of one compilation shares.

In: constants as printing meets them. Out: `dense_resource<key>` in the text, and the array in the
file, written as a stream and once, however many dumps mention it. Reading is lazy, array by array.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from fleet.diagnostics import FleetError
from fleet.files import reason_of, uninterrupted
from fleet.ir.attributes import INLINE_BYTES, DenseAttr
from fleet.ir.printing.spelling import resource_name


def is_resource(attr: DenseAttr) -> bool:
    """Whether a constant prints as a resource: it is named, large, and no splat."""
    return attr.key is not None and attr.value.nbytes > INLINE_BYTES and not attr.is_splat


class Resources:
    """Names for large constants: equal ones share a name, different ones never do."""

    def __init__(self) -> None:
        self.arrays: dict[str, DenseAttr] = {}
        self._names: dict[DenseAttr, str] = {}

    def name(self, attr: DenseAttr) -> str:
        known = self._names.get(attr)
        if known is not None:
            return known
        base = name = resource_name(attr.key or "constant")
        number = 0
        while not self.is_free(name):
            number += 1
            name = f"{base}_{number}"
        self._names[attr] = name
        self.arrays[name] = attr
        self.added(name, attr)
        return name

    def is_free(self, name: str) -> bool:
        """Whether no other constant has the name."""
        return name not in self.arrays

    def added(self, name: str, attr: DenseAttr) -> None:
        """Called once for each new constant."""


class ResourceFile(Resources):
    """Resources that are appended to an .npz file as they come; the file is made when needed."""

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.path = Path(path)
        self._mode = "w"

    def added(self, name: str, attr: DenseAttr) -> None:
        try:
            with (
                uninterrupted(),
                zipfile.ZipFile(self.path, self._mode, zipfile.ZIP_STORED) as archive,
                archive.open(f"{name}.npy", "w", force_zip64=True) as member,
            ):
                np.lib.format.write_array(member, attr.value, allow_pickle=False)
        except (OSError, zipfile.BadZipFile) as error:
            raise FleetError(f"cannot write {self.path}: {reason_of(error)}") from None
        self._mode = "a"


class KeptResources(Resources):
    """Resources of a text that was read: what came from a file keeps its name and stays there.

    kept: names of what was read; taken: all names that the file has. `arrays` are the others.
    """

    def __init__(self, kept: Mapping[DenseAttr, str], taken: Mapping[str, np.ndarray]) -> None:
        super().__init__()
        self._names.update(kept)
        self._taken = taken

    def is_free(self, name: str) -> bool:
        return super().is_free(name) and name not in self._taken


class ResourceReader(Mapping):
    """The arrays of an .npz file by name, each read when it is asked for."""

    def __init__(self, path: str | Path) -> None:
        self._path = path
        try:
            archive = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise self._damaged(error) from error
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise self._damaged("it is no .npz file")
        self._archive = archive

    def _damaged(self, why: object) -> FleetError:
        return FleetError(
            f"cannot read the constants in {self._path}: {why}",
            hint="dumps need the .npz file that was written beside them",
        )

    def __getitem__(self, name: str) -> np.ndarray:
        try:
            return self._archive[name]
        except KeyError:
            raise
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise self._damaged(f"{name}: {error}") from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._archive)

    def __len__(self) -> int:
        return len(self._archive)
