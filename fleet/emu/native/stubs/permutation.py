"""Stubs of permutations: slides, gathers and compress.

What moves elements in one piece and has a mask is done in scratch memory first, and blended into
the destination then.
"""

from __future__ import annotations

from fleet.emu.native.state import SCRATCH, VL
from fleet.emu.native.stub import AT, FILE, LETTER, SCALAR, Rule, Stub, rules
from fleet.emu.native.x86 import R8, R9, R10, R11, RAX, RCX, RDI, RDX, RSI, Mem
from fleet.emu.vector.environment import RMM


def _shift_of(s: Stub) -> int:
    """log2 of an element's bytes."""
    return s.sew.bit_length() - 4


def _scaled(s: Stub, reg: int) -> None:
    if s.sew > 8:
        s.shift("shl", reg, _shift_of(s))


def _target(s: Stub, reg: int) -> None:
    """Where a result is put together: vd, or scratch memory if there is a mask."""
    if s.masked:
        s.load(reg, s.state(SCRATCH))
    else:
        s.lea(reg, s.start(s.vd))


def _blend(s: Stub) -> None:
    """Brings active elements from scratch memory to vd."""
    if not s.masked:
        return
    s.load(RSI, s.state(SCRATCH))

    def body(disp: int, partial: bool) -> None:
        s.v("vmovdqu", 2, 0, Mem(RSI, disp, AT))
        s.write(2, disp, partial)

    s.chunks(body, masked=True)


def _offset(s: Stub) -> None:
    """RDX = rs1 or the immediate, at most VLMAX."""
    limit = s.config.vlmax
    if s.form == "vi":
        s.constant(RDX, min(s.vs1, limit))
        return
    s.constant(RDX, limit)
    s.load(RAX, s.x(s.rs1))
    s.arith("cmp", RAX, RDX)
    s.cmov("b", RDX, RAX)


def slide_up(s: Stub) -> None:
    done = s.fresh()
    _offset(s)
    s.load(R11, s.state(VL))
    s.arith("sub", R11, RDX)
    s.jump_if("be", done)
    _scaled(s, RDX)
    if s.masked:  # what is not moved keeps its place
        s.load(R8, RDX)
        s.lea(RSI, s.start(s.vd))
        s.load(RDI, s.state(SCRATCH))
        s.call(s.places.copy)
    _target(s, RDI)
    s.arith("add", RDI, RDX)
    s.lea(RSI, s.start(s.vs2))
    s.load(R8, R11)
    _scaled(s, R8)
    s.call(s.places.copy)
    _blend(s)
    s.label(done)


def slide_down(s: Stub) -> None:
    """Elements from beyond VLMAX are zeros."""
    done = s.fresh()
    s.load(R11, s.state(VL))
    s.test(R11, R11)
    s.jump_if("e", done)
    _offset(s)
    s.constant(R8, s.config.vlmax)
    s.arith("sub", R8, RDX)
    s.arith("cmp", R8, R11)
    s.cmov("a", R8, R11)
    s.arith("sub", R11, R8)  # zeros
    for reg in (R8, R11, RDX):
        _scaled(s, reg)
    s.lea(RSI, s.start(s.vs2))
    s.arith("add", RSI, RDX)
    _target(s, RDI)
    s.lea(R10, Mem(RDI, 0, R8))
    s.call(s.places.copy)
    s.load(RDI, R10)
    s.load(RCX, R11)
    _fill(s)
    _blend(s)
    s.label(done)


def _fill(s: Stub) -> None:
    """RCX zeros at RDI."""
    none = s.fresh()
    s.test(RCX, RCX)
    s.jump_if("e", none)
    s.constant(RAX, 0)
    s.bytes += b"\xf3\xaa"  # rep stosb
    s.label(none)


def slide_one(s: Stub) -> None:
    """A scalar fills the gap at one end."""
    is_float = s.form == "vf"
    if is_float:
        s.check_rounding_mode(RMM)
    size = s.sew // 8
    done = s.fresh()
    s.load(R8, s.state(VL))
    s.arith_imm("sub", R8, 1)
    s.jump_if("b", done)
    _scaled(s, R8)
    _target(s, RDI)
    s.load(R10, RDI)
    if "1up" in s.stem:
        s.lea(RSI, s.start(s.vs2))
        s.arith_imm("add", RDI, size)
    else:
        s.lea(RSI, Mem(FILE, s.vs2 * s.vlenb + size))
        s.arith("add", R10, R8)
    s.call(s.places.copy)
    if is_float:
        s.load_float(RAX)
    else:
        s.load(RAX, s.x(s.rs1))
    s.store(Mem(R10), RAX, s.sew)
    _blend(s)
    s.label(done)


