"""The files of a process: standard streams, and what lies below one folder, if it was given one.

In: descriptors and paths of the guest. Out: Python files; OSError where there is none such. The one
idea: a guest's path is resolved on the host with all its symbolic links, and what lies outside the
folder is refused, so "/" of the guest is the folder and nothing above it can be named.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from dataclasses import dataclass
from typing import BinaryIO

from fleet.diagnostics import FleetError

_MOST_OPEN = 256

# Flags of openat, <asm-generic/fcntl.h>, to the host's.
_ACCESS = {0: os.O_RDONLY, 1: os.O_WRONLY, 2: os.O_RDWR}
_FLAGS = {0o100: os.O_CREAT, 0o200: os.O_EXCL, 0o1000: os.O_TRUNC, 0o2000: os.O_APPEND}
_DIRECTORY = 0o200000


@dataclass
class Status:
    """What a program may know of a file."""

    mode: int
    size: int = 0
    inode: int = 0
    seconds: int = 0


class Files:
    """Descriptor -> file.

    root: the folder that is "/" to the guest; None: there are no files
    """

    def __init__(self, streams: dict[int, BinaryIO], root: str | None = None) -> None:
        if root is not None and not os.path.isdir(root):
            raise FleetError(f"{root} is no folder, and cannot be the root of files")
        self.streams = streams
        self.root = None if root is None else os.path.realpath(root)
        self._open: dict[int, BinaryIO] = dict(streams)

    def file(self, descriptor: int) -> BinaryIO:
        file = self._open.get(descriptor & 0xFFFFFFFF)
        if file is None:
            raise OSError(errno.EBADF, "bad descriptor")
        return file

    def path(self, text: str) -> str:
        """The host's path of a guest's; OSError where the guest has no business."""
        if self.root is None or not text:
            raise OSError(errno.ENOENT, "no such file")
        found = os.path.realpath(os.path.join(self.root, text.lstrip("/")))
        if found != self.root and not found.startswith(os.path.join(self.root, "")):
            raise OSError(errno.EACCES, "outside the folder")
        return found

    def open(self, text: str, flags: int, mode: int) -> int:
        path = self.path(text)
        access = _ACCESS.get(flags & 3)
        if access is None:
            raise OSError(errno.EINVAL, "bad access mode")
        if os.path.exists(path):
            kind = os.stat(path).st_mode
            if stat.S_ISDIR(kind):
                raise OSError(errno.EISDIR, "a folder")
            if not stat.S_ISREG(kind):
                raise OSError(errno.EACCES, "no regular file")
            if flags & _DIRECTORY:
                raise OSError(errno.ENOTDIR, "no folder")
        descriptor = next(n for n in range(3, _MOST_OPEN + 4) if n not in self._open)
        if descriptor >= _MOST_OPEN:
            raise OSError(errno.EMFILE, "too many open files")
        host_flags = access | sum(host for ours, host in _FLAGS.items() if flags & ours)
        host = os.open(path, host_flags | os.O_CLOEXEC, mode & 0o777)
        self._open[descriptor] = io.FileIO(host, ("rb", "r+b", "r+b")[flags & 3])
        return descriptor

    def close(self, descriptor: int) -> None:
        file = self.file(descriptor)
        del self._open[descriptor & 0xFFFFFFFF]
        if file not in self.streams.values():
            file.close()

    def seek(self, descriptor: int, offset: int, whence: int) -> int:
        file = self.file(descriptor)
        if not file.seekable():
            raise OSError(errno.ESPIPE, "no seeking here")
        if whence > 2:
            raise OSError(errno.EINVAL, "bad origin")
        return file.seek(offset, whence)

    def status(self, descriptor: int) -> Status:
        file = self.file(descriptor)
        try:
            return _status(os.fstat(file.fileno()))
        except io.UnsupportedOperation:  # a stream in memory
            return Status(stat.S_IFIFO | 0o600)

    def status_of(self, text: str) -> Status:
        return _status(os.stat(self.path(text)))

    def is_terminal(self, descriptor: int) -> bool:
        return self.file(descriptor).isatty()


def _status(found: os.stat_result) -> Status:
    return Status(found.st_mode, found.st_size, found.st_ino, int(found.st_mtime))
