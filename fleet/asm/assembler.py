"""The assembler: RISC-V assembly text -> an `Object`.

In: the language of GNU as, as hand-written and compiled RISC-V uses it. Out: sections of bytes,
symbols, relocations, line numbers; or all errors of the text at once. The one idea: a line that
was seen before costs one dictionary look-up, a new plain instruction a look-up for each operand
(`forms.py`), and only what has labels, directives or mistakes is taken apart properly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from fleet.asm.attributes import elf_flags, format_arch
from fleet.asm.directives import DIRECTIVES
from fleet.asm.expressions import SyntaxProblem
from fleet.asm.finish import finish
from fleet.asm.forms import PLAIN_NUMBER, quick_forms
from fleet.asm.instructions import Instructions
from fleet.asm.objects import Object
from fleet.asm.quick import (
    LABEL_OR_LOC,
    PLAIN_NAME,
    SIMPLE,
    Mode,
    QuickBranch,
    Words,
    bound_memory,
    constant_bytes,
    quick_branches,
    words_of,
)
from fleet.asm.registers import REGISTERS
from fleet.asm.state import MOST_ERRORS
from fleet.asm.statements import Statement, blank_comments, simple_statement, statements
from fleet.diagnostics import FleetError, FleetErrors


class Assembler(Instructions):
    """One run over one text. `assemble` is the way in."""

    def __init__(self, file: str, march: str | None = None) -> None:
        super().__init__(file)
        bound_memory()
        self.known: dict[Mode, dict[str, bytes]] = {}
        if march is not None:
            self.set_architecture(march)

    def assemble(self, text: str) -> Object:
        self.source = text
        self.run(enumerate(blank_comments(text).split("\n"), 1))
        self.errors += self.unfinished()
        result = None if self.errors else finish(self)
        if self.errors:
            raise FleetErrors(self.errors)
        assert result is not None
        if self.all_extensions:
            result.arch = format_arch(self.all_extensions)
            result.flags = elf_flags(self.all_extensions)
        return result

    def run(self, numbered: Iterable[tuple[int, str]]) -> None:
        """Assemble these lines; meanwhile `self.lines` is what is left of them."""
        outer = self.lines
        self.lines = numbered = iter(numbered)
        table, branches = quick_forms(), quick_branches()
        simple = SIMPLE.match
        known, words, data, vtype = self.fast_path()
        for number, line in numbered:
            encoded = known.get(line)
            if encoded is not None:
                data += encoded
                continue
            match = simple(line)
            self.number = number
            if match is not None:
                mnemonic, operands = match.groups()
                if not operands:
                    texts: Sequence[str] = ()
                elif " " in operands or "\t" in operands:
                    texts = [text.strip() for text in operands.split(",")]
                else:
                    texts = operands.split(",")
                key = (mnemonic, len(texts))
                form = table.get(key)
                if form is not None:
                    try:
                        word, tables = form
                        for bits, text in zip(tables, texts):  # noqa: B905 - same length
                            word |= bits[text]
                        encoded = words[word]
                        known[line] = encoded
                        data += encoded
                        continue
                    except KeyError:
                        pass
                elif key in branches:
                    if self.branch_to_symbol(branches[key], texts, line):
                        if self.vtype is not vtype:
                            known, words, data, vtype = self.fast_path()
                        continue
                elif mnemonic == "li":
                    encoded = self.plain_constant(texts)
                    if encoded is not None:
                        known[line] = encoded
                        data += encoded
                        continue
            else:
                match = LABEL_OR_LOC.match(line)
                if match is not None and self.label_or_loc(match):
                    if self.vtype is not vtype:
                        known, words, data, vtype = self.fast_path()
                    continue
                match = None
            self.line(line, match)
            known, words, data, vtype = self.fast_path()
        self.lines = outer

    def fast_path(self) -> tuple[dict[str, bytes], Words, bytearray, int | None]:
        """What the loop over lines needs of the present section, options and vector type."""
        mode = Mode(self.compressing, self.extensions, self.vtype)
        if self.section.is_nobits:  # instructions are errors there
            return {}, words_of(mode), bytearray(), self.vtype
        known = self.known.get(mode)
        if known is None:
            known = self.known[mode] = {}
        return known, words_of(mode), self.section.data, self.vtype

    def label_or_loc(self, match: re.Match[str]) -> bool:
        """A line with nothing but a label or a .loc; false if it needs a closer look."""
        label, file, line, column = match.groups()
        if label is None:
            index = self.file_numbers.get(int(file))
            if index is not None:
                section = self.section
                place = section.position, len(section.growing)
                section.lines.append((*place, index, int(line), int(column or 0)))
            return index is not None
        symbol = self.symbol(label)
        if symbol.is_defined:
            return False
        self.vtype = None  # another basic block
        self.set_place(symbol)
        symbol.defined_at = self.place(match.start(1), match.end(1))
        return True

    def branch_to_symbol(self, branch: QuickBranch, texts: Sequence[str], line: str) -> bool:
        """A branch or jump to a plain name; false if the line is something else."""
        name = texts[-1]
        if self.extensions is not None or PLAIN_NAME.fullmatch(name) is None:
            return False
        start = line.rfind(name)
        symbol = self.symbol(name)
        if symbol.value is not None or self.section.is_nobits:
            return False
        encoding, word, tables = branch
        for bits, text in zip(tables, texts, strict=False):
            if text not in bits:
                return False
            word |= bits[text]
        self.branch(encoding, word, symbol, 0, self.place(start, start + len(name)))
        return True

    def plain_constant(self, texts: Sequence[str]) -> bytes | None:
        """The bytes of `li` with a plain number."""
        if len(texts) != 2 or texts[0] not in REGISTERS["x"] or self.section.is_nobits:
            return None
        if PLAIN_NUMBER.fullmatch(texts[1]) is None:
            return None
        value = int(texts[1], 0)
        in_range = -(1 << 63) <= value < 1 << 64
        return constant_bytes(texts[0], value, self.compressing) if in_range else None

    def line(self, line: str, match: re.Match[str] | None) -> None:
        """Any line, with labels, directives, several statements or mistakes."""
        try:
            plain = simple_statement(match) if match is not None else None
            for statement in statements(line) if plain is None else (plain,):
                self.statement(statement)
        except SyntaxProblem as problem:
            self.report(problem)

    def statement(self, statement: Statement) -> None:
        for label in statement.labels:
            try:
                self.define_label(label)
            except SyntaxProblem as problem:
                self.report(problem)
        try:
            name = statement.name
            if name is None:
                return
            if name.text[0] == ".":
                directive = DIRECTIVES.get(name.text)
                if directive is not None:
                    directive(self, statement)
                    return
            elif self.section.is_nobits:
                start, end = name.start, name.end
                raise SyntaxProblem(f"{self.section.name} holds no instructions", start, end)
            macro = self.macros.get(name.text)
            if macro is not None:
                self.expand_macro(macro, statement)
            else:
                self.instruction(statement)
        except SyntaxProblem as problem:
            self.report(problem)

    def report(self, problem: SyntaxProblem) -> None:
        """Remember an error of the present line."""
        location = self.place(problem.start, problem.end).location
        error = FleetError(problem.message, location, hint=problem.hint, source=self.source)
        self.errors.append(error)
        if len(self.errors) >= MOST_ERRORS:
            self.errors.append(FleetError("too many errors, the rest is not looked at"))
            raise FleetErrors(self.errors)

    def unfinished(self) -> Iterator[FleetError]:
        """What is still missing at the end of the text."""
        for symbol in self.symbols.values():
            if "\x01" in symbol.name and not symbol.is_defined and symbol.used_at is not None:
                number = symbol.name.partition("\x01")[0]
                message = f"there is no label {number}: after this"
                yield FleetError(message, symbol.used_at.location, source=self.source)


def assemble(text: str, file: str = "<assembly>", march: str | None = None) -> Object:
    """Assemble a text. FleetErrors with all that is wrong in it, and no object, otherwise.

    march: the architecture, such as "rv64gc", whose extensions alone may be used; all of RV64GCV
           if it is not given.
    """
    return Assembler(file, march).assemble(text)
