"""The IR before a pass that failed, and what was still to run: a file that fails the same way.

In: runs of passes. Out: a text in MLIR's form, the IR and in its external resources the pipeline,
which `fleet opt --run-reproducer FILE` and `mlir-opt --run-reproducer FILE` run.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.files import write_text
from fleet.ir.core import Operation
from fleet.ir.printing.printer import Printer
from fleet.ir.printing.spelling import string_text
from fleet.ir.rewriting.passes import Instrument, Run
from fleet.ir.rewriting.pipeline import pipeline_text

OWNER = "mlir_reproducer"
"""Whose external resources they are."""


class Reproducer(Instrument):
    """Keeps a copy of the module as it was before each pass and writes it when one fails."""

    def __init__(self, path: str, verify_each: bool, tell: Callable[[str], None]) -> None:
        self._path = path
        self._verify_each = verify_each
        self._tell = tell
        self._kept: Operation | None = None

    def before(self, run: Run) -> None:
        self._kept = run.module.clone()

    def failed(self, run: Run) -> None:
        if self._kept is None:
            return
        write_text(self._path, reproducer_text(self._kept, run, self._verify_each))
        self._kept = None
        self._tell(f"note: pass {run.entry.name} failed: what reproduces it is in {self._path}\n")


def reproducer_text(module: Operation, run: Run, verify_each: bool) -> str:
    """The module with its locations, and the rest of the pipeline."""
    printer = Printer(locations=True)
    body = printer.top_level(module)
    pipeline = string_text(f"builtin.module({pipeline_text(run.remaining)})")
    lines = [
        f"    {OWNER}: {{",
        f"      pipeline: {pipeline},",
        "      disable_threading: true,",
        f"      verify_each: {str(verify_each).lower()}",
        "    }",
    ]
    return body + printer.trailer(lines)
