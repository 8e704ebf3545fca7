"""`linalg`: iteration spaces over tensors. `generic` is the one that fusion works on.

An operation takes inputs (tensors, or scalars that are the same everywhere) and outputs, which
give shape and initial values of the results. Its region computes one point of the iteration space.
Named operations are `generic` with maps that the name implies; their region is built with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.dialects.linalg import named
from fleet.ir.affine import AffineExpr, AffineMap, d
from fleet.ir.attributes import AffineMapAttr, ArrayAttr, Attribute, RawAttr, StringAttr
from fleet.ir.core import Operation, Region
from fleet.ir.definition import PURE, TERMINATOR, Dialect, OpDef
from fleet.ir.format import NotPretty
from fleet.ir.interfaces import PARALLEL, REDUCTION, DestinationStyle, IndexingMaps
from fleet.ir.types import MemRefType, TensorType, Type

LINALG = Dialect("linalg")

ORDER = "fleet.order"
"""An attribute of a generic that sums up, and whose terms must be added in one order."""
PAIRWISE, PAIRWISE_PARTS, SEQUENCE = "pairwise", "pairwise of parts", "sequence"
"""NumPy's orders: of one dimension in blocks of up to 128 terms with eight running sums each, whose
sums are added in pairs; the same of parts of complex numbers, with 64 terms and four sums; of any
dimensions one after the other, the first outermost."""
IN_PAIRS = (PAIRWISE, PAIRWISE_PARTS)
"""Those in which sums are added in pairs."""


class _GivenMaps(IndexingMaps):
    """Maps and iterators are attributes."""

    def maps(self, operation: Operation) -> list[AffineMap]:
        return [item.value for item in operation.get("indexing_maps")]

    def iterators(self, operation: Operation) -> list[str]:
        return [_iterator(item) for item in operation.get("iterator_types")]


class _FillMaps(IndexingMaps):
    """A scalar to every element."""

    def maps(self, operation: Operation) -> list[AffineMap]:
        rank = operation.operand(1).type.rank
        return [AffineMap(rank, ()), AffineMap.identity(rank)]

    def iterators(self, operation: Operation) -> list[str]:
        return [PARALLEL] * operation.operand(1).type.rank


@dataclass(frozen=True)
class Contraction(IndexingMaps):
    """Subscripts of the operands by letters of the iteration space (`mk kn mn` by `mnk`), of which
    the `reduced` ones are summed up."""

    operands: tuple[str, ...]
    space: str
    reduced: str
    contraction = True

    def maps(self, operation: Operation) -> list[AffineMap]:
        space = self.space
        return [AffineMap.of_dims(len(space), [space.index(c) for c in d]) for d in self.operands]

    def iterators(self, operation: Operation) -> list[str]:
        return [REDUCTION if c in self.reduced else PARALLEL for c in self.space]


@dataclass(frozen=True)
class Windows(IndexingMaps):
    """Convolutions and pooling: a row of `named.CONVOLUTIONS`, taken apart."""

    space: str
    operands: tuple[str, ...]

    def maps(self, operation: Operation) -> list[AffineMap]:
        places = [letter for letter in self.space if letter.isupper()]
        strides, dilations = (
            dict(zip(places, window_numbers(operation, name, len(places)), strict=True))
            for name in ("strides", "dilations")
        )

        def at(letter: str, is_input: bool) -> AffineExpr:
            place = d(self.space.index(letter))
            if not is_input or letter.islower():
                return place
            inside = d(self.space.index(letter.lower()))
            return place * strides[letter] + inside * dilations[letter]

        rank = len(self.space)
        maps = [
            AffineMap(rank, tuple(at(letter, number == 0) for letter in letters))
            for number, letters in enumerate(self.operands)
        ]
        return [*maps[:-1], *[AffineMap(rank, ())] * (len(operation.operands) - 3), maps[-1]]

    def iterators(self, operation: Operation) -> list[str]:
        return [PARALLEL if c in self.operands[-1] else REDUCTION for c in self.space]


def window_numbers(operation: Operation, name: str, count: int) -> list[int]:
    """The numbers of an attribute of windows; ones where it is absent."""
    found = operation.get(name)
    return [1] * count if found is None else [int(number) for number in found]


class _PointwiseMaps(IndexingMaps):
    """Every element of the arrays, with scalars."""

    def maps(self, operation: Operation) -> list[AffineMap]:
        inputs, outputs = inputs_of(operation), outputs_of(operation)
        rank = rank_of(outputs[0].type)
        whole, scalar = AffineMap.identity(rank), AffineMap(rank, ())
        shaped = [isinstance(value.type, TensorType) for value in inputs]
        return [*(whole if each else scalar for each in shaped), *[whole] * len(outputs)]

    def iterators(self, operation: Operation) -> list[str]:
        return [PARALLEL] * rank_of(outputs_of(operation)[0].type)


class _ReduceMaps(IndexingMaps):
    """Some dimensions of the inputs are summed up."""

    def maps(self, operation: Operation) -> list[AffineMap]:
        inputs, outputs = inputs_of(operation), outputs_of(operation)
        rank, dropped = rank_of(inputs[0].type), operation.get("dimensions")
        kept = [dim for dim in range(rank) if dim not in dropped]
        whole, less = AffineMap.identity(rank), AffineMap.of_dims(rank, kept)
        return [*[whole] * len(inputs), *[less] * len(outputs)]

    def iterators(self, operation: Operation) -> list[str]:
        dropped = operation.get("dimensions")
        rank = rank_of(inputs_of(operation)[0].type)
        return [REDUCTION if dim in dropped else PARALLEL for dim in range(rank)]


class _TransposeMaps(_PointwiseMaps):
    """Dimensions of the input in another order."""

    def maps(self, operation: Operation) -> list[AffineMap]:
        order = operation.get("permutation")
        rank = len(order)
        read = AffineMap.of_dims(rank, [order.index(dim) for dim in range(rank)])
        return [read, AffineMap.identity(rank)]


class _BroadcastMaps(_PointwiseMaps):
    """The input lacks some dimensions."""

    def maps(self, operation: Operation) -> list[AffineMap]:
        added = operation.get("dimensions")
        rank = rank_of(outputs_of(operation)[0].type)
        read = AffineMap.of_dims(rank, [d for d in range(rank) if d not in added])
        return [read, AffineMap.identity(rank)]


def _iterator(item: object) -> str:
    text = item.value
    return text.removeprefix("#linalg.iterator_type<").removesuffix(">")


generic = LINALG.op(
    "generic",
    "inputs: Any*, outputs: Tensor* -> results: Tensor*",
    attributes="indexing_maps: Maps, iterator_types: Array, doc: String?, library_call: String?",
    regions=1,
    traits={PURE},
    interfaces=[_GivenMaps(), DestinationStyle("outputs", reads="inputs", accumulates=True)],
)
"""indexing_maps: ArrayAttr of AffineMapAttr, inputs then outputs. iterator_types: ArrayAttr of
RawAttr `#linalg.iterator_type<parallel>`. The block takes an element of each input and output."""
yield_ = LINALG.op(
    "yield",
    "values: Any*",
    traits={TERMINATOR},
    format="attr-dict ($values^ `:` type($values))?",
)
index = LINALG.op(
    "index",
    "-> result: Index",
    attributes="dim: I64",
    parents=("linalg.generic", "linalg.map", "linalg.reduce"),
    traits={PURE},
    format="$dim attr-dict `:` type($result)",
)


def _writes(accumulates: bool = True) -> DestinationStyle:
    return DestinationStyle("outputs", reads="inputs", accumulates=accumulates)


def _named(name: str, attributes: str = "", maps: IndexingMaps | None = None) -> OpDef:
    return LINALG.op(
        name,
        "inputs: Any*, outputs: Tensor* -> results: Tensor*",
        attributes=attributes,
        regions=1,
        traits={PURE},
        interfaces=[maps or _PointwiseMaps(), _writes(accumulates=maps is not None)],
    )


CONTRACTIONS: dict[OpDef, tuple[tuple[str, ...], str, str]] = {
    _named(name, "cast: Own?" if name.startswith("matmul") else "", Contraction(*form)): form
    for name, form in named.CONTRACTIONS.items()
}
ELEMENTWISE = [
    *map(_named, ("fill", *named.ELEMENTWISE)),
    _named("copy", "cast: Own?"),
    _named("elemwise_unary", "fun: Own?, cast: Own?"),
    _named("elemwise_binary", "fun: Own?, cast: Own?"),
]
fill = LINALG.ops["fill"].implements(_FillMaps())
matmul = LINALG.ops["matmul"]
matmul_transpose_b = LINALG.ops["matmul_transpose_b"]
batch_matmul = LINALG.ops["batch_matmul"]



def _windows(name: str, row: str) -> OpDef:
    space, *operands = row.split()
    attributes = "strides: Dense?, dilations: Dense?" if "_n" in name else ""
    return _named(name, attributes, Windows(space, tuple(operands)))


CONVOLUTIONS = [
    *(_windows(name, row) for name, row in named.CONVOLUTIONS.items()),
    *(_windows(f"{name}_q", named.CONVOLUTIONS[name]) for name in named.QUANTISED),
]
"""Each output element is what it was, and the window of the first input at its place times the
filter, summed up. The name's letters are the dimensions of both; `_q` takes two zero points."""
POOLING = [
    _windows(f"pooling_{layout}_{function}", row)
    for layout, (row, functions) in named.POOLING.items()
    for function in functions
]
"""Each output element is what it was, and the window of the first input at its place, summed up or
the greatest or least of them; of the second input only the shape counts."""

