"""The IR before and after passes, on standard error, headed as `mlir-opt` heads it.

    // -----// IR Dump After CSE (cse) //----- //
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import Instrument, Run

Show = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """When to print. `before` and `after` name passes; `all` is among them for every pass.

    changed: after a pass only where it changed something. failed: after a pass that failed.
    whole:   the whole module, not only what the pass ran on.
    """

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    changed: bool = False
    failed: bool = False
    whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.before or self.after or self.failed)


ALL = "all"


class IRPrinter(Instrument):
    """Prints the operations that passes run on."""

    def __init__(
        self, wanted: Wanted, text: Callable[[Operation], str], show: Show
    ) -> None:
        self._wanted = wanted
        self._text = text
        self._show = show
        self._was = ""

    def before(self, run: Run) -> None:
        if self._wanted.before & {ALL, run.entry.name}:
            self._print("Before", run)
        if self._wanted.changed:
            self._was = self._text(run.target)

    def after(self, run: Run) -> None:
        wanted = self._wanted.after & {ALL, run.entry.name}
        if wanted and not (self._wanted.changed and self._text(run.target) == self._was):
            self._print("After", run)

    def failed(self, run: Run) -> None:
        if self._wanted.failed or self._wanted.after & {ALL, run.entry.name}:
            self._print("After", run, " Failed")

    def _print(self, when: str, run: Run, ending: str = "") -> None:
        target = run.target
        head = f"// -----// IR Dump {when} {run.entry.title}{ending} ({run.entry.name})"
        if self._wanted.whole:
            name = target.get("sym_name")
            head += f" ('{target.name}' operation{f': @{name}' if name else ''})"
        shown = run.module if self._wanted.whole else target
        gap = "\n\n" if shown.name == "builtin.module" else "\n"
        self._show(f"{head} //----- //\n{self._text(shown)}{gap}")
