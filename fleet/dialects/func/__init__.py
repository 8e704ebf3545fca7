"""`func`: functions, calls, returns. A function without a body declares an external one.

Attributes of `func.func` beyond MLIR's: `kernel` (unit) marks a function that runs on the device;
`service` (string) and `kinds` (array of strings) mark a declared host service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import DictAttr, StringAttr, TypeAttr
from fleet.ir.core import Operation
from fleet.ir.definition import CONSTANT, ISOLATED, PURE, SYMBOL, TERMINATOR, Dialect
from fleet.ir.format import NotPretty
from fleet.ir.interfaces import CallableLike, CallLike
from fleet.ir.types import FunctionType

FUNC = Dialect("func")

func = FUNC.op(
    "func",
    "",
    regions=1,
    attributes="sym_name: String, function_type: FunctionType, sym_visibility: String?, "
    "arg_attrs: Array?, res_attrs: Array?",
    traits={ISOLATED, SYMBOL},
    interfaces=[CallableLike(keeps=("kernel", "service"))],
)
call = FUNC.op(
    "call",
    "operands: Any* -> results: Any*",
    attributes="callee: Symbol",
    interfaces=[CallLike()],
    format="$callee `(` $operands `)` attr-dict `:` functional-type($operands, $results)",
)
call_indirect = FUNC.op(
    "call_indirect",
    "callee: Function, callee_operands: Any* -> results: Any*",
)
"""Calls the function that a value is (see `func.constant`)."""
constant = FUNC.op(
    "constant",
    "-> result: Function",
    attributes="value: Symbol",
    traits={PURE, CONSTANT},
    format="attr-dict $value `:` type($result)",
    result_name="f",
)
"""The function of a name, as a value."""
return_ = FUNC.op(
    "return",
    "operands: Any*",
    traits={TERMINATOR},
    parents=("func.func",),
    format="attr-dict ($operands^ `:` type($operands))?",
)


def function_type(function: Operation) -> FunctionType:
    """The type of a `func.func`."""
    return function.get("function_type")


@func.prints
def _print_func(operation: Operation, printer: Any) -> None:
    """`func.func private @f(%x: f32 {…}) -> f32 attributes {…} { … }`."""
    type = function_type(operation)
    name, visibility = operation.get("sym_name"), operation.get("sym_visibility")
    if not isinstance(type, FunctionType) or visibility not in (None, "private", "nested"):
        raise NotPretty("not a plain function")
    arguments = operation.body.arguments if operation.regions[0].blocks else None
    if arguments is not None and tuple(a.type for a in arguments) != type.inputs:
        raise NotPretty("the body's arguments are not those of the type")
    printer.write(f" {visibility}" if visibility else "")
    printer.write(f" {printer.symbol(name)}(")
    for number, input in enumerate(type.inputs):
        printer.write(", " if number else "")
        printer.write(f"{printer.value(arguments[number])}: {input}" if arguments else str(input))
        _print_attributes(operation, "arg_attrs", number, printer)
        if arguments:
            printer.argument_location(arguments[number])
    printer.write(")")
    if type.results:
        attributed = operation.get("res_attrs") is not None
        bare = len(type.results) == 1 and not attributed
        printer.write(" -> " if bare and not isinstance(type.results[0], FunctionType) else " -> (")
        for number, result in enumerate(type.results):
            printer.write(", " if number else "")
            printer.write(str(result))
            _print_attributes(operation, "res_attrs", number, printer)
        if not bare or isinstance(type.results[0], FunctionType):
            printer.write(")")
    printer.attributes(operation, func.attributes, "attributes")
    if arguments is not None:
        printer.write(" ")
        printer.region(operation.regions[0], arguments=False)


def _print_attributes(operation: Operation, name: str, number: int, printer: Any) -> None:
    dictionaries = operation.get(name)
    if dictionaries is not None and dictionaries[number].value:
        printer.write(f" {printer.attribute(dictionaries[number])}")


@func.parses
def _parse_func(parser: Any, state: Any) -> None:
    for visibility in ("private", "nested", "public"):
        if parser.accept(visibility) and visibility != "public":
            state.attributes["sym_visibility"] = StringAttr(visibility)
    state.attributes["sym_name"] = StringAttr(parser.symbol_name())
    names, inputs, argument_attributes = [], [], []
    parser.expect("(")
    while not parser.accept(")"):
        if inputs:
            parser.expect(",")
        if parser.peek("%"):
            names.append(parser.operand())
            parser.expect(":")
        inputs.append(parser.type())
        argument_attributes.append(DictAttr(tuple(parser.optional_attribute_dict().items())))
        parser.argument_location(names[-1] if names else None)
        if names and len(names) != len(inputs):
            raise parser.error("either all arguments have names or none")
    results, result_attributes = [], []
    if parser.accept("->"):
        if parser.accept("("):
            while not parser.accept(")"):
                if results:
                    parser.expect(",")
                results.append(parser.type())
                result_attributes.append(DictAttr(tuple(parser.optional_attribute_dict().items())))
        else:
            results.append(parser.type())
    state.attributes["function_type"] = TypeAttr(FunctionType(tuple(inputs), tuple(results)))
    for name, found in (("arg_attrs", argument_attributes), ("res_attrs", result_attributes)):
        if any(item.value for item in found):
            state.attributes[name] = parser.array(found)
    if parser.accept("attributes"):
        state.attributes.update(parser.attribute_dict())
    if parser.peek("{"):
        place = parser.here()
        named = list(zip(names, inputs, strict=False))  # unnamed, the first block lists them
        region = parser.region(named, isolated=True)
        if len(region.blocks[0].arguments) != len(inputs):
            raise parser.error("the arguments of a function with a body need names", place)
        state.regions.append(region)
    else:
        state.regions.append(parser.empty_region())


@call_indirect.prints
def _print_indirect(operation: Operation, printer: Any) -> None:
    callee, *operands = operation.operands
    printer.write(f" {printer.value(callee)}({printer.values(operands)})")
    printer.attributes(operation)
    printer.write(f" : {printer.type(callee.type)}")


@call_indirect.parses
def _parse_indirect(parser: Any, state: Any) -> None:
    state.operands["callee"] = [parser.operand()]
    parser.expect("(")
    state.operands["callee_operands"] = parser.operand_list()
    parser.expect(")")
    state.attributes.update(parser.optional_attribute_dict())
    parser.expect(":")
    place = parser.here()
    type = parser.type()
    if not isinstance(type, FunctionType):
        raise parser.error("expected a function type such as (f32) -> f32", place)
    state.set_types("callee", [type])
    state.set_types("callee_operands", list(type.inputs))
    state.set_types("results", list(type.results))


@call_indirect.verify_with
def _verify_indirect(operation: Operation) -> None:
    callee, *operands = operation.operands
    given = FunctionType(
        tuple(v.type for v in operands), tuple(r.type for r in operation.results)
    )
    if given != callee.type:
        raise VerifyError(f"calls a function of type {callee.type} as {given}")


@constant.verify_symbols_with
def _verify_constant(operation: Operation, symbols: Mapping[str, Operation]) -> None:
    callee = symbols.get(operation.get("value"))
    if callee is None or callee.name != "func.func":
        raise VerifyError(f"names no function: @{operation.get('value')}")
    if function_type(callee) != operation.result.type:
        raise VerifyError(f"gives @{operation.get('value')} another type than its own")


@func.verify_with
def _verify_func(operation: Operation) -> None:
    type = function_type(operation)
    if not isinstance(type, FunctionType):
        raise VerifyError("needs a function type")
    if not operation.regions[0].blocks:
        if operation.get("sym_visibility") != "private":
            raise VerifyError("has no body, and is not private: it is defined nowhere")
        return
    given = tuple(argument.type for argument in operation.body.arguments)
    if given != type.inputs:
        raise VerifyError(f"has arguments ({', '.join(map(str, given))}) but the type {type}")
    for block in operation.regions[0].blocks:
        last = block.last
        if last is not None and last.name == "func.return":
            returned = tuple(operand.type for operand in last.operands)
            if returned != type.results:
                listed = ", ".join(map(str, returned))
                raise VerifyError(f"returns ({listed}) from a function of type {type}", last)


@call.verify_symbols_with
def _verify_call(operation: Operation, symbols: Mapping[str, Operation]) -> None:
    callee = symbols.get(operation.get("callee"))
    if callee is None or callee.name != "func.func":
        return
    type = function_type(callee)
    given = FunctionType(
        tuple(v.type for v in operation.operands), tuple(r.type for r in operation.results)
    )
    if given != type:
        raise VerifyError(f"calls @{operation.get('callee')} of type {type} as {given}")
