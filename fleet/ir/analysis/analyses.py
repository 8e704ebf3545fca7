"""What is found out about IR is kept until a pass changes what it is about.

    dims = analysis_of(Dims, module)

In: the class of an analysis, made from an operation. Out: the one made before, if every pass since
said that it preserves it (`register_pass(…, preserves=[Dims])`) or that it changed nothing. The one
idea: a pass asks for what it needs; whether that is there already, its manager knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from fleet.ir.core import Operation

Analysis = Callable[[Operation], Any]


class Analyses:
    """The analyses of one pass manager. `computed` counts how often each was made."""

    def __init__(self) -> None:
        self._found: dict[tuple[Analysis, Operation], Any] = {}
        self.computed: Counter[Analysis] = Counter()

    def get(self, kind: Analysis, operation: Operation) -> Any:
        """The analysis of an operation, made now if it is not there."""
        key = (kind, operation)
        if key not in self._found:
            self.computed[kind] += 1
            self._found[key] = kind(operation)
        return self._found[key]

    def keep(self, preserved: Iterable[Analysis]) -> None:
        """Forget all but these: a pass has changed the IR, and says that they hold."""
        kept = set(preserved)
        self._found = {key: value for key, value in self._found.items() if key[0] in kept}

    @contextmanager
    def active(self) -> Iterator[None]:
        """Let passes that run inside the block find what is here."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)


_CURRENT: ContextVar[Analyses | None] = ContextVar("analyses", default=None)


def analysis_of(kind: Analysis, operation: Operation) -> Any:
    """An analysis of an operation, for the pass that is running."""
    current = _CURRENT.get()
    return kind(operation) if current is None else current.get(kind, operation)