map_ = LINALG.op("map", "inputs: Tensor*, outputs: Tensor -> results: Tensor*", regions=1,
                 traits={PURE}, result_name="mapped",
                 interfaces=[_PointwiseMaps(), _writes(accumulates=False)])  # fmt: skip
"""The region's function of each element of the inputs; the block takes only these."""
reduce = LINALG.op("reduce", "inputs: Tensor*, outputs: Tensor* -> results: Tensor*", regions=1,
                   attributes="dimensions: I64Array", traits={PURE}, result_name="reduced",
                   even_segments=True, interfaces=[_ReduceMaps(), _writes()])  # fmt: skip
"""Over `dimensions`, which the outputs lack, by the region."""
transpose = LINALG.op("transpose", "inputs: Tensor, outputs: Tensor -> results: Tensor*",
                      regions=1, attributes="permutation: I64Array", traits={PURE},
                      result_name="transposed",
                      interfaces=[_TransposeMaps(), _writes(accumulates=False)])  # fmt: skip
"""Dimension i of the output is dimension permutation[i] of the input."""
broadcast = LINALG.op("broadcast", "inputs: Tensor, outputs: Tensor -> results: Tensor*",
                      regions=1, attributes="dimensions: I64Array", traits={PURE},
                      result_name="broadcasted",
                      interfaces=[_BroadcastMaps(), _writes(accumulates=False)])  # fmt: skip
