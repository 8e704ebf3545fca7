"""Stubs of integer multiplication, multiply-add and division, at one width."""

from __future__ import annotations

from fleet.emu.native.stub import LETTER, Rule, Stub, rules
from fleet.emu.native.stubs.integer import each
from fleet.emu.native.stubs.loops import Lanes, by_element, in_lanes
from fleet.emu.native.x86 import RAX, RCX, RDX, RSI

HIGH = {"vmulh": "ii", "vmulhu": "uu", "vmulhsu": "iu"}
DIVISION = {"vdiv": "ii", "vdivu": "uu", "vrem": "ii", "vremu": "uu"}
MULTIPLY_ADD = {  # whether vs2 is the addend and vd a factor, the operation
    "vmacc": (False, "vpadd"), "vnmsac": (False, "vpsub"),
    "vmadd": (True, "vpadd"), "vnmsub": (True, "vpsub"),
}  # fmt: skip


def product(s: Stub, width: int, out: int, a: int, b: int) -> None:
    """The low half of the products; clobbers 3 to 5."""
    match width:
        case 8:  # the odd bytes in 16 bits, shifted down and up again, and the even ones
            s.v_shift("vpsrlw", 3, a, 8)
            s.v_shift("vpsrlw", 4, b, 8)
            s.v("vpmullw", 5, a, b)
            s.v("vpmullw", 3, 3, 4)
            s.v_shift("vpsllw", 5, 5, 8)
            s.v_shift("vpsllw", 3, 3, 8)
            s.v_shift("vpsrlw", 5, 5, 8)
            s.v("vpor", out, 3, 5)
        case 16:
            s.v("vpmullw", out, a, b)
        case 32:
            s.v("vpmulld", out, a, b)
        case _:  # by halves of 32 bits
            s.v_shift("vpsrlq", 3, a, 32)
            s.v_shift("vpsrlq", 4, b, 32)
            s.v("vpmuludq", 3, 3, b)
            s.v("vpmuludq", 4, 4, a)
            s.v("vpaddq", 3, 3, 4)
            s.v("vpmuludq", 4, a, b)
            s.v_shift("vpsllq", 3, 3, 32)
            s.v("vpaddq", out, 3, 4)


def whole_product(s: Stub, width: int, kinds: str, out: int, a: int, b: int) -> None:
    """Products of numbers that were extended from half the width; clobbers 3 and 4."""
    if width < 64:
        s.v("vpmullw" if width == 16 else "vpmulld", out, a, b)
        return
    if kinds != "iu":
        s.v("vpmuldq" if kinds == "ii" else "vpmuludq", out, a, b)
        return
    s.v_shift("vpsrlq", 3, a, 32)  # ones in the low half where a is negative
    s.v("vpand", 3, 3, b)
    s.v_shift("vpsllq", 3, 3, 32)
    s.v("vpmuludq", 4, a, b)
    s.v("vpsubq", out, 4, 3)


def multiply(s: Stub) -> None:
    each(s, lambda a, b, _: product(s, s.sew, 2, a, b))


def multiply_add(s: Stub) -> None:
    adds_source, operation = MULTIPLY_ADD[s.stem]

    def compute(a: int, b: int, _partial: bool) -> None:
        if adds_source:
            product(s, s.sew, 6, 2, b)
            s.v(operation + LETTER[s.sew], 2, a, 6)
        else:
            product(s, s.sew, 6, a, b)
            s.v(operation + LETTER[s.sew], 2, 2, 6)

    each(s, compute)


def high_half(s: Stub) -> None:
    if s.sew == 64:
        high_half_64(s)
        return
    kinds, width = HIGH[s.stem], 2 * s.sew

    def compute(a: int, b: int, _lanes: Lanes, _partial: bool) -> None:
        whole_product(s, width, kinds, 2, a, b)
        s.v_shift("vpsrl" + LETTER[width], 2, 2, s.sew)

    in_lanes(s, width, kinds, compute)


def high_half_64(s: Stub) -> None:
    def compute() -> None:
        if s.stem == "vmulhsu":  # as if both were unsigned, less b if a is negative
            s.load(RSI, RAX)
            s.shift("sar", RSI, 63)
            s.arith("and", RSI, RCX)
        s.unary("imul" if s.stem == "vmulh" else "mul", RCX)
        if s.stem == "vmulhsu":
            s.arith("sub", RDX, RSI)
        s.load(RAX, RDX)

    by_element(s, HIGH[s.stem], compute)


def divide(s: Stub) -> None:
    """By zero: all ones, and the dividend remains. The least number by -1: itself, and 0 remain."""
    signed, remains = DIVISION[s.stem] == "ii", s.stem.startswith("vrem")
    wide = s.sew == 64

    def compute() -> None:
        done, by_zero, by_minus_one = s.fresh(), s.fresh(), s.fresh()
        s.test(RCX, RCX)
        s.jump_if("e", by_zero)
        if signed:
            s.arith_imm("cmp", RCX, -1)
            s.jump_if("e", by_minus_one)
            s.load(RDX, RAX)
            s.shift("sar", RDX, 63)
        else:
            s.arith("xor", RDX, RDX)
        s.unary("idiv" if signed else "div", RCX, wide=wide)
        if remains:
            s.load(RAX, RDX)
        s.jump(done)
        if signed:
            s.label(by_minus_one)
            if remains:
                s.constant(RAX, 0)
            else:
                s.unary("neg", RAX)
            s.jump(done)
        s.label(by_zero)
        if not remains:
            s.constant(RAX, -1)
        s.label(done)

    by_element(s, DIVISION[s.stem], compute)


RULES: dict[str, Rule] = (
    rules(["vmul"], multiply)
    | rules(MULTIPLY_ADD, multiply_add)
    | rules(HIGH, high_half)
    | rules(DIVISION, divide)
)
