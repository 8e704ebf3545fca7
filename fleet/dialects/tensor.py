"""`tensor`: making, shaping and taking apart immutable arrays.

`static_offsets`, `static_sizes`, `static_strides` are DenseArrayAttr of i64 where DYNAMIC stands
for the next operand of the variadic of the same name, as in MLIR.
"""

from __future__ import annotations

from fleet.ir.core import Operation, Value
from fleet.ir.definition import PURE, TERMINATOR, Dialect
from fleet.ir.format import DYNAMIC
from fleet.ir.types import IndexType, IntegerType, Type, index
from fleet.ir.verifier import VerifyError

TENSOR = Dialect("tensor")

_SLICE = (
    "custom<DynamicIndexList>($offsets, $static_offsets) "
    "custom<DynamicIndexList>($sizes, $static_sizes) "
    "custom<DynamicIndexList>($strides, $static_strides) attr-dict"
)

empty = TENSOR.op(
    "empty",
    "sizes: Index* -> result: Tensor",
    traits={PURE},
    format="`(` $sizes `)` attr-dict `:` type($result)",
)
dim = TENSOR.op(
    "dim",
    "source: Tensor, index: Index -> result: Index",
    traits={PURE},
    format="attr-dict $source `,` $index `:` type($source)",
    result_name="dim",
)
cast = TENSOR.op(
    "cast",
    "source: Tensor -> dest: Tensor",
    traits={PURE},
    format="$source attr-dict `:` type($source) `to` type($dest)",
    result_name="cast",
)
"""The same array under a type that knows more or less of its shape."""
extract = TENSOR.op(
    "extract",
    "tensor: Tensor, indices: Index* -> result: Any",
    traits={PURE},
    format="$tensor `[` $indices `]` attr-dict `:` type($tensor)",
    result_name="extracted",
)
insert = TENSOR.op(
    "insert",
    "scalar: Any, dest: Tensor, indices: Index* -> result: Tensor",
    traits={PURE},
    format="$scalar `into` $dest `[` $indices `]` attr-dict `:` type($dest)",
    result_name="inserted",
)
from_elements = TENSOR.op(
    "from_elements",
    "elements: Any* -> result: Tensor",
    traits={PURE},
    format="$elements attr-dict `:` type($result)",
    result_name="from_elements",
)
splat = TENSOR.op(
    "splat",
    "input: Any, sizes: Index* -> aggregate: Tensor",
    traits={PURE},
    format="$input (`[` $sizes^ `]`)? attr-dict `:` type($aggregate)",
    result_name="splat",
)
generate = TENSOR.op(
    "generate",
    "sizes: Index* -> result: Tensor",
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
    attributes="static_offsets, static_sizes, static_strides",
    traits={PURE},
    format=f"$source `` {_SLICE} `:` type($source) `to` type($result)",
    result_name="extracted_slice",
)
"""May drop dimensions of size 1 (the result type has a lower rank)."""
insert_slice = TENSOR.op(
    "insert_slice",
    "source: Tensor, dest: Tensor, offsets: Index*, sizes: Index*, strides: Index*"
    " -> result: Tensor",
    attributes="static_offsets, static_sizes, static_strides",
    traits={PURE},
    format=f"$source `into` $dest `` {_SLICE} `:` type($source) `into` type($dest)",
    result_name="inserted_slice",
)
concat = TENSOR.op(
    "concat",
    "inputs: Tensor* -> result: Tensor",
    attributes="dim",
    traits={PURE},
    format="`dim` `(` $dim `)` $inputs attr-dict `:` functional-type(operands, results)",
    result_name="concat",
)
expand_shape = TENSOR.op(
    "expand_shape",
    "src: Tensor, output_shape: Index* -> result: Tensor",
    attributes="reassociation, static_output_shape",
    traits={PURE},
    format="$src $reassociation `output_shape` "
    "custom<DynamicIndexList>($output_shape, $static_output_shape) "
    "attr-dict `:` type($src) `into` type($result)",
    result_name="expanded",
)
"""`reassociation`: ArrayAttr of ArrayAttr of i64, source dimension -> result dimensions."""
collapse_shape = TENSOR.op(
    "collapse_shape",
    "src: Tensor -> result: Tensor",
    attributes="reassociation",
    traits={PURE},
    format="$src $reassociation attr-dict `:` type($src) `into` type($result)",
    result_name="collapsed",
)
reshape = TENSOR.op(
    "reshape",
    "source: Tensor, shape: Tensor -> result: Tensor",
    traits={PURE},
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
    attributes="gather_dims, unique?",
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
    attributes="scatter_dims, unique?",
    traits={PURE},
    format="$source `into` $dest `[` $indices `]` `scatter_dims` `(` custom<Numbers>($scatter_dims)"
    " `)` custom<Flag>($unique) attr-dict `:` functional-type(operands, results)",
    result_name="scatter",
)
"""The other way round; `unique` (needed): no place is written twice."""
pad = TENSOR.op(
    "pad",
    "source: Tensor, low: Index*, high: Index* -> result: Tensor",
    attributes="static_low, static_high, nofold?",
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
    attributes="static_offsets, static_sizes, static_strides",
    parents=("scf.forall.in_parallel",),
    format=f"$source `into` $dest `` {_SLICE} `:` type($source) `into` type($dest)",
)
"""`insert_slice` as what one iteration of `scf.forall` writes."""


