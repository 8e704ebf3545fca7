"""Which files are a program's data, which the build reads, and which are those of its runs.

In: paths that are known when the program is compiled. Out: leave to read, or a FleetError. The one
idea: no file is both, or a run would see what was there when the program was built.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fleet.diagnostics import FleetError


class DataFiles:
    """folders: below which the build reads; error: makes a rejection of the present place."""

    def __init__(self, folders: list[Path], error: Callable[..., FleetError]) -> None:
        self.folders = folders
        self._error = error
        self._read: set[Path] = set()
        self._written: set[Path] = set()
        self._listed: set[Path] = set()
        self.kinds: dict[Any, Any] = {}
        """What is in files that the program has written."""

    def readable(self, path: Any) -> Path:
        """The path, if it lies where a build may read. Raises FleetError."""
        real = Path(path).resolve()
        if real in self._written:
            raise self._error(
                f"the program writes `{path}` when it runs, and this reads it when it is built",
                "open() reads such a file when the program runs",
            )
        if not self._is_below(real):
            raise self._error(
                f"the build reads only what lies below the program's folder, and `{path}` does not",
                "put the file beside the program, or allow its folder with --allow-read",
            )
        self._read.add(real)
        return Path(path)

    def _is_below(self, real: Path) -> bool:
        return any(real.is_relative_to(folder) for folder in self.folders)

    def is_written(self, path: Any) -> bool:
        """Whether the program has written, or may have, what a path leads to."""
        return Path(path).resolve() in self._written

    def is_there(self, path: str) -> bool:
        """Whether a path leads to a file that is data of the program."""
        try:
            real = Path(path).resolve()
            return real not in self._written and self._is_below(real) and real.is_file()
        except (OSError, ValueError):  # a name that no file can have
            return False

    def exists(self, path: str) -> bool:
        """Whether a path leads to a file or folder that is data of the program."""
        return self.is_there(path) or self.is_folder(path)

    def is_folder(self, path: str) -> bool:
        """Whether a path leads to a folder that is, in which the program has written nothing."""
        try:
            real = Path(path).resolve()
            return self._is_below(real) and real.is_dir() and not any(
                real in (one, one.parent) for one in self._written)  # fmt: skip
        except (OSError, ValueError):
            return False

    def listed(self, path: str) -> Path:
        """A folder, in which the program shall write nothing from now on."""
        found = self.readable(path)
        self._listed.add(found.resolve())
        return found

    def will_write(self, path: str) -> None:
        """Note that a run writes to a path. Raises FleetError if the build has read it."""
        if "\0" in path:
            return
        real = Path(path).resolve()
        if real in self._read or real.parent in self._listed:
            raise self._error(
                f"`{path}` was read or looked for when the program was built, and is written here",
                "a file is data of the program or one of its runs: take its name from sys.argv for "
                "the latter",
            )
        self._written.add(real)
