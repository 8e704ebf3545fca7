"""The files of a process: standard streams, and what lies below one folder, if it was given one.

In: descriptors and paths of the guest. Out: open files and paths of the host; Failure where there
are none such. The one idea: a guest's path is walked name by name, with symbolic links and ".." as
they look from inside, so that "/" is the folder and nothing outside can be named.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from fleet.diagnostics import FleetError
from fleet.emu.linux.errors import Error, Failure
from fleet.emu.linux.open_files import (
    O_ACCMODE,
    O_APPEND,
    O_NONBLOCK,
    Folder,
    HostFile,
    OpenFile,
    Pipe,
    Status,
    standard_stream,
    status_from,
)

AT_FDCWD = -100
MOST_OPEN = 1024
_MOST_LINKS = 40

O_CREAT, O_EXCL, O_TRUNC, O_DIRECTORY = 0o100, 0o200, 0o1000, 0o200000
O_NOFOLLOW, O_CLOEXEC, O_PATH, O_TMPFILE = 0o400000, 0o2000000, 0o10000000, 0o20000000
"""<asm-generic/fcntl.h>"""

_ACCESS = {0: os.O_RDONLY, 1: os.O_WRONLY, 2: os.O_RDWR}
_HOST_FLAGS = {
    O_CREAT: os.O_CREAT, O_EXCL: os.O_EXCL, O_TRUNC: os.O_TRUNC, O_APPEND: os.O_APPEND
}  # fmt: skip
_DEVICES = frozenset(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom"))
"""Files of the host that are the same for everybody."""


class Files:
    """Descriptors, the current folder, and the way from a guest's path to the host's.

    root: the folder that is "/" to the guest; None: there are no files
    """

    def __init__(self, streams: dict[int, BinaryIO], root: str | None = None) -> None:
        if root is not None and not os.path.isdir(root):
            raise FleetError(f"{root} is no folder, and cannot be the root of files")
        self.root = None if root is None else os.path.realpath(root)
        self.current = "/"
        self.umask = os.umask(0o22)
        os.umask(self.umask)
        self._closed_on_exec: set[int] = set()
        self._open: dict[int, OpenFile] = {}
        for number, stream in sorted(streams.items()):
            self.put(number, standard_stream(stream, number))

    # -- descriptors

    def file(self, descriptor: int) -> OpenFile:
        file = self._open.get(descriptor & 0xFFFFFFFF)
        if file is None:
            raise Failure(Error.EBADF)
        return file

    def folder(self, descriptor: int) -> Folder:
        file = self.file(descriptor)
        if not isinstance(file, Folder):
            raise Failure(Error.ENOTDIR)
        return file

    def add(self, file: OpenFile, least: int = 0, *, closed_on_exec: bool = False) -> int:
        """The lowest free descriptor from `least` on now stands for `file`."""
        number = next(n for n in range(least, MOST_OPEN + 1) if n not in self._open)
        if number == MOST_OPEN:
            if not file.holders:
                file.close()
            raise Failure(Error.EMFILE)
        self.put(number, file)
        self.close_on_exec(number, closed_on_exec)
        return number

    def put(self, number: int, file: OpenFile) -> None:
        """Descriptor `number` now stands for `file`, whatever it stood for before."""
        if number >= MOST_OPEN:
            raise Failure(Error.EBADF)
        file.holders += 1
        if number in self._open:
            self.close(number)
        self._open[number] = file

    def close(self, descriptor: int) -> None:
        file = self.file(descriptor)
        del self._open[descriptor & 0xFFFFFFFF]
        self._closed_on_exec.discard(descriptor & 0xFFFFFFFF)
        file.holders -= 1
        if not file.holders:
            file.close()

    def close_all(self) -> None:
        for number in list(self._open):
            self.close(number)

    def numbers(self, first: int, last: int) -> list[int]:
        return [number for number in self._open if first <= number <= last]

    def close_on_exec(self, number: int, wanted: bool | None = None) -> bool:
        """Programs can ask for what they set; nothing else comes of it."""
        if wanted is not None:
            (self._closed_on_exec.add if wanted else self._closed_on_exec.discard)(number)
        return number in self._closed_on_exec

    # -- paths

    def path(self, text: str, folder: int = AT_FDCWD, *, follow: bool = True) -> str:
        """The host's path of a guest's, whose last name need not exist."""
        return self.host_path(self.resolve(text, folder, follow=follow))

    def host_path(self, inside: str) -> str:
        return inside if inside in _DEVICES else self.root + inside.rstrip("/")

    def is_inside(self, path: str) -> bool:
        """Whether a path of the host is below the folder, not a device."""
        return path not in _DEVICES

    def resolve(self, text: str, folder: int = AT_FDCWD, *, follow: bool = True) -> str:
        """The guest's absolute path without symbolic links, `.` and `..`."""
        if self.root is None or not text:
            raise Failure(Error.ENOENT)
        if text in _DEVICES:
            return text
        parts: list[str] = [] if text.startswith("/") else self._base(folder)
        bare = text.rstrip("/")
        follow = follow or bare != text
        pending = bare.split("/")[::-1]
        links = 0
        while pending:
            name = pending.pop()
            if name in ("", "."):
                continue
            if name == "..":
                del parts[-1:]
                continue
            here = self.host_path("/" + "/".join([*parts, name]))
            mode = _mode(here)
            if stat.S_ISLNK(mode) and (follow or pending):
                links += 1
                if links > _MOST_LINKS:
                    raise Failure(Error.ELOOP)
                target = os.readlink(here)
                if target.startswith("/"):
                    parts = []
                pending += target.split("/")[::-1]
                continue
            if pending and not stat.S_ISDIR(mode):
                raise Failure(Error.ENOTDIR if mode else Error.ENOENT)
            parts.append(name)
            if bare != text and not pending and mode and not stat.S_ISDIR(mode):
                raise Failure(Error.ENOTDIR)
        return "/" + "/".join(parts)

    def _base(self, folder: int) -> list[str]:
        inside = self.current if folder == AT_FDCWD else self.folder(folder).path
        return [name for name in inside.split("/") if name]

    def status_of(self, text: str, folder: int, *, follow: bool) -> Status:
        return status_from(os.lstat(self.path(text, folder, follow=follow)))

    # -- opening

    def open(self, text: str, folder: int, flags: int, mode: int) -> int:
        access = _ACCESS.get(flags & O_ACCMODE)
        if access is None:
            raise Failure(Error.EINVAL)
        if flags & O_TMPFILE:
            raise Failure(Error.EOPNOTSUPP)
        exclusive = flags & (O_CREAT | O_EXCL) == O_CREAT | O_EXCL
        inside = self.resolve(text, folder, follow=not flags & O_NOFOLLOW and not exclusive)
        path = self.host_path(inside)
        kept = flags & (O_ACCMODE | O_APPEND | O_NONBLOCK | O_DIRECTORY | O_PATH)
        found = _mode(path)
        if stat.S_ISDIR(found):
            if flags & O_CREAT or access != os.O_RDONLY and not flags & O_PATH:
                raise Failure(Error.EEXIST if exclusive else Error.EISDIR)
            host = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            file: OpenFile = Folder(host, kept | O_DIRECTORY, inside)
        else:
            _check_kind(path, found, flags)
            host_flags = access | os.O_CLOEXEC | os.O_NOFOLLOW
            host_flags |= sum(host for ours, host in _HOST_FLAGS.items() if flags & ours)
            with self.masked():
                file = HostFile(os.open(path, host_flags, mode & 0o777), kept, inside)
        return self.add(file, closed_on_exec=bool(flags & O_CLOEXEC))

    @contextmanager
    def masked(self) -> Iterator[None]:
        """While something is created, the guest's umask is in force."""
        before = os.umask(self.umask)
        try:
            yield
        finally:
            os.umask(before)

    def pipe(self, flags: int) -> tuple[int, int]:
        pipe = Pipe(flags)
        closed_on_exec = bool(flags & O_CLOEXEC)
        reader = self.add(pipe.reader, closed_on_exec=closed_on_exec)
        try:
            return reader, self.add(pipe.writer, closed_on_exec=closed_on_exec)
        except Failure:
            self.close(reader)
            raise


def _check_kind(path: str, mode: int, flags: int) -> None:
    """What is no folder can be opened if it is a regular file, a harmless device, or not there."""
    if flags & O_DIRECTORY and mode:
        raise Failure(Error.ENOTDIR)
    if stat.S_ISLNK(mode):
        raise Failure(Error.EEXIST if flags & O_EXCL else Error.ELOOP)
    if mode and not stat.S_ISREG(mode) and path not in _DEVICES:
        raise Failure(Error.EACCES)


def _mode(path: str) -> int:
    """A file's type and permissions; 0 if there is none."""
    try:
        return os.lstat(path).st_mode
    except FileNotFoundError:
        return 0
    except NotADirectoryError:
        raise Failure(Error.ENOTDIR) from None
