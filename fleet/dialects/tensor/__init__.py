"""`tensor`: making, shaping and taking apart immutable arrays.

`static_offsets`, `static_sizes`, `static_strides` are DenseArrayAttr of i64 where DYNAMIC stands
for the next operand of the variadic of the same name, as in MLIR.
"""

from __future__ import annotations

from fleet.ir.core import Operation, Value
from fleet.ir.definition import FREE, PURE, TERMINATOR, Dialect
from fleet.ir.format import DYNAMIC
from fleet.ir.interfaces import DestinationStyle, View
from fleet.ir.types import Type

TENSOR = Dialect("tensor")

_SLICE = (
    "custom<DynamicIndexList>($offsets, $static_offsets) "
    "custom<DynamicIndexList>($sizes, $static_sizes) "
    "custom<DynamicIndexList>($strides, $static_strides) attr-dict"
)

empty = TENSOR.op(
    "empty",
    "sizes: Index* -> result: Tensor",
    equations="count(sizes) = dynamic(result)",
    traits={PURE, FREE},
    format="`(` $sizes `)` attr-dict `:` type($result)",
)
dim = TENSOR.op(
    "dim",
    "source: Tensor, index: Index -> result: Index",
    traits={PURE, FREE},
    format="attr-dict $source `,` $index `:` type($source)",
    result_name="dim",
)
cast = TENSOR.op(
    "cast",
    "source: Tensor -> dest: Tensor",
    traits={PURE, FREE},
    interfaces=[View()],
    format="$source attr-dict `:` type($source) `to` type($dest)",
    result_name="cast",
)
"""The same array under a type that knows more or less of its shape."""
extract = TENSOR.op(
    "extract",
    "tensor: Tensor, indices: Index* -> result: Any",
    equations="count(indices) = rank(tensor), result = element(tensor)",
    traits={PURE, FREE},
    format="$tensor `[` $indices `]` attr-dict `:` type($tensor)",
    result_name="extracted",
)
insert = TENSOR.op(
    "insert",
    "scalar: Any, dest: Tensor, indices: Index* -> result: Tensor",
    equations="count(indices) = rank(dest), scalar = element(dest), result = dest",
    traits={PURE},
    interfaces=[DestinationStyle("dest")],
    format="$scalar `into` $dest `[` $indices `]` attr-dict `:` type($dest)",
    result_name="inserted",
)
from_elements = TENSOR.op(
    "from_elements",
    "elements: Any* -> result: StaticTensor",
    equations="count(elements) = size(result), elements = element(result)",
    traits={PURE, FREE},
    format="$elements attr-dict `:` type($result)",
    result_name="from_elements",
)
splat = TENSOR.op(
    "splat",
    "input: Scalar, sizes: Index* -> aggregate: Tensor",
    equations="count(sizes) = dynamic(aggregate), input = element(aggregate)",
    traits={PURE, FREE},
    format="$input (`[` $sizes^ `]`)? attr-dict `:` type($aggregate)",
    result_name="splat",
)
generate = TENSOR.op(
    "generate",
    "sizes: Index* -> result: Tensor",
    equations="count(sizes) = dynamic(result)",
    regions=1,
    traits={PURE},
    format="$sizes $body attr-dict `:` type($result)",
    result_name="generated",
)
yield_ = TENSOR.op(
    "yield",
    "value: Any",
    traits={TERMINATOR},
    parents=("tensor.generate", "tensor.pad"),
    format="$value attr-dict `:` type($value)",
)
extract_slice = TENSOR.op(
    "extract_slice",
    "source: Tensor, offsets: Index*, sizes: Index*, strides: Index* -> result: Tensor",
    equations="element(result) = element(source)",
    attributes="static_offsets: I64Array, static_sizes: I64Array, static_strides: I64Array",
    traits={PURE},
    interfaces=[View(part=True)],
    format=f"$source `` {_SLICE} `:` type($source) `to` type($result)",
    result_name="extracted_slice",
)
"""May drop dimensions of size 1 (the result type has a lower rank)."""
insert_slice = TENSOR.op(
    "insert_slice",
    "source: Tensor, dest: Tensor, offsets: Index*, sizes: Index*, strides: Index*"
    " -> result: Tensor",
    equations="result = dest, element(source) = element(dest)",
    attributes="static_offsets: I64Array, static_sizes: I64Array, static_strides: I64Array",
    traits={PURE},
    interfaces=[DestinationStyle("dest", reads="source")],
    format=f"$source `into` $dest `` {_SLICE} `:` type($source) `into` type($dest)",
    result_name="inserted_slice",
)
concat = TENSOR.op(
    "concat",
    "inputs: Tensor* -> result: Tensor",
    equations="element(inputs) = element(result), rank(inputs) = rank(result)",
    attributes="dim: I64",
    traits={PURE},
    format="`dim` `(` $dim `)` $inputs attr-dict `:` functional-type(operands, results)",
    result_name="concat",
)
expand_shape = TENSOR.op(
    "expand_shape",
    "src: Tensor, output_shape: Index* -> result: Tensor",
    equations="element(result) = element(src)",
    attributes="reassociation: Array, static_output_shape: I64Array",
    traits={PURE},
    interfaces=[View()],
    format="$src $reassociation `output_shape` "
    "custom<DynamicIndexList>($output_shape, $static_output_shape) "
    "attr-dict `:` type($src) `into` type($result)",
    result_name="expanded",
)
"""`reassociation`: ArrayAttr of ArrayAttr of i64, source dimension -> result dimensions."""
collapse_shape = TENSOR.op(
    "collapse_shape",
    "src: Tensor -> result: Tensor",
    equations="element(result) = element(src)",
    attributes="reassociation: Array",
    traits={PURE},
    interfaces=[View()],
    format="$src $reassociation attr-dict `:` type($src) `into` type($result)",
    result_name="collapsed",
)
reshape = TENSOR.op(
    "reshape",
    "source: Tensor, shape: Tensor -> result: Tensor",
    equations="element(result) = element(source)",
    traits={PURE},
    interfaces=[View()],
    format="$source `(` $shape `)` attr-dict `:` functional-type(operands, results)",
    result_name="reshape",
)
"""`shape`: a 1-d tensor of index; element counts are equal."""


