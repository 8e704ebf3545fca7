"""What CPython's compiler warns of in the user's program, shown as CPython shows it.

In: `ProgramWarning`s of the parser. Out: text on standard error, each once. The one idea: nothing
else that Python warns of while Fleet runs concerns the user.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator

from fleet.diagnostics import ProgramWarning


@contextlib.contextmanager
def program_warnings(shown: bool) -> Iterator[None]:
    """Show what CPython warns of in the user's program, each once, and no warning of our own."""
    seen: set[tuple[str, int]] = set()

    def show(
        warning: ProgramWarning, category: type, file: str, line: int, *_: object
    ) -> None:
        if (file, warning.number) not in seen:
            seen.add((file, warning.number))
            text = f"{file}:{line}: SyntaxWarning: {warning}\n  {warning.line.strip()}"
            print(text, file=sys.stderr)

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=".*")  # `warned` looks for filters of the user's
        if shown:
            warnings.simplefilter("always", ProgramWarning)
        warnings.showwarning = show
        yield
