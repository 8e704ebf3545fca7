"""Assignments of a part of an array to another part of it: what NumPy's own copy makes of them.

In: the view that is assigned to and the one that is assigned. Out: where in memory both begin, and
their steps, if it matters. The one idea: NumPy looks at the source as it was before, but for one
kind of copy, that to one axis in the direction in which the source runs, too: there it copies
element by element from one of the two ends (`raw_array_assign_array`), and where the steps differ,
it may read what it has written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.dialects import arith, scf, tensor
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.ndarrays import layout, tensors
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.ndarrays.views import (
    BroadcastStep,
    LaidStep,
    PartStep,
    ReshapeStep,
    SliceStep,
    StridedStep,
)
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.then import Array, Number, Tensor
from fleet.ir.core import Block, Region, Value
from fleet.ir.types import i64, index

Place = tuple[Length, Length]
"""Where a view with one axis begins, and its step, in bytes."""


def as_it_arrives(e: Emitter, target: Array, source: Any, part: Tensor) -> Tensor:
    """What an assignment leaves in its target. part: the source, as the target takes it."""
    if not isinstance(source, Array) or not source.dims:
        return part
    if source.cell is not target.cell and not is_copy_of(target, source):
        return part
    places = _overlap_of(e, target, source)
    if places is None:
        return part
    (count,), length = tensors.lengths_of(e, part), tensors.shape_of(e, source)[-1]
    positions = _positions_of(places, count)
    if positions is None:
        return _copied_in_order(e, part, count, numbers.compare(e, "eq", length, count), places)
    if length != count or not any(positions[1:] - positions[:-1] != 1):
        return part
    return tensors.take(e, part, tensors.tensor(e, positions), 0)


def is_copy_of(target: Array, source: Any) -> bool:
    """Whether the source stands for a view of the target's storage."""
    return isinstance(source, Array) and any(cell is target.cell for cell, _ in source.sources)


def _overlap_of(e: Emitter, target: Array, source: Array) -> tuple[Place, Place] | None:
    """Places of the source and the target; None where the source is looked at as it was."""
    if target.rank != 1 or target.dims[0] in (0, 1) or source.dims[-1] in (0, 1):
        return None
    if _run_alike(target, source):
        return None
    places = [_place(e, array) for array in (source, target)]
    if None in places or source.dtype != target.dtype:
        raise _unknown(e)
    (_, step), (_, stride) = places
    if isinstance(step, int) and isinstance(stride, int) and step * stride <= 0:
        return None
    if tensors.dim_of(step) == tensors.dim_of(stride):
        return None
    return tuple(places)


def _unknown(e: Emitter) -> FleetError:
    return e.error(
        "this assigns part of an array to another part of it, and how they lie in memory is not "
        "known",
        "copy what is assigned first, with .copy()",
    )


def _run_alike(one: Array, other: Array) -> bool:
    """Whether both certainly have the same step, wherever they begin."""
    if len(one.steps) != len(other.steps) or one.dtype != other.dtype:
        return False
    return all(
        a is b
        or (isinstance(a, SliceStep) and isinstance(b, SliceStep) and a.axes == b.axes
            and [span[2] for span in a.spans] == [span[2] for span in b.spans])
        for a, b in zip(one.steps, other.steps, strict=True)
    )  # fmt: skip


def _place(e: Emitter, array: Array) -> Place | None:
    """Of an array's last axis."""
    if any(isinstance(step, StridedStep) for step in array.steps):
        return _chosen_place(e, array)
    placed = _placed(e, array)
    return None if placed is None else (placed[0], placed[1][-1])


