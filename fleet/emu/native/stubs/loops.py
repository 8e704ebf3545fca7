"""Loops over elements of different widths: widening, narrowing, wider intermediate results.

`Lanes` computes on vectors. A lane has the width that is computed at; operands are extended to it
when they are loaded, and results are cut to their own width when they are stored. `by_element`
takes one element after the other in general registers, for what AVX2 has no instruction for. AT
counts elements in both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fleet.emu.native.state import BITS, SPREAD
from fleet.emu.native.stub import AT, FILE, LEFT, LETTER, SCALAR, Stub
from fleet.emu.native.x86 import R10, R11, RAX, RCX, Mem

ACTIVE = R10
"""Host register: a bit for each active element of a chunk that is not whole."""

PACKING = 11
"""Vector register: how vpshufb moves the low parts of lanes together."""


class Widths(NamedTuple):
    """Element widths of an instruction's operands: vd, vs2, and vs1 or the scalar."""

    vd: int
    vs2: int
    vs1: int


def widths(s: Stub) -> Widths:
    flags, twice = s.encoding.flags, 2 * s.sew
    widening = "widening" in flags
    wide_source = "narrowing" in flags or (widening and s.form[0] == "w")
    return Widths(twice if widening else s.sew, twice if wide_source else s.sew, s.sew)


