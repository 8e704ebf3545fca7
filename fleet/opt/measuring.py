"""How long passes and analyses take, what they did, and every rewrite: reports for a reader.

In: what passes and watchers are told. Out: text in the manner of `mlir-opt --mlir-timing`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from fleet.diagnostics import UNKNOWN, Location
from fleet.ir.rewriting.journal import Text
from fleet.ir.rewriting.passes import Instrument, Run
from fleet.ir.rewriting.pipeline import pipeline_text
from fleet.ir.watch import Watcher

_RULE = f"===-{'-' * 71}-===\n"


def heading(title: str) -> str:
    return f"{_RULE}{f'... {title} report ...'.center(79).rstrip()}\n{_RULE}"


@dataclass
class Entry:
    """One pass of the pipeline, over all operations that it ran on."""

    name: str
    title: str
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    analyses: Counter[str] = field(default_factory=Counter)


class Measurements(Instrument, Watcher):
    """Collects over all runs. `trace`: where to tell of every rewrite."""

    def __init__(self, trace: Callable[[str], None] | None = None) -> None:
        self.traces = trace is not None
        self._trace = trace
        self.entries: dict[str, Entry] = {}
        self.phases: Counter[str] = Counter()
        self._running: Entry | None = None
        self._started = 0.0
        self._text: Text | None = None
        self._told = False
        """Whether the running pass has told of a rewrite."""
        self._begun = time.perf_counter()

    # -- what it is told

    def before(self, run: Run) -> None:
        self._told = False
        self._text = Text(run.target) if self.traces else None
        key = pipeline_text(run.remaining)
        entry = self.entries.setdefault(key, Entry(run.entry.name, run.entry.title))
        self._running = entry
        self._started = time.perf_counter()

    def after(self, run: Run) -> None:
        self._running.seconds += time.perf_counter() - self._started
        if self._text is not None and not self._told:
            removed, added = self._text.changes()
            if removed or added:
                self.rewrote("the pass as a whole", run.target.location, removed, added)
        self._running = None

    failed = after

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Something besides passes: parsing, printing."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.phases[name] += time.perf_counter() - start

    def counted(self, what: str, number: int) -> None:
        if self._running is not None:
            self._running.counts[what] += number

    def analysed(self, name: str, seconds: float) -> None:
        if self._running is not None:
            self._running.analyses[name] += seconds

    def rewrote(
        self, rule: str, place: Location, before: Sequence[str], after: Sequence[str]
    ) -> None:
        self._told = True
        where = "" if place is UNKNOWN or place.line <= 0 else f" at {place}"
        name = self._running.name if self._running is not None else "rewriting"
        lines = [f"{name}: {rule}{where}", *_marked("-", before), *_marked("+", after)]
        self._trace("\n".join(lines) + "\n")

    # -- reports

    def timing(self) -> str:
        """Seconds by phase, pass and analysis; the parts of the whole."""
        total = time.perf_counter() - self._begun
        rows = [("Parser", self.phases["Parser"])]
        for entry in self.entries.values():
            rows.append((entry.title, entry.seconds))
            rows += [(f"  (A) {name}", seconds) for name, seconds in entry.analyses.items()]
        rows.append(("Output", self.phases["Output"]))
        known = sum(seconds for name, seconds in rows if not name.startswith(" "))
        rows += [("Rest", max(total - known, 0.0)), ("Total", total)]
        lines = [
            f"  {seconds:8.4f} ({100 * seconds / total if total else 0:5.1f}%)  {name}\n"
            for name, seconds in rows
        ]
        return (
            f"{heading('Execution time')}  Total Execution Time: {total:.4f} seconds\n\n"
            f"  ----Wall Time----  ----Name----\n{''.join(lines)}"
        )

    def statistics(self) -> str:
        """What each pass counted, in the pipeline's order."""
        lines = []
        for entry in self.entries.values():
            lines.append(f"{entry.title} ({entry.name})\n")
            lines += [f"  (S) {number:6} {what}\n" for what, number in entry.counts.items()]
            if not entry.counts:
                lines.append("  (S)      0 changes\n")
        return heading("Pass statistics") + "".join(lines)


def _marked(mark: str, texts: Sequence[str]) -> list[str]:
    return [f"  {mark} {line}" for text in texts for line in text.splitlines()]
