"""Stubs of conversions between integers and floats, and between f32 and f64.

The host converts to signed integers of 32 bits and 64 bits; what is out of range there, or of
another width, is found by comparing with the bounds after rounding.
"""

from __future__ import annotations

from fleet.emu.native.state import DIRECTED, MXCSR
from fleet.emu.native.stub import CONSTANT, MASK, NANS, SCALAR, Rule, Stub, rules
from fleet.emu.native.stubs.floating import NARROW_MASK, load, load_widened, prepare
from fleet.emu.native.stubs.loops import Lanes, place, widths
from fleet.emu.native.x86 import R11, RAX, RCX
from fleet.emu.vector.softfloat import bits_of

INVALID = 1
"""A bit of MXCSR."""

ROUNDED, TRUNCATED = 0x0C, 0x0B
"""Arguments of vround: as MXCSR says and towards zero, not inexact in either case."""

DIFFERENT = 0x0C
"""A predicate of vcmp: neither equal nor unordered."""


def widen(s: Stub) -> None:
    """vfwcvt.f.f."""
    s.check_rounding_mode()
    s.prepare_nans(64)
    lanes = Lanes(s, 64)

    def body(element: int, partial: bool) -> None:
        if partial:
            lanes.mask(NARROW_MASK, 32)
        load_widened(s, lanes, 2, s.vs2, 32, element, partial)
        s.settle(2, width=64)
        lanes.store(2, s.vd, 64, element, partial)

    lanes.run(body)


def narrow(s: Stub) -> None:
    """vfncvt.f.f."""
    s.check_rounding_mode()
    s.prepare_nans(32)
    lanes = Lanes(s, 64)
    to_odd = "rod" in s.stem
    if to_odd:
        lanes.prepare_packing(32)
        s.spread_constant(CONSTANT, 1, 32)
        s.store_mxcsr(s.state(MXCSR))
        s.load_unsigned(R11, s.state(MXCSR), 32)
        s.arith_imm("and", R11, DIRECTED)  # the mode to come back to
        _set_mode(s, "or", DIRECTED)

    def body(element: int, partial: bool) -> None:
        lanes.load(0, s.vs2, 64, "f", element)
        if partial:
            lanes.mask(MASK, 64)
            s.v("vpand", 0, 0, MASK)
        s.v("vcvtpd2ps", 2, 0, 0)
        if to_odd:  # the last bit is set where anything was cut off
            s.v("vcvtps2pd", 3, 0, 2)
            s.v("vcmppd", 3, 3, 0, imm=DIFFERENT)
            lanes.pack(3, 32)
            s.v("vpand", 3, 3, CONSTANT, short=True)
            s.v("vpor", 2, 2, 3, short=True)
        s.settle(2, short=True, width=32)
        lanes.store(2, s.vd, 32, element, partial)

    lanes.run(body)
    if to_odd:
        _set_mode(s, "and", ~DIRECTED)
        s.add_to_mxcsr(R11)


def _set_mode(s: Stub, operation: str, bits: int) -> None:
    s.store_mxcsr(s.state(MXCSR))
    s.load_unsigned(RAX, s.state(MXCSR), 32)
    s.arith_imm(operation, RAX, bits)
    s.store(s.state(MXCSR), RAX, 32)
    s.load_mxcsr(s.state(MXCSR))


def from_words(s: Stub) -> None:
    """i32 to f32."""
    prepare(s)

    def body(disp: int, partial: bool) -> None:
        s.v("vcvtdq2ps", 2, 0, load(s, 0, s.vs2, disp, partial))
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked)


def from_less(s: Stub) -> None:
    """Integers of 16 bits to f32, i32 to f64: exact."""
    s.check_rounding_mode()
    lanes = Lanes(s, 2 * s.sew)

    def body(element: int, partial: bool) -> None:
        if s.sew == 32:
            s.v("vcvtdq2pd", 2, 0, place(s, s.vs2, 32, element))
        else:
            lanes.load(0, s.vs2, 16, "u" if ".xu" in s.stem else "i", element)
            s.v("vcvtdq2ps", 2, 0, 0)
        lanes.store(2, s.vd, 2 * s.sew, element, partial)

    lanes.run(body)


def from_integer(s: Stub) -> None:
    """Any other integers, one by one, as signed ones of 64 bits."""
    s.check_rounding_mode()
    operands, unsigned = widths(s), ".xu" in s.stem
    letter = "s" if operands.vd == 32 else "d"
    load_integer = s.load_unsigned if unsigned else s.load_signed
    s.v("vpxor", 0, 0, 0)

    def body() -> None:
        great, done = s.fresh(), s.fresh()
        load_integer(RAX, place(s, s.vs2, operands.vs2), operands.vs2)
        if unsigned and operands.vs2 == 64:
            s.test(RAX, RAX)
            s.jump_if("s", great)
        s.v("vcvtsi2s" + letter, 0, 0, RAX, short=True)
        if unsigned and operands.vs2 == 64:
            s.jump(done)
            s.label(great)  # half of it, and the bit that is lost joined to the last one
            s.load(RCX, RAX)
            s.shift("shr", RAX, 1)
            s.arith_imm("and", RCX, 1)
            s.arith("or", RAX, RCX)
            s.v("vcvtsi2s" + letter, 0, 0, RAX, short=True)
            s.v("vadds" + letter, 0, 0, 0, short=True)
            s.label(done)
        s.v("vmovs" + letter, 0, 0, place(s, s.vd, operands.vd), short=True, store=True)

    s.elements(body)


