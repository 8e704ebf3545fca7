"""Expanded functions against NumPy in the next wider format, over their whole range."""

from __future__ import annotations

import math as python_math

import numpy as np
import pytest
from loop_kernels import Kernel

from fleet.codegen.loops import pressure
from fleet.codegen.math.expand import EXPANSIONS, run
from fleet.dialects import arith, loop, math
from fleet.dialects.loop.execution import compile_kernel
from fleet.ir.core import Operation
from fleet.ir.types import MemRefType, Type, VectorType, f32, f64, i32, i64, numpy_dtype

ULPS = {
    "exp": 0.54, "exp2": 0.54, "expm1": 1.0, "log": 0.54, "log2": 0.54, "log10": 2.0, "log1p": 1.0,
    "tanh": 1.0, "sinh": 2.0, "cosh": 1.25, "asinh": 1.75, "acosh": 2.0, "atanh": 1.75,
    "sin": 0.54, "cos": 0.54, "tan": 0.54, "asin": 0.54, "acos": 0.54, "atan": 0.54, "cbrt": 0.51,
    "atan2": 1.5, "powf": 0.75, "remf": 0.0,
}  # fmt: skip
"""Of f64: the largest error that is allowed, in units in the last place of the rounded value."""
IN_F32 = {"exp": 1.0, "exp2": 1.0, "tanh": 1.0}
"""Of f32, where it is computed in f32; other functions are f64's, rounded."""
FUNCTIONS = {
    "roundeven": np.rint, "powf": np.power, "remf": np.fmod, "atan2": np.arctan2,
    **{f"a{name}": getattr(np, f"arc{name}") for name in (
        "sin", "cos", "tan", "sinh", "cosh", "tanh")},
}  # fmt: skip
"""NumPy's, where it has another name."""
BINARY = ("atan2", "powf", "remf")
ROUNDINGS = ("floor", "ceil", "trunc", "roundeven")


def expanded(name: str, element: Type, operands: int = 1, lanes: int | None = None) -> Operation:
    """A kernel that applies an operation to every element, with its expansion in place."""
    buffer = MemRefType((None,), element)
    names = ["x", "y"][:operands]
    kernel = Kernel(dict.fromkeys([*names, "out"], buffer), ["n"])
    for operand in [*names, "out"]:
        kernel.sized(operand, kernel["n"])
    dialect = math.MATH if name in math.MATH.ops else arith.ARITH

    def body(i, *vl) -> None:
        values = [kernel.load(kernel[operand], [i], lanes=lanes) for operand in names]
        kernel.store(kernel.op(dialect.ops[name], *values), kernel["out"], [i])

    kernel.loop(kernel.constant(0), kernel["n"], [], body, lanes=lanes)
    made = kernel.finish()
    run(made)
    return made


def evaluated(name: str, *operands: np.ndarray, lanes: int | None = 8) -> np.ndarray:
    element = {v: k for k, v in ((t, numpy_dtype(t)) for t in (f32, f64, i32, i64))}[
        operands[0].dtype
    ]
    out = np.empty_like(operands[0])
    compile_kernel(expanded(name, element, len(operands), lanes))(*operands, out, len(out))
    return out


def samples(dtype: np.dtype, count: int, seed: int = 0) -> np.ndarray:
    """Any bits, every exponent, ordinary magnitudes, near 1, multiples of pi / 2, and the special
    values."""
    generator = np.random.default_rng(seed)
    bits, info = f"u{dtype.itemsize}", np.finfo(dtype)
    anything = generator.integers(0, 2 ** (8 * dtype.itemsize), count, dtype=bits).view(dtype)
    least = int(np.log2(float(info.smallest_subnormal)))
    exponents = np.repeat(np.arange(least, info.maxexp), 8)
    grid = np.ldexp(generator.uniform(1, 2, len(exponents)).astype(dtype), exponents)
    scales = generator.choice([1e-3, 0.1, 1, 4, 30, 100, 800], count)
    ordinary = generator.standard_normal(count) * scales
    near = 1 + generator.standard_normal(count) * 10.0 ** generator.uniform(-12, 0, count)
    turns = generator.integers(1, 2**20, count) * (np.pi / 2)
    special = [0, -0.0, 1, -1, np.inf, -np.inf, np.nan, info.max, info.min, info.tiny,
               info.smallest_subnormal, -info.smallest_subnormal, 0.5, -0.5, 1.5, 2.5,
               2, -2, 3, -3, 1e22, 1e30, 1e-30]  # fmt: skip
    parts = [anything, grid, -grid, ordinary, near, -near, turns, special]
    return np.concatenate([np.asarray(part, dtype) for part in parts])


