"""`tensor.pack` and `unpack`: arrays cut into tiles, so that a tile lies in one piece.

The one idea: both say the same of a plain and a packed array; a packed one is the plain one with
each tiled dimension split in two, and the dimensions in another order, so all is a reshape and a
transposition.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.dialects import tensor
from fleet.dialects.folding import Folded, constant_like, maker, splat_value
from fleet.dialects.tensor.casts import same_entries
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import Attribute
from fleet.ir.core import Operation
from fleet.ir.format import DYNAMIC, SEGMENTS
from fleet.ir.interfaces import SizesOfDestination
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import Shape

for _definition in (tensor.pack, tensor.unpack):
    _definition.implements(SizesOfDestination())


def order_of(operation: Operation) -> list[int]:
    """Which dimension of the plain array each of the outer ones is."""
    rank = _plain(operation).rank
    return list(operation.get("outer_dims_perm") or range(rank))


def _plain(operation: Operation) -> Any:
    """The type of the array that is not packed."""
    return operation.operand(operation.definition is tensor.unpack).type


def _packed(operation: Operation) -> Any:
    return operation.operand(operation.definition is tensor.pack).type


# -- verification


@tensor.pack.verify_with
@tensor.unpack.verify_with
def _verify_tiles(operation: Operation) -> None:
    """Dimensions that there are, each once, positive tiles, and the shape that follows."""
    plain, packed = _plain(operation), _packed(operation)
    places, tiles = operation.get("inner_dims_pos"), operation.get("static_inner_tiles")
    if len(places) != len(tiles) or tiles.count(DYNAMIC) != len(operation.named("inner_tiles")):
        raise VerifyError("has another number of tiles than of tiled dimensions")
    if len(set(places)) != len(places) or not all(0 <= place < plain.rank for place in places):
        raise VerifyError(f"tiles dimensions {list(places)} of {plain}")
    if sorted(order_of(operation)) != list(range(plain.rank)):
        raise VerifyError(f"has an order of other dimensions than {plain} has")
    if any(tile <= 0 and tile != DYNAMIC for tile in tiles):
        raise VerifyError("has a tile that is not positive")
    known = [None if tile == DYNAMIC else tile for tile in tiles]
    if packed.rank != plain.rank + len(tiles):
        raise VerifyError(f"packs {plain} to {packed}")
    for tile, size in zip(known, packed.shape[plain.rank :], strict=True):
        if tile != size:
            raise VerifyError(f"has tiles {known}, but {packed}")
    padded = operation.definition is tensor.unpack or operation.named("padding_value") is not None
    expected = _outer_shape(operation, plain.shape, dict(zip(places, known, strict=True)), padded)
    for size, given in zip(expected, packed.shape, strict=False):
        if None not in (size, given) and (size > given or (size != given and not padded)):
            raise VerifyError(f"packs {plain} to {packed}, where {size} tiles are needed")


def _outer_shape(
    operation: Operation, shape: Shape, tiles: dict[int, int | None], padded: bool
) -> list[int | None]:
    """How many tiles there are of each dimension, as they are ordered. Raises VerifyError."""
    counts: list[int | None] = []
    for axis in order_of(operation):
        size, tile = shape[axis], tiles.get(axis, 1)
        if size is None or tile is None:
            counts.append(None)
            continue
        if size % tile and not padded:
            raise VerifyError(f"cuts {size} elements into tiles of {tile}, and has no padding")
        counts.append(-(-size // tile))
    return counts


# -- execution


def _numbers(operation: Operation, dynamic: Sequence[int]) -> dict[int, int]:
    """The tile of each tiled dimension."""
    given = iter(dynamic)
    tiles = [next(given) if t == DYNAMIC else t for t in operation.get("static_inner_tiles")]
    if any(tile <= 0 for tile in tiles):
        raise ValueError(f"has tiles {tiles}")
    return dict(zip(operation.get("inner_dims_pos"), tiles, strict=True))


def _split_axes(rank: int, tiles: dict[int, int], order: list[int]) -> list[int]:
    """Where in the plain array with its tiled dimensions split the packed one's dimensions are."""
    place, outer, inner = 0, {}, {}
    for axis in range(rank):
        outer[axis], place = place, place + 1
        if axis in tiles:
            inner[axis], place = place, place + 1
    return [*(outer[axis] for axis in order), *(inner[axis] for axis in tiles)]


