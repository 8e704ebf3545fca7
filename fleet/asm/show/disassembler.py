"""Machine code -> assembly text, as `objdump -d` prints it.

In: bytes, their address, symbols. Out: one `Line` for each instruction. With `aliases`, compressed
instructions are shown as what they stand for and pseudo-instructions by their names (objdump's
default); without, the rows of the instruction table (`-M no-aliases`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from fleet.asm.isa.aliases import WORDS, aliases, hints, split_piece
from fleet.asm.isa.compress import expand
from fleet.asm.isa.encoding import FIXED, Encoding, OperandSpec, instruction_length
from fleet.asm.isa.extensions import needs
from fleet.asm.isa.registers import (
    CSR_NAMES,
    REGISTER_NAMES,
    ROUNDING_NAMES,
    format_fence,
    format_fli,
    format_vtype,
)
from fleet.asm.isa.table import (
    Tree,
    decode_as,
    encoding_of,
    encodings,
    grow_tree,
    lookup,
    search_tree,
    stands_for,
)
from fleet.asm.objects.symbols import Symbols


class Line(NamedTuple):
    """One instruction. `note` is what objdump writes after `#`: an address that was computed."""

    address: int
    size: int
    word: int
    mnemonic: str
    operands: str
    note: str = ""

    def __str__(self) -> str:
        return self.text()

    def text(self, width: int = 8) -> str:
        """The line as objdump writes it, addresses with this many digits or blanks.

        Of a long instruction, the first of its lines.
        """
        text = f"{self.address:{width}x}:\t{first_bytes(self.word, self.size)}\t{self.mnemonic}"
        if self.operands:
            text += f"\t{self.operands}"
        return f"{text} # {self.note}" if self.note else text

    def more(self, width: int = 8) -> Iterator[str]:
        """The other lines of a long instruction, with the rest of its bytes."""
        for at in range(BYTES_IN_LINE, self.size, BYTES_IN_LINE):
            size = min(BYTES_IN_LINE, self.size - at)
            digits = grouped_bytes(self.word >> 8 * at, size, chunk_of(self.size))
            yield f"{self.address + at:{width}x}:\t{digits} "


BYTES_IN_LINE = 8


def chunk_of(size: int) -> int:
    """How many bytes of an instruction are written together."""
    return 4 if size % 4 == 0 else 2 if size % 2 == 0 else 1


def grouped_bytes(word: int, size: int, chunk: int) -> str:
    mask = (1 << 8 * chunk) - 1
    return " ".join(f"{word >> 8 * at & mask:0{2 * chunk}x}" for at in range(0, size, chunk))


def first_bytes(word: int, size: int) -> str:
    """The bytes of an instruction that stand in its first line, with blanks up to the tab."""
    if size == 2:
        return f"{word:04x}                "
    if size == 4:
        return f"{word:08x}          "
    if size == 1:  # of data
        return f"{word:02x}                "
    chunk = chunk_of(size)
    shown = min(size, BYTES_IN_LINE)
    blanks = " " * (1 + (BYTES_IN_LINE - shown) // chunk * (2 * chunk + 1))
    return grouped_bytes(word, shown, chunk) + blanks


Writer = Callable[[int], str]


def _writer(spec: OperandSpec) -> Writer:
    """How the value of an operand is written; empty if it is optional and not needed."""
    match spec.kind:
        case "x" | "f" | "v":
            return REGISTER_NAMES[spec.kind].__getitem__
        case "upper":
            return lambda value: f"{value >> 12 & 0xFFFFF:#x}"
        case "csr":
            return lambda value: CSR_NAMES.get(value) or f"{value:#x}"
        case "rm":
            return lambda value: "" if value == spec.default else _rounding_name(value)
        case "vm":
            return lambda value: "" if value else "v0.t"
        case "vtype":
            return format_vtype
        case "pred" | "succ":
            return format_fence
        case "fli":
            return format_fli
        case "imm" if spec.name == "shamt":
            return hex
    return str


def _rounding_name(value: int) -> str:
    return ROUNDING_NAMES.get(value, "unknown")


Render = Callable[[dict[str, int], str], str]
"""The operands as text, from their values and the text of a target, if they have one."""


@cache
def _renderer(encoding: Encoding) -> Render:
    """How to write the operands of an encoding: its syntax, name by name."""
    specs = list(encoding.operands)
    pieces: list[tuple[str, list[tuple[str, Writer]]]] = []
    for text in encoding.pieces:
        names = split_piece(text)
        own, specs = specs[: len(names)], specs[len(names) :]
        form = "{}({})" if len(own) == 2 else "({})" if "(" in text else "{}"
        pieces.append((form, [(spec.name, _writer(spec)) for spec in own]))
    has_target = any(spec.kind == "label" for spec in encoding.operands)

    def render(values: dict[str, int], target: str) -> str:
        written = []
        for form, parts in pieces:
            if form == "{}":
                name, write = parts[0]
                text = name if name in FIXED else write(values[name])
                if text:
                    written.append(text)
            else:
                texts = [name if name in FIXED else write(values[name]) for name, write in parts]
                written.append(form.format(*texts))
        if has_target:
            written[-1] = target
        return ",".join(written)

    return render


@cache
def _shown_tree(size: int) -> Tree:
    """Aliases, and behind them what they stand for; of 16 bits, aliases alone."""
    found = [each for each in aliases() if each.size == size]
    if size == 4:
        instructions = [each for each in encodings().values() if each.size == size]
        instructions.sort(key=lambda each: -each.mask.bit_count())
        hints = [each for each in instructions if each.extension in HINTS]
        found = hints + found + instructions
    return grow_tree(found)


HINTS = ("Zicbop", "Zihintntl", "Zihintpause")
"""Extensions that give a meaning to what is an instruction without effect elsewhere."""


# Words that are in no extension of the table but that objdump has names for: some 16-bit hints in
# other words than they are written, and what an early draft of the privileged manual had.
# Columns: how they are written with aliases or without ("both"), name, pattern, syntax.
OTHERS = """
aliases  add         000 imm[5] rd imm[4:0] 01           rd, rd, imm
aliases  add         011 imm[9] 00010 imm[4|6|8:7|5] 01  sp, sp, imm
plain    c.addi16sp  011 imm[9] 00010 imm[4|6|8:7|5] 01  sp, imm
both     sfence.vm   000100000100 00000 000 00000 1110011
both     sfence.vm   000100000100 rs1 000 00000 1110011  rs1
"""


HIDDEN = {True: ("c.addi",), False: ("c.nop",)}
"""Hints that are shown in other words, with aliases and without."""


@cache
def _others(aliases: bool) -> dict[int, Tree]:
    rows = [re.split(r"  +", row) for row in OTHERS.strip().splitlines()]
    wanted = ("both", "aliases" if aliases else "plain")
    found = [each for each in hints() if each.mnemonic not in HIDDEN[aliases]]
    found += [encoding_of(*[*row[1:], ""][:3], "C") for row in rows if row[0] in wanted]
    return {size: grow_tree([e for e in found if e.size == size]) for size in (2, 4)}


_FIXED = {word: name for name, word in WORDS.items()}


def mnemonic_of(encoding: Encoding, values: dict[str, int]) -> str:
    """The mnemonic with the suffixes of an atomic."""
    if encoding.extension != "A":
        return encoding.mnemonic
    suffix = ("aq" if values["aq"] else "") + ("rl" if values["rl"] else "")
    return f"{encoding.mnemonic}.{suffix}" if suffix else encoding.mnemonic


class Named(NamedTuple):
    """What a word is: the instruction, and the alias as which it is written, with their operands.

    These are the same where there is no alias.
    """

    encoding: Encoding
    values: dict[str, int]
    shown: Encoding
    shown_values: dict[str, int]


def named(
    word: int, size: int, has: Callable[[Encoding], bool], *, aliases: bool
) -> Named | None:
    """The instruction that a word is, as it is written with or without aliases.

    has: whether the code may have an instruction.
    """
    if size == 4 and aliases:
        found = search_tree(_shown_tree(4), word, has)
        return None if found is None else Named(stands_for(found[0]), found[1], *found)
    decoded = decode_as(word, has)
    if decoded is None:
        return None
    encoding, values = decoded.encoding, decoded.operands
    if not aliases:
        if encoding.mnemonic == "c.nop":
            return Named(encoding, values, lookup("c.addi"), {"rd": 0, "imm": 0})
        return Named(encoding, values, encoding, values)
    found = search_tree(_shown_tree(2), word)
    if found is None:
        long = expand(decoded).word
        found = search_tree(_shown_tree(4), long) or (encoding, values)
    return Named(encoding, values, *found)


ADDING = ("addi", "addiw", "jalr")
# objdump knows these with rounding mode 0 alone.
EXACT = ("fcvt.d.s", "fcvt.d.w", "fcvt.d.wu", "fcvt.s.h", "fcvt.d.h")
HIGH, PC_HIGH = 1, 2
PLAIN, WIDE, JUMP = 0, 1, 2
GP, TP = 3, 4
TAKEN_FOR_VMSGE = 0x1C
"""Bits that are zero in unknown words that objdump 2.40 shows as `vmsge.vx`.

