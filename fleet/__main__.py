"""`python -m fleet`, and the `fleet` that is installed: see `fleet.cli`.

Here is only what lies around it: Ctrl-C while Python still loads the program, or ends it.
"""

from __future__ import annotations

import gc
import signal
import sys


def run() -> int:
    """Run the command line; the exit status."""
    try:
        from fleet.cli import main  # within `try`: loading takes longer than many a command

        status = main()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # only Python's own end is left
        gc.freeze()  # which would look through all that was made for what can be freed
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("fleet: interrupted", file=sys.stderr)
        status = 130
    return status


if __name__ == "__main__":
    sys.exit(run())
