"""How operands are written: text <-> bits of an instruction word, for every row of the table.

In: encodings and aliases. Out: `Form`s, one for each way to write an instruction, by mnemonic and
number of operands. The one idea: each operand position has a dictionary from text to bits, shared
by all instructions that have the operand in the same place. What is not in it is parsed once and,
if it is a plain number, added. So assembling a line is a few dictionary look-ups.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from fleet.asm.instructions.modifiers import MODIFIERS, Reference, modified_operand, takes
from fleet.asm.isa.aliases import WORDS, alias, alias_rows, hints, split_piece
from fleet.asm.isa.encoding import Encoding, Field, OperandSpec
from fleet.asm.isa.registers import (
    CSRS,
    REGISTER_NAMES,
    REGISTERS,
    ROUNDING_MODES,
    parse_fence,
    parse_fli,
    parse_vtype,
)
from fleet.asm.isa.table import encodings
from fleet.asm.source.expressions import Expression, SyntaxProblem, fold, parse_expression

_MOST_REMEMBERED = 1 << 16
PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})|0x[0-9a-fA-F]{1,16}")


class Bits(dict[str, int]):
    """Text of an operand -> its bits. Plain numbers are added when they first occur.

    Indexing raises KeyError for what needs a closer look: symbols, expressions, mistakes.
    """

    __slots__ = ("known", "plain")

    def __init__(self, known: dict[str, int], plain: Callable[[str], int]) -> None:
        super().__init__(known)
        self.known = known
        self.plain = plain

    def __missing__(self, text: str) -> int:
        bits = self.plain(text)
        self.remember(text, bits)
        return bits

    def remember(self, text: str, bits: int) -> None:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
            self.update(self.known)
        self[text] = bits


def _no_number(text: str) -> int:
    raise KeyError(text)


def _numbers(spec: OperandSpec, fields: tuple[Field, ...]) -> Callable[[str], int]:
    """What turns a plain number into the bits of an immediate."""
    field = fields[0]
    low, high, multiple = field.minimum, field.maximum, field.multiple_of
    excluded, match = field.excluded, PLAIN_NUMBER.fullmatch
    insert = field.insert
    if spec.kind == "upper" and field.width == 32:  # lui and auipc; c.lui is done with care
        low, high, multiple = 0, 0xFFFFF, 1

        def insert(value: int) -> int:
            return field.insert(value << 12)

    elif spec.kind != "imm" or len(fields) > 1:
        return _no_number

    def plain(text: str) -> int:
        if match(text) is None:
            raise KeyError(text)
        value = int(text, 0)
        if not low <= value <= high or value % multiple or value in excluded:
            raise KeyError(text)
        return insert(value)

    return plain


def _addresses(numbers: Bits | None, registers: Bits) -> Callable[[str], int]:
    """What turns `8(a0)`, or `(a0)` where there is no number, into bits."""

    def plain(text: str) -> int:
        number, _, register = text.partition("(")
        if register[-1:] != ")" or (numbers is None and number not in ("", "0")):
            raise KeyError(text)
        bits = registers[register[:-1]]
        return bits if numbers is None else bits | numbers[number or "0"]

    return plain


class Part(NamedTuple):
    """One operand within a piece: its description and the fields that hold it."""

    spec: OperandSpec
    fields: tuple[Field, ...]


class Piece(NamedTuple):
    """What is written between two commas: one operand, or a number and a register."""

    text: str
    parts: tuple[Part, ...]
    in_parentheses: bool
    bits: Bits


class Form(NamedTuple):
    """One way to write one instruction."""

    encoding: Encoding
    match: int
    pieces: tuple[Piece, ...]
    tables: tuple[Bits, ...]


@cache
def _piece(text: str, parts: tuple[Part, ...]) -> Piece:
    if not text.endswith(")"):
        return Piece(text, parts, False, _bits(parts[0]))
    *numbers, registers = [_bits(part) for part in parts]
    plain = _addresses(numbers[0] if numbers else None, registers)
    return Piece(text, parts, True, Bits({}, plain))


@cache
def _bits(part: Part) -> Bits:
    """What is known of one operand from the start: the names of registers and the like."""
    spec, fields = part
    match spec.kind:
        case "x" | "f" | "v":
            names: dict[str, int] = REGISTERS[spec.kind]
        case "csr":
            names = CSRS
        case "rm":
            names = ROUNDING_MODES
        case "vm":
            names = {"v0.t": 0}
        case "v0":
            names = {"v0": 0}
        case "rtz":
            names = {"rtz": 0}
        case "sp":
            names = {"sp": 0, "x2": 0}
        case _:
            return Bits({}, _numbers(spec, fields) if fields else _no_number)
    known = {n: place(fields, v) for n, v in names.items() if all(f.accepts(v) for f in fields)}
    return Bits(known, _no_number)


def place(fields: tuple[Field, ...], value: int) -> int:
    """The bits of a word that give all these fields the value."""
    bits = 0
    for field in fields:
        bits |= field.insert(value)
    return bits


def _form(encoding: Encoding, match: int, pieces: tuple[str, ...]) -> Form:
    specs = {spec.name: spec for spec in encoding.operands}
    built = []
    for text in pieces:
        parts = []
        for name in split_piece(text):
            key = {"label": "imm", "upper": "imm", "uimm": "imm"}.get(name, name.partition("=")[0])
            key = key.rstrip("'")
            if key not in specs and key[0] == "f":
                key = "r" + key[1:]
            fields = tuple(f for f in encoding.fields if f.name == key)
            parts.append(Part(specs[key], fields))
        built.append(_piece(text, tuple(parts)))
    return Form(encoding, match, tuple(built), tuple(piece.bits for piece in built))


ORDERINGS = {".aq": "aq", ".rl": "rl", ".aqrl": "aq rl"}
"""Suffixes of atomics, and the fields that they set."""


def _without_suffix(mnemonic: str) -> tuple[str, str]:
    """The name in the table, and the suffix of an atomic."""
    stem, dot, last = mnemonic.rpartition(".")
    row = encodings().rows.get(stem) if dot + last in ORDERINGS else None
    return (stem, dot + last) if row is not None and row.extension == "A" else (mnemonic, "")


def _encodings_of(name: str) -> Iterator[Encoding]:
    """What is written with a name: the table's own first, then aliases."""
    if name in encodings():
        yield encodings()[name]
    if name in WORDS:
        yield Encoding(name, 0xFFFF, WORDS[name], 2, (), (), (), "I")
    for row in alias_rows().get(name, ()):
        encoding = alias(row)
        if encoding.size == 4 or name.startswith("c."):  # others are for the disassembler
            yield encoding
    if name.startswith("c."):
        yield from (hint for hint in hints() if hint.mnemonic == name)


