"""What must hold of `tensor` operations beyond their declarations: shapes, sizes, elements."""

from __future__ import annotations

import math

from fleet.dialects.tensor import (
    bitcast,
    cast,
    collapse_shape,
    compatible,
    concat,
    dim,
    dropped_dims,
    expand_shape,
    extract_slice,
    fits_reduced,
    gather,
    generate,
    insert_slice,
    pad,
    parallel_insert_slice,
    reassociation_of,
    reshape,
    scatter,
    yield_,
)
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.core import Operation
from fleet.ir.format import DYNAMIC
from fleet.ir.types import IndexType, IntegerType, Type, index


@dim.verify_with
def _verify_dim(operation: Operation) -> None:
    if operation.operand(0).type.rank == 0:
        raise VerifyError("asks for a dimension of a rank-0 tensor")


@cast.verify_with
def _verify_cast(operation: Operation) -> None:
    source, dest = operation.operand(0).type, operation.result.type
    if not compatible(source, dest):
        raise VerifyError(f"cannot cast {source} to {dest}")


def _verify_slice(operation: Operation, whole: Type, part: Type) -> None:
    for name in ("offsets", "sizes", "strides"):
        entries = operation.get(f"static_{name}")
        if not isinstance(entries, tuple) or len(entries) != whole.rank:
            raise VerifyError(f"needs {whole.rank} {name} for {whole}")
        dynamic = sum(1 for entry in entries if entry == DYNAMIC)
        if dynamic != len(operation.named(name)):
            raise VerifyError(f"has {len(operation.named(name))} {name} for {dynamic} dynamic ones")
    sizes = tuple(None if s == DYNAMIC else s for s in operation.get("static_sizes"))
    if part.rank == whole.rank:
        fits = sizes == part.shape
    else:
        fits = part.rank < whole.rank and fits_reduced(sizes, part.shape)
        if fits:
            dropped = dropped_dims(sizes, part.shape)
            kept = (size for axis, size in enumerate(sizes) if axis not in dropped)
            fits = tuple(kept) == part.shape
    if not fits:
        raise VerifyError(f"has sizes {sizes}, which do not fit {part}")


@extract_slice.verify_with
def _verify_extract_slice(operation: Operation) -> None:
    _verify_slice(operation, operation.operand(0).type, operation.result.type)


@insert_slice.verify_with
def _verify_insert_slice(operation: Operation) -> None:
    source, dest = operation.operands[:2]
    _verify_slice(operation, dest.type, source.type)


@parallel_insert_slice.verify_with
def _verify_parallel_insert(operation: Operation) -> None:
    source, dest = operation.operands[:2]
    _verify_slice(operation, dest.type, source.type)


@reshape.verify_with
def _verify_reshape(operation: Operation) -> None:
    (source, sizes), result = (v.type for v in operation.operands), operation.result.type
    integers = isinstance(sizes.element, IndexType | IntegerType)
    if sizes.rank != 1 or not integers or sizes.shape[0] not in (None, result.rank):
        raise VerifyError(f"takes the sizes of {result} from {sizes}")
    counts = (source.count, result.count)
    if None not in counts and counts[0] != counts[1]:
        raise VerifyError(f"reshapes {source} to {result}")


@bitcast.verify_with
def _verify_bitcast(operation: Operation) -> None:
    source, dest = operation.operand(0).type, operation.result.type
    widths = [getattr(type.element, "width", None) for type in (source, dest)]
    if not compatible(source, source.with_shape(dest.shape)) or None in widths:
        raise VerifyError(f"reads {source} as {dest}")
    if widths[0] != widths[1]:
        raise VerifyError(f"reads {source} as {dest}, whose elements have another width")


def _verify_indexed(operation: Operation, whole: Type, part: Type, name: str) -> None:
    """`part` is `whole` at the places that `indices` names."""
    dims = operation.get(name)
    indices = operation.operands[-1].type
    if not isinstance(indices.element, IndexType | IntegerType):
        raise VerifyError(f"takes its subscripts from {indices}")
    if not dims or list(dims) != sorted(set(dims)) or not 0 <= dims[0] <= dims[-1] < whole.rank:
        raise VerifyError(f"needs {name} that name dimensions of {whole} in order")
    if indices.rank == 0 or indices.shape[-1] != len(dims):
        raise VerifyError(f"needs {len(dims)} subscripts in the last dimension of {indices}")
    batch = indices.shape[:-1]
    full = (*batch, *(1 if dim in dims else size for dim, size in enumerate(whole.shape)))
    less = (*batch, *(size for dim, size in enumerate(whole.shape) if dim not in dims))
    if part.shape not in (full, less):
        raise VerifyError(f"moves {part} to or from {whole} by {indices}")


