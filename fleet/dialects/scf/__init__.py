"""`scf`: structured control flow. Values that a region assigns are its operation's results."""

from __future__ import annotations

from typing import Any

from fleet.dialects.while_text import parse_while
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import i64_array
from fleet.ir.core import Operation, Region
from fleet.ir.definition import RECURSIVE, TERMINATOR, Dialect
from fleet.ir.flow import OUT, AnyRegion, LoopLike, RegionBranch, RegionTerminator
from fleet.ir.format import NotPretty
from fleet.ir.types import FunctionType, IndexType, index

SCF = Dialect("scf")

for_ = SCF.op(
    "for",
    "lower: Integer, upper: Integer, step: Integer, inits: Any* -> results: Any*",
    equations="lower = upper = step, inits = results",
    regions=1,
    traits={RECURSIVE},
    interfaces=[
        RegionBranch(entry=(0, OUT), after=((0, OUT),), passes="inits", own=1),
        LoopLike(bounds=("lower", "upper", "step")),
    ],
)
"""Block arguments: the induction variable, then the iteration arguments."""
# Not recursively pure as `for` is: a loop that may never end must stay, used or not.
while_ = SCF.op(
    "while",
    "inits: Any* -> results: Any*",
    regions=2,
    interfaces=[RegionBranch(entry=(0,), after=((1, OUT), (0,)), passes="inits"), LoopLike()],
)
"""`before` ends in `scf.condition`; `after` takes what it forwards and yields the next inits."""
if_ = SCF.op(
    "if",
    "condition: I1 -> results: Any*",
    regions=2,
    traits={RECURSIVE},
    interfaces=[RegionBranch(entry=(0, 1), after=((OUT,), (OUT,)))],
)
"""The second region is empty (no block) when there is no else."""
execute_region = SCF.op(
    "execute_region",
    "-> results: Any*",
    regions=1,
    interfaces=[RegionBranch(entry=(0,), after=((OUT,),))],
)
"""Runs a region of any number of blocks once."""
index_switch = SCF.op(
    "index_switch",
    "arg: Index -> results: Any*",
    attributes="cases: Numbers",
    regions=-1,
    traits={RECURSIVE},
    interfaces=[AnyRegion()],
)
"""Regions: the default, then one for each number in `cases`."""
condition = SCF.op(
    "condition",
    "condition: I1, forwarded: Any*",
    traits={TERMINATOR},
    interfaces=[RegionTerminator(first=1)],
    parents=("scf.while",),
    format="`(` $condition `)` attr-dict ($forwarded^ `:` type($forwarded))?",
)
yield_ = SCF.op(
    "yield",
    "operands: Any*",
    traits={TERMINATOR},
    parents=("scf.execute_region", "scf.for", "scf.if", "scf.index_switch", "scf.while"),
    format="attr-dict ($operands^ `:` type($operands))?",
)


# -- text


def _bare_yield(region: Region) -> bool:
    """Whether the region's only block ends in a yield of nothing, which is not printed."""
    last = region.block.last
    return (
        last is not None and last.name == "scf.yield" and not last.operands and not last.attributes
    )


@for_.prints
def _print_for(operation: Operation, printer: Any) -> None:
    lower, upper, step, *inits = operation.operands
    variable, *arguments = operation.regions[0].block.arguments
    if {lower.type, upper.type, step.type} != {variable.type}:
        raise NotPretty("bounds of several types")
    bounds = f"{printer.value(lower)} to {printer.value(upper)} step {printer.value(step)}"
    printer.write(f" {printer.value(variable)} = {bounds}")
    if inits:
        assigned = printer.assignments(arguments, inits)
        printer.write(f" iter_args({assigned}) -> ({printer.types(inits)})")
    if not isinstance(lower.type, IndexType):
        printer.write(f"  : {lower.type}")
    printer.write(" ")
    bare = not inits and _bare_yield(operation.regions[0])
    printer.region(operation.regions[0], arguments=False, skip_last=bare)
    printer.attributes(operation)


