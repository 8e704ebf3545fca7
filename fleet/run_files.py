"""Files that a program opens while it runs.

In: what a program asks of a file, by the host service `file`. Out: CPython's own answers. The one
idea: a file is CPython's, one of the run's objects, so that what it encodes, buffers and says of
mistakes is CPython's; only where it is found is ours to say, and that is the run's `Root`.
"""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from fleet.diagnostics import FleetError


class Root(Protocol):
    """Where a run's files are. Its methods raise OSError as the system's do."""

    def open(self, path: str, flags: int) -> int:
        """A descriptor of the host, for flags as the module os has them."""

    def status(self, path: str) -> os.stat_result:
        """Of what a path leads to."""

    def remove(self, path: str) -> None:
        """Remove a file."""

    def make_folder(self, path: str) -> None:
        """Make a folder."""


class Opened:
    """The files that a run has opened and may not have closed; it closes them at its end.

    Of each it has the next line, if somebody has looked whether there is one.
    """

    def __init__(self) -> None:
        self._files: weakref.WeakSet[Any] = weakref.WeakSet()
        self._ahead: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()

    def more(self, file: Any) -> bool:
        """Whether there is another line."""
        if not self._ahead.get(file):
            self._ahead[file] = file.readline()
        return bool(self._ahead[file])

    def read(self, file: Any, size: int) -> Any:
        begun = self._ahead.pop(file, None)
        if not begun:
            return file.read(size)
        if size >= 0:
            self._keep(file, begun[size:])
            begun = begun[:size]
        rest = file.read(size if size < 0 else size - len(begun))
        return begun + rest

    def readline(self, file: Any, size: int) -> Any:
        line = self._ahead.pop(file, None)
        if not line:
            return file.readline(size)
        if size >= 0:
            self._keep(file, line[size:])
            line = line[:size]
        return line

    def _keep(self, file: Any, rest: Any) -> None:
        if rest:
            self._ahead[file] = rest

    def seek(self, file: Any, offset: int, whence: int) -> int:
        self._ahead.pop(file, None)
        return file.seek(offset, whence)

    def add(self, file: Any) -> Any:
        self._files.add(file)
        return file

    def flush(self) -> None:
        """What has been written is there for whoever looks, as after CPython has closed a file
        that nobody has any more."""
        for file in list(self._files):
            if not file.closed and file.writable():
                file.flush()

    def close(self) -> None:
        for file in list(self._files):
            file.close()


def _root(host: Any) -> Root:
    if host.root is None:
        raise FleetError(
            "the program opens files when it runs, and this run has none",
            hint="--root FOLDER gives it those of a folder, which is / to it",
        )
    return host.root


def _failed(error: OSError) -> tuple[int, str]:
    return error.errno or 0, error.strerror or str(error)


def _open(host: Any, path: Any, mode: str, encoding: Any, errors: Any, newline: Any) -> tuple:
    """The file, errno, and what the system says of it; with 0 it is open."""
    root = _root(host)
    host.opened.flush()
    text = {} if "b" in mode else {
        "encoding": encoding or "utf-8", "errors": errors, "newline": newline}  # fmt: skip
    try:
        file = open(path, mode, opener=root.open, **text)  # noqa: SIM115  (the program closes it)
        return host.opened.add(file), 0, ""
    except OSError as error:
        return None, *_failed(error)


def _change(host: Any, how: str, path: Any) -> tuple[int, str]:
    root = _root(host)
    try:
        {"remove": root.remove, "mkdir": root.make_folder}[how](path)
    except OSError as error:
        return _failed(error)
    return 0, ""


def _look(host: Any, how: str, path: Any) -> bool:
    """exists, isfile or isdir, as os.path has them."""
    try:
        found = _root(host).status(path)
    except (OSError, ValueError):
        return False
    folder, plain = (found.st_mode & 0o170000 == kind for kind in (0o040000, 0o100000))
    return {"exists": True, "isfile": plain, "isdir": folder}[how]


def _load_text(host: Any, file: Any, rank: int, dtype: str, options: Mapping[str, Any]) -> Any:
    """np.loadtxt. Raises FleetError for an array of another rank than the program is built for."""
    made = np.loadtxt(file, dtype=np.dtype(dtype), **options)
    if made.ndim != rank:
        raise FleetError(
            f"np.loadtxt read an array of rank {made.ndim} from a file that only run time knows, "
            f"and the program was built for rank {rank}",
            hint="ndmin=2 makes it one of rank 2, whatever the file has",
        )
    return made


_METHODS: Mapping[str, Callable[..., Any]] = {
    "more": lambda host, file: host.opened.more(file),
    "read": lambda host, file, size: host.opened.read(file, size),
    "readline": lambda host, file, size: host.opened.readline(file, size),
    "write": lambda host, file, text: file.write(text),
    "seek": lambda host, *given: host.opened.seek(*given),
    "tell": lambda host, file: file.tell(),
    "truncate": lambda host, file, size: file.truncate(None if size < 0 else size),
    "flush": lambda host, file: file.flush() or 0,
    "close": lambda host, file: file.close() or 0,
    "save": lambda host, file, array, columns: np.save(
        file, np.asfortranarray(array) if columns else array) or 0,
}


def perform(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    """Options: `name`, and for some further constants."""
    name = str(options["name"])
    match name:
        case "open":
            return _open(host, arguments[0], options["mode"], options.get("encoding"),
                         options.get("errors"), options.get("newline"))  # fmt: skip
        case "remove" | "mkdir":
            return _change(host, name, arguments[0])
        case "exists" | "isfile" | "isdir":
            return (_look(host, name, arguments[0]),)
        case "loadtxt":
            given = json.loads(options["options"])
            return (_load_text(host, arguments[0], options["rank"], options["dtype"], given),)
        case "fromfile":
            given = json.loads(options["options"])
            return (np.fromfile(arguments[0], np.dtype(options["dtype"]), **given),)
    return (_METHODS[name](host, *arguments),)


SERVICES = {"file": perform}
