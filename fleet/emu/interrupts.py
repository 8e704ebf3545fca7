"""Ctrl-C while a guest runs.

Python handles a signal between two bytecodes, of which there are none while Unicorn runs a guest's
loop, and an exception raised where Unicorn calls back into Python gets lost. So the signal's number
is written to a pipe (`signal.set_wakeup_fd`), a thread reads it and stops Unicorn, and what the
signal asks for is raised when Unicorn has returned.
"""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable
from types import FrameType

_AGAIN = 0.05
"""Seconds between attempts to stop Unicorn, which misses one that comes before its start."""


class Interrupts:
    """A context in which Ctrl-C ends a machine's run with KeyboardInterrupt.

    stop:    stops the machine, from any thread
    running: whether the machine runs; elsewhere Ctrl-C raises KeyboardInterrupt at once
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self.running = False
        self._stop = stop
        self._pending = False
        self._active = False

    def check(self) -> None:
        """Raise the KeyboardInterrupt that came while the machine was running."""
        if self._pending:
            self._pending = False
            raise KeyboardInterrupt

    def __enter__(self) -> Interrupts:
        self._active = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )
        if self._active:
            self._signals, self._wake = os.pipe()
            os.set_blocking(self._wake, False)
            self._done, self._end = os.pipe()
            self._old_wake = signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
            signal.signal(signal.SIGINT, self._handle)
            self._watcher = threading.Thread(target=self._watch, daemon=True)
            self._watcher.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._active:
            return
        self._active = False
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.set_wakeup_fd(self._old_wake)
        os.close(self._end)
        self._watcher.join()
        for descriptor in (self._signals, self._wake, self._done):
            os.close(descriptor)

    def _handle(self, _signal: int, _frame: FrameType | None) -> None:
        if not self.running:
            raise KeyboardInterrupt
        self._pending = True

    def _watch(self) -> None:
        """The thread: wait for the signal, then stop the machine until the context is left."""
        interrupted = False
        told = select.poll()  # which takes any number of open files, as select does not
        told.register(self._signals, select.POLLIN)
        told.register(self._done, select.POLLIN | select.POLLHUP)
        while True:
            ready = [file for file, _ in told.poll(1000 * _AGAIN if interrupted else None)]
            if self._done in ready:
                return
            if self._signals in ready:
                interrupted |= signal.SIGINT in os.read(self._signals, 64)
            if interrupted:
                self._stop()
