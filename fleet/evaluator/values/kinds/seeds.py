"""What a loop or a recursion carries around before its body has said so: seeds, opened kinds."""

from __future__ import annotations

from dataclasses import replace

from fleet.evaluator.values.extents import (
    Extent,
    Open,
    join_dims,
)
from fleet.evaluator.values.kinds import (
    ExceptionKind,
    Kind,
    TupleKind,
    UnionKind,
    choices_of,
    join_kinds,
    unite,
)
from fleet.evaluator.values.kinds.object_arrays import ObjectsKind
from fleet.evaluator.values.kinds.simple import (
    MixedKind,
    NumberKind,
    NumbersKind,
    TensorKind,
    TextKind,
)
from fleet.evaluator.values.kinds.tables import RowsKind
from fleet.evaluator.values.sizes import Size


def seeded(entry: Kind | None, seed: Kind) -> Kind | None:
    """The kind at a loop's head to begin with: the entry's, as wide as an earlier evaluation's.

    Only what the seed leaves open is taken from it: its lengths are another evaluation's.
    """
    match entry, seed:
        case None, _:
            return None
        case _, UnionKind():
            wide = [seeded(choice, other) or choice for choice in choices_of(entry)
                    for other in [_of_family(choice, seed)]]  # fmt: skip
            return unite([*wide, *map(opened, seed.choices)])
        case TensorKind(), TensorKind() if entry.join(seed) is not None:
            extents = tuple(map(_seeded_extent, entry.extents, seed.extents))
            return replace(entry.join(seed), extents=extents)
        case ObjectsKind(), ObjectsKind() if entry.join(seed) is not None:
            return replace(entry.join(seed), at=seeded(entry.at, seed.at))
        case NumbersKind(), NumbersKind() if entry.kind == seed.kind:
            extent = _seeded_extent(entry.extent, seed.extent)
            fresh = entry.fresh_list and seed.fresh_list
            return NumbersKind(entry.kind, extent, fresh, entry.sites | seed.sites)
        case MixedKind(), MixedKind():
            extent = _seeded_extent(entry.extent, seed.extent)
            return replace(entry.join(seed), extent=extent)
        case RowsKind(), RowsKind():
            return entry.seeded(seed)
        case TextKind(), TextKind() if entry.kind == seed.kind:
            return TextKind(entry.kind, _seeded_extent(entry.extent, seed.extent))
        case NumberKind(), NumberKind() if entry.kind == seed.kind:
            return entry if seed.size is not None else entry.join(seed)
        case TupleKind(), TupleKind() if entry.join(seed) is not None:
            items = [seeded(a, b) for a, b in zip(entry.items, seed.items, strict=True)]
            lost = any(item is None for item in items)
            return None if lost else TupleKind(tuple(items), entry.form)
        case ExceptionKind(), ExceptionKind() if entry.join(seed) is not None:
            return entry.join(seed)
    return join_kinds(entry, opened(seed))


def _of_family(kind: Kind, union: UnionKind) -> Kind:
    """The choice of a union that a kind would join."""
    return next((one for one in union.choices if one.join(kind) is not None), kind)


def _seeded_extent(entry: Extent, seed: Extent) -> Extent:
    if isinstance(seed, Open):
        return join_dims(entry, seed)
    return join_dims(entry, seed) if isinstance(seed, int) and isinstance(entry, int) else entry


def opened(kind: Kind) -> Kind:
    """A kind without the run-time lengths that it speaks of."""
    def length(extent: Extent) -> Extent:
        return Open(extent.least) if isinstance(extent, Size) else extent

    match kind:
        case TensorKind():
            return replace(kind, extents=tuple(map(length, kind.extents)))
        case ObjectsKind():
            return replace(kind, at=opened(kind.at))
        case NumbersKind() | MixedKind():
            return replace(kind, extent=length(kind.extent))
        case RowsKind():
            return kind.widest()
        case TextKind():
            return TextKind(kind.kind, length(kind.extent))
        case NumberKind():
            return NumberKind(kind.kind, kind.least)
        case TupleKind():
            return TupleKind(tuple(map(opened, kind.items)), kind.form)
        case ExceptionKind():
            return replace(kind, parts=opened(kind.parts))
        case UnionKind():
            return UnionKind(tuple(map(opened, kind.choices)))
    return kind
