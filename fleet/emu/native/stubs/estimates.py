"""Stubs of the seven-bit estimates vfrec7 and vfrsqrt7: tables, number by number."""

from __future__ import annotations

from fleet.emu.cpu import ROUNDING_MODE
from fleet.emu.native.state import ESTIMATES
from fleet.emu.native.stub import GUEST, STATE, Rule, Stub, rules
from fleet.emu.native.stubs.loops import place
from fleet.emu.native.x86 import R11, RAX, RCX, RDI, RDX, RSI, Mem
from fleet.emu.vector.environment import RDN, RTZ, RUP
from fleet.emu.vector.float_ops import FORMAT

INVALID, DIVIDED_BY_ZERO, OVERFLOW_INEXACT = 0x01, 0x04, 0x28
"""Bits of MXCSR."""


def estimate(s: Stub) -> None:
    s.check_rounding_mode()
    s.arith("xor", R11, R11)
    width = s.sew
    form = FORMAT[width // 8]
    is_root = s.stem == "vfrsqrt7"

    def body() -> None:
        nan, infinite, zero, normal, invalid, signed, done = (s.fresh() for _ in range(7))
        s.load_unsigned(RSI, place(s, s.vs2, width), width)  # the sign
        s.constant(RCX, form.sign - 1)
        s.load(RAX, RSI)
        s.arith("and", RAX, RCX)  # the magnitude
        s.arith("sub", RSI, RAX)
        s.test(RAX, RAX)
        s.jump_if("e", zero)
        s.constant(RCX, form.infinity)
        s.arith("cmp", RAX, RCX)
        s.jump_if("a", nan)
        if is_root:
            s.test(RSI, RSI)
            s.jump_if("ne", invalid)
            s.arith("cmp", RAX, RCX)
        s.jump_if("e", infinite)

        s.load(RDX, RAX)  # the exponent
        s.shift("shr", RDX, form.fraction)
        s.jump_if("ne", normal)
        s.highest_bit(RDI, RAX)
        s.constant(RCX, form.fraction)
        s.arith("sub", RCX, RDI)
        s.shift_by_cl("shl", RAX)
        s.constant(RDX, 1)
        s.arith("sub", RDX, RCX)
        s.label(normal)
        s.constant(RCX, (1 << form.fraction) - 1)
        s.arith("and", RAX, RCX)  # the fraction
        if is_root:
            _root(s, form.fraction, form.bias)
        else:
            _reciprocal(s, form.fraction, form.bias, signed)
        s.jump(signed)

        s.label(infinite)
        s.constant(RAX, 0)
        s.jump(signed)
        s.label(zero)
        _note(s, DIVIDED_BY_ZERO)
        s.constant(RAX, form.infinity)
        s.jump(signed)
        s.label(nan)
        s.constant(RCX, 1 << form.fraction - 1)
        s.test(RAX, RCX)
        s.constant(RAX, form.nan)
        s.jump_if("ne", done)
        s.label(invalid)
        _note(s, INVALID)
        s.constant(RAX, form.nan)
        s.jump(done)
        s.label(signed)
        s.arith("or", RAX, RSI)
        s.label(done)
        s.store(place(s, s.vd, width), RAX, width)

    s.elements(body)
    s.add_to_mxcsr(R11)


def _note(s: Stub, exceptions: int) -> None:
    s.arith_imm("or", R11, exceptions)


def _root(s: Stub, fraction: int, bias: int) -> None:
    """RAX = the root's magnitude, of the fraction in RAX and the exponent in RDX."""
    s.shift("shr", RAX, fraction - 6)
    s.load(RCX, RDX)
    s.arith_imm("and", RCX, 1)
    s.shift("shl", RCX, 6)
    s.arith("or", RAX, RCX)
    s.load_unsigned(RAX, Mem(STATE, ESTIMATES[s.stem], RAX), 8)
    s.shift("shl", RAX, fraction - 7)
    s.constant(RCX, 3 * bias - 1)
    s.arith("sub", RCX, RDX)
    s.shift("shr", RCX, 1)
    s.shift("shl", RCX, fraction)
    s.arith("or", RAX, RCX)


def _reciprocal(s: Stub, fraction: int, bias: int, signed: str) -> None:
    """RAX = the reciprocal's magnitude, of the fraction in RAX and the exponent in RDX.

    It overflows for the least subnormal numbers, to infinity or the greatest number as frm says.
    """
    fits, normal = s.fresh(), s.fresh()
    s.arith_imm("cmp", RDX, -1)
    s.jump_if("ge", fits)
    _note(s, OVERFLOW_INEXACT)
    s.load(RCX, Mem(GUEST, 8 * ROUNDING_MODE))
    s.constant(RAX, FORMAT[s.sew // 8].infinity)
    for mode, positive in ((RTZ, None), (RUP, False), (RDN, True)):
        following = s.fresh()
        s.arith_imm("cmp", RCX, mode)
        s.jump_if("ne", following)
        if positive is not None:
            s.test(RSI, RSI)
            s.jump_if("ne" if positive else "e", signed)
        s.arith_imm("sub", RAX, 1)
        s.jump(signed)
        s.label(following)
    s.jump(signed)
    s.label(fits)
    s.shift("shr", RAX, fraction - 7)
    s.load_unsigned(RAX, Mem(STATE, ESTIMATES[s.stem], RAX), 8)
    s.shift("shl", RAX, fraction - 7)
    s.constant(RDI, 2 * bias - 1)
    s.arith("sub", RDI, RDX)
    s.arith_imm("cmp", RDI, 0)
    s.jump_if("g", normal)
    s.constant(RCX, 1 << fraction)  # a subnormal result: the leading one becomes part of it
    s.arith("or", RAX, RCX)
    s.constant(RCX, 1)
    s.arith("sub", RCX, RDI)
    s.shift_by_cl("shr", RAX)
    s.constant(RDI, 0)
    s.label(normal)
    s.shift("shl", RDI, fraction)
    s.arith("or", RAX, RDI)


RULES: dict[str, Rule] = rules(("vfrec7", "vfrsqrt7"), estimate, (32, 64))
