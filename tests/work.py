"""How much work something is, counted in calls of functions, Python's and C's: no clock decides."""

from __future__ import annotations

import sys
from collections.abc import Callable


def calls(function: Callable[..., object], *arguments: object) -> int:
    """How many functions a call calls."""
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
