"""Lines of usual shape that concern more than bytes: labels, branches, calls, addresses, data.

In: a mnemonic or directive, the texts of its operands and the line. Out: a longer section; or
nothing done, for whatever needs a closer look. The one idea: most lines of real programs name
registers, plain numbers and plain symbols alone, and for these a few look-ups say all that
`instructions.py` and `directives.py` find out by parsing.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from fleet.asm.directives.table import DIRECTIVES, INTEGER_SIZES, Directives
from fleet.asm.instructions.forms import branch_names, forms, mnemonics
from fleet.asm.instructions.full import Instructions
from fleet.asm.instructions.modifiers import Reference, relocation_of
from fleet.asm.instructions.quick import (
    Choices,
    Extensions,
    Quick,
    auipc_bits,
    constant_bytes,
    plain_integer,
    quick_branches,
    quick_choices,
    short_form,
    vector_configuration,
)
from fleet.asm.isa.registers import ALL_REGISTERS, REGISTERS
from fleet.asm.objects.model import R
from fleet.asm.source.expressions import Expression, Place, Symbol, SyntaxProblem, fold
from fleet.asm.source.mapping import CODE, DATA, NOTHING
from fleet.asm.source.sections import Fixup, LineMarks
from fleet.asm.source.statements import Text, plain_statement
from fleet.leb128 import signed, unsigned

ZERO, RA, T1 = 0, 1, 6
NO_NAMES: frozenset[str] = frozenset()
STORES = (0x23, 0x27)  # major opcodes
LABEL = re.compile(r"[A-Za-z_.$][\w.$]*")
PLAIN_NAME = re.compile(r"[A-Za-z_.$][\w.$]+|[A-Za-z_]")
MODIFIED = re.compile(r"(%[a-z0-9_]+)\(([A-Za-z_.$][\w.$]+)(?:([+-])([0-9]+))?\)(?:\((\w+)\))?")
DIFFERENCE = re.compile(r"([A-Za-z_.$][\w.$]+)(?:-([A-Za-z_.$][\w.$]+)|([+-][0-9]+))?")


class Plain(Instructions):
    """The methods of this class are ways to assemble a line; `ways` says which for which name."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.known_marks: dict[tuple[str, LineMarks], tuple[LineMarks, LineMarks]] = {}
        self.hidden = 0, NO_NAMES  # at which change of the macros, and which
        self.known_steps: dict[str, tuple[bytes, int | None]] = {}

    def hidden_names(self) -> frozenset[str]:
        """The names of instructions and directives here that macros have taken."""
        if self.hidden[0] != self.macro_changes:
            self.hidden = self.macro_changes, plain_names().intersection(self.macros)
        return self.hidden[1]

    def plain_symbol(self, name: str) -> Symbol | None:
        """The symbol of a plain name; None for anything else, also for the name of a number."""
        symbol = self.symbols.get(name)
        if symbol is None:
            if PLAIN_NAME.fullmatch(name) is None or name in ALL_REGISTERS:
                return None
            symbol = self.symbol(name)
        return symbol if symbol.value is None else None

    def local_symbol(self, name: str) -> Symbol | None:
        """The symbol that `1b` or `1f` means, None if it is no such name or there is no label."""
        number, direction = name[:-1], name[-1:]
        if direction not in ("b", "f") or not (number.isdecimal() and number.isascii()):
            return None
        count = self.local_labels.get(number, 0) + (direction == "f")
        return self.symbol(f"{number}\x01{count}") if count else None

    def plain_label(self, name: str, line: str) -> bool:
        """A label alone on its line; false if it needs a closer look."""
        symbol = self.symbols.get(name)
        if symbol is None:
            if name.isdecimal() and name.isascii():
                count = self.local_labels[name] = self.local_labels.get(name, 0) + 1
                symbol = self.symbol(f"{name}\x01{count}")
            elif LABEL.fullmatch(name) is None:
                return False
            else:
                symbol = self.symbol(name)
        elif symbol.is_defined:
            return False
        self.vtype = None  # another basic block
        self.set_place(symbol)
        symbol.defined_at = self.place_of(name, line)
        return True

    # What is the same wherever it stands: bytes to append, None if it needs a closer look

    def plain_constant(self, name: str, texts: Sequence[str]) -> bytes | None:
        """`li` with a plain number."""
        register = REGISTERS["x"].get(texts[0]) if len(texts) == 2 else None
        if register is None:
            return None
        value = plain_integer(texts[1])
        if value is None or not -(1 << 63) <= value < 1 << 64:
            return None
        return constant_bytes(register, value, self.compressing)

    def plain_integers(self, name: str, texts: Sequence[str]) -> bytes | None:
        """`.byte` and the like with plain numbers."""
        size = INTEGER_SIZES[name]
        low, high = -(1 << 8 * size - 1), 1 << 8 * size
        data = b""
        for text in texts:
            value = plain_integer(text)
            if value is None or not low <= value < high:
                return None
            data += (value & high - 1).to_bytes(size, "little")
        return data

    def plain_leb128(self, name: str, texts: Sequence[str]) -> bytes | None:
        """`.uleb128` and `.sleb128` with plain numbers."""
        data = b""
        for text in texts:
            value = plain_integer(text)
            if value is None or (value < 0 and name == ".uleb128"):
                return None
            data += unsigned(value) if name == ".uleb128" else signed(value)
        return data

    def nothing(self, name: str, texts: Sequence[str]) -> bytes | None:
        """A directive that is read and ignored."""
        return b""

    # What depends on its place: whether it has been done

    def plain_branch(self, name: str, texts: Sequence[str], line: str) -> bool:
        """A branch or jump to a plain name."""
        quick = quick_branches(self.extensions, name).get(len(texts))
        if quick is None:
            return False
        word, tables, form = quick
        if form.encoding.size == 2 and not self.compressing:
            return False
        for bits, text in zip(tables, texts):  # noqa: B905 - the target is left over
            if text not in bits:
                return False
            word |= bits[text]
        target = texts[-1]
        symbol = self.local_symbol(target) or self.plain_symbol(target)
        if symbol is None:
            return False
        self.branch(form.encoding, word, symbol, 0, self.place_of(target, line))
        return True

    def plain_call(self, name: str, texts: Sequence[str], line: str) -> bool:
        """A call of a plain name, or a jump to it."""
        symbol = self.plain_symbol(texts[0].removesuffix("@plt")) if len(texts) == 1 else None
        if symbol is None:
            return False
        pointer, link = (RA, RA) if name == "call" else (T1, ZERO)
        self.call_symbol(symbol, 0, pointer, link, self.place_of(texts[0], line))
        self.vtype = None
        return True

    def plain_jump(self, name: str, texts: Sequence[str], line: str) -> bool:
        """`ret`, or a jump to an address in a register."""
        found = forms(name).get(len(texts))
        form = found[0] if found else None
        if form is None or form.encoding.syntax not in ("", "rs1"):
            return False
        word = form.match
        for bits, text in zip(form.tables, texts, strict=True):
            if text not in bits:
                return False
            word |= bits[text]
        short = short_form(word, self.compressing) if self.compressing else 0
        self.section.data += short.to_bytes(2, "little") if short else word.to_bytes(4, "little")
        self.vtype = None
        return True

    def plain_configuration(self, name: str, texts: Sequence[str], line: str) -> bool:
        """`vsetvli` and `vsetivli`."""
        has_vectors = self.extensions is None or "v" in self.extensions
        found = vector_configuration(name, *texts) if has_vectors else None
        if found is None:
            return False
        data, self.vtype = found
        self.section.data += data
        return True

    def plain_address(self, name: str, texts: Sequence[str], line: str) -> bool:
        """`lla` of a plain name, and loads from and stores to one."""
        table = quick_choices(self.extensions, ADDRESSES.get(name, name))
        quick = table.get(3 if name in ADDRESSES else 2)
        if quick is None or len(texts) != ADDRESS_OPERANDS[name] or (self.pic and name == "la"):
            return False
        temporary = texts[-1] if len(texts) == 3 else texts[0]
        registers, low = auipc_bits(), quick.tables
        if temporary not in registers or texts[0] not in low[0]:
            return False
        symbol = self.plain_symbol(texts[1])
        if symbol is None:
            return False
        word = quick.word | low[0][texts[0]]
        if name in ADDRESSES:
            word |= low[1][temporary]
        else:
            word |= low[1][f"0({temporary})"]
        place = self.place_of(texts[1], line)
        self.note_use(symbol, place)
        self.fresh += 1
        label = self.symbol(f".L$pcrel{self.fresh}")
        self.set_place(label)
        label.defined_at = label.used_at = place
        section = self.section
        data, growths = section.data, len(section.growing)
        first = len(data)
        lower = R.PCREL_LO12_S if word & 0x7F in STORES else R.PCREL_LO12_I
        section.fixups.append(Fixup(first, growths, R.PCREL_HI20, symbol, 0, place))
        section.fixups.append(Fixup(first + 4, growths, lower, label, 0, place))
        data += (0x17 | registers[temporary]).to_bytes(4, "little") + word.to_bytes(4, "little")
        return True

    def plain_modified(self, quick: Quick, texts: Sequence[str], line: str) -> bool:
        """An instruction whose last operand is `%lo(symbol)(a0)` or `%hi(symbol)`."""
        word, tables, form = quick
        match = MODIFIED.fullmatch(texts[-1])
        if match is None:
            return False
        modifier, name, sign, number, register = match.groups()
        for bits, text in zip(tables[:-1], texts):  # noqa: B905 - the last one is left over
            if text not in bits:
                return False
            word |= bits[text]
        if (register is not None) != form.pieces[-1].in_parentheses:
            return False
        if register is not None:
            if register not in REGISTERS["x"]:
                return False
            word |= tables[-1][f"0({register})"]
        reference = Reference(modifier, 0, form.pieces[-1].parts[0].spec)
        type_ = relocation_of(reference, form.encoding)
        symbol = self.plain_symbol(name)
        if type_ is None or symbol is None:
            return False
        place = self.place_of(texts[-1], line)
        self.note_use(symbol, place)
        section = self.section
        addend = int(sign + number) if number else 0
        position, growths = len(section.data), len(section.growing)
        section.fixups.append(Fixup(position, growths, type_, symbol, addend, place))
        section.data += word.to_bytes(4, "little")
        return True

    def plain_reference(self, name: str, texts: Sequence[str], line: str) -> bool:
        """`.word` and the like with a plain name, a difference of two, or one plus a number."""
        match = DIFFERENCE.fullmatch(texts[0]) if len(texts) == 1 else None
        if match is None:
            return False
        value: Expression = self.reference(match[1])
        if match[2]:
            value = fold("-", value, self.reference(match[2]))
        elif match[3]:
            value = fold(match[3][0], value, int(match[3][1:]))
        if isinstance(value, int) or self.distance(value) is not None:
            return False
        start = line.rfind(texts[0])
        self.deferred(value, INTEGER_SIZES[name], Text(texts[0], start, start + len(texts[0])))
        return True

    def plain_loc(self, name: str, texts: Sequence[str], line: str) -> bool:
        """`.loc` with a file, a line, a column, and options if they have no symbols."""
        if len(texts) != 1:
            return False
        file, *words = texts[0].split(None, 3)
        if len(words) == 1:
            words.append("0")
        elif not words or not words[1].isdecimal():
            return False
        if not (file + words[0]).isdecimal():
            return False
        index = self.file_numbers.get(int(file))
        if index is None:
            return False
        marks = self.marks
        if len(words) == 3:
            found = self.plain_marks(words[2])
            if found is None:
                return False
            marks, self.marks = found
        section = self.section
        place = len(section.data), len(section.growing)
        section.lines.append((*place, index, int(words[0]), int(words[1]), marks))
        return True

    def plain_marks(self, options: str) -> tuple[LineMarks, LineMarks] | None:
        """What the options of a `.loc` say of its line, and of those after it."""
        key = options, self.marks
        found = self.known_marks.get(key)
        if found is None and "view" not in options:
            before = self.marks
            with contextlib.suppress(SyntaxProblem):
                marks = self.marks_of(options.split(), Text(options, 0, 0))
                found = self.known_marks[key] = marks, self.marks
            self.marks = before
        return found

    def plain_frame(self, name: str, texts: Sequence[str], line: str) -> bool:
        """A directive about a function's frame that says the same wherever it stands."""
        frame, found = self.frame, self.known_steps.get(line)
        if frame is None:
            return False
        if found is not None:
            code, offset = found
            frame.offset = frame.offset if offset is None else offset
            self.step(frame, code)
            return True
        statement = plain_statement(line)
        if statement is None or not all(t in ALL_REGISTERS or plain_integer(t) is not None
                                        for t in texts):  # fmt: skip
            return False
        count = len(frame.steps)
        try:
            self.rule(statement)
        except SyntaxProblem:
            return False
        if len(frame.steps) == count + 1:
            offset = frame.offset if name == ".cfi_def_cfa_offset" else None
            self.known_steps[line] = frame.steps[-1].code, offset
        return True

    def place_of(self, text: str, line: str) -> Place:
        """Where a text is in the present line, which has it."""
        start = line.rfind(text)
        end = start + len(text)
        return self.place(start, end) if self.depth else Place(self.file, self.number, start, end)