def _placed(e: Emitter, array: Array) -> tuple[Length, list[Length]] | None:
    """The byte of its storage at which an array begins, and its strides in bytes."""
    if array.steps and isinstance(array.steps[0], LaidStep):
        return _laid(e, array, array.steps[0])
    size = array.cell.content.dtype.itemsize
    known = _lengths(e, array)
    begin: Length = 0
    for at, step in enumerate(array.steps):
        if isinstance(step, SliceStep):
            strides = _strides(e, array, at, known, size)
            if strides is None:
                return None
            begin = _moved(e, begin, step, strides)
        elif isinstance(step, PartStep):
            size //= 2
            begin = numbers.wrapping(e, "add", begin, size if step.name == "imag" else 0)
    strides = _strides(e, array, len(array.steps), known, size)
    return None if strides is None else (begin, strides)


def _laid(e: Emitter, array: Array, laid: LaidStep) -> tuple[Length, list[Length]] | None:
    """Of a copy that NumPy has as a view, in the storage that the view is of."""
    placed = None if laid.axes is None else _placed(e, laid.base)
    if placed is None:
        return None
    begin, own = placed
    strides = [_sum(e, [own[axis] for axis in each]) for each in laid.axes]
    for step in array.steps[1:]:
        if not isinstance(step, SliceStep):
            return None
        begin = _moved(e, begin, step, strides)
        strides = [
            0 if axis is None else numbers.wrapping(e, "mul", strides[axis], step.spans[axis][2])
            for axis in step.axes
        ]
    return begin, strides


def _moved(e: Emitter, begin: Length, step: SliceStep, strides: list[Length]) -> Length:
    return _sum(e, [begin, *(
        numbers.wrapping(e, "mul", start, stride)
        for (start, _, _), stride in zip(step.spans, strides, strict=True)
    )])  # fmt: skip


def _sum(e: Emitter, lengths: list[Length]) -> Length:
    return reduce(partial(numbers.wrapping, e, "add"), lengths, 0)


def _chosen_place(e: Emitter, array: Array) -> Place | None:
    """Of a view whose step only run time knows: its elements' positions tell."""
    step = array.steps[0]
    if len(array.steps) > 1 or not isinstance(step, StridedStep) or array.cell.order != ():
        return None
    at, size = step.positions, array.dtype.itemsize
    several = numbers.compare(e, "gt", e.dim(at.value, 0, at.dims[0]), 1)

    def position(which: int) -> Callable[[], Number]:
        return lambda: Number(e, "int", e.extract(at.value, which))

    first, second = (e.choose(several, position(which), lambda: 0) for which in (0, 1))
    begin, end = (numbers.wrapping(e, "mul", each, size) for each in (first, second))
    return begin, numbers.wrapping(e, "sub", end, begin)


def _lengths(e: Emitter, array: Array) -> dict[Dim, Length]:
    """The lengths of an array, its storage, and the views between."""
    content = array.cell.content
    if isinstance(content, np.ndarray):
        found = [*content.shape, *tensors.shape_of(e, array)]
    else:
        found = [*tensors.lengths_of(e, content), *tensors.shape_of(e, array)]
    for step in array.steps:
        if isinstance(step, ReshapeStep | BroadcastStep):
            found += step.after
    return {tensors.dim_of(length): length for length in found}


def _strides(
    e: Emitter, array: Array, steps: int, lengths: dict[Dim, Length], size: int
) -> list[Length] | None:
    """In bytes, of the view that the first steps lead to."""
    strides = layout.strides_of(Array(e, array.cell, (), array.dtype, array.steps[:steps]))
    return None if strides is None else layout.as_lengths(e, strides, lengths, size)


FEW = 256
"""So many elements may be looked at one by one while the program is evaluated."""


def _positions_of(places: tuple[Place, Place], count: Length) -> np.ndarray | None:
    """Which element of the source each one of the target gets, where that is known now."""
    (begin, step), (into, stride) = places
    known = all(isinstance(part, int) for part in (begin, step, into, stride, count))
    if not known or count > FEW:
        return None
    first = min(begin, begin + (count - 1) * step)
    lowest = min(into, into + (count - 1) * stride)
    from_top = first < lowest < first + count * abs(step)
    made = np.arange(count)
    written: dict[int, int] = {}
    for at in range(count) if from_top == (stride < 0) else reversed(range(count)):
        made[at] = written.get(begin + at * step, at)
        written[into + at * stride] = made[at]
    return made


