"""Plain lines of assembly -> bytes by look-ups alone.

In: the text of an instruction without labels or symbols. Out: its bytes, or KeyError for all that
needs a closer look: mistakes, what an option forbids, what changes the vector type. The one idea:
what may be written depends on a `Mode` - options and the vector type in force - and each mode has
its own dictionaries, so nothing is checked twice and the lines themselves are not checked at all.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache, lru_cache
from typing import NamedTuple

from fleet.asm.instructions.forms import (
    PLAIN_NUMBER,
    Bits,
    Form,
    forms,
    has_target,
    mnemonics,
    quick_forms,
)
from fleet.asm.instructions.pseudo import load_constant
from fleet.asm.isa.compress import (
    MAJOR,
    OF_C,
    OF_PSEUDO,
    compress,
    expand,
    shortened,
    shortenings,
)
from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.extensions import missing_extension
from fleet.asm.isa.legality import NO_OVERLAP, complaint, known_vtype, shapes
from fleet.asm.isa.registers import parse_vtype
from fleet.asm.isa.table import decode, lookup, stands_for

VECTOR = 0x57
ARITHMETIC = 0xFC00707F  # the bits that tell most vector arithmetic apart
MASKED, VD = 1 << 25, 0x1F << 7
VECTOR_OPCODES = frozenset((VECTOR, 0x07, 0x27))
SCALAR_WIDTHS = (1, 2, 3)  # funct3 of flh, fld and their like, in the opcodes of vector loads
_MOST_WORDS = 1 << 17
_MOST_MODES = 64

Extensions = frozenset[str] | None


class Mode(NamedTuple):
    """What decides how a line is encoded, and whether it may be.

    compressing: which 16-bit forms may be chosen, see `compress`.
    extensions: those of the architecture, in lower case; None if everything is allowed.
    vtype:      the vector type in force, None if it is not known.
    """

    compressing: int = OF_C
    extensions: Extensions = None
    vtype: int | None = None


def allows(extensions: Extensions, encoding: Encoding) -> bool:
    """Whether an architecture has an instruction whatever its operands and the vector type are."""
    if extensions is None:
        return True
    if encoding.extension == "V":  # of the smaller vector extensions, it depends on these
        return "v" in extensions
    return missing_extension(extensions, encoding, {}, None) is None


def word_bytes(word: int, compressing: int) -> bytes:
    """An instruction in the shortest form that is allowed."""
    short = word if word & 3 != 3 else compress(word, compressing) if compressing else None
    return word.to_bytes(4, "little") if short is None else short.to_bytes(2, "little")


class VectorCode:
    """The vector instructions that have been written so far, to find those of words again.

    places: arithmetic whose operands are all as wide as SEW, by its fixed bits: the lowest bits of
            its registers. Any of these may be any other; each must only be the first of a group of
            LMUL.
    by_mask: all of them, by mask and fixed bits; the most specific masks first.
    """

    def __init__(self) -> None:
        self.places: dict[int, int] = {}
        self.by_mask: dict[int, dict[int, Encoding]] = {}

    def note(self, encoding: Encoding) -> None:
        encoding = stands_for(encoding)
        if encoding.match in self.by_mask.setdefault(encoding.mask, {}):
            return
        self.by_mask[encoding.mask][encoding.match] = encoding
        self.by_mask = dict(sorted(self.by_mask.items(), key=lambda i: -i[0].bit_count()))
        is_plain = (
            encoding.extension == "V" and encoding.mask == ARITHMETIC
            and encoding.stem not in (*NO_OVERLAP, "vrgatherei16")
            and all(kind == "group" and not wider for _, kind, wider in shapes(encoding))
            and "v0" not in (o.kind for o in encoding.operands)
        )  # fmt: skip
        if is_plain:
            lowest = {"vd": 7, "vs1": 15, "vs2": 20}
            places = sum(1 << lowest[name] for name, _, _ in shapes(encoding))
            self.places[encoding.match] = places

    def encoding(self, word: int) -> Encoding:
        """That of a word that has been written."""
        for mask, group in self.by_mask.items():
            found = group.get(word & mask)
            if found is not None:
                return found
        raise KeyError(word)


@cache
def vector_code() -> VectorCode:
    """One for all texts."""
    return VectorCode()


class Words(dict[int, bytes]):
    """The bytes of an instruction word: its short form where it has one.

    vtype: under which it runs; KeyError for words that the manual forbids under it, and for those
           that change it.
    """

    def __init__(self, compressing: int, vtype: int | None) -> None:
        super().__init__()
        self.compressing = compressing
        self.rules = shortenings(compressing)
        self.vtype = vtype
        self.low_bits: int | None = None  # that are zero in the number of the first of a group
        if vtype is not None:
            lmul = vtype & 7
            self.low_bits = (1 << lmul) - 1 if lmul < 4 else 0

    def __missing__(self, word: int) -> bytes:
        rules = self.rules.get(word & MAJOR)
        if rules is not None:
            short = shortened(word, rules)
            result = word.to_bytes(4, "little") if short is None else short.to_bytes(2, "little")
        elif word & 3 != 3:
            if not self.compressing:
                raise KeyError(word)
            result = word.to_bytes(2, "little")
        else:
            opcode = word & 0x7F
            is_vector = opcode in VECTOR_OPCODES
            is_vector &= opcode == VECTOR or word >> 12 & 7 not in SCALAR_WIDTHS
            if is_vector and not self.fits(word):
                raise KeyError(word)
            result = word.to_bytes(4, "little")
        self[word] = result
        return result

    def fits(self, word: int) -> bool:
        """Whether a vector instruction can be where it is without a closer look."""
        if self.low_bits is not None:
            places = vector_code().places.get(word & ARITHMETIC)
            if places is not None and (word & MASKED != 0 or word & VD):
                return not word & places * self.low_bits
        encoding = vector_code().encoding(word)
        operands = encoding.extract(word)
        if encoding.stem.startswith("vset") or operands is None:
            return False
        return complaint(encoding, operands, self.vtype) is None


_words: dict[tuple[int, int | None], Words] = {}


def words_of(mode: Mode) -> Words:
    """The dictionary of a mode, which texts that are assembled later share."""
    key = mode.compressing, mode.vtype
    words = _words.get(key)
    if words is None:
        if len(_words) >= _MOST_MODES:
            _words.clear()
        words = _words[key] = Words(*key)
    return words


def bound_memory() -> None:
    """Forget words when there are too many of them."""
    for words in _words.values():
        if len(words) > _MOST_WORDS:
            words.clear()


class Quick(NamedTuple):
    """How a mnemonic with so many operands is encoded: its word, and a dictionary for each."""

    word: int
    tables: tuple[Bits, ...]
    form: Form


class Choices(dict[str, dict[int, Quick]]):
    """Mnemonic -> number of operands -> how look-ups alone can encode it.

    Asked for by `choices[name]`: empty for what is no instruction, what the architecture does not
    have, and what is `hidden`. An instruction is looked up when its name occurs first.
    """

    def __init__(self, extensions: Extensions, hidden: Container[str]) -> None:
        super().__init__()
        self.extensions = extensions
        self.hidden = hidden

    def __missing__(self, mnemonic: str) -> dict[int, Quick]:
        found = NO_CHOICES
        if mnemonic in mnemonics() and mnemonic not in self.hidden:
            found = quick_choices(self.extensions, mnemonic)
        self[mnemonic] = found
        return found


NO_CHOICES: dict[int, Quick] = {}


@lru_cache(maxsize=1 << 13)
def quick_choices(extensions: Extensions, mnemonic: str) -> dict[int, Quick]:
    """What look-ups alone can encode and the architecture allows."""
    if mnemonic in OF_PSEUDO and (extensions is None or "zcb" in extensions):
        return NO_CHOICES  # see `Instructions.spelling`
    found = {}
    for count, form in quick_forms(mnemonic).items():
        if allows(extensions, form.encoding):
            found[count] = Quick(form.match, form.tables, form)
            if form.encoding.is_vector:
                vector_code().note(form.encoding)
    return found


@lru_cache(maxsize=1 << 13)
def quick_branches(extensions: Extensions, mnemonic: str) -> dict[int, Quick]:
    """The same for branches and jumps; the tables are of the operands before the target."""
    return {
        count: Quick(form.match, form.tables[:-1], form)
        for count, (form, *_) in forms(mnemonic).items()
        if has_target(form) and allows(extensions, form.encoding)
    }


@lru_cache(maxsize=1 << 16)
def short_form(word: int, compressing: int) -> int:
    """The 16-bit form of an instruction, 0 if there is none."""
    return compress(word, compressing) or 0


@lru_cache(maxsize=1 << 10)
def long_form(word: int) -> int:
    """The 32-bit instruction that a 16-bit one stands for."""
    decoded = decode(word)
    assert decoded is not None
    return expand(decoded).word


def constant_bytes(register: int, value: int, compressing: int) -> bytes:
    """The instructions that `li` stands for."""
    return b"".join([word_bytes(word, compressing) for word in load_constant(register, value)])


@lru_cache(maxsize=1 << 12)
def vector_configuration(mnemonic: str, *texts: str) -> tuple[bytes, int | None] | None:
    """A plain `vsetvli` or `vsetivli`: its bytes and the vector type; None for what is not plain.
    """
    encoding = lookup(mnemonic)
    vtype = parse_vtype(",".join(texts[2:]))
    if len(texts) < 4 or vtype is None:
        return None
    rd, number = forms(mnemonic)[3][0].tables[:2]
    try:
        word = encoding.match | rd[texts[0]] | number[texts[1]]
    except KeyError:
        return None
    word |= encoding.field("vtype").insert(vtype)
    return word.to_bytes(4, "little"), known_vtype(vtype)


@cache
def auipc_bits() -> Bits:
    """The destinations of auipc."""
    return forms("auipc")[2][0].tables[0]


def plain_integer(text: str) -> int | None:
    """A decimal or hexadecimal number, None for any other expression."""
    return None if PLAIN_NUMBER.fullmatch(text) is None else int(text, 0)
