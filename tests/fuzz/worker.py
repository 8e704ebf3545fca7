"""Random programs in a process of its own, which another replaces after some, or when it dies.

In: seeds. Out: what came of each. The one idea: a process that is forked from ours has imported
everything, so a new one costs milliseconds, and neither memory that grows nor a crash ends us.
"""

from __future__ import annotations

import gc
import multiprocessing
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from .differential import Disagreement

EACH = 250
"""Programs of one process."""


@dataclass(frozen=True)
class Tried:
    """A program, and how a layer departs from CPython on it."""

    source: str
    found: Disagreement | None
    arguments: tuple[str, ...]


Try = Callable[[int, Path], Tried]
"""Runs the program of a seed, whose text it may write to the path."""


class Worker:
    """Does `work` elsewhere, again and again."""

    def __init__(self, work: Try) -> None:
        self._work = work
        self._context = multiprocessing.get_context("fork")
        self._left = 0

    def __call__(self, seed: int) -> Tried:
        if not self._left:
            self._renew()
        self._left -= 1
        self._asked.send(seed)
        try:
            answer: Tried = self._asked.recv()
        except EOFError:
            self._process.join()
            self._left = 0
            status = f"the process ended with status {self._process.exitcode}"
            return Tried("", Disagreement("process", "crash", status, ""), ())
        return answer

    def close(self) -> None:
        """Let the process end, which has nothing to do."""
        if self._left:
            self._end()

    def _end(self) -> None:
        self._asked.close()
        self._process.join()

    def _renew(self) -> None:
        if hasattr(self, "_process") and self._process.is_alive():
            self._end()
        self._asked, answers = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(self._work, answers, self._asked), daemon=True
        )
        self._process.start()
        answers.close()
        self._left = EACH


def _serve(work: Try, answers: Connection, other_end: Connection) -> None:
    other_end.close()
    gc.freeze()  # what is imported stays, and need not be looked through again and again
    with tempfile.TemporaryDirectory(prefix="fleet-bodies-") as folder:
        path = Path(folder) / "program.py"
        while True:
            try:
                seed = answers.recv()
            except EOFError:
                return
            answers.send(work(seed, path))
