"""jit: what a function writes to its arguments is in the caller's arrays, or is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fleet
from tests.api.comparison import random_array, same_call


def swap(a: Any, i: int, j: int) -> None:
    a[[i, j]] = a[[j, i]]


def scatter(a: Any, at: Any, values: Any) -> Any:
    a[at] = values
    a += 1
    return a.sum()


def rows(a: Any) -> Any:
    for i in range(a.shape[0]):
        a[i] *= i
        if a[i].sum() > 3:
            a[i, 0] = -1
    return a


def both(a: Any, b: Any) -> Any:
    a[0] = 7
    return a + b


@pytest.mark.parametrize("layout", "CFSR")
def test_writes_come_back(layout: str) -> None:
    rng = np.random.default_rng(3)
    for function, *rest in ((swap, 0, 2), (scatter, np.array([1, 3]), 5.0), (rows,)):
        compiled = fleet.jit(function)
        for shape in ((4, 3), (6, 5)):
            same_call(compiled, random_array(rng, "float64", shape, layout), *rest)
        assert compiled.cache_info().misses == 1


@pytest.mark.parametrize("dtype", ["float32", "int32", "bool", "uint8"])
def test_arrays_of_any_dtype_and_of_rank_0(dtype: str) -> None:
    def set_all(a: Any) -> Any:
        a[...] = 1
        return a

    compiled = fleet.jit(set_all)
    same_call(compiled, np.zeros((2, 3), dtype))
    same_call(compiled, np.zeros((), dtype))


def test_arrays_within_containers_are_written_to() -> None:
    @fleet.jit
    def step(state: Any) -> None:
        state["w"] -= 0.5 * state["rest"][1]

    same_call(step, {"w": np.ones(3), "rest": [1, np.arange(3.0)]})


def test_two_names_of_one_array_stay_two_names() -> None:
    compiled = fleet.jit(both)
    array = np.zeros(3)
    assert compiled(array, array).tolist() == [14, 0, 0]
    assert compiled(array, np.ones(3)).tolist() == [8, 1, 1]
    assert compiled.cache_info().misses == 2


@pytest.mark.parametrize("seed", range(20))
def test_overlapping_arrays_are_refused_and_others_are_not(seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = np.zeros(30)
    first, second = (base[start::step][:4] for start, step in rng.integers(1, 6, (2, 2)))
    compiled = fleet.jit(both)
    same = first.strides == second.strides and np.shares_memory(first[:1], second[:1])
    if np.shares_memory(first, second) and not same:
        with pytest.raises(fleet.FleetError, match="shares memory with `b`"):
            compiled(first, second)
        assert not base.any()
    else:
        want = both(*(first.copy(), second.copy()) if not same else [first.copy()] * 2)
        np.testing.assert_array_equal(compiled(first, second), want)
        assert first[0] == 7


def test_an_array_whose_elements_overlap_is_refused() -> None:
    windows = np.lib.stride_tricks.sliding_window_view(np.zeros(5), 3, writeable=True)
    with pytest.raises(fleet.FleetError, match="overlap"):
        fleet.jit(rows)(windows)


def test_read_only_arrays_raise_what_numpy_raises() -> None:
    array = np.zeros(3)
    array.flags.writeable = False
    with pytest.raises(ValueError, match="^assignment destination is read-only$"):
        fleet.jit(both)(array, array)

    @fleet.jit
    def add(a: Any) -> Any:
        a += 1
        return a

    with pytest.raises(ValueError, match="^output array is read-only$"):
        add(array)

    @fleet.jit
    def sometimes(a: Any, really: bool) -> Any:
        if really:
            a[0] = 1
        return a.sum()

    assert sometimes(array, False) == 0
    with pytest.raises(ValueError, match="^assignment destination is read-only$"):
        sometimes(array, True)


def test_a_function_that_raises_says_that_its_writes_are_not_there() -> None:
    @fleet.jit
    def write_and_raise(a: Any, i: int) -> Any:
        a[0] = 1
        return a[i]

    array = np.zeros(3)
    with pytest.raises(IndexError) as caught:
        write_and_raise(array, 5)
    assert array.tolist() == [0, 0, 0]
    if hasattr(caught.value, "__notes__"):
        assert caught.value.__notes__ == ["what the function wrote to `a` before is not there"]
    assert write_and_raise(array, 0) == 1
    assert array.tolist() == [1, 0, 0]


def test_lists_and_dictionaries_of_the_caller_are_not_changed() -> None:
    def append(items: Any) -> Any:
        items.append(1)
        return items

    def insert(items: Any) -> Any:
        items["new"] = 1
        return items

    for function, items in ((append, [1, 2]), (insert, {"a": 1})):
        with pytest.raises(fleet.FleetError, match="that it is given"):
            fleet.jit(function)(items)


def test_a_name_that_may_be_the_callers_array_is_not_written_to() -> None:
    """Where nobody can tell whose array it is, a write is refused rather than lost."""

    def branch(a: Any, n: int) -> Any:
        if n > 1:
            a = a[::-1]
        a[0] = 5
        return a

    def loop(a: Any, n: int) -> Any:
        for _ in range(n):
            a = a[::-1]
        a[0] = 5
        return a

    for function in (branch, loop):
        array = np.zeros(3)
        with pytest.raises(fleet.FleetError, match="cannot be written to"):
            fleet.jit(function)(array, 2)
        same_call(fleet.jit(static_argnames="n")(function), array, 2)
