"""What `linalg` operations do: the region, at every point of the iteration space.

In: the operands' arrays. Out: the outputs, updated. The one idea: the region's operations work on
arrays of any shape, so all points that do not depend on one another are computed at once. A
reduction that combines its accumulator by one known operation is NumPy's reduction of that (a
product summed is a contraction); any other goes step by step over the reduced dimensions, and a
region with control flow, or outputs that are written at computed places, point by point.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet.dialects import linalg
from fleet.dialects.arith.execution import BINARY
from fleet.ir.affine import AffineConst, AffineDim, AffineMap, evaluate
from fleet.ir.core import Block, Operation, Value
from fleet.ir.interpreter import to_array, to_data
from fleet.ir.types import element_of

_COMBINERS: dict[str, Any] = {
    "arith.addf": np.add, "arith.addi": np.add, "arith.mulf": np.multiply,
    "arith.muli": np.multiply, "arith.maximumf": np.maximum, "arith.minimumf": np.minimum,
    "arith.maxnumf": np.fmax, "arith.minnumf": np.fmin, "arith.maxsi": np.maximum,
    "arith.minsi": np.minimum, "arith.andi": np.bitwise_and, "arith.ori": np.bitwise_or,
    "arith.xori": np.bitwise_xor,
}  # fmt: skip


@dataclass
class _Space:
    """A running operation: its space's sizes, and its operands (inputs, then outputs)."""

    operation: Operation
    sizes: list[int]
    maps: list[AffineMap]
    reduced: list[int]
    arrays: list[np.ndarray]
    inputs: int

    @property
    def block(self) -> Block:
        return self.operation.regions[0].block

    @property
    def grids(self) -> list[np.ndarray]:
        """For each dimension its subscripts, shaped to broadcast over the space."""
        rank = len(self.sizes)
        return [
            np.arange(size).reshape([-1 if axis == dim else 1 for axis in range(rank)])
            for dim, size in enumerate(self.sizes)
        ]

    def view(self, number: int, array: np.ndarray | None = None) -> np.ndarray:
        """An operand laid out over the space: size 1 where it does not vary."""
        array = self.arrays[number] if array is None else array
        map = self.maps[number]
        rank = len(self.sizes)
        positions = _positions(map)
        if positions is not None:
            fixed = (r.value if isinstance(r, AffineConst) else slice(None) for r in map.results)
            array = array[(*fixed, ...)]  # the ellipsis makes it a view even of one element
            order = sorted(range(len(positions)), key=positions.__getitem__)
            shape = [1] * rank
            for position, size in zip(positions, array.shape, strict=True):
                shape[position] = size
            return array.transpose(order).reshape(shape)
        grids = self.grids
        subscripts = [np.asarray(evaluate(result, grids)) for result in map.results]
        for axis, subscript in enumerate(subscripts):
            low, high = subscript.min(initial=0), subscript.max(initial=0)
            if low < 0 or (high >= array.shape[axis] and subscript.size):
                raise IndexError(f"subscript {high} of an axis of size {array.shape[axis]}")
        found = array[tuple(subscripts)]
        return found if found.ndim == rank else found.reshape([1] * rank)


def _positions(map: AffineMap) -> list[int] | None:
    """The dimensions that subscripts are, without constant ones; None if one is anything else."""
    plain = [result for result in map.results if not isinstance(result, AffineConst)]
    positions = [result.position for result in plain if isinstance(result, AffineDim)]
    distinct = len(positions) == len(plain) == len(set(positions))
    return positions if distinct else None


def _space(operation: Operation, arguments: Sequence[Any]) -> _Space:
    maps, iterators = linalg.maps_of(operation), linalg.iterators_of(operation)
    arrays = [to_array(v, o.type) for v, o in zip(arguments, operation.operands, strict=True)]
    sizes: list[int | None] = [None] * len(iterators)
    for map, array in zip(maps, arrays, strict=True):
        for result, size in zip(map.results, array.shape, strict=True):
            if isinstance(result, AffineDim):
                known = sizes[result.position]
                if known is not None and known != size:
                    raise ValueError(f"dimension d{result.position} is {known} and {size}")
                sizes[result.position] = size
    if None in sizes:
        raise ValueError("no operand tells the size of a dimension")
    reduced = [dim for dim, name in enumerate(iterators) if name == linalg.REDUCTION]
    inputs = len(linalg.inputs_of(operation))
    return _Space(operation, sizes, maps, reduced, arrays, inputs)


