"""What is known of shapes, brought to where it serves: sizes that are constants become parts of
types, and `tensor.cast` moves towards the end, past operations that do not need to know less.

The one idea: an operation is made again with a type that knows more, and its users get a cast to
the type that they had; casts that meet are one, and disappear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fleet.dialects import linalg, tensor
from fleet.dialects.folding import maker
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import i64_array
from fleet.ir.core import Operation, Region, Value
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import TensorType, Type

Entry = int | Value


def _known(entry: Entry) -> Entry:
    """An entry as a number, where it is a constant that is no error."""
    number = constant_int(entry) if isinstance(entry, Value) else None
    return entry if number is None or number < 0 else number


def same_entries(one: Sequence[Entry], other: Sequence[Entry]) -> bool:
    """Whether offsets, sizes or strides are the same."""
    pairs = [(_known(a), _known(b)) for a, b in zip(one, other, strict=True)]
    return all(a is b or (isinstance(a, int) and isinstance(b, int) and a == b) for a, b in pairs)


def knows_less(type: Type, than: Type) -> bool:
    """Whether the second type knows all of the shape that the first does."""
    return tensor.compatible(type, than) and all(
        a is None or b is not None for a, b in zip(type.shape, than.shape, strict=True)
    )


def forgotten(value: Value) -> Value | None:
    """What a value is a cast of, if the cast only forgets."""
    made = maker(value, "tensor.cast")
    if made is None or not knows_less(made.result.type, made.operand(0).type):
        return None
    return made.operand(0)


def replace_with_cast(rewriter: Rewriter, operation: Operation, values: Sequence[Value]) -> None:
    """Replace results by values whose types may know more."""
    rewriter.replace(
        operation,
        [
            value
            if value.type == result.type
            else rewriter.value(tensor.cast, value, types=[result.type])
            for value, result in zip(values, operation.results, strict=True)
        ],
    )


def _taken_regions(operation: Operation) -> list[Region]:
    """The operation's regions, to be given to another that takes its place."""
    regions = operation.regions
    operation.regions = []
    return regions


def _refined(shape: Sequence[int | None], sizes: Sequence[Entry]) -> tuple[int | None, ...]:
    return tuple(
        size if dim is None and isinstance(size, int) else dim
        for dim, size in zip(shape, sizes, strict=True)
    )


# -- sizes that are constants


def _sizes_into_type(operation: Operation, rewriter: Rewriter) -> bool:
    """A size that is a constant is a part of the type."""
    type = operation.result.type
    sizes = [_known(entry) for entry in operation.named("sizes")]
    if all(isinstance(size, Value) for size in sizes):
        return False
    given = iter(sizes)
    shape = [dim if dim is not None else next(given) for dim in type.shape]
    refined = type.with_shape(_refined(type.shape, shape))
    operands = [size for size in sizes if isinstance(size, Value)]
    leading = operation.operands[:1] if operation.definition is tensor.splat else ()
    made = rewriter.create(
        operation.definition, *leading, operands, types=[refined],
        regions=_taken_regions(operation),
    )  # fmt: skip
    replace_with_cast(rewriter, operation, made.results)
    return True


for _definition in (tensor.empty, tensor.generate, tensor.splat):
    _definition.pattern(_sizes_into_type)


def _dropped(type: TensorType, sizes: Sequence[Entry]) -> list[int]:
    """The dimensions that a slice of these sizes drops to be of the type."""
    static = tuple(None if isinstance(size, Value) else size for size in sizes)
    return tensor.dropped_dims(static, type.shape)


def _slice_type(type: TensorType, sizes: Sequence[Entry]) -> TensorType:
    """The slice's type with what its sizes say."""
    dropped = _dropped(type, sizes)
    kept = [size for axis, size in enumerate(sizes) if axis not in dropped]
    return type.with_shape(_refined(type.shape, kept))


