"""System calls about files by their names: opening, asking, listing, creating, removing."""

from __future__ import annotations

import os
import stat
import struct
import time

from fleet.emu.host_memory import PAGE
from fleet.emu.linux.call import SystemCall, signed, signed_int, text_at
from fleet.emu.linux.errors import Error, Failure
from fleet.emu.linux.files import AT_FDCWD
from fleet.emu.linux.open_files import Status
from fleet.emu.linux.state import State

_AT_SYMLINK_NOFOLLOW, _AT_REMOVEDIR = 0x100, 0x200
_AT_SYMLINK_FOLLOW, _AT_EMPTY_PATH = 0x400, 0x1000
_RENAME_NOREPLACE = 1
_UTIME_NOW, _UTIME_OMIT = (1 << 30) - 1, (1 << 30) - 2
_STATX_BASIC = 0x7FF
_NANO = 1_000_000_000
_OWN_PATH = "/proc/self/exe"
_WORD = (1 << 64) - 1


def _path(process: State, address: int, folder: int, *, follow: bool = True) -> str:
    """The host's path of the guest's at an address, of something that may be changed."""
    text = os.fsdecode(text_at(process, address))
    found = process.files.path(text, signed_int(folder), follow=follow)
    if not process.files.is_inside(found):
        raise Failure(Error.EPERM)
    return found


def openat(process: State, folder: int, path: int, flags: int, mode: int) -> int:
    text = os.fsdecode(text_at(process, path))
    return process.files.open(text, signed_int(folder), flags & 0xFFFFFFFF, mode & 0xFFFF)


# -- what files are


def fstat(process: State, descriptor: int, address: int) -> int:
    process.memory.write(address, _status_bytes(process.files.file(descriptor).status()))
    return 0


def fstatat(process: State, folder: int, path: int, address: int, flags: int) -> int:
    process.memory.write(address, _status_bytes(_status(process, folder, path, flags)))
    return 0


def statx(
    process: State, folder: int, path: int, flags: int, _wanted: int, address: int
) -> int:
    process.memory.write(address, _statx_bytes(_status(process, folder, path, flags)))
    return 0


def _status(process: State, folder: int, path: int, flags: int) -> Status:
    text, files = os.fsdecode(text_at(process, path)) if path else "", process.files
    if text or not flags & _AT_EMPTY_PATH:
        return files.status_of(text, signed_int(folder), follow=not flags & _AT_SYMLINK_NOFOLLOW)
    if signed_int(folder) == AT_FDCWD:
        return files.status_of(".", AT_FDCWD, follow=True)
    return files.file(folder).status()


def _status_bytes(status: Status) -> bytes:
    """struct stat of <asm-generic/stat.h>."""
    times = [part for at in _times(status) for part in divmod(at, _NANO)]
    return struct.pack(
        "<QQIIIIQQqiiq6qII", status.device & _WORD, status.inode, status.mode, status.links,
        status.user, status.group, status.special & _WORD, 0, status.size, PAGE, 0, status.blocks,
        *times, 0, 0,
    )  # fmt: skip


def _statx_bytes(status: Status) -> bytes:
    """struct statx of <linux/stat.h>."""
    accessed, modified, changed = (
        struct.pack("<qIi", *divmod(at, _NANO), 0) for at in _times(status)
    )
    head = struct.pack(
        "<IIQIIIHHQQQQ", _STATX_BASIC, PAGE, 0, status.links, status.user, status.group,
        status.mode, 0, status.inode, status.size, status.blocks, 0,
    )  # fmt: skip
    numbers = [half for number in (status.special, status.device) for half in _halves(number)]
    tail = struct.pack("<4I", *numbers)
    return (head + accessed + bytes(16) + changed + modified + tail).ljust(256, b"\0")


def _times(status: Status) -> tuple[int, int, int]:
    return status.accessed, status.modified, status.changed


def _halves(device: int) -> tuple[int, int]:
    return os.major(device), os.minor(device)


def statfs(process: State, path: int, address: int) -> int:
    found = process.files.path(os.fsdecode(text_at(process, path)))
    process.memory.write(address, _statfs_bytes(os.statvfs(found)))
    return 0


def fstatfs(process: State, descriptor: int, address: int) -> int:
    found = os.fstatvfs(process.files.file(descriptor).host())
    process.memory.write(address, _statfs_bytes(found))
    return 0