@tensor.pack.executes
def _pack(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, dest, *rest = arguments
    padding = rest.pop(0) if operation.named("padding_value") is not None else None
    tiles = _numbers(operation, rest)
    outer = dict(zip(order_of(operation), dest.shape, strict=False))
    short = [outer[axis] * tiles.get(axis, 1) - size for axis, size in enumerate(array.shape)]
    if min(short, default=0) < 0 or (any(short) and padding is None):
        raise ValueError(f"packs an array of shape {array.shape} to one of {dest.shape}")
    fill = array.dtype.type(0 if padding is None else padding)
    whole = np.pad(array, [(0, count) for count in short], constant_values=fill)
    split = [
        part
        for axis, size in enumerate(whole.shape)
        for part in ((size // tiles[axis], tiles[axis]) if axis in tiles else (size,))
    ]
    axes = _split_axes(array.ndim, tiles, order_of(operation))
    return [_of_shape(whole.reshape(split).transpose(axes), dest.shape)]


@tensor.unpack.executes
def _unpack(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, dest, *rest = arguments
    tiles = _numbers(operation, rest)
    rank = dest.ndim
    axes = _split_axes(rank, tiles, order_of(operation))
    split = array.transpose(np.argsort(axes))
    sizes = iter(split.shape)
    whole = split.reshape(
        [next(sizes) * (next(sizes) if axis in tiles else 1) for axis in range(rank)]
    )
    for axis, (have, want) in enumerate(zip(whole.shape, dest.shape, strict=True)):
        if not want <= have < want + tiles.get(axis, 1):
            raise ValueError(f"has {have} elements of dimension {axis} for {want}")
    return [np.ascontiguousarray(whole[tuple(map(slice, dest.shape))])]


def _of_shape(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if array.shape != shape:
        raise ValueError(f"gives the shape {array.shape}, not {shape}")
    return np.ascontiguousarray(array)


# -- simplifications


def _same_tiling(one: Operation, other: Operation) -> bool:
    """Whether both cut the same dimensions into the same tiles in the same order."""
    tiles = [tensor.mixed(op, "inner_tiles", "static_inner_tiles") for op in (one, other)]
    places = [op.get("inner_dims_pos") for op in (one, other)]
    return places[0] == places[1] and order_of(one) == order_of(other) and same_entries(*tiles)


def _fold(operation: Operation, constants: Sequence[Attribute | None]) -> Folded:
    """Of one number everywhere, that; packed and unpacked again, or the other way round."""
    source, type = operation.operand(0), operation.result.type
    number = splat_value(constants[0])
    packs = operation.definition is tensor.pack
    if number is not None:
        padding = operation.named("padding_value") if packs else None
        if padding is None or repr(splat_value(constants[2])) == repr(number):
            whole = constant_like(type, number)
            return None if whole is None else [whole]
    inner = maker(source, "tensor.unpack" if packs else "tensor.pack")
    if inner is None or inner.operand(0).type != type or not type.is_static:
        return None
    padded = operation if packs else inner
    if padded.named("padding_value") is None and _same_tiling(operation, inner):
        return [inner.operand(0)]
    return None


for _definition in (tensor.pack, tensor.unpack):
    _definition.folds(_fold)


@tensor.pack.pattern
def _no_padding(operation: Operation, rewriter: Rewriter) -> bool:
    """A padding that is nowhere needed is none."""
    plain = operation.operand(0).type
    tiles = dict(
        zip(operation.get("inner_dims_pos"), operation.get("static_inner_tiles"), strict=True)
    )
    if operation.named("padding_value") is None or DYNAMIC in tiles.values():
        return False
    if any(plain.shape[axis] is None or plain.shape[axis] % tile for axis, tile in tiles.items()):
        return False
    kept = {name: attr for name, attr in operation.attributes.items() if name != SEGMENTS}
    rewriter.replace_by(operation, tensor.pack, *operation.operands[:2], None, [], **kept)
    return True


@tensor.unpack.pattern
def _only_its_shape(operation: Operation, rewriter: Rewriter) -> bool:
    """Of what it unpacks into only the shape counts, that of what it is made in place of."""
    made = maker(operation.operand(1), "linalg.fill", "tensor.insert_slice", "tensor.insert")
    if made is None:
        return False
    operation.set_operand(1, made.operand(1))
    return True
