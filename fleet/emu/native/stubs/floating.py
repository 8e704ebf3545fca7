"""Stubs of floating-point instructions. Flags accrue in the host's MXCSR, which rounds as frm says.

Elements that are not active are zeros (ones as divisors), so that they raise nothing.
"""

from __future__ import annotations

from fleet.emu.native.stub import CONSTANT, FLOAT, LETTER, MASK, SCALAR, Rule, Stub, rules
from fleet.emu.native.stubs.integer import each
from fleet.emu.native.stubs.loops import Lanes, place, widths
from fleet.emu.native.stubs.masks import comparison
from fleet.emu.native.x86 import EQUAL, LESS, RAX, RCX, UNORDERED
from fleet.emu.vector.environment import RMM, RUP

ARITHMETIC = {"vfadd": "vadd", "vfsub": "vsub", "vfmul": "vmul", "vfdiv": "vdiv"}
REVERSED = {"vfrsub": "vsub", "vfrdiv": "vdiv"}
FUSED = {
    "vfmacc": "vfmadd231", "vfnmacc": "vfnmsub231", "vfmsac": "vfmsub231", "vfnmsac": "vfnmadd231",
    "vfmadd": "vfmadd231", "vfnmadd": "vfnmsub231", "vfmsub": "vfmsub231", "vfnmsub": "vfnmadd231",
}  # fmt: skip
OVERWRITES_FACTOR = ("vfmadd", "vfnmadd", "vfmsub", "vfnmsub")

WIDENING = (
    "vfwadd", "vfwsub", "vfwmul", "vfwmacc", "vfwnmacc", "vfwmsac", "vfwnmsac",
)  # fmt: skip

COMPARISONS = {"vmfeq": 0x00, "vmfne": 0x04, "vmflt": 0x01, "vmfle": 0x02, "vmfgt": 0x0E,
               "vmfge": 0x0D}  # fmt: skip


def prepare(s: Stub, highest: int = RUP) -> bool:
    """Whether there is a scalar. highest: see Stub.check_rounding_mode."""
    s.check_rounding_mode(highest)
    s.prepare_nans()
    return s.prepare_source()


def load(s: Stub, reg: int, register: int, disp: int, partial: bool) -> int:
    s.v("vmovdqu", reg, 0, s.group(register, disp))
    if partial:
        s.v("vpand", reg, reg, MASK)
    return reg


def source(s: Stub, scalar: bool, disp: int, partial: bool) -> int:
    """The second source in register 1, or where the scalar is."""
    if not scalar:
        return load(s, 1, s.vs1, disp, partial)
    if not partial:
        return SCALAR
    s.v("vpand", 1, SCALAR, MASK)
    return 1


def arithmetic(s: Stub) -> None:
    scalar = prepare(s)
    swapped = s.stem in REVERSED
    name = (REVERSED if swapped else ARITHMETIC)[s.stem]
    if name == "vdiv":
        s.prepare_ones()

    def body(disp: int, partial: bool) -> None:
        a = load(s, 0, s.vs2, disp, partial)
        b = source(s, scalar, disp, partial)
        if swapped:
            a, b = b, a
        if name == "vdiv" and partial:
            s.blend(3, CONSTANT, b, MASK)
            b = 3
        s.v(name + "p" + FLOAT[s.sew], 2, a, b)
        s.settle(2)
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked)


def square_root(s: Stub) -> None:
    prepare(s)

    def body(disp: int, partial: bool) -> None:
        s.v("vsqrtp" + FLOAT[s.sew], 2, 0, load(s, 0, s.vs2, disp, partial))
        s.settle(2)
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked)


def fused(s: Stub) -> None:
    scalar = prepare(s)
    name = FUSED[s.stem] + "p" + FLOAT[s.sew]
    factor, addend = (s.vd, s.vs2) if s.stem in OVERWRITES_FACTOR else (s.vs2, s.vd)

    def body(disp: int, partial: bool) -> None:
        a = load(s, 0, factor, disp, partial)
        b = source(s, scalar, disp, partial)
        load(s, 2, addend, disp, partial)
        s.v(name, 2, b, a)
        s.settle(2, (a, b))
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked)


def least_of(s: Stub, greatest: bool, out: int, a: int, b: int, short: bool = False) -> None:
    """minimumNumber or maximumNumber; clobbers 4 to 8."""
    compare = "vcmpp" + FLOAT[s.sew]
    x, y = (b, a) if greatest else (a, b)
    s.v(compare, 4, x, y, imm=LESS, short=short)
    s.v(compare, 5, a, b, imm=EQUAL, short=short)
    s.v(compare, 6, b, b, imm=UNORDERED, short=short)
    s.v("vpand" if greatest else "vpor", 7, a, b, short=short)
    s.v("vpor", 4, 4, 6, short=short)
    s.blend(8, b, a, 4)
    s.blend(out, 8, 7, 5)
    s.settle(out, short=short)


def least(s: Stub) -> None:
    scalar = prepare(s, RMM)

    def body(disp: int, partial: bool) -> None:
        a = load(s, 0, s.vs2, disp, partial)
        b = source(s, scalar, disp, partial)
        least_of(s, s.stem == "vfmax", 2, a, b)
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked, unroll=1)


