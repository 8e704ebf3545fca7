"""Where qemu 7.2 does not do what the manual says: `QEMU_DEPARTS`.

Chapters are those of "RISC-V 'V' Vector Extension, Version 1.0".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import decode, lookup
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
    """section, says: the place in the manual; qemu: what qemu 7.2 does; applies: which cases.

    example: a word and its setting with which it can be seen
    """

    name: str
    section: str
    says: str
    qemu: str
    applies: Callable[[Case], bool]
    example: tuple[int, Setting]


def _under(vtype: int, *, vl: int = 4, vstart: int = 0, frm: int = 0) -> Setting:
    """A setting for VLEN 128."""
    return Setting(128, vtype, vl, vstart, frm)


def _word(mnemonic: str, vm: int = 1, **operands: int) -> int:
    """vm is forced, also where the encoding says otherwise."""
    return lookup(mnemonic).encode(operands) & ~(1 << 25) | vm << 25


E16, E32 = 0b001_000, 0b010_000

WHOLE_MOVES = frozenset(("vmv1r", "vmv2r", "vmv4r", "vmv8r"))
SCALAR_MOVES = frozenset(("vmv.x", "vmv.s", "vfmv.f", "vfmv.s"))


def _nothing_to_do(case: Case) -> bool:
    setting = case.setting
    whole = "whole" in case.flags or case.stem in WHOLE_MOVES
    return case.legal and 0 < setting.vstart >= setting.vl and not whole


def _whole_move_done(case: Case) -> bool:
    """vmv<nr>r.v from an element behind its registers."""
    registers = int(case.stem[3]) if case.stem in WHOLE_MOVES else 0
    setting = case.setting
    return case.legal and 0 < registers * setting.vlen // setting.sew <= setting.vstart


def _masked_logic(case: Case) -> bool:
    """OPMVV with funct6 011xxx, where vm is 0."""
    return case.word & 0x7F == 0x57 and case.word >> 12 & 7 == 2 and case.word >> 25 & 0x71 == 0x30


QEMU_DEPARTS: tuple[Departure, ...] = (
    Departure(
        "vstart >= vl", "3.7", "every vector instruction sets vstart to 0 at its end",
        "leaves vstart alone where no element is left to do",
        _nothing_to_do,
        (_word("vadd.vv", vd=8, vs1=9, vs2=10), _under(E32, vstart=5)),
    ),
    Departure(
        "scalar moves from vstart", "3.7", "every vector instruction sets vstart to 0 at its end",
        "leaves vstart alone in vmv.x.s, vmv.s.x, vfmv.f.s and vfmv.s.f",
        lambda case: case.legal and case.setting.vstart > 0 and case.stem in SCALAR_MOVES,
        (_word("vmv.x.s", rd=10, vs2=9), _under(E32, vstart=1)),
    ),
    Departure(
        "whole moves behind their end", "16.6", "no elements are written if vstart >= evl, the "
        "number of elements in the registers",
        "compares vstart with their bytes, and dies of copying a negative number of them",
        _whole_move_done,
        (_word("vmv1r.v", vd=8, vs2=9), _under(E32, vstart=5)),
    ),
    Departure(
        "whole moves under vill", "3.4.4", "where vill is set, what depends on vtype is illegal: "
        "all but vset and whole-register loads and stores",
        "executes vmv<nr>r.v",
        lambda case: case.setting.vtype == VILL and case.stem in WHOLE_MOVES,
        (_word("vmv1r.v", vd=8, vs2=9), _under(VILL, vl=0)),
    ),
    Departure(
        "slides up from vstart", "3.7", "every vector instruction sets vstart to 0 at its end",
        "leaves vstart alone in vslideup",
        lambda case: case.legal and case.setting.vstart > 0 and case.stem == "vslideup",
        (_word("vslideup.vi", vd=8, vs2=10, imm=1), _under(E32, vstart=2)),
    ),
    Departure(
        ".rtz. under a reserved frm", "10.1", "reserved, although frm is not used; "
        "an implementation may report an exception, as Fleet does",
        "aborts in its translator",
        lambda case: case.setting.frm > 4 and ".rtz." in case.stem,
        (_word("vfcvt.rtz.x.f.v", vd=8, vs2=9), _under(E32, frm=5)),
    ),
    Departure(
        "masked compress", "16.5", "the masked form (vm=0) is reserved",
        "executes it, ignoring vm",
        lambda case: case.word & 0x7F == 0x57 and case.word >> 12 & 7 == 2
        and case.word >> 25 == 0b0101110,
        (_word("vcompress.vm", vm=0, vd=8, vs2=9, vs1=10), _under(E32)),
    ),
    Departure(
        "masked mask logic", "15.1", "encodings with vm=0 are reserved",
        "executes them, ignoring vm",
        _masked_logic,
        (_word("vmand.mm", vm=0, vd=8, vs2=9, vs1=10), _under(E32)),
    ),
)  # fmt: skip


def departure(instruction: int, setting: Setting, legal: bool) -> Departure | None:
    decoded = decode(instruction)
    case = Case(instruction, decoded.encoding if decoded is not None else None, setting, legal)
    return next((entry for entry in QEMU_DEPARTS if entry.applies(case)), None)
