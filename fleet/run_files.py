"""Files that a program opens while it runs.

In: what a program asks of a file, by the host service `file`. Out: CPython's own answers. The one
idea: a file is CPython's, one of the run's objects, so that what it encodes, buffers and says of
mistakes is CPython's; only where it is found is ours to say, and that is the run's `Root`.
"""

from __future__ import annotations

import contextlib
import fnmatch
import glob
import os
import stat
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Protocol

from fleet import run_arrays
from fleet.diagnostics import FleetError


class Root(Protocol):
    """Where a run's files are. Its methods raise OSError as the system's do."""

    def open(self, path: str, flags: int) -> int:
        """A descriptor of the host, for flags as the module os has them."""

    def status(self, path: str) -> os.stat_result:
        """Of what a path leads to."""

    def names(self, path: str) -> list[str]:
        """What is in a folder."""

    def remove(self, path: str) -> None: ...

    def make_folder(self, path: str, mode: int) -> None: ...

    def remove_folder(self, path: str) -> None: ...

    def rename(self, path: str, new: str) -> None: ...


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


def _look(host: Any, how: str, path: Any) -> bool:
    """exists, isfile or isdir, as os.path has them; without a root nothing is there."""
    try:
        found = None if host.root is None else host.root.status(path)
    except (OSError, ValueError):
        return False
    if found is None or how == "exists":
        return found is not None
    return (stat.S_ISREG if how == "isfile" else stat.S_ISDIR)(found.st_mode)


# -- what is in folders


def _make_folders(root: Root, path: str, mode: int, exist_ok: bool) -> None:
    """os.makedirs."""
    head, tail = os.path.split(path.rstrip("/") or path)
    if head and tail and not _is(root, "exists", head):
        with contextlib.suppress(FileExistsError):
            _make_folders(root, head, 0o777, exist_ok)
        if tail == ".":
            return
    try:
        root.make_folder(path, mode)
    except OSError:
        if not exist_ok or not _is(root, "isdir", path):
            raise


def _make_path(root: Root, path: str, mode: int, parents: bool, exist_ok: bool) -> None:
    """Path.mkdir."""
    try:
        root.make_folder(path, mode)
    except FileNotFoundError:
        above = str(PurePosixPath(path).parent)
        if not parents or above == path:
            raise
        _make_path(root, above, 0o777, True, True)
        _make_path(root, path, mode, False, exist_ok)
    except OSError:
        if not exist_ok or not _is(root, "isdir", path):
            raise


def _is(root: Root, how: str, path: str) -> bool:
    try:
        found = root.status(path).st_mode
    except (OSError, ValueError):
        return False
    return how == "exists" or stat.S_ISDIR(found)


def matching(root: Root, path: str, pattern: str, hidden: bool) -> list[str]:
    """The paths below a folder that a pattern of shells fits; `**` is any number of folders.

    hidden: whether `*` stands for names that begin with a dot.
    """
    found = [path]
    for part in pattern.split("/"):
        if part == "**":
            found = [below for one in found for below in _folders(root, one, hidden)]
        elif glob.has_magic(part):
            dots = hidden or part.startswith(".")
            found = [
                _below(one, name) for one in found if _is(root, "isdir", one or ".")
                for name in root.names(one or ".")
                if fnmatch.fnmatchcase(name, part) and (dots or not name.startswith("."))
            ]  # fmt: skip
        else:
            found = [_below(one, part) for one in found]
            found = [one for one in found if _is(root, "exists", one)]
    return found


def _below(folder: str, name: str) -> str:
    return os.path.join(folder, name) if folder not in ("", ".") else name


def _folders(root: Root, path: str, hidden: bool) -> Iterator[str]:
    """A folder and all that are in it."""
    yield path
    for name in root.names(path or "."):
        one = _below(path, name)
        if (hidden or not name.startswith(".")) and _is(root, "isdir", one):
            yield from _folders(root, one, hidden)


_CHANGES: Mapping[str, Callable[..., Any]] = {
    "remove": lambda root, path: root.remove(path),
    "mkdir": lambda root, path, mode: root.make_folder(path, mode),
    "makedirs": _make_folders,
    "mkpath": _make_path,
    "rmdir": lambda root, path: root.remove_folder(path),
    "rename": lambda root, path, new: root.rename(path, new),
}
_QUESTIONS: Mapping[str, Callable[..., Any]] = {
    "listdir": lambda root, path: root.names(path),
    "getsize": lambda root, path: root.status(path).st_size,
    "glob": matching,
}
"""What gives something."""


def _change(host: Any, name: str, arguments: list[Any]) -> tuple[int, str, str]:
    """errno, or 0, what the system says, and of which path."""
    root = _root(host)
    host.opened.flush()
    try:
        _CHANGES[name](root, *arguments)
        return 0, "", ""
    except OSError as error:
        return *_failed(error), error.filename or ""


def _ask(host: Any, name: str, arguments: list[Any]) -> tuple[Any, int, str]:
    """What a question gives, errno, or 0, and what the system says."""
    root = _root(host)
    host.opened.flush()
    try:
        return _QUESTIONS[name](root, *arguments), 0, ""
    except OSError as error:
        return (0 if name == "getsize" else []), *_failed(error)


_METHODS: Mapping[str, Callable[..., Any]] = {
    "more": lambda host, file: host.opened.more(file),
    "read": lambda host, file, size: host.opened.read(file, size),
    "readline": lambda host, file, size: host.opened.readline(file, size),
    "write": lambda host, file, text: file.write(text),
    "write_encoded": lambda host, file, text, encoding: file.write(text.encode(encoding)),
    "seek": lambda host, *given: host.opened.seek(*given),
    "tell": lambda host, file: file.tell(),
    "truncate": lambda host, file, size: file.truncate(None if size < 0 else size),
    "flush": lambda host, file: file.flush() or 0,
    "close": lambda host, file: file.close() or 0,
}


def perform(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    """Options: `name`, and for some further constants."""
    name = str(options["name"])
    match name:
        case "open":
            return _open(host, arguments[0], options["mode"], options.get("encoding"),
                         options.get("errors"), options.get("newline"))  # fmt: skip
        case "exists" | "isfile" | "isdir":
            return (_look(host, name, arguments[0]),)
        case _ if name in _CHANGES:
            return _change(host, name, arguments)
        case _ if name in _QUESTIONS:
            return _ask(host, name, arguments)
    if name in run_arrays.SERVICES:
        return run_arrays.perform(host, name, arguments, options)
    return (_METHODS[name](host, *arguments),)


SERVICES = {"file": perform}
