"""vtype and vl -> `Configuration`: what the manual derives from them (chapter 6, chapter 3.4).

One object stands for one (vtype, vl, vstart). It also holds the steps that were bound for it, so
that a `vsetvli` back to a setting met before finds all of its work done.
"""

from __future__ import annotations

from typing import Any

VILL = 1 << 63
ELEN = 64


class Configuration:
    """The vector unit's setting.

    sew:    element width in bits, 8 to 64
    lmul:   log2 of the register group multiplier, -3 to 3
    vlmax:  elements in a register group
    blocks: bound instructions by address, see `unit`
    """

    __slots__ = ("blocks", "lmul", "sew", "vill", "vl", "vlmax", "vstart", "vtype")

    def __init__(self, vtype: int, vl: int, vstart: int, vlen: int) -> None:
        self.vtype = vtype
        self.vl = vl
        self.vstart = vstart
        self.vill = vtype == VILL
        self.sew = 8 << (vtype >> 3 & 7)
        self.lmul = lmul_of(vtype)
        self.vlmax = 0 if self.vill else vlmax_of(vtype, vlen)
        self.blocks: dict[int, Any] = {}


def lmul_of(vtype: int) -> int:
    """log2 of LMUL: the vlmul field is a signed number of three bits."""
    return (vtype & 7) - (8 if vtype & 4 else 0)


def legal_vtype(vtype: int) -> bool:
    """Whether the setting is supported; the manual reserves SEW > LMUL * ELEN (section 3.4.2)."""
    sew, lmul = 8 << (vtype >> 3 & 7), lmul_of(vtype)
    return vtype >> 8 == 0 and lmul != -4 and sew <= ELEN and sew <= ELEN * 2 ** min(lmul, 0)


def vlmax_of(vtype: int, vlen: int) -> int:
    sew, lmul = 8 << (vtype >> 3 & 7), lmul_of(vtype)
    return (vlen << lmul if lmul >= 0 else vlen >> -lmul) // sew


def vtype_text(vtype: int) -> str:
    """`e32,m4,ta,ma`, as the assembler writes it."""
    if vtype & VILL:
        return "vill"
    lmul = lmul_of(vtype)
    group = f"m{1 << lmul}" if lmul >= 0 else f"mf{1 << -lmul}"
    tail = "ta" if vtype & 0x40 else "tu"
    mask = "ma" if vtype & 0x80 else "mu"
    return f"e{8 << (vtype >> 3 & 7)},{group},{tail},{mask}"
