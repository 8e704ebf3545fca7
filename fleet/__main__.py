"""`python -m fleet`, and the `fleet` that is installed: see `fleet.cli`.

Here is only what lies around it: Ctrl-C while Python still loads the program, or ends it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys

INTERRUPTED = 130
"""128 and the signal's number, as shells have it."""


def run() -> int:
    """Run the command line; the exit status."""
    try:
        _forget_folder()
        from fleet.cli import main  # within `try`: loading takes longer than many a command

        status = main()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # only Python's own end is left
        gc.freeze()  # which would look through all that was made for what can be freed
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("fleet: interrupted", file=sys.stderr)
        status = INTERRUPTED
    if status == INTERRUPTED:
        _leave(status)
    return status


def _forget_folder() -> None:
    """Programs of the folder that we are in are none of our modules, such as one that is called
    `random.py`: `python -m` would have them before Python's own."""
    try:
        here = os.getcwd()
    except OSError:  # it has been removed
        return
    ours = os.path.dirname(os.path.dirname(__file__))
    if here != ours and sys.path and sys.path[0] in ("", here):
        del sys.path[0]


def _leave(status: int) -> None:
    """End here: where Ctrl-C came while code made of text was run (that of a dataclass), Python
    would end by the signal, although it has been dealt with."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    sys.exit(run())