@gather.verify_with
def _verify_gather(operation: Operation) -> None:
    _verify_indexed(operation, operation.operand(0).type, operation.result.type, "gather_dims")


@scatter.verify_with
def _verify_scatter(operation: Operation) -> None:
    source, dest, _ = operation.operands
    if "unique" not in operation.attributes:
        raise VerifyError("needs `unique`")
    _verify_indexed(operation, dest.type, source.type, "scatter_dims")


@generate.verify_with
def _verify_filling(operation: Operation) -> None:
    """The region takes the result's subscripts and yields an element."""
    type, block = operation.result.type, operation.regions[0].block
    if [argument.type for argument in block.arguments] != [index] * type.rank:
        raise VerifyError(f"needs a region of {type.rank} subscripts")
    last = block.last
    if last is None or last.definition is not yield_:
        raise VerifyError("needs tensor.yield at the end of its region")
    if last.operand(0).type != type.element:
        raise VerifyError(f"fills {type} with {last.operand(0).type}")


@pad.verify_with
def _verify_pad(operation: Operation) -> None:
    source, type = operation.operand(0).type, operation.result.type
    entries = [operation.get(f"static_{name}") for name in ("low", "high")]
    if any(len(listed) != source.rank for listed in entries):
        raise VerifyError(f"needs {source.rank} sizes before and after for {source}")
    for name, listed in zip(("low", "high"), entries, strict=True):
        if sum(1 for entry in listed if entry == DYNAMIC) != len(operation.named(name)):
            raise VerifyError(f"has another number of sizes than static_{name} asks for")
    for before, size, after, given in zip(
        entries[0], source.shape, entries[1], type.shape, strict=True
    ):
        known = None if size is None or DYNAMIC in (before, after) else before + size + after
        if known is not None and given is not None and known != given:
            raise VerifyError(f"pads a dimension of {size} to {known}, not {given}")
    _verify_filling(operation)


@concat.verify_with
def _verify_concat(operation: Operation) -> None:
    types = [value.type for value in operation.operands]
    axis, result = operation.get("dim"), operation.result.type
    if not types or not isinstance(axis, int) or not 0 <= axis < result.rank:
        raise VerifyError("needs tensors and one of their dimensions")
    for type in types:
        if not all(
            a is None or b is None or a == b or dim == axis
            for dim, (a, b) in enumerate(zip(type.shape, result.shape, strict=True))
        ):
            raise VerifyError(f"cannot join {type} into {result} along dimension {axis}")
    lengths = [type.shape[axis] for type in types]
    if None not in (*lengths, result.shape[axis]) and sum(lengths) != result.shape[axis]:
        raise VerifyError(f"joins lengths {lengths} to one of {result.shape[axis]}")


def _verify_reassociation(operation: Operation, long: Type, short: Type) -> None:
    groups = reassociation_of(operation)
    if short.rank == 0 and not groups and all(size in (1, None) for size in long.shape):
        return  # a scalar has no dimension that a group could belong to
    if [dim for group in groups for dim in group] != list(range(long.rank)):
        raise VerifyError(f"does not name every dimension of {long} once, in order")
    if len(groups) != short.rank:
        raise VerifyError(f"has {len(groups)} groups for {short}")
    for group, size in zip(groups, short.shape, strict=True):
        sizes = [long.shape[dim] for dim in group]
        product = None if None in sizes else math.prod(sizes)
        if product != size:
            shown = "?" if size is None else size
            raise VerifyError(f"groups dimensions {sizes} into one of {shown}")


@expand_shape.verify_with
def _verify_expand(operation: Operation) -> None:
    _verify_reassociation(operation, operation.result.type, operation.operand(0).type)
    given = len(operation.named("output_shape"))
    if len(operation.get("static_output_shape")) != operation.result.type.rank:
        raise VerifyError(f"has not as many sizes as {operation.result.type} dimensions")
    if given != sum(1 for entry in operation.get("static_output_shape") if entry == DYNAMIC):
        raise VerifyError("has another number of sizes than static_output_shape asks for")


@collapse_shape.verify_with
def _verify_collapse(operation: Operation) -> None:
    _verify_reassociation(operation, operation.operand(0).type, operation.result.type)
