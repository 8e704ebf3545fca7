"""Permutations (the manual's chapter 16): scalar moves, slides, gathers, compress, whole moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fleet.emu.vector.operands import Group, Instruction, Step, dtype_of, nothing


def _place(inst: Instruction, dest: Group, compute: Callable[[], np.ndarray]) -> Step:
    """The step that writes the active elements of `compute()` to `dest`."""
    if inst.vl == 0:
        return nothing
    out, active = inst.vector(dest, "u"), inst.active()

    def step() -> None:
        np.copyto(out, compute(), where=True if active is None else active())

    return step


def bind_scalar_out(inst: Instruction) -> Step:
    """vmv.x.s and vfmv.f.s: element 0 to a scalar register, whatever vl and vstart are."""
    registers, rd = inst.unit.cpu.registers, inst.rd
    if inst.stem == "vmv.x":
        source = inst.element_zero(inst.vs2, "i", inst.sew)

        def to_integer() -> None:
            if rd:
                registers[rd] = source.item(0) & (1 << 64) - 1

        return to_integer
    dtype_of("f", inst.sew)
    source = inst.element_zero(inst.vs2, "u", inst.sew)
    box = (1 << 64) - (1 << inst.sew)

    def to_float() -> None:
        registers[32 + rd] = source.item(0) | box

    return to_float


def bind_scalar_in(inst: Instruction) -> Step:
    """vmv.s.x and vfmv.s.f: a scalar register to element 0, unless vstart >= vl."""
    is_float = inst.stem == "vfmv.s"
    kind = "f" if is_float else "u"
    dtype_of(kind, inst.sew)
    if inst.config.vstart >= inst.vl:
        return nothing
    dest = inst.element_zero(inst.vd, kind, inst.sew)
    source = (inst.float if is_float else lambda r, w: inst.integer(r, "u", w))(inst.rs1, inst.sew)

    def step() -> None:
        dest[0] = source

    return step


def bind_slide(inst: Instruction) -> Step:
    """vslideup and vslidedown by rs1 or an immediate."""
    a, dest = inst.group(inst.vs2), inst.group(inst.vd)
    inst.check_destination(dest)
    up = inst.stem == "vslideup"
    if up:
        inst.check_disjoint(dest, a)
    if inst.vl == 0:
        return nothing
    vl, limit = inst.vl, inst.config.vlmax
    source, out = inst.vector(a, "u", limit), inst.vector(dest, "u")
    active = inst.active()
    registers, rs1 = inst.unit.cpu.registers, inst.rs1

    def moved(offset: int) -> np.ndarray:
        if up:
            return np.concatenate((out[:offset], source[: max(vl - offset, 0)]))
        result = np.zeros(vl, source.dtype)
        part = source[offset : offset + vl]
        result[: len(part)] = part
        return result

    def step() -> None:
        offset = min(registers[rs1] if inst.form == "vx" else inst.vs1, limit)
        np.copyto(out, moved(offset), where=True if active is None else active())

    return step


def bind_slide_one(inst: Instruction) -> Step:
    """vslide1up, vslide1down and their float twins: a scalar fills the gap."""
    a, dest = inst.group(inst.vs2), inst.group(inst.vd)
    inst.check_destination(dest)
    is_float = inst.form == "vf"
    kind = "f" if is_float else "u"
    scalar = inst.float(inst.rs1, inst.sew) if is_float else inst.integer(inst.rs1, "u", inst.sew)
    dtype_of(kind, inst.sew)
    up = "1up" in inst.stem
    if up:
        inst.check_disjoint(dest, a)
    if inst.vl == 0:
        return nothing
    source = inst.vector(a, "u")
    bits = scalar.view(source.dtype)

    def moved() -> np.ndarray:
        result = np.empty(inst.vl, source.dtype)
        if up:
            result[0], result[1:] = bits, source[:-1]
        else:
            result[-1], result[:-1] = bits, source[1:]
        return result

    return _place(inst, dest, moved)


def bind_gather(inst: Instruction) -> Step:
    """vrgather and vrgatherei16: vd[i] = vs2[index[i]], 0 where the index is beyond VLMAX."""
    a, dest = inst.group(inst.vs2), inst.group(inst.vd)
    sources = [a]
    limit = inst.config.vlmax
    if inst.form == "vv":
        indices = inst.group_of(inst.vs1, 16) if inst.stem.endswith("16") else inst.group(inst.vs1)
        sources.append(indices)
    inst.check_destination(dest)
    inst.check_disjoint(dest, *sources)
    values = inst.vector(a, "u", limit)
    registers, rs1 = inst.unit.cpu.registers, inst.rs1
    if inst.form == "vv":
        index = inst.vector(indices, "u")

        def by_vector() -> np.ndarray:
            inside = index < limit
            return np.where(inside, values[np.where(inside, index, 0)], values.dtype.type(0))

        return _place(inst, dest, by_vector)

    def by_scalar() -> np.ndarray:
        place = registers[rs1] if inst.form == "vx" else inst.vs1
        return values[place] if place < limit else values.dtype.type(0)

    return _place(inst, dest, by_scalar)


def bind_compress(inst: Instruction) -> Step:
    """vcompress.vm: the elements of vs2 whose bit in vs1 is set, packed to the front."""
    inst.require_no_vstart()
    a, dest = inst.group(inst.vs2), inst.group(inst.vd)
    inst.check_disjoint(dest, a, inst.mask_group(inst.vs1))
    if inst.vl == 0:
        return nothing
    source, out, chosen = inst.vector(a, "u"), inst.vector(dest, "u"), inst.bits(inst.vs1)

    def step() -> None:
        packed = source[chosen()]
        out[: len(packed)] = packed

    return step


def bind_whole_move(inst: Instruction) -> Step:
    """vmv<nr>r.v: whole registers, from vstart on in elements of SEW bits."""
    count = int(inst.stem[3])
    vlenb = inst.unit.vlenb
    for register in (inst.vd, inst.vs2):
        inst.require(register % count == 0, f"v{register} does not begin a register group")
    skip = min(inst.config.vstart * inst.sew // 8, count * vlenb)
    first, second = inst.vd * vlenb + skip, inst.vs2 * vlenb + skip
    size = count * vlenb - skip
    out, source = inst.unit.file[first : first + size], inst.unit.file[second : second + size]

    def step() -> None:
        out[...] = source

    return step


BINDERS = (
    dict.fromkeys(("vmv.x", "vfmv.f"), bind_scalar_out)
    | dict.fromkeys(("vmv.s", "vfmv.s"), bind_scalar_in)
    | dict.fromkeys(("vslideup", "vslidedown"), bind_slide)
    | dict.fromkeys(("vslide1up", "vslide1down", "vfslide1up", "vfslide1down"), bind_slide_one)
    | dict.fromkeys(("vrgather", "vrgatherei16"), bind_gather)
    | {"vcompress": bind_compress}
    | dict.fromkeys(("vmv1r", "vmv2r", "vmv4r", "vmv8r"), bind_whole_move)
)