"""The input lacks `dimensions`, along which it is repeated."""

NAMED: list[OpDef] = [
    *CONTRACTIONS, *ELEMENTWISE, *CONVOLUTIONS, *POOLING, map_, reduce, transpose, broadcast
]  # fmt: skip


def inputs_of(operation: Operation) -> list[Any]:
    found = operation.named("inputs")
    return found if isinstance(found, list) else [found]


def outputs_of(operation: Operation) -> list[Any]:
    found = operation.named("outputs")
    return found if isinstance(found, list) else [found]


def rank_of(type: Type) -> int:
    """How many subscripts an operand takes."""
    return type.rank if isinstance(type, TensorType) else 0


def maps_of(operation: Operation) -> list[AffineMap]:
    """The indexing maps, inputs then outputs, of a generic or named operation."""
    return IndexingMaps.of(operation).maps(operation)


def iterators_of(operation: Operation) -> list[str]:
    """PARALLEL or REDUCTION for each dimension of the iteration space."""
    return IndexingMaps.of(operation).iterators(operation)


def is_contraction(operation: Operation) -> bool:
    """Whether it is a product of matrices of some kind."""
    answer = IndexingMaps.of(operation)
    return answer is not None and answer.contraction


def computes(operation: Operation) -> bool:
    """Whether it is an iteration space in which something is computed (`fill` only says what
    others begin with)."""
    return IndexingMaps.of(operation) is not None and operation.definition is not fill


def iterator_attribute(name: str) -> RawAttr:
    """`#linalg.iterator_type<parallel>`."""
    return RawAttr(f"#linalg.iterator_type<{name}>")


# -- regions of named operations


def _build_body(operation: Operation) -> Region:
    return named.body(operation, _MAKERS[operation.definition](operation), yield_)


_MAKERS = {
    **dict.fromkeys(CONTRACTIONS, named.contraction),
    **dict.fromkeys(ELEMENTWISE, named.elementwise),
    **dict.fromkeys(CONVOLUTIONS, named.convolution),
    **dict.fromkeys(POOLING, named.pooling),
}
"""What makes the body of each that is a name for one."""


def _build_copy(operation: Operation) -> Region:
    return named.body(operation, lambda builder, block: block.arguments[0], yield_)


def _implied_maps(operation: Operation) -> Mapping[str, Attribute]:
    return {"linalg.memoized_indexing_maps": maps_attribute(maps_of(operation))}


def _infer_results(operation: Operation) -> list[Type]:
    return [value.type for value in outputs_of(operation)]


for _definition in (generic, *NAMED):
    _definition.infers(_infer_results)
for _definition in _MAKERS:
    _definition.builds_body(_build_body)
