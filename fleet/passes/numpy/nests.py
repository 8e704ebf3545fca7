"""Loops over elements, for what is done in order: `scf.for`, `scf.while` and `scf.if`.

In: a builder, and functions that make bodies. Out: the operations, and what they carry at the end.
The one idea: such a nest is left to `form-loop-kernels`, as a loop that the program wrote itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.dialects import arith, scf, tensor
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Region, Value
from fleet.passes.linalg.structured import Size, index_constant, index_value

Step = Callable[..., Sequence[Value]]
"""Makes a body: of a builder and what is carried (of a loop that counts, the counter first), what
is carried on."""


def _region(builder: Builder, types: Sequence, step: Step, end: Callable) -> Region:
    block = Block(list(types))
    inner = Builder(block, location=builder.location)
    end(inner, step(inner, *block.arguments))
    return Region([block])


def _yield(inner: Builder, values: Sequence[Value]) -> None:
    inner.create(scf.yield_, list(values))


def count(
    builder: Builder, start: Size, stop: Size, carried: Sequence[Value], step: Step
) -> Sequence[Value]:
    """for i in range(start, stop)."""
    types = [value.type for value in carried]
    bounds = [index_value(builder, size) for size in (start, stop, 1)]
    region = _region(builder, [bounds[0].type, *types], step, _yield)
    return builder.values(scf.for_, *bounds, list(carried), types=types, regions=[region])


def repeat(
    builder: Builder, carried: Sequence[Value], goes_on: Callable[..., Value], step: Step
) -> Sequence[Value]:
    """while goes_on(carried)."""
    types = [value.type for value in carried]

    def end(inner: Builder, values: Sequence[Value]) -> None:
        inner.create(scf.condition, values[0], list(values[1:]))

    def ask(inner: Builder, *values: Value) -> list[Value]:
        return [goes_on(inner, *values), *values]

    regions = [_region(builder, types, ask, end), _region(builder, types, step, _yield)]
    return builder.values(scf.while_, list(carried), types=types, regions=regions)


def only_if(
    builder: Builder, condition: Value, carried: Sequence[Value], step: Step
) -> Sequence[Value]:
    """What is carried after the step, or without it."""
    regions = [
        _region(builder, [], lambda inner: step(inner, *carried), _yield),
        _region(builder, [], lambda inner: carried, _yield),
    ]
    types = [value.type for value in carried]
    return builder.values(scf.if_, condition, types=types, regions=regions)


def load(builder: Builder, array: Value, *at: Value) -> Value:
    return builder.value(tensor.extract, array, list(at), types=[array.type.element])


def store(builder: Builder, value: Value, array: Value, *at: Value) -> Value:
    return builder.value(tensor.insert, value, array, list(at), types=[array.type])


def plus(builder: Builder, a: Value, b: Value | int) -> Value:
    return builder.value(arith.addi, a, index_constant(builder, b) if isinstance(b, int) else b)


def times(builder: Builder, a: Value, b: Value | int) -> Value:
    return builder.value(arith.muli, a, index_constant(builder, b) if isinstance(b, int) else b)


def lower_of(builder: Builder, a: Value, b: Value) -> Value:
    return builder.value(arith.minsi, a, b)
