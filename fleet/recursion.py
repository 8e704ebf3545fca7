"""Room for recursion: programs nest, and what reads them recurses level by level.

Python refuses more than 1,000 calls on top of each other unless told otherwise. How deep a program
may nest is bounded where it is parsed (`fleet.syntax.tree.MAX_DEPTH`), so there is a limit to what
any reader needs; and since Python 3.11 a call of Python in Python takes no memory of C's stack.

It takes a piece of a chunk of 16 KB. A call that begins a new chunk asks the system for it, and
gives it back when it returns: a hundred times as long as other calls, in whatever loop stands there
by chance. A function whose frame is large gets a large chunk, and what it calls has the rest of it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

FRAMES_OF_A_CALL = 60
"""Python frames for a call of a function of the program's, in whatever runs it."""
FRAME = 1 << 19
"""Words of a frame behind which there is room for about 20,000 others."""


@contextmanager
def recursion_room(frames: int) -> Iterator[None]:
    """Lets Python recurse deeper than it does by itself, for a while.

    frames: the most Python calls that the caller needs on top of each other.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, frames + 1000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def make_room(frames: int) -> None:
    """Lets Python recurse that deep from now on."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), frames))


def with_room_for_frames(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: the frames of all calls within a call of this function are in one chunk."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        return function(*arguments, **keywords)

    call.__code__ = call.__code__.replace(co_stacksize=FRAME)
    return functools.wraps(function)(call)
