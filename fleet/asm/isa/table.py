"""The instruction table: every `Encoding` by mnemonic, and instruction words decoded by it.

In: the rows of `scalar`, `profiles` and `vector`. Out: `encodings()`, `lookup(mnemonic)`,
`decode(word)`. The one idea: the table is data, read once on first use, each row taken apart when
it is needed, and decoding is a tree of dictionaries grown from the masks alone: the bits that all
candidates fix select a dictionary entry, and so on until few are left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from fleet.asm.isa import profiles, scalar, vector
from fleet.asm.isa.encoding import Encoding, mark, parse_pattern, parse_syntax
from fleet.diagnostics import FleetError


class Decoded(NamedTuple):
    """An instruction word taken apart.

    operands: value of each field by name: register numbers 0 to 31 (`rd rs1 rs2 rs3 vd vs1 vs2
    vs3`), `imm` (with its sign; of `lui` the full 32 bits), `shamt`, `csr`, `rm`, `vm` (1 means
    unmasked), `vtype`, `aq`, `rl`, `pred`, `succ`.
    """

    word: int
    encoding: Encoding
    operands: dict[str, int]

    @property
    def mnemonic(self) -> str:
        return self.encoding.mnemonic

    @property
    def size(self) -> int:
        return self.encoding.size


def encoding_of(
    mnemonic: str, pattern: str, syntax: str, extension: str, expansion: str = ""
) -> Encoding:
    """A scalar row as an encoding."""
    mask, match, size, fields = parse_pattern(pattern)
    pieces, operands = parse_syntax(syntax)
    if expansion:  # what occurs once more than as the destination is read, too
        words = re.findall(r"\w+", expansion)
        operands = mark(operands, uses=" ".join(w for w in words if words.count(w) > 1))
    stem, _, form = mnemonic.rpartition(".")
    return Encoding(
        mnemonic, mask, match, size, fields, pieces, operands, extension,
        expansion, stem or mnemonic, form if stem else "",
    )  # fmt: skip


def _columns(text: str) -> Iterator[list[str]]:
    for line in text.strip().splitlines():
        mnemonic, rest = line.split(None, 1)
        columns = [column.strip() for column in rest.split("  ") if column.strip()]
        if len(columns) == 1:
            columns.append("")
        columns[1] = columns[1].replace("-", "")
        yield [mnemonic, *columns]


class ScalarRow(NamedTuple):
    """A row of `scalar` or `profiles`."""

    mnemonic: str
    pattern: str
    syntax: str
    extension: str
    expansion: str = ""

    def encoding(self) -> Encoding:
        return encoding_of(*self)


def _scalar() -> Iterator[ScalarRow]:
    plain = [
        (scalar.BASE, "I"), (scalar.M, "M"), (scalar.ZICSR, "Zicsr"),
        (scalar.ZIFENCEI, "Zifencei"), (scalar.F, "F"), (scalar.D, "D"),
        (scalar.C, "C"),
    ]  # fmt: skip
    for text, extension in plain:
        for row in _columns(text):
            yield ScalarRow(*row[:3], extension, *row[3:])
    for name, pattern, syntax in _columns(scalar.A):
        for suffix, width in (("w", "010"), ("d", "011")):
            yield ScalarRow(f"{name}.{suffix}", pattern.format(width=width), syntax, "A")
    for name, pattern, syntax in _columns(scalar.FLOAT):
        for suffix, fmt, extension in (("s", "00", "F"), ("d", "01", "D"), ("h", "10", "Zfh")):
            yield ScalarRow(f"{name}.{suffix}", pattern.format(fmt=fmt), syntax, extension)


def _profiles() -> Iterator[ScalarRow]:
    for section in profiles.ROWS.split("\n[")[1:]:
        extension, _, text = section.partition("]")
        for row in _columns(text):
            yield ScalarRow(*row[:3], extension, *row[3:])
    formats = (("s", "00"), ("d", "01"), ("h", "10"))
    for name, pattern, syntax in _columns(profiles.ZFA):
        for suffix, fmt in formats:
            yield ScalarRow(f"{name}.{suffix}", pattern.format(fmt=fmt), syntax, "Zfa")
    for extension, name, pattern, syntax, numbers in profiles.MAY_BE:
        for number in numbers:
            bits = f"{number:05b}"
            yield ScalarRow(f"{name}.{number}", pattern.format(*bits), syntax, extension)


def vector_encoding(row: vector.Row) -> Encoding:
    """A row of `vector` as an encoding."""
    mask, match, size, fields = parse_pattern(row.pattern)
    pieces, operands = parse_syntax(row.syntax)
    if "accumulate" in row.flags or "keeps-destination" in row.flags:
        operands = mark(operands, uses="vd")
    form = row.mnemonic.rpartition(".")[2] if "." in row.mnemonic else ""
    return Encoding(
        row.mnemonic, mask, match, size, fields, pieces, operands, row.extension,
        "", row.stem, form, row.flags, row.eew, row.nf,
    )  # fmt: skip


class Encodings(Mapping[str, Encoding]):
    """Every instruction by mnemonic, in the order of the tables; each is made when asked for.

    rows: what is known of an instruction before: mnemonic, pattern, syntax, extension.
    """

    def __init__(self) -> None:
        self.rows: dict[str, ScalarRow | vector.Row] = {}
        self._made: dict[str, Encoding] = {}
        for row in (*_scalar(), *_profiles(), *vector.rows()):
            assert row.mnemonic not in self.rows, row.mnemonic
            self.rows[row.mnemonic] = row

    def __getitem__(self, mnemonic: str) -> Encoding:
        made = self._made.get(mnemonic)
        if made is None:
            row = self.rows[mnemonic]
            made = row.encoding() if isinstance(row, ScalarRow) else vector_encoding(row)
            self._made[mnemonic] = made
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, *extensions: str) -> Iterator[Encoding]:
        """The instructions of these extensions."""
        return (self[name] for name, row in self.rows.items() if row.extension in extensions)


@cache
def encodings() -> Encodings:
    """Every instruction by mnemonic."""
    return Encodings()


def lookup(mnemonic: str) -> Encoding:
    """The encoding of a mnemonic; FleetError if there is none."""
    encoding = encodings().get(mnemonic)
    if encoding is None:
        raise FleetError(f"there is no instruction named {mnemonic}")
    return encoding


def stands_for(encoding: Encoding) -> Encoding:
    """The instruction that an alias of 32 bits means; itself if it is none."""
    return lookup(encoding.expansion.partition(" ")[0]) if encoding.expansion else encoding


# A decision tree over masks: (mask, what the masked word leads to), or candidates to try in turn.
Tree = tuple[int, dict[int, "Tree"]] | list[Encoding]


def grow_tree(candidates: list[Encoding], decided: int = 0) -> Tree:
    """The tree that finds the encoding of a word; `decided` bits have been looked at already.

    Where several fit, the first of the candidates wins.
    """
    common = ~decided
    for encoding in candidates:
        common &= encoding.mask
    if len(candidates) <= 2 or not common:
        return candidates
    groups: dict[int, list[Encoding]] = {}
    for encoding in candidates:
        groups.setdefault(encoding.match & common, []).append(encoding)
    return common, {key: grow_tree(group, decided | common) for key, group in groups.items()}


def search_tree(
    tree: Tree, word: int, accepts: Callable[[Encoding], bool] = bool
) -> tuple[Encoding, dict[str, int]] | None:
    """The first encoding that the word is, of those that are accepted, and its operands."""
    while isinstance(tree, tuple):
        mask, branches = tree
        tree = branches.get(word & mask, [])
    for encoding in tree:
        if word & encoding.mask == encoding.match and accepts(encoding):
            operands = encoding.extract(word)
            if operands is not None:
                return encoding, operands
    return None


@cache
def _tree(size: int) -> Tree:
    known = encodings()
    found = [known[name] for name in known if name.startswith("c.") == (size == 2)]
    found.sort(key=lambda e: -e.mask.bit_count())  # specific ones first
    return grow_tree(found)


_decoded: dict[int, Decoded | None] = {}
_MOST_DECODED = 1 << 16


def decode(word: int) -> Decoded | None:
    """The instruction that a word is, None if it is none.

    A word whose two lowest bits are not 11 is a compressed instruction: its low 16 bits count.
    The result is shared between calls and must not be changed.
    """
    try:
        return _decoded[word]
    except KeyError:
        pass
    if len(_decoded) >= _MOST_DECODED:
        _decoded.clear()
    result = _decoded[word] = decode_as(word, bool)
    return result


def decode_as(word: int, accepts: Callable[[Encoding], bool]) -> Decoded | None:
    """`decode` among the instructions that are accepted."""
    if word & 3 == 3:
        found = search_tree(_tree(4), word, accepts)
    else:
        found = search_tree(_tree(2), word & 0xFFFF, accepts)
    return None if found is None else Decoded(word, *found)
