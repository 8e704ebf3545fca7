"""Reading and writing the files that a user names: whole or not at all, and never a traceback.

A file is written under a temporary name in the folder that it goes to and then renamed, so that
there is never half of one and an error leaves what was there before.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from fleet.diagnostics import FleetError


def read_text(path: str | Path) -> str:
    """The text of a file in UTF-8. Raises FleetError if it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise FleetError(f"cannot read {path}: it is not text") from None
    except (OSError, ValueError) as error:
        raise FleetError(f"cannot read {path}: {reason_of(error)}") from None


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file. Raises FleetError if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise FleetError(f"cannot read {path}: {reason_of(error)}") from None


def write_text(path: str | Path, text: str) -> None:
    """Write a text in UTF-8. Raises FleetError if it cannot be written."""
    write_whole(path, lambda file: file.write(text.encode("utf-8", "surrogateescape")))


def write_whole(path: str | Path, write: Callable[[BinaryIO], object], mode: int = 0o666) -> int:
    """Let `write` fill a file that then appears at `path`, and give its size.

    mode: permissions, less those that the process's umask takes away.
    Raises FleetError if it cannot be written.
    """
    try:
        target = Path(os.path.realpath(path))  # a link stays one, what it leads to is written
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            return _write_through(target, write)
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


def _write_through(target: Path, write: Callable[[BinaryIO], object]) -> int:
    """To a pipe or device, which cannot be replaced; a folder is an error."""
    with open(target, "wb") as file, tempfile.TemporaryFile() as whole:
        write(whole)
        size = whole.seek(0, os.SEEK_END)
        whole.seek(0)
        shutil.copyfileobj(whole, file)
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