def _statfs_bytes(found: os.statvfs_result) -> bytes:
    """struct statfs of <asm-generic/statfs.h>; the kind of file system is not told."""
    return struct.pack(
        "<12Q24x", 0, found.f_bsize, found.f_blocks, found.f_bfree, found.f_bavail, found.f_files,
        found.f_ffree, 0, found.f_namemax, found.f_frsize, found.f_flag, 0,
    )  # fmt: skip


def faccessat(process: State, folder: int, path: int, mode: int) -> int:
    return faccessat2(process, folder, path, mode, 0)


def faccessat2(process: State, folder: int, path: int, mode: int, flags: int) -> int:
    text, follow = os.fsdecode(text_at(process, path)), not flags & _AT_SYMLINK_NOFOLLOW
    found = process.files.path(text, signed_int(folder), follow=follow)
    is_link = stat.S_ISLNK(os.lstat(found).st_mode)
    if not is_link and not os.access(found, mode & 7):
        raise Failure(Error.EACCES)
    return 0


def readlinkat(process: State, folder: int, path: int, address: int, size: int) -> int:
    text = os.fsdecode(text_at(process, path))
    if text == _OWN_PATH:
        target = os.fsencode(os.path.abspath(process.path))
    else:
        found = process.files.path(text, signed_int(folder), follow=False)
        target = os.fsencode(os.readlink(found))
    if not size:
        raise Failure(Error.EINVAL)
    process.memory.write(address, target[:size])
    return min(len(target), size)


def getdents64(process: State, descriptor: int, address: int, size: int) -> int:
    """struct linux_dirent64, as many as fit."""
    folder = process.files.folder(descriptor)
    entries = folder.listing()
    data = bytearray()
    while folder.position < len(entries):
        entry = entries[folder.position]
        name = os.fsencode(entry.name) + b"\0"
        length = 19 + len(name) + 7 & -8
        if len(data) + length > size:
            if not data:
                raise Failure(Error.EINVAL)
            break
        folder.position += 1
        head = struct.pack("<QqHB", entry.inode, folder.position, length, entry.type)
        data += (head + name).ljust(length, b"\0")
    process.memory.write(address, bytes(data))
    return len(data)


# -- the current folder


def getcwd(process: State, address: int, size: int) -> int:
    data = os.fsencode(process.files.current) + b"\0"
    if size < len(data):
        raise Failure(Error.ERANGE)
    process.memory.write(address, data)
    return len(data)


def chdir(process: State, path: int) -> int:
    files = process.files
    text = os.fsdecode(text_at(process, path))
    found = files.path(text)
    os.lstat(found)
    if not os.path.isdir(found):
        raise Failure(Error.ENOTDIR)
    files.current = files.resolve(text)
    return 0


def fchdir(process: State, descriptor: int) -> int:
    process.files.current = process.files.folder(descriptor).path
    return 0


# -- creating, changing, removing


def mkdirat(process: State, folder: int, path: int, mode: int) -> int:
    found = _path(process, path, folder, follow=False)
    with process.files.masked():
        os.mkdir(found, mode & 0o1777)
    return 0


def unlinkat(process: State, folder: int, path: int, flags: int) -> int:
    found = _path(process, path, folder, follow=False)
    if flags & ~_AT_REMOVEDIR:
        raise Failure(Error.EINVAL)
    if flags & _AT_REMOVEDIR:
        _check_not_root(process, found)
        os.rmdir(found)
    elif os.path.isdir(found) and not os.path.islink(found):
        raise Failure(Error.EISDIR)
    else:
        os.unlink(found)
    return 0


def _check_not_root(process: State, found: str) -> None:
    if found == process.files.host_path("/"):
        raise Failure(Error.EBUSY)


def renameat2(process: State, folder: int, old: int, to: int, new: int, flags: int) -> int:
    source = _path(process, old, folder, follow=False)
    target = _path(process, new, to, follow=False)
    _check_not_root(process, source)
    _check_not_root(process, target)
    if flags & ~_RENAME_NOREPLACE:
        raise Failure(Error.EINVAL)
    if flags and os.path.lexists(target):
        raise Failure(Error.EEXIST)
    os.rename(source, target)
    return 0


def renameat(process: State, folder: int, old: int, to: int, new: int) -> int:
    return renameat2(process, folder, old, to, new, 0)