def place(s: Stub, register: int, width: int, element: int = 0) -> Mem:
    """The element AT + `element` of a register group."""
    return Mem(FILE, register * s.vlenb + element * width // 8, AT, width // 8)


def load_source(s: Stub, reg: int, kind: str) -> bool:
    """A scalar source, extended to 64 bits, in a host register; whether there is one."""
    load = s.load_signed if kind == "i" else s.load_unsigned
    match s.form[1]:
        case "x":
            load(reg, s.x(s.rs1), s.sew)
        case "i":
            s.constant(reg, s.immediate if kind == "i" else s.immediate & (1 << s.sew) - 1)
        case _:
            return False
    return True


class Lanes:
    """A loop whose chunks are as many elements as fill a vector register at `width` bits each."""

    def __init__(self, s: Stub, width: int) -> None:
        self.s, self.width, self.count = s, width, 256 // width

    def load(self, reg: int, register: int, width: int, kind: str, element: int) -> None:
        """Elements of a register group, extended to lanes with sign (kind "i") or with zeros."""
        name = "vmovdqu"
        if width < self.width:
            sign = "sx" if kind == "i" else "zx"
            name = "vpmov" + sign + LETTER[width] + LETTER[self.width]
        self.s.v(name, reg, 0, place(self.s, register, width, element))

    def mask(self, reg: int, width: int) -> None:
        """Ones in the active elements of a chunk that is not whole, at any width."""
        s = self.s
        s.v("vmovq", reg, 0, ACTIVE, short=True)
        s.v("vpbroadcast" + LETTER[32 if width == 8 else width], reg, 0, reg)
        if width == 8:
            s.v("vpshufb", reg, reg, s.state(SPREAD))
        s.v("vpand", reg, reg, s.state(BITS[width]))
        s.v("vpcmpeq" + LETTER[width], reg, reg, s.state(BITS[width]))

    def prepare_packing(self, width: int) -> None:
        """Needed before `pack` to a width."""
        kept, lane = width // 8, self.width // 8
        count = 16 // lane * kept
        order = [i // kept * lane + i % kept if i < count else 0x80 for i in range(8)]
        self.s.spread_constant(PACKING, int.from_bytes(bytes(order), "little"), 64)

    def pack(self, reg: int, width: int) -> None:
        """The low `width` bits of lanes side by side; clobbers 9."""
        s = self.s
        s.v("vpshufb", reg, reg, PACKING)
        s.v("vextracti128", reg, 0, 9, imm=1)
        s.v("vpunpckldq" if self.width == 4 * width else "vpunpcklqdq", reg, reg, 9, short=True)

    def store(self, reg: int, register: int, width: int, element: int, partial: bool) -> None:
        """Elements of `width` bits, side by side, to a register group; clobbers 8 and 9."""
        s, at = self.s, place(self.s, register, width, element)
        size = self.count * width
        name, short = "vmovq" if size == 64 else "vmovdqu", size < 256
        if partial:
            self.mask(8, width)
            s.v(name, 9, 0, at, short=short)
            s.blend(reg, 9, reg, 8)
        s.v(name, reg, 0, at, short=short, store=True)

    def run(self, body: Callable[[int, bool], None], unroll: int = 2) -> None:
        """Emits the loop over vl elements. `body(element, partial)` is the work on the chunk at
        AT + `element`; of a partial one only what ACTIVE says counts.
        """
        s = self.s
        s.begin(1)
        if s.masked:
            self._masked(body)
            return
        most = s.config.vlmax
        for times in (unroll, 1) if unroll > 1 else (1,):
            count = times * self.count
            if most < count:
                continue
            again, done = s.fresh(), s.fresh()
            s.arith_imm("sub", LEFT, count)
            s.jump_if("b", done)
            s.label(again)
            for i in range(times):
                body(i * self.count, False)
            s.arith_imm("add", AT, count)
            s.arith_imm("sub", LEFT, count)
            s.jump_if("ae", again)
            s.label(done)
            s.arith_imm("add", LEFT, count)
        done = s.fresh()
        s.test(LEFT, LEFT)
        s.jump_if("e", done)
        self._find_active()
        body(0, True)
        s.label(done)

    def _masked(self, body: Callable[[int, bool], None]) -> None:
        s = self.s
        again, skip, done = s.fresh(), s.fresh(), s.fresh()
        s.test(LEFT, LEFT)
        s.jump_if("e", done)
        s.label(again)
        self._find_active()
        s.load(RAX, AT)
        s.shift("shr", RAX, 3)
        s.load_unsigned(RAX, Mem(FILE, 0, RAX), max(self.count, 8))
        if self.count == 4:
            s.load(RCX, AT)
            s.arith_imm("and", RCX, 4)
            s.shift_by_cl("shr", RAX)
        s.arith("and", ACTIVE, RAX)
        s.jump_if("e", skip)
        body(0, True)
        s.label(skip)
        s.arith_imm("add", AT, self.count)
        s.arith_imm("sub", LEFT, self.count)
        s.jump_if("a", again)
        s.label(done)

    def _find_active(self) -> None:
        """ACTIVE = bits for the first LEFT elements, at most a chunk."""
        s, whole = self.s, self.s.fresh()
        s.constant(ACTIVE, (1 << self.count) - 1)
        s.arith_imm("cmp", LEFT, self.count)
        s.jump_if("ae", whole)
        s.constant(ACTIVE, -1)
        s.load(RCX, LEFT)
        s.shift_by_cl("shl", ACTIVE)
        s.unary("not", ACTIVE)
        s.label(whole)


Compute = Callable[[int, int, Lanes, bool], None]
"""`compute(a, b, lanes, partial)`: register 2 = f(a, b), or f(a, b, register 2) where vd is a
source. May use 3 to 9."""


def in_lanes(s: Stub, width: int, kinds: str, compute: Compute) -> None:
    """vd = f(vs2, source) in lanes of `width` bits. kinds: of vs2 and source, "u" or "i"."""
    lanes, operands = Lanes(s, width), widths(s)
    scalar = load_source(s, RAX, kinds[1])
    if scalar:
        s.v("vmovq", SCALAR, 0, RAX, short=True)
        s.v("vpbroadcast" + LETTER[width], SCALAR, 0, SCALAR)
    if operands.vd < width:
        lanes.prepare_packing(operands.vd)

    def body(element: int, partial: bool) -> None:
        lanes.load(0, s.vs2, operands.vs2, kinds[0], element)
        if not scalar:
            lanes.load(1, s.vs1, operands.vs1, kinds[1], element)
        if "accumulate" in s.encoding.flags:
            lanes.load(2, s.vd, operands.vd, "u", element)
        compute(0, SCALAR if scalar else 1, lanes, partial)
        if operands.vd < width:
            lanes.pack(2, operands.vd)
        lanes.store(2, s.vd, operands.vd, element, partial)

    lanes.run(body)


def by_element(s: Stub, kinds: str, compute: Callable[[], None]) -> None:
    """vd = f(vs2, source), element by element.

    `compute()` emits RAX = f(RAX, RCX), all extended to 64 bits as `kinds` say; it may use RDX,
    RSI and RDI.
    """
    operands = widths(s)
    first = s.load_signed if kinds[0] == "i" else s.load_unsigned
    second = s.load_signed if kinds[1] == "i" else s.load_unsigned
    scalar = load_source(s, R11, kinds[1])

    def body() -> None:
        first(RAX, place(s, s.vs2, operands.vs2), operands.vs2)
        if scalar:
            s.load(RCX, R11)
        else:
            second(RCX, place(s, s.vs1, operands.vs1), operands.vs1)
        compute()
        s.store(place(s, s.vd, operands.vd), RAX, operands.vd)

    s.elements(body)
