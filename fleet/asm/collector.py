"""Python's search for cyclic garbage, switched off where there is none.

Tables of a large file are hundreds of thousands of objects, none of them in a cycle. The collector
walks all of them again whenever their number has grown by a quarter, which for nothing takes from a
tenth to half of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycles() -> Iterator[None]:
    """What is done here makes no cycles of objects that would have to be found."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            if not gc.get_freeze_count():  # what is left is old: not to be looked through at once
                gc.freeze()
                gc.unfreeze()
            gc.enable()
