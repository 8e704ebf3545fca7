"""Open files: what a descriptor of the guest stands for, and what `dup` lets several share.

A file of the host, one of the standard streams where the host keeps it in memory, a folder, or one
end of a pipe. Calls that do not fit raise Failure; those that the host rejects raise OSError.
"""

from __future__ import annotations

import fcntl
import os
import stat
from dataclasses import dataclass
from io import UnsupportedOperation
from typing import BinaryIO, NamedTuple

from fleet.emu.faults import Fault
from fleet.emu.linux.errors import Error, Failure

O_ACCMODE, O_WRONLY, O_RDWR, O_APPEND, O_NONBLOCK = 0o3, 0o1, 0o2, 0o2000, 0o4000

_PIPE_SIZE = 1 << 16
_FILE_TYPES = {stat.S_IFDIR: 4, stat.S_IFREG: 8, stat.S_IFLNK: 10, stat.S_IFIFO: 1, stat.S_IFCHR: 2}


@dataclass
class Status:
    """What a program may know of a file; times in nanoseconds."""

    mode: int
    size: int = 0
    inode: int = 0
    device: int = 0
    special: int = 0
    links: int = 1
    user: int = 0
    group: int = 0
    blocks: int = 0
    accessed: int = 0
    modified: int = 0
    changed: int = 0


def status_from(found: os.stat_result) -> Status:
    return Status(
        found.st_mode, found.st_size, found.st_ino, found.st_dev, found.st_rdev, found.st_nlink,
        found.st_uid, found.st_gid, found.st_blocks, found.st_atime_ns, found.st_mtime_ns,
        found.st_ctime_ns,
    )  # fmt: skip


class OpenFile:
    """flags: those of openat that the guest can ask for again; path: the guest's, "" if none.

    holders: how many descriptors stand for it
    """

    def __init__(self, flags: int = 0, path: str = "") -> None:
        self.flags = flags
        self.path = path
        self.holders = 0

    @property
    def readable(self) -> bool:
        return self.flags & O_ACCMODE != O_WRONLY

    @property
    def writable(self) -> bool:
        return self.flags & O_ACCMODE != 0

    def read(self, size: int) -> bytes:
        raise Failure(Error.EBADF)

    def write(self, data: bytes) -> int:
        raise Failure(Error.EBADF)

    def seek(self, offset: int, whence: int) -> int:
        raise Failure(Error.ESPIPE)

    def read_at(self, size: int, offset: int) -> bytes:
        raise Failure(Error.ESPIPE)

    def write_at(self, data: bytes, offset: int) -> int:
        raise Failure(Error.ESPIPE)

    def status(self) -> Status:
        return Status(stat.S_IFIFO | 0o600)

    def host(self) -> int:
        """The host's descriptor."""
        raise Failure(Error.EINVAL)

    def is_terminal(self) -> bool:
        return False

    def would_block(self) -> bool:
        """Whether reading would wait for somebody else; the host answers for its own files."""
        return False

    def close(self) -> None:
        """Called when no descriptor is left."""


class HostFile(OpenFile):
    """A file that the host has open; standard streams stay open."""

    def __init__(self, host: int, flags: int, path: str = "", *, ours: bool = True) -> None:
        super().__init__(flags, path)
        self._host = host
        self._ours = ours

    def read(self, size: int) -> bytes:
        return os.read(self._host, size)

    def write(self, data: bytes) -> int:
        return os.write(self._host, data)

    def seek(self, offset: int, whence: int) -> int:
        return os.lseek(self._host, offset, whence)

    def read_at(self, size: int, offset: int) -> bytes:
        return os.pread(self._host, size, offset)

    def write_at(self, data: bytes, offset: int) -> int:
        return os.pwrite(self._host, data, offset)

    def status(self) -> Status:
        return status_from(os.fstat(self._host))

    def host(self) -> int:
        return self._host

    def is_terminal(self) -> bool:
        return os.isatty(self._host)

    def close(self) -> None:
        if self._ours:
            os.close(self._host)


