"""One row of an instruction table in the manual's notation -> an `Encoding`.

In: a pattern, most significant bit first, as the RISC-V unprivileged manual draws it, and the
assembly syntax beside it:

    imm[12|10:5] rs2 rs1 000 imm[4:1|11] 1100011      rs1, rs2, label

Out: mask and match of the fixed bits, one `Field` for each variable part, one `OperandSpec` for
each operand. The one idea: the pattern alone says where every bit of an operand goes, whether an
immediate has a sign, what it must be a multiple of and what range it has, so the assembler, the
disassembler, the emulator's decoder and the register allocator all read this and nothing else.

Notation of patterns: `01` are fixed bits; `rd rs1 rs2 rs3 vd vs1 vs2 vs3` are register numbers,
with a prime (`rs1'`) the three bits that mean registers 8 to 15; `rd!=0,2` excludes numbers;
`imm[8|4:3]` places these bits of an immediate. `imm` and `nzimm` are signed, `uimm`, `nzuimm`
and `shamt` are not, and `nz` forbids zero.

Notation of syntax: `rd` is an integer register, `fd` a floating-point register in the field
`rd`, `vd` a vector register; `imm(rs1)` is an address; `label` a PC-relative `imm`; `upper` an
`imm` written without its low twelve bits; `vm` is the optional `, v0.t`; `rm` the optional
rounding mode; `fli` a floating-point constant by its number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from fleet.diagnostics import FleetError

NO_VALUES: frozenset[int] = frozenset()

WIDTHS = {
    "rd": 5, "rs1": 5, "rs2": 5, "rs3": 5, "vd": 5, "vs1": 5, "vs2": 5, "vs3": 5,
    "rd'": 3, "rs1'": 3, "rs2'": 3, "rm": 3, "fli": 5, "vm": 1, "aq": 1, "rl": 1, "csr": 12,
    "fm": 4, "pred": 4, "succ": 4, "opcode": 7, "opcode2": 2, "func2": 2, "func3": 3, "func4": 4,
    "func6": 6, "func7": 7,
}  # fmt: skip


class Field(NamedTuple):
    """Where the bits of one operand are in an instruction word. Made by `make_field`.

    segments: (lowest bit in the word, lowest bit in the value, width) of each contiguous part.
    base: what is added to a register number that is stored in three bits.
    width: bits of the value, low zero bits that are not stored included.
    mask: the bits of the word that hold it.
    """

    name: str
    segments: tuple[tuple[int, int, int], ...]
    signed: bool
    base: int
    excluded: frozenset[int]
    width: int
    multiple_of: int
    minimum: int
    maximum: int
    mask: int

    def extract(self, word: int) -> int:
        value = 0
        for at, low, width in self.segments:
            value |= (word >> at & (1 << width) - 1) << low
        if self.signed and value >> self.width - 1:
            value -= 1 << self.width
        return value + self.base

    def insert(self, value: int) -> int:
        """The bits of a word that stand for `value`, which must be one that `accepts`."""
        value -= self.base
        word = 0
        for at, low, width in self.segments:
            word |= (value >> low & (1 << width) - 1) << at
        return word

    def accepts(self, value: int) -> bool:
        return (
            self.minimum <= value <= self.maximum
            and value % self.multiple_of == 0
            and value not in self.excluded
        )


def make_field(
    name: str,
    segments: tuple[tuple[int, int, int], ...],
    signed: bool = False,
    base: int = 0,
    excluded: frozenset[int] = NO_VALUES,
) -> Field:
    """A field, with what follows from where its bits are."""
    width = max(low + bits for _, low, bits in segments)
    multiple_of = 1 << min(low for _, low, _ in segments)
    minimum = -(1 << width - 1) if signed else base
    maximum = (1 << (width - 1 if signed else width)) - multiple_of + base
    mask = sum(((1 << bits) - 1) << at for at, _, bits in segments)
    return Field(
        name, segments, signed, base, excluded, width, multiple_of, minimum, maximum, mask
    )


def instruction_length(half: int) -> int:
    """Bytes of the instruction that begins with these 16 bits; 2 for those of unknown length."""
    if half & 3 != 3:
        return 2
    if half & 0x1F != 0x1F:
        return 4
    if half & 0x3F == 0x1F:
        return 6
    if half & 0x7F == 0x3F:
        return 8
    return 10 + (half >> 11 & 0xE) if half & 0x7000 != 0x7000 else 2


class OperandSpec(NamedTuple):
    """One operand as it is written, for whoever builds, prints or allocates registers for it.

    name: key into `Decoded.operands`.
    kind: register class or what else it is, one of
        "x", "f", "v"  a register;
        "imm"          a number (its field has the range);
        "label"        a PC-relative number, written as a symbol;
        "upper"        a number written shifted right by twelve;
        "csr", "vtype", "rm", "pred", "succ"  as named in the manual;
        "fli"          the number of one of `registers.FLI_VALUES`;
        "vm"           optional `v0.t`, 1 means unmasked: the instruction reads v0 when it is 0;
        "v0"           mandatory `v0` (vadc, vmerge): always read;
        "sp"           mandatory `sp` of a compressed instruction;
        "rtz"          mandatory rounding mode `rtz` (fcvtmod.w.d).
    is_def, is_use: the instruction writes / reads the register. Multiply-adds do both to vd.
        Elements that the tail or mask policy leaves undisturbed are not counted as a use.
    default: the value when it is left out, None when it may not be.
    """

    name: str
    kind: str
    is_def: bool = False
    is_use: bool = True
    default: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """One instruction: how it is encoded, written, and which registers it touches.

    There is one object for each, so that equal means identical and caches by it cost little.

    mnemonic:  `vadd.vv`; for atomics without `.aq` and `.rl`, which are fields.
    mask, match: a word is this instruction if `word & mask == match` and no field is excluded.
    size:      bytes, 2 or 4.
    fields:    the variable bits. A name that occurs twice must carry the same value twice
               (aliases only: `fmv.s fd, fs1` is `fsgnj.s fd, fs1, fs1`).
    pieces:    operands as written between commas: `rd`, `imm(rs1)`.
    operands:  the same, one by one.
    extension: "I", "M", "Zba", ... as the manual writes it; "privileged" for what every machine
               has but programs cannot use. What it needs besides, `extensions.py` says.
    expansion: what a compressed instruction or an alias stands for, as assembly with the
               operands' names, or "".
    stem, form: vector: `vadd` and `vv`; in general what stands before and after the last dot.
    flags:     vector: see `vector`.FLAGS.
    eew:       vector memory: width in bits of the element (of the index, when indexed), else 0.
    nf:        vector memory: fields of a segment, or registers of a whole-register access.
    """

    mnemonic: str
    mask: int
    match: int
    size: int
    fields: tuple[Field, ...]
    pieces: tuple[str, ...]
    operands: tuple[OperandSpec, ...]
    extension: str
    expansion: str = ""
    stem: str = ""
    form: str = ""
    flags: frozenset[str] = frozenset()
    eew: int = 0
    nf: int = 1

    @property
    def is_vector(self) -> bool:
        """Whether the vector unit executes it: V and its extensions, vset{i}vl{i} included."""
        return self.extension == "V" or self.extension.startswith("Zv")

    @property
    def syntax(self) -> str:
        return ", ".join(self.pieces)

    def field(self, name: str) -> Field:
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.mnemonic} has no field {name}")

    def encode(self, operands: dict[str, int]) -> int:
        """The word with these operand values; those with a default may be left out."""
        word = self.match
        defaults = {o.name: o.default for o in self.operands}
        for field in self.fields:
            value = operands.get(field.name)
            if value is None:
                value = defaults.get(field.name, 0)
            if value is None or not field.accepts(value):
                raise FleetError(f"{self.mnemonic} cannot have {field.name} = {value}")
            word |= field.insert(value)
        return word

    def extract(self, word: int) -> dict[str, int] | None:
        """Operand values of a word that has this mask and match; None if a field forbids it."""
        values: dict[str, int] = {}
        for name, parts, sign, base, excluded in _extraction(self):
            value = 0
            for at, mask, low in parts:
                value |= (word >> at & mask) << low
            if value & sign:
                value -= sign << 1
            value += base
            if value in excluded or values.setdefault(name, value) != value:
                return None
        return values


class Extraction(NamedTuple):
    """`Field.extract` with all that can be worked out before.

    parts: (lowest bit in the word, mask, lowest bit in the value) of each segment.
    sign:  the bit of the value that is its sign, 0 for none.
    """

    name: str
    parts: tuple[tuple[int, int, int], ...]
    sign: int
    base: int
    excluded: frozenset[int]


@cache
def _extraction(encoding: Encoding) -> tuple[Extraction, ...]:
    return tuple(
        Extraction(
            field.name,
            tuple((at, (1 << width) - 1, low) for at, low, width in field.segments),
            1 << field.width - 1 if field.signed else 0, field.base, field.excluded,
        )
        for field in encoding.fields
    )  # fmt: skip


@cache
def _token(text: str) -> tuple[str, int, tuple[tuple[int, int], ...], bool, int, frozenset[int]]:
    """One token of a pattern: name, width, (low bit, width) parts, signed, base, excluded."""
    name, bracket, bits = text.rstrip("]").partition("[")
    if bracket:
        parts = []
        for part in bits.split("|"):
            high, _, low = part.partition(":")
            low = low or high
            parts.append((int(low), int(high) - int(low) + 1))
        excluded = frozenset((0,)) if name.startswith("nz") else NO_VALUES
        signed = name in ("imm", "nzimm")
        name = "shamt" if name.endswith("shamt") else "vtype" if name == "vtype" else "imm"
        return name, sum(width for _, width in parts), tuple(parts), signed, 0, excluded
    name, unequal, numbers = text.partition("!=")
    excluded = frozenset(map(int, numbers.split(","))) if unequal else NO_VALUES
    width = WIDTHS[name]
    base = 8 if name.endswith("'") else 0
    return name.rstrip("'"), width, ((0, width),), False, base, excluded


@cache
def parse_pattern(pattern: str) -> tuple[int, int, int, tuple[Field, ...]]:
    """A pattern as (mask, match, size in bytes, fields)."""
    tokens = pattern.split()
    at = sum(
        len(token) if token.isdecimal() else _token(token)[1] for token in tokens
    )  # bits above the token in hand
    size = at // 8
    mask = match = 0
    fields: dict[str, Field] = {}
    for token in tokens:
        if token.isdecimal():
            at -= len(token)
            mask |= (1 << len(token)) - 1 << at
            match |= int(token, 2) << at
            continue
        name, _, parts, signed, base, excluded = _token(token)
        segments = ()
        for low, width in parts:
            at -= width
            segments += ((at, low, width),)
        known = fields.get(name)
        if known is not None:
            segments = known.segments + segments
        fields[name] = make_field(name, segments, signed, base, excluded)
    return mask, match, size, tuple(fields.values())


REGISTER = re.compile(r"([rfv])(d|s[123])'?")
KINDS = frozenset(("vtype", "csr", "pred", "succ", "fli"))
FIXED = frozenset(("v0", "sp", "rtz"))
"""Operands that can only be written as they are named."""


@cache
def parse_operand(text: str) -> OperandSpec:
    """One operand of a syntax, without parentheses: `rd`, `fs1`, `label`, `rm=0`."""
    name, _, default = text.partition("=")
    match = REGISTER.fullmatch(name)
    if match:
        kind = {"r": "x"}.get(match[1], match[1])
        field = ("v" if kind == "v" else "r") + match[2]
        return OperandSpec(field, kind, match[2] == "d", match[2] != "d")
    if name in ("label", "upper"):
        return OperandSpec("imm", name)
    if name == "vm":
        return OperandSpec("vm", "vm", default=1)
    if name in FIXED:
        return OperandSpec(name, name)
    if name == "rm":
        return OperandSpec("rm", "rm", default=int(default or 7))
    if name in KINDS:
        return OperandSpec(name, name)
    return OperandSpec("shamt" if name == "shamt" else "imm", "imm")


@cache
def parse_syntax(syntax: str) -> tuple[tuple[str, ...], tuple[OperandSpec, ...]]:
    """`rd, imm(rs1)` as its pieces and its operands."""
    if not syntax:
        return (), ()
    pieces = tuple(syntax.split(", "))
    names = [name for piece in pieces for name in piece.rstrip(")").split("(") if name]
    return pieces, tuple(map(parse_operand, names))


def mark(
    operands: tuple[OperandSpec, ...], *, defs: str = "", uses: str = ""
) -> tuple[OperandSpec, ...]:
    """The operands, those named in `defs` written too, those named in `uses` read too."""
    more_defs, more_uses = defs.split(), uses.split()
    return tuple(
        o._replace(is_def=o.is_def or o.name in more_defs, is_use=o.is_use or o.name in more_uses)
        for o in operands
    )
