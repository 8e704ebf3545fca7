"""Stubs of mask instructions, and of writing masks: 64 elements at a time where one can."""

from __future__ import annotations

from collections.abc import Callable

from fleet.emu.native.state import RAMP, VL
from fleet.emu.native.stub import AT, CONSTANT, FILE, LETTER, MASK, SCALAR, Rule, Stub, rules
from fleet.emu.native.stubs.loops import place
from fleet.emu.native.x86 import R8, R9, R10, R11, RAX, RCX, RDX, Mem

LOGIC = {  # operation, whether vs1 is inverted, whether the result is
    "vmand": ("and", False, False), "vmnand": ("and", False, True),
    "vmandn": ("and", True, False), "vmxor": ("xor", False, False),
    "vmor": ("or", False, False), "vmnor": ("or", False, True),
    "vmorn": ("or", True, False), "vmxnor": ("xor", False, True),
}  # fmt: skip
def comparison(
    s: Stub, compute: Callable[[int, bool], int], masked: bool | None = None
) -> None:
    """Writes bits to the mask vd. `compute(disp, partial)` leaves a truth value per element.

    masked: whether v0 chooses elements; as the instruction says if None
    """

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
        s.unary("not", 11)
        s.arith("and", RCX, 11)
        s.arith("or", RCX, 10)
        s.store(place, RCX, width)

    s.chunks(body, masked=s.masked if masked is None else masked, unroll=1)


def indices(s: Stub) -> None:
    """vid.v."""
    s.v("vmovdqu", SCALAR, 0, s.state(RAMP[s.sew]))
    s.spread_constant(CONSTANT, 256 // s.sew)

    def body(disp: int, partial: bool) -> None:
        s.v("vpor", 2, SCALAR, SCALAR)
        s.write(2, disp, partial)
        s.v("vpadd" + LETTER[s.sew], SCALAR, SCALAR, CONSTANT)

    s.chunks(body, masked=s.masked, unroll=1)


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
    s.unary("not", RDX)
    s.label(full)
    body()
    s.arith_imm("add", R9, 8)
    s.arith_imm("sub", R8, 64)
    s.jump_if("a", again)
    s.label(done)


def write_word(s: Stub) -> None:
    """R10 to vd, as far as RDX has ones."""
    s.arith("and", R10, RDX)
    s.unary("not", RDX)
    s.arith("and", RDX, s.group(s.vd))
    s.arith("or", R10, RDX)
    s.store(s.group(s.vd), R10)


def mask_logic(s: Stub) -> None:
    name, inverts_source, inverts_result = LOGIC[s.stem]

    def body() -> None:
        s.load(R10, s.group(s.vs2))
        s.load(R11, s.group(s.vs1))
        if inverts_source:
            s.unary("not", R11)
        s.arith(name, R10, R11)
        if inverts_result:
            s.unary("not", R10)
        write_word(s)

    mask_words(s, body)


def read_word(s: Stub) -> None:
    """R10 = active elements of vs2, and RDX has ones for active ones."""
    if s.masked:
        s.arith("and", RDX, Mem(FILE, 0, AT))
    s.load(R10, s.group(s.vs2))
    s.arith("and", R10, RDX)


def population(s: Stub) -> None:
    """vcpop.m."""
    s.arith("xor", R11, R11)

    def body() -> None:
        read_word(s)
        s.op(b"\xf3\x0f\xb8", R10, R10)  # popcnt
        s.arith("add", R11, R10)

    mask_words(s, body)
    if s.rd:
        s.store(s.x(s.rd), R11)


def first(s: Stub) -> None:
    """vfirst.m."""
    found = s.fresh()

    def body() -> None:
        following = s.fresh()
        read_word(s)
        s.test(R10, R10)
        s.jump_if("e", following)
        s.lowest_bit(R10, R10)
        s.lea(R11, Mem(R10, 0, AT, 8))
        s.jump(found)
        s.label(following)

    s.constant(R11, -1)
    mask_words(s, body)
    s.label(found)
    if s.rd:
        s.store(s.x(s.rd), R11)


def set_first(s: Stub) -> None:
    """vmsbf, vmsif, vmsof: before, up to, only the first element that is set."""
    s.arith("xor", R11, R11)  # whether it was found

    def body() -> None:
        none, write = s.fresh(), s.fresh()
        read_word(s)
        s.load(RCX, R10)
        s.constant(R10, 0)
        s.test(R11, R11)
        s.jump_if("ne", write)
        s.test(RCX, RCX)
        s.jump_if("e", none)
        s.constant(R11, 1)
        s.lea(R10, Mem(RCX, -1))
        match s.stem:
            case "vmsbf":
                s.unary("not", RCX)
                s.arith("and", R10, RCX)
            case "vmsif":
                s.arith("xor", R10, RCX)
            case _:
                s.unary("not", R10)
                s.arith("and", R10, RCX)
        s.jump(write)
        s.label(none)
        if s.stem != "vmsof":
            s.constant(R10, -1)
        s.label(write)
        write_word(s)

    mask_words(s, body)


def count_before(s: Stub) -> None:
    """viota.m."""
    s.arith("xor", R11, R11)

    def body() -> None:
        s.store(place(s, s.vd, s.sew), R11, s.sew)
        s.load(RAX, AT)
        s.shift("shr", RAX, 6)
        s.load(RAX, Mem(FILE, s.vs2 * s.vlenb, RAX, 8))
        s.bit_test(RAX, AT)
        s.arith_imm("adc", R11, 0)

    s.elements(body)


RULES: dict[str, Rule] = (
    rules(LOGIC, mask_logic)
    | rules(("vmsbf", "vmsif", "vmsof"), set_first)
    | {"vcpop": Rule(population, fits=lambda s: s.form == "m")}
    | rules(["vfirst"], first)
    | rules(["viota"], count_before)
    | rules(["vid"], indices)
)