def _copied_in_order(
    e: Emitter, part: Tensor, count: Length, whole: Number | bool, places: tuple[Place, Place]
) -> Tensor:
    """The element at `begin + i * step` goes to `into + i * stride`. Where the source begins before
    the target and reaches into it, the last elements in memory go first; else the first ones. One
    that lies where another one has gone already, is that one."""
    (begin, step), (into, stride) = (tuple(map(partial(_word, e), place)) for place in places)
    n, zero, one = _word(e, count), e.constant(0, i64), e.constant(1, i64)

    def test(name: str, a: Value, b: Value) -> Value:
        return numbers.compare_values(e, name, "int", a, b)

    def choose(truth: Value, a: Value, b: Value) -> Value:
        return e.value(arith.select, truth, a, b, types=[a.type])

    def calculate(*formula: Any) -> Value:
        """(operation, operand, operand), the operands formulas, too."""
        operation, *operands = formula
        return e.value(operation, *(
            calculate(*each) if isinstance(each, tuple) else each for each in operands))

    down = test("lt", stride, zero)
    far = calculate(arith.subi, n, one)
    last, lowest = (calculate(arith.addi, at, (arith.muli, far, by))
                    for at, by in ((begin, step), (into, stride)))  # fmt: skip
    low, least = choose(down, last, begin), choose(down, lowest, into)
    by, width = (choose(down, calculate(arith.subi, zero, each), each) for each in (step, stride))
    alike = test("gt", by, zero)
    matters = calculate(
        arith.andi, _truth(e, whole), (arith.andi, alike, test("ne", step, stride)))
    by, width = (choose(matters, each, one) for each in (by, width))
    gap = calculate(arith.subi, begin, into)
    gap = choose(down, calculate(arith.subi, zero, gap), gap)
    reach = calculate(arith.addi, low, (arith.muli, n, by))
    from_top = calculate(arith.andi, test("lt", low, least), test("lt", least, reach))
    up = calculate(arith.xori, from_top, test("ge", stride, zero))
    first = calculate(arith.maxsi, zero, (arith.subi, zero, (arith.floordivsi, gap, by)))
    end = calculate(arith.addi, one, (
        arith.floordivsi, (arith.subi, (arith.muli, far, width), gap), by))  # fmt: skip
    end = choose(matters, calculate(arith.minsi, end, n), zero)
    trips = calculate(arith.maxsi, zero, (arith.subi, end, first))

    block = Block()
    turn = block.add_argument(index)
    row = block.add_argument(part.value.type)
    with e.builder.inside(block):
        k = e.as_type(turn, i64)
        i = choose(up, calculate(arith.addi, first, k),
                   calculate(arith.subi, (arith.subi, end, one), k))  # fmt: skip
        at = calculate(arith.addi, gap, (arith.muli, i, by))
        j = calculate(arith.divsi, at, width)
        fits = test("eq", calculate(arith.muli, j, width), at)
        gone = choose(up, calculate(arith.subi, i, j), calculate(arith.subi, j, i))
        source = choose(calculate(arith.andi, fits, test("gt", gone, zero)), j, i)
        moved = e.value(tensor.extract, row, [e.as_type(source, index)],
                        types=[row.type.element])  # fmt: skip
        e.op(scf.yield_, [e.value(tensor.insert, moved, row, [e.as_type(i, index)],
                                  types=[row.type])])  # fmt: skip
    ends = [e.constant(0, index), e.as_type(trips, index), e.constant(1, index)]
    made = e.op(scf.for_, *ends, [part.value], types=[row.type], regions=[Region([block])])
    return Tensor(made.results[0], part.dims, part.dtype)


def _word(e: Emitter, length: Length) -> Value:
    return e.as_type(e.number(length).native, i64)


def _truth(e: Emitter, truth: Number | bool) -> Value:
    return e.number(truth).native
