"""Sections while they are being assembled, and the layout that settles their variable parts.

The one idea: a section is a run of fixed bytes with *growing parts* between them - branches whose
length depends on the distance, padding, LEB128 numbers. While assembling, a growing part has no
bytes; a place is (position in the fixed bytes, number of growing parts before it). `lay_out` starts
with the shortest forms and lengthens until everything reaches, a few passes over arrays; `settle`
does so for sections that depend on one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from fleet.asm.objects.model import SHF_EXECINSTR, SHT_NOBITS, Line, R
from fleet.asm.source.expressions import Expression, Place, Symbol, SyntaxProblem, evaluate
from fleet.asm.source.mapping import ANYTHING, CODE, DATA, NOTHING, Mark, mapping_symbols
from fleet.leb128 import signed, unsigned

LARGEST_GAP = 1 << 28  # bytes of one .space or .org; a typing error should not fill memory
MOST_ROUNDS = 40  # of sizes that depend on one another
BRANCH_REACH = {2: 1 << 8, 4: 1 << 12}
JUMP_REACH = {2: 1 << 11, 4: 1 << 20}


class Group(NamedTuple):
    """The group that a `.section` names: its signature and whether one of equal ones is enough."""

    signature: str
    comdat: bool


class LineMarks(NamedTuple):
    """What `.loc` says beyond file, line and column."""

    is_stmt: bool = True
    basic_block: bool = False
    prologue_end: bool = False
    epilogue_begin: bool = False
    isa: int = 0
    discriminator: int = 0
    view: Symbol | None = None


PLAIN_LINE = LineMarks()
LineRow = tuple[int, int, int, int, int, LineMarks]
"""Position, growing parts before it, file, line, column, marks."""


@dataclass(slots=True)
class Growing:
    """A part of a section whose size is known only after layout.

    position:   where in the fixed bytes it stands.
    size:       its present size.
    symbol, addend: target of a branch or jump; symbol None for padding.
    word:       the 32-bit branch or jump, offset zero.
    short:      the 16-bit form, 0 if there is none.
    sizes:      sizes to try, ascending; for padding its alignment.
    fill, most: padding: the bytes to repeat (None: no-operations), and not more bytes than this.
    content:    of what is neither branch nor padding: `org` (up to an offset in the section),
                `space` (so many bytes), `uleb128` or `sleb128` of `expression`.
    """

    position: int
    size: int
    symbol: Symbol | None
    addend: int
    word: int
    short: int
    sizes: tuple[int, ...]
    place: Place
    fill: bytes | None = None
    most: int | None = None
    content: str = ""
    expression: Expression = 0

    def room(self, start: int, offset: Callable[[Symbol], int]) -> int:
        """The size of padding that starts at an offset; `offset` is that of symbols before it."""
        if self.content == "org":
            base, extra = _offset_of(self.expression)
            return extra + (offset(base) if base is not None else 0) - start
        if self.content:
            return self.size
        size = -start % self.sizes[0]
        return 0 if self.most is not None and size > self.most else size

    @property
    def is_nops(self) -> bool:
        """Whether it is padding of code."""
        return self.symbol is None and self.fill is None

    def number(self) -> int:
        """The value of `expression`, once its sections are laid out; SyntaxProblem without one."""
        base, value = evaluate(self.expression)
        if base is not None:
            raise SyntaxProblem(f"the address of {base.name} is no number", 0, 0)
        return value

    def wanted(self) -> int:
        """The size of a `space` or LEB128 by what is known now."""
        value = self.number()
        if self.content == "space":
            if not 0 <= value < LARGEST_GAP:
                raise SyntaxProblem(f"{value} bytes cannot be written here", 0, 0)
            return value
        return max(self.size, len(self.leb128(value)))

    def leb128(self, value: int) -> bytes:
        """The number as it is written, padded to the size of this part."""
        if self.content == "sleb128":
            data = signed(value)
            sign = 0x7F if value < 0 else 0
        elif value < 0:
            raise SyntaxProblem(f"{value} is negative, which .uleb128 cannot hold", 0, 0)
        else:
            data, sign = unsigned(value), 0
        missing = self.size - len(data)
        if missing <= 0:
            return data
        more = bytes((data[-1] | 0x80, *(sign | 0x80,) * (missing - 1), sign))
        return data[:-1] + more


def _offset_of(expression: Expression) -> tuple[Symbol | None, int]:
    """A place in the present section, as a symbol plus a number."""
    number = 0
    while not isinstance(expression, (int, Symbol)):
        left, right = expression.left, expression.right
        if expression.operator in "+-" and isinstance(right, int):
            number += right if expression.operator == "+" else -right
            expression = left
        elif expression.operator == "+" and isinstance(left, int):
            number += left
            expression = right
        else:
            return evaluate(expression)
    return (None, expression + number) if isinstance(expression, int) else (expression, number)


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
    """`.word expression`: bytes that are filled in when the expression is known.

    type: the relocation for an address, where it is not that of its size.
    """

    position: int
    growths: int
    size: int
    expression: Expression
    place: Place
    type: R | None = None


@dataclass(slots=True, eq=False)
class SectionBuilder:
    """A section, or a subsection, which follows its `parent` in the end.

    group:  the signature of the COMDAT group it belongs to, if any.
    linked: the symbol whose section this one goes with (flag `o`).
    requests: relocations that `.reloc` asks for: offset, type, target, where.
    placed: the symbols of a subsection, whose places change when it joins its parent.
    marks:  where code and data begin, of sections for code; `kind` is what the last one says, and
            `arch` the architecture that one of them has said last.
    """

    name: str
    type: int
    flags: int
    align: int = 1
    entry_size: int = 0
    group: Group | None = None
    linked: Symbol | None = None
    parent: SectionBuilder | None = None
    placed: list[Symbol] = field(default_factory=list)
    data: bytearray = field(default_factory=bytearray)
    reserved: int = 0
    growing: list[Growing] = field(default_factory=list)
    fixups: list[Fixup] = field(default_factory=list)
    data_to_fill: list[Datum] = field(default_factory=list)
    requests: list[tuple[Expression, R, Expression, Place]] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    grown: list[int] = field(default_factory=lambda: [0])
    marks: list[Mark] = field(default_factory=list)
    kind: str = NOTHING
    arch: str = ""
    index: int = 0

    @property
    def is_nobits(self) -> bool:
        return self.type == SHT_NOBITS

    @property
    def position(self) -> int:
        return self.reserved if self.type == SHT_NOBITS else len(self.data)

    def ready_for(self, arch: str) -> str:
        """What can come next without a mark."""
        if not self.flags & SHF_EXECINSTR:
            return ANYTHING
        return NOTHING if self.kind == CODE and self.arch != arch else self.kind

    def begin_data(self) -> None:
        """Data comes next."""
        if self.kind != DATA and self.flags & SHF_EXECINSTR:
            self.kind = DATA
            self.marks.append(Mark(self.position, len(self.growing), DATA))

    def begin_code(self, arch: str, *, padding: bool = False) -> None:
        """Code for this architecture comes next; of padding it does not matter for which."""
        if not self.flags & SHF_EXECINSTR:
            return
        name = CODE
        if not self.arch or (self.arch != arch and not padding):
            self.arch = arch
            name += arch
        elif self.kind == CODE:
            return
        self.kind = CODE
        self.marks.append(Mark(self.position, len(self.growing), name))

    def pad_code(self, arch: str) -> None:
        """Fill a section for code up to its own alignment with no-operations, as GNU as does."""
        if self.is_nobits or not self.flags & SHF_EXECINSTR or not (self.data or self.growing):
            return
        self.begin_code(arch, padding=True)
        here = Place("", 0, 0, 0)
        self.growing.append(Growing(len(self.data), 0, None, 0, 0, 0, (self.align,), here))

    def mapping(self) -> Iterator[tuple[int, str]]:
        """Offsets and names of the mapping symbols, once everything has its size."""
        if not self.marks:
            return iter(())
        grown = self.grown
        marks = [(mark.position + grown[mark.growths], mark.name) for mark in self.marks]
        odd = [
            part.position + grown[index] for index, part in enumerate(self.growing)
            if part.size % 2 and part.is_nops
        ]  # fmt: skip
        return mapping_symbols(marks, odd, self.position + grown[-1])

    def lay_out(self) -> None:
        """Choose the size of every growing part; fill `grown`, the sums of sizes before each."""
        parts = self.growing
        if not parts:
            return
        sizes = [part.size for part in parts]
        padding = [i for i, part in enumerate(parts) if part.symbol is None]
        # Branches that can still grow: what the layout adds to a distance it finds in the sums.
        waiting: dict[int, tuple[int, int, int]] = {}  # fixed distance, growths of target, reach
        for i, part in enumerate(parts):
            symbol = part.symbol
            if symbol is None:
                continue
            if symbol.section is self and symbol.binding != "weak":
                fixed = symbol.position + part.addend - part.position
                if sizes[i] != part.sizes[-1]:
                    waiting[i] = fixed, symbol.growths, self._reach(part, sizes[i])
            else:  # what leaves the section gets the longest form at once: as GNU as, 32 bits
                is_branch = part.word & 0x7F == 0x63 and len(part.sizes) > 1
                sizes[i] = 8 if is_branch else part.sizes[-1]
        while True:
            before = self._sums(sizes, padding)
            too_far = [
                i for i, (fixed, growths, reach) in waiting.items()
                if not -reach <= fixed + before[growths] - before[i] < reach
            ]  # fmt: skip
            if not too_far:
                break
            for i in too_far:
                part = parts[i]
                sizes[i] = min(size for size in part.sizes if size > sizes[i])
                if sizes[i] == part.sizes[-1]:  # reported when it is written, if it is too far
                    del waiting[i]
                else:
                    waiting[i] = *waiting[i][:2], self._reach(part, sizes[i])
        self.grown = before
        for part, size in zip(parts, sizes, strict=True):
            part.size = size

    def _sums(self, sizes: list[int], padding: list[int]) -> list[int]:
        """The sums of the sizes before each part, once those of padding have been chosen."""
        before = [0]

        def offset(symbol: Symbol) -> int:
            """Of a symbol before the part in hand."""
            growths = symbol.growths
            known = len(before) - 1
            later = sum(sizes[known:growths])
            return symbol.position + before[min(growths, known)] + later

        def go_on(stop: int) -> None:
            total = before.pop()
            before.extend(accumulate(sizes[len(before) : stop], initial=total))

        for i in padding:
            go_on(i)
            part = self.growing[i]
            # What goes backwards is reported when it is written.
            sizes[i] = max(part.room(part.position + before[i], offset), 0)
        go_on(len(sizes))
        return before

    @staticmethod
    def _reach(part: Growing, size: int) -> int:
        is_jump = part.word & 0x7F == 0x6F
        return (JUMP_REACH if is_jump else BRANCH_REACH)[size]

    def join(self, other: SectionBuilder) -> None:
        """Append a subsection."""
        if self.type == SHT_NOBITS:
            shift = self.reserved
            self.reserved += other.reserved
        else:
            shift = len(self.data)
            self.data += other.data
        growths = len(self.growing)
        self.join_marks(other, shift)
        for symbol in other.placed:
            symbol.section = self
        for place in (*other.placed, *other.fixups, *other.data_to_fill):
            place.position += shift
            place.growths += growths
        for part in other.growing:
            part.position += shift
        self.growing += other.growing
        self.fixups += other.fixups
        self.requests += other.requests
        self.data_to_fill += other.data_to_fill
        self.lines += [(row[0] + shift, row[1] + growths, *row[2:]) for row in other.lines]
        self.align = max(self.align, other.align)

    def join_marks(self, other: SectionBuilder, shift: int) -> None:
        """Append the marks of a subsection; its first one may say what is known already."""
        growths = len(self.growing)
        for position, before, name in other.marks:
            arch = name.removeprefix(CODE) if name != DATA else ""
            if arch == self.arch and arch:
                name = CODE
            if name != self.kind:
                self.marks.append(Mark(position + shift, before + growths, name))
            self.kind, self.arch = name[: len(CODE)], arch or self.arch

    def final_lines(self) -> list[Line]:
        grown = self.grown
        return [
            Line(p + grown[k], file, line, column)
            if marks is PLAIN_LINE
            else Line(p + grown[k], file, line, column, *marks[:-1])
            for p, k, file, line, column, marks in self.lines
        ]


def settle(
    builders: Iterable[SectionBuilder], moved: Callable[[], None]
) -> list[tuple[Growing, SyntaxProblem]]:
    """Lay out sections whose parts may depend on other sections; what has no size.

    moved: called whenever places have changed.
    """
    builders = list(builders)
    for builder in builders:
        builder.lay_out()
    moved()
    varying = [
        (builder, [part for part in builder.growing if part.content not in ("", "org")])
        for builder in builders
    ]
    varying = [(builder, parts) for builder, parts in varying if parts]
    problems: list[tuple[Growing, SyntaxProblem]] = []
    for number in range(MOST_ROUNDS):
        problems = []
        settled = True
        for builder, parts in varying:
            changed = False
            for part in parts:
                try:
                    size = part.wanted()
                except SyntaxProblem as problem:
                    problems.append((part, problem))
                    continue
                if size != part.size:
                    if number == MOST_ROUNDS - 1:
                        problems.append((part, SyntaxProblem("this size depends on itself", 0, 0)))
                    part.size = size
                    changed = True
            if changed:
                builder.lay_out()
                settled = False
        if settled:
            break
        moved()
    return problems
