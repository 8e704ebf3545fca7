"""Stubs of fixed-point instructions: saturation, averaging, scaling, clipping.

A stub has one loop for each value of vxrm where rounding matters. Ones in register 10 are elements
that were saturated.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.emu.native.state import SIGN, VXRM, VXSAT
from fleet.emu.native.stub import CONSTANT, LETTER, MASK, NANS, Rule, Stub, rules
from fleet.emu.native.stubs.integer import each, shift_by_lane
from fleet.emu.native.stubs.loops import Lanes, by_element, in_lanes, widths
from fleet.emu.native.stubs.multiplication import whole_product
from fleet.emu.native.x86 import RAX, RCX, RDI, RDX, RSI, Mem
from fleet.emu.vector.fixedpoint import RDN, RNE, RNU, ROD

SATURATED, SIGNS, ONES = 10, NANS, 7
MODES = (RNU, RNE, RDN, ROD)


def by_mode(s: Stub, emit: Callable[[int], None]) -> None:
    """Work that depends on vxrm."""
    done = s.fresh()
    for mode in MODES:
        following = s.fresh()
        s.arith_imm("cmp", s.state(VXRM), mode)
        s.jump_if("ne", following)
        emit(mode)
        s.jump(done)
        s.label(following)
    s.label(done)


def note_saturation(s: Stub) -> None:
    """vxsat = 1 if anything was saturated."""
    none = s.fresh()
    s.v("vptest", SATURATED, 0, SATURATED)
    s.jump_if("e", none)
    set_saturation(s)
    s.label(none)


def set_saturation(s: Stub) -> None:
    s.constant(RDX, 1)
    s.store(s.state(VXSAT), RDX)


def saturate(s: Stub) -> None:
    """vsadd, vsaddu, vssub, vssubu."""
    letter, subtracts = LETTER[s.sew], s.stem.startswith("vssub")
    s.spread(SIGNS, s.state(SIGN[s.sew]))
    s.v("vpxor", SATURATED, SATURATED, SATURATED)
    s.v("vpcmpeqd", CONSTANT, CONSTANT, CONSTANT)
    s.v("vpxor", CONSTANT, CONSTANT, SIGNS)  # the greatest number

    def unsigned(a: int, b: int, partial: bool) -> None:
        s.v(("vpsub" if subtracts else "vpadd") + letter, 2, a, b)
        s.v("vpxor", 4, a, SIGNS)
        s.v("vpxor", 3, b if subtracts else 2, SIGNS)
        s.v("vpcmpgt" + letter, 3, *((3, 4) if subtracts else (4, 3)))
        s.v("vpandn" if subtracts else "vpor", 2, 3, 2)
        count(partial)

    def signed(a: int, b: int, partial: bool) -> None:
        s.v(("vpsub" if subtracts else "vpadd") + letter, 2, a, b)
        s.v("vpxor", 3, a, 2)
        s.v("vpxor", 4, *((a, b) if subtracts else (b, 2)))
        s.v("vpand", 3, 3, 4)
        s.v("vpxor", 5, 5, 5)
        s.v("vpcmpgt" + letter, 3, 5, 3)
        s.v("vpcmpgt" + letter, 4, 5, a)
        s.v("vpxor", 4, 4, CONSTANT)
        s.blend(2, 2, 4, 3)
        count(partial)

    def count(partial: bool) -> None:
        if partial:
            s.v("vpand", 3, 3, MASK)
        s.v("vpor", SATURATED, SATURATED, 3)

    each(s, unsigned if s.stem.endswith("u") else signed)
    note_saturation(s)


def average(s: Stub) -> None:
    """(a + b) / 2 is (a & b) + (a ^ b) / 2, and (a - b) / 2 is (a ^ b) / 2 - (~a & b), of unsigned
    numbers; the lowest bit of a ^ b is what is cut off. Signed numbers are made unsigned by adding
    the sign bit.
    """
    letter, subtracts, signed = LETTER[s.sew], "sub" in s.stem, not s.stem.endswith("u")
    s.spread(SIGNS, s.state(SIGN[s.sew]))
    s.spread_constant(CONSTANT, 1)
    if s.sew == 8:
        s.spread_constant(11, 0x7F)

    def emit(mode: int) -> None:
        def compute(a: int, b: int, _partial: bool) -> None:
            if signed:
                s.v("vpxor", 3, a, SIGNS)
                s.v("vpxor", 4, b, SIGNS)
                a, b = 3, 4
            s.v("vpxor", 5, a, b)
            s.v_shift("vpsrl" + ("w" if s.sew == 8 else letter), 6, 5, 1)
            if s.sew == 8:
                s.v("vpand", 6, 6, 11)
            s.v("vpandn" if subtracts else "vpand", 7, a, b)
            s.v(("vpsub" if subtracts else "vpadd") + letter, 2, 6, 7)
            s.v("vpand", 5, 5, CONSTANT)
            if mode == RNE:
                s.v("vpand", 5, 5, 2)
            if mode == ROD:
                s.v("vpor", 2, 2, 5)
            elif mode != RDN:
                s.v("vpadd" + letter, 2, 2, 5)
            if signed and not subtracts:
                s.v("vpxor", 2, 2, SIGNS)

        each(s, compute)

    by_mode(s, emit)


def shift_rounded(s: Stub, mode: int, width: int, name: str) -> None:
    """Register 2 = register 0 shifted by the counts in register 3, rounded. CONSTANT is ones."""
    shift_by_lane(s, name, width, 2, 0, 3)
    letter = LETTER[width]
    if mode == RDN:
        return
    s.v("vpcmpeqd", ONES, ONES, ONES)
    s.v("vpxor", 6, 6, 6)
    if mode == ROD:
        s.v("vpsllv" + letter, 5, ONES, 3)
        s.v("vpandn", 5, 5, 0)
        s.v("vpcmpeq" + letter, 5, 5, 6)
        s.v("vpandn", 5, 5, CONSTANT)
        s.v("vpor", 2, 2, 5)
        return
    s.v("vpadd" + letter, 5, 3, ONES)  # the highest bit that is cut off; none if the count is 0
    s.v("vpsrlv" + letter, 4, 0, 5)
    s.v("vpsllv" + letter, 5, CONSTANT, 5)
    s.v("vpand", 4, 4, CONSTANT)
    if mode == RNE:
        s.v("vpadd" + letter, 5, 5, ONES)
        s.v("vpand", 5, 5, 0)
        s.v("vpcmpeq" + letter, 5, 5, 6)  # a tie
        s.v("vpandn", 6, 2, 5)
        s.v("vpandn", 4, 6, 4)  # not if that leaves the result even
    s.v("vpadd" + letter, 2, 2, 4)


def scale(s: Stub) -> None:
    """vssrl, vssra, vnclip, vnclipu."""
    source, narrow = widths(s).vs2, s.sew
    width = max(source, 32)
    signed = s.stem in ("vssra", "vnclip")
    letter = LETTER[width]
    s.spread_constant(CONSTANT, 1, width)
    s.spread_constant(SIGNS, source - 1, width)
    s.v("vpxor", SATURATED, SATURATED, SATURATED)

    def clip(lanes: Lanes, partial: bool) -> None:
        if signed:
            s.spread_constant(3, (1 << narrow - 1) - 1, width)
            s.v("vpcmpgt" + letter, 4, 2, 3)
            s.blend(2, 2, 3, 4)
            s.spread_constant(3, -1 << narrow - 1, width)
            s.v("vpcmpgt" + letter, 5, 3, 2)
            s.blend(2, 2, 3, 5)
            s.v("vpor", 5, 5, 4)
        else:
            s.v_shift("vpsrl" + letter, 5, 2, narrow)
            s.v("vpxor", 4, 4, 4)
            s.v("vpcmpgt" + letter, 5, 5, 4)
            s.v("vpor", 2, 2, 5)
        if partial:
            lanes.mask(MASK, width)
            s.v("vpand", 5, 5, MASK)
        s.v("vpor", SATURATED, SATURATED, 5)

    def emit(mode: int) -> None:
        def compute(_a: int, b: int, lanes: Lanes, partial: bool) -> None:
            s.v("vpand", 3, b, SIGNS)
            shift_rounded(s, mode, width, "vpsrav" if signed else "vpsrlv")
            if source != narrow:
                clip(lanes, partial)

        in_lanes(s, width, "iu" if signed else "uu", compute)

    by_mode(s, emit)
    if source != narrow:
        note_saturation(s)


def multiply(s: Stub) -> None:
    """vsmul: only the square of the least number is too great."""
    if s.sew == 64:
        by_mode(s, lambda mode: multiply_64(s, mode))
        return
    width, cut = 2 * s.sew, s.sew - 1
    letter = LETTER[width]
    s.spread_constant(CONSTANT, 1, width)
    s.v("vpxor", SATURATED, SATURATED, SATURATED)

    def emit(mode: int) -> None:
        def compute(a: int, b: int, lanes: Lanes, partial: bool) -> None:
            whole_product(s, width, "ii", 5, a, b)
            s.spread_constant(6, 1 << 2 * cut, width)
            s.v("vpcmpeq" + letter, 6, 6, 5)
            if mode in (RNU, RNE):
                s.spread_constant(3, (1 << cut - 1) - (mode == RNE), width)
                s.v("vpadd" + letter, 3, 3, 5)
            if mode == RNE:
                s.v_shift("vpsrl" + letter, 4, 5, cut)
                s.v("vpand", 4, 4, CONSTANT)
                s.v("vpadd" + letter, 3, 3, 4)
            s.v_shift("vpsrl" + letter, 2, 3 if mode in (RNU, RNE) else 5, cut)
            if mode == ROD:
                s.spread_constant(3, (1 << cut) - 1, width)
                s.v("vpand", 3, 3, 5)
                s.v("vpxor", 4, 4, 4)
                s.v("vpcmpeq" + letter, 3, 3, 4)
                s.v("vpandn", 3, 3, CONSTANT)
                s.v("vpor", 2, 2, 3)
            s.v("vpadd" + letter, 2, 2, 6)
            if partial:
                lanes.mask(MASK, width)
                s.v("vpand", 6, 6, MASK)
            s.v("vpor", SATURATED, SATURATED, 6)

        in_lanes(s, width, "ii", compute)

    by_mode(s, emit)
    note_saturation(s)


def multiply_64(s: Stub, mode: int) -> None:
    def compute() -> None:
        done, exact, fits = s.fresh(), s.fresh(), s.fresh()
        s.unary("imul", RCX)
        s.load(RSI, RAX)  # what is cut off, at the top
        s.shift("shl", RSI, 1)
        s.load(RDI, RAX)
        s.shift("shr", RDI, 63)
        s.lea(RAX, Mem(RDI, 0, RDX, 2))
        s.constant(RCX, 1 << 62)
        s.arith("cmp", RDX, RCX)
        s.jump_if("ne", fits)
        s.arith_imm("sub", RAX, 1)
        set_saturation(s)
        s.jump(done)
        s.label(fits)
        s.constant(RCX, 1 << 63)
        match mode:
            case 0:  # RNU
                s.shift("shr", RSI, 63)
                s.arith("add", RAX, RSI)
            case 1:  # RNE
                s.arith("cmp", RSI, RCX)
                s.jump_if("b", done)
                s.jump_if("ne", exact)
                s.test_imm(RAX, 1)
                s.jump_if("e", done)
                s.label(exact)
                s.arith_imm("add", RAX, 1)
            case 3:  # ROD
                s.test(RSI, RSI)
                s.jump_if("e", done)
                s.arith_imm("or", RAX, 1)
        s.label(done)

    by_element(s, "ii", compute)


RULES: dict[str, Rule] = (
    rules(("vsadd", "vsaddu", "vssub", "vssubu"), saturate)
    | rules(("vaadd", "vaaddu", "vasub", "vasubu"), average)
    | rules(("vssrl", "vssra", "vnclip", "vnclipu"), scale)
    | rules(["vsmul"], multiply)
)
