"""Iterators of `itertools` over several others.

In: iterables. Out: iterators of the evaluator. Semantics: the Python Library Reference.
"""

from __future__ import annotations

import itertools as python
from typing import Any

from fleet.evaluator.iterators.builtin import steps
from fleet.evaluator.iterators.protocol import (
    END,
    Iterator,
    Perhaps,
)
from fleet.evaluator.objects import operations
from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.heap import Progress
from fleet.evaluator.values.then import Then
from fleet.library.iterators.tools import itertool


@itertool
class Chain(Iterator):
    """outer: the steps of the iterables; inner: the iterator that is being walked."""

    def __init__(self, m: Machine, outer: Iterator) -> None:
        super().__init__(m)
        self.outer = Progress(outer)
        self.inner = Progress(None)

    def step(self) -> Any:
        while True:
            inner = self.read(self.inner)
            if inner is None:
                outer = self.read(self.outer)
                found = END if outer is None else outer.step()
                if found is END:
                    self.move(self.outer, None)
                    return END
                if isinstance(found, Perhaps):
                    self.outgrown("chain() of this run-time iterator is not supported")
                inner = steps(self.m, found)
                self.move(self.inner, inner)
            found = inner.step()
            if isinstance(found, Perhaps) and found.end is not None:
                self.outgrown("chain() of this run-time iterator is not supported")
            if found is not END:
                return found
            self.move(self.inner, None)


@stands_for(python.zip_longest)
class ZipLongest(Iterator):
    def __init__(self, m: Machine, sources: list[Iterator], fill: Any) -> None:
        super().__init__(m)
        self.sources = Progress(tuple(sources))
        self.fill = fill

    def step(self) -> Any:
        sources = list(self.read(self.sources))
        items: list[Any] = []
        for number, source in enumerate(sources):
            found = END if source is None else source.step()
            if isinstance(found, Perhaps):
                self.outgrown("zip_longest() of this run-time iterator is not supported")
            if found is END:
                sources[number] = None
            items.append(self.fill if found is END else found)
        self.move(self.sources, tuple(sources))
        return tuple(items) if any(source is not None for source in sources) else END


@itertool
class Compress(Iterator):
    def __init__(self, m: Machine, data: Iterator, selectors: Iterator) -> None:
        super().__init__(m)
        self.data = data
        self.selectors = selectors

    def step(self) -> Any:
        while True:
            item = self.data.step()
            chosen = END if item is END else self.selectors.step()
            if chosen is END:
                return END
            if isinstance(item, Perhaps) or isinstance(chosen, Perhaps):
                self.outgrown("compress() of this run-time iterator is not supported")
            truth = operations.truth_of(self.m, chosen)
            if isinstance(truth, Then):
                return Perhaps(truth, lambda item=item: item, None)
            if truth:
                return item
