"""Expanded functions against NumPy in the next wider format, over their whole range."""

from __future__ import annotations

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
    ("exp", f32): 1.0, ("exp", f64): 1.0, ("tanh", f32): 1.0, ("tanh", f64): 2.0,
    ("exp2", f32): 1.0, ("exp2", f64): 2.0,
    ("expm1", f64): 2.0, ("log", f64): 1.0, ("log2", f64): 1.0, ("log10", f64): 2.0,
    ("log1p", f64): 2.0, ("sin", f64): 2.0, ("cos", f64): 2.0, ("tan", f64): 1.25,
} | {
    (name, f32): 0.51
    for name in ("expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan")
}  # fmt: skip
"""The largest error that is allowed, in units in the last place of the rounded true value."""
FUNCTIONS = {"roundeven": np.rint}
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


def samples(dtype: np.dtype, count: int) -> np.ndarray:
    """Every exponent and sign alike, ordinary magnitudes, and the special values."""
    generator = np.random.default_rng(0)
    bits = f"u{dtype.itemsize}"
    anything = generator.integers(0, 2 ** (8 * dtype.itemsize), count, dtype=bits).view(dtype)
    scales = generator.choice([1e-3, 0.1, 1, 4, 30, 100, 800], count)
    ordinary = (generator.standard_normal(count) * scales).astype(dtype)
    info = np.finfo(dtype)
    special = [0, -0.0, 1, -1, np.inf, -np.inf, np.nan, info.max, info.min, info.tiny,
               info.smallest_subnormal, -info.smallest_subnormal, 0.5, -0.5, 1.5, 2.5]  # fmt: skip
    return np.concatenate([anything, ordinary, np.array(special, dtype)])


def errors(got: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """Distances in ulps of the rounded true values; infinite where special values differ."""
    rounded = exact.astype(got.dtype)
    finite = np.isfinite(rounded)
    same = (np.isnan(rounded) & np.isnan(got)) | (rounded == got)
    ulp = np.spacing(np.abs(np.where(finite, rounded, 1))).astype(exact.dtype)
    distance = np.abs(got.astype(exact.dtype) - np.where(finite, exact, 0)) / ulp
    wrong_sign = (np.signbit(rounded) != np.signbit(got)) & ~np.isnan(rounded)
    return np.where(finite & ~wrong_sign, distance, np.where(same & ~wrong_sign, 0, np.inf))


@pytest.mark.parametrize(("name", "element"), ULPS, ids=lambda p: str(p))
def test_functions_are_within_their_bounds(name: str, element: Type) -> None:
    dtype = numpy_dtype(element)
    wide = np.float64 if element == f32 else np.longdouble
    x = samples(dtype, 200_000 if name in ("exp", "tanh") else 50_000)
    with np.errstate(all="ignore"):
        exact = getattr(np, name)(x.astype(wide))
        worst = errors(evaluated(name, x), exact)
    at = int(np.nanargmax(worst))
    assert worst[at] <= ULPS[name, element], f"{name}({x[at]!r}) is {worst[at]:.3f} ulps off"


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
@pytest.mark.parametrize("name", ["exp", "tanh", "log1p"])
def test_scalars_get_the_same_bits_as_vectors(name: str, element: Type) -> None:
    x = samples(numpy_dtype(element), 300)
    vector, scalar = evaluated(name, x), evaluated(name, x, lanes=None)
    np.testing.assert_array_equal(vector, scalar)


def test_only_selectable_operations_remain() -> None:
    for name in EXPANSIONS:
        mnemonic = name.partition(".")[2]
        binary = mnemonic in ("powf", "remf", "maximumf", "minimumf", "floordivsi", "ceildivsi")
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
        binary = mnemonic in ("powf", "remf", "maximumf", "minimumf")
        made = expanded(mnemonic, f32, 2 if binary else 1, 8)
        vectors = [v.type for op in made.walk() for v in op.results]
        wide = any(isinstance(t, VectorType) and t.element == f64 for t in vectors)
        assert wide == (name in pressure.COMPUTED_IN_F64), name
