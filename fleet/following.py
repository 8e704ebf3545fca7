"""A second run of a program beside the first, which says what NumPy warns of.

In: a run that found a reason to ask (a kernel divided by zero, say), and how to run the program
another way, by NumPy. Out: the warnings, before anything that the program shows after them. The one
idea: what a program asks of the world comes in the same order in both runs, so the second keeps
pace by counting it: it is given the first run's answers, and waits where there are none yet.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.host import SERVICES, Host, Service

ORDERED = ("print", "warn", "input", "stdin", "file", "clock", "time", "entropy", "exit")
"""Services with an effect, or with answers that differ from time to time."""

STACK = 256 << 20
"""Bytes of stack for the second run: a recursion of the program is one of its executor."""

Answer = tuple[str, Sequence[object]]
"""A service, and what it gave."""


class Following:
    """What the first run does for the second.

    host: of the first run; its services are watched from now on.
    again: runs the program by NumPy on another host.
    """

    def __init__(self, host: Host, again: Callable[[Host], None]) -> None:
        self._answers: list[Answer] = []
        self._again = again
        self._host = host
        self._second: _Second | None = None
        watched = {name: self._watched(name, host.services[name]) for name in ORDERED}
        host.services = {**host.services, **watched}

    def begin(self) -> None:
        """There may be something to warn of from here on."""
        self._second = _Second(self._again, self._host, self._answers)

    def finish(self) -> None:
        """The first run has come to its end."""
        if self._second is not None:
            self._second.go_to(None)

    def _watched(self, name: str, service: Service) -> Service:
        def perform(
            host: Host, arguments: list[Any], options: Mapping[str, Any]
        ) -> Sequence[object]:
            if self._second is not None:
                self._second.go_to(len(self._answers))
            results = service(host, arguments, options)
            self._answers.append((name, results))
            return results

        return perform


def run_followed(run: Callable[[], None], following: Following | None) -> None:
    """The first run, and what is left of the second once it has ended as programs do."""
    try:
        run()
    except ProgramError:
        if following is not None:
            following.finish()
        raise
    if following is not None:
        following.finish()


class _Left(BaseException):
    """The second run has gone another way than the first, or further than it: that is its end."""


class _Second:
    """The second run, in a thread that runs only while the first one waits for it."""

    def __init__(
        self, again: Callable[[Host], None], host: Host, answers: list[Answer]
    ) -> None:
        self._again = again
        self._host = Host(host.argv, host.stdout, host.stderr, host.stdin, host.limits)
        self._host.warned = host.warned
        self._host.services = {**SERVICES, **{name: self._answered(name) for name in ORDERED}}
        self._answers = answers
        self._given = 0
        self._limit: int | None = 0
        self._turn, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self._thread: threading.Thread | None = None
        self._over = False
        self._mistake: Exception | None = None

    def go_to(self, count: int | None) -> None:
        """Let it run until it asks for more answers than these; None: to its end."""
        if self._over:
            return
        self._limit = count
        if self._thread is None:
            before = threading.stack_size(STACK)
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
            threading.stack_size(before)
        else:
            self._turn.release()
        self._back.acquire()
        if self._mistake is not None:
            raise RuntimeError(f"the second run: {self._mistake!r}") from self._mistake

    def _run(self) -> None:
        try:
            self._again(self._host)
        except (_Left, FleetError, ProgramError, ProgramExit, MemoryError, RecursionError):
            pass  # the first run tells of its own
        except Exception as error:
            self._mistake = error
        finally:
            self._over = True
            self._back.release()

    def _answered(self, name: str) -> Service:
        """A service that gives what the first run was given."""

        def perform(
            host: Host, arguments: list[Any], options: Mapping[str, Any]
        ) -> Sequence[object]:
            while self._limit is not None and self._given >= self._limit:
                self._back.release()
                self._turn.acquire()
            if self._given >= len(self._answers) or self._answers[self._given][0] != name:
                raise _Left
            self._given += 1
            return self._answers[self._given - 1][1]

        return perform
