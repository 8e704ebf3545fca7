"""Plain lines of assembly -> bytes by look-ups alone.

In: the text of an instruction without labels or symbols. Out: its bytes, or KeyError for all that
needs a closer look: mistakes, what an option forbids, what changes the vector type. The one idea:
what may be written depends on a `Mode` - options and the vector type in force - and each mode has
its own dictionaries, so nothing is checked twice and the lines themselves are not checked at all.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from fleet.asm import pseudo
from fleet.asm.compress import compress
from fleet.asm.encoding import Encoding
from fleet.asm.forms import Bits, forms, quick_forms
from fleet.asm.legality import complaint
from fleet.asm.table import decode

# An instruction or directive alone on its line, nothing to take apart with care.
SIMPLE = re.compile(r"[ \t]+(\.?[a-z][a-z0-9._]*)(?:[ \t]+([^#\"';/:\r\\]*))?(?:#.*)?\r?$")
LABEL = re.compile(r"[A-Za-z_.$][\w.$]*")
LOC = re.compile(r"(\d+)[ \t]+(\d+)(?:[ \t]+(\d+))?")
COMMENT = re.compile(r"[ \t]*(?:#.*)?\r?")
PLAIN_NAME = re.compile(r"[A-Za-z_.$][\w.$]+|[A-Za-z_]")
# Major opcodes that have compressed forms; for jalr (0x67) it depends on how it is written.
COMPRESSIBLE = frozenset(
    (0x03, 0x07, 0x13, 0x1B, 0x23, 0x27, 0x33, 0x37, 0x3B, 0x63, 0x6F, 0x73)
)
VECTOR = 0x57
VECTOR_OPCODES = frozenset((VECTOR, 0x07, 0x27))
SCALAR_WIDTHS = (2, 3)  # funct3 of fld and its like, which share opcodes with vector loads
_MOST_WORDS = 1 << 17
_MOST_MODES = 64


class Mode(NamedTuple):
    """What decides how a line is encoded, and whether it may be.

    extensions: those of the architecture, in lower case; None if everything is allowed.
    vtype:      the vector type in force, None if it is not known.
    """

    compressing: bool = True
    extensions: frozenset[str] | None = None
    vtype: int | None = None


def allows(extensions: frozenset[str] | None, extension: str) -> bool:
    """Whether an architecture has the instructions of one extension of the table."""
    if extensions is None or extension.lower() in extensions:
        return True
    return extension == "V" and "zve32x" in extensions


class Words(dict[int, bytes]):
    """The bytes of an instruction word in a mode: its short form where it has one."""

    def __init__(self, mode: Mode) -> None:
        super().__init__()
        self.mode = mode

    def __missing__(self, word: int) -> bytes:
        mode = self.mode
        opcode = word & 0x7F
        if mode.extensions is not None:
            decoded = decode(word)
            if decoded is not None and not allows(mode.extensions, decoded.encoding.extension):
                raise KeyError(word)
        if opcode in VECTOR_OPCODES and (opcode == VECTOR or word >> 12 & 7 not in SCALAR_WIDTHS):
            decoded = decode(word)
            assert decoded is not None
            if decoded.encoding.stem.startswith("vset"):
                raise KeyError(word)
            if complaint(decoded.encoding, decoded.operands, mode.vtype) is not None:
                raise KeyError(word)
        short = None
        if word & 3 != 3:
            short = word
        elif mode.compressing and opcode in COMPRESSIBLE:
            short = compress(word)
        result = word.to_bytes(4, "little") if short is None else short.to_bytes(2, "little")
        self[word] = result
        return result


_words: dict[Mode, Words] = {}


def words_of(mode: Mode) -> Words:
    """The dictionary of a mode, which texts that are assembled later share."""
    words = _words.get(mode)
    if words is None:
        if len(_words) >= _MOST_MODES:
            _words.clear()
        words = _words[mode] = Words(mode)
    return words


def bound_memory() -> None:
    """Forget words when there are too many of them."""
    for words in _words.values():
        if len(words) > _MOST_WORDS:
            words.clear()


@lru_cache(maxsize=1 << 16)
def short_form(word: int) -> int:
    """The 16-bit form of an instruction, 0 if there is none."""
    return compress(word) or 0


@lru_cache(maxsize=1 << 16)
def constant_bytes(register: str, value: int, compressing: bool) -> bytes:
    """The instructions that `li` stands for."""
    words = words_of(Mode(compressing))
    code = b""
    for text in pseudo.load_constant(register, pseudo.signed(value, 64)):
        name, _, operands = text.partition(" ")
        texts = operands.split(",")
        word, tables = quick_forms()[name, len(texts)]
        for bits, operand in zip(tables, texts, strict=True):
            word |= bits[operand]
        code += words[word]
    return code


class QuickBranch(NamedTuple):
    """A branch or jump; `tables` are of the operands before its target."""

    encoding: Encoding
    match: int
    tables: tuple[Bits, ...]


@cache
def quick_branches() -> dict[tuple[str, int], QuickBranch]:
    """The branches and jumps by mnemonic and number of operands."""
    found = {}
    for key, group in forms().items():
        form = group[0]
        if form.pieces and form.pieces[-1].parts[0].spec.kind == "label":
            found[key] = QuickBranch(form.encoding, form.match, form.tables[:-1])
    return found
