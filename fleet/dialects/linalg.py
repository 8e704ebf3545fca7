"""`linalg`: iteration spaces over tensors. `generic` is the one that fusion works on.

An operation takes inputs (tensors, or scalars that are the same everywhere) and outputs, which
give shape and initial values of the results. Its region computes one point of the iteration space.
Named operations are `generic` with maps that the name implies; their region is built with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fleet.ir.affine import AffineConst, AffineDim, AffineMap, AffineSymbol, rewrite
from fleet.ir.attributes import AffineMapAttr, ArrayAttr, RawAttr, StringAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region
from fleet.ir.definition import PURE, TERMINATOR, Dialect, OpDef, definition_of
from fleet.ir.format import NotPretty
from fleet.ir.types import ShapedType, Type, element_of, is_float
from fleet.ir.verifier import VerifyError

LINALG = Dialect("linalg")

PARALLEL, REDUCTION = "parallel", "reduction"

generic = LINALG.op(
    "generic",
    "inputs: Any*, outputs: Tensor* -> results: Tensor*",
    attributes="indexing_maps, iterator_types",
    regions=1,
    traits={PURE},
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
    attributes="dim",
    traits={PURE},
    format="$dim attr-dict `:` type($result)",
)


def _named(name: str) -> OpDef:
    return LINALG.op(
        name, "inputs: Any*, outputs: Tensor* -> results: Tensor*", regions=1, traits={PURE}
    )


fill = _named("fill")
matmul = _named("matmul")
matmul_transpose_b = _named("matmul_transpose_b")
batch_matmul = _named("batch_matmul")

NAMED: dict[OpDef, tuple[tuple[str, ...], str]] = {
    matmul: (("mk", "kn", "mn"), "mnk"),
    matmul_transpose_b: (("mk", "nk", "mn"), "mnk"),
    batch_matmul: (("bmk", "bkn", "bmn"), "bmnk"),
}
"""Dimensions of operands, and the iteration space, whose k is reduced."""


def maps_of(operation: Operation) -> list[AffineMap]:
    """The indexing maps, inputs then outputs, of a generic or named operation."""
    if operation.definition is generic:
        return [item.value for item in operation.get("indexing_maps")]
    if operation.definition is fill:
        rank = operation.operand(1).type.rank
        return [AffineMap(rank, ()), AffineMap.identity(rank)]
    operands, space = NAMED[operation.definition]
    return [AffineMap.of_dims(len(space), [space.index(c) for c in dims]) for dims in operands]


def iterators_of(operation: Operation) -> list[str]:
    """PARALLEL or REDUCTION for each dimension of the iteration space."""
    if operation.definition is generic:
        return [_iterator(item) for item in operation.get("iterator_types")]
    if operation.definition is fill:
        return [PARALLEL] * operation.operand(1).type.rank
    return [REDUCTION if c == "k" else PARALLEL for c in NAMED[operation.definition][1]]


def _iterator(item: object) -> str:
    text = item.value
    return text.removeprefix("#linalg.iterator_type<").removesuffix(">")


def iterator_attribute(name: str) -> RawAttr:
    """`#linalg.iterator_type<parallel>`."""
    return RawAttr(f"#linalg.iterator_type<{name}>")


# -- regions of named operations


def _elements(operation: Operation) -> list[Type]:
    return [element_of(value.type) for value in operation.operands]


@fill.builds_body
def _fill_body(operation: Operation) -> Region:
    block = Block(_elements(operation))
    Builder(block).create(yield_, [block.arguments[0]])
    return Region([block])


def _matmul_body(operation: Operation) -> Region:
    block = Block(_elements(operation))
    left, right, sum = block.arguments
    letter = "f" if is_float(sum.type) else "i"
    builder = Builder(block)
    product = builder.value(definition_of(f"arith.mul{letter}"), left, right)
    total = builder.value(definition_of(f"arith.add{letter}"), sum, product)
    builder.create(yield_, [total])
    return Region([block])


def _infer_results(operation: Operation) -> list[Type]:
    return [value.type for value in operation.named("outputs")]


for _definition in (generic, fill, *NAMED):
    _definition.infers(_infer_results)
for _definition in NAMED:
    _definition.builds_body(_matmul_body)


# -- text


def _print_operands(operation: Operation, printer: Any) -> None:
    for keyword, name in (("ins", "inputs"), ("outs", "outputs")):
        values = operation.named(name)
        if values:
            printer.write(f" {keyword}({printer.values(values)} : {printer.types(values)})")


def _parse_operands(parser: Any, state: Any) -> None:
    for keyword, name in (("ins", "inputs"), ("outs", "outputs")):
        state.operands[name] = []
        if parser.accept(keyword):
            parser.expect("(")
            state.operands[name] = parser.operand_list()
            parser.expect(":")
            state.set_types(name, parser.type_list())
            parser.expect(")")


def _print_results(operation: Operation, printer: Any) -> None:
    if len(operation.results) == 1:
        printer.write(f" -> {operation.result.type}")
    elif operation.results:
        printer.write(f" -> ({printer.types(operation.results)})")


def _parse_results(parser: Any, state: Any) -> None:
    state.set_types("results", parser.parenthesised_types() if parser.accept("->") else [])


@generic.prints
def _print_generic(operation: Operation, printer: Any) -> None:
    maps = operation.attributes["indexing_maps"]
    iterators = ArrayAttr(tuple(map(StringAttr, iterators_of(operation))))
    printer.write(
        f" {{indexing_maps = {printer.attribute(maps)},"
        f" iterator_types = {printer.attribute(iterators)}}}"
    )
    _print_operands(operation, printer)
    printer.attributes(operation, generic.attributes, "attrs =")
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
    _parse_operands(parser, state)
    if parser.accept("attrs"):
        parser.expect("=")
        state.attributes.update(parser.attribute_dict())
    state.regions.append(parser.region())
    _parse_results(parser, state)


def _print_named(operation: Operation, printer: Any) -> None:
    if not same_body(operation):
        raise NotPretty("another region than the name implies")
    printer.attributes(operation)
    _print_operands(operation, printer)
    _print_results(operation, printer)


def _parse_named(parser: Any, state: Any) -> None:
    state.attributes.update(parser.optional_attribute_dict())
    _parse_operands(parser, state)
    _parse_results(parser, state)


for _definition in (fill, *NAMED):
    _definition.prints(_print_named)
    _definition.parses(_parse_named)


def same_body(operation: Operation) -> bool:
    """Whether a named operation's region is the one that its name implies."""
    implied = operation.definition.body(operation)
    given = operation.regions[0]
    same = _shape_of(implied) == _shape_of(given)
    for inner in implied.block:
        inner.drop_references()
    return same


