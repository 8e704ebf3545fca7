"""Machine code -> assembly text, as `objdump -d` prints it.

In: bytes, their address, symbols. Out: one `Line` for each instruction. With `aliases`, compressed
instructions are shown as what they stand for and pseudo-instructions by their names (objdump's
default); without, the rows of the instruction table (`-M no-aliases`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from fleet.asm.table import Decoded, Tree, decode, grow_tree, search_tree


class Line(NamedTuple):
    """One instruction. `note` is what objdump writes after `#`: an address that was computed."""

    address: int
    size: int
    word: int
    mnemonic: str
    operands: str
    note: str = ""

    def __str__(self) -> str:
        digits = f"{self.word:0{2 * self.size}x}"
        blanks = " " * (10 if self.size == 4 else 16)
        text = f"{self.address:8x}:\t{digits}{blanks}\t{self.mnemonic}"
        if self.operands:
            text += f"\t{self.operands}"
        return f"{text} # {self.note}" if self.note else text


class Symbols:
    """Names of addresses: the nearest symbol at or below an address."""

    def __init__(self, names: Mapping[str, int] | Iterable[tuple[str, int]] = ()) -> None:
        pairs = names.items() if isinstance(names, Mapping) else names
        by_address: dict[int, str] = {}
        for name, address in pairs:
            by_address.setdefault(address, name)
        self.at = by_address
        self.names = {name: address for address, name in by_address.items()}
        self.sorted = sorted(by_address)

    def name(self, address: int) -> str:
        """`66 <loop+0x4>`, or the bare number below every symbol."""
        index = bisect_right(self.sorted, address)
        if not index:
            return f"{address:x}"
        start = self.sorted[index - 1]
        offset = f"+{address - start:#x}" if address > start else ""
        return f"{address:x} <{self.at[start]}{offset}>"


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


class Pointers:
    """Upper halves of addresses that lui and auipc have put into registers.

    The next instruction that adds to such a register completes an address, which is noted once.
    """

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.high: dict[int, int] = {}

    def note(self, decoded: Decoded, shown: Encoding, address: int) -> str:
        """What objdump notes for this instruction, of which it shows these operands."""
        values = decoded.operands
        mnemonic = decoded.mnemonic.removeprefix("c.")
        names = [spec.name for spec in shown.operands]
        result = ""
        if mnemonic in ADDING and "imm" in names:
            base = values.get("rs1", values.get("rd", 0)) if decoded.size == 4 else values["rd"]
            if base or mnemonic == "jalr":
                result = self.completed(base, values["imm"], wide=mnemonic == "addiw")
        elif decoded.mnemonic == "jalr" and "rs1" in names:
            result = self.completed(values["rs1"], 0)
        elif decoded.size == 4 and ("imm(rs1)" in shown.pieces) and decoded.mnemonic[0] != "j":
            result = self.completed(values["rs1"], values["imm"])
        if mnemonic == "lui":
            self.high[values["rd"]] = values["imm"]
        elif mnemonic == "auipc":
            self.high[values["rd"]] = address + values["imm"]
        return result

    def completed(self, register: int, offset: int, *, wide: bool = False) -> str:
        high = self.high.pop(register, None)
        if high is None:
            global_pointer = self.symbols.names.get("__global_pointer$")
            if register == 3 and global_pointer is not None:
                high = global_pointer
            elif register in (0, 4):
                high = 0
            else:
                return ""
        value = (0 if register == 0 else high) + offset
        if wide:
            value = (value + (1 << 31) & 0xFFFFFFFF) - (1 << 31)
        return self.symbols.name(value & (1 << 64) - 1)


ADDING = ("addi", "addiw", "jalr")


def disassemble(
    data: bytes | memoryview,
    address: int = 0,
    symbols: Symbols | None = None,
    *,
    aliases: bool = False,
) -> Iterator[Line]:
    """The instructions in some bytes; what is none is shown as `.2byte` or `.4byte`."""
    symbols = symbols or Symbols()
    pointers = Pointers(symbols)
    at, end = 0, len(data)
    while at < end:
        half = int.from_bytes(data[at : at + 2], "little")
        size = 4 if half & 3 == 3 else 2
        if at + size > end:
            word = int.from_bytes(data[at:end], "little")
            yield Line(address + at, end - at, word, f".{end - at}byte", f"{word:#x}")
            return
        word = int.from_bytes(data[at : at + size], "little")
        place = address + at
        at += size
        fixed, decoded = _FIXED.get(word), decode(word)
        if fixed is not None:
            yield Line(place, size, word, fixed.removeprefix("c.") if aliases else fixed, "")
        elif decoded is None:
            yield Line(place, size, word, f".{size}byte", f"{word:#x}")
        else:
            encoding, values = _named(decoded) if aliases else (decoded.encoding, decoded.operands)
            operands = _renderer(encoding)(values, place, symbols)
            note = pointers.note(decoded, encoding, place)
            yield Line(place, size, word, mnemonic_of(encoding, values), operands, note)
