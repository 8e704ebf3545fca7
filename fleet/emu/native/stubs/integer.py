"""Stubs of integer instructions whose operands have one width, and of moves."""

from __future__ import annotations

from collections.abc import Callable

from fleet.emu.native.state import SIGN, VL
from fleet.emu.native.stub import CONSTANT, LETTER, SCALAR, Rule, Stub, rules
from fleet.emu.native.stubs.loops import Lanes, in_lanes, widths
from fleet.emu.native.stubs.masks import comparison
from fleet.emu.native.x86 import R8, RAX, RDI, RSI
from fleet.emu.vector.environment import RMM

SIMPLE = {"vadd": "vpadd", "vsub": "vpsub", "vand": "vpand", "vor": "vpor", "vxor": "vpxor"}
EXTREMES = {"vmin": "vpmins", "vminu": "vpminu", "vmax": "vpmaxs", "vmaxu": "vpmaxu"}
SHIFTS = {
    "vsll": "vpsllv", "vsrl": "vpsrlv", "vsra": "vpsrav", "vnsrl": "vpsrlv", "vnsra": "vpsrav",
}  # fmt: skip
COMPARISONS = {  # operation, whether the sources are swapped, whether the result is inverted
    "vmseq": ("vpcmpeq", False, False), "vmsne": ("vpcmpeq", False, True),
    "vmslt": ("vpcmpgt", True, False), "vmsle": ("vpcmpgt", False, True),
    "vmsgt": ("vpcmpgt", False, False),
}  # fmt: skip
Compute = Callable[[int, int, bool], None]
"""`compute(a, b, partial)` emits register 2 = f(a, b), or f(a, b, register 2) where vd is a source;
may use 3 to 8.
"""


def each(s: Stub, compute: Compute) -> None:
    """vd = f(vs2, source)."""
    scalar = s.prepare_source()

    def body(disp: int, partial: bool) -> None:
        s.v("vmovdqu", 0, 0, s.group(s.vs2, disp))
        if not scalar:
            s.v("vmovdqu", 1, 0, s.group(s.vs1, disp))
        if "accumulate" in s.encoding.flags:
            s.v("vmovdqu", 2, 0, s.group(s.vd, disp))
        compute(0, SCALAR if scalar else 1, partial)
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked)


def simple(s: Stub) -> None:
    name = SIMPLE[s.stem]
    name += LETTER[s.sew] if name in ("vpadd", "vpsub") else ""
    each(s, lambda a, b, _: s.v(name, 2, a, b))


def reversed_subtraction(s: Stub) -> None:
    each(s, lambda a, b, _: s.v("vpsub" + LETTER[s.sew], 2, b, a))


def extreme_of(
    s: Stub, stem: str, width: int, out: int, a: int, b: int, short: bool = False
) -> None:
    """The less or greater of each two lanes; clobbers 3 to 5. CONSTANT is the sign for 64 bits."""
    if width < 64:
        s.v(EXTREMES[stem] + LETTER[width], out, a, b, short=short)
        return
    x, y = a, b
    if stem.endswith("u"):
        s.v("vpxor", 3, a, CONSTANT, short=short)
        s.v("vpxor", 4, b, CONSTANT, short=short)
        x, y = 3, 4
    s.v("vpcmpgtq", 5, x, y, short=short)
    if stem.startswith("vmin"):
        s.blend(out, a, b, 5)
    else:
        s.blend(out, b, a, 5)


def extreme(s: Stub) -> None:
    s.spread(CONSTANT, s.state(SIGN[s.sew]))
    each(s, lambda a, b, _: extreme_of(s, s.stem, s.sew, 2, a, b))


def shift_by_lane(s: Stub, name: str, width: int, out: int, a: int, count: int) -> None:
    """Each lane of `a` by its own count, which may exceed the width unless `name` is vpsrav;
    clobbers 4.
    """
    if name != "vpsrav" or width == 32:
        s.v(name + LETTER[width], out, a, count)
        return
    s.v("vpxor", 4, 4, 4)  # an arithmetic shift of x is a logical one of x or, if x < 0, ~x
    s.v("vpcmpgtq", 4, 4, a)
    s.v("vpxor", out, a, 4)
    s.v("vpsrlvq", out, out, count)
    s.v("vpxor", out, out, 4)


def shift(s: Stub) -> None:
    """vsll, vsrl, vsra, vnsrl, vnsra."""
    width = max(widths(s).vs2, 32)
    name = SHIFTS[s.stem]
    s.spread_constant(CONSTANT, widths(s).vs2 - 1, width)

    def compute(a: int, b: int, _lanes: Lanes, _partial: bool) -> None:
        s.v("vpand", 3, b, CONSTANT)
        shift_by_lane(s, name, width, 2, a, 3)

    in_lanes(s, width, "iu" if name == "vpsrav" else "uu", compute)


def compare(s: Stub) -> None:
    scalar = s.prepare_source()
    stem = s.stem.removesuffix("u")
    name, swapped, inverted = COMPARISONS[stem]
    name += LETTER[s.sew]
    s.spread(CONSTANT, s.state(SIGN[s.sew]))
    s.v("vpcmpeqd", 11, 11, 11)

    def compute(disp: int, _partial: bool) -> int:
        s.v("vmovdqu", 0, 0, s.group(s.vs2, disp))
        a, b = 0, SCALAR
        if not scalar:
            s.v("vmovdqu", 1, 0, s.group(s.vs1, disp))
            b = 1
        if stem != s.stem:
            s.v("vpxor", 3, a, CONSTANT)
            s.v("vpxor", 4, b, CONSTANT)
            a, b = 3, 4
        s.v(name, 2, *((b, a) if swapped else (a, b)))
        if inverted:
            s.v("vpxor", 2, 2, 11)
        return 2

    comparison(s, compute)


