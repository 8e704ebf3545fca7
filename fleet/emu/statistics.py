"""What was executed -> numbers: instructions, vector instructions, elements, loads and stores.

In: rows that say which instruction was executed where, how often and by whom. Out: their sums. The
one idea: what an instruction counts as follows from the assembler's table alone, so whoever
executes it, it counts the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import lookup

SCALAR, NATIVE, REFERENCE = "unicorn", "native", "reference"
"""Who executes instructions: Unicorn the scalar ones, one of two executors the vector ones."""

# Major opcodes, from the manual's opcode map.
_LOADS, _STORES, _ATOMIC = (0x03, 0x07), (0x23, 0x27), 0x2F


class Executed(NamedTuple):
    """An instruction that was executed `count` times.

    encoding: None where the code is no longer known
    elements: the sum of vl over that
    """

    executor: str
    address: int
    encoding: Encoding | None
    count: int
    elements: int = 0


@dataclass
class Counts:
    """Sums over executed instructions.

    elements:      the vl of vector instructions other than vset*, added up
    loads, stores: instructions that load and store; an atomic operation is both
    """

    instructions: int = 0
    vector_instructions: int = 0
    elements: int = 0
    loads: int = 0
    stores: int = 0

    def add(self, row: Executed) -> None:
        self.instructions += row.count
        if row.encoding is not None:
            vector, loads, stores = _kind(row.encoding.mnemonic)
            self.vector_instructions += vector * row.count
            self.loads += loads * row.count
            self.stores += stores * row.count
            self.elements += row.elements

    def merge(self, other: Counts) -> None:
        self.instructions += other.instructions
        self.vector_instructions += other.vector_instructions
        self.elements += other.elements
        self.loads += other.loads
        self.stores += other.stores


@cache
def _kind(mnemonic: str) -> tuple[bool, bool, bool]:
    """Whether an instruction is a vector one, loads, stores."""
    encoding = lookup(mnemonic)
    if encoding.expansion:
        return _kind(encoding.expansion.split()[0])
    opcode = encoding.match & 0x7F
    atomic = opcode == _ATOMIC
    loads = opcode in _LOADS or atomic and encoding.stem != "sc"
    stores = opcode in _STORES or atomic and encoding.stem != "lr"
    return encoding.is_vector, loads, stores


@dataclass
class Stats:
    """What a machine has done so far.

    executors: counts by who executed; Unicorn's where counting was asked for
    vector:    vector instructions by mnemonic
    seconds:   spent running
    """

    executors: dict[str, Counts] = field(default_factory=dict)
    vector: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def total(self) -> Counts:
        total = Counts()
        for counts in self.executors.values():
            total.merge(counts)
        return total

    @property
    def instructions(self) -> int | None:
        """All instructions, where counting was asked for, else None."""
        return self.total.instructions if SCALAR in self.executors else None

    @property
    def vector_instructions(self) -> int:
        return self.vector.total()

    def by_class(self) -> Counter[str]:
        """Vector instructions as configuration, load, store, float and integer."""
        classes: Counter[str] = Counter()
        for mnemonic, count in self.vector.items():
            classes[_class_of(mnemonic)] += count
        return classes


def statistics_of(executors: Iterable[str], rows: Iterable[Executed], seconds: float) -> Stats:
    """The sums over these rows, zeros for executors that did nothing."""
    stats = Stats({name: Counts() for name in executors}, seconds=seconds)
    for row in rows:
        stats.executors[row.executor].add(row)
        if row.encoding is not None and row.encoding.is_vector:
            stats.vector[row.encoding.mnemonic] += row.count
    return stats


def _class_of(mnemonic: str) -> str:
    encoding = lookup(mnemonic)
    if encoding.stem.startswith("vset"):
        return "configuration"
    return next((flag for flag in ("load", "store", "float") if flag in encoding.flags), "integer")
