"""Vector operands that the manual forbids: overlaps, misaligned register groups, v0 under a mask.

In: an instruction's operand values and, where it is known, vtype. Out: a `Complaint`, or None. The
one idea: the table's flags say how wide each operand's elements are relative to SEW, vtype how many
registers that takes, and the rules compare register groups. Without vtype an instruction is refused
only if every vtype would refuse it. Source: RVV 1.0, sections 5.2 (operands), 5.3 (masking), 7.8
(segments) and the sections of the instructions named below.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from fleet.asm.isa.encoding import Encoding

MASK_EEW = 0  # log2 of one bit
NO_OVERLAP = (
    "vrgather", "vrgatherei16", "vslideup", "vslide1up", "vfslide1up", "vcompress", "viota",
    "vmsbf", "vmsif", "vmsof",
)  # fmt: skip
"""Stems of instructions whose destination may overlap no source at all."""
EXTENSIONS_OF_ELEMENTS = {"vf2": 1, "vf4": 2, "vf8": 3}
CONFIGURATIONS = [  # (SEW, LMUL) as powers of two, the usual ones first
    (sew, lmul) for lmul in (0, 1, 2, 3, -1, -2, -3) for sew in (5, 6, 4, 3) if sew <= lmul + 6
]


class Complaint(NamedTuple):
    """What is wrong with which operand, named as in `Encoding.operands`."""

    operand: str
    message: str
    is_overlap: bool = False


class Group(NamedTuple):
    """A vector operand: `fields` runs of registers from `first` on.

    emul: log2 of the registers in a run, negative for parts of one; None for a single register
          that is no group: a mask, or a scalar in element 0.
    eew:  log2 of the width of an element.
    """

    operand: str
    first: int
    emul: int | None
    eew: int
    fields: int = 1

    @property
    def count(self) -> int:
        return self.fields << max(self.emul or 0, 0)

    @property
    def last(self) -> int:
        return self.first + self.count - 1

    def overlaps(self, other: Group) -> bool:
        return self.first <= other.last and other.first <= self.last


@cache
def shapes(encoding: Encoding) -> tuple[tuple[str, str, int], ...]:
    """(operand, kind, log2 of elements relative to SEW) of each vector register operand.

    Kinds: "group"; "mask", "scalar" or "whole" for what is no group; "index" and "data" of memory.
    """
    flags, form, stem = encoding.flags, encoding.form, encoding.stem
    names = [spec.name for spec in encoding.operands if spec.kind == "v"]
    found = []
    wide_source = form[:1] == "w" or "narrowing" in flags
    for name in names:
        kind, wider = "group", 0
        if "load" in flags or "store" in flags:
            kind = "index" if name == "vs2" else "data"
        elif stem.startswith("vmv") and form == "v" and stem[3:4].isdecimal():
            kind = "whole"
        elif "element-zero" in flags or ("reduction" in flags and name != "vs2"):
            kind = "scalar"
        elif name == "vd":
            kind = "mask" if "mask-destination" in flags else "group"
            wider = int("widening" in flags)
        elif "mask-source" in flags or (stem == "vcompress" and name == "vs1"):
            kind = "mask"
        elif name == "vs2":
            wider = int(wide_source) - EXTENSIONS_OF_ELEMENTS.get(form, 0)
        found.append((name, kind, wider))
    return tuple(found)


def _groups(encoding: Encoding, values: dict[str, int], sew: int, lmul: int) -> list[Group]:
    """The operands as register groups; destinations first."""
    groups = []
    for name, kind, wider in shapes(encoding):
        first = values[name]
        match kind:
            case "mask":
                group = Group(name, first, None, MASK_EEW)
            case "scalar":
                group = Group(name, first, None, sew + wider)
            case "whole":
                group = Group(name, first, int(encoding.stem[3]).bit_length() - 1, sew)
            case "data" if "mask" in encoding.flags:
                group = Group(name, first, None, MASK_EEW)
            case "data" if "whole" in encoding.flags:
                group = Group(name, first, encoding.nf.bit_length() - 1, 3)
            case "data" if "indexed" in encoding.flags:
                group = Group(name, first, lmul, sew, encoding.nf)
            case "index" | "data":
                eew = encoding.eew.bit_length() - 1
                fields = encoding.nf if kind == "data" else 1
                group = Group(name, first, lmul + eew - sew, eew, fields)
            case _ if encoding.stem == "vrgatherei16" and name == "vs1":
                group = Group(name, first, lmul + 4 - sew, 4)
            case _:
                group = Group(name, first, lmul + wider, sew + wider)
        groups.append(group)
    return groups


def _examine(
    encoding: Encoding, values: dict[str, int], sew: int, lmul: int
) -> Complaint | None:
    flags = encoding.flags
    groups = _groups(encoding, values, sew, lmul)
    for group in groups:
        emul, name = group.emul, f"v{group.first}"
        if emul is not None and not -3 <= emul <= 3:
            size = f"{1 << emul}" if emul > 0 else f"1/{1 << -emul}"
            return Complaint(group.operand, f"this operand would take {size} registers")
        if not 3 <= group.eew <= 6 and group.eew != MASK_EEW:
            message = f"this operand would have elements of {1 << group.eew} bits"
            return Complaint(group.operand, message)
        if emul is not None and group.fields << max(emul, 0) > 8:
            return Complaint(group.operand, f"a segment of {group.count} registers is too large")
        if emul is not None and emul > 0 and group.first % (1 << emul):
            message = f"{name} cannot begin a group of {1 << emul} registers"
            return Complaint(group.operand, message)
        if group.last > 31:
            return Complaint(group.operand, f"{group.count} registers from {name} on are too many")
    if not groups or groups[0].operand != "vd":
        return None
    target, *sources = groups
    name = f"v{target.first}"
    masked = values.get("vm") == 0
    takes_mask = any(spec.kind == "v0" for spec in encoding.operands)
    exempt = "reduction" in flags or (
        "mask-destination" in flags and encoding.stem not in NO_OVERLAP
    )
    if (masked or takes_mask) and target.first == 0 and not exempt:
        return Complaint("vd", "v0 holds the mask and cannot be the destination")
    if "reduction" in flags or target.emul is None and "element-zero" in flags:
        return None
    for source in sources:
        if not target.overlaps(source):
            continue
        segments = "indexed" in flags and encoding.nf > 1
        if encoding.stem in NO_OVERLAP or segments or not _may_overlap(target, source):
            message = f"the destination {name} overlaps the source v{source.first}"
            return Complaint("vd", message, True)
    return None


def _may_overlap(target: Group, source: Group) -> bool:
    """Elements of different widths may share only registers that are read before written."""
    if target.eew == source.eew:
        return True
    if target.eew < source.eew:
        return target.first == source.first
    return source.emul is not None and source.emul >= 0 and target.last == source.last


def complaint(
    encoding: Encoding, values: dict[str, int], vtype: int | None = None
) -> Complaint | None:
    """What the manual forbids about these operands; under any vtype if none is given."""
    if not encoding.is_vector:
        return None
    if vtype is not None:
        sew, lmul = (vtype >> 3 & 7) + 3, vtype & 7
        return _examine(encoding, values, sew, lmul - 8 if lmul > 4 else lmul)
    first: Complaint | None = None
    for sew, lmul in CONFIGURATIONS:
        found = _examine(encoding, values, sew, lmul)
        if found is None:
            return None
        if first is None or (found.is_overlap and not first.is_overlap):
            first = found
    return first


def known_vtype(vtype: int) -> int | None:
    """A vtype that instructions can run under, None if it is reserved."""
    sew, lmul = (vtype >> 3 & 7) + 3, vtype & 7
    lmul = lmul - 8 if lmul > 4 else lmul
    is_usable = vtype < 256 and (sew, lmul) in CONFIGURATIONS
    return vtype if is_usable else None
