"""How much work something is, counted in calls or launches: no clock decides."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable

import pytest

from fleet.emulation import emulate
from fleet.host import Host


def calls(function: Callable[..., object], *arguments: object) -> int:
    """How many functions a call calls, Python's and C's."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return count


def launches(
    elf: str, arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """How many kernels an executable launches in the emulator, and what it prints."""
    out = io.StringIO()
    emulate(elf, arguments, stats=True, host=Host([elf, *arguments], out, io.StringIO()))
    return json.loads(capfd.readouterr().err.splitlines()[-1])["launches"], out.getvalue()
