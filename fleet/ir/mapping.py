"""What copies of IR stand for what: values, blocks and operations, old to new.

    mapping = IRMapping({argument: value})
    block.append(operation.clone(mapping))       # on value where operation was on argument
    mapping.of(operation.result)                 # the copy's result

In: a few replacements. Out: with each copy made through it, all of what the copy defines. The one
idea: copying and replacing are one thing, so whoever copies piece by piece needs no book-keeping;
what is not mapped stands for itself (MLIR's IRMapping).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar


class Defining(Protocol):
    """An operation, as far as its results go."""

    results: Sequence[Any]


V = TypeVar("V")


class IRMapping(dict[Any, Any]):
    """Values by the values that they stand for; blocks and operations likewise."""

    __slots__ = ("blocks", "operations")

    def __init__(self, values: object = ()) -> None:
        super().__init__(values)
        self.blocks: dict[Any, Any] = {}
        self.operations: dict[Any, Any] = {}

    def of(self, value: V) -> V:
        """What stands for a value: itself where nothing else does."""
        return self.get(value, value)

    def all_of(self, values: Iterable[V]) -> list[V]:
        return [self.get(value, value) for value in values]

    def map_results(self, old: Defining, new: Defining) -> None:
        """Let an operation and its results stand for another and its."""
        self.operations[old] = new
        for before, after in zip(old.results, new.results, strict=True):
            self[before] = after
