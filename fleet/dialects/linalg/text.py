"""How `linalg.map`, `reduce`, `transpose` and `broadcast` read.

    %r = linalg.reduce { arith.addf } ins(%a : …) outs(%b : …) dimensions = [1]

A region of one operation on the block's arguments is written as that operation, before the
operands; any other after them, its arguments in parentheses.
"""

from __future__ import annotations

from typing import Any

from fleet.dialects import linalg
from fleet.dialects.linalg import (
    broadcast,
    map_,
    reduce,
    same_body,
    transpose,
)
from fleet.dialects.linalg.named import element
from fleet.ir.attributes import i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import definition_of
from fleet.ir.format import NotPretty
from fleet.ir.types import TensorType, Type


def _payload_operands(operation: Operation) -> list[Value]:
    """The block's arguments as the short form has them: of a reduction the totals come first."""
    arguments = operation.regions[0].block.arguments
    if operation.definition is not reduce:
        return arguments
    half = len(arguments) // 2
    return [*arguments[half:], *arguments[:half]]


def _short(operation: Operation) -> Operation | None:
    """The only operation of a region, if it takes the block's arguments and is what is yielded."""
    block = operation.regions[0].block
    if len(block) != 2 or block.first.regions or not block.arguments:
        return None
    only, last = block
    plain = list(only.operands) == _payload_operands(operation)
    return only if plain and list(last.operands) == list(only.results) else None


def _print(operation: Operation, printer: Any, dimensions: str) -> None:
    short = _short(operation)
    if short is not None:
        printer.write(f" {{ {short.name}")
        printer.attributes(short)
        printer.write(" }")
    linalg.print_operands(operation, printer)
    if dimensions:
        _print_numbers(operation, printer, dimensions)
    printer.attributes(operation, operation.definition.attributes)
    if short is None:
        outer, region = printer.indent, operation.regions[0]
        printer.indent = outer + "  "
        listed = ", ".join(f"{printer.value(a)}: {a.type}" for a in region.block.arguments)
        printer.write(f"\n{printer.indent}({listed}) ")
        printer.region(region, arguments=False)
        printer.indent = outer


def _print_numbers(operation: Operation, printer: Any, name: str) -> None:
    printer.write(f" {name} = [{', '.join(map(str, operation.get(name)))}] ")


@map_.prints
def _print_map(operation: Operation, printer: Any) -> None:
    _print(operation, printer, "")


@reduce.prints
def _print_reduce(operation: Operation, printer: Any) -> None:
    _print(operation, printer, "dimensions")


def _print_plain(operation: Operation, printer: Any) -> None:
    if not same_body(operation):
        raise NotPretty("another region than the name implies")
    (name,) = operation.definition.attributes
    linalg.print_operands(operation, printer)
    _print_numbers(operation, printer, name)
    printer.attributes(operation, (name,))


transpose.prints(_print_plain)
broadcast.prints(_print_plain)


def _results(state: Any) -> None:
    """The outputs' types are the results'."""
    outputs = state.types.get("outputs", ())
    state.set_types("results", [type for type in outputs if isinstance(type, TensorType)])


def _parse_numbers(parser: Any, state: Any, name: str) -> None:
    parser.expect(name)
    parser.expect("=")
    state.attributes[name] = i64_array(parser.bracketed(parser.integer))


def _parse_plain(parser: Any, state: Any) -> None:
    linalg.parse_operands(parser, state)
    (name,) = state.definition.attributes
    _parse_numbers(parser, state, name)
    _results(state)
    state.attributes.update(parser.optional_attribute_dict())


transpose.parses(_parse_plain)
broadcast.parses(_parse_plain)


def _parse(parser: Any, state: Any) -> None:
    payload = None
    if parser.accept("{"):
        place = parser.here()
        payload = (parser.keyword(), parser.optional_attribute_dict(), place)
        parser.expect("}")
    linalg.parse_operands(parser, state)
    if state.definition is reduce:
        _parse_numbers(parser, state, "dimensions")
    _results(state)
    state.attributes.update(parser.optional_attribute_dict())
    if payload is not None:
        state.regions.append(_payload_region(parser, state, *payload))
        return
    names, types = [], []
    parser.expect("(")
    while not parser.accept(")"):
        if names:
            parser.expect(",")
        names.append(parser.operand())
        parser.expect(":")
        types.append(parser.type())
    state.regions.append(parser.region(parser.pair(names, types)))


map_.parses(_parse)
reduce.parses(_parse)


def _payload_region(
    parser: Any, state: Any, name: str, attributes: dict[str, Any], place: int
) -> Region:
    """The region that the short form stands for."""
    definition = definition_of(name)
    if definition is None:
        raise parser.error(f"there is no operation {name!r}", place)
    ins, outs = (
        [element(type) for type in state.types.get(slot, ())] for slot in ("inputs", "outputs")
    )
    totals: list[Type] = outs if state.definition is reduce else []
    block = Block([*ins, *totals])
    given = [*block.arguments[len(ins) :], *block.arguments[: len(ins)]]
    try:
        made = Builder(block, location=parser.location(place)).create(
            definition, *given, types=outs, **attributes
        )
    except (TypeError, ValueError) as error:
        raise parser.error(f"{name} cannot stand here: {error}", place) from error
    Builder(block).create(linalg.yield_, made.results)
    return Region([block])

