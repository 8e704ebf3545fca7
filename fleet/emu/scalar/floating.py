"""Half precision (Zfhmin, Zfh), and Zfa, by arithmetic on integers: exact by construction.

Formats are named as in mnemonics: h, s, d. Source: the unprivileged manual, chapters "Zfh" and
"Zfa".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fleet.asm.isa.table import Decoded, encodings
from fleet.emu.cpu import ROUNDING_MODE, Cpu
from fleet.emu.faults import IllegalInstruction
from fleet.emu.scalar.integer import WORD, signed
from fleet.emu.vector import softfloat
from fleet.emu.vector.environment import NV, NX, RMM, RNE, RTZ
from fleet.emu.vector.operands import Step
from fleet.emu.vector.softfloat import DOUBLE, HALF, SINGLE, Format, Result
from fleet.emu.vector.state import VectorState

FORMATS = {"h": HALF, "s": SINGLE, "d": DOUBLE}
INTEGERS = {"w": (32, True), "wu": (32, False), "l": (64, True), "lu": (64, False)}
DYNAMIC = 7


def read(cpu: Cpu, register: int, form: Format) -> int:
    """A float register as a number of a format; what is no box is a NaN.

    Unicorn does not keep the boxes of singles by itself.
    """
    bits = cpu.registers[32 + register]
    width = form.width
    checked = width == 16 or width == 32 and cpu.boxes
    if checked and bits >> width != (1 << 64 - width) - 1:
        return form.nan
    return bits & (1 << width) - 1


def write(cpu: Cpu, register: int, form: Format, bits: int) -> None:
    cpu.registers[32 + register] = bits | WORD ^ (1 << form.width) - 1


def rounding_mode(cpu: Cpu, field: int) -> int:
    mode = cpu.registers[ROUNDING_MODE] if field == DYNAMIC else field
    if mode > RMM:
        raise IllegalInstruction(f"rounding mode {mode}")
    return mode


# -- operations: f(form, *operands, mode) -> bits and flags

def _least(form: Format, greatest: bool, propagates: bool, a: int, b: int, _: int) -> Result:
    """minimumNumber and maximumNumber, or minimum and maximum (propagates)."""
    flags = NV if softfloat.is_signaling(form, a) or softfloat.is_signaling(form, b) else 0
    a_nan, b_nan = softfloat.is_nan(form, a), softfloat.is_nan(form, b)
    if a_nan and b_nan or propagates and (a_nan or b_nan):
        return form.nan, flags
    if a_nan or b_nan:
        return (b if a_nan else a), flags
    return (max if greatest else min)(a, b, key=partial(_order, form)), flags


def _order(form: Format, bits: int) -> int:
    """A number that is greater where the float is, -0 below +0."""
    magnitude = bits & ~form.sign
    return -magnitude - 1 if bits & form.sign else magnitude


def _compare(form: Format, name: str, quiet: bool, a: int, b: int, _: int) -> Result:
    if softfloat.is_nan(form, a) or softfloat.is_nan(form, b):
        signals = softfloat.is_signaling(form, a) or softfloat.is_signaling(form, b)
        return 0, NV if signals or not quiet else 0
    x, y = _order(form, a), _order(form, b)
    if a & ~form.sign == b & ~form.sign == 0:
        x = y
    return int({"feq": x == y, "flt": x < y, "fle": x <= y}[name[:3]]), 0


def _classify(form: Format, a: int, _: int) -> Result:
    magnitude, negative = a & ~form.sign, bool(a & form.sign)
    if magnitude > form.infinity:
        return (1 << 9 if magnitude >> form.fraction - 1 & 1 else 1 << 8), 0
    if magnitude == form.infinity:
        rank = 0
    elif magnitude >> form.fraction:
        rank = 1
    else:
        rank = 2 if magnitude else 3
    return 1 << (rank if negative else 7 - rank), 0


def _inject_sign(form: Format, name: str, a: int, b: int, _: int) -> Result:
    sign = b if name == "fsgnj" else ~b if name == "fsgnjn" else a ^ b
    return a & ~form.sign | sign & form.sign, 0


def _fused(form: Format, name: str, a: int, b: int, c: int, mode: int) -> Result:
    if name in ("fnmadd", "fnmsub"):
        a ^= form.sign
    if name in ("fmsub", "fnmadd"):
        c ^= form.sign
    return softfloat.fused(form, a, b, c, mode)


def to_integer(form: Format, bits: int, signs: bool, a: int, mode: int) -> Result:
    """As a number of so many bits, with its sign extended to 64."""
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signs else (0, (1 << bits) - 1)
    if a & ~form.sign >= form.infinity:
        negative = bool(a & form.sign) and not softfloat.is_nan(form, a)
        return signed(low if negative else high, bits) & WORD, NV
    whole, exact = softfloat.to_whole(form, a, mode)
    if not low <= whole <= high:
        return signed(low if whole < low else high, bits) & WORD, NV
    return signed(whole, bits) & WORD, 0 if exact else NX


def from_integer(form: Format, value: int, mode: int) -> Result:
    return softfloat.round_pack(form, value, 0, mode) if value else (0, 0)


def convert(to: Format, source: Format, a: int, mode: int) -> Result:
    sign = to.sign if a & source.sign else 0
    magnitude = a & ~source.sign
    if magnitude > source.infinity:
        return to.nan, NV if softfloat.is_signaling(source, a) else 0
    if magnitude == source.infinity or magnitude == 0:
        return sign | (to.infinity if magnitude else 0), 0
    return softfloat.round_pack(to, *softfloat.unpack(source, a), mode)


def _round(form: Format, name: str, a: int, mode: int) -> Result:
    """fround, froundnx: to a whole number of the same format."""
    if a & ~form.sign >= form.infinity:
        return convert(form, form, a, mode)
    whole, exact = softfloat.to_whole(form, a, mode)
    flags = NX if name == "froundnx" and not exact else 0
    if whole == 0:
        return a & form.sign, flags
    return softfloat.round_pack(form, whole, 0, RNE)[0], flags


def _modular(form: Format, a: int, _: int) -> Result:
    """fcvtmod.w.d: towards zero, modulo 2**32."""
    if a & ~form.sign >= form.infinity:
        return 0, NV
    whole, exact = softfloat.to_whole(form, a, RTZ)
    fits = -(1 << 31) <= whole < 1 << 31
    return signed(whole, 32) & WORD, NV if not fits else 0 if exact else NX


# -- binding

_SOURCES = ("rs1", "rs2", "rs3")


def _binder(
    form: Format, operation: Callable[..., Result], to: Format | None
) -> Callable[[VectorState, Decoded], Step]:
    """Float sources of a format; the result is one of `to`, or an integer where that is None."""

    def bind(unit: VectorState, found: Decoded) -> Step:
        cpu, rd = unit.cpu, found.operands["rd"]
        sources = [found.operands[name] for name in _SOURCES if name in found.operands]
        field = found.operands.get("rm", RNE)

        def step() -> None:
            mode = rounding_mode(cpu, field)
            bits, flags = operation(form, *(read(cpu, r, form) for r in sources), mode)
            cpu.raise_flags(flags)
            if to is not None:
                write(cpu, rd, to, bits)
            elif rd:
                cpu.registers[rd] = bits

        return step

    return bind


def _from_integer(unit: VectorState, found: Decoded) -> Step:
    """fcvt.h.{w,wu,l,lu}."""
    cpu, rd, rs1 = unit.cpu, found.operands["rd"], found.operands["rs1"]
    bits, signs = INTEGERS[found.mnemonic.rpartition(".")[2]]
    field = found.operands["rm"]

    def step() -> None:
        mode = rounding_mode(cpu, field)
        value = cpu.registers[rs1] & (1 << bits) - 1
        result, flags = from_integer(HALF, signed(value, bits) if signs else value, mode)
        cpu.raise_flags(flags)
        write(cpu, rd, HALF, result)

    return step


def _move_out(unit: VectorState, found: Decoded) -> Step:
    registers, rd, rs1 = unit.cpu.registers, found.operands["rd"], found.operands["rs1"]

    def step() -> None:
        if rd:
            registers[rd] = signed(registers[32 + rs1], 16) & WORD

    return step


def _move_in(unit: VectorState, found: Decoded) -> Step:
    cpu, rd, rs1 = unit.cpu, found.operands["rd"], found.operands["rs1"]
    return lambda: write(cpu, rd, HALF, cpu.registers[rs1] & 0xFFFF)


_LITERALS = (
    -1.0, None, 2.0**-16, 2.0**-15, 2.0**-8, 2.0**-7, 0.0625, 0.125, 0.25, 0.3125, 0.375, 0.4375,
    0.5, 0.625, 0.75, 0.875, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 8.0, 16.0, 128.0, 256.0,
    2.0**15, 2.0**16,
)  # fmt: skip
"""What fli loads, by number; of number 1 the least normal number. Then infinity and NaN."""


def literal(form: Format, number: int) -> int:
    if number >= len(_LITERALS):
        return form.infinity if number == len(_LITERALS) else form.nan
    value = _LITERALS[number]
    if value is None:
        return 1 << form.fraction
    return convert(form, DOUBLE, softfloat.bits_of(value), RNE)[0]


def _literal(unit: VectorState, found: Decoded) -> Step:
    cpu, rd = unit.cpu, found.operands["rd"]
    form = FORMATS[found.mnemonic.rpartition(".")[2]]
    bits = literal(form, found.operands["fli"])
    return lambda: write(cpu, rd, form, bits)


def _of_format(letter: str) -> dict[str, Callable[[VectorState, Decoded], Step]]:
    """What there is for h, and of Zfa for s and d."""
    form = FORMATS[letter]

    def floats(operation: Callable[..., Result]) -> Callable[[VectorState, Decoded], Step]:
        return _binder(form, operation, form)

    table = {
        "fadd": floats(softfloat.add), "fsub": floats(softfloat.subtract),
        "fmul": floats(softfloat.multiply), "fdiv": floats(softfloat.divide),
        "fsqrt": floats(softfloat.square_root), "fli": _literal,
        "fclass": _binder(form, _classify, None),
    }  # fmt: skip
    for name in ("fmadd", "fmsub", "fnmadd", "fnmsub"):
        table[name] = floats(lambda form, *rest, name=name: _fused(form, name, *rest))
    for name in ("fsgnj", "fsgnjn", "fsgnjx"):
        table[name] = floats(lambda form, *rest, name=name: _inject_sign(form, name, *rest))
    for name in ("fround", "froundnx"):
        table[name] = floats(lambda form, *rest, name=name: _round(form, name, *rest))
    for name in ("fmin", "fmax", "fminm", "fmaxm"):
        kind = name[:4] == "fmax", name[4:] == "m"
        table[name] = floats(lambda form, *rest, kind=kind: _least(form, *kind, *rest))
    for name in ("feq", "flt", "fle", "fltq", "fleq"):
        kind = name, name in ("feq", "fltq", "fleq")
        operation = lambda form, *rest, kind=kind: _compare(form, *kind, *rest)  # noqa: E731
        table[name] = _binder(form, operation, None)
    for name, width in INTEGERS.items():
        operation = lambda form, *rest, width=width: to_integer(form, *width, *rest)  # noqa: E731
        table[f"fcvt.{name}"] = _binder(form, operation, None)
    return {f"{name}.{letter}": bind for name, bind in table.items()}


def _conversion(to: str, source: str) -> Callable[[VectorState, Decoded], Step]:
    return _binder(FORMATS[source], partial(convert, FORMATS[to]), FORMATS[to])


_ALL = (
    _of_format("h") | _of_format("s") | _of_format("d")
    | dict.fromkeys([f"fcvt.h.{name}" for name in INTEGERS], _from_integer)
    | {f"fcvt.{a}.{b}": _conversion(a, b) for a, b in ("hs", "sh", "hd", "dh")}
    | {"fmv.x.h": _move_out, "fmv.h.x": _move_in, "fcvtmod.w.d": _binder(DOUBLE, _modular, None)}
)  # fmt: skip

MISTAKEN = ("fmin.s", "fmax.s", "fmin.d", "fmax.d")
"""What Unicorn does as IEEE 754-2008 has it, where the manual has 754-2019: of a signaling NaN and
a number it makes a NaN."""

BINDERS = {
    name: bind for name, bind in _ALL.items()
    if name in MISTAKEN or encodings()[name].extension in ("Zfhmin", "Zfh", "Zfa")
}  # fmt: skip