rank = TENSOR.op(
    "rank",
    "tensor: Tensor -> result: Index",
    traits={PURE},
    format="$tensor attr-dict `:` type($tensor)",
    result_name="rank",
)
bitcast = TENSOR.op(
    "bitcast",
    "source: Tensor -> dest: Tensor",
    traits={PURE},
    format="$source attr-dict `:` type($source) `to` type($dest)",
)
"""The bits read as elements of another type of the same width."""
gather = TENSOR.op(
    "gather",
    "source: Tensor, indices: Tensor -> result: Tensor",
    equations="element(result) = element(source)",
    attributes="gather_dims: I64Array, unique: Unit?",
    traits={PURE},
    format="$source `[` $indices `]` `gather_dims` `(` custom<Numbers>($gather_dims) `)`"
    " custom<Flag>($unique) attr-dict `:` functional-type(operands, results)",
    result_name="gather",
)
"""The last dimension of `indices` holds subscripts of the dimensions `gather_dims`; these are of
size 1 in the result, or dropped."""
scatter = TENSOR.op(
    "scatter",
    "source: Tensor, dest: Tensor, indices: Tensor -> result: Tensor",
    equations="result = dest, element(source) = element(dest)",
    attributes="scatter_dims: I64Array, unique: Unit?",
    traits={PURE},
    format="$source `into` $dest `[` $indices `]` `scatter_dims` `(` custom<Numbers>($scatter_dims)"
    " `)` custom<Flag>($unique) attr-dict `:` functional-type(operands, results)",
    result_name="scatter",
)
"""The other way round; `unique` (needed): no place is written twice."""
pad = TENSOR.op(
    "pad",
    "source: Tensor, low: Index*, high: Index* -> result: Tensor",
    equations="element(result) = element(source), rank(result) = rank(source)",
    attributes="static_low: I64Array, static_high: I64Array, nofold: Unit?",
    regions=1,
    traits={PURE},
    format="$source custom<Flag>($nofold) `low` `` custom<DynamicIndexList>($low, $static_low)"
    " `high` `` custom<DynamicIndexList>($high, $static_high)"
    " $region attr-dict `:` type($source) `to` type($result)",
    result_name="padded",
)
"""The region gives the element at a place outside the source, from the result's subscripts."""
parallel_insert_slice = TENSOR.op(
    "parallel_insert_slice",
    "source: Tensor, dest: Tensor, offsets: Index*, sizes: Index*, strides: Index*",
    equations="element(source) = element(dest)",
    attributes="static_offsets: I64Array, static_sizes: I64Array, static_strides: I64Array",
    parents=("scf.forall.in_parallel",),
    format=f"$source `into` $dest `` {_SLICE} `:` type($source) `into` type($dest)",
)
"""`insert_slice` as what one iteration of `scf.forall` writes."""

