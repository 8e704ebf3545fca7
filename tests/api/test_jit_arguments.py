"""jit: what a compiled function gives for arguments of all kinds is what the plain one gives."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import fleet
from tests.api.comparison import agree, random_array, same_call

DTYPES = ("float32", "float64", "int32", "int64", "bool")


def arithmetic(a: Any, b: Any) -> Any:
    return a + b, a * b, (a < b), np.where(a > b, a, b)


def reductions(a: Any) -> Any:
    total = a.sum()
    return total, a.mean(), a.max(), {"rows": a.sum(axis=0) if a.ndim else total}


def layouts(a: Any) -> Any:
    return a.T, a.ravel(), a.shape, a.size, a.dtype, a.ndim, a[..., None]


def writes(a: Any) -> Any:
    a[...] = a + a
    if a.ndim:
        a[-1] = 1
    return a


def containers(p: Any) -> Any:
    return {"sum": p["w"] + p["rest"][0], "list": [x * 2 for x in p["rest"]], "none": None}


def numbers(n: Any, x: Any) -> Any:
    return n + 1, n / 2, n // 3, -n % 7, n * x, x > 0.5, f"{n} {x:.3f}", (n, (x,))


def orders(a: Any) -> Any:
    return a * 2, a.T + 1, np.asfortranarray(a), a.T.copy()


FUNCTIONS = {f.__name__: f for f in (reductions, layouts, writes)}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("rank", range(4))
@pytest.mark.parametrize("dtype", DTYPES)
def test_one_compilation_serves_all_sizes(name: str, dtype: str, rank: int) -> None:
    compiled = fleet.jit(FUNCTIONS[name])
    choose = random.Random(f"{name} {dtype} {rank}")
    rng = np.random.default_rng(choose.randrange(1 << 30))
    for _ in range(4):
        same_call(compiled, random_array(rng, dtype, tuple(choose.sample(range(2, 9), rank))))
    if rank and name != "writes":
        empty = (0, *choose.sample(range(2, 9), rank - 1))
        same_call(compiled, random_array(rng, dtype, empty))
    assert compiled.cache_info().misses == 1


@pytest.mark.parametrize("layout", "CFSR")
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_arrays_lie_in_memory_as_they_like(rank: int, layout: str) -> None:
    rng = np.random.default_rng(rank)
    for function in FUNCTIONS.values():
        compiled = fleet.jit(function)
        for shape in ((4, 3, 5)[:rank], (2, 6, 7)[:rank]):
            same_call(compiled, random_array(rng, "float32", shape, layout))
        assert compiled.cache_info().misses == 1


@pytest.mark.parametrize("seed", range(4))
def test_operands_broadcast(seed: int) -> None:
    rng = np.random.default_rng(seed)
    compiled = fleet.jit(arithmetic)
    for _ in range(5):
        shape = tuple(int(size) for size in rng.integers(1, 4, rng.integers(0, 4)))
        other = tuple(1 if rng.random() < 0.3 else size for size in shape[rng.integers(0, 2) :])
        if rng.random() < 0.2:
            other = tuple(int(size) for size in rng.integers(2, 5, len(other)))  # may not fit
        dtypes = rng.choice(["float32", "float64", "int32", "int64"], 2)
        same_call(compiled, *(random_array(rng, str(dtype), each)
                              for dtype, each in zip(dtypes, (shape, other), strict=True)))


def test_axes_that_were_equal_by_chance_cost_one_more_compilation() -> None:
    rng = np.random.default_rng(0)
    compiled = fleet.jit(reductions)
    for shape in ((3, 3), (2, 5), (4, 4), (7, 3), (1, 3)):
        same_call(compiled, random_array(rng, "float32", shape))
    assert compiled.cache_info().misses == 2


def test_static_sizes_are_compiled_for() -> None:
    rng = np.random.default_rng(0)
    compiled = fleet.jit(static_sizes=True)(reductions)
    for size in (3, 4, 3):
        same_call(compiled, random_array(rng, "float32", (size,)))
    assert compiled.cache_info().misses == 2
    assert "tensor<3xf32>" in compiled.mlir("numpy")
    compiled = fleet.jit(static_sizes="b")(arithmetic)
    compiled(np.zeros((4, 3)), np.zeros(3))
    assert "tensor<?x?xf64>" in compiled.mlir("numpy") and "tensor<3xf64>" in compiled.mlir("numpy")


def test_sizes_that_must_be_known_are_static_by_themselves() -> None:
    def rows(a: Any) -> Any:
        total = []
        for row in a:
            total.insert(0, row * 2)  # a list of arrays has a length that is known
        return total

    compiled = fleet.jit(rows)
    for size in (3, 5):
        same_call(compiled, np.arange(2.0 * size).reshape(size, 2))


@pytest.mark.parametrize("seed", range(3))
def test_python_numbers_are_run_time_values(seed: int) -> None:
    choose = random.Random(seed)
    compiled = fleet.jit(numbers)
    for _ in range(6):
        same_call(compiled, choose.randrange(-(10**9), 10**9), choose.uniform(-2, 2))
    assert compiled.cache_info().misses == 1


def test_scalars_of_numpy_keep_their_dtypes() -> None:
    compiled = fleet.jit(lambda x: (x + x, x * 3, x.dtype))
    for value in (np.float32(1.5), np.float64(-2), np.int8(7), np.uint16(9), np.int64(-5)):
        same_call(compiled, value)


def of_whole_numbers(n: int) -> Any:
    if n == 0:
        return np.int8(-n - 5)
    if n == 1:
        return np.uint16(65534 + n)
    if n == 2:
        return np.uint64(2**63 + 5)
    return n if n == 3 else np.bool_(n > 3)


def of_fractions(n: int) -> Any:
    if n == 0:
        return np.float16(n + 1.5)
    if n == 1:
        return np.float32(-n / 10)
    if n == 2:
        return np.complex64(n - 2j)
    return n / 2 if n == 3 else [np.float64(n)]


@pytest.mark.parametrize("function", [of_whole_numbers, of_fractions])
def test_a_result_is_one_of_several_kinds_of_scalars(function: Any) -> None:
    compiled = fleet.jit(function)
    for n in range(5):
        same_call(compiled, n)


def test_complex_results() -> None:
    compiled = fleet.jit(lambda x, n: (np.complex64(n * 1j), x[0] * 1j, x * (n + 1j)))
    same_call(compiled, np.arange(3.0), 3)


def test_arrays_of_unsigned_and_narrow_integers() -> None:
    compiled = fleet.jit(lambda x: (x + x, x // 2, x.astype(np.float64), x.max()))
    for dtype in "int8 int16 uint8 uint16 uint32 uint64".split():
        top = np.iinfo(dtype).max
        same_call(compiled, np.array([top, top - 1, 0, 5], dtype))


def test_containers_go_in_and_come_out() -> None:
    rng = np.random.default_rng(1)
    compiled = fleet.jit(containers)
    for size in (3, 6):
        rest = (random_array(rng, "float32", (size,)), random_array(rng, "int64", (2, size + 1)))
        same_call(compiled, {"w": random_array(rng, "float32", (size,)), "rest": rest})
    assert compiled.cache_info().misses == 1


@pytest.mark.parametrize("value", [None, True, 3, -0.0, float("nan"), "text", b"bytes", 10**12,
                                   (1, (2.5, "x")), [1, [2]], {"a": {"b": 1}}])  # fmt: skip
def test_what_goes_in_comes_out(value: Any) -> None:
    agree(fleet.jit(lambda x: x)(value), value)


def test_an_argument_that_is_returned_is_the_callers_own() -> None:
    array = np.zeros(3)
    first, second, new, again = fleet.jit(lambda a: (a, a, *[a + 1] * 2))(array)
    assert first is array and second is array
    assert new is again and new is not array


def test_results_stay_when_the_function_is_called_again() -> None:
    compiled = fleet.jit(lambda a: a * 2)
    first = compiled(np.arange(3.0))
    compiled(np.arange(3.0) + 10)
    assert first.tolist() == [0, 2, 4]


def test_static_arguments_are_known_when_the_function_is_compiled() -> None:
    @fleet.jit(static_argnames=("axis", "sizes"))
    def function(a: Any, axis: Any, *, sizes: Any = (2, 2)) -> Any:
        return a.sum(axis=axis), np.zeros(sizes)

    array = np.arange(12.0).reshape(3, 4)
    for axis, sizes in ((0, (2, 2)), (1, (2, 2)), (None, (3,)), (0, [1, 2]), (0, [1, 2])):
        same_call(function, array, axis, sizes=sizes)
    assert function.cache_info().misses == 4
    with pytest.raises(fleet.FleetError, match="static_argnames"):
        fleet.jit(function.__wrapped__)(array, 1)
    with pytest.raises(fleet.FleetError, match="has no parameter `axes`"):
        fleet.jit(static_argnames="axes")(function)


def test_a_text_is_static_and_defaults_are_known() -> None:
    @fleet.jit
    def function(a: Any, mode: str = "double", *rest: Any, scale: float = 2.0, **more: Any) -> Any:
        b = a * scale if mode == "double" else a
        return b, len(rest), sorted(more)

    array = np.arange(3)
    same_call(function, array)
    same_call(function, array, "same")
    same_call(function, array, "double", 1, 2, scale=3, other=4)
    same_call(function, a=array, mode="double")


def test_the_compilations_that_were_used_last_are_kept() -> None:
    compiled = fleet.jit(maxsize=2)(lambda mode, x: x + len(mode))
    for mode in ("a", "bb", "a", "ccc", "a", "bb"):
        same_call(compiled, mode, 1)
    assert compiled.cache_info() == (2, 4, 2, 2)
    compiled.cache_clear()
    assert compiled.cache_info() == (0, 0, 2, 0)


def test_wrong_calls_get_pythons_own_words() -> None:
    compiled = fleet.jit(numbers)
    same_call(compiled)
    same_call(compiled, 1)
    same_call(compiled, 1, 2, 3)
    same_call(compiled, 1, 2, y=3)
    same_call(compiled, 1, 2.0, n=3)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1j, "complex"), (np.zeros(2, complex), "complex128"), (np.array(["a"]), "<U1"),
        (np.zeros(2, object), "object"), (np.zeros(2, ">f4"), ">f4"), (2**64, "64 bits"),
        (np.zeros(2).view(np.recarray), "subclass of np.ndarray"), (object(), "object"),
        ([1, 1j], "complex"),
    ],
)  # fmt: skip
def test_arguments_that_cannot_be_taken_are_refused(value: Any, words: str) -> None:
    with pytest.raises(fleet.FleetError, match=words) as caught:
        fleet.jit(lambda x: x)(value)
    assert caught.value.location is not None
    assert caught.value.location.file == __file__


def test_large_arguments_are_mapped_where_they_are() -> None:
    rng = np.random.default_rng(0)
    weights = random_array(rng, "int32", (700, 500)).astype("float32")  # products are exact
    product = fleet.jit(lambda w, x: (x @ w, w.max(axis=1)))
    total = fleet.jit(lambda w: (w * 2).max())
    for array in (weights, weights.T.copy(), np.asfortranarray(weights), weights[1:], weights[::2]):
        same_call(product, array, random_array(rng, "int32", (2, array.shape[0])))
        same_call(total, array)
        if array.flags.forc:
            assert total.stats().peak_memory < array.nbytes // 10
    before = weights.copy()
    compiled = fleet.jit(writes)
    assert compiled(weights) is weights
    agree(weights, writes(before))


@pytest.mark.parametrize("shape", [(2, 3), (4, 2, 3), (5, 1, 4)])
def test_results_lie_in_memory_as_those_of_numpy(shape: tuple[int, ...]) -> None:
    compiled = fleet.jit(orders)
    rows = np.arange(float(np.prod(shape))).reshape(shape)
    for given in (rows, np.asfortranarray(rows)):
        for expected, made in zip(orders(given), compiled(given), strict=True):
            assert np.array_equal(expected, made)
            assert expected.strides == made.strides
