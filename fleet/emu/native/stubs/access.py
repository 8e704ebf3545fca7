"""Stubs of loads and stores: every address is checked against the regions of guest memory.

A record remembers the region that its stub accessed last. An access outside of it looks through
the table of regions; where none holds all of it either, Python does it, or finds it to be a fault.
Nothing is read or written before all of an instruction's addresses are checked.
"""

from __future__ import annotations

from fleet.emu.memory import READ, WRITE
from fleet.emu.native.state import BASE, POINTER, SIZE, VL
from fleet.emu.native.stub import AT, CHUNK, FILE, LEFT, Rule, Stub, rules
from fleet.emu.native.x86 import R8, R9, R10, R11, RAX, RCX, RDI, RDX, RSI, Mem

_AT_ONCE = 256
"""Bytes that are copied without a loop where vl is VLMAX."""


def _is_load(s: Stub) -> bool:
    return "load" in s.encoding.flags


def _permission(s: Stub) -> int:
    return READ if _is_load(s) else WRITE


def check(s: Stub, span: bool = False) -> None:
    """RSI = the host's address of guest address RSI, for R8 bytes (and RDI more or less, if span).

    Clobbers RAX, RCX, RDX, R10, R11.
    """
    miss, found = s.fresh(), s.fresh()

    def compare(otherwise: str) -> None:
        s.load(RCX, RSI)
        s.arith("sub", RCX, s.state(s.record + BASE))
        s.load(RDX, s.state(s.record + SIZE))
        s.arith("sub", RDX, R8)
        s.jump_if("b", otherwise)
        s.arith("cmp", RCX, RDX)
        s.jump_if("a", otherwise)
        if span:
            s.lea(RAX, Mem(RCX, 0, RDI))
            s.arith("cmp", RAX, RDX)
            s.jump_if("a", otherwise)

    def search() -> None:
        s.label(miss)
        _find_region(s)
        compare("slow")
        s.jump(found)

    s.aside(search)
    compare(miss)
    s.label(found)
    s.arith("add", RCX, s.state(s.record + POINTER))
    s.load(RSI, RCX)


def _find_region(s: Stub) -> None:
    """Puts the region at guest address RSI into the record, if there is one."""
    s.constant(RDX, _permission(s))
    s.lea(R11, s.state(s.record))
    s.call(s.places.find_region)


# -- contiguous


def contiguous(s: Stub, whole: int) -> None:
    """RSI a guest address, R8 a number of bytes, not 0, `whole` for the most part."""
    check(s)
    s.lea(RDI, s.start(s.vd))
    if not _is_load(s):
        s.load(RAX, RSI)
        s.load(RSI, RDI)
        s.load(RDI, RAX)
    if whole % 16 or whole > _AT_ONCE:
        s.call(s.places.copy)
        return
    part, done = s.fresh(), s.fresh()

    def copy() -> None:
        s.label(part)
        s.call(s.places.copy)
        s.jump(done)

    s.aside(copy)
    s.arith_imm("cmp", R8, whole)
    s.jump_if("ne", part)
    for at in range(0, whole, CHUNK):
        short = whole - at < CHUNK
        s.v("vmovdqu", 0, 0, Mem(RSI, at), short=short)
        s.v("vmovdqu", 0, 0, Mem(RDI, at), short=short, store=True)
    s.label(done)


