"""`outline`: which calls become functions, and what they take and give."""

from __future__ import annotations

import numpy as np
import tracing as t
from random_programs import compare, run
from tracing import Array, traced

from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import TensorType, f32, f64


@traced
def wave(x: Array, scale: Array, steps: int = 5) -> Array:
    for _ in range(steps):
        x = t.unary("sin", x * scale) + 1.0
    return x


def vector(size: int | None = None) -> TensorType:
    return TensorType((size,), f64)


def outlined(function: object, *types: TensorType, minimum: int = 8) -> Operation:
    module = t.module_of(function, types)
    outline = ("outline", {"minimum": minimum})
    PassManager(["dce", outline, "canonicalize", "cse", "dce"]).run(module)
    return module


def names(module: Operation) -> list[str]:
    return sorted(op.get("sym_name") for op in module.body)


def function(module: Operation, name: str) -> Operation:
    (found,) = [op for op in module.body if op.get("sym_name") == name]
    return found


def scale(value: float, size: int = 3) -> Array:
    return t.constant(np.full(size, float(value)) + np.arange(size))


def test_equal_calls_with_different_constant_arrays_are_one_function() -> None:
    module = outlined(lambda x: wave(wave(x, scale(1)), scale(2)), vector(3))
    assert names(module) == ["main", "wave"]
    assert len([op for op in function(module, "main").body if op.name == "func.call"]) == 2
    x = np.arange(3.0)
    want = t_reference(t_reference(x, 1 + np.arange(3.0)), 2 + np.arange(3.0))
    compare(want, run(module, [x])[0], "outlined")


def test_a_small_constant_array_of_all_calls_is_the_functions_own() -> None:
    module = outlined(lambda x, y: wave(wave(x, scale(1)), scale(1)) + wave(y, scale(1)),
                      vector(3), vector(3))  # fmt: skip
    assert names(module) == ["main", "wave"]
    called = function(module, "wave")
    assert len(called.body.arguments) == 1
    x, y = np.arange(3.0), np.ones(3)
    factor = 1 + np.arange(3.0)
    want = t_reference(t_reference(x, factor), factor) + t_reference(y, factor)
    compare(want, run(module, [x, y])[0], "outlined")


def test_a_large_constant_array_of_all_calls_is_given_to_each() -> None:
    module = outlined(lambda x: wave(wave(x, scale(1, 100)), scale(1, 100)), vector(100))
    assert len(function(module, "wave").body.arguments) == 2


def t_reference(x: np.ndarray, factor: np.ndarray) -> np.ndarray:
    for _ in range(5):
        x = np.sin(x * factor) + 1.0
    return x


def test_different_scalars_are_different_code() -> None:
    @traced
    def shifted(x: Array, by: float) -> Array:
        for _ in range(10):
            x = t.unary("sin", x) + by
        return x

    module = outlined(lambda x: shifted(shifted(x, 1.0), 2.0), vector())
    assert names(module) == ["main"]


def test_different_types_are_different_code() -> None:
    module = outlined(lambda x, y: [wave(x, x), wave(y, y)], vector(3), vector(4))
    assert names(module) == ["main"]
    module = outlined(lambda x, y: [wave(x, x), wave(y, y)], vector(3), TensorType((3,), f32))
    assert names(module) == ["main"]


def test_a_function_called_once_stays_inline() -> None:
    assert names(outlined(lambda x: wave(x, x), vector())) == ["main"]


def test_small_functions_stay_inline() -> None:
    module = outlined(lambda x, y: wave(wave(x, y, 2), y, 2), vector(3), vector(3))
    assert names(module) == ["main"]
    module = outlined(lambda x, y: wave(wave(x, y, 2), y, 2), vector(3), vector(3), minimum=4)
    assert names(module) == ["main", "wave"]


def test_outer_calls_come_first_and_inner_ones_once() -> None:
    @traced
    def twice(x: Array) -> Array:
        return wave(wave(x, scale(1)), scale(2)) + x

    module = outlined(lambda x: twice(twice(twice(x))), vector(3))
    assert names(module) == ["main", "twice", "wave"]
    calls = [op for op in function(module, "twice").body if op.name == "func.call"]
    assert [op.get("callee") for op in calls] == ["wave", "wave"]


def test_what_any_call_needs_is_given_to_all() -> None:
    @traced
    def both(x: Array) -> tuple[Array, Array]:
        y = wave(x, x)
        return y, y * 2.0 + 1.0

    def main(x: Array) -> Array:
        first, second = both(x)
        return both(first + second)[1]

    module = outlined(main, vector())
    assert len(function(module, "both").get("function_type").results) == 2
    x = np.arange(4.0)
    compare(run(t.module_of(main, [vector()]), [x])[0], run(module, [x])[0], "outlined")


def test_names_of_lambdas_are_symbols() -> None:
    inner = traced(lambda x: wave(x, x) * 2.0)
    module = outlined(lambda x: inner(inner(x)), vector())
    assert "lambda" in names(module)


def test_functions_of_one_name_are_told_apart() -> None:
    def made(factor: float) -> object:
        @traced
        def step(x: Array) -> Array:
            for _ in range(5):
                x = t.unary("sin", x * factor) + 1.0
            return x

        return step

    one, two = made(1.5), made(2.5)
    module = outlined(lambda x: one(two(one(two(x)))), vector())
    assert names(module) == ["main", "step", "step_0"]
