"""Stubs of floating-point instructions. Flags accrue in the host's MXCSR, which rounds as frm says.

Elements that are not active are zeros (ones as divisors), so that they raise nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.emu.native.state import VL
from fleet.emu.native.stub import AT, CONSTANT, FILE, FLOAT, MASK, SCALAR, Rule, Stub, rules
from fleet.emu.native.x86 import RAX, RCX, Mem

ARITHMETIC = {"vfadd": "vadd", "vfsub": "vsub", "vfmul": "vmul", "vfdiv": "vdiv"}
REVERSED = {"vfrsub": "vsub", "vfrdiv": "vdiv"}
FUSED = {
    "vfmacc": "vfmadd231", "vfnmacc": "vfnmsub231", "vfmsac": "vfmsub231", "vfnmsac": "vfnmadd231",
    "vfmadd": "vfmadd231", "vfnmadd": "vfnmsub231", "vfmsub": "vfmsub231", "vfnmsub": "vfnmadd231",
}  # fmt: skip
OVERWRITES_FACTOR = ("vfmadd", "vfnmadd", "vfmsub", "vfnmsub")

EQUAL, LESS, UNORDERED = 0x00, 0x11, 0x03
"""Predicates of vcmp that only signaling NaNs make invalid."""

COMPARISONS = {"vmfeq": 0x00, "vmfne": 0x04, "vmflt": 0x01, "vmfle": 0x02, "vmfgt": 0x0E,
               "vmfge": 0x0D}  # fmt: skip


def prepare(s: Stub) -> bool:
    s.check_rounding_mode()
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
    scalar = prepare(s)

    def body(disp: int, partial: bool) -> None:
        a = load(s, 0, s.vs2, disp, partial)
        b = source(s, scalar, disp, partial)
        least_of(s, s.stem == "vfmax", 2, a, b)
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked, unroll=1)


def sign_injection(s: Stub) -> None:
    scalar = prepare(s)
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


def from_integer(s: Stub) -> None:
    """vfcvt.f.x.v for 32 bits."""
    prepare(s)

    def body(disp: int, partial: bool) -> None:
        s.v("vcvtdq2ps", 2, 0, load(s, 0, s.vs2, disp, partial))
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked)


def to_integer(s: Stub) -> None:
    """vfcvt.x.f.v for 32 bits: the host's result for what is too great becomes the greatest."""
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


def comparison(s: Stub, compute: Callable[[int, bool], int]) -> None:
    """Writes bits to the mask vd. `compute(disp, partial)` leaves a truth value per element."""

    def body(disp: int, partial: bool) -> None:
        result = compute(disp, partial)
        s.pack(10, result)
        lanes = 256 // s.sew
        if partial:
            s.pack(11, MASK)
        else:
            s.constant(11, (1 << lanes) - 1)
        s.arith("and", 10, 11)
        width = max(lanes, 8)
        s.mask_place()
        place = Mem(FILE, s.vd * s.vlenb, RAX)
        if s.sew == 64:
            low = s.fresh()
            s.load(RCX, AT)
            s.arith_imm("and", RCX, 32)
            s.jump_if("e", low)
            s.shift("shl", 10, 4)
            s.shift("shl", 11, 4)
            s.label(low)
        s.load_unsigned(RCX, place, width)
        s.arith_imm("xor", 11, -1)
        s.arith("and", RCX, 11)
        s.arith("or", RCX, 10)
        s.store(place, RCX, width)

    s.chunks(body, masked=s.masked, unroll=1)


def compare(s: Stub) -> None:
    scalar = prepare(s)

    def compute(disp: int, partial: bool) -> int:
        a = load(s, 0, s.vs2, disp, partial)
        b = source(s, scalar, disp, partial)
        s.v("vcmpp" + FLOAT[s.sew], 2, a, b, imm=COMPARISONS[s.stem])
        return 2

    comparison(s, compute)


def reduction(s: Stub) -> None:
    """Sums from the first element to the last; the extremes in the same order."""
    s.check_rounding_mode()
    s.prepare_nans()
    letter = FLOAT[s.sew]
    move = "vmovs" + letter
    done = s.fresh()
    s.arith_imm("cmp", s.state(VL), 0)
    s.jump_if("e", done)
    s.v(move, 0, 0, s.start(s.vs1), short=True)
    s.arith("xor", RAX, RAX)

    def body(_skip: str) -> None:
        s.constant(RAX, 1)
        s.v(move, 1, 0, s.group(s.vs2), short=True)
        if "sum" in s.stem:
            s.v("vadds" + letter, 0, 0, 1, short=True)
        else:
            least_of(s, s.stem == "vfredmax", 0, 0, 1, short=True)

    s.elements(body, step=s.sew // 8, masked=s.masked)
    s.test(RAX, RAX)
    s.jump_if("e", "unchanged")
    s.settle(0, short=True)
    s.label("unchanged")
    s.v(move, 0, 0, s.start(s.vd), short=True, store=True)
    s.label(done)


def move_to_scalar(s: Stub) -> None:
    """vfmv.f.s, boxed."""
    s.check_rounding_mode()
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
    | rules(("vfredusum", "vfredosum", "vfredmin", "vfredmax"), reduction, (32, 64))
    | rules(["vfsqrt"], square_root, (32, 64))
    | rules(["vfmv.f"], move_to_scalar, (32, 64))
    | rules(["vfcvt.f.x"], from_integer, (32,))
    | rules(["vfcvt.x.f", "vfcvt.rtz.x.f"], to_integer, (32,))
)
