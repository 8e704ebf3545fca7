"""Sections while they are being assembled, and the layout that settles their variable parts.

The one idea: a section is a run of fixed bytes with *growing parts* between them - branches whose
length depends on the distance, and padding. While assembling, a growing part has no bytes; a place
is (position in the fixed bytes, number of growing parts before it). `lay_out` starts with the
shortest forms and lengthens until everything reaches, a few passes over arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fleet.asm.expressions import Expression, Place, Symbol
from fleet.asm.objects import SHT_NOBITS, Line, R

BRANCH_REACH = {2: 1 << 8, 4: 1 << 12}
JUMP_REACH = {2: 1 << 11, 4: 1 << 20}


@dataclass(slots=True)
class Growing:
    """A part of a section whose size is known only after layout.

    position:   where in the fixed bytes it stands.
    size:       its present size.
    symbol, addend: target of a branch or jump; symbol None for padding.
    word:       the 32-bit branch or jump, offset zero.
    short:      the 16-bit form, 0 if there is none.
    sizes:      sizes to try, ascending; for padding its alignment.
    fill, most: padding: the byte to repeat (None: no-operations), and not more bytes than this.
    """

    position: int
    size: int
    symbol: Symbol | None
    addend: int
    word: int
    short: int
    sizes: tuple[int, ...]
    place: Place
    fill: int | None = None
    most: int | None = None


@dataclass(slots=True)
class Fixup:
    """A relocation to be, at a place of a section under construction."""

    position: int
    growths: int
    type: R
    symbol: Symbol
    addend: int
    place: Place


@dataclass(slots=True)
class Datum:
    """`.word expression`: bytes that are filled in when the expression is known."""

    position: int
    growths: int
    size: int
    expression: Expression
    place: Place


@dataclass(slots=True, eq=False)
class SectionBuilder:
    name: str
    type: int
    flags: int
    align: int = 1
    entry_size: int = 0
    data: bytearray = field(default_factory=bytearray)
    reserved: int = 0
    growing: list[Growing] = field(default_factory=list)
    fixups: list[Fixup] = field(default_factory=list)
    data_to_fill: list[Datum] = field(default_factory=list)
    lines: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    grown: list[int] = field(default_factory=lambda: [0])
    index: int = 0

    @property
    def is_nobits(self) -> bool:
        return self.type == SHT_NOBITS

    @property
    def position(self) -> int:
        return self.reserved if self.type == SHT_NOBITS else len(self.data)

    def lay_out(self) -> None:
        """Choose the size of every growing part; fill `grown`, the sums of sizes before each."""
        parts = self.growing
        count = len(parts)
        if not count:
            return
        position = np.array([p.position for p in parts], dtype=np.int64)
        sizes = np.array([p.size for p in parts], dtype=np.int64)
        padding = [i for i, p in enumerate(parts) if p.symbol is None]
        local = [
            i for i, p in enumerate(parts) if p.symbol is not None and p.symbol.section is self
            and p.symbol.binding != "weak"
        ]  # fmt: skip
        targets = np.array([parts[i].symbol.position + parts[i].addend for i in local], np.int64)
        growths = np.array([parts[i].symbol.growths for i in local], np.int64)
        local_array = np.array(local, np.int64)
        for i, part in enumerate(parts):  # what leaves the section gets the longest form at once
            if part.symbol is not None and (
                part.symbol.section is not self or part.symbol.binding == "weak"
            ):
                is_branch = part.word & 0x7F == 0x63 and len(part.sizes) > 1
                sizes[i] = 8 if is_branch else part.sizes[-1]  # as GNU as: not compressed
        reach = np.array([self._reach(parts[i], int(sizes[i])) for i in local], np.int64)
        before = np.zeros(count + 1, np.int64)
        while True:
            sizes[padding] = 0
            np.cumsum(sizes, out=before[1:])
            padded = 0
            for i in padding:
                part = parts[i]
                start = part.position + int(before[i]) + padded
                size = -start % part.sizes[0]
                if part.most is not None and size > part.most:
                    size = 0
                sizes[i] = size
                padded += size
            if padding:
                np.cumsum(sizes, out=before[1:])
            starts = position[local_array] + before[local_array]
            distance = targets + before[growths] - starts
            too_far = np.flatnonzero((distance >= reach) | (distance < -reach))
            if not len(too_far):
                break
            for j in too_far.tolist():
                part = parts[local[j]]
                larger = [s for s in part.sizes if s > sizes[local[j]]]
                if larger:
                    sizes[local[j]] = larger[0]
                    reach[j] = self._reach(part, larger[0])
                else:
                    reach[j] = 1 << 62  # reported when it is written
        self.grown = before.tolist()
        for part, size in zip(parts, sizes.tolist(), strict=True):
            part.size = size

    @staticmethod
    def _reach(part: Growing, size: int) -> int:
        if size == part.sizes[-1]:
            return 1 << 62
        is_jump = part.word & 0x7F == 0x6F
        return (JUMP_REACH if is_jump else BRANCH_REACH)[size]

    def final_lines(self) -> list[Line]:
        grown = self.grown
        return [Line(p + grown[k], file, line, column) for p, k, file, line, column in self.lines]
