"""What the assembler knows while it reads: sections, symbols, options, errors.

Directives change it, instructions append to its present section, `finish` turns it into an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fleet.asm.isa.compress import OF_C, forms_of
from fleet.asm.isa.registers import ALL_REGISTERS
from fleet.asm.objects.attributes import RV64GCV, extensions_of, format_arch
from fleet.asm.objects.model import (
    SHF_EXECINSTR,
    SHT_FINI_ARRAY,
    SHT_INIT_ARRAY,
    SHT_PREINIT_ARRAY,
    SourceFile,
    usual_section,
)
from fleet.asm.source.expressions import (
    DEEPEST,
    Expression,
    Operation,
    Place,
    Symbol,
    SyntaxProblem,
    evaluate,
    fold,
    parse_expression,
)
from fleet.asm.source.frames import Frame
from fleet.asm.source.sections import PLAIN_LINE, Group, LineRow, SectionBuilder
from fleet.asm.source.statements import Statement, Text
from fleet.diagnostics import FleetError

MOST_ERRORS = 100

WHOLE_LINE = 0, 1 << 16  # columns


class Parameter(NamedTuple):
    """One of a macro. kind: "" or what follows its colon, `req` or `vararg`."""

    name: str
    kind: str = ""
    default: str | None = None


class Macro(NamedTuple):
    """The body of a `.macro`, its parameters, and where it is."""

    name: str
    parameters: tuple[Parameter, ...]
    lines: tuple[str, ...]
    line: int


class Options(NamedTuple):
    """What `.option push` saves."""

    compressing: int
    march: str
    arch: str
    extensions: frozenset[str]
    pic: bool


SectionKey = tuple[str, str, int]
"""Name, signature of the group, number for `unique`: what makes two sections the same."""


class State:
    def __init__(self, file: str) -> None:
        self.file = file
        self.source = ""
        self.number = 0
        self.lines: Iterator[tuple[int, str]] = iter(())
        self.errors: list[FleetError] = []
        self.sections: dict[SectionKey, SectionBuilder] = {}
        self.subsections: dict[tuple[int, int], SectionBuilder] = {}
        self.symbols: dict[str, Symbol] = {}
        self.local_labels: dict[str, int] = {}
        self.macros: dict[str, Macro] = {}
        self.macro_changes = 0
        self.include_folders: tuple[str, ...] = ()
        self.depth = 0
        self.made = ""  # the line that a macro has made, which is not in the text
        self.outside: list[tuple[int, str, int]] = []  # of each expansion under way
        self.leftover: list[tuple[int, str]] = []  # statements behind the end of a block
        self.made_columns = WHOLE_LINE  # of what has made it
        self.expansions = 0
        self.executed = 0  # macros
        self.named_as_symbols: set[str] = set()  # though registers have these names
        self.formulas = 0  # being read, one within the other
        self.compressing = OF_C  # which 16-bit forms may be chosen
        self.pic = False
        self.march = "rv64gcv"
        self.arch = RV64GCV  # the same in full, with what options have changed
        self.extensions = frozenset(extensions_of(self.march))
        self.all_extensions: dict[str, tuple[int, int]] = {}  # of every architecture so far
        self.options: list[Options] = []
        self.vtype: int | None = None  # the vector type in force, where that is known
        self.files: list[str] = []
        self.sources: dict[int, SourceFile] = {}  # what `.file` says, by index into `files`
        self.file_numbers: dict[int, int] = {}
        self.unit_name = ""
        self.attributes: dict[int, int | str] = {}
        self.frame: Frame | None = None
        self.frames: list[Frame] = []
        self.frame_sections: tuple[str, ...] = (".eh_frame",)
        self.views: list[tuple[SectionBuilder, LineRow]] = []
        self.marks = PLAIN_LINE  # what holds until the next `.loc` changes it
        self.section = self.open_section(".text")
        self.previous = self.section
        self.saved: list[tuple[SectionBuilder, SectionBuilder]] = []  # by `.pushsection`

    def open_section(
        self,
        name: str,
        type_: int | None = None,
        flags: int | None = None,
        group: Group | None = None,
        unique: int = -1,
    ) -> SectionBuilder:
        """The section with this name, created if it is new."""
        key = (name, group.signature if group else "", unique)
        builder = self.sections.get(key)
        if builder is None:
            usual_type, usual_flags = usual_section(name)
            type_ = usual_type if type_ is None else type_
            flags = usual_flags if flags is None else flags
            builder = SectionBuilder(name, type_, flags, index=len(self.sections), group=group)
            builder.align = 2 if flags & SHF_EXECINSTR else 1
            if type_ in (SHT_INIT_ARRAY, SHT_FINI_ARRAY, SHT_PREINIT_ARRAY):
                builder.entry_size = 8
            self.sections[key] = builder
        return builder

    def subsection(self, builder: SectionBuilder, number: int) -> SectionBuilder:
        """A part of a section that comes after those with lower numbers."""
        builder = builder.parent or builder
        if number == 0:
            return builder
        found = self.subsections.get((builder.index, number))
        if found is None:
            found = SectionBuilder(
                builder.name, builder.type, builder.flags, index=builder.index, parent=builder
            )
            self.subsections[builder.index, number] = found
        return found

    def joined_sections(self) -> list[SectionBuilder]:
        """All sections, once the text is at its end and subsections are where they belong."""
        for key in sorted(self.subsections):
            subsection = self.subsections[key]
            assert subsection.parent is not None
            subsection.parent.join(subsection)
        self.subsections.clear()
        return list(self.sections.values())

    def set_architecture(self, march: str) -> None:
        """From here on, only instructions of these extensions; FleetError if it is malformed."""
        extensions = extensions_of(march)
        self.all_extensions.update(extensions)
        self.extensions = frozenset(extensions)
        self.march, self.arch = march, format_arch(extensions)
        self.compressing = forms_of(self.extensions)

    def place(self, start: int, end: int) -> Place:
        """Columns of the present line; those of the call for a line that a macro has made."""
        if self.made:
            return Place(self.file, self.number, *self.made_columns)
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
        if symbol.formula:
            return self.formula(symbol)
        if isinstance(symbol.value, int):
            return symbol.value
        if symbol.used_at is None:
            symbol.used_at = self.place(0, 1 << 16)
        return symbol

    def formula(self, symbol: Symbol) -> Expression:
        """What `name == expression` means here."""
        self.formulas += 1
        try:
            if self.formulas > DEEPEST:
                raise SyntaxProblem(f"{symbol.name} is defined by itself", 0, 0)
            return parse_expression(symbol.formula, self.reference)
        finally:
            self.formulas -= 1

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
        if self.section.parent is not None:
            self.section.placed.append(symbol)

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
            known = self.settled(value)
            if known is None:
                message = f"the number {text.text!r} must be known here"
                raise SyntaxProblem(message, text.start, text.end)
            value = known
        return value

    def settled(self, value: Expression, depth: int = 0) -> int | None:
        """The number that an expression is by what is known here, None if it may yet change."""
        if isinstance(value, int) or depth > DEEPEST:
            return value if isinstance(value, int) else None
        if isinstance(value, Symbol):
            return None if value.value is None else self.settled(value.value, depth + 1)
        known = self.distance(value)
        if known is not None:
            return known
        left, right = (self.settled(side, depth + 1) for side in (value.left, value.right))
        if left is None or right is None:
            return None
        result = fold(value.operator, left, right)
        assert isinstance(result, int)
        return result

    def truth_of(self, text: Text) -> int:
        """A number as `number_of` has it, or whether two things are the same.

        What is not defined so far is nothing but itself.
        """
        value = self.expression(text)
        if isinstance(value, Operation) and value.operator in ("==", "!=", "<>"):
            (left, a), (right, b) = evaluate(value.left), evaluate(value.right)
            same: bool | None = left is right and a == b
            if left is not None and right is not None and left.section is right.section:
                away = self.distance(Operation("-", left, right)) if left is not right else 0
                same = None if away is None and left.section is not None else away == b - a
            if same is not None:
                return -(same == (value.operator == "=="))
        return self.number_of(text)

    def distance(self, value: Expression) -> int | None:
        """The difference of two places, if nothing between them can grow."""
        if isinstance(value, (int, Symbol)):
            return value if isinstance(value, int) else None
        left, right = value.left, value.right
        if value.operator == "-" and isinstance(left, Symbol) and isinstance(right, Symbol):
            same = left.section is right.section and left.growths == right.growths
            return left.position - right.position if same and left.section is not None else None
        return None

    def target(self, expression: Expression, place: Text) -> tuple[Symbol, int]:
        """A branch target or address as symbol plus number."""
        symbol, addend = self.symbol_and_number(expression, place)
        known = symbol.is_defined or symbol.name in self.named_as_symbols
        if symbol.name in ALL_REGISTERS and not known:
            message = f"{symbol.name} is a register; a symbol is needed"
            hint = f"what is at its address is 0({symbol.name}); jr jumps there"
            raise SyntaxProblem(message, place.start, place.end, hint)
        return symbol, addend

    def symbol_and_number(self, expression: Expression, place: Text) -> tuple[Symbol, int]:
        addend = 0
        while not isinstance(expression, Symbol):
            if isinstance(expression, int):
                return self.absolute(expression), addend
            left, right = expression.left, expression.right
            if expression.operator in "+-" and isinstance(right, int):
                addend += right if expression.operator == "+" else -right
                expression = left
            elif expression.operator == "+" and isinstance(left, int):
                addend += left
                expression = right
            else:
                message = "only a symbol plus a number can be an address"
                raise SyntaxProblem(message, place.start, place.end)
        return expression, addend

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