@cache
def forms(mnemonic: str) -> dict[int, tuple[Form, ...]]:
    """The ways to write a mnemonic, by the number of operands; empty if there is none."""
    name, suffix = _without_suffix(mnemonic)
    found: dict[int, tuple[Form, ...]] = {}
    for encoding in _encodings_of(name):
        bits = sum(encoding.field(field).mask for field in ORDERINGS.get(suffix, "").split())
        shapes = [(encoding.match | bits, encoding.pieces)]
        if encoding.operands and encoding.operands[-1].default is not None:
            last = encoding.operands[-1]
            default = encoding.field(last.name).insert(last.default or 0)
            shapes.append((encoding.match | default, encoding.pieces[:-1]))
        for match, pieces in shapes:
            form = _form(encoding, match, pieces)
            found[len(pieces)] = (*found.get(len(pieces), ()), form)
    return found


@cache
def mnemonics() -> dict[str, None]:
    """Every name that `forms` has something for, in the order of the tables."""
    rows = encodings().rows
    atomics = [name for name, row in rows.items() if row.extension == "A"]
    with_suffixes = (name + suffix for name in atomics for suffix in ORDERINGS)
    hinted = [hint.mnemonic for hint in hints()]
    return dict.fromkeys((*rows, *alias_rows(), *WORDS, *with_suffixes, *hinted))


@cache
def branch_names() -> frozenset[str]:
    """The names of branches and jumps to a symbol."""
    rows = (*encodings().rows.values(), *(row for rows in alias_rows().values() for row in rows))
    names = (row[0] for row in rows if row.syntax.endswith("label"))
    return frozenset(names)


@cache
def quick_forms(mnemonic: str) -> dict[int, Form]:
    """The first form of each number of operands, without those that need a second look.

    These are what `Instructions.spelling` is about: jumps by register, moves of zero, unimp, ntl;
    li, which can be several instructions; and what ends a basic block.
    """
    if mnemonic in ("unimp", "li", "c.jr", "c.jalr"):
        return {}
    quick = {
        count: group[0]
        for count, group in forms(mnemonic).items()
        if group[0].encoding.match & 0x7F != 0x67
        and group[0].encoding.extension != "Zihintntl"
        and not has_target(group[0])
    }
    if mnemonic in ("mv", "move"):
        form = quick[2]
        target, source = form.tables
        not_zero = {text: bits for text, bits in source.items() if bits}
        quick[2] = form._replace(tables=(target, Bits(not_zero, _no_number)))
    return quick


