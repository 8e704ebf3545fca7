"""`numpy-to-tosa` and `tosa-to-linalg` against NumPy itself, where the rules are particular."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import tracing as t
from pipeline_stages import STAGES_TO_KERNELS
from random_programs import compare, run
from tracing import Array

from fleet.diagnostics import ProgramError
from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import TensorType, element_type

SIGNED = [np.int8, np.int16, np.int32, np.int64]
UNSIGNED = [np.uint8, np.uint16, np.uint32, np.uint64]
FLOATS = [np.float32, np.float64]


def lowered(function: Callable, types: list[TensorType], until: str = "linalg") -> Operation:
    module = t.module_of(function, types)
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
        if name == until:
            break
    return module


def typed(*arrays: np.ndarray, dynamic: bool = False) -> list[TensorType]:
    return [
        TensorType(tuple(None if dynamic else n for n in a.shape), element_type(a.dtype))
        for a in arrays
    ]


def check(function: Callable, *arrays: np.ndarray, dynamic: bool = False) -> None:
    """The traced function, lowered, gives what the same function gives on NumPy's arrays."""
    with np.errstate(all="ignore"):
        want = function(*arrays)
    module = lowered(function, typed(*arrays, dynamic=dynamic))
    compare(np.asarray(want), run(module, arrays)[0], "result")


