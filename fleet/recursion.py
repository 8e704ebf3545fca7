"""Room for recursion: programs nest, and what reads them recurses level by level.

Python refuses more than 1,000 calls on top of each other unless told otherwise. How deep a program
may nest is bounded where it is parsed (`fleet.syntax.tree.MAX_DEPTH`), so there is a limit to what
any reader needs; and since Python 3.11 a call of Python in Python takes no memory of C's stack.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
