"""Where qemu 7.2 does not do what the manual says: `QEMU_DEPARTS`.

Chapters are those of "RISC-V 'V' Vector Extension, Version 1.0".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fleet.asm.encoding import Encoding
from fleet.asm.table import decode
from fleet.emu.vector.config import VILL


class Setting(NamedTuple):
    """What is in force before an instruction."""

    vlen: int
    vtype: int
    vl: int
    vstart: int
    frm: int

    @property
    def sew(self) -> int:
        return 8 << (self.vtype >> 3 & 7)


class Case(NamedTuple):
    """An instruction in a setting, and whether it is legal for us. encoding: None if unknown."""

    word: int
    encoding: Encoding | None
    setting: Setting
    legal: bool

    @property
    def stem(self) -> str:
        return self.encoding.stem if self.encoding is not None else ""

    @property
    def flags(self) -> frozenset[str]:
        return self.encoding.flags if self.encoding is not None else frozenset()


class Departure(NamedTuple):
    """section, says: the place in the manual; qemu: what qemu 7.2 does; applies: which cases."""

    name: str
    section: str
    says: str
    qemu: str
    applies: Callable[[Case], bool]


WHOLE_MOVES = frozenset(("vmv1r", "vmv2r", "vmv4r", "vmv8r"))
SCALAR_MOVES = frozenset(("vmv.x", "vmv.s", "vfmv.f", "vfmv.s"))


def _nothing_to_do(case: Case) -> bool:
    setting = case.setting
    return case.legal and 0 < setting.vstart >= setting.vl and "whole" not in case.flags


def _half_floats(case: Case) -> bool:
    return "float" in case.flags and case.setting.sew < 32


def _masked_logic(case: Case) -> bool:
    """OPMVV with funct6 011xxx, where vm is 0."""
    return case.word & 0x7F == 0x57 and case.word >> 12 & 7 == 2 and case.word >> 25 & 0x71 == 0x30


QEMU_DEPARTS: tuple[Departure, ...] = (
    Departure(
        "vstart >= vl", "3.7", "every vector instruction sets vstart to 0 at its end",
        "leaves vstart alone where no element is left to do",
        _nothing_to_do,
    ),
    Departure(
        "scalar moves from vstart", "3.7", "every vector instruction sets vstart to 0 at its end",
        "leaves vstart alone in vmv.x.s, vmv.s.x, vfmv.f.s and vfmv.s.f",
        lambda case: case.legal and case.setting.vstart > 0 and case.stem in SCALAR_MOVES,
    ),
    Departure(
        "whole moves from vstart", "16.6", "vmv<nr>r.v copies the elements of SEW bits from vstart",
        "copies from the wrong place, or dies of a wrong pointer",
        lambda case: case.legal and case.setting.vstart > 0 and case.stem in WHOLE_MOVES,
    ),
    Departure(
        "whole moves under vill", "3.4.4", "what depends on vtype is illegal where vill is set; only "
        "vset and whole-register loads and stores do not depend on it",
        "executes vmv<nr>r.v",
        lambda case: case.setting.vtype == VILL and case.stem in WHOLE_MOVES,
    ),
    Departure(
        "half-precision floats", "13", "an EEW that is no supported floating-point type is reserved",
        "takes elements of 16 bits for floats, which is another extension (Zvfh)",
        _half_floats,
    ),
    Departure(
        "slides up from vstart", "3.7", "every vector instruction sets vstart to 0 at its end",
        "leaves vstart alone in vslideup",
        lambda case: case.legal and case.setting.vstart > 0 and case.stem == "vslideup",
    ),
    Departure(
        "conversions with .rtz. under a reserved frm", "10.1", "reserved, also where the instruction "
        "does not depend on frm; an implementation may report an exception, as Fleet does",
        "aborts in its translator",
        lambda case: case.setting.frm > 4 and ".rtz." in case.stem,
    ),
    Departure(
        "masked compress", "16.5", "the masked form (vm=0) is reserved",
        "executes it, ignoring vm",
        lambda case: case.word & 0x7F == 0x57 and case.word >> 12 & 7 == 2
        and case.word >> 25 == 0b0101110,
    ),
    Departure(
        "masked mask logic", "15.1", "encodings with vm=0 are reserved",
        "executes them, ignoring vm",
        _masked_logic,
    ),
)  # fmt: skip


def departure(instruction: int, setting: Setting, legal: bool) -> Departure | None:
    decoded = decode(instruction)
    case = Case(instruction, decoded.encoding if decoded is not None else None, setting, legal)
    return next((entry for entry in QEMU_DEPARTS if entry.applies(case)), None)
