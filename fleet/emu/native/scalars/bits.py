"""Host code of the integer instructions that Unicorn does not have (Zba, Zbb, Zbc, Zbs, Zicond).

A row's function writes RAX = f(rs1, the other source). It may clobber RCX, RDX, RSI, RDI and
vector registers 0 to 2.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.emu.native.stub import Routine
from fleet.emu.native.x86 import RAX, RCX, RDX, Mem


class Sources:
    """rs1 and the other source: the register rs2, or a constant."""

    def __init__(self, run: Routine, operands: dict[str, int]) -> None:
        self.run = run
        self.first = run.x(operands["rs1"])
        self.second: Mem | None = run.x(operands["rs2"]) if "rs2" in operands else None
        self.constant = operands.get("shamt", operands.get("imm", 0))

    def load_second(self, reg: int) -> None:
        if self.second is None:
            self.run.constant(reg, self.constant)
        else:
            self.run.load(reg, self.second)


Emit = Callable[[Routine, Sources], None]


def _shifted_add(count: int, width: int) -> Emit:
    def emit(run: Routine, s: Sources) -> None:
        run.load_unsigned(RAX, s.first, width)
        if count:
            run.shift("shl", RAX, count)
        run.arith("add", RAX, s.second)

    return emit


def _shift_left_unsigned(run: Routine, s: Sources) -> None:
    run.load_unsigned(RAX, s.first, 32)
    if s.constant:
        run.shift("shl", RAX, s.constant)


def _inverted(name: str) -> Emit:
    """rs1 with the complement of rs2."""

    def emit(run: Routine, s: Sources) -> None:
        run.load(RAX, s.second)
        run.unary("not", RAX)
        run.arith(name, RAX, s.first)

    return emit


def _leading_zeros(width: int) -> Emit:
    def emit(run: Routine, s: Sources) -> None:
        run.load_unsigned(RCX, s.first, width)
        run.constant(RDX, 2 * width - 1)
        run.highest_bit(RAX, RCX)
        run.cmov("e", RAX, RDX)
        run.arith_imm("xor", RAX, width - 1)

    return emit


def _trailing_zeros(width: int) -> Emit:
    def emit(run: Routine, s: Sources) -> None:
        run.load_unsigned(RCX, s.first, width)
        run.constant(RDX, width)
        run.lowest_bit(RAX, RCX)
        run.cmov("e", RAX, RDX)

    return emit


def _population(width: int) -> Emit:
    def emit(run: Routine, s: Sources) -> None:
        run.load_unsigned(RCX, s.first, width)
        run.op(b"\xf3\x0f\xb8", RAX, RCX)

    return emit


def _extreme(condition: str) -> Emit:
    """The other source where rs1 is not `condition` than it."""

    def emit(run: Routine, s: Sources) -> None:
        run.load(RAX, s.first)
        run.load(RCX, s.second)
        run.arith("cmp", RCX, RAX)
        run.cmov(condition, RAX, RCX)

    return emit


def _extended(load: str, width: int) -> Emit:
    return lambda run, s: getattr(run, load)(RAX, s.first, width)


_ROTATE = {"rol": 0, "ror": 1}


def _rotated(name: str, width: int) -> Emit:
    def emit(run: Routine, s: Sources) -> None:
        s.load_second(RCX)
        run.load_unsigned(RAX, s.first, width)
        run.op(b"\xd3", _ROTATE[name], RAX, wide=width == 64)
        run.load_signed(RAX, RAX, width)

    return emit


def _or_combined(run: Routine, s: Sources) -> None:
    run.load(RAX, s.first)
    run.v("vmovq", 0, 0, RAX, short=True)
    run.v("vpxor", 1, 1, 1, short=True)
    run.v("vpcmpeqb", 0, 0, 1, short=True)
    run.v("vmovq", 0, 0, RAX, short=True, store=True)
    run.unary("not", RAX)


def _reversed(run: Routine, s: Sources) -> None:
    run.load(RAX, s.first)
    run.swap_bytes(RAX)


def _carryless(name: str) -> Emit:
    def emit(run: Routine, s: Sources) -> None:
        run.load(RAX, s.first)
        run.v("vmovq", 0, 0, RAX, short=True)
        run.load(RAX, s.second)
        run.v("vmovq", 1, 0, RAX, short=True)
        run.v("vpclmulqdq", 0, 0, 1, imm=0, short=True)
        run.v("vmovq", 0, 0, RAX, short=True, store=True)
        if name == "clmul":
            return
        run.v_shift("vpsrldq", 0, 0, 8, short=True)
        run.v("vmovq", 0, 0, RCX, short=True, store=True)
        if name == "clmulr":
            run.shift("shr", RAX, 63)
            run.shift("shl", RCX, 1)
            run.arith("or", RAX, RCX)
        else:
            run.load(RAX, RCX)

    return emit


def _single_bit(name: str) -> Emit:
    def emit(run: Routine, s: Sources) -> None:
        s.load_second(RCX)
        run.load(RAX, s.first)
        if name == "bext":
            run.shift_by_cl("shr", RAX)
            run.arith_imm("and", RAX, 1)
            return
        run.constant(RDX, 1)
        run.shift_by_cl("shl", RDX)
        if name == "bclr":
            run.unary("not", RDX)
        run.arith({"bclr": "and", "binv": "xor", "bset": "or"}[name], RAX, RDX)

    return emit


def _zeroed(condition: str) -> Emit:
    """0 where the other source is zero ("e") or not, else rs1."""

    def emit(run: Routine, s: Sources) -> None:
        run.load(RAX, s.first)
        run.load(RCX, s.second)
        run.constant(RDX, 0)
        run.test(RCX, RCX)
        run.cmov(condition, RAX, RDX)

    return emit


def _not_xor(run: Routine, s: Sources) -> None:
    run.load(RAX, s.first)
    run.arith("xor", RAX, s.second)
    run.unary("not", RAX)


EMITTERS: dict[str, Emit] = {
    "add.uw": _shifted_add(0, 32),
    **{f"sh{n}add": _shifted_add(n, 64) for n in (1, 2, 3)},
    **{f"sh{n}add.uw": _shifted_add(n, 32) for n in (1, 2, 3)},
    "slli.uw": _shift_left_unsigned,
    "andn": _inverted("and"), "orn": _inverted("or"), "xnor": _not_xor,
    "clz": _leading_zeros(64), "clzw": _leading_zeros(32),
    "ctz": _trailing_zeros(64), "ctzw": _trailing_zeros(32),
    "cpop": _population(64), "cpopw": _population(32),
    "max": _extreme("g"), "maxu": _extreme("a"), "min": _extreme("l"), "minu": _extreme("b"),
    "sext.b": _extended("load_signed", 8), "sext.h": _extended("load_signed", 16),
    "zext.h": _extended("load_unsigned", 16),
    "rol": _rotated("rol", 64), "ror": _rotated("ror", 64), "rori": _rotated("ror", 64),
    "rolw": _rotated("rol", 32), "rorw": _rotated("ror", 32), "roriw": _rotated("ror", 32),
    "orc.b": _or_combined, "rev8": _reversed,
    **{name: _carryless(name) for name in ("clmul", "clmulh", "clmulr")},
    **{name: _single_bit(name) for name in ("bclr", "bext", "binv", "bset")},
    **{f"{name}i": _single_bit(name) for name in ("bclr", "bext", "binv", "bset")},
    "czero.eqz": _zeroed("e"), "czero.nez": _zeroed("ne"),
}  # fmt: skip
NOTHING = ("c.mop", "wrs")
"""Stems of what does nothing."""


def emit_bits(run: Routine, name: str, operands: dict[str, int]) -> bool:
    """RAX = the result; whether the instruction is one of these."""
    if name.startswith("mop.r"):
        run.constant(RAX, 0)
        return True
    emit = EMITTERS.get(name)
    if emit is None:
        return False
    emit(run, Sources(run, operands))
    return True