That pseudo-instruction has no fixed bits in its table, but a number of another meaning in place of
their mask, so that the search for an instruction may end there.
"""


class Shown(NamedTuple):
    """How one instruction word is written, wherever it stands.

    text:      bytes, mnemonic and operands; without operands if these depend on the address.
    target:    what is to be added to the address of a branch or jump, None for all others.
    completes: (register, offset, kind) if the instruction adds to what lui or auipc may have put
               into that register; kind WIDE keeps 32 bits of the sum, JUMP is `jalr offset(rs1)`.
    sets:      (HIGH or PC_HIGH, register, value) of lui and auipc.
    plain:     whether there is nothing but the text.
    """

    word: int
    size: int
    text: str
    mnemonic: str
    operands: str
    plain: bool = True
    target: int | None = None
    encoding: Encoding | None = None
    values: dict[str, int] | None = None
    completes: tuple[int, int, int] | None = None
    sets: tuple[int, int, int] | None = None


def shown_as(word: int, size: int, mnemonic: str, operands: str) -> Shown:
    """A word that is written the same everywhere."""
    text = f"{first_bytes(word, size)}\t{mnemonic}"
    return Shown(word, size, f"{text}\t{operands}" if operands else text, mnemonic, operands)


class Completing(NamedTuple):
    """Which operands of an instruction complete an address.

    even_zero: whether that counts where the register is zero, too.
    """

    register: str
    number: str
    kind: int = PLAIN
    even_zero: bool = True


@cache
def _completing(long: Encoding, shown: Encoding) -> Completing | None:
    """How an instruction completes an address; only of those that show the number."""
    mnemonic = long.mnemonic.removeprefix("c.")
    names = [spec.name for spec in shown.operands]
    if mnemonic in ADDING and "imm" in names:
        fields = [field.name for field in long.fields]
        base = "rs1" if long.size == 4 and "rs1" in fields else "rd"
        kind = {"addiw": WIDE, "jalr": JUMP}.get(mnemonic, PLAIN)
        return Completing(base, "imm", kind, kind == JUMP)
    if long.mnemonic == "jalr" and "rs1" in names:
        return Completing("rs1", "")
    if long.mnemonic[0] == "j" or long.extension == "Zicbop":
        return None
    if long.size == 4 and "imm(rs1)" in shown.pieces:
        return Completing("rs1", "imm")
    return None


def completed_by(named: Named) -> tuple[int, int, int] | None:
    """See `Shown.completes`."""
    found = _completing(named.encoding, named.shown)
    if found is None:
        return None
    values = named.values
    base = values.get(found.register, 0)  # an alias may fix it
    if not base and not found.even_zero:
        return None
    return base, values[found.number] if found.number else 0, found.kind


class Disassembler:
    """Writes instructions one after the other; what lui and auipc leave in registers is kept.

    The next instruction that adds to such a register completes an address, which is noted once.
    """

    def __init__(self, symbols: Symbols, *, aliases: bool = False) -> None:
        self.symbols = symbols
        self.aliases = aliases
        self.high: dict[int, int] = {}
        self.global_pointer = symbols.names.get("__global_pointer$")
        self.extensions: frozenset[str] | None = None
        self.shown: dict[int, Shown] = {}

    def limit(self, extensions: frozenset[str]) -> None:
        """From here on, instructions of other extensions are shown as unknown ones."""
        if extensions != self.extensions:
            self.extensions, self.shown = extensions, {}

    def at(self, data: bytes | memoryview, at: int) -> Shown | None:
        """The instruction at an offset of the data; None if it is cut off by the end."""
        half = int.from_bytes(data[at : at + 2], "little")
        size = instruction_length(half)
        if at + size > len(data):
            return None
        word = int.from_bytes(data[at : at + size], "little")
        shown = self.shown.get(word)
        if shown is None:
            shown = self.shown[word] = self.show(word, size)
        return shown

    def operands(self, shown: Shown, address: int) -> tuple[str, str]:
        """Operands and note of an instruction at an address, which comes next."""
        operands, note = shown.operands, ""
        if shown.target is not None:
            assert shown.encoding is not None and shown.values is not None
            target = self.symbols.name(address + shown.target & (1 << 64) - 1)
            operands = _renderer(shown.encoding)(shown.values, target)
        elif shown.completes is not None:
            note = self.completed(*shown.completes)
        if shown.sets is not None:
            kind, register, value = shown.sets
            self.high[register] = value + address if kind == PC_HIGH else value
        return operands, note

    def line(self, data: bytes | memoryview, at: int, address: int) -> Line:
        """The instruction at offset `at` of the data, which is at this address."""
        shown = self.at(data, at)
        if shown is None:
            rest = len(data) - at
            word = int.from_bytes(data[at : at + rest], "little")
            return Line(address, rest, word, f".{rest}byte", f"{word:#x}")
        operands, note = self.operands(shown, address)
        return Line(address, shown.size, shown.word, shown.mnemonic, operands, note)

    def text(self, shown: Shown, address: int) -> str:
        """What is written behind the address of an instruction."""
        operands, note = self.operands(shown, address)
        text = shown.text
        if shown.target is not None:
            text += f"\t{operands}"
        return f"{text} # {note}" if note else text

    def knows(self, *extensions: str) -> bool:
        """Whether the code may have instructions of any of these extensions."""
        known = self.extensions
        return known is None or not known.isdisjoint(extensions)

    def has(self, encoding: Encoding) -> bool:
        """Whether the code may have this instruction."""
        match encoding.extension:
            case "Zicsr" | "Zifencei":
                return True
            case "V" if "float" in encoding.flags:
                return self.knows("v", "zve64d", "zve64f", "zve32f")
            case "V":
                return self.knows("v", "zve64x", "zve32x")
        return all(self.knows(*group) for group in needs(encoding))

    def show(self, word: int, size: int) -> Shown:
        """How a word is written; an unknown one as a number."""
        if size not in (2, 4):
            if size == 8:
                return shown_as(word, size, ".8byte", f"{word:#x}")
            each = (f"0x{byte:02x}" for byte in word.to_bytes(size, "little"))
            return shown_as(word, size, ".byte", ", ".join(each))
        fixed = _FIXED.get(word)
        if fixed is not None and self.knows("c"):
            name = fixed.removeprefix("c.") if self.aliases else fixed
            return shown_as(word, size, name, "")
        found = named(word, size, self.has, aliases=self.aliases)
        if found is None and (size == 4 or self.knows("c")):
            other = search_tree(_others(self.aliases)[size], word)
            if other is not None:
                encoding, values = other
                text = _renderer(encoding)(values, "")
                shown = shown_as(word, size, encoding.mnemonic, text)
                if word & 0xE003 == 1 and values.get("rd"):
                    return shown._replace(plain=False, completes=(values["rd"], 0, PLAIN))
                return shown
        if found is None:
            return self.unknown(word, size)
        if found.encoding.mnemonic in EXACT and found.values["rm"]:
            return self.unknown(word, size)
        return self.instruction(word, found)

    @staticmethod
    def instruction(word: int, named: Named) -> Shown:
        """How a known instruction is written."""
        long, values, encoding, shown_values = named
        size = long.size
        mnemonic = mnemonic_of(encoding, shown_values)
        if encoding.operands and encoding.operands[-1].kind == "label":
            text, target = f"{first_bytes(word, size)}\t{mnemonic}", shown_values["imm"]
            return Shown(word, size, text, mnemonic, "", False, target, encoding, shown_values)
        operands = _renderer(encoding)(shown_values, "")
        text = f"{first_bytes(word, size)}\t{mnemonic}"
        if operands:
            text += f"\t{operands}"
        completes, sets = completed_by(named), None
        if long.mnemonic in ("lui", "c.lui", "auipc"):
            kind = PC_HIGH if long.mnemonic == "auipc" else HIGH
            sets = (kind, values["rd"], values["imm"])
        plain = completes is None and sets is None
        return Shown(
            word, size, text, mnemonic, operands, plain, completes=completes, sets=sets
        )

    def unknown(self, word: int, size: int) -> Shown:
        """A word that is no instruction."""
        if self.aliases and not word & TAKEN_FOR_VMSGE and self.knows("v", "zve64x", "zve32x"):
            vd, vs2, rs1 = f"v{word >> 7 & 31}", f"v{word >> 20 & 31}", word >> 15 & 31
            mask = "" if word >> 25 & 1 else ",v0.t"
            operands = f"{vd},{vs2},{REGISTER_NAMES['x'][rs1]}{mask}"
            return shown_as(word, size, "vmsge.vx", operands)
        return shown_as(word, size, f".{size}byte", f"{word:#x}")

    def completed(self, register: int, offset: int, kind: int) -> str:
        """The address that an addition to a register completes, empty if there is none."""
        high = self.high.pop(register, None)
        fixed = {0: 0, TP: 0, GP: self.global_pointer}.get(register)
        if high is None or (kind == JUMP and fixed is not None):  # objdump looks at jalr twice
            high = fixed
        if high is None:
            return ""
        value = (0 if register == 0 else high) + offset
        if kind == WIDE:
            value = (value + (1 << 31) & 0xFFFFFFFF) - (1 << 31)
        return self.symbols.name(value & (1 << 64) - 1)


def disassemble(
    data: bytes | memoryview,
    address: int = 0,
    symbols: Symbols | None = None,
    *,
    aliases: bool = False,
    extensions: frozenset[str] | None = None,
) -> Iterator[Line]:
    """The instructions in some bytes; what is none is shown as `.2byte` or `.4byte`.

    extensions: those that the code may have; all that there are if it is not given.
    """
    writer = Disassembler(symbols or Symbols(), aliases=aliases)
    writer.extensions = extensions
    at, end = 0, len(data)
    while at < end:
        line = writer.line(data, at, address + at)
        yield line
        at += line.size
