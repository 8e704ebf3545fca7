"""x86-64 machine code: legacy instructions with a REX prefix, AVX2 and FMA with a VEX prefix.

In: operations with register numbers and `Mem` operands. Out: bytes, with jumps to labels resolved.
Operands have Intel's order, destination first. The REX prefix is always there, so that every
register number is valid for every operand size.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 = range(16)

CONDITIONS = {
    "o": 0, "b": 2, "ae": 3, "e": 4, "ne": 5, "be": 6, "a": 7, "s": 8, "ns": 9, "p": 10, "l": 12,
    "ge": 13, "le": 14, "g": 15,
}  # fmt: skip

EQUAL, LESS, UNORDERED = 0x00, 0x11, 0x03
"""Predicates of vcmp that only signaling NaNs make invalid."""

ARITHMETIC = {"add": 0, "or": 1, "adc": 2, "and": 4, "sub": 5, "xor": 6, "cmp": 7}
SHIFTS = {"ror": 1, "shl": 4, "shr": 5, "sar": 7}
UNARY = {"not": 2, "neg": 3, "mul": 4, "imul": 5, "div": 6, "idiv": 7}


class Mem(NamedTuple):
    """[base + index * scale + disp]."""

    base: int
    disp: int = 0
    index: int | None = None
    scale: int = 1


Operand = int | Mem

_NONE, _66, _F3, _F2 = range(4)
_0F, _0F38, _0F3A = 1, 2, 3


def _vector_operations() -> dict[str, tuple[int, int, int, int]]:
    """Mnemonic -> prefix, opcode map, W, opcode."""
    table = {
        "vmovdqu": (_F3, _0F, 0, 0x6F),
        "vpand": (_66, _0F, 0, 0xDB), "vpandn": (_66, _0F, 0, 0xDF),
        "vpor": (_66, _0F, 0, 0xEB), "vpxor": (_66, _0F, 0, 0xEF),
        "vpmulld": (_66, _0F38, 0, 0x40), "vpmullw": (_66, _0F, 0, 0xD5),
        "vpsllvd": (_66, _0F38, 0, 0x47), "vpsllvq": (_66, _0F38, 1, 0x47),
        "vpsrlvd": (_66, _0F38, 0, 0x45), "vpsrlvq": (_66, _0F38, 1, 0x45),
        "vpsravd": (_66, _0F38, 0, 0x46), "vpshufb": (_66, _0F38, 0, 0x00),
        "vpblendvb": (_66, _0F3A, 0, 0x4C), "vptest": (_66, _0F38, 0, 0x17),
        "vmovmskps": (_NONE, _0F, 0, 0x50), "vmovmskpd": (_66, _0F, 0, 0x50),
        "vpmovmskb": (_66, _0F, 0, 0xD7), "vpacksswb": (_66, _0F, 0, 0x63),
        "vcvtdq2ps": (_NONE, _0F, 0, 0x5B), "vcvtps2dq": (_66, _0F, 0, 0x5B),
        "vcvttps2dq": (_F3, _0F, 0, 0x5B),
        "vmovd": (_66, _0F, 0, 0x6E), "vmovq": (_66, _0F, 1, 0x6E),
        "vmovss": (_F3, _0F, 0, 0x10), "vmovsd": (_F2, _0F, 0, 0x10),
        "vpmuludq": (_66, _0F, 0, 0xF4), "vpmuldq": (_66, _0F38, 0, 0x28),
        "vextracti128": (_66, _0F3A, 0, 0x39), "vpshufd": (_66, _0F, 0, 0x70),
        "vpunpckldq": (_66, _0F, 0, 0x62), "vpunpcklqdq": (_66, _0F, 0, 0x6C),
        "vcvtps2pd": (_NONE, _0F, 0, 0x5A), "vcvtpd2ps": (_66, _0F, 0, 0x5A),
        "vcvtdq2pd": (_F3, _0F, 0, 0xE6), "vcvtss2sd": (_F3, _0F, 0, 0x5A),
        "vcvtsi2ss": (_F3, _0F, 1, 0x2A), "vcvtsi2sd": (_F2, _0F, 1, 0x2A),
        "vcvtsd2si": (_F2, _0F, 1, 0x2D), "vcvttsd2si": (_F2, _0F, 1, 0x2C),
        "vpclmulqdq": (_66, _0F3A, 0, 0x44),
        "vroundsd": (_66, _0F3A, 0, 0x0B), "vucomisd": (_66, _0F, 0, 0x2E),
    }  # fmt: skip
    for name, opcode in (("bw", 0x20), ("bd", 0x21), ("bq", 0x22), ("wd", 0x23), ("wq", 0x24),
                         ("dq", 0x25)):  # fmt: skip
        table["vpmovsx" + name] = (_66, _0F38, 0, opcode)
        table["vpmovzx" + name] = (_66, _0F38, 0, opcode + 0x10)
    by_width = {
        "vpadd": (_0F, (0xFC, 0xFD, 0xFE, 0xD4)), "vpsub": (_0F, (0xF8, 0xF9, 0xFA, 0xFB)),
        "vpbroadcast": (_0F38, (0x78, 0x79, 0x58, 0x59)),
    }  # fmt: skip
    for stem, (space, opcodes) in by_width.items():
        for letter, opcode in zip("bwdq", opcodes, strict=True):
            table[stem + letter] = (_66, space, 0, opcode)
    mixed = {
        "vpmins": ((_0F38, 0x38), (_0F, 0xEA), (_0F38, 0x39)),
        "vpminu": ((_0F, 0xDA), (_0F38, 0x3A), (_0F38, 0x3B)),
        "vpmaxs": ((_0F38, 0x3C), (_0F, 0xEE), (_0F38, 0x3D)),
        "vpmaxu": ((_0F, 0xDE), (_0F38, 0x3E), (_0F38, 0x3F)),
        "vpcmpeq": ((_0F, 0x74), (_0F, 0x75), (_0F, 0x76), (_0F38, 0x29)),
        "vpcmpgt": ((_0F, 0x64), (_0F, 0x65), (_0F, 0x66), (_0F38, 0x37)),
    }
    for stem, places in mixed.items():
        for letter, (space, opcode) in zip("bwdq", places, strict=False):
            table[stem + letter] = (_66, space, 0, opcode)
    floats = {"vadd": 0x58, "vsub": 0x5C, "vmul": 0x59, "vdiv": 0x5E, "vsqrt": 0x51, "vcmp": 0xC2}
    for stem, opcode in floats.items():
        for letters, prefix in (("ps", _NONE), ("pd", _66), ("ss", _F3), ("sd", _F2)):
            table[stem + letters] = (prefix, _0F, 0, opcode)
    fused = {"vfmadd231": 0xB8, "vfmsub231": 0xBA, "vfnmadd231": 0xBC, "vfnmsub231": 0xBE}
    for stem, opcode in fused.items():
        table[stem + "ps"], table[stem + "pd"] = (_66, _0F38, 0, opcode), (_66, _0F38, 1, opcode)
    return table


VECTOR = _vector_operations()

VECTOR_SHIFTS = {  # opcode, extension of the opcode
    "vpsrlw": (0x71, 2), "vpsraw": (0x71, 4), "vpsllw": (0x71, 6), "vpsrld": (0x72, 2),
    "vpsrad": (0x72, 4), "vpslld": (0x72, 6), "vpsrlq": (0x73, 2), "vpsrldq": (0x73, 3),
    "vpsllq": (0x73, 6),
}  # fmt: skip
"""By a constant."""


class Code:
    """Machine code under construction."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self._labels: dict[str, int] = {}
        self._jumps: list[tuple[int, str]] = []
        self._fresh = 0

    # -- encoding

    def _operand(self, reg: int, rm: Operand) -> None:
        """ModRM, SIB and displacement."""
        field = (reg & 7) << 3
        if isinstance(rm, int):
            self.bytes.append(0xC0 | field | rm & 7)
            return
        small = -128 <= rm.disp < 128
        mode = 0x40 if small else 0x80
        if rm.index is None and rm.base & 7 != RSP:
            self.bytes.append(mode | field | rm.base & 7)
        else:
            index = RSP if rm.index is None else rm.index
            scale = rm.scale.bit_length() - 1
            self.bytes += bytes([mode | field | 4, scale << 6 | (index & 7) << 3 | rm.base & 7])
        self.bytes += struct.pack("<b" if small else "<i", rm.disp)

    @staticmethod
    def _high(rm: Operand) -> tuple[int, int]:
        """The bits X and B of a prefix."""
        if isinstance(rm, int):
            return 0, rm >> 3
        return 0 if rm.index is None else rm.index >> 3, rm.base >> 3

    def op(self, opcode: bytes, reg: int, rm: Operand, *, wide: bool = True) -> None:
        """A legacy instruction; a mandatory or size prefix goes before."""
        x, b = self._high(rm)
        prefix = b""
        if opcode[0] in (0x66, 0xF2, 0xF3):
            prefix, opcode = opcode[:1], opcode[1:]
        self.bytes += prefix + bytes([0x40 | wide << 3 | reg >> 3 << 2 | x << 1 | b]) + opcode
        self._operand(reg, rm)

    def v(
        self, name: str, reg: int, first: int, rm: Operand, *, imm: int | None = None,
        short: bool = False, store: bool = False,
    ) -> None:  # fmt: skip
        """A VEX instruction on ymm registers, or xmm where `short`; `first` is 0 where unused."""
        prefix, space, w, opcode = VECTOR[name]
        if store:
            opcode += 0x10 if name == "vmovdqu" or name in ("vmovd", "vmovq") else 1
        self._vex(prefix, space, w, opcode, reg, first, rm, short)
        if imm is not None:
            self.bytes.append(imm)

    def v_shift(self, name: str, reg: int, source: int, count: int, *, short: bool = False) -> None:
        """Elements shifted by a constant; vpsrldq shifts each half by bytes."""
        opcode, extension = VECTOR_SHIFTS[name]
        self._vex(_66, _0F, 0, opcode, extension, reg, source, short)
        self.bytes.append(count)

    def _vex(
        self, prefix: int, space: int, w: int, opcode: int, reg: int, first: int, rm: Operand,
        short: bool,
    ) -> None:  # fmt: skip
        x, b = self._high(rm)
        self.bytes += bytes([
            0xC4,
            (reg >> 3 ^ 1) << 7 | (x ^ 1) << 6 | (b ^ 1) << 5 | space,
            w << 7 | (~first & 15) << 3 | (not short) << 2 | prefix,
            opcode,
        ])  # fmt: skip
        self._operand(reg, rm)

    def blend(self, reg: int, off: int, on: int, mask: int) -> None:
        """Bytes of `on` where the mask's are negative, of `off` elsewhere."""
        self.v("vpblendvb", reg, off, on, imm=mask << 4)

    # -- moves and integers

    def load(self, reg: int, rm: Operand) -> None:
        self.op(b"\x8b", reg, rm)

    def load_unsigned(self, reg: int, rm: Operand, width: int) -> None:
        """Zero extended from `width` bits."""
        if width >= 32:
            self.op(b"\x8b", reg, rm, wide=width == 64)
        else:
            self.op(b"\x0f\xb6" if width == 8 else b"\x0f\xb7", reg, rm, wide=False)

    def load_signed(self, reg: int, rm: Operand, width: int) -> None:
        opcodes = {8: b"\x0f\xbe", 16: b"\x0f\xbf", 32: b"\x63", 64: b"\x8b"}
        self.op(opcodes[width], reg, rm)

    def store(self, rm: Mem, reg: int, width: int = 64) -> None:
        opcode = {8: b"\x88", 16: b"\x66\x89"}.get(width, b"\x89")
        self.op(opcode, reg, rm, wide=width == 64)

    def constant(self, reg: int, value: int) -> None:
        value &= (1 << 64) - 1
        self.bytes += bytes([0x48 | reg >> 3, 0xB8 | reg & 7]) + struct.pack("<Q", value)

    def arith(self, name: str, reg: int, rm: Operand) -> None:
        """add, or, and, sub, xor, cmp."""
        self.op(bytes([ARITHMETIC[name] << 3 | 3]), reg, rm)

    def add_to(self, mem: Mem, reg: int) -> None:
        """add [mem], reg."""
        self.op(b"\x01", reg, mem)

    def arith_imm(self, name: str, rm: Operand, value: int) -> None:
        self.op(b"\x81", ARITHMETIC[name], rm)
        self.bytes += struct.pack("<i", value)

    def shift(self, name: str, reg: int, count: int) -> None:
        self.op(b"\xc1", SHIFTS[name], reg)
        self.bytes.append(count)

    def shift_by_cl(self, name: str, reg: int) -> None:
        self.op(b"\xd3", SHIFTS[name], reg)

    def swap_bytes(self, reg: int) -> None:
        self.bytes += bytes([0x48 | reg >> 3, 0x0F, 0xC8 | reg & 7])

    def unary(self, name: str, rm: Operand, *, wide: bool = True) -> None:
        """not, neg; mul, imul: RDX:RAX = RAX * rm; div, idiv: RAX, RDX = divmod(RDX:RAX, rm)."""
        self.op(b"\xf7", UNARY[name], rm, wide=wide)

    def lowest_bit(self, reg: int, rm: Operand) -> None:
        """Its number; undefined where there is none."""
        self.op(b"\x0f\xbc", reg, rm)

    def highest_bit(self, reg: int, rm: Operand) -> None:
        self.op(b"\x0f\xbd", reg, rm)

    def test(self, a: int, b: int) -> None:
        self.op(b"\x85", b, a)

    def test_imm(self, rm: Operand, value: int) -> None:
        self.op(b"\xf7", 0, rm)
        self.bytes += struct.pack("<i", value)

    def lea(self, reg: int, mem: Mem) -> None:
        self.op(b"\x8d", reg, mem)

    def increment(self, mem: Mem) -> None:
        self.op(b"\xff", 0, mem)

    def cmov(self, condition: str, reg: int, rm: Operand) -> None:
        self.op(bytes([0x0F, 0x40 | CONDITIONS[condition]]), reg, rm)

    def bit_test(self, rm: Operand, reg: int) -> None:
        """Carry = bit `reg` of memory from `rm` on, or bit `reg` % 64 of a register."""
        self.op(b"\x0f\xa3", reg, rm)

    def load_mxcsr(self, mem: Mem) -> None:
        self.op(b"\x0f\xae", 2, mem, wide=False)

    def store_mxcsr(self, mem: Mem) -> None:
        self.op(b"\x0f\xae", 3, mem, wide=False)

    def push(self, *registers: int) -> None:
        for reg in registers:
            self.bytes += bytes([0x40 | reg >> 3, 0x50 | reg & 7])

    def pop(self, *registers: int) -> None:
        for reg in registers:
            self.bytes += bytes([0x40 | reg >> 3, 0x58 | reg & 7])

    # -- control

    def call_register(self, reg: int) -> None:
        self.op(b"\xff", 2, reg)

    def jump_register(self, reg: int) -> None:
        self.op(b"\xff", 4, reg)

    def zero_upper(self) -> None:
        self.bytes += b"\xc5\xf8\x77"

    def ret(self) -> None:
        self.bytes.append(0xC3)

    def fresh(self) -> str:
        self._fresh += 1
        return f"L{self._fresh}"

    def label(self, name: str) -> None:
        self._labels[name] = len(self.bytes)

    def position(self, name: str) -> int:
        return self._labels[name]

    def jump(self, name: str) -> None:
        self.bytes.append(0xE9)
        self._jumps.append((len(self.bytes), name))
        self.bytes += bytes(4)

    def jump_if(self, condition: str, name: str) -> None:
        self.bytes += bytes([0x0F, 0x80 | CONDITIONS[condition]])
        self._jumps.append((len(self.bytes), name))
        self.bytes += bytes(4)

    def finish(self) -> bytes:
        for at, name in self._jumps:
            struct.pack_into("<i", self.bytes, at, self._labels[name] - at - 4)
        self._jumps.clear()
        return bytes(self.bytes)