@for_.parses
def _parse_for(parser: Any, state: Any) -> None:
    variable = parser.operand()
    parser.expect("=")
    state.operands["lower"] = [parser.operand()]
    parser.expect("to")
    state.operands["upper"] = [parser.operand()]
    parser.expect("step")
    state.operands["step"] = [parser.operand()]
    names, inits, types = [], [], []
    if parser.accept("iter_args"):
        names, inits = parser.assignments()
        parser.expect("->")
        types = parser.parenthesised_types()
    counter = parser.type() if parser.accept(":") else index
    state.operands["inits"] = inits
    for name in ("lower", "upper", "step"):
        state.set_types(name, [counter])
    state.set_types("inits", types)
    state.set_types("results", types)
    arguments = parser.pair([variable, *names], [counter, *types])
    state.regions.append(parser.region(arguments, terminator=yield_))
    state.attributes.update(parser.optional_attribute_dict())


@while_.prints
def _print_while(operation: Operation, printer: Any) -> None:
    if operation.operands:
        before = operation.regions[0].block
        printer.write(f" ({printer.assignments(before.arguments, operation.operands)})")
    printer.write(f" : {printer.function_type(operation.operands, operation.results)} ")
    printer.region(operation.regions[0], arguments=False)
    printer.write(" do ")
    printer.region(operation.regions[1])
    printer.attributes(operation, keyword="attributes")


@while_.parses
def _parse_while(parser: Any, state: Any) -> None:
    parse_while(parser, state, "(f32) -> f32", terminator=yield_)


@if_.prints
def _print_if(operation: Operation, printer: Any) -> None:
    then, otherwise = operation.regions
    printer.write(f" {printer.value(operation.operand(0))}")
    if operation.results:
        printer.write(f" -> ({printer.types(operation.results)})")
    printer.write(" ")
    printer.region(then, skip_last=not operation.results and _bare_yield(then))
    if otherwise.blocks:
        printer.write(" else ")
        printer.region(otherwise, skip_last=not operation.results and _bare_yield(otherwise))
    printer.attributes(operation)


@if_.parses
def _parse_if(parser: Any, state: Any) -> None:
    state.operands["condition"] = [parser.operand()]
    if parser.accept("->"):
        state.set_types("results", parser.parenthesised_types())
    state.regions.append(parser.region(terminator=yield_))
    if parser.accept("else"):
        state.regions.append(parser.region(terminator=yield_))
    else:
        state.regions.append(parser.empty_region())
    state.attributes.update(parser.optional_attribute_dict())


@execute_region.prints
def _print_execute_region(operation: Operation, printer: Any) -> None:
    print_results(operation, printer)
    printer.write(" ")
    printer.region(operation.regions[0], arguments=False)
    printer.attributes(operation)


def print_results(operation: Operation, printer: Any) -> None:
    """` -> type`, ` -> (types)`, or nothing."""
    if len(operation.results) == 1 and not isinstance(operation.result.type, FunctionType):
        printer.write(f" -> {operation.result.type}")
    elif operation.results:
        printer.write(f" -> ({printer.types(operation.results)})")


@execute_region.parses
def _parse_execute_region(parser: Any, state: Any) -> None:
    state.set_types("results", parser.parenthesised_types() if parser.accept("->") else [])
    state.regions.append(parser.region())
    state.attributes.update(parser.optional_attribute_dict())


@index_switch.prints
def _print_switch(operation: Operation, printer: Any) -> None:
    default, *others = operation.regions
    cases = operation.get("cases")
    if len(cases) != len(others):
        raise NotPretty("another number of cases than of regions")
    printer.write(f" {printer.value(operation.operand(0))}")
    printer.attributes(operation, index_switch.attributes)
    if operation.results:
        print_results(operation, printer)
    printer.write(" ")
    bare = not operation.results
    for number, region in zip(cases, others, strict=True):
        printer.write(f"\n{printer.indent}case {number} ")
        printer.region(region, skip_last=bare and _bare_yield(region))
    printer.write(f"\n{printer.indent}default ")
    printer.region(default, skip_last=bare and _bare_yield(default))


@index_switch.parses
def _parse_switch(parser: Any, state: Any) -> None:
    state.operands["arg"] = [parser.operand()]
    state.attributes.update(parser.optional_attribute_dict())
    state.set_types("results", parser.parenthesised_types() if parser.accept("->") else [])
    numbers, regions = [], []
    while parser.accept("case"):
        numbers.append(parser.integer())
        regions.append(parser.region(terminator=yield_))
    parser.expect("default")
    state.regions += [parser.region(terminator=yield_), *regions]
    state.attributes["cases"] = i64_array(numbers)


# -- verification


def _types(values: Any) -> list[Any]:
    return [value.type for value in values]