def gather(s: Stub) -> None:
    """vd[i] = vs2[vs1[i]], zero where the index is beyond VLMAX."""
    size = s.sew // 8
    width = 16 if s.stem.endswith("16") else s.sew
    done = s.fresh()
    s.load(R8, s.state(VL))
    s.test(R8, R8)
    s.jump_if("e", done)
    s.constant(R11, s.config.vlmax)
    s.constant(RDI, 0)
    s.constant(R10, 0)

    def body() -> None:
        s.load_unsigned(RCX, Mem(FILE, s.vs1 * s.vlenb, R10, width // 8), width)
        s.arith("cmp", RCX, R11)
        s.cmov("ae", RCX, RDI)
        s.load_unsigned(RAX, Mem(FILE, s.vs2 * s.vlenb, RCX, size), s.sew)
        s.cmov("ae", RAX, RDI)
        s.store(Mem(FILE, s.vd * s.vlenb, R10, size), RAX, s.sew)

    s.each_active(R10, body)
    s.label(done)


def gather_one(s: Stub) -> None:
    """vrgather.vx and .vi: the same element everywhere."""
    beyond = s.fresh()
    s.constant(RAX, 0)
    if s.form == "vx":
        s.load(RCX, s.x(s.rs1))
    else:
        s.constant(RCX, s.vs1)
    s.arith_imm("cmp", RCX, s.config.vlmax)
    s.jump_if("ae", beyond)
    s.load_unsigned(RAX, Mem(FILE, s.vs2 * s.vlenb, RCX, s.sew // 8), s.sew)
    s.label(beyond)
    s.v("vmovq", SCALAR, 0, RAX, short=True)
    s.v("vpbroadcast" + LETTER[s.sew], SCALAR, 0, SCALAR)

    def body(disp: int, partial: bool) -> None:
        s.v("vpor", 2, SCALAR, SCALAR)
        s.write(2, disp, partial)

    s.chunks(body, masked=s.masked)


def gather_any(s: Stub) -> None:
    if s.form == "vv":
        gather(s)
    else:
        gather_one(s)


def compress(s: Stub) -> None:
    """The elements of vs2 whose bits in vs1 are set, one behind the other.

    R8 is how many elements are left, R9 the first one of 64, RDX their bits; RDI is where to.
    """
    size = s.sew // 8
    words, full, bits, following, done = (s.fresh() for _ in range(5))
    s.load(R8, s.state(VL))
    s.test(R8, R8)
    s.jump_if("e", done)
    s.arith("xor", R9, R9)
    s.lea(RDI, s.start(s.vd))
    s.label(words)
    s.load(RAX, R9)
    s.shift("shr", RAX, 3)
    s.load(RDX, Mem(FILE, s.vs1 * s.vlenb, RAX))
    s.arith_imm("cmp", R8, 64)
    s.jump_if("ae", full)
    s.load(RCX, R8)
    s.constant(RAX, -1)
    s.op(b"\xd3", 4, RAX)  # shl rax, cl
    s.arith_imm("xor", RAX, -1)
    s.arith("and", RDX, RAX)
    s.label(full)
    s.label(bits)
    s.test(RDX, RDX)
    s.jump_if("e", following)
    s.op(b"\x0f\xbc", RCX, RDX)  # bsf
    s.lea(RAX, Mem(RDX, -1))
    s.arith("and", RDX, RAX)
    s.arith("add", RCX, R9)
    s.load_unsigned(RAX, Mem(FILE, s.vs2 * s.vlenb, RCX, size), s.sew)
    s.store(Mem(RDI), RAX, s.sew)
    s.arith_imm("add", RDI, size)
    s.jump(bits)
    s.label(following)
    s.arith_imm("add", R9, 64)
    s.arith_imm("sub", R8, 64)
    s.jump_if("a", words)
    s.label(done)


RULES: dict[str, Rule] = (
    rules(["vslideup"], slide_up)
    | rules(["vslidedown"], slide_down)
    | rules(("vslide1up", "vslide1down"), slide_one)
    | rules(("vfslide1up", "vfslide1down"), slide_one, (32, 64))
    | rules(("vrgather", "vrgatherei16"), gather_any)
    | rules(["vcompress"], compress)
)