def _static_entries(operation: Operation, rewriter: Rewriter) -> bool:
    """Operands of a slice that are constants become static entries, sizes also of the type."""
    names = ("offsets", "sizes", "strides")
    before = {name: tensor.mixed(operation, name) for name in names}
    after = {name: [_known(entry) for entry in entries] for name, entries in before.items()}
    inserts = operation.definition is not tensor.extract_slice
    part = operation.operand(0) if inserts else operation.result
    if _dropped(part.type, before["sizes"]) != _dropped(part.type, after["sizes"]):
        after["sizes"] = before["sizes"]  # a size of 1 more would tell other dimensions dropped
    if all(one is other for name in names
           for one, other in zip(before[name], after[name], strict=True)):  # fmt: skip
        return False
    refined = _slice_type(part.type, after["sizes"])
    leading = list(operation.operands[: 2 if inserts else 1])
    if inserts and refined != part.type:
        leading[0] = rewriter.value(tensor.cast, part, types=[refined])
    statics = {
        f"static_{name}": i64_array(tensor.index_entries(entries)[1])
        for name, entries in after.items()
    }
    made = rewriter.create(
        operation.definition, *leading, *(_values(after[name]) for name in names),
        types=[refined] if not inserts else [r.type for r in operation.results], **statics,
    )  # fmt: skip
    replace_with_cast(rewriter, operation, made.results)
    return True


def _values(entries: Sequence[Entry]) -> list[Value]:
    return [entry for entry in entries if isinstance(entry, Value)]


for _definition in (tensor.extract_slice, tensor.insert_slice, tensor.parallel_insert_slice):
    _definition.pattern(_static_entries)


@tensor.pad.pattern
def _static_padding(operation: Operation, rewriter: Rewriter) -> bool:
    """Constants among a padding's sizes, and what they and the source say of its type."""
    source, type = operation.operand(0), operation.result.type
    low = tensor.mixed(operation, "low", "static_low")
    high = tensor.mixed(operation, "high", "static_high")
    new_low, new_high = [_known(e) for e in low], [_known(e) for e in high]
    shape = [
        before + size + after
        if dim is None and size is not None
        and isinstance(before, int) and isinstance(after, int)
        else dim
        for dim, before, size, after in zip(
            type.shape, new_low, source.type.shape, new_high, strict=True
        )
    ]  # fmt: skip
    fewer = len(_values(new_low)) + len(_values(new_high)) < len(_values(low)) + len(_values(high))
    if not fewer and tuple(shape) == type.shape:
        return False
    kept = {"nofold": None} if "nofold" in operation.attributes else {}
    made = rewriter.create(
        tensor.pad, source, _values(new_low), _values(new_high),
        types=[type.with_shape(tuple(shape))], regions=_taken_regions(operation),
        static_low=i64_array(tensor.index_entries(new_low)[1]),
        static_high=i64_array(tensor.index_entries(new_high)[1]), **kept,
    )  # fmt: skip
    replace_with_cast(rewriter, operation, made.results)
    return True


@tensor.pad.folds
def _fold_pad(operation: Operation, constants: object) -> list[Any] | None:
    """A padding of nothing."""
    source = operation.operand(0)
    same = source.type == operation.result.type and source.type.is_static
    return [source] if same and "nofold" not in operation.attributes else None


@tensor.pad.pattern
def _pad_nothing(operation: Operation, rewriter: Rewriter) -> bool:
    """A padding by zeros everywhere is the source, under its type."""
    entries = (*operation.get("static_low"), *operation.get("static_high"))
    if any(entries) or "nofold" in operation.attributes:
        return False
    rewriter.replace_by(operation, tensor.cast, operation.operand(0))
    return True


# -- casts that forget, before


def _takes_less(operation: Operation, rewriter: Rewriter) -> bool:
    """An operation whose result's type does not follow from its operand's takes what was cast."""
    source = forgotten(operation.operand(0))
    if source is None:
        return False
    operation.set_operand(0, source)
    return True


for _definition in (tensor.extract_slice, tensor.pad, tensor.reshape, tensor.rank, tensor.gather):
    _definition.pattern(_takes_less)


@tensor.collapse_shape.pattern
def _collapse_of_cast(operation: Operation, rewriter: Rewriter) -> bool:
    """collapse(cast(x)) is cast(collapse(x))."""
    source = forgotten(operation.operand(0))
    if source is None:
        return False
    groups = tensor.reassociation_of(operation)
    shape = []
    for group in groups:
        size: int | None = 1
        for dim in group:
            known = source.type.shape[dim]
            size = None if size is None or known is None else size * known
        shape.append(size)
    made = rewriter.create(
        tensor.collapse_shape, source, types=[source.type.with_shape(tuple(shape))],
        reassociation=operation.attributes["reassociation"],
    )  # fmt: skip
    if not tensor.compatible(made.result.type, operation.result.type):
        rewriter.erase(made)
        return False
    replace_with_cast(rewriter, operation, made.results)
    return True