# -- what the operations share


def mixed(operation: Operation, name: str, static: str | None = None) -> list[int | Value]:
    """The entries of `static_<name>`, operands of the variadic `name` where it says DYNAMIC."""
    values = iter(operation.named(name))
    entries = operation.get(static or f"static_{name}")
    return [next(values) if entry == DYNAMIC else entry for entry in entries]


def reassociation_of(operation: Operation) -> list[list[int]]:
    """`reassociation` as lists of dimensions."""
    return [
        [item.value for item in group.value]
        if hasattr(group.value[0], "value")
        else list(group.value)
        for group in operation.get("reassociation")
    ]


def dropped_dims(full: tuple, reduced: tuple) -> list[int]:
    """Which dimensions of size 1 a rank-reducing slice drops, given its sizes and its type's."""
    dropped: list[int] = []
    position = 0
    for dim, size in enumerate(full):
        left = len(full) - dim
        if (
            left > len(reduced) - position
            and size == 1
            and (
                position == len(reduced)
                or reduced[position] != 1
                or left - 1 >= len(reduced) - position
                and _fits(full[dim + 1 :], reduced[position:])
            )
        ):
            dropped.append(dim)
        else:
            position += 1
    if len(full) - len(dropped) != len(reduced):
        raise ValueError(f"slice of sizes {full} does not reduce to {reduced}")
    return dropped


def _fits(full: tuple, reduced: tuple) -> bool:
    """Whether `reduced` is `full` without some ones."""
    try:
        dropped_dims(full, reduced)
    except ValueError:
        return False
    return True


# -- types


@dim.infers
def _infer_dim(operation: Operation) -> list[Type]:
    return [index]


@extract.infers
def _infer_extract(operation: Operation) -> list[Type]:
    return [operation.operand(0).type.element]


@insert.infers
def _infer_insert(operation: Operation) -> list[Type]:
    return [operation.operand(1).type]


@insert_slice.infers
def _infer_insert_slice(operation: Operation) -> list[Type]:
    return [operation.operand(1).type]


def _dynamic(type: Type) -> int:
    return sum(1 for size in type.shape if size is None)


def _verify_sizes(operation: Operation) -> None:
    sizes, type = operation.named("sizes"), operation.result.type
    if len(sizes) != _dynamic(type):
        raise VerifyError(f"has {len(sizes)} sizes for the dynamic dimensions of {type}")


empty.verify_with(_verify_sizes)


@splat.verify_with
def _verify_splat(operation: Operation) -> None:
    _verify_sizes(operation)
    if operation.operand(0).type != operation.result.type.element:
        raise VerifyError(f"fills {operation.result.type} with {operation.operand(0).type}")


@generate.verify_with
def _verify_generate(operation: Operation) -> None:
    _verify_sizes(operation)
    _verify_filling(operation)


@dim.verify_with
def _verify_dim(operation: Operation) -> None:
    if operation.operand(0).type.rank == 0:
        raise VerifyError("asks for a dimension of a rank-0 tensor")


@cast.verify_with
def _verify_cast(operation: Operation) -> None:
    source, dest = operation.operand(0).type, operation.result.type
    if not compatible(source, dest):
        raise VerifyError(f"cannot cast {source} to {dest}")


def compatible(one: Type, other: Type) -> bool:
    """Whether two tensor types may describe the same array."""
    return (
        one.element == other.element
        and one.rank == other.rank
        and all(
            a is None or b is None or a == b for a, b in zip(one.shape, other.shape, strict=True)
        )
    )


