"""Writing a file so that there is never half of one: under another name, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from fleet.diagnostics import FleetError


def write_whole(path: str | Path, write: Callable[[BinaryIO], object], mode: int) -> int:
    """Let `write` fill a file that then appears at `path`; its size. FleetError if it cannot."""
    path = Path(path)
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            write(file)
            size = file.tell()
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        raise FleetError(f"cannot write {path}: {error.strerror}") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return size