def execute(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[np.ndarray]:
    """The executor of `linalg.generic` and of the named operations."""
    space = _space(operation, arguments)
    outputs = [array.copy() for array in space.arrays[space.inputs :]]
    if 0 in space.sizes:
        return outputs
    saved = interpreter.iteration
    try:
        parallel = [dim for dim in range(len(space.sizes)) if dim not in space.reduced]
        regular = all(
            sorted(_positions(map) or ()) == parallel for map in space.maps[space.inputs :]
        )
        if not regular or any(inner.regions for inner in space.block):
            _point_by_point(interpreter, space, outputs)
        elif linalg.ORDER in operation.attributes:
            _in_order(interpreter, space, outputs)
        elif not _contraction(space, outputs):
            combiners = _combiners(space.block, space.inputs) if space.reduced else None
            if combiners is not None:
                _reduction(interpreter, space, outputs, combiners)
            else:
                _step_by_step(interpreter, space, outputs)
    finally:
        interpreter.iteration = saved
    return outputs


for _definition in (linalg.generic, *linalg.NAMED):
    _definition.executes(execute)


@linalg.index.executes
def _index(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [to_data(interpreter.iteration[operation.get("dim")], operation.result.type)]


def _point_by_point(interpreter: Any, space: _Space, outputs: list[np.ndarray]) -> None:
    arrays = [*space.arrays[: space.inputs], *outputs]
    types = [element_of(value.type) for value in space.operation.operands]
    for point in np.ndindex(*space.sizes):
        interpreter.iteration = point
        places = [tuple(evaluate(r, point) for r in map.results) for map in space.maps]
        elements = [to_data(a[p], t) for a, p, t in zip(arrays, places, types, strict=True)]
        taken = elements[: len(space.block.arguments)]
        _, yielded = interpreter.region(space.operation.regions[0], taken)
        for array, place, value in zip(outputs, places[space.inputs :], yielded, strict=True):
            array[place] = value


def _run(
    interpreter: Any, block: Block, elements: Sequence[Any], skip: Sequence[Operation] = ()
) -> None:
    """Run a block's operations on arrays, all but the terminator and those to skip."""
    values = interpreter.values
    taken = elements[: len(block.arguments)]  # of `linalg.map` the inputs only
    for argument, element in zip(block.arguments, taken, strict=True):
        values[argument] = to_data(element, argument.type)
    for operation in block:
        if operation is block.last or operation in skip:
            continue
        operands = [values[operand] for operand in operation.operands]
        results = interpreter.execute(operation, operands)
        for result, value in zip(operation.results, results, strict=True):
            values[result] = value


def _step_by_step(interpreter: Any, space: _Space, outputs: list[np.ndarray]) -> None:
    """Over the reduced dimensions in order, all parallel points at once."""
    views = [space.view(number) for number in range(space.inputs)]
    results = [space.view(space.inputs + i, array) for i, array in enumerate(outputs)]
    grids = space.grids
    for step in itertools.product(*(range(space.sizes[dim]) for dim in space.reduced)):
        at = dict(zip(space.reduced, step, strict=True))

        def here(array: np.ndarray, at: dict[int, int] = at) -> np.ndarray:
            place = [
                slice(at[dim], at[dim] + 1) if dim in at and size > 1 else slice(None)
                for dim, size in enumerate(array.shape)
            ]
            return array[tuple(place)]

        interpreter.iteration = [at.get(dim, grid) for dim, grid in enumerate(grids)]
        # Accumulators are copied: the block may yield one output's old value to another.
        _run(interpreter, space.block, [*map(here, views), *(r.copy() for r in results)])
        yielded = [interpreter.values[value] for value in space.block.last.operands]
        for result, value in zip(results, yielded, strict=True):
            result[...] = value


@dataclass(frozen=True)
class _Combiner:
    """An output's accumulator is combined with `value` by one operation."""

    operation: Operation
    value: Value


def _combiners(block: Block, inputs: int) -> list[_Combiner] | None:
    """How every output is combined; None where one is not by a known operation alone."""
    found = []
    for accumulator, yielded in zip(block.arguments[inputs:], block.last.operands, strict=True):
        maker = getattr(yielded, "operation", None)
        if maker is None or maker.name not in _COMBINERS or len(accumulator.uses) != 1:
            return None
        if accumulator not in maker.operands or len(yielded.uses) != 1:
            return None
        left, right = maker.operands
        found.append(_Combiner(maker, right if left is accumulator else left))
    return found


def _reduction(
    interpreter: Any, space: _Space, outputs: list[np.ndarray], combiners: list[_Combiner]
) -> None:
    interpreter.iteration = space.grids
    elements = [space.view(number) for number in range(len(space.arrays))]
    _run(interpreter, space.block, elements, [c.operation for c in combiners])
    for number, (array, combiner) in enumerate(zip(outputs, combiners, strict=True)):
        name = combiner.operation.name
        value = to_array(interpreter.values[combiner.value], combiner.value.type)
        spread = np.broadcast_to(value, space.sizes)
        ufunc = _COMBINERS[name]
        keywords = {"dtype": array.dtype} if ufunc in (np.add, np.multiply) else {}
        reduced = ufunc.reduce(spread, axis=tuple(space.reduced), keepdims=True, **keywords)
        result = space.view(space.inputs + number, array)
        result[...] = BINARY[name.partition(".")[2]](result, reduced)


def _in_order(interpreter: Any, space: _Space, outputs: list[np.ndarray]) -> None:
    """A sum of which the order is given: NumPy's own, over terms that lie in memory like its."""
    combiners = _combiners(space.block, space.inputs)
    if space.operation.get(linalg.ORDER) == linalg.SEQUENCE or combiners is None:
        _step_by_step(interpreter, space, outputs)
        return
    interpreter.iteration = space.grids
    elements = [space.view(number) for number in range(len(space.arrays))]
    _run(interpreter, space.block, elements, [c.operation for c in combiners])
    for number, (array, combiner) in enumerate(zip(outputs, combiners, strict=True)):
        value = to_array(interpreter.values[combiner.value], combiner.value.type)
        terms = np.moveaxis(np.broadcast_to(value, space.sizes), space.reduced[0], -1)
        if space.operation.get(linalg.ORDER) == linalg.PAIRWISE_PARTS:
            terms = terms.astype(np.result_type(terms, np.complex64))
        totals = np.add.reduce(np.ascontiguousarray(terms), axis=-1).real
        result = space.view(space.inputs + number, array)
        result[...] = result + np.expand_dims(totals, space.reduced[0])


def _contraction(space: _Space, outputs: list[np.ndarray]) -> bool:
    """A sum of products of two operands, by einsum; whether it was one."""
    block = space.block
    names = [inner.name for inner in block]
    if (
        names not in (["arith.mulf", "arith.addf", "linalg.yield"],
                      ["arith.muli", "arith.addi", "linalg.yield"])
        or space.inputs != 2
        or len(outputs) != 1
        or not space.reduced
        or not all(map.is_projected_permutation for map in space.maps)
    ):  # fmt: skip
        return False
    product, total, last = block
    left, right, sum = block.arguments
    if (
        set(product.operands) != {left, right}
        or set(total.operands) != {product.result, sum}
        or last.operand(0) is not total.result
        or outputs[0].dtype == bool
    ):
        return False
    subscripts = [[result.position for result in map.results] for map in space.maps]
    named = {position for listed in subscripts[:2] for position in listed}
    if named != set(range(len(space.sizes))):
        return False
    # Contiguous, so that the order of summation does not depend on how a constant is stored.
    left_array, right_array = map(np.ascontiguousarray, space.arrays[:2])
    contracted = np.einsum(
        left_array, subscripts[0], right_array, subscripts[1], subscripts[2],
        optimize=math.prod(space.sizes) > 4096,
    )  # fmt: skip
    outputs[0][...] = outputs[0] + contracted
    return True
