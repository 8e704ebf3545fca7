"""Mask instructions (the manual's chapter 15): logic, population count, first set bit, iota."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fleet.emu.vector.operands import Instruction, Step, nothing

LOGIC: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "vmand": lambda a, b: a & b,
    "vmnand": lambda a, b: ~(a & b),
    "vmandn": lambda a, b: a & ~b,
    "vmxor": lambda a, b: a ^ b,
    "vmor": lambda a, b: a | b,
    "vmnor": lambda a, b: ~(a | b),
    "vmorn": lambda a, b: a | ~b,
    "vmxnor": lambda a, b: ~(a ^ b),
}


def bind_logic(inst: Instruction) -> Step:
    if inst.vl == 0:
        return nothing
    function = LOGIC[inst.stem]
    a, b, write = inst.bits(inst.vs2), inst.bits(inst.vs1), inst.mask_writer(inst.vd)
    return lambda: write(function(a(), b()))


def bind_count(inst: Instruction) -> Step:
    """vcpop.m and vfirst.m: a number in an integer register, also where vl is 0."""
    inst.require_no_vstart()
    registers, rd = inst.unit.cpu.registers, inst.rd
    source, active = inst.bits(inst.vs2), inst.active()

    def chosen() -> np.ndarray:
        return source() if active is None else source() & active()

    def population() -> int:
        return int(np.count_nonzero(chosen()))

    def first() -> int:
        bits = chosen()
        return int(bits.argmax()) if bits.any() else (1 << 64) - 1

    compute = population if inst.stem == "vcpop" else first

    def step() -> None:
        value = compute()
        if rd:
            registers[rd] = value

    return step


def bind_set_first(inst: Instruction) -> Step:
    """vmsbf, vmsif, vmsof: before, up to, only the first active set bit."""
    inst.require_no_vstart()
    inst.require(inst.vd != inst.vs2, "the destination overlaps a source")
    inst.require(not inst.masked or inst.vd != 0, "the destination overlaps the mask register")
    if inst.vl == 0:
        return nothing
    source, active, write = inst.bits(inst.vs2), inst.active(), inst.mask_writer(inst.vd)
    places = np.arange(inst.vl)
    compare = {"vmsbf": np.less, "vmsif": np.less_equal, "vmsof": np.equal}[inst.stem]

    def step() -> None:
        bits = source() if active is None else source() & active()
        first = bits.argmax() if bits.any() else inst.vl
        write(compare(places, first))

    return step


def bind_iota(inst: Instruction) -> Step:
    """viota.m: how many active bits of vs2 are set before each element."""
    inst.require_no_vstart()
    dest = inst.group(inst.vd)
    inst.check_disjoint(dest, inst.mask_group(inst.vs2))
    inst.check_destination(dest)
    if inst.vl == 0:
        return nothing
    out, source, active = inst.vector(dest, "u"), inst.bits(inst.vs2), inst.active()

    def step() -> None:
        chosen = True if active is None else active()
        bits = source() & chosen
        before = np.cumsum(bits) - bits
        np.copyto(out, before, where=chosen, casting="unsafe")

    return step


def bind_index(inst: Instruction) -> Step:
    """vid.v: each element's own number."""
    dest = inst.group(inst.vd)
    inst.check_destination(dest)
    if inst.vl == 0:
        return nothing
    out, active = inst.vector(dest, "u"), inst.active()
    numbers = np.arange(inst.vl).astype(out.dtype)

    def step() -> None:
        np.copyto(out, numbers, where=True if active is None else active())

    return step


BINDERS = (
    dict.fromkeys(LOGIC, bind_logic)
    | dict.fromkeys(("vcpop", "vfirst"), bind_count)
    | dict.fromkeys(("vmsbf", "vmsif", "vmsof"), bind_set_first)
    | {"viota": bind_iota, "vid": bind_index}
)
