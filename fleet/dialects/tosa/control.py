"""`tosa.cond_if` and `tosa.while_loop`: their text, what must hold of them, and what they do.

They read as `scf.if` and `scf.while` do, of tensors; the text of a `cond_if` has no room for values
that it passes to its regions.
"""

from __future__ import annotations

from typing import Any

from fleet.dialects import tosa
from fleet.dialects.while_text import parse_while
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.core import Operation
from fleet.ir.format import NotPretty
from fleet.ir.types import TensorType, element_of, i1

# -- text


@tosa.cond_if.prints
def _print_if(operation: Operation, printer: Any) -> None:
    condition, *inputs = operation.operands
    if inputs or condition.type.rank != 0:
        raise NotPretty("passes values to its regions")
    printer.write(f" {printer.value(condition)}")
    if operation.results:
        printer.write(f" -> ({printer.types(operation.results)})")
    for word, region in zip((" ", " else "), operation.regions, strict=True):
        printer.write(word)
        printer.region(region)
    printer.attributes(operation)


@tosa.cond_if.parses
def _parse_if(parser: Any, state: Any) -> None:
    state.operands["cond"] = [parser.operand()]
    state.operands["inputs"] = []
    state.set_types("cond", [TensorType((), i1)])
    state.set_types("output", parser.parenthesised_types() if parser.accept("->") else [])
    state.regions.append(parser.region(terminator=tosa.yield_))
    parser.expect("else")
    state.regions.append(parser.region(terminator=tosa.yield_))
    state.attributes.update(parser.optional_attribute_dict())


@tosa.while_loop.prints
def _print_while(operation: Operation, printer: Any) -> None:
    first = operation.regions[0].block.arguments
    printer.write(f" ({printer.assignments(first, operation.operands)})")
    printer.write(f" : {printer.function_type(operation.operands, operation.results)} ")
    printer.region(operation.regions[0], arguments=False)
    printer.write(" do ")
    printer.region(operation.regions[1])
    printer.attributes(operation, keyword="attributes")


@tosa.while_loop.parses
def _parse_while(parser: Any, state: Any) -> None:
    parse_while(
        parser, state, "(tensor<f32>) -> tensor<f32>", inputs="inputs", outputs="output"
    )



# -- verification


@tosa.cond_if.verify_with
@tosa.while_loop.verify_with
def _verify_regions(operation: Operation) -> None:
    """Regions of one block that end in tosa.yield; the loop's first yields one i1."""
    for region in operation.regions:
        last = region.blocks[0].last if len(region.blocks) == 1 else None
        if last is None or last.definition is not tosa.yield_:
            raise VerifyError("needs regions of one block that end in tosa.yield")
    if operation.definition is tosa.while_loop:
        asked = operation.regions[0].block.terminator
        if len(asked.operands) != 1 or element_of(asked.operand(0).type) != i1:
            raise VerifyError("needs a first region that yields one tensor of i1", asked)


# -- execution


@tosa.cond_if.executes
def _execute_if(interpreter: Any, operation: Operation, arguments: Any) -> Any:
    condition, *inputs = arguments
    return interpreter.region(operation.regions[0 if condition.item() else 1], inputs)[1]


@tosa.while_loop.executes
def _execute_while(interpreter: Any, operation: Operation, arguments: Any) -> Any:
    carried = list(arguments)
    while interpreter.region(operation.regions[0], carried)[1][0].item():
        _, carried = interpreter.region(operation.regions[1], carried)
    return carried