def errors(got: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """Distances in ulps of the rounded true values; infinite where special values differ."""
    rounded = exact.astype(got.dtype)
    finite = np.isfinite(rounded)
    same = (np.isnan(rounded) & np.isnan(got)) | (rounded == got)
    ulp = np.spacing(np.abs(np.where(finite, rounded, 1))).astype(exact.dtype)
    distance = np.abs(got.astype(exact.dtype) - np.where(finite, exact, 0)) / ulp
    wrong_sign = (np.signbit(rounded) != np.signbit(got)) & ~np.isnan(rounded)
    return np.where(finite & ~wrong_sign, distance, np.where(same & ~wrong_sign, 0, np.inf))


@pytest.mark.parametrize("element", [f32, f64], ids=str)
@pytest.mark.parametrize("name", ULPS)
def test_functions_are_within_their_bounds(name: str, element: Type) -> None:
    """Over the whole range, with the special values of C's Annex F."""
    dtype = numpy_dtype(element)
    wide = np.float64 if element == f32 else np.longdouble
    bound = ULPS[name] if element == f64 else IN_F32.get(name, 0.51)
    operands = [samples(dtype, 20_000 if name in IN_F32 else 4_000)]
    if name in BINARY:
        special = operands[0][-24:]
        rows, columns = (part.ravel() for part in np.meshgrid(special, special))
        other = np.random.default_rng(1).permutation(operands[0])
        operands = [np.append(operands[0], rows), np.append(other, columns)]
    with np.errstate(all="ignore"):
        function = FUNCTIONS.get(name, getattr(np, name, None))
        exact = function(*(x.astype(wide) for x in operands))
        worst = errors(evaluated(name, *operands), exact)
    at = int(np.nanargmax(worst))
    place = ", ".join(repr(x[at]) for x in operands)
    assert worst[at] <= bound, f"{name}({place}) is {worst[at]:.3f} ulps off"


OF_PYTHON = {
    "exp": 500, "exp2": 20, "expm1": 20, "log": 1e4, "log2": 1e4, "log10": 1e4, "log1p": 10,
    "sinh": 20, "cosh": 20, "asinh": 50, "acosh": 50, "atanh": 1, "sin": 100, "cos": 100,
    "tan": 100, "asin": 1, "acos": 1, "atan": 20, "atan2": 3, "powf": 3,
}  # fmt: skip
"""Functions that Python's math module takes from the C library, and how large the arguments are."""
POSITIVE = ("log", "log2", "log10", "log1p", "acosh")


@pytest.mark.parametrize("name", OF_PYTHON)
def test_functions_have_the_bits_of_the_c_library(name: str) -> None:
    """All but one in 150 of them: what is rounded right by both, and the steps that both take."""
    function = getattr(python_math, {"powf": "pow"}.get(name, name), None)
    if function is None:
        pytest.skip(f"math.{name} is from Python 3.11 on")
    generator = np.random.default_rng(7)
    sizes = (0.3, OF_PYTHON[name]) if name not in ("acosh", "exp2") else (OF_PYTHON[name],) * 2
    operands = [np.concatenate([generator.uniform(-size, size, 3000) for size in sizes])]
    if name in POSITIVE or name == "powf":
        operands = [np.abs(operands[0]) + (1 if name == "acosh" else 0)]
    if name in BINARY:
        operands.append(generator.uniform(-5, 5, 6000))
    got = evaluated(name, *operands)
    rows = zip(*(x.tolist() for x in operands), strict=True)
    expected = np.array([function(*row) for row in rows])
    share = np.mean(got != expected)
    if share > 0.02 and name in OF_FDLIBM:
        with np.errstate(all="ignore"):
            wide = FUNCTIONS.get(name, getattr(np, name, None))(operands[0].astype(np.longdouble))
        others = np.mean(expected != wide.astype(np.float64))
        assert others < 0.01  # a C library that rounds all of them right
        pytest.skip(f"the C library here has another {name}")
    assert share < (1 / 2000 if name in OF_GNU else 1 / 150)


@pytest.mark.parametrize("exponent", [2.0, 3.0, 0.5, -0.5, -1.0, 1.5, -2.5, 10.0, 16.0, 17.0])
@pytest.mark.parametrize("lanes", [None, 8])
def test_known_powers_have_the_bits_of_the_c_library(exponent: float, lanes: int | None) -> None:
    """Products that lack about half of the last place are rounded as its steps have it."""
    generator = np.random.default_rng(11)
    short = generator.integers(1, 2**31, 2000) / 2.0**28  # whose squares are often close
    x = np.concatenate([generator.uniform(0.01, 9, 2000), short])
    out = np.empty_like(x)
    compile_kernel(power_of(exponent, f64, lanes))(x, out, len(out))
    expected = np.array([python_math.pow(value, exponent) for value in x.tolist()])
    assert np.mean(out != expected) < 1 / 2000


OF_GNU = ("exp", "powf")
"""With its steps and tables; machines without fused multiply-adds round some otherwise."""


OF_FDLIBM = ("expm1", "log10", "log1p", "sinh", "cosh", "asinh", "acosh", "atanh")


@pytest.mark.parametrize("name", ["exp", "tanh"])
def test_hard_stretches_of_f32_are_within_an_ulp(name: str) -> None:
    """Every seventh float between 1/2 and 2, where the reductions meet."""
    first, last = (int(np.float32(v).view(np.uint32)) for v in (0.5, 2))
    x = np.arange(first, last, 7, dtype=np.uint32).view(np.float32)
    worst = errors(evaluated(name, x), getattr(np, name)(x.astype(np.float64)))
    assert worst.max() <= 1.0


@pytest.mark.parametrize("element", [f32, f64], ids=str)
@pytest.mark.parametrize("name", ROUNDINGS)
def test_rounding_is_exact(name: str, element: Type) -> None:
    x = samples(numpy_dtype(element), 20_000)
    with np.errstate(all="ignore"):
        expected = FUNCTIONS.get(name, getattr(np, name, None))(x)
    got = evaluated(name, x)
    np.testing.assert_array_equal(got, expected)
    np.testing.assert_array_equal(np.signbit(got), np.signbit(expected))


@pytest.mark.parametrize("element", [f32, f64], ids=str)
@pytest.mark.parametrize("exponent", [4, 7, 16, 1.5, -0.5, -3, -2.5])
def test_known_powers_are_multiplied_out(exponent: float, element: Type) -> None:
    dtype = numpy_dtype(element)
    x = samples(dtype, 4000)
    wide = np.float64 if element == f32 else np.longdouble
    out = np.empty_like(x)
    with np.errstate(all="ignore"):
        compile_kernel(power_of(exponent, element))(x, out, len(x))
        worst = errors(out, np.power(x.astype(wide), exponent))
    assert np.nanmax(worst) <= (0.51 if element == f32 else 1.5)  # more where it is subnormal


def power_of(exponent: float, element: Type, lanes: int | None = 8) -> Operation:
    """A kernel of the power with a known exponent."""
    buffer = MemRefType((None,), element)
    kernel = Kernel({"x": buffer, "out": buffer}, ["n"])
    for operand in ("x", "out"):
        kernel.sized(operand, kernel["n"])

    def body(i, *vl) -> None:
        number = kernel.constant(exponent, element)
        number = number if lanes is None else kernel.broadcast(number, lanes)
        value = kernel.load(kernel["x"], [i], lanes=lanes)
        kernel.store(kernel.op(math.powf, value, number), kernel["out"], [i])

    kernel.loop(kernel.constant(0), kernel["n"], [], body, lanes=lanes)
    made = kernel.finish()
    run(made)
    return made


@pytest.mark.parametrize("element", [f32, f64], ids=str)
def test_powers(element: Type) -> None:
    dtype = numpy_dtype(element)
    generator = np.random.default_rng(0)
    values = np.array([0, -0.0, 1, -1, np.inf, -np.inf, np.nan, 0.5, 2, -2, 3, -3, 1e30, 1e-30])
    x, y = (v.ravel().astype(dtype) for v in np.meshgrid(values, values))
    more = generator.standard_normal(20_000).astype(dtype) * 20
    x = np.concatenate([x, np.abs(more), more])
    y = np.concatenate([y, more[::-1], np.rint(more[::-1])])
    with np.errstate(all="ignore"):
        expected = np.power(x, y)
    got = evaluated("powf", x, y)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(expected))
    tolerance = 2e-7 if element == f32 else 1e-12
    least = np.finfo(dtype).smallest_subnormal
    np.testing.assert_allclose(got, expected, rtol=tolerance, atol=least)
    signs = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(got)[signs], np.signbit(expected)[signs])