def add_with_carry(s: Stub) -> None:
    """vadc, vsbc: v0 has the carries, or borrows."""
    scalar, letter = s.prepare_source(), LETTER[s.sew]
    first, second = ("vpadd", "vpsub") if s.stem == "vadc" else ("vpsub", "vpadd")

    def body(disp: int, partial: bool) -> None:
        s.v("vmovdqu", 0, 0, s.group(s.vs2, disp))
        if not scalar:
            s.v("vmovdqu", 1, 0, s.group(s.vs1, disp))
        s.v(first + letter, 2, 0, SCALAR if scalar else 1)
        s.read_mask(3)
        s.v(second + letter, 2, 2, 3)  # a carry is -1
        s.write(2, disp, partial)

    s.chunks(body, masked=False, unroll=1)


def carry_out(s: Stub) -> None:
    """vmadc, vmsbc: with a carry from v0, or without one."""
    scalar, letter = s.prepare_source(), LETTER[s.sew]
    s.spread(CONSTANT, s.state(SIGN[s.sew]))
    s.v("vpcmpeqd", 11, 11, 11)

    def compute(disp: int, _partial: bool) -> int:
        a, b = 0, SCALAR if scalar else 1
        s.v("vmovdqu", 0, 0, s.group(s.vs2, disp))
        if not scalar:
            s.v("vmovdqu", 1, 0, s.group(s.vs1, disp))
        s.v("vpxor", 3, a, CONSTANT)
        if s.stem == "vmadc":  # the sum is below a, or all ones with a carry
            s.v("vpadd" + letter, 4, a, b)
            s.v("vpcmpeq" + letter, 5, 4, 11)
            s.v("vpxor", 4, 4, CONSTANT)
            s.v("vpcmpgt" + letter, 2, 3, 4)
        else:  # b is above a, or the same with a borrow
            s.v("vpcmpeq" + letter, 5, a, b)
            s.v("vpxor", 4, b, CONSTANT)
            s.v("vpcmpgt" + letter, 2, 4, 3)
        if s.form.endswith("m"):
            s.read_mask(3)
            s.v("vpand", 5, 5, 3)
            s.v("vpor", 2, 2, 5)
        return 2

    comparison(s, compute, masked=False)


def splat(s: Stub) -> None:
    """vmv.v.*, vfmv.v.f."""
    if "float" in s.encoding.flags:
        s.check_rounding_mode(RMM)
    if s.form == "v":
        def copy(disp: int, partial: bool) -> None:
            s.v("vmovdqu", 2, 0, s.group(s.vs1, disp))
            s.write(2, disp, partial)

        s.chunks(copy, masked=False)
        return
    s.prepare_source()

    def body(disp: int, partial: bool) -> None:
        if partial:
            s.v("vpor", 2, SCALAR, SCALAR)
            s.write(2, disp, partial)
        else:
            s.v("vmovdqu", SCALAR, 0, s.group(s.vd, disp), store=True)

    s.chunks(body, masked=False)


def merge(s: Stub) -> None:
    """vmerge, vfmerge: the source where v0 is set, vs2 elsewhere."""
    if "float" in s.encoding.flags:
        s.check_rounding_mode(RMM)
    scalar = s.prepare_source()

    def body(disp: int, partial: bool) -> None:
        s.v("vmovdqu", 0, 0, s.group(s.vs2, disp))
        if not scalar:
            s.v("vmovdqu", 1, 0, s.group(s.vs1, disp))
        s.read_mask(3)
        s.blend(2, 0, SCALAR if scalar else 1, 3)
        s.write(2, disp, partial)

    s.chunks(body, masked=False, unroll=1)


def whole_move(s: Stub) -> None:
    """vmv<n>r.v: does not depend on vl."""
    count = int(s.stem[3])
    s.lea(RSI, s.start(s.vs2))
    s.lea(RDI, s.start(s.vd))
    s.constant(R8, count * s.vlenb)
    s.call(s.places.copy)


def to_integer_register(s: Stub) -> None:
    """vmv.x.s."""
    s.load_signed(RAX, s.start(s.vs2), s.sew)
    if s.rd:
        s.store(s.x(s.rd), RAX)


def to_element_zero(s: Stub) -> None:
    """vmv.s.x, vfmv.s.f."""
    is_float = "float" in s.encoding.flags
    if is_float:
        s.check_rounding_mode(RMM)
    done = s.fresh()
    s.arith_imm("cmp", s.state(VL), 0)
    s.jump_if("e", done)
    if is_float:
        s.load_float(RAX)
    else:
        s.load(RAX, s.x(s.rs1))
    s.store(s.start(s.vd), RAX, s.sew)
    s.label(done)


RULES: dict[str, Rule] = (
    rules(SIMPLE, simple)
    | rules(EXTREMES, extreme)
    | rules((*COMPARISONS, "vmsltu", "vmsleu", "vmsgtu"), compare)
    | rules(("vmv.v", "vfmv.v"), splat)
    | rules(("vmerge", "vfmerge"), merge)
    | rules(("vmv.s", "vfmv.s"), to_element_zero)
    | rules(("vmv1r", "vmv2r", "vmv4r", "vmv8r"), whole_move)
    | rules(SHIFTS, shift)
    | rules(["vrsub"], reversed_subtraction)
    | rules(("vadc", "vsbc"), add_with_carry)
    | rules(("vmadc", "vmsbc"), carry_out)
    | rules(["vmv.x"], to_integer_register)
)