def interesting(dtype: object) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of numbers around zero and the ends of the type."""
    if np.dtype(dtype).kind == "f":
        numbers = np.array([0.0, -0.0, 1, -1, 2.5, -2.5, 7, -7, 1e10, np.inf, -np.inf, np.nan])
    else:
        info = np.iinfo(dtype)
        numbers = np.array([0, 1, 2, 3, 7, info.max, info.max - 1, info.min, info.min + 1], object)
        if info.min < 0:
            numbers = np.concatenate([numbers, np.array([-1, -2, -3, -7], object)])
    x = numbers.astype(dtype)
    return np.repeat(x, len(x)), np.tile(x, len(x))


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED, *FLOATS])
def test_division_and_remainder_have_pythons_signs(dtype: object) -> None:
    a, b = interesting(dtype)
    if np.dtype(dtype).kind == "f":
        keep = np.isfinite(a) & np.isfinite(b)
        a, b = a[keep], b[keep]
    check(lambda x, y: x % y, a, b)
    check(lambda x, y: x // y, a, b)


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED, *FLOATS])
def test_comparisons_and_extremes(dtype: object) -> None:
    a, b = interesting(dtype)
    for compare_ in (
        lambda x, y: x < y, lambda x, y: x <= y, lambda x, y: x > y, lambda x, y: x >= y,
    ):  # fmt: skip
        check(compare_, a, b)
    module = lowered(lambda x, y: [t.maximum(x, y), t.minimum(x, y)], typed(a, b))
    biggest, least = run(module, [a, b])
    compare(np.maximum(a, b), biggest, "maximum")
    compare(np.minimum(a, b), least, "minimum")


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED])
def test_shifts_past_the_width(dtype: object) -> None:
    a = np.array([1, 3, 100, np.iinfo(dtype).max, np.iinfo(dtype).min], dtype).repeat(8)
    b = np.tile(np.array([0, 1, 5, 7, 8, 31, 64, 100], dtype), 5)
    check(lambda x, y: x << y, a, b)
    check(lambda x, y: x >> y, a, b)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 4, 7])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.int64])
def test_small_powers(dtype: object, exponent: int) -> None:
    x = np.array([-3, -1, 0, 1, 2, 5, 11], dtype)
    check(lambda a: a**exponent, x)


def test_powers_of_arrays() -> None:
    base = np.array([1, 2, 3, 5, -2, 0, 7], np.int64).repeat(4)
    exponent = np.tile(np.array([0, 1, 5, 63], np.int64), 7)
    check(lambda a, b: a**b, base, exponent)
    check(lambda a, b: a**b, np.abs(base) + 0.5, np.full(28, 1.75))


@pytest.mark.parametrize("source", [*SIGNED, *UNSIGNED, *FLOATS, np.bool_])
@pytest.mark.parametrize("target", [*SIGNED, *UNSIGNED, *FLOATS, np.bool_])
def test_casts(source: object, target: object) -> None:
    numbers = np.array([0, 1, 2, 100, 127, -1, -128, -3])
    x = numbers.astype(source)
    if np.dtype(source).kind == "f":
        x = np.array([0.0, 1.5, 2.9, 100.7, -0.0, 0.3], source)
        if np.dtype(target).kind != "u":
            x = np.concatenate([x, np.array([-1.9, -100.2], source)])
    check(lambda a: a.astype(target), x)


def test_a_cast_to_uint64_reaches_its_upper_half() -> None:
    check(lambda a: a.astype(np.uint64), np.array([0, 1e18, 2.0**63, 1.8e19]))


@pytest.mark.parametrize("shapes", [
    ((3, 4), (4,)), ((3, 1), (1, 4)), ((1,), (5, 2)), ((2, 3, 4), (3, 1)), ((), (3,)),
    ((1, 1), (1,)), ((2, 1, 4), (5, 4)),
])  # fmt: skip
@pytest.mark.parametrize("dynamic", [False, True])
def test_broadcasting(shapes: tuple, dynamic: bool) -> None:
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal(shape) for shape in shapes)
    check(lambda x, y: x + y, a, b, dynamic=dynamic)
    check(lambda x, y: x / y, a, b, dynamic=dynamic)
    check(lambda x, y: x * y - x, a, b, dynamic=dynamic)


def test_shapes_that_do_not_fit_are_pythons_error_at_run_time() -> None:
    types = [TensorType((None, 4), element_type(np.float64)) for _ in range(2)]
    module = lowered(lambda x, y: x + y, types, "kernels")
    compare(np.full((3, 4), 2.0), run(module, [np.ones((3, 4)), np.ones((1, 4))])[0], "fits")
    with pytest.raises(ProgramError) as caught:
        run(module, [np.ones((3, 4)), np.ones((2, 4))])
    with pytest.raises(ValueError, match="broadcast") as numpys:
        np.ones((3, 4)) + np.ones((2, 4))
    assert caught.value.exception == "ValueError"
    assert caught.value.message == str(numpys.value)


def test_no_check_is_made_where_sizes_are_provably_equal() -> None:
    def main(x: Array) -> Array:
        y = t.unary("exp", x)
        return (x + y) / t.reduce("sum", y, 1, keepdims=True)

    module = lowered(main, [TensorType((None, None), element_type(np.float32))], "kernels")
    assert not [op for op in module.body if "service" in op.attributes]


@pytest.mark.parametrize("shapes", [
    ((4,), (4,)), ((3, 4), (4,)), ((4,), (4, 5)), ((3, 4), (4, 5)), ((2, 3, 4), (4, 5)),
    ((2, 3, 4), (2, 4, 5)), ((1, 3, 4), (2, 4, 5)), ((4,), (2, 4, 5)), ((2, 3, 4), (4,)),
    ((2, 1, 3, 4), (5, 4, 2)), ((0, 4), (4, 2)), ((3, 0), (0, 2)),
])  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float32, np.int64])
@pytest.mark.parametrize("dynamic", [False, True])
def test_matrix_products_of_all_ranks(shapes: tuple, dtype: object, dynamic: bool) -> None:
    rng = np.random.default_rng(1)
    a, b = (rng.integers(-5, 5, shape).astype(dtype) for shape in shapes)
    check(lambda x, y: x @ y, a, b, dynamic=dynamic)


@pytest.mark.parametrize("least", [False, True])
def test_argmax_takes_the_first_and_nan_wins(least: bool) -> None:
    x = np.array([[1, 3, 3, 2], [np.nan, 5, np.nan, 6], [-np.inf] * 4, [np.inf, 1, np.inf, 0]])
    module = lowered(lambda a: t.argmax(a, 1, least=least), typed(x))
    compare((np.argmin if least else np.argmax)(x, 1), run(module, [x])[0], "argmax")


def test_nan_wins_in_max_and_min() -> None:
    x = np.array([[1, np.nan, 2], [3, 1, 2]])
    module = lowered(lambda a: [t.reduce("max", a, 1), t.reduce("min", a, 1)], typed(x))
    biggest, least = run(module, [x])
    compare(np.max(x, 1), biggest, "max")
    compare(np.min(x, 1), least, "min")


def test_divisions_are_no_reciprocals() -> None:
    x = np.arange(1, 100, dtype=np.float32)
    module = lowered(lambda a, b: a / b, typed(x, x))
    np.testing.assert_array_equal(run(module, [x, x[::-1].copy()])[0], x / x[::-1])