def sign_injection(s: Stub) -> None:
    scalar = prepare(s, RMM)
    s.spread_constant(CONSTANT, 1 << s.sew - 1)

    def body(disp: int, partial: bool) -> None:
        a = load(s, 0, s.vs2, disp, False)
        b = source(s, scalar, disp, False)
        if s.stem == "vfsgnjn":
            s.v("vpandn", 3, b, CONSTANT)
        else:
            s.v("vpand", 3, b, CONSTANT)
        if s.stem == "vfsgnjx":
            s.v("vpxor", 2, a, 3)
        else:
            s.v("vpandn", 2, CONSTANT, a)
            s.v("vpor", 2, 2, 3)
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked)


def compare(s: Stub) -> None:
    scalar = prepare(s, RMM)

    def compute(disp: int, partial: bool) -> int:
        a = load(s, 0, s.vs2, disp, partial)
        b = source(s, scalar, disp, partial)
        s.v("vcmpp" + FLOAT[s.sew], 2, a, b, imm=COMPARISONS[s.stem])
        return 2

    comparison(s, compute)


NARROW_MASK = 11
"""Ones in the active elements of a source whose lanes are being widened."""


def load_widened(
    s: Stub, lanes: Lanes, reg: int, register: int, width: int, element: int, partial: bool
) -> None:
    """f64 lanes from elements of 32 or 64 bits; signaling NaNs are found where they are widened."""
    short = width == 32
    s.v("vmovdqu", reg, 0, place(s, register, width, element), short=short)
    if partial:
        s.v("vpand", reg, reg, NARROW_MASK if short else MASK, short=short)
    if short:
        s.v("vcvtps2pd", reg, 0, reg)


def widening(s: Stub) -> None:
    """Sums, products and multiply-adds in f64, of f32."""
    s.check_rounding_mode()
    s.prepare_nans(64)
    lanes, operands = Lanes(s, 64), widths(s)
    scalar = s.form[1] == "f"
    if scalar:
        s.spread_float()
    narrow = s.stem.replace("vfw", "vf")

    def body(element: int, partial: bool) -> None:
        if partial:
            lanes.mask(MASK, 64)
            lanes.mask(NARROW_MASK, 32)
        load_widened(s, lanes, 0, s.vs2, operands.vs2, element, partial)
        if not scalar:
            load_widened(s, lanes, 1, s.vs1, 32, element, partial)
        elif partial:
            s.v("vpand", 1, SCALAR, NARROW_MASK, short=True)
            s.v("vcvtps2pd", 1, 0, 1)
        else:
            s.v("vcvtps2pd", 1, 0, SCALAR)
        if "accumulate" in s.encoding.flags:
            load_widened(s, lanes, 2, s.vd, 64, element, partial)
            s.v(FUSED[narrow] + "pd", 2, 1, 0)
            s.settle(2, (0, 1), width=64)
        else:
            s.v(ARITHMETIC[narrow] + "pd", 2, 0, 1)
            s.settle(2, width=64)
        lanes.store(2, s.vd, 64, element, partial)

    lanes.run(body)


def classify(s: Stub) -> None:
    """vfclass.v: ranks of magnitudes 0 to 3 are bits 4 to 7, of negative numbers bits 3 to 0."""
    s.check_rounding_mode(RMM)
    letter = LETTER[s.sew]
    fraction = 23 if s.sew == 32 else 52
    infinity = (1 << s.sew - 1) - (1 << fraction)
    s.spread_constant(CONSTANT, 1)

    def compute(a: int, _b: int, _partial: bool) -> None:
        s.v_shift("vpsll" + letter, 3, a, 1)
        s.v_shift("vpsrl" + letter, 3, 3, 1)  # the magnitude
        s.v("vpxor", 4, 4, 4)
        s.v("vpcmpgt" + letter, 4, 4, a)  # negative numbers
        s.v("vpxor", 2, 2, 2)
        for bound in (0, (1 << fraction) - 1, infinity - 1):
            s.spread_constant(5, bound)
            s.v("vpcmpgt" + letter, 5, 3, 5)
            s.v("vpsub" + letter, 2, 2, 5)
        s.v("vpxor", 2, 2, 4)
        s.spread_constant(5, 4)
        s.v("vpadd" + letter, 2, 2, 5)
        s.spread_constant(5, infinity)
        s.v("vpcmpgt" + letter, 4, 3, 5)  # NaNs
        s.spread_constant(5, infinity | 1 << fraction - 1)
        s.v("vpcmpgt" + letter, 5, 5, 3)  # signaling ones among them
        s.spread_constant(6, 9)
        s.v("vpadd" + letter, 6, 6, 5)
        s.blend(2, 2, 6, 4)
        s.v("vpsllv" + letter, 2, CONSTANT, 2)

    each(s, compute)


def move_to_scalar(s: Stub) -> None:
    """vfmv.f.s, boxed."""
    s.check_rounding_mode(RMM)
    s.load_unsigned(RAX, s.start(s.vs2), s.sew)
    if s.sew == 32:
        s.constant(RCX, 0xFFFF_FFFF << 32)
        s.arith("or", RAX, RCX)
    s.store(s.f(s.rd), RAX)


RULES: dict[str, Rule] = (
    rules((*ARITHMETIC, *REVERSED), arithmetic, (32, 64))
    | rules(FUSED, fused, (32, 64))
    | rules(("vfmin", "vfmax"), least, (32, 64))
    | rules(("vfsgnj", "vfsgnjn", "vfsgnjx"), sign_injection, (32, 64))
    | rules(COMPARISONS, compare, (32, 64))
    | rules(["vfsqrt"], square_root, (32, 64))
    | rules(["vfmv.f"], move_to_scalar, (32, 64))
    | rules(["vfclass"], classify, (32, 64))
    | rules(WIDENING, widening, (32,))
)
