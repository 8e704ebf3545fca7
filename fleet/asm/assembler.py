"""The assembler: RISC-V assembly text -> an `Object`.

In: the language of GNU as, as hand-written and compiled RISC-V uses it. Out: sections of bytes,
symbols, relocations, line numbers; or all errors of the text at once. The one idea: a line that
was seen before costs one dictionary look-up, a new plain instruction a look-up for each operand
(`forms.py`), and only what has labels, directives or mistakes is taken apart properly.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fleet.asm.directives.table import DIRECTIVES
from fleet.asm.finish import finish
from fleet.asm.instructions.forms import mnemonics
from fleet.asm.instructions.plain import Placed, Plain, Pure, ways
from fleet.asm.instructions.quick import Choices, Extensions, Mode, Words, bound_memory, words_of
from fleet.asm.objects.attributes import STACK_ALIGN, elf_flags, format_arch
from fleet.asm.objects.model import Object
from fleet.asm.source.expressions import EndOfText, SyntaxProblem
from fleet.asm.source.sections import SectionBuilder
from fleet.asm.source.state import MOST_ERRORS
from fleet.asm.source.statements import (
    Statement,
    blank_comments,
    plain_statement,
    split_lines,
    statements,
)
from fleet.collector import no_cycles
from fleet.diagnostics import FleetError, FleetErrors


class FastPath(NamedTuple):
    """What the loop over lines looks things up in, and where it puts bytes.

    known:        lines that were seen before, with their bytes.
    table, words: how instructions are encoded, and in how many bytes.
    pure, placed: see `plain.ways`.
    """

    known: dict[str, bytes]
    table: Choices
    words: Words
    data: bytearray
    pure: dict[str, Pure]
    placed: dict[str, Placed]


Settings = tuple[SectionBuilder, str, int, Extensions, int | None, frozenset[str]]
"""Section, what it is ready for, 16-bit forms, extensions, vector type, names that macros took."""


class Assembler(Plain):
    """One run over one text. `assemble` is the way in."""

    def __init__(self, file: str, march: str | None = None) -> None:
        super().__init__(file)
        bound_memory()
        self.known: dict[tuple[Mode, frozenset[str], str], dict[str, bytes]] = {}
        self.paths: dict[Settings, FastPath] = {}
        if march is not None:
            self.set_architecture(march)
            if not self.compressing:
                self.section.align = 4

    def assemble(self, text: str) -> Object:
        self.source = text
        with no_cycles():
            return self.assemble_all(text)

    def assemble_all(self, text: str) -> Object:
        with contextlib.suppress(EndOfText):
            self.run(enumerate(blank_comments(text).split("\n"), 1))
        self.errors += self.unfinished()
        self.evaluate_formulas()
        result = None if self.errors else finish(self)
        if self.errors:
            raise FleetErrors(self.errors)
        assert result is not None
        if self.all_extensions:
            result.arch = format_arch(self.all_extensions)
            result.flags = elf_flags(self.all_extensions)
        result.attributes = dict(self.attributes)
        result.stack_align = int(result.attributes.pop(STACK_ALIGN, result.stack_align))
        return result

    def evaluate_formulas(self) -> None:
        """What `name == expression` means at the end is what the object says of the name."""
        for symbol in list(self.symbols.values()):
            if symbol.formula:
                try:
                    symbol.value = self.formula(symbol)
                except SyntaxProblem as problem:
                    place = symbol.defined_at
                    location = place.location if place is not None else None
                    self.errors.append(FleetError(problem.message, location, source=self.source))

    def run(self, numbered: Iterable[tuple[int, str]]) -> None:
        """Assemble these lines; meanwhile `self.lines` is what is left of them."""
        outer = self.lines
        self.lines = numbered = iter(numbered)
        settings = self.settings()
        vtype = self.vtype
        known, table, words, data, pure, placed = self.fast_path(settings)
        for number, line in numbered:
            encoded = known.get(line)
            if encoded is not None:
                data += encoded
                continue
            parts = line.split(None, 1)
            texts: Sequence[str] = ()
            if len(parts) == 2:
                name, rest = parts
                if "#" in rest:
                    rest = rest.partition("#")[0].rstrip()
                if rest:
                    texts = rest.replace(", ", ",").split(",")
            elif parts:
                name = parts[0]
            else:
                known[line] = b""
                continue
            if name[-1] == ":":
                self.number = number
                is_plain = not texts or table[rest.split(None, 1)[0]]
                done = bool(is_plain) and self.plain_label(name[:-1], line)
                if done and texts:  # an instruction behind the label, columns as they are
                    self.run(((number, line.replace(name, " " * len(name), 1)),))
            elif name[0] == "#":
                known[line] = b""
                continue
            else:
                quick = table[name].get(len(texts))
                if quick is not None:
                    word, tables, _ = quick
                    try:
                        for bits, text in zip(tables, texts):  # noqa: B905 - same length
                            word |= bits[text]
                        encoded = words[word]
                        known[line] = encoded
                        data += encoded
                        continue
                    except KeyError:
                        pass
                    if texts and texts[-1][0:1] == "%":
                        self.number = number
                        if self.plain_modified(quick, texts, line):
                            continue
                if name in pure:
                    encoded = pure[name](self, name, texts)
                    if encoded is not None:
                        known[line] = encoded
                        data += encoded
                        continue
                self.number = number
                done = name in placed and placed[name](self, name, texts, line)
            if not done:
                self.line(line)
                now = self.settings()
                if now != settings:
                    settings, vtype = now, self.vtype
                    known, table, words, data, pure, placed = self.fast_path(settings)
            elif self.vtype is not vtype:
                settings, vtype = self.settings(), self.vtype
                known, table, words, data, pure, placed = self.fast_path(settings)
        self.lines = outer

    def settings(self) -> Settings:
        """What `fast_path` depends on."""
        section = self.section
        kind, hidden = section.ready_for(self.arch), self.hidden_names()
        return section, kind, self.compressing, self.extensions, self.vtype, hidden

    def fast_path(self, settings: Settings) -> FastPath:
        """What the loop over lines needs of the present section, options, vector type, macros."""
        path = self.paths.get(settings)
        if path is None:
            path = self.paths[settings] = self.new_path(settings)
        return path

    def new_path(self, settings: Settings) -> FastPath:
        section, kind, compressing, extensions, vtype, hidden = settings
        mode = Mode(compressing, extensions, vtype)
        if section.is_nobits:  # instructions are errors there
            none = Choices(extensions, mnemonics())
            return FastPath({}, none, words_of(mode), bytearray(), {}, {})
        known = self.known.setdefault((mode, hidden, kind), {})
        table, pure, placed = ways(extensions, hidden, kind)
        return FastPath(known, table, words_of(mode), section.data, pure, placed)

    def line(self, line: str) -> None:
        """Any line, with labels, directives, several statements or mistakes."""
        if self.made:
            self.made = line
        try:
            plain = plain_statement(line)
            if plain is not None:
                self.statement(plain)
            else:
                parts = split_lines(line)
                if len(parts) > 1:
                    self.run_statements(parts, self.line)
                    return
                for statement in statements(line):
                    self.statement(statement)
        except SyntaxProblem as problem:
            self.report(problem)
        if self.leftover:
            self.run_leftover(self.line)

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
                directive = DIRECTIVES.get(name.text) or DIRECTIVES.get(name.text.lower())
                if directive is not None:
                    directive(self, statement)
                    return
            elif self.section.is_nobits:
                start, end = name.start, name.end
                raise SyntaxProblem(f"{self.section.name} holds no instructions", start, end)
            macro = self.macros.get(name.text.lower()) if self.macros else None
            if macro is not None:
                self.expand_macro(macro, statement)
            else:
                self.instruction(statement)
        except SyntaxProblem as problem:
            self.report(problem)

    def report(self, problem: SyntaxProblem) -> None:
        """Remember an error of the present line."""
        location = self.place(problem.start, problem.end).location
        hint = problem.hint
        if self.made:
            made = f"it becomes: {self.made.strip()}"
            hint = f"{hint}; {made}" if hint else made
        error = FleetError(problem.message, location, hint=hint, source=self.source)
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

    march: the architecture, such as "rv64gc", whose extensions alone may be used; RV64GCV if it
           is not given.
    """
    return Assembler(file, march).assemble(text)
