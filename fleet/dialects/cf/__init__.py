"""`cf`: branches between the blocks of a region, with values for the blocks' arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import DenseArrayAttr, DenseAttr, IntegerAttr, i32_array
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import TERMINATOR, Dialect
from fleet.ir.format import NotPretty
from fleet.ir.number_formats import integer_width
from fleet.ir.types import IntegerType, VectorType, storage_dtype

CF = Dialect("cf")

assert_ = CF.op(
    "assert",
    "arg: I1",
    attributes="msg: String",
    format="$arg `,` $msg attr-dict",
)
"""Ends the program with the message `msg` where the operand is false."""
br = CF.op("br", "destOperands: Any*", successors=True, traits={TERMINATOR})
cond_br = CF.op(
    "cond_br",
    "condition: I1, trueDestOperands: Any*, falseDestOperands: Any*",
    successors=True,
    traits={TERMINATOR},
)
switch = CF.op(
    "switch",
    "flag: FixedInteger, defaultOperands: Any*, caseOperands: Any*",
    attributes="case_values: Dense?, case_operand_segments: I32Array",
    successors=True,
    traits={TERMINATOR},
)
"""`case_values`: a DenseAttr of the flag's type; `case_operand_segments`: how many operands each of
the cases' blocks takes. The first successor is the default."""


# -- where they go, and with what


@br.passes
def _br_passes(operation: Operation) -> list[Sequence[Value]]:
    return [operation.operands]


@br.branches
def _br_branch(operation: Operation, arguments: Sequence[Any]) -> int:
    return 0


@cond_br.passes
def _cond_passes(operation: Operation) -> list[Sequence[Value]]:
    return operation.definition.segments(operation)[1:]


@cond_br.branches
def _cond_branch(operation: Operation, arguments: Sequence[Any]) -> int:
    return 0 if arguments[0] else 1


@switch.passes
def _switch_passes(operation: Operation) -> list[Sequence[Value]]:
    _, default, rest = operation.definition.segments(operation)
    groups: list[Sequence[Value]] = [default]
    start = 0
    for size in operation.get("case_operand_segments"):
        groups.append(rest[start : start + size])
        start += size
    return groups


def case_values(operation: Operation) -> list[int]:
    """The numbers of a switch's cases."""
    found = operation.get("case_values")
    return [] if found is None else [int(number) for number in found.reshape(-1)]


@switch.branches
def _switch_branch(operation: Operation, arguments: Sequence[Any]) -> int:
    cases = case_values(operation)
    flag = int(arguments[0])
    return 1 + cases.index(flag) if flag in cases else 0


@assert_.executes
def _execute_assert(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    if not arguments[0]:
        raise FleetError(f"assertion failed: {operation.get('msg')}", operation.location)
    return []


# -- verification


@assert_.verify_with
def _verify_assert(operation: Operation) -> None:
    if not isinstance(operation.get("msg"), str):
        raise VerifyError("needs a message")


@switch.verify_with
def _verify_switch(operation: Operation) -> None:
    sizes = operation.attributes["case_operand_segments"]
    values = operation.attributes.get("case_values")
    if not isinstance(sizes, DenseArrayAttr):
        raise VerifyError("needs the numbers of its cases' operands")
    cases = 0 if values is None else len(case_values(operation))
    if len(sizes.value) != cases:
        raise VerifyError(f"has {cases} values for {len(sizes.value)} cases")
    if values is not None:
        flag = operation.operand(0).type
        if not isinstance(values, DenseAttr) or values.type.element != flag:
            raise VerifyError(f"needs case values of the flag's type {flag}")


# -- text


def _destination(block: Block, values: Sequence[Value], printer: Any) -> str:
    listed = f"({printer.values(values)} : {printer.types(values)})" if values else ""
    return f"{printer.successor(block)}{listed}"


def _parse_destination(parser: Any, state: Any) -> tuple[list[Any], list[Any]]:
    """`^bb1(%a : i32)`: the operands and their types."""
    state.successors.append(parser.successor_block())
    operands, types = [], []
    if parser.accept("("):
        operands = parser.operand_list()
        parser.expect(":")
        types = parser.type_list()
        parser.expect(")")
        if len(operands) != len(types):
            raise parser.error(f"{len(operands)} operands but {len(types)} types")
    return operands, types


def _parse_destinations(parser: Any, state: Any, *names: str) -> None:
    for number, name in enumerate(names):
        if number:
            parser.expect(",")
        operands, types = _parse_destination(parser, state)
        state.operands[name] = operands
        state.set_types(name, types)


@br.prints
def _print_br(operation: Operation, printer: Any) -> None:
    (block,) = operation.successors
    printer.write(f" {_destination(block, operation.operands, printer)}")
    printer.attributes(operation)


@br.parses
def _parse_br(parser: Any, state: Any) -> None:
    _parse_destinations(parser, state, "destOperands")
    state.attributes.update(parser.optional_attribute_dict())


@cond_br.prints
def _print_cond(operation: Operation, printer: Any) -> None:
    pairs = zip(operation.successors, _cond_passes(operation), strict=True)
    listed = ", ".join(_destination(block, values, printer) for block, values in pairs)
    printer.write(f" {printer.value(operation.operand(0))}, {listed}")
    printer.attributes(operation)


@cond_br.parses
def _parse_cond(parser: Any, state: Any) -> None:
    state.operands["condition"] = [parser.operand()]
    parser.expect(",")
    _parse_destinations(parser, state, "trueDestOperands", "falseDestOperands")
    state.attributes.update(parser.optional_attribute_dict())


@switch.prints
def _print_switch(operation: Operation, printer: Any) -> None:
    """One case a line, its number unsigned."""
    flag, cases = operation.operand(0), case_values(operation)
    default, *others = [
        _destination(block, values, printer)
        for block, values in zip(operation.successors, _switch_passes(operation), strict=True)
    ]
    if len(others) != len(cases):
        raise NotPretty("another number of cases than of values")
    start = f"\n{printer.indent}"
    printer.write(f" {printer.value(flag)} : {flag.type}, [{start}  default: {default}")
    mask = (1 << integer_width(flag.type)) - 1
    for number, text in zip(cases, others, strict=True):
        printer.write(f",{start}  {number & mask}: {text}")
    printer.write(f"{start}]" if cases else "]")
    printer.attributes(operation, switch.attributes)


@switch.parses
def _parse_switch(parser: Any, state: Any) -> None:
    state.operands["flag"] = [parser.operand()]
    parser.expect(":")
    place = parser.here()
    type = parser.type()
    if not isinstance(type, IntegerType):
        raise parser.error(f"a switch is over an integer, not {type}", place)
    state.set_types("flag", [type])
    parser.expect(",")
    parser.expect("[")
    parser.expect("default")
    parser.expect(":")
    _parse_destinations(parser, state, "defaultOperands")
    numbers, sizes, operands, types = [], [], [], []
    while parser.accept(","):
        place = parser.here()
        number = parser.attribute_of(type)
        if not isinstance(number, IntegerAttr):
            raise parser.error("expected the number of a case", place)
        numbers.append(number.value)
        parser.expect(":")
        more, their_types = _parse_destination(parser, state)
        sizes.append(len(more))
        operands += more
        types += their_types
    parser.expect("]")
    state.operands["caseOperands"] = operands
    state.set_types("caseOperands", types)
    state.attributes["case_operand_segments"] = i32_array(*sizes)
    if numbers:
        values = np.array(numbers, storage_dtype(type))
        state.attributes["case_values"] = DenseAttr(values, VectorType((len(numbers),), type))
    state.attributes.update(parser.optional_attribute_dict())
