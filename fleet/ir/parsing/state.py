"""What the parser keeps while it reads: uses of names, what is known of an operation, scopes.

In: pieces of text as they are read. Out: nothing; the parser and the forms of operations fill these
in and take them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fleet.ir.attributes import Attribute
from fleet.ir.core import Block, Region, Value
from fleet.ir.definition import OpDef
from fleet.ir.types import Type


class Operand(NamedTuple):
    """A use of an SSA name as written: `%x`, or `%x#1` with number 1."""

    name: str
    number: int
    position: int


@dataclass(slots=True)
class OpState:
    """What was read of an operation so far; formats and `parse` hooks fill it in."""

    name: str
    definition: OpDef
    position: int
    operands: dict[str, list[Operand]] = field(default_factory=dict)
    flat_operands: list[Operand] | None = None
    types: dict[str, list[Type]] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    regions: list[Region] = field(default_factory=list)
    successors: list[Block] = field(default_factory=list)

    def set_types(self, name: str, types: Sequence[Type]) -> None:
        """The types of a declared operand or result, of all `operands` or of all `results`."""
        self.types[name] = list(types)


class Scope:
    """SSA names of one region and those around it, up to an isolated one.

    No name hides another, so all share one table, `names`, and a region takes its own out again.
    """

    def __init__(self, outer: Scope | None) -> None:
        self.names: dict[tuple[str, int], Value] = {} if outer is None else outer.names
        self.forward: dict[tuple[str, int], tuple[Value, int]] = (
            {} if outer is None else outer.forward
        )
        self._own: list[tuple[str, int]] = []

    def define(self, key: tuple[str, int], value: Value) -> None:
        self.names[key] = value
        self._own.append(key)

    def leave(self) -> None:
        for key in self._own:
            del self.names[key]
