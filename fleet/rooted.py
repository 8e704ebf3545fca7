"""A folder of the host as all that a program can reach of files.

In: paths of a program. Out: descriptors of the host. The one idea: paths are walked as the
emulator's processes have theirs walked, so nothing outside the folder can be named; a program that
Fleet built and one that makes system calls see the same files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from fleet.emu.linux.errors import Error, Failure
from fleet.emu.linux.files import AT_FDCWD, Files


class Rooted:
    """`folder` is "/", and where relative paths begin. Raises FleetError where it is none."""

    def __init__(self, folder: str) -> None:
        self._files = Files({}, folder)

    def open(self, path: str, flags: int) -> int:
        with _as_of_the_system(path):
            number = self._files.open(path, AT_FDCWD, flags, 0o666)
            try:
                return os.dup(self._files.file(number).host())
            finally:
                self._files.close(number)

    def status(self, path: str) -> os.stat_result:
        with _as_of_the_system(path):
            return os.lstat(self._files.path(path))

    def names(self, path: str) -> list[str]:
        with _as_of_the_system(path):
            return os.listdir(self._files.path(path))

    def remove(self, path: str) -> None:
        with _as_of_the_system(path):
            os.remove(self._files.path(path, follow=False))

    def make_folder(self, path: str, mode: int) -> None:
        with _as_of_the_system(path), self._files.masked():
            os.mkdir(self._files.path(path, follow=False), mode)

    def remove_folder(self, path: str) -> None:
        with _as_of_the_system(path):
            os.rmdir(self._files.path(path, follow=False))

    def rename(self, path: str, new: str) -> None:
        with _as_of_the_system(path, new):
            os.rename(self._files.path(path, follow=False), self._files.path(new, follow=False))


@contextmanager
def _as_of_the_system(path: str, *more: str) -> Iterator[None]:
    """Errors as the host's system has them, with the paths as the program gave them."""
    given = (path, None, *more) if more else (path,)
    try:
        yield
    except Failure as failure:
        error: Error = failure.error
        raise OSError(error.value, os.strerror(error.value), *given) from None
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, *given) from None