class Entry(NamedTuple):
    """A name in a folder: `type` as getdents64 gives it."""

    name: str
    inode: int
    type: int


class Folder(HostFile):
    """entries: as they were when they were first asked for; position: the next one's index."""

    def __init__(self, host: int, flags: int, path: str) -> None:
        super().__init__(host, flags, path)
        self.entries: list[Entry] | None = None
        self.position = 0

    def read(self, size: int) -> bytes:
        raise Failure(Error.EISDIR)

    def read_at(self, size: int, offset: int) -> bytes:
        raise Failure(Error.EISDIR)

    def seek(self, offset: int, whence: int) -> int:
        if whence not in (0, 1) or offset < 0:
            raise Failure(Error.EINVAL)
        self.position = offset + (self.position if whence else 0)
        if self.position == 0:
            self.entries = None
        return self.position

    def listing(self) -> list[Entry]:
        if self.entries is None:
            inode = os.fstat(self._host).st_ino
            found = [Entry(name, inode, 4) for name in (".", "..")]
            with os.scandir(self._host) as entries:
                for entry in sorted(entries, key=lambda e: e.name):
                    mode = stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)
                    found.append(Entry(entry.name, entry.inode(), _FILE_TYPES.get(mode, 0)))
            self.entries = found
        return self.entries


class Stream(OpenFile):
    """A standard stream that is a Python object in memory."""

    def __init__(self, stream: BinaryIO, flags: int) -> None:
        super().__init__(flags)
        self._stream = stream

    def read(self, size: int) -> bytes:
        try:
            read = getattr(self._stream, "read1", self._stream.read)
            return read(size) or b""
        except UnsupportedOperation:
            raise Failure(Error.EBADF) from None

    def write(self, data: bytes) -> int:
        try:
            self._stream.write(data)
            self._stream.flush()
        except UnsupportedOperation:
            raise Failure(Error.EBADF) from None
        return len(data)


def standard_stream(stream: BinaryIO, number: int) -> OpenFile:
    """Descriptor 0, 1 or 2: the host's own file where there is one."""
    try:
        stream.flush()
        host = stream.fileno()
    except (OSError, ValueError):  # in memory, or closed
        return Stream(stream, 0 if number == 0 else O_WRONLY)
    return HostFile(host, O_RDWR if os.isatty(host) else _access(host, number), ours=False)


def _access(host: int, number: int) -> int:
    try:
        return fcntl.fcntl(host, fcntl.F_GETFL) & O_ACCMODE
    except OSError:
        return 0 if number == 0 else O_WRONLY


class Pipe:
    """What two ends share. There is one thread, so who waits for the other end waits for ever."""

    def __init__(self, flags: int) -> None:
        self.held = bytearray()
        self.reader = PipeReader(self, flags & O_NONBLOCK)
        self.writer = PipeWriter(self, flags & O_NONBLOCK | O_WRONLY)


class PipeReader(OpenFile):
    def __init__(self, pipe: Pipe, flags: int) -> None:
        super().__init__(flags)
        self._pipe = pipe

    def read(self, size: int) -> bytes:
        if self.would_block() and size:
            _wait(self, "reads from an empty pipe")
        data = bytes(self._pipe.held[:size])
        del self._pipe.held[:size]
        return data

    def would_block(self) -> bool:
        return not self._pipe.held and self._pipe.writer.holders > 0


class PipeWriter(OpenFile):
    def __init__(self, pipe: Pipe, flags: int) -> None:
        super().__init__(flags)
        self._pipe = pipe

    def write(self, data: bytes) -> int:
        if not self._pipe.reader.holders:
            raise BrokenPipeError
        room = _PIPE_SIZE - len(self._pipe.held)
        if len(data) > room and (not self.flags & O_NONBLOCK or not room):
            _wait(self, "writes to a full pipe")
        self._pipe.held += data[:room]
        return min(len(data), room)


def _wait(file: OpenFile, what: str) -> None:
    if file.flags & O_NONBLOCK:
        raise Failure(Error.EAGAIN)
    raise Fault(f"the only thread {what}, and would wait for ever")
