"""The assembler: RISC-V assembly text -> an `Object`.

In: the language of GNU as, as hand-written and compiled RISC-V uses it. Out: sections of bytes,
symbols, relocations, line numbers; or all errors of the text at once. The one idea: a line that
was seen before costs one dictionary look-up, a new plain instruction a look-up for each operand
(`forms.py`), and only what has labels, directives or mistakes is taken apart properly.
"""

from __future__ import annotations

import gc
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
    COMMENT,
    LABEL,
    LOC,
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
from fleet.asm.sections import SectionBuilder
from fleet.asm.state import MOST_ERRORS
from fleet.asm.statements import Statement, blank_comments, simple_statement, statements
from fleet.diagnostics import FleetError, FleetErrors

RA = 1  # the register with the return address


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
        was_collecting = gc.isenabled()
        gc.disable()  # nothing here is in a cycle, and walking what grows takes a tenth of the time
        try:
            return self.assemble_all(text)
        finally:
            if was_collecting:
                gc.enable()

    def assemble_all(self, text: str) -> Object:
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
        settings = self.settings()
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
                elif mnemonic == ".loc" and self.plain_loc(operands):
                    continue
                elif mnemonic == "call" and self.plain_call(texts, line):
                    if self.vtype is not vtype:
                        known, words, data, vtype = self.fast_path()
                    continue
            elif line[-1:] == ":" and self.plain_label(line[:-1]):
                if self.vtype is not vtype:
                    known, words, data, vtype = self.fast_path()
                continue
            elif COMMENT.fullmatch(line):
                known[line] = b""
                continue
            self.line(line, match)
            if self.settings() != settings:
                known, words, data, vtype = self.fast_path()
                settings = self.settings()
        self.lines = outer

    def settings(self) -> tuple[SectionBuilder, bool, frozenset[str] | None, int | None]:
        """What `fast_path` depends on."""
        return self.section, self.compressing, self.extensions, self.vtype

    def fast_path(self) -> tuple[dict[str, bytes], Words, bytearray, int | None]:
        """What the loop over lines needs of the present section, options and vector type."""
        mode = Mode(self.compressing, self.extensions, self.vtype)
        if self.section.is_nobits:  # instructions are errors there
            return {}, words_of(mode), bytearray(), self.vtype
        known = self.known.get(mode)
        if known is None:
            known = self.known[mode] = {}
        return known, words_of(mode), self.section.data, self.vtype

    def plain_loc(self, operands: str | None) -> bool:
        """`.loc` with a file, a line and perhaps a column; false if it is anything else."""
        match = LOC.fullmatch(operands or "")
        if match is None:
            return False
        file, line, column = match.groups("0")
        index = self.file_numbers.get(int(file))
        if index is not None:
            section = self.section
            place = section.position, len(section.growing)
            section.lines.append((*place, index, int(line), int(column)))
        return index is not None

    def plain_label(self, name: str) -> bool:
        """A label alone on its line, from the first column; false if it needs a closer look."""
        if LABEL.fullmatch(name) is None:
            return False
        symbol = self.symbol(name)
        if symbol.section is not None or symbol.value is not None:
            return False
        self.vtype = None  # another basic block
        self.set_place(symbol)
        symbol.defined_at = self.place(0, len(name))
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

    def plain_call(self, texts: Sequence[str], line: str) -> bool:
        """A call of a plain name; false if the line is something else."""
        if len(texts) != 1 or PLAIN_NAME.fullmatch(texts[0]) is None or self.section.is_nobits:
            return False
        symbol = self.symbol(texts[0])
        if symbol.value is not None:
            return False
        start = line.rfind(texts[0])
        self.call_symbol(symbol, 0, RA, RA, self.place(start, start + len(texts[0])))
        self.vtype = None
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
