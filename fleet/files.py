"""Reading and writing the files that a user names: whole or not at all, and never a traceback.

A file is written under a temporary name in the folder that it goes to and then renamed, so that
there is never half of one and an error leaves what was there before. On the command line `-` is
standard input, which is read once and is called `<stdin>` from there on, or standard output.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import linecache
import os
import shutil
import signal
import stat
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from fleet.diagnostics import FleetError, Location

STANDARD = "-"
"""On the command line, standard input or output."""

STANDARD_INPUT = "<stdin>"
"""The name of standard input in messages, and to the functions here."""


def read_text(path: str | Path) -> str:
    """The text of a file in UTF-8. Raises FleetError, at the wrong byte, if it cannot be read."""
    data = read_bytes(path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FleetError(
            f"cannot read {path}: byte {data[error.start]:#04x} is not UTF-8 text",
            _place_of(data, error.start, str(path)),
            source=data.decode("utf-8", "replace"),
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place_of(data: bytes, offset: int, path: str) -> Location:
    before = data[:offset].decode("utf-8")
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Location(path, len(lines), len(lines[-1]))


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file. Raises FleetError if it cannot be read."""
    try:
        return standard_input() if str(path) == STANDARD_INPUT else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise FleetError(f"cannot read {path}: {reason_of(error)}") from None


@functools.cache
def standard_input() -> bytes:
    """All of standard input, whose lines messages can show from then on."""
    data = sys.stdin.buffer.read()
    lines = data.decode("utf-8", "replace").splitlines(keepends=True)
    linecache.cache[STANDARD_INPUT] = (len(data), None, lines, STANDARD_INPUT)
    return data


def spooled(path: str) -> str:
    """A file's path; for standard input, that of a copy which lasts as long as this process."""
    if path != STANDARD:
        return path
    folder = tempfile.mkdtemp(prefix="fleet-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = Path(folder, STANDARD_INPUT)
    copy.write_bytes(standard_input())
    return str(copy)


def write_text(path: str | Path, text: str) -> None:
    """Write a text in UTF-8. Raises FleetError if it cannot be written."""
    write_whole(path, lambda file: file.write(text.encode("utf-8", "surrogateescape")))


def write_whole(path: str | Path, write: Callable[[BinaryIO], object], mode: int = 0o666) -> int:
    """Let `write` fill a file that then appears at `path`, and give its size.

    mode: permissions, less those that the process's umask takes away.
    Raises FleetError if it cannot be written.
    """
    try:
        if str(path) == STANDARD:
            return _write_through(sys.stdout.buffer, write)
        target = Path(os.path.realpath(path))  # a link stays one, what it leads to is written
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            with open(target, "wb") as file:
                return _write_through(file, write)
        return _write_and_rename(target, write, mode)
    except (OSError, ValueError) as error:
        raise FleetError(f"cannot write {path}: {reason_of(error)}") from None


def _write_and_rename(target: Path, write: Callable[[BinaryIO], object], mode: int) -> int:
    temporary = target.with_name(f".fleet-{os.getpid()}-{os.urandom(4).hex()}")
    try:
        created = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
        with open(created, "w+b") as file:
            write(file)
            size = file.seek(0, os.SEEK_END)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    return size


def _write_through(file: BinaryIO, write: Callable[[BinaryIO], object]) -> int:
    """To a pipe or device, which cannot be replaced; a folder is an error."""
    with tempfile.TemporaryFile() as whole:
        write(whole)
        size = whole.seek(0, os.SEEK_END)
        whole.seek(0)
        shutil.copyfileobj(whole, file)
        file.flush()
    return size


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until a file that cannot be replaced at once is whole again."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    waiting: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: waiting.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if waiting:
        before(*waiting[0])


def check_output(output: str | Path, *inputs: str | Path) -> None:
    """Raise FleetError where an output would overwrite what it is made from."""
    if str(output) == STANDARD:
        return
    try:
        same = os.path.realpath(output) in map(os.path.realpath, inputs)
    except (OSError, ValueError) as error:  # a name that no file can have
        raise FleetError(f"cannot read {inputs[0]}: {reason_of(error)}") from None
    if same:
        raise FleetError(
            f"cannot write {output}: it is an input as well", hint="choose another with -o"
        )


def reason_of(error: Exception) -> str:
    """What the system says is wrong, without the path."""
    return getattr(error, "strerror", None) or str(error)
