"""Paddings that meet: paddings of slices of paddings, and paddings inserted into what is filled
with the same number.

The one idea: a padding adds a border of one number, so what it borders on, or stands in, decides
whether the border needs making.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import tensor
from fleet.dialects.arith.patterns import number_of
from fleet.dialects.folding import maker
from fleet.dialects.tensor.casts import Entry, knows_less, same_entries
from fleet.ir.attributes import i64_array
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.rewriter import Rewriter

_PARTS = ("offsets", "sizes", "strides")


def padding_number(operation: Operation) -> Value | None:
    """The value that a padding puts everywhere, if it is from outside or a constant."""
    block = operation.regions[0].block
    value = block.terminator.operand(0)
    inside = value.owner is block or getattr(value.owner, "parent", None) is block
    return value if not inside or number_of(value) is not None else None


def same_number(one: Value | None, other: Value | None) -> bool:
    """Whether two values are one, or the same constant to the bit."""
    if one is None or other is None:
        return False
    known = number_of(one)
    equal = known is not None and repr(known) == repr(number_of(other))
    return one is other or (equal and one.type == other.type)


def _entries(part: Operation) -> list[list[Entry]]:
    return [tensor.mixed(part, name) for name in _PARTS]


def _plain_slice(value: Value) -> Operation | None:
    """The slice that makes the value, if it takes neighbours and drops no dimension."""
    part = maker(value, "tensor.extract_slice")
    if part is None or any(stride != 1 for stride in tensor.mixed(part, "strides")):
        return None
    return part if part.operand(0).type.rank == part.result.type.rank else None


def _statics(groups: Sequence[Sequence[Entry]], names: Sequence[str]) -> dict[str, object]:
    return {
        f"static_{name}": i64_array(tensor.index_entries(list(entries))[1])
        for name, entries in zip(names, groups, strict=True)
    }


def _dynamic(entries: Sequence[Entry]) -> list[Value]:
    return [entry for entry in entries if isinstance(entry, Value)]


def _is_whole(part: Operation, axis: int) -> bool:
    """Whether a slice takes all of its source along an axis, for sure."""
    offsets, sizes, _ = _entries(part)
    whole = part.operand(0).type.shape[axis]
    return offsets[axis] == 0 and whole is not None and sizes[axis] == whole


@tensor.pad.pattern
def _pad_other_dimensions(operation: Operation, rewriter: Rewriter) -> bool:
    """pad(slice(pad(slice(x)))) along different dimensions, after the elements, is one of each."""
    outer = _plain_slice(operation.operand(0))
    inner = None if outer is None else maker(outer.operand(0), "tensor.pad")
    first = None if inner is None else _plain_slice(inner.operand(0))
    if first is None or "nofold" in inner.attributes:
        return False
    if not same_number(padding_number(operation), padding_number(inner)):
        return False
    low, high = ([tensor.mixed(p, end) for p in (inner, operation)] for end in ("low", "high"))
    if any(entry != 0 for entries in low for entry in entries):
        return False
    (offsets, sizes, strides), (outer_offsets, outer_sizes, _) = _entries(first), _entries(outer)
    highs = high[0]
    for axis in range(len(sizes)):
        if _is_whole(outer, axis) and high[1][axis] == 0:
            continue
        if not _is_whole(first, axis) or high[0][axis] != 0:
            return False
        offsets[axis], sizes[axis] = outer_offsets[axis], outer_sizes[axis]
        highs[axis] = high[1][axis]
    source = first.operand(0)
    shape = tuple(None if isinstance(size, Value) else size for size in sizes)
    groups = (offsets, sizes, strides)
    part = rewriter.value(
        tensor.extract_slice, source, *map(_dynamic, groups),
        types=[source.type.with_shape(shape)], **_statics(groups, _PARTS),
    )  # fmt: skip
    kept = {"nofold": None} if "nofold" in operation.attributes else {}
    regions, operation.regions = operation.regions, []
    rewriter.replace_by(
        operation, tensor.pad, part, [], _dynamic(highs), regions=regions,
        **_statics((low[0], highs), ("low", "high")), **kept,
    )  # fmt: skip
    return True


def _is_filled_there(dest: Value, number: Value, places: Sequence[tuple[Entry, Entry]]) -> bool:
    """Whether a tensor holds the number wherever these (offset, size) reach: a fill, of which what
    was inserted since lies elsewhere."""
    while (inserted := maker(dest, "tensor.insert_slice")) is not None:
        offsets, sizes, strides = _entries(inserted)
        others = list(zip(offsets, sizes, strict=True))
        plain = all(stride == 1 for stride in strides)
        if not plain or not any(map(_apart, places, others)):
            return False
        dest = inserted.operand(1)
    filled = maker(dest, "linalg.fill")
    return filled is not None and same_number(filled.operand(0), number)


def _apart(one: tuple[Entry, Entry], other: tuple[Entry, Entry]) -> bool:
    """Whether two stretches have nothing in common, for sure."""
    if not all(isinstance(entry, int) for entry in (*one, *other)):
        return False
    return one[0] + one[1] <= other[0] or other[0] + other[1] <= one[0]


@tensor.insert_slice.pattern
def _insert_padding(operation: Operation, rewriter: Rewriter) -> bool:
    """A padding put into what is filled with its number needs no border."""
    padded, dest = maker(operation.operand(0), "tensor.pad"), operation.operand(1)
    if padded is None or "nofold" in padded.attributes:
        return False
    source, type = padded.operand(0), padded.result.type
    offsets, sizes, strides = _entries(operation)
    number, low = padding_number(padded), tensor.mixed(padded, "low")
    known = source.type.is_static and same_entries(sizes, type.shape) if type.is_static else False
    if not known or number is None or any(stride != 1 for stride in strides):
        return False
    ends = zip(offsets, low, strict=True)
    if not all(b == 0 or (isinstance(a, int) and isinstance(b, int)) for a, b in ends):
        return False
    if not _is_filled_there(dest, number, list(zip(offsets, sizes, strict=True))):
        return False
    moved = [a if b == 0 else a + b for a, b in zip(offsets, low, strict=True)]
    groups = (moved, list(source.type.shape), strides)
    rewriter.replace_by(
        operation, tensor.insert_slice, source, dest, *map(_dynamic, groups),
        **_statics(groups, _PARTS),
    )  # fmt: skip
    return True


@tensor.cast.pattern
def _pad_known(operation: Operation, rewriter: Rewriter) -> bool:
    """A padding that is said to be of a shape is of that type."""
    padded, type = maker(operation.operand(0), "tensor.pad"), operation.result.type
    if padded is None or len(padded.result.uses) != 1 or not knows_less(padded.result.type, type):
        return False
    regions, padded.regions = padded.regions, []
    made = padded.like(padded.operands, [type])
    made.add_region(regions[0])
    rewriter.insert(made)
    rewriter.replace(operation, made.results)
    return True
