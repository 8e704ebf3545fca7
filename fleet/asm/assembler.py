"""The assembler: RISC-V assembly text -> an `Object`.

In: the language of GNU as, as hand-written and compiled RISC-V uses it. Out: sections of bytes,
symbols, relocations, line numbers; or all errors of the text at once. The one idea: a line that
was seen before costs one dictionary look-up, a new plain instruction a look-up for each operand
(`forms.py`), and only what has labels, directives or mistakes is taken apart properly.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from fleet.asm import pseudo
from fleet.asm.aliases import WORDS
from fleet.asm.compress import compress
from fleet.asm.directives import DIRECTIVES, Directives
from fleet.asm.encoding import Encoding
from fleet.asm.expressions import Expression, Symbol, SyntaxProblem, parse_expression
from fleet.asm.finish import finish
from fleet.asm.forms import (
    PLAIN_NUMBER,
    Form,
    Operands,
    Reference,
    forms,
    operand_counts,
    quick_forms,
    relocation_of,
)
from fleet.asm.objects import Object, R
from fleet.asm.registers import REGISTERS
from fleet.asm.sections import Fixup, Growing
from fleet.asm.state import MOST_ERRORS
from fleet.asm.statements import Statement, Text, blank_comments, statements
from fleet.diagnostics import FleetError, FleetErrors, Location

# An instruction alone on its line, nothing to take apart with care.
SIMPLE = re.compile(r"[ \t]+([a-z][a-z0-9.]*)[ \t]*([^#\"';/:\r]*)(?:#.*)?\r?$")
LABEL_OR_LOC = re.compile(
    r"([A-Za-z_.$][\w.$]*):[ \t]*(?:#.*)?\r?$"
    r"|[ \t]*\.loc[ \t]+(\d+)[ \t]+(\d+)(?:[ \t]+(\d+))?[ \t]*\r?$"
)
PLAIN_NAME = re.compile(r"[A-Za-z_.$][\w.$]+|[A-Za-z_]")
# Major opcodes that have compressed forms; for jalr (0x67) it depends on how it is written.
COMPRESSIBLE = frozenset(
    (0x03, 0x07, 0x13, 0x1B, 0x23, 0x27, 0x33, 0x37, 0x3B, 0x63, 0x6F, 0x73)
)


class Words(dict[int, bytes]):
    """The bytes of an instruction word; with compression, of its short form where it has one."""

    def __init__(self, compressing: bool) -> None:
        super().__init__()
        self.compressing = compressing

    def __missing__(self, word: int) -> bytes:
        short = None
        if word & 3 != 3:
            short = word
        elif self.compressing and word & 0x7F in COMPRESSIBLE:
            short = compress(word)
        result = word.to_bytes(4, "little") if short is None else short.to_bytes(2, "little")
        self[word] = result
        return result


@lru_cache(maxsize=1 << 16)
def short_form(word: int) -> int:
    """The 16-bit form of an instruction, 0 if there is none."""
    return compress(word) or 0


@lru_cache(maxsize=1 << 16)
def constant_bytes(register: str, value: int, compressing: bool) -> bytes:
    """The instructions that `li` stands for."""
    code = b""
    for text in pseudo.load_constant(register, pseudo.signed(value, 64)):
        name, _, operands = text.partition(" ")
        texts = operands.split(",")
        word, tables = quick_forms()[name, len(texts)]
        for bits, operand in zip(tables, texts, strict=True):
            word |= bits[operand]
        code += _WORDS[compressing][word]
    return code


_WORDS = {True: Words(True), False: Words(False)}
_MOST_WORDS = 1 << 17


class Assembler(Directives):
    """One run over one text. `assemble` is the way in."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.operands = Operands(self.reference)
        self.fresh = 0
        for words in _WORDS.values():
            if len(words) > _MOST_WORDS:
                words.clear()
        self.known: dict[bool, dict[str, bytes]] = {True: {}, False: {}}

    def assemble(self, text: str) -> Object:
        self.source = text
        self.run(enumerate(blank_comments(text).split("\n"), 1))
        self.errors += self.unfinished()
        result = None if self.errors else finish(self)
        if self.errors:
            raise FleetErrors(self.errors)
        assert result is not None
        return result

    def run(self, numbered: Iterable[tuple[int, str]]) -> None:
        """Assemble these lines; meanwhile `self.lines` is what is left of them."""
        outer = self.lines
        self.lines = numbered = iter(numbered)
        table = quick_forms()
        known, words, data = self.fast_path()
        for number, line in numbered:
            encoded = known.get(line)
            if encoded is not None:
                data += encoded
                continue
            match = SIMPLE.match(line)
            if match is None:
                match = LABEL_OR_LOC.match(line)
                if match is not None and self.label_or_loc(match, number):
                    continue
            else:
                mnemonic, operands = match.groups()
                texts = operands.replace(" ", "").replace("\t", "").split(",") if operands else ()
                form = table.get((mnemonic, len(texts)))
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
                        self.number = number
                        if self.branch_to_symbol(mnemonic, texts, line):
                            continue
                elif mnemonic == "li" and len(texts) == 2:
                    encoded = self.plain_constant(*texts)
                    if encoded is not None:
                        known[line] = encoded
                        data += encoded
                        continue
            self.number = number
            self.line(line)
            known, words, data = self.fast_path()
        self.lines = outer

    def fast_path(self) -> tuple[dict[str, bytes], Words, bytearray]:
        """What the loop over lines needs of the present section and options."""
        if self.section.is_nobits:  # instructions are errors there
            return {}, _WORDS[False], bytearray()
        compressing = self.compressing
        return self.known[compressing], _WORDS[compressing], self.section.data

    def label_or_loc(self, match: re.Match[str], number: int) -> bool:
        """A line with nothing but a label or a .loc; false if it needs a closer look."""
        label, file, line, column = match.groups()
        self.number = number
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
        self.set_place(symbol)
        symbol.defined_at = self.place(match.start(1), match.end(1))
        return True

    def branch_to_symbol(self, mnemonic: str, texts: Sequence[str], line: str) -> bool:
        """A branch or jump to a plain name; false if the line is something else."""
        name = texts[-1]
        if PLAIN_NAME.fullmatch(name) is None:
            return False
        form = forms()[mnemonic, len(texts)][0]
        if form.pieces[-1].parts[0].spec.kind != "label":
            return False
        start = line.rfind(name)
        symbol = self.symbol(name)
        if symbol.value is not None or start < 0:
            return False
        word = form.match
        for bits, text in zip(form.tables[:-1], texts, strict=False):
            if text not in bits:
                return False
            word |= bits[text]
        self.branch(form.encoding, word, symbol, 0, self.place(start, start + len(name)))
        return True

    def plain_constant(self, register: str, number: str) -> bytes | None:
        """The bytes of `li` with a plain number."""
        if register not in REGISTERS["x"] or PLAIN_NUMBER.fullmatch(number) is None:
            return None
        value = int(number, 0)
        in_range = -(1 << 63) <= value < 1 << 64
        return constant_bytes(register, value, self.compressing) if in_range else None

    def line(self, line: str) -> None:
        """Any line, with labels, directives, several statements or mistakes."""
        try:
            for statement in statements(line):
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

    def instruction(self, statement: Statement) -> None:
        """An instruction or pseudo-instruction."""
        name = statement.name
        assert name is not None
        mnemonic, operands = name.text.lower(), self.join_vtype(name.text, statement.operands)
        key = (mnemonic, len(operands))
        if key == ("li", 2):
            self.load_constant(operands)
            return
        if key in pseudo.CALLS:
            self.call(key, operands)
            return
        choices = forms().get(key, ())
        sequence = pseudo.PSEUDO.get(key)
        problems: list[SyntaxProblem] = []
        for form in choices:
            try:
                self.encode(form, operands)
                return
            except SyntaxProblem as problem:
                problems.append(problem)
        if sequence is not None and not (problems and "(" in operands[-1].text):
            self.expand(sequence, operands)
            return
        if problems:  # the way of writing it that fits furthest
            raise max(problems, key=lambda p: p.start)
        raise self.no_form(name, operands)

    @staticmethod
    def join_vtype(mnemonic: str, operands: tuple[Text, ...]) -> tuple[Text, ...]:
        """The parts of a vector type are one operand."""
        first = {"vsetvli": 2, "vsetivli": 2, "VSETVLI": 2, "VSETIVLI": 2}.get(mnemonic)
        if first is None or len(operands) <= first + 1:
            return operands
        joined = ",".join(operand.text for operand in operands[first:])
        return (*operands[:first], Text(joined, operands[first].start, operands[-1].end))

    def encode(self, form: Form, operands: tuple[Text, ...]) -> None:
        """Emit an instruction in this form; SyntaxProblem and nothing emitted if it cannot be."""
        word = form.match
        reference: Reference | None = None
        place = operands[-1] if operands else None
        for piece, operand in zip(form.pieces, operands, strict=True):
            try:
                bits, left = self.operands.piece(piece, operand.text)
            except SyntaxProblem as problem:
                # Columns are the line's where the text is; the operand may have lost its blanks.
                to_the_end = problem.end >= len(operand.text)
                problem.start = min(operand.start + problem.start, operand.end)
                problem.end = operand.end if to_the_end else operand.start + problem.end
                raise
            word |= bits
            if left is not None:
                reference, place = left, operand
        encoding = form.encoding
        if reference is None:
            own = self.spelling(form, word, operands) if self.compressing else None
            self.section.data += own or _WORDS[self.compressing][word]
            return
        assert place is not None
        type_ = relocation_of(reference, encoding)
        if type_ is None:
            message = f"{reference.modifier or 'an address'} cannot be used here"
            raise SyntaxProblem(message, place.start, place.end)
        symbol, addend = self.target(reference.expression, place)
        location = self.place(place.start, place.end)
        self.note_use(symbol, location)
        if reference.spec.kind == "label":
            self.branch(encoding, word, symbol, addend, location)
            return
        section = self.section
        position, growths = len(section.data), len(section.growing)
        section.fixups.append(Fixup(position, growths, type_, symbol, addend, location))
        section.data += word.to_bytes(encoding.size, "little")

    def branch(
        self, encoding: Encoding, word: int, symbol: Symbol, addend: int, location: Location
    ) -> None:
        """A branch or jump, whose size the layout chooses."""
        self.note_use(symbol, location)
        # GNU as shortens `j`, but not a `jal zero` that is written out.
        shortens = self.compressing and encoding.mnemonic != "jal" and encoding.size == 4
        short = short_form(word) if shortens else 0
        is_branch = word & 0x7F == 0x63
        if encoding.size == 2:
            short, sizes = word, (2,)
        elif is_branch:
            sizes = (2, 4, 6) if short else (4, 8)
        else:
            sizes = (2, 4) if short else (4,)
        section = self.section
        position = len(section.data)
        section.growing.append(
            Growing(position, sizes[0], symbol, addend, word, short, sizes, location)
        )

    @staticmethod
    def spelling(form: Form, word: int, operands: tuple[Text, ...]) -> bytes | None:
        """The bytes of an instruction that GNU as shortens in some spellings and not in others."""
        match form.encoding.mnemonic:
            case "jr" | "jalr" | "ret" if form.encoding.syntax in ("", "rs1"):
                short = compress(word)
                return None if short is None else short.to_bytes(2, "little")
            case "mv" | "move" if operands[1].text in ("zero", "x0"):
                return word.to_bytes(4, "little")
            case "unimp":
                return WORDS["c.unimp"].to_bytes(2, "little")
        return None

    def target(self, expression: Expression, place: Text) -> tuple[Symbol, int]:
        """A branch target or address as symbol plus number."""
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

    def load_constant(self, operands: tuple[Text, ...]) -> None:
        register, number = operands
        if register.text not in REGISTERS["x"]:
            message = f"{register.text!r} is no integer register"
            raise SyntaxProblem(message, register.start, register.end)
        value = self.number_of(number)
        if not -(1 << 63) <= value < 1 << 64:
            raise SyntaxProblem(f"{value} has more than 64 bits", number.start, number.end)
        self.section.data += constant_bytes(register.text, value, self.compressing)

    def call(self, key: tuple[str, int], operands: tuple[Text, ...]) -> None:
        """auipc and jalr with the one relocation that stands for both."""
        which, *registers = pseudo.CALLS[key]
        numbers = []
        for register in registers:
            name = register if isinstance(register, str) else operands[register].text
            number = REGISTERS["x"].get(name)
            if number is None:
                operand = operands[int(register)]
                raise SyntaxProblem(f"{name!r} is no integer register", operand.start, operand.end)
            numbers.append(number)
        pointer, link = numbers
        place = operands[which]
        text = place.text.removesuffix("@plt")
        try:
            expression = parse_expression(text, self.reference)
        except SyntaxProblem as problem:
            raise SyntaxProblem(problem.message, place.start, place.end) from None
        symbol, addend = self.target(expression, place)
        location = self.place(place.start, place.end)
        self.note_use(symbol, location)
        section = self.section
        section.fixups.append(
            Fixup(
                len(section.data), len(section.growing), R.CALL_PLT, symbol, addend, location
            )
        )
        section.data += (0x17 | pointer << 7).to_bytes(4, "little")
        section.data += (0x67 | link << 7 | pointer << 15).to_bytes(4, "little")

    def expand(self, sequence: object, operands: tuple[Text, ...]) -> None:
        """The instructions of a pseudo-instruction; their errors point at its operands."""
        self.fresh += 1
        label = f".L$pcrel{self.fresh}"
        start, end = operands[0].start, operands[-1].end
        try:
            for text in sequence(label, *(operand.text for operand in operands)):
                self.emit(text)
        except SyntaxProblem as problem:
            raise SyntaxProblem(problem.message, start, end, problem.hint) from None

    def emit(self, text: str) -> None:
        """An instruction that the assembler itself has written, perhaps with a label before."""
        label, colon, rest = text.rpartition(": ")
        if colon:
            self.define_label(Text(label, 0, 0))
        name, _, operands = rest.partition(" ")
        texts = tuple(Text(each, 0, 0) for each in operands.split(",")) if operands else ()
        for form in forms()[name, len(texts)]:
            self.encode(form, texts)
            return

    def no_form(self, name: Text, operands: tuple[Text, ...]) -> SyntaxProblem:
        """Why there is no instruction with this name and number of operands."""
        mnemonic = name.text.lower()
        counts = operand_counts().get(mnemonic, ())
        more = tuple(n for m, n in (*pseudo.PSEUDO, *pseudo.CALLS, ("li", 2)) if m == mnemonic)
        counts = tuple(sorted({*counts, *more}))
        if counts:
            needed = " or ".join(map(str, counts))
            form = next((f[0] for c in counts if (f := forms().get((mnemonic, c)))), None)
            hint = f"it is written {mnemonic} {form.encoding.syntax}".rstrip() if form else None
            message = f"{mnemonic} takes {needed} operands, not {len(operands)}"
            end = operands[-1].end if operands else name.end
            return SyntaxProblem(message, name.start, end, hint)
        names = {*operand_counts(), *DIRECTIVES, *self.macros, "li", "call", "tail"}
        names.update(m for m, _ in pseudo.PSEUDO)
        longer = [each for each in operand_counts() if each.startswith(f"{mnemonic}.")]
        near = longer[:3] or difflib.get_close_matches(name.text, sorted(names), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else None
        what = "directive" if name.text.startswith(".") else "instruction"
        return SyntaxProblem(f"there is no {what} {name.text}", name.start, name.end, hint)

    def report(self, problem: SyntaxProblem) -> None:
        """Remember an error of the present line."""
        location = self.place(problem.start, problem.end)
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
                yield FleetError(message, symbol.used_at, source=self.source)


def assemble(text: str, file: str = "<assembly>") -> Object:
    """Assemble a text. FleetErrors with all that is wrong in it, and no object, otherwise."""
    return Assembler(file).assemble(text)
