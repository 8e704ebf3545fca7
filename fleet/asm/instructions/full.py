"""Instructions and pseudo-instructions of a parsed statement -> bytes in the present section.

In: a `Statement` with a mnemonic and operands. Out: a longer section, or a SyntaxProblem with the
columns of the operand that is wrong, and nothing changed. What plain look-ups (`quick.py`) cannot
do is done here: symbols, expressions, several ways to write one instruction, all mistakes.
"""

from __future__ import annotations

import difflib
import re
from functools import cache

from fleet.asm.directives.table import DIRECTIVES, Directives
from fleet.asm.instructions import pseudo
from fleet.asm.instructions.forms import (
    Form,
    Operands,
    forms,
    mnemonics,
)
from fleet.asm.instructions.modifiers import MODIFIER, Reference, relocation_of
from fleet.asm.instructions.quick import constant_bytes, long_form, short_form, word_bytes
from fleet.asm.isa.aliases import WORDS
from fleet.asm.isa.compress import NO_FORMS, OF_PSEUDO, OF_ZCB, compress, forms_of
from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.extensions import missing_extension
from fleet.asm.isa.legality import complaint, known_vtype
from fleet.asm.isa.registers import REGISTERS, format_vtype
from fleet.asm.isa.table import lookup, stands_for
from fleet.asm.objects.attributes import extensions_of
from fleet.asm.objects.model import R
from fleet.asm.source.expressions import Place, Symbol, SyntaxProblem, parse_expression
from fleet.asm.source.sections import Fixup, Growing
from fleet.asm.source.statements import Statement, Text

TPREL_ADD = re.compile(r"%tprel_add\s*\((.*)\)")
JUMPS = (0x67, 0x6F)  # major opcodes of jalr and jal


@cache
def _mnemonics() -> frozenset[str]:
    return frozenset((*mnemonics(), "li", *(m for m, _ in (*pseudo.PSEUDO, *pseudo.CALLS))))


class MissingExtension(SyntaxProblem):
    """An instruction is written as it should be, but the architecture does not have it."""


