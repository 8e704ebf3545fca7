"""Two objects compared by what they mean: sections, symbols and relocations, in any order.

What assemblers may do differently is evened out: whether a branch or a distance within a section
is resolved or left to the linker, numbers of symbols, names of local labels, the versions of
extensions, symbols that say again that there is code or data.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from fleet.asm.objects.attributes import parse_arch
from fleet.asm.objects.model import ABSOLUTE, COMMON, Object, R, Relocation
from fleet.asm.objects.reader import parse_object
from fleet.asm.objects.relocations import patches, set_uleb128

RESOLVED = (R.BRANCH, R.JAL, R.RVC_BRANCH, R.RVC_JUMP)
FIELDS = {R.SET6: 1, R.SET8: 1, R.SET16: 2, R.SET32: 4}
"""How far the next step of an unwinding table is, and how many bytes say so."""
SIZES = {
    kind: size
    for kinds in ((R.ADD8, R.ADD16, R.ADD32, R.ADD64), (R.SUB8, R.SUB16, R.SUB32, R.SUB64))
    for kind, size in zip(kinds, (1, 2, 4, 8), strict=True)
}
PAIRED = {*SIZES, *FIELDS, R.SUB6, R.SET_ULEB128, R.SUB_ULEB128}
Target = tuple[str, int]


class Summary(NamedTuple):
    sections: dict[str, dict[str, object]]
    symbols: set[tuple[object, ...]]


def section_names(unit: Object) -> list[str]:
    """A name for each section that no other has: with its group, and numbered if need be."""
    groups = {s: unit.symbols[g.signature].name for g in unit.groups for s in g.sections}
    names: list[str] = []
    for index, section in enumerate(unit.sections):
        name = section.name + (f" in {groups[index]}" if index in groups else "")
        while name in names:
            name += "'"
        names.append(name)
    return names


def mapping_name(name: str) -> str:
    """`$xrv64i2p1_zicsr2p0` as what it says, without versions and what i once comprised."""
    if not name.startswith("$xrv"):
        return name
    return "$x " + " ".join(sorted(parse_arch(name[2:]).keys() - {"zicsr", "zifencei"}))


def repeated_marks(unit: Object) -> set[int]:
    """Mapping symbols that say what the one before has said."""
    marks = [s for s in unit.symbols if s.name.startswith("$") and s.section is not None]
    marks.sort(key=lambda s: (s.section, s.value))
    return {
        id(mark) for before, mark in pairwise(marks)
        if before.section == mark.section and before.name[:2] == mark.name
    }  # fmt: skip


def summary(data: bytes, *, without: tuple[str, ...] = ()) -> Summary:
    """The meaning of an object file; `without` sections whose encodings are many."""
    unit = parse_object(data)
    names = section_names(unit)

    def target(relocation: Relocation) -> Target:
        if relocation.symbol is None:
            return "a number", relocation.addend
        symbol = unit.symbols[relocation.symbol]
        if symbol.binding == "local" and symbol.section is not None and symbol.section < ABSOLUTE:
            return names[symbol.section], symbol.value + relocation.addend
        return symbol.name, relocation.addend

    sections: dict[str, dict[str, object]] = {}
    for name, section in zip(names, unit.sections, strict=True):
        content = bytearray(section.data)
        left: list[tuple[int, int, Target]] = []
        pairs: dict[int, list[tuple[int, Target]]] = {}
        for relocation in section.relocations:
            kind, offset, place = relocation.type, relocation.offset, target(relocation)
            if kind in PAIRED:
                pairs.setdefault(offset, []).append((kind, place))
            elif kind in RESOLVED and place[0] == name:
                size, patch = patches()[kind]
                before = int.from_bytes(content[offset : offset + size], "little")
                after = patch(before, place[1], offset)
                assert after is not None
                content[offset : offset + size] = after.to_bytes(size, "little")
            else:
                left.append((offset, kind, place))
        for offset, parts in pairs.items():
            bases = {place[0] for _, place in parts}
            if len(parts) == 2 and len(bases) == 1 and bases <= set(names):
                kind = R(parts[0][0])
                if kind == R.SET_ULEB128:
                    assert set_uleb128(content, offset, parts[0][1][1] - parts[1][1][1])
                    continue
                size = FIELDS.get(kind) or SIZES[kind]
                number = int.from_bytes(content[offset : offset + size], "little")
                distance = parts[0][1][1] - parts[1][1][1]
                if kind == R.SET6:
                    number = number & 0xC0 | distance & 0x3F
                else:
                    number = distance + (0 if kind in FIELDS else number)
                content[offset : offset + size] = (number & (1 << 8 * size) - 1).to_bytes(
                    size, "little"
                )
            else:
                left += [(offset, kind, place) for kind, place in parts]
        if section.name in without or not (section.size or section.relocations):
            continue
        sections[name] = {
            "type": section.type, "flags": section.flags, "entry size": section.entry_size,
            "size": section.size, "content": bytes(content), "relocations": sorted(left),
            "align": section.align,
        }  # fmt: skip
    symbols = set()
    repeated = repeated_marks(unit)
    for symbol in unit.symbols:
        if id(symbol) in repeated:
            continue
        if symbol.kind == "section" or not symbol.name or symbol.name.startswith(".L"):
            continue
        if symbol.section is None:
            place = "elsewhere"
        elif symbol.section in (ABSOLUTE, COMMON):
            place = "a number" if symbol.section == ABSOLUTE else "common"
        else:
            place = names[symbol.section]
        symbols.add(
            (
                mapping_name(symbol.name), place, symbol.value, symbol.size, symbol.binding,
                symbol.kind, symbol.visibility,
            )
        )  # fmt: skip
    return Summary(sections, symbols)
