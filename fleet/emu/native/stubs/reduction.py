"""Stubs of reductions. What can be combined in any order is combined by lanes first."""

from __future__ import annotations

from collections.abc import Callable

from fleet.emu.native.state import SIGN, VL
from fleet.emu.native.stub import CONSTANT, FLOAT, LETTER, MASK, Rule, Stub, rules
from fleet.emu.native.stubs.floating import least_of
from fleet.emu.native.stubs.integer import extreme_of
from fleet.emu.native.stubs.loops import Lanes, place
from fleet.emu.native.x86 import R11, RAX
from fleet.emu.vector.environment import RMM

TOTAL = 10
"""The vector register with what is combined so far."""

SUMS = {"vredsum": "u", "vwredsumu": "u", "vwredsum": "i"}
BITWISE = {"vredand": "vpand", "vredor": "vpor", "vredxor": "vpxor"}
EXTREMES = {"vredmin": "vmin", "vredminu": "vminu", "vredmax": "vmax", "vredmaxu": "vmaxu"}

Combine = Callable[[int, int, bool], None]
"""`combine(a, b, short)` emits TOTAL = f(a, b) for each lane; `short` for half a register."""


def across(s: Stub, width: int, combine: Combine) -> None:
    """Combines all lanes of TOTAL in its first one; clobbers 0."""
    s.v("vextracti128", TOTAL, 0, 0, imm=1)
    combine(TOTAL, 0, True)
    for distance in (8, 4, 2, 1):
        if 8 * distance >= width:
            s.v_shift("vpsrldq", 0, TOTAL, distance, short=True)
            combine(TOTAL, 0, True)


def integer(s: Stub) -> None:
    width = 2 * s.sew if s.stem in SUMS and s.stem != "vredsum" else s.sew
    additive = s.stem in SUMS or s.stem == "vredxor"
    done = s.fresh()

    def combine(a: int, b: int, short: bool) -> None:
        if s.stem in EXTREMES:
            extreme_of(s, EXTREMES[s.stem], width, TOTAL, a, b, short)
        else:
            s.v(BITWISE.get(s.stem, "vpadd" + LETTER[width]), TOTAL, a, b, short=short)

    s.arith_imm("cmp", s.state(VL), 0)
    s.jump_if("e", done)
    s.spread(CONSTANT, s.state(SIGN[width]), width)
    s.load_unsigned(RAX, s.start(s.vs1), width)
    s.v("vmovq", TOTAL, 0, RAX, short=True)
    if not additive:  # combining it once more changes nothing
        s.v("vpbroadcast" + LETTER[width], TOTAL, 0, TOTAL)
    lanes = Lanes(s, width)

    def body(element: int, partial: bool) -> None:
        lanes.load(0, s.vs2, s.sew, SUMS.get(s.stem, "u"), element)
        if partial:
            lanes.mask(MASK, width)
            if additive:
                s.v("vpand", 0, 0, MASK)
            else:
                s.blend(0, TOTAL, 0, MASK)
        combine(TOTAL, 0, False)

    lanes.run(body)
    across(s, width, combine)
    s.v("vmovq", TOTAL, 0, RAX, short=True, store=True)
    s.store(s.start(s.vd), RAX, width)
    s.label(done)


def float_extreme(s: Stub) -> None:
    """vfredmin, vfredmax. Without active elements vs1 is passed on as it is, a NaN too."""
    s.check_rounding_mode(RMM)
    s.prepare_nans()
    unchanged, done = s.fresh(), s.fresh()

    def combine(a: int, b: int, short: bool) -> None:
        least_of(s, s.stem == "vfredmax", TOTAL, a, b, short)

    s.arith_imm("cmp", s.state(VL), 0)
    s.jump_if("e", done)
    s.spread(TOTAL, s.start(s.vs1))
    s.constant(R11, int(not s.masked))
    lanes = Lanes(s, s.sew)

    def body(element: int, partial: bool) -> None:
        s.constant(R11, 1)
        lanes.load(0, s.vs2, s.sew, "u", element)
        if partial:
            lanes.mask(MASK, s.sew)
            s.blend(0, TOTAL, 0, MASK)
        combine(TOTAL, 0, False)

    lanes.run(body, unroll=1)
    s.test(R11, R11)
    s.jump_if("e", unchanged)
    across(s, s.sew, combine)
    s.label(unchanged)
    s.v("vmovq", TOTAL, 0, RAX, short=True, store=True)
    s.store(s.start(s.vd), RAX, s.sew)
    s.label(done)


def float_sum(s: Stub) -> None:
    """From the first element to the last, also where the order is free."""
    s.check_rounding_mode()
    widens = "widening" in s.encoding.flags
    width = 2 * s.sew if widens else s.sew
    s.prepare_nans(width)
    letter = FLOAT[width]
    move, unchanged, done = "vmovs" + letter, s.fresh(), s.fresh()
    s.arith_imm("cmp", s.state(VL), 0)
    s.jump_if("e", done)
    s.v(move, TOTAL, 0, s.start(s.vs1), short=True)
    s.arith("xor", R11, R11)

    def body() -> None:
        s.constant(R11, 1)
        source = place(s, s.vs2, s.sew)
        if widens:
            s.v("vcvtss2sd", 0, 0, source, short=True)
            s.v("vaddsd", TOTAL, TOTAL, 0, short=True)
        else:
            s.v("vadds" + letter, TOTAL, TOTAL, source, short=True)

    s.elements(body)
    s.test(R11, R11)
    s.jump_if("e", unchanged)
    s.settle(TOTAL, short=True, width=width)
    s.label(unchanged)
    s.v(move, TOTAL, 0, s.start(s.vd), short=True, store=True)
    s.label(done)


RULES: dict[str, Rule] = (
    rules(("vredsum", *BITWISE, *EXTREMES), integer)
    | rules(("vwredsum", "vwredsumu"), integer, (8, 16, 32))
    | rules(("vfredmin", "vfredmax"), float_extreme, (32, 64))
    | rules(("vfredusum", "vfredosum"), float_sum, (32, 64))
    | rules(("vfwredusum", "vfwredosum"), float_sum, (32,))
)