def linkat(process: State, folder: int, old: int, to: int, new: int, flags: int) -> int:
    source = _path(process, old, folder, follow=bool(flags & _AT_SYMLINK_FOLLOW))
    os.link(source, _path(process, new, to, follow=False), follow_symlinks=False)
    return 0


def symlinkat(process: State, target: int, folder: int, path: int) -> int:
    os.symlink(text_at(process, target), os.fsencode(_path(process, path, folder, follow=False)))
    return 0


def truncate(process: State, path: int, size: int) -> int:
    os.truncate(_path(process, path, AT_FDCWD), signed(size))
    return 0


def fchmod(process: State, descriptor: int, mode: int) -> int:
    os.fchmod(_own_file(process, descriptor), mode & 0o777)
    return 0


def _own_file(process: State, descriptor: int) -> int:
    """The host's descriptor of a file whose permissions and times the guest may change."""
    file = process.files.file(descriptor)
    if not file.path or not process.files.is_inside(process.files.host_path(file.path)):
        raise Failure(Error.EPERM)
    return file.host()


def fchmodat(process: State, folder: int, path: int, mode: int) -> int:
    os.chmod(_path(process, path, folder), mode & 0o777)
    return 0


def utimensat(process: State, folder: int, path: int, address: int, flags: int) -> int:
    if path:
        found = _path(process, path, folder, follow=not flags & _AT_SYMLINK_NOFOLLOW)
    else:
        found = _own_file(process, folder)
    times = time.time_ns(), time.time_ns()
    if address:
        times = _new_times(found, struct.unpack("<4q", process.memory.read(address, 32)))
    if isinstance(found, int):
        os.utime(found, ns=times)
    else:
        os.utime(found, ns=times, follow_symlinks=False)
    return 0


def _new_times(found: str | int, words: tuple[int, ...]) -> tuple[int, int]:
    """Of struct timespec[2]; one time or both may be the present one, or what it was."""
    status = os.stat(found) if isinstance(found, int) else os.lstat(found)
    old = status.st_atime_ns, status.st_mtime_ns
    new = []
    for before, seconds, rest in zip(old, words[::2], words[1::2], strict=True):
        if rest == _UTIME_OMIT:
            new.append(before)
        elif rest == _UTIME_NOW:
            new.append(time.time_ns())
        elif 0 <= rest < _NANO and abs(seconds) < 1 << 33:
            new.append(seconds * _NANO + rest)
        else:
            raise Failure(Error.EINVAL)
    return new[0], new[1]


def umask(process: State, mask: int) -> int:
    before, process.files.umask = process.files.umask, mask & 0o777
    return before


def sync(_process: State) -> int:
    return 0


PATH_CALLS = {
    17: SystemCall("getcwd", "text number", getcwd),
    34: SystemCall("mkdirat", "at path mode", mkdirat),
    35: SystemCall("unlinkat", "at path remove", unlinkat),
    36: SystemCall("symlinkat", "path at path", symlinkat),
    37: SystemCall("linkat", "at path at path atflags", linkat),
    38: SystemCall("renameat", "at path at path", renameat),
    43: SystemCall("statfs", "path pointer", statfs),
    44: SystemCall("fstatfs", "fd pointer", fstatfs),
    45: SystemCall("truncate", "path number", truncate),
    48: SystemCall("faccessat", "at path access", faccessat),
    49: SystemCall("chdir", "path", chdir),
    50: SystemCall("fchdir", "fd", fchdir),
    52: SystemCall("fchmod", "fd mode", fchmod),
    53: SystemCall("fchmodat", "at path mode", fchmodat),
    56: SystemCall("openat", "at path open newmode", openat),
    61: SystemCall("getdents64", "fd pointer number", getdents64),
    78: SystemCall("readlinkat", "at path text number", readlinkat),
    79: SystemCall("newfstatat", "at path stat atflags", fstatat),
    80: SystemCall("fstat", "fd stat", fstat),
    81: SystemCall("sync", "", sync),
    88: SystemCall("utimensat", "at path pointer atflags", utimensat),
    166: SystemCall("umask", "mode", umask),
    276: SystemCall("renameat2", "at path at path bits", renameat2),
    291: SystemCall("statx", "at path atflags bits pointer", statx),
    439: SystemCall("faccessat2", "at path access atflags", faccessat2),
}
