"""Two `tensor.expand_shape` and `collapse_shape` in a row as one, and reshapes of what is known.

The one idea: both group the dimensions of the longer shape into runs, so two of them in a row are
two ways to cut one row of dimensions, and they are one reshape where one way cuts within the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import tensor
from fleet.dialects.folding import maker
from fleet.ir.attributes import ArrayAttr, IntegerAttr, i64_array
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import Shape, TensorType

Groups = list[list[int]]


def reassociation(groups: Groups) -> ArrayAttr:
    return ArrayAttr(tuple(ArrayAttr(tuple(map(IntegerAttr, group))) for group in groups))


def _composed(outer: Groups, inner: Groups) -> Groups:
    """Groups of groups as groups."""
    return [[dim for part in group for dim in inner[part]] for group in outer]


def _within(coarse: Groups, fine: Groups) -> Groups | None:
    """For each coarse run the numbers of the fine runs that make it up, if they do."""
    found, at = [], 0
    for group in coarse:
        parts, covered = [], 0
        while covered < len(group) and at < len(fine):
            parts.append(at)
            covered += len(fine[at])
            at += 1
        if covered != len(group):
            return None
        found.append(parts)
    return found if at == len(fine) else None


def runs(long: Shape, short: Shape) -> Groups | None:
    """How the dimensions of one shape make up those of another; None where it does not tell.

    Of two sizes that only run time knows nobody says here which is which: (a, b) may be (b, a).
    """
    unknown = short.count(None)
    if unknown > 1 or (unknown and 0 in short):
        return None
    groups: Groups = []
    at = 0
    for size in short:
        group: list[int] = []
        product: int | None = 1
        while at < len(long) and (product != size or not group):
            if size is not None and (long[at] is None or product is None):
                return None
            product = None if long[at] is None else product * long[at]
            group.append(at)
            at += 1
        if product != size or not group:
            return None
        groups.append(group)
    while at < len(long) and groups:
        if long[at] != 1:
            return None
        groups[-1].append(at)
        at += 1
    return groups if at == len(long) else None


def _sizes(
    type: TensorType, groups: Groups, of: Sequence[int | Value]
) -> list[int | Value] | None:
    """The sizes of a reshaped result whose dimensions are these runs of sizes."""
    found: list[int | Value] = []
    for group, known in zip(groups, type.shape, strict=True):
        unknown = [of[dim] for dim in group if not isinstance(of[dim], int)]
        if known is not None:
            found.append(known)
        elif len(unknown) == 1 and all(of[dim] == 1 for dim in group if isinstance(of[dim], int)):
            found.append(unknown[0])
        else:
            return None
    return found


def _expand(
    rewriter: Rewriter, operation: Operation, source: Value, groups: Groups,
    sizes: Sequence[int | Value],
) -> None:  # fmt: skip
    operands, entries = tensor.index_entries(list(sizes))
    rewriter.replace_by(
        operation, tensor.expand_shape, source, operands, reassociation=reassociation(groups),
        static_output_shape=i64_array(entries),
    )  # fmt: skip


def _collapse(rewriter: Rewriter, operation: Operation, source: Value, groups: Groups) -> None:
    rewriter.replace_by(
        operation, tensor.collapse_shape, source, reassociation=reassociation(groups)
    )


@tensor.collapse_shape.pattern
def _collapse_twice(operation: Operation, rewriter: Rewriter) -> bool:
    """collapse(collapse(x)) is one."""
    inner = maker(operation.operand(0), "tensor.collapse_shape")
    if inner is None:
        return False
    groups = _composed(tensor.reassociation_of(operation), tensor.reassociation_of(inner))
    _collapse(rewriter, operation, inner.operand(0), groups)
    return True


@tensor.expand_shape.pattern
def _expand_twice(operation: Operation, rewriter: Rewriter) -> bool:
    """expand(expand(x)) is one."""
    inner = maker(operation.operand(0), "tensor.expand_shape")
    if inner is None:
        return False
    groups = _composed(tensor.reassociation_of(inner), tensor.reassociation_of(operation))
    sizes = tensor.mixed(operation, "output_shape", "static_output_shape")
    _expand(rewriter, operation, inner.operand(0), groups, sizes)
    return True


@tensor.collapse_shape.pattern
def _collapse_of_expand(operation: Operation, rewriter: Rewriter) -> bool:
    """collapse(expand(x)) is what is left of the coarser of both."""
    inner = maker(operation.operand(0), "tensor.expand_shape")
    if inner is None:
        return False
    source = inner.operand(0)
    outer_groups, inner_groups = map(tensor.reassociation_of, (operation, inner))
    if source.type.rank == 0 or operation.result.type.rank == 0:
        if source.type.rank <= 1 and operation.result.type.rank == 0:
            return False if source.type.rank == 0 else _as_collapse(rewriter, operation, source, [])
        return False
    same = _within(outer_groups, inner_groups)
    if same is not None and all(len(group) == 1 for group in same):
        if source.type == operation.result.type:
            rewriter.replace(operation, source)
            return True
        if tensor.compatible(source.type, operation.result.type):
            rewriter.replace_by(operation, tensor.cast, source)
            return True
        return False
    if same is not None:
        return _as_collapse(rewriter, operation, source, same)
    finer = _within(inner_groups, outer_groups)
    if finer is None:
        return False
    given = tensor.mixed(inner, "output_shape", "static_output_shape")
    sizes = _sizes(operation.result.type, outer_groups, given)
    if sizes is None:
        return False
    _expand(rewriter, operation, source, finer, sizes)
    return True


def _as_collapse(rewriter: Rewriter, operation: Operation, source: Value, groups: Groups) -> bool:
    _collapse(rewriter, operation, source, groups)
    return True


@tensor.expand_shape.pattern
def _expand_of_collapse(operation: Operation, rewriter: Rewriter) -> bool:
    """expand(collapse(x)), where each run is cut finer, or each is joined further."""
    inner = maker(operation.operand(0), "tensor.collapse_shape")
    if inner is None:
        return False
    source, type = inner.operand(0), operation.result.type
    pairs = list(
        zip(tensor.reassociation_of(inner), tensor.reassociation_of(operation), strict=True)
    )
    if not pairs:  # by way of a tensor without dimensions
        if source.type.rank == 0 or type.rank == 0 or source.type.count != type.count:
            return False
        pairs = [(list(range(source.type.rank)), list(range(type.rank)))]
    joined = _cut(source.type.shape, type.shape, pairs)
    if joined is not None and source.type.rank > type.rank:
        _collapse(rewriter, operation, source, joined)
        return True
    split = _cut(type.shape, source.type.shape, [(there, here) for here, there in pairs])
    if split is not None and source.type.rank < type.rank:
        sizes = tensor.mixed(operation, "output_shape", "static_output_shape")
        _expand(rewriter, operation, source, split, sizes)
        return True
    if joined is not None and source.type == type:
        rewriter.replace(operation, source)
        return True
    return False


def _cut(long: Shape, short: Shape, pairs: list[tuple[list[int], list[int]]]) -> Groups | None:
    """The runs of all the pairs of runs."""
    groups: Groups = []
    for here, there in pairs:
        found = runs(tuple(long[d] for d in here), tuple(short[d] for d in there))
        if found is None:
            return None
        groups += [[here[number] for number in group] for group in found]
    return groups


def _of_elements(operation: Operation, rewriter: Rewriter) -> bool:
    """A reshape of elements, or of one element everywhere, is made in its shape."""
    made = maker(operation.operand(0), "tensor.from_elements", "tensor.splat")
    type = operation.result.type
    if made is None or not type.is_static:
        return False
    if made.definition is tensor.splat:
        rewriter.replace_by(operation, tensor.splat, made.operand(0), [])
    else:
        rewriter.replace_by(operation, tensor.from_elements, made.operands)
    return True


for _definition in (tensor.collapse_shape, tensor.expand_shape, tensor.reshape):
    _definition.pattern(_of_elements)


@tensor.reshape.pattern
def _reshape_of_reshape(operation: Operation, rewriter: Rewriter) -> bool:
    """Only the last shape counts."""
    inner = maker(operation.operand(0), "tensor.reshape")
    if inner is None:
        return False
    operation.set_operand(0, inner.operand(0))
    return True


@tensor.bitcast.folds
def _fold_bitcast(operation: Operation, constants: object) -> list[Value] | None:
    """The same type again, or there and back."""
    source = operation.operand(0)
    inner = maker(source, "tensor.bitcast")
    for candidate in (source, inner.operand(0) if inner is not None else None):
        if candidate is not None and candidate.type == operation.result.type:
            return [candidate]
    return None


@tensor.bitcast.pattern
def _bitcast_twice(operation: Operation, rewriter: Rewriter) -> bool:
    inner = maker(operation.operand(0), "tensor.bitcast")
    if inner is None:
        return False
    operation.set_operand(0, inner.operand(0))
    return True


@tensor.rank.folds
def _fold_rank(operation: Operation, constants: object) -> list[IntegerAttr]:
    return [IntegerAttr(operation.operand(0).type.rank, operation.result.type)]
