"""Stubs of integer instructions, moves, masks and reductions."""

from __future__ import annotations

from collections.abc import Callable

from fleet.emu.native.floating import comparison
from fleet.emu.native.loops import Lanes, in_lanes, widths
from fleet.emu.native.state import RAMP, SIGN, VL
from fleet.emu.native.stub import AT, CONSTANT, FILE, LETTER, SCALAR, Rule, Stub, rules
from fleet.emu.native.x86 import R8, R9, R10, R11, RAX, RCX, RDI, RDX, RSI, Mem

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
MASK_LOGIC = {  # operation, whether vs1 is inverted, whether the result is
    "vmand": ("and", False, False), "vmnand": ("and", False, True),
    "vmandn": ("and", True, False), "vmxor": ("xor", False, False),
    "vmor": ("or", False, False), "vmnor": ("or", False, True),
    "vmorn": ("or", True, False), "vmxnor": ("xor", False, True),
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


def extreme(s: Stub) -> None:
    if s.sew < 64:
        each(s, lambda a, b, _: s.v(EXTREMES[s.stem] + LETTER[s.sew], 2, a, b))
        return
    s.spread(CONSTANT, s.state(SIGN[64]))

    def compute(a: int, b: int, _partial: bool) -> None:
        x, y = a, b
        if s.stem.endswith("u"):
            s.v("vpxor", 3, a, CONSTANT)
            s.v("vpxor", 4, b, CONSTANT)
            x, y = 3, 4
        s.v("vpcmpgtq", 5, x, y)
        if s.stem.startswith("vmin"):
            s.blend(2, a, b, 5)
        else:
            s.blend(2, b, a, 5)

    each(s, compute)


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


def splat(s: Stub) -> None:
    """vmv.v.*, vfmv.v.f."""
    if "float" in s.encoding.flags:
        s.check_rounding_mode()
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
        s.check_rounding_mode()
    scalar = s.prepare_source()

    def body(disp: int, partial: bool) -> None:
        s.v("vmovdqu", 0, 0, s.group(s.vs2, disp))
        if not scalar:
            s.v("vmovdqu", 1, 0, s.group(s.vs1, disp))
        s.read_mask(3)
        s.blend(2, 0, SCALAR if scalar else 1, 3)
        s.write(2, disp, partial)

    s.chunks(body, masked=False, unroll=1)


def indices(s: Stub) -> None:
    """vid.v."""
    s.v("vmovdqu", SCALAR, 0, s.state(RAMP[s.sew]))
    s.spread_constant(CONSTANT, 256 // s.sew)

    def body(disp: int, partial: bool) -> None:
        s.v("vpor", 2, SCALAR, SCALAR)
        s.write(2, disp, partial)
        s.v("vpadd" + LETTER[s.sew], SCALAR, SCALAR, CONSTANT)

    s.chunks(body, masked=s.masked, unroll=1)


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
    source = s.x(s.rs1)
    if "float" in s.encoding.flags:
        s.check_rounding_mode()
        source = s.f(s.rs1)
    done = s.fresh()
    s.arith_imm("cmp", s.state(VL), 0)
    s.jump_if("e", done)
    s.load(RAX, source)
    s.store(s.start(s.vd), RAX, s.sew)
    s.label(done)


def mask_words(s: Stub, body: Callable[[], None]) -> None:
    """Runs `body` for each 64 bits of a mask: RDX has ones for those that vl covers."""
    again, full, done = s.fresh(), s.fresh(), s.fresh()
    s.load(R8, s.state(VL))
    s.arith("xor", R9, R9)
    s.test(R8, R8)
    s.jump_if("e", done)
    s.label(again)
    s.constant(RDX, -1)
    s.arith_imm("cmp", R8, 64)
    s.jump_if("ae", full)
    s.load(RCX, R8)
    s.shift_by_cl("shl", RDX)
    s.arith_imm("xor", RDX, -1)
    s.label(full)
    body()
    s.arith_imm("add", R9, 8)
    s.arith_imm("sub", R8, 64)
    s.jump_if("a", again)
    s.label(done)


def mask_logic(s: Stub) -> None:
    name, inverts_source, inverts_result = MASK_LOGIC[s.stem]

    def body() -> None:
        s.load(R10, s.group(s.vs2))
        s.load(R11, s.group(s.vs1))
        if inverts_source:
            s.arith_imm("xor", R11, -1)
        s.arith(name, R10, R11)
        if inverts_result:
            s.arith_imm("xor", R10, -1)
        s.arith("and", R10, RDX)
        s.arith_imm("xor", RDX, -1)
        s.load(RCX, s.group(s.vd))
        s.arith("and", RCX, RDX)
        s.arith("or", RCX, R10)
        s.store(s.group(s.vd), RCX)

    mask_words(s, body)


def population(s: Stub) -> None:
    """vcpop.m."""
    s.arith("xor", R11, R11)

    def body() -> None:
        s.load(R10, s.group(s.vs2))
        s.arith("and", R10, RDX)
        if s.masked:
            s.arith("and", R10, Mem(FILE, 0, AT))
        s.op(b"\xf3\x0f\xb8", R10, R10)  # popcnt
        s.arith("add", R11, R10)

    mask_words(s, body)
    if s.rd:
        s.store(s.x(s.rd), R11)


def reduction(s: Stub) -> None:
    operations = {"vredsum": "add", "vredand": "and", "vredor": "or", "vredxor": "xor"}
    conditions = {"vredmin": "l", "vredmax": "g", "vredminu": "b", "vredmaxu": "a"}
    load = s.load_signed if s.stem in ("vredmin", "vredmax") else s.load_unsigned
    done = s.fresh()
    s.arith_imm("cmp", s.state(VL), 0)
    s.jump_if("e", done)
    load(RAX, s.start(s.vs1), s.sew)

    def body(_skip: str) -> None:
        load(RCX, s.group(s.vs2), s.sew)
        if s.stem in operations:
            s.arith(operations[s.stem], RAX, RCX)
        else:
            s.arith("cmp", RCX, RAX)
            s.cmov(conditions[s.stem], RAX, RCX)

    s.elements(body, step=s.sew // 8, masked=s.masked)
    s.store(s.start(s.vd), RAX, s.sew)
    s.label(done)


RULES: dict[str, Rule] = (
    rules(SIMPLE, simple)
    | rules(EXTREMES, extreme)
    | rules((*COMPARISONS, "vmsltu", "vmsleu", "vmsgtu"), compare)
    | rules(MASK_LOGIC, mask_logic)
    | rules(("vmv.v", "vfmv.v"), splat)
    | rules(("vmerge", "vfmerge"), merge)
    | rules(("vmv.s", "vfmv.s"), to_element_zero)
    | rules(("vmv1r", "vmv2r", "vmv4r", "vmv8r"), whole_move)
    | rules(
        ("vredsum", "vredand", "vredor", "vredxor", "vredmin", "vredmax", "vredminu", "vredmaxu"),
        reduction,
    )
    | rules(SHIFTS, shift)
    | rules(["vrsub"], reversed_subtraction)
    | rules(["vid"], indices)
    | rules(["vmv.x"], to_integer_register)
    | rules(["vcpop"], population)
)
