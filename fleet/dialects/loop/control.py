"""`loop.while`, `loop.if`, `loop.exit`: how they read, and what well-formed ones keep to.

    %n = loop.while (%i = %c0) : (index) -> (index) {
      loop.condition(%more) %i : index
    } do {
    ^bb0(%i: index):
      loop.exit if %bad, 3 into %status : memref<4xi64> with (%i : index)
      …
    }

The one idea: they are `scf`'s operations on values of a kernel, so they read as those do.
"""

from __future__ import annotations

from typing import Any

from fleet.dialects import loop
from fleet.dialects.loop.checks import enclosing_strip
from fleet.dialects.while_text import parse_while
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import IntegerAttr
from fleet.ir.core import Operation, Region, Value
from fleet.ir.format import NotPretty
from fleet.ir.types import MemRefType, VectorType, byte_width, i1, i64

# -- text


def _is_bare(region: Region) -> bool:
    last = region.block.last
    return (
        last is not None
        and last.definition is loop.yield_
        and not last.operands
        and not last.attributes
    )


@loop.while_.prints
def _print_while(op: Operation, printer: Any) -> None:
    before, after = (region.block for region in op.regions)
    listed = printer.assignments(before.arguments, op.operands)
    printer.write(f" ({listed}) : {printer.function_type(op.operands, op.results)} ")
    printer.region(op.regions[0], arguments=False)
    printer.write(" do ")
    printer.region(op.regions[1], skip_last=not after.arguments and _is_bare(op.regions[1]))
    printer.attributes(op, keyword="attributes")


@loop.while_.parses
def _parse_while(parser: Any, state: Any) -> None:
    parse_while(parser, state, "(index) -> index", terminator=loop.yield_)


@loop.if_.prints
def _print_if(op: Operation, printer: Any) -> None:
    then, otherwise = op.regions
    printer.write(f" {printer.value(op.operand(0))}")
    if op.results:
        printer.write(f" -> ({printer.types(op.results)})")
    printer.write(" ")
    printer.region(then, skip_last=not op.results and _is_bare(then))
    if otherwise.blocks:
        printer.write(" else ")
        printer.region(otherwise, skip_last=not op.results and _is_bare(otherwise))
    printer.attributes(op)


@loop.if_.parses
def _parse_if(parser: Any, state: Any) -> None:
    state.operands["condition"] = [parser.operand()]
    if parser.accept("->"):
        state.set_types("results", parser.parenthesised_types())
    state.regions.append(parser.region(terminator=loop.yield_))
    if parser.accept("else"):
        state.regions.append(parser.region(terminator=loop.yield_))
    else:
        state.regions.append(parser.empty_region())
    state.attributes.update(parser.optional_attribute_dict())


@loop.exit_.prints
def _print_exit(op: Operation, printer: Any) -> None:
    condition, status, *operands = op.operands
    code = op.attributes["code"]
    if not isinstance(code, IntegerAttr) or code.type != i64:
        raise NotPretty("a code of another type")
    printer.write(f" if {printer.value(condition)}, {code.value} into {printer.value(status)}")
    printer.write(f" : {status.type}")
    if operands:
        printer.write(f" with ({printer.values(operands)} : {printer.types(operands)})")
    printer.attributes(op, ("code",))


@loop.exit_.parses
def _parse_exit(parser: Any, state: Any) -> None:
    parser.expect("if")
    state.operands["condition"] = [parser.operand()]
    parser.expect(",")
    state.attributes["code"] = IntegerAttr(parser.integer())
    parser.expect("into")
    state.operands["status"] = [parser.operand()]
    parser.expect(":")
    state.set_types("status", [parser.type()])
    state.operands["values"] = []
    types: list[Any] = []
    if parser.accept("with"):
        parser.expect("(")
        state.operands["values"] = parser.operand_list()
        parser.expect(":")
        types = [parser.type()]
        while parser.accept(","):
            types.append(parser.type())
        parser.expect(")")
    state.set_types("values", types)
    state.attributes.update(parser.optional_attribute_dict())


@loop.doubt.prints
def _print_doubt(op: Operation, printer: Any) -> None:
    """`%c`, and of a mask its type."""
    condition = op.operand(0)
    printer.write(f" {printer.value(condition)}")
    printer.attributes(op)
    if condition.type != i1:
        printer.write(f" : {condition.type}")


@loop.doubt.parses
def _parse_doubt(parser: Any, state: Any) -> None:
    state.operands["condition"] = [parser.operand()]
    state.attributes.update(parser.optional_attribute_dict())
    state.set_types("condition", [parser.type() if parser.accept(":") else i1])


# -- verification


def _outside_strips(op: Operation) -> None:
    if enclosing_strip(op) is not None:
        raise VerifyError("stands in a vector loop, whose iterations run together")


def _types(values: Any) -> str:
    return ", ".join(str(value.type) for value in values)


def _expect(what: str, given: Any, wanted: Any, at: Operation | None = None) -> None:
    if [v.type for v in given] != [v.type for v in wanted]:
        raise VerifyError(f"{what} ({_types(given)}) where ({_types(wanted)}) is needed", at)


def _end(region: Region, name: str) -> Operation:
    last = region.block.last if len(region.blocks) == 1 else None
    if last is None or last.name != name:
        raise VerifyError(f"needs regions of one block that ends in {name}")
    return last


@loop.while_.verify_with
def _check_while(op: Operation) -> None:
    condition = _end(op.regions[0], "loop.condition")
    if not _is_asked_together(condition.operand(0)):
        _outside_strips(op)
    last = _end(op.regions[1], "loop.yield")
    before, after = (region.block for region in op.regions)
    _expect("has arguments", before.arguments, op.operands)
    _expect("forwards", condition.operands[1:], op.results, condition)
    _expect("has arguments after the condition", after.arguments, op.results)
    _expect("yields", last.operands, op.operands, last)


def _is_asked_together(condition: Value) -> bool:
    """Whether a strip's iterations go on until none of them would."""
    return isinstance(condition.owner, Operation) and condition.owner.definition is loop.any_


@loop.if_.verify_with
def _check_if(op: Operation) -> None:
    for number, region in enumerate(op.regions):
        if number and not region.blocks and not op.results:
            continue
        last = _end(region, "loop.yield")
        if region.block.arguments:
            raise VerifyError("has a branch with arguments")
        _expect("yields", last.operands, op.results, last)


@loop.exit_.verify_with
def _check_exit(op: Operation) -> None:
    _outside_strips(op)
    _, status, *operands = op.operands
    type = status.type
    if not isinstance(type, MemRefType) or type.element != i64 or type.rank != 1:
        raise VerifyError(f"writes to {type}, which is no row of i64")
    if not isinstance(op.get("code"), int) or op.get("code") <= 0:
        raise VerifyError("has a code that is no positive integer")
    if type.shape[0] is None or type.shape[0] <= len(operands):
        raise VerifyError(f"writes {1 + len(operands)} words to {type}")
    for value in operands:
        if isinstance(value.type, VectorType) or byte_width(value.type) > 8:
            raise VerifyError(f"writes down {value.type}, which is no word")


@loop.doubt.verify_with
def _check_doubt(op: Operation) -> None:
    if op.operand(0).type == i1:
        _outside_strips(op)
    elif enclosing_strip(op) is None:
        raise VerifyError("has a mask outside every vector loop")


@loop.leave.verify_with
def _check_leave(op: Operation) -> None:
    if op.parent_op is None or not loop.is_vector_loop(op.parent_op):
        raise VerifyError("stands elsewhere than in a vector loop's body")