class Instructions(Directives):
    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.operands = Operands(self.reference)
        self.fresh = 0

    def instruction(self, statement: Statement) -> None:
        """An instruction or pseudo-instruction."""
        name = statement.name
        assert name is not None
        self.section.begin_code(self.arch)
        mnemonic, operands = name.text.lower(), self.join_vtype(name.text, statement.operands)
        key = (mnemonic, len(operands))
        if key == ("li", 2) and operands[1].text[:1] != "%":
            self.load_constant(operands)
            return
        if key in pseudo.CALLS:
            self.call(key, operands)
            self.vtype = None
            return
        if key == ("add", 4):
            self.add_thread_pointer(operands, name)
            return
        choices = forms(mnemonic).get(len(operands), ()) if mnemonic in mnemonics() else ()
        sequence = pseudo.PSEUDO.get(key)
        if sequence is not None and mnemonic in ("la", "lla"):
            value = self.expression(operands[1])
            if isinstance(value, int):
                self.load_address(operands, value)
                return
            self.named_as_symbols.add(operands[1].text)
            if mnemonic == "la" and self.pic:
                sequence = pseudo.ADDRESS_OF_SHARED
        problems: list[SyntaxProblem] = []
        for form in choices:
            try:
                self.encode(form, operands, name)
                return
            except SyntaxProblem as problem:
                problems.append(problem)
        if sequence is not None and not (problems and "(" in operands[-1].text):
            self.expand(sequence, operands)
            return
        if problems:  # a way that only lacks an extension, or the one that fits furthest
            lacking = [p for p in problems if isinstance(p, MissingExtension)]
            raise lacking[0] if lacking else max(problems, key=lambda p: p.start)
        raise self.no_form(name, operands)

    @staticmethod
    def join_vtype(mnemonic: str, operands: tuple[Text, ...]) -> tuple[Text, ...]:
        """The parts of a vector type are one operand."""
        first = {"vsetvli": 2, "vsetivli": 2, "VSETVLI": 2, "VSETIVLI": 2}.get(mnemonic)
        if first is None or len(operands) <= first + 1:
            return operands
        joined = ",".join(operand.text for operand in operands[first:])
        return (*operands[:first], Text(joined, operands[first].start, operands[-1].end))

    def encode(self, form: Form, operands: tuple[Text, ...], name: Text) -> None:
        """Emit an instruction in this form; SyntaxProblem and nothing emitted if it cannot be."""
        word = form.match
        if form.encoding.size == 2 and not self.compressing:
            self.refuse_compressed(name)
        reference: Reference | None = None
        is_long = False  # whether GNU as leaves it long: so it does with modifiers
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
            is_long = is_long or MODIFIER.match(operand.text.lstrip(" (")) is not None
        encoding = form.encoding
        self.require(encoding, word, name)
        if reference is None:
            if encoding.is_vector:
                self.check_vector(word, form, operands)
            elif encoding.match & 0x7F in JUMPS or encoding.mnemonic in ("c.jr", "c.jalr"):
                self.vtype = None  # what comes after is another basic block
            own = self.spelling(form, word, operands) if self.compressing else None
            if is_long:
                own = word.to_bytes(encoding.size, "little")
            self.section.data += own or self.encoded(word, encoding)
            return
        assert place is not None
        type_ = relocation_of(reference, encoding)
        if type_ is None:
            message = f"{reference.modifier or 'an address'} cannot be used here"
            raise SyntaxProblem(message, place.start, place.end)
        symbol, addend = self.target(reference.expression, place)
        is_number = isinstance(reference.expression, int)
        if reference.spec.kind == "label" and is_number and reference.expression % 2:
            message = f"{reference.expression} is odd, and instructions are at even addresses"
            raise SyntaxProblem(message, place.start, place.end)
        at = self.place(place.start, place.end)
        self.note_use(symbol, at)
        if reference.spec.kind == "label":
            self.branch(encoding, word, symbol, addend, at)
            return
        section = self.section
        position, growths = len(section.data), len(section.growing)
        section.fixups.append(Fixup(position, growths, type_, symbol, addend, at))
        section.data += word.to_bytes(encoding.size, "little")

    def add_thread_pointer(self, operands: tuple[Text, ...], name: Text) -> None:
        """`add rd, rs1, tp, %tprel_add(symbol)`, which a linker can remove."""
        last = operands[3]
        match = TPREL_ADD.fullmatch(last.text)
        if match is None:
            message = "the fourth operand of add can only be %tprel_add(symbol)"
            raise SyntaxProblem(message, last.start, last.end)
        inner = Text(match[1], last.start + match.start(1), last.start + match.end(1))
        symbol, addend = self.target(self.expression(inner), last)
        at = self.place(last.start, last.end)
        self.note_use(symbol, at)
        section = self.section
        position, growths = len(section.data), len(section.growing)
        (form,) = [f for f in forms("add")[3] if f.encoding.mnemonic == "add"][:1]
        compressing, self.compressing = self.compressing, NO_FORMS
        try:
            self.encode(form, operands[:3], name)
        finally:
            self.compressing = compressing
        section.fixups.append(Fixup(position, growths, R.TPREL_ADD, symbol, addend, at))

    def encoded(self, word: int, encoding: Encoding) -> bytes:
        """The bytes of an instruction that has been checked."""
        short = 0
        if encoding.size == 4 and self.compressing and word & 0x7F not in JUMPS:
            short = short_form(word, self.compressing)
        return short.to_bytes(2, "little") if short else word.to_bytes(encoding.size, "little")

    def refuse_compressed(self, name: Text) -> None:
        """SyntaxProblem for an instruction that is written in its compressed form."""
        if not forms_of(frozenset(extensions_of(self.march))):
            message = f"{name.text} needs extension C, which {self.short_march()} does not have"
            hint = "--march or .option arch, +c would add it"
        else:
            message = f"{name.text} is compressed, which .option norvc forbids"
            hint = "the same without c. has 32 bits"
        raise SyntaxProblem(message, name.start, name.end, hint)

    def short_march(self) -> str:
        return self.march if len(self.march) < 20 else "the architecture here"

    def require(self, encoding: Encoding, word: int, name: Text) -> None:
        """SyntaxProblem if the architecture does not have this instruction."""
        values = encoding.extract(word) or {}
        missing = missing_extension(self.extensions, encoding, values, self.vtype)
        if missing is None:
            return
        shown = missing.capitalize() if len(missing) > 1 else missing.upper()
        hint = f"--march or .option arch, +{missing.lower()} would add it"
        message = f"{name.text} needs extension {shown}, which {self.short_march()} does not have"
        raise MissingExtension(message, name.start, name.end, hint)

    def check_vector(self, word: int, form: Form, operands: tuple[Text, ...]) -> None:
        """SyntaxProblem for operands that the manual forbids; follows changes of vtype."""
        encoding = stands_for(form.encoding)
        values = encoding.extract(word)
        assert values is not None
        if encoding.stem.startswith("vset"):
            self.vtype = known_vtype(values["vtype"]) if "vtype" in values else None
            return
        found = complaint(encoding, values, self.vtype)
        if found is None:
            return
        hint = None
        if self.vtype is not None and complaint(encoding, values) is None:
            hint = f"the vector type is {format_vtype(self.vtype)} here"
        at = operands[0]
        for piece, operand in zip(form.pieces, operands, strict=True):
            if any(part.spec.name == found.operand for part in piece.parts):
                at = operand
        raise SyntaxProblem(found.message, at.start, at.end, hint)

    def branch(
        self, encoding: Encoding, word: int, symbol: Symbol, addend: int, place: Place
    ) -> None:
        """A branch or jump, whose size the layout chooses."""
        self.note_use(symbol, place)
        is_branch = word & 0x7F == 0x63
        # GNU as shortens `j`, but not a `jal zero` that is written out.
        shortens = self.compressing and encoding.mnemonic != "jal" and encoding.size == 4
        short = short_form(word, self.compressing) if shortens else 0
        if encoding.size == 2:  # written in its short form, which may become a longer one
            short, word = word, long_form(word)
            is_branch = word & 0x7F == 0x63
        if is_branch:
            sizes = (2, 4, 6) if short else (4, 8)
        else:
            sizes = (2, 4) if short else (4,)
            self.vtype = None
        section = self.section
        position = len(section.data)
        section.growing.append(
            Growing(position, sizes[0], symbol, addend, word, short, sizes, place)
        )

    def spelling(self, form: Form, word: int, operands: tuple[Text, ...]) -> bytes | None:
        """The bytes of an instruction that GNU as shortens in some spellings and not in others."""
        match form.encoding.mnemonic:
            case "jr" | "jalr" | "ret" if form.encoding.syntax in ("", "rs1"):
                short = compress(word, self.compressing)
                return None if short is None else short.to_bytes(2, "little")
            case "mv" | "move" if operands[1].text in ("zero", "x0"):
                return word.to_bytes(4, "little")
            case "not" | "zext.w" as name if self.compressing == OF_ZCB:
                encoding, number = lookup(OF_PSEUDO[name]), word >> 7 & 31
                field = encoding.field("rd")
                if number != word >> 15 & 31 or not field.accepts(number):
                    return None
                return (encoding.match | field.insert(number)).to_bytes(2, "little")
            case "unimp":
                return WORDS["c.unimp"].to_bytes(2, "little")
            case name if form.encoding.extension == "Zihintntl" and form.encoding.size == 4:
                return lookup(f"c.{name}").match.to_bytes(2, "little")
        return None

    def load_constant(self, operands: tuple[Text, ...]) -> None:
        register, number = operands
        target = REGISTERS["x"].get(register.text)
        if target is None:
            message = f"{register.text!r} is no integer register"
            raise SyntaxProblem(message, register.start, register.end)
        value = self.number_of(number)
        if not -(1 << 63) <= value < 1 << 64:
            raise SyntaxProblem(f"{value} has more than 64 bits", number.start, number.end)
        self.section.data += constant_bytes(target, value, self.compressing)

    def load_address(self, operands: tuple[Text, ...], value: int) -> None:
        """`la` of a number."""
        register, number = operands
        target = REGISTERS["x"].get(register.text)
        if target is None:
            message = f"{register.text!r} is no integer register"
            raise SyntaxProblem(message, register.start, register.end)
        value -= value >> 63 == 1 and 1 << 64  # a number of 64 bits with its sign
        if not -(1 << 31) <= value < 1 << 31:
            message = f"{value:#x} is no address within 2 GiB of zero"
            raise SyntaxProblem(message, number.start, number.end, "li loads any number")
        words = pseudo.load_signed_word(target, value)
        self.section.data += b"".join(word_bytes(word, self.compressing) for word in words)

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
        self.call_symbol(symbol, addend, pointer, link, self.place(place.start, place.end))

    def call_symbol(
        self, symbol: Symbol, addend: int, pointer: int, link: int, place: Place
    ) -> None:
        self.note_use(symbol, place)
        section = self.section
        section.fixups.append(
            Fixup(len(section.data), len(section.growing), R.CALL_PLT, symbol, addend, place)
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
            for operand in operands:
                if problem.message.startswith(f"{operand.text} "):
                    start, end = operand.start, operand.end
            raise SyntaxProblem(problem.message, start, end, problem.hint) from None

    def emit(self, text: str) -> None:
        """An instruction that the assembler itself has written, perhaps with a label before."""
        label, colon, rest = text.rpartition(": ")
        if colon:
            self.define_label(Text(label, 0, 0))
        mnemonic, _, operands = rest.partition(" ")
        name = Text(mnemonic, 0, 0)
        texts = tuple(Text(each, 0, 0) for each in operands.split(",")) if operands else ()
        for form in forms(mnemonic)[len(texts)]:
            self.encode(form, texts, name)
            return

    def no_form(self, name: Text, operands: tuple[Text, ...]) -> SyntaxProblem:
        """Why there is no instruction with this name and number of operands."""
        mnemonic = name.text.lower()
        known = forms(mnemonic) if mnemonic in mnemonics() else {}
        more = tuple(n for m, n in (*pseudo.PSEUDO, *pseudo.CALLS, ("li", 2)) if m == mnemonic)
        counts = tuple(sorted({*known, *more}))
        if counts:
            needed = " or ".join(map(str, counts))
            form = next((f[0] for c in counts if (f := known.get(c))), None)
            hint = f"it is written {mnemonic} {form.encoding.syntax}".rstrip() if form else None
            message = f"{mnemonic} takes {needed} operands, not {len(operands)}"
            end = operands[-1].end if operands else name.end
            return SyntaxProblem(message, name.start, end, hint)
        names = {*_mnemonics(), *DIRECTIVES, *self.macros}
        longer = [each for each in mnemonics() if each.startswith(f"{mnemonic}.")]
        near = longer[:3] or difflib.get_close_matches(name.text, sorted(names), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else None
        what = "directive" if name.text.startswith(".") else "instruction"
        return SyntaxProblem(f"there is no {what} {name.text}", name.start, name.end, hint)