@extract.verify_with
def _verify_extract(operation: Operation) -> None:
    _verify_element(operation, operation.operand(0).type, operation.result.type)


@insert.verify_with
def _verify_insert(operation: Operation) -> None:
    scalar, dest = operation.operands[:2]
    _verify_element(operation, dest.type, scalar.type)
    if operation.result.type != dest.type:
        raise VerifyError(f"inserts into {dest.type} but gives {operation.result.type}")


def _verify_element(operation: Operation, tensor: Type, scalar: Type) -> None:
    if len(operation.named("indices")) != tensor.rank:
        raise VerifyError(f"needs {tensor.rank} indices for {tensor}")
    if scalar != tensor.element:
        raise VerifyError(f"moves a {scalar} to or from {tensor}")


@from_elements.verify_with
def _verify_from_elements(operation: Operation) -> None:
    type = operation.result.type
    if type.count != len(operation.operands):
        raise VerifyError(f"has {len(operation.operands)} elements for {type}")
    for operand in operation.operands:
        if operand.type != type.element:
            raise VerifyError(f"has an element of type {operand.type} for {type}")


def _verify_slice(operation: Operation, whole: Type, part: Type) -> None:
    for name in ("offsets", "sizes", "strides"):
        entries = operation.get(f"static_{name}")
        if not isinstance(entries, tuple) or len(entries) != whole.rank:
            raise VerifyError(f"needs {whole.rank} {name} for {whole}")
        dynamic = sum(1 for entry in entries if entry == DYNAMIC)
        if dynamic != len(operation.named(name)):
            raise VerifyError(f"has {len(operation.named(name))} {name} for {dynamic} dynamic ones")
    if whole.element != part.element:
        raise VerifyError(f"mixes {whole} and {part}")
    sizes = tuple(None if s == DYNAMIC else s for s in operation.get("static_sizes"))
    if part.rank == whole.rank:
        fits = sizes == part.shape
    else:
        fits = part.rank < whole.rank and _fits(sizes, part.shape)
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
    if operation.result.type != dest.type:
        raise VerifyError(f"inserts into {dest.type} but gives {operation.result.type}")


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
    if source.element != result.element or (None not in counts and counts[0] != counts[1]):
        raise VerifyError(f"reshapes {source} to {result}")


@rank.infers
def _infer_rank(operation: Operation) -> list[Type]:
    return [index]


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
    if part.element != whole.element or part.shape not in (full, less):
        raise VerifyError(f"moves {part} to or from {whole} by {indices}")


@gather.verify_with
def _verify_gather(operation: Operation) -> None:
    _verify_indexed(operation, operation.operand(0).type, operation.result.type, "gather_dims")


@scatter.verify_with
def _verify_scatter(operation: Operation) -> None:
    source, dest, _ = operation.operands
    if "unique" not in operation.attributes:
        raise VerifyError("needs `unique`")
    if operation.result.type != dest.type:
        raise VerifyError(f"scatters into {dest.type} but gives {operation.result.type}")
    _verify_indexed(operation, dest.type, source.type, "scatter_dims")


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
    if any(len(listed) != source.rank for listed in entries) or source.rank != type.rank:
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
        same = type.element == result.element and type.rank == result.rank
        if not same or not all(
            a is None or b is None or a == b or dim == axis
            for dim, (a, b) in enumerate(zip(type.shape, result.shape, strict=True))
        ):
            raise VerifyError(f"cannot join {type} into {result} along dimension {axis}")


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
        if size is not None and None not in sizes:
            product = 1
            for factor in sizes:
                product *= factor
            if product != size:
                raise VerifyError(f"groups dimensions {sizes} into one of {size}")


@expand_shape.verify_with
def _verify_expand(operation: Operation) -> None:
    _verify_reassociation(operation, operation.result.type, operation.operand(0).type)
    given = len(operation.named("output_shape"))
    if given != sum(1 for entry in operation.get("static_output_shape") if entry == DYNAMIC):
        raise VerifyError("has another number of sizes than static_output_shape asks for")


@collapse_shape.verify_with
def _verify_collapse(operation: Operation) -> None:
    _verify_reassociation(operation, operation.operand(0).type, operation.result.type)


def index_entries(values: list[int | Value]) -> tuple[list[Value], list[int]]:
    """Entries as (operands, static attribute): what builders of slices need."""
    dynamic = [value for value in values if isinstance(value, Value)]
    return dynamic, [DYNAMIC if isinstance(value, Value) else value for value in values]