FRAME_STEPS = (".cfi_offset", ".cfi_restore", ".cfi_def_cfa_offset")
ADDRESSES = dict.fromkeys(("la", "lla"), "addi")
"""Pseudo-instructions for an address, and the instruction that adds its lower part."""
ADDRESS_OPERANDS = {
    **dict.fromkeys((*ADDRESSES, *"lb lh lw ld lbu lhu lwu".split()), 2),
    **dict.fromkeys("sb sh sw sd flw fld fsw fsd".split(), 3),
}

Pure = Callable[[Plain, str, Sequence[str]], bytes | None]
Placed = Callable[[Plain, str, Sequence[str], str], bool]


@cache
def pure_ways() -> dict[str, Pure]:
    """What gives the same bytes wherever it stands, by name."""
    ignored = [name for name, each in DIRECTIVES.items() if each is Directives.ignored]
    return {
        "li": Plain.plain_constant,
        **dict.fromkeys(INTEGER_SIZES, Plain.plain_integers),
        **dict.fromkeys((".uleb128", ".sleb128"), Plain.plain_leb128),
        **dict.fromkeys(ignored, Plain.nothing),
    }


@cache
def placed_ways() -> dict[str, Placed]:
    """What depends on its place or changes what comes after, by name."""
    return {
        **dict.fromkeys(branch_names(), Plain.plain_branch),
        **dict.fromkeys(("call", "tail"), Plain.plain_call),
        **dict.fromkeys(("ret", "jr", "jalr"), Plain.plain_jump),
        **dict.fromkeys(("vsetvli", "vsetivli"), Plain.plain_configuration),
        **dict.fromkeys(ADDRESS_OPERANDS, Plain.plain_address),
        **dict.fromkeys(INTEGER_SIZES, Plain.plain_reference),
        ".loc": Plain.plain_loc,
        **dict.fromkeys(FRAME_STEPS, Plain.plain_frame),
    }


WAYS_OF_DATA = frozenset((*INTEGER_SIZES, ".uleb128", ".sleb128"))


@cache
def plain_names() -> frozenset[str]:
    """Every name that there is a plain way for."""
    return frozenset((*mnemonics(), *pure_ways(), *placed_ways()))


@lru_cache(maxsize=64)
def ways(
    extensions: Extensions, hidden: frozenset[str], kind: str
) -> tuple[Choices, dict[str, Pure], dict[str, Placed]]:
    """The instructions that look-ups alone encode, pure ways and placed ways, by name.

    hidden: names that mean something else.
    kind:   what the section is ready for; other kinds of content need a mark (`mapping.py`).
    """
    pure, placed = pure_ways(), placed_ways()
    table = Choices(extensions, hidden)
    if kind in (DATA, NOTHING):
        table = Choices(extensions, mnemonics())
        hidden |= {name for name in (*pure, *placed) if name[0] != "."}
    if kind in (CODE, NOTHING):
        hidden |= WAYS_OF_DATA
    if hidden:
        pure = {name: each for name, each in pure.items() if name not in hidden}
        placed = {name: each for name, each in placed.items() if name not in hidden}
    return table, pure, placed
