"""Simplifications of `linalg`: spaces that only copy, fills that are overwritten or moved about,
transpositions in a row.

The one idea: an output whose old elements the region does not read is only a place and a shape, so
whatever filled it before does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import linalg, tensor
from fleet.dialects.arith.patterns import number_of
from fleet.dialects.folding import maker
from fleet.dialects.tensor.casts import replace_with_cast
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import i64_array
from fleet.ir.core import Operation, Value
from fleet.ir.definition import PURE
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import TensorType


def _fits(source: Value, out: Value) -> bool:
    """Whether sizes agree for sure, or an output takes its sizes from a new tensor."""
    same = source.type == out.type and source.type.is_static
    return same or maker(out, "tensor.empty") is not None


@linalg.generic.pattern
def _only_copies(operation: Operation, rewriter: Rewriter) -> bool:
    """A space that yields elements of its inputs where they are is these inputs."""
    block, maps = operation.regions[0].block, linalg.maps_of(operation)
    if len(set(maps)) != 1 or not maps[0].is_identity:
        return False
    if not all(inner is block.last or inner.has_trait(PURE) for inner in block):
        return False
    places = [
        block.arguments.index(value) if value in block.arguments else -1
        for value in block.terminator.operands
    ]
    if -1 in places or not operation.results:
        return False
    chosen = [operation.operand(place) for place in places]
    pairs = zip(chosen, linalg.outputs_of(operation), strict=True)
    if not all(isinstance(v.type, TensorType) and _fits(v, out) for v, out in pairs):
        return False
    replace_with_cast(rewriter, operation, chosen)
    return True


def _fill_again(operation: Operation, rewriter: Rewriter) -> bool:
    """A copy, transposition or repetition of a fill is a fill."""
    filled = maker(operation.operand(0), "linalg.fill")
    if filled is None or not operation.results:
        return False
    number, out = filled.operand(0), operation.operand(1)
    if out.type.element != filled.result.type.element:
        return False
    made = rewriter.create(linalg.fill, [number], [out])
    rewriter.replace(operation, made.results)
    return True


for _definition in (linalg.LINALG.ops["copy"], linalg.transpose, linalg.broadcast):
    _definition.pattern(_fill_again)


def _overwritten(operation: Operation, rewriter: Rewriter) -> bool:
    """What an output held before does not matter where all of it is overwritten."""
    inputs = len(linalg.inputs_of(operation))
    arguments = operation.regions[0].block.arguments
    changed = False
    for number in range(inputs, len(operation.operands)):
        filled = maker(operation.operand(number), "linalg.fill")
        read = len(arguments) > number and arguments[number].uses
        if filled is not None and not read:
            operation.set_operand(number, filled.operand(1))
            changed = True
    return changed


for _definition in (*linalg.ELEMENTWISE, linalg.map_, linalg.transpose, linalg.broadcast):
    _definition.pattern(_overwritten)


@linalg.transpose.pattern
def _transpose_nothing(operation: Operation, rewriter: Rewriter) -> bool:
    """A transposition that leaves the order is its input."""
    source, out = operation.operands
    order = operation.get("permutation")
    if list(order) != sorted(order) or not operation.results or not _fits(source, out):
        return False
    replace_with_cast(rewriter, operation, [source])
    return True


@linalg.transpose.pattern
def _transpose_once(operation: Operation, rewriter: Rewriter) -> bool:
    """Two transpositions in a row are one."""
    inner = maker(operation.operand(0), "linalg.transpose")
    if inner is None:
        return False
    order = [inner.get("permutation")[axis] for axis in operation.get("permutation")]
    _again(operation, rewriter, inner.operand(0), "permutation", order)
    return True


@linalg.transpose.pattern
def _transpose_of_broadcast(operation: Operation, rewriter: Rewriter) -> bool:
    """The repeated dimensions are where the transposition puts them; the others in its order."""
    inner = maker(operation.operand(0), "linalg.broadcast")
    if inner is None:
        return False
    order, added = operation.get("permutation"), inner.get("dimensions")
    kept = [axis for axis in range(len(order)) if axis not in added]
    source = inner.operand(0)
    moved = [kept.index(axis) for axis in order if axis not in added]
    if moved != sorted(moved):
        return False
    _again(
        operation, rewriter, source, "dimensions",
        [place for place, axis in enumerate(order) if axis in added], linalg.broadcast,
    )  # fmt: skip
    return True


def _again(
    operation: Operation, rewriter: Rewriter, source: Value, name: str, numbers: Sequence[int],
    definition: object = None,
) -> None:  # fmt: skip
    definition = definition or operation.definition
    made = rewriter.create(
        definition, source, operation.operand(1),
        types=[result.type for result in operation.results], **{name: i64_array(numbers)},
    )  # fmt: skip
    rewriter.replace(operation, made.results)


@linalg.broadcast.pattern
def _broadcast_nothing(operation: Operation, rewriter: Rewriter) -> bool:
    """A repetition along no dimension is its input."""
    source, out = operation.operands
    if operation.get("dimensions") or not operation.results or not _fits(source, out):
        return False
    replace_with_cast(rewriter, operation, [source])
    return True


# -- tensors that were filled


@tensor.extract.pattern
def _extract_filled(operation: Operation, rewriter: Rewriter) -> bool:
    """An element of a filled tensor, where there is one."""
    filled = maker(operation.operand(0), "linalg.fill")
    if filled is None or filled.operand(0).type != operation.result.type:
        return False
    for place, size in zip(operation.operands[1:], filled.result.type.shape, strict=True):
        known = constant_int(place)
        if known is None or size is None or not 0 <= known < size:
            return False
    rewriter.replace(operation, filled.operand(0))
    return True


@tensor.pack.pattern
def _pack_filled(operation: Operation, rewriter: Rewriter) -> bool:
    """A filled tensor that is packed is filled, if what it is padded with is the same."""
    filled, padding = maker(operation.operand(0), "linalg.fill"), operation.named("padding_value")
    if filled is None or filled.operand(0).type != operation.result.type.element:
        return False
    number = filled.operand(0)
    known = number_of(number)
    same = padding in (None, number) or repr(known) == repr(number_of(padding))
    if not same or (padding not in (None, number) and known is None):
        return False
    if None in operation.result.type.shape:  # it may be that it does not fit
        return False
    rewriter.replace(operation, rewriter.value(linalg.fill, [number], [operation.operand(1)]))
    return True


@tensor.pad.pattern
def _pad_filled(operation: Operation, rewriter: Rewriter) -> bool:
    """A filled tensor padded with the same number is a larger one."""
    filled = maker(operation.operand(0), "linalg.fill")
    type = operation.result.type
    if filled is None or not type.is_static or "nofold" in operation.attributes:
        return False
    number, padding = filled.operand(0), operation.regions[0].block.terminator.operand(0)
    known = number_of(number)
    if padding is not number and (known is None or repr(known) != repr(number_of(padding))):
        return False
    if padding.type != number.type:
        return False
    new = rewriter.value(tensor.empty, [], types=[type])
    rewriter.replace(operation, rewriter.value(linalg.fill, [number], [new]))
    return True