def _insert_into_cast(operation: Operation, rewriter: Rewriter) -> bool:
    """insert x into cast(y) is a cast of insert x into y; and of cast(x) where x fits the sizes."""
    source, dest = operation.operands[:2]
    part, whole = forgotten(source), forgotten(dest)
    if part is not None and not _part_fits(operation, part.type):
        part = None
    if operation.definition is tensor.parallel_insert_slice:
        whole = None
    if part is None and whole is None:
        return False
    groups = {name: tensor.mixed(operation, name) for name in ("offsets", "sizes", "strides")}
    if part is not None:
        dropped = _dropped(part.type, groups["sizes"])
        known = iter(part.type.shape)
        groups["sizes"] = [
            size if axis in dropped else _or_else(next(known), size)
            for axis, size in enumerate(groups["sizes"])
        ]
    statics = {
        f"static_{name}": i64_array(tensor.index_entries(entries)[1])
        for name, entries in groups.items()
    }
    into = dest if whole is None else whole
    made = rewriter.create(
        operation.definition, source if part is None else part, into,
        *map(_values, groups.values()),
        types=[into.type for _ in operation.results], **statics,
    )  # fmt: skip
    replace_with_cast(rewriter, operation, made.results)
    return True


def _or_else(known: int | None, size: Entry) -> Entry:
    return size if known is None else known


def _part_fits(operation: Operation, type: TensorType) -> bool:
    sizes = tuple(s if isinstance(s, int) else None for s in tensor.mixed(operation, "sizes"))
    try:
        dropped = tensor.dropped_dims(sizes, type.shape)
    except ValueError:
        return False
    kept = [size for axis, size in enumerate(sizes) if axis not in dropped]
    return all(a is None or b is None or a == b for a, b in zip(kept, type.shape, strict=True))


for _definition in (tensor.insert_slice, tensor.parallel_insert_slice):
    _definition.pattern(_insert_into_cast)


@tensor.insert.pattern
def _element_into_cast(operation: Operation, rewriter: Rewriter) -> bool:
    whole = forgotten(operation.operand(1))
    if whole is None:
        return False
    scalar, _, *indices = operation.operands
    made = rewriter.create(tensor.insert, scalar, whole, indices, types=[whole.type])
    replace_with_cast(rewriter, operation, made.results)
    return True


def _structured_of_cast(operation: Operation, rewriter: Rewriter) -> bool:
    """An iteration space over casts is one over what was cast."""
    found = [
        forgotten(value) if isinstance(value.type, TensorType) else None
        for value in operation.operands
    ]
    if all(value is None for value in found):
        return False
    operands = [
        value if cast is None else cast
        for value, cast in zip(operation.operands, found, strict=True)
    ]
    outputs = operands[len(linalg.inputs_of(operation)) :]
    made = Operation(
        operation.name, operands, [value.type for value in outputs][: len(operation.results)],
        operation.attributes, _taken_regions(operation), location=operation.location,
        definition=operation.definition,
    )  # fmt: skip
    rewriter.insert(made)
    replace_with_cast(rewriter, operation, made.results)
    return True


for _definition in (linalg.generic, *linalg.NAMED):
    _definition.pattern(_structured_of_cast)


# -- slices of slices


def _same_place(one: Operation, other: Operation) -> bool:
    return all(
        same_entries(tensor.mixed(one, name), tensor.mixed(other, name))
        for name in ("offsets", "sizes", "strides")
    )


@tensor.extract_slice.pattern
def _what_was_inserted(operation: Operation, rewriter: Rewriter) -> bool:
    """What is cut out where it was just put in."""
    inner = maker(operation.operand(0), "tensor.insert_slice")
    if inner is None or inner.operand(0).type != operation.result.type:
        return False
    if not _same_place(operation, inner):
        return False
    rewriter.replace(operation, inner.operand(0))
    return True


@tensor.insert_slice.pattern
def _insert_for_nothing(operation: Operation, rewriter: Rewriter) -> bool:
    """A part put back where it was cut out, nothing at all, and what is overwritten at once."""
    source, dest = operation.operands[:2]
    part, before = maker(source, "tensor.extract_slice"), maker(dest, "tensor.insert_slice")
    back = part is not None and part.operand(0) is dest and _same_place(operation, part)
    if back or source.type.count == 0:
        rewriter.replace(operation, dest)
        return True
    if before is None or before.operand(0).type != source.type:
        return False
    if not _same_place(operation, before):
        return False
    operation.set_operand(1, before.operand(1))
    return True