@pytest.mark.parametrize("element", [f32, f64], ids=str)
def test_remainders(element: Type) -> None:
    dtype = numpy_dtype(element)
    generator = np.random.default_rng(1)
    x = (generator.standard_normal(5000) * 100).astype(dtype)
    y = generator.standard_normal(5000).astype(dtype)
    special = np.array([0.0, -0.0, 1.0, np.inf, -np.inf, np.nan, -2.5], dtype)
    a, b = (v.ravel() for v in np.meshgrid(special, special))
    x, y = np.concatenate([x, a]), np.concatenate([y, b])
    with np.errstate(all="ignore"):
        expected = np.fmod(x, y)
    got = evaluated("remf", x, y)
    np.testing.assert_array_equal(got, expected)
    numbers = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(got)[numbers], np.signbit(expected)[numbers])


@pytest.mark.parametrize("name", ["maximumf", "minimumf"])
def test_nan_wins(name: str) -> None:
    values = np.array([1, -1, 0, np.nan, np.inf, -np.inf], np.float32)
    a, b = (v.ravel() for v in np.meshgrid(values, values))
    function = np.maximum if name == "maximumf" else np.minimum
    np.testing.assert_array_equal(evaluated(name, a, b), function(a, b))


@pytest.mark.parametrize("element", [i32, i64], ids=str)
def test_integer_division_rounds_as_asked(element: Type) -> None:
    dtype = numpy_dtype(element)
    a, b = (v.ravel().astype(dtype) for v in np.meshgrid(np.arange(-9, 10), [-4, -3, -1, 1, 2, 5]))
    np.testing.assert_array_equal(evaluated("floordivsi", a, b), a // b)
    np.testing.assert_array_equal(evaluated("ceildivsi", a, b), -(-a // b))
    np.testing.assert_array_equal(evaluated("absi", a), np.abs(a))


@pytest.mark.parametrize("element", [f32, f64], ids=str)
@pytest.mark.parametrize("name", ["exp", "tanh", "log1p", "sin", "atan"])
def test_scalars_get_the_same_bits_as_vectors(name: str, element: Type) -> None:
    x = samples(numpy_dtype(element), 300)[::150]
    vector, scalar = evaluated(name, x), evaluated(name, x, lanes=None)
    np.testing.assert_array_equal(vector, scalar)


def test_only_selectable_operations_remain() -> None:
    for name in EXPANSIONS:
        mnemonic = name.partition(".")[2]
        binary = mnemonic in (*BINARY, "maximumf", "minimumf", "floordivsi", "ceildivsi")
        integer = mnemonic in ("floordivsi", "ceildivsi", "absi")
        made = expanded(mnemonic, i32 if integer else f32, 2 if binary else 1, 8)
        left = {op.name for op in made.walk()} - loop.SELECTABLE
        assert all(other.startswith(("loop.", "func.")) for other in left), left


def test_functions_known_to_use_f64_are_the_ones_that_do() -> None:
    """Lanes are chosen before functions are expanded, so what they will need has to be known."""
    for name in EXPANSIONS:
        mnemonic = name.partition(".")[2]
        if mnemonic in ("floordivsi", "ceildivsi", "absi"):
            continue
        binary = mnemonic in (*BINARY, "maximumf", "minimumf")
        made = expanded(mnemonic, f32, 2 if binary else 1, 8)
        vectors = [v.type for op in made.walk() for v in op.results]
        wide = any(isinstance(t, VectorType) and t.element == f64 for t in vectors)
        assert wide == (name in pressure.COMPUTED_IN_F64), name