def _shape_of(region: Region) -> list[object]:
    """A small region's operations with operands by number: enough to compare named bodies."""
    numbers: dict[object, int] = {}
    listed: list[object] = []
    for argument in region.block.arguments:
        numbers[argument] = len(numbers)
        listed.append(argument.type)
    for inner in region.block:
        operands = [numbers.get(value, -1) for value in inner.operands]
        if inner.name.endswith(("addf", "addi", "mulf", "muli")):
            operands.sort()
        listed.append((inner.name, operands, [result.type for result in inner.results]))
        for result in inner.results:
            numbers[result] = len(numbers)
    return listed


# -- verification


def _verify(operation: Operation) -> None:
    inputs, outputs = operation.named("inputs"), operation.named("outputs")
    operands = [*inputs, *outputs]
    maps, iterators = maps_of(operation), iterators_of(operation)
    if len(maps) != len(operands):
        raise VerifyError(f"has {len(maps)} indexing maps for {len(operands)} operands")
    if [r.type for r in operation.results] != [v.type for v in outputs]:
        raise VerifyError("gives other types than its outputs have")
    sizes: dict[int, int] = {}
    for map, value in zip(maps, operands, strict=True):
        rank = value.type.rank if isinstance(value.type, ShapedType) else 0
        if map.dims != len(iterators):
            raise VerifyError(f"has {len(iterators)} iterators and a map of {map.dims} dimensions")
        if len(map.results) != rank:
            raise VerifyError(f"maps {value.type} with {len(map.results)} subscripts")
        for result, size in zip(map.results, getattr(value.type, "shape", ()), strict=True):
            if isinstance(result, AffineDim) and size is not None:
                if sizes.setdefault(result.position, size) != size:
                    raise VerifyError(
                        f"dimension d{result.position} is {sizes[result.position]} and {size}"
                    )
            else:
                rewrite(result, lambda leaf: _check_leaf(leaf, len(iterators)))
    if any(text not in (PARALLEL, REDUCTION, "window") for text in iterators):
        raise VerifyError(f"has unknown iterator types {iterators}")
    _verify_block(operation, operands, outputs, len(iterators))


def _check_leaf(leaf: Any, rank: int) -> Any:
    if isinstance(leaf, AffineSymbol) or isinstance(leaf, AffineDim) and leaf.position >= rank:
        raise VerifyError(f"has a map that mentions {leaf}")
    return AffineConst(1)


def _verify_block(
    operation: Operation, operands: Sequence[Any], outputs: Sequence[Any], rank: int
) -> None:
    block = operation.regions[0].block
    expected = [element_of(value.type) for value in operands]
    if [argument.type for argument in block.arguments] != expected:
        raise VerifyError("has a block whose arguments are not the operands' elements")
    last = block.last
    if last is None or last.name != "linalg.yield":
        raise VerifyError("needs linalg.yield at the end of its region")
    if [v.type for v in last.operands] != [element_of(v.type) for v in outputs]:
        raise VerifyError("yields other types than its outputs' elements")
    for inner in block:
        if inner.name == "linalg.index" and not 0 <= inner.get("dim") < rank:
            raise VerifyError(f"has a linalg.index of dimension {inner.get('dim')}")


for _definition in (generic, fill, *NAMED):
    _definition.verify_with(_verify)


def maps_attribute(maps: Sequence[AffineMap]) -> ArrayAttr:
    """`indexing_maps` of these maps."""
    return ArrayAttr(tuple(map(AffineMapAttr, maps)))


def iterators_attribute(names: Sequence[str]) -> ArrayAttr:
    """`iterator_types` of these names."""
    return ArrayAttr(tuple(map(iterator_attribute, names)))