def to_words(s: Stub) -> None:
    """f32 to i32: the host's result for what is too great becomes the greatest."""
    prepare(s)
    s.spread_constant(CONSTANT, 1 << 31)
    s.v("vpxor", 11, 11, 11)
    name = "vcvttps2dq" if ".rtz" in s.stem else "vcvtps2dq"

    def body(disp: int, partial: bool) -> None:
        a = load(s, 0, s.vs2, disp, partial)
        s.v(name, 2, 0, a)
        s.v("vcmpps", 3, a, 11, imm=0x15)  # not less, or unordered
        s.v("vpcmpeqd", 4, 2, CONSTANT)
        s.v("vpand", 3, 3, 4)
        s.v("vpxor", 2, 2, 3)
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked)


def to_integer(s: Stub) -> None:
    """Any other integers, one by one, by way of f64. NaNs become the greatest one."""
    s.check_rounding_mode()
    operands, unsigned = widths(s), ".xu" in s.stem
    width, truncates = operands.vd, ".rtz" in s.stem
    least = 0 if unsigned else -1 << width - 1
    bound = 1 << (width if unsigned else width - 1)
    for reg, value in ((CONSTANT, least), (SCALAR, bound), (NANS, 1 << 63)):
        _double(s, reg, value)
    s.arith("xor", R11, R11)

    def body() -> None:
        below, above, invalid, small, done = (s.fresh() for _ in range(5))
        source = place(s, s.vs2, operands.vs2)
        if operands.vs2 == 32:
            s.v("vcvtss2sd", 0, 0, source, short=True)
        else:
            s.v("vmovsd", 0, 0, source, short=True)
        s.v("vroundsd", 1, 0, 0, imm=TRUNCATED if truncates else ROUNDED, short=True)
        s.v("vucomisd", 1, 0, CONSTANT, short=True)
        s.jump_if("p", above)
        s.jump_if("b", below)
        s.v("vucomisd", 1, 0, SCALAR, short=True)
        s.jump_if("ae", above)
        convert = "vcvttsd2si" if truncates else "vcvtsd2si"
        if unsigned and width == 64:
            s.v("vucomisd", 1, 0, NANS, short=True)
            s.jump_if("b", small)
            s.v("vsubsd", 0, 0, NANS, short=True)
            s.v(convert, RAX, 0, 0, short=True)
            s.constant(RCX, 1 << 63)
            s.arith("xor", RAX, RCX)
            s.jump(done)
            s.label(small)
        s.v(convert, RAX, 0, 0, short=True)
        s.jump(done)
        s.label(below)
        s.constant(RAX, least)
        s.jump(invalid)
        s.label(above)
        s.constant(RAX, bound - 1)
        s.label(invalid)
        s.constant(R11, INVALID)
        s.label(done)
        s.store(place(s, s.vd, width), RAX, width)

    s.elements(body)
    s.add_to_mxcsr(R11)


def _double(s: Stub, reg: int, value: int) -> None:
    """An f64, which is a power of two, or 0."""
    s.constant(RAX, bits_of(float(value)))
    s.v("vmovq", reg, 0, RAX, short=True)


def convert_from(s: Stub) -> None:
    widens = s.stem.startswith("vfw")
    if s.stem == "vfcvt.f.x" and s.sew == 32:
        from_words(s)
    elif widens and (s.sew == 16 or s.stem.endswith(".x")):
        from_less(s)
    else:
        from_integer(s)


def convert_to(s: Stub) -> None:
    if s.stem in ("vfcvt.x.f", "vfcvt.rtz.x.f") and s.sew == 32:
        to_words(s)
    else:
        to_integer(s)


def _to(name: str) -> list[str]:
    return [f"{name}.{how}{kind}.f" for how in ("", "rtz.") for kind in ("x", "xu")]


RULES: dict[str, Rule] = (
    rules(["vfwcvt.f.f"], widen, (32,))
    | rules(("vfncvt.f.f", "vfncvt.rod.f.f"), narrow, (32,))
    | rules(("vfcvt.f.x", "vfcvt.f.xu"), convert_from, (32, 64))
    | rules(("vfwcvt.f.x", "vfwcvt.f.xu"), convert_from, (16, 32))
    | rules(("vfncvt.f.x", "vfncvt.f.xu"), convert_from, (32,))
    | rules(_to("vfcvt"), convert_to, (32, 64))
    | rules(_to("vfwcvt"), convert_to, (32,))
    | rules(_to("vfncvt"), convert_to, (16, 32))
)
