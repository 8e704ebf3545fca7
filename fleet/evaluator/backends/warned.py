"""NumPy's warnings about known values, shown with the program's place.

In: warnings that Python's and NumPy's own code gives while a program is evaluated. Out: the text
that CPython prints for them. The one idea: Python takes the frame that called for the place of a
warning, and that is one of ours; where the program is, only the evaluator knows.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from fleet.diagnostics import Location, source_line


@contextmanager
def shown_warnings(location: Callable[[], Location], stream: TextIO) -> Iterator[None]:
    """Show a warning once per text and line, as Python's default filter does.

    location: the present place. Whoever has Python ignore RuntimeWarnings sees none.
    """
    seen: set[tuple[str, type, int]] = set()

    def show(message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
        at = location()
        key = str(message), category, at.line
        if key in seen:
            return
        seen.add(key)
        line = source_line(at)
        text = f"{at.file}:{at.line}: {category.__name__}: {message}\n"
        stream.write(text if line is None else f"{text}  {line.strip()}\n")

    with warnings.catch_warnings():
        if not _ignored():
            warnings.simplefilter("always", RuntimeWarning)
        warnings.showwarning = show
        yield


def _ignored() -> bool:
    """Whether Python's filters drop all RuntimeWarnings; those for modules are not counted."""
    for action, message, category, module, line in warnings.filters:
        if issubclass(RuntimeWarning, category) and not (message or module or line):
            return action == "ignore"
    return False
