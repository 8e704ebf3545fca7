"""What the assembler knows while it reads: sections, symbols, options, errors.

Directives change it, instructions append to its present section, `finish` turns it into an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fleet.asm.attributes import extensions_of
from fleet.asm.expressions import Expression, Place, Symbol, SyntaxProblem, parse_expression
from fleet.asm.objects import (
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHF_MERGE,
    SHF_STRINGS,
    SHF_TLS,
    SHF_WRITE,
    SHT_FINI_ARRAY,
    SHT_INIT_ARRAY,
    SHT_NOBITS,
    SHT_NOTE,
    SHT_PROGBITS,
)
from fleet.asm.sections import SectionBuilder
from fleet.asm.statements import Statement, Text
from fleet.diagnostics import FleetError

MOST_ERRORS = 100

# Sections that need no flags because of their names.
USUAL_SECTIONS: dict[str, tuple[int, int]] = {
    ".text": (SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR),
    ".init": (SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR),
    ".fini": (SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR),
    ".rodata": (SHT_PROGBITS, SHF_ALLOC),
    ".srodata": (SHT_PROGBITS, SHF_ALLOC),
    ".data": (SHT_PROGBITS, SHF_ALLOC | SHF_WRITE),
    ".sdata": (SHT_PROGBITS, SHF_ALLOC | SHF_WRITE),
    ".bss": (SHT_NOBITS, SHF_ALLOC | SHF_WRITE),
    ".sbss": (SHT_NOBITS, SHF_ALLOC | SHF_WRITE),
    ".tdata": (SHT_PROGBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS),
    ".tbss": (SHT_NOBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS),
    ".init_array": (SHT_INIT_ARRAY, SHF_ALLOC | SHF_WRITE),
    ".fini_array": (SHT_FINI_ARRAY, SHF_ALLOC | SHF_WRITE),
}
SECTION_TYPES = {
    "progbits": SHT_PROGBITS,
    "nobits": SHT_NOBITS,
    "note": SHT_NOTE,
    "init_array": SHT_INIT_ARRAY,
    "fini_array": SHT_FINI_ARRAY,
}
SECTION_FLAGS = {
    "a": SHF_ALLOC,
    "w": SHF_WRITE,
    "x": SHF_EXECINSTR,
    "M": SHF_MERGE,
    "S": SHF_STRINGS,
    "T": SHF_TLS,
}


class Macro(NamedTuple):
    """The body of a `.macro`, its parameters with their defaults, and where it is."""

    name: str
    parameters: tuple[tuple[str, str | None], ...]
    lines: tuple[str, ...]
    line: int


def usual_section(name: str) -> tuple[int, int]:
    """Type and flags of a section by its name: `.text.hot` is as `.text`."""
    while name not in USUAL_SECTIONS and "." in name[1:]:
        name = name[: name.rindex(".")]
    return USUAL_SECTIONS.get(name, (SHT_PROGBITS, 0))


class State:
    def __init__(self, file: str) -> None:
        self.file = file
        self.source = ""
        self.number = 0
        self.lines: Iterator[tuple[int, str]] = iter(())
        self.errors: list[FleetError] = []
        self.sections: dict[str, SectionBuilder] = {}
        self.symbols: dict[str, Symbol] = {}
        self.local_labels: dict[str, int] = {}
        self.macros: dict[str, Macro] = {}
        self.depth = 0
        self.expansions = 0
        self.compressing = True
        self.march = "rv64gcv"
        self.extensions: frozenset[str] | None = None
        self.all_extensions: dict[str, tuple[int, int]] = {}  # of every architecture so far
        self.options: list[tuple[bool, str, frozenset[str] | None]] = []
        self.vtype: int | None = None  # the vector type in force, where that is known
        self.files: list[str] = []
        self.file_numbers: dict[int, int] = {}
        self.section = self.open_section(".text")
        self.previous = self.section

    def open_section(
        self, name: str, type_: int | None = None, flags: int | None = None
    ) -> SectionBuilder:
        """The section with this name, created if it is new."""
        builder = self.sections.get(name)
        if builder is None:
            usual_type, usual_flags = usual_section(name)
            type_ = usual_type if type_ is None else type_
            flags = usual_flags if flags is None else flags
            builder = SectionBuilder(name, type_, flags, index=len(self.sections))
            builder.align = 2 if flags & SHF_EXECINSTR else 1
            self.sections[name] = builder
        return builder

    def set_architecture(self, march: str) -> None:
        """From here on, only instructions of these extensions; FleetError if it is malformed."""
        extensions = extensions_of(march)
        self.all_extensions.update(extensions)
        self.extensions = frozenset(extensions)
        self.march = march
        self.compressing = "c" in self.extensions

    def place(self, start: int, end: int) -> Place:
        """Columns of the present line; all of it for a line that a macro has made."""
        if self.depth:
            return Place(self.file, self.number, 0, 1 << 16)
        return Place(self.file, self.number, start, max(end, start + 1))

    def symbol(self, name: str) -> Symbol:
        """The symbol with this name, undefined if it is new."""
        symbol = self.symbols.get(name)
        if symbol is None:
            symbol = self.symbols[name] = Symbol(name)
        return symbol

    def reference(self, name: str) -> Expression:
        """What a name in an expression means: its number, if that is known, else the symbol."""
        if name == ".":
            return self.here()
        if name[0].isdigit():  # 1b, 1f
            count = self.local_labels.get(name[:-1], 0) + (name[-1] == "f")
            if count == 0:
                raise SyntaxProblem(f"there is no label {name[:-1]}: before this", 0, len(name))
            symbol = self.symbol(f"{name[:-1]}\x01{count}")
        else:
            symbol = self.symbol(name)
        if isinstance(symbol.value, int):
            return symbol.value
        if symbol.used_at is None:
            symbol.used_at = self.place(0, 1 << 16)
        return symbol

    @staticmethod
    def note_use(symbol: Symbol, place: Place) -> None:
        """Where a symbol is used first, for the error if nothing defines it."""
        if symbol.used_at is None or symbol.used_at.line == place.line:
            symbol.used_at = place

    def here(self) -> Symbol:
        """A symbol for the present place."""
        symbol = Symbol(".")
        self.set_place(symbol)
        return symbol

    def set_place(self, symbol: Symbol) -> None:
        symbol.section = self.section
        symbol.position = self.section.position
        symbol.growths = len(self.section.growing)

    def absolute(self, number: int) -> Symbol:
        """A symbol for a plain number, for a branch to a fixed address."""
        symbol = Symbol("")
        symbol.value = number
        return symbol

    def define_label(self, label: Text) -> None:
        name = label.text
        if name[0].isdigit():
            count = self.local_labels[name] = self.local_labels.get(name, 0) + 1
            name = f"{name}\x01{count}"
        symbol = self.symbol(name)
        if symbol.is_defined:
            where = symbol.defined_at
            hint = f"the other definition is in line {where.line}" if where else None
            message = f"{name} is defined a second time"
            raise SyntaxProblem(message, label.start, label.end, hint)
        self.set_place(symbol)
        self.vtype = None  # another basic block
        symbol.defined_at = self.place(label.start, label.end)

    def expression(self, text: Text) -> Expression:
        """The expression that an operand is; its problems in columns of the line."""
        try:
            return parse_expression(text.text, self.reference)
        except SyntaxProblem as problem:
            problem.start += text.start
            problem.end += text.start
            raise

    def number_of(self, text: Text) -> int:
        """An operand that must be a number that is known now."""
        value = self.expression(text)
        if not isinstance(value, int):
            known = self.distance(value)
            if known is None:
                message = f"the number {text.text!r} must be known here"
                raise SyntaxProblem(message, text.start, text.end)
            value = known
        return value

    def distance(self, value: Expression) -> int | None:
        """The difference of two places, if nothing between them can grow."""
        if isinstance(value, (int, Symbol)):
            return value if isinstance(value, int) else None
        left, right = value.left, value.right
        if value.operator == "-" and isinstance(left, Symbol) and isinstance(right, Symbol):
            same = left.section is right.section and left.growths == right.growths
            return left.position - right.position if same and left.section is not None else None
        return None

    def needed(self, statement: Statement, least: int, most: int) -> tuple[Text, ...]:
        """The operands, checked for their number."""
        assert statement.name is not None
        operands = statement.operands
        if not least <= len(operands) <= most:
            count = str(least) if least == most else f"{least} or more"
            noun = "operand" if least == most == 1 else "operands"
            message = f"{statement.name.text} takes {count} {noun}, not {len(operands)}"
            raise SyntaxProblem(message, statement.name.start, statement.rest.end)
        return operands