def unit(s: Stub) -> None:
    if s.encoding.nf > 1:
        evenly_spaced(s)
        return
    done = s.fresh()
    s.load(R8, s.state(VL))
    s.test(R8, R8)
    s.jump_if("e", done)
    s.shift("shl", R8, s.encoding.eew.bit_length() - 4)
    s.load(RSI, s.x(s.rs1))
    if s.masked:
        check(s)
        _masked(s)
    else:
        contiguous(s, s.config.vlmax * s.encoding.eew // 8)
    s.label(done)


def _masked(s: Stub) -> None:
    """RSI a host address, R8 bytes there: whole chunks are blended, the rest goes by elements."""
    width = s.encoding.eew
    again, rest, done = s.fresh(), s.fresh(), s.fresh()
    s.arith("xor", AT, AT)
    s.arith_imm("sub", LEFT, CHUNK)
    s.jump_if("b", rest)
    s.label(again)
    s.read_mask(1, width)
    source, target = Mem(RSI, 0, AT), s.group(s.vd)
    if not _is_load(s):
        source, target = target, source
    s.v("vmovdqu", 2, 0, source)
    s.v("vmovdqu", 3, 0, target)
    s.blend(2, 3, 2, 1)
    s.v("vmovdqu", 2, 0, target, store=True)
    s.arith_imm("add", AT, CHUNK)
    s.arith_imm("sub", LEFT, CHUNK)
    s.jump_if("ae", again)
    s.label(rest)
    s.arith_imm("add", LEFT, CHUNK)
    s.jump_if("e", done)
    s.arith("add", RSI, AT)
    s.load(RCX, AT)
    s.shift("shr", RCX, width.bit_length() - 4)
    s.load(R8, s.state(VL))
    s.constant(RDX, width // 8)
    _move_spaced(s, width)
    s.label(done)


def whole(s: Stub) -> None:
    size = s.encoding.nf * s.vlenb
    s.constant(R8, size)
    s.load(RSI, s.x(s.rs1))
    contiguous(s, size)


def mask(s: Stub) -> None:
    done = s.fresh()
    s.load(R8, s.state(VL))
    s.arith_imm("add", R8, 7)
    s.shift("shr", R8, 3)
    s.jump_if("e", done)
    s.load(RSI, s.x(s.rs1))
    contiguous(s, s.config.vlmax // 8)
    s.label(done)


# -- segments at multiples of a distance


def evenly_spaced(s: Stub) -> None:
    """Segments side by side, or as far apart as rs2 says."""
    size = s.encoding.nf * s.encoding.eew // 8
    distance = s.x(s.rs2) if s.stem in ("vlse", "vsse") else None
    done = s.fresh()
    s.load(RDI, s.state(VL))
    s.arith_imm("sub", RDI, 1)
    s.jump_if("b", done)
    if distance is not None:
        s.op(b"\x0f\xaf", RDI, distance)  # imul
    else:
        s.op(b"\x69", RDI, RDI)
        s.bytes += size.to_bytes(4, "little")
    s.jump_if("o", "slow")
    s.load(RSI, s.x(s.rs1))
    s.constant(R8, size)
    check(s, span=True)
    if distance is not None:
        s.load(RDX, distance)
    else:
        s.constant(RDX, size)
    s.load(R8, s.state(VL))
    s.arith("xor", RCX, RCX)
    _move_spaced(s, s.encoding.eew)
    s.label(done)


def _move_spaced(s: Stub, width: int) -> None:
    """Segments from number RCX to R8, the next one at host address RSI, RDX bytes apart."""

    def body() -> None:
        _move_segment(s, width, RSI, RCX)

    s.each_active(RCX, body, lambda: s.arith("add", RSI, RDX))


def _move_segment(s: Stub, width: int, address: int, number: int) -> None:
    """One element of each field, between a host address and the register groups."""
    emul = s.config.lmul + width.bit_length() - s.sew.bit_length()
    group = s.vlenb << max(emul, 0)
    for field in range(s.encoding.nf):
        memory = Mem(address, field * width // 8)
        element = Mem(FILE, s.vd * s.vlenb + field * group, number, width // 8)
        source, target = (memory, element) if _is_load(s) else (element, memory)
        s.load_unsigned(RAX, source, width)
        s.store(target, RAX, width)


# -- segments anywhere


def indexed(s: Stub) -> None:
    """Data elements have SEW bits, the encoded width is that of the indices.

    RDI is what an index is added to: first the base's distance from the region, for the check;
    then the base's host address.
    """
    size = s.encoding.nf * s.sew // 8
    width = s.encoding.eew
    restart, miss, found, done = s.fresh(), s.fresh(), s.fresh(), s.fresh()

    def address() -> None:
        s.load_unsigned(RCX, Mem(FILE, s.vs2 * s.vlenb, R10, width // 8), width)
        s.arith("add", RCX, RDI)

    def compare() -> None:
        address()
        s.arith("cmp", RCX, RDX)
        s.jump_if("ae", miss)

    def move() -> None:
        address()
        _move_segment(s, s.sew, RCX, R10)

    s.load(R8, s.state(VL))
    s.test(R8, R8)
    s.jump_if("e", done)
    s.arith("xor", R9, R9)
    s.label(restart)
    s.load(RDI, s.x(s.rs1))
    s.arith("sub", RDI, s.state(s.record + BASE))
    s.constant(RAX, 0)
    s.load(RDX, s.state(s.record + SIZE))
    s.arith_imm("sub", RDX, size - 1)  # so many places for a segment; none if nothing is known
    s.cmov("b", RDX, RAX)
    s.arith("xor", R10, R10)
    s.each_active(R10, compare)
    s.jump(found)
    s.label(miss)
    s.test(R9, R9)
    s.jump_if("ne", "slow")
    s.arith_imm("add", R9, 1)
    s.load(RSI, RCX)
    s.arith("add", RSI, s.state(s.record + BASE))
    _find_region(s)
    s.jump(restart)
    s.label(found)
    s.arith("add", RDI, s.state(s.record + POINTER))
    s.arith("xor", R10, R10)
    s.each_active(R10, move)
    s.label(done)


RULES: dict[str, Rule] = (
    rules(("vle", "vse", "vleff"), unit)
    | rules(("vlse", "vsse"), evenly_spaced)
    | rules(("vluxei", "vloxei", "vsuxei", "vsoxei"), indexed)
    | rules(("vlre", "vsre"), whole)
    | rules(("vlm", "vsm"), mask)
)
