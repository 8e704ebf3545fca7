"""`builtin`: the module, and casts between types that conversion has not met yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import StringAttr
from fleet.ir.core import Operation
from fleet.ir.definition import (
    GRAPH,
    ISOLATED,
    NO_TERMINATOR,
    PURE,
    SYMBOL,
    SYMBOL_TABLE,
    Dialect,
)

BUILTIN = Dialect("builtin")

module = BUILTIN.op(
    "module",
    "",
    regions=1,
    attributes="sym_name: String?, sym_visibility: String?",
    traits={GRAPH, ISOLATED, NO_TERMINATOR, SYMBOL, SYMBOL_TABLE},
)
unrealized_conversion_cast = BUILTIN.op(
    "unrealized_conversion_cast",
    "inputs: Any* -> outputs: Any*",
    traits={PURE},
    format="($inputs^ `:` type($inputs))? `to` type($outputs) attr-dict",
)


@module.verify_with
def _verify_module(operation: Operation) -> None:
    if any(block.arguments for block in operation.regions[0].blocks):
        raise VerifyError("has a block with arguments, which nobody gives")


@module.prints
def _print_module(operation: Operation, printer: Any) -> None:
    """`module @name attributes {…} { … }`."""
    name = operation.get("sym_name")
    if name is not None:
        printer.write(f" {printer.symbol(name)}")
    printer.attributes(operation, ("sym_name",), "attributes")
    printer.write(" ")
    printer.region(operation.regions[0])


@module.parses
def _parse_module(parser: Any, state: Any) -> None:
    if parser.peek("@"):
        state.attributes["sym_name"] = StringAttr(parser.symbol_name())
    if parser.accept("attributes"):
        state.attributes.update(parser.attribute_dict())
    state.regions.append(parser.region(terminated=False))


@unrealized_conversion_cast.executes
def _execute_cast(
    interpreter: Any, operation: Operation, arguments: Sequence[Any]
) -> Sequence[Any]:
    if len(arguments) != len(operation.results):
        raise NotImplementedError("conversion between different numbers of values")
    return arguments


@unrealized_conversion_cast.folds
def _fold_cast(operation: Operation, constants: object) -> list[Any] | None:
    """A cast to the same types, or there and back again."""
    sources = operation.operands
    if [value.type for value in sources] == [result.type for result in operation.results]:
        return list(sources)
    maker = getattr(sources[0], "operation", None) if sources else None
    if (
        maker is not None
        and maker.name == operation.name
        and tuple(maker.results) == sources
        and [v.type for v in maker.operands] == [result.type for result in operation.results]
    ):
        return list(maker.operands)
    return None
