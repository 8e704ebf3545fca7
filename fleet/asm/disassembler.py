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

from fleet.asm.aliases import WORDS, aliases, split_piece
from fleet.asm.compress import expand
from fleet.asm.encoding import Encoding, OperandSpec
from fleet.asm.registers import (
    CSR_NAMES,
    REGISTER_NAMES,
    ROUNDING_NAMES,
    format_fence,
    format_vtype,
)
from fleet.asm.symbols import Symbols
from fleet.asm.table import Decoded, Tree, decode, encoding_of, grow_tree, lookup, search_tree


class Line(NamedTuple):
    """One instruction. `note` is what objdump writes after `#`: an address that was computed."""

    address: int
    size: int
    word: int
    mnemonic: str
    operands: str
    note: str = ""

    @property
    def chunk(self) -> int:
        """How many bytes are written together."""
        return 4 if self.size % 4 == 0 else 2 if self.size % 2 == 0 else 1

    def __str__(self) -> str:
        return self.text()

    def text(self, width: int = 8) -> str:
        """The line as objdump writes it, addresses with this many digits or blanks."""
        size, word, chunk = self.size, self.word, self.chunk
        if size in (2, 4):
            digits = f"{word:0{2 * size}x}"
            blanks = "          " if size == 4 else "                "
        else:
            mask = (1 << 8 * chunk) - 1
            parts = [f"{word >> 8 * at & mask:0{2 * chunk}x}" for at in range(0, size, chunk)]
            digits = " ".join(parts)
            blanks = " " * (1 + (8 - size) // chunk * (2 * chunk + 1))
        text = f"{self.address:{width}x}:\t{digits}{blanks}\t{self.mnemonic}"
        if self.operands:
            text += f"\t{self.operands}"
        return f"{text} # {self.note}" if self.note else text


def format_operand(spec: OperandSpec, value: int, address: int, symbols: Symbols) -> str:
    """One operand as objdump writes it; empty if it is an optional one that is not needed."""
    match spec.kind:
        case "x" | "f" | "v":
            return REGISTER_NAMES[spec.kind][value]
        case "label":
            return symbols.name(address + value & (1 << 64) - 1)
        case "upper":
            return f"{value >> 12 & 0xFFFFF:#x}"
        case "csr":
            return CSR_NAMES.get(value) or f"{value:#x}"
        case "rm":
            return "" if value == spec.default else ROUNDING_NAMES.get(value, "unknown")
        case "vm":
            return "" if value else "v0.t"
        case "vtype":
            return format_vtype(value)
        case "pred" | "succ":
            return format_fence(value)
        case "imm" if spec.name == "shamt":
            return f"{value:#x}"
    return str(value)


@cache
def _renderer(encoding: Encoding) -> Callable[[dict[str, int], int, Symbols], str]:
    """How to write the operands of an encoding: its syntax, name by name."""
    specs = list(encoding.operands)
    pieces: list[tuple[str, tuple[OperandSpec | str, ...]]] = []
    for text in encoding.pieces:
        names = split_piece(text)
        own, specs = specs[: len(names)], specs[len(names) :]
        words = tuple(s.kind if s.kind in ("sp", "v0") else s for s in own)
        pieces.append(("{}({})" if len(own) == 2 else "({})" if "(" in text else "{}", words))

    def render(values: dict[str, int], address: int, symbols: Symbols) -> str:
        written = []
        for form, words in pieces:
            texts = [
                word if isinstance(word, str)
                else format_operand(word, values[word.name], address, symbols)
                for word in words
            ]  # fmt: skip
            if texts[-1]:
                written.append(form.format(*texts))
        return ",".join(written)

    return render


@cache
def _alias_trees() -> dict[int, Tree]:
    printed, _ = aliases()
    return {size: grow_tree([a for a in printed if a.size == size]) for size in (2, 4)}


# 16-bit words that the manual keeps for hints: they do nothing, and objdump has names for them.
# Columns: how they are written with aliases or without ("both"), name, pattern, syntax.
HINTS = """
aliases  c.nop       000 nzimm[5] 00000 nzimm[4:0] 01    imm
aliases  add         000 imm[5] rd imm[4:0] 01           rd, rd, imm
plain    c.addi      000 imm[5] rd imm[4:0] 01           rd, imm
both     c.li        010 imm[5] rd imm[4:0] 01           rd, imm
aliases  add         011 imm[9] 00010 imm[4|6|8:7|5] 01  sp, sp, imm
plain    c.addi16sp  011 imm[9] 00010 imm[4|6|8:7|5] 01  sp, imm
both     c.lui       011 nzimm[17] rd nzimm[16:12] 01    rd, upper
both     c.srli64    100 0 00 rd' 00000 01               rd'
both     c.srai64    100 0 01 rd' 00000 01               rd'
both     c.slli64    000 0 rd 00000 10                   rd
both     c.slli      000 nzshamt[5] rd nzshamt[4:0] 10   rd, shamt
both     c.mv        100 0 rd rs2!=0 10                  rd, rs2
both     c.add       100 1 rd rs2!=0 10                  rd, rs2
"""


@cache
def _hints(aliases: bool) -> Tree:
    rows = [re.split(r"  +", row) for row in HINTS.strip().splitlines()]
    wanted = ("both", "aliases" if aliases else "plain")
    return grow_tree([encoding_of(*row[1:], "C") for row in rows if row[0] in wanted])


_FIXED = {word: name for name, word in WORDS.items()}


def mnemonic_of(encoding: Encoding, values: dict[str, int]) -> str:
    """The mnemonic with the suffixes of an atomic."""
    if encoding.extension != "A":
        return encoding.mnemonic
    suffix = ("aq" if values["aq"] else "") + ("rl" if values["rl"] else "")
    return f"{encoding.mnemonic}.{suffix}" if suffix else encoding.mnemonic


def _named(decoded: Decoded) -> tuple[Encoding, dict[str, int]]:
    """The alias that a word is, or the instruction itself."""
    encoding, word = decoded.encoding, decoded.word
    if encoding.size == 2:
        found = search_tree(_alias_trees()[2], word & 0xFFFF)
        if found is not None:
            return found
        decoded = expand(decoded)
        word = decoded.word
    found = search_tree(_alias_trees()[4], word)
    return found if found is not None else (decoded.encoding, decoded.operands)


ADDING = ("addi", "addiw", "jalr")
EXACT = ("fcvt.d.s", "fcvt.d.w", "fcvt.d.wu")  # objdump knows them with rounding mode 0 alone
ALWAYS = ("I", "Zicsr", "Zifencei")
HIGH, PC_HIGH = 1, 2
PLAIN, WIDE, JUMP = 0, 1, 2
GP, TP = 3, 4


class Shown(NamedTuple):
    """How one instruction word is written, wherever it stands.

    operands:  their text; None if it depends on the address.
    completes: (register, offset, kind) if the instruction adds to what lui or auipc may have put
               into that register; kind WIDE keeps 32 bits of the sum, JUMP is `jalr offset(rs1)`.
    sets:      (HIGH or PC_HIGH, register, value) of lui and auipc.
    """

    mnemonic: str
    operands: str | None
    encoding: Encoding | None = None
    values: dict[str, int] | None = None
    completes: tuple[int, int, int] | None = None
    sets: tuple[int, int, int] | None = None


def completed_by(decoded: Decoded, shown: Encoding) -> tuple[int, int, int] | None:
    """See `Shown.completes`; only for instructions that show the number."""
    values = decoded.operands
    mnemonic = decoded.mnemonic.removeprefix("c.")
    names = [spec.name for spec in shown.operands]
    if mnemonic in ADDING and "imm" in names:
        base = values.get("rs1", values.get("rd", 0)) if decoded.size == 4 else values["rd"]
        kind = {"addiw": WIDE, "jalr": JUMP}.get(mnemonic, PLAIN)
        return (base, values["imm"], kind) if base or kind == JUMP else None
    if decoded.mnemonic == "jalr" and "rs1" in names:
        return values["rs1"], 0, PLAIN
    if decoded.size == 4 and "imm(rs1)" in shown.pieces and decoded.mnemonic[0] != "j":
        return values["rs1"], values["imm"], PLAIN
    return None


def instruction_length(half: int) -> int:
    """Bytes of the instruction that begins with these 16 bits; 2 for those of unknown length."""
    if half & 3 != 3:
        return 2
    if half & 0x1F != 0x1F:
        return 4
    return 6 if half & 0x3F == 0x1F else 8 if half & 0x7F == 0x3F else 2


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
        if any(name.startswith("zve") for name in extensions):
            extensions |= {"v"}
        if extensions != self.extensions:
            self.extensions, self.shown = extensions, {}

    def line(self, data: bytes | memoryview, at: int, address: int) -> Line:
        """The instruction at offset `at` of the data, which is at this address."""
        half = int.from_bytes(data[at : at + 2], "little")
        size = instruction_length(half)
        rest = len(data) - at
        if size > rest:
            word = int.from_bytes(data[at : at + rest], "little")
            return Line(address, rest, word, f".{rest}byte", f"{word:#x}")
        word = int.from_bytes(data[at : at + size], "little")
        shown = self.shown.get(word)
        if shown is None:
            shown = self.shown[word] = self.show(word, size)
        operands = shown.operands
        if operands is None:
            assert shown.encoding is not None and shown.values is not None
            operands = _renderer(shown.encoding)(shown.values, address, self.symbols)
        note = ""
        if shown.completes is not None:
            note = self.completed(*shown.completes)
        if shown.sets is not None:
            kind, register, value = shown.sets
            self.high[register] = value + address if kind == PC_HIGH else value
        return Line(address, size, word, shown.mnemonic, operands, note)

    def knows(self, extension: str) -> bool:
        known = self.extensions
        return known is None or extension in ALWAYS or extension.lower() in known

    def show(self, word: int, size: int) -> Shown:
        if size not in (2, 4):
            if size == 8:
                return Shown(".8byte", f"{word:#x}")
            each = (f"0x{byte:02x}" for byte in word.to_bytes(size, "little"))
            return Shown(".byte", ", ".join(each))
        fixed, decoded = _FIXED.get(word), decode(word)
        if fixed is not None and (fixed != "pause" or self.knows("zihintpause")):
            return Shown(fixed.removeprefix("c.") if self.aliases else fixed, "")
        if decoded is None and size == 2 and self.knows("C"):
            hint = search_tree(_hints(self.aliases), word)
            if hint is not None:
                encoding, values = hint
                text = _renderer(encoding)(values, 0, self.symbols)
                adds = (values["rd"], 0, PLAIN) if word & 0xE003 == 1 and values.get("rd") else None
                return Shown(encoding.mnemonic, text, completes=adds)
        if decoded is None or not self.knows(decoded.encoding.extension):
            return Shown(f".{size}byte", f"{word:#x}")
        values = decoded.operands
        if decoded.mnemonic in EXACT and values["rm"]:
            return Shown(f".{size}byte", f"{word:#x}")
        encoding = decoded.encoding
        if self.aliases:
            encoding, values = _named(decoded)
        elif encoding.mnemonic == "c.nop":
            encoding, values = lookup("c.addi"), {"rd": 0, "imm": 0}
        operands = None
        if not any(spec.kind == "label" for spec in encoding.operands):
            operands = _renderer(encoding)(values, 0, self.symbols)
        sets = None
        if decoded.mnemonic in ("lui", "c.lui", "auipc"):
            kind = PC_HIGH if decoded.mnemonic == "auipc" else HIGH
            sets = (kind, decoded.operands["rd"], decoded.operands["imm"])
        completes = completed_by(decoded, encoding)
        return Shown(mnemonic_of(encoding, values), operands, encoding, values, completes, sets)

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
) -> Iterator[Line]:
    """The instructions in some bytes; what is none is shown as `.2byte` or `.4byte`."""
    writer = Disassembler(symbols or Symbols(), aliases=aliases)
    at, end = 0, len(data)
    while at < end:
        line = writer.line(data, at, address + at)
        yield line
        at += line.size