_TILES = (
    "(`outer_dims_perm` `=` custom<Numbers>($outer_dims_perm)^)? "
    "`inner_dims_pos` `=` custom<Numbers>($inner_dims_pos) "
    "`inner_tiles` `=` custom<DynamicIndexList>($inner_tiles, $static_inner_tiles) "
    "`into` $dest attr-dict `:` type($source) `->` type($dest)"
)
_TILING = "outer_dims_perm: I64Array?, inner_dims_pos: I64Array, static_inner_tiles: I64Array"
pack = TENSOR.op(
    "pack",
    "source: Tensor, dest: Tensor, padding_value: Scalar?, inner_tiles: Index* -> result: Tensor",
    equations="result = dest, element(source) = element(dest) = padding_value",
    attributes=_TILING,
    traits={PURE},
    interfaces=[DestinationStyle("dest", reads="source")],
    format=f"$source (`padding_value` `(` $padding_value^ `:` type($padding_value) `)`)? {_TILES}",
    result_name="pack",
)
"""Tiles of the dimensions `inner_dims_pos`, which become the last dimensions, in this order; the
others, and how many tiles there are, come first, in the order `outer_dims_perm`. What lies beyond
the source is `padding_value`; without one, nothing does."""
unpack = TENSOR.op(
    "unpack",
    "source: Tensor, dest: Tensor, inner_tiles: Index* -> result: Tensor",
    equations="result = dest, element(source) = element(dest)",
    attributes=_TILING,
    traits={PURE},
    interfaces=[DestinationStyle("dest", reads="source")],
    format=f"$source {_TILES}",
    result_name="unpack",
)
"""The other way round: what `dest` has room for."""


# -- what the operations share


def mixed(operation: Operation, name: str, static: str | None = None) -> list[int | Value]:
    """The entries of `static_<name>`, operands of the variadic `name` where it says DYNAMIC."""
    values = iter(operation.named(name))
    entries = operation.get(static or f"static_{name}")
    return [next(values) if entry == DYNAMIC else entry for entry in entries]


def kept_axes(operation: Operation) -> list[int]:
    """The source axes that an extract_slice (or the dest axes that an insert_slice) keeps.

    Axes of size 1 may be dropped; which ones is read off the two shapes from the left, as in MLIR.
    """
    style = DestinationStyle.of(operation)
    small = operation.results[0].type if style is None else style.inputs(operation)[0].type
    kept: list[int] = []
    for axis, size in enumerate(operation.get("static_sizes") or ()):
        wanted = small.shape[len(kept)] if len(kept) < small.rank else -1
        if wanted == (None if size == DYNAMIC else size) or size != 1:
            kept.append(axis)
    return kept


def reassociation_of(operation: Operation) -> list[list[int]]:
    """`reassociation` as lists of dimensions."""
    return [
        [item.value for item in group.value]
        if hasattr(group.value[0], "value")
        else list(group.value)
        for group in operation.get("reassociation")
    ]


def dropped_dims(full: tuple, reduced: tuple) -> list[int]:
    """Which dimensions of size 1 a rank-reducing slice drops, given its sizes and its type's.

    From left to right, every dimension is kept that can be; raises ValueError if that fails.
    """
    dropped: list[int] = []
    position = 0
    for dim, size in enumerate(full):
        spare = (len(full) - dim) - (len(reduced) - position)
        wanted = reduced[position] if position < len(reduced) else 0
        fits = size == wanted or (None in (size, wanted) and (size != 1 or spare == 0))
        if fits:
            position += 1
        elif size == 1 and spare > 0:
            dropped.append(dim)
        else:
            break
    if len(full) - len(dropped) != len(reduced) or position != len(reduced):
        raise ValueError(f"slice of sizes {full} does not reduce to {reduced}")
    return dropped


def fits_reduced(full: tuple, reduced: tuple) -> bool:
    """Whether `reduced` is `full` without some ones."""
    try:
        dropped_dims(full, reduced)
    except ValueError:
        return False
    return True


# -- types


def compatible(one: Type, other: Type) -> bool:
    """Whether two tensor types may describe the same array."""
    return (
        one.element == other.element
        and one.rank == other.rank
        and all(
            a is None or b is None or a == b for a, b in zip(one.shape, other.shape, strict=True)
        )
    )


def index_entries(values: list[int | Value]) -> tuple[list[Value], list[int]]:
    """Entries as (operands, static attribute): what builders of slices need."""
    dynamic = [value for value in values if isinstance(value, Value)]
    return dynamic, [DYNAMIC if isinstance(value, Value) else value for value in values]