def _expect_types(what: str, given: Any, expected: Any, at: Operation | None = None) -> None:
    if _types(given) != _types(expected):
        found = ", ".join(map(str, _types(given)))
        wanted = ", ".join(map(str, _types(expected)))
        raise VerifyError(f"{what} ({found}) where ({wanted}) is needed", at)


def _expect_terminator(region: Region, name: str) -> Operation:
    if len(region.blocks) != 1:
        raise VerifyError("needs regions of one block")
    last = region.block.last
    if last is None or last.name != name:
        raise VerifyError(f"needs {name} at the end of its regions")
    return last


@for_.verify_with
def _verify_for(operation: Operation) -> None:
    lower, _, _, *inits = operation.operands
    last = _expect_terminator(operation.regions[0], "scf.yield")
    if not operation.body.arguments:
        raise VerifyError("needs an induction variable")
    variable, *arguments = operation.body.arguments
    if variable.type != lower.type:
        raise VerifyError("needs bounds, step and induction variable of one type")
    _expect_types("has iteration arguments", arguments, inits)
    _expect_types("yields", last.operands, inits, last)


@while_.verify_with
def _verify_while(operation: Operation) -> None:
    condition = _expect_terminator(operation.regions[0], "scf.condition")
    last = _expect_terminator(operation.regions[1], "scf.yield")
    before, after = (region.block for region in operation.regions)
    _expect_types("has arguments", before.arguments, operation.operands)
    _expect_types("forwards", condition.operands[1:], operation.results, condition)
    _expect_types("has arguments after the condition", after.arguments, operation.results)
    _expect_types("yields", last.operands, operation.operands, last)


@if_.verify_with
def _verify_if(operation: Operation) -> None:
    for number, region in enumerate(operation.regions):
        if number and not region.blocks and not operation.results:
            continue
        last = _expect_terminator(region, "scf.yield")
        if region.block.arguments:
            raise VerifyError("has a branch with arguments")
        _expect_types("yields", last.operands, operation.results, last)


@execute_region.verify_with
def _verify_execute_region(operation: Operation) -> None:
    (region,) = operation.regions
    if not region.blocks or region.blocks[0].arguments:
        raise VerifyError("needs a region whose first block takes nothing")
    for block in region.blocks:
        if block.last is not None and block.last.name == "scf.yield":
            _expect_types("yields", block.last.operands, operation.results, block.last)


@index_switch.verify_with
def _verify_switch(operation: Operation) -> None:
    cases = operation.get("cases")
    if not isinstance(cases, tuple) or len(operation.regions) != 1 + len(cases):
        raise VerifyError("needs a region for the default and one for each case")
    if len(set(cases)) != len(cases):
        raise VerifyError("has a case twice")
    for region in operation.regions:
        last = _expect_terminator(region, "scf.yield")
        if region.block.arguments:
            raise VerifyError("has a case with arguments")
        _expect_types("yields", last.operands, operation.results, last)


# -- execution


@for_.executes
def _execute_for(interpreter: Any, operation: Operation, arguments: Any) -> Any:
    lower, upper, step, *carried = arguments
    if step <= 0:
        raise ValueError(f"the step is {step}, not positive")
    for value in range(lower, upper, step):
        given = [value, *carried]
        carried = None  # so that the body alone holds arrays that it changes
        _, carried = interpreter.region(operation.regions[0], given, taken=True)
    return carried


@while_.executes
def _execute_while(interpreter: Any, operation: Operation, arguments: Any) -> Any:
    carried = list(arguments)
    while True:
        _, (holds, *forwarded) = interpreter.region(operation.regions[0], carried, taken=True)
        if not holds:
            return forwarded
        _, carried = interpreter.region(operation.regions[1], forwarded, taken=True)


@if_.executes
def _execute_if(interpreter: Any, operation: Operation, arguments: Any) -> Any:
    chosen = operation.regions[0 if arguments[0] else 1]
    return interpreter.region(chosen)[1] if chosen.blocks else []


@execute_region.executes
def _execute_region(interpreter: Any, operation: Operation, arguments: Any) -> Any:
    return interpreter.region(operation.regions[0])[1]


@index_switch.executes
def _execute_switch(interpreter: Any, operation: Operation, arguments: Any) -> Any:
    default, *others = operation.regions
    chosen = dict(zip(operation.get("cases"), others, strict=True)).get(arguments[0], default)
    return interpreter.region(chosen)[1]
