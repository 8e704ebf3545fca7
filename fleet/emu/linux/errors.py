"""Errors of system calls, as Linux for RISC-V numbers them; the host may number them otherwise."""

from __future__ import annotations

import errno
from enum import IntEnum


class Error(IntEnum):
    """<asm-generic/errno.h>, as far as we return them."""

    EPERM = 1
    ENOENT = 2
    ESRCH = 3
    EINTR = 4
    EIO = 5
    ENXIO = 6
    E2BIG = 7
    ENOEXEC = 8
    EBADF = 9
    ECHILD = 10
    EAGAIN = 11
    ENOMEM = 12
    EACCES = 13
    EFAULT = 14
    EBUSY = 16
    EEXIST = 17
    EXDEV = 18
    ENODEV = 19
    ENOTDIR = 20
    EISDIR = 21
    EINVAL = 22
    ENFILE = 23
    EMFILE = 24
    ENOTTY = 25
    ETXTBSY = 26
    EFBIG = 27
    ENOSPC = 28
    ESPIPE = 29
    EROFS = 30
    EMLINK = 31
    EPIPE = 32
    EDOM = 33
    ERANGE = 34
    EDEADLK = 35
    ENAMETOOLONG = 36
    ENOLCK = 37
    ENOSYS = 38
    ENOTEMPTY = 39
    ELOOP = 40
    EOVERFLOW = 75
    EOPNOTSUPP = 95
    ETIMEDOUT = 110
    EDQUOT = 122


class Failure(Exception):
    """A system call fails with this error."""

    def __init__(self, error: Error) -> None:
        super().__init__(error.name)
        self.error = error


def error_of(problem: OSError) -> Error:
    """What the guest is told of a failure of the host."""
    name = errno.errorcode.get(problem.errno or 0, "EIO")
    return Error.__members__.get(name, Error.EIO)
