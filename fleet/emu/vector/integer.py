"""Integer arithmetic (the manual's chapter 11): what each stem does, and the odd forms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fleet.emu.vector.elementwise import Function, Operand, Row, bind, bind_row, storing
from fleet.emu.vector.operands import Instruction, Step, nothing


def _reverse(function: np.ufunc) -> Function:
    return lambda a, b, out: function(b, a, out)


def _minimum(a: np.ndarray, b: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    return np.minimum(a, b, out=out)


def _maximum(a: np.ndarray, b: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    return np.maximum(a, b, out=out)


def _amount(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Shift amounts: the low log2(SEW) bits, SEW being the width of what is shifted."""
    return np.bitwise_and(b, b.dtype.type(a.dtype.itemsize * 8 - 1))


def _shift_left(a: np.ndarray, b: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    return np.left_shift(a, _amount(a, b), out)


def _shift_right(a: np.ndarray, b: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    return np.right_shift(a, _amount(a, b), out)


def high_product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The upper half of the double-width product, signed or unsigned as the dtype is."""
    width = a.dtype.itemsize * 8
    if width < 64:
        wide = np.dtype(f"{a.dtype.kind}{a.dtype.itemsize * 2}")
        product = np.multiply(a, b, dtype=wide)
        return np.right_shift(product, wide.type(width)).astype(a.dtype)
    high = _high_product_64(a.view(np.uint64), b.view(np.uint64)).view(a.dtype)
    if a.dtype.kind == "i":
        high = high - np.where(a < 0, b, 0) - np.where(b < 0, a, 0)
    return high


def _high_product_64(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """By halves of 32 bits; the sum of the middle terms fits in 64 bits."""
    low, shift = np.uint64(0xFFFF_FFFF), np.uint64(32)
    a_low, a_high, b_low, b_high = a & low, a >> shift, b & low, b >> shift
    middle = a_high * b_low + (a_low * b_low >> shift)
    other = a_low * b_high + (middle & low)
    return a_high * b_high + (middle >> shift) + (other >> shift)


def _high_product_mixed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """vs2 signed, the other source unsigned; both arrive with an unsigned dtype."""
    negative = a.view(np.dtype(f"i{a.dtype.itemsize}")) < 0
    return high_product(a, b) - np.where(negative, b, b.dtype.type(0))


def _divide(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Rounds towards zero; by zero all ones, and the overflow wraps (the manual, 11.11)."""
    quotient = np.floor_divide(a, b)
    if a.dtype.kind == "i":
        inexact = quotient * b != a
        quotient = quotient + (inexact & ((a < 0) != (b < 0))).astype(a.dtype)
    return np.where(b == 0, ~a.dtype.type(0), quotient)


def _remainder(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.where(b == 0, a, a - _divide(a, b) * b)


def _rotate(a: np.ndarray, count: np.ndarray) -> np.ndarray:
    """To the left, by a count modulo the width."""
    width = a.dtype.itemsize * 8
    count = np.bitwise_and(count, count.dtype.type(width - 1))
    back = np.bitwise_and(count.dtype.type(width) - count, count.dtype.type(width - 1))
    return np.left_shift(a, count) | np.right_shift(a, back)


def _rotate_right(a: np.ndarray, count: np.ndarray) -> np.ndarray:
    return _rotate(a, np.negative(count))


ARITHMETIC: dict[str, Row] = {
    "vadd": Row("uuu", np.add),
    "vsub": Row("uuu", np.subtract),
    "vrsub": Row("uuu", _reverse(np.subtract)),
    "vminu": Row("uuu", _minimum),
    "vmin": Row("iii", _minimum),
    "vmaxu": Row("uuu", _maximum),
    "vmax": Row("iii", _maximum),
    "vand": Row("uuu", np.bitwise_and),
    "vor": Row("uuu", np.bitwise_or),
    "vxor": Row("uuu", np.bitwise_xor),
    "vsll": Row("uuu", _shift_left),
    "vsrl": Row("uuu", _shift_right),
    "vsra": Row("iii", _shift_right),
    "vnsrl": Row("uuu", _shift_right),
    "vnsra": Row("iii", _shift_right),
    "vmseq": Row("muu", np.equal),
    "vmsne": Row("muu", np.not_equal),
    "vmsltu": Row("muu", np.less),
    "vmslt": Row("mii", np.less),
    "vmsleu": Row("muu", np.less_equal),
    "vmsle": Row("mii", np.less_equal),
    "vmsgtu": Row("muu", np.greater),
    "vmsgt": Row("mii", np.greater),
    "vmul": Row("uuu", np.multiply),
    "vmulhu": Row("uuu", storing(high_product)),
    "vmulh": Row("iii", storing(high_product)),
    "vmulhsu": Row("uuu", storing(_high_product_mixed)),
    "vdivu": Row("uuu", storing(_divide)),
    "vdiv": Row("iii", storing(_divide)),
    "vremu": Row("uuu", storing(_remainder)),
    "vrem": Row("iii", storing(_remainder)),
    "vandn": Row("uuu", storing(lambda a, b: a & ~b)),
    "vrol": Row("uuu", storing(_rotate)),
    "vror": Row("uuu", storing(_rotate_right)),
    "vwsll": Row("uuu", _shift_left),
    "vwaddu": Row("uuu", np.add),
    "vwadd": Row("iii", np.add),
    "vwsubu": Row("uuu", np.subtract),
    "vwsub": Row("iii", np.subtract),
    "vwmulu": Row("uuu", np.multiply),
    "vwmul": Row("iii", np.multiply),
    "vwmulsu": Row("iiu", np.multiply),
    # multiply-add: a is vs2, b is vs1 or rs1, d is vd
    "vmacc": Row("uuu", lambda a, b, d, out: np.add(a * b, d, out)),
    "vnmsac": Row("uuu", lambda a, b, d, out: np.subtract(d, a * b, out)),
    "vmadd": Row("uuu", lambda a, b, d, out: np.add(b * d, a, out)),
    "vnmsub": Row("uuu", lambda a, b, d, out: np.subtract(a, b * d, out)),
    "vwmaccu": Row("uuu", lambda a, b, d, out: np.add(a * b, d, out)),
    "vwmacc": Row("iii", lambda a, b, d, out: np.add(a * b, d, out)),
    "vwmaccsu": Row("iui", lambda a, b, d, out: np.add(a * b, d, out)),
    "vwmaccus": Row("iiu", lambda a, b, d, out: np.add(a * b, d, out)),
}


def bind_arithmetic(inst: Instruction) -> Step:
    return bind_row(inst, ARITHMETIC[inst.stem])


def bind_division(inst: Instruction) -> Step:
    """NumPy reports division by zero and overflow, which are no exceptions of ours."""
    divide, events = bind_arithmetic(inst), inst.unit.events

    def step() -> None:
        divide()
        events.pending = 0

    return step


def bind_extension(inst: Instruction) -> Step:
    """vzext, vsext: from elements of SEW/2, SEW/4 or SEW/8."""
    kind = "u" if inst.stem == "vzext" else "i"
    shift = {"vf2": 1, "vf4": 2, "vf8": 3}[inst.form]
    source, dest = inst.group(inst.vs2, -shift), inst.group(inst.vd)
    inst.check_destination(dest, source)
    operand = Operand(inst.vector(source, kind), False, kind)
    return bind(inst, _copy, kind, dest, [operand])


def _copy(a: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    if out is None:
        return a
    out[...] = a
    return out


def _reversed_bits(a: np.ndarray) -> np.ndarray:
    """Within each byte."""
    return _BYTES_REVERSED[a.view(np.uint8)].view(a.dtype)


_BYTES_REVERSED = np.packbits(
    np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1), axis=1, bitorder="little"
)[:, 0]


def _leading_zeros(a: np.ndarray) -> np.ndarray:
    for shift in (1, 2, 4, 8, 16, 32):
        if shift < a.itemsize * 8:
            a = a | a >> a.dtype.type(shift)
    return np.bitwise_count(~a).astype(a.dtype)


def _trailing_zeros(a: np.ndarray) -> np.ndarray:
    one = a.dtype.type(1)
    return np.bitwise_count(~a & (a - one)).astype(a.dtype)


UNARY: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "vbrev8": _reversed_bits,
    "vrev8": lambda a: a.byteswap(),
    "vbrev": lambda a: _reversed_bits(a).byteswap(),
    "vclz": _leading_zeros,
    "vctz": _trailing_zeros,
    "vcpop": lambda a: np.bitwise_count(a).astype(a.dtype),
}
"""Zvbb's instructions of one source."""


def bind_unary(inst: Instruction) -> Step:
    source, dest = inst.group(inst.vs2), inst.group(inst.vd)
    inst.check_destination(dest, source)
    operand = Operand(inst.vector(source, "u"), False, "u")
    return bind(inst, storing(UNARY[inst.stem]), "u", dest, [operand])


def source_operand(inst: Instruction, form: str, kind: str = "u") -> Operand:
    """The operand in the field of vs1: v, x, i or f."""
    match form:
        case "v":
            return Operand(inst.vector(inst.group(inst.vs1), kind), False, kind)
        case "x":
            return Operand(inst.integer(inst.rs1, kind, inst.sew), True, kind)
        case "f":
            return Operand(inst.float(inst.rs1, inst.sew), True, kind)
        case _:
            return Operand(inst.immediate(kind, inst.sew), True, kind)


def bind_splat(inst: Instruction) -> Step:
    """vmv.v.v, vmv.v.x, vmv.v.i, vfmv.v.f. (vm is 1 in the encoding.)"""
    kind = "f" if inst.form == "f" else "u"
    source = source_operand(inst, inst.form, kind)
    return bind(inst, _copy, kind, inst.group(inst.vd), [source])


def bind_merge(inst: Instruction) -> Step:
    """vmerge and vfmerge: v0 chooses between vs2 (0) and the other source (1)."""
    kind = "f" if inst.form[1] == "f" else "u"
    a = inst.group(inst.vs2)
    source, dest = source_operand(inst, inst.form[1], kind), inst.group(inst.vd)
    inst.require(dest.register != 0, "the destination overlaps the mask register")
    if inst.vl == 0:
        return nothing
    first, second, out = inst.vector(a, kind), source.view, inst.vector(dest, kind)
    choose = inst.bits(0)
    inst.masked = False
    active = inst.active()

    def step() -> None:
        out[...] = np.where(choose(), second, first)

    def step_from_vstart() -> None:
        np.copyto(out, np.where(choose(), second, first), where=active())

    return step if active is None else step_from_vstart


def bind_carry(inst: Instruction) -> Step:
    """vadc, vsbc, and their carry-outs vmadc, vmsbc with or without a carry-in."""
    with_carry = len(inst.form) == 3
    a = inst.group(inst.vs2)
    source = source_operand(inst, inst.form[1])
    subtracts, to_mask = inst.stem.endswith("sbc"), inst.stem.startswith("vm")
    dest = inst.mask_group(inst.vd) if to_mask else inst.group(inst.vd)
    groups = [a] + ([] if source.scalar else [inst.group(inst.vs1)])
    inst.masked = False  # v0 is data
    inst.check_destination(dest, *groups)
    if not to_mask:
        inst.require(dest.register != 0, "the destination overlaps the carry register")
    if inst.vl == 0:
        return nothing
    carry = inst.bits(0) if with_carry else None
    first, second = inst.vector(a, "u"), source.view
    if to_mask:
        write = inst.mask_writer(inst.vd)
        out_of = _borrow_out if subtracts else _carry_out
        return lambda: write(out_of(first, second, carry() if carry else False))
    out, active = inst.vector(dest, "u"), inst.active()
    combine = np.subtract if subtracts else np.add

    def step() -> None:
        result = combine(combine(first, second), carry())
        np.copyto(out, result, where=True if active is None else active(), casting="unsafe")

    return step


def _carry_out(a: np.ndarray, b: np.ndarray, carry: np.ndarray | bool) -> np.ndarray:
    total = a + b
    return (total < a) | ((total == np.iinfo(a.dtype).max) & carry)


def _borrow_out(a: np.ndarray, b: np.ndarray, borrow: np.ndarray | bool) -> np.ndarray:
    return (a < b) | ((a == b) & borrow)


BINDERS = (
    dict.fromkeys(ARITHMETIC, bind_arithmetic)
    | dict.fromkeys(("vdivu", "vdiv", "vremu", "vrem"), bind_division)
    | dict.fromkeys(("vzext", "vsext"), bind_extension)
    | dict.fromkeys(UNARY, bind_unary)
    | dict.fromkeys(("vmv.v", "vfmv.v"), bind_splat)
    | dict.fromkeys(("vmerge", "vfmerge"), bind_merge)
    | dict.fromkeys(("vadc", "vsbc", "vmadc", "vmsbc"), bind_carry)
)
