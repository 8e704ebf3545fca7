"""RuntimeWarnings as CPython prints them: with the program's place, each once.

In: NumPy's message and a place in the program. Out: two lines on stderr, unless the same message
was shown for the same line before, as Python's default filter has it. The one idea: whoever knows
the place (the evaluator, the IR's executor, bytecode) shows them here, so that a program warns once
whatever runs it.
"""

from __future__ import annotations

import warnings
from typing import TextIO

from fleet.diagnostics import Location, source_line


class Warned:
    """What a run of a program has warned of so far. Whoever has Python ignore RuntimeWarnings
    sees none."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.ignored = _ignored()
        self._seen: set[tuple[str, str, str, int]] = set()

    def show(self, message: str, at: Location, category: str = "RuntimeWarning") -> None:
        """Print a warning, if it is the first of its text and line."""
        key = message, category, at.file, at.line
        if key in self._seen or (self.ignored and category == "RuntimeWarning"):
            return
        self._seen.add(key)
        line = source_line(at)
        text = f"{at.file}:{at.line}: {category}: {message}\n"
        self.stream.write(text if line is None else f"{text}  {line.strip()}\n")


def _ignored() -> bool:
    """Whether Python's filters drop all RuntimeWarnings; those for modules are not counted."""
    for action, message, category, module, line in warnings.filters:
        if issubclass(RuntimeWarning, category) and not (message or module or line):
            return action == "ignore"
    return False