def has_target(form: Form) -> bool:
    """Whether it is a branch or jump to a symbol."""
    return bool(form.pieces) and form.pieces[-1].parts[0].spec.kind == "label"


ADDRESS = re.compile(r"(.*)\(\s*([\w.$]+)\s*\)\s*", re.DOTALL)
class Operands:
    """Parses operands that no dictionary knows; `symbol` gives the meaning of a name."""

    def __init__(self, symbol: object) -> None:
        self.symbol = symbol

    def piece(self, piece: Piece, text: str) -> tuple[int, Reference | None]:
        """Bits of one piece and what is left to fill in. Plain numbers are remembered."""
        known = piece.bits.get(text)
        if known is not None:
            return known, None
        if not piece.in_parentheses:
            bits, reference, plain = self._part(piece.parts[0], text, 0)
        else:
            bits, reference, plain = self._address(piece, text)
        if plain:
            piece.bits.remember(text, bits)
        return bits, reference

    def _address(self, piece: Piece, text: str) -> tuple[int, Reference | None, bool]:
        match = ADDRESS.fullmatch(text)
        if match is None:
            raise SyntaxProblem(f"an address such as {_example(piece)} is needed", 0, len(text))
        number, register = match[1].strip(), piece.parts[-1]
        if number in MODIFIERS:
            message = f"a register is missing behind {text.strip()}"
            hint = f"such as {text.strip()}(a0)"
            raise SyntaxProblem(message, 0, len(text), hint)
        bits, _, _ = self._part(register, match[2], match.start(2))
        if len(piece.parts) == 1:
            if number not in ("", "0") and self._expression(number, 0) != 0:
                message = "this instruction takes an address without an offset"
                hint = "add the offset to the register first"
                raise SyntaxProblem(message, 0, len(match[1]), hint)
            return bits, None, True
        more, reference, plain = self._part(piece.parts[0], number or "0", 0)
        return bits | more, reference, plain

    def _part(self, part: Part, text: str, at: int) -> tuple[int, Reference | None, bool]:
        """One operand that starts at column `at` of the piece."""
        spec, fields = part
        end = at + len(text)
        match spec.kind:
            case "x" | "f" | "v":
                return place(fields, self._register(spec, fields[0], text, at)), None, True
            case "sp" | "v0" | "rtz":
                if text not in ("sp", "x2") if spec.kind == "sp" else text != spec.kind:
                    raise SyntaxProblem(f"this operand can only be {spec.kind}", at, end)
                return 0, None, True
            case "vm":
                message = f"{text!r} is no mask; the only mask is v0.t"
                raise SyntaxProblem(message, at, end)
            case "rm":
                hint = "rounding modes are " + ", ".join(ROUNDING_MODES)
                raise SyntaxProblem(f"{text!r} is no rounding mode", at, end, hint)
            case "pred" | "succ":
                bits = 0 if text == "0" else parse_fence(text)
                if bits is None:
                    message = f"{text!r} is no set of accesses"
                    raise SyntaxProblem(message, at, end, "letters of iorw, in this order")
                return place(fields, bits), None, True
            case "fli":
                number = parse_fli(text)
                if number is None:
                    message = f"{text!r} is no constant that fli can load"
                    hint = "these are numbers such as -1.0, 0.5, 1.25 and 65536, min, inf and nan"
                    raise SyntaxProblem(message, at, end, hint)
                return place(fields, number), None, True
            case "vtype":
                vtype = parse_vtype(text)
                if vtype is not None:
                    return place(fields, vtype), None, True
                if not re.match(r"[-+(0-9.]", text):
                    message = f"{text!r} is no vector type"
                    raise SyntaxProblem(message, at, end, "for example: e32, m4, ta, ma")
        return self._number(spec, fields, text, at)

    def _number(
        self, spec: OperandSpec, fields: tuple[Field, ...], text: str, at: int
    ) -> tuple[int, Reference | None, bool]:
        end = at + len(text)
        modified = modified_operand(text)
        if modified is not None:
            modifier, start, stop = modified
            if modifier not in MODIFIERS:
                hint = "there are " + ", ".join(MODIFIERS)
                raise SyntaxProblem(f"{modifier} is no modifier", at, end, hint)
            if not fields or not takes(modifier, spec, fields[0]):
                raise SyntaxProblem(f"{modifier} cannot be used here", at, end)
            inner = self._expression(text[start:stop], at + start)
            rest = text[stop + 1 :].rstrip().rstrip(")")
            more = self._expression(rest, at + stop + 1) if rest.strip() else 0
            if not isinstance(inner, int) or modifier not in ("%hi", "%lo"):
                target = fold("+", inner, more) if rest.strip() else inner
                return 0, Reference(modifier, target, spec), False
            high = (inner + 0x800 >> 12) & 0xFFFFF
            low = (inner + 0x800 & 0xFFF) - 0x800
            value = fold("+", high if modifier == "%hi" else low, more)
            if not isinstance(value, int):
                raise SyntaxProblem(f"the number {rest.strip()} must be known here", at, end)
            return self._insert(spec, fields, value, at, end), None, False
        names: list[str] = []
        value = self._expression(text, at, names)
        if spec.kind == "label":
            return 0, Reference("", value, spec), False
        if not isinstance(value, int) and spec.kind == "csr":
            near = difflib.get_close_matches(text, CSRS, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else None
            raise SyntaxProblem(f"there is no CSR {text}", at, end, hint)
        if not isinstance(value, int):
            message = f"the number {text!r} must be known here"
            hint = "define the symbol before, or use %hi(...) and %lo(...) for an address"
            raise SyntaxProblem(message, at, end, hint)
        return self._insert(spec, fields, value, at, end), None, not names

    def _expression(self, text: str, at: int, names: list[str] | None = None) -> Expression:
        def symbol(name: str) -> Expression:
            if names is not None:
                names.append(name)
            return self.symbol(name)

        try:
            return parse_expression(text, symbol)
        except SyntaxProblem as problem:
            problem.start += at
            problem.end += at
            raise

    @staticmethod
    def _insert(
        spec: OperandSpec, fields: tuple[Field, ...], value: int, at: int, end: int
    ) -> int:
        field = fields[0]
        if spec.kind == "upper":
            if field.width < 32:  # c.lui: six bits with a sign, written as 20 bits
                accepted = field.accepts((value + 0x80000 & 0xFFFFF) - 0x80000 << 12)
                accepted = accepted and 0 <= value <= 0xFFFFF
                allowed = "1 to 31 or 0xfffe0 to 0xfffff"
            else:
                accepted, allowed = 0 <= value <= 0xFFFFF, "0 to 0xfffff"
            if not accepted:
                raise SyntaxProblem(f"{value} is out of range; it can be {allowed}", at, end)
            return field.insert(value << 12)
        if spec.kind == "csr" and not 0 <= value <= 0xFFF:
            raise SyntaxProblem(f"there is no CSR {value}", at, end, "CSRs are 0 to 0xfff")
        if field.signed and value >> 63 == 1:  # a number of 64 bits with its sign
            value -= 1 << 64
        if not field.accepts(value):
            low, high, multiple = field.minimum, field.maximum, field.multiple_of
            if value in field.excluded:
                message = f"{value} is not allowed here"
            elif not low <= value <= high:
                message = f"{value} is out of range; it can be {low} to {high}"
            else:
                message = f"{value} is not a multiple of {multiple}"
            raise SyntaxProblem(message, at, end)
        return place(fields, value)

    @staticmethod
    def _register(spec: OperandSpec, field: Field, text: str, at: int) -> int:
        kinds = {"x": "an integer", "f": "a floating-point", "v": "a vector"}
        end = at + len(text)
        number = REGISTERS[spec.kind].get(text)
        if number is None:
            for kind, names in REGISTERS.items():
                if text in names:
                    message = f"{text} is {kinds[kind]} register; {kinds[spec.kind]} one is needed"
                    raise SyntaxProblem(message, at, end)
            message = f"{text!r} is no register; {kinds[spec.kind]} register is needed"
            raise SyntaxProblem(message, at, end)
        if not field.accepts(number):
            names_ok = [
                name
                for n, name in enumerate(REGISTER_NAMES[spec.kind])
                if field.accepts(n)
            ]
            allowed = ", ".join(names_ok) if len(names_ok) < 10 else f"any but {text}"
            raise SyntaxProblem(f"{text} cannot be used here; it can be {allowed}", at, end)
        return number


def _example(piece: Piece) -> str:
    return "(a0)" if len(piece.parts) == 1 else "8(a0)"
