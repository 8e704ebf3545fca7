"""Progress on stderr, when that is a terminal: one line that is overwritten and then removed."""

from __future__ import annotations

import sys
import time
from types import TracebackType


class Progress:
    """Shows what is going on and for how long; silent where stderr is not a terminal."""

    def __init__(self, interval: float = 0.1) -> None:
        self.shown = sys.stderr.isatty()
        self.interval = interval
        self.start = time.perf_counter()
        self._last = 0.0
        self._width = 0

    def stage(self, text: str) -> None:
        """Show a new step at once."""
        self._show(text)

    def tick(self, text: str) -> None:
        """Show a text, at most every `interval` seconds."""
        if self.shown and time.perf_counter() - self._last > self.interval:
            self._show(text)

    def _show(self, text: str) -> None:
        if not self.shown:
            return
        self._last = time.perf_counter()
        line = f"{text} ({self._last - self.start:.1f} s)"
        sys.stderr.write("\r" + line.ljust(self._width))
        sys.stderr.flush()
        self._width = len(line)

    def clear(self) -> None:
        """Remove the line, so that the program's output starts on a clean one."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.clear()