for _definition in (*CONTRACTIONS, *CONVOLUTIONS, *POOLING):
    _definition.implied = _implied_maps
for _definition in (transpose, broadcast):
    _definition.builds_body(_build_copy)


@generic.names_arguments
def _generic_arguments(operation: Operation, region: Region) -> list[str]:
    inputs = len(operation.named("inputs"))
    return ["in"] * inputs + ["out"] * (len(operation.operands) - inputs)


@reduce.names_arguments
def _reduce_arguments(operation: Operation, region: Region) -> list[str]:
    half = len(operation.operands) // 2
    return ["in"] * half + ["init"] * half


@map_.names_arguments
def _map_arguments(operation: Operation, region: Region) -> list[str]:
    return ["in"] * (len(operation.operands) - 1)


# -- text


def print_operands(operation: Operation, printer: Any) -> None:
    for keyword, values in (("ins", inputs_of(operation)), ("outs", outputs_of(operation))):
        if values:
            printer.write(f" {keyword}({printer.values(values)} : {printer.types(values)})")


def parse_operands(parser: Any, state: Any) -> None:
    for keyword, name in (("ins", "inputs"), ("outs", "outputs")):
        state.operands[name] = []
        if parser.accept(keyword):
            parser.expect("(")
            state.operands[name] = parser.operand_list()
            types = []
            if parser.accept(":"):
                place = parser.here()
                types = parser.type_list()
                if any(isinstance(type, MemRefType) for type in types):
                    raise parser.error("linalg works on tensors; memrefs are not supported", place)
            state.set_types(name, types)
            parser.expect(")")


def _print_results(operation: Operation, printer: Any) -> None:
    if len(operation.results) == 1:
        printer.write(f" -> {operation.result.type}")
    elif operation.results:
        printer.write(f" -> ({printer.types(operation.results)})")


def _parse_results(parser: Any, state: Any) -> None:
    state.set_types("results", parser.parenthesised_types() if parser.accept("->") else [])


_TRAIT = ("doc", "indexing_maps", "iterator_types", "library_call")


@generic.prints
def _print_generic(operation: Operation, printer: Any) -> None:
    iterators = ArrayAttr(tuple(map(StringAttr, iterators_of(operation))))
    own = {**operation.attributes, "iterator_types": iterators}
    listed = (f"{n} = {printer.attribute(a)}" for n, a in sorted(own.items()) if n in _TRAIT)
    printer.write(f" {{{', '.join(listed)}}}")
    print_operands(operation, printer)
    printer.attributes(operation, generic.attributes, "attrs = ")
    printer.write(" ")
    printer.region(operation.regions[0])
    _print_results(operation, printer)


@generic.parses
def _parse_generic(parser: Any, state: Any) -> None:
    place = parser.here()
    state.attributes.update(parser.attribute_dict())
    iterators = state.attributes.get("iterator_types")
    if not isinstance(iterators, ArrayAttr):
        raise parser.error("linalg.generic needs iterator_types = [...]", place)
    state.attributes["iterator_types"] = ArrayAttr(
        tuple(
            iterator_attribute(item.value) if isinstance(item, StringAttr) else item
            for item in iterators.value
        )
    )
    parse_operands(parser, state)
    if parser.accept("attrs"):
        parser.expect("=")
        state.attributes.update(parser.attribute_dict())
    state.regions.append(parser.region())
    _parse_results(parser, state)


def _print_named(operation: Operation, printer: Any) -> None:
    if not same_body(operation):
        raise NotPretty("another region than the name implies")
    printer.attributes(operation)
    print_operands(operation, printer)
    _print_results(operation, printer)


def _parse_named(parser: Any, state: Any) -> None:
    state.attributes.update(parser.optional_attribute_dict())
    parse_operands(parser, state)
    _parse_results(parser, state)


for _definition in _MAKERS:
    _definition.prints(_print_named)
    _definition.parses(_parse_named)


def same_body(operation: Operation) -> bool:
    """Whether a named operation's region is the one that its name implies."""
    implied = operation.definition.body(operation)
    same = named.shape(implied) == named.shape(operation.regions[0])
    for inner in implied.block:
        inner.drop_references()
    return same


def maps_attribute(maps: Sequence[AffineMap]) -> ArrayAttr:
    """`indexing_maps` of these maps."""
    return ArrayAttr(tuple(map(AffineMapAttr, maps)))


def iterators_attribute(names: Sequence[str]) -> ArrayAttr:
    """`iterator_types` of these names."""
    return ArrayAttr(tuple(map(iterator_attribute, names)))
