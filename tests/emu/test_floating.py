"""Floating point against exact arithmetic: rational numbers rounded once, in every mode."""

from __future__ import annotations

import struct
from fractions import Fraction

import numpy as np
import pytest
from fuzz.values import SPECIAL, floats

from fleet.asm.assembler import assemble
from fleet.emu.machine import STOP, Machine
from fleet.emu.vector import softfloat
from fleet.emu.vector.environment import NX

CODE = 0x10000
MODES = {"rne": 0, "rtz": 1, "rdn": 2, "rup": 3, "rmm": 4}
FORMATS = {32: softfloat.SINGLE, 64: softfloat.DOUBLE}
NAN = {32: 0x7FC00000, 64: 0x7FF8000000000000}


def execute(
    instruction: str, width: int, mode: int, operands: list[np.ndarray], fflags: int = 0
) -> tuple[np.ndarray, int]:
    """The bits in v8 after an instruction on v8, v16, v24 (LMUL 8), and fflags."""
    count = len(operands[0])
    vlen = max(128, 1 << (count * width // 8 - 1).bit_length())
    machine = Machine(vlen)
    setting = f"fsrmi {mode}\nfsflagsi {fflags}\nvsetvli t0, a0, e{width}, m8, ta, ma\n"
    text = f"{setting}{instruction}\nret"
    sections = assemble(".option norvc\n" + text).sections
    machine.load(CODE, bytes(next(s.data for s in sections if s.name == ".text")))
    machine.cpu.registers[10], machine.cpu.registers[1] = count, STOP
    for register, values in zip((8, 16, 24), operands, strict=False):
        place = register * vlen // 8
        machine.vector.file[place : place + values.nbytes] = values.view(np.uint8)
    machine.cpu.store()
    machine.run(CODE)
    kind = np.dtype(f"u{width // 8}")
    return machine.vector.file[vlen :][: count * kind.itemsize].view(kind).copy(), machine.cpu.flags


def rounded(value: Fraction, form: softfloat.Format, mode: int) -> int:
    """The bits of a rational number in a format, by searching the neighbours."""
    sign = form.sign if value < 0 else 0
    magnitude = abs(value)
    low, high = 0, form.infinity
    while high - low > 1:
        middle = (low + high) // 2
        if exact(middle, form) <= magnitude:
            low = middle
        else:
            high = middle
    below, above = exact(low, form), exact(high, form)
    if below == magnitude:
        return sign | low
    middle = (below + above) / 2
    up = {
        0: magnitude > middle or (magnitude == middle and low & 1),
        1: False,
        2: value < 0,
        3: value > 0,
        4: magnitude >= middle,
    }[mode]
    return sign | (high if up else low)


def exact(bits: int, form: softfloat.Format) -> Fraction:
    """The value; of infinity the number that would follow the greatest one."""
    exponent = bits >> form.fraction
    significand = bits & (1 << form.fraction) - 1
    if exponent:
        significand |= 1 << form.fraction
    return significand * Fraction(2) ** (max(exponent, 1) - form.bias - form.fraction)


def signed(bits: int, form: softfloat.Format) -> Fraction:
    value = exact(bits & ~form.sign, form)
    return -value if bits & form.sign else value


def is_finite(bits: int, form: softfloat.Format) -> bool:
    return bits & form.infinity != form.infinity


def near_midpoints(rng: np.random.Generator, width: int, count: int) -> list[np.ndarray]:
    """x, y, z whose x * y + z lies on a midpoint of two numbers, or a hair off it."""
    form = FORMATS[width]
    kind, real = np.dtype(f"u{width // 8}"), np.dtype(f"f{width // 8}")
    significand = rng.integers(1 << form.fraction, 2 << form.fraction, count)
    z = significand.astype(real)
    half = np.exp2(rng.integers(-1, 1, count)).astype(real)
    x = half * rng.choice(np.array([1, -1, 3], real), count)
    hair = 1 + np.exp2(-rng.integers(form.fraction // 2, form.fraction + 1, count)).astype(real)
    y = np.where(rng.random(count) < 0.5, 1, hair).astype(real)
    scale = np.exp2(rng.integers(-20, 20, count)).astype(real)
    return [np.ascontiguousarray(v.astype(real)).view(kind) for v in (z * scale, x, y * scale)]


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
@pytest.mark.parametrize("width", [32, 64])
@pytest.mark.parametrize("fflags", [0, NX])
def test_multiply_add_is_rounded_once(width: int, mode: int, fflags: int) -> None:
    form = FORMATS[width]
    rng = np.random.default_rng(width + mode)
    kind = np.dtype(f"u{width // 8}")
    sources = [floats(rng, width, 600).astype(kind) for _ in range(3)]
    ties = near_midpoints(rng, width, 400)
    addend, x, y = (np.concatenate(pair) for pair in zip(sources, ties, strict=True))
    results = []
    for part in range(0, 1000, 250):  # short vectors take the shortest ways
        piece = slice(part, part + 250)
        operands = [addend[piece], x[piece], y[piece]]
        results.append(execute("vfmacc.vv v8, v16, v24", width, mode, operands, fflags)[0])
    for z, a, b, result in zip(addend, x, y, np.concatenate(results), strict=True):
        numbers = [int(v) for v in (z, a, b)]
        if not all(is_finite(n, form) for n in numbers):
            continue
        z_value, a_value, b_value = (signed(n, form) for n in numbers)
        value = a_value * b_value + z_value
        if value:
            assert int(result) == rounded(value, form, mode), [hex(n) for n in numbers]


def reference(name: str, a: Fraction, b: Fraction) -> Fraction | None:
    match name:
        case "vfadd":
            return a + b
        case "vfsub":
            return a - b
        case "vfmul":
            return a * b
        case _:
            return a / b if b else None


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
@pytest.mark.parametrize("width", [32, 64])
@pytest.mark.parametrize("name", ["vfadd", "vfsub", "vfmul", "vfdiv"])
def test_arithmetic_is_rounded_as_the_mode_says(name: str, width: int, mode: int) -> None:
    form = FORMATS[width]
    rng = np.random.default_rng(width * mode)
    kind = np.dtype(f"u{width // 8}")
    x, y = (floats(rng, width, 500).astype(kind) for _ in range(2))
    results, flags = execute(f"{name}.vv v8, v16, v24", width, mode, [x, x, y])
    assert flags & NX
    for a, b, result in zip(x, y, results, strict=True):
        if is_finite(int(a), form) and is_finite(int(b), form):
            value = reference(name, signed(int(a), form), signed(int(b), form))
            if value:
                assert int(result) == rounded(value, form, mode), (hex(a), hex(b))


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
@pytest.mark.parametrize("width", [32, 64])
def test_square_roots_are_rounded_as_the_mode_says(width: int, mode: int) -> None:
    form = FORMATS[width]
    rng = np.random.default_rng(mode)
    kind = np.dtype(f"u{width // 8}")
    x = floats(rng, width, 400).astype(kind) & kind.type(form.sign - 1)
    results, _ = execute("vfsqrt.v v8, v16", width, mode, [x, x])
    for a, result in zip(x, results, strict=True):
        if is_finite(int(a), form) and a:
            root, value = exact(int(result), form), exact(int(a), form)
            below, above = (exact(int(result) + step, form) for step in (-1, 1))
            if mode in (MODES["rtz"], MODES["rdn"]):
                assert root * root <= value < above * above
            elif mode == MODES["rup"]:
                assert below * below < value <= root * root
            else:
                assert ((below + root) / 2) ** 2 <= value <= ((root + above) / 2) ** 2


@pytest.mark.parametrize("width", [32, 64])
def test_a_nan_that_arithmetic_makes_is_the_canonical_one(width: int) -> None:
    kind = np.dtype(f"u{width // 8}")
    special = np.array(SPECIAL[width], kind)
    x, y = (grid.ravel() for grid in np.meshgrid(special, special))
    for name in ("vfadd", "vfsub", "vfmul", "vfdiv", "vfmacc", "vfmin", "vfmax"):
        results, _ = execute(f"{name}.vv v8, v16, v24", width, 0, [x, x, y])
        real = results.view(np.dtype(f"f{width // 8}"))
        assert set(results[np.isnan(real)].tolist()) <= {NAN[width]}, name


def test_conversions_with_rtz_are_those_under_the_rounding_mode_rtz() -> None:
    rng = np.random.default_rng(5)
    for width, names in (
        (32, ("vfcvt.x.f.v", "vfcvt.xu.f.v", "vfwcvt.x.f.v", "vfwcvt.xu.f.v")),
        (64, ("vfcvt.x.f.v", "vfcvt.xu.f.v")),
    ):
        x = floats(rng, width, 300).astype(f"u{width // 8}")
        for name in names:
            explicit = name.replace("cvt.", "cvt.rtz.")
            source = [np.zeros_like(x), x]
            setting = f"vsetvli t0, a0, e{width}, m4, ta, ma\n"
            ours = execute(setting + f"{explicit} v8, v16", width, 0, source)
            assert_same(ours, execute(setting + f"{name} v8, v16", width, 1, source))


def assert_same(a: tuple[np.ndarray, int], b: tuple[np.ndarray, int]) -> None:
    assert np.array_equal(a[0], b[0])
    assert a[1] == b[1]


def test_the_search_for_the_rounded_number_agrees_with_the_host() -> None:
    """The oracle of this file, judged by Python's own conversion of fractions to float."""
    rng = np.random.default_rng(9)
    for _ in range(300):
        value = Fraction(int(rng.integers(1, 1 << 62)), int(rng.integers(1, 1 << 62)))
        bits = struct.unpack("<Q", struct.pack("<d", float(value)))[0]
        assert rounded(value, softfloat.DOUBLE, 0) == bits
