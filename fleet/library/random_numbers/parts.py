"""What the prelude's random numbers need beyond its primitives: elements without checks of bounds.

In: arrays, and positions that are in range. Out: elements and parts, and the arrays with them
replaced; tables of constants. The one idea: positions come from the generators themselves, so
nothing is checked, and a draw stays a few operations.
"""

from __future__ import annotations

import functools
import itertools
import math
import sys
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import numpy as np

from fleet.dialects import tensor
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers, texts
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.ndarrays import selections, tensors, views
from fleet.evaluator.values.sizes import fresh
from fleet.evaluator.values.then import Array, Number, Range, Tensor, is_run_time_list
from fleet.library.random_numbers.ziggurat import (
    EDGE,
    EXPONENTIAL_EDGE,
    exponential_tables,
    normal_tables,
)

JUMPS = 1024
"""How many draws of PCG64 are made at once."""
LOG_FACTORIALS = 126
_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


@functools.cache
def jump_tables() -> tuple[np.ndarray, ...]:
    """For 1, 2, ... JUMPS steps: the multiplier's power and the sum of the powers below it, in
    halves of 64 bits."""
    low = (1 << 64) - 1
    power, total, rows = 1, 0, []
    for _ in range(JUMPS):
        power, total = power * _MULTIPLIER % (1 << 128), (total * _MULTIPLIER + 1) % (1 << 128)
        rows.append((power >> 64, power & low, total >> 64, total & low))
    return tuple(np.array(column, np.uint64) for column in zip(*rows, strict=True))


@functools.cache
def factorial_tables() -> tuple[np.ndarray]:
    """The logarithms of 0!, 1!, ... as far as Stirling's series is not good enough for NumPy."""
    with localcontext() as context:
        context.prec = 40
        logarithms = [float(Decimal(math.factorial(k)).ln()) for k in range(LOG_FACTORIALS)]
    return (np.array(logarithms),)


def hash_factors(start: int, multiplier: int, count: int) -> tuple[tuple, ...]:
    """What a SeedSequence's words are xor'ed with and multiplied by, one pair after the other."""
    powers = [start * pow(multiplier, k, 1 << 32) % (1 << 32) for k in range(count + 1)]
    return tuple(itertools.pairwise(map(np.uint32, powers)))


def make_parts(machine: Machine) -> dict[str, Callable[..., Any] | float]:
    """The names that the prelude's random numbers see, on known and on run-time values."""
    backend = machine.backend
    e: Emitter | None = backend.e

    def tables(make: Callable[[], tuple[np.ndarray, ...]]) -> Callable[[], tuple]:
        made: list[Any] = []

        def get() -> tuple:
            if not made:
                made.extend(map(backend.array, make()))
            return tuple(made)

        return get

    def element(array: Any, at: Any) -> Any:
        if e is None or (array.known is not None and not texts.has_run_time(at)):
            return (array if e is None else array.known)[at]
        return tensors.wrap(e, views.SliceStep([(at, 1, 1)], []).read(e, array.read()), scalar=True)

    def gather(table: Any, at: Any) -> Any:
        if e is None:
            return table[at]
        if not tensors.dims_of(at):
            return element(table, tensors.to_number(e, at))
        return selections.take(e, table, at, 0)

    def part(array: Any, start: Any, count: Any) -> Any:
        if e is None:
            return array[start : start + count]
        step = views.SliceStep([(start, count, 1)], [0])
        return views.view(e, array, step, (tensors.dim_of(count),))

    def put(array: Any, at: Any, value: Any) -> None:
        if e is None:
            array[at] = value
            return
        base = tensors.tensor(e, array)
        element = tensors.scalar_of(e, value, array.dtype)
        made = e.value(tensor.insert, element, base.value, [e.index(at)], types=[base.value.type])
        views.write(e, array, Tensor(made, base.dims, base.dtype))

    def put_part(array: Any, start: Any, count: Any, values: Any) -> None:
        if e is None:
            array[start : start + count] = values
            return
        step = views.SliceStep([(start, count, 1)], [0])
        target = views.view(e, array, step, (tensors.dim_of(count),), look=False)
        views.write(e, target, tensors.cast_tensor(e, values, array.dtype))

    def later(value: Any) -> Any:
        """The value as one that is known at run time only, so that a loop stays a loop."""
        if e is None or isinstance(value, Array | Number):
            return value
        if isinstance(value, np.generic):
            return tensors.wrap(e, tensors.tensor(e, value), scalar=True)
        number = e.number(value)
        return Number(e, number.kind, number.native, fresh(0))

    def first_key() -> Any:
        """The key of the fixed seed that Python's seeding begins from, to be written to."""
        return backend.array(np.random.RandomState(19650218).get_state()[1].astype(np.uint32))

    def least(a: Any, b: Any) -> Any:
        return min(a, b) if e is None else numbers.minimum(e, a, b)

    def most(a: Any, b: Any) -> Any:
        return max(a, b) if e is None else numbers.maximum(e, a, b)

    def is_scalar_like(value: Any) -> bool:
        if isinstance(value, list | tuple | range | Range):
            return False
        return isinstance(value, Number) or not tensors.dims_of(value)

    def is_list(value: Any) -> bool:
        return isinstance(value, list)

    def replace(items: List, array: Any) -> None:
        """A list's items by those of an array."""
        new = backend.primitives["to_list"](array)
        machine.heap.touch(items)
        if is_run_time_list(new):
            items.run_time = new.run_time
            list.clear(items)
            list.append(items, items.run_time)
        else:
            items.run_time = None
            list.clear(items)
            list.extend(items, new)

    def is_small(count: Any, limit: int) -> bool:
        return isinstance(count, int) and count <= limit

    return {
        "element": element, "gather": gather, "part": part, "put": put, "put_part": put_part,
        "later": later, "least": least, "most": most, "is_scalar_like": is_scalar_like,
        "is_list": is_list, "replace": replace, "is_small": is_small,
        "NEW_WORDS": sys.version_info >= (3, 12), "first_key": first_key,
        "JUMPS": JUMPS, "NORMAL_EDGE": EDGE, "EXPONENTIAL_EDGE": EXPONENTIAL_EDGE,
        "hash_factors": hash_factors, "jump_tables": tables(jump_tables),
        "LOG_FACTORIALS": LOG_FACTORIALS, "factorial_tables": tables(factorial_tables),
        "normal_tables": tables(normal_tables), "exponential_tables": tables(exponential_tables),
    }  # fmt: skip
