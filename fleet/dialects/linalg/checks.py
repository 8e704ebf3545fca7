"""What must hold of `linalg` operations beyond their declarations: maps, sizes, regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fleet.dialects.linalg import (
    CONTRACTIONS,
    CONVOLUTIONS,
    ELEMENTWISE,
    POOLING,
    broadcast,
    generic,
    inputs_of,
    iterators_of,
    map_,
    maps_of,
    named,
    outputs_of,
    rank_of,
    reduce,
    transpose,
    window_numbers,
)
from fleet.ir.affine import AffineConst, AffineDim, AffineSymbol, rewrite
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.core import Operation
from fleet.ir.interfaces import PARALLEL, REDUCTION, IndexingMaps
from fleet.ir.types import TensorType


def _verify(operation: Operation) -> None:
    inputs, outputs = inputs_of(operation), outputs_of(operation)
    operands = [*inputs, *outputs]
    maps, iterators = maps_of(operation), iterators_of(operation)
    if len(maps) != len(operands):
        raise VerifyError(f"has {len(maps)} indexing maps for {len(operands)} operands")
    if [r.type for r in operation.results] != [v.type for v in outputs]:
        raise VerifyError("gives other types than its outputs have")
    sizes: dict[int, int] = {}
    for map, value in zip(maps, operands, strict=True):
        rank = rank_of(value.type)
        if map.dims != len(iterators):
            raise VerifyError(f"has {len(iterators)} iterators and a map of {map.dims} dimensions")
        if len(map.results) != rank:
            raise VerifyError(f"maps {value.type} with {len(map.results)} subscripts")
        shape = value.type.shape if isinstance(value.type, TensorType) else ()
        for result, size in zip(map.results, shape, strict=True):
            if isinstance(result, AffineDim) and size is not None:
                if sizes.setdefault(result.position, size) != size:
                    raise VerifyError(
                        f"dimension d{result.position} is {sizes[result.position]} and {size}"
                    )
            else:
                rewrite(result, lambda leaf: _check_leaf(leaf, len(iterators)))
    if any(text not in (PARALLEL, REDUCTION, "window") for text in iterators):
        raise VerifyError(f"has unknown iterator types {iterators}")
    _verify_block(operation, operands, outputs, len(iterators))


def _check_leaf(leaf: Any, rank: int) -> Any:
    if isinstance(leaf, AffineSymbol) or isinstance(leaf, AffineDim) and leaf.position >= rank:
        raise VerifyError(f"has a map that mentions {leaf}")
    return AffineConst(1)


def _verify_block(
    operation: Operation, operands: Sequence[Any], outputs: Sequence[Any], rank: int
) -> None:
    block = operation.regions[0].block
    taken = inputs_of(operation) if operation.definition is map_ else operands
    expected = [named.element(value.type) for value in taken]
    if [argument.type for argument in block.arguments] != expected:
        raise VerifyError("has a block whose arguments are not the operands' elements")
    last = block.last
    if last is None or last.name != "linalg.yield":
        raise VerifyError("needs linalg.yield at the end of its region")
    if [v.type for v in last.operands] != [named.element(v.type) for v in outputs]:
        raise VerifyError("yields other types than the outputs' elements", last)
    for inner in operation.regions[0].block:
        if inner.name == "linalg.index" and not 0 <= inner.get("dim") < rank:
            raise VerifyError(f"has a linalg.index of dimension {inner.get('dim')}")


for _definition in (generic, *CONTRACTIONS, *ELEMENTWISE, map_):
    _definition.verify_with(_verify)


def _verify_windows(operation: Operation) -> None:
    """Strides and dilations for each dimension of the window, and a body's worth of operands."""
    operands = len(operation.definition.interfaces[IndexingMaps].operands)
    given, quantised = len(operation.operands), operation.name.endswith("_q")
    if given != operands + 2 * quantised:
        raise VerifyError(f"has {given} operands instead of {operands + 2 * quantised}")
    places = sum(c.isupper() for c in operation.definition.interfaces[IndexingMaps].space)
    for name in ("strides", "dilations"):
        numbers = window_numbers(operation, name, places)
        if len(numbers) != places or min(numbers) < 1:
            raise VerifyError(f"needs {places} positive {name}")
    _verify(operation)


for _definition in (*CONVOLUTIONS, *POOLING):
    _definition.verify_with(_verify_windows)


def _numbers(operation: Operation, name: str, rank: int) -> tuple[int, ...]:
    """An attribute that names dimensions, each once."""
    found = operation.get(name)
    if not isinstance(found, tuple) or any(not 0 <= number < rank for number in found):
        raise VerifyError(f"needs dimensions below {rank} in {name!r}")
    if len(set(found)) != len(found):
        raise VerifyError(f"names a dimension twice in {name!r}")
    return found


@reduce.verify_with
def _verify_reduce(operation: Operation) -> None:
    rank = rank_of(inputs_of(operation)[0].type)
    dimensions = _numbers(operation, "dimensions", rank)
    if list(dimensions) != sorted(dimensions):
        raise VerifyError("names dimensions out of order")
    _verify(operation)


@transpose.verify_with
def _verify_transpose(operation: Operation) -> None:
    rank = rank_of(operation.operand(1).type)
    if len(_numbers(operation, "permutation", rank)) != rank:
        raise VerifyError(f"needs all {rank} dimensions in 'permutation'")
    _verify(operation)


@broadcast.verify_with
def _verify_broadcast(operation: Operation) -> None:
    rank = rank_of(operation.operand(1).type)
    added = _numbers(operation, "dimensions", rank)
    if len(added) + rank_of(operation.operand(0).type) != rank:
        raise VerifyError("adds another number of dimensions than its output has more")
    _verify(operation)
