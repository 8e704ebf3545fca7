"""Room for recursion: programs nest, and what reads them recurses level by level.

Python refuses more than 1,000 calls on top of each other unless told otherwise. How deep a program
may nest is bounded where it is parsed (`fleet.syntax.tree.MAX_DEPTH`), so there is a limit to what
any reader needs; and since Python 3.11 a call of Python in Python takes no memory of C's stack. (To
Python 3.10 the system is asked to let that grow further, as it does while the main thread runs.)

It takes a piece of a chunk of 16 KB. A call that begins a new chunk asks the system for it, and
gives it back when it returns: a hundred times as long as other calls, in whatever loop stands there
by chance. A function whose frame is large gets a large chunk, and what it calls has the rest of it.
"""

from __future__ import annotations

import functools
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

FRAMES_OF_A_CALL = 60
"""Python frames for a call of a function of the program's, in whatever runs it."""
FRAME = 1 << 19
"""Words of a frame behind which there is room for about 20,000 others."""


C_STACK = 120 << 20
"""Bytes that the main thread's stack may take: the system keeps at least 128 MB free below it."""


def _deepen_c_stack() -> None:
    """On a Python whose calls take C's stack."""
    if sys.version_info >= (3, 11):
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if soft != resource.RLIM_INFINITY and soft < C_STACK:
        most = C_STACK if hard == resource.RLIM_INFINITY else min(C_STACK, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_STACK, (most, hard))


@contextmanager
def recursion_room(frames: int) -> Iterator[None]:
    """Lets Python recurse deeper than it does by itself, for a while.

    frames: the most Python calls that the caller needs on top of each other.
    """
    _deepen_c_stack()
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, frames + 1000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def make_room(frames: int) -> None:
    """Lets Python recurse that deep from now on."""
    _deepen_c_stack()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), frames))


def with_room_for_frames(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: the frames of all calls within a call of this function are in one chunk."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        return function(*arguments, **keywords)

    call.__code__ = call.__code__.replace(co_stacksize=FRAME)
    return functools.wraps(function)(call)
